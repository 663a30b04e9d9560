/* dynamic_internal.h - shared by openid.c, dynamic.c and dynamic_database.c. */
#ifndef LTI_DYNAMIC_INTERNAL_H
#define LTI_DYNAMIC_INTERNAL_H

#include "lti/dynamic.h"
#include "lti/lti_internal.h"

#define TOOL "https://purl.imsglobal.org/spec/lti-tool-configuration"
#define SCOPE_NOTICE "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"

/* A call that a person waits for: two at once, and never longer than it says. Reasons:
 * registration_busy, registration_unreachable. */
MUST_USE bool dynamic_ask(struct lti *, struct mem *, const struct http_request *,
			  struct http_response *, struct err *e);
/* What may stand in a header of ours (RFC 6750 2.1). */
bool bearer_ok(const char *);

#endif
