/* The words of mails: golden texts, and what must never be in them. */
#include "base/str.h"
#include "i18n/i18n.h"
#include "notify/render.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mem *m;

static void setup(void)
{
	i18n_init();
	m = mem_new();
}

static void teardown(void)
{
	mem_free(m);
	i18n_done();
}

static struct render_mail render(const struct render_facts *f)
{
	struct render_mail mail;
	render_mail(m, f, &mail);
	return mail;
}

static const char link[] = "https://plans.example.org/m/Zm9vYmFyYmF6cXV4MTIzNA";

static struct render_facts facts(const char *language, const struct render_child *child, size_t n)
{
	return (struct render_facts){.language = language,
				     .school = "Solbakken skole",
				     .name = "Marte",
				     .link = link,
				     .child = child,
				     .children = n};
}

static const struct render_child emma[] = {{"Emma", {{1}}}};
static const struct render_child three[] = {{"Åse", {{1}}}, {"Filip", {{2}}}, {"Emma", {{5}}}};

START_TEST(guardian_of_one_in_english)
{
	struct render_facts f = facts("en", emma, 1);
	struct render_mail mail = render(&f);

	ck_assert_str_eq(mail.subject, "Something new to read about Emma");
	ck_assert_str_eq(
		mail.text,
		"Something new to read about Emma\n\nHi Marte,\n\n"
		"There is a new midterm review to read about Emma.\n\n"
		"Open Learning plans:\nhttps://plans.example.org/m/Zm9vYmFyYmF6cXV4MTIzNA\n\n"
		"You read it in the school’s learning platform. The link shows you the way in.\n\n"
		"-- \nSolbakken skole\n"
		"You get this because the school has registered you as a guardian.\n"
		"We never put grades, comments or other private content in e-mail.\n");
}
END_TEST

START_TEST(guardian_of_three_in_bokmal)
{
	struct render_facts f = facts("nb", three, 3);
	struct render_mail mail = render(&f);

	ck_assert_str_eq(mail.subject, "Noe nytt å lese om Emma, Filip og Åse");
	ck_assert_str_eq(
		mail.text,
		"Noe nytt å lese om Emma, Filip og Åse\n\nHei Marte,\n\n"
		"Det er noe nytt å lese om barna dine:\n\n"
		"  - Emma: 5 midtveisvurderinger\n  - Filip: 2 midtveisvurderinger\n"
		"  - Åse: 1 midtveisvurdering\n\n"
		"Åpne Læringsplaner:\nhttps://plans.example.org/m/Zm9vYmFyYmF6cXV4MTIzNA\n\n"
		"Du leser det i skolens læringsplattform. Lenken viser deg veien inn.\n\n"
		"-- \nSolbakken skole\n"
		"Du får denne e-posten fordi skolen har registrert deg som foresatt.\n"
		"Vi skriver aldri karakterer, kommentarer eller annet privat innhold i e-post.\n");
}
END_TEST

START_TEST(student_in_both_languages)
{
	struct render_facts f = facts("en", NULL, 0);
	f.own.n[MAIL_REVIEW] = 1;
	ck_assert_str_eq(render(&f).subject, "A midterm review is ready for you");
	ck_assert_ptr_nonnull(strstr(
		render(&f).text, "\n\nA midterm review has been released for you to read.\n\n"));
	ck_assert_ptr_nonnull(strstr(render(&f).text, "because you are a student"));
	f.own.n[MAIL_REVIEW] = 3;
	ck_assert_str_eq(render(&f).subject, "Midterm reviews are ready for you");
	ck_assert_ptr_nonnull(strstr(render(&f).text, "3 midterm reviews have been released"));
	f.language = "nb";
	ck_assert_str_eq(render(&f).subject, "Midtveisvurderinger er klare for deg");
	ck_assert_ptr_nonnull(strstr(
		render(&f).text, "\n\n3 midtveisvurderinger er frigitt, så du kan lese dem.\n\n"));
	ck_assert_ptr_nonnull(strstr(render(&f).text, "fordi du er elev ved skolen"));
}
END_TEST

START_TEST(a_student_who_is_a_guardian_gets_both)
{
	struct render_facts f = facts("en", emma, 1);
	f.own.n[MAIL_REVIEW] = 2;
	struct render_mail mail = render(&f);

	ck_assert_str_eq(mail.subject, "Something new to read");
	ck_assert_ptr_nonnull(
		strstr(mail.text, "  - You: 2 midterm reviews\n  - Emma: 1 midterm review\n"));
}
END_TEST

START_TEST(many_children_stay_out_of_the_subject)
{
	static const struct render_child four[] = {{"A", {{1}}}, {"B", {{1}}}, {"C", {{1}}}, {"D", {{1}}}};
	struct render_facts f = facts("en", four, 4);
	ck_assert_str_eq(render(&f).subject, "Something new to read about your children");
}
END_TEST

START_TEST(a_child_without_a_usable_name_is_your_child)
{
	static const char *const unusable[] = {NULL,           "",    "  ",          "http://x",
					       "evil.example", "a@b", "x\r\nBcc: y", "<b>"};

	for (size_t i = 0; i < sizeof unusable / sizeof unusable[0]; i++) {
		struct render_child child[] = {{unusable[i], {{2}}}, {"Emma", {{1}}}};
		struct render_facts f = facts("en", child, 1);
		ck_assert_str_eq(render(&f).subject, "Something new to read about your child");
		f.children = 2;
		ck_assert_str_eq(render(&f).subject, "Something new to read about your children");
		ck_assert_ptr_nonnull(
			strstr(render(&f).text,
			       "  - Emma: 1 midterm review\n  - Your child: 2 midterm reviews\n"));
	}
}
END_TEST

START_TEST(initials_where_the_school_wants_them)
{
	struct render_facts f = facts("nb", three, 3);
	f.initials = true;
	struct render_mail mail = render(&f);

	ck_assert_str_eq(mail.subject, "Noe nytt å lese om E., F. og Å.");
	ck_assert_ptr_null(strstr(mail.text, "Emma"));
	ck_assert_ptr_null(strstr(mail.html, "Filip"));
}
END_TEST

START_TEST(a_recipient_without_a_name_is_greeted_all_the_same)
{
	struct render_facts f = facts("en", emma, 1);
	f.name = "";
	ck_assert_ptr_nonnull(strstr(render(&f).text, "\n\nHello,\n\n"));
}
END_TEST

START_TEST(html_escapes_names_and_fetches_nothing)
{
	static const struct render_child child[] = {{"O'Neil & Co", {{1}}}};
	struct render_facts f = facts("en", child, 1);
	f.school = "<script>\"School\" & Sons";
	const char *html = render(&f).html;

	ck_assert_ptr_null(strstr(html, "<script"));
	ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;"));
	ck_assert_ptr_nonnull(strstr(html, "Neil &amp; Co"));
	ck_assert_ptr_null(strstr(html, "<img"));
	ck_assert_ptr_null(strstr(html, "src="));
	ck_assert_ptr_null(strstr(html, "url("));
	ck_assert_ptr_nonnull(strstr(html, "<html lang=\"en\" dir=\"ltr\">"));
	const char *at = strstr(html, "http");
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(strncmp(at, link, sizeof link - 1), 0);
	ck_assert_ptr_null(strstr(at + 1, "http")); /* the one link, once */
}
END_TEST

START_TEST(the_plain_part_is_complete)
{
	struct render_facts f = facts("nb", three, 3);
	struct render_mail mail = render(&f);
	const char *const said[] = {"Hei Marte,",
				    "Det er noe nytt",
				    "Emma: 5 midtveisvurderinger",
				    "Åpne Læringsplaner",
				    link,
				    "Solbakken skole",
				    "registrert deg som foresatt",
				    "Vi skriver aldri"};

	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		ck_assert_msg(strstr(mail.text, said[i]), "text lacks: %s", said[i]);
		ck_assert_msg(strstr(mail.html, said[i]), "html lacks: %s", said[i]);
	}
}
END_TEST

Suite *notify_render_suite(void)
{
	Suite *s = suite_create("notify_render");
	TCase *t = tcase_create("render");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, guardian_of_one_in_english);
	tcase_add_test(t, guardian_of_three_in_bokmal);
	tcase_add_test(t, student_in_both_languages);
	tcase_add_test(t, a_student_who_is_a_guardian_gets_both);
	tcase_add_test(t, many_children_stay_out_of_the_subject);
	tcase_add_test(t, a_child_without_a_usable_name_is_your_child);
	tcase_add_test(t, initials_where_the_school_wants_them);
	tcase_add_test(t, a_recipient_without_a_name_is_greeted_all_the_same);
	tcase_add_test(t, html_escapes_names_and_fetches_nothing);
	tcase_add_test(t, the_plain_part_is_complete);
	suite_add_tcase(s, t);
	return s;
}
