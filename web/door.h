/* door.h - what the doors platforms knock at share: forms, refusals, the launch log. */
#ifndef WEB_DOOR_H
#define WEB_DOOR_H

#include "web/web_internal.h"

/* Query and body together, as R3 wants them seen. */
MUST_USE bool door_fields(struct exchange *, struct fields *, struct err *e);
/* lti_field over struct fields, lti_cookie over struct cookies. */
const char *door_field(const void *form, const char *name, bool *repeated);
const char *door_cookie(const void *cookies, const char *name);

/* Which family of browsers asks. */
const char *door_browser(struct exchange *);

/* Hands the trace to the launch log; who: NULL where nobody was taken in. */
struct arrived;
void door_watch(struct exchange *, const struct lti_trace *, const struct err *,
		const struct arrived *who);
/* The page of a refusal, told to the log and the launch log; false where it is no refusal
 * but a failure of ours. */
bool door_refused(struct exchange *, const char *event, const struct lti_trace *, const struct err *);

#endif
