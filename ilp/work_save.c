/* Values of fields, and rows of the grid. */
#include "ilp/work_internal.h"
#include "base/str.h"

bool work_save_value(struct db *db, struct mem *m, const struct viewer *v,
		     const struct work_save *s, struct work_saved *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, s->plan);
	int save = db_add(db, DB_VALUE_SAVE, SEAT(v, s->plan), access_act(ACT_WRITE),
			  access_act(ACT_PROPOSE), access_act(ACT_MEET), s->row, s->field, s->text,
			  db_num(m, s->seen), s->voice ? db_num(m, s->voice) : NULL);
	int now = db_add(db, DB_VALUE_NOW, SEAT(v, s->plan), s->row, s->field);
	return db_commit(db, e) && work_saved_read(db, save, now, s->text, out, e);
}

bool row_add(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	     const struct row_new *w, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int add = db_add(db, DB_ROW_ADD, SEAT(v, plan), access_act(ACT_WRITE),
			 access_act(ACT_PROPOSE), w->id, w->kind, w->parent, w->after, w->text,
			 w->framework, w->objective);
	int row = db_add(db, DB_WORK_ROWS, SEAT(v, plan), NULL, NULL, w->id);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	return work_made(db, add, e) && work_one(m, grid_rows_json(m, db_rows(db, row)), out, e);
}

bool row_change(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		const char *row, const struct move *c, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int done = db_add(db, DB_ROW_CHANGE, SEAT(v, plan), access_act(ACT_WRITE),
			  access_act(ACT_PROPOSE), access_act(ACT_CONFIRM), row, db_flag(c->moves),
			  c->after, c->parent, c->state, tri_flag(c->removed));
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, done)) ||
	       err_set(e, ERR_NOT_FOUND, "no such row, or not for this viewer to change");
}
