/* fake_ring.h - our own keys for tests of services; they live in the database. */
#ifndef TESTS_LTI_FAKE_RING_H
#define TESTS_LTI_FAKE_RING_H

#include "keys/psql.h"
#include "keys/sign.h"
#include "keys/keys.h"
#include "db/db.h"

UNUSED_OK static struct key_ring *fake_ring(struct mem *m)
{
	static const struct seal_key kek = {.now = "0123456789abcdef0123456789abcde"};
	struct db *db = db_new(test_database("ILPD_TEST_DATABASE"));
	struct key_ring *ring;
	struct err e;

	test_sql("DELETE FROM keys.signing_key");
	ck_assert_msg(keys_open(&ring, m, db, &kek, &e), "%s", e.text);
	db_free(db);
	return ring;
}

UNUSED_OK static void fake_ring_close(struct key_ring *ring)
{
	keys_close(ring);
	test_sql("DELETE FROM keys.signing_key");
}

#endif
