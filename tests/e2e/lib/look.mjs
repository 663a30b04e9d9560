/* Looking at a page: axe finds nothing, nothing sticks out at the side, and where
 * ILPD_SHOTS names a folder there is a picture of it. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import axe from 'axe-core';

const SHOTS = process.env.ILPD_SHOTS;
if (SHOTS)
	mkdirSync(SHOTS, { recursive: true });

/* Until nothing of the page moves any more and its letters are there. What turns for ever
 * never ends, and a window that is not in front draws no frames: three seconds, and on. */
const settled = (root) => root.evaluate(async () => {
	const still = async () => {
		await document.fonts.ready;
		await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined)));
		await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
	};
	await Promise.race([still(), new Promise((done) => { setTimeout(done, 3000); })]);
});

async function violations(root) {
	if (!await root.evaluate(() => 'axe' in window))
		await root.evaluate(axe.source);
	return root.evaluate(async () => {
		const { violations } = await window.axe.run(document, { iframes: false, resultTypes: ['violations'] });
		return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)} ${n.failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`).join(' | ')}`);
	});
}

/* Elements that reach beyond the side of the window, where the window would scroll. */
const overflow = (root) => root.evaluate(() => {
	const out = [];
	const wide = (el, name) => {
		if (el.scrollWidth > el.clientWidth + 1)
			out.push(`${name}: ${el.scrollWidth} in ${el.clientWidth}: ${[...el.querySelectorAll('*')].filter((c) => c.getBoundingClientRect().right > el.clientWidth + 1).slice(0, 4).map((c) => `${c.tagName}.${c.className}`).join(', ')}`);
	};
	wide(document.documentElement, 'page');
	for (const d of document.querySelectorAll('dialog[open], dialog[open] .dialog__body'))
		wide(d, 'dialog');
	return out;
});

export async function inspect(desk, name, { full = true, only } = {}) {
	const at = `${name}, ${desk.kind}, ${desk.width}`;
	await settled(desk.root);
	if (SHOTS) {
		/* A frame scrolls inside: made as high as its content for the picture alone. */
		await desk.page.screenshot({ path: `${SHOTS}/${name}-${desk.kind}-${desk.width}.png`, fullPage: full && desk.kind === 'window' });
	}
	if (only === 'picture')
		return;
	assert.deepEqual(await overflow(desk.root), [], `${at}: sticks out`);
	assert.deepEqual(await violations(desk.root), [], `${at}: axe`);
}
