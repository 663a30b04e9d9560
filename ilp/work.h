/* work.h - what stands in a plan: read as a hat sees it, written field by field.
 *
 * Every statement begins at ilp.seat(): what the viewer is to the student today, whether
 * the plan's state lets that hat in, and then each field's own rights. Nothing of a hidden
 * field is read from the database at all (I-03).
 *
 * Tasks are in task.h, posts (comments, notes, log, topics) in post.h, links and files in
 * evidence.h. */
#ifndef ILP_WORK_H
#define ILP_WORK_H

#include "ilp/people.h"
#include "ilp/review.h"
#include <jansson.h>

#define WORK_TEXT_MAX 20000 /* characters in a field */

/* The five parameters with which every statement about a plan begins: plan, person, role,
 * course, reads (ilp.seat). as: NULL, or the hat whose eyes a mentor borrows, as text. */
#define SEAT(v, plan) (plan), (v)->person, role_name((v)->role), (v)->course, access_act(ACT_READ)

/* The whole page as GET /api/plans/:id answers it (web/app/src/plan-types.ts, PlanPage), one
 * round trip. as: 0, HAT_STUDENT or HAT_GUARDIAN. *out belongs to the arena; its form is
 * shared with other pages and must not be changed. ERR_NOT_FOUND. */
MUST_USE bool work_read(struct db *, struct mem *, const struct viewer *, const char *plan, int as,
			json_t **out, struct err *e);
/* What is newer than a page's cursor (PlanChanges). ERR_INVALID with field "since". */
MUST_USE bool work_changes(struct db *, struct mem *, const struct viewer *, const char *plan,
			   const char *since, json_t **out, struct err *e);
/* The viewer has the plan before them: what is new is counted from here (ilp.looked). */
MUST_USE bool work_look(struct db *, struct mem *, const struct viewer *, const char *plan,
			struct err *e);
/* The viewer's cursor is in a field, for a minute; field "": no longer. */
MUST_USE bool work_writing(struct db *, struct mem *, const struct viewer *, const char *plan,
			   const char *object, const char *field, struct err *e);
/* What stood in a field of the plan, a row, a task or a post: {"versions": […]}, newest first. */
MUST_USE bool work_history(struct db *, struct mem *, const struct viewer *, const char *plan,
			   const char *object, const char *field, json_t **out, struct err *e);

/* One save: the same contract for every text there is (ilp/entry.h): a revision that was
 * seen, an answer with what stands there now. */
struct work_save {
	const char *plan;
	const char *row; /* NULL: of the plan */
	const char *field;
	const char *text;
	int64_t seen;
	int voice; /* HAT_STUDENT: typed for the student, together in a meeting (I-23) */
};
struct work_saved {
	bool saved; /* false: `text` is somebody else's */
	const char *text;
	int64_t rev;
	const char *by, *at;
};
/* ERR_INVALID with field "text": it does not fit the field's kind. ERR_NOT_FOUND. */
MUST_USE bool work_save_value(struct db *, struct mem *, const struct viewer *,
			      const struct work_save *, struct work_saved *out, struct err *e);

/* A competence or goal. Who does not edit the grid proposes goals, where the school lets
 * them; a mentor takes them up. */
struct row_new {
	const char *id, *kind, *parent;
	const char *after; /* NULL: at the end */
	const char *text;
	const char *framework, *objective; /* both or neither */
};
/* *out is a PlanRowOfGrid. Repeating it does no harm. ERR_NOT_FOUND, ERR_INVALID. */
MUST_USE bool row_add(struct db *, struct mem *, const struct viewer *, const char *plan,
		      const struct row_new *, json_t **out, struct err *e);

/* What is to change about a row or a task; what is not named stays. */
struct move {
	bool moves; /* to behind `after`; NULL: to the front */
	const char *after;
	const char *parent; /* a goal's competence, a task's goal; NULL: stays */
	const char *state;  /* of a row: agreed, proposed, declined; NULL: stays */
	enum tri removed, confirmed;
};
MUST_USE bool row_change(struct db *, struct mem *, const struct viewer *, const char *plan,
			 const char *row, const struct move *, struct err *e);

#endif
