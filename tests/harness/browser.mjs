/* A browser on its way from the LMS into the tool, one step at a time: the LMS's
 * initiation, our login, the platform's authorization endpoint, our launch. */
import { cookieHeader, form, http, takeCookies } from './client.mjs';

export class Browser {
	constructor(world, jar = {}) {
		this.world = world;
		this.jar = jar;
	}
	cookies() { return Object.keys(this.jar).length ? { Cookie: cookieHeader(this.jar) } : {}; }

	/* {url, params} of a click in the course. */
	initiation(user, more = {}) {
		return this.world.hook('initiation', { user, ...this.world.where(user), ...more });
	}

	/* Our answer to a login, behind the question whether cookies come back. Sent as this
	 * platform does it where nothing else is said. */
	async login({ url, params, method: own = 'post' }, { method = own.toUpperCase(), headers = {} } = {}) {
		const send = async (to, verb, fields) => {
			const all = { ...headers, ...this.cookies() };
			const r = verb === 'POST' ? await form(to, fields, all) : await http(fields ? `${to}?${new URLSearchParams(fields)}` : to, { headers: all });
			takeCookies(this.jar, r);
			return r;
		};
		const first = await send(url, method, params);
		const to = first.headers.location;
		return to?.startsWith('/lti/login?') ? send(new URL(to, url).href, 'GET') : first;
	}

	/* What the platform would have this browser post to us: {action, fields}. */
	async authorize(location) {
		const r = await http(location, { headers: { Accept: 'application/json' } });
		return { status: r.status, ...JSON.parse(r.text) };
	}

	/* The form post of a launch. Fields as an object or as pairs. */
	async launch(fields, headers = {}) {
		const r = await form(`${this.world.toolUrl}/lti/launch`, fields, { Origin: this.world.lmsUrl, ...this.cookies(), ...headers });
		takeCookies(this.jar, r);
		return r;
	}

	/* Up to the form that would be posted. */
	async upToLaunch(user, more = {}) {
		const start = await this.initiation(user, more);
		const login = await this.login(start);
		if (login.status !== 302)
			return { step: 'login', response: login };
		const answer = await this.authorize(login.headers.location);
		if (!answer.fields)
			return { step: 'authorize', response: { status: answer.status, text: answer.page ?? '', headers: {} } };
		return { step: 'ready', ...answer };
	}

	/* All of it: {step, status, location, text, headers, fields}. */
	async visit(user, more = {}) {
		const ready = await this.upToLaunch(user, more);
		if (ready.step !== 'ready')
			return { step: ready.step, ...ready.response, location: ready.response.headers.location };
		const r = await this.launch(ready.fields);
		return { step: 'launch', ...r, location: r.headers.location, fields: ready.fields };
	}
}
