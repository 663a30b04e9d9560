/* Errands run by themselves: what is too old goes, what was asked for is done, our keys
 * are looked after. What a test of a registration finds is lti/check.c's. */
#include "web/errands.h"
#include "web/house.h"
#include "db/peek.h"
#include <unistd.h>

static const char *registration, *code; /* of this test alone */
static struct errands *errands;

static void open_all(void)
{
	open_house();
	config.database = mem_strdup(m, database_of("ILPD_TEST_DATABASE"));
	db_free(worker.db);
	worker.db = db_new(config.database);
	ck_assert_msg(keys_open(&house.keys, m, worker.db, &config.kek, &e), "%s", e.text);
	registration = uuid_new(m);
	code = mem_strndup(m, registration + 24, 12);
	peek("INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url)"
	     " VALUES ('%s', 'LMS', 'https://lms.example', '%s', 'https://lms.example/a', 'https://lms.example/k')",
	     registration, registration);
}

static void close_all(void)
{
	errands_stop(errands);
	errands = NULL;
	keys_close(house.keys);
	close_house();
}

static void begin(void)
{
	ck_assert_msg(errands_start(&errands, &house, &e), "%s", e.text);
}

/* The answer of a query, once it is what it is waited for; else what it is in the end. */
static const char *soon(const char *expected, const char *sql)
{
	const char *is = peek("%s", sql);

	for (int i = 0; i < 100 && strcmp(is, expected); i++) {
		usleep(100 * 1000);
		is = peek("%s", sql);
	}
	return is;
}

START_TEST(what_is_too_old_goes)
{
	peek("INSERT INTO lti.launch (launch_id, at, code) VALUES"
	     " (gen_random_uuid(), now() - interval '14 days 1 hour', '%s'), (gen_random_uuid(), now() - interval '13 days', '%s')",
	     code, code);
	peek("INSERT INTO lti.doctor (code, at, result) VALUES ('%s-old', now() - interval '15 days', '{}'), ('%s', now(), '{}')",
	     code, code);
	peek("INSERT INTO lti.notice (registration_id, notice_id, at) VALUES ('%s', 'old', now() - interval '61 days'),"
	     " ('%s', 'new', now() - interval '59 days')",
	     registration, registration);
	begin();
	ck_assert_str_eq(soon("1", mem_printf(m, "SELECT count(*) FROM lti.launch WHERE code = '%s'", code)), "1");
	ck_assert_str_eq(soon(code, mem_printf(m, "SELECT string_agg(code, ',') FROM lti.doctor WHERE code LIKE '%s%%'", code)),
			 code);
	assert_peek("new", "SELECT string_agg(notice_id, ',') FROM lti.notice WHERE registration_id = '%s'", registration);
}
END_TEST

/* A platform that was closed meanwhile has nothing to be tested; it is not asked for again
 * and again, and holds up nobody. */
START_TEST(a_test_that_cannot_be_made_is_done_with)
{
	peek("UPDATE lti.registration SET state = 'closed' WHERE registration_id = '%s'", registration);
	peek("INSERT INTO lti.health (registration_id, check_wanted_at) VALUES ('%s', now() - interval '1 hour')", registration);
	begin();
	ck_assert_str_eq(soon("true []", mem_printf(m, "SELECT (check_wanted_at IS NULL) || ' ' || coalesce(check_result::text, '')"
						    " FROM lti.health WHERE registration_id = '%s'",
						 registration)),
			 "true []");
}
END_TEST

START_TEST(it_does_at_once_what_it_is_woken_for)
{
	begin();
	usleep(500 * 1000);
	peek("UPDATE lti.registration SET state = 'closed' WHERE registration_id = '%s'", registration);
	peek("INSERT INTO lti.health (registration_id, check_wanted_at) VALUES ('%s', now())", registration);
	errands_wake(errands);
	ck_assert_str_eq(soon("1", mem_printf(m, "SELECT count(*) FROM lti.health WHERE registration_id = '%s' AND check_at IS NOT NULL",
					      registration)),
			 "1");
}
END_TEST

/* A platform that was away when we subscribed to its notices; where nobody comes from any
 * more, it is left at that. */
START_TEST(what_failed_is_tried_again)
{
	peek("INSERT INTO lti.deployment (registration_id, deployment_id, state, notice_url, notice_error, seen_at) VALUES"
	     " ('%s', 'alive', 'active', 'https://lms.invalid/n', 'before', now()),"
	     " ('%s', 'dead', 'active', 'https://lms.invalid/n', 'before', now() - interval '2 days')",
	     registration, registration);
	begin();
	const char *alive = mem_printf(m, "SELECT notice_error IS DISTINCT FROM 'before' FROM lti.deployment WHERE registration_id"
					  " = '%s' AND deployment_id = 'alive'",
				       registration);
	ck_assert_str_eq(soon("t", alive), "t");
	assert_peek("before", "SELECT notice_error FROM lti.deployment WHERE registration_id = '%s' AND deployment_id = 'dead'",
		    registration);
}
END_TEST

/* The next key is there before it is needed. */
START_TEST(our_keys_are_looked_after)
{
	peek("DELETE FROM keys.signing_key WHERE state = 'next'");
	peek("UPDATE keys.signing_key SET active_at = now() - interval '84 days' WHERE state = 'active'");
	begin();
	ck_assert_str_eq(soon("1", "SELECT count(*) FROM keys.signing_key WHERE state = 'next'"), "1");
	peek("UPDATE keys.signing_key SET active_at = now() WHERE state = 'active'");
}
END_TEST

START_TEST(without_a_database_it_waits_and_stops)
{
	config.database = "host=/nowhere";
	begin();
	usleep(300 * 1000);
	errands_wake(errands);
	usleep(300 * 1000);
	errands_stop(NULL);
}
END_TEST

Suite *web_errands_suite(void);
Suite *web_errands_suite(void)
{
	Suite *s = suite_create("errands");
	TCase *c = tcase_create("errands");

	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, open_all, close_all);
	tcase_add_test(c, what_is_too_old_goes);
	tcase_add_test(c, a_test_that_cannot_be_made_is_done_with);
	tcase_add_test(c, it_does_at_once_what_it_is_woken_for);
	tcase_add_test(c, what_failed_is_tried_again);
	tcase_add_test(c, our_keys_are_looked_after);
	tcase_add_test(c, without_a_database_it_waits_and_stops);
	suite_add_tcase(s, c);
	return s;
}
