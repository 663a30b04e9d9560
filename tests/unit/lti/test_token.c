/* Access tokens: asked for rightly, kept, replaced, and bad answers survived. */
#include "lti/fake_platform.h"
#include "lti/fake_ring.h"
#include <pthread.h>

#define URL ISSUER "/token"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct key_ring *ring;
static struct fake_answer *answer;
static struct err e;

/* Made once: a new RSA key costs more than all these tests. */
static void open_ring(void)
{
	struct mem *own = mem_new();

	ring = fake_ring(own);
	mem_free(own);
}

static void close_ring(void)
{
	fake_ring_close(ring);
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	answer = fake_answer(URL, 200, "{\"access_token\":\"t1\",\"expires_in\":3600}");
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *get_not(const char *rejected)
{
	const char *token;

	e = (struct err){0};
	return token_get(l, m, ring, r, SCOPE_NRPS, rejected, &token, &e) ? token : e.reason;
}

static const char *get(void)
{
	return get_not(NULL);
}

START_TEST(asks_as_the_security_framework_says)
{
	const char *public = keys_public(ring, m);
	struct jwk_set *set;
	struct jws jws;
	int64_t iat, exp;

	ck_assert_str_eq(get(), "t1");
	const char *form = mem_printf(m, "?%s", fake_last.form);
	ck_assert_str_eq(fake_param(m, form, "grant_type"), "client_credentials");
	ck_assert_str_eq(fake_param(m, form, "client_assertion_type"),
			 "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
	ck_assert_str_eq(fake_param(m, form, "scope"), SCOPE_NRPS);
	const char *assertion = fake_param(m, form, "client_assertion");
	ck_assert(jwk_set_parse(public, strlen(public), &set, &e));
	ck_assert(jws_parse(m, assertion, strlen(assertion), "RS256", &jws, &e));
	ck_assert(jws_verify(&jws, set, &e));
	ck_assert_str_eq(js_str(jws.claims, "iss"), CLIENT);
	ck_assert_str_eq(js_str(jws.claims, "sub"), CLIENT);
	ck_assert_str_eq(js_str(jws.claims, "aud"), URL); /* one string, never an array */
	ck_assert(js_num(jws.claims, "iat", &iat) && js_num(jws.claims, "exp", &exp));
	ck_assert_int_lt(iat, NOW); /* Moodle refuses an iat ahead of its clock */
	ck_assert_int_le(exp, iat + 300);
	ck_assert(uuid_ok(js_str(jws.claims, "jti")));
	ck_assert_ptr_null(json_object_get(jws.claims, "nbf"));
	jwk_set_free(set);
}
END_TEST

START_TEST(keeps_a_token_until_a_minute_before_its_end)
{
	ck_assert_str_eq(get(), "t1");
	ck_assert_str_eq(get(), "t1");
	clock_set_ms((int64_t)(NOW + 3539) * 1000);
	ck_assert_str_eq(get(), "t1");
	ck_assert_int_eq(answer->asked, 1);
	clock_set_ms((int64_t)(NOW + 3540) * 1000);
	ck_assert_str_eq(get(), "t1");
	ck_assert_int_eq(answer->asked, 2);
}
END_TEST

START_TEST(replaces_a_token_that_was_rejected)
{
	ck_assert_str_eq(get(), "t1");
	answer->body = "{\"access_token\":\"t2\",\"expires_in\":3600}";
	ck_assert_str_eq(get_not("t1"), "t2");
	ck_assert_str_eq(get_not("t1"), "t2"); /* already replaced by another thread */
	ck_assert_int_eq(answer->asked, 2);
}
END_TEST

START_TEST(keeps_scopes_and_registrations_apart)
{
	const char *token;

	ck_assert_str_eq(get(), "t1");
	ck_assert(token_get(l, m, ring, r, "other", NULL, &token, &e));
	r->id = "r2";
	ck_assert_str_eq(get(), "t1");
	ck_assert_int_eq(answer->asked, 3);
}
END_TEST

static const struct {
	const char *body;
	int64_t life;
} lives[] = {
	{"{\"access_token\":\"t1\"}", 300},
	{"{\"access_token\":\"t1\",\"expires_in\":\"600\"}", 540},
	{"{\"access_token\":\"t1\",\"expires_in\":null}", 300},
	{"{\"access_token\":\"t1\",\"expires_in\":30}", 0},
};

START_TEST(gets_along_with_odd_lives)
{
	answer->body = lives[_i].body;
	ck_assert_str_eq(get(), "t1");
	if (lives[_i].life) {
		clock_set_ms((NOW + lives[_i].life - 1) * 1000);
		ck_assert_str_eq(get(), "t1");
		ck_assert_int_eq(answer->asked, 1);
	}
	clock_set_ms((NOW + lives[_i].life) * 1000);
	ck_assert_str_eq(get(), "t1");
	ck_assert_int_eq(answer->asked, 2);
}
END_TEST

static const struct {
	long status;
	const char *body, *reason;
} refused[] = {
	{400, "{\"error\":\"invalid_client\"}", "token_refused"},
	{400, "{ \"error\" : \"\"kid\" invalid, unable to lookup correct key\" }", "token_refused"},
	{404, "<html>", "token_refused"},
	{400, "{\"error\":\"invalid_scope\"}", "token_scope"},
	{400, "{ \"error\" : \"invalid_scope\" , \"x\" : \"\"y\" }", "token_scope"},
	{200, "{\"access_token\":\"t9\",\"scope\":\"\"}", "token_scope"},
	{200, "{\"access_token\":\"t9\",\"scope\":\"openid " SCOPE_NRPS "x\"}", "token_scope"},
	{500, "", "token_busy"},
	{302, "", "token_refused"},
	{200, "<html>", "token_refused"},
	{200, "{}", "token_refused"},
	{200, "{\"access_token\":\"\"}", "token_refused"},
	{200, "{\"access_token\":7}", "token_refused"},
	{200, "{\"access_token\":\"a\\r\\nX-Evil: 1\"}", "token_refused"},
	{0, "", "platform_unreachable"},
};

START_TEST(says_that_a_token_was_refused)
{
	answer->status = refused[_i].status;
	answer->body = refused[_i].body;
	ck_assert_str_eq(get(), refused[_i].reason);
	ck_assert_int_eq(e.code, ERR_PEER);
	answer->status = 200;
	answer->body = "{\"access_token\":\"t2\"}";
	ck_assert_str_eq(get(), "t2"); /* and a failure is not remembered */
}
END_TEST

/* What a running Moodle answered, right and wrong. */
START_TEST(reads_what_moodle_answers)
{
	const json_t *cases = sign_fixture(m, "fixtures/moodle/token_requests.json"), *one;
	const char *name;
	int good = 0;

	json_object_foreach((json_t *)cases, name, one)
	{
		const json_t *response = js_obj(one, "response");
		const json_t *body = json_object_get(response, "body");
		int64_t status;
		if (!response || !js_num(response, "status", &status))
			continue;
		answer->status = (long)status;
		answer->body = json_is_string(body) ? json_string_value(body)
			       : body               ? js_print(m, body, NULL)
						    : "";
		const char *got = get_not(name); /* nothing cached is taken */
		if (status == 200) {
			ck_assert_msg(strlen(got) == 32, "%s: %s", name, got);
			good++;
			token_cache_free(l->tokens);
			l->tokens = token_cache_new();
		} else {
			bool scope = str_eq(name, "only-unknown");
			ck_assert_msg(str_eq(got, scope ? "token_scope" : "token_refused"), "%s: %s", name, got);
		}
	}
	ck_assert_int_ge(good, 1);
}
END_TEST

static void *ask(void *out)
{
	struct mem *own = mem_new();
	const char *token;
	struct err why;

	*(bool *)out = token_get(l, own, ring, r, SCOPE_NRPS, NULL, &token, &why);
	mem_free(own);
	return NULL;
}

START_TEST(asks_once_for_many_threads)
{
	pthread_t threads[8];
	bool ok[8] = {0};

	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &ok[i]), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		ck_assert(ok[i]);
	}
	ck_assert_int_eq(answer->asked, 1);
}
END_TEST

START_TEST(a_scope_among_others_is_granted)
{
	answer->body = "{\"access_token\":\"t1\",\"scope\":\"openid " SCOPE_NRPS " x\"}";
	ck_assert_str_eq(get(), "t1");
}
END_TEST

START_TEST(names_the_audience_a_profile_wants)
{
	struct jws jws;

	r->set.token_audience = "https://api.brightspace.com/auth/token";
	ck_assert_str_eq(get(), "t1");
	const char *jwt = fake_param(m, mem_printf(m, "?%s", fake_last.form), "client_assertion");
	ck_assert(jws_parse(m, jwt, strlen(jwt), "RS256", &jws, &e));
	ck_assert_str_eq(js_str(jws.claims, "aud"), "https://api.brightspace.com/auth/token");
	ck_assert_str_eq(fake_last.url, URL); /* where it goes to is another matter */
}
END_TEST

static int64_t retry_after_s;

static bool fetch_limited(void *self, struct mem *own, const struct http_request *req,
			  struct http_response *out, struct err *why)
{
	bool ok = fake_fetch(self, own, req, out, why);

	out->retry_after_s = retry_after_s;
	return ok;
}

static const struct {
	long status;
	int64_t said, pause;
} pauses[] = {
	{429, 120, 120}, {503, 30, 30}, {429, -1, 10}, {500, -1, 0}, {503, 0, 0}, {400, 60, 0},
	{429, 1 << 30, 6 * 3600},
};

START_TEST(leaves_an_endpoint_alone_that_asks_for_it)
{
	int64_t pause = pauses[_i].pause;
	const char *token;

	l->http.fetch = fetch_limited;
	retry_after_s = pauses[_i].said;
	answer->status = pauses[_i].status;
	ck_assert_str_eq(get(), pauses[_i].status == 400 ? "token_refused" : "token_busy");
	ck_assert_int_eq(token_wait_s(l, r), pause);
	answer->status = 200;
	if (pause) {
		clock_set_ms((NOW + pause - 1) * 1000);
		ck_assert_str_eq(get(), "token_busy");
		ck_assert(!token_get(l, m, ring, r, "other", NULL, &token, &e)); /* whatever for */
		ck_assert_int_eq(answer->asked, 1);
	}
	clock_set_ms((NOW + pause) * 1000);
	ck_assert_int_eq(token_wait_s(l, r), 0);
	ck_assert_str_eq(get(), "t1");
}
END_TEST

START_TEST(tells_the_operator_the_code_and_no_more)
{
	answer->status = 400;
	answer->body = "{\"error\":\"invalid_client\",\"error_description\":\"secret words\"}";
	ck_assert_str_eq(get(), "token_refused");
	ck_assert_ptr_nonnull(strstr(e.text, "400 invalid_client"));
	ck_assert_ptr_null(strstr(e.text, "secret"));
	answer->body = "{\"error\":\"Kari Nordmann\"}";
	ck_assert_str_eq(get(), "token_refused");
	ck_assert_ptr_null(strstr(e.text, "Kari"));
}
END_TEST

Suite *lti_token_suite(void)
{
	Suite *s = suite_create("lti/token");
	TCase *t = tcase_create("token");

	sign_rsa(0);
	tcase_set_timeout(t, 30);
	tcase_add_unchecked_fixture(t, open_ring, close_ring);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, asks_as_the_security_framework_says);
	tcase_add_test(t, keeps_a_token_until_a_minute_before_its_end);
	tcase_add_test(t, replaces_a_token_that_was_rejected);
	tcase_add_test(t, keeps_scopes_and_registrations_apart);
	tcase_add_loop_test(t, gets_along_with_odd_lives, 0, COUNT(lives));
	tcase_add_loop_test(t, says_that_a_token_was_refused, 0, COUNT(refused));
	tcase_add_test(t, reads_what_moodle_answers);
	tcase_add_test(t, asks_once_for_many_threads);
	tcase_add_test(t, a_scope_among_others_is_granted);
	tcase_add_test(t, names_the_audience_a_profile_wants);
	tcase_add_loop_test(t, leaves_an_endpoint_alone_that_asks_for_it, 0, COUNT(pauses));
	tcase_add_test(t, tells_the_operator_the_code_and_no_more);
	suite_add_tcase(s, t);
	return s;
}
