/* A batch is one transaction and one round trip, whatever happens to it. */
#include "db/db.h"
#include "db/peek.h"
#include "base/dies.h"
#include "base/str.h"
#include <string.h>
#include <time.h>

#define REGISTRATION "018f0000-0000-7000-8000-00000000dbdb"

static struct mem *m;
static struct db *db;
static struct err e;
static const char *tenant, *other;

static const struct db_scope nobody = {0};

static struct db_scope in(const char *of)
{
	return (struct db_scope){.tenant = of};
}

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
	db = db_new(database_of("ILPD_TEST_DATABASE"));
	tenant = uuid_new(m);
	other = uuid_new(m);
}

static void teardown(void)
{
	db_free(db);
	mem_free(m);
}

static bool put_tenant(const char *id, const char *name)
{
	db_begin(db, m, &(struct db_scope){.tenant = id});
	db_add(db, DB_TENANT_PUT, id, name, "Europe/Oslo", "nb", "");
	return db_commit(db, &e);
}

static void add_nonce(const char *nonce)
{
	db_add(db, DB_LAUNCH_NONCE, REGISTRATION, nonce, "4000000000");
}

static bool spend(const char *nonce)
{
	db_begin(db, m, &nobody);
	add_nonce(nonce);
	return db_commit(db, &e);
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- Batches ---- */

START_TEST(a_batch_is_one_round_trip)
{
	int at[40];

	db_begin(db, m, &nobody);
	for (int i = 0; i < 40; i++)
		at[i] = db_add(db, DB_ALIVE);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	ck_assert_int_eq(db_trips(db), 1);
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(at[i], i);
		ck_assert_int_eq(db_count(db_rows(db, i)), 1);
		ck_assert_int_eq(db_int(db_rows(db, i), 0, 0), 1);
	}
	db_begin(db, m, &nobody);
	db_add(db, DB_ALIVE);
	ck_assert(db_commit(db, &e));
	ck_assert_int_eq(db_trips(db), 2);
}
END_TEST

START_TEST(an_empty_batch_is_fine)
{
	db_begin(db, m, &nobody);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
}
END_TEST

START_TEST(a_batch_takes_effect_whole_or_not_at_all)
{
	const char *spent = uuid_new(m), *fresh = uuid_new(m);

	ck_assert_msg(spend(spent), "%s", e.text);
	db_begin(db, m, &nobody);
	add_nonce(fresh);
	add_nonce(spent);
	add_nonce(uuid_new(m));
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(db_constraint(db), "nonce_spent");
	ck_assert_msg(spend(fresh), "the first part of a failed batch was kept");
	ck_assert_str_eq(db_constraint(db), "");
}
END_TEST

START_TEST(a_begun_batch_is_forgotten_by_the_next)
{
	const char *nonce = uuid_new(m);

	db_begin(db, m, &nobody);
	add_nonce(nonce);
	db_begin(db, m, &nobody);
	db_add(db, DB_ALIVE);
	ck_assert(db_commit(db, &e));
	ck_assert(spend(nonce));
}
END_TEST

static void fill_a_batch_too_far(void)
{
	struct mem *mine = mem_new();
	struct db *away = db_new("host=/nowhere");

	db_begin(away, mine, &nobody);
	for (int i = 0; i < 1000; i++)
		db_add(away, DB_ALIVE);
}

static void ask_for_what_was_not_asked(void)
{
	struct mem *mine = mem_new();
	struct db *away = db_new("host=/nowhere");

	db_begin(away, mine, &nobody);
	db_rows(away, 0);
}

START_TEST(broken_promises_abort)
{
	assert_aborts(fill_a_batch_too_far);
	assert_aborts(ask_for_what_was_not_asked);
}
END_TEST

/* ---- After a failure the connection is as good as before ---- */

START_TEST(statements_not_reached_are_prepared_later)
{
	const char *spent = uuid_new(m);

	ck_assert(spend(spent));
	for (int round = 0; round < 3; round++) {
		struct db *fresh = db_new(database_of("ILPD_TEST_DATABASE"));
		db_begin(fresh, m, &nobody);
		db_add(fresh, DB_LAUNCH_NONCE, REGISTRATION, round == 1 ? NULL : spent,
		       "4000000000");
		int alive = db_add(fresh, DB_ALIVE);
		db_add(fresh, DB_SCHEMA_NUMBER);
		db_add(fresh, DB_ALIVE);
		ck_assert(!db_commit(fresh, &e));
		ck_assert_int_eq(e.code, round == 1 ? ERR_INVALID : ERR_CONFLICT);
		for (int again = 0; again < 2; again++) {
			db_begin(fresh, m, &nobody);
			db_add(fresh, DB_SCHEMA_NUMBER);
			alive = db_add(fresh, DB_ALIVE);
			db_add(fresh, DB_LAUNCH_NONCE, REGISTRATION, uuid_new(m), "4000000000");
			ck_assert_msg(db_commit(fresh, &e), "%s", e.text);
			ck_assert_int_eq(db_int(db_rows(fresh, alive), 0, 0), 1);
		}
		db_free(fresh);
	}
}
END_TEST

/* ---- What an SQLSTATE means ---- */

START_TEST(a_broken_constraint_is_named)
{
	ck_assert(!put_tenant(tenant, ""));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(db_constraint(db), "tenant_name_check");
}
END_TEST

START_TEST(a_reference_to_nothing_is_invalid)
{
	db_begin(db, m, &nobody);
	db_add(db, DB_PLATFORM_PUT, uuid_new(m), other, "n", "generic", "https://i.example", "c",
	       "https://a.example", "", "https://j.example", "auto", "{}", "{}");
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(db_constraint(db), "registration_tenant_id_fkey");
}
END_TEST

START_TEST(data_of_another_shape_is_invalid)
{
	db_begin(db, m, &nobody);
	db_add(db, DB_LAUNCH_NONCE, "no uuid", "n", "1");
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(e.text, "22P02"));
	ck_assert_ptr_null(strstr(e.text, "no uuid"));
	db_begin(db, m, &nobody);
	db_add(db, DB_LAUNCH_NONCE, REGISTRATION, NULL, "1");
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

START_TEST(no_session_is_expired)
{
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_SESSION_ENTER, uuid_new(m), "hash", "8");
	int alive = db_add(db, DB_ALIVE);
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_EXPIRED);
	ck_assert_str_eq(e.reason, "session_ended");
	ck_assert_int_eq(alive, 1);
}
END_TEST

START_TEST(a_tenant_that_is_no_uuid_is_an_error)
{
	db_begin(db, m, &(struct db_scope){.tenant = "x"});
	db_add(db, DB_VIEWER_FACTS, other, NULL);
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

/* ---- The second wall ---- */

static int facts_seen(const struct db_scope *scope, const char *person)
{
	db_begin(db, m, scope);
	int facts = db_add(db, DB_VIEWER_FACTS, person, NULL);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	return db_count(db_rows(db, facts));
}

START_TEST(a_scope_ends_with_its_batch)
{
	const char *person = uuid_new(m);
	struct db_scope ours = in(tenant), theirs = in(other), worker = {.worker = true};

	ck_assert_msg(put_tenant(tenant, "T") && put_tenant(other, "O"), "%s", e.text);
	peek("INSERT INTO ilp.person (tenant_id, person_id, given_name) VALUES ('%s', '%s', 'Ada')",
	     tenant, person);
	ck_assert_int_eq(facts_seen(&nobody, person), 0);
	ck_assert_int_eq(facts_seen(&ours, person), 1);
	ck_assert_int_eq(facts_seen(&nobody, person), 0);
	ck_assert_int_eq(facts_seen(&theirs, person), 0);
	ck_assert_int_eq(facts_seen(&ours, person), 1);
	ck_assert_int_eq(facts_seen(&worker, person), 0);
	/* nor does a failed one leave it behind */
	ck_assert(!put_tenant(tenant, ""));
	ck_assert_int_eq(facts_seen(&nobody, person), 0);
}
END_TEST

START_TEST(a_tenant_writes_nothing_of_another)
{
	ck_assert(put_tenant(other, "O"));
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_TENANT_PUT, other, "stolen", "UTC", "en", "");
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	db_begin(db, m, &nobody);
	db_add(db, DB_TENANT_PUT, uuid_new(m), "made by nobody", "UTC", "en", "");
	ck_assert(!db_commit(db, &e));
	assert_peek("O", "SELECT name FROM ilp.tenant WHERE tenant_id = '%s'", other);
}
END_TEST

START_TEST(only_sessions_commit_relaxed)
{
	db_begin(db, m, &(struct db_scope){.tenant = tenant, .relaxed = true});
	db_add(db, DB_ALIVE);
	ck_assert(db_commit(db, &e));
	ck_assert(put_tenant(tenant, "T"));
}
END_TEST

/* ---- Values ---- */

START_TEST(null_goes_in_and_comes_out)
{
	const char *person = uuid_new(m);

	ck_assert(put_tenant(tenant, "T"));
	peek("INSERT INTO ilp.person (tenant_id, person_id) VALUES ('%s', '%s')", tenant, person);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	int facts = db_add(db, DB_VIEWER_FACTS, person, NULL);
	ck_assert(db_commit(db, &e));
	const struct db_rows *r = db_rows(db, facts);
	ck_assert_str_eq(db_text(r, 0, 0), "");
	ck_assert_ptr_null(db_text(r, 0, 6));
	ck_assert_int_eq(db_int(r, 0, 6), 0);
	ck_assert(!db_bool(r, 0, 6));
}
END_TEST

START_TEST(text_survives_every_character)
{
	const char *name = "O'Brien \"x\" \\ {a,b} $1 % ; -- /* */ \t æøå \xf0\x9f\x98\x80";

	ck_assert_msg(put_tenant(tenant, name), "%s", e.text);
	assert_peek(name, "SELECT name FROM ilp.tenant WHERE tenant_id = '%s'", tenant);
}
END_TEST

START_TEST(arrays_are_quoted)
{
	static const char *const items[] = {"a",    "",     "NULL", "a,b", "{}",
					    "q\"q", "b\\s", " sp ", "ø"};

	ck_assert_str_eq(db_list(m, NULL, 0), "{}");
	ck_assert_str_eq(
		db_list(m, items, 9),
		"{\"a\",\"\",\"NULL\",\"a,b\",\"{}\",\"q\\\"q\",\"b\\\\s\",\" sp \",\"ø\"}");
	ck_assert_str_eq(db_num(m, INT64_MIN), "-9223372036854775808");
	ck_assert_str_eq(db_flag(true), "t");
	ck_assert_str_eq(db_flag(false), "f");
}
END_TEST

START_TEST(a_big_answer_and_a_big_question_do_not_block_each_other)
{
	size_t n = (size_t)200 << 10;
	char *big = mem_alloc(m, n + 1);
	int rows = 0;

	memset(big, 'x', n);
	ck_assert_msg(put_tenant(tenant, "T"), "%s", e.text);
	peek("INSERT INTO lti.registration (registration_id, tenant_id, name, issuer, client_id, "
	     "auth_url, jwks_url) "
	     "SELECT gen_random_uuid(), '%s', repeat('n', 200), 'https://big.example', i::text, "
	     "'a', 'j' "
	     "FROM generate_series(1, 5000) i",
	     tenant);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	for (int i = 0; i < 20; i++) {
		db_add(db, DB_PLATFORM_LIST);
		db_add(db, DB_TENANT_PUT, tenant, big, "UTC", "en", "");
	}
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	for (int i = 0; i < 40; i += 2)
		rows += db_count(db_rows(db, i));
	ck_assert_int_ge(rows, 100000);
	peek("DELETE FROM lti.registration WHERE issuer = 'https://big.example'");
}
END_TEST

/* ---- Losses ---- */

static void cut_all_connections(void)
{
	peek("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
	     "WHERE datname = current_database() AND usename = 'ilpd_app'");
}

START_TEST(a_dead_connection_is_replaced_unnoticed)
{
	const char *nonce = uuid_new(m);

	ck_assert(spend(uuid_new(m)));
	for (int i = 0; i < 3; i++) {
		cut_all_connections();
		ck_assert_msg(spend(i ? uuid_new(m) : nonce), "%s", e.text);
	}
	ck_assert_int_eq(db_trips(db), 7);
	assert_peek("1", "SELECT count(*) FROM lti.nonce WHERE nonce = '%s'", nonce);
}
END_TEST

START_TEST(a_connection_cut_in_the_middle_is_busy_and_then_forgotten)
{
	const char *nonce = uuid_new(m);
	int from;
	char sql[600];

	ck_assert(spend(uuid_new(m)));
	/* Somebody else holds the same nonce: we wait, and are cut while we do. */
	snprintf(sql, sizeof sql,
		 "BEGIN; INSERT INTO lti.nonce VALUES ('" REGISTRATION
		 "', '%s', now()); SELECT pg_sleep(0.8);"
		 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
		 "current_database()"
		 " AND usename = 'ilpd_app' AND wait_event_type = 'Lock'; ROLLBACK",
		 nonce);
	pid_t pid = start_sql(database_of("ILPD_TEST_DATABASE_SUPER"), sql, &from);
	sleep_ms(300);
	bool done = spend(nonce);
	finish_sql(pid, from);
	ck_assert(!done);
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_str_eq(e.reason, "database_lost");
	ck_assert_msg(spend(nonce), "%s", e.text);
}
END_TEST

START_TEST(a_database_that_is_away_is_not_asked_by_every_request)
{
	struct db *away = db_new("host=/nowhere dbname=secretname user=secretuser");

	db_begin(away, m, &nobody);
	db_add(away, DB_ALIVE);
	ck_assert(!db_commit(away, &e));
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_str_eq(e.reason, "database_away");
	ck_assert_int_eq(db_trips(away), 0);
	ck_assert(!db_commit(away, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "asked just now"));
	db_free(away);
	db_free(NULL);
}
END_TEST

/* A trigger that refuses as a conflict of transactions would: the first n times. */
static void make_serialization_failures(int n)
{
	peek("SET client_min_messages = warning; CREATE SEQUENCE IF NOT EXISTS public.test_tries;"
	     "ALTER SEQUENCE public.test_tries RESTART;"
	     "GRANT USAGE ON SEQUENCE public.test_tries TO public;"
	     "CREATE OR REPLACE FUNCTION public.test_serial() RETURNS trigger LANGUAGE plpgsql AS "
	     "$$ BEGIN IF nextval('public.test_tries') <= %d THEN RAISE EXCEPTION 'again' USING "
	     "ERRCODE = '40001';"
	     " END IF; RETURN new; END $$;"
	     "CREATE OR REPLACE TRIGGER test_serial BEFORE INSERT ON lti.nonce FOR EACH ROW"
	     " WHEN (new.nonce LIKE 'serial-%%') EXECUTE FUNCTION public.test_serial()",
	     n);
}

static void make_no_failures(void)
{
	peek("DROP TRIGGER test_serial ON lti.nonce; DROP FUNCTION public.test_serial();"
	     "DROP SEQUENCE public.test_tries");
}

START_TEST(a_serialization_failure_is_tried_once_more)
{
	const char *first = mem_printf(m, "serial-%s", uuid_new(m));
	const char *second = mem_printf(m, "serial-%s", uuid_new(m));
	const char *before = uuid_new(m);

	make_serialization_failures(1);
	db_begin(db, m, &nobody);
	add_nonce(before);
	add_nonce(first);
	bool again = db_commit(db, &e);
	make_serialization_failures(100);
	bool twice = spend(second);
	make_no_failures();
	ck_assert_msg(again, "%s", e.text);
	ck_assert(!twice);
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_str_eq(e.reason, "database_busy");
	ck_assert_int_eq(db_trips(db), 4);
	assert_peek("2", "SELECT count(*) FROM lti.nonce WHERE nonce IN ('%s', '%s', '%s')", before,
		    first, second);
}
END_TEST

/* After a change of roles the old primary only reads: whoever still talks to it
 * must look for the new one. */
START_TEST(a_primary_that_became_read_only_is_left)
{
	ck_assert(put_tenant(tenant, "T"));
	const char *name = peek("SELECT current_database()");
	peek("ALTER ROLE ilpd_app IN DATABASE \"%s\" SET default_transaction_read_only = on", name);
	cut_all_connections();
	bool refused = !spend(uuid_new(m));
	enum err_code code = e.code;
	peek("ALTER ROLE ilpd_app IN DATABASE \"%s\" RESET default_transaction_read_only", name);
	ck_assert(refused);
	ck_assert_int_eq(code, ERR_BUSY);
	ck_assert_msg(spend(uuid_new(m)), "it stayed with the old one: %s", e.text);
}
END_TEST

/* ---- Statements ---- */

START_TEST(every_statement_can_be_prepared)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < DB_QUERY_COUNT; i++) {
		buf_addf(&b, "PREPARE %s AS %s;\n", db_statements[i].name, db_statements[i].sql);
		if (b.n < 65536 && i + 1 < DB_QUERY_COUNT) /* an argument of a program has its limit */
			continue;
		sql_as(database_of("ILPD_TEST_DATABASE"), b.p);
		buf_init(&b, m);
	}
	ck_assert_int_gt(DB_QUERY_COUNT, 40);
}
END_TEST

Suite *db_db_suite(void)
{
	Suite *s = suite_create("db/db");
	TCase *t = tcase_create("batches");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_batch_is_one_round_trip);
	tcase_add_test(t, an_empty_batch_is_fine);
	tcase_add_test(t, a_batch_takes_effect_whole_or_not_at_all);
	tcase_add_test(t, a_begun_batch_is_forgotten_by_the_next);
	tcase_add_test(t, broken_promises_abort);
	tcase_add_test(t, statements_not_reached_are_prepared_later);
	tcase_add_test(t, a_broken_constraint_is_named);
	tcase_add_test(t, a_reference_to_nothing_is_invalid);
	tcase_add_test(t, data_of_another_shape_is_invalid);
	tcase_add_test(t, no_session_is_expired);
	tcase_add_test(t, a_tenant_that_is_no_uuid_is_an_error);
	tcase_add_test(t, a_scope_ends_with_its_batch);
	tcase_add_test(t, a_tenant_writes_nothing_of_another);
	tcase_add_test(t, only_sessions_commit_relaxed);
	tcase_add_test(t, null_goes_in_and_comes_out);
	tcase_add_test(t, text_survives_every_character);
	tcase_add_test(t, arrays_are_quoted);
	tcase_add_test(t, a_big_answer_and_a_big_question_do_not_block_each_other);
	tcase_add_test(t, a_dead_connection_is_replaced_unnoticed);
	tcase_add_test(t, a_connection_cut_in_the_middle_is_busy_and_then_forgotten);
	tcase_add_test(t, a_database_that_is_away_is_not_asked_by_every_request);
	tcase_add_test(t, a_serialization_failure_is_tried_once_more);
	tcase_add_test(t, a_primary_that_became_read_only_is_left);
	tcase_add_test(t, every_statement_can_be_prepared);
	suite_add_tcase(s, t);
	return s;
}
