/* breaker.h - leaves a dead mail server alone.
 *
 * After a session in which no letter was even begun, nothing is claimed for a
 * while that doubles with each failure; then one mail is tried, and if it goes,
 * all go. Mails do not use up their attempts on a server that is away. */
#ifndef NOTIFY_BREAKER_H
#define NOTIFY_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct breaker {
	int failures;
	int64_t open_until; /* ticks_ms */
};

bool breaker_is_open(const struct breaker *, int64_t now);
/* How many may be tried: `most`, or one where the last session failed. */
int breaker_limit(const struct breaker *, int most);
/* Seconds until the next try. */
int breaker_fail(struct breaker *, int64_t now);
void breaker_succeed(struct breaker *);

#endif
