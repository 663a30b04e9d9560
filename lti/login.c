/* login.c - third-party initiated login (Security Framework 5.1.1, R1-R15).
 *
 * Anybody can send a login, so it writes nothing: what the launch will need goes
 * out sealed in `state`. Where to redirect comes from the registration alone. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

enum { HINT_MAX = 8192, SECRET_LEN = 32, FRAME_NAME_MAX = 128 };

/* What a platform says when it sends somebody to us (R2). Its target_link_uri is
 * not even read: the signed claim alone decides where a launch leads (R7). */
struct initiation {
	const char *issuer, *client, *login_hint, *message_hint, *deployment, *storage_target;
};

static bool field(lti_field *get, const void *form, const char *name, size_t max, const char **out,
		  struct err *e)
{
	bool repeated = false;
	const char *value = get(form, name, &repeated);

	if (repeated)
		return err_reason(e, ERR_INVALID, "parameter_repeated", "%s stands twice", name);
	if (value && (strlen(value) > max || !str_is_text(value, strlen(value))))
		return err_reason(e, ERR_INVALID, "login_malformed",
				  "%s is longer than %zu bytes or no text", name, max);
	*out = value;
	return true;
}

/* R4 speaks of parameters that are absent; one that is empty says no more. */
static const char *or_absent(const char *s)
{
	return str_empty(s) ? NULL : s;
}

static bool read(lti_field *get, const void *form, struct initiation *out, struct err *e)
{
	struct initiation i = {0};
	const char *canvas_deployment, *target;

	/* R7: where to go is said by the signed claim; the login's word is looked at only
	 * to see that it stands once (R3). */
	if (!field(get, form, "target_link_uri", HINT_MAX, &target, e) ||
	    !field(get, form, "iss", HINT_MAX, &i.issuer, e) ||
	    !field(get, form, "client_id", ID_MAX, &i.client, e) ||
	    !field(get, form, "login_hint", HINT_MAX, &i.login_hint, e) ||
	    !field(get, form, "lti_message_hint", HINT_MAX, &i.message_hint, e) ||
	    !field(get, form, "lti_deployment_id", ID_MAX, &i.deployment, e) ||
	    !field(get, form, "deployment_id", ID_MAX, &canvas_deployment, e) ||
	    !field(get, form, "lti_storage_target", HINT_MAX, &i.storage_target, e))
		return false;
	if (str_empty(i.issuer) || str_empty(i.login_hint))
		return err_reason(e, ERR_INVALID, "login_incomplete", "no %s",
				  str_empty(i.issuer) ? "iss" : "login_hint");
	i.client = or_absent(i.client);
	i.deployment = or_absent(i.deployment) ? i.deployment : or_absent(canvas_deployment);
	*out = i;
	return true;
}

static const char *random_text(struct mem *m)
{
	unsigned char bytes[SECRET_LEN];

	random_bytes(bytes, sizeof bytes);
	return b64url_encode(m, bytes, sizeof bytes);
}

static void add(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "&%s=", name);
	buf_url(b, value);
}

/* R10; the endpoint's own query is kept (R11), a fragment would swallow ours. */
static const char *redirect(struct mem *m, const struct lti_registration *r,
			    const struct initiation *i, const char *base_url, const char *state,
			    const char *nonce)
{
	struct buf b;
	size_t n = strcspn(r->auth_url, "#");

	buf_init(&b, m);
	buf_addn(&b, r->auth_url, n);
	buf_addf(&b, "%sscope=openid", memchr(r->auth_url, '?', n) ? "&" : "?");
	add(&b, "response_type", "id_token");
	add(&b, "response_mode", "form_post");
	add(&b, "prompt", "none");
	add(&b, "client_id", r->client_id);
	add(&b, "redirect_uri", mem_printf(m, "%s/lti/launch", base_url));
	add(&b, "login_hint", i->login_hint);
	if (i->message_hint)
		add(&b, "lti_message_hint", i->message_hint);
	add(&b, "state", state);
	add(&b, "nonce", nonce);
	return b.p;
}

/* R99: the name of a frame, or "_parent"; what is neither is as good as absent. */
static const char *storage_target(const struct lti_registration *r, const char *target)
{
	if (!r->set.storage || str_empty(target) || strlen(target) > FRAME_NAME_MAX)
		return NULL;
	for (const char *c = target; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
		    !(*c >= '0' && *c <= '9') && !strchr("_-.:", *c))
			return NULL;
	return target;
}

/* R104: put and get go to the origin of the authorization endpoint, whoever answers
 * there. */
const char *login_storage_origin(struct mem *m, const struct lti_registration *r)
{
	return url_origin(m, str_or(r->set.storage_origin, r->auth_url));
}

static const char *shortened(struct mem *m, const char *s)
{
	return s ? mem_strndup(m, s, strnlen(s, ID_MAX)) : NULL;
}

static bool find(struct lti *l, struct mem *m, struct db *db, lti_field *get, const void *form,
		 struct initiation *i, const struct lti_registration **r, struct lti_trace *t,
		 struct err *e)
{
	trace_step(t, "form");
	if (!read(get, form, i, e))
		return false;
	t->issuer = shortened(m, i->issuer);
	t->client = i->client;
	t->deployment = i->deployment;
	trace_step(t, "registration");
	if (!registry_for_login(l->registry, m, db, i->issuer, i->client, i->deployment, r, e))
		return false;
	t->registration = (*r)->id;
	t->profile = (*r)->profile;
	t->tenant = (*r)->tenant;
	t->client = (*r)->client_id;
	return true;
}

static void begin(struct lti *l, struct mem *m, const struct initiation *i,
		  const struct lti_registration *r, enum lti_rung rung, struct lti_login *out)
{
	const char *target = storage_target(r, i->storage_target);
	const char *origin = target ? login_storage_origin(m, r) : NULL;
	const char *secret = random_text(m);
	const struct login_state remembered = {
		.registration = r->id,
		.nonce = random_text(m),
		.deployment = i->deployment,
		.browser_hash = sha256_hex(m, secret, strlen(secret)),
		.rung = rung,
		.storage_target = rung == LTI_RUNG_STORAGE ? target : NULL,
		.issued = now_s(),
	};
	const char *state = state_seal(l, m, &remembered);
	*out = (struct lti_login){
		.redirect = redirect(m, r, i, l->base_url, state, remembered.nonce),
		.state = state,
		.cookie_name = lti_state_cookie(m, state),
		.secret = secret,
		.cookie_seconds = PENDING_SECONDS,
		.registration = r,
		.storage_target = origin ? target : NULL,
		.storage_origin = origin,
	};
}

bool lti_login(struct lti *l, struct mem *m, struct db *db, lti_field *get, const void *form,
	       enum lti_rung rung, struct lti_login *out, struct lti_trace *t, struct err *e)
{
	const struct lti_registration *r;
	struct initiation i = {0};

	t->rung = rung;
	bool found = find(l, m, db, get, form, &i, &r, t, e);
	trace_end(t);
	if (!found)
		return false;
	begin(l, m, &i, r, rung, out);
	t->login_at = now_s();
	return true;
}
