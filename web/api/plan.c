/* Plans over HTTP: made, revised, published and what else is done to them as a whole. */
#include "web/api/plan_internal.h"
#include "base/str.h"
#include <string.h>

/* 1 to PLANS_MAX UUIDs, each once; none where the field is absent and may be. */
static bool read_ids(struct exchange *x, const char *field, bool required, const char ***out,
		     size_t *n, struct err *e)
{
	json_t *list = json_object_get(x->body, field), *item;
	size_t i;

	*n = json_array_size(list);
	*out = mem_array(x->m, const char *, *n + 1);
	if (!list && !required)
		return true;
	if (!json_is_array(list) || (required && !*n) || *n > PLANS_MAX)
		return err_field(e, field, "1 to %d ids", PLANS_MAX);
	json_array_foreach(list, i, item) {
		(*out)[i] = json_string_value(item);
		if (!(*out)[i] || !uuid_ok((*out)[i]))
			return err_field(e, field, "no id");
		for (size_t j = 0; j < i; j++)
			if (str_eq((*out)[i], (*out)[j]))
				return err_field(e, field, "the same id twice");
	}
	return true;
}

bool plan_read_id(struct exchange *x, const char *field, const char **out, struct err *e)
{
	if (!read_string(x, field, out, e))
		return false;
	return !*out || uuid_ok(*out) || err_field(e, field, "no id");
}

bool plan_read_title(struct exchange *x, const char **out, struct err *e)
{
	if (!read_string(x, "title", out, e))
		return false;
	*out = *out ? str_trim(x->m, *out) : NULL;
	if (*out && (!**out || str_points(*out) > PLAN_TITLE_MAX || strpbrk(*out, "\r\n") ||
		     !str_is_text(*out, strlen(*out))))
		return err_field(e, "title", "1 to %d characters in one line", PLAN_TITLE_MAX);
	return true;
}

static bool read_facts(struct exchange *x, struct plan_facts *f, struct err *e)
{
	if (!plan_read_title(x, &f->title, e) || !read_string(x, "startsOn", &f->starts_on, e) ||
	    !read_string(x, "endsOn", &f->ends_on, e))
		return false;
	if (f->starts_on && !date_ok(f->starts_on))
		return err_field(e, "startsOn", "no date");
	if (f->ends_on && !date_ok(f->ends_on))
		return err_field(e, "endsOn", "no date");
	if (f->starts_on && f->ends_on && strcmp(f->starts_on, f->ends_on) > 0)
		return err_field(e, "endsOn", "ends before it starts");
	return true;
}

static bool read_all_facts(struct exchange *x, struct plan_facts *f, struct err *e)
{
	if (!read_facts(x, f, e))
		return false;
	if (!f->title)
		return err_field(e, "title", "is missing");
	if (!f->starts_on || !f->ends_on)
		return err_field(e, f->starts_on ? "endsOn" : "startsOn", "is missing");
	return true;
}

static bool read_request(struct exchange *x, const char **out, struct err *e)
{
	if (!plan_read_id(x, "request", out, e))
		return false;
	return *out || err_field(e, "request", "is missing");
}

/* A text of at most `max` characters; NULL where it is empty. */
static bool read_words(struct exchange *x, const char *field, size_t max, const char **out, struct err *e)
{
	if (!read_string(x, field, out, e))
		return false;
	if (*out && (!str_is_text(*out, strlen(*out)) || str_points(*out) > max))
		return err_field(e, field, "longer than %zu characters, or no text", max);
	*out = *out && *str_trim(x->m, *out) ? one_kind_of_line_end(x->m, str_trim(x->m, *out)) : NULL;
	return true;
}

static bool read_flag(struct exchange *x, const char *field, bool otherwise, bool *out, struct err *e)
{
	json_t *v = json_object_get(x->body, field);

	if (v && !json_is_boolean(v))
		return err_field(e, field, "true or false");
	*out = v ? json_is_true(v) : otherwise;
	return true;
}

static bool reply_lines(struct exchange *x, const char *what, const struct plan_line *lines, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_pack("{s:s, s:b}", what, lines[i].id, "ok", lines[i].ok);
		if (lines[i].state)
			json_object_set_new(o, "state", json_string(lines[i].state));
		if (lines[i].made)
			json_object_set_new(o, str_eq(what, "student") ? "plan" : "made",
					    json_string(lines[i].made));
		if (lines[i].reason)
			json_object_set_new(o, "reason", json_string(lines[i].reason));
		json_array_append_new(list, o);
	}
	return reply_json(x, 200, json_pack("{s:o}", "results", list));
}

/* ---- Made ---- */

static bool plans_make(struct exchange *x, struct err *e)
{
	const char *request, **students;
	struct plan_source from;
	struct plan_facts f;
	size_t n;

	if (!read_request(x, &request, e) || !read_ids(x, "students", true, &students, &n, e) ||
	    !plan_read_id(x, "template", &from.template, e) || !plan_read_id(x, "share", &from.share, e) ||
	    !plan_read_id(x, "plan", &from.plan, e) || !read_all_facts(x, &f, e))
		return false;
	if (!!from.template + !!from.share + !!from.plan != 1)
		return err_field(e, "template", "one template, share or plan");
	struct plan_line *lines = mem_array(x->m, struct plan_line, n);
	return plan_make(x->db, x->m, &x->viewer, request, students, n, &from, &f, lines, e) &&
	       reply_lines(x, "student", lines, n);
}

static bool plans_revise(struct exchange *x, struct err *e)
{
	const char *request, **plans, **stays;
	struct plan_revision p;
	size_t n;

	if (!read_request(x, &request, e) || !read_ids(x, "plans", true, &plans, &n, e) ||
	    !read_ids(x, "stays", false, &stays, &p.stays_n, e) || !read_all_facts(x, &p.facts, e) ||
	    !read_flag(x, "goals", true, &p.goals, e) || !read_flag(x, "tasks", true, &p.tasks, e))
		return false;
	p.stays = stays;
	struct plan_line *lines = mem_array(x->m, struct plan_line, n);
	return plan_revise(x->db, x->m, &x->viewer, request, plans, n, &p, lines, e) &&
	       reply_lines(x, "plan", lines, n);
}

/* ---- Acts ---- */

static json_t *prospect_json(const struct plan_prospect *p)
{
	json_t *o = json_pack("{s:s, s:{s:s, s:s}, s:s, s:s, s:o, s:I, s:b, s:o, s:b}", "id", p->id,
			      "student", "id", p->student, "name", p->student_name, "title", p->title,
			      "state", p->state, "locks", json_loads(p->locks, 0, NULL), "moves",
			      (json_int_t)p->moves, "studentMail", p->student_mail, "guardians",
			      json_loads(p->guardians, 0, NULL), "empty", p->empty);

	if (str_eq(p->state, "published"))
		json_object_set_new(o, "opened", json_pack("{s:b, s:b}", "student", p->opened_by_student,
							   "home", p->opened_at_home));
	return o;
}

static bool plans_preview(struct exchange *x, struct err *e)
{
	const char **plans;
	struct plan_prospect *list;
	size_t n, found;
	int64_t mails;

	if (!read_ids(x, "plans", true, &plans, &n, e) ||
	    !plan_preview(x->db, x->m, &x->viewer, plans, n, &list, &found, &mails, e))
		return false;
	json_t *shown = json_array();
	for (size_t i = 0; i < found; i++)
		json_array_append_new(shown, prospect_json(&list[i]));
	return reply_json(x, 200, json_pack("{s:o, s:I}", "plans", shown, "mails", (json_int_t)mails));
}

static bool plans_act(struct exchange *x, struct err *e)
{
	const char *name, **plans;
	struct plan_act_words w;
	size_t n;

	if (!read_string(x, "act", &name, e) || !read_ids(x, "plans", true, &plans, &n, e) ||
	    !read_words(x, "reason", PLAN_REASON_MAX, &w.reason, e) ||
	    !read_words(x, "confirm", PLAN_TITLE_MAX, &w.confirm, e) ||
	    !read_flag(x, "undo", false, &w.undo, e))
		return false;
	struct plan_line *lines = mem_array(x->m, struct plan_line, n);
	return plan_act(x->db, x->m, &x->viewer, plan_act_parse(name), plans, n, &w, lines, e) &&
	       reply_lines(x, "plan", lines, n);
}

static bool plan_transfer_tasks(struct exchange *x, struct err *e)
{
	const char **tasks;
	size_t n;

	if (!read_ids(x, "tasks", true, &tasks, &n, e))
		return false;
	struct plan_line *lines = mem_array(x->m, struct plan_line, n);
	return plan_transfer(x->db, x->m, &x->viewer, x->params[0], tasks, n, lines, e) &&
	       reply_lines(x, "task", lines, n);
}

/* ---- Properties ---- */

static json_t *brief_json(const struct plan_brief *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:I}", "id", p->id, "title", p->title,
			 "startsOn", p->starts_on, "endsOn", p->ends_on, "state", p->state, "currency",
			 p->currency, "publishedAt", p->published_at, "rev", (json_int_t)p->rev);
}

static bool plan_patch(struct exchange *x, struct err *e)
{
	struct plan_facts f;
	struct plan_brief now;
	int64_t rev;

	if (!read_rev(x, &rev, e) || !read_facts(x, &f, e))
		return false;
	if (plan_change(x->db, x->m, &x->viewer, x->params[0], rev, &f, &now, e))
		return reply_json(x, 200, brief_json(&now));
	if (e->code != ERR_CONFLICT || db_constraint(x->db)[0])
		return false;
	return reply_json(x, 409, json_pack("{s:{s:s}, s:o}", "error", "code", "conflict", "plan",
					    brief_json(&now)));
}

static bool plan_put_track(struct exchange *x, struct err *e)
{
	static const char *const tracks[] = { "ahead", "on", "behind", "support" };
	const char *value, *reason;
	struct plan_track now;
	bool known = false;

	if (!read_string(x, "track", &value, e) || !read_words(x, "reason", PLAN_REASON_MAX, &reason, e))
		return false;
	for (size_t i = 0; i < sizeof tracks / sizeof *tracks; i++)
		known |= str_eq(value, tracks[i]);
	if (value && !known)
		return err_field(e, "track", "ahead, on, behind or support");
	if (!plan_track(x->db, x->m, &x->viewer, x->params[0], value, reason, &now, e))
		return false;
	return reply_json(x, 200, json_pack("{s:s?, s:s?, s:s, s:s}", "value", now.value, "reason",
					    now.reason, "by", now.by, "at", now.at));
}

static bool plan_post_field(struct exchange *x, struct err *e)
{
	json_t *field = js_obj(x->body, "field"), *form;
	const char *section;

	if (!read_string(x, "section", &section, e))
		return false;
	if (!section)
		return err_field(e, "section", "is missing");
	if (!field)
		return err_field(e, "field", "is missing");
	if (!plan_add_field(x->db, x->m, &x->viewer, x->params[0], section, field, &form, e))
		return false;
	return reply_json(x, 200, json_pack("{s:O}", "form", form));
}

const struct route plan_routes[] = {
	{ "POST", "/api/plans", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plans_make },
	{ "POST", "/api/plans/revise", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plans_revise },
	{ "POST", "/api/plans/preview", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plans_preview },
	{ "POST", "/api/plans/act", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plans_act },
	{ "PATCH", "/api/plans/:id", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plan_patch },
	{ "PUT", "/api/plans/:id/track", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plan_put_track },
	{ "POST", "/api/plans/:id/fields", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plan_post_field },
	{ "POST", "/api/plans/:id/transfer", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plan_transfer_tasks },
	{ 0 },
};
