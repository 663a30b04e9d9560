/* What is held, in numbers; and what a deep linking request asked for. */
#include "ilp/school.h"
#include "ilp/place.h"
#include "ilp/privacy.h"

static struct viewer kari, ada, mor;
static struct review made;

static void setup(void)
{
	static const char *const children[] = {"ada"};

	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	mor = arrive_as_guardian("mor", children, 1);
	made = make_review(&kari, "no_grades");
}

static struct privacy of(const struct viewer *v, const char *about)
{
	struct privacy p;

	ck_assert_msg(privacy_read(db, m, v, about, &p, &e), "%s", e.text);
	return p;
}

static int64_t count(const struct privacy *p, const char *what)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->held[i].what, what))
			return p->held[i].n;
	return 0;
}

START_TEST(counts_what_there_is)
{
	save(&ada, made.id, NULL, ENTRY_SELF_VALUE, "4", 0);
	save(&ada, made.id, NULL, ENTRY_SELF_COMMENT, "I try", 0);
	struct privacy p = of(&ada, NULL);
	ck_assert_str_eq(p.name, "Given ada");
	ck_assert_str_eq(p.email, "ada@example.org");
	ck_assert_ptr_nonnull(p.since);
	ck_assert_int_eq(count(&p, "accounts"), 1);
	ck_assert_int_eq(count(&p, "courses"), 1);
	ck_assert_int_eq(count(&p, "own_texts"), 2);
	ck_assert_int_eq(count(&p, "guardians"), 1);
	ck_assert_int_eq(count(&p, "sessions"), 1);
	ck_assert_int_eq(count(&p, "children") + count(&p, "written") + count(&p, "mails"), 0);
	p = of(&mor, NULL);
	ck_assert_int_eq(count(&p, "children"), 1);
	ck_assert_int_eq(count(&p, "guardians"), 0);
}
END_TEST

/* That a teacher has written something is not a student's to see before its release. */
START_TEST(what_is_not_released_is_not_counted)
{
	save(&kari, made.id, ada.person, ENTRY_VALUE, "5", 0);
	struct privacy p = of(&ada, NULL);
	ck_assert_int_eq(count(&p, "released"), 0);
	for (size_t i = 0; i < p.n; i++)
		ck_assert(!str_eq(p.held[i].what, "written"));
	release(&kari, made.id, ada.person);
	p = of(&ada, NULL);
	ck_assert_int_eq(count(&p, "released"), 1);
	p = of(&kari, NULL);
	ck_assert_int_eq(count(&p, "written"), 1);
	peek("UPDATE ilp.review SET to_students = false WHERE review_id = '%s'", made.id);
	p = of(&ada, NULL);
	ck_assert_int_eq(count(&p, "released"), 0);
}
END_TEST

START_TEST(is_about_oneself)
{
	const struct viewer *all[] = {&kari, &mor};
	struct privacy p;

	for (int i = 0; i < 2; i++) {
		e = (struct err){0};
		ck_assert(!privacy_read(db, m, all[i], ada.person, &p, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	}
	ck_assert_str_eq(of(&ada, ada.person).name, "Given ada");
}
END_TEST

START_TEST(an_administrator_sees_numbers_alone)
{
	struct arrival a = launch_of("rektor", "none");
	struct viewer rektor;
	struct privacy p;

	a.admin = true;
	rektor = take_in(&a);
	rektor.admin = true;
	p = of(&rektor, ada.person);
	ck_assert(!p.name && !p.email && !p.language && p.since);
	ck_assert_int_eq(count(&p, "courses"), 1);
	ck_assert(!privacy_read(db, m, &rektor, uuid_new(m), &p, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_str_eq(of(&rektor, NULL).name, "Given rektor");
}
END_TEST

START_TEST(takes_one_round_trip)
{
	int64_t before = db_trips(db);

	of(&ada, NULL);
	ck_assert_int_eq(db_trips(db), before + 1);
}
END_TEST

START_TEST(a_placement_stands_in_its_session)
{
	struct arrival a = launch_of("kari", "teacher");
	struct place p;

	a.placement = "{\"several\":true}";
	struct viewer placing = take_in(&a);
	ck_assert_msg(place_read(db, m, &placing, &p, &e), "%s", e.text);
	ck_assert_str_eq(p.asked, "{\"several\": true}");
	ck_assert_uint_eq(p.n, 1);
	ck_assert_str_eq(p.reviews[0].id, made.id);
	ck_assert(!place_read(db, m, &kari, &p, &e)); /* her other tab */
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	a = launch_of("ada", "student");
	a.placement = "{\"several\":true}";
	placing = take_in(&a);
	ck_assert(!place_read(db, m, &placing, &p, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

Suite *ilp_privacy_suite(void)
{
	Suite *s = suite_create("ilp/privacy");
	TCase *t = tcase_create("privacy");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, counts_what_there_is);
	tcase_add_test(t, what_is_not_released_is_not_counted);
	tcase_add_test(t, is_about_oneself);
	tcase_add_test(t, an_administrator_sees_numbers_alone);
	tcase_add_test(t, takes_one_round_trip);
	tcase_add_test(t, a_placement_stands_in_its_session);
	suite_add_tcase(s, t);
	return s;
}
