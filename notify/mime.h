/* mime.h - a mail as the bytes that go over the wire, by GMime. */
#ifndef NOTIFY_MIME_H
#define NOTIFY_MIME_H

#include "base/mem.h"
#include <stdint.h>

#define MIME_MAX ((size_t)30 << 10) /* ilp.md 5: longer mails are clipped by readers */

struct mime_mail {
	const char *from_name, *from; /* display name, bare address */
	const char *to;
	const char *subject;
	const char *message_id, *references; /* "<local@host>" */
	const char *list_name, *list_id;     /* display name, "local.host" */
	const char *language;                /* "nb" */
	const char *text, *html;
	int64_t at_s; /* Date, seconds since 1970 */
};

/* The message, CRLF line ends, in the arena. ERR_INVALID where a header value
 * holds a line break or other control character, an address is none, or the
 * message is longer than MIME_MAX. */
MUST_USE bool mime_build(struct mem *, const struct mime_mail *, const char **out, size_t *n_out,
			 struct err *e);

/* "Learning plans <plans@example.org>" taken apart; the name may be "". */
MUST_USE bool mime_sender(struct mem *, const char *text, const char **name, const char **address,
			  struct err *e);

#endif
