/* A conversation, from planning it to the signatures: prepared at home, held with everybody
 * typing at the same words, its clicks counted (ilp.md 6.1). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { equalSoon, watchMouse } from './lib/hands.mjs';
import { makePlan, publish } from '../harness/plans.mjs';
import { autumn, school } from './lib/plans.mjs';
import { openStage, until } from './lib/stage.mjs';

let stage, db, mentor, ids, made;
before(async () => {
	stage = await openStage();
	({ db } = stage);
	await db.psql(`UPDATE ilp.tenant SET locale = 'en'`);
	mentor = await stage.world.launch('ingrid-solheim');
	const home = await stage.world.rosterDone(mentor);
	ids = Object.fromEntries(home.participants.map((p) => [p.name, p.id]));
	await stage.world.visitAll();
	await school(stage.world);
	made = await autumn(stage.world, mentor, ids['Sofie Aasen Lund']);
	await mentor.post(`/plans/${made.plan}/posts`, { id: crypto.randomUUID(), field: 'note', row: made.goals[0], text: 'Zebrafink: for staff alone.', audience: 'M' });
});
after(() => stage?.close());

const value = (sql) => db.value(sql);
const meeting = () => value(`SELECT meeting_id FROM ilp.meeting WHERE state <> 'cancelled' ORDER BY created_at DESC LIMIT 1`);
const text = async (field) => value(`SELECT text FROM ilp.meeting_text WHERE meeting_id = '${await meeting()}' AND field = '${field}'`);

async function english(desk) {
	if (await desk.root.evaluate(() => document.documentElement.lang) === 'en')
		return;
	await desk.locator('.frame summary').first().click();
	await desk.role('button', 'English').click();
	await until('English', () => desk.root.evaluate(() => document.documentElement.lang === 'en'));
}
async function open(who, options) {
	const desk = await stage.open(who, options);
	desk.page.on('dialog', (d) => d.accept());
	await english(desk);
	return desk;
}
/* By a link that is there, or the address. */
async function to(desk, path, heading) {
	await desk.root.evaluate((p) => {
		history.pushState(null, '', location.pathname.split('/').slice(0, 3).join('/') + '/' + p);
		dispatchEvent(new PopStateEvent('popstate'));
	}, path);
	await desk.heading(heading);
}

test('the mentor plans it: day, place, questions', async () => {
	const ingrid = await open('Ingrid Solheim', { kind: 'window' });
	await to(ingrid, `meetings/new/${made.plan}`, 'Plan a meeting with Sofie Aasen Lund');
	await ingrid.locator('#m-place').fill('Room 12');
	/* Now, so that the list of meetings offers to begin it. */
	const now = new Date(Date.now() + 3600_000), two = (n) => String(n).padStart(2, '0');
	await ingrid.locator('#m-day').fill(`${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`);
	await ingrid.locator('#m-hour').fill(`${two(now.getHours())}:${two(now.getMinutes())}`);
	await ingrid.look('meeting-new');
	await ingrid.role('button', 'Plan the meeting').click();
	await ingrid.heading('Conversation with Sofie');
	await ingrid.role('heading', 'What to know before').waitFor();
	await ingrid.look('meeting-before');
	await ingrid.close();
});

for (const [kind, width] of [['frame', 390], ['window', 1180]])
	test(`home answers in 2 clicks, has read it in 1, prepares; ${kind}, ${width}`, async () => {
		const marte = await open('Marte Aasen', { kind, width });
		const clicks = await watchMouse(marte);
		if (width === 390) {
			await marte.role('button', 'I have read this before our meeting').click();
			await marte.text('You have read this before the meeting.').first().waitFor();
			assert.equal(await clicks(), 1);
			await marte.role('button', 'I am coming').click();
			await until('the answer', async () => await value(`SELECT answer FROM ilp.meeting_party WHERE answer IS NOT NULL`) === 'comes');
			assert.equal(await clicks(), 2);
		}
		await marte.locator('summary', { hasText: 'Prepare for the meeting' }).click();
		const box = marte.locator('textarea[id*="prep-good"]');
		await box.waitFor();
		await box.fill(`She talks about school again at dinner, ${width}.`);
		await equalSoon(() => text('prep.good'), `She talks about school again at dinner, ${width}.`);
		await marte.look('meeting-home');
		await marte.close();
	});

test('student and mentor type together, and nothing private is in the room', async () => {
	const sofie = await open('Sofie Aasen Lund', { kind: 'frame', width: 390 });
	await sofie.role('button', 'I have read this before our meeting').click();
	await sofie.locator('summary', { hasText: 'Prepare for the meeting' }).click();
	await sofie.locator('textarea[id*="prep-good"]').fill('I am good at drawing.');
	await until('what she prepared', async () => await value(`SELECT count(*) FROM ilp.meeting_text WHERE text = 'I am good at drawing.'`) === '1');

	const ingrid = await open('Ingrid Solheim', { kind: 'window', own: true });
	await to(ingrid, `meetings/${await meeting()}`, 'Conversation with Sofie');
	await ingrid.locator('textarea[id$="private"]').fill('Gullspurv: a private note.');
	await equalSoon(() => text('private'), 'Gullspurv: a private note.');
	await ingrid.look('meeting-prepared');
	await ingrid.close();

	/* Begin: two clicks from where the mentor lands. */
	const desk = await open('Ingrid Solheim', { kind: 'window' });
	const clicks = await watchMouse(desk);
	await desk.role('link', 'Meetings').click();
	await desk.heading('Meetings');
	await desk.look('meetings');
	await desk.role('link', /^Start the meeting/).click();
	await desk.heading('Welcome, Sofie');
	assert.equal(await clicks(), 2);
	await until('it goes on', async () => await value(`SELECT step FROM ilp.meeting`) === 'welcome');
	await desk.look('talk-welcome');
	await desk.role('button', 'Next: Strengths').click();
	await desk.heading('What are you good at, and what are you proud of?');
	await desk.text('I am good at drawing.').waitFor();

	await to(sofie, `meetings/${await meeting()}/live`, 'What are you good at, and what are you proud of?');
	const hers = sofie.locator('textarea[id*="talk-good"]');
	assert.equal(await hers.count(), 1, 'her own voice alone');
	await hers.fill('I dared to stand in front of everybody.');
	const student = desk.locator('.turn--student textarea');
	await until('the mentor sees her words', async () => await student.inputValue() === 'I dared to stand in front of everybody.');
	await student.focus();
	await desk.keyboard.press('End');
	await desk.keyboard.type(' That felt big.');
	await sofie.text('Ingrid Solheim is writing').waitFor();
	await until('she sees them, too', async () => await hers.evaluate((el) => { el.blur(); return el.value; }) === 'I dared to stand in front of everybody. That felt big.');
	await desk.locator('.turn--teacher textarea').fill('You make room for others.');
	await sofie.text('You make room for others.').waitFor();
	await desk.look('talk-question');
	await sofie.look('talk-question-student');
	for (const d of [desk, sofie]) {
		const page = await d.root.evaluate(() => document.documentElement.outerHTML);
		assert.ok(!page.includes('Zebrafink') && !page.includes('Gullspurv') && !page.includes('at dinner'));
	}
	assert.ok(!(await sofie.record.bodies()).includes('Gullspurv') && !(await sofie.record.bodies()).includes('Zebrafink'));

	/* Agreements: one click and the words. */
	await desk.role('button', 'Goals', { exact: true }).first().click();
	await desk.locator('.talkgoal').first().waitFor();
	await desk.look('talk-goals');
	await desk.role('button', 'What we agree').first().click();
	const before = await clicks();
	await desk.locator('#agree').focus();
	await desk.keyboard.type('Read aloud for ten minutes');
	await desk.role('button', 'Add').click();
	await until('a task', async () => await value(`SELECT count(*) FROM ilp.task WHERE meeting_id IS NOT NULL AND text = 'Read aloud for ten minutes'`) === '1');
	assert.equal(await clicks() - before, 1);
	await desk.locator('.turn--student li', { hasText: 'Read aloud for ten minutes' }).waitFor();
	/* Its status: one click. */
	await desk.locator('.turn--student li', { hasText: 'Read aloud' }).getByRole('radio', { name: 'Ongoing' }).click();
	await until('its status', async () => await value(`SELECT category FROM ilp.task WHERE meeting_id IS NOT NULL AND text = 'Read aloud for ten minutes'`) === 'doing');
	assert.equal(await clicks() - before, 2);
	await desk.locator('textarea[id*="minutes"]').fill('We agreed on reading aloud.');
	await equalSoon(() => text('minutes'), 'We agreed on reading aloud.');
	await desk.look('talk-agreements');
	await sofie.close();

	/* End it; then minutes shared and signatures asked for: two clicks. */
	await desk.role('button', 'End meeting').first().click();
	await desk.heading('Conversation with Sofie');
	const ended = await clicks();
	await desk.role('button', 'Share the minutes…').click();
	await desk.role('button', 'Share and ask for signatures').waitFor();
	await desk.look('meeting-share', { full: false });
	await desk.role('button', 'Share and ask for signatures').click();
	await desk.role('heading', 'Signatures').waitFor();
	assert.equal(await clicks() - ended, 2);
	await desk.role('button', /^Sign$|^Sign Ingrid/).click();
	await until('she signed', async () => await value(`SELECT count(*) FROM ilp.sign_off WHERE answer = 'signed'`) === '1');
	await desk.look('meeting-after');
	await desk.close();
});

test('home reads what was agreed, sees what is signed and signs: two clicks', async () => {
	const marte = await open('Marte Aasen', { kind: 'window', width: 390 });
	await to(marte, `meetings/${await meeting()}`, 'Conversation with Sofie');
	await marte.text('Read aloud for ten minutes').first().waitFor();
	await marte.text('We agreed on reading aloud.').first().waitFor();
	await marte.role('button', 'See what is signed').click();
	await marte.text('its fingerprint fits').waitFor();
	await marte.look('meeting-copy', { full: false });
	await marte.role('dialog', /.*/).getByRole('button', { name: 'Close' }).last().click();
	const clicks = await watchMouse(marte);
	await marte.role('button', /^Sign( |$)/).click();
	await until('signed', async () => await value(`SELECT count(*) FROM ilp.sign_off WHERE answer = 'signed'`) === '2');
	assert.ok(await clicks() <= 2);
	await marte.look('meeting-family');
	assert.ok(!(await marte.record.bodies()).includes('Gullspurv') && !(await marte.record.bodies()).includes('I am good at drawing.'));
	await marte.close();
});

test('a text as it stood before, and taken back', async () => {
	const ingrid = await open('Ingrid Solheim', { kind: 'window' });
	await db.psql(`UPDATE ilp.meeting_text SET at = at - interval '20 minutes' WHERE field = 'minutes'`);
	await to(ingrid, `meetings/${await meeting()}`, 'Conversation with Sofie');
	const box = ingrid.locator('textarea[id*="minutes"]');
	await box.fill('Something else altogether.');
	await equalSoon(() => text('minutes'), 'Something else altogether.');
	await ingrid.page.reload();
	await ingrid.heading('Conversation with Sofie');
	await ingrid.role('button', 'Earlier versions Minutes').click();
	await ingrid.role('button', /^Take back/).click();
	await equalSoon(() => text('minutes'), 'We agreed on reading aloud.');
	await ingrid.look('meeting-history');
	await ingrid.close();
});

test('signed in the room, and declined with a reason', async () => {
	const henrik = await open('Henrik Lund', { kind: 'window', width: 390 });
	await to(henrik, `meetings/${await meeting()}`, 'Conversation with Sofie');
	await henrik.role('button', /^Do not sign/).click();
	await henrik.look('meeting-decline', { full: false });
	await henrik.locator('#decline').fill('We want to read it once more.');
	await henrik.role('button', 'Do not sign', { exact: true }).last().click();
	await until('declined', async () => await value(`SELECT reason FROM ilp.sign_off WHERE answer = 'declined'`) === 'We want to read it once more.');
	await henrik.locator('.warn', { hasText: 'Does not sign' }).waitFor();
	await henrik.close();

	const ingrid = await open('Ingrid Solheim', { kind: 'window' });
	await to(ingrid, `meetings/${await meeting()}`, 'Conversation with Sofie');
	await ingrid.text('We want to read it once more.').waitFor();
	await ingrid.role('button', /^Signs here Sofie/).click();
	await until('in the room', async () => await value(`SELECT count(*) FROM ilp.sign_off WHERE method = 'room' AND answer = 'signed'`) === '1');
	await ingrid.look('meeting-signed');

	/* And on to the next plan, from here. */
	await ingrid.role('button', 'Start the next plan…').click();
	const next = ingrid.role('dialog', /.*/);
	await next.waitFor();
	await ingrid.look('meeting-next-plan', { full: false });
	await next.locator('button[class*="primary"]').click();
	await ingrid.heading('Sofie Aasen Lund');
	await until('a draft after it', async () => await value(`SELECT count(*) FROM ilp.plan WHERE state = 'draft' AND predecessor_id = '${made.plan}'`) === '1');
	await ingrid.close();
});

test('a row of meetings for a group: planned, reminded of, changed, cancelled', async () => {
	const plans = await makePlan(mentor, [ids['Amina Warsame'], ids['Aksel Bråthen'], ids['Filip Kowalski']]);
	await publish(mentor, ...plans);
	const ingrid = await open('Ingrid Solheim', { kind: 'window' });
	await to(ingrid, `meetings/new/${plans.join(',')}`, 'Plan meetings');
	await ingrid.locator('#m-day').fill('');
	await ingrid.role('button', 'Plan 3 meetings').click();
	await ingrid.text('Every meeting needs a day and a time.').waitFor();
	await ingrid.locator('#m-day').fill('2027-03-04');
	await ingrid.locator('#m-hour').fill('13:00');
	await ingrid.locator('#m-len').selectOption('20');
	await ingrid.locator('#m-pause').selectOption('5');
	await ingrid.locator('#m-place').fill('Room 12');
	const slot = (name) => ingrid.role('textbox', `When, ${name}`).or(ingrid.locator(`input[aria-label="When, ${name}"]`)).first();
	assert.equal(await slot('Aksel Bråthen').inputValue(), '2027-03-04T13:25');
	await slot('Filip Kowalski').fill('2027-03-05T09:00');
	await ingrid.look('meetings-new');
	await ingrid.role('button', 'Plan 3 meetings').click();
	await ingrid.heading('Meetings');
	await until('three of them', async () => await value(`SELECT count(DISTINCT starts_at) FROM ilp.meeting WHERE plan_id IN ('${plans.join("','")}') AND minutes = 20`) === '3');
	await ingrid.look('meetings-many');
	await ingrid.role('button', /^Remind \d+ people$/).click();
	await ingrid.text(/people are reminded\./).first().waitFor();
	const reminded = await value(`SELECT count(*) FROM ilp.meeting_party WHERE reminded_at IS NOT NULL`);
	await ingrid.role('button', /^Remind \d+ people$/).click();
	await ingrid.text(/Nobody was reminded/).first().waitFor();
	assert.equal(await value(`SELECT count(*) FROM ilp.meeting_party WHERE reminded_at IS NOT NULL`), reminded);

	await ingrid.role('link', 'Amina Warsame').click();
	await ingrid.heading('Conversation with Amina');
	await ingrid.role('button', 'Change…').click();
	await ingrid.look('meeting-change', { full: false });
	await ingrid.locator('#c-at').fill('2027-03-04T15:30');
	await ingrid.locator('#c-place').fill('The library');
	await ingrid.keyboard.press('Enter');
	await ingrid.text('The library').first().waitFor();
	await ingrid.role('button', 'Cancel the meeting…').click();
	const sure = ingrid.role('dialog', /.*/);
	await sure.waitFor();
	assert.equal(await ingrid.root.evaluate(() => document.activeElement.textContent), 'Keep it');
	await ingrid.look('meeting-cancel', { full: false });
	await sure.getByRole('button', { name: 'Cancel the meeting' }).click();
	await until('cancelled', async () => await value(`SELECT count(*) FROM ilp.meeting WHERE state = 'cancelled' AND place = 'The library'`) === '1');
	await ingrid.look('meeting-cancelled');
	await ingrid.close();
});
