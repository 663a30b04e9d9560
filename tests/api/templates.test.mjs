/* Templates over HTTP: who sees and changes what, two at once, out and in again, and files
 * that are none. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { ilpd, startWorld, TENANT } from '../harness/index.mjs';
import { everybody } from '../harness/stage.mjs';

const OTHER = '018f0000-0000-7000-8000-0000000000ff';
const SHIPPED = ['learning', 'conference', 'career', 'support', 'social', 'focus', 'yearly', 'evidence'];
let world, tor, siri, who, dir;

before(async () => {
	dir = mkdtempSync(join(tmpdir(), 'templates-'));
	world = await startWorld();
	await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${OTHER}', 'Another school')`);
	who = await everybody(world);
	tor = await admin(world);
	siri = await admin(world, { name: 'Siri Admin' });
	who['other school'] = await admin(world, { tenant: OTHER, name: 'Stranger' });
});
after(async () => {
	rmSync(dir, { recursive: true, force: true });
	await world?.stop();
});

async function made(body, client = tor) {
	const r = await client.post('/admin/templates', { id: randomUUID(), ...body });
	assert.equal(r.status, 201, r.text);
	return r.json;
}
const look = async (id) => (await tor.get(`/admin/templates/${id}`)).json;
const publish = async (id) => tor.patch(`/admin/templates/${id}`, { state: 'published', rev: (await look(id)).rev });
const small = (more = {}) => ({ version: 1, title: { en: 'Small' }, sections: [{ key: 'all', title: { en: 'All' }, fields: [{ key: 'one', kind: 'text', label: { en: 'One' }, sees: 'MS', edits: 'S' }] }], ...more });

describe('who', () => {
	test('whole answers: administrators edit, mentors choose, nobody else knows of any', async () => {
		const draft = await made({ definition: small() });
		const shown = await made({ from: 'focus' });
		assert.equal((await publish(shown.id)).status, 200);
		const choices = [{ id: shown.id, purpose: 'focus', title: { en: 'Focus plan', nb: 'Fokusplan' }, about: shown.definition.about }];
		const teachers = ['teacher', 'other course']; /* and mentors of nobody */
		for (const [name, client] of Object.entries(who)) {
			const list = await client.get('/templates');
			const one = await client.get(`/templates/${shown.id}`);
			if (name === 'other school') {
				assert.deepEqual(list.json, { templates: [] });
				assert.deepEqual((await client.get('/admin/templates')).json, { templates: [], orgs: [] });
			} else if (teachers.includes(name)) {
				assert.deepEqual([list.json, one.status], [{ templates: [] }, 404], name);
			} else if (name === 'mentor') {
				assert.deepEqual(list.json, { templates: choices }, name);
				assert.deepEqual(one.json, { id: shown.id, form: shown.definition }, name);
			} else {
				assert.deepEqual([list.status, one.status], [404, 404], name);
			}
			assert.equal((await client.get(`/templates/${draft.id}`)).status, 404, name);
			if (name === 'other school')
				assert.equal(one.status, 404);
			else
				assert.equal((await client.get('/admin/templates/shipped')).status, 404, name);
			const before = await look(draft.id);
			for (const [method, path, body] of [['GET', '', undefined], ['PUT', '', { definition: small({ title: { en: 'Stolen' } }), rev: 1 }], ['PATCH', '', { state: 'published', rev: 1 }], ['DELETE', '', { rev: 1 }]]) {
				const r = await client.call(method, `/admin/templates/${draft.id}${path}`, body);
				assert.deepEqual([r.status, r.json.error.code], [404, 'not_found'], `${name} ${method}`);
			}
			if (name !== 'other school')
				assert.equal((await client.post('/admin/templates', { id: randomUUID() })).status, 404, name);
			assert.deepEqual(await look(draft.id), before, name);
		}
		const all = (await tor.get('/admin/templates')).json;
		assert.deepEqual(all.templates.map((t) => [t.id, t.state, t.uses, t.changed, t.revision, t.org]), [[draft.id, 'draft', 0, false, 0, null], [shown.id, 'published', 0, false, 1, null]]);
		assert.equal('definition' in all.templates[0], false);
		assert.equal(all.templates[0].by, 'Tor Henrik Aune');
	});
	test('a template of one school is for the mentors of its students', async () => {
		const org = randomUUID(), group = randomUUID();
		await world.database.psql(`INSERT INTO ilp.org (tenant_id, org_id, name) VALUES ('${TENANT}', '${org}', 'Nord')`);
		const t = await made({ from: 'career', org });
		assert.deepEqual(t.org, { id: org, name: 'Nord' });
		await publish(t.id);
		const sees = async () => (await who.teacher.get('/templates')).json.templates.some((c) => c.id === t.id);
		assert.equal(await sees(), false);
		assert.equal((await who.teacher.get(`/templates/${t.id}`)).status, 404);
		await world.database.psql(`UPDATE ilp.tenant SET policy = '{"teachers_are_mentors": true}' WHERE tenant_id = '${TENANT}';
			INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name, course_id) SELECT '${TENANT}', '${group}', '${org}', '8B', course_id FROM ilp.course WHERE title LIKE 'English%' AND tenant_id = '${TENANT}' LIMIT 1`);
		assert.equal(await sees(), true);
		assert.equal((await who['other course'].get('/templates')).json.templates.some((c) => c.id === t.id), true); // the same students
		const moved = await tor.put(`/admin/templates/${t.id}`, { org: null, rev: (await look(t.id)).rev });
		assert.deepEqual([moved.status, moved.json.org], [200, null]);
		assert.equal((await tor.put(`/admin/templates/${t.id}`, { org: randomUUID(), rev: moved.json.rev })).json.error.field, 'org');
		assert.equal((await tor.put(`/admin/templates/${t.id}`, { org: 'north', rev: moved.json.rev })).json.error.field, 'org');
	});
});

describe('changes', () => {
	test('a second one who saves gets what stands there', async () => {
		const t = await made({ definition: small() });
		const first = await siri.put(`/admin/templates/${t.id}`, { definition: small({ title: { en: 'Hers' } }), rev: 1 });
		assert.deepEqual([first.status, first.json.rev, first.json.definition.title, first.json.problem], [200, 2, { en: 'Hers' }, null]);
		const second = await tor.put(`/admin/templates/${t.id}`, { definition: small({ title: { en: 'His' } }), rev: 1 });
		assert.equal(second.status, 409);
		assert.deepEqual([second.json.error.code, second.json.theirs.definition.title.en, second.json.theirs.rev, second.json.theirs.by], ['conflict', 'Hers', 2, 'Siri Admin']);
		for (const state of ['published', 'unpublished'])
			assert.equal((await tor.patch(`/admin/templates/${t.id}`, { state, rev: 1 })).json.theirs.rev, 2);
		assert.equal((await tor.delete(`/admin/templates/${t.id}`, { rev: 1 })).status, 409);
		assert.equal((await look(t.id)).state, 'draft');
	});
	test('a draft may lack things and says which; it is not published', async () => {
		const t = await made({});
		assert.deepEqual(t.problem, { field: 'title', reason: 'missing' });
		const definition = small();
		definition.sections[0].fields[0].label = {};
		const saved = await tor.put(`/admin/templates/${t.id}`, { definition, rev: 1 });
		assert.deepEqual([saved.status, saved.json.problem], [200, { field: 'sections.0.fields.0.label', reason: 'missing' }]);
		const refused = await tor.patch(`/admin/templates/${t.id}`, { state: 'published', rev: 2 });
		assert.deepEqual([refused.status, refused.json.error.field, refused.json.error.reason], [422, 'sections.0.fields.0.label', 'missing']);
		assert.equal((await look(t.id)).state, 'draft');
	});
	test('published, hidden, shown again, never deleted', async () => {
		const t = await made({ definition: small() });
		const shown = await publish(t.id);
		assert.deepEqual([shown.json.state, shown.json.revision, shown.json.changed], ['published', 1, false]);
		const edited = await tor.put(`/admin/templates/${t.id}`, { definition: small({ turns: true }), rev: shown.json.rev });
		assert.equal(edited.json.changed, true);
		assert.equal((await who.teacher.get(`/templates/${t.id}`)).json.form.turns, undefined);
		assert.equal((await publish(t.id)).json.revision, 2);
		assert.equal((await who.teacher.get(`/templates/${t.id}`)).json.form.turns, true);
		const hidden = await tor.patch(`/admin/templates/${t.id}`, { state: 'unpublished', rev: (await look(t.id)).rev });
		assert.equal(hidden.json.state, 'unpublished');
		assert.equal((await who.teacher.get(`/templates/${t.id}`)).status, 404);
		const gone = await tor.delete(`/admin/templates/${t.id}`, { rev: hidden.json.rev });
		assert.deepEqual([gone.status, gone.json.error.reason], [422, 'was_published']);
		assert.equal((await publish(t.id)).json.revision, 2);
		const draft = await made({});
		assert.equal((await tor.delete(`/admin/templates/${draft.id}`, { rev: 1 })).status, 204);
		assert.equal((await tor.get(`/admin/templates/${draft.id}`)).status, 404);
		assert.deepEqual((await world.database.rows(`SELECT DISTINCT kind FROM ilp.event WHERE kind LIKE 'template.%' ORDER BY 1`)).map((r) => r.kind),
			['template.changed', 'template.created', 'template.deleted', 'template.published', 'template.unpublished']);
	});
	test('made twice under one id is made once; a copy is another', async () => {
		const id = randomUUID();
		const [a, b] = await Promise.all([tor.post('/admin/templates', { id, from: 'social' }), tor.post('/admin/templates', { id, from: 'social' })]);
		assert.deepEqual([a.status, b.status, a.json], [201, 201, b.json]);
		const copy = await made({ from: id });
		assert.equal(copy.definition.title.nb, 'Sosial kompetanse (kopi)');
		assert.deepEqual(copy.definition.sections, a.json.definition.sections);
	});
});

describe('files', () => {
	test('every shipped template goes out and in again the same', async () => {
		const shipped = (await tor.get('/admin/templates/shipped')).json.templates;
		assert.deepEqual(shipped.map((s) => s.key), SHIPPED);
		for (const { key } of shipped) {
			const first = await made({ from: key });
			const again = await made({ definition: first.definition });
			assert.deepEqual(again.definition, first.definition, key);
			assert.equal(again.problem, null);
			const out = await ilpd(['template', 'export', first.id, '--tenant', TENANT], world.settings, { build: world.build });
			assert.deepEqual(JSON.parse(out.out), first.definition);
		}
	});
	test('the shell lists, publishes and takes in', async () => {
		const run = (...args) => ilpd(['template', ...args], world.settings, { build: world.build });
		const one = await run('publish', 'learning', '--tenant', TENANT), two = await run('publish', 'learning', '--tenant', TENANT);
		assert.equal(one.code, 0, one.err);
		assert.equal(one.out, two.out);
		const id = one.out.trim();
		assert.deepEqual([(await look(id)).state, (await look(id)).revision], ['published', 1]);
		assert.match((await run('list', '--tenant', TENANT)).out, new RegExp(`learning +shipped +Learning plan[\\s\\S]*${id}  published +Learning plan`));
		const file = join(dir, 'own.json');
		writeFileSync(file, (await run('export', 'yearly')).out);
		const brought = await run('import', file, '--tenant', TENANT);
		assert.equal((await look(brought.out.trim())).title.en, 'Yearly plan');
		writeFileSync(file, '{"version": 1}');
		for (const wrong of [['publish', 'nothing', '--tenant', TENANT], ['publish', 'learning'], ['publish', 'learning', '--tenant', randomUUID()], ['import', file, '--tenant', TENANT], ['import', join(dir, 'none'), '--tenant', TENANT], ['export', randomUUID(), '--tenant', TENANT], ['export', 'nothing']]) {
			const r = await run(...wrong);
			assert.equal(r.code, 1, `${wrong}: ${r.out}`);
			assert.match(r.err, /^ilpd: ./);
		}
	});
	test('what is no template is refused with its place, and nothing is made', async () => {
		const count = () => world.database.value('SELECT count(*) FROM ilp.template');
		const before = await count();
		const deep = (n) => (n ? { sections: [deep(n - 1)] } : {});
		const field = (more) => small({ sections: [{ key: 'all', title: { en: 'All' }, fields: [{ key: 'one', kind: 'text', label: { en: 'One' }, sees: 'MS', edits: 'S', ...more }] }] });
		const files = [
			[{}, 'version'],
			[{ ...small(), version: '1' }, 'version'],
			[{ ...small(), __proto__x: 1 }, ''],
			[{ ...small(), title: { en: 'x'.repeat(201) } }, 'title.en'],
			[{ ...small(), sections: 'all' }, 'sections'],
			[{ ...small(), sections: Array.from({ length: 31 }, (_, i) => ({ key: `s${i}`, title: { en: 'S' }, fields: [] })) }, 'sections'],
			[field({ sees: 'S', edits: 'SG' }), 'sections.0.fields.0.edits'],
			[field({ key: 'x; DROP TABLE' }), 'sections.0.fields.0.key'],
			[field({ key: '_log' }), 'sections.0.fields.0.key'],
			[field({ label: { en: '\u0000' } }), undefined],
			[field({ label: { en: '\u001b[31m' } }), 'sections.0.fields.0.label.en'],
			[field({ kind: 'choice', options: Array.from({ length: 61 }, (_, i) => ({ code: `${i}`, label: { en: 'a' } })) }), 'sections.0.fields.0.options'],
			[field({ kind: 'scale', scale: { key: 'own', name: { en: 'Own' }, direction: 'up', values: [{ code: '1', short: { en: '1' }, label: { en: '1' }, category: 'ok', html: '<b>' }] } }), 'sections.0.fields.0.scale.values.0.html'],
			[deep(40), undefined],
		];
		for (const [definition, where] of files) {
			const r = await tor.post('/admin/templates', { id: randomUUID(), definition });
			assert.equal(r.status, 422, JSON.stringify(definition).slice(0, 100));
			assert.equal(r.json.error.field, where, JSON.stringify(definition).slice(0, 100));
		}
		for (const [body, where] of [[{}, 'id'], [{ id: 'x' }, 'id'], [{ id: randomUUID(), from: 'nothing' }, 'from'], [{ id: randomUUID(), from: 7 }, 'from'], [{ id: randomUUID(), definition: [] }, 'definition'], [{ id: randomUUID(), from: 'focus', definition: small() }, 'from']]) {
			const r = await tor.post('/admin/templates', body);
			assert.deepEqual([r.status, r.json.error.field], [422, where], JSON.stringify(body));
		}
		const large = await tor.post('/admin/templates', { id: randomUUID(), definition: small({ about: { en: 'x'.repeat(300_000) } }) });
		assert.ok([413, 422].includes(large.status));
		assert.equal(await count(), before);
	});
	test('words of a template are words wherever they are shown', async () => {
		const t = await made({ definition: small({ title: { en: '<img src=x onerror=alert(1)>' } }) });
		assert.equal(t.title.en, '<img src=x onerror=alert(1)>');
		assert.equal((await tor.get(`/admin/templates/${t.id}`)).headers['content-type'], 'application/json; charset=utf-8');
	});
});
