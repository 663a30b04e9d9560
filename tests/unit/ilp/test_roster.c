/* A course's members, page by page. */
#include "ilp/school.h"

static struct viewer kari;

static void setup(void)
{
	open_school();
	peek("UPDATE ilp.course SET roster_state = 'none' WHERE roster_state IN ('wanted', "
	     "'running')");
	roster_url = "https://canvas.example/members";
	kari = arrive("kari", "teacher");
}

static bool claim(struct roster_job *job)
{
	bool found;

	ck_assert_msg(roster_claim(db, m, job, &found, &e), "%s", e.text);
	return found;
}

static struct roster_person person(const char *sub, const char *role)
{
	return (struct roster_person){.sub = sub,
				      .given = "G",
				      .family = sub,
				      .name = mem_printf(m, "G %s", sub),
				      .email = mem_printf(m, "%s@example.org", sub),
				      .role = role};
}

static int64_t take(const struct roster_person *people, size_t n)
{
	struct roster_job job;
	int64_t left;

	ck_assert_msg(course_refresh(db, m, &kari, &e), "%s", e.text);
	ck_assert(claim(&job));
	ck_assert_msg(!n || roster_take(db, m, &job, people, n, &e), "%s", e.text);
	ck_assert_msg(roster_finish(db, m, &job, &left, &e), "%s", e.text);
	return left;
}

static const char *members(void)
{
	return peek("SELECT string_agg(i.sub || ' ' || m.role || ' ' || m.source || CASE WHEN "
		    "m.left_at IS NULL THEN '' ELSE ' left' END,"
		    " ',' ORDER BY i.sub) FROM ilp.membership m JOIN ilp.identity i ON i.tenant_id "
		    "= m.tenant_id AND"
		    " i.person_id = m.person_id WHERE m.tenant_id = '%s'",
		    tenant);
}

START_TEST(a_wanted_roster_is_claimed_once)
{
	struct roster_job job, none;

	ck_assert(claim(&job));
	ck_assert_str_eq(job.tenant, tenant);
	ck_assert_str_eq(job.course, kari.course);
	ck_assert_str_eq(job.registration, registration);
	ck_assert_str_eq(job.url, "https://canvas.example/members");
	ck_assert_str_eq(job.resource_link, "link");
	ck_assert(!claim(&none));
	peek("UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE course_id = "
	     "'%s'",
	     kari.course);
	ck_assert(claim(&none));
}
END_TEST

START_TEST(a_page_taken_in_twice_changes_nothing)
{
	struct roster_job job;
	struct roster_person page[] = {person("ada", "student"), person("bo", "student"),
				       person("ada", "student"), person("kari", "teacher")};
	int64_t left;

	ck_assert(claim(&job));
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(roster_take(db, m, &job, page, 4, &e), "%s", e.text);
		ck_assert_str_eq(members(),
				 "ada student roster,bo student roster,kari teacher launch");
	}
	ck_assert(roster_finish(db, m, &job, &left, &e));
	ck_assert_int_eq(left, 0);
	assert_peek("3", "SELECT count(*) FROM ilp.person WHERE tenant_id = '%s'", tenant);
	assert_peek("done", "SELECT roster_state FROM ilp.course WHERE course_id = '%s'",
		    kari.course);
}
END_TEST

START_TEST(a_launch_outranks_the_list)
{
	struct roster_person page[] = {person("kari", "student")};

	take(page, 1);
	ck_assert_str_eq(members(), "kari teacher launch");
	assert_peek("G kari", "SELECT name FROM ilp.person WHERE person_id = '%s'", kari.person);
}
END_TEST

START_TEST(who_is_missing_twice_has_left_and_may_come_back)
{
	struct roster_person page[] = {person("ada", "student"), person("bo", "student")};

	ck_assert_int_eq(take(page, 2), 0);
	ck_assert_int_eq(take(page, 1), 0);
	ck_assert_int_eq(take(page, 1), 1);
	ck_assert_str_eq(members(),
			 "ada student roster,bo student roster left,kari teacher launch");
	ck_assert_int_eq(take(page, 1), 0);
	ck_assert_int_eq(take(page, 2), 0);
	ck_assert_str_eq(members(), "ada student roster,bo student roster,kari teacher launch");
}
END_TEST

START_TEST(a_failed_roster_takes_nobody_away)
{
	struct roster_person page[] = {person("ada", "student")};
	struct roster_job job;

	take(page, 1);
	for (int i = 0; i < 3; i++) {
		ck_assert(course_refresh(db, m, &kari, &e));
		ck_assert(claim(&job));
		ck_assert(roster_fail(db, m, &job, "platform_denied", &e));
	}
	ck_assert_str_eq(members(), "ada student roster,kari teacher launch");
	assert_peek("failed|platform_denied",
		    "SELECT roster_state, roster_error FROM ilp.course WHERE course_id = '%s'",
		    kari.course);
}
END_TEST

START_TEST(names_not_listed_are_kept)
{
	struct roster_person full = person("ada", "student"),
			     bare = {.sub = "ada", .role = "student"};

	take(&full, 1);
	take(&bare, 1);
	assert_peek("G|ada|G ada|ada@example.org",
		    "SELECT given_name, family_name, name, email FROM ilp.person p WHERE tenant_id "
		    "= '%s'"
		    " AND family_name = 'ada'",
		    tenant);
}
END_TEST

START_TEST(a_child_the_list_made_known_is_linked)
{
	static const char *const children[] = {"ada"};
	struct roster_person page[] = {person("ada", "student")};
	struct viewer mum = arrive_as_guardian("mum", children, 1);

	take(page, 1);
	assert_peek("active", "SELECT state FROM ilp.guardian_link WHERE guardian_id = '%s'",
		    mum.person);
}
END_TEST

/* ---- Who is here ---- */

START_TEST(teachers_see_who_is_in_the_course)
{
	struct roster_person page[] = {person("ada", "student"), person("tess", "student"),
				       person("mo", "mentor")};
	struct person *people;
	size_t n;

	page[1].is_test = true;
	arrive("mum", "guardian");
	take(page, 3);
	viewer_begin(db, m, &kari);
	int at = course_people_add(db, &kari);
	ck_assert(db_commit(db, &e));
	people_read(db, m, at, ROLE_NONE, &people, &n);
	ck_assert_uint_eq(n, 2);
	for (size_t i = 0; i < n; i++)
		ck_assert(str_eq(people[i].name, "G ada") ? people[i].role == ROLE_STUDENT
							  : people[i].role == ROLE_TEACHER);
}
END_TEST

START_TEST(only_teachers_ask_for_a_roster)
{
	struct viewer ada = arrive("ada", "student");
	struct roster_job job;

	ck_assert(claim(&job));
	ck_assert(!course_refresh(db, m, &ada, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	/* what runs is not started a second time */
	ck_assert(course_refresh(db, m, &kari, &e));
	assert_peek("running", "SELECT roster_state FROM ilp.course WHERE course_id = '%s'",
		    kari.course);
}
END_TEST

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

Suite *ilp_roster_suite(void)
{
	Suite *s = suite_create("ilp/roster");
	TCase *t = tcase_create("roster");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, a_wanted_roster_is_claimed_once);
	tcase_add_test(t, a_page_taken_in_twice_changes_nothing);
	tcase_add_test(t, a_launch_outranks_the_list);
	tcase_add_test(t, who_is_missing_twice_has_left_and_may_come_back);
	tcase_add_test(t, a_failed_roster_takes_nobody_away);
	tcase_add_test(t, names_not_listed_are_kept);
	tcase_add_test(t, a_child_the_list_made_known_is_linked);
	tcase_add_test(t, teachers_see_who_is_in_the_course);
	tcase_add_test(t, only_teachers_ask_for_a_roster);
	tcase_add_test(t, people_always_have_a_name);
	tcase_add_test(t, facts_follow_the_person_and_the_school);
	suite_add_tcase(s, t);
	return s;
}
