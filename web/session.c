/* A session is a cookie per launch: two tabs are two launches and never take each
 * other's course (lti.md R54). The address /app/<sid>/ says which cookie is meant and
 * is no secret; the cookie is sealed and carries who the viewer is, so that rights
 * are known before the database is asked, and a random secret whose hash stands in
 * the session's row, so that the session can be revoked. */
#include "web/web_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>
#include <strings.h>

#define COOKIE         "__Host-ilpd-"
#define COOKIE_PURPOSE "session cookie"
#define CODE_PURPOSE   "session code"
#define COOKIES_KEPT   8

const char *session_secret_hash(struct mem *m, const char *secret)
{
	return sha256_hex(m, secret, strlen(secret));
}

const char *session_secret_new(struct mem *m)
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof bytes);
	return b64url_encode(m, bytes, sizeof bytes);
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

/* Who the viewer is, as text that only we can read or write. */
static const char *sealed_facts(struct exchange *x, const char *purpose, const struct viewer *v,
				const char *secret)
{
	json_t *facts = js_own(x->m, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:b}", "s", v->session,
					       "k", secret, "t", v->tenant, "p", v->person, "c", v->course,
					       "r", role_name(v->role), "g", v->registration, "a",
					       v->admin));
	size_t n;
	const char *text = js_print(x->m, facts, &n);

	return seal(x->m, &x->house->config->kek, purpose, text, n);
}

static bool nothing(struct err *e)
{
	return err_set(e, ERR_EXPIRED, "no session of ours");
}

static bool open_facts(struct exchange *x, const char *purpose, const char *sealed, struct viewer *out,
		       struct err *e)
{
	unsigned char *opened;
	size_t n;
	json_t *facts;

	if (!unseal(x->m, &x->house->config->kek, purpose, sealed, &opened, &n) ||
	    !js_parse(x->m, (const char *)opened, n, 4096, &facts, e))
		return nothing(e);
	const char *secret = js_str(facts, "k");
	struct viewer v = {
		.tenant = js_str(facts, "t"),
		.person = js_str(facts, "p"),
		.course = js_str(facts, "c"),
		.role = role_parse(js_str(facts, "r")),
		.admin = json_is_true(json_object_get(facts, "a")),
		.session = js_str(facts, "s"),
		.registration = js_str(facts, "g"),
		.idle_hours = (int)x->house->config->session_hours,
	};
	if (!secret || !v.tenant || !v.person || !v.session || !v.registration)
		return nothing(e);
	v.secret_hash = session_secret_hash(x->m, secret);
	*out = v;
	return true;
}

void session_cookie(struct exchange *x, const struct viewer *v, const char *secret, const char **sid)
{
	drop_oldest(x);
	*sid = sid_of(v->session);
	response_cookie(x->response, x->m, mem_printf(x->m, COOKIE "%s", *sid),
			sealed_facts(x, COOKIE_PURPOSE, v, secret), -1);
}

void session_forget(struct exchange *x)
{
	response_cookie(x->response, x->m, mem_printf(x->m, COOKIE "%s", sid_of(x->viewer.session)), "", 0);
}

const char *session_bearer(struct exchange *x, const struct viewer *v, const char *secret)
{
	return sealed_facts(x, COOKIE_PURPOSE, v, secret);
}

const char *session_code(struct exchange *x, const struct viewer *v, const char *secret)
{
	return sealed_facts(x, CODE_PURPOSE, v, secret);
}

bool session_code_open(struct exchange *x, const char *code, struct viewer *out, struct err *e)
{
	return open_facts(x, CODE_PURPOSE, code, out, e);
}

const char *session_sid(const struct viewer *v)
{
	return sid_of(v->session);
}

/* RFC 6750 2.1. NULL where the request brings none. */
static const char *bearer_of(const struct request *q)
{
	const char *header = request_header(q, "Authorization");

	if (!header || strncasecmp(header, "Bearer ", 7))
		return NULL;
	return header + 7;
}

/* A page that holds a bearer means it: its cookie is not looked at, so that a bearer
 * that has ended is not covered up by whatever the browser also keeps. */
bool session_open(struct exchange *x, const char *sid, struct viewer *out, struct err *e)
{
	const char *sealed = bearer_of(x->request);
	struct cookies c;
	struct viewer v;

	if (strlen(sid) != SESSION_ID_LEN)
		return nothing(e);
	if (!sealed) {
		cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
		sealed = cookies_get(&c, mem_printf(x->m, COOKIE "%s", sid));
	}
	if (!sealed || !open_facts(x, COOKIE_PURPOSE, sealed, &v, e) || strcmp(sid_of(v.session), sid))
		return nothing(e);
	*out = v;
	return true;
}
