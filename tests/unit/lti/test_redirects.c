/* Every address of tests/fixtures/redirects.txt, held against what makes a page of ours
 * of an address: none may lead anywhere but to our first page. The fuzz target looks
 * at each as well, with what it asks of any input. */
#include "lti/fake_platform.h"
#include "tests/fuzz/fuzz_target.c"

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static const char *replaced(const char *text, const char *what, const char *by)
{
	struct buf b;

	buf_init(&b, m);
	for (const char *at; (at = strstr(text, what)) != NULL; text = at + strlen(what)) {
		buf_addn(&b, text, (size_t)(at - text));
		buf_add(&b, by);
	}
	buf_add(&b, text);
	return b.p;
}

/* The address a line of the file stands for; NULL for a comment. */
static const char *address_of(const char *line, size_t n)
{
	const char *array = mem_printf(m, "[%.*s]", (int)n, line);
	struct err e;
	json_t *j;

	if (n == 0 || line[0] == '#')
		return NULL;
	ck_assert_msg(js_parse(m, array, strlen(array), 1 << 16, &j, &e), "%s: %s", array, e.text);
	const char *text = json_string_value(json_array_get(j, 0));
	ck_assert_msg(text != NULL, "%s", array);
	return replaced(replaced(text, "{base}", TOOL), "{host}", "ilp.example.org");
}

START_TEST(no_address_of_the_corpus_leads_away)
{
	size_t n, seen = 0;
	const char *text = sign_file(m, "fixtures/redirects.txt", &n);

	for (const char *line = text, *end = text + n; line < end;) {
		size_t len = strcspn(line, "\n");
		const char *address = address_of(line, len);
		if (address) {
			ck_assert_msg(str_eq(url_target(m, TOOL, address), "/"), "%s leads to %s",
				      address, url_target(m, TOOL, address));
			LLVMFuzzerTestOneInput((const uint8_t *)address, strlen(address));
			ck_assert_msg(!fuzz_accepted, "%s", address);
			seen++;
		}
		line += len + 1;
	}
	ck_assert_uint_ge(seen, 300);
}
END_TEST

START_TEST(the_pages_we_place_are_taken)
{
	ck_assert_str_eq(url_target(m, TOOL, TOOL "/open/my"), "/open/my");
	ck_assert_str_eq(url_target(m, TOOL, TOOL "/open/reviews/7#x"), "/open/reviews/7#x");
}
END_TEST

Suite *lti_redirects_suite(void)
{
	Suite *s = suite_create("lti/redirects");
	TCase *t = tcase_create("redirects");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, no_address_of_the_corpus_leads_away);
	tcase_add_test(t, the_pages_we_place_are_taken);
	suite_add_tcase(s, t);
	return s;
}
