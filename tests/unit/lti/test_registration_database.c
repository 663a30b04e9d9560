/* The registry's rows, read as the role that serves. */
#include "lti/fake_platform.h"
#include "keys/psql.h"
#include "db/db.h"

#include "db/peek.h"
#include <pthread.h>

#define OWN     "018f0000-0000-7000-8000-00000000aa01"
#define FOREIGN "018f0000-0000-7000-8000-00000000aa02"
#define FIRST   "018f0000-0000-7000-8000-00000000aa11"
#define OTHER   "018f0000-0000-7000-8000-00000000aa12"
#define GONE    "018f0000-0000-7000-8000-00000000aa13"
#define WAITING "018f0000-0000-7000-8000-00000000aa14"
#define ODD     "018f0000-0000-7000-8000-00000000aa15"
#define OURS    "registration_id::text LIKE '018f0000-0000-7000-8000-00000000aa1_'"

static struct mem *m;
static struct db *db;
static struct err e;

static void clean(void)
{
	test_sql("DELETE FROM lti.invitation WHERE " OURS ";"
		 "DELETE FROM lti.health WHERE " OURS ";"
		 "DELETE FROM lti.deployment WHERE " OURS ";"
		 "SET app.tenant = '" FOREIGN "'; DELETE FROM ilp.role_rule;"
		 "SET app.tenant = '" OWN "'; DELETE FROM ilp.role_rule;"
		 "DELETE FROM lti.registration WHERE " OURS ";"
		 "DELETE FROM ilp.tenant WHERE tenant_id = '" OWN "';"
		 "SET app.tenant = '" FOREIGN "';"
		 "DELETE FROM ilp.tenant WHERE tenant_id = '" FOREIGN "'");
}

static void setup(void)
{
	m = mem_new();
	db = db_new(test_database("ILPD_TEST_DATABASE"));
	e = (struct err){0};
	clean();
	test_sql(
		"SET app.tenant = '" FOREIGN "';"
		"INSERT INTO ilp.tenant (tenant_id, name) VALUES ('" FOREIGN "', 'Other');"
		"SET app.tenant = '" OWN "';"
		"INSERT INTO ilp.tenant (tenant_id, name) VALUES ('" OWN "', 'Test');"
		"INSERT INTO lti.registration (registration_id, tenant_id, name, profile, issuer, "
		"client_id, auth_url, token_url, jwks_url, deployments, state, settings) VALUES "
		"('" FIRST "', '" OWN "', 'A', 'canvas', 'https://t.example', 'c1', "
		"'https://t.example:8443/auth?x=1', 'https://t.example/token', "
		"'https://t.example/jwks', 'pending', 'active', "
		"'{\"token_audience\":\"https://aud.example\",\"algorithms\":\"RS256 ES256\","
		"\"audiences\":\"a b\",\"observees\":\"kids\",\"skew_s\":120,\"anonymous\":true}'),"
		"('" OTHER "', NULL, 'B', 'moodle', 'https://t.example', 'c2', "
		"'https://t.example/auth', 'https://t.example/token', 'https://t.example/jwks', "
		"'closed', 'active', '{}'),"
		"('" GONE "', '" OWN "', 'C', 'moodle', 'https://t.example', 'c3', "
		"'https://t.example/auth', '', 'https://t.example/jwks', 'auto', 'closed', '{}'),"
		"('" WAITING "', NULL, 'D', 'moodle', 'https://t.example', 'c4', "
		"'https://t.example/auth', '', 'https://t.example/jwks', 'auto', 'pending', '{}'),"
		"('" ODD "', NULL, 'E', 'canvas', 'https://o.example', 'c5', "
		"'https://o.example/auth', '', 'https://o.example/jwks', 'auto', 'active', "
		"'{\"skew_s\":9000,\"trusted\":\"x\"}');"
		"INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state) "
		"VALUES "
		"('" FIRST "', 'd1', '" OWN "', 'active'), ('" FIRST "', 'd2', NULL, 'pending'),"
		"('" FIRST "', 'd3', NULL, 'closed'), ('" FIRST "', 'd5', NULL, 'active'),"
		"('" OTHER "', 'd1', '" OWN "', 'active'), ('" GONE "', 'd6', '" OWN
		"', 'active')");
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
	ck_assert_str_eq(r->origins, "https://t.example:8443 https://t.example");
	ck_assert_int_eq(r->deployments, LTI_DEPLOY_PENDING);
	ck_assert_str_eq(r->set.token_audience, "https://aud.example");
	ck_assert_str_eq(r->set.algorithms, "RS256 ES256");
	ck_assert_str_eq(r->set.audiences, "a b");
	ck_assert_str_eq(r->set.observees, "kids");
	ck_assert_int_eq(r->set.skew_s, 120);
	ck_assert(r->set.anonymous);
	ck_assert_int_eq(r->set.roster_limit, 50); /* its profile's */
}
END_TEST

START_TEST(takes_the_profile_where_nothing_else_is_said)
{
	const struct lti_registration *r = find(OTHER);

	ck_assert_ptr_null(r->tenant);
	ck_assert_int_eq(r->deployments, LTI_DEPLOY_CLOSED);
	ck_assert_ptr_eq(r->set.locales, lti_profile_find("moodle")->set.locales);
	ck_assert_int_eq(r->set.skew_s, 180);
}
END_TEST

/* Whoever wrote it: a registration that is wrong in one setting still serves its school. */
START_TEST(goes_on_without_settings_it_cannot_read)
{
	const struct lti_registration *r = find(ODD);

	ck_assert_int_eq(r->set.skew_s, 60);
	ck_assert_str_eq(r->set.trusted, "");
}
END_TEST

START_TEST(leaves_out_what_is_not_active)
{
	ck_assert_ptr_null(find(GONE));
	ck_assert_ptr_null(find(WAITING));
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
	{"d5", DEPLOYMENT_PENDING}, /* active, and nobody's */
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
	{"d1", NULL},                /* of two registrations */
	{"d2", FIRST}, {"d3", NULL}, /* closed */
	{"d4", NULL},  {"d6", NULL}, /* of a closed registration */
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

/* ---- Role rules ---- */

START_TEST(reads_the_rules_of_one_school_and_registration)
{
	struct lti_rules rules;

	test_sql("SET app.tenant = '" OWN "';"
		 "INSERT INTO ilp.role_rule (tenant_id, rule_id, registration_id, position, kind, "
		 "name, "
		 "value, becomes) VALUES "
		 "('" OWN "', gen_random_uuid(), '" FIRST "', 2, 'group', '', 'g', 'guardian'),"
		 "('" OWN "', gen_random_uuid(), '" FIRST "', 1, 'custom', 'kind', 'v', 'teacher'),"
		 "('" OWN "', gen_random_uuid(), '" FIRST "', 3, 'user', '', 'u', 'mentor'),"
		 "('" OWN "', gen_random_uuid(), '" FIRST "', 4, 'role', '', 'r', 'none'),"
		 "('" OWN "', gen_random_uuid(), '" OTHER "', 1, 'user', '', 'x', 'teacher');"
		 "SET app.tenant = '" FOREIGN "';"
		 "INSERT INTO ilp.role_rule (tenant_id, rule_id, registration_id, position, kind, "
		 "value, "
		 "becomes) VALUES "
		 "('" FOREIGN "', gen_random_uuid(), '" FIRST "', 1, 'user', 'y', 'teacher')");
	ck_assert_msg(registry_database.rules(m, db, OWN, FIRST, &rules, &e), "%s", e.text);
	ck_assert_uint_eq(rules.n, 4);
	ck_assert_int_eq(rules.at[0].kind, LTI_RULE_CUSTOM);
	ck_assert_str_eq(rules.at[0].name, "kind");
	ck_assert_str_eq(rules.at[0].value, "v");
	ck_assert_str_eq(rules.at[0].becomes, "teacher");
	ck_assert(uuid_ok(rules.at[0].id));
	ck_assert_int_eq(rules.at[1].kind, LTI_RULE_GROUP);
	ck_assert_int_eq(rules.at[2].kind, LTI_RULE_USER);
	ck_assert_int_eq(rules.at[3].kind, LTI_RULE_ROLE);
	ck_assert(registry_database.rules(m, db, FOREIGN, FIRST, &rules, &e));
	ck_assert_uint_eq(rules.n, 1);
	ck_assert_str_eq(rules.at[0].value, "y");
	ck_assert(registry_database.rules(m, db, FOREIGN, OTHER, &rules, &e));
	ck_assert_uint_eq(rules.n, 0);
}
END_TEST

/* ---- Deployments nobody has claimed ---- */

static const char *wait_with(struct db *on, const char *deployment_id, const char *name)
{
	const char *code = "untouched";

	e = (struct err){0};
	if (!registry_database.pending(m, on, FIRST, deployment_id, name, "guid", &code, &e))
		return str_or(e.reason, e.text);
	return code;
}

static const char *row(const char *deployment_id)
{
	return peek("SELECT concat_ws(' ', state, claim_code, platform_name, platform_guid, "
		    "coalesce(tenant_id::text, 'nobody')) "
		    "FROM lti.deployment WHERE registration_id = '" FIRST
		    "' AND deployment_id = '%s'",
		    deployment_id);
}

START_TEST(writes_a_pending_deployment_once)
{
	const char *code = wait_with(db, "new", "School A");

	ck_assert_str_eq(lti_claim_code_read(m, code), code);
	ck_assert_str_eq(row("new"), mem_printf(m, "pending %s School A guid nobody", code));
	ck_assert_str_eq(wait_with(db, "new", "School B"), code);
	ck_assert_str_eq(row("new"), mem_printf(m, "pending %s School A guid nobody", code));
	test_sql("UPDATE lti.deployment SET seen_at = now() - interval '61 minutes' "
		 "WHERE deployment_id = 'new' AND " OURS);
	ck_assert_str_eq(wait_with(db, "new", "School B"), code);
	ck_assert_str_eq(row("new"), mem_printf(m, "pending %s School B guid nobody", code));
	test_sql("UPDATE lti.deployment SET seen_at = now() - interval '61 minutes' "
		 "WHERE deployment_id = 'new' AND " OURS);
	ck_assert_str_eq(wait_with(db, "new", NULL), code); /* says nothing: keeps what was said */
	ck_assert_str_eq(row("new"), mem_printf(m, "pending %s School B guid nobody", code));
}
END_TEST

START_TEST(gives_a_code_to_one_that_waited_without)
{
	const char *code = wait_with(db, "d2", "School");

	ck_assert_ptr_nonnull(lti_claim_code_read(m, code));
	ck_assert_str_eq(wait_with(db, "d2", "School"), code);
}
END_TEST

START_TEST(gives_no_code_for_what_is_claimed_or_closed)
{
	ck_assert_ptr_null(wait_with(db, "d1", "School"));
	ck_assert_ptr_null(wait_with(db, "d3", "School"));
	ck_assert_str_eq(row("d1"), "active   " OWN);
}
END_TEST

START_TEST(stops_a_platform_that_makes_deployments_up)
{
	test_sql("INSERT INTO lti.deployment (registration_id, deployment_id, state, claim_code) "
		 "SELECT '" FIRST
		 "', 'made-' || n, 'pending', 'TEST-' || n FROM generate_series(1, 998) n");
	const char *last = wait_with(db, "the-1000th", "S"); /* with d2 */
	ck_assert_ptr_nonnull(lti_claim_code_read(m, last));
	ck_assert_str_eq(wait_with(db, "the-1001st", "S"), "deployment_pending");
	ck_assert_int_eq(e.code, ERR_DENIED);
	ck_assert_str_eq(row("the-1001st"), "");
	ck_assert_str_eq(wait_with(db, "the-1000th", "S"), last); /* who waits goes on waiting */
}
END_TEST

struct host {
	struct mem *m;
	struct db *db;
	const char *code;
	bool ok;
};

static void *host_waits(void *self)
{
	struct host *h = self;
	struct err why;

	h->ok = registry_database.pending(h->m, h->db, FIRST, "race", "S", "g", &h->code, &why);
	return NULL;
}

START_TEST(gives_two_hosts_the_same_code)
{
	struct host hosts[4];
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		hosts[i] = (struct host){mem_new(), db_new(test_database("ILPD_TEST_DATABASE")),
					 NULL, false};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, host_waits, &hosts[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		ck_assert(hosts[i].ok && str_eq(hosts[i].code, hosts[0].code));
	}
	for (int i = 0; i < 4; i++) {
		db_free(hosts[i].db);
		mem_free(hosts[i].m);
	}
}
END_TEST

/* ---- What nobody came back for ---- */

static const char *left(void)
{
	db_begin(db, m, &(struct db_scope){0});
	int swept = db_add(db, DB_REGISTRATION_SWEEP);

	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	ck_assert_int_eq(db_count(db_rows(db, swept)), 1);
	return peek(
		"SELECT (SELECT string_agg(right(registration_id::text, 2), ' ' ORDER BY 1) FROM "
		"lti.registration WHERE " OURS ") || ' | ' || (SELECT string_agg(right("
		"registration_id::text, 2) || deployment_id, ' ' ORDER BY 1) FROM lti.deployment "
		"WHERE " OURS ")");
}

START_TEST(sweeps_what_nobody_came_back_for)
{
	ck_assert_str_eq(left(), "11 12 13 14 15 | 11d1 11d2 11d3 11d5 12d1 13d6");
	test_sql("UPDATE lti.registration SET created_at = now() - interval '15 days' WHERE " OURS
		 ";"
		 "UPDATE lti.deployment SET seen_at = now() - interval '89 days' WHERE " OURS ";"
		 "INSERT INTO lti.deployment (registration_id, deployment_id, state) VALUES "
		 "('" WAITING "', 'w', 'pending');"
		 "INSERT INTO lti.health (registration_id) VALUES ('" WAITING "');"
		 "INSERT INTO lti.invitation (invitation_id, tenant_id, secret_hash, expires_at, "
		 "registration_id) VALUES (gen_random_uuid(), '" OWN
		 "', 'sweep-test', now(), '" WAITING "')");
	ck_assert_str_eq(left(),
			 "11 12 13 14 15 | 11d1 11d2 11d3 11d5 12d1 13d6 14w"); /* invited */
	test_sql("DELETE FROM lti.invitation WHERE " OURS);
	ck_assert_str_eq(left(), "11 12 13 15 | 11d1 11d2 11d3 11d5 12d1 13d6");
	test_sql("UPDATE lti.deployment SET seen_at = now() - interval '91 days' WHERE " OURS);
	ck_assert_str_eq(left(), "11 12 13 15 | 11d1 11d3 11d5 12d1 13d6");
}
END_TEST

START_TEST(opens_with_a_plain_base_url_only)
{
	static const struct seal_key key = {.now = "0123456789abcdef0123456789abcde"};
	static const char *const bad[] = {
		"https://t.example/", "https://t.example/x",   "t.example",
		"https://T.example",  "https://t.example:443", ""};
	struct lti_config cfg = {
		.base_url = TOOL, .user_agent = "t", .http_allow = "", .seal_key = &key};
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
	tcase_add_test(t, takes_the_profile_where_nothing_else_is_said);
	tcase_add_test(t, goes_on_without_settings_it_cannot_read);
	tcase_add_test(t, leaves_out_what_is_not_active);
	tcase_add_loop_test(t, reads_deployments, 0, COUNT(states));
	tcase_add_loop_test(t, finds_the_one_registration_of_a_deployment, 0, COUNT(owners));
	tcase_add_test(t, reads_the_rules_of_one_school_and_registration);
	tcase_add_test(t, writes_a_pending_deployment_once);
	tcase_add_test(t, gives_a_code_to_one_that_waited_without);
	tcase_add_test(t, gives_no_code_for_what_is_claimed_or_closed);
	tcase_add_test(t, stops_a_platform_that_makes_deployments_up);
	tcase_add_test(t, gives_two_hosts_the_same_code);
	tcase_add_test(t, sweeps_what_nobody_came_back_for);
	tcase_add_test(t, opens_with_a_plain_base_url_only);
	suite_add_tcase(s, t);
	return s;
}
