/* Who is whose: several registrations of one issuer, one registration for the world whose
 * deployments are claimed one by one, and two schools that never see each other. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TENANT, ilpd, sleep, startWorld } from '../harness/index.mjs';

const OTHER = '018f0000-0000-7000-8000-000000000002';
const CLOUD = 'https://canvas.instructure.com';
const COURSE = { course: 'naturfag-7a' };
let world;

const shell = async (...args) => {
	const r = await ilpd(args, world.settings, { build: world.build });
	assert.equal(r.code, 0, r.err);
	return r.out;
};
/* A change of registrations reaches the running tool within a moment. */
async function until(what, fn) {
	for (let i = 0; i < 60; i++) {
		const r = await fn();
		if (r)
			return r;
		await sleep(100);
	}
	throw new Error(`${what} never came`);
}
const visit = (platform, user, more = {}) => world.browser().visit(user, { platform, ...COURSE, ...more });
const counts = async () => await world.database.counts();
const peopleOf = (tenant) => world.database.value(`SELECT count(*) FROM ilp.person WHERE tenant_id = '${tenant}'`);

before(async () => {
	world = await startWorld({ env: { ILPD_WORKER: 'off' }, tool: false });
	await shell('tenant', 'add', '--id', OTHER, '--name', 'Nabo skole', '--time-zone', 'Europe/Oslo', '--locale', 'nb');
	for (const [key, tenant] of [['school-a', TENANT], ['school-b', OTHER]])
		await world.platform({ persona: 'canvas', key, issuer: CLOUD }, { tenant });
	await world.platform({ persona: 'minimal', key: 'quiet' });
	await world.platform({ persona: 'blackboard' }, { tenant: null, more: ['--deployments', 'pending'] });
	/* A key of Canvas that a vendor gave to every account: the deployment alone says whose. */
	const { id } = await world.platform({ persona: 'canvas', key: 'global', issuer: `${CLOUD}/global`, deployment: 'account-one' }, { tenant: null });
	await world.hook('tool', { platform: 'global', deployment: 'account-two' });
	await world.database.psql(`INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state, seen_at) VALUES
		('${id}', 'account-one', '${TENANT}', 'active', now()), ('${id}', 'account-two', '${OTHER}', 'active', now())`);
	await world.platform({ persona: 'schoology' }, { more: ['--deployments', 'closed'] });
	await world.restartTool();
});
after(() => world?.stop());

describe('one issuer, several registrations', () => {
	test('client_id says which', async () => {
		for (const platform of ['school-a', 'school-b'])
			assert.equal((await visit(platform, 'berit-lie')).status, 303);
	});
	test('without client_id the deployment says which, once it is known', async () => {
		for (const platform of ['school-a', 'school-b'])
			assert.equal((await visit(platform, 'berit-lie', { login: { client_id: null } })).status, 303, platform);
	});
	test('without either nobody is guessed', async () => {
		const end = await visit('school-a', 'berit-lie', { login: { client_id: null, deployment_id: null } });
		assert.deepEqual([end.step, end.status], ['login', 403]);
		assert.match(end.text, /<dd>platform_ambiguous<\/dd>/);
	});
	test('a deployment nobody knows says nothing either', async () => {
		const end = await visit('school-a', 'berit-lie', { login: { client_id: null, deployment_id: 'unheard-of' } });
		assert.match(end.text, /<dd>platform_ambiguous<\/dd>/);
	});
	test('an issuer with one registration needs neither', async () => {
		assert.equal((await visit('quiet', 'berit-lie')).status, 303);
	});
	test('the issuer must be as it was registered, to the letter', async () => {
		for (const iss of [`${CLOUD}/`, CLOUD.toUpperCase(), ` ${CLOUD}`, `${CLOUD}.evil.example`]) {
			const end = await visit('school-a', 'berit-lie', { login: { iss } });
			assert.equal(end.step, 'login');
			assert.match(end.text, /<dd>platform_unknown<\/dd>/);
		}
	});
	test('the client of one with the token of the other', async () => {
		const browser = world.browser();
		const a = await browser.upToLaunch('berit-lie', { platform: 'school-a', ...COURSE });
		const b = await browser.upToLaunch('berit-lie', { platform: 'school-b', ...COURSE });
		const before = await counts();
		for (const fields of [{ ...a.fields, state: b.fields.state }, { ...b.fields, state: a.fields.state }]) {
			const r = await browser.launch(fields);
			assert.ok(r.status >= 400 && r.status < 500);
		}
		assert.deepEqual(await counts(), before);
	});
});

describe('two schools', () => {
	const both = {};
	before(async () => {
		/* The same sub, course and link on both: ids are unique only within a platform. */
		const same = { overrides: { claims: { sub: 'same-person', 'C/context': { id: 'same-course', title: 'Same course' }, 'C/resource_link': { id: 'same-link' } } } };
		for (const platform of ['school-a', 'school-b'])
			both[platform] = await world.launch('berit-lie', { platform, ...COURSE, ...same });
		both.student = await world.launch('ane-ruud', { platform: 'school-a', ...COURSE, overrides: { claims: { 'C/context': { id: 'same-course', title: 'Same course' } } } });
	});

	test('the same sub in the same course is two people in two courses', async () => {
		const [a, b] = [await both['school-a'].home(), await both['school-b'].home()];
		assert.notEqual(a.course.id, b.course.id);
		assert.equal(a.participants.length, 1);
		assert.equal(b.participants.length, 0);
	});
	test('nothing of one can be reached from the other', async () => {
		const a = both['school-a'], b = both['school-b'];
		const review = await a.makeReview();
		const [student] = (await a.home()).participants;
		assert.equal((await a.get(`/reviews/${review.id}`)).status, 200);
		for (const [method, path, body] of [['get', `/reviews/${review.id}`], ['patch', `/reviews/${review.id}`, { rev: 1, title: 'Mine' }], ['delete', `/reviews/${review.id}`, { rev: 1 }],
			['put', `/reviews/${review.id}/entries/${student.id}/comment`, { text: 'x', rev: 0 }], ['get', `/reviews/${review.id}/entries/${student.id}/history`],
			['get', `/reviews/${review.id}/release`], ['post', `/reviews/${review.id}/release`, { students: [student.id] }], ['get', `/report/${student.id}`]]) {
			const r = await b[method](path, body);
			assert.equal(r.status, 404, `${method} ${path}: ${r.status}`);
		}
		assert.deepEqual((await b.home()).reviews, []);
		assert.equal((await a.get(`/reviews/${review.id}`)).json.review.title, 'Autumn midterm');
	});
	test('no row of one names the other', async () => {
		const tables = await world.database.rows(`SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'person_id' WHERE n.nspname = 'ilp' AND c.relkind = 'r' AND c.relname <> 'person'`);
		for (const { name: t } of tables)
			assert.equal(await world.database.value(`SELECT count(*) FROM ${t} x WHERE x.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ilp.person p WHERE p.tenant_id = x.tenant_id AND p.person_id = x.person_id)`), '0', t);
	});
});

describe('one registration for the world', () => {
	const code = (text) => /[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/.exec(text.replace(/<dd>[^<]*<\/dd>/g, ''))?.[0];
	const place = (deployment, more) => ({ platform: 'blackboard', ...COURSE, deployment, ...more });
	const codes = {};
	before(async () => {
		for (const deployment of ['school-one', 'school-two'])
			await world.hook('tool', { platform: 'blackboard', deployment });
	});

	test('a deployment that waits creates nobody and tells only staff how it is claimed', async () => {
		const before = await counts();
		for (const [user, told] of [['ane-ruud', false], ['tone-ruud', false], ['berit-lie', true], ['odd-falk', true], ['finn-krog', true]]) {
			const end = await visit('blackboard', user, place('school-one'));
			assert.deepEqual([end.step, end.status], ['launch', 403], user);
			assert.match(end.text, /<dd>deployment_pending<\/dd>/);
			assert.equal(Boolean(code(end.text)), told, user);
			if (told)
				codes.one = code(end.text);
		}
		assert.deepEqual({ ...await counts(), 'lti.deployment': 0 }, { ...before, 'lti.deployment': 0 });
		const rows = await world.database.rows("SELECT state, tenant_id, claim_code FROM lti.deployment WHERE deployment_id = 'school-one'");
		assert.deepEqual(rows, [{ state: 'pending', tenant_id: null, claim_code: codes.one }]);
	});
	test('each deployment has a code of its own, and keeps it', async () => {
		codes.two = code((await visit('blackboard', 'berit-lie', place('school-two'))).text);
		assert.notEqual(codes.two, codes.one);
		assert.equal(code((await visit('blackboard', 'berit-lie', place('school-one'))).text), codes.one);
	});
	test('a forged launch learns no code and writes nothing down', async () => {
		const before = await counts();
		const end = await visit('blackboard', 'berit-lie', place('school-three', { overrides: { sign: 'otherkey' }, login: { lti_deployment_id: 'school-three' } }));
		assert.match(end.text, /<dd>token_signature<\/dd>/);
		assert.equal(code(end.text), undefined);
		assert.deepEqual(await counts(), before);
	});
	test('a code nobody gave out is refused', async () => {
		const r = await ilpd(['platform', 'accept', '--code', 'AAAAA-AAAAA', '--tenant', TENANT], world.settings, { build: world.build });
		assert.notEqual(r.code, 0);
	});
	test('accepted for two schools, each sees its own', async () => {
		await shell('platform', 'accept', '--code', codes.one, '--tenant', TENANT);
		await shell('platform', 'accept', '--code', codes.two.toLowerCase().replace('-', ' '), '--tenant', OTHER);
		const one = await until('the first school', async () => (await visit('blackboard', 'berit-lie', place('school-one'))).status === 303);
		assert.ok(one);
		await until('the second school', async () => (await visit('blackboard', 'berit-lie', place('school-two'))).status === 303);
		const rows = await world.database.rows(`SELECT i.tenant_id, d.deployment_id FROM ilp.identity i JOIN lti.deployment d ON d.tenant_id = i.tenant_id
			WHERE d.registration_id = i.registration_id AND d.deployment_id IN ('school-one', 'school-two') ORDER BY 2`);
		assert.deepEqual([...new Set(rows.map((r) => `${r.deployment_id} ${r.tenant_id}`))], [`school-one ${TENANT}`, `school-two ${OTHER}`]);
		const a = await world.launch('berit-lie', place('school-one'));
		await world.launch('ane-ruud', place('school-two'));
		assert.equal((await a.home()).participants.length, 0, 'a pupil of the second school is not in the first');
	});
	test('a code is good once', async () => {
		const r = await ilpd(['platform', 'accept', '--code', codes.one, '--tenant', OTHER], world.settings, { build: world.build });
		assert.notEqual(r.code, 0);
		assert.equal(await world.database.value("SELECT tenant_id FROM lti.deployment WHERE deployment_id = 'school-one'"), TENANT);
	});
	test('a session of one deployment is worth nothing under the other', async () => {
		const a = await world.launch('berit-lie', place('school-one'));
		const b = await world.launch('berit-lie', place('school-two'));
		const review = await a.makeReview();
		assert.equal((await b.get(`/reviews/${review.id}`)).status, 404);
	});
});

describe('one key for two accounts', () => {
	const at = (deployment, more) => ({ platform: 'global', ...COURSE, deployment, ...more });
	const handler = () => `${world.toolUrl}/lti/notices`;
	let one, two;
	before(async () => {
		one = await world.launch('berit-lie', at('account-one'));
		two = await world.launch('berit-lie', at('account-two'));
		await one.makeReview({ title: 'Secret of the first' });
	});

	test('a parent of one account has no child in the other, whatever the platform names', async () => {
		await world.launch('ane-ruud', at('account-two'));
		const parent = await world.launch('tone-ruud', at('account-one'));
		assert.deepEqual((await parent.home()).children, []);
		const there = await world.launch('tone-ruud', at('account-two'));
		assert.deepEqual((await there.home()).children.map((c) => c.name), ['Ane Ruud']);
	});
	test('a copied course offers nothing of another account', async () => {
		const sent = await world.hook('copy', { platform: 'global', course: 'naturfag-7a', title: 'Copied', deployment: 'account-two', handler: handler() });
		assert.equal(sent.sent.status, 200);
		const home = await (await world.launch('berit-lie', { platform: 'global', course: sent.key, deployment: 'account-two' })).home();
		assert.equal(JSON.stringify(home).includes('Secret'), false);
		assert.equal(home.copied?.reviews ?? 0, 0);
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.course_origin WHERE tenant_id = '${TENANT}'`), '0');
	});
	test('a review about somebody of the other account leads to nobody', async () => {
		await world.launch('emil-vold', at('account-two'));
		const client = await world.launch('berit-lie', at('account-one', { message: 'submission_review', forUser: 'emil-vold' }));
		assert.match(client.landing.location, /\/open\/student\/$/);
		assert.equal((await two.home()).participants.some((p) => p.name === 'Emil Vold'), true);
		assert.equal((await one.home()).participants.some((p) => p.name === 'Emil Vold'), false);
	});
	test('a notice of a deployment that is nobody\'s is refused', async () => {
		const before = await counts();
		const r = await world.hook('notice', { platform: 'global', deployment: 'account-three', handler: handler(), origins: ['x'] });
		assert.equal(r.status, 403);
		assert.deepEqual(await counts(), before);
	});
});

describe('closed and open registrations', () => {
	test('closed takes no deployment it does not know, and creates nobody', async () => {
		const before = await counts();
		const end = await visit('schoology', 'berit-lie');
		assert.match(end.text, /<dd>deployment_unknown<\/dd>/);
		assert.deepEqual(await counts(), before);
	});
	test('open takes a new one for the school of the registration', async () => {
		await world.hook('tool', { platform: 'school-a', deployment: 'second-account' });
		const n = Number(await peopleOf(OTHER));
		assert.equal((await visit('school-a', 'emil-vold', { deployment: 'second-account' })).status, 303);
		assert.deepEqual(await world.database.rows("SELECT state, tenant_id FROM lti.deployment WHERE deployment_id = 'second-account'"), [{ state: 'active', tenant_id: TENANT }]);
		assert.equal(Number(await peopleOf(OTHER)), n);
	});
	test('the token may not name another deployment than the login', async () => {
		const end = await visit('school-a', 'berit-lie', { overrides: { claims: { 'C/deployment_id': 'second-account' } } });
		assert.match(end.text, /<dd>deployment_mismatch<\/dd>/);
	});
});
