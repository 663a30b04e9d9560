/* Midterm reviews over HTTP: make, change, delete, the grid, release. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "ilp/scale.h"
#include <string.h>

static bool read_tri(struct exchange *x, const char *field, enum tri *out, struct err *e)
{
	json_t *v = json_object_get(x->body, field);

	if (v && !json_is_boolean(v))
		return err_field(e, field, "true or false");
	*out = !v ? TRI_UNSET : json_is_true(v) ? TRI_YES : TRI_NO;
	return true;
}

static bool read_dates(struct exchange *x, struct review_form *f, struct err *e)
{
	if (!read_string(x, "startsOn", &f->starts_on, e) || !read_string(x, "endsOn", &f->ends_on, e))
		return false;
	if (f->starts_on && !date_ok(f->starts_on))
		return err_field(e, "startsOn", "no date");
	if (f->ends_on && !date_ok(f->ends_on))
		return err_field(e, "endsOn", "no date");
	if (f->starts_on && f->ends_on && strcmp(f->starts_on, f->ends_on) > 0)
		return err_field(e, "endsOn", "ends before it starts");
	return true;
}

static bool read_title(struct exchange *x, struct review_form *f, struct err *e)
{
	const char *title;

	if (!read_string(x, "title", &title, e))
		return false;
	f->title = title ? str_trim(x->m, title) : NULL;
	if (f->title && (!*f->title || str_points(f->title) > REVIEW_TITLE_MAX ||
			 strpbrk(f->title, "\r\n") || !str_is_text(f->title, strlen(f->title))))
		return err_field(e, "title", "1 to %d characters in one line", REVIEW_TITLE_MAX);
	return true;
}

/* A scale by its key; null is none. *has: the body says something of it. */
static bool read_scale(struct exchange *x, const char *field, bool *has, const char **out, struct err *e)
{
	const char *key;

	if (!read_string(x, field, &key, e))
		return false;
	if (key && !scale_find(key))
		return err_field(e, field, "no scale of that name");
	*has = json_object_get(x->body, field);
	*out = key ? scale_find(key)->json : NULL;
	return true;
}

static bool read_release(struct exchange *x, struct review_form *f, struct err *e)
{
	if (!read_string(x, "release", &f->release, e) || !read_string(x, "releaseOn", &f->release_on, e))
		return false;
	if (f->release_on && !date_ok(f->release_on))
		return err_field(e, "releaseOn", "no date");
	if (!f->release && !f->release_on)
		return true;
	if (!str_eq(f->release, "now") && !str_eq(f->release, "date") && !str_eq(f->release, "meeting"))
		return err_field(e, "release", "now, date or meeting");
	if (str_eq(f->release, "date") != (f->release_on != NULL))
		return err_field(e, "releaseOn", "a date has a day, and nothing else has");
	return true;
}

static bool read_form(struct exchange *x, struct review_form *f, struct err *e)
{
	*f = (struct review_form){ 0 };
	return read_title(x, f, e) && read_dates(x, f, e) &&
	       read_scale(x, "scale", &f->has_scale, &f->scale, e) &&
	       read_scale(x, "selfScale", &f->has_self_scale, &f->self_scale, e) &&
	       read_tri(x, "selfAssessment", &f->self_assessment, e) &&
	       read_tri(x, "toStudents", &f->to_students, e) &&
	       read_tri(x, "toGuardians", &f->to_guardians, e) && read_release(x, f, e);
}

bool api_review_create(struct exchange *x, struct err *e)
{
	struct review_form f;
	struct review made;
	const char *id;

	if (!read_form(x, &f, e) || !read_string(x, "id", &id, e))
		return false;
	if (!f.title)
		return err_field(e, "title", "is missing");
	if (!f.starts_on || !f.ends_on)
		return err_field(e, f.starts_on ? "endsOn" : "startsOn", "is missing");
	if (id && !uuid_ok(id))
		return err_field(e, "id", "no UUID");
	if (!review_create(x->db, x->m, &x->viewer, id ? id : uuid_new(x->m), &f, &made, e))
		return false;
	return reply_json(x, 201, review_json(&made));
}

bool api_review_change(struct exchange *x, struct err *e)
{
	struct review_form f;
	struct review now;
	int64_t rev;

	if (!read_rev(x, &rev, e) || !read_form(x, &f, e))
		return false;
	if (review_change(x->db, x->m, &x->viewer, x->params[0], rev, &f, &now, e))
		return reply_json(x, 200, review_json(&now));
	if (e->code != ERR_CONFLICT || db_constraint(x->db)[0])
		return false;
	return reply_json(x, 409, json_pack("{s:{s:s}, s:o}", "error", "code", "conflict", "review",
					    review_json(&now)));
}

bool api_review_delete(struct exchange *x, struct err *e)
{
	int64_t rev;

	return read_rev(x, &rev, e) &&
	       review_delete(x->db, x->m, &x->viewer, x->params[0], rev, e) && reply_nothing(x);
}

bool api_grid(struct exchange *x, struct err *e)
{
	struct fields f = { .n = 0 };
	struct entry_grid g;
	bool repeated;

	if (!fields_parse(x->m, x->request->query, strlen(x->request->query), &f, e))
		return false;
	const char *since = fields_get(&f, "since", &repeated);
	if (since && (strlen(since) > 32 || strspn(since, "0123456789-:.TZ") != strlen(since)))
		return err_field(e, "since", "no cursor of ours");
	if (!entry_grid_read(x->db, x->m, &x->viewer, x->params[0], since, &g, e))
		return false;
	sort_entries(x->language, g.entries, g.n);
	json_t *entries = json_array();
	for (size_t i = 0; i < g.n; i++)
		json_array_append_new(entries, entry_json(&g.entries[i], g.review.self_assessment));
	return reply_json(x, 200, json_pack("{s:o, s:o, s:s}", "review", review_json(&g.review),
					    "entries", entries, "cursor", g.cursor));
}

bool api_review_duplicate(struct exchange *x, struct err *e)
{
	struct review_form f = { 0 };
	struct review_copy c = { 0 };
	struct review made;
	enum tri comments = TRI_UNSET;
	bool has;

	if (!read_title(x, &f, e) || !read_string(x, "id", &c.id, e) ||
	    !read_scale(x, "scale", &has, &c.scale, e) || !read_tri(x, "comments", &comments, e))
		return false;
	if (!f.title)
		return err_field(e, "title", "is missing");
	if (!c.id || !uuid_ok(c.id) || str_eq(c.id, x->params[0]))
		return err_field(e, "id", "a new UUID");
	if (!has)
		return err_field(e, "scale", "is missing");
	c.title = f.title;
	c.comments = comments == TRI_YES;
	return review_duplicate(x->db, x->m, &x->viewer, x->params[0], &c, &made, e) &&
	       reply_json(x, 201, review_json(&made));
}

bool api_review_remind(struct exchange *x, struct err *e)
{
	const char *on;
	struct review now;

	if (!read_string(x, "on", &on, e))
		return false;
	if (on && !date_ok(on))
		return err_field(e, "on", "no date");
	return review_remind(x->db, x->m, &x->viewer, x->params[0], on, &now, e) &&
	       reply_json(x, 200, review_json(&now));
}

/* ---- Release ---- */

static json_t *ids(const char *const *list, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_string(list[i]));
	return a;
}

bool api_release_preview(struct exchange *x, struct err *e)
{
	struct release_plan p;

	if (!release_preview(x->db, x->m, &x->viewer, x->params[0], &p, e))
		return false;
	return reply_json(x, 200,
			  json_pack("{s:o, s:o, s:o, s:{s:I, s:I, s:I}}", "ready", ids(p.ready, p.ready_n),
				    "empty", ids(p.empty, p.empty_n), "already",
				    ids(p.already, p.already_n), "tell", "students",
				    (json_int_t)p.students, "guardians", (json_int_t)p.guardians,
				    "unreachable", (json_int_t)p.unreachable));
}

bool api_release(struct exchange *x, struct err *e)
{
	const char **students, *at;
	size_t n;
	int64_t released;

	if (!read_students(x, &students, &n, e) ||
	    !release_entries(x->db, x->m, &x->viewer, x->params[0], students, n, &released, &at, e))
		return false;
	return reply_json(x, 200, json_pack("{s:I, s:s?}", "released", (json_int_t)released, "at", at));
}

bool api_ready(struct exchange *x, struct err *e)
{
	const char **students, *at;
	size_t n;
	int64_t changed;
	enum tri ready = TRI_UNSET;

	if (!read_students(x, &students, &n, e) || !read_tri(x, "ready", &ready, e))
		return false;
	if (ready == TRI_UNSET)
		return err_field(e, "ready", "true or false");
	return ready_entries(x->db, x->m, &x->viewer, x->params[0], students, n, ready == TRI_YES, &changed, &at,
			     e) &&
	       reply_json(x, 200, json_pack("{s:I, s:s?}", "changed", (json_int_t)changed, "at", at));
}

bool api_release_at_meeting(struct exchange *x, struct err *e)
{
	const char *student = js_str(x->body, "student");
	int64_t released;

	if (!student || !uuid_ok(student))
		return err_field(e, "student", "no student's id");
	return release_at_meeting(x->db, x->m, &x->viewer, student, &released, e) &&
	       reply_json(x, 200, json_pack("{s:I}", "released", (json_int_t)released));
}
