/* Claims, one by one: what each must say (R29-R45), and what is taken from them. */
#include "lti/fake_launch.h"

#define CTX "http://purl.imsglobal.org/vocab/lis/v2/membership#"

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
	{CLAIM "custom", "null", "ok"},
	{CLAIM "tool_platform", "null", "ok"},
	{CLAIM "launch_presentation", "{\"return_url\":null,\"locale\":null}", "ok"},
	{CLAIM "message_type", "null", "message_type_missing"},
	{CLAIM "version", "null", "version_wrong"},
	{CLAIM "deployment_id", "null", "deployment_missing"},
	{CLAIM "target_link_uri", "null", "target_missing"},
	{CLAIM "resource_link", "null", "resource_link_missing"},
	{"aud", "null", "token_audience"},
	{"nonce", "null", "token_nonce"},
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

START_TEST(trusts_other_audiences_only_where_listed)
{
	r->set.audiences = "gateway portal";
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
	r->set.anonymous = true;
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

Suite *lti_launch_claims_suite(void)
{
	Suite *s = suite_create("lti/launch_claims");
	TCase *t = tcase_create("launch_claims");

	sign_rsa(0);
	sign_rsa(1);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, judges_each_claim, 0, COUNT(claims));
	tcase_add_test(t, refuses_identifiers_that_are_too_long);
	tcase_add_test(t, refuses_what_is_no_lti_message);
	tcase_add_test(t, trusts_other_audiences_only_where_listed);
	tcase_add_test(t, takes_anonymous_launches_where_allowed);
	tcase_add_loop_test(t, takes_the_valid_core_cases, 0, COUNT(valid));
	tcase_add_test(t, reads_a_course_and_where_its_roster_is);
	tcase_add_test(t, leaves_out_addresses_that_lead_astray);
	tcase_add_test(t, has_no_course_on_an_account_page);
	suite_add_tcase(s, t);
	return s;
}
