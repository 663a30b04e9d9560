/* Rosters: every page and no page twice, nothing to strangers, names as people
 * write them. */
#include "lti/fake_platform.h"
#include "lti/fake_ring.h"

#define URL        ISSUER "/nrps"
#define MEDIA_TYPE "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct key_ring *ring;
static struct fake_answer *token;
static struct err e;
static struct buf seen; /* "sub:role:name " of every member */
static int pages, refuse_at;

/* Made once: a new RSA key costs more than all these tests. */
static void open_ring(void)
{
	struct mem *own = mem_new();

	ring = fake_ring(own);
	mem_free(own);
}

static void close_ring(void)
{
	fake_ring_close(ring);
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	token = fake_answer(ISSUER "/token", 200, "{\"access_token\":\"t1\"}");
	buf_init(&seen, m);
	pages = 0;
	refuse_at = -1;
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static bool take(void *self, const struct lti_member *list, size_t n, struct err *why)
{
	ck_assert_ptr_eq(self, &pages);
	if (pages++ == refuse_at)
		return err_set(why, ERR_INTERNAL, "enough");
	for (size_t i = 0; i < n; i++)
		buf_addf(&seen, "%s:%s:%s:%s ", list[i].sub, list[i].course_role,
			 str_or(list[i].name, "-"), list[i].active ? "in" : "out");
	return true;
}

static const char *roster(const char *url, const char *link)
{
	e = (struct err){0};
	return lti_roster(l, m, NULL, ring, "r1", url, link, take, &pages, &e)
		       ? "ok"
		       : str_or(e.reason, "none");
}

static const char *page(const char *sub)
{
	return mem_printf(m, "{\"members\":[{\"user_id\":\"%s\",\"roles\":[\"Learner\"]}]}", sub);
}

START_TEST(asks_with_the_right_words)
{
	fake_answer(URL, 200, page("1"));
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in ");
	ck_assert_str_eq(fake_last.accept, MEDIA_TYPE);
	ck_assert_str_eq(fake_last.bearer, "t1");
	ck_assert_ptr_null(fake_last.form);
}
END_TEST

START_TEST(names_the_link_it_was_launched_from)
{
	fake_answer(URL "?rlid=a%26b", 200, page("1"));
	fake_answer(URL "?x=1&rlid=9", 200, page("2"));
	ck_assert_str_eq(roster(URL, "a&b"), "ok");
	ck_assert_str_eq(roster(URL "?x=1", "9"), "ok");
}
END_TEST

START_TEST(goes_without_a_link_that_is_gone)
{
	fake_answer(URL "?rlid=9", 404, "");
	fake_answer(URL, 200, page("1"));
	ck_assert_str_eq(roster(URL, "9"), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in ");
}
END_TEST

START_TEST(follows_pages_to_the_end)
{
	fake_answer(URL, 200, page("1"))->link = "<" URL "?page=2>; rel=\"next\"";
	fake_answer(URL "?page=2", 200, page("2"))->link = "</nrps?page=3>; rel=next";
	fake_answer(URL "?page=3", 200, page("3"))->link = "<" URL ">; rel=\"first\"";
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in 2:student:-:in 3:student:-:in ");
	ck_assert_int_eq(token->asked, 1);
}
END_TEST

static const char *const astray[] = {
	"<https://evil.example/nrps?page=2>; rel=\"next\"",
	"<https://lms.example.evil.example/nrps>; rel=\"next\"",
	"<https://lms.example@evil.example/nrps>; rel=\"next\"",
	"<//evil.example/nrps>; rel=\"next\"",
	"<http://lms.example/nrps?page=2>; rel=\"next\"",
	"<https://lms.example:8443/nrps?page=2>; rel=\"next\"",
	"<" URL ">; rel=\"next\"",
	"<javascript:alert(1)>; rel=\"next\"",
};

START_TEST(does_not_follow_astray_or_in_circles)
{
	fake_answer(URL, 200, page("1"))->link = astray[_i];
	ck_assert_str_eq(roster(URL, NULL), "roster_invalid");
	ck_assert_int_eq(e.code, ERR_PEER);
	ck_assert_int_eq(fake_asked, 2); /* token and first page; nothing more */
}
END_TEST

START_TEST(replaces_a_stale_token_once)
{
	struct fake_answer *first = fake_answer(URL, 401, "");

	ck_assert_str_eq(roster(URL, NULL), "roster_denied");
	ck_assert_int_eq(first->asked, 2);
	ck_assert_int_eq(token->asked, 2);
}
END_TEST

static const struct {
	long status;
	const char *body, *reason;
} bad[] = {
	{0, "", "platform_unreachable"},
	{403, "", "roster_denied"},
	{404, "", "roster_gone"},
	{429, "", "roster_busy"},
	{503, "", "roster_busy"},
	{400, "No handler found", "roster_invalid"},
	{302, "", "roster_invalid"},
	{200, "<html>", "roster_invalid"},
	{200, "{}", "roster_invalid"},
	{200, "{\"members\":{}}", "roster_invalid"},
	{200, "{\"members\":[", "roster_invalid"},
};

START_TEST(says_why_there_is_no_roster)
{
	fake_answer(URL, bad[_i].status, bad[_i].body);
	ck_assert_str_eq(roster(URL, NULL), bad[_i].reason);
	ck_assert_int_eq(e.code, ERR_PEER);
	ck_assert_int_eq(pages, 0);
}
END_TEST

START_TEST(stops_when_the_caller_has_enough)
{
	fake_answer(URL, 200, page("1"))->link = "<" URL "?page=2>; rel=\"next\"";
	fake_answer(URL "?page=2", 200, page("2"));
	refuse_at = 1;
	ck_assert_str_eq(roster(URL, NULL), "none");
	ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

START_TEST(skips_members_it_cannot_name)
{
	fake_answer(URL, 200,
		    "{\"members\":[null,7,{},{\"user_id\":\"\"},{\"user_id\":7},"
		    "{\"user_id\":\"1\",\"status\":\"Deleted\"},"
		    "{\"user_id\":\"2\",\"status\":\"Inactive\",\"roles\":[\"Instructor\"]},"
		    "{\"user_id\":\"3\",\"status\":\"\",\"roles\":\"Learner\",\"email\":\"x\"}]}");
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:none:-:out 2:teacher:-:out 3:none:-:in ");
}
END_TEST

START_TEST(unescapes_names_where_the_profile_says_so)
{
	fake_answer(URL, 200,
		    "{\"members\":[{\"user_id\":\"1\",\"name\":\"O&#039;Brien &amp; &lt;S&gt; "
		    "&amp;amp; &x; &\"}]}");
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:none:O&#039;Brien &amp; &lt;S&gt; &amp;amp; &x; &:in ");
	fake_rows[0].profile = "moodle";
	registry_forget(l->registry);
	buf_init(&seen, m);
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:none:O'Brien & <S> &amp; &x; &:in ");
}
END_TEST

START_TEST(reads_what_moodle_sent)
{
	const json_t *calls = sign_fixture(m, "fixtures/moodle/nrps.json");
	const json_t *body = js_obj(js_obj(js_obj(calls, "plain"), "response"), "body");

	fake_rows[0].profile = "moodle";
	registry_forget(l->registry);
	fake_answer(URL, 200, js_print(m, body, NULL));
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_ptr_nonnull(strstr(seen.p, "7:student:J\xc3\xb3n O'Brien-\xc3\x91u\xc3\xb1"
					     "ez & S\xc3\xb8n:in"));
	ck_assert_ptr_nonnull(strstr(seen.p, "3:teacher:Kari Nordmann:in"));
}
END_TEST

START_TEST(reads_what_canvas_and_differences_send)
{
	size_t n;

	fake_answer(URL, 200, sign_file(m, "fixtures/lti/nrps_page_canvas.json", &n));
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_ptr_nonnull(strstr(seen.p, ":guardian:Pat Parent:in"));
	fake_answers[fake_answers_n - 1].body =
		sign_file(m, "fixtures/lti/nrps_differences_page.json", &n);
	buf_init(&seen, m);
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "u9:student:-:out u10:student:-:out u11:student:-:in ");
}
END_TEST

/* A platform whose pages never end. */
static bool endless(void *self, struct mem *own, const struct http_request *req,
		    struct http_response *out, struct err *why)
{
	fake_asked++;
	*out = (struct http_response){.status = 200, .max_age = -1};
	out->body = req->form ? "{\"access_token\":\"t\"}" : "{\"members\":[{\"user_id\":\"1\"}]}";
	out->n = strlen(out->body);
	out->links[out->links_n++] = mem_printf(own, "<" URL "?page=%d>; rel=\"next\"", fake_asked);
	return true;
}

START_TEST(ends_even_where_the_pages_do_not)
{
	l->http.fetch = endless;
	ck_assert_str_eq(roster(URL, NULL), "roster_too_large");
	ck_assert_int_eq(pages, 1000);
}
END_TEST

START_TEST(refuses_an_unknown_registration)
{
	ck_assert(!lti_roster(l, m, NULL, ring, "r9", URL, NULL, take, &pages, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

Suite *lti_roster_suite(void)
{
	Suite *s = suite_create("lti/roster");
	TCase *t = tcase_create("roster");

	sign_rsa(0);
	tcase_set_timeout(t, 30);
	tcase_add_unchecked_fixture(t, open_ring, close_ring);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, asks_with_the_right_words);
	tcase_add_test(t, names_the_link_it_was_launched_from);
	tcase_add_test(t, goes_without_a_link_that_is_gone);
	tcase_add_test(t, follows_pages_to_the_end);
	tcase_add_loop_test(t, does_not_follow_astray_or_in_circles, 0, COUNT(astray));
	tcase_add_test(t, replaces_a_stale_token_once);
	tcase_add_loop_test(t, says_why_there_is_no_roster, 0, COUNT(bad));
	tcase_add_test(t, stops_when_the_caller_has_enough);
	tcase_add_test(t, skips_members_it_cannot_name);
	tcase_add_test(t, unescapes_names_where_the_profile_says_so);
	tcase_add_test(t, reads_what_moodle_sent);
	tcase_add_test(t, reads_what_canvas_and_differences_send);
	tcase_add_test(t, ends_even_where_the_pages_do_not);
	tcase_add_test(t, refuses_an_unknown_registration);
	suite_add_tcase(s, t);
	return s;
}
