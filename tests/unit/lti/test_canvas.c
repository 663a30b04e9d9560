/* The configuration of a Canvas developer key. */
#include "lti/fake_platform.h"
#include "lti/dynamic.h"

static struct mem *m;
static struct lti *l;
static struct err e;
static json_t *made;

static const struct dynamic_words words[] = {
	{"en", "Learning plans", "Plans", {"Learning plans", "My plan", "Add"}},
	{"nb", "Læringsplaner", "Planer", {"Læringsplaner", "Min plan", "Legg til"}},
};

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	e = (struct err){0};
	made = NULL;
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static bool make(const char *placements, const char *privacy, const char *region)
{
	const struct canvas_wishes w = {placements, privacy, region, words, COUNT(words), "/icon.svg"};

	return canvas_configuration(l, m, &w, &made, &e);
}

static const json_t *extension(void)
{
	return json_array_get(js_arr(made, "extensions"), 0);
}

static const json_t *placement(const char *name)
{
	const json_t *v;
	size_t i;

	json_array_foreach(js_arr(js_obj(extension(), "settings"), "placements"), i, v)
	{
		if (str_eq(js_str(v, "placement"), name))
			return v;
	}
	return NULL;
}

/* Every member of ours is one that Canvas knows. */
static void members_known(const json_t *ours, const json_t *a, const json_t *b)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)ours, name, v)
		ck_assert_msg(json_object_get(a, name) || json_object_get(b, name) ||
				      openid_has(b, name),
			      "%s", name);
}

START_TEST(has_the_members_of_canvas)
{
	const json_t *fields = js_obj(sign_fixture(m, "fixtures/lti/canvas_developer_key_full.json"), "fields");
	const json_t *v, *known = js_arr(fields, "placements");
	size_t i;

	ck_assert(make(NULL, NULL, NULL));
	members_known(made, js_obj(fields, "top_level"),
		      js_own(m, json_pack("{s:s}", "public_jwk_url", "")));
	members_known(extension(), js_obj(fields, "extension"), NULL);
	members_known(js_obj(extension(), "settings"), js_obj(fields, "settings"), NULL);
	json_array_foreach(js_arr(js_obj(extension(), "settings"), "placements"), i, v)
	{
		ck_assert(!known || openid_has(known, js_str(v, "placement")));
		members_known(v, js_obj(fields, "placement_common"),
			      js_own(m, json_pack("[s,s]", "default", "visibility")));
	}
}
END_TEST

START_TEST(is_whole_by_itself)
{
	ck_assert(make(NULL, NULL, NULL));
	ck_assert_str_eq(js_str(made, "title"), "Learning plans");
	ck_assert_str_eq(js_str(made, "oidc_initiation_url"), TOOL "/lti/login");
	ck_assert_str_eq(js_str(made, "target_link_uri"), TOOL "/lti/launch");
	ck_assert(str_starts(js_str(made, "public_jwk_url"), TOOL "/"));
	ck_assert_str_eq(js_str(extension(), "privacy_level"), "public");
	ck_assert_str_eq(js_str(extension(), "domain"), "ilp.example.org");
	ck_assert_str_eq(js_str(js_obj(made, "custom_fields"), "observees"),
			 "$com.instructure.User.observees");
	ck_assert_str_eq(js_str(placement("course_navigation"), "target_link_uri"), TOOL "/open/course");
	ck_assert_str_eq(js_str(placement("user_navigation"), "target_link_uri"), TOOL "/open/my");
	ck_assert_str_eq(js_str(placement("link_selection"), "message_type"), "LtiDeepLinkingRequest");
	ck_assert_str_eq(js_str(js_obj(placement("user_navigation"), "labels"), "nb"), "Min plan");
	ck_assert_ptr_null(strstr(js_print(m, made, NULL), "lti-ags"));
	ck_assert(openid_has(js_arr(made, "scopes"), SCOPE_NRPS));
}
END_TEST

START_TEST(takes_the_placements_asked_for)
{
	ck_assert(make("course_navigation,link_selection,course_navigation", "anonymous", "eu"));
	ck_assert_uint_eq(json_array_size(js_arr(js_obj(extension(), "settings"), "placements")), 2);
	ck_assert_str_eq(js_str(extension(), "privacy_level"), "anonymous");
	ck_assert_ptr_null(placement("user_navigation"));
}
END_TEST

static const struct {
	const char *placements, *privacy, *region, *field;
} bad[] = {
	{"homework_submission", NULL, NULL, "placements"},
	{"course_navigation,nothing", NULL, NULL, "placements"},
	{"", NULL, NULL, "placements"},
	{",", NULL, NULL, "placements"},
	{"ContentArea", NULL, NULL, "placements"}, /* the standard's, not Canvas' */
	{"https://x/course_navigation", NULL, NULL, "placements"},
	{"COURSE_NAVIGATION", NULL, NULL, "placements"},
	{NULL, "everything", NULL, "privacy"},
	{NULL, "", NULL, "privacy"},
	{NULL, NULL, "mars-north-1", "region"},
	{NULL, NULL, "", "region"},
};

START_TEST(other_words_are_refused)
{
	ck_assert(!make(bad[_i].placements, bad[_i].privacy, bad[_i].region));
	ck_assert_str_eq(e.field, bad[_i].field);
	ck_assert_ptr_null(made);
}
END_TEST

Suite *lti_canvas_suite(void)
{
	Suite *s = suite_create("lti_canvas");
	TCase *t = tcase_create("canvas");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, has_the_members_of_canvas);
	tcase_add_test(t, is_whole_by_itself);
	tcase_add_test(t, takes_the_placements_asked_for);
	tcase_add_loop_test(t, other_words_are_refused, 0, COUNT(bad));
	suite_add_tcase(s, t);
	return s;
}
