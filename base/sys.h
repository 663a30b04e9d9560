/* sys.h - what comes from outside the program: time and randomness.
 *
 * Both can be replaced by a test, so that tests own the clock and never sleep. */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include "base/err.h"
#include <stddef.h>
#include <stdint.h>

int64_t now_ms(void);      /* wall clock, milliseconds since 1970 UTC */
int64_t now_s(void);       /* the same in seconds */
int64_t ticks_ms(void);    /* monotonic, for time-outs */
int64_t ticks_us(void);    /* the same in microseconds, for what is measured */

/* For tests: a fixed wall clock; 0 gives the real one back. */
void clock_set_ms(int64_t ms);

/* Cryptographic randomness; a failing source aborts. */
void random_bytes(void *, size_t n);
uint32_t random_below(uint32_t n);

#endif
