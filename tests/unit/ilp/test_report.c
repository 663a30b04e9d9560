/* Reports: students times reviews for the teachers of the course, and nobody else. */
#include "ilp/school.h"
#include "ilp/report.h"

static struct viewer kari, ada, bo;
static struct review autumn, words;

static void setup(void)
{
	struct review_form f = {.title = "Words",
				.starts_on = "2026-10-01",
				.ends_on = "2026-10-31",
				.self_assessment = TRI_NO};

	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	autumn = make_review(&kari, "no_grades");
	ck_assert(review_create(db, m, &kari, uuid_new(m), &f, &words, &e));
}

static struct report report(void)
{
	struct report r;

	ck_assert_msg(report_read(db, m, &kari, &r, &e), "%s", e.text);
	return r;
}

static const struct report_row *row(const struct report *r, const struct viewer *who)
{
	for (size_t i = 0; i < r->rows_n; i++)
		if (str_eq(r->rows[i].student.id, who->person))
			return &r->rows[i];
	return NULL;
}

static struct report_student about(const struct viewer *v, const char *student)
{
	struct report_student s = {0};

	e = (struct err){0};
	if (!report_student_read(db, m, v, student, &s, &e))
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	return s;
}

START_TEST(has_a_cell_for_each_student_and_review)
{
	save(&kari, autumn.id, ada.person, ENTRY_VALUE, "5", 0);
	save(&kari, autumn.id, ada.person, ENTRY_COMMENT, "Well done", 0);
	save(&kari, words.id, bo.person, ENTRY_COMMENT, "Read more", 0);
	struct report r = report();
	ck_assert_uint_eq(r.reviews_n, 2);
	ck_assert_str_eq(r.reviews[0].title, "Words"); /* in the order of time */
	ck_assert_ptr_null(r.reviews[0].scale);
	ck_assert_ptr_nonnull(r.reviews[1].scale);
	ck_assert_uint_eq(r.rows_n, 2);
	const struct report_value *a = row(&r, &ada)->values, *b = row(&r, &bo)->values;
	ck_assert(!a[0].is_there && a[1].is_there && a[1].has_comment && !a[1].released_at);
	ck_assert_str_eq(a[1].value, "5");
	ck_assert(b[0].is_there && b[0].has_comment && !b[0].value && !b[1].is_there);
}
END_TEST

START_TEST(says_what_is_released_and_what_changed_since)
{
	save(&kari, autumn.id, ada.person, ENTRY_VALUE, "5", 0);
	ck_assert_int_eq(release(&kari, autumn.id, ada.person), 1);
	struct report r = report();
	const struct report_value *v = &row(&r, &ada)->values[1];
	ck_assert(v->released_at && !v->changed);
	save(&kari, autumn.id, ada.person, ENTRY_VALUE, "6", 1);
	r = report();
	v = &row(&r, &ada)->values[1];
	ck_assert(v->released_at && v->changed);
	ck_assert(about(&kari, ada.person).entries[0].changed);
}
END_TEST

START_TEST(a_self_assessment_alone_fills_no_cell)
{
	save(&ada, autumn.id, NULL, ENTRY_SELF_VALUE, "4", 0);
	save(&ada, autumn.id, NULL, ENTRY_SELF_COMMENT, "I try", 0);
	struct report r = report();
	ck_assert(!row(&r, &ada)->values[1].is_there);
	struct report_student s = about(&kari, ada.person);
	ck_assert_str_eq(s.entries[0].self_value, "4");
	ck_assert_str_eq(s.entries[0].self_comment, "I try");
	ck_assert_ptr_nonnull(s.entries[0].self_at);
	ck_assert_ptr_null(s.entries[0].value);
}
END_TEST

START_TEST(who_has_left_stays_while_something_is_written)
{
	struct viewer cy = arrive("cy", "student");

	save(&kari, autumn.id, ada.person, ENTRY_COMMENT, "Well done", 0);
	peek("UPDATE ilp.membership SET left_at = now() WHERE person_id IN ('%s', '%s')", ada.person,
	     cy.person);
	struct report r = report();
	ck_assert_uint_eq(r.rows_n, 2);
	ck_assert(row(&r, &ada)->has_left && !row(&r, &bo)->has_left && !row(&r, &cy));
	ck_assert(about(&kari, ada.person).has_left);
}
END_TEST

START_TEST(a_test_user_is_in_no_report)
{
	struct arrival a = launch_of("test", "student");

	a.is_test = true;
	struct viewer test = take_in(&a);
	struct report r = report();
	ck_assert(!row(&r, &test));
	ck_assert_uint_eq(about(&kari, test.person).n, 0);
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(one_student_over_all_reviews)
{
	save(&kari, autumn.id, ada.person, ENTRY_VALUE, "5", 0);
	save(&kari, autumn.id, ada.person, ENTRY_COMMENT, "Well done", 0);
	struct report_student s = about(&kari, ada.person);
	ck_assert_str_eq(s.student.name, "Given ada");
	ck_assert_uint_eq(s.n, 2);
	ck_assert_str_eq(s.entries[0].review.title, "Halfway"); /* the latest first */
	ck_assert_str_eq(s.entries[0].value, "5");
	ck_assert_str_eq(s.entries[0].comment, "Well done");
	ck_assert_str_eq(s.entries[0].by, "Given kari");
	ck_assert_ptr_nonnull(s.entries[0].at);
	ck_assert_str_eq(s.entries[1].comment, "");
	ck_assert_ptr_null(s.entries[1].by);
}
END_TEST

START_TEST(is_for_the_teachers_of_the_course)
{
	struct viewer ola = arrive_in("8C", "ola", "teacher");
	const struct viewer *others[] = {&ada, &ola};
	struct report r;

	save(&kari, autumn.id, ada.person, ENTRY_VALUE, "5", 0);
	ck_assert(!report_read(db, m, &ada, &r, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(report_read(db, m, &ola, &r, &e));
	ck_assert_uint_eq(r.rows_n + r.reviews_n, 0);
	for (int i = 0; i < 2; i++) {
		about(others[i], ada.person);
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	}
	about(&kari, kari.person); /* no student */
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	about(&kari, uuid_new(m));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(takes_one_round_trip)
{
	int64_t before = db_trips(db);

	report();
	ck_assert_int_eq(db_trips(db), before + 1);
	about(&kari, ada.person);
	ck_assert_int_eq(db_trips(db), before + 2);
}
END_TEST

Suite *ilp_report_suite(void)
{
	Suite *s = suite_create("ilp/report");
	TCase *t = tcase_create("report");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, has_a_cell_for_each_student_and_review);
	tcase_add_test(t, says_what_is_released_and_what_changed_since);
	tcase_add_test(t, a_self_assessment_alone_fills_no_cell);
	tcase_add_test(t, who_has_left_stays_while_something_is_written);
	tcase_add_test(t, a_test_user_is_in_no_report);
	tcase_add_test(t, one_student_over_all_reviews);
	tcase_add_test(t, is_for_the_teachers_of_the_course);
	tcase_add_test(t, takes_one_round_trip);
	suite_add_tcase(s, t);
	return s;
}
