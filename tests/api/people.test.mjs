/* Who is in a course and who is whose guardian: what launches and rosters say, and
 * which of them counts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startWorld } from '../harness/index.mjs';
import { idsOf } from '../harness/stage.mjs';

let world, ingrid, ids;
before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	ingrid = await world.launch('ingrid-solheim');
	await world.rosterDone(ingrid);
	ids = await idsOf(world);
});
after(() => world?.stop());

const links = (guardian) => world.database.rows(`SELECT l.student_id, l.source, l.state, l.expires_at > now() + interval '179 days' AS is_fresh FROM ilp.guardian_link l
	JOIN ilp.identity i ON i.tenant_id = l.tenant_id AND i.person_id = l.guardian_id WHERE i.sub = (SELECT sub FROM ilp.identity WHERE person_id = '${guardian}') ORDER BY 1`);
const children = async (client) => (await client.home()).children.map((c) => c.name);
const said = (scope, observees) => ({ overrides: { claims: { 'C/role_scope_mentor': scope, 'C/custom': { observees } } } });
const subOf = async (key) => (await (await fetch(`${world.lmsUrl}/test/school`)).json()).platforms.flatMap((p) => p.courses).flatMap((c) => c.people).find((p) => p.key === key).sub;
const nrps = (body) => world.hook('service/nrps', { platform: 'canvas', mode: 'ok', ...body });
async function refresh(client = ingrid, state = 'done') {
	assert.equal((await client.post('/roster', {})).status, 202);
	return world.rosterDone(client, { state });
}

describe('guardians', () => {
	test('an array in role_scope_mentor', async () => {
		const marte = await world.launch('marte-aasen', said(undefined, ''));
		assert.deepEqual(await children(marte), ['Sofie Aasen Lund']);
		assert.deepEqual(await links(ids['marte-aasen']), [{ student_id: ids['sofie-aasen-lund'], source: 'role_scope_mentor', state: 'active', is_fresh: true }]);
	});
	for (const [name, make] of [['a text', (a, b) => `${a},${b}`], ['a text with blanks', (a, b) => ` ${a} , ${b} `], ['a list with lists in it', (a, b) => [`${a},${b}`]], ['twice the same', (a, b) => [a, b, a]]])
		test(name, async () => {
			const [a, b] = [await subOf('maja-rosenlund'), await subOf('selma-haugen')];
			const v = await world.launch('vibeke-haugen', said(make(a, b), ''));
			assert.deepEqual(await children(v), ['Maja Rosenlund', 'Selma Haugen']);
		});
	test('only Canvas\' own variable, at any privacy level', async () => {
		const helen = await world.launch('helen-wright', { overrides: { claims: { 'C/role_scope_mentor': null } } });
		assert.deepEqual(await children(helen), ['Emma Wright']);
		assert.deepEqual((await links(ids['helen-wright'])).map((l) => l.source), ['canvas_observees']);
	});
	test('a variable that was not filled in', async () => {
		const helen = await world.launch('bente-hovland', { overrides: { claims: { 'C/role_scope_mentor': null, 'C/custom': { observees: '$com.instructure.User.observees' } } } });
		assert.deepEqual(await children(helen), []);
	});
	test('the old 40-digit ids of Canvas', async () => {
		const [{ lti11_id: old }] = await world.database.rows(`SELECT lti11_id FROM ilp.identity WHERE person_id = '${ids['aksel-brathen']}'`);
		if (old) {
			const lise = await world.launch('lise-brathen', said([old], ''));
			assert.deepEqual(await children(lise), ['Aksel Bråthen']);
		}
	});
	test('no longer named: the link ends at once; named again: it is back', async () => {
		const before = await world.launch('tor-brathen');
		assert.deepEqual(await children(before), ['Aksel Bråthen']);
		const later = await world.launch('tor-brathen', said(null, ''));
		assert.deepEqual(await children(later), []);
		assert.deepEqual(await children(before), [], 'an older session still shows the child');
		assert.deepEqual((await links(ids['tor-brathen'])).map((l) => l.state), ['ended']);
		assert.deepEqual(await children(await world.launch('tor-brathen')), ['Aksel Bråthen']);
		assert.deepEqual((await links(ids['tor-brathen'])).map((l) => l.state), ['active']);
	});
	test('what one course says does not end what another says', async () => {
		const jonas = await world.launch('jonas-berge', { course: 'matematikk-8b' });
		await world.rosterDone(jonas);
		await world.launch('grete-eikeland');
		const grete = await world.launch('grete-eikeland', { course: 'matematikk-8b' });
		assert.deepEqual(await children(grete), ['Anders Eikeland', 'Sigrid Eikeland']);
		const less = await world.launch('grete-eikeland', { course: 'matematikk-8b', ...said(null, '') });
		assert.deepEqual(await children(less), ['Anders Eikeland']);
	});
	test('blocked by the school stays blocked, whatever the platform says', async () => {
		await world.launch('henrik-lund');
		await world.database.psql(`UPDATE ilp.guardian_link SET state = 'blocked' WHERE guardian_id = '${ids['henrik-lund']}'`);
		const henrik = await world.launch('henrik-lund');
		assert.deepEqual(await children(henrik), []);
		await refresh();
		assert.deepEqual((await links(ids['henrik-lund'])).map((l) => l.state), ['blocked']);
		assert.deepEqual(await children(await world.launch('henrik-lund')), []);
	});
	test('unconfirmed for too long is over', async () => {
		const silje = await world.launch('silje-moen');
		assert.deepEqual(await children(silje), ['Ida Kristine Moen']);
		await world.database.psql(`UPDATE ilp.guardian_link SET expires_at = now() - interval '1 second' WHERE guardian_id = '${ids['silje-moen']}'`);
		assert.deepEqual(await children(silje), []);
		assert.deepEqual(await children(await world.launch('silje-moen')), ['Ida Kristine Moen']);
	});
	test('who teaches elsewhere is here only a parent', async () => {
		const elin = await world.launch('elin-dahl');
		const home = await elin.home();
		assert.equal(home.viewer.role, 'guardian');
		assert.equal(home.participants, undefined);
		assert.deepEqual(home.children.map((c) => c.name), ['Nora Elise Dahl']);
	});
	test('a child who came later is linked when the roster knows it', async () => {
		const w = await startWorld({ env: { ILPD_MAIL_RELAY: '', ILPD_WORKER: 'off' } });
		try {
			const marte = await w.launch('marte-aasen');
			assert.deepEqual(await children(marte), []);
			await w.launch('sofie-aasen-lund');
			assert.deepEqual(await children(await w.launch('marte-aasen')), ['Sofie Aasen Lund']);
		} finally {
			await w.stop();
		}
	});
});

describe('rosters of Canvas', () => {
	test('are read page after page, asked as the standard says', async () => {
		await world.hook('reset');
		await nrps({ page: 10 });
		const home = await refresh();
		assert.equal(home.participants.length, 28);
		assert.deepEqual(home.teachers.map((t) => t.name), ['Ingrid Solheim', 'Kari Nilsen', 'Tomas Lien']);
		const log = await (await fetch(`${world.lmsUrl}/test/log`)).json();
		const asked = log.filter((l) => l.what === 'nrps');
		assert.ok(asked.length >= 7, `${asked.length} requests for 73 members`);
		for (const l of asked) {
			assert.equal(l.headers.accept, 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
			assert.ok(l.headers['user-agent']);
		}
		const tokens = log.filter((l) => l.scope);
		assert.deepEqual([...new Set(tokens.map((l) => l.scope))], ['https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly']);
	});
	test('sorted as the reader\'s language sorts', async () => {
		await ingrid.put('/viewer/language', { language: 'nb' });
		const names = (await ingrid.home()).participants.map((p) => p.name);
		assert.deepEqual(names, [...names].sort(new Intl.Collator('nb').compare));
	});
	test('nobody has left after one roster without them, but after two', async () => {
		const review = await ingrid.makeReview();
		const hedda = ids['hedda-nygard'], theo = ids['theo-sorensen'];
		assert.equal((await ingrid.save(review.id, hedda, 'comment', 'Written before she left')).status, 200);
		await nrps({ remove: ['hedda-nygard', 'theo-sorensen'] });
		assert.equal((await refresh()).participants.length, 28);
		await sleep(20);
		const home = await refresh();
		assert.equal(home.participants.length, 26);
		const { entries, review: r } = (await ingrid.get(`/reviews/${review.id}`)).json;
		assert.equal(entries.length, 27);
		assert.equal(entries.find((e) => e.student.id === hedda).left, true);
		assert.equal(entries.find((e) => e.student.id === theo), undefined);
		assert.equal(r.total, 26);
		assert.equal((await ingrid.save(review.id, hedda, 'comment', 'After', 1)).status, 404);
		await nrps({});
		assert.equal((await refresh()).participants.length, 28);
		assert.equal((await ingrid.get(`/reviews/${review.id}`)).json.entries.find((e) => e.student.id === hedda).left, false);
	});
	test('people without names can be told apart', async () => {
		const w = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
		try {
			await w.hook('service/nrps', { platform: 'canvas', mode: 'ok', names: 'none' });
			const teacher = await w.launch('ingrid-solheim', { overrides: { claims: { name: null, given_name: null, family_name: null } } });
			const home = await w.rosterDone(teacher);
			const names = home.participants.map((p) => p.name);
			assert.equal(names.length, 28);
			assert.ok(names.every((n) => /\S/.test(n)));
			assert.equal(new Set(names).size, 28);
			const review = await teacher.makeReview();
			const id = home.participants[0].id;
			await teacher.save(review.id, id, 'comment', 'x');
			const { entries } = (await teacher.get(`/reviews/${review.id}`)).json;
			assert.match(entries.find((e) => e.student.id === id).commentBy, /\S/);
		} finally {
			await w.stop();
		}
	});
	test('test users are in no list and no count', async () => {
		await world.launch('test-student');
		const home = await refresh();
		assert.equal(home.participants.some((p) => p.name.includes('Test')), false);
		const review = await ingrid.makeReview();
		assert.equal(review.total, 28);
		assert.equal((await ingrid.get(`/reviews/${review.id}`)).json.entries.length, 28);
	});
	for (const [mode, more] of [['error', { status: 500 }], ['error', { status: 403 }], ['drop', {}], ['garbage', {}], ['huge', {}]])
		test(`a roster that is ${mode}${more.status ?? ''} is told to the teacher, and changes nobody`, async () => {
			const before = (await ingrid.home()).participants;
			await nrps({ mode, ...more });
			const home = await refresh(ingrid, 'failed');
			assert.match(home.roster.error, /^[a-z_]+$/);
			assert.deepEqual(home.participants, before);
			await nrps({});
			await refresh();
		});
	for (const next of ['loop', 'http://127.0.0.1:1/elsewhere'])
		test(`a next link that leads ${next === 'loop' ? 'in a circle' : 'elsewhere'} ends somewhere`, async () => {
			await nrps({ page: 10, next });
			assert.equal((await ingrid.post('/roster', {})).status, 202);
			let home;
			for (let i = 0; i < 200; i++) {
				home = await ingrid.home();
				if (['failed', 'done'].includes(home.roster.state))
					break;
				await sleep(100);
			}
			assert.equal(home.roster.state, 'failed');
			assert.equal(home.participants.length, 28);
			await nrps({});
			await refresh();
		});
	test('an access token the platform forgot is asked for anew', async () => {
		await world.hook('service/token', { platform: 'canvas', mode: 'revoke' });
		await refresh();
	});
	test('a course without a roster service says so', async () => {
		const t = await world.launch('ingrid-solheim', { overrides: { claims: { 'C/context': { id: 'no-roster', title: 'Alone' }, 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': null } } });
		const home = await t.home();
		assert.equal(home.roster.state, 'none');
		assert.deepEqual(home.participants, []);
	});
});

describe('Moodle', () => {
	let kari;
	before(async () => {
		kari = await world.launch('kari-nordli');
		await world.rosterDone(kari);
	});
	test('names come out of their escapes', async () => {
		assert.ok((await kari.home()).participants.some((p) => p.name === "Jón O'Brien-Ñuñez & Søn"));
	});
	test('who is suspended is not there', async () => {
		assert.equal((await kari.home()).participants.some((p) => p.name.includes('Viktor')), false);
	});
	test('a launch outranks the roster: the non-editing teacher', async () => {
		const ola = await world.launch('ola-ostgard');
		assert.equal((await ola.home()).viewer.role, 'teacher');
		const home = await refresh(kari);
		assert.ok(home.teachers.some((t) => t.name === 'Ola Østgård'));
		assert.equal(home.participants.some((t) => t.name === 'Ola Østgård'), false);
		assert.equal((await ola.home()).viewer.role, 'teacher');
	});
	test('a parent named by the plugin, who is a learner in the roster', async () => {
		const ragnhild = await world.launch('ragnhild-tangen');
		assert.deepEqual(await children(ragnhild), ['Bjørn Tangen']);
		const home = await refresh(kari);
		assert.equal(home.participants.some((p) => p.name === 'Ragnhild Tangen'), false);
		assert.deepEqual(await children(ragnhild), ['Bjørn Tangen']);
		const [{ source }] = await world.database.rows(`SELECT l.source FROM ilp.guardian_link l JOIN ilp.person p ON p.tenant_id = l.tenant_id AND p.person_id = l.guardian_id WHERE p.name = 'Ragnhild Tangen'`);
		assert.equal(source, 'role_scope_mentor');
	});
	test('its languages are ours', async () => {
		assert.equal((await kari.home()).viewer.language, 'nb');
		assert.equal((await (await world.launch('hakon-myhre')).home()).viewer.language, 'nb');
	});
});

describe('dates are the school\'s', () => {
	for (const [name, now, today] of [['shortly after midnight in Oslo', '2026-11-22T23:30:00Z', '2026-11-23'], ['shortly before', '2026-11-22T22:59:59Z', '2026-11-22'],
		['in the hour summer time begins', '2027-03-28T01:30:00Z', '2027-03-28'], ['on leap day', '2028-02-28T23:00:00Z', '2028-02-29']])
		test(name, async () => {
			const w = await startWorld({ env: (db) => ({ ILPD_WORKER: 'off', ILPD_DATABASE: db.conninfo('ilpd_app', `-c app.now=${now}`) }) });
			try {
				const t = await w.launch('ingrid-solheim');
				await w.launch('sofie-aasen-lund');
				const home = await t.home();
				assert.equal(home.viewer.today, today);
				const review = await t.makeReview();
				const s = home.participants[0]?.id ?? (await t.home()).participants[0].id;
				assert.equal((await t.save(review.id, s, 'comment', 'x')).status, 200);
				assert.equal(await w.database.value(`SELECT entered_on FROM ilp.entry WHERE review_id = '${review.id}'`), today);
			} finally {
				await w.stop();
			}
		});
	test('the day of the first entry stays, whatever is written later, and the student\'s words do not set it', async () => {
		const w = await startWorld({ env: { ILPD_WORKER: 'off' } });
		try {
			const t = await w.launch('ingrid-solheim');
			const s = await w.launch('sofie-aasen-lund');
			const review = await t.makeReview();
			const id = (await t.home()).participants[0].id;
			const entered = () => w.database.value(`SELECT entered_on FROM ilp.entry WHERE review_id = '${review.id}'`);
			await s.saveOwn(review.id, 'self_comment', 'mine');
			assert.equal(await entered(), '');
			await t.save(review.id, id, 'comment', 'first');
			assert.match(await entered(), /^\d{4}-\d\d-\d\d$/);
			await w.database.psql(`UPDATE ilp.entry SET entered_on = '2026-10-01' WHERE review_id = '${review.id}'`);
			await t.save(review.id, id, 'comment', 'second', 1);
			await t.save(review.id, id, 'value', '4');
			await t.post(`/reviews/${review.id}/entries`, { students: [id], comment: 'many' });
			assert.equal(await entered(), '2026-10-01');
		} finally {
			await w.stop();
		}
	});
});
