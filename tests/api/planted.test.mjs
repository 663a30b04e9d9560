/* A word of its own in every field of every object about a plan; then who holds it in any
 * answer, table or file, and who notices when it changes, is who may see it and nobody else
 * (I-02, I-03, I-12, I-28). The template has a field of each kind for each choice of who
 * sees it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { startWorld } from '../harness/index.mjs';
import { makePlan, publish } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';

const id = () => randomUUID().replace(/^(.{14})4/, '$17');
const ok = (r, what = '') => { assert.ok(r.status < 300, `${what} ${r.status} ${r.text}`); return r.json; };

/* Who sees a field, in letters; and who that is here. */
const SEEN = ['M', 'MC', 'MS', 'MG', 'MH', 'MSG', 'MCS', 'MCSGH'];
const HATS = { M: ['mentor', 'co-mentor'], C: ['course teacher'], S: ['student'], G: ['guardian', 'second guardian'], H: ['head'] };
const rolesOf = (letters) => [...letters].flatMap((l) => HATS[l]);
const word = (kind, seen, n = 1) => `Zq${kind}${seen}${n}`;

const AUDIENCES = ['MS', 'MG', 'M', 'MCH'], POSTED = ['_log', 'p_notes_mcsgh', 'p_comments_mcsgh'];
const PLAN_KINDS = ['long', 'rich', 'notes', 'comments', 'files', 'checklist'], GOAL_KINDS = ['text', 'long', 'notes', 'tasks', 'files'];
const key = (kind, seen, of = 'p') => `${of}_${kind}_${seen.toLowerCase()}`;
const field = (of, kind, seen) => ({ key: key(kind, seen, of === 'goal' ? 'g' : 'p'), kind, label: { en: `${kind} ${seen}` }, sees: seen, edits: 'M', ...(of && { of }) });
const definition = () => ({ version: 1, title: { en: 'Planted' }, purpose: 'learning', log: { sees: 'MCSGH', edits: 'MCSG' }, topics: { sees: 'MSG', edits: 'MSG' }, sections: [
	{ key: 'goals', kind: 'grid', title: { en: 'Goals' }, sees: 'MCSGH', edits: 'MS', fields: [
		{ key: 'competence', of: 'competence', kind: 'text', head: true, label: { en: 'Competence' }, sees: 'MCSGH', edits: 'M' },
		{ key: 'goal', of: 'goal', kind: 'text', head: true, label: { en: 'Goal' }, sees: 'MCSGH', edits: 'MS' },
		...SEEN.flatMap((seen) => GOAL_KINDS.map((kind) => field('goal', kind, seen)))] },
	{ key: 'more', kind: 'fields', title: { en: 'More' }, fields: SEEN.flatMap((seen) => PLAN_KINDS.map((kind) => field(undefined, kind, seen))) }] });

let world, who, ids, office, plan, goal, competence, roles;
let ingrid, made = {};

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	const all = await everybody(world);
	ids = await idsOf(world);
	office = await admin(world);
	ingrid = all.teacher;
	const group = id();
	/* Ingrid is Sofie's and Maja's mentor, not by her course; Ada is the school's head. */
	await world.database.psql(['sofie-aasen-lund', 'maja-rosenlund'].map((s) => `INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) VALUES ('${TENANT}', '${id()}', '${ids['ingrid-solheim']}', '${ids[s]}')`).join(';')
		+ `;INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('${TENANT}', '${group}', '8B');
		INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('${TENANT}', '${group}', '${ids['sofie-aasen-lund']}');
		INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT '${TENANT}', '${id()}', person_id FROM ilp.person WHERE tenant_id = '${TENANT}' AND name = 'Ada Fossum'`);
	who = { mentor: ingrid, 'course teacher': all['other course'], student: all.student, guardian: all.guardian, 'second guardian': await world.launch('henrik-lund'), head: all.none,
		'other student': all['other student'], 'other guardian': all['other guardian'], 'guardian of nobody': all['guardian of nobody'], 'co-mentor': all.mentor, administrator: office };
	roles = Object.keys(who);
	const template = id();
	const drawn = ok(await office.post('/admin/templates', { id: template, definition: definition() }), 'template');
	ok(await office.patch(`/admin/templates/${template}`, { rev: drawn.rev, state: 'published' }), 'publish');
	[plan] = await makePlan(ingrid, [ids['sofie-aasen-lund']], { template, title: 'Zqtitle' });
	competence = ok(await ingrid.post(`/plans/${plan}/rows`, { id: id(), kind: 'competence', text: 'Zqcompetence' })).id;
	goal = ok(await ingrid.post(`/plans/${plan}/rows`, { id: id(), kind: 'goal', parent: competence, text: 'Zqgoal' })).id;
	await publish(ingrid, plan);
	for (const seen of SEEN) {
		for (const kind of PLAN_KINDS)
			made[key(kind, seen)] = await plant(kind, seen, null);
		for (const kind of GOAL_KINDS)
			made[key(kind, seen, 'g')] = await plant(kind, seen, goal);
	}
});
after(() => world?.stop());

/* Writes the word where a field of this kind keeps it; answers how it can be changed. */
async function plant(kind, seen, row, n = 1) {
	const at = key(kind, seen, row ? 'g' : 'p'), text = word(row ? `g${kind}` : kind, seen, n), base = `/plans/${plan}`;
	const of = row ? { row } : {};
	if (kind === 'tasks')
		return ok(await ingrid.post(`${base}/tasks`, { id: id(), field: at, text, dueOn: '2026-10-01', ...of }), at).id;
	if (kind === 'notes' || kind === 'comments')
		return ok(await ingrid.post(`${base}/posts`, { id: id(), field: at, text, audience: seen, ...of }), at).id;
	if (kind === 'files')
		return ok(await ingrid.post(`${base}/evidence`, { id: id(), field: at, title: text, url: `https://example.org/${text}`, ...of }), at).id;
	const written = kind === 'checklist' ? JSON.stringify([{ text, done: true }]) : text;
	return ok(await ingrid.put(`${base}/${row ? `rows/${row}/${at}` : `values/${at}`}`, { text: written, rev: n - 1 }), at).rev;
}

/* Of each field and each thing in it, the texts it had; of each file, its bytes. */
const histories = () => Object.entries(made).map(([at, thing]) => (at.includes('_files_') ? `/plans/${plan}/evidence/${thing}/file`
	: `/plans/${plan}/history?field=${typeof thing === 'string' ? `text&object=${thing}` : `${at}${at.startsWith('g_') ? `&object=${goal}` : ''}`}`));

/* All this role can ask for about anybody, as text, less what differs by the clock. */
async function everything(client, { numbers = false } = {}) {
	const sofie = ids['sofie-aasen-lund'], maja = ids['maja-rosenlund'];
	const paths = ['/home', '/students', '/course/plans', '/plan-report', '/plan-report?format=csv', '/plan-report/school', '/plan-report/school?format=csv', '/report', `/report/${sofie}`, '/privacy', '/school', '/shares', '/bank?kind=goal', '/bank?kind=comment',
		'/templates', '/frameworks', '/meetings', `/plan-report/students/${sofie}`, `/plan-report/students/${sofie}?format=csv`, `/plan-report/students/${maja}`, `/plans/${plan}`, `/plans/${plan}?as=student`, `/plans/${plan}?as=guardian`,
		`/plans/${plan}/changes?since=2026-01-01T00:00:00.000000Z`, `/plans/${plan}/signatures`, ...(numbers ? [] : histories())];
	const answers = [];
	for (const p of paths) {
		const r = await client.get(p);
		answers.push(`${p} ${r.status} ${r.headers['content-length'] && numbers ? r.text.length : ''} ${r.text}`);
	}
	return answers.join('\n').replace(/"cursor":"[^"]*"/g, '').replace(/"roster":\{[^}]*\}/g, '');
}

const holds = {};
async function remember(more) {
	for (const role of roles)
		holds[role] = await everything(who[role], more);
}
/* Without the histories, of which there are many. */
const lookAgain = () => remember({ numbers: true });
const holders = (text) => roles.filter((r) => holds[r].includes(text)).sort();

describe('a word in every field', () => {
	before(remember);
	for (const seen of SEEN)
		for (const [of, kinds] of [['p', PLAN_KINDS], ['g', GOAL_KINDS]])
			for (const kind of kinds)
				test(`${of === 'g' ? 'of a goal' : 'of the plan'}, ${kind}, is held by ${seen}`, () => {
					assert.deepEqual(holders(word(of === 'g' ? `g${kind}` : kind, seen)), rolesOf(seen).sort());
				});
	test('the plan itself is held by all of its people', () => {
		for (const text of ['Zqtitle', 'Zqcompetence', 'Zqgoal'])
			assert.deepEqual(holders(text), rolesOf('MCSGH').sort(), text);
	});
	test('names of fields that are hidden are held by nobody else', () => {
		for (const seen of SEEN)
			assert.deepEqual(holders(`"long ${seen}"`).filter((r) => !/mentor|administrator/.test(r)), rolesOf(seen).filter((r) => !/mentor/.test(r)).sort(), seen);
	});
});

describe('a post whose audience is narrowed', () => {
	test('is held by those it is for', async () => {
		for (const audience of AUDIENCES)
			for (const at of POSTED) {
				const text = `Zqnarrow${at}${audience}.`;
				ok(await ingrid.post(`/plans/${plan}/posts`, { id: id(), field: at, text, audience }), text);
			}
		await lookAgain();
		for (const audience of AUDIENCES)
			for (const at of POSTED)
				assert.deepEqual(holders(`Zqnarrow${at}${audience}.`), rolesOf(audience).sort(), `${at} ${audience}`);
	});
});

describe('what the family writes', () => {
	test('in its own voice is seen by whom the field shows it to', async () => {
		ok(await who.student.post(`/plans/${plan}/posts`, { id: id(), field: '_topics', text: 'Zqtopicstudent' }));
		ok(await who.guardian.post(`/plans/${plan}/posts`, { id: id(), field: '_topics', text: 'Zqtopicguardian' }));
		ok(await who.student.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'Zqlogstudent' }));
		await lookAgain();
		assert.deepEqual(holders('Zqtopicstudent'), rolesOf('MSG').sort());
		assert.deepEqual(holders('Zqtopicguardian'), rolesOf('MSG').sort());
		assert.deepEqual(holders('Zqlogstudent'), rolesOf('MCSGH').sort());
	});
	test('a goal that is proposed is seen by its side and the mentor', async () => {
		ok(await who.guardian.post(`/plans/${plan}/rows`, { id: id(), kind: 'goal', parent: competence, text: 'Zqproposed' }));
		await lookAgain();
		assert.deepEqual(holders('Zqproposed'), ['co-mentor', 'guardian', 'mentor', 'second guardian']);
	});
});

describe('another one in every field', () => {
	for (const seen of SEEN.filter((s) => s !== 'MCSGH'))
		test(`that ${seen} see changes no byte for the others`, async () => {
			const others = roles.filter((r) => !rolesOf(seen).includes(r));
			const before = {};
			for (const r of others)
				before[r] = await everything(who[r], { numbers: true });
			for (const kind of PLAN_KINDS)
				await plant(kind, seen, null, 2);
			for (const kind of GOAL_KINDS)
				await plant(kind, seen, goal, 2);
			for (const r of others)
				assert.equal(await everything(who[r], { numbers: true }), before[r], `${r} notices`);
		});
});

describe('a draft, and one that is deleted', () => {
	test('is held by no family', async () => {
		const [draft] = await makePlan(ingrid, [ids['sofie-aasen-lund']], { title: 'Zqdraft' });
		await lookAgain();
		assert.deepEqual(holders('Zqdraft').filter((r) => !['mentor', 'co-mentor', 'course teacher', 'head'].includes(r)), []);
		ok(await ingrid.post('/plans/act', { act: 'delete', plans: [draft], confirm: 'Zqdraft' }));
		await lookAgain();
		assert.deepEqual(holders('Zqdraft'), []);
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.plan_tombstone t WHERE t::text LIKE '%Zqdraft%'`), '0');
	});
});
