/* Conversations and signatures over HTTP: who gets what in whole answers, for everybody
 * there is; hostile input; the same twice; a word in what is private, which nobody else is
 * ever answered. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startWorld } from '../harness/index.mjs';
import { act, makePlan, publish, publishTemplate } from '../harness/plans.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';
import { TENANT } from '../harness/tool.mjs';

const id = () => randomUUID().replace(/^(.{14})4/, '$17');
const NOT_FOUND = { error: { code: 'not_found', message: 'This is not here. It may have been removed, or it is not yours to see.' } };
const QUESTIONS = [{ key: 'good', label: 'What are you good at?' }, { key: 'hard', label: 'What is hard?' }];
const AT = '2030-12-03T14:30:00Z';
let world, who, ids, plan, S;
/* The mentor, a course teacher, the student, her guardians, the head. */
let ingrid, jonas, sofie, marte, henrik, head;
const outsiders = ['other course', 'other student', 'other guardian', 'guardian of nobody'];

const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };
const sql = (text) => world.database.psql(text);
const value = (text) => world.database.value(text);
const ask = (more = {}) => ({ batch: id(), meetings: [{ id: id(), plan, startsAt: AT }], minutes: 30, place: 'Room 12', asksReading: true, questions: QUESTIONS, ...more });
const meet = async (more) => ok(await ingrid.post('/meetings', ask(more))).results[0].meeting;
const write = (client, meeting, person, field, text, rev = 0) => client.put(`/meetings/${meeting}/texts/${person}/${field}`, { text, rev });
const page = async (client, meeting) => ok(await client.get(`/meetings/${meeting}`));
const stateOf = (meeting) => value(`SELECT state FROM ilp.meeting WHERE meeting_id = '${meeting}'`);

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	who = await everybody(world);
	henrik = await world.launch('henrik-lund');
	ids = await idsOf(world);
	S = ids['sofie-aasen-lund'];
	[ingrid, jonas, sofie, marte, head] = [who.teacher, who['other course'], who.student, who.guardian, who.none];
	await sql(`INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) VALUES ('${TENANT}', '${id()}', '${ids['ingrid-solheim']}', '${S}');
		INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT '${TENANT}', '${id()}', person_id FROM ilp.person WHERE tenant_id = '${TENANT}' AND name = 'Ada Fossum'`);
	const template = await publishTemplate(world);
	[plan] = await makePlan(ingrid, [S], { template });
	await publish(ingrid, plan);
});
after(() => world?.stop());

describe('planning', () => {
	test('once for a batch, however often it is sent', async () => {
		const body = ask();
		const first = ok(await ingrid.post('/meetings', body));
		assert.deepEqual(first, { results: [{ plan, ok: true, meeting: body.meetings[0].id }] });
		assert.deepEqual(ok(await ingrid.post('/meetings', body)), first);
		assert.deepEqual(ok(await ingrid.post('/meetings', { ...body, meetings: [{ id: id(), plan, startsAt: AT }] })), first);
		assert.equal(await value(`SELECT count(*) FROM ilp.meeting WHERE batch_id = '${body.batch}'`), '1');
	});
	test('by whoever may meet; for others nothing is planned', async () => {
		for (const name of [...outsiders, 'student', 'guardian']) {
			const body = ask();
			assert.deepEqual(ok(await who[name].post('/meetings', body)), { results: [{ plan, ok: false, meeting: null }] }, name);
			assert.equal(await value(`SELECT count(*) FROM ilp.meeting WHERE batch_id = '${body.batch}'`), '0', name);
		}
		assert.equal(ok(await head.post('/meetings', ask())).results[0].ok, true);
	});
	test('what it may be', async () => {
		const bad = [
			['batch', { batch: 'no' }], ['meetings', { meetings: [] }], ['meetings', { meetings: 'x' }],
			['meetings', { meetings: [{ id: id(), plan: 'x', startsAt: AT }] }],
			['startsAt', { meetings: [{ id: id(), plan, startsAt: '2030-02-30T10:00:00Z' }] }],
			['startsAt', { meetings: [{ id: id(), plan, startsAt: '2030-02-20 10:00' }] }],
			['meetings', { meetings: [{ id: id(), plan, startsAt: AT }, { id: id(), plan, startsAt: AT }] }],
			['meetings', { meetings: Array.from({ length: 101 }, () => ({ id: id(), plan: id(), startsAt: AT })) }],
			['minutes', { minutes: 4 }], ['minutes', { minutes: 1000 }], ['place', { place: 'x'.repeat(201) }], ['place', { place: 'a\nb' }], ['place', { place: 7 }],
			['link', { link: 'javascript:alert(1)' }], ['link', { link: 'https://' + 'x'.repeat(2000) }],
			['questions', { questions: 'x' }], ['questions', { questions: [{ key: 'A', label: 'x' }] }], ['questions', { questions: [{ key: 'a', label: '' }] }],
			['questions', { questions: [{ key: 'a', label: 'x' }, { key: 'a', label: 'y' }] }], ['questions', { questions: Array.from({ length: 13 }, (_, i) => ({ key: `q${i}`, label: 'x' })) }],
			['questions', { questions: [{ key: 'a.b', label: 'x' }] }],
		];
		for (const [field, more] of bad) {
			const r = await ingrid.post('/meetings', ask(more));
			assert.equal(r.status, 422, `${field} ${JSON.stringify(more).slice(0, 80)} ${r.text}`);
			assert.equal(r.json.error.field, field);
		}
	});
});

test('whole answers: one meeting, for everybody there is', async () => {
	const meeting = await meet({ link: 'https://video.example/room' });
	const name = 'Sofie Aasen Lund';
	const mentors = await page(ingrid, meeting);
	const people = { ingrid: ids['ingrid-solheim'], marte: ids['marte-aasen'], henrik: ids['henrik-lund'] };
	const common = { id: meeting, plan, planTitle: 'Autumn 2026', planState: 'published', student: { id: S, name, given: 'Sofie' }, startsAt: AT, minutes: 30,
		place: 'Room 12', link: 'https://video.example/room', state: 'planned', live: false, step: null, asksReading: true, organiser: 'Ingrid Solheim', rev: 1, questions: QUESTIONS,
		batch: mentors.meeting.batch };
	const party = (person, full, given, hat) => ({ id: person, name: full, given, hat });
	const parties = [party(S, name, 'Sofie', 'student'), party(people.henrik, 'Henrik Lund', 'Henrik', 'guardian'), party(people.marte, 'Marte Aasen', 'Marte', 'guardian'),
		party(people.ingrid, 'Ingrid Solheim', 'Ingrid', 'mentor')];
	const nothing = { answer: null, answerText: null, openedAt: null, confirmedAt: null, prepared: false, remindedAt: null, attended: null };
	const statuses = mentors.statuses;
	const rest = { texts: [], agreed: [], topics: [], statuses };
	assert.deepEqual(mentors, { meeting: { ...common, parties: parties.map((p) => ({ ...p, ...nothing })) }, hat: 'mentor', leads: true, prepares: false, ...rest, addsTopics: mentors.addsTopics });
	const mine = (person) => ({ id: person, answer: null, answerText: null, confirmedAt: null, prepared: false });
	assert.deepEqual(await page(sofie, meeting), { meeting: { ...common, parties, mine: mine(S) }, hat: 'student', leads: false, prepares: true, ...rest, addsTopics: true });
	assert.deepEqual(await page(marte, meeting), { meeting: { ...common, parties, mine: mine(people.marte) }, hat: 'guardian', leads: false, prepares: true, ...rest, addsTopics: true });
	const heads = await page(head, meeting);
	assert.equal(heads.hat, 'head');
	assert.deepEqual(heads.meeting, mentors.meeting);
	for (const o of outsiders) {
		assert.deepEqual((await who[o].get(`/meetings/${meeting}`)).json, NOT_FOUND, o);
		assert.deepEqual(ok(await who[o].get('/meetings')), { meetings: [] }, o);
	}
	assert.ok(ok(await marte.get('/meetings')).meetings.some((m) => m.id === meeting));
	assert.deepEqual(ok(await ingrid.get('/meetings')).meetings.find((m) => m.id === meeting), mentors.meeting);
});

test('every door is shut for who has nothing to do with it, and nothing changes', async () => {
	const meeting = await meet();
	const doors = [
		['GET', ''], ['GET', '/brief'], ['GET', '/live'], ['GET', '/ics'], ['GET', `/texts/${S}/prep.good/history`], ['PATCH', '', { rev: 1, place: 'Taken' }], ['POST', '/answer', { answer: 'comes' }], ['POST', '/read', {}],
		['POST', '/step', { step: 'welcome' }], ['POST', '/share', {}], ['PUT', '/attended', { people: [] }], ['POST', '/agreements', { id: id(), text: 'x', responsible: 'school' }],
		['PUT', `/texts/${S}/prep.good`, { text: 'x', rev: 0 }], ['PUT', `/texts/${meeting}/minutes`, { text: 'x', rev: 0 }],
	];
	const snapshot = () => world.database.rows(`SELECT m.state, m.rev, m.place, (SELECT count(*) FROM ilp.meeting_text t WHERE t.meeting_id = m.meeting_id) AS texts,
		(SELECT count(*) FROM ilp.event e WHERE e.meeting_id = m.meeting_id) AS events FROM ilp.meeting m WHERE meeting_id = '${meeting}'`);
	const before = await snapshot();
	for (const o of outsiders)
		for (const [method, path, body] of doors)
			assert.deepEqual((await who[o].call(method, `/meetings/${meeting}${path}`, body)).json, NOT_FOUND, `${o} ${method} ${path}`);
	/* What is the mentor's is not the family's, and the other way round. */
	for (const [client, list] of [[sofie, ['/brief', '/live']], [marte, ['/brief', '/live']]])
		for (const path of list)
			assert.deepEqual((await client.get(`/meetings/${meeting}${path}`)).json, NOT_FOUND, path);
	for (const client of [sofie, marte, jonas])
		for (const [method, path, body] of doors.filter(([, p]) => ['/step', '/share', '/attended', '/agreements'].includes(p) || p === ''))
			if (method !== 'GET')
				assert.deepEqual((await client.call(method, `/meetings/${meeting}${path}`, body)).json, NOT_FOUND, path);
	for (const [method, path, body] of [['POST', '/answer', { answer: 'comes' }], ['POST', '/read', {}]])
		assert.deepEqual((await ingrid.call(method, `/meetings/${meeting}${path}`, body)).json, NOT_FOUND, path);
	assert.deepEqual(await snapshot(), before);
	assert.deepEqual((await ingrid.post('/meetings/remind', { batch: id() })).json, NOT_FOUND);
	assert.equal((await ingrid.post('/meetings/remind', {})).json.error.field, 'batch');
});

test('saved like everything else: 200 with the revision, or 409 with what stands there', async () => {
	const meeting = await meet();
	const first = ok(await write(sofie, meeting, S, 'prep.good', 'Drawing'));
	assert.deepEqual(Object.keys(first).sort(), ['at', 'rev']);
	assert.equal(first.rev, 1);
	assert.equal(ok(await write(sofie, meeting, S, 'prep.good', 'Drawing')).rev, 1);
	const late = ok(await write(sofie, meeting, S, 'prep.good', 'Singing', 7), 409);
	assert.deepEqual(late, { error: { code: 'conflict' }, theirs: { text: 'Drawing', rev: 1, by: 'Sofie Aasen Lund', at: first.at } });
	for (const [field, text] of [['text', 7], ['text', 'x'.repeat(10_001)], ['text', 'a\u0001']])
		assert.equal(ok(await write(sofie, meeting, S, 'prep.good', text, 1), 422).error.field, field);
	for (const field of ['prep.none', 'prep', 'prep.', 'anything', 'talk.good', 'minutes', 'private', 'show'])
		assert.deepEqual(ok(await write(sofie, meeting, S, field, 'yes'), 404), NOT_FOUND, field);
	assert.deepEqual(ok(await write(sofie, meeting, ids['marte-aasen'], 'prep.good', 'Hers'), 404), NOT_FOUND);
});

test('who reads a text sees how it stood before: staff all of it, others what they wrote', async () => {
	const meeting = await meet();
	const past = (client, person, field) => client.get(`/meetings/${meeting}/texts/${person}/${field}/history`);
	ok(await write(sofie, meeting, S, 'prep.good', 'Drawing'));
	await sql(`UPDATE ilp.meeting_text SET at = at - interval '20 minutes' WHERE meeting_id = '${meeting}'`);
	ok(await write(sofie, meeting, S, 'prep.good', 'Singing', 1));
	const texts = (answer) => ok(answer).versions.map((v) => [v.rev, v.text, v.by]);
	const both = [[2, 'Singing', 'Sofie Aasen Lund'], [1, 'Drawing', 'Sofie Aasen Lund']];
	assert.deepEqual(texts(await past(sofie, S, 'prep.good')), both);
	assert.deepEqual(texts(await past(ingrid, S, 'prep.good')), both);
	ok(await write(ingrid, meeting, ids['ingrid-solheim'], 'private', 'Mine alone'));
	assert.equal(ok(await past(ingrid, ids['ingrid-solheim'], 'private')).versions.length, 1);
	for (const [client, person, field] of [[marte, S, 'prep.good'], [jonas, S, 'prep.good'], [sofie, ids['ingrid-solheim'], 'private'],
		[head, ids['ingrid-solheim'], 'private'], [sofie, S, 'talk.good'], [sofie, meeting, 'minutes']])
		assert.deepEqual(ok(await past(client, person, field), 404), NOT_FOUND, field);
});

test('a word in what is private is in nobody else’s answers', async () => {
	const meeting = await meet();
	const words = { private: 'Zqprivate', sofie: 'Zqsofie', marte: 'Zqmarte', henrik: 'Zqhenrik', note: 'Zqnote', talk: 'Zqtalk', minutes: 'Zqminutes' };
	ok(await write(ingrid, meeting, ids['ingrid-solheim'], 'private', words.private));
	ok(await write(sofie, meeting, S, 'prep.good', words.sofie));
	ok(await write(marte, meeting, ids['marte-aasen'], 'prep.good', words.marte));
	ok(await write(henrik, meeting, ids['henrik-lund'], 'prep.good', words.henrik));
	await sql(`INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, changed_at)
		VALUES ('${TENANT}', '${plan}', '${id()}', 'note', '${plan}', '${words.note}', 1, '${ids['ingrid-solheim']}', 1, now(), now())`);
	const paths = ['/meetings', `/meetings/${meeting}`, `/meetings/${meeting}/brief`, `/meetings/${meeting}/live`, `/meetings/${meeting}/ics`, `/plans/${plan}/signatures`];
	const people = { ingrid, head, sofie, marte, henrik, ...Object.fromEntries(outsiders.map((o) => [o, who[o]])) };
	const holders = async (word) => {
		const out = [];
		for (const [name, client] of Object.entries(people))
			for (const path of paths)
				if ((await client.get(path)).text.includes(word))
					out.push(`${name} ${path.split('/').at(-1).replace(meeting, 'page')}`);
		return out;
	};
	const staff = ['ingrid page', 'ingrid brief', 'head page', 'head brief'];
	assert.deepEqual(await holders(words.private), ['ingrid page']);
	/* Who is mentor besides reads what was prepared, and no other mentor's private note. */
	const co = (await who.mentor.get(`/meetings/${meeting}`)).text;
	assert.ok(co.includes(words.marte) && !co.includes(words.private));
	assert.deepEqual(await holders(words.sofie), ['ingrid page', 'ingrid brief', 'ingrid live', 'head page', 'head brief', 'head live', 'sofie page']);
	assert.deepEqual(await holders(words.marte), [...staff, 'marte page']);
	assert.deepEqual(await holders(words.henrik), [...staff, 'henrik page']);

	ok(await ingrid.post(`/meetings/${meeting}/step`, { step: 'q.good' }), 204);
	ok(await write(ingrid, meeting, S, 'talk.good', words.talk));
	ok(await write(ingrid, meeting, meeting, 'minutes', words.minutes));
	const room = ['ingrid live', 'head live', 'sofie live', 'marte live', 'henrik live'];
	assert.deepEqual((await holders(words.sofie)).filter((h) => h.endsWith('live')), room);
	assert.deepEqual((await holders(words.marte)).filter((h) => h.endsWith('live')), ['marte live']);
	assert.deepEqual(await holders(words.private), ['ingrid page']);
	assert.deepEqual(await holders(words.note), []);
	assert.deepEqual((await holders(words.talk)).sort(), [...room, 'ingrid page', 'head page'].sort());
	/* A guardian shows it: then it is in the room. */
	ok(await write(marte, meeting, ids['marte-aasen'], 'show', 'yes'));
	assert.deepEqual((await holders(words.marte)).filter((h) => h.endsWith('live')), room);

	ok(await ingrid.post(`/meetings/${meeting}/step`, { step: null }), 204);
	assert.deepEqual((await holders(words.minutes)).sort(), ['ingrid live', 'head live', 'ingrid page', 'head page'].sort());
	ok(await ingrid.post(`/meetings/${meeting}/share`, {}));
	assert.equal(ok(await ingrid.post(`/meetings/${meeting}/share`, {})).rev > 0, true);
	for (const w of [words.minutes, words.talk])
		assert.deepEqual((await holders(w)).filter((h) => h.endsWith('page')), ['ingrid page', 'head page', 'sofie page', 'marte page', 'henrik page']);
	assert.deepEqual((await holders(words.henrik)).filter((h) => h.endsWith('page')), ['ingrid page', 'head page', 'henrik page']);
	assert.deepEqual(await holders(words.private), ['ingrid page']);
	/* The same state change, every way that is not an arrow. */
	for (const state of ['planned', 'cancelled', 'missed', 'held'])
		assert.equal(ok(await ingrid.patch(`/meetings/${meeting}`, { rev: (await page(ingrid, meeting)).meeting.rev, state }), 422).error.field, 'state');
	for (const state of ['shared', 'open', 7])
		assert.equal((await ingrid.patch(`/meetings/${meeting}`, { rev: 1, state })).status, 422);
	assert.equal(await stateOf(meeting), 'shared');
});

test('answers, ticks and reminders', async () => {
	const meeting = await meet();
	ok(await marte.post(`/meetings/${meeting}/answer`, { answer: 'other_time', text: 'After four' }), 204);
	ok(await marte.post(`/meetings/${meeting}/read`, {}), 204);
	ok(await marte.post(`/meetings/${meeting}/read`, {}), 204);
	for (const [field, body] of [['answer', { answer: 'maybe' }], ['answer', {}], ['text', { answer: 'comes', text: 'x'.repeat(1001) }], ['text', { answer: 'comes', text: 7 }]])
		assert.equal(ok(await marte.post(`/meetings/${meeting}/answer`, body), 422).error.field, field);
	const { meeting: m } = await page(ingrid, meeting);
	const her = m.parties.find((p) => p.name === 'Marte Aasen');
	assert.equal(her.answer, 'other_time');
	assert.equal(her.answerText, 'After four');
	assert.ok(her.confirmedAt);
	assert.deepEqual(ok(await ingrid.post('/meetings/remind', { batch: m.batch })), { reminded: 2, already: 0 });
	assert.deepEqual(ok(await ingrid.post('/meetings/remind', { meeting })), { reminded: 0, already: 2 });
	const moved = ok(await ingrid.patch(`/meetings/${meeting}`, { rev: m.rev, startsAt: '2030-12-05T08:00:00Z', link: null }));
	assert.equal(moved.rev, m.rev + 1);
	assert.equal((await ingrid.patch(`/meetings/${meeting}`, { rev: m.rev, place: 'x' })).status, 409);
	assert.equal((await page(ingrid, meeting)).meeting.parties.find((p) => p.name === 'Marte Aasen').answer, null);
});

test('a calendar file with a neutral title', async () => {
	const meeting = await meet();
	const r = await marte.get(`/meetings/${meeting}/ics`);
	assert.equal(r.status, 200);
	assert.match(r.headers['content-type'], /^text\/calendar/);
	assert.match(r.headers['content-disposition'], /attachment; filename="calendar.ics"/);
	assert.match(r.text, /\r\nSUMMARY:(Conversation at school|Samtale på skolen)\r\n/);
	assert.ok(!/Sofie|Aasen|Autumn/.test(r.text));
	ok(await ingrid.patch(`/meetings/${meeting}`, { rev: 1, state: 'cancelled' }));
	assert.match((await marte.get(`/meetings/${meeting}/ics`)).text, /STATUS:CANCELLED/);
});

test('what is agreed is a task of the plan, once', async () => {
	const meeting = await meet();
	ok(await ingrid.post(`/meetings/${meeting}/step`, { step: 'agreements' }), 204);
	const one = { id: id(), text: 'Read at bedtime', responsible: 'home', dueOn: '2030-12-20' };
	for (let i = 0; i < 2; i++)
		assert.deepEqual(ok(await ingrid.post(`/meetings/${meeting}/agreements`, one), 201), { id: one.id });
	for (const [field, more] of [['id', { id: 'x' }], ['text', { text: '' }], ['text', { text: 'x'.repeat(2001) }], ['dueOn', { dueOn: '2030-13-01' }], ['responsible', { responsible: 'cat' }], ['row', { row: 'x' }]])
		assert.equal(ok(await ingrid.post(`/meetings/${meeting}/agreements`, { ...one, id: id(), ...more }), 422).error.field, field);
	const task = ok(await marte.get(`/plans/${plan}`)).tasks.filter((t) => t.id === one.id);
	assert.equal(task.length, 1);
	assert.equal(task[0].responsible, 'home');
	assert.equal(ok(await marte.get(`/meetings/${meeting}/live`)).tasks.find((t) => t.id === one.id).agreed, true);
});

describe('signatures', () => {
	const all = () => [S, ids['marte-aasen'], ids['henrik-lund'], ids['ingrid-solheim']];
	const give = (client, snapshot, more) => client.post(`/plans/${plan}/signatures/${snapshot}/answer`, { answer: 'signed', method: 'app', ...more });

	test('frozen for each, signed once, with a hash that fits', async () => {
		const snapshot = id();
		assert.deepEqual(ok(await ingrid.post(`/plans/${plan}/signatures`, { id: snapshot, people: all() })), { snapshot });
		assert.deepEqual(ok(await ingrid.post(`/plans/${plan}/signatures`, { id: id(), people: all() })), { snapshot });
		for (const client of [sofie, marte, ingrid]) {
			const copy = ok(await client.get(`/plans/${plan}/signatures/${snapshot}`));
			assert.equal(copy.intact, true);
			const sorted = (v) => (Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v);
			assert.equal(createHash('sha256').update(JSON.stringify(sorted(copy.content))).digest('hex'), copy.hash);
		}
		ok(await give(sofie, snapshot), 204);
		ok(await give(sofie, snapshot), 204);
		assert.equal((await give(sofie, snapshot, { answer: 'declined' })).status, 409);
		ok(await give(marte, snapshot, { answer: 'declined', reason: 'Zqreason' }), 204);
		ok(await give(ingrid, snapshot, { method: 'paper', person: ids['henrik-lund'] }), 204);
		const list = ok(await henrik.get(`/plans/${plan}/signatures`));
		assert.ok(!JSON.stringify(list).includes('Zqreason') && !JSON.stringify(list).includes('declined'));
		assert.equal(list.asks, false);
		assert.deepEqual(list.people, []);
		assert.deepEqual(list.copies[0].requests.map((r) => [r.name, r.answer]), [['Sofie Aasen Lund', 'signed'], ['Henrik Lund', 'signed'], ['Marte Aasen', null], ['Ingrid Solheim', null]]
			.sort((a, b) => list.copies[0].requests.findIndex((r) => r.name === a[0]) - list.copies[0].requests.findIndex((r) => r.name === b[0])));
		assert.equal(list.copies[0].changed, false);
		assert.ok((await ingrid.get(`/plans/${plan}/signatures`)).text.includes('Zqreason'));
		/* A change that the family sees is said to all of them. */
		ok(await ingrid.post(`/plans/${plan}/rows`, { id: id(), kind: 'competence', text: 'Reading' }), 201);
		for (const client of [ingrid, sofie, henrik])
			assert.equal(ok(await client.get(`/plans/${plan}/signatures`)).copies[0].changed, true);
	});

	test('nobody else asks, signs or reads', async () => {
		const snapshot = id();
		for (const name of [...outsiders, 'student', 'guardian', 'none'])
			assert.deepEqual((await who[name].post(`/plans/${plan}/signatures`, { id: id(), people: [S] })).json, NOT_FOUND, name);
		ok(await ingrid.post(`/plans/${plan}/signatures`, { id: snapshot, people: [S] }));
		for (const name of outsiders) {
			assert.deepEqual((await who[name].get(`/plans/${plan}/signatures`)).json, NOT_FOUND, name);
			assert.deepEqual((await who[name].get(`/plans/${plan}/signatures/${snapshot}`)).json, NOT_FOUND, name);
			assert.deepEqual((await give(who[name], snapshot)).json, NOT_FOUND, name);
		}
		assert.deepEqual((await give(marte, snapshot)).json, NOT_FOUND);
		assert.deepEqual((await give(marte, snapshot, { person: S })).json, NOT_FOUND);
		assert.deepEqual((await give(sofie, snapshot, { method: 'room' })).json, NOT_FOUND);
		for (const [field, more] of [['people', { people: [] }], ['people', { people: [ids['lise-brathen']] }], ['people', { people: [S, S] }], ['people', { people: 'x' }], ['id', { id: 'x' }]])
			assert.equal(ok(await ingrid.post(`/plans/${plan}/signatures`, { id: id(), people: [S], ...more }), 422).error.field, field);
		for (const [field, more] of [['answer', { answer: 'yes' }], ['method', { method: 'phone' }], ['reason', { reason: 'x'.repeat(1001) }], ['person', { person: 'x' }]])
			assert.equal(ok(await give(sofie, snapshot, more), 422).error.field, field);
	});

	test('a plan that is locked or gone', async () => {
		const [other] = await makePlan(ingrid, [S], {});
		assert.deepEqual((await ingrid.post(`/plans/${other}/signatures`, { id: id(), people: [S] })).json, NOT_FOUND);
		await publish(ingrid, other);
		const snapshot = id();
		ok(await ingrid.post(`/plans/${other}/signatures`, { id: snapshot, people: [S] }));
		await act(ingrid, 'lock', other);
		ok(await sofie.post(`/plans/${other}/signatures/${snapshot}/answer`, { answer: 'signed', method: 'app' }), 204);
		await act(ingrid, 'archive', other);
		assert.deepEqual((await sofie.get(`/plans/${other}/signatures`)).json, NOT_FOUND);
	});
});
