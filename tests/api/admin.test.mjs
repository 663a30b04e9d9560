/* Administration of platforms: what an administrator sees and changes, and that nothing of
 * another school is among it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { admin, adminLink, openLink } from '../harness/admin.mjs';
import { CANVAS, http, MOODLE, sleep, startWorld, TENANT } from '../harness/index.mjs';

const OTHER = '018f0000-0000-7000-8000-0000000000ff', THEIRS = '018f0000-0000-7000-8000-0000000000fe';
let world, tor, stranger;

before(async () => {
	world = await startWorld();
	await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${OTHER}', 'Another school');
		INSERT INTO lti.registration (registration_id, tenant_id, name, issuer, client_id, auth_url, token_url, jwks_url)
		VALUES ('${THEIRS}', '${OTHER}', 'Secret platform', 'https://secret.example', 'secret', 'https://secret.example/a', 'https://secret.example/t', 'https://secret.example/k')`);
	await world.launch('ingrid-solheim');
	tor = await admin(world);
	stranger = await admin(world, { tenant: OTHER, name: 'Stranger' });
});
after(() => world?.stop());

const platform = async (id = CANVAS) => (await tor.get('/admin/platforms')).json.platforms.find((p) => p.id === id);
async function until(what, seconds = 20) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
		const found = await what();
		if (found)
			return found;
	}
	throw new Error(`never: ${what}`);
}

describe('the way in', () => {
	test('a link works once, and only by a button', async () => {
		const link = await adminLink(world);
		for (let i = 0; i < 2; i++) {
			const page = await http(link);
			assert.equal(page.status, 200);
			assert.equal(page.headers['set-cookie'], undefined);
		}
		assert.equal((await openLink(link)).status, 303);
		const again = await openLink(link);
		assert.equal(again.status, 410);
		assert.equal(again.headers['set-cookie'], undefined);
	});
	test('one that is too old, of another tenant or made up lets nobody in', async () => {
		const link = await adminLink(world);
		assert.equal((await openLink(link.replace(TENANT, OTHER))).status, 410);
		assert.equal((await openLink(link.slice(0, -4) + 'AAAA')).status, 410);
		assert.equal((await openLink(`${world.toolUrl}/admin/enter/${TENANT}/nonsense`)).status, 410);
		const session = link.split('/').at(-1).split('.')[0];
		await world.database.psql(`UPDATE ilp.session SET started_at = started_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes' WHERE session_id = '${session}'`);
		assert.equal((await openLink(link)).status, 410);
	});
	test('the home of an administrator holds nothing of a course', async () => {
		const home = await tor.home();
		assert.equal(home.viewer.admin, true);
		assert.equal(home.viewer.role, 'none');
		for (const part of ['course', 'participants', 'reviews', 'children'])
			assert.equal(part in home, false, part);
	});
});

describe('platforms', () => {
	test('are seen with their health, and only one\'s own', async () => {
		const all = (await tor.get('/admin/platforms')).json;
		assert.deepEqual(all.platforms.map((p) => p.id).sort(), [CANVAS, MOODLE].sort());
		assert.equal(all.ours.login, `${world.toolUrl}/lti/login`);
		assert.ok(all.profiles.some((p) => p.name === 'moodle' && p.settings.escaped_names === true));
		assert.deepEqual(all.settings.map((s) => s.name).sort(), Object.keys(all.profiles[0].settings).sort());
		assert.equal(all.keys.filter((k) => k.state === 'active').length, 1);
		const canvas = await until(async () => ((await platform()).today.launches ? platform() : null));
		assert.equal(canvas.counts.courses, 1);
		assert.equal(canvas.today.refused, 0);
		assert.equal(canvas.own, true);
		assert.ok(canvas.keys.at);
		assert.equal(JSON.stringify(all).includes('secret.example'), false);
		assert.equal(JSON.stringify((await stranger.get('/admin/platforms')).json).includes(CANVAS), false);
	});
	test('are added, changed, closed and opened again', async () => {
		const body = { name: 'Sakai', profile: 'sakai', issuer: 'https://sakai.example', clientId: 'c1', authUrl: 'https://sakai.example/auth',
			tokenUrl: 'https://sakai.example/token', jwksUrl: 'https://sakai.example/jwks', deployments: 'pending' };
		const made = await tor.post('/admin/platforms', body);
		assert.equal(made.status, 201);
		const { id } = made.json;
		const twice = await tor.post('/admin/platforms', body);
		assert.equal(twice.status, 409);
		assert.equal(twice.json.error.field, 'clientId');
		assert.equal((await tor.patch(`/admin/platforms/${id}`, { name: 'Sakai 2', settings: { skew_s: 120 } })).status, 204);
		let p = await platform(id);
		assert.equal(p.name, 'Sakai 2');
		assert.equal(p.issuer, body.issuer);
		assert.deepEqual(p.settings, { skew_s: 120 });
		assert.equal(p.effective.skew_s, 120);
		assert.equal((await tor.patch(`/admin/platforms/${id}`, { state: 'closed' })).status, 204);
		p = await platform(id);
		assert.equal(p.state, 'closed');
		assert.equal((await tor.patch(`/admin/platforms/${id}`, { state: 'active' })).status, 204);
	});
	test('what is wrong is named and changes nothing', async () => {
		const was = await platform();
		for (const [field, body] of [['authUrl', { authUrl: 'http://example.com/a' }], ['jwksUrl', { jwksUrl: 'ftp://x' }], ['jwksUrl', { jwksUrl: 'https://user@x.example/' }],
			['name', { name: '' }], ['name', { name: 7 }], ['issuer', { issuer: '' }], ['profile', { profile: 'nonsense' }], ['deployments', { deployments: 'maybe' }],
			['state', { state: 'pending' }], ['settings', { settings: { skew_s: 4000 } }], ['settings', { settings: { nonsense: 1 } }], ['settings', { settings: [] }],
			['settings', { settings: { algorithms: 'none' } }], ['settings', { settings: { algorithms: 'HS256' } }]]) {
			const r = await tor.patch(`/admin/platforms/${CANVAS}`, body);
			assert.equal(r.status, 422, JSON.stringify(body));
			assert.equal(r.json.error.field, field, JSON.stringify(body));
		}
		const now = await platform();
		for (const key of ['name', 'issuer', 'authUrl', 'jwksUrl', 'profile', 'deployments', 'state', 'settings'])
			assert.deepEqual(now[key], was[key]);
	});
	test('another school\'s are not there, whatever is asked of them', async () => {
		for (const [method, path, body] of [['PATCH', '', { name: 'Mine' }], ['POST', '/check', {}], ['GET', '/deployments'], ['PATCH', '/deployments', { deployment: '1', state: 'active' }],
			['GET', '/rules'], ['PUT', '/rules', { rules: [] }], ['POST', '/rules/preview', { rules: [] }]]) {
			const r = await tor.call(method, `/admin/platforms/${THEIRS}${path}`, body);
			assert.equal(r.status, 404, `${method} ${path}`);
			assert.equal(r.text.includes('secret'), false);
		}
	});
	test('a test looks at name, certificate, keys, token and clock', async () => {
		assert.equal((await tor.post(`/admin/platforms/${CANVAS}/check`, {})).status, 202);
		const p = await until(async () => { const now = await platform(); return now.check.at && !now.check.wantedAt ? now : null; }, 40);
		const what = Object.fromEntries(p.check.steps.map((s) => [s.what, s]));
		for (const name of ['dns', 'keys', 'token', 'roster', 'clock'])
			assert.equal(what[name]?.result, 'ok', `${name}: ${JSON.stringify(what[name])}`);
	});
});

describe('deployments', () => {
	test('a code takes over what waits, once', async () => {
		await world.database.psql(`INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url, deployments)
			VALUES ('018f0000-0000-7000-8000-0000000000b1', 'Blackboard', 'https://blackboard.com', 'all', 'https://b.example/a', 'https://b.example/k', 'pending');
			INSERT INTO lti.deployment (registration_id, deployment_id, state, claim_code) VALUES
			('018f0000-0000-7000-8000-0000000000b1', 'ours', 'pending', '7QM4P-K2XRT'), ('018f0000-0000-7000-8000-0000000000b1', 'theirs', 'pending', '00000-00000')`);
		for (const wrong of ['', '7QM4P-K2XRS', 'x'.repeat(41), '%', null])
			assert.equal((await tor.post('/admin/claim', { code: wrong })).status, 422, String(wrong));
		const taken = await tor.post('/admin/claim', { code: ' 7qm4p k2xrt ' });
		assert.deepEqual(taken.json, { kind: 'deployment', platform: '018f0000-0000-7000-8000-0000000000b1' });
		assert.equal((await stranger.post('/admin/claim', { code: '7QM4P-K2XRT' })).status, 422);
		const p = await platform('018f0000-0000-7000-8000-0000000000b1');
		assert.equal(p.own, false);
		assert.deepEqual(p.settings, {});
		assert.equal(p.counts.deployments, 1);
		const { deployments } = (await tor.get(`/admin/platforms/${p.id}/deployments`)).json;
		assert.deepEqual(deployments.map((d) => [d.id, d.state]), [['ours', 'active']]);
		assert.equal((await tor.patch(`/admin/platforms/${p.id}`, { name: 'Mine' })).status, 404);
		assert.equal((await tor.patch(`/admin/platforms/${p.id}/deployments`, { deployment: 'theirs', state: 'active' })).status, 404);
		assert.equal((await tor.patch(`/admin/platforms/${p.id}/deployments`, { deployment: 'ours', state: 'closed' })).status, 204);
		assert.equal(await world.database.value(`SELECT state FROM lti.deployment WHERE deployment_id = 'ours'`), 'closed');
		await world.database.psql(`DELETE FROM lti.deployment WHERE registration_id = '${p.id}'; DELETE FROM lti.registration WHERE registration_id = '${p.id}'`);
	});
	test('what waits at a platform that was closed is not taken over', async () => {
		const id = '018f0000-0000-7000-8000-0000000000b2';
		await world.database.psql(`INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url, state)
			VALUES ('${id}', 'Closed', 'https://closed.example', 'x', 'https://c.example/a', 'https://c.example/k', 'closed');
			INSERT INTO lti.deployment (registration_id, deployment_id, state, claim_code) VALUES ('${id}', '1', 'pending', '22222-22222')`);
		assert.equal((await tor.post('/admin/claim', { code: '22222-22222' })).status, 422);
		await world.database.psql(`UPDATE lti.registration SET claim_code = '33333-33333' WHERE registration_id = '${id}'`);
		assert.equal((await tor.post('/admin/claim', { code: '33333-33333' })).status, 422);
		assert.equal(await world.database.value(`SELECT r.state || d.state || coalesce(r.tenant_id, d.tenant_id)::text FROM lti.registration r JOIN lti.deployment d USING (registration_id) WHERE registration_id = '${id}'`), '');
		await world.database.psql(`UPDATE lti.registration SET state = 'pending' WHERE registration_id = '${id}'`);
		assert.equal((await tor.patch(`/admin/platforms/${id}`, { state: 'active' })).status, 404, 'nobody\'s yet');
		assert.deepEqual((await tor.post('/admin/claim', { code: '33333-33333' })).json, { kind: 'registration', platform: id });
		assert.equal((await platform(id)).state, 'active');
		assert.deepEqual((await tor.get(`/admin/platforms/${id}/deployments`)).json.deployments.map((d) => d.state), ['active']);
		await world.database.psql(`DELETE FROM lti.deployment WHERE registration_id = '${id}'; DELETE FROM lti.registration WHERE registration_id = '${id}'`);
	});
	/* One registration for both schools; only the deployments are theirs. */
	test('a platform of several schools shows each its own part', async () => {
		const id = '018f0000-0000-7000-8000-0000000000b3', course = (tenant, n) => `('${tenant}', '018f0000-0000-7000-8000-0000000000d${n}', '${id}', 'd${n}', 'c${n}', '${world.lmsUrl}/canvas/of/${n}', now())`;
		await world.database.psql(`INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url)
			VALUES ('${id}', 'For all', 'https://all.example', 'all', '${world.lmsUrl}/canvas/authorize', '${world.lmsUrl}/canvas/jwks');
			INSERT INTO lti.deployment (registration_id, deployment_id, state, tenant_id) VALUES ('${id}', 'd1', 'active', '${TENANT}'), ('${id}', 'd2', 'active', '${OTHER}');
			INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, context_id, roster_url, roster_at) VALUES ${course(TENANT, 1)}, ${course(OTHER, 2)};
			INSERT INTO lti.launch (launch_id, at, code, registration_id, tenant_id, verified, reason) VALUES
			('018f0000-0000-7000-8000-0000000000e1', now(), 'ours', '${id}', '${TENANT}', true, 'token_expired'),
			('018f0000-0000-7000-8000-0000000000e2', now(), 'theirs', '${id}', '${OTHER}', true, 'token_expired'),
			('018f0000-0000-7000-8000-0000000000e3', now(), 'nobodys', '${id}', NULL, false, 'state_invalid');
			SELECT pg_notify('registration', '')`);
		const seen = async (c) => (await c.get('/admin/platforms')).json.platforms.find((p) => p.id === id);
		for (const [c, code] of [[tor, 'ours'], [stranger, 'theirs']]) {
			const p = await seen(c);
			assert.deepEqual([p.own, p.counts.deployments, p.counts.courses, p.today.refused], [false, 1, 1, 1]);
			assert.deepEqual((await c.get(`/admin/launches?platform=${id}`)).json.launches.map((l) => l.code), [code]);
			assert.deepEqual((await c.get(`/admin/platforms/${id}/deployments`)).json.deployments.map((d) => d.id), [code === 'ours' ? 'd1' : 'd2']);
			assert.deepEqual((await c.get(`/admin/platforms/${id}/rules`)).json.rules, []);
			assert.equal((await c.put(`/admin/platforms/${id}/rules`, { rules: [{ kind: 'user', value: code, becomes: 'guardian' }] })).status, 204);
			assert.deepEqual((await c.get(`/admin/platforms/${id}/rules`)).json.rules.map((r) => r.value), [code]);
			assert.equal((await c.put(`/admin/platforms/${id}/rules`, { rules: [] })).status, 204);
		}
		assert.equal((await tor.get('/admin/launches/018f0000-0000-7000-8000-0000000000e2')).status, 404);
		assert.equal((await tor.get('/admin/launches?code=nobodys')).json.launches.length, 0);
		/* A test asks for a list of who wanted it, and is shown to them. */
		assert.equal((await tor.post(`/admin/platforms/${id}/check`, {})).status, 202);
		await until(async () => (await seen(tor)).check.at);
		assert.deepEqual((await seen(stranger)).check, { wantedAt: null, at: null, steps: [] });
		assert.equal((await stranger.post(`/admin/platforms/${id}/check`, {})).status, 202);
		await until(async () => (await seen(stranger)).check.at);
		assert.equal((await seen(tor)).check.steps.length, 0);
		await world.database.psql(`DELETE FROM lti.launch WHERE registration_id = '${id}'; DELETE FROM lti.health WHERE registration_id = '${id}'; DELETE FROM ilp.course WHERE registration_id = '${id}';
			DELETE FROM lti.deployment WHERE registration_id = '${id}'; DELETE FROM lti.registration WHERE registration_id = '${id}'`);
	});
	test('of one\'s own registration the waiting ones are accepted by hand', async () => {
		await world.database.psql(`INSERT INTO lti.deployment (registration_id, deployment_id, state, claim_code) VALUES ('${CANVAS}', 'new', 'pending', '11111-11111')`);
		assert.equal((await stranger.patch(`/admin/platforms/${CANVAS}/deployments`, { deployment: 'new', state: 'active' })).status, 404);
		assert.equal((await tor.patch(`/admin/platforms/${CANVAS}/deployments`, { deployment: 'new', state: 'active' })).status, 204);
		assert.equal(await world.database.value(`SELECT state || ' ' || tenant_id || coalesce(claim_code, '') FROM lti.deployment WHERE deployment_id = 'new'`), `active ${TENANT}`);
	});
	test('invitations are made, shown without their secret, and revoked by their school alone', async () => {
		const made = await tor.post('/admin/invitations', { note: 'For Canvas', days: 3 });
		assert.equal(made.status, 201);
		const secret = new URL(made.json.url).searchParams.get('invite');
		assert.ok(secret.length >= 43);
		const list = (await tor.get('/admin/platforms')).json.invitations;
		assert.equal(list[0].note, 'For Canvas');
		assert.equal(JSON.stringify(list).includes(secret), false);
		assert.equal((await world.database.value(`SELECT count(*) FROM lti.invitation WHERE secret_hash = '${secret}'`)), '0');
		assert.equal((await stranger.delete(`/admin/invitations/${made.json.id}`, {})).status, 404);
		assert.equal((await tor.delete(`/admin/invitations/${made.json.id}`, {})).status, 204);
		for (const days of [0, 31, 'x'])
			assert.equal((await tor.post('/admin/invitations', { days })).status, 422);
	});
});

describe('the launch log', () => {
	test('a launch taken in: who, as what and why, step by step, and nothing to sign in with', async () => {
		await world.launch('sofie-aasen-lund');
		const l = await until(async () => (await tor.get('/admin/launches?state=accepted')).json.launches.find((x) => x.role === 'student'));
		assert.equal(l.person.name, 'Sofie Aasen Lund');
		assert.equal(l.verified, true);
		assert.equal(l.rung, 'cookie');
		const { json: full, text } = await tor.get(`/admin/launches/${l.id}`);
		assert.ok(full.steps.length >= 5);
		assert.ok(full.steps.some((s) => s.name === 'signature'));
		assert.ok(Array.isArray(full.facts.roles));
		const [{ sub }] = await world.database.rows(`SELECT sub FROM ilp.identity WHERE person_id = '${l.person.id}'`);
		assert.equal(JSON.stringify(full.facts).includes(sub), false);
		assert.equal(/eyJ|@solbakken|Sofie/.test(JSON.stringify({ ...full, person: null })), false, text);
		assert.equal((await stranger.get(`/admin/launches/${l.id}`)).status, 404);
		assert.equal((await stranger.get('/admin/launches')).json.launches.length, 0);
	});
	test('a refusal: the rule that failed, found by the code of its page', async () => {
		const end = await world.browser().visit('ingrid-solheim', { overrides: { claims: { exp: 22222, iat: 11111 } } });
		const code = /Send the code ([0-9a-f]{8}) /.exec(end.text)[1];
		const l = await until(async () => (await tor.get(`/admin/launches?code=${code}`)).json.launches[0]);
		assert.equal(l.reason, 'token_expired');
		assert.equal(l.person, null);
		const full = (await tor.get(`/admin/launches/${l.id}`)).json;
		assert.ok(full.mend.length > 20 && full.words.length > 20);
		assert.equal((await tor.get('/admin/launches?state=refused')).json.launches.every((x) => x.reason), true);
		assert.equal((await platform()).today.lastReason, 'token_expired');
	});
	test('strangers fill neither table nor memory', async () => {
		const was = Number(await world.database.value('SELECT count(*) FROM lti.launch'));
		await Promise.all(Array.from({ length: 300 }, () => http(`${world.toolUrl}/lti/launch`, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'state=x&id_token=y' })));
		await sleep(2500);
		const now = Number(await world.database.value('SELECT count(*) FROM lti.launch'));
		assert.ok(now - was <= 80, `${now - was} rows`);
	});
	test('goes back page by page, each launch once, the newest first', async () => {
		await world.database.psql(`INSERT INTO lti.launch (launch_id, at, code, registration_id, tenant_id, verified, reason)
			SELECT gen_random_uuid(), '2026-11-01'::timestamptz + (i / 4) * interval '1 second', 'pages', '${CANVAS}', CASE WHEN i % 2 = 0 THEN '${TENANT}'::uuid END, i % 2 = 0, 'token_expired' FROM generate_series(1, 130) i;
			INSERT INTO lti.launch (launch_id, at, code, registration_id, verified, reason) SELECT gen_random_uuid(), '2026-11-01', 'pages', '${THEIRS}', false, 'state_invalid' FROM generate_series(1, 60)`);
		const all = [];
		for (let next = ''; next !== undefined;) {
			const page = (await tor.get(`/admin/launches?code=pages${next && `&before=${next}`}`)).json;
			assert.ok(page.launches.length <= 50);
			all.push(...page.launches);
			({ next } = page);
		}
		assert.equal(all.length, 130);
		assert.equal(new Set(all.map((l) => l.id)).size, 130);
		assert.deepEqual(all.map((l) => l.at), all.map((l) => l.at).sort().reverse());
		assert.ok(all.every((l) => l.platform === CANVAS));
		assert.deepEqual((await tor.get(`/admin/launches?before=${OTHER}`)).json.launches, []);
		assert.equal((await stranger.get('/admin/launches?code=pages')).json.launches.length, 50);
	});
	test('a nonsensical question is refused', async () => {
		for (const q of ['platform=1', 'before=x', 'state=all'])
			assert.equal((await tor.get(`/admin/launches?${q}`)).status, 422, q);
		assert.deepEqual((await tor.get(`/admin/launches?code=${encodeURIComponent("' OR 1=1")}`)).json.launches, []);
	});
});

describe('role rules', () => {
	const rules = (sub) => [{ kind: 'user', name: '', value: sub, becomes: 'guardian', note: 'Moodle has no parents' }];
	test('are tried on recent launches, kept, and hold from then on', async () => {
		await world.launch('maja-rosenlund');
		const sub = await world.database.value(`SELECT i.sub FROM ilp.identity i JOIN ilp.person p USING (tenant_id, person_id) WHERE p.name = 'Maja Rosenlund'`);
		await until(async () => (await tor.get(`/admin/launches?platform=${CANVAS}&state=accepted`)).json.launches.length >= 3);
		const path = `/admin/platforms/${CANVAS}/rules`;
		const preview = (await tor.post(`${path}/preview`, { rules: rules(sub) })).json.launches;
		const changed = preview.filter((l) => l.was !== l.becomes);
		assert.ok(changed.length >= 1);
		assert.ok(changed.every((l) => l.becomes === 'guardian' && l.why.startsWith('rule ')));
		assert.equal((await tor.put(path, { rules: rules(sub) })).status, 204);
		assert.deepEqual((await tor.get(path)).json.rules.map(({ id, ...r }) => r), rules(sub));
		const launched = await world.launch('maja-rosenlund');
		assert.equal((await launched.home()).viewer.role, 'guardian');
		assert.equal((await tor.put(path, { rules: [] })).status, 204);
		assert.equal((await (await world.launch('maja-rosenlund')).home()).viewer.role, 'student');
	});
	test('a school with a deployment of a shared platform has rules of its own there', async () => {
		const shared = '018f0000-0000-7000-8000-0000000000b7', path = `/admin/platforms/${shared}/rules`;
		await world.database.psql(`INSERT INTO lti.registration (registration_id, name, issuer, client_id, auth_url, jwks_url, settings)
			VALUES ('${shared}', 'Shared', 'https://shared.example', 'all', 'https://s.example/a', 'https://s.example/k', '{"trusted": "kind"}');
			INSERT INTO lti.deployment (registration_id, deployment_id, state, tenant_id) VALUES ('${shared}', 'ours', 'active', '${TENANT}')`);
		const rule = [{ kind: 'custom', name: 'kind', value: 'parent', becomes: 'guardian', note: '' }];
		assert.equal((await stranger.get(path)).status, 404);
		assert.equal((await stranger.put(path, { rules: rule })).status, 404);
		assert.equal((await tor.put(path, { rules: rule })).status, 204);
		assert.equal((await tor.get(path)).json.trusted, 'kind');
		await world.database.psql(`UPDATE lti.deployment SET tenant_id = '${OTHER}' WHERE registration_id = '${shared}'`);
		assert.equal((await tor.get(path)).status, 404);
		assert.deepEqual((await stranger.get(path)).json.rules, []);
		await world.database.psql(`DELETE FROM ilp.role_rule WHERE registration_id = '${shared}'; DELETE FROM lti.deployment WHERE registration_id = '${shared}'; DELETE FROM lti.registration WHERE registration_id = '${shared}'`);
	});
	test('what no rule may be is refused with the field\'s name', async () => {
		for (const [field, rule] of [['kind', { kind: 'x', value: 'a', becomes: 'student' }], ['value', { kind: 'user', value: '', becomes: 'student' }], ['value', { kind: 'user', value: 'a'.repeat(256), becomes: 'student' }],
			['becomes', { kind: 'user', value: 'a', becomes: 'admin' }], ['name', { kind: 'custom', name: 'anything', value: 'a', becomes: 'teacher' }], ['note', { kind: 'user', value: 'a', becomes: 'student', note: 'n'.repeat(201) }]]) {
			const r = await tor.put(`/admin/platforms/${CANVAS}/rules`, { rules: [rule] });
			assert.equal(r.status, 422);
			assert.equal(r.json.error.field, field);
		}
		assert.equal((await tor.put(`/admin/platforms/${CANVAS}/rules`, { rules: Array(501).fill({ kind: 'user', value: 'a', becomes: 'student' }) })).status, 422);
	});
});

describe('relations', () => {
	test('a block takes effect at once and no launch lifts it', async () => {
		await world.visitAll();
		const teacher = await world.launch('ingrid-solheim');
		await world.rosterDone(teacher);
		const marte = await world.launch('marte-aasen');
		assert.equal((await marte.home()).children.length, 1);
		const { relations } = (await tor.get('/relations?q=marte')).json;
		const r = relations.find((x) => x.student.name === 'Sofie Aasen Lund');
		assert.equal(r.state, 'active');
		const path = `/relations/${r.student.id}/${r.guardian.id}`;
		assert.equal((await tor.patch(path, { state: 'blocked', note: 'By court order' })).status, 204);
		assert.equal((await marte.home()).children.length, 0);
		assert.equal((await (await world.launch('marte-aasen')).home()).children.length, 0);
		const seen = (await teacher.get('/relations')).json.relations.find((x) => x.guardian.id === r.guardian.id);
		assert.equal(seen.state, 'blocked');
		assert.equal(seen.note, '');
		assert.equal((await teacher.patch(path, { state: 'active' })).status, 404);
		assert.equal((await stranger.patch(path, { state: 'active' })).status, 404);
		assert.equal((await tor.patch(path, { state: 'active' })).status, 204);
		assert.equal((await marte.home()).children.length, 1);
	});
	test('a block may come before any link', async () => {
		const [student, guardian] = (await world.database.rows(`SELECT p.person_id FROM ilp.person p WHERE p.name IN ('Maja Rosenlund', 'Petter Holm') ORDER BY p.name`)).map((r) => r.person_id);
		assert.equal((await tor.patch(`/relations/${student}/${guardian}`, { state: 'blocked', note: '' })).status, 204);
		assert.equal((await tor.patch(`/relations/${student}/${guardian}`, { state: 'active', note: '' })).status, 204);
		assert.equal(await world.database.value(`SELECT state FROM ilp.guardian_link WHERE student_id = '${student}' AND guardian_id = '${guardian}'`), 'ended');
		assert.equal((await tor.patch(`/relations/${student}/${student}`, { state: 'blocked' })).status, 404);
		assert.equal((await tor.patch(`/relations/${OTHER}/${guardian}`, { state: 'blocked' })).status, 404);
		assert.equal((await tor.patch(`/relations/${student}/${guardian}`, { state: 'maybe' })).status, 422);
	});
});

describe('administrators of the platform', () => {
	test('administer here only where the registration says so, and no longer than it does', async () => {
		const more = { platform: 'canvas', course: 'english-8b', overrides: { claims: { sub: `boss-${randomBytes(4).toString('hex')}`, 'C/roles': ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator'] } } };
		let boss = await world.launch('ada-fossum', more);
		assert.equal((await boss.home()).viewer.admin, undefined);
		assert.equal((await boss.get('/admin/platforms')).status, 404);
		const was = (await platform()).settings;
		assert.equal((await tor.patch(`/admin/platforms/${CANVAS}`, { settings: { ...was, administrators: true } })).status, 204);
		await sleep(300);
		boss = await world.launch('ada-fossum', more);
		assert.equal((await boss.home()).viewer.admin, true);
		assert.equal((await boss.get('/admin/platforms')).status, 200);
		const teacher = await world.launch('ingrid-solheim');
		assert.equal((await teacher.get('/admin/platforms')).status, 404);
		assert.equal((await tor.patch(`/admin/platforms/${CANVAS}`, { settings: was })).status, 204);
		assert.equal((await boss.get('/admin/platforms')).status, 401);
	});
});
