/* Migrations: once, by whoever comes first, and never another text than before. */
#include "db/db.h"
#include "db/peek.h"
#include "db/schema_internal.h"
#include "base/str.h"

static struct mem *m;
static struct err e;
static const char *name, *owner, *super;

/* An empty database of our own. */
static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
	name = mem_printf(m, "ilpd_migrate_%d_%.8s", (int)getpid(), uuid_new(m) + 28);
	owner = mem_printf(m, "%s dbname=%s", database_of("ILPD_TEST_DATABASE_OWNER"), name);
	super = mem_printf(m, "%s dbname=%s", database_of("ILPD_TEST_DATABASE_SUPER"), name);
	peek("CREATE DATABASE %s OWNER %s", name,
	     sql_as(database_of("ILPD_TEST_DATABASE_OWNER"), "SELECT current_user"));
}

static void teardown(void)
{
	peek("DROP DATABASE %s WITH (FORCE)", name);
	mem_free(m);
}

static bool migrate(bool dry_run, int *applied)
{
	return db_migrate(owner, "ilpd_app", dry_run, applied, &e);
}

START_TEST(a_dry_run_says_how_many_and_leaves_nothing)
{
	int applied = -1;

	ck_assert_msg(migrate(true, &applied), "%s", e.text);
	ck_assert_int_eq(applied, db_steps_n);
	ck_assert_str_eq(
		sql_as(super,
		       "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = "
		       "relnamespace "
		       "WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"),
		"0");
}
END_TEST

START_TEST(a_second_run_has_nothing_to_do)
{
	int applied = -1;

	ck_assert_msg(migrate(false, &applied), "%s", e.text);
	ck_assert_int_eq(applied, db_steps_n);
	ck_assert_msg(migrate(false, &applied), "%s", e.text);
	ck_assert_int_eq(applied, 0);
	ck_assert(migrate(true, &applied));
	ck_assert_int_eq(applied, 0);
	/* it also made the months of the event log */
	ck_assert_str_eq(sql_as(super, "SELECT count(*) >= 24 FROM pg_inherits WHERE inhparent = "
				       "'ilp.event'::regclass"),
			 "t");
}
END_TEST

START_TEST(two_hosts_may_start_it_at_once)
{
	pid_t pids[3];

	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		ck_assert_int_ge(pids[i], 0);
		if (!pids[i]) {
			int applied;
			_exit(migrate(false, &applied) ? applied : 100);
		}
	}
	int total = 0;
	for (int i = 0; i < 3; i++) {
		int status;
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 100);
		total += WEXITSTATUS(status);
	}
	ck_assert_int_eq(total, db_steps_n);
	ck_assert_int_eq(
		(int)strtol(sql_as(super, "SELECT count(*) FROM public.schema_version"), NULL, 10),
		db_steps_n);
}
END_TEST

START_TEST(a_changed_text_is_refused)
{
	int applied;

	ck_assert(migrate(false, &applied));
	sql_as(owner, "UPDATE public.schema_version SET sha256 = 'another' WHERE n = 1");
	ck_assert(!migrate(false, &applied));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(e.text, "was changed after it was applied"));
	ck_assert(!migrate(true, &applied));
}
END_TEST

START_TEST(a_failing_step_leaves_nothing)
{
	int applied;

	sql_as(owner, "CREATE SCHEMA notify");
	ck_assert(!migrate(false, &applied));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(e.text, "notify"));
	ck_assert_str_eq(
		sql_as(super,
		       "SELECT count(*) FROM pg_namespace WHERE nspname IN ('ilp', 'lti', 'keys')"),
		"0");
	ck_assert_str_eq(sql_as(super, "SELECT count(*) FROM public.schema_version"), "0");
}
END_TEST

START_TEST(the_serving_role_owns_nothing_and_may_not_delete_history)
{
	int applied;

	ck_assert(migrate(false, &applied));
	ck_assert_str_eq(
		sql_as(super, "SELECT count(*) FROM pg_class WHERE relowner = 'ilpd_app'::regrole"),
		"0");
	ck_assert_str_eq(
		sql_as(super, "SELECT bool_or(has_table_privilege('ilpd_app', t, p)) FROM (VALUES "
			      "('ilp.event', 'DELETE'), ('ilp.entry_history', 'DELETE'), "
			      "('ilp.tenant', 'DELETE'),"
			      "('ilp.entry_history', 'UPDATE'), ('public.schema_version', "
			      "'INSERT')) v (t, p)"),
		"f");
}
END_TEST

START_TEST(a_program_of_another_age_does_not_start)
{
	int applied;
	struct db *db =
		db_new(mem_printf(m, "%s dbname=%s", database_of("ILPD_TEST_DATABASE"), name));

	ck_assert(!db_check_version(db, &e));
	ck_assert(migrate(false, &applied));
	ck_assert_msg(db_check_version(db, &e), "%s", e.text);
	sql_as(owner,
	       "INSERT INTO public.schema_version (n, name, sha256) VALUES (9999, 'later', 'x')");
	ck_assert(!db_check_version(db, &e));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(e.text, "run ilpd migrate"));
	db_free(db);
}
END_TEST

START_TEST(an_odd_role_is_quoted_and_an_unknown_one_refused)
{
	int applied;

	ck_assert(!db_migrate(owner, "no\"body; DROP SCHEMA ilp", false, &applied, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "does not exist"));
}
END_TEST

START_TEST(an_absent_database_is_busy)
{
	int applied;

	ck_assert(!db_migrate("host=/nowhere", "ilpd_app", false, &applied, &e));
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_ptr_null(strchr(e.text, '\n'));
}
END_TEST

Suite *db_migrate_suite(void)
{
	Suite *s = suite_create("db/migrate");
	TCase *t = tcase_create("migrate");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_dry_run_says_how_many_and_leaves_nothing);
	tcase_add_test(t, a_second_run_has_nothing_to_do);
	tcase_add_test(t, two_hosts_may_start_it_at_once);
	tcase_add_test(t, a_changed_text_is_refused);
	tcase_add_test(t, a_failing_step_leaves_nothing);
	tcase_add_test(t, the_serving_role_owns_nothing_and_may_not_delete_history);
	tcase_add_test(t, a_program_of_another_age_does_not_start);
	tcase_add_test(t, an_odd_role_is_quoted_and_an_unknown_one_refused);
	tcase_add_test(t, an_absent_database_is_busy);
	suite_add_tcase(s, t);
	return s;
}
