/* JSON from outside: strict, capped, owned by the arena. */
#include "base/js.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

static struct mem *m;
static struct err e;

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
}

static void teardown(void)
{
	mem_free(m);
}

static bool parse(const char *text, json_t **out)
{
	return js_parse(m, text, strlen(text), 4096, out, &e);
}

static const char *const refused[] = {
	"",
	" ",
	"{",
	"[1,2",
	"{\"a\":1,\"a\":2}",
	"{\"x\":{\"a\":1,\"a\":1}}",
	"\"text\"",
	"1",
	"null",
	"{'a':1}",
	"{\"a\":1,}",
	"{\"a\":01}",
	"{\"a\":+1}",
	"{\"a\":NaN}",
	"{\"a\":1e999}",
	"{\"a\":\"\\u0000\"}",
	"{\"a\\u0000b\":1}",
	"{\"a\":\"\xff\"}",
	"{\"a\":\"\xed\xa0\x80\"}",
	"{\"a\":\"\\ud800\"}",
	"{\"a\":\"\n\"}",
	"{} {}",
	"{}x",
	"/* */{}",
	"\xef\xbb\xbf{}",
	"[1",
	"]",
};

START_TEST(refuses_what_is_not_json_to_the_letter)
{
	json_t *out = NULL;

	ck_assert_msg(!parse(refused[_i], &out), "%s", refused[_i]);
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_ptr_null(out);
}
END_TEST

START_TEST(never_quotes_the_input_in_its_error)
{
	json_t *out;

	ck_assert(!parse("{\"secret\":\"hunter2\",\"secret\":1}", &out));
	ck_assert_ptr_null(strstr(e.text, "hunter"));
	ck_assert_ptr_null(strstr(e.text, "secret"));
}
END_TEST

START_TEST(refuses_nul_between_values)
{
	json_t *out;

	ck_assert(!js_parse(m, "{\"a\":1\0}", 8, 4096, &out, &e));
	ck_assert(!js_parse(m, "{}\0", 3, 4096, &out, &e));
}
END_TEST

START_TEST(counts_bytes_before_parsing)
{
	json_t *out;

	ck_assert(js_parse(m, "[1,2,3]", 7, 7, &out, &e));
	ck_assert(!js_parse(m, "[1,2,3]", 7, 6, &out, &e));
}
END_TEST

static const char *nested(int depth, const char *open, const char *close)
{
	static char text[2000];

	text[0] = '\0';
	for (int i = 0; i < depth; i++)
		strcat(text, open);
	strcat(text, "1");
	for (int i = 0; i < depth; i++)
		strcat(text, close);
	return text;
}

START_TEST(nests_32_deep_and_no_deeper)
{
	json_t *out;

	ck_assert(parse(nested(32, "[", "]"), &out));
	ck_assert(!parse(nested(33, "[", "]"), &out));
	ck_assert(parse(nested(32, "{\"a\":", "}"), &out));
	ck_assert(!parse(nested(33, "{\"a\":", "}"), &out));
	ck_assert(!parse(nested(900, "[", ""), &out));
}
END_TEST

START_TEST(brackets_in_strings_are_no_nesting)
{
	json_t *out;

	ck_assert(parse("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", &out));
	ck_assert(parse("{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\\\"}", &out));
	ck_assert(!parse("{\"a\":\"\\", &out));
}
END_TEST

START_TEST(getters_answer_by_type)
{
	json_t *o;

	ck_assert(parse("{\"s\":\"x\",\"n\":null,\"i\":7,\"o\":{},\"a\":[],\"t\":true,\"f\":false}",
			&o));
	ck_assert_str_eq(js_str(o, "s"), "x");
	ck_assert_ptr_null(js_str(o, "n"));
	ck_assert_ptr_null(js_str(o, "i"));
	ck_assert_ptr_null(js_str(o, "absent"));
	ck_assert_ptr_null(js_str(NULL, "s"));
	ck_assert_ptr_nonnull(js_obj(o, "o"));
	ck_assert_ptr_null(js_obj(o, "a"));
	ck_assert_ptr_nonnull(js_arr(o, "a"));
	ck_assert_ptr_null(js_arr(o, "o"));
	ck_assert(js_bool(o, "t", false) && !js_bool(o, "f", true));
	ck_assert(js_bool(o, "i", true) && !js_bool(o, "absent", false));
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t n;
} numbers[] = {
	{"0", true, 0},
	{"7", true, 7},
	{"-0", true, 0},
	{"-1", false, 0},
	{"1.0", true, 1},
	{"1e3", true, 1000},
	{"9007199254740992", true, 9007199254740992},
	{"9007199254740994", false, 0},
	{"1e300", false, 0},
	{"-0.5", false, 0},
	{"\"7\"", false, 0},
	{"true", false, 0},
	{"null", false, 0},
};

START_TEST(numbers_are_exact_or_absent)
{
	char text[100];
	json_t *o;
	int64_t n = 77;

	snprintf(text, sizeof text, "{\"n\":%s}", numbers[_i].text);
	ck_assert(parse(text, &o));
	ck_assert_msg(js_num(o, "n", &n) == numbers[_i].ok, "%s", text);
	ck_assert_int_eq(n, numbers[_i].ok ? numbers[_i].n : 77);
}
END_TEST

START_TEST(prints_compactly)
{
	size_t n;
	json_t *o = js_own(m, json_pack("{s:s, s:o}", "a", "ø\"\n", "b", js_text(NULL)));

	ck_assert_str_eq(js_print(m, o, &n), "{\"a\":\"ø\\\"\\n\",\"b\":null}");
	ck_assert_uint_eq(n, strlen(js_print(m, o, NULL)));
}
END_TEST

Suite *base_js_suite(void)
{
	Suite *s = suite_create("base/js");
	TCase *t = tcase_create("js");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, refuses_what_is_not_json_to_the_letter, 0,
			    sizeof refused / sizeof *refused);
	tcase_add_test(t, never_quotes_the_input_in_its_error);
	tcase_add_test(t, refuses_nul_between_values);
	tcase_add_test(t, counts_bytes_before_parsing);
	tcase_add_test(t, nests_32_deep_and_no_deeper);
	tcase_add_test(t, brackets_in_strings_are_no_nesting);
	tcase_add_test(t, getters_answer_by_type);
	tcase_add_loop_test(t, numbers_are_exact_or_absent, 0, sizeof numbers / sizeof *numbers);
	tcase_add_test(t, prints_compactly);
	suite_add_tcase(s, t);
	return s;
}
