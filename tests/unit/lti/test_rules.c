/* What somebody is in a course: the school's rules, then the vocabulary. */
#include "lti/fake_platform.h"

#define V           "http://purl.imsglobal.org/vocab/lis/v2/"
#define LEARNER     V "membership#Learner"
#define INSTRUCTOR  V "membership#Instructor"
#define TEST_PERSON "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

static struct mem *m;
static struct lti_settings set;

static void setup(void)
{
	m = mem_new();
	set = lti_profile_find("generic")->set;
	set.trusted = "kind";
	set.groups = "groups";
}

static void teardown(void)
{
	mem_free(m);
}

/* JSON texts; NULL: not there. */
static struct lti_decision decide(const struct lti_rules *rules, const char *roles,
				  const char *custom, const char *sub)
{
	struct lti_facts f = {.sub = sub, .sis_id = "sis-7", .lti11_id = "old-7"};
	struct lti_decision d;

	f.roles = roles ? js_own(m, json_loads(roles, JSON_DECODE_ANY, NULL)) : NULL;
	f.custom = custom ? js_own(m, json_loads(custom, JSON_DECODE_ANY, NULL)) : NULL;
	lti_decide(m, &set, rules, &f, &d);
	return d;
}

/* One rule of each kind, against somebody who is everything. */
static const struct lti_rule one_of_each[] = {
	{"r4", LTI_RULE_ROLE, "", INSTRUCTOR, "mentor"},
	{"r3", LTI_RULE_GROUP, "", "9", "guardian"},
	{"r2", LTI_RULE_CUSTOM, "kind", "staff", "teacher"},
	{"r1", LTI_RULE_USER, "", "u7", "student"},
};

static const struct {
	const char *roles, *custom, *sub, *role, *why;
} ordered[] = {
	{"[\"Instructor\"]", "{\"kind\":\"staff\",\"groups\":\"8,9\"}", "u7", "student", "rule r1"},
	{"[\"Instructor\"]", "{\"kind\":\"staff\",\"groups\":\"8,9\"}", "u8", "teacher", "rule r2"},
	{"[\"Instructor\"]", "{\"kind\":\"other\",\"groups\":\"8,9\"}", "u8", "guardian",
	 "rule r3"},
	{"[\"Instructor\"]", "{\"kind\":\"other\",\"groups\":\"8\"}", "u8", "mentor", "rule r4"},
	{"[\"Learner\"]", "{\"kind\":\"other\",\"groups\":\"8\"}", "u8", "student", "Learner"},
	{"[]", NULL, "u8", "none", "no known role"},
	{NULL, NULL, NULL, "none", "no known role"},
};

START_TEST(asks_user_then_custom_then_group_then_role_then_vocabulary)
{
	const struct lti_rules rules = {one_of_each, COUNT(one_of_each)};
	struct lti_decision d =
		decide(&rules, ordered[_i].roles, ordered[_i].custom, ordered[_i].sub);

	ck_assert_str_eq(d.role, ordered[_i].role);
	ck_assert_str_eq(d.why, ordered[_i].why);
}
END_TEST

START_TEST(takes_the_first_of_a_kind)
{
	static const struct lti_rule list[] = {
		{"a", LTI_RULE_ROLE, "", LEARNER, "guardian"},
		{"b", LTI_RULE_ROLE, "", LEARNER, "teacher"},
		{"c", LTI_RULE_USER, "", "u8", "none"},
		{"d", LTI_RULE_USER, "", "u7", "mentor"},
	};
	const struct lti_rules rules = {list, COUNT(list)};

	ck_assert_str_eq(decide(&rules, "[\"Learner\"]", NULL, "u1").why, "rule a");
	ck_assert_str_eq(decide(&rules, "[\"Learner\"]", NULL, "u7").role, "mentor");
	ck_assert_str_eq(decide(&rules, "[\"Instructor\"]", NULL, "u8").role, "none");
}
END_TEST

static const struct {
	const char *value;
	bool matches;
} users[] = {
	{"u7", true},   {"sis-7", true}, {"old-7", true}, {"U7", false}, {"u", false},
	{"u77", false}, {" u7", false},  {"", false},     {"*", false},
};

START_TEST(knows_users_by_each_of_their_ids)
{
	const struct lti_rule one = {"x", LTI_RULE_USER, "", users[_i].value, "guardian"};

	ck_assert_str_eq(decide(&(struct lti_rules){&one, 1}, "[\"Learner\"]", NULL, "u7").role,
			 users[_i].matches ? "guardian" : "student");
}
END_TEST

/* Nobody has an id that is not there. */
START_TEST(matches_nothing_that_is_absent)
{
	const struct lti_rule list[] = {
		{"a", LTI_RULE_USER, "", "", "teacher"},
		{"b", LTI_RULE_GROUP, "", "", "teacher"},
		{"c", LTI_RULE_CUSTOM, "kind", "", "teacher"},
		{"d", LTI_RULE_CUSTOM, "", "", "teacher"},
		{"e", LTI_RULE_ROLE, "", "", "teacher"},
	};
	const struct lti_rules rules = {list, COUNT(list)};
	const struct lti_facts nothing = {0};
	struct lti_decision d;

	lti_decide(m, &set, &rules, &nothing, &d);
	ck_assert_str_eq(d.role, "none");
	ck_assert_str_eq(
		decide(&rules, "[\"\"]", "{\"kind\":\"\",\"groups\":\"\",\"\":\"\"}", "").role,
		"none");
}
END_TEST

static const struct {
	const char *custom;
	bool matches;
} groups[] = {
	{"{\"groups\":\"9\"}", true},
	{"{\"groups\":\"1,9\"}", true},
	{"{\"groups\":\"9,1\"}", true},
	{"{\"groups\":\" 1 , 9 ,2\"}", true},
	{"{\"groups\":\"[1,9]\"}", true},
	{"{\"groups\":\"[\\\"1\\\",\\\"9\\\"]\"}", true},
	{"{\"groups\":\"19\"}", false},
	{"{\"groups\":\"9 1\"}", false},
	{"{\"groups\":\"90,1\"}", false},
	{"{\"groups\":\",,\"}", false},
	{"{\"groups\":\"\"}", false},
	{"{\"groups\":9}", false},
	{"{\"groups\":[\"9\"]}", false},
	{"{\"Groups\":\"9\"}", false},
	{"{\"groups\":\"$Moodle.Person.userGroupIds\"}", false},
	{"{\"groups\":\"$9,9\"}", false}, /* not substituted (R49) */
	{"\"groups\"", false},
	{NULL, false},
};

START_TEST(reads_groups_from_the_parameter_that_is_named)
{
	const struct lti_rule one = {"x", LTI_RULE_GROUP, "", "9", "guardian"};

	ck_assert_str_eq(
		decide(&(struct lti_rules){&one, 1}, "[\"Learner\"]", groups[_i].custom, "u7").role,
		groups[_i].matches ? "guardian" : "student");
}
END_TEST

/* A teacher may write custom parameters into a link (lti.md 3.3, conclusion 3): without a
 * declaration in the registration they are nobody's word. */
START_TEST(believes_no_parameter_that_is_not_declared)
{
	static const struct lti_rule list[] = {
		{"a", LTI_RULE_CUSTOM, "kind", "staff", "teacher"},
		{"b", LTI_RULE_CUSTOM, "other", "staff", "teacher"},
		{"c", LTI_RULE_GROUP, "", "9", "teacher"},
	};
	const struct lti_rules rules = {list, COUNT(list)};
	const char *forged = "{\"kind\":\"staff\",\"other\":\"staff\",\"groups\":\"9\"}";
	size_t n;
	const struct lti_profile *all = lti_profile_list(&n);

	for (size_t i = 0; i < n; i++) {
		set = all[i].set;
		ck_assert_str_eq(decide(&rules, "[\"Learner\"]", forged, "u7").role, "student");
	}
	set.trusted = "kindred othe"; /* near it is not it */
	set.history = "history";
	ck_assert_str_eq(decide(&rules, "[\"Learner\"]", forged, "u7").role, "student");
	set.trusted = "other";
	ck_assert_str_eq(decide(&rules, "[\"Learner\"]", forged, "u7").why, "rule b");
	set.trusted = "";
	set.groups = "groups";
	ck_assert_str_eq(decide(&rules, "[\"Learner\"]", forged, "u7").why, "rule c");
}
END_TEST

static const struct {
	const char *rule, *roles;
	bool matches;
} role_rules[] = {
	{LEARNER, "[\"" LEARNER "\"]", true},
	{LEARNER, "[\"Learner\"]", true}, /* the roster's short name is the same role */
	{"Learner", "[\"" LEARNER "\"]", true},
	{LEARNER, "[\"urn:lti:role:ims/lis/Learner\"]", true},
	{V "membership/Mentor#Advisor", "[\"urn:lti:role:ims/lis/Mentor/Advisor\"]", true},
	{LEARNER, "[\"" V "membership/Learner#NonCreditLearner\"]", false},
	{LEARNER, "[\"" V "membership#learner\"]", false},
	{LEARNER, "[\"" V "membership#Learners\"]", false},
	{"earner", "[\"Learner\"]", false},
	{"https://school.example/roles#Parent",
	 "[\"https://school.example/roles#Parent\",\"Learner\"]", true},
	{V "institution/person#Observer", "[\"" V "institution/person#Observer\",\"Learner\"]",
	 true},
	{LEARNER, "[]", false},
	{LEARNER, "[null,7,{}]", false},
};

START_TEST(compares_roles_whatever_their_spelling)
{
	const struct lti_rule one = {"x", LTI_RULE_ROLE, "", role_rules[_i].rule, "guardian"};
	struct lti_decision d =
		decide(&(struct lti_rules){&one, 1}, role_rules[_i].roles, NULL, "u7");

	ck_assert_int_eq(str_eq(d.why, "rule x"), role_rules[_i].matches);
}
END_TEST

static const struct {
	const char *profile, *role, *is;
} repaired[] = {
	{"canvas", V "instructor#TeachingAssistant", "teacher"},
	{"moodle", V "instructor#TeachingAssistant", "none"},
	{"generic", V "instructor#TeachingAssistant", "none"},
	{"canvas", V "instructor#TeachingAssistants", "none"},
	{"canvas", V "Instructor#TeachingAssistant", "none"},
};

START_TEST(repairs_a_products_own_spellings)
{
	set = lti_profile_find(repaired[_i].profile)->set;
	ck_assert_str_eq(decide(NULL, mem_printf(m, "[\"%s\"]", repaired[_i].role), NULL, "u").role,
			 repaired[_i].is);
}
END_TEST

START_TEST(knows_moodles_administrators)
{
	const char *roles = "[\"" V "person#Administrator\",\"Learner\"]";

	ck_assert_uint_eq(decide(NULL, roles, NULL, "2").roles, LTI_ROLE_LEARNER);
	set = lti_profile_find("moodle")->set;
	ck_assert_uint_eq(decide(NULL, roles, NULL, "2").roles,
			  LTI_ROLE_LEARNER | LTI_ROLE_SITE_ADMIN);
	ck_assert_str_eq(decide(NULL, roles, NULL, "2").role, "student");
}
END_TEST

START_TEST(marks_test_users_whatever_they_become)
{
	const struct lti_rule one = {"x", LTI_RULE_USER, "", "u7", "teacher"};
	const char *roles = "[\"" TEST_PERSON "\",\"Learner\"]";
	struct lti_decision d = decide(&(struct lti_rules){&one, 1}, roles, NULL, "u7");

	ck_assert_str_eq(d.role, "teacher");
	ck_assert(d.roles & LTI_ROLE_TEST_USER);
	ck_assert(decide(NULL, roles, NULL, "u7").roles & LTI_ROLE_TEST_USER);
}
END_TEST

static const struct {
	const char *roles, *role, *why;
} reasons[] = {
	{"[\"" V "institution/person#Student\",\"" LEARNER "\"]", "student", LEARNER},
	{"[\"Learner\",\"" INSTRUCTOR "\"]", "teacher", INSTRUCTOR},
	{"[\"Learner\",\"Mentor\"]", "guardian", "Mentor"},
	{"[\"Mentor\",\"" V "membership/Mentor#Advisor\"]", "mentor",
	 V "membership/Mentor#Advisor"},
	{"[\"Mentor\",\"" V "membership/Mentor#Auditor\"]", "none", V "membership/Mentor#Auditor"},
	{"[\"" V "membership#Administrator\"]", "none", V "membership#Administrator"},
	{"[\"" V "institution/person#Staff\"]", "none", "no known role"},
	{"[\"" V "membership/Learner#Instructor\"]", "student", V "membership/Learner#Instructor"},
};

START_TEST(names_the_role_that_decided)
{
	struct lti_decision d = decide(NULL, reasons[_i].roles, NULL, "u7");

	ck_assert_str_eq(d.role, reasons[_i].role);
	ck_assert_str_eq(d.why, reasons[_i].why);
}
END_TEST

/* Moodle's parents are enrolled as students (moodle.md 4): the school tells them apart by a
 * group at launch, and by a list of users for rosters, where there are no parameters. */
START_TEST(finds_moodles_parents_among_the_students)
{
	static const struct lti_rule by_group = {"g", LTI_RULE_GROUP, "", "9", "guardian"};
	static const struct lti_rule by_user = {"u", LTI_RULE_USER, "", "56", "guardian"};
	const json_t *claims = sign_fixture(m, "fixtures/lti/moodle_parent_as_learner.json");
	struct lti_facts f = {.roles = js_arr(claims, CLAIM "roles"),
			      .custom = js_obj(claims, CLAIM "custom"),
			      .sub = js_str(claims, "sub")};
	struct lti_decision d;

	set = lti_profile_find("moodle")->set;
	lti_decide(m, &set, NULL, &f, &d);
	ck_assert_str_eq(d.role, "student");
	lti_decide(m, &set, &(struct lti_rules){&by_group, 1}, &f, &d);
	ck_assert_str_eq(d.role, "student"); /* groups are not declared */
	set.groups = "user_groups";
	lti_decide(m, &set, &(struct lti_rules){&by_group, 1}, &f, &d);
	ck_assert_str_eq(d.role, "guardian");
	ck_assert_str_eq(d.why, "rule g");
	f.custom = NULL; /* the roster */
	lti_decide(m, &set, &(struct lti_rules){&by_group, 1}, &f, &d);
	ck_assert_str_eq(d.role, "student");
	lti_decide(m, &set, &(struct lti_rules){&by_user, 1}, &f, &d);
	ck_assert_str_eq(d.role, "guardian");
}
END_TEST

START_TEST(says_nothing_it_does_not_know)
{
	const struct lti_rule odd = {"x", LTI_RULE_USER, "", "u7", "headmaster"};

	ck_assert_str_eq(decide(&(struct lti_rules){&odd, 1}, "[\"Instructor\"]", NULL, "u7").role,
			 "none");
}
END_TEST

Suite *lti_rules_suite(void)
{
	Suite *s = suite_create("lti/rules");
	TCase *t = tcase_create("rules");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, asks_user_then_custom_then_group_then_role_then_vocabulary, 0,
			    COUNT(ordered));
	tcase_add_test(t, takes_the_first_of_a_kind);
	tcase_add_loop_test(t, knows_users_by_each_of_their_ids, 0, COUNT(users));
	tcase_add_test(t, matches_nothing_that_is_absent);
	tcase_add_loop_test(t, reads_groups_from_the_parameter_that_is_named, 0, COUNT(groups));
	tcase_add_test(t, believes_no_parameter_that_is_not_declared);
	tcase_add_loop_test(t, compares_roles_whatever_their_spelling, 0, COUNT(role_rules));
	tcase_add_loop_test(t, repairs_a_products_own_spellings, 0, COUNT(repaired));
	tcase_add_test(t, knows_moodles_administrators);
	tcase_add_test(t, marks_test_users_whatever_they_become);
	tcase_add_loop_test(t, names_the_role_that_decided, 0, COUNT(reasons));
	tcase_add_test(t, finds_moodles_parents_among_the_students);
	tcase_add_test(t, says_nothing_it_does_not_know);
	suite_add_tcase(s, t);
	return s;
}
