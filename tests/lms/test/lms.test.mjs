/* The LMS and the mail catcher held to account themselves, with a tool and a mail
 * sender made for it. Runs beside a demo: it uses ports of its own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { startMail } from '../mail.mjs';
import { startLms } from '../server.mjs';

const LMS = 'http://localhost:18181';
const MAIL = 'http://localhost:18182';
const TOOL = 'http://127.0.0.1:18180';
const C = 'https://purl.imsglobal.org/spec/lti/claim/';
const SCOPE = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const UA = { 'User-Agent': 'tool/1 (+test)' };
let lms, mail, tool, toolKey;

const json = async (url, body, headers = {}) => {
	const r = await fetch(url, body === undefined ? { headers } : { method: 'POST', body: JSON.stringify(body), headers });
	return { status: r.status, body: await r.json() };
};

before(async () => {
	toolKey = await generateKeyPair('RS256', { extractable: true });
	const jwk = { ...await exportJWK(toolKey.publicKey), kid: 'tool-1', alg: 'RS256', use: 'sig' };
	/* A tool that redirects the login and takes every launch. */
	tool = createServer((req, res) => {
		const url = new URL(req.url, TOOL);
		let body = '';
		req.on('data', (d) => { body += d; });
		req.on('end', () => {
			const p = new URLSearchParams(body);
			if (url.pathname === '/.well-known/jwks.json')
				return res.end(JSON.stringify({ keys: [jwk] }));
			if (url.pathname === '/lti/login')
				res.writeHead(303, { Location: `${LMS}/${p.get('iss').endsWith('moodle') ? 'moodle/auth.php' : 'canvas/authorize'}?${authQuery(Object.fromEntries(p))}`, 'Set-Cookie': 'st=1; Path=/' });
			else
				res.writeHead(req.headers.cookie === 'st=1' && p.get('id_token') ? 303 : 400, { Location: '/app/1/' });
			res.end();
		});
	});
	await new Promise((r) => { tool.listen(18180, '127.0.0.1', r); });
	lms = await startLms({ lmsPort: 18181, lms: LMS, tool: TOOL, mail: MAIL });
	mail = await startMail({ mailPort: 18182, smtpPort: 18125, lms: LMS, smtpTls: '', smtpAuth: '', mailFile: '' });
});
after(async () => {
	await Promise.all([lms.stop(), mail.stop()]);
	tool.close();
	tool.closeAllConnections();
});

function authQuery(login, more = {}) {
	const q = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: login.client_id,
		redirect_uri: `${TOOL}/lti/launch`, login_hint: login.login_hint, lti_message_hint: login.lti_message_hint, state: 'st4te', nonce: 'n0nce', ...more };
	return new URLSearchParams(Object.entries(q).filter(([, v]) => v !== null));
}

/* A launch as far as the form the browser would post. */
async function launch(platform, user, { overrides, auth, course } = {}) {
	const { body: login } = await json(`${LMS}/test/initiation`, { platform, user, course, overrides });
	const endpoint = platform === 'moodle' ? 'moodle/auth.php' : 'canvas/authorize';
	const url = `${LMS}/${endpoint}?${authQuery(login.params, auth)}`;
	return { url, login, ...await json(url, undefined, { Accept: 'application/json' }) };
}

const verify = (platform, token) => jwtVerify(token, createRemoteJWKSet(new URL(`${LMS}/${platform === 'moodle' ? 'moodle/certs.php' : 'canvas/jwks'}`)), { algorithms: ['RS256'] });

test('Canvas: a parent’s token is signed, noisy and names the children of this course', async () => {
	const { status, body, url } = await launch('canvas', 'vibeke-haugen');
	assert.equal(status, 200);
	assert.equal(body.action, `${TOOL}/lti/launch`);
	assert.equal(body.fields.state, 'st4te');
	assert.equal(body.fields.utf8, '✓');
	const { payload } = await verify('canvas', body.fields.id_token);
	assert.equal(payload.exp - payload.iat, 3600);
	assert.equal(payload[`${C}role_scope_mentor`].length, 2);
	assert.equal(payload[`${C}custom`].observees, payload[`${C}role_scope_mentor`].join(','));
	assert.equal(payload[`${C}resource_link`].description, null);
	assert.match(payload[`${C}context`].id, /^[0-9a-f]{40}$/);
	const again = await json(url, undefined, { Accept: 'application/json' });
	assert.equal(again.body.fields.error, 'launch_no_longer_valid');
});

test('Canvas: one guardian has a child in each course and sees that one', async () => {
	const scope = async (course) => decodeJwt((await launch('canvas', 'grete-eikeland', { course })).body.fields.id_token)[`${C}role_scope_mentor`];
	const [english, maths] = [await scope('english-8b'), await scope('matematikk-8b')];
	assert.equal(english.length, 1);
	assert.equal(maths.length, 1);
	assert.notEqual(english[0], maths[0]);
	assert.equal(decodeJwt((await launch('canvas', 'petter-holm')).body.fields.id_token)[`${C}role_scope_mentor`], undefined);
});

test('Moodle: 60 seconds, ASCII payload, short context type, escapes nothing in names', async () => {
	const { body } = await launch('moodle', "Jón O'Brien-Ñuñez & Søn");
	assert.deepEqual(Object.keys(body.fields).sort(), ['id_token', 'state']);
	const { payload } = await verify('moodle', body.fields.id_token);
	assert.equal(payload.exp - payload.iat, 60);
	assert.equal(payload.name, "Jón O'Brien-Ñuñez & Søn");
	assert.deepEqual(payload[`${C}context`].type, ['CourseSection']);
	assert.match(Buffer.from(body.fields.id_token.split('.')[1], 'base64url').toString(), /^[\x20-\x7e]+$/);
	assert.equal(decodeJwt((await launch('moodle', 'ragnhild-tangen')).body.fields.id_token)[`${C}role_scope_mentor`], '6');
});

test('authorization endpoints are strict, each in its own way', async () => {
	const error = async (platform, user, auth) => {
		const { status, body } = await launch(platform, user, { auth });
		return body.fields?.error ?? status;
	};
	assert.equal(await error('moodle', 'kari-nordli', { scope: 'openid profile' }), 404);
	assert.equal(await error('moodle', 'kari-nordli', { redirect_uri: `${TOOL}/lti/launch?x=1` }), 404);
	assert.equal(await error('moodle', 'kari-nordli', { nonce: null }), 404);
	assert.equal(await error('moodle', 'kari-nordli', { lti_message_hint: '{"cmid":3,"launchid":"nope"}' }), 404);
	assert.equal(await error('moodle', 'kari-nordli', { response_mode: 'fragment' }), 'invalid_request');
	assert.equal(await error('moodle', 'kari-nordli', { prompt: 'login' }), 'invalid_request');
	assert.equal(await error('moodle', 'kari-nordli', { login_hint: '6' }), 'access_denied');
	assert.equal(await error('moodle', 'kari-nordli', { client_id: 'zzz' }), 'unauthorized_client');
	assert.equal(await error('canvas', 'ingrid-solheim', { prompt: null }), 'invalid_request_object');
	assert.equal(await error('canvas', 'ingrid-solheim', { redirect_uri: `${TOOL}/` }), 400);
	assert.equal(await error('canvas', 'ingrid-solheim', { login_hint: 'x' }), 'login_required');
	const posted = await json(`${LMS}/test/initiation`, { user: 'ingrid-solheim' });
	const r = await fetch(`${LMS}/canvas/authorize`, { method: 'POST', body: authQuery(posted.body.params) });
	assert.match(await r.text(), /name="id_token"/);
});

test('overrides bend the token as asked', async () => {
	const token = async (overrides) => (await launch('canvas', 'ingrid-solheim', { overrides })).body.fields;
	const claims = decodeJwt((await token({ claims: { 'C/version': '11.3', 'C/roles': null }, times: { exp: -10 } })).id_token);
	assert.equal(claims[`${C}version`], '11.3');
	assert.equal(claims[`${C}roles`], undefined);
	assert.ok(claims.exp < Date.now() / 1000);
	assert.equal(decodeProtectedHeader((await token({ header: { kid: null } })).id_token).kid, undefined);
	assert.deepEqual(decodeJwt((await token({ replace: { name: 'bad' } })).id_token), { name: 'bad' });
	assert.match(Buffer.from((await token({ append: '"sub":"x"' })).id_token.split('.')[1], 'base64url').toString(), /,"sub":"x"}$/);
	for (const sign of ['bitflip', 'otherkey', 'weak', 'none', 'hs256', 'es256', 'zero', 'embedded'])
		await assert.rejects(verify('canvas', (await token({ sign })).id_token), sign);
	await verify('canvas', (await token({ sign: 'second' })).id_token);
	assert.deepEqual((({ state, error, id_token }) => ({ state, error, id_token }))(await token({ fields: { state: 'x', error: 'login_required', id_token: null } })),
		{ state: 'x', error: 'login_required', id_token: undefined });
	assert.equal((await json(`${LMS}/test/initiation`, { user: 'ingrid-solheim', overrides: { sgin: 'none' } })).status, 400);
	await json(`${LMS}/test/overrides`, { user: 'kari-nilsen', overrides: { claims: { sub: 'armed' } } });
	assert.equal(decodeJwt((await launch('canvas', 'kari-nilsen')).body.fields.id_token).sub, 'armed');
	assert.notEqual(decodeJwt((await launch('canvas', 'kari-nilsen')).body.fields.id_token).sub, 'armed');
});

test('keys rotate with and without overlap', async () => {
	const kids = async () => (await json(`${LMS}/canvas/jwks`)).body.keys.map((k) => k.kid);
	const first = await kids();
	await json(`${LMS}/test/service/jwks`, { platform: 'canvas', mode: 'rotate' });
	const second = await kids();
	assert.ok(first.every((k) => second.includes(k)));
	await json(`${LMS}/test/service/jwks`, { platform: 'canvas', mode: 'rotate_no_overlap' });
	assert.ok((await kids()).every((k) => !second.includes(k)));
	await verify('canvas', (await launch('canvas', 'ingrid-solheim')).body.fields.id_token);
});

async function askToken(platform, { claims = {}, header = {}, scope = SCOPE, headers = UA } = {}) {
	const url = `${LMS}/${platform === 'moodle' ? 'moodle/token.php' : 'canvas/token'}`;
	const id = platform === 'moodle' ? 'mQ8fT1xYz3kLw9B' : '10000000000123';
	const iat = Math.floor(Date.now() / 1000) - 5;
	const assertion = await new SignJWT({ iss: id, sub: id, aud: url, iat, exp: iat + 300, jti: randomUUID(), ...claims })
		.setProtectedHeader({ alg: 'RS256', kid: 'tool-1', ...header }).sign(toolKey.privateKey);
	return fetch(url, { method: 'POST', headers, body: new URLSearchParams({ grant_type: 'client_credentials', scope, client_assertion: assertion,
		client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }) });
}

test('token endpoints verify the assertion with the tool’s own keys', async () => {
	assert.equal((await askToken('canvas')).status, 200);
	assert.equal((await askToken('canvas', { claims: { aud: `${LMS}/canvas/token/` } })).status, 400);
	assert.equal((await askToken('canvas', { claims: { aud: [`${LMS}/canvas/token`] } })).status, 400);
	assert.equal((await askToken('canvas', { header: { kid: 'other' } })).status, 400);
	assert.equal((await askToken('canvas', { claims: { jti: 'one' } })).status, 200);
	assert.equal((await askToken('canvas', { claims: { jti: 'one' } })).status, 400);
	assert.equal((await askToken('canvas', { scope: `${SCOPE} x` })).status, 400);
	const moodle = await askToken('moodle', { claims: { aud: 'whatever' }, scope: `${SCOPE} x` });
	assert.equal(moodle.headers.get('content-type'), 'text/html; charset=utf-8');
	assert.equal((await moodle.json()).scope, SCOPE);
	assert.equal((await askToken('moodle', { header: { kid: undefined } })).status, 400);
	const iat = Math.floor(Date.now() / 1000) + 120;
	assert.equal((await askToken('moodle', { claims: { iat, exp: iat + 60 } })).status, 400);
});

test('the Canvas roster comes in pages by Link header, the Moodle one as a whole', async () => {
	const bearer = async (p) => ({ Authorization: `Bearer ${(await (await askToken(p)).json()).access_token}`, Accept: MEDIA, ...UA });
	const headers = await bearer('canvas');
	let url = `${LMS}/canvas/api/lti/courses/214/names_and_roles?limit=10`;
	const members = [];
	for (let pages = 0; url; pages += 1) {
		assert.ok(pages < 20);
		const r = await fetch(url, { headers });
		assert.equal(r.status, 200);
		members.push(...(await r.json()).members);
		url = /<([^>]*)>; rel="next"/.exec(r.headers.get('link'))?.[1];
	}
	assert.equal(members.length, 73);
	assert.equal(members.filter((m) => m.roles.includes('http://purl.imsglobal.org/vocab/lis/v2/membership#Learner')).length, 28);
	assert.equal((await fetch(`${LMS}/canvas/api/lti/courses/214/names_and_roles`, { headers: { ...headers, Authorization: 'Bearer x' } })).status, 401);

	const m = await bearer('moodle');
	const roster = `${LMS}/moodle/mod/lti/services.php/CourseSection/2/bindings/1/memberships`;
	const all = await (await fetch(roster, { headers: m })).json();
	assert.equal(all.members.length, 15);
	assert.equal(all.members.find((x) => x.given_name === 'Jón').family_name, "O'Brien-Ñuñez &amp; Søn");
	assert.deepEqual(all.members.find((x) => x.name === 'Ola Østgård').roles, ['Learner']);
	assert.equal(all.members.some((x) => x.name === 'Viktor Hagen'), false);
	assert.equal((await fetch(roster, { headers: { ...m, Accept: `${MEDIA}, application/json` } })).status, 400);
	assert.equal((await fetch(roster, { headers: { ...m, Authorization: m.Authorization.replace('Bearer', 'bearer') } })).status, 401);
	assert.match((await fetch(`${roster}?limit=4`, { headers: m })).headers.get('link'), /limit=4&from=4>; rel="next"/);
});

test('a whole school opens the course once', async () => {
	const { body } = await json(`${LMS}/test/visit`, { platform: 'canvas', course: 'english-8b', role: 'parent' });
	assert.deepEqual(body, { opened: 42, refused: [] });
	const { body: one } = await json(`${LMS}/test/launch`, { platform: 'moodle', user: 'kari-nordli' });
	assert.deepEqual([one.status, one.location, one.cookies], [303, '/app/1/', { st: '1' }]);
});

test('pages answer, and messages from the tool are escaped', async () => {
	for (const path of ['/', '/courses/canvas/english-8b', '/courses/moodle/norwegian-8a', '/courses/canvas/english-8b/tool?as=marte-aasen'])
		assert.equal((await fetch(LMS + path)).status, 200, path);
	const back = await fetch(`${LMS}/canvas/courses/214/external_content/success/external_tool_redirect?lti_errormsg=${encodeURIComponent('<b>no</b>')}`);
	assert.match(await back.text(), /&lt;b&gt;no/);
	assert.equal((await fetch(`${LMS}/courses/canvas/english-8b/tool?as=nobody`)).status, 404);
});

/* An SMTP client of a few lines: sends, and tells the codes it got. */
function smtp(lines) {
	return new Promise((resolve) => {
		const socket = connect(18125, '127.0.0.1');
		const codes = [];
		let todo = [...lines];
		let text = '';
		socket.setEncoding('utf8');
		socket.on('data', (d) => {
			text += d;
			for (let m; (m = /^(\d{3}) .*\r\n|^\d{3}-.*\r\n/.exec(text));) {
				text = text.slice(m[0].length);
				if (!m[1])
					continue;
				codes.push(Number(m[1]));
				if (todo.length)
					socket.write(todo.shift());
			}
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(codes));
	});
}
const LETTER = 'From: A <a@x.example>\r\nTo: =?utf-8?q?J=C3=B8rn?= <b@x.example>\r\nSubject: =?utf-8?q?H=C3=B8st?=\r\nMessage-ID: <1@x>\r\n'
	+ 'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHei æ\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hei <a href="http://x.example/">æ</a></p>\r\n--b--\r\n.\r\n';
const SEND = ['EHLO me\r\n', 'MAIL FROM:<a@x.example>\r\n', 'RCPT TO:<b@x.example>\r\n', 'DATA\r\n', LETTER, 'QUIT\r\n'];

test('mails are kept, parsed and shown', async () => {
	assert.deepEqual(await smtp(SEND), [220, 250, 250, 250, 354, 250, 221]);
	const [m] = (await json(`${MAIL}/api/mails?to=b@x.example`)).body;
	assert.equal(m.subject, 'Høst');
	assert.deepEqual(m.to, ['Jørn <b@x.example>']);
	assert.equal(m.text.trim(), 'Hei æ');
	assert.deepEqual(m.headers['message-id'], ['<1@x>']);
	const page = await fetch(`${MAIL}/mails/${m.id}/html`);
	assert.match(page.headers.get('content-security-policy'), /sandbox allow-popups/);
	assert.match(await page.text(), /<base target="_blank">/);
	await fetch(`${MAIL}/api/mails`, { method: 'DELETE' });
	assert.deepEqual((await json(`${MAIL}/api/mails`)).body, []);
});

test('SMTP fails as it is told to, as often as it is told to', async () => {
	const told = (how) => json(`${MAIL}/test/smtp`, how);
	const kept = async () => (await json(`${MAIL}/api/mails/count`)).body.count;
	await told({ mode: 'greeting', times: 1 });
	assert.deepEqual(await smtp(SEND), [421]);
	await told({ mode: 'mail', code: 550, times: 1 });
	assert.equal((await smtp(SEND))[2], 550);
	await told({ mode: 'rcpt', code: 452, to: 'b@', times: 1 });
	assert.equal((await smtp(SEND))[3], 452);
	await told({ mode: 'data', times: 1 });
	assert.equal((await smtp(SEND))[5], 451);
	await told({ mode: 'drop_before_dot', times: 1 });
	assert.deepEqual(await smtp(SEND), [220, 250, 250, 250, 354]);
	assert.equal(await kept(), 0);
	await told({ mode: 'drop_after_dot', times: 1 });
	assert.deepEqual(await smtp(SEND), [220, 250, 250, 250, 354]);
	assert.equal(await kept(), 1);
	await told({ mode: 'refuse' });
	assert.deepEqual(await smtp(SEND), []);
	await told({ mode: 'ok' });
	assert.equal((await smtp(SEND)).at(-1), 221);
	assert.equal(await kept(), 2);
});
