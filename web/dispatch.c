/* From a request to its handler, always the same steps: match, session, origin,
 * right, body, handler, answer. Nothing past the table runs without them. */
#include "web/web_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include <string.h>
#include <strings.h>

static const struct {
	int status;
	const char *message; /* catalog key of what a person reads */
} answers[] = {
	[ERR_OK] = { 500, "api.internal" },	      [ERR_NOT_FOUND] = { 404, "api.not_found" },
	[ERR_DENIED] = { 403, "api.denied" },	      [ERR_INVALID] = { 422, "api.invalid" },
	[ERR_CONFLICT] = { 409, "api.conflict" },     [ERR_BUSY] = { 503, "api.busy" },
	[ERR_PEER] = { 502, "api.busy" },	      [ERR_EXPIRED] = { 401, "api.expired" },
	[ERR_INTERNAL] = { 500, "api.internal" },
};

bool reply_json(struct exchange *x, int status, json_t *json)
{
	size_t n;

	x->response->status = status;
	x->response->type = "application/json; charset=utf-8";
	x->response->body = js_print(x->m, js_own(x->m, json), &n);
	x->response->body_n = n;
	return true;
}

bool reply_nothing(struct exchange *x)
{
	x->response->status = 204;
	return true;
}

static void reply_error(struct exchange *x, const struct err *e)
{
	json_t *error = json_pack("{s:s, s:s}", "code", err_name(e->code), "message",
				  i18n(x->m, x->language, answers[e->code].message, NULL));

	if (e->field)
		json_object_set_new(error, "field", json_string(e->field));
	if (e->code == ERR_INVALID && e->reason)
		json_object_set_new(error, "reason", json_string(e->reason));
	if (e->code == ERR_BUSY)
		response_header(x->response, "Retry-After", "2");
	reply_json(x, answers[e->code].status, json_pack("{s:o}", "error", error));
}

/* Does the pattern fit? Fills params. `*` stands for all that follows. */
static bool path_fits(struct exchange *x, const char *pattern, const char *path)
{
	int n = 0;

	while (*pattern && *path) {
		if (*pattern == '*')
			return true;
		if (*pattern != ':') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		size_t name = strcspn(pattern, "/"), value = strcspn(path, "/");
		const char *text = mem_strndup(x->m, path, value);
		bool is_word = !strncmp(pattern, ":field", name) || !strncmp(pattern, ":token", name);
		if (is_word ? !value || value > 64 : !uuid_ok(text))
			return false;
		x->params[n++] = text;
		pattern += name;
		path += value;
	}
	return !*pattern && !*path;
}

/* HEAD is a GET whose body the server does not send. *allowed lists the methods of the
 * routes that fit the path, "" where none does (RFC 9110 10.2.1). */
static const struct route *find_route(struct exchange *x, const char **allowed)
{
	const char *method = x->request->method;

	if (!strcmp(method, "HEAD"))
		method = "GET";
	*allowed = "";
	for (const struct route *const *table = route_tables; *table; table++)
		for (const struct route *r = *table; r->method; r++) {
			if (!path_fits(x, r->path, x->request->path))
				continue;
			*allowed = mem_printf(x->m, "%s%s%s", *allowed, **allowed ? ", " : "", r->method);
			if (!strcmp(r->method, method))
				return r;
		}
	return NULL;
}

/* The header X-Session can be set by our own script alone: another site's page
 * would need our leave by CORS, which nobody gets. */
static bool origin_ok(const struct exchange *x, const struct route *r, struct err *e)
{
	const char *origin = request_header(x->request, "Origin");
	const char *type = request_header(x->request, "Content-Type");

	if (origin && strcmp(origin, x->house->config->base_url))
		return err_set(e, ERR_DENIED, "another origin");
	if (r->kind == ROUTE_UPLOAD)
		return true;
	if (!type || strncasecmp(type, "application/json", 16) || (type[16] && !strchr("; \t", type[16])))
		return err_set(e, ERR_INVALID, "content type is not application/json");
	return true;
}

static bool read_body(struct exchange *x, struct err *e)
{
	json_t *body;

	if (!x->request->body_n) {
		x->body = js_own(x->m, json_object());
		return true;
	}
	if (!js_parse(x->m, x->request->body, x->request->body_n, BODY_MAX, &body, e))
		return false;
	if (!json_is_object(body))
		return err_set(e, ERR_INVALID, "the body is no JSON object");
	x->body = body;
	return true;
}

static bool run_api(struct exchange *x, const struct route *r, struct err *e)
{
	const char *sid = request_header(x->request, "X-Session");

	if (r->kind != ROUTE_OPEN_WRITE && (!sid || !session_open(x, sid, &x->viewer, e)))
		return sid ? false : err_set(e, ERR_EXPIRED, "no X-Session header");
	if (r->kind != ROUTE_READ && !origin_ok(x, r, e))
		return false;
	if ((r->kind == ROUTE_WRITE || r->kind == ROUTE_OPEN_WRITE) && !read_body(x, e))
		return false;
	if (r->kind != ROUTE_OPEN_WRITE && r->right != RIGHT_COUNT && !access_check(&x->viewer, r->right, e))
		return false;
	return r->handle(x, e);
}

static void log_failure(const struct err *e)
{
	bool ours = e->code == ERR_INTERNAL;

	log_err(ours ? LOG_ERROR : e->code == ERR_BUSY ? LOG_WARN : LOG_INFO, "refused", e);
}

static void run(struct exchange *x)
{
	struct err e = { 0 };
	const char *allowed;
	const struct route *r = find_route(x, &allowed);
	bool api = str_starts(x->request->path, "/api/") || (r && r->kind == ROUTE_OPEN_WRITE);

	if (api)
		response_header(x->response, "X-Content-Type-Options", "nosniff");
	if (api)
		response_header(x->response, "Cache-Control", "no-store");
	if (!r) {
		if (api)
			reply_error(x, &(struct err){ .code = ERR_NOT_FOUND });
		else
			page_not_found(x);
		if (*allowed) {
			x->response->status = 405;
			response_header(x->response, "Allow", allowed);
		}
		return;
	}
	x->response->route = r->path;
	if (r->kind == ROUTE_OPEN ? r->handle(x, &e) : run_api(x, r, &e))
		return;
	log_failure(&e);
	if (r->kind == ROUTE_OPEN)
		page_failed(x, &e);
	else
		reply_error(x, &e);
}

size_t dispatch_body_max(void *house, const struct request *q)
{
	struct exchange x = { .house = house, .m = q->m, .request = q };
	const char *sid = request_header(q, "X-Session"), *allowed;
	const struct route *r = find_route(&x, &allowed);
	struct err e;

	if (!r || r->kind != ROUTE_UPLOAD || !sid || !session_open(&x, sid, &x.viewer, &e) ||
	    !access_check(&x.viewer, r->right, &e))
		return BODY_MAX;
	return UPLOAD_MAX;
}

void dispatch(void *worker, struct request *q, struct response *r)
{
	struct worker *w = worker;
	struct exchange x = {
		.house = w->house,
		.db = w->db,
		.m = q->m,
		.request = q,
		.response = r,
		.language = request_language(q),
	};

	run(&x);
}
