/* What plans are made of: templates, other plans, shares. Each is a copy, and a copy for
 * others holds nothing of the person it was written about. */
#include "ilp/plan_school.h"

static const char definition[] =
	"{\"version\": 1, \"title\": {\"en\": \"Full\"}, \"purpose\": \"learning\","
	" \"ceiling\": {\"sees\": \"MCSG\", \"edits\": \"MCSG\"},"
	" \"log\": {\"sees\": \"MCS\", \"edits\": \"MCS\"}, \"topics\": {\"sees\": \"MSG\", \"edits\": \"MSG\"},"
	" \"sections\": [{\"key\": \"goals\", \"kind\": \"grid\", \"title\": {\"en\": \"Goals\"}, \"sees\": \"MCSGH\","
	" \"edits\": \"MS\", \"fields\": ["
	"  {\"key\": \"competence\", \"of\": \"competence\", \"kind\": \"text\", \"head\": true, \"label\": {\"en\": \"C\"}, \"sees\": \"MCSGH\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"goal\", \"of\": \"goal\", \"kind\": \"text\", \"head\": true, \"label\": {\"en\": \"G\"}, \"sees\": \"MCSGH\", \"edits\": \"MS\", \"shared\": true},"
	"  {\"key\": \"how\", \"of\": \"goal\", \"kind\": \"rich\", \"label\": {\"en\": \"H\"}, \"sees\": \"MCSG\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"steps\", \"of\": \"goal\", \"kind\": \"checklist\", \"label\": {\"en\": \"L\"}, \"sees\": \"MCSG\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"own\", \"of\": \"goal\", \"kind\": \"long\", \"label\": {\"en\": \"Reflection\"}, \"sees\": \"MCSG\", \"edits\": \"S\", \"shared\": true},"
	"  {\"key\": \"kept\", \"of\": \"goal\", \"kind\": \"text\", \"label\": {\"en\": \"K\"}, \"sees\": \"MCSG\", \"edits\": \"M\", \"shared\": false},"
	"  {\"key\": \"hidden\", \"of\": \"goal\", \"kind\": \"long\", \"label\": {\"en\": \"S\"}, \"sees\": \"MC\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"standing\", \"of\": \"goal\", \"kind\": \"status\", \"label\": {\"en\": \"St\"}, \"sees\": \"MCSG\", \"edits\": \"MS\"},"
	"  {\"key\": \"by\", \"of\": \"goal\", \"kind\": \"date\", \"label\": {\"en\": \"D\"}, \"sees\": \"MCSG\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"absence\", \"of\": \"goal\", \"kind\": \"number\", \"label\": {\"en\": \"N\"}, \"sees\": \"MCSG\", \"edits\": \"M\", \"shared\": true},"
	"  {\"key\": \"tasks\", \"of\": \"goal\", \"kind\": \"tasks\", \"label\": {\"en\": \"T\"}, \"sees\": \"MCSG\", \"edits\": \"MS\", \"shared\": true},"
	"  {\"key\": \"secret_tasks\", \"of\": \"goal\", \"kind\": \"tasks\", \"label\": {\"en\": \"T\"}, \"sees\": \"MCSG\", \"edits\": \"MS\", \"shared\": false},"
	"  {\"key\": \"note\", \"of\": \"goal\", \"kind\": \"notes\", \"label\": {\"en\": \"Note\"}, \"sees\": \"MC\", \"edits\": \"M\"}]},"
	" {\"key\": \"more\", \"kind\": \"fields\", \"title\": {\"en\": \"More\"}, \"fields\": ["
	"  {\"key\": \"support\", \"kind\": \"long\", \"label\": {\"en\": \"Su\"}, \"sees\": \"MCSG\", \"edits\": \"MC\", \"shared\": true},"
	"  {\"key\": \"home\", \"kind\": \"long\", \"label\": {\"en\": \"Ho\"}, \"sees\": \"MCSG\", \"edits\": \"G\", \"shared\": true},"
	"  {\"key\": \"said\", \"kind\": \"comments\", \"label\": {\"en\": \"Co\"}, \"sees\": \"MSG\", \"edits\": \"SG\"},"
	"  {\"key\": \"proof\", \"kind\": \"files\", \"label\": {\"en\": \"F\"}, \"sees\": \"MSG\", \"edits\": \"MS\"}]}]}";

/* Words that stand nowhere else: those that go along, and those that must not. */
static const char *const goes[] = {"zqcompetence", "zqgoal", "zqhow", "zqsteps", "zqsupport", "zqtaskone"};
static const char *const stays[] = {"zqproposed", "zqgone",    "zqown",	"zqkept",   "zqhidden", "zqhome",
				    "zqsecret",	  "zqdropped", "zqdetail", "zqremoved", "zqnote",   "zqcomment",
				    "zqlog",	  "zqtopic",   "zqproof",  "zqurl",	"zqhistory", "zqtrack",
				    "zqlock",	  "zqtitle",   "4711",	   "2026-11-30", "2026-10-15", "Given ada"};
enum { GOES = sizeof goes / sizeof *goes, STAYS = sizeof stays / sizeof *stays };

static void put_post(const char *plan, const char *row, const char *field, const char *text)
{
	peek("INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, changed_at) "
	     "VALUES ('%s', '%s', '%s', '%s', '%s', '%s', 31, '%s', 1, now(), now())",
	     tenant, plan, uuid_new(m), field, row, text, mona.person);
}

/* A plan of ada's with a word of its own in everything that a plan can hold. */
static const char *full_plan(void)
{
	put_template(template_id = uuid_new(m), definition);
	const char *plan = make_plan_of(&mona, ada.person);
	const char *c = put_row(plan, "competence", NULL, 1), *g = put_row(plan, "goal", c, 1);
	const char *p = put_row(plan, "goal", c, 2), *r = put_row(plan, "goal", c, 3);

	put_value(plan, c, "competence", "zqcompetence for Given ada");
	put_value(plan, g, "goal", "zqgoal: Given ada reads adas book");
	put_value(plan, g, "how", "**zqhow** with ada");
	put_value(plan, g, "steps", "[{\"text\": \"zqsteps\", \"done\": true}]");
	put_value(plan, g, "own", "zqown");
	put_value(plan, g, "kept", "zqkept");
	put_value(plan, g, "hidden", "zqhidden");
	put_value(plan, g, "standing", "doing");
	put_value(plan, g, "by", "2026-10-15");
	put_value(plan, g, "absence", "4711");
	put_value(plan, plan, "support", "zqsupport");
	put_value(plan, plan, "home", "zqhome");
	put_value(plan, p, "goal", "zqproposed");
	put_value(plan, r, "goal", "zqgone");
	put_task(plan, g, "tasks", "zqtaskone by ada", "doing");
	put_task(plan, g, "tasks", "zqdropped", "dropped");
	const char *removed = put_task(plan, g, "tasks", "zqremoved", "todo");
	put_task(plan, g, "secret_tasks", "zqsecret", "todo");
	put_post(plan, g, "note", "zqnote");
	put_post(plan, plan, "said", "zqcomment");
	put_post(plan, plan, "_log", "zqlog");
	put_post(plan, plan, "_topics", "zqtopic");
	peek("UPDATE ilp.plan_row SET state = 'proposed' WHERE row_id = '%s'", p);
	peek("UPDATE ilp.plan_row SET removed_at = now() WHERE row_id = '%s'", r);
	peek("UPDATE ilp.task SET removed_at = now() WHERE task_id = '%s'", removed);
	peek("UPDATE ilp.task SET detail = 'zqdetail' WHERE plan_id = '%s'", plan);
	peek("UPDATE ilp.plan SET title = 'zqtitle', track_reason = 'zqtrack', lock_reason = 'zqlock' WHERE plan_id = '%s'",
	     plan);
	peek("INSERT INTO ilp.evidence (tenant_id, plan_id, evidence_id, field, row_id, title, url, author_id, hat, at) VALUES "
	     "('%s', '%s', '%s', 'proof', '%s', 'zqproof', 'https://zqurl.example', '%s', 1, now())",
	     tenant, plan, uuid_new(m), plan, mona.person);
	peek("INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at) VALUES "
	     "('%s', '%s', '%s', 'goal', 1, 'zqhistory', '%s', now())",
	     tenant, plan, g, mona.person);
	return plan;
}

static void assert_only_what_goes(const char *text)
{
	for (size_t i = 0; i < GOES; i++)
		ck_assert_msg(strstr(text, goes[i]) != NULL, "%s is missing in %s", goes[i], text);
	for (size_t i = 0; i < STAYS; i++)
		ck_assert_msg(!strstr(text, stays[i]), "%s came along in %s", stays[i], text);
	ck_assert_msg(!strstr(text, ada.person), "the student came along in %s", text);
}

static const char *share_of(const char *plan)
{
	struct share made;
	const char *id = uuid_new(m);

	ck_assert_msg(share_make(db, m, &mona, plan, id, true, "Shared", &made, &e), "%s", e.text);
	return id;
}

/* I-10 */
START_TEST(I10_a_share_holds_nothing_of_a_person)
{
	const char *plan = full_plan(), *id = share_of(plan), *content;
	struct share s;

	content = mem_strdup(m, peek("SELECT content FROM ilp.share WHERE share_id = '%s'", id));
	assert_only_what_goes(content);
	ck_assert(strstr(content, "zqgoal: {name} reads {name}s book"));
	ck_assert(strstr(content, "zqcompetence for {name}"));
	ck_assert(strstr(content, "\\\"done\\\": false") && !strstr(content, "\\\"done\\\": true"));
	ck_assert(share_read(db, m, &mona, id, &s, &e));
	assert_only_what_goes(s.content);
	for (size_t i = 0; i < STAYS; i++)
		ck_assert(!strstr(s.definition, stays[i]));
}
END_TEST

static const char *content_of(const char *plan)
{
	return mem_strdup(m, peek("SELECT string_agg(t, ' ') FROM ("
				  "SELECT to_jsonb(r)::text FROM ilp.plan_row r WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(v)::text FROM ilp.plan_value v WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(k)::text FROM ilp.task k WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(o)::text FROM ilp.post o WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(o)::text FROM ilp.evidence o WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(o)::text FROM ilp.plan_history o WHERE plan_id = '%1$s' UNION ALL "
				  "SELECT to_jsonb(o) - 'student_id' #>> '{}' FROM ilp.plan o WHERE plan_id = '%1$s') x (t)",
				  plan));
}

static const char *copy_for(const struct plan_source *from, const char *student)
{
	struct plan_line line;

	ck_assert_msg(plan_make(db, m, &mona, uuid_new(m), &student, 1, from, &spring, &line, &e), "%s", e.text);
	ck_assert(line.ok);
	return line.made;
}

/* I-10 */
START_TEST(I10_a_duplicate_holds_nothing_of_a_person)
{
	const char *plan = full_plan(), *share = share_of(plan);
	const struct plan_source sources[] = {{.plan = plan}, {.share = share}};

	for (size_t i = 0; i < 2; i++) {
		const char *copy = copy_for(&sources[i], bo.person), *text = content_of(copy);
		assert_only_what_goes(text);
		ck_assert_msg(strstr(text, "zqgoal: Given reads Givens book") != NULL, "%s", text);
		assert_peek("todo|todo||t|", "SELECT status, category, status_by, due_on IS NULL, detail FROM ilp.task WHERE plan_id = '%s'",
			    copy);
		assert_peek("competence|1|t,goal|1|f",
			    "SELECT string_agg(kind || '|' || position || '|' || (parent_id IS NULL)::text::char(1), ',' ORDER BY kind) "
			    "FROM ilp.plan_row WHERE plan_id = '%s' AND from_row IS NULL",
			    copy);
		assert_peek("1", "SELECT count(*) FROM ilp.plan_row g JOIN ilp.plan_row c ON c.plan_id = g.plan_id AND c.row_id = g.parent_id "
				 "WHERE g.plan_id = '%s'",
			    copy);
	}
}
END_TEST

/* For the same student: what a mentor carries on, and no voice of anybody else. */
START_TEST(the_next_period_begins_with_what_a_mentor_wrote)
{
	const char *plan = full_plan(), *next, *text;

	put_state(plan, "published");
	next = revise_of(plan, true, true);
	text = content_of(next);
	static const char *const carried[] = {"zqcompetence for Given ada", "zqgoal", "zqhow", "zqsteps", "zqsupport", "zqkept", "zqhidden"};
	static const char *const left[] = {"zqown", "zqhome", "zqnote", "zqcomment", "zqlog", "zqtopic", "zqproof", "zqhistory", "zqproposed",
					   "zqgone", "zqtaskone", "zqsecret", "4711", "2026-10-15"};
	for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
		ck_assert_msg(strstr(text, carried[i]) != NULL, "%s is missing", carried[i]);
	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		ck_assert_msg(!strstr(text, left[i]), "%s came along", left[i]);
	assert_peek("2", "SELECT count(*) FROM ilp.plan_row n JOIN ilp.plan_row o ON o.row_id = n.from_row AND o.plan_id = '%s' WHERE n.plan_id = '%s'",
		    plan, next);
	assert_peek("t|t|draft", "SELECT n.series_id = o.series_id, n.form_id = o.form_id, n.state FROM ilp.plan n JOIN ilp.plan o ON o.plan_id = "
				 "n.predecessor_id WHERE n.plan_id = '%s'",
		    next);
}
END_TEST

START_TEST(goals_stay_behind_where_one_says_so)
{
	const char *plan = full_plan(), *next;

	put_state(plan, "locked");
	next = revise_of(plan, false, false);
	assert_peek("0|1|f", "SELECT (SELECT count(*) FROM ilp.plan_row WHERE plan_id = '%1$s'), (SELECT count(*) FROM ilp.plan_value WHERE plan_id = "
			     "'%1$s'), moves_tasks FROM ilp.plan WHERE plan_id = '%1$s'",
		    next);
}
END_TEST

/* I-11 */
START_TEST(I11_later_edits_and_withdrawal_change_no_copy)
{
	const char *plan = full_plan(), *share = share_of(plan);
	const char *a = copy_for(&(struct plan_source){.share = share}, bo.person);
	const char *b = copy_for(&(struct plan_source){.plan = plan}, bo.person);
	const char *before = whole_plan(a), *before_b = whole_plan(b);
	const char *shared = mem_strdup(m, peek("SELECT content FROM ilp.share WHERE share_id = '%s'", share));

	peek("UPDATE ilp.plan_value SET text = 'zqlater' WHERE plan_id = '%s'", plan);
	assert_peek(shared, "SELECT content FROM ilp.share WHERE share_id = '%s'", share);
	ck_assert(share_withdraw(db, m, &mona, share, &e) && share_withdraw(db, m, &mona, share, &e));
	peek("UPDATE ilp.plan SET title = 'Autumn', published_at = NULL WHERE plan_id = '%s'", plan);
	do_act(ACT_DELETE, plan);
	ck_assert_str_eq(whole_plan(a), before);
	ck_assert_str_eq(whole_plan(b), before_b);
	assert_peek(mem_printf(m, "{\"share\": \"%s\"}", share), "SELECT origin FROM ilp.plan WHERE plan_id = '%s'", a);
}
END_TEST

/* I-01 */
START_TEST(I01_a_plan_stays_as_its_template_was)
{
	const char *plan = make_plan_of(&mona, ada.person), *before = whole_plan(plan);

	peek("UPDATE ilp.template SET state = 'unpublished', definition = '{}', rev = rev + 1 WHERE template_id = '%s'", template_id);
	ck_assert_str_eq(whole_plan(plan), before);
	peek("DELETE FROM ilp.template WHERE template_id = '%s'", template_id);
	ck_assert_str_eq(whole_plan(plan), before);
	do_act(ACT_PUBLISH, plan);
	ck_assert_str_eq(revise_of(plan, true, true), mem_strdup(m, peek("SELECT plan_id FROM ilp.plan WHERE predecessor_id = '%s'", plan)));
}
END_TEST

/* I-17 */
START_TEST(I17_one_bad_student_stops_no_other)
{
	struct viewer cai = arrive_in("9A", "cai", "student"), dag = arrive("dag", "student"), test = arrive("test", "student");
	const char *gone = uuid_new(m), *request = uuid_new(m);
	const char *const students[] = {ada.person, cai.person, gone, test.person, dag.person, bo.person};
	static const char *const reasons[] = {NULL, "not_yours", "not_yours", "test_user", "not_yours", NULL};
	const struct plan_source from = {.template = template_id};
	struct plan_line a[6], b[6];

	peek("UPDATE ilp.person SET is_test = true WHERE person_id = '%s'", test.person);
	peek("UPDATE ilp.membership SET left_at = now() WHERE person_id = '%s'", dag.person);
	ck_assert_msg(plan_make(db, m, &mona, request, students, 6, &from, &autumn, a, &e), "%s", e.text);
	ck_assert(plan_make(db, m, &mona, request, students, 6, &from, &autumn, b, &e));
	for (size_t i = 0; i < 6; i++) {
		ck_assert_str_eq(a[i].id, students[i]);
		ck_assert_msg(a[i].ok == !reasons[i] && str_eq(a[i].reason, reasons[i]), "%zu: %s", i, a[i].reason);
		ck_assert_msg(str_eq(b[i].reason, reasons[i] ? reasons[i] : "has_one"), "%zu: %s", i, b[i].reason);
		ck_assert(str_eq(a[i].made, b[i].made));
	}
	assert_peek("2", "SELECT count(*) FROM ilp.plan WHERE request_id = '%s'", request);
	assert_peek("2", "SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND kind = 'plan.created'", tenant);
}
END_TEST

START_TEST(a_template_of_another_school_is_not_offered_here)
{
	const char *org = uuid_new(m), *group = uuid_new(m);
	const char *const students[] = {ada.person, bo.person};
	const struct plan_source from = {.template = template_id};
	struct plan_line out[2];

	peek("INSERT INTO ilp.org (tenant_id, org_id, name) VALUES ('%s', '%s', 'North')", tenant, org);
	peek("INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name) VALUES ('%s', '%s', '%s', 'N1')", tenant, group, org);
	peek("INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%s', '%s', '%s')", tenant, group, ada.person);
	peek("UPDATE ilp.template SET org_id = '%s' WHERE template_id = '%s'", org, template_id);
	ck_assert(plan_make(db, m, &mona, uuid_new(m), students, 2, &from, &autumn, out, &e));
	ck_assert(out[0].ok);
	ck_assert_str_eq(out[1].reason, "elsewhere");
	peek("UPDATE ilp.template SET state = 'unpublished' WHERE template_id = '%s'", template_id);
	ck_assert(!plan_make(db, m, &mona, uuid_new(m), students, 2, &from, &autumn, out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(names_give_way_to_the_next_students)
{
	assert_peek("{name}|{name} and {name}s book|Sofiero|{name}, {name}!|O.K.",
		    "SELECT string_agg(ilp.unnamed(t, ilp.names_of('Sofie Aasen Lund', 'Sofie', 'Aasen Lund')), '|' ORDER BY i) FROM "
		    "unnest(ARRAY['Sofie Aasen Lund', 'Sofie and Sofies book', 'Sofiero', 'Aasen, Lund!', 'O.K.']) WITH ORDINALITY x (t, i)");
	assert_peek("{name} (x) + {name}|a.b", "SELECT ilp.unnamed('D''Arc (x) + Jo-Ann', ilp.names_of('D''Arc (x)', 'Jo-Ann', '')) || '|' || ilp.unnamed('a.b', "
					   "ARRAY['a+b', ''])");
	assert_peek("Ola reads|{name} reads|Q reads", "SELECT ilp.named('{name} reads', 'Ola N', 'Ola') || '|' || ilp.named('{name} reads', '', '') || '|' || "
						      "ilp.named('{name} reads', '', '\"Q\\')");
}
END_TEST

static void put_school(const char *org, const char *group, const char *student, const char *mentor)
{
	peek("INSERT INTO ilp.org (tenant_id, org_id, name) VALUES ('%s', '%s', 'School %s')", tenant, org, org);
	peek("INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name) VALUES ('%s', '%s', '%s', 'G')", tenant, group, org);
	peek("INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%s', '%s', '%s')", tenant, group, student);
	peek("INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) VALUES ('%s', '%s', '%s', '%s')", tenant, uuid_new(m), mentor, group);
}

/* */
START_TEST(a_share_reaches_its_school_or_the_district)
{
	const char *plan = make_plan_of(&mona, ada.person), *id = uuid_new(m);
	struct share made, *list;
	size_t n;

	ck_assert_msg(share_make(db, m, &mona, plan, uuid_new(m), false, "Whole", &made, &e), "%s", e.text);
	ck_assert_msg(made.district, "a tenant without schools is one school");
	put_school(uuid_new(m), uuid_new(m), arrive_in("9A", "cai", "student").person, olga.person);
	ck_assert(!share_make(db, m, &mona, plan, uuid_new(m), false, "Nowhere", &made, &e));
	ck_assert_str_eq(e.field, "scope");
	put_school(uuid_new(m), uuid_new(m), ada.person, mona.person);
	ck_assert_msg(share_make(db, m, &mona, plan, id, false, "North only", &made, &e), "%s", e.text);
	ck_assert(!made.district && made.school && made.mine);
	ck_assert(share_list(db, m, &mona, NULL, &list, &n, &e));
	ck_assert_uint_eq(n, 2);
	ck_assert(share_list(db, m, &olga, NULL, &list, &n, &e));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(list[0].title, "Whole");
	ck_assert(!list[0].mine);
	ck_assert(!share_read(db, m, &olga, id, &made, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(!share_withdraw(db, m, &olga, id, &e) && e.code == ERR_NOT_FOUND);
	struct plan_line line;
	const char *cai = arrive_in("9A", "cai", "student").person;
	const struct plan_source from = {.share = id};
	ck_assert(!plan_make(db, m, &olga, uuid_new(m), &cai, 1, &from, &autumn, &line, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(share_list(db, m, &mona, "NORTH", &list, &n, &e) && n == 1);
	ck_assert(share_list(db, m, &mona, "%", &list, &n, &e) && n == 0);
	ck_assert(!share_list(db, m, &ada, NULL, &list, &n, &e) && e.code == ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_use_counts_once_for_each_act)
{
	const char *share = share_of(make_plan_of(&mona, ada.person)), *request = uuid_new(m);
	const struct plan_source from = {.share = share};
	const char *const students[] = {ada.person, bo.person};
	struct plan_line out[2];

	for (int i = 0; i < 2; i++) {
		ck_assert(plan_make(db, m, &mona, request, students, 1, &from, &autumn, out, &e));
		ck_assert(plan_make(db, m, &mona, request, students + 1, 1, &from, &autumn, out, &e));
	}
	assert_peek("1", "SELECT uses FROM ilp.share WHERE share_id = '%s'", share);
	ck_assert(plan_make(db, m, &mona, uuid_new(m), students, 2, &from, &autumn, out, &e));
	assert_peek("2", "SELECT uses FROM ilp.share WHERE share_id = '%s'", share);
}
END_TEST

Suite *ilp_plan_copy_suite(void)
{
	Suite *s = suite_create("ilp/plan_copy");
	TCase *t = tcase_create("plan_copy");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, open_plan_school, close_school);
	tcase_add_test(t, I10_a_share_holds_nothing_of_a_person);
	tcase_add_test(t, I10_a_duplicate_holds_nothing_of_a_person);
	tcase_add_test(t, the_next_period_begins_with_what_a_mentor_wrote);
	tcase_add_test(t, goals_stay_behind_where_one_says_so);
	tcase_add_test(t, I11_later_edits_and_withdrawal_change_no_copy);
	tcase_add_test(t, I01_a_plan_stays_as_its_template_was);
	tcase_add_test(t, I17_one_bad_student_stops_no_other);
	tcase_add_test(t, a_template_of_another_school_is_not_offered_here);
	tcase_add_test(t, names_give_way_to_the_next_students);
	tcase_add_test(t, a_share_reaches_its_school_or_the_district);
	tcase_add_test(t, a_use_counts_once_for_each_act);
	suite_add_tcase(s, t);
	return s;
}
