/* The bytes of a mail, read back by somebody else's parser (mime_read.py). */
#include "base/js.h"
#include "base/str.h"
#include "notify/mime.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mem *m;

static void setup(void)
{
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
}

static const struct mime_mail good = {
	.from_name = "Sølvbakken skole – Learning plans",
	.from = "plans@example.org",
	.to = "marte@example.org",
	.subject = "Noe nytt å lese om Åse og Bjørn, som går på den samme skolen i den samme byen",
	.message_id = "<0190-abc@plans.example.org>",
	.references = "<root@plans.example.org>",
	.list_name = "Sølvbakken skole",
	.list_id = "reviews.1234.plans.example.org",
	.language = "nb",
	.text = "Hei Marte,\n\n.en linje med punktum\nblåbærsyltetøy = godt, og en svært lang "
		"linje som "
		"går langt forbi de seksogsytti tegnene en linje i quoted-printable får ha\n-- "
		"\nslutt\n",
	.html = "<!doctype html>\n<p>blåbær &amp; mer</p>\n",
	.at_s = 1795341600, /* 2026-11-22 10:00 UTC */
};

/* What Python's email package reads in the message, as JSON. */
static json_t *read_back(const char *bytes, size_t n)
{
	char path[] = "/tmp/ilpd-mime-XXXXXX";
	int fd = mkstemp(path), pipes[2];
	struct err e = {0};
	json_t *seen;

	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
	ck_assert_int_eq(pipe(pipes), 0);
	pid_t child = fork();
	if (!child) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		execlp("python3", "python3", TESTS_DIR "/unit/notify/mime_read.py", path,
		       (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	static char out[1 << 17];
	size_t got = 0;
	ssize_t k;
	while ((k = read(pipes[0], out + got, sizeof out - got)) > 0)
		got += (size_t)k;
	close(pipes[0]);
	int status;
	waitpid(child, &status, 0);
	unlink(path);
	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "python3 cannot read the message");
	ck_assert_msg(js_parse(m, out, got, sizeof out, &seen, &e), "%s", e.text);
	return seen;
}

static json_t *build_and_read(const struct mime_mail *mail)
{
	const char *bytes;
	size_t n;
	struct err e = {0};

	ck_assert_msg(mime_build(m, mail, &bytes, &n, &e), "%s", e.text);
	return read_back(bytes, n);
}

static void expect(json_t *seen, const char *header, const char *value)
{
	const char *found = js_str(js_obj(seen, "headers"), header);
	ck_assert_msg(str_eq(found, value), "%s: %s", header, found ? found : "(absent)");
}

START_TEST(headers_read_back_as_written)
{
	json_t *seen = build_and_read(&good);

	expect(seen, "From", "Sølvbakken skole – Learning plans <plans@example.org>");
	expect(seen, "To", "marte@example.org");
	expect(seen, "Subject", good.subject);
	expect(seen, "Message-ID", good.message_id);
	expect(seen, "References", good.references);
	expect(seen, "List-Id", "Sølvbakken skole <reviews.1234.plans.example.org>");
	expect(seen, "Content-Language", "nb");
	expect(seen, "Auto-Submitted", "auto-generated");
	expect(seen, "X-Auto-Response-Suppress", "All");
	expect(seen, "Date", "Sun, 22 Nov 2026 10:00:00 +0000");
	expect(seen, "MIME-Version", "1.0");
	ck_assert_int_eq(json_array_size(js_arr(seen, "defects")), 0);
}
END_TEST

START_TEST(both_parts_read_back_as_written)
{
	json_t *seen = build_and_read(&good);
	json_t *part = js_arr(seen, "parts");

	ck_assert_str_eq(js_str(seen, "type"), "multipart/alternative");
	ck_assert_int_eq(json_array_size(part), 2);
	const char *const type[] = {"text/plain", "text/html"};
	const char *const text[] = {good.text, good.html};
	for (size_t i = 0; i < 2; i++) {
		json_t *p = json_array_get(part, i);
		ck_assert_str_eq(js_str(p, "type"), type[i]);
		ck_assert_str_eq(js_str(p, "charset"), "utf-8");
		ck_assert_str_eq(js_str(p, "encoding"), "quoted-printable");
		ck_assert_str_eq(js_str(p, "text"), text[i]);
	}
}
END_TEST

START_TEST(lines_are_ascii_short_and_end_in_crlf)
{
	const char *bytes;
	size_t n;
	struct err e = {0};

	ck_assert(mime_build(m, &good, &bytes, &n, &e));
	size_t length = 0;
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_lt((unsigned char)bytes[i], 128);
		if (bytes[i] == '\n') {
			ck_assert_int_eq(bytes[i - 1], '\r');
			ck_assert_uint_le(length, 200);
			length = 0;
		} else {
			length++;
		}
	}
	ck_assert_int_eq(bytes[n - 1], '\n');
}
END_TEST

START_TEST(nothing_but_utf8_is_used)
{
	const char *bytes;
	size_t n;
	struct err e = {0};

	ck_assert(mime_build(m, &good, &bytes, &n, &e));
	ck_assert_ptr_null(strstr(bytes, "=?iso"));
	ck_assert_ptr_null(strstr(bytes, "=?windows"));
	ck_assert_ptr_nonnull(strstr(bytes, "From: =?UTF-8?"));
	ck_assert_ptr_null(strstr(bytes, "charset=iso"));
}
END_TEST

START_TEST(every_attempt_has_the_same_bytes)
{
	const char *a, *b;
	size_t an, bn;
	struct err e = {0};

	ck_assert(mime_build(m, &good, &a, &an, &e) && mime_build(m, &good, &b, &bn, &e));
	ck_assert(an == bn && !memcmp(a, b, an));
}
END_TEST

START_TEST(a_line_break_in_a_header_is_refused)
{
	static const char evil[] = "x\r\nBcc: all@example.org";
	static const char *const evils[] = {evil, "x\nBcc: y", "x\ry", "x\x01y", "\xff\xfe"};

	for (size_t i = 0; i < sizeof evils / sizeof evils[0]; i++)
		for (int field = 0; field < 8; field++) {
			struct mime_mail mail = good;
			const char **value[] = {&mail.from_name, &mail.from,       &mail.to,
						&mail.subject,   &mail.message_id, &mail.references,
						&mail.list_name, &mail.list_id};
			const char *bytes = NULL;
			size_t n;
			struct err e = {0};
			*value[field] = evils[i];
			ck_assert_msg(!mime_build(m, &mail, &bytes, &n, &e), "field %d", field);
			ck_assert_int_eq(e.code, ERR_INVALID);
			ck_assert_ptr_null(bytes);
		}
}
END_TEST

START_TEST(a_mail_over_30_kb_is_refused)
{
	struct mime_mail mail = good;
	char *html = mem_alloc(m, 40000);
	const char *bytes;
	size_t n;
	struct err e = {0};

	memset(html, 'a', 39999);
	mail.html = html;
	ck_assert(!mime_build(m, &mail, &bytes, &n, &e));
}
END_TEST

START_TEST(the_sender_is_taken_apart)
{
	const char *name, *address;
	struct err e = {0};

	ck_assert(mime_sender(m, "Learning plans <plans@example.org>", &name, &address, &e));
	ck_assert_str_eq(name, "Learning plans");
	ck_assert_str_eq(address, "plans@example.org");
	ck_assert(mime_sender(m, "\"Plans, the\" <p@example.org>", &name, &address, &e));
	ck_assert_str_eq(name, "Plans, the");
	ck_assert(mime_sender(m, "plans@example.org", &name, &address, &e));
	ck_assert_str_eq(name, "");
	ck_assert(!mime_sender(m, "a@example.org, b@example.org", &name, &address, &e));
	ck_assert(!mime_sender(m, "", &name, &address, &e));
	ck_assert(!mime_sender(m, "nobody", &name, &address, &e));
	ck_assert(!mime_sender(m, NULL, &name, &address, &e));
}
END_TEST

Suite *notify_mime_suite(void)
{
	Suite *s = suite_create("notify_mime");
	TCase *t = tcase_create("mime");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 20);
	tcase_add_test(t, headers_read_back_as_written);
	tcase_add_test(t, both_parts_read_back_as_written);
	tcase_add_test(t, lines_are_ascii_short_and_end_in_crlf);
	tcase_add_test(t, nothing_but_utf8_is_used);
	tcase_add_test(t, every_attempt_has_the_same_bytes);
	tcase_add_test(t, a_line_break_in_a_header_is_refused);
	tcase_add_test(t, a_mail_over_30_kb_is_refused);
	tcase_add_test(t, the_sender_is_taken_apart);
	suite_add_tcase(s, t);
	return s;
}
