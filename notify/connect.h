/* connect.h - how a socket to the mail server is opened.
 *
 * libesmtp opens its own socket, never sets TCP_NODELAY (40 ms for each message
 * of more than 2 KB: Nagle against delayed acknowledgements) and has no time-out
 * for connecting. Its socket cannot be reached through its API. So this file
 * defines connect(): in a thread that armed it, the next blocking connect of a
 * TCP socket gets TCP_NODELAY and a time-out, and its descriptor is kept. In any
 * other thread, and for any other socket, connect() is the system's. */
#ifndef NOTIFY_CONNECT_H
#define NOTIFY_CONNECT_H

#include <stdatomic.h>

struct connect_link {
	int timeout_ms;
	atomic_int fd; /* -1: none */
};

/* From now on, in this thread; the link must live until connect_disarm. */
void connect_arm(struct connect_link *);
void connect_disarm(void);

/* The owner has closed it. */
void connect_forget(struct connect_link *);

/* Acknowledges at once what was read. A server that answers two pipelined commands
 * in two packets holds the second back (Nagle) until we acknowledge the first, which
 * the kernel would do 40 ms later. */
void connect_acknowledge(struct connect_link *);

/* Ends the connection, from any thread: its owner sees it dropped. */
void connect_cut(struct connect_link *);

#endif
