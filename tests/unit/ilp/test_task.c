/* Tasks: what becomes of what, by whom; each property with its own revision. */
#include "ilp/worked.h"

static const char *task;

/* A task of that state in the list of goals, where mentor and student write: "confirmed" and
 * "moved" are done ones with a mark. */
static void task_in(const char *from)
{
	bool marked = str_eq(from, "confirmed") || str_eq(from, "moved");

	task = put_task("tasks", goal, "One",
			marked                 ? "done"
			: str_eq(from, "help") ? "doing"
					       : from);
	if (str_eq(from, "help"))
		peek("UPDATE ilp.task SET status = 'help' WHERE task_id = '%s'", task);
	if (str_eq(from, "confirmed"))
		peek("UPDATE ilp.task SET confirmed_at = now(), confirmed_by = '%s' WHERE task_id "
		     "= '%s'",
		     kari.person, task);
	if (str_eq(from, "moved"))
		peek("UPDATE ilp.task SET moved_to = '%s' WHERE task_id = '%s'", plan, task);
}

static const char *const all_states[] = {"todo",    "doing",     "help", "done",
					 "dropped", "confirmed", "moved"};
static const char *const all_targets[] = {"todo", "doing", "help", "done", "dropped"};

/* Which arrows are there for whom (ilp.md 4.2): rows from, columns to. y: it goes; n: not
 * this viewer's to change; v: not a status this viewer may choose; =: it stands already. */
static const struct {
	const char *who;
	struct viewer *by;
	const char *responsible;
	const char *arrows[7]; /* todo doing help done dropped */
} tables[] = {
	{"mentor",
	 &kari,
	 "school",
	 {"=yyyy", "y=yyy", "yy=yy", "yyy=y", "yyyy=", "yyy=y", "nnnnn"}},
	{"student",
	 &ada,
	 "school",
	 {"=yyyv", "y=yyv", "yy=yv", "yyy=v", "nnnnn", "nnnnn", "nnnnn"}},
	{"guardian, home's",
	 &mum,
	 "home",
	 {"=yyyv", "y=yyv", "yy=yv", "yyy=v", "nnnnn", "nnnnn", "nnnnn"}},
	{"guardian, school's",
	 &mum,
	 "school",
	 {"nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn"}},
	{"guardian, student's",
	 &mum,
	 "student",
	 {"nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn"}},
	{"teacher",
	 &liv,
	 "school",
	 {"nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn"}},
	{"headteacher",
	 &rektor,
	 "school",
	 {"nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn"}},
	{"another guardian",
	 &stranger,
	 "home",
	 {"nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn", "nnnnn"}},
};

/* Five tasks in each state, one for each arrow; position tells them apart. */
static void tasks_in_all(const char *responsible)
{
	peek("INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, "
	     "status, category, responsible, "
	     "confirmed_at, confirmed_by, moved_to, by_id, hat, at) "
	     "SELECT '%s', '%s', gen_random_uuid(), 'tasks', '%s', s.n * 5 + o - 6, '', s.status, "
	     "CASE s.status WHEN 'help' THEN 'doing' ELSE s.status END, '%s', CASE s.n WHEN 6 THEN "
	     "now() END, "
	     "CASE s.n WHEN 6 THEN '%s'::uuid END, CASE s.n WHEN 7 THEN plan_id END, '%s', 1, "
	     "now() "
	     "FROM unnest(ARRAY['todo', 'doing', 'help', 'done', 'dropped', 'done', 'done']) WITH "
	     "ORDINALITY s (status, n), "
	     "generate_series(1, 5) o, ilp.plan WHERE plan_id = '%s'",
	     tenant, plan, goal, responsible, kari.person, kari.person, plan);
}

START_TEST(every_arrow_and_no_other)
{
	struct buf expected;

	buf_init(&expected, m);
	tasks_in_all(tables[_i].responsible);
	const char *ids = peek("SELECT string_agg(task_id::text, ' ' ORDER BY position) FROM "
			       "ilp.task WHERE plan_id = '%s'",
			       plan);
	for (int i = 0; i < 35; i++) {
		int from = i / 5, to = i % 5;
		char arrow = tables[_i].arrows[from][to];
		task = mem_strndup(m, ids + i * (UUID_LEN + 1), UUID_LEN);
		enum err_code code = write_task(tables[_i].by, task, "status", all_targets[to], 1);
		ck_assert_msg(code == (arrow == 'n'   ? ERR_NOT_FOUND
				       : arrow == 'v' ? ERR_INVALID
						      : ERR_OK),
			      "%s: %s to %s: %d", tables[_i].who, all_states[from], all_targets[to],
			      code);
		const char *stays = from < 5 ? all_targets[from] : "done";
		buf_addf(&expected, "%s%s %d %d", i ? "," : "",
			 arrow == 'y' ? all_targets[to] : stays, arrow == 'y' ? 2 : 1,
			 arrow == 'y');
	}
	assert_peek(expected.p,
		    "SELECT string_agg(concat_ws(' ', status, revs[2], (SELECT count(*) FROM "
		    "ilp.event v "
		    "WHERE v.kind = 'task.status' AND v.detail ->> 'task' = t.task_id::text)), ',' "
		    "ORDER BY position) "
		    "FROM ilp.task t WHERE plan_id = '%s'",
		    plan);
}
END_TEST

START_TEST(confirmed_by_mentors_and_only_what_is_done)
{
	const struct move yes = {.confirmed = TRI_YES, .removed = TRI_UNSET},
			  no = {.confirmed = TRI_NO, .removed = TRI_UNSET};
	static const char *const confirms = "nnnynyn";
	const struct viewer *const others[] = {&ada, &mum, &liv, &rektor};

	for (int from = 0; from < 7; from++) {
		task_in(all_states[from]);
		for (size_t i = 0; i < 4; i++)
			ck_assert_int_eq(change_task(others[i], task, yes), ERR_NOT_FOUND);
		ck_assert_msg(change_task(&kari, task, yes) ==
				      (confirms[from] == 'y' ? ERR_OK : ERR_NOT_FOUND),
			      "%s", all_states[from]);
		assert_peek(confirms[from] == 'y' ? "t" : "f",
			    "SELECT confirmed_at IS NOT NULL FROM ilp.task WHERE task_id = '%s'",
			    task);
	}
	task_in("confirmed");
	ck_assert_int_eq(change_task(&ada, task, no), ERR_NOT_FOUND);
	ck_assert_int_eq(change_task(&kari, task, no), ERR_OK);
	ck_assert_int_eq(write_task(&ada, task, "status", "doing", 1), ERR_OK);
}
END_TEST

START_TEST(a_confirmation_goes_with_what_it_confirmed)
{
	task_in("confirmed");
	ck_assert_int_eq(write_task(&kari, task, "status", "doing", 1), ERR_OK);
	assert_peek("t",
		    "SELECT confirmed_at IS NULL AND confirmed_by IS NULL FROM ilp.task WHERE "
		    "task_id = '%s'",
		    task);
}
END_TEST

START_TEST(nothing_changes_in_a_task_that_moved_on)
{
	const struct {
		const char *field, *text;
	} all[] = {{"text", "x"},
		   {"due", "2026-12-01"},
		   {"responsible", "home"},
		   {"link", "https://a.example"},
		   {"detail", "x"}};

	task_in("moved");
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(write_task(&kari, task, all[i].field, all[i].text, 1),
				 ERR_NOT_FOUND);
	ck_assert_int_eq(
		change_task(&kari, task, (struct move){.removed = TRI_YES, .confirmed = TRI_UNSET}),
		ERR_NOT_FOUND);
	ck_assert_int_eq(change_task(&kari, task, (struct move){STAYS, .moves = true}),
			 ERR_NOT_FOUND);
}
END_TEST

/* In a list that a hat sees and does not write. */
START_TEST(words_belong_to_those_who_write_in_the_list)
{
	static const char *const fields[] = {"text", "due", "responsible", "link", "detail"};
	static const char *const texts[] = {"x", "2026-12-01", "home", "https://a.example", "x"};
	const struct {
		struct viewer *by;
		bool goals, agreed;
	} may[] = {{&kari, true, true},
		   {&ada, true, false},
		   {&mum, false, false},
		   {&liv, false, false},
		   {&rektor, false, false}};

	for (size_t w = 0; w < 5; w++)
		for (size_t i = 0; i < 5; i++) {
			task = put_task("tasks", goal, "One", "todo");
			ck_assert_int_eq(write_task(may[w].by, task, fields[i], texts[i], 1),
					 may[w].goals ? ERR_OK : ERR_NOT_FOUND);
			task = put_task("agreed", plan, "One", "todo");
			ck_assert_int_eq(write_task(may[w].by, task, fields[i], texts[i], 1),
					 may[w].agreed ? ERR_OK : ERR_NOT_FOUND);
		}
}
END_TEST

START_TEST(each_property_has_its_own_revision)
{
	task = put_task("tasks", goal, "One", "todo");
	ck_assert_int_eq(write_task(&kari, task, "text", "Two", 1), ERR_OK);
	ck_assert_int_eq(write_task(&ada, task, "status", "doing", 1), ERR_OK);
	ck_assert(saved.saved);
	ck_assert_int_eq(write_task(&ada, task, "text", "Three", 1), ERR_OK);
	ck_assert(!saved.saved);
	ck_assert_str_eq(saved.text, "Two");
	ck_assert_str_eq(saved.by,
			 "Given kari"); /* whose words they are, whoever set the status since */
	ck_assert_int_eq(write_task(&ada, task, "text", "Two", 1), ERR_OK);
	ck_assert(saved.saved);
	ck_assert_int_eq(write_task(&ada, task, "text", "Three", 2), ERR_OK);
	assert_peek("2 Two",
		    "SELECT string_agg(rev || ' ' || text, '|' ORDER BY rev) FROM ilp.plan_history "
		    "WHERE object_id = '%s'",
		    task);
	assert_peek("{3,2,1,1,1,1}", "SELECT revs FROM ilp.task WHERE task_id = '%s'", task);
}
END_TEST

START_TEST(a_new_task_begins_with_what_is_to_be_done)
{
	json_t *made = new_task(&ada, "tasks", goal, "One", "student");
	const char *first = js_str(made, "id");

	ck_assert_str_eq(js_str(made, "status"), "todo");
	ck_assert_str_eq(js_str(made, "category"), "todo");
	/* not in lists of another place, that are hidden, or that one does not write in */
	ck_assert_ptr_null(new_task(&ada, "tasks", NULL, "x", "student"));
	ck_assert_ptr_null(new_task(&ada, "tasks", competence, "x", "student"));
	ck_assert_ptr_null(new_task(&ada, "secrets", goal, "x", "student"));
	ck_assert_ptr_null(new_task(&ada, "agreed", NULL, "x", "student"));
	ck_assert_ptr_null(new_task(&kari, "home", NULL, "x", "student"));
	ck_assert_ptr_null(new_task(&mum, "tasks", goal, "x", "home"));
	/* sent again it is the same one, whatever became of it meanwhile */
	ck_assert_int_eq(write_task(&ada, first, "text", "Two", 1), ERR_OK);
	struct task_new again = {.id = first,
				 .field = "tasks",
				 .row = goal,
				 .text = "One",
				 .responsible = "student"};
	ck_assert(task_add(db, m, &ada, plan, &again, &made, &e));
	ck_assert_str_eq(js_str(made, "text"), "Two");
	assert_peek("1", "SELECT count(*) FROM ilp.task WHERE plan_id = '%s'", plan);
}
END_TEST

START_TEST(a_plan_is_full_one_day)
{
	peek("INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, status, "
	     "category, by_id, hat, at) "
	     "SELECT '%s', '%s', gen_random_uuid(), 'tasks', '%s', n, 'todo', 'todo', '%s', 1, "
	     "now() FROM generate_series(1, 1000) n",
	     tenant, plan, goal, kari.person);
	ck_assert_ptr_null(new_task(&kari, "tasks", goal, "one more", "student"));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, "plan");
}
END_TEST

/* A proposal is out of sight, and so is what hangs on it. */
START_TEST(tasks_go_with_their_goal)
{
	json_t *made = new_task(&kari, "tasks", goal, "One", "home");
	const char *first = js_str(made, "id");

	ck_assert_ptr_nonnull(one_in(page_of(&ada), "tasks", first));
	ck_assert_int_eq(
		change_row(&kari, goal, (struct move){.removed = TRI_YES, .confirmed = TRI_UNSET}),
		ERR_OK);
	ck_assert_ptr_null(one_in(page_of(&ada), "tasks", first));
	ck_assert_int_eq(write_task(&ada, first, "status", "done", 1), ERR_NOT_FOUND);
	ck_assert_ptr_null(new_task(&kari, "tasks", goal, "x", "home"));
	ck_assert_int_eq(
		change_row(&kari, goal, (struct move){.removed = TRI_NO, .confirmed = TRI_UNSET}),
		ERR_OK);
	ck_assert_ptr_nonnull(one_in(page_of(&ada), "tasks", first));
}
END_TEST

START_TEST(places_between_neighbours)
{
	const char *ids[3];

	for (int i = 0; i < 3; i++)
		ids[i] = js_str(new_task(&kari, "tasks", goal, mem_printf(m, "%d", i), "student"),
				"id");
	for (int i = 0; i < 20; i++) /* again and again into the same gap */
		ck_assert_int_eq(change_task(&ada, ids[1 + i % 2],
					     (struct move){STAYS, .moves = true, .after = ids[0]}),
				 ERR_OK);
	assert_peek(
		"0 2 1",
		"SELECT string_agg(text, ' ' ORDER BY position) FROM ilp.task WHERE plan_id = '%s'",
		plan);
	ck_assert_int_eq(change_task(&ada, ids[1], (struct move){STAYS, .moves = true}), ERR_OK);
	assert_peek(
		"1 0 2",
		"SELECT string_agg(text, ' ' ORDER BY position) FROM ilp.task WHERE plan_id = '%s'",
		plan);
}
END_TEST

/* As a page does that heard no answer. */
START_TEST(moved_twice_to_the_same_place_is_one_move)
{
	const char *ids[2];

	for (int i = 0; i < 2; i++)
		ids[i] = js_str(new_task(&kari, "tasks", goal, mem_printf(m, "%d", i), "student"),
				"id");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(change_task(&kari, ids[1], (struct move){STAYS, .moves = true}),
				 ERR_OK);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(change_task(&kari, ids[1],
					     (struct move){STAYS, .moves = true, .after = ids[0]}),
				 ERR_OK);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(change_row(&kari, goal, (struct move){STAYS, .moves = true}),
				 ERR_OK);
	assert_peek("2", "SELECT count(*) FROM ilp.event WHERE plan_id = '%s' AND kind = 'task.moved'",
		    plan);
	assert_peek("0", "SELECT count(*) FROM ilp.event WHERE plan_id = '%s' AND kind = 'row.moved'",
		    plan);
}
END_TEST

Suite *ilp_task_suite(void)
{
	Suite *s = suite_create("ilp/task");
	TCase *t = tcase_create("task");

	tcase_add_checked_fixture(t, open_plan, close_school);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, every_arrow_and_no_other, 0, (int)(sizeof tables / sizeof *tables));
	tcase_add_test(t, confirmed_by_mentors_and_only_what_is_done);
	tcase_add_test(t, a_confirmation_goes_with_what_it_confirmed);
	tcase_add_test(t, nothing_changes_in_a_task_that_moved_on);
	tcase_add_test(t, words_belong_to_those_who_write_in_the_list);
	tcase_add_test(t, each_property_has_its_own_revision);
	tcase_add_test(t, a_new_task_begins_with_what_is_to_be_done);
	tcase_add_test(t, a_plan_is_full_one_day);
	tcase_add_test(t, tasks_go_with_their_goal);
	tcase_add_test(t, places_between_neighbours);
	tcase_add_test(t, moved_twice_to_the_same_place_is_one_move);
	suite_add_tcase(s, t);
	return s;
}
