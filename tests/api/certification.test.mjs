/* All cases of the LTI certification suite, through HTTP: what must be refused leaves
 * nothing behind but a line of the log, what must be accepted gets a page, deep linking
 * and rosters go their whole way. Of gradebooks the tool wants nothing (R-192). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ROOT, startWorld } from '../harness/index.mjs';
import { part, place } from '../harness/place.mjs';
import { assertRefused } from '../harness/refused.mjs';

const cases = JSON.parse(readFileSync(`${ROOT}/tests/fixtures/lti/cert_cases.json`, 'utf8'));
const CTX = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INST = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';

/* What each case does to a good token, and the reason it must be refused for. */
const BAD = {
	B01: [{ reason: 'token_kid_missing', overrides: { header: { kid: null } } }],
	B02: [{ reason: 'token_key_unknown', overrides: { header: { kid: 'nobody' } } }],
	B03: [{ reason: 'version_wrong', overrides: { claims: { 'C/version': '11.3' } } }],
	B04: [{ reason: 'version_wrong', overrides: { claims: { 'C/version': null } } }],
	B05: [{ reason: 'token_issuer', overrides: { replace: { name: 'badltilaunch' } } }],
	B06: [{ reason: 'message_type_missing', overrides: { claims: { 'C/message_type': null, 'C/version': null, 'C/roles': null } } }],
	B07: [{ reason: 'token_expired', overrides: { claims: { exp: 22222, iat: 11111 } } }],
	B08: [{ reason: 'message_type_missing', overrides: { claims: { 'C/message_type': null } } }],
	B09: [{ reason: 'roles_missing', overrides: { claims: { 'C/roles': null } } }],
	B10: [{ reason: 'deployment_missing', overrides: { claims: { 'C/deployment_id': null } } }],
	B11: [{ reason: 'resource_link_missing', overrides: { claims: { 'C/resource_link': null } } },
		{ reason: 'resource_link_missing', overrides: { claims: { 'C/resource_link': { id: null } } } }],
	B12: [{ reason: 'subject_missing', overrides: { claims: { sub: '' } } },
		{ reason: 'subject_missing', overrides: { claims: { sub: null } } },
		{ reason: 'subject_missing', overrides: { null_claims: ['sub'] } }],
};

const NO_NAMES = { name: null, given_name: null, family_name: null };
const NO_PII = { ...NO_NAMES, email: null, picture: null };
const shared = (context, institution) => ({
	multiple: { claims: { 'C/roles': [INST + institution, `${INST}Other`, `${CTX}#${context}`] } },
	short: { claims: { 'C/roles': [context] } },
	unknown: { claims: { 'C/roles': [`${CTX}#${context}`, 'http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Unknown'] } },
});
/* [overrides..., role, what else must be true] */
const variants = (person, role, context, institution) => {
	const s = shared(context, institution);
	return [
		[{}, role, (h) => assert.equal(h.viewer.name, person)],
		[s.multiple, role], [s.short, role], [s.unknown, role],
		[[{ claims: { 'C/roles': [''] } }, { claims: { 'C/roles': [] } }], 'none'],
		[{ claims: NO_NAMES }, role, (h) => assert.match(h.viewer.name, /\S/)],
		[{ claims: { email: null } }, role, (h) => assert.equal(h.viewer.name, person)],
		[{ claims: NO_PII }, role, (h) => assert.match(h.viewer.name, /\S/)],
		[{ claims: { ...NO_NAMES, 'C/context': null } }, role, (h) => {
			assert.equal(h.course, undefined, 'a launch without context shows no course');
			assert.equal(h.participants, undefined);
			assert.equal(h.reviews, undefined);
		}],
	];
};
const ONLY_LINK = { claims: { ...NO_PII, locale: null, 'C/context': null, 'C/custom': null, 'C/lis': null, 'C/launch_presentation': null, 'C/tool_platform': null,
	'C/lti11_legacy_user_id': null, 'C/lti1p1': null, errors: null, azp: null, 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': null,
	'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': null, 'https://www.instructure.com/placement': null } };
const GOOD = Object.fromEntries([
	...variants('Ingrid Solheim', 'teacher', 'Instructor', 'Staff').map((v, i) => [`VI${i + 1}`, v]),
	...variants('Sofie Aasen Lund', 'student', 'Learner', 'Student').map((v, i) => [`VS${i + 1}`, v]),
	['VS10', [ONLY_LINK, 'student']],
]);

let world;
before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' } }); });
after(() => world?.stop());

/* Deep linking: each case looks at one round, made once for all of them. */
const C = 'https://purl.imsglobal.org/spec/lti/claim/';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const DEEP = {
	D01: (r) => {
		assert.equal(r.launched.status, 303);
		assert.match(r.launched.location, /^\/app\/[0-9a-f]{8}\/place$/);
	},
	D02: (r) => {
		assert.equal(r.action, r.asked.deep_link_return_url);
		assert.equal(r.received.length, 1);
		assert.deepEqual(Object.keys(r.fields), ['JWT']);
	},
	D03: (r) => assert.equal(r.answer.claims[`${C}message_type`], 'LtiDeepLinkingResponse'),
	D04: ({ answer: { claims: { iat, exp } } }) => {
		assert.ok(Number.isInteger(iat) && Math.abs(iat - Date.now() / 1000) < 60);
		assert.ok(Number.isInteger(exp) && exp > iat && exp - iat <= 300);
	},
	D05: (r) => {
		assert.deepEqual([r.answer.ok, r.answer.problems], [true, []]);
		assert.equal(part(r.fields.JWT, 0).alg, 'RS256');
		assert.ok(r.keys.some((k) => k.kid === part(r.fields.JWT, 0).kid));
	},
	D06: ({ answer: { claims }, token }) => {
		assert.equal(claims.iss, token.aud);
		assert.equal(claims.aud, token.iss);
		assert.equal(claims[`${C}deployment_id`], token[`${C}deployment_id`]);
		assert.equal(claims[`${C}version`], '1.3.0');
		assert.ok(claims.nonce.length >= 16);
	},
	D07: (r) => {
		assert.equal(r.answer.claims[`${DL}data`], r.asked.data);
		assert.deepEqual(r.answer.items.map(({ type, title, url }) => ({ type, title, url })), [
			{ type: 'ltiResourceLink', title: 'The learning plan', url: `${world.toolUrl}/open/my` },
			{ type: 'ltiResourceLink', title: 'The course', url: `${world.toolUrl}/open/course` }]);
	},
	D08: async (r) => {
		const end = await world.browser().visit('sofie-aasen-lund', { link: r.answer.links[0].id });
		assert.deepEqual([end.status, end.location.replace(/^\/app\/[0-9a-f]{8}/, '')], [303, '/open/my']);
	},
};

/* Rosters: each looks at what the platform noted while one list was fetched in pages. */
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const ROSTER = {
	N01: (r) => assert.ok(r.home.course),
	N02: (r) => assert.deepEqual([...new Set(r.tokens.map((t) => t.scope))], [NRPS]),
	N03: (r) => assert.ok(r.pages.length > 0),
	N04: (r) => assert.deepEqual([...new Set(r.pages.map((p) => p.headers.accept))], ['application/vnd.ims.lti-nrps.v2.membershipcontainer+json']),
	N05: (r) => assert.equal(r.home.roster.state, 'done', 'the platform answers 401 to any other token'),
	N06: (r) => {
		assert.equal(r.pages.length, 8);
		assert.equal(new Set(r.pages.map((p) => p.url)).size, 8);
		assert.equal(r.home.participants.length, 28);
	},
};

/* What a tool that wrote grades would be asked; the rule says that none is ever written. */
const NOT_CONCERNED = { A01: 'R-192', A02: 'R-192', A03: 'R-192', A04: 'R-192', A05: 'R-192', A06: 'R-192', A07: 'R-192', A08: 'R-192' };

test('every case stands in one of the tables above', () => {
	assert.equal(cases.length, 53);
	const tables = [BAD, GOOD, DEEP, ROSTER, NOT_CONCERNED];
	assert.deepEqual(cases.filter((c) => tables.filter((t) => t[c.id]).length !== 1).map((c) => c.id), []);
	assert.deepEqual(cases.filter((c) => NOT_CONCERNED[c.id]).map((c) => c.suite), Array(8).fill('ags'));
});

describe('refused', () => {
	for (const c of cases.filter((x) => x.suite === 'core-invalid'))
		BAD[c.id].forEach(({ reason, overrides }, i) => test(`${c.id}${i ? `.${i + 1}` : ''} ${c.name}`, async () => {
			await assertRefused(world, { user: 'ingrid-solheim', overrides, reason });
		}));
});

/* What testers fell over: a tool that tries the only key there is, and a set of yesterday. */
test('without a kid a token fails even where the set has one key', async () => {
	const own = await startWorld({ env: { ILPD_WORKER: 'off' } });
	try {
		await own.hook('service/jwks', { platform: 'canvas', single: true });
		await own.launch('ingrid-solheim');
		await assertRefused(own, { overrides: { header: { kid: null } }, reason: 'token_kid_missing' });
		await assertRefused(own, { overrides: { header: { kid: '' } }, reason: ['token_kid_missing', 'token_key_unknown'] });
	} finally {
		await own.stop();
	}
});

describe('accepted', () => {
	for (const c of cases.filter((x) => x.suite === 'core-valid')) {
		const [overrides, role, more] = GOOD[c.id];
		[overrides].flat().forEach((o, i) => test(`${c.id}${i ? `.${i + 1}` : ''} ${c.name}`, async () => {
			const user = c.id.startsWith('VI') ? 'ingrid-solheim' : 'sofie-aasen-lund';
			/* A sub of its own: what a platform does not say is kept as it was. */
			const { client, end } = await world.launchIn(world.browser(), user, { overrides: { ...o, claims: { sub: `cert-${c.id}-${i}`, ...o.claims } } });
			assert.match(end.location, /^\/app\/[0-9a-f]{8}\/$/);
			const home = await client.home();
			assert.equal(home.viewer.role, role);
			more?.(home);
			if (role === 'none') {
				assert.equal(home.participants, undefined);
				assert.equal(home.reviews, undefined);
				assert.equal(home.children, undefined);
			}
			assert.equal(world.tool.log.includes(end.fields.id_token.split('.')[2]), false, 'the token stands in the log');
		}));
	}
});

describe('deep linking', () => {
	const round = {};
	before(async () => {
		const settings = { accept_types: ['link', 'file', 'html', 'ltiResourceLink'], data: 'csrf:"Ø" &amp; <b>' };
		const { client, end } = await world.launchIn(world.browser(), 'ingrid-solheim', { message: 'deep_linking', settings, overrides: { claims: { 'C/target_link_uri': null } } });
		const token = part(end.fields.id_token, 1);
		Object.assign(round, { launched: end, token, asked: token[`${DL}deep_linking_settings`] },
			await place(client, [{ path: '/open/my', title: 'The learning plan' }, { path: '/open/course', title: 'The course' }]));
		round.received = await (await fetch(`${world.lmsUrl}/test/placed`)).json();
		round.keys = (await (await fetch(`${world.toolUrl}/.well-known/jwks.json`)).json()).keys;
	});
	for (const c of cases.filter((x) => x.suite === 'deep-linking'))
		test(`${c.id} ${c.name}`, () => DEEP[c.id](round));
});

describe('names and roles', () => {
	const seen = {};
	let own;
	before(async () => {
		own = await startWorld();
		await own.hook('service/nrps', { platform: 'canvas', page: 10 });
		/* As the suite launches: without the notification service, which has a scope of its own. */
		const teacher = await own.launch('ingrid-solheim', { overrides: { claims: { [`${C}platformnotificationservice`]: null } } });
		seen.home = await own.rosterDone(teacher);
		const log = await (await fetch(`${own.lmsUrl}/test/log`)).json();
		seen.tokens = log.filter((l) => l.what === 'token');
		seen.pages = log.filter((l) => l.what === 'nrps');
		seen.whats = [...new Set(log.map((l) => l.what))];
	});
	after(() => own?.stop());
	for (const c of cases.filter((x) => x.suite === 'nrps'))
		test(`${c.id} ${c.name}`, () => ROSTER[c.id](seen));
});

describe('gradebooks', () => {
	const AGS = 'https://purl.imsglobal.org/spec/lti-ags/';
	for (const c of cases.filter((x) => x.suite === 'ags'))
		test(`${c.id} ${c.name}: not concerned, by ${NOT_CONCERNED[c.id]}`, () => assert.equal(NOT_CONCERNED[c.id], 'R-192'));

	test('nothing of AGS is asked or written, whatever the launch offers', async () => {
		const own = await startWorld();
		try {
			const lineitems = `${own.lmsUrl}/canvas/api/lti/courses/214/line_items`;
			const claim = { scope: ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((s) => `${AGS}scope/${s}`), lineitems };
			const offer = (more) => ({ overrides: { claims: { [`${AGS}claim/endpoint`]: { ...claim, ...more } } } });
			const teacher = await own.launch('ingrid-solheim', offer({}));
			await own.rosterDone(teacher);
			const student = await own.launch('sofie-aasen-lund', offer({ lineitem: `${lineitems}/7` }));
			const review = await teacher.makeReview();
			const [sofie] = (await teacher.get(`/reviews/${review.id}`)).json.entries.filter((e) => e.student.name === 'Sofie Aasen Lund');
			await teacher.save(review.id, sofie.student.id, 'comment', 'Well done.');
			await teacher.release(review.id, [sofie.student.id]);
			await student.saveOwn(review.id, 'comment', 'I did my best.');
			const log = await (await fetch(`${own.lmsUrl}/test/log`)).json();
			assert.deepEqual(log.filter((l) => l.what === 'ags'), []);
			assert.deepEqual(log.filter((l) => l.what === 'token' && l.scope.includes('ags')), []);
		} finally {
			await own.stop();
		}
	});
	test('our configuration for Canvas asks for no scope of gradebooks', async () => {
		const r = await fetch(`${world.toolUrl}/lti/canvas.json`);
		assert.equal(r.status, 200);
		assert.doesNotMatch(await r.text(), /lti-ags/);
	});
});
