#include "ilp/template.h"
#include "ilp/form_internal.h"
#include "base/js.h"
#include "base/str.h"
#include <string.h>

static const char empty[] = "{\"version\":1,\"title\":{},\"sections\":[]}";

const struct template_shipped *template_shipped_find(const char *key)
{
	for (const struct template_shipped *t = templates_shipped; t->key; t++)
		if (str_eq(t->key, key))
			return t;
	return NULL;
}

/* A shell has no session to prove. */
static void begin(struct db *db, struct mem *m, const struct viewer *v)
{
	if (v->session)
		viewer_begin(db, m, v);
	else
		db_begin(db, m, &(struct db_scope){.tenant = v->tenant});
}

static json_t *json_of(const char *text)
{
	json_t *o = text ? json_loads(text, 0, NULL) : NULL;

	return o ? o : json_object();
}

/* ---- To choose from ---- */

static int choices_add(struct db *db, struct mem *m, const struct viewer *v, const char *only)
{
	begin(db, m, v);
	return db_add(db, DB_TEMPLATE_CHOICES, v->person,
		      db_flag(viewer_reach(v, RIGHT_MANAGE_TEMPLATES)), only);
}

bool template_choices(struct db *db, struct mem *m, const struct viewer *v, json_t **out,
		      struct err *e)
{
	if (!access_check(v, RIGHT_SEE_TEMPLATES, e))
		return false;
	int found = choices_add(db, m, v, NULL);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, found);
	json_t *list = js_own(m, json_array());
	for (int i = 0; i < db_count(r); i++) {
		json_t *o = json_pack("{s:s, s:s, s:o}", "id", db_text(r, i, 0), "purpose",
				      db_text(r, i, 1), "title", json_of(db_text(r, i, 2)));
		if (db_text(r, i, 3))
			json_object_set_new(o, "about", json_of(db_text(r, i, 3)));
		json_array_append_new(list, o);
	}
	*out = list;
	return true;
}

bool template_preview(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		      json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_SEE_TEMPLATES, e))
		return false;
	int found = choices_add(db, m, v, id);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, found);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such template to choose");
	*out = js_own(m, json_pack("{s:s, s:o}", "id", db_text(r, 0, 0), "form",
				   json_of(db_text(r, 0, 4))));
	return true;
}

/* ---- To edit ---- */

/* What keeps a draft from being published. */
static json_t *problem_of(struct mem *m, const char *definition)
{
	json_t *form;
	struct err e = {0};

	if (form_read(m, definition, strlen(definition), &form, &e))
		return json_null();
	return json_pack("{s:s, s:s}", "field", str_or(e.field, ""), "reason",
			 str_or(e.reason, "invalid"));
}

static json_t *row_json(struct mem *m, const struct db_rows *r, int i)
{
	const char *definition = db_text(r, i, 13);
	json_t *o = json_pack("{s:s, s:o, s:s, s:s, s:I, s:I, s:s, s:s?, s:s?, s:b, s:I}", "id",
			      db_text(r, i, 0), "title", json_of(db_text(r, i, 1)), "purpose",
			      str_or(db_text(r, i, 2), "other"), "state", db_text(r, i, 5), "rev",
			      (json_int_t)db_int(r, i, 6), "revision", (json_int_t)db_int(r, i, 7),
			      "at", db_text(r, i, 8), "by", db_text(r, i, 9), "publishedAt",
			      db_text(r, i, 10), "changed", db_bool(r, i, 11), "uses",
			      (json_int_t)db_int(r, i, 12));

	json_object_set_new(o, "org",
			    db_text(r, i, 3) ? json_pack("{s:s, s:s}", "id", db_text(r, i, 3),
							 "name", db_text(r, i, 4))
					     : json_null());
	if (definition) {
		json_object_set_new(o, "definition", json_of(definition));
		json_object_set_new(o, "problem", problem_of(m, definition));
	}
	return o;
}

bool template_list(struct db *db, struct mem *m, const struct viewer *v, json_t **out,
		   struct err *e)
{
	json_t *list = js_own(m, json_array()), *orgs = js_own(m, json_array());

	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e))
		return false;
	begin(db, m, v);
	int all = db_add(db, DB_TEMPLATE_LIST, NULL);
	int of = db_add(db, DB_TEMPLATE_ORGS);
	if (!db_commit(db, e))
		return false;
	for (int i = 0; i < db_count(db_rows(db, all)); i++)
		json_array_append_new(list, row_json(m, db_rows(db, all), i));
	for (int i = 0; i < db_count(db_rows(db, of)); i++)
		json_array_append_new(orgs,
				      json_pack("{s:s, s:s}", "id", db_text(db_rows(db, of), i, 0),
						"name", db_text(db_rows(db, of), i, 1)));
	*out = js_own(m, json_pack("{s:O, s:O}", "templates", list, "orgs", orgs));
	return true;
}

static bool row_read(struct db *db, struct mem *m, int index, json_t **out, struct err *e)
{
	if (!db_count(db_rows(db, index)))
		return err_set(e, ERR_NOT_FOUND, "no such template");
	*out = js_own(m, row_json(m, db_rows(db, index), 0));
	return true;
}

bool template_read(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		   json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e))
		return false;
	begin(db, m, v);
	int found = db_add(db, DB_TEMPLATE_LIST, id);
	return db_commit(db, e) && row_read(db, m, found, out, e);
}

/* ---- New ones ---- */

/* Two of one name cannot be told apart in a list. */
static void call_it_a_copy(struct mem *m, json_t *definition)
{
	json_t *title = js_obj(definition, "title"), *copy = js_own(m, json_object()), *words;
	const char *language;

	json_object_foreach(title, language, words)
	{
		const char *what = str_eq(language, "en")   ? "copy"
				   : str_eq(language, "nb") ? "kopi"
							    : "2";
		const char *text = mem_printf(m, "%s (%s)", json_string_value(words), what);
		json_object_set_new(copy, language,
				    str_points(text) > FORM_LABEL_MAX ? json_incref(words)
								      : json_string(text));
	}
	json_object_set(definition, "title", copy);
}

static bool definition_of(struct db *db, struct mem *m, const struct viewer *v,
			  const struct template_new *t, json_t **out, struct err *e)
{
	const struct template_shipped *shipped = t->from ? template_shipped_find(t->from) : NULL;
	json_t *other;
	size_t n;
	const char *text = shipped ? shipped->json : empty;

	if (t->definition) {
		text = js_print(m, t->definition, &n);
		return form_read(m, text, n, out, e);
	}
	if (!t->from || shipped)
		return form_draft(m, text, strlen(text), out, e);
	if (!uuid_ok(t->from))
		return err_field(e, "from", "no shipped template of that name");
	if (!template_read(db, m, v, t->from, &other, e))
		return false;
	call_it_a_copy(m, js_obj(other, "definition"));
	text = js_print(m, js_obj(other, "definition"), &n);
	return form_draft(m, text, n, out, e);
}

/* Every school has an id; another's or none is a wrong input. */
static bool org_wrong(struct db *db, struct err *e)
{
	if (str_eq(db_constraint(db), "template_tenant_id_org_id_fkey"))
		return err_field(e, "org", "no such school");
	return false;
}

bool template_create(struct db *db, struct mem *m, const struct viewer *v,
		     const struct template_new *t, struct err *e)
{
	json_t *definition;

	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e) ||
	    !definition_of(db, m, v, t, &definition, e))
		return false;
	begin(db, m, v);
	db_add(db, DB_TEMPLATE_CREATE, t->id, t->org, js_print(m, definition, NULL), v->person);
	return db_commit(db, e) || org_wrong(db, e);
}

/* ---- Changes ---- */

/* Reads what stands there after a change that counts its rows. */
static bool changed(struct db *db, struct mem *m, int change, int now, json_t **out, struct err *e)
{
	if (!db_commit(db, e))
		return org_wrong(db, e);
	if (!row_read(db, m, now, out, e))
		return false;
	if (db_count(db_rows(db, change)))
		return true;
	return err_set(e, ERR_CONFLICT, "the template is at another revision");
}

bool template_save(struct db *db, struct mem *m, const struct viewer *v,
		   const struct template_change *c, json_t **now, struct err *e)
{
	json_t *definition;
	const char *text = NULL;
	size_t n;

	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e))
		return false;
	if (c->definition) {
		text = js_print(m, c->definition, &n);
		if (!form_draft(m, text, n, &definition, e))
			return false;
		text = js_print(m, definition, NULL);
	}
	begin(db, m, v);
	int saved = db_add(db, DB_TEMPLATE_SAVE, c->id, db_num(m, c->rev), text, db_flag(c->moves),
			   c->org, v->person);
	return changed(db, m, saved, db_add(db, DB_TEMPLATE_LIST, c->id), now, e);
}

bool template_publish(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		      int64_t rev, json_t **now, struct err *e)
{
	json_t *before, *form;
	const char *form_id;
	size_t n;

	if (!template_read(db, m, v, id, &before, e))
		return false;
	const char *text = js_print(m, js_obj(before, "definition"), &n);
	if (json_integer_value(json_object_get(before, "rev")) != rev) {
		*now = before;
		return err_set(e, ERR_CONFLICT, "the template is at another revision");
	}
	if (!form_read(m, text, n, &form, e))
		return false;
	begin(db, m, v);
	form_put_add(db, m, form, &form_id);
	int published = db_add(db, DB_TEMPLATE_PUBLISH, id, db_num(m, rev), form_id, v->person);
	return changed(db, m, published, db_add(db, DB_TEMPLATE_LIST, id), now, e);
}

bool template_unpublish(struct db *db, struct mem *m, const struct viewer *v, const char *id,
			int64_t rev, json_t **now, struct err *e)
{
	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e))
		return false;
	begin(db, m, v);
	int hidden = db_add(db, DB_TEMPLATE_UNPUBLISH, id, db_num(m, rev), v->person);
	return changed(db, m, hidden, db_add(db, DB_TEMPLATE_LIST, id), now, e);
}

bool template_delete(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		     int64_t rev, struct err *e)
{
	json_t *left = NULL;

	if (!access_check(v, RIGHT_MANAGE_TEMPLATES, e))
		return false;
	begin(db, m, v);
	int gone = db_add(db, DB_TEMPLATE_DELETE, id, db_num(m, rev), v->person);
	int now = db_add(db, DB_TEMPLATE_LIST, id);
	if (!db_commit(db, e))
		return false;
	if (db_count(db_rows(db, gone)))
		return true;
	if (!row_read(db, m, now, &left, e))
		return false;
	if (json_integer_value(json_object_get(left, "revision")))
		return err_reason(e, ERR_INVALID, "was_published",
				  "plans may stand on the template");
	return err_set(e, ERR_CONFLICT, "the template is at another revision");
}
