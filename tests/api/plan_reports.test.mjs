/* Reports about plans over HTTP: whole answers by role, tables for spreadsheets, and that no
 * number and no table changes with what somebody wrote where the reader does not see it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { startWorld } from '../harness/index.mjs';
import { makePlan, policy, publish, publishTemplate } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';
import { addPost, addRow, addTask, setStatus, write } from '../e2e/lib/plans.mjs';

const NOT_FOUND = { error: { code: 'not_found', message: 'This is not here. It may have been removed, or it is not yours to see.' } };
let world, who, ids, S, M, group, plan, goal, mentor, ingrid, head, office;
const sql = (text) => world.database.psql(text);
const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	who = await everybody(world);
	ids = await idsOf(world);
	[S, M] = [ids['sofie-aasen-lund'], ids['maja-rosenlund']];
	ingrid = who.teacher;
	who.head = head = await admin(world, { name: 'Hanne Head' });
	who.administrator = office = await admin(world);
	await policy(world, { teachers_are_mentors: true });
	await publishTemplate(world);
	[plan] = await makePlan(ingrid, [S]);
	await policy(world, { teachers_are_mentors: false });
	/* From here on Ingrid teaches, and the mentor of the group is somebody else. */
	who['mentor of the course'] = who.mentor;
	mentor = who.mentor = who.none;
	delete who.none;
	const mentorId = ids['ada-fossum'];
	const headId = await world.database.value("SELECT person_id FROM ilp.person WHERE name = 'Hanne Head'");
	group = await world.database.value('SELECT gen_random_uuid()');
	await sql(`INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('${TENANT}', '${group}', '=8B');
		INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('${TENANT}', '${group}', '${S}'), ('${TENANT}', '${group}', '${M}');
		INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) VALUES ('${TENANT}', gen_random_uuid(), '${mentorId}', '${group}');
		INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('${TENANT}', gen_random_uuid(), '${headId}')`);
	const c = await addRow(mentor, plan, 'competence', 'Reading');
	goal = await addRow(mentor, plan, 'goal', 'Read aloud', c);
	await setStatus(mentor, plan, await addTask(mentor, plan, goal, 'Borrow a book'), 'done');
	await addTask(mentor, plan, goal, 'Ten minutes', { dueOn: '2026-11-01' });
	await addPost(mentor, plan, 'note', 'For staff.', { row: goal, audience: 'M' });
	await publish(mentor, plan);
	await write(who.student, plan, goal, 'reflection', 'It is easier now.');
});
after(() => world?.stop());

const rows = (r) => ok(r).rows.filter((x) => [S, M].includes(x.student.id));
const csv = async (client, path) => {
	const r = await client.get(path);
	assert.equal(r.status, 200, r.text);
	return r;
};

describe('who gets which', () => {
	test('a mentor: the group, those without a plan too', async () => {
		const { head: isHead, groups, rows: list } = ok(await mentor.get('/plan-report'));
		assert.equal(isHead, false);
		assert.deepEqual(groups, [{ id: group, name: '=8B', hat: 'mentor' }]);
		assert.deepEqual(list.map((x) => x.student.name), ['Maja Rosenlund', 'Sofie Aasen Lund']);
		assert.deepEqual(list[0], { student: { id: M, name: 'Maja Rosenlund' }, hat: 'mentor', groups: ['=8B'], plan: null });
		const { publishedAt, changedAt, ...rest } = list[1].plan;
		assert.ok(publishedAt && changedAt);
		assert.deepEqual(rest, {
			id: plan, title: 'Autumn 2026', startsOn: '2026-08-17', endsOn: '2026-12-18', state: 'published', goals: 1, reflected: 1,
			wrote: { student: true, home: false }, reviews: 0, track: { value: rest.track.value, said: false },
			tasks: { todo: 1, doing: 0, done: 1, dropped: 0, late: rest.tasks.late, help: 0, moved: 0 },
			opened: { student: false, home: false }, confirmed: { student: false, home: false }, homes: rest.homes, meeting: null,
		});
		assert.deepEqual(ok(await mentor.get(`/plan-report?group=${group}`)).rows, list);
	});
	test('a course teacher: the course, without readers and meetings', async () => {
		const answer = ok(await ingrid.get('/plan-report'));
		assert.ok(answer.rows.length > 20);
		const mine = answer.rows.find((x) => x.student.id === S);
		assert.equal(mine.hat, 'teacher');
		assert.deepEqual(mine.groups, []);
		assert.equal(mine.plan.tasks.done, 1);
		for (const name of ['opened', 'confirmed', 'homes', 'meeting', 'changedAt'])
			assert.ok(!(name in mine.plan), name);
		assert.deepEqual(ok(await ingrid.get(`/plan-report?group=${group}`)).rows, []);
	});
	test('a headteacher: any group of the school', async () => {
		const answer = ok(await head.get(`/plan-report?group=${group}`));
		assert.equal(answer.head, true);
		assert.equal(answer.rows.length, 2);
		assert.ok(!('changedAt' in answer.rows[1].plan));
		assert.ok('opened' in answer.rows[1].plan);
	});
	test('everybody else', async () => {
		for (const role of ['student', 'other student', 'guardian', 'other guardian', 'guardian of nobody'])
			for (const path of ['/plan-report', '/plan-report?format=csv', `/plan-report?group=${group}`, '/plan-report/school', '/plan-report/school?format=csv']) {
				const r = await who[role].get(path);
				assert.deepEqual([r.status, r.json], [404, NOT_FOUND], `${role} ${path}`);
			}
		for (const role of ['administrator'])
			assert.deepEqual(rows(await who[role].get('/plan-report')), [], role);
	});
	test('a school is its headteacher’s', async () => {
		const answer = ok(await head.get('/plan-report/school'));
		assert.deepEqual(answer.orgs, []);
		const counts = { students: 2, planned: 1, published: 1, tasks: 2, done: 1, ahead: 0, on: 0, behind: 1, support: 0, studentOpened: 0, homeOpened: 0,
			studentConfirmed: 0, homeConfirmed: 0, met: 0, meeting: 0, reviewed: 0 };
		assert.deepEqual(answer.all, counts);
		assert.deepEqual(answer.groups, [{ ...counts, id: group, name: '=8B', org: null }]);
		for (const role of ['teacher', 'mentor', 'mentor of the course', 'administrator'])
			assert.deepEqual([(await who[role].get('/plan-report/school')).json], [NOT_FOUND], role);
	});
	test('one student: staff and family, each within their rights', async () => {
		const path = `/plan-report/students/${S}`;
		const at = {};
		for (const role of ['mentor', 'teacher', 'head', 'student', 'guardian'])
			at[role] = ok(await who[role].get(path));
		assert.deepEqual(at.student.plans, at.guardian.plans);
		assert.deepEqual(at.student.goals, at.guardian.goals);
		assert.deepEqual(at.student.goals.map((g) => g.text), ['Reading', 'Read aloud']);
		assert.deepEqual(at.student.milestones.map((m) => m.text), ['Borrow a book']);
		assert.deepEqual(at.mentor.student, { id: S, name: 'Sofie Aasen Lund', given: 'Sofie' });
		assert.deepEqual(Object.fromEntries(Object.entries(at).map(([role, a]) => [role, a.hat])), { mentor: 'mentor', teacher: 'teacher', head: 'head', student: 'student', guardian: 'guardian' });
		for (const role of ['other student', 'other guardian', 'guardian of nobody', 'administrator'])
			for (const more of ['', '?format=csv'])
				assert.deepEqual([(await who[role].get(path + more)).json], [NOT_FOUND], role);
	});
	test('odd questions', async () => {
		assert.equal((await mentor.get('/plan-report?group=x')).status, 404);
		assert.equal((await mentor.get(`/plan-report?group=${group}&group=${group}`)).status, 404);
		assert.equal((await mentor.get('/plan-report?format=xlsx')).status, 422);
		assert.equal((await mentor.get('/plan-report?plans=some')).status, 422);
		assert.equal((await mentor.get('/plan-report/students/x')).status, 404);
		assert.deepEqual(ok(await head.get('/plan-report/school?org=018f9999-0000-7000-8000-000000000000')).groups, []);
	});
});

describe('tables', () => {
	test('a group', async () => {
		const r = await csv(mentor, '/plan-report?format=csv');
		assert.match(r.headers['content-type'], /^text\/csv; charset=utf-8/);
		assert.equal(r.headers['content-disposition'], 'attachment; filename="plans-group.csv"');
		assert.equal(r.headers['x-content-type-options'], 'nosniff');
		assert.deepEqual([...r.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
		const lines = r.text.replace('\ufeff', '').split('\r\n');
		assert.equal(lines.length, 4);
		assert.equal(lines[3], '');
		assert.equal(lines[1].match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g).length, lines[0].match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g).length);
		assert.match(lines[1], /^"Maja Rosenlund","'=8B","","",""/);
		assert.match(lines[2], /^"Sofie Aasen Lund","'=8B","Autumn 2026","2026-08-17","2026-12-18","[^"]+",1,0,1,0,/);
	});
	test('what looks like a formula is kept from being one', async () => {
		await sql(`UPDATE ilp.plan SET title = '=HYPERLINK("https://evil.example","x")' WHERE plan_id = '${plan}'`);
		for (const [client, path] of [[mentor, '/plan-report?format=csv'], [who.guardian, `/plan-report/students/${S}?format=csv`]])
			assert.ok((await csv(client, path)).text.includes(`"'=HYPERLINK(""https://evil.example"",""x"")"`), path);
		assert.ok((await csv(head, '/plan-report/school?format=csv')).text.includes(`"'=8B"`));
		await sql(`UPDATE ilp.plan SET title = 'Autumn 2026' WHERE plan_id = '${plan}'`);
	});
	test('a teacher’s table has no readers in it', async () => {
		const r = await csv(ingrid, '/plan-report?format=csv');
		const line = r.text.split('\r\n').find((l) => l.startsWith('"Sofie'));
		assert.match(line, /,"","","","","","",""$/);
	});
});

describe('numbers count what is seen', () => {
	/* Everything anybody can read here, as one text for each role. */
	const all = async () => {
		const out = {};
		for (const role of ['teacher', 'mentor', 'head', 'student', 'guardian', 'mentor of the course'])
			for (const path of ['/plan-report', `/plan-report?group=${group}&plans=all`, '/plan-report?format=csv', '/plan-report/school', '/plan-report/school?format=csv',
				`/plan-report/students/${S}`, `/plan-report/students/${S}?format=csv`])
				out[`${role} ${path}`] = (await who[role].get(path)).text;
		return out;
	};
	test('words change none of them, where they are hidden', async () => {
		const before = await all();
		/* Another word in every text of the plan that these pages do not show. */
		await sql(`UPDATE ilp.plan_value SET text = 'wombatword ' || md5(random()::text) WHERE plan_id = '${plan}' AND field NOT IN ('competence', 'goal');
			UPDATE ilp.post SET text = 'wombatword ' || md5(random()::text) WHERE plan_id = '${plan}';
			UPDATE ilp.plan SET track_reason = 'wombatword', lock_reason = 'wombatword' WHERE plan_id = '${plan}';
			UPDATE ilp.task SET detail = 'wombatword' WHERE plan_id = '${plan}'`);
		const after = await all();
		assert.deepEqual(after, before);
		assert.ok(!Object.values(after).some((text) => text.includes('wombatword')));
	});
	test('a task where only mentors see it counts for mentors alone', async () => {
		const before = await all();
		await sql(`INSERT INTO ilp.form_field (tenant_id, form_id, key, kind, of, sees, edits, shared)
			SELECT tenant_id, form_id, 'hidden_tasks', 'tasks', 'plan', 1, 1, false FROM ilp.plan WHERE plan_id = '${plan}';
			INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, by_id, hat, at)
			SELECT tenant_id, plan_id, gen_random_uuid(), 'hidden_tasks', plan_id, n, 'wombatword', 'todo', 'todo', '2026-09-01', created_by, 1, now()
			FROM ilp.plan, generate_series(1, 5) n WHERE plan_id = '${plan}'`);
		const after = await all();
		for (const key of Object.keys(before))
			if (/^mentor /.test(key) && !key.includes('school') && !/^mentor of.*group=/.test(key))
				assert.notEqual(after[key], before[key], key);
			else
				assert.equal(after[key], before[key], key);
		const mine = ok(await mentor.get('/plan-report')).rows[1].plan;
		assert.equal(mine.tasks.todo, 6);
		assert.equal(mine.track.value, 'support');
		await sql(`DELETE FROM ilp.task WHERE plan_id = '${plan}' AND field = 'hidden_tasks'; DELETE FROM ilp.form_field WHERE key = 'hidden_tasks'`);
	});
	test('a draft is in no family’s report', async () => {
		const draft = await world.database.value(`INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, series_id, request_id, created_by, created_at, changed_by, changed_at)
			SELECT tenant_id, gen_random_uuid(), student_id, form_id, 'wombatdraft', starts_on, ends_on, gen_random_uuid(), gen_random_uuid(), created_by, now(), created_by, now()
			FROM ilp.plan WHERE plan_id = '${plan}' RETURNING plan_id`);
		assert.equal(ok(await mentor.get('/plan-report')).rows.length, 3);
		for (const role of ['student', 'guardian']) {
			const path = `/plan-report/students/${S}`;
			assert.ok(!(await who[role].get(path)).text.includes('wombatdraft'));
			assert.ok(!(await who[role].get(`${path}?format=csv`)).text.includes('wombatdraft'));
		}
		await sql(`DELETE FROM ilp.plan WHERE plan_id = '${draft}'`);
	});
});

describe('the school’s rules', () => {
	test('staff read all, families the rule behind on track', async () => {
		const rules = ok(await mentor.get('/school'));
		assert.deepEqual(Object.keys(rules).sort(), ['archive_history', 'guardian_history', 'guardians_propose', 'mentor_fields', 'students_propose', 'teachers_are_mentors', 'track']);
		assert.deepEqual(ok(await who.student.get('/school')), { track: rules.track });
		assert.deepEqual(ok(await who.guardian.get('/school')), { track: rules.track });
	});
	test('administrators set them, and plans follow at once', async () => {
		for (const role of ['mentor', 'teacher', 'student', 'guardian', 'mentor of the course'])
			assert.deepEqual([(await who[role].patch('/school', { archive_history: true })).json], [NOT_FOUND], role);
		const shown = async () => ok(await mentor.get('/plan-report')).rows[1].plan.track.value;
		const before = await shown();
		assert.equal(before, 'behind');
		const set = ok(await office.patch('/school', { track: { behind_late: 2, slack_percent: 100 } }));
		assert.equal(set.track.behind_late, 2);
		assert.equal(await shown(), 'on');
		assert.deepEqual((await office.patch('/school', { track: { support_late: 1 } })).json.error.field, 'track');
		assert.deepEqual((await office.patch('/school', { track: { support_late: '9' } })).status, 422);
		ok(await office.patch('/school', { track: null }));
		assert.equal(await shown(), before);
	});
});
