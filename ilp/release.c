/* Releasing: what teachers wrote becomes what families see (X-11, I-12). */
#include "ilp/entry.h"
#include "base/str.h"

static void sort_out(struct mem *m, const struct db_rows *r, struct release_plan *p)
{
	int rows = db_count(r);

	p->ready = mem_array(m, const char *, (size_t)rows + 1);
	p->empty = mem_array(m, const char *, (size_t)rows + 1);
	p->already = mem_array(m, const char *, (size_t)rows + 1);
	for (int i = 0; i < rows; i++) {
		const char *id = db_text(r, i, 0), *state = db_text(r, i, 1);
		if (str_eq(state, "ready"))
			p->ready[p->ready_n++] = id;
		else if (str_eq(state, "empty"))
			p->empty[p->empty_n++] = id;
		else
			p->already[p->already_n++] = id;
	}
}

bool release_preview(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		     struct release_plan *out, struct err *e)
{
	if (!access_check(v, RIGHT_RELEASE, e))
		return false;
	viewer_begin(db, m, v);
	int of = review_list_add(db, v, review);
	int state = db_add(db, DB_RELEASE_STATE, review, v->course);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	*out = (struct release_plan){ 0 };
	sort_out(m, db_rows(db, state), out);

	viewer_begin(db, m, v);
	int audience = db_add(db, DB_RELEASE_AUDIENCE, review, v->course,
			      db_list(m, out->ready, out->ready_n));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, audience);
	out->students = db_int(r, 0, 0);
	out->guardians = db_int(r, 0, 1);
	out->unreachable = db_int(r, 0, 2);
	return true;
}

bool release_entries(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		     const char *const *students, size_t n, int64_t *released, const char **at,
		     struct err *e)
{
	const char *list = db_list(m, students, n);

	if (!access_check(v, RIGHT_RELEASE, e))
		return false;
	viewer_begin(db, m, v);
	int of = review_list_add(db, v, review);
	db_add(db, DB_REVIEW_HOLD, review, db_flag(false));
	db_add(db, DB_ENTRY_READY, review, list, v->person, v->course, db_flag(false));
	int done = db_add(db, DB_ENTRY_RELEASE, review, list, v->person, v->course, NULL, NULL, NULL);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	*released = db_int(db_rows(db, done), 0, 0);
	*at = db_text(db_rows(db, done), 0, 1);
	return true;
}

/* What waits for a day that has come; the database knows whether it has. */
static void add_day(struct db *db, const char *review)
{
	db_add(db, DB_ENTRY_RELEASE, review, NULL, NULL, NULL, NULL, NULL, NULL);
	db_add(db, DB_RELEASE_WAITED, review);
	db_add(db, DB_NOTICE_DUE);
}

bool ready_entries(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		   const char *const *students, size_t students_n, bool ready, int64_t *n,
		   const char **at, struct err *e)
{
	const char *list = db_list(m, students, students_n);

	if (!access_check(v, RIGHT_RELEASE, e))
		return false;
	viewer_begin(db, m, v);
	int of = review_list_add(db, v, review);
	db_add(db, DB_REVIEW_HOLD, review, db_flag(false));
	int done = ready ? db_add(db, DB_ENTRY_READY, review, list, v->person, v->course, db_flag(true))
			 : db_add(db, DB_ENTRY_UNREADY, review, list, v->person, v->course);
	if (ready)
		add_day(db, review);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	*n = db_int(db_rows(db, done), 0, 0);
	*at = ready ? db_text(db_rows(db, done), 0, 1) : NULL;
	return true;
}

int release_at_meeting_add(struct db *db, const struct viewer *v, const char *student)
{
	return db_add(db, DB_ENTRY_RELEASE, NULL, NULL, v->person, v->course, student, access_act(ACT_MEET),
		      role_name(v->role));
}

bool release_at_meeting(struct db *db, struct mem *m, const struct viewer *v, const char *student,
			int64_t *released, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int may = db_add(db, DB_MAY_MEET, student, v->person, role_name(v->role), v->course, access_act(ACT_MEET));
	int done = release_at_meeting_add(db, v, student);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	if (!db_bool(db_rows(db, may), 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no student to meet");
	*released = db_int(db_rows(db, done), 0, 0);
	return true;
}

bool release_due(struct db *db, struct mem *m, int64_t *released, struct err *e)
{
	*released = 0;
	db_begin(db, m, &(struct db_scope){ .worker = true });
	int at = db_add(db, DB_RELEASE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *due = db_rows(db, at);
	for (int i = 0; i < db_count(due); i++) {
		db_begin(db, m, &(struct db_scope){ .tenant = db_text(due, i, 0) });
		db_add(db, DB_REVIEW_HOLD, db_text(due, i, 1), db_flag(false));
		int done = db_add(db, DB_ENTRY_RELEASE, db_text(due, i, 1), NULL, NULL, NULL, NULL, NULL, NULL);
		db_add(db, DB_RELEASE_WAITED, db_text(due, i, 1));
		db_add(db, DB_NOTICE_DUE);
		if (!db_commit(db, e))
			return false;
		*released += db_int(db_rows(db, done), 0, 0);
	}
	return true;
}
