/* An administrator connects a platform, looks at one that works, at a launch that failed,
 * and keeps a guardian out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminLink } from '../harness/admin.mjs';
import { CANVAS } from '../harness/index.mjs';
import { tabTo } from './lib/hands.mjs';
import { openStage, until, WIDTHS } from './lib/stage.mjs';

let stage;
before(async () => {
	stage = await openStage();
	await stage.db.psql(`UPDATE ilp.tenant SET locale = 'en'`);
	await stage.world.visitAll();
	await stage.world.browser().visit('ingrid-solheim', { overrides: { claims: { exp: 22222, iat: 11111 } } });
	await until('the log is written', () => stage.db.value('SELECT count(*) FROM lti.launch WHERE reason IS NOT NULL').then(Number));
});
after(() => stage?.close());

async function enter(width = 1180) {
	const context = await stage.context({ width });
	const page = await context.newPage();
	await page.goto(await adminLink(stage.world));
	const desk = stage.desk(page);
	await desk.heading('Administration');
	await desk.look('admin-enter');
	await desk.keyboard.press('Tab');
	await desk.keyboard.press('Enter');
	await desk.heading('Platforms');
	await page.locator('article').first().waitFor();
	return desk;
}
const follow = (desk, name) => desk.role('link', name).first().click();

for (const width of WIDTHS)
	test(`platforms, their test, their deployments and settings, ${width}`, async () => {
		const desk = await enter(width);
		const canvas = desk.locator('article', { hasText: 'Fjordby Canvas' });
		assert.match(await canvas.innerText(), /1 refused today, last: token_expired/);
		await desk.look('admin-platforms');
		await canvas.getByRole('button', { name: /^Test now/ }).click();
		await canvas.getByText(/^Tested today/).waitFor();
		await canvas.locator('details li', { hasText: 'Names and roles' }).waitFor();
		for (const step of ['Platform keys', 'Access token', 'Clock'])
			assert.match(await canvas.locator('details li', { hasText: step }).innerText(), /OK/);
		await desk.look('admin-tested');
		await canvas.getByRole('link', { name: /^Edit/ }).click();
		await desk.heading('Fjordby Canvas');
		await desk.locator('details.panel summary').click();
		const setting = width === 390 ? 'roster_limit' : 'skew_s';
		await desk.role('button', `Change ${setting}`).click();
		await desk.locator(`#s-${setting}`).fill('90');
		await desk.look('admin-platform');
		await desk.locator('details.panel').getByRole('button', { name: 'Save' }).click();
		await until('kept', async () => (await stage.db.value(`SELECT settings->>'${setting}' FROM lti.registration WHERE registration_id = '${CANVAS}'`)) === '90');
		await desk.close();
	});

test('connecting Moodle: steps with values, addresses that follow from one, and what is wrong', async () => {
	const desk = await enter();
	await follow(desk, 'Connect a platform');
	await desk.heading('Connect a platform');
	await desk.look('admin-connect');
	await desk.role('link', /^Moodle/).click();
	await desk.heading('Connect Moodle');
	assert.ok(await desk.text(`${stage.world.toolUrl}/lti/login`).count());
	await tabTo(desk, desk.locator('#p-site'));
	await desk.keyboard.type('https://moodle.school.example/');
	assert.equal(await desk.locator('#p-jwksUrl').inputValue(), 'https://moodle.school.example/mod/lti/certs.php');
	await desk.role('button', 'Connect').click();
	await desk.text('The client ID is missing.').waitFor();
	await desk.look('admin-connect-moodle');
	await desk.locator('#p-clientId').fill('abc');
	await desk.role('button', 'Connect').click();
	await desk.heading('Moodle');
	assert.equal(await stage.db.value(`SELECT count(*) FROM lti.registration WHERE issuer = 'https://moodle.school.example' AND state = 'active'`), '1');
	desk.record.allow(/422/);
	await desk.close();
});

test('a registration link is shown once, and a code nobody waits under says so', async () => {
	const desk = await enter();
	await desk.role('button', 'Make a registration link').click();
	await desk.text(/\/lti\/register\?invite=/).waitFor();
	await desk.page.reload();
	await desk.text(/^Registration link,/).waitFor();
	assert.equal(await desk.text(/invite=/).count(), 0);
	await desk.role('button', 'Enter a code').click();
	await desk.locator('#claim-code').fill('AAAAA-AAAAA');
	await desk.look('admin-claim', { full: false });
	await desk.keyboard.press('Enter');
	await desk.text('Nothing waits under this code.').waitFor();
	desk.record.allow(/422/);
	await desk.close();
});

for (const width of WIDTHS)
	test(`the launch log: from the code of a refused page to its mend, ${width}`, async () => {
		const code = await stage.db.value('SELECT code FROM lti.launch WHERE reason IS NOT NULL LIMIT 1');
		const desk = await enter(width);
		await follow(desk, 'Launch log');
		await desk.heading('Launch log');
		await desk.locator('tbody tr').nth(20).waitFor();
		await desk.look('admin-launches');
		await desk.locator('#l-code').fill(code);
		await until('one row', async () => (await desk.locator('tbody tr').count()) === 1);
		await desk.locator('tbody a').click();
		await desk.text('failed here').waitFor();
		await desk.text(/expired on arrival/).waitFor();
		await desk.look('admin-launch');
		await desk.close();
	});

test('a rule is tried before it is kept', async () => {
	const desk = await enter();
	await desk.page.goto(`${desk.page.url().split('/admin')[0]}/admin/platforms/${CANVAS}`);
	const sub = await stage.db.value(`SELECT i.sub FROM ilp.identity i JOIN ilp.person p USING (tenant_id, person_id) JOIN lti.launch l ON l.person_id = p.person_id AND l.role = 'student' ORDER BY l.at DESC LIMIT 1`);
	await desk.locator('#r-values').fill(sub);
	await desk.role('button', 'Add').click();
	await desk.role('button', 'Try it on recent launches').click();
	await desk.text(/would become something else/).waitFor();
	assert.match(await desk.text(/would become something else/).innerText(), /^one of the last/i);
	await desk.look('admin-rules');
	await desk.close();
});

test('a guardian is blocked, with a way back', async () => {
	const desk = await enter();
	await follow(desk, 'Guardians');
	await desk.heading('Guardians');
	await desk.locator('#rel-q').fill('Marte');
	await until('found', async () => (await desk.locator('tbody tr').count()) === 1);
	await desk.look('admin-relations');
	await desk.role('button', /^Block/).click();
	await desk.look('admin-block', { full: false });
	await desk.locator('dialog').getByRole('button', { name: 'Block' }).click();
	await desk.locator('tbody', { hasText: 'Blocked' }).waitFor();
	await desk.role('button', 'Undo').click();
	await desk.locator('tbody', { hasText: 'Linked' }).waitFor();
	await desk.close();
});

test('Norwegian, and nothing of it for a teacher', async () => {
	const desk = await enter();
	await desk.locator('.frame .menu summary').click();
	await desk.role('button', 'Norsk bokmål').click();
	await desk.heading('Plattformer');
	await desk.close();
	const teacher = await stage.open('Ingrid Solheim', { kind: 'window' });
	await teacher.role('link', 'Guardians').click();
	await teacher.heading('Guardians');
	await teacher.locator('tbody tr', { hasText: 'Marte Aasen' }).waitFor();
	assert.equal(await teacher.role('button', /^Block/).count(), 0);
	await teacher.look('teacher-guardians');
	assert.equal(await teacher.role('link', 'Platforms').count(), 0);
	await teacher.page.goto(`${stage.world.toolUrl}/app/${teacher.sid}/admin/platforms`);
	await teacher.locator('h1').waitFor();
	assert.equal((await teacher.record.bodies()).includes('clientId'), false);
	await teacher.close();
});
