/* register_page.c - the markup of register.h. */
#include "web/register.h"
#include "i18n/i18n.h"
#include "web/offer.h"
#include "web/page.h"
#include <string.h>

static const char *said_of(struct exchange *x, const char *key, const char *name, const char *text)
{
	return i18n(x->m, x->language, key, (const struct i18n_arg[]){ { name, text, 0 }, { NULL, NULL, 0 } });
}

/* What we do not know is called by its host. */
static bool is_product(const struct openid *o)
{
	return o->profile != lti_profile_find("generic");
}

static const char *of_platform(struct exchange *x, const char *key, const struct openid *o)
{
	return said_of(x, key, "platform", is_product(o) ? o->profile->title : openid_host(x->m, o->url));
}

static void text(struct exchange *x, struct buf *b, const char *key)
{
	buf_html(b, page_word(x, key));
}

static void begin(struct exchange *x, struct buf *b, const char *origins, const char *title)
{
	x->response->headers_n = 0;
	page_headers(x, origins);
	page_begin(x, b, title, "register");
	buf_add(b, "<p class=\"eyebrow\">");
	text(x, b, "api.product");
	buf_add(b, "</p>");
}

/* Works with our script alone, and is not there without it. */
static void close_button(struct exchange *x, struct buf *b, const char *key, const char *class)
{
	buf_addf(b, "<button type=\"button\" class=\"btn %s\" data-close hidden>", class);
	text(x, b, key);
	buf_add(b, "</button>");
}

static void closed_line(struct exchange *x, struct buf *b)
{
	buf_add(b, "<p class=\"muted small\" role=\"status\" data-closed hidden>");
	text(x, b, "register.closed");
	buf_add(b, "</p>");
}

/* ---- What will be asked for ---- */

static void platform_panel(struct exchange *x, struct buf *b, const struct register_form *f)
{
	const struct openid *o = f->openid;

	buf_add(b, "<section class=\"panel\"><h2 class=\"sr\">");
	text(x, b, "register.found");
	buf_add(b, "</h2><dl class=\"kv\">");
	page_detail(b, page_word(x, "register.product"),
		    mem_printf(x->m, "%s %s", is_product(o) ? o->profile->title : str_or(o->family, "–"),
			       o->version));
	page_detail(b, page_word(x, "register.issuer"), o->issuer);
	page_detail(b, page_word(x, "register.host"), openid_host(x->m, o->url));
	page_detail(b, page_word(x, "register.school"), f->school ? f->school : page_word(x, "register.nobody"));
	buf_add(b, "</dl></section>");
}

static void option(struct exchange *x, struct buf *b, const char *name, const char *word,
		   const char *why, bool is_usual)
{
	buf_addf(b, "<label class=\"optrow\"><input type=\"checkbox\" value=\"1\"%s",
		 is_usual ? " checked" : "");
	page_attribute(b, "name", name);
	buf_add(b, "><span>");
	text(x, b, word);
	if (why) {
		buf_add(b, "<small>");
		text(x, b, why);
		buf_add(b, "</small>");
	}
	buf_add(b, "</span></label>");
}

static void group(struct exchange *x, struct buf *b, const char *legend)
{
	buf_add(b, "<fieldset class=\"field\"><legend>");
	text(x, b, legend);
	buf_add(b, "</legend>");
}

#define NRPS   "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
#define NOTICE "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"

/* What a person may choose besides places: what it takes on the platform's side, and what
 * follows where that is lacking. */
static const struct wish {
	const char *name, *word, *why;
	const char *claim, *scope, *notice, *message;
	const char *without;
} wishes[] = {
	{ "add", "register.add", "register.add.why", NULL, NULL, NULL, "LtiDeepLinkingRequest",
	  "register.without.add" },
	{ "names", "register.names", "register.names.why", "name", NULL, NULL, NULL,
	  "register.without.names" },
	{ "email", "register.email", "register.email.why", "email", NULL, NULL, NULL,
	  "register.without.email" },
	{ "roster", "register.roster", "register.roster.why", NULL, NRPS, NULL, NULL,
	  "register.without.roster" },
	{ "notices", "register.notices", "register.notices.why", NULL, NOTICE, "LtiContextCopyNotice",
	  NULL, "register.without.notices" },
};
enum { WISHES = sizeof wishes / sizeof *wishes };

static bool can(const struct openid *o, const struct wish *w)
{
	return (!w->claim || openid_has(o->claims, w->claim)) &&
	       (!w->scope || openid_has(o->scopes, w->scope)) &&
	       (!w->notice || openid_has(o->notices, w->notice)) &&
	       (!w->message || dynamic_message_at(o, w->message));
}

static void where(struct exchange *x, struct buf *b, const struct openid *o)
{
	size_t n;
	const struct dynamic_place *places = dynamic_places(&n);

	group(x, b, "register.open");
	buf_add(b, "<p class=\"muted\">");
	text(x, b, "register.always");
	buf_add(b, "</p>");
	for (size_t i = 0; i < n; i++)
		if (places[i].label != DYNAMIC_ADD && dynamic_place_at(o, &places[i]))
			option(x, b, mem_printf(x->m, "place.%s", places[i].name),
			       mem_printf(x->m, "register.place.%s", places[i].name), NULL,
			       dynamic_named(dynamic_usual(x->m, o, places[i].label), &places[i]));
	if (can(o, &wishes[0]))
		option(x, b, wishes[0].name, wishes[0].word, wishes[0].why, true);
	buf_add(b, "</fieldset>");
}

static void told(struct exchange *x, struct buf *b, const struct openid *o)
{
	bool any = false;

	for (size_t i = 1; i < WISHES; i++)
		any = any || can(o, &wishes[i]);
	if (!any)
		return;
	group(x, b, "register.told");
	for (size_t i = 1; i < WISHES; i++)
		if (can(o, &wishes[i]))
			option(x, b, wishes[i].name, wishes[i].word, wishes[i].why, true);
	buf_add(b, "</fieldset>");
}

static void lacks(struct exchange *x, struct buf *b, const struct openid *o)
{
	bool any = false;

	for (size_t i = 0; i < WISHES; i++) {
		if (can(o, &wishes[i]))
			continue;
		if (!any) {
			buf_add(b, "<div class=\"note\"><div>");
			text(x, b, "register.lacks");
			buf_add(b, "<dl class=\"kv mt0\">");
		}
		any = true;
		page_detail(b, page_word(x, wishes[i].word), page_word(x, wishes[i].without));
	}
	if (any)
		buf_add(b, "</dl></div></div>");
}

static void name_field(struct exchange *x, struct buf *b, const char *name)
{
	buf_add(b, "<div class=\"field\"><label for=\"name\">");
	text(x, b, "register.name");
	buf_add(b, "</label><input class=\"input\" id=\"name\" name=\"name\" maxlength=\"120\" required"
		   " dir=\"auto\" autocomplete=\"off\"");
	page_attribute(b, "value", name);
	buf_add(b, "></div>");
}

bool register_form(struct exchange *x, const struct register_form *f)
{
	const char *title = of_platform(x, "register.title", f->openid);
	struct buf b;

	begin(x, &b, f->openid->origins, title);
	page_heading(&b, title, of_platform(x, "register.lede", f->openid));
	platform_panel(x, &b, f);
	buf_add(&b, "<form class=\"stackv stackv--lg\" method=\"post\" action=\"/lti/register\"");
	page_attribute(&b, "data-sending", page_word(x, "register.sending"));
	buf_add(&b, ">");
	page_hidden(&b, "ticket", f->ticket);
	where(x, &b, f->openid);
	told(x, &b, f->openid);
	name_field(x, &b, f->name);
	lacks(x, &b, f->openid);
	buf_add(&b, "<p class=\"muted small\">");
	text(x, &b, "register.no_grades");
	buf_add(&b, "</p><div class=\"btn-row\"><button class=\"btn btn--primary btn--lg\">");
	text(x, &b, "register.submit");
	buf_add(&b, "</button>");
	close_button(x, &b, "register.cancel", "btn--quiet");
	buf_add(&b, "</div></form>");
	closed_line(x, &b);
	return page_finish(x, &b, 200);
}

/* ---- Asked for and granted ---- */

struct report_row {
	const char *list, *text; /* a text of a list of the report */
	const char *row, *without;
};
static const struct report_row known[] = {
	{ "messages", "LtiResourceLinkRequest", "register.row.link", "register.without.link" },
	{ "messages", "LtiDeepLinkingRequest", "register.row.add", "register.without.add" },
	{ "messages", "DataPrivacyLaunchRequest", "register.row.privacy", "register.without.privacy" },
	{ "messages", "LtiSubmissionReviewRequest", "register.row.submission", "register.without.submission" },
	{ "claims", "name", "register.row.names", "register.without.names" },
	{ "claims", "email", "register.row.email", "register.without.email" },
	{ "claims", "locale", "register.row.locale", "register.without.locale" },
	{ "scopes", NRPS, "register.row.roster", "register.without.roster" },
	{ "scopes", NOTICE, "register.row.notices", "register.without.notices" },
	{ "custom", "observees", "register.row.observees", "register.without.observees" },
	{ "custom", "groups", "register.row.groups", "register.without.groups" },
	{ "custom", "history", "register.row.history", "register.without.history" },
};
enum { KNOWN = sizeof known / sizeof *known };

static void report_row(struct exchange *x, struct buf *b, const json_t *given, const char *asked,
		       const char *what, const char *without)
{
	bool is_said = given && json_is_array(given), is_given = is_said && openid_has(given, asked);

	buf_add(b, "<tr><th scope=\"row\">");
	buf_html(b, what);
	buf_addf(b, "</th><td><span class=\"chip%s\">",
		 is_given ? " chip--good" : is_said ? " chip--warn" : "");
	text(x, b, is_given ? "register.yes" : is_said ? "register.no" : "register.unsaid");
	buf_add(b, "</span></td><td class=\"full muted\">");
	if (!is_given)
		text(x, b, without);
	buf_add(b, "</td></tr>");
}

static void report_places(struct exchange *x, struct buf *b, const json_t *asked, const json_t *given)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)asked, i, v)
	{
		const char *name = json_string_value(v);
		const struct dynamic_place *p = dynamic_place_find(name, strlen(name));
		if (p && p->label != DYNAMIC_ADD)
			report_row(x, b, given, name,
				   page_word(x, mem_printf(x->m, "register.place.%s", p->name)),
				   "register.without.place");
	}
}

static bool is_known(const char *list, const char *asked)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (str_eq(known[i].list, list) && str_eq(known[i].text, asked))
			return true;
	return false;
}

/* Parameters that a profile asks for and no page of ours has a word for. */
static void report_others(struct exchange *x, struct buf *b, const json_t *asked, const json_t *given)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)asked, i, v)
	{
		const char *name = json_string_value(v);
		if (!is_known("custom", name))
			report_row(x, b, given, name, said_of(x, "register.row.other", "name", name),
				   "register.without.other");
	}
}

static void report(struct exchange *x, struct buf *b, const json_t *rep)
{
	const json_t *asked = js_obj(rep, "asked"), *given = js_obj(rep, "given");
	static const char *const heads[] = { "register.what", "register.state", "register.means" };

	buf_add(b, "<section class=\"stackv\"><h2>");
	text(x, b, "register.report");
	buf_add(b, "</h2><table class=\"tbl tbl--stack\"><thead><tr>");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		buf_add(b, "<th scope=\"col\">");
		text(x, b, heads[i]);
		buf_add(b, "</th>");
	}
	buf_add(b, "</tr></thead><tbody>");
	for (size_t i = 0; i < KNOWN; i++) {
		const struct report_row *r = &known[i];
		if (i == 1)
			report_places(x, b, js_arr(asked, "placements"), json_object_get(given, "placements"));
		if (openid_has(js_arr(asked, r->list), r->text))
			report_row(x, b, json_object_get(given, r->list), r->text, page_word(x, r->row),
				   r->without);
	}
	report_others(x, b, js_arr(asked, "custom"), js_arr(given, "custom"));
	buf_add(b, "</tbody></table></section>");
}

/* ---- What became of it ---- */

static const struct {
	const char *mark, *title, *lede;
} outcomes[] = {
	[DYNAMIC_ACTIVE] = { "check", "register.done", "register.done.lede" },
	[DYNAMIC_PENDING] = { "clock", "register.pending", "register.pending.lede" },
	[DYNAMIC_ALREADY] = { "info", "register.already", "register.already.lede" },
};

static void claim_code(struct exchange *x, struct buf *b, const char *code)
{
	buf_add(b, "<section class=\"panel stackv\"><h2>");
	text(x, b, "register.code");
	buf_add(b, "</h2><p class=\"bigcode\">");
	offer_value(x, b, code);
	buf_add(b, "</p></section>");
}

static void next_step(struct exchange *x, struct buf *b, const struct openid *o)
{
	const char *key = mem_printf(x->m, "register.next.%s", o->profile->name);
	const char *words = page_word(x, key);

	buf_add(b, "<div class=\"note note--info\"><div><b>");
	text(x, b, "register.next");
	buf_add(b, "</b><br>");
	buf_html(b, str_eq(words, key) ? page_word(x, "register.next.generic") : words);
	buf_add(b, "</div></div>");
}

bool register_result(struct exchange *x, const struct register_result *r)
{
	const char *title = of_platform(x, outcomes[r->kept->outcome].title, r->openid);
	const char *lede = outcomes[r->kept->outcome].lede;
	struct buf b;

	begin(x, &b, r->openid->origins, title);
	page_mark(&b, outcomes[r->kept->outcome].mark);
	page_heading(&b, title, said_of(x, lede, "school", str_or(r->school, "–")));
	if (r->kept->claim_code)
		claim_code(x, &b, r->kept->claim_code);
	next_step(x, &b, r->openid);
	buf_add(&b, "<div class=\"btn-row\">");
	close_button(x, &b, "register.close", "btn--primary btn--lg");
	buf_add(&b, "</div>");
	closed_line(x, &b);
	report(x, &b, r->answer->report);
	return page_finish(x, &b, 200);
}

bool register_refused(struct exchange *x, const char *origins, const struct err *e, const char *said)
{
	const struct lti_reason *why = lti_reason_find(e->reason);
	struct buf b;

	begin(x, &b, origins, page_word(x, "register.failed"));
	page_mark(&b, "info");
	page_heading(&b, page_word(x, "register.failed"), page_word(x, why->message));
	if (!str_empty(said)) {
		buf_add(&b, "<section class=\"panel stackv\"><h2>");
		text(x, &b, "register.said");
		buf_add(&b, "</h2><pre class=\"lines\"><code>");
		buf_html(&b, said);
		buf_add(&b, "</code></pre></section>");
	}
	buf_add(&b, "<details open><summary>");
	text(x, &b, "api.for_administrator");
	buf_add(&b, "</summary><dl class=\"kv mt\">");
	page_detail(&b, page_word(x, "api.reason"), why->word);
	if (e->field)
		page_detail(&b, page_word(x, "register.field"), e->field);
	page_detail(&b, page_word(x, "api.mend"), why->mend);
	page_detail(&b, page_word(x, "api.reference"), x->request->id);
	buf_add(&b, "</dl></details><div class=\"btn-row\">");
	close_button(x, &b, "register.close", "");
	buf_add(&b, "</div>");
	closed_line(x, &b);
	if (why->status == 503)
		response_header(x->response, "Retry-After", "30");
	return page_finish(x, &b, why->status);
}
