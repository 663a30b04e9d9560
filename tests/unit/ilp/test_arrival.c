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
	const char **said[] = { &a.lti11_id, &a.sis_id, &a.given_name, &a.family_name, &a.name, &a.email,
				&a.locale, &a.role, &a.context_label, &a.context_title, &a.roster_url };

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
	ck_assert_int_eq(trips_of(&a), 1);
	/* When somebody was last here is written once an hour, and who had left is back. */
	peek("UPDATE ilp.membership SET seen_at = now() - interval '61 minutes' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(trips_of(&a), 2);
	peek("UPDATE ilp.membership SET left_at = now() WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(trips_of(&a), 2);
	ck_assert_int_eq(trips_of(&a), 1);
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
	struct arrived who = {"untouched", "untouched"};

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
	registration = uuid_new(m);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_PLATFORM_PUT, registration, tenant, "Moodle", "moodle",
	       "https://moodle.example", registration, "a", "t", "j", "", "auto", "f");
	ck_assert(db_commit(db, &e));
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
	a.children_source = "canvas_observees";
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
	tcase_add_test(t, a_token_used_twice_writes_nothing_again);
	tcase_add_test(t, a_token_used_twice_writes_nothing);
	tcase_add_test(t, a_launch_without_a_course_makes_none);
	tcase_add_test(t, a_new_role_ends_the_sessions_of_the_old_one);
	tcase_add_test(t, children_are_linked_when_they_are_known);
	tcase_add_test(t, a_child_named_no_more_is_linked_no_more);
	tcase_add_test(t, a_platform_that_cannot_say_ends_nothing);
	tcase_add_test(t, a_child_named_in_another_course_stays_linked);
	tcase_add_test(t, a_block_is_the_schools_word);
	tcase_add_test(t, nobody_guards_themselves_or_a_teacher);
	tcase_add_test(t, ids_of_children_may_hold_anything);
	tcase_add_test(t, a_legacy_id_names_a_child_too);
	tcase_add_test(t, a_course_with_a_roster_wants_it_fetched);
	tcase_add_test(t, a_session_opens_for_its_secret_and_tenant_alone);
	tcase_add_test(t, a_session_ends_with_time_revocation_and_membership);
	tcase_add_test(t, a_session_slides_while_it_is_used);
	suite_add_tcase(s, t);
	return s;
}
