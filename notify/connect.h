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

/* From now on, in this thread. */
void connect_arm(int timeout_ms);
void connect_disarm(void);

/* Ends the connection opened last in this thread: its owner sees it dropped. Only
 * while the owner has it open. */
void connect_cut(void);

#endif
