/* work_internal.h - rows of the plan's statements as the objects of plan-types.ts. */
#ifndef ILP_WORK_INTERNAL_H
#define ILP_WORK_INTERNAL_H

#include "ilp/work.h"

/* How a column becomes a member. */
enum column_kind {
	COL_SKIP,
	COL_TEXT,  /* null where there is nothing */
	COL_MAYBE, /* absent where there is nothing */
	COL_FULL,  /* "" where there is nothing */
	COL_INT,
	COL_REAL,
	COL_TRUE, /* true or absent */
	COL_HAT,  /* "mentor" */
	COL_HATS, /* "MCS" */
	COL_JSON, /* JSON text; null */
};
struct column {
	const char *name;
	enum column_kind kind;
};

/* The first columns of a row, as many as the table has; it ends with name NULL. A new reference. */
json_t *row_json(struct mem *, const struct db_rows *, int row, const struct column *);
/* All rows. */
json_t *rows_json(struct mem *, const struct db_rows *, const struct column *);

/* One of a kind, or all of them (work_rows and its like, with `only` or without). New references.
 */
json_t *grid_rows_json(struct mem *, const struct db_rows *);
json_t *tasks_json(struct mem *, const struct db_rows *);
json_t *posts_json(struct mem *, const struct db_rows *);
json_t *evidence_json(struct mem *, const struct db_rows *);

/* What a hat sees of a form (form_view), kept: parsing it anew would cost more than all the
 * rest of a page. The caller's own copy, NULL where the definition is broken. */
json_t *form_kept(struct mem *, const char *tenant, const char *form, const char *definition,
		  int hat);

/* Does the table of acts allow it? */
bool act_allowed(enum act, const char *state, int hat);

/* A batch that writes in the plan; who writes, publishes or locks at the same time waits. */
void work_begin(struct db *, struct mem *, const struct viewer *, const char *plan);

/* After the commit of a save and of what stands now: ERR_NOT_FOUND, ERR_INVALID with "text",
 * or *out. The save's row: fits, new revision; now: text, revision, author, time. */
MUST_USE bool work_saved_read(struct db *, int save, int now, const char *text,
			      struct work_saved *out, struct err *e);
/* The first of a list of one; the arena owns it. ERR_NOT_FOUND where there is none. */
MUST_USE bool work_one(struct mem *, json_t *list, json_t **out, struct err *e);

/* After something was to be added: ERR_NOT_FOUND where it may not stand there, ERR_INVALID with
 * "plan" where the plan is full. */
MUST_USE bool work_made(struct db *, int add, struct err *e);
/* NULL, "t" or "f", for parameters. */
const char *tri_flag(enum tri);

#endif
