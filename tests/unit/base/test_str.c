/* Buffers, escaping by context, UTF-8, numbers, base64url, UUIDs, secrets. */
#include "base/str.h"
#include "base/sys.h"
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	clock_set_ms(0);
	mem_free(m);
}

START_TEST(buffer_is_a_text_at_all_times)
{
	struct buf b;

	buf_init(&b, m);
	ck_assert_str_eq(b.p, "");
	buf_add(&b, NULL);
	buf_add(&b, "a");
	buf_addn(&b, "bcd", 2);
	buf_addn(&b, "", 0);
	buf_addf(&b, "%d%%", 12);
	ck_assert_str_eq(b.p, "abc12%");
	ck_assert_uint_eq(b.n, 6);
}
END_TEST

START_TEST(buffer_grows_at_every_length)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 5000; i++) {
		buf_addn(&b, &(char){(char)('a' + i % 26)}, 1);
		ck_assert_uint_eq(strlen(b.p), (size_t)i + 1);
	}
	for (int i = 0; i < 5000; i++)
		ck_assert_int_eq(b.p[i], 'a' + i % 26);
	for (int n = 250; n < 262; n++) {
		struct buf edge;
		buf_init(&edge, m);
		buf_addf(&edge, "%*s", n, "x");
		ck_assert_uint_eq(strlen(edge.p), (size_t)n);
	}
}
END_TEST

START_TEST(escapes_for_html_text_and_attributes)
{
	struct buf b;

	buf_init(&b, m);
	buf_html(&b, "<b class=\"x\" id='y'>Å & ø</b>\x01");
	buf_html(&b, NULL);
	ck_assert_str_eq(b.p,
			 "&lt;b class=&quot;x&quot; id=&#39;y&#39;&gt;Å &amp; ø&lt;/b&gt;\x01");
}
END_TEST

START_TEST(escapes_for_one_query_value)
{
	struct buf b;

	buf_init(&b, m);
	buf_url(&b, "aZ09-._~ +&=%/?#\r\nø\"");
	buf_url(&b, NULL);
	ck_assert_str_eq(b.p, "aZ09-._~%20%2B%26%3D%25%2F%3F%23%0D%0A%C3%B8%22");
}
END_TEST

START_TEST(compares_texts_that_may_be_absent)
{
	ck_assert(str_eq(NULL, NULL));
	ck_assert(!str_eq(NULL, ""));
	ck_assert(!str_eq("a", NULL));
	ck_assert(str_eq("a", "a"));
	ck_assert(!str_eq("a", "A"));
	ck_assert(str_empty(NULL) && str_empty("") && !str_empty(" "));
	ck_assert(str_starts("abc", "ab") && str_starts("abc", "") && !str_starts("ab", "abc"));
	ck_assert(!str_starts(NULL, ""));
	ck_assert_str_eq(str_or(NULL, "x"), "x");
	ck_assert_str_eq(str_or("", "x"), "x");
	ck_assert_str_eq(str_or("y", "x"), "y");
}
END_TEST

START_TEST(secrets_are_equal_only_whole)
{
	ck_assert(secret_eq("abcd", 4, "abcd", 4));
	ck_assert(!secret_eq("abcd", 4, "abce", 4));
	ck_assert(!secret_eq("abcd", 4, "abcde", 5));
	ck_assert(!secret_eq("abcd", 4, "", 0));
	ck_assert(secret_eq("", 0, "", 0));
	ck_assert(secret_eq("a\0b", 3, "a\0b", 3));
	ck_assert(!secret_eq("a\0b", 3, "a\0c", 3));
}
END_TEST

static const struct {
	const char *bytes;
	size_t n;
	bool is_text;
} utf8[] = {
	{"", 0, true},
	{"tab\tline\r\n", 10, true},
	{"\x7f", 1, false},
	{"\x1b[31m", 5, false},
	{"a\0b", 3, false},
	{"\xc3\xb8", 2, true},
	{"\xc3", 1, false}, /* cut short */
	{"\xc3(", 2, false},
	{"\xb8", 1, false},     /* a tail without its head */
	{"\xc0\xaf", 2, false}, /* overlong slash */
	{"\xc1\xbf", 2, false},
	{"\xe0\x80\xaf", 3, false}, /* overlong in three */
	{"\xe0\x9f\xbf", 3, false},
	{"\xe0\xa0\x80", 3, true},      /* U+0800 */
	{"\xf0\x80\x80\xaf", 4, false}, /* overlong in four */
	{"\xf0\x8f\xbf\xbf", 4, false},
	{"\xf0\x90\x80\x80", 4, true}, /* U+10000 */
	{"\xed\x9f\xbf", 3, true},     /* U+D7FF */
	{"\xed\xa0\x80", 3, false},    /* U+D800, a surrogate */
	{"\xed\xbf\xbf", 3, false},    /* U+DFFF */
	{"\xee\x80\x80", 3, true},     /* U+E000 */
	{"\xef\xbf\xbf", 3, true},
	{"\xf4\x8f\xbf\xbf", 4, true},  /* U+10FFFF */
	{"\xf4\x90\x80\x80", 4, false}, /* above it */
	{"\xf5\x80\x80\x80", 4, false},
	{"\xf8\x88\x80\x80\x80", 5, false},
	{"\xff\xfe", 2, false},
	{"\xf0\x9f\x98\x80", 4, true},
	{"\xf0\x9f\x98", 3, false},
	{"\xf0\x9f\x98g", 4, false},
};

START_TEST(knows_utf8)
{
	ck_assert_msg(str_is_text(utf8[_i].bytes, utf8[_i].n) == utf8[_i].is_text, "row %d", _i);
}
END_TEST

START_TEST(counts_code_points)
{
	ck_assert_uint_eq(str_points(""), 0);
	ck_assert_uint_eq(str_points("Ærøy"), 4);
	ck_assert_uint_eq(str_points("\xf0\x9f\x98\x80"), 1);
}
END_TEST

START_TEST(trims_white_space)
{
	ck_assert_str_eq(str_trim(m, " \t\r\n a b \n"), "a b");
	ck_assert_str_eq(str_trim(m, "   "), "");
	ck_assert_str_eq(str_trim(m, ""), "");
	ck_assert_str_eq(str_trim(m, "x"), "x");
}
END_TEST

static const struct {
	const char *text;
	int64_t min, max;
	bool ok;
	int64_t n;
} numbers[] = {
	{"0", 0, 9, true, 0},
	{"9", 0, 9, true, 9},
	{"10", 0, 9, false, 0},
	{"-1", 0, 9, false, 0},
	{"-1", -5, 9, true, -1},
	{"", 0, 9, false, 0},
	{NULL, 0, 9, false, 0},
	{" 1", 0, 9, false, 0},
	{"1 ", 0, 9, false, 0},
	{"\v1", 0, 9, false, 0},
	{"\f1", 0, 9, false, 0},
	{"+1", 0, 9, false, 0},
	{"-", -9, 9, false, 0},
	{"--1", -9, 9, false, 0},
	{"- 1", -9, 9, false, 0},
	{"0x1", 0, 9, false, 0},
	{"1e1", 0, 99, false, 0},
	{"1.0", 0, 9, false, 0},
	{"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
	{"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
	{"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
	{"99999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
};

START_TEST(reads_whole_numbers_only)
{
	int64_t n = 77;
	bool ok = int_parse(numbers[_i].text, numbers[_i].min, numbers[_i].max, &n);

	ck_assert_msg(ok == numbers[_i].ok, "row %d: \"%s\"", _i, numbers[_i].text);
	ck_assert_int_eq(n, ok ? numbers[_i].n : 77);
}
END_TEST

START_TEST(base64url_goes_there_and_back)
{
	unsigned char bytes[80], *back;
	size_t n;

	for (size_t len = 0; len <= sizeof bytes; len++) {
		random_bytes(bytes, sizeof bytes);
		const char *text = b64url_encode(m, bytes, len);
		ck_assert_uint_eq(
			strspn(text,
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
			strlen(text));
		ck_assert(b64url_decode(m, text, strlen(text), &back, &n));
		ck_assert_uint_eq(n, len);
		ck_assert_mem_eq(back, bytes, len);
		ck_assert_uint_eq(back[n], 0);
	}
	ck_assert_str_eq(b64url_encode(m, "\xfb\xff\xbf", 3), "-_-_");
}
END_TEST

START_TEST(base64url_is_strict)
{
	static const char *const wrong[] = {"A",    "AAAAA", "AA==", "A=", "+/+/", "AA A",
					    "AA\n", "AB",    "AAB",  "A*", "AA.A", "\xc3\xb8"};
	unsigned char *bytes = (unsigned char *)"untouched";
	size_t n = 7;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!b64url_decode(m, wrong[i], strlen(wrong[i]), &bytes, &n), "%s",
			      wrong[i]);
	ck_assert(!b64url_decode(m, "AA\0A", 4, &bytes, &n));
	ck_assert_str_eq((char *)bytes, "untouched");
	ck_assert_uint_eq(n, 7);
	ck_assert(b64url_decode(m, "AA", 2, &bytes, &n) && n == 1 && !*bytes);
	ck_assert(b64url_decode(m, "", 0, &bytes, &n) && !n);
}
END_TEST

START_TEST(hex_and_sha256)
{
	ck_assert_str_eq(hex_encode(m, "\x00\xff\x1a", 3), "00ff1a");
	ck_assert_str_eq(hex_encode(m, "", 0), "");
	ck_assert_str_eq(sha256_hex(m, "abc", 3),
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_str_eq(sha256_hex(m, "", 0),
			 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(uuids_are_version_7_and_carry_the_time)
{
	clock_set_ms(0x0123456789ab);
	const char *a = uuid_new(m), *b = uuid_new(m);

	ck_assert(uuid_ok(a));
	ck_assert_str_ne(a, b);
	ck_assert_int_eq(strncmp(a, "01234567-89ab-7", 15), 0);
	ck_assert_ptr_nonnull(strchr("89ab", a[19]));
	clock_set_ms(0x0123456789ac);
	ck_assert_int_gt(strcmp(uuid_new(m), a), 0);
}
END_TEST

START_TEST(uuids_have_one_spelling)
{
	static const char *const wrong[] = {
		"",
		"018f0000-0000-7000-8000-00000000000",
		"018f0000-0000-7000-8000-0000000000011",
		"018F0000-0000-7000-8000-000000000001",
		"018f0000a0000-7000-8000-000000000001",
		"018f0000-0000-7000-8000-00000000000g",
		"{18f0000-0000-7000-8000-00000000001}",
		"018f0000-0000-7000-80000-00000000001",
		"018f0000000070008000000000000001",
	};

	ck_assert(uuid_ok("018f0000-0000-7000-8000-000000000001"));
	ck_assert(!uuid_ok(NULL));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!uuid_ok(wrong[i]), "%s", wrong[i]);
}
END_TEST

Suite *base_str_suite(void)
{
	Suite *s = suite_create("base/str");
	TCase *t = tcase_create("str");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, buffer_is_a_text_at_all_times);
	tcase_add_test(t, buffer_grows_at_every_length);
	tcase_add_test(t, escapes_for_html_text_and_attributes);
	tcase_add_test(t, escapes_for_one_query_value);
	tcase_add_test(t, compares_texts_that_may_be_absent);
	tcase_add_test(t, secrets_are_equal_only_whole);
	tcase_add_loop_test(t, knows_utf8, 0, sizeof utf8 / sizeof *utf8);
	tcase_add_test(t, counts_code_points);
	tcase_add_test(t, trims_white_space);
	tcase_add_loop_test(t, reads_whole_numbers_only, 0, sizeof numbers / sizeof *numbers);
	tcase_add_test(t, base64url_goes_there_and_back);
	tcase_add_test(t, base64url_is_strict);
	tcase_add_test(t, hex_and_sha256);
	tcase_add_test(t, uuids_are_version_7_and_carry_the_time);
	tcase_add_test(t, uuids_have_one_spelling);
	suite_add_tcase(s, t);
	return s;
}
