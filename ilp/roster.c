#include "ilp/roster.h"
#include "base/js.h"
#include "base/str.h"

bool roster_claim(struct db *db, struct mem *m, struct roster_job *out, bool *found, struct err *e)
{
	*found = false;
	db_begin(db, m, &(struct db_scope){ .worker = true });
	int due = db_add(db, DB_ROSTER_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, due);
	if (!db_count(r))
		return true;
	const char *tenant = db_text(r, 0, 0), *course = db_text(r, 0, 1);

	db_begin(db, m, &(struct db_scope){ .tenant = tenant });
	int claim = db_add(db, DB_ROSTER_CLAIM, course);
	if (!db_commit(db, e))
		return false;
	r = db_rows(db, claim);
	if (!db_count(r))
		return true;
	*found = true;
	*out = (struct roster_job){
		.tenant = tenant,
		.course = course,
		.registration = db_text(r, 0, 0),
		.url = db_text(r, 0, 1),
		.resource_link = db_text(r, 0, 2),
		.context = db_text(r, 0, 3),
		.started = db_text(r, 0, 4),
	};
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

bool roster_take(struct db *db, struct mem *m, const struct roster_job *job,
		 const struct roster_person *people, size_t n, struct err *e)
{
	json_t *list = js_own(m, json_array());

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, member(m, &people[i]));
	const char *members = js_print(m, list, NULL);

	db_begin(db, m, &(struct db_scope){ .tenant = job->tenant });
	db_add(db, DB_ROSTER_IDENTITIES, job->registration, members);
	db_add(db, DB_ROSTER_PEOPLE, job->registration, members);
	db_add(db, DB_ROSTER_MEMBERS, job->registration, members, job->course);
	return db_commit(db, e);
}

bool roster_finish(struct db *db, struct mem *m, const struct roster_job *job, int64_t *left,
		   struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = job->tenant });
	/* Children whom only the roster made known become linked now. */
	db_add(db, DB_GUARDIAN_LINKS_MAKE, job->registration, NULL, job->context);
	int done = db_add(db, DB_ROSTER_FINISH, job->course, job->started);
	if (!db_commit(db, e))
		return false;
	*left = db_int(db_rows(db, done), 0, 0);
	return true;
}

bool roster_fail(struct db *db, struct mem *m, const struct roster_job *job, const char *reason,
		 struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = job->tenant });
	db_add(db, DB_ROSTER_FAIL, job->course, reason);
	return db_commit(db, e);
}
