/* Plans in hard times: kill -9 while four people write in one plan and while a class gets
 * its plans, a database that goes away, two hosts and two people in one field. The pages
 * are those of web/app: its save queue and its outbox, with a faster clock. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { freePorts, ready, sleep, startTool, startWorld } from '../harness/index.mjs';
import { Client } from '../harness/client.mjs';
import { NEXT, PERIOD, makePlan, mentors, publish, publishTemplate, revise } from '../harness/plans.mjs';
import { idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';
import { load } from '../../web/app/test/load.mjs';

const { SaveQueue } = await load('save.ts');
const { Outbox } = await load('outbox.ts');
const id = () => randomUUID().replace(/^(.{14})4/, '$17');
const random = (n) => Math.floor(Math.random() * n);
const one = (list) => list[random(list.length)];

let world, ids, students, ingrid, kari, sofie, marte;
before(async () => {
	world = await startWorld({ database: { cluster: 'plans', options: ['fsync=on'] }, env: { ILPD_MAIL_RELAY: '' } });
	ingrid = await world.launch('ingrid-solheim');
	await world.rosterDone(ingrid);
	kari = await world.launch('kari-nilsen');
	sofie = await world.launch('sofie-aasen-lund');
	marte = await world.launch('marte-aasen');
	await mentors(world);
	await publishTemplate(world);
	ids = await idsOf(world);
	students = (await ingrid.home()).participants.map((p) => p.id);
});
after(async () => {
	await world?.stop();
	await world?.database.removeServer();
});

const sql = (text) => world.database.rows(text);
const events = (plan) => sql(`SELECT kind, detail FROM ilp.event WHERE plan_id = '${plan}'`);

/* ---- A page ---- */

const FASTER = 20;

class Page {
	constructor(name, client) {
		Object.assign(this, { name, client, saved: [], made: [], refused: [] });
		const clock = { set: (run, ms) => setTimeout(run, ms / FASTER), clear: clearTimeout };
		const store = () => {
			const kept = new Map();
			return { put: (k, x) => void kept.set(k, x), drop: (k) => void kept.delete(k), all: () => [...kept] };
		};
		this.outbox = new Outbox((act) => this.sendAct(act), store(), clock);
		this.queue = new SaveQueue(async (...field) => (await this.outbox.passed(field[0]) ? this.sendField(...field) : { kind: 'unreachable' }), store(), clock);
		/* Whoever finds other words in the field keeps their own, knowingly. */
		this.queue.listen(null, () => {
			for (const key of this.queue.keys())
				if (this.queue.get(key).phase === 'conflict')
					setTimeout(() => this.queue.resolve(key, this.queue.get(key).text), 0);
		});
	}
	/* As sendField() and sendAct() of web/app/src/api.ts. */
	async send(method, path, body) {
		const r = await this.client.call(method, `/${path}`, body).catch(() => ({ status: 0 }));
		const kind = r.status === 0 || r.status >= 500 || r.status === 429 || r.status === 408 ? 'unreachable' : r.status < 300 ? 'done' : 'refused';
		if (kind === 'refused' && r.status !== 409)
			this.refused.push(`${method} ${path}: ${r.status} ${r.text}`);
		return { kind, status: r.status, body: r.json };
	}
	async sendField(key, text, rev) {
		const { kind, status, body } = await this.send('PUT', key, { text, rev });
		if (status === 409)
			return { kind: 'conflict', theirs: { ...body.theirs, text: body.theirs.text ?? '' } };
		if (kind === 'done')
			this.saved.push({ key, text, rev: body.rev });
		return kind === 'done' ? { kind: 'saved', rev: body.rev, at: body.at } : { kind };
	}
	async sendAct({ method, path, body }) {
		const r = await this.send(method, path, body);
		if (r.kind === 'done' && method === 'POST')
			this.made.push({ path, ...body });
		return r;
	}
	/* Typed into a field that stands at this revision. */
	type(key, text, rev = 0, now = '') {
		this.queue.offer(key, now, rev);
		this.queue.edit(key, text);
	}
	add(path, body) {
		const whole = { id: id(), ...body };
		void this.outbox.add({ method: 'POST', path, body: whole });
		return whole.id;
	}
	get busy() {
		const { unsaved, conflicts, pending } = this.queue.tally();
		return unsaved + conflicts + pending + this.outbox.waiting;
	}
	async settled(seconds = 20) {
		for (const until = Date.now() + seconds * 1000; this.busy && Date.now() < until; await sleep(20))
			;
		assert.equal(this.busy, 0, `${this.name}: something is still on its way`);
		assert.deepEqual(this.refused, [], this.name);
	}
}

/* ---- Four people in one plan ---- */

let plan, competence, goal, people;
beforeEach(async () => {
	[plan] = await makePlan(ingrid, [ids['sofie-aasen-lund']]);
	[competence, goal] = [id(), id()];
	assert.equal((await ingrid.post(`/plans/${plan}/rows`, { id: competence, kind: 'competence', text: 'Reading' })).status, 201);
	assert.equal((await ingrid.post(`/plans/${plan}/rows`, { id: goal, kind: 'goal', parent: competence, text: 'A whole book' })).status, 201);
	await publish(ingrid, plan);
	people = [
		{ page: new Page('Ingrid', ingrid), own: [`${goal}/school_does`], post: '_log', tasks: true, rows: true },
		{ page: new Page('Kari', kari), own: [`${competence}/now_words`], post: '_topics', tasks: true },
		{ page: new Page('Sofie', sofie), own: [`${goal}/reflection`], post: 'comment_student', tasks: true },
		{ page: new Page('Marte', marte), own: [`${goal}/home_does`], post: 'comment_home' },
	];
});

/* One thing that somebody does. `notice` belongs to three of them. */
function act({ page, own, post, tasks, rows }, n) {
	const text = `${page.name} ${n} ${random(1e9)}`;
	const acts = [
		() => page.type(`plans/${plan}/rows/${one(own)}`, text),
		() => page.add(`plans/${plan}/posts`, { field: post, text }),
		() => {
			const post_ = page.add(`plans/${plan}/posts`, { field: post, text });
			page.type(`plans/${plan}/posts/${post_}/text`, `${text}, corrected`, 1, text);
		},
	];
	if (tasks)
		acts.push(() => page.type(`plans/${plan}/rows/${goal}/notice`, text), () => {
			const task = page.add(`plans/${plan}/tasks`, { field: 'tasks', row: goal, text });
			page.type(`plans/${plan}/tasks/${task}/text`, `${text}, more`, 1, text);
			page.type(`plans/${plan}/tasks/${task}/status`, 'doing', 1, 'todo');
		});
	if (rows)
		acts.push(() => {
			const row = page.add(`plans/${plan}/rows`, { kind: 'goal', parent: competence, text });
			page.type(`plans/${plan}/rows/${row}/notice`, text);
		});
	one(acts)();
}

/* They write until told to stop; then all of it has to arrive. */
function write() {
	let going = true;
	const done = people.map(async (p) => {
		for (let n = 0; going; n++) {
			if (p.page.busy < 30)
				act(p, n);
			await sleep(10 + random(40));
		}
		await p.page.settled();
	});
	return async () => { going = false; await Promise.all(done); };
}

/* Heads stand there from when their row was added. */
const HEADS = /^(competence|goal)$/;
const SHARED = /\/(notice|goal)$/;
const split = (key) => key.split('/').slice(2);
const count = (list, of) => list.reduce((n, x) => n.set(of(x), (n.get(of(x)) ?? 0) + 1), new Map());

/* Every acknowledged word is there, or in the history where somebody else's replaced it. */
async function everythingArrived() {
	const all = people.flatMap(({ page }) => page.saved.map((s) => ({ ...s, by: page.name })));
	const stands = new Map((await sql(`SELECT 'rows/' || row_id || '/' || field AS at, text, rev FROM ilp.plan_value WHERE plan_id = '${plan}'
		UNION ALL SELECT 'posts/' || post_id || '/text', text, rev FROM ilp.post WHERE plan_id = '${plan}'
		UNION ALL SELECT 'tasks/' || task_id || '/text', text, revs[1] FROM ilp.task WHERE plan_id = '${plan}'
		UNION ALL SELECT 'tasks/' || task_id || '/status', status, revs[2] FROM ilp.task WHERE plan_id = '${plan}'`)).map((x) => [x.at, x]));
	const old = new Set((await sql(`SELECT object_id, field, rev, text FROM ilp.plan_history WHERE plan_id = '${plan}'`)).map((h) => `${h.object_id} ${h.field} ${h.rev} ${h.text}`));
	const taken = new Map();
	for (const { key, text, rev, by } of all) {
		const now = stands.get(split(key).join('/'));
		assert.ok(now && now.rev >= rev, `${key} ${rev}: ${JSON.stringify(now)}`);
		if (now.rev === rev)
			assert.equal(now.text, text, key);
		const was = taken.get(`${key} ${rev}`);
		assert.ok(!was || was.text === text, `${key} ${rev} is ${was?.by}'s and ${by}'s`);
		taken.set(`${key} ${rev}`, { text, by });
	}
	for (const { key, text, rev, by } of all) {
		const next = taken.get(`${key} ${rev + 1}`);
		const [, object, field] = split(key);
		assert.ok(!next || next.by === by || old.has(`${object} ${field} ${rev} ${text}`), `${by}'s "${text}" is lost`);
	}
	for (const { page } of people)
		for (const key of page.queue.keys())
			if (!SHARED.test(key))
				assert.equal(stands.get(split(key).join('/')).text, page.queue.get(key).text, key);
	return all.length;
}

/* What was made is there once, and every change has exactly one event. */
async function everythingOnce() {
	const made = people.flatMap(({ page }) => page.made.map((m) => ({ ...m, kind: m.path.split('/').at(-1) })));
	const tables = { rows: ['plan_row', 'row_id'], tasks: ['task', 'task_id'], posts: ['post', 'post_id'] };
	for (const [kind, [table, key]] of Object.entries(tables)) {
		const there = (await sql(`SELECT ${key} AS id FROM ilp.${table} WHERE plan_id = '${plan}'`)).map((x) => x.id);
		const mine = made.filter((m) => m.kind === kind).map((m) => m.id);
		assert.deepEqual(there.filter((x) => ![competence, goal].includes(x)).sort(), [...new Set(mine)].sort(), kind);
	}
	const texts = (await sql(`SELECT text FROM ilp.post WHERE plan_id = '${plan}'`)).map((p) => p.text);
	assert.equal(new Set(texts).size, texts.length, 'something was said twice');
	const list = await events(plan);
	const of = (kind, name) => count(list.filter((e) => e.kind === kind), (e) => name(e.detail));
	for (const kind of ['row', 'task', 'post'])
		for (const [x, n] of of(`${kind}.added`, (d) => d[kind]))
			assert.equal(n, 1, `${kind} ${x} was added ${n} times`);
	const saves = of('value.saved', (d) => `${d.row} ${d.field} ${d.rev}`);
	for (const { row_id: row, field, rev } of await sql(`SELECT row_id, field, rev FROM ilp.plan_value WHERE plan_id = '${plan}' `))
		for (let r = HEADS.test(field) ? 2 : 1; r <= rev; r++) {
			assert.equal(saves.get(`${row} ${field} ${r}`), 1, `revision ${r} of ${field}`);
			saves.delete(`${row} ${field} ${r}`);
		}
	assert.deepEqual([...saves], [], 'an event of what never was');
	const [words, statuses, corrections] = [of('task.saved', (d) => d.task), of('task.status', (d) => d.task), of('post.corrected', (d) => d.post)];
	for (const { task_id: t, revs } of await sql(`SELECT task_id, revs FROM ilp.task WHERE plan_id = '${plan}'`))
		assert.deepEqual([words.get(t) ?? 0, statuses.get(t) ?? 0], [revs[0] - 1, revs[1] - 1], `task ${t}`);
	for (const { post_id: p, rev } of await sql(`SELECT post_id, rev FROM ilp.post WHERE plan_id = '${plan}'`))
		assert.equal(corrections.get(p) ?? 0, rev - 1, `post ${p}`);
}

async function kills(n, between) {
	for (let i = 0; i < n; i++) {
		await sleep(between());
		await world.tool.kill();
		await sleep(random(300));
		await world.restartTool();
	}
}

describe('four people write in one plan', () => {
	test('killed again and again', async () => {
		const stop = write();
		await kills(4, () => 100 + random(700));
		await sleep(300);
		await stop();
		const n = await everythingArrived();
		assert.ok(n > 40, `only ${n} saves`);
		await everythingOnce();
	});
	test('no database for ten seconds', async () => {
		const stop = write();
		await sleep(800);
		await world.database.stopServer('fast');
		await sleep(1500);
		assert.equal((await ingrid.get(`/plans/${plan}`)).status, 503);
		const refused = await sofie.put(`/plans/${plan}/rows/${goal}/reflection`, { text: 'x', rev: 99999 });
		assert.deepEqual([refused.status, refused.json.error.code], [503, 'busy']);
		assert.ok(Number(refused.headers['retry-after']) > 0);
		await sleep(8500);
		await world.database.startServer();
		await ready(world.tool, 10);
		await sleep(300);
		await stop();
		await everythingArrived();
		await everythingOnce();
	});
	test('two hosts, two people in one field', async () => {
		const [port] = await freePorts(1);
		const settings = { ...world.settings, ILPD_LISTEN: `127.0.0.1:${port}` };
		const other = await startTool(settings, { wait: false });
		other.url = `http://127.0.0.1:${port}`;
		await ready(other);
		try {
			const there = new Client(other.url, kari.sid, kari.cookies);
			people = [{ page: new Page('Ingrid', ingrid) }, { page: new Page('Kari', there) }];
			const keys = [`plans/${plan}/rows/${goal}/notice`, `plans/${plan}/rows/${goal}/goal`];
			await Promise.all(people.map(async ({ page }) => {
				page.queue.offer(keys[0], '', 0);
				page.queue.offer(keys[1], 'A whole book', 1);
				for (let n = 0; n < 60; n++) {
					page.queue.edit(one(keys), `${page.name} ${n}`, 0);
					await sleep(random(30));
				}
				await page.settled();
			}));
			assert.ok(await everythingArrived() > 30);
			await everythingOnce();
			for (const key of keys) {
				const last = people.map(({ page }) => page.queue.get(key)).sort((a, b) => b.rev - a.rev)[0];
				const [now] = await sql(`SELECT text, rev FROM ilp.plan_value WHERE plan_id = '${plan}' AND row_id = '${goal}' AND field = '${key.split('/').at(-1)}'`);
				assert.deepEqual(now, { text: last.text, rev: last.rev });
			}
		} finally {
			await other.stop();
		}
	});
});

/* ---- A class ---- */

/* As a page does: the same request until it is answered. */
async function insist(path, body) {
	for (const until = Date.now() + 30_000; Date.now() < until; await sleep(50)) {
		const r = await ingrid.post(path, body).catch(() => null);
		if (r && r.status !== 503) {
			assert.equal(r.status, 200, r.text);
			assert.deepEqual(r.json.results.filter((line) => !line.ok), []);
			return r.json.results;
		}
	}
	throw new Error(`${path} was never answered`);
}

const once = async (what, query, wanted) => assert.deepEqual((await sql(query)).map((x) => Number(x.n)), [wanted], what);

for (const round of [1, 2, 3, 4])
	test(`a class gets its plans, and the next ones, while the tool is killed (${round})`, async () => {
		let going = true;
		const killing = (async () => {
			for (; going; await kills(1, () => 20 + random(120)))
				;
		})();
		const template = (await world.database.value("SELECT template_id FROM ilp.template WHERE state = 'published'"));
		const title = `For everybody ${round}`, request = id();
		try {
			const made = await insist('/plans', { request, students, template, ...PERIOD, title });
			const plans = made.map((line) => line.plan);
			assert.equal(new Set(plans).size, 28);
			await insist('/plans/act', { act: 'publish', plans });
			/* Three tasks each, one of them done. */
			await world.database.psql(`INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, by_id, hat, at)
				SELECT '${TENANT}', p.plan_id, gen_random_uuid(), 'agreed', p.plan_id, n, 'Task ' || n, s, s, '${ids['ingrid-solheim']}', 1, ilp.moment()
				FROM ilp.plan p, (VALUES (1, 'todo'), (2, 'doing'), (3, 'done')) t (n, s) WHERE p.request_id = '${request}'`);
			const again = id();
			const next = (await insist('/plans/revise', { request: again, plans, ...NEXT, title, goals: true, tasks: true })).map((line) => line.made);
			assert.equal(new Set(next).size, 28);
			await insist('/plans/act', { act: 'publish', plans: next });
			going = false;
			await killing;
			const these = `IN (${[...plans, ...next].map((p) => `'${p}'`)})`, old = `IN (${plans.map((p) => `'${p}'`)})`;
			await once('plans', `SELECT count(*) AS n FROM ilp.plan WHERE title = '${title}'`, 56);
			await once('each student two', `SELECT count(*) AS n FROM (SELECT student_id FROM ilp.plan WHERE title = '${title}' GROUP BY 1 HAVING count(*) = 2) x`, 28);
			await once('locked', `SELECT count(*) AS n FROM ilp.plan p JOIN ilp.plan s ON s.plan_id = p.locked_for AND s.predecessor_id = p.plan_id AND s.state = 'published' WHERE p.plan_id ${old} AND p.state = 'locked'`, 28);
			assert.deepEqual(await sql(`SELECT kind, count(*) AS n, count(DISTINCT plan_id) AS plans FROM ilp.event WHERE plan_id ${these} GROUP BY 1 ORDER BY 1`),
				[{ kind: 'plan.created', n: 56, plans: 56 }, { kind: 'plan.locked', n: 28, plans: 28 }, { kind: 'plan.published', n: 56, plans: 56 }]);
			await once('tasks moved', `SELECT count(*) AS n FROM ilp.task t JOIN ilp.task m ON m.moved_from = t.task_id AND m.plan_id = t.moved_to WHERE t.plan_id ${old} AND t.category <> 'done'`, 56);
			await once('copies', `SELECT count(*) AS n FROM ilp.task WHERE plan_id ${these} AND moved_from IS NOT NULL`, 56);
			await once('what is done stays', `SELECT count(*) AS n FROM ilp.task WHERE plan_id ${old} AND category = 'done' AND moved_to IS NULL`, 28);
		} finally {
			going = false;
			await killing;
		}
	});

test('what is written while a plan is succeeded goes on, or is not there', async () => {
	for (let round = 0; round < 8; round++) {
		const tasks = [];
		for (let i = 0; i < 6; i++) {
			tasks.push(id());
			assert.equal((await ingrid.post(`/plans/${plan}/tasks`, { id: tasks[i], field: 'tasks', row: goal, text: `Task ${i}` })).status, 201);
		}
		const [next] = await revise(ingrid, [plan]);
		const begun = Date.now(), answers = [];
		const writers = tasks.map(async (t, i) => {
			await sleep(random(15));
			const r = await sofie.put(`/plans/${plan}/tasks/${t}/${i % 2 ? 'text' : 'status'}`, { text: i % 2 ? `Task ${i}, and more` : 'help', rev: 1 });
			assert.ok([200, 404, 409].includes(r.status), r.text);
			answers.push(Date.now() - begun);
		});
		const late = (async () => {
			await sleep(random(15));
			const r = await sofie.put(`/plans/${plan}/rows/${goal}/reflection`, { text: 'In time?', rev: 0 });
			assert.ok([200, 404].includes(r.status), r.text);
			answers.push(Date.now() - begun);
		})();
		await sleep(random(15));
		await publish(ingrid, next);
		await Promise.all([...writers, late]);
		assert.ok(Math.max(...answers) < 900, `they waited for each other: ${answers}`);
		assert.deepEqual(await sql(`SELECT o.text, o.status, n.text AS there, n.status AS is FROM ilp.task o LEFT JOIN ilp.task n ON n.plan_id = o.moved_to AND n.moved_from = o.task_id
			WHERE o.plan_id = '${plan}' AND (o.moved_to IS NULL OR o.text <> n.text OR o.status <> n.status)`), [], `round ${round}`);
		assert.equal(await world.database.value(`SELECT changed_by FROM ilp.plan WHERE plan_id = '${plan}'`), ids['ingrid-solheim'], 'written after the lock');
		plan = next;
		goal = (await ingrid.get(`/plans/${next}`)).json.rows.find((r) => r.kind === 'goal').id;
	}
});
