/* Browsers that keep nothing for a frame; several tabs; addresses of a launch; languages. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, makeReview, openReview, row, stored } from './lib/hands.mjs';
import { openStage, until } from './lib/stage.mjs';

let stage;
before(async () => {
	stage = await openStage();
	for (const [who, more] of [['ingrid-solheim'], ['jonas-berge', { course: 'matematikk-8b' }]])
		await stage.world.rosterDone(await stage.world.launch(who, more));
});
after(() => stage?.close());

const language = (desk) => desk.root.evaluate(() => document.documentElement.lang);

describe('a browser that keeps no cookies in frames', () => {
	for (const width of [1180, 390])
		test(`offers a window of its own, and that works, ${width}`, async () => {
			const desk = await stage.open('Ingrid Solheim', { kind: 'frame', width, blocked: true });
			await desk.heading('Learning plans needs its own window here');
			await desk.look('own-window');
			assert.deepEqual(await desk.cookies(), []);
			const [page] = await Promise.all([desk.context.waitForEvent('page'), desk.role('button', 'Open in a new window').click()]);
			const own = stage.desk(page);
			await own.heading('Individual learning plans');
			await page.locator('tbody tr').nth(27).waitFor();
			await makeReview(own, `In a window ${width}`);
			const at = row(own, 'Aksel Bråthen');
			await at.comment.fill('Written in a window.');
			await equalSoon(async () => (await stored(stage.db, `In a window ${width}`))['Aksel Bråthen']?.comment, 'Written in a window.');
			await page.reload();
			await own.heading(`In a window ${width}`);
			assert.equal(await at.comment.inputValue(), 'Written in a window.');
			await desk.close();
		});

	test('opens at once where the LMS opens a window', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window', blocked: true });
		await desk.heading('Individual learning plans');
		await desk.close();
	});

	test('storage is parted, and the words are kept all the same', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame' });
		assert.equal(await desk.root.evaluate(() => document.hasStorageAccess()), false, 'the test browser refuses third-party cookies');
		const cookies = await desk.cookies();
		assert.ok(cookies.length > 0 && cookies.every((c) => c.partitionKey && c.secure && c.httpOnly && c.sameSite === 'None'), JSON.stringify(cookies));
		assert.equal(await desk.root.evaluate(() => document.cookie), '');
		await desk.close();
	});
});

describe('several tabs of one browser', () => {
	for (const kind of ['frame', 'window'])
		test(`two courses and two people keep their own, ${kind}`, async () => {
			const english = await stage.open('Ingrid Solheim', { kind });
			const maths = await stage.open('Jonas Berge', { kind, course: 'matematikk-8b', context: english.context });
			await maths.heading(/./);
			await makeReview(english, `English ${kind}`);
			await maths.locator('summary').click();
			await maths.role('button', 'English').click();
			await maths.heading('Individual learning plans');
			await makeReview(maths, `Maths ${kind}`);
			assert.notEqual(english.sid, maths.sid);
			for (const [desk, name] of [[english, 'Anders Eikeland'], [maths, 'Sigrid Eikeland']]) {
				await row(desk, name).comment.fill(`To ${name}.`);
				await row(desk, name).state.getByText('Saved').waitFor();
			}
			assert.equal(await row(maths, 'Anders Eikeland').li.count(), 0);
			for (const [desk, title, name] of [[english, `English ${kind}`, 'Anders Eikeland'], [maths, `Maths ${kind}`, 'Sigrid Eikeland']]) {
				await desk.root.evaluate(() => location.reload());
				await until('it is read again', () => row(desk, name).comment.inputValue().then((v) => v === `To ${name}.`, () => false));
				await desk.heading(title);
			}
			const courses = await stage.db.rows('SELECT r.title, c.title AS course FROM ilp.review r JOIN ilp.course c USING (tenant_id, course_id)');
			assert.equal(courses.find((r) => r.title === `English ${kind}`).course, 'English 8B');
			assert.equal(courses.find((r) => r.title === `Maths ${kind}`).course, 'Matematikk 8B');
			await english.close();
		});

	test('Back and Forward go through the pages', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		await makeReview(desk, 'Back and forth');
		await desk.page.goBack();
		await desk.role('link', 'Back and forth').waitFor();
		await desk.page.goBack();
		await desk.locator('#find').waitFor();
		assert.equal(await desk.locator('.tabs a[aria-current="page"]').innerText(), 'Current plans');
		await desk.page.goForward();
		await desk.page.goForward();
		await desk.heading('Back and forth');
		await row(desk, 'Aksel Bråthen').comment.waitFor();
		assert.equal(await desk.page.title(), 'Back and forth · English 8B · Learning plans');
		await desk.page.reload();
		await desk.heading('Back and forth');
		await desk.close();
	});

	for (const kind of ['frame', 'window'])
		test(`the address of a launch, opened again, ${kind}`, async () => {
			const desk = await stage.open('Ingrid Solheim', { kind });
			await desk.root.goto(`${stage.world.toolUrl}/lti/launch`);
			await desk.heading(/from your course again/);
			await desk.look('launch-again');
			await desk.close();
		});

	test('an address below /app that leads nowhere', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		await desk.page.goto(`${stage.world.toolUrl}/app/${desk.sid}/nowhere`);
		await desk.heading('This page does not exist');
		await desk.look('missing');
		await desk.role('link', 'Go to the first page').click();
		await desk.heading('Individual learning plans');
		await desk.close();
	});

	test('somebody who is neither teacher nor student nor parent', async () => {
		const desk = await stage.open('Ada Fossum', { kind: 'frame' });
		await desk.heading('There is nothing for you here');
		await desk.look('no-role');
		await desk.close();
	});
});

describe('languages', () => {
	for (const [kind, width] of [['frame', 1180], ['window', 390]])
		test(`from English to bokmål by the menu, ${kind}, ${width}`, async () => {
			const desk = await stage.open('Jonas Berge', { kind, width, course: 'matematikk-8b' });
			/* Jonas chose English in a test before this one. */
			await desk.locator('summary').click();
			await desk.role('button', 'Norsk bokmål').click();
			await until('bokmål', async () => await language(desk) === 'nb');
			await desk.look('nb-plans');
			await desk.close();
		});

	test('the first launch speaks the LMS’s language, the menu another, and that stays', async () => {
		const first = await stage.open('Kari Nilsen', { kind: 'frame' });
		await until('bokmål', async () => await language(first) === 'nb');
		const norwegian = await first.locator('h1').innerText();
		assert.notEqual(norwegian, 'Individual learning plans');
		await first.locator('summary').click();
		await first.look('nb-menu', { full: false });
		await first.role('button', 'English').click();
		await first.heading('Individual learning plans');
		await equalSoon(() => stage.db.value("SELECT language FROM ilp.person WHERE name = 'Kari Nilsen'"), 'en');
		await first.root.evaluate(() => location.reload());
		await first.heading('Individual learning plans');
		assert.equal(await language(first), 'en');
		const again = await stage.open('Kari Nilsen', { kind: 'window', context: first.context });
		await again.heading('Individual learning plans');
		const elsewhere = await stage.open('Kari Nilsen', { kind: 'window' });
		await elsewhere.heading('Individual learning plans');
		await elsewhere.close();
		await first.close();
	});

	test('Moodle’s “no” is bokmål too', async () => {
		const desk = await stage.open('Kari Nordli', { kind: 'frame', platform: 'moodle' });
		await until('bokmål', async () => await language(desk) === 'nb');
		await desk.locator('tbody tr').nth(5).waitFor();
		await desk.look('nb-moodle');
		await desk.close();
	});
});
