/* privacy.h - what is held about a person: who they are, and numbers by category with the
 * date of the oldest. No text that anybody wrote is read, and of what was written about a
 * student only what was released is counted. */
#ifndef ILP_PRIVACY_H
#define ILP_PRIVACY_H

#include "ilp/session.h"

struct privacy_held {
	const char *what;  /* "courses", "mails" ... (db/queries/privacy.sql) */
	int64_t n;
	const char *since; /* NULL: not known */
};
struct privacy {
	const char *name, *email, *language; /* NULL: none; all NULL about somebody else */
	const char *since;
	struct privacy_held *held;
	size_t n;
};
/* `about`: NULL for oneself; somebody else is for administrators, in numbers alone.
 * ERR_NOT_FOUND: nobody of this school, or not theirs to ask. */
MUST_USE bool privacy_read(struct db *, struct mem *, const struct viewer *, const char *about,
			   struct privacy *out, struct err *e);

#endif
