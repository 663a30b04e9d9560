#include "ilp/share.h"
#include "ilp/work.h"

static struct share share_at(const struct db_rows *r, int i)
{
	return (struct share){
		.id = db_text(r, i, 0),
		.title = db_text(r, i, 1),
		.district = db_bool(r, i, 2),
		.school = db_text(r, i, 3),
		.by = db_text(r, i, 4),
		.at = db_text(r, i, 5),
		.uses = db_int(r, i, 6),
		.mine = db_bool(r, i, 7),
		.purpose = db_text(r, i, 8),
		.form_title = db_text(r, i, 9),
		.rows = db_int(r, i, 10),
		.tasks = db_int(r, i, 11),
		.definition = db_text(r, i, 12),
		.content = db_text(r, i, 13),
	};
}

static bool read_one(struct db *db, int index, struct share *out, struct err *e)
{
	const struct db_rows *r = db_rows(db, index);

	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such share for them");
	*out = share_at(r, 0);
	return true;
}

bool share_make(struct db *db, struct mem *m, const struct viewer *v, const char *plan, const char *id,
		bool district, const char *title, struct share *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e) || !access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int made = db_add(db, DB_SHARE_MAKE, SEAT(v, plan), access_act(ACT_SHARE), id,
			  db_flag(!district), title);
	int now = db_add(db, DB_SHARE_LIST, v->person, NULL, id);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, made)))
		return err_set(e, ERR_NOT_FOUND, "no plan of theirs to share");
	if (db_bool(db_rows(db, made), 0, 0))
		return err_field(e, "scope", "the student's groups belong to no school");
	return read_one(db, now, out, e);
}

bool share_list(struct db *db, struct mem *m, const struct viewer *v, const char *search,
		struct share **out, size_t *n, struct err *e)
{
	if (!access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int list = db_add(db, DB_SHARE_LIST, v->person, search, NULL);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, list);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct share, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = share_at(r, i);
	return true;
}

bool share_read(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		struct share *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int one = db_add(db, DB_SHARE_LIST, v->person, NULL, id);
	return db_commit(db, e) && read_one(db, one, out, e);
}

bool share_withdraw(struct db *db, struct mem *m, const struct viewer *v, const char *id, struct err *e)
{
	if (!access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int gone = db_add(db, DB_SHARE_WITHDRAW, id, v->person);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, gone)))
		return err_set(e, ERR_NOT_FOUND, "no share of theirs");
	return true;
}
