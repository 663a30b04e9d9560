/* What becomes of mails when servers, workers and databases misbehave: refusals,
 * leases, kills. The school is test_pipeline.c's. */
#include "base/str.h"
#include "base/sys.h"
#include "notify/school.h"
#include "smtp_server.h"

#include <check.h>
#include <postgresql/libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One guardian's mail, held and due. */
static const char *one_due_mail(void)
{
	const char *emma = person("Emma", "", ""), *marte = person("Marte", "marte", "en");

	link_up(emma, marte);
	release(review(true, true), emma);
	step();
	at("10:05:00");
	return marte;
}

START_TEST(a_temporary_refusal_is_retried_with_growing_delay_then_given_up)
{
	static const int delay[] = {60, 300, 1800, 7200, 21600, 86400};
	const char *marte = one_due_mail();

	for (int i = 0; i < 6; i++) {
		CODES(451);
		ck_assert_str_eq(state_of(marte), mem_printf(m, "retry %d 451", i + 1));
		const char *wait = sql(
			"SELECT extract(epoch FROM due_at - ilp.moment())::int FROM notify.mail "
			"WHERE recipient_id = '%s'",
			marte);
		ck_assert_int_ge(strtol(wait, NULL, 10), delay[i]);
		ck_assert_int_le(strtol(wait, NULL, 10), delay[i] * 12 / 10);
		ck_assert_int_eq(step(), 0); /* not before its time */
		at_day(sql("SELECT to_char(due_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || 'Z' FROM "
			   "notify.mail WHERE recipient_id = '%s'",
			   marte));
	}
	CODES(451);
	ck_assert_str_eq(state_of(marte), "failed 7 451");
	ck_assert_int_eq(letters_kept(), 0);
}
END_TEST

START_TEST(a_refusal_for_good_is_final)
{
	const char *marte = one_due_mail();

	CODES(550);
	ck_assert_str_eq(state_of(marte), "failed 1 550");
	at("23:00:00");
	ck_assert_int_eq(step(), 0);
}
END_TEST

START_TEST(a_server_that_is_away_costs_no_attempt)
{
	const char *marte = one_due_mail();

	for (int i = 0; i < 20; i++) {
		CODES(0);
		ck_assert_str_eq(state_of(marte), "retry 0 dropped");
		sql("UPDATE notify.mail SET due_at = ilp.moment() WHERE recipient_id = '%s'",
		    marte);
	}
	ck_assert_int_eq(step(), 1);
	ck_assert_str_eq(state_of(marte), "sent 1 ");
}
END_TEST

START_TEST(three_days_away_is_too_long)
{
	const char *marte = one_due_mail();

	at_day("2026-11-26T10:00:00Z");
	CODES(0);
	ck_assert_str_eq(state_of(marte), "failed 0 dropped");
}
END_TEST

START_TEST(a_dead_server_is_tried_with_one_mail)
{
	struct notify_config cfg = config();
	struct pipeline p;
	struct err e = {0};
	int sent;
	const int away[] = {0, 0};
	struct mail_ram *ram = mail_out_ram(away, 2);

	for (int i = 0; i < 5; i++) {
		const char *student = person("Emma", mem_printf(m, "s%d", i), "");
		release(review(true, true), student);
	}
	step();
	at("10:05:00");
	ck_assert(pipeline_open(&p, &cfg, mail_ram_out(ram), &e));
	ck_assert(pipeline_send(&p, &sent, &e));
	ck_assert(breaker_is_open(&p.relay, ticks_ms()));
	ck_assert_int_eq(breaker_limit(&p.relay, 50), 1);
	ck_assert_str_eq(
		sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s' AND state = 'retry'",
		    tenant),
		"5");
	sql("UPDATE notify.mail SET due_at = ilp.moment() WHERE tenant_id = '%s'", tenant);
	ck_assert(pipeline_send(&p, &sent, &e)); /* open: nothing is claimed */
	ck_assert_str_eq(sql("SELECT sum(attempt) FROM notify.mail WHERE tenant_id = '%s'", tenant),
			 "0");
	p.relay.open_until = 0;
	ck_assert(pipeline_send(&p, &sent, &e)); /* the second 0: one is tried, in vain */
	ck_assert_int_eq(p.relay.failures, 2);
	ck_assert_str_eq(sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s' AND due_at > "
			     "ilp.moment()",
			     tenant),
			 "1");
	p.relay.open_until = 0;
	ck_assert(pipeline_send(&p, &sent, &e));
	ck_assert_int_eq(sent, 4);
	ck_assert_int_eq(p.relay.failures, 0);
	pipeline_close(&p);
}
END_TEST

START_TEST(the_message_id_stays_the_same)
{
	const char *marte = one_due_mail();
	const char *id = sql("SELECT message_id FROM notify.mail WHERE recipient_id = '%s'", marte);

	CODES(-1); /* taken, perhaps: the answer never came */
	ck_assert_str_eq(state_of(marte), "retry 1 broken");
	at("10:20:00");
	ck_assert_int_eq(step(), 1);
	ck_assert_str_eq(header_of(text_to("marte"), "Message-"),
			 mem_printf(m, "Message-ID: %s", id));
	ck_assert(str_starts(id, "<") && strstr(id, "@plans.example.org>"));
}
END_TEST

START_TEST(a_lease_is_respected_and_ends)
{
	const char *marte = one_due_mail();

	/* another worker claimed it and died */
	sql("UPDATE notify.mail SET state = 'sending', attempt = 1, due_at = "
	    "'2026-11-22T10:10:00Z', "
	    "lease_until = '2026-11-22T10:10:00Z' WHERE recipient_id = '%s'",
	    marte);
	ck_assert_int_eq(step(), 0);
	at("10:10:01");
	ck_assert_int_eq(step(), 1);
	ck_assert_str_eq(state_of(marte), "sent 2 ");
}
END_TEST

/* A server so slow that another worker has taken the mail over meanwhile. */
struct slow_out {
	struct mail_out out;
	bool taken_answer;
};

static bool slow_send(struct mail_out *out, struct letter *l, size_t n, int64_t until,
		      letter_taken *taken, void *arg, struct err *e)
{
	sql("UPDATE notify.mail SET attempt = attempt + 1 WHERE tenant_id = '%s'", tenant);
	l->fate = LETTER_TAKEN;
	((struct slow_out *)out)->taken_answer = taken(arg, l);
	return true;
}

static void slow_free(struct mail_out *out)
{
}

START_TEST(a_worker_that_lost_its_lease_marks_nothing)
{
	const char *marte = one_due_mail();
	struct slow_out slow = {{slow_send, NULL, slow_free}, false};
	struct notify_config cfg = config();
	struct pipeline p;
	struct err e = {0};
	int sent;

	ck_assert(pipeline_open(&p, &cfg, &slow.out, &e));
	ck_assert(pipeline_send(&p, &sent, &e));
	ck_assert_str_eq(state_of(marte), "sending 2 ");
	pipeline_close(&p);
}
END_TEST

START_TEST(a_mail_that_kills_its_worker_is_given_up)
{
	const char *marte = one_due_mail();

	sql("UPDATE notify.mail SET attempt = 12 WHERE recipient_id = '%s'", marte);
	ck_assert_int_eq(step(), 0);
	ck_assert_str_eq(state_of(marte), "failed 13 attempts");
}
END_TEST

START_TEST(an_address_that_is_none_fails_alone)
{
	const char *emma = person("Emma", "emma", "");

	const char *filip = person("Filip", "filip", "");
	release(review(true, true), emma);
	release(review(true, true), filip);
	step();
	sql("UPDATE ilp.person SET email = E'x@y\\r\\nRCPT TO:<all@example.org>' WHERE person_id = "
	    "'%s'",
	    emma);
	at("10:05:00");
	ck_assert_int_eq(step(), 1);
	ck_assert_str_eq(state_of(emma), "failed 1 to");
	ck_assert_str_eq(state_of(filip), "sent 1 ");
}
END_TEST

START_TEST(waiting_late_and_failed_mails_are_counted)
{
	const char *marte = one_due_mail();
	struct db *db = db_new(database);
	struct notify_health before, after;
	struct err e = {0};

	sql("UPDATE notify.mail SET due_at = ilp.moment() - interval '20 minutes' WHERE "
	    "recipient_id = '%s'",
	    marte);
	ck_assert(notify_health(db, m, &before, &e));
	ck_assert_int_eq(before.waiting, 1);
	ck_assert_int_eq(before.late, 1);
	CODES(550);
	ck_assert(notify_health(db, m, &after, &e));
	ck_assert_int_eq(after.waiting, 0);
	ck_assert_int_eq(after.late, 0);
	ck_assert_int_eq(after.failed, before.failed + 1);
	db_free(db);
}
END_TEST

static void many_due_mails(int n)
{
	const char *of = review(true, true);

	for (int i = 0; i < n; i++)
		release(of, person("Emma", mem_printf(m, "s%d", i), i % 2 ? "en" : "nb"));
	step();
	at("10:05:00");
}

static void *work(void *arg)
{
	struct err e = {0};
	int told, sent;

	if (!notify_round(arg, &told, &sent, &e))
		fprintf(stderr, "round: %s\n", e.text);
	return NULL;
}

START_TEST(workers_side_by_side_send_each_mail_once)
{
	enum { WORKERS = 4, MAILS = 60 };
	struct smtp_server *s[WORKERS];
	struct notify_config cfg[WORKERS];
	pthread_t thread[WORKERS];

	many_due_mails(MAILS);
	for (int i = 0; i < WORKERS; i++) {
		s[i] = smtp_server_start(NULL, NULL);
		cfg[i] = config();
		cfg[i].batch = 7;
		cfg[i].relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s[i]));
		ck_assert_int_eq(pthread_create(&thread[i], NULL, work, &cfg[i]), 0);
	}
	int all = 0;
	for (int i = 0; i < WORKERS; i++) {
		pthread_join(thread[i], NULL);
		all += smtp_server_heard(s[i], ".");
		smtp_server_stop(s[i]);
	}
	ck_assert_int_eq(all, MAILS);
	ck_assert_str_eq(sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s' AND state = "
			     "'sent' AND attempt = 1",
			     tenant),
			 "60");
}
END_TEST

START_TEST(a_session_dropped_midway_sends_the_rest_later)
{
	const struct smtp_rule rules[] = {{".", 3, SMTP_DROP, NULL}, {0}};
	struct smtp_server *s = smtp_server_start(rules, NULL);
	struct notify_config cfg = config();
	struct err e = {0};
	int told, sent;

	many_due_mails(5);
	cfg.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s));
	ck_assert(notify_round(&cfg, &told, &sent, &e));
	ck_assert_int_eq(sent, 2);
	at("10:05:20"); /* the untried */
	ck_assert(notify_round(&cfg, &told, &sent, &e));
	ck_assert_int_eq(sent, 2);
	at("10:07:00"); /* the one in doubt */
	ck_assert(notify_round(&cfg, &told, &sent, &e));
	ck_assert_int_eq(sent, 1);
	ck_assert_str_eq(
		sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s' AND state = 'sent'",
		    tenant),
		"5");
	smtp_server_stop(s);
}
END_TEST

/* How many different mails, and how many letters, the server has. */
static int different(struct smtp_server *s, int *all)
{
	const char *seen[LETTERS];
	int n = 0;

	*all = 0;
	for (const char *text; (text = smtp_server_text(s, *all, NULL)); ++*all) {
		const char *id = header_of(text, "Message-ID");
		int k = 0;
		while (k < n && strcmp(seen[k], id) != 0)
			k++;
		if (k == n)
			seen[n++] = id;
	}
	return n;
}

START_TEST(a_killed_worker_repeats_one_mail_at_most)
{
	enum { MAILS = 60 };
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct notify_config cfg = config();
	struct err e = {0};
	int told, sent, all;

	many_due_mails(MAILS);
	cfg.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s));
	for (int round = 0; round < 3; round++) {
		int from = smtp_server_heard(s, ".");
		pid_t child = fork();
		if (!child) {
			bool ok = notify_round(&cfg, &told, &sent, &e);
			_exit(ok ? 0 : 1);
		}
		for (int i = 0; i < 2000 && smtp_server_heard(s, ".") < from + 7; i++)
			usleep(500);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		at(mem_printf(m, "10:%d:00", 20 + 10 * round)); /* the lease is over */
	}
	ck_assert_msg(notify_round(&cfg, &told, &sent, &e), "%s", e.text);
	ck_assert_int_eq(different(s, &all), MAILS);
	ck_assert_int_le(all, MAILS + 3);
	ck_assert_str_eq(
		sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s' AND state = 'sent'",
		    tenant),
		"60");
	smtp_server_stop(s);
}
END_TEST

static atomic_bool enough;

/* Ends every other connection of our role, again and again. */
static void *disturb(void *arg)
{
	PGconn *own = PQconnectdb(database);

	while (!atomic_load(&enough)) {
		PQclear(PQexec(own,
			       "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
			       "WHERE usename = current_user AND application_name = 'victim'"));
		usleep(10000);
	}
	PQfinish(own);
	return NULL;
}

START_TEST(a_database_that_drops_connections_costs_no_mail_and_doubles_none)
{
	enum { MAILS = 60 };
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct notify_config cfg = config();
	pthread_t thread;
	int told, sent, all;

	many_due_mails(MAILS);
	cfg.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s));
	ck_assert_int_eq(pthread_create(&thread, NULL, disturb, NULL), 0);
	setenv("PGAPPNAME", "victim", 1);
	for (int round = 0; round < 6; round++) {
		struct err e = {0};
		if (!notify_round(&cfg, &told, &sent, &e))
			ck_assert_msg(e.code == ERR_BUSY, "%s", e.text);
		at(mem_printf(m, "10:%d:00", 20 + 6 * round));
	}
	atomic_store(&enough, true);
	pthread_join(thread, NULL);
	unsetenv("PGAPPNAME");
	struct err e = {0};
	ck_assert_msg(notify_round(&cfg, &told, &sent, &e), "%s", e.text);
	ck_assert_int_eq(different(s, &all), MAILS);
	ck_assert_int_eq(all, MAILS);
	smtp_server_stop(s);
}
END_TEST

START_TEST(the_thread_wakes_sends_and_stops)
{
	struct smtp_server *s = smtp_server_start(NULL, NULL);
	struct notify_config cfg = config();
	struct notify *n;
	struct err e = {0};

	cfg.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s));
	cfg.window_s = 0;
	ck_assert_msg(notify_start(&n, &cfg, &e), "%s", e.text);
	usleep(200000);
	release(review(true, true), person("Emma", "emma", ""));
	notify_wake(n);
	for (int i = 0; i < 100 && !smtp_server_heard(s, "."); i++)
		usleep(20000);
	ck_assert_int_eq(smtp_server_heard(s, "."), 1);
	int64_t from = ticks_ms();
	notify_stop(n);
	ck_assert_int_lt(ticks_ms() - from, 1000);
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_stalled_server_does_not_hold_up_the_stop)
{
	const struct smtp_rule rules[] = {{".", 1, SMTP_STALL, NULL}, {0}};
	struct smtp_server *s = smtp_server_start(rules, NULL);
	struct notify_config cfg = config();
	struct notify *n;
	struct err e = {0};
	const char *emma = person("Emma", "emma", "");

	cfg.relay = mem_printf(m, "127.0.0.1:%d", smtp_server_port(s));
	cfg.window_s = 0;
	release(review(true, true), emma);
	ck_assert_msg(notify_start(&n, &cfg, &e), "%s", e.text);
	for (int i = 0; i < 200 && !smtp_server_heard(s, "."); i++)
		usleep(20000);
	int64_t from = ticks_ms();
	notify_stop(n);
	ck_assert_int_lt(ticks_ms() - from, 6000);
	ck_assert_str_eq(state_of(emma), "retry 1 broken");
	smtp_server_stop(s);
}
END_TEST

START_TEST(a_wrong_sender_is_told_at_the_start)
{
	struct notify_config cfg = config();
	struct notify *n = NULL;
	struct err e = {0};

	cfg.from = "nobody at all";
	ck_assert(!notify_start(&n, &cfg, &e));
	ck_assert_str_eq(e.field, "mail_from");
}
END_TEST

Suite *notify_delivery_suite(void)
{
	Suite *s = suite_create("notify_delivery");
	TCase *t = tcase_create("delivery");

	tcase_add_checked_fixture(t, school_open, school_close);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_temporary_refusal_is_retried_with_growing_delay_then_given_up);
	tcase_add_test(t, a_refusal_for_good_is_final);
	tcase_add_test(t, a_server_that_is_away_costs_no_attempt);
	tcase_add_test(t, three_days_away_is_too_long);
	tcase_add_test(t, a_dead_server_is_tried_with_one_mail);
	tcase_add_test(t, the_message_id_stays_the_same);
	tcase_add_test(t, a_lease_is_respected_and_ends);
	tcase_add_test(t, a_worker_that_lost_its_lease_marks_nothing);
	tcase_add_test(t, a_mail_that_kills_its_worker_is_given_up);
	tcase_add_test(t, an_address_that_is_none_fails_alone);
	tcase_add_test(t, waiting_late_and_failed_mails_are_counted);
	tcase_add_test(t, workers_side_by_side_send_each_mail_once);
	tcase_add_test(t, a_session_dropped_midway_sends_the_rest_later);
	tcase_add_test(t, a_killed_worker_repeats_one_mail_at_most);
	tcase_add_test(t, a_database_that_drops_connections_costs_no_mail_and_doubles_none);
	tcase_add_test(t, the_thread_wakes_sends_and_stops);
	tcase_add_test(t, a_stalled_server_does_not_hold_up_the_stop);
	tcase_add_test(t, a_wrong_sender_is_told_at_the_start);
	suite_add_tcase(s, t);
	return s;
}
