/* The tool as it is installed (its own settings' defaults, its log in a file), a database
 * whose fsync is real, a platform, and browsers that keep their connections. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Agent } from 'node:http';
import { ILPD, ROOT, TENANT, addPlatform, cookieHeader, freePorts, freshDatabase, http, ilpd, newKey, takeCookies, toolSettings } from '../harness/index.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Meter } from './measure.mjs';
import { Platform } from './platform.mjs';

export const REGISTRATION = '018f0000-0000-7000-8000-0000000000be';
export const USERS = 16;

async function must(args, env) {
	const r = await ilpd(args, env);
	if (r.code !== 0)
		throw new Error(`ilpd ${args.slice(0, 2).join(' ')}: ${r.err}`);
}

async function startTool(settings) {
	const log = openSync(`${ROOT}/.run/test/bench-tool.log`, 'w');
	const since = performance.now();
	const child = spawn(ILPD(), ['serve'], { env: { PATH: process.env.PATH, ...settings }, stdio: ['ignore', log, log] });
	closeSync(log);
	process.once('exit', () => child.kill('SIGKILL'));
	for (;;) {
		if (child.exitCode !== null)
			throw new Error('the tool ended at start: .run/test/bench-tool.log');
		const status = await http(`${settings.ILPD_BASE_URL}/readyz`).then((r) => r.status, () => 0);
		if (status === 200)
			return { child, pid: child.pid, readyMs: performance.now() - since };
		await sleep(1);
	}
}

async function stopTool(tool) {
	tool.child.kill('SIGTERM');
	await new Promise((done) => { tool.child.once('exit', done); });
}

export class Stage {
	constructor(parts) {
		Object.assign(this, parts);
		this.agent = new Agent({ keepAlive: true, maxSockets: USERS });
	}
	request(path, options = {}) {
		return http(`${this.url}${path}`, { agent: this.agent, ...options });
	}
	/* The two halves of a launch, so that the signature between them is nobody's cost. A
	 * browser that was here before brings a cookie of ours; one that was not is asked once
	 * more and that costs a request. */
	async login(user) {
		const r = await this.request(this.platform.loginPath(user), { headers: { Cookie: '__Host-ilpd-probe=1' } });
		if (r.status !== 302)
			throw new Error(`login: ${r.status} ${r.text.slice(0, 300)}`);
		const to = new URL(r.headers.location).searchParams;
		return { user, jar: takeCookies({}, r), state: to.get('state'), nonce: to.get('nonce') };
	}
	async launch(visit) {
		const r = await this.request('/lti/launch', { method: 'POST', body: `id_token=${visit.token}&state=${visit.state}`,
			headers: { Cookie: cookieHeader(visit.jar), 'Content-Type': 'application/x-www-form-urlencoded' } });
		if (r.status !== 303)
			throw new Error(`launch: ${r.status} ${r.text.replace(/<[^>]*>/g, ' ').slice(0, 500)}`);
		visit.sid = r.headers.location.split('/')[2];
		takeCookies(visit.jar, r);
	}
	async api(visit, method, path, body) {
		const r = await this.request(`/api${path}`, { method, body: body && JSON.stringify(body),
			headers: { Cookie: cookieHeader(visit.jar), 'X-Session': visit.sid, ...(body && { 'Content-Type': 'application/json' }) } });
		if (r.status >= 300)
			throw new Error(`${method} ${path}: ${r.status} ${r.text.slice(0, 300)}`);
		return r.text ? JSON.parse(r.text) : null;
	}
	/* How many bytes an answer has. */
	async bytes(visit, path) {
		return (await this.request(`/api${path}`, { headers: { Cookie: cookieHeader(visit.jar), 'X-Session': visit.sid } })).bytes.length;
	}
	async visit(user) {
		const visit = await this.login(user);
		visit.token = this.platform.token(user, visit.nonce);
		await this.launch(visit);
		visit.home = await this.api(visit, 'GET', '/home');
		return visit;
	}
	async stop() {
		this.agent.destroy();
		await stopTool(this.tool);
		this.platform.stop();
		await this.database.drop();
	}
}

/* alsoAllow: ports of other platforms. */
export async function startStage({ smtpPort, alsoAllow = [], env = {}, cluster = 'bench', options = ['fsync=on'] }) {
	const [toolPort, platformPort] = await freePorts(2);
	const database = await freshDatabase({ cluster, options, build: process.env.ILPD_TEST_BUILD });
	const settings = { ...toolSettings({ database, toolPort, lmsPort: platformPort, smtpPort, key: newKey() }),
		ILPD_HTTP_ALLOW: [platformPort, ...alsoAllow].map((port) => `127.0.0.1:${port}`).join(' '), ...env };
	const platform = new Platform(platformPort, settings.ILPD_BASE_URL);
	await must(['tenant', 'add', '--id', TENANT, '--name', 'Bench', '--time-zone', 'Europe/Oslo', '--locale', 'nb'], settings);
	await addPlatform(settings, platform.registration(REGISTRATION));
	/* The first start of all makes our own RSA key, which takes what it takes. */
	const first = await startTool(settings);
	await stopTool(first);
	const tool = await startTool(settings);
	const postmaster = Number(await database.value(`SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)`));
	return new Stage({ database, settings, platform, tool, firstReadyMs: first.readyMs, url: settings.ILPD_BASE_URL, meter: new Meter(tool, database, postmaster) });
}
