/* ring.c - our own signing keys in memory (R124-R126).
 *
 * The private part lies sealed in the database and opened in memory, one RSA key
 * that signs ("active") and any number that are only published, because they
 * will sign or have signed ("next", "retiring"). What changes when is decided in
 * schedule.c.
 *
 * One lock: who signs or publishes reads, a reload swaps the whole picture. */
#include "keys/keys_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What the database said last; replaced as a whole. */
struct picture {
	cjose_jwk_t *active;
	char *kid;
	char *published;
};

struct key_ring {
	struct seal_key kek;
	pthread_rwlock_t lock;
	struct picture now;
};

static char *keep(const char *s)
{
	char *copy = s ? strdup(s) : NULL;

	if (!copy)
		BUG("out of memory");
	return copy;
}

/* ---- Making and opening keys ---- */

/* What everybody may see of a key, and nothing else of it. */
static json_t *public_part(const json_t *jwk, const char *kid)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:O, s:O}", "kty", "RSA", "use", "sig", "alg",
			 "RS256", "kid", kid, "n", json_object_get(jwk, "n"), "e",
			 json_object_get(jwk, "e"));
}

/* A new RSA key as JWK text with its private members. */
static bool generate(struct mem *m, const char **kid_out, const char **jwk_out, struct err *e)
{
	static const uint8_t exponent[] = {1, 0, 1};
	unsigned char id[16];
	cjose_err why = {0};

	random_bytes(id, sizeof id);
	const char *kid = hex_encode(m, id, sizeof id);
	cjose_jwk_t *key =
		cjose_jwk_create_RSA_random(JWK_RSA_BITS, exponent, sizeof exponent, &why);
	char *text = NULL;
	if (key && cjose_jwk_set_kid(key, kid, strlen(kid), &why))
		text = cjose_jwk_to_json(key, true, &why);
	cjose_jwk_release(key);
	ERR_clear_error();
	if (!text)
		return err_set(e, ERR_INTERNAL, "no signing key could be made: %s",
			       str_or(why.message, "no detail"));
	*kid_out = kid;
	*jwk_out = mem_strdup(m, text);
	cjose_get_dealloc()(text);
	return true;
}

bool key_make(struct mem *m, const struct seal_key *kek, struct new_key *out, struct err *e)
{
	const char *kid = NULL, *jwk = NULL;
	json_t *parsed;

	if (!generate(m, &kid, &jwk, e) || !js_parse(m, jwk, strlen(jwk), strlen(jwk), &parsed, e))
		return false;
	*out = (struct new_key){
		.kid = kid,
		.public_jwk = js_print(m, js_own(m, public_part(parsed, kid)), NULL),
		.sealed = seal(m, kek, SEAL_SIGNING_KEY, jwk, strlen(jwk)),
	};
	return true;
}

bool key_open(struct mem *m, const struct seal_key *kek, const char *kid, const char *sealed,
	      cjose_jwk_t **out, struct err *e)
{
	unsigned char *jwk;
	size_t n;
	cjose_err why;

	if (!unseal(m, kek, SEAL_SIGNING_KEY, sealed, &jwk, &n))
		return err_set(
			e, ERR_INTERNAL,
			"signing key %s cannot be opened: it was sealed with another key than "
			"the one configured",
			kid);
	cjose_jwk_t *key = cjose_jwk_import((const char *)jwk, n, &why);
	ERR_clear_error();
	if (!key)
		return err_set(e, ERR_INTERNAL, "signing key %s is damaged", kid);
	*out = key;
	return true;
}

/* ---- The picture ---- */

static void forget(struct picture *p)
{
	cjose_jwk_release(p->active);
	free(p->kid);
	free(p->published);
	*p = (struct picture){0};
}

static bool fetch(struct mem *m, struct db *db, const struct db_rows **rows, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int all = db_add(db, DB_KEYS_ALL);

	if (!db_commit(db, e))
		return false;
	*rows = db_rows(db, all);
	return true;
}

static int active_row(const struct db_rows *rows)
{
	for (int i = 0; i < db_count(rows); i++)
		if (str_eq(db_text(rows, i, 1), "active"))
			return i;
	return -1;
}

static bool publish(struct picture *p, struct mem *m, const struct db_rows *rows, struct err *e)
{
	json_t *keys = json_array(), *set = js_own(m, json_pack("{s:o}", "keys", keys));

	for (int i = 0; i < db_count(rows); i++) {
		const char *text = db_text(rows, i, 2);
		json_t *jwk;
		if (!js_parse(m, text, strlen(text), strlen(text), &jwk, e))
			return err_under(e, "public_jwk");
		json_array_append_new(keys, public_part(jwk, db_text(rows, i, 0)));
	}
	p->published = keep(js_print(m, set, NULL));
	return true;
}

static bool take_picture(struct mem *m, const struct seal_key *kek, const struct db_rows *rows,
			 struct picture *out, struct err *e)
{
	struct picture p = {0};
	int row = active_row(rows);

	if (row < 0)
		return err_set(e, ERR_INTERNAL, "no active signing key");
	if (!key_open(m, kek, db_text(rows, row, 0), db_text(rows, row, 3), &p.active, e))
		return false;
	p.kid = keep(db_text(rows, row, 0));
	if (!publish(&p, m, rows, e)) {
		forget(&p);
		return false;
	}
	*out = p;
	return true;
}

static bool make_first(struct mem *m, struct db *db, const struct seal_key *kek, struct err *e)
{
	struct new_key k;

	if (!key_make(m, kek, &k, e))
		return false;
	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_KEYS_LOCK);
	db_add(db, DB_KEYS_INSERT_ACTIVE, k.kid, k.public_jwk, k.sealed);
	return db_commit(db, e);
}

/* Whoever signs comes and goes all the time: a reload must not wait for a moment without
 * any, which is what glibc does unless told. */
static void lock_init(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(lock, &attr);
	pthread_rwlockattr_destroy(&attr);
}

bool keys_open(struct key_ring **out, struct mem *m, struct db *db, const struct seal_key *kek,
	       struct err *e)
{
	const struct db_rows *rows;
	struct picture p;

	if (!fetch(m, db, &rows, e))
		return false;
	if (active_row(rows) < 0 && (!make_first(m, db, kek, e) || !fetch(m, db, &rows, e)))
		return false;
	if (!take_picture(m, kek, rows, &p, e))
		return false;
	struct key_ring *ring = calloc(1, sizeof *ring);
	if (!ring)
		BUG("out of memory");
	ring->kek = *kek;
	ring->now = p;
	lock_init(&ring->lock);
	*out = ring;
	return true;
}

bool keys_reload(struct key_ring *ring, struct mem *m, struct db *db, struct err *e)
{
	const struct db_rows *rows;
	struct picture p, before;

	if (!fetch(m, db, &rows, e) || !take_picture(m, &ring->kek, rows, &p, e))
		return false;
	pthread_rwlock_wrlock(&ring->lock);
	before = ring->now;
	ring->now = p;
	pthread_rwlock_unlock(&ring->lock);
	forget(&before);
	return true;
}

void keys_close(struct key_ring *ring)
{
	if (!ring)
		return;
	forget(&ring->now);
	pthread_rwlock_destroy(&ring->lock);
	OPENSSL_cleanse(&ring->kek, sizeof ring->kek);
	free(ring);
}

const struct seal_key *ring_seal_key(const struct key_ring *ring)
{
	return &ring->kek;
}

const char *keys_public(struct key_ring *ring, struct mem *m)
{
	pthread_rwlock_rdlock(&ring->lock);
	const char *published = mem_strdup(m, ring->now.published);
	pthread_rwlock_unlock(&ring->lock);
	return published;
}

static bool sign(const struct picture *p, struct mem *m, const json_t *claims, const char **out,
		 struct err *e)
{
	json_t *header = js_own(
		m, json_pack("{s:s, s:s, s:s}", "alg", "RS256", "typ", "JWT", "kid", p->kid));
	cjose_err why = {0};
	const char *text;
	size_t n;

	const char *payload = js_print(m, claims, &n);
	cjose_jws_t *jws = cjose_jws_sign(p->active, header, (const uint8_t *)payload, n, &why);
	bool ok = jws && cjose_jws_export(jws, &text, &why);
	if (ok)
		*out = mem_strdup(m, text);
	cjose_jws_release(jws);
	ERR_clear_error();
	if (!ok)
		return err_set(e, ERR_INTERNAL, "signing failed: %s",
			       str_or(why.message, "no detail"));
	return true;
}

bool keys_sign(struct key_ring *ring, struct mem *m, const json_t *claims, const char **out,
	       struct err *e)
{
	pthread_rwlock_rdlock(&ring->lock);
	bool ok = sign(&ring->now, m, claims, out, e);
	pthread_rwlock_unlock(&ring->lock);
	return ok;
}
