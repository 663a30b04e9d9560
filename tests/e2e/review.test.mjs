/* What else a teacher does with a review: several students at once, only comments,
 * properties that two people change, a review made by mistake. And how all of it looks in
 * the dark and on the narrowest telephone. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, makeReview, openReview, row, rowsOf, stored } from './lib/hands.mjs';
import { inspect } from './lib/look.mjs';
import { openStage, until } from './lib/stage.mjs';

const AKSEL = 'Aksel Bråthen', AMINA = 'Amina Warsame', ANDERS = 'Anders Eikeland';
let stage, client;
before(async () => {
	stage = await openStage();
	client = await stage.world.launch('ingrid-solheim');
	await stage.world.rosterDone(client);
});
after(() => stage?.close());

const values = async (title) => Object.fromEntries(Object.entries(await stored(stage.db, title)).map(([n, f]) => [n, f.value]).filter(([, v]) => v !== null && v !== undefined));

describe('several students at once', () => {
	for (const [kind, width] of [['frame', 1180], ['window', 390]])
		test(`one grade for all who have none, and back, ${kind}, ${width}`, async () => {
			const title = `Many ${kind}`;
			await client.makeReview({ title });
			const desk = await stage.open('Ingrid Solheim', { kind, width });
			await openReview(desk, title);
			await row(desk, AKSEL).grade(6).focus();
			await desk.keyboard.press('6');
			await row(desk, AKSEL).state.getByText('Saved').waitFor();

			await desk.root.getByLabel('Select all 28 students').check();
			const bar = desk.locator('.bulk');
			await bar.getByText('28 selected').waitFor();
			await desk.look('bulk', { full: false });
			const narrow = bar.getByRole('button', { name: 'Grade', exact: true });
			if (await narrow.isVisible())
				await narrow.click();
			await bar.locator('input[name="bulk"][value="3"]').focus();
			await desk.keyboard.press('3');
			await bar.getByRole('button', { name: 'Set for 27' }).click();
			await desk.locator('.toast').getByText('Grade set for 27 students.').waitFor();
			await equalSoon(async () => Object.values(await values(title)).sort().join(''), `${'3'.repeat(27)}6`);
			await desk.look('bulk-done', { full: false });
			await desk.locator('.toast').getByRole('button', { name: 'Undo' }).click();
			await equalSoon(() => values(title), { [AKSEL]: '6' });
			await desk.close();
		});

	test('the same comment after what stands there', async () => {
		await client.makeReview({ title: 'Comments' });
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
		await openReview(desk, 'Comments');
		await row(desk, AKSEL).comment.fill('First.');
		await row(desk, AKSEL).state.getByText('Saved').waitFor();
		for (const name of [AKSEL, AMINA])
			await desk.root.getByLabel(`Select ${name}`).check();
		await desk.locator('.bulk').getByRole('button', { name: 'Same comment' }).click();
		await desk.locator('#bulk-comment').fill('See you in January.');
		await desk.look('dialog-comment', { full: false });
		await desk.role('button', 'Add to 2 students').click();
		await equalSoon(async () => Object.fromEntries(Object.entries(await stored(stage.db, 'Comments')).map(([n, f]) => [n, f.comment])),
			{ [AKSEL]: 'First.\nSee you in January.', [AMINA]: 'See you in January.' });
		assert.equal(await row(desk, AKSEL).comment.inputValue(), 'First.\nSee you in January.');
		await desk.close();
	});

	test('filters: who is not assessed, who wrote about themselves', async () => {
		const review = await client.makeReview({ title: 'Filters' });
		const sofie = await stage.world.launch('sofie-aasen-lund');
		await sofie.saveOwn(review.id, 'self_comment', 'I speak more.');
		const home = await client.home();
		await client.save(review.id, home.participants.find((p) => p.name === AKSEL).id, 'value', '5');
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		await openReview(desk, 'Filters');
		await desk.role('button', 'Not assessed 27').click();
		await until('27 rows', async () => (await rowsOf(desk)).length === 27);
		await desk.role('button', 'With self-assessment 1').click();
		await until('one row', async () => (await rowsOf(desk)).map((r) => r.name).join() === 'Sofie Aasen Lund');
		await desk.role('button', 'All 28').click();
		await until('all rows', async () => (await rowsOf(desk)).length === 28);
		await desk.close();
	});
});

describe('properties', () => {
	test('only comments, nobody asked, students alone: the dialog says what is wrong and what it means', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
		await desk.role('link', /^Midterm reviews/).click();
		await desk.role('button', 'New midterm review').click();
		await desk.locator('#review-title').fill(' ');
		await desk.locator('#review-endsOn').fill('2020-01-01');
		await desk.role('button', 'Create and start assessing').click();
		await desk.text('Write a title of at most 200 characters').waitFor();
		await desk.text('The period ends before it starts.').waitFor();
		assert.equal(await desk.locator('#review-title').evaluate((e) => e === document.activeElement), true);
		await desk.look('dialog-errors', { full: false });
		await desk.role('button', 'Cancel').click();
		await makeReview(desk, 'Only words', {
			change: async (dialog) => {
				await dialog.getByText('Comment only').click();
				await dialog.getByText('Ask students for a self-assessment').click();
				await dialog.getByLabel('Parents').uncheck();
			},
		});
		assert.equal(await desk.locator('input[data-grade]').count(), 0);
		await desk.look('grid-words', { full: false });
		await row(desk, AKSEL).comment.focus();
		await desk.keyboard.type('Well done');
		await desk.keyboard.press('Control+Enter');
		assert.equal(await row(desk, AMINA).comment.evaluate((e) => e === document.activeElement), true);
		await equalSoon(async () => (await stored(stage.db, 'Only words'))[AKSEL]?.comment, 'Well done');
		assert.deepEqual(await stage.db.rows("SELECT scale IS NULL AS words, self_assessment, to_students, to_guardians FROM ilp.review WHERE title = 'Only words'"),
			[{ words: true, self_assessment: false, to_students: true, to_guardians: false }]);
		await desk.close();
	});

	test('two teachers change them: what is new is shown with one’s own, and saved on the second try', async () => {
		await client.makeReview({ title: 'Shared' });
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		desk.record.allow(/status of 409/);
		await openReview(desk, 'Shared');
		await desk.role('button', 'Properties').click();
		await desk.locator('#review-title').fill('Shared, and renamed');
		const review = (await client.home()).reviews.find((r) => r.title === 'Shared');
		const kari = await stage.world.launch('kari-nilsen');
		assert.equal((await kari.patch(`/reviews/${review.id}`, { rev: review.rev, toGuardians: false })).status, 200);
		await desk.role('button', 'Save properties').click();
		await desk.text('Another teacher changed this review in the meantime.').waitFor();
		assert.equal(await desk.locator('#review-title').inputValue(), 'Shared, and renamed');
		assert.equal(await desk.root.getByLabel('Parents').isChecked(), false);
		await desk.look('dialog-changed', { full: false });
		await desk.role('button', 'Save properties').click();
		await desk.heading('Shared, and renamed');
		assert.deepEqual(await stage.db.rows("SELECT title, to_guardians FROM ilp.review WHERE title LIKE 'Shared%'"), [{ title: 'Shared, and renamed', to_guardians: false }]);
		await desk.close();
	});

	test('a review made by mistake is deleted, one with words in it is not', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
		await makeReview(desk, 'By mistake');
		await desk.role('button', 'Properties').click();
		await desk.role('button', 'Delete…').click();
		await desk.text('Delete this review? Nothing has been written in it.').waitFor();
		await desk.look('dialog-delete', { full: false });
		await desk.role('button', 'Delete').click();
		await desk.locator('.toast').getByText('By mistake is deleted').waitFor();
		assert.equal(await stage.db.value("SELECT count(*) FROM ilp.review WHERE title = 'By mistake'"), '0');
		await openReview(desk, 'Comments');
		await desk.role('button', 'Properties').click();
		await desk.locator('#review-title').waitFor();
		assert.equal(await desk.role('button', 'Delete…').count(), 0);
		await desk.close();
	});
});

describe('other eyes', () => {
	test('in the dark, on the pages of teacher and student', async () => {
		for (const name of ['Ingrid Solheim', 'Sofie Aasen Lund']) {
			const desk = await stage.open(name, { kind: 'window' });
			await desk.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
			await desk.look(`dark-${name.split(' ')[0]}`);
			if (name === 'Ingrid Solheim') {
				await openReview(desk, 'Many frame');
				await desk.look('dark-grid');
				await desk.role('button', 'Properties').click();
				await desk.look('dark-dialog', { full: false });
			}
			await desk.close();
		}
	});

	test('nothing sticks out at 320 and 800, in frame or window', async () => {
		for (const kind of ['frame', 'window']) {
			const desk = await stage.open('Ingrid Solheim', { kind });
			for (const width of [320, 800]) {
				await desk.page.setViewportSize({ width, height: 700 });
				await inspect(desk, 'plans');
			}
			await openReview(desk, 'Many frame');
			await desk.root.getByLabel(`Select ${ANDERS}`).check();
			for (const width of [320, 800]) {
				await desk.page.setViewportSize({ width, height: 700 });
				await inspect(desk, 'bulk', { full: false });
			}
			await desk.close();
		}
	});

	test('the demo LMS and the mail catcher', async () => {
		const context = await stage.context();
		const desk = stage.desk(await context.newPage());
		for (const [address, name] of [[stage.world.lmsUrl, 'lms-home'], [`${stage.world.lmsUrl}/courses/canvas/english-8b`, 'lms-course'],
			[`${stage.world.lmsUrl}/courses/canvas/english-8b/tool?as=ingrid-solheim`, 'lms-tool'], [stage.world.mailUrl, 'mail-empty']]) {
			await desk.page.goto(address);
			await desk.look(name);
		}
		await context.close();
	});
});
