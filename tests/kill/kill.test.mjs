/* kill -9 in the middle of everything: what was acknowledged is there afterwards, no
 * mail is lost, and none comes twice but the one that was in flight. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { http, ilpd, sleep, startTool, startWorld } from '../harness/index.mjs';
import { idsOf } from '../harness/stage.mjs';

const DURABLE = { cluster: 'kill', options: ['fsync=on'] };
let world, ingrid, students;
before(async () => {
	world = await startWorld({ database: DURABLE, env: { ILPD_MAIL_WINDOW: '0', ILPD_MAIL_BATCH: '20' } });
	ingrid = await world.launch('ingrid-solheim');
	await world.rosterDone(ingrid);
	await world.visitAll();
	students = (await ingrid.home()).participants.map((p) => p.id);
});
after(async () => {
	await world?.stop();
	await world?.database.removeServer();
});

const random = (n) => Math.floor(Math.random() * n);

test('during saves: everything acknowledged is there', async () => {
	const review = await ingrid.makeReview();
	const kept = new Map();       /* student: the last acknowledged text and revision */
	const sent = new Map();       /* student: texts that may or may not have been stored */
	for (let round = 0; round < 6; round++) {
		let going = true;
		const writers = students.slice(0, 8).map(async (s) => {
			while (going) {
				const { rev = 0 } = kept.get(s) ?? {};
				const text = `${s.slice(-4)} ${rev} ${random(1e9)}`;
				(sent.get(s) ?? sent.set(s, []).get(s)).push(text);
				try {
					const r = await ingrid.save(review.id, s, 'comment', text, rev);
					if (r.status === 200)
						kept.set(s, { text, rev: r.json.rev });
					else if (r.status === 409)
						kept.set(s, { text: r.json.theirs.text, rev: r.json.theirs.rev });
				} catch {
					return;
				}
			}
		});
		await sleep(150 + random(300));
		await world.tool.kill();
		going = false;
		await Promise.all(writers);
		await world.restartTool();
		const { entries } = (await ingrid.get(`/reviews/${review.id}`)).json;
		for (const [s, { text, rev }] of kept) {
			const e = entries.find((x) => x.student.id === s);
			assert.ok(e.commentRev >= rev, `${s}: revision ${e.commentRev} is before ${rev}`);
			if (e.commentRev === rev)
				assert.equal(e.comment, text);
			else
				assert.ok(e.commentRev === rev + 1 && sent.get(s).includes(e.comment), `${s}: ${e.comment} was never sent`);
			kept.set(s, { text: e.comment, rev: e.commentRev });
		}
	}
	assert.ok([...kept.values()].some((k) => k.rev > 5), 'nothing was written');
});

test('during launches: a launch that was answered is a session, and none is half', async () => {
	const people = ['ingrid-solheim', 'kari-nilsen', 'sofie-aasen-lund', 'maja-rosenlund', 'marte-aasen', 'lise-brathen'];
	const opened = [];
	for (let round = 0; round < 4; round++) {
		let going = true;
		const launches = people.map(async (p) => {
			while (going) {
				try {
					opened.push(await world.launch(p));
				} catch {
					return;
				}
			}
		});
		await sleep(200 + random(300));
		await world.tool.kill();
		going = false;
		await Promise.all(launches);
		await world.restartTool();
	}
	assert.ok(opened.length > 10, `${opened.length} launches`);
	const answers = [];
	for (const c of opened.slice(-60))
		answers.push((await c.get('/home')).status);
	assert.deepEqual([...new Set(answers)], [200]);
	assert.equal(await world.database.value(`SELECT count(*) FROM ilp.session s LEFT JOIN ilp.person p USING (tenant_id, person_id) WHERE p.person_id IS NULL`), '0');
	assert.equal(await world.database.value(`SELECT count(*) FROM ilp.identity i LEFT JOIN ilp.person p USING (tenant_id, person_id) WHERE p.person_id IS NULL`), '0');
	assert.equal(await world.database.value(`SELECT count(*) FROM ilp.membership m LEFT JOIN ilp.person p USING (tenant_id, person_id) WHERE p.person_id IS NULL`), '0');
});

/* A lease that a dead process held ends after minutes, and a mail is tried again after
 * one: tests do not wait that long. Leases may only be ended while nobody lives. */
const endLeases = () => world.database.psql("UPDATE notify.mail SET due_at = now(), lease_until = now() WHERE state = 'sending'");
const hurry = () => world.database.psql("UPDATE notify.mail SET due_at = now() WHERE state = 'retry' AND due_at > now(); SELECT pg_notify('notice', '')");
const waiting = async () => Number(await world.database.value("SELECT count(*) FROM notify.mail WHERE state IN ('held', 'retry', 'sending')"));
const untold = async () => Number(await world.database.value("SELECT count(*) FROM ilp.event WHERE told_at IS NULL"));

async function allSent(seconds = 60) {
	for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(200)) {
		if (await untold() === 0 && await waiting() === 0)
			return;
		await hurry();
	}
	throw new Error(`${await waiting()} mails still wait: ${JSON.stringify(await world.database.rows('SELECT state, attempt, last_error, count(*) FROM notify.mail GROUP BY 1, 2, 3'))}`);
}

/* Every mail of the database in the catcher; how many came more than once. */
async function accountFor(since) {
	const rows = await world.database.rows(`SELECT message_id, state FROM notify.mail WHERE created_at > '${since}'`);
	const mails = await world.mails();
	const seen = new Map();
	for (const m of mails)
		seen.set(m.messageId, (seen.get(m.messageId) ?? 0) + 1);
	assert.ok(rows.length > 0);
	assert.deepEqual(rows.filter((r) => r.state !== 'sent'), []);
	assert.deepEqual(rows.filter((r) => !seen.has(r.message_id)), [], 'a mail was lost');
	const ours = new Set(rows.map((r) => r.message_id));
	assert.deepEqual([...seen.keys()].filter((id) => !ours.has(id)), [], 'a mail came that is in no row');
	return [...seen.values()].reduce((n, times) => n + times - 1, 0);
}

async function releaseClass() {
	await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
	const since = await world.database.value('SELECT now()');
	const review = await ingrid.makeReview({ scale: null });
	await ingrid.post(`/reviews/${review.id}/entries`, { students, comment: 'x' });
	const r = await ingrid.release(review.id, students);
	assert.equal(r.status, 200);
	assert.equal(r.json.released, 28);
	return since;
}

describe('during sending', () => {
	for (const [name, mode] of [['a fast mail server', { mode: 'ok' }], ['a slow one', { mode: 'slow', delay_ms: 60 }]])
		test(`again and again, with ${name}`, async () => {
			await world.smtp(mode);
			const since = await releaseClass();
			let kills = 0;
			for (let round = 0; round < 5; round++) {
				await sleep(80 + random(400));
				await world.tool.kill();
				kills += 1;
				await endLeases();
				await world.restartTool();
			}
			await allSent();
			await world.smtp({ mode: 'ok' });
			const twice = await accountFor(since);
			assert.ok(twice <= kills, `${twice} mails came twice after ${kills} kills`);
		});
	test('just after the server took one and before it said so', async () => {
		await world.smtp({ mode: 'hang', times: 1 });
		const since = await releaseClass();
		for (let i = 0; i < 100 && (await world.mails('?summary=1')).length === 0; i++)
			await sleep(100);
		await sleep(300);
		await world.tool.kill();
		await world.smtp({ mode: 'ok' });
		await endLeases();
		await world.restartTool();
		await allSent();
		assert.ok(await accountFor(since) <= 1);
	});
	test('the server drops the line before and behind the dot', async () => {
		for (const mode of ['drop_before_dot', 'drop_after_dot']) {
			await world.smtp({ mode, times: 3 });
			const since = await releaseClass();
			await allSent();
			const twice = await accountFor(since);
			assert.ok(twice <= (mode === 'drop_after_dot' ? 3 : 0), `${mode}: ${twice} came twice`);
		}
	});
	test('the server refuses for a while, each way it can', async () => {
		for (const [mode, code] of [['greeting', 421], ['mail', 451], ['rcpt', 450], ['data', 452]]) {
			await world.smtp({ mode, code, times: 2 });
			const since = await releaseClass();
			await allSent();
			assert.equal(await accountFor(since), 0);
		}
	});
	test('one address that is refused for good stops nobody else', async () => {
		await world.smtp({ mode: 'rcpt', code: 550, to: 'vibeke' });
		const since = await releaseClass();
		await allSent();
		await world.smtp({ mode: 'ok' });
		const rows = await world.database.rows(`SELECT m.state, m.last_error, p.email FROM notify.mail m JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.recipient_id WHERE m.created_at > '${since}' AND m.state <> 'sent'`);
		assert.equal(rows.length, 1);
		assert.equal(rows[0].state, 'failed');
		assert.match(rows[0].email, /vibeke/);
		assert.match(rows[0].last_error, /550/);
	});
});

test('two workers beside the server send nothing twice', async () => {
	const workers = await Promise.all([1, 2].map(() => startTool(world.settings, { command: 'work' })));
	try {
		for (let i = 0; i < 3; i++) {
			const since = await releaseClass();
			await allSent();
			assert.equal(await accountFor(since), 0);
		}
	} finally {
		for (const w of workers)
			await w.stop();
	}
});

test('the server may leave all mail to `ilpd work`', async () => {
	await world.tool.stop();
	world.settings.ILPD_WORKER = 'off';
	await world.restartTool();
	const since = await releaseClass();
	await sleep(2500);
	assert.equal((await world.mails('?summary=1')).length, 0, 'a server without worker sent mail');
	const worker = await startTool({ ...world.settings, ILPD_WORKER: 'on' }, { command: 'work' });
	await allSent();
	assert.equal(await accountFor(since), 0);
	await worker.stop();
	await world.tool.stop();
	world.settings.ILPD_WORKER = 'on';
	await world.restartTool();
});

describe('asked to stop', () => {
	test('it finishes what runs, takes nothing new, and leaks nothing', async () => {
		const review = await ingrid.makeReview();
		/* A lock makes saves wait inside the database. */
		const lock = world.database.session();
		lock.stdin.write(`BEGIN; LOCK TABLE ilp.entry_text IN ACCESS EXCLUSIVE MODE;\n`);
		await sleep(300);
		const saves = students.slice(0, 5).map((s) => ingrid.save(review.id, s, 'comment', 'in time'));
		await sleep(300);
		world.tool.signal('SIGTERM');
		await sleep(500);
		await assert.rejects(http(`${world.toolUrl}/healthz`, { timeout: 1000 }), 'it still takes new requests');
		lock.stdin.end('COMMIT;\n');
		const answers = await Promise.all(saves);
		assert.deepEqual(answers.map((r) => r.status), [200, 200, 200, 200, 200]);
		const end = await world.tool.ended;
		assert.equal(end.code, 0, world.tool.log.slice(-2000));
		world.tool.checkLog();
		await world.restartTool();
		const { entries } = (await ingrid.get(`/reviews/${review.id}`)).json;
		assert.equal(entries.filter((e) => e.comment === 'in time').length, 5);
	});
	test('in the middle of sending it leaves no mail behind', async () => {
		await world.smtp({ mode: 'slow', delay_ms: 50 });
		const since = await releaseClass();
		await sleep(1500);
		await world.tool.stop();
		await world.smtp({ mode: 'ok' });
		assert.equal(await world.database.value("SELECT count(*) FROM notify.mail WHERE state = 'sending'"), '0', 'a lease was left behind');
		await world.restartTool();
		await allSent();
		assert.equal(await accountFor(since), 0);
	});
	test('with a mail server that hangs it stops all the same', async () => {
		await world.smtp({ mode: 'hang' });
		await releaseClass();
		await sleep(1500);
		const begun = Date.now();
		await world.tool.stop();
		assert.ok(Date.now() - begun < 25_000, `${Date.now() - begun} ms`);
		await world.smtp({ mode: 'ok' });
		await endLeases();
		await world.restartTool();
		await allSent();
	});
	test('at once after start, and twice', async () => {
		for (let i = 0; i < 3; i++) {
			await world.tool.stop();
			world.tool = await startTool(world.settings, { wait: false });
			await sleep(i * 60);
			world.tool.signal('SIGTERM');
			world.tool.signal('SIGTERM');
			const end = await world.tool.ended;
			assert.ok(end.code === 0 || end.signal === 'SIGTERM', JSON.stringify(end));
			world.tool.checkLog();
			await world.restartTool();
		}
	});
});

test('killed while it migrates, the next time goes on', async () => {
	await world.database.psql('CREATE DATABASE half_migrated OWNER ilpd_owner');
	try {
		const at = (s) => s.replace(/dbname=\S+/, 'dbname=half_migrated');
		const env = { ...world.settings, ILPD_DATABASE: at(world.settings.ILPD_DATABASE), ILPD_DATABASE_OWNER: at(world.database.conninfo('ilpd_owner')) };
		for (const ms of [40, 80, 120]) {
			const child = await startTool(env, { command: 'migrate', wait: false });
			await sleep(ms);
			await child.kill();
		}
		assert.equal((await ilpd(['migrate'], env)).code, 0);
		assert.match((await ilpd(['migrate'], env)).out, /^0 steps/);
	} finally {
		await world.database.psql('DROP DATABASE half_migrated WITH (FORCE)');
	}
});

test('what happened stands in the log, without names', async () => {
	assert.ok((await idsOf(world))['sofie-aasen-lund']);
	assert.doesNotMatch(world.tool.log, /@home\.example|@elev\.example|Sofie|Ingrid/);
});
