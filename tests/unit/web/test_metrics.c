/* Counters as a reader gets them: the format to the octet, sums that are right while many
 * count, labels from our tables alone, and a door that opens for one question. */
#include "web/metrics.h"
#include "web/scrape.h"
#include "web/web_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <arpa/inet.h>
#include <check.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct mem *m;
static struct metrics *x;
static struct err e;

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
	clock_set_ms(1700000000123);
	x = metrics_new("1.2");
}

static void teardown(void)
{
	clock_set_ms(0);
	metrics_free(x);
	mem_free(m);
}

static const char *text(void)
{
	return metrics_text(m, x, &(struct metrics_now){.waiting = 7, .lost = 9});
}

/* The number behind a name with its labels, which stand at the beginning of a line. */
static const char *value(const char *page, const char *series)
{
	const char *at = strstr(page, mem_printf(m, "\n%s ", series));

	ck_assert_msg(at != NULL, "there is no %s", series);
	at += strlen(series) + 2;
	return mem_strndup(m, at, strcspn(at, "\n"));
}

static void assert_value(const char *series, const char *is)
{
	ck_assert_str_eq(value(text(), series), is);
}

/* From its HELP to that of the next one. */
static const char *block(const char *name)
{
	const char *page = text(), *from = strstr(page, mem_printf(m, "# HELP %s ", name));

	ck_assert_ptr_nonnull(from);
	const char *to = strstr(from + 1, "# HELP ");
	return to ? mem_strndup(m, from, (size_t)(to - from)) : from;
}

static void launched(const char *reason, const char *browser, const char *profile, enum lti_rung rung)
{
	metrics_launch(x, &(struct metrics_launch){reason, browser, profile, rung});
}

START_TEST(requests_are_written_as_the_format_says)
{
	metrics_request(x, 200, 1000);
	metrics_request(x, 204, 1001);
	metrics_request(x, 303, 700000);
	metrics_request(x, 503, 11000000);
	metrics_request(x, 404, 0);
	metrics_request(x, 0, 5);
	metrics_request(x, 600, 5);
	metrics_request(x, -200, 5);
	ck_assert_str_eq(block("ilpd_requests_total"),
			 "# HELP ilpd_requests_total Requests answered, by class of status.\n"
			 "# TYPE ilpd_requests_total counter\n"
			 "ilpd_requests_total{status=\"1xx\"} 0\n"
			 "ilpd_requests_total{status=\"2xx\"} 2\n"
			 "ilpd_requests_total{status=\"3xx\"} 1\n"
			 "ilpd_requests_total{status=\"4xx\"} 1\n"
			 "ilpd_requests_total{status=\"5xx\"} 1\n");
	ck_assert_str_eq(block("ilpd_request_seconds"),
			 "# HELP ilpd_request_seconds From the first byte of a request to its answer.\n"
			 "# TYPE ilpd_request_seconds histogram\n"
			 "ilpd_request_seconds_bucket{le=\"0.001\"} 2\n"
			 "ilpd_request_seconds_bucket{le=\"0.0025\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.005\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.01\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.025\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.05\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.1\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.25\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"0.5\"} 3\n"
			 "ilpd_request_seconds_bucket{le=\"1\"} 4\n"
			 "ilpd_request_seconds_bucket{le=\"2.5\"} 4\n"
			 "ilpd_request_seconds_bucket{le=\"5\"} 4\n"
			 "ilpd_request_seconds_bucket{le=\"10\"} 4\n"
			 "ilpd_request_seconds_bucket{le=\"+Inf\"} 5\n"
			 "ilpd_request_seconds_sum 11.702001\n"
			 "ilpd_request_seconds_count 5\n");
}
END_TEST

START_TEST(what_others_know_is_asked_for)
{
	ck_assert_str_eq(block("ilpd_queue_waiting"),
			 "# HELP ilpd_queue_waiting Requests that wait for a worker.\n"
			 "# TYPE ilpd_queue_waiting gauge\n"
			 "ilpd_queue_waiting 7\n");
	assert_value("ilpd_watch_lost_total", "9");
	assert_value("ilpd_build_info{version=\"1.2\"}", "1");
	assert_value("process_start_time_seconds", "1700000000.123");
}
END_TEST

START_TEST(launches_are_counted_by_what_became_of_them)
{
	launched(NULL, "chrome-131", "canvas", LTI_RUNG_COOKIE);
	launched(NULL, "safari-17", "moodle", LTI_RUNG_STORAGE);
	launched(NULL, "canvas-ios", "canvas", LTI_RUNG_WINDOW);
	launched("token_expired", "chrome-9", "canvas", LTI_RUNG_COOKIE);
	launched("platform_unknown", "other", NULL, LTI_RUNG_COOKIE);
	assert_value("ilpd_launches_total{result=\"accepted\",reason=\"\"}", "3");
	assert_value("ilpd_launches_total{result=\"refused\",reason=\"token_expired\"}", "1");
	assert_value("ilpd_launches_total{result=\"refused\",reason=\"platform_unknown\"}", "1");
	assert_value("ilpd_launches_total{result=\"refused\",reason=\"unknown\"}", "0");
	assert_value("ilpd_launches_by_browser_total{browser=\"chrome\",result=\"accepted\"}", "1");
	assert_value("ilpd_launches_by_browser_total{browser=\"chrome\",result=\"refused\"}", "1");
	assert_value("ilpd_launches_by_browser_total{browser=\"canvas-ios\",result=\"accepted\"}", "1");
	assert_value("ilpd_launches_by_browser_total{browser=\"ios\",result=\"accepted\"}", "0");
	assert_value("ilpd_launches_by_browser_total{browser=\"other\",result=\"refused\"}", "1");
	assert_value("ilpd_launches_by_profile_total{profile=\"canvas\",result=\"accepted\"}", "2");
	assert_value("ilpd_launches_by_profile_total{profile=\"canvas\",result=\"refused\"}", "1");
	assert_value("ilpd_launches_by_profile_total{profile=\"unknown\",result=\"refused\"}", "1");
	ck_assert_str_eq(block("ilpd_launches_by_rung_total"),
			 "# HELP ilpd_launches_by_rung_total Launches taken in, by how the browser was known.\n"
			 "# TYPE ilpd_launches_by_rung_total counter\n"
			 "ilpd_launches_by_rung_total{rung=\"cookie\"} 1\n"
			 "ilpd_launches_by_rung_total{rung=\"storage\"} 1\n"
			 "ilpd_launches_by_rung_total{rung=\"window\"} 1\n");
}
END_TEST

START_TEST(platforms_are_timed_where_they_answered)
{
	metrics_sight(x, &(struct lti_sight){.service = LTI_SERVICE_KEYS, .took_us = 30000});
	metrics_sight(x, &(struct lti_sight){.service = LTI_SERVICE_TOKEN, .took_us = 2000000, .reason = "token_refused"});
	metrics_sight(x, &(struct lti_sight){.service = LTI_SERVICE_ROSTER, .reason = "platform_unreachable"});
	assert_value("ilpd_platform_calls_total{service=\"keys\",result=\"ok\"}", "1");
	assert_value("ilpd_platform_calls_total{service=\"keys\",result=\"failed\"}", "0");
	assert_value("ilpd_platform_calls_total{service=\"token\",result=\"failed\"}", "1");
	assert_value("ilpd_platform_calls_total{service=\"roster\",result=\"failed\"}", "1");
	assert_value("ilpd_platform_call_seconds_bucket{service=\"keys\",le=\"0.025\"}", "0");
	assert_value("ilpd_platform_call_seconds_bucket{service=\"keys\",le=\"0.05\"}", "1");
	assert_value("ilpd_platform_call_seconds_sum{service=\"keys\"}", "0.030000");
	assert_value("ilpd_platform_call_seconds_count{service=\"token\"}", "1");
	assert_value("ilpd_platform_call_seconds_sum{service=\"token\"}", "2.000000");
	assert_value("ilpd_platform_call_seconds_count{service=\"roster\"}", "0");
}
END_TEST

static size_t lines(const char *page)
{
	size_t n = 0;

	for (; *page; page++)
		n += *page == '\n';
	return n;
}

/* Whatever is said of a browser, a reason or a product chooses a line that was there. */
START_TEST(strange_words_make_no_line)
{
	static const char *const words[] = {"",		 "-",	       "chromeo", "chrome-x", "\"} 1\nevil 2",
					    "chrome-1\"", "\xff\xfe", "other-1", "Canvas",   "result"};
	size_t before = lines(text());

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		launched(words[i], words[i], words[i], LTI_RUNG_COOKIE);
	launched("no_such_reason", NULL, NULL, LTI_RUNG_COOKIE);
	const char *page = text();
	ck_assert_uint_eq(lines(page), before);
	ck_assert_ptr_null(strstr(page, "evil"));
	assert_value("ilpd_launches_total{result=\"refused\",reason=\"unknown\"}", "11");
	assert_value("ilpd_launches_by_browser_total{browser=\"chrome\",result=\"refused\"}", "1");
	assert_value("ilpd_launches_by_browser_total{browser=\"other\",result=\"refused\"}", "10");
	assert_value("ilpd_launches_by_profile_total{profile=\"generic\",result=\"refused\"}", "10");
}
END_TEST

/* Each reason, profile and family of browsers has its lines, and no line stands twice. */
START_TEST(every_word_of_our_tables_has_a_line)
{
	const char *families[32];
	size_t profiles_n, n = browser_families(families, 32);
	const struct lti_profile *profiles = lti_profile_list(&profiles_n);

	for (const struct lti_reason *r = lti_reasons; r->word; r++)
		assert_value(mem_printf(m, "ilpd_launches_total{result=\"refused\",reason=\"%s\"}", r->word), "0");
	for (size_t i = 0; i < profiles_n; i++)
		assert_value(mem_printf(m, "ilpd_launches_by_profile_total{profile=\"%s\",result=\"accepted\"}", profiles[i].name),
			     "0");
	ck_assert_uint_gt(n, 10);
	ck_assert_str_eq(families[n - 1], "other");
	for (size_t i = 0; i < n; i++) {
		assert_value(mem_printf(m, "ilpd_launches_by_browser_total{browser=\"%s\",result=\"accepted\"}", families[i]),
			     "0");
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(families[i], families[k]);
	}
}
END_TEST

enum { THREADS = 8, ROUNDS = 20000 };

static void *count_much(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		metrics_request(x, 200, i % 2 ? 900 : 2000);
		launched(i % 4 ? NULL : "token_expired", "firefox-130", "moodle", LTI_RUNG_COOKIE);
		metrics_sight(x, &(struct lti_sight){.service = LTI_SERVICE_ROSTER, .took_us = 10});
	}
	return NULL;
}

START_TEST(nothing_is_lost_where_many_count_at_once)
{
	pthread_t threads[THREADS];
	const char *all = mem_printf(m, "%d", THREADS * ROUNDS);

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, count_much, NULL), 0);
	/* Whoever reads meanwhile finds a count that agrees with the last bucket. */
	for (int i = 0; i < 50; i++) {
		const char *page = text();
		ck_assert_str_eq(value(page, "ilpd_request_seconds_bucket{le=\"+Inf\"}"),
				 value(page, "ilpd_request_seconds_count"));
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_value("ilpd_requests_total{status=\"2xx\"}", all);
	assert_value("ilpd_request_seconds_count", all);
	assert_value("ilpd_request_seconds_bucket{le=\"0.001\"}", mem_printf(m, "%d", THREADS * ROUNDS / 2));
	assert_value("ilpd_request_seconds_sum",
		     mem_printf(m, "%d.000000", THREADS * ROUNDS / 2 * 2900 / 1000000));
	assert_value("ilpd_launches_total{result=\"accepted\",reason=\"\"}", mem_printf(m, "%d", THREADS * ROUNDS / 4 * 3));
	assert_value("ilpd_launches_total{result=\"refused\",reason=\"token_expired\"}",
		     mem_printf(m, "%d", THREADS * ROUNDS / 4));
	assert_value("ilpd_platform_call_seconds_count{service=\"roster\"}", all);
}
END_TEST

START_TEST(nobody_has_to_count)
{
	metrics_request(NULL, 200, 1);
	metrics_launch(NULL, &(struct metrics_launch){0});
	metrics_sight(NULL, &(struct lti_sight){0});
	metrics_free(NULL);
	scrape_stop(NULL);
}
END_TEST

/* ---- The door ---- */

static void now(void *self, struct metrics_now *out)
{
	out->waiting = *(int *)self;
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

static const char *ask(int port, const char *bytes)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				.sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct buf b;
	char part[4096];

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
	buf_init(&b, m);
	for (ssize_t n; (n = recv(fd, part, sizeof part, 0)) > 0;)
		buf_addn(&b, part, (size_t)n);
	close(fd);
	return b.p;
}

START_TEST(the_door_answers_one_question)
{
	static const char *const others[] = {
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /metrics/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
		"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
		"DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
	};
	int port = free_port(), waiting = 5;
	struct scrape_config c = {.listen = mem_printf(m, "127.0.0.1:%d", port), .metrics = x, .now = now, .self = &waiting};
	struct scrape *door, *second;

	ck_assert_msg(scrape_start(&door, &c, &e), "%s", e.text);
	const char *page = ask(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(str_starts(page, "HTTP/1.1 200 "));
	ck_assert_ptr_nonnull(strstr(page, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
	ck_assert_str_eq(value(page, "ilpd_queue_waiting"), "5");
	waiting = 6;
	ck_assert_str_eq(value(ask(port, "GET /metrics?name=x HTTP/1.1\r\nHost: x\r\n\r\n"), "ilpd_queue_waiting"), "6");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert_msg(str_starts(ask(port, others[i]), "HTTP/1.1 404 "), "%s", others[i]);
	ck_assert(!scrape_start(&second, &c, &e));
	ck_assert_msg(str_starts(e.text, "metrics = ") && strstr(e.text, "in use"), "%s", e.text);
	scrape_stop(door);
	ck_assert_msg(scrape_start(&door, &c, &e), "%s", e.text);
	scrape_stop(door);
}
END_TEST

Suite *web_metrics_suite(void)
{
	Suite *s = suite_create("web/metrics");
	TCase *t = tcase_create("metrics");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, requests_are_written_as_the_format_says);
	tcase_add_test(t, what_others_know_is_asked_for);
	tcase_add_test(t, launches_are_counted_by_what_became_of_them);
	tcase_add_test(t, platforms_are_timed_where_they_answered);
	tcase_add_test(t, strange_words_make_no_line);
	tcase_add_test(t, every_word_of_our_tables_has_a_line);
	tcase_add_test(t, nothing_is_lost_where_many_count_at_once);
	tcase_add_test(t, nobody_has_to_count);
	tcase_add_test(t, the_door_answers_one_question);
	suite_add_tcase(s, t);
	return s;
}
