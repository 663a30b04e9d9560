/* The session cookie: sealed, named after its session, good for nothing else. */
#include "web/house.h"

static bool open_as(const char *cookie, const char *sid, struct viewer *v)
{
	begin_request("GET", "/");
	if (cookie)
		with_header("Cookie", cookie);
	struct exchange x = exchange_of();
	e = (struct err){0};
	bool ok = session_open(&x, sid, v, &e);
	ck_assert_int_eq(e.code, ok ? ERR_OK : ERR_EXPIRED);
	return ok;
}

START_TEST(what_was_sealed_is_opened)
{
	struct viewer v = viewer_as(ROLE_TEACHER), got = {0};

	ck_assert(open_as(cookie_of(&v), SID, &got));
	ck_assert_str_eq(got.tenant, TENANT);
	ck_assert_str_eq(got.person, PERSON);
	ck_assert_str_eq(got.course, COURSE);
	ck_assert_str_eq(got.session, SESSION);
	ck_assert_int_eq(got.role, ROLE_TEACHER);
	ck_assert_int_eq(got.idle_hours, 8);
	ck_assert_str_eq(got.secret_hash, sha256_hex(m, "secret", 6));
	v.course = NULL;
	ck_assert(open_as(cookie_of(&v), SID, &got));
	ck_assert_ptr_null(got.course);
}
END_TEST

START_TEST(the_cookie_hides_who_it_is)
{
	struct viewer v = viewer_as(ROLE_TEACHER);
	const char *cookie = cookie_of(&v);

	ck_assert(str_starts(cookie, "__Host-ilpd-" SID "="));
	ck_assert_ptr_null(strstr(cookie, "teacher"));
	ck_assert_ptr_null(strstr(cookie, "secret"));
	ck_assert_ptr_null(strstr(cookie, PERSON));
	ck_assert_str_ne(cookie, cookie_of(&v));
	ck_assert_uint_lt(strlen(cookie), 700);
}
END_TEST

START_TEST(any_change_closes_it)
{
	struct viewer v = viewer_as(ROLE_STUDENT), got = {.person = "untouched"};
	const char *cookie = cookie_of(&v);
	size_t n = strlen(cookie);

	for (size_t i = strlen("__Host-ilpd-" SID "="); i < n; i++) {
		char *other = mem_strdup(m, cookie);
		other[i] = other[i] == 'A' ? 'B' : 'A';
		ck_assert(!open_as(other, SID, &got));
	}
	ck_assert(!open_as(mem_strndup(m, cookie, n - 1), SID, &got));
	ck_assert(!open_as(mem_printf(m, "%sA", cookie), SID, &got));
	ck_assert(!open_as("__Host-ilpd-" SID "=", SID, &got));
	ck_assert(!open_as(NULL, SID, &got));
	ck_assert_str_eq(got.person, "untouched");
}
END_TEST

START_TEST(a_cookie_opens_under_its_own_name_only)
{
	static const char *const sids[] = {"",         "deadbee",  "deadbeef0", "DEADBEEF",
					   "00000000", "../../..", "state-xx"};
	struct viewer v = viewer_as(ROLE_STUDENT), got;
	const char *value = strchr(cookie_of(&v), '=') + 1;

	for (size_t i = 0; i < sizeof sids / sizeof *sids; i++)
		ck_assert_msg(
			!open_as(mem_printf(m, "__Host-ilpd-%s=%s", sids[i], value), sids[i], &got),
			"%s", sids[i]);
	ck_assert(open_as(mem_printf(m, "x=1; __Host-ilpd-" SID "=%s; y=2", value), SID, &got));
}
END_TEST

START_TEST(another_key_or_purpose_opens_nothing)
{
	struct viewer v = viewer_as(ROLE_STUDENT), got;
	const char *cookie = cookie_of(&v);
	static const char facts[] =
		"{\"s\":\"" SESSION
		"\",\"k\":\"x\",\"t\":\"t\",\"p\":\"p\",\"r\":\"teacher\",\"g\":\"g\"}";

	config.kek.now[0] ^= 1;
	ck_assert(!open_as(cookie, SID, &got));
	config.kek.now[0] ^= 1;
	ck_assert(open_as(cookie, SID, &got));
	const char *login = seal(m, &config.kek, "login state", facts, sizeof facts - 1);
	ck_assert(!open_as(mem_printf(m, "__Host-ilpd-" SID "=%s", login), SID, &got));
}
END_TEST

START_TEST(half_a_session_is_none)
{
	static const char *const halves[] = {
		"{}",
		"[]",
		"no json",
		"{\"s\":\"" SESSION "\",\"t\":\"t\",\"p\":\"p\",\"r\":\"teacher\",\"g\":\"g\"}",
		"{\"s\":\"" SESSION "\",\"k\":\"x\",\"p\":\"p\",\"r\":\"teacher\",\"g\":\"g\"}",
		"{\"k\":\"x\",\"t\":\"t\",\"p\":\"p\",\"r\":\"teacher\",\"g\":\"g\"}",
	};
	struct viewer got;

	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		const char *sealed =
			seal(m, &config.kek, "session cookie", halves[i], strlen(halves[i]));
		ck_assert_msg(!open_as(mem_printf(m, "__Host-ilpd-" SID "=%s", sealed), SID, &got),
			      "%s", halves[i]);
	}
}
END_TEST

START_TEST(the_oldest_of_many_cookies_go)
{
	struct viewer v = viewer_as(ROLE_STUDENT);
	const char *sid;
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 12; i++)
		buf_addf(&b, "__Host-ilpd-0000000%x=x; __Host-ilpd-state-%d=y; ", i, i);
	begin_request("POST", "/lti/launch");
	with_header("Cookie", b.p);
	struct exchange x = exchange_of();
	session_cookie(&x, &v, "secret", &sid);
	ck_assert_uint_eq(response.headers_n, 6);
	ck_assert(str_starts(response.headers[0].value, "__Host-ilpd-00000000=;"));
	ck_assert(str_starts(response.headers[4].value, "__Host-ilpd-00000004=;"));
	ck_assert(str_starts(response.headers[5].value, "__Host-ilpd-" SID "="));
}
END_TEST

/* Authorization, and a cookie of the same or another session beside it. */
static bool open_with(const char *authorization, const char *cookie, const char *sid, struct viewer *v)
{
	begin_request("GET", "/");
	if (authorization)
		with_header("Authorization", authorization);
	if (cookie)
		with_header("Cookie", cookie);
	struct exchange x = exchange_of();
	e = (struct err){0};
	return session_open(&x, sid, v, &e);
}

static const char *bearer_of(const struct viewer *v)
{
	struct exchange x = exchange_of();

	return mem_printf(m, "Bearer %s", session_bearer(&x, v, "secret"));
}

START_TEST(a_bearer_opens_its_own_session_only)
{
	struct viewer v = viewer_as(ROLE_TEACHER), got = {0};
	const char *bearer = bearer_of(&v);

	ck_assert(open_with(bearer, NULL, SID, &got));
	ck_assert_str_eq(got.session, SESSION);
	ck_assert_str_eq(got.secret_hash, sha256_hex(m, "secret", 6));
	ck_assert(open_with(mem_printf(m, "bearer %s", bearer + 7), NULL, SID, &got));
	ck_assert(!open_with(bearer, NULL, "00000000", &got));
	ck_assert(!open_with(bearer, NULL, "", &got));
	ck_assert(!open_with(mem_printf(m, "Basic %s", bearer + 7), NULL, SID, &got));
	ck_assert(!open_with("Bearer", NULL, SID, &got));
	ck_assert(!open_with("Bearer ", NULL, SID, &got));
	ck_assert(!open_with(mem_printf(m, "%sx", bearer), NULL, SID, &got));
}
END_TEST

START_TEST(a_bearer_that_ended_is_not_covered_by_a_cookie)
{
	struct viewer v = viewer_as(ROLE_TEACHER), got;

	ck_assert(open_with(NULL, cookie_of(&v), SID, &got));
	ck_assert(!open_with("Bearer gone", cookie_of(&v), SID, &got));
	ck_assert(open_with(bearer_of(&v), "__Host-ilpd-" SID "=gone", SID, &got));
}
END_TEST

START_TEST(a_code_is_no_session_and_a_session_no_code)
{
	struct viewer v = viewer_as(ROLE_TEACHER), got = {0};
	struct exchange x = exchange_of();
	const char *code = session_code(&x, &v, "secret"), *bearer = session_bearer(&x, &v, "secret");

	ck_assert(session_code_open(&x, code, &got, &e));
	ck_assert_str_eq(got.session, SESSION);
	ck_assert(!session_code_open(&x, bearer, &got, &e));
	ck_assert(!session_code_open(&x, "", &got, &e));
	ck_assert(!open_with(mem_printf(m, "Bearer %s", code), NULL, SID, &got));
	ck_assert(!open_as(mem_printf(m, "__Host-ilpd-" SID "=%s", code), SID, &got));
	/* What stands behind the # of an address. */
	ck_assert_uint_eq(strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
			  strlen(code));
}
END_TEST

START_TEST(an_administrator_stays_one)
{
	struct viewer v = viewer_as(ROLE_NONE), got;

	ck_assert(open_with(bearer_of(&v), NULL, SID, &got) && !got.admin);
	v.admin = true;
	ck_assert(open_with(bearer_of(&v), NULL, SID, &got) && got.admin);
	ck_assert(open_as(cookie_of(&v), SID, &got) && got.admin);
}
END_TEST

START_TEST(secrets_are_new_each_time)
{
	const char *a = session_secret_new(m), *b = session_secret_new(m);

	ck_assert_str_ne(a, b);
	ck_assert_uint_eq(strlen(a), 22);
}
END_TEST

Suite *web_session_suite(void)
{
	Suite *s = suite_create("web/session");
	TCase *t = tcase_create("session");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, open_house, close_house);
	tcase_add_test(t, what_was_sealed_is_opened);
	tcase_add_test(t, the_cookie_hides_who_it_is);
	tcase_add_test(t, any_change_closes_it);
	tcase_add_test(t, a_cookie_opens_under_its_own_name_only);
	tcase_add_test(t, another_key_or_purpose_opens_nothing);
	tcase_add_test(t, half_a_session_is_none);
	tcase_add_test(t, the_oldest_of_many_cookies_go);
	tcase_add_test(t, a_bearer_opens_its_own_session_only);
	tcase_add_test(t, a_bearer_that_ended_is_not_covered_by_a_cookie);
	tcase_add_test(t, a_code_is_no_session_and_a_session_no_code);
	tcase_add_test(t, an_administrator_stays_one);
	tcase_add_test(t, secrets_are_new_each_time);
	suite_add_tcase(s, t);
	return s;
}
