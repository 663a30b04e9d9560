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
	{"<https://a.example/2>; rel='next'", "https://a.example/2"},
	{"<https://a.example/2>; rel=\xe2\x80\x98next\xe2\x80\x99", "https://a.example/2"},
	{"<https://a.example/2>; rel=&quot;next&quot;", "https://a.example/2"},
	{"<https://a.example/2>; title=\"it's\"; rel=\"next\"", "https://a.example/2"},
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
	const char *next = link_find(m, &links[_i].header, 1, "next");

	ck_assert_msg(str_eq(next, links[_i].next), "%s: %s", links[_i].header, str_or(next, "-"));
}
END_TEST

START_TEST(looks_through_several_headers)
{
	const char *const headers[] = {"<https://a.example/1>; rel=\"first\"",
				       "<https://a.example/2>; rel=\"next\""};

	ck_assert_str_eq(link_find(m, headers, 2, "next"), "https://a.example/2");
	ck_assert_ptr_null(link_find(m, headers, 1, "next"));
	ck_assert_ptr_null(link_find(m, headers, 0, "next"));
}
END_TEST

START_TEST(follows_what_moodle_sent)
{
	const json_t *pages = sign_fixture(m, "fixtures/moodle/nrps_paging_walk.json");

	for (size_t i = 0; i < json_array_size(pages); i++) {
		const json_t *page = json_array_get(pages, i);
		const char *header = js_str(page, "link");
		const char *next = header ? link_find(m, &header, 1, "next") : NULL;
		ck_assert(str_eq(next, js_str(json_array_get(pages, i + 1), "url")));
	}
}
END_TEST

START_TEST(finds_other_relations)
{
	const char *const headers[] = {
		"<https://a.example/2>; rel=\"next\", <https://a.example/since>; rel=\"differences\"",
		"<https://a.example/9>; rel=\"differences next\""};

	ck_assert_str_eq(link_find(m, headers, 2, "differences"), "https://a.example/since");
	ck_assert_str_eq(link_find(m, headers + 1, 1, "differences"), "https://a.example/9");
	ck_assert_ptr_null(link_find(m, headers, 2, "last"));
}
END_TEST

/* The bytes of a header that was read as Latin-1. */
static const char *bytes_of(const char *text)
{
	struct buf b;

	buf_init(&b, m);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		char c = (char)(*p < 0xc0 ? *p : (*p & 3) << 6 | (p[1] & 0x3f));
		p += *p >= 0xc0;
		buf_addn(&b, &c, 1);
	}
	return b.p;
}

START_TEST(reads_moodles_broken_header)
{
	const json_t *calls = sign_fixture(m, "fixtures/moodle/ags.json");
	const json_t *raw = js_arr(js_obj(js_obj(calls, "lineitems-limit1"), "response"), "rawHeaders");
	const char *header = NULL;

	for (size_t i = 0; i + 1 < json_array_size(raw); i += 2)
		if (str_eq(json_string_value(json_array_get(raw, i)), "Link"))
			header = bytes_of(json_string_value(json_array_get(raw, i + 1)));
	ck_assert_ptr_nonnull(header);
	ck_assert_str_eq(link_find(m, &header, 1, "next"),
			 "https://moodle.test:8443/mod/lti/services.php/2/lineitems?type_id=1"
			 "&limit=1&from=1");
	ck_assert_str_eq(link_find(m, &header, 1, "last"),
			 "https://moodle.test:8443/mod/lti/services.php/2/lineitems?type_id=1"
			 "&limit=1&from=8");
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
	tcase_add_test(t, finds_other_relations);
	tcase_add_test(t, reads_moodles_broken_header);
	suite_add_tcase(s, t);
	return s;
}
