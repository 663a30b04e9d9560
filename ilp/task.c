#include "ilp/task.h"
#include "ilp/work_internal.h"
#include "base/str.h"

bool task_add(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	      const struct task_new *w, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int add = db_add(db, DB_TASK_ADD, SEAT(v, plan), access_act(ACT_WRITE), w->id, w->row,
			 w->field, w->text, w->due_on, w->responsible, w->link, w->after);
	int task = db_add(db, DB_WORK_TASKS, SEAT(v, plan), NULL, NULL, w->id);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	return work_made(db, add, e) && work_one(m, tasks_json(m, db_rows(db, task)), out, e);
}

bool task_save(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	       const char *task, const char *field, const char *text, int64_t seen,
	       struct work_saved *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int save = db_add(db, DB_TASK_SAVE, SEAT(v, plan), access_act(ACT_WRITE),
			  access_act(ACT_TASK_STATUS), task, field, text, db_num(m, seen));
	int now = db_add(db, DB_TASK_NOW, SEAT(v, plan), task, field);
	if (str_eq(field, "status"))
		db_add(db, DB_NOTICE_DUE);
	return db_commit(db, e) && work_saved_read(db, save, now, text, out, e);
}

bool task_change(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		 const char *task, const struct move *c, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int done = db_add(db, DB_TASK_CHANGE, SEAT(v, plan), access_act(ACT_WRITE),
			  access_act(ACT_CONFIRM), task, db_flag(c->moves), c->after, c->parent,
			  tri_flag(c->removed), tri_flag(c->confirmed));
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, done)) ||
	       err_set(e, ERR_NOT_FOUND, "no such task, or not for this viewer to change");
}
