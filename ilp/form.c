#include "ilp/form_internal.h"
#include "base/js.h"
#include "base/str.h"
#include <string.h>

/* ---- Stored ---- */

static int print_part(const char *text, size_t n, void *b)
{
	buf_addn(b, text, n);
	return 0;
}

/* The same bytes for the same form, in whatever order its members came. */
static const char *canonical(struct mem *m, const json_t *definition)
{
	struct buf b;

	buf_init(&b, m);
	json_dump_callback(definition, print_part, &b, JSON_COMPACT | JSON_SORT_KEYS);
	return b.p;
}

static const char *id_of(struct mem *m, const char *text)
{
	const char *hash = sha256_hex(m, text, strlen(text));

	return mem_printf(m, "%.8s-%.4s-%.4s-%.4s-%.12s", hash, hash + 8, hash + 12, hash + 16,
			  hash + 20);
}

/* One member of each of a list of objects. */
static json_t *each(const json_t *list, const char *name)
{
	json_t *out = json_array(), *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		json_array_append(out, json_object_get(o, name));
	}
	return out;
}

/* What a status may be, who may choose it, and which of them call for help. */
static void add_statuses(json_t *row, const json_t *statuses)
{
	json_t *setters = json_array(), *flags = json_array(), *status;
	size_t i;

	json_array_foreach(statuses, i, status)
	{
		json_array_append_new(setters, json_integer(hats_parse(js_str(status, "setters"))));
		json_array_append_new(flags, json_boolean(js_bool(status, "flag", false)));
	}
	json_object_set_new(row, "codes", each(statuses, "key"));
	json_object_set_new(row, "categories", each(statuses, "category"));
	json_object_set_new(row, "setters", setters);
	json_object_set_new(row, "flags", flags);
}

/* What statements ask of a field. */
static json_t *field_row(const json_t *definition, const json_t *field)
{
	int kind = form_kind(js_str(field, "kind"))->is;
	json_t *row = json_pack(
		"{s:s, s:s, s:s, s:b, s:i, s:i, s:b}", "key", js_str(field, "key"), "kind",
		js_str(field, "kind"), "of", str_or(js_str(field, "of"), "plan"), "head",
		js_bool(field, "head", false), "sees", hats_parse(js_str(field, "sees")), "edits",
		hats_parse(js_str(field, "edits")), "shared",
		js_bool(field, "shared", false) && !(kind & KIND_PERSONAL));

	if (kind & KIND_OPTIONS)
		json_object_set_new(row, "codes", each(js_arr(field, "options"), "code"));
	if (kind & KIND_SCALE)
		json_object_set_new(row, "codes",
				    each(js_arr(js_obj(field, "scale"), "values"), "code"));
	if (kind & KIND_OF_GOAL)
		add_statuses(row, js_arr(definition, "statuses"));
	return row;
}

/* '_log', '_topics', '_rows'; nobody has what the form has not. */
static void add_own_row(json_t *rows, const char *key, const char *kind, const json_t *pair)
{
	json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:b, s:i, s:i, s:b}", "key", key,
					      "kind", kind, "of", "plan", "head", false, "sees",
					      pair ? hats_parse(js_str(pair, "sees")) : 0, "edits",
					      pair ? hats_parse(js_str(pair, "edits")) : 0,
					      "shared", false));
}

static json_t *field_rows(struct mem *m, const json_t *definition)
{
	json_t *rows = js_own(m, json_array()), *section, *field, *grid = NULL;
	size_t i, j;

	json_array_foreach(js_arr(definition, "sections"), i, section)
	{
		if (str_eq(js_str(section, "kind"), "grid"))
			grid = section;
		json_array_foreach(js_arr(section, "fields"), j, field)
		{
			json_array_append_new(rows, field_row(definition, field));
		}
	}
	add_own_row(rows, "_log", "log", js_obj(definition, "log"));
	add_own_row(rows, "_topics", "topics", js_obj(definition, "topics"));
	add_own_row(rows, "_rows", "grid", grid);
	return rows;
}

void form_put_add(struct db *db, struct mem *m, const json_t *definition, const char **id)
{
	const char *text = canonical(m, definition);

	*id = id_of(m, text);
	db_add(db, DB_FORM_PUT, *id, text, js_print(m, field_rows(m, definition), NULL));
}

/* ---- As a hat sees it ---- */

/* Rights as the browser shows them: who, and whether it is this one. False: not seen. */
static bool show_rights(json_t *o, int hat)
{
	json_t *sees = json_object_get(o, "sees"), *edits = json_object_get(o, "edits");
	const char *seers = json_string_value(sees), *editors = json_string_value(edits);

	if (!seers || !editors || !(hats_parse(seers) & hat))
		return false;
	bool is_mine = hats_parse(editors) & hat;
	json_object_set(o, "seenBy", sees);
	json_object_set(o, "editedBy", edits);
	json_object_del(o, "sees");
	json_object_del(o, "edits");
	if (is_mine)
		json_object_set_new(o, "edits", json_true());
	return true;
}

static bool section_shown(json_t *section, int hat)
{
	json_t *fields = js_arr(section, "fields");

	if (str_eq(js_str(section, "kind"), "grid") && !show_rights(section, hat))
		return false;
	for (size_t i = json_array_size(fields); i-- > 0;)
		if (!show_rights(json_array_get(fields, i), hat))
			json_array_remove(fields, i);
	return json_array_size(fields) > 0;
}

json_t *form_view(struct mem *m, const char *definition, int hat)
{
	json_t *form, *sections;
	struct err e;

	if (!js_parse(m, definition, strlen(definition), FORM_STORED_MAX, &form, &e) ||
	    !(sections = js_arr(form, "sections")))
		return NULL;
	for (size_t i = json_array_size(sections); i-- > 0;)
		if (!section_shown(json_array_get(sections, i), hat))
			json_array_remove(sections, i);
	if (!json_object_get(form, "log") || !show_rights(json_object_get(form, "log"), hat))
		json_object_del(form, "log");
	if (!json_object_get(form, "topics") || !show_rights(json_object_get(form, "topics"), hat))
		json_object_del(form, "topics");
	if (!(hat & HAT_MENTOR))
		json_object_del(form, "ceiling");
	return form;
}

/* ---- A column that a mentor adds ---- */

static json_t *section_find(const json_t *definition, const char *key, size_t *at)
{
	const json_t *sections = js_arr(definition, "sections");

	for (*at = 0; *at < json_array_size(sections); ++*at)
		if (str_eq(js_str(json_array_get(sections, *at), "key"), key))
			return json_array_get(sections, *at);
	return NULL;
}

static bool key_taken(const json_t *definition, const char *key)
{
	json_t *section, *field;
	size_t i, j;

	json_array_foreach(js_arr(definition, "sections"), i, section)
	{
		if (str_eq(js_str(section, "key"), key))
			return true;
		json_array_foreach(js_arr(section, "fields"), j, field)
		{
			if (str_eq(js_str(field, "key"), key))
				return true;
		}
	}
	return false;
}

/* never more than the template allows, whatever was asked for. */
static void cut_to_ceiling(struct mem *m, json_t *field, const json_t *ceiling, const json_t *grid)
{
	int sees = hats_parse(str_or(js_str(field, "sees"), ""));
	int edits = hats_parse(str_or(js_str(field, "edits"), ""));

	if (sees < 0 || edits < 0)
		return; /* refused when it is read */
	sees &= hats_parse(js_str(ceiling, "sees"));
	if (grid)
		sees &= hats_parse(js_str(grid, "sees"));
	sees |= HAT_MENTOR;
	edits &= hats_parse(js_str(ceiling, "edits")) & sees;
	json_object_set_new(field, "sees", json_string(hats_name(m, sees)));
	json_object_set_new(field, "edits", json_string(hats_name(m, edits)));
}

/* The field's own part of a path into the form: "field.label". */
static const char *own_path(struct mem *m, const char *path, size_t section, size_t field)
{
	const char *in = mem_printf(m, "sections.%zu.fields.%zu", section, field);

	return path && str_starts(path, in) ? mem_printf(m, "field%s", path + strlen(in)) : path;
}

bool form_with_field(struct mem *m, const char *definition, const char *section,
		     const json_t *field, json_t **out, struct err *e)
{
	json_t *form, *to, *ceiling;
	size_t at, n = strlen(definition);

	if (!js_parse(m, definition, n, FORM_STORED_MAX, &form, e))
		return false;
	if (!(ceiling = js_obj(form, "ceiling")))
		return err_reason(e, ERR_INVALID, "no_ceiling", "form: mentors add no fields");
	if (!(to = section_find(form, section, &at)))
		return err_field(e, "section", "form: no such section");
	if (!json_is_object(field))
		return err_field(e, "field", "form: the field is no object");
	json_t *added = js_own(m, json_deep_copy(field));
	bool is_grid = str_eq(js_str(to, "kind"), "grid");
	json_object_del(added, "head");
	cut_to_ceiling(m, added, ceiling, is_grid ? to : NULL);
	for (int i = 1; !json_object_get(added, "key"); i++)
		if (!key_taken(form, mem_printf(m, "added_%d", i)))
			json_object_set_new(added, "key",
					    json_string(mem_printf(m, "added_%d", i)));
	json_array_append(js_arr(to, "fields"), added);
	const char *text = js_print(m, form, &n);
	if (form_read(m, text, n, out, e))
		return true;
	e->field = own_path(m, e->field, at, json_array_size(js_arr(to, "fields")) - 1);
	return false;
}
