/* The shipped scales: whole, in both languages, without doubles. */
#include "ilp/scale.h"
#include "base/js.h"
#include "base/str.h"
#include <check.h>
#include <string.h>

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (str_eq(word, *words))
			return true;
	return false;
}

static void check_words(const json_t *words, const char *key)
{
	ck_assert_msg(!str_empty(js_str(words, "en")) && !str_empty(js_str(words, "nb")), "%s lacks a language",
		      key);
}

static void check_value(const json_t *values, size_t i, const char *key)
{
	static const char *const categories[] = {"ok", "watch", "risk", "none", NULL};
	const json_t *v = json_array_get(values, i);
	const char *code = js_str(v, "code");

	ck_assert_msg(!str_empty(code) && strlen(code) <= 10, "%s: code %zu", key, i);
	ck_assert_msg(is_one_of(js_str(v, "category"), categories), "%s: category of %s", key,
		      code);
	check_words(js_obj(v, "short"), key);
	check_words(js_obj(v, "label"), key);
	for (size_t j = 0; j < i; j++)
		ck_assert_msg(!str_eq(code, js_str(json_array_get(values, j), "code")),
			      "%s: %s twice", key, code);
}

START_TEST(every_scale_is_whole)
{
	static const char *const directions[] = {"up", "down", "none", NULL};
	int n = 0;

	for (const struct scale *s = scales; s->key; s++, n++) {
		struct err e;
		json_t *o;
		ck_assert_msg(js_parse(m, s->json, strlen(s->json), 65536, &o, &e), "%s: %s",
			      s->key, e.text);
		ck_assert_str_eq(js_str(o, "key"), s->key);
		ck_assert_msg(is_one_of(js_str(o, "direction"), directions), "%s", s->key);
		check_words(js_obj(o, "name"), s->key);
		const json_t *values = js_arr(o, "values");
		ck_assert_msg(json_array_size(values) >= 2, "%s has no choice", s->key);
		for (size_t i = 0; i < json_array_size(values); i++)
			check_value(values, i, s->key);
		ck_assert_ptr_eq(scale_find(s->key), s);
	}
	ck_assert_int_ge(n, 5);
}
END_TEST

/* ilp.md 7: all of them; what is no basis is not ranked; two for order and behaviour. */
START_TEST(everything_that_schools_use_is_there)
{
	static const char *const keys[] = {
		"no_goal",	"no_grades",  "no_grades_all", "no_order", "no_behaviour", "se_judgement", "se_grades",
		"dk_grades",	"fi_grades",  "fi_words",      "us_letters", "us_standards", "us_conduct", "on_track",
		"uk_expected",	"uk_gcse",    "uk_attitude",   "uk_fe",	   "uk_brag",	   "fr_steps",	   "de_grades",
		"ib_grades",	"au_letters", "on_skills",     "outcome",  "passed",	   "faces",
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		ck_assert_msg(scale_find(keys[i]) != NULL, "%s", keys[i]);
	ck_assert_ptr_nonnull(strstr(scale_find("de_grades")->json, "\"direction\":\"down\""));
}
END_TEST

START_TEST(finds_no_other)
{
	ck_assert_ptr_null(scale_find("no_such"));
	ck_assert_ptr_null(scale_find(""));
	ck_assert_ptr_null(scale_find(NULL));
}
END_TEST

Suite *ilp_scale_suite(void)
{
	Suite *s = suite_create("ilp/scale");
	TCase *t = tcase_create("scale");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_scale_is_whole);
	tcase_add_test(t, everything_that_schools_use_is_there);
	tcase_add_test(t, finds_no_other);
	suite_add_tcase(s, t);
	return s;
}
