/* claims_internal.h - what claims.c and message.c share: one rule to a function. */
#ifndef LTI_CLAIMS_INTERNAL_H
#define LTI_CLAIMS_INTERNAL_H

#include "lti/lti_internal.h"

/* Messages as a set: whom a rule is for. */
enum {
	OF_LINK = 1 << LTI_MESSAGE_RESOURCE_LINK,
	OF_DEEP = 1 << LTI_MESSAGE_DEEP_LINKING,
	OF_REVIEW = 1 << LTI_MESSAGE_SUBMISSION_REVIEW,
	OF_PRIVACY = 1 << LTI_MESSAGE_DATA_PRIVACY,
	OF_LAUNCHES = OF_LINK | OF_DEEP | OF_REVIEW | OF_PRIVACY,
	OF_NOTICES = 1 << 7, /* a notice has no user and no message type (R92) */
	OF_ALL = OF_LAUNCHES | OF_NOTICES,
};

struct reading {
	const struct lti *lti;
	struct mem *m;
	const struct lti_registration *registration;
	const struct login_state *state; /* NULL: a notice, which follows no login */
	const json_t *claims;
	struct lti_launch *out;
	struct lti_trace *trace; /* NULL: nobody looks */
	int64_t now;
	unsigned message; /* all that it may still be */
	bool needed;      /* for this message absence refuses */
};

typedef bool claim_rule(struct reading *, struct err *e);

/* message.c */
claim_rule rule_message_type, rule_deep_linking, rule_for_user;
claim_rule rule_notices, rule_platform, rule_history;

#endif
