/* The server over real sockets, with a handler that does what the path says. */
#include "web/server.h"
#include "base/log.h"
#include "base/str.h"
#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

#define BIG ((size_t)24 << 20) /* more than the kernel takes off the server's hands */

static struct server *server;
static struct err e;
static int port;
static atomic_int states, handled;

/* "/wait" waits until the gate opens. */
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_moved = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static int inside;

static void move_gate(bool open)
{
	pthread_mutex_lock(&gate_lock);
	gate_open = open;
	pthread_cond_broadcast(&gate_moved);
	pthread_mutex_unlock(&gate_lock);
}

static void pass_gate(void)
{
	pthread_mutex_lock(&gate_lock);
	inside++;
	pthread_cond_broadcast(&gate_moved);
	while (!gate_open)
		pthread_cond_wait(&gate_moved, &gate_lock);
	inside--;
	pthread_mutex_unlock(&gate_lock);
}

static void wait_inside(int n)
{
	pthread_mutex_lock(&gate_lock);
	while (inside < n)
		pthread_cond_wait(&gate_moved, &gate_lock);
	pthread_mutex_unlock(&gate_lock);
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- What the server calls ---- */

static void *worker_start(void *shared)
{
	atomic_fetch_add(&states, 1);
	return shared;
}

static void worker_stop(void *state)
{
	atomic_fetch_sub(&states, 1);
}

static void handle(void *state, struct request *q, struct response *r)
{
	atomic_fetch_add(&handled, 1);
	if (!strcmp(q->path, "/wait"))
		pass_gate();
	const char *name = request_header(q, "X-Name");
	response_header(r, "X-Path", q->path);
	response_text(r, 200, "text/plain",
		      mem_printf(q->m, "%s %s ?%s %zu %s", q->method, q->path, q->query, q->body_n,
				 name ? name : "-"));
	if (!strcmp(q->path, "/big")) {
		static char big[BIG];
		r->body = big;
		r->body_n = BIG;
	}
	if (!strcmp(q->path, "/echo")) {
		r->body = q->body;
		r->body_n = q->body_n;
	}
}

static bool at_once(void *shared, const struct request *q, struct response *r)
{
	if (!strcmp(q->path, "/pause"))
		sleep_ms(400);
	if (strcmp(q->path, "/healthz") && strcmp(q->path, "/pause"))
		return false;
	response_text(r, 200, "text/plain", "alive\n");
	return true;
}

static int free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	close(fd);
	return ntohs(a.sin_port);
}

/* "/upload" takes 1 MiB, for a second. */
static size_t body_max(void *shared, const struct request *q)
{
	return str_eq(q->path, "/upload") ? (size_t)1 << 20 : BODY_MAX;
}

static void start(int workers, int queue)
{
	char listen[40];

	port = free_port();
	snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
	struct server_config c = {.listen = listen,
				  .workers = workers,
				  .queue = queue,
				  .worker_start = worker_start,
				  .worker_stop = worker_stop,
				  .handle = handle,
				  .at_once = at_once,
				  .body_max = body_max,
				  .large_ms = 1000};
	ck_assert_msg(server_start(&server, &c, &e), "%s", e.text);
}

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_ERROR);
	server = NULL;
	move_gate(true);
	atomic_store(&handled, 0);
}

static void teardown(void)
{
	move_gate(true);
	server_stop(server);
	server = NULL;
	log_set_level(LOG_INFO);
	ck_assert_int_eq(atomic_load(&states), 0);
}

/* ---- A client ---- */

static int dial(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval patience = {.tv_sec = 20};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&a, sizeof a)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void say(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* All until the server closes; its length. */
static size_t hear(int fd, char *out, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size - 1 && (got = recv(fd, out + n, size - 1 - n, 0)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	close(fd);
	return n;
}

static int status_of(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) ? 0 : (int)strtol(answer + 9, NULL, 10);
}

static char answer[400000];

/* The status of the answer to these bytes; 0 where the connection was only closed. */
static int ask_bytes(const char *bytes, size_t n)
{
	int fd = dial();

	ck_assert_int_ge(fd, 0);
	say(fd, bytes, n);
	hear(fd, answer, sizeof answer);
	return status_of(answer);
}

static int ask(const char *text)
{
	return ask_bytes(text, strlen(text));
}

/* ---- Tests ---- */

START_TEST(a_request_comes_whole_and_its_answer_goes_back)
{
	start(2, 10);
	ck_assert_int_eq(ask("GET /a%20b?c=%20d HTTP/1.1\r\nHost: x\r\nx-name: Ada\r\nConnection: "
			     "close\r\n\r\n"),
			 200);
	ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\nGET /a b ?c=%20d 0 Ada"));
	ck_assert_ptr_nonnull(strstr(answer, "X-Path: /a b\r\n"));
	ck_assert_ptr_nonnull(strstr(answer, "Content-Type: text/plain\r\n"));
	ck_assert_int_eq(ask("HEAD /ab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 200);
	ck_assert_ptr_nonnull(strstr(answer, "Content-Length: 14\r\n"));
	ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	ck_assert_int_eq(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: "
			     "close\r\n\r\nhello"),
			 200);
	ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\nhello"));
	ck_assert_int_eq(ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
			     "chunked\r\nConnection: close\r\n\r\n"
			     "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
			 200);
	ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\nabcde"));
}
END_TEST

START_TEST(requests_follow_each_other_on_one_connection)
{
	start(2, 10);
	int fd = dial();
	for (int i = 0; i < 20; i++) {
		char one[100], want[20];
		snprintf(one, sizeof one, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
		say(fd, one, strlen(one));
		size_t n = 0;
		snprintf(want, sizeof want, "GET /%d ?", i);
		do {
			ssize_t got = recv(fd, answer + n, sizeof answer - 1 - n, 0);
			ck_assert_int_gt(got, 0);
			n += (size_t)got;
			answer[n] = '\0';
		} while (!strstr(answer, want));
		ck_assert_int_eq(status_of(answer), 200);
	}
	close(fd);
}
END_TEST

START_TEST(a_body_may_be_256_kib)
{
	static char bytes[BODY_MAX + 200];

	start(2, 10);
	for (size_t n = BODY_MAX - 1; n <= BODY_MAX + 1; n++) {
		int head = snprintf(bytes, 200,
				    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: "
				    "%zu\r\nConnection: close\r\n\r\n",
				    n);
		memset(bytes + head, 'x', n);
		ck_assert_int_eq(ask_bytes(bytes, (size_t)head + n), n > BODY_MAX ? 413 : 200);
		if (n <= BODY_MAX)
			ck_assert_uint_eq(strlen(strstr(answer, "\r\n\r\n") + 4), n);
	}
	ck_assert_int_eq(ask(GET("/")), 200);
}
END_TEST

/* ---- Large bodies ---- */

#define LARGE_AT_ONCE 8

/* Some thousand bytes of a body; what the connection says of it. */
static bool say_more(int fd, size_t n)
{
	static char some[1 << 16];

	for (size_t part; n; n -= part) {
		part = n < sizeof some ? n : sizeof some;
		if (send(fd, some, part, MSG_NOSIGNAL) < 0)
			return false;
	}
	return true;
}

/* A connection on which so much of a body of `whole` bytes was sent. */
static int begin_body(const char *path, size_t whole, size_t sent)
{
	char head[200];
	int fd = dial();

	ck_assert_int_ge(fd, 0);
	snprintf(head, sizeof head,
		 "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", path,
		 whole);
	say(fd, head, strlen(head));
	say_more(fd, sent);
	return fd;
}

static int end_of(int fd)
{
	hear(fd, answer, sizeof answer);
	return status_of(answer);
}

START_TEST(large_bodies_go_where_they_are_taken)
{
	const size_t mib = (size_t)1 << 20;

	start(2, 10);
	ck_assert_int_eq(end_of(begin_body("/upload", mib, mib)), 200);
	ck_assert_ptr_nonnull(strstr(answer, " 1048576 "));
	ck_assert_int_eq(end_of(begin_body("/upload", mib + 1, mib + 1)), 413);
	ck_assert_int_eq(end_of(begin_body("/echo", mib, mib)), 413);
	/* more than anybody may send: said before a byte of it came */
	ck_assert_int_eq(end_of(begin_body("/upload", 1000 * mib, 0)), 413);
	ck_assert_int_eq(end_of(begin_body("/echo", 1000 * mib, 0)), 413);
	ck_assert_int_eq(atomic_load(&handled), 1);
}
END_TEST

START_TEST(a_body_without_end_is_cut_off)
{
	static const char head[] =
		"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n";
	int fd;

	start(2, 10);
	ck_assert_int_ge(fd = dial(), 0);
	say(fd, head, strlen(head));
	ck_assert(!say_more(fd, (size_t)512 << 20));
	close(fd);
	ck_assert_int_eq(ask(GET("/")), 200);
	ck_assert_int_eq(atomic_load(&handled), 1);
}
END_TEST

/* Who stops in the middle of a large body keeps its place for as long as it may, and nobody
 * else from theirs. */
START_TEST(large_bodies_have_few_places_and_give_them_back)
{
	const size_t whole = (size_t)1 << 20, half = whole / 2;
	int fds[LARGE_AT_ONCE];

	start(2, 10);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < LARGE_AT_ONCE; i++)
			fds[i] = begin_body("/upload", whole, half);
		sleep_ms(200);
		ck_assert_int_eq(end_of(begin_body("/upload", whole, whole)), 503);
		ck_assert_ptr_nonnull(strstr(answer, "Retry-After"));
		ck_assert_int_eq(end_of(begin_body("/echo", 100000, 100000)), 200);
		ck_assert_int_eq(ask(GET("/healthz")), 200);
		if (round == 0) /* they end */
			for (int i = 0; i < LARGE_AT_ONCE; i++) {
				say_more(fds[i], half);
				ck_assert_int_eq(end_of(fds[i]), 200);
			}
		else if (round == 1) /* they hang up */
			for (int i = 0; i < LARGE_AT_ONCE; i++)
				close(fds[i]);
		else { /* they send a byte now and then */
			sleep_ms(1000);
			for (int i = 0; i < LARGE_AT_ONCE; i++) {
				say_more(fds[i], 1);
				ck_assert_int_eq(end_of(fds[i]), 0);
			}
		}
		sleep_ms(100);
		ck_assert_int_eq(end_of(begin_body("/upload", whole, whole)), 200);
	}
}
END_TEST

static const struct {
	const char *bytes;
	int status;
} malformed[] = {
	{"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
	 "chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
	 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\nConnection: "
	 "close\r\n\r\nabcd",
	 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\nConnection: "
	 "close\r\n\r\nabcd",
	 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\nConnection: close\r\n\r\nabcd", 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\nConnection: close\r\n\r\nabcd", 400},
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\nConnection: close\r\n\r\nabcd", 400},
	{"GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\nConnection: close\r\n\r\n", 400},
	{"GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
	{"GET /%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
	{"GET /%0d%0aX:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
	{"GET x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
	{"GET /\r\n\r\n", 0},
};

START_TEST(malformed_requests_reach_no_handler)
{
	start(1, 10);
	int status = ask(malformed[_i].bytes);
	ck_assert_msg(malformed[_i].status ? status == malformed[_i].status
					   : status == 0 || status >= 400,
		      "row %d: %d", _i, status);
	ck_assert_int_eq(atomic_load(&handled), 0);
	ck_assert_int_eq(ask(GET("/")), 200);
}
END_TEST

START_TEST(too_many_headers_are_refused)
{
	struct mem *m = mem_new();
	struct buf b;

	start(1, 10);
	for (int n = HEADERS_MAX - 2; n <= HEADERS_MAX - 1; n++) {
		buf_init(&b, m);
		buf_add(&b, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
		for (int i = 0; i < n; i++)
			buf_addf(&b, "X-%d: y\r\n", i);
		buf_add(&b, "\r\n");
		ck_assert_int_eq(ask(b.p), n + 2 > HEADERS_MAX ? 431 : 200);
	}
	buf_init(&b, m);
	buf_addf(&b, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Big: %0*d\r\n\r\n",
		 100000, 0);
	int status = ask(b.p);
	ck_assert(status == 0 || status == 431 || status == 413);
	ck_assert_int_eq(ask(GET("/")), 200);
	mem_free(m);
}
END_TEST

/* ---- Load ---- */

struct client {
	pthread_t thread;
	int number, right;
};

static void *keep_asking(void *self)
{
	struct client *c = self;
	char one[200], want[60], got[2000];

	for (int i = 0; i < 100; i++) {
		snprintf(one, sizeof one,
			 "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: "
			 "close\r\n\r\n%05d-%06d",
			 c->number, i);
		snprintf(want, sizeof want, "\r\n\r\n%05d-%06d", c->number, i);
		int fd = dial();
		if (fd < 0)
			continue;
		say(fd, one, strlen(one));
		hear(fd, got, sizeof got);
		c->right += status_of(got) == 200 && strstr(got, want);
	}
	return NULL;
}

START_TEST(everybody_gets_their_own_answer)
{
	struct client clients[8] = {0};

	start(4, 100);
	for (int i = 0; i < 8; i++) {
		clients[i].number = i;
		ck_assert_int_eq(pthread_create(&clients[i].thread, NULL, keep_asking, &clients[i]),
				 0);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(clients[i].thread, NULL);
		ck_assert_int_eq(clients[i].right, 100);
	}
	ck_assert_int_eq(atomic_load(&handled), 800);
}
END_TEST

/* While the event thread is held, exactly as many become readable as it can take up. */
START_TEST(a_crowd_at_one_moment_is_answered_at_once)
{
	enum { CROWD = 1 + 128 }; /* as many as one look of the event thread takes up */
	struct timespec before, after;
	int fds[CROWD];

	start(4, CROWD);
	for (int i = 0; i < CROWD; i++)
		ck_assert_int_ge(fds[i] = dial(), 0);
	sleep_ms(100);
	clock_gettime(CLOCK_MONOTONIC, &before);
	say(fds[0], GET("/pause"), strlen(GET("/pause")));
	sleep_ms(50);
	for (int i = 1; i < CROWD; i++)
		say(fds[i], GET("/"), strlen(GET("/")));
	for (int i = 0; i < CROWD; i++) {
		hear(fds[i], answer, sizeof answer);
		ck_assert_int_eq(status_of(answer), 200);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_lt(after.tv_sec - before.tv_sec, 8);
}
END_TEST

START_TEST(a_full_queue_is_said_at_once)
{
	int waiting[3];

	start(1, 2);
	move_gate(false);
	for (int i = 0; i < 3; i++) {
		waiting[i] = dial();
		say(waiting[i], GET("/wait"), strlen(GET("/wait")));
		if (!i)
			wait_inside(1);
	}
	/* Both must stand in the queue before it is full. */
	int status = 200;
	for (int tries = 0; status == 200 && tries < 50; tries++) {
		sleep_ms(20);
		status = tries ? ask(GET("/full")) : 200;
	}
	ck_assert_int_eq(status, 503);
	ck_assert_ptr_nonnull(strstr(answer, "Retry-After: 2\r\n"));
	/* what needs no worker is answered all the same */
	ck_assert_int_eq(ask(GET("/healthz")), 200);
	move_gate(true);
	for (int i = 0; i < 3; i++) {
		hear(waiting[i], answer, sizeof answer);
		ck_assert_int_eq(status_of(answer), 200);
	}
	ck_assert_int_eq(ask(GET("/")), 200);
}
END_TEST

START_TEST(who_hangs_up_harms_nobody)
{
	start(2, 50);
	move_gate(false);
	for (int i = 0; i < 10; i++) {
		int fd = dial();
		say(fd, GET("/wait"), strlen(GET("/wait")));
		if (i < 2)
			wait_inside(i + 1);
		struct linger now = {.l_onoff = 1};
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		close(fd);
	}
	for (int i = 0; i < 10; i++) {
		static const char half[] =
			"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf";
		int fd = dial();
		say(fd, half, (size_t)i * (sizeof half - 1) / 10);
		close(fd);
	}
	move_gate(true);
	ck_assert_int_eq(ask(GET("/")), 200);
}
END_TEST

/* ---- Stopping ---- */

static void *stop(void *unused)
{
	server_stop(server);
	server = NULL;
	return NULL;
}

START_TEST(what_runs_is_finished_before_the_end)
{
	pthread_t stopper;
	int waiting[4];

	start(2, 10);
	move_gate(false);
	for (int i = 0; i < 4; i++) {
		waiting[i] = dial();
		say(waiting[i], GET("/wait"), strlen(GET("/wait")));
	}
	wait_inside(2);
	sleep_ms(100);
	ck_assert_int_eq(pthread_create(&stopper, NULL, stop, NULL), 0);
	sleep_ms(100);
	move_gate(true);
	for (int i = 0; i < 4; i++) {
		hear(waiting[i], answer, sizeof answer);
		ck_assert_int_eq(status_of(answer), 200);
	}
	pthread_join(stopper, NULL);
	ck_assert_int_lt(dial(), 0);
}
END_TEST

static void *hear_late(void *fd_p)
{
	static char got[65536];
	size_t n = 0;
	ssize_t more;

	sleep_ms(500);
	while ((more = recv(*(int *)fd_p, got, sizeof got, 0)) > 0)
		n += (size_t)more;
	close(*(int *)fd_p);
	return (void *)(uintptr_t)n;
}

START_TEST(the_last_answer_leaves_whole)
{
	pthread_t reader;
	void *n;

	start(1, 10);
	int fd = dial();
	say(fd, GET("/big"), strlen(GET("/big")));
	ck_assert_int_eq(pthread_create(&reader, NULL, hear_late, &fd), 0);
	while (!atomic_load(&handled))
		sleep_ms(1);
	server_stop(server);
	server = NULL;
	pthread_join(reader, &n);
	ck_assert_uint_gt((uintptr_t)n, BIG);
}
END_TEST

START_TEST(idle_connections_do_not_hold_the_end_up)
{
	struct timespec before, after;

	start(1, 10);
	int idle = dial(), half = dial();
	say(half, "GET / HTTP/1.1\r\nHo", 18);
	ck_assert_int_eq(ask(GET("/")), 200);
	clock_gettime(CLOCK_MONOTONIC, &before);
	server_stop(server);
	server = NULL;
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_le(after.tv_sec - before.tv_sec, 3);
	close(idle);
	close(half);
}
END_TEST

START_TEST(an_address_that_cannot_be_had_is_an_error)
{
	static const char *const wrong[] = {"nonsense", "127.0.0.1:x", "256.256.256.256:1"};
	struct server *second = NULL;
	char listen[40];

	start(1, 10);
	snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
	struct server_config c = {.listen = listen,
				  .workers = 1,
				  .queue = 1,
				  .worker_start = worker_start,
				  .worker_stop = worker_stop,
				  .handle = handle,
				  .at_once = at_once};
	ck_assert(!server_start(&second, &c, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(e.text, "in use"));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		c.listen = wrong[i];
		ck_assert(!server_start(&second, &c, &e));
	}
	server_stop(NULL);
}
END_TEST

START_TEST(ipv6_is_written_in_brackets)
{
	struct server *six = NULL;
	char listen[40];

	snprintf(listen, sizeof listen, "[::1]:%d", free_port());
	struct server_config c = {.listen = listen,
				  .workers = 1,
				  .queue = 1,
				  .worker_start = worker_start,
				  .worker_stop = worker_stop,
				  .handle = handle,
				  .at_once = at_once};
	bool started = server_start(&six, &c, &e);
	/* A machine without IPv6 says so; none takes the brackets for a name. */
	ck_assert_msg(started || !strstr(e.text, "not known"), "%s", e.text);
	if (started)
		server_stop(six);
}
END_TEST

Suite *web_server_suite(void)
{
	Suite *s = suite_create("web/server");
	TCase *t = tcase_create("server");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_request_comes_whole_and_its_answer_goes_back);
	tcase_add_test(t, requests_follow_each_other_on_one_connection);
	tcase_add_test(t, a_body_may_be_256_kib);
	tcase_add_test(t, large_bodies_go_where_they_are_taken);
	tcase_add_test(t, a_body_without_end_is_cut_off);
	tcase_add_test(t, large_bodies_have_few_places_and_give_them_back);
	tcase_add_loop_test(t, malformed_requests_reach_no_handler, 0,
			    sizeof malformed / sizeof *malformed);
	tcase_add_test(t, too_many_headers_are_refused);
	tcase_add_test(t, everybody_gets_their_own_answer);
	tcase_add_test(t, a_crowd_at_one_moment_is_answered_at_once);
	tcase_add_test(t, a_full_queue_is_said_at_once);
	tcase_add_test(t, who_hangs_up_harms_nobody);
	tcase_add_test(t, what_runs_is_finished_before_the_end);
	tcase_add_test(t, the_last_answer_leaves_whole);
	tcase_add_test(t, idle_connections_do_not_hold_the_end_up);
	tcase_add_test(t, an_address_that_cannot_be_had_is_an_error);
	tcase_add_test(t, ipv6_is_written_in_brackets);
	suite_add_tcase(s, t);
	return s;
}
