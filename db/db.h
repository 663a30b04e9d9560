/* db.h - PostgreSQL, one connection to a worker, one round trip to a batch.
 *
 * A worker thread owns one `struct db` for its whole life: no checkout, no
 * locks. Work is put into a batch and sent at once in libpq's pipeline mode:
 *
 *	db_begin(db, m, &(struct db_scope){ .tenant = t });
 *	int saved = db_add(db, DB_ENTRY_SAVE, review, student, text);
 *	int now = db_add(db, DB_ENTRY_NOW, review, student);
 *	if (!db_commit(db, e))
 *		return false;
 *	const struct db_rows *r = db_rows(db, saved);
 *
 * A batch is ONE transaction and ONE round trip: all its statements take effect
 * or none. A statement that fails stops the batch. Because the batch is kept
 * until it is answered, a serialization failure (40001, 40P01) and a connection
 * lost before anything was answered are retried once without the caller's help;
 * lost later, it is ERR_BUSY. In both cases it is unknown whether the batch took
 * effect, so every write is made such that repeating it is harmless (a launch
 * repeated is refused by its spent nonce).
 *
 * Statements stand by name in db/queries (see the head of any file there) and
 * are prepared when first used on a connection. Parameters are text, in the
 * order the statement declares them; NULL is SQL NULL. Results are text. Rows
 * belong to the arena given to db_begin.
 *
 * The second wall: tables in the schemas ilp and notify have row-level security
 * on app.tenant, set from the scope for this batch alone; without a tenant they
 * are empty. app.worker opens the queues (events and mails) across tenants for
 * claiming, nothing else. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/mem.h"
#include "db/queries.h" /* generated: enum db_query, DB_ARITY */
#include <stdint.h>

struct db;

struct db_scope {
	const char *tenant; /* uuid, or NULL */
	bool worker;        /* may see every tenant's queue */
	bool relaxed;       /* commit without waiting for the disk: sessions and nonces only */
};

struct db_rows;

/* conninfo: libpq's, several hosts allowed. Does not connect: that happens with
 * the first batch, and again by itself after a loss. */
struct db *db_new(const char *conninfo);
void db_free(struct db *);

/* Starts a batch, forgetting any that was begun and not committed. */
void db_begin(struct db *, struct mem *, const struct db_scope *);

/* Adds a statement; returns its index for db_rows. The number of parameters is
 * checked when compiling. Texts must live until db_commit. */
#define db_add(db, query, ...)                                                             \
	(__extension__({                                                                   \
		const char *const db_params_[] = { NULL, ##__VA_ARGS__ };                  \
		_Static_assert(sizeof(db_params_) / sizeof(char *) - 1 == query##_ARITY,   \
			       "wrong number of parameters for " #query);                  \
		db_add_((db), (query), db_params_ + 1, query##_ARITY);                     \
	}))
int db_add_(struct db *, enum db_query, const char *const *params, int n);

/* Sends the batch and waits for all of it. Errors: ERR_BUSY (no database, lost,
 * time-out), ERR_CONFLICT (unique violation), ERR_INVALID (constraint or data),
 * ERR_EXPIRED (the session ended: session_enter), ERR_INTERNAL. db_constraint() names the constraint of the last failure, or "". */
MUST_USE bool db_commit(struct db *, struct err *e);
const char *db_constraint(const struct db *);

/* A batch of one statement that must be the only one: begin, add, commit. */
const struct db_rows *db_rows(const struct db *, int index);

int db_count(const struct db_rows *);
/* Borrowed until the arena is reset; NULL is SQL NULL. Column by position. */
const char *db_text(const struct db_rows *, int row, int col);
int64_t db_int(const struct db_rows *, int row, int col); /* NULL is 0 */
bool db_bool(const struct db_rows *, int row, int col);   /* NULL is false */

/* Number as text, for parameters. */
const char *db_num(struct mem *, int64_t);
const char *db_flag(bool); /* "t" or "f" */
/* A PostgreSQL array literal of n texts, quoted: for text[] and uuid[] parameters. */
const char *db_list(struct mem *, const char *const *items, size_t n);

/* Round trips made by this connection since it was opened (bench and tests). */
int64_t db_trips(const struct db *);

/* Waits for a NOTIFY on one of the channels; used by the listening thread alone.
 * Returns true with *channel set (arena of the caller) or NULL at time-out. */
struct db_listener;
struct db_listener *db_listen_new(const char *conninfo, const char *const *channels, size_t n);
void db_listen_free(struct db_listener *);
MUST_USE bool db_listen_wait(struct db_listener *, int timeout_ms, char channel[64], struct err *e);

/* Applies db/schema/NNNN_*.sql that are missing, each in a transaction, under an
 * advisory lock so that two hosts may start it at once. Refuses when a file that
 * was applied has changed since. `conninfo` is the owner's, `app_role` the role
 * that serves. Returns how many were applied. */
MUST_USE bool db_migrate(const char *conninfo, const char *app_role, bool dry_run, int *applied,
			 struct err *e);
/* The user that a connection string names, or NULL. */
const char *db_user_of(struct mem *, const char *conninfo);
/* Fails with ERR_INTERNAL where the schema is older or newer than this program. */
MUST_USE bool db_check_version(struct db *, struct err *e);

#endif
