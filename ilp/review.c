#include "ilp/review.h"
#include "base/str.h"

int review_list_add(struct db *db, const struct viewer *v, const char *only)
{
	return db_add(db, DB_REVIEW_LIST, v->course, only, v->person);
}

void review_list_read(struct db *db, struct mem *m, int index, struct review **out, size_t *n)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);

	*n = (size_t)rows;
	*out = mem_array(m, struct review, *n);
	for (int i = 0; i < rows; i++)
		(*out)[i] = (struct review){
			.id = db_text(r, i, 0),
			.title = db_text(r, i, 1),
			.starts_on = db_text(r, i, 2),
			.ends_on = db_text(r, i, 3),
			.scale = db_text(r, i, 4),
			.scale_locked = db_bool(r, i, 5),
			.self_assessment = db_bool(r, i, 6),
			.to_students = db_bool(r, i, 7),
			.to_guardians = db_bool(r, i, 8),
			.rev = db_int(r, i, 9),
			.changed_at = db_text(r, i, 10),
			.total = db_int(r, i, 11),
			.assessed = db_int(r, i, 12),
			.released = db_int(r, i, 13),
			.released_at = db_text(r, i, 14),
			.is_empty = !db_int(r, i, 15),
			.self_scale = db_text(r, i, 16),
			.release = db_text(r, i, 17),
			.release_on = db_text(r, i, 18),
			.ready = db_int(r, i, 19),
			.remind_on = db_text(r, i, 20),
		};
}

static bool read_one(struct db *db, struct mem *m, int index, struct review *out, struct err *e)
{
	struct review *list;
	size_t n;

	review_list_read(db, m, index, &list, &n);
	if (!n)
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	*out = list[0];
	return true;
}

static const char *flag(enum tri t)
{
	return t == TRI_UNSET ? NULL : db_flag(t == TRI_YES);
}

bool review_create(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		   const struct review_form *f, struct review *out, struct err *e)
{
	if (!access_check(v, RIGHT_MAKE_REVIEW, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_REVIEW_CREATE, id, v->course, f->title, f->starts_on, f->ends_on, f->scale,
	       db_flag(f->self_assessment != TRI_NO), db_flag(f->to_students != TRI_NO),
	       db_flag(f->to_guardians != TRI_NO), v->person, f->self_scale, f->release, f->release_on);
	int now = review_list_add(db, v, id);
	return db_commit(db, e) && read_one(db, m, now, out, e);
}

bool review_change(struct db *db, struct mem *m, const struct viewer *v, const char *id, int64_t rev,
		   const struct review_form *f, struct review *out, struct err *e)
{
	if (!access_check(v, RIGHT_CHANGE_REVIEW, e))
		return false;
	viewer_begin(db, m, v);
	int changed = db_add(db, DB_REVIEW_CHANGE, id, v->course, db_num(m, rev), f->title, f->starts_on, f->ends_on,
	       db_flag(f->has_scale), f->scale, flag(f->self_assessment), flag(f->to_students),
	       flag(f->to_guardians), v->person, db_flag(f->has_self_scale), f->self_scale, f->release,
	       f->release_on);
	int now = review_list_add(db, v, id);
	if (!db_commit(db, e) || !read_one(db, m, now, out, e))
		return false;
	if (db_count(db_rows(db, changed)))
		return true;
	if (out->rev == rev && (f->has_scale || f->has_self_scale) && out->scale_locked)
		return err_field(e, f->has_scale ? "scale" : "selfScale", "the scale is locked");
	return err_set(e, ERR_CONFLICT, "review is at revision %d, not %d", (int)out->rev, (int)rev);
}

bool review_delete(struct db *db, struct mem *m, const struct viewer *v, const char *id, int64_t rev,
		   struct err *e)
{
	struct review left;

	if (!access_check(v, RIGHT_CHANGE_REVIEW, e))
		return false;
	viewer_begin(db, m, v);
	int gone = db_add(db, DB_REVIEW_DELETE, id, v->course, db_num(m, rev), v->person);
	int now = review_list_add(db, v, id);
	if (!db_commit(db, e))
		return false;
	if (db_count(db_rows(db, gone)))
		return true;
	if (!read_one(db, m, now, &left, e))
		return false;
	return err_set(e, ERR_CONFLICT, "review is in use or at another revision");
}

bool review_duplicate(struct db *db, struct mem *m, const struct viewer *v, const char *id,
		      const struct review_copy *c, struct review *out, struct err *e)
{
	if (!access_check(v, RIGHT_MAKE_REVIEW, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_REVIEW_DUPLICATE, id, v->course, c->id, c->title, c->scale, db_flag(c->comments), v->person);
	int of = review_list_add(db, v, id);
	int now = review_list_add(db, v, c->id);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	return read_one(db, m, now, out, e);
}

bool review_remind(struct db *db, struct mem *m, const struct viewer *v, const char *id, const char *on,
		   struct review *out, struct err *e)
{
	if (!access_check(v, RIGHT_READ_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_REVIEW_REMIND, id, v->course, v->person, on);
	int now = review_list_add(db, v, id);
	if (!db_commit(db, e) || !read_one(db, m, now, out, e))
		return false;
	if (on && !str_eq(on, out->remind_on))
		return err_field(e, "on", "a day that is over");
	return true;
}

bool review_remind_due(struct db *db, struct mem *m, int *told, struct err *e)
{
	*told = 0;
	db_begin(db, m, &(struct db_scope){ .worker = true });
	int due = db_add(db, DB_REMINDER_TENANTS);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *tenants = db_rows(db, due);
	for (int i = 0; i < db_count(tenants); i++) {
		db_begin(db, m, &(struct db_scope){ .tenant = db_text(tenants, i, 0) });
		int tell = db_add(db, DB_REMINDER_TELL);
		db_add(db, DB_NOTICE_DUE);
		if (!db_commit(db, e))
			return false;
		*told += db_count(db_rows(db, tell));
	}
	return true;
}
