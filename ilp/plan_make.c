/* Plans for many students in one statement, and the plans that follow them. */
#include "ilp/plan.h"
#include "base/str.h"
#include "ilp/work.h"

static const char *fresh_ids(struct mem *m, size_t n)
{
	const char **ids = mem_array(m, const char *, n);

	for (size_t i = 0; i < n; i++)
		ids[i] = uuid_new(m);
	return db_list(m, ids, n);
}

/* The row of a list that says something about this id, or -1. */
static int row_of(const struct db_rows *r, const char *id)
{
	for (int i = 0; i < db_count(r); i++)
		if (str_eq(db_text(r, i, 0), id))
			return i;
	return -1;
}

/* `said`: why not, or what was made just now. `stands`: what the request has made by now. */
static struct plan_line line_of(const char *student, const struct db_rows *said,
				const struct db_rows *stands)
{
	int i = row_of(said, student), j = row_of(stands, student);
	struct plan_line line = { .id = student, .reason = i < 0 ? "not_yours" : db_text(said, i, 2) };

	if (line.reason)
		return line;
	line.ok = j >= 0;
	line.state = line.ok ? "draft" : NULL;
	line.made = line.ok ? db_text(stands, j, 1) : NULL;
	if (!db_text(said, i, 1))
		line.reason = line.ok ? "has_one" : "gone";
	return line;
}

bool plan_make(struct db *db, struct mem *m, const struct viewer *v, const char *request,
	       const char *const *students, size_t n, const struct plan_source *from,
	       const struct plan_facts *f, struct plan_line *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	int made = db_add(db, DB_PLAN_MAKE, request, db_list(m, students, n), fresh_ids(m, n),
			  from->template, from->share, from->plan, f->title, f->starts_on, f->ends_on,
			  v->person, role_name(v->role), v->course, access_act(ACT_READ),
			  access_act(ACT_MAKE));
	int stands = db_add(db, DB_PLAN_MADE, request);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *said = db_rows(db, made);
	/* its last row says that there is something to make them of */
	if (!db_count(said))
		return err_reason(e, ERR_NOT_FOUND, "source", "no such template, share or plan");
	for (size_t i = 0; i < n; i++)
		out[i] = line_of(students[i], said, db_rows(db, stands));
	return true;
}

bool plan_revise(struct db *db, struct mem *m, const struct viewer *v, const char *request,
		 const char *const *plans, size_t n, const struct plan_revision *p,
		 struct plan_line *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	const char *list = db_list(m, plans, n);
	db_add(db, DB_PLAN_HOLD, list);
	int made = db_add(db, DB_PLAN_REVISE, request, list, fresh_ids(m, n), p->facts.title,
			  p->facts.starts_on, p->facts.ends_on, db_flag(p->goals), db_flag(p->tasks),
			  db_list(m, p->stays, p->stays_n), v->person, role_name(v->role), v->course,
			  access_act(ACT_READ), access_act(ACT_MAKE));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, made);
	for (int i = 0; i < db_count(r); i++)
		out[i] = (struct plan_line){
			.id = db_text(r, i, 0),
			.ok = !db_text(r, i, 3) || str_eq(db_text(r, i, 3), "has_one"),
			.made = db_text(r, i, 1),
			.state = db_text(r, i, 2),
			.reason = db_text(r, i, 3),
		};
	return true;
}
