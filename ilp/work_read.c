/* A plan's page, and what is newer than it. */
#include "ilp/work_internal.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/meeting.h"
#include "ilp/rich.h"
#include <string.h>

/* The columns of work_plan, by their place. */
enum {
	P_ID,
	P_TITLE,
	P_STARTS,
	P_ENDS,
	P_STATE,
	P_CURRENCY,
	P_PUBLISHED,
	P_REV,
	P_HAT,
	P_REAL_HAT,
	P_LOCKED,
	P_REASON,
	P_BEFORE,
	P_BEFORE_TITLE,
	P_AFTER,
	P_AFTER_TITLE,
	P_AFTER_STATE,
	P_MOVES,
	P_BY,
	P_STUDENT,
	P_NAME,
	P_GIVEN,
	P_FAMILY,
	P_FORM,
	P_LOOKED,
	P_PROPOSES,
	P_ADDS,
	P_FORM_ID
};

/* The statements of a page, by their place in the batch. */
struct page {
	int plan, rows, values, tasks, posts, evidence, reviews, plans, track, readers, meeting,
		now;
	const struct db_rows *p; /* of work_plan */
	int hat;                 /* whose eyes */
	bool borrowed;
};

static json_t *acts_json(const struct page *g)
{
	const char *state = db_text(g->p, 0, P_STATE);
	json_t *list = json_array();

	for (int act = 0; act < ACT_COUNT && !g->borrowed; act++) {
		if (act == ACT_READ || !act_allowed((enum act)act, state, g->hat) ||
		    (act == ACT_PROPOSE && !db_bool(g->p, 0, P_PROPOSES)) ||
		    (act == ACT_ADD_FIELD && !db_bool(g->p, 0, P_ADDS)))
			continue;
		json_array_append_new(list, json_string_nocheck(act_name((enum act)act)));
	}
	return list;
}

static json_t *plan_json(struct mem *m, const struct page *g)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},          {"title", COL_TEXT},
		{"startsOn", COL_TEXT},    {"endsOn", COL_TEXT},
		{"state", COL_TEXT},       {"currency", COL_TEXT},
		{"publishedAt", COL_TEXT}, {"rev", COL_INT},
		{"hat", COL_SKIP},         {"hat", COL_HAT},
		{"lockedAt", COL_MAYBE},   {"lockReason", COL_MAYBE},
		{"predecessor", COL_SKIP}, {"predecessor", COL_SKIP},
		{"successor", COL_SKIP},   {"successor", COL_SKIP},
		{"successor", COL_SKIP},   {"movesTasks", COL_INT},
		{"createdBy", COL_MAYBE},  {0},
	};
	const struct db_rows *p = g->p;
	json_t *o = row_json(m, p, 0, columns);

	json_object_set_new(o, "may", acts_json(g));
	if (g->borrowed)
		json_object_set_new(o, "as", json_string(hat_name(g->hat)));
	if (db_text(p, 0, P_BEFORE))
		json_object_set_new(o, "predecessor",
				    json_pack("{s:s, s:s}", "id", db_text(p, 0, P_BEFORE), "title",
					      db_text(p, 0, P_BEFORE_TITLE)));
	if (db_text(p, 0, P_AFTER))
		json_object_set_new(o, "successor",
				    json_pack("{s:s, s:s, s:s}", "id", db_text(p, 0, P_AFTER),
					      "title", db_text(p, 0, P_AFTER_TITLE), "state",
					      db_text(p, 0, P_AFTER_STATE)));
	return o;
}

static json_t *student_json(struct mem *m, const struct db_rows *p)
{
	const char *id = db_text(p, 0, P_STUDENT), *given = db_text(p, 0, P_GIVEN);

	return json_pack("{s:s, s:s, s:s}", "id", id, "name",
			 person_name(m, db_text(p, 0, P_NAME), given, db_text(p, 0, P_FAMILY), id),
			 "given", given);
}

static json_t *values_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"row", COL_TEXT},      {"field", COL_TEXT},
		{"text", COL_TEXT},     {"rev", COL_INT},
		{"by", COL_TEXT},       {"hat", COL_HAT},
		{"typedBy", COL_MAYBE}, {"at", COL_TEXT},
		{"isNew", COL_TRUE},    {0},
	};
	enum { TEXT = 2, KIND = 9 };
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++) {
		json_t *o = row_json(m, r, i, columns);
		if (str_eq(db_text(r, i, KIND), "rich"))
			json_object_set_new(o, "nodes",
					    rich_nodes(str_or(db_text(r, i, TEXT), "")));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *reviews_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},
		{"course", COL_TEXT},
		{"title", COL_TEXT},
		{"scale", COL_JSON},
		{"value", COL_TEXT},
		{"comment", COL_FULL},
		{"by", COL_FULL},
		{"enteredOn", COL_TEXT},
		{"releasedAt", COL_MAYBE},
		{"correctedAt", COL_MAYBE},
		{0},
	};
	enum { SELF = 10, SELF_VALUE, SELF_COMMENT, SELF_SCALE };
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++) {
		json_t *o = row_json(m, r, i, columns);
		const char *value = db_text(r, i, SELF_VALUE),
			   *comment = db_text(r, i, SELF_COMMENT);
		const char *scale = db_text(r, i, SELF_SCALE);
		if (db_bool(r, i, SELF) && (!str_empty(value) || !str_empty(comment))) {
			json_t *self = json_pack("{s:s?, s:s}", "value", value, "comment",
						 str_or(comment, ""));
			if (scale)
				json_object_set_new(self, "scale", json_loads(scale, 0, NULL));
			json_object_set_new(o, "self", self);
		}
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *plans_json(struct mem *m, const struct db_rows *r)
{
	static const struct column columns[] = {
		{"id", COL_TEXT},          {"title", COL_TEXT},
		{"startsOn", COL_TEXT},    {"endsOn", COL_TEXT},
		{"state", COL_TEXT},       {"currency", COL_TEXT},
		{"publishedAt", COL_TEXT}, {0},
	};
	enum { HAS_TASKS = 7, T_TODO, T_DOING, T_DONE, T_DROPPED };
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++) {
		json_t *o = row_json(m, r, i, columns);
		if (db_bool(r, i, HAS_TASKS))
			json_object_set_new(o, "tasks",
					    json_pack("{s:I, s:I, s:I, s:I}", "todo",
						      (json_int_t)db_int(r, i, T_TODO), "doing",
						      (json_int_t)db_int(r, i, T_DOING), "done",
						      (json_int_t)db_int(r, i, T_DONE), "dropped",
						      (json_int_t)db_int(r, i, T_DROPPED)));
		json_array_append_new(list, o);
	}
	return list;
}

/* What somebody said, or else what the rule says. */
static json_t *track_json(const struct db_rows *r)
{
	const char *said = db_text(r, 0, 0), *computed = db_text(r, 0, 4);

	return json_pack("{s:s?, s:s?, s:s*, s:s*, s:s*}", "value", said ? said : computed,
			 "computed", computed, "reason", db_text(r, 0, 1), "by", db_text(r, 0, 2),
			 "at", db_text(r, 0, 3));
}

static void add_all(struct db *db, const struct viewer *v, const char *plan, const char *as,
		    struct page *g)
{
	g->now = db_add(db, DB_WORK_NOW, SEAT(v, plan));
	g->plan = db_add(db, DB_WORK_PLAN, SEAT(v, plan), as);
	g->rows = db_add(db, DB_WORK_ROWS, SEAT(v, plan), as, NULL, NULL);
	g->values = db_add(db, DB_WORK_VALUES, SEAT(v, plan), as, NULL);
	g->tasks = db_add(db, DB_WORK_TASKS, SEAT(v, plan), as, NULL, NULL);
	g->posts = db_add(db, DB_WORK_POSTS, SEAT(v, plan), as, NULL, NULL);
	g->evidence = db_add(db, DB_WORK_EVIDENCE, SEAT(v, plan), as, NULL);
	g->reviews = db_add(db, DB_WORK_REVIEWS, SEAT(v, plan), as);
	g->plans = db_add(db, DB_WORK_PLANS, SEAT(v, plan), as);
	g->track = db_add(db, DB_WORK_TRACK, SEAT(v, plan), as);
	g->readers = db_add(db, DB_WORK_READERS, SEAT(v, plan), as, access_act(ACT_SEE_READERS));
	g->meeting = as ? -1 : meeting_of_plan_add(db, v, plan);
}

static json_t *page_json(struct db *db, struct mem *m, const struct page *g, json_t *form)
{
	static const struct column reader[] = {{"name", COL_TEXT},
					       {"hat", COL_HAT},
					       {"openedAt", COL_TEXT},
					       {"confirmedAt", COL_TEXT},
					       {0}};
	json_t *o = json_object();

	json_object_set_new(o, "plan", plan_json(m, g));
	json_object_set_new(o, "student", student_json(m, g->p));
	json_object_set(o, "form", form);
	json_object_set_new(o, "rows", grid_rows_json(m, db_rows(db, g->rows)));
	json_object_set_new(o, "values", values_json(m, db_rows(db, g->values)));
	json_object_set_new(o, "tasks", tasks_json(m, db_rows(db, g->tasks)));
	json_object_set_new(o, "posts", posts_json(m, db_rows(db, g->posts)));
	json_object_set_new(o, "evidence", evidence_json(m, db_rows(db, g->evidence)));
	json_object_set_new(o, "reviews", reviews_json(m, db_rows(db, g->reviews)));
	json_object_set_new(o, "plans", plans_json(m, db_rows(db, g->plans)));
	if (db_count(db_rows(db, g->track)))
		json_object_set_new(o, "track", track_json(db_rows(db, g->track)));
	if (db_count(db_rows(db, g->readers)))
		json_object_set_new(o, "readers", rows_json(m, db_rows(db, g->readers), reader));
	json_t *meeting = g->meeting < 0 ? NULL : meeting_of_plan_read(db, m, g->meeting);
	if (meeting)
		json_object_set(o, "meeting", meeting);
	json_object_set_new(o, "lookedAt", js_text(db_text(g->p, 0, P_LOOKED)));
	json_object_set_new(o, "cursor", json_string(db_text(db_rows(db, g->now), 0, 1)));
	return o;
}

bool work_read(struct db *db, struct mem *m, const struct viewer *v, const char *plan, int as,
	       json_t **out, struct err *e)
{
	struct page g = {.borrowed = as != 0};

	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	add_all(db, v, plan, as ? db_num(m, as) : NULL, &g);
	if (!db_commit(db, e))
		return false;
	g.p = db_rows(db, g.plan);
	if (!db_count(g.p))
		return err_set(e, ERR_NOT_FOUND, "no such plan for this viewer");
	g.hat = (int)db_int(g.p, 0, P_HAT);
	json_t *form =
		form_kept(m, v->tenant, db_text(g.p, 0, P_FORM_ID), db_text(g.p, 0, P_FORM), g.hat);
	if (!form)
		return err_set(e, ERR_INTERNAL, "form %s cannot be read",
			       db_text(g.p, 0, P_FORM_ID));
	*out = js_own(m, page_json(db, m, &g, js_own(m, form)));
	return true;
}

static json_t *ids_json(const struct db_rows *r)
{
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++)
		json_array_append_new(list, json_string(db_text(r, i, 0)));
	return list;
}

/* As the cursor of a page is written; PostgreSQL says of other times what they are. */
static bool cursor_ok(const char *s)
{
	return s && strlen(s) == 27 && strspn(s, "0123456789-:.TZ") == 27 && s[10] == 'T' &&
	       s[26] == 'Z';
}

bool work_changes(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		  const char *since, json_t **out, struct err *e)
{
	static const struct column writer[] = {
		{"by", COL_TEXT}, {"object", COL_TEXT}, {"field", COL_TEXT}, {0}};

	if (!cursor_ok(since))
		return err_field(e, "since", "no cursor");
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int now = db_add(db, DB_WORK_NOW, SEAT(v, plan));
	int rows = db_add(db, DB_WORK_ROWS, SEAT(v, plan), NULL, since, NULL);
	int values = db_add(db, DB_WORK_VALUES, SEAT(v, plan), NULL, since);
	int tasks = db_add(db, DB_WORK_TASKS, SEAT(v, plan), NULL, since, NULL);
	int posts = db_add(db, DB_WORK_POSTS, SEAT(v, plan), NULL, since, NULL);
	int gone = db_add(db, DB_WORK_GONE, SEAT(v, plan), since);
	int writing = db_add(db, DB_WORK_WRITERS, SEAT(v, plan));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *n = db_rows(db, now);
	if (!db_count(n))
		return err_set(e, ERR_NOT_FOUND, "no such plan for this viewer");
	*out = js_own(m, json_object());
	json_object_set_new(*out, "rows", grid_rows_json(m, db_rows(db, rows)));
	json_object_set_new(*out, "values", values_json(m, db_rows(db, values)));
	json_object_set_new(*out, "tasks", tasks_json(m, db_rows(db, tasks)));
	json_object_set_new(*out, "posts", posts_json(m, db_rows(db, posts)));
	json_object_set_new(*out, "gone", ids_json(db_rows(db, gone)));
	json_object_set_new(*out, "writing", rows_json(m, db_rows(db, writing), writer));
	json_object_set_new(*out, "state", json_string(db_text(n, 0, 0)));
	json_object_set_new(*out, "cursor", json_string(db_text(n, 0, 1)));
	return true;
}

bool work_look(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	       struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int looked = db_add(db, DB_WORK_LOOK, SEAT(v, plan));
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, looked)) ||
	       err_set(e, ERR_NOT_FOUND, "no such plan for this viewer");
}

bool work_writing(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		  const char *object, const char *field, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int hint = db_add(db, DB_WORK_WRITING, SEAT(v, plan), access_act(ACT_WRITE), object, field);
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, hint)) ||
	       err_set(e, ERR_NOT_FOUND, "no such plan for this viewer");
}

bool work_history(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		  const char *object, const char *field, json_t **out, struct err *e)
{
	static const struct column version[] = {
		{"rev", COL_INT}, {"text", COL_FULL}, {"by", COL_TEXT}, {"at", COL_TEXT}, {0}};

	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int history = db_add(db, DB_WORK_HISTORY, SEAT(v, plan), object, field);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, history)))
		return err_set(e, ERR_NOT_FOUND, "nothing was ever written there, for this viewer");
	*out = js_own(m,
		      json_pack("{s:o}", "versions", rows_json(m, db_rows(db, history), version)));
	return true;
}
