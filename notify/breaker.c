#include "notify/breaker.h"

bool breaker_is_open(const struct breaker *b, int64_t now)
{
	return now < b->open_until;
}

int breaker_limit(const struct breaker *b, int most)
{
	return b->failures ? 1 : most;
}

int breaker_fail(struct breaker *b, int64_t now)
{
	static const int seconds[] = {2, 4, 8, 15, 30, 60};
	const int last = (int)(sizeof seconds / sizeof seconds[0]) - 1;
	int delay = seconds[b->failures < last ? b->failures : last];

	b->failures++;
	b->open_until = now + delay * 1000;
	return delay;
}

void breaker_succeed(struct breaker *b)
{
	*b = (struct breaker){0};
}
