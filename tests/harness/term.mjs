/* A term of plans for everybody who is a student in a school, as rows: for statements'
 * plans (catalog) and for what a district costs (bench). Ids are made from other ids, so
 * that the same school always gets the same term. */

const FIELDS = [
	/* key, kind, of, sees, edits, head */
	['competence', 'text', 'competence', 31, 3, true], ['goal', 'text', 'goal', 31, 5, true], ['reflection', 'long', 'goal', 15, 4, false],
	['tasks', 'tasks', 'goal', 31, 5, false], ['strengths', 'long', 'plan', 31, 5, false], ['home', 'long', 'plan', 15, 8, false],
	['mentor_note', 'notes', 'plan', 3, 1, false], ['files', 'files', 'plan', 15, 5, false],
	['_rows', 'grid', 'plan', 31, 5, false], ['_log', 'log', 'plan', 15, 7, false], ['_topics', 'topics', 'plan', 13, 13, false],
];
const STATUSES = "ARRAY['todo', 'doing', 'help', 'done', 'dropped']";

export const formOf = (tenant) => `md5('form${tenant}')::uuid`;
const id = (prefix, ...parts) => `md5('${prefix}' || ${parts.join(" || ' ' || ")})::uuid`;

const definition = JSON.stringify({ version: 1, title: { en: 'Learning plan' }, purpose: 'learning', statuses: ['todo', 'doing', 'help', 'done', 'dropped'].map((key) => ({ key,
	label: { en: key }, category: { help: 'doing' }[key] ?? key, setters: 'MCSG', ...(key === 'help' && { flag: true }) })),
	log: { sees: 'MCSG', edits: 'MCS' }, topics: { sees: 'MSG', edits: 'MSG' },
	sections: [{ key: 'goals', kind: 'grid', title: { en: 'Goals' }, sees: 'MCSGH', edits: 'MS', fields: [
		{ key: 'competence', of: 'competence', kind: 'text', head: true, label: { en: 'Competence' }, sees: 'MCSGH', edits: 'MC' },
		{ key: 'goal', of: 'goal', kind: 'text', head: true, label: { en: 'Goal' }, sees: 'MCSGH', edits: 'MS' },
		{ key: 'reflection', of: 'goal', kind: 'long', label: { en: 'Reflection' }, sees: 'MCSG', edits: 'S' },
		{ key: 'tasks', of: 'goal', kind: 'tasks', label: { en: 'Tasks' }, sees: 'MCSGH', edits: 'MS' }] },
	{ key: 'about', kind: 'fields', title: { en: 'About' }, fields: [
		{ key: 'strengths', kind: 'long', label: { en: 'Strengths' }, sees: 'MCSGH', edits: 'MS' }, { key: 'home', kind: 'long', label: { en: 'From home' }, sees: 'MCSG', edits: 'G' },
		{ key: 'mentor_note', kind: 'notes', label: { en: 'Mentor note' }, sees: 'MC', edits: 'M' }, { key: 'files', kind: 'files', label: { en: 'Files' }, sees: 'MCSG', edits: 'MS' }] }] });

/* Statements in order; plans: of each student, the last one current; goals of a plan;
 * tasks of a goal; home: of the courses those that are groups, too. */
export function term(tenant, { plans = 2, goals = 2, tasks = 2, home = 'true' } = {}) {
	const groups = `(SELECT course_id FROM ilp.course WHERE tenant_id = '${tenant}' AND ${home})`;
	const plan = `SELECT p.*, row_number() OVER (PARTITION BY student_id ORDER BY starts_on) AS n FROM ilp.plan p WHERE p.tenant_id = '${tenant}'`;
	return [
		`INSERT INTO ilp.form (tenant_id, form_id, definition) VALUES ('${tenant}', ${formOf(tenant)}, '${definition}')`,
		...FIELDS.map(([key, kind, of, sees, edits, head]) => `INSERT INTO ilp.form_field (tenant_id, form_id, key, kind, of, sees, edits, shared, head, codes, categories, setters, flags)
			VALUES ('${tenant}', ${formOf(tenant)}, '${key}', '${kind}', '${of}', ${sees}, ${edits}, true, ${head}, ${kind === 'tasks'
			? `${STATUSES}, ARRAY['todo', 'doing', 'doing', 'done', 'dropped'], ARRAY[15, 15, 15, 15, 1], ARRAY[false, false, true, false, false]` : 'NULL, NULL, NULL, NULL'})`),
		`INSERT INTO ilp.template (tenant_id, template_id, state, definition, revision, form_id, changed_at, created_at) VALUES ('${tenant}', ${formOf(tenant)}, 'published', '${definition}', 1, ${formOf(tenant)}, now(), now())`,
		`INSERT INTO ilp.template_revision (tenant_id, template_id, revision, form_id, at) VALUES ('${tenant}', ${formOf(tenant)}, 1, ${formOf(tenant)}, now())`,
		/* a school for each hundred courses, a group and its mentor for each course */
		`INSERT INTO ilp.org (tenant_id, org_id, name) SELECT '${tenant}', ${id('org', 'n')}, 'School ' || n FROM (SELECT DISTINCT (row_number() OVER (ORDER BY course_id) - 1) / 100 AS n FROM ${groups} c) x`,
		`INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name) SELECT '${tenant}', ${id('group', 'course_id')}, ${id('org', '((row_number() OVER (ORDER BY course_id) - 1) / 100)')}, 'Group ' || title FROM ilp.course WHERE tenant_id = '${tenant}' AND course_id IN ${groups}`,
		`INSERT INTO ilp.group_member (tenant_id, group_id, person_id) SELECT '${tenant}', ${id('group', 'course_id')}, person_id FROM ilp.membership WHERE tenant_id = '${tenant}' AND role = 'student' AND course_id IN ${groups}`,
		`INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) SELECT '${tenant}', ${id('mentor', 'course_id')}, person_id, ${id('group', 'course_id')} FROM ilp.membership WHERE tenant_id = '${tenant}' AND role = 'teacher' AND course_id IN ${groups}`,
		`INSERT INTO ilp.head (tenant_id, head_id, person_id, org_id) SELECT '${tenant}', org_id, org_id, org_id FROM ilp.org WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, state, series_id, predecessor_id, request_id, created_by, created_at, published_at, changed_by, changed_at)
			SELECT '${tenant}', ${id('plan', 'm.person_id', 'k')}, m.person_id, ${formOf(tenant)}, 'Plan ' || k, date '2026-08-17' - 182 * (${plans} - k), date '2026-12-18' - 182 * (${plans} - k),
			CASE WHEN k = ${plans} THEN 'published' ELSE 'locked' END, m.person_id, CASE WHEN k > 1 THEN ${id('plan', 'm.person_id', '(k - 1)')} END, ${id('plan', 'm.course_id', 'k')}, m.person_id, now(), now() - interval '1 day', m.person_id, now()
			FROM ilp.membership m, generate_series(1, ${plans}) k WHERE m.tenant_id = '${tenant}' AND m.role = 'student' AND m.course_id IN ${groups}`,
		`INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, position, by_id, hat, at) SELECT tenant_id, plan_id, ${id('competence', 'plan_id')}, 'competence', 1, student_id, 1, now() FROM ilp.plan WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, by_id, hat, at) SELECT tenant_id, plan_id, ${id('goal', 'plan_id', 'g')}, 'goal', ${id('competence', 'plan_id')}, g, student_id, 1, now() FROM ilp.plan, generate_series(1, ${goals}) g WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at) SELECT r.tenant_id, r.plan_id, r.row_id, f.key, 'Says something in English at least once in every lesson.', r.by_id, f.hat, now() - interval '1 hour'
			FROM ilp.plan_row r JOIN (VALUES ('competence', 'competence', 1), ('goal', 'goal', 1), ('goal', 'reflection', 4)) f (kind, key, hat) ON f.kind = r.kind WHERE r.tenant_id = '${tenant}'`,
		`INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at) SELECT tenant_id, plan_id, plan_id, 'strengths', 'Listens, draws, does not give up.', student_id, 4, now() FROM ilp.plan WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, by_id, hat, at) SELECT r.tenant_id, r.plan_id, ${id('task', 'r.row_id', 't')}, 'tasks', r.row_id, t,
			'Read aloud to somebody at home, ten minutes, three evenings a week', s.key, s.key, CASE WHEN t % 3 = 0 THEN date '2026-11-27' END, r.by_id, 1, now() - interval '1 hour'
			FROM ilp.plan_row r, generate_series(1, ${tasks}) t, LATERAL (SELECT (ARRAY['todo', 'doing', 'done'])[1 + (t + ascii(right(r.row_id::text, 1))) % 3] AS key) s WHERE r.tenant_id = '${tenant}' AND r.kind = 'goal'`,
		`INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, changed_at) SELECT tenant_id, plan_id, ${id('post', 'plan_id', 'f')}, f, plan_id, 'Well done yesterday.', CASE f WHEN '_log' THEN 15 ELSE 3 END, student_id, 1, now(), now()
			FROM ilp.plan, unnest(ARRAY['_log', 'mentor_note']) f WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, previous_at, seen_at) SELECT tenant_id, plan_id, student_id, 4, now(), now() - interval '2 days', now() - interval '1 day' FROM (${plan}) p`,
		`INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, starts_at, questions, created_at, changed_at) SELECT p.tenant_id, p.plan_id, p.plan_id, p.student_id, g.group_id, g.group_id, '2026-12-03T14:30:00Z', '[]', now(), now()
			FROM (${plan}) p JOIN ilp.group_member g ON g.tenant_id = p.tenant_id AND g.person_id = p.student_id WHERE p.n = ${plans}`,
		`INSERT INTO ilp.meeting_party (tenant_id, meeting_id, person_id, hat) SELECT tenant_id, meeting_id, student_id, 4 FROM ilp.meeting WHERE tenant_id = '${tenant}'`,
		`INSERT INTO ilp.meeting_party (tenant_id, meeting_id, person_id, hat) SELECT m.tenant_id, m.meeting_id, l.guardian_id, 8 FROM ilp.meeting m JOIN ilp.guardian_link l ON l.tenant_id = m.tenant_id AND l.student_id = m.student_id WHERE m.tenant_id = '${tenant}'`,
		`INSERT INTO ilp.meeting_text (tenant_id, meeting_id, person_id, field, text, author_id, at) SELECT tenant_id, meeting_id, student_id, 'prep.strengths', 'I listen.', student_id, now() FROM ilp.meeting WHERE tenant_id = '${tenant}'`,
	];
}

/* What only the catalog needs some of. */
export function oddments(tenant) {
	const from = (what, where = '') => `FROM ${what} WHERE tenant_id = '${tenant}' ${where}`;
	return [
		`INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at) SELECT tenant_id, plan_id, row_id, field, 1, 'x', author_id, at ${from('ilp.plan_value')}`,
		`INSERT INTO ilp.evidence (tenant_id, plan_id, evidence_id, field, row_id, title, url, author_id, hat, at) SELECT tenant_id, plan_id, plan_id, 'files', plan_id, 'Link', 'https://example.org', student_id, 4, now() ${from('ilp.plan')}`,
		`INSERT INTO ilp.writing (tenant_id, plan_id, person_id, object_id, field, hat, until) SELECT tenant_id, plan_id, student_id, plan_id, 'strengths', 4, now() ${from('ilp.plan')}`,
		`INSERT INTO ilp.snapshot (tenant_id, plan_id, snapshot_id, hat, reason, content, hash, by_id, at) SELECT tenant_id, plan_id, plan_id, 4, 'sign', '{}', 'x', student_id, now() ${from('ilp.plan')}`,
		`INSERT INTO ilp.sign_off (tenant_id, plan_id, snapshot_id, person_id, hat, asked_by, asked_at) SELECT tenant_id, plan_id, plan_id, student_id, 4, student_id, now() ${from('ilp.plan')}`,
		`INSERT INTO ilp.meeting_history (tenant_id, meeting_id, person_id, field, rev, text, author_id, at) SELECT tenant_id, meeting_id, person_id, field, 1, 'x', author_id, at ${from('ilp.meeting_text')}`,
		`INSERT INTO ilp.plan_tombstone (tenant_id, plan_id, student_id, state, by_id, at) SELECT tenant_id, md5('gone' || plan_id)::uuid, student_id, 'draft', student_id, now() ${from('ilp.plan')}`,
		`INSERT INTO ilp.share (tenant_id, share_id, plan_id, form_id, title, content, by_id, at) SELECT tenant_id, plan_id, plan_id, form_id, title, '{}', student_id, now() ${from('ilp.plan', "AND state = 'published'")}`,
		`INSERT INTO ilp.bank (tenant_id, bank_id, owner_id, kind, text, created_by, at) SELECT tenant_id, person_id, person_id, 'comment', 'Well done, {name}.', person_id, now() ${from('ilp.person')}`,
		`INSERT INTO ilp.framework (tenant_id, framework_id, title, source, imported_at) SELECT tenant_id, course_id, title, 'csv', now() ${from('ilp.course')}`,
		`INSERT INTO ilp.objective (tenant_id, framework_id, objective_id, source_id, position, text) SELECT tenant_id, framework_id, md5(framework_id || n::text)::uuid, n::text, n, 'Objective' ${from('ilp.framework, generate_series(1, 30) n')}`,
		`INSERT INTO ilp.review_reminder (tenant_id, review_id, person_id, on_date, told_at) SELECT tenant_id, review_id, created_by, '2026-11-20', now() ${from('ilp.review')}`,
	];
}
