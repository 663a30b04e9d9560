/* The network goes, the tool is killed, the session ends: no word that was typed is lost,
 * and none has to be typed again. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { equalSoon, openReview, row, stored } from './lib/hands.mjs';
import { openStage, until } from './lib/stage.mjs';

const NO_NETWORK = /Failed to load resource|net::ERR|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/;
const AKSEL = 'Aksel Bråthen', AMINA = 'Amina Warsame';
let stage, client, n = 0, title;
before(async () => {
	stage = await openStage();
	client = await stage.world.launch('ingrid-solheim');
	await stage.world.rosterDone(client);
});
after(() => stage?.close());
beforeEach(async () => {
	n += 1;
	title = `Review ${n}`;
	await client.makeReview({ title });
});

const comment = (name) => async () => (await stored(stage.db, title))[name]?.comment;

async function grid(options) {
	const desk = await stage.open('Ingrid Solheim', options);
	desk.record.allow(NO_NETWORK);
	/* The browser asks before it leaves words that are not saved. */
	desk.page.on('dialog', (d) => d.accept());
	await openReview(desk, title);
	return desk;
}

for (const [kind, width] of [['frame', 1180], ['window', 390]]) {
	test(`the network goes in the middle of a sentence, ${kind}, ${width}`, async () => {
		const desk = await grid({ kind, width });
		const at = row(desk, AKSEL);
		await at.comment.focus();
		await desk.keyboard.type('The first half is here');
		await equalSoon(comment(AKSEL), 'The first half is here');
		await desk.context.setOffline(true);
		await desk.keyboard.type(', and the second half is not');
		await at.state.getByText('Not saved.').waitFor();
		await desk.text('No contact with the network. 1 change waits on this device').waitFor();
		await desk.look('offline', { full: false });
		await row(desk, AMINA).grade(4).focus();
		await desk.keyboard.press('4');
		await desk.text('2 not saved').waitFor();
		assert.equal(await at.comment.inputValue(), 'The first half is here, and the second half is not');
		assert.equal(await comment(AKSEL)(), 'The first half is here');
		await desk.context.setOffline(false);
		await equalSoon(comment(AKSEL), 'The first half is here, and the second half is not');
		await equalSoon(async () => (await stored(stage.db, title))[AMINA]?.value, '4');
		await desk.text('No contact with the network').waitFor({ state: 'detached' });
		await at.state.getByText('Saved').waitFor();
		await desk.close();
	});

	test(`the tool is killed in the middle of a sentence, ${kind}, ${width}`, async () => {
		const desk = await grid({ kind, width });
		const at = row(desk, AKSEL);
		await at.comment.focus();
		await desk.keyboard.type('Before the fall');
		await equalSoon(comment(AKSEL), 'Before the fall');
		await desk.keyboard.type(', and');
		await stage.world.tool.kill();
		await desk.keyboard.type(' after it');
		await at.state.getByText('Not saved.').waitFor();
		await desk.text('1 change is not saved. Your words are kept on this device').waitFor();
		await desk.look('unreachable', { full: false });
		await stage.world.restartTool();
		/* It tries again by itself, after 2, 5, 15 seconds. */
		await equalSoon(comment(AKSEL), 'Before the fall, and after it', { seconds: 25 });
		await at.state.getByText('Saved').waitFor();
		await desk.close();
	});
}

test('a reload while the tool is away, and another when it is back', async () => {
	const desk = await grid({ kind: 'window' });
	const at = row(desk, AKSEL);
	const address = desk.page.url();
	await stage.world.tool.kill();
	await at.comment.focus();
	await desk.keyboard.type('Words before the reload');
	await at.state.getByText('Not saved.').waitFor();
	await desk.page.reload().catch(() => undefined);
	await stage.world.restartTool();
	/* Chromium's error page may load the address again by itself at this very moment. */
	await desk.page.goto(address).catch(() => undefined);
	await desk.heading(title);
	await equalSoon(comment(AKSEL), 'Words before the reload');
	assert.equal(await row(desk, AKSEL).comment.inputValue(), 'Words before the reload');
	await desk.close();
});

for (const kind of ['frame', 'window'])
	test(`the tab is closed with words in it, and opened again from the course, ${kind}`, async () => {
		const desk = await grid({ kind });
		await desk.context.setOffline(true);
		await row(desk, AKSEL).comment.focus();
		await desk.keyboard.type('Typed in a train');
		await row(desk, AKSEL).state.getByText('Not saved.').waitFor();
		await desk.page.close();
		await desk.context.setOffline(false);
		assert.equal(await comment(AKSEL)(), undefined);
		const again = await stage.open('Ingrid Solheim', { kind, context: desk.context });
		await equalSoon(comment(AKSEL), 'Typed in a train');
		await openReview(again, title);
		assert.equal(await row(again, AKSEL).comment.inputValue(), 'Typed in a train');
		await again.close();
	});

for (const kind of ['frame', 'window'])
	test(`the session ends while somebody writes, ${kind}`, async () => {
		const desk = await grid({ kind });
		const at = row(desk, AKSEL);
		await stage.db.psql(`UPDATE ilp.session SET revoked_at = now() WHERE session_id::text LIKE '%${desk.sid}'`);
		assert.equal(await stage.db.value(`SELECT count(*) FROM ilp.session WHERE revoked_at IS NOT NULL AND session_id::text LIKE '%${desk.sid}'`), '1');
		await at.comment.focus();
		await desk.keyboard.type('Written too late');
		await desk.text('You are no longer signed in here.').waitFor();
		await desk.text('Your words are kept on this device and are sent then.').waitFor();
		assert.equal(await at.comment.inputValue(), 'Written too late');
		await desk.look('session-ended', { full: false });
		assert.equal(await comment(AKSEL)(), undefined);
		await desk.page.reload().catch(() => undefined);
		if (kind === 'window') {
			await desk.heading('Open Learning plans again from your course');
			await desk.look('signed-out');
		}
		await desk.page.close();
		const again = await stage.open('Ingrid Solheim', { kind, context: desk.context });
		await equalSoon(comment(AKSEL), 'Written too late');
		await again.close();
	});

test('kept words meet somebody else’s when they come back', async () => {
	const desk = await grid({ kind: 'window' });
	const review = (await client.home()).reviews.find((r) => r.title === title);
	const { json } = await client.get(`/reviews/${review.id}`);
	const student = json.entries.find((e) => e.student.name === AKSEL).student.id;
	await desk.context.setOffline(true);
	await row(desk, AKSEL).comment.focus();
	await desk.keyboard.type('Mine, from the train');
	await row(desk, AKSEL).state.getByText('Not saved.').waitFor();
	await desk.page.close();
	const kari = await stage.world.launch('kari-nilsen');
	assert.equal((await kari.save(review.id, student, 'comment', 'Hers, meanwhile')).status, 200);
	await desk.context.setOffline(false);
	const again = await stage.open('Ingrid Solheim', { kind: 'window', context: desk.context });
	await again.text(`1 change of yours in ${title} could not be saved without you.`).waitFor();
	await again.look('elsewhere', { full: false });
	await again.role('button', 'Open it').click();
	const at = row(again, AKSEL);
	await at.compare.waitFor();
	const said = await at.compare.innerText();
	assert.ok(said.includes('Mine, from the train') && said.includes('Hers, meanwhile'), said);
	await at.button('Keep both').click();
	await equalSoon(comment(AKSEL), 'Hers, meanwhile\nMine, from the train');
	await until('nothing is said to wait any more', async () => await again.locator('.banners .note').count() === 0);
	await again.close();
});
