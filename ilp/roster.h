/* roster.h - a course's members as the platform lists them, taken in page by page.
 *
 * One transaction a page; a page taken in twice changes nothing. What a launch said
 * of somebody's role outranks the list (I-25). Who is in neither of two complete
 * rosters one after the other has left; nothing about them is deleted (R77). */
#ifndef ILP_ROSTER_H
#define ILP_ROSTER_H

#include "db/db.h"

struct roster_job {
	const char *tenant, *course, *registration, *url, *resource_link, *context, *started;
};

/* A wanted roster of any tenant, claimed for five minutes. *found is false where none
 * is due. */
MUST_USE bool roster_claim(struct db *, struct mem *, struct roster_job *out, bool *found,
			   struct err *e);

struct roster_person {
	const char *sub, *lti11_id, *sis_id, *given, *family, *name, *email, *role;
	bool is_test;
};
MUST_USE bool roster_take(struct db *, struct mem *, const struct roster_job *,
			  const struct roster_person *, size_t n, struct err *e);
/* After the last page. */
MUST_USE bool roster_finish(struct db *, struct mem *, const struct roster_job *, int64_t *left,
			    struct err *e);
/* `reason`: a stable word; what was taken in stays, nobody has left. */
MUST_USE bool roster_fail(struct db *, struct mem *, const struct roster_job *, const char *reason,
			  struct err *e);

#endif
