/* How a browser is known again, and how its session begins, moves and ends: cookie, the
 * platform's storage, a window; codes and bearers (lti.md R16-R20, R99-R110). */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { CANVAS, Client, TENANT, form, http, sleep, startWorld } from '../harness/index.mjs';

let world, db;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	db = world.database;
});
after(() => world?.stop());

const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0';
let lost = 0;
const unescape = (t) => t.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
/* The data attributes of the storage page. */
function dataOf(page) {
	const tag = /<div[^>]* id="storage"[^>]*>/.exec(page)?.[0];
	return tag && Object.fromEntries([...tag.matchAll(/data-([a-z]+)="([^"]*)"/g)].map((m) => [m[1], unescape(m[2])]));
}
const hidden = (page) => Object.fromEntries([...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map((m) => [unescape(m[1]), unescape(m[2])]));

/* One request of a browser that keeps no cookies. */
async function login(user, { more = {}, fields = {}, cookie = '', agent = AGENT, follow = true } = {}) {
	const { url, params } = await world.browser().initiation(user, { storage: true, ...more });
	const headers = { 'User-Agent': agent, ...(cookie && { Cookie: cookie }) };
	const r = await form(url, { ...params, ...fields }, headers);
	const probed = r.status === 303 && follow ? await http(new URL(r.headers.location, url).href, { headers }) : r;
	return { first: r, ...probed, data: dataOf(probed.text) };
}
const verify = (body, headers = {}) => http(`${world.toolUrl}/lti/verify`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'User-Agent': AGENT, ...headers } })
	.then((r) => ({ ...r, json: JSON.parse(r.text) }));

/* Up to the page that reads the value back. */
async function stored(user = 'ingrid-solheim', { agent = AGENT, ...more } = {}) {
	const put = await login(user, { more, agent });
	assert.equal(put.data?.do, 'put', put.text.slice(0, 400));
	const answer = await world.browser().authorize(put.data.next);
	const got = await form(`${world.toolUrl}/lti/launch`, answer.fields, { 'User-Agent': agent });
	return { put: put.data, got, get: dataOf(got.text), fields: answer.fields };
}
const redeem = (code, headers = {}) => http(`${world.toolUrl}/api/session/redeem`, { method: 'POST', body: JSON.stringify({ code }), headers: { 'Content-Type': 'application/json', ...headers } })
	.then((r) => ({ ...r, json: JSON.parse(r.text) }));
const parts = (location) => /^\/app\/([0-9a-f]{8})\/([^#]*)#([\w-]+)$/.exec(location).slice(1);
const withBearer = ({ sid, bearer }) => new BearerClient(world.toolUrl, sid, bearer);

class BearerClient extends Client {
	constructor(url, sid, bearer) {
		super(url, sid, {}, {});
		this.bearer = bearer;
	}
	call(method, path, body, headers = {}) {
		return super.call(method, path, body, { Cookie: null, Authorization: `Bearer ${this.bearer}`, ...headers });
	}
}
/* By storage, to a session. */
async function enter(user = 'ingrid-solheim', more = {}) {
	const { put, get } = await stored(user, more);
	const { json } = await verify({ ticket: get.ticket, secret: put.value });
	const [sid, place, code] = parts(json.location);
	return { sid, place, code, ...(await redeem(code)).json };
}
const forget = () => db.psql('DELETE FROM lti.binding');
const remembered = async () => db.rows("SELECT browser, rung FROM lti.binding ORDER BY 1");
const eventually = async (ask, wanted) => {
	let last;
	for (let i = 0; i < 100; i++, await sleep(50)) {
		last = await ask();
		if (JSON.stringify(last) === JSON.stringify(wanted))
			return;
	}
	assert.deepEqual(last, wanted);
};

describe('the ladder', () => {
	beforeEach(forget);

	test('a browser that brings a cookie of ours is tied by cookie', async () => {
		const r = await login('ingrid-solheim', { cookie: '__Host-ilpd-probe=1' });
		assert.equal(r.first.status, 302);
		assert.match(String(r.headers['set-cookie']), /__Host-ilpd-state-/);
	});
	test('any other is asked once for a cookie, then offered the platform’s storage', async () => {
		const r = await login('ingrid-solheim');
		assert.equal(r.first.status, 303);
		assert.match(r.first.headers.location, /^\/lti\/login\?ilpd_probe=1&/);
		assert.equal(r.status, 200);
		assert.equal(r.data.do, 'put');
		assert.equal(r.headers['set-cookie'], undefined, 'no cookie where the storage is to bind');
		assert.equal(r.data.target, 'post_message_forwarding');
		assert.equal(r.data.origin, world.lmsUrl);
		assert.match(r.data.key, /^ilpd-state-[0-9a-f]{12}$/);
		assert.ok(r.data.value.length >= 43);
		assert.match(r.data.next, new RegExp(`^${world.lmsUrl}/canvas/authorize\\?`));
		assert.doesNotMatch(r.text, /<script(?![^>]*\bsrc=)/);
		assert.match(r.headers['content-security-policy'], /script-src 'self';/);
	});
	test('its page offers the window with the login unspent, also without JavaScript', async () => {
		const r = await login('ingrid-solheim');
		assert.match(r.text, /<noscript>.*<form[^>]* action="\/lti\/login" target="_blank">/s);
		const fields = hidden(r.text);
		assert.equal(fields.ilpd_rung, 'window');
		assert.equal(fields.ilpd_probe, undefined);
		assert.ok(fields.login_hint && fields.iss && fields.lti_message_hint);
		const again = await form(`${world.toolUrl}/lti/login`, fields, { Cookie: '__Host-ilpd-probe=1' });
		assert.equal(again.status, 302);
		assert.equal((await world.browser().authorize(again.headers.location)).status, 200);
	});
	test('where no storage is offered, a window of our own', async () => {
		const r = await login('ingrid-solheim', { more: { storage: false } });
		assert.equal(r.status, 200);
		assert.equal(r.data, undefined);
		assert.equal(hidden(r.text).ilpd_rung, 'window');
		assert.match(r.text, /needs its own window/);
	});
	test('a frame’s name that is none is as good as absent', async () => {
		for (const target of ['a b', '"><script>', 'x'.repeat(300), ''])
			assert.equal((await login('ingrid-solheim', { more: { storage: false }, fields: { lti_storage_target: target } })).data, undefined, target);
	});
	test('in the window a browser that keeps nothing is told so', async () => {
		const r = await login('ingrid-solheim', { fields: { ilpd_rung: 'window' } });
		assert.equal(r.first.status, 303);
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>browser_keeps_nothing<\/dd>/);
	});
	test('the window’s login binds by cookie', async () => {
		const b = world.browser();
		const start = await b.initiation('ingrid-solheim');
		const r = await b.login({ ...start, params: { ...start.params, ilpd_rung: 'window' } }, { headers: { 'User-Agent': AGENT } });
		assert.equal(r.status, 302);
		const answer = await b.authorize(r.headers.location);
		assert.equal((await b.launch(answer.fields, { 'User-Agent': AGENT })).status, 303);
		await eventually(remembered, [{ browser: 'chrome-131', rung: 'window' }]);
	});
	test('what worked is where the next one begins', async () => {
		await enter();
		await eventually(remembered, [{ browser: 'chrome-131', rung: 'storage' }]);
		const next = await login('kari-nilsen', { follow: false });
		assert.equal(next.status, 200, 'no way round');
		assert.equal(next.data.do, 'put');
		const other = await login('kari-nilsen', { follow: false, agent: FIREFOX });
		assert.equal(other.status, 303, 'another browser begins at the beginning');
		await db.psql("UPDATE lti.binding SET rung = 'window'");
		const window_ = await login('kari-nilsen');
		assert.equal(window_.first.status, 303);
		assert.equal(window_.data, undefined, 'the storage is not tried');
		assert.match(window_.text, /needs its own window/);
		await db.psql("UPDATE lti.binding SET at = now() - interval '31 days'");
		assert.equal((await login('kari-nilsen')).data.do, 'put', 'after a month it is');
		await db.psql("UPDATE lti.binding SET rung = 'cookie', at = now()");
		assert.equal((await login('kari-nilsen', { follow: false })).status, 303);
	});
	test('storage that was remembered, but is not offered', async () => {
		await db.psql(`INSERT INTO lti.binding VALUES ('${CANVAS}', 'chrome-131', 'storage', now())`);
		const r = await login('ingrid-solheim', { more: { storage: false } });
		assert.equal(r.first.status, 303);
		assert.match(r.text, /needs its own window/);
	});
});

describe('a launch bound by the platform’s storage', () => {
	test('gives nothing out before the value is back', async () => {
		const before = (await db.counts())['ilp.session'];
		const { got, get } = await stored('sofie-aasen-lund');
		assert.equal(got.status, 200);
		assert.equal(get.do, 'get');
		assert.deepEqual(Object.keys(get).sort(), ['do', 'key', 'origin', 'target', 'ticket']);
		assert.equal(got.headers['set-cookie'], undefined);
		assert.doesNotMatch(got.text.replace(get.ticket, ''), /Sofie|Aasen|English|eyJ/);
		assert.equal((await db.counts())['ilp.session'], before);
	});
	test('the value leads in by a code, and the code to cookie and bearer', async () => {
		const { put, get } = await stored();
		assert.equal(get.key, put.key);
		assert.equal(get.origin, put.origin);
		const r = await verify({ ticket: get.ticket, secret: put.value });
		assert.equal(r.status, 200);
		assert.equal(r.headers['set-cookie'], undefined);
		const [sid, place, code] = parts(r.json.location);
		assert.equal(place, '');
		const s = await redeem(code);
		assert.equal(s.status, 200);
		assert.equal(s.json.sid, sid);
		assert.match(String(s.headers['set-cookie']), new RegExp(`^__Host-ilpd-${sid}=[^;]+; Path=/; Secure; HttpOnly; SameSite=None; Partitioned$`));
		assert.equal((await withBearer(s.json).home()).viewer.name, 'Ingrid Solheim');
		const cookie = String(s.headers['set-cookie']).split(';')[0];
		const byCookie = await http(`${world.toolUrl}/api/home`, { headers: { 'X-Session': sid, Cookie: cookie } });
		assert.equal(byCookie.status, 200);
	});
	for (const [name, secret, reason] of [['none', '', 'browser_storage_missing'], ['another', 'x'.repeat(43), 'browser_mismatch'], ['one that is too long', 'x'.repeat(100_000), 'browser_mismatch'], ['a number', 5, 'browser_storage_missing']])
		test(`with ${name} for a value it is refused`, async () => {
			/* A browser of its own: one whose value was lost begins with the window from then on. */
			const agent = FIREFOX.replaceAll('132', String(100 + (lost += 1)));
			const family = `firefox-${100 + lost}`;
			const { get } = await stored('ingrid-solheim', { agent });
			const before = await db.counts();
			const from = world.tool.log.length;
			const r = await verify({ ticket: get.ticket, secret }, { 'User-Agent': agent });
			assert.equal(r.status, 403);
			assert.equal(r.json.error.reason, reason);
			assert.match(r.json.error.code, /^[0-9a-f]{8}$/);
			assert.ok(r.json.error.message && r.json.error.mend && r.json.error.send.includes(r.json.error.code));
			assert.match(world.tool.log.slice(from), new RegExp(`refused .*reason=${reason}`));
			for (const table of ['ilp.session', 'ilp.person', 'ilp.identity', 'lti.nonce'])
				assert.equal((await db.counts())[table], before[table], table);
			await eventually(async () => (await db.rows(`SELECT reason, rung, browser FROM lti.launch WHERE code = '${r.json.error.code}'`))[0], { reason, rung: 'storage', browser: family });
			await eventually(() => db.rows(`SELECT rung FROM lti.binding WHERE browser = '${family}'`), reason === 'browser_storage_missing' ? [{ rung: 'window' }] : []);
		});
	test('with the value of another login it is refused', async () => {
		const [a, b] = [await stored(), await stored('kari-nilsen')];
		assert.equal((await verify({ ticket: a.get.ticket, secret: b.put.value })).json.error.reason, 'browser_mismatch');
		assert.equal((await verify({ ticket: b.get.ticket, secret: b.put.value })).status, 200);
	});
	test('a second time it is refused', async () => {
		const { put, get } = await stored();
		assert.equal((await verify({ ticket: get.ticket, secret: put.value })).status, 200);
		assert.equal((await verify({ ticket: get.ticket, secret: put.value })).json.error.reason, 'nonce_used');
	});
	test('two at once make one session', async () => {
		const { put, get } = await stored();
		const all = await Promise.all([1, 2, 3, 4].map(() => verify({ ticket: get.ticket, secret: put.value })));
		assert.deepEqual(all.map((r) => r.status).sort(), [200, 403, 403, 403]);
	});
	test('a ticket that was touched, or is none', async () => {
		const { put, get } = await stored();
		for (const ticket of ['', 'x', get.ticket.slice(0, -1), `${get.ticket}A`, get.ticket.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), put.next.split('state=')[1].split('&')[0]])
			assert.equal((await verify({ ticket, secret: put.value })).json.error.reason, 'storage_ticket_invalid', ticket.slice(0, 20));
	});
	test('the cookie of a browser does not stand in for the value', async () => {
		const b = world.browser();
		const { put, fields } = await stored();
		const r = await form(`${world.toolUrl}/lti/launch`, fields, { Cookie: `__Host-${put.key}=${put.value}` });
		assert.equal(r.status, 200);
		assert.equal(dataOf(r.text).do, 'get');
		assert.equal(r.headers.location, undefined);
		assert.equal(b.jar.any, undefined);
	});
	test('the value does not stand in for a cookie', async () => {
		const b = world.browser({ '__Host-ilpd-probe': '1' });
		const ready = await b.upToLaunch('ingrid-solheim');
		const [name] = Object.keys(b.jar).filter((n) => n.includes('state'));
		assert.ok(name);
		const r = await form(`${world.toolUrl}/lti/launch`, ready.fields, {});
		assert.match(r.text, /<dd>browser_cookie_missing<\/dd>/);
	});
	test('a page of another origin cannot ask', async () => {
		const { put, get } = await stored();
		const r = await verify({ ticket: get.ticket, secret: put.value }, { Origin: world.lmsUrl });
		assert.equal(r.status, 403);
		assert.equal(r.json.location, undefined);
		assert.equal((await verify({ ticket: get.ticket, secret: put.value }, { 'Content-Type': 'text/plain' })).status, 422);
		assert.equal((await verify({ ticket: get.ticket, secret: put.value }, { Origin: world.toolUrl })).status, 200);
	});
	test('bent tokens are refused before anything is asked of the storage', async () => {
		const put = (await login('ingrid-solheim', { more: { overrides: { sign: 'bitflip' } } })).data;
		const answer = await world.browser().authorize(put.next);
		const r = await form(`${world.toolUrl}/lti/launch`, answer.fields, {});
		assert.match(r.text, /<dd>token_signature<\/dd>/);
		assert.equal(dataOf(r.text), undefined);
	});
});

describe('codes', () => {
	test('are good for once', async () => {
		const s = await enter();
		assert.equal((await redeem(s.code)).status, 401);
		assert.equal((await withBearer(s).home()).viewer.name, 'Ingrid Solheim', 'the one who was first stays');
	});
	test('once, also when all come together', async () => {
		const { put, get } = await stored();
		const [, , code] = parts((await verify({ ticket: get.ticket, secret: put.value })).json.location);
		const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => redeem(code)));
		assert.deepEqual(all.map((r) => r.status).sort(), [200, 401, 401, 401, 401, 401]);
	});
	test('are good for half a minute', async () => {
		const { put, get } = await stored();
		const [sid, , code] = parts((await verify({ ticket: get.ticket, secret: put.value })).json.location);
		await db.psql(`UPDATE ilp.session SET started_at = started_at - interval '31 seconds' WHERE right(session_id::text, 8) = '${sid}'`);
		assert.equal((await redeem(code)).status, 401);
	});
	test('name their tenant: a code of one school opens nothing in another', async () => {
		const { put, get } = await stored();
		const [sid, , code] = parts((await verify({ ticket: get.ticket, secret: put.value })).json.location);
		const other = '018f0000-0000-7000-8000-0000000000ff';
		await db.psql(`INSERT INTO ilp.tenant (tenant_id, name, time_zone, locale) SELECT '${other}', 'Other school', time_zone, locale FROM ilp.tenant WHERE tenant_id = '${TENANT}' ON CONFLICT DO NOTHING`);
		await db.psql(`ALTER TABLE ilp.session DISABLE TRIGGER ALL; UPDATE ilp.session SET tenant_id = '${other}' WHERE right(session_id::text, 8) = '${sid}'; ALTER TABLE ilp.session ENABLE TRIGGER ALL`);
		assert.equal((await redeem(code)).status, 401);
	});
	test('what is no code', async () => {
		const s = await enter();
		for (const code of ['', 'x', s.bearer, `${s.code}A`, s.code.slice(1)])
			assert.equal((await redeem(code)).status, 401, code.slice(0, 12));
		for (const code of [5, {}, [s.code], true])
			assert.equal((await redeem(code)).status, 422);
		assert.equal((await redeem(s.code, { Origin: 'https://evil.example' })).status, 403);
		assert.equal((await redeem(s.code, { 'Content-Type': 'text/plain' })).status, 422);
	});
	test('a code is no bearer', async () => {
		const { put, get } = await stored();
		const [sid, , code] = parts((await verify({ ticket: get.ticket, secret: put.value })).json.location);
		assert.equal((await withBearer({ sid, bearer: code }).get('/home')).status, 401);
	});
});

describe('bearers', () => {
	test('belong to their session alone', async () => {
		const [a, b] = [await enter(), await enter('kari-nilsen')];
		assert.equal((await withBearer({ sid: a.sid, bearer: b.bearer }).get('/home')).status, 401);
		assert.equal((await withBearer({ sid: '00000000', bearer: b.bearer }).get('/home')).status, 401);
		assert.equal((await withBearer(a).get('/home', { 'X-Session': null })).status, 401);
		assert.equal((await withBearer(a).home()).viewer.name, 'Ingrid Solheim');
		assert.equal((await withBearer(b).home()).viewer.name, 'Kari Nilsen');
	});
	test('are not covered by a cookie when they are wrong', async () => {
		const c = await world.launch('ingrid-solheim');
		assert.equal((await c.get('/home')).status, 200);
		assert.equal((await c.get('/home', { Authorization: 'Bearer x' })).status, 401);
	});
	test('write, from our own pages only', async () => {
		const t = withBearer(await enter());
		const review = await t.makeReview({ title: 'By bearer' });
		assert.equal((await t.patch(`/reviews/${review.id}`, { rev: 1, title: 'Bent' }, { Origin: 'https://evil.example' })).status, 403);
		assert.equal((await t.patch(`/reviews/${review.id}`, { rev: 1, title: 'Changed' }, { Origin: world.toolUrl })).status, 200);
	});
});

describe('a window of its own', () => {
	test('gets a session of its own that is the same person’s, at the same place', async () => {
		const c = await world.launch('ingrid-solheim');
		const r = await c.post('/session/code', { path: 'reviews' });
		assert.equal(r.status, 200);
		const [sid, place, code] = parts(r.json.location);
		assert.notEqual(sid, c.sid);
		assert.equal(place, 'reviews');
		const s = (await redeem(code)).json;
		assert.deepEqual((await withBearer(s).home()).viewer, (await c.home()).viewer);
		assert.equal((await c.delete('/session', {})).status, 204);
		assert.equal((await withBearer(s).get('/home')).status, 200, 'the window stays');
	});
	test('nobody redeems it: it is gone after half a minute', async () => {
		const c = await world.launch('ingrid-solheim');
		const [sid] = parts((await c.post('/session/code', {})).json.location);
		const [{ left }] = await db.rows(`SELECT extract(epoch FROM expires_at - now()) AS left FROM ilp.session WHERE right(session_id::text, 8) = '${sid}'`);
		assert.ok(left < 31, left);
	});
	test('leads nowhere but into the app', async () => {
		const c = await world.launch('ingrid-solheim');
		for (const path of ['/x', '//evil.example', '../x', 'a//b', 'https://evil.example', 'x?y', 'x#y', 'x\\y', '%2e%2e', 'x'.repeat(201), 'ø', 5, {}])
			assert.equal((await c.post('/session/code', { path })).status, 422, String(path));
		for (const path of ['', 'reviews/018f1111-0000-7000-8000-000000000001', 'admin/platforms'])
			assert.equal((await c.post('/session/code', { path })).status, 200, path);
	});
	test('carries no right that the launch did not have, and no more after it is gone', async () => {
		const c = await world.launch('sofie-aasen-lund');
		const [, , code] = parts((await c.post('/session/code', {})).json.location);
		const s = withBearer((await redeem(code)).json);
		assert.equal((await s.home()).viewer.role, 'student');
		await db.psql(`UPDATE ilp.session SET revoked_at = now() WHERE right(session_id::text, 8) = '${c.sid}'`);
		assert.equal((await c.post('/session/code', {})).status, 401);
	});
});

describe('the end of a session', () => {
	test('signed out is signed out, for cookie and bearer', async () => {
		const c = await world.launch('ingrid-solheim');
		const r = await c.delete('/session', {});
		assert.equal(r.status, 204);
		assert.match(String(r.headers['set-cookie']), new RegExp(`^__Host-ilpd-${c.sid}=; .*Max-Age=0`));
		assert.equal((await c.get('/home')).status, 401);
		assert.equal((await c.delete('/session', {})).status, 204, 'twice does no harm');
		const s = withBearer(await enter());
		assert.equal((await s.delete('/session', {})).status, 204);
		assert.equal((await s.get('/home')).status, 401);
	});
	test('from another site nobody is signed out', async () => {
		const c = await world.launch('ingrid-solheim');
		assert.equal((await c.delete('/session', {}, { Origin: world.lmsUrl })).status, 403);
		assert.equal((await c.delete('/session', {}, { 'X-Session': null })).status, 401);
		assert.equal((await c.get('/home')).status, 200);
	});
	test('one tab’s end is not another’s; everywhere is everywhere, and only one’s own', async () => {
		const [a, b, other] = [await world.launch('ingrid-solheim'), await world.launch('ingrid-solheim'), await world.launch('kari-nilsen')];
		assert.equal((await a.delete('/session', {})).status, 204);
		assert.equal((await b.get('/home')).status, 200);
		assert.equal((await a.delete('/session', { everywhere: true })).status, 401, 'who has ended ends nobody');
		assert.equal((await b.get('/home')).status, 200);
		assert.equal((await b.delete('/session', { everywhere: 'yes' })).status, 422);
		const c = await world.launch('ingrid-solheim');
		assert.equal((await b.delete('/session', { everywhere: true })).status, 204);
		assert.equal((await c.get('/home')).status, 401);
		assert.equal((await other.get('/home')).status, 200);
	});
	test('eight hours, counted from the last use', async () => {
		const s = withBearer(await enter());
		const at = async () => (await db.rows(`SELECT round(extract(epoch FROM expires_at - now()) / 3600) AS h FROM ilp.session WHERE right(session_id::text, 8) = '${s.sid}'`))[0].h;
		assert.equal(Number(await at()), 8);
		await db.psql(`UPDATE ilp.session SET seen_at = now() - interval '7 hours', expires_at = now() + interval '1 hour' WHERE right(session_id::text, 8) = '${s.sid}'`);
		assert.equal((await s.get('/home')).status, 200);
		assert.equal(Number(await at()), 8);
		await db.psql(`UPDATE ilp.session SET seen_at = now() - interval '9 hours', expires_at = now() - interval '1 hour' WHERE right(session_id::text, 8) = '${s.sid}'`);
		assert.equal((await s.get('/home')).status, 401);
	});
});

describe('a page of refusal', () => {
	const refused = (overrides) => world.browser().visit('ingrid-solheim', { overrides });
	test('links back to the platform once it is known who speaks', async () => {
		const back = `${world.lmsUrl}/courses/canvas/english-8b?from=tool&x=1`;
		const presentation = { 'C/launch_presentation': { return_url: back } };
		const known = await refused({ claims: { ...presentation, 'C/roles': null } });
		assert.match(known.text, /<dd>roles_missing<\/dd>/);
		assert.ok(known.text.includes(`href="${back.replace('&', '&amp;')}"`), 'the way back');
		const forged = await refused({ claims: presentation, sign: 'bitflip' });
		assert.equal(forged.text.includes(back.split('?')[0]), false, 'nobody signed for it');
		for (const return_url of ['javascript:alert(1)', 'http://evil.example/', 'data:text/html,x', '//evil.example', 'https://a@b.example/', 5]) {
			const r = await refused({ claims: { 'C/launch_presentation': { return_url }, 'C/roles': null } });
			assert.match(r.text, /<dd>roles_missing<\/dd>/);
			assert.doesNotMatch(r.text, /target="_top"/, String(return_url));
		}
	});
	test('leads to the doctor and names the code that the log has', async () => {
		const r = await refused({ sign: 'bitflip' });
		const code = /Send the code ([0-9a-f]{8}) to/.exec(r.text)[1];
		assert.match(r.text, /href="\/doctor"/);
		await eventually(async () => (await db.rows(`SELECT reason FROM lti.launch WHERE code = '${code}'`))[0]?.reason, 'token_signature');
	});
});

describe('the launch doctor', () => {
	const ask = (body, headers = {}) => http(`${world.toolUrl}/doctor`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'User-Agent': AGENT, ...headers } });
	test('is a page for everybody that may be framed as others', async () => {
		const r = await http(`${world.toolUrl}/doctor`);
		assert.equal(r.status, 200);
		assert.match(r.headers['content-security-policy'], new RegExp(`frame-ancestors 'self' .*${world.lmsUrl}`));
		assert.match(r.text, /<noscript>/);
		assert.match(r.text, /<script type="module" src="\/assets\/doctor\.[0-9a-f]+\.js">/);
		assert.equal(r.headers['set-cookie'].length, 2);
		assert.ok(r.headers['set-cookie'].every((c) => !c.startsWith('__Host-ilpd-')), 'the login would take it for its own');
	});
	test('gives a code by which the help desk finds the results', async () => {
		const r = await ask({ frame: true, access: false, platform: true, put: true, local: true, indexed: true, opener: false, clock_ms: 1200 }, { Cookie: 'ilpd_doctor_here=1' });
		assert.equal(r.status, 200);
		const { code, cookies, parted } = JSON.parse(r.text);
		assert.deepEqual({ cookies, parted }, { cookies: false, parted: true });
		await eventually(async () => (await db.rows(`SELECT result FROM lti.doctor WHERE code = '${code}'`))[0]?.result ?? null,
			(await db.rows(`SELECT '{"frame": true, "access": false, "platform": true, "put": true, "local": true, "indexed": true, "opener": false, "clock_ms": 1200, "cookies": false, "parted": true, "browser": "chrome-131"}'::jsonb AS r`))[0].r);
	});
	test('keeps nothing that it does not know', async () => {
		for (const body of [{ name: 'x' }, { frame: 'yes' }, { clock_ms: 'x' }, { frame: { a: 1 } }, [], '{', 'x'.repeat(5000)])
			assert.equal((await ask(body)).status, 422, JSON.stringify(body).slice(0, 40));
		assert.equal((await ask({ frame: true }, { Origin: world.lmsUrl })).status, 403);
	});
	test('a flood fills neither memory nor tables', async () => {
		const before = Number(await db.value('SELECT count(*) FROM lti.doctor'));
		await Promise.all(Array.from({ length: 300 }, () => ask({ frame: true })));
		await sleep(2500);
		const made = Number(await db.value('SELECT count(*) FROM lti.doctor')) - before;
		assert.ok(made > 0 && made < 120, `${made}`);
	});
});
