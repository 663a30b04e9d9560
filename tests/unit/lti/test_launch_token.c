/* Tokens that must not be believed (lti.md 2.4), on every path there is: each message,
 * bound by cookie or by the platform's storage. */
#include "lti/fake_platform.h"

static struct mem *m;
static struct lti *l;
static struct fake_visit v;
static bool stored; /* the path is by the platform's storage */

static void begin(struct fake_visit *visit, enum lti_message message)
{
	const char *const form[] = {"iss",       ISSUER, "login_hint",         "7",
				    "client_id", CLIENT, "lti_storage_target", "_parent",
				    NULL};

	fake_visit_by(visit, m, l, form, stored ? LTI_RUNG_STORAGE : LTI_RUNG_COOKIE);
	fake_say(visit, message);
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	fake_usual(m);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *post(struct fake_visit *visit, const char *token)
{
	return stored ? fake_post_stored(visit, token) : fake_post(visit, token);
}

/* Header and payload with the signature of another token: "" for none. */
static const char *patched(const char *header, const char *signature)
{
	const char *payload = js_print(m, v.claims, NULL);

	return mem_printf(m, "%s.%s.%s", b64url_encode(m, header, strlen(header)),
			  b64url_encode(m, payload, strlen(payload)), signature);
}

static const char *signature_of(const char *token)
{
	return strrchr(token, '.') + 1;
}

static const char *with(const char *claim, const char *json)
{
	fake_set(&v, claim, json);
	return fake_token(&v);
}

/* ---- One attack, one function: the token it sends ---- */

static const char *one_bit_of_the_signature(void)
{
	const char *token = fake_token(&v);
	unsigned char *bytes;
	size_t n;

	ck_assert(b64url_decode(m, signature_of(token), strlen(signature_of(token)), &bytes, &n));
	bytes[n / 2] ^= 1;
	return mem_printf(m, "%.*s%s", (int)(signature_of(token) - token), token,
			  b64url_encode(m, bytes, n));
}

static const char *claims_changed_after_signing(void)
{
	const char *signature = signature_of(fake_token(&v));

	fake_set(&v, "sub", "\"somebody-else\"");
	return patched("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}", signature);
}

static const char *alg_none(void)
{
	return patched("{\"alg\":\"none\",\"kid\":\"k1\"}", "");
}

static const char *alg_none_in_other_letters(void)
{
	return patched("{\"alg\":\"nOnE\",\"kid\":\"k1\"}", "");
}

static const char *alg_none_with_a_signature(void)
{
	return patched("{\"alg\":\"none\",\"kid\":\"k1\"}", signature_of(fake_token(&v)));
}

static const char *the_public_key_as_a_secret(void)
{
	return patched("{\"alg\":\"HS256\",\"kid\":\"k1\"}", signature_of(fake_token(&v)));
}

static const char *another_curve_of_algorithms(void)
{
	return patched("{\"alg\":\"ES256\",\"kid\":\"k1\"}", signature_of(fake_token(&v)));
}

static const char *no_kid(void)
{
	return sign_jws(m, v.key, "SHA256", 0, "{\"alg\":\"RS256\"}", js_print(m, v.claims, NULL));
}

static const char *a_kid_of_nobody(void)
{
	return sign_rs256(m, v.key, "../../k1' OR 1=1", js_print(m, v.claims, NULL));
}

/* Its own key in the header, or an address to fetch one from: never looked at. */
static const char *a_key_of_its_own(void)
{
	const char *header = mem_printf(m,
					"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"https://"
					"evil.example/jwks\",\"jwk\":%s}",
					sign_rsa_jwk(m, sign_rsa(1), "k1", ""));

	return sign_jws(m, sign_rsa(1), "SHA256", 0, header, js_print(m, v.claims, NULL));
}

static const char *a_critical_header(void)
{
	return sign_jws(m, v.key, "SHA256", 0,
			"{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"x\"],\"x\":1}",
			js_print(m, v.claims, NULL));
}

static const char *another_platforms_key(void)
{
	return sign_rs256(m, sign_rsa(1), "k1", js_print(m, v.claims, NULL));
}

static const char *a_member_twice(void)
{
	char *claims = js_print(m, v.claims, NULL);

	claims[strlen(claims) - 1] = ',';
	return sign_rs256(m, v.key, "k1", mem_printf(m, "%s\"sub\":\"admin\"}", claims));
}

static const char *nesting_without_end(void)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 40; i++)
		buf_add(&b, "[");
	for (int i = 0; i < 40; i++)
		buf_add(&b, "]");
	return with("deep", b.p);
}

static const char *too_large_a_token(void)
{
	size_t n = 128 << 10;
	char *text = mem_alloc(m, n + 3);

	memset(text, 'a', n + 2);
	text[0] = text[n + 1] = '"';
	return with("large", text);
}

static const char *another_issuer(void)
{
	return with("iss", "\"https://evil.example\"");
}

static const char *another_audience(void)
{
	return with("aud", "\"client-2\"");
}

static const char *a_second_audience(void)
{
	return with("aud", "[\"client-1\",\"client-2\"]");
}

static const char *another_party(void)
{
	return with("azp", "\"client-2\"");
}

static const char *an_old_token(void)
{
	return with("exp", "1789999900");
}

static const char *a_token_issued_long_ago(void)
{
	return with("iat", "1789990000");
}

static const char *a_token_of_tomorrow(void)
{
	return with("iat", "1790086400");
}

static const char *a_number_as_text(void)
{
	return with("exp", "\"1790000060\"");
}

static const char *another_nonce(void)
{
	return with("nonce", "\"guess\"");
}

static const char *another_version(void)
{
	return with(CLAIM "version", "\"1.3.0.1\"");
}

static const char *nobody(void)
{
	return with("sub", NULL);
}

static const char *no_deployment(void)
{
	return with(CLAIM "deployment_id", NULL);
}

static const struct {
	const char *(*token)(void);
	const char *reason;
} attacks[] = {
	{one_bit_of_the_signature, "token_signature"},
	{claims_changed_after_signing, "token_signature"},
	{alg_none, "token_alg"},
	{alg_none_in_other_letters, "token_alg"},
	{alg_none_with_a_signature, "token_alg"},
	{the_public_key_as_a_secret, "token_alg"},
	{another_curve_of_algorithms, "token_alg"},
	{no_kid, "token_kid_missing"},
	{a_kid_of_nobody, "token_key_unknown"},
	{a_key_of_its_own, "token_signature"},
	{a_critical_header, "token_malformed"},
	{another_platforms_key, "token_signature"},
	{a_member_twice, "token_malformed"},
	{nesting_without_end, "token_malformed"},
	{too_large_a_token, "token_malformed"},
	{another_issuer, "token_issuer"},
	{another_audience, "token_audience"},
	{a_second_audience, "token_audience"},
	{another_party, "token_audience"},
	{an_old_token, "token_expired"},
	{a_token_issued_long_ago, "token_too_old"},
	{a_token_of_tomorrow, "token_from_future"},
	{a_number_as_text, "token_time"},
	{another_nonce, "token_nonce"},
	{another_version, "version_wrong"},
	{nobody, "subject_missing"},
	{no_deployment, "deployment_missing"},
};

START_TEST(no_path_believes)
{
	for (int message = 0; message < FAKE_MESSAGES; message++)
		for (int path = 0; path < 2; path++) {
			stored = path;
			begin(&v, (enum lti_message)message);
			ck_assert_msg(str_eq(post(&v, fake_token(&v)), "ok"), "%s: %s",
				      fake_messages[message], v.e.text);
			begin(&v, (enum lti_message)message);
			const char *verdict = post(&v, attacks[_i].token());
			ck_assert_msg(str_eq(verdict, attacks[_i].reason), "%s, %s: %s (%s)",
				      fake_messages[message], stored ? "storage" : "cookie",
				      verdict, v.e.text);
			ck_assert_int_eq(fake_pending_written, 0);
		}
	ck_assert_int_le(fake_asked,
			 2); /* an unknown kid asks once more, an address in a token never */
}
END_TEST

/* The attacker began a login of their own and brings a victim's token, and the other
 * way round (login CSRF). */
START_TEST(no_path_takes_swapped_states)
{
	struct fake_visit other;

	for (int path = 0; path < 2; path++) {
		stored = path;
		begin(&v, (enum lti_message)_i);
		begin(&other, (enum lti_message)_i);
		ck_assert_str_eq(post(&other, fake_token(&v)), "token_nonce");
		ck_assert_str_eq(post(&v, fake_token(&other)), "token_nonce");
		v.state = other.state;
		v.cookie.name = other.cookie.name;
		ck_assert_str_eq(post(&v, fake_token(&other)), "browser_mismatch");
	}
}
END_TEST

/* Two registrations of one issuer: the state says which, never the token. */
START_TEST(no_path_mixes_up_registrations)
{
	fake_add("r2", ISSUER, "client-2");
	registry_forget(l->registry);
	for (int path = 0; path < 2; path++) {
		stored = path;
		begin(&v, (enum lti_message)_i);
		fake_set(&v, "aud", "\"client-2\"");
		ck_assert_str_eq(post(&v, fake_token(&v)), "token_audience");
	}
}
END_TEST

START_TEST(needs_a_token)
{
	stored = false;
	begin(&v, LTI_MESSAGE_RESOURCE_LINK);
	ck_assert_str_eq(fake_post(&v, ""), "token_missing");
	ck_assert_str_eq(fake_post(&v, "x"), "token_malformed");
	ck_assert_str_eq(fake_post(&v, "a.b"), "token_malformed");
	ck_assert_str_eq(fake_post(&v, "a.b.c.d.e"), "token_malformed"); /* encrypted */
}
END_TEST

/* A registration is fixed by the state: what another platform signs, even with the
 * right claims, is not taken. */
START_TEST(takes_keys_of_its_own_platform_only)
{
	struct lti_registration *other = fake_add("r2", "https://other.example", CLIENT);

	stored = false;
	begin(&v, LTI_MESSAGE_RESOURCE_LINK);
	other->jwks_url = "https://other.example/jwks";
	fake_answer("https://other.example/jwks", 200,
		    sign_set(m, sign_rsa_jwk(m, sign_rsa(1), "k2", "")));
	registry_forget(l->registry);
	v.key = sign_rsa(1);
	v.kid = "k2";
	ck_assert_str_eq(fake_launch(&v), "token_key_unknown");
	v.kid = "k1";
	ck_assert_str_eq(fake_launch(&v), "token_signature");
}
END_TEST

/* A platform that changed its key between two launches (lti.md 2.3). */
START_TEST(learns_a_new_key_of_its_platform)
{
	stored = false;
	begin(&v, LTI_MESSAGE_RESOURCE_LINK);
	ck_assert_str_eq(fake_launch(&v), "ok");
	fake_answers[0].body = sign_set(m, sign_rsa_jwk(m, sign_rsa(1), "k2", ""));
	clock_set_ms((int64_t)(NOW + 61) * 1000); /* unknown keys are asked for once a minute */
	begin(&v, LTI_MESSAGE_RESOURCE_LINK);
	fake_set(&v, "exp", "1790000120");
	v.key = sign_rsa(1);
	v.kid = "k2";
	ck_assert_str_eq(fake_launch(&v), "ok");
}
END_TEST

Suite *lti_launch_token_suite(void)
{
	Suite *s = suite_create("lti/launch_token");
	TCase *t = tcase_create("token");

	sign_rsa(0);
	sign_rsa(1);
	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, no_path_believes, 0, COUNT(attacks));
	tcase_add_loop_test(t, no_path_takes_swapped_states, 0, FAKE_MESSAGES);
	tcase_add_loop_test(t, no_path_mixes_up_registrations, 0, FAKE_MESSAGES);
	tcase_add_test(t, needs_a_token);
	tcase_add_test(t, takes_keys_of_its_own_platform_only);
	tcase_add_test(t, learns_a_new_key_of_its_platform);
	suite_add_tcase(s, t);
	return s;
}
