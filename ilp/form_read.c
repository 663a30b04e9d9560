/* A definition, read strictly: what is not known is refused, what is known has its size, and
 * what comes out is made anew, member by member. */
#include "ilp/form_internal.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/scale.h"
#include <string.h>

enum {
	SECTIONS_MAX = 30,
	STATUSES_MAX = 12,
	OPTIONS_MAX = 60,
	COLUMNS_MAX = 12,
};

static const struct form_kind kinds[] = {
	{"text", KIND_IN_FIELDS | KIND_IN_GRID | KIND_HEAD},
	{"long", KIND_IN_FIELDS | KIND_IN_GRID | KIND_HEAD},
	{"rich", KIND_IN_FIELDS | KIND_IN_GRID},
	{"choice", KIND_IN_FIELDS | KIND_IN_GRID | KIND_OPTIONS},
	{"multi", KIND_IN_FIELDS | KIND_IN_GRID | KIND_OPTIONS},
	{"scale", KIND_IN_FIELDS | KIND_IN_GRID | KIND_SCALE},
	{"date", KIND_IN_FIELDS | KIND_IN_GRID},
	{"number", KIND_IN_FIELDS | KIND_IN_GRID | KIND_UNIT},
	{"series", KIND_IN_FIELDS | KIND_IN_GRID | KIND_UNIT | KIND_TARGET},
	{"checklist", KIND_IN_FIELDS | KIND_IN_GRID},
	{"table", KIND_IN_FIELDS | KIND_COLUMNS},
	{"status", KIND_IN_GRID | KIND_OF_GOAL | KIND_PERSONAL},
	{"files", KIND_IN_FIELDS | KIND_IN_GRID | KIND_PERSONAL},
	{"tasks", KIND_IN_FIELDS | KIND_IN_GRID | KIND_OF_GOAL | KIND_AGREEMENT},
	{"notes", KIND_IN_FIELDS | KIND_IN_GRID | KIND_PERSONAL},
	{"comments", KIND_IN_FIELDS | KIND_IN_GRID | KIND_PERSONAL},
	{"computed", KIND_IN_FIELDS | KIND_COMPUTED | KIND_MUTE | KIND_PERSONAL},
	{"signature", KIND_IN_FIELDS | KIND_PERSONAL},
	{"heading", KIND_IN_FIELDS | KIND_MUTE},
};

static const char *const purposes[] = {"learning", "conference", "career",   "support", "social",
				       "focus",    "yearly",     "evidence", "other",   NULL};
static const char *const categories[] = {"todo", "doing", "done", "dropped", NULL};
static const char *const directions[] = {"up", "down", "none", NULL};
static const char *const meanings[] = {"ok", "watch", "risk", "none", NULL};
static const char *const computable[] = {"reviews", "open_tasks", NULL};
static const char *const shapes[] = {"fields", "grid", NULL};
static const char *const belongs[] = {"competence", "goal", NULL};

static const char standard_statuses[] =
	"[{\"key\":\"todo\",\"category\":\"todo\",\"setters\":\"MCSG\","
	"\"label\":{\"en\":\"Not started\",\"nb\":\"Ikke begynt\"}},"
	"{\"key\":\"doing\",\"category\":\"doing\",\"setters\":\"MCSG\","
	"\"label\":{\"en\":\"Ongoing\",\"nb\":\"I gang\"}},"
	"{\"key\":\"help\",\"category\":\"doing\",\"flag\":true,\"setters\":\"MCSG\","
	"\"label\":{\"en\":\"Need help\",\"nb\":\"Trenger hjelp\"}},"
	"{\"key\":\"done\",\"category\":\"done\",\"setters\":\"MCSG\","
	"\"label\":{\"en\":\"Completed\",\"nb\":\"Ferdig\"}},"
	"{\"key\":\"dropped\",\"category\":\"dropped\",\"setters\":\"M\","
	"\"label\":{\"en\":\"Dropped\",\"nb\":\"Tatt bort\"}}]";

const struct form_kind *form_kind(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/* ---- Fields ---- */

static bool take_options(struct form_reader *r, const struct form_place *in, const json_t *from,
			 json_t *to)
{
	json_t *out = form_take_list(r, in, from, "options", 1, OPTIONS_MAX, to), *option;
	struct form_place list = {in, "options", 0};
	size_t i;

	if (!out)
		return false;
	json_array_foreach(json_object_get(from, "options"), i, option)
	{
		struct form_place at = {&list, NULL, i};
		if (!form_is_object_of(r, &at, option, "code label"))
			return false;
		json_t *o = form_add_object(out);
		if (!form_take_code(r, &at, option, out, o) ||
		    !form_take_texts(r, &at, option, "label", FORM_LABEL_MAX, true, o))
			return false;
	}
	return true;
}

static bool take_values(struct form_reader *r, const struct form_place *in, const json_t *from,
			json_t *to)
{
	json_t *out = form_take_list(r, in, from, "values", 1, OPTIONS_MAX, to), *value;
	struct form_place list = {in, "values", 0};
	size_t i;

	if (!out)
		return false;
	json_array_foreach(json_object_get(from, "values"), i, value)
	{
		struct form_place at = {&list, NULL, i};
		if (!form_is_object_of(r, &at, value, "code short label category"))
			return false;
		json_t *o = form_add_object(out);
		if (!form_take_code(r, &at, value, out, o) ||
		    !form_take_texts(r, &at, value, "short", FORM_LABEL_MAX, true, o) ||
		    !form_take_texts(r, &at, value, "label", FORM_LABEL_MAX, true, o) ||
		    !form_take_word(r, &at, value, "category", meanings, NULL, o))
			return false;
	}
	return true;
}

/* The name of a shipped scale, or a whole one; what stands there afterwards is whole. */
static bool take_scale(struct form_reader *r, const struct form_place *in, const json_t *from,
		       json_t *to)
{
	json_t *scale = json_object_get(from, "scale"), *ours;
	const char *key = json_is_string(scale) ? json_string_value(scale) : js_str(scale, "key");
	const struct scale *shipped = key ? scale_find(key) : NULL;
	struct form_place at = {in, "scale", 0};

	if (!scale && r->is_draft)
		return true;
	if (!key || !*key || !form_text_ok(key, FORM_WORD_MAX * 2))
		return form_wrong(r, in, "scale", scale ? "no_such_scale" : "missing");
	if (shipped) {
		ours = js_own(r->m, json_loads(shipped->json, 0, NULL));
		if (json_is_string(scale) || json_equal(ours, scale))
			return json_object_set(to, "scale", ours) == 0;
	}
	if (json_is_string(scale))
		return form_wrong(r, in, "scale", "no_such_scale");
	if (!form_is_object_of(r, &at, scale, "key name direction values"))
		return false;
	json_t *own = json_object();
	json_object_set_new(to, "scale", own);
	json_object_set_new(own, "key", json_string(key));
	return form_take_texts(r, &at, scale, "name", FORM_LABEL_MAX, true, own) &&
	       form_take_word(r, &at, scale, "direction", directions, NULL, own) &&
	       take_values(r, &at, scale, own);
}

static bool take_columns(struct form_reader *r, const struct form_place *in, const json_t *from,
			 json_t *to)
{
	json_t *out = form_take_list(r, in, from, "columns", 1, COLUMNS_MAX, to), *column;
	struct form_place list = {in, "columns", 0};
	size_t i;

	if (!out)
		return false;
	json_array_foreach(json_object_get(from, "columns"), i, column)
	{
		const char *name = mem_printf(r->m, "%zu", i);
		json_t *as_member = js_own(r->m, json_pack("{s:O}", name, column));
		json_t *o = js_own(r->m, json_object());
		if (!form_take_texts(r, &list, as_member, name, FORM_LABEL_MAX, true, o))
			return false;
		json_array_append(out, json_object_get(o, name));
	}
	return true;
}

/* What only fields of its kind have. */
static bool take_own_members(struct form_reader *r, const struct form_place *at,
			     const struct form_kind *k, const json_t *from, json_t *to)
{
	static const struct {
		const char *name;
		int of;
	} members[] = {
		{"options", KIND_OPTIONS}, {"scale", KIND_SCALE},
		{"columns", KIND_COLUMNS}, {"unit", KIND_UNIT},
		{"target", KIND_TARGET},   {"computed", KIND_COMPUTED},
		{"head", KIND_HEAD},       {"agreement", KIND_AGREEMENT},
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (!(k->is & members[i].of) && json_object_get(from, members[i].name))
			return form_wrong(r, at, members[i].name, "not_of_kind");
	return (!(k->is & KIND_OPTIONS) || take_options(r, at, from, to)) &&
	       (!(k->is & KIND_SCALE) || take_scale(r, at, from, to)) &&
	       (!(k->is & KIND_COLUMNS) || take_columns(r, at, from, to)) &&
	       (!(k->is & KIND_UNIT) || form_take_line(r, at, from, "unit", FORM_WORD_MAX, to)) &&
	       (!(k->is & KIND_TARGET) || form_take_number(r, at, from, "target", to)) &&
	       (!(k->is & KIND_COMPUTED) ||
		form_take_word(r, at, from, "computed", computable, NULL, to)) &&
	       (!(k->is & KIND_HEAD) || form_take_flag(r, at, from, "head", false, false, to)) &&
	       (!(k->is & KIND_AGREEMENT) ||
		form_take_flag(r, at, from, "agreement", false, false, to));
}

/* Where a field may stand, and what must not be together. */
static bool field_fits(struct form_reader *r, const struct form_place *at,
		       const struct form_kind *k, bool in_grid, int grid_sees, const json_t *field)
{
	bool of_goal = str_eq(js_str(field, "of"), "goal");
	int sees = hats_parse(js_str(field, "sees"));

	if (!(k->is & (in_grid ? KIND_IN_GRID : KIND_IN_FIELDS)) ||
	    (in_grid && (k->is & KIND_OF_GOAL) && !of_goal))
		return form_wrong(r, at, "kind", "not_here");
	if ((k->is & KIND_MUTE) && *js_str(field, "edits"))
		return form_wrong(r, at, "edits", "not_of_kind");
	if (js_bool(field, "shared", false) &&
	    ((k->is & KIND_PERSONAL) || js_bool(field, "sensitive", false)))
		return form_wrong(r, at, "shared", "personal");
	if (!in_grid && js_bool(field, "head", false))
		return form_wrong(r, at, "head", "not_here");
	if (in_grid && (sees & ~grid_sees))
		return form_wrong(r, at, "sees", "grid_hidden");
	if (js_bool(field, "head", false) && (grid_sees & ~sees))
		return form_wrong(r, at, "sees", "head_hidden");
	if (!js_bool(field, "agreement", false))
		return true;
	if (in_grid || r->has_agreement)
		return form_wrong(r, at, "agreement", in_grid ? "not_here" : "twice");
	return r->has_agreement = true;
}

static bool take_field(struct form_reader *r, const struct form_place *at, bool in_grid,
		       int grid_sees, const json_t *from, json_t *to)
{
	const struct form_kind *k = form_kind(js_str(from, "kind"));
	int sees;

	if (!form_is_object_of(
		    r, at, from,
		    "key kind of label help sees edits head required shared printed sensitive "
		    "agreement options scale columns unit target computed"))
		return false;
	if (!k)
		return form_wrong(r, at, "kind", "no_such_word");
	if (++r->fields > FORM_FIELDS)
		return form_wrong(r, at, NULL, "too_many");
	if (!in_grid && json_object_get(from, "of"))
		return form_wrong(r, at, "of", "not_here");
	json_object_set_new(to, "kind", json_string(k->name));
	return form_take_key(r, at, from, to) &&
	       (!in_grid || form_take_word(r, at, from, "of", belongs, "goal", to)) &&
	       form_take_texts(r, at, from, "label",
			       str_eq(k->name, "heading") ? FORM_LONG_MAX : FORM_LABEL_MAX, true,
			       to) &&
	       form_take_texts(r, at, from, "help", FORM_LONG_MAX, false, to) &&
	       form_take_rights(r, at, from, to, &sees) &&
	       form_take_flag(r, at, from, "required", false, false, to) &&
	       form_take_flag(r, at, from, "sensitive", false, false, to) &&
	       form_take_flag(r, at, from, "shared", false, true, to) &&
	       form_take_flag(r, at, from, "printed", !js_bool(to, "sensitive", false), true, to) &&
	       take_own_members(r, at, k, from, to) && field_fits(r, at, k, in_grid, grid_sees, to);
}

/* ---- Sections ---- */

/* The first text of competences and of goals is their head where none is said to be. */
static bool grid_heads(struct form_reader *r, const struct form_place *section, json_t *fields,
		       int sees)
{
	for (const char *const *of = belongs; *of; of++) {
		json_t *field, *first = NULL;
		size_t i, n = 0;

		json_array_foreach(fields, i, field)
		{
			if (!str_eq(js_str(field, "of"), *of))
				continue;
			if (js_bool(field, "head", false) && n++)
				return form_wrong(r, section, "fields", "heads");
			if (!first && (form_kind(js_str(field, "kind"))->is & KIND_HEAD) &&
			    hats_parse(js_str(field, "sees")) == sees)
				first = field;
		}
		if (!n && !first && !r->is_draft)
			return form_wrong(r, section, "fields", "heads");
		if (!n && first)
			json_object_set_new(first, "head", json_true());
	}
	return true;
}

static bool take_section(struct form_reader *r, const struct form_place *at, const json_t *from,
			 json_t *to)
{
	struct form_place list = {at, "fields", 0};
	json_t *fields, *field;
	int sees = HAT_ALL;
	size_t i;

	if (!form_is_object_of(r, at, from, "key kind title help sees edits fields") ||
	    !form_take_key(r, at, from, to) ||
	    !form_take_word(r, at, from, "kind", shapes, "fields", to) ||
	    !form_take_texts(r, at, from, "title", FORM_LABEL_MAX, true, to) ||
	    !form_take_texts(r, at, from, "help", FORM_LONG_MAX, false, to))
		return false;
	bool is_grid = str_eq(js_str(to, "kind"), "grid");
	if (is_grid && r->has_grid)
		return form_wrong(r, at, "kind", "twice");
	if (!is_grid && (json_object_get(from, "sees") || json_object_get(from, "edits")))
		return form_wrong(r, at, "sees", "not_of_kind");
	r->has_grid = r->has_grid || is_grid;
	if (is_grid && !form_take_rights(r, at, from, to, &sees))
		return false;
	if (!(fields = form_take_list(r, at, from, "fields", 1, FORM_FIELDS, to)))
		return false;
	json_array_foreach(json_object_get(from, "fields"), i, field)
	{
		struct form_place here = {&list, NULL, i};
		if (!take_field(r, &here, is_grid, sees, field, form_add_object(fields)))
			return false;
	}
	return !is_grid || grid_heads(r, at, fields, sees);
}

static bool take_sections(struct form_reader *r, const json_t *from, json_t *to)
{
	json_t *out = form_take_list(r, NULL, from, "sections", 1, SECTIONS_MAX, to), *section;
	struct form_place list = {NULL, "sections", 0};
	size_t i;

	if (!out)
		return false;
	json_array_foreach(json_object_get(from, "sections"), i, section)
	{
		struct form_place at = {&list, NULL, i};
		if (!take_section(r, &at, section, form_add_object(out)))
			return false;
	}
	return true;
}

/* ---- The whole ---- */

static bool take_status(struct form_reader *r, const struct form_place *at, const json_t *from,
			json_t *keys, json_t *to)
{
	const char *key = js_str(from, "key");
	int setters = HAT_MENTOR | HAT_TEACHER | HAT_FAMILY;

	if (!form_is_object_of(r, at, from, "key label category flag setters"))
		return false;
	if (!form_key_ok(key))
		return form_wrong(r, at, "key", "no_key");
	if (json_object_get(keys, key))
		return form_wrong(r, at, "key", "twice");
	json_object_set_new(keys, key, json_true());
	json_object_set_new(to, "key", json_string(key));
	if (!form_take_texts(r, at, from, "label", FORM_LABEL_MAX, true, to) ||
	    !form_take_word(r, at, from, "category", categories, NULL, to) ||
	    !form_take_flag(r, at, from, "flag", false, false, to) ||
	    (json_object_get(from, "setters") && !form_take_hats(r, at, from, "setters", &setters)))
		return false;
	json_object_set_new(to, "setters", json_string(hats_name(r->m, setters | HAT_MENTOR)));
	return true;
}

/* What is begun must be able to be finished. */
static bool has_category(const json_t *statuses, const char *category)
{
	json_t *status;
	size_t i;

	json_array_foreach(statuses, i, status)
	{
		if (str_eq(js_str(status, "category"), category))
			return true;
	}
	return false;
}

static bool take_statuses(struct form_reader *r, const json_t *from, json_t *to)
{
	json_t *keys = js_own(r->m, json_object()), *out, *status;
	struct form_place list = {NULL, "statuses", 0};
	size_t i;

	if (!json_object_get(from, "statuses"))
		return json_object_set_new(to, "statuses",
					   json_loads(standard_statuses, 0, NULL)) == 0;
	if (!(out = form_take_list(r, NULL, from, "statuses", 1, STATUSES_MAX, to)))
		return false;
	json_array_foreach(json_object_get(from, "statuses"), i, status)
	{
		struct form_place at = {&list, NULL, i};
		if (!take_status(r, &at, status, keys, form_add_object(out)))
			return false;
	}
	if (!r->is_draft && (!has_category(out, "todo") || !has_category(out, "done")))
		return form_wrong(r, NULL, "statuses", "categories");
	return true;
}

/* {"sees": "MCS", "edits": "MCS"}, where it is there. */
static bool take_pair(struct form_reader *r, const json_t *from, const char *name, json_t *to)
{
	struct form_place at = {NULL, name, 0};
	json_t *pair = json_object_get(from, name), *out = json_object();
	int sees;

	if (!pair) {
		json_decref(out);
		return true;
	}
	json_object_set_new(to, name, out);
	return form_is_object_of(r, &at, pair, "sees edits") &&
	       form_take_rights(r, &at, pair, out, &sees);
}

static bool read_as(struct mem *m, const char *json, size_t n, bool is_draft, json_t **out,
		    struct err *e)
{
	struct form_reader r = {
		.m = m, .is_draft = is_draft, .e = e, .keys = js_own(m, json_object())};
	json_t *from, *to = js_own(m, json_object());
	int64_t version;

	if (!js_parse(m, json, n, FORM_STORED_MAX, &from, e))
		return false;
	if (!form_is_object_of(
		    &r, NULL, from,
		    "version title about purpose statuses ceiling log topics turns sections"))
		return false;
	if (!js_num(from, "version", &version) || version != 1)
		return form_wrong(&r, NULL, "version", "no_such_word");
	json_object_set_new(to, "version", json_integer(1));
	if (!form_take_texts(&r, NULL, from, "title", FORM_LABEL_MAX, true, to) ||
	    !form_take_texts(&r, NULL, from, "about", FORM_LONG_MAX, false, to) ||
	    !form_take_word(&r, NULL, from, "purpose", purposes, "other", to) ||
	    !take_statuses(&r, from, to) || !take_pair(&r, from, "ceiling", to) ||
	    !take_pair(&r, from, "log", to) || !take_pair(&r, from, "topics", to) ||
	    !form_take_flag(&r, NULL, from, "turns", false, false, to) ||
	    !take_sections(&r, from, to))
		return false;
	size_t size;
	js_print(m, to, &size);
	if (size > FORM_MAX)
		return err_set(e, ERR_INVALID, "form of %zu bytes, at most %zu", size, FORM_MAX);
	*out = to;
	return true;
}

bool form_read(struct mem *m, const char *json, size_t n, json_t **out, struct err *e)
{
	return read_as(m, json, n, false, out, e);
}

bool form_draft(struct mem *m, const char *json, size_t n, json_t **out, struct err *e)
{
	return read_as(m, json, n, true, out, e);
}
