/* Reports about plans: a group for its mentor, one student for staff and family, a school
 * for its headteacher, and the rule that administrators set. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ilpd, TENANT } from '../harness/tool.mjs';
import { makePlan, publish } from '../harness/plans.mjs';
import { autumn, school } from './lib/plans.mjs';
import { openStage } from './lib/stage.mjs';

let stage, ingrid, sofie, plan, people;
before(async () => {
	stage = await openStage();
	const { world } = stage;
	ingrid = await world.launch('ingrid-solheim');
	people = (await world.rosterDone(ingrid)).participants;
	await world.visitAll();
	await school(world);
	sofie = people.find((p) => p.name === 'Sofie Aasen Lund');
	({ plan } = await autumn(world, ingrid, sofie.id));
	const others = people.filter((p) => p.id !== sofie.id).slice(0, 24).map((p) => p.id);
	const drafts = await makePlan(ingrid, others);
	await publish(ingrid, ...drafts.slice(1));
	const review = await ingrid.makeReview({ title: 'Halfway', startsOn: '2026-11-01', endsOn: '2026-11-30', scale: 'no_grades' });
	await ingrid.save(review.id, sofie.id, 'value', '4');
	await ingrid.release(review.id, [sofie.id]);
});
after(() => stage?.close());

async function at(name, path, width = 1180) {
	const desk = await stage.open(name, { kind: 'window', width });
	await english(desk);
	await goTo(desk, path);
	return desk;
}
const english = async (desk) => {
	await desk.locator('.frame .menu > summary').click();
	await desk.role('button', 'English').click();
};
const goTo = (desk, path) => desk.root.evaluate((to) => {
	const [, app, sid] = location.pathname.split('/');
	history.pushState(null, '', `/${app}/${sid}/${to}`);
	dispatchEvent(new PopStateEvent('popstate'));
}, path);
/* By the shell's link, as somebody whom no platform sends. */
async function byLink(name, width = 1180) {
	const made = await ilpd(['admin', 'link', '--tenant', TENANT, '--name', name], stage.world.settings, { build: stage.world.build });
	const context = await stage.context({ width });
	const page = await context.newPage();
	await page.goto(/https?:\/\/\S+/.exec(made.out)[0]);
	await page.locator('form button').first().click();
	await page.locator('main h1').waitFor();
	const desk = stage.desk(page);
	await english(desk);
	return desk;
}

describe('a group', () => {
	test('those who need somebody first; who lacks what; as a table', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		await desk.locator('.tbl--report tbody tr').first().waitFor();
		const rows = desk.locator('.tbl--report tbody tr');
		assert.equal(await rows.count(), people.length);
		const last = await rows.last().textContent();
		assert.match(last, /No current plan/);
		const missing = desk.role('button', /^Without a plan/);
		assert.match(await missing.textContent(), new RegExp(`${people.length - 25}$`));
		await missing.click();
		assert.equal(await rows.count(), people.length - 25);
		await desk.role('button', /^Everybody/).click();
		await desk.locator('#r-find').fill('sof');
		assert.equal(await rows.count(), 1);
		const mine = await rows.first().textContent();
		assert.match(mine, /Sofie Aasen Lund/);
		assert.match(mine, /A little behind|Needs support|On track/);
		await desk.locator('#r-find').fill('');
		await desk.look('planreport-group');
		await desk.close();
	});

	test('sorted by a head, with the keyboard', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		const head = desk.locator('.tbl--report thead button', { hasText: 'Completed' });
		await head.focus();
		await desk.keyboard.press('Enter');
		assert.equal(await desk.locator('th[aria-sort]').textContent(), 'Completed');
		assert.match(await desk.locator('.tbl--report tbody tr').first().textContent(), /Sofie Aasen Lund/);
		await desk.close();
	});

	test('the file', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.role('button', 'Download (CSV)').click()]);
		assert.equal(file.suggestedFilename(), 'plans-group.csv');
		const text = readFileSync(await file.path(), 'utf8');
		assert.equal(text.split('\r\n').length, people.length + 2);
		assert.match(text, /"Sofie Aasen Lund"/);
		await desk.close();
	});

	test('how on track is worked out', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		await desk.role('button', 'How is this worked out?').click();
		await desk.text('3 or more unfinished tasks are past their day').waitFor();
		await desk.look('planreport-rule');
		await desk.role('button', 'Close').last().click();
		await desk.close();
	});

	test('on paper: no buttons, all of the table', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		await desk.locator('.tbl--report tbody tr').first().waitFor();
		await desk.page.emulateMedia({ media: 'print' });
		assert.equal(await desk.role('button', 'Download (CSV)').isVisible(), false);
		assert.equal(await desk.locator('.toolbar').isVisible(), false);
		assert.ok(await desk.locator('.tbl--report').isVisible());
		await desk.close();
	});
});

describe('one student', () => {
	test('for the mentor, with a way to the plan', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		await desk.role('link', 'Sofie Aasen Lund').click();
		await desk.heading('Sofie Aasen Lund');
		for (const name of ['Plans', 'Competences over time', 'Midterm reviews over time', 'Milestones'])
			await desk.role('heading', name).waitFor();
		await desk.text('Express herself orally').first().waitFor();
		await desk.look('planreport-student');
		await desk.role('link', 'Autumn 2026').click();
		await desk.heading('Sofie Aasen Lund');
		assert.match(desk.root.url(), new RegExp(`plans/${plan}$`));
		await desk.close();
	});
	for (const [name, heading] of [['Sofie Aasen Lund', 'My progress'], ['Marte Aasen', 'Sofie Aasen Lund']])
		test(`for ${name}`, async () => {
			const desk = await at(name, `reports/students/${sofie.id}`, 390);
			await desk.heading(heading);
			await desk.text('The Lighthouse at Skarvøy').first().waitFor();
			assert.ok(!(await desk.root.content()).includes('Sitting with Hedda'));
			await desk.look(`planreport-${heading === 'My progress' ? 'own' : 'child'}`);
			await desk.close();
		});
	test('nobody else', async () => {
		const desk = await at('Lise Bråthen', `reports/students/${sofie.id}`);
		desk.record.allow(/404/);
		await desk.text('Nothing to see here').waitFor();
		await desk.close();
	});
});

describe('a school', () => {
	test('for its headteacher, by group, down to who lacks a plan', async () => {
		const desk = await byLink('Hanne Head');
		await stage.db.psql(`INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT tenant_id, gen_random_uuid(), person_id FROM ilp.person WHERE name = 'Hanne Head'`);
		await desk.root.reload();
		await desk.locator('main h1').waitFor();
		await goTo(desk, 'reports');
		await desk.heading('Solbakken skole');
		const row = desk.locator('.tbl--school tbody tr', { hasText: 'ENG8B' });
		await row.waitFor();
		await desk.look('planreport-school');
		await row.locator('td[data-l="Without a plan"] a').click();
		await desk.locator('.tbl--report tbody tr').first().waitFor();
		assert.equal(await desk.locator('.tbl--report tbody tr').count(), people.length - 25);
		await desk.close();
	});

	test('its rules', async () => {
		const desk = await byLink('Oda Office');
		await goTo(desk, 'admin/school');
		await desk.heading('The school’s rules');
		await desk.text('3 or more unfinished tasks are past their day').waitFor();
		/* The sentence follows while somebody types. */
		await desk.locator('#t-support_late').fill('5');
		await desk.text('5 or more unfinished tasks are past their day').waitFor();
		await desk.look('admin-school');
		await desk.role('button', 'Save the rule').click();
		await desk.text('The rule for on track is saved').waitFor();
		await desk.locator('#t-behind_late').fill('9');
		await desk.text('“Needs support” cannot begin before “A little behind”.').waitFor();
		await desk.locator('#t-behind_late').fill('x');
		await desk.text('A whole number from 1 to 50.').waitFor();
		await desk.look('admin-school-wrong');
		await desk.locator('#s-archive_history').check();
		await desk.role('button', 'Undo').last().click();
		await assert.doesNotReject(desk.locator('#s-archive_history:not(:checked)').waitFor());
		await desk.close();
	});
});
