/* What a suite starts from: a database, the demo LMS, the mail catcher and the tool,
 * all on ports of their own.
 *
 *	const world = await startWorld();
 *	const ingrid = await world.launch('ingrid-solheim');
 *	const { status, json } = await ingrid.get('/home');
 *	await world.stop();          fails where the tool leaked or died */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase } from './database.mjs';
import { Browser } from './browser.mjs';
import { Client } from './client.mjs';
import { TENANT, addPlatform, freePorts, newKey, seedSchool, startTool, toolSettings } from './tool.mjs';
import { startLms as lmsStart } from '../lms/server.mjs';
import { startMail as mailStart } from '../lms/mail.mjs';

export * from './browser.mjs';
export * from './client.mjs';
export * from './database.mjs';
export * from './tool.mjs';
export * from './paths.mjs';
export { sleep };

export const startLms = ({ lmsPort, tool }) => lmsStart({ lmsPort, lms: `http://localhost:${lmsPort}`, tool });
export const startMail = ({ mailPort, smtpPort, ...more }) => mailStart({ mailPort, smtpPort, mail: `http://localhost:${mailPort}`, ...more });

async function json(response) {
	const body = await response.json();
	if (!response.ok)
		throw new Error(`${response.url}: ${response.status} ${JSON.stringify(body)}`);
	return body;
}

export class World {
	constructor(parts) {
		Object.assign(this, parts);
	}
	/* A hook of the demo LMS or the mail catcher (tests/lms/README.md). */
	hook(path, body) {
		return fetch(`${this.lmsUrl}/test/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }).then(json);
	}
	smtp(body) {
		return fetch(`${this.mailUrl}/test/smtp`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then(json);
	}
	mails(query = '') {
		return fetch(`${this.mailUrl}/api/mails${query}`).then(json);
	}
	/* The mails once there are n of them; waits a little longer for one too many. */
	async mailsAfter(n, { seconds = 20, settle = 1500, query = '' } = {}) {
		const until = Date.now() + seconds * 1000;
		let list = await this.mails(query);
		for (; list.length < n && Date.now() < until; list = await this.mails(query))
			await sleep(100);
		await sleep(settle);
		return this.mails(query);
	}
	/* Another platform of the demo LMS (its persona's name, or {persona, key, issuer …}),
	 * made known to the tool unless `register` is false: {id, ...what the LMS says}. */
	async platform(spec, { register = true, tenant = TENANT, profile, more = [] } = {}) {
		const made = await this.hook('platform', typeof spec === 'string' ? { persona: spec } : spec);
		const known = ['strict', 'minimal'].includes(made.persona) ? 'generic' : made.persona;
		const id = randomUUID();
		if (register)
			await addPlatform(this.settings, { id, tenant, name: made.name, profile: profile ?? known, issuer: made.issuer, clientId: made.client_id,
				auth: made.urls.auth, token: made.urls.token, jwks: made.urls.jwks }, more, this.build);
		return { id, ...made };
	}
	browser(jar) {
		return new Browser(this, jar);
	}
	/* Moodle's people are told from Canvas' by where they are. */
	where(user) {
		return this.moodlePeople.has(user) ? { platform: 'moodle', course: 'norwegian-8a' } : { platform: 'canvas', course: 'english-8b' };
	}
	/* Somebody who opened the course, in a browser of their own. */
	async launch(user, more = {}) {
		return (await this.launchIn(this.browser(), user, more)).client;
	}
	async launchIn(browser, user, more = {}) {
		const end = await browser.visit(user, more);
		if (end.step !== 'launch' || end.status !== 303)
			throw new Error(`${user} was not let in: ${end.step} ${end.status} ${end.text?.replace(/<[^>]*>/g, ' ').slice(0, 800)}`);
		return { browser, end, client: new Client(this.toolUrl, end.location.split('/')[2], browser.jar, end) };
	}
	/* Everybody of the course opens it once, so that guardians are known. */
	visitAll(more = { platform: 'canvas', course: 'english-8b' }) {
		return this.hook('visit', more);
	}
	/* Until the roster is there. */
	async rosterDone(client, { state = 'done', seconds = 20 } = {}) {
		for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(100)) {
			const { json: home } = await client.get('/home');
			if (home.roster?.state === state)
				return home;
		}
		throw new Error(`the roster never was ${state}`);
	}
	async restartTool() {
		this.tool = await startTool(this.settings, { build: this.build });
		return this.tool;
	}
	async stop() {
		try {
			if (this.tool?.child.exitCode === null && this.tool.child.signalCode === null)
				await this.tool.stop();
			else
				this.tool?.checkLog();
		} finally {
			await Promise.all([this.lms?.stop(), this.mail?.stop()]);
			if (process.env.ILPD_TEST_KEEP)
				console.log(`kept: ${this.database.conninfo('postgres')}`);
			else
				await this.database.drop();
		}
	}
}

/* env: settings of the tool; tool: false leaves starting it to the test; personas: more
 * platforms of the demo LMS (tests/lms/lib/personas.mjs), registered in the tool. */
export async function startWorld({ env = {}, build, database, tool = true, platforms = {}, personas = [] } = {}) {
	const [toolPort, lmsPort, mailPort, smtpPort] = await freePorts(4);
	const db = await freshDatabase({ build, ...database });
	const settings = toolSettings({ database: db, toolPort, lmsPort, smtpPort, key: newKey(), env: typeof env === 'function' ? env(db) : env });
	const world = new World({ build, database: db, settings, toolPort, lmsPort, mailPort, smtpPort, toolUrl: settings.ILPD_BASE_URL,
		lmsUrl: `http://localhost:${lmsPort}`, mailUrl: `http://localhost:${mailPort}` });
	world.lms = await startLms({ lmsPort, tool: world.toolUrl });
	world.mail = await startMail({ mailPort, smtpPort });
	world.moodlePeople = new Set(world.lms.school.platforms.moodle.courses.flatMap((c) => [...c.members, ...c.visitors]).map((m) => m.person.key));
	await seedSchool(settings, world.lmsUrl, { build, ...platforms });
	world.personas = {};
	for (const spec of personas) {
		const made = await world.platform(spec);
		world.personas[made.key] = made;
	}
	if (tool)
		world.tool = await startTool(settings, { build });
	return world;
}
