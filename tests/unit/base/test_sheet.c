/* Tables from spreadsheets, as people and programs write them. */
#include "base/sheet.h"
#include "base/str.h"
#include <check.h>
#include <string.h>

static struct mem *m;
static struct err e;
static struct sheet s;

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
	s = (struct sheet){0};
}

static void teardown(void)
{
	mem_free(m);
}

static bool reads(const char *text)
{
	return sheet_read(m, text, strlen(text), 100000, &s, &e);
}

/* The same two rows however they are written. */
static const char *const ways[] = {
	"name,grade\nÅse,5\nOdd,4\n",
	"Name;Grade\r\nÅse;5\r\nOdd;4",
	"\xef\xbb\xbfname\tgrade\nÅse\t5\n\n\t\nOdd\t4\n",
	"name;grade\n\xc5se;5\nOdd;4\n", /* Windows-1252 */
	"\"name\",\"grade\"\n\" Åse \",\"5\"\n\"Odd\",4\n",
	"name,grade,more\nÅse,5\nOdd,4,\n",
};

START_TEST(is_the_same_table_however_it_is_written)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		ck_assert_msg(reads(ways[i]), "%zu: %s", i, e.text);
		ck_assert_uint_eq(s.n, 2);
		int name = sheet_column(&s, "navn|name"), grade = sheet_column(&s, "grade");
		ck_assert_str_eq(sheet_cell(&s, 0, name), "Åse");
		ck_assert_str_eq(sheet_cell(&s, 0, grade), "5");
		ck_assert_str_eq(sheet_cell(&s, 1, name), "Odd");
		ck_assert_str_eq(sheet_cell(&s, 1, -1), "");
		ck_assert_int_eq(sheet_column(&s, "nam|names"), -1);
	}
}
END_TEST

START_TEST(keeps_quoted_ends_of_line_and_tells_where_a_row_stands)
{
	ck_assert(reads("a,b\n\"one\ntwo, \"\"three\"\"\",x\n,\ny,z\n"));
	ck_assert_str_eq(sheet_cell(&s, 0, 0), "one\ntwo, \"three\"");
	ck_assert_uint_eq(s.n, 2);
	ck_assert_uint_eq(s.rows[0].line, 2);
	ck_assert_uint_eq(s.rows[1].line, 4);
}
END_TEST

static void refuses(const char *bytes, size_t n, const char *reason)
{
	e = (struct err){0};
	ck_assert(!sheet_read(m, bytes, n, 100000, &s, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.reason, reason);
}

START_TEST(says_what_is_wrong)
{
	char *wide = mem_alloc(m, 300), *tall = mem_alloc(m, 90000);

	refuses("", 0, "empty");
	refuses("a,b\n", 4, "empty");
	refuses("a\0b\nx\n", 6, "not_csv");
	refuses("a,b\n\"open", 9, "not_csv");
	memset(wide, ',', 299);
	refuses(wide, 299, "too_many_columns");
	memset(tall, 'x', 90000 - 1);
	memcpy(tall, "a\n", 2);
	refuses(tall, 90000 - 1, "cell_too_long");
	refuses("a\nb\n", 100001, "too_large");
}
END_TEST

START_TEST(counts_rows)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "a\n");
	for (int i = 0; i <= SHEET_ROWS; i++)
		buf_add(&b, "b\n");
	ck_assert(!sheet_read(m, b.p, b.n, b.n, &s, &e));
	ck_assert_str_eq(e.reason, "too_many_rows");
	ck_assert(sheet_read(m, b.p, b.n - 2, b.n, &s, &e));
	ck_assert_uint_eq(s.n, SHEET_ROWS);
}
END_TEST

Suite *base_sheet_suite(void)
{
	Suite *suite = suite_create("base_sheet");
	TCase *t = tcase_create("sheet");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, is_the_same_table_however_it_is_written);
	tcase_add_test(t, keeps_quoted_ends_of_line_and_tells_where_a_row_stands);
	tcase_add_test(t, says_what_is_wrong);
	tcase_add_test(t, counts_rows);
	suite_add_tcase(suite, t);
	return suite;
}
