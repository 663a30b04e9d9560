#include "base/sys.h"
#include <openssl/rand.h>
#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed_ms;

static int64_t read_clock_us(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t))
		BUG("no clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t read_clock(clockid_t id)
{
	return read_clock_us(id) / 1000;
}

int64_t now_ms(void)
{
	int64_t fixed = atomic_load(&fixed_ms);

	return fixed ? fixed : read_clock(CLOCK_REALTIME);
}

int64_t now_s(void)
{
	return now_ms() / 1000;
}

int64_t ticks_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t ticks_us(void)
{
	return read_clock_us(CLOCK_MONOTONIC);
}

void clock_set_ms(int64_t ms)
{
	atomic_store(&fixed_ms, ms);
}

void random_bytes(void *p, size_t n)
{
	if (RAND_bytes(p, (int)n) != 1)
		BUG("no randomness");
}

uint32_t random_below(uint32_t n)
{
	/* The part of the range that does not divide evenly is thrown away. */
	uint32_t limit = UINT32_MAX - UINT32_MAX % n, r;

	do
		random_bytes(&r, sizeof r);
	while (r >= limit);
	return r % n;
}
