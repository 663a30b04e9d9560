/* jws.c - compact JWS (RFC 7515), taken apart strictly and then verified.
 *
 * Parsing is our own, so that nothing lenient decides what a token says; cjose
 * checks the signature. It leaves it to its caller that algorithm and key agree,
 * which is what jwk_fits() is for. */
#include "keys/keys_internal.h"
#include "base/str.h"
#include <openssl/err.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_MAX = 128 << 10, HEADER_MAX = 4 << 10 };

#define malformed(e, ...) err_reason(e, ERR_INVALID, "token_malformed", __VA_ARGS__)

static const struct algorithm algorithms[] = {
	{"RS256", CJOSE_JWK_KTY_RSA, 0, 0},   {"RS384", CJOSE_JWK_KTY_RSA, 0, 0},
	{"RS512", CJOSE_JWK_KTY_RSA, 0, 0},   {"ES256", CJOSE_JWK_KTY_EC, 64, 256},
	{"ES384", CJOSE_JWK_KTY_EC, 96, 384},
};

const struct algorithm *algorithm_find(const char *name)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (str_eq(algorithms[i].name, name))
			return &algorithms[i];
	return NULL;
}

/* Is `word` one of the space separated `list`? */
static bool listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p;) {
		size_t len = strcspn(p, " ");
		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

struct segments {
	const char *at[3];
	size_t n[3];
};

/* Exactly three (R25); five would be a JWE. Only the signature may be empty here, as
 * with alg none, so that it is refused for what it is. */
static bool split(const char *text, size_t n, struct segments *out)
{
	const char *end = text + n;

	for (int i = 0; i < 3; i++) {
		const char *dot = memchr(text, '.', (size_t)(end - text));
		if ((i < 2) != (dot != NULL))
			return false;
		out->at[i] = text;
		out->n[i] = (size_t)((dot ? dot : end) - text);
		if (!out->n[i] && i < 2)
			return false;
		text = dot ? dot + 1 : end;
	}
	return true;
}

static bool segment_json(struct mem *m, const char *s, size_t n, size_t max, const char *what,
			 json_t **out, struct err *e)
{
	unsigned char *bytes;
	size_t len;
	struct err why = {0};

	if (!b64url_decode(m, s, n, &bytes, &len))
		return malformed(e, "the %s is not base64url", what);
	if (!js_parse(m, (const char *)bytes, len, max, out, &why))
		return malformed(e, "the %s: %s", what, why.text);
	if (!json_is_object(*out))
		return malformed(e, "the %s is no object", what);
	return true;
}

/* RFC 7515 4.1, R26, R27. jku, x5u, jwk and x5c are never looked at. */
static bool header_check(const char *allowed, struct jws *j, struct err *e)
{
	const json_t *typ = json_object_get(j->header, "typ");

	if (json_object_get(j->header, "crit"))
		return malformed(e, "the header has crit");
	if (json_is_string(typ) ? strcasecmp(json_string_value(typ), "JWT") != 0 : typ != NULL)
		return malformed(e, "typ is not JWT");
	j->alg = js_str(j->header, "alg");
	if (!j->alg || !algorithm_find(j->alg) || !listed(allowed, j->alg))
		return err_reason(e, ERR_INVALID, "token_alg", "alg is not one of %s", allowed);
	j->kid = js_str(j->header, "kid");
	if (str_empty(j->kid))
		return err_reason(e, ERR_INVALID, "token_kid_missing", "no kid in the header");
	if (strlen(j->kid) > JWK_KID_MAX)
		return malformed(e, "kid is longer than %d bytes", JWK_KID_MAX);
	return true;
}

bool jws_parse(struct mem *m, const char *text, size_t n, const char *allowed, struct jws *out,
	       struct err *e)
{
	struct jws j = {.text = text, .n = n};
	struct segments s;
	unsigned char *signature;
	size_t len;

	if (n > TOKEN_MAX)
		return malformed(e, "%zu bytes, at most %d", n, TOKEN_MAX);
	if (!split(text, n, &s))
		return malformed(e, "not three segments");
	if (!segment_json(m, s.at[0], s.n[0], HEADER_MAX, "header", &j.header, e) ||
	    !header_check(allowed, &j, e) ||
	    !segment_json(m, s.at[1], s.n[1], TOKEN_MAX, "payload", &j.claims, e))
		return false;
	if (!b64url_decode(m, s.at[2], s.n[2], &signature, &len) || !len)
		return malformed(e, "the signature is not base64url");
	const struct algorithm *a = algorithm_find(j.alg);
	if (a->signature_len && len != a->signature_len)
		return malformed(e, "%zu bytes of signature, %s has %zu", len, a->name,
				 a->signature_len);
	*out = j;
	return true;
}

bool jws_verify(const struct jws *j, const struct jwk_set *set, struct err *e)
{
	const struct jwk *key = jwk_set_find(set, j->kid);
	cjose_err why = {0};

	if (!key)
		return err_reason(e, ERR_INVALID, "token_key_unknown",
				  "the kid is not in the platform's key set");
	if (!jwk_fits(key, algorithm_find(j->alg)))
		return err_reason(e, ERR_INVALID, "token_alg", "the key is not one for %s", j->alg);
	cjose_jws_t *jws = cjose_jws_import(j->text, j->n, &why);
	bool ok = jws && cjose_jws_verify(jws, key->key, &why);
	cjose_jws_release(jws);
	ERR_clear_error(); /* the queue is the thread's and sticky (style.md 3.5) */
	if (!ok)
		return err_reason(e, ERR_INVALID, "token_signature",
				  "the signature does not fit: %s",
				  str_or(why.message, "no detail"));
	return true;
}
