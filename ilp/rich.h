/* rich.h - CommonMark as nodes that can do no harm, and links that may be followed.
 *
 * What people write with marks is read here and nowhere else: the browser gets nodes, never
 * HTML (RichNode in web/app/src/plan-types.ts). HTML in a text is text; pictures are their
 * words; a link that leads anywhere but to http, https or mailto is its words. */
#ifndef ILP_RICH_H
#define ILP_RICH_H

#include "base/mem.h"
#include <jansson.h>

#define RICH_MAX  ((size_t)64 << 10) /* a longer text is one paragraph as it stands */
#define RICH_DEEP 12                 /* what is nested deeper stands in the innermost of these */

/* An array, a new reference. text is valid UTF-8. */
json_t *rich_nodes(const char *text);

/* An address that a page may lead to: http or https with a host, and mailto where `mail`;
 * without blanks and control characters, at most 2000 bytes. */
bool link_ok(const char *url, bool mail);

#endif
