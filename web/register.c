/* register.c - a platform registers us by itself (R111-R123). The first request reads what
 * the platform says of itself and shows it to a person; what they send back does it.
 *
 * What passes between the two is sealed: the platform's one-time token stands in no page. */
#include "web/register.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "web/door.h"
#include "web/offer.h"
#include <string.h>

#define TICKET "registration ticket"

enum { TICKET_SECONDS = 15 * 60, NAME_MAX = 120 };

struct ticket {
	const char *id, *url, *token, *invite; /* token and invite may be NULL */
	const char *text;                      /* the platform's configuration, as it was read */
	int64_t age;                           /* seconds */
};

static const char *ticket_seal(struct exchange *x, const struct ticket *t)
{
	size_t n;
	json_t *o = js_own(x->m, json_pack("{s:s, s:I, s:s, s:s, s:o, s:o}", "id", uuid_new(x->m), "at",
					   (json_int_t)now_s(), "url", t->url, "text", t->text, "token",
					   js_text(t->token), "invite", js_text(t->invite)));
	const char *text = js_print(x->m, o, &n);

	return seal(x->m, &x->house->config->kek, TICKET, text, n);
}

static bool ticket_open(struct exchange *x, const char *sealed, struct ticket *out, struct err *e)
{
	unsigned char *text;
	struct err why;
	int64_t at = 0;
	json_t *o;
	size_t n;

	if (!sealed || !unseal(x->m, &x->house->config->kek, TICKET, sealed, &text, &n) ||
	    !js_parse(x->m, (const char *)text, n, BODY_MAX, &o, &why) || !js_num(o, "at", &at))
		return err_reason(e, ERR_INVALID, "registration_expired", "no ticket of ours");
	*out = (struct ticket){ js_str(o, "id"), js_str(o, "url"), js_str(o, "token"),
				js_str(o, "invite"), js_str(o, "text"), now_s() - at };
	return true;
}

static bool ticket_fresh(const struct ticket *t, struct err *e)
{
	return t->age <= TICKET_SECONDS ||
	       err_reason(e, ERR_INVALID, "registration_expired", "an old ticket");
}

static bool refused(struct exchange *x, const char *origins, const struct err *e, const char *said)
{
	if (e->code == ERR_INTERNAL || (e->code == ERR_BUSY && !e->reason))
		return false;
	log_err(LOG_WARN, "registration.refused", e);
	return register_refused(x, origins, e, said);
}

/* ---- GET: what will be asked for ---- */

static bool once(const struct fields *f, const char *name, const char **out, struct err *e)
{
	bool repeated = false;

	*out = fields_get(f, name, &repeated);
	if (repeated)
		return err_reason(e, ERR_INVALID, "registration_address", "%s stands twice", name);
	if (*out && !**out)
		*out = NULL;
	return true;
}

static bool read_address(struct exchange *x, struct ticket *t, struct err *e)
{
	struct fields f = { .n = 0 };

	if (!fields_parse(x->m, x->request->query, strlen(x->request->query), &f, e)) {
		e->reason = "registration_address";
		return false;
	}
	if (!once(&f, "openid_configuration", &t->url, e) || !once(&f, "registration_token", &t->token, e) ||
	    !once(&f, "invite", &t->invite, e))
		return false;
	if (!t->url)
		return err_reason(e, ERR_INVALID, "registration_address", "no openid_configuration");
	return openid_url_ok(x->house->lti, t->url, e);
}

/* Who invited; school stays NULL where nobody did. */
static bool read_invitation(struct exchange *x, const struct ticket *t,
			    struct dynamic_invitation *out, struct err *e)
{
	*out = (struct dynamic_invitation){ .id = NULL };
	return t->invite ? dynamic_invitation(x->m, x->db, t->invite, out, e)
			 : dynamic_room(x->m, x->db, e);
}

static const char *proposed_name(struct mem *m, const struct openid *o)
{
	const char *host = openid_host(m, o->url);

	return o->profile == lti_profile_find("generic") ? host
							  : mem_printf(m, "%s (%s)", o->profile->title, host);
}

bool lti_register_page(struct exchange *x, struct err *e)
{
	struct ticket t = { .url = NULL };
	struct dynamic_invitation invitation = { .id = NULL };
	struct openid o = { .url = NULL };

	if (!read_address(x, &t, e))
		return refused(x, "", e, NULL);
	/* Its own frame may show why it does not work; there is nothing to click there. */
	const char *origin = openid_origin(x->m, t.url);
	if (!read_invitation(x, &t, &invitation, e) ||
	    !openid_fetch(x->house->lti, x->m, t.url, t.token, &o, &t.text, e))
		return refused(x, origin, e, NULL);
	return register_form(x, &(struct register_form){
					.openid = &o,
					.ticket = ticket_seal(x, &t),
					.school = invitation.school,
					.name = proposed_name(x->m, &o),
				});
}

/* ---- POST: doing it ---- */

static bool is_set(const struct fields *f, const char *name)
{
	bool repeated;

	return str_eq(fields_get(f, name, &repeated), "1");
}

static struct dynamic_wishes wishes_of(struct exchange *x, const struct openid *o,
				       const struct fields *f)
{
	struct dynamic_wishes w = {
		.names = is_set(f, "names"),
		.email = is_set(f, "email"),
		.roster = is_set(f, "roster"),
		.notices = is_set(f, "notices"),
		.add = is_set(f, "add"),
		.contact = offer_contact(x),
		.icon = OFFER_ICON,
	};
	const struct dynamic_place *places;
	struct buf b;
	size_t n;

	w.words = offer_words(x, &w.words_n);
	places = dynamic_places(&n);
	buf_init(&b, x->m);
	/* whoever may place links may do so from everywhere */
	buf_add(&b, w.add ? dynamic_usual(x->m, o, DYNAMIC_ADD) : "");
	for (size_t i = 0; i < n; i++)
		if (places[i].label != DYNAMIC_ADD && is_set(f, mem_printf(x->m, "place.%s", places[i].name)))
			buf_addf(&b, "%s%s", b.n ? " " : "", places[i].name);
	w.places = b.p;
	return w;
}

/* What a person typed, or what we proposed. */
static const char *name_of(struct exchange *x, const struct fields *f, const struct openid *o)
{
	bool repeated;
	const char *name = str_trim(x->m, str_or(fields_get(f, "name", &repeated), ""));

	return *name && str_is_text(name, strlen(name)) && str_points(name) <= NAME_MAX
		       ? name
		       : proposed_name(x->m, o);
}

static bool send(struct exchange *x, const struct ticket *t, const struct openid *o,
		 const struct fields *f, const struct dynamic_invitation *invitation,
		 struct dynamic_answer *out, struct err *e)
{
	const struct dynamic_wishes w = wishes_of(x, o, f);
	const json_t *request = dynamic_request(x->house->lti, x->m, o, &w);
	struct dynamic_update update = { .url = NULL };

	/* Without an invitation nothing may change what works. */
	if (invitation->id &&
	    !dynamic_known(x->house->lti, x->m, x->db, o, invitation->tenant, &update, e))
		return false;
	if (!dynamic_spend(x->m, x->db, t->id, e))
		return false;
	if (dynamic_send(x->house->lti, x->m, o, request, t->token, &update, out, e))
		return true;
	/* Nothing was sent: the same page may try again. */
	if (str_eq(e->reason, "registration_busy"))
		dynamic_unspend(x->m, x->db, t->id);
	return false;
}

static bool finish(struct exchange *x, const struct openid *o, const struct dynamic_answer *a,
		   const struct dynamic_invitation *invitation, const char *name, struct err *e)
{
	struct dynamic_kept kept = { .id = NULL };

	if (!a->accepted) {
		err_reason(e, ERR_PEER, "registration_refused", "the platform answered %ld", a->status);
		return refused(x, o->origins, e, a->said);
	}
	if (!dynamic_store(x->house->lti, x->m, x->db, o, a, invitation->id ? invitation : NULL, name,
			   &kept, e))
		return refused(x, o->origins, e, NULL);
	lti_changed(x->house->lti);
	log_info("registration.done", "registration=%s outcome=%d profile=%s", kept.id, (int)kept.outcome,
		 o->profile->name);
	return register_result(x, &(struct register_result){ o, a, &kept, invitation->school });
}

bool lti_register_handle(struct exchange *x, struct err *e)
{
	struct dynamic_invitation invitation = { .id = NULL };
	struct fields f = { .n = 0 };
	struct dynamic_answer answer = { .accepted = false };
	struct openid o = { .url = NULL };
	struct ticket t = { .url = NULL };
	bool repeated;

	if (!door_fields(x, &f, e)) {
		e->reason = "registration_expired";
		return refused(x, "", e, NULL);
	}
	if (!ticket_open(x, fields_get(&f, "ticket", &repeated), &t, e) ||
	    !openid_read(x->m, x->house->config->http_allow, t.url, t.text, strlen(t.text), &o, e))
		return refused(x, "", e, NULL);
	if (!ticket_fresh(&t, e) || !read_invitation(x, &t, &invitation, e) || !send(x, &t, &o, &f, &invitation, &answer, e))
		return refused(x, o.origins, e, NULL);
	return finish(x, &o, &answer, &invitation, name_of(x, &f, &o), e);
}
