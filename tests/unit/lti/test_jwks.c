/* The cache of key sets: how often it asks, what it serves meanwhile, and that a
 * platform that hangs holds up few (R27, R28). */
#include "lti/fake_platform.h"
#include <pthread.h>
#include <stdatomic.h>

#define URL ISSUER "/jwks"

static struct mem *m;
static struct jwks_cache *cache;
static struct http_client http;
static struct fake_answer *answer;

static void setup(void)
{
	m = mem_new();
	cache = jwks_cache_new();
	fake_answers_n = 0;
	fake_asked = 0;
	http = (struct http_client){fake_fetch, NULL};
	answer = fake_answer(URL, 200, sign_set(m, sign_rsa_jwk(m, sign_rsa(0), "k1", "")));
	clock_set_ms((int64_t)NOW * 1000);
}

static void teardown(void)
{
	jwks_cache_free(cache);
	clock_set_ms(0);
	mem_free(m);
}

static void at(int64_t seconds)
{
	clock_set_ms((NOW + seconds) * 1000);
}

static const char *verify_at(struct mem *own, const char *url, EVP_PKEY *key, const char *kid)
{
	const char *token = sign_rs256(own, key, kid, "{}");
	struct err e = {0};
	struct jws jws;

	if (!jws_parse(own, token, strlen(token), "RS256", &jws, &e))
		return "unparsed";
	return jwks_verify(cache, &http, url, &jws, &e) ? "ok" : e.reason;
}

static const char *verify(const char *kid)
{
	return verify_at(m, URL, sign_rsa(0), kid);
}

START_TEST(fetches_once_and_keeps_for_an_hour)
{
	for (int i = 0; i < 10; i++)
		ck_assert_str_eq(verify("k1"), "ok");
	at(3599);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 1);
	at(3600);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

static const struct {
	int64_t max_age, life;
} ages[] = {
	{-1, 3600}, {0, 300}, {60, 300}, {600, 600}, {7200, 7200}, {10000000, 86400},
};

START_TEST(obeys_cache_control_within_bounds)
{
	answer->max_age = ages[_i].max_age;
	ck_assert_str_eq(verify("k1"), "ok");
	at(ages[_i].life - 1);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 1);
	at(ages[_i].life);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

START_TEST(asks_for_an_unknown_kid_once_a_minute)
{
	ck_assert_str_eq(verify("k1"), "ok");
	for (int i = 0; i < 5; i++)
		ck_assert_str_eq(verify("k2"), "token_key_unknown");
	at(59);
	ck_assert_str_eq(verify("k2"), "token_key_unknown");
	ck_assert_int_eq(fake_asked, 1);
	at(60);
	ck_assert_str_eq(verify("k2"), "token_key_unknown");
	ck_assert_str_eq(verify("k3"), "token_key_unknown");
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

START_TEST(learns_a_new_key)
{
	ck_assert_str_eq(verify("k1"), "ok");
	answer->body = sign_set(m, sign_rsa_jwk(m, sign_rsa(1), "k2", ""));
	at(61);
	ck_assert_str_eq(verify_at(m, URL, sign_rsa(1), "k2"), "ok");
	ck_assert_str_eq(verify("k1"), "token_key_unknown"); /* and forgets the old one */
}
END_TEST

START_TEST(serves_known_kids_a_day_longer_when_nobody_answers)
{
	ck_assert_str_eq(verify("k1"), "ok");
	answer->status = 0;
	at(3600);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 2);
	at(3660);
	ck_assert_str_eq(verify("k2"), "token_key_unknown");
	at(3600 + 86399);
	ck_assert_str_eq(verify("k1"), "ok");
	at(3600 + 86400);
	ck_assert_str_eq(verify("k1"), "jwks_unavailable");
}
END_TEST

static const struct {
	long status;
	const char *body;
} broken[] = {
	{0, ""},   {404, "{\"keys\":[]}"}, {302, ""},  {200, "<html>"},
	{200, ""}, {200, "{\"keys\":7}"},  {500, "x"},
};

START_TEST(says_when_there_is_no_set)
{
	const char *good = answer->body;

	answer->status = broken[_i].status;
	answer->body = broken[_i].body;
	ck_assert_str_eq(verify("k1"), "jwks_unavailable");
	ck_assert_str_eq(verify("k1"), "jwks_unavailable");
	at(9);
	ck_assert_str_eq(verify("k1"), "jwks_unavailable");
	ck_assert_int_eq(fake_asked, 1);
	answer->status = 200;
	answer->body = good;
	at(10);
	ck_assert_str_eq(verify("k1"), "ok");
}
END_TEST

START_TEST(tells_the_operator_what_happened)
{
	struct err e = {0};
	const char *token = sign_rs256(m, sign_rsa(0), "k1", "{}");
	struct jws jws;

	answer->status = 503;
	ck_assert(jws_parse(m, token, strlen(token), "RS256", &jws, &e));
	ck_assert(!jwks_verify(cache, &http, URL, &jws, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "503"));
	answer->status = 0;
	at(10);
	ck_assert(!jwks_verify(cache, &http, URL, &jws, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "no answer"));
}
END_TEST

START_TEST(keeps_a_good_set_when_a_broken_one_comes)
{
	ck_assert_str_eq(verify("k1"), "ok");
	answer->body = "<html>";
	at(3600);
	ck_assert_str_eq(verify("k1"), "ok");
}
END_TEST

START_TEST(refuses_a_set_without_usable_keys)
{
	answer->body = "{\"keys\":[]}";
	ck_assert_str_eq(verify("k1"), "token_key_unknown");
}
END_TEST

START_TEST(tells_signatures_apart)
{
	ck_assert_str_eq(verify_at(m, URL, sign_rsa(1), "k1"), "token_signature");
}
END_TEST

/* ---- A platform that hangs ---- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int inside, most_inside;

/* Answers when the gate is opened. */
static bool hang(void *self, struct mem *own, const struct http_request *req,
		 struct http_response *out, struct err *e)
{
	int now = atomic_fetch_add(&inside, 1) + 1;

	if (now > atomic_load(&most_inside))
		atomic_store(&most_inside, now);
	if (str_eq(req->url, URL)) {
		pthread_mutex_lock(&gate);
		pthread_mutex_unlock(&gate);
	}
	atomic_fetch_sub(&inside, 1);
	*out = (struct http_response){.status = 200,
				      .body = mem_strdup(own, answer->body),
				      .n = strlen(answer->body),
				      .max_age = -1};
	return true;
}

enum { THREADS = 16 };

struct visitor {
	pthread_t thread;
	const char *url, *verdict;
	int64_t ms;
};

static void *visit(void *self)
{
	struct visitor *v = self;
	struct mem *own = mem_new();
	int64_t began = ticks_ms();

	v->verdict = verify_at(own, v->url, sign_rsa(0), "k1");
	v->ms = ticks_ms() - began;
	mem_free(own);
	return NULL;
}

static void start(struct visitor *v, const char *url)
{
	*v = (struct visitor){.url = url};
	ck_assert_int_eq(pthread_create(&v->thread, NULL, visit, v), 0);
}

START_TEST(a_class_that_comes_at_once_asks_once)
{
	struct visitor v[THREADS];
	const struct timespec moment = {.tv_nsec = 150 * 1000000};

	http.fetch = hang;
	pthread_mutex_lock(&gate);
	for (int i = 0; i < THREADS; i++)
		start(&v[i], URL);
	nanosleep(&moment, NULL);
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(v[i].thread, NULL);
		ck_assert_str_eq(v[i].verdict, "ok");
	}
	ck_assert_int_eq(atomic_load(&most_inside), 1);
}
END_TEST

START_TEST(a_platform_that_hangs_holds_up_few_and_nobody_elses_launch)
{
	struct visitor v[THREADS], neighbour, late;
	const struct timespec second = {.tv_sec = 1};
	int held = 0;

	http.fetch = hang;
	pthread_mutex_lock(&gate);
	for (int i = 0; i < THREADS; i++)
		start(&v[i], URL);
	nanosleep(&second, NULL);
	/* Most have gone by now; another platform's key set is fetched as ever, and who
	 * comes late does not wait at all. */
	start(&neighbour, "https://neighbour.example/jwks");
	pthread_join(neighbour.thread, NULL);
	start(&late, URL);
	pthread_join(late.thread, NULL);
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(v[i].thread, NULL);
		held += v[i].ms > 900;
		ck_assert(str_eq(v[i].verdict, "ok") || str_eq(v[i].verdict, "jwks_unavailable"));
	}
	ck_assert_int_le(held, 2);
	ck_assert_str_eq(late.verdict, "jwks_unavailable");
	ck_assert_int_lt(late.ms, 400);
	ck_assert_str_eq(neighbour.verdict, "ok");
	ck_assert_int_lt(neighbour.ms, 400);
}
END_TEST

START_TEST(a_known_key_waits_for_nobody)
{
	struct visitor first, second;
	const struct timespec moment = {.tv_nsec = 100 * 1000000};

	ck_assert_str_eq(verify("k1"), "ok");
	at(3600);
	http.fetch = hang;
	pthread_mutex_lock(&gate);
	start(&first, URL); /* this one refreshes */
	nanosleep(&moment, NULL);
	start(&second, URL);
	pthread_join(second.thread, NULL);
	pthread_mutex_unlock(&gate);
	pthread_join(first.thread, NULL);
	ck_assert_str_eq(second.verdict, "ok");
	ck_assert_int_lt(second.ms, 80);
	ck_assert_str_eq(first.verdict, "ok");
}
END_TEST

Suite *lti_jwks_suite(void)
{
	Suite *s = suite_create("lti/jwks");
	TCase *t = tcase_create("jwks");

	sign_rsa(0);
	sign_rsa(1);
	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, fetches_once_and_keeps_for_an_hour);
	tcase_add_loop_test(t, obeys_cache_control_within_bounds, 0, COUNT(ages));
	tcase_add_test(t, asks_for_an_unknown_kid_once_a_minute);
	tcase_add_test(t, learns_a_new_key);
	tcase_add_test(t, serves_known_kids_a_day_longer_when_nobody_answers);
	tcase_add_loop_test(t, says_when_there_is_no_set, 0, COUNT(broken));
	tcase_add_test(t, tells_the_operator_what_happened);
	tcase_add_test(t, keeps_a_good_set_when_a_broken_one_comes);
	tcase_add_test(t, refuses_a_set_without_usable_keys);
	tcase_add_test(t, tells_signatures_apart);
	tcase_add_test(t, a_class_that_comes_at_once_asks_once);
	tcase_add_test(t, a_platform_that_hangs_holds_up_few_and_nobody_elses_launch);
	tcase_add_test(t, a_known_key_waits_for_nobody);
	suite_add_tcase(s, t);
	return s;
}
