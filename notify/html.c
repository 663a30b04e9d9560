/* html.c - the HTML part: one column, 16 px, tables and inline styles because mail
 * readers know little else, a style block for dark mode and small screens. Nothing
 * is fetched from anywhere. All words are escaped on their way in. */
#include "notify/html_internal.h"

#include "base/str.h"
#include "i18n/i18n.h"

#define FACE "-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
#define INK  "color:#17242a;"
#define INK2 "color:#48575e;"

static const char style[] =
	"<style>\n"
	"@media (prefers-color-scheme: dark) {\n"
	" .bg { background: #12191c !important; }\n"
	" .card { background: #192225 !important; border-color: #2b373c !important; }\n"
	" .ink { color: #e8edee !important; } .ink2 { color: #b9c4c8 !important; }\n"
	" .btn { background: #86cadf !important; color: #06232d !important; }\n"
	"}\n"
	"@media (max-width: 480px) {\n"
	" .card { padding: 24px 20px !important; }\n"
	" .btn { display: block !important; text-align: center !important; }\n"
	"}\n"
	"</style>\n";

static void head(struct buf *b, const struct html_words *w)
{
	buf_addf(b,
		 "<!doctype html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta "
		 "charset=\"utf-8\">\n",
		 w->language, i18n_direction(w->language));
	buf_add(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		   "<meta name=\"color-scheme\" content=\"light dark\">\n"
		   "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>");
	buf_html(b, w->title);
	buf_add(b, "</title>\n");
	buf_add(b, style);
	buf_add(b, "</head>\n");
}

static void paragraph(struct buf *b, const char *class, const char *how, const char *text)
{
	buf_addf(b, "<p class=\"%s\" style=\"%s\">", class, how);
	buf_html(b, text);
	buf_add(b, "</p>\n");
}

static void lines(struct buf *b, const struct html_words *w)
{
	if (!w->lines)
		return;
	buf_add(b, "<ul class=\"ink\" style=\"margin:0 0 16px;padding-inline-start:22px;"
		   "font:400 16px/1.6 " FACE ";" INK "\">\n");
	for (size_t i = 0; i < w->lines; i++) {
		buf_add(b, "<li>");
		buf_html(b, w->line[i]);
		buf_add(b, "</li>\n");
	}
	buf_add(b, "</ul>\n");
}

static void button(struct buf *b, const struct html_words *w)
{
	buf_add(b, "<p style=\"margin:0;padding:4px 0 20px;\"><a class=\"btn\" href=\"");
	buf_html(b, w->link);
	buf_add(b, "\" style=\"display:inline-block;padding:13px 22px;border-radius:6px;"
		   "background:#125a70;color:#ffffff;font:600 16px/1.2 " FACE
		   ";text-decoration:none;\">");
	buf_html(b, w->open);
	buf_add(b, "</a></p>\n");
}

static void card(struct buf *b, const struct html_words *w)
{
	static const char body[] = "margin:0 0 16px;font:400 16px/1.55 " FACE ";" INK;

	buf_add(b,
		"<tr><td class=\"card\" role=\"main\" style=\"padding:32px;background:#ffffff;"
		"border:1px solid #e8e0d1;border-radius:10px;\">\n"
		"<h1 class=\"ink\" style=\"margin:0 0 12px;font:600 22px/1.25 " FACE ";" INK "\">");
	buf_html(b, w->title);
	buf_add(b, "</h1>\n");
	paragraph(b, "ink", body, w->hello);
	paragraph(b, "ink", body, w->lede);
	lines(b, w);
	button(b, w);
	paragraph(b, "ink2", "margin:0;font:400 14px/1.5 " FACE ";" INK2, w->way);
	buf_add(b, "</td></tr>\n");
}

static void foot(struct buf *b, const struct html_words *w)
{
	buf_add(b, "<tr><td class=\"ink2\" role=\"contentinfo\" style=\"padding:16px 8px;"
		   "font:400 13px/1.5 " FACE ";" INK2 "\">");
	buf_html(b, w->why);
	buf_add(b, "<br>\n");
	buf_html(b, w->private);
	buf_add(b, "</td></tr>\n");
}

const char *html_page(struct mem *m, const struct html_words *w)
{
	struct buf b;

	buf_init(&b, m);
	head(&b, w);
	buf_add(&b,
		"<body class=\"bg\" style=\"margin:0;padding:0;background:#faf7f1;\">\n"
		"<table role=\"presentation\" class=\"bg\" width=\"100%\" cellpadding=\"0\" "
		"cellspacing=\"0\" border=\"0\" style=\"background:#faf7f1;\"><tr>"
		"<td align=\"center\" style=\"padding:24px 12px;\">\n"
		"<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
		"border=\"0\" style=\"max-width:560px;text-align:start;\">\n"
		"<tr><td class=\"ink2\" role=\"banner\" style=\"padding:0 8px 12px;"
		"font:600 15px/1.4 " FACE ";" INK2 "\">");
	buf_html(&b, w->school);
	buf_add(&b, "</td></tr>\n");
	card(&b, w);
	foot(&b, w);
	buf_add(&b, "</table>\n</td></tr></table>\n</body>\n</html>\n");
	return b.p;
}
