/* One plan in the browser: the mentor writes in it, the student says how it goes, home
 * comments; two in one field, a network that goes, a keyboard alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { equalSoon, tabTo, watchMouse } from './lib/hands.mjs';
import { addTask, autumn, school, write } from './lib/plans.mjs';
import { openStage, until, WIDTHS } from './lib/stage.mjs';

const NO_NETWORK = /Failed to load resource|net::ERR|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/;
let stage, db, mentor, sofie, ids, made;
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
	sofie = await stage.world.launch('sofie-aasen-lund');
	await write(sofie, made.plan, made.goals[0], 'reflection', 'It is easier in small groups.');
	await db.psql(`UPDATE ilp.person SET locale = 'en'`).catch(() => undefined);
});
after(() => stage?.close());

const value = (field, row = made.plan) => db.value(`SELECT text FROM ilp.plan_value WHERE plan_id = '${made.plan}' AND row_id = '${row}' AND field = '${field}'`);
const status = (task) => db.value(`SELECT status FROM ilp.task WHERE task_id = '${task}'`);
const tasks = () => db.value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${made.plan}' AND removed_at IS NULL`).then(Number);

async function english(desk) {
	if (await desk.root.evaluate(() => document.documentElement.lang) === 'en')
		return;
	await desk.locator('.frame summary').click();
	await desk.role('button', 'English').click();
	await until('English', () => desk.root.evaluate(() => document.documentElement.lang === 'en'));
}

/* The plan's page, by the mentor's list. */
async function mentorsPage(options) {
	const desk = await stage.open('Ingrid Solheim', options);
	desk.record.allow(NO_NETWORK);
	desk.page.on('dialog', (d) => d.accept());
	await english(desk);
	await toPlan(desk);
	return desk;
}
async function toPlan(desk) {
	const link = desk.locator(`a[href$="plans/${made.plan}"]`).first();
	await link.click();
	await desk.heading('Sofie Aasen Lund');
	await desk.locator('#goals table').waitFor();
}
const cell = (desk, field, row) => desk.locator(`#i-${row}-${field}`);

async function familyPage(who, options) {
	const desk = await stage.open(who, options);
	desk.record.allow(NO_NETWORK);
	desk.page.on('dialog', (d) => d.accept());
	await english(desk);
	await desk.locator('.goalcard').first().waitFor();
	return desk;
}

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	test(`the mentor opens a student and writes: one click, ${kind}, ${width}`, async () => {
		const desk = await stage.open('Ingrid Solheim', { kind, width });
		await english(desk);
		const clicks = await watchMouse(desk);
		await toPlan(desk);
		const goal = cell(desk, 'goal', made.goals[1]);
		await tabTo(desk, goal, { most: 120 });
		await desk.keyboard.press('End');
		await desk.keyboard.type(` Now at ${width}.`);
		await equalSoon(async () => (await value('goal', made.goals[1])).endsWith(`Now at ${width}.`), true);
		assert.equal(await clicks(), 1);
		await desk.look('plan-mentor');
		await desk.close();
	});

test('as student and parent see it: one click, nothing of staff in it', async () => {
	const desk = await mentorsPage({ kind: 'window', width: 1180 });
	await desk.role('link', 'Show as Sofie').click();
	await desk.text('This is what Sofie can see now.').waitFor();
	assert.equal(await desk.text('Sitting with Hedda').count(), 0);
	assert.equal(await desk.locator('textarea').count(), 0);
	await desk.look('plan-as-student');
	await desk.role('link', 'Show as parent').click();
	await desk.heading('How Sofie is doing');
	assert.equal(await desk.text('Sitting with Hedda').count(), 0);
	await desk.look('plan-as-parent');
	await desk.role('button', 'Back to the plan').click();
	await desk.locator('#goals table').waitFor();
	await desk.close();
});

for (const width of WIDTHS)
	test(`the student: a task is done with one click, a reflection begun with one, ${width}`, async () => {
		const task = await addTask(mentor, made.plan, made.goals[2], `Read page ${width}`);
		const desk = await familyPage('Sofie Aasen Lund', { kind: 'frame', width });
		await desk.heading('Hi Sofie');
		const clicks = await watchMouse(desk);
		await desk.locator(`#t-${task} input[data-category=done]`).click();
		await equalSoon(() => status(task), 'done');
		assert.equal(await clicks(), 1);
		await desk.locator(`#i-${made.goals[2]}-reflection`).click();
		await desk.keyboard.press('End');
		await desk.keyboard.type(`Page ${width} was good. `);
		await equalSoon(async () => (await value('reflection', made.goals[2])).includes(`Page ${width} was good.`), true);
		assert.equal(await clicks(), 2);
		await desk.look('plan-student');
		await desk.close();
	});

for (const width of WIDTHS)
	test(`the parent reads, and comments with one click, ${width}`, async () => {
		const desk = await familyPage('Marte Aasen', { kind: 'window', width });
		await desk.heading('How Sofie is doing');
		const said = await desk.record.bodies();
		assert.ok(!said.includes('Sitting with Hedda'));
		const clicks = await watchMouse(desk);
		await desk.locator('#w-plan-comment_home').click();
		await desk.keyboard.type(`We read aloud on Mondays, ${width}.`);
		await desk.keyboard.press('Control+Enter');
		await desk.locator('.post', { hasText: `We read aloud on Mondays, ${width}.` }).waitFor();
		assert.equal(await desk.locator('#w-plan-comment_home').inputValue(), '');
		await equalSoon(() => db.value(`SELECT count(*) FROM ilp.post WHERE text = 'We read aloud on Mondays, ${width}.'`), '1');
		assert.equal(await clicks(), 1);
		await desk.look('plan-parent');
		await desk.close();
	});

test('two browsers in one field: who writes is shown, and both texts are kept', async () => {
	const [one, two] = await Promise.all([mentorsPage({ kind: 'window', width: 1180 }), familyPage('Sofie Aasen Lund', { kind: 'window', width: 1180 })]);
	const goal = made.goals[3];
	one.record.allow(/409/);
	two.record.allow(/409/);
	await two.role('button', /^Change the goal: Ask for help/).click();
	const hers = two.locator(`#i-${goal}-goal`);
	await hers.focus();
	await two.keyboard.press('End');
	await two.keyboard.type(' Sofie writes this.');
	await equalSoon(async () => (await value('goal', goal)).includes('Sofie writes this.'), true);
	/* The mentor's page has the old text still, and the cursor in it. */
	await cell(one, 'goal', goal).focus();
	await one.keyboard.press('End');
	await one.keyboard.type(' Ingrid writes that.');
	const compare = one.locator('.compare');
	await compare.waitFor();
	await one.look('plan-conflict', { full: false });
	await compare.getByRole('button', { name: 'Keep both' }).click();
	await equalSoon(async () => {
		const text = await value('goal', goal);
		return text.includes('Sofie writes this.') && text.includes('Ingrid writes that.');
	}, true);
	await one.close();
	await two.close();
});

test('somebody is writing, and what they wrote comes by itself', async () => {
	const one = await mentorsPage({ kind: 'window', width: 1180 });
	const two = await familyPage('Sofie Aasen Lund', { kind: 'window', width: 1180 });
	const box = two.locator(`#i-${made.goals[1]}-reflection`);
	await box.focus();
	await two.keyboard.type('Slowly');
	await one.locator('.writing', { hasText: 'Sofie' }).waitFor();
	await two.keyboard.type(' but surely');
	await box.blur();
	await one.locator(`#f-${made.goals[1]}-reflection`).getByText('Slowly but surely').waitFor();
	await one.close();
	await two.close();
});

test('the network goes in the middle of a sentence, the page is closed, and nothing is lost', async () => {
	const desk = await mentorsPage({ kind: 'window', width: 1180 });
	const before = await tasks();
	const goal = cell(desk, 'goal', made.goals[0]);
	await goal.focus();
	await desk.keyboard.press('End');
	await desk.context.setOffline(true);
	await desk.keyboard.type(' Not lost.');
	await desk.text(/No contact with the network/).waitFor();
	await desk.role('button', /^Task for: Read two novels/).click();
	await desk.keyboard.type('A task without a network');
	await desk.keyboard.press('Enter');
	await desk.keyboard.type('Half a ta');
	const address = desk.root.url();
	const again = await desk.context.newPage();
	again.on('dialog', (d) => d.accept());
	await desk.page.close({ runBeforeUnload: false });
	assert.equal(await tasks(), before);
	await desk.context.setOffline(false);
	await again.goto(address);
	await equalSoon(async () => (await value('goal', made.goals[0])).endsWith('Not lost.'), true);
	await equalSoon(tasks, before + 1);
	await again.locator('.addline input').waitFor();
	assert.equal(await again.locator('.addline input').inputValue(), 'Half a ta');
	assert.ok((await again.locator(`#i-${made.goals[0]}-goal`).inputValue()).endsWith('Not lost.'));
	await desk.close();
});

test('the session ends: words and acts wait for the next one', async () => {
	const desk = await mentorsPage({ kind: 'window', width: 1180 });
	desk.record.allow(/401/);
	const sid = desk.sid;
	await db.psql(`UPDATE ilp.session SET revoked_at = now() WHERE session_id::text LIKE '%${sid}'`);
	await cell(desk, 'goal', made.goals[2]).focus();
	await desk.keyboard.press('End');
	await desk.keyboard.type(' After the end.');
	await desk.text('You are no longer signed in here.').waitFor();
	const next = await stage.open('Ingrid Solheim', { kind: 'window', context: desk.context });
	assert.notEqual(next.sid, sid);
	await equalSoon(async () => (await value('goal', made.goals[2])).endsWith('After the end.'), true);
	await desk.close();
});

test('with the keyboard alone: a goal, three tasks at once, a status, and Undo', async () => {
	const desk = await mentorsPage({ kind: 'frame', width: 1180 });
	const before = await tasks();
	await tabTo(desk, desk.role('button', /^Goal for: Ask for help and work/), { most: 200 });
	await desk.keyboard.press('Enter');
	await desk.keyboard.type('Work with somebody new');
	await desk.keyboard.press('Enter');
	await desk.keyboard.press('Escape');
	const add = desk.role('button', 'Task for: Work with somebody new');
	await tabTo(desk, add, { most: 200 });
	await desk.keyboard.press('Enter');
	await desk.root.evaluate(() => {
		const data = new DataTransfer();
		data.setData('text', '1. Ask Linh\n2. Ask Hedda\n- Ask Emil');
		document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
	});
	await equalSoon(tasks, before + 3);
	const ring = desk.role('button', /^Not started: Ask Linh/);
	await tabTo(desk, ring, { most: 40, key: 'Shift+Tab' });
	await desk.keyboard.press('Enter');
	const linh = () => db.value(`SELECT status FROM ilp.task WHERE text = 'Ask Linh'`);
	await equalSoon(linh, 'doing');
	await desk.role('button', 'Undo').click();
	await equalSoon(linh, 'todo');
	await desk.role('button', 'More about: Ask Emil').click();
	await desk.look('plan-task', { full: false });
	await desk.locator('.taskmore').getByRole('button', { name: 'Remove' }).click();
	await equalSoon(tasks, before + 2);
	await desk.role('button', 'Undo').click();
	await equalSoon(tasks, before + 3);
	await desk.close();
});
