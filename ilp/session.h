/* session.h - batches made for somebody, and how sessions begin again and end.
 *
 * viewer_begin() starts a batch in the viewer's tenant whose first statement
 * proves the session (session_enter): where it has ended, nothing of the batch
 * happens and db_commit fails with ERR_EXPIRED. So rights, reading and writing
 * share one round trip.
 *
 * A session's secret is known by its hash only. A code is the secret of a session
 * that nobody has entered yet: session_redeem() puts another one in its place, so
 * that it works once, and within half a minute of the session's beginning. */
#ifndef ILP_SESSION_H
#define ILP_SESSION_H

#include "db/db.h"
#include "ilp/access.h"

void viewer_begin(struct db *, struct mem *, const struct viewer *);

/* A second session of the viewer under the id `fresh`, to be redeemed. */
MUST_USE bool session_copy(struct db *, struct mem *, const struct viewer *, const char *fresh,
			   const char *secret_hash, struct err *e);
/* viewer->secret_hash is the code's. ERR_EXPIRED where it is too old, was used or never was. */
MUST_USE bool session_redeem(struct db *, struct mem *, const struct viewer *, const char *secret_hash,
			     struct err *e);
/* One that has ended before is no error. */
MUST_USE bool session_end(struct db *, struct mem *, const struct viewer *, struct err *e);
/* All sessions of the viewer's person; only a living one may ask for it. */
MUST_USE bool session_end_all(struct db *, struct mem *, const struct viewer *, struct err *e);

#endif
