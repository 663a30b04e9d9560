/* A browser after its launch, seen from the API; and bytes on a socket where a client
 * library would not send what is to be sent. */
import { request } from 'node:http';
import { connect } from 'node:net';

/* Not fetch(): it forbids Host and Cookie games and hides Set-Cookie. */
export function http(url, { method = 'GET', headers = {}, body, timeout = 30_000, agent } = {}) {
	const data = body === undefined ? undefined : Buffer.from(body);
	return new Promise((resolve, reject) => {
		const req = request(url, { method, timeout, agent, headers: { ...(data && { 'Content-Length': data.length }), ...headers } }, (res) => {
			const parts = [];
			res.on('data', (d) => parts.push(d));
			res.on('error', reject);
			res.on('end', () => {
				const bytes = Buffer.concat(parts);
				resolve({ status: res.statusCode, headers: res.headers, text: bytes.toString('utf8'), bytes });
			});
		});
		req.on('timeout', () => req.destroy(new Error(`${method} ${url}: no answer in ${timeout} ms`)));
		req.on('error', reject);
		req.end(data);
	});
}

export const form = (url, fields, headers = {}) => http(url, { method: 'POST', body: String(new URLSearchParams(fields)),
	headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });

/* Name=value pairs of Set-Cookie headers, into a jar (an object). */
export function takeCookies(jar, response) {
	for (const line of response.headers['set-cookie'] ?? []) {
		const [pair] = line.split(';');
		const cut = pair.indexOf('=');
		if (/max-age=0\b/i.test(line))
			delete jar[pair.slice(0, cut)];
		else
			jar[pair.slice(0, cut)] = pair.slice(cut + 1);
	}
	return jar;
}
export const cookieHeader = (jar) => Object.entries(jar).map(([n, v]) => `${n}=${v}`).join('; ');

/* Exactly these bytes; answers all that came until the other side closed, or for `wait`. */
export function raw(port, bytes, { wait = 3000, host = '127.0.0.1' } = {}) {
	return new Promise((resolve, reject) => {
		const socket = connect(port, host);
		let text = '';
		const done = () => { socket.destroy(); resolve(text); };
		socket.setTimeout(wait, done);
		socket.on('connect', () => socket.write(bytes));
		socket.on('data', (d) => { text += d.toString('latin1'); });
		socket.on('end', done);
		socket.on('close', done);
		socket.on('error', (e) => (e.code === 'ECONNRESET' || e.code === 'EPIPE' ? done() : reject(e)));
	});
}
export const rawStatus = (text) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);

export class Client {
	constructor(url, sid, cookies, landing = {}) {
		Object.assign(this, { url, sid, cookies, landing });
	}
	/* path begins behind /api. Extra headers win; null leaves one out. */
	async call(method, path, body, headers = {}) {
		const all = { 'X-Session': this.sid, Cookie: cookieHeader(this.cookies), ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers };
		for (const name of Object.keys(all))
			if (all[name] === null)
				delete all[name];
		const r = await http(`${this.url}/api${path}`, { method, headers: all, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) });
		try {
			r.json = r.text ? JSON.parse(r.text) : null;
		} catch {
			r.json = undefined;
		}
		return r;
	}
	get(path, headers) { return this.call('GET', path, undefined, headers); }
	post(path, body, headers) { return this.call('POST', path, body, headers); }
	put(path, body, headers) { return this.call('PUT', path, body, headers); }
	patch(path, body, headers) { return this.call('PATCH', path, body, headers); }
	delete(path, body, headers) { return this.call('DELETE', path, body, headers); }
	async home() {
		const r = await this.get('/home');
		if (r.status !== 200)
			throw new Error(`home: ${r.status} ${r.text}`);
		return r.json;
	}
	/* Saves one field of one student; the whole answer. */
	save(review, student, field, text, rev = 0) { return this.put(`/reviews/${review}/entries/${student}/${field}`, { text, rev }); }
	saveOwn(review, field, text, rev = 0) { return this.put(`/my/reviews/${review}/${field}`, { text, rev }); }
	release(review, students) { return this.post(`/reviews/${review}/release`, { students }); }
	/* A review as most tests need it. */
	async makeReview(more = {}) {
		const r = await this.post('/reviews', { title: 'Autumn midterm', startsOn: '2026-11-02', endsOn: '2026-11-27', scale: 'no_grades',
			selfAssessment: true, toStudents: true, toGuardians: true, ...more });
		if (r.status !== 201)
			throw new Error(`review: ${r.status} ${r.text}`);
		return r.json;
	}
}
