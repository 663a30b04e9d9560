/* Letters out by libesmtp, against a server that misbehaves on order. */
#include "base/sys.h"
#include "notify/out.h"
#include "smtp_server.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N 4
static const char body[] = "From: a@example.org\r\nSubject: x\r\n\r\nHello\r\n.dot\r\n";

static struct mem *m;
static struct letter letter[N];
static int taken_n;

static bool taken(void *arg, struct letter *l)
{
	taken_n++;
	return !arg || taken_n < *(int *)arg;
}

static void setup(void)
{
	m = mem_new();
	memset(letter, 0, sizeof letter);
	taken_n = 0;
	for (int i = 0; i < N; i++)
		letter[i] = (struct letter){.from = "plans@example.org",
					    .to = mem_printf(m, "p%d@example.org", i),
					    .bytes = body,
					    .n = sizeof body - 1};
}

static void teardown(void)
{
	mem_free(m);
}

static struct smtp_config config_for(const struct smtp_server *s)
{
	return (struct smtp_config){.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s)),
				    .tls = "none",
				    .hostname = "plans.example.org",
				    .connect_ms = 500,
				    .answer_ms = 400};
}

static bool send_with(const struct smtp_config *c, int *stop_after, struct err *e)
{
	struct mail_out *out;

	ck_assert_msg(mail_out_smtp(&out, c, e), "%s", e->text);
	bool ok = out->send(out, letter, N, ticks_ms() + 10000, taken, stop_after, e);
	out->free(out);
	return ok;
}

static bool send_to(struct smtp_server *s, struct err *e)
{
	struct smtp_config c = config_for(s);
	return send_with(&c, NULL, e);
}

static void expect_fates(const enum letter_fate *fate)
{
	for (int i = 0; i < N; i++)
		ck_assert_msg(letter[i].fate == fate[i], "letter %d: fate %d, expected %d, code %d",
			      i, letter[i].fate, fate[i], letter[i].code);
}

#define FATES(...) expect_fates((const enum letter_fate[N]){__VA_ARGS__})
#define RULES(...)                                                                                 \
	(const struct smtp_rule[])                                                                 \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

START_TEST(all_letters_go_over_one_session)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct err e = {0};

	ck_assert_msg(send_to(s, &e), "%s", e.text);
	FATES(LETTER_TAKEN, LETTER_TAKEN, LETTER_TAKEN, LETTER_TAKEN);
	ck_assert_int_eq(taken_n, N);
	ck_assert_int_eq(smtp_server_heard(s, "CONNECT"), 1);
	ck_assert_str_eq(smtp_server_line(s, "RCPT", 2), "RCPT TO:<p2@example.org>");
	ck_assert_str_eq(smtp_server_line(s, "EHLO", 0), "EHLO plans.example.org");
	ck_assert_ptr_nonnull(strstr(smtp_server_text(s, 0, NULL), "\r\n.dot\r\n"));
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_long_letter_does_not_wait_for_nagle)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct err e = {0};
	char *line = mem_alloc(m, 9000);
	size_t n = (size_t)snprintf(line, 9000, "From: a@example.org\r\n\r\n");

	while (n < 8000)
		n += (size_t)snprintf(line + n, 9000 - n,
				      "0123456789012345678901234567890123456\r\n");
	for (int i = 0; i < N; i++) {
		letter[i].bytes = line;
		letter[i].n = n;
	}
	int64_t from = ticks_ms();
	ck_assert(send_to(s, &e));
	ck_assert_msg(ticks_ms() - from < 35 * N, "%d ms", (int)(ticks_ms() - from));
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_refused_recipient_concerns_one_letter)
{
	struct smtp_server *s = smtp_server_start(RULES({"RCPT", 2, SMTP_SAY, "550 no such person"},
							{"RCPT", 3, SMTP_SAY, "451 later"},
							{"DATA", 2, SMTP_SAY, "503 no recipient"},
							{"DATA", 3, SMTP_SAY, "503 no recipient"}),
						  NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_TAKEN, LETTER_REFUSED, LETTER_LATER, LETTER_TAKEN);
	ck_assert_int_eq(letter[1].code, 550);
	ck_assert_int_eq(letter[2].code, 451);
	ck_assert_int_eq(taken_n, 2);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_refused_text_concerns_one_letter)
{
	struct smtp_server *s = smtp_server_start(
		RULES({".", 1, SMTP_SAY, "554 spam"}, {".", 4, SMTP_SAY, "452 full"}), NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_REFUSED, LETTER_TAKEN, LETTER_TAKEN, LETTER_LATER);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_refused_sender_is_no_reason_to_give_up)
{
	struct smtp_server *s =
		smtp_server_start(RULES({"MAIL", 1, SMTP_SAY, "553 not you"}), NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_LATER, LETTER_TAKEN, LETTER_TAKEN, LETTER_TAKEN);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_drop_before_the_text_leaves_letters_untried)
{
	struct smtp_server *s = smtp_server_start(RULES({"MAIL", 2, SMTP_DROP, NULL}), NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_TAKEN, LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_drop_after_the_final_dot_leaves_one_letter_in_doubt)
{
	struct smtp_server *s = smtp_server_start(RULES({".", 3, SMTP_DROP, NULL}), NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_TAKEN, LETTER_TAKEN, LETTER_BROKEN, LETTER_UNTRIED);
	ck_assert_int_eq(taken_n, 2);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_421_in_the_middle_ends_the_session)
{
	struct smtp_server *s =
		smtp_server_start(RULES({"MAIL", 3, SMTP_SAY_AND_DROP, "421 going down"}), NULL);
	struct err e = {0};

	ck_assert(send_to(s, &e));
	FATES(LETTER_TAKEN, LETTER_TAKEN, LETTER_UNTRIED, LETTER_UNTRIED);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_stalled_greeting_costs_its_time_out)
{
	struct smtp_server *s = smtp_server_start(RULES({"CONNECT", 0, SMTP_STALL, NULL}), NULL);
	struct err e = {0};
	int64_t from = ticks_ms();

	ck_assert(!send_to(s, &e));
	ck_assert_int_eq(e.code, ERR_PEER);
	ck_assert_str_eq(e.reason, "dropped");
	ck_assert_int_lt(ticks_ms() - from, 1500);
	FATES(LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_refusing_greeting_is_told)
{
	struct smtp_server *s = smtp_server_start(RULES({"CONNECT", 0, SMTP_SAY, "554 no"}), NULL);
	struct err e = {0};

	ck_assert(!send_to(s, &e));
	ck_assert_str_eq(e.reason, "server_refused");
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_server_that_is_away_is_unreachable)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	smtp_server_stop(s);
	ck_assert(!send_with(&c, NULL, &e));
	ck_assert_str_eq(e.reason, "unreachable");
}
END_TEST

START_TEST(a_letter_that_cannot_be_recorded_ends_the_session)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct smtp_config c = config_for(s);
	struct err e = {0};
	int stop_after = 2;

	ck_assert(send_with(&c, &stop_after, &e));
	FATES(LETTER_TAKEN, LETTER_TAKEN, LETTER_UNTRIED, LETTER_UNTRIED);
	ck_assert_ptr_null(smtp_server_text(s, 2, NULL));
	smtp_server_stop(s);
}
END_TEST

START_TEST(starttls_to_the_right_host_works)
{
	char pem[64];
	smtp_server_make_pem("127.0.0.1", pem);
	struct smtp_server *s = smtp_server_start(NULL, pem);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "require";
	c.ca_file = pem;
	ck_assert_msg(send_with(&c, NULL, &e), "%s", e.text);
	FATES(LETTER_TAKEN, LETTER_TAKEN, LETTER_TAKEN, LETTER_TAKEN);
	smtp_server_stop(s);
	unlink(pem);
}
END_TEST

START_TEST(starttls_to_a_wrong_host_sends_nothing)
{
	char pem[64];
	smtp_server_make_pem("elsewhere.example.org", pem);
	struct smtp_server *s = smtp_server_start(NULL, pem);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "require";
	c.ca_file = pem;
	ck_assert(!send_with(&c, NULL, &e));
	ck_assert_int_eq(smtp_server_heard(s, "MAIL"), 0);
	FATES(LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED);
	smtp_server_stop(s);
	unlink(pem);
}
END_TEST

START_TEST(starttls_to_an_unknown_authority_sends_nothing)
{
	char pem[64], other[64];
	smtp_server_make_pem("127.0.0.1", pem);
	smtp_server_make_pem("127.0.0.1", other);
	struct smtp_server *s = smtp_server_start(NULL, pem);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "try";
	c.ca_file = other;
	ck_assert(!send_with(&c, NULL, &e));
	ck_assert_int_eq(smtp_server_heard(s, "MAIL"), 0);
	smtp_server_stop(s);
	unlink(pem);
	unlink(other);
}
END_TEST

START_TEST(a_server_without_starttls_gets_no_letter_when_it_is_required)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "require";
	ck_assert(!send_with(&c, NULL, &e));
	ck_assert_str_eq(e.reason, "tls_missing");
	ck_assert_int_eq(smtp_server_heard(s, "MAIL"), 0);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_password_never_goes_in_the_clear_by_try)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "try";
	c.user = "plans";
	c.password = "secret";
	ck_assert(!send_with(&c, NULL, &e));
	ck_assert_int_eq(smtp_server_heard(s, "AUTH"), 0);
	smtp_server_stop(s);
}
END_TEST

START_TEST(auth_goes_inside_tls)
{
	char pem[64];
	smtp_server_make_pem("127.0.0.1", pem);
	struct smtp_server *s = smtp_server_start(NULL, pem);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "require";
	c.ca_file = pem;
	c.user = "plans";
	c.password = "secret";
	ck_assert_msg(send_with(&c, NULL, &e), "%s", e.text);
	/* base64 of NUL plans NUL secret */
	ck_assert_ptr_nonnull(strstr(smtp_server_line(s, "AUTH", 0), "AHBsYW5zAHNlY3JldA=="));
	smtp_server_stop(s);
	unlink(pem);
}
END_TEST

START_TEST(a_refused_login_leaves_all_letters_untried)
{
	char pem[64];
	smtp_server_make_pem("127.0.0.1", pem);
	struct smtp_server *s = smtp_server_start(RULES({"AUTH", 0, SMTP_SAY, "535 who are you"},
							{"MAIL", 0, SMTP_SAY, "530 login first"}),
						  pem);
	struct smtp_config c = config_for(s);
	struct err e = {0};

	c.tls = "require";
	c.ca_file = pem;
	c.user = "plans";
	c.password = "wrong";
	ck_assert(!send_with(&c, NULL, &e));
	FATES(LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED, LETTER_UNTRIED);
	smtp_server_stop(s);
	unlink(pem);
}
END_TEST

START_TEST(addresses_that_would_break_a_command_are_refused)
{
	static const char *const bad[] = {
		"",        "a",       "@b",        "a@",        "a@b@c",  "a b@c.d", "a@b.c\r\nX",
		"a@b,c@d", "<a@b.c>", "kåre@b.no", "\"a\"@b.c", "a@b.c>", "a;b@c.d", "a@b.c\x7f"};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(!mail_address_ok(bad[i]), "%s", bad[i]);
	ck_assert(!mail_address_ok(NULL));
	ck_assert(mail_address_ok("marte.o'neil+skole@example.org"));
}
END_TEST

Suite *notify_smtp_suite(void)
{
	Suite *s = suite_create("notify_smtp");
	TCase *t = tcase_create("send");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, all_letters_go_over_one_session);
	tcase_add_test(t, a_long_letter_does_not_wait_for_nagle);
	tcase_add_test(t, a_refused_recipient_concerns_one_letter);
	tcase_add_test(t, a_refused_text_concerns_one_letter);
	tcase_add_test(t, a_refused_sender_is_no_reason_to_give_up);
	tcase_add_test(t, a_drop_before_the_text_leaves_letters_untried);
	tcase_add_test(t, a_drop_after_the_final_dot_leaves_one_letter_in_doubt);
	tcase_add_test(t, a_421_in_the_middle_ends_the_session);
	tcase_add_test(t, a_stalled_greeting_costs_its_time_out);
	tcase_add_test(t, a_refusing_greeting_is_told);
	tcase_add_test(t, a_server_that_is_away_is_unreachable);
	tcase_add_test(t, a_letter_that_cannot_be_recorded_ends_the_session);
	tcase_add_test(t, starttls_to_the_right_host_works);
	tcase_add_test(t, starttls_to_a_wrong_host_sends_nothing);
	tcase_add_test(t, starttls_to_an_unknown_authority_sends_nothing);
	tcase_add_test(t, a_server_without_starttls_gets_no_letter_when_it_is_required);
	tcase_add_test(t, a_password_never_goes_in_the_clear_by_try);
	tcase_add_test(t, auth_goes_inside_tls);
	tcase_add_test(t, a_refused_login_leaves_all_letters_untried);
	tcase_add_test(t, addresses_that_would_break_a_command_are_refused);
	suite_add_tcase(s, t);
	return s;
}
