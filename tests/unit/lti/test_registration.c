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
	fake_deployments[1].is = (struct deployment){DEPLOYMENT_ACTIVE, TENANT};
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
		    !str_eq(r->client_id, CLIENT) || d.state != DEPLOYMENT_ACTIVE)
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
	tcase_add_test(t, names_every_origin_once);
	tcase_add_test(t, serves_many_threads_while_it_changes);
	suite_add_tcase(s, t);
	return s;
}
