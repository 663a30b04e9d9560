/* The one way of failing. */
#include "base/err.h"
#include "base/dies.h"
#include <string.h>

START_TEST(says_what_where_and_why)
{
	struct err e;

	ck_assert(!err_set(&e, ERR_CONFLICT, "review %d", 7));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(e.text, "review 7");
	ck_assert_ptr_null(e.field);
	ck_assert_ptr_null(e.reason);
	ck_assert_ptr_nonnull(strstr(e.file, "test_err.c"));
	ck_assert_int_gt(e.line, 0);
	ck_assert(!err_field(&e, "title", "is missing"));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, "title");
	ck_assert(!err_reason(&e, ERR_BUSY, "database_lost", "x"));
	ck_assert_str_eq(e.reason, "database_lost");
	ck_assert_ptr_null(e.field);
}
END_TEST

START_TEST(cuts_long_texts_and_prefixes)
{
	struct err e;
	char text[400];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert(!err_set(&e, ERR_INTERNAL, "%s", text));
	ck_assert_uint_eq(strlen(e.text), sizeof e.text - 1);
	ck_assert(!err_under(&e, "launch"));
	ck_assert_uint_eq(strlen(e.text), sizeof e.text - 1);
	ck_assert_int_eq(strncmp(e.text, "launch: xxx", 11), 0);
	err_set(&e, ERR_INTERNAL, "short");
	err_under(&e, "launch");
	ck_assert_str_eq(e.text, "launch: short");
	ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

START_TEST(every_code_has_a_name_of_its_own)
{
	for (int a = ERR_OK; a <= ERR_INTERNAL; a++) {
		ck_assert_ptr_nonnull(err_name((enum err_code)a));
		for (int b = ERR_OK; b < a; b++)
			ck_assert_str_ne(err_name((enum err_code)a), err_name((enum err_code)b));
	}
}
END_TEST

static void broken_promise(void)
{
	BUG("value %d", 1);
}

START_TEST(a_broken_promise_aborts)
{
	assert_aborts(broken_promise);
}
END_TEST

Suite *base_err_suite(void)
{
	Suite *s = suite_create("base/err");
	TCase *t = tcase_create("err");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, says_what_where_and_why);
	tcase_add_test(t, cuts_long_texts_and_prefixes);
	tcase_add_test(t, every_code_has_a_name_of_its_own);
	tcase_add_test(t, a_broken_promise_aborts);
	suite_add_tcase(s, t);
	return s;
}
