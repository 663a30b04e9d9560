/* The life of plans over HTTP: made for a whole group, published, revised, shared, deleted;
 * who may, in whole answers; the same twice, and two at once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { startWorld } from '../harness/index.mjs';
import { NEXT, PERIOD, act, makePlan, policy, publish, publishTemplate, revise } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';

const id = () => randomUUID().replace(/^(.{14})4/, '$17');
const NOT_FOUND = { error: { code: 'not_found', message: 'This is not here. It may have been removed, or it is not yours to see.' } };
let world, who, ids, template, form, group, S, M, C;
/* Mentor, co-mentor, headteacher, teacher of the same students in another course. */
let ingrid, kari, head, jonas, sofie, marte;

const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };
const sql = (text) => world.database.psql(text);
const value = (text) => world.database.value(text);
const state = (plan) => value(`SELECT state FROM ilp.plan WHERE plan_id = '${plan}'`);
const lines = (r) => ok(r).results;
const body = (more = {}) => ({ request: id(), students: [S], template, ...PERIOD, ...more });
const row = (plan, kind, parent = null) => {
	const r = id();
	return sql(`INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, by_id, hat, at)
		VALUES ('${TENANT}', '${plan}', '${r}', '${kind}', ${parent ? `'${parent}'` : 'NULL'}, 1, '${ids['ingrid-solheim']}', 1, now())`).then(() => r);
};
const write = (plan, at, field, text) => sql(`INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at)
	VALUES ('${TENANT}', '${plan}', '${at}', '${field}', '${text}', '${ids['ingrid-solheim']}', 1, now())`);
const task = (plan, at, text, category = 'todo') => {
	const t = id();
	return sql(`INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, by_id, hat, at)
		VALUES ('${TENANT}', '${plan}', '${t}', 'tasks', '${at}', 1, '${text}', '${category}', '${category}', '${ids['ingrid-solheim']}', 1, now())`).then(() => t);
};
/* A plan of Sofie's with a goal and two tasks, one of them done. */
async function fullPlan() {
	const [plan] = await makePlan(ingrid, [S], { template });
	const c = await row(plan, 'competence'), g = await row(plan, 'goal', c);
	await write(plan, c, 'competence', 'Reading');
	await write(plan, g, 'goal', 'Sofie reads aloud');
	await write(plan, g, 'reflection', 'Nobody else’s business');
	const tasks = [await task(plan, g, 'Ten minutes a day'), await task(plan, g, 'Borrow a book', 'done')];
	return { plan, goal: g, tasks };
}

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	who = await everybody(world);
	ids = await idsOf(world);
	[S, M, C] = ['sofie-aasen-lund', 'maja-rosenlund', 'hedda-nygard'].map((k) => ids[k]);
	[ingrid, jonas, sofie, marte] = [who.teacher, who['other course'], who.student, who.guardian];
	kari = await world.launch('kari-nilsen');
	who.administrator = await admin(world);
	head = who.head = await admin(world, { name: 'Hanne Head' });
	who["Maja's mentor"] = await admin(world, { name: 'Mona Mentor of one' });
	await sql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${id().replace(/^.{8}/, '018f9999')}', 'Another school')`);
	who.stranger = await admin(world, { tenant: await value(`SELECT tenant_id FROM ilp.tenant WHERE name = 'Another school'`), name: 'A stranger' });
	group = await world.database.rows(`SELECT person_id AS id FROM ilp.membership m JOIN ilp.course c USING (tenant_id, course_id)
		WHERE c.title = 'English 8B' AND m.role = 'student' ORDER BY person_id`).then((r) => r.map((p) => p.id).filter((p) => p));
	group = (await world.database.rows(`SELECT person_id AS id FROM ilp.person WHERE NOT is_test AND person_id = ANY ('{${group}}') ORDER BY person_id`)).map((p) => p.id);
	/* Ingrid's and Kari's group has all of English 8B; Jonas only teaches them. */
	const g = id();
	await sql(`INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('${TENANT}', '${g}', '8B');
		INSERT INTO ilp.group_member (tenant_id, group_id, person_id) SELECT '${TENANT}', '${g}', s FROM unnest('{${group}}'::uuid[]) s;
		INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id, kind) VALUES ('${TENANT}', '${id()}', '${ids['ingrid-solheim']}', '${g}', 'lead'),
			('${TENANT}', '${id()}', '${ids['kari-nilsen']}', '${g}', 'co');
		INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) SELECT tenant_id, '${id()}', person_id, '${M}' FROM ilp.person WHERE name = 'Mona Mentor of one';
		INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT tenant_id, '${id()}', person_id FROM ilp.person WHERE name = 'Hanne Head'`);
	template = await publishTemplate(world);
	form = await value(`SELECT form_id FROM ilp.template WHERE template_id = '${template}'`);
});
after(() => world?.stop());

describe('a whole group in one act', () => {
	test('28 plans, each with its line; the same request again makes none', async () => {
		assert.equal(group.length, 28);
		const events = await value("SELECT count(*) FROM ilp.event WHERE kind = 'plan.created'");
		const request = id(), ask = body({ request, students: group });
		const first = lines(await ingrid.post('/plans', ask));
		assert.deepEqual(first, group.map((student, i) => ({ student, ok: true, state: 'draft', plan: first[i].plan })));
		assert.equal(new Set(first.map((l) => l.plan)).size, 28);
		assert.deepEqual(lines(await ingrid.post('/plans', ask)), first.map((l) => ({ ...l, reason: 'has_one' })));
		assert.deepEqual(lines(await kari.post('/plans', { ...ask, students: group.slice(20) })).map((l) => l.plan), first.slice(20).map((l) => l.plan));
		assert.equal(await value(`SELECT count(*) || ' ' || count(DISTINCT form_id) FROM ilp.plan WHERE request_id = '${request}'`), '28 1');
		assert.equal(Number(await value("SELECT count(*) FROM ilp.event WHERE kind = 'plan.created'")) - Number(events), 28);

		const plans = first.map((l) => l.plan);
		const preview = ok(await ingrid.post('/plans/preview', { plans }));
		assert.equal(preview.plans.length, 28);
		const mine = preview.plans.find((p) => p.student.id === S);
		assert.deepEqual(mine, { id: mine.id, student: { id: S, name: 'Sofie Aasen Lund' }, title: PERIOD.title, state: 'draft', locks: [], moves: 0,
			studentMail: true, guardians: mine.guardians, empty: true });
		assert.ok(mine.guardians.some((g) => g.name === 'Marte Aasen' && g.mail));
		assert.deepEqual(await publish(ingrid, plans), plans.map((plan) => ({ plan, ok: true, state: 'published' })));
		assert.equal(await value(`SELECT count(*) FROM ilp.event WHERE kind = 'plan.published' AND plan_id = ANY ('{${plans}}')`), '28');
		await publish(kari, plans);
		assert.equal(await value(`SELECT count(*) FROM ilp.event WHERE kind = 'plan.published' AND plan_id = ANY ('{${plans}}')`), '28');

		const next = await revise(ingrid, plans);
		assert.equal(new Set(next).size, 28);
		await publish(ingrid, next);
		assert.equal(await value(`SELECT count(*) FROM ilp.plan WHERE plan_id = ANY ('{${plans}}') AND state = 'locked'`), '28');
		await act(ingrid, 'archive', plans);
		await act(ingrid, 'archive', next);
	});
	test('one bad student stops no other', async () => {
		const test = (await world.database.rows('SELECT person_id AS id FROM ilp.person WHERE is_test'))[0]?.id ?? id();
		const students = [S, id(), ids['ingrid-solheim'], test, M];
		const out = lines(await ingrid.post('/plans', body({ students })));
		assert.deepEqual(out.map((l) => [l.student, l.ok]), students.map((s) => [s, s === S || s === M]));
		for (const l of out.filter((l) => !l.ok))
			assert.deepEqual(l, { student: l.student, ok: false, reason: 'not_yours' });
		await act(ingrid, 'archive', out.filter((l) => l.ok).map((l) => l.plan));
	});
	test('plans that are not theirs have a line like plans that are not', async () => {
		const [plan] = await makePlan(ingrid, [S], { template });
		const none = id();
		const out = lines(await ingrid.post('/plans/act', { act: 'publish', plans: [none, plan] }));
		assert.deepEqual(out, [{ plan: none, ok: false, reason: 'not_yours' }, { plan, ok: true, state: 'published' }]);
		await act(ingrid, 'archive', plan);
	});
});

describe('who may', () => {
	const FAMILY = ['student', 'other student', 'guardian', 'other guardian', 'guardian of nobody'];
	let plan;
	before(async () => { ({ plan } = await fullPlan()); });
	/* name, method, path, body, what who has no hat on the student gets, who may besides mentors */
	const doors = () => [
		['make', 'POST', '/plans', body(), { results: [{ student: S, ok: false, reason: 'not_yours' }] }],
		['duplicate', 'POST', '/plans', body({ template: undefined, plan }), NOT_FOUND],
		['revise', 'POST', '/plans/revise', { request: id(), plans: [plan], ...NEXT }, { results: [{ plan, ok: false, reason: 'not_yours' }] }],
		['preview', 'POST', '/plans/preview', { plans: [plan] }, { plans: [], mails: 0 }],
		...['publish', 'unpublish', 'lock', 'archive'].map((a) => [a, 'POST', '/plans/act', { act: a, plans: [plan] }, { results: [{ plan, ok: false, reason: 'not_yours' }] }]),
		...['reopen', 'restore', 'delete'].map((a) => [a, 'POST', '/plans/act', { act: a, plans: [plan], reason: 'so', confirm: 'no' }, { results: [{ plan, ok: false, reason: 'not_yours' }] }]),
		['change', 'PATCH', `/plans/${plan}`, { rev: 1, title: 'Taken' }, NOT_FOUND],
		['track', 'PUT', `/plans/${plan}/track`, { track: 'on', reason: 'x' }, NOT_FOUND],
		['field', 'POST', `/plans/${plan}/fields`, { section: 'goals', field: { kind: 'text', label: { en: 'Mine' }, sees: 'M', edits: 'M' } }, NOT_FOUND],
		['transfer', 'POST', `/plans/${plan}/transfer`, { tasks: [id()] }, NOT_FOUND],
		['share', 'POST', `/plans/${plan}/share`, { id: id(), scope: 'district', title: 'Taken' }, NOT_FOUND],
	];
	for (const now of ['draft', 'published', 'locked', 'archived'])
		test(`nobody else at a ${now} plan, and nothing changes`, async () => {
			await sql(`UPDATE ilp.plan SET state = '${now}', state_before = CASE WHEN '${now}' = 'archived' THEN 'locked' END, published_at = now() WHERE plan_id = '${plan}'`);
			const counts = await world.database.counts();
			const before = await value(`SELECT p::text FROM ilp.plan p WHERE plan_id = '${plan}'`);
			for (const [name, method, path, sent, otherwise] of doors())
				for (const role of [...FAMILY, 'other course', 'none', "Maja's mentor", 'administrator', 'stranger']) {
					const r = await who[role].call(method, path, sent);
					/* another school has no such template */
					const expected = FAMILY.includes(role) || (role === 'stranger' && name === 'make') ? NOT_FOUND : otherwise;
					assert.deepEqual(r.json.error ? { error: { code: r.json.error.code } } : r.json, expected.error ? { error: { code: 'not_found' } } : expected, `${name} by ${role}: ${r.text}`);
					assert.equal(r.status, expected.error ? 404 : 200, `${name} by ${role}`);
					if (r.status === 404 && who[role].landing)
						assert.deepEqual(Object.keys(r.json), ['error']);
				}
			assert.equal(await value(`SELECT p::text FROM ilp.plan p WHERE plan_id = '${plan}'`), before);
			assert.deepEqual(await world.database.counts(), counts);
		});
	test('a 404 is the same for what is there and what is not', async () => {
		for (const by of [jonas, sofie, marte, who.none])
			for (const p of [plan, id()]) {
				const r = await by.patch(`/plans/${p}`, { rev: 1, title: 'x' });
				assert.equal(r.status, 404);
				assert.deepEqual(Object.keys(r.json.error).sort(), ['code', 'message']);
			}
		const [a, b] = [await sofie.patch(`/plans/${plan}`, { rev: 1, title: 'x' }), await sofie.patch(`/plans/${id()}`, { rev: 1, title: 'x' })];
		assert.equal(a.text, b.text);
	});
	test('a co-mentor does what the mentor does', async () => {
		const [p] = await makePlan(ingrid, [S], { template });
		await publish(kari, p);
		for (const [verb, more] of [['lock'], ['reopen', { reason: 'too early' }], ['unpublish'], ['archive'], ['restore'], ['archive']])
			await act(kari, verb, p, more);
		assert.equal(await state(p), 'archived');
	});
	test('a headteacher reopens, restores and deletes, and makes nothing', async () => {
		const [p] = await makePlan(ingrid, [S], { template });
		await publish(ingrid, p);
		for (const verb of ['publish', 'unpublish', 'lock', 'archive'])
			assert.deepEqual(lines(await head.post('/plans/act', { act: verb, plans: [p] })), [{ plan: p, ok: false, reason: 'not_yours' }]);
		assert.deepEqual(lines(await head.post('/plans', body())), [{ student: S, ok: false, reason: 'not_yours' }]);
		await act(ingrid, 'lock', p);
		await act(head, 'reopen', p, { reason: 'a mistake' });
		await act(ingrid, 'archive', p);
		await act(head, 'restore', p);
		assert.equal(await state(p), 'published');
		assert.deepEqual(lines(await ingrid.post('/plans/act', { act: 'delete', plans: [p], confirm: PERIOD.title })), [{ plan: p, ok: false, state: 'published', reason: 'state' }]);
		assert.deepEqual(lines(await head.post('/plans/act', { act: 'delete', plans: [p] })), [{ plan: p, ok: false, state: 'published', reason: 'empty_confirm' }]);
		assert.deepEqual(lines(await head.post('/plans/act', { act: 'delete', plans: [p], confirm: 'Autumn' })), [{ plan: p, ok: false, state: 'published', reason: 'confirm' }]);
		for (let twice = 0; twice < 2; twice++)
			assert.deepEqual(lines(await head.post('/plans/act', { act: 'delete', plans: [p], confirm: PERIOD.title, reason: 'wrong student' })), [{ plan: p, ok: true }]);
		assert.equal(await state(p), '');
		assert.deepEqual(lines(await ingrid.post('/plans/act', { act: 'publish', plans: [p] })), [{ plan: p, ok: false, reason: 'not_yours' }]);
	});
	test('a mentor whose time is over is nobody', async () => {
		const [p] = await makePlan(ingrid, [S], { template });
		await sql(`UPDATE ilp.mentor SET ends_on = ilp.today() - 1 WHERE mentor_id = '${ids['kari-nilsen']}'`);
		assert.deepEqual(lines(await kari.post('/plans/act', { act: 'publish', plans: [p] })), [{ plan: p, ok: false, reason: 'not_yours' }]);
		assert.equal((await kari.patch(`/plans/${p}`, { rev: 1, title: 'x' })).status, 404);
		await sql(`UPDATE ilp.mentor SET ends_on = NULL WHERE mentor_id = '${ids['kari-nilsen']}'`);
		await act(ingrid, 'archive', p);
	});
});

describe('what is asked for must be right', () => {
	let plan;
	before(async () => { [plan] = await makePlan(ingrid, [S], { template }); });
	const many = (n) => Array.from({ length: n }, id);
	for (const [name, path, change, field] of [
		['no request', '/plans', { request: undefined }, 'request'], ['a request that is no id', '/plans', { request: 'x' }, 'request'],
		['no students', '/plans', { students: [] }, 'students'], ['101 students', '/plans', { students: many(101) }, 'students'], ['students as a text', '/plans', { students: 'all' }, 'students'],
		['a student twice', '/plans', () => ({ students: [S, S] }), 'students'], ['a student that is a number', '/plans', { students: [7] }, 'students'],
		['no template', '/plans', { template: undefined }, 'template'], ['two sources', '/plans', () => ({ share: id() }), 'template'], ['a template that is a number', '/plans', { template: 7 }, 'template'],
		['no title', '/plans', { title: undefined }, 'title'], ['blanks', '/plans', { title: '  ' }, 'title'], ['201 characters', '/plans', { title: 'é'.repeat(201) }, 'title'], ['two lines', '/plans', { title: 'a\nb' }, 'title'],
		['no start', '/plans', { startsOn: null }, 'startsOn'], ['30 February', '/plans', { endsOn: '2026-02-30' }, 'endsOn'], ['the end before the start', '/plans', { endsOn: '2026-01-01' }, 'endsOn'],
		['no plans', '/plans/act', { act: 'publish', plans: undefined }, 'plans'], ['an act nobody knows', '/plans/act', { act: 'burn' }, 'act'], ['an act of another table', '/plans/act', { act: 'share' }, 'act'],
		['a reason without end', '/plans/act', { act: 'lock', reason: 'x'.repeat(1001) }, 'reason'], ['a reason that is a number', '/plans/act', { act: 'lock', reason: 4 }, 'reason'],
		['control characters', '/plans/act', { act: 'lock', reason: 'a\u0007' }, 'reason'], ['undo as a text', '/plans/act', { act: 'unpublish', undo: 'yes' }, 'undo'], ['goals as a text', '/plans/revise', { goals: 'yes' }, 'goals'], ['stays that are no ids', '/plans/revise', { stays: ['x'] }, 'stays'],
	])
		test(`refused: ${name}`, async () => {
			const base = path === '/plans' ? body() : path === '/plans/act' ? { plans: [plan] } : { request: id(), plans: [plan], ...NEXT };
			const counts = await world.database.counts();
			const r = await ingrid.post(path, { ...base, ...(typeof change === 'function' ? change() : change) });
			assert.equal(r.status, 422, r.text);
			assert.equal(r.json.error.field, field);
			assert.deepEqual(await world.database.counts(), counts);
		});
	for (const [name, method, path, sent, field] of [
		['a change without a revision', 'PATCH', '', { title: 'x' }, 'rev'], ['a track nobody knows', 'PUT', '/track', { track: 'lost', reason: 'x' }, 'track'], ['a track without a reason', 'PUT', '/track', { track: 'on' }, 'reason'],
		['a field without a section', 'POST', '/fields', { field: {} }, 'section'], ['no field', 'POST', '/fields', { section: 'goals' }, 'field'], ['a scope nobody knows', 'POST', '/share', { id: '018f1111-0000-7000-8000-000000000001', scope: 'world', title: 'x' }, 'scope'],
		['a share without a title', 'POST', '/share', { id: '018f1111-0000-7000-8000-000000000001', scope: 'district' }, 'title'], ['no tasks', 'POST', '/transfer', {}, 'tasks'],
	])
		test(`refused: ${name}`, async () => {
			const r = await ingrid.call(method, `/plans/${plan}${path}`, sent);
			assert.equal(r.status, 422, r.text);
			assert.equal(r.json.error.field, field);
		});
	test('a source that is not there is 404, and no plan', async () => {
		const counts = await world.database.counts();
		for (const from of [{ template: id() }, { template: undefined, share: id() }, { template: undefined, plan: id() }])
			assert.equal((await ingrid.post('/plans', body(from))).status, 404);
		assert.deepEqual(await world.database.counts(), counts);
	});
});

describe('properties', () => {
	let plan;
	beforeEach(async () => { [plan] = await makePlan(ingrid, [S], { template }); });
	test('title and dates, with the revision that was seen', async () => {
		const now = ok(await ingrid.patch(`/plans/${plan}`, { rev: 1, title: ' Spring ', endsOn: '2027-01-15' }));
		assert.deepEqual(now, { id: plan, title: 'Spring', startsOn: PERIOD.startsOn, endsOn: '2027-01-15', state: 'draft', currency: 'current', publishedAt: null, rev: 2 });
		const r = await kari.patch(`/plans/${plan}`, { rev: 1, title: 'Winter' });
		assert.equal(r.status, 409);
		assert.deepEqual(r.json, { error: { code: 'conflict' }, plan: now });
		assert.deepEqual(ok(await kari.patch(`/plans/${plan}`, { rev: 1, title: 'Spring' })), now);
		assert.equal((await ingrid.patch(`/plans/${plan}`, { rev: 2, startsOn: '2028-01-01' })).status, 422);
	});
	test('how it goes, said with a reason, and taken back', async () => {
		const said = ok(await ingrid.put(`/plans/${plan}/track`, { track: 'behind', reason: ' ill for weeks ' }));
		assert.deepEqual(said, { value: 'behind', reason: 'ill for weeks', by: 'Ingrid Solheim', at: said.at });
		const back = ok(await ingrid.put(`/plans/${plan}/track`, { track: null }));
		assert.deepEqual([back.value, back.reason], [null, null]);
	});
	test('a column more, once, of this plan alone', async () => {
		const field = { kind: 'text', label: { en: 'Extra' }, sees: 'MCSGH', edits: 'MS' };
		const a = ok(await ingrid.post(`/plans/${plan}/fields`, { section: 'goals', field }));
		const b = ok(await ingrid.post(`/plans/${plan}/fields`, { section: 'goals', field }));
		assert.deepEqual(a, b);
		const extra = a.form.sections.find((s) => s.key === 'goals').fields.at(-1);
		assert.deepEqual([extra.label, extra.seenBy, extra.edits], [{ en: 'Extra' }, 'MCSG', true]);
		assert.notEqual(await value(`SELECT form_id FROM ilp.plan WHERE plan_id = '${plan}'`), form);
		const [other] = await makePlan(ingrid, [M], { template });
		assert.equal(await value(`SELECT form_id FROM ilp.plan WHERE plan_id = '${other}'`), form);
		await policy(world, { mentor_fields: false });
		assert.equal((await ingrid.post(`/plans/${plan}/fields`, { section: 'goals', field: { ...field, label: { en: 'More' } } })).status, 404);
		await policy(world, { mentor_fields: true });
	});
});

describe('the next period', () => {
	test('a draft follows; published, it locks and takes the tasks along', async () => {
		const { plan, tasks } = await fullPlan();
		await publish(ingrid, plan);
		const [next] = await revise(ingrid, plan);
		assert.deepEqual(lines(await kari.post('/plans/revise', { request: id(), plans: [plan], ...NEXT })), [{ plan, ok: true, state: 'published', made: next, reason: 'has_one' }]);
		const { plans: [p], mails } = ok(await ingrid.post('/plans/preview', { plans: [next] }));
		assert.deepEqual([p.locks, p.moves, p.empty], [[{ id: plan, title: PERIOD.title }], 1, false]);
		assert.ok(mails >= 2);
		await publish(ingrid, next);
		assert.equal(await state(plan), 'locked');
		assert.equal(await value(`SELECT string_agg(text, ',') FROM ilp.task WHERE plan_id = '${next}'`), 'Ten minutes a day');
		assert.equal(await value(`SELECT string_agg(text, ',' ORDER BY text) FROM ilp.plan_value WHERE plan_id = '${next}'`), 'Reading,Sofie reads aloud');
		assert.deepEqual(lines(await ingrid.post(`/plans/${plan}/transfer`, { tasks })), [{ task: tasks[0], ok: true, made: next }, { task: tasks[1], ok: false, made: next, reason: 'finished' }]);
		assert.deepEqual(lines(await ingrid.post('/plans/revise', { request: id(), plans: [await makePlan(ingrid, [S], { template }).then(([d]) => d)], ...NEXT })).map((l) => [l.ok, l.state, l.reason]), [[false, 'draft', 'state']]);
	});
	test('tasks that are to stay do', async () => {
		const { plan, tasks } = await fullPlan();
		await publish(ingrid, plan);
		const [next] = await revise(ingrid, plan, { stays: [tasks[0]] });
		await publish(ingrid, next);
		assert.equal(await value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${next}'`), '0');
		assert.deepEqual(lines(await ingrid.post(`/plans/${plan}/transfer`, { tasks: [tasks[0]] })), [{ task: tasks[0], ok: true, made: next }]);
	});
	test('publishing is undone as a whole, where that is asked for', async () => {
		const { plan } = await fullPlan();
		await publish(ingrid, plan);
		const [next] = await revise(ingrid, plan);
		await publish(ingrid, next);
		assert.deepEqual(await act(ingrid, 'unpublish', next, { undo: true }), [{ plan: next, ok: true, state: 'draft' }]);
		assert.equal(await state(plan), 'published');
		assert.equal(await value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${next}'`), '0');
		await publish(ingrid, next);
		await act(ingrid, 'unpublish', next);
		assert.equal(await state(plan), 'locked');
		assert.equal(await value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${next}'`), '1');
	});
	test('unpublishing says who has seen it', async () => {
		const [plan] = await makePlan(ingrid, [S], { template });
		await publish(ingrid, plan);
		assert.deepEqual(ok(await ingrid.post('/plans/preview', { plans: [plan] })).plans[0].opened, { student: false, home: false });
		await sofie.post(`/plans/${plan}/look`, {});
		assert.deepEqual(ok(await ingrid.post('/plans/preview', { plans: [plan] })).plans[0].opened, { student: true, home: false });
	});
});

describe('shared', () => {
	test('stripped, found, looked into, used, withdrawn', async () => {
		const { plan } = await fullPlan();
		const share = id();
		const made = ok(await ingrid.post(`/plans/${plan}/share`, { id: share, scope: 'district', title: 'Reading, to begin with' }), 201);
		assert.deepEqual(made, { id: share, title: 'Reading, to begin with', scope: 'district', by: 'Ingrid Solheim', at: made.at, uses: 0, mine: true,
			purpose: 'learning', form: { en: 'Learning plan', nb: 'Læringsplan' }, rows: 2, tasks: 2 });
		assert.deepEqual(ok(await ingrid.post(`/plans/${plan}/share`, { id: share, scope: 'district', title: 'Reading, to begin with' }), 201), made);
		assert.deepEqual(ok(await kari.get('/shares?search=READING')).shares, [{ ...made, mine: false }]);
		assert.deepEqual(ok(await kari.get('/shares?search=%25')).shares, []);
		assert.deepEqual(ok(await jonas.get('/shares')).shares, [], 'for mentors');
		assert.equal((await jonas.get(`/shares/${share}`)).status, 404);
		const seen = ok(await kari.get(`/shares/${share}`));
		assert.deepEqual(seen.rows, [{ id: '1', kind: 'competence', parent: null, position: 1, objective: null }, { id: '2', kind: 'goal', parent: '1', position: 1, objective: null }]);
		assert.deepEqual(seen.values, [{ row: '1', field: 'competence', text: 'Reading' }, { row: '2', field: 'goal', text: '{name} reads aloud' }]);
		assert.deepEqual(seen.tasks.map((t) => t.text).sort(), ['Borrow a book', 'Ten minutes a day']);
		for (const word of ['Sofie', 'business', plan, S, ids['ingrid-solheim']])
			assert.ok(!JSON.stringify(seen).includes(word), word);
		const copies = await makePlan(kari, [M, C], { share });
		assert.equal(await value(`SELECT string_agg(text, ',' ORDER BY text) FROM ilp.plan_value WHERE plan_id = '${copies[0]}'`), 'Maja reads aloud,Reading');
		assert.equal(await value(`SELECT string_agg(category || coalesce(status_by::text, ''), ',') FROM ilp.task WHERE plan_id = '${copies[0]}'`), 'todo,todo');
		assert.equal(ok(await ingrid.get(`/shares/${share}`)).share.uses, 1);
		assert.equal((await jonas.delete(`/shares/${share}`, {})).status, 404);
		assert.equal((await ingrid.delete(`/shares/${share}`, {})).status, 204);
		assert.equal((await ingrid.delete(`/shares/${share}`, {})).status, 204);
		assert.equal((await ingrid.get(`/shares/${share}`)).status, 404);
		assert.deepEqual(ok(await kari.get('/shares')).shares, []);
		assert.equal((await kari.post('/plans', body({ template: undefined, share }))).status, 404);
		assert.equal(await value(`SELECT count(*) FROM ilp.plan_value WHERE plan_id = ANY ('{${copies}}')`), '4');
	});
	test('no business of families, of administrators, of other schools', async () => {
		const { plan } = await fullPlan();
		const share = id();
		ok(await ingrid.post(`/plans/${plan}/share`, { id: share, scope: 'district', title: 'Ours' }), 201);
		for (const role of ['student', 'guardian', 'none', 'administrator', 'stranger'])
			for (const [method, path] of [['GET', '/shares'], ['GET', `/shares/${share}`], ['DELETE', `/shares/${share}`]]) {
				const r = await who[role].call(method, path, method === 'DELETE' ? {} : undefined);
				assert.equal(r.status, 404, `${method} ${path} by ${role}`);
			}
	});
});

describe('two at once', () => {
	const both = (a, b) => Promise.all([a, b]).then((rs) => rs.map(lines));
	test('the same request, sent twice before it is answered', async () => {
		const ask = body({ students: group });
		const answers = await Promise.all([ingrid, kari, ingrid, kari].map((by) => by.post('/plans', ask).then(lines)));
		for (const a of answers)
			assert.deepEqual(a.map((l) => l.plan), answers[0].map((l) => l.plan));
		assert.equal(await value(`SELECT count(*) FROM ilp.plan WHERE request_id = '${ask.request}'`), '28');
		assert.equal(await value(`SELECT count(*) FROM ilp.event e JOIN ilp.plan p USING (plan_id) WHERE request_id = '${ask.request}'`), '28');
		await act(ingrid, 'archive', answers[0].map((l) => l.plan));
	});
	test('two mentors publish the same group, from both ends', async () => {
		const plans = [];
		for (const student of group.slice(0, 8)) {
			const [plan] = await makePlan(ingrid, [student], { template });
			await task(plan, plan, 'Go on with it');
			plans.push(plan);
		}
		await publish(ingrid, plans);
		const next = await revise(ingrid, plans);
		const [a, b] = await both(ingrid.post('/plans/act', { act: 'publish', plans: next }), kari.post('/plans/act', { act: 'publish', plans: [...next].reverse() }));
		for (const l of [...a, ...b])
			assert.deepEqual(l, { plan: l.plan, ok: true, state: 'published' });
		assert.equal(await value(`SELECT count(*) FROM ilp.event WHERE kind = 'plan.published' AND plan_id = ANY ('{${next}}')`), '8');
		assert.equal(await value(`SELECT count(*) FROM ilp.event WHERE kind = 'plan.locked' AND plan_id = ANY ('{${plans}}')`), '8');
		assert.equal(await value(`SELECT count(*) || ' ' || count(DISTINCT moved_from) FROM ilp.task WHERE plan_id = ANY ('{${next}}')`), '8 8');
	});
	test('two mentors revise the same plan', async () => {
		const [plan] = await makePlan(ingrid, [C], { template });
		await publish(ingrid, plan);
		const answers = await Promise.all([ingrid, kari, ingrid, kari].map((by) => by.post('/plans/revise', { request: id(), plans: [plan], ...NEXT }).then(lines)));
		assert.equal(new Set(answers.map(([l]) => l.made)).size, 1);
		assert.equal(answers.filter(([l]) => !l.reason).length, 1);
		assert.equal(await value(`SELECT count(*) FROM ilp.plan WHERE predecessor_id = '${plan}'`), '1');
	});
	test('one publishes what the other deletes', async () => {
		for (let i = 0; i < 4; i++) {
			const [plan] = await makePlan(ingrid, [C], { template });
			const [[a], [b]] = await both(ingrid.post('/plans/act', { act: 'publish', plans: [plan] }), kari.post('/plans/act', { act: 'delete', plans: [plan], confirm: PERIOD.title }));
			assert.notEqual(a.ok, b.ok, JSON.stringify([a, b]));
			assert.equal(await state(plan), a.ok ? 'published' : '');
		}
	});
	test('a task is moved by one of two', async () => {
		const { plan, tasks } = await fullPlan();
		await publish(ingrid, plan);
		await act(ingrid, 'lock', plan);
		const [next] = await revise(ingrid, plan, { tasks: false });
		const [[a], [b]] = await both(ingrid.post(`/plans/${plan}/transfer`, { tasks: [tasks[0]] }), kari.post(`/plans/${plan}/transfer`, { tasks: [tasks[0]] }));
		assert.deepEqual(a, { task: tasks[0], ok: true, made: next });
		assert.deepEqual(b, a);
		assert.equal(await value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${next}'`), '1');
	});
	test('two columns are added at once: one at least, and the other is told', async () => {
		const [plan] = await makePlan(ingrid, [C], { template });
		const field = (en) => ({ section: 'goals', field: { kind: 'text', label: { en }, sees: 'MS', edits: 'M' } });
		const rs = await Promise.all([ingrid.post(`/plans/${plan}/fields`, field('One')), kari.post(`/plans/${plan}/fields`, field('Two'))]);
		assert.ok(rs.some((r) => r.status === 200));
		assert.ok(rs.every((r) => [200, 409].includes(r.status)), rs.map((r) => r.text).join());
		const columns = await value(`SELECT count(*) FROM ilp.form_field f JOIN ilp.plan p USING (tenant_id, form_id) WHERE p.plan_id = '${plan}' AND f.key LIKE 'added%'`);
		assert.equal(Number(columns), rs.filter((r) => r.status === 200).length);
	});
});
