/* pipeline_internal.h - one worker's means, and its two steps.
 *
 *	tell: events -> notices in held mails
 *	send: due mails -> letters -> server -> marks
 *
 * Both do one bounded amount of work and return; worker.c calls them for ever. */
#ifndef NOTIFY_PIPELINE_INTERNAL_H
#define NOTIFY_PIPELINE_INTERNAL_H

#include "db/db.h"
#include "notify/breaker.h"
#include "notify/notify.h"
#include "notify/out.h"

#include <stdatomic.h>

#define LEASE_S    300
#define SESSION_MS 120000 /* the last letter begins this long after the claim at most */

struct pipeline {
	const struct notify_config *cfg; /* borrowed */
	struct mem *life;                /* as long as the pipeline */
	const char *base;                /* base_url without a final slash */
	const char *host;                /* of base_url; ours in Message-ID and EHLO */
	const char *sender_name, *sender;
	struct db *db;
	struct mem *m, *mark; /* reset by each step; by each mark */
	struct mail_out *out;
	struct breaker relay;
	atomic_bool stopping;
};

/* A mail that was claimed. */
struct job {
	const char *tenant, *mail;
	int64_t attempt;
	bool composed;
	struct letter letter;
	/* for notify_settle; state NULL: nothing to settle */
	const char *state, *error;
	int64_t delay, refund;
};

/* `out` is owned from here on; NULL: SMTP as cfg says. */
MUST_USE bool pipeline_open(struct pipeline *, const struct notify_config *, struct mail_out *out,
			    struct err *e);
void pipeline_close(struct pipeline *);

/* Waits a little for a database that is away; false when patience is over. `since`
 * (ticks_ms) is when waiting began. */
bool pipeline_patience(struct pipeline *, int64_t since, const struct err *);

MUST_USE bool pipeline_tell(struct pipeline *, int *told, struct err *e);
MUST_USE bool pipeline_send(struct pipeline *, int *sent, struct err *e);

/* What the access table says of mail about oneself and about one's children, for
 * the statements that look for whom to tell. */
const char *may_hear_of_own(void);
const char *may_hear_of_child(void);

/* Milliseconds until something may be due, at most `most`. */
int pipeline_wait(struct pipeline *, int most);

/* Reads what may still be told in n mails of one tenant and makes their letters, or
 * settles those with nothing left as expired. */
MUST_USE bool compose(struct pipeline *, const char *tenant, struct job *const *, size_t n,
		      struct err *e);

#endif
