/* Midterm reviews: made once, changed by whoever saw the latest, deleted while empty. */
#include "ilp/school.h"

static struct viewer kari, ada;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
}

static struct review_form unchanged(void)
{
	return (struct review_form){
		.self_assessment = TRI_UNSET, .to_students = TRI_UNSET, .to_guardians = TRI_UNSET};
}

static enum err_code change_refused(const struct viewer *v, const char *id, int64_t rev,
				    const struct review_form *f)
{
	struct review now;

	e = (struct err){0};
	ck_assert(!review_change(db, m, v, id, rev, f, &now, &e));
	return e.code;
}

START_TEST(a_form_sent_twice_makes_one_review)
{
	struct review a, b;
	const char *id = uuid_new(m);
	struct review_form f = {.title = "Halfway",
				.starts_on = "2026-11-01",
				.ends_on = "2026-11-30",
				.to_guardians = TRI_NO};

	ck_assert_msg(review_create(db, m, &kari, id, &f, &a, &e), "%s", e.text);
	ck_assert(review_create(db, m, &kari, id, &f, &b, &e));
	ck_assert_str_eq(a.id, b.id);
	ck_assert_int_eq(b.rev, 1);
	ck_assert(!a.self_assessment && !a.to_students && !a.to_guardians && a.is_empty &&
		  !a.scale);
	ck_assert_int_eq(a.total, 1);
	assert_peek("1|1",
		    "SELECT (SELECT count(*) FROM ilp.review WHERE tenant_id = '%1$s'), (SELECT "
		    "count(*) FROM ilp.event"
		    " WHERE tenant_id = '%1$s' AND kind = 'review.created')",
		    tenant);
}
END_TEST

START_TEST(an_id_of_another_course_finds_nothing)
{
	struct viewer ola = arrive_in("8C", "ola", "teacher");
	struct review made = make_review(&kari, NULL), taken;
	struct review_form f = {
		.title = "Stolen", .starts_on = "2026-11-01", .ends_on = "2026-11-30"};

	ck_assert(!review_create(db, m, &ola, made.id, &f, &taken, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	f = unchanged();
	f.title = "Stolen";
	ck_assert_int_eq(change_refused(&ola, made.id, 1, &f), ERR_NOT_FOUND);
	ck_assert(!review_delete(db, m, &ola, made.id, 1, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("Halfway", "SELECT title FROM ilp.review WHERE review_id = '%s'", made.id);
}
END_TEST

START_TEST(only_teachers_make_and_change)
{
	struct review made = make_review(&kari, NULL), none;
	struct review_form f = {.title = "x", .starts_on = "2026-11-01", .ends_on = "2026-11-30"};

	ck_assert(!review_create(db, m, &ada, uuid_new(m), &f, &none, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_int_eq(change_refused(&ada, made.id, 1, &f), ERR_NOT_FOUND);
	ck_assert(!review_delete(db, m, &ada, made.id, 1, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_change_leaves_the_rest)
{
	struct review made = make_review(&kari, "no_grades"), now;
	struct review_form f = unchanged();

	f.title = "Autumn";
	f.to_guardians = TRI_NO;
	ck_assert_msg(review_change(db, m, &kari, made.id, 1, &f, &now, &e), "%s", e.text);
	ck_assert_str_eq(now.title, "Autumn");
	ck_assert_str_eq(now.starts_on, "2026-11-01");
	ck_assert_int_eq(now.rev, 2);
	ck_assert(now.scale && now.self_assessment && now.to_students && !now.to_guardians);
}
END_TEST

START_TEST(a_stale_change_shows_how_it_is_now)
{
	struct review made = make_review(&kari, NULL), now;
	struct review_form f = unchanged();

	f.title = "Autumn";
	ck_assert(review_change(db, m, &kari, made.id, 1, &f, &now, &e));
	f.title = "Spring";
	ck_assert(!review_change(db, m, &kari, made.id, 1, &f, &now, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(now.title, "Autumn");
	ck_assert_int_eq(now.rev, 2);
}
END_TEST

START_TEST(I13_a_scale_is_locked_by_the_first_value)
{
	struct review made = make_review(&kari, "no_grades"), now;
	struct review_form f = unchanged();

	f.has_scale = true;
	f.scale = scale_find("no_goal")->json;
	ck_assert(review_change(db, m, &kari, made.id, 1, &f, &now, &e));
	save(&kari, made.id, ada.person, ENTRY_COMMENT, "no value yet", 0);
	f.scale = scale_find("no_grades")->json;
	ck_assert_msg(review_change(db, m, &kari, made.id, 2, &f, &now, &e), "%s", e.text);
	save(&ada, made.id, NULL, ENTRY_SELF_VALUE, "3", 0);
	f.scale = NULL;
	ck_assert_int_eq(change_refused(&kari, made.id, 3, &f), ERR_INVALID);
	ck_assert_str_eq(e.field, "scale");
	f = unchanged();
	f.title = "still free";
	ck_assert(review_change(db, m, &kari, made.id, 3, &f, &now, &e));
	ck_assert(now.scale_locked && now.scale);
}
END_TEST

START_TEST(dates_stay_in_order)
{
	struct review made = make_review(&kari, NULL);
	struct review_form f = unchanged();

	f.ends_on = "2026-10-01";
	ck_assert_int_eq(change_refused(&kari, made.id, 1, &f), ERR_INVALID);
	f.ends_on = "2026-02-30";
	ck_assert_int_eq(change_refused(&kari, made.id, 1, &f), ERR_INVALID);
	assert_peek("1", "SELECT rev FROM ilp.review WHERE review_id = '%s'", made.id);
}
END_TEST

START_TEST(only_an_empty_review_is_deleted)
{
	struct review made = make_review(&kari, NULL), used = make_review(&kari, NULL);

	ck_assert(!review_delete(db, m, &kari, made.id, 2, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_msg(review_delete(db, m, &kari, made.id, 1, &e), "%s", e.text);
	ck_assert(!review_delete(db, m, &kari, made.id, 1, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	save(&ada, used.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert(!review_delete(db, m, &kari, used.id, 1, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
}
END_TEST

Suite *ilp_review_suite(void)
{
	Suite *s = suite_create("ilp/review");
	TCase *t = tcase_create("review");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, a_form_sent_twice_makes_one_review);
	tcase_add_test(t, an_id_of_another_course_finds_nothing);
	tcase_add_test(t, only_teachers_make_and_change);
	tcase_add_test(t, a_change_leaves_the_rest);
	tcase_add_test(t, a_stale_change_shows_how_it_is_now);
	tcase_add_test(t, I13_a_scale_is_locked_by_the_first_value);
	tcase_add_test(t, dates_stay_in_order);
	tcase_add_test(t, only_an_empty_review_is_deleted);
	suite_add_tcase(s, t);
	return s;
}
