/* Attacks on login and launch (lti.md 2.4) that have a target here. Each refused one
 * leaves no session, no person and no row; see harness/refused.mjs. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Client, addPlatform, form, http, startWorld } from '../harness/index.mjs';
import { assertRefusal, assertRefused } from '../harness/refused.mjs';

const CTX = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
let world;
before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' } }); });
after(() => world?.stop());

const refused = (name, overrides, reason, more = {}) => test(name, () => assertRefused(world, { overrides, reason, ...more }));
const sessions = async () => Number(await world.database.value('SELECT count(*) FROM ilp.session'));

describe('signatures', () => {
	for (const alg of ['none', 'None', 'NONE', 'nOnE'])
		refused(`alg ${alg}`, { sign: 'none', header: { alg } }, ['token_alg', 'token_malformed']);
	refused('HS256 with the public key as secret', { sign: 'hs256' }, 'token_alg');
	refused('ES256', { sign: 'es256' }, 'token_alg');
	refused('a signature of zeros', { sign: 'zero' }, 'token_alg');
	refused('an ES256 signature called RS256', { sign: 'es256', header: { alg: 'RS256' } }, 'token_signature');
	refused('one bit flipped', { sign: 'bitflip' }, 'token_signature');
	refused('another key under the good kid', { sign: 'otherkey' }, 'token_signature');
	refused('alg that is no text', { header: { alg: ['RS256'] } }, ['token_alg', 'token_malformed']);
	refused('a published key of 1024 bits', { sign: 'weak' }, ['token_key_unknown', 'token_signature', 'token_alg']);

	test('a published key of 1024 bits, after the set was read again', async () => {
		await world.hook('service/jwks', { platform: 'moodle', mode: 'publish_weak' });
		await assertRefused(world, { user: 'kari-nordli', overrides: { sign: 'weak' }, reason: ['token_key_unknown', 'token_signature', 'token_alg'] });
	});
	test('the second published key is as good as the first', async () => {
		await world.launch('ingrid-solheim', { overrides: { sign: 'second' } });
	});
});

describe('keys from elsewhere', () => {
	let server, hits = 0, url;
	before(async () => {
		server = createServer((req, res) => { hits += 1; res.end('{"keys":[]}'); });
		await new Promise((r) => { server.listen(0, '127.0.0.1', r); });
		url = `http://127.0.0.1:${server.address().port}/keys`;
	});
	after(() => server.close());

	refused('a key in the header', { sign: 'embedded' }, ['token_signature', 'token_key_unknown']);
	for (const name of ['jku', 'x5u'])
		test(`${name} is never fetched`, async () => {
			const browser = world.browser();
			const end = await browser.visit('ingrid-solheim', { overrides: { header: { [name]: url } } });
			assert.ok([303, 400, 403].includes(end.status));
			await assertRefused(world, { overrides: { sign: 'otherkey', header: { [name]: url, kid: 'theirs' } }, reason: 'token_key_unknown' });
			assert.equal(hits, 0);
		});
	refused('x5c', { sign: 'otherkey', header: { x5c: ['MIIB'] } }, 'token_signature');
	for (const kid of ['../../etc/passwd', "' OR '1'='1", 'a'.repeat(5000), '\u0000', '{"kid":1}', '%00'])
		refused(`kid ${JSON.stringify(kid.slice(0, 20))}`, { header: { kid } }, ['token_key_unknown', 'token_malformed', 'token_kid_missing']);
	refused('kid that is a number', { header: { kid: 1 } }, ['token_kid_missing', 'token_malformed']);
});

describe('the shape of a token', () => {
	refused('a member twice in the payload', { append: '"sub":"somebody-else"' }, 'token_malformed');
	refused('a role twice in the payload', { append: '"https://purl.imsglobal.org/spec/lti/claim/roles":["Instructor"]' }, 'token_malformed');
	refused('a member twice in the header', { header_append: '"alg":"none"' }, 'token_malformed');
	refused('an extension we must understand', { header: { crit: ['exp'], exp: 1 } }, ['token_malformed', 'token_alg']);
	refused('nested too deeply', { append: `"x":${'['.repeat(1000)}${']'.repeat(1000)}` }, 'token_malformed');
	refused('a huge token', { claims: { x: 'y'.repeat(150_000) } }, 'token_malformed');
	refused('no token at all', { fields: { id_token: null } }, 'token_missing');
	refused('an empty token', { fields: { id_token: '' } }, 'token_missing');
	for (const text of ['a', 'a.b', 'a.b.c', '..', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0.e30.', ' '.repeat(10), 'é.é.é'])
		refused(`the text ${JSON.stringify(text)}`, { id_token: text }, ['token_malformed', 'token_alg', 'token_missing']);
	refused('a payload that is an array', { replace: [] }, ['token_malformed', 'token_issuer']);

	test('a body above the limit is not read', async () => {
		const before = await world.database.counts();
		const r = await form(`${world.toolUrl}/lti/launch`, { id_token: 'x'.repeat(300_000), state: 'x' });
		assert.equal(r.status, 413);
		assert.deepEqual(await world.database.counts(), before);
	});
});

describe('claims', () => {
	const canvas = '10000000000123';
	refused('another issuer', { claims: { iss: 'https://evil.example' } }, 'token_issuer');
	test('the issuer with a slash behind it', () => assertRefused(world, { overrides: { claims: { iss: `${world.lmsUrl}/canvas/` } }, reason: 'token_issuer' }));
	refused('for another client', { claims: { aud: 'someone-else' } }, 'token_audience');
	refused('for another client too', { claims: { aud: [canvas, 'someone-else'] } }, 'token_audience');
	refused('two audiences and no azp', { claims: { aud: [canvas, canvas], azp: null } }, 'token_audience');
	refused('an empty list of audiences', { claims: { aud: [] } }, 'token_audience');
	refused('an audience that is a number', { claims: { aud: Number(canvas) } }, 'token_audience');
	refused('azp is somebody else', { claims: { azp: 'someone-else' } }, 'token_audience');
	test('one audience in a list', () => world.launch('ingrid-solheim', { overrides: { claims: { aud: [canvas], azp: null } } }));
	refused('no exp', { claims: { exp: null } }, 'token_time');
	refused('exp as text', { claims: { exp: '9999999999' } }, 'token_time');
	refused('exp beyond all numbers', { append: '"exp2":1e400' }, 'token_malformed');
	refused('expired an hour ago', { times: { exp: -3600, iat: -7200 } }, ['token_expired', 'token_too_old']);
	refused('issued tomorrow', { times: { iat: 86400, exp: 90000 } }, 'token_from_future');
	refused('issued yesterday', { times: { iat: -86400, exp: 3600 } }, 'token_too_old');
	refused('not before tomorrow', { times: { nbf: 86400 } }, 'token_from_future');
	refused('no nonce', { claims: { nonce: null } }, 'token_nonce');
	refused('a nonce of its own', { claims: { nonce: 'mine' } }, 'token_nonce');
	refused('another message', { claims: { 'C/message_type': 'LtiEulaRequest' } }, 'message_type_unsupported');
	refused('no target', { claims: { 'C/target_link_uri': null } }, 'target_missing');
	refused('roles as text', { claims: { 'C/roles': 'Instructor' } }, 'roles_missing');
	refused('a sub of 256 characters', { claims: { sub: 'x'.repeat(256) } }, 'claim_malformed');
	refused('a sub beyond ASCII', { claims: { sub: 'sofié' } }, 'claim_malformed');
	refused('a sub that is a number', { claims: { sub: 17 } }, ['claim_malformed', 'subject_missing']);
	refused('another deployment than the login named', { claims: { 'C/deployment_id': 'other' } }, 'deployment_mismatch');
	refused('NUL in a name', { append: '"x":"a\\u0000b"' }, 'token_malformed');
});

describe('replay and binding', () => {
	test('the same launch twice makes one session', async () => {
		const browser = world.browser();
		const { fields } = await browser.upToLaunch('ingrid-solheim');
		const kept = { ...browser.jar };
		const n = await sessions();
		assert.equal((await browser.launch(fields)).status, 303);
		assert.equal(await sessions(), n + 1);
		browser.jar = kept;
		const before = await world.database.counts();
		const logFrom = world.tool.log.length;
		const again = await browser.launch(fields);
		await assertRefusal(world, { response: again, reason: 'nonce_used', before, logFrom, secrets: [fields.id_token] });
	});

	test('the same launch twenty times at once makes one session', async () => {
		const browser = world.browser();
		const { fields } = await browser.upToLaunch('ingrid-solheim');
		const jar = { ...browser.jar };
		const n = await sessions();
		const all = await Promise.all(Array.from({ length: 20 }, () => world.browser({ ...jar }).launch(fields)));
		assert.deepEqual(all.map((r) => r.status).sort(), [303, ...Array(19).fill(403)]);
		assert.equal(await sessions(), n + 1);
	});

	test('a token with the state of another login', async () => {
		const browser = world.browser();
		const a = await browser.upToLaunch('ingrid-solheim');
		const b = await browser.upToLaunch('kari-nilsen');
		const before = await world.database.counts();
		const logFrom = world.tool.log.length;
		const r = await browser.launch({ ...a.fields, state: b.fields.state });
		await assertRefusal(world, { response: r, reason: 'token_nonce', before, logFrom });
	});

	test('a token of the other platform with a state of this one', async () => {
		const browser = world.browser();
		const canvas = await browser.upToLaunch('ingrid-solheim');
		const moodle = await browser.upToLaunch('kari-nordli');
		const r = await browser.launch({ ...moodle.fields, state: canvas.fields.state });
		assert.ok(r.status >= 400 && r.status < 500);
		assert.match(r.text, /<dd>(token_key_unknown|token_issuer)<\/dd>/);
	});

	test('in another browser: no cookie', async () => {
		const { fields } = await world.browser().upToLaunch('ingrid-solheim');
		const before = await world.database.counts();
		const logFrom = world.tool.log.length;
		const r = await world.browser().launch(fields);
		await assertRefusal(world, { response: r, reason: 'browser_cookie_missing', before, logFrom, secrets: [fields.id_token, fields.state] });
	});

	test('in another browser: the cookie of another login', async () => {
		const attacker = world.browser();
		const { fields } = await attacker.upToLaunch('ingrid-solheim');
		const name = Object.keys(attacker.jar).find((n) => n.startsWith('__Host-ilpd-state-'));
		const r = await world.browser({ [name]: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }).launch(fields);
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>browser_mismatch<\/dd>/);
	});

	for (const [name, bend] of [
		['missing', () => null], ['empty', () => ''], ['made up', () => 'x'.repeat(200)], ['one character altered', (s) => `${s.slice(0, 40)}${s[40] === 'A' ? 'B' : 'A'}${s.slice(41)}`],
		['very long', () => 'A'.repeat(10_000)],
	])
		test(`a state that is ${name}`, async () => {
			const browser = world.browser();
			const { fields } = await browser.upToLaunch('ingrid-solheim');
			const before = await world.database.counts();
			const logFrom = world.tool.log.length;
			const state = bend(fields.state);
			const { state: _, ...rest } = fields;
			const r = await browser.launch(state === null ? rest : { ...rest, state });
			await assertRefusal(world, { response: r, reason: ['state_missing', 'state_invalid'], before, logFrom, secrets: [fields.id_token] });
		});

	test('a launch that is reloaded gets a page that says what to do', async () => {
		const r = await http(`${world.toolUrl}/lti/launch`);
		assert.equal(r.status, 200);
		assert.match(r.headers['content-type'], /text\/html/);
	});

	test('two courses in one browser stay two', async () => {
		const browser = world.browser();
		const a = await world.launchIn(browser, 'ingrid-solheim');
		const b = await world.launchIn(browser, 'kari-nordli');
		const jar = browser.jar;
		const one = await new Client(world.toolUrl, a.client.sid, jar).home();
		const two = await new Client(world.toolUrl, b.client.sid, jar).home();
		assert.equal(one.viewer.name, 'Ingrid Solheim');
		assert.equal(two.viewer.name, 'Kari Nordli');
		assert.notEqual(one.course.id, two.course.id);
	});

	test('a session cookie under another session\'s name is worth nothing', async () => {
		const a = await world.launch('ingrid-solheim');
		const b = await world.launch('sofie-aasen-lund');
		const stolen = new Client(world.toolUrl, a.sid, { [`__Host-ilpd-${a.sid}`]: b.cookies[`__Host-ilpd-${b.sid}`] });
		assert.equal((await stolen.get('/home')).status, 401);
		const bent = a.cookies[`__Host-ilpd-${a.sid}`];
		const flipped = new Client(world.toolUrl, a.sid, { [`__Host-ilpd-${a.sid}`]: `${bent.slice(0, 20)}${bent[20] === 'A' ? 'B' : 'A'}${bent.slice(21)}` });
		assert.equal((await flipped.get('/home')).status, 401);
	});
});

describe('parameters', () => {
	const login = async (pairs, { method = 'POST', query = '' } = {}) => {
		const browser = world.browser({ '__Host-ilpd-probe': '1' });
		return method === 'POST' ? form(`${world.toolUrl}/lti/login${query}`, pairs, browser.cookies())
			: http(`${world.toolUrl}/lti/login?${new URLSearchParams(pairs)}`, { headers: browser.cookies() });
	};
	const good = async (user = 'ingrid-solheim') => Object.entries((await world.browser().initiation(user)).params);
	const without = (pairs, ...names) => pairs.filter(([n]) => !names.includes(n));

	test('login by GET and by POST lead to the platform', async () => {
		for (const method of ['GET', 'POST']) {
			const r = await login(await good(), { method });
			assert.equal(r.status, 302);
			assert.ok(r.headers.location.startsWith(`${world.lmsUrl}/canvas/authorize?`));
			assert.equal(r.headers['cache-control'], 'no-store');
			const cookie = r.headers['set-cookie'].find((c) => c.startsWith('__Host-ilpd-state-'));
			for (const word of ['Secure', 'HttpOnly', 'SameSite=None', 'Partitioned', 'Path=/'])
				assert.ok(cookie.includes(word), `${word} is missing in ${cookie}`);
			assert.doesNotMatch(cookie, /Domain/i);
		}
	});
	test('a login writes nothing', async () => {
		const before = await world.database.counts();
		for (let i = 0; i < 20; i++)
			await login(await good());
		assert.deepEqual(await world.database.counts(), before);
	});
	for (const name of ['iss', 'client_id', 'login_hint', 'lti_message_hint', 'deployment_id', 'target_link_uri'])
		test(`${name} twice in a login`, async () => {
			const r = await login([...await good(), [name, 'x']]);
			assert.equal(r.status, 400);
			assert.match(r.text, /<dd>parameter_repeated<\/dd>/);
		});
	test('iss in the query and in the body', async () => {
		const r = await login(await good(), { query: '?iss=http%3A%2F%2Fevil.example' });
		assert.equal(r.status, 400);
	});
	for (const name of ['id_token', 'state', 'error'])
		test(`${name} twice in a launch`, async () => {
			const browser = world.browser();
			const { fields } = await browser.upToLaunch('ingrid-solheim');
			const before = await world.database.counts();
			const logFrom = world.tool.log.length;
			const r = await browser.launch([...Object.entries(fields), [name, 'x'], [name, 'y']]);
			await assertRefusal(world, { response: r, reason: 'parameter_repeated', before, logFrom, secrets: [fields.id_token] });
		});
	for (const name of ['iss', 'login_hint'])
		test(`a login without ${name}`, async () => {
			const r = await login(without(await good(), name));
			assert.equal(r.status, 400);
			assert.match(r.text, /<dd>login_incomplete<\/dd>/);
		});
	test('an unknown issuer', async () => {
		const pairs = (await good()).map(([n, v]) => [n, n === 'iss' ? 'https://unknown.example' : v]);
		const r = await login(pairs);
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>platform_unknown<\/dd>/);
	});
	test('a known issuer and an unknown client', async () => {
		const r = await login((await good()).map(([n, v]) => [n, n === 'client_id' ? 'nobody' : v]));
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>client_unknown<\/dd>/);
	});
	test('without client_id, where the issuer has one registration', async () => {
		assert.equal((await login(without(await good(), 'client_id'))).status, 302);
	});
	test('without client_id and deployment, where the issuer has two', async () => {
		const p = { profile: 'canvas', issuer: `${world.lmsUrl}/canvas`, auth: `${world.lmsUrl}/canvas/authorize`, token: `${world.lmsUrl}/canvas/token`, jwks: `${world.lmsUrl}/canvas/jwks` };
		await addPlatform(world.settings, { ...p, id: '018f0000-0000-7000-8000-0000000000c2', name: 'Second', clientId: 'second' });
		let r;
		for (let i = 0; i < 50; i++) {
			r = await login(without(await good(), 'client_id', 'deployment_id', 'lti_deployment_id'));
			if (r.status !== 302)
				break;
			await new Promise((done) => { setTimeout(done, 100); });
		}
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>platform_ambiguous<\/dd>/);
		assert.equal((await login(await good())).status, 302, 'with client_id it still is clear');
	});
	test('other people\'s cookies do not grow without end', async () => {
		const browser = world.browser();
		for (let i = 0; i < 15; i++)
			await browser.login(await browser.initiation('ingrid-solheim'));
		assert.ok(Object.keys(browser.jar).filter((n) => n.startsWith('__Host-ilpd-state-')).length <= 8);
	});
});

describe('where a launch leads', () => {
	for (const target of ['https://evil.example/', '//evil.example/', '\\\\evil.example', 'javascript:alert(1)', 'http://127.0.0.1@evil.example/', 'http://127.0.0.1:1/', '/\\evil.example',
		'http://evil.example#@127.0.0.1/', 'data:text/html,x', 'http://127.0.0.1%2eevil.example/', '\thttps://evil.example', 'https:evil.example', '///evil.example'])
		test(JSON.stringify(target), async () => {
			const browser = world.browser();
			const start = await browser.initiation('ingrid-solheim', { overrides: { claims: { 'C/target_link_uri': target } } });
			start.params.target_link_uri = target;
			const to = await browser.login(start);
			if (to.status !== 302) {
				assert.ok(to.status >= 400 && to.status < 500);
				return;
			}
			assert.ok(to.headers.location.startsWith(world.lmsUrl));
			const { fields } = await browser.authorize(to.headers.location);
			const r = await browser.launch(fields);
			if (r.status === 303)
				assert.match(r.headers.location, /^\/app\/[0-9a-f]{8}\/$/);
			else
				assert.ok(r.status >= 400 && r.status < 500);
		});
});

describe('texts from others', () => {
	const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

	test('error_description is not shown as markup', async () => {
		const browser = world.browser();
		const { fields } = await browser.upToLaunch('ingrid-solheim', { overrides: { fields: { id_token: null, error: 'login_required', error_description: evil } } });
		const r = await browser.launch(fields);
		assert.ok(r.status >= 400);
		assert.doesNotMatch(r.text, /<script>alert|<img src=x/);
		assert.match(r.text, /<dd>platform_login_required<\/dd>/);
	});
	for (const [error, reason] of [['login_required', 'platform_login_required'], ['unauthorized_client', 'platform_unauthorized_client'], ['access_denied', 'platform_access_denied'],
		['invalid_request_object', 'platform_invalid_request'], ['server_error', 'platform_server_error'], ['launch_no_longer_valid', 'platform_launch_expired'], [evil, 'platform_error']])
		test(`the platform answers ${error.slice(0, 30)}`, async () => {
			const browser = world.browser();
			const { fields } = await browser.upToLaunch('ingrid-solheim', { overrides: { fields: { id_token: null, error } } });
			const before = await world.database.counts();
			const logFrom = world.tool.log.length;
			const r = await browser.launch(fields);
			await assertRefusal(world, { response: r, reason, before, logFrom, status: r.status });
			assert.ok([400, 403, 502].includes(r.status));
			assert.doesNotMatch(r.text, /<script>alert/);
		});
	test('the page that opens a window shows hidden fields escaped', async () => {
		const browser = world.browser();
		const start = await browser.initiation('ingrid-solheim');
		start.params.login_hint = evil;
		start.params[evil] = 'x';
		const jar = browser.jar;
		browser.cookies = () => ({});
		const r = await browser.login(start);
		browser.jar = jar;
		assert.equal(r.status, 200);
		assert.match(r.text, /target="_blank"/);
		assert.match(r.text, /&lt;script&gt;alert/);
		assert.doesNotMatch(r.text, /<script>alert|<img src=x/);
	});
	test('names and titles come as data, never as a page', async () => {
		const ingrid = await world.launch('ingrid-solheim', { overrides: { claims: { sub: 'evil-teacher', name: evil, 'C/context': { title: evil, label: evil, id: 'evil-course' } } } });
		const r = await ingrid.get('/home');
		assert.match(r.headers['content-type'], /^application\/json/);
		assert.equal(r.headers['x-content-type-options'], 'nosniff');
		assert.equal(r.json.viewer.name, evil);
		assert.equal(r.json.course.title, evil);
		const shell = await http(`${world.toolUrl}/app/${ingrid.sid}/`, { headers: world.browser(ingrid.cookies).cookies() });
		assert.doesNotMatch(shell.text, /alert\(1\)/);
	});
	test('a path that holds markup', async () => {
		const r = await http(`${world.toolUrl}/${encodeURIComponent(evil)}`);
		assert.equal(r.status, 404);
		assert.doesNotMatch(r.text, /<script>alert|<img src=x/);
	});
	test('a name with line ends and controls cannot write into the log', async () => {
		await world.launch('ingrid-solheim', { overrides: { claims: { sub: 'log-writer', name: 'a\nlevel=error event=forged', given_name: 'x\r\ny', 'C/context': { title: 'c\nlevel=error event=forged' } } } });
		assert.equal(world.tool.lines('event=forged').length, 0);
	});
});

describe('roles are read whole', () => {
	let n = 0;
	for (const [roles, expected] of [
		[[`${CTX}/Learner#Instructor`], 'student'], [[`${CTX}/Learner#NonCreditLearner`], 'student'],
		[['http://evil.example/membership#Instructor'], 'none'], [[`${CTX}#Instructor2`], 'none'], [[`${CTX}#instructor`], 'none'], [['INSTRUCTOR'], 'none'],
		[[' Instructor'], 'none'], [[`x${CTX}#Instructor`], 'none'], [[`${CTX}#Instructor `], 'none'], [[`${CTX}#Learner`, 'NotInstructor'], 'student'],
		[['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor'], 'none'],
		[['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator', 'http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin'], 'none'],
		[[`${CTX}#Mentor`], 'guardian'], [[`${CTX}/Mentor#Tutor`], 'mentor'], [[`${CTX}/Mentor#Auditor`], 'none'],
		[[`${CTX}/Instructor#TeachingAssistant`], 'teacher'], [['urn:lti:role:ims/lis/Instructor'], 'teacher'], [['urn:lti:role:ims/lis/Learner/Instructor'], 'student'],
		[['Instructor', 'Mentor'], 'teacher'], [['Learner', 'Mentor'], 'guardian'], [[null, 17, {}, ['Instructor']], 'none'],
	])
		test(`${JSON.stringify(roles)} is ${expected}`, async () => {
			n += 1;
			const who = await world.launch('ingrid-solheim', { overrides: { claims: { sub: `role-${n}`, 'C/roles': roles, 'C/role_scope_mentor': null, 'C/custom': null } } });
			assert.equal((await who.home()).viewer.role, expected);
		});
});

describe('forged relations', () => {
	const links = (sub) => world.database.rows(`SELECT l.* FROM ilp.guardian_link l JOIN ilp.identity i ON i.tenant_id = l.tenant_id AND i.person_id = l.guardian_id WHERE i.sub = '${sub}'`);
	const claims = (sub) => world.database.rows(`SELECT g.* FROM ilp.guardian_claim g JOIN ilp.identity i ON i.tenant_id = g.tenant_id AND i.person_id = g.guardian_id WHERE i.sub = '${sub}'`);
	const subOf = async (key) => (await (await fetch(`${world.lmsUrl}/test/school`)).json()).platforms.flatMap((p) => p.courses).flatMap((c) => c.people).find((p) => p.key === key).sub;

	test('custom.observees counts for nothing where the registration does not name it', async () => {
		const child = await subOf('bjorn-tangen');
		await world.launch('bjorn-tangen');
		const p = await world.launch('ragnhild-tangen', { overrides: { claims: { sub: 'forger-1', 'C/roles': ['Mentor'], 'C/role_scope_mentor': null, 'C/custom': { observees: child } } } });
		assert.deepEqual((await p.home()).children, []);
		assert.deepEqual(await links('forger-1'), []);
	});
	test('a student who says so is nobody\'s guardian', async () => {
		const child = await subOf('sofie-aasen-lund');
		await world.launch('sofie-aasen-lund');
		const p = await world.launch('maja-rosenlund', { overrides: { claims: { sub: 'forger-2', 'C/role_scope_mentor': [child], 'C/custom': { observees: child } } } });
		const home = await p.home();
		assert.equal(home.viewer.role, 'student');
		assert.equal(home.children, undefined);
		assert.deepEqual(await links('forger-2'), []);
		assert.deepEqual(await claims('forger-2'), []);
	});
	test('a child that is no student of this course is nobody\'s child here', async () => {
		const teacher = await subOf('ingrid-solheim');
		await world.launch('ingrid-solheim');
		const p = await world.launch('marte-aasen', { overrides: { claims: { sub: 'forger-3', 'C/role_scope_mentor': [teacher, 'no-such-person', '$User.scope.mentor'], 'C/custom': { observees: '' } } } });
		assert.deepEqual((await p.home()).children, []);
		assert.deepEqual(await links('forger-3'), []);
	});
	test('a child of the other platform with the same id is not mixed up', async () => {
		const child = await subOf('bjorn-tangen');
		const p = await world.launch('marte-aasen', { overrides: { claims: { sub: 'forger-4', 'C/role_scope_mentor': [child], 'C/custom': { observees: child } } } });
		assert.deepEqual((await p.home()).children, []);
	});
	test('thousands of children do not come in', async () => {
		const p = await world.launch('marte-aasen', { overrides: { claims: { sub: 'forger-5', 'C/role_scope_mentor': Array.from({ length: 2000 }, (_, i) => `c${i}`) } } });
		assert.equal((await p.home()).viewer.role, 'guardian');
		assert.ok((await claims('forger-5')).length <= 500);
	});
	test('a roster address of somebody else is not asked', async () => {
		await world.launch('ingrid-solheim', { overrides: { claims: { 'C/context': { id: 'ssrf' }, [NRPS]: { context_memberships_url: 'http://169.254.169.254/latest/meta-data' } } } });
		const [course] = await world.database.rows("SELECT roster_url FROM ilp.course WHERE context_id = 'ssrf'");
		assert.equal(course.roster_url, null);
	});
});

describe('the platform\'s keys', () => {
	test('a new key that was published before signs at once', async () => {
		await world.launch('kari-nordli');
		await world.hook('service/jwks', { platform: 'moodle', mode: 'rotate' });
		await world.launch('kari-nordli');
	});
	test('a token signed by a key that is gone is refused', async () => {
		const gone = await startWorld({ env: { ILPD_WORKER: 'off' } });
		try {
			await gone.hook('service/jwks', { platform: 'canvas', mode: 'rotate_no_overlap' });
			await gone.launch('ingrid-solheim');
			await assertRefused(gone, { overrides: { sign: 'otherkey', header: { kid: 'the-old-one' } }, reason: 'token_key_unknown' });
		} finally {
			await gone.stop();
		}
	});
	for (const [mode, more] of [['error', { status: 500 }], ['drop', {}], ['garbage', {}], ['huge', {}], ['empty', {}]])
		test(`a key set that is ${mode} lets nobody in and breaks nothing`, async () => {
			const w = await startWorld({ env: { ILPD_WORKER: 'off' } });
			try {
				await w.hook('service/jwks', { platform: 'canvas', mode, ...more });
				const { response } = await assertRefused(w, { reason: ['jwks_unavailable', 'token_key_unknown'], status: mode === 'empty' ? undefined : 502 });
				assert.ok(response);
				await w.launch('kari-nordli');
			} finally {
				await w.stop();
			}
		});
});

describe('deployments', () => {
	const moodle = () => ({ id: '018f0000-0000-7000-8000-0000000000a1', name: 'Fjordby Moodle', profile: 'moodle', issuer: `${world.lmsUrl}/moodle`, clientId: 'mQ8fT1xYz3kLw9B',
		auth: `${world.lmsUrl}/moodle/auth.php`, token: `${world.lmsUrl}/moodle/token.php`, jwks: `${world.lmsUrl}/moodle/certs.php` });
	for (const [policy, reason] of [['pending', 'deployment_pending'], ['closed', 'deployment_unknown']])
		test(`a new one, where the registration says ${policy}`, async () => {
			await addPlatform(world.settings, moodle(), ['--deployments', policy]);
			await new Promise((r) => { setTimeout(r, 500); });
			/* The login must name it too, or it is not the one of the login. */
			const browser = world.browser();
			const start = await browser.initiation('kari-nordli', { overrides: { claims: { 'C/deployment_id': `new-${policy}` } } });
			start.params.lti_deployment_id = `new-${policy}`;
			const to = await browser.login(start);
			const { fields } = await browser.authorize(to.headers.location);
			const before = await world.database.counts();
			/* One that waits is written down, so that an administrator finds it; nobody is made. */
			before['lti.deployment'] += policy === 'pending' ? 1 : 0;
			const logFrom = world.tool.log.length;
			const r = await browser.launch(fields);
			await assertRefusal(world, { response: r, reason, before, logFrom, secrets: [fields.id_token] });
		});
	test('one that was closed', async () => {
		await world.launch('kari-nordli');
		await world.database.psql("UPDATE lti.deployment SET state = 'closed' WHERE registration_id = '018f0000-0000-7000-8000-0000000000a1'; SELECT pg_notify('registration', '')");
		await new Promise((r) => { setTimeout(r, 500); });
		await assertRefused(world, { user: 'kari-nordli', reason: 'deployment_closed' });
		await world.database.psql("UPDATE lti.deployment SET state = 'active' WHERE registration_id = '018f0000-0000-7000-8000-0000000000a1'; SELECT pg_notify('registration', '')");
	});
	test('a registration that was closed', async () => {
		await world.database.psql(`UPDATE lti.registration SET state = 'closed' WHERE registration_id = '018f0000-0000-7000-8000-0000000000a1'; SELECT pg_notify('registration', '')`);
		await new Promise((r) => { setTimeout(r, 500); });
		const browser = world.browser();
		const r = await browser.login(await browser.initiation('kari-nordli'));
		assert.equal(r.status, 403);
		assert.match(r.text, /<dd>platform_unknown<\/dd>/);
	});
});
