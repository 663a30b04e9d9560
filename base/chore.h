/* chore.h - a thread of its own for work that comes again and again: a round is worked
 * when somebody wakes it, and otherwise after a rest that the round itself asks for.
 *
 * The rest is counted on the monotonic clock, so that a host that is set right neither
 * hurries nor sleeps. What a round touches belongs to the thread until chore_stop(). */
#ifndef BASE_CHORE_H
#define BASE_CHORE_H

#include "base/err.h"

struct chore;

/* One round; answers how many milliseconds to rest before the next unless woken. */
typedef int chore_round(void *self);

/* The first round begins at once. ERR_INTERNAL where no thread can be had. */
MUST_USE bool chore_start(struct chore **out, chore_round *, void *self, struct err *e);
/* From any thread; a wake during a round counts for the next one. */
void chore_wake(struct chore *);
/* For a round that takes long: should it end early? */
bool chore_is_stopping(struct chore *);
/* Asks it to end and waits up to `ms`; true once it has. */
bool chore_end(struct chore *, int ms);
/* Ends it and waits as long as it takes. NULL is fine. */
void chore_stop(struct chore *);

#endif
