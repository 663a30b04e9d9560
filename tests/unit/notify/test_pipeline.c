/* From event to mailbox on a real PostgreSQL. Each test has a school of its own and
 * owns the clock by app.now (given to new connections by PGOPTIONS). */
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "notify/school.h"

#include <check.h>
#include <postgresql/libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What people type, and what must never be in a mail. */
#define TITLE   "Zqtitle"
#define COMMENT "Zqcomment"
#define VALUE   "Zqvalue"
#define COURSE  "Zqcourse"
#define FAMILY  "Zqfamily"
#define SELF    "Zqself"

const char *database, *tenant;
struct mem *m;
static PGconn *conn;
static const char *teacher, *course, *tag;

/* What the last step handed over. */
static struct {
	char *to, *text;
} letter[LETTERS];
static int letters;

/* The database, by plain libpq ------------------------------------------------- */

const char *sql(const char *format, ...)
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

void at(const char *time)
{
	sql("SET app.now = '2026-11-22T%sZ'", time);
	setenv("PGOPTIONS", mem_printf(m, "-c app.now=2026-11-22T%sZ", time), 1);
}

void at_day(const char *date)
{
	sql("SET app.now = '%s'", date);
	setenv("PGOPTIONS", mem_printf(m, "-c app.now=%s", date), 1);
}

/* The school ------------------------------------------------------------------ */

const char *person(const char *given, const char *email, const char *locale)
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

const char *review(bool to_students, bool to_guardians)
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

void release(const char *of, const char *student)
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

void link_up(const char *student, const char *guardian)
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

void school_open(void)
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

void school_close(void)
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

struct notify_config config(void)
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
int step_with(const int *code, size_t n)
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

int step(void)
{
	return step_with(NULL, 0);
}

const char *text_to(const char *who)
{
	const char *address = mem_printf(m, "%s.%s@example.org", who, tag);

	for (int i = letters; i-- > 0;)
		if (!strcmp(letter[i].to, address))
			return letter[i].text;
	return NULL;
}

const char *state_of(const char *who)
{
	return sql("SELECT m.state || ' ' || m.attempt || ' ' || coalesce(m.last_error, '') FROM "
		   "notify.mail m "
		   "WHERE m.tenant_id = '%s' AND m.recipient_id = '%s' ORDER BY m.created_at DESC, "
		   "m.mail_id LIMIT 1",
		   tenant, who);
}

const char *header_of(const char *text, const char *name)
{
	const char *at_name = strstr(text, name);
	return at_name ? mem_strndup(m, at_name, strcspn(at_name, "\r")) : "";
}

int letters_kept(void)
{
	return letters;
}

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

Suite *notify_pipeline_suite(void)
{
	Suite *s = suite_create("notify_pipeline");
	TCase *t = tcase_create("pipeline");

	tcase_add_checked_fixture(t, school_open, school_close);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, one_mail_per_guardian_however_many_children);
	tcase_add_test(t, nothing_typed_is_in_a_mail);
	tcase_add_test(t, who_is_not_concerned_gets_nothing);
	tcase_add_test(t, nobody_hears_of_a_protected_or_test_student);
	tcase_add_test(t, a_review_goes_only_to_its_audience);
	tcase_add_test(t, events_without_mail_are_told_too);
	tcase_add_test(t, rights_are_asked_again_when_sending);
	tcase_add_test(t, a_mail_tells_what_is_left);
	tcase_add_test(t, the_language_is_chosen_then_said_then_the_schools);
	tcase_add_test(t, the_school_may_want_initials);
	tcase_add_test(t, a_later_release_makes_another_mail_in_the_same_thread);
	suite_add_tcase(s, t);
	return s;
}
