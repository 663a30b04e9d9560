/* The guarded client, against a server of our own on loopback (R129-R133). */
#include "lti/fake_platform.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static struct mem *m;
static struct http_pool *pool;
static int listener;
static char allow[32], base[48];
static pthread_t server;
static struct err e;
static struct http_response res;

/* What the server says, and what it heard. */
static char reply[4096];
static char heard[8192];
static bool silent;

static void *serve(void *unused)
{
	for (;;) {
		int c = accept(listener, NULL, NULL);
		if (c < 0)
			return NULL;
		ssize_t n = read(c, heard, sizeof heard - 1);
		heard[n > 0 ? n : 0] = '\0';
		if (silent)
			sleep(2);
		else if (write(c, reply, strlen(reply)) < 0)
			perror("write");
		close(c);
	}
	return unused;
}

static void setup(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	m = mem_new();
	silent = false;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&at, &n), 0);
	snprintf(allow, sizeof allow, "127.0.0.1:%d", ntohs(at.sin_port));
	snprintf(base, sizeof base, "http://%s/", allow);
	ck_assert_int_eq(pthread_create(&server, NULL, serve, NULL), 0);
	pool = http_pool_new("ilpd-test/1 (+https://example.org)", allow);
}

static void teardown(void)
{
	shutdown(listener, SHUT_RDWR);
	pthread_join(server, NULL);
	close(listener);
	http_pool_free(pool);
	mem_free(m);
}

static bool fetch(const struct http_request *req)
{
	e = (struct err){0};
	return http_pool_fetch(pool, m, req, &res, &e);
}

static bool get(const char *url)
{
	return fetch(&(struct http_request){
		.url = url, .accept = "application/json", .body_max = 100, .total_ms = 1000});
}

static void answer(const char *text)
{
	snprintf(reply, sizeof reply, "%s", text);
}

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n"

START_TEST(gets_a_page_and_its_headers)
{
	answer(OK "link: <a>; rel=\"first\"\r\nLINK:<b>; rel=\"next\" \r\nCache-Control: public, "
		  "max-age=77\r\n\r\nhello");
	ck_assert_msg(get(base), "%s", e.text);
	ck_assert_int_eq(res.status, 200);
	ck_assert_str_eq(res.body, "hello");
	ck_assert_uint_eq(res.n, 5);
	ck_assert_uint_eq(res.links_n, 2);
	ck_assert_str_eq(res.links[1], "<b>; rel=\"next\"");
	ck_assert_int_eq(res.max_age, 77);
	ck_assert_ptr_nonnull(strstr(heard, "User-Agent: ilpd-test/1 (+https://example.org)\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Accept: application/json\r\n"));
	ck_assert_ptr_null(strstr(heard, "Authorization"));
}
END_TEST

START_TEST(posts_a_form_and_sends_a_bearer)
{
	answer(OK "\r\n");
	ck_assert(fetch(&(struct http_request){
		.url = base, .form = "a=b", .bearer = "t1", .body_max = 100, .total_ms = 1000}));
	ck_assert(str_starts(heard, "POST / HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Authorization: Bearer t1\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Content-Type: application/x-www-form-urlencoded\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "\r\n\r\na=b"));
	answer(OK "\r\n");
	ck_assert(get(base)); /* and the same handle forgets all of it */
	ck_assert(str_starts(heard, "GET / HTTP/1.1\r\n"));
	ck_assert_ptr_null(strstr(heard, "Authorization"));
}
END_TEST

START_TEST(follows_no_redirect)
{
	answer("HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
	ck_assert(get(base));
	ck_assert_int_eq(res.status, 302);
}
END_TEST

START_TEST(hands_over_errors_as_answers)
{
	answer("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n<html>");
	ck_assert(get(base));
	ck_assert_int_eq(res.status, 404);
	ck_assert_int_eq(res.max_age, -1);
}
END_TEST

START_TEST(stops_at_a_body_that_is_too_large)
{
	char big[200];

	memset(big, 'a', sizeof big);
	snprintf(reply, sizeof reply, OK "\r\n%.101s", big);
	ck_assert(!get(base));
	ck_assert_int_eq(e.code, ERR_PEER);
	ck_assert_str_eq(e.reason, "http_large");
	snprintf(reply, sizeof reply, OK "\r\n%.100s", big);
	ck_assert(get(base));
	ck_assert_uint_eq(res.n, 100);
}
END_TEST

START_TEST(stops_when_nobody_answers)
{
	int64_t began = ticks_ms();

	silent = true;
	ck_assert(!fetch(&(struct http_request){.url = base, .body_max = 1, .total_ms = 300}));
	ck_assert_int_lt(ticks_ms() - began, 1500);
	ck_assert_int_eq(e.code, ERR_PEER);
	ck_assert_str_eq(e.reason, "http_slow");
}
END_TEST

START_TEST(connects_to_no_private_address_that_is_not_listed)
{
	struct http_pool *strict = http_pool_new("t", "");
	static const char *const urls[] = {
		"https://127.0.0.1/", "https://localhost/",       "https://[::1]/",
		"https://10.0.0.1/",  "https://169.254.169.254/", "https://[::ffff:127.0.0.1]/",
		"https://0.0.0.0/",   "https://2130706433/",      "https://0x7f.1/",
		"https://127.1/",
		/* names that resolve to where they should not, NAT64 and its like, odd spellings */
		"https://LOCALHOST/",
		"https://[::ffff:10.0.0.1]/",
		"https://[::ffff:a00:1]/",
		"https://[64:ff9b::7f00:1]/",
		"https://[64:ff9b:1::a00:1]/",
		"https://[2002:7f00:1::]/",
		"https://[2001:0:53aa:64c::1]/",
		"https://[fe80::1]/",
		"https://[fd00::1]/",
		"https://[ff02::1]/",
		"https://[::]/",
		"https://100.64.0.1/",
		"https://192.168.1.1/",
		"https://172.31.255.255/",
		"https://017700000001/",
		"https://224.0.0.1/",
		"https://255.255.255.255/",
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct http_request req = {.url = urls[i], .body_max = 1, .total_ms = 1000};
		e = (struct err){0};
		ck_assert_msg(!http_pool_fetch(strict, m, &req, &res, &e), "%s", urls[i]);
		ck_assert_msg(strstr(e.text, "not a public one"), "%s: %s", urls[i], e.text);
	}
	http_pool_free(strict);
}
END_TEST

START_TEST(fetches_nothing_but_https_elsewhere)
{
	static const char *const urls[] = {
		"http://example.org/",
		"http://example.org:443/",
		"file:///etc/passwd",
		"ftp://example.org/",
		"gopher://example.org:443/",
		"https://example.org:8443/",
		"https://example.org:80/",
		"https://example.org:444443/",
		"https://user@example.org/",
		"https://user:secret@example.org/",
		"https://lms.example@127.0.0.1/",
		"https://exam ple.org/",
		"https://example.org\\@127.0.0.1/",
		"https://example.org/\r\nX-Evil: 1",
		"//example.org/",
		"example.org",
		"",
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		ck_assert_msg(!get(urls[i]), "%s", urls[i]);
		ck_assert_msg(str_starts(e.text, "only https"), "%s: %s", urls[i], e.text);
	}
	ck_assert(!get(mem_printf(m, "http://user@%s/", allow)));
}
END_TEST

/* What is allowed is one host and one port, however much of it another has. */
START_TEST(the_allow_list_is_exact)
{
	const char *port = strchr(allow, ':') + 1;

	answer(OK "\r\n");
	ck_assert(get(base));
	ck_assert(!get(mem_printf(m, "http://127.0.0.1:%s1/", port)));
	ck_assert(!get("http://127.0.0.1/"));
	ck_assert(!get(mem_printf(m, "http://127.0.0.2:%s/", port)));
	ck_assert(!get(mem_printf(m, "http://127.0.0.1.example.org:%s/", port)));
	ck_assert(!get(mem_printf(m, "http://x127.0.0.1:%s/", port)));
	ck_assert(!get(mem_printf(m, "http://localhost:%s/", port)));
}
END_TEST

/* A name is looked up when connecting, and every address it has is looked at then: what
 * was public at registration and resolves to ourselves later gets nothing. */
START_TEST(a_name_that_turns_private_is_not_connected_to)
{
	struct http_pool *strict = http_pool_new("t", "");
	struct http_request req = {.url = "https://localhost/", .body_max = 1, .total_ms = 1000};

	for (int i = 0; i < 2; i++) {
		ck_assert(!http_pool_fetch(strict, m, &req, &res, &e));
		ck_assert_str_eq(e.text, "the address is not a public one");
		ck_assert_str_eq(e.reason, "http_private");
	}
	http_pool_free(strict);
}
END_TEST

START_TEST(says_why_nobody_answered)
{
	struct http_pool *open = http_pool_new("t", "127.0.0.1:1 nobody.invalid:1 localhost:1");
	struct http_request req = {.body_max = 1, .total_ms = 3000};

	req.url = "http://127.0.0.1:1/";
	ck_assert(!http_pool_fetch(open, m, &req, &res, &e));
	ck_assert_str_eq(e.reason, "http_connect");
	req.url = "http://nobody.invalid:1/";
	ck_assert(!http_pool_fetch(open, m, &req, &res, &e));
	ck_assert_str_eq(e.reason, "http_host");
	http_pool_free(open);
	/* a server that speaks no TLS */
	answer(OK "\r\n");
	ck_assert(!get(mem_printf(m, "https://%s/", allow)));
	ck_assert_str_eq(e.reason, "http_tls");
}
END_TEST

START_TEST(puts_json)
{
	answer(OK "\r\n");
	ck_assert(fetch(&(struct http_request){.url = base,
					       .method = "PUT",
					       .json = "{\"a\":1}",
					       .accept = "application/json",
					       .bearer = "t1",
					       .body_max = 100,
					       .total_ms = 1000}));
	ck_assert(str_starts(heard, "PUT / HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Content-Type: application/json\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Content-Length: 7\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "\r\n\r\n{\"a\":1}"));
	answer(OK "\r\n");
	ck_assert(fetch(&(struct http_request){
		.url = base, .json = "{}", .body_max = 100, .total_ms = 1000}));
	ck_assert(str_starts(heard, "POST / HTTP/1.1\r\n"));
	answer(OK "\r\n");
	ck_assert(get(base)); /* and the same handle forgets the method */
	ck_assert(str_starts(heard, "GET / HTTP/1.1\r\n"));
}
END_TEST

static const struct {
	const char *header;
	int64_t seconds;
} waits[] = {
	{"Retry-After: 120", 120},
	{"retry-after:0", 0},
	{"Retry-After: Mon, 21 Sep 2026 15:08:00 GMT", 3280}, /* 3280 s after NOW */
	{"Retry-After: Monday, 21-Sep-26 15:08:00 GMT", 3280},
	{"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", 0},
	{"Retry-After: -5", -1},
	{"Retry-After: soon", -1},
	{"Retry-After: 99999999999999999999", -1},
	{"Retry-After:", -1},
	{"X: y", -1},
};

START_TEST(reads_retry_after)
{
	clock_set_ms((int64_t)NOW * 1000);
	snprintf(reply, sizeof reply, "HTTP/1.1 503 Busy\r\nConnection: close\r\n%s\r\n\r\n",
		 waits[_i].header);
	ck_assert(get(base));
	ck_assert_int_eq(res.retry_after_s, waits[_i].seconds);
	clock_set_ms(0);
}
END_TEST

START_TEST(tells_what_a_check_wants_to_know)
{
	answer(OK "Date: Mon, 21 Sep 2026 14:13:20 GMT\r\n\r\n");
	ck_assert(fetch(&(struct http_request){
		.url = base, .body_max = 100, .total_ms = 1000, .inspect = true}));
	ck_assert_int_eq(res.date_ms, (int64_t)NOW * 1000 + 0);
	ck_assert_str_eq(res.address, "127.0.0.1");
	ck_assert_int_ge(res.connect_ms, 0);
	ck_assert_int_eq(res.tls_days_left, -1);
	answer(OK "Date: yesterday\r\n\r\n");
	ck_assert(get(base));
	ck_assert_int_eq(res.date_ms, -1);
}
END_TEST

/* Nothing of an address, a token or an answer stands in what is logged. */
START_TEST(errors_tell_no_secrets)
{
	static const char url_path[] = "path-secret?token=query-secret";
	struct http_request req = {.bearer = "bearer-secret",
				   .form = "client_assertion=form-secret",
				   .body_max = 3,
				   .total_ms = 300};
	const char *const urls[] = {
		mem_printf(m, "%s%s", base, url_path),
		mem_printf(m, "https://127.0.0.1/%s", url_path),
		mem_printf(m, "https://user-secret@example.org/%s", url_path),
		mem_printf(m, "https://secret.invalid/%s", url_path),
	};

	answer(OK "\r\nbody-secret");
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		req.url = urls[i];
		ck_assert(!fetch(&req));
		ck_assert_msg(!strstr(e.text, "secret"), "%s", e.text);
	}
}
END_TEST

static const struct {
	const char *header;
	int64_t max_age;
} ages[] = {
	{"Cache-Control: max-age=60", 60},
	{"cache-control: MAX-AGE=60, private", 60},
	{"Cache-Control: no-store", 0},
	{"Cache-Control: max-age=60, no-cache", 0},
	{"Cache-Control: max-age=-5", -1},
	{"Cache-Control: max-age=abc", -1},
	{"Cache-Control: s-maxage=60", -1},
	{"Cache-Control:", -1},
	{"Cache-Control: max-age=99999999999999999999", -1},
};

START_TEST(reads_cache_control)
{
	snprintf(reply, sizeof reply, OK "%s\r\n\r\n", ages[_i].header);
	ck_assert(get(base));
	ck_assert_int_eq(res.max_age, ages[_i].max_age);
}
END_TEST

Suite *lti_http_suite(void)
{
	Suite *s = suite_create("lti/http");
	TCase *t = tcase_create("http");

	tcase_set_timeout(t, 20);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, gets_a_page_and_its_headers);
	tcase_add_test(t, posts_a_form_and_sends_a_bearer);
	tcase_add_test(t, follows_no_redirect);
	tcase_add_test(t, hands_over_errors_as_answers);
	tcase_add_test(t, stops_at_a_body_that_is_too_large);
	tcase_add_test(t, stops_when_nobody_answers);
	tcase_add_test(t, connects_to_no_private_address_that_is_not_listed);
	tcase_add_test(t, fetches_nothing_but_https_elsewhere);
	tcase_add_loop_test(t, reads_cache_control, 0, COUNT(ages));
	tcase_add_test(t, the_allow_list_is_exact);
	tcase_add_test(t, a_name_that_turns_private_is_not_connected_to);
	tcase_add_test(t, says_why_nobody_answered);
	tcase_add_test(t, puts_json);
	tcase_add_loop_test(t, reads_retry_after, 0, COUNT(waits));
	tcase_add_test(t, tells_what_a_check_wants_to_know);
	tcase_add_test(t, errors_tell_no_secrets);
	suite_add_tcase(s, t);
	return s;
}
