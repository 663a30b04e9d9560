#include "ilp/copy.h"
#include "base/str.h"

bool copy_notice_take(struct db *db, struct mem *m, const struct copy_notice *n, struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = n->tenant });
	db_add(db, DB_LAUNCH_NONCE, n->registration, n->nonce, db_num(m, n->nonce_expires));
	db_add(db, DB_NOTICE_SEEN, n->registration, n->id);
	if (n->context && n->origins_n) {
		db_add(db, DB_NOTICE_COURSE, uuid_new(m), n->registration, n->deployment, n->context,
		       n->context_label, n->context_title);
		db_add(db, DB_NOTICE_ORIGINS, n->registration, n->deployment, n->context,
		       db_list(m, n->origins, n->origins_n));
	}
	if (db_commit(db, e))
		return true;
	if (e->code == ERR_CONFLICT && str_eq(db_constraint(db), "nonce_spent"))
		return err_reason(e, ERR_CONFLICT, "nonce_used", "this notice was taken in before");
	return false;
}

int copy_offer_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_COPY_OFFERED, v->course);
}

void copy_offer_read(struct db *db, struct mem *m, int index, struct copy_offer *out)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);

	*out = (struct copy_offer){ .from = mem_array(m, struct copy_origin, (size_t)rows),
				    .n = (size_t)rows };
	for (int i = 0; i < rows; i++) {
		out->from[i] = (struct copy_origin){ db_text(r, i, 0), db_text(r, i, 1) };
		out->reviews = db_int(r, i, 2);
	}
}

bool copy_take(struct db *db, struct mem *m, const struct viewer *v, int64_t *reviews_out, struct err *e)
{
	if (!access_check(v, RIGHT_BRING_SETUP, e))
		return false;
	viewer_begin(db, m, v);
	int made = db_add(db, DB_COPY_TAKE, v->course, v->person);
	if (!db_commit(db, e))
		return false;
	*reviews_out = db_int(db_rows(db, made), 0, 0);
	return true;
}

bool copy_dismiss(struct db *db, struct mem *m, const struct viewer *v, bool again, struct err *e)
{
	if (!access_check(v, RIGHT_BRING_SETUP, e))
		return false;
	viewer_begin(db, m, v);
	if (again)
		db_add(db, DB_COPY_OFFER_AGAIN, v->course);
	else
		db_add(db, DB_COPY_DISMISS, v->course);
	return db_commit(db, e);
}
