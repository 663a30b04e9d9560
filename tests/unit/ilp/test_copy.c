/* A copied course: told by a notice, offered to its teachers, brought once. */
#include "ilp/school.h"
#include "ilp/copy.h"

static struct viewer kari, ola; /* of the course that was copied; of the copy */
static const char *const from[] = {"8B", "of nobody"};

static struct copy_notice notice(void)
{
	return (struct copy_notice){
		.tenant = tenant,
		.registration = registration,
		.deployment = "1",
		.id = "notice-1",
		.nonce = uuid_new(m),
		.nonce_expires = 4000000000,
		.context = "8C",
		.context_label = "8C",
		.context_title = "English 8C",
		.origins = from,
		.origins_n = 2,
	};
}

static void take_notice(void)
{
	struct copy_notice n = notice();

	ck_assert_msg(copy_notice_take(db, m, &n, &e), "%s", e.text);
}

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	arrive("ada", "student");
	ola = arrive_in("8C", "ola", "teacher");
}

static struct review reviewed(const char *title, const char *starts, const char *ends, const char *scale)
{
	struct review made;
	struct review_form f = {
		.title = title,
		.starts_on = starts,
		.ends_on = ends,
		.has_scale = true,
		.scale = scale ? scale_find(scale)->json : NULL,
		.self_assessment = TRI_NO,
		.to_students = TRI_YES,
		.to_guardians = TRI_NO,
	};

	ck_assert_msg(review_create(db, m, &kari, uuid_new(m), &f, &made, &e), "%s", e.text);
	return made;
}

static struct copy_offer offer_to(const struct viewer *v)
{
	struct copy_offer offer;

	viewer_begin(db, m, v);
	int at = copy_offer_add(db, v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	copy_offer_read(db, m, at, &offer);
	return offer;
}

static int64_t bring(const struct viewer *v)
{
	int64_t n = -1;

	ck_assert_msg(copy_take(db, m, v, &n, &e), "%s", e.text);
	return n;
}

static struct review *reviews_of(const struct viewer *v, size_t *n)
{
	struct review *list;

	viewer_begin(db, m, v);
	int at = review_list_add(db, v, NULL);
	ck_assert(db_commit(db, &e));
	review_list_read(db, m, at, &list, n);
	return list;
}

START_TEST(a_notice_makes_the_course_and_names_its_origins)
{
	struct copy_notice n = notice();

	n.context = "8D";
	n.context_title = "English 8D";
	ck_assert_msg(copy_notice_take(db, m, &n, &e), "%s", e.text);
	assert_peek("English 8D|2",
		    "SELECT c.title, (SELECT count(*) FROM ilp.course_origin o WHERE o.course_id ="
		    " c.course_id AND o.state = 'offered' AND o.source = 'notice') FROM ilp.course c"
		    " WHERE c.tenant_id = '%s' AND c.context_id = '8D'",
		    tenant);
	struct viewer eva = arrive_in("8D", "eva", "teacher");
	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	ck_assert_uint_eq(offer_to(&eva).n, 1);
}
END_TEST

START_TEST(a_notice_is_taken_once)
{
	struct copy_notice n = notice();

	ck_assert(copy_notice_take(db, m, &n, &e));
	ck_assert(!copy_notice_take(db, m, &n, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(e.reason, "nonce_used");
	n.nonce = uuid_new(m); /* the same notice in a new token */
	ck_assert_msg(copy_notice_take(db, m, &n, &e), "%s", e.text);
	assert_peek("2|1",
		    "SELECT (SELECT count(*) FROM ilp.course_origin WHERE tenant_id = '%1$s'),"
		    " (SELECT count(*) FROM lti.notice WHERE registration_id = '%2$s')",
		    tenant, registration);
}
END_TEST

START_TEST(a_notice_of_something_else_changes_nothing)
{
	struct copy_notice n = notice();

	n.context = NULL;
	n.origins_n = 0;
	ck_assert_msg(copy_notice_take(db, m, &n, &e), "%s", e.text);
	assert_peek("0", "SELECT count(*) FROM ilp.course_origin WHERE tenant_id = '%s'", tenant);
}
END_TEST

START_TEST(offers_only_what_there_is)
{
	ck_assert_uint_eq(offer_to(&ola).n, 0);
	take_notice();
	ck_assert_uint_eq(offer_to(&ola).n, 0); /* the course copied from has no reviews */
	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	reviewed("Spring", "2027-04-01", "2027-04-30", NULL);
	struct copy_offer o = offer_to(&ola);
	ck_assert_uint_eq(o.n, 1);
	ck_assert_int_eq(o.reviews, 2);
	ck_assert_str_eq(o.from[0].context, "8B");
	ck_assert_str_eq(o.from[0].title, "English 8B");
	ck_assert_uint_eq(offer_to(&kari).n, 0);
}
END_TEST

START_TEST(brings_the_set_up_and_nothing_of_students)
{
	struct review old = reviewed("Halfway", "2026-11-01", "2099-11-30", "no_grades"), *made;
	size_t n;

	save(&kari, old.id, arrive("ada", "student").person, ENTRY_VALUE, "5", 0);
	take_notice();
	ck_assert_int_eq(bring(&ola), 1);
	made = reviews_of(&ola, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_ne(made[0].id, old.id);
	ck_assert_str_eq(made[0].title, "Halfway");
	ck_assert_str_eq(made[0].scale, old.scale);
	ck_assert(!made[0].scale_locked && made[0].is_empty && !made[0].self_assessment);
	ck_assert(made[0].to_students && !made[0].to_guardians);
	ck_assert_int_eq(made[0].rev, 1);
	assert_peek("0|1|0",
		    "SELECT (SELECT count(*) FROM ilp.entry WHERE review_id = '%1$s'),"
		    " (SELECT count(*) FROM ilp.event WHERE review_id = '%1$s' AND kind ="
		    " 'review.created' AND actor_id = '%2$s'),"
		    " (SELECT count(*) FROM ilp.course_origin WHERE course_id = '%3$s' AND state <>"
		    " 'taken')",
		    made[0].id, ola.person, ola.course);
}
END_TEST

START_TEST(brings_it_once)
{
	size_t n;

	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	take_notice();
	ck_assert_int_eq(bring(&ola), 1);
	ck_assert_int_eq(bring(&ola), 0);
	ck_assert_uint_eq(offer_to(&ola).n, 0);
	take_notice(); /* nor does another notice offer it again */
	ck_assert_uint_eq(offer_to(&ola).n, 0);
	reviews_of(&ola, &n);
	ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(a_title_that_is_there_is_not_brought)
{
	struct review made;
	struct review_form f = {
		.title = "Halfway", .starts_on = "2026-11-01", .ends_on = "2026-11-30"};

	reviewed("Halfway", "2025-11-01", "2025-11-30", NULL);
	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	take_notice();
	ck_assert_int_eq(offer_to(&ola).reviews, 1); /* one of a title */
	ck_assert(review_create(db, m, &ola, uuid_new(m), &f, &made, &e));
	ck_assert_uint_eq(offer_to(&ola).n, 0);
	ck_assert_int_eq(bring(&ola), 0);
}
END_TEST

/* What is over moves on by whole years, as long as it was; what is not stays. */
static const struct {
	const char *now, *starts, *ends, *begins, *until;
} dates[] = {
	{"2026-11-22T12:00:00Z", "2026-11-01", "2026-11-30", "2026-11-01", "2026-11-30"},
	{"2026-11-22T12:00:00Z", "2027-02-01", "2027-02-10", "2027-02-01", "2027-02-10"},
	{"2026-11-22T12:00:00Z", "2026-11-01", "2026-11-22", "2026-11-01", "2026-11-22"},
	{"2026-11-22T12:00:00Z", "2026-11-01", "2026-11-21", "2027-11-01", "2027-11-21"},
	{"2026-11-22T12:00:00Z", "2025-12-01", "2025-12-15", "2026-12-01", "2026-12-15"},
	{"2026-11-22T12:00:00Z", "2020-03-01", "2020-03-31", "2027-03-01", "2027-03-31"},
	{"2026-11-22T12:00:00Z", "2024-02-29", "2024-02-29", "2027-02-28", "2027-02-28"},
	/* the day is the school's: already the 23rd in Oslo */
	{"2026-11-22T23:30:00Z", "2026-11-01", "2026-11-22", "2027-11-01", "2027-11-22"},
};

START_TEST(moves_periods_that_are_over)
{
	struct db *usual = db;
	size_t n;

	reviewed("Halfway", dates[_i].starts, dates[_i].ends, NULL);
	take_notice();
	peek("UPDATE ilp.session SET expires_at = '2099-01-01' WHERE tenant_id = '%s'", tenant);
	db = db_at(dates[_i].now);
	ck_assert_int_eq(bring(&ola), 1);
	db_free(db);
	db = usual;
	struct review *made = reviews_of(&ola, &n);
	ck_assert_str_eq(made[0].starts_on, dates[_i].begins);
	ck_assert_str_eq(made[0].ends_on, dates[_i].until);
}
END_TEST

START_TEST(can_be_put_off_and_taken_back)
{
	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	take_notice();
	ck_assert(copy_dismiss(db, m, &ola, false, &e));
	ck_assert_uint_eq(offer_to(&ola).n, 0);
	ck_assert_int_eq(bring(&ola), 0);
	ck_assert(copy_dismiss(db, m, &ola, true, &e));
	ck_assert_uint_eq(offer_to(&ola).n, 1);
	ck_assert_int_eq(bring(&ola), 1);
	ck_assert(copy_dismiss(db, m, &ola, true, &e)); /* what was taken is not offered again */
	ck_assert_uint_eq(offer_to(&ola).n, 0);
}
END_TEST

START_TEST(is_for_teachers_of_the_copy)
{
	struct viewer sofie = arrive_in("8C", "sofie", "student");
	int64_t n;

	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	take_notice();
	ck_assert(!copy_take(db, m, &sofie, &n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!copy_dismiss(db, m, &sofie, false, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_int_eq(bring(&kari), 0);
	ck_assert_uint_eq(offer_to(&ola).n, 1);
}
END_TEST

/* The same context name on another platform is another course. */
START_TEST(an_origin_is_of_the_same_platform)
{
	const char *other = uuid_new(m);
	struct copy_notice n = notice();

	reviewed("Halfway", "2026-11-01", "2026-11-30", NULL);
	peek("INSERT INTO lti.registration (registration_id, tenant_id, name, issuer, client_id,"
	     " auth_url, jwks_url) VALUES ('%1$s', '%2$s', 'Other', 'https://other.example', '%1$s',"
	     " 'https://other.example/a', 'https://other.example/j')",
	     other, tenant);
	struct arrival a = launch_of("eva", "teacher");
	a.registration = other;
	a.context = "8E";
	struct viewer eva = take_in(&a);
	eva.registration = other;
	n.registration = other;
	n.context = "8E";
	ck_assert_msg(copy_notice_take(db, m, &n, &e), "%s", e.text);
	ck_assert_uint_eq(offer_to(&eva).n, 0);
	ck_assert_int_eq(bring(&eva), 0);
}
END_TEST

Suite *ilp_copy_suite(void)
{
	Suite *s = suite_create("ilp/copy");
	TCase *t = tcase_create("copy");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, a_notice_makes_the_course_and_names_its_origins);
	tcase_add_test(t, a_notice_is_taken_once);
	tcase_add_test(t, a_notice_of_something_else_changes_nothing);
	tcase_add_test(t, offers_only_what_there_is);
	tcase_add_test(t, brings_the_set_up_and_nothing_of_students);
	tcase_add_test(t, brings_it_once);
	tcase_add_test(t, a_title_that_is_there_is_not_brought);
	tcase_add_loop_test(t, moves_periods_that_are_over, 0, sizeof dates / sizeof *dates);
	tcase_add_test(t, can_be_put_off_and_taken_back);
	tcase_add_test(t, is_for_teachers_of_the_copy);
	tcase_add_test(t, an_origin_is_of_the_same_platform);
	suite_add_tcase(s, t);
	return s;
}
