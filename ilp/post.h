/* post.h - comments, notes, the log, and topics for the next meeting: each in its author's
 * voice, and with an audience that only narrows what its field shows. */
#ifndef ILP_POST_H
#define ILP_POST_H

#include "ilp/work.h"

#define POST_TEXT_MAX 10000

struct post_new {
	const char *id;
	const char *field; /* "_log", "_topics", or one of kind notes or comments */
	const char *row;   /* NULL: of the plan */
	const char *text;
	int audience; /* hats; -1: as the field is, notes for staff */
};
/* *out is a Post. Repeating it does no harm. ERR_NOT_FOUND, ERR_INVALID. */
MUST_USE bool post_add(struct db *, struct mem *, const struct viewer *, const char *plan,
		       const struct post_new *, json_t **out, struct err *e);

/* The author's correction; what stood there stays in the history (I-27). */
MUST_USE bool post_save(struct db *, struct mem *, const struct viewer *, const char *plan,
			const char *post, const char *text, int64_t seen, struct work_saved *out,
			struct err *e);

struct post_change {
	int audience;           /* -1: stays; of staff's posts, by their author or a mentor */
	enum tri removed, done; /* by the author; of topics */
};
/* *out is the post as it is now, unless it was `removed` and is out of sight. */
MUST_USE bool post_change(struct db *, struct mem *, const struct viewer *, const char *plan,
			  const char *post, const struct post_change *, json_t **out,
			  struct err *e);

#endif
