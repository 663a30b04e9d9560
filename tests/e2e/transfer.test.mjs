/* A plan is locked when the next one is published; what is unfinished in it can still be
 * taken along (I-08), with a mouse or without. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act, publish, revise } from '../harness/plans.mjs';
import { tabTo } from './lib/hands.mjs';
import { autumn, school } from './lib/plans.mjs';
import { openStage, until } from './lib/stage.mjs';

let stage, db, mentor, student;
before(async () => {
	stage = await openStage();
	({ db } = stage);
	mentor = await stage.world.launch('ingrid-solheim');
	const home = await stage.world.rosterDone(mentor);
	student = home.participants.find((p) => p.name === 'Sofie Aasen Lund').id;
	await school(stage.world);
});
after(() => stage?.close());

const left = (plan) => db.value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${plan}' AND category IN ('todo', 'doing') AND moved_to IS NULL`).then(Number);

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	test(`a mentor takes all but one task along, ${kind}, ${width}`, async () => {
		const { plan } = await autumn(stage.world, mentor, student);
		const [next] = await revise(mentor, plan, { tasks: false });
		await publish(mentor, next);
		const n = await left(plan);
		assert.ok(n > 1);
		const desk = await stage.open('Ingrid Solheim', { kind, width });
		await desk.root.evaluate((to) => {
			const [, app, sid] = location.pathname.split('/');
			history.pushState(null, '', `/${app}/${sid}/plans/${to}`);
			dispatchEvent(new PopStateEvent('popstate'));
		}, plan);
		const button = desk.locator('button.btn--sm', { hasText: String(n) });
		await button.waitFor();
		await desk.look(`transfer-locked-${width}`);
		await tabTo(desk, button, { most: 80 });
		await desk.keyboard.press('Enter');
		const boxes = desk.locator('dialog .optrow input');
		await boxes.first().waitFor();
		assert.equal(await boxes.count(), n);
		await desk.look(`transfer-dialog-${width}`);
		await tabTo(desk, boxes.first());
		await desk.keyboard.press('Space');
		await desk.keyboard.press('Enter');
		await until('moved', async () => (await left(plan)) === 1);
		await desk.locator('button.btn--sm', { hasText: '1' }).waitFor();
		assert.equal(await db.value(`SELECT count(*) FROM ilp.task WHERE plan_id = '${next}' AND moved_from IS NOT NULL`), String(n - 1));
		await desk.close();
		await act(mentor, 'archive', [plan, next]);
	});
