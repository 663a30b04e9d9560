/* Launches bound by the platform's storage (R106): checked whole before anything is
 * asked, taken in only with the value that the login put there. */
#include "lti/fake_platform.h"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct fake_visit v;
static struct lti_storage_check check;
static bool needs;

static void begin(enum lti_rung rung)
{
	const char *const form[] = {"iss",       ISSUER, "login_hint",         "7",
				    "client_id", CLIENT, "lti_storage_target", "_parent",
				    NULL};

	fake_visit_by(&v, m, l, form, rung);
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	begin(LTI_RUNG_STORAGE);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *ask_form(const char *const *form)
{
	v.trace = (struct lti_trace){0};
	v.e = (struct err){0};
	needs = false;
	return lti_launch_needs_storage(l, m, NULL, fake_field, form, &needs, &check, &v.trace,
					&v.e)
		       ? "ok"
		       : str_or(v.e.reason, "no reason");
}

static const char *ask(void)
{
	const char *const form[] = {"state", v.state, "id_token", fake_token(&v), NULL};

	return ask_form(form);
}

static const char *bound(const char *ticket, const char *secret)
{
	v.trace = (struct lti_trace){0};
	v.e = (struct err){0};
	return lti_launch_bound(l, m, NULL, ticket, secret, &v.launch, &v.trace, &v.e)
		       ? "ok"
		       : str_or(v.e.reason, "no reason");
}

START_TEST(says_where_the_value_is)
{
	ck_assert_str_eq(ask(), "ok");
	ck_assert(needs);
	ck_assert_str_eq(check.target, "_parent");
	ck_assert_str_eq(check.origin, ISSUER);
	ck_assert_str_eq(check.key, v.login.cookie_name + strlen("__Host-"));
	ck_assert_str_eq(check.registration->id, "r1");
	ck_assert_int_eq(v.trace.rung, LTI_RUNG_STORAGE);
	/* Nothing of the person, and not the secret, is in what the page gets. */
	ck_assert_ptr_null(strstr(check.ticket, v.login.secret));
	ck_assert_ptr_null(strstr(check.ticket, fake_token(&v)));
}
END_TEST

START_TEST(needs_the_value_of_its_own_login)
{
	ck_assert_str_eq(ask(), "ok");
	ck_assert_str_eq(bound(check.ticket, NULL), "browser_storage_missing");
	ck_assert_str_eq(bound(check.ticket, ""), "browser_storage_missing");
	ck_assert_str_eq(bound(check.ticket, "guess"), "browser_mismatch");
	ck_assert_str_eq(fake_last_step(&v), "browser");
	ck_assert_str_eq(bound(check.ticket, v.login.secret), "ok");
	ck_assert_str_eq(v.launch.sub, "user-1");
	ck_assert_str_eq(v.launch.nonce, v.nonce);
	ck_assert_str_eq(v.trace.steps[0].name, "ticket");
	ck_assert_int_eq(v.trace.rung, LTI_RUNG_STORAGE);
}
END_TEST

START_TEST(leaves_other_rungs_to_the_cookie)
{
	static const enum lti_rung rungs[] = {LTI_RUNG_COOKIE, LTI_RUNG_WINDOW};

	for (int i = 0; i < COUNT(rungs); i++) {
		begin(rungs[i]);
		ck_assert_str_eq(ask(), "ok");
		ck_assert(!needs);
		ck_assert_uint_eq(v.trace.steps_n, 0); /* the launch tells it all */
		ck_assert_str_eq(fake_launch(&v), "ok");
		ck_assert_int_eq(v.trace.rung, rungs[i]);
	}
}
END_TEST

/* Whoever has a ticket of the cookie's rung has not made it here. */
START_TEST(gives_no_launch_away_without_its_browser)
{
	ck_assert_str_eq(ask(), "ok");
	v.cookie.value = NULL;
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
	ck_assert_str_eq(bound(v.state, v.login.secret), "storage_ticket_invalid");
	ck_assert_str_eq(bound(check.ticket + 1, v.login.secret), "storage_ticket_invalid");
	ck_assert_str_eq(bound(NULL, v.login.secret), "storage_ticket_invalid");
}
END_TEST

START_TEST(refuses_before_the_page_what_it_would_refuse_after)
{
	const char *const error[] = {"error", "login_required", "state", v.state, NULL};
	const char *const none[] = {"id_token", "a.b.c", NULL};

	ck_assert_str_eq(ask_form(error), "platform_login_required");
	ck_assert_str_eq(v.trace.registration, "r1");
	ck_assert_str_eq(ask_form(none), "state_missing");
	fake_set(&v, CLAIM "roles", NULL);
	ck_assert_str_eq(ask(), "roles_missing");
	ck_assert_str_eq(fake_last_step(&v), "claim roles");
	begin(LTI_RUNG_STORAGE);
	r->deployments = LTI_DEPLOY_CLOSED;
	registry_forget(l->registry);
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	ck_assert_str_eq(ask(), "deployment_unknown");
	begin(LTI_RUNG_STORAGE);
	fake_say(&v, LTI_MESSAGE_DEEP_LINKING);
	fake_set(&v, CLAIM "roles", "[\"Learner\"]");
	ck_assert_str_eq(ask(), "placement_not_allowed");
}
END_TEST

/* A code that gives a school's deployment away is not shown in a browser that somebody
 * else sent there, and nothing is written for it. */
START_TEST(keeps_a_waiting_deployment_from_a_stranger)
{
	r->deployments = LTI_DEPLOY_PENDING;
	registry_forget(l->registry);
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	fake_set(&v, CLAIM "roles", "[\"Instructor\"]");
	ck_assert_str_eq(ask(), "ok");
	ck_assert(needs);
	ck_assert_int_eq(fake_pending_written, 0);
	ck_assert_ptr_null(v.trace.claim_code);
	ck_assert_str_eq(bound(check.ticket, "guess"), "browser_mismatch");
	ck_assert_int_eq(fake_pending_written, 0);
	ck_assert_str_eq(bound(check.ticket, v.login.secret), "deployment_pending");
	ck_assert_int_eq(fake_pending_written, 1);
	ck_assert_str_eq(v.trace.claim_code, FAKE_CODE);
}
END_TEST

START_TEST(expires_with_ticket_state_and_token)
{
	ck_assert_str_eq(ask(), "ok");
	clock_set_ms((int64_t)(NOW + 61) * 1000);
	ck_assert_str_eq(bound(check.ticket, v.login.secret), "storage_ticket_expired");
	clock_set_ms((int64_t)NOW * 1000);
	begin(LTI_RUNG_STORAGE);
	fake_set(&v, "exp", "1789999950"); /* within the skew, for ten seconds more */
	ck_assert_str_eq(ask(), "ok");
	clock_set_ms((int64_t)(NOW + 11) * 1000);
	ck_assert_str_eq(bound(check.ticket, v.login.secret), "token_expired");
}
END_TEST

Suite *lti_launch_storage_suite(void)
{
	Suite *s = suite_create("lti/launch_storage");
	TCase *t = tcase_create("storage");

	sign_rsa(0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, says_where_the_value_is);
	tcase_add_test(t, needs_the_value_of_its_own_login);
	tcase_add_test(t, leaves_other_rungs_to_the_cookie);
	tcase_add_test(t, gives_no_launch_away_without_its_browser);
	tcase_add_test(t, refuses_before_the_page_what_it_would_refuse_after);
	tcase_add_test(t, keeps_a_waiting_deployment_from_a_stranger);
	tcase_add_test(t, expires_with_ticket_state_and_token);
	suite_add_tcase(s, t);
	return s;
}
