/* The rest of assessing: a whole class from the keyboard, a spreadsheet, the comment bank,
 * what is ready and when it goes out, duplicates, reminders; what families see of it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, focused, openReview, row, rowsOf, stored, watchMouse } from './lib/hands.mjs';
import { openStage, until } from './lib/stage.mjs';

const AKSEL = 'Aksel Bråthen', AMINA = 'Amina Warsame', ANDERS = 'Anders Eikeland', SOFIE = 'Sofie Aasen Lund';
let stage, client;
before(async () => {
	stage = await openStage();
	client = await stage.world.launch('ingrid-solheim');
	await stage.world.rosterDone(client);
});
after(() => stage?.close());

const of = async (title, name) => (await stored(stage.db, title))[name] ?? {};
const fromMenu = async (desk, item) => {
	await desk.locator('.page-head .menu > summary').click();
	await desk.role('button', item).click();
};
const fromRow = async (desk, name, item) => {
	const { li } = row(desk, name);
	await li.locator('.menu > summary').click();
	await li.getByRole('button', { name: item }).click();
};

test('a whole class with the keyboard: a grade, a word, the next', async () => {
	await client.makeReview({ title: 'Keys' });
	const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
	const clicks = await watchMouse(desk);
	await openReview(desk, 'Keys');
	const names = (await rowsOf(desk)).map((r) => r.name);
	await row(desk, names[0]).li.locator('input[data-grade]:checked').focus();
	for (const [i, name] of names.entries()) {
		await desk.keyboard.press(String(1 + (i % 6)));
		await desk.keyboard.press('Tab');
		await focused(row(desk, name).comment);
		await desk.keyboard.type(`For ${i}`);
		await desk.keyboard.press('Control+Enter');
	}
	await equalSoon(async () => Object.values(await stored(stage.db, 'Keys')).filter((f) => f.value && f.comment).length, names.length);
	assert.ok(names.length >= 28 && (await clicks()) <= 32, `${await clicks()} clicks for ${names.length}`);
	await desk.role('button', 'Keyboard').click();
	await desk.locator('dialog').getByText('Next student').waitFor();
	await desk.look('keys', { full: false });
	await desk.keyboard.press('Escape');
	await desk.close();
});

test('a column of a spreadsheet: every line’s fate first, then one act, then back', async () => {
	const review = await client.makeReview({ title: 'Sheet' });
	const ids = Object.fromEntries((await client.home()).participants.map((p) => [p.name, p.id]));
	await client.save(review.id, ids[AMINA], 'value', '2');
	const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
	await openReview(desk, 'Sheet');
	await fromMenu(desk, 'Paste from a spreadsheet…');
	await desk.locator('#paste-text').fill(`Student\tGrade\tComment\nBråthen, Aksel\t5\tReads well.\n${AMINA}\t4\tSpeak up.\nNobody Here\t3\t\n${ANDERS}\t9\t\n`);
	const fates = desk.locator('.paste__preview tbody tr');
	assert.deepEqual(await fates.evaluateAll((rows) => rows.map((r) => r.lastElementChild.textContent.trim())),
		['Grade is set. Comment is written.', 'Has a grade: it stays. Comment is written.', 'No such student here', 'Not on the scale: 9']);
	await desk.look('paste', { full: false });
	assert.deepEqual(await of('Sheet', AKSEL), {});
	await desk.role('button', 'Write for 2 students').click();
	await desk.locator('.toast').getByText('Written for 2 students.').waitFor();
	assert.equal(await row(desk, AKSEL).comment.inputValue(), 'Reads well.');
	assert.deepEqual((({ value, comment }) => [value, comment])(await of('Sheet', AMINA)), ['2', 'Speak up.']);
	await desk.locator('.toast').getByRole('button', { name: 'Undo' }).click();
	await equalSoon(async () => [(await of('Sheet', AKSEL)).value ?? null, (await of('Sheet', AKSEL)).comment, (await of('Sheet', AMINA)).comment], [null, '', '']);
	await desk.close();
});

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	test(`the comment bank: kept with {name}, taken for another, ${kind}, ${width}`, async () => {
		const title = `Bank ${kind}`;
		await client.makeReview({ title });
		const desk = await stage.open('Ingrid Solheim', { kind, width });
		await openReview(desk, title);
		await row(desk, AKSEL).comment.fill(`Aksel asks good questions in the ${kind}.`);
		await desk.keyboard.press('Control+/');
		await desk.role('button', 'Keep this comment').click();
		assert.equal(await desk.locator('#bank-text').inputValue(), `{name} asks good questions in the ${kind}.`);
		await desk.role('button', 'Keep it').click();
		await desk.locator('.bank__take').first().waitFor();
		await desk.look('bank', { full: false });
		await desk.keyboard.press('Escape');

		await fromRow(desk, AMINA, 'Comment bank');
		await desk.locator('#bank-find').fill(`questions ${kind}`);
		await desk.keyboard.press('Enter');
		await focused(row(desk, AMINA).comment);
		assert.equal(await row(desk, AMINA).comment.inputValue(), `Amina asks good questions in the ${kind}.`);
		await equalSoon(async () => (await of(title, AMINA)).comment, `Amina asks good questions in the ${kind}.`);

		await fromRow(desk, AMINA, 'Copy to others…');
		assert.equal(await desk.locator('#again-text').inputValue(), `{name} asks good questions in the ${kind}.`);
		await desk.locator('dialog').getByLabel(ANDERS).check();
		await desk.look('copy', { full: false });
		await desk.role('button', 'Add to 1 student').click();
		await equalSoon(async () => (await of(title, ANDERS)).comment, `Anders asks good questions in the ${kind}.`);

		await row(desk, ANDERS).comment.focus();
		await desk.keyboard.press('Control+/');
		await desk.locator('.bank__list li', { hasText: kind }).getByRole('button', { name: 'Delete' }).click();
		await desk.locator('dialog').getByText('The sentence is deleted.').waitFor();
		await desk.locator('dialog').getByRole('button', { name: 'Undo' }).click();
		await desk.locator('.bank__list li', { hasText: kind }).waitFor();
		await desk.close();
	});

describe('ready, and when it goes out', () => {
	test('at the meeting: said in the properties, marked in the list, taken back', async () => {
		const review = await client.makeReview({ title: 'Waits' });
		const ids = Object.fromEntries((await client.home()).participants.map((p) => [p.name, p.id]));
		await client.save(review.id, ids[AKSEL], 'comment', 'Done.');
		await client.save(review.id, ids[AMINA], 'comment', 'Nearly.');
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		await openReview(desk, 'Waits');
		await desk.role('button', 'Properties').click();
		await desk.locator('dialog').getByText('On a day').click();
		await desk.locator('#review-releaseOn').waitFor();
		await desk.look('dialog-release', { full: false });
		await desk.locator('dialog input[name="release"]').nth(2).check();
		await desk.role('button', 'Save properties').click();
		await desk.locator('.lede').getByText('Released at the meeting').waitFor();
		await desk.role('button', 'Ready…').click();
		await desk.locator('dialog').getByLabel(AMINA).uncheck();
		await desk.look('ready', { full: false });
		await desk.role('button', '1 student is ready').click();
		await row(desk, AKSEL).li.getByText(/^Ready /).waitFor();
		await equalSoon(() => stage.db.value(`SELECT count(*) FROM ilp.entry WHERE review_id = '${review.id}' AND ready_at IS NOT NULL`), '1');
		await fromRow(desk, AKSEL, 'Not ready after all');
		await equalSoon(() => stage.db.value(`SELECT count(*) FROM ilp.entry WHERE review_id = '${review.id}' AND ready_at IS NOT NULL`), '0');
		await desk.close();
	});

	test('a duplicate with another scale, a reminder, filters and order', async () => {
		const review = await client.makeReview({ title: 'First' });
		const ids = Object.fromEntries((await client.home()).participants.map((p) => [p.name, p.id]));
		await client.save(review.id, ids[SOFIE], 'value', '1');
		await client.save(review.id, ids[AMINA], 'comment', 'Stays.');
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
		await openReview(desk, 'First');
		await desk.role('button', 'With comment 1').click();
		await until('one row', async () => (await rowsOf(desk)).map((r) => r.name).join() === AMINA);
		await desk.role('button', 'All 28').click();
		await desk.locator('.toolbar select').selectOption('value');
		await until('by grade', async () => (await rowsOf(desk)).at(-1).name === SOFIE);
		await fromMenu(desk, 'Remind me of what is missing…');
		await desk.look('remind', { full: false });
		await desk.role('button', 'Remind me').click();
		await desk.locator('.toast').getByText('You are reminded on').waitFor();
		await fromMenu(desk, 'Duplicate with another scale…');
		await desk.locator('#copy-title').fill('Second');
		await desk.locator('#copy-scale').selectOption('no_goal');
		await desk.look('duplicate', { full: false });
		await desk.role('button', 'Duplicate').click();
		await desk.heading('Second');
		assert.equal(await row(desk, AMINA).comment.inputValue(), 'Stays.');
		await row(desk, AMINA).grade('H').waitFor({ state: 'attached' });
		await stage.db.psql(`UPDATE ilp.review_reminder SET on_date = on_date - 400 WHERE review_id = '${review.id}'`);
		await desk.role('link', /^Midterm reviews/).first().click();
		await openReview(desk, 'First');
		await desk.text('You wanted to be reminded: 27 students').waitFor();
		await desk.role('button', 'Show them').click();
		await until('27 rows', async () => (await rowsOf(desk)).length === 27);
		await desk.look('reminded', { full: false });
		await desk.close();
	});
});

test('families: faces for the self-assessment, and that something was corrected', async () => {
	const review = await client.makeReview({ title: 'Faces', selfScale: 'faces' });
	const sofie = (await client.home()).participants.find((p) => p.name === SOFIE).id;
	await client.save(review.id, sofie, 'value', '4');
	await client.release(review.id, [sofie]);
	await client.save(review.id, sofie, 'value', '5', 1);
	await client.release(review.id, [sofie]);
	const desk = await stage.open(SOFIE, { kind: 'window', width: 390 });
	/* Her language is Norwegian. */
	const box = desk.locator(`.selfbox:has(#self-${review.id})`);
	assert.deepEqual(await box.locator('.seg label:has(svg)').allInnerTexts().then((l) => l.map((s) => s.trim())), ['Vanskelig', 'Greit', 'Fint']);
	await box.locator('input[value="3"]').focus();
	await desk.keyboard.press('3');
	await desk.text(/Rettet i dag/).first().waitFor();
	await equalSoon(() => stage.db.value(`SELECT text FROM ilp.entry_text WHERE review_id = '${review.id}' AND field = 'self_value'`), '3');
	await desk.look('faces', { full: false });
	await desk.close();
});
