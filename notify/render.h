/* render.h - the words of a mail.
 *
 * The facts have no place for what somebody wrote: a mail cannot tell a title, a
 * value or a comment because it is never given one (ilp.md 4.5). Children are
 * named by first name or initial. */
#ifndef NOTIFY_RENDER_H
#define NOTIFY_RENDER_H

#include "base/mem.h"
#include <stdint.h>

/* What a mail tells of, by the words of notify_facts: "review", "plan", "change", ... */
enum mail_topic {
	MAIL_REVIEW,  /* reviews released */
	MAIL_PLAN,    /* plans published */
	MAIL_CHANGE,  /* changes in plans, as many as the reader would see */
	MAIL_READING, /* plans to read before a meeting */
	MAIL_MEETING, /* meetings planned, changed, cancelled */
	MAIL_MINUTES, /* what was agreed */
	MAIL_SIGN,    /* plans to sign */
	MAIL_MISSING, /* a teacher's own reviews with entries missing */
	MAIL_TOPICS
};
/* MAIL_TOPICS: no such topic. */
enum mail_topic mail_topic_parse(const char *);

/* How many of each topic. */
struct render_news {
	int64_t n[MAIL_TOPICS];
};

struct render_child {
	const char *name; /* first name as the platform writes it */
	struct render_news news;
};

struct render_facts {
	const char *language; /* a catalog's */
	const char *school;
	const char *name; /* of the recipient, first name */
	bool initials;    /* the school's policy: children by initial */
	const char *link;
	struct render_news own; /* about the recipient */
	const struct render_child *child;
	size_t children;
};

struct render_mail {
	const char *subject, *text, *html;
};

/* Cannot fail; all in the arena. */
void render_mail(struct mem *, const struct render_facts *, struct render_mail *out);

/* A name from a platform, fit to be shown: one line, at most 40 characters; NULL
 * where there is none or where mail readers might make a link of it. */
const char *render_name(struct mem *, const char *name, bool initials);

#endif
