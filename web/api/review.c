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

static bool read_scale(struct exchange *x, struct review_form *f, struct err *e)
{
	const char *key;

	if (!read_string(x, "scale", &key, e))
		return false;
	if (key && !scale_find(key))
		return err_field(e, "scale", "no scale of that name");
	f->has_scale = json_object_get(x->body, "scale");
	f->scale = key ? scale_find(key)->json : NULL;
	return true;
}

static bool read_form(struct exchange *x, struct review_form *f, struct err *e)
{
	*f = (struct review_form){ 0 };
	return read_title(x, f, e) && read_dates(x, f, e) && read_scale(x, f, e) &&
	       read_tri(x, "selfAssessment", &f->self_assessment, e) &&
	       read_tri(x, "toStudents", &f->to_students, e) &&
	       read_tri(x, "toGuardians", &f->to_guardians, e);
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
