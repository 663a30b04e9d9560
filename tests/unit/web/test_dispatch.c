/* From an address to its row of the table, and who gets past it. The database is
 * away throughout: 503 says that all checks before it were passed. */
#include "web/house.h"

/* A path that fits the pattern. */
static const char *path_of(const char *pattern)
{
	struct buf b;

	buf_init(&b, m);
	while (*pattern) {
		size_t n = strcspn(pattern, "/");
		if (str_starts(pattern, ":field"))
			buf_add(&b, strstr(b.p, "/my/")	? "self_value"
				    : strstr(b.p, "/tasks/") ? "text"
							     : "value");
		else if (str_starts(pattern, ":token") || *pattern == '*')
			buf_add(&b, "abcdefgh");
		else if (*pattern == ':')
			buf_add(&b, REVIEW);
		else
			buf_addn(&b, pattern, n);
		pattern += n;
		if (*pattern == '/')
			buf_add(&b, "/"), pattern++;
	}
	return b.p;
}

static bool is_api(const struct route *r)
{
	return str_starts(r->path, "/api/");
}

/* All rows, one after the other; NULL: where to begin, and that there are no more. */
static const struct route *next_route(const struct route *r)
{
	static const struct route *const *table;

	if (!r)
		table = route_tables;
	r = r ? r + 1 : *table;
	while (!r->method)
		if (!(r = *++table))
			return NULL;
	return r;
}

static int rows_like(const char *method, const char *path)
{
	int n = 0;

	for (const struct route *const *t = route_tables; *t; t++)
		for (const struct route *r = *t; r->method; r++)
			n += !strcmp(r->path, path) && !strcmp(r->method, method);
	return n;
}

START_TEST(every_address_finds_its_row)
{
	for (const struct route *r = next_route(NULL); r; r = next_route(r)) {
		if (!strcmp(r->path, "/.well-known/jwks.json"))
			continue; /* needs a key ring */
		begin_request(r->method, path_of(r->path));
		int status = answer();
		ck_assert_ptr_nonnull(response.route);
		ck_assert_str_eq(response.route, r->path);
		if (is_api(r) && r->kind != ROUTE_OPEN_WRITE)
			ck_assert_int_eq(status, 401);
		ck_assert(is_api(r) || r->kind == ROUTE_OPEN || r->kind == ROUTE_OPEN_WRITE);
	}
}
END_TEST

START_TEST(no_row_stands_twice)
{
	for (const struct route *r = next_route(NULL); r; r = next_route(r))
		ck_assert_msg(rows_like(r->method, r->path) == 1, "%s %s", r->method, r->path);
}
END_TEST

static const char *const nowhere[] = {
	"/api",
	"/api/",
	"/api/home/",
	"/api/homes",
	"/api/hom",
	"//api/home",
	"/API/home",
	"/api//home",
	"/api/reviews/",
	"/api/reviews/" REVIEW "/",
	"/api/reviews/018F0000-0000-7000-8000-000000000004",
	"/api/reviews/018f0000-0000-7000-8000-00000000000",
	"/api/reviews/018f0000-0000-7000-8000-0000000000045",
	"/api/reviews/:id",
	"/api/reviews/" REVIEW "/entries/" REVIEW,
	"/api/reviews/" REVIEW "/entries/" REVIEW "/",
	"/api/reviews/" REVIEW "/entries/x/value",
	"/api/reviews/" REVIEW "/entries/" REVIEW "/value/x",
	"/api/reviews/" REVIEW "/entries/" REVIEW
	"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"/api/my/reviews/" REVIEW,
	"/api/my/reviews/x/self_value",
	"/api/../api/home",
	"/lti/",
	"/lti/loginx",
	"/m/",
	"/m/a/b",
	"/app",
	"/nothing",
};

START_TEST(near_misses_are_not_found)
{
	begin_request("PUT", nowhere[_i]);
	with_session(ROLE_TEACHER);
	ck_assert_int_eq(answer(), 404);
	ck_assert_ptr_null(response.route);
	if (str_starts(nowhere[_i], "/api/")) {
		ck_assert_str_eq(error_part("code"), "not_found");
		ck_assert(!str_empty(error_part("message")));
	}
	begin_request("GET", nowhere[_i]);
	ck_assert_int_eq(answer(), 404);
}
END_TEST

START_TEST(a_known_address_by_another_method_is_405)
{
	begin_request("DELETE", "/api/home");
	ck_assert_int_eq(answer(), 405);
	begin_request("PUT", "/lti/launch");
	ck_assert_int_eq(answer(), 405);
	begin_request("get", "/api/home");
	ck_assert_int_eq(answer(), 405);
	begin_request("HEAD", "/api/home");
	ck_assert_int_eq(answer(), 401);
}
END_TEST

/* Right by right and role by role: refused as not found, or let through to the
 * database; bodies come after that and are their own test. */
START_TEST(rights_are_asked_before_the_database)
{
	for (const struct route *r = next_route(NULL); r; r = next_route(r)) {
		bool asks = r->kind == ROUTE_READ || r->kind == ROUTE_WRITE || r->kind == ROUTE_UPLOAD;
		for (int role = 0; asks && role < ROLE_COUNT; role++) {
			begin_request(r->method, path_of(r->path));
			with_session((enum role)role);
			with_header("Content-Type", "application/json");
			bool may = r->right == RIGHT_COUNT ||
				   access_reach((enum role)role, r->right) != REACH_NOTHING;
			int status = answer();
			ck_assert_msg(may ? status == 503 || status == 422 : status == 404,
				      "%s %s as %s: %d", r->method, r->path,
				      role_name((enum role)role), status);
			ck_assert_str_eq(answered_header("Cache-Control"), "no-store");
		}
	}
}
END_TEST

START_TEST(without_a_session_nothing_is_answered)
{
	struct viewer v = viewer_as(ROLE_TEACHER);

	begin_request("GET", "/api/home");
	with_header("Cookie", cookie_of(&v));
	ck_assert_int_eq(answer(), 401);
	begin_request("GET", "/api/home");
	with_header("X-Session", SID);
	ck_assert_int_eq(answer(), 401);
	ck_assert_str_eq(error_part("code"), "expired");
	begin_request("GET", "/api/home");
	with_header("Cookie", cookie_of(&v));
	with_header("X-Session", "00000000");
	ck_assert_int_eq(answer(), 401);
	begin_request("GET", "/api/home");
	with_header("Cookie", cookie_of(&v));
	with_header("X-Session", "");
	ck_assert_int_eq(answer(), 401);
	begin_request("GET", "/api/home");
	with_session(ROLE_TEACHER);
	ck_assert_int_eq(answer(), 503);
	ck_assert_str_eq(answered_header("Retry-After"), "2");
}
END_TEST

static int put_language(const char *origin, const char *type, const char *body)
{
	begin_request("PUT", "/api/viewer/language");
	with_session(ROLE_TEACHER);
	if (origin)
		with_header("Origin", origin);
	if (type)
		with_header("Content-Type", type);
	with_body(body);
	return answer();
}

#define JSON "application/json"
#define NB   "{\"language\":\"nb\"}"

START_TEST(writing_is_for_our_own_pages)
{
	ck_assert_int_eq(put_language(TOOL, JSON, NB), 503);
	ck_assert_int_eq(put_language(NULL, "Application/JSON; charset=utf-8", NB), 503);
	ck_assert_int_eq(put_language("https://evil.example", JSON, NB), 403);
	ck_assert_int_eq(put_language("null", JSON, NB), 403);
	ck_assert_int_eq(put_language(TOOL ".evil.example", JSON, NB), 403);
	ck_assert_int_eq(put_language(TOOL, "text/plain", NB), 422);
	ck_assert_int_eq(put_language(TOOL, "application/x-www-form-urlencoded", NB), 422);
	ck_assert_int_eq(put_language(TOOL, "application/jsonp", NB), 422);
	ck_assert_int_eq(put_language(TOOL, NULL, NB), 422);
}
END_TEST

static const char *const bodies[] = {"[]",
				     "\"x\"",
				     "{",
				     "{\"language\":\"nb\",\"language\":\"en\"}",
				     "{\"language\":\"de\"}",
				     "{\"language\":\"no\"}",
				     "{\"language\":5}",
				     "{\"language\":null}",
				     "{}",
				     "",
				     "{\"language\":\"nb\xff\"}"};

START_TEST(a_body_is_a_json_object)
{
	ck_assert_msg(put_language(TOOL, JSON, bodies[_i]) == 422, "%s", bodies[_i]);
	ck_assert_str_eq(error_part("code"), "invalid");
}
END_TEST

START_TEST(errors_speak_the_readers_language)
{
	begin_request("GET", "/api/home");
	with_header("Accept-Language", "nb-NO");
	answer();
	const char *nb = error_part("message");
	begin_request("GET", "/api/home");
	answer();
	ck_assert_str_ne(nb, error_part("message"));
}
END_TEST

START_TEST(pages_say_who_may_frame_them)
{
	begin_request("GET", "/nothing");
	ck_assert_int_eq(answer(), 404);
	const char *csp = answered_header("Content-Security-Policy");
	ck_assert_ptr_nonnull(strstr(csp, "default-src 'none'"));
	ck_assert_ptr_nonnull(strstr(csp, "frame-ancestors 'self'"));
	ck_assert_ptr_null(strstr(csp, "unsafe"));
	ck_assert_str_eq(answered_header("X-Content-Type-Options"), "nosniff");
	ck_assert_str_eq(answered_header("Referrer-Policy"), "no-referrer");
}
END_TEST

Suite *web_dispatch_suite(void)
{
	Suite *s = suite_create("web/dispatch");
	TCase *t = tcase_create("dispatch");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, open_house, close_house);
	tcase_add_test(t, every_address_finds_its_row);
	tcase_add_test(t, no_row_stands_twice);
	tcase_add_loop_test(t, near_misses_are_not_found, 0, sizeof nowhere / sizeof *nowhere);
	tcase_add_test(t, a_known_address_by_another_method_is_405);
	tcase_add_test(t, rights_are_asked_before_the_database);
	tcase_add_test(t, without_a_session_nothing_is_answered);
	tcase_add_test(t, writing_is_for_our_own_pages);
	tcase_add_loop_test(t, a_body_is_a_json_object, 0, sizeof bodies / sizeof *bodies);
	tcase_add_test(t, errors_speak_the_readers_language);
	tcase_add_test(t, pages_say_who_may_frame_them);
	suite_add_tcase(s, t);
	return s;
}
