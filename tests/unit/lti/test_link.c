/* The Link header, right and broken. */
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
	const char *header, *next;
} links[] = {
	{"<https://a.example/2>; rel=\"next\"", "https://a.example/2"},
	{"<https://a.example/2>;rel=next", "https://a.example/2"},
	{"<https://a.example/2> ; REL = \"NEXT\"", "https://a.example/2"},
	{"<https://a.example/1>; rel=\"prev\", <https://a.example/2>; rel=\"next\"",
	 "https://a.example/2"},
	{"<https://a.example/2>; rel=\"next\", <https://a.example/3>; rel=\"last\"",
	 "https://a.example/2"},
	{"<https://a.example/2>; title=\"a, b; rel=x\"; rel=\"last next\"", "https://a.example/2"},
	{"<https://a.example/2?a=1,2;b=3>; rel=next", "https://a.example/2?a=1,2;b=3"},
	{"<?page=2>; rel=\"next\"", "?page=2"},
	/* as Moodle writes it (moodle.md 10) */
	{"<https://a.example/l?type_id=1&amp;limit=1&amp;from=1>; rel=\xe2\x80\x9cnext\xe2\x80\x9d",
	 "https://a.example/l?type_id=1&limit=1&from=1"},
	{"<https://a.example/2>; rel=\"prev\"", NULL},
	{"<https://a.example/2>; rel=\"nextpage\"", NULL},
	{"<https://a.example/2>; rel=\"differences\"", NULL},
	{"<https://a.example/2>; xrel=\"next\"", NULL},
	{"<https://a.example/2>; title=\"rel=next\"", NULL},
	{"<https://a.example/2>", NULL},
	{"<https://a.example/2>; rel", NULL},
	{"<https://a.example/2>; rel=", NULL},
	{"<https://a.example/2>; rel=\"next", "https://a.example/2"},
	{"<>; rel=\"next\"", NULL},
	{"<https://a.example/2; rel=\"next\"", NULL},
	{"https://a.example/2; rel=\"next\"", NULL},
	{"rel=\"next\"", NULL},
	{"<<<<;;;;,,,,\"\"\"\"====>", NULL},
	{"", NULL},
};

START_TEST(finds_next)
{
	const char *next = link_next(m, &links[_i].header, 1);

	ck_assert_msg(str_eq(next, links[_i].next), "%s: %s", links[_i].header, str_or(next, "-"));
}
END_TEST

START_TEST(looks_through_several_headers)
{
	const char *const headers[] = {"<https://a.example/1>; rel=\"first\"",
				       "<https://a.example/2>; rel=\"next\""};

	ck_assert_str_eq(link_next(m, headers, 2), "https://a.example/2");
	ck_assert_ptr_null(link_next(m, headers, 1));
	ck_assert_ptr_null(link_next(m, headers, 0));
}
END_TEST

START_TEST(follows_what_moodle_sent)
{
	const json_t *pages = sign_fixture(m, "fixtures/moodle/nrps_paging_walk.json");

	for (size_t i = 0; i < json_array_size(pages); i++) {
		const json_t *page = json_array_get(pages, i);
		const char *header = js_str(page, "link");
		const char *next = header ? link_next(m, &header, 1) : NULL;
		ck_assert(str_eq(next, js_str(json_array_get(pages, i + 1), "url")));
	}
}
END_TEST

Suite *lti_link_suite(void)
{
	Suite *s = suite_create("lti/link");
	TCase *t = tcase_create("link");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, finds_next, 0, COUNT(links));
	tcase_add_test(t, looks_through_several_headers);
	tcase_add_test(t, follows_what_moodle_sent);
	suite_add_tcase(s, t);
	return s;
}
