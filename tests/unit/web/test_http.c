/* What browsers send: forms, cookies, paths, languages. */
#include "web/house.h"

static struct fields f;

static void setup(void)
{
	m = mem_new();
	f.n = 0;
	i18n_init();
}

static void teardown(void)
{
	i18n_done();
	mem_free(m);
}

static bool parse(const char *text)
{
	f.n = 0;
	return fields_parse(m, text, strlen(text), &f, &e);
}

START_TEST(a_form_is_taken_apart)
{
	bool repeated;

	ck_assert(parse("a=1&b=x+y&c=%C3%B8%26%3d&&d&=e&a%20b=%2B"));
	ck_assert_uint_eq(f.n, 6);
	ck_assert_str_eq(fields_get(&f, "a", &repeated), "1");
	ck_assert(!repeated);
	ck_assert_str_eq(fields_get(&f, "b", &repeated), "x y");
	ck_assert_str_eq(fields_get(&f, "c", &repeated), "ø&=");
	ck_assert_str_eq(fields_get(&f, "d", &repeated), "");
	ck_assert_str_eq(fields_get(&f, "", &repeated), "e");
	ck_assert_str_eq(fields_get(&f, "a b", &repeated), "+");
	ck_assert_ptr_null(fields_get(&f, "A", &repeated));
	ck_assert(parse("") && !f.n);
	ck_assert(parse("a=b=c"));
	ck_assert_str_eq(fields_get(&f, "a", &repeated), "b=c");
}
END_TEST

START_TEST(a_repeated_field_is_said_to_be)
{
	bool repeated;

	ck_assert(parse("a=1&b=2&a=3"));
	ck_assert_str_eq(fields_get(&f, "a", &repeated), "1");
	ck_assert(repeated);
	fields_get(&f, "b", &repeated);
	ck_assert(!repeated);
	/* over two parses, as query and body are */
	ck_assert(fields_parse(m, "b=4", 3, &f, &e));
	fields_get(&f, "b", &repeated);
	ck_assert(repeated);
}
END_TEST

static const char *const bad_forms[] = {
	"a=%",   "a=%4",   "a=%zz",    "a=%4x",       "%=1",     "a=%00",  "a=%ff",  "a=\xff",
	"a=%01", "a=\x01", "a=%c0%af", "a=%ed%a0%80", "a=1&b=%", "a%7f=1", "a=% 41", "a=%-1"};

START_TEST(a_bad_form_is_refused)
{
	ck_assert_msg(!parse(bad_forms[_i]), "%s", bad_forms[_i]);
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

START_TEST(a_form_has_at_most_64_fields)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < FIELDS_MAX; i++)
		buf_addf(&b, "%sf%d=1", i ? "&" : "", i);
	ck_assert(parse(b.p));
	ck_assert_uint_eq(f.n, FIELDS_MAX);
	buf_add(&b, "&one=more");
	ck_assert(!parse(b.p));
	ck_assert(!fields_parse(m, "a\0b=1", 5, &f, &e));
}
END_TEST

static const struct {
	const char *raw, *path;
} paths[] = {
	{"/", "/"},       {"/a/b", "/a/b"},  {"/a%20b", "/a b"},
	{"/a+b", "/a+b"}, {"/%C3%B8", "/ø"}, {"/%2e%2e/x", "/../x"},
	{"//", "//"},     {"", NULL},        {"a", NULL},
	{"*", NULL},      {"%2Fa", "/a"},    {"/%", NULL},
	{"/%2", NULL},    {"/%g0", NULL},    {"/%00", NULL},
	{"/%0a", NULL},   {"/%0d", NULL},    {"/%09", NULL},
	{"/\x01", NULL},  {"/%ff", NULL},    {"/%c0%ae", NULL},
};

START_TEST(paths_are_decoded_once)
{
	const char *path = NULL;
	bool ok = path_decode(m, paths[_i].raw, &path);

	ck_assert_msg(ok == !!paths[_i].path, "%s", paths[_i].raw);
	if (ok)
		ck_assert_str_eq(path, paths[_i].path);
}
END_TEST

START_TEST(cookies_are_taken_apart)
{
	struct cookies c;

	cookies_parse(m, "a=1; b=x=y ;c=\t; =d;novalue; e=\"q\"", &c);
	ck_assert_uint_eq(c.n, 5);
	ck_assert_str_eq(cookies_get(&c, "a"), "1");
	ck_assert_str_eq(cookies_get(&c, "b"), "x=y");
	ck_assert_str_eq(cookies_get(&c, "c"), "");
	ck_assert_str_eq(cookies_get(&c, ""), "d");
	ck_assert_str_eq(cookies_get(&c, "e"), "\"q\"");
	ck_assert_ptr_null(cookies_get(&c, "novalue"));
	ck_assert_ptr_null(cookies_get(&c, "A"));
	cookies_parse(m, "a=1; a=2", &c);
	ck_assert_str_eq(cookies_get(&c, "a"), "1");
	static const char *const odd[] = {NULL, "", ";", ";;; ;", "  ", "=", "==", "\t;\t"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		cookies_parse(m, odd[i], &c);
}
END_TEST

START_TEST(at_most_64_cookies_are_looked_at)
{
	struct cookies c;
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 200; i++)
		buf_addf(&b, "c%d=%d; ", i, i);
	cookies_parse(m, b.p, &c);
	ck_assert_uint_eq(c.n, COOKIES_MAX);
	ck_assert_str_eq(cookies_get(&c, "c63"), "63");
}
END_TEST

START_TEST(a_cookie_is_made_for_foreign_frames)
{
	response = (struct response){0};
	response_cookie(&response, m, "__Host-a", "v", -1);
	ck_assert_str_eq(response.headers[0].value,
			 "__Host-a=v; Path=/; Secure; HttpOnly; SameSite=None; Partitioned");
	response_cookie(&response, m, "__Host-a", "v", 600);
	ck_assert_str_eq(
		response.headers[1].value,
		"__Host-a=v; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=600");
	response_cookie(&response, m, "__Host-a", "", 0);
	ck_assert_str_eq(
		response.headers[2].value,
		"__Host-a=; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=0");
	ck_assert_str_eq(response.headers[0].name, "Set-Cookie");
}
END_TEST

static const struct {
	const char *accepted, *language;
} languages[] = {
	{NULL, "en"},         {"", "en"},
	{"nb", "nb"},         {"nb-NO,nb;q=0.9,no;q=0.8,en;q=0.5", "nb"},
	{"no", "nb"},         {"nn-NO, en", "nb"},
	{"en-GB,nb", "en"},   {"de,fr;q=0.8, nb;q=0.1", "nb"},
	{"de", "en"},         {"*", "en"},
	{",,;q=1,,nb", "nb"}, {"a-very-long-language-tag-indeed, nb", "nb"},
	{";;;;", "en"},       {"\xff\xfe, nb", "nb"},
};

START_TEST(the_readers_first_language_that_we_have)
{
	begin_request("GET", "/");
	if (languages[_i].accepted)
		with_header("accept-language", languages[_i].accepted);
	ck_assert_msg(str_eq(request_language(&request), languages[_i].language), "%s",
		      languages[_i].accepted);
}
END_TEST

START_TEST(headers_are_found_in_any_case)
{
	begin_request("GET", "/");
	with_header("X-Session", "first");
	with_header("x-session", "second");
	ck_assert_str_eq(request_header(&request, "x-SESSION"), "first");
	ck_assert_ptr_null(request_header(&request, "x-sessio"));
}
END_TEST

Suite *web_http_suite(void)
{
	Suite *s = suite_create("web/http");
	TCase *t = tcase_create("http");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_form_is_taken_apart);
	tcase_add_test(t, a_repeated_field_is_said_to_be);
	tcase_add_loop_test(t, a_bad_form_is_refused, 0, sizeof bad_forms / sizeof *bad_forms);
	tcase_add_test(t, a_form_has_at_most_64_fields);
	tcase_add_loop_test(t, paths_are_decoded_once, 0, sizeof paths / sizeof *paths);
	tcase_add_test(t, cookies_are_taken_apart);
	tcase_add_test(t, at_most_64_cookies_are_looked_at);
	tcase_add_test(t, a_cookie_is_made_for_foreign_frames);
	tcase_add_loop_test(t, the_readers_first_language_that_we_have, 0,
			    sizeof languages / sizeof *languages);
	tcase_add_test(t, headers_are_found_in_any_case);
	suite_add_tcase(s, t);
	return s;
}
