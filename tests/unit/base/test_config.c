/* Settings: what is taken, what is refused, and that secrets stay unsaid. */
#include "base/config.h"
#include "base/str.h"
#include <check.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

extern char **environ;

static struct mem *m;
static struct err e;
static struct config c;
static char dir[64], file[96], key_file[96];

/* Nothing of the environment the tests run in may be mistaken for a setting. */
static void forget_environment(void)
{
	for (bool again = true; again;) {
		again = false;
		for (char **v = environ; v && *v && !again; v++) {
			if (strncmp(*v, "ILPD_", 5))
				continue;
			unsetenv(mem_strndup(m, *v, strcspn(*v, "=")));
			again = true;
		}
	}
}

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
	snprintf(dir, sizeof dir, "/tmp/ilpd-config-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/ilpd.conf", dir);
	snprintf(key_file, sizeof key_file, "%s/key", dir);
	forget_environment();
}

static void teardown(void)
{
	forget_environment();
	unlink(file);
	unlink(key_file);
	rmdir(dir);
	mem_free(m);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	fclose(f);
}

static bool load(const char *text)
{
	write_file(file, text);
	return config_load(&c, m, file, true, &e);
}

START_TEST(defaults_stand_where_nothing_is_said)
{
	ck_assert_msg(load("database = dbname=x\nkey = " KEY "\n"), "%s", e.text);
	ck_assert_str_eq(c.listen, "127.0.0.1:8180");
	ck_assert_str_eq(c.base_url, "http://127.0.0.1:8180");
	ck_assert_str_eq(c.database, "dbname=x");
	ck_assert_str_eq(c.database_owner, "");
	ck_assert_int_eq(c.workers, 8);
	ck_assert_int_eq(c.queue, 512);
	ck_assert_int_eq(c.session_hours, 8);
	ck_assert_int_eq(c.mail_window, 240);
	ck_assert_str_eq(c.worker, "on");
	ck_assert_str_eq(c.mail_relay, "");
	ck_assert_str_eq(c.metrics, "");
	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(c.kek.now[i], i);
}
END_TEST

START_TEST(the_environment_wins_over_the_file)
{
	setenv("ILPD_WORKERS", "3", 1);
	setenv("ILPD_MAIL_FROM", "School <s@example.org>", 1);
	ck_assert(
		load("# a comment\n; another\ndatabase=x\nkey=" KEY "\nworkers = 7\nqueue = 9\n"));
	ck_assert_int_eq(c.workers, 3);
	ck_assert_int_eq(c.queue, 9);
	ck_assert_str_eq(c.mail_from, "School <s@example.org>");
}
END_TEST

START_TEST(the_environment_alone_is_enough)
{
	setenv("ILPD_DATABASE", "dbname=y", 1);
	setenv("ILPD_KEY", KEY, 1);
	ck_assert(config_load(&c, m, NULL, true, &e));
	ck_assert_str_eq(c.database, "dbname=y");
}
END_TEST

START_TEST(a_long_connection_string_is_kept_whole)
{
	char line[1200] = "database = ";

	for (int i = 0; i < 40; i++)
		snprintf(line + strlen(line), sizeof line - strlen(line),
			 "host%02d=database-%02d.example ", i, i);
	ck_assert_msg(load(mem_printf(m, "key = %s\n%s\n", KEY, line)), "%s", e.text);
	ck_assert_uint_eq(strlen(c.database), strlen(str_trim(m, line + 11)));
}
END_TEST

START_TEST(a_value_may_hold_what_ini_calls_comments)
{
	ck_assert_msg(load("database = host=x password=a#b=c\nkey = " KEY "\n"), "%s", e.text);
	ck_assert_str_eq(c.database, "host=x password=a#b=c");
}
END_TEST

static const struct {
	const char *line, *says;
} wrong[] = {
	{"workers = 0", "workers = \"0\""},
	{"workers = 129", "1 to 128"},
	{"workers = many", "workers = \"many\""},
	{"workers = 4x", "workers"},
	{"workers = ", "workers"},
	{"workers = -1", "workers"},
	{"workers = 99999999999999999999", "workers"},
	{"queue = 65537", "1 to 65536"},
	{"session_hours = 25", "1 to 24"},
	{"mail_window = 86401", "86400"},
	{"mail_batch = 0", "mail_batch"},
	{"worker = maybe", "on off"},
	{"worker = on off", "on off"},
	{"worker = o", "on off"},
	{"worker = ", "worker"},
	{"mail_tls = yes", "none try require"},
	{"log_level = loud", "debug info warn error"},
	{"listen = 8180", "host:port"},
	{"listen = :8180", "host:port"},
	{"listen = 127.0.0.1:0", "host:port"},
	{"listen = 127.0.0.1:65536", "host:port"},
	{"listen = 127.0.0.1:http", "host:port"},
	{"listen = ", "listen"},
	{"metrics = 9180", "host:port"},
	{"metrics = 127.0.0.1:0", "host:port"},
	{"metrics = on", "host:port"},
	{"base_url = tool.example", "base_url"},
	{"base_url = http://tool.example", "base_url"},
	{"base_url = https://", "base_url"},
	{"base_url = https://tool.example/", "base_url"},
	{"base_url = https://tool.example/sub", "base_url"},
	{"base_url = https://tool.example?x", "base_url"},
	{"base_url = https://u@tool.example", "base_url"},
	{"base_url = https://tool.example .evil", "base_url"},
	{"base_url = http://127.0.0.1.evil.example", "base_url"},
	{"base_url = http://localhost.evil.example", "base_url"},
	{"base_url = http://localhostile:80", "base_url"},
	{"base_url = javascript://x", "base_url"},
	{"base_url = https://Tool.example", "base_url"},
	{"mail_from = ", "mail_from"},
	{"database = ", "database"},
	{"wrokers = 4", "wrokers"},
	{"Workers = 4", "Workers"},
	{"[mail]\nworkers = 4", ":3:"},
	{"workers", ":3:"},
	{"key = AAAA", "key"},
	{"key = " KEY "=", "key"},
	{"key = ", "key"},
};

START_TEST(refuses_every_wrong_value_by_name)
{
	ck_assert_msg(!load(mem_printf(m, "database = x\nkey = " KEY "\n%s\n", wrong[_i].line)),
		      "%s", wrong[_i].line);
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_msg(strstr(e.text, wrong[_i].says), "\"%s\" does not say %s", e.text,
		      wrong[_i].says);
}
END_TEST

static const char *const urls[] = {
	"https://tool.example",     "https://tool.example:8443", "http://127.0.0.1",
	"http://127.0.0.1:8180",    "http://localhost",          "http://localhost:80",
	"https://xn--lring-8ua.no",
};

START_TEST(takes_addresses_that_are_ours)
{
	ck_assert_msg(load(mem_printf(m, "database = x\nkey = " KEY "\nbase_url = %s\n", urls[_i])),
		      "%s", e.text);
	ck_assert_str_eq(c.base_url, urls[_i]);
}
END_TEST

START_TEST(says_where_a_wrong_value_came_from)
{
	setenv("ILPD_DATABASE", "x", 1);
	setenv("ILPD_KEY", KEY, 1);
	setenv("ILPD_QUEUE", "none", 1);
	ck_assert(!config_load(&c, m, NULL, true, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "ILPD_QUEUE"));
	unsetenv("ILPD_QUEUE");
	ck_assert(!load("database = x\nqueue = none\n"));
	ck_assert_ptr_nonnull(strstr(e.text, "ilpd.conf"));
}
END_TEST

START_TEST(an_empty_variable_is_a_value)
{
	setenv("ILPD_MAIL_RELAY", "", 1);
	ck_assert(load("database = x\nkey = " KEY "\nmail_relay = m:25\n"));
	ck_assert_str_eq(c.mail_relay, "");
}
END_TEST

START_TEST(never_says_a_secret)
{
	static const char *const secrets[] = {"key = hunter2hunter2", "key = hunter2 \xff"};

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		ck_assert(!load(mem_printf(m, "database = hunter2\n%s\n", secrets[i])));
		ck_assert_ptr_null(strstr(e.text, "hunter2"));
	}
	write_file(key_file, "hunter2hunter2\n");
	ck_assert(!load(mem_printf(m, "database = x\nkey_file = %s\n", key_file)));
	ck_assert_ptr_null(strstr(e.text, "hunter2"));
	ck_assert(!load("database = x\nkey =\n0hunter2hunter2hunter2hunter2==\n"));
	ck_assert_ptr_null(strstr(e.text, "hunter2"));
	ck_assert(!load("mail_password = hunter2\nworkers = x\n"));
	ck_assert_ptr_null(strstr(e.text, "hunter2"));
}
END_TEST

START_TEST(reads_the_key_from_its_file)
{
	write_file(key_file, KEY "\n");
	ck_assert_msg(load(mem_printf(m, "database = x\nkey_file = %s\n", key_file)), "%s", e.text);
	ck_assert_int_eq(c.kek.now[31], 31);
	write_file(key_file, "");
	ck_assert(!load(mem_printf(m, "database = x\nkey_file = %s\n", key_file)));
	ck_assert_ptr_nonnull(strstr(e.text, "is empty"));
	ck_assert(!load(mem_printf(m, "database = x\nkey_file = %s/none\n", dir)));
	ck_assert_ptr_nonnull(strstr(e.text, "No such file"));
	ck_assert(!load(mem_printf(m, "database = x\nkey_file = %s\n", dir)));
	write_file(key_file, KEY KEY KEY KEY);
	ck_assert(!load(mem_printf(m, "database = x\nkey_file = %s\n", key_file)));
}
END_TEST

START_TEST(knows_the_key_before)
{
	static const char other[] = "____________________________________________";

	ck_assert_msg(load("database = x\nkey = " KEY "\n"), "%s", e.text);
	ck_assert(!c.kek.has_before);
	ck_assert_msg(load("database = x\nkey = " KEY "\nkey_before = " KEY "\n"), "%s", e.text);
	ck_assert(c.kek.has_before);
	ck_assert_int_eq(c.kek.before[31], 31);
	write_file(key_file, KEY "\n");
	ck_assert(load(
		mem_printf(m, "database = x\nkey = " KEY "\nkey_before_file = %s\n", key_file)));
	ck_assert(c.kek.has_before);
	ck_assert_int_eq(c.kek.before[31], 31);
	/* the key before alone is no key */
	ck_assert(!load("database = x\nkey_before = " KEY "\n"));
	ck_assert(str_starts(e.text, "key: "));
	ck_assert(!load(mem_printf(m, "database = x\nkey = " KEY "\nkey_before = %s\n", other)));
	ck_assert(str_starts(e.text, "key_before: "));
	ck_assert_ptr_null(strstr(e.text, "____"));
	ck_assert(!load(
		mem_printf(m, "database = x\nkey = " KEY "\nkey_before_file = %s/none\n", dir)));
	ck_assert_ptr_nonnull(strstr(e.text, "key_before_file"));
}
END_TEST

START_TEST(a_key_is_needed_only_to_serve)
{
	write_file(file, "database = x\n");
	ck_assert(config_load(&c, m, file, false, &e));
	ck_assert(!config_load(&c, m, file, true, &e));
	write_file(file, "database = x\nkey = AA\n");
	ck_assert(!config_load(&c, m, file, false, &e));
}
END_TEST

START_TEST(a_file_that_is_not_there_is_an_error)
{
	ck_assert(!config_load(&c, m, "/nowhere/ilpd.conf", false, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "/nowhere/ilpd.conf"));
}
END_TEST

START_TEST(the_reference_names_every_setting_with_its_variable)
{
	static const char *const some[] = {"listen",   "base_url",      "database",
					   "key_file", "mail_password", "log_level"};
	const char *page = config_reference(m);

	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		ck_assert_ptr_nonnull(strstr(page, mem_printf(m, "| `%s` |", some[i])));
		char *upper = mem_printf(m, "`ILPD_%s`", some[i]);
		for (char *p = upper; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		ck_assert_ptr_nonnull(strstr(page, upper));
	}
}
END_TEST

Suite *base_config_suite(void)
{
	Suite *s = suite_create("base/config");
	TCase *t = tcase_create("config");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, defaults_stand_where_nothing_is_said);
	tcase_add_test(t, the_environment_wins_over_the_file);
	tcase_add_test(t, the_environment_alone_is_enough);
	tcase_add_test(t, a_long_connection_string_is_kept_whole);
	tcase_add_test(t, a_value_may_hold_what_ini_calls_comments);
	tcase_add_loop_test(t, refuses_every_wrong_value_by_name, 0, sizeof wrong / sizeof *wrong);
	tcase_add_loop_test(t, takes_addresses_that_are_ours, 0, sizeof urls / sizeof *urls);
	tcase_add_test(t, says_where_a_wrong_value_came_from);
	tcase_add_test(t, an_empty_variable_is_a_value);
	tcase_add_test(t, never_says_a_secret);
	tcase_add_test(t, reads_the_key_from_its_file);
	tcase_add_test(t, knows_the_key_before);
	tcase_add_test(t, a_key_is_needed_only_to_serve);
	tcase_add_test(t, a_file_that_is_not_there_is_an_error);
	tcase_add_test(t, the_reference_names_every_setting_with_its_variable);
	suite_add_tcase(s, t);
	return s;
}
