/* CommonMark as nodes, and links that may be followed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ilp/evidence.h"
#include "ilp/rich.h"
#include "base/js.h"

static const struct {
	const char *text, *nodes;
} texts[] = {
	{"", "[]"},
	{"One *two* **three**", "[{\"t\":\"p\",\"c\":[\"One \",{\"t\":\"em\",\"c\":[\"two\"]},\" "
				"\",{\"t\":\"strong\",\"c\":[\"three\"]}]}]"},
	{"# Title\n\ntext\nmore",
	 "[{\"t\":\"h\",\"c\":[\"Title\"]},{\"t\":\"p\",\"c\":[\"text more\"]}]"},
	{"a  \nb", "[{\"t\":\"p\",\"c\":[\"a\",{\"t\":\"br\"},\"b\"]}]"},
	{"- a\n- b",
	 "[{\"t\":\"ul\",\"c\":[{\"t\":\"li\",\"c\":[\"a\"]},{\"t\":\"li\",\"c\":[\"b\"]}]}]"},
	{"1. a\n\n2. b", "[{\"t\":\"ol\",\"c\":[{\"t\":\"li\",\"c\":[{\"t\":\"p\",\"c\":[\"a\"]}]},"
			 "{\"t\":\"li\",\"c\":[{\"t\":\"p\",\"c\":[\"b\"]}]}]}]"},
	{"> q", "[{\"t\":\"quote\",\"c\":[{\"t\":\"p\",\"c\":[\"q\"]}]}]"},
	{"`x`", "[{\"t\":\"p\",\"c\":[{\"t\":\"code\",\"c\":[\"x\"]}]}]"},
	{"[a](https://x.example)",
	 "[{\"t\":\"p\",\"c\":[{\"t\":\"a\",\"c\":[\"a\"],\"href\":\"https://x.example\"}]}]"},
	{"[a](mailto:m@x.example)",
	 "[{\"t\":\"p\",\"c\":[{\"t\":\"a\",\"c\":[\"a\"],\"href\":\"mailto:m@x.example\"}]}]"},
	{"[a](javascript:alert(1))", "[{\"t\":\"p\",\"c\":[\"a\"]}]"},
	{"[a](JaVaScRiPt:x)", "[{\"t\":\"p\",\"c\":[\"a\"]}]"},
	{"[a](data:text/html,x)", "[{\"t\":\"p\",\"c\":[\"a\"]}]"},
	{"[a](//x.example)", "[{\"t\":\"p\",\"c\":[\"a\"]}]"},
	{"[a](/local)", "[{\"t\":\"p\",\"c\":[\"a\"]}]"},
	{"<javascript:alert(1)>", "[{\"t\":\"p\",\"c\":[\"javascript:alert(1)\"]}]"},
	{"<b>x</b>", "[{\"t\":\"p\",\"c\":[\"<b>x</b>\"]}]"},
	{"<script>alert(1)</script>", "[\"<script>alert(1)</script>\\n\"]"},
	{"![pic](https://x.example/p.png)", "[{\"t\":\"p\",\"c\":[\"pic\"]}]"},
};

START_TEST(reads_what_is_safe)
{
	json_t *nodes = rich_nodes(texts[_i].text);
	char *text = json_dumps(nodes, JSON_COMPACT);

	ck_assert_str_eq(text, texts[_i].nodes);
	free(text);
	json_decref(nodes);
}
END_TEST

/* However deep it nests and whatever it repeats: in its time, and never deeper than ours. */
START_TEST(bears_what_means_harm)
{
	static const char *const bits[] = {">",  "- ",   "1. ",  "*",  "**a ",   "[",
					   "![", "[a](", "`",    "<",  "_",      "&",
					   "\\", "a\n",  "*a_ ", "](", "- a\n ", "<a "};

	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		char *text = malloc(20001);
		size_t n = strlen(bits[i]);
		for (size_t at = 0; at < 20000; at++)
			text[at] = bits[i][at % n];
		text[20000] = '\0';
		json_t *nodes = rich_nodes(text);
		char *out = json_dumps(nodes, JSON_COMPACT);
		ck_assert_ptr_nonnull(out);
		free(out);
		json_decref(nodes);
		free(text);
	}
}
END_TEST

static const struct {
	const char *url;
	bool web, mail;
} links[] = {
	{"https://a.example", true, true},
	{"http://a.example/x?y#z", true, true},
	{"HTTPS://A.EXAMPLE", true, true},
	{"https://a.example:8443/", true, true},
	{"mailto:a@b.example", false, true},
	{"mailto:nobody", false, false},
	{"", false, false},
	{"https://", false, false},
	{"https:///x", false, false},
	{"https://:80/", false, false},
	{"https://a@b.example/", false, false},
	{"https://a.example/@b", true, true},
	{"javascript:alert(1)", false, false},
	{" https://a.example", false, false},
	{"https://a.example/ x", false, false},
	{"https://a.example/\n", false, false},
	{"https://a.example/\"", false, false},
	{"https://a.example\\@b", false, false},
	{"ftp://a.example", false, false},
	{"//a.example", false, false},
	{"data:text/html,x", false, false},
};

START_TEST(leads_to_the_web_alone)
{
	ck_assert_int_eq(link_ok(links[_i].url, false), links[_i].web);
	ck_assert_int_eq(link_ok(links[_i].url, true), links[_i].mail);
}
END_TEST

#define BYTES(s) (s), sizeof(s) - 1
static const struct {
	const char *type, *bytes;
	size_t n;
	bool fits;
} files[] = {
	{"application/pdf", BYTES("%PDF-1.7"), true},
	{"application/pdf", BYTES("PDF"), false},
	{"application/pdf", BYTES(""), false},
	{"image/png", BYTES("\x89PNG\r\n\x1a\n.."), true},
	{"image/png", BYTES("\x89PNG\n"), false},
	{"image/jpeg", BYTES("\xff\xd8\xff\xe0"), true},
	{"image/webp", BYTES("RIFF1234WEBPVP8 "), true},
	{"image/webp", BYTES("XXXX1234WEBP"), false},
	{"image/webp", BYTES("RIFF1234WAVE"), false},
	{"image/gif", BYTES("GIF89a."), true},
	{"image/gif", BYTES("GIF88a."), false},
	{"text/plain", BYTES("hei\n"), true},
	{"text/plain", BYTES("a\0b"), false},
	{"text/plain", BYTES("\xff\xfe"), false},
	{"audio/mpeg", BYTES("ID3\x04"), true},
	{"audio/mpeg", BYTES("\xff\xfb\x90"), true},
	{"video/mp4",
	 BYTES("\0\0\0\x18"
	       "ftypisom"),
	 true},
	{"audio/mp4", BYTES("ftypM4A "), false},
	{"application/vnd.oasis.opendocument.text", BYTES("PK\x03\x04."), true},
	{"text/html", BYTES("<html>"), false},
	{"image/svg+xml", BYTES("<svg/>"), false},
	{"application/zip", BYTES("PK\x03\x04"), false},
};

START_TEST(files_are_what_they_say)
{
	ck_assert_int_eq(evidence_fits(files[_i].type, files[_i].bytes, files[_i].n),
			 files[_i].fits);
}
END_TEST

START_TEST(types_are_those_of_the_list)
{
	ck_assert_str_eq(evidence_type("image/PNG"), "image/png");
	ck_assert_str_eq(evidence_type("text/plain; charset=utf-8"), "text/plain");
	ck_assert_ptr_null(evidence_type(NULL));
	ck_assert_ptr_null(evidence_type(""));
	ck_assert_ptr_null(evidence_type("text/html"));
	ck_assert_ptr_null(evidence_type("image/png/x"));
	ck_assert_str_eq(
		evidence_suffix(
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
		".docx");
}
END_TEST

#define N(list) (int)(sizeof(list) / sizeof *(list))
Suite *ilp_rich_suite(void)
{
	Suite *s = suite_create("ilp/rich");
	TCase *t = tcase_create("rich");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reads_what_is_safe, 0, N(texts));
	tcase_add_test(t, bears_what_means_harm);
	tcase_add_loop_test(t, leads_to_the_web_alone, 0, N(links));
	tcase_add_loop_test(t, files_are_what_they_say, 0, N(files));
	tcase_add_test(t, types_are_those_of_the_list);
	suite_add_tcase(s, t);
	return s;
}
