/* keys_internal.h - shared by the files of keys/ only. */
#ifndef KEYS_INTERNAL_H
#define KEYS_INTERNAL_H

#include "keys/keys.h"
#include <cjose/cjose.h>

/* What an algorithm of RFC 7518 3.1 asks of a key and a signature. */
struct algorithm {
	const char *name;
	cjose_jwk_kty_t kty;
	size_t signature_len; /* 0: as long as the key's modulus */
	size_t key_bits;      /* exactly, for elliptic curves; 0: RSA, at least JWK_RSA_BITS */
};

enum {
	JWK_RSA_BITS = 2048,
	JWK_RSA_BITS_MAX = 8192,
	JWK_EXPONENT_BITS_MAX = 64,
	JWK_KID_MAX = 255,
};

/* NULL for anything but RS256 RS384 RS512 ES256 ES384 as an exact string. */
const struct algorithm *algorithm_find(const char *name);

/* A usable key of a platform. `alg` is what the JWK says, or NULL (R28). */
struct jwk {
	char *kid, *alg;
	cjose_jwk_t *key;
};

/* Borrowed; NULL where the set has no usable key of that kid. */
const struct jwk *jwk_set_find(const struct jwk_set *, const char *kid);

/* Does this key do what the algorithm needs, by its type, size and own `alg`? */
bool jwk_fits(const struct jwk *, const struct algorithm *);

/* ---- ring.c, for schedule.c ---- */

#define SEAL_SIGNING_KEY "signing key"

/* A key of ours that nobody knows yet, as the table holds it. */
struct new_key {
	const char *kid, *public_jwk, *sealed;
};
MUST_USE bool key_make(struct mem *, const struct seal_key *, struct new_key *out, struct err *e);
/* cjose_jwk_release() it. */
MUST_USE bool key_open(struct mem *, const struct seal_key *, const char *kid, const char *sealed,
		       cjose_jwk_t **out, struct err *e);
const struct seal_key *ring_seal_key(const struct key_ring *);

#endif
