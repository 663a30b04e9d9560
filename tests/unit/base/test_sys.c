/* Time and randomness. */
#include "base/sys.h"
#include <check.h>
#include <string.h>

START_TEST(a_test_owns_the_clock)
{
	clock_set_ms(1763820000123);
	ck_assert_int_eq(now_ms(), 1763820000123);
	ck_assert_int_eq(now_s(), 1763820000);
	int64_t before = ticks_ms();
	ck_assert_int_ge(ticks_ms(), before);
	clock_set_ms(0);
	ck_assert_int_gt(now_ms(), 1763820000123);
}
END_TEST

START_TEST(random_numbers_stay_below_and_reach_all)
{
	static const uint32_t limits[] = {1, 2, 3, 7, 10, 255, 256};

	for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
		uint32_t n = limits[l];
		int seen[256] = {0};
		for (uint32_t i = 0; i < n * 60; i++) {
			uint32_t r = random_below(n);
			ck_assert_uint_lt(r, n);
			seen[r]++;
		}
		for (uint32_t i = 0; i < n; i++)
			ck_assert_msg(seen[i] > 0, "%u of %u never came", i, n);
	}
	for (int i = 0; i < 100; i++) {
		ck_assert_uint_lt(random_below(UINT32_MAX), UINT32_MAX);
		ck_assert_uint_lt(random_below(3000000000u), 3000000000u);
	}
}
END_TEST

START_TEST(random_bytes_differ)
{
	unsigned char a[32] = {0}, b[32] = {0};

	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

Suite *base_sys_suite(void)
{
	Suite *s = suite_create("base/sys");
	TCase *t = tcase_create("sys");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, a_test_owns_the_clock);
	tcase_add_test(t, random_numbers_stay_below_and_reach_all);
	tcase_add_test(t, random_bytes_differ);
	suite_add_tcase(s, t);
	return s;
}
