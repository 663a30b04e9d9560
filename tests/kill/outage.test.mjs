/* What the tool leans on goes away for a while: the database, the mail server, a
 * platform. Others go on, nothing acknowledged is missing afterwards, and the log says
 * what happened. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { http, ready, sleep, startWorld } from '../harness/index.mjs';

const PG_SECONDS = 10, SMTP_SECONDS = 60;
let world, ingrid, kari, students, review;
before(async () => {
	world = await startWorld({ database: { cluster: 'outage', options: ['fsync=on'] }, env: { ILPD_MAIL_WINDOW: '0' } });
	ingrid = await world.launch('ingrid-solheim');
	kari = await world.launch('kari-nilsen');
	await world.rosterDone(ingrid);
	await world.visitAll();
	students = (await ingrid.home()).participants.map((p) => p.id);
	review = await ingrid.makeReview({ scale: null });
});
after(async () => {
	await world?.stop();
	await world?.database.removeServer();
});

const saved = new Map();
/* Saves until told to stop; every acknowledged one is remembered. */
function keepSaving(client, mine, seen) {
	let going = true;
	const done = (async () => {
		for (let i = 0; going; i++) {
			const s = mine[i % mine.length];
			const { rev = 0 } = saved.get(s) ?? {};
			const text = `${i} ${Math.random()}`;
			const begun = Date.now();
			const r = await client.save(review.id, s, 'comment', text, rev).catch((e) => ({ status: e.message }));
			seen.push({ status: r.status, ms: Date.now() - begun, retry: r.headers?.['retry-after'] });
			if (r.status === 200)
				saved.set(s, { text, rev: r.json.rev });
			else if (r.status === 409)
				saved.set(s, { text: r.json.theirs.text, rev: r.json.theirs.rev });
			await sleep(20);
		}
	})();
	return async () => { going = false; await done; };
}

async function nothingMissing() {
	const { entries } = (await ingrid.get(`/reviews/${review.id}`)).json;
	for (const [s, { text, rev }] of saved) {
		const e = entries.find((x) => x.student.id === s);
		assert.ok(e.commentRev >= rev, `${s}: ${e.commentRev} < ${rev}`);
		if (e.commentRev === rev)
			assert.equal(e.comment, text);
	}
}

describe('the database', () => {
	for (const mode of ['fast', 'immediate'])
		test(`stopped for ${PG_SECONDS} s (${mode})`, async () => {
			const seen = [];
			const stopSaving = [keepSaving(ingrid, students.slice(0, 10), seen), keepSaving(kari, students.slice(10, 20), seen)];
			await sleep(1000);
			const ok = seen.filter((s) => s.status === 200).length;
			assert.ok(ok > 10);
			await world.database.stopServer(mode);
			await sleep(2000);
			const health = await http(`${world.toolUrl}/healthz`);
			assert.equal(health.status, 200);
			assert.equal((await http(`${world.toolUrl}/readyz`)).status, 503);
			const home = await ingrid.get('/home');
			assert.equal(home.status, 503);
			assert.equal(home.json.error.code, 'busy');
			assert.ok(Number(home.headers['retry-after']) > 0);
			const browser = world.browser();
			const end = await browser.visit('sofie-aasen-lund');
			assert.equal(end.status, 503, `${end.step}`);
			assert.match(end.text, /<h1>/);
			await sleep((PG_SECONDS - 2) * 1000);
			await world.database.startServer();
			await ready(world.tool, 10);
			await sleep(1500);
			for (const stop of stopSaving)
				await stop();
			const during = seen.filter((s) => s.status !== 200 && s.status !== 409);
			assert.ok(during.length > 0);
			assert.deepEqual([...new Set(during.map((s) => s.status))], [503]);
			assert.ok(Math.max(...during.map((s) => s.ms)) < 5000, 'a request hung while there was no database');
			assert.ok(seen.slice(-5).every((s) => s.status === 200), `after: ${JSON.stringify(seen.slice(-5))}`);
			await nothingMissing();
			await world.launch('sofie-aasen-lund');
			assert.ok(world.tool.lines('level=warn').length + world.tool.lines('level=error').length > 0);
			assert.ok(world.tool.child.exitCode === null);
		});
	test('its connections cut by hand: nobody notices but in the log', async () => {
		for (let i = 0; i < 3; i++) {
			await world.database.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ilpd_app'`);
			await sleep(100);
			const all = await Promise.all(Array.from({ length: 20 }, () => ingrid.get('/home')));
			assert.ok(all.every((r) => r.status === 200), `${all.map((r) => r.status)}`);
		}
	});
	test('afterwards registrations, rosters and mail go on by themselves', async () => {
		await world.database.psql(`UPDATE ilp.course SET roster_at = now() - interval '2 days'`);
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		await world.rosterDone(ingrid);
		await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
		await ingrid.release(review.id, [students[0]]);
		assert.ok((await world.mailsAfter(2)).length >= 2);
	});
});

describe('the mail server', () => {
	test(`gone for ${SMTP_SECONDS} s: mail waits, people do not`, async () => {
		await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
		await world.smtp({ mode: 'refuse' });
		const other = await ingrid.makeReview({ scale: null });
		await ingrid.post(`/reviews/${other.id}/entries`, { students, comment: 'x' });
		const since = await world.database.value('SELECT now()');
		assert.equal((await ingrid.release(other.id, students)).json.released, 28);
		const begun = Date.now();
		const times = [];
		while (Date.now() - begun < SMTP_SECONDS * 1000) {
			const t = Date.now();
			assert.equal((await ingrid.get('/home')).status, 200);
			times.push(Date.now() - t);
			await sleep(200);
		}
		assert.ok(Math.max(...times) < 2000, `${Math.max(...times)} ms`);
		assert.equal(await world.database.value(`SELECT count(*) FROM notify.mail WHERE created_at > '${since}' AND state = 'failed'`), '0');
		assert.ok(world.tool.lines('mail.').length > 0, 'the log says nothing of it');
		await world.smtp({ mode: 'ok' });
		for (const until = Date.now() + 100_000; Date.now() < until; await sleep(500))
			if (await world.database.value(`SELECT count(*) FROM notify.mail WHERE created_at > '${since}' AND state <> 'sent'`) === '0')
				break;
		const rows = await world.database.rows(`SELECT message_id, state FROM notify.mail WHERE created_at > '${since}'`);
		assert.ok(rows.length > 30);
		assert.deepEqual(rows.filter((r) => r.state !== 'sent'), []);
		const mails = await world.mails();
		assert.equal(mails.length, rows.length, 'a mail is missing or came twice');
	});
	test('one that hangs holds nobody up', async () => {
		await world.smtp({ mode: 'hang', times: 1 });
		const other = await ingrid.makeReview({ scale: null });
		await ingrid.save(other.id, students[1], 'comment', 'x');
		await ingrid.release(other.id, [students[1]]);
		await sleep(1500);
		const begun = Date.now();
		const all = await Promise.all(Array.from({ length: 30 }, () => ingrid.get('/home')));
		assert.ok(all.every((r) => r.status === 200));
		assert.ok(Date.now() - begun < 3000);
		await world.smtp({ mode: 'ok' });
	});
});

describe('a platform', () => {
	test('whose key set hangs: its own launches are refused in time, all others go on', async () => {
		/* A tool that has not seen any key yet. */
		await world.tool.stop();
		await world.restartTool();
		await world.hook('service/jwks', { platform: 'canvas', mode: 'hang' });
		const before = [];
		for (let i = 0; i < 10; i++) {
			const t = Date.now();
			await world.launch('kari-nordli');
			before.push(Date.now() - t);
		}
		const stuck = Array.from({ length: 12 }, async () => {
			const t = Date.now();
			const r = await world.browser().visit('kari-nilsen').catch((e) => ({ status: e.message }));
			return { status: r.status, ms: Date.now() - t, text: r.text };
		});
		await sleep(300);
		const launches = [], reads = [];
		for (let i = 0; i < 15; i++) {
			const t = Date.now();
			await world.launch('kari-nordli');
			launches.push(Date.now() - t);
			const u = Date.now();
			assert.equal((await ingrid.get('/home')).status, 200);
			reads.push(Date.now() - u);
		}
		const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
		assert.ok(middle(launches) < Math.max(4 * middle(before), 250), `launches of another platform: ${middle(before)} ms before, ${middle(launches)} ms during`);
		assert.ok(middle(reads) < 250, `reads: ${middle(reads)} ms`);
		assert.ok(Math.max(...launches) < 3000, `the slowest launch: ${Math.max(...launches)} ms`);
		const ends = await Promise.all(stuck);
		for (const e of ends) {
			assert.ok([502, 503].includes(e.status), `${e.status}`);
			assert.ok(e.ms < 12_000, `${e.ms} ms`);
		}
		assert.ok(ends.some((e) => /<dd>jwks_unavailable<\/dd>/.test(e.text)));
		assert.ok(world.tool.lines('jwks_unavailable').length > 0);
		await world.hook('service/jwks', { platform: 'canvas', mode: 'ok' });
		let r;
		for (const until = Date.now() + 30_000; Date.now() < until; await sleep(500)) {
			r = await world.browser().visit('kari-nilsen');
			if (r.status === 303)
				break;
		}
		assert.equal(r.status, 303, 'it never came back');
	});
	test('whose roster hangs: its course says so in the end, others get theirs', async () => {
		await world.hook('service/nrps', { platform: 'canvas', mode: 'hang' });
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		const moodle = await world.launch('kari-nordli');
		const begun = Date.now();
		assert.equal((await moodle.post('/roster', {})).status, 202);
		await world.rosterDone(moodle, { seconds: 60 });
		assert.ok(Date.now() - begun < 60_000);
		await world.rosterDone(ingrid, { state: 'failed', seconds: 90 });
		await world.hook('service/nrps', { platform: 'canvas', mode: 'ok' });
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		await world.rosterDone(ingrid, { seconds: 60 });
	});
});
