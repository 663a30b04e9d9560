/* The few pages made in C: refusals, the way in from a mail, what is not there. Text
 * goes in escaped by buf_html, always; the words come from the catalogs. */
#include "web/web_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "web/assets.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define HTML "text/html; charset=utf-8"

static const char icon_window[] =
	"<svg class=\"i\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M2.500 3.500h11v9h-11zM2.500 6.200h11\"/></svg>";

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

static const char *word(struct exchange *x, const char *key)
{
	return i18n(x->m, x->language, key, NULL);
}

static void begin(struct exchange *x, struct buf *b, const char *title)
{
	buf_init(b, x->m);
	buf_addf(b, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">",
		 x->language, i18n_direction(x->language));
	buf_add(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		   "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><title>");
	buf_html(b, title);
	buf_add(b, " · ");
	buf_html(b, word(x, "api.product"));
	buf_addf(b, "</title><link rel=\"icon\" href=\"%s\"><link rel=\"stylesheet\" href=\"%s\"></head>",
		 asset_icon, asset_style);
	buf_add(b, "<body><main class=\"stop\" id=\"main\">");
}

static void heading(struct buf *b, const char *title, const char *lede)
{
	buf_add(b, "<div><h1>");
	buf_html(b, title);
	buf_add(b, "</h1><p class=\"lede\">");
	buf_html(b, lede);
	buf_add(b, "</p></div>");
}

static bool finish(struct exchange *x, struct buf *b, int status)
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
	begin(x, &b, word(x, title));
	heading(&b, word(x, title), word(x, lede));
	return finish(x, &b, status);
}

static void detail(struct buf *b, const char *name, const char *value)
{
	buf_add(b, "<div><dt>");
	buf_html(b, name);
	buf_add(b, "</dt><dd>");
	buf_html(b, value);
	buf_add(b, "</dd></div>");
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

/* For whoever mends it: the reason word and the request's id also stand in the log. */
static void for_administrator(struct exchange *x, struct buf *b, const struct lti_reason *r)
{
	buf_add(b, "<details><summary>");
	buf_html(b, word(x, "api.for_administrator"));
	buf_add(b, "</summary><dl class=\"kv mt\">");
	detail(b, word(x, "api.reason"), r->word);
	detail(b, word(x, "api.mend"), r->mend);
	detail(b, word(x, "api.reference"), x->request->id);
	detail(b, word(x, "api.time"), time_text(x->m));
	buf_add(b, "</dl></details>");
}

void page_refused(struct exchange *x, const struct err *e)
{
	const struct lti_reason *r = lti_reason_find(e->reason);
	struct buf b;

	x->response->headers_n = 0;
	page_headers(x, NULL);
	begin(x, &b, word(x, "api.refused"));
	buf_addf(&b, "<p class=\"stop__mark\">%s</p>", icon_window);
	heading(&b, word(x, "api.refused"), word(x, r->message));
	for_administrator(x, &b, r);
	finish(x, &b, r->status);
}

/* The browser brings no cookie back where we are shown: the same login once more, in
 * a window of our own, where cookies are ours. */
void page_window(struct exchange *x, const struct fields *login)
{
	struct buf b;

	x->response->headers_n = 0;
	page_headers(x, NULL);
	begin(x, &b, word(x, "api.window.title"));
	buf_addf(&b, "<p class=\"stop__mark\">%s</p>", icon_window);
	heading(&b, word(x, "api.window.title"), word(x, "api.window.lede"));
	buf_add(&b, "<form class=\"btn-row\" method=\"post\" action=\"/lti/login\" target=\"_blank\">");
	for (size_t i = 0; i < login->n; i++) {
		if (str_eq(login->at[i].name, "ilpd_probe"))
			continue;
		buf_add(&b, "<input type=\"hidden\" name=\"");
		buf_html(&b, login->at[i].name);
		buf_add(&b, "\" value=\"");
		buf_html(&b, login->at[i].value);
		buf_add(&b, "\">");
	}
	buf_add(&b, "<button class=\"btn btn--primary btn--lg\">");
	buf_html(&b, word(x, "api.window.open"));
	buf_add(&b, "</button></form><div class=\"note\"><div><b>");
	buf_html(&b, word(x, "api.window.nothing"));
	buf_add(&b, "</b> ");
	buf_html(&b, word(x, "api.window.blocked"));
	buf_add(&b, "</div></div>");
	for_administrator(x, &b, lti_reason_find("browser_cookie_missing"));
	finish(x, &b, 200);
}

/* Where a mail's link leads. The same for every token, true or made up, so that it
 * tells nobody anything and a mail scanner that opens it changes nothing. */
bool page_landing(struct exchange *x, struct err *e)
{
	static const char *const who[] = { "parents", "students", "staff" };
	struct buf b;

	page_headers(x, NULL);
	begin(x, &b, word(x, "landing.title"));
	buf_add(&b, "<p class=\"eyebrow\">");
	buf_html(&b, word(x, "api.product"));
	buf_add(&b, "</p>");
	heading(&b, word(x, "landing.title"), word(x, "landing.lede"));
	buf_add(&b, "<div class=\"panel stackv\">");
	for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
		buf_add(&b, "<section><h2>");
		buf_html(&b, word(x, mem_printf(x->m, "landing.%s.title", who[i])));
		buf_add(&b, "</h2><p>");
		buf_html(&b, word(x, mem_printf(x->m, "landing.%s.text", who[i])));
		buf_add(&b, "</p></section>");
	}
	buf_add(&b, "</div><p class=\"muted small\">");
	buf_html(&b, word(x, "landing.help"));
	buf_add(&b, "</p>");
	return finish(x, &b, 200);
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

/* Every address of the app is the same page; the app asks for the rest. A session
 * that ended still gets it: what was typed waits in the browser. */
bool page_shell(struct exchange *x, struct err *e)
{
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
	x->response->body = (const char *)asset_shell.p;
	x->response->body_n = asset_shell.n;
	return true;
}
