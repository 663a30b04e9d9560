/* Tokens: parsed strictly, verified by the key's algorithm; the attacks of
 * lti.md 2.4 on the token itself. */
#include "keys/keys.h"
#include "keys/sign.h"

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

static struct jwk_set *set_of(const char *jwk)
{
	struct jwk_set *set;
	const char *text = sign_set(m, jwk);

	ck_assert_msg(jwk_set_parse(text, strlen(text), &set, &e), "%s", e.text);
	return set;
}

static const char *verdict_for(const char *token, const char *algorithms, const char *jwk)
{
	struct jwk_set *set = set_of(jwk);
	struct jws j;
	bool ok = jws_parse(m, token, strlen(token), algorithms, &j, &e) && jws_verify(&j, set, &e);

	jwk_set_free(set);
	return ok ? "ok" : e.reason;
}

static const char *verdict(const char *token)
{
	return verdict_for(token, "RS256", sign_rsa_jwk(m, sign_rsa(0), "k1", ""));
}

static char *token_with(const char *header)
{
	return sign_jws(m, sign_rsa(0), "SHA256", 0, header, "{\"sub\":\"1\"}");
}

START_TEST(accepts_a_good_token)
{
	const char *token = sign_rs256(m, sign_rsa(0), "k1", "{\"sub\":\"1\"}");
	struct jws j;

	ck_assert_str_eq(verdict(token), "ok");
	ck_assert(jws_parse(m, token, strlen(token), "ES256 RS256", &j, &e));
	ck_assert_str_eq(j.kid, "k1");
	ck_assert_str_eq(j.alg, "RS256");
	ck_assert_str_eq(js_str(j.claims, "sub"), "1");
}
END_TEST

static const struct header_case {
	const char *header, *reason;
} headers[] = {
	{"{\"alg\":\"RS256\",\"kid\":\"k1\"}", "ok"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"jwt\"}", "ok"},
	{"{\"alg\":\"none\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"None\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"NONE\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"HS256\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"rs256\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"RS256 \",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"RS25\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":[\"RS256\"],\"kid\":\"k1\"}", "token_alg"},
	{"{\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"RS512\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"PS256\",\"kid\":\"k1\"}", "token_alg"},
	{"{\"alg\":\"RS256\"}", "token_kid_missing"},
	{"{\"alg\":\"RS256\",\"kid\":\"\"}", "token_kid_missing"},
	{"{\"alg\":\"RS256\",\"kid\":null}", "token_kid_missing"},
	{"{\"alg\":\"RS256\",\"kid\":7}", "token_kid_missing"},
	{"{\"alg\":\"RS256\",\"kid\":\"k2\"}", "token_key_unknown"},
	{"{\"alg\":\"RS256\",\"kid\":\"K1\"}", "token_key_unknown"},
	{"{\"alg\":\"RS256\",\"kid\":\"../../dev/null\"}", "token_key_unknown"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1' OR '1'='1\"}", "token_key_unknown"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\\u0000\"}", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"exp\"]}", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":null}", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JOSE\"}", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":1}", "token_malformed"},
	{"{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"k1\"}", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k2\",\"kid\":\"k1\"}", "token_malformed"},
	{"[\"RS256\"]", "token_malformed"},
	{"\"RS256\"", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\"", "token_malformed"},
	{"{\"alg\":\"RS256\",\"kid\":\"k1\"} x", "token_malformed"},
};

START_TEST(judges_the_header)
{
	const struct header_case *c = &headers[_i];

	ck_assert_str_eq(verdict(token_with(c->header)), c->reason);
}
END_TEST

START_TEST(refuses_a_token_that_nobody_signed)
{
	const char *none = b64url_encode(m, "{\"alg\":\"none\",\"kid\":\"k1\"}", 25);
	const char *rs256 = b64url_encode(m, "{\"alg\":\"RS256\",\"kid\":\"k1\"}", 26);

	ck_assert_str_eq(verdict(mem_printf(m, "%s.e30.", none)), "token_alg");
	ck_assert_str_eq(verdict(mem_printf(m, "%s.e30.", rs256)), "token_malformed");
	ck_assert_str_eq(verdict(mem_printf(m, "%s..", rs256)), "token_malformed");
}
END_TEST

START_TEST(never_reads_keys_out_of_the_token)
{
	/* signed by another key, which the header offers in every way there is */
	const char *header = mem_printf(m,
					"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":%s,\"jku\":"
					"\"https://evil.example/jwks\","
					"\"x5u\":\"https://evil.example/x\",\"x5c\":[\"MIIB\"]}",
					sign_rsa_jwk(m, sign_rsa(1), "k1", ""));

	ck_assert_str_eq(verdict(sign_jws(m, sign_rsa(1), "SHA256", 0, header, "{}")),
			 "token_signature");
}
END_TEST

START_TEST(refuses_a_kid_that_is_too_long)
{
	char kid[300];

	memset(kid, 'k', 256);
	kid[256] = '\0';
	ck_assert_str_eq(
		verdict(token_with(mem_printf(m, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid))),
		"token_malformed");
	kid[255] = '\0';
	ck_assert_str_eq(
		verdict(token_with(mem_printf(m, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid))),
		"token_key_unknown");
}
END_TEST

static const char *const payloads[] = {
	"{\"sub\":\"1\",\"sub\":\"2\"}",
	"{\"a\":{\"b\":1,\"b\":2}}",
	"{\"sub\":\"a\\u0000b\"}",
	"{\"sub\":\"\xff\"}",
	"[]",
	"1",
	"",
	"{\"exp\":1e400}",
	"{\"exp\":NaN}",
	"{sub:1}",
};

START_TEST(refuses_payloads_that_two_readers_would_read_differently)
{
	ck_assert_str_eq(verdict(sign_rs256(m, sign_rsa(0), "k1", payloads[_i])),
			 "token_malformed");
}
END_TEST

static char *nested(int depth)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "{\"a\":");
	for (int i = 1; i < depth; i++)
		buf_add(&b, "[");
	buf_add(&b, "1");
	for (int i = 1; i < depth; i++)
		buf_add(&b, "]");
	buf_add(&b, "}");
	return b.p;
}

START_TEST(refuses_deep_nesting)
{
	ck_assert_str_eq(verdict(sign_rs256(m, sign_rsa(0), "k1", nested(JS_DEPTH))), "ok");
	ck_assert_str_eq(verdict(sign_rs256(m, sign_rsa(0), "k1", nested(JS_DEPTH + 1))),
			 "token_malformed");
	ck_assert_str_eq(verdict(sign_rs256(m, sign_rsa(0), "k1", nested(20000))),
			 "token_malformed");
}
END_TEST

START_TEST(refuses_a_flipped_bit_anywhere)
{
	char *token = sign_rs256(m, sign_rsa(0), "k1", "{\"sub\":\"1\"}");

	for (size_t i = 0; token[i]; i++) {
		char was = token[i];
		token[i] = (char)(was ^ 1);
		ck_assert_msg(!str_eq(verdict(token), "ok"), "character %zu", i);
		token[i] = was;
	}
	ck_assert_str_eq(verdict(token), "ok");
}
END_TEST

static const char *const shapes[] = {
	"",
	".",
	"..",
	"...",
	"a",
	"a.b",
	"a.b.c.d",
	"a.b.c.d.e",
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ..",
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30=.AAAA",
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ .e30.AAAA",
	"{}.{}.{}",
};

START_TEST(refuses_what_has_not_three_segments)
{
	ck_assert_str_eq(verdict(shapes[_i]), "token_malformed");
}
END_TEST

START_TEST(refuses_loose_base64)
{
	const char *token = sign_rs256(m, sign_rsa(0), "k1", "{\"sub\":\"1\"}");
	size_t n = strlen(token);

	ck_assert_str_eq(verdict(mem_printf(m, "%s=", token)), "token_malformed");
	ck_assert_str_eq(verdict(mem_printf(m, "%s\n", token)), "token_malformed");
	ck_assert_str_eq(verdict(mem_printf(m, " %s", token)), "token_malformed");
	/* 256 bytes of signature end in four unused bits, which must be 0 */
	char *loose = mem_strdup(m, token);
	ck_assert_int_ne(loose[n - 1], 'B');
	loose[n - 1] = (char)(loose[n - 1] + 1);
	ck_assert_str_eq(verdict(loose), "token_malformed");
}
END_TEST

START_TEST(refuses_an_oversized_token)
{
	char *big = mem_alloc(m, (200 << 10) + 1);

	memset(big, 'A', 200 << 10);
	ck_assert_str_eq(verdict(big), "token_malformed");
}
END_TEST

START_TEST(keeps_algorithm_and_key_together)
{
	EVP_PKEY *rsa = sign_rsa(0);
	const char *plain = sign_rsa_jwk(m, rsa, "k1", "");
	const char *only256 = sign_rsa_jwk(m, rsa, "k1", ",\"alg\":\"RS256\"");
	const char *t512 =
		sign_jws(m, rsa, "SHA512", 0, "{\"alg\":\"RS512\",\"kid\":\"k1\"}", "{}");
	const char *t384 =
		sign_jws(m, rsa, "SHA384", 0, "{\"alg\":\"RS384\",\"kid\":\"k1\"}", "{}");

	ck_assert_str_eq(verdict_for(t512, "RS256 RS512", plain), "ok");
	ck_assert_str_eq(verdict_for(t384, "RS384", plain), "ok");
	ck_assert_str_eq(verdict_for(t512, "RS256 RS512", only256), "token_alg");
	ck_assert_str_eq(verdict_for(t512, "RS256", plain), "token_alg");
}
END_TEST

START_TEST(verifies_elliptic_curves_where_allowed)
{
	EVP_PKEY *p256 = EVP_EC_gen("P-256"), *p384 = EVP_EC_gen("P-384");
	const char *k256 = sign_ec_jwk(m, p256, "k1", "P-256", 32);
	const char *k384 = sign_ec_jwk(m, p384, "k1", "P-384", 48);
	const char *t256 =
		sign_jws(m, p256, "SHA256", 32, "{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}");
	const char *t384 =
		sign_jws(m, p384, "SHA384", 48, "{\"alg\":\"ES384\",\"kid\":\"k1\"}", "{}");

	ck_assert_str_eq(verdict_for(t256, "ES256 ES384", k256), "ok");
	ck_assert_str_eq(verdict_for(t384, "ES256 ES384", k384), "ok");
	ck_assert_str_eq(verdict_for(t256, "RS256", k256), "token_alg");
	ck_assert_str_eq(verdict_for(t256, "ES256 ES384", k384), "token_alg");
	ck_assert_str_eq(verdict_for(t256, "ES256", sign_rsa_jwk(m, sign_rsa(0), "k1", "")),
			 "token_alg");
	/* an RSA token under an EC key, and DER where r | s is due */
	ck_assert_str_eq(verdict_for(sign_rs256(m, sign_rsa(0), "k1", "{}"), "RS256 ES256", k256),
			 "token_alg");
	const char *der =
		sign_jws(m, p256, "SHA256", 0, "{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}");
	ck_assert_str_eq(verdict_for(der, "ES256", k256), "token_malformed");
	EVP_PKEY_free(p256);
	EVP_PKEY_free(p384);
}
END_TEST

START_TEST(refuses_the_psychic_signature)
{
	EVP_PKEY *p256 = EVP_EC_gen("P-256");
	unsigned char zeros[64] = {0};
	const char *token = mem_printf(
		m, "%s.%s.%s", b64url_encode(m, "{\"alg\":\"ES256\",\"kid\":\"k1\"}", 26),
		b64url_encode(m, "{}", 2), b64url_encode(m, zeros, sizeof zeros));

	ck_assert_str_eq(verdict_for(token, "ES256", sign_ec_jwk(m, p256, "k1", "P-256", 32)),
			 "token_signature");
	EVP_PKEY_free(p256);
}
END_TEST

/* Real tokens of a running Moodle, before and after it changed its key. */
START_TEST(verifies_what_moodle_signed)
{
	static const char *const files[][2] = {
		{"fixtures/moodle/jwks.json", "fixtures/moodle/launch_student1.json"},
		{"fixtures/moodle/jwks_after_key_change.json",
		 "fixtures/moodle/launch_student1_after_key_change.json"},
	};

	for (int i = 0; i < 4; i++) {
		size_t n;
		const char *set_text = sign_file(m, files[i / 2][0], &n);
		const char *token = js_str(sign_fixture(m, files[i % 2][1]), "id_token");
		struct jwk_set *set;
		struct jws j;
		ck_assert(jwk_set_parse(set_text, n, &set, &e));
		ck_assert(jws_parse(m, token, strlen(token), "RS256", &j, &e));
		ck_assert_int_eq(jws_verify(&j, set, &e), i / 2 == i % 2);
		if (i / 2 != i % 2)
			ck_assert_str_eq(e.reason, "token_key_unknown");
		jwk_set_free(set);
	}
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

Suite *keys_jws_suite(void)
{
	Suite *s = suite_create("keys/jws");
	TCase *t = tcase_create("jws");

	sign_rsa(0);
	sign_rsa(1);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, accepts_a_good_token);
	tcase_add_loop_test(t, judges_the_header, 0, COUNT(headers));
	tcase_add_test(t, refuses_a_token_that_nobody_signed);
	tcase_add_test(t, never_reads_keys_out_of_the_token);
	tcase_add_test(t, refuses_a_kid_that_is_too_long);
	tcase_add_loop_test(t, refuses_payloads_that_two_readers_would_read_differently, 0,
			    COUNT(payloads));
	tcase_add_test(t, refuses_deep_nesting);
	tcase_add_test(t, refuses_a_flipped_bit_anywhere);
	tcase_add_loop_test(t, refuses_what_has_not_three_segments, 0, COUNT(shapes));
	tcase_add_test(t, refuses_loose_base64);
	tcase_add_test(t, refuses_an_oversized_token);
	tcase_add_test(t, keeps_algorithm_and_key_together);
	tcase_add_test(t, verifies_elliptic_curves_where_allowed);
	tcase_add_test(t, refuses_the_psychic_signature);
	tcase_add_test(t, verifies_what_moodle_signed);
	suite_add_tcase(s, t);
	return s;
}
