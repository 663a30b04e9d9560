/* What we ask platforms for, and what we take their answers to grant. */
#include "lti/fake_platform.h"
#include "lti/dynamic.h"

#define CONFIGURATION "https://purl.imsglobal.org/spec/lti-tool-configuration"
#define PLATFORM      "https://purl.imsglobal.org/spec/lti-platform-configuration"
#define ALLOW         "moodle.test:8443"
#define NOTICES       "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
#define IN_CANVAS     "https://canvas.instructure.com/lti/"

static struct mem *m;
static struct lti *l;
static struct err e;
static struct openid o;
static struct dynamic_answer a;

static const struct dynamic_words words[] = {
	{"en", "Learning plans", "Plans", {"Learning plans", "My plan", "Add"}},
	{"nb", "Læringsplaner", "Planer", {"Læringsplaner", "Min plan", "Legg til"}},
};
static const char everywhere[] = "course_navigation user_navigation account_navigation link_selection "
				 "ContentArea RichTextEditor";

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	e = (struct err){0};
	a = (struct dynamic_answer){0};
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static void take(const char *url, const json_t *j)
{
	size_t n;
	const char *text = js_print(m, j, &n);

	ck_assert_msg(openid_read(m, ALLOW, url, text, n, &o, &e), "%s", e.text);
}

static void canvas(void)
{
	take("https://district.instructure.com/api/lti/security/openid-configuration",
	     sign_fixture(m, "fixtures/lti/openid_configuration_canvas.json"));
}

static void moodle(void)
{
	take("https://moodle.test:8443/mod/lti/openid-configuration.php",
	     js_obj(sign_fixture(m, "fixtures/moodle/openid-configuration.json"), "body"));
}

/* Says the least there can be. */
static void bare(void)
{
	take("https://lms.example/openid",
	     js_own(m, json_pack("{s:s, s:s, s:s, s:s, s:s, s:{}}", "issuer", "https://lms.example",
				 "authorization_endpoint", "https://lms.example/auth", "token_endpoint",
				 "https://lms.example/token", "jwks_uri", "https://lms.example/jwks",
				 "registration_endpoint", "https://lms.example/register", PLATFORM)));
}

static struct dynamic_wishes all_of_it(void)
{
	return (struct dynamic_wishes){.names = true,
				       .email = true,
				       .roster = true,
				       .notices = true,
				       .add = true,
				       .places = everywhere,
				       .words = words,
				       .words_n = COUNT(words),
				       .contact = "help@example.org",
				       .icon = "/icon.svg"};
}

static const json_t *request_all(void)
{
	struct dynamic_wishes w = all_of_it();

	return dynamic_request(l, m, &o, &w);
}

/* The message that has this place, or this type where place is NULL. */
static const json_t *message(const json_t *request, const char *type, const char *place)
{
	const json_t *v;
	size_t i;

	json_array_foreach(js_arr(js_obj(request, CONFIGURATION), "messages"), i, v)
	{
		if (str_eq(js_str(v, "type"), type) && (!place || openid_has(js_arr(v, "placements"), place)))
			return v;
	}
	return NULL;
}

static bool read_answer(const json_t *request, long status, const char *text)
{
	return dynamic_answer_read(m, ALLOW, &o, request, status, text, strlen(text), &a, &e);
}

START_TEST(asks_canvas_in_its_own_words)
{
	canvas();
	const json_t *r = request_all(), *t = js_obj(r, CONFIGURATION);
	ck_assert_str_eq(js_str(r, "initiate_login_uri"), TOOL "/lti/login");
	ck_assert_str_eq(js_str(r, "client_name"), "Learning plans");
	ck_assert_str_eq(js_str(r, "client_name#nb"), "Læringsplaner");
	ck_assert_str_eq(js_str(r, "scope"), SCOPE_NRPS " " NOTICES);
	ck_assert_str_eq(js_str(t, IN_CANVAS "privacy_level"), "public");
	ck_assert_str_eq(js_str(js_obj(t, "custom_parameters"), "observees"),
			 "$com.instructure.User.observees");
	/* not among its variables */
	ck_assert_ptr_null(js_str(js_obj(t, "custom_parameters"), "history"));
	const json_t *course = message(r, "LtiResourceLinkRequest", IN_CANVAS "course_navigation");
	ck_assert_str_eq(js_str(course, "target_link_uri"), TOOL "/open/course");
	const json_t *mine = message(r, "LtiResourceLinkRequest", IN_CANVAS "user_navigation");
	ck_assert_str_eq(js_str(mine, "target_link_uri"), TOOL "/open/my");
	ck_assert_str_eq(js_str(mine, "label#nb"), "Min plan");
	const json_t *add = message(r, "LtiDeepLinkingRequest", IN_CANVAS "link_selection");
	ck_assert(openid_has(js_arr(add, "placements"), "ContentArea"));
	ck_assert_str_eq(js_str(json_array_get(js_arr(t, "notice_handlers"), 0), "handler"),
			 TOOL "/lti/notices");
}
END_TEST

START_TEST(privacy_follows_the_wishes)
{
	static const char *const levels[] = {"anonymous", "name_only", "email_only", "public"};
	struct dynamic_wishes w = all_of_it();

	canvas();
	w.names = _i & 1;
	w.email = _i & 2;
	const json_t *t = js_obj(dynamic_request(l, m, &o, &w), CONFIGURATION);
	ck_assert_str_eq(js_str(t, IN_CANVAS "privacy_level"), levels[_i]);
	ck_assert_int_eq(openid_has(js_arr(t, "claims"), "name"), w.names);
	ck_assert_int_eq(openid_has(js_arr(t, "claims"), "email"), w.email);
	ck_assert(openid_has(js_arr(t, "claims"), "sub"));
}
END_TEST

START_TEST(asks_moodle_for_what_it_has)
{
	moodle();
	const json_t *r = request_all(), *t = js_obj(r, CONFIGURATION);
	ck_assert_str_eq(js_str(r, "scope"), SCOPE_NRPS);
	ck_assert_str_eq(js_str(r, "application_type"), "web");
	ck_assert(openid_has(js_arr(r, "response_types"), "id_token"));
	ck_assert_str_eq(js_str(r, "token_endpoint_auth_method"), "private_key_jwt");
	ck_assert_str_eq(js_str(t, "domain"), "ilp.example.org");
	ck_assert_str_eq(js_str(t, "target_link_uri"), TOOL "/lti/launch");
	ck_assert_str_eq(js_str(js_obj(t, "custom_parameters"), "groups"), "$Moodle.Person.userGroupIds");
	ck_assert_str_eq(js_str(js_obj(t, "custom_parameters"), "history"), "$Context.id.history");
	ck_assert_uint_eq(json_array_size(js_arr(t, "messages")), 2);
	ck_assert_ptr_nonnull(message(r, "LtiResourceLinkRequest", NULL));
	ck_assert_ptr_nonnull(message(r, "LtiDeepLinkingRequest", "ContentArea"));
	ck_assert(!openid_has(js_arr(t, "claims"), "locale"));
	ck_assert_ptr_null(json_object_get(t, "notice_handlers"));
	ck_assert_ptr_null(json_object_get(t, IN_CANVAS "privacy_level"));
}
END_TEST

START_TEST(asks_nothing_that_is_not_offered)
{
	bare();
	const json_t *r = request_all(), *t = js_obj(r, CONFIGURATION);
	ck_assert_str_eq(js_str(r, "scope"), "");
	ck_assert_uint_eq(json_array_size(js_arr(t, "claims")), 2);
	ck_assert_uint_eq(json_array_size(js_arr(t, "messages")), 1);
	ck_assert_ptr_null(message(r, "LtiDeepLinkingRequest", NULL));
}
END_TEST

START_TEST(asks_nothing_that_is_not_wished)
{
	struct dynamic_wishes w = {.places = "", .words = words, .words_n = 1, .contact = "", .icon = "/i"};

	canvas();
	const json_t *r = dynamic_request(l, m, &o, &w), *t = js_obj(r, CONFIGURATION);
	ck_assert_str_eq(js_str(r, "scope"), "");
	ck_assert_ptr_null(json_object_get(r, "contacts"));
	ck_assert_uint_eq(json_array_size(js_arr(t, "messages")), 1);
	ck_assert_ptr_null(js_arr(message(r, "LtiResourceLinkRequest", NULL), "placements"));
}
END_TEST

/* nothing of the gradebook, whatever a platform offers. */
START_TEST(never_asks_for_the_gradebook)
{
	static void (*const platforms[])(void) = {canvas, moodle, bare};

	platforms[_i]();
	ck_assert_ptr_null(strstr(js_print(m, request_all(), NULL), "lti-ags"));
	ck_assert_ptr_null(strstr(js_print(m, request_all(), NULL), "lti-bo"));
}
END_TEST

static void only_texts(const json_t *object)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)object, name, v)
		ck_assert_msg(json_is_string(v), "%s", name);
}

/* ltijs#239: a platform refuses numbers among the custom parameters. */
START_TEST(parameters_are_texts)
{
	canvas();
	only_texts(js_obj(js_obj(request_all(), CONFIGURATION), "custom_parameters"));
	moodle();
	only_texts(js_obj(js_obj(request_all(), CONFIGURATION), "custom_parameters"));
}
END_TEST

START_TEST(reads_what_moodle_answers)
{
	const json_t *log = sign_fixture(m, "fixtures/moodle/dynamic_registration.json");
	const json_t *body = js_obj(js_obj(json_array_get(log, 1), "response"), "body");

	moodle();
	ck_assert(read_answer(request_all(), 200, js_print(m, body, NULL)));
	ck_assert(a.accepted);
	ck_assert_str_eq(a.client_id, "jzlRBrux5azx3oD");
	ck_assert_str_eq(a.deployment_id, "2");
	ck_assert_ptr_null(a.update_url);
	const json_t *given = js_obj(a.report, "given");
	ck_assert(openid_has(js_arr(given, "scopes"), SCOPE_NRPS));
	ck_assert_uint_eq(json_array_size(js_arr(given, "scopes")), 1); /* no more than asked for */
	ck_assert(openid_has(js_arr(given, "messages"), "LtiResourceLinkRequest"));
	ck_assert(openid_has(js_arr(given, "messages"), "LtiDeepLinkingRequest"));
	ck_assert(json_is_null(json_object_get(given, "placements"))); /* it does not say */
	/* it declared others' parameters, so that ours are not to be trusted */
	ck_assert_uint_eq(json_array_size(js_arr(given, "custom")), 0);
	ck_assert(str_empty(js_str(a.settings, "trusted")));
}
END_TEST

START_TEST(reads_what_a_plain_platform_answers)
{
	const json_t *body = sign_fixture(m, "fixtures/lti/dynamic_registration_response.json");

	canvas();
	ck_assert(read_answer(request_all(), 201, js_print(m, body, NULL)));
	ck_assert_str_eq(a.client_id, "10000000000123");
	ck_assert_str_eq(a.deployment_id, "7");
	ck_assert_ptr_null(a.update_url); /* of another host than the registration */
	ck_assert_ptr_null(a.update_token);
	const json_t *given = js_obj(a.report, "given");
	ck_assert(openid_has(js_arr(given, "claims"), "email"));
	ck_assert(!openid_has(js_arr(given, "claims"), "given_name"));
	ck_assert(json_is_null(json_object_get(given, "custom")));
}
END_TEST

/* Only what comes back as we said it is declared for the whole tool (lti.md 3.3). */
START_TEST(trusts_what_is_echoed)
{
	canvas();
	json_t *r = (json_t *)(uintptr_t)request_all(), *echo = js_own(m, json_deep_copy(r));
	json_object_set_new(echo, "client_id", json_string("c1"));
	json_object_set_new(echo, "registration_client_uri",
			    json_string("https://district.instructure.com/api/lti/registrations/5"));
	json_object_set_new(echo, "registration_access_token", json_string("secret"));
	ck_assert(read_answer(r, 200, js_print(m, echo, NULL)));
	ck_assert_str_eq(js_str(a.settings, "trusted"), "observees");
	ck_assert_str_eq(js_str(a.settings, "observees"), "observees");
	ck_assert_str_eq(a.update_url, "https://district.instructure.com/api/lti/registrations/5");
	ck_assert_str_eq(a.update_token, "secret");
	ck_assert(openid_has(js_arr(js_obj(a.report, "given"), "placements"), IN_CANVAS "course_navigation"));

	json_t *custom = js_obj(js_obj(echo, CONFIGURATION), "custom_parameters");
	json_object_set_new(custom, "observees", json_string("$User.id"));
	json_object_set_new(custom, "trusted", json_string("everything"));
	ck_assert(read_answer(r, 200, js_print(m, echo, NULL)));
	ck_assert(str_empty(js_str(a.settings, "trusted")));
	ck_assert(str_empty(js_str(a.settings, "observees")));
}
END_TEST

static const struct {
	const char *body;
} unreadable[] = {
	{""},
	{"<html>ok</html>"},
	{"[]"},
	{"{}"},
	{"{\"client_id\":null}"},
	{"{\"client_id\":\"\"}"},
	{"{\"client_id\":\"a b\\u0007\"}"},
	{"{\"client_id\":[\"a\"]}"},
	{"{\"client_id\":1.5}"},
	{"{\"client_id\":\"a\",\"client_id\":\"b\"}"},
};

START_TEST(answers_without_a_client_are_none)
{
	bare();
	ck_assert(!read_answer(request_all(), 200, unreadable[_i].body));
	ck_assert_str_eq(e.reason, "registration_answer");
}
END_TEST

/* Wrong types beside the client_id are as if nothing was said. */
START_TEST(wrong_types_grant_nothing)
{
	bare();
	ck_assert(read_answer(request_all(), 200,
			      "{\"client_id\":12345,\"scope\":[\"x\"],\"registration_client_uri\":7,"
			      "\"registration_access_token\":\"a\\nb\",\"" CONFIGURATION
			      "\":{\"deployment_id\":4,\"messages\":\"all\",\"claims\":{},"
			      "\"custom_parameters\":[]}}"));
	ck_assert_str_eq(a.client_id, "12345");
	ck_assert_str_eq(a.deployment_id, "4");
	ck_assert_ptr_null(a.update_url);
	ck_assert_ptr_null(a.update_token);
	ck_assert(json_is_null(json_object_get(js_obj(a.report, "given"), "scopes")));
	ck_assert(json_is_null(json_object_get(js_obj(a.report, "given"), "claims")));
	ck_assert(json_is_null(json_object_get(js_obj(a.report, "given"), "messages")));
}
END_TEST

START_TEST(refusals_are_told_as_they_came)
{
	char *large = mem_alloc(m, 9001);
	static const char list[] = "{\"errors\":[{\"message\":\"claims <b>must</b> be an array\"}]}";

	bare();
	const json_t *r = request_all();
	ck_assert(read_answer(r, 422, list));
	ck_assert(!a.accepted);
	ck_assert_int_eq(a.status, 422);
	ck_assert_str_eq(a.said, list);
	ck_assert(read_answer(r, 401, "token_already_used"));
	ck_assert_str_eq(a.said, "token_already_used");
	ck_assert(read_answer(r, 500, "\xff\xfe"));
	ck_assert_str_eq(a.said, "");
	for (size_t i = 0; i < 4500; i++)
		memcpy(large + 2 * i, "æ", 2);
	large[0] = 'x';
	large[1] = 'y';
	ck_assert(read_answer(r, 400, large));
	ck_assert_uint_le(strlen(a.said), 2000);
	ck_assert(str_is_text(a.said, strlen(a.said)) && *a.said);
	ck_assert(read_answer(r, 302, ""));
	ck_assert(!a.accepted);
}
END_TEST

START_TEST(hands_it_over_with_the_token)
{
	bare();
	fake_answer("https://lms.example/register", 201, "{\"client_id\":\"c1\"}");
	ck_assert(dynamic_send(l, m, &o, request_all(), "tok", NULL, &a, &e));
	ck_assert(a.accepted);
	ck_assert_str_eq(fake_last.method, "POST");
	ck_assert_str_eq(fake_last.bearer, "tok");
	ck_assert_str_eq(fake_last.json, js_print(m, request_all(), NULL));
	ck_assert(dynamic_send(l, m, &o, request_all(), NULL, NULL, &a, &e));
	ck_assert_ptr_null(fake_last.bearer);
}
END_TEST

START_TEST(changes_what_it_made_before)
{
	const struct dynamic_update update = {"https://lms.example/register/c1", "access"};
	struct fake_answer *put;

	bare();
	put = fake_answer(update.url, 200, "{\"client_id\":\"c1\"}");
	fake_answer("https://lms.example/register", 201, "{\"client_id\":\"c2\"}");
	ck_assert(dynamic_send(l, m, &o, request_all(), "tok", &update, &a, &e));
	ck_assert_str_eq(a.client_id, "c1");
	ck_assert_str_eq(fake_last.method, "PUT");
	ck_assert_str_eq(fake_last.bearer, "access");
	put->status = 404; /* it was deleted there */
	ck_assert(dynamic_send(l, m, &o, request_all(), "tok", &update, &a, &e));
	ck_assert_str_eq(a.client_id, "c2");
	ck_assert_str_eq(fake_last.bearer, "tok");
	put->status = 422; /* refused is refused */
	ck_assert(dynamic_send(l, m, &o, request_all(), "tok", &update, &a, &e));
	ck_assert(!a.accepted);
}
END_TEST

START_TEST(names_of_places_may_be_addresses)
{
	const struct dynamic_place *p = dynamic_place_find("course_navigation", 17);

	ck_assert_ptr_nonnull(p);
	ck_assert_ptr_eq(dynamic_place_find(IN_CANVAS "course_navigation", strlen(IN_CANVAS) + 17), p);
	ck_assert_ptr_null(dynamic_place_find("", 0));
	ck_assert_ptr_null(dynamic_place_find("course_navigation/", 18));
	ck_assert_ptr_null(dynamic_place_find("homework_submission", 19));
}
END_TEST

START_TEST(usual_places_are_the_profiles)
{
	canvas();
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_ADD), "link_selection"); /* not ContentArea too */
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_COURSE), "course_navigation account_navigation");
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_MINE), "user_navigation");
	json_t *of = js_own(m, json_pack("[{s:s, s:[s,s]}]", "type", "LtiDeepLinkingRequest",
					 "placements", "RichTextEditor", "another"));
	o.messages = of;
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_ADD), "RichTextEditor");
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_MINE), "");
	bare();
	ck_assert_str_eq(dynamic_usual(m, &o, DYNAMIC_ADD), "");
}
END_TEST

Suite *lti_dynamic_suite(void)
{
	Suite *s = suite_create("lti_dynamic");
	TCase *t = tcase_create("dynamic");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, asks_canvas_in_its_own_words);
	tcase_add_loop_test(t, privacy_follows_the_wishes, 0, 4);
	tcase_add_test(t, asks_moodle_for_what_it_has);
	tcase_add_test(t, asks_nothing_that_is_not_offered);
	tcase_add_test(t, asks_nothing_that_is_not_wished);
	tcase_add_loop_test(t, never_asks_for_the_gradebook, 0, 3);
	tcase_add_test(t, parameters_are_texts);
	tcase_add_test(t, reads_what_moodle_answers);
	tcase_add_test(t, reads_what_a_plain_platform_answers);
	tcase_add_test(t, trusts_what_is_echoed);
	tcase_add_loop_test(t, answers_without_a_client_are_none, 0, COUNT(unreadable));
	tcase_add_test(t, wrong_types_grant_nothing);
	tcase_add_test(t, refusals_are_told_as_they_came);
	tcase_add_test(t, hands_it_over_with_the_token);
	tcase_add_test(t, changes_what_it_made_before);
	tcase_add_test(t, names_of_places_may_be_addresses);
	tcase_add_test(t, usual_places_are_the_profiles);
	suite_add_tcase(s, t);
	return s;
}
