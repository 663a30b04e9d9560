/* What a registration must be, whoever makes it: each wrong word is named by its field. */
#include "lti/fake_platform.h"
#include "lti/platform.h"

#define ALLOW "localhost:8181"

static const struct platform_words good = {.name = "Canvas",
					   .profile = "canvas",
					   .issuer = "https://canvas.instructure.com",
					   .client_id = "10000000000123",
					   .auth_url = "https://sso.example/auth",
					   .token_url = "https://lms.example/token",
					   .jwks_url = "https://sso.example/jwks",
					   .deployments = "pending"};

static const char *verdict(const struct platform_words *w)
{
	static struct err e;

	e = (struct err){0};
	if (platform_check(w, ALLOW, &e))
		return "good";
	ck_assert_int_eq(e.code, ERR_INVALID);
	return e.field;
}

START_TEST(takes_what_is_right)
{
	struct platform_words w = good;

	ck_assert_str_eq(verdict(&w), "good");
	w.profile = w.deployments = NULL;
	w.token_url = "";
	ck_assert_str_eq(verdict(&w), "good");
	w.auth_url = "https://lms.example:8443/auth"; /* a browser goes there, not we */
	w.jwks_url = "http://localhost:8181/jwks";
	ck_assert_str_eq(verdict(&w), "good");
}
END_TEST

START_TEST(names_the_field_that_is_wrong)
{
	static char long_text[300];
	static const struct {
		size_t offset;
		const char *field, *value;
	} rows[] = {
#define AT(member) offsetof(struct platform_words, member)
		{AT(name), "name", ""},
		{AT(name), "name", NULL},
		{AT(name), "name", long_text},
		{AT(name), "name", "a\x1b[2J"},
		{AT(issuer), "issuer", ""},
		{AT(client_id), "clientId", ""},
		{AT(client_id), "clientId", long_text},
		{AT(auth_url), "authUrl", "http://lms.example/auth"},
		{AT(auth_url), "authUrl", "javascript:alert(1)"},
		{AT(auth_url), "authUrl", ""},
		{AT(token_url), "tokenUrl", "http://lms.example/token"},
		{AT(token_url), "tokenUrl", "https://lms.example:8443/token"},
		{AT(token_url), "tokenUrl", "https://user@lms.example/token"},
		{AT(jwks_url), "jwksUrl", ""},
		{AT(jwks_url), "jwksUrl", "http://localhost:8182/jwks"},
		{AT(jwks_url), "jwksUrl", "file:///etc/passwd"},
		{AT(profile), "profile", "nobody"},
		{AT(profile), "profile", "Canvas"},
		{AT(deployments), "deployments", "maybe"},
		{AT(deployments), "deployments", ""},
#undef AT
	};

	memset(long_text, 'x', sizeof long_text - 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct platform_words w = good;
		*(const char **)((char *)&w + rows[i].offset) = rows[i].value;
		ck_assert_msg(str_eq(verdict(&w), rows[i].field), "row %zu: %s", i, verdict(&w));
	}
}
END_TEST

Suite *lti_platform_suite(void)
{
	Suite *s = suite_create("lti/platform");
	TCase *t = tcase_create("platform");

	tcase_add_test(t, takes_what_is_right);
	tcase_add_test(t, names_the_field_that_is_wrong);
	suite_add_tcase(s, t);
	return s;
}
