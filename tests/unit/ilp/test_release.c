/* Releasing, and what families see before and after it. */
#include "ilp/school.h"

static const char *const child[] = {"ada"};
static struct viewer kari, ada, bo, mum;
static struct review review;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	mum = arrive_as_guardian("mum", child, 1);
	review = make_review(&kari, "no_grades");
}

static struct release_plan plan(void)
{
	struct release_plan p;

	ck_assert_msg(release_preview(db, m, &kari, review.id, &p, &e), "%s", e.text);
	return p;
}

static size_t read_mine(const struct viewer *v, struct family_review **list)
{
	size_t n;

	viewer_begin(db, m, v);
	int at = family_mine_add(db, v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	family_mine_read(db, m, at, list, &n);
	return n;
}

static size_t read_children(const struct viewer *v, struct family_review **list)
{
	size_t n;

	viewer_begin(db, m, v);
	int at = family_children_add(db, v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	family_children_read(db, m, at, list, &n);
	return n;
}

static void switch_off(bool students, bool guardians)
{
	struct review now;
	struct review_form f = {.self_assessment = TRI_UNSET,
				.to_students = students ? TRI_NO : TRI_YES,
				.to_guardians = guardians ? TRI_NO : TRI_YES};
	int64_t rev = (int64_t)strtol(
		peek("SELECT rev FROM ilp.review WHERE review_id = '%s'", review.id), NULL, 10);

	ck_assert_msg(review_change(db, m, &kari, review.id, rev, &f, &now, &e), "%s", e.text);
}

START_TEST(the_preview_sorts_students)
{
	struct release_plan p = plan();

	ck_assert_uint_eq(p.ready_n, 0);
	ck_assert_uint_eq(p.empty_n, 2);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	p = plan();
	ck_assert_uint_eq(p.ready_n, 1);
	ck_assert_str_eq(p.ready[0], ada.person);
	ck_assert_uint_eq(p.empty_n, 1);
	ck_assert_int_eq(p.students, 1);
	ck_assert_int_eq(p.guardians, 1);
	ck_assert_int_eq(p.unreachable, 0);
	peek("UPDATE ilp.person SET email = NULL WHERE person_id = '%s'", mum.person);
	p = plan();
	ck_assert_int_eq(p.guardians, 0);
	ck_assert_int_eq(p.unreachable, 1);
	release(&kari, review.id, ada.person);
	p = plan();
	ck_assert_uint_eq(p.already_n, 1);
	ck_assert_uint_eq(p.ready_n, 0);
}
END_TEST

START_TEST(nothing_is_seen_before_its_release)
{
	struct family_review *list;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	ck_assert_uint_eq(read_mine(&ada, &list), 1);
	ck_assert(!list[0].is_released && !list[0].value && !list[0].comment &&
		  !list[0].released_at && !list[0].released_by);
	ck_assert_uint_eq(read_children(&mum, &list), 0);
}
END_TEST

START_TEST(what_was_released_is_seen_as_it_was)
{
	struct family_review *list;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 1);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "half-writ", 1);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine, later", 1);
	ck_assert_uint_eq(read_mine(&ada, &list), 1);
	ck_assert(list[0].is_released);
	ck_assert_str_eq(list[0].value, "4");
	ck_assert_str_eq(list[0].comment, "good");
	ck_assert_str_eq(list[0].released_by, "Given kari");
	ck_assert_str_eq(list[0].self_comment.text, "mine, later");
	ck_assert_uint_eq(read_children(&mum, &list), 1);
	ck_assert_str_eq(list[0].child, ada.person);
	ck_assert_str_eq(list[0].comment, "good");
	ck_assert_str_eq(list[0].self_comment.text, "mine");
	ck_assert_uint_eq(read_mine(&bo, &list), 1);
	ck_assert(!list[0].is_released);
}
END_TEST

START_TEST(a_release_tells_once)
{
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 1);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 0);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE review_id = '%s' AND kind = "
		    "'review.released'",
		    review.id);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "5", 1);
	ck_assert_uint_eq(plan().ready_n, 1);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 1);
	assert_peek("2",
		    "SELECT count(*) FROM ilp.event WHERE review_id = '%s' AND kind = "
		    "'review.released'",
		    review.id);
}
END_TEST

/* Two teachers press the button at the same moment. */
START_TEST(of_two_releases_at_once_one_tells)
{
	int from;
	char sql[900];

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	snprintf(sql, sizeof sql,
		 "BEGIN; SELECT 1 FROM ilp.review WHERE review_id = '%1$s' FOR NO KEY UPDATE;"
		 "UPDATE ilp.entry_text SET released_text = text, released_rev = rev WHERE "
		 "review_id = '%1$s';"
		 "UPDATE ilp.entry SET released_at = now() WHERE review_id = '%1$s'; SELECT "
		 "pg_sleep(1.5); COMMIT",
		 review.id);
	pid_t pid = start_sql(database_of("ILPD_TEST_DATABASE_SUPER"), sql, &from);
	await_sleep();
	int64_t n = release(&kari, review.id, ada.person);
	finish_sql(pid, from);
	ck_assert_int_eq(n, 0);
}
END_TEST

START_TEST(nothing_written_is_nothing_released)
{
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 0);
	ck_assert_int_eq(release(&kari, review.id, bo.person), 0);
	ck_assert_int_eq(release(&kari, review.id, kari.person), 0);
	assert_peek("t",
		    "SELECT bool_and(released_at IS NULL) FROM ilp.entry WHERE review_id = '%s'",
		    review.id);
}
END_TEST

START_TEST(a_switch_hides_it_again)
{
	struct family_review *list;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	release(&kari, review.id, ada.person);
	switch_off(true, false);
	ck_assert_uint_eq(read_mine(&ada, &list), 1);
	ck_assert(!list[0].is_released && !list[0].value);
	ck_assert_uint_eq(read_children(&mum, &list), 1);
	switch_off(false, true);
	ck_assert_uint_eq(read_mine(&ada, &list), 1);
	ck_assert_str_eq(list[0].value, "4");
	ck_assert_uint_eq(read_children(&mum, &list), 0);
}
END_TEST

START_TEST(a_guardian_sees_as_long_as_the_link_lives)
{
	static const char *const states[] = {"state = 'ended'", "state = 'blocked'",
					     "expires_at = now()"};
	struct family_review *list;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	release(&kari, review.id, ada.person);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(read_children(&mum, &list), 1);
		peek("UPDATE ilp.guardian_link SET %s WHERE guardian_id = '%s'", states[i],
		     mum.person);
		ck_assert_uint_eq(read_children(&mum, &list), 0);
		peek("UPDATE ilp.guardian_link SET state = 'active', expires_at = NULL WHERE "
		     "guardian_id = '%s'",
		     mum.person);
	}
}
END_TEST

START_TEST(only_teachers_of_the_course_release)
{
	struct viewer ola = arrive_in("8C", "ola", "teacher");
	struct release_plan p;
	const char *students[] = {ada.person}, *at;
	int64_t n;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert(!release_entries(db, m, &ola, review.id, students, 1, &n, &at, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!release_entries(db, m, &ada, review.id, students, 1, &n, &at, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!release_preview(db, m, &ola, review.id, &p, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("t",
		    "SELECT bool_and(released_at IS NULL) FROM ilp.entry WHERE review_id = '%s'",
		    review.id);
}
END_TEST

Suite *ilp_release_suite(void)
{
	Suite *s = suite_create("ilp/release");
	TCase *t = tcase_create("release");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, the_preview_sorts_students);
	tcase_add_test(t, nothing_is_seen_before_its_release);
	tcase_add_test(t, what_was_released_is_seen_as_it_was);
	tcase_add_test(t, a_release_tells_once);
	tcase_add_test(t, of_two_releases_at_once_one_tells);
	tcase_add_test(t, nothing_written_is_nothing_released);
	tcase_add_test(t, a_switch_hides_it_again);
	tcase_add_test(t, a_guardian_sees_as_long_as_the_link_lives);
	tcase_add_test(t, only_teachers_of_the_course_release);
	suite_add_tcase(s, t);
	return s;
}
