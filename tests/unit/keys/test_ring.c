/* Our own keys: made once however many start, sealed, published without secrets. */
#include "keys/keys.h"
#include "keys/psql.h"
#include "keys/sign.h"
#include "db/db.h"
#include <pthread.h>

static const struct seal_key right = {.now = "0123456789abcdef0123456789abcde"};
static const struct seal_key wrong = {.now = "X123456789abcdef0123456789abcde"};
static const struct seal_key *const kek = &right, *const other = &wrong;
static struct mem *m;
static struct db *db;
static struct err e;

static void setup(void)
{
	m = mem_new();
	db = db_new(test_database("ILPD_TEST_DATABASE"));
	test_sql("DELETE FROM keys.signing_key");
}

static void teardown(void)
{
	test_sql("DELETE FROM keys.signing_key");
	db_free(db);
	mem_free(m);
}

START_TEST(signs_what_its_public_set_verifies)
{
	struct key_ring *ring;
	struct jwk_set *set;
	const char *token;
	struct jws j;

	ck_assert_msg(keys_open(&ring, m, db, kek, &e), "%s", e.text);
	ck_assert(keys_sign(ring, m, js_own(m, json_pack("{s:s}", "iss", "us")), &token, &e));
	ck_assert(jwk_set_parse(keys_public(ring, m), strlen(keys_public(ring, m)), &set, &e));
	ck_assert(jws_parse(m, token, strlen(token), "RS256", &j, &e));
	ck_assert_msg(jws_verify(&j, set, &e), "%s", e.text);
	ck_assert_str_eq(js_str(j.claims, "iss"), "us");
	jwk_set_free(set);
	keys_close(ring);
}
END_TEST

START_TEST(publishes_no_private_member)
{
	static const char *const private[] = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"};
	struct key_ring *ring;
	json_t *set;

	ck_assert(keys_open(&ring, m, db, kek, &e));
	ck_assert(js_parse(m, keys_public(ring, m), strlen(keys_public(ring, m)), 65536, &set, &e));
	const json_t *key = json_array_get(js_arr(set, "keys"), 0);
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		ck_assert(!json_object_get(key, private[i]));
	ck_assert_str_eq(js_str(key, "use"), "sig");
	ck_assert_str_eq(js_str(key, "alg"), "RS256");
	ck_assert_uint_ge(strlen(js_str(key, "kid")), 16);
	keys_close(ring);
}
END_TEST

START_TEST(finds_the_same_key_again)
{
	struct key_ring *first, *second;

	ck_assert(keys_open(&first, m, db, kek, &e));
	ck_assert(keys_open(&second, m, db, kek, &e));
	ck_assert_str_eq(keys_public(first, m), keys_public(second, m));
	keys_close(first);
	keys_close(second);
}
END_TEST

START_TEST(does_not_open_with_another_key)
{
	struct key_ring *ring;

	ck_assert(keys_open(&ring, m, db, kek, &e));
	keys_close(ring);
	ck_assert(!keys_open(&ring, m, db, other, &e));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

START_TEST(publishes_next_and_retiring_keys_too)
{
	struct key_ring *ring;

	ck_assert(keys_open(&ring, m, db, kek, &e));
	keys_close(ring);
	test_sql("INSERT INTO keys.signing_key (kid, state, public_jwk, sealed) VALUES "
		 "('n', 'next', '{\"n\":\"AQ\",\"e\":\"AQAB\",\"d\":\"secret\"}', ''), "
		 "('g', 'gone', '{\"n\":\"AQ\",\"e\":\"AQAB\"}', '')");
	ck_assert(keys_open(&ring, m, db, kek, &e));
	ck_assert_ptr_nonnull(strstr(keys_public(ring, m), "\"kid\":\"n\""));
	ck_assert_ptr_null(strstr(keys_public(ring, m), "\"kid\":\"g\""));
	ck_assert_ptr_null(strstr(keys_public(ring, m), "secret"));
	keys_close(ring);
}
END_TEST

enum { HOSTS = 6 };

struct host {
	pthread_t thread;
	struct key_ring *ring;
	bool ok;
};

static void *start_host(void *self)
{
	struct host *h = self;
	struct mem *own = mem_new();
	struct db *conn = db_new(getenv("ILPD_TEST_DATABASE"));
	struct err why;

	h->ok = keys_open(&h->ring, own, conn, kek, &why);
	db_free(conn);
	mem_free(own);
	return NULL;
}

START_TEST(hosts_that_start_at_once_share_one_key)
{
	struct host hosts[HOSTS] = {0};

	for (int i = 0; i < HOSTS; i++)
		ck_assert_int_eq(pthread_create(&hosts[i].thread, NULL, start_host, &hosts[i]), 0);
	for (int i = 0; i < HOSTS; i++)
		pthread_join(hosts[i].thread, NULL);
	for (int i = 0; i < HOSTS; i++) {
		ck_assert(hosts[i].ok);
		ck_assert_str_eq(keys_public(hosts[i].ring, m), keys_public(hosts[0].ring, m));
	}
	for (int i = 0; i < HOSTS; i++)
		keys_close(hosts[i].ring);
}
END_TEST

Suite *keys_ring_suite(void)
{
	Suite *s = suite_create("keys/ring");
	TCase *t = tcase_create("ring");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, signs_what_its_public_set_verifies);
	tcase_add_test(t, publishes_no_private_member);
	tcase_add_test(t, finds_the_same_key_again);
	tcase_add_test(t, does_not_open_with_another_key);
	tcase_add_test(t, publishes_next_and_retiring_keys_too);
	tcase_add_test(t, hosts_that_start_at_once_share_one_key);
	suite_add_tcase(s, t);
	return s;
}
