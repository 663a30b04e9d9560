/* Who somebody is: odd values are left out, children are only what may be believed. */
#include "lti/fake_platform.h"

static struct mem *m;
static struct lti_registration registration;
static struct lti_launch launch;

static void setup(void)
{
	m = mem_new();
	registration = (struct lti_registration){.set = lti_profile_find("generic")->set};
	registration.set.observees = "observees";
	launch = (struct lti_launch){.registration = &registration, .course_role = "guardian"};
}

static void teardown(void)
{
	mem_free(m);
}

static json_t *json(const char *text)
{
	return js_own(m, json_loads(text, JSON_DECODE_ANY, NULL));
}

/* The children as one text: "a b c"; those of Canvas' variable with a star. */
static const char *children(const char *role_scope_mentor, const char *custom)
{
	json_t *claims = js_own(m, json_object());
	struct buf b;

	if (role_scope_mentor)
		json_object_set(claims, CLAIM "role_scope_mentor", json(role_scope_mentor));
	if (custom)
		json_object_set(claims, CLAIM "custom", json(custom));
	children_read(m, claims, &launch);
	buf_init(&b, m);
	for (size_t i = 0; i < launch.children_n; i++)
		buf_addf(&b, "%s%s%s", i ? " " : "", launch.children[i],
			 str_eq(launch.children_sources[i], "canvas_observees") ? "*" : "");
	return b.p;
}

static const struct {
	const char *claim, *custom, *children;
} lists[] = {
	{"[\"a\",\"b\"]", NULL, "a b"},
	{"\"a\"", NULL, "a"},
	{"\"34,35\"", NULL, "34 35"},
	{"\" a , b ,,a\"", NULL, "a b"},
	{"[\"a\",\"a\",\" a \"]", NULL, "a"},
	{"[\"a\",7,null,{},[\"b\"],\"\"]", NULL, "a"},
	{"[\"\\u00e5\",\"a\\nb\",\"$User.id\"]", NULL, ""},
	{"7", NULL, ""},
	{"{\"a\":\"b\"}", NULL, ""},
	{NULL, "{\"observees\":\"a,b\"}", "a* b*"},
	{NULL, "{\"observees\":\"\"}", ""},
	{NULL, "{\"observees\":\"$com.instructure.User.observees\"}", ""},
	{NULL, "{\"observees\":null}", ""},
	{NULL, "{\"observees\":[\"a\"]}", ""},
	{NULL, "{\"Observees\":\"a\",\"children\":\"b\"}", ""},
	{NULL, "\"observees\"", ""},
	{"[\"a\"]", "{\"observees\":\"b,a\"}", "a b*"},
	{"[]", "{\"observees\":\"b\"}", "b*"},
};

START_TEST(reads_children)
{
	ck_assert_str_eq(children(lists[_i].claim, lists[_i].custom), lists[_i].children);
}
END_TEST

START_TEST(believes_lists_of_guardians_only)
{
	static const struct {
		unsigned roles;
		const char *here;
	} others[] = {
		{0, NULL},
		{0, "none"},
		{LTI_ROLE_LEARNER, "student"},
		{LTI_ROLE_INSTRUCTOR, "teacher"},
		{LTI_ROLE_MENTOR_STAFF, "mentor"},
		{LTI_ROLE_MENTOR_NO_RIGHTS, "none"},
		{LTI_ROLE_OBSERVER, "none"},
		{LTI_ROLE_MENTOR, "none"}, /* the school's word */
		{LTI_ROLE_MENTOR, "teacher"},
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		launch.roles = others[i].roles;
		launch.course_role = others[i].here;
		ck_assert_str_eq(children("[\"a\"]", "{\"observees\":\"b\"}"), "");
	}
}
END_TEST

/* A teacher of the course whose own child is in it. */
START_TEST(believes_lists_of_those_who_teach_besides)
{
	launch.roles = LTI_ROLE_MENTOR | LTI_ROLE_INSTRUCTOR;
	launch.course_role = "teacher";
	ck_assert_str_eq(children("[\"a\"]", NULL), "a");
}
END_TEST

/* A teacher can set any custom parameter on a link (lti.md 2.4). */
START_TEST(believes_no_parameter_the_registration_does_not_name)
{
	registration.set.observees = "";
	ck_assert_str_eq(children(NULL, "{\"observees\":\"a\",\"\":\"b\"}"), "");
	registration.set.observees = "kids";
	ck_assert_str_eq(children(NULL, "{\"observees\":\"a\",\"kids\":\"b\"}"), "b*");
}
END_TEST

START_TEST(caps_the_list)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%s%d", i ? "," : "", i);
	children(mem_printf(m, "\"%s\"", b.p), NULL);
	ck_assert_uint_eq(launch.children_n, 200);
	ck_assert_str_eq(launch.children[199], "199");
}
END_TEST

static void read_person(const char *claims)
{
	launch = (struct lti_launch){.registration = &registration};
	person_read(m, json(claims), &launch);
}

START_TEST(reads_a_person)
{
	read_person("{\"given_name\":\" Ada \",\"family_name\":\"Byron\",\"name\":\"Ada Byron\","
		    "\"email\":\"ada@skole.test\",\"locale\":\"en\",\"" CLAIM
		    "lti1p1\":{\"user_id\":\"535fa\"},\"" CLAIM
		    "lti11_legacy_user_id\":\"other\",\"" CLAIM
		    "lis\":{\"person_sourcedid\":\"S-1\"},\"" CLAIM
		    "launch_presentation\":{\"locale\":\"no\"}}");
	ck_assert_str_eq(launch.given_name, "Ada");
	ck_assert_str_eq(launch.family_name, "Byron");
	ck_assert_str_eq(launch.name, "Ada Byron");
	ck_assert_str_eq(launch.email, "ada@skole.test");
	ck_assert_str_eq(launch.lti11_id, "535fa");
	ck_assert_str_eq(launch.sis_id, "S-1");
	ck_assert_str_eq(launch.locale, "no");
}
END_TEST

START_TEST(leaves_out_what_is_absent_or_odd)
{
	read_person("{\"given_name\":\"\",\"family_name\":null,\"name\":7,\"email\":\"none\","
		    "\"locale\":\"<x>\",\"" CLAIM "lis\":{\"person_sourcedid\":\"\"},\"" CLAIM
		    "lti1p1\":{\"user_id\":null},\"" CLAIM "lti11_legacy_user_id\":\"legacy\"}");
	ck_assert_ptr_null(launch.given_name);
	ck_assert_ptr_null(launch.family_name);
	ck_assert_ptr_null(launch.name);
	ck_assert_ptr_null(launch.email);
	ck_assert_ptr_null(launch.locale);
	ck_assert_ptr_null(launch.sis_id);
	ck_assert_str_eq(launch.lti11_id, "legacy");
	read_person("{\"locale\":\"en_us\"}");
	ck_assert_str_eq(launch.locale, "en_us");
}
END_TEST

/* What a platform calls a language, and what it means by it. */
static const struct {
	const char *meanings, *said, *meant;
} languages[] = {
	{"", "no", "no"},
	{"no=nb no_gr=nb", "no", "nb"},
	{"no=nb no_gr=nb", "no_gr", "nb"},
	{"no=nb no_gr=nb", "no_g", "no_g"},
	{"no=nb no_gr=nb", "en", "en"},
	{"xno=nb  nn=nb", "nn", "nb"},
	{"no=", "no", "no"},
	{"no", "no", "no"},
};

START_TEST(repairs_the_platforms_names_of_languages)
{
	registration.set.locales = languages[_i].meanings;
	read_person(mem_printf(m, "{\"locale\":\"%s\"}", languages[_i].said));
	ck_assert_str_eq(launch.locale, languages[_i].meant);
	read_person("{}");
	ck_assert_ptr_null(launch.locale);
}
END_TEST

START_TEST(takes_addresses_that_break_no_header)
{
	static const char *const bad[] = {"a",          "@b",
					  "a@",         "a@b@c",
					  "a b@c.de",   "a@b.de\nBcc: x@y.de",
					  "<a@b.de>",   "a@b.de,c@d.de",
					  "\"a\"@b.de", ""};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!email_or_null(m, bad[i]), "%s", bad[i]);
	ck_assert_str_eq(email_or_null(m, " o'brien+x@skole.test "), "o'brien+x@skole.test");
	ck_assert_ptr_nonnull(email_or_null(m, "bj\xc3\xb8rn@skole.test"));
}
END_TEST

START_TEST(cuts_names_at_a_whole_character)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 300; i++)
		buf_add(&b, "\xc3\xb8");
	const char *cut = text_or_null(m, b.p);
	ck_assert_uint_eq(strlen(cut), 510);
	ck_assert_uint_eq(str_points(cut), 255);
	ck_assert_ptr_null(text_or_null(m, " \t "));
	ck_assert_ptr_null(text_or_null(m, "a\x01"));
	ck_assert_str_eq(text_or_null(m, "a\nb"), "a b");
}
END_TEST

Suite *lti_person_suite(void)
{
	Suite *s = suite_create("lti/person");
	TCase *t = tcase_create("person");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, reads_children, 0, COUNT(lists));
	tcase_add_test(t, believes_lists_of_guardians_only);
	tcase_add_test(t, believes_lists_of_those_who_teach_besides);
	tcase_add_test(t, believes_no_parameter_the_registration_does_not_name);
	tcase_add_test(t, caps_the_list);
	tcase_add_test(t, reads_a_person);
	tcase_add_test(t, leaves_out_what_is_absent_or_odd);
	tcase_add_loop_test(t, repairs_the_platforms_names_of_languages, 0, COUNT(languages));
	tcase_add_test(t, takes_addresses_that_break_no_header);
	tcase_add_test(t, cuts_names_at_a_whole_character);
	suite_add_tcase(s, t);
	return s;
}
