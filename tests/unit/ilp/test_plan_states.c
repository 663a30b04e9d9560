/* The state machine of plans (ilp.md 4.2): every arrow and every forbidden one, for every
 * hat. The tables are those of ilp/access.c once more, written by hand. */
#include "ilp/plan_school.h"

/* clang-format off */
static const struct {
	enum act act;
	const char *may[STATES]; /* draft, published, locked, archived */
	const char *to;          /* NULL: gone; "": back to the state before */
} arrows[] = {
	{ ACT_PUBLISH,   { "M",  "",  "",   ""   }, "published" },
	{ ACT_UNPUBLISH, { "",   "M", "",   ""   }, "draft" },
	{ ACT_LOCK,      { "",   "M", "",   ""   }, "locked" },
	{ ACT_REOPEN,    { "",   "",  "MH", ""   }, "published" },
	{ ACT_ARCHIVE,   { "M",  "M", "M",  ""   }, "archived" },
	{ ACT_RESTORE,   { "",   "",  "",   "MH" }, "" },
	{ ACT_DELETE,    { "MH", "H", "H",  "H"  }, NULL },
};
/* clang-format on */
enum { ARROWS = sizeof arrows / sizeof *arrows };

static bool is_family(const struct seat_of *s)
{
	return s->letter == 'S' || s->letter == 'G';
}

/* Has the hat the right in any state? */
static bool ever(int arrow, char letter)
{
	for (int state = 0; state < STATES; state++)
		if (hat_in(letter, arrows[arrow].may[state]))
			return true;
	return false;
}

/* A plan that is where the act leads needs nothing done. */
static bool there(int arrow, int state)
{
	const char *to = arrows[arrow].to;

	return to && (*to ? str_eq(to, states[state]) : !str_eq(states[state], "archived"));
}

static void check_line(int arrow, int state, const struct seat_of *s, const char *plan,
		       const struct plan_line *line)
{
	const char *what = mem_printf(m, "%s of a %s plan by a %s", act_name(arrows[arrow].act),
				      states[state], s->name);
	const char *to = arrows[arrow].to;
	bool may = hat_in(s->letter, arrows[arrow].may[state]);
	bool leaves = !may && ever(arrow, s->letter) && there(arrow, state);

	ck_assert_msg(line->ok == (may || leaves), "%s: %s", what, line->reason);
	if (!may && !leaves)
		ck_assert_msg(str_eq(line->reason, ever(arrow, s->letter) ? "state" : "not_yours"),
			      "%s: %s", what, line->reason);
	if (may)
		ck_assert_msg(str_eq(state_of(plan), !to ? "" : *to ? to : "published"), "%s", what);
	else
		ck_assert_msg(str_eq(state_of(plan), states[state]), "%s", what);
	ck_assert_msg(events(plan) == may, "%s: %s", what, events_of(plan));
}

static void try_arrow(int arrow, int state, const struct seat_of *s, const char **plan)
{
	struct plan_line line = {0};
	const struct plan_act_words w = {.reason = "because", .confirm = "Autumn"};

	put_state(*plan, states[state]);
	peek("DELETE FROM ilp.event WHERE plan_id = '%s'", *plan);
	e = (struct err){0};
	if (plan_act(db, m, s->viewer, arrows[arrow].act, plan, 1, &w, &line, &e)) {
		ck_assert(!is_family(s));
		check_line(arrow, state, s, *plan, &line);
	} else {
		ck_assert_msg(is_family(s) && e.code == ERR_NOT_FOUND, "%s: %s", s->name, e.text);
		ck_assert_str_eq(state_of(*plan), states[state]);
		ck_assert_int_eq(events(*plan), 0);
	}
	if (!*state_of(*plan))
		*plan = make_plan_of(&mona, ada.person);
}

START_TEST(every_arrow_and_every_forbidden_one)
{
	const char *plan = make_plan_of(&mona, ada.person);

	for (int state = 0; state < STATES; state++)
		for (int i = 0; i < SEATS; i++)
			try_arrow(_i, state, &seats[i], &plan);
}
END_TEST

/* What is done with a plan besides. */
static enum err_code try_change(const struct viewer *v, const char *plan)
{
	struct plan_brief now;
	struct plan_facts f = {.title = uuid_new(m)};
	int64_t rev = atoi(peek("SELECT rev FROM ilp.plan WHERE plan_id = '%s'", plan));

	return plan_change(db, m, v, plan, rev, &f, &now, &e) ? ERR_OK : e.code;
}

static enum err_code try_track(const struct viewer *v, const char *plan)
{
	struct plan_track now;

	return plan_track(db, m, v, plan, "behind", "we talked", &now, &e) ? ERR_OK : e.code;
}

static enum err_code try_field(const struct viewer *v, const char *plan)
{
	json_t *view, *field = js_own(m, json_pack("{s:s, s:{s:s}, s:s, s:s}", "kind", "text", "label",
						   "en", uuid_new(m), "sees", "MS", "edits", "MS"));

	return plan_add_field(db, m, v, plan, "goals", field, &view, &e) ? ERR_OK : e.code;
}

static enum err_code try_transfer(const struct viewer *v, const char *plan)
{
	struct plan_line line;
	const char *task = uuid_new(m);

	return plan_transfer(db, m, v, plan, &task, 1, &line, &e) ? ERR_OK : e.code;
}

static enum err_code try_share(const struct viewer *v, const char *plan)
{
	struct share made;

	return share_make(db, m, v, plan, uuid_new(m), true, "Shared", &made, &e) ? ERR_OK : e.code;
}

static enum err_code try_duplicate(const struct viewer *v, const char *plan)
{
	struct plan_line line;
	struct plan_source from = {.plan = plan};

	if (!plan_make(db, m, v, uuid_new(m), &bo.person, 1, &from, &autumn, &line, &e))
		return e.code;
	return line.ok ? ERR_OK : ERR_NOT_FOUND;
}

static enum err_code try_revise(const struct viewer *v, const char *plan)
{
	struct plan_line line;
	struct plan_revision r = {.facts = spring};

	if (!plan_revise(db, m, v, uuid_new(m), &plan, 1, &r, &line, &e))
		return e.code;
	return line.ok ? ERR_OK : ERR_NOT_FOUND;
}

static enum err_code try_preview(const struct viewer *v, const char *plan)
{
	struct plan_prospect *list;
	size_t n;
	int64_t mails;

	if (!plan_preview(db, m, v, &plan, 1, &list, &n, &mails, &e))
		return e.code;
	return n ? ERR_OK : ERR_NOT_FOUND;
}

/* clang-format off */
static const struct {
	const char *name;
	enum err_code (*try)(const struct viewer *, const char *plan);
	const char *may[STATES];
} doors[] = {
	{ "change",    try_change,    { "M", "M", "",  ""  } },
	{ "track",     try_track,     { "M", "M", "",  ""  } },
	{ "add field", try_field,     { "M", "M", "",  ""  } },
	{ "transfer",  try_transfer,  { "",  "",  "M", ""  } },
	{ "share",     try_share,     { "M", "M", "M", "M" } },
	{ "duplicate", try_duplicate, { "M", "M", "M", "M" } },
	{ "revise",    try_revise,    { "",  "M", "M", "M" } },
	{ "preview",   try_preview,   { "M", "M", "",  ""  } },
};
/* clang-format on */
enum { DOORS = sizeof doors / sizeof *doors };

START_TEST(every_door_for_every_hat_in_every_state)
{
	const char *plan = make_plan_of(&mona, ada.person);

	for (int state = 0; state < STATES; state++) {
		put_state(plan, states[state]);
		for (int i = 0; i < SEATS; i++) {
			const char *before = whole_plan(plan);
			bool may = hat_in(seats[i].letter, doors[_i].may[state]);
			e = (struct err){0};
			enum err_code code = doors[_i].try(seats[i].viewer, plan);
			ck_assert_msg(code == (may ? ERR_OK : ERR_NOT_FOUND), "%s of a %s plan by a %s: %d %s",
				      doors[_i].name, states[state], seats[i].name, code, e.text);
			if (!may)
				ck_assert_str_eq(whole_plan(plan), before);
		}
	}
}
END_TEST

START_TEST(reopening_needs_a_reason)
{
	const char *plan = make_plan_of(&mona, ada.person);

	do_act(ACT_PUBLISH, plan);
	do_act(ACT_LOCK, plan);
	assert_peek("a reason", "SELECT lock_reason FROM ilp.plan WHERE plan_id = '%s'", plan);
	ck_assert_str_eq(act_on(&mona, ACT_REOPEN, plan, NULL, NULL).reason, "reason_missing");
	ck_assert_str_eq(state_of(plan), "locked");
	ck_assert(act_on(&mona, ACT_REOPEN, plan, "too early", NULL).ok);
	assert_peek("published|too early||", "SELECT state, reopen_reason, locked_at, lock_reason FROM ilp.plan WHERE plan_id = '%s'",
		    plan);
}
END_TEST

START_TEST(a_restored_plan_is_what_it_was)
{
	static const char *const from[] = {"draft", "published", "locked"};
	const char *plan = make_plan_of(&mona, ada.person);

	for (size_t i = 0; i < 3; i++) {
		put_state(plan, from[i]);
		do_act(ACT_ARCHIVE, plan);
		assert_peek(from[i], "SELECT state_before FROM ilp.plan WHERE plan_id = '%s'", plan);
		do_act(ACT_RESTORE, plan);
		assert_peek(mem_printf(m, "%s|", from[i]), "SELECT state, state_before FROM ilp.plan WHERE plan_id = '%s'",
			    plan);
	}
}
END_TEST

START_TEST(a_draft_that_was_published_is_a_headteachers_to_delete)
{
	const char *plan = make_plan_of(&mona, ada.person);

	do_act(ACT_PUBLISH, plan);
	do_act(ACT_UNPUBLISH, plan);
	ck_assert_str_eq(act_on(&mona, ACT_DELETE, plan, NULL, "Autumn").reason, "was_published");
	ck_assert_str_eq(act_on(&hilde, ACT_DELETE, plan, NULL, NULL).reason, "empty_confirm");
	ck_assert_str_eq(act_on(&hilde, ACT_DELETE, plan, NULL, "autumn").reason, "confirm");
	ck_assert_str_eq(state_of(plan), "draft");
	ck_assert(act_on(&hilde, ACT_DELETE, plan, NULL, " Autumn ").ok);
	ck_assert_str_eq(state_of(plan), "");
	ck_assert_msg(act_on(&hilde, ACT_DELETE, plan, NULL, "Autumn").ok, "twice is as once");
	ck_assert_str_eq(act_on(&mona, ACT_DELETE, plan, NULL, "Autumn").reason, "not_yours");
}
END_TEST

/* Somebody who is both may what either may. */
START_TEST(a_mentor_who_is_headteacher_deletes_as_that)
{
	const char *plan = make_plan_of(&mona, ada.person);

	peek("INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('%s', '%s', '%s')", tenant,
	     uuid_new(m), mona.person);
	do_act(ACT_PUBLISH, plan);
	ck_assert(act_on(&mona, ACT_DELETE, plan, NULL, "Autumn").ok);
}
END_TEST

START_TEST(no_such_plan_and_another_schools_are_the_same)
{
	char plan[UUID_LEN + 1];

	snprintf(plan, sizeof plan, "%s", make_plan_of(&mona, ada.person));
	close_school();
	open_plan_school();
	for (int act = ACT_PUBLISH; act <= ACT_DELETE; act++) {
		struct plan_line a = act_on(&mona, (enum act)act, plan, "x", "Autumn");
		struct plan_line b = act_on(&mona, (enum act)act, uuid_new(m), "x", "Autumn");
		ck_assert_str_eq(a.reason, "not_yours");
		ck_assert_str_eq(b.reason, "not_yours");
		ck_assert(!a.ok && !b.ok && !a.state && !b.state);
	}
}
END_TEST

Suite *ilp_plan_states_suite(void)
{
	Suite *s = suite_create("ilp/plan_states");
	TCase *t = tcase_create("plan_states");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, open_plan_school, close_school);
	tcase_add_loop_test(t, every_arrow_and_every_forbidden_one, 0, ARROWS);
	tcase_add_loop_test(t, every_door_for_every_hat_in_every_state, 0, DOORS);
	tcase_add_test(t, reopening_needs_a_reason);
	tcase_add_test(t, a_restored_plan_is_what_it_was);
	tcase_add_test(t, a_draft_that_was_published_is_a_headteachers_to_delete);
	tcase_add_test(t, a_mentor_who_is_headteacher_deletes_as_that);
	tcase_add_test(t, no_such_plan_and_another_schools_are_the_same);
	suite_add_tcase(s, t);
	return s;
}
