/* An administrator makes templates: from the library in as few clicks as promised, by the
 * keyboard, with somebody else at the same one, and from a file. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { adminLink } from '../harness/admin.mjs';
import { focused, tabTo, watchMouse } from './lib/hands.mjs';
import { openStage, until, WIDTHS } from './lib/stage.mjs';

let stage, dir;
before(async () => {
	dir = mkdtempSync(join(tmpdir(), 'template-'));
	stage = await openStage();
	await stage.db.psql(`UPDATE ilp.tenant SET locale = 'en'`);
});
after(() => {
	rmSync(dir, { recursive: true, force: true });
	return stage?.close();
});

async function enter(width = 1180) {
	const context = await stage.context({ width });
	const page = await context.newPage();
	await page.goto(await adminLink(stage.world));
	const desk = stage.desk(page);
	await desk.heading('Administration');
	await desk.keyboard.press('Tab');
	await desk.keyboard.press('Enter');
	await desk.heading('Platforms');
	return desk;
}

const state = (title) => stage.db.value(`SELECT state FROM ilp.template WHERE definition->'title'->>'en' = '${title}' ORDER BY created_at DESC LIMIT 1`);
const definition = async (title) => JSON.parse(await stage.db.value(`SELECT definition FROM ilp.template WHERE definition->'title'->>'en' = '${title}' ORDER BY created_at DESC LIMIT 1`));
const labels = async (title) => (await definition(title)).sections.at(-1).fields.map((f) => f.label.en);
const saved = (desk) => desk.locator('.page-head .save--saved').waitFor();
/* The frame's row of our own has the way to the templates. */
const templates = (desk) => desk.role('link', 'Templates').first().click();

for (const width of WIDTHS)
	test(`a template from the library is published in four clicks, and a field is two more, ${width}`, async () => {
		const desk = await enter(width);
		const clicks = await watchMouse(desk);
		await templates(desk);
		await desk.heading('Templates');
		if (width === WIDTHS[0])
			await desk.look('templates-none');
		await desk.role('button', 'New template').click();
		await desk.locator('.library button').first().waitFor();
		if (width === WIDTHS[0])
			await desk.look('templates-library');
		await desk.locator('.library button', { hasText: 'Focus plan' }).click();
		await desk.heading('Focus plan');
		await desk.role('button', 'Publish').click();
		await desk.text('Published. Mentors can make plans from it now.').waitFor();
		assert.equal(await clicks(), 4);
		assert.equal(await state('Focus plan'), 'published');
		await desk.look('template-focus');

		await desk.role('button', /^Add field Comments/).click();
		await desk.keyboard.type('Next meeting');
		const row = desk.locator('tr.is-selected');
		await row.getByLabel(/^Kind of/).selectOption({ label: 'Date' });
		assert.equal(await clicks(), 5); // choosing a kind in a select is the other one
		await saved(desk);
		await until('kept', async () => (await labels('Focus plan')).at(-1) === 'Next meeting');
		assert.equal((await definition('Focus plan')).sections.at(-1).fields.at(-1).kind, 'date');
		await desk.text('Changes not published').first().waitFor();
		await desk.role('button', 'Publish changes').click();
		await desk.text('Published. Mentors').first().waitFor();
		await desk.close();
	});

test('fields move by the keyboard alone, are taken away and brought back', async () => {
	const desk = await enter();
	await templates(desk);
	await desk.role('button', 'New template').click();
	await desk.locator('.library button', { hasText: 'Evidence folder' }).click();
	await desk.heading('Evidence folder');
	const first = desk.locator('#n-proud');
	await tabTo(desk, first, { most: 200 });
	await desk.keyboard.press('Alt+ArrowDown');
	await focused(first);
	await saved(desk);
	await until('moved', async () => (await labels('Evidence folder'))[1] === 'What I am most proud of');
	await desk.keyboard.press('Alt+ArrowUp');
	await until('moved back', async () => (await labels('Evidence folder'))[0] === 'What I am most proud of');
	const remove = desk.role('button', 'Remove What I want to do better');
	await tabTo(desk, remove);
	await desk.keyboard.press('Enter');
	await until('gone', async () => !(await labels('Evidence folder')).includes('What I want to do better'));
	await desk.role('button', 'Undo').focus();
	await desk.keyboard.press('Enter');
	await until('back', async () => (await labels('Evidence folder'))[1] === 'What I want to do better');
	await desk.close();
});

test('a field is dragged, and rights follow one another', async () => {
	const desk = await enter();
	await templates(desk);
	await desk.role('button', 'New template').click();
	await desk.locator('.library button', { hasText: 'Social competence' }).click();
	await desk.heading('Social competence');
	await desk.locator('tr[data-field="note"]').scrollIntoViewIfNeeded();
	const grip = await desk.locator('tr[data-field="note"] .grip').boundingBox();
	const over = await desk.locator('tr[data-field="comment_home"] .grip').boundingBox();
	await desk.page.mouse.move(grip.x + 5, grip.y + 10);
	await desk.page.mouse.down();
	await desk.page.mouse.move(over.x + 5, over.y + 10, { steps: 8 });
	await desk.page.mouse.up();
	await until('dragged', async () => (await labels('Social competence'))[0] === 'Mentor note');
	const row = desk.locator('tr[data-field="note"]');
	await row.getByLabel(/^Student:/).selectOption('edits');
	await until('edits and sees', async () => /S/.test((await definition('Social competence')).sections.at(-1).fields[0].sees));
	await row.getByLabel(/^Student:/).selectOption('hidden');
	await until('neither', async () => {
		const { sees, edits } = (await definition('Social competence')).sections.at(-1).fields[0];
		return !/S/.test(sees) && !/S/.test(edits);
	});
	assert.deepEqual(await row.getByLabel(/^Mentor:/).locator('option').allInnerTexts(), ['Sees', 'Edits']);
	await desk.close();
});

for (const width of WIDTHS)
	test(`an empty one says what it lacks and where, ${width}`, async () => {
		const desk = await enter(width);
		await templates(desk);
		await desk.role('button', 'New template').click();
		await desk.locator('.library button', { hasText: 'Empty template' }).click();
		await desk.text('The template has no name.').waitFor();
		assert.equal(await desk.role('button', 'Publish').isDisabled(), true);
		await desk.look(`template-empty`);
		await desk.role('button', 'Go there').first().click();
		await focused(desk.locator('#t-title'));
		await desk.keyboard.type(`Mine ${width}`);
		await desk.role('button', 'Add section').click();
		await desk.keyboard.type('About me');
		await desk.role('button', /^Add field/).click();
		await desk.text('Give the field a name').waitFor();
		await desk.keyboard.type('What I like');
		await desk.locator('tr.is-selected').getByLabel(/^Kind of/).selectOption({ label: 'Several choices' });
		await desk.text('“What I like” has no choices').waitFor();
		await desk.role('button', /^Go there What I like/).click();
		await desk.role('button', 'Add', { exact: true }).click();
		await desk.keyboard.type('Music');
		await desk.locator('tr.is-selected').getByLabel(/^Student:/).selectOption('edits');
		await desk.locator('.preview').getByText('Music').waitFor();
		await desk.role('button', 'Words for the youngest').click();
		await desk.text('The statuses are replaced.').waitFor();
		await desk.role('radio', 'Norsk bokmål').check();
		await desk.locator('#t-title').fill('Min');
		await saved(desk);
		await desk.look('template-own');
		await desk.role('button', 'Publish').click();
		await desk.text('Published. Mentors can make plans from it now.').waitFor();
		const made = await definition(`Mine ${width}`);
		assert.equal(made.title.nb, 'Min');
		assert.deepEqual(made.statuses.map((s) => [s.label.en, s.category]), [['Planned', 'todo'], ['On my way', 'doing'], ['I can do it', 'done']]);
		assert.deepEqual(made.sections[0].fields[0].options.map((o) => o.label.en), ['Music']);
		await desk.role('button', 'Unpublish').click();
		await until('hidden', async () => (await state(`Mine ${width}`)) === 'unpublished');
		await desk.role('button', 'Undo').last().click();
		await until('shown', async () => (await state(`Mine ${width}`)) === 'published');
		await desk.close();
	});

test('two at the same template: both versions are shown, and one is chosen', async () => {
	const [one, other] = [await enter(), await enter()];
	await templates(one);
	await one.role('button', 'New template').click();
	await one.locator('.library button', { hasText: 'Career plan' }).click();
	await one.heading('Career plan');
	await other.page.goto(one.page.url().replace(/\/app\/[^/]+/, new URL(other.page.url()).pathname.match(/\/app\/[^/]+/)[0]));
	await other.heading('Career plan');
	await one.locator('#n-dream').fill('Dreams of one');
	await saved(one);
	await until('kept', async () => JSON.stringify(await definition('Career plan')).includes('Dreams of one'));
	await other.locator('#n-dream').fill('Dreams of the other');
	await other.text('Somebody else changed this template').waitFor();
	await other.locator('dialog').getByText('Dreams of the other').waitFor();
	await other.look('template-conflict');
	await other.role('button', 'Keep mine').click();
	await until('chosen', async () => JSON.stringify(await definition('Career plan')).includes('Dreams of the other'));
	other.record.allow(/409/);
	await one.locator('#n-dream').fill('Dreams again');
	await one.text('Somebody else changed this template').waitFor();
	await one.role('button', 'Take theirs').click();
	assert.equal(await one.locator('#n-dream').inputValue(), 'Dreams of the other');
	one.record.allow(/409/);
	await one.close();
	await other.close();
});

test('the list: found, copied, exported, brought in again, deleted and undone', async () => {
	const desk = await enter();
	await templates(desk);
	await desk.role('textbox', 'Find a template').or(desk.role('searchbox', 'Find a template')).fill('career');
	await desk.locator('tbody tr').first().waitFor();
	assert.equal(await desk.locator('tbody tr').count(), 1);
	await desk.look('templates-list');
	const download = desk.page.waitForEvent('download');
	await desk.role('button', /^Export Career plan/).click();
	const file = join(dir, (await download).suggestedFilename());
	await (await download).saveAs(file);
	assert.match(file, /Career-plan\.json$/);
	const text = JSON.parse(readFileSync(file, 'utf8'));
	text.title.en = 'From a file';
	writeFileSync(file, JSON.stringify(text));
	writeFileSync(join(dir, 'broken.json'), '{"version": 1}');
	writeFileSync(join(dir, 'no.json'), 'PK');
	await desk.role('button', 'New template').click();
	await desk.locator('#t-file').setInputFiles(join(dir, 'no.json'));
	await desk.text('the file cannot be read').waitFor();
	await desk.locator('#t-file').setInputFiles(join(dir, 'broken.json'));
	await desk.text('Look at “title” in the file.').waitFor();
	desk.record.allow(/422/);
	await desk.look('templates-wrong-file');
	await desk.locator('#t-file').setInputFiles(file);
	await desk.heading('From a file');
	await templates(desk);
	await desk.role('button', /^Delete From a file/).click();
	await desk.text('“From a file” is deleted.').waitFor();
	assert.equal(await stage.db.value(`SELECT count(*) FROM ilp.template WHERE definition->'title'->>'en' = 'From a file'`), '0');
	await desk.role('button', 'Undo').click();
	await until('back', async () => (await state('From a file')) === 'draft');
	await desk.locator('.optrow', { hasText: 'Only published ones' }).click();
	await until('filtered', async () => !(await desk.locator('tbody').innerText()).includes('From a file'));
	await desk.role('link', 'Focus plan').last().click();
	await desk.heading('Focus plan');
	await desk.role('button', 'Copy fields from another template').click();
	await desk.locator('#copy-from').selectOption({ label: 'Library: Evidence folder' });
	await desk.locator('dialog .optrow', { hasText: 'What I am most proud of' }).click();
	await desk.look('template-copy');
	await desk.role('button', 'Copy 1 field').click();
	await until('copied', async () => (await labels('Focus plan')).includes('What I am most proud of'));
	await desk.close();
});
