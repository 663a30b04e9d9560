/* Plays a browser: opens the tool as somebody would and stops at the page they would
 * see. Used to let a whole school "open the course once", since a tool knows a parent
 * only from the day they came. */

/* Cookies of one visit; only names and values matter here. */
class Jar {
	constructor() { this.cookies = new Map(); }
	take(response) {
		for (const line of response.headers.getSetCookie()) {
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

const post = (fields) => ({ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

/* login: {url, params} of Launches.initiate. Answers how it ended: the status and
 * Location of the launch, its cookies, and what was posted. */
export async function visit({ launches, school }, login) {
	const jar = new Jar();
	const first = await fetch(login.url, post(login.params));
	jar.take(first);
	const to = first.headers.get('location');
	if (first.status < 300 || first.status > 399 || !to?.startsWith(school.base))
		return { step: 'login', status: first.status, location: to, text: (await first.text()).slice(0, 4000) };
	await first.arrayBuffer();
	const url = new URL(to);
	const platform = Object.values(school.platforms).find((p) => url.href.startsWith(`${p.urls.auth}?`));
	const answer = platform ? await launches.authorize(platform, url.searchParams) : { status: 404, page: 'no such endpoint' };
	if (!answer.fields)
		return { step: 'authorize', status: answer.status, text: answer.page };
	const launch = await fetch(answer.action, { ...post(answer.fields), headers: { Cookie: jar.header() } });
	jar.take(launch);
	return { step: 'launch', status: launch.status, location: launch.headers.get('location'), cookies: Object.fromEntries(jar.cookies),
		fields: answer.fields, text: (await launch.text()).slice(0, 4000) };
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
					result.refused.push({ platform: p.key, course: c.key, user: m.person.key, step: end.step, status: end.status });
			}
		}
	}
	return result;
}
