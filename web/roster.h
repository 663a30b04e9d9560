/* roster.h - fetches the rosters that launches, people and the night asked for, on a
 * thread of its own. Platforms take turns, and a long roster goes back to the end of the
 * queue now and then, so that a slow platform slows nobody but itself. Between turns it
 * renews platforms' key sets that are about to expire (lti_tend). */
#ifndef WEB_ROSTER_H
#define WEB_ROSTER_H

#include "web/web_internal.h"

struct roster_worker;
MUST_USE bool roster_start(struct roster_worker **out, struct house *, struct err *e);
void roster_stop(struct roster_worker *);
void roster_wake(struct roster_worker *);

#endif
