#include "web/server.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include <ctype.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_SECONDS       30
#define CONNECTIONS        2000
#define HEADER_MEMORY      ((size_t)32 << 10)
#define STOP_MS            10000
#define SLOW_MS            1000
#define SPARE_CALLS        64
#define LARGE_CALLS        8  /* bodies beyond BODY_MAX at a time: what they may hold of memory */
#define LARGE_MS           120000 /* how long one may hold its place */
#define READ_MAX           ((size_t)16 << 20) /* so far a refused body is read on, to be told why */

/* A request on its way through: read, queued, answered, sent. */
struct call {
	struct request request;
	struct response response;
	struct MHD_Connection *connection;
	char *body;
	size_t body_cap, body_max, came; /* came: refused bytes too */
	bool is_large;
	int refused;        /* status to answer without looking further */
	bool is_read, is_queued, is_answered;
	int64_t since;
	const char *raw_uri;
	struct call *next;
};

/* A worker that waits for a request. */
struct idle {
	pthread_cond_t wake;
	struct idle *next;
	bool called;
};

struct server {
	struct server_config config;
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct idle *idle; /* who came last is called first: its connection is warm */
	struct call *first, *last, *spare;
	int waiting, spares;
	int large;  /* bodies beyond BODY_MAX now; the event thread's own */
	int unsent; /* queued, and their answers not yet taken by the network */
	bool stopping;
	pthread_t *threads;
	int threads_n;
};

/* ---- calls are kept and used again, with their arenas ---- */

static struct call *call_new(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	struct call *c = s->spare;
	if (c) {
		s->spare = c->next;
		s->spares--;
	}
	pthread_mutex_unlock(&s->lock);
	struct mem *m = c ? c->request.m : mem_new();
	if (!c && !(c = malloc(sizeof *c)))
		BUG("out of memory");
	/* the arrays of headers are filled as far as their counts say */
	c->request.m = m;
	c->request.headers_n = c->request.body_n = 0;
	c->request.method = c->request.path = NULL;
	c->request.query = c->request.body = "";
	c->response = (struct response){ 0 };
	c->connection = NULL;
	c->body = NULL;
	c->body_cap = c->came = 0;
	c->body_max = BODY_MAX;
	c->is_large = false;
	c->refused = 0;
	c->is_read = c->is_queued = c->is_answered = false;
	c->raw_uri = NULL;
	c->next = NULL;
	return c;
}

static void call_free(struct server *s, struct call *c)
{
	free(c->body);
	c->body = NULL;
	s->large -= c->is_large;
	mem_reset(c->request.m);
	pthread_mutex_lock(&s->lock);
	if (c->is_queued && !--s->unsent)
		pthread_cond_signal(&s->done);
	bool keep = s->spares < SPARE_CALLS;
	if (keep) {
		c->next = s->spare;
		s->spare = c;
		s->spares++;
	}
	pthread_mutex_unlock(&s->lock);
	if (!keep) {
		mem_free(c->request.m);
		free(c);
	}
}

/* ---- reading ---- */

struct reading {
	struct call *call;
	int hosts, lengths, transfers;
};

/* RFC 9110 5.6.2. "Content-Length " with a blank behind it is no Content-Length to us
 * and may be one to a proxy. */
static bool name_ok(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("!#$%&'*+-.^_`|~", *c))
			return false;
	return *name;
}

static enum MHD_Result take_header(void *self, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct reading *r = self;
	struct request *q = &r->call->request;

	if (!name_ok(name)) {
		r->call->refused = MHD_HTTP_BAD_REQUEST;
		return MHD_NO;
	}
	if (q->headers_n == HEADERS_MAX) {
		r->call->refused = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
		return MHD_NO;
	}
	value = value ? value : "";
	r->hosts += !strcasecmp(name, "Host");
	r->lengths += !strcasecmp(name, "Content-Length");
	r->transfers += !strcasecmp(name, "Transfer-Encoding");
	q->headers[q->headers_n++] = (struct pair){ mem_strdup(q->m, name), mem_strdup(q->m, value) };
	return MHD_YES;
}

/* A proxy and we must not read a request differently (request smuggling). */
static void take_head(struct call *c, const char *method)
{
	struct request *q = &c->request;
	struct reading r = { .call = c };
	unsigned char id[4];

	random_bytes(id, sizeof id);
	snprintf(q->id, sizeof q->id, "%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
	c->since = ticks_us();
	q->method = mem_strdup(q->m, method);
	MHD_get_connection_values(c->connection, MHD_HEADER_KIND, take_header, &r);
	if (r.hosts != 1 || r.lengths > 1 || r.transfers > 1 || (r.lengths && r.transfers))
		c->refused = MHD_HTTP_BAD_REQUEST;
	const char *mark = strchr(c->raw_uri, '?');
	q->query = mark ? mark + 1 : "";
	const char *raw_path =
		mark ? mem_strndup(q->m, c->raw_uri, (size_t)(mark - c->raw_uri)) : c->raw_uri;
	if (!path_decode(q->m, raw_path, &q->path))
		c->refused = MHD_HTTP_BAD_REQUEST;
}

/* A client that says it will send more than anybody may is told before it does. */
static bool is_endless(const struct call *c)
{
	const char *length = request_header(&c->request, "Content-Length");

	return !c->refused && length && strtoull(length, NULL, 10) > READ_MAX;
}

/* Few routes take more than BODY_MAX, and few calls at a time. */
static void grow_large(struct server *s, struct call *c)
{
	size_t max = s->config.body_max ? s->config.body_max(s->config.shared, &c->request) : BODY_MAX;

	if (max <= BODY_MAX)
		return;
	if (s->large == LARGE_CALLS) {
		c->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
		return;
	}
	s->large++;
	c->is_large = true;
	c->body_max = max;
}

static void take_body(struct server *s, struct call *c, const char *data, size_t n)
{
	size_t whole = c->request.body_n + n;

	c->came += n;
	if (!c->refused && whole > BODY_MAX && !c->is_large)
		grow_large(s, c);
	if (c->refused)
		return;
	if (whole > c->body_max) {
		c->refused = MHD_HTTP_CONTENT_TOO_LARGE;
		return;
	}
	if (whole + 1 > c->body_cap) {
		c->body_cap = (whole + 1) * 2 < c->body_max ? (whole + 1) * 2 : c->body_max + 1;
		c->body = realloc(c->body, c->body_cap);
		if (!c->body)
			BUG("out of memory");
	}
	memcpy(c->body + c->request.body_n, data, n);
	c->request.body_n += n;
	c->body[c->request.body_n] = '\0';
	c->request.body = c->body;
}

/* One that goes on for ever, or keeps a place for a large body from others. */
static bool is_trying(const struct server *s, const struct call *c)
{
	int64_t ms = s->config.large_ms ? s->config.large_ms : LARGE_MS;

	return c->came > READ_MAX || (c->is_large && ticks_us() - c->since > ms * 1000);
}

/* ---- answering ---- */

/* A line that says all went well stands in the proxy's log too, and costs a tenth of what
 * a launch does: it is written where somebody looks closely. */
static void log_answer(const struct call *c, int64_t us)
{
	const struct response *r = &c->response;
	int ms = (int)(us / 1000);
	bool is_routine = r->status < 400 && ms < SLOW_MS;

	log_set_request(c->request.id);
	log_(is_routine ? LOG_DEBUG : LOG_INFO, "http", "method=%s route=%s status=%d bytes=%zu ms=%d",
	     c->request.method, r->route ? r->route : "-", r->status, r->body_n, ms);
	log_set_request(NULL);
}

static enum MHD_Result send_answer(struct server *s, struct call *c)
{
	struct response *r = &c->response;
	/* The body lives in the arena until MHD says that the request is completed. */
	struct MHD_Response *out =
		MHD_create_response_from_buffer(r->body_n, (void *)(uintptr_t)(r->body ? r->body : ""),
						MHD_RESPMEM_PERSISTENT);

	if (!out)
		BUG("out of memory");
	if (r->type)
		MHD_add_response_header(out, "Content-Type", r->type);
	for (size_t i = 0; i < r->headers_n; i++)
		MHD_add_response_header(out, r->headers[i].name, r->headers[i].value);
	enum MHD_Result done = MHD_queue_response(c->connection, (unsigned)r->status, out);
	MHD_destroy_response(out);
	int64_t us = ticks_us() - c->since;
	log_answer(c, us);
	if (s->config.answered)
		s->config.answered(s->config.shared, r->status, us);
	return done;
}

static enum MHD_Result refuse(struct server *s, struct call *c, int status, const char *text)
{
	c->response.headers_n = 0;
	response_text(&c->response, status, "text/plain; charset=utf-8", text);
	response_header(&c->response, "Cache-Control", "no-store");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		response_header(&c->response, "Retry-After", "2");
	else
		response_header(&c->response, "Connection", "close");
	return send_answer(s, c);
}

static void call_one(struct server *s)
{
	struct idle *who = s->idle;

	if (!who)
		return;
	s->idle = who->next;
	who->called = true;
	pthread_cond_signal(&who->wake);
}

static bool enqueue(struct server *s, struct call *c)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->waiting < s->config.queue && !s->stopping;
	if (room) {
		MHD_suspend_connection(c->connection);
		if (s->last)
			s->last->next = c;
		else
			s->first = c;
		s->last = c;
		s->waiting++;
		s->unsent++;
		c->is_queued = true;
		call_one(s);
	}
	pthread_mutex_unlock(&s->lock);
	return room;
}

static enum MHD_Result answer(struct server *s, struct call *c)
{
	if (c->is_answered)
		return send_answer(s, c);
	c->is_read = true;
	if (c->refused)
		return refuse(s, c, c->refused, "This request cannot be read.\n");
	if (s->config.at_once(s->config.shared, &c->request, &c->response))
		return send_answer(s, c);
	if (!enqueue(s, c))
		return refuse(s, c, MHD_HTTP_SERVICE_UNAVAILABLE, "Too busy, try again in a moment.\n");
	return MHD_YES;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **state)
{
	struct call *c = *state;

	if (!c->connection) {
		c->connection = connection;
		take_head(c, method);
		return is_endless(c) ? refuse(self, c, MHD_HTTP_CONTENT_TOO_LARGE, "Too large.\n")
				     : MHD_YES;
	}
	if (*n && !c->is_read) {
		take_body(self, c, data, *n);
		*n = 0;
		return is_trying(self, c) ? MHD_NO : MHD_YES;
	}
	return answer(self, c);
}

static void *on_uri(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct call *c = call_new(self);

	c->raw_uri = mem_strdup(c->request.m, uri);
	return c;
}

static void on_done(void *self, struct MHD_Connection *connection, void **state,
		    enum MHD_RequestTerminationCode how)
{
	if (*state)
		call_free(self, *state);
	*state = NULL;
}

/* Paths and fields are decoded by us; MHD leaves them as they came. */
static size_t leave_escaped(void *self, struct MHD_Connection *connection, char *s)
{
	return strlen(s);
}

/* ---- workers ---- */

static struct call *next_call(struct server *s, struct idle *place)
{
	pthread_mutex_lock(&s->lock);
	while (!s->first && !s->stopping) {
		place->called = false;
		place->next = s->idle;
		s->idle = place;
		while (!place->called)
			pthread_cond_wait(&place->wake, &s->lock);
	}
	struct call *c = s->first;
	if (c) {
		s->first = c->next;
		if (!s->first)
			s->last = NULL;
		s->waiting--;
	}
	pthread_mutex_unlock(&s->lock);
	return c;
}

static void *work(void *self)
{
	struct server *s = self;
	void *state = s->config.worker_start(s->config.shared);
	struct idle place = { .wake = PTHREAD_COND_INITIALIZER };

	for (struct call *c; (c = next_call(s, &place));) {
		log_set_request(c->request.id);
		s->config.handle(state, &c->request, &c->response);
		log_set_request(NULL);
		c->is_answered = true;
		MHD_resume_connection(c->connection);
	}
	s->config.worker_stop(state);
	return NULL;
}

/* libmicrohttpd (0.9.75, lib/daemon.c MHD_epoll) has room for 128 events. When it got
 * all 128 it asks for more, with the same timeout, before it looks at the first: where
 * nothing else comes, 128 requests wait for half a minute. Its calls come here instead
 * of to libc, and it never gets all it has room for. */
int epoll_wait(int fd, struct epoll_event *events, int max, int timeout)
{
	return epoll_pwait(fd, events, max > 1 ? max - 1 : max, timeout, NULL);
}

/* ---- start and stop ---- */

bool server_socket(const char *setting, const char *address, int *out, struct err *e)
{
	char host[256];
	const char *colon = strrchr(address, ':');
	struct addrinfo *list, wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };

	if (!colon)
		return err_set(e, ERR_INVALID, "%s = \"%s\": host:port is allowed", setting,
			       address);
	bool brackets = *address == '[' && colon[-1] == ']';
	snprintf(host, sizeof host, "%.*s", (int)(colon - address) - 2 * brackets, address + brackets);
	int code = getaddrinfo(host, colon + 1, &wanted, &list);
	if (code)
		return err_set(e, ERR_INVALID, "%s = \"%s\": %s", setting, address, gai_strerror(code));
	int fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) &&
		  !bind(fd, list->ai_addr, list->ai_addrlen) && !listen(fd, SOMAXCONN);
	if (!ok) {
		err_set(e, ERR_INVALID, "%s = \"%s\": %s", setting, address, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	freeaddrinfo(list);
	*out = fd;
	return ok;
}

static bool start_workers(struct server *s, struct err *e)
{
	s->threads = calloc((size_t)s->config.workers, sizeof *s->threads);
	if (!s->threads)
		BUG("out of memory");
	for (int i = 0; i < s->config.workers; i++, s->threads_n++)
		if (pthread_create(&s->threads[i], NULL, work, s))
			return err_set(e, ERR_INTERNAL, "cannot start worker %d", i);
	return true;
}

bool server_start(struct server **out, const struct server_config *config, struct err *e)
{
	int fd;
	struct server *s = calloc(1, sizeof *s);

	if (!s)
		BUG("out of memory");
	s->config = *config;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	if (!server_socket("listen", config->listen, &fd, e)) {
		free(s);
		return false;
	}
	if (!start_workers(s, e))
		return false; /* the caller exits: nothing runs without its workers */
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_done, s, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, s,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (!s->daemon)
		return err_set(e, ERR_INTERNAL, "cannot start the HTTP server");
	*out = s;
	return true;
}

int server_waiting(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	int waiting = s->waiting;
	pthread_mutex_unlock(&s->lock);
	return waiting;
}

/* A slow reader, or a handler that hangs, is waited for until STOP_MS. */
static void wait_sent(struct server *s)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_MS / 1000;
	pthread_mutex_lock(&s->lock);
	while (s->unsent > 0)
		if (pthread_cond_timedwait(&s->done, &s->lock, &until) == ETIMEDOUT)
			break;
	s->stopping = true;
	while (s->idle)
		call_one(s);
	pthread_mutex_unlock(&s->lock);
}

void server_stop(struct server *s)
{
	if (!s)
		return;
	int fd = MHD_quiesce_daemon(s->daemon);
	wait_sent(s);
	for (int i = 0; i < s->threads_n; i++)
		pthread_join(s->threads[i], NULL);
	/* Every connection is resumed by now, as MHD demands before it stops. */
	MHD_stop_daemon(s->daemon);
	if (fd >= 0)
		close(fd);
	for (struct call *c = s->spare, *next; c; c = next) {
		next = c->next;
		mem_free(c->request.m);
		free(c);
	}
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->done);
	free(s->threads);
	free(s);
}
