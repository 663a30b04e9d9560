#include "ilp/access.h"
#include "base/str.h"

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_NONE] = "none",	      [ROLE_TEACHER] = "teacher", [ROLE_STUDENT] = "student",
	[ROLE_GUARDIAN] = "guardian", [ROLE_MENTOR] = "mentor",
};

static const struct {
	const char *name;
	enum reach reach[ROLE_COUNT];
	enum reach admin; /* of administrators, whatever their role */
} rights[RIGHT_COUNT] = {
#define ONLY(role, how) { [ROLE_##role] = REACH_##how }
	[RIGHT_SEE_PARTICIPANTS] = { "see_participants", ONLY(TEACHER, COURSE) },
	[RIGHT_REFRESH_ROSTER] = { "refresh_roster", ONLY(TEACHER, COURSE) },
	[RIGHT_LIST_REVIEWS] = { "list_reviews", ONLY(TEACHER, COURSE) },
	[RIGHT_MAKE_REVIEW] = { "make_review", ONLY(TEACHER, COURSE) },
	[RIGHT_CHANGE_REVIEW] = { "change_review", ONLY(TEACHER, COURSE) },
	[RIGHT_READ_ENTRIES] = { "read_entries", ONLY(TEACHER, COURSE) },
	[RIGHT_WRITE_ENTRIES] = { "write_entries", ONLY(TEACHER, COURSE) },
	[RIGHT_RELEASE] = { "release", ONLY(TEACHER, COURSE) },
	[RIGHT_READ_RELEASED] = { "read_released",
				  { [ROLE_STUDENT] = REACH_OWN, [ROLE_GUARDIAN] = REACH_CHILD } },
	[RIGHT_WRITE_SELF] = { "write_self", ONLY(STUDENT, OWN) },
	[RIGHT_GET_MAIL_ON_RELEASE] = { "get_mail_on_release",
					{ [ROLE_STUDENT] = REACH_OWN, [ROLE_GUARDIAN] = REACH_CHILD } },
	[RIGHT_SET_OWN_LANGUAGE] = { "set_own_language",
				     { REACH_OWN, REACH_OWN, REACH_OWN, REACH_OWN, REACH_OWN } },
	[RIGHT_PLACE_CONTENT] = { "place_content", ONLY(TEACHER, COURSE) },
	[RIGHT_BRING_SETUP] = { "bring_setup", ONLY(TEACHER, COURSE) },
	[RIGHT_SEE_RELATIONS] = { "see_relations", ONLY(TEACHER, COURSE), REACH_TENANT },
	[RIGHT_CHANGE_RELATIONS] = { "change_relations", { REACH_NOTHING }, REACH_TENANT },
	[RIGHT_SEE_OWN_PRIVACY] = { "see_own_privacy",
				    { REACH_OWN, REACH_OWN, REACH_OWN, REACH_OWN, REACH_OWN } },
	[RIGHT_MANAGE_PLATFORMS] = { "manage_platforms", { REACH_NOTHING }, REACH_TENANT },
#undef ONLY
};

const char *role_name(enum role role)
{
	return role_names[role];
}

enum role role_parse(const char *name)
{
	for (int r = 0; r < ROLE_COUNT; r++)
		if (str_eq(name, role_names[r]))
			return (enum role)r;
	return ROLE_NONE;
}

enum reach access_reach(enum role role, enum right right)
{
	return rights[right].reach[role];
}

enum reach viewer_reach(const struct viewer *v, enum right right)
{
	return v->admin && rights[right].admin ? rights[right].admin : access_reach(v->role, right);
}

bool access_check(const struct viewer *v, enum right right, struct err *e)
{
	enum reach reach = viewer_reach(v, right);

	if (reach == REACH_NOTHING)
		return err_set(e, ERR_NOT_FOUND, "%s has no right to %s", role_names[v->role],
			       rights[right].name);
	if (!v->course && (reach == REACH_COURSE || right == RIGHT_WRITE_SELF))
		return err_set(e, ERR_NOT_FOUND, "%s needs a course", rights[right].name);
	return true;
}

const char *right_name(enum right right)
{
	return rights[right].name;
}
