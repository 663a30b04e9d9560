/* Pages made in C: what they say of a refusal, and to whom; the doctor's results. */
#include "web/house.h"
#include "web/ladder.h"
#include "web/page.h"

#define HOSTILE "\"><script>alert(1)</script>&'"

static bool says(const char *text)
{
	return strstr(mem_strndup(m, response.body, response.body_n), text);
}

static void refuse(const char *reason, const struct lti_trace *t)
{
	struct err why = { .code = ERR_DENIED, .reason = reason };

	begin_request("POST", "/lti/launch");
	struct exchange x = exchange_of();
	page_refused(&x, &why, t);
}

START_TEST(a_refusal_names_reason_code_and_the_doctor)
{
	refuse("deployment_closed", NULL);
	ck_assert_int_eq(response.status, 403);
	ck_assert(says("deployment_closed"));
	ck_assert(says("00000000"));
	ck_assert(says("href=\"/doctor\""));
	ck_assert(!says("<script"));
	refuse("no such reason", NULL);
	ck_assert_int_eq(response.status, 500);
}
END_TEST

START_TEST(a_refusal_links_back_and_shows_a_claim_code)
{
	struct lti_trace t = { .verified = true, .issuer = "https://lms.example" HOSTILE };

	refuse("deployment_pending", &t);
	ck_assert(!says("7QM4P-K2XRT"));
	ck_assert(!says("target=\"_top\""));
	t.claim_code = "7QM4P-K2XRT";
	t.return_url = "https://lms.example/course?a=1&b=" HOSTILE;
	refuse("deployment_pending", &t);
	ck_assert(says("7QM4P-K2XRT"));
	ck_assert(says("href=\"https://lms.example/course?a=1&amp;b=&quot;&gt;"));
	ck_assert(!says("<script"));
}
END_TEST

START_TEST(the_storage_page_holds_everything_as_data)
{
	const struct lti_login login = { .redirect = "https://lms.example/auth?a=1&b=2" HOSTILE,
					 .cookie_name = "__Host-ilpd-state-abc",
					 .secret = "secret",
					 .storage_target = HOSTILE,
					 .storage_origin = "https://lms.example" };
	const struct fields f = { .n = 3,
				  .at = { { "login_hint", HOSTILE },
					  { "ilpd_probe", "1" },
					  { "ilpd_rung", "old" } } };

	begin_request("POST", "/lti/login");
	struct exchange x = exchange_of();
	ck_assert(page_storage_put(&x, &f, &login));
	ck_assert(!says("<script>"));
	ck_assert(says("data-key=\"ilpd-state-abc\""));
	ck_assert(says("data-origin=\"https://lms.example\""));
	ck_assert(says("<noscript>"));
	ck_assert(says("name=\"login_hint\" value=\"&quot;&gt;&lt;script"));
	ck_assert(says("name=\"ilpd_rung\" value=\"window\""));
	ck_assert(!says("ilpd_probe"));
	ck_assert(!says("value=\"old\""));
	ck_assert_str_eq(answered_header("Cache-Control"), "no-store");
}
END_TEST

static int post_result(const char *body)
{
	begin_request("POST", "/doctor");
	with_header("Content-Type", "application/json");
	with_header("Cookie", "ilpd_doctor_here=1");
	with_body(body);
	return answer();
}

START_TEST(the_doctor_takes_fixed_members)
{
	ck_assert_int_eq(post_result("{\"frame\":true,\"put\":false,\"clock_ms\":-12345}"), 200);
	ck_assert(says("\"parted\":true"));
	ck_assert(says("\"cookies\":false"));
	ck_assert(says("\"code\":\"00000000\""));
	ck_assert_int_eq(post_result("{}"), 200);
	ck_assert_int_eq(post_result("{\"clock_ms\":99999999999999}"), 200);
	ck_assert_int_eq(post_result("{\"name\":\"Ingrid\"}"), 422);
	ck_assert_int_eq(post_result("{\"frame\":\"yes\"}"), 422);
	ck_assert_int_eq(post_result("{\"clock_ms\":1.5}"), 422);
	ck_assert_int_eq(post_result("{\"frame\":null}"), 422);
	ck_assert_int_eq(post_result("[]"), 422);
}
END_TEST

START_TEST(the_doctor_takes_little)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "{\"frame\":true");
	for (int i = 0; i < 4096; i++)
		buf_add(&b, " ");
	buf_add(&b, "}");
	ck_assert_int_eq(post_result(b.p), 422);
}
END_TEST

START_TEST(codes_are_taken_only_on_pages_of_ours)
{
	static const struct {
		const char *from;
		bool taken;
	} sites[] = {{NULL, true}, {"same-origin", true}, {"cross-site", false}, {"same-site", false}, {"none", false}};

	for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
		begin_request("GET", "/app/" SID "/");
		if (sites[i].from)
			with_header("Sec-Fetch-Site", sites[i].from);
		ck_assert_int_eq(answer(), 200);
		ck_assert_msg(says("content=\"elsewhere\"") == !sites[i].taken, "%s", sites[i].from);
	}
}
END_TEST

Suite *web_pages_suite(void)
{
	Suite *s = suite_create("web/pages");
	TCase *t = tcase_create("pages");

	tcase_add_checked_fixture(t, open_house, close_house);
	tcase_add_test(t, a_refusal_names_reason_code_and_the_doctor);
	tcase_add_test(t, a_refusal_links_back_and_shows_a_claim_code);
	tcase_add_test(t, the_storage_page_holds_everything_as_data);
	tcase_add_test(t, the_doctor_takes_fixed_members);
	tcase_add_test(t, the_doctor_takes_little);
	tcase_add_test(t, codes_are_taken_only_on_pages_of_ours);
	suite_add_tcase(s, t);
	return s;
}
