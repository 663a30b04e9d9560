/* server.h - HTTP by libmicrohttpd with our own workers.
 *
 * One event thread reads requests whole (capped) and never blocks; a bounded queue
 * feeds the workers, each with its own state (database connection); the answer goes
 * back to the event thread. A full queue is answered 503 at once. Put nginx in front:
 * it does TLS, HTTP/2, slow clients. By itself the server refuses Content-Length with
 * Transfer-Encoding, repeated Content-Length and a missing or repeated Host. */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "web/http.h"

struct server;

struct server_config {
	const char *listen;            /* host:port, [::1]:port */
	int workers, queue;
	void *shared;                  /* given to all three functions */
	/* A worker's own state, made and released on its thread. */
	void *(*worker_start)(void *shared);
	void (*worker_stop)(void *state);
	/* Answers a request; runs on a worker. */
	void (*handle)(void *state, struct request *, struct response *);
	/* Answers at once from memory on the event thread and returns true, or returns
	 * false to leave the request to a worker. Must not block. */
	bool (*at_once)(void *shared, const struct request *, struct response *);
	/* How large a body may grow, asked on the event thread when it outgrows BODY_MAX; its
	 * head is there. NULL: no body may. Must not block. */
	size_t (*body_max)(void *shared, const struct request *);
	int large_ms;                  /* how long such a body may take; 0: two minutes */
	/* Told of each answer, on the event thread, with the time since its request's first
	 * byte was read. NULL is fine. */
	void (*answered)(void *shared, int status, int64_t us);
};

MUST_USE bool server_start(struct server **out, const struct server_config *, struct err *e);
/* Takes no new connections, finishes what runs and waits until its answers are sent, at
 * most 10 s. */
void server_stop(struct server *);

/* How many requests wait for a worker just now. */
int server_waiting(struct server *);

/* A listening socket at host:port; what is wrong with it is said of `setting`. */
MUST_USE bool server_socket(const char *setting, const char *address, int *out, struct err *e);

#endif
