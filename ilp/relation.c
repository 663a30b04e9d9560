#include "ilp/relation.h"
#include "base/str.h"
#include "ilp/access.h"

bool relation_list(struct db *db, struct mem *m, const struct viewer *v, const char *query,
		   struct relation **out, size_t *n, struct err *e)
{
	enum { STUDENT, STUDENT_NAME, GUARDIAN, GUARDIAN_NAME, SOURCE, STATE, CONFIRMED, EXPIRES, NOTE };

	if (!access_check(v, RIGHT_SEE_RELATIONS, e))
		return false;
	bool all = viewer_reach(v, RIGHT_SEE_RELATIONS) == REACH_TENANT;
	viewer_begin(db, m, v);
	int list = db_add(db, DB_RELATIONS, all ? NULL : v->course, query, db_num(m, RELATIONS_SHOWN));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, list);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct relation, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct relation){
			.student = db_text(r, i, STUDENT),
			.student_name = db_text(r, i, STUDENT_NAME),
			.guardian = db_text(r, i, GUARDIAN),
			.guardian_name = db_text(r, i, GUARDIAN_NAME),
			.source = db_text(r, i, SOURCE),
			.state = db_text(r, i, STATE),
			.confirmed_at = db_text(r, i, CONFIRMED),
			.expires_at = db_text(r, i, EXPIRES),
			.note = all ? db_text(r, i, NOTE) : "",
		};
	return true;
}

bool relation_block(struct db *db, struct mem *m, const struct viewer *v, const char *student,
		    const char *guardian, bool blocked, const char *note, struct err *e)
{
	if (!access_check(v, RIGHT_CHANGE_RELATIONS, e))
		return false;
	viewer_begin(db, m, v);
	int changed = blocked ? db_add(db, DB_RELATION_BLOCK, student, guardian, note, v->person)
			      : db_add(db, DB_RELATION_UNBLOCK, student, guardian, note, v->person);
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, changed)) || err_set(e, ERR_NOT_FOUND, "no such two people");
}
