/* entry.h - what stands about each student in a midterm review.
 *
 * Four fields, each with its own revision: the teachers' value and comment, the
 * student's self_value and self_comment. A save carries the revision it started
 * from and never overwrites another text silently (I-18); saving the same text
 * again is harmless, so that a browser may repeat what it is unsure of. */
#ifndef ILP_ENTRY_H
#define ILP_ENTRY_H

#include "ilp/people.h"
#include "ilp/review.h"

enum entry_field { ENTRY_VALUE, ENTRY_COMMENT, ENTRY_SELF_VALUE, ENTRY_SELF_COMMENT, ENTRY_FIELDS };
const char *entry_field_name(enum entry_field);
/* ENTRY_FIELDS: no such field. */
enum entry_field entry_field_parse(const char *name);

struct entry_text {
	const char *text;    /* NULL: nothing */
	int64_t rev;         /* 0: never written */
	const char *by, *at; /* author's name and time, NULL where never written */
	bool changed_since_release, changed_since_ready;
};

struct entry {
	struct person student;
	bool has_left;
	const char *released_at;
	const char *ready_at, *corrected_at;
	const char *entered_on; /* the date it counts from; NULL: no teacher entry yet */
	struct entry_text texts[ENTRY_FIELDS];
};

/* The teachers' grid. `since` (a cursor of an earlier read, or NULL): only entries
 * with something newer. */
struct entry_grid {
	struct review review;
	struct entry *entries;
	size_t n;
	const char *cursor;
};
MUST_USE bool entry_grid_read(struct db *, struct mem *, const struct viewer *, const char *review,
			      const char *since, struct entry_grid *out, struct err *e);

struct entry_save {
	const char *review, *student;
	enum entry_field field;
	const char *text; /* NULL takes a value back */
	int64_t seen;     /* the revision it started from */
};
struct entry_saved {
	bool saved;             /* false: `now` is somebody else's text */
	struct entry_text now;
	bool scale_locked;
	int64_t assessed;
};
/* A value or comment needs RIGHT_WRITE_ENTRIES, the self-assessment RIGHT_WRITE_SELF
 * and is always the viewer's own. ERR_INVALID with field "text": no code of the
 * scale. ERR_NOT_FOUND. A conflict is no error: out->saved is false. */
MUST_USE bool entry_save(struct db *, struct mem *, const struct viewer *, const struct entry_save *,
			 struct entry_saved *out, struct err *e);

/* One field of many students at once. */
struct entry_many {
	const char *review;
	const char *const *students;
	size_t n;
	enum entry_field field; /* ENTRY_VALUE or ENTRY_COMMENT */
	const char *text;       /* for all; NULL takes a value back */
	bool replace;           /* else what stands is kept, and a comment is added after it */
	const char *const *texts; /* or one for each; "" takes a value back */
};
struct entry_many_result {
	const char *student;
	bool saved;
	const char *text;
	int64_t rev;
	const char *previous;
};
MUST_USE bool entry_save_many(struct db *, struct mem *, const struct viewer *,
			      const struct entry_many *, struct entry_many_result **out, size_t *n,
			      struct err *e);
/* Several of them (values and comments) in one transaction; a field with n == 0 is left
 * out. Of whom there is no result, nothing could be written: not of this course, no code
 * of the scale, too long. */
struct entry_many_results {
	struct entry_many_result *list;
	size_t n;
};
MUST_USE bool entry_paste(struct db *, struct mem *, const struct viewer *, const struct entry_many *,
			  size_t fields, struct entry_many_results *out, struct err *e);

/* Corrects the date an entry counts from. ERR_INVALID with field "date": nothing was
 * entered yet, or the day is not within the half-year behind today. */
MUST_USE bool entry_date(struct db *, struct mem *, const struct viewer *, const char *review,
			 const char *student, const char *date, struct err *e);

struct entry_version {
	enum entry_field field;
	int64_t rev;
	const char *text, *by, *at;
};
MUST_USE bool entry_history(struct db *, struct mem *, const struct viewer *, const char *review,
			    const char *student, struct entry_version **out, size_t *n,
			    struct err *e);

/* ---- Release (X-11, I-12) ---- */

struct release_plan {
	const char **ready, **empty, **already;
	size_t ready_n, empty_n, already_n;
	int64_t students, guardians, unreachable; /* who would get a mail for `ready`, who cannot */
};
MUST_USE bool release_preview(struct db *, struct mem *, const struct viewer *, const char *review,
			      struct release_plan *out, struct err *e);
/* Copies what stands to what is seen, for those of `students` with something new;
 * *at is NULL where there was nothing to do. */
MUST_USE bool release_entries(struct db *, struct mem *, const struct viewer *, const char *review,
			      const char *const *students, size_t n, int64_t *released,
			      const char **at, struct err *e);


/* What families do not see yet is finished: mentors read it (I-12), and it goes out on the
 * day of the review or at the meeting; where the day is over at once. Or, `ready` false,
 * not finished after all. *n: how many that changed. */
MUST_USE bool ready_entries(struct db *, struct mem *, const struct viewer *, const char *review,
			    const char *const *students, size_t students_n, bool ready, int64_t *n,
			    const char **at, struct err *e);

/* At a meeting: what is ready about the student in reviews that wait for one is released.
 * For the batch of whoever holds it; ask for DB_NOTICE_DUE after it. The statement itself
 * asks for the hat of ACT_MEET: of whom the viewer is nobody, nothing is released. Row 0,
 * column 0: how many. */
int release_at_meeting_add(struct db *, const struct viewer *, const char *student);
MUST_USE bool release_at_meeting(struct db *, struct mem *, const struct viewer *, const char *student,
				 int64_t *released, struct err *e);

/* Errand: releases what waits for a day that has come, in every school. */
MUST_USE bool release_due(struct db *, struct mem *, int64_t *released, struct err *e);

#endif
