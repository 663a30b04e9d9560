/* The permission matrix (ilp.md 4.4) as answers: every route about plans, times everybody
 * there is, times the states of a plan. A request is such that whoever may gets the same
 * answer each time and changes nothing (an old revision, an id that is there already, an
 * act that this state does not know), while whoever may not gets 404; the few acts that
 * would go through are taken back at once. The answers stand in tests/fixtures/plan_rights,
 * one line a request; ILPD_TEST_UPDATE=1 writes them anew, and a person reads the difference. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { CANVAS, Client, ROOT, startWorld } from '../harness/index.mjs';
import { act, makePlan, publish, revise } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';

const DIR = `${ROOT}/tests/fixtures/plan_rights`;
/* The last was published, is a draft again, and archived as that. */
const STATES = ['draft', 'published', 'locked', 'archived', 'taken back'];
const MET = STATES.slice(1); /* published once: there are meetings about these, and signatures */
const ENDS = '2199-12-31', NEVER = '2190-01-01T10:00:00Z';
const OUTSIDE = '018f4444-0000-7000-8000-000000000099';

/* Ids that are the same each time: what it is, and of which plan. */
const THINGS = ['competence', 'goal', 'proposal', 'task', 'home task', 'done task', 'log', 'note', 'comment', 'topic', 'log of student', 'comment of guardian', 'topic of student',
	'link', 'file', 'spare', 'meeting', 'live', 'shared', 'batch', 'snapshot', 'agreed', 'share', 'request', 'log of teacher', 'live batch', 'shared batch'];
const idOf = (thing, state = 'draft') => `018f3333-0000-7000-8000-00000000${STATES.indexOf(state)}0${String(THINGS.indexOf(thing)).padStart(2, '0')}`;
const FIXED = { template: 1, 'another template': 2, 'own sentence': 3, 'school sentence': 4, framework: 5, 'withdrawn share': 6, group: 7, tenant: 8, nothing: 9 };
const fixed = (name) => `018f4444-0000-7000-8000-00000000000${FIXED[name]}`;

const field = (key, kind, sees, edits, more) => ({ key, kind, label: { en: key }, sees, edits, ...more });
const DEFINITION = { version: 1, title: { en: 'Rights' }, purpose: 'learning', ceiling: { sees: 'MCS', edits: 'MS' }, log: { sees: 'MCSH', edits: 'MCSH' }, topics: { sees: 'MSG', edits: 'MSG' }, sections: [
	{ key: 'goals', kind: 'grid', title: { en: 'Goals' }, sees: 'MCSGH', edits: 'MC', fields: [
		field('competence', 'text', 'MCSGH', 'MC', { of: 'competence', head: true, shared: true }), field('goal', 'text', 'MCSGH', 'MC', { of: 'goal', head: true, shared: true }),
		field('tasks', 'tasks', 'MCSGH', 'MCS', { of: 'goal', shared: true }), field('reflection', 'long', 'MCSG', 'S', { of: 'goal' }), field('note', 'notes', 'MCH', 'MC', { of: 'goal' })] },
	{ key: 'more', kind: 'fields', title: { en: 'More' }, fields: [
		field('school', 'long', 'MCSGH', 'MC', { shared: true }), field('own', 'long', 'MCSH', 'S'), field('home', 'long', 'MSG', 'G'), field('hidden', 'long', 'M', 'M'), field('heads', 'long', 'MH', 'MH'),
		field('comment', 'comments', 'MSG', 'MSG'), field('files', 'files', 'MCSG', 'MS'), field('agreements', 'tasks', 'MSGH', 'MS', { agreement: true }), field('signatures', 'signature', 'MSG', 'MSG')] }] };

let world, who, ids, sofie, plans = {}, next = {};
const ok = (r, what) => { assert.ok(r.status < 300, `${what ?? ''} ${r.status} ${r.text}`); return r.json; };
const sql = (text) => world.database.psql(text);

async function people() {
	const all = await everybody(world);
	const office = await admin(world), stranger = await admin(world, { tenant: fixed('tenant'), name: 'An administrator of another school' });
	const ended = await world.launch('ingrid-solheim');
	await sql(`UPDATE ilp.session SET revoked_at = now() WHERE right(session_id::text, 8) = '${ended.sid}'`);
	who = { mentor: all.teacher, 'co-mentor': all.mentor, 'course teacher': all['other course'], 'teacher of another course': await world.launch('kari-nordli'), head: all.none,
		student: all.student, 'other student': all['other student'], guardian: all.guardian, 'second guardian': await world.launch('henrik-lund'), 'other guardian': all['other guardian'],
		'guardian of nobody': all['guardian of nobody'], none: await world.launch('tomas-lien', { overrides: { claims: { sub: 'nobody', name: 'Nils Nobody', 'C/roles': ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator'] } } }), administrator: office, 'administrator of another school': stranger,
		'no session': new Client(world.toolUrl, '00000000', {}), 'ended session': ended };
	ids = { ...await idsOf(world), head: await world.database.value("SELECT person_id FROM ilp.person WHERE name = 'Ada Fossum'") };
	sofie = ids['sofie-aasen-lund'];
	await sql(['sofie-aasen-lund', 'maja-rosenlund'].map((s, i) => `INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) VALUES ('${TENANT}', '018f4444-0000-7000-8000-00000000001${i}', '${ids['ingrid-solheim']}', '${ids[s]}')`).join(';')
		+ `;INSERT INTO ilp.student_group (tenant_id, group_id, name) VALUES ('${TENANT}', '${fixed('group')}', '8B');
		INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('${TENANT}', '${fixed('group')}', '${sofie}');
		INSERT INTO ilp.head (tenant_id, head_id, person_id) VALUES ('${TENANT}', '018f4444-0000-7000-8000-000000000020', '${ids.head}')`);
}

/* What the school has besides plans. */
async function school() {
	const { administrator: office, mentor } = who;
	for (const [name, state] of [['template', 'published'], ['another template']]) {
		const drawn = ok(await office.post('/admin/templates', { id: fixed(name), definition: DEFINITION }), name);
		if (state)
			ok(await office.patch(`/admin/templates/${fixed(name)}`, { rev: drawn.rev, state }), state);
	}
	ok(await mentor.post('/bank', { id: fixed('own sentence'), kind: 'goal', subject: '', text: 'A sentence of one' }));
	ok(await office.post('/admin/bank', { id: fixed('school sentence'), kind: 'goal', subject: '', text: 'A sentence of all' }));
	await sql(`INSERT INTO ilp.framework (tenant_id, framework_id, title, source, source_id, language, imported_by, imported_at)
		SELECT '${TENANT}', '${fixed('framework')}', 'Framework', 'csv', 'x', 'en', person_id, now() FROM ilp.administrator WHERE tenant_id = '${TENANT}' LIMIT 1`);
}

/* Everything that may stand in a plan, by the mentor. */
async function write(state) {
	const t = who.mentor, p = `/plans/${plans[state]}`, of = (thing) => idOf(thing, state), row = of('goal');
	ok(await t.post(`${p}/rows`, { id: of('competence'), kind: 'competence', text: `Competence of ${state}` }));
	ok(await t.post(`${p}/rows`, { id: row, kind: 'goal', parent: of('competence'), text: `Goal of ${state}` }));
	for (const key of ['school', 'hidden', 'heads'])
		ok(await t.put(`${p}/values/${key}`, { text: `${key} in ${state}`, rev: 0 }), key);
	for (const [thing, responsible] of [['task', 'student'], ['home task', 'home'], ['done task', 'student']])
		ok(await t.post(`${p}/tasks`, { id: of(thing), field: 'tasks', row, text: `${thing} of ${state}`, responsible }), thing);
	ok(await t.put(`${p}/tasks/${of('done task')}/status`, { text: 'done', rev: 1 }));
	ok(await t.patch(`${p}/tasks/${of('done task')}`, { confirmed: true }));
	for (const [thing, more] of [['log', { field: '_log' }], ['note', { field: 'note', row, audience: 'MC' }], ['comment', { field: 'comment' }], ['topic', { field: '_topics' }]])
		ok(await t.post(`${p}/posts`, { id: of(thing), text: `${thing} of ${state}`, ...more }), thing);
	for (const thing of ['link', 'spare'])
		ok(await t.post(`${p}/evidence`, { id: of(thing), field: 'files', title: thing, url: `https://example.org/${thing}` }), thing);
	ok(await t.call('POST', `${p}/evidence/${of('file')}/file?field=files&title=A%20file`, '%PDF-1.4 of a plan', { 'Content-Type': 'application/pdf' }), 'file');
	ok(await t.post(`${p}/share`, { id: of('share'), scope: 'district', title: `Share of ${state}` }));
}

/* What the others wrote while it was published; a meeting to come, one under way, one shared. */
async function answer(state) {
	const { mentor, student, guardian, 'course teacher': teacher } = who, p = `/plans/${plans[state]}`, of = (thing) => idOf(thing, state);
	ok(await student.put(`${p}/values/own`, { text: `own in ${state}`, rev: 0 }));
	ok(await student.put(`${p}/rows/${of('goal')}/reflection`, { text: `reflection in ${state}`, rev: 0 }));
	ok(await student.post(`${p}/posts`, { id: of('log of student'), field: '_log', text: `student's log of ${state}` }));
	ok(await student.post(`${p}/posts`, { id: of('topic of student'), field: '_topics', text: `student's topic of ${state}` }));
	ok(await student.post(`${p}/rows`, { id: of('proposal'), kind: 'goal', parent: of('competence'), text: `Proposal of ${state}` }));
	ok(await guardian.put(`${p}/values/home`, { text: `home in ${state}`, rev: 0 }));
	ok(await guardian.post(`${p}/posts`, { id: of('comment of guardian'), field: 'comment', text: `guardian's comment of ${state}` }));
	ok(await teacher.post(`${p}/posts`, { id: of('log of teacher'), field: '_log', text: `teacher's log of ${state}` }));
	for (const [thing, batch] of [['meeting', 'batch'], ['live', 'live batch'], ['shared', 'shared batch']])
		ok(await mentor.post('/meetings', meetingOf(state, thing, batch)));
	for (const [client, person] of [[student, sofie], [guardian, ids['marte-aasen']]]) {
		ok(await client.put(`/meetings/${of('meeting')}/texts/${person}/prep.good`, { text: `prepared for ${state}`, rev: 0 }));
		ok(await client.post(`/meetings/${of('meeting')}/answer`, { answer: 'comes' }));
		ok(await client.post(`/meetings/${of('meeting')}/read`, {}));
	}
	for (const thing of ['live', 'shared'])
		ok(await mentor.post(`/meetings/${of(thing)}/step`, { step: 'welcome' }));
	ok(await mentor.put(`/meetings/${of('live')}/attended`, { people: [] }));
	ok(await mentor.post(`/meetings/${of('live')}/agreements`, { id: of('agreed'), text: `agreed in ${state}`, responsible: 'school' }));
	ok(await mentor.put(`/meetings/${of('live')}/texts/${of('live')}/minutes`, { text: `minutes of ${state}`, rev: 0 }));
	ok(await mentor.put(`/meetings/${of('live')}/texts/${sofie}/talk.good`, { text: `said in ${state}`, rev: 0 }));
	ok(await mentor.put(`/meetings/${of('meeting')}/texts/${ids['ingrid-solheim']}/private`, { text: `private in ${state}`, rev: 0 }));
	const asked = [sofie, ids['marte-aasen'], ids['ingrid-solheim']];
	ok(await mentor.post(`${p}/signatures`, { id: of('snapshot'), people: asked }));
	for (const client of [student, guardian, mentor])
		ok(await client.post(`${p}/signatures/${of('snapshot')}/answer`, { answer: 'signed', method: 'app' }));
	ok(await mentor.post(`/meetings/${of('shared')}/share`, {}));
}
const meetingOf = (state, thing = 'meeting', batch = 'batch') => ({ batch: idOf(batch, state), meetings: [{ id: idOf(thing, state), plan: plans[state], startsAt: NEVER }], minutes: 30, place: 'Room 12', asksReading: true,
	questions: [{ key: 'good', label: 'What are you good at?' }] });
const period = (state) => ({ title: `Plan ${state}`, startsOn: `2020-01-0${1 + STATES.indexOf(state)}`, endsOn: ENDS });

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	await sql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${fixed('tenant')}', 'Another school')`);
	await people();
	await school();
	const { mentor } = who;
	for (const state of STATES) {
		[plans[state]] = await makePlan(mentor, [sofie], { template: fixed('template'), request: idOf('request', state), ...period(state) });
		await write(state);
		if (MET.includes(state)) {
			await publish(mentor, plans[state]);
			await answer(state);
		}
	}
	await act(mentor, 'lock', plans.locked);
	await act(mentor, 'unpublish', plans['taken back']);
	await act(mentor, 'archive', [plans.archived, plans['taken back']]);
	for (const state of STATES.slice(1))
		[next[state]] = await revise(mentor, plans[state], { request: idOf('request', state), ...period(state), title: `After ${state}`, startsOn: `2021-01-0${1 + STATES.indexOf(state)}` });
	ok(await mentor.post(`/plans/${plans.published}/share`, { id: fixed('withdrawn share'), scope: 'district', title: 'Taken back' }));
	ok(await mentor.delete(`/shares/${fixed('withdrawn share')}`, {}));
	/* Plans as they are, for what goes through and is taken back. */
	await sql('CREATE TABLE public.kept AS SELECT * FROM ilp.plan');
	const columns = (await world.database.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'ilp.plan'::regclass AND attnum > 0 AND NOT attisdropped")).map((c) => c.attname);
	restore = `UPDATE ilp.plan p SET (${columns}) = ROW(k.*) FROM public.kept k WHERE k.plan_id = p.plan_id AND to_jsonb(k) <> to_jsonb(p)`;
});
after(() => world?.stop());
let restore;

const OTHER = { text: 'Other words', status: 'doing', due: '2190-01-01', responsible: 'home', link: 'https://example.org/other', detail: 'Other words' };
/* The requests of one state. A name, if a request has one, tells it from another of the same
 * route; `again` takes back what went through. */
function ofPlan(state, me) {
	const plan = plans[state], p = `/plans/${plan}`, of = (thing) => idOf(thing, state), row = of('goal'), old = { text: 'Written by a role', rev: 7 };
	const text = 'Added by a role', take = (n, [method, path, body]) => [n, method, path, body];
	const live = `/meetings/${of('live')}`, meeting = `/meetings/${of('meeting')}`, shared = `/meetings/${of('shared')}`;
	const R = {
		'GET /api/plans/:id': [[p], [`${p}?as=student`], [`${p}?as=guardian`]],
		'GET /api/plans/:id/changes': [[`${p}/changes?since=2026-01-01T00:00:00.000000Z`]],
		'GET /api/plans/:id/history': [[`${p}/history?object=${row}&field=goal`], [`${p}/history?field=hidden`], [`${p}/history?object=${of('note')}&field=text`]],
		'PUT /api/plans/:id/writing': [[`${p}/writing`, { object: plan, field: '' }]],
		'PUT /api/plans/:id/values/:field': ['school', 'own', 'home', 'hidden', 'heads'].map((key) => [`${p}/values/${key}`, old]).concat([[`${p}/values/own`, { ...old, voice: 'student' }]]),
		'PUT /api/plans/:id/rows/:row/:field': [[`${p}/rows/${row}/goal`, old], [`${p}/rows/${row}/reflection`, old], [`${p}/rows/${of('proposal')}/goal`, old]],
		'POST /api/plans/:id/rows': [[`${p}/rows`, { id: of('competence'), kind: 'competence', text }], [`${p}/rows`, { id: row, kind: 'goal', parent: of('competence'), text }]],
		'PATCH /api/plans/:id/rows/:row': [[`${p}/rows/${row}`, { state: 'agreed' }], [`${p}/rows/${row}`, { removed: false }], [`${p}/rows/${of('proposal')}`, { removed: false }]],
		'POST /api/plans/:id/tasks': [[`${p}/tasks`, { id: of('task'), field: 'tasks', row, text }]],
		'PUT /api/plans/:id/tasks/:task/:field': Object.entries(OTHER).map(([key, text]) => [`${p}/tasks/${of('task')}/${key}`, { text, rev: 7 }])
			.concat([[`${p}/tasks/${of('home task')}/status`, { text: 'doing', rev: 7 }], [`${p}/tasks/${of('done task')}/status`, { text: 'doing', rev: 7 }]]),
		'PATCH /api/plans/:id/tasks/:task': [[`${p}/tasks/${of('task')}`, { removed: false }], [`${p}/tasks/${of('done task')}`, { confirmed: true }]],
		'POST /api/plans/:id/posts': [[`${p}/posts`, { id: of('log'), field: '_log', text }], [`${p}/posts`, { id: of('note'), field: 'note', row, text }], [`${p}/posts`, { id: of('comment'), field: 'comment', text }],
			[`${p}/posts`, { id: of('topic'), field: '_topics', text }]],
		'PUT /api/plans/:id/posts/:post/text': ['log', 'topic of student', 'comment of guardian', 'log of teacher'].map((thing) => [`${p}/posts/${of(thing)}/text`, old]),
		'PATCH /api/plans/:id/posts/:post': [[`${p}/posts/${of('note')}`, { audience: 'MC' }], [`${p}/posts/${of('topic')}`, { done: false }], [`${p}/posts/${of('log')}`, { removed: false }],
			[`${p}/posts/${of('log of student')}`, { audience: 'MCS' }]],
		'POST /api/plans/:id/evidence': [[`${p}/evidence`, { id: of('link'), field: 'files', title: 'A link', url: 'https://example.org/other' }]],
		'POST /api/plans/:id/evidence/:evidence/file': [[`${p}/evidence/${of('file')}/file?field=files&title=Another`, '%PDF-1.4 of a role', { 'Content-Type': 'application/pdf' }]],
		'GET /api/plans/:id/evidence/:evidence/file': [[`${p}/evidence/${of('file')}/file`]],
		'DELETE /api/plans/:id/evidence/:evidence': [[`${p}/evidence/${of('spare')}`, {}]],
		'PATCH /api/plans/:id': [[p, { rev: 77, title: 'Changed by a role' }]],
		'PUT /api/plans/:id/track': [[`${p}/track`, { track: null, reason: null }]],
		'POST /api/plans/:id/fields': [[`${p}/fields`, { section: 'more', field: field('school', 'long', 'M', 'M') }]],
		'POST /api/plans/:id/transfer': [[`${p}/transfer`, { tasks: [of('done task')] }]],
		'POST /api/plans/:id/share': [[`${p}/share`, { id: of('share'), scope: 'district', title: 'Shared by a role' }]],
		'POST /api/plans': [['/plans', { request: idOf('request', state), students: [sofie], plan, ...period(state) }]],
		'POST /api/plans/revise': [['/plans/revise', { request: idOf('request', state), plans: [plan], ...period(state) }]],
		'POST /api/plans/preview': [['/plans/preview', { plans: [plan] }]],
		'POST /api/plans/act': ['publish', 'unpublish', 'lock', 'reopen', 'archive', 'restore', 'delete'].map((name) => ['/plans/act', { act: name, plans: [plan], ...(name === 'delete' && { confirm: 'Not its title' }) }]),
		'GET /api/plans/:id/signatures': [[`${p}/signatures`]],
		'POST /api/plans/:id/signatures': [[`${p}/signatures`, { id: of('snapshot'), people: [sofie] }]],
		'GET /api/plans/:id/signatures/:snapshot': [[`${p}/signatures/${of('snapshot')}`]],
		'POST /api/plans/:id/signatures/:snapshot/answer': [[`${p}/signatures/${of('snapshot')}/answer`, { answer: 'signed', method: 'app' }],
			[`${p}/signatures/${of('snapshot')}/answer`, { answer: 'signed', method: 'paper', person: sofie }]],
		'POST /api/meetings': [['/meetings', meetingOf(state)]],
		...(MET.includes(state) && {
			'POST /api/meetings/remind': [['/meetings/remind', { meeting: of('live') }]],
			'GET /api/meetings/:id': [[meeting], [live], [shared]],
			'GET /api/meetings/:id/brief': [[`${meeting}/brief`]],
			'GET /api/meetings/:id/live': [[`${meeting}/live`], [`${live}/live`]],
			'GET /api/meetings/:id/ics': [[`${meeting}/ics`]],
			'PATCH /api/meetings/:id': [[meeting, { rev: 77, place: 'Elsewhere' }]],
			'POST /api/meetings/:id/answer': [[`${meeting}/answer`, { answer: 'comes' }]],
			'POST /api/meetings/:id/read': [[`${meeting}/read`, {}]],
			'POST /api/meetings/:id/step': [[`${live}/step`, { step: 'welcome' }]],
			'POST /api/meetings/:id/share': [[`${shared}/share`, {}]],
			'PUT /api/meetings/:id/attended': [[`${live}/attended`, { people: [] }]],
			'POST /api/meetings/:id/agreements': [[`${live}/agreements`, { id: of('agreed'), text, responsible: 'school' }]],
			'PUT /api/meetings/:id/texts/:person/:field': [[`${meeting}/texts/${me}/prep.good`, old], [`${meeting}/texts/${sofie}/prep.good`, old], [`${meeting}/texts/${me}/private`, old],
				[`${meeting}/texts/${ids['ingrid-solheim']}/private`, old], [`${live}/texts/${of('live')}/minutes`, old], [`${live}/texts/${sofie}/talk.good`, old]],
			'GET /api/meetings/:id/texts/:person/:field/history': [[`${meeting}/texts/${sofie}/prep.good/history`], [`${meeting}/texts/${ids['marte-aasen']}/prep.good/history`],
				[`${meeting}/texts/${ids['ingrid-solheim']}/private/history`], [`${live}/texts/${of('live')}/minutes/history`], [`${live}/texts/${sofie}/talk.good/history`]],
		}),
		/* Last: it changes what is new on the page. */
		'POST /api/plans/:id/look': [[`${p}/look`, {}]],
	};
	return Object.entries(R).flatMap(([name, list]) => list.map(([path, body, headers]) => [name, path, body, headers]));
}

/* What is there once. */
function ofSchool() {
	const maja = ids['maja-rosenlund'], template = fixed('template'), more = { id: fixed('own sentence'), kind: 'goal', subject: '', text: 'A sentence of one' };
	const R = {
		'GET /api/students': [['/students'], [`/students?group=${fixed('group')}`], ['/students?search=sofie']],
		'GET /api/course/plans': [['/course/plans']],
		'GET /api/plan-report': [['/plan-report'], [`/plan-report?group=${fixed('group')}&plans=all`], ['/plan-report?format=csv']],
		'GET /api/plan-report/school': [['/plan-report/school']],
		'GET /api/plan-report/students/:student': [[`/plan-report/students/${sofie}`], [`/plan-report/students/${maja}`]],
		'GET /api/meetings': [['/meetings']],
		'GET /api/shares': [['/shares']],
		'GET /api/shares/:id': [[`/shares/${idOf('share', 'locked')}`], [`/shares/${fixed('withdrawn share')}`]],
		'DELETE /api/shares/:id': [[`/shares/${fixed('withdrawn share')}`, {}]],
		'GET /api/templates': [['/templates']],
		'GET /api/templates/:id': [[`/templates/${template}`], [`/templates/${fixed('another template')}`]],
		'GET /api/admin/templates': [['/admin/templates']],
		'GET /api/admin/templates/shipped': [['/admin/templates/shipped']],
		'POST /api/admin/templates': [['/admin/templates', { id: template, definition: DEFINITION }]],
		'GET /api/admin/templates/:id': [[`/admin/templates/${template}`]],
		'PUT /api/admin/templates/:id': [[`/admin/templates/${template}`, { rev: 77, definition: DEFINITION }]],
		'PATCH /api/admin/templates/:id': [[`/admin/templates/${template}`, { rev: 77, state: 'unpublished' }]],
		'DELETE /api/admin/templates/:id': [[`/admin/templates/${template}`, { rev: 77 }]],
		'GET /api/bank': [['/bank?kind=goal']],
		'POST /api/bank': [['/bank', more]],
		'PATCH /api/bank/:id': [[`/bank/${fixed('own sentence')}`, { text: more.text }], [`/bank/${fixed('school sentence')}`, { text: 'A sentence of all' }]],
		'DELETE /api/bank/:id': [[`/bank/${fixed('school sentence')}`, {}]],
		'GET /api/admin/bank': [['/admin/bank?kind=goal']],
		'POST /api/admin/bank': [['/admin/bank', { ...more, id: fixed('school sentence'), text: 'A sentence of all' }]],
		'PATCH /api/admin/bank/:id': [[`/admin/bank/${fixed('school sentence')}`, { text: 'A sentence of all' }], [`/admin/bank/${fixed('own sentence')}`, { text: more.text }]],
		'DELETE /api/admin/bank/:id': [[`/admin/bank/${fixed('own sentence')}`, {}]],
		'GET /api/frameworks': [['/frameworks']],
		'GET /api/frameworks/:id/objectives': [[`/frameworks/${fixed('framework')}/objectives`]],
		'GET /api/admin/frameworks': [['/admin/frameworks']],
		'POST /api/admin/frameworks': [['/admin/frameworks', 'no file', { 'Content-Type': 'application/json' }]],
		'PATCH /api/admin/frameworks/:id': [[`/admin/frameworks/${fixed('framework')}`, { retired: 'x' }]],
		'GET /api/school': [['/school']],
		'PATCH /api/school': [['/school', { no_such_rule: 1 }]],
	};
	return Object.entries(R).flatMap(([name, list]) => list.map(([path, body, headers]) => [name, path, body, headers]));
}

/* Ids, times and files of this run become words. */
let words;
function readable(text) {
	words ??= new Map([...Object.entries(ids).map(([k, v]) => [v, k]), ...Object.entries(plans).map(([k, v]) => [v, `plan ${k}`]), ...Object.entries(next).map(([k, v]) => [v, `after ${k}`]),
		...Object.keys(FIXED).map((k) => [fixed(k), k]), ...STATES.flatMap((s) => THINGS.map((thing) => [idOf(thing, s), `${thing} of ${s}`]))]);
	return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => `<${words.get(id) ?? 'id'}>`)
		.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>').replace(/\b[0-9a-f]{64}\b/g, '<hash>').replace(/("today":\s*)"\d{4}-\d\d-\d\d"/g, '$1"<today>"')
		.replace(/DTSTAMP:\w+/, 'DTSTAMP:<time>');
}

/* What a person has to read: an error by its code, what is long and was there before by name. */
function plainly(r, seen) {
	const text = readable(r.text);
	if (r.json?.error)
		return [r.status, ...Object.values(r.json.error).filter((v) => v !== r.json.error.message && !(r.status === 404 && v === 'not_found'))].join(' ');
	if (!r.json)
		return `${r.status} ${text}`.trim();
	const body = JSON.parse(text);
	for (const [name, part] of Object.entries(body)) {
		const long = JSON.stringify(part);
		if (name === 'shipped')
			body[name] = part.map((t) => t.key);
		else if (long.length > 400 && seen.has(name + long))
			body[name] = `as in ${seen.get(name + long)}`;
		else
			seen.set(name + long, seen.at);
	}
	return `${r.status} ${JSON.stringify(body)}`;
}

const method = (name) => name.slice(0, name.indexOf(' '));
/* A request's own words: the plan is that of its state, a body stands where the path is not
 * enough. */
function keysOf(calls) {
	const paths = calls.map(([name, path]) => `${method(name)} ${readable(path).replace(/<([a-z ]+?)( of)? (draft|published|locked|archived|taken back)>/g, '<$1>')}`);
	return calls.map(([, , body], i) => (paths.filter((p) => p === paths[i]).length > 1 ? `${paths[i]} ${readable(JSON.stringify(body)).slice(0, 100)}` : paths[i]));
}

/* Acts that go through leave the plan as it was for the next. */
async function takeBack([name], r, state) {
	if (r.status >= 300)
		return;
	if (name === 'PUT /api/plans/:id/track' || (name === 'POST /api/plans/act' && r.json.results[0].ok))
		await sql(restore);
	if (name.startsWith('DELETE /api/plans/:id/evidence'))
		ok(await who.mentor.post(`/plans/${plans[state]}/evidence`, { id: idOf('spare', state), field: 'files', title: 'spare', url: 'https://example.org/spare' }));
}

/* The same answer once more is said by where it stands. */
async function answersOf(role) {
	const answers = {}, first = new Map(), seen = new Map();
	const person = await world.database.value(`SELECT person_id FROM ilp.session WHERE right(session_id::text, 8) = '${who[role].sid}' LIMIT 1`) || OUTSIDE;
	for (const [state, calls] of [...STATES.map((s) => [s, ofPlan(s, person)]), ['school', ofSchool()]]) {
		const lines = answers[state] = {}, keys = keysOf(calls);
		for (const [i, call] of calls.entries()) {
			const [name, path, body, headers] = call, key = keys[i];
			if (key in lines) /* one's own is the student's */
				continue;
			const r = await who[role].call(method(name), path, body, headers);
			assert.ok(r.status < 500, `${role} ${key}: ${r.status} ${r.text}`);
			await takeBack(call, r, state);
			seen.at = `${state}: ${key}`;
			const line = plainly(r, seen), before = line.length > 80 && first.get(line);
			lines[key] = before ? `as ${before}` : line;
			first.set(line, first.get(line) ?? seen.at);
		}
	}
	/* Another school may have what this one has: it is its own. */
	await sql(['template', 'bank'].map((t) => `DELETE FROM ilp.${t} WHERE tenant_id = '${fixed('tenant')}'`).join(';'));
	return answers;
}

/* What stands in plans, but for when somebody last touched them. */
const standing = () => world.database.value(['plan_value', 'task', 'post', 'plan_row', 'plan', 'meeting_text', 'evidence', 'template', 'bank', 'share', 'snapshot', 'sign_off'].map((t) =>
	`SELECT '${t} ' || md5(coalesce(string_agg(x::text, ';' ORDER BY x::text), '')) FROM (SELECT to_jsonb(t) - 'changed_at' - 'changed_by' - 'at' - 'track_by' - 'track_at' AS x FROM ilp.${t} t) y`).join(' UNION ALL '));
async function counted() {
	const counts = await world.database.counts();
	for (const t of ['ilp.event', 'ilp.plan_look', 'ilp.session', 'notify.mail', 'notify.notice'])
		delete counts[t];
	return Object.fromEntries(Object.entries(counts).filter(([t]) => !t.startsWith('ilp.event_')));
}

const PEOPLE = ['mentor', 'co-mentor', 'course teacher', 'teacher of another course', 'head', 'student', 'other student', 'guardian', 'second guardian', 'other guardian', 'guardian of nobody', 'none',
	'administrator', 'administrator of another school', 'no session', 'ended session'];

test('every route about plans is called here', () => {
	const sources = readdirSync(`${ROOT}/web/api`).filter((f) => f.endsWith('.c')).map((f) => readFileSync(`${ROOT}/web/api/${f}`, 'utf8')).join('\n');
	const routes = [...sources.matchAll(/\{\s*"(GET|POST|PUT|PATCH|DELETE)",\s*"([^"]+)",\s*ROUTE_\w+,/g)].map((m) => `${m[1]} ${m[2]}`);
	assert.ok(routes.length >= 79, `${routes.length}`);
	const called = new Set([...ofPlan('published', OUTSIDE), ...ofSchool()].map(([name]) => name));
	assert.deepEqual(routes.filter((r) => !called.has(r)), []);
	assert.deepEqual([...called].filter((r) => !routes.includes(r)), []);
});

describe('whole answers', () => {
	for (const role of PEOPLE)
		test(role, async () => {
			const had = [await counted(), await standing()];
			const answers = await answersOf(role);
			assert.deepEqual([await counted(), await standing()], had, `${role} changed something`);
			const file = `${DIR}/${role.replaceAll(' ', '-')}.json`;
			if (process.env.ILPD_TEST_UPDATE) {
				mkdirSync(DIR, { recursive: true });
				writeFileSync(file, `${JSON.stringify(answers, null, '\t')}\n`);
			}
			assert.ok(existsSync(file), `${file} is missing: ILPD_TEST_UPDATE=1 writes it`);
			const expected = JSON.parse(readFileSync(file, 'utf8'));
			for (const state of Object.keys(answers))
				for (const [key, line] of Object.entries(answers[state]))
					assert.equal(line, expected[state]?.[key], `${role}, ${state}: ${key}`);
			assert.deepEqual(Object.keys(expected).map((s) => Object.keys(expected[s])), Object.keys(answers).map((s) => Object.keys(answers[s])));
		});
});

describe('what a school says otherwise', () => {
	const rule = (rules) => sql(`UPDATE ilp.tenant SET policy = '${JSON.stringify(rules)}' WHERE tenant_id = '${TENANT}'`);
	after(() => rule({}));
	const all = async (role) => (await Promise.all(['/home', '/meetings', `/plan-report/students/${sofie}`, `/plans/${plans.published}`].map((path) => who[role].get(path)))).map((r) => r.text).join('\n');
	const reads = async (role) => Promise.all(STATES.map(async (state) => (await who[role].get(`/plans/${plans[state]}`)).status));
	const there = async (role) => { const text = await all(role); return STATES.map((state) => text.includes(`Plan ${state}`) || text.includes(plans[state])); };

	test('families look back at what is archived, but at nothing that was taken back', async () => {
		for (const role of ['student', 'guardian', 'second guardian']) {
			await rule({});
			assert.deepEqual(await reads(role), [404, 200, 200, 404, 404], role);
			assert.deepEqual(await there(role), [false, true, true, false, false], role);
			await rule({ archive_history: true });
			assert.deepEqual(await reads(role), [404, 200, 200, 200, 404], role);
			assert.deepEqual(await there(role), [false, true, true, true, false], role);
		}
	});
	test('guardians do not look back, students do', async () => {
		await rule({ guardian_history: false });
		assert.deepEqual(await there('guardian'), [false, true, false, false, false]);
		assert.deepEqual(await reads('guardian'), [404, 200, 404, 404, 404]);
		assert.deepEqual(await reads('student'), [404, 200, 200, 404, 404]);
	});
	test('families propose nothing, mentors add no field', async () => {
		const goal = { id: idOf('goal', 'published'), kind: 'goal', parent: idOf('competence', 'published'), text: 'x' }, more = { section: 'more', field: field('another', 'long', 'M', 'M') };
		await rule({ students_propose: false, guardians_propose: false, mentor_fields: false });
		for (const role of ['student', 'guardian'])
			assert.equal((await who[role].post(`/plans/${plans.published}/rows`, goal)).status, 404, role);
		assert.equal((await who.mentor.post(`/plans/${plans.published}/fields`, more)).status, 404);
	});
	test('who teaches is mentor', async () => {
		assert.deepEqual([(await who['course teacher'].get('/templates')).json.templates.length, (await who['course teacher'].get('/shares')).json.shares.length], [0, 0]);
		await rule({ teachers_are_mentors: true });
		assert.deepEqual([(await who['course teacher'].get('/templates')).json.templates.length, (await who['course teacher'].get('/shares')).json.shares.length], [1, STATES.length]);
		assert.equal((await who['course teacher'].get(`/plans/${plans.published}`)).json.plan.hat, 'mentor');
		assert.equal((await who['teacher of another course'].get(`/plans/${plans.published}`)).status, 404);
	});
});
