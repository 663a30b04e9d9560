/* family.h - what students and guardians see: the released copy, and what the
 * student wrote. Nothing here can reach text that was not released. */
#ifndef ILP_FAMILY_H
#define ILP_FAMILY_H

#include "ilp/entry.h"

struct family_review {
	const char *child;                 /* guardian's list only */
	const char *id, *title, *course, *starts_on, *ends_on, *scale, *self_scale;
	bool self_assessment;
	struct entry_text self_value, self_comment; /* a guardian's: as it stood at the release, without rev */
	const char *self_at;
	bool is_released;
	const char *value, *comment, *released_at, *released_by;
	const char *corrected_at; /* seen anew with another value or text; NULL: not */
};

/* For the home page's batch; RIGHT_READ_RELEASED. */
int family_mine_add(struct db *, const struct viewer *);
void family_mine_read(struct db *, struct mem *, int index, struct family_review **out, size_t *n);
int family_children_add(struct db *, const struct viewer *);
void family_children_read(struct db *, struct mem *, int index, struct family_review **out, size_t *n);

#endif
