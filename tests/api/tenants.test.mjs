/* Whose launch it is: issuer, client and deployment together (R4, R39). Canvas and
 * Schoology have one issuer for all customers, Blackboard one client too; a deployment
 * nobody knows waits for its school and makes nobody. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { after, before, describe, test } from 'node:test';
import { ILPD, TENANT, sleep, startWorld } from '../harness/index.mjs';
import { assertRefused } from '../harness/refused.mjs';

const SECOND = '018f0000-0000-7000-8000-000000000002';
const CLOUD = 'https://canvas.instructure.com';
const COURSE = { course: 'naturfag-7a' };
let world;

const ilpd = (...args) => promisify(execFile)(ILPD(world.build), args, { env: world.settings });
const at = (platform, more = {}) => ({ platform, ...COURSE, ...more });
/* How many people of that name a school has. */
const known = async (tenant, name = 'Berit Lie') => Number(await world.database.value(`SELECT count(*) FROM ilp.person WHERE tenant_id = '${tenant}' AND name = '${name}'`));
const changed = async (sql) => {
	await world.database.psql(`${sql}; NOTIFY registration`);
	await sleep(300);
};

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	await ilpd('tenant', 'add', '--id', SECOND, '--name', 'Bergen skole', '--time-zone', 'Europe/Oslo', '--locale', 'nb', '--help-text', 'the office');
});
after(() => world?.stop());

for (const [persona, issuer] of [['canvas', CLOUD], ['schoology', 'https://schoology.schoology.com']])
	describe(`two schools on ${issuer}`, () => {
		let first, second;
		before(async () => {
			first = await world.platform({ persona, key: `${persona}-1`, issuer, clientId: `${persona}-1001` });
			second = await world.platform({ persona, key: `${persona}-2`, issuer, clientId: `${persona}-1002` }, { tenant: SECOND });
		});
		test('the client tells them apart', async () => {
			const before = [await known(TENANT), await known(SECOND)];
			await world.launch('berit-lie', at(first.key));
			assert.deepEqual([await known(TENANT), await known(SECOND)], [before[0] + 1, before[1]]);
			await world.launch('berit-lie', at(second.key));
			assert.deepEqual([await known(TENANT), await known(SECOND)], [before[0] + 1, before[1] + 1]);
		});
		test('without a client the deployment does', async () => {
			const end = await world.browser().visit('berit-lie', at(second.key, { login: { client_id: null, [persona === 'canvas' ? 'deployment_id' : 'lti_deployment_id']: second.deployment } }));
			assert.equal(end.status, 303, end.text?.slice(0, 300));
		});
		test('without either it is refused: never the first one', async () => {
			const start = await world.browser().initiation('berit-lie', at(second.key, { login: { client_id: null, deployment_id: null, lti_deployment_id: null } }));
			const { status, text } = await world.browser().login(start);
			assert.equal(status, 403);
			assert.match(text, /<dd>platform_ambiguous<\/dd>/);
		});
		test('a client nobody registered is refused', async () => {
			const { status, text } = await world.browser().login(await world.browser().initiation('berit-lie', at(second.key, { login: { client_id: 'somebody' } })));
			assert.equal(status, 403);
			assert.match(text, /<dd>client_unknown<\/dd>/);
		});
	});

/* One issuer, one client: only the deployment says whose it is. */
describe('Blackboard: one registration, many schools', () => {
	const codes = {};
	let bb;
	const code = ({ response }) => /<code class="code">([^<]*)<\/code>/.exec(response.text)?.[1];
	const row = (deployment) => world.database.rows(`SELECT state, tenant_id, claim_code, platform_name <> '' AS named FROM lti.deployment
		WHERE registration_id = '${bb.id}' AND deployment_id = '${deployment}'`);
	before(async () => {
		bb = await world.platform('blackboard');
		for (const deployment of ['school-a', 'school-b', 'school-c'])
			await world.hook('tool', { platform: 'blackboard', deployment });
		await changed(`UPDATE lti.registration SET tenant_id = NULL, deployments = 'auto' WHERE registration_id = '${bb.id}'`);
	});
	test('a new deployment waits, whatever the policy, and makes nobody', async () => {
		const people = await world.database.value('SELECT count(*) FROM ilp.person');
		const sessions = await world.database.value('SELECT count(*) FROM ilp.session');
		const browser = world.browser();
		const ready = await browser.upToLaunch('berit-lie', at('blackboard', { deployment: 'school-a' }));
		const response = await browser.launch(ready.fields);
		assert.equal(response.status, 403);
		assert.match(response.text, /<dd>deployment_pending<\/dd>/);
		codes.a = code({ response });
		assert.match(codes.a, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
		assert.deepEqual(await row('school-a'), [{ state: 'pending', tenant_id: null, claim_code: codes.a, named: true }]);
		assert.equal(await world.database.value('SELECT count(*) FROM ilp.person'), people);
		assert.equal(await world.database.value('SELECT count(*) FROM ilp.session'), sessions);
	});
	test('again, it is the same code, and no row more', async () => {
		assert.equal(code(await assertRefused(world, { user: 'berit-lie', reason: 'deployment_pending', more: at('blackboard', { deployment: 'school-a' }) })), codes.a);
	});
	test('students and parents are shown no code', async () => {
		for (const user of ['ane-ruud', 'tone-ruud']) {
			const refused = await assertRefused(world, { user, reason: 'deployment_pending', more: at('blackboard', { deployment: 'school-a' }) });
			assert.equal(code(refused), undefined);
			assert.equal(refused.response.text.includes(codes.a), false);
		}
	});
	test('nothing is written down before the signature held', async () => {
		await assertRefused(world, { user: 'berit-lie', reason: 'token_signature', overrides: { sign: 'bitflip' }, more: at('blackboard', { deployment: 'school-c' }) });
		assert.deepEqual(await row('school-c'), []);
	});
	test('each school claims its own', async () => {
		const browser = world.browser();
		const response = await browser.launch((await browser.upToLaunch('berit-lie', at('blackboard', { deployment: 'school-b' }))).fields);
		codes.b = code({ response });
		assert.notEqual(codes.b, codes.a);
		await ilpd('platform', 'accept', '--code', codes.a, '--tenant', TENANT);
		await ilpd('platform', 'accept', '--code', codes.b.toLowerCase().replace('-', ' '), '--tenant', SECOND);
		await sleep(300);
		const before = [await known(TENANT), await known(SECOND)];
		const a = await world.launch('berit-lie', at('blackboard', { deployment: 'school-a' }));
		assert.deepEqual([await known(TENANT), await known(SECOND)], [before[0] + 1, before[1]]);
		const b = await world.launch('berit-lie', at('blackboard', { deployment: 'school-b' }));
		assert.deepEqual([await known(TENANT), await known(SECOND)], [before[0] + 1, before[1] + 1]);
		assert.equal((await a.home()).viewer.role, 'teacher');
		assert.equal((await b.home()).viewer.role, 'teacher');
		assert.deepEqual((await row('school-a'))[0].claim_code, null);
	});
	test('a code is good once', async () => {
		await assert.rejects(ilpd('platform', 'accept', '--code', codes.a, '--tenant', SECOND));
		assert.equal((await row('school-a'))[0].tenant_id, TENANT);
	});
	test('a closed deployment stays out', async () => {
		await changed(`UPDATE lti.deployment SET state = 'closed' WHERE registration_id = '${bb.id}' AND deployment_id = 'school-b'`);
		await assertRefused(world, { user: 'berit-lie', reason: 'deployment_closed', more: at('blackboard', { deployment: 'school-b' }) });
	});
});

describe('deployments of a registration that has a school', () => {
	let own;
	before(async () => {
		own = await world.platform('sakai');
		for (const deployment of ['d2', 'd3'])
			await world.hook('tool', { platform: 'sakai', deployment });
	});
	const policy = (word) => changed(`UPDATE lti.registration SET deployments = '${word}' WHERE registration_id = '${own.id}'`);
	test('auto: taken in', async () => {
		await world.launch('berit-lie', at('sakai'));
	});
	test('closed: what is known goes on, what is new does not', async () => {
		await policy('closed');
		await world.launch('berit-lie', at('sakai'));
		await assertRefused(world, { user: 'berit-lie', reason: 'deployment_unknown', more: at('sakai', { deployment: 'd2' }) });
	});
	test('pending: waits', async () => {
		await policy('pending');
		const browser = world.browser();
		const r = await browser.launch((await browser.upToLaunch('berit-lie', at('sakai', { deployment: 'd3' }))).fields);
		assert.match(r.text, /<dd>deployment_pending<\/dd>/);
		await policy('auto'); /* a deployment that waits already goes on waiting */
		await assertRefused(world, { user: 'berit-lie', reason: 'deployment_pending', more: at('sakai', { deployment: 'd3' }) });
		await world.launch('berit-lie', at('sakai', { deployment: 'd2' }));
	});
});
