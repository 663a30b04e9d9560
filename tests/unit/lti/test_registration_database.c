/* The registry's rows, read as the role that serves. */
#include "lti/fake_platform.h"
#include "keys/psql.h"
#include "db/db.h"

#define OWN   "018f0000-0000-7000-8000-00000000aa01"
#define FIRST "018f0000-0000-7000-8000-00000000aa11"
#define OTHER "018f0000-0000-7000-8000-00000000aa12"
#define GONE  "018f0000-0000-7000-8000-00000000aa13"

static struct mem *m;
static struct db *db;
static struct err e;

static void clean(void)
{
	test_sql("SET app.tenant = '" OWN "';"
		 "DELETE FROM lti.deployment WHERE registration_id IN ('" FIRST "','" OTHER "');"
		 "DELETE FROM lti.registration WHERE tenant_id = '" OWN "';"
		 "DELETE FROM ilp.tenant WHERE tenant_id = '" OWN "'");
}

static void setup(void)
{
	m = mem_new();
	db = db_new(test_database("ILPD_TEST_DATABASE"));
	clean();
	test_sql("SET app.tenant = '" OWN "';"
		 "INSERT INTO ilp.tenant (tenant_id, name) VALUES ('" OWN "', 'Test');"
		 "INSERT INTO lti.registration (registration_id, tenant_id, name, profile, issuer, "
		 "client_id, auth_url, token_url, jwks_url, token_audience, algorithms, audiences, "
		 "observees, skew_s, deployments, anonymous, active) VALUES "
		 "('" FIRST "', '" OWN "', 'A', 'canvas', 'https://t.example', 'c1', "
		 "'https://t.example:8443/auth?x=1', 'https://t.example/token', "
		 "'https://t.example/jwks', 'https://aud.example', 'RS256 ES256', 'a b', 'kids', "
		 "120, 'pending', true, true),"
		 "('" OTHER "', '" OWN "', 'B', 'moodle', 'https://t.example', 'c2', "
		 "'https://t.example/auth', 'https://t.example/token', 'https://t.example/jwks', "
		 "'', 'RS256', '', '', 60, 'closed', false, true),"
		 "('" GONE "', '" OWN "', 'C', 'moodle', 'https://t.example', 'c3', "
		 "'https://t.example/auth', '', 'https://t.example/jwks', "
		 "'', 'RS256', '', '', 60, 'auto', false, false);"
		 "INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state) "
		 "VALUES "
		 "('" FIRST "', 'd1', '" OWN "', 'active'), ('" FIRST "', 'd2', NULL, 'pending'),"
		 "('" FIRST "', 'd3', NULL, 'closed'), ('" OTHER "', 'd1', '" OWN "', 'active')");
}

static void teardown(void)
{
	clean();
	db_free(db);
	mem_free(m);
}

static const struct lti_registration *find(const char *id)
{
	struct lti_registration *rows;
	size_t n;

	ck_assert_msg(registry_database.registrations(m, db, &rows, &n, &e), "%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].id, id))
			return &rows[i];
	return NULL;
}

START_TEST(reads_every_column)
{
	const struct lti_registration *r = find(FIRST);

	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(r->tenant, OWN);
	ck_assert_str_eq(r->name, "A");
	ck_assert_str_eq(r->profile, "canvas");
	ck_assert_str_eq(r->issuer, "https://t.example");
	ck_assert_str_eq(r->client_id, "c1");
	ck_assert_str_eq(r->auth_url, "https://t.example:8443/auth?x=1");
	ck_assert_str_eq(r->token_url, "https://t.example/token");
	ck_assert_str_eq(r->jwks_url, "https://t.example/jwks");
	ck_assert_str_eq(r->token_audience, "https://aud.example");
	ck_assert_str_eq(r->origins, "https://t.example:8443 https://t.example");
	ck_assert_str_eq(r->algorithms, "RS256 ES256");
	ck_assert_str_eq(r->audiences, "a b");
	ck_assert_str_eq(r->observees, "kids");
	ck_assert_int_eq(r->skew_s, 120);
	ck_assert_int_eq(r->deployments, LTI_DEPLOY_PENDING);
	ck_assert(r->anonymous);
}
END_TEST

START_TEST(asks_tokens_for_their_url_where_nothing_else_is_said)
{
	ck_assert_str_eq(find(OTHER)->token_audience, "https://t.example/token");
	ck_assert_int_eq(find(OTHER)->deployments, LTI_DEPLOY_CLOSED);
}
END_TEST

START_TEST(leaves_out_what_is_not_active)
{
	ck_assert_ptr_null(find(GONE));
}
END_TEST

static const struct {
	const char *id;
	enum deployment_state state;
} states[] = {
	{"d1", DEPLOYMENT_ACTIVE},
	{"d2", DEPLOYMENT_PENDING},
	{"d3", DEPLOYMENT_CLOSED},
	{"d4", DEPLOYMENT_UNKNOWN},
	{"d1' OR '1'='1", DEPLOYMENT_UNKNOWN},
};

START_TEST(reads_deployments)
{
	struct deployment d;

	ck_assert(registry_database.deployment(m, db, FIRST, states[_i].id, &d, &e));
	ck_assert_int_eq(d.state, states[_i].state);
	ck_assert(str_eq(d.tenant, d.state == DEPLOYMENT_ACTIVE ? OWN : NULL));
}
END_TEST

static const struct {
	const char *deployment, *registration;
} owners[] = {
	{"d1", NULL}, /* of two registrations */
	{"d2", FIRST},
	{"d3", NULL}, /* closed */
	{"d4", NULL},
};

START_TEST(finds_the_one_registration_of_a_deployment)
{
	const char *id;

	ck_assert(registry_database.by_deployment(m, db, "https://t.example", owners[_i].deployment,
						  &id, &e));
	ck_assert(str_eq(id, owners[_i].registration));
	ck_assert(registry_database.by_deployment(m, db, "https://x.example", owners[_i].deployment,
						  &id, &e));
	ck_assert_ptr_null(id);
}
END_TEST

START_TEST(opens_with_a_plain_base_url_only)
{
	static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
	static const char *const bad[] = {
		"https://t.example/", "https://t.example/x",   "t.example",
		"https://T.example",  "https://t.example:443", ""};
	struct lti_config cfg = {
		.base_url = TOOL, .user_agent = "t", .http_allow = "", .seal_key = key};
	struct lti *l;

	ck_assert(lti_open(&l, &cfg, &e));
	ck_assert_ptr_nonnull(strstr(lti_origins(l, m, db), "https://t.example:8443"));
	lti_changed(l);
	ck_assert_str_eq(lti_origins_of(l, m, db, OTHER), "https://t.example");
	lti_close(l);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cfg.base_url = bad[i];
		ck_assert_msg(!lti_open(&l, &cfg, &e), "%s", bad[i]);
	}
}
END_TEST

Suite *lti_registration_database_suite(void)
{
	Suite *s = suite_create("lti/registration_database");
	TCase *t = tcase_create("registration_database");

	tcase_set_timeout(t, 20);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_every_column);
	tcase_add_test(t, asks_tokens_for_their_url_where_nothing_else_is_said);
	tcase_add_test(t, leaves_out_what_is_not_active);
	tcase_add_loop_test(t, reads_deployments, 0, COUNT(states));
	tcase_add_loop_test(t, finds_the_one_registration_of_a_deployment, 0, COUNT(owners));
	tcase_add_test(t, opens_with_a_plain_base_url_only);
	suite_add_tcase(s, t);
	return s;
}
