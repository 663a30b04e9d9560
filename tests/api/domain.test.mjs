/* What teachers and students do with a review: saves, conflicts, many at once, scales,
 * release, deletion, dates. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { http, startWorld } from '../harness/index.mjs';
import { idsOf } from '../harness/stage.mjs';

let world, ingrid, kari, sofie, ids, review, S, M, H;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	ingrid = await world.launch('ingrid-solheim');
	kari = await world.launch('kari-nilsen');
	await world.rosterDone(ingrid);
	sofie = await world.launch('sofie-aasen-lund');
	ids = await idsOf(world);
	[S, M, H] = ['sofie-aasen-lund', 'maja-rosenlund', 'hedda-nygard'].map((k) => ids[k]);
});
after(() => world?.stop());
beforeEach(async () => { review = await ingrid.makeReview(); });

const entry = async (student, by = ingrid) => (await by.get(`/reviews/${review.id}`)).json.entries.find((e) => e.student.id === student);
const now = async () => (await ingrid.get(`/reviews/${review.id}`)).json.review;
const ok = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };

describe('making a review', () => {
	const form = { title: 'T', startsOn: '2026-11-02', endsOn: '2026-11-27', scale: 'no_grades', selfAssessment: true, toStudents: true, toGuardians: true };
	test('the same form sent twice makes one', async () => {
		const id = randomUUID().replace(/^(.{14})4/, '$17');
		const before = (await ingrid.home()).reviews.length;
		const [a, b] = await Promise.all([ingrid.post('/reviews', { ...form, id }), ingrid.post('/reviews', { ...form, id })]);
		assert.deepEqual([a.status, b.status], [201, 201]);
		assert.equal(a.json.id, b.json.id);
		assert.equal((await ingrid.home()).reviews.length, before + 1);
	});
	test('every shipped scale can be chosen and stands whole in the review', async () => {
		const scales = JSON.parse((await http(`${world.toolUrl}/api/scales`)).text);
		const list = Array.isArray(scales) ? scales : scales.scales;
		assert.ok(list.length >= 10);
		for (const s of list) {
			const r = ok(await ingrid.post('/reviews', { ...form, scale: s.key }), 201);
			assert.deepEqual(r.scale, s);
			for (const v of s.values)
				for (const l of ['en', 'nb'])
					assert.ok(v.short[l] && v.label[l], `${s.key} ${v.code} ${l}`);
		}
	});
	for (const [name, change, field] of [
		['no title', { title: '' }, 'title'], ['only blanks', { title: '  \t ' }, 'title'], ['201 characters', { title: 'é'.repeat(201) }, 'title'], ['two lines', { title: 'a\nb' }, 'title'],
		['a control character', { title: 'a\u0007b' }, 'title'], ['a title that is a number', { title: 7 }, 'title'], ['no start', { startsOn: undefined }, 'startsOn'], ['no end', { endsOn: undefined }, 'endsOn'],
		['30 February', { startsOn: '2026-02-30' }, 'startsOn'], ['a date with time', { endsOn: '2026-11-27T00:00:00Z' }, 'endsOn'], ['an end before the start', { endsOn: '2026-11-01' }, 'endsOn'],
		['the year 20266', { endsOn: '20266-11-1' }, 'endsOn'], ['a scale nobody knows', { scale: 'stars' }, 'scale'], ['an id that is none', { id: 'x' }, 'id'],
		['a flag that is a text', { selfAssessment: 'yes' }, 'selfAssessment'], ['a scale that is a number', { scale: 6 }, 'scale'],
	])
		test(`refused: ${name}`, async () => {
			const before = await world.database.counts();
			const r = await ingrid.post('/reviews', { ...form, ...change });
			assert.equal(r.status, 422, r.text);
			assert.equal(r.json.error.code, 'invalid');
			assert.equal(r.json.error.field, field);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('titles in every script, exactly as typed', async () => {
		for (const title of ['Høstens vurdering — «8B»', '中期评价', 'تقييم', '🦔 <b>&amp;</b>', 'é'.repeat(200)])
			assert.equal(ok(await ingrid.post('/reviews', { ...form, title }), 201).title, title);
	});
});

describe('changing a review', () => {
	test('with the revision that was seen', async () => {
		const r = ok(await ingrid.patch(`/reviews/${review.id}`, { rev: review.rev, title: 'New' }));
		assert.equal(r.title, 'New');
		assert.equal(r.rev, review.rev + 1);
		const c = await kari.patch(`/reviews/${review.id}`, { rev: review.rev, title: 'Mine' });
		assert.equal(c.status, 409);
		assert.equal(c.json.error.code, 'conflict');
		assert.equal(c.json.review.title, 'New');
		assert.equal((await now()).title, 'New');
	});
	test('only what is named changes', async () => {
		const r = ok(await ingrid.patch(`/reviews/${review.id}`, { rev: review.rev, toGuardians: false }));
		assert.deepEqual({ ...r, rev: 0, changedAt: '' }, { ...review, toGuardians: false, rev: 0, changedAt: '' });
	});
	test('start and end are compared with what stands there', async () => {
		const r = await ingrid.patch(`/reviews/${review.id}`, { rev: review.rev, startsOn: '2027-01-01' });
		assert.equal(r.status, 422, r.text);
	});
	test('deleted while nobody has written in it', async () => {
		assert.equal((await ingrid.delete(`/reviews/${review.id}`, { rev: review.rev + 1 })).status, 409);
		assert.equal((await ingrid.delete(`/reviews/${review.id}`, { rev: review.rev })).status, 204);
		assert.equal((await ingrid.get(`/reviews/${review.id}`)).status, 404);
	});
	for (const [name, write] of [['the teacher', () => ingrid.save(review.id, S, 'comment', 'x')], ['the student', () => sofie.saveOwn(review.id, 'self_comment', 'x')]])
		test(`not deleted once ${name} has written in it`, async () => {
			ok(await write());
			assert.equal((await ingrid.delete(`/reviews/${review.id}`, { rev: (await now()).rev })).status, 409);
			assert.equal((await ingrid.get(`/reviews/${review.id}`)).status, 200);
		});
});

describe('saving', () => {
	test('a value and a comment, each with its own revision', async () => {
		const v = ok(await ingrid.save(review.id, S, 'value', '5'));
		assert.deepEqual([v.rev, v.scaleLocked, v.assessed], [1, true, 1]);
		assert.equal(ok(await ingrid.save(review.id, S, 'comment', 'Good', 0)).rev, 1);
		assert.equal(ok(await ingrid.save(review.id, S, 'comment', 'Better', 1)).rev, 2);
		const e = await entry(S);
		assert.deepEqual([e.value, e.valueRev, e.comment, e.commentRev, e.valueBy], ['5', 1, 'Better', 2, 'Ingrid Solheim']);
	});
	test('the same text again is no conflict and no revision', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'Same', 0));
		assert.equal(ok(await ingrid.save(review.id, S, 'comment', 'Same', 0)).rev, 1);
		assert.equal(ok(await kari.save(review.id, S, 'comment', 'Same', 0)).rev, 1);
		assert.equal(ok(await ingrid.save(review.id, S, 'comment', 'Same', 1)).rev, 1);
	});
	test('two teachers: the second sees both texts', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'Ingrid wrote this', 0));
		const c = await kari.save(review.id, S, 'comment', 'Kari wrote that', 0);
		assert.equal(c.status, 409);
		assert.equal(c.json.error.code, 'conflict');
		assert.deepEqual([c.json.theirs.text, c.json.theirs.rev, c.json.theirs.by], ['Ingrid wrote this', 1, 'Ingrid Solheim']);
		assert.match(c.json.theirs.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		assert.equal((await entry(S)).comment, 'Ingrid wrote this');
		assert.equal(ok(await kari.save(review.id, S, 'comment', 'Both', 1)).rev, 2);
		const { history } = ok(await ingrid.get(`/reviews/${review.id}/entries/${S}/history`));
		assert.deepEqual(history.map((h) => h.text), ['Both', 'Ingrid wrote this']);
	});
	test('twenty at once: one wins, nothing is lost silently', async () => {
		const all = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? ingrid : kari).save(review.id, S, 'comment', `text ${i}`, 0)));
		assert.deepEqual(all.map((r) => r.status).sort(), [200, ...Array(19).fill(409)]);
		const won = all.findIndex((r) => r.status === 200);
		assert.equal((await entry(S)).comment, `text ${won}`);
	});
	test('every save is in the event log, with nobody\'s words', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'SECRETWORD', 0));
		ok(await ingrid.save(review.id, S, 'value', '4', 0));
		ok(await sofie.saveOwn(review.id, 'self_comment', 'OWNWORD', 0));
		const events = await world.database.rows(`SELECT kind, detail::text FROM ilp.event WHERE review_id = '${review.id}' ORDER BY at`);
		assert.deepEqual(events.map((e) => e.kind).sort(), ['entry.saved', 'entry.saved', 'review.created', 'self.saved']);
		assert.doesNotMatch(JSON.stringify(events), /SECRETWORD|OWNWORD/);
	});
	test('taken back is not empty text', async () => {
		ok(await ingrid.save(review.id, S, 'value', '5', 0));
		ok(await ingrid.save(review.id, S, 'value', null, 1));
		const e = await entry(S);
		assert.deepEqual([e.value, e.valueRev], [null, 2]);
		assert.equal((await now()).assessed, 0);
	});
	for (const [name, field, body, status] of [
		['a value the scale has not', 'value', { text: '9', rev: 0 }, 422], ['a value in words', 'value', { text: 'five', rev: 0 }, 422], ['no revision', 'comment', { text: 'x' }, 422],
		['a revision that is a text', 'comment', { text: 'x', rev: '0' }, 422], ['a negative revision', 'comment', { text: 'x', rev: -1 }, 422], ['a revision beyond 32 bits', 'comment', { text: 'x', rev: 2 ** 40 }, 422],
		['no text', 'comment', { rev: 0 }, 422], ['text that is a number', 'comment', { text: 5, rev: 0 }, 422], ['10,001 characters', 'comment', { text: 'é'.repeat(10_001), rev: 0 }, 422],
		['a control character', 'comment', { text: 'a\u0001', rev: 0 }, 422], ['a field there is not', 'grade', { text: '5', rev: 0 }, 404], ['the student\'s own field', 'self_value', { text: '5', rev: 0 }, 404],
		['a revision from the future', 'comment', { text: 'x', rev: 7 }, 409],
	])
		test(`refused: ${name}`, async () => {
			const before = await world.database.counts();
			const r = await ingrid.put(`/reviews/${review.id}/entries/${S}/${field}`, body);
			assert.equal(r.status, status, r.text);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('10,000 characters with line ends and every script come back as typed', async () => {
		const text = `${'Åse «sa» — «ja»\n\t\u{1F994}\u0646\u0639\u0645 '.repeat(300)}`.slice(0, 9_000);
		ok(await ingrid.save(review.id, S, 'comment', text, 0));
		assert.equal((await entry(S)).comment, text);
		ok(await ingrid.save(review.id, M, 'comment', 'one\r\ntwo\rthree', 0));
		assert.equal((await entry(M)).comment, 'one\ntwo\nthree');
	});
	test('who is not a student of this course cannot be assessed', async () => {
		for (const who of [ids['ingrid-solheim'], ids['marte-aasen'], ids['jonas-berge'] ?? '018f0000-0000-7000-8000-00000000ffff', '018f0000-0000-7000-8000-00000000ffff'])
			if (who)
				assert.equal((await ingrid.save(review.id, who, 'comment', 'x')).status, 404);
	});
	test('a review of nobody', async () => {
		assert.equal((await ingrid.save('018f0000-0000-7000-8000-00000000ffff', S, 'comment', 'x')).status, 404);
		assert.equal((await sofie.saveOwn('018f0000-0000-7000-8000-00000000ffff', 'self_comment', 'x')).status, 404);
	});
	test('only what changed since, with a cursor for the next question', async () => {
		const first = ok(await ingrid.get(`/reviews/${review.id}`));
		assert.equal(first.entries.length, 28);
		ok(await kari.save(review.id, S, 'comment', 'Since', 0));
		const { entries, cursor } = ok(await ingrid.get(`/reviews/${review.id}?since=${encodeURIComponent(first.cursor)}`));
		assert.deepEqual(entries.map((e) => [e.student.id, e.comment, e.commentBy]), [[S, 'Since', 'Kari Nilsen']]);
		assert.ok(cursor);
		for (const bad of ['x', "';--", '2026-99-99', '-', '1'.repeat(33)])
			assert.equal((await ingrid.get(`/reviews/${review.id}?since=${encodeURIComponent(bad)}`)).status, 422, bad);
	});
});

describe('the student\'s own words', () => {
	test('stand beside the teacher\'s', async () => {
		ok(await sofie.saveOwn(review.id, 'self_value', '4'));
		ok(await sofie.saveOwn(review.id, 'self_comment', 'I tried'));
		const e = await entry(S);
		assert.deepEqual([e.self.value, e.self.comment], ['4', 'I tried']);
		const [mine] = (await sofie.home()).reviews.filter((r) => r.id === review.id);
		assert.deepEqual([mine.self.value, mine.self.valueRev, mine.self.comment, mine.self.commentRev], ['4', 1, 'I tried', 1]);
		assert.equal(mine.released, undefined);
	});
	test('in two windows: no silent loss', async () => {
		ok(await sofie.saveOwn(review.id, 'self_comment', 'one', 0));
		const c = await sofie.saveOwn(review.id, 'self_comment', 'two', 0);
		assert.equal(c.status, 409);
		assert.equal(c.json.theirs.text, 'one');
	});
	test('not where self-assessment is off', async () => {
		const r = await ingrid.makeReview({ selfAssessment: false });
		assert.equal((await sofie.saveOwn(r.id, 'self_comment', 'x')).status, 404);
	});
	test('a value outside the scale', async () => {
		assert.equal((await sofie.saveOwn(review.id, 'self_value', '9')).status, 422);
		const plain = await ingrid.makeReview({ scale: null });
		assert.equal((await sofie.saveOwn(plain.id, 'self_value', '5')).status, 422);
		ok(await sofie.saveOwn(plain.id, 'self_comment', 'only words'));
	});
	test('neither field of the teacher\'s', async () => {
		for (const field of ['value', 'comment'])
			assert.equal((await sofie.saveOwn(review.id, field, '5')).status, 404);
	});
});

describe('many at once', () => {
	test('fill leaves what stands, replace does not, and says what was', async () => {
		ok(await ingrid.save(review.id, S, 'value', '6'));
		const fill = ok(await ingrid.post(`/reviews/${review.id}/entries`, { students: [S, M], value: '3' })).results;
		assert.deepEqual(fill.map((r) => [r.student, r.ok]).sort(), [[M, true], [S, false]].sort());
		assert.equal((await entry(S)).value, '6');
		assert.equal((await entry(M)).value, '3');
		const replace = ok(await ingrid.post(`/reviews/${review.id}/entries`, { students: [S, M], value: '2', mode: 'replace' })).results;
		assert.deepEqual(replace.find((r) => r.student === S).previous.value, '6');
		assert.deepEqual([(await entry(S)).value, (await entry(M)).value], ['2', '2']);
	});
	test('a comment is added behind what stands there, once', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'First'));
		const body = { students: [S, M], comment: 'Remember Friday' };
		ok(await ingrid.post(`/reviews/${review.id}/entries`, body));
		ok(await ingrid.post(`/reviews/${review.id}/entries`, body));
		assert.equal((await entry(S)).comment, 'First\nRemember Friday');
		assert.equal((await entry(M)).comment, 'Remember Friday');
	});
	test('one who is not of the course does not stop the rest', async () => {
		const { results } = ok(await ingrid.post(`/reviews/${review.id}/entries`, { students: [S, '018f0000-0000-7000-8000-00000000ffff'], value: '3' }));
		assert.equal(results.find((r) => r.student === S).ok, true);
		assert.notEqual(results.find((r) => r.student !== S)?.ok, true);
		assert.equal((await entry(S)).value, '3');
	});
	for (const [name, body] of [['nobody', { students: [], value: '3' }], ['no list', { value: '3' }], ['somebody twice', () => ({ students: [S, S], value: '3' })], ['an id that is none', { students: ['x'], value: '3' }],
		['nothing to write', () => ({ students: [S] })], ['a mode there is not', () => ({ students: [S], value: '3', mode: 'overwrite' })], ['a value the scale has not', () => ({ students: [S], value: '77' })],
		['a comment too long', () => ({ students: [S], comment: 'x'.repeat(10_001) })], ['1,001 students', { students: Array.from({ length: 1001 }, () => randomUUID()), value: '3' }]])
		test(`refused: ${name}`, async () => {
			const before = await world.database.counts();
			const r = await ingrid.post(`/reviews/${review.id}/entries`, typeof body === 'function' ? body() : body);
			assert.equal(r.status, 422, r.text);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('two teachers at once lose nobody\'s text', async () => {
		const students = Object.values(ids).slice(0, 40);
		const list = (await ingrid.home()).participants.map((p) => p.id);
		assert.ok(students.length);
		const rs = await Promise.all([ingrid.post(`/reviews/${review.id}/entries`, { students: list, comment: 'of Ingrid' }), kari.post(`/reviews/${review.id}/entries`, { students: [...list].reverse(), comment: 'of Kari' })]);
		const again = rs.map((r) => r.status);
		assert.ok(again.every((s) => s === 200 || s === 503), `${again}`);
		for (const e of (await ingrid.get(`/reviews/${review.id}`)).json.entries) {
			rs.forEach((r, i) => {
				if (r.json.results?.find((x) => x.student === e.student.id)?.ok)
					assert.ok(e.comment.includes(i ? 'of Kari' : 'of Ingrid'), `${e.student.name}: ${e.comment}`);
			});
		}
	});
});

describe('the scale', () => {
	const change = async () => ingrid.patch(`/reviews/${review.id}`, { rev: (await now()).rev, scale: 'three_smileys' });
	const other = async () => {
		const list = JSON.parse((await http(`${world.toolUrl}/api/scales`)).text);
		return (Array.isArray(list) ? list : list.scales).map((s) => s.key).find((k) => k !== 'no_grades');
	};
	test('may change while nobody was assessed', async () => {
		const key = await other();
		const r = ok(await ingrid.patch(`/reviews/${review.id}`, { rev: review.rev, scale: key }));
		assert.equal(r.scale.key, key);
		assert.equal(ok(await ingrid.patch(`/reviews/${review.id}`, { rev: r.rev, scale: null })).scale, null);
	});
	test('a comment alone does not lock it', async () => {
		assert.equal(ok(await ingrid.save(review.id, S, 'comment', 'x')).scaleLocked, false);
		ok(await sofie.saveOwn(review.id, 'self_comment', 'y'));
		assert.equal((await now()).scaleLocked, false);
		ok(await ingrid.patch(`/reviews/${review.id}`, { rev: (await now()).rev, scale: await other() }));
	});
	for (const [name, write] of [['the teacher\'s first value', () => ingrid.save(review.id, S, 'value', '5')], ['the student\'s first value', () => sofie.saveOwn(review.id, 'self_value', '5')],
		['a value for many', () => ingrid.post(`/reviews/${review.id}/entries`, { students: [S], value: '5' })]])
		test(`${name} locks it for good`, async () => {
			ok(await write());
			assert.equal((await now()).scaleLocked, true);
			const r = await ingrid.patch(`/reviews/${review.id}`, { rev: (await now()).rev, scale: await other() });
			assert.equal(r.status, 422, r.text);
			assert.equal(r.json.error.field, 'scale');
			assert.equal((await now()).scale.key, 'no_grades');
			ok(await ingrid.save(review.id, S, 'value', null, (await entry(S)).valueRev));
			assert.equal((await now()).scaleLocked, true, 'unlocked by taking the value back');
			assert.ok(change);
		});
	test('the same scale again is no change', async () => {
		ok(await ingrid.save(review.id, S, 'value', '5'));
		const r = await ingrid.patch(`/reviews/${review.id}`, { rev: (await now()).rev, title: 'Other title' });
		assert.equal(r.status, 200, r.text);
	});
	test('a value and a change of scale at once: never a value outside the scale', async () => {
		const key = await other();
		for (let i = 0; i < 10; i++) {
			const r = await ingrid.makeReview();
			await Promise.all([ingrid.save(r.id, S, 'value', '6'), kari.patch(`/reviews/${r.id}`, { rev: r.rev, scale: key })]);
			const got = (await ingrid.get(`/reviews/${r.id}`)).json;
			const v = got.entries.find((e) => e.student.id === S).value;
			if (v !== null)
				assert.ok(got.review.scale.values.some((x) => x.code === v), `${v} is not in ${got.review.scale.key}`);
		}
	});
});

describe('release', () => {
	const mine = async () => (await sofie.home()).reviews.find((r) => r.id === review.id);
	test('shows what stands, and a correction only when released again', async () => {
		ok(await ingrid.save(review.id, S, 'value', '5'));
		ok(await ingrid.save(review.id, S, 'comment', 'First version'));
		const preview = ok(await ingrid.get(`/reviews/${review.id}/release`));
		assert.deepEqual(preview.ready, [S]);
		assert.equal(preview.empty.length, 27);
		assert.deepEqual(preview.already, []);
		assert.equal(ok(await ingrid.release(review.id, [S, M])).released, 1);
		const released = (await mine()).released;
		assert.deepEqual([released.value, released.comment, released.by], ['5', 'First version', 'Ingrid Solheim']);
		ok(await ingrid.save(review.id, S, 'comment', 'Second version', 1));
		assert.equal((await mine()).released.comment, 'First version');
		assert.equal((await entry(S)).changedSinceRelease, true);
		assert.deepEqual(ok(await ingrid.get(`/reviews/${review.id}/release`)).ready, [S]);
		assert.equal(ok(await kari.release(review.id, [S])).released, 1);
		assert.deepEqual([(await mine()).released.comment, (await mine()).released.by], ['Second version', 'Kari Nilsen']);
		assert.equal((await entry(S)).changedSinceRelease, false);
	});
	test('twice releases nothing new and tells nobody twice', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'x'));
		assert.equal(ok(await ingrid.release(review.id, [S])).released, 1);
		assert.equal(ok(await ingrid.release(review.id, [S])).released, 0);
		const all = await Promise.all(Array.from({ length: 10 }, () => ingrid.release(review.id, [S])));
		assert.ok(all.every((r) => r.json.released === 0));
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.event WHERE kind = 'review.released' AND review_id = '${review.id}'`), '1');
	});
	test('ten at once release once', async () => {
		ok(await ingrid.save(review.id, S, 'comment', 'x'));
		const all = await Promise.all(Array.from({ length: 10 }, () => ingrid.release(review.id, [S])));
		assert.equal(all.reduce((n, r) => n + (r.json.released ?? 0), 0), 1);
		assert.equal(await world.database.value(`SELECT count(*) FROM ilp.event WHERE kind = 'review.released' AND review_id = '${review.id}'`), '1');
	});
	test('who is not of the course is not released', async () => {
		assert.equal(ok(await ingrid.release(review.id, [ids['ingrid-solheim'], '018f0000-0000-7000-8000-00000000ffff'])).released, 0);
		assert.equal((await ingrid.release(review.id, [])).status, 422);
	});
	test('an emptied text is released as empty', async () => {
		ok(await ingrid.save(review.id, S, 'value', '5'));
		ok(await ingrid.save(review.id, S, 'comment', 'x'));
		ok(await ingrid.release(review.id, [S]));
		ok(await ingrid.save(review.id, S, 'comment', '', 1));
		ok(await ingrid.release(review.id, [S]));
		assert.equal((await mine()).released.comment, '');
		assert.equal((await mine()).released.value, '5');
	});
	test('counts in the list are right', async () => {
		for (const s of [S, M, H])
			ok(await ingrid.save(review.id, s, 'value', '4'));
		ok(await ingrid.release(review.id, [S, M]));
		const r = (await ingrid.home()).reviews.find((x) => x.id === review.id);
		assert.deepEqual([r.total, r.assessed, r.released], [28, 3, 2]);
		assert.match(r.releasedAt, /Z$/);
	});
});

describe('language', () => {
	test('is kept for the person', async () => {
		assert.equal((await sofie.home()).viewer.language, 'nb');
		assert.equal((await sofie.put('/viewer/language', { language: 'en' })).status, 204);
		assert.equal((await sofie.home()).viewer.language, 'en');
		assert.equal((await (await world.launch('sofie-aasen-lund')).home()).viewer.language, 'en');
		for (const language of ['xx', '', 'EN', 'nb-NO', 7, null])
			assert.equal((await sofie.put('/viewer/language', { language })).status, 422, `${language}`);
	});
});

test('a session slides, ends, and is ended by the school', async () => {
	const who = await world.launch('ingrid-solheim');
	const where = `right(session_id::text, 8) = '${who.sid}'`;
	await world.database.psql(`UPDATE ilp.session SET seen_at = now() - interval '1 hour', expires_at = now() + interval '1 minute' WHERE ${where}`);
	assert.equal((await who.get('/home')).status, 200);
	assert.equal(await world.database.value(`SELECT expires_at > now() + interval '7 hours' FROM ilp.session WHERE ${where}`), 't');
	await world.database.psql(`UPDATE ilp.session SET expires_at = now() - interval '1 second' WHERE ${where}`);
	const r = await who.get('/home');
	assert.equal(r.status, 401);
	assert.equal(r.json.error.code, 'expired');
});
