/* Every attack of lti.md 2.4 on a token, tried on every kind of message: deep linking,
 * submission review, data privacy and notices. The resource link's are in
 * attacks.test.mjs. A way in that is forgotten on one path is a way in. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { sleep, startWorld } from '../harness/index.mjs';
import { assertRefusal, assertRefused } from '../harness/refused.mjs';

const CLIENT = '10000000000123';
const COPY = { course: 'english-8b', origins: ['0123456789abcdef'] };
let world, elsewhere, hits = 0, url;
before(async () => {
	world = await startWorld({ env: { ILPD_WORKER: 'off' } });
	elsewhere = createServer((req, res) => { hits += 1; res.end('{"keys":[]}'); });
	await new Promise((r) => { elsewhere.listen(0, '127.0.0.1', r); });
	url = `http://127.0.0.1:${elsewhere.address().port}/keys`;
});
after(async () => {
	elsewhere?.close();
	await world?.stop();
});

/* [name, how the token is bent, the reasons it may be refused for]. */
const ATTACKS = () => [
	...['none', 'None', 'NONE', 'nOnE'].map((alg) => [`alg ${alg}`, { sign: 'none', header: { alg } }, ['token_alg', 'token_malformed']]),
	['HS256 with the public key as secret', { sign: 'hs256' }, ['token_alg']],
	['ES256', { sign: 'es256' }, ['token_alg']],
	['an ES256 signature called RS256', { sign: 'es256', header: { alg: 'RS256' } }, ['token_signature']],
	['a signature of zeros', { sign: 'zero' }, ['token_alg']],
	['a signature of zeros called RS256', { sign: 'zero', header: { alg: 'RS256' } }, ['token_signature', 'token_malformed']],
	['one bit flipped', { sign: 'bitflip' }, ['token_signature']],
	['another key under the good kid', { sign: 'otherkey' }, ['token_signature']],
	['a key of 1024 bits', { sign: 'weak' }, ['token_key_unknown', 'token_signature', 'token_alg']],
	['a key in the header', { sign: 'embedded' }, ['token_signature', 'token_key_unknown']],
	['jku', { sign: 'otherkey', header: { jku: url, kid: 'theirs' } }, ['token_key_unknown']],
	['x5u', { sign: 'otherkey', header: { x5u: url, kid: 'theirs' } }, ['token_key_unknown']],
	['x5c', { sign: 'otherkey', header: { x5c: ['MIIB'] } }, ['token_signature']],
	['no kid', { header: { kid: null } }, ['token_kid_missing']],
	...['../../etc/passwd', "' OR '1'='1", 'a'.repeat(5000)].map((kid) => [`kid ${kid.slice(0, 12)}`, { header: { kid } }, ['token_key_unknown', 'token_malformed']]),
	['an extension we must understand', { header: { crit: ['exp'], exp: 1 } }, ['token_malformed', 'token_alg']],
	['a member twice in the header', { header_append: '"alg":"none"' }, ['token_malformed']],
	['a member twice in the payload', { append: '"iss":"https://evil.example"' }, ['token_malformed']],
	['nested too deeply', { append: `"x":${'['.repeat(1000)}${']'.repeat(1000)}` }, ['token_malformed']],
	['NUL in a text', { append: '"x":"a\\u0000b"' }, ['token_malformed']],
	['a number beyond all numbers', { append: '"exp2":1e400' }, ['token_malformed']],
	['a huge token', { claims: { x: 'y'.repeat(150_000) } }, ['token_malformed']],
	['a negative exp', { claims: { exp: -1 } }, ['token_time', 'token_expired']],
	['an exp beyond 2^53', { append: '"nbf":99999999999999999999' }, ['token_time', 'token_malformed', 'token_from_future']],
	['exp that is an array', { claims: { exp: [9999999999] } }, ['token_time']],
	['three parts of nothing', { id_token: 'a.b.c' }, ['token_malformed', 'token_alg']],
	['five parts', { id_token: 'a.b.c.d.e' }, ['token_malformed']],
	['another issuer', { claims: { iss: 'https://evil.example' } }, ['token_issuer', 'platform_unknown']],
	['the issuer with a slash behind it', { claims: { iss: `${world.lmsUrl}/canvas/` } }, ['token_issuer', 'platform_unknown']],
	['for another client', { claims: { aud: 'someone-else', azp: null } }, ['token_audience', 'client_unknown']],
	['for another client too', { claims: { aud: [CLIENT, 'someone-else'] } }, ['token_audience']],
	['two audiences and no azp', { claims: { aud: [CLIENT, CLIENT], azp: null } }, ['token_audience']],
	['azp is somebody else', { claims: { azp: 'someone-else' } }, ['token_audience', 'client_unknown']],
	['no exp', { claims: { exp: null } }, ['token_time']],
	['exp as text', { claims: { exp: '9999999999' } }, ['token_time']],
	['expired an hour ago', { times: { exp: -3600, iat: -7200 } }, ['token_expired', 'token_too_old']],
	['issued tomorrow', { times: { iat: 86400, exp: 90000 } }, ['token_from_future']],
	['not before tomorrow', { times: { nbf: 86400 } }, ['token_from_future']],
	['no nonce', { claims: { nonce: null } }, ['token_nonce', 'notice_malformed']],
	['another version', { claims: { 'C/version': '11.3' } }, ['version_wrong']],
	['no version', { claims: { 'C/version': null } }, ['version_wrong']],
	['no deployment', { claims: { 'C/deployment_id': null } }, ['deployment_missing']],
	['a deployment beyond ASCII', { claims: { 'C/deployment_id': 'dø' } }, ['claim_malformed', 'deployment_mismatch']],
];

const MESSAGES = {
	'deep linking': ['ingrid-solheim', { message: 'deep_linking' }],
	'submission review': ['ingrid-solheim', { message: 'submission_review', forUser: 'sofie-aasen-lund' }],
	'data privacy': ['ada-fossum', { message: 'data_privacy', account: true }],
};

describe('launches of other messages', () => {
	for (const [name, [user, more]] of Object.entries(MESSAGES)) {
		test(`${name}: a good one is taken in`, () => world.launch(user, more));
		test(`${name}: no attack on its token is`, async (t) => {
			for (const [attack, overrides, reason] of ATTACKS())
				await t.test(attack, () => assertRefused(world, { user, overrides, reason, more }));
			assert.equal(hits, 0, 'keys were fetched from where a header said');
		});
		test(`${name}: without a sub, or for another deployment or login`, async () => {
			for (const [claims, reason] of [[{ sub: '' }, 'subject_missing'], [{ sub: null }, 'subject_missing'], [{ 'C/deployment_id': 'other' }, 'deployment_mismatch'], [{ nonce: 'mine' }, 'token_nonce']])
				await assertRefused(world, { user, overrides: { claims }, reason, more });
		});
		test(`${name}: without roles nobody gets any rights`, async () => {
			for (const roles of [null, 'Instructor']) {
				const overrides = { claims: { sub: `roleless-${name.length}`, 'C/roles': roles } };
				/* Data privacy may leave them out: it shows what is kept about whoever asks. */
				if (name !== 'data privacy')
					await assertRefused(world, { user, overrides, reason: 'roles_missing', more });
				else
					assert.equal((await (await world.launch(user, { ...more, overrides })).home()).viewer.role, 'none');
			}
		});
		test(`${name}: the same token twice makes one session`, async () => {
			const browser = world.browser();
			const { fields } = await browser.upToLaunch(user, more);
			const jar = { ...browser.jar };
			assert.equal((await browser.launch(fields)).status, 303);
			browser.jar = jar;
			const before = await world.database.counts();
			const logFrom = world.tool.log.length;
			await assertRefusal(world, { response: await browser.launch(fields), reason: 'nonce_used', before, logFrom, secrets: [fields.id_token] });
		});
		test(`${name}: twenty times at once makes one session`, async () => {
			const browser = world.browser();
			const { fields } = await browser.upToLaunch(user, more);
			const all = await Promise.all(Array.from({ length: 20 }, () => world.browser({ ...browser.jar }).launch(fields)));
			assert.deepEqual(all.map((r) => r.status).sort(), [303, ...Array(19).fill(403)]);
		});
		test(`${name}: in another browser, and with the state of another login`, async () => {
			const one = world.browser(), two = world.browser();
			const a = await one.upToLaunch(user, more);
			const b = await one.upToLaunch('ingrid-solheim');
			let before = await world.database.counts(), logFrom = world.tool.log.length;
			await assertRefusal(world, { response: await two.launch(a.fields), reason: ['browser_cookie_missing', 'browser_mismatch'], before, logFrom, secrets: [a.fields.id_token] });
			before = await world.database.counts();
			logFrom = world.tool.log.length;
			await assertRefusal(world, { response: await one.launch({ ...a.fields, state: b.fields.state }), reason: 'token_nonce', before, logFrom, secrets: [a.fields.id_token] });
		});
	}

	test('a deep linking request without an address to answer to, or one that runs', async () => {
		for (const settings of [{ deep_link_return_url: null }, { deep_link_return_url: 'javascript:alert(1)' }, { deep_link_return_url: 'http://evil.example/' }, { deep_link_return_url: 'https://user@evil.example/' },
			{ accept_types: null }, { accept_types: 'ltiResourceLink' }, { data: 'x'.repeat(17 << 10) }])
			await assertRefused(world, { overrides: { claims: { 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': settings } }, reason: 'deep_linking_malformed', more: { message: 'deep_linking' } });
	});
	test('nobody but a teacher places content', async () => {
		for (const user of ['sofie-aasen-lund', 'marte-aasen', 'petter-holm'])
			await assertRefused(world, { user, reason: 'placement_not_allowed', more: { message: 'deep_linking' } });
		await assertRefused(world, { overrides: { claims: { 'C/roles': ['http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#Instructor'] } }, reason: 'placement_not_allowed', more: { message: 'deep_linking' } });
	});
	test('an address for notices, or of a roster, that is none of a platform', async () => {
		const service = 'https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice';
		for (const to of ['http://169.254.169.254/latest', 'http://localhost:1/x', 'https://user@evil.example/', 'file:///etc/passwd', 'javascript:alert(1)']) {
			const claims = { sub: 'pns', 'C/deployment_id': '4521:c0ddd6c90cbe1ef0f32fbce5c3bf654204be186c', [service]: { platform_notification_service_url: to },
				'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': { context_memberships_url: to } };
			await world.launch('ingrid-solheim', { overrides: { claims } });
			assert.equal(await world.database.value(`SELECT count(*) FROM lti.deployment WHERE notice_url = '${to}'`), '0');
			assert.equal(await world.database.value(`SELECT count(*) FROM ilp.course WHERE roster_url = '${to}'`), '0');
		}
	});
	test('a submission review that does not say of whom', async () => {
		await assertRefused(world, { overrides: { claims: { 'C/for_user': null } }, reason: 'for_user_missing', more: { message: 'submission_review' } });
		await assertRefused(world, { overrides: { claims: { 'C/for_user': { user_id: 'x'.repeat(256) } } }, reason: 'claim_malformed', more: { message: 'submission_review' } });
	});
	for (const message of ['LtiContextLaunchRequest', 'LtiEulaRequest', 'LtiAssetProcessorSettingsRequest', 'LtiReportReviewRequest', 'LtiStartProctoring', 'LtiStartAssessment', 'LtiEndAssessment',
		'LtiDeepLinkingResponse', 'ltiresourcelinkrequest', 'LtiResourceLinkRequest ', '<script>alert(1)</script>'])
		test(`${message} gets a page that says it is not for us`, () => assertRefused(world, { reason: 'message_type_unsupported', more: { message } }));
	test('a resource link called deep linking, and the other way round', async () => {
		await assertRefused(world, { overrides: { claims: { 'C/message_type': 'LtiDeepLinkingRequest' } }, reason: 'deep_linking_malformed' });
		await assertRefused(world, { overrides: { claims: { 'C/message_type': 'LtiResourceLinkRequest' } }, reason: 'resource_link_missing', more: { message: 'deep_linking' } });
	});
});

describe('notices', () => {
	const handler = () => `${world.toolUrl}/lti/notices`;
	const counts = async () => await world.database.counts();
	const send = (more) => world.hook('notice', { handler: handler(), ...COPY, ...more });

	test('a good one is taken in once', async () => {
		await world.launch('ingrid-solheim');
		const before = await counts();
		const sent = await send({ id: 'good-1' });
		assert.equal(sent.status, 200, sent.text);
		assert.deepEqual(JSON.parse(sent.text), { taken: 1, refused: 0 });
		const one = await counts();
		assert.notDeepEqual(one, before);
		const again = await world.hook('notice', { handler: handler(), body: JSON.stringify({ notices: sent.jwts.map((jwt) => ({ jwt })) }), ...COPY });
		assert.ok(again.status === 200 || again.status === 403);
		assert.deepEqual(await counts(), one);
	});
	test('no attack on its token is taken in', async (t) => {
		for (const [attack, overrides, reasons] of ATTACKS())
			await t.test(attack, async () => {
				const before = await counts();
				const logFrom = world.tool.log.length;
				const { status, text } = await send({ id: `bad-${attack}`, overrides });
				assert.equal(status, 403, text);
				assert.ok(reasons.includes(JSON.parse(text).error.reason), `${text}, not ${reasons}`);
				await sleep(10);
				assert.deepEqual(await counts(), before);
				assert.match(world.tool.log.slice(logFrom), /notice\.refused/);
			});
		assert.equal(hits, 0);
	});
	test('a good one beside bad ones', async () => {
		const { status, text } = await send({ several: [{ sign: 'none' }, {}, { claims: { aud: 'x', azp: null } }] });
		assert.equal(status, 200);
		assert.deepEqual(JSON.parse(text), { taken: 1, refused: 2 });
	});
	test('a launch is no notice, and a notice is no launch', async () => {
		const browser = world.browser();
		const { fields } = await browser.upToLaunch('ingrid-solheim');
		const before = await counts();
		const r = await send({ body: JSON.stringify({ notices: [{ jwt: fields.id_token }] }) });
		assert.equal(r.status, 403);
		assert.deepEqual(await counts(), before);
		const { jwts } = await send({ send: false });
		const posted = await browser.launch({ ...fields, id_token: jwts[0] });
		assert.ok(posted.status >= 400 && posted.status < 500);
		assert.deepEqual(await counts(), before);
	});
	test('a deployment that is not known, and one of another registration', async () => {
		const before = await counts();
		for (const deployment of ['nobody', '1']) {
			const r = await send({ deployment });
			assert.equal(r.status, 403, r.text);
			assert.match(JSON.parse(r.text).error.reason, /^deployment_/);
		}
		assert.deepEqual(await counts(), before);
	});
	for (const [name, body] of [['nothing', ''], ['no JSON', '{'], ['a list', '[]'], ['no notices', '{}'], ['notices that are none', '{"notices":1}'], ['a notice that is a text', '{"notices":["a"]}'],
		['a jwt that is a number', '{"notices":[{"jwt":1}]}'], ['nested too deeply', `{"notices":${'['.repeat(500)}${']'.repeat(500)}}`], ['a member twice', '{"notices":[],"notices":[]}'],
		['more than a hundred', JSON.stringify({ notices: Array.from({ length: 101 }, () => ({ jwt: 'a.b.c' })) })]])
		test(`a body that is ${name}`, async () => {
			const before = await counts();
			const r = await send({ body: body || ' ' });
			assert.ok(r.status >= 400 && r.status < 500, `${r.status} ${r.text}`);
			assert.deepEqual(await counts(), before);
		});
});
