/* Parents: their own children, what was released, one mail that says nothing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStage, until, VARIANTS } from './lib/stage.mjs';

const WORDS = { 'Sofie Aasen Lund': 'Zebrafink', 'Maja Rosenlund': 'Gullspurv', 'Selma Haugen': 'Rosenfink', 'Emma Wright': 'Bokfink', 'Theo Sørensen': 'Heipiplerke' };
let stage, client, names, ids, mails;
before(async () => {
	stage = await openStage({ env: { ILPD_MAIL_WINDOW: '1' } });
	const { world } = stage;
	client = await world.launch('ingrid-solheim');
	const home = await world.rosterDone(client);
	names = home.participants.map((p) => p.name);
	ids = Object.fromEntries(home.participants.map((p) => [p.name, p.id]));
	await world.visitAll();
});
after(() => stage?.close());

/* What this browser got from the tool names these students and no others. */
async function knowsOnly(desk, own) {
	const said = await desk.record.bodies() + await desk.root.evaluate(() => document.documentElement.outerHTML);
	for (const name of names)
		assert.equal(said.includes(name), own.includes(name), name);
	for (const [name, word] of Object.entries(WORDS))
		if (!own.includes(name))
			assert.ok(!said.includes(word), `${name}’s words`);
	for (const list of ['participants', 'entries', 'teachers'])
		assert.ok(!said.includes(`"${list}"`), `no list of ${list}`);
	return said;
}

async function english(desk) {
	if (await desk.root.evaluate(() => document.documentElement.lang) === 'en')
		return;
	await desk.locator('summary').click();
	await desk.role('button', 'English').click();
	await until('English', () => desk.root.evaluate(() => document.documentElement.lang === 'en'));
}

test('before anything is released there is nothing to read', async () => {
	const desk = await stage.open('Marte Aasen', { kind: 'frame' });
	await english(desk);
	await desk.heading('How Sofie is doing');
	await desk.text('Nothing to read yet').waitFor();
	await desk.look('parent-nothing');
	await knowsOnly(desk, ['Sofie Aasen Lund']);
	await desk.close();
});

test('a review is released to five', async () => {
	const review = await client.makeReview({ title: 'Autumn midterm' });
	for (const [name, word] of Object.entries(WORDS)) {
		await client.save(review.id, ids[name], 'comment', `${word}: on the way.`);
		await client.save(review.id, ids[name], 'value', '4');
	}
	const hidden = await client.makeReview({ title: 'Not yet released' });
	await client.save(hidden.id, ids['Sofie Aasen Lund'], 'comment', 'Nattergal');
	const sofie = await stage.world.launch('sofie-aasen-lund');
	await sofie.saveOwn(review.id, 'self_comment', 'I like to read.');
	await sofie.saveOwn(review.id, 'self_value', '5');
	assert.equal((await client.release(review.id, Object.keys(WORDS).map((n) => ids[n]))).status, 200);
});

for (const [kind, width] of VARIANTS)
	test(`one child, ${kind}, ${width}`, async () => {
		const desk = await stage.open('Marte Aasen', { kind, width, own: true });
		await english(desk);
		await desk.heading('How Sofie is doing');
		await desk.text('Zebrafink: on the way.').waitFor();
		await desk.text('I like to read.').waitFor();
		await desk.text('Sofie’s own assessment:').waitFor();
		assert.equal(await desk.locator('.kids').count(), 0, 'one child needs no switch');
		const said = await knowsOnly(desk, ['Sofie Aasen Lund']);
		assert.ok(!said.includes('Nattergal') && !said.includes('Not yet released'));
		await desk.look('parent');
		await desk.close();
	});

for (const [kind, width] of VARIANTS)
	test(`two children of one class, ${kind}, ${width}`, async () => {
		const desk = await stage.open('Vibeke Haugen', { kind, width, own: true });
		await english(desk);
		const kids = desk.locator('.kids a');
		await kids.nth(1).waitFor();
		for (const [given, word, other] of [['Selma', 'Rosenfink', 'Gullspurv'], ['Maja', 'Gullspurv', 'Rosenfink']]) {
			await desk.locator('.kids').getByText(given).click();
			await desk.heading(`How ${given} is doing`);
			await desk.text(`${word}: on the way.`).waitFor();
			assert.equal(await desk.text(other).count(), 0);
			assert.match(await desk.locator('.kids a[aria-current="page"]').innerText(), new RegExp(given));
			assert.equal(await desk.locator('h1').evaluate((h) => h === document.activeElement), true, 'the heading has the focus');
		}
		await knowsOnly(desk, ['Maja Rosenlund', 'Selma Haugen']);
		await desk.look('parent-two');
		await desk.close();
	});

for (const [kind, width] of [['frame', 1180], ['window', 390]])
	test(`a parent without a child is told why, ${kind}, ${width}`, async () => {
		const desk = await stage.open('Petter Holm', { kind, width });
		await english(desk);
		await desk.text('No child is connected to your account').waitFor();
		await desk.text('the school office, phone 55 50 01 20').waitFor();
		await knowsOnly(desk, []);
		await desk.look('parent-no-child');
		await desk.close();
	});

test('each gets one mail, in their own language, with nothing private in it', async () => {
	/* Five students and their guardians who have opened it: Sofie's two, Maja's father,
	 * the mother of Maja and Selma, one of Emma's and one of Theo's. */
	mails = await stage.world.mailsAfter(11, { seconds: 30 });
	const to = mails.map((m) => m.envelope.to.join()).sort();
	assert.deepEqual(to, [...new Set(to)], 'one mail each');
	assert.equal(to.length, 11, to.join(' '));
	const of = (key) => mails.find((m) => m.envelope.to[0].startsWith(key));
	assert.match(of('vibeke.haugen').subject, /Noe nytt å lese om Maja og Selma/);
	assert.match(of('helen.wright').subject, /Something new to read about Emma/);
	for (const m of mails) {
		const all = [m.subject, m.text, m.html, m.raw].join('\n');
		for (const word of [...Object.values(WORDS), 'Autumn midterm', 'English 8B'])
			assert.ok(!all.includes(word), `${word} in the mail to ${m.to}`);
		for (const name of names)
			assert.ok(![m.subject, m.text, m.html].join('\n').includes(name), `${name} in the mail to ${m.to}`);
	}
});

for (const [who, subject, width] of [['vibeke.haugen', /Noe nytt å lese/, 1180], ['helen.wright', /Something new to read about Emma/, 390]])
	test(`the mail in the catcher, and where its link leads: ${who}`, async () => {
		const context = await stage.context({ width });
		const page = await context.newPage();
		await page.goto(stage.world.mailUrl);
		await page.locator('#list a').filter({ hasText: who }).click();
		const catcher = stage.desk(page);
		await page.getByRole('heading', { name: subject }).waitFor();
		const letter = await (await page.waitForSelector('iframe.letter')).contentFrame();
		await letter.locator('a').first().waitFor();
		await catcher.look(`mail-${who}`);
		const [landing] = await Promise.all([context.waitForEvent('page'), letter.locator('a[href^="http://127.0.0.1"]').first().click()]);
		await landing.locator('h1').waitFor();
		const desk = stage.desk(landing);
		assert.ok(landing.url().startsWith(stage.world.toolUrl), landing.url());
		const said = `${await context.record.bodies()} ${await landing.locator('body').innerText()}`;
		for (const word of [...names, ...names.map((n) => n.split(' ')[0]), ...Object.values(WORDS), 'Solbakken', 'Autumn', 'Vibeke', 'Wright', 'English'])
			assert.ok(!said.includes(word), `${word} on the page behind the link`);
		assert.deepEqual(await desk.cookies(), [], 'it remembers nobody');
		await desk.look(`landing-${who}`);
		await context.close();
	});
