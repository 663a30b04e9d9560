/* The launch log: rows with all they hold, bounded where strangers write it, and gone
 * through a thread that loses nothing when it is stopped. */
#include "web/watch.h"
#include "db/peek.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <unistd.h>

static struct mem *m;
static struct err e;
static struct watch *w;
static const char *registration, *code; /* of this test alone */

static void open_log(void)
{
	m = mem_new();
	e = (struct err){0};
	registration = uuid_new(m);
	code = mem_strndup(m, uuid_new(m) + 24, 12);
	peek("INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url)"
	     " VALUES ('%s', 'LMS', 'https://lms.example', '%s', 'https://lms.example/a', 'https://lms.example/k')",
	     registration, registration);
	ck_assert_msg(watch_start(&w, database_of("ILPD_TEST_DATABASE"), &e), "%s", e.text);
}

/* What was handed over is in the database afterwards. */
static void write_all(void)
{
	watch_stop(w);
	w = NULL;
}

static void close_log(void)
{
	watch_stop(w);
	mem_free(m);
}

static struct lti_trace trace_of(bool verified)
{
	return (struct lti_trace){.registration = registration,
				  .deployment = "1",
				  .issuer = "https://lms.example",
				  .client = "client",
				  .rung = LTI_RUNG_STORAGE,
				  .verified = verified};
}

static void launched(const struct lti_trace *t, const char *reason)
{
	watch_launch(w, &(struct watched){.trace = t, .code = code, .reason = reason, .browser = "firefox-130"});
}

static int rows(void)
{
	return atoi(peek("SELECT count(*) FROM lti.launch WHERE code = '%s'", code));
}

START_TEST(a_launch_is_written_with_all_its_members)
{
	struct lti_trace t = trace_of(true);
	const char *tenant = uuid_new(m), *person = uuid_new(m), *course = uuid_new(m);

	t.tenant = tenant;
	t.kid = "key-1";
	t.alg = "RS256";
	t.message = "LtiResourceLinkRequest";
	t.role = "teacher";
	t.why = "Instructor";
	t.login_at = now_s() - 9;
	t.issued_at = now_s() - 5;
	t.expires_at = t.issued_at + 3600;
	t.steps[0] = (struct lti_step){"state", 12};
	t.steps[1] = (struct lti_step){"signature", 345};
	t.steps_n = 2;
	t.facts = js_own(m, json_pack("{s:[s], s:b}", "roles", "Instructor", "nrps", 1));
	watch_launch(w, &(struct watched){.trace = &t,
					  .code = code,
					  .browser = "chrome-131",
					  .person = person,
					  .course = course});
	write_all();
	assert_peek(mem_printf(m, "%s|%s|1|t||LtiResourceLinkRequest|chrome-131|storage|%s|%s|teacher|Instructor",
			       registration, tenant, person, course),
		    "SELECT registration_id, tenant_id, deployment_id, verified, reason, message, browser, rung, person_id,"
		    " course_id, role, why FROM lti.launch WHERE code = '%s'",
		    code);
	assert_peek("t", "SELECT abs(extract(epoch FROM now() - at)) < 30 FROM lti.launch WHERE code = '%s'", code);
	assert_peek("state 12,signature 345",
		    "SELECT string_agg((s ->> 'name') || ' ' || (s ->> 'us'), ',' ORDER BY n) FROM lti.launch,"
		    " jsonb_array_elements(steps::jsonb) WITH ORDINALITY x (s, n) WHERE code = '%s'",
		    code);
	assert_peek("[\"Instructor\"]|true|https://lms.example|client|key-1|RS256|3600",
		    "SELECT facts -> 'roles', facts -> 'nrps', facts ->> 'issuer', facts ->> 'client', facts ->> 'kid',"
		    " facts ->> 'alg', facts ->> 'tokenLife' FROM lti.launch WHERE code = '%s'",
		    code);
	assert_peek("t",
		    "SELECT (facts ->> 'sinceLogin')::int BETWEEN 9 AND 40 AND (facts ->> 'sinceIssued')::int BETWEEN 5"
		    " AND 40 FROM lti.launch WHERE code = '%s'",
		    code);
}
END_TEST

START_TEST(what_is_not_known_is_absent)
{
	struct lti_trace t = {.rung = LTI_RUNG_COOKIE};

	watch_launch(w, &(struct watched){.trace = &t, .code = code, .reason = "issuer_unknown"});
	write_all();
	assert_peek("issuer_unknown||f|cookie|{}|[]",
		    "SELECT reason, registration_id, verified, rung, facts, steps FROM lti.launch WHERE code = '%s'",
		    code);
}
END_TEST

/* The request goes on using it, on another thread. */
START_TEST(the_facts_of_a_trace_stay_as_they_are)
{
	struct lti_trace t = trace_of(true);

	t.facts = js_own(m, json_pack("{s:[s]}", "roles", "Learner"));
	launched(&t, NULL);
	ck_assert_uint_eq(json_object_size(t.facts), 1);
	ck_assert_ptr_null(json_object_get(t.facts, "issuer"));
	json_array_clear(json_object_get(js_own(m, json_deep_copy(t.facts)), "roles"));
	write_all();
	ck_assert_uint_eq(json_array_size(json_object_get(t.facts, "roles")), 1);
	assert_peek("[\"Learner\"]", "SELECT facts -> 'roles' FROM lti.launch WHERE code = '%s'", code);
}
END_TEST

START_TEST(a_text_of_any_length_and_kind_does_no_harm)
{
	struct lti_trace t = trace_of(true);
	char *huge = mem_alloc(m, 5001);

	memset(huge, 'x', 5000);
	t.issuer = huge;
	t.kid = "bad \xff utf-8";
	t.client = "'; DROP TABLE lti.launch; --";
	launched(&t, "token_invalid");
	write_all();
	assert_peek("f|f|'; DROP TABLE lti.launch; --",
		    "SELECT facts::jsonb ? 'issuer', facts::jsonb ? 'kid', facts ->> 'client' FROM lti.launch WHERE code = '%s'", code);
}
END_TEST

START_TEST(what_nobody_signed_for_is_a_sample)
{
	struct lti_trace unsigned_ = trace_of(false), signed_ = trace_of(true);

	for (int i = 0; i < 300; i++)
		launched(&unsigned_, "state_invalid");
	for (int i = 0; i < 300; i++)
		launched(&signed_, "token_expired");
	usleep(2100 * 1000);
	for (int i = 0; i < 100; i++)
		launched(&unsigned_, "later");
	write_all();
	assert_peek("300", "SELECT count(*) FROM lti.launch WHERE code = '%s' AND verified", code);
	int first = atoi(peek("SELECT count(*) FROM lti.launch WHERE code = '%s' AND reason = 'state_invalid'", code));
	int later = atoi(peek("SELECT count(*) FROM lti.launch WHERE code = '%s' AND reason = 'later'", code));
	ck_assert_msg(first >= 60 && first <= 64, "%d", first);
	ck_assert_msg(later >= 3 && later <= 12, "%d", later);
}
END_TEST

/* Strangers at the launch door do not keep a visitor from showing the help desk what the
 * doctor found. */
START_TEST(the_doctor_has_room_of_its_own)
{
	struct lti_trace t = trace_of(false);
	json_t *result = js_own(m, json_pack("{s:b}", "cookies", 1));

	for (int i = 0; i < 200; i++)
		launched(&t, "state_invalid");
	watch_doctor(w, code, result);
	for (int i = 0; i < 200; i++)
		watch_doctor(w, mem_printf(m, "%s-%d", code, i), result);
	write_all();
	assert_peek("{\"cookies\": true}", "SELECT result FROM lti.doctor WHERE code = '%s'", code);
	int n = atoi(peek("SELECT count(*) FROM lti.doctor WHERE code LIKE '%s%%'", code));
	ck_assert_msg(n >= 60 && n <= 64, "%d", n);
}
END_TEST

/* While the database takes nothing, memory is bounded; nobody waits for it. */
START_TEST(the_queue_is_bounded)
{
	struct lti_trace t = trace_of(true);
	int from;
	pid_t lock = start_sql(database_of("ILPD_TEST_DATABASE_SUPER"),
			       "BEGIN; LOCK TABLE lti.launch; SELECT pg_sleep(4); COMMIT", &from);

	usleep(500 * 1000);
	launched(&t, NULL);
	usleep(1200 * 1000); /* its thread has that one in hand, and waits */
	int64_t begun = ticks_ms();
	for (int i = 0; i < 5000; i++)
		launched(&t, NULL);
	ck_assert_int_lt(ticks_ms() - begun, 2000); /* before the lock is gone */
	finish_sql(lock, from);
	write_all();
	ck_assert_int_eq(rows(), 4001);
}
END_TEST

START_TEST(a_broken_row_loses_its_own_list_only)
{
	struct lti_trace good = trace_of(true), broken = trace_of(true);

	broken.registration = "no uuid";
	launched(&broken, NULL);
	launched(&good, NULL);
	watch_rung(w, registration, "chrome-131", LTI_RUNG_WINDOW);
	watch_sight(w, &(struct lti_sight){.registration = registration, .service = LTI_SERVICE_KEYS});
	watch_doctor(w, code, js_own(m, json_object()));
	write_all();
	ck_assert_int_eq(rows(), 0);
	assert_peek("window", "SELECT rung FROM lti.binding WHERE registration_id = '%s'", registration);
	assert_peek("t", "SELECT keys_at IS NOT NULL FROM lti.health WHERE registration_id = '%s'", registration);
	assert_peek("1", "SELECT count(*) FROM lti.doctor WHERE code = '%s'", code);
}
END_TEST

START_TEST(it_is_written_without_being_asked)
{
	struct lti_trace t = trace_of(true);

	launched(&t, NULL);
	for (int i = 0; i < 50 && !rows(); i++)
		usleep(100 * 1000);
	ck_assert_int_eq(rows(), 1);
	launched(&t, NULL);
	for (int i = 0; i < 50 && rows() < 2; i++)
		usleep(100 * 1000);
	ck_assert_int_eq(rows(), 2);
}
END_TEST

START_TEST(a_database_that_is_away_is_not_waited_for)
{
	struct lti_trace t = trace_of(true);
	struct watch *lost;

	ck_assert(watch_start(&lost, "host=/nowhere", &e));
	int64_t begun = ticks_ms();
	for (int i = 0; i < 100; i++)
		watch_launch(lost, &(struct watched){.trace = &t, .code = code});
	ck_assert_int_lt(ticks_ms() - begun, 500);
	watch_stop(lost);
	ck_assert_int_eq(rows(), 0);
}
END_TEST

START_TEST(the_last_rung_wins)
{
	watch_rung(w, registration, "chrome-131", LTI_RUNG_STORAGE);
	watch_rung(w, registration, "safari-18", LTI_RUNG_WINDOW);
	watch_rung(w, registration, "chrome-131", LTI_RUNG_COOKIE);
	watch_rung(w, "00000000-0000-7000-8000-000000000000", "chrome-131", LTI_RUNG_COOKIE); /* is gone */
	write_all();
	assert_peek("chrome-131 cookie,safari-18 window",
		    "SELECT string_agg(browser || ' ' || rung, ',' ORDER BY browser) FROM lti.binding WHERE registration_id"
		    " = '%s'",
		    registration);
}
END_TEST

/* keys_error, token_error, clock_ms; '-' where there is none. */
static const char *health(void)
{
	return peek("SELECT coalesce(keys_error, '-') || ' ' || coalesce(token_error, '-') || ' ' || coalesce(clock_ms::text,"
		    " '-') FROM lti.health WHERE registration_id = '%s'",
		    registration);
}

static void again(void)
{
	write_all();
	ck_assert(watch_start(&w, database_of("ILPD_TEST_DATABASE"), &e));
}

START_TEST(the_last_word_on_a_service_wins)
{
	struct lti_sight keys = {.registration = registration, .service = LTI_SERVICE_KEYS};
	struct lti_sight token = {.registration = registration, .service = LTI_SERVICE_TOKEN};

	keys.reason = "platform_unreachable";
	watch_sight(w, &keys);
	again();
	ck_assert_str_eq(health(), "platform_unreachable - -");
	keys.reason = NULL;
	keys.has_clock = true;
	keys.clock_ms = -1500;
	token.reason = "token_refused";
	watch_sight(w, &keys);
	watch_sight(w, &token);
	again();
	ck_assert_str_eq(health(), "- token_refused -1500");
	/* nobody tells the time, and one service says nothing of the other */
	token.reason = NULL;
	watch_sight(w, &token);
	again();
	ck_assert_str_eq(health(), "- - -1500");
	keys.reason = "first";
	watch_sight(w, &keys);
	keys.reason = "last";
	keys.clock_ms = 7;
	watch_sight(w, &keys);
	keys.has_clock = false;
	watch_sight(w, &keys);
	again();
	ck_assert_str_eq(health(), "last - 7");
}
END_TEST

START_TEST(without_a_log_nothing_happens)
{
	struct lti_trace t = trace_of(true);

	watch_launch(NULL, &(struct watched){.trace = &t, .code = code});
	watch_rung(NULL, registration, "chrome-131", LTI_RUNG_COOKIE);
	watch_sight(NULL, &(struct lti_sight){.registration = registration});
	watch_doctor(NULL, code, NULL);
	watch_stop(NULL);
}
END_TEST

Suite *web_watch_suite(void);
Suite *web_watch_suite(void)
{
	Suite *s = suite_create("watch");
	TCase *c = tcase_create("watch");

	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, open_log, close_log);
	tcase_add_test(c, a_launch_is_written_with_all_its_members);
	tcase_add_test(c, what_is_not_known_is_absent);
	tcase_add_test(c, the_facts_of_a_trace_stay_as_they_are);
	tcase_add_test(c, a_text_of_any_length_and_kind_does_no_harm);
	tcase_add_test(c, what_nobody_signed_for_is_a_sample);
	tcase_add_test(c, the_doctor_has_room_of_its_own);
	tcase_add_test(c, the_queue_is_bounded);
	tcase_add_test(c, a_broken_row_loses_its_own_list_only);
	tcase_add_test(c, it_is_written_without_being_asked);
	tcase_add_test(c, a_database_that_is_away_is_not_waited_for);
	tcase_add_test(c, the_last_rung_wins);
	tcase_add_test(c, the_last_word_on_a_service_wins);
	tcase_add_test(c, without_a_log_nothing_happens);
	suite_add_tcase(s, c);
	return s;
}
