/* My students: plans for a whole group in three clicks, published in three, one student opened
 * in one and the next in one; the same by keyboard; nothing done twice where the network
 * fails in the middle. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { autumn, school } from './lib/plans.mjs';
import { focused, tabTo, watchMouse } from './lib/hands.mjs';
import { openStage, until } from './lib/stage.mjs';
import { idsOf } from '../harness/stage.mjs';
import { makePlan, publish } from '../harness/plans.mjs';
import { TENANT } from '../harness/index.mjs';

let stage, ids, ingrid, students;
before(async () => {
	stage = await openStage({ env: { ILPD_WORKERS: '4' } });
	await school(stage.world);
	ingrid = await stage.world.launch('ingrid-solheim');
	students = (await stage.world.rosterDone(ingrid)).participants.map((p) => p.id);
	ids = await idsOf(stage.world);
});
after(() => stage?.close());

const wipe = () => stage.db.psql('DELETE FROM ilp.plan');
const inDatabase = async (state) => Number(await stage.db.value(`SELECT count(*) FROM ilp.plan WHERE state = '${state}'`));

async function mine({ width = 1180, kind = 'frame', who = 'Ingrid Solheim' } = {}) {
	const desk = await stage.open(who, { kind, width, own: true });
	await desk.role('link', 'My students').click();
	await desk.heading('My students');
	await desk.locator('input[data-row]').nth(27).waitFor();
	return desk;
}
const bulk = (desk, name) => desk.locator('.bulk').getByRole('button', { name });
const check = (desk, n) => desk.locator('input[data-row]').nth(n);
const toast = (desk, text) => desk.locator('.toast', { hasText: text }).waitFor();

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	describe(`a mentor, ${kind}, ${width}`, () => {
		before(wipe);

		test('makes plans for a whole group in three clicks, and publishes them in three', async () => {
			const desk = await mine({ kind, width });
			await desk.look('students-none');
			const mouse = await watchMouse(desk);
			await desk.locator('.grouphead .check').click();
			await bulk(desk, 'Create plan for 28…').click();
			await desk.role('button', 'Create 28 drafts').waitFor();
			const before = await mouse();
			await desk.look('students-create', { full: false });
			await desk.role('button', 'Create 28 drafts').click();
			await toast(desk, '28 drafts are made.');
			assert.equal(before, 2);
			assert.equal(await mouse(), 3, 'select all, create, confirm');
			assert.equal(await inDatabase('draft'), 28);

			await bulk(desk, 'Clear').click();
			const publishing = await mouse();
			await desk.locator('.grouphead .check').click();
			await bulk(desk, 'Publish 28 drafts').click();
			await desk.role('button', 'Publish 28 plans').waitFor();
			await desk.look('students-publish', { full: false });
			await desk.role('button', 'Publish 28 plans').click();
			await toast(desk, '28 plans are published.');
			assert.equal(await mouse() - publishing, 3, 'select all, publish, confirm');
			assert.equal(await inDatabase('published'), 28);
			await desk.look('students');
			await desk.close();
		});

		test('opens a student in one click and the next in one', async () => {
			const desk = await mine({ kind, width });
			const mouse = await watchMouse(desk);
			await desk.locator('tbody th').getByRole('link', { name: 'Selma Haugen' }).click();
			await desk.heading('Selma Haugen');
			assert.equal(await mouse(), 1);
			await desk.role('link', /^Next: Sofie/).click();
			await desk.heading('Sofie Aasen Lund');
			assert.equal(await mouse(), 2);
			await desk.locator('.switcher select').selectOption({ label: 'Theo Sørensen' });
			await desk.heading('Theo Sørensen');
			await desk.keyboard.press('Alt+PageUp');
			await desk.heading('Sofie Aasen Lund');
			await desk.close();
		});

		test('archives at once, and takes it back', async () => {
			const desk = await mine({ kind, width });
			await check(desk, 1).click();
			await bulk(desk, 'Archive 1').click();
			await toast(desk, 'Amina Warsame: archived.');
			assert.equal(await inDatabase('archived'), 1);
			await desk.locator('.toast').getByRole('button', { name: 'Undo' }).click();
			await until('restored', async () => await inDatabase('archived') === 0);
			await desk.close();
		});
	});

describe('by keyboard alone', () => {
	beforeEach(async () => {
		await wipe();
		await makePlan(ingrid, students.slice(0, 6));
	});

	test('rows are chosen by Space and Shift, drafts deleted by their title', async () => {
		const desk = await mine({ width: 390, kind: 'window' });
		const mouse = await watchMouse(desk);
		await tabTo(desk, check(desk, 0), { most: 80 });
		await desk.keyboard.press('Space');
		await desk.keyboard.press('ArrowDown');
		await desk.keyboard.press('ArrowDown');
		await focused(check(desk, 2));
		await desk.keyboard.press('Shift+Space');
		await desk.text('3 selected').waitFor();
		await tabTo(desk, bulk(desk, /^Delete/), { most: 300 });
		await desk.keyboard.press('Enter');
		const field = desk.locator('dialog input');
		await focused(field);
		const button = desk.role('button', 'Delete for good');
		assert.ok(await button.isDisabled());
		await desk.look('students-delete', { full: false });
		await desk.keyboard.type('Autumn 2026');
		await desk.keyboard.press('Enter');
		await toast(desk, '3 plans are deleted.');
		assert.equal(await inDatabase('draft'), 3);
		assert.equal(await mouse(), 0);
		await desk.close();
	});

	test('Escape leaves a dialog and gives the focus back', async () => {
		const desk = await mine();
		await tabTo(desk, check(desk, 0), { most: 80 });
		await desk.keyboard.press('Space');
		const button = bulk(desk, 'Publish 1 draft');
		await tabTo(desk, button, { most: 300 });
		await desk.keyboard.press('Enter');
		await desk.role('button', 'Publish 1 plan').waitFor();
		await desk.keyboard.press('Escape');
		await focused(button);
		assert.equal(await inDatabase('draft'), 6);
		await desk.close();
	});
});

describe('finding', () => {
	before(async () => {
		await wipe();
		const plans = await makePlan(ingrid, students.slice(0, 10));
		await publish(ingrid, ...plans.slice(0, 8));
		await autumn(stage.world, ingrid, ids['sofie-aasen-lund']);
	});

	test('search, state and what needs attention leave the rows they count', async () => {
		const desk = await mine();
		const rows = () => desk.locator('tbody input[data-row]').count();
		await desk.locator('#find').fill('sof');
		await until('one row', async () => await rows() === 1);
		await desk.locator('#find').fill('');
		await desk.locator('#state').selectOption('draft');
		await until('two drafts', async () => await rows() === 2);
		await desk.locator('#state').selectOption('none');
		await until('those without', async () => await rows() === 17);
		await desk.locator('#state').selectOption('');
		const attention = desk.role('button', /^Need attention/);
		const n = Number((await attention.textContent()).match(/\d+/)[0]);
		await attention.click();
		await until('as many as it says', async () => await rows() === n);
		await desk.locator('tbody th').getByRole('link', { name: 'Sofie Aasen Lund' }).click();
		await desk.heading('Sofie Aasen Lund');
		await desk.role('link', 'My students').first().click();
		await until('the filter stayed', async () => await rows() === n);
		await desk.role('button', 'Everyone').click();
		await desk.role('button', 'On track').click();
		await desk.look('students-sorted');
		await desk.close();
	});

	test('the course shows its teachers the same plans', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window', width: 1180 });
		await desk.locator('.planlink').nth(9).waitFor();
		await desk.look('course-plans');
		await desk.role('button', /^No current plan/).click();
		await until('those without', async () => await desk.locator('tbody tr').count() === 17);
		await desk.close();
	});
});

describe('where something fails', () => {
	beforeEach(wipe);

	test('lines say for whom, and what went well is not made twice', async () => {
		const desk = await mine();
		desk.record.allow(/Failed to load resource/);
		let calls = 0;
		await desk.page.route('**/api/plans', (route) => (route.request().method() === 'POST' && ++calls === 2 ? route.abort() : route.continue()));
		await desk.locator('.grouphead .check').click();
		await bulk(desk, 'Create plan for 28…').click();
		await desk.role('button', 'Create 28 drafts').click();
		await desk.text('8 of 28 could not be done.').waitFor();
		assert.equal(await inDatabase('draft'), 20);
		await desk.look('students-failed', { full: false });
		await desk.role('button', 'Try 8 again').click();
		await toast(desk, '28 drafts are made.');
		assert.equal(await inDatabase('draft'), 28);
		await desk.close();
	});
});

describe('from the plan', () => {
	let plan;
	before(async () => {
		await wipe();
		({ plan } = await autumn(stage.world, ingrid, ids['sofie-aasen-lund']));
	});
	const open = async (width = 1180) => {
		const desk = await mine({ width });
		await desk.locator('tbody th').getByRole('link', { name: 'Sofie Aasen Lund' }).click();
		await desk.heading('Sofie Aasen Lund');
		return desk;
	};
	const more = async (desk, name) => {
		await desk.locator('summary', { hasText: 'More actions' }).click();
		await desk.role('button', name).click();
	};

	test('it is shared without what is personal, found by others and withdrawn', async () => {
		const desk = await open();
		await desk.role('button', 'Share', { exact: true }).click();
		await desk.locator('dialog input').first().fill('Oral confidence');
		await desk.look('plan-share', { full: false });
		await desk.locator('dialog').getByRole('button', { name: 'Share' }).click();
		await toast(desk, '“Oral confidence” is shared.');
		await desk.role('link', 'My students').first().click();
		await desk.role('link', 'Shared plans').click();
		await desk.heading('Shared plans');
		await desk.role('button', /^Look at it/).click();
		await desk.locator('.sharedbox .shared').first().waitFor();
		await desk.look('shared-plans');
		await desk.role('button', /^Withdraw/).click();
		await desk.text('No plan is shared yet').waitFor();
		await desk.close();
	});

	test('it is locked and reopened with a reason', async () => {
		const desk = await open();
		await more(desk, 'Lock…');
		await desk.role('button', 'Lock', { exact: true }).click();
		await toast(desk, 'Sofie Aasen Lund: locked.');
		assert.equal(await inDatabase('locked'), 1);
		await more(desk, 'Reopen…');
		await desk.role('button', 'Reopen', { exact: true }).click();
		await desk.text('Say why; it stands in the plan.').waitFor();
		await desk.look('plan-reopen', { full: false });
		await desk.locator('dialog input').fill('Locked too early');
		await desk.role('button', 'Reopen', { exact: true }).click();
		await toast(desk, 'Sofie Aasen Lund: open again.');
		assert.equal(await inDatabase('published'), 1);
		await desk.close();
	});

	test('it is revised for the next period: chosen tasks come along when that is published', async () => {
		const desk = await open();
		await desk.role('button', 'Revise for next period').click();
		await desk.role('button', 'Create draft with 5 tasks').waitFor();
		await desk.look('plan-revise', { full: false });
		await desk.locator('dialog').getByRole('checkbox', { name: /Winter Without Maps/ }).uncheck();
		await desk.role('button', 'Create draft with 4 tasks').click();
		await desk.locator('.chip--draft').first().waitFor();
		await desk.role('button', 'Publish…').click();
		await desk.text(/Autumn 2026.* is locked, and 4 unfinished tasks move here/).waitFor();
		await desk.role('button', 'Publish 1 plan').click();
		await toast(desk, 'Sofie Aasen Lund: published.');
		assert.equal(await stage.db.value(`SELECT state FROM ilp.plan WHERE plan_id = '${plan}'`), 'locked');
		assert.equal(await stage.db.value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${plan}' AND moved_to IS NOT NULL`), '4');
		await desk.close();
	});
});

test('a headteacher begins with the school, chooses a group and finds a student', async () => {
	await stage.world.launch('ada-fossum');
	await stage.db.psql(`INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT '${TENANT}', gen_random_uuid(), person_id FROM ilp.person WHERE name = 'Ada Fossum'`);
	const desk = await stage.open('Ada Fossum', { kind: 'window' });
	await desk.role('link', 'Reports').waitFor();
	assert.equal(await desk.role('link', 'Reports').getAttribute('aria-current'), 'page');
	await desk.role('link', 'Students').click();
	await desk.heading('Students');
	await desk.locator('#group').selectOption({ label: 'English 8B' });
	await desk.locator('input[data-row]').nth(27).waitFor();
	assert.equal(await desk.role('button', /^Create plan/).count(), 0, 'headteachers make no plans');
	await desk.look('students-head');
	await desk.locator('#group').selectOption('');
	await desk.locator('#find').fill('sofie lund');
	await until('one student', async () => await desk.locator('tbody th[scope=row]', { hasText: 'Sofie Aasen Lund' }).count() > 0 && await desk.locator('tbody th[scope=row]', { hasText: 'Theo' }).count() === 0);
	await desk.close();
});
