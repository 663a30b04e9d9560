/* Being told: by notification, after a loss, or not at all. */
#include "db/db.h"
#include "db/peek.h"

static const char *const channels[] = {"registration", "notice"};
static struct mem *m;
static struct err e;
static struct db_listener *l;
static char channel[64];

static void setup(void)
{
	m = mem_new();
	l = db_listen_new(database_of("ILPD_TEST_DATABASE"), channels, 2);
	ck_assert_msg(db_listen_wait(l, 0, channel, &e), "%s", e.text);
	ck_assert_str_eq(channel, "");
}

static void teardown(void)
{
	db_listen_free(l);
	mem_free(m);
}

static void tell(void)
{
	struct db *db = db_new(database_of("ILPD_TEST_DATABASE"));

	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_PLATFORM_CHANGED);
	db_add(db, DB_NOTICE_DUE);
	db_add(db, DB_ROSTER_WAKE);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	db_free(db);
}

START_TEST(hears_its_channels_one_by_one)
{
	tell();
	ck_assert(db_listen_wait(l, 5000, channel, &e));
	ck_assert_str_eq(channel, "registration");
	ck_assert(db_listen_wait(l, 5000, channel, &e));
	ck_assert_str_eq(channel, "notice");
	ck_assert(db_listen_wait(l, 20, channel, &e));
	ck_assert_str_eq(channel, "");
}
END_TEST

START_TEST(says_that_it_was_deaf_and_hears_again)
{
	peek("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
	     "WHERE datname = current_database() AND usename = 'ilpd_app'");
	/* the farewell comes first, the end after it */
	bool heard = true;
	for (int i = 0; heard && i < 3; i++)
		heard = db_listen_wait(l, 5000, channel, &e);
	ck_assert(!heard);
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_str_eq(e.reason, "database_lost");
	ck_assert(db_listen_wait(l, 0, channel, &e));
	tell();
	ck_assert(db_listen_wait(l, 5000, channel, &e));
	ck_assert_str_eq(channel, "registration");
}
END_TEST

START_TEST(an_absent_database_is_busy)
{
	struct db_listener *away = db_listen_new("host=/nowhere", channels, 2);

	ck_assert(!db_listen_wait(away, 0, channel, &e));
	ck_assert_int_eq(e.code, ERR_BUSY);
	db_listen_free(away);
	db_listen_free(NULL);
}
END_TEST

Suite *db_listen_suite(void)
{
	Suite *s = suite_create("db/listen");
	TCase *t = tcase_create("listen");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, hears_its_channels_one_by_one);
	tcase_add_test(t, says_that_it_was_deaf_and_hears_again);
	tcase_add_test(t, an_absent_database_is_busy);
	suite_add_tcase(s, t);
	return s;
}
