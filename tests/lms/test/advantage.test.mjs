/* What LTI Advantage adds to the LMS, held to account with a tool made for it: personas,
 * deep linking, Dynamic Registration, notices, rosters in every form. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { PERSONAS } from '../lib/personas.mjs';
import { LINK_STYLES } from '../lib/roster.mjs';
import { startLms } from '../server.mjs';

const LMS = 'http://localhost:18191';
const TOOL = 'http://127.0.0.1:18190';
const C = 'https://purl.imsglobal.org/spec/lti/claim/';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const CONFIG = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const NOTICES = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';
const MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
let lms, tool, key, jwk;
const heard = [];

const json = async (url, body, headers = {}, method = body === undefined ? 'GET' : 'POST') => {
	const r = await fetch(url, body === undefined ? { headers, method } : { method, body: JSON.stringify(body), headers });
	const text = await r.text();
	return { status: r.status, headers: r.headers, text, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null };
};
const hook = (path, body) => json(`${LMS}/test/${path}`, body);

before(async () => {
	key = await generateKeyPair('RS256', { extractable: true });
	jwk = { ...await exportJWK(key.publicKey), kid: 'tool-1', alg: 'RS256', use: 'sig' };
	tool = createServer((req, res) => {
		let body = '';
		req.on('data', (d) => { body += d; });
		req.on('end', () => {
			if (req.url === '/.well-known/jwks.json')
				return res.end(JSON.stringify({ keys: [jwk] }));
			heard.push({ url: req.url, body });
			res.writeHead(202).end();
		});
	});
	await new Promise((r) => { tool.listen(18190, '127.0.0.1', r); });
	lms = await startLms({ lmsPort: 18191, lms: LMS, tool: TOOL, mail: LMS });
	for (const persona of Object.keys(PERSONAS).filter((k) => !['canvas', 'moodle'].includes(k)))
		await lms.add({ persona });
});
after(async () => {
	await lms.stop();
	tool.close();
	tool.closeAllConnections();
});

/* A launch up to the form the browser would post. */
async function launch(body) {
	const { body: login } = await hook('initiation', body);
	const platform = lms.school.platforms[body.platform ?? 'canvas'];
	const { login_hint: hint, lti_message_hint: message, client_id: client = platform.clientId } = login.params;
	const q = new URLSearchParams({ scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: client, redirect_uri: `${TOOL}/lti/launch`,
		login_hint: hint, ...(message === undefined ? {} : { lti_message_hint: message }), state: 'st4te', nonce: randomUUID() });
	const { status, body: answer } = await json(`${platform.urls.auth}?${q}`, undefined, { Accept: 'application/json' });
	return { login, status, fields: answer.fields, claims: answer.fields?.id_token ? decodeJwt(answer.fields.id_token) : null };
}

test('every persona launches teacher, student and administrator', async () => {
	for (const platform of Object.keys(PERSONAS).filter((k) => !['canvas', 'moodle'].includes(k)))
		for (const user of ['berit-lie', 'ane-ruud', 'finn-krog']) {
			const { login, claims } = await launch({ platform, user });
			const persona = PERSONAS[platform];
			assert.equal('client_id' in login.params, persona.login.client, platform);
			assert.equal(claims[`${C}deployment_id`], lms.school.platforms[platform].deployment);
			assert.deepEqual(claims[`${C}roles`], persona.roles[{ 'berit-lie': 'teacher', 'ane-ruud': 'student', 'finn-krog': 'admin' }[user]]);
			assert.equal(claims.name !== undefined, persona.privacy === 'all');
		}
	assert.equal((await launch({ platform: 'blackboard', user: 'berit-lie' })).claims.iss, 'https://blackboard.com');
	assert.deepEqual(Object.keys((await hook('initiation', { platform: 'minimal', user: 'berit-lie' })).body.params).sort(), ['iss', 'login_hint', 'target_link_uri']);
	assert.equal((await launch({ platform: 'strict', user: 'tone-ruud' })).claims[`${C}role_scope_mentor`].length, 1);
	assert.equal((await hook('platform', { persona: 'strict' })).status, 409);
});

test('an administrator launches from the account, without a course', async () => {
	const { claims } = await launch({ user: 'ada-fossum', account: true });
	assert.deepEqual(claims[`${C}context`].type, ['Account']);
	assert.equal(claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'], undefined);
	const plain = await launch({ platform: 'strict', user: 'finn-krog', account: true });
	assert.equal(plain.claims[`${C}context`], undefined);
	assert.ok(plain.claims[`${C}roles`].every((r) => r.includes('person#')));
});

test('other messages have their own claims', async () => {
	const review = (await launch({ user: 'ingrid-solheim', message: 'submission_review', forUser: 'sofie-aasen-lund' })).claims;
	assert.equal(review[`${C}message_type`], 'LtiSubmissionReviewRequest');
	assert.equal(review[`${C}for_user`].name, 'Sofie Aasen Lund');
	const privacy = (await launch({ user: 'ada-fossum', message: 'data_privacy', account: true })).claims;
	assert.equal(privacy[`${C}message_type`], 'DataPrivacyLaunchRequest');
	assert.equal(privacy[`${C}resource_link`], undefined);
	assert.equal((await launch({ user: 'ingrid-solheim', message: 'LtiEulaRequest' })).claims[`${C}message_type`], 'LtiEulaRequest');
});

async function answerPicker(claims, { settings = {}, more = {}, items = [], header = {}, field = 'JWT' } = {}) {
	const asked = claims[`${DL}deep_linking_settings`];
	const iat = Math.floor(Date.now() / 1000);
	const jwt = await new SignJWT({ iss: [claims.aud].flat()[0], aud: claims.iss, iat, exp: iat + 300, nonce: randomUUID(), [`${C}deployment_id`]: claims[`${C}deployment_id`],
		[`${C}message_type`]: 'LtiDeepLinkingResponse', [`${C}version`]: '1.3.0', [`${DL}content_items`]: items, ...(asked.data ? { [`${DL}data`]: asked.data } : {}), ...more })
		.setProtectedHeader({ alg: 'RS256', kid: 'tool-1', ...header }).sign(key.privateKey);
	const r = await fetch(asked.deep_link_return_url, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ [field]: jwt, ...settings }) });
	return { status: r.status, ...await r.json() };
}
const item = (more = {}) => ({ type: 'ltiResourceLink', title: 'My plan', url: `${TOOL}/open/my`, ...more });

test('deep linking makes links of a good answer, which everybody launches', async () => {
	const { claims } = await launch({ platform: 'strict', user: 'berit-lie', message: 'deep_linking' });
	assert.equal(claims[`${C}message_type`], 'LtiDeepLinkingRequest');
	assert.equal(claims[`${C}resource_link`], undefined);
	const done = await answerPicker(claims, { items: [item({ custom: { a: '1' } })] });
	assert.deepEqual([done.status, done.problems], [200, []]);
	const { login, claims: student } = await launch({ platform: 'strict', user: 'ane-ruud', link: done.links[0].id });
	assert.equal(login.params.target_link_uri, `${TOOL}/open/my`);
	assert.equal(student[`${C}target_link_uri`], `${TOOL}/open/my`);
	assert.equal(student[`${C}resource_link`].id, done.links[0].id);
	assert.equal(student[`${C}custom`].a, '1');
	const page = await (await fetch(`${LMS}/courses/strict/naturfag-7a`)).text();
	assert.match(page, /My plan/);
});

test('deep linking refuses what is not by the letter', async () => {
	const cases = [
		[{ items: [item(), item()] }, /2 items/], [{ items: [item({ type: 'link' })] }, /type link/], [{ items: [item({ url: 'https://evil.example/' })] }, /leads to/],
		[{ items: [item({ title: '' })] }, /title/], [{ items: [item({ lineItem: { scoreMaximum: 1 } })] }, /lineItem/],
		[{ more: { aud: ['x'] } }, /aud/], [{ more: { iss: 'x' } }, /iss/], [{ more: { nonce: 'x' } }, /nonce/], [{ more: { [`${C}version`]: '1.3' } }, /version/],
		[{ more: { [`${DL}data`]: 'else' } }, /data/], [{ more: { [`${C}deployment_id`]: 'else' } }, /deployment/], [{ more: { 'errormsg ': '' } }, /spaces/],
		[{ header: { kid: undefined } }, /kid/], [{ header: { kid: 'other' } }, /verify/], [{ settings: { state: 'x' } }, /fields/], [{ field: 'jwt' }, /fields/],
		[{ more: { exp: Math.floor(Date.now() / 1000) + 4000 } }, /exp/],
	];
	for (const [bend, words] of cases) {
		const { claims } = await launch({ platform: 'strict', user: 'berit-lie', message: 'deep_linking' });
		const { status, problems, links } = await answerPicker(claims, bend);
		assert.equal(status, 400, String(words));
		assert.match(problems.join('; '), words);
		assert.deepEqual(links, []);
	}
	assert.ok((await hook('placed')).body.length >= cases.length);
});

const ME = () => ({
	application_type: 'web', response_types: ['id_token'], grant_types: ['implicit', 'client_credentials'], initiate_login_uri: `${TOOL}/lti/login`, redirect_uris: [`${TOOL}/lti/launch`],
	client_name: 'A tool', jwks_uri: `${TOOL}/.well-known/jwks.json`, token_endpoint_auth_method: 'private_key_jwt', scope: NRPS,
	[CONFIG]: { domain: '127.0.0.1:18190', target_link_uri: `${TOOL}/`, claims: ['sub', 'name'], messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] }],
		custom_parameters: { history: '$Context.id.history' } },
});
async function register(platform, bend = (r) => r, { token } = {}) {
	const { body: start } = await hook('registration', { platform });
	const at = new URL(start.url);
	const given = token ?? at.searchParams.get('registration_token');
	const auth = given ? { Authorization: `Bearer ${given}` } : {};
	const config = await json(at.searchParams.get('openid_configuration'), undefined, auth);
	const r = await json(lms.school.platforms[platform].urls.registration, bend(ME()), { 'Content-Type': 'application/json', ...auth });
	return { start, config, given, ...r };
}

test('Dynamic Registration, each in its own way', async () => {
	const canvas = await register('canvas');
	assert.equal(canvas.config.body['https://purl.imsglobal.org/spec/lti-platform-configuration'].product_family_code, 'canvas');
	assert.deepEqual([canvas.status, canvas.body[CONFIG].deployment_id], [200, undefined]);
	assert.equal((await json(lms.school.platforms.canvas.urls.configuration)).status, 401);
	const bad = await register('canvas', (r) => ({ ...r, [CONFIG]: { ...r[CONFIG], claims: 'sub', custom_parameters: { n: 1 } } }));
	assert.equal(bad.status, 422);
	assert.match(bad.body.errors.map((e) => e.message).join(), /claims has a wrong type.*custom_parameters/);

	const moodle = await register('moodle');
	assert.deepEqual([moodle.status, moodle.body[CONFIG].messages.length], [200, 1]);
	assert.match(moodle.body[CONFIG].deployment_id, /^\d+$/);
	const again = await register('moodle', undefined, { token: moodle.given });
	assert.deepEqual([again.status, again.text, again.headers.get('content-type')], [401, 'token_already_used', 'text/html; charset=utf-8']);
	assert.equal((await json(lms.school.platforms.moodle.urls.registration, ME())).text, 'missing_registration_token');

	const brightspace = await register('brightspace');
	assert.deepEqual([brightspace.given, brightspace.start.frame, brightspace.status], [null, 'window', 201]);
	assert.equal(brightspace.config.body.authorization_server, 'https://api.brightspace.com/auth/token');

	const strict = await register('strict');
	assert.equal(strict.status, 201);
	for (const bend of [(r) => ({ ...r, scope: `${NRPS} https://purl.imsglobal.org/spec/lti-ags/scope/score` }), (r) => ({ ...r, contacts: 'a' }), (r) => ({ ...r, surprise: 1 }),
		(r) => ({ ...r, [CONFIG]: { ...r[CONFIG], messages: [{ type: 'LtiEulaRequest' }] } }), (r) => ({ ...r, [CONFIG]: { ...r[CONFIG], domain: 'else.example' } })])
		assert.equal((await register('strict', bend)).status, 400, String(bend));
	const update = await json(strict.body.registration_client_uri, { ...ME(), client_name: 'New name' }, { Authorization: `Bearer ${strict.body.registration_access_token}` }, 'PUT');
	assert.deepEqual([update.status, update.body.client_id, update.body.client_name], [200, strict.body.client_id, 'New name']);
	assert.equal((await hook('registration', { platform: 'blackboard' })).status, 404);
});

test('a registered tool is pending until its administrator activates it', async () => {
	const { body } = await register('moodle');
	const start = () => hook('initiation', { platform: 'moodle', user: 'kari-nordli', client: body.client_id });
	assert.equal((await start()).status, 409);
	assert.match(await (await fetch(`${LMS}/admin/moodle`)).text(), /Activate/);
	await fetch(`${LMS}/admin/moodle/activate`, { method: 'POST', body: new URLSearchParams({ client: body.client_id }) });
	const { claims } = await launch({ platform: 'moodle', user: 'kari-nordli', client: body.client_id });
	assert.deepEqual([claims.aud, claims[`${C}deployment_id`]], [body.client_id, body[CONFIG].deployment_id]);
	assert.match(await (await fetch(`${LMS}/admin/moodle/register`)).text(), /<iframe[^>]*registration_token=/);
});

async function bearer(platform, scope) {
	const { urls, clientId, persona } = lms.school.platforms[platform];
	const iat = Math.floor(Date.now() / 1000) - 5;
	const { audience } = persona.access;
	const assertion = await new SignJWT({ iss: clientId, sub: clientId, aud: audience && audience !== 'any' ? audience : urls.token, iat, exp: iat + 300, jti: randomUUID() })
		.setProtectedHeader({ alg: 'RS256', kid: 'tool-1' }).sign(key.privateKey);
	const r = await fetch(urls.token, { method: 'POST', headers: { 'User-Agent': 't' }, body: new URLSearchParams({ grant_type: 'client_credentials', scope, client_assertion: assertion,
		client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }) });
	return { Authorization: `Bearer ${(await r.json()).access_token}`, Accept: MEDIA, 'User-Agent': 't' };
}

test('notices: handlers are put down, a copied course is told of', async () => {
	const { urls, deployment } = lms.school.platforms.canvas;
	const headers = { ...await bearer('canvas', NOTICES), 'Content-Type': 'application/json' };
	const at = `${urls.notices}/${encodeURIComponent(deployment)}`;
	const put = (handler) => json(at, { notice_type: 'LtiContextCopyNotice', handler }, headers, 'PUT');
	assert.equal((await put(`${TOOL}/lti/notices`)).status, 200);
	assert.equal((await put('https://evil.example/')).status, 400);
	const list = await json(at, undefined, headers);
	assert.equal(list.body.notice_handlers.find((h) => h.notice_type === 'LtiContextCopyNotice').handler, `${TOOL}/lti/notices`);
	assert.equal((await json(at, undefined, await bearer('canvas', NRPS))).status, 401);
	const { body: copy } = await hook('copy', { course: 'english-8b', title: 'English 8B, 2027' });
	assert.equal(copy.sent.status, 202);
	const { notices } = JSON.parse(heard.at(-1).body);
	const claims = decodeJwt(notices[0].jwt);
	assert.equal(claims[`${C}context`].id, copy.id);
	assert.deepEqual(claims[`${C}origin_contexts`], copy.history);
	assert.equal(claims.sub, undefined);
	const teacher = await launch({ user: 'ingrid-solheim', course: copy.key });
	assert.equal(teacher.claims[`${C}custom`].context_history, copy.history[0]);
	const { body: bent } = await hook('notice', { send: false, several: [{ sign: 'none' }, { claims: { aud: 'x' } }] });
	assert.equal(decodeJwt(bent.jwts[1]).aud, 'x');
});

/* The next page, however the header is written; a title may try to look like a rel. */
const nextOf = (header) => /<([^>]*)>[^<]*?rel=[^a-z]*(?:nofollow )?next/.exec((header ?? '').replace(/title="[^"]*"/g, ''))?.[1];

test('rosters: Link headers in every form, pages, differences, names only by rlid', async () => {
	const headers = await bearer('canvas', NRPS);
	const at = `${LMS}/canvas/api/lti/courses/215/names_and_roles`;
	for (const link of LINK_STYLES) {
		await hook('service/nrps', { platform: 'canvas', page: 10, link });
		const next = nextOf((await json(`${at}?limit=10`, undefined, headers)).headers.get('link'));
		assert.ok(next, link);
		assert.equal(next.includes('&amp;'), link === 'amp');
	}
	await hook('service/nrps', { platform: 'canvas', differences: true });
	const since = /<([^>]*)>; rel="differences"/.exec((await json(at, undefined, headers)).headers.get('link'))[1];
	await hook('members', { course: 'matematikk-8b', remove: ['zara-malik'], inactive: ['jon-ivar-bakke'] });
	const changed = (await json(since, undefined, headers)).body.members;
	assert.deepEqual(changed.map((m) => m.status), ['Deleted', 'Inactive']);
	const names = async (q) => (await json(at + q, undefined, headers)).body.members.map((m) => m.name);
	assert.equal((await names('')).includes('Zara Malik'), false);
	await hook('service/nrps', { platform: 'canvas', names: 'rlid' });
	assert.ok((await names('')).every((n) => n === undefined));
	assert.ok((await names(`?rlid=${lms.school.platforms.canvas.courses[1].link}`)).every(Boolean));
	await hook('service/nrps', { platform: 'canvas', mode: 'error', status: 429, retry_after: 7, times: 1 });
	const busy = await json(at, undefined, headers);
	assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '7']);
	assert.equal((await json(at, undefined, headers)).status, 200);
});

test('every persona with a roster gives it to a token with its own audience', async () => {
	for (const platform of ['brightspace', 'blackboard', 'sakai', 'schoology', 'itslearning', 'strict', 'minimal']) {
		const headers = await bearer(platform, NRPS);
		const { claims } = await launch({ platform, user: 'berit-lie' });
		let to = claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'].context_memberships_url;
		const members = [];
		for (let i = 0; to && i < 9; i += 1) {
			const r = await json(to, undefined, headers);
			assert.equal(r.status, 200, platform);
			members.push(...r.body.members);
			to = nextOf(r.headers.get('link'));
		}
		assert.equal(members.length, 6, platform);
	}
	assert.equal((await launch({ platform: 'openedx', user: 'berit-lie' })).claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'], undefined);
});

test('pages of teachers and administrators answer; storage is offered as it is set', async () => {
	for (const path of ['/admin/canvas', '/admin/blackboard', '/courses/canvas/english-8b/place?as=ingrid-solheim', '/courses/sakai/naturfag-7a/tool?as=berit-lie&storage=on'])
		assert.equal((await fetch(LMS + path)).status, 200, path);
	const tool = async (path) => (await fetch(LMS + path)).text();
	const page = await tool('/courses/canvas/english-8b/tool?as=marte-aasen&storage=1');
	assert.match(page, /data-mode="on" data-frame="post_message_forwarding"/);
	assert.match(page, /<iframe name="post_message_forwarding" src="http:\/\/localhost:18191\/storage\/frame"/);
	assert.match(await tool('/courses/canvas/english-8b/launch?as=marte-aasen&storage=1'), /name="lti_storage_target" value="post_message_forwarding"/);
	await hook('storage', { mode: 'silent' });
	assert.match(await tool('/courses/canvas/english-8b/tool?as=marte-aasen'), /data-mode="silent"/);
	await hook('storage', { mode: 'off' });
	assert.doesNotMatch(await tool('/courses/canvas/english-8b/tool?as=marte-aasen'), /storage\.js/);
	assert.match(await tool('/courses/sakai/naturfag-7a/tool?as=berit-lie&storage=on'), /data-mode="on" data-frame=""/);
	assert.match(await tool('/courses/canvas/english-8b/tool?as=marte-aasen&storage=elsewhere'), /src="http:\/\/127\.0\.0\.1:18191\/storage\/frame"/);
	assert.equal((await hook('storage', { mode: 'sometimes' })).status, 400);
});

test('a registered tool gets its own parameters, with the variables this platform knows', async () => {
	const { body } = await register('canvas', (r) => ({ ...r, [CONFIG]: { ...r[CONFIG], custom_parameters: { children: '$com.instructure.User.observees', who: '$No.such.thing', fixed: 'v=1' } } }));
	await hook('tool', { platform: 'canvas', client: body.client_id, state: 'active' });
	const { claims } = await launch({ user: 'marte-aasen', client: body.client_id });
	const custom = claims[`${C}custom`];
	assert.equal(custom.children, claims[`${C}role_scope_mentor`][0]);
	assert.deepEqual([custom.who, custom.fixed, custom.observees], ['$No.such.thing', 'v=1', undefined]);
});

test('who comes to the gradebook is noted', async () => {
	await fetch(`${LMS}/canvas/api/lti/courses/214/line_items`);
	const log = (await json(`${LMS}/test/log`)).body;
	assert.equal(log.filter((l) => l.what === 'ags').length, 1);
});
