/* Launches: what platforms send is taken in, what they must not send is refused
 * with its own reason, and nobody launches with somebody else's state. */
#include "lti/fake_platform.h"

#define CTX "http://purl.imsglobal.org/vocab/lis/v2/membership#"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct fake_visit v;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	fake_visit(&v, m, l);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

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

/* One claim changed: name, JSON text (NULL: removed), verdict. The core cases of
 * cert_cases.json (B03-B12) and the rules of lti.md 1.4 and 1.5. */
static const struct claim_case {
	const char *claim, *json, *verdict;
} claims[] = {
	{"iss", NULL, "token_issuer"},
	{"iss", "\"https://lms.example/\"", "token_issuer"},
	{"iss", "\"https://LMS.example\"", "token_issuer"},
	{"iss", "[\"https://lms.example\"]", "token_issuer"},
	{"aud", NULL, "token_audience"},
	{"aud", "\"other\"", "token_audience"},
	{"aud", "\"\"", "token_audience"},
	{"aud", "[]", "token_audience"},
	{"aud", "[\"client-1\"]", "ok"},
	{"aud", "[\"client-1\",\"other\"]", "token_audience"},
	{"aud", "[\"client-1\",\"client-1\"]", "token_audience"}, /* several and no azp */
	{"aud", "[\"other\"]", "token_audience"},
	{"aud", "[\"client-1\",7]", "token_audience"},
	{"aud", "{\"a\":\"client-1\"}", "token_audience"},
	{"azp", "\"client-1\"", "ok"},
	{"azp", "null", "ok"},
	{"azp", "\"other\"", "token_audience"},
	{"azp", "\"\"", "token_audience"},
	{"azp", "[\"client-1\"]", "token_audience"},
	{"exp", NULL, "token_time"},
	{"exp", "\"1790000060\"", "token_time"},
	{"exp", "-1", "token_time"},
	{"exp", "null", "token_time"},
	{"exp", "true", "token_time"},
	{"exp", "9007199254740994", "token_time"},
	{"exp", "1e300", "token_time"},
	{"exp", "9007199254740992", "ok"},
	{"exp", "1790000060.5", "ok"},
	{"exp", "22222", "token_expired"}, /* B07 */
	{"exp", "1789999940", "token_expired"},
	{"exp", "1789999941", "ok"},
	{"iat", NULL, "token_time"},
	{"iat", "\"1790000000\"", "token_time"},
	{"iat", "11111", "token_too_old"},
	{"iat", "1789999340", "ok"},
	{"iat", "1789999339", "token_too_old"},
	{"iat", "1790000060", "ok"},
	{"iat", "1790000061", "token_from_future"},
	{"iat", "1.7900000005e9", "ok"},
	{"nbf", "null", "ok"},
	{"nbf", "1790000060", "ok"},
	{"nbf", "1790000061", "token_from_future"},
	{"nbf", "\"soon\"", "token_time"},
	{"nonce", NULL, "token_nonce"},
	{"nonce", "\"\"", "token_nonce"},
	{"nonce", "\"guess\"", "token_nonce"},
	{"nonce", "7", "token_nonce"},
	{"sub", NULL, "subject_missing"}, /* B12 */
	{"sub", "\"\"", "subject_missing"},
	{"sub", "null", "subject_missing"},
	{"sub", "7", "claim_malformed"},
	{"sub", "\"\\u00f8\"", "claim_malformed"},
	{CLAIM "message_type", NULL, "message_type_missing"}, /* B08 */
	{CLAIM "message_type", "\"\"", "message_type_missing"},
	{CLAIM "message_type", "\"LtiDeepLinkingRequest\"", "message_type_unsupported"},
	{CLAIM "message_type", "\"LtiSubmissionReviewRequest\"", "message_type_unsupported"},
	{CLAIM "message_type", "\"DataPrivacyLaunchRequest\"", "message_type_unsupported"},
	{CLAIM "message_type", "\"ltiresourcelinkrequest\"", "message_type_unsupported"},
	{CLAIM "version", NULL, "version_wrong"},       /* B04 */
	{CLAIM "version", "\"11.3\"", "version_wrong"}, /* B03 */
	{CLAIM "version", "\"1.3.0.1\"", "version_wrong"},
	{CLAIM "version", "\"1.3\"", "version_wrong"},
	{CLAIM "version", "1.3", "version_wrong"},
	{CLAIM "deployment_id", NULL, "deployment_missing"}, /* B10 */
	{CLAIM "deployment_id", "\"\"", "deployment_missing"},
	{CLAIM "deployment_id", "1", "deployment_missing"},
	{CLAIM "target_link_uri", NULL, "target_missing"},
	{CLAIM "target_link_uri", "\"https://evil.example/\"", "ok"},
	{CLAIM "resource_link", NULL, "resource_link_missing"}, /* B11 */
	{CLAIM "resource_link", "{}", "resource_link_missing"},
	{CLAIM "resource_link", "{\"id\":\"\"}", "resource_link_missing"},
	{CLAIM "resource_link", "\"link-1\"", "resource_link_missing"},
	{CLAIM "roles", NULL, "roles_missing"}, /* B09 */
	{CLAIM "roles", "null", "roles_missing"},
	{CLAIM "roles", "\"Learner\"", "roles_missing"},
	{CLAIM "roles", "[]", "ok"},
	{CLAIM "roles", "[\"\"]", "ok"},
	{CLAIM "context", "null", "ok"},
	{CLAIM "context", "{}", "ok"},
	{CLAIM "context", "{\"id\":\"\\u00e5\"}", "claim_malformed"},
	{"https://example.org/unknown", "{\"a\":[1,2,3]}", "ok"},
};

START_TEST(judges_each_claim)
{
	const struct claim_case *c = &claims[_i];

	fake_set(&v, c->claim, c->json);
	const char *verdict = fake_launch(&v);
	ck_assert_msg(str_eq(verdict, c->verdict), "%s = %s: %s (%s)", c->claim,
		      str_or(c->json, "absent"), verdict, v.e.text);
}
END_TEST

START_TEST(refuses_identifiers_that_are_too_long)
{
	static const char *const names[] = {"sub", CLAIM "deployment_id"};
	char id[260] = "\"";

	for (int len = 255; len <= 256; len++)
		for (int i = 0; i < 2; i++) {
			memset(id + 1, 'a', (size_t)len);
			strncpy(id + 1 + len, "\"", 2);
			fake_visit(&v, m, l);
			fake_set(&v, names[i], id);
			ck_assert_str_eq(fake_launch(&v), len == 255 ? "ok" : "claim_malformed");
		}
}
END_TEST

START_TEST(refuses_what_is_no_lti_message) /* B05, B06 */
{
	ck_assert_str_eq(fake_post(&v, sign_rs256(m, v.key, "k1", "{\"name\":\"badltilaunch\"}")),
			 "token_issuer");
	fake_set(&v, CLAIM "message_type", NULL);
	fake_set(&v, CLAIM "version", NULL);
	fake_set(&v, CLAIM "roles", NULL);
	ck_assert_str_eq(fake_launch(&v), "message_type_missing");
}
END_TEST

START_TEST(refuses_a_token_without_kid_or_with_a_strange_one) /* B01, B02 */
{
	const char *payload = js_print(m, v.claims, NULL);

	ck_assert_str_eq(
		fake_post(&v, sign_jws(m, v.key, "SHA256", 0, "{\"alg\":\"RS256\"}", payload)),
		"token_kid_missing");
	ck_assert_str_eq(fake_post(&v, sign_rs256(m, v.key, "strange", payload)),
			 "token_key_unknown");
}
END_TEST

START_TEST(trusts_other_audiences_only_where_listed)
{
	r->audiences = "gateway portal";
	registry_forget(l->registry);
	fake_set(&v, "aud", "[\"client-1\",\"portal\"]");
	ck_assert_str_eq(fake_launch(&v), "token_audience"); /* azp is missing */
	fake_set(&v, "azp", "\"client-1\"");
	ck_assert_str_eq(fake_launch(&v), "ok");
	fake_set(&v, "aud", "[\"client-1\",\"port\"]");
	ck_assert_str_eq(fake_launch(&v), "token_audience");
	fake_set(&v, "aud", "[\"portal\",\"gateway\"]");
	ck_assert_str_eq(fake_launch(&v), "token_audience");
}
END_TEST

START_TEST(takes_anonymous_launches_where_allowed)
{
	r->anonymous = true;
	registry_forget(l->registry);
	fake_set(&v, "sub", NULL);
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_ptr_null(v.launch.sub);
}
END_TEST

/* The valid core cases V1-V10. */
static const struct {
	const char *roles, *is;
} valid[] = {
	{"[\"" CTX "Instructor\"]", "teacher"},
	{"[\"" CTX
	 "Instructor\",\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Staff\","
	 "\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Other\"]",
	 "teacher"},
	{"[\"Instructor\"]", "teacher"},
	{"[\"" CTX
	 "Instructor\",\"http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Unknown\"]",
	 "teacher"},
	{"[\"\"]", "none"},
	{"[]", "none"},
	{"[\"" CTX "Learner\"]", "student"},
	{"[\"" CTX
	 "Learner\",\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student\"]",
	 "student"},
	{"[\"Learner\"]", "student"},
	{"[\"" CTX
	 "Learner\",\"http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Unknown\"]",
	 "student"},
};

START_TEST(takes_the_valid_core_cases)
{
	static const char *const people[][2] = {{NULL, NULL},
						{"\"Ada Byron\"", NULL},
						{NULL, "\"ada@skole.test\""},
						{"\"Ada Byron\"", "\"ada@skole.test\""}};

	for (int i = 0; i < 4; i++) {
		fake_visit(&v, m, l);
		fake_set(&v, CLAIM "roles", valid[_i].roles);
		fake_set(&v, "name", people[i][0]);
		fake_set(&v, "email", people[i][1]);
		ck_assert_str_eq(fake_launch(&v), "ok");
		ck_assert_str_eq(v.launch.course_role, valid[_i].is);
		ck_assert_int_eq(v.launch.name != NULL, people[i][0] != NULL);
		ck_assert_int_eq(v.launch.email != NULL, people[i][1] != NULL);
	}
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

/* The attacker began a login of their own and brings a victim's token, and the
 * other way round. */
START_TEST(refuses_swapped_states)
{
	struct fake_visit other;

	fake_visit(&other, m, l);
	const char *token = sign_rs256(m, v.key, "k1", js_print(m, v.claims, NULL));
	ck_assert_str_eq(fake_post(&other, token), "token_nonce");
	v.state = other.state;
	ck_assert_str_eq(fake_launch(&v), "browser_cookie_missing");
	v.cookie.name = other.cookie.name;
	ck_assert_str_eq(fake_launch(&v), "browser_mismatch");
}
END_TEST

START_TEST(needs_a_state_of_ours_in_time)
{
	const char *state = v.state;

	v.state = NULL;
	const char *const none[] = {"id_token", "a.b.c", NULL};
	ck_assert(
		!lti_launch(l, m, NULL, fake_field, none, fake_cookie, &v.cookie, &v.launch, &v.e));
	ck_assert_str_eq(v.e.reason, "state_missing");
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
		ck_assert(!lti_launch(l, m, NULL, fake_field, form, fake_cookie, &v.cookie,
				      &v.launch, &v.e));
		ck_assert_str_eq(v.e.reason, "parameter_repeated");
	}
}
END_TEST

START_TEST(needs_a_token)
{
	ck_assert_str_eq(fake_post(&v, ""), "token_missing");
	ck_assert_str_eq(fake_post(&v, "x"), "token_malformed");
}
END_TEST

/* A registration is fixed by the state: what another platform signs, even with the
 * right claims, is not taken. */
START_TEST(takes_keys_of_its_own_platform_only)
{
	struct lti_registration *other = fake_add("r2", "https://other.example", CLIENT);

	other->jwks_url = "https://other.example/jwks";
	fake_answer("https://other.example/jwks", 200,
		    sign_set(m, sign_rsa_jwk(m, sign_rsa(1), "k2", "")));
	registry_forget(l->registry);
	v.key = sign_rsa(1);
	v.kid = "k2";
	ck_assert_str_eq(fake_launch(&v), "token_key_unknown");
	v.kid = "k1";
	ck_assert_str_eq(fake_launch(&v), "token_signature");
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

	ck_assert(
		!lti_launch(l, m, NULL, fake_field, form, fake_cookie, &v.cookie, &v.launch, &v.e));
	ck_assert_str_eq(v.e.reason, errors[_i].reason);
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
		ck_assert(!lti_launch(l, m, NULL, fake_field, form, fake_cookie, &v.cookie,
				      &v.launch, &v.e));
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

	ck_assert(lti_login(l, m, NULL, fake_field, form, &v.login, &v.e));
	v.state = fake_param(m, v.login.redirect, "state");
	v.cookie = (struct fake_cookie){v.login.cookie_name, v.login.cookie_value};
	v.claims = fake_claims(m, fake_param(m, v.login.redirect, "nonce"));
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

START_TEST(costs_no_question_after_the_first)
{
	for (int i = 0; i < 20; i++) {
		fake_visit(&v, m, l);
		ck_assert_str_eq(fake_launch(&v), "ok");
	}
	ck_assert_int_eq(fake_loads, 1);
	ck_assert_int_eq(fake_deployment_asked, 1);
	ck_assert_int_eq(fake_asked, 1);
}
END_TEST

/* ---- What a launch says ---- */

START_TEST(reads_a_course_and_where_its_roster_is)
{
	fake_set(&v, CLAIM "context",
		 "{\"id\":\"42\",\"label\":\" 8B "
		 "\",\"title\":\"English\\n8B\",\"type\":[\"CourseSection\"]}");
	fake_set(&v, CLAIM_NRPS, "{\"context_memberships_url\":\"https://lms.example/nrps/42\"}");
	fake_set(
		&v, CLAIM "launch_presentation",
		"{\"document_target\":\"iframe\",\"return_url\":\"https://lms.example:8443/r?x=1\","
		"\"locale\":\"nn_NO\"}");
	fake_set(&v, CLAIM "target_link_uri", "\"" TOOL "/reviews?x=1\"");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_str_eq(v.launch.context_id, "42");
	ck_assert_str_eq(v.launch.context_label, "8B");
	ck_assert_str_eq(v.launch.context_title, "English 8B");
	ck_assert_str_eq(v.launch.roster_url, "https://lms.example/nrps/42");
	ck_assert_str_eq(v.launch.return_url, "https://lms.example:8443/r?x=1");
	ck_assert_str_eq(v.launch.document_target, "iframe");
	ck_assert_str_eq(v.launch.locale, "nn_NO");
	ck_assert_str_eq(v.launch.target, "/reviews?x=1");
}
END_TEST

START_TEST(leaves_out_addresses_that_lead_astray)
{
	fake_set(&v, CLAIM_NRPS, "{\"context_memberships_url\":\"http://127.0.0.1/nrps\"}");
	fake_set(&v, CLAIM "launch_presentation",
		 "{\"document_target\":\"<x>\",\"return_url\":\"javascript:alert(1)\"}");
	fake_set(&v, CLAIM "target_link_uri", "\"" TOOL "//evil.example\"");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_ptr_null(v.launch.roster_url);
	ck_assert_ptr_null(v.launch.return_url);
	ck_assert_ptr_null(v.launch.document_target);
	ck_assert_str_eq(v.launch.target, "/");
}
END_TEST

START_TEST(has_no_course_on_an_account_page)
{
	fake_set(&v, CLAIM "context", "{\"id\":\"1\",\"type\":[\"Account\"]}");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_ptr_null(v.launch.context_id);
}
END_TEST

/* ---- Every sample payload, launched for real ---- */

static const struct {
	const char *file, *verdict, *role;
	size_t children;
} payloads[] = {
	{"canvas_teacher", "ok", "teacher", 0},
	{"canvas_ta", "ok", "teacher", 0},
	{"canvas_student", "ok", "student", 0},
	{"canvas_student_anonymous_privacy", "ok", "student", 0},
	{"canvas_observer_parent", "ok", "guardian", 2},
	{"canvas_account_admin", "ok", "none", 0},
	{"canvas_deep_linking_request", "message_type_unsupported", NULL, 0},
	{"moodle_teacher", "ok", "teacher", 0},
	{"moodle_student", "ok", "student", 0},
	{"moodle_admin", "ok", "teacher", 0},
	{"moodle_parent_as_learner", "ok", "student", 0},
	{"moodle_parent_with_source_plugin", "ok", "guardian", 2},
	{"brightspace_instructor", "ok", "teacher", 0},
	{"blackboard_instructor", "ok", "teacher", 0},
	{"sakai_observer_mapped", "ok", "guardian", 0},
	{"itslearning_anonymous_student", "ok", "student", 0},
	{"openedx_learner", "ok", "student", 0},
};

/* Removes the comments of a sample ("_..."), puts in this login's nonce and times. */
static void use_payload(const json_t *sample)
{
	const json_t *aud = json_object_get(sample, "aud");
	const char *client = json_is_array(aud) ? json_string_value(json_array_get(aud, 0))
						: json_string_value(aud);
	const char *form[] = {"iss", js_str(sample, "iss"), "client_id", client, "login_hint", "7",
			      NULL};

	fake_rows_n = 0;
	r = fake_add("r1", form[1], client);
	r->observees = "observees";
	registry_forget(l->registry);
	ck_assert(lti_login(l, m, NULL, fake_field, form, &v.login, &v.e));
	v.state = fake_param(m, v.login.redirect, "state");
	v.nonce = fake_param(m, v.login.redirect, "nonce");
	v.cookie = (struct fake_cookie){v.login.cookie_name, v.login.cookie_value};
	v.claims = js_own(m, json_deep_copy(sample));
	json_object_set_new(v.claims, "nonce", json_string(v.nonce));
	json_object_set_new(v.claims, "iat", json_integer(NOW));
	json_object_set_new(v.claims, "exp", json_integer(NOW + 60));
}

START_TEST(takes_the_payloads_of_all_platforms)
{
	const char *path = mem_printf(m, "fixtures/lti/%s.json", payloads[_i].file);

	use_payload(sign_fixture(m, path));
	const char *verdict = fake_launch(&v);
	ck_assert_msg(str_eq(verdict, payloads[_i].verdict), "%s: %s (%s)", path, verdict,
		      v.e.text);
	if (!payloads[_i].role)
		return;
	ck_assert_str_eq(v.launch.course_role, payloads[_i].role);
	ck_assert_uint_eq(v.launch.children_n, payloads[_i].children);
	ck_assert_str_eq(v.launch.target, "/"); /* all point at /lti/launch */
}
END_TEST

/* ---- Real launches of a running Moodle, with its own signature ---- */

static const struct {
	const char *file, *role, *name;
} captures[] = {
	{"launch_admin", "teacher", NULL},
	{"launch_manager", "teacher", "Mona Rektor"},
	{"launch_teacher_editing", "teacher", "Kari Nordmann"},
	{"launch_teacher_embed_with_blocks", "teacher", "Kari Nordmann"},
	{"launch_teacher_nonediting", "teacher", NULL},
	{"launch_teacher_switched_role_to_student", "student", "Kari Nordmann"},
	{"launch_student1", "student", "Bj\xc3\xb8rn \xc3\x85sg\xc3\xa5rd"},
	{"launch_student1_existing_window", "student", NULL},
	{"launch_student1_new_window", "student", NULL},
	{"launch_student1_dynamic_tool", "student", NULL},
	{"launch_student1_deeplinked_url_custom_lineitem", "student", NULL},
	{"launch_student1_deeplinked_dynamic_tool_no_grade", "student", NULL},
	{"launch_student1_tool_shares_no_name_no_email", "student", NULL},
	{"launch_student1_tool_delegated_privacy_not_consented", "student", NULL},
	{"launch_student2", "student", NULL},
	{"launch_student2_lang_nn", "student", NULL},
	{"launch_student3_lang_no", "student", NULL},
	{"launch_student3_apostrophe_ampersand_empty_idnumber", "student",
	 "J\xc3\xb3n O'Brien-\xc3\x91u\xc3\xb1"
	 "ez & S\xc3\xb8n"},
	{"launch_course2_enrolled_as_student_html_in_titles", "student", NULL},
	{"launch_observer_parent_enrolled", "student", NULL},
};

static const json_t *payload_of(const char *token)
{
	struct jws jws;

	ck_assert(jws_parse(m, token, strlen(token), "RS256", &jws, &v.e));
	return jws.claims;
}

/* The state is sealed anew around the nonce of the capture; all else is as it came. */
START_TEST(takes_what_moodle_really_sent)
{
	size_t n;
	const json_t *capture =
		sign_fixture(m, mem_printf(m, "fixtures/moodle/%s.json", captures[_i].file));
	const char *token = js_str(capture, "id_token");
	const json_t *said = payload_of(token);
	int64_t iat;

	ck_assert(js_num(said, "iat", &iat));
	clock_set_ms((iat + 1) * 1000);
	fake_rows_n = fake_answers_n = 0;
	r = fake_add("r1", js_str(said, "iss"), js_str(said, "aud"));
	fake_answer(r->jwks_url, 200, sign_file(m, "fixtures/moodle/jwks.json", &n));
	registry_forget(l->registry);
	v.cookie.value = "secret";
	v.state = state_seal(l, m,
			     &(struct login_state){.registration = "r1",
						   .nonce = js_str(said, "nonce"),
						   .browser_hash = sha256_hex(m, "secret", 6),
						   .issued = iat});
	v.cookie.name = lti_state_cookie(m, v.state);
	const char *verdict = fake_post(&v, token);
	ck_assert_msg(str_eq(verdict, "ok"), "%s: %s (%s)", captures[_i].file, verdict, v.e.text);
	ck_assert_str_eq(v.launch.course_role, captures[_i].role);
	if (captures[_i].name)
		ck_assert_str_eq(v.launch.name, captures[_i].name);
	ck_assert_str_eq(v.launch.deployment_id, js_str(said, CLAIM "deployment_id"));
	ck_assert_ptr_nonnull(v.launch.context_id);
	/* an idnumber that is unset comes as "" */
	ck_assert(!v.launch.sis_id || *v.launch.sis_id);
}
END_TEST

static const char *const altered[] = {"sub", CLAIM "roles", CLAIM "deployment_id", "nonce"};

/* A signature over other claims: every claim that gives rights, changed after signing. */
START_TEST(refuses_claims_changed_after_signing)
{
	char *token = sign_rs256(m, v.key, "k1", js_print(m, v.claims, NULL));
	char *signature = strrchr(token, '.');

	fake_set(&v, altered[_i], _i == 1 ? "[\"Instructor\"]" : "\"other\"");
	const char *payload = js_print(m, v.claims, NULL);
	char *header = mem_strndup(m, token, strcspn(token, "."));
	ck_assert_str_eq(
		fake_post(&v, mem_printf(m, "%s.%s%s", header,
					 b64url_encode(m, payload, strlen(payload)), signature)),
		"token_signature");
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
	tcase_add_loop_test(t, judges_each_claim, 0, COUNT(claims));
	tcase_add_test(t, refuses_identifiers_that_are_too_long);
	tcase_add_test(t, refuses_what_is_no_lti_message);
	tcase_add_test(t, refuses_a_token_without_kid_or_with_a_strange_one);
	tcase_add_test(t, trusts_other_audiences_only_where_listed);
	tcase_add_test(t, takes_anonymous_launches_where_allowed);
	tcase_add_loop_test(t, takes_the_valid_core_cases, 0, COUNT(valid));
	tcase_add_test(t, needs_the_browser_that_began);
	tcase_add_test(t, refuses_swapped_states);
	tcase_add_test(t, needs_a_state_of_ours_in_time);
	tcase_add_test(t, refuses_repeated_parameters);
	tcase_add_test(t, needs_a_token);
	tcase_add_test(t, takes_keys_of_its_own_platform_only);
	tcase_add_test(t, refuses_a_registration_closed_in_between);
	tcase_add_loop_test(t, understands_errors_of_the_platform, 0, COUNT(errors));
	tcase_add_test(t, understands_the_errors_moodle_posts);
	tcase_add_test(t, holds_the_token_to_the_deployment_of_the_login);
	tcase_add_loop_test(t, asks_the_deployment_whose_launch_it_is, 0, COUNT(deployments));
	tcase_add_test(t, costs_no_question_after_the_first);
	tcase_add_test(t, reads_a_course_and_where_its_roster_is);
	tcase_add_test(t, leaves_out_addresses_that_lead_astray);
	tcase_add_test(t, has_no_course_on_an_account_page);
	tcase_add_loop_test(t, takes_the_payloads_of_all_platforms, 0, COUNT(payloads));
	tcase_add_loop_test(t, takes_what_moodle_really_sent, 0, COUNT(captures));
	tcase_add_loop_test(t, refuses_claims_changed_after_signing, 0, COUNT(altered));
	suite_add_tcase(s, t);
	return s;
}
