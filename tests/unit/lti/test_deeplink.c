/* The answer to a deep linking request, read back as a platform does: with our public set. */
#include "lti/fake_platform.h"
#include "lti/fake_ring.h"

#define DLC "https://purl.imsglobal.org/spec/lti-dl/claim/"

static struct mem *m;
static struct lti *l;
static struct key_ring *ring;
static struct err e;

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
	e = (struct err){0};
	fake_usual(m);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const struct lti_placement several = {
	.return_url = ISSUER "/deep", .takes_links = true, .several = true};
static const struct lti_item items[] = {
	{.title = "Midterm “Autumn” & æøå", .text = "Read it", .path = "/open/reviews/1"},
	{.title = "The course", .path = "/open/course"}};

/* The claims, after the signature was verified with what we publish. */
static json_t *answer(const struct lti_placement *p, const struct lti_item *list, size_t n)
{
	struct jwk_set *set;
	struct jws jws;
	const char *jwt, *public = keys_public(ring, m);

	ck_assert_msg(lti_deep_link_response(l, m, NULL, ring, "r1", DEPLOYMENT, p, list, n, &jwt,
					     &e),
		      "%s", e.text);
	ck_assert(jwk_set_parse(public, strlen(public), &set, &e));
	ck_assert_msg(jws_parse(m, jwt, strlen(jwt), "RS256", &jws, &e), "%s", e.text);
	ck_assert_msg(jws_verify(&jws, set, &e), "%s", e.text);
	ck_assert(!str_empty(jws.kid));
	jwk_set_free(set);
	return jws.claims;
}

START_TEST(says_all_that_a_platform_asks_for)
{
	json_t *c = answer(&several, items, 2);
	int64_t iat, exp;

	ck_assert_str_eq(js_str(c, "iss"), CLIENT);
	ck_assert_str_eq(js_str(c, "aud"), ISSUER); /* one string, never an array */
	ck_assert(js_num(c, "iat", &iat) && js_num(c, "exp", &exp));
	ck_assert_int_le(iat, NOW);
	ck_assert_int_gt(exp, NOW);
	ck_assert_int_le(exp, iat + 300);
	ck_assert_uint_ge(strlen(js_str(c, "nonce")), 22);
	ck_assert_str_eq(js_str(c, CLAIM "deployment_id"), DEPLOYMENT);
	ck_assert_str_eq(js_str(c, CLAIM "message_type"), "LtiDeepLinkingResponse");
	ck_assert_str_eq(js_str(c, CLAIM "version"), "1.3.0");
	ck_assert_uint_eq(json_object_size(c), 9);
}
END_TEST

START_TEST(places_links_to_pages_of_ours)
{
	json_t *list = js_arr(answer(&several, items, 2), DLC "content_items"), *one;

	ck_assert_uint_eq(json_array_size(list), 2);
	one = json_array_get(list, 0);
	ck_assert_str_eq(js_str(one, "type"), "ltiResourceLink");
	ck_assert_str_eq(js_str(one, "url"), TOOL "/open/reviews/1");
	ck_assert_str_eq(js_str(one, "title"), items[0].title);
	ck_assert_str_eq(js_str(one, "text"), "Read it");
	ck_assert_uint_eq(json_object_size(one), 4);
	one = json_array_get(list, 1);
	ck_assert_str_eq(js_str(one, "url"), TOOL "/open/course");
	ck_assert_uint_eq(json_object_size(one), 3); /* no text, and never a line item (R61) */
}
END_TEST

/* R58: data is echoed exactly if it was there, also where it is empty. */
/* Nothing that the fixture of a whole answer does not have. */
START_TEST(says_it_as_the_fixture_does)
{
	const json_t *f = sign_fixture(m, "fixtures/lti/deep_linking_response.json"), *v;
	const json_t *theirs = json_array_get(js_arr(f, DLC "content_items"), 0);
	struct lti_placement p = several;
	const char *key;

	p.data = "d";
	json_t *c = answer(&p, items, 1);
	json_object_foreach(c, key, v)
		ck_assert_msg(json_typeof(v) == json_typeof(json_object_get(f, key)), "%s", key);
	json_object_foreach(json_array_get(js_arr(c, DLC "content_items"), 0), key, v)
		ck_assert_msg(json_typeof(v) == json_typeof(json_object_get(theirs, key)), "%s", key);
	ck_assert_ptr_null(json_object_get(json_array_get(js_arr(c, DLC "content_items"), 0), "lineItem"));
}
END_TEST

START_TEST(echoes_data_exactly_if_it_was_there)
{
	struct lti_placement p = several;

	ck_assert_ptr_null(json_object_get(answer(&p, items, 1), DLC "data"));
	p.data = "";
	ck_assert_str_eq(js_str(answer(&p, items, 1), DLC "data"), "");
	p.data = "Op=321&v=\"44\"\\ \xc3\xa6 <x>";
	ck_assert_str_eq(js_str(answer(&p, items, 1), DLC "data"), p.data);
}
END_TEST

START_TEST(cancels_without_items)
{
	json_t *list = js_arr(answer(&several, NULL, 0), DLC "content_items");

	ck_assert_ptr_nonnull(list);
	ck_assert_uint_eq(json_array_size(list), 0);
}
END_TEST

START_TEST(has_a_nonce_of_its_own_each_time)
{
	const char *a = js_str(answer(&several, items, 1), "nonce");

	ck_assert_str_ne(a, js_str(answer(&several, items, 1), "nonce"));
}
END_TEST

START_TEST(gives_no_more_than_is_taken)
{
	struct lti_placement p = several;
	const char *jwt;

	p.several = false;
	answer(&p, items, 1);
	ck_assert(!lti_deep_link_response(l, m, NULL, ring, "r1", DEPLOYMENT, &p, items, 2, &jwt,
					  &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	p.takes_links = false;
	ck_assert(!lti_deep_link_response(l, m, NULL, ring, "r1", DEPLOYMENT, &p, items, 1, &jwt,
					  &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	answer(&p, NULL, 0);
	ck_assert(!lti_deep_link_response(l, m, NULL, ring, "gone", DEPLOYMENT, &p, NULL, 0, &jwt,
					  &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

Suite *lti_deeplink_suite(void)
{
	Suite *s = suite_create("lti/deeplink");
	TCase *t = tcase_create("deeplink");

	tcase_add_unchecked_fixture(t, open_ring, close_ring);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, says_all_that_a_platform_asks_for);
	tcase_add_test(t, places_links_to_pages_of_ours);
	tcase_add_test(t, says_it_as_the_fixture_does);
	tcase_add_test(t, echoes_data_exactly_if_it_was_there);
	tcase_add_test(t, cancels_without_items);
	tcase_add_test(t, has_a_nonce_of_its_own_each_time);
	tcase_add_test(t, gives_no_more_than_is_taken);
	suite_add_tcase(s, t);
	return s;
}
