/* scrape.h - where an operator's Prometheus reads the counters (web/metrics.h): an address
 * of its own, which no proxy shows to the world, with a thread of its own, so that neither
 * waits for the other. It answers GET /metrics and nothing else. */
#ifndef WEB_SCRAPE_H
#define WEB_SCRAPE_H

#include "web/metrics.h"

struct scrape;

struct scrape_config {
	const char *listen; /* host:port */
	const struct metrics *metrics;
	/* Fills in what is known elsewhere; on the thread of the reader. */
	void (*now)(void *self, struct metrics_now *);
	void *self;
};

MUST_USE bool scrape_start(struct scrape **out, const struct scrape_config *, struct err *e);
/* NULL is fine. */
void scrape_stop(struct scrape *);

#endif
