/* What both servers need of HTTP: a router, capped bodies, escaping, static files. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const BODY_MAX = 1 << 20;
const FILES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };

export class HttpError extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => ESCAPES[c]);

/* html`…` escapes what is put in, unless it is a raw() piece or a list of pieces. */
class Raw {
	constructor(text) { this.text = text; }
	toString() { return this.text; }
}
export const raw = (text) => new Raw(text);
const piece = (v) => {
	if (v === null || v === undefined || v === false)
		return '';
	if (Array.isArray(v))
		return v.map(piece).join('');
	return v instanceof Raw ? v.text : escapeHtml(v);
};
export const html = (strings, ...values) => new Raw(strings.reduce((out, s, i) => out + piece(values[i - 1]) + s));

export async function readBody(req) {
	const parts = [];
	let size = 0;
	for await (const part of req) {
		size += part.length;
		if (size > BODY_MAX)
			throw new HttpError(413, 'The body is too large.');
		parts.push(part);
	}
	return Buffer.concat(parts).toString('utf8');
}

export async function readForm(req) {
	return new URLSearchParams(await readBody(req));
}

export async function readJson(req) {
	const text = await readBody(req);
	try {
		return text === '' ? {} : JSON.parse(text);
	} catch (e) {
		throw new HttpError(400, `The body is not JSON: ${e.message}`);
	}
}

export function send(res, status, type, body, headers = {}) {
	res.writeHead(status, { 'Content-Type': type, ...headers });
	res.end(body);
}
export const sendJson = (res, status, value, headers) =>
	send(res, status, 'application/json; charset=utf-8', `${JSON.stringify(value, null, '\t')}\n`, headers);
export const sendHtml = (res, status, page, headers) =>
	send(res, status, 'text/html; charset=utf-8', String(page), { 'Cache-Control': 'no-store', ...headers });

export async function sendFile(res, name) {
	const type = FILES[name.split('.').pop()];
	if (!/^[a-z-]+\.[a-z]+$/.test(name) || !type)
		throw new HttpError(404, 'There is no such file.');
	const body = await readFile(new URL(`../public/${name}`, import.meta.url)).catch(() => {
		throw new HttpError(404, 'There is no such file.');
	});
	send(res, 200, type, body, { 'Cache-Control': 'no-cache' });
}

/* routes: [[method or 'GET POST', pattern with :names, handler(req, res, ctx)]].
 * ctx is {url, params}. The first that fits is taken. Later ones come by add(). */
export function router(routes, onError) {
	const table = [];
	const add = (more) => table.push(...more.map(([methods, pattern, handler]) => ({
		methods: methods.split(' '), handler,
		re: new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
	})));
	add(routes);
	const answer = async (req, res) => {
		try {
			const url = new URL(req.url, 'http://lms.invalid');
			const fits = table.map((r) => ({ ...r, match: r.re.exec(url.pathname) })).filter((r) => r.match);
			const method = req.method === 'HEAD' ? 'GET' : req.method;
			const route = fits.find((r) => r.methods.includes(method));
			if (!route)
				throw new HttpError(fits.length ? 405 : 404, fits.length ? 'That method is not for this address.' : 'There is no such page.');
			const params = Object.fromEntries(Object.entries({ ...route.match.groups }).map(([k, v]) => [k, decodeURIComponent(v)]));
			await route.handler(req, res, { url, params });
		} catch (e) {
			if (res.headersSent)
				return res.destroy();
			onError(req, res, e);
		}
	};
	return Object.assign(answer, { add });
}

/* Listens on both loopback addresses: "localhost" may mean either of them. Resolves
 * to a function that stops. A machine without IPv6 has only the first. */
export async function listen(handler, port) {
	const servers = [];
	for (const host of ['127.0.0.1', '::1']) {
		const server = createServer({ keepAliveTimeout: 30_000 }, handler);
		try {
			await new Promise((resolve, reject) => {
				server.once('error', reject);
				server.listen(port, host, resolve);
			});
			servers.push(server);
		} catch (e) {
			if (host === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(e.code))
				continue;
			servers.forEach((s) => s.close());
			throw e;
		}
	}
	return async () => {
		await Promise.all(servers.map((s) => new Promise((resolve) => {
			s.close(resolve);
			s.closeAllConnections?.();
		})));
	};
}

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
