/* A session is a cookie per launch: two tabs are two launches and never take each
 * other's course (lti.md R54). The address /app/<sid>/ says which cookie is meant and
 * is no secret; the cookie is sealed and carries who the viewer is, so that rights
 * are known before the database is asked, and a random secret whose hash stands in
 * the session's row, so that the session can be revoked. */
#include "web/web_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

#define COOKIE      "__Host-ilpd-"
#define PURPOSE     "session cookie"
#define COOKIES_KEPT 8

const char *session_secret_hash(struct mem *m, const char *secret)
{
	return sha256_hex(m, secret, strlen(secret));
}

/* The end of a UUIDv7 is random, its beginning is the time. */
static const char *sid_of(const char *session)
{
	return session + UUID_LEN - SESSION_ID_LEN;
}

static bool is_session_cookie(const char *name)
{
	return str_starts(name, COOKIE) && strlen(name) == strlen(COOKIE) + SESSION_ID_LEN &&
	       strspn(name + strlen(COOKIE), "0123456789abcdef") == SESSION_ID_LEN;
}

/* Each launch leaves a cookie and a header of many makes servers refuse (R19): the
 * first in the list are the oldest in every browser (RFC 6265 5.4). */
static void drop_oldest(struct exchange *x)
{
	struct cookies c;
	size_t n = 0;

	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	for (size_t i = 0; i < c.n; i++)
		n += is_session_cookie(c.at[i].name);
	for (size_t i = 0; i < c.n && n >= COOKIES_KEPT; i++) {
		if (!is_session_cookie(c.at[i].name))
			continue;
		if (x->response->headers_n + 4 < SET_MAX)
			response_cookie(x->response, x->m, c.at[i].name, "", 0);
		n--;
	}
}

void session_cookie(struct exchange *x, const struct viewer *v, const char *secret, const char **sid)
{
	json_t *facts = js_own(x->m, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s}", "s", v->session, "k",
					       secret, "t", v->tenant, "p", v->person, "c", v->course,
					       "r", role_name(v->role), "g", v->registration));
	size_t n;
	const char *text = js_print(x->m, facts, &n);

	drop_oldest(x);
	*sid = sid_of(v->session);
	response_cookie(x->response, x->m, mem_printf(x->m, COOKIE "%s", *sid),
			seal(x->m, x->house->config->kek, PURPOSE, text, n), -1);
}

static bool nothing(struct err *e)
{
	return err_set(e, ERR_EXPIRED, "no session cookie of ours");
}

bool session_open(struct exchange *x, const char *sid, struct viewer *out, struct err *e)
{
	struct cookies c;
	unsigned char *opened;
	size_t n;
	json_t *facts;

	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	const char *sealed = strlen(sid) == SESSION_ID_LEN
				     ? cookies_get(&c, mem_printf(x->m, COOKIE "%s", sid))
				     : NULL;
	if (!sealed || !unseal(x->m, x->house->config->kek, PURPOSE, sealed, &opened, &n) ||
	    !js_parse(x->m, (const char *)opened, n, 4096, &facts, e))
		return nothing(e);
	const char *secret = js_str(facts, "k");
	struct viewer v = {
		.tenant = js_str(facts, "t"),
		.person = js_str(facts, "p"),
		.course = js_str(facts, "c"),
		.role = role_parse(js_str(facts, "r")),
		.session = js_str(facts, "s"),
		.registration = js_str(facts, "g"),
		.idle_hours = (int)x->house->config->session_hours,
	};
	if (!secret || !v.tenant || !v.person || !v.session || !v.registration ||
	    strcmp(sid_of(v.session), sid))
		return nothing(e);
	v.secret_hash = session_secret_hash(x->m, secret);
	*out = v;
	return true;
}
