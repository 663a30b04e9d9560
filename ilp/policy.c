#include "ilp/policy.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/session.h"

struct rule {
	const char *name, *field; /* field: as errors name it */
	int otherwise, min, max;  /* flags go from 0 to 1 */
};

static const struct rule flags[] = {
	{ "teachers_are_mentors", "teachers_are_mentors", false, 0, 1 },
	{ "guardian_history", "guardian_history", true, 0, 1 },
	{ "archive_history", "archive_history", false, 0, 1 },
	{ "students_propose", "students_propose", true, 0, 1 },
	{ "guardians_propose", "guardians_propose", true, 0, 1 },
	{ "mentor_fields", "mentor_fields", true, 0, 1 },
};

/* Defaults as in ilp.track_of(). */
static const struct rule track[] = {
	{ "behind_late", "track.behind_late", 1, 1, 50 },
	{ "support_late", "track.support_late", 3, 1, 50 },
	{ "support_help", "track.support_help", 2, 1, 50 },
	{ "behind_watch", "track.behind_watch", 3, 1, 50 },
	{ "behind_risk", "track.behind_risk", 1, 1, 50 },
	{ "support_risk", "track.support_risk", 2, 1, 50 },
	{ "slack_percent", "track.slack_percent", 50, 5, 100 },
};
#define LEN(a) (sizeof(a) / sizeof *(a))

static json_t *track_json(const json_t *own)
{
	json_t *out = json_object();

	for (size_t i = 0; i < LEN(track); i++) {
		json_t *set = json_object_get(own, track[i].name);
		json_object_set_new(out, track[i].name,
				    json_integer(json_is_integer(set) ? json_integer_value(set)
								      : track[i].otherwise));
	}
	return out;
}

bool policy_read(struct db *db, struct mem *m, const struct viewer *v, json_t **out, struct err *e)
{
	bool all = viewer_reach(v, RIGHT_LIST_STUDENTS) || viewer_reach(v, RIGHT_MANAGE_SCHOOL);
	json_t *rules, *own;

	if (!all && !access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int row = db_add(db, DB_POLICY_READ);
	if (!db_commit(db, e))
		return false;
	own = js_own(m, json_loads(str_or(db_text(db_rows(db, row), 0, 0), "{}"), 0, NULL));
	rules = js_own(m, json_object());
	for (size_t i = 0; all && i < LEN(flags); i++)
		json_object_set_new(rules, flags[i].name,
				    json_boolean(js_bool(own, flags[i].name, flags[i].otherwise)));
	json_object_set_new(rules, "track", track_json(js_obj(own, "track")));
	*out = rules;
	return true;
}

static const struct rule *find(const struct rule *rules, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rules[i].name, name))
			return &rules[i];
	return NULL;
}

static bool track_ok(const json_t *asked, struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)asked, name, value) {
		const struct rule *r = find(track, LEN(track), name);
		if (!r)
			return err_field(e, "track", "no such number");
		if (json_is_null(value))
			continue;
		if (!json_is_integer(value) || json_integer_value(value) < r->min ||
		    json_integer_value(value) > r->max)
			return err_field(e, r->field, "a whole number from %d to %d", r->min, r->max);
	}
	return true;
}

static bool changes_ok(const json_t *changes, struct err *e)
{
	const char *name;
	json_t *value;

	if (!json_object_size(changes))
		return err_field(e, "rules", "nothing to change");
	json_object_foreach((json_t *)(uintptr_t)changes, name, value) {
		const struct rule *flag = find(flags, LEN(flags), name);
		if (!flag && !str_eq(name, "track"))
			return err_field(e, "rules", "no such rule");
		if (json_is_null(value))
			continue;
		if (flag && !json_is_boolean(value))
			return err_field(e, flag->field, "yes or no");
		if (!flag && !json_is_object(value))
			return err_field(e, "track", "an object");
		if (!flag && !track_ok(value, e))
			return false;
	}
	return true;
}

bool policy_change(struct db *db, struct mem *m, const struct viewer *v, const json_t *changes,
		   struct err *e)
{
	if (!access_check(v, RIGHT_MANAGE_SCHOOL, e) || !changes_ok(changes, e))
		return false;
	viewer_begin(db, m, v);
	int row = db_add(db, DB_POLICY_CHANGE, js_print(m, changes, NULL), v->person);
	if (!db_commit(db, e))
		return false;
	return db_bool(db_rows(db, row), 0, 0) ||
	       err_field(e, "track", "support would come before a little behind");
}
