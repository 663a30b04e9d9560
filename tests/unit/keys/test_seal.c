/* Sealing: what comes back is what went in, or nothing. */
#include "keys/keys.h"
#include "base/str.h"
#include <check.h>
#include <string.h>

#define FIRST  "0123456789abcdef0123456789abcde"
#define SECOND "X123456789abcdef0123456789abcde"
static const struct seal_key of_first = {.now = FIRST}, of_second = {.now = SECOND};
static const struct seal_key changing = {.now = SECOND, .before = FIRST, .has_before = true};
static const struct seal_key *const key = &of_first, *const other = &of_second;
static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

START_TEST(opens_what_it_sealed)
{
	unsigned char *out;
	size_t n;
	char *text = seal(m, key, "test", "secret\0bytes", 12);

	ck_assert(unseal(m, key, "test", text, &out, &n));
	ck_assert_uint_eq(n, 12);
	ck_assert_mem_eq(out, "secret\0bytes", 13);
}
END_TEST

START_TEST(seals_nothing_too)
{
	unsigned char *out;
	size_t n;

	ck_assert(unseal(m, key, "test", seal(m, key, "test", "", 0), &out, &n));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(never_seals_alike)
{
	ck_assert_str_ne(seal(m, key, "test", "a", 1), seal(m, key, "test", "a", 1));
}
END_TEST

START_TEST(is_bound_to_key_and_purpose)
{
	unsigned char *out;
	size_t n;
	char *text = seal(m, key, "test", "secret", 6);

	ck_assert(!unseal(m, other, "test", text, &out, &n));
	ck_assert(!unseal(m, key, "tests", text, &out, &n));
	ck_assert(!unseal(m, key, "", text, &out, &n));
}
END_TEST

START_TEST(opens_with_the_key_before)
{
	unsigned char *out;
	size_t n;
	char *old = seal(m, key, "test", "secret", 6),
	     *new = seal(m, &changing, "test", "secret", 6);

	ck_assert(unseal(m, &changing, "test", old, &out, &n));
	ck_assert_mem_eq(out, "secret", 7);
	ck_assert(unseal(m, &changing, "test", new, &out, &n));
	ck_assert(!unseal(m, &changing, "tests", old, &out, &n));
	/* what is sealed is sealed with the key of now */
	ck_assert(unseal(m, other, "test", new, &out, &n));
	ck_assert(!unseal(m, key, "test", new, &out, &n));
	/* and the one before is only looked at where there is one */
	struct seal_key done = changing;
	done.has_before = false;
	ck_assert(!unseal(m, &done, "test", old, &out, &n));
}
END_TEST

START_TEST(refuses_every_change)
{
	unsigned char *out;
	size_t n;
	char *text = seal(m, key, "test", "secret", 6);

	for (size_t i = 0; text[i]; i++) {
		char was = text[i];
		text[i] = was == 'A' ? 'B' : 'A';
		ck_assert_msg(!unseal(m, key, "test", text, &out, &n), "byte %zu", i);
		text[i] = was;
	}
	ck_assert(unseal(m, key, "test", text, &out, &n));
}
END_TEST

START_TEST(refuses_what_is_no_seal)
{
	unsigned char *out;
	size_t n;
	char *text = seal(m, key, "test", "secret", 6);

	ck_assert(!unseal(m, key, "test", "", &out, &n));
	ck_assert(!unseal(m, key, "test", "AAAA", &out, &n));
	ck_assert(!unseal(m, key, "test", "not base64url!", &out, &n));
	text[strlen(text) - 4] = '\0';
	ck_assert(!unseal(m, key, "test", text, &out, &n));
}
END_TEST

Suite *keys_seal_suite(void)
{
	Suite *s = suite_create("keys/seal");
	TCase *t = tcase_create("seal");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, opens_what_it_sealed);
	tcase_add_test(t, seals_nothing_too);
	tcase_add_test(t, never_seals_alike);
	tcase_add_test(t, is_bound_to_key_and_purpose);
	tcase_add_test(t, opens_with_the_key_before);
	tcase_add_test(t, refuses_every_change);
	tcase_add_test(t, refuses_what_is_no_seal);
	suite_add_tcase(s, t);
	return s;
}
