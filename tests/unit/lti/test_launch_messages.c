/* The kinds of messages: what each needs and may lack, what it carries, and who may ask. */
#include "lti/fake_launch.h"

static void expect(const char *verdict)
{
	const char *is = fake_launch(&v);

	ck_assert_msg(str_eq(is, verdict), "%s: %s", is, v.e.text);
}

/* ---- Message by message: a claim that is lacking ---- */

#define LINK    LTI_MESSAGE_RESOURCE_LINK
#define DEEP    LTI_MESSAGE_DEEP_LINKING
#define REVIEW  LTI_MESSAGE_SUBMISSION_REVIEW
#define PRIVACY LTI_MESSAGE_DATA_PRIVACY

static const struct {
	enum lti_message message;
	const char *lacking, *verdict;
} lacking[] = {
	{LINK, NULL, "ok"},
	{LINK, CLAIM "resource_link", "resource_link_missing"},
	{LINK, CLAIM "target_link_uri", "target_missing"},
	{LINK, CLAIM "roles", "roles_missing"},
	{LINK, CLAIM "context", "ok"},
	{DEEP, NULL, "ok"}, /* has no resource_link */
	{DEEP, CLAIM "target_link_uri", "ok"},
	{DEEP, CLAIM "context", "ok"},
	{DEEP, CLAIM "roles", "roles_missing"},
	{DEEP, CLAIM_DEEP, "deep_linking_malformed"},
	{REVIEW, NULL, "ok"},
	{REVIEW, CLAIM "resource_link", "resource_link_missing"},
	{REVIEW, CLAIM "for_user", "for_user_missing"},
	{REVIEW, CLAIM "target_link_uri", "ok"},
	{REVIEW, CLAIM "context", "ok"},
	{REVIEW, CLAIM "roles", "roles_missing"},
	{PRIVACY, NULL, "ok"}, /* has no resource_link */
	{PRIVACY, CLAIM "for_user", "ok"},
	{PRIVACY, CLAIM "context", "ok"},
	{PRIVACY, CLAIM "target_link_uri", "ok"},
	{PRIVACY, CLAIM "roles", "ok"},
};

/* An absent claim, and one that is null (R53). */
START_TEST(needs_what_its_message_needs)
{
	for (int null = 0; null < 2; null++) {
		fake_visit(&v, m, l);
		fake_say(&v, lacking[_i].message);
		if (lacking[_i].lacking)
			fake_set(&v, lacking[_i].lacking, null ? "null" : NULL);
		expect(lacking[_i].verdict);
		ck_assert_str_eq(v.trace.message, fake_messages[lacking[_i].message]);
		if (str_eq(lacking[_i].verdict, "ok"))
			ck_assert_int_eq(v.launch.message, lacking[_i].message);
	}
}
END_TEST

/* Messages of the standards that this tool has no use for are told by name (R97). */
static const struct {
	const char *type, *named;
} unsupported[] = {
	{"LtiContextLaunchRequest", "LtiContextLaunchRequest"},
	{"LtiEulaRequest", "LtiEulaRequest"},
	{"LtiAssetProcessorSettingsRequest", "LtiAssetProcessorSettingsRequest"},
	{"LtiReportReviewRequest", "LtiReportReviewRequest"},
	{"LtiStartProctoring", "LtiStartProctoring"},
	{"LtiStartAssessment", "LtiStartAssessment"},
	{"LtiEndAssessment", "LtiEndAssessment"},
	{"LtiDeepLinkingResponse", "LtiDeepLinkingResponse"},
	{"ltiresourcelinkrequest", "of no known type"},
	{"LtiResourceLinkRequest ", "of no known type"},
	{"Ada Byron <ada@skole.test>", "of no known type"},
};

START_TEST(names_what_it_does_not_take)
{
	fake_set(&v, CLAIM "message_type", mem_printf(m, "\"%s\"", unsupported[_i].type));
	expect("message_type_unsupported");
	ck_assert_str_eq(v.trace.message, unsupported[_i].named);
	ck_assert_ptr_nonnull(strstr(v.e.text, unsupported[_i].named));
	ck_assert_str_eq(fake_last_step(&v), "claim message_type");
}
END_TEST

/* ---- Deep linking ---- */

#define BACK  "\"deep_link_return_url\":\"" FAKE_BACK "\""
#define TYPES "\"accept_types\":[\"link\",\"ltiResourceLink\"]"

static const struct {
	const char *settings, *verdict;
	bool links, several;
} deep[] = {
	{"{" BACK "," TYPES "}", "ok", true, false},
	{"{" BACK "," TYPES ",\"accept_multiple\":true}", "ok", true, true},
	{"{" BACK "," TYPES ",\"accept_multiple\":\"true\"}", "ok", true, true},
	{"{" BACK "," TYPES ",\"accept_multiple\":\"True\"}", "ok", true, true},
	{"{" BACK "," TYPES ",\"accept_multiple\":\"false\"}", "ok", true, false},
	{"{" BACK "," TYPES ",\"accept_multiple\":null}", "ok", true, false},
	{"{" BACK "," TYPES ",\"accept_multiple\":1}", "ok", true, false},
	{"{" BACK ",\"accept_types\":[\"link\",\"file\",7,null]}", "ok", false, false},
	{"{" BACK ",\"accept_types\":[]}", "ok", false, false},
	{"{" BACK ",\"accept_types\":\"ltiResourceLink\"}", "deep_linking_malformed", 0, 0},
	{"{" BACK "}", "deep_linking_malformed", 0, 0},
	{"{" TYPES "}", "deep_linking_malformed", 0, 0},
	{"{\"deep_link_return_url\":null," TYPES "}", "deep_linking_malformed", 0, 0},
	{"{\"deep_link_return_url\":\"http://lms.example/\"," TYPES "}", "deep_linking_malformed",
	 0, 0},
	{"{\"deep_link_return_url\":\"javascript:alert(1)\"," TYPES "}", "deep_linking_malformed",
	 0, 0},
	{"{\"deep_link_return_url\":\"//lms.example/\"," TYPES "}", "deep_linking_malformed", 0, 0},
	{"{\"deep_link_return_url\":\"https://a@lms.example/\"," TYPES "}",
	 "deep_linking_malformed", 0, 0},
	{"{\"deep_link_return_url\":\"http://localhost:8181/x\"," TYPES "}", "ok", true, false},
	{"{" BACK "," TYPES ",\"data\":{\"a\":1}}", "deep_linking_malformed", 0, 0},
	{"{" BACK "," TYPES ",\"data\":7}", "deep_linking_malformed", 0, 0},
	{"[]", "deep_linking_malformed", 0, 0},
};

START_TEST(reads_what_may_be_placed)
{
	fake_say(&v, DEEP);
	fake_set(&v, CLAIM_DEEP, deep[_i].settings);
	expect(deep[_i].verdict);
	if (!str_eq(deep[_i].verdict, "ok"))
		return;
	ck_assert_int_eq(v.launch.placement.takes_links, deep[_i].links);
	ck_assert_int_eq(v.launch.placement.several, deep[_i].several);
	ck_assert_ptr_null(v.launch.placement.data);
	ck_assert_ptr_null(v.launch.resource_link_id);
	ck_assert_str_eq(v.launch.target, "/");
}
END_TEST

static const char *settings_with_data(size_t n)
{
	char *data = mem_alloc(m, n + 1);

	memset(data, 'a', n);
	return mem_printf(m, "{" BACK "," TYPES ",\"data\":\"%s\"}", data);
}

/* R58: what comes as data goes back as it was, or not at all. */
START_TEST(keeps_what_must_be_echoed)
{
	fake_say(&v, DEEP);
	fake_set(&v, CLAIM_DEEP,
		 "{" BACK "," TYPES ",\"data\":\" a\\u00f8\\n\\\"<b>&\",\"title\":\" Plan \","
		 "\"text\":\"About\\nit\"}");
	expect("ok");
	ck_assert_str_eq(v.launch.placement.data, " a\xc3\xb8\n\"<b>&");
	ck_assert_str_eq(v.launch.placement.title, "Plan");
	ck_assert_str_eq(v.launch.placement.text, "About it");
	ck_assert_str_eq(v.launch.placement.return_url, FAKE_BACK);
	fake_set(&v, CLAIM_DEEP, "{" BACK "," TYPES ",\"data\":\"\"}");
	expect("ok");
	ck_assert_str_eq(v.launch.placement.data, "");
	fake_set(&v, CLAIM_DEEP, settings_with_data(16 << 10));
	expect("ok");
	ck_assert_uint_eq(strlen(v.launch.placement.data), 16 << 10);
	fake_set(&v, CLAIM_DEEP, settings_with_data((16 << 10) + 1));
	expect("deep_linking_malformed");
}
END_TEST

/* R57: the message is no proof that somebody may place anything. */
static const struct {
	const char *roles, *verdict;
} placing[] = {
	{"[\"Instructor\"]", "ok"},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant\"]",
	 "ok"},
	{"[\"Learner\"]", "placement_not_allowed"},
	{"[\"Mentor\"]", "placement_not_allowed"},
	{"[]", "placement_not_allowed"},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor\"]",
	 "placement_not_allowed"},
	{"[\"http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#Instructor\"]",
	 "placement_not_allowed"},
};

START_TEST(lets_teachers_place)
{
	fake_say(&v, DEEP);
	fake_set(&v, CLAIM "roles", placing[_i].roles);
	expect(placing[_i].verdict);
	if (!str_eq(placing[_i].verdict, "ok"))
		ck_assert_str_eq(fake_last_step(&v), "role");
}
END_TEST

START_TEST(lets_the_schools_rules_say_who_places)
{
	fake_rules[0] = (struct lti_rule){"1", LTI_RULE_USER, "", "user-1", "none"};
	fake_rules_n = 1;
	fake_say(&v, DEEP);
	expect("placement_not_allowed");
}
END_TEST

START_TEST(lets_nobody_in_particular_place)
{
	r->set.anonymous = true;
	registry_forget(l->registry);
	fake_set(&v, "sub", NULL);
	expect("ok");
	fake_say(&v, DEEP);
	expect("placement_not_allowed");
}
END_TEST

/* ---- Whom a message is about ---- */

static const struct {
	const char *json, *review, *privacy;
} about[] = {
	{"{\"user_id\":\"u-2\"}", "ok", "ok"},
	{"{\"user_id\":\"\"}", "for_user_missing", "ok"},
	{"{\"user_id\":null}", "for_user_missing", "ok"},
	{"{}", "for_user_missing", "ok"},
	{"\"u-2\"", "for_user_missing", "ok"},
	{"{\"user_id\":7}", "for_user_missing", "ok"},
	{"{\"user_id\":\"\\u00f8\"}", "claim_malformed", "claim_malformed"},
};

START_TEST(reads_whom_a_message_is_about)
{
	for (int privacy = 0; privacy < 2; privacy++) {
		const char *verdict = privacy ? about[_i].privacy : about[_i].review;
		fake_visit(&v, m, l);
		fake_say(&v, privacy ? PRIVACY : REVIEW);
		fake_set(&v, CLAIM "for_user", about[_i].json);
		expect(verdict);
		if (str_eq(verdict, "ok"))
			ck_assert(str_eq(v.launch.for_user, _i ? NULL : "u-2"));
	}
	fake_visit(&v, m, l);
	fake_say(&v, LINK);
	fake_set(&v, CLAIM "for_user", about[_i].json);
	expect("ok");
	ck_assert_ptr_null(v.launch.for_user);
}
END_TEST

/* ---- What a launch says of its platform and its course ---- */

#define NOTICES_AT(url, types)                                                                     \
	"{\"platform_notification_service_url\":" url ",\"notice_types_supported\":" types "}"

static const struct {
	const char *claim, *url;
} notices[] = {
	{NOTICES_AT("\"https://lms.example/n\"", "[\"LtiHelloWorldNotice\","
						 "\"LtiContextCopyNotice\"]"),
	 "https://lms.example/n"},
	{NOTICES_AT("\"https://lms.example/n\"", "[\"LtiHelloWorldNotice\"]"), NULL},
	{NOTICES_AT("\"https://lms.example/n\"", "\"LtiContextCopyNotice\""), NULL},
	{NOTICES_AT("\"https://lms.example/n\"", "null"), NULL},
	{NOTICES_AT("\"http://lms.example/n\"", "[\"LtiContextCopyNotice\"]"), NULL},
	{NOTICES_AT("\"https://lms.example:8443/n\"", "[\"LtiContextCopyNotice\"]"), NULL},
	{NOTICES_AT("\"http://localhost:8181/n\"", "[\"LtiContextCopyNotice\"]"),
	 "http://localhost:8181/n"},
	{NOTICES_AT("null", "[\"LtiContextCopyNotice\"]"), NULL},
	{"null", NULL},
	{"[]", NULL},
};

START_TEST(finds_where_copies_are_told)
{
	fake_set(&v, CLAIM "platformnotificationservice", notices[_i].claim);
	expect("ok");
	ck_assert(str_eq(v.launch.notice_url, notices[_i].url));
}
END_TEST

START_TEST(knows_what_the_platform_calls_itself)
{
	fake_set(&v, CLAIM "tool_platform",
		 "{\"name\":\" Solbakken\\nskole \",\"guid\":\" x:canvas-lms \",\"version\":null}");
	expect("ok");
	ck_assert_str_eq(v.launch.platform_name, "Solbakken skole");
	ck_assert_str_eq(v.launch.platform_guid, "x:canvas-lms");
	fake_set(&v, CLAIM "tool_platform", "{\"name\":\"  \",\"guid\":7}");
	expect("ok");
	ck_assert_ptr_null(v.launch.platform_name);
	ck_assert_ptr_null(v.launch.platform_guid);
}
END_TEST

static const struct {
	const char *said, *origins;
} histories[] = {
	{"\"c3,c2,c1\"", "c3 c2 c1"},
	{"\" c3 , ,c2,c3,\"", "c3 c2"},
	{"\"course%2D7,a%2Cb,100%,%zz,%4\"", "course-7 a,b 100% %zz %4"},
	{"\"42,c1\"", "c1"}, /* not of itself */
	{"\"c%00x,\\u00f8,%0A\"", "c"},
	{"\"truncated\"", ""},
	{"\"$Context.id.history\"", ""},
	{"\"\"", ""},
	{"null", ""},
	{"[\"c1\"]", ""},
	{"7", ""},
};

static const char *history(void)
{
	struct buf b;

	buf_init(&b, m);
	for (size_t i = 0; i < v.launch.history_n; i++)
		buf_addf(&b, "%s%s", i ? " " : "", v.launch.history[i]);
	return b.p;
}

START_TEST(knows_of_which_courses_this_is_a_copy)
{
	r->set.history = "history";
	registry_forget(l->registry);
	fake_set(&v, CLAIM "context", "{\"id\":\"42\"}");
	fake_set(&v, CLAIM "custom", mem_printf(m, "{\"history\":%s}", histories[_i].said));
	expect("ok");
	ck_assert_str_eq(history(), histories[_i].origins);
	/* A parameter the registration does not name may be a teacher's. */
	r->set.history = "";
	registry_forget(l->registry);
	expect("ok");
	ck_assert_uint_eq(v.launch.history_n, 0);
}
END_TEST

START_TEST(caps_the_history)
{
	struct buf b;

	r->set.history = "history";
	registry_forget(l->registry);
	buf_init(&b, m);
	for (int i = 0; i < 500; i++)
		buf_addf(&b, "c%d,", i);
	fake_set(&v, CLAIM "custom", mem_printf(m, "{\"history\":\"%s\"}", b.p));
	expect("ok");
	ck_assert_uint_eq(v.launch.history_n, 100);
	ck_assert_str_eq(v.launch.history[99], "c99");
}
END_TEST

START_TEST(repairs_the_platforms_names_of_languages)
{
	r->set.locales = lti_profile_find("moodle")->set.locales;
	registry_forget(l->registry);
	fake_set(&v, CLAIM "launch_presentation", "{\"locale\":\"no\"}");
	expect("ok");
	ck_assert_str_eq(v.launch.locale, "nb");
	ck_assert_str_eq(js_str(v.trace.facts, "locale"), "no");
}
END_TEST

/* What is no claim of ours is let be, whatever it holds. */
START_TEST(ignores_what_it_does_not_know)
{
	fake_set(&v, "https://example.org/claim", "{\"a\":[1,{\"b\":null}]}");
	fake_set(&v, CLAIM "validation_context", "null");
	fake_set(&v, "errors", "{\"errors\":{}}");
	expect("ok");
}
END_TEST

Suite *lti_launch_messages_suite(void)
{
	Suite *s = suite_create("lti/launch_messages");
	TCase *t = tcase_create("messages");

	sign_rsa(0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, needs_what_its_message_needs, 0, COUNT(lacking));
	tcase_add_loop_test(t, names_what_it_does_not_take, 0, COUNT(unsupported));
	tcase_add_loop_test(t, reads_what_may_be_placed, 0, COUNT(deep));
	tcase_add_test(t, keeps_what_must_be_echoed);
	tcase_add_loop_test(t, lets_teachers_place, 0, COUNT(placing));
	tcase_add_test(t, lets_the_schools_rules_say_who_places);
	tcase_add_test(t, lets_nobody_in_particular_place);
	tcase_add_loop_test(t, reads_whom_a_message_is_about, 0, COUNT(about));
	tcase_add_loop_test(t, finds_where_copies_are_told, 0, COUNT(notices));
	tcase_add_test(t, knows_what_the_platform_calls_itself);
	tcase_add_loop_test(t, knows_of_which_courses_this_is_a_copy, 0, COUNT(histories));
	tcase_add_test(t, caps_the_history);
	tcase_add_test(t, repairs_the_platforms_names_of_languages);
	tcase_add_test(t, ignores_what_it_does_not_know);
	suite_add_tcase(s, t);
	return s;
}
