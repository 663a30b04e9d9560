/* objective.h - learning objectives that goals can be connected to.
 *
 * A framework is a curriculum's list: imported from a CASE package (1EdTech Competencies
 * and Academic Standards Exchange 1.0, the JSON of CFPackage) or from a table with the
 * columns id, parent, code, text, level (only text is needed). Imported again by the same
 * source, it is replaced: objectives that are gone stay for the goals that name them, but
 * can no longer be chosen. A goal keeps an objective's words as they were then. */
#ifndef ILP_OBJECTIVE_H
#define ILP_OBJECTIVE_H

#include "ilp/people.h"

#define OBJECTIVES_MAX ((size_t)20000)
#define FRAMEWORK_MAX  ((size_t)8 << 20) /* bytes of a file */

struct objective {
	const char *id;     /* uuid, made from framework and source_id */
	const char *source_id, *parent; /* the source's; parent NULL: top */
	const char *code, *text, *level;
};

struct framework {
	const char *id, *title, *source, *source_id, *language;
	struct objective *objectives; /* in the order of the source */
	size_t n;
	size_t skipped;               /* rows without words, or twice */
};

/* Readers; nothing is stored. *out belongs to the arena. ERR_INVALID with a reason word:
 * those of sheet_read(), "not_case", "no_text_column", "no_objectives", "too_many". */
MUST_USE bool framework_read_case(struct mem *, const void *bytes, size_t n, struct framework *out,
				  struct err *e);
MUST_USE bool framework_read_csv(struct mem *, const void *bytes, size_t n, const char *title,
				 struct framework *out, struct err *e);

/* RIGHT_MANAGE_SCHOOL. Stores what was read, all or nothing; fills f->id. */
MUST_USE bool framework_store(struct db *, struct mem *, const struct viewer *, struct framework *f,
			      struct err *e);
/* It can no longer be chosen; again: it can. RIGHT_MANAGE_SCHOOL. */
MUST_USE bool framework_retire(struct db *, struct mem *, const struct viewer *, const char *framework,
			       bool retired, struct err *e);

struct framework_row {
	const char *id, *title, *source, *language, *imported_at;
	int64_t objectives, uses; /* uses: goals connected to them; staff of the school's office only */
	bool retired;
};
/* With all: retired ones and uses too, for RIGHT_MANAGE_SCHOOL; else those that can be
 * chosen, for RIGHT_USE_BANK. */
MUST_USE bool framework_list(struct db *, struct mem *, const struct viewer *, bool all,
			     struct framework_row **out, size_t *n, struct err *e);

struct objective_row {
	const char *id, *parent, *code, *text, *level;
	bool has_children;
};
/* Those whose words or code hold all words of `search`, else those below `parent` (NULL:
 * the top); at most 200. RIGHT_USE_BANK. */
MUST_USE bool objective_find(struct db *, struct mem *, const struct viewer *, const char *framework,
			     const char *search, const char *parent, struct objective_row **out,
			     size_t *n, struct err *e);

#endif
