/* Plays a browser: opens the tool as somebody would and stops at the page they would
 * see. Used to let a whole school "open the course once", since a tool knows a parent
 * only from the day they came. */

import { request } from 'node:http';

const ANSWER_MS = 15_000;

/* Cookies of one visit; only names and values matter here. */
class Jar {
	constructor() { this.cookies = new Map(); }
	take(response) {
		for (const line of response.headers['set-cookie'] ?? []) {
			const [pair] = line.split(';');
			const cut = pair.indexOf('=');
			if (/max-age=0\b/i.test(line))
				this.cookies.delete(pair.slice(0, cut));
			else
				this.cookies.set(pair.slice(0, cut), pair.slice(cut + 1));
		}
	}
	header() { return [...this.cookies].map(([n, v]) => `${n}=${v}`).join('; '); }
}

/* Not fetch(): Debian 12's cannot tell one Set-Cookie from the next. Follows nothing. */
function ask(url, fields, headers = {}) {
	const body = fields ? String(new URLSearchParams(fields)) : '';
	const form = fields ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) } : {};
	return new Promise((resolve, reject) => {
		const req = request(url, { method: fields ? 'POST' : 'GET', agent: false, timeout: ANSWER_MS,
			headers: { 'User-Agent': 'Fjordby browser', ...form, ...headers } }, (res) => {
			let text = '';
			res.setEncoding('utf8');
			res.on('data', (d) => { text += d; });
			res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, text: text.slice(0, 4000) }));
			res.on('error', reject);
		});
		req.on('timeout', () => req.destroy(new Error('no answer in time')));
		req.on('error', reject);
		req.end(body);
	});
}

/* login: {url, params} of Launches.initiate. Answers how it ended: the status and
 * Location of the launch, its cookies, and what was posted. */
export async function visit({ launches, school }, login) {
	const jar = new Jar();
	let first = login.method === 'get' ? await ask(`${login.url}?${new URLSearchParams(login.params)}`) : await ask(login.url, login.params);
	jar.take(first);
	let to = first.headers.location;
	/* The tool may first ask whether its cookies come back, on its own site. */
	if (to && new URL(to, login.url).origin === new URL(login.url).origin) {
		first = await ask(new URL(to, login.url), null, { Cookie: jar.header() });
		jar.take(first);
		to = first.headers.location;
	}
	if (first.status < 300 || first.status > 399 || !to?.startsWith(school.base))
		return { step: 'login', status: first.status, location: to ?? null, text: first.text };
	const url = new URL(to);
	const platform = Object.values(school.platforms).find((p) => url.href.startsWith(`${p.urls.auth}?`));
	const answer = platform ? await launches.authorize(platform, url.searchParams) : { status: 404, page: 'no such endpoint' };
	if (!answer.fields)
		return { step: 'authorize', status: answer.status, text: answer.page };
	const launch = await ask(answer.action, answer.fields, { Cookie: jar.header() });
	jar.take(launch);
	return { step: 'launch', status: launch.status, location: launch.headers.location ?? null, cookies: Object.fromEntries(jar.cookies),
		fields: answer.fields, text: launch.text };
}

/* Everybody of a course (of all courses) with that role opens the tool once. */
export async function visitAll({ launches, school }, { platform, course, role }) {
	const result = { opened: 0, refused: [] };
	for (const p of Object.values(school.platforms).filter((x) => !platform || x.key === platform)) {
		for (const c of p.courses.filter((x) => !course || x.key === course)) {
			for (const m of c.members.filter((x) => !role || x.role === role)) {
				const login = launches.initiate({ platform: p.key, course: c.key, user: m.person.key }, {});
				const end = await visit({ launches, school }, login).catch((e) => ({ step: 'network', status: 0, text: e.message }));
				if (end.step === 'launch' && end.status === 303)
					result.opened += 1;
				else
					result.refused.push({ platform: p.key, course: c.key, user: m.person.key, step: end.step, status: end.status, ...(end.step === 'network' ? { text: end.text } : {}) });
			}
		}
	}
	return result;
}
