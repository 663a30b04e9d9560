/* peek.h - the test database from outside the program: what a test must prepare or
 * look up behind row-level security. psql is the far end, as for the other tests. */
#ifndef TESTS_DB_PEEK_H
#define TESTS_DB_PEEK_H

#include <check.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* ILPD_TEST_DATABASE (the role that serves), ILPD_TEST_DATABASE_OWNER or
 * ILPD_TEST_DATABASE_SUPER. Without one the test fails: nothing is skipped. */
__attribute__((unused)) static const char *database_of(const char *name)
{
	const char *conninfo = getenv(name);

	ck_assert_msg(
		conninfo && *conninfo,
		"%s is not set: this test needs a migrated PostgreSQL database (tests/run sets it)",
		name);
	return conninfo;
}

/* Starts psql on it; `out` is where its answer comes from. */
__attribute__((unused)) static pid_t start_sql(const char *conninfo, const char *sql, int *out)
{
	char *argv[] = {"psql", "-qXAt",
			"-v",   "ON_ERROR_STOP=1",
			"-d",   (char *)(uintptr_t)conninfo,
			"-c",   (char *)(uintptr_t)sql,
			NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	ck_assert_int_eq(posix_spawnp(&pid, "psql", &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*out = ends[0];
	return pid;
}

/* Its answer, good until the next four. */
__attribute__((unused)) static const char *finish_sql(pid_t pid, int from)
{
	static char answers[4][16384];
	static int turn;
	char *text = answers[turn++ % 4];
	size_t n = 0;
	ssize_t got;
	int status;

	while ((got = read(from, text + n, sizeof answers[0] - 1 - n)) > 0)
		n += (size_t)got;
	close(from);
	while (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "psql refused");
	return text;
}

__attribute__((unused)) static const char *sql_as(const char *conninfo, const char *sql)
{
	int from;
	pid_t pid = start_sql(conninfo, sql, &from);

	return finish_sql(pid, from);
}

/* As the superuser, who sees past row-level security. */
__attribute__((unused, format(printf, 1, 2))) static const char *peek(const char *fmt, ...)
{
	char sql[16384];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(sql, sizeof sql, fmt, args);
	va_end(args);
	ck_assert_int_lt(n, (int)sizeof sql);
	return sql_as(database_of("ILPD_TEST_DATABASE_SUPER"), sql);
}

/* Until a statement begun by start_sql() has come to its pg_sleep(): what it did before
 * holds its locks by then. */
__attribute__((unused)) static void await_sleep(void)
{
	const char *asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
			     "AND datname = current_database()";

	for (int i = 0; i < 200 && strcmp(peek("%s", asleep), "0") == 0; i++)
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

#define assert_peek(expected, ...) ck_assert_str_eq(peek(__VA_ARGS__), expected)

#endif
