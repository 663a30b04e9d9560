/* evidence.h - links and files that show what was learned, or help to learn it.
 *
 * A file is one of a few types, which its first bytes must bear out: what is given out again
 * is never anything that a browser would run. */
#ifndef ILP_EVIDENCE_H
#define ILP_EVIDENCE_H

#include "ilp/work.h"

#define EVIDENCE_MAX       ((size_t)10 << 20)
#define EVIDENCE_TITLE_MAX 300

struct evidence_new {
	const char *id;
	const char *field, *row; /* row NULL: of the plan */
	const char *title;
	const char *url; /* link_ok(); NULL: a file */
	const char *type;
	const void *bytes;
	size_t n;
};

/* The type as we keep it, without parameters; NULL: not one that is taken. */
const char *evidence_type(const char *content_type);
/* Do the bytes begin as that type does? */
bool evidence_fits(const char *type, const void *bytes, size_t n);
/* ".pdf" */
const char *evidence_suffix(const char *type);

/* *out is an Evidence. Repeating it does no harm. ERR_NOT_FOUND; ERR_INVALID with field "url",
 * "type", "file" (empty, too long, or not of the type) or "plan" (it holds too much). */
MUST_USE bool evidence_add(struct db *, struct mem *, const struct viewer *, const char *plan,
			   const struct evidence_new *, json_t **out, struct err *e);

struct evidence_file {
	const char *title, *type;
	const unsigned char *bytes;
	size_t n;
};
MUST_USE bool evidence_read(struct db *, struct mem *, const struct viewer *, const char *plan,
			    const char *id, struct evidence_file *out, struct err *e);
MUST_USE bool evidence_remove(struct db *, struct mem *, const struct viewer *, const char *plan,
			      const char *id, struct err *e);

#endif
