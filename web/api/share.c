/* Shared plans over HTTP: share, browse, look into one, withdraw. */
#include "web/api/plan_internal.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/form.h"
#include "ilp/share.h"
#include <string.h>

static json_t *share_json(const struct share *s)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:s?, s:o, s:I, s:I}", "id", s->id, "title",
			      s->title, "scope", s->district ? "district" : "school", "by", s->by, "at",
			      s->at, "uses", (json_int_t)s->uses, "mine", s->mine, "purpose", s->purpose,
			      "form", json_loads(s->form_title, 0, NULL), "rows", (json_int_t)s->rows,
			      "tasks", (json_int_t)s->tasks);

	if (s->school)
		json_object_set_new(o, "school", json_string(s->school));
	return o;
}

/* Rows have numbers in what is stored; on the way out they are ids. */
static json_t *row_id(struct exchange *x, const json_t *n)
{
	return n ? json_string(mem_printf(x->m, "%lld", (long long)json_integer_value(n))) : json_null();
}

static json_t *rows_json(struct exchange *x, const json_t *content)
{
	json_t *list = json_array();
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(content, "rows"), i, r)
		json_array_append_new(list, json_pack("{s:o, s:O, s:o, s:O, s:s?}", "id",
						      row_id(x, json_object_get(r, "n")), "kind",
						      json_object_get(r, "kind"), "parent",
						      row_id(x, json_object_get(r, "parent")), "position",
						      json_object_get(r, "position"), "objective",
						      js_str(r, "objective")));
	return list;
}

/* Values or tasks: their members as they are, but for the row. */
static json_t *parts_json(struct exchange *x, const json_t *content, const char *what)
{
	json_t *list = json_array();
	const json_t *part;
	size_t i;

	json_array_foreach(json_object_get(content, what), i, part) {
		json_t *o = json_copy((json_t *)(uintptr_t)part);
		json_object_del(o, "n");
		json_object_set_new(o, "row", row_id(x, json_object_get(part, "n")));
		json_array_append_new(list, o);
	}
	return list;
}

static bool shares_list(struct exchange *x, struct err *e)
{
	const char *search = query_get(x, "search");
	struct share *list;
	size_t n;

	if (search && (!str_is_text(search, strlen(search)) || str_points(search) > 100))
		return err_field(e, "search", "at most 100 characters");
	if (!share_list(x->db, x->m, &x->viewer, search ? str_trim(x->m, search) : NULL, &list, &n, e))
		return false;
	json_t *shares = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(shares, share_json(&list[i]));
	return reply_json(x, 200, json_pack("{s:o}", "shares", shares));
}

static bool share_preview(struct exchange *x, struct err *e)
{
	struct share s;

	if (!share_read(x->db, x->m, &x->viewer, x->params[0], &s, e))
		return false;
	json_t *content = js_own(x->m, json_loads(s.content, 0, NULL));
	return reply_json(x, 200, json_pack("{s:o, s:O, s:o, s:o, s:o}", "share", share_json(&s), "form",
					    form_view(x->m, s.definition, HAT_MENTOR), "rows",
					    rows_json(x, content), "values", parts_json(x, content, "values"),
					    "tasks", parts_json(x, content, "tasks")));
}

static bool plan_share(struct exchange *x, struct err *e)
{
	const char *id, *scope, *title;
	struct share made;

	if (!plan_read_id(x, "id", &id, e) || !read_string(x, "scope", &scope, e) ||
	    !plan_read_title(x, &title, e))
		return false;
	if (!id || !title)
		return err_field(e, id ? "title" : "id", "is missing");
	if (!str_eq(scope, "school") && !str_eq(scope, "district"))
		return err_field(e, "scope", "school or district");
	if (!share_make(x->db, x->m, &x->viewer, x->params[0], id, str_eq(scope, "district"), title, &made, e))
		return false;
	return reply_json(x, 201, share_json(&made));
}

static bool share_delete(struct exchange *x, struct err *e)
{
	return share_withdraw(x->db, x->m, &x->viewer, x->params[0], e) && reply_nothing(x);
}

const struct route share_routes[] = {
	{ "POST", "/api/plans/:id/share", ROUTE_WRITE, RIGHT_LIST_STUDENTS, plan_share },
	{ "GET", "/api/shares", ROUTE_READ, RIGHT_USE_BANK, shares_list },
	{ "GET", "/api/shares/:id", ROUTE_READ, RIGHT_USE_BANK, share_preview },
	{ "DELETE", "/api/shares/:id", ROUTE_WRITE, RIGHT_USE_BANK, share_delete },
	{ 0 },
};
