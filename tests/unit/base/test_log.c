/* One line an event, whatever a value holds. */
#include "base/log.h"
#include "base/sys.h"
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char said[65536];
static int real_stderr;
static FILE *file;
static struct mem *m;

static void setup(void)
{
	m = mem_new();
	file = tmpfile();
	real_stderr = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	clock_set_ms(1763820000007);
	log_set_request(NULL);
}

static void teardown(void)
{
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(file);
	clock_set_ms(0);
	log_set_level(LOG_INFO);
	log_set_request(NULL);
	mem_free(m);
}

static const char *lines(void)
{
	rewind(file);
	said[fread(said, 1, sizeof said - 1, file)] = '\0';
	return said;
}

START_TEST(writes_logfmt)
{
	log_info("launch.accepted", "role=%s n=%d", "teacher", 3);
	ck_assert_str_eq(lines(), "time=2025-11-22T14:00:00.007Z level=info event=launch.accepted "
				  "role=teacher n=3\n");
}
END_TEST

START_TEST(carries_the_request)
{
	log_set_request("0123456789abcdef and more");
	log_warn("x", "%s", "");
	ck_assert_str_eq(lines(),
			 "time=2025-11-22T14:00:00.007Z level=warn event=x req=0123456789abcdef\n");
}
END_TEST

START_TEST(keeps_quiet_below_its_level)
{
	enum log_level level;

	ck_assert(log_level_parse("error", &level) && level == LOG_ERROR);
	ck_assert(!log_level_parse("loud", &level) && !log_level_parse("", &level) &&
		  !log_level_parse(NULL, &level));
	log_debug("a", "%s", "x=1");
	log_set_level(level);
	log_info("b", "%s", "x=1");
	log_warn("c", "%s", "x=1");
	log_error("d", "%s", "x=1");
	ck_assert_ptr_nonnull(strstr(lines(), "event=d"));
	ck_assert_ptr_null(strstr(said, "event=a"));
	ck_assert_ptr_null(strstr(said, "event=b"));
	ck_assert_ptr_null(strstr(said, "event=c"));
}
END_TEST

START_TEST(quotes_and_escapes_values)
{
	ck_assert_str_eq(log_q(m, "a \"b\" \\ c"), "\"a \\\"b\\\" \\\\ c\"");
	ck_assert_str_eq(log_q(m, "x\ny\r\x1b[0m\x7f"), "\"x\\x0ay\\x0d\\x1b[0m\\x7f\"");
	ck_assert_str_eq(log_q(m, ""), "\"\"");
	ck_assert_str_eq(log_q(m, "Ærøy"), "\"Ærøy\"");
	char controls[300];
	memset(controls, 1, sizeof controls - 1);
	controls[sizeof controls - 1] = '\0';
	ck_assert_uint_eq(strlen(log_q(m, controls)), 2 + 4 * 299);
}
END_TEST

START_TEST(an_error_is_one_line)
{
	struct err e;

	err_reason(&e, ERR_PEER, "token_refused", "said \"no\"\nlevel=error event=forged");
	e.field = "token";
	log_err(LOG_WARN, "roster.failed", &e);
	const char *s = lines();
	ck_assert_ptr_eq(strchr(s, '\n'), s + strlen(s) - 1);
	ck_assert_ptr_nonnull(strstr(s, "code=peer reason=token_refused field=token at="));
	ck_assert_ptr_nonnull(strstr(s, "text=\"said \\\"no\\\"\\x0alevel=error event=forged\"\n"));
}
END_TEST

START_TEST(a_long_line_is_cut_and_still_ends)
{
	char text[3000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	log_info("long", "text=%s", text);
	size_t n = strlen(lines());
	ck_assert_uint_lt(n, 1400);
	ck_assert_int_eq(said[n - 1], '\n');
	ck_assert_uint_eq(strcspn(said, "\n"), n - 1);
}
END_TEST

static void *chatter(void *letter)
{
	for (int i = 0; i < 50; i++)
		log_info("many", "text=%s", (const char *)letter);
	return NULL;
}

START_TEST(lines_of_threads_never_mix)
{
	static const char *const words[] = {"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb",
					    "cccccccccccccccc"};
	pthread_t threads[3];
	int n = 0;

	dup2(fileno(file), STDERR_FILENO);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, chatter, (void *)(uintptr_t)words[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	lines();
	for (char *save, *line = strtok_r(said, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), n++)
		ck_assert_uint_eq(strlen(line), strlen("time=2025-11-22T14:00:00.007Z level=info "
						       "event=many text=aaaaaaaaaaaaaaaa"));
	ck_assert_int_eq(n, 150);
}
END_TEST

Suite *base_log_suite(void)
{
	Suite *s = suite_create("base/log");
	TCase *t = tcase_create("log");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, writes_logfmt);
	tcase_add_test(t, carries_the_request);
	tcase_add_test(t, keeps_quiet_below_its_level);
	tcase_add_test(t, quotes_and_escapes_values);
	tcase_add_test(t, an_error_is_one_line);
	tcase_add_test(t, a_long_line_is_cut_and_still_ends);
	tcase_add_test(t, lines_of_threads_never_mix);
	suite_add_tcase(s, t);
	return s;
}
