/* session.h - batches made for somebody.
 *
 * viewer_begin() starts a batch in the viewer's tenant whose first statement
 * proves the session (session_enter): where it has ended, nothing of the batch
 * happens and db_commit fails with ERR_EXPIRED. So rights, reading and writing
 * share one round trip. */
#ifndef ILP_SESSION_H
#define ILP_SESSION_H

#include "db/db.h"
#include "ilp/access.h"

void viewer_begin(struct db *, struct mem *, const struct viewer *);

#endif
