/* What people are called, and what a page says first of who is there and where. */
#include "ilp/school.h"

static struct viewer kari;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
}

START_TEST(people_always_have_a_name)
{
	ck_assert_str_eq(person_name(m, "Ada L", "Ada", "Lovelace", "id"), "Ada L");
	ck_assert_str_eq(person_name(m, "", "Ada", "Lovelace", "id"), "Ada Lovelace");
	ck_assert_str_eq(person_name(m, NULL, "Ada", NULL, "id"), "Ada");
	ck_assert_str_eq(person_name(m, NULL, "", "Lovelace", "id"), "Lovelace");
	ck_assert_str_eq(person_name(m, "", "", "", "018f0000-0000-7000-8000-000000abcdef"),
			 "#abcdef");
	ck_assert_str_eq(person_name(m, NULL, NULL, NULL, "id"), "#id");
}
END_TEST

START_TEST(facts_follow_the_person_and_the_school)
{
	struct viewer_facts f;

	ck_assert(viewer_set_language(db, m, &kari, "en", &e));
	viewer_begin(db, m, &kari);
	int at = viewer_facts_add(db, &kari);
	ck_assert(db_commit(db, &e));
	ck_assert(viewer_facts_read(db, m, &kari, at, &f, &e));
	ck_assert_str_eq(f.name, "Given kari");
	ck_assert_str_eq(f.language, "en");
	ck_assert_str_eq(f.school, "Solbakken skole");
	ck_assert_str_eq(f.help, "the office");
	ck_assert_str_eq(f.course_title, "English 8B");
	db_free(db);
	/* half past midnight in Oslo */
	db = db_at("2026-11-22T23:30:00Z");
	struct viewer late = arrive("late", "teacher");
	viewer_begin(db, m, &late);
	at = viewer_facts_add(db, &late);
	ck_assert(db_commit(db, &e));
	ck_assert(viewer_facts_read(db, m, &late, at, &f, &e));
	ck_assert_str_eq(f.today, "2026-11-23");
}
END_TEST

Suite *ilp_people_suite(void)
{
	Suite *s = suite_create("ilp/people");
	TCase *t = tcase_create("people");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, people_always_have_a_name);
	tcase_add_test(t, facts_follow_the_person_and_the_school);
	suite_add_tcase(s, t);
	return s;
}
