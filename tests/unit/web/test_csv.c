/* Tables for spreadsheets: what is quoted, and what must not be taken for a formula. */
#include "web/csv.h"
#include <check.h>

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static const struct {
	const char *text, *cell;
} cells[] = {
	{"Ada", "\"Ada\""},
	{"", "\"\""},
	{NULL, "\"\""},
	{"a,b", "\"a,b\""},
	{"say \"hi\"", "\"say \"\"hi\"\"\""},
	{"two\nlines", "\"two\nlines\""},
	{"=1+1", "\"'=1+1\""},
	{"+47 22", "\"'+47 22\""},
	{"-1", "\"'-1\""},
	{"@SUM(A1)", "\"'@SUM(A1)\""},
	{"\t=1", "\"'\t=1\""},
	{"\r=1", "\"'\r=1\""},
	{"\n=1", "\"'\n=1\""},
	{"  =1", "\"'  =1\""},
	{"\uFF1D1", "\"'\uFF1D1\""},
	{"=cmd|' /C calc'!\"A0\"", "\"'=cmd|' /C calc'!\"\"A0\"\"\""},
	{"a=b", "\"a=b\""},
	{"Ærlig – ja", "\"Ærlig – ja\""},
};

START_TEST(a_cell)
{
	struct csv c;

	csv_begin(&c, m);
	csv_text(&c, cells[_i].text);
	ck_assert_str_eq(c.out.p + 3, cells[_i].cell);
}
END_TEST

START_TEST(a_table)
{
	struct csv c;

	csv_begin(&c, m);
	csv_text(&c, "a");
	csv_text(&c, "b");
	csv_end(&c);
	csv_number(&c, 3);
	csv_number(&c, -4);
	csv_end(&c);
	ck_assert_str_eq(c.out.p, "\xEF\xBB\xBF\"a\",\"b\"\r\n3,-4\r\n");
}
END_TEST

Suite *web_csv_suite(void);

Suite *web_csv_suite(void)
{
	Suite *s = suite_create("web/csv");
	TCase *t = tcase_create("csv");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_cell, 0, (int)(sizeof cells / sizeof *cells));
	tcase_add_test(t, a_table);
	suite_add_tcase(s, t);
	return s;
}
