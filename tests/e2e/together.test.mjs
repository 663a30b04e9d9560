/* Two teachers in one grid: nothing either of them wrote is ever lost without their word. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, openReview, row, stored } from './lib/hands.mjs';
import { openStage, VARIANTS } from './lib/stage.mjs';

const CLASH = /status of 409/;
const AKSEL = 'Aksel Bråthen', AMINA = 'Amina Warsame', ANDERS = 'Anders Eikeland', DANIEL = 'Daniel Okafor';
let stage, client, students;
before(async () => {
	stage = await openStage();
	client = await stage.world.launch('ingrid-solheim');
	const home = await stage.world.rosterDone(client);
	students = Object.fromEntries(home.participants.map((p) => [p.name, p.id]));
});
after(() => stage?.close());

/* Both in the grid of a new review, which neither has written in. */
async function both(title, kind, width, own) {
	const review = await client.makeReview({ title });
	const [ingrid, kari] = await Promise.all([
		stage.open('Ingrid Solheim', { kind, width, own }),
		stage.open('Kari Nilsen', { kind: kind === 'frame' ? 'window' : 'frame', width, locale: 'nb-NO' }),
	]);
	await kari.locator('summary').click();
	await kari.role('button', 'English').click();
	await Promise.all([openReview(ingrid, title), openReview(kari, title)]);
	for (const desk of [ingrid, kari])
		desk.record.allow(CLASH);
	return { ingrid, kari, review };
}

/* Types, and stays in the field until it is saved. */
async function write(desk, name, text) {
	const at = row(desk, name);
	await at.comment.fill(text);
	await at.state.getByText('Saved').waitFor();
}

/* Kari writes first; Ingrid, who does not know, writes after her. Answers Ingrid's row. */
async function clash(ingrid, kari, name, mine, theirs) {
	await write(kari, name, theirs);
	const at = row(ingrid, name);
	await at.comment.fill(mine);
	await at.compare.waitFor();
	assert.equal(await at.comment.inputValue(), mine, 'her own words stay in the field');
	const said = await at.compare.innerText();
	assert.match(said, /Kari Nilsen changed this/);
	assert.ok(said.includes(mine) && said.includes(theirs), said);
	assert.equal((await stored(stage.db, await title(ingrid)))[name].comment, theirs, 'the first saved text stands');
	return at;
}
const title = (desk) => desk.locator('h1').innerText();
const commentOf = async (desk, name) => (await stored(stage.db, await title(desk)))[name]?.comment;

/* Much of it is waiting for a pause in the typing: two at a time. */
describe('two teachers in one grid', { concurrency: 2 }, () => {
	for (const [kind, width] of VARIANTS)
		test(`the same comment: keep both, use mine, use theirs; ${kind}, ${width}`, async () => {
			const { ingrid, kari, review } = await both(`Clash ${kind} ${width}`, kind, width, true);

			const a = await clash(ingrid, kari, AKSEL, 'Reads long texts.', 'Writes well.');
			await ingrid.look('conflict', { full: false });
			await a.button('Keep both').click();
			await a.compare.waitFor({ state: 'detached' });
			await equalSoon(() => commentOf(ingrid, AKSEL), 'Writes well.\nReads long texts.');

			const b = await clash(ingrid, kari, AMINA, 'Speaks freely.', 'Asks good questions.');
			await b.button('Use mine').click();
			await equalSoon(() => commentOf(ingrid, AMINA), 'Speaks freely.');
			await b.button(/^History/).click();
			await b.li.locator('.history .quote').getByText('Asks good questions.').waitFor();
			await ingrid.look('history', { full: false });

			const c = await clash(ingrid, kari, ANDERS, 'Listens.', 'Takes part.');
			await c.button('Use what Kari Nilsen wrote').click();
			await c.compare.waitFor({ state: 'detached' });
			assert.equal(await c.comment.inputValue(), 'Takes part.');
			assert.equal(await commentOf(ingrid, ANDERS), 'Takes part.');

			const { json } = await client.get(`/reviews/${review.id}`);
			const entry = (name) => json.entries.find((e) => e.student.name === name);
			assert.equal(entry(AMINA).commentBy, 'Ingrid Solheim');
			assert.equal(entry(ANDERS).commentBy, 'Kari Nilsen');
			await Promise.all([ingrid.close(), kari.close()]);
		});

	test('the same grade', async () => {
		const { ingrid, kari } = await both('Two grades', 'frame', 1180);
		const hers = row(kari, AKSEL), mine = row(ingrid, AKSEL);
		await hers.grade(4).focus();
		await kari.keyboard.press('4');
		await hers.state.getByText('Saved').waitFor();
		await mine.grade(5).focus();
		await ingrid.keyboard.press('5');
		await mine.compare.waitFor();
		const said = await mine.compare.innerText();
		assert.ok(/Grade 5/.test(said) && /Grade 4/.test(said), said);
		assert.equal(await mine.button('Keep both').count(), 0, 'grades are not joined');
		await ingrid.look('conflict-grade', { full: false });
		await mine.button('Use mine').click();
		await equalSoon(async () => (await stored(stage.db, 'Two grades'))[AKSEL].value, '5');
		await mine.button(/^History/).click();
		await mine.li.locator('.history .quote').getByText('Grade 4').waitFor();
		await Promise.all([ingrid.close(), kari.close()]);
	});

	test('different students merge, and each sees the other’s words by themselves', async () => {
		const { ingrid, kari } = await both('Side by side', 'window', 1180);
		await Promise.all([
			(async () => { await write(ingrid, AKSEL, 'From Ingrid.'); await write(ingrid, ANDERS, 'Also from Ingrid.'); })(),
			(async () => { await write(kari, AMINA, 'From Kari.'); await write(kari, DANIEL, 'Also from Kari.'); })(),
		]);
		const all = { [AKSEL]: 'From Ingrid.', [AMINA]: 'From Kari.', [ANDERS]: 'Also from Ingrid.', [DANIEL]: 'Also from Kari.' };
		assert.deepEqual(Object.fromEntries(Object.entries(await stored(stage.db, 'Side by side')).map(([n, f]) => [n, f.comment])), all);
		const seen = (desk) => async () => Object.fromEntries(await Promise.all(Object.keys(all).map(async (n) => [n, await row(desk, n).comment.inputValue()])));
		/* The grid asks every ten seconds. */
		await equalSoon(seen(ingrid), all, { seconds: 15 });
		await equalSoon(seen(kari), all, { seconds: 15 });
		assert.equal(await ingrid.locator('.compare').count() + await kari.locator('.compare').count(), 0);
		assert.match(await row(kari, AKSEL).state.innerText(), /Ingrid Solheim/);
		await Promise.all([ingrid.close(), kari.close()]);
	});

	test('what comes from the other never replaces what is being written', async () => {
		const { ingrid, kari } = await both('Cursor', 'frame', 1180);
		const at = row(ingrid, AKSEL);
		await write(ingrid, AKSEL, 'One.');
		await at.comment.focus();
		await write(kari, AMINA, 'Elsewhere.');
		const id = students[AKSEL];
		await client.save((await client.home()).reviews.find((r) => r.title === 'Cursor').id, id, 'comment', 'One. Two.', 1);
		await row(ingrid, AMINA).comment.and(ingrid.locator('textarea')).waitFor();
		await equalSoon(() => row(ingrid, AMINA).comment.inputValue(), 'Elsewhere.', { seconds: 15 });
		assert.equal(await at.comment.inputValue(), 'One.', 'the cursor is in it');
		await at.comment.press('End');
		await ingrid.keyboard.type(' Three.');
		await at.compare.waitFor();
		assert.match(await at.compare.innerText(), /One\. Two\./);
		await at.button('Keep both').click();
		await equalSoon(() => commentOf(ingrid, AKSEL), 'One. Two.\nOne. Three.');
		await Promise.all([ingrid.close(), kari.close()]);
	});
});
