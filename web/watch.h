/* watch.h - the launch log: what happened at each login and launch, written behind.
 *
 * A request hands over a copy and goes on; one thread writes what has gathered once a
 * second in one batch. The queue is bounded, and what nobody signed for (a refusal before
 * the signature was verified) is taken at a bounded rate, so that strangers can fill
 * neither memory nor tables. Loss is counted and logged, never waited for.
 *
 * Nothing in it is a token, a name or an address of a person (R37). */
#ifndef WEB_WATCH_H
#define WEB_WATCH_H

#include "base/js.h"
#include "lti/lti.h"

struct watch;

MUST_USE bool watch_start(struct watch **out, const char *database, struct err *e);
/* Writes what is left. NULL is fine. */
void watch_stop(struct watch *);

struct watched {
	const struct lti_trace *trace;
	const char *code;             /* of the request, shown on pages of refusal */
	const char *reason;           /* NULL: taken in */
	const char *browser;          /* browser_family() */
	const char *person, *course;  /* of a launch taken in */
};
void watch_launch(struct watch *, const struct watched *);

/* This rung worked for this family of browsers on this platform. */
void watch_rung(struct watch *, const char *registration, const char *browser, enum lti_rung);

/* As lti_config.seen, with the watch as self. */
void watch_sight(void *watch, const struct lti_sight *);

/* How much was not taken in for want of room, since the start. */
uint64_t watch_lost(struct watch *);

/* What a visitor of the launch doctor found. */
void watch_doctor(struct watch *, const char *code, const json_t *result);

#endif
