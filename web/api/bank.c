/* Sentences to use again over HTTP: one's own under /api/bank; those of the school under
 * /api/admin/bank, for whoever manages it. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "ilp/bank.h"
#include <string.h>

static bool of_school(const struct exchange *x)
{
	return str_starts(x->request->path, "/api/admin/");
}

static json_t *bank_json(const struct bank_entry *b)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:s}", "id", b->id, "kind", b->kind,
			 "subject", b->subject, "text", b->text, "uses", (json_int_t)b->uses,
			 "school", b->is_school, "at", b->at);
}

static bool kind_ok(const char *kind)
{
	return str_eq(kind, "comment") || str_eq(kind, "goal");
}

/* NULL where the body does not name them. */
static bool read_words(struct exchange *x, const char **subject, const char **text, struct err *e)
{
	if (!read_string(x, "subject", subject, e) || !read_string(x, "text", text, e))
		return false;
	*subject = *subject ? str_trim(x->m, *subject) : NULL;
	*text = *text ? str_trim(x->m, one_kind_of_line_end(x->m, *text)) : NULL;
	if (*subject && (str_points(*subject) > BANK_SUBJECT_MAX || strpbrk(*subject, "\r\n") ||
			 !str_is_text(*subject, strlen(*subject))))
		return err_field(e, "subject", "at most %d characters in one line",
				 BANK_SUBJECT_MAX);
	if (*text &&
	    (!**text || str_points(*text) > BANK_TEXT_MAX || !str_is_text(*text, strlen(*text))))
		return err_field(e, "text", "1 to %d characters", BANK_TEXT_MAX);
	return true;
}

static bool list(struct exchange *x, struct err *e)
{
	const char *kind = str_or(query_get(x, "kind"), "comment");
	struct bank_entry *found;
	size_t n;

	if (!kind_ok(kind))
		return err_field(e, "kind", "comment or goal");
	if (!bank_list(x->db, x->m, &x->viewer, kind, of_school(x), &found, &n, e))
		return false;
	json_t *entries = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(entries, bank_json(&found[i]));
	return reply_json(x, 200, json_pack("{s:o}", "entries", entries));
}

static bool add(struct exchange *x, struct err *e)
{
	struct bank_entry in = {0}, out;
	const json_t *school = json_object_get(x->body, "school");

	if (!read_string(x, "id", &in.id, e) || !read_string(x, "kind", &in.kind, e) ||
	    !read_words(x, &in.subject, &in.text, e))
		return false;
	if (!in.id || !uuid_ok(in.id))
		return err_field(e, "id", "no UUID");
	if (!kind_ok(in.kind))
		return err_field(e, "kind", "comment or goal");
	if (!in.text)
		return err_field(e, "text", "is missing");
	if (school && !json_is_boolean(school))
		return err_field(e, "school", "true or false");
	in.subject = str_or(in.subject, "");
	return bank_add(x->db, x->m, &x->viewer, &in, json_is_true(school) || of_school(x), &out,
			e) &&
	       reply_json(x, 201, bank_json(&out));
}

/* {used: true}: somebody took it. Else its words. */
static bool change(struct exchange *x, struct err *e)
{
	struct bank_entry out;
	const char *subject, *text;
	const json_t *used = json_object_get(x->body, "used");

	if (used && !json_is_true(used))
		return err_field(e, "used", "true or absent");
	if (!read_words(x, &subject, &text, e))
		return false;
	if (!used && !subject && !text)
		return err_field(e, "text", "nothing to change");
	bool ok = used ? bank_use(x->db, x->m, &x->viewer, x->params[0], &out, e)
		       : bank_change(x->db, x->m, &x->viewer, x->params[0], subject, text,
				     of_school(x), &out, e);
	return ok && reply_json(x, 200, bank_json(&out));
}

static bool delete (struct exchange *x, struct err *e)
{
	return bank_delete(x->db, x->m, &x->viewer, x->params[0], of_school(x), e) &&
	       reply_nothing(x);
}

const struct route bank_routes[] = {
	{"GET", "/api/bank", ROUTE_READ, RIGHT_USE_BANK, list},
	{"POST", "/api/bank", ROUTE_WRITE, RIGHT_USE_BANK, add},
	{"PATCH", "/api/bank/:id", ROUTE_WRITE, RIGHT_USE_BANK, change},
	{"DELETE", "/api/bank/:id", ROUTE_WRITE, RIGHT_USE_BANK, delete},
	{"GET", "/api/admin/bank", ROUTE_READ, RIGHT_MANAGE_SCHOOL, list},
	{"POST", "/api/admin/bank", ROUTE_WRITE, RIGHT_MANAGE_SCHOOL, add},
	{"PATCH", "/api/admin/bank/:id", ROUTE_WRITE, RIGHT_MANAGE_SCHOOL, change},
	{"DELETE", "/api/admin/bank/:id", ROUTE_WRITE, RIGHT_MANAGE_SCHOOL, delete},
	{0},
};
