/* review.h - midterm reviews as the teachers of a course keep them (R-180..R-192).
 *
 * All calls check the right, make one batch and one round trip. Texts are those of
 * people: they were checked for length and UTF-8 where they came in. */
#ifndef ILP_REVIEW_H
#define ILP_REVIEW_H

#include "ilp/session.h"

struct review {
	const char *id, *title, *starts_on, *ends_on;
	const char *scale;              /* JSON of the copy, or NULL: comment only */
	const char *self_scale;         /* of the self-assessment; NULL: the same */
	bool scale_locked, self_assessment, to_students, to_guardians;
	int64_t rev;
	const char *changed_at;
	int64_t total, assessed, released;
	const char *released_at;        /* the latest, or NULL */
	bool is_empty;                  /* nobody has written anything: may be deleted */
	const char *release;            /* what is ready goes out "now", by hand, on a "date", at the "meeting" */
	const char *release_on;
	int64_t ready;                  /* wait for it */
	const char *remind_on;          /* the viewer's own reminder */
};

/* What can be set; NULL and UNSET leave as it is. */
enum tri { TRI_UNSET = -1, TRI_NO, TRI_YES };
struct review_form {
	const char *title, *starts_on, *ends_on;
	bool has_scale;
	const char *scale;              /* JSON of a shipped scale, or NULL: comment only */
	enum tri self_assessment, to_students, to_guardians;
	bool has_self_scale;
	const char *self_scale;
	const char *release, *release_on; /* a date always with its day */
};

#define REVIEW_TITLE_MAX 200
#define ENTRY_TEXT_MAX   10000

/* For the home page's batch. `only`: one id, or NULL. */
int review_list_add(struct db *, const struct viewer *, const char *only);
void review_list_read(struct db *, struct mem *, int index, struct review **out, size_t *n);

/* `id` is made by the browser, so that a form sent twice makes one review. */
MUST_USE bool review_create(struct db *, struct mem *, const struct viewer *, const char *id,
			    const struct review_form *, struct review *out, struct err *e);
/* ERR_CONFLICT: changed since `rev`, *out is how it is now. ERR_INVALID with field
 * "scale" or "selfScale": locked. ERR_NOT_FOUND. */
MUST_USE bool review_change(struct db *, struct mem *, const struct viewer *, const char *id,
			    int64_t rev, const struct review_form *, struct review *out,
			    struct err *e);
/* ERR_CONFLICT: somebody wrote in it, or it was changed since `rev`. */
MUST_USE bool review_delete(struct db *, struct mem *, const struct viewer *, const char *id,
			    int64_t rev, struct err *e);

/* The same review with another scale: a new one with id `copy`, its comments too
 * where asked for. scale: JSON, or NULL: comment only. ERR_NOT_FOUND. */
struct review_copy {
	const char *id, *title, *scale;
	bool comments;
};
MUST_USE bool review_duplicate(struct db *, struct mem *, const struct viewer *, const char *id,
			       const struct review_copy *, struct review *out, struct err *e);

/* Reminds the viewer on a day of what is missing then, or (NULL) no more. ERR_INVALID with
 * field "on": the day is over. */
MUST_USE bool review_remind(struct db *, struct mem *, const struct viewer *, const char *id,
			    const char *on, struct review *out, struct err *e);
/* Errand: writes an event for each reminder whose day has come, in every school. */
MUST_USE bool review_remind_due(struct db *, struct mem *, int *told, struct err *e);

#endif
