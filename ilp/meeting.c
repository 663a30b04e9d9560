#include "ilp/meeting.h"
#include "ilp/work.h"
#include "base/js.h"
#include "base/str.h"

/* Every arrow there is; what is not here is forbidden. */
static const struct {
	const char *from, *to;
} arrows[] = {
	{"planned", "held"},   {"planned", "cancelled"}, {"planned", "missed"},
	{"missed", "planned"}, {"missed", "cancelled"},  {"held", "planned"},
	{"held", "shared"},    {"shared", "closed"},
};
enum { ARROWS = sizeof arrows / sizeof *arrows };

bool meeting_may_go(const char *from, const char *to)
{
	for (int i = 0; i < ARROWS; i++)
		if (str_eq(arrows[i].from, from) && str_eq(arrows[i].to, to))
			return true;
	return false;
}

static const char *states_before(struct mem *m, const char *to)
{
	const char *from[ARROWS];
	size_t n = 0;

	for (int i = 0; i < ARROWS; i++)
		if (str_eq(arrows[i].to, to))
			from[n++] = arrows[i].from;
	return db_list(m, from, n);
}

bool meeting_plan(struct db *db, struct mem *m, const struct viewer *v,
		  const struct meeting_form *f, struct meeting_made **out, size_t *n, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int made = db_add(db, DB_MEETING_PLAN, f->batch, db_list(m, f->ids, f->n),
			  db_list(m, f->plans, f->n), db_list(m, f->starts, f->n),
			  db_num(m, f->minutes), f->place, f->link, db_flag(f->asks_reading),
			  f->questions, v->person, role_name(v->role), v->course,
			  access_act(ACT_READ), access_act(ACT_MEET));
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, made);
	*n = (size_t)db_count(r);
	*out = mem_array(m, struct meeting_made, *n);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct meeting_made){.plan = db_text(r, (int)i, 0),
						  .meeting = db_text(r, (int)i, 1)};
	return true;
}

/* The columns of meeting_list, by their place. */
enum { L_ID, L_STATE, L_JSON, L_HAT, L_PLAN_STATE, L_PLAN };

static int list_add(struct db *db, const struct viewer *v, const char *meeting, const char *plan)
{
	return db_add(db, DB_MEETING_LIST, v->person, role_name(v->role), v->course,
		      access_act(ACT_READ), meeting, plan);
}

static json_t *json_of(struct mem *m, const char *text)
{
	json_t *o = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	return js_own(m, o ? o : json_null());
}

bool meeting_list(struct db *db, struct mem *m, const struct viewer *v, json_t **out, struct err *e)
{
	json_t *list = js_own(m, json_array());

	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = list_add(db, v, NULL, NULL);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	for (int i = 0; i < db_count(r); i++)
		json_array_append(list, json_of(m, db_text(r, i, L_JSON)));
	*out = list;
	return true;
}

int meeting_of_plan_add(struct db *db, const struct viewer *v, const char *plan)
{
	return list_add(db, v, NULL, plan);
}

/* Rows come by time: the first that is planned, else the last that took place. */
json_t *meeting_of_plan_read(struct db *db, struct mem *m, int index)
{
	const struct db_rows *r = db_rows(db, index);
	int best = -1;

	for (int i = 0; i < db_count(r); i++) {
		const char *state = db_text(r, i, L_STATE);
		if (str_eq(state, "planned")) {
			best = i;
			break;
		}
		if (str_eq(state, "held") || str_eq(state, "shared"))
			best = i;
	}
	return best < 0 ? NULL : json_of(m, db_text(r, best, L_JSON));
}

/* The columns of meeting_points. */
enum { P_TOPICS, P_AGREED, P_SEES_TOPICS, P_ADDS_TOPICS, P_STATUSES, P_LEADS, P_PREPARES };

bool meeting_read(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		  json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int brief = list_add(db, v, meeting, NULL);
	int texts = db_add(db, DB_MEETING_TEXTS, SEAT(v, meeting));
	int points = db_add(db, DB_MEETING_POINTS, SEAT(v, meeting), access_act(ACT_MEET),
			    access_act(ACT_PREPARE));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, brief), *p = db_rows(db, points);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such meeting");
	json_t *page =
		js_own(m, json_pack("{s:O, s:s, s:b, s:b, s:O, s:O, s:O}", "meeting",
				    json_of(m, db_text(r, 0, L_JSON)), "hat",
				    hat_name((int)db_int(r, 0, L_HAT)), "leads",
				    db_bool(p, 0, P_LEADS), "prepares", db_bool(p, 0, P_PREPARES),
				    "texts", json_of(m, db_text(db_rows(db, texts), 0, 0)),
				    "agreed", json_of(m, db_text(p, 0, P_AGREED)), "statuses",
				    json_of(m, db_text(p, 0, P_STATUSES))));
	if (db_bool(p, 0, P_SEES_TOPICS)) {
		json_object_set(page, "topics", json_of(m, db_text(p, 0, P_TOPICS)));
		json_object_set_new(page, "addsTopics", json_boolean(db_bool(p, 0, P_ADDS_TOPICS)));
	}
	*out = page;
	return true;
}

bool meeting_change(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		    const struct meeting_change *c, int64_t *rev, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_CHANGE, SEAT(v, meeting), access_act(ACT_MEET),
			   c->rev < 0 ? NULL : db_num(m, c->rev), c->starts, c->minutes, c->place,
			   db_flag(c->sets_link), c->link, c->to,
			   c->to ? states_before(m, c->to) : "{}");
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_bool(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no such meeting to change");
	if (db_text(r, 0, 3)) {
		*rev = db_int(r, 0, 3);
		return true;
	}
	*rev = db_int(r, 0, 2);
	if (c->to && str_eq(c->to, db_text(r, 0, 1)))
		return true; /* said before */
	if (c->rev >= 0 && c->rev != *rev)
		return err_set(e, ERR_CONFLICT, "changed meanwhile");
	return err_field(e, "state", "not from %s", db_text(r, 0, 1));
}

bool meeting_step(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		  const char *step, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_STEP, SEAT(v, meeting), access_act(ACT_MEET), step);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_bool(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no such meeting to lead");
	if (!db_bool(r, 0, 3))
		return err_field(e, "step", "not now, or no such step");
	/* Reviews that wait for a meeting go out as it begins; begun again they still would. */
	const char *student = db_text(r, 0, 4);
	int64_t released;
	return !student || release_at_meeting(db, m, v, student, &released, e);
}

bool meeting_attended(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		      const char *const *people, size_t n, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_ATTENDED, SEAT(v, meeting), access_act(ACT_MEET),
			   db_list(m, people, n));
	if (!db_commit(db, e))
		return false;
	if (!db_bool(db_rows(db, index), 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no meeting that somebody attends");
	return true;
}
