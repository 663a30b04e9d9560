/* plan_school.h - a school with a plan to look after: a mentor, a teacher of the same course,
 * students, a guardian, a headteacher, a mentor of other students; and the shipped learning
 * plan as its template. */
#ifndef TESTS_ILP_PLAN_SCHOOL_H
#define TESTS_ILP_PLAN_SCHOOL_H

#include "ilp/school.h"
#include "ilp/plan.h"
#include "ilp/share.h"
#include "ilp/template.h"
#include "ilp/work.h"
#include "base/js.h"

static struct viewer mona, tor, ada, bo, per, hilde, olga;
static const char *template_id;

static const struct plan_facts autumn = {"Autumn", "2026-08-17", "2026-12-18"};
static const struct plan_facts spring = {"Spring", "2027-01-04", "2027-06-18"};

/* A published template made of a definition; its form's id. */
__attribute__((unused)) static const char *put_template(const char *id, const char *definition)
{
	json_t *read;
	const char *form;

	ck_assert_msg(form_read(m, definition, strlen(definition), &read, &e), "%s: %s", e.field,
		      e.text);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	form_put_add(db, m, read, &form);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	peek("INSERT INTO ilp.template (tenant_id, template_id, state, definition, revision, "
	     "form_id, changed_at, created_at) SELECT tenant_id, '%s', 'published', definition, 1, "
	     "form_id, now(), now() FROM ilp.form WHERE tenant_id = '%s' AND form_id = '%s'",
	     id, tenant, form);
	return form;
}

__attribute__((unused)) static void open_plan_school(void)
{
	static const char *const children[] = {"ada"};

	open_school();
	mona = arrive("mona", "mentor");
	tor = arrive("tor", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	per = arrive_as_guardian("per", children, 1);
	hilde = arrive_in("office", "hilde", "none");
	peek("INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('%s', '%s', '%s')",
	     tenant, uuid_new(m), hilde.person);
	olga = arrive_in("9A", "olga", "mentor");
	arrive_in("9A", "cai", "student");
	template_id = uuid_new(m);
	put_template(template_id, template_shipped_find("learning")->json);
}

/* As everybody by their hats, in the order of ilp/access.h, and one without a hat. */
struct seat_of {
	const char *name;
	struct viewer *viewer;
	char letter; /* of a table of rights; 0: of nobody */
};
static const struct seat_of seats[] = {
	{"mentor", &mona, 'M'}, {"teacher", &tor, 'C'},	 {"student", &ada, 'S'},
	{"guardian", &per, 'G'}, {"head", &hilde, 'H'}, {"another mentor", &olga, 0},
};
enum { SEATS = sizeof seats / sizeof *seats };

static const char *const states[] = {"draft", "published", "locked", "archived"};
enum { STATES = 4 };

__attribute__((unused)) static bool hat_in(char letter, const char *letters)
{
	return letter && strchr(letters, letter);
}

__attribute__((unused)) static const char *make_plan_of(const struct viewer *v, const char *student)
{
	struct plan_line line;
	const struct plan_source from = {.template = template_id};

	ck_assert_msg(plan_make(db, m, v, uuid_new(m), &student, 1, &from, &autumn, &line, &e), "%s",
		      e.text);
	ck_assert_msg(line.ok, "%s", line.reason);
	return line.made;
}

__attribute__((unused)) static struct plan_line act_on(const struct viewer *v, enum act act,
							const char *plan, const char *reason,
							const char *confirm)
{
	struct plan_line line = {0};
	const struct plan_act_words w = {.reason = reason, .confirm = confirm};

	ck_assert_msg(plan_act(db, m, v, act, &plan, 1, &w, &line, &e), "%s", e.text);
	return line;
}

__attribute__((unused)) static void do_act(enum act act, const char *plan)
{
	struct plan_line line = act_on(&mona, act, plan, "a reason", "Autumn");

	ck_assert_msg(line.ok, "%s: %s", act_name(act), line.reason);
}

__attribute__((unused)) static const char *revise_of(const char *plan, bool goals, bool tasks)
{
	struct plan_line line;
	const struct plan_revision r = {.facts = spring, .goals = goals, .tasks = tasks};

	ck_assert_msg(plan_revise(db, m, &mona, uuid_new(m), &plan, 1, &r, &line, &e), "%s", e.text);
	ck_assert_msg(line.ok, "%s", line.reason);
	return line.made;
}

/* A plan put into a state by hand. */
__attribute__((unused)) static void put_state(const char *plan, const char *state)
{
	peek("UPDATE ilp.plan SET state = '%2$s', state_before = CASE '%2$s' WHEN 'archived' THEN "
	     "'published' END, published_at = CASE WHEN '%2$s' <> 'draft' THEN now() END WHERE "
	     "plan_id = '%1$s'",
	     plan, state);
}

__attribute__((unused)) static const char *state_of(const char *plan)
{
	return peek("SELECT state FROM ilp.plan WHERE plan_id = '%s'", plan);
}

__attribute__((unused)) static const char *put_row(const char *plan, const char *kind,
						   const char *parent, double position)
{
	const char *row = uuid_new(m);

	peek("INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, by_id, "
	     "hat, at) VALUES ('%s', '%s', '%s', '%s', %s, %f, '%s', 1, now())",
	     tenant, plan, row, kind, parent ? mem_printf(m, "'%s'", parent) : "NULL", position,
	     mona.person);
	return row;
}

__attribute__((unused)) static void put_value(const char *plan, const char *row, const char *field,
					      const char *text)
{
	peek("INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, "
	     "at) VALUES ('%s', '%s', '%s', '%s', '%s', '%s', 1, now())",
	     tenant, plan, row, field, text, mona.person);
}

__attribute__((unused)) static const char *put_task(const char *plan, const char *row,
						    const char *field, const char *text,
						    const char *category)
{
	const char *task = uuid_new(m);

	peek("INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, "
	     "status, category, due_on, by_id, hat, at, status_by, status_at) VALUES ('%1$s', "
	     "'%2$s', '%3$s', '%4$s', '%5$s', 1, '%6$s', '%7$s', '%7$s', '2026-11-30', '%8$s', 1, "
	     "now(), '%8$s', now())",
	     tenant, plan, task, field, row, text, category, mona.person);
	return task;
}

/* Everything that stands in a plan, as one text. */
__attribute__((unused)) static const char *whole_plan(const char *plan)
{
	return mem_strdup(
		m, peek("SELECT md5(string_agg(t, E'\\n' ORDER BY t)) FROM ("
			"SELECT to_jsonb(p)::text FROM ilp.plan p WHERE plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(r)::text FROM ilp.plan_row r WHERE plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(v)::text FROM ilp.plan_value v WHERE plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(k)::text FROM ilp.task k WHERE plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(o)::text FROM ilp.post o WHERE plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(f)::text FROM ilp.form f JOIN ilp.plan p USING (tenant_id, "
			"form_id) WHERE p.plan_id = '%1$s' UNION ALL "
			"SELECT to_jsonb(f)::text FROM ilp.form_field f JOIN ilp.plan p USING "
			"(tenant_id, form_id) WHERE p.plan_id = '%1$s') all_of_it (t)",
			plan));
}

/* Where in the whole database a word stands: "ilp.task ilp.event". */
__attribute__((unused)) static const char *places_of(const char *word)
{
	return peek("SELECT coalesce(string_agg(t, ' ' ORDER BY t), '') FROM (SELECT n.nspname || '.' "
		    "|| c.relname AS t FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
		    "WHERE n.nspname IN ('ilp', 'notify') AND c.relkind = 'r' AND (xpath('/row/n/text()', "
		    "query_to_xml(format('SELECT count(*) AS n FROM %%I.%%I t WHERE t::text LIKE %%L', "
		    "n.nspname, c.relname, '%%%s%%'), false, true, '')))[1]::text <> '0') found",
		    word);
}

__attribute__((unused)) static const char *events_of(const char *plan)
{
	return peek("SELECT coalesce(string_agg(kind, ' ' ORDER BY event_id), '') FROM (SELECT kind, "
		    "ctid AS event_id FROM ilp.event WHERE plan_id = '%s') e",
		    plan);
}

__attribute__((unused)) static int events(const char *plan)
{
	return atoi(peek("SELECT count(*) FROM ilp.event WHERE plan_id = '%s'", plan));
}

#endif
