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
static struct lti_roster_job job;
static struct lti_roster_page last; /* next and differences are copies */
static int64_t retry_after;
static struct {
	const char *url;
	int64_t retry_after_s, date_ms;
	const char *link; /* another header */
} more; /* in the answer of this address */

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

static struct lti_sight sighted;
static int sights;

static void see(void *self, const struct lti_sight *s)
{
	ck_assert_ptr_null(self);
	sighted = *s;
	sights++;
}

static bool fetch_more(void *self, struct mem *own, const struct http_request *req,
		       struct http_response *out, struct err *why)
{
	if (!fake_fetch(self, own, req, out, why))
		return false;
	out->retry_after_s = out->date_ms = -1;
	if (str_eq(req->url, more.url)) {
		out->retry_after_s = more.retry_after_s;
		out->date_ms = more.date_ms;
		if (more.link)
			out->links[out->links_n++] = more.link;
	}
	return true;
}

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	token = fake_answer(ISSUER "/token", 200, "{\"access_token\":\"t1\"}");
	buf_init(&seen, m);
	pages = sights = 0;
	refuse_at = -1;
	job = (struct lti_roster_job){.registration = "r1", .tenant = TENANT};
	more.url = more.link = NULL;
	more.retry_after_s = more.date_ms = -1;
	l->http.fetch = fetch_more;
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static bool take(void *self, const struct lti_roster_page *page, struct err *why)
{
	const struct lti_member *list = page->members;
	size_t n = page->n;

	ck_assert_ptr_eq(self, &pages);
	last = *page;
	last.next = page->next ? mem_strdup(m, page->next) : NULL;
	last.differences = page->differences ? mem_strdup(m, page->differences) : NULL;
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
	job.url = url;
	job.resource_link = link;
	return lti_roster(l, m, NULL, ring, &job, take, &pages, &retry_after, &e)
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

static const char *named(const char *sub)
{
	return mem_printf(m, "{\"members\":[{\"user_id\":\"%s\",\"name\":\"N%s\"}]}", sub, sub);
}

/* A registration's setting, changed. */
static void set(const char *roster_link, int64_t limit)
{
	fake_rows[0].set.roster_link = roster_link;
	fake_rows[0].set.roster_limit = limit;
	registry_forget(l->registry);
}

START_TEST(asks_for_the_link_after_a_list_without_names)
{
	fake_answer(URL, 200, page("1"))->link = "<" URL "?page=2>; rel=\"next\"";
	fake_answer(URL "?page=2", 200, page("2"));
	fake_answer(URL "?rlid=a%26b", 200, named("1"));
	ck_assert_str_eq(roster(URL, "a&b"), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in 2:student:-:in 1:none:N1:in ");
	ck_assert(last.again);
	fake_answer(URL "?x=1", 200, page("3"));
	fake_answer(URL "?x=1&rlid=9", 200, named("3"));
	ck_assert_str_eq(roster(URL "?x=1", "9"), "ok");
	ck_assert_int_eq(pages, 5);
}
END_TEST

START_TEST(asks_for_no_link_where_there_are_names)
{
	fake_answer(URL, 200, page("1"))->link = "<" URL "?page=2>; rel=\"next\"";
	fake_answer(URL "?page=2", 200, named("2"));
	ck_assert_str_eq(roster(URL, "9"), "ok");
	ck_assert_int_eq(pages, 2);
	/* nor of an empty list, nor without a link, nor where it is never to be asked for */
	fake_answer(URL "?x=0", 200, "{\"members\":[]}");
	ck_assert_str_eq(roster(URL "?x=0", "9"), "ok");
	fake_answer(URL "?x=1", 200, page("3"));
	ck_assert_str_eq(roster(URL "?x=1", NULL), "ok");
	set("never", 0);
	ck_assert_str_eq(roster(URL "?x=1", "9"), "ok");
	ck_assert_int_eq(fake_asked, 1 + 2 + 1 + 1 + 1);
}
END_TEST

START_TEST(asks_for_the_link_alone_where_that_is_wanted)
{
	set("always", 0);
	fake_answer(URL "?rlid=9", 200, page("1"));
	ck_assert_str_eq(roster(URL, "9"), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in ");
	ck_assert(!last.again);
	ck_assert_int_eq(fake_asked, 2);
	fake_answer(URL "?rlid=8", 404, "");
	fake_answer(URL, 200, page("2"));
	ck_assert_str_eq(roster(URL, "8"), "ok");
	ck_assert_str_eq(seen.p, "1:student:-:in 2:student:-:in ");
}
END_TEST

static const struct {
	long status;
	const char *told;
} lost_links[] = {{404, "ok"}, {400, "ok"}, {403, "ok"}, {503, "roster_busy"}, {0, "platform_unreachable"}};

/* The plain list was whole; Moodle breaks down over a link of another course. */
START_TEST(goes_without_a_link_that_is_gone)
{
	fake_answer(URL, 200, page("1"));
	fake_answer(URL "?rlid=9", lost_links[_i].status, "");
	ck_assert_str_eq(roster(URL, "9"), lost_links[_i].told);
	ck_assert_str_eq(seen.p, "1:student:-:in ");
	if (str_eq(lost_links[_i].told, "ok"))
		ck_assert_ptr_null(last.next);
	else
		ck_assert_str_eq(last.next, URL "?rlid=9");
	job.from = URL "?rlid=9"; /* and if it is so a second time, it ends */
	last.next = "unset";
	ck_assert_str_eq(roster(URL, "9"), "ok");
	ck_assert_ptr_null(last.next);
}
END_TEST

START_TEST(limits_pages_but_no_list_of_a_role)
{
	set("nameless", 50);
	fake_answer(URL "?limit=50", 200, page("1"))->link = "<" URL "?limit=50&p=2>; rel=next";
	fake_answer(URL "?limit=50&p=2", 200, named("2"));
	ck_assert_str_eq(roster(URL, NULL), "ok");
	fake_answer(URL "?role=Learner", 200, named("3"));
	ck_assert_str_eq(roster(URL "?role=Learner", NULL), "ok");
	fake_answer(URL "?limit=7", 200, named("4"));
	ck_assert_str_eq(roster(URL "?limit=7", NULL), "ok");
	fake_answer(URL "?x=1&limit=50", 200, page("5"));
	fake_answer(URL "?x=1&limit=50&rlid=9", 200, page("5"));
	ck_assert_str_eq(roster(URL "?x=1", "9"), "ok");
	ck_assert_int_eq(pages, 6);
}
END_TEST

START_TEST(goes_on_where_it_is_told)
{
	fake_answer(URL "?page=2", 200, page("2"))->link = "<" URL "?page=3>; rel=\"next\"";
	fake_answer(URL "?page=3", 200, page("3"));
	job.from = URL "?page=2";
	job.pages = 1;
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "2:student:-:in 3:student:-:in ");
	job.pages = 999; /* what was read before counts */
	ck_assert_str_eq(roster(URL, NULL), "roster_too_large");
	job.pages = 0;
	job.members = 199999;
	ck_assert_str_eq(roster(URL, NULL), "roster_too_large");
	job.from = "https://evil.example/nrps";
	ck_assert_str_eq(roster(URL, NULL), "roster_invalid");
	ck_assert_str_ne(fake_last.url, "https://evil.example/nrps");
}
END_TEST

START_TEST(reports_where_the_next_difference_is)
{
	fake_answer(URL, 200, page("1"))->link = "<" URL "?page=2>; rel=\"next\"";
	fake_answer(URL "?page=2", 200, page("2"))->link =
		"<" URL "?since=7>; rel=\"differences\"";
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(last.differences, URL "?since=7");
	fake_answer(URL "?since=7", 200, "{\"members\":[{\"user_id\":\"1\",\"status\":\"Deleted\"}]}");
	more.url = URL "?since=7";
	more.link = "<?since=8>; rel=differences";
	job.from = URL "?since=7";
	job.differences = true;
	ck_assert_str_eq(roster(URL, "9"), "ok"); /* never for a link */
	ck_assert_str_eq(last.differences, URL "?since=8");
	ck_assert_ptr_nonnull(strstr(seen.p, "1:none:-:out"));
	more.link = "<https://evil.example/since>; rel=\"differences\"";
	ck_assert_str_eq(roster(URL, NULL), "roster_invalid");
}
END_TEST

START_TEST(says_how_long_to_wait)
{
	fake_answer(URL, 429, "");
	more.url = URL;
	ck_assert_str_eq(roster(URL, NULL), "roster_busy");
	ck_assert_int_eq(retry_after, 0);
	more.retry_after_s = 90;
	ck_assert_str_eq(roster(URL, NULL), "roster_busy");
	ck_assert_int_eq(retry_after, 90);
	more.retry_after_s = 1 << 30;
	ck_assert_str_eq(roster(URL, NULL), "roster_busy");
	ck_assert_int_eq(retry_after, 6 * 3600);
	/* the token's endpoint may ask for it too */
	more.url = ISSUER "/token";
	more.retry_after_s = 120;
	token->status = 503;
	token_cache_free(l->tokens);
	l->tokens = token_cache_new();
	ck_assert_str_eq(roster(URL, NULL), "token_busy");
	ck_assert_int_eq(retry_after, 120);
	token->status = 200;
	clock_set_ms((int64_t)(NOW + 119) * 1000);
	ck_assert_str_eq(roster(URL, NULL), "token_busy"); /* and is left alone */
	ck_assert_int_eq(retry_after, 1);
	ck_assert_int_eq(token->asked, 2);
}
END_TEST

/* Rules of the school are for lists as for launches. */
START_TEST(decides_roles_as_a_launch_does)
{
	fake_rules[fake_rules_n++] =
		(struct lti_rule){.id = "x", .kind = LTI_RULE_USER, .value = "2", .becomes = "guardian"};
	fake_rules[fake_rules_n++] = (struct lti_rule){
		.id = "y",
		.kind = LTI_RULE_ROLE,
		.value = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
		.becomes = "none"};
	fake_answer(URL, 200,
		    "{\"members\":[{\"user_id\":\"1\",\"roles\":[\"Instructor\"]},"
		    "{\"user_id\":\"2\",\"roles\":[\"Instructor\"]},"
		    "{\"user_id\":\"3\",\"roles\":[\"http://purl.imsglobal.org/vocab/lis/v2/"
		    "membership#Learner\"]}]}");
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:teacher:-:in 2:guardian:-:in 3:none:-:in ");
	/* but not for those of another school */
	job.tenant = "018f0000-0000-7000-8000-000000000002";
	buf_init(&seen, m);
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_str_eq(seen.p, "1:teacher:-:in 2:teacher:-:in 3:student:-:in ");
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
	fake_rows[0].set.escaped_names = true;
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

	fake_rows[0].set.escaped_names = true;
	registry_forget(l->registry);
	fake_answer(URL, 200, js_print(m, body, NULL));
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_ptr_nonnull(strstr(seen.p, "7:student:J\xc3\xb3n O'Brien-\xc3\x91u\xc3\xb1"
					     "ez & S\xc3\xb8n:in"));
	ck_assert_ptr_nonnull(strstr(seen.p, "3:teacher:Kari Nordmann:in"));
}
END_TEST

/* Every page of a walk through a running Moodle, by its own next links. */
START_TEST(walks_through_moodle)
{
	const json_t *walk = sign_fixture(m, "fixtures/moodle/nrps_paging_walk.json"), *one, *id;
	const char *base = "https://moodle.test:8443/mod/lti/services.php/CourseSection/2/bindings/1/"
			   "memberships";
	size_t i, k;

	set("nameless", 2);
	json_array_foreach(walk, i, one)
	{
		struct buf b;
		buf_init(&b, m);
		json_array_foreach(js_arr(one, "ids"), k, id)
			buf_addf(&b, "%s{\"user_id\":\"%s\",\"name\":\"x\"}", k ? "," : "",
				 json_string_value(id));
		fake_answer(js_str(one, "url"), 200, mem_printf(m, "{\"members\":[%s]}", b.p))->link =
			js_str(one, "link");
	}
	ck_assert_str_eq(roster(base, "1"), "ok");
	ck_assert_int_eq(pages, 4);
	ck_assert_str_eq(seen.p, "6:none:x:in 3:none:x:in 7:none:x:in 10:none:x:in 11:none:x:in "
				 "5:none:x:in 4:none:x:in ");
}
END_TEST

static const struct {
	const char *tool, *third;
	int pages;
} privacies[] = {
	{"no_privacy_data_tool", "7:student:-:in", 2},
	{"delegated_not_consented", "7:student:-:in", 2},
	{"delegated_teacher_consented",
	 "7:student:J\xc3\xb3n O'Brien-\xc3\x91u\xc3\xb1" "ez & S\xc3\xb8n:in", 2},
};

START_TEST(gets_names_of_moodle_where_a_teacher_gave_them)
{
	const json_t *tools = sign_fixture(m, "fixtures/moodle/nrps_privacy.json");
	const json_t *tool = js_obj(tools, privacies[_i].tool);

	fake_rows[0].set.escaped_names = true;
	fake_answer(URL, 200, js_print(m, js_obj(js_obj(tool, "plain"), "body"), NULL));
	fake_answer(URL "?rlid=1", 200, js_print(m, js_obj(js_obj(tool, "rlid"), "body"), NULL));
	ck_assert_str_eq(roster(URL, "1"), "ok");
	ck_assert_int_eq(pages, privacies[_i].pages);
	ck_assert_msg(strstr(seen.p, privacies[_i].third), "%s", seen.p);
}
END_TEST

/* Our Accept is none of those it refuses, and what it says instead is survived. */
START_TEST(gets_along_with_moodles_quirks)
{
	const json_t *quirks = sign_fixture(m, "fixtures/moodle/nrps_accept_and_auth_quirks.json");
	const json_t *calls = sign_fixture(m, "fixtures/moodle/nrps.json"), *one;
	const char *name;

	json_object_foreach((json_t *)calls, name, one)
	{
		const json_t *response = js_obj(one, "response"), *body = js_obj(response, "body");
		int64_t status;
		ck_assert(js_num(response, "status", &status));
		const char *url = js_str(js_obj(one, "request"), "url");
		struct fake_answer *a = fake_answer(url, (long)status, body ? js_print(m, body, NULL) : "");
		const char *want = status == 401   ? "roster_denied"
				   : status == 404 ? "roster_gone"
				   : status >= 500 ? "roster_busy"
				   : status != 200 || !js_arr(body, "members") ? "roster_invalid"
									       : "ok";
		ck_assert_msg(str_eq(roster(url, NULL), want), "%s: %s", name, e.text);
		a->url = "";
		fake_answers_n--;
	}
	ck_assert_str_eq(fake_last.accept, MEDIA_TYPE);
	json_object_foreach((json_t *)quirks, name, one)
		ck_assert(!strstr(name, MEDIA_TYPE) || !str_eq(name + strlen("accept "), fake_last.accept));
}
END_TEST

START_TEST(tells_what_was_seen)
{
	fake_answer(URL, 200, page("1"));
	l->seen = see;
	more.url = URL;
	more.date_ms = (int64_t)NOW * 1000 + 5000;
	ck_assert_str_eq(roster(URL, NULL), "ok");
	ck_assert_int_eq(sights, 2); /* token and list */
	ck_assert_int_eq(sighted.service, LTI_SERVICE_ROSTER);
	ck_assert_ptr_null(sighted.reason);
	ck_assert(sighted.has_clock);
	ck_assert_int_eq(sighted.clock_ms, 5000);
	fake_answers[fake_answers_n - 1].status = 0;
	ck_assert_str_eq(roster(URL, NULL), "platform_unreachable");
	ck_assert_str_eq(sighted.reason, "platform_unreachable");
	ck_assert(!sighted.has_clock);
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
	job.registration = "r9";
	ck_assert_str_eq(roster(URL, NULL), "none");
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
	tcase_add_test(t, asks_for_the_link_after_a_list_without_names);
	tcase_add_test(t, asks_for_no_link_where_there_are_names);
	tcase_add_test(t, asks_for_the_link_alone_where_that_is_wanted);
	tcase_add_loop_test(t, goes_without_a_link_that_is_gone, 0, COUNT(lost_links));
	tcase_add_test(t, limits_pages_but_no_list_of_a_role);
	tcase_add_test(t, goes_on_where_it_is_told);
	tcase_add_test(t, reports_where_the_next_difference_is);
	tcase_add_test(t, says_how_long_to_wait);
	tcase_add_test(t, decides_roles_as_a_launch_does);
	tcase_add_test(t, follows_pages_to_the_end);
	tcase_add_loop_test(t, does_not_follow_astray_or_in_circles, 0, COUNT(astray));
	tcase_add_test(t, replaces_a_stale_token_once);
	tcase_add_loop_test(t, says_why_there_is_no_roster, 0, COUNT(bad));
	tcase_add_test(t, stops_when_the_caller_has_enough);
	tcase_add_test(t, skips_members_it_cannot_name);
	tcase_add_test(t, unescapes_names_where_the_profile_says_so);
	tcase_add_test(t, reads_what_moodle_sent);
	tcase_add_test(t, walks_through_moodle);
	tcase_add_loop_test(t, gets_names_of_moodle_where_a_teacher_gave_them, 0, COUNT(privacies));
	tcase_add_test(t, gets_along_with_moodles_quirks);
	tcase_add_test(t, tells_what_was_seen);
	tcase_add_test(t, reads_what_canvas_and_differences_send);
	tcase_add_test(t, ends_even_where_the_pages_do_not);
	tcase_add_test(t, refuses_an_unknown_registration);
	suite_add_tcase(s, t);
	return s;
}
