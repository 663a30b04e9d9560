/* The demo LMS as people click through it: its own pages, and the whole way of a tool from
 * a registration address to a course, and from “Add activity” to a student. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { TENANT } from '../harness/index.mjs';
import { openStage } from './lib/stage.mjs';

let stage;
before(async () => { stage = await openStage(); });
after(() => stage?.close());

for (const width of [1180, 390])
	test(`its pages for teachers and administrators, ${width}`, async () => {
		const context = await stage.context({ width });
		const desk = stage.desk(await context.newPage());
		for (const [path, name] of [['/admin/canvas', 'lms-admin'], ['/courses/canvas/english-8b/place?as=ingrid-solheim', 'lms-place'], ['/admin/moodle', 'lms-admin-moodle']]) {
			await desk.page.goto(stage.world.lmsUrl + path);
			await desk.look(name);
		}
		await context.close();
	});

async function invitation() {
	const secret = randomBytes(32).toString('base64url');
	await stage.db.psql(`INSERT INTO lti.invitation (invitation_id, tenant_id, secret_hash, expires_at)
		VALUES ('${randomUUID()}', '${TENANT}', '${createHash('sha256').update(secret).digest('hex')}', now() + interval '1 day')`);
	return `${stage.world.toolUrl}/lti/register?invite=${secret}`;
}

/* Our page in the LMS's frame, once it stands there. */
async function inside(page, title) {
	const frame = await (await page.waitForSelector(`iframe[title="${title}"]`)).contentFrame();
	await frame.waitForURL((u) => u.href.startsWith(stage.world.toolUrl));
	await frame.locator('main h1').waitFor();
	return frame;
}

for (const platform of ['canvas', 'moodle'])
	test(`${platform}: registered, activated, opened`, async () => {
		const context = await stage.context();
		const page = await context.newPage();
		await page.goto(`${stage.world.lmsUrl}/admin/${platform}`);
		await page.getByLabel('Its registration address').fill(await invitation());
		await page.getByRole('button', { name: 'Register' }).click();
		let frame = await inside(page, 'Registration');
		await frame.getByRole('button', { name: 'Register' }).click();
		await frame.getByRole('button', { name: 'Close' }).click();
		await page.waitForURL(`${stage.world.lmsUrl}/admin/${platform}`);
		await page.getByRole('button', { name: 'Activate' }).click();
		await page.getByRole('link', { name: 'Open', exact: true }).last().click();
		frame = await inside(page, 'Learning plans');
		assert.match(frame.url(), new RegExp(`^${stage.world.toolUrl}/app/`));
		await frame.getByText(platform === 'canvas' ? 'English 8B' : 'Norwegian 8A').first().waitFor();
		await context.close();
	});

test('an activity is added, and a student opens it', async () => {
	const context = await stage.context();
	const page = await context.newPage();
	await page.goto(`${stage.world.lmsUrl}/courses/moodle/norwegian-8a`);
	await page.getByRole('link', { name: 'Add activity' }).click();
	await page.getByRole('button', { name: 'Select content' }).click();
	const frame = await (await page.waitForSelector('dialog iframe')).contentFrame();
	await frame.locator('input[type=checkbox]').first().check();
	await frame.locator('button.btn--primary, .btn--primary').last().click();
	await page.waitForURL(`${stage.world.lmsUrl}/courses/moodle/norwegian-8a`);
	const { links } = (await (await fetch(`${stage.world.lmsUrl}/test/placed`)).json()).at(-1);
	assert.equal(links.length, 1);
	await page.getByText(links[0].title).first().waitFor();
	await page.goto(`${stage.world.lmsUrl}/courses/moodle/norwegian-8a/tool?as=bjorn-tangen&link=${links[0].id}`);
	const tool = await (await page.waitForSelector('iframe[name=tool]')).contentFrame();
	await tool.waitForURL((u) => u.href.startsWith(`${stage.world.toolUrl}/app/`));
	await tool.locator('main h1').waitFor();
	await context.close();
});

test('an administrator opens the tool from the account', async () => {
	const context = await stage.context();
	const page = await context.newPage();
	await page.goto(`${stage.world.lmsUrl}/admin/canvas`);
	const opened = context.waitForEvent('page');
	await page.getByRole('link', { name: 'Open Learning plans for the account' }).click();
	const tool = await opened;
	await tool.waitForURL((u) => u.href.startsWith(`${stage.world.toolUrl}/app/`));
	await tool.locator('main h1').waitFor();
	await context.close();
});
