/* bank.h - sentences to use again: comments for reviews with {name} for the student, goals
 * for plans. Everybody has their own; the school's are everybody's to use, and those who
 * manage the school keep them (`school` in the calls below: RIGHT_MANAGE_SCHOOL, else
 * RIGHT_USE_BANK). What another teacher keeps does not exist. */
#ifndef ILP_BANK_H
#define ILP_BANK_H

#include "ilp/session.h"

#define BANK_TEXT_MAX    2000
#define BANK_SUBJECT_MAX 100
#define BANK_MOST        1000 /* of a kind, for one person; for the school as many */

struct bank_entry {
	const char *id, *kind; /* "comment" or "goal" */
	const char *subject, *text;
	int64_t uses;
	bool is_school;
	const char *at;
};

/* Own and the school's, the most used first; `school`: the school's alone. */
MUST_USE bool bank_list(struct db *, struct mem *, const struct viewer *, const char *kind,
			bool school, struct bank_entry **out, size_t *n, struct err *e);
/* in: id, kind, subject, text. Repeated, or with a sentence that is kept already, *out is
 * what is there. ERR_INVALID with field "text": there are BANK_MOST. */
MUST_USE bool bank_add(struct db *, struct mem *, const struct viewer *,
		       const struct bank_entry *in, bool school, struct bank_entry *out,
		       struct err *e);
/* NULL leaves as it is. ERR_NOT_FOUND. */
MUST_USE bool bank_change(struct db *, struct mem *, const struct viewer *, const char *id,
			  const char *subject, const char *text, bool school,
			  struct bank_entry *out, struct err *e);
/* Somebody took it: RIGHT_USE_BANK. */
MUST_USE bool bank_use(struct db *, struct mem *, const struct viewer *, const char *id,
		       struct bank_entry *out, struct err *e);
MUST_USE bool bank_delete(struct db *, struct mem *, const struct viewer *, const char *id,
			  bool school, struct err *e);

#endif
