/* Guardians and their children: linked by what platforms say, as long as they say it, and
 * never against the school's word. */
#include "ilp/school.h"

static const char *links(void)
{
	return peek("SELECT string_agg(s.family_name || ' ' || l.state || ' ' || l.source, ',' "
		    "ORDER BY s.family_name)"
		    " FROM ilp.guardian_link l JOIN ilp.person s ON s.tenant_id = l.tenant_id AND "
		    "s.person_id = l.student_id"
		    " WHERE l.tenant_id = '%s'",
		    tenant);
}

START_TEST(children_are_linked_when_they_are_known)
{
	static const char *const children[] = {"ada", "bo", "nobody"};

	arrive("ada", "student");
	arrive_as_guardian("mum", children, 3);
	ck_assert_str_eq(links(), "ada active canvas_observees");
	arrive("bo", "student");
	arrive_as_guardian("mum", children, 3);
	ck_assert_str_eq(links(), "ada active canvas_observees,bo active canvas_observees");
	assert_peek("t",
		    "SELECT bool_and(expires_at - confirmed_at = interval '180 days') FROM "
		    "ilp.guardian_link WHERE tenant_id = '%s'",
		    tenant);
}
END_TEST

START_TEST(a_child_named_no_more_is_linked_no_more)
{
	static const char *const children[] = {"ada", "bo"};

	arrive("ada", "student");
	arrive("bo", "student");
	arrive_as_guardian("mum", children, 2);
	arrive_as_guardian("mum", children + 1, 1);
	ck_assert_str_eq(links(), "ada ended canvas_observees,bo active canvas_observees");
	arrive_as_guardian("mum", children, 1);
	ck_assert_str_eq(links(), "ada active canvas_observees,bo ended canvas_observees");
	arrive_as_guardian("mum", NULL, 0);
	ck_assert_str_eq(links(), "ada ended canvas_observees,bo ended canvas_observees");
}
END_TEST

START_TEST(a_platform_that_cannot_say_ends_nothing)
{
	static const char *const children[] = {"ada"};

	arrive("ada", "student");
	arrive_as_guardian("mum", children, 1);
	arrive("mum", "guardian");
	ck_assert_str_eq(links(), "ada active canvas_observees");
}
END_TEST

START_TEST(a_child_named_in_another_course_stays_linked)
{
	static const char *const children[] = {"ada"};
	struct arrival a = launch_of("mum", "guardian");

	arrive("ada", "student");
	arrive_in("8C", "ada", "student");
	arrive_as_guardian("mum", children, 1);
	a.context = "8C";
	a.children = children;
	a.children_n = 1;
	a.children_sources = (const char *const[]){"canvas_observees"};
	a.says_children = true;
	take_in(&a);
	arrive_as_guardian("mum", NULL, 0);
	ck_assert_str_eq(links(), "ada active canvas_observees");
}
END_TEST

START_TEST(a_block_is_the_schools_word)
{
	static const char *const children[] = {"ada"};

	arrive("ada", "student");
	arrive_as_guardian("mum", children, 1);
	peek("UPDATE ilp.guardian_link SET state = 'blocked' WHERE tenant_id = '%s'", tenant);
	arrive_as_guardian("mum", children, 1);
	ck_assert_str_eq(links(), "ada blocked canvas_observees");
	arrive_as_guardian("mum", NULL, 0);
	ck_assert_str_eq(links(), "ada blocked canvas_observees");
}
END_TEST

/* Whatever looks for children later: a launch, a roster, another launch. */
START_TEST(a_block_outlives_launch_and_roster)
{
	static const char *const children[] = {"ada"};

	arrive("ada", "student");
	arrive_as_guardian("mum", children, 1);
	peek("UPDATE ilp.guardian_link SET state = 'blocked' WHERE tenant_id = '%s'", tenant);
	for (int again = 0; again < 2; again++) {
		db_begin(db, m, &(struct db_scope){.tenant = tenant});
		db_add(db, DB_GUARDIAN_LINKS_MAKE, registration, NULL, "8B");
		ck_assert_msg(db_commit(db, &e), "%s", e.text);
		ck_assert_str_eq(links(), "ada blocked canvas_observees");
		arrive("ada", "student");
		arrive_as_guardian("mum", children, 1);
		ck_assert_str_eq(links(), "ada blocked canvas_observees");
	}
	assert_peek("t",
		    "SELECT bool_and(expires_at IS NOT NULL) FROM ilp.guardian_link WHERE "
		    "tenant_id = '%s'",
		    tenant);
}
END_TEST

static const char *is_guardian(const struct viewer *guardian, const struct viewer *student)
{
	return peek(
		"SELECT set_config('app.tenant', '%s', false) IS NULL, ilp.is_guardian('%s', '%s')",
		tenant, guardian->person, student->person);
}

START_TEST(a_link_that_nobody_confirms_counts_no_more)
{
	static const char *const children[] = {"ada"};
	struct viewer ada = arrive("ada", "student");
	struct viewer mum = arrive_as_guardian("mum", children, 1);

	ck_assert_str_eq(is_guardian(&mum, &ada), "f|t");
	peek("UPDATE ilp.guardian_link SET confirmed_at = now() - interval '181 days', expires_at "
	     "= now() - interval '1 day'"
	     " WHERE tenant_id = '%s'",
	     tenant);
	peek("UPDATE ilp.guardian_claim SET claimed_at = now() - interval '181 days' WHERE "
	     "tenant_id = '%s'",
	     tenant);
	ck_assert_str_eq(is_guardian(&mum, &ada), "f|f");
	/* A roster finds the old claim once more: that confirms nothing. */
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_GUARDIAN_LINKS_MAKE, registration, NULL, "8B");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	ck_assert_str_eq(is_guardian(&mum, &ada), "f|f");
	/* The guardian herself, without the platform's word, does not either. */
	arrive("mum", "guardian");
	ck_assert_str_eq(is_guardian(&mum, &ada), "f|f");
	arrive_as_guardian("mum", children, 1);
	ck_assert_str_eq(is_guardian(&mum, &ada), "f|t");
	assert_peek("t",
		    "SELECT expires_at > now() + interval '179 days' FROM ilp.guardian_link WHERE "
		    "tenant_id = '%s'",
		    tenant);
}
END_TEST

/* What was said longer ago in another course does not shorten what is known now. */
START_TEST(an_older_claim_takes_nothing_back)
{
	static const char *const children[] = {"ada"};
	struct arrival a = launch_of("mum", "guardian");

	arrive("ada", "student");
	arrive_in("8C", "ada", "student");
	a.context = "8C";
	a.children = children;
	a.children_n = 1;
	a.children_sources = (const char *const[]){"role_scope_mentor"};
	a.says_children = true;
	take_in(&a);
	peek("UPDATE ilp.guardian_claim SET claimed_at = now() - interval '100 days' WHERE "
	     "tenant_id = '%s'",
	     tenant);
	arrive_as_guardian("mum", children, 1);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_GUARDIAN_LINKS_MAKE, registration, NULL, "8C");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	ck_assert_str_eq(links(), "ada active canvas_observees");
	assert_peek("t",
		    "SELECT confirmed_at > now() - interval '1 hour' FROM ilp.guardian_link WHERE "
		    "tenant_id = '%s'",
		    tenant);
}
END_TEST

START_TEST(each_child_keeps_where_it_was_said)
{
	static const char *const children[] = {"ada", "bo"};
	static const char *const sources[] = {"role_scope_mentor", "canvas_observees"};
	struct arrival a = launch_of("mum", "guardian");

	arrive("ada", "student");
	arrive("bo", "student");
	a.children = children;
	a.children_n = 2;
	a.children_sources = sources;
	a.says_children = true;
	take_in(&a);
	ck_assert_str_eq(links(), "ada active role_scope_mentor,bo active canvas_observees");
	/* Said elsewhere now: the link says where it was confirmed last. */
	arrive_as_guardian("mum", children, 2);
	ck_assert_str_eq(links(), "ada active canvas_observees,bo active canvas_observees");
}
END_TEST

START_TEST(nobody_guards_themselves_or_a_teacher)
{
	static const char *const children[] = {"mum", "kari"};

	arrive("kari", "teacher");
	arrive("mum", "student");
	arrive_as_guardian("mum", children, 2);
	ck_assert_str_eq(links(), "");
}
END_TEST

START_TEST(ids_of_children_may_hold_anything)
{
	static const char *const children[] = {"a\"b\\c,{d}", "NULL", "it's", " sp ace ", "æøå"};

	for (size_t i = 0; i < 5; i++)
		arrive(children[i], "student");
	struct viewer v = arrive_as_guardian("mum", children, 5);
	assert_peek("5",
		    "SELECT count(*) FROM ilp.guardian_link WHERE guardian_id = '%s' AND state = "
		    "'active'",
		    v.person);
}
END_TEST

START_TEST(a_legacy_id_names_a_child_too)
{
	static const char *const children[] = {"old-ada"};
	struct arrival a = launch_of("ada", "student");

	a.lti11_id = "old-ada";
	take_in(&a);
	arrive_as_guardian("mum", children, 1);
	ck_assert_str_eq(links(), "ada active canvas_observees");
}
END_TEST

Suite *ilp_guardian_suite(void)
{
	Suite *s = suite_create("ilp/guardian");
	TCase *t = tcase_create("guardian");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, open_school, close_school);
	tcase_add_test(t, children_are_linked_when_they_are_known);
	tcase_add_test(t, a_child_named_no_more_is_linked_no_more);
	tcase_add_test(t, a_platform_that_cannot_say_ends_nothing);
	tcase_add_test(t, a_child_named_in_another_course_stays_linked);
	tcase_add_test(t, a_block_is_the_schools_word);
	tcase_add_test(t, a_block_outlives_launch_and_roster);
	tcase_add_test(t, a_link_that_nobody_confirms_counts_no_more);
	tcase_add_test(t, an_older_claim_takes_nothing_back);
	tcase_add_test(t, each_child_keeps_where_it_was_said);
	tcase_add_test(t, nobody_guards_themselves_or_a_teacher);
	tcase_add_test(t, ids_of_children_may_hold_anything);
	tcase_add_test(t, a_legacy_id_names_a_child_too);
	suite_add_tcase(s, t);
	return s;
}
