/* A world with a browser in it: people who open a course in the LMS, by clicking what the
 * LMS shows them, and what their windows complained about.
 *
 *	const stage = await openStage();
 *	const desk = await stage.open('Ingrid Solheim', { kind: 'frame', width: 1180 });
 *	await desk.root.getByRole('link', …)      root is the frame or the window of the tool
 *	await desk.look('plans')                  axe, overflow and pictures, here and at the other width
 *	await stage.close()                       fails where a page complained */
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '../../harness/index.mjs';
import { allowedCookies, blockedCookies, openBrowser, openProfile } from './browser.mjs';
import { inspect } from './look.mjs';

export const WIDTHS = [1180, 390];
/* Ways to open the tool. A test that goes all four looks at each page in its own width only. */
export const VARIANTS = [['frame', 1180], ['window', 390], ['frame', 390], ['window', 1180]];
const HEIGHTS = { 1180: 900, 390: 844 };
export const size = (width) => ({ width, height: HEIGHTS[width] });
const COURSE = { canvas: 'english-8b', moodle: 'norwegian-8a' };

/* A window or frame with the tool in it. */
class Desk {
	constructor(stage, context, page, root, kind, own = false) {
		Object.assign(this, { stage, context, page, root, kind, own, record: context.record });
	}
	get width() { return this.page.viewportSize().width; }
	get keyboard() { return this.page.keyboard; }
	locator(...a) { return this.root.locator(...a); }
	role(role, name, more) { return this.root.getByRole(role, { name, exact: typeof name === 'string', ...more }); }
	text(...a) { return this.root.getByText(...a); }
	/* Waits for the heading of a page of ours. */
	async heading(text) {
		await this.root.locator('h1', { hasText: text }).waitFor();
		return this;
	}
	/* In both widths, and back to the one this desk has; or in that alone. */
	async look(name, more) {
		const { width } = this;
		for (const w of this.own ? [width] : [...WIDTHS].sort((a) => (a === width ? -1 : 1))) {
			if (this.width !== w)
				await this.page.setViewportSize(size(w));
			await inspect(this, name, more);
		}
		if (this.width !== width)
			await this.page.setViewportSize(size(width));
	}
	get sid() { return new URL(this.root.url()).pathname.split('/')[2]; }
	/* The tool's, those for a frame in another site too. */
	async cookies() {
		return (await this.context.cookies()).filter((c) => c.domain === new URL(this.stage.world.toolUrl).hostname);
	}
	close() { return this.context.close(); }
}

/* What pages said that they should not have said, and what the tool answered them. */
class Record {
	constructor(context, toolUrl) {
		this.complaints = [];
		this.allowed = [];
		this.answers = [];
		this.reading = new Set();
		context.on('console', (m) => {
			if (['error', 'warning'].includes(m.type()))
				this.complaints.push(`${m.type()}: ${m.text()} (${m.location().url})`);
		});
		context.on('weberror', (e) => { this.complaints.push(`exception: ${e.error().stack ?? e.error()}`); });
		context.on('response', (r) => {
			if (!r.url().startsWith(toolUrl) || r.url().includes('/assets/'))
				return;
			const one = { url: r.url().slice(toolUrl.length), method: r.request().method(), status: r.status(), body: '' };
			this.answers.push(one);
			const job = r.text().then((t) => { one.body = t; }, () => {}).finally(() => this.reading.delete(job));
			this.reading.add(job);
		});
	}
	allow(...patterns) { this.allowed.push(...patterns); }
	/* All bodies the tool sent this browser, as one text. */
	async bodies() {
		await Promise.all(this.reading);
		return this.answers.map((a) => a.body).join('\n');
	}
	check() {
		const bad = this.complaints.filter((c) => !this.allowed.some((p) => p.test(c)));
		assert.deepEqual(bad, [], 'what pages complained about');
	}
}

export class Stage {
	constructor(world, browser) {
		Object.assign(this, { world, browser, desks: [], profiles: [] });
	}
	get db() { return this.world.database; }

	/* A browser of one person's own. blocked: it lets the tool keep nothing in the LMS's pages;
	 * allowed: everything. */
	async context({ width = 1180, locale = 'en-GB', blocked = false, allowed = false, record = true, javaScriptEnabled = true } = {}) {
		const options = { viewport: size(width), locale, timezoneId: 'Europe/Oslo', reducedMotion: 'reduce', javaScriptEnabled };
		let context;
		if (blocked || allowed) {
			const dir = mkdtempSync(join(tmpdir(), 'ilpd-profile-'));
			mkdirSync(join(dir, 'Default'));
			writeFileSync(join(dir, 'Default/Preferences'), JSON.stringify(blocked ? blockedCookies(this.world.toolUrl, this.world.lmsUrl) : allowedCookies()));
			this.profiles.push(dir);
			context = await openProfile(dir, options);
		} else {
			context = await this.browser.newContext(options);
		}
		context.setDefaultTimeout(15_000);
		const rec = new Record(context, this.world.toolUrl);
		context.record = rec;
		if (record)
			this.desks.push(rec);
		return context;
	}

	/* Opens the course in the LMS and clicks "Open as …". more.context: in a browser that is open. */
	async open(name, { kind = 'frame', width = 1180, platform = 'canvas', course = COURSE[platform], context, own = false, ready = 'main h1', ...more } = {}) {
		const ctx = context ?? await this.context({ width, ...more });
		const page = await ctx.newPage();
		await page.goto(`${this.world.lmsUrl}/courses/${platform}/${course}`);
		const link = page.getByRole('link', { name: `Open as ${name}${kind === 'window' ? ' in a new window' : ''}`, exact: true });
		let at = page, root;
		if (kind === 'window') {
			[at] = await Promise.all([ctx.waitForEvent('page'), link.click()]);
			await page.close();
			root = at;
		} else {
			await link.click();
			root = await (await page.waitForSelector('iframe[name=tool]')).contentFrame();
		}
		const desk = new Desk(this, ctx, at, root, kind, own);
		if (ready) {
			await root.waitForURL((u) => u.href.startsWith(this.world.toolUrl));
			await root.locator(ready).waitFor();
		}
		return desk;
	}
	/* Something of the tool or the mail catcher in a page of its own. */
	desk(page) {
		return new Desk(this, page.context(), page, page, 'window');
	}

	async close() {
		try {
			await this.browser?.close();
			for (const dir of this.profiles)
				rmSync(dir, { recursive: true, force: true });
		} finally {
			await this.world.stop();
		}
		for (const record of this.desks)
			record.check();
	}
}

export async function openStage({ browser = {}, ...world } = {}) {
	const w = await startWorld({ build: process.env.ILPD_TEST_BUILD ?? 'release', ...world });
	try {
		return new Stage(w, await openBrowser(browser));
	} catch (e) {
		await w.stop();
		throw e;
	}
}

/* Asks until it is so; the last answer is in the failure. */
export async function until(what, ask, { seconds = 15 } = {}) {
	let last;
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((r) => { setTimeout(r, 25); })) {
		last = await ask();
		if (last)
			return last;
	}
	throw new Error(`never so: ${what}; last: ${JSON.stringify(last)}`);
}
