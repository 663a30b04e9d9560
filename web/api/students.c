/* Lists of students with their plans: a mentor's, a headteacher's, a course's. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "ilp/students.h"
#include <stdlib.h>
#include <string.h>

static json_t *brief_json(const struct listed_plan *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", p->id, "title", p->title, "startsOn",
			 p->starts_on, "endsOn", p->ends_on, "state", p->state, "currency", p->currency);
}

static json_t *both(bool student, enum at_home home)
{
	return json_pack("{s:b, s:o}", "student", student, "home",
			 home == HOME_NONE ? json_null() : json_boolean(home == HOME_YES));
}

static void add_tasks(json_t *o, const struct listed_plan *p)
{
	json_t *track = json_pack("{s:s?}", "value", p->track);

	json_object_set_new(o, "tasks",
			    json_pack("{s:I, s:I, s:I, s:I}", "todo", (json_int_t)p->todo, "doing",
				      (json_int_t)p->doing, "done", (json_int_t)p->done, "dropped",
				      (json_int_t)p->dropped));
	json_object_set_new(o, "late", json_integer(p->late));
	json_object_set_new(o, "help", json_integer(p->help));
	if (p->track_said)
		json_object_set_new(track, "said", json_true());
	if (p->track_said && p->track_reason)
		json_object_set_new(track, "reason", json_string(p->track_reason));
	json_object_set_new(o, "track", track);
}

/* What mentors and headteachers know besides. */
static void add_whole(json_t *o, const struct listed_plan *p)
{
	json_object_set_new(o, "publishedAt", p->published_at ? json_string(p->published_at) : json_null());
	json_object_set_new(o, "opened", both(p->opened_student, p->opened_home));
	if (p->asks_reading)
		json_object_set_new(o, "confirmed", both(p->confirmed_student, p->confirmed_home));
	json_object_set_new(o, "proposals", json_integer(p->proposals));
	json_object_set_new(o, "comments", json_integer(p->comments));
	json_object_set_new(o, "changedAt", json_string(p->changed_at));
	json_object_set_new(o, "changedBy", json_string(p->changed_by));
}

static json_t *plan_json(const struct listed_plan *p)
{
	json_t *o = brief_json(p);

	if (p->has_tasks)
		add_tasks(o, p);
	if (p->is_whole)
		add_whole(o, p);
	return o;
}

static json_t *ids_json(struct mem *m, const char *ids)
{
	json_t *list = json_array();
	char *rest = mem_strdup(m, str_or(ids, "")), *id;

	while ((id = strtok_r(rest, " ", &rest)))
		json_array_append_new(list, json_string(id));
	return list;
}

/* Plans stand by student, so that each student finds its own in one step. */
static int by_student(const void *a, const void *b)
{
	const struct listed_plan *p = *(const struct listed_plan *const *)a, *q = *(const struct listed_plan *const *)b;
	int order = strcmp(p->student, q->student);

	return order ? order : p < q ? -1 : p > q;
}

static const struct listed_plan **ordered(struct mem *m, const struct student_list *l)
{
	const struct listed_plan **list = mem_array(m, const struct listed_plan *, l->plans_n + 1);

	for (size_t i = 0; i < l->plans_n; i++)
		list[i] = &l->plans[i];
	if (l->plans_n)
		qsort(list, l->plans_n, sizeof *list, by_student);
	return list;
}

/* The first of a student's; the list ends with NULL. */
static const struct listed_plan **plans_of(const struct listed_plan **list, size_t n, const char *student)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(list[mid]->student, student) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return list + low;
}

static json_t *student_json(struct exchange *x, const struct listed_student *s, const struct listed_plan **p)
{
	json_t *plans = json_array();

	for (; *p && str_eq((*p)->student, s->person.id); p++)
		json_array_append_new(plans, plan_json(*p));
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", s->person.id, "name", s->person.name,
			      "given", s->person.given, "hat", hat_name(s->hat), "groups",
			      ids_json(x->m, s->groups), "plans", plans);
	json_object_set_new(o, "last",
			    s->last_id ? json_pack("{s:s, s:s, s:s}", "id", s->last_id, "title", s->last_title,
						   "endsOn", s->last_ends_on)
				       : json_null());
	if (s->is_orphan)
		json_object_set_new(o, "orphan", json_true());
	return o;
}

/* qsort has no argument of its own; the language is the thread's for the while. */
static _Thread_local const char *sort_language;

static int students_by_name(const void *a, const void *b)
{
	const struct person *p = &((const struct listed_student *)a)->person;
	const struct person *q = &((const struct listed_student *)b)->person;
	int order = i18n_compare(sort_language, p->name, q->name);

	return order ? order : strcmp(p->id, q->id);
}

static int groups_by_name(const void *a, const void *b)
{
	const struct listed_group *g = a, *h = b;
	int order = g->is_mine != h->is_mine ? h->is_mine - g->is_mine
					     : i18n_compare(sort_language, g->name, h->name);

	return order ? order : strcmp(g->id, h->id);
}

static json_t *students_json(struct exchange *x, struct student_list *l)
{
	const struct listed_plan **plans = ordered(x->m, l);
	json_t *list = json_array();

	if (l->students_n)
		qsort(l->students, l->students_n, sizeof *l->students, students_by_name);
	for (size_t i = 0; i < l->students_n; i++)
		json_array_append_new(list, student_json(x, &l->students[i],
							 plans_of(plans, l->plans_n, l->students[i].person.id)));
	return list;
}

static json_t *groups_json(struct student_list *l)
{
	json_t *list = json_array();

	if (l->groups_n)
		qsort(l->groups, l->groups_n, sizeof *l->groups, groups_by_name);
	for (size_t i = 0; i < l->groups_n; i++) {
		const struct listed_group *g = &l->groups[i];
		json_t *o = json_pack("{s:s, s:s, s:I}", "id", g->id, "name", g->name, "students",
				      (json_int_t)g->students);
		if (g->is_mine)
			json_object_set_new(o, "mine", json_true());
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *meetings_json(const struct student_list *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->meetings_n; i++) {
		const struct listed_meetings *g = &l->meetings[i];
		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "batch", g->batch, "on",
						      g->on, "students", (json_int_t)g->students,
						      "readByStudent", (json_int_t)g->read_by_student,
						      "readByHome", (json_int_t)g->read_by_home, "homes",
						      (json_int_t)g->homes));
	}
	return list;
}

static bool reply_list(struct exchange *x, const struct students_wish *wish, struct err *e)
{
	struct student_list l;

	if (!students_read(x->db, x->m, &x->viewer, wish, &l, e))
		return false;
	sort_language = x->language;
	return reply_json(x, 200, json_pack("{s:o, s:o, s:I, s:o}", "groups", groups_json(&l), "students",
					    students_json(x, &l), "templates", (json_int_t)l.templates,
					    "meetings", meetings_json(&l)));
}

static bool read_wish(struct exchange *x, struct students_wish *w, struct err *e)
{
	struct fields f = { 0 };
	bool repeated = false;

	if (!fields_parse(x->m, x->request->query, strlen(x->request->query), &f, e))
		return false;
	w->group = fields_get(&f, "group", &repeated);
	w->search = fields_get(&f, "search", &repeated);
	w->and_state = fields_get(&f, "state", &repeated);
	if (repeated)
		return err_field(e, "group", "each once");
	if (w->group && !uuid_ok(w->group))
		return err_field(e, "group", "no id");
	if (w->search && (str_empty(str_trim(x->m, w->search)) || str_points(w->search) > STUDENTS_SEARCH_MAX))
		return err_field(e, "search", "some words, at most 100 characters");
	if (w->and_state && !str_eq(w->and_state, "locked") && !str_eq(w->and_state, "archived"))
		return err_field(e, "state", "locked or archived");
	return true;
}

static bool students_list(struct exchange *x, struct err *e)
{
	struct students_wish w = { 0 };

	return read_wish(x, &w, e) && reply_list(x, &w, e);
}

static bool course_plans(struct exchange *x, struct err *e)
{
	return reply_list(x, &(struct students_wish){ .of_course = true }, e);
}

const struct route students_routes[] = {
	{ "GET", "/api/students", ROUTE_READ, RIGHT_LIST_STUDENTS, students_list },
	{ "GET", "/api/course/plans", ROUTE_READ, RIGHT_SEE_PARTICIPANTS, course_plans },
	{ 0 },
};
