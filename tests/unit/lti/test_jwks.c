/* The cache of key sets: how often it asks, what it serves meanwhile, and that a
 * platform that hangs holds up few (R27, R28). */
#include "lti/fake_platform.h"
#include <pthread.h>
#include <stdatomic.h>

#define URL ISSUER "/jwks"

static struct mem *m;
static struct lti *l;
static struct fake_answer *answer;

/* What the listener was told last. */
static struct lti_sight sighted;
static _Atomic int sights;

static void see(void *self, const struct lti_sight *s)
{
	ck_assert_ptr_eq(self, &sighted);
	sighted = *s;
	sights++;
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	l->seen = see;
	l->seen_self = &sighted;
	sights = 0;
	answer = fake_answer(URL, 200, sign_set(m, sign_rsa_jwk(m, sign_rsa(0), "k1", "")));
}

static void teardown(void)
{
	fake_close(l);
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
	const struct lti_registration r = {.id = "r1", .jwks_url = url};
	return jwks_verify(l, &r, &jws, &e) ? "ok" : e.reason;
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
	const struct lti_registration r = {.id = "r1", .jwks_url = URL};
	struct jws jws;

	answer->status = 503;
	ck_assert(jws_parse(m, token, strlen(token), "RS256", &jws, &e));
	ck_assert(!jwks_verify(l, &r, &jws, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "503"));
	answer->status = 0;
	at(10);
	ck_assert(!jwks_verify(l, &r, &jws, &e));
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

	l->http.fetch = hang;
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

	l->http.fetch = hang;
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
	l->http.fetch = hang;
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

/* ---- Renewed in time, and seen ---- */

START_TEST(a_set_that_is_used_is_renewed_before_its_time)
{
	ck_assert_str_eq(verify("k1"), "ok");
	at(2879);
	ck_assert_str_eq(verify("k1"), "ok");
	lti_tend(l);
	ck_assert_int_eq(fake_asked, 1);
	at(2880);
	lti_tend(l); /* nobody has used it since */
	ck_assert_int_eq(fake_asked, 1);
	ck_assert_str_eq(verify("k1"), "ok");
	lti_tend(l);
	lti_tend(l);
	ck_assert_int_eq(fake_asked, 2);
	at(2880 + 2879); /* and no launch has asked by itself */
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

static void *tend(void *unused)
{
	lti_tend(l);
	return unused;
}

START_TEST(a_set_that_hangs_while_it_is_renewed_holds_up_no_launch)
{
	pthread_t other;
	const struct timespec moment = {.tv_nsec = 100 * 1000000};

	ck_assert_str_eq(verify("k1"), "ok");
	at(3000);
	ck_assert_str_eq(verify("k1"), "ok");
	l->http.fetch = hang;
	pthread_mutex_lock(&gate);
	ck_assert_int_eq(pthread_create(&other, NULL, tend, NULL), 0);
	nanosleep(&moment, NULL);
	for (int64_t s = 3000; s < 4000; s += 400) {
		struct visitor v;
		at(s);
		start(&v, URL);
		pthread_join(v.thread, NULL);
		ck_assert_str_eq(v.verdict, "ok");
		ck_assert_int_lt(v.ms, 80);
	}
	pthread_mutex_unlock(&gate);
	pthread_join(other, NULL);
}
END_TEST

/* A Moodle whose key was thrown away: the next set has the new one alone. */
START_TEST(takes_moodles_new_key_although_no_set_held_both)
{
	const json_t *before = sign_fixture(m, "fixtures/moodle/jwks.json");
	const json_t *after = sign_fixture(m, "fixtures/moodle/jwks_after_key_change.json");
	const json_t *launch =
		sign_fixture(m, "fixtures/moodle/launch_student1_after_key_change.json");
	const struct lti_registration r = {.id = "r1", .jwks_url = URL};
	const char *token = js_str(launch, "id_token");
	struct err e = {0};
	struct jws jws;

	ck_assert_msg(jws_parse(m, token, strlen(token), "RS256", &jws, &e), "%s", e.text);
	answer->body = js_print(m, before, NULL);
	ck_assert_str_eq(verify("k1"), "token_key_unknown"); /* the old set is known now */
	at(61);
	answer->body = js_print(m, after, NULL);
	ck_assert_msg(jwks_verify(l, &r, &jws, &e), "%s", e.text);
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

START_TEST(tells_what_was_seen)
{
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(sights, 1);
	ck_assert_str_eq(sighted.registration, "r1");
	ck_assert_int_eq(sighted.service, LTI_SERVICE_KEYS);
	ck_assert_ptr_null(sighted.reason);
	answer->status = 0;
	at(3600);
	ck_assert_str_eq(verify("k1"), "ok");
	ck_assert_int_eq(sights, 2);
	ck_assert_str_eq(sighted.reason, "jwks_unavailable");
	ck_assert(!sighted.has_clock);
}
END_TEST

START_TEST(a_check_fetches_and_counts)
{
	const struct lti_registration r = {.id = "r1", .jwks_url = URL};
	struct http_response res;
	struct err e = {0};
	size_t n;

	ck_assert(jwks_fetch_now(l, m, &r, &res, &n, &e));
	ck_assert_uint_eq(n, 1);
	ck_assert(fake_last.inspect);
	answer->body = "{\"keys\":[]}";
	ck_assert(jwks_fetch_now(l, m, &r, &res, &n, &e));
	ck_assert_uint_eq(n, 0);
	answer->status = 404;
	ck_assert(!jwks_fetch_now(l, m, &r, &res, &n, &e));
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
	tcase_add_test(t, a_set_that_is_used_is_renewed_before_its_time);
	tcase_add_test(t, a_set_that_hangs_while_it_is_renewed_holds_up_no_launch);
	tcase_add_test(t, takes_moodles_new_key_although_no_set_held_both);
	tcase_add_test(t, tells_what_was_seen);
	tcase_add_test(t, a_check_fetches_and_counts);
	suite_add_tcase(s, t);
	return s;
}
