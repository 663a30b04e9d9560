/* sign.h - a plan signed: in the room, later in the app, or on paper.
 *
 * What is signed is a copy, frozen at one moment for each of those who sign: canonical JSON
 * of what their hat sees, with its SHA-256. It holds no times of reading and nothing that
 * depends on who looks, so that the same plan gives the same hash; whether the plan was
 * changed since is told by making the hash again. Copies and answers are never changed
 * (I-27); only the newest copy of a plan can be signed. */
#ifndef ILP_SIGN_H
#define ILP_SIGN_H

#include "db/db.h"
#include "ilp/access.h"
#include <jansson.h>

/* The canonical text of a plan's page (ilp/work.h), as it is hashed. */
const char *sign_canonical(struct mem *, const json_t *page);

/* Freezes the plan and asks these people: its student, guardians, mentors (ACT_ASK_SIGN).
 * Where the newest copy says the same it is used; *used is its id. ERR_INVALID with field
 * "people"; ERR_BUSY where somebody writes all the while. */
MUST_USE bool sign_ask(struct db *, struct mem *, const struct viewer *, const char *plan,
		       const char *id, const char *const *people, size_t n, const char **used,
		       struct err *e);

/* {"copies": [...], "may": [...], "people": [...]}; the newest copy says whether the plan was
 * "changed" since. Belongs to the arena, like all of JSON here. */
MUST_USE bool sign_list(struct db *, struct mem *, const struct viewer *, const char *plan,
			json_t **out, struct err *e);
/* The viewer's copy: {"content", "hash", "intact", "at", "by"}. */
MUST_USE bool sign_copy(struct db *, struct mem *, const struct viewer *, const char *plan,
			const char *snapshot, json_t **out, struct err *e);

struct sign_answer {
	const char *plan, *snapshot, *person;
	const char *answer; /* "signed", "declined" */
	const char *method; /* "app": by oneself; "room", "paper": written down by a mentor */
	const char *reason;
};
/* ERR_CONFLICT: answered otherwise before, or a newer copy is to be signed. */
MUST_USE bool sign_give(struct db *, struct mem *, const struct viewer *,
			const struct sign_answer *, struct err *e);

#endif
