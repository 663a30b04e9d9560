/* Everybody's way through plans with the keyboard alone: student, parent, course teacher,
 * headteacher, at both widths. Not once is the mouse used inside the tool. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { equalSoon, tabTo, watchMouse } from './lib/hands.mjs';
import { addTask, autumn, school } from './lib/plans.mjs';
import { openStage, until, WIDTHS } from './lib/stage.mjs';

let stage, db, mentor, ids, made;
before(async () => {
	stage = await openStage();
	({ db } = stage);
	mentor = await stage.world.launch('ingrid-solheim');
	ids = Object.fromEntries((await stage.world.rosterDone(mentor)).participants.map((p) => [p.name, p.id]));
	await stage.world.visitAll();
	await stage.world.launch('ada-fossum');
	await school(stage.world);
	made = await autumn(stage.world, mentor, ids['Sofie Aasen Lund']);
	/* Kari teaches the course too; with the school's other rule she is no mentor of it. */
	await db.psql(`UPDATE ilp.tenant SET locale = 'en', policy = policy - 'teachers_are_mentors';
		UPDATE ilp.person SET locale = 'en', language = 'en';
		INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, student_id) SELECT tenant_id, gen_random_uuid(), person_id, '${ids['Sofie Aasen Lund']}' FROM ilp.person WHERE name = 'Ingrid Solheim';
		INSERT INTO ilp.head (tenant_id, head_id, person_id) SELECT tenant_id, gen_random_uuid(), person_id FROM ilp.person WHERE name = 'Ada Fossum'`);
});
after(() => stage?.close());

const status = (task) => db.value(`SELECT status FROM ilp.task WHERE task_id = '${task}'`);

/* Open, and from then on without a mouse. */
async function arrives(name, ready, width) {
	const desk = await stage.open(name, { kind: 'window', width });
	desk.page.on('dialog', (d) => d.accept());
	await ready(desk);
	const clicks = await watchMouse(desk);
	return { desk, done: async () => {
		assert.equal(await clicks(), 0, `${name} used the mouse`);
		await desk.close();
	} };
}

for (const width of WIDTHS) {
	test(`the student sets a task done and says how it goes, ${width}`, async () => {
		const task = await addTask(mentor, made.plan, made.goals[0], `Read aloud at ${width}`);
		const { desk, done } = await arrives('Sofie Aasen Lund', (d) => d.locator('.goalcard').first().waitFor(), width);
		await tabTo(desk, desk.locator(`#t-${task} input[data-category=todo]`), { most: 120 });
		await desk.keyboard.press('ArrowRight');
		await desk.keyboard.press('ArrowRight');
		await equalSoon(() => status(task), 'done');
		await tabTo(desk, desk.locator(`#i-${made.goals[0]}-reflection`), { most: 120 });
		await desk.keyboard.press('Control+End');
		await desk.keyboard.type(` By keyboard ${width}.`);
		await equalSoon(() => db.value(`SELECT text LIKE '%By keyboard ${width}.%' FROM ilp.plan_value WHERE row_id = '${made.goals[0]}' AND field = 'reflection'`), 't');
		await desk.look('keyboard-student');
		await done();
	});
	test(`the parent ticks what was done at home and comments, ${width}`, async () => {
		const task = await addTask(mentor, made.plan, made.goals[0], `Cook together at ${width}`, { responsible: 'home' });
		const { desk, done } = await arrives('Marte Aasen', (d) => d.locator('.goalcard').first().waitFor(), width);
		await tabTo(desk, desk.locator(`#t-${task} input[data-category=todo]`).first(), { most: 120 });
		await desk.keyboard.press('ArrowRight');
		await equalSoon(() => status(task), 'doing');
		await tabTo(desk, desk.locator('#w-plan-comment_home'), { most: 160 });
		await desk.keyboard.type(`We cooked, ${width}.`);
		await desk.keyboard.press('Control+Enter');
		await equalSoon(() => db.value(`SELECT count(*) FROM ilp.post WHERE text = 'We cooked, ${width}.'`), '1');
		await desk.look('keyboard-parent');
		await done();
	});
	test(`the course teacher opens a plan from the course and reads what is theirs, ${width}`, async () => {
		const { desk, done } = await arrives('Kari Nilsen', (d) => d.locator(`a[href$="plans/${made.plan}"]`).first().waitFor(), width);
		await tabTo(desk, desk.locator(`a[href$="plans/${made.plan}"]`).first(), { most: 120 });
		await desk.keyboard.press('Enter');
		await desk.heading('Sofie Aasen Lund');
		await desk.locator('#goals table').waitFor();
		assert.equal(await desk.role('button', 'Publish').count(), 0);
		await desk.look('keyboard-teacher');
		await done();
	});
	test(`the headteacher goes from the school to a student's plan, ${width}`, async () => {
		const { desk, done } = await arrives('Ada Fossum', (d) => d.role('link', 'Students').waitFor(), width);
		await tabTo(desk, desk.role('link', 'Students'), { most: 40 });
		await desk.keyboard.press('Enter');
		await until('the list', () => desk.locator('#find').count().then(Boolean));
		await tabTo(desk, desk.locator('#find'), { most: 40 });
		await desk.keyboard.type('Sofie');
		await desk.locator(`a[href$="plans/${made.plan}"]`).first().waitFor();
		await tabTo(desk, desk.locator(`a[href$="plans/${made.plan}"]`).first(), { most: 60 });
		await desk.keyboard.press('Enter');
		await desk.heading('Sofie Aasen Lund');
		await desk.look('keyboard-head');
		await done();
	});
}
