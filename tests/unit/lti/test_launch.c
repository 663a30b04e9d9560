/* Launches: nobody launches with somebody else's state, platforms' errors are understood,
 * and the deployment decides whose launch it is. */
#include "lti/fake_launch.h"

START_TEST(takes_a_student_in)
{
	ck_assert_msg(str_eq(fake_launch(&v), "ok"), "%s: %s", v.e.reason, v.e.text);
	ck_assert_str_eq(v.launch.registration->id, "r1");
	ck_assert_str_eq(v.launch.tenant, TENANT);
	ck_assert_str_eq(v.launch.deployment_id, DEPLOYMENT);
	ck_assert(!v.launch.deployment_is_new);
	ck_assert_str_eq(v.launch.sub, "user-1");
	ck_assert_str_eq(v.launch.course_role, "student");
	ck_assert_str_eq(v.launch.resource_link_id, "link-1");
	ck_assert_str_eq(v.launch.nonce, v.nonce);
	ck_assert_int_ge(v.launch.nonce_expires, NOW + 120);
	ck_assert_str_eq(v.launch.target, "/");
	ck_assert_ptr_null(v.launch.context_id);
	ck_assert_ptr_null(v.launch.roster_url);
	ck_assert_ptr_null(v.launch.name);
	ck_assert_uint_eq(v.launch.children_n, 0);
}
END_TEST

/* What the log is told of a launch, and of one that was refused (R37). */
START_TEST(tells_what_it_did)
{
	fake_set(&v, CLAIM "launch_presentation", "{\"return_url\":\"https://lms.example/back\"}");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_str_eq(v.trace.registration, "r1");
	ck_assert_str_eq(v.trace.tenant, TENANT);
	ck_assert_str_eq(v.trace.deployment, DEPLOYMENT);
	ck_assert_str_eq(v.trace.issuer, ISSUER);
	ck_assert_str_eq(v.trace.client, CLIENT);
	ck_assert_str_eq(v.trace.kid, "k1");
	ck_assert_str_eq(v.trace.alg, "RS256");
	ck_assert_str_eq(v.trace.message, "LtiResourceLinkRequest");
	ck_assert_str_eq(v.trace.return_url, "https://lms.example/back");
	ck_assert_str_eq(v.trace.role, "student");
	ck_assert_str_eq(v.trace.why, v.launch.why);
	ck_assert(v.trace.verified);
	ck_assert_int_eq(v.trace.login_at, NOW);
	ck_assert_int_eq(v.trace.issued_at, NOW);
	ck_assert_int_eq(v.trace.expires_at, NOW + 60);
	ck_assert_str_eq(v.trace.steps[0].name, "form");
	ck_assert_str_eq(fake_last_step(&v), "role");
	ck_assert_uint_lt(v.trace.steps_n, 40);
	for (size_t i = 0; i < v.trace.steps_n; i++)
		ck_assert_int_ge(v.trace.steps[i].us, 0);
	ck_assert_ptr_null(v.trace.claim_code);
	fake_set(&v, "aud", "\"other\"");
	ck_assert_str_eq(fake_launch(&v), "token_audience");
	ck_assert_str_eq(fake_last_step(&v), "claim aud");
	ck_assert(v.trace.verified);
	ck_assert_str_eq(v.trace.return_url, "https://lms.example/back");
	v.key = sign_rsa(1);
	ck_assert_str_eq(fake_launch(&v), "token_signature");
	ck_assert_str_eq(fake_last_step(&v), "signature");
	ck_assert(!v.trace.verified);
	ck_assert_ptr_null(v.trace.facts);
	ck_assert_ptr_null(v.trace.return_url);
	v.cookie.value = NULL;
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
	ck_assert_str_eq(fake_last_step(&v), "browser");
	ck_assert_str_eq(v.trace.registration, "r1");
}
END_TEST

/* ---- State and browser ---- */

START_TEST(needs_the_browser_that_began)
{
	const char *value = v.cookie.value;

	v.cookie.value = NULL;
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
	v.cookie.value = "";
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
	v.cookie.value = "guess";
	ck_assert_str_eq(fake_launch(&v), "browser_mismatch");
	v.cookie.value = value;
	v.cookie.name = "__Host-ilpd-state-000000000000";
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
}
END_TEST

START_TEST(needs_a_state_of_ours_in_time)
{
	const char *state = v.state;

	v.state = NULL;
	const char *const none[] = {"id_token", "a.b.c", NULL};
	ck_assert_str_eq(fake_post_form(&v, none), "state_missing");
	v.state = "";
	ck_assert_str_eq(fake_launch(&v), "state_missing");
	v.state = "abc";
	ck_assert_str_eq(fake_launch(&v), "state_invalid");
	v.state = state;
	clock_set_ms((int64_t)(NOW + 700) * 1000);
	ck_assert_str_eq(fake_launch(&v), "state_expired");
}
END_TEST

START_TEST(refuses_repeated_parameters)
{
	static const char *const names[] = {"state", "id_token", "error"};

	for (int i = 0; i < 3; i++) {
		const char *const form[] = {names[i], "a", "x", "y", names[i], "b", NULL};
		ck_assert_str_eq(fake_post_form(&v, form), "parameter_repeated");
	}
}
END_TEST

START_TEST(refuses_a_registration_closed_in_between)
{
	fake_rows_n = 0;
	registry_forget(l->registry);
	ck_assert_str_eq(fake_launch(&v), "platform_unknown");
}
END_TEST

static const struct {
	const char *error, *reason;
} errors[] = {
	{"login_required", "platform_login_required"},
	{"interaction_required", "platform_login_required"},
	{"unauthorized_client", "platform_unauthorized_client"},
	{"access_denied", "platform_access_denied"},
	{"invalid_request", "platform_invalid_request"},
	{"invalid_request_object", "platform_invalid_request"},
	{"server_error", "platform_server_error"},
	{"launch_no_longer_valid", "platform_launch_expired"},
	{"<script>alert(1)</script>", "platform_error"},
};

START_TEST(understands_errors_of_the_platform)
{
	const char *const form[] = {
		"error", errors[_i].error, "error_description", "<script>", "state", v.state, NULL};

	ck_assert_str_eq(fake_post_form(&v, form), errors[_i].reason);
	ck_assert_ptr_null(strstr(v.e.text, "<script>"));
}
END_TEST

START_TEST(understands_the_errors_moodle_posts)
{
	const json_t *cases = sign_fixture(m, "fixtures/moodle/auth_endpoint_errors.json"), *one;
	const char *name;

	json_object_foreach((json_t *)cases, name, one)
	{
		const char *error = js_str(js_obj(one, "posted"), "error");
		if (!error)
			continue;
		const char *const form[] = {"error", error, NULL};
		ck_assert_str_ne(fake_post_form(&v, form), "ok");
		ck_assert_msg(!str_eq(v.e.reason, "platform_error"), "%s", error);
	}
}
END_TEST

/* ---- Deployments (R39, R40) ---- */

START_TEST(holds_the_token_to_the_deployment_of_the_login)
{
	const char *const form[] = {"iss",        ISSUER, "client_id",         CLIENT,
				    "login_hint", "7",    "lti_deployment_id", "dep-9",
				    NULL};

	fake_visit_by(&v, m, l, form, LTI_RUNG_COOKIE);
	ck_assert_str_eq(fake_launch(&v), "deployment_mismatch");
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	ck_assert_str_eq(fake_launch(&v), "ok");
}
END_TEST

static const struct {
	enum lti_deployments policy;
	enum deployment_state state;
	const char *verdict;
	bool is_new;
} deployments[] = {
	{LTI_DEPLOY_AUTO, DEPLOYMENT_UNKNOWN, "ok", true},
	{LTI_DEPLOY_AUTO, DEPLOYMENT_ACTIVE, "ok", false},
	{LTI_DEPLOY_AUTO, DEPLOYMENT_PENDING, "deployment_pending", false},
	{LTI_DEPLOY_AUTO, DEPLOYMENT_CLOSED, "deployment_closed", false},
	{LTI_DEPLOY_PENDING, DEPLOYMENT_UNKNOWN, "deployment_pending", false},
	{LTI_DEPLOY_PENDING, DEPLOYMENT_ACTIVE, "ok", false},
	{LTI_DEPLOY_CLOSED, DEPLOYMENT_UNKNOWN, "deployment_unknown", false},
	{LTI_DEPLOY_CLOSED, DEPLOYMENT_ACTIVE, "ok", false},
};

START_TEST(asks_the_deployment_whose_launch_it_is)
{
	r->deployments = deployments[_i].policy;
	registry_forget(l->registry);
	if (deployments[_i].state != DEPLOYMENT_UNKNOWN)
		fake_deploy("r1", "dep-9", deployments[_i].state);
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	ck_assert_str_eq(fake_launch(&v), deployments[_i].verdict);
	if (str_eq(deployments[_i].verdict, "ok")) {
		ck_assert_int_eq(v.launch.deployment_is_new, deployments[_i].is_new);
		ck_assert_str_eq(v.launch.tenant, TENANT);
	}
}
END_TEST

/* A new deployment of nobody's registration waits, whatever its policy: there is no
 * school to give it to. */
START_TEST(makes_deployments_of_nobodys_registration_wait)
{
	r->tenant = NULL;
	r->deployments = _i;
	registry_forget(l->registry);
	ck_assert_str_eq(fake_launch(&v), "ok"); /* of a school already */
	ck_assert_str_eq(v.launch.tenant, TENANT);
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	ck_assert_str_eq(fake_launch(&v), "deployment_pending");
	ck_assert_int_eq(fake_pending_written, 1);
	ck_assert_ptr_null(v.trace.tenant);
}
END_TEST

/* Who may be shown the code that gives a deployment to a school. */
static const struct {
	const char *roles;
	bool told;
} waiting[] = {
	{"[\"Instructor\"]", true},
	{"[\"Administrator\"]", true},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator\"]", true},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin\"]", true},
	{"[\"Learner\"]", false},
	{"[\"Mentor\"]", false},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor\"]", false},
	{"[]", false},
};

START_TEST(tells_staff_how_to_claim_a_deployment)
{
	r->deployments = LTI_DEPLOY_PENDING;
	registry_forget(l->registry);
	fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	fake_set(&v, CLAIM "roles", waiting[_i].roles);
	ck_assert_str_eq(fake_launch(&v), "deployment_pending");
	ck_assert(str_eq(v.trace.claim_code, waiting[_i].told ? FAKE_CODE : NULL));
	ck_assert_int_eq(fake_pending_written, 1);
	ck_assert_str_eq(fake_last_step(&v), "deployment");
	/* Nothing is written for a token that breaks a rule, or came in another browser. */
	fake_set(&v, CLAIM "version", "\"1.1\"");
	ck_assert_str_eq(fake_launch(&v), "version_wrong");
	fake_set(&v, CLAIM "version", "\"1.3.0\"");
	v.cookie.value = "other";
	ck_assert_str_eq(fake_launch(&v), "browser_mismatch");
	ck_assert_int_eq(fake_pending_written, 1);
}
END_TEST

/* ---- Roles by the school's own rules ---- */

static const struct {
	struct lti_rule rule;
	const char *role;
	size_t children;
} rules[] = {
	{{"1", LTI_RULE_USER, "", "user-1", "guardian"}, "guardian", 1},
	{{"1", LTI_RULE_CUSTOM, "kind", "parent", "guardian"}, "guardian", 1},
	{{"1", LTI_RULE_CUSTOM, "other", "parent", "guardian"}, "student", 0}, /* not declared */
	{{"1", LTI_RULE_ROLE, "", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
	  "none"},
	 "none",
	 0},
	{{"1", LTI_RULE_USER, "", "user-2", "teacher"}, "student", 0},
};

START_TEST(decides_roles_by_the_schools_rules)
{
	fake_rules[0] = rules[_i].rule;
	fake_rules_n = 1;
	r->set.trusted = "kind";
	registry_forget(l->registry);
	fake_set(&v, CLAIM "custom", "{\"kind\":\"parent\",\"other\":\"parent\"}");
	fake_set(&v, CLAIM "role_scope_mentor", "[\"child\"]");
	for (int is_new = 0; is_new < 2; is_new++) {
		ck_assert_str_eq(fake_launch(&v), "ok");
		ck_assert_str_eq(v.launch.course_role, rules[_i].role);
		ck_assert_str_eq(v.trace.role, rules[_i].role);
		ck_assert_uint_eq(v.launch.children_n, rules[_i].children);
		fake_set(&v, CLAIM "deployment_id", "\"dep-9\"");
	}
	ck_assert(v.launch.deployment_is_new);
}
END_TEST

START_TEST(lets_administrators_in_only_where_the_registration_does)
{
	static const char site[] =
		"[\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator\"]";

	fake_set(&v, CLAIM "roles", site);
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert(!v.launch.site_admin);
	r->set.administrators = true;
	registry_forget(l->registry);
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert(v.launch.site_admin);
	ck_assert_str_eq(v.launch.course_role, "none");
	fake_set(&v, CLAIM "roles", "[\"Administrator\",\"Instructor\"]");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert(!v.launch.site_admin); /* of a course, not of the school */
}
END_TEST

START_TEST(costs_no_question_after_the_first)
{
	for (int i = 0; i < 20; i++) {
		fake_visit(&v, m, l);
		ck_assert_str_eq(fake_launch(&v), "ok");
	}
	ck_assert_int_eq(fake_loads, 1);
	ck_assert_int_eq(fake_deployment_asked, 1);
	ck_assert_int_eq(fake_rules_asked, 1);
	ck_assert_int_eq(fake_asked, 1);
}
END_TEST

Suite *lti_launch_suite(void)
{
	Suite *s = suite_create("lti/launch");
	TCase *t = tcase_create("launch");

	sign_rsa(0);
	sign_rsa(1);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, takes_a_student_in);
	tcase_add_test(t, tells_what_it_did);
	tcase_add_test(t, needs_the_browser_that_began);
	tcase_add_test(t, needs_a_state_of_ours_in_time);
	tcase_add_test(t, refuses_repeated_parameters);
	tcase_add_test(t, refuses_a_registration_closed_in_between);
	tcase_add_loop_test(t, understands_errors_of_the_platform, 0, COUNT(errors));
	tcase_add_test(t, understands_the_errors_moodle_posts);
	tcase_add_test(t, holds_the_token_to_the_deployment_of_the_login);
	tcase_add_loop_test(t, asks_the_deployment_whose_launch_it_is, 0, COUNT(deployments));
	tcase_add_loop_test(t, makes_deployments_of_nobodys_registration_wait, 0, 3);
	tcase_add_loop_test(t, tells_staff_how_to_claim_a_deployment, 0, COUNT(waiting));
	tcase_add_loop_test(t, decides_roles_by_the_schools_rules, 0, COUNT(rules));
	tcase_add_test(t, lets_administrators_in_only_where_the_registration_does);
	tcase_add_test(t, costs_no_question_after_the_first);
	suite_add_tcase(s, t);
	return s;
}
