/* notify.h - from event to mailbox.
 *
 * Events become notices, one held mail per recipient gathers them for its
 * window, and when it is due rights are asked again, the mail is rendered in the
 * recipient's language and handed to an SMTP server. Any number of workers on any
 * number of hosts may run: work is claimed with a lease and fenced by an attempt
 * number, and a mail is marked from the library's own event the moment the server
 * took it. A process killed between the two sends that one mail again with the
 * same Message-ID, and nothing else. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "base/mem.h"
#include "db/db.h"

struct notify;

struct notify_config {
	const char *database;        /* conninfo of the serving role */
	const char *base_url;        /* of the links */
	const char *relay;           /* "host:port" */
	const char *tls;             /* "none", "try" or "require" (STARTTLS) */
	const char *user, *password; /* AUTH; "" = none */
	const char *ca_file;         /* "" = the system's */
	const char *from;            /* "Learning plans <plans@example.org>" */
	int window_s;                /* a mail waits that long for more to tell */
	int batch;                   /* mails to one SMTP session */
};

/* Starts the thread that fans out, sends and retries until notify_stop(), which
 * lets the mail in flight finish for a few seconds. */
MUST_USE bool notify_start(struct notify **out, const struct notify_config *, struct err *e);
void notify_stop(struct notify *);
/* Something may be due: look now. Safe from any thread. */
void notify_wake(struct notify *);

/* One round of each step, for tests: how many events were told and mails sent. */
MUST_USE bool notify_round(const struct notify_config *, int *told, int *sent, struct err *e);

/* What an operator should know: mails that wait, those of them that should have
 * left a quarter of an hour ago, and those given up in the last seven days. */
struct notify_health {
	int64_t waiting, late, failed;
};
MUST_USE bool notify_health(struct db *, struct mem *, struct notify_health *out, struct err *e);

#endif
