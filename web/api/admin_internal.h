/* admin_internal.h - shared by the pages of administration, web/api/admin_*.c. All of
 * them stand behind RIGHT_MANAGE_PLATFORMS in the route table; their statements
 * (db/queries/admin.sql) name the tenant themselves. */
#ifndef WEB_API_ADMIN_INTERNAL_H
#define WEB_API_ADMIN_INTERNAL_H

#include "web/api/api_internal.h"

/* A batch in the viewer's name, that ends where the session has. */
void admin_begin(struct exchange *);
/* Ends a batch that changes what launches are judged by: it holds here at once, and on
 * other hosts as soon as they hear of it. */
MUST_USE bool admin_commit(struct exchange *, struct err *e);
/* A statement's rows, whose first column is JSON, as an array. New reference. */
json_t *admin_rows(struct exchange *, int index);
/* The registration in the path, where it is the tenant's own; ERR_NOT_FOUND. */
struct admin_own {
	const char *name, *profile, *issuer, *client_id, *auth_url, *token_url, *jwks_url;
	const char *deployments, *settings, *state;
};
MUST_USE bool admin_own(struct exchange *, struct admin_own *out, struct err *e);
/* A text member of the body, where there is one, at most `max` bytes; `otherwise` where it
 * is absent. */
MUST_USE bool admin_text(struct exchange *, const char *name, size_t max, const char *otherwise,
			 const char **out, struct err *e);

#endif
