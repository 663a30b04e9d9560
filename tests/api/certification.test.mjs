/* The core cases of the LTI certification suite, through HTTP: what must be refused
 * leaves nothing behind but a line of the log, what must be accepted gets a page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ROOT, startWorld } from '../harness/index.mjs';
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

test('every core case stands in the tables above', () => {
	const core = cases.filter((c) => c.suite.startsWith('core-')).map((c) => c.id);
	assert.equal(core.length, 31);
	assert.deepEqual(core.filter((id) => !BAD[id] && !GOOD[id]), []);
});

describe('refused', () => {
	for (const c of cases.filter((x) => x.suite === 'core-invalid'))
		BAD[c.id].forEach(({ reason, overrides }, i) => test(`${c.id}${i ? `.${i + 1}` : ''} ${c.name}`, async () => {
			await assertRefused(world, { user: 'ingrid-solheim', overrides, reason });
		}));
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
