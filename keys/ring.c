/* ring.c - our own signing keys (R124-R126).
 *
 * The private part lies sealed in the database and opened in memory, one RSA key
 * that signs ("active") and any number that are only published, because they
 * will sign or have signed ("next", "retiring"). */
#include "keys/keys_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#define SEAL_PURPOSE "signing key"

struct key_ring {
	cjose_jwk_t *active;
	char *kid;
	char *published;
};

static char *keep(const char *s)
{
	char *copy = s ? strdup(s) : NULL;

	if (!copy)
		BUG("out of memory");
	return copy;
}

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

static bool make_first(struct mem *m, struct db *db, const unsigned char kek[32], struct err *e)
{
	const char *kid = NULL, *jwk = NULL;
	json_t *parsed;

	if (!generate(m, &kid, &jwk, e) || !js_parse(m, jwk, strlen(jwk), strlen(jwk), &parsed, e))
		return false;
	const char *public = js_print(m, js_own(m, public_part(parsed, kid)), NULL);
	const char *sealed = seal(m, kek, SEAL_PURPOSE, jwk, strlen(jwk));
	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_KEYS_INSERT_FIRST, kid, public, sealed);
	return db_commit(db, e);
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

static bool open_active(struct key_ring *ring, struct mem *m, const struct db_rows *rows, int row,
			const unsigned char kek[32], struct err *e)
{
	const char *kid = db_text(rows, row, 0);
	unsigned char *jwk;
	size_t n;
	cjose_err why;

	if (!unseal(m, kek, SEAL_PURPOSE, db_text(rows, row, 3), &jwk, &n))
		return err_set(
			e, ERR_INTERNAL,
			"signing key %s cannot be opened: it was sealed with another key than "
			"the one configured",
			kid);
	ring->active = cjose_jwk_import((const char *)jwk, n, &why);
	ERR_clear_error();
	if (!ring->active)
		return err_set(e, ERR_INTERNAL, "signing key %s is damaged", kid);
	ring->kid = keep(kid);
	return true;
}

static bool publish(struct key_ring *ring, struct mem *m, const struct db_rows *rows, struct err *e)
{
	json_t *keys = json_array(), *set = js_own(m, json_pack("{s:o}", "keys", keys));

	for (int i = 0; i < db_count(rows); i++) {
		const char *text = db_text(rows, i, 2);
		json_t *jwk;
		if (!js_parse(m, text, strlen(text), strlen(text), &jwk, e))
			return err_under(e, "public_jwk");
		json_array_append_new(keys, public_part(jwk, db_text(rows, i, 0)));
	}
	ring->published = keep(js_print(m, set, NULL));
	return true;
}

bool keys_open(struct key_ring **out, struct mem *m, struct db *db, const unsigned char kek[32],
	       struct err *e)
{
	const struct db_rows *rows;

	if (!fetch(m, db, &rows, e))
		return false;
	if (active_row(rows) < 0 && (!make_first(m, db, kek, e) || !fetch(m, db, &rows, e)))
		return false;
	int row = active_row(rows);
	if (row < 0)
		return err_set(e, ERR_INTERNAL, "no active signing key");
	struct key_ring *ring = calloc(1, sizeof *ring);
	if (!ring)
		BUG("out of memory");
	if (!open_active(ring, m, rows, row, kek, e) || !publish(ring, m, rows, e)) {
		keys_close(ring);
		return false;
	}
	*out = ring;
	return true;
}

void keys_close(struct key_ring *ring)
{
	if (!ring)
		return;
	cjose_jwk_release(ring->active);
	free(ring->kid);
	free(ring->published);
	free(ring);
}

const char *keys_public(const struct key_ring *ring)
{
	return ring->published;
}

bool keys_sign(struct key_ring *ring, struct mem *m, const json_t *claims, const char **out,
	       struct err *e)
{
	json_t *header = js_own(
		m, json_pack("{s:s, s:s, s:s}", "alg", "RS256", "typ", "JWT", "kid", ring->kid));
	cjose_err why = {0};
	const char *text;
	size_t n;

	const char *payload = js_print(m, claims, &n);
	cjose_jws_t *jws = cjose_jws_sign(ring->active, header, (const uint8_t *)payload, n, &why);
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
