/* The corpus of addresses that lead away (tests/fixtures/redirects.txt), over HTTP, in
 * every place that takes an address: whatever is said, nobody leaves our origin. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ROOT, form, http, raw, startWorld } from '../harness/index.mjs';

let world, corpus;
before(async () => {
	world = await startWorld({ env: { ILPD_WORKER: 'off' } });
	corpus = readFileSync(`${ROOT}/tests/fixtures/redirects.txt`, 'utf8').split('\n').filter((l) => l && !l.startsWith('#'))
		.map((l) => JSON.parse(l).replaceAll('{base}', world.toolUrl).replaceAll('{host}', `127.0.0.1:${world.toolPort}`));
	assert.ok(corpus.length >= 300);
});
after(() => world?.stop());

/* As a browser reads it: relative to us, backslashes and all. */
function assertOurs(location, what) {
	let to;
	try {
		to = new URL(location, `${world.toolUrl}/`);
	} catch {
		return assert.fail(`${what}: ${location} is no address`);
	}
	assert.equal(to.origin, world.toolUrl, `${what} leads to ${location}`);
}

/* Some at a time: the tool has eight workers. */
async function each(list, fn) {
	const left = [...list];
	await Promise.all(Array.from({ length: 8 }, async () => {
		while (left.length)
			await fn(left.shift());
	}));
}

test('target_link_uri of a login, by POST and by GET', async () => {
	const browser = world.browser({ '__Host-ilpd-probe': '1' });
	const { params } = await browser.initiation('ingrid-solheim');
	await each(corpus, async (target) => {
		const fields = { ...params, target_link_uri: target };
		for (const r of [await form(`${world.toolUrl}/lti/login`, fields, browser.cookies()), await http(`${world.toolUrl}/lti/login?${new URLSearchParams(fields)}`, { headers: browser.cookies() })]) {
			assert.ok(r.status === 302 || (r.status >= 400 && r.status < 500), `${JSON.stringify(target)}: ${r.status}`);
			if (r.status === 302)
				assert.ok(r.headers.location.startsWith(`${world.lmsUrl}/canvas/authorize?`), r.headers.location);
			assert.equal((r.headers.location ?? '').includes('evil.example'), false);
		}
	});
});

test('target_link_uri of a signed token', async () => {
	const seen = new Set();
	await each(corpus, async (target) => {
		const browser = world.browser();
		const start = await browser.initiation('ingrid-solheim', { overrides: { claims: { 'C/target_link_uri': target } } });
		const login = await browser.login(start);
		const { fields } = await browser.authorize(login.headers.location);
		const r = await browser.launch(fields);
		assert.ok(r.status === 303 || (r.status >= 400 && r.status < 500), `${JSON.stringify(target)}: ${r.status}`);
		if (r.status === 303) {
			assert.match(r.headers.location, /^\/app\/[0-9a-f]{8}\/$/, JSON.stringify(target));
			seen.add(target);
		}
	});
	assert.ok(seen.size > 300, 'most are taken in and lead to the first page');
});

test('the path of a code for a window of its own', async () => {
	const ingrid = await world.launch('ingrid-solheim');
	await each([...corpus, ...corpus.filter((t) => t.startsWith(world.toolUrl)).map((t) => t.slice(world.toolUrl.length))], async (path) => {
		const r = await ingrid.post('/session/code', { path });
		assert.ok(r.status === 200 || (r.status >= 400 && r.status < 500), `${JSON.stringify(path)}: ${r.status}`);
		if (r.status === 200) {
			assertOurs(r.json.location, 'a code');
			assert.match(r.json.location, /^\/app\/[0-9a-f]{8}\//);
		}
	});
});

test('the path of what is placed', async () => {
	const ingrid = await world.launch('ingrid-solheim', { message: 'deep_linking' });
	await each(corpus, async (path) => {
		const r = await ingrid.post('/placement', { items: [{ path, title: 'x' }] });
		assert.ok(r.status >= 400 && r.status < 500, `${JSON.stringify(path)}: ${r.status} ${r.text}`);
	});
});

test('return_url: a link for people is https or none', async () => {
	const bad = corpus.filter((t) => !/^https?:/i.test(t)).slice(0, 150);
	await each(bad, async (target) => {
		const who = await world.launch('ingrid-solheim', { overrides: { claims: { 'C/launch_presentation': { return_url: target } } } });
		const { returnUrl } = await who.home();
		assert.ok(!returnUrl || /^https:\/\//.test(returnUrl), `${JSON.stringify(target)} became ${returnUrl}`);
	});
});

test('the way back on a page of refusal is the signed one, or none', async () => {
	const refusal = async (overrides) => (await world.browser().visit('ingrid-solheim', { overrides })).text;
	const back = (to, more = {}) => ({ ...more, claims: { 'C/launch_presentation': { return_url: to }, ...more.claims } });
	for (const sign of ['none', 'bitflip', 'otherkey', 'hs256', 'embedded'])
		assert.equal((await refusal(back('https://evil.example/back', { sign }))).includes('evil.example'), false, sign);
	assert.match(await refusal(back('https://lms.example/back', { claims: { 'C/version': '11.3' } })), /href="https:\/\/lms\.example\/back"/);
	await each(corpus.filter((t) => !/^https?:/i.test(t)).slice(0, 200), async (to) => {
		const text = await refusal(back(to, { claims: { 'C/version': '11.3' } }));
		for (const [, href] of text.matchAll(/href="([^"]*)"/g))
			assert.match(href, /^(\/|https:|#)/, JSON.stringify(to));
	});
});

test('the configuration address of a registration is refused or asked, never followed by the browser', async () => {
	await each(corpus, async (target) => {
		const r = await http(`${world.toolUrl}/lti/register?${new URLSearchParams({ openid_configuration: target })}`);
		assert.ok(r.status < 300 || r.status >= 400, `${JSON.stringify(target)}: ${r.status}`);
		assert.equal(r.headers.location, undefined);
	});
});

test('the path of a request, raw on the socket', async () => {
	const cookie = Object.entries((await world.launch('ingrid-solheim')).cookies).map(([n, v]) => `${n}=${v}`).join('; ');
	await each(corpus.filter((t) => /^[\x21-\x7e]+$/.test(t)), async (target) => {
		for (const path of [target, `/${target}`, `/app/${target}`]) {
			const text = await raw(world.toolPort, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.toolPort}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`, { wait: 2000 });
			const location = /^location: (.*)\r$/im.exec(text)?.[1];
			if (location !== undefined)
				assertOurs(location, path);
		}
	});
});
