/* html_internal.h - the sentences of a mail, and their HTML page. */
#ifndef NOTIFY_HTML_INTERNAL_H
#define NOTIFY_HTML_INTERNAL_H

#include "base/mem.h"

struct html_words {
	const char *language;
	const char *title, *hello, *lede;
	const char **line;
	size_t lines;
	const char *open, *link, *way;
	const char *school, *why, *private;
};

const char *html_page(struct mem *, const struct html_words *);

#endif
