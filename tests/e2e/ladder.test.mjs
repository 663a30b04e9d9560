/* The binding ladder in a browser: what it keeps, what the LMS offers, and where each
 * leads; windows of their own; the ends of sessions; the launch doctor. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { equalSoon, makeReview, openReview, row, stored } from './lib/hands.mjs';
import { openStage, until } from './lib/stage.mjs';
import { CANVAS } from '../harness/index.mjs';

/* A browser that is let to keep nothing says so when it is asked to, and a refusal is an
 * answer that is no 200. */
const REFUSED = /status of 40[13]/;
let stage, client;
before(async () => {
	stage = await openStage({ personas: ['sakai'] });
	client = await stage.world.launch('ingrid-solheim');
	await stage.world.rosterDone(client);
});
after(() => stage?.close());

const storage = (mode, platform = 'canvas') => stage.world.hook('storage', { platform, mode });
beforeEach(async () => {
	await storage('off');
	await stage.db.psql('DELETE FROM lti.binding');
});

/* Of this test's browser on Canvas: others are written behind too. */
const rungs = () => stage.db.rows(`SELECT rung FROM lti.binding WHERE browser LIKE 'chrome%' AND registration_id = '${CANVAS}'`).then((all) => all.map((r) => r.rung));
const cookies = (desk) => desk.cookies().then((all) => all.map((c) => c.name));
const session = (sid) => `session_id::text LIKE '%${sid}'`;
const end = (sid) => stage.db.psql(`UPDATE ilp.session SET revoked_at = now() WHERE ${session(sid)}`);
const PLANS = 'Individual learning plans';
const WINDOW = 'Learning plans needs its own window here';

/* By the button on the page, into a window. */
async function throughWindow(desk) {
	const [page] = await Promise.all([desk.context.waitForEvent('page'), desk.role('button', 'Open in a new window').first().click()]);
	return stage.desk(page);
}

describe('what the browser keeps', () => {
	for (const kind of ['frame', 'window'])
		for (const [name, options] of [['as Chromium comes', {}], ['everything allowed', { allowed: true }]])
			test(`${name}, ${kind}: by cookie, whatever the LMS offers`, async () => {
				for (const mode of ['off', 'on']) {
					await storage(mode);
					const desk = await stage.open('Ingrid Solheim', { kind, ...options });
					await desk.heading(PLANS);
					assert.ok((await cookies(desk)).includes(`__Host-ilpd-${desk.sid}`));
					await equalSoon(rungs, ['cookie']);
					await desk.close();
				}
			});
	for (const width of [1180, 390])
		test(`nothing in the frame, and the LMS offers storage: in the frame, ${width}`, async () => {
			await storage('on');
			const desk = await stage.open('Ingrid Solheim', { blocked: true, width });
			await desk.heading(PLANS);
			assert.deepEqual(await cookies(desk), []);
			assert.equal(new URL(desk.root.url()).hash, '', 'the code is gone from the address');
			await equalSoon(rungs, ['storage']);
			await makeReview(desk, `By storage ${width}`);
			const at = row(desk, 'Aksel Bråthen');
			await at.comment.fill('Written without a cookie.');
			await equalSoon(async () => (await stored(stage.db, `By storage ${width}`))['Aksel Bråthen']?.comment, 'Written without a cookie.');
			const log = await desk.page.evaluate(() => window.storageLog.map((l) => [l.via, l.subject]));
			assert.deepEqual(log, [['page', 'lti.capabilities'], ['frame', 'lti.put_data'], ['page', 'lti.capabilities'], ['frame', 'lti.get_data'], ['frame', 'lti.put_data']]);
			await desk.close();
		});
	test('what worked is where the next one begins: no way round by a cookie', async () => {
		await storage('on');
		const first = await stage.open('Ingrid Solheim', { blocked: true });
		await equalSoon(rungs, ['storage']);
		await first.close();
		const second = await stage.open('Kari Nilsen', { blocked: true });
		await second.heading(/./);
		assert.deepEqual(second.record.answers.filter((a) => a.url.includes('ilpd_probe')), []);
		await second.close();
	});
	test('the page around answers for a missing frame, and “_parent” is it', async () => {
		await storage('parent-only');
		const desk = await stage.open('Ingrid Solheim', { blocked: true });
		await desk.heading(PLANS);
		await desk.close();
		await storage('on', 'sakai');
		const other = await stage.open('Berit Lie', { blocked: true, platform: 'sakai', course: 'naturfag-7a' });
		await other.heading(/./);
		assert.ok(other.sid.length === 8);
		await other.close();
	});
	for (const mode of ['silent', 'mute', 'wrong_origin', 'error', 'impostor', 'elsewhere'])
		test(`nothing in the frame, and storage that is ${mode}: the window, with the login unspent`, async () => {
			await storage(mode);
			const desk = await stage.open('Ingrid Solheim', { blocked: true, ready: null });
			/* The browser itself keeps the value from a frame of another origin. */
			desk.record.allow(mode === 'elsewhere' ? /target origin provided/ : /^$/);
			await desk.root.waitForURL((u) => u.href.startsWith(stage.world.toolUrl));
			await desk.heading(WINDOW);
			assert.equal(await desk.root.evaluate(() => document.activeElement.tagName), 'H1');
			const why = { wrong_origin: 'wrong_origin', error: 'storage_exhaustion' }[mode] ?? 'no_answer';
			assert.equal(await desk.locator('#otherwise div[data-help=reason] dd').textContent(), `browser_cookie_missing (storage: ${why})`);
			const own = await throughWindow(desk);
			await own.heading(PLANS);
			await equalSoon(rungs, ['window']);
			await desk.close();
		});
	for (const mode of ['forgetful', 'other'])
		test(`storage that is ${mode} lets nobody in, and says what to do`, async () => {
			await storage(mode);
			const desk = await stage.open('Ingrid Solheim', { blocked: true, ready: null });
			desk.record.allow(REFUSED);
			await desk.root.waitForURL((u) => u.href.startsWith(stage.world.toolUrl));
			await desk.heading('Learning plans could not open');
			const reason = mode === 'other' ? 'browser_mismatch' : 'browser_storage_missing';
			await desk.locator('summary').first().click();
			await desk.locator('#otherwise dd', { hasText: reason }).waitFor();
			await desk.look(`storage-${mode}`);
			const code = await desk.locator('#otherwise div[data-help=code] dd').innerText();
			await until('it is in the launch log', async () => await stage.db.value(`SELECT reason FROM lti.launch WHERE code = '${code}'`) === reason);
			assert.equal((await cookies(desk)).length, 0);
			if (mode === 'forgetful') {
				await equalSoon(rungs, ['window']);
				await desk.page.reload();
				const again = await (await desk.page.waitForSelector('iframe[name=tool]')).contentFrame();
				await again.locator('h1', { hasText: WINDOW }).waitFor();
			}
			await desk.close();
		});
	test('the page says that it waits', async () => {
		await storage('mute');
		const desk = await stage.open('Ingrid Solheim', { blocked: true, ready: null });
		await desk.root.waitForURL((u) => u.href.startsWith(stage.world.toolUrl));
		await desk.text('Connecting to your learning platform').waitFor();
		await desk.look('storage-wait', { only: 'picture' });
		await desk.heading(WINDOW);
		await desk.look('storage-window');
		await desk.close();
	});
	test('without JavaScript the window is there at once', async () => {
		await storage('on');
		/* In a window: the switch of the test does not reach a frame of another site in time. */
		const { url, params } = await stage.world.hook('initiation', { platform: 'canvas', course: 'english-8b', user: 'ingrid-solheim', storage: true });
		const context = await stage.context({ javaScriptEnabled: false });
		const page = await context.newPage();
		await page.goto(`${url}?${new URLSearchParams({ ...params, ilpd_probe: '1' })}`);
		assert.ok((await page.content()).includes('data-do="put"'));
		await page.locator('h1:visible', { hasText: WINDOW }).waitFor();
		assert.equal(await page.locator('button:visible').count(), 1);
		await context.close();
	});
});

describe('reload, Back and several tabs, without a cookie', () => {
	beforeEach(() => storage('on'));
	test('two courses in two tabs keep their own', async () => {
		const english = await stage.open('Ingrid Solheim', { blocked: true });
		const maths = await stage.open('Jonas Berge', { course: 'matematikk-8b', context: english.context });
		await maths.heading(/./);
		assert.notEqual(english.sid, maths.sid);
		await english.root.evaluate(() => fetch('/api/home', { headers: { 'X-Session': location.pathname.split('/')[2] } })).catch(() => undefined);
		await makeReview(english, 'English without a cookie');
		await openReview(english, 'English without a cookie');
		await row(english, 'Anders Eikeland').comment.fill('To Anders.');
		await equalSoon(async () => (await stored(stage.db, 'English without a cookie'))['Anders Eikeland']?.comment, 'To Anders.');
		english.record.allow(REFUSED);
		await english.close();
	});
	test('the storage page, loaded again, asks again', async () => {
		await storage('mute');
		const desk = await stage.open('Ingrid Solheim', { blocked: true, ready: null });
		await desk.root.waitForURL((u) => u.href.startsWith(stage.world.toolUrl));
		await desk.text('Connecting to your learning platform').waitFor();
		await desk.page.evaluate(() => window.storageLog.splice(0));
		await desk.root.evaluate(() => location.reload());
		await desk.heading(WINDOW);
		assert.ok((await desk.page.evaluate(() => window.storageLog.length)) >= 2);
		const own = await throughWindow(desk);
		await own.heading(PLANS);
		await equalSoon(rungs, ['window']);
		await desk.close();
	});
	test('the app, loaded again in a frame that keeps nothing, says where to go', async () => {
		const desk = await stage.open('Ingrid Solheim', { blocked: true });
		desk.record.allow(REFUSED);
		await desk.heading(PLANS);
		await desk.root.evaluate(() => location.reload());
		await desk.heading('Open Learning plans again from your course');
		await desk.look('bearer-gone');
		const again = await stage.open('Ingrid Solheim', { context: desk.context });
		await again.heading(PLANS);
		await desk.close();
	});
	/* Forward is left out: Playwright loses a frame of another site that comes back by it. */
	test('Back is a page of the platform’s, and the course opens again', async () => {
		const desk = await stage.open('Ingrid Solheim', { blocked: true });
		await desk.heading(PLANS);
		await desk.page.evaluate(() => history.back());
		await until('the platform’s page', () => desk.page.frames().some((f) => f.name() === 'tool' && f.url().startsWith(stage.world.lmsUrl)));
		const again = await stage.open('Ingrid Solheim', { context: desk.context });
		await again.heading(PLANS);
		await desk.close();
	});
});

describe('a window of its own', () => {
	for (const [name, options] of [['with cookies', {}], ['without', { blocked: true }]])
		test(`from the frame, at the same place, ${name}`, async () => {
			await storage('on');
			const desk = await stage.open('Ingrid Solheim', options);
			await desk.heading(PLANS);
			const title = `Own window ${name}`;
			await makeReview(desk, title);
			await row(desk, 'Aksel Bråthen').comment.fill('From the frame.');
			await desk.look(`frame-menu-${name}`, { full: false });
			const [page] = await Promise.all([desk.context.waitForEvent('page'), desk.role('button', 'Open in a window of its own').click()]);
			const own = stage.desk(page);
			await own.heading(title);
			assert.notEqual(own.sid, desk.sid);
			assert.equal(new URL(page.url()).hash, '');
			assert.equal(await page.evaluate(() => window.opener), null);
			await until('the words are there', async () => await row(own, 'Aksel Bråthen').comment.inputValue() === 'From the frame.');
			assert.equal(await own.role('button', 'Open in a window of its own').count(), 0);
			await page.reload();
			await own.heading(title);
			await desk.close();
		});
	test('an address with a code that another site sends somebody to opens nothing', async () => {
		const { location } = (await client.post('/session/code', {})).json;
		const context = await stage.context();
		context.record.allow(REFUSED);
		const page = await context.newPage();
		await page.goto(stage.world.lmsUrl);
		await page.evaluate((url) => { window.location.href = url; }, stage.world.toolUrl + location);
		const desk = stage.desk(page);
		await desk.heading('Open Learning plans again from your course');
		assert.equal(new URL(page.url()).hash, '');
		const sid = location.split('/')[2];
		assert.equal(await stage.db.value(`SELECT expires_at - started_at < interval '1 minute' FROM ilp.session WHERE ${session(sid)}`), 't', 'nobody redeemed it');
		assert.deepEqual(await cookies(desk), []);
		await context.close();
	});
});

describe('the end of a session', () => {
	test('typed after it, sent after the course was opened again, without a cookie in between', async () => {
		const desk = await stage.open('Ingrid Solheim', {});
		desk.record.allow(REFUSED);
		desk.page.on('dialog', (d) => d.accept());
		await desk.heading(PLANS);
		const [page] = await Promise.all([desk.context.waitForEvent('page'), desk.role('button', 'Open in a window of its own').click()]);
		const own = stage.desk(page);
		page.on('dialog', (d) => d.accept());
		await own.heading(PLANS);
		await makeReview(own, 'After the end');
		await end(own.sid);
		const at = row(own, 'Aksel Bråthen');
		await at.comment.fill('Typed after the end.');
		await own.text('You are no longer signed in here.').waitFor();
		await own.look('bearer-ended', { full: false });
		await at.comment.fill('Typed after the end, and more.');
		await page.close();
		const again = await stage.open('Ingrid Solheim', { kind: 'window', context: desk.context });
		await again.heading(PLANS);
		await equalSoon(async () => (await stored(stage.db, 'After the end'))['Aksel Bråthen']?.comment, 'Typed after the end, and more.');
		await desk.close();
	});
	for (const [name, options] of [['cookie', {}], ['bearer', { blocked: true }]])
		test(`signed out, ${name}: nothing of it stays`, async () => {
			await storage('on');
			const desk = await stage.open('Ingrid Solheim', options);
			desk.record.allow(REFUSED);
			await desk.heading(PLANS);
			const { sid } = desk;
			await desk.locator('.frame .menu summary').click();
			await desk.look(`menu-${name}`, { full: false });
			await desk.role('button', 'Sign out').click();
			await desk.locator('dialog[open]').waitFor();
			await desk.look(`sign-out-${name}`, { full: false });
			await desk.locator('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
			await desk.heading('You are signed out');
			await desk.look(`signed-out-${name}`);
			assert.deepEqual((await cookies(desk)).filter((n) => n.endsWith(sid)), []);
			assert.equal(await stage.db.value(`SELECT revoked_at IS NOT NULL FROM ilp.session WHERE ${session(sid)}`), 't');
			assert.doesNotMatch(await desk.root.evaluate(() => document.documentElement.outerHTML), /Ingrid|Aksel/);
			await desk.root.goto(`${stage.world.toolUrl}/app/${sid}/`);
			await desk.heading('Open Learning plans again from your course');
			await desk.close();
		});
	test('signing out asks what becomes of text that is not saved', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		desk.record.allow(REFUSED, /Failed to load resource|net::ERR/);
		desk.page.on('dialog', (d) => d.accept());
		await desk.heading(PLANS);
		await makeReview(desk, 'Kept or deleted');
		await desk.page.route('**/entries/**', (route) => route.abort());
		await row(desk, 'Aksel Bråthen').comment.fill('Not saved yet.');
		await row(desk, 'Aksel Bråthen').state.getByText(/Not saved/).waitFor();
		await desk.locator('.frame .menu summary').click();
		await desk.role('button', 'Sign out').click();
		await desk.text('1 change is not saved yet.').waitFor();
		await desk.look('sign-out-unsaved', { full: false });
		await desk.role('button', 'Keep and sign out').click();
		await desk.heading('You are signed out');
		const again = await stage.open('Ingrid Solheim', { kind: 'window', context: desk.context });
		await again.heading(PLANS);
		await equalSoon(async () => (await stored(stage.db, 'Kept or deleted'))['Aksel Bråthen']?.comment, 'Not saved yet.');
		await again.page.route('**/entries/**', (route) => route.abort());
		await openReview(again, 'Kept or deleted');
		again.page.on('dialog', (d) => d.accept());
		await row(again, 'Aksel Bråthen').comment.fill('Never to be saved.');
		await row(again, 'Aksel Bråthen').state.getByText(/Not saved/).waitFor();
		await again.locator('.frame .menu summary').click();
		await again.role('button', 'Sign out').click();
		await again.role('button', 'Delete and sign out').click();
		await again.heading('You are signed out');
		assert.deepEqual(await again.page.evaluate(() => Object.keys(localStorage).filter((k) => k.includes('draft'))), []);
		await desk.close();
	});
});

describe('the launch doctor', () => {
	const at = async (desk) => {
		await desk.root.goto(`${stage.world.toolUrl}/doctor`);
		await desk.heading('Can this browser open Learning plans?');
		await desk.locator('#given').waitFor();
		return {
			verdict: await desk.locator('[data-verdict]:not([hidden])').innerText(),
			code: await desk.locator('#code').innerText(),
			rows: Object.fromEntries(await desk.locator('[data-check]').evaluateAll((all) => all.map((li) => [li.dataset.check, [...li.querySelectorAll('.sub:not([hidden])')].map((s) => s.dataset.when).join()]))),
		};
	};
	const kept = (code) => until('it is kept', () => stage.db.rows(`SELECT result FROM lti.doctor WHERE code = '${code}'`).then((r) => r[0]?.result));
	for (const width of [1180, 390]) {
		test(`in a frame, as Chromium comes, ${width}`, async () => {
			const desk = await stage.open('Ingrid Solheim', { width });
			const seen = await at(desk);
			assert.match(seen.verdict, /opens inside the page of your course/);
			assert.deepEqual(seen.rows, { script: 'good', frame: 'fair', parted: 'good', cookies: 'fair', access: 'fair', platform: 'fair', local: 'good', clock: 'good' });
			const found = await kept(seen.code);
			assert.deepEqual({ frame: found.frame, parted: found.parted, cookies: found.cookies, local: found.local, access: found.access }, { frame: true, parted: true, cookies: false, local: true, access: false });
			await desk.look('doctor');
			await desk.role('button', 'Copy').click();
			await until('it is copied or marked', () => desk.root.evaluate(() => document.getElementById('copy').textContent === 'Copied' || String(getSelection()) === document.getElementById('code').textContent));
			await desk.close();
		});
		test(`in a window, ${width}`, async () => {
			const desk = await stage.open('Ingrid Solheim', { kind: 'window', width });
			const seen = await at(desk);
			assert.match(seen.verdict, /opens in this browser/);
			assert.equal(seen.rows.frame, 'good');
			await desk.look('doctor');
			await desk.close();
		});
	}
	for (const [mode, verdict] of [['on', /opens inside the page/], ['silent', /one click in a window of its own/], ['off', /one click in a window of its own/]])
		test(`in a frame that keeps nothing, storage ${mode}`, async () => {
			await storage(mode);
			const desk = await stage.open('Ingrid Solheim', { blocked: true });
			await desk.heading(mode === 'on' ? PLANS : WINDOW);
			const seen = await at(desk);
			assert.match(seen.verdict, verdict);
			assert.equal(seen.rows.parted, 'fair');
			assert.equal(seen.rows.platform, mode === 'on' ? 'good' : 'fair');
			assert.equal(seen.rows.local, 'fair');
			assert.equal((await kept(seen.code)).put, mode === 'on');
			await desk.look(`doctor-blocked-${mode}`);
			await desk.close();
		});
	test('a clock that is wrong', async () => {
		const context = await stage.context();
		await context.addInitScript(() => { const real = Date.now; Date.now = () => real() + 3_600_000; });
		const page = await context.newPage();
		await page.goto(`${stage.world.toolUrl}/doctor`);
		await page.locator('#given').waitFor();
		await page.getByText(/differ by 3(599|600|601) s/).waitFor();
		await context.close();
	});
	test('is one click away from a refusal', async () => {
		await stage.world.hook('overrides', { platform: 'canvas', user: 'ingrid-solheim', times: 1, overrides: { sign: 'bitflip' } });
		const desk = await stage.open('Ingrid Solheim', {});
		desk.record.allow(REFUSED);
		await desk.heading('Learning plans could not open');
		await desk.look('refused');
		await desk.role('link', 'Test this browser').click();
		await desk.heading('Can this browser open Learning plans?');
		await desk.locator('#given').waitFor();
		await desk.close();
	});
});
