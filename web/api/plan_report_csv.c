#include "web/api/plan_report_internal.h"
#include "i18n/i18n.h"
#include "web/csv.h"

/* Heads are words of the reader's language: planreport.csv_<name>. */
static void heads(struct exchange *x, struct csv *c, const char *const *names, size_t n)
{
	csv_begin(c, x->m);
	for (size_t i = 0; i < n; i++)
		csv_text(c, i18n(x->m, x->language, mem_printf(x->m, "planreport.csv_%s", names[i]), NULL));
	csv_end(c);
}

/* A word out of a few: "planreport.track_on"; NULL stays empty. */
static void word(struct exchange *x, struct csv *c, const char *of, const char *which)
{
	csv_text(c, which ? i18n(x->m, x->language, mem_printf(x->m, "planreport.%s_%s", of, which), NULL)
			  : NULL);
}

static void yes(struct exchange *x, struct csv *c, bool known, bool it_is)
{
	word(x, c, "is", !known ? NULL : it_is ? "yes" : "no");
}

static void number(struct csv *c, bool known, int64_t n)
{
	if (known)
		csv_number(c, n);
	else
		csv_text(c, NULL);
}

static bool reply_csv(struct exchange *x, const struct csv *c, const char *name)
{
	x->response->status = 200;
	x->response->type = "text/csv; charset=utf-8; header=present";
	x->response->body = c->out.p;
	x->response->body_n = c->out.n;
	response_header(x->response, "Content-Disposition",
			mem_printf(x->m, "attachment; filename=\"%s.csv\"", name));
	return true;
}

static const char *joined(struct mem *m, const char *list)
{
	json_t *names = list ? js_own(m, json_loads(list, 0, NULL)) : NULL, *name;
	struct buf b;
	size_t i;

	buf_init(&b, m);
	json_array_foreach(names, i, name) {
		buf_add(&b, i ? ", " : "");
		buf_add(&b, str_or(json_string_value(name), ""));
	}
	return b.p;
}

static void group_row(struct exchange *x, struct csv *c, const struct plan_report_row *r)
{
	bool is_there = r->plan, tasks = is_there && r->has_tasks, readers = is_there && r->has_readers;

	csv_text(c, r->student.name);
	csv_text(c, joined(x->m, r->groups));
	csv_text(c, r->title);
	csv_text(c, r->starts_on);
	csv_text(c, r->ends_on);
	word(x, c, "state", r->state);
	number(c, tasks, r->done);
	number(c, tasks, r->doing);
	number(c, tasks, r->todo);
	number(c, tasks, r->dropped);
	number(c, tasks, r->late);
	number(c, tasks, r->help);
	number(c, is_there, r->goals);
	number(c, is_there, r->reflected);
	number(c, is_there, r->reviews);
	word(x, c, "track", r->track);
	yes(x, c, is_there && r->track, r->track_said);
	yes(x, c, readers, r->student_opened);
	yes(x, c, readers, r->home_opened);
	yes(x, c, readers, r->student_confirmed);
	yes(x, c, readers, r->home_confirmed);
	word(x, c, "meeting", r->meeting);
	csv_text(c, r->meeting_on);
	csv_text(c, r->changed_at);
	csv_end(c);
}

bool plan_report_csv(struct exchange *x, const struct plan_report *p)
{
	static const char *const names[] = {
		"student", "groups", "plan", "starts", "ends", "state", "done", "doing", "todo",
		"dropped", "late", "help", "goals", "reflected", "reviews", "track", "said",
		"student_opened", "home_opened", "student_confirmed", "home_confirmed", "meeting",
		"meeting_on", "changed",
	};
	struct csv c;

	heads(x, &c, names, sizeof names / sizeof *names);
	for (size_t i = 0; i < p->n; i++)
		group_row(x, &c, &p->rows[i]);
	return reply_csv(x, &c, "plans-group");
}

bool plan_report_school_csv(struct exchange *x, const struct plan_report_school *p)
{
	static const char *const names[] = {
		"group", "school", "students", "planned", "published", "tasks", "done", "ahead", "on",
		"behind", "support", "student_opened", "home_opened", "student_confirmed",
		"home_confirmed", "met", "meetings", "reviewed",
	};
	struct csv c;

	heads(x, &c, names, sizeof names / sizeof *names);
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_report_school_row *r = &p->rows[i];
		if (r->group)
			csv_text(&c, r->name);
		else
			word(x, &c, "school", "all");
		csv_text(&c, r->org);
		for (int n = 0; n < COUNTS; n++)
			csv_number(&c, r->counts[n]);
		csv_end(&c);
	}
	return reply_csv(x, &c, "plans-school");
}

bool plan_report_student_csv(struct exchange *x, const struct plan_report_student *p)
{
	static const char *const names[] = {
		"plan", "starts", "ends", "state", "done", "doing", "todo", "dropped", "moved", "track",
	};
	struct csv c;

	heads(x, &c, names, sizeof names / sizeof *names);
	for (size_t i = 0; i < p->plans_n; i++) {
		const struct plan_report_plan *r = &p->plans[i];
		csv_text(&c, r->title);
		csv_text(&c, r->starts_on);
		csv_text(&c, r->ends_on);
		word(x, &c, "state", r->state);
		number(&c, r->has_tasks, r->done);
		number(&c, r->has_tasks, r->doing);
		number(&c, r->has_tasks, r->todo);
		number(&c, r->has_tasks, r->dropped);
		number(&c, r->has_tasks, r->moved);
		word(x, &c, "track", r->track);
		csv_end(&c);
	}
	return reply_csv(x, &c, "plans-student");
}
