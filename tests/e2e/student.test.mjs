/* A student: writes for himself, and of the teacher's words nothing exists for him before
 * they are released. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { equalSoon, openReview, row, stored } from './lib/hands.mjs';
import { openStage, until, VARIANTS } from './lib/stage.mjs';

let stage, client;
before(async () => {
	stage = await openStage();
	client = await stage.world.launch('ingrid-solheim');
	await stage.world.rosterDone(client);
});
after(() => stage?.close());

const card = (desk, title) => desk.locator(`section.panel:has(h2:text-is("${title}"))`);

/* Whatever a page holds: what is drawn, and what waits in fields and attributes. */
const everything = (desk) => desk.root.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('textarea, input')].map((e) => e.value).join('\n'));

/* Neither in the page nor in anything the tool ever answered this browser. */
async function knowsNothingOf(desk, word) {
	assert.ok(!(await everything(desk)).includes(word), 'not in the page');
	assert.ok(!(await desk.record.bodies()).includes(word), 'not in an answer');
}

async function release(ingrid, n, name) {
	await ingrid.role('button', 'Release…').click();
	const button = ingrid.role('button', `Release to ${n} student${n === 1 ? '' : 's'}`);
	await button.waitFor();
	await ingrid.look(name, { full: false });
	await button.click();
	await ingrid.locator('.toast').getByText(`Released to ${n} student`).last().waitFor();
}

let run = 0;
/* Much of it is waiting for a pause in the typing: two at a time. */
describe('a student', { concurrency: 2 }, () => {
	for (const [kind, width] of VARIANTS)
		test(`self-assessment, and the teacher’s words once they are released; ${kind}, ${width}`, async () => {
			run += 1;
			const title = `Midterm ${run}`, word = `Zebrafink${run}`, later = `Gullspurv${run}`, own = `I read more at home, ${run}.`;
			await client.makeReview({ title });
			const ingrid = await stage.open('Ingrid Solheim', { kind: kind === 'frame' ? 'window' : 'frame', width, own: true });
			await openReview(ingrid, title);
			const hers = row(ingrid, 'Sofie Aasen Lund');
			await hers.comment.fill(`${word}: steady work.`);
			await hers.grade(5).focus();
			await ingrid.keyboard.press('5');
			await equalSoon(async () => (await stored(stage.db, title))['Sofie Aasen Lund'], { value: '5', comment: `${word}: steady work.` });

			const sofie = await stage.open('Sofie Aasen Lund', { kind, width, own: true });
			await sofie.heading(/./);
			await sofie.locator('summary').click();
			await sofie.role('button', 'English').click();
			await sofie.heading('My midterm reviews');
			const mine = card(sofie, title);
			await mine.getByText('Your teacher’s words come here when they are released.').waitFor();
			const box = mine.getByLabel('How do you think it is going?');
			await box.fill(own);
			await mine.locator('.save').getByText('Saved').waitFor();
			const grade = mine.locator('input[data-grade][value="4"]');
			await grade.focus();
			await sofie.keyboard.press('4');
			await equalSoon(async () => (({ self_value, self_comment }) => ({ self_value, self_comment }))((await stored(stage.db, title))['Sofie Aasen Lund']), { self_value: '4', self_comment: own });
			await sofie.look('student-before');
			await knowsNothingOf(sofie, word);

			/* The teacher sees the student's own words at once. */
			await ingrid.root.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
			await hers.li.getByText(own).waitFor();
			await ingrid.look('grid-self', { full: false });

			await sofie.root.evaluate(() => location.reload());
			await until('the page is there again', () => sofie.root.evaluate((t) => document.body.innerText.includes(t), title).catch(() => false));
			assert.equal(await box.inputValue(), own);
			await knowsNothingOf(sofie, word);

			await release(ingrid, 1, 'dialog-release');
			await sofie.root.evaluate(() => location.reload());
			await mine.getByText(`${word}: steady work.`).waitFor();
			await mine.getByText('What your teacher says').waitFor();
			assert.match(await mine.locator('.valuebox').innerText(), /5/);
			await mine.getByText('Ingrid Solheim').waitFor();
			assert.equal(await box.inputValue(), own, 'his own words stand beside them');
			await sofie.look('student-after');

			/* What is changed afterwards is not seen until it is released again. */
			await hers.comment.fill(`${later}: even better.`);
			await equalSoon(async () => (await stored(stage.db, title))['Sofie Aasen Lund'].comment, `${later}: even better.`);
			await hers.li.getByText('Changed after release').waitFor();
			await sofie.root.evaluate(() => location.reload());
			await mine.getByText(word).waitFor();
			await knowsNothingOf(sofie, later);
			await release(ingrid, 1, 'dialog-release-again');
			await sofie.root.evaluate(() => location.reload());
			await mine.getByText(later).waitFor();
			await Promise.all([ingrid.close(), sofie.close()]);
		});

	test('a student sees no other student, and nothing of a review for parents only', async () => {
		const review = await client.makeReview({ title: 'For parents', toStudents: false, selfAssessment: false });
		const home = await client.home();
		const sofie = home.participants.find((p) => p.name === 'Sofie Aasen Lund');
		await client.save(review.id, sofie.id, 'comment', 'Rosenfink: for her parents.');
		assert.equal((await client.release(review.id, [sofie.id])).status, 200);
		const desk = await stage.open('Sofie Aasen Lund', { kind: 'frame' });
		await desk.locator('section.panel').first().waitFor();
		await knowsNothingOf(desk, 'Rosenfink');
		const said = await desk.record.bodies();
		for (const { name } of home.participants)
			assert.equal(said.includes(name), name === 'Sofie Aasen Lund', name);
		await desk.close();
	});

	test('a student without any review is told so', async () => {
		const desk = await stage.open('Zara Malik', { kind: 'window', course: 'matematikk-8b' });
		await desk.heading(/./);
		await desk.locator('.empty').waitFor();
		await desk.look('student-empty');
		await desk.close();
	});
});
