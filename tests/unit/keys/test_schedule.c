/* When our keys change: a year of it, by the database's clock, on two hosts. */
#include "keys/keys.h"
#include "keys/psql.h"
#include "keys/sign.h"
#include "base/str.h"
#include "db/db.h"
#include <string.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define FIRST  "0123456789abcdef0123456789abcde"
#define SECOND "X123456789abcdef0123456789abcde"
static const struct seal_key first = {.now = FIRST}, second = {.now = SECOND};
static const struct seal_key changing = {.now = SECOND, .before = FIRST, .has_before = true};

enum { HOUR = 3600, DAY = 24 * HOUR, BEGIN = 1800000000 };

static struct mem *m;
static struct err e;

static void setup(void)
{
	m = mem_new();
	test_sql("DELETE FROM keys.signing_key");
}

static void teardown(void)
{
	test_sql("DELETE FROM keys.signing_key");
	mem_free(m);
}

/* The database as it is `t` seconds after the beginning. */
static const char *database_at(int64_t t)
{
	time_t when = (time_t)(BEGIN + t);
	char now[32];
	struct tm tm;

	ck_assert_ptr_nonnull(gmtime_r(&when, &tm));
	ck_assert_uint_gt(strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &tm), 0);
	return mem_printf(m, "%s options='-c app.now=%s'", test_database("ILPD_TEST_DATABASE"),
			  now);
}

static struct db *at(int64_t t)
{
	return db_new(database_at(t));
}

static struct key_ring *open_at(int64_t t, const struct seal_key *kek)
{
	struct db *db = at(t);
	struct key_ring *ring;

	ck_assert_msg(keys_open(&ring, m, db, kek, &e), "%s", e.text);
	db_free(db);
	return ring;
}

static bool tend_at(struct key_ring *ring, int64_t t)
{
	struct db *db = at(t);
	bool changed = false;

	ck_assert_msg(keys_tend(ring, m, db, &changed, &e), "%s", e.text);
	db_free(db);
	return changed;
}

static const char *kid_of(const char *token)
{
	struct jws j;

	ck_assert(jws_parse(m, token, strlen(token), "RS256", &j, &e));
	return j.kid;
}

static const char *sign_with(struct key_ring *ring)
{
	const char *token;

	ck_assert(keys_sign(ring, m, js_own(m, json_pack("{s:s}", "iss", "us")), &token, &e));
	return token;
}

static bool verifies(const char *token, const char *published)
{
	struct jwk_set *set;
	struct jws j;

	ck_assert(jwk_set_parse(published, strlen(published), &set, &e));
	ck_assert(jws_parse(m, token, strlen(token), "RS256", &j, &e));
	bool ok = jws_verify(&j, set, &e);
	jwk_set_free(set);
	return ok;
}

static size_t keys_in(const char *published)
{
	json_t *set;

	ck_assert(js_parse(m, published, strlen(published), 65536, &set, &e));
	return json_array_size(js_arr(set, "keys"));
}

static const char *state_of(int64_t t, const char *kid)
{
	struct db *db = at(t);
	const char *state = "none";

	db_begin(db, m, &(struct db_scope){0});
	int list = db_add(db, DB_KEYS_LIST);
	ck_assert(db_commit(db, &e));
	for (int i = 0; i < db_count(db_rows(db, list)); i++)
		if (str_eq(db_text(db_rows(db, list), i, 0), kid))
			state = db_text(db_rows(db, list), i, 1);
	db_free(db);
	return state;
}

/* ---- By the clock ---- */

enum { STEP = DAY, STEPS = 370 * DAY / STEP, CACHE = DAY / STEP };

/* What one host signed at a moment and published then. */
struct moment {
	const char *token, *published;
};

/* RSA signs the same alike: of thousands of pairs few are different, and each of those is
 * verified once. */
static bool verified(const char *token, const char *published)
{
	static struct moment known[100];
	static size_t n;

	for (size_t i = 0; i < n; i++)
		if (str_eq(known[i].token, token) && str_eq(known[i].published, published))
			return true;
	if (!verifies(token, published))
		return false;
	ck_assert_uint_lt(n, 100);
	known[n++] = (struct moment){token, published};
	return true;
}

START_TEST(every_signature_verifies_a_day_before_and_after)
{
	static struct moment seen[2][STEPS];
	struct key_ring *ring[2] = {open_at(0, &first), open_at(0, &first)};
	int changes = 0;

	/* The second host hears nothing and looks an hour after the first. */
	for (int i = 0; i < STEPS; i++) {
		for (int h = 0; h < 2; h++) {
			changes += tend_at(ring[h], (int64_t)i * STEP + h * HOUR);
			seen[h][i] = (struct moment){sign_with(ring[h]), keys_public(ring[h], m)};
			ck_assert_uint_le(keys_in(seen[h][i].published), 2);
		}
	}
	for (int i = CACHE; i < STEPS - CACHE; i++) {
		for (int h = 0; h < 4; h++) {
			const char *token = seen[h & 1][i].token;
			const struct moment *cache = seen[h >> 1];
			ck_assert_msg(verified(token, cache[i - CACHE].published), "%d before", i);
			ck_assert_msg(verified(token, cache[i].published), "%d now", i);
			ck_assert_msg(verified(token, cache[i + CACHE].published), "%d after", i);
		}
	}
	/* four times published, promoted and gone, and nobody did anything twice */
	ck_assert_int_eq(changes, 12);
	ck_assert_str_ne(kid_of(seen[0][0].token), kid_of(seen[0][STEPS - 1].token));
	keys_close(ring[0]);
	keys_close(ring[1]);
}
END_TEST

START_TEST(each_state_lasts_as_long_as_it_is_written)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));

	ck_assert(!tend_at(ring, 83 * DAY - 1));
	ck_assert_uint_eq(keys_in(keys_public(ring, m)), 1);
	ck_assert(tend_at(ring, 83 * DAY));
	ck_assert_uint_eq(keys_in(keys_public(ring, m)), 2);
	ck_assert(!tend_at(ring, 90 * DAY - 1));
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	ck_assert(tend_at(ring, 90 * DAY));
	const char *b = kid_of(sign_with(ring));
	ck_assert_str_ne(b, a);
	ck_assert_str_eq(state_of(90 * DAY, a), "retiring");
	ck_assert(!tend_at(ring, 92 * DAY - 1));
	ck_assert_uint_eq(keys_in(keys_public(ring, m)), 2);
	ck_assert(tend_at(ring, 92 * DAY));
	ck_assert_uint_eq(keys_in(keys_public(ring, m)), 1);
	ck_assert_str_eq(state_of(92 * DAY, a), "gone");
	ck_assert_str_eq(state_of(92 * DAY, b), "active");
	keys_close(ring);
}
END_TEST

START_TEST(a_host_that_was_away_for_long_still_publishes_for_a_day)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));

	ck_assert(tend_at(ring, 200 * DAY));
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	ck_assert(!tend_at(ring, 201 * DAY - 1));
	ck_assert(tend_at(ring, 201 * DAY));
	ck_assert_str_ne(kid_of(sign_with(ring)), a);
	keys_close(ring);
}
END_TEST

START_TEST(what_no_longer_signs_has_no_private_part)
{
	struct key_ring *ring = open_at(0, &first);

	ck_assert(tend_at(ring, 83 * DAY));
	ck_assert(tend_at(ring, 90 * DAY));
	test_sql("DO $$ BEGIN IF (SELECT array_agg(state || (sealed = '') ORDER BY state) FROM "
		 "keys.signing_key) <> '{activefalse,retiringtrue}' THEN RAISE EXCEPTION 'kept'; "
		 "END IF; END $$");
	keys_close(ring);
}
END_TEST

START_TEST(a_key_that_cannot_be_opened_never_signs)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));
	bool changed;

	ck_assert(tend_at(ring, 83 * DAY));
	test_sql("UPDATE keys.signing_key SET sealed = 'x' WHERE state = 'next'");
	struct db *db = at(90 * DAY);
	ck_assert(!keys_tend(ring, m, db, &changed, &e));
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	db_free(db);
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	keys_close(open_at(90 * DAY, &first));
	keys_close(ring);
}
END_TEST

START_TEST(an_emptied_table_is_filled_again)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));

	test_sql("DELETE FROM keys.signing_key");
	ck_assert(tend_at(ring, DAY));
	ck_assert_str_ne(kid_of(sign_with(ring)), a);
	keys_close(ring);
}
END_TEST

/* ---- Many at once ---- */

enum { HOSTS = 6 };

struct host {
	pthread_t thread;
	struct key_ring *ring;
	const char *conninfo;
	bool ok, changed;
};

static void *tend_host(void *self)
{
	struct host *h = self;
	struct mem *own = mem_new();
	struct db *db = db_new(h->conninfo);
	struct err why;

	h->ok = keys_tend(h->ring, own, db, &h->changed, &why);
	db_free(db);
	mem_free(own);
	return NULL;
}

static void all_tend(struct host *hosts, int64_t t)
{
	for (int i = 0; i < HOSTS; i++) {
		hosts[i].conninfo = database_at(t);
		ck_assert_int_eq(pthread_create(&hosts[i].thread, NULL, tend_host, &hosts[i]), 0);
	}
	for (int i = 0; i < HOSTS; i++) {
		pthread_join(hosts[i].thread, NULL);
		ck_assert(hosts[i].ok);
	}
	struct db *db = at(t);
	for (int i = 0; i < HOSTS; i++)
		ck_assert(keys_reload(hosts[i].ring, m, db, &e));
	db_free(db);
}

START_TEST(hosts_at_once_change_a_key_once)
{
	struct host hosts[HOSTS] = {0};

	for (int i = 0; i < HOSTS; i++)
		hosts[i].ring = open_at(0, &first);
	const char *a = kid_of(sign_with(hosts[0].ring));
	all_tend(hosts, 83 * DAY);
	ck_assert_uint_eq(keys_in(keys_public(hosts[0].ring, m)), 2);
	all_tend(hosts, 90 * DAY);
	ck_assert_uint_eq(keys_in(keys_public(hosts[0].ring, m)), 2);
	const char *b = kid_of(sign_with(hosts[0].ring));
	ck_assert_str_ne(a, b);
	for (int i = 0; i < HOSTS; i++) {
		ck_assert_str_eq(keys_public(hosts[i].ring, m), keys_public(hosts[0].ring, m));
		ck_assert_str_eq(kid_of(sign_with(hosts[i].ring)), b);
	}
	for (int i = 0; i < HOSTS; i++)
		keys_close(hosts[i].ring);
}
END_TEST

struct signer {
	pthread_t thread;
	struct key_ring *ring;
	atomic_bool *stop;
	int signed_n;
	bool ok;
};

static void *sign_on(void *self)
{
	struct signer *s = self;
	struct mem *own = mem_new();
	const char *token;
	struct err why;

	s->ok = true;
	while (s->ok && !atomic_load(s->stop)) {
		json_t *claims = js_own(own, json_pack("{s:s}", "iss", "us"));
		s->ok = keys_sign(s->ring, own, claims, &token, &why) &&
			strstr(keys_public(s->ring, own), "keys");
		s->signed_n++;
		mem_reset(own);
	}
	mem_free(own);
	return NULL;
}

START_TEST(it_signs_while_it_is_loaded_again)
{
	struct key_ring *ring = open_at(0, &first);
	atomic_bool stop = false;
	struct signer signers[3];
	struct db *db = at(0);

	for (int i = 0; i < 3; i++) {
		signers[i] = (struct signer){.ring = ring, .stop = &stop};
		ck_assert_int_eq(pthread_create(&signers[i].thread, NULL, sign_on, &signers[i]), 0);
	}
	for (int i = 0; i < 20; i++) {
		struct key_rotation done;
		ck_assert(keys_rotate(m, db, &first, true, &done, &e));
		ck_assert(keys_reload(ring, m, db, &e));
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 3; i++) {
		pthread_join(signers[i].thread, NULL);
		ck_assert(signers[i].ok);
		ck_assert_int_gt(signers[i].signed_n, 0);
	}
	db_free(db);
	keys_close(ring);
}
END_TEST

/* ---- By an operator's word ---- */

START_TEST(rotating_publishes_first_and_signs_a_day_later)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));
	struct key_rotation done;
	struct db *db = at(HOUR);

	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	ck_assert_ptr_null(done.active);
	ck_assert_str_eq(done.published, done.waiting);
	const char *b = done.published;
	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	ck_assert_ptr_null(done.published);
	ck_assert_str_eq(done.waiting, b);
	db_free(db);
	/* the schedule leaves it alone until the active one has done its time */
	ck_assert(!tend_at(ring, 10 * DAY));
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	db = at(HOUR + DAY);
	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	ck_assert_str_eq(done.active, b);
	ck_assert_ptr_null(done.waiting);
	ck_assert(keys_reload(ring, m, db, &e));
	ck_assert_str_eq(kid_of(sign_with(ring)), b);
	ck_assert_uint_eq(keys_in(keys_public(ring, m)), 2);
	db_free(db);
	keys_close(ring);
}
END_TEST

START_TEST(rotating_now_does_not_wait)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = sign_with(ring);
	struct key_rotation done;
	struct db *db = at(HOUR);

	ck_assert(keys_rotate(m, db, &first, true, &done, &e));
	ck_assert_str_eq(done.active, done.published);
	ck_assert(keys_reload(ring, m, db, &e));
	ck_assert_str_eq(kid_of(sign_with(ring)), done.active);
	ck_assert(verifies(a, keys_public(ring, m)));
	db_free(db);
	keys_close(ring);
}
END_TEST

START_TEST(a_revoked_key_is_gone_at_once)
{
	struct key_ring *ring = open_at(0, &first);
	const char *token = sign_with(ring), *a = kid_of(token), *b;
	struct db *db = at(HOUR);

	ck_assert(keys_revoke(m, db, &first, a, &b, &e));
	ck_assert_str_ne(a, b);
	ck_assert(keys_reload(ring, m, db, &e));
	ck_assert(!verifies(token, keys_public(ring, m)));
	ck_assert_str_eq(kid_of(sign_with(ring)), b);
	ck_assert(!keys_revoke(m, db, &first, a, &b, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!keys_revoke(m, db, &first, "nobody", &b, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_str_eq(state_of(HOUR, kid_of(sign_with(ring))), "active");
	db_free(db);
	keys_close(ring);
}
END_TEST

START_TEST(the_next_key_takes_the_place_of_a_revoked_one)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring)), *active;
	struct key_rotation done;
	struct db *db = at(HOUR);

	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	ck_assert(keys_revoke(m, db, &first, a, &active, &e));
	ck_assert_str_eq(active, done.published);
	/* a next or retiring one goes without a change of who signs */
	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	ck_assert(keys_revoke(m, db, &first, done.published, &a, &e));
	ck_assert_str_eq(a, active);
	/* and one that cannot be opened does not take it */
	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	test_sql("UPDATE keys.signing_key SET sealed = 'x' WHERE state = 'next'");
	ck_assert(keys_revoke(m, db, &first, active, &a, &e));
	ck_assert_str_ne(a, done.published);
	ck_assert(keys_reload(ring, m, db, &e));
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	db_free(db);
	keys_close(ring);
}
END_TEST

/* ---- Sealed with ---- */

START_TEST(the_key_that_seals_can_be_replaced)
{
	struct key_ring *ring = open_at(0, &first);
	const char *a = kid_of(sign_with(ring));
	struct key_rotation done;
	struct db *db = at(HOUR);
	int n;

	ck_assert(keys_rotate(m, db, &first, false, &done, &e));
	keys_close(ring);
	/* both open while it goes on */
	keys_close(open_at(0, &changing));
	ck_assert_msg(keys_reseal(m, db, &changing, &n, &e), "%s", e.text);
	ck_assert_int_eq(n, 2);
	/* then the old one opens nothing, and the new one alone is enough */
	ck_assert(!keys_open(&ring, m, db, &first, &e));
	ring = open_at(0, &second);
	ck_assert_str_eq(kid_of(sign_with(ring)), a);
	ck_assert(keys_rotate(m, db, &second, true, &done, &e));
	db_free(db);
	keys_close(ring);
}
END_TEST

START_TEST(platforms_tokens_are_sealed_anew_too)
{
	struct key_ring *ring = open_at(0, &first);
	const char *id = "018f0000-0000-7000-8000-00000000aaaa";
	const char *sealed = seal(m, &first, SEAL_UPDATE_TOKEN, "a token", 7);
	struct db *db = at(HOUR);
	int n;

	test_sql(
		mem_printf(m,
			   "INSERT INTO lti.registration (registration_id, name, profile, issuer, "
			   "client_id, auth_url, token_url, jwks_url, update_token) VALUES ('%s', "
			   "'X', 'generic', 'i', 'c', 'https://x', 'https://x', 'https://x', '%s')",
			   id, sealed));
	ck_assert_msg(keys_reseal(m, db, &changing, &n, &e), "%s", e.text);
	ck_assert_int_eq(n, 2);
	ck_assert(keys_reseal(m, db, &second, &n, &e));
	ck_assert_int_eq(n, 2);
	/* what nobody can open is named, and the others are done */
	test_sql(mem_printf(
		m, "UPDATE lti.registration SET update_token = 'x' WHERE registration_id = '%s'",
		id));
	ck_assert(!keys_reseal(m, db, &second, &n, &e));
	ck_assert_int_eq(n, 1);
	ck_assert_ptr_nonnull(strstr(e.text, id));
	test_sql(mem_printf(m, "DELETE FROM lti.registration WHERE registration_id = '%s'", id));
	db_free(db);
	keys_close(ring);
}
END_TEST

Suite *keys_schedule_suite(void)
{
	Suite *s = suite_create("keys/schedule");
	TCase *t = tcase_create("schedule");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_signature_verifies_a_day_before_and_after);
	tcase_add_test(t, each_state_lasts_as_long_as_it_is_written);
	tcase_add_test(t, a_host_that_was_away_for_long_still_publishes_for_a_day);
	tcase_add_test(t, what_no_longer_signs_has_no_private_part);
	tcase_add_test(t, a_key_that_cannot_be_opened_never_signs);
	tcase_add_test(t, an_emptied_table_is_filled_again);
	tcase_add_test(t, hosts_at_once_change_a_key_once);
	tcase_add_test(t, it_signs_while_it_is_loaded_again);
	tcase_add_test(t, rotating_publishes_first_and_signs_a_day_later);
	tcase_add_test(t, rotating_now_does_not_wait);
	tcase_add_test(t, a_revoked_key_is_gone_at_once);
	tcase_add_test(t, the_next_key_takes_the_place_of_a_revoked_one);
	tcase_add_test(t, the_key_that_seals_can_be_replaced);
	tcase_add_test(t, platforms_tokens_are_sealed_anew_too);
	suite_add_tcase(s, t);
	return s;
}
