/* The arena: what it hands out, in what order it gives back, where it stops. */
#include "base/mem.h"
#include "base/dies.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct mem *m;
static char said[16];

static void setup(void)
{
	m = mem_new();
	said[0] = '\0';
}

static void teardown(void)
{
	mem_free(m);
}

START_TEST(hands_out_aligned_and_zeroed_memory)
{
	for (size_t n = 0; n < 200; n++) {
		unsigned char *p = mem_alloc(m, n);
		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
	}
}
END_TEST

START_TEST(grows_past_its_first_block_and_keeps_what_it_gave)
{
	char *all[300];

	for (int i = 0; i < 300; i++) {
		all[i] = mem_alloc(m, 1000);
		memset(all[i], i % 251 + 1, 1000);
	}
	for (int i = 0; i < 300; i++)
		for (int j = 0; j < 1000; j++)
			ck_assert_int_eq((unsigned char)all[i][j], i % 251 + 1);
	ck_assert_uint_eq(mem_used(m), 300000);
}
END_TEST

START_TEST(gives_one_large_piece)
{
	size_t n = (size_t)5 << 20;
	char *big = mem_alloc(m, n), *small = mem_alloc(m, 10);

	big[0] = big[n - 1] = 'x';
	small[9] = 'y';
	ck_assert_int_eq(big[n / 2], 0);
}
END_TEST

START_TEST(is_zeroed_again_after_reset)
{
	memset(mem_alloc(m, 5000), 0xaa, 5000);
	mem_reset(m);
	ck_assert_uint_eq(mem_used(m), 0);
	unsigned char *p = mem_alloc(m, 5000);
	for (int i = 0; i < 5000; i++)
		ck_assert_uint_eq(p[i], 0);
}
END_TEST

static void say(void *letter)
{
	strncat(said, letter, 1);
}

static void say_and_allocate(void *letter)
{
	strncat(said, letter, 1);
	memset(mem_alloc(m, 100), 1, 100);
}

START_TEST(runs_finalizers_last_in_first_out_and_once)
{
	mem_defer(m, say, "a");
	mem_defer(m, say, "b");
	mem_defer(m, say, "c");
	mem_reset(m);
	ck_assert_str_eq(said, "cba");
	mem_reset(m);
	ck_assert_str_eq(said, "cba");
}
END_TEST

START_TEST(runs_finalizers_when_it_is_freed)
{
	struct mem *other = mem_new();

	mem_defer(other, say, "x");
	mem_free(other);
	mem_free(NULL);
	ck_assert_str_eq(said, "x");
}
END_TEST

START_TEST(lets_a_finalizer_allocate)
{
	mem_defer(m, say, "a");
	mem_defer(m, say_and_allocate, "b");
	mem_reset(m);
	ck_assert_str_eq(said, "ba");
	ck_assert_uint_eq(mem_used(m), 0);
}
END_TEST

START_TEST(copies_exactly_what_was_asked)
{
	ck_assert_ptr_null(mem_strdup(m, NULL));
	ck_assert_str_eq(mem_strdup(m, ""), "");
	ck_assert_str_eq(mem_strndup(m, "abcdef", 3), "abc");
	ck_assert_str_eq(mem_strndup(m, NULL, 0), "");
	ck_assert_mem_eq(mem_strndup(m, "a\0b", 3), "a\0b\0", 4);
	ck_assert_str_eq(mem_printf(m, "%s-%d", "x", 7), "x-7");
	const char *a = "abc", *copy = mem_strdup(m, a);
	ck_assert_ptr_ne(a, copy);
}
END_TEST

static void over_the_limit_at_once(void)
{
	mem_alloc(mem_new(), MEM_LIMIT + 1);
}

static void over_the_limit_bit_by_bit(void)
{
	struct mem *mine = mem_new();

	for (size_t i = 0; i <= 64; i++)
		mem_alloc(mine, (size_t)1 << 20);
}

static void overflowing_array(void)
{
	mem_array(mem_new(), uint64_t, SIZE_MAX / 4);
}

START_TEST(aborts_at_its_limit)
{
	assert_aborts(over_the_limit_at_once);
	assert_aborts(over_the_limit_bit_by_bit);
	assert_aborts(overflowing_array);
}
END_TEST

START_TEST(counts_anew_after_reset)
{
	for (int round = 0; round < 4; round++) {
		mem_alloc(m, (size_t)40 << 20);
		mem_reset(m);
	}
	ck_assert_uint_eq(mem_used(m), 0);
}
END_TEST

Suite *base_mem_suite(void)
{
	Suite *s = suite_create("base/mem");
	TCase *t = tcase_create("arena");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, hands_out_aligned_and_zeroed_memory);
	tcase_add_test(t, grows_past_its_first_block_and_keeps_what_it_gave);
	tcase_add_test(t, gives_one_large_piece);
	tcase_add_test(t, is_zeroed_again_after_reset);
	tcase_add_test(t, runs_finalizers_last_in_first_out_and_once);
	tcase_add_test(t, runs_finalizers_when_it_is_freed);
	tcase_add_test(t, lets_a_finalizer_allocate);
	tcase_add_test(t, copies_exactly_what_was_asked);
	tcase_add_test(t, aborts_at_its_limit);
	tcase_add_test(t, counts_anew_after_reset);
	suite_add_tcase(s, t);
	return s;
}
