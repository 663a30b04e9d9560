#include "ilp/bank.h"

static bool may(const struct viewer *v, bool school, struct err *e)
{
	return access_check(v, school ? RIGHT_MANAGE_SCHOOL : RIGHT_USE_BANK, e);
}

static struct bank_entry entry_of(const struct db_rows *r, int row)
{
	return (struct bank_entry){
		.id = db_text(r, row, 0),
		.kind = db_text(r, row, 1),
		.subject = db_text(r, row, 2),
		.text = db_text(r, row, 3),
		.uses = db_int(r, row, 4),
		.is_school = db_bool(r, row, 5),
		.at = db_text(r, row, 6),
	};
}

static bool read_one(struct db *db, int index, struct bank_entry *out, struct err *e)
{
	const struct db_rows *r = db_rows(db, index);

	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such sentence of theirs");
	*out = entry_of(r, 0);
	return true;
}

bool bank_list(struct db *db, struct mem *m, const struct viewer *v, const char *kind, bool school,
	       struct bank_entry **out, size_t *n, struct err *e)
{
	if (!may(v, school, e))
		return false;
	viewer_begin(db, m, v);
	int list = db_add(db, DB_BANK_LIST, v->person, kind, db_flag(school));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, list);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct bank_entry, *n);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = entry_of(r, (int)i);
	return true;
}

bool bank_add(struct db *db, struct mem *m, const struct viewer *v, const struct bank_entry *in,
	      bool school, struct bank_entry *out, struct err *e)
{
	if (!may(v, school, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_BANK_ADD, in->id, v->person, in->kind, in->subject, in->text, db_flag(school),
	       db_num(m, BANK_MOST));
	int now = db_add(db, DB_BANK_NOW, in->id, v->person, in->kind, in->text, db_flag(school));
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, now)))
		return err_field(e, "text", "more than %d are kept, or the id is another's",
				 BANK_MOST);
	return read_one(db, now, out, e);
}

bool bank_change(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		 const char *subject, const char *text, bool school, struct bank_entry *out,
		 struct err *e)
{
	if (!may(v, school, e))
		return false;
	viewer_begin(db, m, v);
	int now = db_add(db, DB_BANK_CHANGE, id, v->person, subject, text, db_flag(school));
	return db_commit(db, e) && read_one(db, now, out, e);
}

bool bank_use(struct db *db, struct mem *m, const struct viewer *v, const char *id,
	      struct bank_entry *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int now = db_add(db, DB_BANK_USE, id, v->person);
	return db_commit(db, e) && read_one(db, now, out, e);
}

bool bank_delete(struct db *db, struct mem *m, const struct viewer *v, const char *id, bool school,
		 struct err *e)
{
	if (!may(v, school, e))
		return false;
	viewer_begin(db, m, v);
	int gone = db_add(db, DB_BANK_DELETE, id, v->person, db_flag(school));
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, gone)))
		return err_set(e, ERR_NOT_FOUND, "no such sentence of theirs");
	return true;
}
