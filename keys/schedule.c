/* schedule.c - when our keys change (R125-R127), and what they are sealed with.
 *
 * When is written in db/queries/keys.sql and decided by the database's clock, the one
 * clock that all hosts share. Each statement does its part only while it is still to be
 * done, and whoever changes anything holds the lock of keys_lock: of two hosts at once
 * the second finds nothing to do. Making a key takes a while, so it is made before. */
#include "keys/keys_internal.h"
#include "base/str.h"
#include "db/db.h"

static const struct db_scope everybody = {0};

/* ---- Steps ---- */

static void begin(struct mem *m, struct db *db)
{
	db_begin(db, m, &everybody);
	db_add(db, DB_KEYS_LOCK);
}

static bool commit(struct db *db, struct err *e)
{
	db_add(db, DB_KEYS_CHANGED);
	return db_commit(db, e);
}

struct next {
	const char *kid, *sealed; /* NULL: there is none */
	bool ready;
};

static bool find_next(struct mem *m, struct db *db, struct next *out, struct err *e)
{
	db_begin(db, m, &everybody);
	int next = db_add(db, DB_KEYS_NEXT);

	if (!db_commit(db, e))
		return false;
	const struct db_rows *rows = db_rows(db, next);
	*out = (struct next){0};
	if (db_count(rows))
		*out = (struct next){db_text(rows, 0, 0), db_text(rows, 0, 1), db_bool(rows, 0, 2)};
	return true;
}

static bool opens(struct mem *m, const struct seal_key *kek, const struct next *next, struct err *e)
{
	cjose_jwk_t *key;

	if (!key_open(m, kek, next->kid, next->sealed, &key, e))
		return false;
	cjose_jwk_release(key);
	return true;
}

static bool publish_next(struct mem *m, struct db *db, const struct seal_key *kek,
			 const char **kid_out, struct err *e)
{
	struct new_key k;

	if (!key_make(m, kek, &k, e))
		return false;
	begin(m, db);
	db_add(db, DB_KEYS_INSERT_NEXT, k.kid, k.public_jwk, k.sealed);
	if (!commit(db, e))
		return false;
	*kid_out = k.kid;
	return true;
}

/* A key that cannot be opened would leave us without one that signs. */
static bool promote(struct mem *m, struct db *db, const struct seal_key *kek,
		    const struct next *next, struct err *e)
{
	if (!opens(m, kek, next, e))
		return err_under(e, "the next key stays where it is");
	begin(m, db);
	db_add(db, DB_KEYS_RETIRE, next->kid);
	db_add(db, DB_KEYS_PROMOTE, next->kid);
	return commit(db, e);
}

/* `kid` goes, if it is not NULL; where none signs then, the next one does or a new one. */
static bool replace(struct mem *m, struct db *db, const struct seal_key *kek, const char *kid,
		    bool *found, const char **active_out, struct err *e)
{
	struct new_key fresh;
	struct next next;
	struct err unopened;

	if (!find_next(m, db, &next, e) || !key_make(m, kek, &fresh, e))
		return false;
	bool usable = next.kid && !str_eq(next.kid, kid) && opens(m, kek, &next, &unopened);
	begin(m, db);
	int gone = db_add(db, DB_KEYS_REVOKE, kid);
	if (usable)
		db_add(db, DB_KEYS_PROMOTE, next.kid);
	db_add(db, DB_KEYS_INSERT_ACTIVE, fresh.kid, fresh.public_jwk, fresh.sealed);
	int active = db_add(db, DB_KEYS_ACTIVE);
	if (!commit(db, e))
		return false;
	*found = db_count(db_rows(db, gone)) > 0;
	*active_out = db_text(db_rows(db, active), 0, 0);
	return true;
}

/* ---- By the clock ---- */

struct due {
	bool no_active, publish, promote, bury;
};

static bool read_due(struct mem *m, struct db *db, struct due *out, struct err *e)
{
	db_begin(db, m, &everybody);
	int due = db_add(db, DB_KEYS_DUE);

	if (!db_commit(db, e))
		return false;
	const struct db_rows *rows = db_rows(db, due);
	if (!db_count(rows))
		*out = (struct due){.no_active = true};
	else
		*out = (struct due){
			.publish = db_bool(rows, 0, 0),
			.promote = db_text(rows, 0, 1) != NULL,
			.bury = db_bool(rows, 0, 2),
		};
	return true;
}

static bool do_due(struct mem *m, struct db *db, const struct seal_key *kek, const struct due *due,
		   struct err *e)
{
	const char *kid;
	struct next next;
	bool found;

	if (due->no_active && !replace(m, db, kek, NULL, &found, &kid, e))
		return false;
	if (due->publish && !publish_next(m, db, kek, &kid, e))
		return false;
	if (due->promote && !find_next(m, db, &next, e))
		return false;
	if (due->promote && next.kid && !promote(m, db, kek, &next, e))
		return false;
	if (!due->bury)
		return true;
	begin(m, db);
	db_add(db, DB_KEYS_BURY);
	return commit(db, e);
}

bool keys_tend(struct key_ring *ring, struct mem *m, struct db *db, bool *changed, struct err *e)
{
	struct due due;

	if (!read_due(m, db, &due, e) || !do_due(m, db, ring_seal_key(ring), &due, e) ||
	    !keys_reload(ring, m, db, e))
		return false;
	*changed = due.no_active || due.publish || due.promote || due.bury;
	return true;
}

/* ---- By an operator's word ---- */

bool keys_rotate(struct mem *m, struct db *db, const struct seal_key *kek, bool now,
		 struct key_rotation *out, struct err *e)
{
	struct key_rotation done = {0};
	struct next next;

	if (!find_next(m, db, &next, e))
		return false;
	if (!next.kid) {
		if (!publish_next(m, db, kek, &done.published, e) || !find_next(m, db, &next, e))
			return false;
		if (!next.kid)
			return err_set(e, ERR_BUSY, "somebody else changes the keys: try again");
	}
	if (now || next.ready) {
		if (!promote(m, db, kek, &next, e))
			return false;
		done.active = next.kid;
	} else {
		done.waiting = next.kid;
	}
	*out = done;
	return true;
}

bool keys_revoke(struct mem *m, struct db *db, const struct seal_key *kek, const char *kid,
		 const char **active_out, struct err *e)
{
	const char *active;
	bool found;

	if (!replace(m, db, kek, kid, &found, &active, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no key of ours is called %s, or it is gone", kid);
	*active_out = active;
	return true;
}

/* ---- What they are sealed with ---- */

/* What lies sealed, by the word of sealed_all. */
enum { SEALED_KINDS = 2 };
static const struct sealed_kind {
	const char *word, *purpose;
} kinds[SEALED_KINDS] = {
	{"key", SEAL_SIGNING_KEY},
	{"token", SEAL_UPDATE_TOKEN},
};

/* What is to be written of one kind: columns of as many rows. */
struct resealed {
	const char **ids, **before, **after;
	size_t n;
};

static struct resealed room_for(struct mem *m, size_t n)
{
	return (struct resealed){
		.ids = mem_array(m, const char *, n + 1),
		.before = mem_array(m, const char *, n + 1),
		.after = mem_array(m, const char *, n + 1),
	};
}

/* Seals the rows of one kind anew; *unopened is the first that cannot be opened. */
static struct resealed reseal_kind(struct mem *m, const struct seal_key *kek,
				   const struct sealed_kind *kind, const struct db_rows *rows,
				   const char **unopened)
{
	struct resealed r = room_for(m, (size_t)db_count(rows));

	for (int i = 0; i < db_count(rows); i++) {
		const char *id = db_text(rows, i, 1), *before = db_text(rows, i, 2);
		unsigned char *text;
		size_t n;
		if (!str_eq(db_text(rows, i, 0), kind->word))
			continue;
		if (!unseal(m, kek, kind->purpose, before, &text, &n)) {
			*unopened = *unopened ? *unopened : mem_printf(m, "%s %s", kind->word, id);
			continue;
		}
		r.ids[r.n] = id;
		r.before[r.n] = before;
		r.after[r.n++] = seal(m, kek, kind->purpose, text, n);
	}
	return r;
}

bool keys_reseal(struct mem *m, struct db *db, const struct seal_key *kek, int *done_out,
		 struct err *e)
{
	static const enum db_query puts[SEALED_KINDS] = {DB_SEALED_KEYS_PUT, DB_SEALED_TOKENS_PUT};
	const char *unopened = NULL;
	size_t done = 0;

	db_begin(db, m, &everybody);
	int all = db_add(db, DB_SEALED_ALL);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *rows = db_rows(db, all);
	begin(m, db);
	for (size_t i = 0; i < SEALED_KINDS; i++) {
		struct resealed r = reseal_kind(m, kek, &kinds[i], rows, &unopened);
		const char *put[] = {db_list(m, r.ids, r.n), db_list(m, r.before, r.n),
				     db_list(m, r.after, r.n)};
		db_add_(db, puts[i], put, DB_SEALED_KEYS_PUT_ARITY);
		done += r.n;
	}
	if (!commit(db, e))
		return false;
	*done_out = (int)done;
	return !unopened ||
	       err_set(e, ERR_INTERNAL, "%s cannot be opened with key or key_before", unopened);
}
