#include "base/chore.h"
#include "base/sys.h"
#include <check.h>
#include <stdatomic.h>
#include <time.h>

static _Atomic int rounds;
static _Atomic int rest_ms;
static struct chore *c;

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static int count(void *self)
{
	atomic_fetch_add(&rounds, 1);
	return atomic_load(&rest_ms);
}

static int slow(void *self)
{
	atomic_fetch_add(&rounds, 1);
	while (!chore_is_stopping(c))
		pause_ms(1);
	pause_ms(100);
	return 0;
}

/* Waits for the round of that number; 5 s are for ever. */
static bool reached(int n)
{
	for (int i = 0; i < 5000 && atomic_load(&rounds) < n; i++)
		pause_ms(1);
	return atomic_load(&rounds) >= n;
}

static void begin(chore_round *round, int ms)
{
	struct err e;

	atomic_store(&rounds, 0);
	atomic_store(&rest_ms, ms);
	ck_assert(chore_start(&c, round, NULL, &e));
}

START_TEST(works_at_once_and_again_after_its_rest)
{
	begin(count, 5);
	ck_assert(reached(4));
	chore_stop(c);
	int n = atomic_load(&rounds);
	pause_ms(30);
	ck_assert_int_eq(atomic_load(&rounds), n);
}
END_TEST

START_TEST(is_woken_from_a_long_rest)
{
	begin(count, 3600 * 1000);
	ck_assert(reached(1));
	pause_ms(20);
	ck_assert_int_eq(atomic_load(&rounds), 1);
	chore_wake(c);
	ck_assert(reached(2));
	chore_stop(c);
}
END_TEST

START_TEST(ends_within_the_time_or_says_that_it_does_not)
{
	begin(slow, 0);
	ck_assert(reached(1));
	ck_assert(!chore_end(c, 1));
	ck_assert(chore_end(c, 5000));
	chore_stop(c);
	ck_assert_int_eq(atomic_load(&rounds), 1);
}
END_TEST

START_TEST(stopping_nothing_is_fine)
{
	chore_stop(NULL);
}
END_TEST

Suite *base_chore_suite(void)
{
	Suite *s = suite_create("base/chore");
	TCase *t = tcase_create("all");

	tcase_add_test(t, works_at_once_and_again_after_its_rest);
	tcase_add_test(t, is_woken_from_a_long_rest);
	tcase_add_test(t, ends_within_the_time_or_says_that_it_does_not);
	tcase_add_test(t, stopping_nothing_is_fine);
	suite_add_tcase(s, t);
	return s;
}
