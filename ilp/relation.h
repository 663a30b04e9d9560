/* relation.h - which guardians are linked to which students, where that came from, and
 * the school's word against it (lti.md 3.3): a link that is blocked stays blocked
 * whatever a platform says later. */
#ifndef ILP_RELATION_H
#define ILP_RELATION_H

#include "ilp/session.h"

enum { RELATION_NOTE_MAX = 300, RELATIONS_SHOWN = 500 };

struct relation {
	const char *student, *student_name, *guardian, *guardian_name;
	const char *source;                     /* "role_scope_mentor", "canvas_observees", "import", "manual" */
	const char *state;                      /* "active", "ended", "expired", "blocked" */
	const char *confirmed_at, *expires_at;  /* UTC; expires_at NULL: never */
	const char *note;                       /* "" where there is none; of administrators only */
};

/* A teacher sees those of the students of the course, an administrator all of them whose
 * student's or guardian's name holds `query` (NULL: any); at most RELATIONS_SHOWN, the
 * newest first. Needs RIGHT_SEE_RELATIONS. */
MUST_USE bool relation_list(struct db *, struct mem *, const struct viewer *, const char *query,
			    struct relation **out, size_t *n, struct err *e);

/* Blocks a guardian from a student, linked or not, or lifts that: a link confirmed and not
 * expired lives again, any other stays ended. Needs RIGHT_CHANGE_RELATIONS.
 * ERR_NOT_FOUND unless both are people of the tenant. */
MUST_USE bool relation_block(struct db *, struct mem *, const struct viewer *, const char *student,
			     const char *guardian, bool blocked, const char *note, struct err *e);

#endif
