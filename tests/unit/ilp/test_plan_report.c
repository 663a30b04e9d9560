/* Reports about plans: who is in them, and that every number counts for the hat that reads. */
#include "ilp/school.h"
#include "ilp/form.h"
#include "ilp/plan_report.h"

static struct viewer mona, kari, ada, bo, parent, stranger, head;
static struct review halfway;
static const char *form, *group;

static const char definition[] =
	"{\"version\": 1, \"title\": {\"en\": \"Plan\"}, \"purpose\": \"learning\","
	"\"log\": {\"sees\": \"MCS\", \"edits\": \"MCS\"},"
	"\"sections\": [{\"key\": \"goals\", \"kind\": \"grid\", \"title\": {\"en\": \"Goals\"},"
	" \"sees\": \"MCSGH\", \"edits\": \"MS\", \"fields\": ["
	"{\"key\": \"competence\", \"of\": \"competence\", \"kind\": \"text\", \"head\": true,"
	" \"label\": {\"en\": \"Competence\"}, \"sees\": \"MCSGH\", \"edits\": \"M\"},"
	"{\"key\": \"goal\", \"of\": \"goal\", \"kind\": \"text\", \"head\": true,"
	" \"label\": {\"en\": \"Goal\"}, \"sees\": \"MCSGH\", \"edits\": \"MS\"},"
	"{\"key\": \"reflection\", \"of\": \"goal\", \"kind\": \"long\","
	" \"label\": {\"en\": \"Reflection\"}, \"sees\": \"MS\", \"edits\": \"S\"},"
	"{\"key\": \"tasks\", \"of\": \"goal\", \"kind\": \"tasks\","
	" \"label\": {\"en\": \"Tasks\"}, \"sees\": \"MCSGH\", \"edits\": \"MS\"},"
	"{\"key\": \"home\", \"of\": \"goal\", \"kind\": \"tasks\","
	" \"label\": {\"en\": \"At home\"}, \"sees\": \"MSG\", \"edits\": \"MG\"}]},"
	"{\"key\": \"staff\", \"kind\": \"fields\", \"title\": {\"en\": \"Staff\"}, \"fields\": ["
	"{\"key\": \"ours\", \"kind\": \"tasks\", \"label\": {\"en\": \"Ours\"}, \"sees\": \"M\", \"edits\": \"M\"}]}]}";

static void put_form(void)
{
	json_t *d;

	ck_assert_msg(form_read(m, definition, strlen(definition), &d, &e), "%s: %s", e.field, e.text);
	viewer_begin(db, m, &mona);
	form_put_add(db, m, d, &form);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
}

/* A tutor group of Ada and Bo with Mona as mentor; Kari teaches them English. */
static void setup(void)
{
	open_school();
	db_free(db);
	db = db_at("2026-11-10T12:00:00+01");
	mona = arrive_in("staff", "mona", "teacher");
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	parent = arrive_as_guardian("parent", (const char *[]){"ada"}, 1);
	stranger = arrive_in("other", "stranger", "teacher");
	head = arrive_in("staff", "head", "none");
	halfway = make_review(&kari, "no_grades");
	group = uuid_new(m);
	peek("INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('%1$s', '%2$s', '8B');"
	     "INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%1$s', '%2$s', '%3$s'), ('%1$s', '%2$s', '%4$s');"
	     "INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) VALUES ('%1$s', gen_random_uuid(), '%5$s', '%2$s');"
	     "INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('%1$s', gen_random_uuid(), '%6$s')",
	     tenant, group, ada.person, bo.person, mona.person, head.person);
	put_form();
}

static const char *make_plan(const struct viewer *student, const char *state, const char *starts,
			     const char *ends)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, state, series_id,"
	     " request_id, created_by, created_at, changed_by, changed_at, published_at, locked_at) VALUES ('%1$s', '%2$s', '%3$s', '%4$s',"
	     " 'Autumn', '%5$s', '%6$s', '%7$s', gen_random_uuid(), gen_random_uuid(), '%8$s', '2026-08-17', '%8$s', '2026-11-09 10:00Z',"
	     " CASE WHEN '%7$s' <> 'draft' THEN timestamptz '2026-08-18' END,"
	     " CASE WHEN '%7$s' = 'locked' THEN timestamptz '2026-06-20' END)",
	     tenant, id, student->person, form, starts, ends, state, mona.person);
	return id;
}

static const char *autumn(const struct viewer *student)
{
	return make_plan(student, "published", "2026-08-17", "2026-12-18");
}

/* A competence with one goal under it; the goal. */
static const char *goal(const char *plan, const char *competence, const char *words)
{
	const char *above = uuid_new(m), *id = uuid_new(m);

	peek("INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, by_id, hat, at) VALUES"
	     " ('%1$s', '%2$s', '%3$s', 'competence', NULL, 1, '%5$s', 1, now()), ('%1$s', '%2$s', '%4$s', 'goal', '%3$s', 1, '%5$s', 1, now());"
	     "INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at) VALUES"
	     " ('%1$s', '%2$s', '%3$s', 'competence', '%6$s', '%5$s', 1, now()), ('%1$s', '%2$s', '%4$s', 'goal', '%7$s', '%5$s', 1, now())",
	     tenant, plan, above, id, mona.person, competence, words);
	return id;
}

static void task(const char *plan, const char *row, const char *field, const char *category, const char *due)
{
	peek("INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, by_id, hat, at)"
	     " VALUES ('%s', '%s', gen_random_uuid(), '%s', '%s', 1, 'read', '%s', '%s', nullif('%s', '')::date, '%s', 1, now())",
	     tenant, plan, field, row, category, category, due, mona.person);
}

static struct plan_report read_group(const struct viewer *v, const char *of, bool all)
{
	struct plan_report p;

	ck_assert_msg(plan_report_read(db, m, v, of, all, &p, &e), "%s", e.text);
	return p;
}

static struct plan_report_row *row_of(const struct plan_report *p, const struct viewer *student)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->rows[i].student.id, student->person))
			return &p->rows[i];
	ck_abort_msg("no row");
}

static struct plan_report_row ada_for(const struct viewer *v)
{
	struct plan_report p = read_group(v, v == &head ? group : NULL, false);

	return *row_of(&p, &ada);
}

static enum err_code about(const struct viewer *v, const struct viewer *student,
			   struct plan_report_student *out)
{
	e = (struct err){0};
	return plan_report_student_read(db, m, v, student->person, out, &e) ? ERR_OK : e.code;
}

START_TEST(everybody_in_ones_charge_is_there_with_or_without_a_plan)
{
	autumn(&ada);
	struct plan_report p = read_group(&mona, NULL, false);

	ck_assert_uint_eq(p.n, 2);
	ck_assert_str_eq(row_of(&p, &ada)->title, "Autumn");
	ck_assert_str_eq(row_of(&p, &ada)->groups, "[\"8B\"]");
	ck_assert_ptr_null(row_of(&p, &bo)->plan);
	ck_assert_uint_eq(p.groups_n, 2); /* 8B, and the staff course she was launched from */
	ck_assert_str_eq(p.groups[0].id, group);
	ck_assert(!p.is_head);
}
END_TEST

START_TEST(a_teacher_has_the_course_a_headteacher_the_group)
{
	autumn(&ada);
	ck_assert_int_eq(ada_for(&kari).hat, HAT_TEACHER);
	ck_assert_int_eq(ada_for(&head).hat, HAT_HEAD);
	ck_assert_int_eq(ada_for(&mona).hat, HAT_MENTOR);
	ck_assert(read_group(&head, group, false).is_head);
}
END_TEST

START_TEST(a_group_of_others_is_empty)
{
	autumn(&ada);
	ck_assert_uint_eq(read_group(&kari, group, false).n, 0);
	ck_assert_uint_eq(read_group(&stranger, group, false).n, 0);
	ck_assert_uint_eq(read_group(&stranger, NULL, false).n, 0);
	ck_assert_uint_eq(read_group(&mona, kari.course, false).n, 0);
	ck_assert_uint_eq(read_group(&mona, uuid_new(m), false).n, 0);
}
END_TEST

START_TEST(families_have_no_lists)
{
	struct plan_report p;
	struct plan_report_school s;
	const struct viewer *const who[] = {&ada, &parent};

	for (size_t i = 0; i < 2; i++) {
		e = (struct err){0};
		ck_assert(!plan_report_read(db, m, who[i], NULL, false, &p, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(!plan_report_school_read(db, m, who[i], NULL, &s, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	}
}
END_TEST

/* I-28: three tasks for everybody, one for family and mentor, two for the mentor alone. */
static const char *plan_with_tasks(void)
{
	const char *plan = autumn(&ada), *g = goal(plan, "Oral", "Speak");

	task(plan, g, "tasks", "done", "");
	task(plan, g, "tasks", "doing", "2026-11-01"); /* late */
	task(plan, g, "tasks", "todo", "2026-12-01");
	task(plan, g, "home", "done", "");
	task(plan, plan, "ours", "todo", "2026-10-01");
	task(plan, plan, "ours", "todo", "2026-10-01");
	return plan;
}

START_TEST(tasks_count_where_they_show)
{
	struct plan_report_student s;

	plan_with_tasks();
	struct plan_report_row mine = ada_for(&mona), taught = ada_for(&kari), headed = ada_for(&head);
	ck_assert_int_eq(mine.todo, 3);
	ck_assert_int_eq(mine.done, 2);
	ck_assert_int_eq(mine.late, 3);
	ck_assert_str_eq(mine.track, "support");
	ck_assert_int_eq(taught.todo, 1);
	ck_assert_int_eq(taught.doing, 1);
	ck_assert_int_eq(taught.done, 1);
	ck_assert_int_eq(taught.late, 1);
	ck_assert_str_eq(taught.track, "behind");
	ck_assert_int_eq(headed.done, 1);
	ck_assert_int_eq(about(&ada, &ada, &s), ERR_OK);
	ck_assert_int_eq(s.plans[0].done, 2);
	ck_assert_int_eq(s.plans[0].todo, 1);
	ck_assert_str_eq(s.plans[0].track, "behind");
}
END_TEST

START_TEST(what_a_hat_does_not_see_at_all_has_no_numbers)
{
	peek("UPDATE ilp.form_field SET sees = 1, edits = 1 WHERE tenant_id = '%s' AND form_id = '%s' AND kind = 'tasks'",
	     tenant, form);
	plan_with_tasks();
	ck_assert(ada_for(&mona).has_tasks);
	ck_assert(!ada_for(&kari).has_tasks);
	ck_assert_ptr_null(ada_for(&kari).track);
}
END_TEST

START_TEST(proposed_removed_and_moved_are_not_counted)
{
	const char *plan = plan_with_tasks(), *proposed = goal(plan, "Written", "Write");

	task(plan, proposed, "tasks", "done", "");
	peek("UPDATE ilp.plan_row SET state = 'proposed', hat = 4 WHERE tenant_id = '%s' AND row_id = '%s'", tenant,
	     proposed);
	ck_assert_int_eq(ada_for(&mona).done, 2);
	ck_assert_int_eq(ada_for(&mona).goals, 1);
	peek("UPDATE ilp.task SET removed_at = now() WHERE tenant_id = '%s' AND field = 'home'", tenant);
	ck_assert_int_eq(ada_for(&mona).done, 1);
	peek("UPDATE ilp.task SET moved_to = gen_random_uuid() WHERE tenant_id = '%s' AND field = 'ours'", tenant);
	ck_assert_int_eq(ada_for(&mona).todo, 1);
	ck_assert_int_eq(ada_for(&mona).moved, 2);
	ck_assert_int_eq(ada_for(&kari).moved, 0);
}
END_TEST

START_TEST(what_the_student_wrote_counts_where_it_shows)
{
	const char *plan = autumn(&ada), *g = goal(plan, "Oral", "Speak");

	peek("INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at)"
	     " VALUES ('%s', '%s', '%s', 'reflection', 'easier', '%s', 4, now())",
	     tenant, plan, g, ada.person);
	ck_assert_int_eq(ada_for(&mona).reflected, 1);
	ck_assert(ada_for(&mona).student_wrote);
	ck_assert_int_eq(ada_for(&kari).reflected, 0); /* not for teachers to see */
	ck_assert(!ada_for(&kari).student_wrote);
	ck_assert(!ada_for(&head).student_wrote);
}
END_TEST

START_TEST(a_draft_is_the_staffs)
{
	struct plan_report_student s;

	make_plan(&ada, "draft", "2026-08-17", "2026-12-18");
	ck_assert_str_eq(ada_for(&mona).state, "draft");
	ck_assert_str_eq(ada_for(&kari).state, "draft");
	ck_assert(!ada_for(&mona).has_readers);
	ck_assert_int_eq(about(&ada, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.plans_n, 0);
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.plans_n, 0);
}
END_TEST

START_TEST(former_and_coming_plans_are_there_when_asked_for)
{
	make_plan(&ada, "locked", "2026-01-05", "2026-06-19");
	make_plan(&ada, "draft", "2027-01-05", "2027-06-19");
	ck_assert_ptr_null(ada_for(&mona).plan);
	struct plan_report p = read_group(&mona, NULL, true);
	ck_assert_uint_eq(p.n, 3);
}
END_TEST

START_TEST(readers_are_for_mentors_and_headteachers)
{
	const char *plan = autumn(&ada), *meeting = uuid_new(m);

	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) VALUES ('%1$s', '%2$s', '%3$s', 8, now(), now());"
	     "INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, starts_at, questions, created_at, changed_at)"
	     " VALUES ('%1$s', '%4$s', '%2$s', '%5$s', gen_random_uuid(), '%6$s', '2026-11-20 15:30Z', '[]', now(), now());"
	     "INSERT INTO ilp.meeting_party (tenant_id, meeting_id, person_id, hat, confirmed_at) VALUES"
	     " ('%1$s', '%4$s', '%3$s', 8, now()), ('%1$s', '%4$s', '%5$s', 4, NULL)",
	     tenant, plan, parent.person, meeting, ada.person, mona.person);
	struct plan_report_row r = ada_for(&mona);
	ck_assert(r.has_readers && r.home_opened && !r.student_opened);
	ck_assert(r.home_confirmed && !r.student_confirmed);
	ck_assert_int_eq(r.homes, 1);
	ck_assert_str_eq(r.meeting, "planned");
	ck_assert_str_eq(r.meeting_on, "2026-11-20");
	ck_assert_ptr_nonnull(r.changed_at);
	ck_assert(ada_for(&head).has_readers);
	ck_assert_ptr_null(ada_for(&head).changed_at);
	r = ada_for(&kari);
	ck_assert(!r.has_readers);
	ck_assert_ptr_null(r.meeting);
	ck_assert_ptr_null(r.changed_at);
}
END_TEST

/* ---- Reviews ---- */

static void assess(const char *value)
{
	save(&kari, halfway.id, ada.person, ENTRY_VALUE, value, 0);
}

START_TEST(reviews_count_once_they_are_released_or_ready)
{
	struct plan_report_student s;

	autumn(&ada);
	assess("1");
	ck_assert_int_eq(ada_for(&mona).reviews, 0);
	ck_assert_ptr_null(ada_for(&mona).track);
	peek("UPDATE ilp.entry SET ready_at = now() WHERE tenant_id = '%1$s';"
	     "UPDATE ilp.entry_text SET ready_text = text WHERE tenant_id = '%1$s'",
	     tenant);
	ck_assert_int_eq(ada_for(&mona).reviews, 1);
	ck_assert_int_eq(ada_for(&kari).reviews, 0);
	ck_assert_ptr_null(ada_for(&mona).track); /* the rule goes by what is released */
	ck_assert_int_eq(about(&mona, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.reviews_n, 1);
	ck_assert_str_eq(s.reviews[0].value, "1");
	ck_assert_ptr_null(s.reviews[0].released_at);
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.reviews_n, 0);
	peek("UPDATE ilp.entry SET ready_at = NULL, released_at = now() WHERE tenant_id = '%1$s';"
	     "UPDATE ilp.entry_text SET released_text = text WHERE tenant_id = '%1$s'",
	     tenant);
	ck_assert_str_eq(ada_for(&mona).track, "behind"); /* grade 1 is a risk */
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.reviews_n, 1);
	ck_assert_str_eq(s.plans[0].track, "behind");
}
END_TEST

START_TEST(a_review_families_do_not_get_counts_for_none_of_theirs)
{
	struct plan_report_student s;

	autumn(&ada);
	assess("1");
	peek("UPDATE ilp.entry SET released_at = now() WHERE tenant_id = '%1$s';"
	     "UPDATE ilp.entry_text SET released_text = text WHERE tenant_id = '%1$s';"
	     "UPDATE ilp.review SET to_guardians = false WHERE tenant_id = '%1$s'",
	     tenant);
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.reviews_n, 0);
	ck_assert_ptr_null(s.plans[0].track);
	ck_assert_int_eq(about(&ada, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.reviews_n, 1);
	ck_assert_str_eq(s.plans[0].track, "behind");
}
END_TEST

/* ---- One student ---- */

START_TEST(who_somebody_is_nothing_to_does_not_exist)
{
	struct plan_report_student s;

	autumn(&ada);
	ck_assert_int_eq(about(&stranger, &ada, &s), ERR_NOT_FOUND);
	ck_assert_int_eq(about(&bo, &ada, &s), ERR_NOT_FOUND);
	ck_assert_int_eq(about(&parent, &bo, &s), ERR_NOT_FOUND);
	ck_assert_int_eq(about(&ada, &mona, &s), ERR_NOT_FOUND);
	ck_assert_int_eq(about(&mona, &ada, &s), ERR_OK);
	ck_assert_int_eq(about(&head, &ada, &s), ERR_OK);
	ck_assert_int_eq(about(&kari, &ada, &s), ERR_OK);
}
END_TEST

START_TEST(goals_come_with_their_words_and_tasks)
{
	struct plan_report_student s;

	plan_with_tasks();
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.goals_n, 2);
	const struct plan_report_goal *c = s.goals[0].parent ? &s.goals[1] : &s.goals[0];
	const struct plan_report_goal *g = s.goals[0].parent ? &s.goals[0] : &s.goals[1];
	ck_assert_str_eq(c->text, "Oral");
	ck_assert_str_eq(g->text, "Speak");
	ck_assert_int_eq(g->done, 2);
	ck_assert_int_eq(g->todo, 1);
	ck_assert_uint_eq(s.milestones_n, 2);
	ck_assert_str_eq(s.milestones[0].text, "read");
	ck_assert_int_eq(about(&kari, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.milestones_n, 1);
}
END_TEST

START_TEST(guardians_look_back_as_far_as_the_school_lets_them)
{
	struct plan_report_student s;

	make_plan(&ada, "locked", "2026-01-05", "2026-06-19");
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.plans_n, 1);
	peek("UPDATE ilp.tenant SET policy = '{\"guardian_history\": false}' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(about(&parent, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.plans_n, 0);
	ck_assert_int_eq(about(&ada, &ada, &s), ERR_OK);
	ck_assert_uint_eq(s.plans_n, 1);
}
END_TEST

START_TEST(what_somebody_said_stands_before_the_rule)
{
	plan_with_tasks();
	peek("UPDATE ilp.plan SET track = 'on', track_reason = 'ill for a month' WHERE tenant_id = '%s'", tenant);
	ck_assert_str_eq(ada_for(&mona).track, "on");
	ck_assert(ada_for(&mona).track_said);
}
END_TEST

/* ---- A school ---- */

static struct plan_report_school school(const char *org)
{
	struct plan_report_school s;

	ck_assert_msg(plan_report_school_read(db, m, &head, org, &s, &e), "%s", e.text);
	return s;
}

static const struct plan_report_school_row *unit(const struct plan_report_school *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->rows[i].group, id))
			return &s->rows[i];
	ck_abort_msg("no such row");
}

START_TEST(a_school_is_counted_by_group_each_student_once_in_all)
{
	const char *second = uuid_new(m);

	plan_with_tasks();
	make_plan(&bo, "draft", "2026-08-17", "2026-12-18");
	peek("INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('%1$s', '%2$s', 'Reading');"
	     "INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%1$s', '%2$s', '%3$s')",
	     tenant, second, ada.person);
	struct plan_report_school s = school(NULL);
	ck_assert_uint_eq(s.n, 3);
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_STUDENTS], 2);
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_PLANNED], 2);
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_PUBLISHED], 1);
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_TASKS], 3); /* as headteachers see them */
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_DONE], 1);
	ck_assert_int_eq(unit(&s, group)->counts[COUNT_BEHIND], 1);
	ck_assert_int_eq(unit(&s, second)->counts[COUNT_STUDENTS], 1);
	ck_assert_int_eq(unit(&s, NULL)->counts[COUNT_STUDENTS], 2);
	ck_assert_int_eq(unit(&s, NULL)->counts[COUNT_TASKS], 3);
}
END_TEST

START_TEST(headteachers_have_their_own_school_only)
{
	const char *north = uuid_new(m), *south = uuid_new(m);

	peek("INSERT INTO ilp.org (tenant_id, org_id, name) VALUES ('%1$s', '%2$s', 'North'), ('%1$s', '%3$s', 'South');"
	     "UPDATE ilp.student_group SET org_id = '%2$s' WHERE tenant_id = '%1$s';"
	     "UPDATE ilp.head SET org_id = '%3$s' WHERE tenant_id = '%1$s'",
	     tenant, north, south);
	struct plan_report_school s = school(NULL);
	ck_assert_uint_eq(s.n, 0);
	ck_assert_uint_eq(s.orgs_n, 1);
	s = school(north); /* asking does not help */
	ck_assert_uint_eq(s.n, 0);
	peek("UPDATE ilp.head SET org_id = '%s' WHERE tenant_id = '%s'", north, tenant);
	ck_assert_uint_eq(school(NULL).n, 2);
	ck_assert_uint_eq(school(north).n, 2);
	e = (struct err){0};
	ck_assert(!plan_report_school_read(db, m, &mona, NULL, &s, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(each_report_takes_one_round_trip)
{
	struct plan_report_student s;

	autumn(&ada);
	int64_t before = db_trips(db);
	read_group(&mona, NULL, false);
	ck_assert_int_eq(db_trips(db), before + 1);
	school(NULL);
	ck_assert_int_eq(db_trips(db), before + 2);
	about(&parent, &ada, &s);
	ck_assert_int_eq(db_trips(db), before + 3);
}
END_TEST

/* ---- The rule itself, as ilp.track_of() has it ---- */

static const struct {
	const char *rule;
	int total, done, late, help, day, watch, risk; /* day: of 120 days of the plan */
	const char *track;
} cases[] = {
	{"{}", 0, 0, 0, 0, 60, 0, 0, ""},          /* nothing to go by */
	{"{}", 10, 5, 0, 0, 60, 0, 0, "on"},
	{"{}", 10, 10, 0, 0, 60, 0, 0, "ahead"},   /* all done long before the end */
	{"{}", 10, 10, 0, 0, 110, 0, 0, "on"},     /* within the last two weeks that is the plan */
	{"{}", 10, 0, 0, 0, 59, 0, 0, "on"},       /* less than half the time without a task done */
	{"{}", 10, 0, 0, 0, 61, 0, 0, "behind"},
	{"{\"slack_percent\": 20}", 10, 0, 0, 0, 30, 0, 0, "behind"},
	{"{\"slack_percent\": 100}", 10, 0, 0, 0, 119, 0, 0, "on"},
	{"{}", 10, 5, 1, 0, 60, 0, 0, "behind"},
	{"{}", 10, 5, 2, 0, 60, 0, 0, "behind"},
	{"{}", 10, 5, 3, 0, 60, 0, 0, "support"},
	{"{\"behind_late\": 2}", 10, 5, 1, 0, 60, 0, 0, "on"},
	{"{\"support_late\": 2}", 10, 5, 2, 0, 60, 0, 0, "support"},
	{"{}", 10, 5, 0, 1, 60, 0, 0, "behind"},   /* one call for help */
	{"{}", 10, 5, 0, 2, 60, 0, 0, "support"},
	{"{\"support_help\": 1}", 10, 5, 0, 1, 60, 0, 0, "support"},
	{"{}", 0, 0, 0, 0, 60, 1, 0, "on"},        /* reviews alone are something to go by */
	{"{}", 0, 0, 0, 0, 60, 3, 0, "behind"},
	{"{\"behind_watch\": 1}", 0, 0, 0, 0, 60, 1, 0, "behind"},
	{"{}", 0, 0, 0, 0, 60, 0, 1, "behind"},
	{"{}", 0, 0, 0, 0, 60, 0, 2, "support"},
	{"{}", 10, 10, 0, 0, 60, 0, 2, "support"}, /* tasks do not outweigh reviews */
	{"{}", 10, 0, 0, 0, -5, 0, 0, "on"},       /* before it begins no time is gone */
	{"{}", 10, 4, 0, 0, 500, 0, 0, "behind"},  /* nor more than all of it afterwards */
	{"{}", 10, 5, 0, 0, 500, 0, 0, "on"},
};

START_TEST(the_rule)
{
	const char *got = peek("SELECT coalesce(ilp.track_of('%s', %d, %d, %d, %d, '2026-08-01', '2026-11-29',"
			       " date '2026-08-01' + %d, %d, %d), '')",
			       cases[_i].rule, cases[_i].total, cases[_i].done, cases[_i].late, cases[_i].help,
			       cases[_i].day, cases[_i].watch, cases[_i].risk);

	ck_assert_str_eq(got, cases[_i].track);
}
END_TEST

Suite *ilp_plan_report_suite(void);

Suite *ilp_plan_report_suite(void)
{
	Suite *s = suite_create("ilp/plan_report");
	TCase *t = tcase_create("plan_report"), *rule = tcase_create("rule");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, everybody_in_ones_charge_is_there_with_or_without_a_plan);
	tcase_add_test(t, a_teacher_has_the_course_a_headteacher_the_group);
	tcase_add_test(t, a_group_of_others_is_empty);
	tcase_add_test(t, families_have_no_lists);
	tcase_add_test(t, tasks_count_where_they_show);
	tcase_add_test(t, what_a_hat_does_not_see_at_all_has_no_numbers);
	tcase_add_test(t, proposed_removed_and_moved_are_not_counted);
	tcase_add_test(t, what_the_student_wrote_counts_where_it_shows);
	tcase_add_test(t, a_draft_is_the_staffs);
	tcase_add_test(t, former_and_coming_plans_are_there_when_asked_for);
	tcase_add_test(t, readers_are_for_mentors_and_headteachers);
	tcase_add_test(t, reviews_count_once_they_are_released_or_ready);
	tcase_add_test(t, a_review_families_do_not_get_counts_for_none_of_theirs);
	tcase_add_test(t, who_somebody_is_nothing_to_does_not_exist);
	tcase_add_test(t, goals_come_with_their_words_and_tasks);
	tcase_add_test(t, guardians_look_back_as_far_as_the_school_lets_them);
	tcase_add_test(t, what_somebody_said_stands_before_the_rule);
	tcase_add_test(t, a_school_is_counted_by_group_each_student_once_in_all);
	tcase_add_test(t, headteachers_have_their_own_school_only);
	tcase_add_test(t, each_report_takes_one_round_trip);
	suite_add_tcase(s, t);
	tcase_add_loop_test(rule, the_rule, 0, (int)(sizeof cases / sizeof *cases));
	suite_add_tcase(s, rule);
	return s;
}
