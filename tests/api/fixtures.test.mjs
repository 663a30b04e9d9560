/* Every launch payload of tests/fixtures/lti through the running tool, as it stands: only
 * what belongs to this run (issuer, client, times, nonce, deployment, our address) is
 * ours. What becomes of each is in the table. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ROOT, startWorld } from '../harness/index.mjs';

const DIR = `${ROOT}/tests/fixtures/lti`;
const C = 'https://purl.imsglobal.org/spec/lti/claim/';
/* platform, what the viewer becomes, what else must be true of the first page. */
const LAUNCHES = {
	blackboard_instructor: ['blackboard', 'teacher'],
	brightspace_instructor: ['brightspace', 'teacher'],
	canvas_account_admin: ['canvas', 'none', (h) => assert.equal(h.participants, undefined)],
	canvas_deep_linking_request: ['canvas', 'teacher', (h, end) => assert.match(end.location, /\/place$/)],
	canvas_observer_parent: ['canvas', 'guardian', (h) => assert.deepEqual(h.children, [], 'children nobody knows here are nobody’s')],
	canvas_student: ['canvas', 'student'],
	canvas_student_anonymous_privacy: ['canvas', 'student', (h) => assert.match(h.viewer.name, /\S/)],
	canvas_ta: ['canvas', 'teacher'],
	canvas_teacher: ['canvas', 'teacher'],
	external_mentor_precedent: ['strict', 'guardian'],
	itslearning_anonymous_student: ['itslearning', 'student', (h) => assert.match(h.viewer.name, /\S/)],
	moodle_admin: ['moodle', 'teacher'],
	moodle_parent_as_learner: ['moodle', 'student'],
	moodle_parent_with_source_plugin: ['moodle', 'guardian'],
	moodle_student: ['moodle', 'student'],
	moodle_teacher: ['moodle', 'teacher'],
	openedx_learner: ['openedx', 'student', (h) => assert.match(h.viewer.name, /\S/)],
	sakai_observer_mapped: ['sakai', 'guardian', (h) => assert.deepEqual(h.children, [])],
};
/* Files that hold something else, and the tests that read them. */
const OTHERS = ['canvas_developer_key_full', 'cert_cases', 'clauses', 'deep_linking_response', 'dynamic_registration_request', 'dynamic_registration_response', 'login_initiation_examples',
	'nrps_differences_page', 'nrps_page_canvas', 'openid_configuration_canvas', 'pns_context_copy_notice', 'pns_handler_put', 'role_vocabulary', 'token_request'];
const OURS = ['iss', 'aud', 'azp', 'iat', 'exp', 'nonce', `${C}deployment_id`, `${C}target_link_uri`];
const PEOPLE = { canvas: 'ingrid-solheim', moodle: 'kari-nordli' };

let world;
before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' }, personas: ['blackboard', 'brightspace', 'sakai', 'itslearning', 'openedx', 'strict'] }); });
after(() => world?.stop());

test('every file is a launch of the table, or known to hold something else', () => {
	const files = readdirSync(DIR).map((f) => f.replace('.json', ''));
	assert.deepEqual(files.filter((f) => !LAUNCHES[f] && !OTHERS.includes(f)), []);
	assert.deepEqual(Object.keys(LAUNCHES).filter((f) => !files.includes(f)), []);
});

for (const [name, [platform, role, more]] of Object.entries(LAUNCHES))
	test(name, async () => {
		const payload = JSON.parse(readFileSync(`${DIR}/${name}.json`, 'utf8'));
		const user = PEOPLE[platform] ?? 'berit-lie';
		const where = PEOPLE[platform] ? {} : { platform, course: 'naturfag-7a' };
		/* A whole payload, or a part of one that stands over a parent's. */
		const whole = `${C}message_type` in payload;
		const ready = await world.browser().upToLaunch(user, where);
		const base = JSON.parse(Buffer.from(ready.fields.id_token.split('.')[1], 'base64url'));
		const claims = {}, nulls = [];
		for (const n of Object.keys(base).filter((k) => whole && !OURS.includes(k) && !(k in payload)))
			claims[n] = null;
		for (const [n, v] of Object.entries(payload).filter(([k]) => !k.startsWith('_') && !OURS.includes(k))) {
			claims[n] = null;
			nulls.push([n, v]);
		}
		/* What is merged would leave members of ours inside; so the whole text is appended. */
		const append = nulls.map(([n, v]) => `${JSON.stringify(n)}:${JSON.stringify(v)}`).join(',');
		const { client, end } = await world.launchIn(world.browser(), user, { ...where, overrides: { claims, append } });
		const home = await client.home();
		assert.equal(home.viewer.role, role);
		if (payload.name)
			assert.equal(home.viewer.name, payload.name);
		more?.(home, end);
	});
