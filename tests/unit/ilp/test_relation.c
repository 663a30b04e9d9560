/* Relations, seen and blocked: who sees which, and that the school's word holds against
 * whatever platforms say, before and after. */
#include "ilp/relation.h"
#include "ilp/school.h"

static const char *const ada_only[] = {"ada"};

static struct viewer an_admin(void)
{
	struct arrival a = launch_of("boss", "none");

	a.admin = true;
	struct viewer v = take_in(&a);
	v.admin = true;
	return v;
}

/* "student guardian state", by student's name. */
static const char *seen_by(const struct viewer *v, const char *query)
{
	struct relation *list;
	const char *text = "";
	size_t n;

	ck_assert_msg(relation_list(db, m, v, query, &list, &n, &e), "%s", e.text);
	for (size_t i = 0; i < n; i++)
		text = mem_printf(m, "%s%s%s %s %s", text, *text ? "," : "", list[i].student_name,
				  list[i].guardian_name, list[i].state);
	return text;
}

static enum err_code block(const struct viewer *v, const char *student, const char *guardian, bool blocked,
			   const char *note)
{
	e = (struct err){0};
	return relation_block(db, m, v, student, guardian, blocked, note, &e) ? ERR_OK : e.code;
}

static const char *state_of(const struct viewer *student, const struct viewer *guardian)
{
	return peek("SELECT state || ' ' || source FROM ilp.guardian_link WHERE tenant_id = '%s' AND student_id = '%s'"
		    " AND guardian_id = '%s'",
		    student->tenant, student->person, guardian->person);
}

static bool may_read(const struct viewer *guardian, const struct viewer *student)
{
	return !strcmp(peek("SELECT ilp.is_guardian('%s', '%s') FROM set_config('app.tenant', '%s', false)",
			    guardian->person, student->person, guardian->tenant),
		       "t");
}

START_TEST(a_teacher_sees_those_of_the_course_an_administrator_all)
{
	static const char *const bo_only[] = {"bo"};

	arrive("ada", "student");
	arrive_in("8C", "bo", "student");
	arrive_as_guardian("mum", ada_only, 1);
	struct arrival a = launch_of("dad", "guardian");
	a.context = "8C";
	a.children = bo_only;
	a.children_n = 1;
	a.children_sources = (const char *const[]){"canvas_observees"};
	a.says_children = true;
	take_in(&a);
	struct viewer here = arrive("t1", "teacher"), there = arrive_in("8C", "t2", "teacher");
	struct viewer admin = an_admin();
	ck_assert_str_eq(seen_by(&here, NULL), "Given ada Given mum active");
	ck_assert_str_eq(seen_by(&there, NULL), "Given bo Given dad active");
	ck_assert_str_eq(seen_by(&there, "mum"), "");
	ck_assert_str_eq(seen_by(&admin, "DAD"), "Given bo Given dad active");
	ck_assert_str_eq(seen_by(&admin, "ada"), "Given ada Given mum active");
	ck_assert_str_eq(seen_by(&admin, "%"), "");
	ck_assert_uint_eq(strlen(seen_by(&admin, NULL)), strlen("Given ada Given mum active,Given bo Given dad active"));
}
END_TEST

START_TEST(who_left_the_course_is_its_teachers_no_more)
{
	struct viewer ada = arrive("ada", "student"), teacher = arrive("t1", "teacher");

	arrive_as_guardian("mum", ada_only, 1);
	peek("UPDATE ilp.membership SET left_at = now() WHERE tenant_id = '%s' AND person_id = '%s'", tenant, ada.person);
	ck_assert_str_eq(seen_by(&teacher, NULL), "");
}
END_TEST

START_TEST(no_other_role_sees_or_changes_any)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	struct viewer who[] = {ada, mum, arrive("guide", "mentor"), arrive("nobody", "none")};
	struct viewer teacher = arrive("t1", "teacher");
	struct relation *list = NULL;
	size_t n = 7;

	for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
		e = (struct err){0};
		ck_assert(!relation_list(db, m, &who[i], NULL, &list, &n, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert_int_eq(block(&who[i], ada.person, mum.person, true, ""), ERR_NOT_FOUND);
	}
	ck_assert_ptr_null(list);
	ck_assert_uint_eq(n, 7);
	ck_assert_int_eq(block(&teacher, ada.person, mum.person, true, ""), ERR_NOT_FOUND);
	ck_assert_str_eq(state_of(&ada, &mum), "active canvas_observees");
}
END_TEST

START_TEST(the_note_is_for_administrators)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	struct viewer teacher = arrive("t1", "teacher"), admin = an_admin();
	struct relation *list;
	size_t n;

	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, "By court order"), ERR_OK);
	ck_assert(relation_list(db, m, &admin, NULL, &list, &n, &e));
	ck_assert_str_eq(list[0].note, "By court order");
	ck_assert_str_eq(list[0].state, "blocked");
	ck_assert(relation_list(db, m, &teacher, NULL, &list, &n, &e));
	ck_assert_str_eq(list[0].note, "");
	assert_peek(admin.person, "SELECT changed_by FROM ilp.guardian_link WHERE tenant_id = '%s'", tenant);
}
END_TEST

/* What a launch, a roster and a launch that says nothing of it do to a block. */
START_TEST(a_block_outlives_whatever_platforms_say)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	struct viewer admin = an_admin();

	ck_assert(may_read(&mum, &ada));
	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, ""), ERR_OK);
	ck_assert(!may_read(&mum, &ada));
	arrive_as_guardian("mum", ada_only, 1);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_GUARDIAN_LINKS_MAKE, registration, NULL, "8B");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	ck_assert_str_eq(state_of(&ada, &mum), "blocked canvas_observees");
	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, "again"), ERR_OK);
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_OK);
	ck_assert(may_read(&mum, &ada));
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_block_may_come_before_any_link)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive("mum", "guardian"), admin = an_admin();

	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, "wait"), ERR_OK);
	arrive_as_guardian("mum", ada_only, 1);
	ck_assert(!may_read(&mum, &ada));
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_OK);
	ck_assert(!may_read(&mum, &ada));
	arrive_as_guardian("mum", ada_only, 1);
	ck_assert(may_read(&mum, &ada));
	ck_assert_str_eq(state_of(&ada, &mum), "active canvas_observees");
	arrive_as_guardian("mum", NULL, 0);
	ck_assert(!may_read(&mum, &ada));
}
END_TEST

START_TEST(what_the_platform_stopped_saying_does_not_live_again)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	struct viewer admin = an_admin();

	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, ""), ERR_OK);
	arrive_as_guardian("mum", NULL, 0);
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_OK);
	ck_assert_str_eq(state_of(&ada, &mum), "ended canvas_observees");
	/* and what had ended before the block */
	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, ""), ERR_OK);
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_OK);
	ck_assert(!may_read(&mum, &ada));
	arrive_as_guardian("mum", ada_only, 1);
	ck_assert(may_read(&mum, &ada));
}
END_TEST

START_TEST(what_has_expired_is_shown_so_and_stays_so)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	struct viewer teacher = arrive("t1", "teacher"), admin = an_admin();

	peek("UPDATE ilp.guardian_link SET expires_at = now() - interval '1 day' WHERE tenant_id = '%s'", tenant);
	ck_assert_str_eq(seen_by(&teacher, NULL), "Given ada Given mum expired");
	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, ""), ERR_OK);
	ck_assert_str_eq(seen_by(&teacher, NULL), "Given ada Given mum blocked");
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_OK);
	ck_assert_str_eq(seen_by(&teacher, NULL), "Given ada Given mum ended");
}
END_TEST

START_TEST(people_of_another_school_are_nobody)
{
	struct viewer ada = arrive("ada", "student"), mum = arrive_as_guardian("mum", ada_only, 1);
	const char *school = tenant, *platform = registration;

	tenant = uuid_new(m);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_TENANT_PUT, tenant, "Another school", "Europe/Oslo", "nb", "");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	make_registration("https://another.example");
	struct viewer admin = an_admin(), theirs = arrive("cleo", "student");
	ck_assert_str_eq(seen_by(&admin, NULL), "");
	ck_assert_int_eq(block(&admin, ada.person, mum.person, true, ""), ERR_NOT_FOUND);
	ck_assert_int_eq(block(&admin, theirs.person, mum.person, true, ""), ERR_NOT_FOUND);
	ck_assert_int_eq(block(&admin, theirs.person, theirs.person, true, ""), ERR_NOT_FOUND);
	ck_assert_int_eq(block(&admin, ada.person, mum.person, false, ""), ERR_NOT_FOUND);
	ck_assert_str_eq(state_of(&ada, &mum), "active canvas_observees");
	tenant = school;
	registration = platform;
}
END_TEST

Suite *ilp_relation_suite(void);
Suite *ilp_relation_suite(void)
{
	Suite *s = suite_create("relation");
	TCase *c = tcase_create("relation");

	tcase_add_checked_fixture(c, open_school, close_school);
	tcase_add_test(c, a_teacher_sees_those_of_the_course_an_administrator_all);
	tcase_add_test(c, who_left_the_course_is_its_teachers_no_more);
	tcase_add_test(c, no_other_role_sees_or_changes_any);
	tcase_add_test(c, the_note_is_for_administrators);
	tcase_add_test(c, a_block_outlives_whatever_platforms_say);
	tcase_add_test(c, a_block_may_come_before_any_link);
	tcase_add_test(c, what_the_platform_stopped_saying_does_not_live_again);
	tcase_add_test(c, what_has_expired_is_shown_so_and_stays_so);
	tcase_add_test(c, people_of_another_school_are_nobody);
	suite_add_tcase(s, c);
	return s;
}
