/* Learning objectives over HTTP: who brings frameworks in, who chooses from them, and what
 * is refused. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { startWorld } from '../harness/index.mjs';
import { everybody } from '../harness/stage.mjs';

const CASE = JSON.stringify({ CFDocument: { identifier: 'eng', title: 'English', language: 'en' },
	CFItems: [{ identifier: 'a', fullStatement: 'Oral skills', humanCodingScheme: 'E1' }, { identifier: 'b', fullStatement: 'Speak freely' }],
	CFAssociations: [{ associationType: 'isChildOf', originNodeURI: { identifier: 'b' }, destinationNodeURI: { identifier: 'a' } }] });

let world, who, office;
before(async () => {
	world = await startWorld();
	who = await everybody(world);
	office = await admin(world);
});
after(() => world?.stop());

const send = (client, bytes, type = 'application/json', query = '') => client.call('POST', `/admin/frameworks${query}`, bytes, { 'Content-Type': type });
const table = (client, bytes, title = 'Reading') => send(client, bytes, 'text/csv', `?title=${encodeURIComponent(title)}`);

describe('the office', () => {
	test('brings in a CASE package and a table, and sees what there is', async () => {
		const r = await send(office, CASE);
		assert.equal(r.status, 201, r.text);
		assert.deepEqual({ ...r.json, id: '' }, { id: '', title: 'English', objectives: 2, skipped: 0 });
		assert.equal((await table(office, 'id;tekst\n1;Lese\n2;\n')).json.skipped, 1);
		const { frameworks } = (await office.get('/admin/frameworks')).json;
		assert.deepEqual(frameworks.map((f) => [f.title, f.source, f.objectives, f.uses, f.retired]), [['English', 'case', 2, 0, false], ['Reading', 'csv', 1, 0, false]]);
	});
	for (const [name, bytes, type, query, reason] of [
		['JSON that is no package', '{"a": 1}', 'application/json', '', 'not_case'], ['no JSON', '{"a": ', 'application/json', '', 'not_case'],
		['a table without words', 'a,b\n1,2\n', 'text/csv', '?title=x', 'no_text_column'], ['an empty table', 'text\n', 'text/csv', '?title=x', 'empty'],
		['bytes', '\0\x01\x02', 'text/csv', '?title=x', 'not_csv'], ['nine megabytes', `text\n${'x'.repeat(9 << 20)}`, 'text/csv', '?title=x', 'too_large'],
	])
		test(`is told what is wrong with ${name}`, async () => {
			const before = await world.database.counts();
			const r = await send(office, bytes, type, query);
			assert.equal(r.status, 422, r.text);
			assert.equal(r.json.error.reason, reason);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('names a table', async () => {
		const r = await send(office, 'text\nRead\n', 'text/csv', '');
		assert.equal(r.status, 422);
		assert.equal(r.json.error.field, 'title');
	});
});

describe('mentors and teachers', () => {
	test('find objectives by the tree and by words', async () => {
		const { frameworks } = (await who.teacher.get('/frameworks')).json;
		const english = frameworks.find((f) => f.title === 'English');
		assert.deepEqual(Object.keys(english).sort(), ['id', 'language', 'objectives', 'title']);
		const top = (await who.teacher.get(`/frameworks/${english.id}/objectives`)).json.objectives;
		assert.deepEqual(top.map((o) => [o.code, o.text, o.more]), [['E1', 'Oral skills', true]]);
		const below = (await who.mentor.get(`/frameworks/${english.id}/objectives?parent=${top[0].id}`)).json.objectives;
		assert.deepEqual(below.map((o) => [o.text, o.more]), [['Speak freely', false]]);
		const found = (await who.teacher.get(`/frameworks/${english.id}/objectives?search=${encodeURIComponent('FREE speak')}`)).json.objectives;
		assert.deepEqual(found.map((o) => o.text), ['Speak freely']);
	});
	test('find nothing in what is not offered any more', async () => {
		const { frameworks } = (await office.get('/admin/frameworks')).json;
		const reading = frameworks.find((f) => f.title === 'Reading');
		assert.equal((await office.patch(`/admin/frameworks/${reading.id}`, { retired: true })).status, 204);
		assert.deepEqual((await who.teacher.get('/frameworks')).json.frameworks.map((f) => f.title), ['English']);
		assert.deepEqual((await who.teacher.get(`/frameworks/${reading.id}/objectives`)).json, { objectives: [] });
	});
	test('change nothing, and families see nothing', async () => {
		const id = (await office.get('/admin/frameworks')).json.frameworks[0].id;
		const before = await world.database.counts();
		for (const role of Object.keys(who)) {
			for (const r of [await send(who[role], CASE), await who[role].patch(`/admin/frameworks/${id}`, { retired: true }), await who[role].get('/admin/frameworks')])
				assert.deepEqual([r.status, r.json.error.code], [404, 'not_found'], role);
			if (!['teacher', 'other course', 'mentor'].includes(role))
				for (const path of ['/frameworks', `/frameworks/${id}/objectives`])
					assert.equal((await who[role].get(path)).status, 404, role);
		}
		assert.deepEqual(await world.database.counts(), before);
	});
	test('of another school find nothing of this one', async () => {
		const other = '018f1111-0000-7000-8000-000000000008', id = (await office.get('/admin/frameworks')).json.frameworks[0].id;
		await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${other}', 'Another school')`);
		const stranger = await admin(world, { tenant: other, name: 'Stranger' });
		assert.deepEqual((await stranger.get('/admin/frameworks')).json, { frameworks: [] });
		assert.equal((await stranger.patch(`/admin/frameworks/${id}`, { retired: true })).status, 404);
	});
});
