#include "keys/command.h"
#include "base/str.h"
#include "db/db.h"
#include "keys/keys.h"
#include <stdio.h>

bool key_list(const char *database, struct mem *m, struct err *e)
{
	static const char *const since[] = {"published", "active", "retiring", "gone"};
	struct db *db = db_new(database);

	db_begin(db, m, &(struct db_scope){0});
	int list = db_add(db, DB_KEYS_LIST);
	bool ok = db_commit(db, e);
	for (int i = 0; ok && i < db_count(db_rows(db, list)); i++) {
		const struct db_rows *r = db_rows(db, list);
		printf("%s  %-8s", db_text(r, i, 0), db_text(r, i, 1));
		for (int at = 0; at < 4; at++)
			if (db_text(r, i, at + 2))
				printf("  %s %s", since[at], db_text(r, i, at + 2));
		putchar('\n');
	}
	db_free(db);
	return ok;
}

bool key_rotate(const char *database, const struct seal_key *kek, bool now, struct mem *m,
		struct err *e)
{
	struct key_rotation done;
	struct db *db = db_new(database);
	bool ok = keys_rotate(m, db, kek, now, &done, e);

	db_free(db);
	if (!ok)
		return false;
	if (done.published)
		printf("published  %s\n", done.published);
	if (done.active)
		printf("active     %s\n", done.active);
	if (done.waiting)
		printf("waiting    %s\n"
		       "It signs when it has been published for a day: rotate again then, or "
		       "--now.\n",
		       done.waiting);
	return true;
}

/* Most platforms fetch our keys by themselves; where somebody pasted them, nothing does. */
static bool print_users(struct mem *m, struct db *db, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int users = db_add(db, DB_KEYS_USERS);

	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, users);
	if (!db_count(r))
		return true;
	puts("\nThese platforms check what we sign. Those that know the address of our key set\n"
	     "fetch it by themselves, within a day at most. Where the key itself was pasted, tell\n"
	     "the administrator to paste the new one:");
	for (int i = 0; i < db_count(r); i++)
		printf("  %s  %s  issuer %s  client %s\n",
		       str_or(db_text(r, i, 3), "(no school yet)"), db_text(r, i, 0),
		       db_text(r, i, 1), db_text(r, i, 2));
	return true;
}

bool key_revoke(const char *database, const struct seal_key *kek, const char *kid, struct mem *m,
		struct err *e)
{
	const char *active;
	struct db *db = db_new(database);

	if (str_empty(kid)) {
		db_free(db);
		return err_set(e, ERR_INVALID, "key revoke needs the kid: see key list");
	}
	bool ok = keys_revoke(m, db, kek, kid, &active, e);
	if (ok) {
		printf("gone    %s\nactive  %s\n", kid, active);
		ok = print_users(m, db, e);
	}
	db_free(db);
	return ok;
}

bool key_reseal(const char *database, const struct seal_key *kek, struct mem *m, struct err *e)
{
	int done = 0;
	struct db *db = db_new(database);
	bool ok = keys_reseal(m, db, kek, &done, e);

	db_free(db);
	if (done || ok)
		printf("%d sealed anew\n", done);
	return ok;
}
