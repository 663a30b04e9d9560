/* Dynamic Registration over HTTP, as each product does it: what is asked for, what is kept,
 * who may change what, and what strangers may make us do (R111-R123, R129-R133). */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { form, http } from '../harness/client.mjs';
import { TENANT, startWorld } from '../harness/index.mjs';

const OTHER = '018f0000-0000-7000-8000-0000000000aa';
const CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const CODE = /[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

let world;

/* An invitation as an administrator makes it; its secret. */
async function invite(tenant = TENANT, { expires = "now() + interval '7 days'" } = {}) {
	const secret = randomBytes(32).toString('base64url');
	await world.database.psql(`INSERT INTO lti.invitation (invitation_id, tenant_id, secret_hash, expires_at)
		VALUES ('${randomUUID()}', '${tenant}', '${sha256(secret)}', ${expires})`);
	return secret;
}
const usedAt = (secret) => world.database.value(`SELECT used_at IS NOT NULL FROM lti.invitation WHERE secret_hash = '${sha256(secret)}'`);
/* The address that the platform's administrator opens. */
const start = (platform, { invitation, ...more } = {}) => world.hook('registration', {
	platform, ...more, url: `${world.toolUrl}/lti/register${invitation ? `?invite=${invitation}` : ''}` });
const ticketOf = (page) => /name="ticket" value="([^"]+)"/.exec(page.text)?.[1];
const everything = (page) => Object.fromEntries([...page.text.matchAll(/type="checkbox" value="1" checked name="([^"]+)"/g)].map(([, name]) => [name, '1']));
const open = async (platform, more) => {
	const { url, token } = await start(platform, more);
	const page = await http(url);
	return { url, token, page, ticket: ticketOf(page) };
};
const send = (ticket, fields) => form(`${world.toolUrl}/lti/register`, { ticket, ...fields });
async function register(platform, more = {}) {
	const opened = await open(platform, more);
	assert.equal(opened.page.status, 200, opened.page.text);
	return { ...opened, result: await send(opened.ticket, { ...everything(opened.page), ...more.fields }) };
}
const received = async () => (await fetch(`${world.lmsUrl}/test/registrations`).then((r) => r.json())).at(-1);
const row = async (client) => (await world.database.rows(`SELECT * FROM lti.registration WHERE client_id = '${client}'`))[0];
const asked = async () => (await fetch(`${world.lmsUrl}/test/log`).then((r) => r.json())).length;
const refusedFor = (page, reason, status) => {
	assert.equal(page.status, status, page.text);
	assert.match(page.text, new RegExp(`<dd>${reason}</dd>`));
};
const count = (where = 'true') => world.database.value(`SELECT count(*) FROM lti.registration WHERE ${where}`).then(Number);

before(async () => {
	world = await startWorld({ personas: ['brightspace', 'strict'] });
	await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${OTHER}', 'Lia skole')`);
});
after(() => world.stop());
beforeEach(() => world.hook('reset'));

describe('with an invitation', () => {
	for (const [platform, profile, deployment] of [['canvas', 'canvas', false], ['moodle', 'moodle', true], ['brightspace', 'brightspace', null], ['strict', 'generic', null]])
		test(`${platform} belongs to the school at once`, async () => {
			const secret = await invite();
			const { page, result } = await register(platform, { invitation: secret, fields: { name: `Ours <${platform}>` } });
			assert.match(page.text, /Solbakken skole/);
			assert.equal(result.status, 200, result.text);
			const request = await received();
			assert.deepEqual(request.faults, []);
			assert.doesNotMatch(JSON.stringify(request.request), /lti-ags|lti-bo/);
			const kept = await row(request.client);
			assert.equal(kept.state, 'active');
			assert.equal(kept.tenant_id, TENANT);
			assert.equal(kept.profile, profile);
			assert.equal(kept.name, `Ours <${platform}>`);
			assert.equal(kept.claim_code, null);
			assert.deepEqual(kept.granted.given.scopes.includes(NRPS), request.request.scope.includes(NRPS));
			assert.ok(kept.granted.at);
			assert.equal(await usedAt(secret), 't');
			const deployments = await world.database.rows(`SELECT * FROM lti.deployment WHERE registration_id = '${kept.registration_id}'`);
			if (deployment !== null)
				assert.equal(deployments.length, deployment ? 1 : 0);
			for (const d of deployments)
				assert.deepEqual([d.state, d.tenant_id], ['active', TENANT]);
			assert.doesNotMatch(result.text, CODE);
		});

	test('a launch through it is taken in', async () => {
		await register('moodle', { invitation: await invite() });
		const { client } = await received();
		await world.hook('tool', { platform: 'moodle', client, state: 'active' });
		const end = await world.browser().visit('kari-nordli', { client });
		assert.equal(end.status, 303, end.text);
	});

	test('one of the names of a place is asked for, and only what was ticked', async () => {
		const { page, ticket } = await open('canvas', { invitation: await invite() });
		assert.match(page.text, /checked name="place.course_navigation"/);
		assert.match(page.text, /value="1" name="place.global_navigation"/);
		await send(ticket, { 'place.course_navigation': '1', add: '1' });
		const places = (await received()).request[CONFIGURATION].messages.flatMap((m) => m.placements ?? []).map((p) => p.split('/').at(-1));
		assert.deepEqual(places, ['course_navigation', 'link_selection', 'assignment_selection']);
	});

	test('trusts what the platform says it declares', async () => {
		await register('canvas', { invitation: await invite() });
		const kept = await row((await received()).client);
		assert.equal(kept.settings.observees, 'observees');
		assert.match(kept.settings.trusted, /observees/);
		await world.hook('service/registration', { platform: 'canvas', body: { [CONFIGURATION]: {} }, times: 1 });
		await register('canvas', { invitation: await invite() });
		const other = await row((await received()).client);
		assert.ok(!other.settings.observees && !other.settings.trusted);
	});

	test('is good for one registration', async () => {
		const secret = await invite();
		const [a, b] = await Promise.all([1, 2].map(() => open('brightspace', { invitation: secret })));
		const before = await count("state = 'active'");
		const [one, two] = await Promise.all([a, b].map(({ ticket, page }) => send(ticket, everything(page))));
		assert.deepEqual([one.status, two.status].sort(), [200, 403]);
		assert.equal(await count("state = 'active'"), before + 1);
		refusedFor((await open('brightspace', { invitation: secret })).page, 'invitation_invalid', 403);
	});

	test('that ended or was made up is refused', async () => {
		const old = await invite(TENANT, { expires: "now() - interval '1 second'" });
		for (const invitation of [old, 'x'.repeat(43), '%00', "' or 1=1"])
			refusedFor((await open('moodle', { invitation: encodeURIComponent(invitation) })).page, 'invitation_invalid', 403);
	});
});

describe('without an invitation', () => {
	after(() => world.database.psql(`DELETE FROM lti.registration WHERE issuer = 'https://cap.example'`));

	test('it waits, and a code takes it over', async () => {
		const { page, result } = await register('strict');
		assert.match(page.text, /Nobody yet/);
		const { client } = await received();
		const kept = await row(client);
		assert.deepEqual([kept.state, kept.tenant_id], ['pending', null]);
		const [code] = CODE.exec(result.text);
		assert.equal(code, kept.claim_code);
		await world.hook('tool', { platform: 'strict', client, state: 'active' });
		const there = { platform: 'strict', course: 'naturfag-7a', client };
		const end = await world.browser().visit('berit-lie', there);
		assert.equal(end.status, 403);
		const aune = await admin(world);
		const claimed = await aune.post('/admin/claim', { code: ` ${code.toLowerCase().replace('-', ' ')}` });
		assert.deepEqual([claimed.status, claimed.json.kind, claimed.json.platform], [200, 'registration', kept.registration_id]);
		assert.deepEqual([(await row(client)).state, (await row(client)).tenant_id], ['active', TENANT]);
		assert.equal((await world.browser().visit('berit-lie', there)).status, 303);
		assert.equal((await aune.post('/admin/claim', { code })).status, 422);
	});

	test('an administrator’s invitation is one', async () => {
		const aune = await admin(world);
		const made = await aune.post('/admin/invitations', { note: 'Fjordby', days: 3 });
		assert.equal(made.status, 201, JSON.stringify(made.json));
		const page = await http((await world.hook('registration', { platform: 'moodle', url: made.json.url })).url);
		assert.match(page.text, /Solbakken skole/);
	});

	test('a hundred wait at the most; old ones do not count', async () => {
		await world.database.psql(`INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url, state, created_at)
			SELECT gen_random_uuid(), 'cap', 'https://cap.example', n::text, 'https://cap.example', 'https://cap.example', 'pending',
			       now() - (CASE WHEN n <= 30 THEN interval '15 days' ELSE interval '1 day' END) FROM generate_series(1, 130) n`);
		const { page, ticket } = await open('strict');
		refusedFor(page, 'registration_full', 403);
		assert.equal(ticket, undefined);
		await world.database.psql(`DELETE FROM lti.registration WHERE issuer = 'https://cap.example' AND client_id > '9'`);
		const waits = await open('strict');
		await world.database.psql(`UPDATE lti.registration SET created_at = now() WHERE issuer = 'https://cap.example'`);
		refusedFor(await send(waits.ticket, {}), 'registration_full', 403);
		assert.equal((await register('strict', { invitation: await invite() })).result.status, 200);
	});
});

describe('again', () => {
	test('changes the same registration where the platform says how', async () => {
		await register('strict', { invitation: await invite() });
		const first = await received(), before = await count();
		const kept = await row(first.client);
		assert.ok(kept.update_url && kept.update_token);
		assert.doesNotMatch(kept.update_token, /^[\w-]{32}$/, 'sealed');
		const again = await open('strict', { invitation: await invite() });
		assert.equal((await send(again.ticket, { roster: '1' })).status, 200);
		const second = await received();
		assert.deepEqual([second.method, second.client], ['PUT', first.client]);
		assert.deepEqual(second.faults, []);
		assert.equal(await count(), before);
		const changed = await row(first.client);
		assert.equal(changed.registration_id, kept.registration_id);
		assert.ok(!changed.granted.asked.claims.includes('name'));
	});

	test('as Moodle updates keeps its client, deployment and whatever an administrator set', async () => {
		await register('moodle', { invitation: await invite() });
		const { client } = await received();
		await world.database.psql(`UPDATE lti.registration SET settings = settings || '{"skew_s": 30, "groups": "old"}' WHERE client_id = '${client}'`);
		const before = await row(client), n = await count();
		const { result } = await register('moodle', { invitation: await invite(), update: client });
		assert.equal(result.status, 200, result.text);
		assert.equal((await received()).client, client);
		const now = await row(client);
		assert.equal(await count(), n);
		assert.equal(now.registration_id, before.registration_id);
		assert.equal(now.settings.skew_s, 30);
		assert.equal(now.settings.groups, 'groups');
	});

	test('without an invitation changes nothing that works', async () => {
		await register('moodle', { invitation: await invite() });
		const { client } = await received();
		const before = await row(client);
		const { result } = await register('moodle', { update: client, fields: { name: 'Taken over' } });
		assert.equal(result.status, 200);
		assert.match(result.text, /connected before/);
		assert.doesNotMatch(result.text, CODE);
		assert.deepEqual(await row(client), before);
	});

	test('another school gets nothing by its invitation', async () => {
		await register('moodle', { invitation: await invite() });
		const { client } = await received();
		const before = await row(client), theirs = await invite(OTHER);
		const { result } = await register('moodle', { update: client, invitation: theirs });
		refusedFor(result, 'registration_taken', 409);
		assert.deepEqual(await row(client), before);
		assert.equal(await usedAt(theirs), 'f');
	});

	test('with other addresses is refused to strangers, also while it waits', async () => {
		await register('moodle');
		const { client } = await received();
		const before = await row(client);
		await world.hook('service/configuration', { platform: 'moodle', body: { jwks_uri: `${world.lmsUrl}/elsewhere` }, times: 1 });
		const { result } = await register('moodle', { update: client });
		refusedFor(result, 'registration_taken', 409);
		assert.deepEqual(await row(client), before);
	});

	test('of one that waits keeps its code', async () => {
		await register('moodle');
		const { client } = await received();
		const { claim_code: code } = await row(client);
		const { result } = await register('moodle', { update: client });
		assert.match(result.text, new RegExp(code));
		const kept = await register('moodle', { update: client, invitation: await invite() });
		assert.equal(kept.result.status, 200);
		const now = await row(client);
		assert.deepEqual([now.state, now.tenant_id, now.claim_code], ['active', TENANT, null]);
	});
});

describe('secrets', () => {
	test('the token stands in no page, no log and no Referer', async () => {
		const { token, page, result } = await register('canvas', { invitation: await invite() });
		assert.ok(token.length > 50);
		for (const text of [page.text, result.text, JSON.stringify(page.headers), world.tool.log])
			assert.ok(!text.includes(token));
		assert.equal(page.headers['referrer-policy'], 'no-referrer');
		assert.equal(page.headers['cache-control'], 'no-store');
	});

	test('a token is good once, and its refusal is shown', async () => {
		const { token } = await register('moodle', { invitation: await invite() });
		const { result } = await register('moodle', { invitation: await invite(), token });
		refusedFor(result, 'registration_refused', 422);
		assert.match(result.text, /token_already_used/);
	});

	test('a page can be sent once', async () => {
		const { ticket, page } = await open('strict');
		assert.equal((await send(ticket, everything(page))).status, 200);
		const n = await count();
		refusedFor(await send(ticket, everything(page)), 'registration_expired', 422);
		assert.equal(await count(), n);
	});

	test('tickets cannot be made up or bent', async () => {
		const { ticket } = await open('strict');
		for (const bent of ['', 'x', ticket.slice(1), `${ticket.slice(0, -2)}AA`, `${ticket}.`])
			refusedFor(await send(bent, {}), 'registration_expired', 422);
		refusedFor(await http(`${world.toolUrl}/lti/register`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }), 'registration_expired', 422);
	});

	test('only the platform may show the page', async () => {
		const { page, ticket } = await open('strict');
		assert.match(page.headers['content-security-policy'], new RegExp(`frame-ancestors 'self' ${world.lmsUrl}(;|$)`));
		const done = await send(ticket, {});
		assert.match(done.headers['content-security-policy'], new RegExp(`frame-ancestors 'self' ${world.lmsUrl}(;|$)`));
		const nobody = await http(`${world.toolUrl}/lti/register`);
		assert.match(nobody.headers['content-security-policy'], /frame-ancestors 'self' ?(;|$)/);
	});
});

describe('what strangers may make us ask', () => {
	const at = (configuration, more = '') => http(`${world.toolUrl}/lti/register?openid_configuration=${encodeURIComponent(configuration)}${more}`);

	test('nothing that is no public https address', async () => {
		const before = await asked();
		for (const url of ['', 'file:///etc/passwd', 'http://127.0.0.1/', `http://127.0.0.1:${world.lmsPort}/`, `http://[::1]:${world.lmsPort}/`, 'http://169.254.169.254/latest/meta-data/',
			'gopher://localhost/', 'https://user:pass@lms.example/', 'https://lms.example:22/', 'https://lms.example/\r\nX: y', 'javascript:alert(1)', 'https://', '//lms.example', `http://localhost:${world.toolPort}/`])
			refusedFor(await at(url), 'registration_address', 400);
		refusedFor(await http(`${world.toolUrl}/lti/register`), 'registration_address', 400);
		refusedFor(await http(`${world.toolUrl}/lti/register?openid_configuration=a&openid_configuration=b`), 'registration_address', 400);
		for (const url of ['https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest/meta-data/', 'https://10.0.0.1/', 'https://[::ffff:127.0.0.1]/', 'https://0x7f000001/', 'https://2130706433/', 'https://0/'])
			refusedFor(await at(url), 'registration_unreachable', 502);
		assert.equal(await asked(), before);
	});

	test('a token that would be a header is none', async () => {
		const { url } = await start('canvas', { token: 'a\r\nHost: evil.example' });
		refusedFor(await http(url), 'registration_address', 400);
	});

	for (const [what, mode] of [['redirects', { mode: 'redirect', location: 'http://127.0.0.1:1/' }], ['errors', { mode: 'error', status: 500, text: '<script>alert(1)</script>' }],
		['a huge answer', { mode: 'huge' }], ['a dropped one', { mode: 'drop' }]])
		test(`${what} end it`, async () => {
			await world.hook('service/configuration', { platform: 'strict', ...mode });
			const { page } = await open('strict');
			refusedFor(page, 'registration_unreachable', 502);
			assert.doesNotMatch(page.text, /<script>alert/);
		});

	test('garbage is no configuration, and the page says which member', async () => {
		await world.hook('service/configuration', { platform: 'strict', mode: 'garbage' });
		assert.ok([422, 502].includes((await open('strict')).page.status));
		await world.hook('service/configuration', { platform: 'strict', mode: 'ok', body: { token_endpoint: 'ftp://x' } });
		const { page } = await open('strict');
		refusedFor(page, 'registration_configuration', 422);
		assert.match(page.text, /token_endpoint/);
		await world.hook('service/configuration', { platform: 'strict', mode: 'ok', body: { issuer: 'https://canvas.instructure.com' } });
		refusedFor((await open('strict')).page, 'registration_host', 422);
	});

	test('two wait at once and none for long', async () => {
		await world.hook('service/configuration', { platform: 'strict', mode: 'hang' });
		const began = Date.now();
		const url = (await start('strict')).url;
		const pages = await Promise.all(Array.from({ length: 4 }, () => http(url)));
		assert.ok(Date.now() - began < 9000, `${Date.now() - began} ms`);
		const statuses = pages.map((p) => p.status).sort();
		assert.deepEqual(statuses, [502, 502, 503, 503]);
		refusedFor(pages.find((p) => p.status === 503), 'registration_busy', 503);
		await world.hook('service/configuration', { platform: 'strict', mode: 'ok' });
		assert.equal((await open('strict')).page.status, 200);
	});
});

describe('what a platform answers', () => {
	test('refusals stand there as they came, as text', async () => {
		const text = '{"errors":[{"message":"claims must be an array"},{"message":"<img src=x onerror=alert(1)>"}]}';
		await world.hook('service/registration', { platform: 'canvas', mode: 'error', status: 422, text });
		const { result } = await register('canvas', { invitation: await invite() });
		refusedFor(result, 'registration_refused', 422);
		assert.match(result.text, /claims must be an array/);
		assert.match(result.text, /&lt;img src=x/);
		assert.doesNotMatch(result.text, /<img/);
	});

	test('without a client it is no registration', async () => {
		for (const body of [{ client_id: null }, { client_id: '' }, { client_id: {} }]) {
			const secret = await invite();
			await world.hook('service/registration', { platform: 'strict', mode: 'ok', body });
			refusedFor((await register('strict', { invitation: secret })).result, 'registration_answer', 502);
			assert.equal(await usedAt(secret), 'f');
		}
	});

	test('no answer is said, and nothing is kept', async () => {
		const n = await count();
		await world.hook('service/registration', { platform: 'strict', mode: 'drop' });
		refusedFor((await register('strict')).result, 'registration_unreachable', 502);
		assert.equal(await count(), n);
	});

	test('what it does not grant is shown with what follows', async () => {
		await world.hook('service/registration', { platform: 'strict', mode: 'ok', body: { scope: '' } });
		const { result } = await register('strict', { invitation: await invite() });
		assert.match(result.text, /Students appear when they have opened the page themselves/);
		const kept = await row((await received()).client);
		assert.deepEqual([kept.granted.asked.scopes.includes(NRPS), kept.granted.given.scopes], [true, []]);
	});

	test('HTML in what it says of itself is text', async () => {
		await world.hook('service/configuration', { platform: 'strict', mode: 'ok', body: { 'https://purl.imsglobal.org/spec/lti-platform-configuration': { product_family_code: '<b>x', version: '"><script>alert(1)</script>' } } });
		const { page } = await open('strict');
		assert.equal(page.status, 200);
		assert.doesNotMatch(page.text, /<script>alert|<b>x/);
	});
});

describe('what anybody may read', () => {
	test('the configuration for Canvas', async () => {
		const r = await http(`${world.toolUrl}/lti/canvas.json`);
		assert.equal(r.status, 200);
		assert.match(r.headers['content-type'], /^application\/json/);
		assert.equal(r.headers['cache-control'], 'public, max-age=300');
		const c = JSON.parse(r.text);
		assert.equal(c.oidc_initiation_url, `${world.toolUrl}/lti/login`);
		assert.doesNotMatch(r.text, /lti-ags/);
		const two = JSON.parse((await http(`${world.toolUrl}/lti/canvas.json?placements=course_navigation,link_selection&privacy=anonymous&region=eu`)).text);
		assert.deepEqual(two.extensions[0].settings.placements.map((p) => p.placement), ['course_navigation', 'link_selection']);
		assert.equal(two.extensions[0].privacy_level, 'anonymous');
		for (const query of ['placements=nowhere', 'privacy=all', 'region=mars', 'privacy=public&privacy=public', 'placements=%ff']) {
			const bad = await http(`${world.toolUrl}/lti/canvas.json?${query}`);
			assert.equal(bad.status, 400, query);
			assert.ok(JSON.parse(bad.text).error.message, query);
		}
		const icon = await http(c.extensions[0].settings.icon_url);
		assert.deepEqual([icon.status, icon.headers['content-type']], [200, 'image/svg+xml']);
	});

	test('a guide for each product in each language, with the values filled in', async () => {
		for (const language of ['en', 'nb']) {
			const get = (path) => http(`${world.toolUrl}${path}`, { headers: { 'Accept-Language': language } });
			const all = await get('/connect');
			assert.equal(all.status, 200);
			const names = [...all.text.matchAll(/href="(\/connect\/\w+)"/g)].map(([, path]) => path);
			assert.equal(names.length, 9);
			for (const path of names) {
				const { status, text } = await get(path);
				assert.equal(status, 200, path);
				assert.doesNotMatch(text, />(guide|register)\.|[{}\x01]/, `${path} ${language}`);
				assert.ok((text.match(/<li>/g) ?? []).length >= 4, path);
				assert.ok(text.includes(world.toolUrl), path);
			}
			assert.equal((await get('/connect/nothing')).status, 404);
		}
	});
});
