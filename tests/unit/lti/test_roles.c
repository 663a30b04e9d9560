/* Roles: the whole vocabulary, and the spellings that trap others. */
#include "lti/fake_platform.h"

#define V "http://purl.imsglobal.org/vocab/lis/v2/"

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static unsigned one(const char *role)
{
	return lti_roles(js_own(m, json_pack("[s]", role)));
}

/* What the proposal of role_vocabulary.json comes to here. */
static const char *expected(const char *proposal)
{
	if (str_starts(proposal, "teacher"))
		return "teacher";
	if (str_starts(proposal, "student"))
		return "student";
	if (str_starts(proposal, "parent"))
		return "guardian";
	return str_starts(proposal, "mentor") ? "mentor" : "none";
}

START_TEST(knows_the_whole_vocabulary)
{
	const json_t *v = sign_fixture(m, "fixtures/lti/role_vocabulary.json"), *subs, *proposal;
	const char *principal, *sub;

	json_object_foreach(js_obj(v, "context_sub_roles"), principal, subs)
		json_object_foreach((json_t *)subs, sub, proposal)
	{
		const char *uri = mem_printf(m, V "membership/%s#%s", principal, sub);
		ck_assert_msg(one(uri) != 0, "%s is unknown", uri);
		ck_assert_msg(
			str_eq(lti_course_role(one(uri)), expected(json_string_value(proposal))),
			"%s is %s", uri, lti_course_role(one(uri)));
	}
	json_object_foreach(js_obj(js_obj(v, "context"), "core"), principal, proposal)
	{
		unsigned full = one(mem_printf(m, V "membership#%s", principal));
		ck_assert_msg(full != 0, "%s is unknown", principal);
		ck_assert_uint_eq(full, one(principal)); /* short names mean the same */
		ck_assert_str_eq(lti_course_role(full), expected(json_string_value(proposal)));
	}
	json_object_foreach(js_obj(js_obj(v, "context"), "non_core"), principal, proposal)
		ck_assert_uint_ne(one(principal), 0);
}
END_TEST

START_TEST(gives_no_rights_for_roles_outside_the_course)
{
	static const char *const kinds[] = {"system", "institution"};
	static const char *const parts[] = {"core", "non_core", "lti"};
	const json_t *v = sign_fixture(m, "fixtures/lti/role_vocabulary.json"), *name;
	size_t i;

	for (int k = 0; k < 2; k++)
		for (int p = 0; p < 3; p++)
			json_array_foreach(js_arr(js_obj(v, kinds[k]), parts[p]), i, name)
			{
				const char *uri = mem_printf(m, V "%s/person#%s", kinds[k],
							     json_string_value(name));
				ck_assert_str_eq(lti_course_role(one(uri)), "none");
				ck_assert_uint_eq(one(uri) & ~(unsigned)LTI_ROLE_OBSERVER, 0);
			}
}
END_TEST

static const struct {
	const char *role, *is;
} tricky[] = {
	{V "membership/Learner#Instructor", "student"},
	{V "membership/Learner#NonCreditLearner", "student"},
	{V "membership/Mentor#Mentor", "guardian"},
	{V "membership/Instructor#Grader", "teacher"},
	{V "instructor#TeachingAssistant", "teacher"},
	{"urn:lti:role:ims/lis/Instructor", "teacher"},
	{"urn:lti:role:ims/lis/TeachingAssistant", "none"},
	{"urn:lti:role:ims/lis/Learner/NonCreditLearner", "student"},
	{"urn:lti:instrole:ims/lis/Instructor", "none"},
	{"urn:lti:sysrole:ims/lis/Administrator", "none"},
	{V "institution/person#Instructor", "none"},
	{V "institution/person#Student", "none"},
	{V "person#Administrator", "none"},
	{V "membership#instructor", "none"},
	{V "membership#INSTRUCTOR", "none"},
	{V "membership#Instructor ", "none"},
	{" " V "membership#Instructor", "none"},
	{V "membership#Instructor/", "none"},
	{V "membership#NotAnInstructor", "none"},
	{V "membership#Learner#Instructor", "none"},
	{V "membership/Instructor", "none"},
	{V "membership/Instructor#", "none"},
	{V "membership/#Instructor", "none"},
	{V "membership/Instructor#Unknown", "none"},
	{V "membership/Unknown#TeachingAssistant", "none"},
	{"https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor", "none"},
	{"http://evil.example/" V "membership#Instructor", "none"},
	{"http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Unknown", "none"},
	{"Instructor", "teacher"},
	{"instructor", "none"},
	{"Instructor,Learner", "none"},
	{"Student", "none"},
	{"Observer", "none"},
	{"", "none"},
};

START_TEST(compares_exactly)
{
	ck_assert_msg(str_eq(lti_course_role(one(tricky[_i].role)), tricky[_i].is), "%s is %s",
		      tricky[_i].role, lti_course_role(one(tricky[_i].role)));
}
END_TEST

static const struct {
	const char *roles, *is;
} together[] = {
	{"[]", "none"},
	{"[\"\"]", "none"},
	{"null", "none"},
	{"\"Instructor\"", "none"},
	{"[null, 7, {\"a\":1}, [\"Instructor\"]]", "none"},
	{"[\"Instructor\",\"Learner\"]", "teacher"},
	{"[\"Learner\",\"Mentor\"]", "guardian"},
	{"[\"Mentor\",\"Instructor\"]", "teacher"},
	{"[\"Mentor\",\"" V "membership/Mentor#Advisor\"]", "mentor"},
	{"[\"Mentor\",\"" V "membership/Mentor#Auditor\"]", "none"},
	{"[\"Mentor\",\"" V "membership/Mentor#ExternalMentor\"]", "guardian"},
	{"[\"Learner\",\"" V "membership/Learner#NonCreditLearner\",\"Mentor\"]", "guardian"},
	{"[\"" V "institution/person#Instructor\",\"" V "membership#Mentor\",\"" V
	 "system/person#User\"]",
	 "guardian"},
	{"[\"" V "institution/person#Staff\",\"" V "membership#Learner\"]", "student"},
	{"[\"http://purl.imsglobal.org/vocab/lti/system/person#TestUser\",\"Learner\"]", "student"},
};

START_TEST(weighs_roles_together)
{
	const json_t *roles = js_own(m, json_loads(together[_i].roles, JSON_DECODE_ANY, NULL));

	ck_assert_msg(str_eq(lti_course_role(lti_roles(roles)), together[_i].is), "%s is %s",
		      together[_i].roles, lti_course_role(lti_roles(roles)));
}
END_TEST

START_TEST(notes_observers_only_without_a_course_role)
{
	const char *observer = V "institution/person#Observer",
		   *mentor = V "institution/person#Mentor";

	ck_assert_uint_eq(one(observer), LTI_ROLE_OBSERVER);
	ck_assert_uint_eq(one(mentor), LTI_ROLE_OBSERVER);
	ck_assert_uint_eq(lti_roles(js_own(m, json_pack("[s,s]", observer, "Learner"))),
			  LTI_ROLE_LEARNER);
	ck_assert_str_eq(lti_course_role(LTI_ROLE_OBSERVER), "none");
}
END_TEST

/* What a Moodle of 2026 really sends (moodle.md 4). */
START_TEST(understands_moodle)
{
	const json_t *users = sign_fixture(m, "fixtures/moodle/roles_by_user.json"), *user;
	const char *name;
	int seen = 0;

	json_object_foreach(js_obj(users, "launch"), name, user)
	{
		const json_t *roles = js_arr(user, "roles");
		if (!roles)
			continue;
		seen++;
		const char *is = lti_course_role(lti_roles(roles));
		ck_assert_msg(!str_eq(is, "none") && !str_eq(is, "guardian"), "%s is %s", name, is);
	}
	ck_assert_int_ge(seen, 5);
}
END_TEST

Suite *lti_roles_suite(void)
{
	Suite *s = suite_create("lti/roles");
	TCase *t = tcase_create("roles");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, knows_the_whole_vocabulary);
	tcase_add_test(t, gives_no_rights_for_roles_outside_the_course);
	tcase_add_loop_test(t, compares_exactly, 0, COUNT(tricky));
	tcase_add_loop_test(t, weighs_roles_together, 0, COUNT(together));
	tcase_add_test(t, notes_observers_only_without_a_course_role);
	tcase_add_test(t, understands_moodle);
	suite_add_tcase(s, t);
	return s;
}
