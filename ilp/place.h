/* place.h - what a deep linking request asked for, and what of this course can be placed.
 * A teacher's right; the request itself stands in the session that its launch made. */
#ifndef ILP_PLACE_H
#define ILP_PLACE_H

#include "ilp/review.h"

struct place {
	const char *asked;      /* JSON as the launch wrote it: returnUrl, data, several ... */
	struct review *reviews;
	size_t n;
};
/* ERR_NOT_FOUND: this session answers no request. */
MUST_USE bool place_read(struct db *, struct mem *, const struct viewer *, struct place *out,
			 struct err *e);

#endif
