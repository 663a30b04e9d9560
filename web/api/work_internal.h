/* work_internal.h - what the handlers of a plan's content read and answer alike. */
#ifndef WEB_API_WORK_INTERNAL_H
#define WEB_API_WORK_INTERNAL_H

#include "web/api/plan_internal.h"
#include "ilp/work.h"

/* A text of the body with LF for line ends: at most `max` characters, "" where it is absent or
 * null. */
MUST_USE bool read_words(struct exchange *, const char *field, size_t max, const char **out,
			 struct err *e);
/* "text" and "rev" of a save. */
MUST_USE bool read_save(struct exchange *, size_t max, const char **text, int64_t *rev,
			struct err *e);
/* True, false, or absent. */
MUST_USE bool read_switch(struct exchange *, const char *field, enum tri *out, struct err *e);
/* "id" of what is added. */
MUST_USE bool read_own_id(struct exchange *, const char **out, struct err *e);
/* What is to change about a row or task: "after" (null: to the front), `parent`, "removed". */
MUST_USE bool read_move(struct exchange *, const char *parent, struct move *out, struct err *e);
/* 200 with the new revision, or 409 with what stands there. */
bool reply_work_saved(struct exchange *, const struct work_saved *);

#endif
