/* A plan's page over HTTP: read, saved field by field, looked at. */
#include "web/api/work_internal.h"
#include "base/str.h"
#include <string.h>

bool read_words(struct exchange *x, const char *field, size_t max, const char **out, struct err *e)
{
	const char *s;

	if (!read_string(x, field, &s, e))
		return false;
	s = str_or(s, "");
	if (!str_is_text(s, strlen(s)))
		return err_field(e, field, "holds control characters");
	if (str_points(s) > max)
		return err_field(e, field, "longer than %zu characters", max);
	*out = one_kind_of_line_end(x->m, s);
	return true;
}

bool read_save(struct exchange *x, size_t max, const char **text, int64_t *rev, struct err *e)
{
	if (!json_object_get(x->body, "text"))
		return err_field(e, "text", "a text or null");
	return read_words(x, "text", max, text, e) && read_rev(x, rev, e);
}

bool read_switch(struct exchange *x, const char *field, enum tri *out, struct err *e)
{
	const json_t *v = json_object_get(x->body, field);

	if (v && !json_is_boolean(v))
		return err_field(e, field, "true or false");
	*out = !v ? TRI_UNSET : json_is_true(v) ? TRI_YES : TRI_NO;
	return true;
}

bool read_own_id(struct exchange *x, const char **out, struct err *e)
{
	if (!plan_read_id(x, "id", out, e))
		return false;
	return *out || err_field(e, "id", "no id");
}

bool read_move(struct exchange *x, const char *parent, struct move *out, struct err *e)
{
	*out = (struct move){.moves = json_object_get(x->body, "after"), .confirmed = TRI_UNSET};
	return plan_read_id(x, "after", &out->after, e) &&
	       plan_read_id(x, parent, &out->parent, e) &&
	       read_switch(x, "removed", &out->removed, e);
}

bool reply_work_saved(struct exchange *x, const struct work_saved *s)
{
	struct entry_saved same = {
		.saved = s->saved,
		.now = {.text = s->text, .rev = s->rev, .by = s->by, .at = s->at},
	};

	return reply_saved(x, &same, false);
}

static bool api_plan(struct exchange *x, struct err *e)
{
	const char *as = query_get(x, "as");
	int hat = as ? hat_parse(as) : 0;
	json_t *page;

	if (as && !(hat & HAT_FAMILY))
		return err_field(e, "as", "student or guardian");
	return work_read(x->db, x->m, &x->viewer, x->params[0], hat, &page, e) &&
	       reply_json(x, 200, json_incref(page));
}

static bool api_changes(struct exchange *x, struct err *e)
{
	json_t *changes;

	return work_changes(x->db, x->m, &x->viewer, x->params[0], query_get(x, "since"), &changes,
			    e) &&
	       reply_json(x, 200, json_incref(changes));
}

static bool api_look(struct exchange *x, struct err *e)
{
	return work_look(x->db, x->m, &x->viewer, x->params[0], e) && reply_nothing(x);
}

static bool api_writing(struct exchange *x, struct err *e)
{
	const char *object, *field;

	if (!plan_read_id(x, "object", &object, e) || !read_words(x, "field", 64, &field, e))
		return false;
	return work_writing(x->db, x->m, &x->viewer, x->params[0], str_or(object, x->params[0]),
			    field, e) &&
	       reply_nothing(x);
}

static bool api_history(struct exchange *x, struct err *e)
{
	const char *object = query_get(x, "object"), *field = query_get(x, "field");
	json_t *versions;

	if (object && !uuid_ok(object))
		return err_field(e, "object", "no id");
	if (str_empty(field) || strlen(field) > 64)
		return err_field(e, "field", "no field");
	return work_history(x->db, x->m, &x->viewer, x->params[0], str_or(object, x->params[0]),
			    field, &versions, e) &&
	       reply_json(x, 200, json_incref(versions));
}

static bool save(struct exchange *x, const char *row, const char *field, struct err *e)
{
	struct work_save s = {.plan = x->params[0], .row = row, .field = field};
	struct work_saved saved;
	const char *voice;

	if (!read_save(x, WORK_TEXT_MAX, &s.text, &s.seen, e) ||
	    !read_string(x, "voice", &voice, e))
		return false;
	s.voice = voice ? hat_parse(voice) : 0;
	if (voice && s.voice != HAT_STUDENT)
		return err_field(e, "voice", "the student's or absent");
	return work_save_value(x->db, x->m, &x->viewer, &s, &saved, e) &&
	       reply_work_saved(x, &saved);
}

static bool api_value(struct exchange *x, struct err *e)
{
	return save(x, NULL, x->params[1], e);
}

static bool api_row_value(struct exchange *x, struct err *e)
{
	return save(x, x->params[1], x->params[2], e);
}

static bool api_row_add(struct exchange *x, struct err *e)
{
	struct row_new w = {0};
	json_t *objective = json_object_get(x->body, "objective"), *row;

	if (!read_own_id(x, &w.id, e) || !read_string(x, "kind", &w.kind, e) ||
	    !plan_read_id(x, "parent", &w.parent, e) || !plan_read_id(x, "after", &w.after, e) ||
	    !read_words(x, "text", WORK_TEXT_MAX, &w.text, e))
		return false;
	if (!str_eq(w.kind, "competence") && !str_eq(w.kind, "goal"))
		return err_field(e, "kind", "competence or goal");
	if (str_eq(w.kind, "goal") != (w.parent != NULL))
		return err_field(e, "parent", "of a goal, its competence");
	if (objective && !json_is_null(objective)) {
		w.framework = js_str(objective, "framework");
		w.objective = js_str(objective, "id");
		if (!w.framework || !uuid_ok(w.framework) || !w.objective || !uuid_ok(w.objective))
			return err_field(e, "objective", "framework and id");
	}
	return row_add(x->db, x->m, &x->viewer, x->params[0], &w, &row, e) &&
	       reply_json(x, 201, json_incref(row));
}

static bool api_row_change(struct exchange *x, struct err *e)
{
	struct move c;

	if (!read_move(x, "parent", &c, e) || !read_string(x, "state", &c.state, e))
		return false;
	if (c.state && !str_eq(c.state, "agreed") && !str_eq(c.state, "proposed") &&
	    !str_eq(c.state, "declined"))
		return err_field(e, "state", "agreed, proposed or declined");
	return row_change(x->db, x->m, &x->viewer, x->params[0], x->params[1], &c, e) &&
	       reply_nothing(x);
}

const struct route work_routes[] = {
	{"GET", "/api/plans/:id", ROUTE_READ, RIGHT_USE_PLANS, api_plan},
	{"GET", "/api/plans/:id/changes", ROUTE_READ, RIGHT_USE_PLANS, api_changes},
	{"GET", "/api/plans/:id/history", ROUTE_READ, RIGHT_USE_PLANS, api_history},
	{"POST", "/api/plans/:id/look", ROUTE_WRITE, RIGHT_USE_PLANS, api_look},
	{"PUT", "/api/plans/:id/writing", ROUTE_WRITE, RIGHT_USE_PLANS, api_writing},
	{"PUT", "/api/plans/:id/values/:field", ROUTE_WRITE, RIGHT_USE_PLANS, api_value},
	{"POST", "/api/plans/:id/rows", ROUTE_WRITE, RIGHT_USE_PLANS, api_row_add},
	{"PATCH", "/api/plans/:id/rows/:row", ROUTE_WRITE, RIGHT_USE_PLANS, api_row_change},
	{"PUT", "/api/plans/:id/rows/:row/:field", ROUTE_WRITE, RIGHT_USE_PLANS, api_row_value},
	{0},
};
