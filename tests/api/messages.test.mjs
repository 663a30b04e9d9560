/* What launches lead to beside the course's link: links made by deep linking, course
 * copies, a student's report from a submission review, data privacy. Attacks on the
 * tokens themselves are in attacks_messages.test.mjs. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { form, sleep, startWorld } from '../harness/index.mjs';
import { formOf, part, place } from '../harness/place.mjs';
import { idsOf } from '../harness/stage.mjs';

const DLC = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const PRODUCTS = ['brightspace', 'blackboard', 'sakai', 'schoology', 'itslearning', 'openedx', 'strict', 'minimal'];
let world, teacher, ids, review;
before(async () => {
	world = await startWorld({ personas: PRODUCTS });
	teacher = await world.launch('ingrid-solheim');
	await world.rosterDone(teacher);
	await world.visitAll();
	ids = await idsOf(world);
	review = await teacher.makeReview({ title: 'Halfway & "there"' });
});
after(() => world?.stop());

const LINK = { message: 'deep_linking' };
const picker = (settings, user = 'ingrid-solheim', more = {}) => world.launch(user, { ...LINK, settings, ...more });
const page = (client) => client.landing.location.replace(/^\/app\/[^/]+/, '');
const COURSE = { path: '/open/course', title: 'Learning plans' };

describe('deep linking', () => {
	test('opens the picker, with what can be placed', async () => {
		const p = await picker();
		assert.equal(page(p), '/place');
		const { status, json } = await p.get('/placement');
		assert.equal(status, 200);
		assert.equal(json.several, true);
		assert.equal(json.takesLinks, true);
		assert.deepEqual(json.items.map((i) => i.kind), ['course', 'my', 'report', 'review']);
		assert.deepEqual(json.items[3], { path: `/open/reviews/${review.id}`, kind: 'review', title: review.title, reviewId: review.id });
	});

	test('one thing, there and back, and its link opens it for each role', async () => {
		const { page: ours, answer, fields } = await place(await picker(), [{ path: `/open/reviews/${review.id}`, title: ' Read “me” & æøå ', text: 'What stands in it' }]);
		assert.equal(ours.status, 200);
		assert.match(ours.headers['content-security-policy'], new RegExp(`form-action [^;]*${world.lmsUrl}`));
		assert.match(ours.headers['content-security-policy'], new RegExp(`frame-ancestors [^;]*${world.lmsUrl}`));
		assert.match(ours.headers['content-security-policy'], /script-src 'self'/);
		assert.match(ours.text, /<button[^>]*>[^<]+<\/button>/);
		assert.match(ours.text, /<script[^>]*src="\/assets\/post\.[0-9a-z]+\.js"/i);
		assert.deepEqual(Object.keys(fields), ['JWT']);
		assert.deepEqual(answer.problems, []);
		assert.equal(answer.links[0].title, 'Read “me” & æøå');
		assert.equal(answer.links[0].text, 'What stands in it');
		assert.equal(answer.links[0].url, `${world.toolUrl}/open/reviews/${review.id}`);
		for (const user of ['ingrid-solheim', 'sofie-aasen-lund', 'marte-aasen']) {
			const there = await world.launch(user, { link: answer.links[0].id });
			assert.equal(page(there), `/open/reviews/${review.id}`, user);
			assert.equal((await there.get('/home')).status, 200);
			assert.equal((await there.get('/placement')).status, 404, 'an ordinary launch answers no request');
		}
	});

	test('several at once, each its own link', async () => {
		const items = [COURSE, { path: '/open/my', title: 'My plan' }, { path: '/open/report', title: 'Report' }];
		const { answer } = await place(await picker(), items);
		assert.deepEqual(answer.problems, []);
		assert.deepEqual(answer.items.map((i) => i.title), items.map((i) => i.title));
		for (const [i, { path }] of items.entries())
			assert.equal(page(await world.launch('sofie-aasen-lund', { link: answer.links[i].id })), path);
	});

	test('nothing chosen is a cancellation', async () => {
		const { answer, fields } = await place(await picker(), []);
		assert.deepEqual(answer.problems, []);
		assert.deepEqual(answer.links, []);
		assert.deepEqual(part(fields.JWT, 1)[`${DLC}content_items`], []);
	});

	for (const data of ['', 'a "quoted" \\ value', 'x'.repeat(16_000), '{"ø":1}', undefined])
		test(`data is echoed: ${data === undefined ? 'none' : data.slice(0, 20) || 'empty'}`, async () => {
			const { answer, fields } = await place(await picker({ data: data ?? null }), [COURSE]);
			assert.deepEqual(answer.problems, []);
			assert.equal(part(fields.JWT, 1)[`${DLC}data`], data);
			assert.equal(`${DLC}data` in part(fields.JWT, 1), data !== undefined);
		});

	test('one where one is taken, none where links are not', async () => {
		const one = await picker({ accept_multiple: false, title: 'From the editor', text: 'Suggested' });
		const asked = (await one.get('/placement')).json;
		assert.deepEqual([asked.several, asked.title, asked.text], [false, 'From the editor', 'Suggested']);
		const refused = await one.post('/placement', { items: [COURSE, { path: '/open/my', title: 'x' }] });
		assert.equal(refused.status, 422);
		assert.equal(refused.json.error.field, 'items');
		assert.deepEqual((await place(one, [COURSE])).answer.problems, []);
		const none = await picker({ accept_types: ['file', 'html'] });
		assert.equal((await none.get('/placement')).json.takesLinks, false);
		assert.equal((await none.post('/placement', { items: [COURSE] })).status, 422);
		assert.deepEqual((await place(none, [])).answer.problems, []);
		const words = await picker({ accept_multiple: 'true' });
		assert.equal((await words.get('/placement')).json.several, true);
	});

	for (const platform of PRODUCTS)
		test(`${platform} takes the answer, and its link opens`, async () => {
			const at = { platform, course: 'naturfag-7a' };
			const p = await picker(undefined, 'berit-lie', at);
			const { answer } = await place(p, [{ path: '/open/report', title: 'Report' }]);
			assert.deepEqual(answer.problems, []);
			assert.equal(page(await world.launch('berit-lie', { ...at, link: answer.links[0].id })), '/open/report');
		});
	test('Moodle takes it too', async () => {
		const p = await picker(undefined, 'kari-nordli');
		const { answer } = await place(p, [COURSE]);
		assert.deepEqual(answer.problems, []);
		assert.equal(page(await world.launch('kari-nordli', { link: answer.links[0].id })), '/open/course');
	});

	test('a choice is checked', async () => {
		const p = await picker();
		const elsewhere = await (await world.launch('jonas-berge', { course: 'matematikk-8b' })).makeReview({ title: 'Not theirs' });
		for (const items of [null, 'x', {}, [7], [{}], [{ path: '/open/course' }], [{ path: '/open/course', title: ' ' }], [{ path: '/open/course', title: 'a\nb' }],
			[{ path: '/open/course', title: 'x'.repeat(201) }], [{ path: '/open/course', title: 'x', text: 'y'.repeat(501) }], [{ path: '/open/admin', title: 'x' }],
			[{ path: '//evil.example', title: 'x' }], [{ path: 'https://evil.example/', title: 'x' }], [{ path: '/open/reviews/', title: 'x' }],
			[{ path: `/open/reviews/${elsewhere.id}`, title: 'x' }], [{ path: `/open/reviews/${review.id}/../x`, title: 'x' }], Array(51).fill(COURSE)]) {
			const r = await p.post('/placement', { items });
			assert.equal(r.status, 422, JSON.stringify(items)?.slice(0, 80));
		}
	});

	test('nobody but teachers gets to place', async () => {
		for (const user of ['sofie-aasen-lund', 'marte-aasen', 'ada-fossum']) {
			const end = await world.browser().visit(user, LINK);
			assert.equal(end.step, 'launch');
			assert.equal(end.status, 403, user);
			assert.match(end.text, /placement_not_allowed/);
		}
	});

	test('a ticket is ours, whole and young', async () => {
		const p = await picker();
		const { ticket } = (await p.post('/placement', { items: [COURSE] })).json;
		const to = `${world.toolUrl}/lti/deep-link`;
		const good = await form(to, { ticket });
		assert.equal(good.status, 200);
		const again = await form(to, { ticket });
		assert.equal(part(formOf(again.text).fields.JWT, 1).nonce, part(formOf(good.text).fields.JWT, 1).nonce, 'a reload says the same, once');
		for (const bad of [{}, { ticket: '' }, { ticket: 'x' }, { ticket: `${ticket.slice(0, -2)}AA` }, { ticket: ticket.slice(1) }, { other: ticket }]) {
			const r = await form(to, bad);
			assert.equal(r.status, 200);
			assert.doesNotMatch(r.text, /<form/);
		}
	});

	test('another host than the platform’s own is said once, and answered', async () => {
		const from = world.tool.log.length;
		for (const n of [1, 2]) {
			const p = await picker({ deep_link_return_url: `https://vanity.example/return?n=${n}` });
			const r = await p.post('/placement', { items: [COURSE] });
			const answer = await form(`${world.toolUrl}/lti/deep-link`, { ticket: r.json.ticket });
			assert.equal(formOf(answer.text).action, `https://vanity.example/return?n=${n}`);
			assert.match(answer.headers['content-security-policy'], /form-action [^;]*https:\/\/vanity\.example/);
		}
		await sleep(50);
		assert.equal(world.tool.log.slice(from).match(/placement\.origin .*vanity/g)?.length, 1);
	});
});

describe('course copies', () => {
	const handler = () => `${world.toolUrl}/lti/notices`;
	let copy;
	before(async () => { copy = await world.hook('copy', { course: 'english-8b', title: 'English 8B 2027', handler: handler() }); });

	test('a notice offers the set-up to the teachers of the copy', async () => {
		assert.equal(copy.sent.status, 200);
		const there = await world.launch('ingrid-solheim', { course: copy.key });
		const home = await there.home();
		assert.deepEqual(home.reviews, []);
		assert.deepEqual(home.copied, { from: [{ context: home.copied.from[0].context, title: (await teacher.home()).course.title }], reviews: 1 });
		assert.equal((await teacher.home()).copied, undefined);
		await sleep(10);
	});

	test('put off, taken back, and brought once', async () => {
		const there = await world.launch('ingrid-solheim', { course: copy.key });
		assert.equal((await there.delete('/course/copy', {})).status, 204);
		assert.equal((await there.home()).copied, undefined);
		assert.equal((await there.delete('/course/copy', { undo: true })).status, 204);
		assert.equal((await there.home()).copied.reviews, 1);
		assert.deepEqual((await there.post('/course/copy', {})).json, { reviews: 1 });
		assert.deepEqual((await there.post('/course/copy', {})).json, { reviews: 0 });
		const home = await there.home();
		assert.equal(home.copied, undefined);
		assert.equal(home.reviews.length, 1);
		const { id, title, scale, selfAssessment, empty, rev } = home.reviews[0];
		assert.notEqual(id, review.id);
		assert.deepEqual([title, scale?.key, selfAssessment, empty, rev], [review.title, 'no_grades', true, true, 1]);
	});

	test('the same at the next launch where no notice came', async () => {
		await world.database.psql("UPDATE lti.registration SET settings = settings || '{\"history\": \"context_history\"}' WHERE profile = 'canvas'; SELECT pg_notify('registration', '')");
		await sleep(500);
		const quiet = await world.hook('copy', { course: 'english-8b', title: 'Quiet copy', notice: false });
		const there = await world.launch('ingrid-solheim', { course: quiet.key });
		for (let i = 0; i < 50 && !(await there.home()).copied; i++)
			await sleep(100);
		assert.equal((await there.home()).copied?.reviews, 1);
	});

	test('the platform was asked to tell, and tells', async () => {
		for (let i = 0; i < 100 && !await world.database.value('SELECT max(notice_at) FROM lti.deployment'); i++)
			await sleep(100);
		const told = await world.hook('copy', { course: 'matematikk-8b', title: 'Told by itself' });
		assert.equal(told.sent.status, 200, told.sent.text);
		assert.deepEqual(JSON.parse(told.sent.text), { taken: 1, refused: 0 });
		assert.equal(await world.database.value("SELECT source FROM ilp.course_origin JOIN ilp.course USING (tenant_id, course_id) WHERE title = 'Told by itself'"), 'notice');
	});

	test('other notices are taken and change nothing', async () => {
		const before = await world.database.value('SELECT count(*) FROM ilp.course_origin');
		for (const type of ['LtiHelloWorldNotice', 'LtiAssetProcessorSubmissionNotice', 'LtiSomethingNewNotice']) {
			const { status, text } = await world.hook('notice', { course: 'english-8b', type, handler: handler() });
			assert.equal(status, 200);
			assert.deepEqual(JSON.parse(text), { taken: 1, refused: 0 });
		}
		assert.equal(await world.database.value('SELECT count(*) FROM ilp.course_origin'), before);
	});
});

describe('reports', () => {
	test('a submission review opens the report on its student', async () => {
		await teacher.save(review.id, ids['sofie-aasen-lund'], 'value', '5');
		const there = await world.launch('ingrid-solheim', { message: 'submission_review', forUser: 'sofie-aasen-lund' });
		assert.equal(page(there), `/open/student/${ids['sofie-aasen-lund']}`);
		const { status, json } = await there.get(`/report/${ids['sofie-aasen-lund']}`);
		assert.equal(status, 200);
		assert.equal(json.entries[0].value, '5');
		assert.equal(json.entries[0].releasedAt, null);
	});
	test('about somebody who is not of the course it leads to nobody', async () => {
		const there = await world.launch('ingrid-solheim', { message: 'submission_review', forUser: 'sigrid-eikeland' });
		assert.equal(page(there), '/open/student/');
		assert.equal((await there.get('/report/018f9999-0000-7000-8000-000000000000')).status, 404);
	});
	test('the group’s has a cell for each student and review', async () => {
		const { json } = await teacher.get('/report');
		assert.equal(json.students.length, (await teacher.home()).participants.length);
		assert.deepEqual(json.reviews.map((r) => r.id), [review.id]);
		assert.ok(json.students.every((s) => s.values.length === 1));
		assert.deepEqual(json.students.find((s) => s.id === ids['sofie-aasen-lund']).values[0], { value: '5', commented: false, releasedAt: null, changed: false });
		assert.equal(json.students.find((s) => s.id === ids['maja-rosenlund']).values[0], null);
	});
});

describe('data privacy', () => {
	test('everybody reads what is held about them', async () => {
		const sofie = await world.launch('sofie-aasen-lund');
		await sofie.saveOwn(review.id, 'self_comment', 'I try');
		const { status, json } = await sofie.get('/privacy');
		assert.equal(status, 200);
		assert.equal(json.person.own, true);
		assert.match(json.person.email, /@/);
		const held = Object.fromEntries(json.held.map((h) => [h.what, h.n]));
		assert.equal(held.own_texts, 1);
		assert.equal(held.guardians, 2);
		assert.equal(held.released, undefined, 'what is not released is not counted');
		assert.equal((await sofie.get(`/privacy?person=${ids['maja-rosenlund']}`)).status, 404);
		assert.equal((await teacher.get(`/privacy?person=${ids['sofie-aasen-lund']}`)).status, 404);
		assert.equal((await sofie.get('/privacy?person=x')).status, 404);
	});
	test('an administrator sent there about somebody reads numbers alone', async () => {
		await world.database.psql("UPDATE lti.registration SET settings = settings || '{\"administrators\": true}' WHERE profile = 'canvas'; SELECT pg_notify('registration', '')");
		await sleep(500);
		const there = await world.launch('ada-fossum', { message: 'data_privacy', account: true, forUser: 'sofie-aasen-lund' });
		assert.equal(page(there), `/privacy/${ids['sofie-aasen-lund']}`);
		const { status, json } = await there.get(`/privacy?person=${ids['sofie-aasen-lund']}`);
		assert.equal(status, 200);
		assert.deepEqual(Object.keys(json.person).sort(), ['own', 'since']);
		assert.ok(json.held.length >= 4);
		assert.equal((await there.get('/privacy?person=018f9999-0000-7000-8000-000000000000')).status, 404);
	});
	test('its launch opens the page', async () => {
		const there = await world.launch('ada-fossum', { message: 'data_privacy', account: true });
		assert.match(page(there), /^\/privacy/);
		assert.equal((await there.get('/privacy')).json.person.own, true);
	});
});
