/* errands.h - small jobs that ask platforms something and that nobody waits for: tests of
 * a registration, subscriptions to notices, the schedule of our keys. One thread; each job
 * ends within half a minute. */
#ifndef WEB_ERRANDS_H
#define WEB_ERRANDS_H

#include "web/web_internal.h"

struct errands;
MUST_USE bool errands_start(struct errands **out, struct house *, struct err *e);
void errands_wake(struct errands *);
void errands_stop(struct errands *);

#endif
