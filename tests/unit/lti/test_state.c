/* What a login remembers: comes back whole, or not at all. */
#include "lti/fake_platform.h"

static struct mem *m;
static struct lti *l;
static struct err e;

static const struct login_state sample = {
	.registration = "r1",
	.nonce = "n",
	.browser_hash = "h",
	.deployment = "d",
	.rung = LTI_RUNG_STORAGE,
	.storage_target = "_parent",
	.issued = NOW,
};

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	e = (struct err){0};
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *verdict(const char *text)
{
	struct login_state s;

	return state_open(l, m, text, &s, &e) ? "ok" : e.reason;
}

static const char *sealed(const char *purpose, const char *json)
{
	return seal(m, &l->seal_key, purpose, json, strlen(json));
}

START_TEST(brings_back_what_it_took)
{
	struct login_state s;

	ck_assert(state_open(l, m, state_seal(l, m, &sample), &s, &e));
	ck_assert_str_eq(s.registration, "r1");
	ck_assert_str_eq(s.nonce, "n");
	ck_assert_str_eq(s.browser_hash, "h");
	ck_assert_str_eq(s.deployment, "d");
	ck_assert_int_eq(s.issued, NOW);
	ck_assert_int_eq(s.rung, LTI_RUNG_STORAGE);
	ck_assert_str_eq(s.storage_target, "_parent");
}
END_TEST

START_TEST(remembers_that_no_deployment_was_named)
{
	struct login_state s = sample;

	s.deployment = NULL;
	ck_assert(state_open(l, m, state_seal(l, m, &s), &s, &e));
	ck_assert_ptr_null(s.deployment);
}
END_TEST

/* Moodle cleans the parameter like text and hands 900 characters back whole. */
START_TEST(is_short_and_plain)
{
	const char *text = state_seal(l, m, &sample);

	ck_assert_uint_lt(strlen(text), 900);
	for (const char *c = text; *c; c++)
		ck_assert(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
				 *c));
}
END_TEST

START_TEST(expires_after_ten_minutes)
{
	const char *text = state_seal(l, m, &sample);

	clock_set_ms((int64_t)(NOW + 600) * 1000);
	ck_assert_str_eq(verdict(text), "ok");
	clock_set_ms((int64_t)(NOW + 601) * 1000);
	ck_assert_str_eq(verdict(text), "state_expired");
	clock_set_ms((int64_t)(NOW - 601) * 1000);
	ck_assert_str_eq(verdict(text), "state_expired");
}
END_TEST

START_TEST(refuses_what_is_not_ours)
{
	char *text = mem_strdup(m, state_seal(l, m, &sample));
	char *huge = mem_alloc(m, 10000);

	memset(huge, 'A', 9999);
	ck_assert_str_eq(verdict(NULL), "state_missing");
	ck_assert_str_eq(verdict(""), "state_missing");
	ck_assert_str_eq(verdict("x"), "state_invalid");
	ck_assert_str_eq(verdict(huge), "state_invalid");
	ck_assert_str_eq(verdict(sealed("session", "{}")), "state_invalid");
	ck_assert_str_eq(verdict(sealed("lti state", "{}")), "state_invalid");
	ck_assert_str_eq(verdict(sealed("lti state", "[]")), "state_invalid");
	ck_assert_str_eq(verdict(sealed("lti state", "{\"r\":\"r\",\"n\":\"n\",\"b\":\"b\","
						     "\"i\":1790000000,\"g\":3}")),
			 "state_invalid");
	text[10] = text[10] == 'A' ? 'B' : 'A';
	ck_assert_str_eq(verdict(text), "state_invalid");
}
END_TEST

/* A launch that waits for the platform's storage. */
static const char *ticket_verdict(const char *text)
{
	struct launch_ticket t;

	return ticket_open(l, m, text, &t, &e) ? "ok" : e.reason;
}

START_TEST(keeps_a_launch_for_a_minute)
{
	const struct launch_ticket ticket = {"state", "a.b.c"};
	char *text = mem_strdup(m, ticket_seal(l, m, &ticket));
	struct launch_ticket back;

	ck_assert(ticket_open(l, m, text, &back, &e));
	ck_assert_str_eq(back.state, "state");
	ck_assert_str_eq(back.id_token, "a.b.c");
	clock_set_ms((int64_t)(NOW + 60) * 1000);
	ck_assert_str_eq(ticket_verdict(text), "ok");
	clock_set_ms((int64_t)(NOW + 61) * 1000);
	ck_assert_str_eq(ticket_verdict(text), "storage_ticket_expired");
	clock_set_ms((int64_t)NOW * 1000);
	ck_assert_str_eq(ticket_verdict(NULL), "storage_ticket_invalid");
	ck_assert_str_eq(ticket_verdict("x"), "storage_ticket_invalid");
	ck_assert_str_eq(ticket_verdict(state_seal(l, m, &sample)), "storage_ticket_invalid");
	ck_assert_str_eq(verdict(text), "state_invalid");
	ck_assert_str_eq(ticket_verdict(sealed("lti storage ticket", "{}")),
			 "storage_ticket_invalid");
	text[10] = text[10] == 'A' ? 'B' : 'A';
	ck_assert_str_eq(ticket_verdict(text), "storage_ticket_invalid");
}
END_TEST

/* A token of the largest size taken must fit. */
START_TEST(keeps_a_launch_of_any_size_that_is_taken)
{
	size_t n = 128 << 10;
	char *token = mem_alloc(m, n + 1);

	memset(token, 'x', n);
	const struct launch_ticket ticket = {"state", token};
	ck_assert_str_eq(ticket_verdict(ticket_seal(l, m, &ticket)), "ok");
}
END_TEST

START_TEST(opens_what_was_sealed_with_the_key_before)
{
	const char *text = state_seal(l, m, &sample);

	l->seal_key.has_before = true;
	memcpy(l->seal_key.before, l->seal_key.now, sizeof l->seal_key.now);
	memset(l->seal_key.now, 7, sizeof l->seal_key.now);
	ck_assert_str_eq(verdict(text), "ok");
	l->seal_key.has_before = false;
	ck_assert_str_eq(verdict(text), "state_invalid");
}
END_TEST

START_TEST(names_its_cookie_by_itself)
{
	const char *a = lti_state_cookie(m, "a"), *b = lti_state_cookie(m, "b");

	ck_assert(str_starts(a, "__Host-ilpd-state-"));
	ck_assert_str_ne(a, b);
	ck_assert_str_eq(a, lti_state_cookie(m, "a"));
	ck_assert_str_eq(state_key(m, "a"), a + strlen("__Host-"));
}
END_TEST

Suite *lti_state_suite(void)
{
	Suite *s = suite_create("lti/state");
	TCase *t = tcase_create("state");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, brings_back_what_it_took);
	tcase_add_test(t, remembers_that_no_deployment_was_named);
	tcase_add_test(t, is_short_and_plain);
	tcase_add_test(t, expires_after_ten_minutes);
	tcase_add_test(t, refuses_what_is_not_ours);
	tcase_add_test(t, keeps_a_launch_for_a_minute);
	tcase_add_test(t, keeps_a_launch_of_any_size_that_is_taken);
	tcase_add_test(t, opens_what_was_sealed_with_the_key_before);
	tcase_add_test(t, names_its_cookie_by_itself);
	suite_add_tcase(s, t);
	return s;
}
