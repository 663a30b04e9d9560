/* One plan after the other: published, locked, its tasks carried on, and in the end deleted. */
#include "ilp/plan_school.h"

static const char *goal, *task, *late, *done;

/* A published plan with two unfinished tasks and a finished one. */
static const char *plan_with_tasks(void)
{
	const char *plan = make_plan_of(&mona, ada.person);
	const char *c = put_row(plan, "competence", NULL, 1);

	goal = put_row(plan, "goal", c, 1);
	put_value(plan, c, "competence", "Reading");
	put_value(plan, goal, "goal", "Read aloud");
	task = put_task(plan, goal, "tasks", "Ten minutes", "todo");
	late = put_task(plan, goal, "tasks", "A letter", "doing");
	done = put_task(plan, goal, "tasks", "Borrow a book", "done");
	do_act(ACT_PUBLISH, plan);
	return plan;
}

static const char *tasks_of(const char *plan)
{
	return peek("SELECT coalesce(string_agg(text || ' ' || status || CASE WHEN moved_to IS NULL THEN '' ELSE '>' END, ', ' ORDER BY text), '') "
		    "FROM ilp.task WHERE plan_id = '%s'",
		    plan);
}

/* What families may read of a plan, asked as every page asks. */
static const char *families_read(const char *plan)
{
	return peek("SELECT set_config('app.tenant', '%1$s', false) IS NULL; SELECT (SELECT count(*) FROM ilp.seat('%2$s', '%3$s', 'student', NULL, %5$s)) "
		    "+ (SELECT count(*) FROM ilp.seat('%2$s', '%4$s', 'guardian', NULL, %5$s))",
		    tenant, plan, ada.person, per.person, access_act(ACT_READ)) + 2;
}

/* I-04 */
START_TEST(I04_families_read_no_draft)
{
	const char *plan = make_plan_of(&mona, ada.person);

	peek("UPDATE ilp.tenant SET policy = '{\"archive_history\": true}' WHERE tenant_id = '%s'", tenant);
	ck_assert_str_eq(families_read(plan), "0");
	do_act(ACT_PUBLISH, plan);
	ck_assert_str_eq(families_read(plan), "2");
	do_act(ACT_ARCHIVE, plan);
	ck_assert_str_eq(families_read(plan), "2");
	do_act(ACT_RESTORE, plan);
	do_act(ACT_UNPUBLISH, plan);
	ck_assert_str_eq(families_read(plan), "0");
	do_act(ACT_ARCHIVE, plan);
	ck_assert_msg(str_eq(families_read(plan), "0"), "archived from a draft it is no less a draft");
	peek("UPDATE ilp.guardian_link SET state = 'ended' WHERE guardian_id = '%s'", per.person);
	do_act(ACT_RESTORE, plan);
	do_act(ACT_PUBLISH, plan);
	ck_assert_msg(str_eq(families_read(plan), "1"), "a guardian needs a link");
}
END_TEST

/* */
START_TEST(the_school_says_how_far_families_look_back)
{
	const char *plan = make_plan_of(&mona, ada.person);

	do_act(ACT_PUBLISH, plan);
	do_act(ACT_LOCK, plan);
	ck_assert_str_eq(families_read(plan), "2");
	peek("UPDATE ilp.tenant SET policy = '{\"guardian_history\": false}' WHERE tenant_id = '%s'", tenant);
	ck_assert_str_eq(families_read(plan), "1");
	do_act(ACT_ARCHIVE, plan);
	ck_assert_str_eq(families_read(plan), "0");
}
END_TEST

/* I-06 */
START_TEST(I06_nothing_publishes_but_publishing)
{
	const char *plan = plan_with_tasks(), *next = revise_of(plan, true, true);
	struct plan_prospect *list;
	struct plan_brief now;
	struct plan_track track;
	struct plan_line line;
	struct share shared;
	size_t n;
	int64_t mails;
	const char *before;

	ck_assert_str_eq(state_of(next), "draft");
	before = whole_plan(next);
	ck_assert(plan_preview(db, m, &mona, &next, 1, &list, &n, &mails, &e));
	ck_assert_str_eq(whole_plan(next), before);
	ck_assert_int_eq(events(next), 1);
	ck_assert(plan_change(db, m, &mona, next, 1, &(struct plan_facts){.title = "T"}, &now, &e));
	ck_assert(plan_track(db, m, &mona, next, "on", "so", &track, &e));
	ck_assert(share_make(db, m, &mona, next, uuid_new(m), true, "S", &shared, &e));
	ck_assert(plan_make(db, m, &mona, uuid_new(m), &ada.person, 1, &(struct plan_source){.plan = plan}, &spring, &line, &e));
	ck_assert_str_eq(state_of(line.made), "draft");
	do_act(ACT_LOCK, plan);
	do_act(ACT_ARCHIVE, next);
	do_act(ACT_RESTORE, next);
	ck_assert_str_eq(state_of(next), "draft");
	ck_assert_str_eq(state_of(plan), "locked");
	assert_peek("0", "SELECT count(*) FROM ilp.event WHERE plan_id = '%s' AND kind = 'plan.published'", next);
}
END_TEST

START_TEST(the_preview_says_what_will_be)
{
	const char *plan = plan_with_tasks(), *next = revise_of(plan, true, true);
	const char *const plans[] = {next, plan};
	struct plan_prospect *p;
	size_t n;
	int64_t mails;

	ck_assert_msg(plan_preview(db, m, &mona, plans, 2, &p, &n, &mails, &e), "%s", e.text);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(p[0].id, next);
	ck_assert_str_eq(p[0].locks, mem_printf(m, "[{\"id\": \"%s\", \"title\": \"Autumn\"}]", plan));
	ck_assert_int_eq(p[0].moves, 2);
	ck_assert(p[0].student_mail && !p[0].empty);
	ck_assert_str_eq(p[0].guardians, "[{\"mail\": true, \"name\": \"Given per\"}]");
	ck_assert_int_eq(mails, 2);
	ck_assert_str_eq(p[1].state, "published");
	ck_assert(!p[1].opened_by_student && !p[1].opened_at_home && p[1].moves == 0);
	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) VALUES ('%s', '%s', '%s', 8, now(), now())", tenant, plan,
	     per.person);
	peek("UPDATE ilp.person SET email = '' WHERE person_id = '%s'", ada.person);
	ck_assert(plan_preview(db, m, &mona, plans, 2, &p, &n, &mails, &e));
	ck_assert(!p[0].student_mail && p[1].opened_at_home && !p[1].opened_by_student);
	ck_assert_int_eq(mails, 1);
	peek("UPDATE ilp.person SET is_protected = true WHERE person_id = '%s'", ada.person);
	ck_assert(plan_preview(db, m, &mona, plans, 1, &p, &n, &mails, &e));
	ck_assert_str_eq(p[0].guardians, "[{\"mail\": false, \"name\": \"Given per\"}]");
	ck_assert_int_eq(mails, 0);
	peek("UPDATE ilp.guardian_link SET state = 'blocked' WHERE guardian_id = '%s'", per.person);
	ck_assert(plan_preview(db, m, &mona, plans, 1, &p, &n, &mails, &e));
	ck_assert_str_eq(p[0].guardians, "[]");
}
END_TEST

/* I-07 */
START_TEST(I07_publishing_locks_what_came_before_and_moves_its_tasks)
{
	const char *plan = plan_with_tasks(), *parallel = make_plan_of(&mona, ada.person), *others = make_plan_of(&mona, bo.person);
	const char *next = revise_of(plan, true, true);

	do_act(ACT_PUBLISH, parallel);
	do_act(ACT_PUBLISH, others);
	const char *beside = whole_plan(parallel), *elsewhere = whole_plan(others);
	ck_assert_msg(str_eq(state_of(plan), "published"), "a draft locks nothing (X-5)");
	do_act(ACT_PUBLISH, next);
	ck_assert_str_eq(state_of(plan), "locked");
	ck_assert_str_eq(whole_plan(parallel), beside);
	ck_assert_str_eq(whole_plan(others), elsewhere);
	ck_assert_str_eq(tasks_of(plan), "A letter doing>, Borrow a book done, Ten minutes todo>");
	ck_assert_str_eq(tasks_of(next), "A letter doing, Ten minutes todo");
	assert_peek("plan.created,plan.published {\"moved\": 2}",
		    "SELECT string_agg(kind || CASE WHEN kind = 'plan.published' THEN ' ' || detail::text ELSE '' END, ',' ORDER BY kind) FROM ilp.event WHERE plan_id = '%s'", next);
	assert_peek(mem_printf(m, "{\"by\": \"%s\"}", next), "SELECT detail FROM ilp.event WHERE plan_id = '%s' AND kind = 'plan.locked'", plan);
	assert_peek("2", "SELECT count(*) FROM ilp.task t JOIN ilp.plan_row r ON r.plan_id = t.plan_id AND r.row_id = t.row_id WHERE t.plan_id = '%s' AND "
			 "r.from_row = '%s' AND t.field = 'tasks'",
		    next, goal);
}
END_TEST

START_TEST(I07_all_that_came_before_in_the_line_is_locked)
{
	const char *first = plan_with_tasks(), *second = revise_of(first, true, false), *third;

	do_act(ACT_PUBLISH, second);
	third = revise_of(second, true, true);
	ck_assert(act_on(&mona, ACT_REOPEN, first, "once more", NULL).ok);
	do_act(ACT_PUBLISH, third);
	ck_assert_str_eq(state_of(first), "locked");
	ck_assert_str_eq(state_of(second), "locked");
	ck_assert_str_eq(tasks_of(first), "A letter doing, Borrow a book done, Ten minutes todo");
	ck_assert_str_eq(tasks_of(third), "");
}
END_TEST

START_TEST(tasks_stay_where_one_says_so)
{
	const char *plan = plan_with_tasks(), *next;
	struct plan_line line;
	const struct plan_revision r = {.facts = spring, .tasks = true, .stays = &late, .stays_n = 1};

	ck_assert(plan_revise(db, m, &mona, uuid_new(m), &plan, 1, &r, &line, &e));
	next = line.made;
	do_act(ACT_PUBLISH, next);
	ck_assert_str_eq(tasks_of(plan), "A letter doing, Borrow a book done, Ten minutes todo>");
	/* without its goal it stands in the first list of tasks */
	assert_peek(mem_printf(m, "agreed|%s", next), "SELECT field, row_id FROM ilp.task WHERE plan_id = '%s'", next);
}
END_TEST

START_TEST(a_draft_successor_is_found_again)
{
	const char *plan = plan_with_tasks(), *request = uuid_new(m), *next;
	struct plan_line a, b;
	const struct plan_revision r = {.facts = spring, .goals = true, .tasks = true};

	ck_assert(plan_revise(db, m, &mona, request, &plan, 1, &r, &a, &e));
	ck_assert(a.ok && !a.reason);
	ck_assert(plan_revise(db, m, &mona, request, &plan, 1, &r, &b, &e));
	ck_assert(b.ok && str_eq(b.reason, "has_one") && str_eq(a.made, b.made));
	ck_assert(plan_revise(db, m, &mona, uuid_new(m), &plan, 1, &r, &b, &e));
	ck_assert(b.ok && str_eq(b.reason, "has_one") && str_eq(a.made, b.made));
	next = a.made;
	do_act(ACT_PUBLISH, next);
	ck_assert_msg(plan_revise(db, m, &mona, request, &plan, 1, &r, &b, &e) && str_eq(a.made, b.made), "late, and the same");
	ck_assert(plan_revise(db, m, &mona, uuid_new(m), &next, 1, &r, &b, &e) && b.ok && !b.reason);
	ck_assert(plan_revise(db, m, &mona, uuid_new(m), &b.made, 1, &r, &a, &e));
	ck_assert_msg(!a.ok && str_eq(a.reason, "state"), "a draft is not revised");
}
END_TEST

START_TEST(publishing_can_be_undone)
{
	const char *plan = plan_with_tasks(), *next = revise_of(plan, true, true), *before = mem_strdup(m, tasks_of(plan));
	const struct plan_act_words w = {.undo = true};
	struct plan_line line;

	for (int twice = 0; twice < 2; twice++) {
		do_act(ACT_PUBLISH, next);
		ck_assert_str_eq(state_of(plan), "locked");
		ck_assert_msg(plan_act(db, m, &mona, ACT_UNPUBLISH, &next, 1, &w, &line, &e) && line.ok, "%s", e.text);
		ck_assert_str_eq(state_of(next), "draft");
		assert_peek("published||", "SELECT state, locked_at, locked_for FROM ilp.plan WHERE plan_id = '%s'", plan);
		ck_assert_str_eq(tasks_of(plan), before);
		ck_assert_str_eq(tasks_of(next), "");
	}
	do_act(ACT_PUBLISH, next);
	peek("UPDATE ilp.task SET text = 'Twenty minutes', revs[1] = 2 WHERE plan_id = '%s' AND moved_from = '%s'", next, task);
	ck_assert(plan_act(db, m, &mona, ACT_UNPUBLISH, &next, 1, &w, &line, &e));
	ck_assert_str_eq(tasks_of(plan), "A letter doing, Borrow a book done, Ten minutes todo>");
	ck_assert_str_eq(tasks_of(next), "Twenty minutes todo");
}
END_TEST

START_TEST(undoing_opens_nothing_else)
{
	const char *plan = plan_with_tasks(), *next = revise_of(plan, true, true);
	const struct plan_act_words w = {.undo = true};
	const char *const others[] = {plan, next};
	struct plan_line out[2];

	do_act(ACT_LOCK, plan);
	do_act(ACT_PUBLISH, next);
	ck_assert(plan_act(db, m, &olga, ACT_UNPUBLISH, others, 2, &w, out, &e));
	ck_assert_str_eq(state_of(next), "published");
	ck_assert(plan_act(db, m, &mona, ACT_UNPUBLISH, &next, 1, &w, out, &e));
	ck_assert_str_eq(state_of(next), "draft");
	ck_assert_msg(str_eq(state_of(plan), "locked"), "it was locked by hand");
}
END_TEST

/* I-08 */
START_TEST(I08_a_locked_plan_gives_tasks_and_takes_nothing)
{
	const char *plan = plan_with_tasks(), *next, *before;
	const char *const wanted[] = {task, done, uuid_new(m), late};
	struct plan_line out[4];
	struct plan_brief now;
	struct plan_track track;

	ck_assert(!plan_transfer(db, m, &mona, plan, wanted, 4, out, &e) && e.code == ERR_NOT_FOUND);
	do_act(ACT_LOCK, plan);
	before = whole_plan(plan);
	ck_assert(!plan_change(db, m, &mona, plan, 3, &autumn, &now, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(!plan_track(db, m, &mona, plan, "on", "so", &track, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(plan_transfer(db, m, &mona, plan, wanted, 4, out, &e));
	for (int i = 0; i < 4; i++)
		ck_assert_str_eq(out[i].reason, "no_successor");
	ck_assert_str_eq(whole_plan(plan), before);
	next = revise_of(plan, true, false);
	ck_assert(plan_transfer(db, m, &mona, plan, wanted, 4, out, &e));
	ck_assert(out[0].ok && str_eq(out[0].made, next));
	ck_assert_str_eq(out[1].reason, "finished");
	ck_assert_str_eq(out[2].reason, "not_found");
	ck_assert(out[3].ok);
	ck_assert_str_eq(tasks_of(next), "A letter doing, Ten minutes todo");
	assert_peek("task.transferred", "SELECT kind FROM ilp.event WHERE plan_id = '%s' AND kind LIKE 'task.%%'", next);
}
END_TEST

/* I-09 */
START_TEST(I09_a_task_moves_once_with_its_history)
{
	const char *plan = plan_with_tasks(), *next = revise_of(plan, true, true);
	struct plan_line out;

	peek("INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at) VALUES ('%s', '%s', '%s', 'text', 1, 'Five minutes', "
	     "'%s', now())",
	     tenant, plan, task, mona.person);
	peek("UPDATE ilp.task SET revs = '{2,3,1,1,1,1}', responsible = 'home', link = 'https://x.example', detail = 'page 3' WHERE task_id = '%s'", task);
	do_act(ACT_PUBLISH, next);
	assert_peek("Ten minutes|todo|todo|2026-11-30|home|https://x.example|page 3|{2,3,1,1,1,1}|t|1",
		    "SELECT t.text, t.status, t.category, t.due_on, t.responsible, t.link, t.detail, t.revs, t.status_by IS NOT NULL, (SELECT count(*) FROM "
		    "ilp.plan_history h WHERE h.object_id = t.task_id AND h.plan_id = t.plan_id AND h.text = 'Five minutes') FROM ilp.task t WHERE moved_from = '%s'",
		    task);
	assert_peek(next, "SELECT moved_to FROM ilp.task WHERE task_id = '%s'", task);
	do_act(ACT_PUBLISH, next);
	do_act(ACT_UNPUBLISH, next);
	do_act(ACT_PUBLISH, next);
	ck_assert(plan_transfer(db, m, &mona, plan, &task, 1, &out, &e));
	ck_assert_msg(out.ok, "it is where it should be");
	ck_assert_str_eq(tasks_of(next), "A letter doing, Ten minutes todo");
	const char *third = revise_of(next, true, true);
	do_act(ACT_PUBLISH, third);
	ck_assert(plan_transfer(db, m, &mona, plan, &task, 1, &out, &e));
	ck_assert_str_eq(out.reason, "moved_before");
	ck_assert_str_eq(tasks_of(third), "A letter doing, Ten minutes todo");
	assert_peek("3", "SELECT count(*) FROM ilp.task WHERE text = 'Ten minutes' AND tenant_id = '%s'", tenant);
}
END_TEST

/* I-19 */
START_TEST(I19_every_act_has_its_event)
{
	static const enum act all[] = {ACT_PUBLISH, ACT_LOCK, ACT_REOPEN, ACT_UNPUBLISH, ACT_PUBLISH, ACT_ARCHIVE, ACT_RESTORE};
	const char *plan = make_plan_of(&mona, ada.person);
	struct plan_track track;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		do_act(all[i], plan);
		do_act(all[i], plan);
		ck_assert_int_eq(events(plan), (int)i + 2);
	}
	ck_assert(plan_track(db, m, &mona, plan, "on", "secret words", &track, &e));
	ck_assert(act_on(&hilde, ACT_DELETE, plan, "secret words", "Autumn").ok);
	assert_peek("plan.archived,plan.created,plan.deleted,plan.locked,plan.published,plan.published,plan.reopened,plan.restored,plan.track,plan.unpublished",
		    "SELECT string_agg(kind, ',' ORDER BY kind) FROM ilp.event WHERE plan_id = '%s'", plan);
	assert_peek("0", "SELECT count(*) FROM ilp.event WHERE plan_id = '%1$s' AND (detail::text LIKE '%%secret%%' OR student_id <> '%2$s' OR actor_id IS NULL)", plan,
		    ada.person);
}
END_TEST

/* I-24 */
START_TEST(I24_what_is_deleted_leaves_a_stone_without_words)
{
	const char *plan = plan_with_tasks(), *meeting = uuid_new(m), *next = revise_of(plan, false, false);

	put_value(plan, plan, "x", "xylovalue");
	put_task(plan, plan, "agreed", "xylotask", "todo");
	peek("INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, changed_at) VALUES ('%1$s', '%2$s', '%3$s', "
	     "'_log', '%2$s', 'xylopost', 31, '%4$s', 1, now(), now())",
	     tenant, plan, uuid_new(m), mona.person);
	peek("INSERT INTO ilp.evidence (tenant_id, plan_id, evidence_id, field, row_id, title, url, author_id, hat, at) VALUES ('%1$s', '%2$s', '%3$s', "
	     "'evidence', '%2$s', 'xyloproof', 'x', '%4$s', 1, now())",
	     tenant, plan, uuid_new(m), mona.person);
	peek("INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at) VALUES ('%1$s', '%2$s', '%2$s', 'x', 1, 'xylobefore', "
	     "'%3$s', now())",
	     tenant, plan, mona.person);
	peek("INSERT INTO ilp.writing (tenant_id, plan_id, person_id, object_id, field, hat, until) VALUES ('%1$s', '%2$s', '%3$s', '%2$s', 'xylocursor', 1, now())",
	     tenant, plan, mona.person);
	peek("INSERT INTO ilp.snapshot (tenant_id, plan_id, snapshot_id, hat, reason, content, hash, by_id, at) VALUES ('%1$s', '%2$s', '%3$s', 1, 'sign', "
	     "'xylofrozen', '', '%4$s', now())",
	     tenant, plan, uuid_new(m), mona.person);
	peek("INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, starts_at, place, questions, created_at, changed_at) "
	     "VALUES ('%1$s', '%2$s', '%3$s', '%4$s', '%2$s', '%5$s', now(), 'xyloplace', '[]', now(), now())",
	     tenant, meeting, plan, ada.person, mona.person);
	peek("INSERT INTO ilp.meeting_text (tenant_id, meeting_id, person_id, field, text, author_id, at) VALUES ('%1$s', '%2$s', '%2$s', 'minutes', 'xylominutes', "
	     "'%3$s', now())",
	     tenant, meeting, mona.person);
	peek("UPDATE ilp.plan SET title = 'xylotitle', track_reason = 'xylotrack', lock_reason = 'xylolock' WHERE plan_id = '%s'", plan);
	ck_assert_str_ne(places_of("xylo"), "");
	ck_assert(act_on(&hilde, ACT_DELETE, plan, "wrong student", "xylotitle").ok);
	ck_assert_str_eq(places_of("xylo"), "");
	assert_peek(mem_printf(m, "%s|published|%s|wrong student", ada.person, hilde.person),
		    "SELECT student_id, state, by_id, reason FROM ilp.plan_tombstone WHERE plan_id = '%s'", plan);
	assert_peek("draft|t", "SELECT state, predecessor_id IS NULL FROM ilp.plan WHERE plan_id = '%s'", next);
}
END_TEST

START_TEST(a_change_of_somebody_who_saw_less_is_a_conflict)
{
	const char *plan = make_plan_of(&mona, ada.person);
	struct viewer moa = arrive("moa", "mentor");
	struct plan_brief now;
	struct plan_facts f = {.title = "Better"};

	ck_assert_msg(plan_change(db, m, &mona, plan, 1, &f, &now, &e), "%s", e.text);
	ck_assert_int_eq(now.rev, 2);
	ck_assert_str_eq(now.starts_on, "2026-08-17");
	ck_assert_msg(plan_change(db, m, &mona, plan, 1, &f, &now, &e), "the same again is no conflict");
	f = (struct plan_facts){.title = "Best", .ends_on = "2026-12-20"};
	ck_assert(!plan_change(db, m, &moa, plan, 1, &f, &now, &e) && e.code == ERR_CONFLICT);
	ck_assert_str_eq(now.title, "Better");
	ck_assert(plan_change(db, m, &moa, plan, 2, &f, &now, &e));
	f = (struct plan_facts){.ends_on = "2026-01-01"};
	ck_assert(!plan_change(db, m, &moa, plan, 3, &f, &now, &e) && e.code == ERR_INVALID);
	assert_peek("Best|2026-12-20|3|3", "SELECT title, ends_on, rev, (SELECT count(*) FROM ilp.event v WHERE v.plan_id = p.plan_id) FROM ilp.plan p WHERE "
					   "plan_id = '%s'",
		    plan);
}
END_TEST

START_TEST(how_it_goes_is_said_with_a_reason)
{
	const char *plan = make_plan_of(&mona, ada.person);
	struct plan_track now;

	ck_assert(!plan_track(db, m, &mona, plan, "behind", NULL, &now, &e) && e.code == ERR_INVALID);
	ck_assert_str_eq(e.field, "reason");
	ck_assert(plan_track(db, m, &mona, plan, "behind", "ill for weeks", &now, &e));
	ck_assert_str_eq(now.value, "behind");
	ck_assert_str_eq(now.by, "Given mona");
	ck_assert(plan_track(db, m, &mona, plan, NULL, "forgotten", &now, &e));
	ck_assert(!now.value && !now.reason);
}
END_TEST

/* */
START_TEST(a_column_more_is_this_plans_alone)
{
	const char *plan = make_plan_of(&mona, ada.person), *other = make_plan_of(&mona, bo.person), *before = whole_plan(other);
	json_t *field = js_own(m, json_pack("{s:s, s:{s:s}, s:s, s:s}", "kind", "text", "label", "en", "Extra", "sees", "MCSGH", "edits", "MS")), *view;

	for (int twice = 0; twice < 2; twice++)
		ck_assert_msg(plan_add_field(db, m, &mona, plan, "goals", field, &view, &e), "%s: %s", e.field, e.text);
	assert_peek("1|15|5", "SELECT count(*), max(sees), max(edits) FROM ilp.form_field f JOIN ilp.plan p USING (tenant_id, form_id) WHERE p.plan_id = '%s' AND f.key "
			      "LIKE 'added%%'",
		    plan);
	ck_assert_str_eq(whole_plan(other), before);
	assert_peek("plan.created plan.field_added", "SELECT string_agg(kind, ' ' ORDER BY kind) FROM ilp.event WHERE plan_id = '%s'", plan);
	ck_assert(!plan_add_field(db, m, &mona, plan, "nowhere", field, &view, &e) && e.code == ERR_INVALID);
	peek("UPDATE ilp.tenant SET policy = '{\"mentor_fields\": false}' WHERE tenant_id = '%s'", tenant);
	ck_assert(!plan_add_field(db, m, &mona, plan, "goals", field, &view, &e) && e.code == ERR_NOT_FOUND);
}
END_TEST

Suite *ilp_plan_line_suite(void)
{
	Suite *s = suite_create("ilp/plan_line");
	TCase *t = tcase_create("plan_line");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, open_plan_school, close_school);
	tcase_add_test(t, I04_families_read_no_draft);
	tcase_add_test(t, the_school_says_how_far_families_look_back);
	tcase_add_test(t, I06_nothing_publishes_but_publishing);
	tcase_add_test(t, the_preview_says_what_will_be);
	tcase_add_test(t, I07_publishing_locks_what_came_before_and_moves_its_tasks);
	tcase_add_test(t, I07_all_that_came_before_in_the_line_is_locked);
	tcase_add_test(t, tasks_stay_where_one_says_so);
	tcase_add_test(t, a_draft_successor_is_found_again);
	tcase_add_test(t, publishing_can_be_undone);
	tcase_add_test(t, undoing_opens_nothing_else);
	tcase_add_test(t, I08_a_locked_plan_gives_tasks_and_takes_nothing);
	tcase_add_test(t, I09_a_task_moves_once_with_its_history);
	tcase_add_test(t, I19_every_act_has_its_event);
	tcase_add_test(t, I24_what_is_deleted_leaves_a_stone_without_words);
	tcase_add_test(t, a_change_of_somebody_who_saw_less_is_a_conflict);
	tcase_add_test(t, how_it_goes_is_said_with_a_reason);
	tcase_add_test(t, a_column_more_is_this_plans_alone);
	suite_add_tcase(s, t);
	return s;
}
