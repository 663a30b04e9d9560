/* Every route times every role, whole responses: what a role may not see does not exist
 * for it. The answers stand in tests/fixtures/permissions, ids made readable;
 * ILPD_TEST_UPDATE=1 writes them anew, and a person reads the difference. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { CANVAS, Client, ROOT, sleep, startWorld } from '../harness/index.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';

const DIR = `${ROOT}/tests/fixtures/permissions`;
const id = (n) => `018f1111-0000-7000-8000-00000000000${n}`;
/* One that is released for Sofie, one that is not, one nobody has written in. */
const REVIEW = { released: id(1), open: id(2), empty: id(3) };
let made = 0;
const NEW = (n) => `018f2222-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

let world, who, ids, course;
before(async () => {
	world = await startWorld();
	who = await everybody(world);
	ids = await idsOf(world);
	await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${id(8)}', 'Another school')`);
	who.stranger = await admin(world, { tenant: id(8), name: 'An administrator of another school' });
	who.administrator = await admin(world);
	who['no session'] = new Client(world.toolUrl, '00000000', {});
	who['ended session'] = await world.launch('ingrid-solheim');
	await world.database.psql(`UPDATE ilp.session SET revoked_at = now() WHERE right(session_id::text, 8) = '${who['ended session'].sid}'`);
	const t = who.teacher, sofie = ids['sofie-aasen-lund'], maja = ids['maja-rosenlund'];
	await t.makeReview({ id: REVIEW.released, title: 'Released review' });
	await t.makeReview({ id: REVIEW.open, title: 'Open review', startsOn: '2026-11-03' });
	await t.makeReview({ id: REVIEW.empty, title: 'Empty review', startsOn: '2026-11-04', selfAssessment: false });
	await who.student.saveOwn(REVIEW.released, 'self_comment', 'I worked hard');
	for (const r of [REVIEW.released, REVIEW.open]) {
		await t.save(r, sofie, 'value', '5');
		await t.save(r, sofie, 'comment', `Well done in ${r === REVIEW.open ? 'the open one' : 'the released one'}`);
		await t.save(r, maja, 'value', '4');
	}
	assert.equal((await t.release(REVIEW.released, [sofie])).json.released, 1);
	await t.save(REVIEW.released, sofie, 'comment', 'Corrected after release', 1);
	course = (await t.home()).course.id;
	/* the launch log is written behind */
	while (!Number(await world.database.value('SELECT count(*) FROM lti.launch')))
		await sleep(50);
});
after(() => world?.stop());

/* Whoever may is told what is wrong with the body; nothing is changed. */
const administration = () => [
	['GET /api/admin/platforms', 'GET', '/admin/platforms'],
	['POST /api/admin/platforms', 'POST', '/admin/platforms', {}],
	['PATCH /api/admin/platforms/:id', 'PATCH', `/admin/platforms/${CANVAS}`, { name: '' }],
	['POST /api/admin/platforms/:id/check', 'POST', `/admin/platforms/${id(9)}/check`, {}],
	['GET /api/admin/platforms/:id/deployments', 'GET', `/admin/platforms/${CANVAS}/deployments`],
	['PATCH /api/admin/platforms/:id/deployments', 'PATCH', `/admin/platforms/${CANVAS}/deployments`, { deployment: '1', state: 'x' }],
	['POST /api/admin/claim', 'POST', '/admin/claim', { code: 'AAAAA-AAAAA' }],
	['POST /api/admin/invitations', 'POST', '/admin/invitations', { days: 0 }],
	['DELETE /api/admin/invitations/:id', 'DELETE', `/admin/invitations/${id(9)}`, {}],
	['GET /api/admin/launches', 'GET', '/admin/launches'],
	['GET /api/admin/launches', 'GET', '/admin/launches?code=00000000'],
	['GET /api/admin/launches/:id', 'GET', `/admin/launches/${id(9)}`],
	['GET /api/admin/platforms/:id/rules', 'GET', `/admin/platforms/${CANVAS}/rules`],
	['PUT /api/admin/platforms/:id/rules', 'PUT', `/admin/platforms/${CANVAS}/rules`, { rules: 'x' }],
	['POST /api/admin/platforms/:id/rules/preview', 'POST', `/admin/platforms/${CANVAS}/rules/preview`, { rules: [] }],
];

/* name of the route as in web/routes.c, method, path, body. */
const calls = () => {
	const sofie = ids['sofie-aasen-lund'];
	return [
		['GET /api/home', 'GET', '/home'],
		['GET /api/students', 'GET', '/students'],
		['GET /api/students', 'GET', `/students?group=${course}`],
		['GET /api/students', 'GET', '/students?search=so'],
		['GET /api/course/plans', 'GET', '/course/plans'],
		['GET /api/report', 'GET', '/report'],
		['GET /api/report/:student', 'GET', `/report/${sofie}`],
		['GET /api/privacy', 'GET', '/privacy'],
		['GET /api/privacy', 'GET', `/privacy?person=${ids['maja-rosenlund']}`],
		['GET /api/placement', 'GET', '/placement'],
		['POST /api/placement', 'POST', '/placement', { items: [] }],
		['DELETE /api/course/copy', 'DELETE', '/course/copy', {}],
		['POST /api/course/copy', 'POST', '/course/copy', {}],
		['GET /api/reviews/:id', 'GET', `/reviews/${REVIEW.released}`],
		['GET /api/reviews/:id', 'GET', `/reviews/${REVIEW.open}`],
		['GET /api/reviews/:id', 'GET', `/reviews/${REVIEW.open}?since=2026-01-01T00:00:00.000000Z`],
		['GET /api/reviews/:id/entries/:student/history', 'GET', `/reviews/${REVIEW.released}/entries/${sofie}/history`],
		['GET /api/reviews/:id/release', 'GET', `/reviews/${REVIEW.open}/release`],
		['POST /api/roster', 'POST', '/roster', {}],
		['POST /api/reviews', 'POST', '/reviews', () => ({ id: NEW(++made), title: 'Made by a role', startsOn: '2026-10-01', endsOn: '2026-10-02', scale: null, selfAssessment: false, toStudents: false, toGuardians: false })],
		['PATCH /api/reviews/:id', 'PATCH', `/reviews/${REVIEW.empty}`, { rev: 1, title: 'Changed by a role' }],
		['PUT /api/reviews/:id/entries/:student/:field', 'PUT', `/reviews/${REVIEW.empty}/entries/${sofie}/comment`, { text: 'Written by a role', rev: 0 }],
		['PUT /api/reviews/:id/entries/:student/date', 'PUT', `/reviews/${REVIEW.empty}/entries/${sofie}/date`, { date: '2026-11-05' }],
		['POST /api/reviews/:id/entries', 'POST', `/reviews/${REVIEW.empty}/entries`, { students: [sofie], comment: 'Many by a role' }],
		['POST /api/reviews/:id/release', 'POST', `/reviews/${REVIEW.empty}/release`, { students: [sofie] }],
		['POST /api/reviews/:id/paste', 'POST', `/reviews/${REVIEW.empty}/paste`, { rows: [{ student: sofie, comment: 'Pasted by a role' }] }],
		['POST /api/reviews/:id/ready', 'POST', `/reviews/${REVIEW.empty}/ready`, { students: [sofie], ready: true }],
		['POST /api/reviews/:id/duplicate', 'POST', `/reviews/${REVIEW.empty}/duplicate`, { id: NEW(90), title: 'Duplicated by a role', scale: null, comments: false }],
		['PUT /api/reviews/:id/reminder', 'PUT', `/reviews/${REVIEW.empty}/reminder`, { on: '2199-01-01' }],
		['POST /api/reviews/release-ready', 'POST', '/reviews/release-ready', { student: sofie }],
		['PUT /api/my/reviews/:id/:field', 'PUT', `/my/reviews/${REVIEW.open}/self_comment`, { text: 'Of a role itself', rev: 0 }],
		['PUT /api/viewer/language', 'PUT', '/viewer/language', { language: 'nb' }],
		['DELETE /api/reviews/:id', 'DELETE', `/reviews/${REVIEW.empty}`, { rev: 2 }],
		['GET /api/relations', 'GET', '/relations'],
		['PATCH /api/relations/:student/:id', 'PATCH', `/relations/${sofie}/${ids['marte-aasen']}`, { state: 'of a role' }],
		...administration(),
		['POST /api/session/code', 'POST', '/session/code', { path: 'reviews' }],
		/* To end it is tried in ladder.test.mjs: here the session is needed further on. */
		['DELETE /api/session', 'DELETE', '/session', { everywhere: 'yes' }],
	];
};

/* Ids, times and tokens of this run become words. */
function readable(text) {
	let t = text;
	for (const [key, uuid] of Object.entries(ids))
		t = t.replaceAll(uuid, `<${key}>`);
	for (const [key, uuid] of Object.entries(REVIEW))
		t = t.replaceAll(uuid, `<review ${key}>`);
	return t.replaceAll(course, '<english-8b>')
		.replace(/018f2222-0000-7000-8000-0000000000\d\d/g, '<new review>')
		.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
		.replace(/\/app\/[0-9a-f]{8}\/(\w*)#[\w-]+/g, '/app/<sid>/$1#<code>')
		.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
		.replace(/("enteredOn":\s*)"(?!2026-11-05)\d{4}-\d\d-\d\d"/g, '$1"<today>"')
		.replace(/("today":\s*)"\d{4}-\d\d-\d\d"/g, '$1"<today>"')
		.replace(/("state":\s*)"(wanted|running|done)"/g, '$1"<roster>"');
}

/* The lists of a release preview are sets. */
function inOrder(body) {
	for (const list of ['ready', 'empty', 'already'])
		if (Array.isArray(body[list]))
			body[list].sort();
	/* a mail may be on its way */
	if (Array.isArray(body.held))
		body.held = body.held.filter((h) => h.what !== 'mails');
	return body;
}

/* What is counted and timed differs from run to run: there the names of what is told
 * are compared. */
const COUNTED = ['GET /api/admin/platforms', 'GET /api/admin/launches', `GET /api/admin/platforms/${CANVAS}/deployments`, `POST /api/admin/platforms/${CANVAS}/rules/preview`];
function shape(value) {
	if (Array.isArray(value))
		return value.slice(0, 1).map(shape);
	if (value && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)).map(([k, v]) => [k, shape(v)]));
	return 'a value';
}

/* Teachers last: what they change must not be there for the others. */
const ROLES = ['stranger', 'administrator', 'no session', 'ended session', 'none', 'mentor', 'guardian of nobody', 'other guardian', 'guardian', 'other student', 'student', 'other course', 'teacher'];

test('every route of web/routes.c that needs a session is called here', () => {
	const source = readFileSync(`${ROOT}/web/routes.c`, 'utf8');
	const routes = [...source.matchAll(/\{ "(\w+)", "([^"]+)", ROUTE_(READ|WRITE)/g)].map((m) => `${m[1]} ${m[2]}`);
	assert.ok(routes.length >= 13);
	const called = new Set(calls().map(([name]) => name));
	assert.deepEqual(routes.filter((r) => !called.has(r)), []);
});

describe('whole responses', () => {
	for (const role of ROLES)
		test(role, async () => {
			const answers = {};
			for (const [, method, path, sent] of calls()) {
				const r = await who[role].call(method, path, typeof sent === 'function' ? sent() : sent);
				const key = readable(`${method} /api${path}`);
				const body = () => (r.status < 300 && COUNTED.includes(`${method} /api${path}`) ? shape(r.json) : inOrder(JSON.parse(readable(r.text))));
				answers[key] = { status: r.status, ...(r.text ? { body: body() } : {}) };
			}
			const file = `${DIR}/${role.replaceAll(' ', '-')}.json`;
			if (process.env.ILPD_TEST_UPDATE) {
				mkdirSync(DIR, { recursive: true });
				writeFileSync(file, `${JSON.stringify(answers, null, '\t')}\n`);
			}
			assert.ok(existsSync(file), `${file} is missing: ILPD_TEST_UPDATE=1 writes it`);
			const expected = JSON.parse(readFileSync(file, 'utf8'));
			for (const key of Object.keys(answers))
				assert.deepEqual(answers[key], expected[key], `${role}: ${key}`);
			assert.deepEqual(Object.keys(expected), Object.keys(answers));
		});
});

/* The access table itself, against the doors. */
test('where the table gives a role no right, the route is not there', async () => {
	const access = readFileSync(`${ROOT}/ilp/access.c`, 'utf8');
	const routes = [...readFileSync(`${ROOT}/web/routes.c`, 'utf8').matchAll(/\{ "(\w+)", "([^"]+)", ROUTE_(?:READ|WRITE),\s*(\w+)/g)];
	let seen = 0;
	for (const [, method, path, right] of routes) {
		if (right === 'ANY')
			continue;
		const text = [...access.matchAll(new RegExp(`\\[${right}\\] = \\{ "\\w+",\\s*([^;]*?)\\}`, 'g'))][0][1];
		for (const [role, client] of [['none', 'none'], ['teacher', 'teacher'], ['student', 'student'], ['guardian', 'guardian'], ['mentor', 'mentor']]) {
			const may = new RegExp(`\\bROLE_${role.toUpperCase()}\\b|ONLY\\(${role.toUpperCase()},`).test(text) || /^\{ REACH_(?:OWN|HAT)/.test(text.trim());
			if (may)
				continue;
			const at = path.replace('/api', '').replace(':id', REVIEW.open).replace(':student', ids['sofie-aasen-lund']).replace(':field', path.includes('/my/') ? 'self_comment' : 'comment');
			const r = await who[client].call(method, at, method === 'GET' ? undefined : { rev: 1, text: 'x', students: [ids['sofie-aasen-lund']], title: 'x', startsOn: '2026-01-01', endsOn: '2026-01-02', comment: 'x' });
			assert.equal(r.status, 404, `${role} ${method} ${path}`);
			assert.equal(r.json.error.code, 'not_found');
			seen += 1;
		}
	}
	assert.ok(seen > 30, `${seen}`);
});
