/* page.h - pages made in C, from their beginning to their end. Text goes in escaped by
 * buf_html, always; the words come from the catalogs. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/str.h"
#include "web/web_internal.h"

/* The catalog's sentence in the reader's language. */
const char *page_word(struct exchange *, const char *key);
/* Begins the document; scripts are modules by their keys in web/assets.h, NULL: none. */
void page_begin(struct exchange *, struct buf *, const char *title, const char *script);
/* "window", "clock", "info", "check"; as the mark above the heading. */
void page_drawing(struct buf *, const char *icon);
void page_mark(struct buf *, const char *icon);
void page_heading(struct buf *, const char *title, const char *lede);
/* A row of a <dl class="kv">. */
void page_detail(struct buf *, const char *name, const char *value);
/* name="value", escaped, with a space before it. */
void page_attribute(struct buf *, const char *name, const char *value);
void page_hidden(struct buf *, const char *name, const char *value); /* an input */
/* What people can do: back to the platform where that is known, the code to send, the
 * launch doctor. */
void page_ways(struct exchange *, struct buf *, const struct lti_trace *);
void page_doctor_link(struct exchange *, struct buf *);
const char *page_send_code(struct exchange *);
/* What an administrator needs: reason, mend, code. trace: NULL where there is none. */
void page_help(struct exchange *, struct buf *, const struct lti_reason *, const struct lti_trace *);
bool page_finish(struct exchange *, struct buf *, int status);

#endif
