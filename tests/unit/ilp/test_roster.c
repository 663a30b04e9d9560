/* A course's members, page by page. */
#include "ilp/school.h"

static struct viewer kari;
static struct roster_turns turns;

static void setup(void)
{
	open_school();
	peek("UPDATE ilp.course SET roster_state = 'none' WHERE roster_state IN ('wanted', "
	     "'running')");
	roster_url = "https://canvas.example/members";
	kari = arrive("kari", "teacher");
	turns = (struct roster_turns){.resting_n = 0};
}

static bool claim(struct roster_job *job)
{
	bool found;

	ck_assert_msg(roster_claim(db, m, &turns, job, &found, &e), "%s", e.text);
	return found;
}

static struct roster_person person(const char *sub, const char *role)
{
	return (struct roster_person){.sub = sub,
				      .given = "G",
				      .family = sub,
				      .name = mem_printf(m, "G %s", sub),
				      .email = mem_printf(m, "%s@example.org", sub),
				      .role = role};
}

static int64_t take_page(const struct roster_job *job, const struct roster_page *page)
{
	int64_t left = 0;

	ck_assert_msg(roster_take(db, m, job, page, &left, &e), "%s", e.text);
	return left;
}

/* A whole roster of one page. */
static int64_t take(const struct roster_person *people, size_t n)
{
	struct roster_job job;

	ck_assert_msg(course_refresh(db, m, &kari, &e), "%s", e.text);
	ck_assert(claim(&job));
	return take_page(&job, &(struct roster_page){.people = people, .n = n});
}

static const char *course_says(const char *columns)
{
	return peek("SELECT %s FROM ilp.course WHERE course_id = '%s'", columns, kari.course);
}

static const char *members(void)
{
	return peek("SELECT string_agg(i.sub || ' ' || m.role || ' ' || m.source || CASE WHEN "
		    "m.left_at IS NULL THEN '' ELSE ' left' END,"
		    " ',' ORDER BY i.sub) FROM ilp.membership m JOIN ilp.identity i ON i.tenant_id "
		    "= m.tenant_id AND"
		    " i.person_id = m.person_id WHERE m.tenant_id = '%s'",
		    tenant);
}

START_TEST(a_wanted_roster_is_claimed_once)
{
	struct roster_job job, none;

	ck_assert(claim(&job));
	ck_assert_str_eq(job.tenant, tenant);
	ck_assert_str_eq(job.course, kari.course);
	ck_assert_str_eq(job.registration, registration);
	ck_assert_str_eq(job.url, "https://canvas.example/members");
	ck_assert_str_eq(job.resource_link, "link");
	ck_assert_ptr_null(job.from);
	ck_assert(!job.differences);
	ck_assert(!claim(&none));
	peek("UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE course_id = "
	     "'%s'",
	     kari.course);
	ck_assert(claim(&none));
}
END_TEST

START_TEST(a_page_taken_in_twice_changes_nothing)
{
	struct roster_job job;
	struct roster_person people[] = {person("ada", "student"), person("bo", "student"),
					 person("ada", "student"), person("kari", "teacher")};
	struct roster_page page = {.people = people, .n = 4, .next = "https://canvas.example/2"};

	ck_assert(claim(&job));
	for (int i = 0; i < 2; i++) {
		take_page(&job, &page);
		ck_assert_str_eq(members(),
				 "ada student roster,bo student roster,kari teacher launch");
	}
	page.next = NULL;
	ck_assert_int_eq(take_page(&job, &page), 0);
	assert_peek("3", "SELECT count(*) FROM ilp.person WHERE tenant_id = '%s'", tenant);
	ck_assert_str_eq(course_says("roster_state, roster_next IS NULL, roster_tries"), "done|t|0");
}
END_TEST

/* ---- Going on after a crash ---- */

START_TEST(goes_on_at_the_page_after_the_last_one_taken_in)
{
	struct roster_job first, second;
	struct roster_person ada = person("ada", "student"), bo = person("bo", "student");
	int64_t trips;

	ck_assert(claim(&first));
	trips = db_trips(db);
	take_page(&first, &(struct roster_page){
				  .people = &ada, .n = 1, .next = "https://canvas.example/2"});
	ck_assert_int_eq(db_trips(db) - trips, 1);
	ck_assert_str_eq(course_says("roster_people, roster_pages, roster_lease > now() + interval '4 minutes'"),
			 "1|1|t");
	/* the process dies; its lease runs out */
	peek("UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE tenant_id = '%s'",
	     tenant);
	ck_assert(claim(&second));
	ck_assert_str_eq(second.from, "https://canvas.example/2");
	ck_assert_int_eq(second.pages, 1);
	ck_assert_int_eq(second.people, 1);
	ck_assert_int_eq(take_page(&second, &(struct roster_page){.people = &bo, .n = 1}), 0);
	ck_assert_str_eq(members(), "ada student roster,bo student roster,kari teacher launch");
	ck_assert_str_eq(course_says("roster_state"), "done");
	/* both were in the same whole list: the next one without them is the first */
	ck_assert_int_eq(take(&bo, 1), 0);
	ck_assert_int_eq(take(&bo, 1), 1);
}
END_TEST

START_TEST(begins_anew_what_lay_too_long)
{
	struct roster_job job;
	struct roster_person ada = person("ada", "student");

	ck_assert(claim(&job));
	take_page(&job, &(struct roster_page){
				.people = &ada, .n = 1, .next = "https://canvas.example/2"});
	peek("UPDATE ilp.course SET roster_lease = now() - interval '1 second', roster_since = now() - "
	     "interval '7 hours' WHERE tenant_id = '%s'",
	     tenant);
	ck_assert(claim(&job));
	ck_assert_ptr_null(job.from);
	ck_assert_int_eq(job.pages, 0);
}
END_TEST

START_TEST(who_lost_the_lease_writes_nothing)
{
	struct roster_job slow, fast;
	struct roster_person ada = person("ada", "student"), bo = person("bo", "student");
	static const char *const subs[] = {"bo"};
	struct roster_page late = {.people = &ada, .n = 1, .leavers = subs, .leavers_n = 1};
	int64_t left;

	ck_assert(claim(&slow));
	peek("UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE tenant_id = '%s'",
	     tenant);
	ck_assert(claim(&fast));
	take_page(&fast, &(struct roster_page){
				 .people = &bo, .n = 1, .next = "https://canvas.example/2"});
	for (int i = 0; i < 2; i++) {
		e = (struct err){0};
		ck_assert(!roster_take(db, m, &slow, &late, &left, &e));
		ck_assert_int_eq(e.code, ERR_CONFLICT);
		ck_assert_str_eq(e.reason, "lease_lost");
		late.next = "https://canvas.example/7";
	}
	ck_assert(roster_fail(db, m, &slow, "roster_gone", 0, true, &e));
	ck_assert_str_eq(members(), "bo student roster,kari teacher launch");
	ck_assert_str_eq(course_says("roster_state, roster_next"), "running|https://canvas.example/2");
	take_page(&fast, &(struct roster_page){.people = &bo, .n = 1});
	late.next = NULL; /* nor when it is over */
	ck_assert(!roster_take(db, m, &slow, &late, &left, &e));
	ck_assert_str_eq(members(), "bo student roster,kari teacher launch");
}
END_TEST

/* ---- Differences ---- */

static struct roster_job wanted(void)
{
	struct roster_job job;

	ck_assert(course_refresh(db, m, &kari, &e));
	ck_assert(claim(&job));
	return job;
}

START_TEST(asks_for_what_changed_and_for_all_once_a_week)
{
	struct roster_person both[] = {person("ada", "student"), person("bo", "student")};
	static const char *const gone[] = {"bo", "nobody-here"};
	struct roster_job job = wanted();

	take_page(&job, &(struct roster_page){.people = both, .n = 2, .differences = "https://d/1"});
	job = wanted();
	ck_assert(job.differences);
	ck_assert_str_eq(job.from, "https://d/1");
	/* two pages, of which the second says where the next difference is; absence says nothing */
	take_page(&job, &(struct roster_page){.leavers = gone, .leavers_n = 2, .next = "https://d/1?p=2"});
	take_page(&job, &(struct roster_page){.differences = "https://d/2"});
	ck_assert_str_eq(members(),
			 "ada student roster,bo student roster left,kari teacher launch");
	job = wanted();
	ck_assert_str_eq(job.from, "https://d/2");
	take_page(&job, &(struct roster_page){.people = both, .n = 2}); /* and comes back */
	ck_assert_str_eq(members(), "ada student roster,bo student roster,kari teacher launch");
	job = wanted(); /* it no longer says where: all of them */
	ck_assert(!job.differences);
	take_page(&job, &(struct roster_page){.people = both, .n = 2, .differences = "https://d/3"});
	peek("UPDATE ilp.course SET roster_full_at = now() - interval '8 days' WHERE tenant_id = '%s'",
	     tenant);
	job = wanted();
	ck_assert(!job.differences);
	ck_assert_ptr_null(job.from);
}
END_TEST

START_TEST(a_difference_that_expired_is_made_whole_at_once)
{
	struct roster_person ada = person("ada", "student");
	struct roster_job job = wanted();

	take_page(&job, &(struct roster_page){.people = &ada, .n = 1, .differences = "https://d/1"});
	job = wanted();
	ck_assert(job.differences);
	ck_assert(roster_fail(db, m, &job, "roster_gone", 0, true, &e));
	ck_assert_str_eq(course_says("roster_state, roster_error IS NULL"), "wanted|t");
	ck_assert(claim(&job));
	ck_assert(!job.differences);
	ck_assert_ptr_null(job.from);
	/* but not again and again */
	ck_assert(roster_fail(db, m, &job, "roster_gone", 0, true, &e));
	ck_assert_str_eq(course_says("roster_state"), "failed");
	ck_assert(!claim(&job));
}
END_TEST

/* A whole list may be long; what was listed while it went on is in the first difference. */
START_TEST(keeps_the_first_difference_of_a_list)
{
	struct roster_job job = wanted();

	take_page(&job, &(struct roster_page){.next = "https://l/2", .differences = "https://d/1"});
	take_page(&job, &(struct roster_page){.differences = "https://d/2"});
	ck_assert_str_eq(course_says("roster_differences"), "https://d/1");
}
END_TEST

/* ---- Who leaves ---- */

START_TEST(who_is_listed_as_gone_has_left_and_so_has_the_session)
{
	struct viewer ada = arrive("ada", "student");
	static const char *const gone[] = {"ada"};
	struct roster_job job = wanted();

	viewer_begin(db, m, &ada);
	ck_assert(db_commit(db, &e));
	take_page(&job, &(struct roster_page){.leavers = gone, .leavers_n = 1});
	ck_assert_str_eq(members(), "ada student launch left,kari teacher launch");
	viewer_begin(db, m, &ada);
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_EXPIRED);
	arrive("ada", "student"); /* the platform lets them in again */
	ck_assert_str_eq(members(), "ada student launch,kari teacher launch");
}
END_TEST

START_TEST(teachers_whom_no_list_ever_named_stay)
{
	struct roster_person page[] = {person("ada", "student"), person("tor", "teacher"),
				       person("per", "teacher")};

	arrive("per", "teacher"); /* launched, and listed too */
	ck_assert_int_eq(take(page, 3), 0);
	ck_assert_int_eq(take(page, 1), 0);
	ck_assert_int_eq(take(page, 1), 2);
	ck_assert_str_eq(members(), "ada student roster,kari teacher launch,per teacher launch "
				    "left,tor teacher roster left");
}
END_TEST

START_TEST(who_was_launched_meanwhile_has_not_left)
{
	struct roster_person page[] = {person("ada", "student"), person("bo", "student")};

	take(page, 2);
	take(page, 1);
	peek("UPDATE ilp.membership SET seen_at = now() - interval '2 hours' WHERE tenant_id = '%s'",
	     tenant);
	arrive("bo", "student");
	ck_assert_int_eq(take(page, 1), 0);
}
END_TEST

/* ---- Failing, and trying again ---- */

static void an_hour_passes(const char *hours)
{
	peek("UPDATE ilp.course SET roster_lease = roster_lease - interval '%s', roster_retry_at = "
	     "roster_retry_at - interval '%s' WHERE tenant_id = '%s'",
	     hours, hours, tenant);
}

START_TEST(tries_again_by_itself_with_growing_pauses)
{
	static const int minutes[] = {1, 2, 4, 8, 16, 32, 64};
	struct roster_job job;

	ck_assert(claim(&job));
	for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
		ck_assert(roster_fail(db, m, &job, "roster_busy", 0, false, &e));
		ck_assert(!claim(&job));
		an_hour_passes(mem_printf(m, "%d seconds", minutes[i] * 60 - 2));
		ck_assert(!claim(&job));
		an_hour_passes("2 seconds");
		ck_assert(claim(&job));
	}
	ck_assert(roster_fail(db, m, &job, "roster_busy", 0, false, &e));
	an_hour_passes("1 day"); /* now it waits for somebody */
	ck_assert(!claim(&job));
	ck_assert(course_refresh(db, m, &kari, &e));
	ck_assert(claim(&job));
	ck_assert_str_eq(course_says("roster_tries"), "0");
}
END_TEST

START_TEST(waits_as_long_as_the_platform_asks)
{
	struct viewer_facts f;
	struct roster_job job;

	ck_assert(claim(&job));
	ck_assert(roster_fail(db, m, &job, "roster_busy", 7200, false, &e));
	ck_assert(course_refresh(db, m, &kari, &e)); /* whoever asks */
	ck_assert(!claim(&job));
	viewer_begin(db, m, &kari);
	int at = viewer_facts_add(db, &kari);
	ck_assert(db_commit(db, &e));
	ck_assert(viewer_facts_read(db, m, &kari, at, &f, &e));
	ck_assert_str_eq(f.roster_state, "failed");
	ck_assert_ptr_nonnull(f.roster_retry_at);
	an_hour_passes("2 hours");
	ck_assert(claim(&job));
	ck_assert(roster_fail(db, m, &job, "roster_busy", 99999999, false, &e)); /* within reason */
	ck_assert_str_eq(course_says("roster_retry_at <= now() + interval '6 hours'"), "t");
}
END_TEST

START_TEST(shows_how_far_it_has_come)
{
	struct viewer_facts f;
	struct roster_person ada = person("ada", "student");
	struct roster_job job;

	ck_assert(claim(&job));
	take_page(&job, &(struct roster_page){
				.people = &ada, .n = 1, .next = "https://l/2", .turn_is_over = true});
	viewer_begin(db, m, &kari);
	int at = viewer_facts_add(db, &kari);
	ck_assert(db_commit(db, &e));
	ck_assert(viewer_facts_read(db, m, &kari, at, &f, &e));
	ck_assert_str_eq(f.roster_state, "wanted");
	ck_assert_str_eq(f.roster_people, "1");
	ck_assert_ptr_null(f.roster_retry_at);
	ck_assert(claim(&job));
	ck_assert_str_eq(job.from, "https://l/2");
	/* the same people once more do not count again */
	take_page(&job, &(struct roster_page){.people = &ada, .n = 1, .next = "https://l/3", .again = true});
	ck_assert_str_eq(course_says("roster_people"), "1");
}
END_TEST

/* ---- Turns ---- */

/* The course of another registration of this school, wanted. */
static const char *neighbour(const char *id)
{
	const char *kept = registration;

	peek("INSERT INTO lti.registration (registration_id, tenant_id, name, profile, issuer, client_id, auth_url, "
	     "token_url, jwks_url) SELECT '%s', tenant_id, name, profile, issuer, '%s', auth_url, token_url, jwks_url "
	     "FROM lti.registration WHERE registration_id = '%s'",
	     id, id, registration);
	registration = id;
	arrive_in("other", "olga", "teacher");
	registration = kept;
	return id;
}

START_TEST(platforms_take_turns)
{
	struct roster_person ada = person("ada", "student");
	struct roster_page more = {.people = &ada, .n = 1, .next = "https://l/2", .turn_is_over = true};
	struct roster_job job;
	const char *other = neighbour(uuid_new(m)), *had[6];

	arrive_in("9A", "kari", "teacher");
	arrive_in("10A", "kari", "teacher");
	for (int i = 0; i < 6; i++) {
		ck_assert(claim(&job));
		had[i] = job.registration;
		take_page(&job, &more);
	}
	for (int i = 1; i < 6; i++)
		ck_assert_str_ne(had[i], had[i - 1]);
	/* who rests is passed over, but for what was never tried */
	turns.resting = &other;
	turns.resting_n = 1;
	for (int i = 0; i < 3; i++) {
		ck_assert(claim(&job));
		ck_assert_str_eq(job.registration, registration);
		take_page(&job, &more);
	}
	peek("UPDATE ilp.course SET roster_lease = NULL WHERE registration_id = '%s'", other);
	ck_assert(claim(&job));
	ck_assert_str_eq(job.registration, other);
}
END_TEST

/* ---- The night ---- */

static int64_t night(const char *moment)
{
	struct db *then = db_at(moment);
	int64_t wanted;

	ck_assert_msg(roster_nightly(then, m, &wanted, &e), "%s", e.text);
	db_free(then);
	return wanted;
}

START_TEST(each_course_has_its_minute_of_the_night)
{
	struct roster_person ada = person("ada", "student");

	take(&ada, 1);
	peek("UPDATE ilp.course SET roster_lease = '2026-11-21T12:00Z' WHERE tenant_id = '%s'", tenant);
	peek("UPDATE ilp.membership SET seen_at = '2026-11-20T12:00Z' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(night("2026-11-21T23:59:59Z"), 0); /* Oslo: one in the morning comes at midnight */
	ck_assert_int_eq(night("2026-11-22T04:00:00Z"), 0);
	ck_assert_int_eq(night("2026-11-22T12:00:00Z"), 0);
	const char *minute = course_says("mod(abs(hashtext(course_id::text)::bigint), 240)");
	const char *before = peek("SELECT '2026-11-22T00:00Z'::timestamptz + %s * interval '1 minute' - interval "
				  "'1 second'", minute);
	const char *then = peek("SELECT '2026-11-22T00:00Z'::timestamptz + %s * interval '1 minute'", minute);
	ck_assert_int_eq(night(mem_printf(m, "%.10sT%s", before, before + 11)), 0);
	ck_assert_int_eq(night(mem_printf(m, "%.10sT%s", then, then + 11)), 1);
	ck_assert_str_eq(course_says("roster_state"), "wanted");
	/* once a night, however it went */
	peek("UPDATE ilp.course SET roster_state = 'failed', roster_lease = '2026-11-22T03:59Z' WHERE tenant_id = '%s'",
	     tenant);
	ck_assert_int_eq(night("2026-11-22T03:59:30Z"), 0);
	ck_assert_int_eq(night("2026-11-23T03:59:30Z"), 1);
	/* and not where nobody has come for long */
	peek("UPDATE ilp.course SET roster_state = 'done' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(night("2027-03-22T03:59:30Z"), 0);
}
END_TEST

START_TEST(I25_a_launch_outranks_the_list)
{
	struct roster_person page[] = {person("kari", "student")};

	take(page, 1);
	ck_assert_str_eq(members(), "kari teacher launch");
	assert_peek("G kari", "SELECT name FROM ilp.person WHERE person_id = '%s'", kari.person);
}
END_TEST

START_TEST(who_is_missing_twice_has_left_and_may_come_back)
{
	struct roster_person page[] = {person("ada", "student"), person("bo", "student")};

	ck_assert_int_eq(take(page, 2), 0);
	ck_assert_int_eq(take(page, 1), 0);
	ck_assert_int_eq(take(page, 1), 1);
	ck_assert_str_eq(members(),
			 "ada student roster,bo student roster left,kari teacher launch");
	ck_assert_int_eq(take(page, 1), 0);
	ck_assert_int_eq(take(page, 2), 0);
	ck_assert_str_eq(members(), "ada student roster,bo student roster,kari teacher launch");
}
END_TEST

START_TEST(a_failed_roster_takes_nobody_away)
{
	struct roster_person page[] = {person("ada", "student")};
	struct roster_job job;

	take(page, 1);
	for (int i = 0; i < 3; i++) {
		ck_assert(course_refresh(db, m, &kari, &e));
		ck_assert(claim(&job));
		ck_assert(roster_fail(db, m, &job, "platform_denied", 0, false, &e));
	}
	ck_assert_str_eq(members(), "ada student roster,kari teacher launch");
	assert_peek("failed|platform_denied",
		    "SELECT roster_state, roster_error FROM ilp.course WHERE course_id = '%s'",
		    kari.course);
}
END_TEST

START_TEST(names_not_listed_are_kept)
{
	struct roster_person full = person("ada", "student"),
			     bare = {.sub = "ada", .role = "student"};

	take(&full, 1);
	take(&bare, 1);
	assert_peek("G|ada|G ada|ada@example.org",
		    "SELECT given_name, family_name, name, email FROM ilp.person p WHERE tenant_id "
		    "= '%s'"
		    " AND family_name = 'ada'",
		    tenant);
}
END_TEST

START_TEST(a_child_the_list_made_known_is_linked)
{
	static const char *const children[] = {"ada"};
	struct roster_person page[] = {person("ada", "student")};
	struct viewer mum = arrive_as_guardian("mum", children, 1);

	take(page, 1);
	assert_peek("active", "SELECT state FROM ilp.guardian_link WHERE guardian_id = '%s'",
		    mum.person);
}
END_TEST

/* ---- Who is here ---- */

START_TEST(teachers_see_who_is_in_the_course)
{
	struct roster_person page[] = {person("ada", "student"), person("tess", "student"),
				       person("mo", "mentor")};
	struct person *people;
	size_t n;

	page[1].is_test = true;
	arrive("mum", "guardian");
	take(page, 3);
	viewer_begin(db, m, &kari);
	int at = course_people_add(db, &kari);
	ck_assert(db_commit(db, &e));
	people_read(db, m, at, ROLE_NONE, &people, &n);
	ck_assert_uint_eq(n, 2);
	for (size_t i = 0; i < n; i++)
		ck_assert(str_eq(people[i].name, "G ada") ? people[i].role == ROLE_STUDENT
							  : people[i].role == ROLE_TEACHER);
}
END_TEST

START_TEST(only_teachers_ask_for_a_roster)
{
	struct viewer ada = arrive("ada", "student");
	struct roster_job job;

	ck_assert(claim(&job));
	ck_assert(!course_refresh(db, m, &ada, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	/* what runs is not started a second time */
	ck_assert(course_refresh(db, m, &kari, &e));
	assert_peek("running", "SELECT roster_state FROM ilp.course WHERE course_id = '%s'",
		    kari.course);
}
END_TEST

Suite *ilp_roster_suite(void)
{
	Suite *s = suite_create("ilp/roster");
	TCase *t = tcase_create("roster");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, a_wanted_roster_is_claimed_once);
	tcase_add_test(t, a_page_taken_in_twice_changes_nothing);
	tcase_add_test(t, goes_on_at_the_page_after_the_last_one_taken_in);
	tcase_add_test(t, begins_anew_what_lay_too_long);
	tcase_add_test(t, who_lost_the_lease_writes_nothing);
	tcase_add_test(t, asks_for_what_changed_and_for_all_once_a_week);
	tcase_add_test(t, a_difference_that_expired_is_made_whole_at_once);
	tcase_add_test(t, keeps_the_first_difference_of_a_list);
	tcase_add_test(t, who_is_listed_as_gone_has_left_and_so_has_the_session);
	tcase_add_test(t, teachers_whom_no_list_ever_named_stay);
	tcase_add_test(t, who_was_launched_meanwhile_has_not_left);
	tcase_add_test(t, tries_again_by_itself_with_growing_pauses);
	tcase_add_test(t, waits_as_long_as_the_platform_asks);
	tcase_add_test(t, shows_how_far_it_has_come);
	tcase_add_test(t, platforms_take_turns);
	tcase_add_test(t, each_course_has_its_minute_of_the_night);
	tcase_add_test(t, I25_a_launch_outranks_the_list);
	tcase_add_test(t, who_is_missing_twice_has_left_and_may_come_back);
	tcase_add_test(t, a_failed_roster_takes_nobody_away);
	tcase_add_test(t, names_not_listed_are_kept);
	tcase_add_test(t, a_child_the_list_made_known_is_linked);
	tcase_add_test(t, teachers_see_who_is_in_the_course);
	tcase_add_test(t, only_teachers_ask_for_a_roster);
	suite_add_tcase(s, t);
	return s;
}
