/* The few pages made in C: refusals, the way in from a mail, what is not there. Text
 * goes in escaped by buf_html, always; the words come from the catalogs. */
#include "web/page.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "web/assets.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define HTML "text/html; charset=utf-8"

static const struct {
	const char *name, *path;
} marks[] = {
	{ "window", "M2.500 3.500h11v9h-11zM2.500 6.200h11" },
	{ "clock", "M8 4.800V8l2.200 1.400M13.900 8a5.900 5.900 0 1 1-11.800 0 5.900 5.900 0 0 1 11.800 0z" },
	{ "info", "M8 7.500v3.700M8 5v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z" },
	{ "check", "m3 8.500 3.300 3.300L13 4.600" },
	{ NULL, NULL },
};

/* Who may frame us: the platform of this session, or every platform we know. */
static const char *framers(struct exchange *x, const char *origins)
{
	return origins ? origins : lti_origins(x->house->lti, x->m, x->db);
}

void page_headers(struct exchange *x, const char *origins)
{
	const char *who = framers(x, origins);

	response_header(x->response, "Content-Security-Policy",
			mem_printf(x->m,
				   "default-src 'none'; script-src 'self'; style-src 'self'; "
				   "img-src 'self' data:; connect-src 'self'; form-action 'self' %s; "
				   "base-uri 'none'; frame-ancestors 'self' %s",
				   who, who));
	response_header(x->response, "Cache-Control", "no-store");
	response_header(x->response, "Referrer-Policy", "no-referrer");
	response_header(x->response, "X-Content-Type-Options", "nosniff");
	response_header(x->response, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

const char *page_word(struct exchange *x, const char *key)
{
	return i18n(x->m, x->language, key, NULL);
}

void page_begin(struct exchange *x, struct buf *b, const char *title, const char *script)
{
	buf_init(b, x->m);
	buf_addf(b, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">",
		 x->language, i18n_direction(x->language));
	buf_add(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		   "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><title>");
	if (strcmp(title, page_word(x, "api.product"))) {
		buf_html(b, title);
		buf_add(b, " · ");
	}
	buf_html(b, page_word(x, "api.product"));
	buf_addf(b, "</title><link rel=\"icon\" href=\"%s\"><link rel=\"stylesheet\" href=\"%s\">",
		 asset_url("icon"), asset_url("style"));
	if (script)
		buf_addf(b, "<script type=\"module\" src=\"%s\"></script>", asset_url(script));
	buf_add(b, "</head><body><main class=\"stop\" id=\"main\">");
}

void page_drawing(struct buf *b, const char *icon)
{
	size_t i = 0;

	while (marks[i].name && strcmp(marks[i].name, icon))
		i++;
	if (marks[i].name)
		buf_addf(b, "<svg class=\"i\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"%s\"/></svg>",
			 marks[i].path);
}

void page_mark(struct buf *b, const char *icon)
{
	buf_add(b, "<p class=\"stop__mark\">");
	page_drawing(b, icon);
	buf_add(b, "</p>");
}

void page_heading(struct buf *b, const char *title, const char *lede)
{
	buf_add(b, "<div><h1>");
	buf_html(b, title);
	buf_add(b, "</h1><p class=\"lede\">");
	buf_html(b, lede);
	buf_add(b, "</p></div>");
}

void page_attribute(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, " %s=\"", name);
	buf_html(b, value);
	buf_add(b, "\"");
}

void page_hidden(struct buf *b, const char *name, const char *value)
{
	buf_add(b, "<input type=\"hidden\"");
	page_attribute(b, "name", name);
	page_attribute(b, "value", value);
	buf_add(b, ">");
}

bool page_finish(struct exchange *x, struct buf *b, int status)
{
	buf_add(b, "</main></body></html>\n");
	x->response->status = status;
	x->response->type = HTML;
	x->response->body = b->p;
	x->response->body_n = b->n;
	return true;
}

static bool simple(struct exchange *x, int status, const char *title, const char *lede)
{
	struct buf b;

	x->response->headers_n = 0;
	page_headers(x, NULL);
	page_begin(x, &b, page_word(x, title), NULL);
	page_heading(&b, page_word(x, title), page_word(x, lede));
	return page_finish(x, &b, status);
}

/* `help`: a script may put what the server says later in its place. */
static void detail(struct buf *b, const char *name, const char *value, const char *help)
{
	buf_add(b, "<div");
	if (help)
		page_attribute(b, "data-help", help);
	buf_add(b, "><dt>");
	buf_html(b, name);
	buf_add(b, "</dt><dd>");
	buf_html(b, value);
	buf_add(b, "</dd></div>");
}

void page_detail(struct buf *b, const char *name, const char *value)
{
	detail(b, name, value, NULL);
}

static const char *time_text(struct mem *m)
{
	char text[40];
	time_t now = (time_t)now_s();
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc);
	return mem_strdup(m, text);
}

/* For whoever mends it: the reason word and the request's id also stand in the logs. */
void page_help(struct exchange *x, struct buf *b, const struct lti_reason *r, const struct lti_trace *t)
{
	buf_add(b, "<details><summary>");
	buf_html(b, page_word(x, "api.for_administrator"));
	buf_add(b, "</summary><dl class=\"kv mt\">");
	detail(b, page_word(x, "api.reason"), r->word, "reason");
	detail(b, page_word(x, "api.mend"), r->mend, "mend");
	if (t && t->issuer && t->verified)
		page_detail(b, page_word(x, "api.platform"), t->issuer);
	detail(b, page_word(x, "api.reference"), x->request->id, "code");
	page_detail(b, page_word(x, "api.time"), time_text(x->m));
	buf_add(b, "</dl></details>");
}

/* A deployment that waits for its school: whoever of the staff stands here can have it
 * claimed. */
static void claim(struct exchange *x, struct buf *b, const char *code)
{
	buf_add(b, "<div class=\"panel stackv\"><h2>");
	buf_html(b, page_word(x, "api.claim.title"));
	buf_add(b, "</h2><p>");
	buf_html(b, page_word(x, "api.claim.text"));
	buf_add(b, "</p><p><code class=\"code\">");
	buf_html(b, code);
	buf_add(b, "</code></p></div>");
}

const char *page_send_code(struct exchange *x)
{
	const struct i18n_arg args[] = { { "code", x->request->id, 0 }, { 0 } };

	return i18n(x->m, x->language, "api.send_code", args);
}

void page_doctor_link(struct exchange *x, struct buf *b)
{
	buf_add(b, "<a href=\"/doctor\">");
	buf_html(b, page_word(x, "api.doctor_link"));
	buf_add(b, "</a>");
}

void page_ways(struct exchange *x, struct buf *b, const struct lti_trace *t)
{
	if (t && t->return_url) {
		buf_add(b, "<p class=\"btn-row\"><a class=\"btn btn--primary btn--lg\" target=\"_top\" rel=\"noopener\"");
		page_attribute(b, "href", t->return_url);
		buf_add(b, ">");
		buf_html(b, page_word(x, "api.back"));
		buf_add(b, "</a></p>");
	}
	buf_add(b, "<p class=\"muted small\"><span data-help=\"send\">");
	buf_html(b, page_send_code(x));
	buf_add(b, "</span> ");
	page_doctor_link(x, b);
	buf_add(b, "</p>");
}

void page_refused(struct exchange *x, const struct err *e, const struct lti_trace *t)
{
	const struct lti_reason *r = lti_reason_find(e->reason);
	struct buf b;

	x->response->headers_n = 0;
	page_headers(x, NULL);
	page_begin(x, &b, page_word(x, "api.refused"), NULL);
	page_mark(&b, "window");
	page_heading(&b, page_word(x, "api.refused"), page_word(x, r->message));
	if (t && t->claim_code)
		claim(x, &b, t->claim_code);
	page_ways(x, &b, t);
	page_help(x, &b, r, t);
	page_finish(x, &b, r->status);
}

/* Where a mail's link leads. The same for every token, true or made up, so that it
 * tells nobody anything and a mail scanner that opens it changes nothing. */
bool page_landing(struct exchange *x, struct err *e)
{
	static const char *const who[] = { "parents", "students", "staff" };
	struct buf b;

	page_headers(x, NULL);
	page_begin(x, &b, page_word(x, "landing.title"), NULL);
	buf_add(&b, "<p class=\"eyebrow\">");
	buf_html(&b, page_word(x, "api.product"));
	buf_add(&b, "</p>");
	page_heading(&b, page_word(x, "landing.title"), page_word(x, "landing.lede"));
	buf_add(&b, "<div class=\"panel stackv\">");
	for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
		buf_add(&b, "<section><h2>");
		buf_html(&b, page_word(x, mem_printf(x->m, "landing.%s.title", who[i])));
		buf_add(&b, "</h2><p>");
		buf_html(&b, page_word(x, mem_printf(x->m, "landing.%s.text", who[i])));
		buf_add(&b, "</p></section>");
	}
	buf_add(&b, "</div><p class=\"muted small\">");
	buf_html(&b, page_word(x, "landing.help"));
	buf_add(&b, "</p>");
	return page_finish(x, &b, 200);
}

bool page_root(struct exchange *x, struct err *e)
{
	return simple(x, 200, "api.product", "refused.opened_directly");
}

/* Reload, Back or a bookmark of a launch (R23). */
bool page_launch_get(struct exchange *x, struct err *e)
{
	return simple(x, 200, "api.again.title", "api.again.lede");
}

void page_not_found(struct exchange *x)
{
	simple(x, 404, "api.missing.title", "api.missing.lede");
}

void page_failed(struct exchange *x, const struct err *e)
{
	simple(x, e->code == ERR_BUSY ? 503 : 500, "api.failed.title", "api.failed.lede");
	if (e->code == ERR_BUSY)
		response_header(x->response, "Retry-After", "2");
}

/* A page that another site sent somebody to says so, and takes no code from its address:
 * else that site could have people write in a session of its own (R16). */
static const struct bytes *shell_for(const struct request *q)
{
	const char *from = request_header(q, "Sec-Fetch-Site");

	return !from || !strcmp(from, "same-origin") ? &asset_shell : &asset_shell_elsewhere;
}

/* Every address of the app is the same page; the app asks for the rest. A session
 * that ended still gets it: what was typed waits in the browser. */
bool page_shell(struct exchange *x, struct err *e)
{
	const struct bytes *shell = shell_for(x->request);
	struct viewer v;
	struct err none;
	char sid[SESSION_ID_LEN + 1];
	const char *origins = NULL;

	snprintf(sid, sizeof sid, "%s", x->request->path + strlen("/app/"));
	if (session_open(x, sid, &v, &none))
		origins = lti_origins_of(x->house->lti, x->m, x->db, v.registration);
	page_headers(x, origins);
	x->response->status = 200;
	x->response->type = HTML;
	x->response->body = (const char *)shell->p;
	x->response->body_n = shell->n;
	return true;
}
