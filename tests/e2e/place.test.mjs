/* Placing links, reports, data privacy and course copies, as people meet them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { focused, tabTo } from './lib/hands.mjs';
import { openStage, size, until } from './lib/stage.mjs';

let stage, client, reviews, sofie;
before(async () => {
	stage = await openStage();
	const { world } = stage;
	client = await world.launch('ingrid-solheim');
	const home = await world.rosterDone(client);
	await world.visitAll();
	sofie = home.participants.find((p) => p.name === 'Sofie Aasen Lund').id;
	const maja = home.participants.find((p) => p.name === 'Maja Rosenlund').id;
	reviews = [];
	for (const [title, startsOn, endsOn, scale] of [['Autumn midterm', '2026-09-01', '2026-10-15', 'no_grades'], ['Reading', '2026-10-16', '2026-11-10', 'no_goal'], ['In words', '2026-11-11', '2026-12-01', null]])
		reviews.push(await client.makeReview({ title, startsOn, endsOn, scale }));
	await client.save(reviews[0].id, sofie, 'value', '5');
	await client.save(reviews[0].id, sofie, 'comment', 'Reads long texts with joy, and asks good questions.');
	await client.save(reviews[0].id, maja, 'value', '4');
	await client.save(reviews[1].id, sofie, 'value', reviews[1].scale.values[0].code);
	await client.save(reviews[2].id, sofie, 'comment', 'Next step: write more.');
	await client.release(reviews[0].id, [sofie]);
	await client.save(reviews[0].id, sofie, 'comment', 'Reads long texts with joy.', 1);
	const own = await world.launch('sofie-aasen-lund');
	await own.saveOwn(reviews[0].id, 'self_comment', 'I read every evening.');
	await own.saveOwn(reviews[0].id, 'self_value', '4');
});
after(() => stage?.close());

const english = async (desk) => {
	await desk.locator('.frame .menu > summary').click();
	await desk.role('button', 'English').click();
};

/* The picker in the LMS's own dialog. */
async function picker(width, settings) {
	const { world } = stage;
	const context = await stage.context({ width });
	const page = await context.newPage();
	await page.goto(`${world.lmsUrl}/courses/canvas/english-8b/place?as=ingrid-solheim`);
	await page.getByRole('button', { name: 'Select content' }).click();
	const root = await (await page.waitForSelector('iframe')).contentFrame();
	await root.locator('main h1').waitFor();
	const desk = stage.desk(page);
	desk.root = root;
	desk.kind = 'frame';
	return desk;
}

describe('reports', () => {
	for (const [kind, width] of [['frame', 1180], ['window', 390]])
		test(`the group, then a student; ${kind}, ${width}`, async () => {
			const desk = await stage.open('Ingrid Solheim', { kind, width });
			await english(desk);
			await desk.role('link', 'Report').click();
			await desk.locator('table.tbl').waitFor();
			assert.equal(await desk.locator('tbody tr').count(), (await client.home()).participants.length);
			await desk.look('report');
			if (width > 1000) {
				const head = desk.role('button', /^Reading/);
				await head.click();
				await head.click();
				assert.equal(await desk.locator('tbody tr').first().locator('th a').textContent(), 'Sofie Aasen Lund');
				assert.equal(await desk.locator('th[aria-sort]').count(), 1);
			}
			await desk.locator('#find').fill('sof');
			assert.equal(await desk.locator('tbody tr').count(), 1);
			await desk.role('link', 'Sofie Aasen Lund').click();
			await desk.heading('Sofie Aasen Lund');
			await focused(desk.locator('h1'));
			await desk.text('Reads long texts with joy.').first().waitFor();
			await desk.text('I read every evening.').waitFor();
			await desk.text('Changed after release').first().waitFor();
			await desk.look('report-student');
			await desk.role('link', /The whole group/).click();
			await desk.locator('table.tbl').waitFor();
		});

	test('more reviews than fit scroll by themselves', async () => {
		const other = await stage.world.launch('jonas-berge', { course: 'matematikk-8b' });
		await stage.world.rosterDone(other);
		for (let n = 1; n <= 9; n++)
			await other.makeReview({ title: `A review with a long title ${n}`, startsOn: `2026-0${n}-01`, endsOn: `2026-0${n}-20` });
		const desk = await stage.open('Jonas Berge', { kind: 'window', course: 'matematikk-8b' });
		await english(desk);
		await desk.role('link', 'Report').click();
		await desk.locator('.report__scroll').waitFor();
		await desk.look('report-wide');
		await desk.context.close();
	});

	test('who is not in the course', async () => {
		const desk = await stage.open('Ingrid Solheim', { kind: 'window' });
		await english(desk);
		await desk.page.goto(`${stage.world.toolUrl}/app/${desk.sid}/open/student/`);
		await desk.heading('Report on a student');
		await desk.text('Not a student of this course').waitFor();
		await desk.look('report-nobody');
		await desk.context.close();
	});
});

describe('data privacy', () => {
	for (const [name, kind, width] of [['Sofie Aasen Lund', 'frame', 390], ['Marte Aasen', 'window', 390], ['Ingrid Solheim', 'window', 1180], ['Ada Fossum', 'window', 1180]])
		test(`by the menu: ${name}`, async () => {
			const desk = await stage.open(name, { kind, width });
			await english(desk);
			await desk.locator('.frame .menu > summary').click();
			await desk.role('link', 'What is kept about me').click();
			await desk.heading('What is kept about you');
			await desk.locator('table.tbl').waitFor();
			await desk.look(`privacy-${name.split(' ')[0].toLowerCase()}`);
			await desk.context.close();
		});
});

describe('a link leads each to their own', () => {
	test('a review: the grid, the own one, the child’s', async () => {
		const [review] = reviews;
		const to = (desk) => desk.page.goto(`${stage.world.toolUrl}/app/${desk.sid}/open/reviews/${review.id}`);
		const ingrid = await stage.open('Ingrid Solheim', { kind: 'window' });
		await to(ingrid);
		await ingrid.heading('Autumn midterm');
		assert.match(ingrid.page.url(), new RegExp(`/reviews/${review.id}$`));
		const own = await stage.open('Sofie Aasen Lund', { kind: 'window', width: 390 });
		await to(own);
		await focused(own.locator(`#r-${review.id}`));
		await own.look('link-student');
		const marte = await stage.open('Marte Aasen', { kind: 'window', width: 390 });
		await to(marte);
		await focused(marte.locator(`#r-${review.id}`));
		/* one that is not theirs is no dead end */
		for (const desk of [own, marte]) {
			await desk.page.goto(`${stage.world.toolUrl}/app/${desk.sid}/open/reviews/018f9999-0000-7000-8000-000000000000`);
			await desk.locator('main h1').waitFor();
			assert.doesNotMatch(await desk.locator('main').innerText(), /does not exist|finnes ikke/);
		}
		for (const desk of [ingrid, own, marte])
			await desk.context.close();
	});
});

describe('a copied course', () => {
	test('offers its set-up; not now, undone, brought', async () => {
		const { world } = stage;
		const copy = await world.hook('copy', { course: 'english-8b', title: 'English 8B 2027', handler: `${world.toolUrl}/lti/notices` });
		const desk = await stage.open('Ingrid Solheim', { kind: 'frame', course: copy.key });
		await english(desk);
		await desk.text(/This course was copied from .*Bring its 3 reviews’ set-up\?/).waitFor();
		await desk.look('copied');
		await desk.role('button', 'Not now').click();
		await desk.text('Nothing was brought').waitFor();
		assert.equal(await desk.role('button', 'Bring the set-up').count(), 0);
		await desk.locator('.toast').getByRole('button', { name: 'Undo' }).click();
		await desk.role('button', 'Bring the set-up').click();
		await desk.text(/3 reviews are set up/).waitFor();
		await desk.role('link', /^Midterm reviews/).click();
		await desk.role('link', 'Autumn midterm').waitFor();
		assert.equal(await desk.locator('tbody tr').count(), 3);
		await desk.context.close();
	});
});

/* Last: each link placed is one more way to open the course. */
describe('placing', () => {
	for (const width of [1180, 390])
		test(`a review and the course, by keyboard; ${width}`, async () => {
			const desk = await picker(width);
			await english(desk);
			await desk.heading('What shall the link open?');
			await desk.locator('.pick').first().waitFor();
			await desk.look('place', { full: false });
			const box = desk.role('checkbox', /^Autumn midterm/);
			await tabTo(desk, box);
			await desk.keyboard.press('Space');
			const title = desk.locator('.pick__title input');
			await tabTo(desk, title, { most: 2 });
			await desk.keyboard.press('ControlOrMeta+a');
			await desk.keyboard.press('Delete');
			await desk.keyboard.press('Enter');
			await desk.text('Write a title, so that the link can be told from others.').waitFor();
			await focused(title);
			await desk.look('place-error', { full: false });
			await desk.keyboard.type('How the autumn went');
			await tabTo(desk, desk.role('checkbox', /^The course/), { key: 'Shift+Tab' });
			await desk.keyboard.press('Space');
			await desk.look('place-two', { full: false });
			await tabTo(desk, desk.role('button', 'Place 2 links'));
			await desk.keyboard.press('Enter');
			await until('the LMS took it', async () => {
				const list = await (await fetch(`${stage.world.lmsUrl}/test/placed`)).json();
				return list.some((a) => a.ok && a.items.length === 2 && a.items.some((i) => i.title === 'How the autumn went'));
			});
			await desk.context.close();
		});

	test('cancelled, nothing is placed', async () => {
		const desk = await picker(1180);
		await english(desk);
		const before = (await (await fetch(`${stage.world.lmsUrl}/test/placed`)).json()).length;
		await desk.role('button', 'Cancel').click();
		const all = await until('an answer came', async () => {
			const list = await (await fetch(`${stage.world.lmsUrl}/test/placed`)).json();
			return list.length > before && list;
		});
		assert.deepEqual([all.at(-1).ok, all.at(-1).links], [true, []]);
		await desk.context.close();
	});
});
