#include "ilp/post.h"
#include "ilp/work_internal.h"

bool post_add(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	      const struct post_new *w, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int add = db_add(db, DB_POST_ADD, SEAT(v, plan), access_act(ACT_POST), access_act(ACT_LOG),
			 w->id, w->field, w->row, w->text,
			 w->audience < 0 ? NULL : db_num(m, w->audience));
	int post = db_add(db, DB_WORK_POSTS, SEAT(v, plan), NULL, NULL, w->id);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	return work_made(db, add, e) && work_one(m, posts_json(m, db_rows(db, post)), out, e);
}

bool post_save(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	       const char *post, const char *text, int64_t seen, struct work_saved *out,
	       struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int save = db_add(db, DB_POST_SAVE, SEAT(v, plan), access_act(ACT_POST),
			  access_act(ACT_LOG), post, text, db_num(m, seen));
	int now = db_add(db, DB_POST_NOW, SEAT(v, plan), post);
	return db_commit(db, e) && work_saved_read(db, save, now, text, out, e);
}

bool post_change(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		 const char *post, const struct post_change *c, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int done =
		db_add(db, DB_POST_CHANGE, SEAT(v, plan), access_act(ACT_POST), access_act(ACT_LOG),
		       post, c->audience < 0 ? NULL : db_num(m, c->audience), tri_flag(c->removed),
		       tri_flag(c->done));
	int now = db_add(db, DB_WORK_POSTS, SEAT(v, plan), NULL, NULL, post);
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, done)))
		return err_set(e, ERR_NOT_FOUND, "no such post, or not for this viewer to change");
	return work_one(m, posts_json(m, db_rows(db, now)), out, e);
}
