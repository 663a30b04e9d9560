#include "web/api/api_internal.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include <stdlib.h>
#include <string.h>

json_t *scale_json(const char *text)
{
	json_t *scale = text ? json_loads(text, 0, NULL) : NULL;

	return scale ? scale : json_null();
}

json_t *review_json(const struct review *r)
{
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:I, s:s, s:I, s:I, s:I, s:s?, s:b}", "id",
		r->id, "title", r->title, "startsOn", r->starts_on, "endsOn", r->ends_on, "scale",
		scale_json(r->scale), "scaleLocked", r->scale_locked, "selfAssessment",
		r->self_assessment, "toStudents", r->to_students, "toGuardians", r->to_guardians, "rev",
		(json_int_t)r->rev, "changedAt", r->changed_at, "total", (json_int_t)r->total,
		"assessed", (json_int_t)r->assessed, "released", (json_int_t)r->released, "releasedAt",
		r->released_at, "empty", r->is_empty);

	json_object_set_new(o, "selfScale", scale_json(r->self_scale));
	json_object_set_new(o, "release", json_string(r->release));
	json_object_set_new(o, "releaseOn", js_text(r->release_on));
	json_object_set_new(o, "ready", json_integer((json_int_t)r->ready));
	json_object_set_new(o, "remindOn", js_text(r->remind_on));
	return o;
}

bool date_ok(const char *s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, end = 0;

	if (strlen(s) != 10 || sscanf(s, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10)
		return false;
	if (strspn(s, "0123456789-") != 10 || year < 2000 || year > 2200 || month < 1 || month > 12)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day >= 1 && day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

static const char *later(const char *a, const char *b)
{
	return !a || (b && strcmp(b, a) > 0) ? b : a;
}

json_t *entry_json(const struct entry *t, bool with_self)
{
	const struct entry_text *v = &t->texts[ENTRY_VALUE], *c = &t->texts[ENTRY_COMMENT];
	const struct entry_text *sv = &t->texts[ENTRY_SELF_VALUE], *sc = &t->texts[ENTRY_SELF_COMMENT];
	json_t *o = json_pack(
		"{s:{s:s, s:s, s:s?}, s:s?, s:I, s:s?, s:s?, s:s, s:I, s:s?, s:s?, s:s?, s:b, s:b, s:s?, s:s?, s:b, s:s?}",
		"student", "id", t->student.id, "name", t->student.name, "given", t->student.given, "value", v->text, "valueRev",
		(json_int_t)v->rev, "valueBy", v->by, "valueAt", v->at, "comment", str_or(c->text, ""),
		"commentRev", (json_int_t)c->rev, "commentBy", c->by, "commentAt", c->at, "releasedAt",
		t->released_at, "changedSinceRelease",
		v->changed_since_release || c->changed_since_release, "left", t->has_left, "enteredOn",
		t->entered_on, "readyAt", t->ready_at, "changedSinceReady",
		v->changed_since_ready || c->changed_since_ready, "correctedAt", t->corrected_at);

	if (with_self && (!str_empty(sv->text) || !str_empty(sc->text)))
		json_object_set_new(o, "self",
				    json_pack("{s:s?, s:s, s:s?}", "value", sv->text, "comment",
					      str_or(sc->text, ""), "at", later(sv->at, sc->at)));
	return o;
}

/* qsort has no argument of its own; the language is the thread's for the while. */
static _Thread_local const char *sort_language;

static int by_name(const struct person *a, const struct person *b)
{
	int order = i18n_compare(sort_language, a->name, b->name);

	return order ? order : strcmp(a->id, b->id);
}

static int person_order(const void *a, const void *b)
{
	return by_name(a, b);
}

static int entry_order(const void *a, const void *b)
{
	return by_name(&((const struct entry *)a)->student, &((const struct entry *)b)->student);
}

void sort_people(const char *language, struct person *p, size_t n)
{
	sort_language = language;
	if (n)
		qsort(p, n, sizeof *p, person_order);
}

void sort_entries(const char *language, struct entry *t, size_t n)
{
	sort_language = language;
	if (n)
		qsort(t, n, sizeof *t, entry_order);
}

bool read_students(struct exchange *x, const char ***out, size_t *n, struct err *e)
{
	json_t *list = js_arr(x->body, "students"), *item;
	size_t i;

	if (!json_array_size(list) || json_array_size(list) > STUDENTS_MAX)
		return err_field(e, "students", "1 to %d students", STUDENTS_MAX);
	*n = json_array_size(list);
	*out = mem_array(x->m, const char *, *n);
	json_array_foreach(list, i, item) {
		(*out)[i] = json_string_value(item);
		if (!uuid_ok((*out)[i]))
			return err_field(e, "students", "no student's id");
		for (size_t j = 0; j < i; j++)
			if (str_eq((*out)[i], (*out)[j]))
				return err_field(e, "students", "the same student twice");
	}
	return true;
}

const char *one_kind_of_line_end(struct mem *m, const char *s)
{
	char *text = mem_strdup(m, s), *t = text;

	for (; *s; s++) {
		if (*s == '\r' && s[1] == '\n')
			continue;
		*t++ = *s == '\r' ? '\n' : *s;
	}
	*t = '\0';
	return text;
}

bool read_string(struct exchange *x, const char *field, const char **out, struct err *e)
{
	json_t *v = json_object_get(x->body, field);

	if (v && !json_is_null(v) && !json_is_string(v))
		return err_field(e, field, "a text or null");
	*out = json_string_value(v);
	return true;
}

bool read_rev(struct exchange *x, int64_t *rev, struct err *e)
{
	if (!json_is_integer(json_object_get(x->body, "rev")) || !js_num(x->body, "rev", rev) ||
	    *rev > INT32_MAX)
		return err_field(e, "rev", "the revision seen is missing");
	return true;
}

bool read_text(struct exchange *x, enum entry_field field, const char **text, int64_t *rev,
	       struct err *e)
{
	json_t *value = json_object_get(x->body, "text");
	const char *s = json_string_value(value);
	bool is_value = field == ENTRY_VALUE || field == ENTRY_SELF_VALUE;

	if (!value || (!s && !json_is_null(value)))
		return err_field(e, "text", "a text or null");
	if (s && !str_is_text(s, strlen(s)))
		return err_field(e, "text", "holds control characters");
	if (s && str_points(s) > ENTRY_TEXT_MAX)
		return err_field(e, "text", "longer than %d characters", ENTRY_TEXT_MAX);
	if (!read_rev(x, rev, e))
		return false;
	/* No grade is null; no comment is the empty text. */
	if (is_value)
		*text = str_empty(s) ? NULL : s;
	else
		*text = s ? one_kind_of_line_end(x->m, s) : "";
	return true;
}

bool reply_saved(struct exchange *x, const struct entry_saved *s, bool is_teacher)
{
	json_t *o;

	if (!s->saved)
		return reply_json(x, 409,
				  json_pack("{s:{s:s}, s:{s:s?, s:I, s:s?, s:s?}}", "error", "code",
					    "conflict", "theirs", "text", s->now.text, "rev",
					    (json_int_t)s->now.rev, "by", s->now.by, "at", s->now.at));
	o = json_pack("{s:I, s:s?}", "rev", (json_int_t)s->now.rev, "at", s->now.at);
	if (is_teacher) {
		json_object_set_new(o, "scaleLocked", json_boolean(s->scale_locked));
		json_object_set_new(o, "assessed", json_integer((json_int_t)s->assessed));
	}
	return reply_json(x, 200, o);
}
