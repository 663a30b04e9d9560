#include "ilp/access.h"
#include "base/str.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
	/* A headteacher may be launched with any role that is not a family's. */
	[RIGHT_USE_PLANS] = { "use_plans",
			      { REACH_HAT, REACH_HAT, REACH_HAT, REACH_HAT, REACH_HAT } },
	[RIGHT_LIST_STUDENTS] = { "list_students",
				  { [ROLE_NONE] = REACH_HAT, [ROLE_TEACHER] = REACH_HAT,
				    [ROLE_MENTOR] = REACH_HAT } },
	[RIGHT_USE_BANK] = { "use_bank",
			     { [ROLE_TEACHER] = REACH_OWN, [ROLE_MENTOR] = REACH_OWN } },
	[RIGHT_SEE_TEMPLATES] = { "see_templates",
				  { [ROLE_TEACHER] = REACH_OWN, [ROLE_MENTOR] = REACH_OWN }, REACH_TENANT },
	[RIGHT_MANAGE_TEMPLATES] = { "manage_templates", { REACH_NOTHING }, REACH_TENANT },
	[RIGHT_MANAGE_SCHOOL] = { "manage_school", { REACH_NOTHING }, REACH_TENANT },
#undef ONLY
};

/* The rows of ilp.md 4.4: draft, published, locked, archived. What the matrix leaves to the
 * school is here as it is without a rule of its own; ilp.history_open() has the rules about
 * looking back. Only mentors look through a family's eyes: they alone see everything that
 * those see (I-05). I-04: no family at a draft. I-08: a locked plan takes tasks to its
 * successor, a staff log and a reopening, nothing else. */
enum { STATES = 4 };
static const struct {
	const char *name, *hats[STATES];
} acts[ACT_COUNT] = {
	/* clang-format off */
	/*                                   draft  published locked   archived */
	[ACT_READ] =        { "read",        { "MCH", "MCSGH", "MCSGH", "MCSGH" } },
	[ACT_WRITE] =       { "write",       { "MC",  "MCSG",  "",      "" } },
	[ACT_PROPOSE] =     { "propose",     { "",    "SG",    "",      "" } },
	[ACT_TASK_STATUS] = { "task_status", { "MC",  "MCSG",  "",      "" } },
	[ACT_CONFIRM] =     { "confirm",     { "M",   "M",     "",      "" } },
	[ACT_POST] =        { "post",        { "MC",  "MCSG",  "",      "" } },
	[ACT_LOG] =         { "log",         { "MCH", "MCSGH", "MH",    "" } },
	[ACT_MAKE] =        { "make",        { "M",   "M",     "M",     "M" } },
	[ACT_CHANGE] =      { "change",      { "M",   "M",     "",      "" } },
	[ACT_ADD_FIELD] =   { "add_field",   { "M",   "M",     "",      "" } },
	[ACT_PUBLISH] =     { "publish",     { "M",   "",      "",      "" } },
	[ACT_UNPUBLISH] =   { "unpublish",   { "",    "M",     "",      "" } },
	[ACT_LOCK] =        { "lock",        { "",    "M",     "",      "" } },
	[ACT_REOPEN] =      { "reopen",      { "",    "",      "MH",    "" } },
	[ACT_ARCHIVE] =     { "archive",     { "M",   "M",     "M",     "" } },
	[ACT_RESTORE] =     { "restore",     { "",    "",      "",      "MH" } },
	[ACT_DELETE] =      { "delete",      { "MH",  "H",     "H",     "H" } },
	[ACT_TRANSFER] =    { "transfer",    { "",    "",      "M",     "" } },
	[ACT_TRACK] =       { "track",       { "M",   "M",     "",      "" } },
	[ACT_SHARE] =       { "share",       { "M",   "M",     "M",     "M" } },
	[ACT_SEE_READERS] = { "see_readers", { "MH",  "MH",    "MH",    "MH" } },
	[ACT_LOOK_AS] =     { "look_as",     { "M",   "M",     "M",     "M" } },
	[ACT_MEET] =        { "meet",        { "",    "MH",    "MH",    "" } },
	[ACT_PREPARE] =     { "prepare",     { "",    "MCSGH", "MSGH",  "" } },
	[ACT_SIGN] =        { "sign",        { "",    "MSGH",  "MSGH",  "" } },
	[ACT_ASK_SIGN] =    { "ask_sign",    { "",    "M",     "M",     "" } },
	[ACT_REPORT] =      { "report",      { "MCH", "MCSGH", "MCSGH", "MCSGH" } },
	/* clang-format on */
};

static const char hat_letters[] = "MCSGH";
static const char *const hat_names[] = { "mentor", "teacher", "student", "guardian", "head" };
enum { HATS = sizeof hat_names / sizeof *hat_names };

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

int hats_parse(const char *letters)
{
	int hats = 0;

	for (const char *c = letters; *c; c++) {
		const char *at = strchr(hat_letters, *c);
		if (!at)
			return -1;
		hats |= 1 << (at - hat_letters);
	}
	return hats;
}

const char *hats_name(struct mem *m, int hats)
{
	char letters[HATS + 1], *to = letters;

	for (int i = 0; i < HATS; i++)
		if (hats & 1 << i)
			*to++ = hat_letters[i];
	*to = 0;
	return mem_strdup(m, letters);
}

const char *hat_name(int hat)
{
	for (int i = 0; i < HATS; i++)
		if (hat == 1 << i)
			return hat_names[i];
	return NULL;
}

int hat_parse(const char *name)
{
	for (int i = 0; i < HATS; i++)
		if (str_eq(name, hat_names[i]))
			return 1 << i;
	return 0;
}

const char *act_name(enum act act)
{
	return acts[act].name;
}

/* Worked out once for each act and thread. */
const char *access_act(enum act act)
{
	static _Thread_local char texts[ACT_COUNT][12];
	uint32_t mask = 0;

	if (*texts[act])
		return texts[act];
	for (int state = 0; state < STATES; state++)
		mask |= (uint32_t)hats_parse(acts[act].hats[state]) << (8 * state);
	snprintf(texts[act], sizeof texts[act], "%" PRIu32, mask);
	return texts[act];
}
