/* Plans for tests: a school in which teachers are mentors of their courses' students, the
 * shipped learning plan as its template, and drafts that are made and published in a line.
 *
 *	await mentors(world);                            // who teaches is mentor
 *	const template = await publishTemplate(world);   // "learning"; another: its key
 *	const [plan] = await makePlan(ingrid, [sofie]);  // ids of drafts
 *	await publish(ingrid, plan);
 *	await act(ingrid, 'lock', plan); */
import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { TENANT, ilpd } from './tool.mjs';

/* The school's rules; the names are those of ilp/policy.h. */
export const policy = (world, rules, tenant = TENANT) => world.database.psql(
	`UPDATE ilp.tenant SET policy = policy || '${JSON.stringify(rules)}' WHERE tenant_id = '${tenant}'`);
export const mentors = (world, tenant) => policy(world, { teachers_are_mentors: true }, tenant);

/* Its id. */
export async function publishTemplate(world, key = 'learning', tenant = TENANT) {
	const r = await ilpd(['template', 'publish', key, '--tenant', tenant], world.settings, { build: world.build });
	assert.equal(r.code, 0, r.err);
	return world.database.value(`SELECT template_id FROM ilp.template WHERE tenant_id = '${tenant}' AND state = 'published' ORDER BY created_at DESC LIMIT 1`);
}

const id = () => randomUUID().replace(/^(.{14})4/, '$17');
export const PERIOD = { title: 'Autumn 2026', startsOn: '2026-08-17', endsOn: '2026-12-18' };
export const NEXT = { title: 'Spring 2027', startsOn: '2027-01-04', endsOn: '2027-06-18' };

/* The only published template is taken where none, no share and no plan is named. */
export async function makePlan(client, students, more = {}) {
	const from = more.template || more.share || more.plan ? {} : { template: (await client.get('/templates')).json?.templates?.[0]?.id };
	const r = await client.post('/plans', { request: id(), students, ...PERIOD, ...from, ...more });
	assert.equal(r.status, 200, `plans: ${r.status} ${r.text}`);
	for (const line of r.json.results)
		assert.ok(line.ok, `plan of ${line.student}: ${line.reason}`);
	return r.json.results.map((line) => line.plan);
}

/* publish, unpublish, lock, reopen, archive, restore, delete; the lines, all of them ok. */
export async function act(client, name, plans, more = {}) {
	const r = await client.post('/plans/act', { act: name, plans: [plans].flat(), ...more });
	assert.equal(r.status, 200, `${name}: ${r.status} ${r.text}`);
	for (const line of r.json.results)
		assert.ok(line.ok, `${name} ${line.plan}: ${line.reason}`);
	return r.json.results;
}
export const publish = (client, ...plans) => act(client, 'publish', plans.flat());

/* The drafts that follow. */
export async function revise(client, plans, more = {}) {
	const r = await client.post('/plans/revise', { request: id(), plans: [plans].flat(), ...NEXT, goals: true, tasks: true, ...more });
	assert.equal(r.status, 200, `revise: ${r.status} ${r.text}`);
	for (const line of r.json.results)
		assert.ok(line.ok, `revise ${line.plan}: ${line.reason}`);
	return r.json.results.map((line) => line.made);
}
