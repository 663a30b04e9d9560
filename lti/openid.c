/* openid.c - what a platform says of itself before it registers us (R112-R114).
 *
 * Anybody may hand us the address of such a configuration, so that nothing in it is
 * believed but what fits: where it was read vouches for the issuer, and for nobody else's. */
#include "lti/dynamic_internal.h"
#include <stdatomic.h>
#include <string.h>
#include <strings.h>

#define PLATFORM "https://purl.imsglobal.org/spec/lti-platform-configuration"

enum { TEXT_MAX = 255, BEARER_MAX = 8 << 10, FETCH_MS = 5000, AT_ONCE = 2 };

static bool wrong(struct err *e, const char *field, const char *why)
{
	err_reason(e, ERR_INVALID, "registration_configuration", "%s: %s", field, why);
	e->field = field;
	return false;
}

bool openid_has(const json_t *texts, const char *text)
{
	size_t i;
	const json_t *v;

	json_array_foreach((json_t *)(uintptr_t)texts, i, v)
	{
		if (str_eq(json_string_value(v), text))
			return true;
	}
	return false;
}

const char *openid_origin(struct mem *m, const char *url)
{
	return str_or(url_origin(m, url), "");
}

const char *openid_host(struct mem *m, const char *url)
{
	const char *at = strstr(openid_origin(m, url), "://");

	return at ? at + 3 : "";
}

/* ---- Members ---- */

/* An array of texts; absent is an empty one. */
static bool texts(struct mem *m, const json_t *j, const char *name, const json_t **out,
		  struct err *e)
{
	const json_t *list = json_object_get(j, name), *v;
	size_t i;

	if (!list || json_is_null(list)) {
		*out = js_own(m, json_array());
		return true;
	}
	if (!json_is_array(list) || json_array_size(list) > OPENID_WORDS)
		return wrong(e, name, "not a list of texts");
	json_array_foreach((json_t *)(uintptr_t)list, i, v)
	{
		const char *text = json_string_value(v);
		if (!text || strlen(text) > TEXT_MAX)
			return wrong(e, name, "not a list of texts");
	}
	*out = list;
	return true;
}

static bool short_text(struct mem *m, const json_t *j, const char *name, const char **out,
		       struct err *e)
{
	const json_t *v = json_object_get(j, name);

	*out = "";
	if (!v || json_is_null(v))
		return true;
	if (!json_is_string(v) || json_string_length(v) > TEXT_MAX)
		return wrong(e, name, "not a short text");
	*out = str_trim(m, json_string_value(v));
	return true;
}

static bool addresses(const char *allow, const json_t *j, struct openid *o, struct err *e)
{
	const struct {
		const char *name;
		const char **out;
		bool is_followed; /* by a browser, on any port */
	} members[] = {
		{"authorization_endpoint", &o->auth_url, true},
		{"token_endpoint", &o->token_url, false},
		{"jwks_uri", &o->jwks_url, false},
		{"registration_endpoint", &o->register_url, false},
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const char *url = js_str(j, members[i].name);
		if (!url)
			return wrong(e, members[i].name, "is missing");
		if (!(members[i].is_followed ? url_is_linkable(allow, url)
					     : url_is_fetchable(allow, url)))
			return wrong(e, members[i].name, "not an https address we may ask");
		*members[i].out = url;
	}
	return true;
}

/* ---- Who vouches for whom (R113) ---- */

static const char *host_of(struct mem *m, const char *url)
{
	const char *host = openid_host(m, url);

	return mem_strndup(m, host, *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":"));
}

/* Is the host one of the words, or under one that begins with "*."? */
static bool among(const char *words, const char *host)
{
	for (const char *s = words; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " "), len = strlen(host);
		if (n == len && strncasecmp(s, host, n) == 0)
			return true;
		if (n > 2 && s[0] == '*' && s[1] == '.' && len > n - 1 &&
		    strncasecmp(s + 1, host + len - (n - 1), n - 1) == 0)
			return true;
		s += n;
	}
	return false;
}

/* On the host the configuration was read from, or both among the hosts of the product. */
static bool vouched(struct mem *m, const struct openid *o, const char *url, const char *field,
		    struct err *e)
{
	const char *here = host_of(m, o->url), *there = host_of(m, url);
	const char *hosts = o->profile->set.hosts;

	if (strcasecmp(here, there) == 0 || (among(hosts, here) && among(hosts, there)))
		return true;
	err_reason(e, ERR_INVALID, "registration_host",
		   "%s is not on the host the configuration was read from", field);
	e->field = field;
	return false;
}

static bool issuer_ok(struct mem *m, const char *allow, struct openid *o, struct err *e)
{
	if (str_empty(o->issuer))
		return wrong(e, "issuer", "is missing");
	if (!url_is_linkable(allow, o->issuer) || strpbrk(o->issuer, "?#"))
		return wrong(e, "issuer", "not an https address");
	return vouched(m, o, o->issuer, "issuer", e);
}

/* ---- What it can ---- */

/* A list that says what is supported must hold what we need; a list that is absent says
 * nothing. */
static bool needs(const json_t *list, const char *name, const char *what, struct err *e)
{
	return !json_array_size(list) || openid_has(list, what) ||
	       wrong(e, name, "lacks what every tool needs");
}

static bool algorithms(struct mem *m, const json_t *j, struct openid *o, struct err *e)
{
	static const char name[] = "id_token_signing_alg_values_supported";
	static const char *const ours[] = {"RS256", "RS384", "RS512", "ES256", "ES384"};
	const json_t *theirs;
	struct buf b;

	if (!texts(m, j, name, &theirs, e))
		return false;
	buf_init(&b, m);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (openid_has(theirs, ours[i]) || (!json_array_size(theirs) && !i))
			words_add(&b, ours[i]);
	if (!b.n)
		return wrong(e, name, "lacks what every tool needs");
	/* RS256 is what the standard asks of everybody: no more than that where it is there. */
	o->algorithms = openid_has(theirs, ours[0]) ? ours[0] : b.p;
	return true;
}

static bool abilities(struct mem *m, const json_t *j, struct openid *o, struct err *e)
{
	static const struct {
		const char *name, *what;
	} needed[] = {
		{"response_types_supported", "id_token"},
		{"token_endpoint_auth_methods_supported", "private_key_jwt"},
		{"token_endpoint_auth_signing_alg_values_supported", "RS256"},
	};
	const json_t *list;

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!texts(m, j, needed[i].name, &list, e) ||
		    !needs(list, needed[i].name, needed[i].what, e))
			return false;
	return algorithms(m, j, o, e) && texts(m, j, "scopes_supported", &o->scopes, e) &&
	       texts(m, j, "claims_supported", &o->claims, e);
}

static bool messages(struct mem *m, const json_t *lti, struct openid *o, struct err *e)
{
	static const char name[] = "messages_supported";
	const json_t *list = json_object_get(lti, name), *v, *ignored;
	size_t i;

	o->messages = js_own(m, json_array());
	if (!list || json_is_null(list))
		return true;
	if (!json_is_array(list) || json_array_size(list) > OPENID_WORDS)
		return wrong(e, name, "not a list of messages");
	json_array_foreach((json_t *)(uintptr_t)list, i, v)
	{
		const char *type = js_str(v, "type");
		if (!type || strlen(type) > TEXT_MAX || !texts(m, v, "placements", &ignored, e))
			return wrong(e, name, "not a list of messages");
	}
	o->messages = list;
	return true;
}

static bool platform(struct mem *m, const json_t *j, struct openid *o, struct err *e)
{
	const json_t *lti = json_object_get(j, PLATFORM);

	if (!json_is_object(lti))
		return wrong(e, "lti-platform-configuration", "is missing");
	if (!short_text(m, lti, "product_family_code", &o->family, e) ||
	    !short_text(m, lti, "version", &o->version, e) || !messages(m, lti, o, e) ||
	    !texts(m, lti, "variables", &o->variables, e) ||
	    !texts(m, lti, "notice_types_supported", &o->notices, e))
		return false;
	o->profile = lti_profile_of_family(o->family);
	return true;
}

bool openid_read(struct mem *m, const char *allow, const char *url, const char *text, size_t n,
		 struct openid *out, struct err *e)
{
	struct openid o = {.url = url};
	struct err why;
	struct buf origins;
	json_t *j;

	if (!js_parse(m, text, n, OPENID_MAX, &j, &why) || !json_is_object(j))
		return wrong(e, "openid_configuration", "not a JSON object");
	o.issuer = js_str(j, "issuer");
	/* The registration goes, with its token, where the configuration came from: its answer is
	 * shown, so that nobody may have us ask one host and read what another says. */
	if (!platform(m, j, &o, e) || !issuer_ok(m, allow, &o, e) || !addresses(allow, j, &o, e) ||
	    !vouched(m, &o, o.register_url, "registration_endpoint", e) || !abilities(m, j, &o, e))
		return false;
	const char *server = js_str(j, "authorization_server");
	o.audience = server && url_is_linkable(allow, server) ? server : "";
	buf_init(&origins, m);
	words_add(&origins, url_origin(m, url));
	words_add(&origins, url_origin(m, o.issuer));
	o.origins = origins.p;
	*out = o;
	return true;
}

/* ---- Asking for it ---- */

bool openid_url_ok(const struct lti *l, const char *url, struct err *e)
{
	return url_is_fetchable(l->http_allow, url) ||
	       err_reason(e, ERR_INVALID, "registration_address",
			  "openid_configuration is no https address we may ask");
}

bool bearer_ok(const char *token)
{
	if (str_empty(token) || strlen(token) > BEARER_MAX)
		return false;
	for (; *token; token++)
		if (*token <= ' ' || *token > '~')
			return false;
	return true;
}

bool dynamic_ask(struct lti *l, struct mem *m, const struct http_request *req,
		 struct http_response *res, struct err *e)
{
	static atomic_int under_way;
	bool room = atomic_fetch_add(&under_way, 1) < AT_ONCE;
	bool ok = room && l->http.fetch(l->http.self, m, req, res, e);

	atomic_fetch_sub(&under_way, 1);
	if (!room)
		return err_reason(e, ERR_BUSY, "registration_busy",
				  "enough registrations are under way");
	if (!ok)
		e->reason = "registration_unreachable";
	return ok;
}

bool openid_fetch(struct lti *l, struct mem *m, const char *url, const char *token,
		  struct openid *out, const char **text, struct err *e)
{
	const struct http_request req = {.url = url,
					 .accept = "application/json",
					 .bearer = token,
					 .body_max = OPENID_MAX,
					 .total_ms = FETCH_MS};
	struct http_response res;

	if (!openid_url_ok(l, url, e))
		return false;
	if (token && !bearer_ok(token))
		return err_reason(e, ERR_INVALID, "registration_address",
				  "registration_token is no bearer token");
	if (!dynamic_ask(l, m, &req, &res, e))
		return err_under(e, "openid configuration");
	if (res.status != 200)
		return err_reason(e, ERR_PEER, "registration_unreachable",
				  "the openid configuration answered %ld", res.status);
	if (!openid_read(m, l->http_allow, url, res.body, res.n, out, e))
		return false;
	*text = mem_strndup(m, res.body, res.n);
	return true;
}
