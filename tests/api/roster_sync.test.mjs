/* A roster over time: told how far it has come, interrupted, told as differences, nameless,
 * or not to be asked for just now. What a page may look like is in rosters.test.mjs. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sleep, startWorld } from '../harness/index.mjs';

let world, ingrid;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	ingrid = await world.launch('ingrid-solheim');
	await world.rosterDone(ingrid);
});
/* The platform forgets its tokens too, so that the first page is asked for twice. */
beforeEach(() => world.hook('reset'));
after(() => world?.stop());

const MEMBERS = 73;
const nrps = (body) => world.hook('service/nrps', { platform: 'canvas', mode: 'ok', ...body });
const log = async () => (await fetch(`${world.lmsUrl}/test/log`)).json();
const asked = async () => (await log()).filter((l) => l.what === 'nrps').map((l) => l.url);
async function refresh(state = 'done', client = ingrid) {
	assert.equal((await client.post('/roster', {})).status, 202);
	return world.rosterDone(client, { state });
}
/* What was on its way is forgotten, as after a week; the next roster is a whole one. */
const forget = () => world.database.psql(`UPDATE ilp.course SET roster_next = NULL, roster_since = NULL, roster_differences = NULL,
	roster_retry_at = NULL, roster_tries = 0`);

describe('many pages', () => {
	test('are several turns, and how far it has come is shown', async () => {
		await nrps({ mode: 'slow', delay_ms: 40, page: 1 });
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		const seen = new Set();
		let home;
		do {
			await sleep(50);
			home = await ingrid.home();
			assert.ok(['wanted', 'running', 'done'].includes(home.roster.state), `${home.roster.state} ${home.roster.error}`);
			if (home.roster.people)
				seen.add(home.roster.people);
		} while (home.roster.state !== 'done');
		assert.ok(seen.size > 3, `${[...seen]}`);
		assert.equal(home.roster.people, undefined);
		assert.equal((await asked()).length, 1 + MEMBERS, 'no page twice');
	});
	test('are not read again after a crash in the middle', async () => {
		await nrps({ mode: 'slow', delay_ms: 100, page: 2 });
		assert.equal((await ingrid.post('/roster', {})).status, 202);
		for (let people = 0; !(people >= 10); await sleep(50))
			people = (await ingrid.home()).roster.people ?? 0;
		await world.tool.kill();
		await world.database.psql(`UPDATE ilp.course SET roster_lease = now() - interval '1 second' WHERE roster_state = 'running'`);
		await nrps({ page: 2 });
		await world.restartTool();
		const home = await world.rosterDone(ingrid, { seconds: 60 });
		assert.equal(home.participants.length, 28);
		const pages = await asked();
		assert.ok(pages.length <= Math.ceil(MEMBERS / 2) + 2, `${pages.length} requests`);
	});
});

describe('names', () => {
	test('come by the link where the plain list has none', async () => {
		await forget();
		await world.database.psql(`UPDATE ilp.person SET name = '', given_name = '', family_name = '' WHERE person_id IN
			(SELECT person_id FROM ilp.membership WHERE role = 'student')`);
		await nrps({ names: 'rlid' });
		const home = await refresh();
		assert.equal(home.participants.length, 28);
		assert.ok(home.participants.every((p) => !p.name.startsWith('#')), home.participants.map((p) => p.name).join());
		const urls = await asked();
		assert.ok(urls.some((u) => u.includes('rlid=')) && urls.some((u) => !u.includes('rlid=')), urls.join(' '));
	});
});

describe('a platform that asks for patience', () => {
	for (const [service, error] of [['nrps', 'roster_busy'], ['token', 'token_busy']])
		test(`for its ${service} is left alone, whoever asks`, async () => {
			await forget();
			await world.hook(`service/${service}`, { platform: 'canvas', mode: 'error', status: 429, retry_after: 5 });
			const begun = Date.now();
			const home = await refresh('failed');
			assert.equal(home.roster.error, error);
			const n = (await log()).length;
			assert.ok(new Date(home.roster.retryAt) - begun > 3000, home.roster.retryAt);
			for (let i = 0; i < 3; i++)
				assert.equal((await refresh('failed')).participants.length, 28);
			assert.equal((await log()).length, n);
			await world.hook('reset');
			await world.rosterDone(ingrid, { seconds: 60 });
			assert.ok(Date.now() - begun > 4000);
		});
	test('a scope that is not granted has a name', async () => {
		await forget();
		await world.hook('service/token', { platform: 'canvas', mode: 'ok', body: { scope: 'openid' } });
		assert.equal((await refresh('failed')).roster.error, 'token_scope');
		await world.hook('reset');
		await refresh();
	});
});

describe('differences', () => {
	const differences = async () => (await asked()).filter((u) => u.includes('since='));

	test('are asked for after a whole list, and who is gone has left at once', async () => {
		await forget();
		await nrps({ differences: true });
		await refresh();
		assert.equal((await differences()).length, 0);
		const sofie = await world.launch('sofie-aasen-lund');
		assert.equal((await sofie.get('/home')).status, 200);
		await world.hook('members', { platform: 'canvas', inactive: ['sofie-aasen-lund'] });
		const home = await refresh();
		assert.equal((await differences()).length, 1);
		assert.equal(home.participants.length, 27);
		assert.equal((await sofie.get('/home')).status, 401);
		await world.hook('members', { platform: 'canvas', add: ['sofie-aasen-lund'] });
		assert.equal((await refresh()).participants.length, 28);
		assert.equal((await differences()).length, 2);
	});
	test('that have expired are made whole at once', async () => {
		await forget();
		await nrps({ differences: true });
		await refresh();
		await nrps({ mode: 'error', status: 404, times: 1 });
		assert.equal((await refresh()).participants.length, 28);
		const urls = await asked();
		const after = urls.slice(urls.findIndex((u) => u.includes('since=')) + 1);
		assert.ok(after.length === 2 && after.every((u) => !u.includes('since=')), urls.join(' '));
	});
});
