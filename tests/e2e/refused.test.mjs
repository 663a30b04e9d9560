/* Launches that are refused: a page that says why, what to do, and a code to pass on. */
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { openStage } from './lib/stage.mjs';

let stage;
before(async () => { stage = await openStage(); });
after(() => stage?.close());

/* The page of a refusal, with its reason also in the log. */
async function refusal(desk, reason, words) {
	await desk.text(words).first().waitFor();
	await desk.locator('summary').click();
	await desk.locator('dd').getByText(reason, { exact: true }).waitFor();
	const reference = await desk.locator('dd').nth(2).innerText();
	assert.ok(reference.length > 0);
	await stage.world.tool.logged(reason);
	const page = await desk.locator('body').innerText();
	assert.ok(!/eyJ|id_token|stack|\.c:\d/.test(page), page);
	await desk.look(`refused-${reason}`);
	assert.equal(await stage.db.value('SELECT count(*) FROM ilp.session'), '0');
}

for (const width of [1180, 390])
	test(`an LMS nobody has connected, ${width}`, async () => {
		const context = await stage.context({ width });
		context.record.allow(/status of 4\d\d/);
		const page = await context.newPage();
		const desk = stage.desk(page);
		await page.goto(`${stage.world.toolUrl}/lti/login?iss=${encodeURIComponent('https://lms.example')}&login_hint=1&client_id=9&target_link_uri=${encodeURIComponent(`${stage.world.toolUrl}/`)}`);
		await refusal(desk, 'platform_unknown', 'Your learning platform is not connected to this service.');
		await context.close();
	});

/* The sealed state of a login, as it would be had it been made earlier. */
function aged(state, seconds) {
	const key = Buffer.from(hkdfSync('sha256', Buffer.from(stage.world.settings.ILPD_KEY, 'base64url'), Buffer.alloc(0), 'lti state', 32));
	const sealed = Buffer.from(state, 'base64url');
	const open = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
	const inside = JSON.parse(Buffer.concat([open.update(sealed.subarray(12, -16)), open.final()]));
	inside.i -= seconds;
	const nonce = randomBytes(12);
	const close = createCipheriv('aes-256-gcm', key, nonce);
	return Buffer.concat([nonce, close.update(JSON.stringify(inside)), close.final(), close.getAuthTag()]).toString('base64url');
}

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	test(`a login that stood open too long, ${kind}, ${width}`, async () => {
		const context = await stage.context({ width });
		context.record.allow(/status of 4\d\d/);
		await context.route(`${stage.world.toolUrl}/lti/launch`, (route) => {
			const form = new URLSearchParams(route.request().postData());
			form.set('state', aged(form.get('state'), 3600));
			return route.continue({ postData: String(form) });
		});
		const desk = await stage.open('Ingrid Solheim', { kind, context, ready: 'details' });
		await refusal(desk, 'state_expired', 'It took too long to open the page, so the link is no longer valid.');
		await context.close();
	});

describe('what an LMS sends that cannot be accepted', () => {
	for (const [reason, words, overrides] of [
		['token_expired', 'The link from your learning platform is no longer valid.', { times: { exp: -3600, iat: -3700 } }],
		['token_signature', 'changed on the way', { sign: 'bitflip' }],
		['roles_missing', 'did not say whether you are a teacher or a student', { claims: { 'C/roles': null } }],
		['state_invalid', 'could not be matched with a click in your course', { fields: { state: 'nonsense' } }],
	])
		test(reason, async () => {
			await stage.world.hook('overrides', { platform: 'canvas', user: 'ingrid-solheim', overrides });
			const context = await stage.context();
			context.record.allow(/status of 4\d\d/);
			const desk = await stage.open('Ingrid Solheim', { context, ready: 'details' });
			await refusal(desk, reason, words);
			await context.close();
		});
});

test('a refusal speaks the browser’s language where nothing else is known', async () => {
	const context = await stage.context({ locale: 'nb-NO' });
	context.record.allow(/status of 4\d\d/);
	const page = await context.newPage();
	await page.goto(`${stage.world.toolUrl}/lti/login?iss=${encodeURIComponent('https://lms.example')}&login_hint=1&target_link_uri=x`);
	assert.equal(await page.locator('html').getAttribute('lang'), 'nb');
	await stage.desk(page).look('refused-nb');
	await context.close();
});

test('pages nobody should end on', async () => {
	const context = await stage.context();
	context.record.allow(/status of 4\d\d/);
	const page = await context.newPage();
	const desk = stage.desk(page);
	for (const [path, name] of [['/', 'root'], ['/nowhere', 'not-found'], ['/app/00000000/', 'no-session'], ['/lti/launch', 'launch-direct']]) {
		await page.goto(stage.world.toolUrl + path);
		await page.locator('h1').waitFor();
		await desk.look(name);
	}
	await context.close();
});
