/* Addresses: which may be fetched, and that no target leads away from us. */
#include "lti/fake_platform.h"

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static const struct {
	const char *url;
	bool ok;
} fetchable[] = {
	{"https://lms.example/jwks", true},
	{"https://lms.example:443/jwks?a=b", true},
	{"HTTPS://lms.example/", true},
	{"https://lms.example:8443/jwks", false},
	{"http://lms.example/jwks", false},
	{"http://localhost:8181/jwks", true},
	{"http://LOCALHOST:8181/jwks", true},
	{"https://localhost:8181/jwks", true},
	{"http://localhost:8182/jwks", false},
	{"http://localhost/jwks", false},
	{"http://school.intern:80/jwks", true},
	{"http://school.intern/jwks", true},
	{"https://user@lms.example/", false},
	{"https://user:pw@lms.example/", false},
	{"http://localhost:8181@evil.example/", false},
	{"http://evil@localhost:8181/", false},
	{"ftp://lms.example/", false},
	{"file:///etc/passwd", false},
	{"gopher://lms.example:443/", false},
	{"//lms.example/", false},
	{"/jwks", false},
	{"lms.example", false},
	{"", false},
	{"https://", false},
	{"https:/lms.example/jwks", false},
	{"https:lms.example/jwks", false},
	{"https:///lms.example/jwks", false},
	{"https://lms.example/a b", false},
	{"https://lms.example/\n", false},
	{"https://lms.example\\@evil.example/", false},
	{"https://lms.\xc3\xa6.example/", false},
};

START_TEST(knows_what_may_be_fetched)
{
	ck_assert_msg(url_is_fetchable("localhost:8181 school.intern:80", fetchable[_i].url) ==
			      fetchable[_i].ok,
		      "%s", fetchable[_i].url);
}
END_TEST

START_TEST(takes_any_port_of_https_for_a_link)
{
	ck_assert(url_is_linkable("", "https://moodle.test:8443/return?sesskey=x"));
	ck_assert(!url_is_linkable("", "http://moodle.test/return"));
	ck_assert(!url_is_linkable("", "javascript:alert(1)"));
	ck_assert(url_is_linkable("localhost:8181", "http://localhost:8181/return"));
}
END_TEST

START_TEST(writes_origins_one_way)
{
	ck_assert_str_eq(url_origin(m, "https://LMS.example:443/a?b"), "https://lms.example");
	ck_assert_str_eq(url_origin(m, "http://lms.example:80"), "http://lms.example");
	ck_assert_str_eq(url_origin(m, "http://localhost:8181/x"), "http://localhost:8181");
	ck_assert_ptr_null(url_origin(m, "data:text/html,x"));
	ck_assert_ptr_null(url_origin(m, "nonsense"));
}
END_TEST

START_TEST(compares_origins)
{
	ck_assert(url_same_origin("https://a.example/x", "https://A.example:443/y?z"));
	ck_assert(!url_same_origin("https://a.example/", "http://a.example/"));
	ck_assert(!url_same_origin("https://a.example/", "https://a.example:444/"));
	ck_assert(!url_same_origin("https://a.example/", "https://a.example.evil/"));
	ck_assert(!url_same_origin("https://a.example/", "https://a.example@evil.example/"));
	ck_assert(!url_same_origin("https://a.example/", "//a.example/"));
}
END_TEST

START_TEST(resolves_references)
{
	const char *base = "https://a.example/x/y?page=1";

	ck_assert_str_eq(url_resolve(m, base, "https://a.example/z"), "https://a.example/z");
	ck_assert_str_eq(url_resolve(m, base, "/x/y?page=2"), "https://a.example/x/y?page=2");
	ck_assert_str_eq(url_resolve(m, base, "//b.example/"), "https://b.example/");
	ck_assert_ptr_null(url_resolve(m, base, "https://a.example/ z"));
}
END_TEST

static const struct {
	const char *url, *path;
} targets[] = {
	{TOOL "/", "/"},
	{TOOL "/reviews/1?view=ilp#top", "/reviews/1?view=ilp#top"},
	{TOOL "/a?next=https://evil.example//x", "/a?next=https://evil.example//x"},
	{TOOL "/lti/launch?view=ilp", "/"}, /* an address of the protocol is no page */
	{TOOL "/lti", "/"},
	{TOOL "/ltix", "/ltix"},
	{TOOL, "/"},
	{TOOL "?x", "/"},
	{NULL, "/"},
	{"", "/"},
	{"/reviews", "/"},
	{"//evil.example/", "/"},
	{"///evil.example/", "/"},
	{"\\\\evil.example", "/"},
	{"/\\evil.example", "/"},
	{"https:evil.example", "/"},
	{"https:/evil.example", "/"},
	{"https://evil.example/", "/"},
	{"https://ilp.example.org.evil.example/", "/"},
	{"https://ilp.example.org@evil.example/", "/"},
	{"https://ilp.example.org:pw@evil.example/", "/"},
	{"https://evil.example#" TOOL "/", "/"},
	{"https://evil.example/?" TOOL "/", "/"},
	{"https://user@ilp.example.org/", "/"},
	{"https://ilp.example.org:443/x", "/"},
	{"https://ilp.example.org:8443/x", "/"},
	{"http://ilp.example.org/x", "/"},
	{"HTTPS://ILP.EXAMPLE.ORG/x", "/"},
	{"https://ilp.example.org./x", "/"},
	{"https://ilp%2eexample.org/x", "/"},
	{"https://ilp.example.org%00.evil.example/", "/"},
	{"https://ilp.example.org%2f@evil.example/", "/"},
	{TOOL "//evil.example/", "/"},
	{TOOL "///evil.example/", "/"},
	{TOOL "/\\evil.example/", "/"},
	{TOOL "/\tevil", "/"},
	{TOOL "/\r\nSet-Cookie: a=b", "/"},
	{TOOL "/%0d%0aSet-Cookie:a=b", "/"},
	{TOOL "/%5cevil.example", "/"},
	{TOOL "/%2f%2fevil.example", "/"},
	{TOOL "/%2Fevil.example", "/"},
	{TOOL "/../..//evil.example", "/"},
	{TOOL "/..", "/"},
	{TOOL "/a/../b", "/"},
	{TOOL "/a/%2e%2e/b", "/"},
	{TOOL "/.//evil.example", "/"},
	{TOOL "/a//b", "/"},
	{TOOL "/ evil", "/"},
	{TOOL "/\xc3\xa6", "/"},
	{TOOL "/\x7f", "/"},
	{" " TOOL "/x", "/"},
	{"\t" TOOL "/x", "/"},
	{"javascript:alert(1)//" TOOL "/", "/"},
	{"JaVaScRiPt:alert(1)", "/"},
	{"data:text/html;base64,PHNjcmlwdD4=", "/"},
	{"blob:" TOOL "/x", "/"},
	{"view-source:" TOOL "/", "/"},
	{"http:" TOOL "/", "/"},
};

START_TEST(leads_nowhere_but_to_ourselves)
{
	ck_assert_str_eq(url_target(m, TOOL, targets[_i].url), targets[_i].path);
}
END_TEST

START_TEST(does_not_carry_a_target_without_end)
{
	char *url = mem_alloc(m, 4000);

	memset(url, 'a', 3999);
	memcpy(url, TOOL "/", strlen(TOOL "/"));
	ck_assert_str_eq(url_target(m, TOOL, url), "/");
}
END_TEST

Suite *lti_url_suite(void)
{
	Suite *s = suite_create("lti/url");
	TCase *t = tcase_create("url");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, knows_what_may_be_fetched, 0, COUNT(fetchable));
	tcase_add_test(t, takes_any_port_of_https_for_a_link);
	tcase_add_test(t, writes_origins_one_way);
	tcase_add_test(t, compares_origins);
	tcase_add_test(t, resolves_references);
	tcase_add_loop_test(t, leads_nowhere_but_to_ourselves, 0, COUNT(targets));
	tcase_add_test(t, does_not_carry_a_target_without_end);
	suite_add_tcase(s, t);
	return s;
}
