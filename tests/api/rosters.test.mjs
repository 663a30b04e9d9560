/* Rosters as platforms really send them: Link headers in every form, names that come only
 * by rlid, what changed since, and a platform that asks for patience. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startWorld } from '../harness/index.mjs';
import { LINK_STYLES } from '../lms/lib/roster.mjs';

const PLATFORM = 'strict'; /* six people in pages of five */
const COURSE = { platform: PLATFORM, course: 'naturfag-7a' };
let world, teacher;
before(async () => {
	world = await startWorld({ personas: [PLATFORM, 'brightspace', 'sakai', 'schoology'] });
	teacher = await world.launch('berit-lie', COURSE);
	await world.rosterDone(teacher);
});
after(() => world?.stop());

const log = async (platform = PLATFORM) => (await (await fetch(`${world.lmsUrl}/test/log`)).json()).filter((l) => l.what === 'nrps' && l.platform === platform);
const nrps = (how = {}, platform = PLATFORM) => world.hook('service/nrps', { platform, ...how });

/* Asks for the list once more and waits for its end; answers what was requested. */
async function again(client = teacher, platform = PLATFORM, { seconds = 20 } = {}) {
	const before = (await log(platform)).length;
	assert.equal((await client.post('/roster', {})).status, 202);
	for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(50)) {
		const { roster } = await client.home();
		const asked = (await log(platform)).slice(before);
		if (roster.state === 'done' && asked.length)
			return asked;
	}
	throw new Error(`the list never came: ${JSON.stringify((await client.home()).roster)}`);
}

describe('the Link header', () => {
	for (const link of LINK_STYLES)
		test(`written ${link}`, async () => {
			await nrps({ link });
			const asked = await again();
			assert.equal(asked.length, 2, asked.map((a) => a.url).join(' '));
			assert.match(asked[1].url, /page=2/);
		});
	after(() => nrps());

	for (const [what, next] of [['to a foreign host', 'https://evil.example/members'], ['to another port', 'http://localhost:1/members'], ['to a file', 'file:///etc/passwd'], ['to our own network', 'http://169.254.169.254/latest'],
		['with a user', 'http://a@localhost/members'], ['in a circle', 'loop']])
		test(`that leads ${what} is not followed without end`, async () => {
			await nrps({ next });
			const before = (await log()).length;
			await teacher.post('/roster', {});
			await sleep(1500);
			assert.equal((await teacher.home()).participants.length, 3, 'nobody is lost');
			assert.ok((await log()).length - before <= 3, 'it was asked again and again');
			await nrps();
			await again();
		});
});

test('a content type that is wrong, and one that is exact', async () => {
	for (const type of ['text/html; charset=utf-8', 'application/json']) {
		await nrps({ type });
		assert.equal((await again()).length, 2, type);
	}
	await nrps();
});

test('differences: the second time only what changed is asked for', async () => {
	await nrps({ differences: true });
	await again();
	await world.hook('members', { platform: PLATFORM, course: 'naturfag-7a', remove: ['emil-vold'] });
	const asked = await again();
	assert.equal(asked.length, 1);
	assert.match(asked[0].url, /since=/);
	assert.deepEqual((await teacher.home()).participants.map((p) => p.name).sort(), ['Ane Ruud', "Liv O'Hara & <Dahl>"]);
	await world.hook('members', { platform: PLATFORM, course: 'naturfag-7a', add: ['emil-vold'] });
	await again();
	assert.equal((await teacher.home()).participants.length, 3);
	await nrps();
});

test('a list without names is asked for once more, by the link', async () => {
	await nrps({ names: 'rlid' }, 'sakai');
	const sakai = await world.launch('berit-lie', { platform: 'sakai', course: 'naturfag-7a' });
	const home = await world.rosterDone(sakai);
	assert.ok((await log('sakai')).some((a) => /rlid=/.test(a.url)));
	assert.deepEqual(home.participants.map((p) => p.name).sort(), ['Ane Ruud', 'Emil Vold', "Liv O'Hara & <Dahl>"]);
});

for (const status of [429, 503])
	test(`${status} with Retry-After: nothing is asked before, whoever wants it`, async () => {
		const platform = status === 429 ? 'brightspace' : 'schoology';
		await nrps({ mode: 'error', status, retry_after: 3, times: 1 }, platform);
		const client = await world.launch('berit-lie', { platform, course: 'naturfag-7a' });
		const { roster } = await world.rosterDone(client, { state: 'failed' });
		assert.ok(new Date(roster.retryAt) > Date.now(), 'the teacher is told when it is tried again');
		await client.post('/roster', {});
		await sleep(1000);
		assert.equal((await log(platform)).length, 1, 'it was asked again too soon');
		await sleep(3000);
		await client.post('/roster', {});
		await world.rosterDone(client);
		const [first, second] = await log(platform);
		assert.ok(new Date(second.at) - new Date(first.at) >= 2900);
	});
