/* work.h - what stands in a plan: read as a hat sees it, written field by field.
 *
 * Every statement begins at ilp.seat(): what the viewer is to the student today, whether
 * the plan's state lets that hat in, and then each field's own rights. Nothing of a hidden
 * field is read from the database at all (I-03). */
#ifndef ILP_WORK_H
#define ILP_WORK_H

#include "ilp/people.h"
#include <jansson.h>

/* The five parameters with which every statement about a plan begins: plan, person, role,
 * course, reads (ilp.seat). as: NULL, or the hat whose eyes a mentor borrows, as text. */
#define SEAT(v, plan) (plan), (v)->person, role_name((v)->role), (v)->course, access_act(ACT_READ)

/* The whole page as GET /api/plans/:id answers it (web/app/src/plan-types.ts, PlanPage), one
 * round trip. as: 0, HAT_STUDENT or HAT_GUARDIAN. *out belongs to the arena. ERR_NOT_FOUND. */
MUST_USE bool work_read(struct db *, struct mem *, const struct viewer *, const char *plan, int as,
			json_t **out, struct err *e);

/* One save: the same contract for every text there is (ilp/entry.h): a revision that was
 * seen, an answer with what stands there now. */
struct work_saved {
	bool saved; /* false: `text` is somebody else's */
	const char *text;
	int64_t rev;
	const char *by, *at;
};
/* row NULL: of the plan. */
MUST_USE bool work_save_value(struct db *, struct mem *, const struct viewer *, const char *plan,
			      const char *row, const char *field, const char *text, int64_t seen,
			      struct work_saved *out, struct err *e);

#endif
