/* connect.c - what an administrator pastes where, for each platform, with our addresses
 * filled in. Public: the addresses are. The words are those of the administrator's pages. */
#include "i18n/i18n.h"
#include "web/offer.h"
#include "web/page.h"
#include <string.h>

enum { STEPS_MAX = 20 };

/* A value's place in a sentence, while ICU fills in the rest: a control character that no
 * catalog holds, and the number of the value. */
#define MARK '\x01'

struct values {
	const char *names[7];
	const char *texts[7];
	size_t n;
};

static struct values values_of(struct exchange *x)
{
	struct lti_addresses a = lti_addresses(x->house->lti, x->m);

	return (struct values){
		.names = { "register", "login", "launch", "jwks", "canvas", "domain" },
		.texts = { a.register_, a.login, a.launch, a.jwks, a.canvas, a.domain },
		.n = 6,
	};
}

static void text(struct exchange *x, struct buf *b, const char *key)
{
	buf_html(b, page_word(x, key));
}

/* The sentence with its values as something to copy. */
static void sentence(struct exchange *x, struct buf *b, const struct values *v, const char *key)
{
	struct i18n_arg args[8] = { { NULL, NULL, 0 } };

	for (size_t i = 0; i < v->n; i++)
		args[i] = (struct i18n_arg){ v->names[i], mem_printf(x->m, "%c%zu", MARK, i), 0 };
	for (const char *s = i18n(x->m, x->language, key, args); *s;) {
		size_t n = strcspn(s, (const char[]){ MARK, '\0' });
		buf_html(b, mem_strndup(x->m, s, n));
		s += n;
		if (!*s)
			break;
		size_t which = (size_t)(s[1] - '0');
		if (which < v->n)
			offer_value(x, b, v->texts[which]);
		s += s[1] ? 2 : 1;
	}
}

static void begin(struct exchange *x, struct buf *b, const char *title)
{
	page_headers(x, ""); /* a page of its own: nobody needs to frame it */
	page_begin(x, b, title, "register");
	buf_add(b, "<p class=\"eyebrow\">");
	text(x, b, "api.product");
}

static void note(struct exchange *x, struct buf *b)
{
	buf_add(b, "<div class=\"note note--info\"><div>");
	text(x, b, "register.connect.invite");
	buf_add(b, "</div></div>");
}

static void addresses(struct exchange *x, struct buf *b)
{
	const struct values v = values_of(x);

	buf_add(b, "<section class=\"panel stackv\"><h2>");
	text(x, b, "register.connect.addresses");
	buf_add(b, "</h2><dl class=\"kv\">");
	for (size_t i = 0; i < v.n; i++) {
		buf_add(b, "<div><dt>");
		text(x, b, mem_printf(x->m, "register.connect.%s", v.names[i]));
		buf_add(b, "</dt><dd>");
		offer_value(x, b, v.texts[i]);
		buf_add(b, "</dd></div>");
	}
	buf_add(b, "</dl></section>");
}

bool page_connect(struct exchange *x, struct err *e)
{
	size_t n;
	const struct lti_profile *all = lti_profile_list(&n);
	struct buf b;

	begin(x, &b, page_word(x, "register.connect.title"));
	buf_add(&b, "</p>");
	page_heading(&b, page_word(x, "register.connect.title"), page_word(x, "register.connect.lede"));
	buf_add(&b, "<ul class=\"btn-row\">");
	for (size_t i = 1; i <= n; i++) {
		/* the one that stands for all others comes last */
		const char *name = all[i % n].name;
		buf_add(&b, "<li><a class=\"btn\"");
		page_attribute(&b, "href", mem_printf(x->m, "/connect/%s", name));
		buf_add(&b, ">");
		text(x, &b, mem_printf(x->m, "guide.%s.title", name));
		buf_add(&b, "</a></li>");
	}
	buf_add(&b, "</ul>");
	note(x, &b);
	addresses(x, &b);
	return page_finish(x, &b, 200);
}

static void steps(struct exchange *x, struct buf *b, const char *name)
{
	const struct values v = values_of(x);

	buf_add(b, "<ol class=\"plain\">");
	for (int i = 1; i <= STEPS_MAX; i++) {
		const char *key = mem_printf(x->m, "guide.%s.%d", name, i);
		if (str_eq(page_word(x, key), key))
			break;
		buf_add(b, "<li>");
		sentence(x, b, &v, key);
		buf_add(b, "</li>");
	}
	buf_add(b, "</ol>");
}

bool page_connect_lms(struct exchange *x, struct err *e)
{
	const char *name = lti_profile_find(x->params[0])->name, *title;
	struct buf b;

	if (!str_eq(name, x->params[0])) {
		page_not_found(x);
		return true;
	}
	title = i18n(x->m, x->language, "register.connect.one",
		     (const struct i18n_arg[]){
			     { "platform", page_word(x, mem_printf(x->m, "guide.%s.title", name)), 0 },
			     { NULL, NULL, 0 } });
	begin(x, &b, title);
	buf_add(&b, " · <a href=\"/connect\">");
	text(x, &b, "register.connect.all");
	buf_add(&b, "</a></p>");
	page_heading(&b, title, page_word(x, "register.connect.one_lede"));
	note(x, &b);
	steps(x, &b, name);
	return page_finish(x, &b, 200);
}
