/* From event to mailbox on a real PostgreSQL. Each test has a school of its own and
 * owns the clock by app.now (given to new connections by PGOPTIONS). */
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "notify/pipeline_internal.h"
#include "smtp_server.h"

#include <check.h>
#include <postgresql/libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What people type, and what must never be in a mail. */
#define TITLE   "Zqtitle"
#define COMMENT "Zqcomment"
#define VALUE   "Zqvalue"
#define COURSE  "Zqcourse"
#define FAMILY  "Zqfamily"
#define SELF    "Zqself"

#define LETTERS 400

static const char *database;
static struct mem *m;
static PGconn *conn;
static const char *tenant, *teacher, *course, *tag;

/* What the last step handed over. */
static struct {
	char *to, *text;
} letter[LETTERS];
static int letters;

/* The database, by plain libpq ------------------------------------------------- */

static const char *sql(const char *format, ...) PRINTF(1, 2);
static const char *sql(const char *format, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	PGresult *r = PQexec(conn, text);
	ExecStatusType status = PQresultStatus(r);
	ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s\n%s", text,
		      PQerrorMessage(conn));
	const char *first = status == PGRES_TUPLES_OK && PQntuples(r) && !PQgetisnull(r, 0, 0)
				    ? mem_strdup(m, PQgetvalue(r, 0, 0))
				    : "";
	PQclear(r);
	return first;
}

static void at(const char *time)
{
	sql("SET app.now = '2026-11-22T%sZ'", time);
	setenv("PGOPTIONS", mem_printf(m, "-c app.now=2026-11-22T%sZ", time), 1);
}

static void at_day(const char *date)
{
	sql("SET app.now = '%s'", date);
	setenv("PGOPTIONS", mem_printf(m, "-c app.now=%s", date), 1);
}

/* The school ------------------------------------------------------------------ */

static const char *person(const char *given, const char *email, const char *locale)
{
	const char *id = uuid_new(m);

	sql("INSERT INTO ilp.person (tenant_id, person_id, given_name, family_name, name, email, "
	    "locale) "
	    "VALUES ('%s', '%s', '%s', '" FAMILY "', '%s " FAMILY
	    "', nullif('%s', ''), nullif('%s', ''))",
	    tenant, id, given, given, *email ? mem_printf(m, "%s.%s@example.org", email, tag) : "",
	    locale);
	return id;
}

static const char *review(bool to_students, bool to_guardians)
{
	const char *id = uuid_new(m);

	sql("INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, "
	    "to_students, to_guardians, created_by, created_at, changed_at) VALUES ('%s', '%s', "
	    "'%s', '" TITLE "', '2026-08-17', '2026-12-18', '%s', '%s', '%s', now(), now())",
	    tenant, id, course, db_flag(to_students), db_flag(to_guardians), teacher);
	return id;
}

static void event(const char *kind, const char *of, const char *student)
{
	sql("INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, "
	    "student_id) "
	    "VALUES ('%s', ilp.moment(), '%s', '%s', '%s', '%s', '%s')",
	    tenant, kind, teacher, course, of, student);
}

static void release(const char *of, const char *student)
{
	static const char *const typed[][2] = {
		{"value", VALUE}, {"comment", COMMENT}, {"self_comment", SELF}};

	sql("INSERT INTO ilp.entry (tenant_id, review_id, student_id, released_at, released_by) "
	    "VALUES ('%s', '%s', '%s', ilp.moment(), '%s')",
	    tenant, of, student, teacher);
	for (size_t i = 0; i < 3; i++)
		sql("INSERT INTO ilp.entry_text (tenant_id, review_id, student_id, field, text, "
		    "author_id, "
		    "at, released_text, released_rev) VALUES ('%s', '%s', '%s', '%s', '%s', '%s', "
		    "ilp.moment(), '%s', 1)",
		    tenant, of, student, typed[i][0], typed[i][1], teacher, typed[i][1]);
	event("review.released", of, student);
}

static void link_up(const char *student, const char *guardian)
{
	sql("INSERT INTO ilp.guardian_link (tenant_id, student_id, guardian_id, source, "
	    "confirmed_at) "
	    "VALUES ('%s', '%s', '%s', 'manual', ilp.moment())",
	    tenant, student, guardian);
}

static void make_school(void)
{
	const char *registration = uuid_new(m);

	tenant = uuid_new(m);
	course = uuid_new(m);
	tag = mem_printf(m, "%.8s%.4s", tenant + 24, tenant + 9);
	sql("SET app.tenant = '%s'", tenant);
	sql("INSERT INTO ilp.tenant (tenant_id, name, locale) VALUES ('%s', 'Solbakken skole', "
	    "'nb')",
	    tenant);
	sql("INSERT INTO lti.registration (registration_id, tenant_id, name, issuer, client_id, "
	    "auth_url, "
	    "token_url, jwks_url) VALUES ('%s', '%s', 'x', 'x', '%s', 'x', 'x', 'x')",
	    registration, tenant, registration);
	sql("INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state) "
	    "VALUES ('%s', '1', '%s', 'active')",
	    registration, tenant);
	sql("INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, "
	    "context_id, title, "
	    "label) VALUES ('%s', '%s', '%s', '1', 'c', '" COURSE "', '" COURSE "')",
	    tenant, course, registration);
	teacher = person("Ingrid", "ingrid", "");
}

static void setup(void)
{
	const char *owner = getenv("ILPD_TEST_DATABASE_OWNER");
	struct err e = {0};
	int applied;

	database = getenv("ILPD_TEST_DATABASE");
	ck_assert_msg(database && owner,
		      "set ILPD_TEST_DATABASE (the serving role's) and ILPD_TEST_DATABASE_OWNER "
		      "to conninfo strings of a test database");
	unsetenv("PGOPTIONS");
	log_set_level(LOG_ERROR);
	m = mem_new();
	conn = PQconnectdb(database);
	ck_assert_msg(PQstatus(conn) == CONNECTION_OK, "%s", PQerrorMessage(conn));
	ck_assert_msg(db_migrate(owner, PQuser(conn), false, &applied, &e), "%s", e.text);
	i18n_init();
	letters = 0;
	sql("SET client_min_messages = error");
	sql("SET TimeZone = 'UTC'");
	sql("SET app.worker = 'on'");
	sql("UPDATE notify.mail SET state = 'expired' WHERE state IN ('held', 'retry', 'sending')");
	sql("SET app.worker = ''");
	make_school();
	at("10:00:00");
}

static void teardown(void)
{
	for (int i = 0; i < letters; i++) {
		free(letter[i].to);
		free(letter[i].text);
	}
	PQfinish(conn);
	mem_free(m);
	i18n_done();
	unsetenv("PGOPTIONS");
}

/* Steps ------------------------------------------------------------------------ */

static struct notify_config config(void)
{
	return (struct notify_config){
		.database = database,
		.base_url = "https://plans.example.org/",
		.relay = "127.0.0.1:1",
		.tls = "none",
		.user = "",
		.password = "",
		.ca_file = "",
		.from = "Learning plans <plans@example.org>",
		.window_s = 240,
		.batch = 50,
	};
}

/* Without the soft line breaks of quoted-printable. */
static char *unfold(const char *bytes, size_t n)
{
	char *text = malloc(n + 1);
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (i + 2 < n && bytes[i] == '=' && bytes[i + 1] == '\r' && bytes[i + 2] == '\n')
			i += 2;
		else
			text[to++] = bytes[i];
	text[to] = 0;
	return text;
}

static void keep(const struct letter *l)
{
	if (!strstr(l->to, tag)) /* another test's school */
		return;
	ck_assert_int_lt(letters, LETTERS);
	letter[letters].to = strdup(l->to);
	letter[letters++].text = unfold(l->bytes, l->n);
}

/* One round of a worker whose server answers with these codes, then 250. */
static int step_with(const int *code, size_t n)
{
	struct notify_config cfg = config();
	struct mail_ram *ram = mail_out_ram(code, n);
	struct pipeline p;
	struct err e = {0};
	int told, sent;

	ck_assert_msg(pipeline_open(&p, &cfg, mail_ram_out(ram), &e), "%s", e.text);
	ck_assert_msg(pipeline_tell(&p, &told, &e), "tell: %s", e.text);
	ck_assert_msg(pipeline_send(&p, &sent, &e), "send: %s", e.text);
	for (size_t i = 0; i < mail_ram_count(ram); i++)
		keep(mail_ram_letter(ram, i));
	pipeline_close(&p);
	return sent;
}

static int step(void)
{
	return step_with(NULL, 0);
}

static const char *text_to(const char *who)
{
	const char *address = mem_printf(m, "%s.%s@example.org", who, tag);

	for (int i = letters; i-- > 0;)
		if (!strcmp(letter[i].to, address))
			return letter[i].text;
	return NULL;
}

static const char *state_of(const char *who)
{
	return sql("SELECT m.state || ' ' || m.attempt || ' ' || coalesce(m.last_error, '') FROM "
		   "notify.mail m "
		   "WHERE m.tenant_id = '%s' AND m.recipient_id = '%s' ORDER BY m.created_at DESC, "
		   "m.mail_id LIMIT 1",
		   tenant, who);
}

#define CODES(...) step_with((const int[]){__VA_ARGS__}, sizeof(int[]){__VA_ARGS__} / sizeof(int))

/* The tests ---------------------------------------------------------------------- */

START_TEST(one_mail_per_guardian_however_many_children)
{
	const char *marte = person("Marte", "marte", "en-GB");
	const char *emma = person("Emma", "emma", ""), *filip = person("Filip", "", "");
	const char *one = review(true, true), *two = review(true, true);

	link_up(emma, marte);
	link_up(filip, marte);
	release(one, emma);
	step();
	at("10:03:59");
	release(one, filip);
	release(two, filip);
	ck_assert_int_eq(step(), 0);
	at("10:04:01");
	ck_assert_int_eq(step(), 2);
	ck_assert_int_eq(letters, 2);
	ck_assert_ptr_nonnull(
		strstr(text_to("marte"), "Subject: Something new to read about Emma and Filip"));
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "Emma: 1 midterm review\r\n"));
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "Filip: 2 midterm reviews\r\n"));
	ck_assert_ptr_nonnull(
		strstr(text_to("emma"), "Subject: En midtveisvurdering er klar for deg"));
	ck_assert_int_eq(step(), 0);
	ck_assert_str_eq(state_of(marte), "sent 1 ");
}
END_TEST

START_TEST(nothing_typed_is_in_a_mail)
{
	static const char *const typed[] = {TITLE, COMMENT, VALUE, COURSE, FAMILY, SELF};
	const char *emma = person("Emma", "emma", "en"), *filip = person("Filip", "filip", "nb");
	const char *children[] = {emma, filip};

	for (int g = 0; g < 4; g++) {
		const char *guardian =
			person("Marte", mem_printf(m, "g%d", g), g % 2 ? "en" : "no");
		link_up(emma, guardian);
		if (g > 1)
			link_up(filip, guardian);
	}
	for (int i = 0; i < 6; i++)
		release(review(true, true), children[i % 2]);
	step();
	at("10:05:00");
	ck_assert_int_eq(step(), 6);
	for (int i = 0; i < letters; i++)
		for (size_t w = 0; w < sizeof typed / sizeof typed[0]; w++)
			ck_assert_msg(!strstr(letter[i].text, typed[w]), "%s in\n%s", typed[w],
				      letter[i].text);
}
END_TEST

START_TEST(who_is_not_concerned_gets_nothing)
{
	const char *emma = person("Emma", "emma", ""), *mute = person("Mute", "", "");
	const char *ended = person("Ended", "ended", ""),
		   *blocked = person("Blocked", "blocked", "");
	const char *late = person("Late", "late", ""), *fake = person("Fake", "fake", "");
	const char *hidden = person("Hidden", "hidden", "");
	const char *all[] = {mute, ended, blocked, late, fake, hidden, teacher};

	person("Stranger", "stranger", "");
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		link_up(emma, all[i]);
	sql("UPDATE ilp.guardian_link SET state = 'ended' WHERE guardian_id = '%s'", ended);
	sql("UPDATE ilp.guardian_link SET state = 'blocked' WHERE guardian_id = '%s'", blocked);
	sql("UPDATE ilp.guardian_link SET expires_at = ilp.moment() WHERE guardian_id = '%s'",
	    late);
	sql("UPDATE ilp.person SET is_test = true WHERE person_id = '%s'", fake);
	sql("UPDATE ilp.person SET is_protected = true WHERE person_id = '%s'", hidden);
	release(review(true, true), emma);
	step();
	at("10:05:00");
	step();
	ck_assert_int_eq(letters, 1);
	ck_assert_ptr_nonnull(text_to("emma"));
}
END_TEST

START_TEST(nobody_hears_of_a_protected_or_test_student)
{
	const char *marte = person("Marte", "marte", "");
	const char *column[] = {"is_protected", "is_test"};

	for (int i = 0; i < 2; i++) {
		const char *child = person("Kim", mem_printf(m, "kim%d", i), "");
		sql("UPDATE ilp.person SET %s = true WHERE person_id = '%s'", column[i], child);
		link_up(child, marte);
		release(review(true, true), child);
	}
	step();
	at("10:05:00");
	step();
	ck_assert_int_eq(letters, 0);
}
END_TEST

START_TEST(a_review_goes_only_to_its_audience)
{
	const char *emma = person("Emma", "emma", ""), *marte = person("Marte", "marte", "");
	const char *filip = person("Filip", "filip", ""), *jonas = person("Jonas", "jonas", "");

	link_up(emma, marte);
	link_up(filip, jonas);
	release(review(true, false), emma);
	release(review(false, true), filip);
	step();
	at("10:05:00");
	step();
	ck_assert_int_eq(letters, 2);
	ck_assert_ptr_nonnull(text_to("emma"));
	ck_assert_ptr_nonnull(text_to("jonas"));
}
END_TEST

START_TEST(events_without_mail_are_told_too)
{
	const char *emma = person("Emma", "emma", ""), *of = review(true, true);

	event("review.created", of, emma);
	event("entry.saved", of, emma);
	event("self.saved", of, emma);
	step();
	ck_assert_str_eq(
		sql("SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND told_at IS NULL",
		    tenant),
		"0");
	ck_assert_str_eq(sql("SELECT count(*) FROM notify.mail WHERE tenant_id = '%s'", tenant),
			 "0");
}
END_TEST

START_TEST(rights_are_asked_again_when_sending)
{
	const char *taken[] = {
		"UPDATE ilp.guardian_link SET state = 'ended' WHERE true",
		"UPDATE ilp.guardian_link SET expires_at = ilp.moment() WHERE true",
		"UPDATE ilp.entry SET released_at = NULL WHERE true",
		"UPDATE ilp.review SET to_guardians = false WHERE true",
		"UPDATE ilp.person SET is_protected = true WHERE given_name = 'Emma'",
		"UPDATE ilp.person SET email = NULL WHERE given_name = 'Marte'",
	};

	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
		make_school();
		at("10:00:00");
		const char *emma = person("Emma", "", ""), *marte = person("Marte", "marte", "");
		link_up(emma, marte);
		release(review(true, true), emma);
		step();
		ck_assert_str_eq(state_of(marte), "held 0 ");
		sql("%s AND tenant_id = '%s'", taken[i], tenant);
		at("10:05:00");
		ck_assert_int_eq(step(), 0);
		ck_assert_str_eq(state_of(marte), "expired 1 nothing_left");
	}
}
END_TEST

START_TEST(a_mail_tells_what_is_left)
{
	const char *emma = person("Emma", "", ""), *filip = person("Filip", "", "");
	const char *marte = person("Marte", "marte", "en");

	link_up(emma, marte);
	link_up(filip, marte);
	release(review(true, true), emma);
	release(review(true, true), filip);
	step();
	sql("UPDATE ilp.guardian_link SET state = 'blocked' WHERE student_id = '%s'", emma);
	at("10:05:00");
	ck_assert_int_eq(step(), 1);
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "about Filip"));
	ck_assert_ptr_null(strstr(text_to("marte"), "Emma"));
}
END_TEST

static const char *header_of(const char *text, const char *name)
{
	const char *at_name = strstr(text, name);
	return at_name ? mem_strndup(m, at_name, strcspn(at_name, "\r")) : "";
}

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
	ck_assert_int_eq(letters, 0);
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

START_TEST(the_language_is_chosen_then_said_then_the_schools)
{
	const char *a = person("A", "a", "en_US"), *b = person("B", "b", "fi"),
		   *c = person("C", "c", "en");
	const char *of = review(true, true);

	sql("UPDATE ilp.person SET language = 'nb' WHERE person_id = '%s'", c);
	release(of, a);
	release(of, b);
	release(of, c);
	step();
	at("10:05:00");
	step();
	ck_assert_ptr_nonnull(strstr(text_to("a"), "Content-Language: en"));
	ck_assert_ptr_nonnull(strstr(text_to("b"), "Content-Language: nb"));
	ck_assert_ptr_nonnull(strstr(text_to("c"), "Content-Language: nb"));
}
END_TEST

START_TEST(the_school_may_want_initials)
{
	const char *emma = person("Emma", "", ""), *marte = person("Marte", "marte", "en");

	sql("UPDATE ilp.tenant SET policy = '{\"mail_names\": \"initials\"}' WHERE tenant_id = "
	    "'%s'",
	    tenant);
	link_up(emma, marte);
	release(review(true, true), emma);
	step();
	at("10:05:00");
	step();
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "about E."));
	ck_assert_ptr_null(strstr(text_to("marte"), "Emma"));
}
END_TEST

START_TEST(a_later_release_makes_another_mail_in_the_same_thread)
{
	const char *emma = person("Emma", "emma", "");

	release(review(true, true), emma);
	step();
	at("10:05:00");
	step();
	const char *first = text_to("emma");
	at("11:00:00");
	release(review(true, true), emma);
	step();
	at("11:05:00");
	ck_assert_int_eq(step(), 1);
	const char *second = text_to("emma");
	ck_assert_str_ne(header_of(first, "Message-ID"), header_of(second, "Message-ID"));
	ck_assert_str_eq(header_of(first, "References"), header_of(second, "References"));
	ck_assert_str_ne(header_of(first, "https://plans.example.org/m/"),
			 header_of(second, "https://plans.example.org/m/"));
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

Suite *notify_pipeline_suite(void)
{
	Suite *s = suite_create("notify_pipeline");
	TCase *t = tcase_create("pipeline");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, one_mail_per_guardian_however_many_children);
	tcase_add_test(t, nothing_typed_is_in_a_mail);
	tcase_add_test(t, who_is_not_concerned_gets_nothing);
	tcase_add_test(t, nobody_hears_of_a_protected_or_test_student);
	tcase_add_test(t, a_review_goes_only_to_its_audience);
	tcase_add_test(t, events_without_mail_are_told_too);
	tcase_add_test(t, rights_are_asked_again_when_sending);
	tcase_add_test(t, a_mail_tells_what_is_left);
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
	tcase_add_test(t, the_language_is_chosen_then_said_then_the_schools);
	tcase_add_test(t, the_school_may_want_initials);
	tcase_add_test(t, a_later_release_makes_another_mail_in_the_same_thread);
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
