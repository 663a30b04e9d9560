/* str.h - strings: a growing buffer in an arena, and small checks.
 *
 * A buffer lives in its arena; its text is NUL-terminated at all times and may
 * be borrowed until the arena is reset or the buffer grows. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/mem.h"
#include <stdint.h>

struct buf {
	struct mem *m;
	char *p;
	size_t n, cap;
};

void buf_init(struct buf *, struct mem *);
void buf_add(struct buf *, const char *text);
void buf_addn(struct buf *, const void *bytes, size_t n);
void buf_addf(struct buf *, const char *fmt, ...) PRINTF(2, 3);
void buf_html(struct buf *, const char *text); /* escaped for HTML text and quoted attributes */
void buf_url(struct buf *, const char *text);  /* percent-encoded for one query value (RFC 3986 unreserved kept) */

bool str_eq(const char *a, const char *b);     /* both NULL or the same text */
bool str_empty(const char *);                  /* NULL or "" */
bool str_starts(const char *s, const char *prefix);
const char *str_or(const char *s, const char *otherwise); /* s, or otherwise where s is NULL or "" */

/* Equal in a time that depends on the lengths only: for every secret. */
bool secret_eq(const void *a, size_t an, const void *b, size_t bn);

/* Valid UTF-8 without NUL or other C0 controls except tab, LF, CR. */
bool str_is_text(const char *s, size_t n);
/* How many code points; s is valid UTF-8. */
size_t str_points(const char *s);
/* Without leading and trailing white space (ASCII), in the arena. */
char *str_trim(struct mem *, const char *);

/* Decimal, whole string, in [min, max]. */
MUST_USE bool int_parse(const char *s, int64_t min, int64_t max, int64_t *out);

/* base64url without padding (RFC 4648 5). Decoding is strict: alphabet, length
 * and unused bits are checked (lti.md R25). The decoded bytes are followed by
 * a NUL that is not counted. */
char *b64url_encode(struct mem *, const void *, size_t n);
MUST_USE bool b64url_decode(struct mem *, const char *s, size_t n, unsigned char **out, size_t *n_out);

/* Lower-case hex. */
char *hex_encode(struct mem *, const void *, size_t n);

/* UUIDs: made by us as version 7 (RFC 9562 5.7), kept as 36 characters. */
#define UUID_LEN 36
void uuid_make(char out[UUID_LEN + 1]);
char *uuid_new(struct mem *);
bool uuid_ok(const char *s); /* 36 characters of the canonical lower-case form */

/* SHA-256 of bytes, as hex. */
char *sha256_hex(struct mem *, const void *, size_t n);

#endif
