/* The registry: asks seldom, forgets when told, goes on without its database. */
#include "lti/fake_platform.h"
#include <pthread.h>

static struct mem *m;
static struct lti *l;
static struct registry *g;
static struct err e;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	g = l->registry;
	fake_add("r1", ISSUER, CLIENT);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

static const char *by_id(const char *id)
{
	const struct lti_registration *r;

	e = (struct err){0};
	return registry_by_id(g, m, NULL, id, &r, &e) ? r->client_id : err_name(e.code);
}

START_TEST(loads_once_and_copies)
{
	const struct lti_registration *r;

	ck_assert(registry_by_id(g, m, NULL, "r1", &r, &e));
	ck_assert_str_eq(by_id("r1"), CLIENT);
	ck_assert_str_eq(by_id("r2"), "not_found");
	ck_assert_int_eq(fake_loads, 1);
	registry_forget(g);
	ck_assert_str_eq(by_id("r1"), CLIENT);
	ck_assert_str_eq(r->client_id, CLIENT); /* a copy outlives its snapshot */
	ck_assert_int_eq(fake_loads, 2);
}
END_TEST

START_TEST(sees_changes_when_told)
{
	ck_assert_str_eq(by_id("r2"), "not_found");
	fake_add("r2", "https://a.example", "c2");
	ck_assert_str_eq(by_id("r2"), "not_found");
	registry_forget(g);
	ck_assert_str_eq(by_id("r2"), "c2");
}
END_TEST

START_TEST(goes_on_without_the_database)
{
	fake_database_fails = true;
	ck_assert_str_eq(by_id("r1"), "busy");
	fake_database_fails = false;
	ck_assert_str_eq(by_id("r1"), CLIENT);
	fake_database_fails = true;
	registry_forget(g);
	ck_assert_str_eq(by_id("r1"), CLIENT);
	ck_assert_int_eq(fake_loads, 3);
	ck_assert_str_eq(by_id("r1"), CLIENT); /* and does not ask at every turn */
	ck_assert_int_eq(fake_loads, 3);
}
END_TEST

START_TEST(finds_among_many)
{
	static char ids[6][8], clients[6][8];

	for (int i = 0; i < 6; i++) {
		snprintf(ids[i], sizeof ids[i], "x%d", 5 - i);
		snprintf(clients[i], sizeof clients[i], "c%d", i);
		fake_add(ids[i], i % 2 ? "https://b.example" : "https://a.example", clients[i]);
	}
	for (int i = 0; i < 6; i++) {
		const struct lti_registration *r;
		ck_assert_str_eq(by_id(ids[i]), clients[i]);
		ck_assert(registry_for_login(g, m, NULL,
					     i % 2 ? "https://b.example" : "https://a.example",
					     clients[i], NULL, &r, &e));
		ck_assert_str_eq(r->id, ids[i]);
		ck_assert(!registry_for_login(g, m, NULL,
					      i % 2 ? "https://a.example" : "https://b.example",
					      clients[i], NULL, &r, &e));
		ck_assert_str_eq(e.reason, "client_unknown");
	}
}
END_TEST

static enum deployment_state deployment(const char *id)
{
	struct deployment d;

	ck_assert(registry_deployment(g, m, NULL, "r1", id, &d, &e));
	ck_assert(d.state != DEPLOYMENT_ACTIVE || str_eq(d.tenant, TENANT));
	return d.state;
}

START_TEST(remembers_deployments_it_knows)
{
	fake_deploy("r1", "a", DEPLOYMENT_ACTIVE);
	fake_deploy("r1", "b", DEPLOYMENT_PENDING);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(deployment("a"), DEPLOYMENT_ACTIVE);
		ck_assert_int_eq(deployment("b"), DEPLOYMENT_PENDING);
	}
	ck_assert_int_eq(fake_deployment_asked, 2);
	fake_deployments[1].is = (struct deployment){.state = DEPLOYMENT_ACTIVE, .tenant = TENANT};
	registry_forget(g);
	ck_assert_int_eq(deployment("b"), DEPLOYMENT_ACTIVE);
}
END_TEST

START_TEST(asks_again_for_deployments_it_does_not_know)
{
	ck_assert_int_eq(deployment("a"), DEPLOYMENT_UNKNOWN);
	fake_deploy("r1", "a", DEPLOYMENT_ACTIVE); /* by the launch itself */
	ck_assert_int_eq(deployment("a"), DEPLOYMENT_ACTIVE);
}
END_TEST

/* ---- Role rules ---- */

static struct lti_rules rules_of(const char *tenant)
{
	struct lti_rules rules;

	ck_assert(registry_rules(g, m, NULL, tenant, "r1", &rules, &e));
	return rules;
}

START_TEST(remembers_rules_until_told)
{
	char value[] = "u7";

	fake_rules[fake_rules_n++] = (struct lti_rule){"a", LTI_RULE_USER, "", value, "guardian"};
	struct lti_rules first = rules_of(TENANT);
	ck_assert_uint_eq(first.n, 1);
	ck_assert_ptr_eq(rules_of(TENANT).at, first.at); /* held, not copied */
	ck_assert_int_eq(fake_rules_asked, 1);
	value[1] = '8';
	ck_assert_str_eq(rules_of(TENANT).at[0].value, "u7");
	registry_forget(g);
	ck_assert_str_eq(rules_of(TENANT).at[0].value, "u8");
	ck_assert_str_eq(first.at[0].value, "u7"); /* who holds the old ones still may read them */
	ck_assert_int_eq(fake_rules_asked, 2);
}
END_TEST

START_TEST(remembers_that_there_are_no_rules)
{
	ck_assert_uint_eq(rules_of("018f0000-0000-7000-8000-000000000009").n, 0);
	ck_assert_uint_eq(rules_of("018f0000-0000-7000-8000-000000000009").n, 0);
	ck_assert_int_eq(fake_rules_asked, 1);
	ck_assert_uint_eq(rules_of(NULL).n, 0); /* nobody's yet */
	ck_assert_int_eq(fake_rules_asked, 1);
}
END_TEST

START_TEST(brings_the_rules_with_the_deployment)
{
	struct deployment d;

	fake_rules[fake_rules_n++] = (struct lti_rule){"a", LTI_RULE_USER, "", "u7", "guardian"};
	fake_deploy("r1", "a", DEPLOYMENT_ACTIVE);
	fake_deploy("r1", "b", DEPLOYMENT_PENDING);
	ck_assert(registry_deployment(g, m, NULL, "r1", "a", &d, &e));
	ck_assert_uint_eq(d.rules.n, 1);
	ck_assert_str_eq(d.rules.at[0].value, "u7");
	ck_assert(registry_deployment(g, m, NULL, "r1", "b", &d, &e));
	ck_assert_uint_eq(d.rules.n, 0);
	ck_assert(registry_deployment(g, m, NULL, "r1", "c", &d, &e));
	ck_assert_uint_eq(d.rules.n, 0);
	ck_assert_ptr_null(d.tenant);
}
END_TEST

/* A launch with the wrong rules would be worse than none. */
START_TEST(fails_where_rules_cannot_be_read)
{
	struct deployment d = {.state = DEPLOYMENT_CLOSED};

	fake_deploy("r1", "a", DEPLOYMENT_ACTIVE);
	ck_assert_str_eq(by_id("r1"), CLIENT);
	ck_assert_int_eq(deployment("a"), DEPLOYMENT_ACTIVE);
	registry_forget(g);
	ck_assert_str_eq(by_id("r1"), CLIENT);
	fake_database_fails = true;
	ck_assert(!registry_deployment(g, m, NULL, "r1", "a", &d, &e));
	ck_assert_int_eq(e.code, ERR_BUSY);
	ck_assert_int_eq(d.state, DEPLOYMENT_CLOSED); /* untouched */
}
END_TEST

START_TEST(copies_what_is_its_own_only)
{
	struct lti_registration *row = fake_add("r2", "https://a.example", "c2");
	const struct lti_registration *r;
	char audience[] = "https://aud.example";

	row->profile = "moodle";
	row->set = lti_profile_find("moodle")->set;
	row->set.token_audience = audience;
	row->tenant = NULL;
	ck_assert(registry_by_id(g, m, NULL, "r2", &r, &e));
	ck_assert_ptr_eq(r->set.locales, lti_profile_find("moodle")->set.locales);
	ck_assert_str_eq(r->set.token_audience, audience);
	ck_assert_ptr_ne(r->set.token_audience, audience);
	ck_assert_ptr_null(r->tenant);
	ck_assert_int_eq(r->set.skew_s, 180);
}
END_TEST

/* ---- R4, as the products are ---- */

static const char *login(const char *issuer, const char *client, const char *id)
{
	const struct lti_registration *r;

	e = (struct err){0};
	return registry_for_login(g, m, NULL, issuer, client, id, &r, &e) ? r->id
									  : str_or(e.reason, "?");
}

#define CANVAS "https://canvas.instructure.com"

/* One issuer for every school of the cloud: the key's id tells them apart, and under a key
 * that several schools share, the deployment. */
START_TEST(tells_canvas_schools_apart)
{
	struct deployment d;

	fake_add("oslo", CANVAS, "10000000000123");
	fake_add("bergen", CANVAS, "10000000000124");
	fake_add("shared", CANVAS, "10000000000999")->tenant = NULL;
	fake_deploy("oslo", "1:aa", DEPLOYMENT_ACTIVE);
	fake_deploy("bergen", "2:bb", DEPLOYMENT_ACTIVE);
	fake_deploy("shared", "3:cc", DEPLOYMENT_ACTIVE);
	fake_deploy("shared", "4:dd", DEPLOYMENT_PENDING);
	ck_assert_str_eq(login(CANVAS, "10000000000123", "1:aa"), "oslo");
	ck_assert_str_eq(login(CANVAS, "10000000000124", NULL), "bergen");
	ck_assert_str_eq(login(CANVAS, "10000000000124", "1:aa"), "bergen"); /* the token decides */
	ck_assert_str_eq(login(CANVAS, "1000000000012", "1:aa"), "client_unknown");
	ck_assert_str_eq(login(CANVAS, NULL, "2:bb"), "bergen");
	ck_assert_str_eq(login(CANVAS, NULL, "3:cc"), "shared");
	ck_assert_str_eq(login(CANVAS, NULL, "9:zz"), "platform_ambiguous");
	ck_assert_str_eq(login(CANVAS, NULL, NULL), "platform_ambiguous"); /* never the first one */
	ck_assert_str_eq(login(CANVAS "/", NULL, NULL), "platform_unknown");
	ck_assert_str_eq(login("https://Canvas.instructure.com", NULL, NULL), "platform_unknown");
	ck_assert(registry_deployment(g, m, NULL, "shared", "4:dd", &d, &e));
	ck_assert_int_eq(d.state, DEPLOYMENT_PENDING);
	ck_assert(registry_deployment(g, m, NULL, "bergen", "1:aa", &d, &e));
	ck_assert_int_eq(d.state, DEPLOYMENT_UNKNOWN); /* another registration's is not ours */
}
END_TEST

/* One issuer and one client for the world: the deployment is the school. */
START_TEST(tells_blackboard_schools_apart)
{
	const char *issuer = "https://blackboard.com",
		   *other = "018f0000-0000-7000-8000-000000000002";
	struct deployment d;

	fake_add("bb", issuer, "8d1a2b3c")->tenant = NULL;
	fake_deploy("bb", "ad09f2f9", DEPLOYMENT_ACTIVE);
	fake_deploy("bb", "ad09f2fa", DEPLOYMENT_ACTIVE);
	fake_deployments[1].is.tenant = other;
	ck_assert_str_eq(login(issuer, "8d1a2b3c", "ad09f2f9"), "bb");
	ck_assert_str_eq(login(issuer, NULL, NULL), "bb"); /* there is but one */
	ck_assert(registry_deployment(g, m, NULL, "bb", "ad09f2f9", &d, &e));
	ck_assert_str_eq(d.tenant, TENANT);
	ck_assert(registry_deployment(g, m, NULL, "bb", "ad09f2fa", &d, &e));
	ck_assert_str_eq(d.tenant, other);
	ck_assert(registry_deployment(g, m, NULL, "bb", "ad09f2fb", &d, &e));
	ck_assert_int_eq(d.state, DEPLOYMENT_UNKNOWN);
}
END_TEST

/* One issuer; a client and a deployment for each school's app. */
START_TEST(tells_schoology_schools_apart)
{
	const char *issuer = "https://schoology.schoology.com";

	fake_add("s1", issuer, "6711");
	fake_add("s2", issuer, "6712");
	fake_deploy("s1", "6711-1", DEPLOYMENT_ACTIVE);
	fake_deploy("s2", "6712-1", DEPLOYMENT_ACTIVE);
	fake_deploy("s1", "twice", DEPLOYMENT_ACTIVE);
	fake_deploy("s2", "twice", DEPLOYMENT_ACTIVE);
	ck_assert_str_eq(login(issuer, "6711", "6711-1"), "s1");
	ck_assert_str_eq(login(issuer, "6712", "6712-1"), "s2");
	ck_assert_str_eq(login(issuer, NULL, "6712-1"), "s2");
	ck_assert_str_eq(login(issuer, NULL, "twice"), "platform_ambiguous");
	ck_assert_str_eq(login(issuer, "", "6711-1"), "client_unknown"); /* login.c gives NULL */
}
END_TEST

/* ---- Ten thousand ---- */

enum { MANY = 10000, SHARING = 4000 };

/* The first of them share one issuer, as on Canvas. */
static bool many(struct mem *own, struct db *db, struct lti_registration **out, size_t *n,
		 struct err *why)
{
	struct lti_registration *list = mem_array(own, struct lti_registration, MANY);

	for (int i = 0; i < MANY; i++) {
		list[i] = fake_rows[0];
		list[i].id = mem_printf(own, "%05d", MANY - i);
		list[i].client_id = mem_printf(own, "client-%d", i);
		if (i >= SHARING)
			list[i].issuer = mem_printf(own, "https://lms-%d.example", i);
	}
	*out = list;
	*n = MANY;
	return true;
}

START_TEST(finds_among_ten_thousand)
{
	const struct registry_source source = {.registrations = many,
					       .by_deployment = fake_source.by_deployment};
	struct registry *big = registry_new(&source);

	registry_free(g);
	g = l->registry = big;
	for (int i = 0; i < MANY; i += 97) {
		const char *issuer =
			i < SHARING ? ISSUER : mem_printf(m, "https://lms-%d.example", i);
		const char *id = mem_printf(m, "%05d", MANY - i);
		const char *client = mem_printf(m, "client-%d", i);
		ck_assert_str_eq(login(issuer, client, NULL), id);
		ck_assert_str_eq(by_id(id), client);
		ck_assert_str_eq(login(issuer, NULL, NULL),
				 i < SHARING ? "platform_ambiguous" : id);
	}
	ck_assert_str_eq(login(ISSUER, "client-4000", NULL), "client_unknown");
	ck_assert_str_eq(login("https://lms-10000.example", "client-1", NULL), "platform_unknown");
	ck_assert_str_eq(by_id("00000"), "not_found");
	size_t before = mem_used(m);
	ck_assert_str_eq(by_id("05000"), "client-5000");
	ck_assert_uint_lt(mem_used(m) - before, 2048); /* one copy, whatever the number */
}
END_TEST

START_TEST(names_every_origin_once)
{
	fake_add("r2", ISSUER, "c2");
	fake_add("r3", "https://b.example", "c3")->origins = "https://b.example:8443";
	fake_add("r4", "https://c.example", "c4")->origins = "";
	ck_assert_str_eq(lti_origins(l, m, NULL), "https://b.example:8443 " ISSUER);
	ck_assert_str_eq(lti_origins_of(l, m, NULL, "r3"), "https://b.example:8443");
	ck_assert_ptr_null(lti_origins_of(l, m, NULL, "r9"));
}
END_TEST

static void *use(void *unused)
{
	struct mem *own = mem_new();

	for (int i = 0; i < 300; i++) {
		const struct lti_registration *r;
		struct deployment d;
		struct err why;
		if (!registry_by_id(g, own, NULL, "r1", &r, &why) ||
		    !registry_deployment(g, own, NULL, "r1", "a", &d, &why) ||
		    !str_eq(r->client_id, CLIENT) || d.state != DEPLOYMENT_ACTIVE ||
		    d.rules.n != 1 || !str_eq(d.rules.at[0].value, "u7"))
			return own;
		if (i % 50 == 0)
			registry_forget(g);
		mem_reset(own);
	}
	mem_free(own);
	return unused;
}

START_TEST(serves_many_threads_while_it_changes)
{
	pthread_t threads[8];
	void *failed;

	fake_deploy("r1", "a", DEPLOYMENT_ACTIVE);
	fake_rules[fake_rules_n++] = (struct lti_rule){"a", LTI_RULE_USER, "", "u7", "guardian"};
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, use, NULL), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], &failed);
		ck_assert_ptr_null(failed);
	}
}
END_TEST

Suite *lti_registration_suite(void)
{
	Suite *s = suite_create("lti/registration");
	TCase *t = tcase_create("registration");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, loads_once_and_copies);
	tcase_add_test(t, sees_changes_when_told);
	tcase_add_test(t, goes_on_without_the_database);
	tcase_add_test(t, finds_among_many);
	tcase_add_test(t, remembers_deployments_it_knows);
	tcase_add_test(t, asks_again_for_deployments_it_does_not_know);
	tcase_add_test(t, remembers_rules_until_told);
	tcase_add_test(t, remembers_that_there_are_no_rules);
	tcase_add_test(t, brings_the_rules_with_the_deployment);
	tcase_add_test(t, fails_where_rules_cannot_be_read);
	tcase_add_test(t, copies_what_is_its_own_only);
	tcase_add_test(t, tells_canvas_schools_apart);
	tcase_add_test(t, tells_blackboard_schools_apart);
	tcase_add_test(t, tells_schoology_schools_apart);
	tcase_add_test(t, finds_among_ten_thousand);
	tcase_add_test(t, names_every_origin_once);
	tcase_add_test(t, serves_many_threads_while_it_changes);
	suite_add_tcase(s, t);
	return s;
}
