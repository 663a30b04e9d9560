/* smtp_server.h - a mail server that does what a test tells it, in a thread.
 *
 * Rules are tried in order for each command: the first whose verb and number fit
 * decides, otherwise the usual answer is given. Verbs are CONNECT, EHLO, STARTTLS,
 * AUTH, MAIL, RCPT, DATA, "." (the text has arrived), RSET and QUIT; numbers count
 * from 1 over all connections, 0 fits always. */
#ifndef TESTS_SMTP_SERVER_H
#define TESTS_SMTP_SERVER_H

#include <stddef.h>

enum smtp_act { SMTP_SAY, SMTP_DROP, SMTP_SAY_AND_DROP, SMTP_STALL };

struct smtp_rule {
	const char *verb;
	int number;
	enum smtp_act act;
	const char *reply; /* without line end */
};

struct smtp_server;

/* rules end with verb NULL, or NULL; pem: file with certificate and key, NULL: no
 * STARTTLS. Aborts where no port can be had. */
struct smtp_server *smtp_server_start(const struct smtp_rule *rules, const char *pem);
void smtp_server_stop(struct smtp_server *);

int smtp_server_port(const struct smtp_server *);
/* How often a verb was heard, from all connections. */
int smtp_server_heard(struct smtp_server *, const char *verb);
/* The i-th text that was accepted with 2xx, dots unstuffed; NULL behind the last. */
const char *smtp_server_text(struct smtp_server *, int i, size_t *n);
/* The command line of the i-th MAIL, RCPT or AUTH, NULL behind the last. */
const char *smtp_server_line(struct smtp_server *, const char *verb, int i);

/* A self-signed certificate for a host name, with its key, as a temporary file. */
void smtp_server_make_pem(const char *host, char path[64]);

#endif
