/* school.h - a school of its own for each test, made through the program's doors. */
#ifndef TESTS_ILP_SCHOOL_H
#define TESTS_ILP_SCHOOL_H

#include "ilp/arrival.h"
#include "ilp/entry.h"
#include "ilp/family.h"
#include "ilp/people.h"
#include "ilp/roster.h"
#include "ilp/scale.h"
#include "db/peek.h"
#include "base/str.h"

static struct mem *m;
static struct db *db;
static struct err e;
static const char *tenant, *registration;
static const char *roster_url; /* of launches; NULL: the platform offers no roster */

__attribute__((unused)) static struct db *db_at(const char *moment)
{
	return db_new(mem_printf(m, "%s options='-c app.now=%s'", database_of("ILPD_TEST_DATABASE"),
				 moment));
}

/* A platform of this school; launches come from it from now on. */
__attribute__((unused)) static void make_registration(const char *issuer)
{
	registration = uuid_new(m);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_PLATFORM_PUT, registration, tenant, "Canvas", "canvas", issuer, registration,
	       "https://canvas.example/a", "https://canvas.example/t", "https://canvas.example/j",
	       "auto", "{}", "{}");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
}

__attribute__((unused)) static void open_school(void)
{
	m = mem_new();
	e = (struct err){0};
	roster_url = NULL;
	db = db_new(database_of("ILPD_TEST_DATABASE"));
	tenant = uuid_new(m);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_TENANT_PUT, tenant, "Solbakken skole", "Europe/Oslo", "nb", "the office");
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	make_registration("https://canvas.example");
}

__attribute__((unused)) static void close_school(void)
{
	/* rosters still wanted would be found by the next test's worker */
	peek("UPDATE ilp.course SET roster_state = 'none' WHERE tenant_id = '%s'", tenant);
	db_free(db);
	mem_free(m);
}

/* What a launch of that person would say; the test changes what it is about. */
__attribute__((unused)) static struct arrival launch_of(const char *sub, const char *role)
{
	return (struct arrival){
		.tenant = tenant,
		.registration = registration,
		.deployment = "1",
		.deployment_is_new = true,
		.sub = sub,
		.given_name = "Given",
		.family_name = sub,
		.name = mem_printf(m, "Given %s", sub),
		.email = mem_printf(m, "%s@example.org", sub),
		.role = role,
		.context = "8B",
		.context_label = "8B",
		.context_title = "English 8B",
		.resource_link = "link",
		.roster_url = roster_url,
		.nonce = uuid_new(m),
		.nonce_expires = 4000000000,
		.session = uuid_new(m),
		.secret_hash = "hash",
		.session_hours = 8,
	};
}

__attribute__((unused)) static struct viewer take_in(const struct arrival *a)
{
	struct arrived who;

	ck_assert_msg(arrival_take(db, m, a, &who, &e), "%s", e.text);
	return (struct viewer){
		.tenant = tenant,
		.person = who.person,
		.course = who.course,
		.role = role_parse(a->role),
		.session = a->session,
		.secret_hash = a->secret_hash,
		.registration = registration,
		.idle_hours = 8,
	};
}

__attribute__((unused)) static struct viewer arrive(const char *sub, const char *role)
{
	struct arrival a = launch_of(sub, role);

	return take_in(&a);
}

__attribute__((unused)) static struct viewer arrive_in(const char *context, const char *sub,
						       const char *role)
{
	struct arrival a = launch_of(sub, role);

	a.context = context;
	return take_in(&a);
}

__attribute__((unused)) static struct viewer
arrive_as_guardian(const char *sub, const char *const *children, size_t n)
{
	struct arrival a = launch_of(sub, "guardian");
	const char **sources = mem_array(m, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		sources[i] = "canvas_observees";
	a.children = children;
	a.children_n = n;
	a.children_sources = sources;
	a.says_children = true;
	return take_in(&a);
}

__attribute__((unused)) static struct review make_review(const struct viewer *teacher,
							 const char *scale)
{
	struct review made;
	struct review_form f = {
		.title = "Halfway",
		.starts_on = "2026-11-01",
		.ends_on = "2026-11-30",
		.has_scale = true,
		.scale = scale ? scale_find(scale)->json : NULL,
		.self_assessment = TRI_YES,
		.to_students = TRI_YES,
		.to_guardians = TRI_YES,
	};

	ck_assert_msg(review_create(db, m, teacher, uuid_new(m), &f, &made, &e), "%s", e.text);
	return made;
}

__attribute__((unused)) static struct entry_saved save(const struct viewer *v, const char *review,
						       const char *student, enum entry_field field,
						       const char *text, int64_t seen)
{
	struct entry_saved out = {0};
	struct entry_save s = {
		.review = review, .student = student, .field = field, .text = text, .seen = seen};

	ck_assert_msg(entry_save(db, m, v, &s, &out, &e), "%s", e.text);
	return out;
}

/* The code it fails with. */
__attribute__((unused)) static enum err_code refused(const struct viewer *v, const char *review,
						     const char *student, enum entry_field field,
						     const char *text, int64_t seen)
{
	struct entry_saved out;
	struct entry_save s = {
		.review = review, .student = student, .field = field, .text = text, .seen = seen};

	e = (struct err){0};
	ck_assert(!entry_save(db, m, v, &s, &out, &e));
	return e.code;
}

__attribute__((unused)) static int64_t release(const struct viewer *teacher, const char *review,
					       const char *student)
{
	int64_t n;
	const char *at;

	ck_assert_msg(release_entries(db, m, teacher, review, &student, 1, &n, &at, &e), "%s",
		      e.text);
	return n;
}

#endif
