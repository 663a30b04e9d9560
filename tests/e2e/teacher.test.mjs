/* A teacher with a keyboard: from the course to 28 assessed students, everything saved by
 * itself. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, focused, row, rowsOf, stored, tabTo, watchMouse, watchSaves } from './lib/hands.mjs';
import { openStage, VARIANTS } from './lib/stage.mjs';

let stage;
before(async () => { stage = await openStage({ env: { ILPD_WORKERS: '4' } }); });
after(() => stage?.close());

/* The course with everybody in it: the roster comes a moment after the first launch. */
async function course(kind, width, own) {
	const desk = await stage.open('Ingrid Solheim', { kind, width, own });
	await desk.heading('Individual learning plans');
	await desk.locator('tbody tr').nth(27).waitFor();
	assert.equal(await desk.locator('tbody tr').count(), 28);
	return desk;
}

async function create(desk, title) {
	await tabTo(desk, desk.role('link', /^Midterm reviews/));
	await desk.keyboard.press('Enter');
	await focused(desk.locator('h1'));
	await tabTo(desk, desk.role('button', 'New midterm review'));
	await desk.keyboard.press('Enter');
	const field = desk.locator('#review-title');
	await focused(field);
	await desk.keyboard.press('Control+a');
	await desk.keyboard.type(title);
	const scale = desk.locator('#review-scale');
	await tabTo(desk, scale);
	await desk.keyboard.type('Grades 1');
	assert.equal(await scale.inputValue(), 'no_grades');
	await tabTo(desk, field, { key: 'Shift+Tab' });
	await desk.look('dialog-new', { full: false });
	await desk.keyboard.press('Enter');
	await desk.heading(title);
	await desk.locator('.entry li[data-student]').nth(27).waitFor();
}

const GRADES = ['4', '5', '3', '6', '2', 'n'];
const wish = (i) => ({ key: GRADES[i % GRADES.length], comment: `Reads more than in autumn, number ${i + 1}.` });

async function assessAll(desk, rows) {
	await tabTo(desk, row(desk, rows[0].name).checked);
	for (let i = 0; i < rows.length; i++) {
		const { key, comment } = wish(i);
		await desk.keyboard.press(key);
		await desk.keyboard.press('Tab');
		await desk.keyboard.type(comment);
		if (i < rows.length - 1)
			await desk.keyboard.press('Control+Enter');
	}
}

for (const [kind, width] of VARIANTS)
	test(`a midterm review of 28 students by keyboard, ${kind}, ${width}`, async () => {
		const title = `Autumn ${kind} ${width}`;
		const desk = await course(kind, width, true);
		await desk.look('plans');
		const mouse = await watchMouse(desk);
		await create(desk, title);
		await desk.look('grid-empty');
		assert.equal(await desk.text('Scale locked').count(), 0);

		const rows = await rowsOf(desk);
		assert.equal(rows.length, 28);
		const lags = await watchSaves(desk);
		await assessAll(desk, rows);
		await desk.locator('.save--saved').nth(27).waitFor();
		const scale = (code) => (code === 'n' ? 'N' : code);
		const wanted = Object.fromEntries(rows.map((r, i) => [r.name, wish(i)]));
		await equalSoon(async () => Object.fromEntries(Object.entries(await stored(stage.db, title)).map(([n, t]) => [n, t.comment])),
			Object.fromEntries(rows.map((r) => [r.name, wanted[r.name].comment])));
		const values = await stored(stage.db, title);
		for (const r of rows)
			assert.equal(values[r.name].value.slice(0, 1).toUpperCase(), scale(wanted[r.name].key), r.name);
		const slow = (await lags()).filter((l) => l.ms > 1000);
		assert.ok((await lags()).length >= 56, `${(await lags()).length} saves`);
		assert.deepEqual(slow, [], 'each change is saved within a second');
		assert.equal(await mouse(), 0);

		await desk.text('28 of 28').first().waitFor();
		await desk.text('Scale locked').first().waitFor();
		await desk.look('grid-full');
		await desk.role('button', 'Properties').focus();
		await desk.keyboard.press('Enter');
		await desk.text('The scale is locked because a student has been assessed with it.').waitFor();
		assert.equal(await desk.locator('#review-scale').isDisabled(), true);
		await desk.look('dialog-properties', { full: false });
		await desk.keyboard.press('Escape');
		await focused(desk.role('button', 'Properties'));

		await desk.root.evaluate(() => location.reload());
		await desk.heading(title);
		await equalSoon(async () => (await rowsOf(desk)).map((r) => r.comment), rows.map((r) => wanted[r.name].comment));
		assert.equal(await mouse().catch(() => 0) ?? 0, 0);
		await desk.role('link', 'Midterm reviews').click();
		await desk.role('link', title).waitFor();
		await desk.look('reviews');
		await desk.close();
	});

test('a comment is saved within a second while the cursor stays in it', async () => {
	const desk = await course('frame', 1180);
	await create(desk, 'Pause');
	const lags = await watchSaves(desk);
	const [first] = await rowsOf(desk);
	await row(desk, first.name).comment.focus();
	await desk.keyboard.type('Nothing but a pause');
	await row(desk, first.name).state.getByText('Saved').waitFor();
	assert.equal((await stored(stage.db, 'Pause'))[first.name].comment, 'Nothing but a pause');
	assert.ok((await lags()).every((l) => l.ms <= 1000), JSON.stringify(await lags()));
	await desk.close();
});
