/* What platforms say of themselves before they register us. */
#include "lti/fake_platform.h"
#include "lti/dynamic.h"

#define LMS      "https://lms.example/.well-known/openid-configuration"
#define DISTRICT "https://district.instructure.com/api/lti/security/openid-configuration"
#define PLATFORM "https://purl.imsglobal.org/spec/lti-platform-configuration"

static struct mem *m;
static struct lti *l;
static struct openid o;
static struct err e;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	o = (struct openid){0};
	e = (struct err){0};
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static json_t *plain(void)
{
	return js_own(m, json_pack("{s:s, s:s, s:s, s:s, s:s, s:[s], s:[s,s], s:{s:s}}", "issuer",
				   "https://lms.example", "authorization_endpoint",
				   "https://lms.example/auth", "token_endpoint",
				   "https://lms.example/token", "jwks_uri", "https://lms.example/jwks",
				   "registration_endpoint", "https://lms.example/register",
				   "scopes_supported", "openid", "claims_supported", "sub", "name",
				   PLATFORM, "product_family_code", "Unheard Of"));
}

static bool read_from(const char *url, const json_t *j, const char *allow)
{
	size_t n;
	const char *text = js_print(m, j, &n);

	return openid_read(m, allow, url, text, n, &o, &e);
}

START_TEST(reads_canvas)
{
	ck_assert(read_from(DISTRICT, sign_fixture(m, "fixtures/lti/openid_configuration_canvas.json"), ""));
	ck_assert_str_eq(o.issuer, "https://canvas.instructure.com");
	ck_assert_str_eq(o.auth_url, "https://sso.canvaslms.com/api/lti/authorize_redirect");
	ck_assert_str_eq(o.register_url, "https://district.instructure.com/api/lti/registrations");
	ck_assert_str_eq(o.profile->name, "canvas");
	ck_assert_str_eq(o.version, "vCloud");
	ck_assert_str_eq(o.audience, ""); /* a bare host is no audience */
	ck_assert_str_eq(o.algorithms, "RS256");
	ck_assert_str_eq(o.origins, "https://district.instructure.com https://canvas.instructure.com");
	ck_assert(openid_has(o.notices, "LtiContextCopyNotice"));
	ck_assert_uint_eq(json_array_size(o.messages), 2);
}
END_TEST

START_TEST(reads_moodle)
{
	const json_t *answer = sign_fixture(m, "fixtures/moodle/openid-configuration.json");
	const char *url = "https://moodle.test:8443/mod/lti/openid-configuration.php";

	ck_assert(read_from(url, js_obj(answer, "body"), "moodle.test:8443"));
	ck_assert_str_eq(o.issuer, "https://moodle.test:8443");
	ck_assert_str_eq(o.profile->name, "moodle");
	ck_assert(openid_has(o.variables, "Moodle.Person.userGroupIds"));
	ck_assert_uint_eq(json_array_size(o.notices), 0);
	/* the port is not one that may be asked unless somebody allowed it */
	ck_assert(!read_from(url, js_obj(answer, "body"), ""));
	ck_assert_str_eq(e.reason, "registration_configuration");
}
END_TEST

START_TEST(lacks_are_nothing)
{
	json_t *j = plain();

	json_object_set_new(js_obj(j, PLATFORM), "variables", json_null());
	ck_assert(read_from(LMS, j, ""));
	ck_assert_str_eq(o.profile->name, "generic");
	ck_assert_str_eq(o.algorithms, "RS256");
	ck_assert_uint_eq(json_array_size(o.variables), 0);
	ck_assert_uint_eq(json_array_size(o.messages), 0);
	ck_assert_str_eq(o.version, "");
}
END_TEST

/* R113: where it was read vouches for the issuer. */
START_TEST(another_hosts_issuer_is_refused)
{
	const json_t *canvas = sign_fixture(m, "fixtures/lti/openid_configuration_canvas.json");
	json_t *j = plain();

	ck_assert(!read_from("https://evil.example/openid", canvas, ""));
	ck_assert_str_eq(e.reason, "registration_host");
	ck_assert(!read_from("https://evilinstructure.com/openid", canvas, ""));
	ck_assert(!read_from("https://instructure.com.evil.example/openid", canvas, ""));
	json_object_set_new(j, "issuer", json_string("https://other.example"));
	ck_assert(!read_from(LMS, j, ""));
	ck_assert_str_eq(e.reason, "registration_host");
	json_object_set_new(j, "issuer", json_string("https://LMS.example"));
	ck_assert(read_from(LMS, j, ""));
	/* product's hosts are for that product alone */
	json_object_set_new(j, "issuer", json_string("https://canvas.instructure.com"));
	ck_assert(!read_from(DISTRICT, j, ""));
}
END_TEST

/* What the registration endpoint says is shown: it is the host that was asked, so that no
 * stranger reads what an allow-listed one says. */
START_TEST(another_hosts_endpoint_is_refused)
{
	json_t *j = plain();

	json_object_set_new(j, "registration_endpoint", json_string("http://localhost:8181/admin"));
	ck_assert(!read_from(LMS, j, "localhost:8181"));
	ck_assert_str_eq(e.reason, "registration_host");
	ck_assert_str_eq(e.field, "registration_endpoint");
	json_object_set_new(j, "registration_endpoint", json_string("https://LMS.example/register"));
	ck_assert(read_from(LMS, j, ""));
}
END_TEST

static const struct {
	const char *member, *json, *field;
} bad[] = {
	{"issuer", NULL, "issuer"},
	{"issuer", "5", "issuer"},
	{"issuer", "\"http://lms.example\"", "issuer"},
	{"issuer", "\"https://lms.example?x\"", "issuer"},
	{"authorization_endpoint", NULL, "authorization_endpoint"},
	{"authorization_endpoint", "\"javascript:alert(1)\"", "authorization_endpoint"},
	{"token_endpoint", "\"http://lms.example/token\"", "token_endpoint"},
	{"token_endpoint", "[\"https://lms.example/token\"]", "token_endpoint"},
	{"jwks_uri", "\"file:///etc/passwd\"", "jwks_uri"},
	{"jwks_uri", "\"https://user@lms.example/jwks\"", "jwks_uri"},
	{"registration_endpoint", "\"https://lms.example:22/\"", "registration_endpoint"},
	{"registration_endpoint", "null", "registration_endpoint"},
	{"scopes_supported", "\"openid\"", "scopes_supported"},
	{"scopes_supported", "[1]", "scopes_supported"},
	{"claims_supported", "{}", "claims_supported"},
	{"response_types_supported", "[\"code\"]", "response_types_supported"},
	{"token_endpoint_auth_methods_supported", "[\"client_secret_basic\"]",
	 "token_endpoint_auth_methods_supported"},
	{"token_endpoint_auth_signing_alg_values_supported", "[\"ES256\"]",
	 "token_endpoint_auth_signing_alg_values_supported"},
	{"id_token_signing_alg_values_supported", "[\"none\",\"HS256\"]",
	 "id_token_signing_alg_values_supported"},
	{PLATFORM, NULL, "lti-platform-configuration"},
	{PLATFORM, "[]", "lti-platform-configuration"},
	{PLATFORM, "{\"product_family_code\":7}", "product_family_code"},
	{PLATFORM, "{\"messages_supported\":[\"LtiResourceLinkRequest\"]}", "messages_supported"},
	{PLATFORM, "{\"messages_supported\":[{\"type\":\"a\",\"placements\":\"b\"}]}", "messages_supported"},
	{PLATFORM, "{\"variables\":[{}]}", "variables"},
};

START_TEST(wrong_members_are_named)
{
	json_t *j = plain();

	if (bad[_i].json)
		json_object_set_new(j, bad[_i].member, json_loads(bad[_i].json, JSON_DECODE_ANY, NULL));
	else
		json_object_del(j, bad[_i].member);
	ck_assert_msg(!read_from(LMS, j, ""), "%s %s", bad[_i].member, bad[_i].json);
	ck_assert_str_eq(e.reason, "registration_configuration");
	ck_assert_str_eq(e.field, bad[_i].field);
}
END_TEST

START_TEST(only_whole_json_of_some_size)
{
	char *large = mem_alloc(m, OPENID_MAX + 2);

	memset(large, ' ', OPENID_MAX + 1);
	ck_assert(!openid_read(m, "", LMS, large, OPENID_MAX + 1, &o, &e));
	ck_assert(!openid_read(m, "", LMS, "[]", 2, &o, &e));
	ck_assert(!openid_read(m, "", LMS, "{\"issuer\":1,\"issuer\":2}", 23, &o, &e));
	ck_assert(!openid_read(m, "", LMS, "<html>", 6, &o, &e));
	ck_assert_str_eq(e.reason, "registration_configuration");
}
END_TEST

START_TEST(other_algorithms_only_where_the_usual_one_lacks)
{
	json_t *j = plain();

	json_object_set_new(j, "id_token_signing_alg_values_supported", json_pack("[s,s]", "ES256", "RS256"));
	ck_assert(read_from(LMS, j, ""));
	ck_assert_str_eq(o.algorithms, "RS256");
	json_object_set_new(j, "id_token_signing_alg_values_supported",
			    json_pack("[s,s,s]", "none", "ES256", "RS512"));
	ck_assert(read_from(LMS, j, ""));
	ck_assert_str_eq(o.algorithms, "RS512 ES256");
}
END_TEST

static const char *const never_asked[] = {
	"file:///etc/passwd",       "http://lms.example/",      "https://lms.example:8443/",
	"https://u:p@lms.example/", "gopher://lms.example/",    "https://lms.example/\r\nX: y",
	"//lms.example/",           "lms.example",              "",
	"https://",                 "javascript:alert(1)",      "data:application/json,{}",
	"https://lms.example/ a",   "http://localhost:8182/",
};

START_TEST(addresses_that_are_never_asked)
{
	ck_assert(!openid_url_ok(l, never_asked[_i], &e));
	ck_assert_str_eq(e.reason, "registration_address");
	ck_assert_int_eq(fake_asked, 0);
}
END_TEST

START_TEST(asks_with_the_token)
{
	const char *text;

	fake_answer(LMS, 200, js_print(m, plain(), NULL));
	ck_assert(openid_fetch(l, m, LMS, "a.b.c", &o, &text, &e));
	ck_assert_str_eq(fake_last.bearer, "a.b.c");
	ck_assert_int_le(fake_last.total_ms, 10000);
	ck_assert(fake_last.body_max <= 64 << 10);
	ck_assert_str_eq(text, js_print(m, plain(), NULL));
	ck_assert(openid_fetch(l, m, LMS, NULL, &o, &text, &e));
	ck_assert_ptr_null(fake_last.bearer);
	ck_assert(!openid_fetch(l, m, LMS, "a\r\nHost: x", &o, &text, &e));
	ck_assert_str_eq(e.reason, "registration_address");
	ck_assert_int_eq(fake_asked, 2);
}
END_TEST

START_TEST(no_answer_is_said)
{
	const char *text;

	ck_assert(!openid_fetch(l, m, LMS, NULL, &o, &text, &e));
	ck_assert_str_eq(e.reason, "registration_unreachable");
	fake_answer(LMS, 302, "");
	ck_assert(!openid_fetch(l, m, LMS, NULL, &o, &text, &e));
	ck_assert_str_eq(e.reason, "registration_unreachable");
}
END_TEST

/* A platform that makes others wait holds up two workers and no more. */
static int depth;

static bool fetch_inside(void *self, struct mem *arena, const struct http_request *req,
			 struct http_response *out, struct err *why)
{
	struct openid inner;
	const char *text;

	if (++depth < 3)
		ck_assert(!openid_fetch(l, m, LMS, NULL, &inner, &text, &e));
	return err_set(why, ERR_PEER, "no answer");
}

START_TEST(two_at_once)
{
	struct err first;
	const char *text;

	depth = 0;
	l->http.fetch = fetch_inside;
	ck_assert(!openid_fetch(l, m, LMS, NULL, &o, &text, &first));
	ck_assert_int_eq(depth, 2);
	ck_assert_str_eq(first.reason, "registration_unreachable");
	l->http.fetch = fake_fetch;
	fake_answer(LMS, 200, js_print(m, plain(), NULL));
	ck_assert(openid_fetch(l, m, LMS, NULL, &o, &text, &e));
}
END_TEST

Suite *lti_openid_suite(void)
{
	Suite *s = suite_create("lti_openid");
	TCase *t = tcase_create("openid");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_canvas);
	tcase_add_test(t, reads_moodle);
	tcase_add_test(t, lacks_are_nothing);
	tcase_add_test(t, another_hosts_issuer_is_refused);
	tcase_add_test(t, another_hosts_endpoint_is_refused);
	tcase_add_loop_test(t, wrong_members_are_named, 0, COUNT(bad));
	tcase_add_test(t, only_whole_json_of_some_size);
	tcase_add_test(t, other_algorithms_only_where_the_usual_one_lacks);
	tcase_add_loop_test(t, addresses_that_are_never_asked, 0, COUNT(never_asked));
	tcase_add_test(t, asks_with_the_token);
	tcase_add_test(t, no_answer_is_said);
	tcase_add_test(t, two_at_once);
	suite_add_tcase(s, t);
	return s;
}
