/* From a release to a mailbox: who gets a mail, how many, in which language, and above
 * all what does not stand in it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { http, sleep, startWorld } from '../harness/index.mjs';
import { idsOf } from '../harness/stage.mjs';

/* Words that would give something away. */
const PLANTED = { title: 'TITLEWORD', course: 'COURSEWORD', label: 'LABELWORD', comment: 'COMMENTWORD', self: 'SELFWORD' };

let world, ingrid, ids, people;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_WINDOW: '2' } });
	const context = { overrides: { claims: { 'C/context': { title: PLANTED.course, label: PLANTED.label } } } };
	ingrid = await world.launch('ingrid-solheim', context);
	await world.rosterDone(ingrid);
	/* Every guardian once, as in the first week; the course keeps its planted name. */
	people = (await (await fetch(`${world.lmsUrl}/test/school`)).json()).platforms[0].courses[0].people;
	for (const p of people.filter((x) => x.role === 'parent'))
		await world.launch(p.key, context);
	ids = await idsOf(world);
});
after(() => world?.stop());
beforeEach(async () => { await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' }); });

const mailOf = (key) => people.find((p) => p.key === key).mail;
const released = async (students, more = {}, by = ingrid) => {
	const r = await by.makeReview({ title: PLANTED.title, ...more });
	for (const s of students) {
		await by.save(r.id, ids[s], 'comment', PLANTED.comment);
		if (r.scale)
			await by.save(r.id, ids[s], 'value', '6');
	}
	const done = await by.release(r.id, students.map((s) => ids[s]));
	assert.equal(done.json.released, students.length);
	return r;
};
const recipients = (mails) => mails.flatMap((m) => m.envelope.to).sort();

describe('who gets one', () => {
	test('the student and both guardians', async () => {
		await released(['sofie-aasen-lund']);
		const mails = await world.mailsAfter(3);
		assert.deepEqual(recipients(mails), [mailOf('henrik-lund'), mailOf('marte-aasen'), mailOf('sofie-aasen-lund')].sort());
		assert.ok(mails.every((m) => m.envelope.to.length === 1), 'two people in one envelope');
	});
	test('one mail for a guardian, however many children and reviews', async () => {
		await released(['maja-rosenlund', 'selma-haugen']);
		await released(['maja-rosenlund', 'selma-haugen']);
		await released(['selma-haugen'], { scale: null });
		const mails = await world.mailsAfter(4);
		const of = (key) => mails.filter((m) => m.envelope.to.includes(mailOf(key)));
		assert.equal(of('vibeke-haugen').length, 1);
		assert.equal(of('karl-rosenlund').length, 1);
		assert.match(of('vibeke-haugen')[0].text, /Maja/);
		assert.match(of('vibeke-haugen')[0].text, /Selma/);
		assert.doesNotMatch(of('karl-rosenlund')[0].text, /Selma/);
		assert.equal(of('selma-haugen').length, 1);
		assert.equal(mails.length, 4);
	});
	test('a class of 28 at once: nobody twice, nobody forgotten', async () => {
		const students = people.filter((p) => p.role === 'student').map((p) => p.key);
		await released(students, { scale: null });
		const expected = people.filter((p) => (p.role === 'student' || p.children.some((c) => students.includes(c))) && p.mail).map((p) => p.mail).sort();
		const mails = await world.mailsAfter(expected.length, { seconds: 40 });
		assert.deepEqual(recipients(mails), expected);
		assert.equal(new Set(mails.map((m) => m.messageId)).size, mails.length);
	});
	test('only those it was released to', async () => {
		await released(['sofie-aasen-lund'], { toGuardians: false });
		assert.deepEqual(recipients(await world.mailsAfter(1)), [mailOf('sofie-aasen-lund')]);
		await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
		await released(['sofie-aasen-lund'], { toStudents: false });
		assert.deepEqual(recipients(await world.mailsAfter(2)), [mailOf('henrik-lund'), mailOf('marte-aasen')].sort());
		await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
		await released(['sofie-aasen-lund'], { toStudents: false, toGuardians: false });
		assert.deepEqual(await world.mailsAfter(1, { seconds: 4 }), []);
	});
	test('who has no address stops nobody', async () => {
		await released(['tuva-kristiansen']);
		assert.deepEqual(recipients(await world.mailsAfter(1)), [mailOf('randi-kristiansen')]);
	});
	test('saving, self-assessment and a review without release tell nobody', async () => {
		const sofie = await world.launch('sofie-aasen-lund');
		const r = await ingrid.makeReview({ title: PLANTED.title });
		await ingrid.save(r.id, ids['sofie-aasen-lund'], 'comment', PLANTED.comment);
		await sofie.saveOwn(r.id, 'self_comment', PLANTED.self);
		assert.deepEqual(await world.mailsAfter(1, { seconds: 4 }), []);
	});
	test('who did it is not told of it', async () => {
		/* A teacher whose own child is in the class. */
		await world.database.psql(`INSERT INTO ilp.guardian_link (tenant_id, student_id, guardian_id, source, confirmed_at)
			SELECT tenant_id, '${ids['emma-wright']}', '${ids['ingrid-solheim']}', 'manual', now() FROM ilp.tenant`);
		await released(['emma-wright']);
		const mails = await world.mailsAfter(2);
		assert.deepEqual(recipients(mails), [mailOf('emma-wright'), mailOf('helen-wright')].sort());
		await world.database.psql(`DELETE FROM ilp.guardian_link WHERE guardian_id = '${ids['ingrid-solheim']}'`);
	});
});

describe('rights are asked again when it is sent', () => {
	/* Between release and sending there is the window; make it long by hand. */
	const hold = () => world.database.psql("UPDATE notify.mail SET due_at = now() + interval '1 hour' WHERE state = 'held'");
	const letGo = () => world.database.psql("UPDATE notify.mail SET due_at = now() WHERE state = 'held'; SELECT pg_notify('notice', '')");
	const held = async (n) => {
		for (let i = 0; i < 100; i++) {
			await hold();
			if (Number(await world.database.value("SELECT count(*) FROM notify.mail WHERE state = 'held'")) === n)
				return;
			await sleep(50);
		}
		throw new Error('the mails never were held');
	};
	const states = () => world.database.rows('SELECT p.name, m.state FROM notify.mail m JOIN ilp.person p USING (tenant_id) WHERE p.person_id = m.recipient_id AND m.created_at > now() - interval \'20 seconds\' ORDER BY m.created_at');

	test('a link that ended in between: no mail, state expired', async () => {
		await released(['isak-lunde']);
		await held(3);
		await world.database.psql(`UPDATE ilp.guardian_link SET state = 'ended' WHERE guardian_id = '${ids['anne-lunde']}'`);
		await letGo();
		assert.deepEqual(recipients(await world.mailsAfter(2)), [mailOf('geir-lunde'), mailOf('isak-lunde')].sort());
		assert.equal((await states()).find((s) => s.name === 'Anne Lunde').state, 'expired');
	});
	test('an audience taken back in between', async () => {
		const r = await released(['jakub-nowak']);
		await held(2);
		assert.equal((await ingrid.patch(`/reviews/${r.id}`, { rev: r.rev, toGuardians: false })).status, 200);
		await letGo();
		assert.deepEqual(recipients(await world.mailsAfter(1)), [mailOf('jakub-nowak')]);
	});
	test('a student who became protected in between', async () => {
		await released(['linh-nguyen']);
		await held(3);
		await world.database.psql(`UPDATE ilp.person SET is_protected = true WHERE person_id = '${ids['linh-nguyen']}'`);
		await letGo();
		assert.deepEqual(await world.mailsAfter(1, { seconds: 4 }), []);
	});
	test('an address that changed in between', async () => {
		await released(['kaja-sandvik'], { toStudents: false });
		await held(2);
		await world.database.psql(`UPDATE ilp.person SET email = 'new@home.example' WHERE person_id = '${ids['trine-sandvik']}'`);
		await letGo();
		assert.deepEqual(recipients(await world.mailsAfter(2)), ['new@home.example', mailOf('oyvind-sandvik')].sort());
	});
});

describe('what stands in it', () => {
	let mails;
	const by = (key) => mails.find((m) => m.envelope.to.includes(mailOf(key)));
	before(async () => {
		await http(`${world.mailUrl}/api/mails`, { method: 'DELETE' });
		for (const key of ['daniel-okafor', 'maja-rosenlund', 'selma-haugen', 'ella-marie-somby']) {
			const who = await world.launch(key, { overrides: { claims: { 'C/context': { title: PLANTED.course, label: PLANTED.label } } } });
			assert.equal((await who.home()).viewer.role, 'student');
		}
		await released(['daniel-okafor', 'maja-rosenlund', 'selma-haugen', 'ella-marie-somby']);
		mails = await world.mailsAfter(10);
	});

	test('nothing of what somebody wrote, no grade, no course, no family name of a child', () => {
		assert.equal(mails.length, 10);
		for (const m of mails) {
			const all = `${m.raw}\n${m.subject}\n${m.text}\n${m.html}`;
			for (const word of Object.values(PLANTED))
				assert.equal(all.includes(word), false, `${word} to ${m.to}`);
			for (const family of ['Okafor', 'Rosenlund', 'Somby', 'Aasen'])
				assert.equal(`${m.subject}\n${m.text}\n${m.html}`.includes(family), false, `${family} to ${m.to}`);
			assert.doesNotMatch(`${m.text} ${m.html}`, /English 8B|ENG8B|Ingrid|Solheim|karakter(en)? ?[1-6]|grade [1-6]/i);
			assert.equal(Object.values(ids).some((id) => all.includes(id)), false, 'an id of ours');
			for (const r of ['018f0000-0000-7000-8000-000000000001', 'canvas', 'localhost:'])
				assert.equal(`${m.text}${m.html}`.includes(r), false, r);
		}
	});
	test('text and HTML, both in the recipient\'s language', () => {
		for (const [key, language, words] of [['grace-okafor', 'en', /midterm review/], ['vibeke-haugen', 'nb', /vurdering/], ['daniel-okafor', 'en', /midterm review/], ['maja-rosenlund', 'nb', /vurdering/]]) {
			const m = by(key);
			assert.match(m.headers['content-type'][0], /^multipart\/alternative/);
			assert.match(m.text, words);
			assert.match(m.html, words);
			assert.match(m.html, new RegExp(`<html[^>]* lang="?${language}`));
			assert.doesNotMatch(m.html, /<script|<img|<form|<iframe|http:\/\/(?!127\.0\.0\.1)|@import|url\(/i);
		}
		assert.match(by('vibeke-haugen').text, /Maja/);
		assert.match(by('vibeke-haugen').text, /Selma/);
	});
	test('the headers a mail from a program has', () => {
		for (const m of mails) {
			assert.match(m.from, /^Solbakken skole – Learning plans <learning-plans@solbakken\.example>$/);
			assert.match(m.messageId, /^<[^<>@\s]+@[^<>@\s]+>$/);
			assert.ok(m.date);
			assert.match(m.headers['auto-submitted'][0], /auto-generated/);
			assert.match(m.headers['mime-version'][0], /1\.0/);
			for (const name of ['from', 'to', 'subject', 'date', 'message-id'])
				assert.equal(m.headers[name].length, 1, name);
			assert.ok(m.raw.split(/\r?\n/).every((l) => l.length <= 998 && /^[\x00-\x7f]*$/.test(l)), 'a line too long or not ASCII');
			assert.equal(m.envelope.from, 'learning-plans@solbakken.example');
		}
	});
	test('the link opens a page that says nothing, whoever opens it', async () => {
		const links = mails.map((m) => /http:\/\/127\.0\.0\.1:\d+\/m\/[A-Za-z0-9_-]+/.exec(m.text)[0]);
		assert.equal(new Set(links).size, mails.length);
		assert.ok(links.every((l) => l.split('/').at(-1).length >= 20));
		const counts = await world.database.counts();
		const strange = `${world.toolUrl}/m/${'A'.repeat(links[0].split('/').at(-1).length)}`;
		const pages = [];
		for (const url of [links[0], links[0], links[1], strange, `${world.toolUrl}/m/x`]) {
			assert.equal((await http(url, { method: 'HEAD' })).status, 200);
			const r = await http(url, { headers: { 'Accept-Language': 'en' } });
			assert.equal(r.status, 200);
			assert.equal(r.headers['set-cookie'], undefined);
			pages.push(r.text);
			assert.match(r.text, /noindex/);
		}
		assert.equal(new Set(pages).size, 1, 'a true token gets another page than a made up one');
		assert.deepEqual(await world.database.counts(), counts);
		for (const word of ['Maja', 'Vibeke', 'review', PLANTED.course, 'Solbakken'])
			assert.equal(pages[0].includes(word), false, word);
		const nb = await http(links[0], { headers: { 'Accept-Language': 'nb-NO,nb;q=0.9' } });
		assert.match(nb.text, /lang="nb"/);
	});
	test('the log names nobody', () => {
		assert.doesNotMatch(world.tool.log, /@home\.example|@elev\.example|Vibeke|Okafor|COMMENTWORD|TITLEWORD/);
	});
});

describe('names that would break a mail', () => {
	for (const [name, given] of [['line ends', 'Eve\r\nBcc: all@evil.example'], ['markup', '<script>alert(1)</script>'], ['a percent', '%s%n{n}'], ['another script', 'زينب 测试'], ['very long', 'x'.repeat(250)]])
		test(name, async () => {
			await world.launch('camilla-pedersen', { overrides: { claims: { given_name: given, name: `${given} P` } } });
			await world.database.psql(`UPDATE ilp.person SET given_name = $g$${given.replace(/[\r\n]+/g, ' ')}$g$ WHERE person_id = '${ids['jonathan-pedersen']}'`);
			await released(['jonathan-pedersen'], { toStudents: false });
			const [m] = await world.mailsAfter(1);
			assert.deepEqual(m.envelope.to, [mailOf('camilla-pedersen')]);
			assert.equal(m.headers.bcc, undefined);
			assert.doesNotMatch(m.html, /<script>/);
			assert.ok(m.raw.split(/\r?\n/).every((l) => l.length <= 998));
		});
});
