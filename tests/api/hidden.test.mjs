/* A word of its own in every text that somebody can write or a platform can send; then
 * no answer for a role that may not see it holds it, nor changes when it changes
 * (I-03, I-12). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cookieHeader, http, startWorld } from '../harness/index.mjs';
import { everybody, idsOf } from '../harness/stage.mjs';

const id = (n) => `018f3333-0000-7000-8000-00000000000${n}`;
const SELF = id(1), PLAIN = id(2), STAFF = id(3);
let world, who, ids, roles;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	who = await everybody(world);
	ids = await idsOf(world);
	roles = Object.keys(who);
});
after(() => world?.stop());

/* One's own mail address, which one's own page of data privacy may show. */
const own = new Map();

/* All this role can ask for, as text, with what may differ by the clock left out. */
async function everything(client) {
	const paths = ['/home', '/privacy', '/placement', '/report', `/report/${ids['sofie-aasen-lund']}`, `/report/${ids['maja-rosenlund']}`, ...[SELF, PLAIN, STAFF].flatMap((r) => [`/reviews/${r}`, `/reviews/${r}?since=2026-01-01T00:00:00Z`, `/reviews/${r}/release`,
		...[ids['sofie-aasen-lund'], ids['maja-rosenlund']].map((s) => `/reviews/${r}/entries/${s}/history`)])];
	const answers = await Promise.all(paths.map(async (p) => {
		const r = await client.get(p);
		const headers = { ...r.headers };
		delete headers.date;
		return `${p} ${r.status} ${JSON.stringify(headers)} ${r.text.replace(own.get(client) ?? '', '')}`;
	}));
	const shell = await http(`${world.toolUrl}/app/${client.sid}/`, { headers: { Cookie: cookieHeader(client.cookies) } });
	return [...answers, shell.text].join('\n').replace(/"cursor":"[^"]*"/g, '').replace(/"roster":\{[^}]*\}/g, '');
}

/* Who sees a word, and nobody else. Roles not named must not hold it. */
async function seenBy(word, ...expected) {
	const sees = [];
	for (const role of roles)
		if ((await everything(who[role])).includes(word))
			sees.push(role);
	assert.deepEqual(sees.sort(), [...expected].sort(), `who sees ${word}`);
}

/* The change makes no difference to these roles, not by a byte. */
async function unnoticed(change, ...except) {
	const others = roles.filter((r) => !except.includes(r));
	const before = await Promise.all(others.map((r) => everything(who[r])));
	await change();
	const later = await Promise.all(others.map((r) => everything(who[r])));
	others.forEach((r, i) => assert.equal(later[i], before[i], `${r} notices`));
}

const sofie = () => ids['sofie-aasen-lund'];
const save = async (review, student, field, text, rev = 0, by = 'teacher') => {
	const r = await who[by].save(review, student, field, text, rev);
	assert.equal(r.status, 200, r.text);
	return r.json.rev;
};

describe('before anything is released', () => {
	test('a review with self-assessment is known to the course\'s students', async () => {
		await who.teacher.makeReview({ id: SELF, title: 'TITLESELF' });
		await seenBy('TITLESELF', 'teacher', 'student', 'other student');
	});
	test('one without is known to its teachers alone', async () => {
		await unnoticed(() => who.teacher.makeReview({ id: PLAIN, title: 'TITLEPLAIN', selfAssessment: false }), 'teacher');
		await seenBy('TITLEPLAIN', 'teacher');
		await unnoticed(() => who.teacher.makeReview({ id: STAFF, title: 'TITLESTAFF', selfAssessment: false, toStudents: false, toGuardians: false }), 'teacher');
		await seenBy('TITLESTAFF', 'teacher');
	});
	test('what the teacher writes is the teachers\' alone', async () => {
		await unnoticed(async () => {
			for (const [review, word] of [[SELF, 'DRAFTSELF'], [PLAIN, 'DRAFTPLAIN'], [STAFF, 'DRAFTSTAFF']])
				for (const key of ['sofie-aasen-lund', 'maja-rosenlund']) {
					await save(review, ids[key], 'comment', `${word}${key.slice(0, 5)}`);
					await save(review, ids[key], 'value', '5');
				}
		}, 'teacher');
		for (const word of ['DRAFTSELF', 'DRAFTPLAIN', 'DRAFTSTAFF'])
			await seenBy(word, 'teacher');
	});
	test('many at once, and changes, are not noticed either', async () => {
		await unnoticed(async () => {
			await who.teacher.post(`/reviews/${SELF}/entries`, { students: [sofie()], comment: 'DRAFTMANY', value: '2', mode: 'replace' });
			await save(PLAIN, sofie(), 'comment', 'DRAFTCHANGED', 1);
		}, 'teacher');
		await seenBy('DRAFTMANY', 'teacher');
		await seenBy('DRAFTCHANGED', 'teacher');
	});
	test('what a student writes is for the student and the teachers', async () => {
		await unnoticed(async () => {
			assert.equal((await who.student.saveOwn(SELF, 'self_comment', 'SELFWORD')).status, 200);
			assert.equal((await who.student.saveOwn(SELF, 'self_value', '4')).status, 200);
		}, 'teacher', 'student');
		await seenBy('SELFWORD', 'teacher', 'student');
	});
	test('names of the class are for its teachers', async () => {
		await seenBy('Hedda Nyg', 'teacher', 'other course');
		await seenBy('Filip Kowalski', 'teacher');
		await seenBy('Theo S', 'teacher');
		await seenBy('Karl Rosenlund');
		await seenBy('Vibeke Haugen');
	});
	test('nobody is shown a mail address but their own, nor a sub or another id of the platform', async () => {
		for (const role of roles) {
			const { json } = await who[role].get('/privacy');
			const [{ email }] = await world.database.rows(`SELECT p.email FROM ilp.session s JOIN ilp.person p USING (tenant_id, person_id) WHERE right(s.session_id::text, 8) = '${who[role].sid}'`);
			assert.equal(json.person.email, email);
			own.set(who[role], JSON.stringify(email));
		}
		for (const word of ['@elev.example', '@home.example', '@solbakken.example', 'S425', 'c0ddd6c90cbe1ef0f32fbce5c3bf654204be186c', '10000000000123'])
			await seenBy(word);
		const [{ sub }] = await world.database.rows(`SELECT sub FROM ilp.identity WHERE person_id = '${sofie()}'`);
		await seenBy(sub);
	});
});

describe('after release to one student', () => {
	test('it is seen by her and her guardians', async () => {
		await unnoticed(async () => {
			for (const review of [SELF, PLAIN, STAFF])
				assert.equal((await who.teacher.release(review, [sofie()])).json.released, 1);
		}, 'teacher', 'student', 'guardian');
		await seenBy('DRAFTMANY', 'teacher', 'student', 'guardian');
		await seenBy('DRAFTCHANGED', 'teacher', 'student', 'guardian');
		await seenBy('DRAFTPLAINmaja', 'teacher');
		await seenBy('DRAFTSELFmaja', 'teacher');
		await seenBy('TITLEPLAIN', 'teacher', 'student', 'guardian');
		await seenBy('TITLESELF', 'teacher', 'student', 'other student', 'guardian');
	});
	test('a review for neither is seen by neither', async () => {
		await seenBy('DRAFTSTAFF', 'teacher');
		await seenBy('TITLESTAFF', 'teacher');
	});
	test('her own words are now with her guardians, as they stood', async () => {
		await seenBy('SELFWORD', 'teacher', 'student', 'guardian');
		await unnoticed(() => who.student.saveOwn(SELF, 'self_comment', 'SELFLATER', 1), 'teacher', 'student');
		await seenBy('SELFLATER', 'teacher', 'student');
		await seenBy('SELFWORD', 'guardian');
	});
	test('a correction is not there until it is released again', async () => {
		await unnoticed(() => save(PLAIN, sofie(), 'comment', 'CORRECTED', 2), 'teacher');
		await seenBy('CORRECTED', 'teacher');
		await unnoticed(() => save(PLAIN, sofie(), 'value', '1', 1), 'teacher');
		await unnoticed(() => who.teacher.release(PLAIN, [sofie()]), 'teacher', 'student', 'guardian');
		await seenBy('CORRECTED', 'teacher', 'student', 'guardian');
		await seenBy('DRAFTCHANGED', 'teacher');
	});
	test('taking the audience back takes it out of their sight', async () => {
		const { review } = (await who.teacher.get(`/reviews/${PLAIN}`)).json;
		assert.equal((await who.teacher.patch(`/reviews/${PLAIN}`, { rev: review.rev, toGuardians: false })).status, 200);
		await seenBy('CORRECTED', 'teacher', 'student');
		await seenBy('TITLEPLAIN', 'teacher', 'student');
		assert.equal((await who.teacher.patch(`/reviews/${PLAIN}`, { rev: review.rev + 1, toStudents: false })).status, 200);
		await seenBy('CORRECTED', 'teacher');
		await seenBy('TITLEPLAIN', 'teacher');
	});
	test('without self-assessment, what was written of oneself is with nobody', async () => {
		const { review } = (await who.teacher.get(`/reviews/${SELF}`)).json;
		assert.equal((await who.teacher.patch(`/reviews/${SELF}`, { rev: review.rev, selfAssessment: false })).status, 200);
		await seenBy('SELFLATER');
		await seenBy('SELFWORD');
	});
});

describe('when somebody is no longer who they were', () => {
	test('a guardian whose link is blocked sees no child', async () => {
		await world.database.psql(`UPDATE ilp.guardian_link SET state = 'blocked' WHERE student_id = '${sofie()}' AND guardian_id = '${ids['marte-aasen']}'`);
		await seenBy('DRAFTMANY', 'teacher', 'student');
		await seenBy('Sofie Aasen Lund', 'teacher', 'student', 'other course');
	});
	test('a teacher who has left the course reads and writes nothing more', async () => {
		await world.database.psql(`UPDATE ilp.membership SET left_at = now() WHERE person_id = '${ids['ingrid-solheim']}'`);
		await seenBy('DRAFTMANY', 'student');
		assert.equal((await who.teacher.save(SELF, sofie(), 'comment', 'x', 9)).status, 401);
	});
});
