/* What hands do: a keyboard, and who counts what the mouse did. */
import assert from 'node:assert/strict';

/* Tab until the element has the focus, as somebody without a mouse. */
export async function tabTo(desk, target, { most = 60, key = 'Tab' } = {}) {
	for (let i = 0; i < most; i++) {
		await desk.keyboard.press(key);
		if (await target.evaluate((el) => el === document.activeElement))
			return;
	}
	throw new Error(`${most} times ${key}, and the focus never was on ${target}`);
}

export async function focused(target) {
	const element = await target.elementHandle();
	await element.ownerFrame().then((frame) => frame.waitForFunction((el) => el === document.activeElement, element));
}

/* Counts the mouse in the tool from now on; answers a reader. */
export async function watchMouse(desk) {
	await desk.root.evaluate(() => {
		window.mouse = 0;
		addEventListener('pointerdown', () => { window.mouse += 1; }, true);
	});
	return () => desk.root.evaluate(() => window.mouse);
}

/* How long the words of each field waited between the last key and the server's answer,
 * by the browser's own clock: [{field, ms}]. Call it before the typing. */
export async function watchSaves(desk) {
	await desk.root.evaluate(() => {
		const last = new Map();
		const fieldOf = (el) => (el.id?.startsWith('c-') ? `${el.id.slice(2)}/comment` : el.name?.startsWith('g-') ? `${el.name.slice(2)}/value` : null);
		window.lags = [];
		document.addEventListener('input', (e) => { last.set(fieldOf(e.target), e.timeStamp); }, true);
		/* A digit on a grade sets it without an input event. */
		document.addEventListener('keydown', (e) => { if (e.target.name?.startsWith('g-') && /^[0-9n]$/i.test(e.key)) last.set(fieldOf(e.target), e.timeStamp); }, true);
		new PerformanceObserver((list) => {
			for (const { name, responseEnd } of list.getEntries()) {
				const field = /\/entries\/([^/]+\/(?:value|comment))$/.exec(name)?.[1];
				if (last.has(field))
					window.lags.push({ field, ms: Math.round(responseEnd - last.get(field)) });
			}
		}).observe({ type: 'resource' });
	});
	return () => desk.root.evaluate(() => window.lags);
}

/* Rows of the grid as they stand, in their order. */
export const rowsOf = (desk) => desk.root.evaluate(() => [...document.querySelectorAll('.entry li[data-student]')].map((li) => ({
	id: li.dataset.student,
	name: li.querySelector('.entry__name b').textContent,
	value: li.querySelector('input[data-grade]:checked')?.value ?? null,
	comment: li.querySelector('textarea').value,
	state: li.querySelector('.entry__state').textContent.trim(),
})));

/* The row of somebody, in parts. */
export function row(desk, name) {
	const li = desk.locator(`.entry li[data-student]:has(.entry__name b:text-is("${name}"))`);
	return {
		li,
		comment: li.locator('textarea'),
		grade: (code) => li.locator(`input[data-grade][value="${code}"]`),
		checked: li.locator('input[data-grade]:checked'),
		state: li.locator('.entry__state'),
		compare: li.locator('.compare'),
		button: (label) => li.getByRole('button', { name: label }),
	};
}

/* From the course to a review's grid: the newest, or one that does not exist yet. */
export async function makeReview(desk, title, { change = async () => {} } = {}) {
	await desk.role('link', /^Midterm reviews/).click();
	await desk.role('button', 'New midterm review').click();
	const title_ = desk.locator('#review-title');
	await title_.fill(title);
	await change(desk.locator('dialog'));
	await desk.role('button', 'Create and start assessing').click();
	await desk.heading(title);
	await desk.locator('.entry li[data-student]').first().waitFor();
}

export async function openReview(desk, title) {
	await desk.role('link', /^Midterm reviews/).click();
	await desk.role('link', title).click();
	await desk.heading(title);
	await desk.locator('.entry li[data-student]').first().waitFor();
}

/* What stands in the database of a review: {"Name": {value, comment, …}}. */
export async function stored(db, title) {
	const rows = await db.rows(`SELECT p.name, t.field, t.text, t.rev FROM ilp.entry_text t JOIN ilp.review r USING (tenant_id, review_id)
		JOIN ilp.person p ON p.tenant_id = t.tenant_id AND p.person_id = t.student_id WHERE r.title = '${title}'`);
	const out = {};
	for (const { name, field, text } of rows)
		(out[name] ??= {})[field] = text;
	return out;
}

export async function equalSoon(ask, wanted, { seconds = 5 } = {}) {
	let last;
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((r) => { setTimeout(r, 25); })) {
		last = await ask();
		try {
			assert.deepEqual(last, wanted);
			return;
		} catch {
			/* Not yet. */
		}
	}
	assert.deepEqual(last, wanted);
}
