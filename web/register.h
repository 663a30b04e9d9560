/* register.h - the page on which an administrator registers us with a platform, in three
 * states: what will be asked for, what became of it, and why it did not work. */
#ifndef WEB_REGISTER_H
#define WEB_REGISTER_H

#include "lti/dynamic.h"
#include "web/web_internal.h"

/* What the form shows and what it sends back sealed. */
struct register_form {
	const struct openid *openid;
	const char *ticket;
	const char *school; /* of the invitation; NULL: nobody's yet */
	const char *name;   /* proposed */
};
bool register_form(struct exchange *, const struct register_form *);

/* What became of it. */
struct register_result {
	const struct openid *openid;
	const struct dynamic_answer *answer;
	const struct dynamic_kept *kept;
	const char *school;
};
bool register_result(struct exchange *, const struct register_result *);

/* origins: who may show the page, "" nobody; said: the platform's own words, or NULL. */
bool register_refused(struct exchange *, const char *origins, const struct err *, const char *said);

#endif
