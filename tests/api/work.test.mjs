/* What stands in a plan, over HTTP: who reads and writes what, two people at once, statuses,
 * audiences, what is proposed, files, and bodies that mean harm. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { http, startWorld } from '../harness/index.mjs';
import { cookieHeader } from '../harness/client.mjs';
import { act, makePlan, policy, publish, publishTemplate } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';

const id = () => randomUUID().replace(/^(.{14})4/, '$17');
let world, who, ids, plan;
/* Mentor, course teacher, student and guardian of one plan; and everybody else. */
let ingrid, jonas, sofie, marte, strangers;

const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };
const page = async (by, as) => ok(await by.get(`/plans/${plan}${as ? `?as=${as}` : ''}`));
const save = (by, path, text, rev) => by.put(`/plans/${plan}/${path}`, { text, rev });
const value = async (by, field, row = null) => (await page(by)).values.find((v) => v.field === field && v.row === row);
const rowOf = (kind, text, more = {}) => ({ id: id(), kind, text, ...more });
const addRow = async (by, body) => ok(await by.post(`/plans/${plan}/rows`, body), 201);
const addTask = async (by, body) => ok(await by.post(`/plans/${plan}/tasks`, { id: id(), field: 'tasks', ...body }), 201);
const addPost = async (by, body) => ok(await by.post(`/plans/${plan}/posts`, { id: id(), ...body }), 201);
const changes = async (by, since) => ok(await by.get(`/plans/${plan}/changes?since=${since}`));
const head = async (on) => world.database.psql(on
	? `INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('${TENANT}', '${id()}', '${ids['jonas-berge']}')`
	: `DELETE FROM ilp.head WHERE person_id = '${ids['jonas-berge']}'`);

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	who = await everybody(world);
	ids = await idsOf(world);
	[ingrid, jonas, sofie, marte] = [who.teacher, who['other course'], who.student, who.guardian];
	strangers = ['other student', 'other guardian', 'guardian of nobody', 'none'];
	for (const student of ['sofie-aasen-lund', 'maja-rosenlund'])
		await world.database.psql(`INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id)
			VALUES ('${TENANT}', '${id()}', '${ids['ingrid-solheim']}', '${ids[student]}')`);
	await publishTemplate(world);
});
after(() => world?.stop());

/* A published plan with a competence and a goal. */
let competence, goal;
beforeEach(async () => {
	[plan] = await makePlan(ingrid, [ids['sofie-aasen-lund']]);
	competence = await addRow(ingrid, rowOf('competence', 'Reading'));
	goal = await addRow(ingrid, rowOf('goal', 'Read a whole book', { parent: competence.id }));
	await publish(ingrid, plan);
});

describe('reading', () => {
	test('each hat gets its own form, and what it does not see is absent', async () => {
		await addPost(ingrid, { field: 'note', row: goal.id, text: 'hidden-note' });
		await addPost(ingrid, { field: '_log', text: 'hidden-log' });
		await addPost(marte, { field: 'comment_home', text: 'from-home' });
		const seen = {};
		for (const [name, client] of Object.entries({ mentor: ingrid, teacher: jonas, student: sofie, guardian: marte })) {
			const p = await page(client);
			assert.equal(p.plan.hat, name);
			seen[name] = JSON.stringify(p);
			const keys = p.form.sections.flatMap((s) => s.fields.map((f) => f.key));
			assert.equal(keys.includes('note'), name === 'mentor' || name === 'teacher', name);
			assert.equal(keys.includes('comment_home'), name !== 'teacher', name);
			assert.equal('log' in p.form, name !== 'guardian');
			assert.equal('topics' in p.form, name !== 'teacher');
			assert.ok(seen[name].includes('Read a whole book'));
		}
		assert.deepEqual(Object.keys(seen).filter((n) => seen[n].includes('hidden-note')), ['mentor', 'teacher']);
		assert.deepEqual(Object.keys(seen).filter((n) => seen[n].includes('hidden-log')), ['mentor', 'teacher', 'student']);
		assert.deepEqual(Object.keys(seen).filter((n) => seen[n].includes('from-home')), ['mentor', 'student', 'guardian']);
	});
	test('strangers find nothing, by any door', async () => {
		const task = await addTask(ingrid, { row: goal.id, text: 'Chapter one' });
		const post = await addPost(ingrid, { field: '_log', text: 'x' });
		const doors = [
			['get', ''], ['get', '?as=student'], ['get', '/changes?since=2026-01-01T00:00:00.000000Z'], ['get', `/history?object=${plan}&field=evidence`],
			['post', '/look', {}], ['put', '/writing', { object: plan, field: 'reflection' }], ['put', '/values/reviews', { text: 'x', rev: 0 }],
			['put', `/rows/${goal.id}/goal`, { text: 'x', rev: 1 }], ['post', '/rows', rowOf('competence', 'x')], ['patch', `/rows/${goal.id}`, { removed: true }],
			['post', '/tasks', { id: id(), field: 'tasks', row: goal.id, text: 'x' }], ['put', `/tasks/${task.id}/status`, { text: 'done', rev: 1 }],
			['patch', `/tasks/${task.id}`, { removed: true }], ['post', '/posts', { id: id(), field: '_log', text: 'x' }], ['put', `/posts/${post.id}/text`, { text: 'y', rev: 1 }],
			['patch', `/posts/${post.id}`, { removed: true }], ['post', '/evidence', { id: id(), field: 'evidence', url: 'https://a.example' }],
		];
		const before = await world.database.counts();
		for (const name of strangers)
			for (const [method, path, body] of doors) {
				const r = await who[name][method](`/plans/${plan}${path}`, body);
				assert.equal(r.status, 404, `${name} ${method} ${path}: ${r.status} ${r.text}`);
			}
		assert.deepEqual(await world.database.counts(), before);
	});
	test('drafts are not there for the family, and may be looked at as they will be', async () => {
		[plan] = await makePlan(ingrid, [ids['sofie-aasen-lund']]);
		const row = await addRow(ingrid, rowOf('competence', 'Writing'));
		for (const client of [sofie, marte])
			assert.equal((await client.get(`/plans/${plan}`)).status, 404);
		const as = await page(ingrid, 'guardian');
		assert.deepEqual([as.plan.hat, as.plan.as, as.plan.may], ['mentor', 'guardian', []]);
		assert.ok(!('log' in as.form) && !('readers' in as) && !('track' in as));
		assert.equal(as.rows[0].id, row.id);
		for (const bad of ['mentor', 'head', 'x'])
			assert.equal((await ingrid.get(`/plans/${plan}?as=${bad}`)).status, 422);
		assert.equal((await jonas.get(`/plans/${plan}?as=student`)).status, 404, 'teachers borrow no eyes');
		await publish(ingrid, plan);
		assert.equal((await sofie.get(`/plans/${plan}?as=guardian`)).status, 404);
	});
	test('through borrowed eyes it is word for word what they see', async () => {
		await addPost(ingrid, { field: 'note', row: goal.id, text: 'for staff' });
		await addRow(marte, rowOf('goal', 'Sleep more', { parent: competence.id }));
		await addTask(ingrid, { row: goal.id, text: 'Chapter one', responsible: 'home' });
		for (const [client, name] of [[sofie, 'student'], [marte, 'guardian']]) {
			const own = await page(client), as = await page(ingrid, name);
			for (const part of ['form', 'rows', 'tasks', 'evidence', 'reviews', 'plans', 'student'])
				assert.deepEqual(as[part], own[part], `${name} ${part}`);
			assert.deepEqual(as.values.map((v) => [v.field, v.text]), own.values.map((v) => [v.field, v.text]));
		}
	});
	test('readers and track are for mentors and headteachers', async () => {
		for (const [client, has] of [[ingrid, true], [jonas, false], [sofie, false], [marte, false]]) {
			const p = await page(client);
			assert.equal('readers' in p, has);
			assert.equal('track' in p, has);
		}
		ok(await marte.post(`/plans/${plan}/look`, {}), 204);
		const { readers } = await page(ingrid);
		assert.deepEqual(readers.map((r) => [r.hat, r.openedAt !== null]), [['student', false], ['guardian', true]]);
	});
	test('a headteacher reads and does not write', async () => {
		await head(true);
		try {
			const p = await page(jonas);
			assert.equal(p.plan.hat, 'head');
			assert.ok(p.plan.may.includes('see_readers') && !p.plan.may.includes('write') && !p.plan.may.includes('look_as'));
			assert.equal((await save(jonas, `rows/${goal.id}/school_does`, 'x', 0)).status, 404);
			assert.equal((await jonas.get(`/plans/${plan}?as=student`)).status, 404, 'and borrows no eyes');
		} finally {
			await head(false);
		}
	});
	test('what is new since the last sitting is marked, one\'s own never', async () => {
		ok(await marte.post(`/plans/${plan}/look`, {}), 204);
		assert.equal((await page(marte)).lookedAt, null, 'the first sitting has nothing before it');
		await world.database.psql(`UPDATE ilp.plan_look SET seen_at = seen_at - interval '1 hour' WHERE plan_id = '${plan}'`);
		ok(await save(sofie, `rows/${goal.id}/reflection`, 'I like it', 0));
		ok(await save(marte, `rows/${goal.id}/home_does`, 'We read together', 0));
		const p = await page(marte);
		assert.ok(p.lookedAt);
		assert.deepEqual(p.values.filter((v) => v.isNew).map((v) => v.field).sort().filter((f) => f !== 'competence' && f !== 'goal'), ['reflection']);
		ok(await marte.post(`/plans/${plan}/look`, {}), 204);
		assert.ok((await page(marte)).values.some((v) => v.isNew), 'marks stay for the sitting');
		assert.ok(!(await page(sofie)).values.some((v) => v.isNew));
	});
});

describe('saving', () => {
	test('who may write is said by the field', async () => {
		const table = { goal: 'ms', notice: 'ms', reflection: 's', school_does: 'mt', home_does: 'mg', standing: 'ms' };
		for (const [field, writers] of Object.entries(table))
			for (const [letter, client] of Object.entries({ m: ingrid, t: jonas, s: sofie, g: marte })) {
				const now = (await value(ingrid, field, goal.id))?.rev ?? 0;
				const r = await save(client, `rows/${goal.id}/${field}`, field === 'standing' ? (now % 2 ? 'todo' : 'doing') : `by ${letter}`, now);
				assert.equal(r.status, writers.includes(letter) ? 200 : 404, `${field} ${letter} ${r.text}`);
			}
	});
	test('the same field: the later one gets both texts and loses neither', async () => {
		const path = `rows/${goal.id}/goal`;
		ok(await save(ingrid, path, 'Read two books', 1));
		const r = await save(sofie, path, 'Read a comic', 1);
		assert.equal(r.status, 409);
		assert.equal(r.json.error.code, 'conflict');
		assert.deepEqual([r.json.theirs.text, r.json.theirs.rev, r.json.theirs.by], ['Read two books', 2, 'Ingrid Solheim']);
		assert.ok(r.json.theirs.at);
		assert.equal((await value(sofie, 'goal', goal.id)).text, 'Read two books');
		const again = ok(await save(ingrid, path, 'Read two books', 1));
		assert.equal(again.rev, 2, 'a repeat of what stands is as good as saved');
		ok(await save(sofie, path, 'Read a comic', 2));
		const { versions } = ok(await ingrid.get(`/plans/${plan}/history?object=${goal.id}&field=goal`));
		assert.deepEqual(versions.map((v) => v.text).slice(0, 2), ['Read a comic', 'Read two books']);
		const own = ok(await sofie.get(`/plans/${plan}/history?object=${goal.id}&field=goal`));
		assert.deepEqual(own.versions.map((v) => v.text), ['Read a comic'], 'what others took back is not the student\'s to read');
	});
	test('separate fields at the same moment both stand', async () => {
		const answers = await Promise.all([
			save(sofie, `rows/${goal.id}/reflection`, 'mine', 0), save(marte, `rows/${goal.id}/home_does`, 'ours', 0),
			save(jonas, `rows/${goal.id}/school_does`, 'theirs', 0), save(ingrid, `rows/${competence.id}/now_words`, 'now', 0),
		]);
		assert.deepEqual(answers.map((r) => r.status), [200, 200, 200, 200]);
		const p = await page(ingrid);
		assert.deepEqual(['reflection', 'home_does', 'school_does', 'now_words'].map((f) => p.values.find((v) => v.field === f).text), ['mine', 'ours', 'theirs', 'now']);
	});
	test('twenty at once in one field: one is saved, the others hear of it', async () => {
		const all = await Promise.all([...Array(20).keys()].map((n) => save(n % 2 ? ingrid : sofie, `rows/${goal.id}/notice`, `text ${n}`, 0)));
		assert.equal(all.filter((r) => r.status === 200).length, 1);
		assert.equal(all.filter((r) => r.status === 409).length, 19);
	});
	for (const [what, path, body, status] of [
		['no text', 'goal', { rev: 1 }, 422], ['a number', 'goal', { text: 5, rev: 1 }, 422], ['no revision', 'goal', { text: 'x' }, 422], ['a revision as text', 'goal', { text: 'x', rev: '1' }, 422],
		['a control character', 'goal', { text: 'a\u0001', rev: 1 }, 422], ['20001 characters', 'goal', { text: 'é'.repeat(20001), rev: 1 }, 422], ['a field that is none', 'nothing', { text: 'x', rev: 0 }, 404],
		['a plan\'s field in a row', 'comment_home', { text: 'x', rev: 0 }, 404], ['a list of tasks as a text', 'tasks', { text: 'x', rev: 0 }, 404], ['a field of competences in a goal', 'now', { text: 'L', rev: 0 }, 404],
		['a status that is none', 'standing', { text: 'perhaps', rev: 0 }, 422], ['its own kind of right', '_rows', { text: 'x', rev: 0 }, 404], ['somebody else\'s voice', 'reflection', { text: 'x', rev: 0, voice: 'guardian' }, 422],
	])
		test(`refused: ${what}`, async () => {
			const before = await world.database.counts();
			const r = await ingrid.put(`/plans/${plan}/rows/${goal.id}/${path}`, body);
			assert.ok(r.status === status || (status === 404 && r.status === 422), `${r.status} ${r.text}`);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('locked and archived plans take nothing but the log', async () => {
		await act(ingrid, 'lock', plan);
		for (const [client, field] of [[ingrid, 'goal'], [sofie, 'reflection'], [marte, 'home_does']])
			assert.equal((await save(client, `rows/${goal.id}/${field}`, 'x', 0)).status, 404);
		ok(await ingrid.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'A talk afterwards' }), 201);
		assert.equal((await sofie.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'x' })).status, 404);
		assert.equal((await jonas.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'x' })).status, 404);
		assert.ok((await page(sofie)).rows.length);
	});
	test('a mentor types for the student in the meeting, and both are named', async () => {
		const words = { text: 'I want to', rev: 0, voice: 'student' }, at = `/plans/${plan}/rows/${goal.id}/reflection`, meeting = id();
		assert.equal((await ingrid.put(at, words)).status, 404, 'nobody meets');
		ok(await ingrid.post('/meetings', { batch: id(), meetings: [{ id: meeting, plan, startsAt: '2030-12-03T14:30:00Z' }], minutes: 30, place: '', asksReading: true, questions: [] }));
		assert.equal((await ingrid.put(at, words)).status, 404, 'not yet');
		ok(await ingrid.post(`/meetings/${meeting}/step`, { step: 'welcome' }), 204);
		await head(true);
		assert.equal((await jonas.put(at, words)).status, 404, 'nor by a headteacher');
		await head(false);
		ok(await ingrid.put(at, words));
		const v = await value(sofie, 'reflection', goal.id);
		assert.deepEqual([v.by, v.hat, v.typedBy], ['Sofie Aasen Lund', 'student', 'Ingrid Solheim']);
		assert.equal((await jonas.put(`/plans/${plan}/rows/${goal.id}/reflection`, { text: 'x', rev: 1, voice: 'student' })).status, 404);
		ok(await save(sofie, `rows/${goal.id}/reflection`, 'I really want to', 1));
		assert.equal((await value(sofie, 'reflection', goal.id)).typedBy, undefined);
	});
});

describe('rows', () => {
	test('home proposes a goal, only mentor and home see it, the mentor takes it up', async () => {
		const row = await addRow(marte, rowOf('goal', 'Early to bed', { parent: competence.id }));
		assert.deepEqual([row.state, row.hat, row.mayRemove], ['proposed', 'guardian', true]);
		const sees = async (client) => (await page(client)).rows.some((r) => r.id === row.id);
		assert.deepEqual([await sees(marte), await sees(ingrid), await sees(sofie), await sees(jonas)], [true, true, false, false]);
		ok(await save(marte, `rows/${row.id}/goal`, 'In bed by ten', 1));
		assert.equal((await save(marte, `rows/${row.id}/notice`, 'x', 0)).status, 404, 'its words alone');
		assert.equal((await marte.patch(`/plans/${plan}/rows/${row.id}`, { state: 'agreed' })).status, 404);
		assert.equal((await sofie.patch(`/plans/${plan}/rows/${row.id}`, { state: 'agreed' })).status, 404);
		ok(await ingrid.patch(`/plans/${plan}/rows/${row.id}`, { state: 'agreed' }), 204);
		assert.deepEqual([await sees(sofie), await sees(jonas)], [true, true]);
		assert.equal((await save(marte, `rows/${row.id}/goal`, 'x', 2)).status, 404, 'it is everybody\'s now');
		const other = await addRow(marte, rowOf('goal', 'No screens', { parent: competence.id }));
		ok(await ingrid.patch(`/plans/${plan}/rows/${other.id}`, { state: 'declined' }), 204);
		assert.equal((await page(marte)).rows.find((r) => r.id === other.id).state, 'declined');
	});
	test('a school may say that homes propose nothing', async () => {
		await policy(world, { guardians_propose: false });
		try {
			assert.ok(!(await page(marte)).plan.may.includes('propose'));
			assert.equal((await marte.post(`/plans/${plan}/rows`, rowOf('goal', 'x', { parent: competence.id }))).status, 404);
		} finally {
			await policy(world, { guardians_propose: true });
		}
		assert.ok((await page(marte)).plan.may.includes('propose'));
	});
	test('sent twice it is one row, moved it stands where it was put', async () => {
		const body = rowOf('goal', 'Second', { parent: competence.id });
		const [a, b] = await Promise.all([ingrid.post(`/plans/${plan}/rows`, body), ingrid.post(`/plans/${plan}/rows`, body)]);
		assert.deepEqual([a.status, b.status], [201, 201]);
		const third = await addRow(ingrid, rowOf('goal', 'Third', { parent: competence.id, after: goal.id }));
		const order = async () => (await page(sofie)).rows.filter((r) => r.kind === 'goal').map((r) => r.id);
		assert.deepEqual(await order(), [goal.id, third.id, body.id]);
		ok(await ingrid.patch(`/plans/${plan}/rows/${body.id}`, { after: null }), 204);
		assert.deepEqual(await order(), [body.id, goal.id, third.id]);
		ok(await ingrid.patch(`/plans/${plan}/rows/${body.id}`, { after: goal.id }), 204);
		assert.deepEqual(await order(), [goal.id, body.id, third.id]);
		const elsewhere = await addRow(ingrid, rowOf('competence', 'Writing'));
		ok(await ingrid.patch(`/plans/${plan}/rows/${third.id}`, { parent: elsewhere.id }), 204);
		assert.equal((await page(sofie)).rows.find((r) => r.id === third.id).parent, elsewhere.id);
		assert.equal((await ingrid.patch(`/plans/${plan}/rows/${third.id}`, { parent: goal.id })).status, 404, 'a goal is no competence');
		assert.equal((await ingrid.patch(`/plans/${plan}/rows/${third.id}`, { after: third.id })).status, 404);
	});
	test('a competence taken away takes its goals along and brings them back', async () => {
		const task = await addTask(sofie, { row: goal.id, text: 'Chapter one' });
		const { cursor } = await page(sofie);
		ok(await ingrid.patch(`/plans/${plan}/rows/${competence.id}`, { removed: true }), 204);
		let c = await changes(sofie, cursor);
		assert.deepEqual(new Set(c.gone), new Set([competence.id, goal.id, task.id]));
		let p = await page(sofie);
		assert.deepEqual([p.rows.length, p.tasks.length, p.values.length], [0, 0, 0]);
		assert.equal((await save(sofie, `rows/${goal.id}/reflection`, 'x', 0)).status, 404);
		ok(await ingrid.patch(`/plans/${plan}/rows/${competence.id}`, { removed: false }), 204);
		c = await changes(sofie, cursor);
		assert.deepEqual(c.gone, []);
		assert.deepEqual([c.rows.length, c.tasks.length], [2, 1]);
		p = await page(sofie);
		assert.deepEqual([p.rows.length, p.tasks.length], [2, 1]);
	});
	test('a student takes back only what is the student\'s', async () => {
		assert.equal((await sofie.patch(`/plans/${plan}/rows/${goal.id}`, { removed: true })).status, 404);
		const own = await addRow(sofie, rowOf('goal', 'Mine', { parent: competence.id }));
		assert.equal(own.state, 'agreed');
		ok(await sofie.patch(`/plans/${plan}/rows/${own.id}`, { removed: true }), 204);
		ok(await sofie.patch(`/plans/${plan}/rows/${own.id}`, { removed: true }), 204);
		assert.equal((await sofie.post(`/plans/${plan}/rows`, rowOf('competence', 'x'))).status, 404, 'competences are staff\'s words');
	});
	for (const [what, body] of [['no id', { id: 'x' }], ['a kind that is none', { kind: 'row' }], ['a goal without a competence', { parent: null }], ['a competence in one', { kind: 'competence' }],
		['half an objective', { objective: { id: randomUUID() } }], ['a text that is none', { text: 7 }]])
		test(`refused: ${what}`, async () => {
			const r = await ingrid.post(`/plans/${plan}/rows`, { ...rowOf('goal', 'x', { parent: competence.id }), ...body });
			assert.equal(r.status, 422, r.text);
		});
});

describe('tasks', () => {
	const status = (by, task, text, rev) => save(by, `tasks/${task.id}/status`, text, rev);
	test('statuses go their ways, and no others', async () => {
		const task = await addTask(ingrid, { row: goal.id, text: 'Chapter one' });
		assert.deepEqual([task.status, task.category, task.responsible, task.revs.status], ['todo', 'todo', 'student', 1]);
		let rev = 1;
		for (const next of ['doing', 'help', 'todo', 'done', 'doing', 'done'])
			rev = ok(await status(sofie, task, next, rev)).rev;
		assert.equal((await sofie.patch(`/plans/${plan}/tasks/${task.id}`, { confirmed: true })).status, 404);
		assert.equal((await jonas.patch(`/plans/${plan}/tasks/${task.id}`, { confirmed: true })).status, 404);
		ok(await ingrid.patch(`/plans/${plan}/tasks/${task.id}`, { confirmed: true }), 204);
		assert.equal((await page(marte)).tasks[0].confirmed.by, 'Ingrid Solheim');
		assert.equal((await status(sofie, task, 'doing', rev)).status, 404, 'confirmed');
		rev = ok(await status(ingrid, task, 'doing', rev)).rev;
		assert.equal((await page(sofie)).tasks[0].confirmed, undefined);
		assert.equal((await ingrid.patch(`/plans/${plan}/tasks/${task.id}`, { confirmed: true })).status, 404, 'not done');
		assert.equal((await status(sofie, task, 'dropped', rev)).status, 422);
		rev = ok(await status(ingrid, task, 'dropped', rev)).rev;
		assert.equal((await status(sofie, task, 'todo', rev)).status, 404, 'dropped');
		ok(await status(ingrid, task, 'todo', rev));
		assert.equal((await status(sofie, task, 'moved', rev + 1)).status, 422);
	});
	test('home sets what is home\'s and nothing else', async () => {
		const school = await addTask(ingrid, { row: goal.id, text: 'a', responsible: 'school' });
		const home = await addTask(ingrid, { row: goal.id, text: 'b', responsible: 'home' });
		assert.equal((await status(marte, school, 'done', 1)).status, 404);
		ok(await status(marte, home, 'done', 1));
		assert.equal((await save(marte, `tasks/${home.id}/text`, 'x', 1)).status, 404);
		assert.equal((await status(jonas, school, 'done', 1)).status, 404, 'course teachers where they write in the list');
		assert.equal((await marte.post(`/plans/${plan}/tasks`, { id: id(), field: 'tasks', row: goal.id, text: 'x' })).status, 404);
	});
	test('each property by itself, each with its revision', async () => {
		const task = await addTask(ingrid, { row: goal.id, text: 'Chapter one' });
		const all = await Promise.all([save(sofie, `tasks/${task.id}/text`, 'Chapter two', 1), save(ingrid, `tasks/${task.id}/due`, '2026-11-30', 1), status(sofie, task, 'doing', 1),
			save(ingrid, `tasks/${task.id}/link`, 'https://books.example/1', 1), save(sofie, `tasks/${task.id}/detail`, 'page 12', 1), save(ingrid, `tasks/${task.id}/responsible`, 'home', 1)]);
		assert.deepEqual(all.map((r) => r.status), Array(6).fill(200), JSON.stringify(all.map((r) => r.text)));
		const [t] = (await page(sofie)).tasks;
		assert.deepEqual([t.text, t.dueOn, t.status, t.link, t.detail, t.responsible], ['Chapter two', '2026-11-30', 'doing', 'https://books.example/1', 'page 12', 'home']);
		assert.deepEqual(Object.values(t.revs), [2, 2, 2, 2, 2, 2]);
		const r = await save(sofie, `tasks/${task.id}/due`, '2026-12-01', 1);
		assert.deepEqual([r.status, r.json.theirs?.text], [409, '2026-11-30']);
		ok(await save(ingrid, `tasks/${task.id}/due`, '', 2));
		ok(await save(ingrid, `tasks/${task.id}/link`, '', 2));
		assert.deepEqual([(await page(sofie)).tasks[0].dueOn, (await page(sofie)).tasks[0].link], [null, null]);
	});
	for (const [field, text] of [['due', '2026-02-30'], ['due', 'soon'], ['responsible', 'mentor'], ['link', 'javascript:alert(1)'], ['link', 'ftp://a.example'], ['link', 'https://user@evil.example'],
		['link', '//a.example'], ['detail', 'x'.repeat(201)], ['text', 'x'.repeat(2001)], ['status', '']])
		test(`refused: ${field} ${text.slice(0, 20)}`, async () => {
			const task = await addTask(ingrid, { row: goal.id, text: 'a' });
			assert.equal((await save(ingrid, `tasks/${task.id}/${field}`, text, 1)).status, 422);
		});
	test('moved, taken away and back; sent twice it is one', async () => {
		const body = { id: id(), field: 'tasks', row: goal.id, text: 'one' };
		ok(await ingrid.post(`/plans/${plan}/tasks`, body), 201);
		ok(await ingrid.post(`/plans/${plan}/tasks`, body), 201);
		const two = await addTask(sofie, { row: goal.id, text: 'two' }), first = await addTask(ingrid, { row: goal.id, text: 'first' });
		ok(await sofie.patch(`/plans/${plan}/tasks/${first.id}`, { after: null }), 204);
		const order = async () => (await page(sofie)).tasks.filter((t) => t.row === goal.id).map((t) => t.text);
		assert.deepEqual(await order(), ['first', 'one', 'two']);
		const other = await addRow(ingrid, rowOf('goal', 'Other', { parent: competence.id }));
		ok(await sofie.patch(`/plans/${plan}/tasks/${two.id}`, { row: other.id }), 204);
		assert.equal((await page(sofie)).tasks.find((t) => t.id === two.id).row, other.id);
		assert.equal((await sofie.patch(`/plans/${plan}/tasks/${two.id}`, { row: competence.id })).status, 404);
		assert.equal((await sofie.patch(`/plans/${plan}/tasks/${body.id}`, { removed: true })).status, 404, 'the mentor\'s');
		const { cursor } = await page(marte);
		ok(await sofie.patch(`/plans/${plan}/tasks/${two.id}`, { removed: true }), 204);
		assert.deepEqual((await changes(marte, cursor)).gone, [two.id]);
		ok(await sofie.patch(`/plans/${plan}/tasks/${two.id}`, { removed: false }), 204);
		assert.deepEqual((await changes(marte, cursor)).gone, []);
	});
});

describe('posts', () => {
	const audience = (by, post, letters) => by.patch(`/plans/${plan}/posts/${post.id}`, { audience: letters });
	test('an audience narrows what the field shows and never widens it', async () => {
		const note = await addPost(ingrid, { field: 'note', row: goal.id, text: 'a', audience: 'MCSGH' });
		assert.equal(note.audience, 'MC', 'the field ends with course teachers');
		const log = await addPost(ingrid, { field: '_log', text: 'b' });
		assert.equal(log.audience, 'MCSH');
		for (const letters of ['S', '', 'MCSGH']) {
			const now = ok(await audience(ingrid, log, letters));
			assert.ok(now.audience.startsWith('M'));
			assert.ok(!now.audience.includes('G'));
		}
		assert.equal((await audience(sofie, log, 'MCS')).status, 404);
		assert.equal((await audience(jonas, log, 'MC')).status, 404, 'somebody else\'s');
		assert.equal((await audience(ingrid, log, 'XYZ')).status, 422);
	});
	test('who loses sight of a post is told that it is gone, who never saw it is not', async () => {
		const log = await addPost(ingrid, { field: '_log', text: 'shared' });
		const hidden = await addPost(ingrid, { field: '_log', text: 'never', audience: 'M' });
		const { cursor } = await page(sofie);
		ok(await audience(ingrid, log, 'M'));
		ok(await ingrid.put(`/plans/${plan}/posts/${hidden.id}/text`, { text: 'never again', rev: 1 }));
		const c = await changes(sofie, cursor);
		assert.deepEqual([c.gone, c.posts], [[log.id], []]);
		assert.deepEqual((await changes(marte, cursor)).gone, []);
		ok(await audience(ingrid, log, 'MS'));
		assert.deepEqual((await changes(sofie, cursor)).posts.map((p) => p.id), [log.id]);
	});
	test('the author corrects, and what was said first stays', async () => {
		const log = await addPost(sofie, { field: '_log', text: 'first' });
		ok(await sofie.put(`/plans/${plan}/posts/${log.id}/text`, { text: 'second', rev: 1 }));
		assert.equal((await ingrid.put(`/plans/${plan}/posts/${log.id}/text`, { text: 'x', rev: 2 })).status, 404);
		const p = (await page(ingrid)).posts.find((x) => x.id === log.id);
		assert.ok(p.editedAt && p.text === 'second' && !p.mine);
		assert.deepEqual(ok(await ingrid.get(`/plans/${plan}/history?object=${log.id}&field=text`)).versions.map((v) => v.text), ['second', 'first']);
		assert.deepEqual(ok(await jonas.get(`/plans/${plan}/history?object=${log.id}&field=text`)).versions.map((v) => v.text), ['second']);
		assert.equal((await sofie.put(`/plans/${plan}/posts/${log.id}/text`, { text: ' ', rev: 2 })).status, 422);
	});
	test('taken back: gone for others, a mark for author and mentor', async () => {
		const note = await addPost(sofie, { field: 'comment_student', text: 'secret thought' });
		const { cursor } = await page(marte);
		assert.equal((await ingrid.patch(`/plans/${plan}/posts/${note.id}`, { removed: true })).status, 404);
		ok(await sofie.patch(`/plans/${plan}/posts/${note.id}`, { removed: true }));
		for (const client of [ingrid, sofie]) {
			const p = (await page(client)).posts.find((x) => x.id === note.id);
			assert.deepEqual([p.removed, p.text], [true, '']);
		}
		assert.ok(!(await page(marte)).posts.some((x) => x.id === note.id));
		assert.deepEqual((await changes(marte, cursor)).gone, [note.id]);
		ok(await sofie.patch(`/plans/${plan}/posts/${note.id}`, { removed: false }));
		assert.ok((await page(marte)).posts.some((x) => x.text === 'secret thought'));
	});
	test('topics are ticked off by those who bring them', async () => {
		const topic = await addPost(marte, { field: '_topics', text: 'Homework' });
		ok(await ingrid.patch(`/plans/${plan}/posts/${topic.id}`, { done: true }));
		assert.ok((await page(sofie)).posts.find((x) => x.id === topic.id).doneAt);
		ok(await marte.patch(`/plans/${plan}/posts/${topic.id}`, { done: false }));
		assert.equal((await jonas.patch(`/plans/${plan}/posts/${topic.id}`, { done: true })).status, 404);
		const log = await addPost(ingrid, { field: '_log', text: 'x' });
		assert.equal((await ingrid.patch(`/plans/${plan}/posts/${log.id}`, { done: true })).status, 404);
	});
	for (const [what, body] of [['nothing', { text: ' \n ' }], ['no id', { id: undefined }], ['an audience of nobody we know', { audience: 'Q' }], ['10001 characters', { text: 'x'.repeat(10001) }]])
		test(`refused: ${what}`, async () => {
			assert.equal((await ingrid.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'x', ...body })).status, 422);
		});
});

describe('changes', () => {
	test('bring what is newer, who writes, and where the plan is', async () => {
		const { cursor } = await page(ingrid);
		ok(await sofie.put(`/plans/${plan}/writing`, { object: goal.id, field: 'reflection' }), 204);
		ok(await sofie.put(`/plans/${plan}/writing`, { object: goal.id, field: 'goal' }), 204);
		let c = await changes(ingrid, cursor);
		assert.deepEqual(c.writing, [{ by: 'Sofie Aasen Lund', object: goal.id, field: 'goal' }]);
		assert.deepEqual((await changes(sofie, cursor)).writing, [], 'oneself is not told');
		ok(await sofie.put(`/plans/${plan}/writing`, { object: goal.id, field: '' }), 204);
		c = await changes(ingrid, cursor);
		assert.deepEqual([c.writing, c.state], [[], 'published']);
		for (const since of ['', 'x', '2026-01-01', "2026-01-01T00:00:00.000000Z'--", '9999-99-99T99:99:99.999999Z'])
			assert.ok([422].includes((await ingrid.get(`/plans/${plan}/changes?since=${encodeURIComponent(since)}`)).status), since);
	});
	test('a hint in a field that is hidden from somebody does not reach them', async () => {
		const { cursor } = await page(jonas);
		ok(await ingrid.put(`/plans/${plan}/writing`, { object: plan, field: 'comment_home' }), 204);
		assert.deepEqual((await changes(jonas, cursor)).writing, []);
		ok(await jonas.put(`/plans/${plan}/writing`, { object: goal.id, field: 'reflection' }), 204);
		assert.deepEqual((await changes(ingrid, cursor)).writing, [], 'nor one in a field that its writer does not write');
	});
});

describe('reviews of the period', () => {
	test('appear by the date they were entered, released ones for the family', async () => {
		const review = await ingrid.makeReview({ title: 'Halfway there' });
		ok(await ingrid.put(`/reviews/${review.id}/entries/${ids['sofie-aasen-lund']}/comment`, { text: 'unreleased-word', rev: 0 }));
		const has = async (client) => JSON.stringify((await page(client)).reviews).includes('unreleased-word');
		await world.database.psql(`UPDATE ilp.entry SET entered_on = '2026-11-02' WHERE review_id = '${review.id}'`);
		assert.deepEqual([await has(ingrid), await has(sofie), await has(marte)], [false, false, false]);
		ok(await ingrid.post(`/reviews/${review.id}/release`, { students: [ids['sofie-aasen-lund']] }));
		assert.deepEqual([await has(ingrid), await has(jonas), await has(sofie), await has(marte)], [true, false, true, true]);
		for (const [day, shown] of [['2026-08-17', true], ['2026-12-18', true], ['2026-08-16', false], ['2026-12-19', false]]) {
			await world.database.psql(`UPDATE ilp.entry SET entered_on = '${day}' WHERE review_id = '${review.id}'`);
			assert.equal(await has(sofie), shown, day);
		}
	});
});

describe('evidence', () => {
	const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(300_000, 1)]);
	async function upload(by, bytes, type, { evidence = id(), field = 'evidence', title = 'A picture', row, at = plan, headers = {} } = {}) {
		const query = new URLSearchParams({ field, title, ...(row && { row }) });
		const r = await http(`${by.url}/api/plans/${at}/evidence/${evidence}/file?${query}`, { method: 'POST', body: bytes,
			headers: { 'X-Session': by.sid, Cookie: cookieHeader(by.cookies), 'Content-Type': type, ...headers } });
		r.json = r.text.startsWith('{') ? JSON.parse(r.text) : null;
		return r;
	}
	test('a file goes in and comes out as something to keep', async () => {
		const e = ok(await upload(sofie, PNG, 'image/png', { title: 'Tegning æøå "1"' }), 201);
		assert.deepEqual([e.file, e.mine, e.hat], [{ type: 'image/png', size: PNG.length }, true, 'student']);
		const r = await http(`${marte.url}/api/plans/${plan}/evidence/${e.id}/file`, { headers: { 'X-Session': marte.sid, Cookie: cookieHeader(marte.cookies) } });
		assert.equal(r.status, 200);
		assert.ok(r.bytes.equals(PNG));
		assert.match(r.headers['content-disposition'], /^attachment; filename="file\.png"; filename\*=UTF-8''Tegning%20%C3%A6%C3%B8%C3%A5%20%221%22\.png$/);
		assert.equal(r.headers['content-security-policy'], "sandbox; default-src 'none'");
		assert.equal(r.headers['x-content-type-options'], 'nosniff');
		assert.equal(r.headers['cache-control'], 'no-store');
		assert.equal((await upload(sofie, PNG, 'image/png', { evidence: e.id })).status, 201, 'sent again it is the same');
		assert.equal((await page(sofie)).evidence.length, 1);
		await head(true);
		try {
			assert.equal((await jonas.get(`/plans/${plan}/evidence/${e.id}/file`)).status, 404, 'the field is hidden from headteachers');
		} finally {
			await head(false);
		}
		for (const name of strangers)
			assert.equal((await who[name].get(`/plans/${plan}/evidence/${e.id}/file`)).status, 404);
		const [other] = await makePlan(ingrid, [ids['maja-rosenlund']]);
		assert.equal((await ingrid.get(`/plans/${other}/evidence/${e.id}/file`)).status, 404, 'another plan\'s');
		assert.equal((await ingrid.delete(`/plans/${other}/evidence/${e.id}`, {})).status, 404);
		assert.equal((await jonas.delete(`/plans/${plan}/evidence/${e.id}`, {})).status, 404);
		ok(await sofie.delete(`/plans/${plan}/evidence/${e.id}`, {}), 204);
		assert.equal((await sofie.get(`/plans/${plan}/evidence/${e.id}/file`)).status, 404);
	});
	for (const [what, type, bytes] of [
		['a page', 'text/html', '<script>alert(1)</script>'], ['a drawing that runs', 'image/svg+xml', '<svg/>'], ['no type', '', 'x'], ['a page called a picture', 'image/png', '<!doctype html>'],
		['a picture called a document', 'application/pdf', PNG], ['nothing', 'image/png', ''], ['a text that is none', 'text/plain', Buffer.from([0, 1, 2, 255])], ['JSON', 'application/json', '{}'], ['a program', 'application/x-msdownload', 'MZ'],
	])
		test(`refused: ${what}`, async () => {
			const before = await world.database.counts();
			assert.equal((await upload(sofie, Buffer.from(bytes), type)).status, 422);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('ten megabytes and no more, and only of whom we know', async () => {
		const big = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc((10 << 20) - 9, 32)]);
		ok(await upload(ingrid, big, 'application/pdf'), 201);
		assert.equal((await upload(ingrid, Buffer.concat([big, Buffer.from(' ')]), 'application/pdf')).status, 413);
		assert.equal((await upload(sofie, PNG, 'image/png', { headers: { 'X-Session': 'AAAAAAAA' } })).status, 413, 'no session, no room');
		assert.equal((await upload(sofie, PNG, 'image/png', { headers: { Origin: 'https://evil.example' } })).status, 403);
		const r = await sofie.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'x'.repeat(300_000) });
		assert.equal(r.status, 413, 'other doors stay narrow');
	});
	test('a plan holds a hundred megabytes', async () => {
		const e = ok(await upload(ingrid, Buffer.from('%PDF-1.7\n'), 'application/pdf'), 201);
		await world.database.psql(`UPDATE ilp.evidence SET file_size = 104857600 - 8 WHERE evidence_id = '${e.id}'`);
		const r = await upload(ingrid, Buffer.from('%PDF-1.7\n'), 'application/pdf');
		assert.deepEqual([r.status, r.json.error.field], [422, 'plan']);
	});
	test('links lead to the web and nowhere else', async () => {
		for (const url of ['javascript:alert(1)', 'data:text/html,x', 'mailto:a@b.example', 'https://', 'http://a b', 'https://a@b.example/', '', 'x'.repeat(3000)])
			assert.equal((await sofie.post(`/plans/${plan}/evidence`, { id: id(), field: 'evidence', title: 'x', url })).status, 422, url);
		const e = ok(await sofie.post(`/plans/${plan}/evidence`, { id: id(), field: 'evidence', title: 'My film', url: 'https://films.example/1' }), 201);
		assert.deepEqual([e.url, e.title], ['https://films.example/1', 'My film']);
		assert.equal((await marte.post(`/plans/${plan}/evidence`, { id: id(), field: 'evidence', title: 'x', url: 'https://a.example' })).status, 404);
		assert.equal((await sofie.get(`/plans/${plan}/evidence/${e.id}/file`)).status, 404);
	});
});

test('every write leaves one event and never what was written', async () => {
	const since = await world.database.value('SELECT clock_timestamp()');
	ok(await save(sofie, `rows/${goal.id}/reflection`, 'unique-word', 0));
	const task = await addTask(ingrid, { row: goal.id, text: 'unique-word' });
	ok(await save(sofie, `tasks/${task.id}/status`, 'done', 1));
	ok(await save(sofie, `tasks/${task.id}/status`, 'done', 2));
	ok(await ingrid.patch(`/plans/${plan}/tasks/${task.id}`, { confirmed: true }), 204);
	const post = await addPost(marte, { field: 'comment_home', text: 'unique-word' });
	ok(await marte.put(`/plans/${plan}/posts/${post.id}/text`, { text: 'unique-word too', rev: 1 }));
	ok(await sofie.post(`/plans/${plan}/evidence`, { id: id(), field: 'evidence', title: 'unique-word', url: 'https://unique-word.example' }), 201);
	const events = await world.database.rows(`SELECT kind, detail::text, plan_id, student_id FROM ilp.event WHERE plan_id = '${plan}' AND at >= '${since}' ORDER BY at`);
	assert.deepEqual(events.map((e) => e.kind), ['value.saved', 'task.added', 'task.status', 'task.confirmed', 'post.added', 'post.corrected', 'evidence.added']);
	assert.ok(events.every((e) => !e.detail.includes('unique-word') && e.student_id === ids['sofie-aasen-lund']));
});
