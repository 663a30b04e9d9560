/* psql.h - the test database, for the few things a test must do that the program
 * never does. Without one the test fails: nothing is skipped in silence. */
#ifndef TESTS_KEYS_PSQL_H
#define TESTS_KEYS_PSQL_H

#include <check.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

__attribute__((unused)) static const char *test_database(const char *name)
{
	const char *conninfo = getenv(name);

	ck_assert_msg(conninfo && *conninfo,
		      "%s is not set: this test needs a migrated PostgreSQL database "
		      "(tests/run sets it)",
		      name);
	return conninfo;
}

__attribute__((unused)) static void test_sql(const char *sql)
{
	const char *owner = test_database("ILPD_TEST_DATABASE_OWNER");
	char *argv[] = {"psql", "-qX",       "-v", "ON_ERROR_STOP=1", "-d", (char *)owner,
			"-c",   (char *)sql, NULL};
	int status;
	pid_t pid;

	ck_assert_int_eq(posix_spawnp(&pid, "psql", NULL, NULL, argv, environ), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "psql refused: %s", sql);
}

#endif
