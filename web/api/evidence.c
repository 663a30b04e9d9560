/* Links and files of a plan over HTTP. A file goes out as something to keep, never as
 * something that a browser shows or runs under our name. */
#include "web/api/work_internal.h"
#include "base/str.h"
#include "ilp/evidence.h"
#include <string.h>
#include <strings.h>

static bool title_ok(const char *s)
{
	return s && *s && str_is_text(s, strlen(s)) && str_points(s) <= EVIDENCE_TITLE_MAX &&
	       !strpbrk(s, "\r\n\t");
}

static bool api_evidence_add(struct exchange *x, struct err *e)
{
	struct evidence_new w = {0};
	json_t *evidence;

	if (!read_own_id(x, &w.id, e) || !read_words(x, "field", 64, &w.field, e) ||
	    !plan_read_id(x, "row", &w.row, e) ||
	    !read_words(x, "title", EVIDENCE_TITLE_MAX, &w.title, e) ||
	    !read_words(x, "url", 2000, &w.url, e))
		return false;
	w.url = str_trim(x->m, w.url);
	w.title = str_trim(x->m, w.title);
	if (!*w.title)
		w.title = str_points(w.url) <= EVIDENCE_TITLE_MAX
				  ? w.url
				  : mem_strndup(x->m, w.url, EVIDENCE_TITLE_MAX);
	if (*w.title && !title_ok(w.title))
		return err_field(e, "title", "one line of text");
	return evidence_add(x->db, x->m, &x->viewer, x->params[0], &w, &evidence, e) &&
	       reply_json(x, 201, json_incref(evidence));
}

static bool api_evidence_upload(struct exchange *x, struct err *e)
{
	const char *title = query_get(x, "title");
	struct evidence_new w = {
		.id = x->params[1],
		.field = str_or(query_get(x, "field"), ""),
		.row = query_get(x, "row"),
		.type = evidence_type(request_header(x->request, "Content-Type")),
		.bytes = x->request->body,
		.n = x->request->body_n,
	};
	json_t *evidence;

	w.title = title ? str_trim(x->m, title) : NULL;
	if (!title_ok(w.title))
		return err_field(e, "title", "one line of at most %d characters",
				 EVIDENCE_TITLE_MAX);
	if (w.row && !uuid_ok(w.row))
		return err_field(e, "row", "no id");
	return evidence_add(x->db, x->m, &x->viewer, x->params[0], &w, &evidence, e) &&
	       reply_json(x, 201, json_incref(evidence));
}

static const char *attachment(struct mem *m, const struct evidence_file *f)
{
	const char *suffix = evidence_suffix(f->type);
	size_t n = strlen(f->title), end = strlen(suffix);
	bool has = n > end && !strcasecmp(f->title + n - end, suffix);
	struct buf b;

	buf_init(&b, m);
	buf_addf(&b, "attachment; filename=\"file%s\"; filename*=UTF-8''", suffix);
	buf_url(&b, f->title);
	buf_add(&b, has ? "" : suffix);
	return b.p;
}

static bool api_evidence_file(struct exchange *x, struct err *e)
{
	struct evidence_file f;

	if (!evidence_read(x->db, x->m, &x->viewer, x->params[0], x->params[1], &f, e))
		return false;
	response_header(x->response, "Content-Disposition", attachment(x->m, &f));
	response_header(x->response, "Content-Security-Policy", "sandbox; default-src 'none'");
	x->response->status = 200;
	x->response->type = f.type;
	x->response->body = (const char *)f.bytes;
	x->response->body_n = f.n;
	return true;
}

static bool api_evidence_remove(struct exchange *x, struct err *e)
{
	return evidence_remove(x->db, x->m, &x->viewer, x->params[0], x->params[1], e) &&
	       reply_nothing(x);
}

const struct route evidence_routes[] = {
	{"POST", "/api/plans/:id/evidence", ROUTE_WRITE, RIGHT_USE_PLANS, api_evidence_add},
	{"POST", "/api/plans/:id/evidence/:evidence/file", ROUTE_UPLOAD, RIGHT_USE_PLANS,
	 api_evidence_upload},
	{"GET", "/api/plans/:id/evidence/:evidence/file", ROUTE_READ, RIGHT_USE_PLANS,
	 api_evidence_file},
	{"DELETE", "/api/plans/:id/evidence/:evidence", ROUTE_WRITE, RIGHT_USE_PLANS,
	 api_evidence_remove},
	{0},
};
