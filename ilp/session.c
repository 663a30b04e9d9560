#include "ilp/session.h"

void viewer_begin(struct db *db, struct mem *m, const struct viewer *v)
{
	db_begin(db, m, &(struct db_scope){ .tenant = v->tenant });
	db_add(db, DB_SESSION_ENTER, v->session, v->secret_hash, db_num(m, v->idle_hours));
}

bool session_copy(struct db *db, struct mem *m, const struct viewer *v, const char *fresh,
		  const char *secret_hash, struct err *e)
{
	viewer_begin(db, m, v);
	db_add(db, DB_SESSION_CODE_MAKE, fresh, secret_hash, v->session);
	return db_commit(db, e);
}

bool session_redeem(struct db *db, struct mem *m, const struct viewer *v, const char *secret_hash,
		    struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = v->tenant });
	int redeemed = db_add(db, DB_SESSION_REDEEM, v->session, v->secret_hash, secret_hash,
			      db_num(m, v->idle_hours));
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, redeemed)))
		return err_set(e, ERR_EXPIRED, "the code was used or is too old");
	return true;
}

bool session_end(struct db *db, struct mem *m, const struct viewer *v, struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = v->tenant });
	db_add(db, DB_SESSION_END, v->session, v->secret_hash);
	return db_commit(db, e);
}

bool session_end_all(struct db *db, struct mem *m, const struct viewer *v, struct err *e)
{
	viewer_begin(db, m, v);
	db_add(db, DB_SESSION_END_ALL, v->person);
	return db_commit(db, e);
}
