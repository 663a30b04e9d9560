#include "ilp/work_internal.h"
#include "base/js.h"
#include "base/str.h"
#include <stdlib.h>

static json_t *member(struct mem *m, const struct db_rows *r, int row, int col,
		      enum column_kind kind)
{
	const char *text = db_text(r, row, col);

	switch (kind) {
	case COL_TEXT:
		return text ? json_string_nocheck(text) : json_null();
	case COL_MAYBE:
		return text ? json_string_nocheck(text) : NULL;
	case COL_FULL:
		return json_string_nocheck(text ? text : "");
	case COL_INT:
		return text ? json_integer((json_int_t)db_int(r, row, col)) : NULL;
	case COL_REAL:
		return text ? json_real(strtod(text, NULL)) : NULL;
	case COL_TRUE:
		return db_bool(r, row, col) ? json_true() : NULL;
	case COL_HAT:
		text = hat_name((int)db_int(r, row, col));
		return text ? json_string_nocheck(text) : NULL;
	case COL_HATS:
		return json_string_nocheck(hats_name(m, (int)db_int(r, row, col)));
	case COL_JSON: {
		json_t *value = text ? json_loads(text, 0, NULL) : NULL;
		return value ? value : json_null();
	}
	case COL_SKIP:
		break;
	}
	return NULL;
}

json_t *row_json(struct mem *m, const struct db_rows *r, int row, const struct column *columns)
{
	json_t *o = json_object();

	for (int col = 0; columns[col].name; col++) {
		json_t *value = member(m, r, row, col, columns[col].kind);
		if (value)
			json_object_set_new_nocheck(o, columns[col].name, value);
	}
	return o;
}

json_t *rows_json(struct mem *m, const struct db_rows *r, const struct column *columns)
{
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++)
		json_array_append_new(list, row_json(m, r, i, columns));
	return list;
}

json_t *grid_rows_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},        {"kind", COL_TEXT},
		{"parent", COL_TEXT},    {"position", COL_REAL},
		{"state", COL_TEXT},     {"objective", COL_MAYBE},
		{"by", COL_TEXT},        {"hat", COL_HAT},
		{"mayRemove", COL_TRUE}, {0},
	};

	return rows_json(m, r, columns);
}

json_t *tasks_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},          {"field", COL_TEXT},
		{"row", COL_TEXT},         {"position", COL_REAL},
		{"text", COL_TEXT},        {"status", COL_TEXT},
		{"category", COL_TEXT},    {"dueOn", COL_TEXT},
		{"responsible", COL_TEXT}, {"link", COL_TEXT},
		{"detail", COL_TEXT},      {"text", COL_SKIP},
		{"status", COL_SKIP},      {"due", COL_SKIP},
		{"responsible", COL_SKIP}, {"link", COL_SKIP},
		{"detail", COL_SKIP},      {"statusBy", COL_MAYBE},
		{"statusAt", COL_MAYBE},   {"by", COL_SKIP},
		{"at", COL_SKIP},          {"movedFrom", COL_TRUE},
		{"movedTo", COL_MAYBE},    {"isNew", COL_TRUE},
		{"mayRemove", COL_TRUE},   {0},
	};
	enum { FIRST_REV = 11, LAST_REV = 16, CONFIRMED_BY = 19, CONFIRMED_AT };
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++) {
		json_t *o = row_json(m, r, i, columns), *revs = json_object();
		for (int col = FIRST_REV; col <= LAST_REV; col++)
			json_object_set_new_nocheck(revs, columns[col].name,
						    json_integer((json_int_t)db_int(r, i, col)));
		json_object_set_new_nocheck(o, "revs", revs);
		if (db_text(r, i, CONFIRMED_AT))
			json_object_set_new_nocheck(o, "confirmed",
						    json_pack("{s:s, s:s}", "by",
							      db_text(r, i, CONFIRMED_BY), "at",
							      db_text(r, i, CONFIRMED_AT)));
		json_array_append_new(list, o);
	}
	return list;
}

json_t *posts_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},        {"field", COL_TEXT},
		{"row", COL_TEXT},       {"text", COL_TEXT},
		{"audience", COL_HATS},  {"rev", COL_INT},
		{"by", COL_TEXT},        {"byId", COL_TEXT},
		{"hat", COL_HAT},        {"at", COL_TEXT},
		{"editedAt", COL_MAYBE}, {"removed", COL_TRUE},
		{"doneAt", COL_MAYBE},   {"mine", COL_TRUE},
		{"isNew", COL_TRUE},     {0},
	};

	return rows_json(m, r, columns);
}

json_t *evidence_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},   {"field", COL_TEXT}, {"row", COL_TEXT},  {"title", COL_TEXT},
		{"url", COL_MAYBE}, {"file", COL_SKIP},  {"file", COL_SKIP}, {"by", COL_TEXT},
		{"hat", COL_HAT},   {"at", COL_TEXT},    {"mine", COL_TRUE}, {0},
	};
	enum { TYPE = 5, SIZE };
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++) {
		json_t *o = row_json(m, r, i, columns);
		if (db_text(r, i, TYPE))
			json_object_set_new(o, "file",
					    json_pack("{s:s, s:I}", "type", db_text(r, i, TYPE),
						      "size", (json_int_t)db_int(r, i, SIZE)));
		json_array_append_new(list, o);
	}
	return list;
}

/* ---- small things that reads and writes share ---- */

bool act_allowed(enum act act, const char *state, int hat)
{
	static const char *const states[] = {"draft", "published", "locked", "archived"};
	unsigned long cells = strtoul(access_act(act), NULL, 10);

	for (int i = 0; i < 4; i++)
		if (str_eq(state, states[i]))
			return cells >> (8 * i) & (unsigned long)hat;
	return false;
}

bool work_saved_read(struct db *db, int save, int now, const char *text, struct work_saved *out,
		     struct err *e)
{
	const struct db_rows *r = db_rows(db, save), *n = db_rows(db, now);

	if (!db_text(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "nothing to write to");
	if (!db_bool(r, 0, 0))
		return err_field(e, "text", "does not fit the field");
	*out = (struct work_saved){0};
	if (db_count(n))
		*out = (struct work_saved){.text = db_text(n, 0, 0),
					   .rev = db_int(n, 0, 1),
					   .by = db_text(n, 0, 2),
					   .at = db_text(n, 0, 3)};
	/* A repeat of what already stands is as good as saved, nothing included. */
	out->saved = db_text(r, 0, 1) || str_eq(str_or(out->text, ""), str_or(text, ""));
	return true;
}

bool work_one(struct mem *m, json_t *list, json_t **out, struct err *e)
{
	*out = json_array_get(js_own(m, list), 0);
	return *out || err_set(e, ERR_NOT_FOUND, "nothing to write to");
}

void work_begin(struct db *db, struct mem *m, const struct viewer *v, const char *plan)
{
	viewer_begin(db, m, v);
	db_add(db, DB_WORK_HOLD, plan);
}

bool work_made(struct db *db, int add, struct err *e)
{
	const struct db_rows *r = db_rows(db, add);

	if (!db_text(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "nothing may be added there by this viewer");
	return !db_bool(r, 0, 0) || db_text(r, 0, 1) ||
	       err_field(e, "plan", "holds too much already");
}

const char *tri_flag(enum tri t)
{
	return t == TRI_UNSET ? NULL : db_flag(t == TRI_YES);
}
