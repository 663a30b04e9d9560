/* planned.h - a school in which Ada has a published plan: Kari is her mentor, Mum and Dad
 * are linked to her, Liv teaches her, Rektor is headteacher; Bo, his father and Ole, who
 * teaches elsewhere, have nothing to do with it. The plan has a goal with a task list under it, a
 * list for agreements, a comment of the family's and a note that staff alone see. */
#ifndef TESTS_ILP_PLANNED_H
#define TESTS_ILP_PLANNED_H

#include "ilp/school.h"
#include "ilp/form.h"
#include "base/js.h"

static struct viewer kari, ada, bo, mum, dad, liv, stranger, ole, rektor;
static const char *plan, *goal, *competence;

#define FIELD(key, kind, sees, edits, more)                                                        \
	"{\"key\":\"" key "\",\"kind\":\"" kind "\",\"label\":{\"en\":\"" key                      \
	"\"},\"sees\":\"" sees "\",\"edits\":\"" edits "\"" more "}"

static const char planned_form[] =
	"{\"version\":1,\"title\":{\"en\":\"Plan\"},\"purpose\":\"learning\","
	"\"log\":{\"sees\":\"MCS\",\"edits\":\"MCS\"},\"topics\":{\"sees\":\"MSG\",\"edits\":"
	"\"MSG\"},\"sections\":["
	"{\"key\":\"goals\",\"kind\":\"grid\",\"title\":{\"en\":\"Goals\"},\"sees\":\"MCSGH\","
	"\"edits\":\"MS\",\"fields\":[" FIELD("competence", "text", "MCSGH", "MC", ",\"of\":\"competence\",\"head\":true") "," FIELD("goal", "text", "MCSGH", "MS", ",\"of\":\"goal\",\"head\":true") "," FIELD(
		"tasks", "tasks", "MCSG",
		"MS", ",\"of\":\"goal\"") "," FIELD("secrets", "tasks", "M", "M",
						    ",\"of\":\"goal\"") "]},"
									"{\"key\":\"more\","
									"\"kind\":\"fields\","
									"\"title\":{\"en\":"
									"\"More\"},\"fields\":"
									"[" FIELD("agreed", "tasks", "MSGH", "MH", ",\"agreement\":true") "," FIELD(
										"home", "long",
										"MSG", "G",
										"") "," FIELD("sai"
											      "d",
											      "comm"
											      "ent"
											      "s",
											      "MSG",
											      "MSG",
											      "") "," FIELD("notes",
													    "notes",
													    "M",
													    "M",
													    "") "," FIELD("secret",
															  "long",
															  "M",
															  "M",
															  "") "]}]}";

__attribute__((unused)) static const char *make_form(void)
{
	const char *form;
	json_t *read;

	ck_assert_msg(form_read(m, planned_form, strlen(planned_form), &read, &e), "%s: %s",
		      str_or(e.field, ""), e.text);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	form_put_add(db, m, read, &form);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	return form;
}

__attribute__((unused)) static const char *make_plan_of(const char *student, const char *form,
							const char *state)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, "
	     "ends_on, state, series_id, request_id, "
	     "created_by, created_at, published_at, changed_by, changed_at) VALUES ('%s', '%s', "
	     "'%s', '%s', 'Autumn', "
	     "current_date - 60, current_date + 60, '%s', gen_random_uuid(), gen_random_uuid(), "
	     "'%s', now(), "
	     "CASE WHEN '%s' <> 'draft' THEN now() END, '%s', now())",
	     tenant, id, student, form, state, kari.person, state, kari.person);
	return id;
}

__attribute__((unused)) static const char *put_row(const char *kind, const char *parent,
						   const char *field, const char *text)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, "
	     "by_id, hat, at) "
	     "VALUES ('%s', '%s', '%s', '%s', nullif('%s', '')::uuid, 1, '%s', 1, now());"
	     "INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, "
	     "at) "
	     "VALUES ('%s', '%s', '%s', '%s', '%s', '%s', 1, now())",
	     tenant, plan, id, kind, parent, kari.person, tenant, plan, id, field, text,
	     kari.person);
	return id;
}

__attribute__((unused)) static const char *put_task(const char *field, const char *row,
						    const char *text, const char *category)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, "
	     "status, category, by_id, hat, at) "
	     "VALUES ('%s', '%s', '%s', '%s', '%s', 1, '%s', '%s', '%s', '%s', 1, now())",
	     tenant, plan, id, field, row, text, category, category, kari.person);
	return id;
}

__attribute__((unused)) static void put_value(const char *field, const char *text,
					      const struct viewer *by, int hat)
{
	peek("INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, "
	     "at) "
	     "VALUES ('%s', '%s', '%s', '%s', '%s', '%s', %d, now()) "
	     "ON CONFLICT (tenant_id, plan_id, row_id, field) DO UPDATE SET text = excluded.text, "
	     "rev = plan_value.rev + 1, at = now();"
	     "UPDATE ilp.plan SET changed_at = now() WHERE plan_id = '%s'",
	     tenant, plan, plan, field, text, by->person, hat, plan);
}

__attribute__((unused)) static const char *put_post(const char *field, const char *text,
						    const struct viewer *by, int hat, int audience)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, "
	     "author_id, hat, at, changed_at) "
	     "VALUES ('%s', '%s', '%s', '%s', '%s', '%s', %d, '%s', %d, now(), now())",
	     tenant, plan, id, field, plan, text, audience, by->person, hat);
	return id;
}

__attribute__((unused)) static void open_plan(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	mum = arrive_as_guardian("mum", (const char *[]){"ada"}, 1);
	dad = arrive_as_guardian("dad", (const char *[]){"ada"}, 1);
	stranger = arrive_as_guardian("stranger", (const char *[]){"bo"}, 1);
	liv = arrive("liv", "teacher");
	ole = arrive_in("9A", "ole", "teacher");
	rektor = arrive_in("staff", "rektor", "teacher");
	peek("INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('%s', "
	     "gen_random_uuid(), '%s')",
	     tenant, rektor.person);
	peek("INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) VALUES "
	     "('%s', gen_random_uuid(), '%s', '%s')",
	     tenant, kari.person, ada.person);
	plan = make_plan_of(ada.person, make_form(), "published");
	competence = put_row("competence", "", "competence", "Reading");
	goal = put_row("goal", competence, "goal", "Read every day");
}

#endif
