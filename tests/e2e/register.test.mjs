/* An administrator of an LMS connects it: our page in the LMS's frame, what became of it,
 * the frame that closes; and the guides for those who do it by hand. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { TENANT } from '../harness/index.mjs';
import { openStage } from './lib/stage.mjs';

let stage;
before(async () => { stage = await openStage(); });
after(() => stage?.close());

async function invitation() {
	const secret = randomBytes(32).toString('base64url');
	await stage.db.psql(`INSERT INTO lti.invitation (invitation_id, tenant_id, secret_hash, expires_at)
		VALUES ('${randomUUID()}', '${TENANT}', '${createHash('sha256').update(secret).digest('hex')}', now() + interval '1 day')`);
	return `${stage.world.toolUrl}/lti/register?invite=${secret}`;
}

/* The administrator's page of the demo LMS, with ours in its frame. */
async function inFrame(context, platform, url) {
	const page = await context.newPage();
	await page.goto(`${stage.world.lmsUrl}/admin/${platform}/register?url=${encodeURIComponent(url)}`);
	const handle = await page.waitForSelector('iframe');
	const desk = Object.assign(stage.desk(page), { root: await handle.contentFrame(), kind: 'frame' });
	return desk.heading(/Connect|not connected/);
}

describe('in the platform’s frame', () => {
	for (const [platform, name, width] of [['canvas', 'Canvas', 1180], ['moodle', 'Moodle', 390]])
		test(`${name} is connected, and its page closes, ${width}`, async () => {
			const context = await stage.context({ width });
			const desk = await inFrame(context, platform, await invitation());
			assert.equal(new URL(desk.root.url()).search, '', 'the one-time token is not in the history');
			await desk.look(`register-${platform}`);
			await desk.role('checkbox', /E-mail addresses/).uncheck();
			await desk.role('button', 'Register').click();
			await desk.heading(`${name} is connected`);
			assert.equal(await desk.text('E-mail addresses').count(), 0, 'not asked for');
			await desk.look(`registered-${platform}`);
			await desk.role('button', 'Close').click();
			await desk.page.waitForURL(`${stage.world.lmsUrl}/admin/${platform}`);
			await context.close();
		});

	test('what nobody invited waits with a code to copy', async () => {
		const context = await stage.context({ width: 390 });
		const desk = await inFrame(context, 'moodle', `${stage.world.toolUrl}/lti/register`);
		await desk.text('Nobody yet.', { exact: false }).waitFor();
		await desk.role('button', 'Register').click();
		await desk.heading('Moodle is registered and waits');
		const code = await desk.locator('.bigcode code').innerText();
		assert.match(code, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
		await desk.role('button', 'Copy').click();
		await desk.role('button', 'Copied').waitFor();
		await desk.look('register-waits');
		await context.close();
	});

	test('a platform’s own words are shown', async () => {
		const context = await stage.context();
		context.record.allow(/status of 422/);
		await stage.world.hook('service/registration', { platform: 'canvas', mode: 'error', status: 422, text: '{"errors":[{"message":"<b>claims</b> must be an array"}]}' });
		const desk = await inFrame(context, 'canvas', await invitation());
		await desk.role('button', 'Register').click();
		await desk.heading('The platform is not connected');
		await desk.text('<b>claims</b> must be an array', { exact: false }).waitFor();
		await desk.look('register-refused');
		await stage.world.hook('reset');
		await context.close();
	});
});

test('the guides, for somebody without an account', async () => {
	const context = await stage.context();
	const page = await context.newPage();
	const desk = stage.desk(page);
	await page.goto(`${stage.world.toolUrl}/connect`);
	await desk.look('connect');
	await desk.role('link', 'Canvas').click();
	await desk.heading('Canvas: how to connect');
	await desk.look('connect-canvas');
	await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
	await desk.role('button', 'Copy').first().click();
	await desk.role('button', 'Copied').waitFor();
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${stage.world.toolUrl}/lti/register`);
	await desk.role('link', 'All platforms').click();
	await desk.heading('Connect your learning platform');
	await context.close();
});
