/* A live test of a registration: what is right is said, and what is wrong with its mend. */
#include "lti/fake_platform.h"
#include "lti/fake_ring.h"

#define REGISTRATION "018f0000-0000-7000-8000-0000000000c1"
#define ROSTER       ISSUER "/roster?context=1"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct key_ring *ring;
static struct err e;

static struct lti_check_step steps[LTI_CHECK_STEPS];
static size_t steps_n;

/* What the platform answers, by the end of the address. */
static struct answer {
	const char *url, *reason, *body, *address;
	long status, days;
	int64_t date_ms;
	int asked;
} answers[4];
static struct http_request asked_last;

static struct answer *answer_of(const char *url)
{
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (str_starts(url, answers[i].url))
			return &answers[i];
	ck_abort_msg("asked for %s", url);
}

static bool answer_fetch(void *self, struct mem *own, const struct http_request *req,
			 struct http_response *out, struct err *why)
{
	struct answer *a = answer_of(req->url);

	a->asked++;
	asked_last = *req;
	if (a->reason)
		return err_set_(why, ERR_PEER, a->reason, NULL, __FILE__, __LINE__, "no answer");
	*out = (struct http_response){.status = a->status,
				      .body = mem_strdup(own, a->body),
				      .n = strlen(a->body),
				      .max_age = -1,
				      .retry_after_s = -1,
				      .date_ms = a->date_ms,
				      .address = a->address,
				      .connect_ms = 7,
				      .tls_ms = 20,
				      .tls_days_left = a->days};
	return true;
}

static void open_ring(void)
{
	struct mem *own = mem_new();

	ring = fake_ring(own);
	sign_rsa(0);
	mem_free(own);
}

static void close_ring(void)
{
	fake_ring_close(ring);
}

static const char *key_set(void)
{
	return sign_set(m, sign_rsa_jwk(m, sign_rsa(0), "k1", ""));
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	l->http = (struct http_client){answer_fetch, NULL};
	r = fake_add(REGISTRATION, ISSUER, CLIENT);
	answers[0] = (struct answer){.url = ISSUER "/jwks",
				     .status = 200,
				     .body = key_set(),
				     .address = "198.51.100.7",
				     .days = 60,
				     .date_ms = (int64_t)NOW * 1000 + 300};
	answers[1] = (struct answer){.url = ISSUER "/token",
				     .status = 200,
				     .body = "{\"access_token\":\"t1\",\"expires_in\":3600}",
				     .date_ms = -1};
	answers[2] = (struct answer){
		.url = ROSTER, .status = 200, .body = "{\"members\":[{}]}", .date_ms = -1};
	answers[3] = (struct answer){.url = "http://localhost:8181/jwks",
				     .status = 200,
				     .body = answers[0].body,
				     .address = "127.0.0.1",
				     .days = -1,
				     .date_ms = -1};
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static void check(const char *roster)
{
	steps_n = 0;
	e = (struct err){0};
	ck_assert_msg(lti_check(l, m, NULL, ring, REGISTRATION, roster, steps, &steps_n, &e), "%s",
		      e.text);
	for (size_t i = 0; i < steps_n; i++) {
		size_t n = strlen(steps[i].text);
		ck_assert_uint_gt(n, 10);
		ck_assert_int_eq(steps[i].text[n - 1], '.');
	}
}

static const struct lti_check_step *step(const char *what)
{
	for (size_t i = 0; i < steps_n; i++)
		if (str_eq(steps[i].what, what))
			return &steps[i];
	ck_abort_msg("no step %s", what);
}

#define assert_step(what, expected, words)                                                         \
	do {                                                                                       \
		ck_assert_msg(step(what)->result == (expected), "%s: %s", what, step(what)->text); \
		ck_assert_msg(strstr(step(what)->text, words), "%s: %s", what, step(what)->text);  \
	} while (0)

START_TEST(says_what_is_right)
{
	static const char *const order[] = {"dns", "tls", "keys", "token", "roster", "clock"};

	check(ROSTER);
	ck_assert_uint_eq(steps_n, 6);
	for (size_t i = 0; i < 6; i++) {
		ck_assert_str_eq(steps[i].what, order[i]);
		ck_assert_msg(steps[i].result == LTI_CHECK_OK, "%s", steps[i].text);
	}
	assert_step("dns", LTI_CHECK_OK, "lms.example is 198.51.100.7, a public address");
	assert_step("tls", LTI_CHECK_OK, "60 days");
	assert_step("keys", LTI_CHECK_OK, "1 key ");
	assert_step("roster", LTI_CHECK_OK, "1 on its first page");
	ck_assert_str_eq(asked_last.url, ROSTER "&limit=1");
	ck_assert_str_eq(asked_last.bearer, "t1");
}
END_TEST

START_TEST(asks_for_a_token_in_spite_of_the_cache)
{
	const char *token;

	ck_assert(token_get(l, m, ring, r, SCOPE_NRPS, NULL, &token, &e));
	check(NULL);
	check(NULL);
	ck_assert_int_eq(answers[1].asked, 3);
}
END_TEST

START_TEST(leaves_out_what_cannot_be_known)
{
	check(NULL);
	assert_step("roster", LTI_CHECK_SKIPPED, "open the tool from a course");
	r->token_url = "";
	answers[0].date_ms = -1;
	lti_changed(l);
	check(ROSTER);
	assert_step("token", LTI_CHECK_SKIPPED, "No address");
	assert_step("roster", LTI_CHECK_SKIPPED, "no token");
	assert_step("clock", LTI_CHECK_SKIPPED, "did not say");
	r->jwks_url = "http://localhost:8181/jwks";
	lti_changed(l);
	check(NULL);
	assert_step("dns", LTI_CHECK_OK, "http_allow");
	assert_step("tls", LTI_CHECK_SKIPPED, "not https");
	assert_step("keys", LTI_CHECK_OK, "1 key");
}
END_TEST

START_TEST(says_why_no_key_set_came)
{
	static const struct {
		const char *reason, *what, *words;
	} rows[] = {
		{"http_host", "dns", "No address is known for lms.example"},
		{"http_private", "dns", "http_allow"},
		{"http_tls", "tls", "certificate of lms.example"},
		{"http_connect", "keys", "firewall"},
		{"http_slow", "keys", "in time"},
		{"http_large", "keys", "too large"},
		{"", "keys", "no answer"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		answers[0].reason = rows[i].reason;
		check(NULL);
		assert_step(rows[i].what, LTI_CHECK_FAILED, rows[i].words);
		ck_assert_int_eq(step("keys")->result, LTI_CHECK_FAILED);
		/* the rest is tested all the same */
		ck_assert_int_eq(step("token")->result, LTI_CHECK_OK);
		ck_assert_int_eq(step("clock")->result, LTI_CHECK_SKIPPED);
	}
}
END_TEST

START_TEST(looks_at_the_keys)
{
	answers[0].body = "{\"keys\":[]}";
	check(NULL);
	assert_step("keys", LTI_CHECK_FAILED, "no key we can use");
	answers[0].body = "<html>";
	check(NULL);
	ck_assert_int_eq(step("keys")->result, LTI_CHECK_FAILED);
	answers[0].status = 404;
	check(NULL);
	assert_step("keys", LTI_CHECK_FAILED, "404");
	/* the rest of what the answer tells holds all the same */
	ck_assert_int_eq(step("dns")->result, LTI_CHECK_OK);
	ck_assert_int_eq(step("tls")->result, LTI_CHECK_OK);
	ck_assert_int_eq(step("clock")->result, LTI_CHECK_OK);
}
END_TEST

START_TEST(warns_of_a_certificate_that_ends)
{
	answers[0].days = 13;
	check(NULL);
	assert_step("tls", LTI_CHECK_WARN, "13 days: the platform must renew it");
	answers[0].days = 1;
	check(NULL);
	assert_step("tls", LTI_CHECK_WARN, "1 day:");
	answers[0].days = 14;
	check(NULL);
	ck_assert_int_eq(step("tls")->result, LTI_CHECK_OK);
}
END_TEST

START_TEST(compares_the_clocks)
{
	static const struct {
		int64_t off_ms;
		enum lti_check_result result;
		const char *words;
	} rows[] = {
		{4999, LTI_CHECK_OK, "agree"},
		{-4999, LTI_CHECK_OK, "agree"},
		{5000, LTI_CHECK_WARN, "5 s ahead of"},
		{-30000, LTI_CHECK_WARN, "30 s behind"},
		{60000, LTI_CHECK_FAILED, "60 s ahead of"},
		{-3600000, LTI_CHECK_FAILED, "skew_s"},
	};

	r->set.skew_s = 60;
	lti_changed(l);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		answers[0].date_ms = (int64_t)NOW * 1000 + rows[i].off_ms;
		check(NULL);
		assert_step("clock", rows[i].result, rows[i].words);
	}
}
END_TEST

START_TEST(says_why_there_is_no_token)
{
	answers[1].status = 400;
	answers[1].body = "{\"error\":\"invalid_client\"}";
	check(ROSTER);
	assert_step("token", LTI_CHECK_FAILED, "invalid_client");
	assert_step("token", LTI_CHECK_FAILED, TOOL "/.well-known/jwks.json");
	assert_step("roster", LTI_CHECK_SKIPPED, "no token");
	answers[1].body = "{\"error\":\"invalid_scope\"}";
	check(NULL);
	assert_step("token", LTI_CHECK_WARN, "Names and Roles");
	answers[1].reason = "http_slow";
	check(NULL);
	assert_step("token", LTI_CHECK_FAILED, "No answer");
}
END_TEST

START_TEST(says_why_there_is_no_list)
{
	static const struct {
		long status;
		const char *body, *words;
	} rows[] = {
		{403, "", "Names and Roles"}, {401, "", "Names and Roles"},
		{404, "", "may be gone"},     {500, "", "answered with 500"},
		{200, "<html>", "no list"},   {200, "{}", "no list"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		answers[2].status = rows[i].status;
		answers[2].body = rows[i].body;
		check(ROSTER);
		assert_step("roster", LTI_CHECK_FAILED, rows[i].words);
	}
	answers[2].reason = "http_slow";
	check(ROSTER);
	assert_step("roster", LTI_CHECK_FAILED, "No list");
}
END_TEST

START_TEST(knows_only_what_is_registered)
{
	ck_assert(!lti_check(l, m, NULL, ring, TENANT, NULL, steps, &steps_n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

Suite *lti_check_suite(void)
{
	Suite *s = suite_create("lti/check");
	TCase *t = tcase_create("check");

	tcase_add_unchecked_fixture(t, open_ring, close_ring);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, says_what_is_right);
	tcase_add_test(t, asks_for_a_token_in_spite_of_the_cache);
	tcase_add_test(t, leaves_out_what_cannot_be_known);
	tcase_add_test(t, says_why_no_key_set_came);
	tcase_add_test(t, looks_at_the_keys);
	tcase_add_test(t, warns_of_a_certificate_that_ends);
	tcase_add_test(t, compares_the_clocks);
	tcase_add_test(t, says_why_there_is_no_token);
	tcase_add_test(t, says_why_there_is_no_list);
	tcase_add_test(t, knows_only_what_is_registered);
	suite_add_tcase(s, t);
	return s;
}
