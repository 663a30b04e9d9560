#include "web/offer.h"
#include "i18n/i18n.h"
#include "web/assets.h"
#include "web/page.h"
#include <string.h>

const struct dynamic_words *offer_words(struct exchange *x, size_t *n_out)
{
	static const char *const languages[] = { "en", "nb" };
	enum { N = sizeof languages / sizeof *languages };
	static const char *const labels[] = {
		[DYNAMIC_COURSE] = "register.label.course",
		[DYNAMIC_MINE] = "register.label.mine",
		[DYNAMIC_ADD] = "register.label.add",
	};
	struct dynamic_words *w = mem_array(x->m, struct dynamic_words, N);

	for (size_t i = 0; i < N; i++) {
		w[i].language = languages[i];
		w[i].product = i18n(x->m, languages[i], "api.product", NULL);
		w[i].description = i18n(x->m, languages[i], "register.description", NULL);
		for (size_t k = 0; k <= DYNAMIC_ADD; k++)
			w[i].labels[k] = i18n(x->m, languages[i], labels[k], NULL);
	}
	*n_out = N;
	return w;
}

const char *offer_contact(const struct exchange *x)
{
	const char *contact = x->house->config->contact;

	if (str_starts(contact, "mailto:"))
		contact += strlen("mailto:");
	return strchr(contact, '@') && !strstr(contact, "://") ? contact : "";
}

void offer_value(struct exchange *x, struct buf *b, const char *value)
{
	buf_add(b, "<span class=\"copy\"><code>");
	buf_html(b, value);
	buf_add(b, "</code> <button type=\"button\" class=\"linkbtn small\" hidden");
	page_attribute(b, "data-copy", value);
	page_attribute(b, "data-done", page_word(x, "register.copied"));
	buf_add(b, ">");
	buf_html(b, page_word(x, "register.copy"));
	buf_add(b, "</button></span>");
}

/* A platform keeps the address of our icon for years; the asset's own changes with it. */
bool page_icon(struct exchange *x, struct err *e)
{
	const struct asset *a = assets;

	while (a->path && !str_eq(a->path, asset_url("icon")))
		a++;
	if (!a->path)
		return err_set(e, ERR_INTERNAL, "no icon was built in");
	response_header(x->response, "Cache-Control", "public, max-age=86400");
	response_header(x->response, "Access-Control-Allow-Origin", "*");
	response_header(x->response, "Cross-Origin-Resource-Policy", "cross-origin");
	response_header(x->response, "X-Content-Type-Options", "nosniff");
	x->response->status = 200;
	x->response->type = a->type;
	x->response->body = (const char *)a->plain.p;
	x->response->body_n = a->plain.n;
	return true;
}

/* ---- The configuration for a Canvas that fetches it ---- */

static bool canvas_refused(struct exchange *x, const struct err *e)
{
	return reply_json(x, 400, json_pack("{s:{s:s, s:s, s:s}}", "error", "code", err_name(e->code),
					    "field", str_or(e->field, "query"), "message", e->text));
}

bool lti_canvas_handle(struct exchange *x, struct err *e)
{
	struct canvas_wishes w = { .icon = OFFER_ICON };
	const char *query = x->request->query;
	struct fields f = { .n = 0 };
	bool more[3] = { false };
	json_t *configuration;

	response_header(x->response, "X-Content-Type-Options", "nosniff");
	w.words = offer_words(x, &w.words_n);
	if (!fields_parse(x->m, query, strlen(query), &f, e))
		return canvas_refused(x, e);
	w.placements = fields_get(&f, "placements", &more[0]);
	w.privacy = fields_get(&f, "privacy", &more[1]);
	w.region = fields_get(&f, "region", &more[2]);
	if (more[0] || more[1] || more[2]) {
		err_set(e, ERR_INVALID, "a parameter stands twice");
		return canvas_refused(x, e);
	}
	if (!canvas_configuration(x->house->lti, x->m, &w, &configuration, e))
		return canvas_refused(x, e);
	response_header(x->response, "Cache-Control", "public, max-age=300");
	return reply_json(x, 200, json_incref(configuration));
}
