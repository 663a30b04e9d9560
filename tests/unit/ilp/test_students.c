/* Lists of students: who is in them for whom, one row a plan, and numbers that count what
 * their reader sees. */
#include "ilp/planned.h"
#include "ilp/students.h"

static struct student_list listed(const struct viewer *v, struct students_wish w)
{
	struct student_list l;

	e = (struct err){0};
	ck_assert_msg(students_read(db, m, v, &w, &l, &e), "%s", e.text);
	return l;
}

static const struct listed_student *student(const struct student_list *l, const char *id)
{
	for (size_t i = 0; i < l->students_n; i++)
		if (str_eq(l->students[i].person.id, id))
			return &l->students[i];
	return NULL;
}

static const struct listed_plan *first_plan(const struct student_list *l, const char *id)
{
	for (size_t i = 0; i < l->plans_n; i++)
		if (str_eq(l->plans[i].id, id))
			return &l->plans[i];
	return NULL;
}

/* Who sees: numbers of the plan in that viewer's list. */
static struct listed_plan seen_by(const struct viewer *v, struct students_wish w)
{
	struct student_list l = listed(v, w);
	const struct listed_plan *p = first_plan(&l, plan);

	ck_assert_ptr_nonnull(p);
	return *p;
}

static const char *put_group(const char *name, const char *org, const struct viewer *member)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name) VALUES ('%s', '%s', "
	     "nullif('%s', '')::uuid, '%s'); INSERT INTO ilp.group_member (tenant_id, group_id, "
	     "person_id) VALUES ('%s', '%s', '%s')",
	     tenant, id, org, name, tenant, id, member->person);
	return id;
}

static void put_mentor(const struct viewer *mentor, const char *group, const char *from, const char *to)
{
	peek("INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id, starts_on, "
	     "ends_on) VALUES ('%s', gen_random_uuid(), '%s', '%s', %s, %s)",
	     tenant, mentor->person, group, from, to);
}

static const char *put_org(const char *name, const char *parent)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.org (tenant_id, org_id, parent_id, name) VALUES ('%s', '%s', "
	     "nullif('%s', '')::uuid, '%s')",
	     tenant, id, parent, name);
	return id;
}

/* ---- Who is in it ---- */

START_TEST(a_mentor_has_those_in_their_charge_and_nobody_else)
{
	struct student_list l = listed(&kari, (struct students_wish){0});

	ck_assert_uint_eq(l.students_n, 1);
	ck_assert_str_eq(l.students[0].person.id, ada.person);
	ck_assert_int_eq(l.students[0].hat, HAT_MENTOR);
	ck_assert_uint_eq(listed(&liv, (struct students_wish){0}).students_n, 0);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){0}).students_n, 0);
}
END_TEST

/* */
START_TEST(a_group_is_listed_with_or_without_plans)
{
	const char *group = put_group("8B", "", &ada);

	peek("INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%s', '%s', '%s')", tenant,
	     group, bo.person);
	put_mentor(&liv, group, "'-infinity'", "NULL");
	struct student_list l = listed(&liv, (struct students_wish){0});
	ck_assert_uint_eq(l.students_n, 2);
	ck_assert_uint_eq(l.plans_n, 1);
	ck_assert_str_eq(student(&l, bo.person)->groups, group);
	ck_assert_uint_eq(l.groups_n, 1);
	ck_assert(l.groups[0].is_mine);
	ck_assert_int_eq(l.groups[0].students, 2);
	ck_assert_str_eq(l.groups[0].name, "8B");
}
END_TEST

/* */
START_TEST(several_current_plans_are_several_rows_and_past_ones_none)
{
	const char *form = peek("SELECT form_id FROM ilp.plan WHERE plan_id = '%s'", plan);
	const char *draft = make_plan_of(ada.person, form, "draft");
	const char *locked = make_plan_of(ada.person, form, "locked");
	struct student_list l = listed(&kari, (struct students_wish){0});

	ck_assert_uint_eq(l.plans_n, 2);
	ck_assert_ptr_nonnull(first_plan(&l, draft));
	ck_assert_str_eq(first_plan(&l, plan)->currency, "current");
	ck_assert_str_eq(student(&l, ada.person)->last_id, locked);
	l = listed(&kari, (struct students_wish){.and_state = "locked"});
	ck_assert_uint_eq(l.plans_n, 3);
	ck_assert_str_eq(first_plan(&l, locked)->currency, "past");
	peek("UPDATE ilp.plan SET ends_on = current_date - 10 WHERE plan_id = '%s'", plan);
	peek("UPDATE ilp.plan SET starts_on = current_date + 5 WHERE plan_id = '%s'", draft);
	l = listed(&kari, (struct students_wish){0});
	ck_assert_str_eq(first_plan(&l, plan)->currency, "current"); /* not locked yet */
	ck_assert_str_eq(first_plan(&l, draft)->currency, "upcoming");
}
END_TEST

/* I-30 */
START_TEST(I30_a_mentor_has_nobody_before_and_after_their_time)
{
	const char *group = put_group("8B", "", &ada);

	put_mentor(&liv, group, "current_date - 20", "current_date - 1");
	ck_assert_uint_eq(listed(&liv, (struct students_wish){0}).students_n, 0);
	ck_assert_uint_eq(listed(&liv, (struct students_wish){.group = group}).students_n, 0);
	put_mentor(&liv, group, "current_date + 1", "NULL");
	ck_assert_uint_eq(listed(&liv, (struct students_wish){0}).students_n, 0);
	put_mentor(&liv, group, "current_date", "current_date");
	ck_assert_uint_eq(listed(&liv, (struct students_wish){0}).students_n, 1);
}
END_TEST

START_TEST(teachers_are_mentors_of_their_course_where_the_school_says_so)
{
	peek("UPDATE ilp.tenant SET policy = '{\"teachers_are_mentors\": true}' WHERE tenant_id = '%s'", tenant);
	struct student_list l = listed(&liv, (struct students_wish){0});
	ck_assert_uint_eq(l.students_n, 2);
	ck_assert_uint_eq(l.groups_n, 1);
	ck_assert_str_eq(l.groups[0].name, "English 8B");
	ck_assert_str_eq(l.groups[0].id, liv.course);
	ck_assert_uint_eq(listed(&ole, (struct students_wish){0}).students_n, 0);
	ck_assert_uint_eq(listed(&ole, (struct students_wish){.group = liv.course}).students_n, 0);
}
END_TEST

static int hat_at_the_door(const char *of, const struct viewer *v)
{
	const char *said = peek("SELECT set_config('app.tenant', '%s', false); SELECT ilp.hat('%s', '%s', "
				"'teacher', '%s')",
				tenant, of, v->person, v->course);

	return atoi(strrchr(said, '\n') + 1);
}

/* Whatever the list says of a hat, the door to the plan says too. */
START_TEST(the_hat_of_a_list_is_the_hat_of_the_plan)
{
	const struct viewer *staff[] = {&kari, &liv};

	for (int i = 0; i < 2; i++) {
		struct student_list l = listed(staff[i], (struct students_wish){.of_course = true});
		ck_assert_uint_eq(l.students_n, 2);
		for (size_t k = 0; k < l.students_n; k++)
			ck_assert_int_eq(l.students[k].hat,
					 hat_at_the_door(l.students[k].person.id, staff[i]));
	}
}
END_TEST

/* ---- Headteachers ---- */

START_TEST(a_headteacher_has_the_groups_of_the_school_and_one_at_a_time)
{
	const char *school = put_org("Solbakken", ""), *other = put_org("Nordvik", "");
	const char *mine = put_group("8B", school, &ada), *far = put_group("9A", other, &bo);

	peek("UPDATE ilp.head SET org_id = '%s' WHERE person_id = '%s'", school, rektor.person);
	struct student_list l = listed(&rektor, (struct students_wish){0});
	ck_assert_uint_eq(l.groups_n, 1);
	ck_assert_str_eq(l.groups[0].id, mine);
	ck_assert(!l.groups[0].is_mine);
	ck_assert_uint_eq(l.students_n, 0);
	l = listed(&rektor, (struct students_wish){.group = mine});
	ck_assert_uint_eq(l.students_n, 1);
	ck_assert_int_eq(l.students[0].hat, HAT_HEAD);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.group = far}).students_n, 0);
	ck_assert_uint_eq(listed(&liv, (struct students_wish){.group = mine}).students_n, 0);
}
END_TEST

/* I-29 */
START_TEST(I29_whoever_has_no_mentor_is_said_to_headteachers)
{
	const char *group = put_group("8B", "", &ada);

	peek("INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%s', '%s', '%s')", tenant,
	     group, bo.person);
	struct student_list l = listed(&rektor, (struct students_wish){.group = group});
	ck_assert(!student(&l, ada.person)->is_orphan);
	ck_assert(student(&l, bo.person)->is_orphan);
}
END_TEST

START_TEST(a_headteacher_finds_students_by_how_their_names_begin)
{
	const char *school = put_org("Solbakken", "");

	put_group("8B", school, &ada);
	peek("UPDATE ilp.person SET name = 'Åse Nordmann', given_name = 'Åse', family_name = 'Nordmann' "
	     "WHERE person_id = '%s'",
	     ada.person);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "ås"}).students_n, 1);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "Nord"}).students_n, 1);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "nordmann åse"}).students_n, 1);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "nordmann bo"}).students_n, 0);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "mann"}).students_n, 0);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "%"}).students_n, 0);
	/* teachers and guardians are nobody's students; of another school neither */
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "given kari"}).students_n, 0);
	ck_assert_uint_eq(listed(&kari, (struct students_wish){.search = "ås"}).students_n, 0);
	peek("UPDATE ilp.head SET org_id = '%s' WHERE person_id = '%s'", put_org("Nordvik", ""), rektor.person);
	ck_assert_uint_eq(listed(&rektor, (struct students_wish){.search = "ås"}).students_n, 0);
}
END_TEST

/* ---- A course ---- */

START_TEST(course_teachers_have_their_students_and_no_more_of_the_plan_than_shows_to_them)
{
	struct listed_plan p = seen_by(&liv, (struct students_wish){.of_course = true});

	ck_assert(p.has_tasks && !p.is_whole);
	ck_assert_ptr_null(p.changed_at);
	ck_assert_ptr_null(p.changed_by);
	ck_assert_ptr_null(p.published_at);
	ck_assert_int_eq(p.comments, 0);
	p = seen_by(&kari, (struct students_wish){.of_course = true});
	ck_assert(p.is_whole && p.changed_at);
	ck_assert_uint_eq(listed(&ole, (struct students_wish){.of_course = true}).students_n, 0);
	struct student_list l;
	ck_assert(!students_read(db, m, &ada, &(struct students_wish){.of_course = true}, &l, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!students_read(db, m, &mum, &(struct students_wish){0}, &l, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

/* ---- Numbers ---- */

/* I-28, I-03: tasks in a list that hides from course teachers change nothing they get. */
START_TEST(I28_numbers_count_what_their_reader_sees)
{
	put_task("tasks", goal, "Read", "done");
	put_task("tasks", goal, "Write", "todo");
	struct listed_plan before = seen_by(&liv, (struct students_wish){.of_course = true});
	const char *secret = put_task("secrets", goal, "Not for others", "doing");
	peek("UPDATE ilp.task SET due_on = current_date - 3 WHERE task_id = '%s'", secret);
	put_post("notes", "Not for others", &ada, HAT_STUDENT, HAT_MENTOR);
	struct listed_plan after = seen_by(&liv, (struct students_wish){.of_course = true});
	ck_assert_int_eq(after.done, 1);
	ck_assert_int_eq(after.todo, 1);
	ck_assert_int_eq(after.doing, 0);
	ck_assert_int_eq(after.late, 0);
	ck_assert_str_eq(after.track, before.track);
	struct listed_plan own = seen_by(&kari, (struct students_wish){0});
	ck_assert_int_eq(own.doing, 1);
	ck_assert_int_eq(own.late, 1);
	ck_assert_str_eq(own.track, "behind");
	ck_assert_int_eq(own.comments, 1);
}
END_TEST

START_TEST(what_was_taken_away_or_moved_on_is_not_counted)
{
	const char *gone = put_task("tasks", goal, "Read", "done"), *moved = put_task("tasks", goal, "Write", "todo");
	struct listed_plan p = seen_by(&kari, (struct students_wish){0});

	ck_assert_int_eq(p.done + p.todo, 2);
	peek("UPDATE ilp.task SET removed_at = now() WHERE task_id = '%s'", gone);
	peek("UPDATE ilp.task SET moved_to = '%s' WHERE task_id = '%s'", plan, moved);
	p = seen_by(&kari, (struct students_wish){0});
	ck_assert_int_eq(p.done + p.todo, 0);
	ck_assert_ptr_null(p.track);
	put_task("tasks", goal, "Sing", "todo");
	peek("UPDATE ilp.plan_row SET removed_at = now() WHERE row_id = '%s'", competence);
	ck_assert_int_eq(seen_by(&kari, (struct students_wish){0}).todo, 0);
}
END_TEST

START_TEST(news_is_what_the_family_wrote_since_the_last_look)
{
	put_post("said", "Of home", &mum, HAT_GUARDIAN, HAT_ALL);
	put_post("said", "Of the mentor", &kari, HAT_MENTOR, HAT_ALL);
	ck_assert_int_eq(seen_by(&kari, (struct students_wish){0}).comments, 1);
	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, previous_at, seen_at) "
	     "VALUES ('%s', '%s', '%s', 1, now(), now() + interval '1 second', now() + interval '1 second')",
	     tenant, plan, kari.person);
	ck_assert_int_eq(seen_by(&kari, (struct students_wish){0}).comments, 0);
}
END_TEST

START_TEST(who_has_opened_it_and_who_could)
{
	struct listed_plan p = seen_by(&kari, (struct students_wish){0});

	ck_assert(!p.opened_student && p.opened_home == HOME_NO && !p.asks_reading);
	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) VALUES "
	     "('%1$s', '%2$s', '%3$s', 4, now(), now()), ('%1$s', '%2$s', '%4$s', 8, now(), now())",
	     tenant, plan, ada.person, mum.person);
	p = seen_by(&kari, (struct students_wish){0});
	ck_assert(p.opened_student && p.opened_home == HOME_YES);
	peek("DELETE FROM ilp.plan_look WHERE plan_id = '%s'", plan);
	peek("UPDATE ilp.guardian_link SET state = 'ended' WHERE student_id = '%s'", ada.person);
	ck_assert_int_eq(seen_by(&kari, (struct students_wish){0}).opened_home, HOME_NONE);
}
END_TEST

START_TEST(before_a_meeting_it_counts_who_said_they_read)
{
	const char *meeting = uuid_new(m);

	peek("INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, "
	     "starts_at, questions, created_at, changed_at) VALUES ('%1$s', '%2$s', '%3$s', '%4$s', '%2$s', '%5$s', "
	     "now() + interval '3 days', '[]', now(), now()); INSERT INTO ilp.meeting_party (tenant_id, "
	     "meeting_id, person_id, hat, confirmed_at) VALUES ('%1$s', '%2$s', '%4$s', 4, now()), ('%1$s', "
	     "'%2$s', '%6$s', 8, NULL)",
	     tenant, meeting, plan, ada.person, kari.person, mum.person);
	struct student_list l = listed(&kari, (struct students_wish){0});
	struct listed_plan p = *first_plan(&l, plan);
	ck_assert(p.asks_reading && p.confirmed_student && p.confirmed_home == HOME_NO);
	ck_assert_uint_eq(l.meetings_n, 1);
	ck_assert_int_eq(l.meetings[0].students, 1);
	ck_assert_int_eq(l.meetings[0].read_by_student, 1);
	ck_assert_int_eq(l.meetings[0].homes, 1);
	ck_assert_int_eq(l.meetings[0].read_by_home, 0);
	ck_assert_uint_eq(listed(&liv, (struct students_wish){0}).meetings_n, 0);
}
END_TEST

START_TEST(what_somebody_said_of_the_track_outranks_the_rule)
{
	peek("UPDATE ilp.plan SET track = 'ahead', track_reason = 'Knows it all' WHERE plan_id = '%s'", plan);
	struct listed_plan p = seen_by(&kari, (struct students_wish){0});
	ck_assert_str_eq(p.track, "ahead");
	ck_assert(p.track_said);
	ck_assert_str_eq(p.track_reason, "Knows it all");
	p = seen_by(&liv, (struct students_wish){.of_course = true});
	ck_assert_str_eq(p.track, "ahead");
	ck_assert_ptr_null(p.track_reason);
}
END_TEST

/* ---- The first page ---- */

static void hats(const struct viewer *v, bool *mentor, bool *head)
{
	viewer_begin(db, m, v);
	int at = home_hats_add(db, v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	home_hats_read(db, at, mentor, head);
}

START_TEST(the_first_page_knows_who_is_a_mentor_or_a_headteacher)
{
	bool mentor, head;

	hats(&kari, &mentor, &head);
	ck_assert(mentor && !head);
	hats(&rektor, &mentor, &head);
	ck_assert(!mentor && head);
	hats(&liv, &mentor, &head);
	ck_assert(!mentor && !head);
}
END_TEST

static size_t family_plans(const struct viewer *v, int hat)
{
	struct family_plan *list;
	size_t n;

	viewer_begin(db, m, v);
	int at = home_plans_add(db, m, v, hat);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	home_plans_read(db, m, at, &list, &n);
	for (size_t i = 0; i < n; i++)
		ck_assert_str_eq(list[i].student, ada.person);
	return n;
}

/* I-04 */
START_TEST(families_have_what_was_published)
{
	const char *form = peek("SELECT form_id FROM ilp.plan WHERE plan_id = '%s'", plan);

	make_plan_of(ada.person, form, "draft");
	ck_assert_uint_eq(family_plans(&ada, HAT_STUDENT), 1);
	ck_assert_uint_eq(family_plans(&mum, HAT_GUARDIAN), 1);
	ck_assert_uint_eq(family_plans(&stranger, HAT_GUARDIAN), 0);
	ck_assert_uint_eq(family_plans(&bo, HAT_STUDENT), 0);
	peek("UPDATE ilp.plan SET state = 'locked' WHERE plan_id = '%s'", plan);
	ck_assert_uint_eq(family_plans(&mum, HAT_GUARDIAN), 1);
	peek("UPDATE ilp.tenant SET policy = '{\"guardian_history\": false}' WHERE tenant_id = '%s'", tenant);
	ck_assert_uint_eq(family_plans(&mum, HAT_GUARDIAN), 0);
	ck_assert_uint_eq(family_plans(&ada, HAT_STUDENT), 1);
	peek("UPDATE ilp.guardian_link SET state = 'blocked' WHERE guardian_id = '%s'", mum.person);
	peek("UPDATE ilp.plan SET state = 'published' WHERE plan_id = '%s'", plan);
	ck_assert_uint_eq(family_plans(&mum, HAT_GUARDIAN), 0);
}
END_TEST

Suite *ilp_students_suite(void)
{
	Suite *s = suite_create("students");
	TCase *c = tcase_create("all");

	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, open_plan, close_school);
	tcase_add_test(c, a_mentor_has_those_in_their_charge_and_nobody_else);
	tcase_add_test(c, a_group_is_listed_with_or_without_plans);
	tcase_add_test(c, several_current_plans_are_several_rows_and_past_ones_none);
	tcase_add_test(c, I30_a_mentor_has_nobody_before_and_after_their_time);
	tcase_add_test(c, teachers_are_mentors_of_their_course_where_the_school_says_so);
	tcase_add_test(c, the_hat_of_a_list_is_the_hat_of_the_plan);
	tcase_add_test(c, a_headteacher_has_the_groups_of_the_school_and_one_at_a_time);
	tcase_add_test(c, I29_whoever_has_no_mentor_is_said_to_headteachers);
	tcase_add_test(c, a_headteacher_finds_students_by_how_their_names_begin);
	tcase_add_test(c, course_teachers_have_their_students_and_no_more_of_the_plan_than_shows_to_them);
	tcase_add_test(c, I28_numbers_count_what_their_reader_sees);
	tcase_add_test(c, what_was_taken_away_or_moved_on_is_not_counted);
	tcase_add_test(c, news_is_what_the_family_wrote_since_the_last_look);
	tcase_add_test(c, who_has_opened_it_and_who_could);
	tcase_add_test(c, before_a_meeting_it_counts_who_said_they_read);
	tcase_add_test(c, what_somebody_said_of_the_track_outranks_the_rule);
	tcase_add_test(c, the_first_page_knows_who_is_a_mentor_or_a_headteacher);
	tcase_add_test(c, families_have_what_was_published);
	suite_add_tcase(s, c);
	return s;
}
