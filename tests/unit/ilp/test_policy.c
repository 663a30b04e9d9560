/* The rules of a school: who reads them, who sets them, and what they may be. */
#include "ilp/school.h"
#include "ilp/policy.h"
#include "base/js.h"

static struct viewer kari, ada, parent, office;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	parent = arrive_as_guardian("parent", (const char *[]){"ada"}, 1);
	office = arrive("office", "none");
	office.admin = true;
}

static json_t *json(const char *text)
{
	return js_own(m, json_loads(text, 0, NULL));
}

static json_t *rules_of(const struct viewer *v)
{
	json_t *rules;

	ck_assert_msg(policy_read(db, m, v, &rules, &e), "%s", e.text);
	return rules;
}

static int number(const char *name)
{
	return (int)json_integer_value(json_object_get(js_obj(rules_of(&kari), "track"), name));
}

static const char *refusal(const char *changes)
{
	e = (struct err){0};
	ck_assert_msg(!policy_change(db, m, &office, json(changes), &e), "%s", changes);
	ck_assert_int_eq(e.code, ERR_INVALID);
	return e.field;
}

static void change(const char *changes)
{
	ck_assert_msg(policy_change(db, m, &office, json(changes), &e), "%s: %s", changes, e.text);
}

START_TEST(what_is_not_set_has_its_default)
{
	json_t *rules = rules_of(&kari);

	ck_assert(!js_bool(rules, "teachers_are_mentors", true));
	ck_assert(js_bool(rules, "guardian_history", false));
	ck_assert(!js_bool(rules, "archive_history", true));
	ck_assert(js_bool(rules, "students_propose", false));
	ck_assert(js_bool(rules, "guardians_propose", false));
	ck_assert(js_bool(rules, "mentor_fields", false));
	ck_assert_uint_eq(json_object_size(rules), 7);
	ck_assert_int_eq(number("behind_late"), 1);
	ck_assert_int_eq(number("support_late"), 3);
	ck_assert_int_eq(number("support_help"), 2);
	ck_assert_int_eq(number("behind_watch"), 3);
	ck_assert_int_eq(number("behind_risk"), 1);
	ck_assert_int_eq(number("support_risk"), 2);
	ck_assert_int_eq(number("slack_percent"), 50);
	ck_assert_uint_eq(json_object_size(js_obj(rules, "track")), 7);
}
END_TEST

START_TEST(families_read_how_on_track_is_worked_out_and_nothing_else)
{
	ck_assert_uint_eq(json_object_size(rules_of(&ada)), 1);
	ck_assert_ptr_nonnull(js_obj(rules_of(&ada), "track"));
	ck_assert_uint_eq(json_object_size(rules_of(&parent)), 1);
}
END_TEST

START_TEST(only_administrators_set_them)
{
	const struct viewer *const others[] = {&kari, &ada, &parent};

	for (size_t i = 0; i < 3; i++) {
		e = (struct err){0};
		ck_assert(!policy_change(db, m, others[i], json("{\"archive_history\": true}"), &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	}
	ck_assert(!js_bool(rules_of(&kari), "archive_history", true));
}
END_TEST

START_TEST(one_change_leaves_the_others_alone)
{
	change("{\"guardian_history\": false, \"track\": {\"support_late\": 5}}");
	change("{\"track\": {\"slack_percent\": 30}}");
	ck_assert(!js_bool(rules_of(&kari), "guardian_history", true));
	ck_assert_int_eq(number("support_late"), 5);
	ck_assert_int_eq(number("slack_percent"), 30);
	ck_assert_int_eq(number("behind_late"), 1);
	assert_peek("2",
		    "SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND kind = 'policy.changed'"
		    " AND actor_id = '%s'",
		    tenant, office.person);
}
END_TEST

START_TEST(null_takes_a_rule_back)
{
	change("{\"guardian_history\": false, \"track\": {\"support_late\": 5, \"behind_late\": 2}}");
	change("{\"guardian_history\": null, \"track\": {\"support_late\": null}}");
	ck_assert(js_bool(rules_of(&kari), "guardian_history", false));
	ck_assert_int_eq(number("support_late"), 3);
	ck_assert_int_eq(number("behind_late"), 2);
	change("{\"track\": null}");
	ck_assert_int_eq(number("behind_late"), 1);
}
END_TEST

START_TEST(the_same_change_again_is_no_change)
{
	change("{\"archive_history\": true}");
	change("{\"archive_history\": true}");
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND kind = 'policy.changed'",
		    tenant);
}
END_TEST

START_TEST(what_it_may_be)
{
	ck_assert_str_eq(refusal("{}"), "rules");
	ck_assert_str_eq(refusal("{\"everything\": true}"), "rules");
	ck_assert_str_eq(refusal("{\"archive_history\": 1}"), "archive_history");
	ck_assert_str_eq(refusal("{\"archive_history\": \"true\"}"), "archive_history");
	ck_assert_str_eq(refusal("{\"track\": 3}"), "track");
	ck_assert_str_eq(refusal("{\"track\": {\"late\": 3}}"), "track");
	ck_assert_str_eq(refusal("{\"track\": {\"support_late\": 0}}"), "track.support_late");
	ck_assert_str_eq(refusal("{\"track\": {\"support_late\": 51}}"), "track.support_late");
	ck_assert_str_eq(refusal("{\"track\": {\"support_late\": 2.5}}"), "track.support_late");
	ck_assert_str_eq(refusal("{\"track\": {\"slack_percent\": \"50\"}}"), "track.slack_percent");
	ck_assert_str_eq(refusal("{\"track\": {\"slack_percent\": 101}}"), "track.slack_percent");
}
END_TEST

START_TEST(support_is_never_milder_than_a_little_behind)
{
	ck_assert_str_eq(refusal("{\"track\": {\"behind_late\": 4}}"), "track");
	ck_assert_str_eq(refusal("{\"archive_history\": true, \"track\": {\"behind_risk\": 3}}"), "track");
	ck_assert(!js_bool(rules_of(&kari), "archive_history", true)); /* nothing of it happened */
	change("{\"track\": {\"behind_late\": 4, \"support_late\": 4}}");
	ck_assert_str_eq(refusal("{\"track\": {\"support_late\": null}}"), "track");
}
END_TEST

/* The defaults stand twice, here and in ilp.track_of(): they are the same. */
START_TEST(the_database_has_the_same_defaults)
{
	const char *own = js_print(m, js_obj(rules_of(&kari), "track"), NULL);

	assert_peek("0",
		    "SELECT count(*) FROM generate_series(0, 100, 20) d, generate_series(0, 4) late,"
		    " generate_series(0, 2) help, generate_series(0, 2) risk, generate_series(0, 4) watch"
		    " WHERE ilp.track_of('{}', 10, 2, late, help, '2026-08-01', '2026-12-01',"
		    " date '2026-08-01' + d, watch, risk) IS DISTINCT FROM ilp.track_of('%s', 10, 2, late,"
		    " help, '2026-08-01', '2026-12-01', date '2026-08-01' + d, watch, risk)",
		    own);
}
END_TEST

Suite *ilp_policy_suite(void);

Suite *ilp_policy_suite(void)
{
	Suite *s = suite_create("ilp/policy");
	TCase *t = tcase_create("policy");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_not_set_has_its_default);
	tcase_add_test(t, families_read_how_on_track_is_worked_out_and_nothing_else);
	tcase_add_test(t, only_administrators_set_them);
	tcase_add_test(t, one_change_leaves_the_others_alone);
	tcase_add_test(t, null_takes_a_rule_back);
	tcase_add_test(t, the_same_change_again_is_no_change);
	tcase_add_test(t, what_it_may_be);
	tcase_add_test(t, support_is_never_milder_than_a_little_behind);
	tcase_add_test(t, the_database_has_the_same_defaults);
	suite_add_tcase(s, t);
	return s;
}
