/* Templates over HTTP: what may be chosen, and for administrators the editor's side. */
#include "web/api/api_internal.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/template.h"
#include <string.h>

static bool list_choices(struct exchange *x, struct err *e)
{
	json_t *list;

	return template_choices(x->db, x->m, &x->viewer, &list, e) &&
	       reply_json(x, 200, json_pack("{s:O}", "templates", list));
}

static bool preview(struct exchange *x, struct err *e)
{
	json_t *found;

	return template_preview(x->db, x->m, &x->viewer, x->params[0], &found, e) &&
	       reply_json(x, 200, json_incref(found));
}

static bool list_all(struct exchange *x, struct err *e)
{
	json_t *all;

	return template_list(x->db, x->m, &x->viewer, &all, e) && reply_json(x, 200, json_incref(all));
}

/* The same for everybody who may ask. */
static bool list_shipped(struct exchange *x, struct err *e)
{
	json_t *list = json_array();

	for (const struct template_shipped *t = templates_shipped; t->key; t++)
		json_array_append_new(list, json_pack("{s:s, s:o}", "key", t->key, "definition",
						      json_loads(t->json, 0, NULL)));
	return reply_json(x, 200, json_pack("{s:o}", "templates", list));
}

static bool read_one(struct exchange *x, struct err *e)
{
	json_t *found;

	return template_read(x->db, x->m, &x->viewer, x->params[0], &found, e) &&
	       reply_json(x, 200, json_incref(found));
}

static bool read_definition(struct exchange *x, const json_t **out, struct err *e)
{
	json_t *definition = json_object_get(x->body, "definition");

	if (definition && !json_is_object(definition))
		return err_field(e, "definition", "no object");
	*out = definition;
	return true;
}

static bool read_org(struct exchange *x, const char **out, struct err *e)
{
	if (!read_string(x, "org", out, e))
		return false;
	return !*out || uuid_ok(*out) || err_field(e, "org", "no UUID");
}

static bool create(struct exchange *x, struct err *e)
{
	struct template_new t = { 0 };
	json_t *made;

	if (!read_string(x, "id", &t.id, e) || !read_string(x, "from", &t.from, e) ||
	    !read_definition(x, &t.definition, e) || !read_org(x, &t.org, e))
		return false;
	if (!t.id || !uuid_ok(t.id))
		return err_field(e, "id", "no UUID");
	if (t.from && t.definition)
		return err_field(e, "from", "beside a definition");
	return template_create(x->db, x->m, &x->viewer, &t, e) &&
	       template_read(x->db, x->m, &x->viewer, t.id, &made, e) &&
	       reply_json(x, 201, json_incref(made));
}

/* 200 with what stands there now, or 409 with what somebody else made of it. */
static bool reply_changed(struct exchange *x, bool ok, json_t *now, const struct err *e)
{
	if (ok)
		return reply_json(x, 200, json_incref(now));
	if (e->code != ERR_CONFLICT || !now)
		return false;
	return reply_json(x, 409,
			  json_pack("{s:{s:s}, s:O}", "error", "code", "conflict", "theirs", now));
}

static bool save(struct exchange *x, struct err *e)
{
	struct template_change c = { .id = x->params[0],
				     .moves = json_object_get(x->body, "org") };
	json_t *now = NULL;

	if (!read_rev(x, &c.rev, e) || !read_definition(x, &c.definition, e) ||
	    !read_org(x, &c.org, e))
		return false;
	bool ok = template_save(x->db, x->m, &x->viewer, &c, &now, e);
	return reply_changed(x, ok, now, e);
}

static bool change_state(struct exchange *x, struct err *e)
{
	const char *state;
	json_t *now = NULL;
	int64_t rev;

	if (!read_rev(x, &rev, e) || !read_string(x, "state", &state, e))
		return false;
	bool publish = str_eq(state, "published");
	if (!publish && !str_eq(state, "unpublished"))
		return err_field(e, "state", "published or unpublished");
	bool ok = (publish ? template_publish : template_unpublish)(x->db, x->m, &x->viewer, x->params[0],
								     rev, &now, e);
	return reply_changed(x, ok, now, e);
}

static bool take_away(struct exchange *x, struct err *e)
{
	int64_t rev;

	return read_rev(x, &rev, e) &&
	       template_delete(x->db, x->m, &x->viewer, x->params[0], rev, e) && reply_nothing(x);
}

/* Who may choose is asked by the domain: two rights lead there. */
const struct route template_routes[] = {
	{ "GET", "/api/templates", ROUTE_READ, RIGHT_SEE_TEMPLATES, list_choices },
	{ "GET", "/api/templates/:id", ROUTE_READ, RIGHT_SEE_TEMPLATES, preview },
	{ "GET", "/api/admin/templates", ROUTE_READ, RIGHT_MANAGE_TEMPLATES, list_all },
	{ "GET", "/api/admin/templates/shipped", ROUTE_READ, RIGHT_MANAGE_TEMPLATES, list_shipped },
	{ "POST", "/api/admin/templates", ROUTE_WRITE, RIGHT_MANAGE_TEMPLATES, create },
	{ "GET", "/api/admin/templates/:id", ROUTE_READ, RIGHT_MANAGE_TEMPLATES, read_one },
	{ "PUT", "/api/admin/templates/:id", ROUTE_WRITE, RIGHT_MANAGE_TEMPLATES, save },
	{ "PATCH", "/api/admin/templates/:id", ROUTE_WRITE, RIGHT_MANAGE_TEMPLATES, change_state },
	{ "DELETE", "/api/admin/templates/:id", ROUTE_WRITE, RIGHT_MANAGE_TEMPLATES, take_away },
	{ 0 },
};
