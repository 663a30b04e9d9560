/* What is done to plans as a whole: the arrows of their state machine, and what is asked
 * before. */
#include "ilp/plan.h"
#include "base/str.h"
#include "ilp/work.h"

bool plan_preview(struct db *db, struct mem *m, const struct viewer *v, const char *const *plans,
		  size_t n, struct plan_prospect **out, size_t *out_n, int64_t *mails, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	int asked = db_add(db, DB_PLAN_PREVIEW, SEAT(v, db_list(m, plans, n)),
			   access_act(ACT_PUBLISH), access_act(ACT_UNPUBLISH));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, asked);
	*out_n = (size_t)db_count(r);
	*out = mem_array(m, struct plan_prospect, *out_n);
	*mails = *out_n ? db_int(r, 0, 12) : 0;
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct plan_prospect){
			.id = db_text(r, i, 0),
			.student = db_text(r, i, 1),
			.student_name = db_text(r, i, 2),
			.title = db_text(r, i, 3),
			.state = db_text(r, i, 4),
			.locks = db_text(r, i, 5),
			.moves = db_int(r, i, 6),
			.student_mail = db_bool(r, i, 7),
			.guardians = db_text(r, i, 8),
			.empty = db_bool(r, i, 9),
			.opened_by_student = db_bool(r, i, 10),
			.opened_at_home = db_bool(r, i, 11),
		};
	return true;
}

enum act plan_act_parse(const char *name)
{
	for (int act = ACT_PUBLISH; act <= ACT_DELETE; act++)
		if (str_eq(name, act_name((enum act)act)))
			return (enum act)act;
	return ACT_COUNT;
}

static int add_act(struct db *db, const struct viewer *v, enum act act, const char *plans,
		   const struct plan_act_words *w)
{
	if (act == ACT_PUBLISH)
		return db_add(db, DB_PLAN_PUBLISH, SEAT(v, plans), access_act(act));
	if (act == ACT_DELETE)
		return db_add(db, DB_PLAN_DELETE, SEAT(v, plans), access_act(act), w->confirm, w->reason);
	return db_add(db, DB_PLAN_MOVE, SEAT(v, plans), access_act(act), act_name(act), w->reason);
}

bool plan_act(struct db *db, struct mem *m, const struct viewer *v, enum act act,
	      const char *const *plans, size_t n, const struct plan_act_words *w,
	      struct plan_line *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	if (act < ACT_PUBLISH || act > ACT_DELETE)
		return err_field(e, "act", "no act on whole plans");
	viewer_begin(db, m, v);
	const char *list = db_list(m, plans, n);
	db_add(db, DB_PLAN_HOLD, list);
	int done = add_act(db, v, act, list, w);
	if (act == ACT_UNPUBLISH && w->undo)
		db_add(db, DB_PLAN_UNDO, SEAT(v, list), access_act(act));
	if (act == ACT_PUBLISH)
		db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, done);
	for (int i = 0; i < db_count(r); i++) {
		const char *why = db_text(r, i, 2);
		bool theirs = str_eq(why, "not_yours");
		out[i] = (struct plan_line){
			.id = db_text(r, i, 0),
			.ok = !why,
			.state = theirs ? NULL : db_text(r, i, 1),
			.reason = why,
		};
	}
	return true;
}

bool plan_transfer(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		   const char *const *tasks, size_t n, struct plan_line *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_PLAN_HOLD, db_list(m, &plan, 1));
	int moved = db_add(db, DB_PLAN_TRANSFER, SEAT(v, plan), access_act(ACT_TRANSFER),
			   db_list(m, tasks, n));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, moved);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no locked plan of a student of theirs");
	for (int i = 0; i < db_count(r); i++)
		out[i] = (struct plan_line){
			.id = db_text(r, i, 0),
			.ok = !db_text(r, i, 2),
			.made = db_text(r, i, 1),
			.reason = db_text(r, i, 2),
		};
	return true;
}
