#include "ilp/session.h"

void viewer_begin(struct db *db, struct mem *m, const struct viewer *v)
{
	db_begin(db, m, &(struct db_scope){ .tenant = v->tenant });
	db_add(db, DB_SESSION_ENTER, v->session, v->secret_hash, db_num(m, v->idle_hours));
}
