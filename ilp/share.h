/* share.h - plans that others begin with (R-112..R-116): a copy of what is not personal,
 * made on the server when it is shared (I-10), with one school or the district. What is
 * made of it is a copy again: later edits and a withdrawal change nothing there (I-11). */
#ifndef ILP_SHARE_H
#define ILP_SHARE_H

#include "ilp/people.h"

struct share {
	const char *id, *title;
	bool district;      /* false: one school's */
	const char *school; /* its name, or NULL */
	const char *by, *at;
	int64_t uses;
	bool mine;
	const char *purpose, *form_title; /* form_title: JSON texts by language */
	int64_t rows, tasks;
	const char *definition, *content; /* of share_read() alone: JSON, ilp.plan_content */
};

/* Shares a plan under an id of the caller's. Repeating it is harmless. ERR_INVALID "scope"
 * where the student's group belongs to no school. */
MUST_USE bool share_make(struct db *, struct mem *, const struct viewer *, const char *plan,
			 const char *id, bool district, const char *title, struct share *out,
			 struct err *e);
/* What the viewer may use, newest first, at most 100; search NULL: all. */
MUST_USE bool share_list(struct db *, struct mem *, const struct viewer *, const char *search,
			 struct share **out, size_t *n, struct err *e);
MUST_USE bool share_read(struct db *, struct mem *, const struct viewer *, const char *id,
			 struct share *out, struct err *e);
/* One's own; one that is withdrawn already is no error. */
MUST_USE bool share_withdraw(struct db *, struct mem *, const struct viewer *, const char *id,
			     struct err *e);

#endif
