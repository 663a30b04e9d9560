/* report.h - what teachers look back on: the students of a course times its reviews, and
 * one student over all of them. Read only; nobody is ranked and nothing is averaged. */
#ifndef ILP_REPORT_H
#define ILP_REPORT_H

#include "ilp/people.h"

struct report_review {
	const char *id, *title, *starts_on, *ends_on, *scale; /* scale NULL: comment only */
};

struct report_value {
	bool is_there;           /* false: nothing stands there */
	const char *value;       /* NULL: no grade */
	bool has_comment;
	const char *released_at; /* NULL: not released */
	bool changed;            /* since it was released */
};

struct report_row {
	struct person student;
	bool has_left;
	struct report_value *values; /* one a review, in their order */
};

struct report {
	struct report_review *reviews; /* the first period first */
	size_t reviews_n;
	struct report_row *rows;       /* unsorted: the caller sorts in the reader's language */
	size_t rows_n;
};
MUST_USE bool report_read(struct db *, struct mem *, const struct viewer *, struct report *out,
			  struct err *e);

struct report_entry {
	struct report_review review;
	const char *value, *comment, *by, *at; /* value, by, at NULL: nothing */
	const char *released_at;
	bool changed;
	const char *self_value, *self_comment, *self_at;
};
struct report_student {
	struct person student;
	bool has_left;
	struct report_entry *entries; /* the latest first */
	size_t n;
};
/* ERR_NOT_FOUND: nobody whom this course has or had as a student. */
MUST_USE bool report_student_read(struct db *, struct mem *, const struct viewer *, const char *student,
				  struct report_student *out, struct err *e);

#endif
