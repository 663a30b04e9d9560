#include "notify/notify.h"

bool notify_health(struct db *db, struct mem *m, struct notify_health *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){.worker = true});
	int counts = db_add(db, DB_NOTIFY_HEALTH);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, counts);
	*out = (struct notify_health){
		.waiting = db_int(r, 0, 0),
		.late = db_int(r, 0, 1),
		.failed = db_int(r, 0, 2),
	};
	return true;
}
