#include "ilp/objective.h"
#include "base/js.h"
#include "base/str.h"

/* All of them as one parameter. */
static const char *objectives_json(struct mem *m, const struct framework *f)
{
	json_t *list = json_array();
	size_t n;

	for (size_t i = 0; i < f->n; i++) {
		const struct objective *o = &f->objectives[i];
		json_array_append_new(list, json_pack("{s:s, s:s?, s:s, s:s, s:s}", "source_id", o->source_id,
						      "parent", o->parent, "code", o->code, "text",
						      o->text, "level", o->level));
	}
	return js_print(m, js_own(m, list), &n);
}

bool framework_store(struct db *db, struct mem *m, const struct viewer *v, struct framework *f,
		     struct err *e)
{
	if (!access_check(v, RIGHT_MANAGE_SCHOOL, e))
		return false;
	viewer_begin(db, m, v);
	int put = db_add(db, DB_FRAMEWORK_PUT, f->title, f->source, f->source_id, f->language,
			 objectives_json(m, f), v->person);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, put);
	size_t stored = (size_t)db_int(r, 0, 1);
	f->id = db_text(r, 0, 0);
	f->skipped += f->n - stored;
	f->n = stored;
	return true;
}

bool framework_retire(struct db *db, struct mem *m, const struct viewer *v, const char *framework,
		      bool retired, struct err *e)
{
	if (!access_check(v, RIGHT_MANAGE_SCHOOL, e))
		return false;
	viewer_begin(db, m, v);
	int done = db_add(db, DB_FRAMEWORK_RETIRE, framework, db_flag(retired), v->person);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, done)))
		return err_set(e, ERR_NOT_FOUND, "no such framework");
	return true;
}

bool framework_list(struct db *db, struct mem *m, const struct viewer *v, bool all,
		    struct framework_row **out, size_t *n, struct err *e)
{
	if (!access_check(v, all ? RIGHT_MANAGE_SCHOOL : RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int list = db_add(db, DB_FRAMEWORK_LIST, db_flag(all));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, list);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct framework_row, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct framework_row){
			.id = db_text(r, i, 0),
			.title = db_text(r, i, 1),
			.source = db_text(r, i, 2),
			.language = db_text(r, i, 3),
			.imported_at = db_text(r, i, 4),
			.objectives = db_int(r, i, 5),
			.uses = db_int(r, i, 6),
			.retired = db_bool(r, i, 7),
		};
	return true;
}

bool objective_find(struct db *db, struct mem *m, const struct viewer *v, const char *framework,
		    const char *search, const char *parent, struct objective_row **out, size_t *n,
		    struct err *e)
{
	if (!access_check(v, RIGHT_USE_BANK, e))
		return false;
	viewer_begin(db, m, v);
	int found = db_add(db, DB_OBJECTIVE_FIND, framework, search, parent);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, found);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct objective_row, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct objective_row){
			.id = db_text(r, i, 0),
			.parent = db_text(r, i, 1),
			.code = db_text(r, i, 2),
			.text = db_text(r, i, 3),
			.level = db_text(r, i, 4),
			.has_children = db_bool(r, i, 5),
		};
	return true;
}
