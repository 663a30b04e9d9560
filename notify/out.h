/* out.h - handing letters to a mail server.
 *
 * A batch of letters goes out over one session. Each learns its fate, and those
 * that were taken are reported at that moment, so that a process killed later has
 * them on record. Two ways out: SMTP by libesmtp, and memory for tests. */
#ifndef NOTIFY_OUT_H
#define NOTIFY_OUT_H

#include "base/mem.h"
#include <stdint.h>

enum letter_fate {
	LETTER_UNTRIED, /* the session ended before its turn */
	LETTER_TAKEN,   /* the server is responsible for it now */
	LETTER_LATER,   /* refused for the moment (4xx), or the sender was refused */
	LETTER_REFUSED, /* refused for good (5xx) */
	LETTER_BROKEN,  /* the session ended while its text was on the way: it may have arrived */
};

struct letter {
	const char *from, *to; /* bare addresses */
	const char *bytes;     /* the whole message, lines ending in CRLF */
	size_t n;
	void *owner;

	enum letter_fate fate;
	int code;   /* the server's last word about it, 0 = none */
	bool begun; /* its text was asked for */
	bool given; /* within smtp.c */
};

struct mail_out;

/* Called in send() the moment the server took a letter. False: the session must end
 * before another is taken (this one cannot be put on record, or we are stopping). */
typedef bool letter_taken(void *arg, struct letter *);

struct mail_out {
	/* Sends n letters; `until` (ticks_ms) bounds when the last may begin. True where
	 * at least one letter was begun; otherwise ERR_PEER, all are UNTRIED, and
	 * e->reason says what is wrong with the server. */
	bool (*send)(struct mail_out *, struct letter *, size_t n, int64_t until, letter_taken *,
		     void *arg, struct err *e);
	/* Ends a session that runs in another thread. */
	void (*cut)(struct mail_out *);
	void (*free)(struct mail_out *);
};

/* An address that can stand in an SMTP command and a header as it is: ASCII,
 * one '@', no blanks, controls, brackets, quotes or commas. */
bool mail_address_ok(const char *);

struct smtp_config {
	const char *relay; /* "host:port", "[::1]:25" */
	const char *tls;   /* "none", "try", "require" */
	const char *user, *password, *ca_file;
	const char *hostname;      /* we call ourselves that */
	int connect_ms, answer_ms; /* 0: the defaults */
};

MUST_USE bool mail_out_smtp(struct mail_out **out, const struct smtp_config *, struct err *e);

/* Keeps what it is given. Fates come from `code`, one per letter in the order they
 * arrive: 250 (also after the last), 4xx, 5xx, 0 ends the session before the
 * letter, -1 while its text is on the way. */
struct mail_ram;
struct mail_ram *mail_out_ram(const int *code, size_t n);
struct mail_out *mail_ram_out(struct mail_ram *);
size_t mail_ram_count(const struct mail_ram *);
const struct letter *mail_ram_letter(const struct mail_ram *, size_t i);

#endif
