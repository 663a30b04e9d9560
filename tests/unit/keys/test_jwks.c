/* Key sets: usable keys are found by kid, everything else is as if it were not there. */
#include "keys/keys.h"
#include "keys/sign.h"

static struct mem *m;
static struct err e;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static bool has(const char *keys, const char *kid)
{
	const char *text = sign_set(m, keys);
	struct jwk_set *set;

	ck_assert_msg(jwk_set_parse(text, strlen(text), &set, &e), "%s", e.text);
	bool found = jwk_set_has(set, kid);
	jwk_set_free(set);
	return found;
}

static bool takes(const char *more)
{
	return has(sign_rsa_jwk(m, sign_rsa(0), "k1", more), "k1");
}

START_TEST(takes_a_key_with_little_or_much_said_about_it)
{
	ck_assert(takes("")); /* without alg and use: legal and common (R28) */
	ck_assert(takes(",\"use\":\"sig\",\"alg\":\"RS256\""));
	ck_assert(takes(",\"use\":null,\"alg\":null,\"key_ops\":null"));
	ck_assert(takes(",\"key_ops\":[\"verify\"]"));
	ck_assert(takes(",\"x5t\":\"abc\",\"colour\":\"red\""));
}
END_TEST

START_TEST(skips_keys_meant_for_something_else)
{
	ck_assert(!takes(",\"use\":\"enc\""));
	ck_assert(!takes(",\"use\":1"));
	ck_assert(!takes(",\"key_ops\":[\"encrypt\"]"));
	ck_assert(!takes(",\"key_ops\":[]"));
	ck_assert(!takes(",\"alg\":\"RSA-OAEP\""));
	ck_assert(!takes(",\"alg\":\"HS256\""));
	ck_assert(!takes(",\"alg\":\"none\""));
}
END_TEST

START_TEST(skips_weak_and_odd_rsa_keys)
{
	EVP_PKEY *small = EVP_RSA_gen(1024);
	const char *n = sign_bn(m, sign_rsa(0), OSSL_PKEY_PARAM_RSA_N, 0);

	ck_assert(!has(sign_rsa_jwk(m, small, "k1", ""), "k1"));
	ck_assert(
		!has(mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"AQ\"}", n),
		     "k1")); /* e = 1 */
	ck_assert(
		!has(mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"Ag\"}", n),
		     "k1")); /* e = 2 */
	ck_assert(!has(mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\"}", n), "k1"));
	ck_assert(!has("{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"!\",\"e\":\"AQAB\"}", "k1"));
	EVP_PKEY_free(small);
}
END_TEST

/* cjose ends the program on some of these. */
START_TEST(skips_numbers_that_are_no_base64url)
{
	static const char *const numbers[] = {"",      "=",     "A=",   "AQ=B", "A",
					      "AQAB=", "AQ AB", "+/+/", "null"};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		ck_assert(!has(
			mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"%s\"}",
				   numbers[i], numbers[i]),
			"k1"));
		ck_assert(!has(
			mem_printf(m,
				   "{\"kty\":\"EC\",\"kid\":\"k1\",\"crv\":\"P-256\",\"x\":\"%s\","
				   "\"y\":\"%s\"}",
				   numbers[i], numbers[i]),
			"k1"));
	}
	/* private members are not even looked at */
	ck_assert(takes(",\"d\":\"A=B\",\"p\":7,\"k\":\"=\""));
}
END_TEST

START_TEST(skips_keys_that_would_take_long_to_verify_with)
{
	const char *n = sign_bn(m, sign_rsa(0), OSSL_PKEY_PARAM_RSA_N, 0);
	unsigned char big[1200];

	memset(big, 0xff, sizeof big);
	ck_assert(!has(mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"AQAB\"}",
				  b64url_encode(m, big, sizeof big)),
		       "k1"));
	ck_assert(!has(mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"%s\"}",
				  n, b64url_encode(m, big, 9)),
		       "k1"));
}
END_TEST

START_TEST(skips_symmetric_keys_and_points_off_the_curve)
{
	EVP_PKEY *p256 = EVP_EC_gen("P-256");

	ck_assert(has(sign_ec_jwk(m, p256, "k1", "P-256", 32), "k1"));
	ck_assert(!has("{\"kty\":\"oct\",\"kid\":\"k1\",\"k\":\"c2VjcmV0\"}", "k1"));
	ck_assert(
		!has("{\"kty\":\"EC\",\"kid\":\"k1\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
		     "k1"));
	EVP_PKEY_free(p256);
}
END_TEST

START_TEST(skips_both_of_two_keys_with_one_kid)
{
	const char *a = sign_rsa_jwk(m, sign_rsa(0), "k1", "");
	const char *b = sign_rsa_jwk(m, sign_rsa(1), "k1", "");
	const char *c = sign_rsa_jwk(m, sign_rsa(1), "k2", "");

	ck_assert(!has(mem_printf(m, "%s,%s", a, b), "k1"));
	ck_assert(has(mem_printf(m, "%s,%s,%s", a, b, c), "k2"));
	ck_assert(has(mem_printf(m, "%s,%s", a, a), "k1")); /* the same one twice is one */
}
END_TEST

START_TEST(skips_keys_without_kid_beside_good_ones)
{
	const char *good = sign_rsa_jwk(m, sign_rsa(0), "k1", "");

	ck_assert(has(mem_printf(m, "{\"kty\":\"RSA\"},7,null,\"x\",%s", good), "k1"));
	ck_assert(!has(mem_printf(m, "{\"kty\":\"RSA\"},%s", good), ""));
}
END_TEST

static bool parses(const char *text, size_t n)
{
	struct jwk_set *set;

	if (!jwk_set_parse(text, n, &set, &e))
		return false;
	jwk_set_free(set);
	return true;
}

START_TEST(refuses_what_is_no_key_set)
{
	static const char *const bad[] = {"",
					  "[]",
					  "{}",
					  "{\"keys\":{}}",
					  "{\"keys\":null}",
					  "<html>",
					  "{\"keys\":[],\"keys\":[]}"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!parses(bad[i], strlen(bad[i])), "%s", bad[i]);
	ck_assert(parses("{\"keys\":[]}", 11));
}
END_TEST

START_TEST(is_capped_in_keys_and_bytes)
{
	struct buf b;

	for (int n = 100; n <= 101; n++) {
		buf_init(&b, m);
		buf_add(&b, "{\"keys\":[1");
		for (int i = 1; i < n; i++)
			buf_add(&b, ",1");
		buf_add(&b, "]}");
		ck_assert_int_eq(parses(b.p, b.n), n == 100);
	}
	buf_init(&b, m);
	buf_add(&b, "{\"keys\":[]");
	while (b.n < (512 << 10))
		buf_add(&b, "                                        ");
	buf_add(&b, "}");
	ck_assert(!parses(b.p, b.n));
}
END_TEST

Suite *keys_jwks_suite(void)
{
	Suite *s = suite_create("keys/jwks");
	TCase *t = tcase_create("jwks");

	sign_rsa(0);
	sign_rsa(1);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, takes_a_key_with_little_or_much_said_about_it);
	tcase_add_test(t, skips_keys_meant_for_something_else);
	tcase_add_test(t, skips_weak_and_odd_rsa_keys);
	tcase_add_test(t, skips_numbers_that_are_no_base64url);
	tcase_add_test(t, skips_keys_that_would_take_long_to_verify_with);
	tcase_add_test(t, skips_symmetric_keys_and_points_off_the_curve);
	tcase_add_test(t, skips_both_of_two_keys_with_one_kid);
	tcase_add_test(t, skips_keys_without_kid_beside_good_ones);
	tcase_add_test(t, refuses_what_is_no_key_set);
	tcase_add_test(t, is_capped_in_keys_and_bytes);
	suite_add_tcase(s, t);
	return s;
}
