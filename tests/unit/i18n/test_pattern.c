/* Names become numbers, and ICU's quoting is kept. */
#include "i18n/pattern_internal.h"

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

START_TEST(numbers_come_before_texts)
{
	struct pattern p;
	struct err e = {0};

	ck_assert(pattern_parse(
		m, "{who} has { n , plural, =0 {none} one {# of {who}} other {# x {k, number}}}",
		&p, &e));
	ck_assert_str_eq(p.text,
			 "{2} has {0,plural, =0 {none} one {# of {2}} other {# x {1,number}}}");
	ck_assert_int_eq(p.numbers, 2);
	ck_assert_int_eq(p.words, 1);
	ck_assert_str_eq(p.number[1], "k");
	ck_assert_str_eq(p.word[0], "who");
}
END_TEST

START_TEST(a_name_used_both_ways_has_two_numbers)
{
	struct pattern p;
	struct err e = {0};

	ck_assert(pattern_parse(m, "{n, plural, other {{n}}}", &p, &e));
	ck_assert_str_eq(p.text, "{0,plural, other {{1}}}");
	ck_assert(pattern_parse(m, "{sex, select, f {she} other {they}} {sex}", &p, &e));
	ck_assert_str_eq(p.text, "{0,select, f {she} other {they}} {0}");
}
END_TEST

START_TEST(quoted_text_is_left_alone)
{
	static const char *const same[] = {"it''s", "it's", "'{name}' and '{",
					   "plain", "",     "a '#' b"};

	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		struct pattern p;
		struct err e = {0};
		ck_assert_msg(pattern_parse(m, same[i], &p, &e), "%s: %s", same[i], e.text);
		ck_assert_str_eq(p.text, same[i]);
		ck_assert_int_eq(p.words + p.numbers, 0);
	}
}
END_TEST

START_TEST(broken_patterns_are_refused)
{
	static const char *const bad[] = {"{",
					  "{}",
					  "{a",
					  "a}",
					  "{a, plural}",
					  "{a, plural, one}",
					  "{a, plural, one {x}",
					  "{a, date}",
					  "{a, plural, one {x} other {y}",
					  "{a b}",
					  "{a}{b}{c}{d}{e}{f}{g}{h}{i}",
					  "{a,number}{b,number}{c,number}{d,number}"};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct pattern p;
		struct err e = {0};
		ck_assert_msg(!pattern_parse(m, bad[i], &p, &e), "%s", bad[i]);
	}
}
END_TEST

Suite *i18n_pattern_suite(void)
{
	Suite *s = suite_create("i18n_pattern");
	TCase *t = tcase_create("pattern");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, numbers_come_before_texts);
	tcase_add_test(t, a_name_used_both_ways_has_two_numbers);
	tcase_add_test(t, quoted_text_is_left_alone);
	tcase_add_test(t, broken_patterns_are_refused);
	suite_add_tcase(s, t);
	return s;
}
