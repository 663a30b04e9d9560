/* roster.h - fetches the rosters that launches asked for, on a thread of its own: a
 * slow platform slows nobody but itself. */
#ifndef WEB_ROSTER_H
#define WEB_ROSTER_H

#include "web/web_internal.h"

struct roster_worker;
MUST_USE bool roster_start(struct roster_worker **out, struct house *, struct err *e);
void roster_stop(struct roster_worker *);
void roster_wake(struct roster_worker *);

#endif
