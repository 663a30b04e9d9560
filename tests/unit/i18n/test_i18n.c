/* Words, plurals, dates, order; and every message of every catalog. */
#include "base/str.h"
#include "i18n/i18n.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static struct mem *m;

static void setup(void)
{
	i18n_init();
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
	i18n_done();
}

static const char *line(const char *language, const char *child, int64_t n)
{
	const struct i18n_arg args[] = {{"child", child, 0}, {"n", NULL, n}, {0}};
	return i18n(m, language, "mail.lede.child", args);
}

START_TEST(plurals_follow_the_language)
{
	ck_assert_str_eq(line("en", "Emma", 1), "There is a new midterm review to read about Emma.");
	ck_assert_str_eq(line("en", "Emma", 0), "There are 0 new midterm reviews to read about Emma.");
	ck_assert_str_eq(line("nb", "Åse", 1), "Det er en ny midtveisvurdering å lese om Åse.");
	ck_assert_str_eq(line("nb", "Åse", 1234), "Det er 1\u00a0234 nye midtveisvurderinger å lese om Åse.");
}
END_TEST

START_TEST(arguments_are_text_never_patterns)
{
	ck_assert_str_eq(line("en", "{n} '{child}' #", 2), "There are 2 new midterm reviews to read about {n} '{child}' #.");
}
END_TEST

START_TEST(missing_arguments_leave_a_gap)
{
	ck_assert_str_eq(i18n(m, "en", "mail.hello", NULL), "Hi ,");
}
END_TEST

START_TEST(unknown_languages_and_keys_fall_back)
{
	ck_assert_str_eq(i18n(m, "fi", "mail.open", NULL), "Open Learning plans");
	ck_assert_str_eq(i18n(m, NULL, "mail.open", NULL), "Open Learning plans");
	ck_assert_str_eq(i18n(m, "no_NO", "mail.open", NULL), "Åpne Læringsplaner");
	ck_assert_str_eq(i18n(m, "nb", "no.such.key", NULL), "no.such.key");
}
END_TEST

START_TEST(languages_by_the_names_others_use)
{
	static const char *const name[][2] = {
		{"no", "nb"},    {"no_NO", "nb"},     {"nb-NO", "nb"},   {"nb", "nb"},
		{"nn", "nb"},    {"NN_no", "nb"},     {"nob", "nb"},     {"en", "en"},
		{"en_us", "en"}, {"EN-gb-oed", "en"}, {"en.UTF-8", "en"}};
	static const char *const unknown[] = {NULL,  "",        "e",    "-",  "fr",
					      "enx", "english", "x-nb", "nbb"};

	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
		ck_assert_msg(str_eq(i18n_language(name[i][0]), name[i][1]), "%s", name[i][0]);
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
		ck_assert_ptr_null(i18n_language(unknown[i]));
}
END_TEST

START_TEST(dates_are_written_as_people_write_them)
{
	ck_assert_str_eq(i18n_date(m, "en", "2026-08-17"), "17 August 2026");
	ck_assert_str_eq(i18n_date(m, "nb", "2026-08-17"), "17. august 2026");
	ck_assert_str_eq(i18n_date(m, "nb", "2024-02-29"), "29. februar 2024");
	ck_assert_str_eq(i18n_date(m, "en", "1969-12-31"), "31 December 1969");
	ck_assert_str_eq(i18n_date(m, "en", "soon"), "soon");
	ck_assert_str_eq(i18n_date(m, "en", NULL), "");
}
END_TEST

START_TEST(names_sort_in_the_readers_language)
{
	ck_assert_int_lt(i18n_compare("nb", "Zara", "Ærlig"), 0);
	ck_assert_int_lt(i18n_compare("nb", "Ærlig", "Øyvind"), 0);
	ck_assert_int_lt(i18n_compare("nb", "Øyvind", "Åse"), 0);
	ck_assert_int_lt(i18n_compare("en", "Åse", "Zara"), 0);
	ck_assert_int_eq(i18n_compare("en", "Emma", "Emma"), 0);
}
END_TEST

START_TEST(lists_are_joined_in_the_readers_language)
{
	static const char *const name[] = {"Emma", "Filip", "Åse"};

	ck_assert_str_eq(i18n_list(m, "en", name, 1), "Emma");
	ck_assert_str_eq(i18n_list(m, "en", name, 3), "Emma, Filip and Åse");
	ck_assert_str_eq(i18n_list(m, "nb", name, 2), "Emma og Filip");
}
END_TEST

START_TEST(directions)
{
	ck_assert_str_eq(i18n_direction("nb"), "ltr");
	ck_assert_str_eq(i18n_direction("ar"), "rtl");
	ck_assert_str_eq(i18n_direction(NULL), "ltr");
}
END_TEST

/* Keys of the browser's side may use what only it knows (dates, rich text). */
static bool is_ours(const char *key)
{
	return str_starts(key, "mail.") || str_starts(key, "landing.") ||
	       str_starts(key, "refused.") || str_starts(key, "api.");
}

START_TEST(every_message_of_the_server_can_be_filled_in)
{
	static const char *const language[] = {"en", "nb"};
	const struct i18n_arg args[] = {
		{"n", NULL, 2}, {"child", "Emma", 0}, {"name", "Marte", 0}, {0}};

	for (size_t l = 0; l < 2; l++) {
		const char *key;
		size_t seen = 0;
		for (size_t i = 0; (key = i18n_key(language[l], i)); i++) {
			if (!is_ours(key))
				continue;
			const char *text = i18n(m, language[l], key, args);
			ck_assert_msg(strcmp(text, key) != 0, "%s: %s", language[l], key);
			seen++;
		}
		ck_assert_uint_gt(seen, 20);
	}
}
END_TEST

static atomic_int wrong;

static void *format_often(void *arg)
{
	const char *language = arg;
	struct mem *own = mem_new();

	for (int i = 0; i < 2000; i++) {
		const struct i18n_arg args[] = {{"child", "Emma", 0}, {"n", NULL, 1 + i % 2}, {0}};
		const char *text = i18n(own, language, "mail.lede.child", args);
		const char *date = i18n_date(own, language, "2026-08-17");
		bool many = strstr(text, language[0] == 'e' ? "reviews" : "vurderinger") != NULL;
		if (many != (i % 2 == 1) || !strstr(date, "2026"))
			atomic_fetch_add(&wrong, 1);
		mem_reset(own);
	}
	mem_free(own);
	return NULL;
}

START_TEST(threads_share_patterns)
{
	static char en[] = "en", nb[] = "nb";
	pthread_t thread[8];

	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, format_often, i % 2 ? en : nb),
				 0);
	for (int i = 0; i < 8; i++)
		pthread_join(thread[i], NULL);
	ck_assert_int_eq(atomic_load(&wrong), 0);
}
END_TEST

Suite *i18n_i18n_suite(void)
{
	Suite *s = suite_create("i18n");
	TCase *t = tcase_create("i18n");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, plurals_follow_the_language);
	tcase_add_test(t, arguments_are_text_never_patterns);
	tcase_add_test(t, missing_arguments_leave_a_gap);
	tcase_add_test(t, unknown_languages_and_keys_fall_back);
	tcase_add_test(t, languages_by_the_names_others_use);
	tcase_add_test(t, dates_are_written_as_people_write_them);
	tcase_add_test(t, names_sort_in_the_readers_language);
	tcase_add_test(t, lists_are_joined_in_the_readers_language);
	tcase_add_test(t, directions);
	tcase_add_test(t, every_message_of_the_server_can_be_filled_in);
	tcase_add_test(t, threads_share_patterns);
	suite_add_tcase(s, t);
	return s;
}
