/* keys.h - our signing keys, platforms' key sets, and sealing.
 *
 * JWS by cjose on OpenSSL, with our own policy around it: the algorithm comes
 * from what the caller allows and must fit the key, never from the token alone;
 * kid is required; nothing symmetric is ever accepted. */
#ifndef KEYS_KEYS_H
#define KEYS_KEYS_H

#include "base/mem.h"
#include "base/js.h"
#include "base/config.h" /* struct seal_key */

struct db;

/* ---- Sealing: authenticated encryption of small things with our own key ----
 * AES-256-GCM, random 96-bit nonce, key derived from the key of now and
 * `purpose` by HKDF-SHA256, so that what was sealed for one purpose cannot be
 * opened for another. Text form: base64url(nonce | ciphertext | tag). */
char *seal(struct mem *, const struct seal_key *, const char *purpose, const void *, size_t n);
/* Of lti.registration.update_token; `ilpd key reseal` knows it. */
#define SEAL_UPDATE_TOKEN "registration token"
/* With the key of now, or the one before it. The bytes are followed by a NUL that is not
 * counted. Any change: false. */
MUST_USE bool unseal(struct mem *, const struct seal_key *, const char *purpose,
		     const char *text, unsigned char **out, size_t *n_out);

/* ---- Our own keys (R124-R128) ----
 * next -> active -> retiring -> gone. The next one is published a week before it signs,
 * the old one two days after its last signature; a key signs for 90 days. keys_tend()
 * does what is due, on every host, and one of them wins. */

struct key_ring;
/* Loads the keys; makes the first one (RSA 2048, sealed) where there is none, safe
 * against two hosts starting at once. Thread-safe afterwards. Opens what was sealed
 * with the key before, too. */
MUST_USE bool keys_open(struct key_ring **out, struct mem *, struct db *, const struct seal_key *,
			struct err *e);
void keys_close(struct key_ring *);
/* Loads them again: another host changed something (NOTIFY keys). */
MUST_USE bool keys_reload(struct key_ring *, struct mem *, struct db *, struct err *e);
/* Does what the schedule asks for; *changed is set where anything was. Loads the keys
 * in any case, so that a host that missed a NOTIFY is right again. Never lets a key sign
 * that cannot be opened here: then it is ERR_INTERNAL and the one before goes on. */
MUST_USE bool keys_tend(struct key_ring *, struct mem *, struct db *, bool *changed, struct err *e);
/* The public set {"keys":[...]} as text, in the arena. */
const char *keys_public(struct key_ring *, struct mem *);
/* A compact JWS of the claims, RS256, with our active kid. */
MUST_USE bool keys_sign(struct key_ring *, struct mem *, const json_t *claims, const char **out,
			struct err *e);

/* By an operator's word, without a ring; every running process hears of it (NOTIFY keys). */
struct key_rotation {
	const char *published; /* a new next key, or NULL */
	const char *active;    /* the key that signs from now on, or NULL: none has changed */
	const char *waiting;   /* published for less than a day: does not sign yet, or NULL */
};
/* Publishes a next key where there is none; makes it the active one if it has been
 * published for a day, or if `now`: then some caches may not know it for an hour or so. */
MUST_USE bool keys_rotate(struct mem *, struct db *, const struct seal_key *, bool now,
			  struct key_rotation *out, struct err *e);
/* A key that others may have: neither published nor used from now on. *active_out is the
 * one that signs then: the next one or a new one. ERR_NOT_FOUND. */
MUST_USE bool keys_revoke(struct mem *, struct db *, const struct seal_key *, const char *kid,
			  const char **active_out, struct err *e);
/* Seals everything anew with the key of now; what nobody can open is named by the error,
 * after the others are done. *done_out: how many were. */
MUST_USE bool keys_reseal(struct mem *, struct db *, const struct seal_key *, int *done_out,
			  struct err *e);

/* ---- Platforms' keys (R26-R28) ---- */

struct jwk_set;
/* At most 100 keys and 512 KiB; keys we cannot use (RSA under 2048 bits, other
 * types, use other than "sig") are skipped; two different keys of one kid: both
 * are skipped. Long-lived: jwk_set_free. Safe to verify with from many threads. */
MUST_USE bool jwk_set_parse(const char *json, size_t n, struct jwk_set **out, struct err *e);
void jwk_set_free(struct jwk_set *);
bool jwk_set_has(const struct jwk_set *, const char *kid);
/* How many keys of it we can use. */
size_t jwk_set_count(const struct jwk_set *);

/* A token taken apart but not yet believed. */
struct jws {
	const char *text;
	size_t n;
	const char *kid, *alg;
	json_t *header; /* never read jku, x5u, jwk, x5c */
	json_t *claims; /* of the arena; not verified until jws_verify says so */
};
/* Strict: three segments, base64url alphabet, header and payload JSON objects
 * without duplicates, no crit, typ absent or JWT (any case), kid present and at
 * most 255 bytes, at most 128 KiB. alg must stand in `algorithms` (space
 * separated, of RS256 RS384 RS512 ES256 ES384). Reasons: token_malformed,
 * token_kid_missing, token_alg. */
MUST_USE bool jws_parse(struct mem *, const char *text, size_t n, const char *algorithms,
			struct jws *out, struct err *e);
/* Reasons: token_key_unknown (kid not in the set), token_alg (key does not fit),
 * token_signature. */
MUST_USE bool jws_verify(const struct jws *, const struct jwk_set *, struct err *e);

#endif
