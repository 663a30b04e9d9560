/* Plans on paper: the PDF of one and of a group, for parents and for staff, A4 and Letter,
 * read back with poppler. What a family copy may not hold is looked for in it, in the page,
 * and in every answer that made it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makePlan, publish } from '../harness/plans.mjs';
import { addPost, addRow, addTask, autumn, school, write } from './lib/plans.mjs';
import { openStage, until } from './lib/stage.mjs';

const SHOTS = process.env.ILPD_SHOTS;
const STAFF_WORD = 'zebrafinch', LOG_WORD = 'quokkalog';
const PAPER = { A4: [595, 842], Letter: [612, 792] };

let stage, ingrid, people, plan, plans, grp;
before(async () => {
	stage = await openStage();
	const { world } = stage;
	ingrid = await world.launch('ingrid-solheim');
	const home = await world.rosterDone(ingrid);
	await world.visitAll();
	await school(world);
	people = home.participants;
	const sofie = people.find((p) => p.name === 'Sofie Aasen Lund');
	({ plan } = await autumn(world, ingrid, sofie.id));
	const page = (await ingrid.get(`/plans/${plan}`)).json;
	const goal = page.rows.find((r) => r.kind === 'goal').id;
	await addPost(ingrid, plan, 'note', `Only for us: ${STAFF_WORD}.`, { row: goal, audience: 'MCH' });
	await addPost(ingrid, plan, '_log', `We talked: ${LOG_WORD}.`);
	const student = await world.launch('sofie-aasen-lund');
	await write(student, plan, goal, 'reflection', 'It is easier in small groups. Nobody laughed when I got a word wrong.');
	const review = await ingrid.makeReview({ title: 'Halfway', startsOn: '2026-11-01', endsOn: '2026-11-30', scale: 'no_grades' });
	await ingrid.save(review.id, sofie.id, 'value', '4');
	await ingrid.save(review.id, sofie.id, 'comment', 'Your texts have a clear thread.');
	await ingrid.release(review.id, [sofie.id]);
	/* The others: a goal and a task each, and a note of staff in every one. */
	const others = people.filter((p) => p.id !== sofie.id).slice(0, 27);
	grp = [sofie, ...others];
	plans = [plan, ...await makePlan(ingrid, others.map((p) => p.id))];
	await Promise.all(plans.slice(1).map(async (one, i) => {
		const c = await addRow(ingrid, one, 'competence', `Competence of ${others[i].name}`);
		const g = await addRow(ingrid, one, 'goal', 'Read every day', c);
		await addTask(ingrid, one, g, 'Borrow a book');
		await addPost(ingrid, one, 'note', `${STAFF_WORD} ${i}`, { row: g, audience: 'MCH' });
	}));
	await publish(ingrid, ...plans.slice(1));
});
after(() => stage?.close());

const clock = () => new Promise((done) => { setTimeout(done, 400); });

/* Opens a page of the tool by its address, in the window of somebody who opened the course. */
async function at(name, path, more = {}) {
	const desk = await stage.open(name, { kind: 'window', width: 1180, ...more });
	await desk.locator('.frame .menu > summary').click();
	await desk.role('button', 'English').click();
	await desk.root.evaluate(() => { window.printed = 0; window.print = () => { window.printed += 1; }; });
	await desk.root.evaluate((to) => {
		const [, app, sid] = location.pathname.split('/');
		history.pushState(null, '', `/${app}/${sid}/${to}`);
		dispatchEvent(new PopStateEvent('popstate'));
	}, path);
	return desk;
}

/* The PDF, its text by page, and how large its pages are. */
async function pdf(desk, name, format) {
	await clock();
	const bytes = await desk.page.pdf({ preferCSSPageSize: true, printBackground: true });
	const file = join(SHOTS ?? tmpdir(), `print-${name}-${format}-${process.pid}.pdf`);
	if (SHOTS)
		mkdirSync(SHOTS, { recursive: true });
	writeFileSync(file, bytes);
	if (SHOTS)
		execFileSync('pdftoppm', ['-r', '60', '-png', file, file.replace(/\.pdf$/, '')]);
	const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
	const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
	const pages = text.split('\f').slice(0, -1);
	const [, w, h] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info);
	const [wide, high] = PAPER[format];
	assert.ok(Math.abs(w - wide) < 2 && Math.abs(h - high) < 2, `${name}: ${w} x ${h} is not ${format}`);
	assert.equal(pages.length, Number(/Pages:\s+(\d+)/.exec(info)[1]));
	return { text, pages };
}

async function paper(desk, which) {
	await desk.locator('#paper').selectOption(which === 'Letter' ? 'letter' : 'A4');
}
const plain = (text) => text.replace(/\s+/g, ' ');

describe('one plan', () => {
	for (const format of ['A4', 'Letter'])
		test(`as parents see it, ${format}`, async () => {
			const desk = await at('Ingrid Solheim', `print/plans/${plan}`);
			await desk.locator('.sheet h1', { hasText: 'Sofie Aasen Lund' }).waitFor();
			await paper(desk, format);
			const { text, pages } = await pdf(desk, 'parents', format);
			const words = plain(text);
			for (const part of ['Sofie Aasen Lund', 'Solbakken skole', 'As seen by parents', 'Express herself orally', 'Nobody laughed', 'Practise the book talk', '(completed', 'The Lighthouse at Skarvøy',
				'Midterm reviews in the period', 'Grade 4', 'Your texts have a clear thread.', 'Student, date', 'by 11 December 2026', 'at home', 'Notes for staff are never on this sheet'])
				assert.ok(words.includes(part), `${part} is not on paper: ${words.slice(0, 3000)}`);
			assert.ok(pages.length >= 1 && pages.length <= 3, `${pages.length} pages`);
			for (const [i, page] of pages.entries())
				assert.match(plain(page), new RegExp(`Page ${i + 1} of ${pages.length}`));
			assert.match(words, /Printed \d+ \w+ 20\d\d, \d\d:\d\d, by Ingrid Solheim/);
			for (const never of [STAFF_WORD, LOG_WORD, 'Sitting with Hedda', 'Staff only', 'Mentor note', 'http'])
				assert.ok(!words.includes(never), `${never} is on the parents' sheet`);
			/* Nor in the page, nor in what the server sent for it. */
			assert.ok(!(await desk.root.content()).includes(STAFF_WORD));
			const sent = desk.record.answers.filter((a) => a.url.includes('/api/plans/'));
			assert.ok(sent.length > 0);
			assert.ok(!(await desk.record.bodies()).includes(STAFF_WORD));
			await desk.close();
		});

	test('the staff copy says what is for staff only', async () => {
		const desk = await at('Ingrid Solheim', `print/plans/${plan}`);
		await desk.locator('.sheet h1').waitFor();
		await desk.locator('#copy').selectOption('staff');
		await desk.locator('.sheet', { hasText: STAFF_WORD }).waitFor();
		await desk.locator('#o-log').check();
		const words = plain((await pdf(desk, 'staff', 'A4')).text);
		for (const part of [STAFF_WORD, LOG_WORD, 'STAFF ONLY', 'Staff copy', 'Holds notes that are for staff'])
			assert.ok(words.includes(part), `${part} is not on the staff's sheet: ${words}`);
		await desk.close();
	});

	test('reviews, log and signatures as chosen', async () => {
		const desk = await at('Ingrid Solheim', `print/plans/${plan}`);
		await desk.locator('.sheet h1').waitFor();
		await desk.locator('#copy').selectOption('student');
		await desk.locator('.sheet__head', { hasText: 'As seen by the student' }).waitFor();
		await desk.locator('#o-log').check();
		await desk.locator('#o-reviews').uncheck();
		await desk.locator('#o-sign').uncheck();
		const words = plain((await pdf(desk, 'chosen', 'A4')).text);
		assert.ok(words.includes(LOG_WORD)); /* students read the log */
		assert.ok(!words.includes('Midterm reviews in the period'));
		assert.ok(!words.includes('Student, date'));
		assert.ok(!words.includes(STAFF_WORD));
		await desk.close();
	});

	test('parents print what they see', async () => {
		const desk = await at('Marte Aasen', `print/plans/${plan}`);
		await desk.locator('.sheet h1', { hasText: 'Sofie Aasen Lund' }).waitFor();
		assert.equal(await desk.locator('#copy').count(), 0);
		const words = plain((await pdf(desk, 'by-parent', 'A4')).text);
		assert.ok(words.includes('Express herself orally'));
		assert.ok(!words.includes(STAFF_WORD) && !(await desk.record.bodies()).includes(STAFF_WORD));
		await desk.look('print-parent');
		await desk.close();
	});

	test('who it is nothing to gets no sheet', async () => {
		const desk = await at('Lise Bråthen', `print/plans/${plan}`);
		desk.record.allow(/404/);
		await desk.locator('[role=alert]').waitFor();
		assert.equal(await desk.locator('.sheet:not(.sheet--wait)').count(), 0);
		assert.ok(!(await desk.record.bodies()).includes('Express herself orally'));
		await desk.close();
	});

	test('on a screen, both widths', async () => {
		const desk = await at('Ingrid Solheim', `print/plans/${plan}`);
		await desk.locator('.sheet h1').waitFor();
		await desk.look('print');
		await desk.role('button', 'Print').click();
		assert.equal(await desk.root.evaluate(() => window.printed), 1);
		await desk.close();
	});
});

describe('a group of 28', () => {
	for (const format of ['A4', 'Letter'])
		test(`each on pages of their own, ${format}`, async () => {
			const desk = await at('Ingrid Solheim', 'reports');
			await desk.locator('h1').waitFor();
			await desk.root.evaluate((ids) => sessionStorage.setItem('print', JSON.stringify(ids)), plans);
			await desk.root.evaluate(() => {
				const [, app, sid] = location.pathname.split('/');
				history.pushState(null, '', `/${app}/${sid}/print/plans`);
				dispatchEvent(new PopStateEvent('popstate'));
			});
			/* Printing begins by itself once all are there. */
			await until('printed', () => desk.root.evaluate(() => window.printed === 1));
			assert.equal(await desk.locator('article.sheet').count(), 28);
			await paper(desk, format);
			const { pages } = await pdf(desk, 'group', format);
			const of = grp.map((p) => pages.filter((page) => page.includes(p.name)).length);
			assert.ok(of.every((n) => n >= 1), `a page for each: ${of}`);
			assert.ok(pages.length >= 28 && pages.length <= 34, `${pages.length} pages`);
			for (const [i, page] of pages.entries()) {
				const whose = grp.filter((p) => page.includes(p.name));
				assert.equal(whose.length, 1, `page ${i + 1} is of ${whose.map((p) => p.name)}`);
				assert.ok(!page.includes(STAFF_WORD) && !/http/.test(page));
				assert.match(plain(page), new RegExp(`Page \\d+ of \\d+`));
			}
			await desk.close();
		});

	test('says how far it is', async () => {
		const desk = await at('Ingrid Solheim', 'reports');
		await desk.root.evaluate((ids) => sessionStorage.setItem('print', JSON.stringify(ids)), plans);
		const held = [];
		let hold = true;
		await desk.page.route(/\/api\/plans\/[^/]+\?as=/, (route) => (hold ? held.push(route) : route.continue()));
		await desk.root.evaluate(() => {
			const [, app, sid] = location.pathname.split('/');
			history.pushState(null, '', `/${app}/${sid}/print/plans`);
			dispatchEvent(new PopStateEvent('popstate'));
		});
		await desk.text('Preparing 0 of 28').waitFor();
		await until('asked for', () => held.length === 3);
		await held.shift().continue();
		await desk.text('Preparing 1 of 28').waitFor();
		assert.equal(await desk.locator('article.sheet').count(), 0);
		assert.equal(await desk.root.evaluate(() => window.printed), 0);
		hold = false;
		await Promise.all(held.map((route) => route.continue()));
		await until('all there', async () => await desk.locator('article.sheet').count() === 28);
		await desk.close();
	});
});
