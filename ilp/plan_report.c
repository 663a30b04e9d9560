#include "ilp/plan_report.h"
#include "base/str.h"

static int num(const struct db_rows *r, int row, int col)
{
	return (int)db_int(r, row, col);
}

static struct person read_person(struct mem *m, const struct db_rows *r, int row)
{
	const char *id = db_text(r, row, 0), *given = db_text(r, row, 2), *family = db_text(r, row, 3);
	struct person p = {
		.id = id,
		.name = person_name(m, db_text(r, row, 1), given, family, id),
		.given = given,
		.family = family,
		.role = ROLE_STUDENT,
	};

	p.given = str_or(p.given, p.name);
	return p;
}

/* ---- A group ---- */

static void read_groups(struct mem *m, const struct db_rows *r, struct plan_report_group **out, size_t *n)
{
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct plan_report_group, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct plan_report_group){ db_text(r, i, 0), db_text(r, i, 1),
							(enum hat)db_int(r, i, 2) };
}

static struct plan_report_row read_row(struct mem *m, const struct db_rows *r, int i)
{
	enum { ID, NAME, GIVEN, FAMILY, HAT, GROUPS, PLAN, TITLE, STARTS, ENDS, STATE, PUBLISHED,
	       SEES_TASKS, NOT_STARTED, DOING, DONE, DROPPED, LATE, HELP, MOVED, GOALS, REFLECTED,
	       STUDENT_WROTE, HOME_WROTE, REVIEWS, TRACK, TRACK_SAID, READERS, STUDENT_OPENED,
	       HOME_OPENED, HOMES, STUDENT_CONFIRMED, HOME_CONFIRMED, MEETING, MEETING_ON, CHANGED };
	struct plan_report_row row = {
		.student = read_person(m, r, i),
		.hat = (enum hat)db_int(r, i, HAT),
		.groups = db_text(r, i, GROUPS),
		.plan = db_text(r, i, PLAN),
	};

	if (!row.plan)
		return row;
	row.title = db_text(r, i, TITLE);
	row.starts_on = db_text(r, i, STARTS);
	row.ends_on = db_text(r, i, ENDS);
	row.state = db_text(r, i, STATE);
	row.published_at = db_text(r, i, PUBLISHED);
	row.has_tasks = db_bool(r, i, SEES_TASKS);
	row.todo = num(r, i, NOT_STARTED);
	row.doing = num(r, i, DOING);
	row.done = num(r, i, DONE);
	row.dropped = num(r, i, DROPPED);
	row.late = num(r, i, LATE);
	row.help = num(r, i, HELP);
	row.moved = num(r, i, MOVED);
	row.goals = num(r, i, GOALS);
	row.reflected = num(r, i, REFLECTED);
	row.student_wrote = db_bool(r, i, STUDENT_WROTE);
	row.home_wrote = db_bool(r, i, HOME_WROTE);
	row.reviews = num(r, i, REVIEWS);
	row.track = db_text(r, i, TRACK);
	row.track_said = db_bool(r, i, TRACK_SAID);
	row.has_readers = db_bool(r, i, READERS);
	row.student_opened = db_bool(r, i, STUDENT_OPENED);
	row.home_opened = db_bool(r, i, HOME_OPENED);
	row.homes = num(r, i, HOMES);
	row.student_confirmed = db_bool(r, i, STUDENT_CONFIRMED);
	row.home_confirmed = db_bool(r, i, HOME_CONFIRMED);
	row.meeting = db_text(r, i, MEETING);
	row.meeting_on = db_text(r, i, MEETING_ON);
	row.changed_at = db_text(r, i, CHANGED);
	return row;
}

/* Only a teacher's launch makes its course a list of its own. */
static const char *own_course(const struct viewer *v)
{
	return v->role == ROLE_TEACHER ? v->course : NULL;
}

bool plan_report_read(struct db *db, struct mem *m, const struct viewer *v, const char *group,
		      bool all_plans, struct plan_report *out, struct err *e)
{
	struct plan_report p = { 0 };

	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	int groups = db_add(db, DB_PLAN_REPORT_GROUPS, v->person, own_course(v));
	int rows = db_add(db, DB_PLAN_REPORT_ROWS, v->person, own_course(v), group, db_flag(all_plans),
			  access_act(ACT_READ), access_act(ACT_REPORT), access_act(ACT_SEE_READERS));
	int head = db_add(db, DB_PLAN_REPORT_HEAD, v->person);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, rows);
	read_groups(m, db_rows(db, groups), &p.groups, &p.groups_n);
	p.is_head = db_count(db_rows(db, head));
	p.n = (size_t)db_count(r);
	p.rows = mem_array(m, struct plan_report_row, p.n);
	for (int i = 0; i < db_count(r); i++)
		p.rows[i] = read_row(m, r, i);
	*out = p;
	return true;
}

/* ---- A school ---- */

static const char *const count_names[COUNTS] = {
	[COUNT_STUDENTS] = "students",
	[COUNT_PLANNED] = "planned",
	[COUNT_PUBLISHED] = "published",
	[COUNT_TASKS] = "tasks",
	[COUNT_DONE] = "done",
	[COUNT_AHEAD] = "ahead",
	[COUNT_ON] = "on",
	[COUNT_BEHIND] = "behind",
	[COUNT_SUPPORT] = "support",
	[COUNT_STUDENT_OPENED] = "studentOpened",
	[COUNT_HOME_OPENED] = "homeOpened",
	[COUNT_STUDENT_CONFIRMED] = "studentConfirmed",
	[COUNT_HOME_CONFIRMED] = "homeConfirmed",
	[COUNT_MET] = "met",
	[COUNT_MEETING] = "meeting",
	[COUNT_REVIEWED] = "reviewed",
};

const char *plan_report_count_name(enum plan_report_count c)
{
	return count_names[c];
}

bool plan_report_school_read(struct db *db, struct mem *m, const struct viewer *v, const char *org,
			     struct plan_report_school *out, struct err *e)
{
	enum { GROUP, NAME, ORG, FIRST_COUNT };
	struct plan_report_school p = { 0 };

	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	int head = db_add(db, DB_PLAN_REPORT_HEAD, v->person);
	int orgs = db_add(db, DB_PLAN_REPORT_ORGS, v->person);
	int rows = db_add(db, DB_PLAN_REPORT_SCHOOL, v->person, org, access_act(ACT_REPORT));
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, head)))
		return err_set(e, ERR_NOT_FOUND, "no headteacher");
	const struct db_rows *o = db_rows(db, orgs), *r = db_rows(db, rows);
	p.orgs_n = (size_t)db_count(o);
	p.orgs = mem_array(m, struct plan_report_group, p.orgs_n);
	for (int i = 0; i < db_count(o); i++)
		p.orgs[i] = (struct plan_report_group){ db_text(o, i, 0), db_text(o, i, 1), HAT_HEAD };
	p.n = (size_t)db_count(r);
	p.rows = mem_array(m, struct plan_report_school_row, p.n);
	for (int i = 0; i < db_count(r); i++) {
		p.rows[i].group = db_text(r, i, GROUP);
		p.rows[i].name = db_text(r, i, NAME);
		p.rows[i].org = db_text(r, i, ORG);
		for (int c = 0; c < COUNTS; c++)
			p.rows[i].counts[c] = db_int(r, i, FIRST_COUNT + c);
	}
	*out = p;
	return true;
}

/* ---- A student ---- */

static void read_plans(struct mem *m, const struct db_rows *r, struct plan_report_student *p)
{
	p->plans_n = (size_t)db_count(r);
	p->plans = mem_array(m, struct plan_report_plan, p->plans_n);
	for (int i = 0; i < db_count(r); i++)
		p->plans[i] = (struct plan_report_plan){
			.id = db_text(r, i, 0),
			.title = db_text(r, i, 1),
			.starts_on = db_text(r, i, 2),
			.ends_on = db_text(r, i, 3),
			.state = db_text(r, i, 4),
			.published_at = db_text(r, i, 5),
			.has_tasks = db_bool(r, i, 6),
			.todo = num(r, i, 7),
			.doing = num(r, i, 8),
			.done = num(r, i, 9),
			.dropped = num(r, i, 10),
			.moved = num(r, i, 11),
			.track = db_text(r, i, 12),
			.track_said = db_bool(r, i, 13),
		};
}

static void read_goals(struct mem *m, const struct db_rows *r, struct plan_report_student *p)
{
	p->goals_n = (size_t)db_count(r);
	p->goals = mem_array(m, struct plan_report_goal, p->goals_n);
	for (int i = 0; i < db_count(r); i++)
		p->goals[i] = (struct plan_report_goal){
			.plan = db_text(r, i, 0),
			.id = db_text(r, i, 1),
			.parent = db_text(r, i, 2),
			.from = db_text(r, i, 3),
			.text = db_text(r, i, 4),
			.todo = num(r, i, 5),
			.doing = num(r, i, 6),
			.done = num(r, i, 7),
			.dropped = num(r, i, 8),
		};
}

static void read_reviews(struct mem *m, const struct db_rows *r, struct plan_report_student *p)
{
	p->reviews_n = (size_t)db_count(r);
	p->reviews = mem_array(m, struct plan_report_review, p->reviews_n);
	for (int i = 0; i < db_count(r); i++)
		p->reviews[i] = (struct plan_report_review){
			.id = db_text(r, i, 0),
			.course = db_text(r, i, 1),
			.course_title = db_text(r, i, 2),
			.title = db_text(r, i, 3),
			.scale = db_text(r, i, 4),
			.entered_on = db_text(r, i, 5),
			.released_at = db_text(r, i, 6),
			.value = db_text(r, i, 7),
			.has_comment = db_bool(r, i, 8),
		};
}

static void read_milestones(struct mem *m, const struct db_rows *r, struct plan_report_student *p)
{
	p->milestones_n = (size_t)db_count(r);
	p->milestones = mem_array(m, struct plan_report_milestone, p->milestones_n);
	for (int i = 0; i < db_count(r); i++)
		p->milestones[i] = (struct plan_report_milestone){
			.id = db_text(r, i, 0),
			.plan = db_text(r, i, 1),
			.row = db_text(r, i, 2),
			.text = db_text(r, i, 3),
			.at = db_text(r, i, 4),
			.by = db_text(r, i, 5),
			.confirmed = db_bool(r, i, 6),
		};
}

bool plan_report_student_read(struct db *db, struct mem *m, const struct viewer *v, const char *student,
			      struct plan_report_student *out, struct err *e)
{
	struct plan_report_student p = { 0 };

	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
#define WHOSE v->person, role_name(v->role), v->course, student
#define COUNTED access_act(ACT_READ), access_act(ACT_REPORT)
	int who = db_add(db, DB_PLAN_REPORT_STUDENT, WHOSE);
	int plans = db_add(db, DB_PLAN_REPORT_PLANS, WHOSE, COUNTED);
	int goals = db_add(db, DB_PLAN_REPORT_GOALS, WHOSE, COUNTED);
	int reviews = db_add(db, DB_PLAN_REPORT_REVIEWS, WHOSE, COUNTED);
	int milestones = db_add(db, DB_PLAN_REPORT_MILESTONES, WHOSE, COUNTED);
#undef WHOSE
#undef COUNTED
	if (!db_commit(db, e))
		return false;
	const struct db_rows *w = db_rows(db, who);
	if (!db_count(w))
		return err_set(e, ERR_NOT_FOUND, "no such student");
	p.student = read_person(m, w, 0);
	p.hat = (enum hat)db_int(w, 0, 4);
	read_plans(m, db_rows(db, plans), &p);
	read_goals(m, db_rows(db, goals), &p);
	read_reviews(m, db_rows(db, reviews), &p);
	read_milestones(m, db_rows(db, milestones), &p);
	*out = p;
	return true;
}
