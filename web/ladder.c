#include "web/ladder.h"
#include "web/page.h"
#include <string.h>

/* The cookie's name without what only cookies need. */
static const char *storage_key(const char *name)
{
	static const char prefix[] = "__Host-";

	return str_starts(name, prefix) ? name + strlen(prefix) : name;
}

/* The login as it came, with the rung that is tried next. */
static void login_form(struct exchange *x, struct buf *b, const struct fields *login)
{
	buf_add(b, "<form class=\"btn-row\" method=\"post\" action=\"/lti/login\" target=\"_blank\">");
	for (size_t i = 0; i < login->n; i++)
		if (!str_eq(login->at[i].name, PROBE_FIELD) && !str_eq(login->at[i].name, RUNG_FIELD))
			page_hidden(b, login->at[i].name, login->at[i].value);
	page_hidden(b, RUNG_FIELD, lti_rung_name(LTI_RUNG_WINDOW));
	buf_add(b, "<button class=\"btn btn--primary btn--lg\">");
	buf_html(b, page_word(x, "api.window.open"));
	buf_add(b, "</button></form>");
}

static void window_parts(struct exchange *x, struct buf *b, const struct fields *login)
{
	page_mark(b, "window");
	page_heading(b, page_word(x, "api.window.title"), page_word(x, "api.window.lede"));
	login_form(x, b, login);
	buf_add(b, "<div class=\"note\"><div><b>");
	buf_html(b, page_word(x, "api.window.nothing"));
	buf_add(b, "</b> ");
	buf_html(b, page_word(x, "api.window.blocked"));
	buf_add(b, "</div></div><p class=\"small\">");
	page_doctor_link(x, b);
	buf_add(b, "</p>");
	page_help(x, b, lti_reason_find("browser_cookie_missing"), NULL);
}

bool page_window(struct exchange *x, const struct fields *login)
{
	struct buf b;

	page_headers(x, NULL);
	page_begin(x, &b, page_word(x, "api.window.title"), NULL);
	window_parts(x, &b, login);
	return page_finish(x, &b, 200);
}

/* What is said while the page and the platform talk; the script shows it after a while. */
static void waiting(struct exchange *x, struct buf *b)
{
	buf_add(b, "<p class=\"lede\" id=\"wait\" role=\"status\" hidden>");
	buf_html(b, page_word(x, "api.storage.wait"));
	buf_add(b, "</p>");
}

bool page_storage_put(struct exchange *x, const struct fields *f, const struct lti_login *login)
{
	struct buf b;

	page_headers(x, NULL);
	page_begin(x, &b, page_word(x, "api.product"), "storage");
	buf_add(&b, "<div class=\"stackv\" id=\"storage\" data-do=\"put\"");
	page_attribute(&b, "data-target", login->storage_target);
	page_attribute(&b, "data-origin", login->storage_origin);
	page_attribute(&b, "data-key", storage_key(login->cookie_name));
	page_attribute(&b, "data-value", login->secret);
	page_attribute(&b, "data-next", login->redirect);
	buf_add(&b, ">");
	waiting(x, &b);
	buf_add(&b, "<div class=\"stackv\" id=\"otherwise\" hidden>");
	window_parts(x, &b, f);
	buf_add(&b, "</div><noscript><div class=\"stackv\">");
	window_parts(x, &b, f);
	buf_add(&b, "</div></noscript></div>");
	return page_finish(x, &b, 200);
}

static void refusal(struct exchange *x, struct buf *b, const char *reason)
{
	const struct lti_reason *r = lti_reason_find(reason);

	page_mark(b, "window");
	page_heading(b, page_word(x, "api.refused"), page_word(x, r->message));
	page_ways(x, b, NULL);
	page_help(x, b, r, NULL);
}

bool page_storage_get(struct exchange *x, const struct lti_storage_check *s)
{
	struct buf b;

	page_headers(x, s->registration->origins);
	page_begin(x, &b, page_word(x, "api.product"), "storage");
	buf_add(&b, "<div class=\"stackv\" id=\"storage\" data-do=\"get\"");
	page_attribute(&b, "data-target", s->target);
	page_attribute(&b, "data-origin", s->origin);
	page_attribute(&b, "data-key", storage_key(s->key));
	page_attribute(&b, "data-ticket", s->ticket);
	buf_add(&b, ">");
	waiting(x, &b);
	buf_add(&b, "<div class=\"stackv\" id=\"otherwise\" hidden>");
	refusal(x, &b, "browser_storage_missing");
	buf_add(&b, "</div><noscript><div class=\"stackv\">");
	refusal(x, &b, "browser_storage_missing");
	buf_add(&b, "</div></noscript></div>");
	return page_finish(x, &b, 200);
}
