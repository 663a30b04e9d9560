/* Login: found registrations, the redirect, and what is refused (R1-R15). */
#include "lti/fake_platform.h"

static struct mem *m;
static struct lti *l;
static struct lti_login out;
static struct lti_trace trace;
static struct err e;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	fake_usual(m);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *login_by(enum lti_rung rung, const char *const *form)
{
	e = (struct err){0};
	trace = (struct lti_trace){0};
	return lti_login(l, m, NULL, fake_field, form, rung, &out, &trace, &e)
		       ? "ok"
		       : str_or(e.reason, "none");
}

static const char *login(const char *const *form)
{
	return login_by(LTI_RUNG_COOKIE, form);
}

#define LOGIN(...) login((const char *const[]){__VA_ARGS__, NULL})

static struct login_state state(void)
{
	struct login_state s;

	ck_assert(state_open(l, m, fake_param(m, out.redirect, "state"), &s, &e));
	return s;
}

START_TEST(redirects_with_everything_the_platform_needs)
{
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7",
			       "target_link_uri", TOOL "/x", "lti_deployment_id", DEPLOYMENT),
			 "ok");
	ck_assert(str_starts(out.redirect, ISSUER "/authorize?scope=openid&"));
	ck_assert_str_eq(fake_param(m, out.redirect, "response_type"), "id_token");
	ck_assert_str_eq(fake_param(m, out.redirect, "response_mode"), "form_post");
	ck_assert_str_eq(fake_param(m, out.redirect, "prompt"), "none");
	ck_assert_str_eq(fake_param(m, out.redirect, "client_id"), CLIENT);
	ck_assert_str_eq(fake_param(m, out.redirect, "redirect_uri"), TOOL "/lti/launch");
	ck_assert_str_eq(fake_param(m, out.redirect, "login_hint"), "7");
	ck_assert_ptr_null(fake_param(m, out.redirect, "lti_message_hint"));
	ck_assert_uint_eq(strlen(fake_param(m, out.redirect, "nonce")), 43);
	ck_assert_str_eq(state().registration, "r1");
	ck_assert_str_eq(state().deployment, DEPLOYMENT);
	ck_assert_str_eq(state().nonce, fake_param(m, out.redirect, "nonce"));
	ck_assert_str_eq(out.state, fake_param(m, out.redirect, "state"));
}
END_TEST

/* R99, R104: where the platform's storage is, and who may be asked there. */
static const struct {
	const char *said, *target;
} storage[] = {
	{"_parent", "_parent"},
	{"post_message_forwarding", "post_message_forwarding"},
	{"lti_storage_frame-1.2:x", "lti_storage_frame-1.2:x"},
	{"", NULL},
	{"a b", NULL},
	{"<script>", NULL},
	{"\"", NULL},
	{"f\xc3\xb8", NULL},
	{"12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	 "0"
	 "123456789012345678901234567890123456789",
	 NULL},
};

START_TEST(knows_the_frame_of_the_platforms_storage)
{
	const char *const form[] = {"iss",       ISSUER, "login_hint",         "7",
				    "client_id", CLIENT, "lti_storage_target", storage[_i].said,
				    NULL};

	for (int rung = 0; rung < LTI_RUNGS; rung++) {
		ck_assert_str_eq(login_by((enum lti_rung)rung, form), "ok");
		ck_assert(str_eq(out.storage_target, storage[_i].target));
		ck_assert(str_eq(out.storage_origin, storage[_i].target ? ISSUER : NULL));
		ck_assert_int_eq(state().rung, rung);
		ck_assert(str_eq(state().storage_target,
				 rung == LTI_RUNG_STORAGE ? storage[_i].target : NULL));
		ck_assert_int_eq(trace.rung, rung);
	}
}
END_TEST

START_TEST(uses_storage_as_the_registration_says)
{
	const char *const form[] = {"iss",     ISSUER, "login_hint", "7", "lti_storage_target",
				    "_parent", NULL};

	fake_rows[0].auth_url = "https://sso.lms.example:8443/authorize?x=1";
	ck_assert_str_eq(login(form), "ok");
	ck_assert_str_eq(out.storage_origin, "https://sso.lms.example:8443");
	fake_rows[0].set.storage_origin = "https://forward.lms.example";
	registry_forget(l->registry);
	ck_assert_str_eq(login(form), "ok");
	ck_assert_str_eq(out.storage_origin, "https://forward.lms.example");
	fake_rows[0].set.storage = false;
	registry_forget(l->registry);
	ck_assert_str_eq(login_by(LTI_RUNG_STORAGE, form), "ok");
	ck_assert_ptr_null(out.storage_target);
	ck_assert_ptr_null(out.storage_origin);
	ck_assert_ptr_null(state().storage_target);
}
END_TEST

START_TEST(tells_what_it_did)
{
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7",
			       "lti_deployment_id", DEPLOYMENT),
			 "ok");
	ck_assert_str_eq(trace.registration, "r1");
	ck_assert_str_eq(trace.tenant, TENANT);
	ck_assert_str_eq(trace.issuer, ISSUER);
	ck_assert_str_eq(trace.client, CLIENT);
	ck_assert_str_eq(trace.deployment, DEPLOYMENT);
	ck_assert_uint_eq(trace.steps_n, 2);
	ck_assert_int_ge(trace.steps[1].us, 0);
	ck_assert(!trace.verified);
	ck_assert_int_eq(trace.login_at, NOW);
	ck_assert_str_eq(LOGIN("iss", "https://x.example", "client_id", "c", "login_hint", "7"),
			 "platform_unknown");
	ck_assert_str_eq(trace.issuer, "https://x.example");
	ck_assert_str_eq(trace.client, "c");
	ck_assert_ptr_null(trace.registration);
	ck_assert_str_eq(trace.steps[trace.steps_n - 1].name, "registration");
	ck_assert_str_eq(LOGIN("login_hint", "7"), "login_incomplete");
	ck_assert_str_eq(trace.steps[trace.steps_n - 1].name, "form");
}
END_TEST

START_TEST(binds_the_state_to_the_browser)
{
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7"), "ok");
	const char *text = fake_param(m, out.redirect, "state");
	ck_assert_str_eq(out.cookie_name, lti_state_cookie(m, text));
	ck_assert_uint_eq(strlen(out.secret), 43);
	ck_assert_int_eq(out.cookie_seconds, 600);
	ck_assert_str_eq(state().browser_hash, sha256_hex(m, out.secret, strlen(out.secret)));
	ck_assert_ptr_null(strstr(out.redirect, out.secret));
}
END_TEST

static const char *const hints[] = {
	"0",
	"",
	"{\"cmid\":3,\"launchid\":\"ltilaunch1_1124228408\"}",
	"a b+c%2b&d=e#f?g",
	"https://uni.blackboard.com/webapps/blackboard/,_4_1,",
	"\xc3\xb8",
};

START_TEST(echoes_hints_byte_by_byte)
{
	const char *hint = hints[_i];

	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", *hint ? hint : "7",
			       "lti_message_hint", hint),
			 "ok");
	ck_assert_str_eq(fake_param(m, out.redirect, "lti_message_hint"), hint);
	if (*hint)
		ck_assert_str_eq(fake_param(m, out.redirect, "login_hint"), hint);
	ck_assert_ptr_null(strpbrk(out.redirect, " \"{}#"));
}
END_TEST

START_TEST(keeps_the_query_of_the_endpoint)
{
	fake_rows[0].auth_url = ISSUER "/authorize?tenant=7";
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7"), "ok");
	ck_assert(str_starts(out.redirect, ISSUER "/authorize?tenant=7&scope=openid&"));
}
END_TEST

START_TEST(drops_a_fragment_of_the_endpoint)
{
	fake_rows[0].auth_url = ISSUER "/authorize#top";
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7"), "ok");
	ck_assert(str_starts(out.redirect, ISSUER "/authorize?scope=openid&"));
}
END_TEST

START_TEST(never_takes_the_endpoint_from_the_request)
{
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7",
			       "target_link_uri", "https://evil.example/", "auth_url",
			       "https://evil.example/"),
			 "ok");
	ck_assert(str_starts(out.redirect, ISSUER "/authorize?"));
}
END_TEST

static const struct {
	const char *const form[12];
	const char *reason;
} refused[] = {
	{{"client_id", CLIENT, "login_hint", "7"}, "login_incomplete"},
	{{"iss", "", "login_hint", "7"}, "login_incomplete"},
	{{"iss", ISSUER, "client_id", CLIENT}, "login_incomplete"},
	{{"iss", ISSUER, "client_id", CLIENT, "login_hint", ""}, "login_incomplete"},
	{{"iss", ISSUER, "iss", ISSUER, "login_hint", "7"}, "parameter_repeated"},
	{{"iss", ISSUER, "client_id", CLIENT, "client_id", "x", "login_hint", "7"},
	 "parameter_repeated"},
	{{"iss", ISSUER, "login_hint", "7", "login_hint", "8"}, "parameter_repeated"},
	{{"iss", ISSUER "/", "client_id", CLIENT, "login_hint", "7"}, "platform_unknown"},
	{{"iss", "https://evil.example", "client_id", CLIENT, "login_hint", "7"},
	 "platform_unknown"},
	{{"iss", "https://evil.example", "login_hint", "7"}, "platform_unknown"},
	{{"iss", "HTTPS://LMS.EXAMPLE", "login_hint", "7"}, "platform_unknown"},
	{{"iss", ISSUER, "client_id", "other", "login_hint", "7"}, "client_unknown"},
	{{"iss", ISSUER, "client_id", CLIENT, "login_hint", "7\r\nLocation: x\x01"},
	 "login_malformed"},
	{{"iss", "\xff", "login_hint", "7"}, "login_malformed"},
	{{"iss", ISSUER, "login_hint", "7", "lti_storage_target", "a", "lti_storage_target", "a"},
	 "parameter_repeated"},
};

START_TEST(refuses)
{
	ck_assert_str_eq(login(refused[_i].form), refused[_i].reason);
}
END_TEST

START_TEST(refuses_parameters_without_end)
{
	char *hint = mem_alloc(m, 9000);

	memset(hint, 'a', 8999);
	ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", hint),
			 "login_malformed");
	ck_assert_str_eq(LOGIN("iss", hint, "client_id", CLIENT, "login_hint", "7"),
			 "login_malformed");
}
END_TEST

/* R4, with one, two and three registrations of an issuer. */
START_TEST(finds_the_registration_without_a_client)
{
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7"), "ok");
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "client_id", ""), "ok");
	fake_add("r2", ISSUER, "client-2");
	fake_deploy("r2", "dep-2", DEPLOYMENT_ACTIVE);
	registry_forget(l->registry);
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7"), "platform_ambiguous");
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "lti_deployment_id", "dep-9"),
			 "platform_ambiguous");
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "lti_deployment_id", "dep-2"),
			 "ok");
	ck_assert_str_eq(state().registration, "r2");
	/* Canvas' spelling of the parameter */
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "deployment_id", DEPLOYMENT),
			 "ok");
	ck_assert_str_eq(state().registration, "r1");
	fake_deploy("r1", "dep-2", DEPLOYMENT_ACTIVE);
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "lti_deployment_id", "dep-2"),
			 "platform_ambiguous");
	ck_assert_str_eq(LOGIN("iss", ISSUER, "login_hint", "7", "client_id", "client-2"), "ok");
}
END_TEST

/* Every login form on file, with a registration made for it. */
START_TEST(takes_the_forms_of_all_platforms)
{
	const json_t *forms = sign_fixture(m, "fixtures/lti/login_initiation_examples.json"), *form;
	const json_t *captured = sign_fixture(m, "fixtures/moodle/login_initiations.json"), *value;
	const char *who, *name, *list[40];

	for (int round = 0; round < 2; round++)
		json_object_foreach((json_t *)(round ? captured : forms), who, form)
		{
			const json_t *params = round ? js_obj(form, "params") : form;
			size_t n = 0;
			if (!js_str(params, "iss"))
				continue;
			fake_rows_n = 0;
			fake_add("x", js_str(params, "iss"),
				 str_or(js_str(params, "client_id"), "c"));
			registry_forget(l->registry);
			json_object_foreach((json_t *)params, name, value)
			{
				list[n++] = name;
				list[n++] = json_string_value(value);
			}
			list[n] = NULL;
			ck_assert_msg(str_eq(login(list), "ok"), "%s: %s", who,
				      str_or(e.reason, ""));
			ck_assert(str_eq(fake_param(m, out.redirect, "lti_message_hint"),
					 js_str(params, "lti_message_hint")));
		}
}
END_TEST

START_TEST(asks_the_database_once_for_many_logins)
{
	for (int i = 0; i < 100; i++) {
		ck_assert_str_eq(LOGIN("iss", ISSUER, "client_id", CLIENT, "login_hint", "7"),
				 "ok");
		ck_assert_str_eq(LOGIN("iss", "https://x.example", "login_hint", "7"),
				 "platform_unknown");
	}
	ck_assert_int_eq(fake_loads, 1);
	ck_assert_int_eq(fake_asked, 0);
}
END_TEST

Suite *lti_login_suite(void)
{
	Suite *s = suite_create("lti/login");
	TCase *t = tcase_create("login");

	sign_rsa(0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, redirects_with_everything_the_platform_needs);
	tcase_add_test(t, binds_the_state_to_the_browser);
	tcase_add_loop_test(t, knows_the_frame_of_the_platforms_storage, 0, COUNT(storage));
	tcase_add_test(t, uses_storage_as_the_registration_says);
	tcase_add_test(t, tells_what_it_did);
	tcase_add_loop_test(t, echoes_hints_byte_by_byte, 0, COUNT(hints));
	tcase_add_test(t, keeps_the_query_of_the_endpoint);
	tcase_add_test(t, drops_a_fragment_of_the_endpoint);
	tcase_add_test(t, never_takes_the_endpoint_from_the_request);
	tcase_add_loop_test(t, refuses, 0, COUNT(refused));
	tcase_add_test(t, refuses_parameters_without_end);
	tcase_add_test(t, finds_the_registration_without_a_client);
	tcase_add_test(t, takes_the_forms_of_all_platforms);
	tcase_add_test(t, asks_the_database_once_for_many_logins);
	suite_add_tcase(s, t);
	return s;
}
