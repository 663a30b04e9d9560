/* Wrong and missing settings: one line with the name, what is allowed and where it was
 * read; exit 1. And the commands around the tool. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TENANT, freePorts, freshDatabase, ilpd, newKey, startTool, toolSettings } from '../harness/index.mjs';

let db, settings, dir;
before(async () => {
	db = await freshDatabase();
	const [toolPort, lmsPort] = await freePorts(2);
	settings = toolSettings({ database: db, toolPort, lmsPort, key: newKey() });
	dir = mkdtempSync(join(tmpdir(), 'ilpd-settings-'));
});
after(async () => {
	rmSync(dir, { recursive: true, force: true });
	await db?.drop();
});

async function refused(env, ...words) {
	const r = await ilpd(['serve'], env);
	assert.equal(r.code, 1, r.err);
	assert.equal(r.err.trim().split('\n').length, 1, r.err);
	for (const w of words)
		assert.ok(r.err.includes(w), `${w} is not in: ${r.err}`);
	return r.err;
}

describe('from the environment', () => {
	for (const [name, value, allowed] of [
		['workers', '0', '1 to 128'], ['workers', 'many', '1 to 128'], ['workers', '129', '1 to 128'], ['workers', ' 8', '1 to 128'], ['workers', '99999999999999999999', '1 to 128'], ['queue', '0', '1 to 65536'],
		['session_hours', '25', '1 to 24'], ['mail_window', '-1', '0 to 86400'], ['mail_batch', '0', '1 to 200'], ['mail_tls', 'maybe', 'none try require'], ['worker', 'yes', 'on off'],
		['log_level', 'loud', 'debug info warn error'], ['log_level', 'debug info', 'debug info warn error'], ['listen', '8180', 'host:port'], ['listen', '127.0.0.1:0', 'host:port'], ['listen', '127.0.0.1:99999', 'host:port'],
		['base_url', 'http://learning.example', 'https://host'], ['base_url', 'https://learning.example/', 'no slash'], ['base_url', 'ftp://x', 'https://host'], ['base_url', 'https://', 'https://host'],
		['database', '', 'connection string'], ['mail_from', '', 'Name <address>'],
	])
		test(`${name}=${JSON.stringify(value)}`, () => refused({ ...settings, [`ILPD_${name.toUpperCase()}`]: value }, name, allowed, `ILPD_${name.toUpperCase()}`));
	for (const key of ['', 'short', 'x'.repeat(44), '!'.repeat(43)])
		test(`the key ${JSON.stringify(key.slice(0, 8))}`, async () => {
			const said = await refused({ ...settings, ILPD_KEY: key }, 'key', '32 bytes');
			if (key.length > 10)
				assert.equal(said.includes(key), false, 'a secret is shown');
		});
	test('a secret is not shown when it is wrong', async () => {
		const said = await refused({ ...settings, ILPD_DATABASE: 'host=nowhere.invalid password=SECRETWORD', ILPD_WORKERS: '0' }, 'workers');
		assert.equal(said.includes('SECRETWORD'), false);
	});
});

describe('from the file', () => {
	const file = (text) => { const p = join(dir, 'ilpd.conf'); writeFileSync(p, text); return p; };
	const bare = () => Object.fromEntries(Object.entries(settings).filter(([k]) => !['ILPD_WORKERS'].includes(k)));
	for (const [name, text, ...words] of [['a value that is wrong', 'workers = 0\n', 'workers', '1 to 128', 'ilpd.conf'], ['a name nobody knows', 'wrokers = 5\n', 'wrokers', 'ilpd.conf'], ['no name at all', 'workers\n', 'ilpd.conf:1'],
		['a section', '[server]\nworkers = 5\n', 'ilpd.conf']])
		test(name, async () => {
			const r = await ilpd(['--config', file(text), 'serve'], bare());
			assert.equal(r.code, 1, r.err);
			for (const w of words)
				assert.ok(r.err.includes(w), `${w} is not in: ${r.err}`);
		});
	test('that is not there', async () => {
		const r = await ilpd(['--config', join(dir, 'nothing.conf'), 'serve'], bare());
		assert.equal(r.code, 1);
		assert.match(r.err, /nothing\.conf/);
	});
	test('the environment wins', async () => {
		const tool = await (async () => { writeFileSync(join(dir, 'w.conf'), 'workers = 0\n'); return ilpd(['--config', join(dir, 'w.conf'), 'config', 'reference'], settings); })();
		assert.equal(tool.code, 0);
		const r = await ilpd(['--config', file('workers = 0\n'), 'platform', 'list'], { ...settings, ILPD_WORKERS: '4' });
		assert.equal(r.code, 0, r.err);
	});
	test('a key in a file of its own', async () => {
		const key = join(dir, 'key');
		writeFileSync(key, `${settings.ILPD_KEY}\n`);
		const tool = await startTool({ ...settings, ILPD_KEY: '', ILPD_KEY_FILE: key });
		await tool.stop();
		await refused({ ...settings, ILPD_KEY: '', ILPD_KEY_FILE: join(dir, 'nokey') }, 'key_file', 'nokey');
	});
});

describe('at start', () => {
	test('a port that is taken is one line', async () => {
		const tool = await startTool(settings);
		try {
			await refused(settings, settings.ILPD_LISTEN, 'listen');
		} finally {
			await tool.stop();
		}
	});
	test('another key than the database was begun with is said', async () => {
		const tool = await startTool(settings);
		await tool.stop();
		const r = await ilpd(['serve'], { ...settings, ILPD_KEY: newKey() });
		assert.equal(r.code, 1);
		assert.match(r.err, /key/);
	});
	test('a database without its tables is one line that says what to do', async () => {
		await db.psql('CREATE DATABASE bare_of_tables OWNER ilpd_owner');
		try {
			const r = await ilpd(['serve'], { ...settings, ILPD_DATABASE: settings.ILPD_DATABASE.replace(/dbname=\S+/, 'dbname=bare_of_tables') });
			assert.equal(r.code, 1);
			assert.match(r.err, /migrate/);
		} finally {
			await db.psql('DROP DATABASE bare_of_tables WITH (FORCE)');
		}
	});
	test('migrating twice at once does each step once', async () => {
		await db.psql('CREATE DATABASE two_hosts OWNER ilpd_owner');
		try {
			const env = { ...settings, ILPD_DATABASE: settings.ILPD_DATABASE.replace(/dbname=\S+/, 'dbname=two_hosts'), ILPD_DATABASE_OWNER: db.conninfo('ilpd_owner').replace(/dbname=\S+/, 'dbname=two_hosts') };
			const both = await Promise.all([ilpd(['migrate'], env), ilpd(['migrate'], env), ilpd(['migrate'], env)]);
			assert.deepEqual(both.map((r) => r.code), [0, 0, 0], JSON.stringify(both));
			const steps = both.map((r) => Number(/^(\d+) step/m.exec(r.out)[1])).sort();
			assert.deepEqual(steps.slice(0, 2), [0, 0]);
			assert.ok(steps[2] >= 1);
			assert.match((await ilpd(['migrate'], env)).out, /^0 steps/);
		} finally {
			await db.psql('DROP DATABASE two_hosts WITH (FORCE)');
		}
	});
	test('migrate needs the owner', async () => {
		const r = await ilpd(['migrate'], settings);
		assert.equal(r.code, 1);
		assert.match(r.err, /database_owner/);
	});
});

describe('commands', () => {
	test('words that are none', async () => {
		for (const words of [[], ['dance'], ['tenant'], ['tenant', 'remove'], ['serve', 'now']]) {
			const r = await ilpd(words, settings);
			assert.ok([2, 64].includes(r.code), `${words}: ${r.code}`);
			assert.doesNotMatch(r.err, /Sanitizer/);
		}
	});
	test('a school in a place that is none, or a language that is none', async () => {
		for (const more of [['--time-zone', 'Europe/Atlantis'], ['--locale', 'tlh']]) {
			const r = await ilpd(['tenant', 'add', '--id', TENANT, '--name', 'X', ...more], settings);
			assert.equal(r.code, 1, more.join(' '));
			assert.ok(r.err.includes(more[1]) || /time.?zone|locale|language/i.test(r.err), r.err);
		}
		assert.equal(await db.value('SELECT count(*) FROM ilp.tenant'), '0');
	});
	test('a platform with an address that is none', async () => {
		await ilpd(['tenant', 'add', '--id', TENANT, '--name', 'X'], settings);
		const base = { '--id': '018f0000-0000-7000-8000-0000000000e1', '--tenant': TENANT, '--name': 'P', '--profile': 'generic', '--issuer': 'https://p.example', '--client-id': 'c', '--auth-url': 'https://p.example/a', '--token-url': 'https://p.example/t', '--jwks-url': 'https://p.example/k' };
		const add = (change) => ilpd(['platform', 'add', ...Object.entries({ ...base, ...change }).flat()], settings);
		for (const change of [{ '--auth-url': 'javascript:alert(1)' }, { '--auth-url': 'http://p.example/a' }, { '--jwks-url': 'file:///etc/passwd' }, { '--token-url': 'nowhere' }, { '--id': 'x' }, { '--profile': 'nobody' }, { '--deployments': 'maybe' }, { '--tenant': '018f0000-0000-7000-8000-0000000000ff' }]) {
			const r = await add(change);
			assert.equal(r.code, 1, `${JSON.stringify(change)} ${r.err}`);
			assert.equal(r.err.trim().split('\n').length, 1, r.err);
		}
		assert.equal(await db.value('SELECT count(*) FROM lti.registration'), '0');
		assert.equal((await add({})).code, 0);
		assert.equal((await add({})).code, 0);
		assert.match((await ilpd(['platform', 'list'], settings)).out, /p\.example/);
	});
});
