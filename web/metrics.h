/* metrics.h - counters for whoever keeps the program running, in the text format of
 * Prometheus (version 0.0.4); web/scrape.h gives them out.
 *
 * What there is stands in one table, and every label's value comes from a table of ours:
 * reasons, families of browsers, profiles, rungs, services. None comes from what was asked,
 * so the page never grows, and nothing on it tells of a school, a person or a course.
 * Counting takes no lock and no memory; NULL counts nothing. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "lti/lti.h"

struct metrics;

struct metrics *metrics_new(const char *version);
void metrics_free(struct metrics *);

/* An answer was sent. */
void metrics_request(struct metrics *, int status, int64_t us);

/* A login or launch ended, as the launch log is told. */
struct metrics_launch {
	const char *reason;  /* of lti_reasons; NULL: taken in */
	const char *browser; /* browser_family() */
	const char *profile; /* of the registration; NULL: not known */
	enum lti_rung rung;
};
void metrics_launch(struct metrics *, const struct metrics_launch *);

/* A platform's service answered, or did not. */
void metrics_sight(struct metrics *, const struct lti_sight *);

/* What others know, at the moment somebody reads. */
struct metrics_now {
	int64_t waiting; /* requests, for a worker */
	uint64_t lost;   /* watch_lost() */
};
const char *metrics_text(struct mem *, const struct metrics *, const struct metrics_now *);

#endif
