/* The launch doctor: a public page that tries in a browser what a launch needs, where it
 * is shown, and gives a code by which the help desk finds the results. It knows nobody
 * and keeps nothing but what the fixed members below say. */
#include "web/door.h"
#include "web/page.h"
#include "i18n/i18n.h"
#include "web/watch.h"
#include <string.h>

/* Two cookies: one as other tools set them, one as we do (R17). Not by the names of our
 * own, which the login takes as a sign that cookies are kept. */
#define COOKIE_PLAIN  "ilpd_doctor"
#define COOKIE_PARTED "ilpd_doctor_here"

enum { RESULT_MAX = 4096, CLOCK_MAX_MS = 1000000000, COOKIE_SECONDS = 120 };

/* What is tested, in the order it is shown. */
static const char *const checks[] = { "script",	 "frame",    "parted", "cookies",
				      "access", "platform", "local",  "clock" };

/* What a browser may report: truth, or a number. */
static const struct {
	const char *name;
	bool is_number;
} members[] = {
	{ "frame", false },    { "access", false },	    { "platform", false },
	{ "put", false },      { "local", false },	    { "indexed", false },
	{ "opener", false },   { "clock_ms", true },
};

/* The seconds are put in by the script. */
static const char *sentence(struct exchange *x, const char *check, const char *how)
{
	const struct i18n_arg args[] = { { "seconds", "…", 0 }, { 0 } };

	return i18n(x->m, x->language, mem_printf(x->m, "doctor.%s.%s", check, how), args);
}

static void check_row(struct exchange *x, struct buf *b, const char *check)
{
	static const char *const how[] = { "good", "fair" }, *const icons[] = { "check", "info" };
	size_t n = strcmp(check, "script") ? 2 : 1;

	buf_addf(b, "<li data-check=\"%s\"><span>", check);
	for (size_t i = 0; i < n; i++) {
		buf_addf(b, "<span data-when=\"%s\" hidden>", how[i]);
		page_drawing(b, icons[i]);
		buf_add(b, "</span>");
	}
	buf_add(b, "</span><b>");
	buf_html(b, sentence(x, check, "name"));
	buf_add(b, "</b><span></span>");
	for (size_t i = 0; i < n; i++) {
		buf_addf(b, "<span class=\"sub\" data-when=\"%s\" hidden>", how[i]);
		buf_html(b, sentence(x, check, how[i]));
		buf_add(b, "</span>");
	}
	buf_add(b, "</li>");
}

static void paragraph(struct exchange *x, struct buf *b, const char *attributes, const char *key)
{
	buf_addf(b, "<p %s>", attributes);
	buf_html(b, page_word(x, key));
	buf_add(b, "</p>");
}

static void verdicts(struct exchange *x, struct buf *b)
{
	static const char *const all[] = { "frame", "window", "here", "nothing" };

	buf_add(b, "<div class=\"note\" role=\"status\"><div>");
	paragraph(x, b, "data-verdict=\"testing\"", "doctor.testing");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		paragraph(x, b, mem_printf(x->m, "data-verdict=\"%s\" hidden", all[i]),
			  mem_printf(x->m, "doctor.verdict.%s", all[i]));
	buf_add(b, "</div></div>");
}

static void code(struct exchange *x, struct buf *b)
{
	buf_add(b, "<section class=\"panel stackv\" id=\"given\" hidden><h2>");
	buf_html(b, page_word(x, "doctor.code"));
	buf_add(b, "</h2><p class=\"btn-row\"><code class=\"code\" id=\"code\"></code><button class=\"btn\" type=\"button\" id=\"copy\"");
	page_attribute(b, "data-done", page_word(x, "doctor.copied"));
	buf_add(b, ">");
	buf_html(b, page_word(x, "doctor.copy"));
	buf_add(b, "</button></p>");
	paragraph(x, b, "class=\"muted small\"", "doctor.code_text");
	buf_add(b, "</section>");
	paragraph(x, b, "class=\"err\" id=\"failed\" role=\"alert\" hidden", "doctor.no_code");
}

bool page_doctor(struct exchange *x, struct err *e)
{
	struct buf b;

	page_headers(x, NULL);
	response_header(x->response, "Set-Cookie",
			mem_printf(x->m, COOKIE_PLAIN "=1; Path=/doctor; Secure; HttpOnly; SameSite=None; Max-Age=%d",
				   COOKIE_SECONDS));
	response_cookie(x->response, x->m, COOKIE_PARTED, "1", COOKIE_SECONDS);
	page_begin(x, &b, page_word(x, "doctor.title"), "doctor");
	page_heading(&b, page_word(x, "doctor.title"), page_word(x, "doctor.lede"));
	buf_add(&b, "<noscript>");
	paragraph(x, &b, "class=\"note note--bad\"", "doctor.noscript");
	buf_add(&b, "</noscript><div class=\"stackv\" id=\"doctor\" hidden>");
	verdicts(x, &b);
	code(x, &b);
	buf_add(&b, "<section class=\"panel\"><h2>");
	buf_html(&b, page_word(x, "doctor.results"));
	buf_add(&b, "</h2><ul class=\"health mt\">");
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		check_row(x, &b, checks[i]);
	buf_add(&b, "</ul></section><p><a class=\"btn\" href=\"/doctor\">");
	buf_html(&b, page_word(x, "doctor.again"));
	buf_add(&b, "</a></p></div>");
	return page_finish(x, &b, 200);
}

/* Fixed members of fixed kinds; nothing else is kept. */
static bool read_result(struct exchange *x, json_t *out, struct err *e)
{
	const size_t n = sizeof members / sizeof *members;
	const char *name;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)x->body, name, value) {
		for (i = 0; i < n && strcmp(members[i].name, name); i++)
			;
		if (i == n)
			return err_field(e, "result", "a member nobody knows");
		if (members[i].is_number ? !json_is_integer(value) : !json_is_boolean(value))
			return err_field(e, members[i].name, "of another kind");
		if (json_is_integer(value) && (json_integer_value(value) > CLOCK_MAX_MS ||
					       json_integer_value(value) < -CLOCK_MAX_MS))
			value = js_own(x->m, json_integer(json_integer_value(value) < 0 ? -CLOCK_MAX_MS :
											  CLOCK_MAX_MS));
		json_object_set(out, name, value);
	}
	return true;
}

bool doctor_take(struct exchange *x, struct err *e)
{
	json_t *result = js_own(x->m, json_object());
	struct cookies c;

	if (x->request->body_n > RESULT_MAX)
		return err_set(e, ERR_INVALID, "a result is at most %d bytes", RESULT_MAX);
	if (!read_result(x, result, e))
		return false;
	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	bool plain = cookies_get(&c, COOKIE_PLAIN), parted = cookies_get(&c, COOKIE_PARTED);
	json_object_set_new(result, "cookies", json_boolean(plain));
	json_object_set_new(result, "parted", json_boolean(parted));
	json_object_set_new(result, "browser", json_string(door_browser(x)));
	watch_doctor(x->house->watch, x->request->id, result);
	return reply_json(x, 200,
			  json_pack("{s:s, s:b, s:b}", "code", x->request->id, "cookies", plain, "parted",
				    parted));
}
