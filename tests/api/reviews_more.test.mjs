/* What is finished and waits: ready marks and who reads them, releases on a day and at a
 * meeting, corrections; columns pasted, duplicates, reminders, the comment bank. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { sleep, startWorld } from '../harness/index.mjs';
import { makePlan, mentors, publish, publishTemplate } from '../harness/plans.mjs';
import { idsOf } from '../harness/stage.mjs';

let world, ingrid, kari, jonas, sofie, maja, marte, office, S, M, H, plan, review;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_WINDOW: '1' } });
	ingrid = await world.launch('ingrid-solheim');
	kari = await world.launch('kari-nilsen');
	jonas = await world.launch('jonas-berge', { course: 'matematikk-8b' });
	await world.rosterDone(ingrid);
	await world.rosterDone(jonas);
	sofie = await world.launch('sofie-aasen-lund');
	maja = await world.launch('maja-rosenlund');
	marte = await world.launch('marte-aasen');
	office = await admin(world);
	const ids = await idsOf(world);
	[S, M, H] = ['sofie-aasen-lund', 'maja-rosenlund', 'hedda-nygard'].map((k) => ids[k]);
	await mentors(world);
	await publishTemplate(world);
	[plan] = await makePlan(ingrid, [S]);
	await publish(ingrid, plan);
});
after(() => world?.stop());
beforeEach(async () => { review = await ingrid.makeReview(); });

const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };
const refused = (r, field) => { assert.equal(r.status, 422, r.text); assert.equal(r.json.error.field, field, r.text); };
const missing = (r) => { assert.equal(r.status, 404, r.text); assert.equal(r.json.error.code, 'not_found'); };
const path = (rest = '') => `/reviews/${review.id}${rest}`;
const entry = async (student) => ok(await ingrid.get(path())).entries.find((e) => e.student.id === student);
const ready = (students, on = true, by = ingrid) => by.post(path('/ready'), { students, ready: on });
const change = async (more) => { const { rev } = ok(await ingrid.get(path())).review; return ingrid.patch(path(), { rev, ...more }); };
const word = () => `planted${randomUUID().slice(0, 8)}`;
/* The words that a client can read anywhere: first page and plan. */
const reads = async (client) => (await client.get('/home')).text + (await client.get(`/plans/${plan}`)).text;
const day = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10);
const errand = () => world.database.psql("SELECT pg_notify('errand', '')");
async function until(what, test, seconds = 20) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100))
		if (await test())
			return;
	assert.fail(what);
}

describe('ready', () => {
	test('what is written is nobody else’s, what is ready is the mentors’, what is released is the family’s', async () => {
		const w = word();
		await ingrid.save(review.id, S, 'comment', `Finished ${w}`);
		for (const client of [jonas, sofie, marte, maja])
			assert.ok(!(await reads(client)).includes(w));
		assert.equal(ok(await ready([S, M])).changed, 1);
		assert.ok((await reads(jonas)).includes(w), 'the mentor of another course');
		for (const client of [sofie, marte, maja])
			assert.ok(!(await reads(client)).includes(w));
		const later = word();
		await ingrid.save(review.id, S, 'comment', `Not yet ${later}`, 1);
		assert.ok((await reads(jonas)).includes(w));
		assert.ok(!(await reads(jonas)).includes(later));
		const e = await entry(S);
		assert.ok(e.readyAt && e.changedSinceReady && !e.releasedAt);
		assert.equal(ok(await ready([S], false)).changed, 1);
		assert.ok(!(await reads(jonas)).includes(w));
		await ready([S]);
		ok(await ingrid.release(review.id, [S]));
		for (const client of [jonas, sofie, marte])
			assert.ok((await reads(client)).includes(later));
		assert.equal((await entry(S)).readyAt, null);
	});
	test('only by teachers of the course, and by name', async () => {
		await ingrid.save(review.id, S, 'comment', 'x');
		for (const client of [jonas, sofie, marte, office])
			missing(await ready([S], true, client));
		assert.equal(ok(await ready([S], true, kari)).changed, 1);
		refused(await ingrid.post(path('/ready'), { students: [S] }), 'ready');
		refused(await ingrid.post(path('/ready'), { students: [], ready: true }), 'students');
		missing(await ingrid.post(`/reviews/${randomUUID()}/ready`, { students: [S], ready: true }));
	});
});

describe('release on a day', () => {
	test('what is ready goes out by itself, the rest stays', async () => {
		const [w, not] = [word(), word()];
		assert.deepEqual([ok(await change({ release: 'date', releaseOn: day(3) }))].map((r) => [r.release, r.releaseOn]), [['date', day(3)]]);
		await ingrid.save(review.id, S, 'comment', w);
		await ingrid.save(review.id, M, 'comment', not);
		await ready([S]);
		await errand();
		await sleep(500);
		assert.ok(!(await reads(sofie)).includes(w));
		await world.database.psql(`UPDATE ilp.review SET release_on = release_on - 4 WHERE review_id = '${review.id}'`);
		await errand();
		await until('released', async () => (await entry(S)).releasedAt);
		assert.ok((await reads(sofie)).includes(w));
		assert.ok((await reads(marte)).includes(w));
		assert.ok(!(await reads(maja)).includes(not));
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.event WHERE kind = 'review.released' AND review_id = '${review.id}'`), '1');
	});
	test('refused: a date without a day, a day without a date, another word', async () => {
		refused(await change({ release: 'date' }), 'releaseOn');
		refused(await change({ release: 'now', releaseOn: day(1) }), 'releaseOn');
		refused(await change({ releaseOn: day(1) }), 'release');
		refused(await change({ release: 'later' }), 'release');
		refused(await change({ release: 'date', releaseOn: '2026-02-30' }), 'releaseOn');
		ok(await change({ release: 'date', releaseOn: day(1) }));
		assert.deepEqual((({ release, releaseOn }) => [release, releaseOn])(ok(await change({ release: 'meeting' }))), ['meeting', null]);
	});
});

test('at the meeting: whoever may hold it releases what is ready and waits for one', async () => {
	const [w, hand] = [word(), word()];
	await ingrid.save(review.id, S, 'comment', hand);
	await ready([S]);
	review = await ingrid.makeReview({ release: 'meeting' });
	await ingrid.save(review.id, S, 'comment', w);
	await ready([S]);
	for (const client of [sofie, marte, maja, office])
		missing(await client.post('/reviews/release-ready', { student: S }));
	refused(await jonas.post('/reviews/release-ready', { student: 'x' }), 'student');
	missing(await jonas.post('/reviews/release-ready', { student: randomUUID() }));
	assert.ok(!(await reads(sofie)).includes(w));
	assert.deepEqual(ok(await jonas.post('/reviews/release-ready', { student: S })), { released: 1 });
	assert.deepEqual(ok(await jonas.post('/reviews/release-ready', { student: S })), { released: 0 });
	for (const client of [sofie, marte]) {
		assert.ok((await reads(client)).includes(w));
		assert.ok(!(await reads(client)).includes(hand));
	}
});

test('a correction is said, and told only if something differs', async () => {
	const released = async (client) => (await client.home()).reviews.find((r) => r.id === review.id)?.released;
	const told = () => world.database.value(`SELECT count(*) FROM ilp.event WHERE kind = 'review.released' AND review_id = '${review.id}'`);
	await ingrid.save(review.id, S, 'value', '4');
	await ingrid.release(review.id, [S]);
	assert.equal((await released(sofie)).correctedAt, null);
	await ingrid.save(review.id, S, 'value', '5', 1);
	await ingrid.save(review.id, S, 'value', '4', 2);
	assert.equal(ok(await ingrid.release(review.id, [S])).released, 0);
	assert.equal(await told(), '1');
	await ingrid.save(review.id, S, 'value', '5', 3);
	assert.equal(ok(await ingrid.release(review.id, [S])).released, 1);
	assert.equal(await told(), '2');
	assert.ok((await released(sofie)).correctedAt);
	const [child] = (await marte.home()).children;
	assert.ok(child.reviews.find((r) => r.id === review.id).released.correctedAt);
	assert.ok((await entry(S)).correctedAt);
});

describe('the self-assessment’s own scale', () => {
	test('the student chooses from it, everybody sees it, and the first value locks both', async () => {
		ok(await change({ selfScale: 'faces' }));
		assert.equal((await sofie.saveOwn(review.id, 'self_value', '5')).status, 422);
		ok(await sofie.saveOwn(review.id, 'self_value', '3'));
		const r = ok(await ingrid.get(path())).review;
		assert.ok(r.scaleLocked);
		assert.equal(r.selfScale.key, 'faces');
		refused(await change({ selfScale: null }), 'selfScale');
		refused(await change({ scale: 'no_goal' }), 'scale');
		assert.equal((await sofie.home()).reviews.find((x) => x.id === review.id).selfScale.key, 'faces');
		await ingrid.save(review.id, S, 'value', '6');
		await ingrid.release(review.id, [S]);
		assert.equal((await marte.home()).children[0].reviews.find((x) => x.id === review.id).selfScale.key, 'faces');
		refused(await change({ selfScale: 'stars' }), 'selfScale');
	});
});

describe('a column pasted', () => {
	const paste = (rows, more = {}, by = ingrid) => by.post(path('/paste'), { rows, ...more });
	test('each line its own student, in one request; nothing that stands is lost', async () => {
		await ingrid.save(review.id, S, 'value', '2');
		await ingrid.save(review.id, S, 'comment', 'Stands.');
		const { results } = ok(await paste([{ student: S, value: '5', comment: 'Added.\r\nTwo lines' }, { student: M, value: '6' }, { student: H, value: '9' }]));
		const of = (s) => results.find((r) => r.student === s);
		assert.deepEqual(of(S), { student: S, ok: true, previous: { value: '2', comment: 'Stands.' }, comment: 'Stands.\nAdded.\nTwo lines', commentRev: 2 });
		assert.deepEqual(of(M), { student: M, ok: true, previous: { value: null }, value: '6', valueRev: 1 });
		assert.equal(of(H), undefined);
		assert.equal((await entry(S)).value, '2');
		ok(await paste([{ student: S, value: '5', comment: 'New.' }], { replace: true }));
		assert.deepEqual((({ value, comment }) => [value, comment])(await entry(S)), ['5', 'New.']);
		const { history } = ok(await ingrid.get(path(`/entries/${S}/history`)));
		assert.ok(history.some((h) => h.text === 'Stands.\nAdded.\nTwo lines'));
		/* sent twice it is there once */
		const again = [{ student: M, comment: 'Once.' }];
		ok(await paste(again));
		ok(await paste(again));
		assert.equal((await entry(M)).comment, 'Once.');
	});
	for (const [name, rows] of [
		['no rows', []], ['no list', 'x'], ['no student', [{ value: '5' }]], ['nothing to write', [{ student: randomUUID() }]], ['a number', [{ student: randomUUID(), value: 5 }]],
		['a long code', [{ student: randomUUID(), value: 'x'.repeat(11) }]], ['a long comment', [{ student: randomUUID(), comment: 'x'.repeat(5001) }]],
		['a control character', [{ student: randomUUID(), comment: 'a\u0007' }]], ['501 rows', Array.from({ length: 501 }, () => ({ student: randomUUID(), value: '5' }))],
	])
		test(`refused: ${name}`, async () => {
			refused(await paste(rows), 'rows');
			assert.equal(await world.database.value(`SELECT count(*) FROM ilp.entry_text WHERE review_id = '${review.id}'`), '0');
		});
	test('refused: the same student twice; other people’s courses do not exist', async () => {
		refused(await paste([{ student: S, value: '5' }, { student: S, value: '4' }]), 'rows');
		refused(await paste([{ student: S, value: '5' }], { replace: 'yes' }), 'replace');
		for (const client of [jonas, sofie, marte, office])
			missing(await paste([{ student: S, value: '5' }], {}, client));
		assert.equal((await entry(S)).value, null);
	});
});

describe('once more with another scale', () => {
	const duplicate = (more = {}, by = ingrid) => by.post(path('/duplicate'), { id: randomUUID(), title: 'In words', scale: 'no_goal', comments: true, ...more });
	test('comments come along if wanted, values and the students’ words do not', async () => {
		await ingrid.save(review.id, S, 'value', '4');
		await ingrid.save(review.id, S, 'comment', 'Good.');
		await sofie.saveOwn(review.id, 'self_comment', 'Mine.');
		const id = randomUUID();
		const made = ok(await duplicate({ id }), 201);
		ok(await duplicate({ id }), 201);
		assert.deepEqual((({ id, title, scale, scaleLocked, assessed, released, empty }) => [id, title, scale.key, scaleLocked, assessed, released, empty])(made), [id, 'In words', 'no_goal', false, 0, 0, false]);
		const copy = ok(await ingrid.get(`/reviews/${id}`)).entries.find((e) => e.student.id === S);
		assert.deepEqual((({ value, comment, commentBy, self }) => [value, comment, commentBy, self])(copy), [null, 'Good.', 'Ingrid Solheim', undefined]);
		assert.equal(ok(await duplicate({ scale: null, comments: false }), 201).empty, true);
	});
	test('refused', async () => {
		refused(await duplicate({ title: ' ' }), 'title');
		refused(await duplicate({ id: 'x' }), 'id');
		refused(await duplicate({ id: review.id }), 'id');
		refused(await duplicate({ scale: 'stars' }), 'scale');
		refused(await duplicate({ scale: undefined }), 'scale');
		for (const client of [jonas, sofie, marte, office])
			missing(await duplicate({}, client));
	});
});

describe('a reminder of what is missing', () => {
	const remind = (on, by = ingrid) => by.put(path('/reminder'), { on });
	test('one’s own, on a day to come', async () => {
		assert.equal(ok(await remind(day(2))).remindOn, day(2));
		assert.equal(ok(await kari.get(path())).review.remindOn, null);
		assert.equal(ok(await remind(null)).remindOn, null);
		refused(await remind(day(-2)), 'on');
		refused(await remind('soon'), 'on');
		for (const client of [jonas, sofie, marte, office])
			missing(await remind(day(2), client));
	});
	test('a mail that day: how many, never who', async () => {
		await ingrid.save(review.id, S, 'value', '4');
		ok(await remind(day(2)));
		await world.database.psql(`UPDATE ilp.review_reminder SET on_date = on_date - 3 WHERE review_id = '${review.id}'`);
		await errand();
		await until('told', async () => (await world.database.value(`SELECT count(*) FROM ilp.event WHERE kind = 'review.missing' AND review_id = '${review.id}'`)) === '1');
		const mails = async () => (await world.mails()).filter((m) => JSON.stringify(m).includes('ingrid'));
		await until('mail', async () => (await mails()).length > 0);
		const text = JSON.stringify(await mails());
		for (const name of ['Sofie', 'Maja', 'Hedda'])
			assert.ok(!text.includes(name));
	});
});

describe('the comment bank', () => {
	const add = (text, more = {}, by = ingrid) => by.post('/bank', { id: randomUUID(), kind: 'comment', subject: 'English', text, ...more });
	const list = async (client, kind = 'comment') => ok(await client.get(`/bank?kind=${kind}`)).entries.map((e) => e.text);
	test('one’s own and the school’s, nobody else’s', async () => {
		const [mine, hers, school, goal] = [word(), word(), word(), word()];
		const made = ok(await add(`{name} ${mine}`), 201);
		assert.deepEqual({ ...made, id: 0, at: 0 }, { id: 0, kind: 'comment', subject: 'English', text: `{name} ${mine}`, uses: 0, school: false, at: 0 });
		ok(await add(hers, {}, kari), 201);
		ok(await add(goal, { kind: 'goal' }), 201);
		ok(await office.post('/admin/bank', { id: randomUUID(), kind: 'comment', text: school }), 201);
		const texts = await list(ingrid);
		assert.ok(texts.includes(`{name} ${mine}`) && texts.includes(school) && !texts.includes(hers) && !texts.includes(goal));
		assert.deepEqual((await list(kari)).includes(`{name} ${mine}`), false);
		assert.deepEqual((await list(ingrid, 'goal')), [goal]);
		assert.ok(ok(await office.get('/admin/bank')).entries.every((e) => e.school));
		assert.equal(ok(await ingrid.patch(`/bank/${made.id}`, { used: true })).uses, 1);
		assert.equal(ok(await ingrid.patch(`/bank/${made.id}`, { text: `New ${mine}` })).text, `New ${mine}`);
		for (const by of [kari, jonas]) {
			missing(await by.patch(`/bank/${made.id}`, { text: 'x' }));
			missing(await by.delete(`/bank/${made.id}`, {}));
		}
		missing(await office.patch(`/admin/bank/${made.id}`, { text: 'x' }));
		ok(await ingrid.delete(`/bank/${made.id}`, {}), 204);
		missing(await ingrid.delete(`/bank/${made.id}`, {}));
		ok(await ingrid.post('/bank', { id: made.id, kind: 'comment', text: `New ${mine}` }), 201);
	});
	test('families have none, teachers keep none for the school', async () => {
		for (const client of [sofie, marte])
			for (const r of [await client.get('/bank'), await add('x', {}, client), await client.patch(`/bank/${randomUUID()}`, { used: true }), await client.delete(`/bank/${randomUUID()}`, {})])
				missing(r);
		missing(await add('x', { school: true }));
		for (const r of [await ingrid.get('/admin/bank'), await ingrid.post('/admin/bank', { id: randomUUID(), kind: 'comment', text: 'x' })])
			missing(r);
	});
	test('refused', async () => {
		refused(await ingrid.get('/bank?kind=x'), 'kind');
		refused(await add(''), 'text');
		refused(await add('x'.repeat(2001)), 'text');
		refused(await add('a\u0007'), 'text');
		refused(await add('x', { subject: 'y'.repeat(101) }), 'subject');
		refused(await add('x', { subject: 'a\nb' }), 'subject');
		refused(await add('x', { id: 'x' }), 'id');
		refused(await add('x', { kind: 'x' }), 'kind');
		refused(await add('x', { school: 'yes' }), 'school');
		refused(await ingrid.patch(`/bank/${randomUUID()}`, {}), 'text');
		refused(await ingrid.patch(`/bank/${randomUUID()}`, { used: false }), 'used');
	});
});
