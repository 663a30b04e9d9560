/* Somebody arrives: for the first time, again, as somebody else, twice with one token. */
#include "ilp/school.h"

START_TEST(the_first_launch_makes_everything_in_one_trip)
{
	struct arrival a = launch_of("ada", "student");
	int64_t before = db_trips(db);
	struct viewer v = take_in(&a);

	ck_assert_int_eq(db_trips(db), before + 1);
	assert_peek("Given|ada|Given ada|ada@example.org|f",
		    "SELECT given_name, family_name, name, email, is_test FROM ilp.person WHERE "
		    "person_id = '%s'",
		    v.person);
	assert_peek("8B|English 8B|none",
		    "SELECT label, title, roster_state FROM ilp.course WHERE course_id = '%s'",
		    v.course);
	assert_peek(
		"student|launch|t",
		"SELECT role, source, left_at IS NULL FROM ilp.membership WHERE person_id = '%s'",
		v.person);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.session WHERE session_id = '%s' AND secret_hash = "
		    "'hash' AND role = 'student'",
		    v.session);
	assert_peek("active", "SELECT state FROM lti.deployment WHERE registration_id = '%s'",
		    registration);
}
END_TEST

START_TEST(the_same_person_is_known_again)
{
	struct viewer first = arrive("ada", "student"), second = arrive("ada", "student");
	struct viewer elsewhere = arrive_in("8C", "ada", "student"),
		      other = arrive("bo", "student");

	ck_assert_str_eq(first.person, second.person);
	ck_assert_str_eq(first.course, second.course);
	ck_assert_str_eq(first.person, elsewhere.person);
	ck_assert_str_ne(first.course, elsewhere.course);
	ck_assert_str_ne(first.person, other.person);
	assert_peek("2", "SELECT count(*) FROM ilp.person WHERE tenant_id = '%s'", tenant);
}
END_TEST

START_TEST(what_a_platform_does_not_say_is_kept)
{
	struct viewer v = arrive("ada", "student");
	struct arrival a = launch_of("ada", "student");

	a.given_name = a.family_name = a.name = a.email = a.context_label = a.context_title = NULL;
	a.locale = "nb";
	take_in(&a);
	assert_peek("Given|ada|Given ada|ada@example.org|nb",
		    "SELECT given_name, family_name, name, email, locale FROM ilp.person WHERE "
		    "person_id = '%s'",
		    v.person);
	assert_peek("8B|English 8B", "SELECT label, title FROM ilp.course WHERE course_id = '%s'",
		    v.course);
	a = launch_of("ada", "student");
	a.name = "Ada Lovelace";
	a.context_title = "English 9B";
	a.is_test = true;
	take_in(&a);
	assert_peek("Ada Lovelace|nb|t",
		    "SELECT name, locale, is_test FROM ilp.person WHERE person_id = '%s'",
		    v.person);
	assert_peek("English 9B", "SELECT title FROM ilp.course WHERE course_id = '%s'", v.course);
}
END_TEST

/* Trips of a launch of somebody whose deployment was seen before. */
static int64_t trips_of(struct arrival *a)
{
	int64_t before = db_trips(db);

	a->deployment_is_new = false;
	a->nonce = uuid_new(m);
	a->session = uuid_new(m);
	struct viewer v = take_in(a);
	assert_peek("1|1", "SELECT (SELECT count(*) FROM ilp.session WHERE session_id = '%s' AND person_id = '%s'),"
			   " (SELECT count(*) FROM lti.nonce WHERE nonce = '%s')",
		    a->session, v.person, a->nonce);
	return db_trips(db) - before;
}

START_TEST(a_launch_that_tells_nothing_new_is_one_statement)
{
	struct arrival a = launch_of("ada", "student");
	const char **said[] = { &a.lti11_id,	 &a.sis_id,	   &a.given_name,    &a.family_name,
				&a.name,	 &a.email,	   &a.locale,	     &a.role,
				&a.context_label, &a.context_title, &a.roster_url,    &a.platform_name,
				&a.platform_guid, &a.notice_url };

	arrive("bo", "student");
	ck_assert_int_eq(trips_of(&a), 2);
	ck_assert_int_eq(trips_of(&a), 1);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		*said[i] = said[i] == &a.role ? "teacher" : said[i] == &a.locale ? "nb" : "new";
		ck_assert_msg(trips_of(&a) == 2, "fact %zu was overlooked", i);
		ck_assert_int_eq(trips_of(&a), 1);
	}
	assert_peek("new|new|new|new|nb|f", "SELECT given_name, family_name, name, email, locale, is_test FROM ilp.person"
					    " WHERE tenant_id = '%s' AND name = 'new'",
		    tenant);
	a.is_test = true;
	ck_assert_int_eq(trips_of(&a), 2);
	/* What is not said changes nothing. */
	a.given_name = a.name = a.email = a.locale = a.lti11_id = a.context_title = NULL;
	a.platform_name = a.platform_guid = a.notice_url = NULL;
	ck_assert_int_eq(trips_of(&a), 1);
	/* What belongs to the session alone is written with it. */
	a.admin = true;
	a.placement = "{\"several\":true}";
	a.for_sub = "bo";
	a.origins = (const char *const[]){ "8A" };
	a.origins_n = 1;
	ck_assert_int_eq(trips_of(&a), 1);
	assert_peek("t|{\"several\": true}", "SELECT admin, placement FROM ilp.session WHERE session_id = '%s'", a.session);
	a.admin = false;
	a.placement = a.for_sub = NULL;
	/* When somebody was last here is written once an hour, and who had left is back. */
	peek("UPDATE ilp.membership SET seen_at = now() - interval '61 minutes' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(trips_of(&a), 2);
	peek("UPDATE ilp.membership SET left_at = now() WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(trips_of(&a), 2);
	ck_assert_int_eq(trips_of(&a), 1);
	peek("UPDATE lti.deployment SET seen_at = now() - interval '61 minutes' WHERE registration_id = '%s'", registration);
	ck_assert_int_eq(trips_of(&a), 2);
	ck_assert_int_eq(trips_of(&a), 1);
}
END_TEST

START_TEST(a_session_remembers_what_it_was_opened_for)
{
	struct arrival a = launch_of("kari", "teacher");

	a.admin = true;
	a.placement = "{\"deployment\":\"1\",\"returnUrl\":\"https://canvas.example/r\"}";
	struct viewer v = take_in(&a);
	assert_peek("t|https://canvas.example/r",
		    "SELECT admin, placement->>'returnUrl' FROM ilp.session WHERE session_id = '%s'", v.session);
	v = arrive("kari", "teacher");
	assert_peek("f|t", "SELECT admin, placement IS NULL FROM ilp.session WHERE session_id = '%s'", v.session);
}
END_TEST

/* ---- The deployment ---- */

static const char *deployment(void)
{
	return peek("SELECT platform_name, platform_guid, coalesce(notice_url, '-'), notice_at IS NULL, notice_error IS NULL, state"
		    " FROM lti.deployment WHERE registration_id = '%s'",
		    registration);
}

START_TEST(a_deployment_keeps_what_the_platform_said_last)
{
	struct arrival a = launch_of("kari", "teacher");

	a.platform_name = "Solbakken";
	a.platform_guid = "x:canvas-lms";
	a.notice_url = "https://canvas.example/n";
	take_in(&a);
	ck_assert_str_eq(deployment(), "Solbakken|x:canvas-lms|https://canvas.example/n|t|t|active");
	peek("UPDATE lti.deployment SET notice_at = now(), notice_error = 'x' WHERE registration_id = '%s'", registration);
	trips_of(&a);
	arrive("ada", "student"); /* says nothing of it */
	ck_assert_str_eq(deployment(), "Solbakken|x:canvas-lms|https://canvas.example/n|f|f|active");
	a.platform_name = "Solbakken skole";
	trips_of(&a);
	ck_assert_str_eq(deployment(), "Solbakken skole|x:canvas-lms|https://canvas.example/n|f|f|active");
	a.notice_url = "https://canvas.example/n2"; /* subscribed to anew */
	trips_of(&a);
	ck_assert_str_eq(deployment(), "Solbakken skole|x:canvas-lms|https://canvas.example/n2|t|t|active");
}
END_TEST

/* A launch cannot take another school's deployment over, nor open one that was closed
 * a moment ago. */
START_TEST(a_deployment_stays_whose_it_is)
{
	struct arrival a = launch_of("kari", "teacher");

	take_in(&a);
	peek("UPDATE lti.deployment SET state = 'closed', seen_at = now() - interval '2 hours' WHERE registration_id = '%s'",
	     registration);
	a.platform_name = "Mine";
	trips_of(&a);
	ck_assert_str_eq(deployment(), "Mine||-|t|t|closed");
	peek("UPDATE lti.deployment SET tenant_id = NULL, state = 'pending' WHERE registration_id = '%s'", registration);
	a.platform_name = "Mine too";
	a.nonce = uuid_new(m);
	a.session = uuid_new(m);
	take_in(&a);
	ck_assert_str_eq(deployment(), "Mine||-|t|t|pending");
}
END_TEST

START_TEST(a_deployment_is_seen_once_an_hour)
{
	struct arrival a = launch_of("kari", "teacher");

	take_in(&a);
	peek("UPDATE lti.deployment SET seen_at = now() - interval '59 minutes' WHERE registration_id = '%s'", registration);
	trips_of(&a);
	assert_peek("f", "SELECT seen_at > now() - interval '1 minute' FROM lti.deployment WHERE registration_id = '%s'",
		    registration);
	peek("UPDATE lti.deployment SET seen_at = now() - interval '61 minutes' WHERE registration_id = '%s'", registration);
	trips_of(&a);
	assert_peek("t", "SELECT seen_at > now() - interval '1 minute' FROM lti.deployment WHERE registration_id = '%s'",
		    registration);
}
END_TEST

/* ---- Of which courses this is a copy ---- */

static const char *origins(void)
{
	return peek("SELECT string_agg(c.context_id || '<' || o.origin_context || ' ' || o.source || ' ' || o.state, ','"
		    " ORDER BY o.origin_context) FROM ilp.course_origin o JOIN ilp.course c USING (tenant_id, course_id)"
		    " WHERE o.tenant_id = '%s'",
		    tenant);
}

START_TEST(a_new_course_knows_what_it_is_a_copy_of)
{
	static const char *const from[] = { "7A", "8B", "7B", "7A", "it's" };
	struct arrival a = launch_of("kari", "teacher");

	arrive_in("8A", "kari", "teacher");
	a.origins = from;
	a.origins_n = 5;
	take_in(&a);
	ck_assert_str_eq(origins(), "8B<7A history offered,8B<7B history offered,8B<it's history offered");
	/* A course we know has been asked about already. */
	static const char *const more[] = { "6A" };
	a.origins = more;
	a.origins_n = 1;
	trips_of(&a);
	a.platform_name = "said anew";
	trips_of(&a);
	a.context = "8A";
	trips_of(&a);
	ck_assert_str_eq(origins(), "8B<7A history offered,8B<7B history offered,8B<it's history offered");
}
END_TEST

/* ---- Whom a launch is about ---- */

/* The sub behind what came out, or "nobody". */
static const char *about(struct arrival *a)
{
	struct arrived who;

	a->nonce = uuid_new(m);
	a->session = uuid_new(m);
	ck_assert_msg(arrival_take(db, m, a, &who, &e), "%s", e.text);
	if (!who.about)
		return "nobody";
	return peek("SELECT sub FROM ilp.identity WHERE tenant_id = '%s' AND person_id = '%s'", tenant, who.about);
}

START_TEST(a_launch_is_about_somebody_of_its_course)
{
	struct arrival a = launch_of("kari", "teacher");

	arrive("ada", "student");
	arrive_in("8C", "cy", "student");
	a.for_sub = "ada";
	for (int again = 0; again < 2; again++) /* taken in whole, then by one statement */
		ck_assert_str_eq(about(&a), "ada");
	a.for_sub = "cy";
	ck_assert_str_eq(about(&a), "nobody");
	a.for_sub = "unknown";
	ck_assert_str_eq(about(&a), "nobody");
	a.admin = true;
	a.for_sub = "cy";
	ck_assert_str_eq(about(&a), "cy");
	a.context = NULL;
	ck_assert_str_eq(about(&a), "cy");
	a.admin = false;
	ck_assert_str_eq(about(&a), "nobody");
	peek("UPDATE ilp.membership SET left_at = now() WHERE tenant_id = '%s' AND role = 'student'", tenant);
	a = launch_of("kari", "teacher");
	a.for_sub = "ada";
	ck_assert_str_eq(about(&a), "nobody");
}
END_TEST

START_TEST(a_launch_tells_nobody_of_others_who_may_not_see_them)
{
	static const char *const roles[] = { "student", "guardian", "mentor", "none" };

	arrive("ada", "student");
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		struct arrival a = launch_of("bo", roles[i]);
		a.for_sub = "ada";
		ck_assert_str_eq(about(&a), "nobody");
		a.for_sub = "bo";
		ck_assert_str_eq(about(&a), "bo");
	}
}
END_TEST

/* The same sub of another platform, or of another school, is somebody else. */
START_TEST(a_launch_is_about_nobody_elsewhere)
{
	const char *first = registration;
	struct arrival a;

	arrive("ada", "student");
	make_registration("https://moodle.example");
	a = launch_of("kari", "teacher");
	a.admin = true;
	a.for_sub = "ada";
	ck_assert_str_eq(about(&a), "nobody");
	a.registration = first;
	ck_assert_str_eq(about(&a), "ada");
}
END_TEST

START_TEST(a_token_used_twice_writes_nothing_again)
{
	struct arrival a = launch_of("ada", "student");
	struct arrived who;

	take_in(&a);
	a.deployment_is_new = false;
	a.session = uuid_new(m);
	ck_assert(!arrival_take(db, m, &a, &who, &e));
	ck_assert_str_eq(e.reason, "nonce_used");
	assert_peek("1", "SELECT count(*) FROM ilp.session WHERE tenant_id = '%s'", tenant);
}
END_TEST

START_TEST(a_token_used_twice_writes_nothing)
{
	struct arrival a = launch_of("ada", "student"), b = launch_of("bo", "teacher");
	struct arrived who = {"untouched", "untouched", "untouched"};

	take_in(&a);
	b.nonce = a.nonce;
	b.context = "new course";
	b.deployment = "new deployment";
	ck_assert(!arrival_take(db, m, &b, &who, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(e.reason, "nonce_used");
	ck_assert_str_eq(who.person, "untouched");
	assert_peek("1|1|1|1|1",
		    "SELECT (SELECT count(*) FROM ilp.person WHERE tenant_id = '%1$s'), (SELECT "
		    "count(*) FROM ilp.identity"
		    " WHERE tenant_id = '%1$s'), (SELECT count(*) FROM ilp.course WHERE tenant_id "
		    "= '%1$s'), (SELECT count(*)"
		    " FROM ilp.session WHERE tenant_id = '%1$s'), (SELECT count(*) FROM "
		    "lti.deployment WHERE registration_id = '%2$s')",
		    tenant, registration);
	/* the same nonce of another platform is another one */
	make_registration("https://moodle.example");
	b.registration = registration;
	take_in(&b);
}
END_TEST

START_TEST(a_launch_without_a_course_makes_none)
{
	struct arrival a = launch_of("ada", "guardian");

	a.context = NULL;
	struct viewer v = take_in(&a);
	ck_assert_ptr_null(v.course);
	assert_peek("0", "SELECT count(*) FROM ilp.course WHERE tenant_id = '%s'", tenant);
	viewer_begin(db, m, &v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
}
END_TEST

START_TEST(a_new_role_ends_the_sessions_of_the_old_one)
{
	struct viewer teacher = arrive("kari", "teacher"), student = arrive("kari", "student");
	struct review none;

	assert_peek("student", "SELECT role FROM ilp.membership WHERE person_id = '%s'",
		    student.person);
	struct review_form f = {.title = "t", .starts_on = "2026-11-01", .ends_on = "2026-11-02"};
	ck_assert(!review_create(db, m, &teacher, uuid_new(m), &f, &none, &e));
	ck_assert_int_eq(e.code, ERR_EXPIRED);
	assert_peek("0", "SELECT count(*) FROM ilp.review WHERE tenant_id = '%s'", tenant);
	viewer_begin(db, m, &student);
	ck_assert(db_commit(db, &e));
}
END_TEST

START_TEST(a_course_with_a_roster_wants_it_fetched)
{
	struct arrival a = launch_of("kari", "teacher");

	a.roster_url = "https://canvas.example/members";
	struct viewer v = take_in(&a);
	assert_peek("wanted|https://canvas.example/members",
		    "SELECT roster_state, roster_url FROM ilp.course WHERE course_id = '%s'",
		    v.course);
	peek("UPDATE ilp.course SET roster_state = 'done', roster_at = now() WHERE course_id = "
	     "'%s'",
	     v.course);
	a.nonce = uuid_new(m);
	a.session = uuid_new(m);
	take_in(&a);
	assert_peek("done", "SELECT roster_state FROM ilp.course WHERE course_id = '%s'", v.course);
	peek("UPDATE ilp.course SET roster_at = now() - interval '16 minutes' WHERE course_id = "
	     "'%s'",
	     v.course);
	a.nonce = uuid_new(m);
	a.session = uuid_new(m);
	take_in(&a);
	assert_peek("wanted", "SELECT roster_state FROM ilp.course WHERE course_id = '%s'",
		    v.course);
}
END_TEST

/* ---- Sessions ---- */

static bool may_enter(const struct viewer *v)
{
	viewer_begin(db, m, v);
	e = (struct err){0};
	bool ok = db_commit(db, &e);
	ck_assert_int_eq(e.code, ok ? ERR_OK : ERR_EXPIRED);
	return ok;
}

START_TEST(a_session_opens_for_its_secret_and_tenant_alone)
{
	struct viewer v = arrive("ada", "student"), wrong = v;

	ck_assert(may_enter(&v));
	wrong.secret_hash = "other";
	ck_assert(!may_enter(&wrong));
	wrong = v;
	wrong.tenant = uuid_new(m);
	ck_assert(!may_enter(&wrong));
	wrong = v;
	wrong.session = uuid_new(m);
	ck_assert(!may_enter(&wrong));
	ck_assert(may_enter(&v));
}
END_TEST

START_TEST(a_session_ends_with_time_revocation_and_membership)
{
	struct viewer late = arrive("ada", "student"), revoked = arrive("bo", "student"),
		      gone = arrive("cy", "student");

	peek("UPDATE ilp.session SET expires_at = now() WHERE session_id = '%s'", late.session);
	peek("UPDATE ilp.session SET revoked_at = now() WHERE session_id = '%s'", revoked.session);
	ck_assert(may_enter(&gone));
	peek("UPDATE ilp.membership SET left_at = now() WHERE person_id = '%s'", gone.person);
	ck_assert(!may_enter(&late));
	ck_assert(!may_enter(&revoked));
	ck_assert(!may_enter(&gone));
}
END_TEST

START_TEST(a_session_slides_while_it_is_used)
{
	struct viewer v = arrive("ada", "student");

	ck_assert(may_enter(&v));
	assert_peek("t", "SELECT seen_at = started_at FROM ilp.session WHERE session_id = '%s'",
		    v.session);
	peek("UPDATE ilp.session SET seen_at = now() - interval '6 minutes', expires_at = now() + "
	     "interval '1 minute'"
	     " WHERE session_id = '%s'",
	     v.session);
	ck_assert(may_enter(&v));
	assert_peek("t",
		    "SELECT expires_at > now() + interval '7 hours' AND seen_at > now() - interval "
		    "'1 minute'"
		    " FROM ilp.session WHERE session_id = '%s'",
		    v.session);
}
END_TEST

Suite *ilp_arrival_suite(void)
{
	Suite *s = suite_create("ilp/arrival");
	TCase *t = tcase_create("arrival");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, open_school, close_school);
	tcase_add_test(t, the_first_launch_makes_everything_in_one_trip);
	tcase_add_test(t, the_same_person_is_known_again);
	tcase_add_test(t, what_a_platform_does_not_say_is_kept);
	tcase_add_test(t, a_launch_that_tells_nothing_new_is_one_statement);
	tcase_add_test(t, a_session_remembers_what_it_was_opened_for);
	tcase_add_test(t, a_deployment_keeps_what_the_platform_said_last);
	tcase_add_test(t, a_deployment_stays_whose_it_is);
	tcase_add_test(t, a_deployment_is_seen_once_an_hour);
	tcase_add_test(t, a_new_course_knows_what_it_is_a_copy_of);
	tcase_add_test(t, a_launch_is_about_somebody_of_its_course);
	tcase_add_test(t, a_launch_tells_nobody_of_others_who_may_not_see_them);
	tcase_add_test(t, a_launch_is_about_nobody_elsewhere);
	tcase_add_test(t, a_token_used_twice_writes_nothing_again);
	tcase_add_test(t, a_token_used_twice_writes_nothing);
	tcase_add_test(t, a_launch_without_a_course_makes_none);
	tcase_add_test(t, a_new_role_ends_the_sessions_of_the_old_one);
	tcase_add_test(t, a_course_with_a_roster_wants_it_fetched);
	tcase_add_test(t, a_session_opens_for_its_secret_and_tenant_alone);
	tcase_add_test(t, a_session_ends_with_time_revocation_and_membership);
	tcase_add_test(t, a_session_slides_while_it_is_used);
	suite_add_tcase(s, t);
	return s;
}
