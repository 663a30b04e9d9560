/* Fields of every kind, written by the mentor and read by the student; material, proposals,
 * what is new, a column of one's own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { admin } from '../harness/admin.mjs';
import { makePlan, publish } from '../harness/plans.mjs';
import { equalSoon } from './lib/hands.mjs';
import { autumn, school, setStatus, write } from './lib/plans.mjs';
import { openStage, until } from './lib/stage.mjs';

let stage, db, mentor, dir, plan, made;
async function answered(call) {
	const r = await call;
	assert.ok(r.status < 300, r.text);
	return r.json;
}
const file = new URL('./lib/every-kind.json', import.meta.url).pathname;
before(async () => {
	dir = mkdtempSync(join(tmpdir(), 'ilpd-proof-'));
	stage = await openStage();
	const { world } = stage;
	({ db } = stage);
	await db.psql(`UPDATE ilp.tenant SET locale = 'en'`);
	mentor = await world.launch('ingrid-solheim');
	const home = await world.rosterDone(mentor);
	const id = (name) => home.participants.find((p) => p.name === name).id;
	await world.visitAll();
	await school(world);
	made = await autumn(world, mentor, id('Sofie Aasen Lund'));
	const tor = await admin(world);
	const template = randomUUID();
	await answered(tor.post('/admin/templates', { id: template, definition: JSON.parse(readFileSync(file, 'utf8')) }));
	const { rev } = await answered(tor.get(`/admin/templates/${template}`));
	await answered(tor.patch(`/admin/templates/${template}`, { state: 'published', rev }));
	[plan] = await makePlan(mentor, [id('Theo Sørensen')], { template });
	await publish(mentor, plan);
});
after(async () => {
	rmSync(dir, { recursive: true, force: true });
	await stage?.close();
});

const value = (field) => db.value(`SELECT text FROM ilp.plan_value WHERE plan_id = '${plan}' AND field = '${field}'`);
const holds = (field, text) => equalSoon(() => value(field), text);

async function english(desk) {
	if (await desk.root.evaluate(() => document.documentElement.lang) === 'en')
		return;
	await desk.locator('.frame summary').click();
	await desk.role('button', 'English').click();
	await until('English', () => desk.root.evaluate(() => document.documentElement.lang === 'en'));
}

async function open(who, address, ready) {
	const desk = await stage.open(who, { kind: 'window', width: 1180 });
	await english(desk);
	if (address)
		await desk.page.goto(desk.root.url().replace(/(\/app\/[^/]+\/).*/, `$1${address}`));
	await desk.locator(ready).first().waitFor();
	return desk;
}

test('every kind is written', async () => {
	const desk = await open('Ingrid Solheim', `plans/${plan}`, '#i-plan-line');
	const at = (field) => desk.locator(`#i-plan-${field}`);
	await at('line').fill('A line');
	await holds('line', 'A line');
	assert.equal(await at('more').count(), 0);
	await at('rich').fill('Some words');
	await at('rich').selectText();
	await desk.role('button', 'Bold').click();
	await holds('rich', '**Some words**');
	await at('one').selectOption('b');
	await holds('one', 'b');
	await desk.role('checkbox', 'In a group').check();
	await desk.role('checkbox', 'Alone').check();
	await holds('some', '["a", "c"]').catch(() => holds('some', '["a","c"]'));
	await desk.locator('input[name=i-plan-scale][value=M]').check();
	await holds('scale', 'M');
	await at('day').fill('2026-12-03');
	await holds('day', '2026-12-03');
	await at('number').fill('twelve');
	await desk.text('Write a number').waitFor();
	await at('number').fill('12,5');
	await holds('number', '12.5');
	for (const [on, n] of [['2026-09-01', '62'], ['2026-10-01', '70'], ['2026-11-01', '82']]) {
		await desk.locator('#f-series input[type=date]').fill(on);
		await at('series').fill(n);
		await desk.keyboard.press('Enter');
	}
	await until('three values', async () => JSON.parse(await value('series') || '[]').length === 3);
	await at('list').fill('First');
	await desk.keyboard.press('Enter');
	await at('list').fill('Second');
	await desk.keyboard.press('Enter');
	await desk.role('checkbox', 'Done: First').check();
	await until('a list', async () => (await value('list') ?? '').includes('Second'));
	await desk.role('textbox', 'Year, row 1').fill('2026');
	await desk.role('textbox', 'Courses, row 1').fill('English');
	await until('a table', async () => (await value('table') ?? '').includes('English'));
	await desk.locator('#f-tasks').getByRole('button', { name: /^Task/ }).click();
	await desk.keyboard.type('A task of the plan');
	await desk.keyboard.press('Enter');
	await desk.keyboard.press('Escape');
	await desk.locator('#w-plan-notes').fill('For the mentor alone');
	await desk.locator('#f-notes').getByRole('button', { name: 'Post' }).click();
	await desk.locator('#f-notes .post--staffonly').waitFor();
	await desk.look('plan-kinds');
	await desk.close();
});

test('links and files: added, read, kept from being too large', async () => {
	const desk = await open('Ingrid Solheim', `plans/${plan}`, '#i-plan-line');
	const proof = desk.locator('#f-proof');
	await proof.getByRole('button', { name: 'Add a link' }).click();
	await desk.keyboard.type('nonsense');
	await desk.keyboard.press('Enter');
	await desk.text('This is no web address').waitFor();
	await proof.getByLabel('Address').fill('https://example.org/talk');
	await proof.getByLabel(/What it is/).fill('The book talk');
	await desk.keyboard.press('Enter');
	await proof.getByRole('link', { name: 'The book talk' }).waitFor();
	await equalSoon(() => db.value(`SELECT count(*) FROM ilp.evidence WHERE url = 'https://example.org/talk'`), '1');
	writeFileSync(join(dir, 'words.txt'), 'These words are proof.\n');
	await proof.locator('input[type=file]').setInputFiles(join(dir, 'words.txt'));
	const file_ = proof.getByRole('button', { name: 'words.txt', exact: true });
	await file_.waitFor();
	const [got] = await Promise.all([desk.page.waitForEvent('download'), file_.click()]);
	assert.equal(readFileSync(await got.path(), 'utf8'), 'These words are proof.\n');
	writeFileSync(join(dir, 'large.txt'), Buffer.alloc((10 << 20) + 1));
	await proof.locator('input[type=file]').setInputFiles(join(dir, 'large.txt'));
	await desk.text('The file is too large').waitFor();
	await proof.getByRole('button', { name: 'Remove words.txt' }).click();
	await equalSoon(() => db.value(`SELECT count(*) FROM ilp.evidence WHERE file_type IS NOT NULL AND removed_at IS NULL`), '0');
	await desk.close();
});

test('every kind is read; nothing of staff is there', async () => {
	const desk = await open('Theo Sørensen', '', '.goalcard, .section');
	await desk.heading('Hi Theo');
	const seen = await desk.record.bodies();
	assert.ok(!seen.includes('For the mentor alone'));
	for (const words of ['Some words', '3 December 2026', '82 words', 'The book talk', 'A task of the plan'])
		await desk.text(words).first().waitFor();
	assert.equal(await desk.locator('.rich strong').innerText(), 'Some words');
	assert.equal(await desk.locator('#i-plan-one').inputValue(), 'b');
	await desk.locator('#i-plan-more').fill('My own words');
	await holds('more', 'My own words');
	await desk.look('plan-kinds-student');
	await desk.close();
});

test('what is new since one last looked: said, marked, and one step away', async () => {
	const sofie = await stage.world.launch('sofie-aasen-lund');
	await mentor.post(`/plans/${made.plan}/look`, {});
	await db.psql(`UPDATE ilp.plan_look SET first_at = first_at - interval '5 days', seen_at = seen_at - interval '2 days', previous_at = NULL WHERE plan_id = '${made.plan}'`);
	await write(sofie, made.plan, made.goals[0], 'reflection', 'This is new.');
	await setStatus(sofie, made.plan, made.tasks[1], 'done', 2);
	const desk = await open('Ingrid Solheim', `plans/${made.plan}`, '#goals table');
	await desk.locator('.news', { hasText: /^2 new since/ }).waitFor();
	await desk.role('button', 'Reflection, Sofie Aasen Lund').click();
	assert.equal(await desk.root.evaluate(() => document.activeElement.id), `f-${made.goals[0]}-reflection`);
	assert.equal(await desk.locator('.newmark').count(), 2);
	await desk.look('plan-new');
	await desk.close();
});

test('home proposes a goal, the mentor takes it up', async () => {
	const parent = await open('Marte Aasen', '', '.goalcard');
	await parent.role('button', /^Propose a goal for: Express herself/).click();
	await parent.keyboard.type('Speak English with grandma');
	await parent.keyboard.press('Enter');
	await parent.locator('.goalcard--proposed', { hasText: 'Speak English with grandma' }).waitFor();
	await equalSoon(() => db.value(`SELECT state FROM ilp.plan_row WHERE kind = 'goal' ORDER BY at DESC LIMIT 1`), 'proposed');
	await parent.look('plan-proposal');
	const desk = await open('Ingrid Solheim', `plans/${made.plan}`, '#goals table');
	await desk.text('Proposed by Marte Aasen').waitFor();
	await desk.look('plan-proposed');
	await desk.role('button', 'Take up').click();
	await equalSoon(() => db.value(`SELECT state FROM ilp.plan_row WHERE kind = 'goal' ORDER BY at DESC LIMIT 1`), 'agreed');
	await desk.close();
	await parent.close();
});

test('a column of one’s own, the track said otherwise, new dates', async () => {
	const desk = await open('Ingrid Solheim', `plans/${made.plan}`, '#goals table');
	await desk.role('button', /^Add a column/).click();
	const dialog = desk.locator('dialog');
	await dialog.getByLabel('What it is called').fill('Next week');
	await dialog.getByLabel('What stands in it').selectOption('text');
	await dialog.getByRole('group', { name: 'Who writes in it' }).getByLabel('Sofie').check();
	await desk.look('plan-column');
	await dialog.getByRole('button', { name: 'Add' }).click();
	await desk.role('button', /^Next week/).first().waitFor();
	await desk.locator('.facts summary').first().click();
	await desk.locator('.facts').getByRole('button', { name: 'On track' }).click();
	await dialog.getByLabel('Why').fill('She reads more than the tasks say.');
	await desk.look('plan-track');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await desk.text('She reads more than the tasks say.').waitFor();
	await desk.role('button', /^Change title and period/).click();
	await desk.locator('#plan-endsOn').fill('2026-12-20');
	await desk.keyboard.press('Enter');
	await desk.text('20 Dec 2026').first().waitFor();
	await desk.close();
});
