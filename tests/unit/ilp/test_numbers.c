/* ilp.plan_numbers: what it counts for a hat is what ilp.seen_tasks shows that hat, whatever
 * became of goals and tasks; and released reviews by the category of their scale (I-28). */
#include "ilp/school.h"

static const char *plan, *student;

/* One task list on goals that everybody sees, one on the plan for mentors and students; a
 * grid that headteachers do not see. Competences, goals and tasks in every state there is. */
static const char content[] =
	"INSERT INTO ilp.person (tenant_id, person_id, name) VALUES ('%1$s', '%2$s', 'Ada');"
	"INSERT INTO ilp.form (tenant_id, form_id, definition) VALUES ('%1$s', '%1$s', '{}');"
	"INSERT INTO ilp.form_field (tenant_id, form_id, key, kind, of, sees, edits, shared, codes, categories, flags) VALUES"
	" ('%1$s', '%1$s', '_rows', 'grid', 'plan', 15, 1, false, NULL, NULL, NULL),"
	" ('%1$s', '%1$s', 'goal', 'text', 'goal', 31, 1, true, NULL, NULL, NULL),"
	" ('%1$s', '%1$s', 'tasks', 'tasks', 'goal', 31, 1, true, '{todo,help}', '{todo,doing}', '{false,true}'),"
	" ('%1$s', '%1$s', 'ours', 'tasks', 'plan', 5, 1, true, '{todo,help}', '{todo,doing}', '{true,false}');"
	"INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, state, series_id, request_id,"
	" created_by, created_at, changed_by, changed_at) VALUES ('%1$s', '%3$s', '%2$s', '%1$s', 'Autumn', '2026-08-17', '2026-12-18',"
	" 'published', '%3$s', '%3$s', '%2$s', now(), '%2$s', now());"
	"CREATE TEMP TABLE state AS SELECT *, row_number() OVER () AS n FROM unnest(ARRAY['agreed', 'proposed', 'declined']) state,"
	" unnest(ARRAY[1, 4]) hat, unnest(ARRAY[NULL, now()]) gone;"
	"INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, position, state, hat, removed_at, by_id, at)"
	" SELECT '%1$s', '%3$s', md5('c' || n)::uuid, 'competence', n, state, hat, gone, '%2$s', now() FROM state WHERE hat = 4;"
	"INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, state, hat, removed_at, by_id, at)"
	" SELECT '%1$s', '%3$s', md5('g' || c.n || ' ' || g.n)::uuid, 'goal', md5('c' || c.n)::uuid, g.n, g.state, g.hat, g.gone,"
	" '%2$s', now() FROM state c, state g WHERE c.hat = 4;"
	"INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, status, category, due_on, by_id, hat, at,"
	" removed_at, moved_to) SELECT '%1$s', '%3$s', gen_random_uuid(), f, o.id, 1, s[1], s[2], due, '%2$s', 1, now(), gone, moved"
	" FROM (SELECT row_id AS id FROM ilp.plan_row WHERE tenant_id = '%1$s' UNION ALL SELECT '%3$s') o,"
	" unnest(ARRAY['tasks', 'ours', 'goal']) f,"
	" (VALUES (ARRAY['todo', 'todo']), (ARRAY['help', 'doing'])) v (s),"
	" (VALUES (date '2026-01-01', NULL::timestamptz, NULL::uuid), (NULL, NULL, NULL), (NULL, now(), NULL),"
	" (NULL, NULL, '%2$s'::uuid)) d (due, gone, moved)";

/* The same, counted one task at a time. */
static const char same[] =
	"SET app.tenant = '%1$s';"
	"SELECT string_agg(h || ': ' || n::text || ' for ' || o::text, '; ') FROM unnest(ARRAY[1, 2, 4, 8, 16]) h,"
	" LATERAL ilp.plan_numbers('%3$s', '%1$s', h, '%2$s', '2026-08-17', '2026-12-18', NULL) n,"
	" LATERAL (SELECT count(*) FILTER (WHERE t.category = 'todo'), count(*) FILTER (WHERE t.category = 'doing'),"
	"  count(*) FILTER (WHERE t.category = 'done'), count(*) FILTER (WHERE t.category = 'dropped'),"
	"  count(*) FILTER (WHERE t.category IN ('todo', 'doing') AND t.due_on < ilp.today()),"
	"  count(*) FILTER (WHERE f.flags[array_position(f.codes, t.status)]), bigint '0', bigint '0'"
	"  FROM ilp.seen_tasks('%3$s', '%1$s', h) t"
	"  JOIN ilp.form_field f ON f.tenant_id = '%1$s' AND f.form_id = '%1$s' AND f.key = t.field"
	"  WHERE t.moved_to IS NULL AND NOT EXISTS (SELECT 1 FROM ilp.plan_row g"
	"   LEFT JOIN ilp.plan_row u ON u.tenant_id = g.tenant_id AND u.plan_id = g.plan_id AND u.row_id = g.parent_id"
	"   WHERE g.tenant_id = '%1$s' AND g.plan_id = '%3$s' AND g.row_id = t.row_id"
	"   AND (g.state <> 'agreed' OR u.state <> 'agreed'))) o"
	" WHERE n IS DISTINCT FROM o";

static void setup(void)
{
	open_school();
	plan = uuid_new(m);
	student = uuid_new(m);
	peek(content, tenant, student, plan);
}

START_TEST(I28_they_are_of_what_a_hat_sees_of_agreed_goals)
{
	assert_peek("", same, tenant, student, plan);
	/* one competence and two goals, each with two to do, and two of the plan */
	assert_peek("8",
		    "SET app.tenant = '%s'; SELECT todo FROM ilp.plan_numbers('%s', '%s', 2, '%s',"
		    " '2026-08-17', '2026-12-18', NULL)",
		    tenant, plan, tenant, student);
}
END_TEST

Suite *ilp_numbers_suite(void);

Suite *ilp_numbers_suite(void)
{
	Suite *s = suite_create("ilp/numbers");
	TCase *t = tcase_create("numbers");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, I28_they_are_of_what_a_hat_sees_of_agreed_goals);
	suite_add_tcase(s, t);
	return s;
}
