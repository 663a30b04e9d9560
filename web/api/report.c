/* What teachers look back on: students times reviews, and one student over all of them. */
#include "web/api/api_internal.h"
#include "i18n/i18n.h"
#include "ilp/report.h"
#include "base/str.h"
#include <stdlib.h>
#include <string.h>

static json_t *report_review_json(const struct report_review *r)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", r->id, "title", r->title, "startsOn",
			 r->starts_on, "endsOn", r->ends_on, "scale", scale_json(r->scale));
}

static json_t *value_json(const struct report_value *v)
{
	if (!v->is_there)
		return json_null();
	return json_pack("{s:s?, s:b, s:s?, s:b}", "value", v->value, "commented", v->has_comment,
			 "releasedAt", v->released_at, "changed", v->changed);
}

static json_t *row_json(const struct report_row *r, size_t reviews_n)
{
	json_t *values = json_array();

	for (size_t i = 0; i < reviews_n; i++)
		json_array_append_new(values, value_json(&r->values[i]));
	return json_pack("{s:s, s:s, s:b, s:o}", "id", r->student.id, "name", r->student.name, "left",
			 r->has_left, "values", values);
}

/* qsort has no argument of its own; the language is the thread's for the while. */
static _Thread_local const char *sort_language;

static int by_name(const void *a, const void *b)
{
	const struct person *p = &((const struct report_row *)a)->student;
	const struct person *q = &((const struct report_row *)b)->student;
	int order = i18n_compare(sort_language, p->name, q->name);

	return order ? order : strcmp(p->id, q->id);
}

bool api_report(struct exchange *x, struct err *e)
{
	json_t *reviews = json_array(), *students = json_array();
	struct report r;

	js_own(x->m, reviews);
	js_own(x->m, students);
	if (!report_read(x->db, x->m, &x->viewer, &r, e))
		return false;
	sort_language = x->language;
	if (r.rows_n)
		qsort(r.rows, r.rows_n, sizeof *r.rows, by_name);
	for (size_t i = 0; i < r.reviews_n; i++)
		json_array_append_new(reviews, report_review_json(&r.reviews[i]));
	for (size_t i = 0; i < r.rows_n; i++)
		json_array_append_new(students, row_json(&r.rows[i], r.reviews_n));
	return reply_json(x, 200, json_pack("{s:O, s:O}", "reviews", reviews, "students", students));
}

static json_t *report_entry_json(const struct report_entry *t)
{
	json_t *o = json_pack("{s:o, s:s?, s:s, s:s?, s:s?, s:s?, s:b}", "review",
			      report_review_json(&t->review), "value", t->value, "comment", t->comment,
			      "by", t->by, "at", t->at, "releasedAt", t->released_at, "changed",
			      t->changed);

	if (t->self_at)
		json_object_set_new(o, "self",
				    json_pack("{s:s?, s:s, s:s}", "value", t->self_value, "comment",
					      t->self_comment, "at", t->self_at));
	return o;
}

bool api_report_student(struct exchange *x, struct err *e)
{
	json_t *entries = json_array();
	struct report_student s;

	js_own(x->m, entries);
	if (!report_student_read(x->db, x->m, &x->viewer, x->params[0], &s, e))
		return false;
	for (size_t i = 0; i < s.n; i++)
		json_array_append_new(entries, report_entry_json(&s.entries[i]));
	return reply_json(x, 200, json_pack("{s:{s:s, s:s, s:s, s:b}, s:O}", "student", "id", s.student.id,
					    "name", s.student.name, "given", s.student.given, "left",
					    s.has_left, "entries", entries));
}
