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

/* Bits a role outside the course may have. None of them gives rights in one. */
static unsigned outside(const char *kind, const char *name)
{
	bool system = str_eq(kind, "system");

	if (str_eq(name, "Administrator") ||
	    (system && (str_eq(name, "SysAdmin") || str_eq(name, "AccountAdmin"))))
		return LTI_ROLE_SITE_ADMIN;
	return !system && (str_eq(name, "Mentor") || str_eq(name, "Observer")) ? LTI_ROLE_OBSERVER
									       : 0;
}

START_TEST(gives_no_rights_for_roles_outside_the_course)
{
	static const char *const kinds[] = {"system", "institution"};
	static const char *const parts[] = {"core", "non_core"};
	const json_t *v = sign_fixture(m, "fixtures/lti/role_vocabulary.json"), *name;
	size_t i;

	for (int k = 0; k < 2; k++)
		for (int p = 0; p < 2; p++)
			json_array_foreach(js_arr(js_obj(v, kinds[k]), parts[p]), i, name)
			{
				const char *uri = mem_printf(m, V "%s/person#%s", kinds[k],
							     json_string_value(name));
				ck_assert_str_eq(lti_course_role(one(uri)), "none");
				ck_assert_uint_eq(one(uri),
						  outside(kinds[k], json_string_value(name)));
			}
	ck_assert_uint_eq(one("http://purl.imsglobal.org/vocab/lti/system/person#TestUser"),
			  LTI_ROLE_TEST_USER);
	ck_assert_uint_eq(one(V "membership#Administrator"), LTI_ROLE_ADMINISTRATOR);
}
END_TEST

/* ---- Near misses of every entry ---- */

enum { ENTRIES_MAX = 200 };
static const char *entries[ENTRIES_MAX];
static size_t entries_n;

static void entry(const char *uri)
{
	ck_assert_uint_lt(entries_n, ENTRIES_MAX);
	entries[entries_n++] = uri;
}

static void entries_of(const json_t *list, const char *prefix)
{
	const json_t *name;
	size_t i;

	json_array_foreach(list, i, name)
		entry(mem_printf(m, "%s%s", prefix, json_string_value(name)));
}

static void vocabulary(void)
{
	json_t *v = sign_fixture(m, "fixtures/lti/role_vocabulary.json"), *list, *ignored;
	const char *name, *sub;

	entries_n = 0;
	entries_of(js_arr(js_obj(v, "system"), "core"), V "system/person#");
	entries_of(js_arr(js_obj(v, "system"), "non_core"), V "system/person#");
	entries_of(js_arr(js_obj(v, "system"), "lti"),
		   "http://purl.imsglobal.org/vocab/lti/system/person#");
	entries_of(js_arr(js_obj(v, "institution"), "core"), V "institution/person#");
	entries_of(js_arr(js_obj(v, "institution"), "non_core"), V "institution/person#");
	json_object_foreach(js_obj(js_obj(v, "context"), "core"), name, ignored)
		entry(mem_printf(m, V "membership#%s", name));
	json_object_foreach(js_obj(js_obj(v, "context"), "non_core"), name, ignored)
		entry(mem_printf(m, V "membership#%s", name));
	json_object_foreach(js_obj(v, "context_sub_roles"), name, list)
		json_object_foreach(list, sub, ignored)
			entry(mem_printf(m, V "membership/%s#%s", name, sub));
}

static bool is_entry(const char *uri)
{
	for (size_t i = 0; i < entries_n; i++)
		if (str_eq(entries[i], uri))
			return true;
	return false;
}

/* The text with the n-th letter from its end in the other case. */
static const char *other_case(const char *s, size_t from_end)
{
	char *t = mem_strdup(m, s), *c = t + strlen(t) - 1 - from_end;

	if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
		*c ^= 0x20;
	return t;
}

static const char *replaced(const char *s, const char *what, const char *with)
{
	const char *at = strstr(s, what);

	return at ? mem_printf(m, "%.*s%s%s", (int)(at - s), s, with, at + strlen(what)) : "";
}

static size_t tried;

static void misses(const char *of, const char *near)
{
	if (str_empty(near) || is_entry(near))
		return;
	tried++;
	ck_assert_msg(one(near) == 0, "%s is taken for %s", near, of);
}

static void try_near(const char *uri)
{
	const char *name = strchr(uri, '#') + 1;
	size_t n = strlen(uri);

	for (size_t i = 0; i < n; i++) {
		misses(uri, other_case(uri, i));
		misses(uri, mem_printf(m, "%.*s%s", (int)i, uri, uri + i + 1)); /* one less */
		misses(uri, mem_printf(m, "%.*sx%s", (int)i, uri, uri + i));    /* one more */
		misses(uri, mem_printf(m, "%.*s", (int)i, uri));
	}
	misses(uri, mem_printf(m, "%ss", uri));
	misses(uri, mem_printf(m, "%s ", uri));
	misses(uri, mem_printf(m, "%s/", uri));
	misses(uri, mem_printf(m, "%s#%s", uri, name));
	misses(uri, mem_printf(m, "%s,%s", uri, uri));
	misses(uri, mem_printf(m, "http://evil.example/%s", uri));
	misses(uri, mem_printf(m, "http://evil.example/#%s", name));
	misses(uri, replaced(uri, "http:", "https:"));
	misses(uri, replaced(uri, "imsglobal.org", "imsglobal.org.evil.example"));
	misses(uri, replaced(uri, "purl.imsglobal", "purlimsglobal"));
	misses(uri, replaced(uri, "/v2/", "/v1/"));
	misses(uri, replaced(uri, "/lis/v2/", "/lis/v2//"));
	misses(uri, replaced(uri, "#", "/"));
	misses(uri, replaced(uri, "#", "%23"));
	misses(uri, replaced(uri, "person#", "person/x#"));
	misses(uri, replaced(uri, "membership", "memberships"));
	misses(uri, mem_printf(m, "urn:lti:instrole:ims/lis/%s", name));
	misses(uri, mem_printf(m, "urn:lti:sysrole:ims/lis/%s", name));
}

START_TEST(takes_nothing_near_a_role_for_it)
{
	vocabulary();
	ck_assert_uint_eq(entries_n, 8 + 14 + 8 + 51);
	tried = 0;
	for (size_t i = 0; i < entries_n; i++)
		try_near(entries[i]);
	ck_assert_uint_gt(tried, 10000);
}
END_TEST

static const struct {
	const char *role, *is;
} tricky[] = {
	{V "membership/Learner#Instructor", "student"},
	{V "membership/Learner#NonCreditLearner", "student"},
	{V "membership/Mentor#Mentor", "guardian"},
	{V "membership/Instructor#Grader", "teacher"},
	{V "instructor#TeachingAssistant", "none"}, /* Canvas' own: its profile repairs it */
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
	tcase_add_test(t, takes_nothing_near_a_role_for_it);
	tcase_add_loop_test(t, compares_exactly, 0, COUNT(tricky));
	tcase_add_loop_test(t, weighs_roles_together, 0, COUNT(together));
	tcase_add_test(t, notes_observers_only_without_a_course_role);
	tcase_add_test(t, understands_moodle);
	suite_add_tcase(s, t);
	return s;
}
