/* How plans stand: a group, a school, a student; as JSON here, as a table for spreadsheets
 * in plan_report_csv.c. */
#include "web/api/plan_report_internal.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include <stdlib.h>
#include <string.h>

/* ---- What is asked for ---- */

struct asked {
	const char *group, *org;
	bool all_plans, csv;
};

static bool read_id(const struct fields *f, const char *name, const char **out, struct err *e)
{
	bool repeated = false;

	*out = fields_get(f, name, &repeated);
	if (*out && (repeated || !uuid_ok(*out)))
		return err_set(e, ERR_NOT_FOUND, "no id in %s", name);
	return true;
}

/* A word out of a few; absent is fine. */
static bool read_word(const struct fields *f, const char *name, const char *word, bool *out, struct err *e)
{
	bool repeated = false;
	const char *value = fields_get(f, name, &repeated);

	if (value && (repeated || !str_eq(value, word)))
		return err_field(e, name, "not known");
	*out = value;
	return true;
}

static bool read_asked(struct exchange *x, struct asked *a, struct err *e)
{
	struct fields *f = mem_new_of(x->m, struct fields);

	return fields_parse(x->m, x->request->query, strlen(x->request->query), f, e) &&
	       read_id(f, "group", &a->group, e) && read_id(f, "org", &a->org, e) &&
	       read_word(f, "plans", "all", &a->all_plans, e) && read_word(f, "format", "csv", &a->csv, e);
}

/* ---- A group ---- */

/* qsort has no argument of its own; the language is the thread's for the while. */
static _Thread_local const char *sort_language;

static int by_name(const void *a, const void *b)
{
	const struct plan_report_row *p = a, *q = b;
	int order = i18n_compare(sort_language, p->student.name, q->student.name);

	if (!order)
		order = strcmp(p->student.id, q->student.id);
	return order || !p->plan || !q->plan ? order : strcmp(p->starts_on, q->starts_on);
}

static json_t *names_json(const char *text)
{
	json_t *list = text ? json_loads(text, 0, NULL) : NULL;

	return list ? list : json_array();
}

static json_t *pair_json(bool student, bool home)
{
	return json_pack("{s:b, s:b}", "student", student, "home", home);
}

static json_t *tasks_json(int todo, int doing, int done, int dropped)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "todo", todo, "doing", doing, "done", done, "dropped",
			 dropped);
}

static json_t *track_json(const char *value, bool said)
{
	return json_pack("{s:s?, s:b}", "value", value, "said", said);
}

static json_t *row_plan_json(const struct plan_report_row *r)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:i, s:i, s:o, s:i, s:o}", "id", r->plan,
			      "title", r->title, "startsOn", r->starts_on, "endsOn", r->ends_on, "state",
			      r->state, "publishedAt", r->published_at, "goals", r->goals, "reflected",
			      r->reflected, "wrote", pair_json(r->student_wrote, r->home_wrote),
			      "reviews", r->reviews, "track", track_json(r->track, r->track_said));

	if (r->has_tasks) {
		json_t *tasks = tasks_json(r->todo, r->doing, r->done, r->dropped);
		json_object_set_new(tasks, "late", json_integer(r->late));
		json_object_set_new(tasks, "help", json_integer(r->help));
		json_object_set_new(tasks, "moved", json_integer(r->moved));
		json_object_set_new(o, "tasks", tasks);
	}
	if (r->has_readers) {
		json_object_set_new(o, "opened", pair_json(r->student_opened, r->home_opened));
		json_object_set_new(o, "confirmed", pair_json(r->student_confirmed, r->home_confirmed));
		json_object_set_new(o, "homes", json_integer(r->homes));
	}
	if (r->hat != HAT_TEACHER)
		json_object_set_new(o, "meeting",
				    r->meeting ? json_pack("{s:s, s:s}", "state", r->meeting, "on",
							   r->meeting_on)
					       : json_null());
	if (r->changed_at)
		json_object_set_new(o, "changedAt", json_string(r->changed_at));
	return o;
}

static json_t *row_json(const struct plan_report_row *r)
{
	return json_pack("{s:{s:s, s:s}, s:s, s:o, s:o}", "student", "id", r->student.id, "name",
			 r->student.name, "hat", hat_name((int)r->hat), "groups", names_json(r->groups),
			 "plan", r->plan ? row_plan_json(r) : json_null());
}

static json_t *groups_json(const struct plan_report_group *groups, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", groups[i].id, "name",
						      groups[i].name, "hat",
						      hat_name((int)groups[i].hat)));
	return list;
}

static bool api_plan_report(struct exchange *x, struct err *e)
{
	struct plan_report p;
	struct asked a = { 0 };
	json_t *rows;

	if (!read_asked(x, &a, e) ||
	    !plan_report_read(x->db, x->m, &x->viewer, a.group, a.all_plans, &p, e))
		return false;
	sort_language = x->language;
	if (p.n)
		qsort(p.rows, p.n, sizeof *p.rows, by_name);
	if (a.csv)
		return plan_report_csv(x, &p);
	rows = json_array();
	for (size_t i = 0; i < p.n; i++)
		json_array_append_new(rows, row_json(&p.rows[i]));
	return reply_json(x, 200, json_pack("{s:b, s:s?, s:o, s:o}", "head", p.is_head, "group", a.group,
					    "groups", groups_json(p.groups, p.groups_n), "rows", rows));
}

/* ---- A school ---- */

static json_t *school_row_json(const struct plan_report_school_row *r)
{
	json_t *o = json_object();

	if (r->group) {
		json_object_set_new(o, "id", json_string(r->group));
		json_object_set_new(o, "name", json_string(r->name));
		json_object_set_new(o, "org", js_text(r->org));
	}
	for (int c = 0; c < COUNTS; c++)
		json_object_set_new(o, plan_report_count_name((enum plan_report_count)c),
				    json_integer((json_int_t)r->counts[c]));
	return o;
}

static bool api_plan_report_school(struct exchange *x, struct err *e)
{
	struct plan_report_school p;
	struct asked a = { 0 };
	json_t *rows, *all = NULL, *orgs;

	if (!read_asked(x, &a, e) ||
	    !plan_report_school_read(x->db, x->m, &x->viewer, a.org, &p, e))
		return false;
	if (a.csv)
		return plan_report_school_csv(x, &p);
	rows = json_array();
	orgs = json_array();
	for (size_t i = 0; i < p.n; i++) {
		json_t *row = school_row_json(&p.rows[i]);
		if (p.rows[i].group)
			json_array_append_new(rows, row);
		else
			all = row;
	}
	for (size_t i = 0; i < p.orgs_n; i++)
		json_array_append_new(orgs, json_pack("{s:s, s:s}", "id", p.orgs[i].id, "name",
						      p.orgs[i].name));
	return reply_json(x, 200, json_pack("{s:s?, s:o, s:o, s:o}", "org", a.org, "orgs", orgs, "groups",
					    rows, "all", all ? all : json_null()));
}

/* ---- A student ---- */

static json_t *plan_json(const struct plan_report_plan *p)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:i, s:o}", "id", p->id, "title", p->title,
			      "startsOn", p->starts_on, "endsOn", p->ends_on, "state", p->state,
			      "publishedAt", p->published_at, "moved", p->moved, "track",
			      track_json(p->track, p->track_said));

	if (p->has_tasks)
		json_object_set_new(o, "tasks", tasks_json(p->todo, p->doing, p->done, p->dropped));
	return o;
}

static json_t *goal_json(const struct plan_report_goal *g)
{
	return json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:o}", "plan", g->plan, "id", g->id, "parent",
			 g->parent, "from", g->from, "text", g->text, "tasks",
			 tasks_json(g->todo, g->doing, g->done, g->dropped));
}

static json_t *report_review_json(const struct plan_report_review *r)
{
	return json_pack("{s:s, s:{s:s, s:s}, s:s, s:o, s:s?, s:s?, s:s?, s:b}", "id", r->id, "course",
			 "id", r->course, "title", r->course_title, "title", r->title, "scale",
			 scale_json(r->scale), "enteredOn", r->entered_on, "releasedAt", r->released_at,
			 "value", r->value, "commented", r->has_comment);
}

static json_t *milestone_json(const struct plan_report_milestone *t)
{
	return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s?, s:b}", "id", t->id, "plan", t->plan, "row",
			 t->row, "text", t->text, "at", t->at, "by", t->by, "confirmed", t->confirmed);
}

static bool api_plan_report_student(struct exchange *x, struct err *e)
{
	struct plan_report_student p;
	struct asked a = { 0 };
	json_t *plans, *goals, *reviews, *milestones;

	if (!read_asked(x, &a, e) ||
	    !plan_report_student_read(x->db, x->m, &x->viewer, x->params[0], &p, e))
		return false;
	if (a.csv)
		return plan_report_student_csv(x, &p);
	plans = json_array();
	goals = json_array();
	reviews = json_array();
	milestones = json_array();
	for (size_t i = 0; i < p.plans_n; i++)
		json_array_append_new(plans, plan_json(&p.plans[i]));
	for (size_t i = 0; i < p.goals_n; i++)
		json_array_append_new(goals, goal_json(&p.goals[i]));
	for (size_t i = 0; i < p.reviews_n; i++)
		json_array_append_new(reviews, report_review_json(&p.reviews[i]));
	for (size_t i = 0; i < p.milestones_n; i++)
		json_array_append_new(milestones, milestone_json(&p.milestones[i]));
	return reply_json(x, 200,
			  json_pack("{s:{s:s, s:s, s:s}, s:s, s:o, s:o, s:o, s:o}", "student", "id",
				    p.student.id, "name", p.student.name, "given", p.student.given,
				    "hat", hat_name((int)p.hat), "plans", plans, "goals", goals,
				    "reviews", reviews, "milestones", milestones));
}

const struct route plan_report_routes[] = {
	{ "GET", "/api/plan-report", ROUTE_READ, RIGHT_LIST_STUDENTS, api_plan_report },
	{ "GET", "/api/plan-report/school", ROUTE_READ, RIGHT_LIST_STUDENTS, api_plan_report_school },
	{ "GET", "/api/plan-report/students/:student", ROUTE_READ, RIGHT_USE_PLANS,
	  api_plan_report_student },
	{ 0 },
};
