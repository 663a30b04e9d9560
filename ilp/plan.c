/* What a plan is called, when it is valid, how it goes, and the columns it gets besides
 * those of its template. */
#include "ilp/plan.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/form.h"
#include "ilp/work.h"

bool plan_change(struct db *db, struct mem *m, const struct viewer *v, const char *plan, int64_t rev,
		 const struct plan_facts *f, struct plan_brief *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_PLAN_CHANGE, SEAT(v, plan), access_act(ACT_CHANGE), db_num(m, rev), f->title,
	       f->starts_on, f->ends_on);
	int now = db_add(db, DB_PLAN_NOW, SEAT(v, plan), access_act(ACT_CHANGE));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, now);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no plan of theirs that may be changed");
	*out = (struct plan_brief){
		.id = db_text(r, 0, 0),
		.title = db_text(r, 0, 1),
		.starts_on = db_text(r, 0, 2),
		.ends_on = db_text(r, 0, 3),
		.state = db_text(r, 0, 4),
		.currency = db_text(r, 0, 5),
		.published_at = db_text(r, 0, 6),
		.rev = db_int(r, 0, 7),
	};
	if (str_eq(str_or(f->title, out->title), out->title) &&
	    str_eq(str_or(f->starts_on, out->starts_on), out->starts_on) &&
	    str_eq(str_or(f->ends_on, out->ends_on), out->ends_on))
		return true;
	return err_set(e, ERR_CONFLICT, "plan is at revision %d, not %d", (int)out->rev, (int)rev);
}

bool plan_track(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		const char *value, const char *reason, struct plan_track *out, struct err *e)
{
	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	if (value && str_empty(reason))
		return err_field(e, "reason", "is missing");
	viewer_begin(db, m, v);
	int said = db_add(db, DB_PLAN_TRACK, SEAT(v, plan), access_act(ACT_TRACK), value,
			  value ? reason : NULL);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, said);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no plan of theirs to say it of");
	*out = (struct plan_track){
		.value = db_text(r, 0, 0),
		.reason = db_text(r, 0, 1),
		.by = db_text(r, 0, 2),
		.at = db_text(r, 0, 3),
	};
	return true;
}

/* ---- A field more ---- */

/* The fields of a section, or NULL. */
static const json_t *fields_of(const json_t *definition, const char *section)
{
	const json_t *s;
	size_t i;

	json_array_foreach(json_object_get(definition, "sections"), i, s)
		if (str_eq(js_str(s, "key"), section))
			return json_object_get(s, "fields");
	return NULL;
}

struct form_now {
	const char *id, *definition;
	int hat;
};

static bool read_form(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		      struct form_now *out, struct err *e)
{
	viewer_begin(db, m, v);
	int form = db_add(db, DB_PLAN_FORM, SEAT(v, plan), access_act(ACT_ADD_FIELD));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, form);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no plan of theirs that takes a field");
	*out = (struct form_now){
		.id = db_text(r, 0, 0),
		.definition = db_text(r, 0, 1),
		.hat = (int)db_int(r, 0, 2),
	};
	return true;
}

/* Twice the same is one: the section has a field of this kind and label already. */
static bool has_field(struct mem *m, const char *definition, const char *section, const json_t *field)
{
	const json_t *f, *whole = js_own(m, json_loads(definition, 0, NULL));
	size_t i;

	json_array_foreach(fields_of(whole, section), i, f)
		if (str_eq(js_str(f, "kind"), js_str(field, "kind")) &&
		    json_equal(json_object_get(f, "label"), json_object_get(field, "label")))
			return true;
	return false;
}

bool plan_add_field(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		    const char *section, const json_t *field, json_t **view, struct err *e)
{
	struct form_now now = {0};
	json_t *wider;
	const char *id;

	if (!access_check(v, RIGHT_LIST_STUDENTS, e) || !read_form(db, m, v, plan, &now, e))
		return false;
	if (has_field(m, now.definition, section, field)) {
		*view = form_view(m, now.definition, now.hat);
		return true;
	}
	if (!form_with_field(m, now.definition, section, field, &wider, e))
		return false;
	const json_t *fields = fields_of(wider, section);
	viewer_begin(db, m, v);
	form_put_add(db, m, wider, &id);
	int set = db_add(db, DB_PLAN_FORM_SET, SEAT(v, plan), access_act(ACT_ADD_FIELD), now.id, id,
			 js_str(json_array_get(fields, json_array_size(fields) - 1), "key"));
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, set)))
		return err_set(e, ERR_CONFLICT, "another field was added meanwhile");
	*view = form_view(m, js_print(m, wider, NULL), now.hat);
	return true;
}
