/* What is written for a meeting, by whom and in whose voice, and what the family answers. */
#include "ilp/meeting.h"
#include "ilp/work.h"
#include "base/str.h"

bool meeting_text_save(struct db *db, struct mem *m, const struct viewer *v,
		       const struct meeting_text *t, struct entry_saved *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int save =
		db_add(db, DB_MEETING_TEXT_SAVE, SEAT(v, t->meeting), access_act(ACT_MEET),
		       access_act(ACT_PREPARE), t->person, t->field, t->text, db_num(m, t->seen));
	int now = db_add(db, DB_MEETING_TEXT_NOW, t->meeting, t->person, t->field);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, save), *n = db_rows(db, now);
	if (!db_bool(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "nothing to write to");
	*out = (struct entry_saved){.now = {.text = ""}};
	if (db_count(n))
		out->now = (struct entry_text){.text = db_text(n, 0, 0),
					       .rev = db_int(n, 0, 1),
					       .by = db_text(n, 0, 2),
					       .at = db_text(n, 0, 3)};
	/* A repeat of what already stands is as good as saved, nothing included. */
	out->saved = db_text(r, 0, 1) || str_eq(str_or(out->now.text, ""), str_or(t->text, ""));
	return true;
}

/* Of a statement that begins with one row where the viewer may do it. */
static bool done(struct db *db, int index, struct err *e)
{
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, index)))
		return err_set(e, ERR_NOT_FOUND, "no meeting to answer");
	return true;
}

bool meeting_answer(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		    const char *answer, const char *text, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	return done(db,
		    db_add(db, DB_MEETING_ANSWER, SEAT(v, meeting), access_act(ACT_PREPARE), answer,
			   text),
		    e);
}

bool meeting_confirm(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		     struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	return done(db, db_add(db, DB_MEETING_READ, SEAT(v, meeting), access_act(ACT_PREPARE)), e);
}

bool meeting_remind(struct db *db, struct mem *m, const struct viewer *v, const char *batch,
		    const char *meeting, int64_t *reminded, int64_t *already, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_REMIND, batch, meeting, v->person, role_name(v->role),
			   v->course, access_act(ACT_READ), access_act(ACT_MEET));
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_int(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no such meetings");
	*reminded = db_int(r, 0, 1);
	*already = db_int(r, 0, 2);
	return true;
}

bool meeting_agree(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		   const struct meeting_agreement *a, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_AGREE, SEAT(v, meeting), access_act(ACT_MEET),
			   access_act(ACT_WRITE), a->id, a->text, a->due, a->responsible, a->row);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_bool(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no meeting to agree in");
	if (!db_bool(r, 0, 1))
		return err_field(e, "row", "no list of tasks, or no goal to put it under");
	return true;
}
