/* copy.h - a course that was copied from others, and what it may bring along.
 *
 * A platform says so by a notice (R92) or in a launch (R94). Brought along is how reviews
 * are set up: title, scale, self-assessment, who sees them and how long they last. Nothing
 * about a student is: no text, no grade, no entry. A title that stands in the course
 * already is not brought twice. */
#ifndef ILP_COPY_H
#define ILP_COPY_H

#include "ilp/session.h"

/* A notice's word, the nonce spent with it. */
struct copy_notice {
	const char *tenant, *registration, *deployment;
	const char *id, *nonce;
	int64_t nonce_expires;                                 /* seconds since 1970 */
	const char *context, *context_label, *context_title;   /* context NULL: of nothing we keep */
	const char *const *origins;
	size_t origins_n;
};
/* ERR_CONFLICT with reason "nonce_used": this token was taken in before. The same notice in
 * a new token changes nothing. */
MUST_USE bool copy_notice_take(struct db *, struct mem *, const struct copy_notice *, struct err *e);

struct copy_origin {
	const char *context, *title; /* title NULL: the course has none */
};
struct copy_offer {
	struct copy_origin *from;
	size_t n;                    /* 0: nothing is offered */
	int64_t reviews;             /* how many it would bring */
};
/* For the home page's batch; RIGHT_BRING_SETUP. */
int copy_offer_add(struct db *, const struct viewer *);
void copy_offer_read(struct db *, struct mem *, int index, struct copy_offer *out);

/* Brings the reviews and ends the offer; done twice it brings nothing more. A period that is
 * not over is kept, one that is over moves on by whole years until it is not. */
MUST_USE bool copy_take(struct db *, struct mem *, const struct viewer *, int64_t *reviews_out,
			struct err *e);
/* Ends the offer, or with `again` makes a dismissed one stand again. */
MUST_USE bool copy_dismiss(struct db *, struct mem *, const struct viewer *, bool again, struct err *e);

#endif
