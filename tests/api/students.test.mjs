/* Lists of students, whole answers: a mentor's, a course teacher's, a headteacher's, and
 * what the first page says of plans. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { TENANT, startWorld } from '../harness/index.mjs';
import { PERIOD, act, makePlan, publish, publishTemplate } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';

let world, who, ids, plan, draft, group;
const sql = (text) => world.database.psql(text);
before(async () => {
	world = await startWorld();
	who = await everybody(world);
	ids = await idsOf(world);
	await publishTemplate(world);
	group = randomUUID();
	/* Ingrid teaches all of English 8B and is mentor of two of them; Jonas heads the school;
	 * the platform's mentor of the course has left it. */
	await sql(`UPDATE ilp.membership SET left_at = now() WHERE role = 'mentor';
		INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('${TENANT}', '${group}', 'Reading support');
		INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('${TENANT}', '${group}', '${ids['sofie-aasen-lund']}'), ('${TENANT}', '${group}', '${ids['maja-rosenlund']}');
		INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) VALUES ('${TENANT}', gen_random_uuid(), '${ids['ingrid-solheim']}', '${group}');
		INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('${TENANT}', gen_random_uuid(), '${ids['jonas-berge']}')`);
	[plan] = await makePlan(who.teacher, [ids['sofie-aasen-lund']]);
	await publish(who.teacher, plan);
	[draft] = await makePlan(who.teacher, [ids['sofie-aasen-lund']], { title: 'Reading' });
	const row = randomUUID(), goal = randomUUID();
	const made = async (r) => assert.ok((await r).status < 300, (await r).text);
	await made(who.teacher.post(`/plans/${plan}/rows`, { id: row, kind: 'competence', text: 'Reads' }));
	await made(who.teacher.post(`/plans/${plan}/rows`, { id: goal, kind: 'goal', parent: row, text: 'Reads more' }));
	await made(who.teacher.post(`/plans/${plan}/tasks`, { id: randomUUID(), row: goal, field: 'tasks', text: 'Read a book', dueOn: '2026-01-05' }));
});
after(() => world?.stop());

const get = async (client, path) => {
	const r = await client.get(path);
	assert.equal(r.status, 200, `${path}: ${r.text}`);
	return r.json;
};
const find = (list, key) => list.students.find((s) => s.id === ids[key]);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/* Times are looked at and taken out, so that the rest can be compared whole. */
function timeless(p) {
	const { changedAt, publishedAt, ...rest } = p;
	assert.match(changedAt, TIME);
	if (publishedAt !== null)
		assert.match(publishedAt, TIME);
	return rest;
}

describe('a mentor', () => {
	test('has their students, a row a plan, with all there is to know', async () => {
		const list = await get(who.teacher, '/students');
		assert.deepEqual(list.groups, [{ id: group, name: 'Reading support', students: 2, mine: true }]);
		assert.deepEqual([list.templates, list.meetings, list.students.map((s) => s.id)], [1, [], [ids['maja-rosenlund'], ids['sofie-aasen-lund']]]);
		const { plans, ...sofie } = find(list, 'sofie-aasen-lund');
		assert.deepEqual(sofie, { id: ids['sofie-aasen-lund'], name: 'Sofie Aasen Lund', given: 'Sofie', hat: 'mentor', groups: [group], last: null });
		const common = { startsOn: PERIOD.startsOn, endsOn: PERIOD.endsOn, currency: 'current', help: 0, opened: { student: false, home: false }, proposals: 0, comments: 0, changedBy: 'Ingrid Solheim' };
		assert.deepEqual(plans.map(timeless), [
			{ ...common, id: plan, title: 'Autumn 2026', state: 'published', tasks: { todo: 1, doing: 0, done: 0, dropped: 0 }, late: 1, track: { value: 'behind' } },
			{ ...common, id: draft, title: 'Reading', state: 'draft', tasks: { todo: 0, doing: 0, done: 0, dropped: 0 }, late: 0, track: { value: null } },
		]);
		assert.deepEqual(find(list, 'maja-rosenlund').plans, []);
	});
	test('sees who has opened it, and what the family wrote since', async () => {
		await who.student.post(`/plans/${plan}/look`, {});
		const said = await who.student.post(`/plans/${plan}/posts`, { id: randomUUID(), field: '_log', text: 'I have read two books' });
		assert.ok(said.status < 300, said.text);
		let [p] = find(await get(who.teacher, '/students'), 'sofie-aasen-lund').plans;
		assert.deepEqual([p.opened, p.comments], [{ student: true, home: false }, 1]);
		await who.teacher.post(`/plans/${plan}/look`, {});
		[p] = find(await get(who.teacher, '/students'), 'sofie-aasen-lund').plans;
		assert.equal(p.comments, 0);
	});
	test('gets what is archived only where it is asked for', async () => {
		await act(who.teacher, 'archive', draft);
		const sofie = (list) => find(list, 'sofie-aasen-lund');
		assert.deepEqual(sofie(await get(who.teacher, '/students')).plans.map((p) => p.id), [plan]);
		assert.equal(sofie(await get(who.teacher, '/students')).last.id, draft);
		assert.deepEqual(sofie(await get(who.teacher, '/students?state=archived')).plans.map((p) => [p.id, p.currency]), [[plan, 'current'], [draft, 'past']]);
		await act(who.teacher, 'restore', draft);
	});
	test('of nobody has an empty list, whichever group is asked for', async () => {
		for (const path of ['/students', `/students?group=${group}`, '/students?search=sofie'])
			assert.deepEqual(await get(who.none, path), { groups: [], students: [], templates: 1, meetings: [] }, path);
	});
});

describe('a course teacher', () => {
	test('has the participants, as mentor those in their charge', async () => {
		const list = await get(who.teacher, '/course/plans');
		assert.deepEqual([list.groups, list.meetings, list.students.length], [[], [], 28]);
		assert.deepEqual([...new Set(list.students.map((s) => s.hat))].sort(), ['mentor', 'teacher']);
		assert.equal(find(list, 'sofie-aasen-lund').hat, 'mentor');
	});
	test('knows of a plan what its fields show, and neither times nor readers', async () => {
		await sql(`UPDATE ilp.mentor SET ends_on = current_date - 1 WHERE tenant_id = '${TENANT}'`);
		const list = await get(who.teacher, '/course/plans');
		await sql(`UPDATE ilp.mentor SET ends_on = NULL WHERE tenant_id = '${TENANT}'`);
		assert.deepEqual(find(list, 'sofie-aasen-lund').plans.map((p) => Object.keys(p).sort().join()), Array(2).fill('currency,endsOn,help,id,late,startsOn,state,tasks,title,track'));
		assert.deepEqual(find(list, 'maja-rosenlund'), { id: ids['maja-rosenlund'], name: 'Maja Rosenlund', given: 'Maja', hat: 'teacher', groups: [], plans: [], last: null });
	});
	test('of another course has its own', async () => {
		const list = await get(who['other course'], '/course/plans');
		assert.ok(list.students.every((s) => s.hat === 'head'), 'Jonas heads the school besides');
	});
});

describe('a headteacher', () => {
	test('has the groups, the students of one, and finds one by name', async () => {
		const head = who['other course'];
		const all = await get(head, '/students');
		assert.deepEqual([all.groups, all.students], [[{ id: group, name: 'Reading support', students: 2 }], []]);
		const one = await get(head, `/students?group=${group}`);
		assert.deepEqual(one.students.map((s) => [s.name, s.hat, s.plans.length]), [['Maja Rosenlund', 'head', 0], ['Sofie Aasen Lund', 'head', 2]]);
		const found = await get(head, '/students?search=sofie%20lund');
		assert.deepEqual(found.students.map((s) => [s.name, s.groups]), [['Sofie Aasen Lund', []]]);
		assert.equal(find(await get(head, '/students?search=aksel'), 'aksel-brathen').orphan, true, 'nobody is their mentor (I-29)');
	});
});

describe('families', () => {
	test('have no lists', async () => {
		for (const role of ['student', 'guardian'])
			for (const path of ['/students', '/course/plans'])
				assert.equal((await who[role].get(path)).status, 404, `${role} ${path}`);
	});
	test('find what was published on their first page, and no draft (I-04)', async () => {
		const expected = [{ id: plan, title: 'Autumn 2026', startsOn: PERIOD.startsOn, endsOn: PERIOD.endsOn, state: 'published', currency: 'current' }];
		const brief = (list) => list.map(({ publishedAt, ...p }) => (assert.match(publishedAt, TIME), p));
		assert.deepEqual(brief((await who.student.home()).plans), expected);
		const children = (await who.guardian.home()).children;
		assert.deepEqual(brief(children.find((c) => c.id === ids['sofie-aasen-lund']).plans), expected);
		assert.deepEqual((await who['other student'].home()).plans, []);
	});
});

test('the first page says who is a mentor and who a headteacher', async () => {
	assert.deepEqual((await who.teacher.home()).hats, { mentor: true, head: false });
	assert.deepEqual((await who['other course'].home()).hats, { mentor: false, head: true });
	assert.deepEqual((await who.none.home()).hats, { mentor: false, head: false });
	assert.equal((await who.student.home()).hats, undefined);
});

test('what is asked strangely is refused', async () => {
	for (const q of ['group=x', 'group=', 'search=', `search=${'x'.repeat(101)}`, 'state=draft', 'state=locked&state=archived', 'search=%00', 'search=%ff'])
		assert.ok([400, 422].includes((await who.teacher.get(`/students?${q}`)).status), q);
});
