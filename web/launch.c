/* LTI at our door: the login, the launch, our key set. lti/ says what a platform
 * means, ilp/ takes the person in; here the one is turned into the other. */
#include "web/web_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "ilp/arrival.h"
#include <string.h>

#define STATE_COOKIE   "__Host-ilpd-state-"
#define PROBE_COOKIE   "__Host-ilpd-probe"
#define PROBE_FIELD    "ilpd_probe"
#define PROBE_SECONDS  (180 * 24 * 3600)
#define PENDING_LOGINS 7 /* R19 */

/* Query and body together, as R3 wants them seen. */
static bool read_fields(struct exchange *x, struct fields *f, struct err *e)
{
	const struct request *q = x->request;
	const char *type = request_header(q, "Content-Type");

	if (!fields_parse(x->m, q->query, strlen(q->query), f, e))
		return false;
	if (!q->body_n)
		return true;
	if (!str_starts(type, "application/x-www-form-urlencoded"))
		return err_set(e, ERR_INVALID, "the body is no form");
	return fields_parse(x->m, q->body, q->body_n, f, e);
}

static const char *field(const void *form, const char *name, bool *repeated)
{
	return fields_get(form, name, repeated);
}

static const char *cookie(const void *cookies, const char *name)
{
	return cookies_get(cookies, name);
}

/* ---- Login ---- */

static bool has_our_cookie(const struct cookies *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_starts(c->at[i].name, "__Host-ilpd-"))
			return true;
	return false;
}

/* Does this browser bring our cookies back in the place we are shown in? Asked once,
 * before the platform's hint, which is often good for one use only, is spent: a
 * browser that brings none is offered a window of our own instead of a refusal. */
static bool probe(struct exchange *x, const struct cookies *c, const struct fields *f)
{
	bool repeated;
	struct buf b;

	if (has_our_cookie(c))
		return false;
	if (fields_get(f, PROBE_FIELD, &repeated)) {
		page_window(x, f);
		return true;
	}
	buf_init(&b, x->m);
	buf_add(&b, "/lti/login?" PROBE_FIELD "=1");
	for (size_t i = 0; i < f->n; i++) {
		buf_add(&b, "&");
		buf_url(&b, f->at[i].name);
		buf_add(&b, "=");
		buf_url(&b, f->at[i].value);
	}
	page_headers(x, NULL);
	response_cookie(x->response, x->m, PROBE_COOKIE, "1", PROBE_SECONDS);
	response_header(x->response, "Location", b.p);
	x->response->status = 303;
	return true;
}

/* Lost launches leave cookies behind; big Cookie headers are refused (R19). */
static void drop_pending(struct exchange *x, const struct cookies *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += str_starts(c->at[i].name, STATE_COOKIE);
	for (size_t i = 0; i < c->n && n >= PENDING_LOGINS; i++) {
		if (!str_starts(c->at[i].name, STATE_COOKIE))
			continue;
		if (x->response->headers_n + 4 < SET_MAX)
			response_cookie(x->response, x->m, c->at[i].name, "", 0);
		n--;
	}
}

static bool refused(struct exchange *x, const char *event, const struct err *e)
{
	if (e->code == ERR_INTERNAL || e->code == ERR_BUSY)
		return false;
	log_err(LOG_WARN, event, e);
	page_refused(x, e);
	return true;
}

bool lti_login_handle(struct exchange *x, struct err *e)
{
	struct fields f = { .n = 0 };
	struct cookies c;
	struct lti_login login;

	if (!read_fields(x, &f, e)) {
		e->reason = "login_malformed";
		return refused(x, "login.refused", e);
	}
	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	if (!lti_login(x->house->lti, x->m, x->db, field, &f, &login, e))
		return refused(x, "login.refused", e);
	if (probe(x, &c, &f))
		return true;
	page_headers(x, NULL);
	drop_pending(x, &c);
	response_cookie(x->response, x->m, login.cookie_name, login.cookie_value, login.cookie_seconds);
	response_header(x->response, "Location", login.redirect);
	x->response->status = 302;
	return true;
}

/* ---- Launch ---- */

/* Guardians are told of their children by the platform, if at all (lti.md 3.3). */
static struct arrival arrival_of(struct exchange *x, const struct lti_launch *l,
				 const char *session, const char *secret)
{
	/* Somebody nameless (R33) is nobody twice and has no rights. */
	const char *role = l->sub ? l->course_role : role_name(ROLE_NONE);

	return (struct arrival){
		.tenant = l->tenant,
		.registration = l->registration->id,
		.deployment = l->deployment_id,
		.sub = l->sub ? l->sub : mem_printf(x->m, "anonymous %s", session),
		.deployment_is_new = l->deployment_is_new,
		.lti11_id = l->lti11_id,
		.sis_id = l->sis_id,
		.given_name = l->given_name,
		.family_name = l->family_name,
		.name = l->name,
		.email = l->email,
		.locale = i18n_language(l->locale),
		.is_test = l->roles & LTI_ROLE_TEST_USER,
		.role = role,
		.context = l->context_id,
		.context_label = l->context_label,
		.context_title = l->context_title,
		.resource_link = l->resource_link_id,
		.roster_url = l->roster_url,
		.children = l->children,
		.children_n = l->children_n,
		.children_source = l->children_source,
		.says_children = str_eq(role, role_name(ROLE_GUARDIAN)),
		.nonce = l->nonce,
		.nonce_expires = l->nonce_expires,
		.session = session,
		.secret_hash = session_secret_hash(x->m, secret),
		.session_hours = (int)x->house->config->session_hours,
	};
}

static const char *new_secret(struct mem *m)
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof bytes);
	return b64url_encode(m, bytes, sizeof bytes);
}

static void welcome(struct exchange *x, const struct lti_launch *l, const struct arrival *a,
		    const struct arrived *who, const char *secret)
{
	const char *sid;
	struct viewer v = {
		.tenant = l->tenant,
		.person = who->person,
		.course = who->course,
		.role = role_parse(a->role),
		.session = a->session,
		.registration = l->registration->id,
	};

	page_headers(x, l->registration->origins);
	session_cookie(x, &v, secret, &sid);
	response_header(x->response, "Location", mem_printf(x->m, "/app/%s/", sid));
	x->response->status = 303; /* a POST must not be what Back and reload repeat */
	log_info("launch.accepted", "registration=%s role=%s session=%s course=%s", l->registration->id,
		 a->role, a->session, who->course ? who->course : "-");
}

bool lti_launch_handle(struct exchange *x, struct err *e)
{
	struct fields f = { .n = 0 };
	struct cookies c;
	struct lti_launch launch;
	struct arrived who;
	bool repeated;

	if (!fields_parse(x->m, x->request->body, x->request->body_n, &f, e)) {
		e->reason = "launch_malformed";
		return refused(x, "launch.refused", e);
	}
	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	if (!lti_launch(x->house->lti, x->m, x->db, field, &f, cookie, &c, &launch, e))
		return refused(x, "launch.refused", e);
	const char *secret = new_secret(x->m);
	struct arrival a = arrival_of(x, &launch, uuid_new(x->m), secret);
	if (!arrival_take(x->db, x->m, &a, &who, e))
		return refused(x, "launch.refused", e);
	response_cookie(x->response, x->m, lti_state_cookie(x->m, fields_get(&f, "state", &repeated)), "", 0);
	welcome(x, &launch, &a, &who, secret);
	return true;
}

/* ---- Our key set (R124) ---- */

bool lti_jwks_handle(struct exchange *x, struct err *e)
{
	response_header(x->response, "Cache-Control", "public, max-age=3600");
	response_header(x->response, "Access-Control-Allow-Origin", "*");
	response_header(x->response, "X-Content-Type-Options", "nosniff");
	response_text(x->response, 200, "application/json", keys_public(x->house->keys));
	return true;
}
