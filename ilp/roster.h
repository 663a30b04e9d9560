/* roster.h - a course's members as the platform lists them, taken in page by page.
 *
 * A page is one transaction: who is in it, where the next one is, how many there were.
 * Taken in twice it changes nothing, so after a crash somebody goes on at the next page.
 * A claim is a lease of five minutes that each page renews; who lost it can write
 * nothing any more.
 *
 * What a launch said of somebody's role outranks the list (I-25). Who is listed as
 * inactive has left at once. Who is in neither of two whole lists one after the other
 * has left too: a student always, anybody else if a list ever named them, for some who
 * teach stand in none (Moodle's administrators). Nothing about them is deleted (R77).
 * A failed roster takes nobody away. */
#ifndef ILP_ROSTER_H
#define ILP_ROSTER_H

#include "db/db.h"

struct roster_job {
	const char *tenant, *course, *registration, *url, *resource_link, *context;
	const char *attempt;      /* fences the lease */
	const char *from;         /* the page to go on with, or the next difference; NULL: from the start */
	bool differences;         /* only what changed since the last time */
	int64_t pages, people;    /* taken in by earlier turns */
};

/* Whose turn it is. Each registration has its turn; `after` is the one that had the last,
 * "" at first. Of those resting only first tries and what people ask for. */
struct roster_turns {
	char after[37];
	const char *const *resting;
	size_t resting_n;
};
/* A roster of any tenant that is due, claimed; *found is false where none is. */
MUST_USE bool roster_claim(struct db *, struct mem *, struct roster_turns *, struct roster_job *out,
			   bool *found, struct err *e);

struct roster_person {
	const char *sub, *lti11_id, *sis_id, *given, *family, *name, *email, *role;
	bool is_test;
};
struct roster_page {
	const struct roster_person *people;
	size_t n;
	const char *const *leavers;  /* subs */
	size_t leavers_n;
	const char *next;            /* NULL: this is the last, and the roster is done */
	const char *differences;     /* where the next difference will be, if the page says so */
	bool again;                  /* people who were counted before */
	bool turn_is_over;           /* others first; then at `next` */
};
/* *left: who has left by being absent, known with the last page. ERR_CONFLICT with reason
 * lease_lost: somebody else goes on with it. */
MUST_USE bool roster_take(struct db *, struct mem *, const struct roster_job *, const struct roster_page *,
			  int64_t *left, struct err *e);

/* `reason`: a stable word; what was taken in stays, nobody has left. It is tried again by
 * itself after a while that grows with each failure, and not before retry_after_s (0: not
 * said). anew: what it went on with is no more, so it will begin from the start. */
MUST_USE bool roster_fail(struct db *, struct mem *, const struct roster_job *, const char *reason,
			  int64_t retry_after_s, bool anew, struct err *e);

/* Wants the rosters that are due this night; call it every few minutes. */
MUST_USE bool roster_nightly(struct db *, struct mem *, int64_t *wanted, struct err *e);

#endif
