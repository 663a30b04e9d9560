/* Reasons: table, code and catalogs say the same words. */
#include "lti/fake_platform.h"
#include <glob.h>

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static bool in_table(const char *word)
{
	for (const struct lti_reason *r = lti_reasons; r->word; r++)
		if (str_eq(r->word, word))
			return true;
	return false;
}

START_TEST(finds_words_and_never_nothing)
{
	ck_assert_str_eq(lti_reason_find("state_expired")->word, "state_expired");
	ck_assert_str_eq(lti_reason_find("state_expired")->message, "refused.state_expired");
	ck_assert_str_eq(lti_reason_find("no such word")->word, "unknown");
	ck_assert_str_eq(lti_reason_find(NULL)->word, "unknown");
}
END_TEST

START_TEST(stand_once_each_and_are_complete)
{
	for (const struct lti_reason *r = lti_reasons; r->word; r++) {
		for (const struct lti_reason *other = r + 1; other->word; other++)
			ck_assert_str_ne(r->word, other->word);
		ck_assert_str_eq(r->message, mem_printf(m, "refused.%s", r->word));
		ck_assert_uint_gt(strlen(r->mend), 20);
		ck_assert_int_ge(r->status, 200);
		ck_assert_int_le(r->status, 503);
	}
}
END_TEST

static const char *const catalogs[] = {"../i18n/en/refused.json", "../i18n/nb/refused.json"};

START_TEST(are_told_in_every_language)
{
	const json_t *catalog = sign_fixture(m, catalogs[_i]), *text;
	const char *key;

	for (const struct lti_reason *r = lti_reasons; r->word; r++)
		ck_assert_msg(!str_empty(js_str(catalog, r->message)), "%s lacks %s", catalogs[_i],
			      r->message);
	json_object_foreach((json_t *)catalog, key, text)
	{
		ck_assert_msg(in_table(key + strlen("refused.")), "%s is no reason", key);
		ck_assert_msg(!strpbrk(json_string_value(text), "{}<>"), "%s", key);
	}
}
END_TEST

/* The words in the calls of err_reason and in the tables of the sources. */
static void check_source(const char *path)
{
	static const char *const marks[] = {
		"err_reason(e, ERR_INVALID, \"", "err_reason(e, ERR_DENIED, \"",
		"err_reason(e, ERR_CONFLICT, \"", "reason = \"login", "reason = \"launch"};
	const char *text = sign_file(m, path, NULL);

	for (int i = 0; i < COUNT(marks); i++)
		for (const char *p = text; (p = strstr(p, marks[i]));) {
			p = 1 + strchr(p, '"');
			const char *word = mem_strndup(m, p, strcspn(p, "\""));
			ck_assert_msg(in_table(word), "%s: %s is not in the table", path, word);
		}
}

START_TEST(are_all_in_the_table)
{
	static const char *const patterns[] = {TESTS_DIR "/../lti/*.c", TESTS_DIR "/../keys/*.c",
					       TESTS_DIR "/../web/*.c",
					       TESTS_DIR "/../ilp/arrival.c"};
	glob_t found;

	for (int i = 0; i < COUNT(patterns); i++) {
		ck_assert_int_eq(glob(patterns[i], 0, NULL, &found), 0);
		for (size_t k = 0; k < found.gl_pathc; k++)
			check_source(found.gl_pathv[k] + strlen(TESTS_DIR) + 1);
		globfree(&found);
	}
}
END_TEST

/* Where the frame is at fault a window of its own helps; nowhere else. */
START_TEST(offer_a_window_where_it_helps)
{
	ck_assert(lti_reason_find("browser_cookie_missing")->new_window);
	ck_assert(lti_reason_find("platform_login_required")->new_window);
	ck_assert(!lti_reason_find("token_signature")->new_window);
	ck_assert(!lti_reason_find("unknown")->new_window);
}
END_TEST

Suite *lti_reasons_suite(void)
{
	Suite *s = suite_create("lti/reasons");
	TCase *t = tcase_create("reasons");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, finds_words_and_never_nothing);
	tcase_add_test(t, stand_once_each_and_are_complete);
	tcase_add_loop_test(t, are_told_in_every_language, 0, COUNT(catalogs));
	tcase_add_test(t, are_all_in_the_table);
	tcase_add_test(t, offer_a_window_where_it_helps);
	suite_add_tcase(s, t);
	return s;
}
