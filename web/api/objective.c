/* Learning objectives: what teachers choose from, and how frameworks get here. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "ilp/objective.h"
#include <string.h>
#include <strings.h>

enum { TITLE_MAX = 200 };

static json_t *framework_json(const struct framework_row *f, bool all)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:I}", "id", f->id, "title", f->title, "language",
			      f->language, "objectives", (json_int_t)f->objectives);

	if (all) {
		json_object_set_new(o, "source", json_string(f->source));
		json_object_set_new(o, "importedAt", json_string(f->imported_at));
		json_object_set_new(o, "uses", json_integer((json_int_t)f->uses));
		json_object_set_new(o, "retired", json_boolean(f->retired));
	}
	return o;
}

static bool frameworks(struct exchange *x, bool all, struct err *e)
{
	json_t *list = js_own(x->m, json_array());
	struct framework_row *rows;
	size_t n;

	if (!framework_list(x->db, x->m, &x->viewer, all, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, framework_json(&rows[i], all));
	return reply_json(x, 200, json_pack("{s:O}", "frameworks", list));
}

static bool frameworks_to_choose(struct exchange *x, struct err *e)
{
	return frameworks(x, false, e);
}

static bool frameworks_all(struct exchange *x, struct err *e)
{
	return frameworks(x, true, e);
}

/* ?search=, else ?parent= */
static bool objectives(struct exchange *x, struct err *e)
{
	const char *search = query_get(x, "search"), *parent = query_get(x, "parent");
	json_t *list = js_own(x->m, json_array());
	struct objective_row *rows;
	size_t n;

	if (search)
		search = str_trim(x->m, search);
	if (search && strlen(search) > 200)
		return err_field(e, "search", "a long search");
	if (parent && !uuid_ok(parent))
		return err_field(e, "parent", "no id");
	if (!objective_find(x->db, x->m, &x->viewer, x->params[0], str_empty(search) ? NULL : search,
			    parent, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s, s:s?, s:s, s:s, s:s, s:b}", "id", rows[i].id,
						      "parent", rows[i].parent, "code", rows[i].code, "text",
						      rows[i].text, "level", rows[i].level, "more",
						      rows[i].has_children));
	return reply_json(x, 200, json_pack("{s:O}", "objectives", list));
}

static bool framework_patch(struct exchange *x, struct err *e)
{
	const json_t *retired = json_object_get(x->body, "retired");

	if (!json_is_boolean(retired))
		return err_field(e, "retired", "neither true nor false");
	if (!framework_retire(x->db, x->m, &x->viewer, x->params[0], json_is_true(retired), e))
		return false;
	return reply_nothing(x);
}

/* The body is the file: JSON is a CASE package, anything else a table, named by ?title=. */
static bool framework_import(struct exchange *x, struct err *e)
{
	const struct request *q = x->request;
	const char *type = request_header(q, "Content-Type"), *title = query_get(x, "title");
	bool is_case = type && !strncasecmp(type, "application/json", 16);
	struct framework f;

	if (!is_case && (!title || !*str_trim(x->m, title) || str_points(title) > TITLE_MAX))
		return err_field(e, "title", "a table needs a name");
	if (is_case ? !framework_read_case(x->m, q->body, q->body_n, &f, e)
		    : !framework_read_csv(x->m, q->body, q->body_n, str_trim(x->m, title), &f, e))
		return false;
	if (!framework_store(x->db, x->m, &x->viewer, &f, e))
		return false;
	return reply_json(x, 201, json_pack("{s:s, s:s, s:I, s:I}", "id", f.id, "title", f.title, "objectives",
					    (json_int_t)f.n, "skipped", (json_int_t)f.skipped));
}

const struct route objective_routes[] = {
	{ "GET", "/api/frameworks", ROUTE_READ, RIGHT_USE_BANK, frameworks_to_choose },
	{ "GET", "/api/frameworks/:id/objectives", ROUTE_READ, RIGHT_USE_BANK, objectives },
	{ "GET", "/api/admin/frameworks", ROUTE_READ, RIGHT_MANAGE_SCHOOL, frameworks_all },
	{ "POST", "/api/admin/frameworks", ROUTE_UPLOAD, RIGHT_MANAGE_SCHOOL, framework_import },
	{ "PATCH", "/api/admin/frameworks/:id", ROUTE_WRITE, RIGHT_MANAGE_SCHOOL, framework_patch },
	{ 0 },
};
