/* jwks.c - a platform's key set (RFC 7517), parsed once and kept.
 *
 * One odd key does not spoil a set: what we cannot use is skipped (R28). Keys
 * are found by kid alone; "try them all" is not a thing here (R27). */
#include "keys/keys_internal.h"
#include "base/str.h"
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

enum { SET_MAX = 512 << 10, KEYS_MAX = 100 };

struct jwk_set {
	struct jwk keys[KEYS_MAX];
	size_t n;
};

static void jwk_release(struct jwk *k)
{
	free(k->kid);
	free(k->alg);
	cjose_jwk_release(k->key);
	*k = (struct jwk){0};
}

void jwk_set_free(struct jwk_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++)
		jwk_release(&set->keys[i]);
	free(set);
}

/* R28: use absent or "sig", key_ops absent or with "verify". */
static bool meant_for_signatures(const json_t *o)
{
	const json_t *use = json_object_get(o, "use"), *ops = json_object_get(o, "key_ops"), *op;
	size_t i;

	if (use && !json_is_null(use) && !str_eq(json_string_value(use), "sig"))
		return false;
	if (!ops || json_is_null(ops))
		return true;
	json_array_foreach(ops, i, op) if (str_eq(json_string_value(op), "verify")) return true;
	return false;
}

/* Modulus odd and neither weak nor so long that verifying takes its time; public
 * exponent odd, at least 3 and of a sane length. */
static bool rsa_is_sound(const cjose_jwk_t *key)
{
	cjose_err why;
	const RSA *rsa = cjose_jwk_get_keydata(key, &why);
	const BIGNUM *n, *exponent;

	if (!rsa)
		return false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* cjose hands out the old RSA object   \
							    */
	RSA_get0_key(rsa, &n, &exponent, NULL);
#pragma GCC diagnostic pop
	return n && exponent && BN_num_bits(n) >= JWK_RSA_BITS &&
	       BN_num_bits(n) <= JWK_RSA_BITS_MAX && BN_is_odd(n) && BN_is_odd(exponent) &&
	       !BN_is_one(exponent) && BN_num_bits(exponent) <= JWK_EXPONENT_BITS_MAX;
}

static bool key_is_sound(const cjose_jwk_t *key)
{
	cjose_err why;

	switch (cjose_jwk_get_kty(key, &why)) {
	case CJOSE_JWK_KTY_RSA:
		return rsa_is_sound(key);
	case CJOSE_JWK_KTY_EC:
		return true; /* OpenSSL refused a point off the curve at import */
	default:
		return false; /* nothing symmetric is ever accepted */
	}
}

/* Copies a member to *to where it is strict base64url: cjose ends the program
 * with an assertion on some of what is not. */
static bool copy_number(struct mem *m, json_t *to, const json_t *from, const char *name)
{
	const char *text = js_str(from, name);
	unsigned char *bytes;
	size_t n;

	return text && b64url_decode(m, text, strlen(text), &bytes, &n) && n &&
	       json_object_set_new(to, name, json_string(text)) == 0;
}

/* The members that make a public key, and none else, as JSON text; NULL: none. */
static const char *public_key(struct mem *m, const json_t *o)
{
	const char *kty = js_str(o, "kty"), *curve = js_str(o, "crv");
	json_t *key = js_own(m, json_object());

	json_object_set_new(key, "kty", js_text(kty));
	if (str_eq(kty, "RSA"))
		return copy_number(m, key, o, "n") && copy_number(m, key, o, "e")
			       ? js_print(m, key, NULL)
			       : NULL;
	json_object_set_new(key, "crv", js_text(curve));
	if (str_eq(kty, "EC") && curve)
		return copy_number(m, key, o, "x") && copy_number(m, key, o, "y")
			       ? js_print(m, key, NULL)
			       : NULL;
	return NULL;
}

/* False: a key we cannot use. */
static bool jwk_import(struct mem *m, const json_t *o, struct jwk *out)
{
	const char *kid = js_str(o, "kid"), *alg = js_str(o, "alg");
	cjose_err why;

	if (str_empty(kid) || strlen(kid) > JWK_KID_MAX || !meant_for_signatures(o) ||
	    (alg && !algorithm_find(alg)))
		return false;
	const char *text = public_key(m, o);
	cjose_jwk_t *key = text ? cjose_jwk_import(text, strlen(text), &why) : NULL;
	ERR_clear_error();
	if (!key)
		return false;
	if (!key_is_sound(key)) {
		cjose_jwk_release(key);
		return false;
	}
	*out = (struct jwk){strdup(kid), alg ? strdup(alg) : NULL, key};
	if (!out->kid || (alg && !out->alg))
		BUG("out of memory");
	return true;
}

/* Does another key of the set, usable or not, carry the same kid? */
static bool kid_is_ambiguous(const json_t *keys, const json_t *one)
{
	const char *kid = js_str(one, "kid");
	const json_t *other;
	size_t i;

	json_array_foreach(keys, i, other) if (str_eq(js_str(other, "kid"), kid) &&
					       !json_equal(other, one)) return true;
	return false;
}

static void set_fill(struct mem *m, struct jwk_set *set, const json_t *keys)
{
	const json_t *one;
	size_t i;

	json_array_foreach(keys, i, one)
	{
		const char *kid = js_str(one, "kid");
		if (!kid || kid_is_ambiguous(keys, one) || jwk_set_find(set, kid))
			continue;
		if (jwk_import(m, one, &set->keys[set->n]))
			set->n++;
	}
}

bool jwk_set_parse(const char *json, size_t n, struct jwk_set **out, struct err *e)
{
	struct mem *m = mem_new();
	json_t *root, *keys = NULL;
	bool ok = js_parse(m, json, n, SET_MAX, &root, e);

	if (ok) {
		keys = js_arr(root, "keys");
		if (!keys)
			ok = err_set(e, ERR_INVALID, "a key set without keys");
		else if (json_array_size(keys) > KEYS_MAX)
			ok = err_set(e, ERR_INVALID, "%zu keys, at most %d", json_array_size(keys),
				     KEYS_MAX);
	}
	if (ok) {
		struct jwk_set *set = calloc(1, sizeof *set);
		if (!set)
			BUG("out of memory");
		set_fill(m, set, keys);
		*out = set;
	}
	mem_free(m);
	return ok;
}

const struct jwk *jwk_set_find(const struct jwk_set *set, const char *kid)
{
	for (size_t i = 0; i < set->n; i++)
		if (str_eq(set->keys[i].kid, kid))
			return &set->keys[i];
	return NULL;
}

bool jwk_set_has(const struct jwk_set *set, const char *kid)
{
	return jwk_set_find(set, kid) != NULL;
}

size_t jwk_set_count(const struct jwk_set *set)
{
	return set->n;
}

bool jwk_fits(const struct jwk *k, const struct algorithm *a)
{
	cjose_err why;

	if (!a || cjose_jwk_get_kty(k->key, &why) != a->kty || (k->alg && !str_eq(k->alg, a->name)))
		return false;
	return !a->key_bits || cjose_jwk_get_keysize(k->key, &why) == a->key_bits;
}
