/* The tool as a process of its own, as people run it: settings in the environment,
 * its log kept, its end looked at. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { appendFileSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ILPD, ROOT } from './paths.mjs';

export const TENANT = '018f0000-0000-7000-8000-000000000001';
export const CANVAS = '018f0000-0000-7000-8000-0000000000c1';
export const MOODLE = '018f0000-0000-7000-8000-0000000000a1';

/* Ports that were free a moment ago, on both loopbacks. */
export async function freePorts(n) {
	const servers = await Promise.all(Array.from({ length: n }, () => new Promise((resolve, reject) => {
		const s = createServer().once('error', reject);
		s.listen(0, '127.0.0.1', () => resolve(s));
	})));
	const ports = servers.map((s) => s.address().port);
	await Promise.all(servers.map((s) => new Promise((done) => { s.close(done); })));
	return ports;
}

/* Nothing of the tester's own installation may reach the tool under test. */
function cleanEnvironment(extra) {
	const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('ILPD_')));
	return { ...env, ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:verify_asan_link_order=0', UBSAN_OPTIONS: 'print_stacktrace=1', ...extra };
}

/* Runs a command of the program to its end. */
export function ilpd(args, env, { build } = {}) {
	return new Promise((resolve) => {
		const child = spawn(ILPD(build), args, { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
		const said = { out: '', err: '' };
		child.stdout.on('data', (d) => { said.out += d; });
		child.stderr.on('data', (d) => { said.err += d; });
		child.on('close', (code, signal) => resolve({ code, signal, ...said }));
	});
}

async function must(args, env, build) {
	const r = await ilpd(args, env, { build });
	if (r.code !== 0)
		throw new Error(`ilpd ${args.slice(0, 2).join(' ')}: ${r.err}`);
	return r;
}

export function toolSettings({ database, toolPort, lmsPort, smtpPort, key, env = {} }) {
	return {
		ILPD_LISTEN: `127.0.0.1:${toolPort}`,
		ILPD_BASE_URL: `http://127.0.0.1:${toolPort}`,
		ILPD_DATABASE: database.conninfo('ilpd_app'),
		ILPD_KEY: key,
		ILPD_HTTP_ALLOW: `localhost:${lmsPort}`,
		ILPD_MAIL_RELAY: smtpPort ? `127.0.0.1:${smtpPort}` : '',
		ILPD_MAIL_TLS: 'none',
		ILPD_MAIL_FROM: 'Learning plans <learning-plans@solbakken.example>',
		ILPD_MAIL_WINDOW: '1',
		ILPD_WORKERS: '8',
		...env,
	};
}

export const newKey = () => randomBytes(32).toString('base64url');

/* The demo school and its two platforms, at this LMS's address. */
export async function seedSchool(settings, lms, { build, canvas = [], moodle = [] } = {}) {
	await must(['tenant', 'add', '--id', TENANT, '--name', 'Solbakken skole', '--time-zone', 'Europe/Oslo', '--locale', 'nb',
		'--help-text', 'the school office, phone 55 50 01 20'], settings, build);
	await addPlatform(settings, { id: CANVAS, name: 'Fjordby Canvas', profile: 'canvas', issuer: `${lms}/canvas`, clientId: '10000000000123',
		auth: `${lms}/canvas/authorize`, token: `${lms}/canvas/token`, jwks: `${lms}/canvas/jwks` }, ['--observees', 'observees', ...canvas], build);
	await addPlatform(settings, { id: MOODLE, name: 'Fjordby Moodle', profile: 'moodle', issuer: `${lms}/moodle`, clientId: 'mQ8fT1xYz3kLw9B',
		auth: `${lms}/moodle/auth.php`, token: `${lms}/moodle/token.php`, jwks: `${lms}/moodle/certs.php` }, moodle, build);
}

/* tenant: null leaves the registration nobody's own. */
export const addPlatform = (settings, p, more = [], build = undefined) => must(['platform', 'add', '--id', p.id, ...(p.tenant === null ? [] : ['--tenant', p.tenant ?? TENANT]), '--name', p.name,
	'--profile', p.profile, '--issuer', p.issuer, '--client-id', p.clientId, '--auth-url', p.auth, '--token-url', p.token, '--jwks-url', p.jwks, ...more], settings, build);

/* Words no run of a correct program ever writes. */
const BAD = /AddressSanitizer|LeakSanitizer|runtime error:|UndefinedBehaviorSanitizer|ThreadSanitizer|BUG:/;

export class Tool {
	constructor(child, url) {
		this.child = child;
		this.url = url;
		this.log = '';
		this.ended = new Promise((resolve) => { child.on('close', (code, signal) => resolve({ code, signal })); });
		const keep = (d) => { this.log += d; };
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
	}
	get pid() { return this.child.pid; }
	signal(name) { this.child.kill(name); }
	async kill() {
		this.child.kill('SIGKILL');
		return this.ended;
	}
	/* Asks it to stop and looks at how it did: exit 0, no leak, no sanitizer's word. */
	async stop() {
		this.child.kill('SIGTERM');
		const end = await Promise.race([this.ended, sleep(30_000, null, { ref: false })]);
		if (!end) {
			this.child.kill('SIGKILL');
			await this.ended;
			throw new Error(`the tool did not stop within 30 s:\n${this.log.slice(-3000)}`);
		}
		this.checkLog();
		if (end.code !== 0)
			throw new Error(`the tool ended with ${end.signal ?? end.code}:\n${this.log.slice(-3000)}`);
		return end;
	}
	checkLog() {
		const at = this.log.search(BAD);
		if (at >= 0)
			throw new Error(`the tool's log:\n${this.log.slice(Math.max(0, at - 300), at + 4000)}`);
	}
	/* Lines of the log that hold all the words, written since `from` characters. */
	lines(...words) {
		return this.log.split('\n').filter((l) => words.every((w) => l.includes(w)));
	}
	async logged(...words) {
		for (let i = 0; i < 100; i++) {
			if (this.lines(...words).length)
				return this.lines(...words);
			await sleep(50);
		}
		throw new Error(`the log never said ${words.join(' ')}:\n${this.log.slice(-2000)}`);
	}
}

/* Nothing we started outlives us. */
const alive = new Set();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

/* command: "serve", or "work" for a process that only sends mail and fetches rosters. */
export async function startTool(settings, { build, command = 'serve', wait = true } = {}) {
	const child = spawn(ILPD(build), [command], { env: cleanEnvironment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
	const tool = new Tool(child, settings.ILPD_BASE_URL);
	if (process.env.ILPD_TEST_LOG) {
		mkdirSync(`${ROOT}/.run/test`, { recursive: true });
		child.stderr.on('data', (d) => appendFileSync(`${ROOT}/.run/test/tool.log`, d));
	}
	alive.add(child);
	child.once('close', () => alive.delete(child));
	if (command === 'serve' && wait)
		await ready(tool);
	return tool;
}

export async function ready(tool, seconds = 20) {
	for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
		if (tool.child.exitCode !== null)
			throw new Error(`the tool ended at start:\n${tool.log}`);
		const ok = await fetch(`${tool.url}/readyz`, { signal: AbortSignal.timeout(2000) }).then((r) => r.ok, () => false);
		if (ok)
			return tool;
		await sleep(20);
	}
	throw new Error(`the tool was not ready after ${seconds} s:\n${tool.log.slice(-2000)}`);
}
