/* What whoever runs the tool does from a shell: keys, platforms, and the way in for an
 * administrator. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CANVAS, MOODLE, TENANT, addPlatform, ilpd, newKey, startTool, startWorld } from '../harness/index.mjs';

let world;
before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' } }); });
after(() => world?.stop());

const run = (words, env = {}) => ilpd(words, { ...world.settings, ...env });
async function must(words, env) {
	const r = await run(words, env);
	assert.equal(r.code, 0, `${words.join(' ')}: ${r.err}`);
	return r.out;
}
async function refused(words, pattern) {
	const r = await run(words);
	assert.equal(r.code, 1, `${words.join(' ')}: ${r.out}${r.err}`);
	assert.equal(r.err.trim().split('\n').length, 1, r.err);
	assert.match(r.err, pattern);
}
const published = async () => (await (await fetch(`${world.toolUrl}/.well-known/jwks.json`)).json()).keys.map((k) => k.kid);
const keys = async () => (await must(['key', 'list'])).trim().split('\n').map((l) => { const [kid, state] = l.split(/\s+/); return { kid, state }; });
const kid = async (state) => (await keys()).find((k) => k.state === state)?.kid;
async function until(what, check) {
	for (let i = 0; i < 100; i++) {
		if (await check())
			return;
		await new Promise((done) => { setTimeout(done, 50); });
	}
	assert.fail(`never: ${what}`);
}
const moodle = () => ({ id: MOODLE, name: 'Fjordby Moodle', profile: 'moodle', issuer: `${world.lmsUrl}/moodle`, clientId: 'mQ8fT1xYz3kLw9B',
	auth: `${world.lmsUrl}/moodle/auth.php`, token: `${world.lmsUrl}/moodle/token.php`, jwks: `${world.lmsUrl}/moodle/certs.php` });

describe('keys', () => {
	test('the first one is active, and published without its private part', async () => {
		const all = await keys();
		assert.deepEqual(all.map((k) => k.state), ['active']);
		assert.deepEqual(await published(), [all[0].kid]);
		const body = await (await fetch(`${world.toolUrl}/.well-known/jwks.json`)).text();
		assert.doesNotMatch(body, /"(d|p|q|dp|dq|qi)":/);
	});
	test('rotating publishes the next one, which waits a day; the running tool hears of it', async () => {
		const old = await kid('active');
		const out = await must(['key', 'rotate']);
		assert.match(out, /^published {2}/);
		assert.match(out, /waiting/);
		const next = await kid('next');
		await until('the next key is published', async () => (await published()).includes(next));
		assert.equal(await kid('active'), old);
		assert.doesNotMatch(await must(['key', 'rotate']), /^(published|active)/m);
		await world.database.psql("UPDATE keys.signing_key SET created_at = created_at - interval '1 day' WHERE state = 'next'");
		assert.match(await must(['key', 'rotate']), new RegExp(`^active +${next}`));
		assert.deepEqual((await published()).sort(), [old, next].sort());
		assert.equal(await kid('retiring'), old);
	});
	test('rotating now does not wait, and the tool signs with it', async () => {
		const out = await must(['key', 'rotate', '--now']);
		const active = await kid('active');
		assert.match(out, new RegExp(`active +${active}`));
		await until('the new key is published', async () => (await published()).includes(active));
		assert.match(await must(['platform', 'test', '--id', CANVAS]), /OK +token/);
	});
	test('a revoked key is gone at once, and who must be told is said', async () => {
		const old = await kid('active');
		const out = await must(['key', 'revoke', old]);
		assert.match(out, /Fjordby Canvas/);
		assert.match(out, /Fjordby Moodle/);
		const now = await kid('active');
		assert.notEqual(now, old);
		await until('it is not published', async () => !(await published()).includes(old));
		assert.ok((await published()).includes(now));
		await refused(['key', 'revoke', old], /gone/);
		await refused(['key', 'revoke', 'nobody'], /no key of ours/);
		await refused(['key', 'revoke'], /kid/);
	});
	test('the key that seals is replaced, and nobody has to come in again', async () => {
		const before = world.settings.ILPD_KEY, fresh = newKey();
		const ingrid = await world.launch('ingrid-solheim');
		await world.tool.stop();
		await refusedWith({ ILPD_KEY: fresh }, /cannot be opened/);
		world.settings = { ...world.settings, ILPD_KEY: fresh, ILPD_KEY_BEFORE: before };
		world.tool = await startTool(world.settings);
		assert.equal((await ingrid.get('/home')).status, 200);
		const out = await must(['key', 'reseal']);
		assert.match(out, /^[1-9]\d* sealed anew/);
		await world.tool.stop();
		world.settings = { ...world.settings, ILPD_KEY_BEFORE: '' };
		world.tool = await startTool(world.settings);
		/* what the old key sealed is over now */
		assert.equal((await ingrid.get('/home')).status, 401);
		assert.equal((await (await world.launch('ingrid-solheim')).get('/home')).status, 200);
		await refusedWith({ ILPD_KEY: before }, /cannot be opened/);
	});
	async function refusedWith(env, pattern) {
		const r = await ilpd(['serve'], { ...world.settings, ...env });
		assert.equal(r.code, 1);
		assert.match(r.err, pattern);
	}
	test('words that are none', async () => {
		for (const words of [['key'], ['key', 'lose'], ['key', 'revoke', 'a', 'b'], ['key', 'list', '--now'], ['key', 'rotate', '--id', TENANT]])
			assert.ok([2, 64].includes((await run(words)).code), words.join(' '));
	});
});

describe('platforms', () => {
	const settingsOf = async (id) => (await world.database.rows(`SELECT settings FROM lti.registration WHERE registration_id = '${id}'`))[0].settings;
	test('settings are laid over those that stand, and taken back', async () => {
		await addPlatform(world.settings, moodle(), ['--set', 'skew_s=120', '--set', 'administrators=on', '--set', 'locales=no=nb', '--anonymous']);
		assert.deepEqual(await settingsOf(MOODLE), { skew_s: 120, administrators: true, locales: 'no=nb', anonymous: true });
		await addPlatform(world.settings, moodle(), ['--unset', 'anonymous', '--set', 'skew_s=60', '--unset', 'locales']);
		assert.deepEqual(await settingsOf(MOODLE), { skew_s: 60, administrators: true });
		await addPlatform(world.settings, moodle(), ['--unset', 'skew_s', '--unset', 'administrators']);
		assert.deepEqual(await settingsOf(MOODLE), {});
		assert.equal((await settingsOf(CANVAS)).observees, 'observees');
	});
	test('settings that are none', async () => {
		const p = moodle();
		const words = ['platform', 'add', '--id', p.id, '--tenant', TENANT, '--name', p.name, '--issuer', p.issuer, '--client-id', p.clientId, '--auth-url', p.auth, '--jwks-url', p.jwks];
		for (const [pair, pattern] of [['nothing=1', /no such setting/], ['skew_s', /name=value/], ['skew_s=301', /skew_s/], ['skew_s=long', /skew_s/], ['algorithms=HS256', /algorithms/], ['anonymous=perhaps', /anonymous/], ['overlay={', /overlay/]])
			await refused([...words, '--set', pair], pattern);
		await refused([...words, '--unset', 'nothing'], /no such setting/);
		assert.match(await must(['platform', 'settings', '--profile', 'canvas']), /^skew_s +\d+\n/m);
		await refused(['platform', 'settings', '--profile', 'nobody'], /no profile/);
	});
	test('a test asks for everything once', async () => {
		const ingrid = await world.launch('ingrid-solheim');
		assert.equal((await ingrid.get('/home')).status, 200);
		const out = await must(['platform', 'test', '--id', CANVAS]);
		for (const step of ['dns', 'keys', 'token', 'roster', 'clock'])
			assert.match(out, new RegExp(`^OK +${step} +\\d+ ms {2}.+\\.$`, 'm'), out);
		assert.match(out, /^SKIPPED +tls/m);
		assert.match(await must(['platform', 'test', '--id', MOODLE]), /^SKIPPED +roster/m);
		await refused(['platform', 'test', '--id', TENANT], /no active registration/);
		await refused(['platform', 'test'], /--id/);
	});
	test('a test says what is wrong, and ends with 1', async () => {
		try {
			await world.hook('service/token', { platform: 'canvas', mode: 'error' });
			const r = await run(['platform', 'test', '--id', CANVAS]);
			assert.equal(r.code, 1, r.out);
			assert.match(r.out, /^FAILED +token/m);
			assert.match(r.out, /^OK +keys/m);
			assert.match(r.err, /1 step failed/);
			assert.doesNotMatch(r.out + r.err, /Sanitizer|access_token/);
		} finally {
			await world.hook('reset');
		}
	});
	test('a pending deployment is listed with its code and accepted by it, once', async () => {
		await world.platform({ persona: 'strict', key: 'waiting' }, { more: ['--deployments', 'pending'] });
		const { status } = await world.hook('launch', { platform: 'waiting', course: 'naturfag-7a', user: 'berit-lie' });
		assert.notEqual(status, 303);
		await until('it is written down', async () => Number(await world.database.value("SELECT count(*) FROM lti.deployment WHERE state = 'pending'")));
		const list = await must(['platform', 'list']);
		const code = /waits.*accept --code (\S+)/.exec(list)?.[1];
		assert.match(code ?? '', /^[0-9A-Z]{5}-[0-9A-Z]{5}$/, list);
		assert.match(list, /\(0 active, 1 pending, 0 closed\)/);
		await refused(['platform', 'accept', '--code', code], /--tenant/);
		await refused(['platform', 'accept', '--code', 'short', '--tenant', TENANT], /ten letters/);
		await refused(['platform', 'accept', '--code', 'AAAAA-AAAAA', '--tenant', TENANT], /nothing waits/);
		await refused(['platform', 'accept', '--code', code, '--tenant', MOODLE], /no such school/);
		assert.match(await must(['platform', 'accept', '--code', code.replace('-', ' ').toLowerCase(), '--tenant', TENANT]), /^deployment /);
		await refused(['platform', 'accept', '--code', code, '--tenant', TENANT], /nothing waits/);
		assert.equal((await world.hook('launch', { platform: 'waiting', course: 'naturfag-7a', user: 'berit-lie' })).status, 303);
		assert.match(await must(['platform', 'list']), /Strict waiting.*\(1 active, 0 pending, 0 closed\)/);
		await until('the launch is listed', async () => /Strict waiting.*last launch \d{4}-/.test(await must(['platform', 'list'])));
	});
	test('an invitation is shown once; the database knows its hash', async () => {
		const out = await must(['platform', 'invite', '--tenant', TENANT, '--note', 'for Moodle', '--days', '3']);
		const [, secret] = /^http:\/\/127\.0\.0\.1:\d+\/lti\/register\?invite=([\w-]{43})\n/.exec(out) ?? [];
		assert.ok(secret, out);
		const [row] = await world.database.rows("SELECT note, secret_hash, expires_at - created_at < interval '3 days 1 minute' AS soon FROM lti.invitation");
		assert.deepEqual([row.note, row.soon], ['for Moodle', true]);
		assert.match(row.secret_hash, /^[0-9a-f]{64}$/);
		assert.ok(!row.secret_hash.includes(secret));
		for (const days of ['0', '366', 'many'])
			await refused(['platform', 'invite', '--tenant', TENANT, '--days', days], /--days/);
		await refused(['platform', 'invite', '--tenant', MOODLE], /no such school/);
	});
	test('what was seen under a code is shown with its mend', async () => {
		const browser = world.browser();
		const end = await browser.visit('ingrid-solheim', { overrides: { claims: { exp: 22222, iat: 11111 } } });
		assert.notEqual(end.status, 303);
		await until('the launch is written down', async () => Number(await world.database.value("SELECT count(*) FROM lti.launch WHERE reason = 'token_expired'")));
		const code = await world.database.value("SELECT code FROM lti.launch WHERE reason = 'token_expired' ORDER BY at DESC LIMIT 1");
		const out = await must(['launch', code]);
		assert.match(out, /^refused +token_expired$/m);
		assert.match(out, /^mend +\S/m);
		assert.match(out, /^platform +Fjordby Canvas/m);
		assert.match(out, /^steps +\w/m);
		assert.doesNotMatch(out, /Solheim|@|eyJ/);
		await refused(['launch', 'nothing'], /nothing was seen/);
		await refused(['launch'], /code/);
	});
});

describe('the way in for an administrator', () => {
	const link = async (name) => /^(\S+)\n/.exec(await must(['admin', 'link', '--tenant', TENANT, '--name', name]))[1];
	const enter = (url) => fetch(url, { method: 'POST', redirect: 'manual', headers: { Origin: world.toolUrl } });
	test('a link lets in once', async () => {
		const url = await link('Kari Nordmann');
		assert.ok(url.startsWith(`${world.toolUrl}/admin/enter/${TENANT}/`), url);
		assert.equal((await fetch(url)).status, 200); /* looking does not use it up */
		const first = await enter(url);
		assert.equal(first.status, 303, await first.text());
		const where = first.headers.get('location');
		assert.match(where, /^\/app\/[^/]+\/admin\/platforms$/);
		const cookie = first.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
		const platforms = await fetch(`${world.toolUrl}/api/admin/platforms`, { headers: { Cookie: cookie, 'X-Session': where.split('/')[2] } });
		assert.equal(platforms.status, 200);
		assert.equal((await enter(url)).status, 410);
	});
	test('a name is one person, however often', async () => {
		await link('Kari Nordmann');
		await link('Ola Nordmann');
		assert.deepEqual((await world.database.rows('SELECT name FROM ilp.administrator ORDER BY name')).map((r) => r.name), ['Kari Nordmann', 'Ola Nordmann']);
	});
	test('it ends after ten minutes, and knows no other secret', async () => {
		const url = await link('Kari Nordmann');
		assert.equal((await enter(`${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`)).status, 410);
		const id = url.split('/').at(-1).slice(0, 36);
		await world.database.psql(`UPDATE ilp.session SET started_at = started_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes' WHERE session_id = '${id}'`);
		assert.equal((await enter(url)).status, 410);
		assert.equal(await world.database.value(`SELECT secret_hash ~ '^[0-9a-f]{64}$' FROM ilp.session WHERE session_id = '${id}'`), 't');
	});
	test('a school or a name that is none', async () => {
		await refused(['admin', 'link', '--tenant', MOODLE, '--name', 'X'], /no such school/);
		await refused(['admin', 'link', '--tenant', 'x', '--name', 'X'], /UUID/);
		await refused(['admin', 'link', '--tenant', TENANT], /name/);
	});
});
