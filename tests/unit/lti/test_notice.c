/* Notices: believed by the rules of launches, and asked for where a platform has them. */
#include "lti/fake_platform.h"
#include "lti/fake_ring.h"

#define URL    ISSUER "/notice-handlers"
#define NOTICE CLAIM "notice"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct key_ring *ring;
static struct lti_notice *notices;
static size_t n;
static int refused_n;
static struct err refused_last, e;
static json_t *claims;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	refused_n = 0;
	e = refused_last = (struct err){0};
	claims = js_own(
		m, json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s},"
			     " s:[s, s, s]}",
			     "iss", ISSUER, "aud", CLIENT, "iat", NOW, "exp", NOW + 3600, "nonce",
			     "n-1", CLAIM "version", "1.3.0", CLAIM "deployment_id", DEPLOYMENT,
			     NOTICE, "id", "notice-1", "timestamp", "2026-09-01T06:00:00Z", "type",
			     "LtiContextCopyNotice", CLAIM "context", "id", "new", "label", "8B",
			     "title", " English 8B ", CLAIM "origin_contexts", "old", "old", "older"));
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static void on_refused(void *self, const struct err *why)
{
	ck_assert_ptr_eq(self, &refused_n);
	refused_n++;
	refused_last = *why;
}

static bool give(const char *body)
{
	e = (struct err){0};
	return lti_notices(l, m, NULL, body, strlen(body), &notices, &n, on_refused, &refused_n, &e);
}

static const char *sign(int key, const char *kid)
{
	return sign_rs256(m, sign_rsa(key), kid, js_print(m, claims, NULL));
}

/* "ok", or why the one notice was refused. */
static const char *hear_token(const char *token)
{
	const char *body = mem_printf(m, "{\"notices\":[{\"jwt\":\"%s\"}]}", token);

	refused_n = 0;
	ck_assert_msg(give(body), "%s", e.text);
	ck_assert_uint_eq(n + (size_t)refused_n, 1);
	return n ? "ok" : str_or(refused_last.reason, "no reason");
}

static const char *hear(void)
{
	return hear_token(sign(0, "k1"));
}

static void set(const char *claim, const char *json)
{
	if (json)
		json_object_set_new(claims, claim, json_loads(json, JSON_DECODE_ANY, NULL));
	else
		json_object_del(claims, claim);
}

START_TEST(reads_a_copied_course)
{
	ck_assert_str_eq(hear(), "ok");
	const struct lti_notice *one = &notices[0];
	ck_assert_str_eq(one->registration->id, "r1");
	ck_assert_str_eq(one->deployment_id, DEPLOYMENT);
	ck_assert_str_eq(one->tenant, TENANT);
	ck_assert_str_eq(one->id, "notice-1");
	ck_assert_str_eq(one->type, "LtiContextCopyNotice");
	ck_assert_str_eq(one->nonce, "n-1");
	ck_assert_int_ge(one->nonce_expires, NOW + 3600);
	ck_assert_str_eq(one->context_id, "new");
	ck_assert_str_eq(one->context_title, "English 8B");
	ck_assert_uint_eq(one->origins_n, 2); /* named twice, kept once */
	ck_assert_str_eq(one->origins[0], "old");
	ck_assert_str_eq(one->origins[1], "older");
}
END_TEST

START_TEST(a_course_is_no_copy_of_itself)
{
	set(CLAIM "origin_contexts", "[\"new\", 7, \"\", null, \"old\"]");
	ck_assert_str_eq(hear(), "ok");
	ck_assert_uint_eq(notices[0].origins_n, 1);
	set(CLAIM "origin_contexts", NULL);
	ck_assert_str_eq(hear(), "ok");
	ck_assert_uint_eq(notices[0].origins_n, 0);
}
END_TEST

START_TEST(takes_the_fixture)
{
	struct lti_registration *canvas =
		fake_add("canvas", "https://canvas.instructure.com", "10000000000123");

	claims = sign_fixture(m, "fixtures/lti/pns_context_copy_notice.json");
	fake_deploy(canvas->id, js_str(claims, CLAIM "deployment_id"), DEPLOYMENT_ACTIVE);
	registry_forget(l->registry);
	ck_assert_str_eq(hear(), "ok");
	ck_assert_str_eq(notices[0].registration->id, "canvas");
	ck_assert_str_eq(notices[0].context_title, "Mathematics 7 (2027)");
	ck_assert_uint_eq(notices[0].origins_n, 1);
}
END_TEST

static const struct {
	const char *claim, *json, *reason;
} bent[] = {
	{"iss", "\"https://other.example\"", "platform_unknown"},
	{"iss", NULL, "token_issuer"},
	{"aud", "\"somebody else\"", "client_unknown"},
	{"aud", "[\"" CLIENT "\", \"somebody else\"]", "token_audience"},
	{"aud", NULL, "token_audience"},
	{"azp", "\"somebody else\"", "client_unknown"},
	{"exp", "1789990000", "token_expired"},
	{"exp", NULL, "token_time"},
	{"iat", "1790009999", "token_from_future"},
	{"iat", "1780000000", "token_too_old"},
	{"nbf", "1790009999", "token_from_future"},
	{"nonce", NULL, "token_nonce"},
	{"nonce", "\"\"", "token_nonce"},
	{"sub", "\"user-1\"", "notice_malformed"},
	{CLAIM "message_type", "\"LtiResourceLinkRequest\"", "notice_malformed"},
	{CLAIM "version", "\"1.3\"", "version_wrong"},
	{CLAIM "deployment_id", NULL, "deployment_missing"},
	{CLAIM "deployment_id", "\"nobody's\"", "deployment_unknown"},
	{NOTICE, NULL, "notice_malformed"},
	{NOTICE, "{\"type\":\"LtiContextCopyNotice\"}", "notice_malformed"},
	{NOTICE, "{\"id\":\"1\"}", "notice_malformed"},
	{NOTICE, "\"text\"", "notice_malformed"},
	{CLAIM "context", NULL, "notice_malformed"},
	{CLAIM "context", "{\"id\":7}", "notice_malformed"},
};

START_TEST(refuses_what_a_launch_would_not_say)
{
	set(bent[_i].claim, bent[_i].json);
	ck_assert_str_eq(hear(), bent[_i].reason);
}
END_TEST

START_TEST(believes_the_platforms_key_alone)
{
	const char *token = sign(0, "k1");
	char *bitflip = mem_strdup(m, token);

	ck_assert_str_eq(hear_token(sign(1, "k1")), "token_signature");
	ck_assert_str_eq(hear_token(sign(0, "nobody")), "token_key_unknown");
	char *last = bitflip + strlen(bitflip) - 8;
	*last = *last == 'A' ? 'B' : 'A';
	ck_assert_str_eq(hear_token(bitflip), "token_signature");
	ck_assert_str_eq(hear_token(""), "token_malformed");
	ck_assert_str_eq(hear_token("a.b.c"), "token_malformed");
	ck_assert_str_eq(hear_token(token), "ok");
}
END_TEST

START_TEST(a_deployment_must_be_somebodys)
{
	fake_deploy("r1", "waiting", DEPLOYMENT_PENDING);
	fake_deploy("r1", "closed", DEPLOYMENT_CLOSED);
	set(CLAIM "deployment_id", "\"waiting\"");
	ck_assert_str_eq(hear(), "deployment_unknown");
	set(CLAIM "deployment_id", "\"closed\"");
	ck_assert_str_eq(hear(), "deployment_unknown");
	ck_assert_int_eq(fake_pending_written, 0); /* and none is made */
	/* the test at a registration comes before anybody has claimed it */
	set(NOTICE, "{\"id\":\"1\",\"type\":\"LtiHelloWorldNotice\"}");
	ck_assert_str_eq(hear(), "ok");
	ck_assert_ptr_null(notices[0].tenant);
}
END_TEST

START_TEST(an_unknown_kind_is_read_without_a_course)
{
	set(NOTICE, "{\"id\":\"1\",\"type\":\"LtiAssetProcessorSubmissionNotice\"}");
	set(CLAIM "context", NULL);
	ck_assert_str_eq(hear(), "ok");
	ck_assert_ptr_null(notices[0].context_id);
	ck_assert_str_eq(notices[0].tenant, TENANT);
}
END_TEST

START_TEST(one_that_fails_leaves_the_others)
{
	const char *good = sign(0, "k1");

	ck_assert(give(mem_printf(m, "{\"notices\":[{\"jwt\":\"x\"},{\"jwt\":\"%s\"},{},7]}", good)));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(refused_n, 3);
}
END_TEST

static const char *const no_bodies[] = {"", "{}", "[]", "{\"notices\":{}}", "{\"notices\":null}",
					"notices", "{\"notices\":[],\"notices\":[]}"};

START_TEST(refuses_a_body_that_is_none)
{
	ck_assert(!give(no_bodies[_i]));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.reason, "notice_malformed");
}
END_TEST

START_TEST(takes_a_hundred_at_most)
{
	json_t *list = js_own(m, json_array());
	json_t *body = js_own(m, json_pack("{s:O}", "notices", list));

	for (int i = 0; i < 100; i++)
		json_array_append_new(list, json_pack("{s:s}", "jwt", "x"));
	ck_assert(give(js_print(m, body, NULL)));
	ck_assert_int_eq(refused_n, 100);
	json_array_append_new(list, json_pack("{s:s}", "jwt", "x"));
	ck_assert(!give(js_print(m, body, NULL)));
	ck_assert(give("{\"notices\":[]}"));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(a_failure_of_ours_is_no_refusal)
{
	const char *body = mem_printf(m, "{\"notices\":[{\"jwt\":\"%s\"}]}", sign(0, "k1"));

	fake_database_fails = true;
	registry_forget(l->registry);
	ck_assert(!give(body));
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_int_eq(refused_n, 0);
}
END_TEST

/* ---- Asking to be told ---- */

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

/* What was PUT before the list was read. */
static const char *put_json;

static bool fetch_and_note(void *self, struct mem *own, const struct http_request *req,
			   struct http_response *out, struct err *why)
{
	if (req->json) {
		ck_assert_str_eq(req->method, "PUT");
		put_json = mem_strdup(m, req->json);
	}
	return fake_fetch(self, own, req, out, why);
}

static json_t *json_loads_own(const char *text)
{
	return js_own(m, json_loads(text, 0, NULL));
}

static const char *subscribe(const char *url)
{
	e = (struct err){0};
	return lti_notice_subscribe(l, m, NULL, ring, "r1", url, &e) ? "ok"
								     : str_or(e.reason, "no reason");
}

START_TEST(asks_and_reads_the_list_back)
{
	l->http.fetch = fetch_and_note;
	fake_answer(ISSUER "/token", 200, "{\"access_token\":\"t1\",\"expires_in\":3600}");
	const json_t *pns = sign_fixture(m, "fixtures/lti/pns_handler_put.json");
	struct fake_answer *a =
		fake_answer(URL, 200, js_print(m, js_obj(pns, "get_response"), NULL));

	ck_assert_str_eq(subscribe(URL), "ok");
	json_object_del(js_obj(pns, "request"), "_comment");
	ck_assert(json_equal(json_loads_own(put_json), js_obj(pns, "request")));
	ck_assert_int_eq(a->asked, 2);
	ck_assert_str_eq(fake_last.method, "GET");
	ck_assert_ptr_null(fake_last.json);
	ck_assert_str_eq(fake_last.bearer, "t1");
	a->body = "{\"notice_handlers\":[]}";
	ck_assert_str_eq(subscribe(URL), "notice_denied");
	a->body = "<html>";
	ck_assert_str_eq(subscribe(URL), "notice_denied");
	a->status = 403;
	ck_assert_str_eq(subscribe(URL), "notice_denied");
	a->status = 401;
	a->asked = 0;
	ck_assert_str_eq(subscribe(URL), "notice_denied");
	ck_assert_int_eq(a->asked, 2); /* once more, with a new token */
	a->status = 0;
	ck_assert_str_eq(subscribe(URL), "platform_unreachable");
	ck_assert_str_eq(subscribe("http://10.0.0.1/handlers"), "no reason");
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

Suite *lti_notice_suite(void)
{
	Suite *s = suite_create("lti/notice");
	TCase *t = tcase_create("notice"), *asking = tcase_create("asking");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_a_copied_course);
	tcase_add_test(t, a_course_is_no_copy_of_itself);
	tcase_add_test(t, takes_the_fixture);
	tcase_add_loop_test(t, refuses_what_a_launch_would_not_say, 0, COUNT(bent));
	tcase_add_test(t, believes_the_platforms_key_alone);
	tcase_add_test(t, a_deployment_must_be_somebodys);
	tcase_add_test(t, an_unknown_kind_is_read_without_a_course);
	tcase_add_test(t, one_that_fails_leaves_the_others);
	tcase_add_loop_test(t, refuses_a_body_that_is_none, 0, COUNT(no_bodies));
	tcase_add_test(t, takes_a_hundred_at_most);
	tcase_add_test(t, a_failure_of_ours_is_no_refusal);
	suite_add_tcase(s, t);
	tcase_add_unchecked_fixture(asking, open_ring, close_ring);
	tcase_add_checked_fixture(asking, setup, teardown);
	tcase_set_timeout(asking, 60);
	tcase_add_test(asking, asks_and_reads_the_list_back);
	suite_add_tcase(s, asking);
	return s;
}
