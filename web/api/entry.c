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

/* Writes one field of many and puts what happened into their results. */
static bool save_field(struct exchange *x, struct entry_many *s, json_t *results, struct err *e)
{
	struct entry_many_result *list;
	const char *name = entry_field_name(s->field), *rev = s->field == ENTRY_VALUE ? "valueRev" : "commentRev";
	size_t n;

	if (!entry_save_many(x->db, x->m, &x->viewer, s, &list, &n, e))
		return false;
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
	return true;
}

bool api_entry_many(struct exchange *x, struct err *e)
{
	struct entry_many s = { .review = x->params[0] };
	json_t *has_value = json_object_get(x->body, "value"), *item;
	const char *value, *comment, *key;
	const char *mode = str_or(js_str(x->body, "mode"), "fill"), **students;
	json_t *by_student = js_own(x->m, json_object()), *results;

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
	results = json_array();
	json_object_foreach(by_student, key, item)
		json_array_append(results, item);
	return reply_json(x, 200, json_pack("{s:o}", "results", results));
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
