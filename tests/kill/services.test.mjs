/* LTI's services in the middle of something: a roster whose reader is killed, a notice that
 * comes twice, a launch log whose database goes away, and two hosts on one database. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { admin, adminLink, openLink } from '../harness/admin.mjs';
import { CANVAS, Client, freePorts, form, http, ilpd, ready, sleep, startTool, startWorld } from '../harness/index.mjs';
import { part, place } from '../harness/place.mjs';

let world, ingrid, tor;
before(async () => {
	world = await startWorld({ database: { cluster: 'services', options: ['fsync=on'] }, env: { ILPD_MAIL_RELAY: '' } });
	ingrid = await world.launch('ingrid-solheim');
	await world.rosterDone(ingrid);
	tor = await admin(world);
});
after(async () => {
	await world?.stop();
	await world?.database.removeServer();
});

const random = (n) => Math.floor(Math.random() * n);
async function until(what, seconds = 20) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
		const found = await what();
		if (found)
			return found;
	}
	throw new Error(`never: ${what}`);
}

describe('a roster of many pages', () => {
	const MEMBERS = 73, PAGE = 2;
	const nrps = (body) => world.hook('service/nrps', { platform: 'canvas', ...body });
	const asked = async () => (await (await fetch(`${world.lmsUrl}/test/log`)).json()).filter((l) => l.what === 'nrps').map((l) => l.url);
	const people = () => world.database.value(`SELECT count(*) || ' ' || count(DISTINCT i.person_id) || ' ' || count(DISTINCT i.sub) FROM ilp.membership m
		JOIN ilp.identity i USING (tenant_id, person_id) WHERE m.left_at IS NULL`);

	test('killed again and again, it goes on where it was', async () => {
		const before = await people();
		await world.hook('reset');
		await nrps({ mode: 'slow', delay_ms: 60, page: PAGE });
		await world.database.psql('UPDATE ilp.course SET roster_differences = NULL');
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		let kills = 0;
		for (let reached = 0; kills < 4; kills += 1) {
			await until(async () => (await ingrid.home()).roster.people > reached);
			await sleep(random(200));
			await world.tool.kill();
			reached = Number(await world.database.value(`SELECT max(roster_people) FROM ilp.course WHERE roster_state = 'running'`));
			/* A lease that a dead process held ends after minutes. */
			await world.database.psql(`UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE roster_state = 'running'`);
			await world.restartTool();
		}
		const home = await world.rosterDone(ingrid, { seconds: 60 });
		assert.equal(home.participants.length, 28);
		assert.equal(await people(), before, 'somebody is there twice, or left');
		const urls = await asked(), times = new Map();
		for (const u of urls)
			times.set(u, (times.get(u) ?? 0) + 1);
		assert.equal(times.size, Math.ceil(MEMBERS / PAGE));
		/* Twice only what was on its way at a kill, and the first one, whose token was old. */
		assert.ok(urls.length <= times.size + kills + 1, `${urls.length} requests for ${times.size} pages after ${kills} kills`);
		await world.hook('reset');
	});
});

describe('a notice', () => {
	test('told again and again while the tool is killed makes one offer', async () => {
		await ingrid.makeReview();
		const copy = await world.hook('copy', { course: 'english-8b', title: 'English 8B 2027', notice: false });
		const contexts = await world.database.value(`SELECT context_id FROM ilp.course WHERE title LIKE 'English 8B%'`);
		const { jwts } = await world.hook('notice', { course: copy.key, origins: [contexts], send: false, several: [{}, {}] });
		const post = (jwt) => http(`${world.toolUrl}/lti/notices`, { method: 'POST', body: JSON.stringify({ notices: [{ jwt }] }), headers: { 'Content-Type': 'application/json' }, timeout: 5000 });
		for (let i = 0; i < 5; i++) {
			const going = [...jwts, ...jwts].map((jwt) => post(jwt).catch(() => null));
			await sleep(random(30));
			await world.tool.kill();
			await Promise.all(going);
			await world.restartTool();
		}
		for (const jwt of jwts)
			assert.equal((await post(jwt)).status, 200);
		assert.equal(await world.database.value('SELECT count(*) FROM ilp.course_origin'), '1');
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.course WHERE context_id = '${copy.id}'`), '1');
		const there = await world.launch('ingrid-solheim', { course: copy.key });
		assert.equal((await there.home()).copied.reviews, 1);
		assert.deepEqual((await there.post('/course/copy', {})).json, { reviews: 1 });
	});
});

describe('the launch log', () => {
	const logged = async () => Number(await world.database.value('SELECT count(*) FROM lti.launch'));

	test('that cannot be written holds up no launch', async () => {
		await sleep(2500); /* until all of before is written */
		const lock = world.database.session(), was = await logged();
		lock.stdin.write('BEGIN; LOCK TABLE lti.launch, lti.binding, lti.health IN SHARE MODE;\n');
		await sleep(300);
		const begun = Date.now();
		for (let i = 0; i < 10; i++)
			await world.launch('sofie-aasen-lund');
		assert.ok(Date.now() - begun < 4000, `${Date.now() - begun} ms`);
		assert.equal(await logged(), was);
		lock.stdin.end('COMMIT;\n');
		await until(async () => await logged() === was + 10);
	});
	test('goes on after the database was away', async () => {
		await world.database.stopServer('immediate');
		for (let i = 0; i < 5; i++) {
			assert.equal((await world.browser().launch({ state: 'x', id_token: 'y' })).status < 500, true);
			await sleep(1000);
		}
		await world.database.startServer();
		await ready(world.tool);
		await sleep(1500);
		const was = await logged();
		const end = await world.browser().visit('ingrid-solheim', { overrides: { claims: { exp: 22222, iat: 11111 } } });
		assert.equal(end.status >= 400, true);
		await world.launch('ingrid-solheim');
		await until(async () => await logged() >= was + 2);
		assert.equal(world.tool.child.exitCode, null);
	});
	test('is written to its end when the tool is asked to stop', async () => {
		await sleep(2500);
		const was = await logged();
		for (let i = 0; i < 5; i++)
			await world.launch('sofie-aasen-lund');
		await world.tool.stop();
		assert.equal(await logged(), was + 5);
		await world.restartTool();
	});
});

/* As two hosts behind one address: the same settings but where they listen. */
describe('two hosts on one database', () => {
	let other, there;
	before(async () => {
		const [port] = await freePorts(1);
		other = await startTool({ ...world.settings, ILPD_LISTEN: `127.0.0.1:${port}` }, { wait: false });
		there = { ...world, toolUrl: `http://127.0.0.1:${port}` };
		Object.setPrototypeOf(there, Object.getPrototypeOf(world));
		await until(() => http(`${there.toolUrl}/readyz`).then((r) => r.status === 200, () => false));
	});
	after(async () => { await other?.stop(); });

	/* Somebody whose every request goes to the other host. */
	async function visit(user, more = {}) {
		const browser = there.browser();
		const initiation = browser.initiation;
		browser.initiation = async (...a) => {
			const start = await initiation.apply(browser, a);
			return { ...start, url: start.url.replace(world.toolUrl, there.toolUrl) };
		};
		const end = await browser.visit(user, more);
		return { ...end, client: end.status === 303 ? new Client(there.toolUrl, end.location.split('/')[2], browser.jar) : null };
	}
	/* The same session, asked for at the other host. */
	const across = (client) => new Client(there.toolUrl, client.sid, client.cookies);
	const kids = async (url) => JSON.parse((await http(`${url}/.well-known/jwks.json`)).text).keys.map((k) => k.kid).sort();

	test('a session of one is good in the other', async () => {
		const c = await world.launch('ingrid-solheim');
		assert.equal((await across(c).home()).viewer.name, 'Ingrid Solheim');
		assert.equal((await across(c).delete('/session', {})).status, 204);
		assert.equal((await c.get('/home')).status, 401);
	});
	test('a login begun at one ends at the other, and its token is good once', async () => {
		const browser = world.browser();
		const { fields } = await browser.upToLaunch('ingrid-solheim');
		const both = await Promise.all([world, there].map((w) => form(`${w.toolUrl}/lti/launch`, fields, browser.cookies())));
		assert.deepEqual(both.map((r) => r.status).sort(), [303, 403].sort(), both.map((r) => r.status).join());
	});
	test('a code is redeemed at one of them', async () => {
		const c = await world.launch('ingrid-solheim');
		for (let i = 0; i < 5; i++) {
			const code = (await c.post('/session/code', {})).json.location.split('#')[1];
			const all = await Promise.all([world, there, world, there].map((w) => http(`${w.toolUrl}/api/session/redeem`, { method: 'POST', body: JSON.stringify({ code }), headers: { 'Content-Type': 'application/json' } })));
			assert.deepEqual(all.map((r) => r.status).sort(), [200, 401, 401, 401]);
		}
	});
	test('a link of an administrator is opened at one of them', async () => {
		const link = await adminLink(world);
		const both = await Promise.all([link, link.replace(world.toolUrl, there.toolUrl)].map(openLink));
		assert.deepEqual(both.map((r) => r.status).sort(), [303, 410]);
	});

	test('a new key is seen by both within two seconds, and both sign with it', async () => {
		const picking = { message: 'deep_linking' };
		const pickers = [(await world.launch('ingrid-solheim', picking)), (await visit('ingrid-solheim', picking)).client];
		const old = await kids(world.toolUrl);
		assert.deepEqual(await kids(there.toolUrl), old);
		const r = await ilpd(['key', 'rotate', '--now'], world.settings);
		assert.equal(r.code, 0, r.err);
		const begun = Date.now();
		const active = await world.database.value(`SELECT kid FROM keys.signing_key WHERE state = 'active'`);
		assert.ok(!old.includes(active) || old.length > 1);
		const now = await until(async () => {
			const [a, b] = await Promise.all([kids(world.toolUrl), kids(there.toolUrl)]);
			return a.includes(active) && a.join() === b.join() && a.join() !== old.join() ? a : null;
		}, 5);
		assert.ok(Date.now() - begun < 2000, `${Date.now() - begun} ms`);
		const retiring = await world.database.value(`SELECT kid FROM keys.signing_key WHERE state = 'retiring' ORDER BY retiring_at DESC LIMIT 1`);
		assert.ok(now.includes(retiring), 'the old key must stay to be seen');
		for (const client of pickers) {
			const { fields, answer } = await place(client, [{ path: '/open/course', title: 'Our plans' }]);
			assert.equal(answer.ok, true, JSON.stringify(answer.problems));
			assert.equal(part(fields.JWT, 0).kid, active);
		}
	});

	test('a platform closed at one is refused by the other', async () => {
		assert.equal((await visit('sofie-aasen-lund')).status, 303);
		assert.equal((await tor.patch(`/admin/platforms/${CANVAS}`, { state: 'closed' })).status, 204);
		await until(async () => (await visit('sofie-aasen-lund')).status !== 303, 3);
		assert.equal((await tor.patch(`/admin/platforms/${CANVAS}`, { state: 'active' })).status, 204);
		await until(async () => (await visit('sofie-aasen-lund')).status === 303, 3);
	});
	test('a role rule made at one is kept by the other', async () => {
		const sub = await world.database.value(`SELECT i.sub FROM ilp.identity i JOIN ilp.person p USING (tenant_id, person_id) WHERE p.name = 'Maja Rosenlund'`);
		const role = async () => (await (await visit('maja-rosenlund')).client.home()).viewer.role;
		const path = `/admin/platforms/${CANVAS}/rules`;
		assert.equal(await role(), 'student');
		assert.equal((await tor.put(path, { rules: [{ kind: 'user', name: '', value: sub, becomes: 'guardian', note: '' }] })).status, 204);
		await until(async () => await role() === 'guardian', 3);
		assert.equal((await tor.put(path, { rules: [] })).status, 204);
		await until(async () => await role() === 'student', 3);
	});
	test('what one changes of a registration does not undo what the other does', async () => {
		const elsewhere = across(tor);
		for (let i = 0; i < 10; i++) {
			const [a, b] = await Promise.all([tor.patch(`/admin/platforms/${CANVAS}`, { name: `Canvas ${i}` }), elsewhere.patch(`/admin/platforms/${CANVAS}`, { settings: { skew_s: 60 + i } })]);
			assert.deepEqual([a.status, b.status], [204, 204]);
			const now = (await tor.get('/admin/platforms')).json.platforms.find((p) => p.id === CANVAS);
			assert.deepEqual([now.name, now.settings.skew_s], [`Canvas ${i}`, 60 + i]);
		}
	});
	test('a list is read by one of them', async () => {
		await world.hook('reset');
		await world.hook('service/nrps', { platform: 'canvas', mode: 'slow', delay_ms: 40, page: 5 });
		const from = world.tool.log.length;
		const c = await world.launch('ingrid-solheim');
		assert.deepEqual((await Promise.all([c, across(c), c, across(c)].map((x) => x.post('/roster', {})))).map((r) => r.status), [202, 202, 202, 202]);
		await world.rosterDone(c, { seconds: 60 });
		const urls = (await (await fetch(`${world.lmsUrl}/test/log`)).json()).filter((l) => l.what === 'nrps').map((l) => l.url);
		assert.ok(urls.length <= new Set(urls).size + 1, `${urls.length} requests for ${new Set(urls).size} pages`);
		assert.ok(world.tool.log.length >= from);
		await world.hook('reset');
	});
});
