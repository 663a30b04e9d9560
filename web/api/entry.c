/* Entries over HTTP: a field saved, many at once, what stood before. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include <string.h>

bool api_entry_save(struct exchange *x, struct err *e)
{
	struct entry_save s = { .review = x->params[0],
				.student = x->params[1],
				.field = entry_field_parse(x->params[2]) };
	struct entry_saved saved;

	if (s.field != ENTRY_VALUE && s.field != ENTRY_COMMENT)
		return err_set(e, ERR_NOT_FOUND, "no such field");
	return read_text(x, s.field, &s.text, &s.seen, e) &&
	       entry_save(x->db, x->m, &x->viewer, &s, &saved, e) && reply_saved(x, &saved, true);
}

bool api_self_save(struct exchange *x, struct err *e)
{
	struct entry_save s = { .review = x->params[0], .field = entry_field_parse(x->params[1]) };
	struct entry_saved saved;

	if (s.field != ENTRY_SELF_VALUE && s.field != ENTRY_SELF_COMMENT)
		return err_set(e, ERR_NOT_FOUND, "no such field");
	return read_text(x, s.field, &s.text, &s.seen, e) &&
	       entry_save(x->db, x->m, &x->viewer, &s, &saved, e) && reply_saved(x, &saved, false);
}

bool api_entry_date(struct exchange *x, struct err *e)
{
	const char *date = js_str(x->body, "date");

	if (!date || !date_ok(date))
		return err_field(e, "date", "no date");
	return entry_date(x->db, x->m, &x->viewer, x->params[0], x->params[1], date, e) &&
	       reply_nothing(x);
}

/* Puts what happened to one field of many into their results. */
static void take_field(enum entry_field field, const struct entry_many_result *list, size_t n, json_t *results)
{
	const char *name = entry_field_name(field), *rev = field == ENTRY_VALUE ? "valueRev" : "commentRev";

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object_get(results, list[i].student);
		if (!o) {
			o = json_pack("{s:s, s:b, s:{}}", "student", list[i].student, "ok", false, "previous");
			json_object_set_new(results, list[i].student, o);
		}
		json_object_set_new(json_object_get(o, "previous"), name, js_text(list[i].previous));
		if (!list[i].saved)
			continue;
		json_object_set_new(o, "ok", json_true());
		json_object_set_new(o, name, js_text(list[i].text));
		json_object_set_new(o, rev, json_integer((json_int_t)list[i].rev));
	}
}

static bool reply_results(struct exchange *x, json_t *by_student)
{
	json_t *results = json_array(), *item;
	const char *key;

	json_object_foreach(by_student, key, item)
		json_array_append(results, item);
	return reply_json(x, 200, json_pack("{s:o}", "results", results));
}

static bool save_field(struct exchange *x, struct entry_many *s, json_t *results, struct err *e)
{
	struct entry_many_result *list;
	size_t n;

	if (!entry_save_many(x->db, x->m, &x->viewer, s, &list, &n, e))
		return false;
	take_field(s->field, list, n, results);
	return true;
}

bool api_entry_many(struct exchange *x, struct err *e)
{
	struct entry_many s = { .review = x->params[0] };
	json_t *has_value = json_object_get(x->body, "value");
	const char *value, *comment;
	const char *mode = str_or(js_str(x->body, "mode"), "fill"), **students;
	json_t *by_student = js_own(x->m, json_object());

	if (!read_students(x, &students, &s.n, e) || !read_string(x, "value", &value, e) ||
	    !read_string(x, "comment", &comment, e))
		return false;
	s.students = students;
	if (!str_eq(mode, "fill") && !str_eq(mode, "replace"))
		return err_field(e, "mode", "fill or replace");
	if (!has_value && str_empty(comment))
		return err_field(e, "value", "a value or a comment");
	if (comment && (!str_is_text(comment, strlen(comment)) || str_points(comment) > ENTRY_TEXT_MAX / 2))
		return err_field(e, "comment", "too long or no text");
	s.replace = str_eq(mode, "replace");
	if (has_value) {
		s.field = ENTRY_VALUE;
		s.text = str_empty(value) ? NULL : value;
		if (!save_field(x, &s, by_student, e))
			return false;
	}
	if (!str_empty(comment)) {
		s.field = ENTRY_COMMENT;
		s.text = one_kind_of_line_end(x->m, comment);
		if (!save_field(x, &s, by_student, e))
			return false;
	}
	return reply_results(x, by_student);
}

/* ---- A column of a spreadsheet ---- */

/* The lists of the two fields, each with room for all rows. */
struct column {
	const char **students, **texts;
	size_t n;
};

static void column_add(struct column *c, const char *student, const char *text)
{
	c->students[c->n] = student;
	c->texts[c->n++] = text;
}

static bool read_row(struct exchange *x, const json_t *row, struct column *values, struct column *comments,
		     struct err *e)
{
	const char *student = js_str(row, "student");
	const json_t *value = json_object_get(row, "value"), *comment = json_object_get(row, "comment");
	const char *code = json_string_value(value), *text = json_string_value(comment);

	if (!student || !uuid_ok(student))
		return err_field(e, "rows", "no student's id");
	if ((value && !code) || (comment && !text) || (!value && !comment))
		return err_field(e, "rows", "a value or a comment, as texts");
	if (code && (!*code || !str_is_text(code, strlen(code)) || str_points(code) > 10))
		return err_field(e, "rows", "no value");
	if (text && (!str_is_text(text, strlen(text)) || str_points(text) > ENTRY_TEXT_MAX / 2))
		return err_field(e, "rows", "a comment that is too long or no text");
	if (code)
		column_add(values, student, code);
	if (!str_empty(text))
		column_add(comments, student, one_kind_of_line_end(x->m, text));
	return true;
}

static bool each_once(const json_t *rows, struct err *e)
{
	json_t *seen = json_object(), *row;
	bool ok = true;
	size_t i;

	json_array_foreach(rows, i, row) {
		const char *student = str_or(js_str(row, "student"), "");
		ok = ok && !json_object_get(seen, student);
		json_object_set_new(seen, student, json_true());
	}
	json_decref(seen);
	return ok || err_field(e, "rows", "the same student twice");
}

bool api_entry_paste(struct exchange *x, struct err *e)
{
	const json_t *rows = js_arr(x->body, "rows"), *replace = json_object_get(x->body, "replace");
	size_t n = json_array_size(rows), i;
	struct column c[2];
	struct entry_many_results out[2];
	json_t *row, *by_student = js_own(x->m, json_object());

	if (!n || n > STUDENTS_MAX)
		return err_field(e, "rows", "1 to %d rows", STUDENTS_MAX);
	if (replace && !json_is_boolean(replace))
		return err_field(e, "replace", "true or false");
	if (!each_once(rows, e))
		return false;
	for (i = 0; i < 2; i++)
		c[i] = (struct column){ mem_array(x->m, const char *, n), mem_array(x->m, const char *, n), 0 };
	json_array_foreach(rows, i, row)
		if (!read_row(x, row, &c[0], &c[1], e))
			return false;
	const struct entry_many many[2] = {
		{ .review = x->params[0], .students = c[0].students, .n = c[0].n, .field = ENTRY_VALUE,
		  .texts = c[0].texts, .replace = json_is_true(replace) },
		{ .review = x->params[0], .students = c[1].students, .n = c[1].n, .field = ENTRY_COMMENT,
		  .texts = c[1].texts, .replace = json_is_true(replace) },
	};
	if (!entry_paste(x->db, x->m, &x->viewer, many, 2, out, e))
		return false;
	for (i = 0; i < 2; i++)
		take_field(many[i].field, out[i].list, out[i].n, by_student);
	return reply_results(x, by_student);
}

bool api_entry_history(struct exchange *x, struct err *e)
{
	struct entry_version *list;
	size_t n;

	if (!entry_history(x->db, x->m, &x->viewer, x->params[0], x->params[1], &list, &n, e))
		return false;
	json_t *history = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(history,
				      json_pack("{s:s, s:I, s:s?, s:s, s:s}", "field",
						entry_field_name(list[i].field), "rev",
						(json_int_t)list[i].rev, "text", list[i].text, "by",
						list[i].by, "at", list[i].at));
	return reply_json(x, 200, json_pack("{s:o}", "history", history));
}
