/* task.h - what is to be done for a goal, by whom and until when.
 *
 * Each property is saved by itself with its own revision. Statuses are the form's, each with
 * a category and the hats that may choose it; what becomes of what (ilp.md 4.2) is in
 * task_save: todo, doing and done as people go on; dropped by those who may drop; confirmed
 * by a mentor, and then opened by mentors alone; moved on to the next plan, and then no more. */
#ifndef ILP_TASK_H
#define ILP_TASK_H

#include "ilp/work.h"

#define TASK_TEXT_MAX   2000
#define TASK_DETAIL_MAX 200

struct task_new {
	const char *id;
	const char *row; /* NULL: of the plan */
	const char *field, *text;
	const char *due_on;      /* or NULL */
	const char *responsible; /* student, home, school */
	const char *link;        /* link_ok(), or NULL */
	const char *after;       /* NULL: at the end */
};
/* *out is a Task. Repeating it does no harm. ERR_NOT_FOUND, ERR_INVALID. */
MUST_USE bool task_add(struct db *, struct mem *, const struct viewer *, const char *plan,
		       const struct task_new *, json_t **out, struct err *e);

/* field: text, status, due, responsible, link, detail; all as text, "" takes back. ERR_INVALID
 * with "text": no such status, not one this viewer may choose, no date, too long. */
MUST_USE bool task_save(struct db *, struct mem *, const struct viewer *, const char *plan,
			const char *task, const char *field, const char *text, int64_t seen,
			struct work_saved *out, struct err *e);

/* move.parent: the goal it goes to. */
MUST_USE bool task_change(struct db *, struct mem *, const struct viewer *, const char *plan,
			  const char *task, const struct move *, struct err *e);

#endif
