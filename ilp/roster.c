#include "ilp/roster.h"
#include "base/js.h"
#include "base/str.h"
#include <stdio.h>

#define NOBODY "00000000-0000-0000-0000-000000000000"

/* The next course's tenant and id, both NULL where none is due. */
static bool due(struct db *db, struct mem *m, struct roster_turns *turns, const char **tenant,
		const char **course, struct err *e)
{
	*tenant = *course = NULL;
	db_begin(db, m, &(struct db_scope){ .worker = true });
	int due = db_add(db, DB_ROSTER_DUE, str_or(turns->after, NOBODY),
			 db_list(m, turns->resting, turns->resting_n));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, due);
	if (!db_count(r))
		return true;
	*tenant = db_text(r, 0, 0);
	*course = db_text(r, 0, 1);
	snprintf(turns->after, sizeof turns->after, "%s", db_text(r, 0, 2));
	return true;
}

static bool claim(struct db *db, struct mem *m, const char *tenant, const char *course,
		  struct roster_job *out, bool *found, struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = tenant });
	int claim = db_add(db, DB_ROSTER_CLAIM, course);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, claim);
	if (!(*found = db_count(r)))
		return true;
	*out = (struct roster_job){
		.tenant = tenant,
		.course = course,
		.registration = db_text(r, 0, 0),
		.url = db_text(r, 0, 1),
		.resource_link = db_text(r, 0, 2),
		.context = db_text(r, 0, 3),
		.attempt = db_text(r, 0, 4),
		.differences = db_bool(r, 0, 5),
		.from = db_text(r, 0, 6),
		.pages = db_int(r, 0, 7),
		.people = db_int(r, 0, 8),
	};
	return true;
}

bool roster_claim(struct db *db, struct mem *m, struct roster_turns *turns, struct roster_job *out,
		  bool *found, struct err *e)
{
	const char *tenant, *course;

	/* Another process may be faster; then the one after it. */
	for (*found = false; !*found;)
		if (!due(db, m, turns, &tenant, &course, e) ||
		    (tenant && !claim(db, m, tenant, course, out, found, e)))
			return false;
		else if (!tenant)
			return true;
	return true;
}

static json_t *member(struct mem *m, const struct roster_person *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "sub", json_string(p->sub));
	json_object_set_new(o, "person", json_string(uuid_new(m)));
	json_object_set_new(o, "lti11", js_text(p->lti11_id));
	json_object_set_new(o, "sis", js_text(p->sis_id));
	json_object_set_new(o, "given", js_text(p->given));
	json_object_set_new(o, "family", js_text(p->family));
	json_object_set_new(o, "name", js_text(p->name));
	json_object_set_new(o, "email", js_text(p->email));
	json_object_set_new(o, "role", json_string(p->role));
	json_object_set_new(o, "test", json_boolean(p->is_test));
	return o;
}

static void add_people(struct db *db, struct mem *m, const struct roster_job *job,
		       const struct roster_page *page)
{
	json_t *list = js_own(m, json_array());

	if (!page->n)
		return;
	for (size_t i = 0; i < page->n; i++)
		json_array_append_new(list, member(m, &page->people[i]));
	const char *members = js_print(m, list, NULL);
	db_add(db, DB_ROSTER_IDENTITIES, job->registration, members, job->course, job->attempt);
	db_add(db, DB_ROSTER_PEOPLE, job->registration, members, job->course, job->attempt);
	db_add(db, DB_ROSTER_MEMBERS, job->registration, members, job->course, job->attempt);
}

bool roster_take(struct db *db, struct mem *m, const struct roster_job *job,
		 const struct roster_page *page, int64_t *left, struct err *e)
{
	int done = -1;

	db_begin(db, m, &(struct db_scope){ .tenant = job->tenant });
	int moved = db_add(db, DB_ROSTER_PAGE, job->course, job->attempt, page->next,
			   page->differences, db_num(m, page->again ? 0 : (int64_t)page->n));
	if (page->leavers_n)
		db_add(db, DB_ROSTER_LEAVERS, job->registration,
		       db_list(m, page->leavers, page->leavers_n), job->course, job->attempt);
	add_people(db, m, job, page);
	/* Children whom only the roster made known become linked now. */
	if (!page->next || page->turn_is_over)
		db_add(db, DB_GUARDIAN_LINKS_MAKE, job->registration, NULL, job->context);
	if (!page->next)
		done = db_add(db, DB_ROSTER_FINISH, job->course, job->attempt);
	else if (page->turn_is_over)
		db_add(db, DB_ROSTER_REST, job->course, job->attempt);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, moved)))
		return err_reason(e, ERR_CONFLICT, "lease_lost", "another worker has this roster");
	if (done >= 0)
		*left = db_int(db_rows(db, done), 0, 0);
	return true;
}

bool roster_fail(struct db *db, struct mem *m, const struct roster_job *job, const char *reason,
		 int64_t retry_after_s, bool anew, struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = job->tenant });
	db_add(db, DB_ROSTER_FAIL, job->course, job->attempt, reason, db_num(m, retry_after_s),
	       db_flag(anew));
	return db_commit(db, e);
}

static bool nightly_of(struct db *db, struct mem *m, const char *tenant, int64_t *wanted,
		       struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = tenant });
	int nightly = db_add(db, DB_ROSTER_NIGHTLY);
	if (!db_commit(db, e))
		return false;
	*wanted += db_count(db_rows(db, nightly));
	return true;
}

bool roster_nightly(struct db *db, struct mem *m, int64_t *wanted, struct err *e)
{
	bool ok = true;

	*wanted = 0;
	db_begin(db, m, &(struct db_scope){ .worker = true });
	int tenants = db_add(db, DB_ROSTER_TENANTS);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, tenants);
	int n = db_count(r);
	for (int i = 0; ok && i < n; i++)
		ok = nightly_of(db, m, db_text(r, i, 0), wanted, e);
	return ok;
}
