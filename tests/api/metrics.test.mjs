/* Counters for whoever keeps the program running: off unless asked for, at an address of
 * their own, moved by what happened and by nothing else, and telling of nobody. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CANVAS, MOODLE, TENANT, freePorts, http, ilpd, sleep, startTool, startWorld } from '../harness/index.mjs';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const NUMBER = /^(?:[+-]?Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/* Prometheus' text format 0.0.4, read strictly: {types, values: Map of line to number}. */
function parse(text) {
	const types = new Map(), values = new Map();
	let helped, current;
	assert.ok(text.endsWith('\n'));
	for (const line of text.slice(0, -1).split('\n')) {
		const [, word, name, rest] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? [];
		if (word === 'HELP') {
			assert.ok(!types.has(name), `${name} stands twice`);
			assert.doesNotMatch(rest, /\\/);
			helped = name;
			continue;
		}
		if (word === 'TYPE') {
			assert.equal(name, helped, 'TYPE follows its own HELP');
			assert.match(rest, /^(counter|gauge|histogram)$/);
			types.set(name, rest);
			current = name;
			continue;
		}
		const sample = /^([a-z_]+)(?:\{((?:[a-z]+="[^"\\\n]*"(?:,(?!\}))?)+)\})? (\S+)$/.exec(line);
		assert.ok(sample, `no sample: ${line}`);
		const [, series, labels = '', value] = sample;
		const suffix = types.get(current) === 'histogram' ? /^(_bucket|_sum|_count)$/ : /^$/;
		assert.ok(series.startsWith(current) && suffix.test(series.slice(current.length)), `${series} stands under ${current}`);
		assert.match(value, NUMBER);
		const id = labels ? `${series}{${labels}}` : series;
		assert.ok(!values.has(id), `${id} stands twice`);
		values.set(id, Number(value));
	}
	return { types, values };
}

/* By their labels without le. */
function group(buckets) {
	const groups = new Map();
	for (const one of buckets) {
		const key = one[0].replace(/,?le="[^"]*"/, '');
		groups.set(key, [...groups.get(key) ?? [], one]);
	}
	return groups;
}

/* Buckets never fall, and the last one is the count. */
function assertHistograms({ types, values }) {
	for (const [name] of [...types].filter(([, type]) => type === 'histogram')) {
		const buckets = [...values].filter(([id]) => id.startsWith(`${name}_bucket{`));
		const groups = group(buckets);
		assert.ok(groups.size > 0);
		for (const [id, list] of groups) {
			list.reduce((before, [what, n]) => (assert.ok(n >= before, what), n), 0);
			assert.match(list.at(-1)[0], /le="\+Inf"/);
			const labels = /\{(.*)\}/.exec(id)[1];
			assert.equal(list.at(-1)[1], values.get(`${name}_count${labels && `{${labels}}`}`));
			assert.ok(values.has(`${name}_sum${labels && `{${labels}}`}`));
		}
	}
}

const read = async (port) => {
	const r = await http(`http://127.0.0.1:${port}/metrics`);
	assert.equal(r.status, 200);
	assert.equal(r.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
	return { text: r.text, ...parse(r.text) };
};
/* What moved, without what every request moves. */
const moved = (from, to) => Object.fromEntries([...to.values].filter(([id, n]) => n !== from.values.get(id) && /^ilpd_launches/.test(id)).map(([id, n]) => [id, n - from.values.get(id)]));

describe('unless it is asked for', () => {
	let world;
	before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' } }); });
	after(() => world?.stop());
	test('nothing is counted and nobody listens', async () => {
		assert.equal((await http(`${world.toolUrl}/metrics`)).status, 404);
		assert.match((await world.tool.logged('event=ready'))[0], / metrics=off /);
		await world.launch('ingrid-solheim');
	});
});

describe('where it is asked for', () => {
	let world, port;
	before(async () => {
		[port] = await freePorts(1);
		world = await startWorld({ env: { ILPD_METRICS: `127.0.0.1:${port}` } });
	});
	after(() => world?.stop());

	test('a launch and a refusal move what they are about, and nothing else', async () => {
		const start = await read(port);
		assertHistograms(start);
		assert.equal(start.types.get('ilpd_launches_total'), 'counter');
		assert.equal([...start.values].some(([id, n]) => id.startsWith('ilpd_launches') && n !== 0), false);

		const { client } = await world.launchIn(world.browser(), 'ingrid-solheim');
		const taken = await read(port);
		assert.deepEqual(moved(start, taken), {
			'ilpd_launches_total{result="accepted",reason=""}': 1,
			'ilpd_launches_by_browser_total{browser="other",result="accepted"}': 1,
			'ilpd_launches_by_profile_total{profile="canvas",result="accepted"}': 1,
			'ilpd_launches_by_rung_total{rung="cookie"}': 1,
		});
		assert.equal(taken.values.get('ilpd_platform_calls_total{service="keys",result="ok"}'), 1);
		assert.equal(taken.values.get('ilpd_platform_call_seconds_count{service="keys"}'), 1);
		assert.ok(taken.values.get('ilpd_platform_call_seconds_sum{service="keys"}') > 0);

		/* Its own cookie does not come back: refused before the platform is looked up. */
		const browser = world.browser();
		const ready = await browser.upToLaunch('kari-nordli', world.where('kari-nordli'));
		browser.jar = {};
		assert.equal((await browser.launch(ready.fields, { 'User-Agent': CHROME })).status, 403);
		const refused = await read(port);
		assert.deepEqual(moved(taken, refused), {
			'ilpd_launches_total{result="refused",reason="browser_cookie_missing"}': 1,
			'ilpd_launches_by_browser_total{browser="chrome",result="refused"}': 1,
			[`ilpd_launches_by_profile_total{profile="${world.where('kari-nordli').platform}",result="refused"}`]: 1,
		});

		await http(`${world.toolUrl}/lti/login?iss=https://nobody.example&login_hint=1&target_link_uri=x`);
		assert.deepEqual(moved(refused, await read(port)), {
			'ilpd_launches_total{result="refused",reason="platform_unknown"}': 1,
			'ilpd_launches_by_browser_total{browser="other",result="refused"}': 1,
			'ilpd_launches_by_profile_total{profile="unknown",result="refused"}': 1,
		});

		await world.rosterDone(client);
		const fetched = await read(port);
		assert.ok(fetched.values.get('ilpd_platform_calls_total{service="roster",result="ok"}') > 0);
		assert.ok(fetched.values.get('ilpd_platform_calls_total{service="token",result="ok"}') > 0);
		assertHistograms(fetched);
	});

	test('each request is counted once, by its status', async () => {
		const from = await read(port);
		for (let i = 0; i < 5; i++)
			await http(`${world.toolUrl}/healthz`);
		await http(`${world.toolUrl}/nowhere`);
		await http(`${world.toolUrl}/api/home`);
		const to = await read(port);
		const diff = (id) => to.values.get(id) - from.values.get(id);
		assert.equal(diff('ilpd_requests_total{status="2xx"}'), 5);
		assert.equal(diff('ilpd_requests_total{status="4xx"}'), 2);
		assert.equal(diff('ilpd_requests_total{status="5xx"}'), 0);
		assert.equal(diff('ilpd_request_seconds_count'), 7);
		assert.equal(to.values.get('ilpd_queue_waiting'), 0);
		assert.equal(to.values.get('ilpd_watch_lost_total'), from.values.get('ilpd_watch_lost_total'));
		assert.ok(Math.abs(to.values.get('process_start_time_seconds') - Date.now() / 1000) < 300);
	});

	test('the tool’s own address does not have it, nor this one anything else', async () => {
		assert.equal((await http(`${world.toolUrl}/metrics`)).status, 404);
		for (const path of ['/', '/healthz', '/app/x', '/lti/login', '/metrics/x'])
			assert.equal((await http(`http://127.0.0.1:${port}${path}`)).status, 404, path);
		assert.equal((await http(`http://127.0.0.1:${port}/metrics`, { method: 'POST', body: 'x=1' })).status, 404);
	});

	test('nothing asked for becomes a line, and nobody stands in it', async () => {
		const from = await read(port);
		await http(`${world.toolUrl}/lti/login?iss=https://evil-iss.example&login_hint=1&target_link_uri=x`, { headers: { 'User-Agent': 'evil"agent/131' } });
		await http(`${world.toolUrl}/evil-path`, { method: 'PATCH' });
		const client = await world.launch('ingrid-solheim');
		await client.get('/home');
		const to = await read(port);
		assert.deepEqual([...to.values.keys()], [...from.values.keys()]);
		const people = await world.database.rows('SELECT given_name, family_name, email, sub FROM ilp.person JOIN ilp.identity USING (tenant_id, person_id)');
		const courses = await world.database.rows('SELECT course_id::text, title FROM ilp.course');
		assert.ok(people.length > 5 && courses.length > 0);
		const words = [...people, ...courses].flatMap(Object.values).filter((w) => w?.length > 3);
		for (const word of [...words, TENANT, CANVAS, MOODLE, 'Solbakken', 'Fjordby', 'evil', 'localhost', '127.0.0.1', world.lmsUrl])
			assert.equal(to.text.includes(word), false, word);
		assert.doesNotMatch(to.text, /[0-9a-f]{8}-[0-9a-f]{4}|@|https?:/);
	});

	test('whoever only works in the background counts there', async () => {
		const [other] = await freePorts(1);
		const settings = { ...world.settings, ILPD_METRICS: `127.0.0.1:${other}` };
		const worker = await startTool(settings, { command: 'work' });
		await worker.logged('event=ready', `metrics=127.0.0.1:${other}`);
		const now = await read(other);
		assert.equal(now.values.get('ilpd_request_seconds_count'), 0);
		assert.equal(now.values.get('ilpd_queue_waiting'), 0);
		await worker.stop();
		await sleep(50);
		await assert.rejects(read(other));
	});

	test('an address that is taken stops it at the start, by name', async () => {
		const [free] = await freePorts(1);
		const r = await ilpd(['serve'], { ...world.settings, ILPD_LISTEN: `127.0.0.1:${free}` });
		assert.equal(r.code, 1);
		assert.match(r.err, /metrics = "127\.0\.0\.1:\d+": Address already in use/);
	});
});
