/* A click that opens the tool: what it wants, and how the browser is sent to the login. */
import { sendHtml } from './http.mjs';
import { autoForm } from './pages.mjs';

/* How a launch is wanted, from a page's address. */
export function launchOptions(url) {
	const q = url.searchParams;
	return {
		method: q.get('method') === 'get' ? 'get' : 'post', storage: q.get('storage') ?? '', target: q.get('target') === 'window' ? 'window' : 'iframe',
		more: { message: q.get('message') || undefined, link: q.get('link') || undefined, forUser: q.get('about') || undefined, client: q.get('client') || undefined, account: q.get('account') === '1' },
	};
}

/* Sends the browser to the tool's login as this platform does it. */
export function sendLogin(res, lms, wanted, { method, storage, target, more }) {
	const login = lms.launches.initiate({ ...wanted, ...more }, { target, storage: lms.storage.offered(wanted.platform, storage) });
	if (method === 'get' || lms.launches.platform(wanted.platform).persona.login.method === 'get') {
		res.writeHead(302, { Location: `${login.url}?${new URLSearchParams(login.params)}`, 'Cache-Control': 'no-store' });
		return res.end();
	}
	sendHtml(res, 200, autoForm(login.url, login.params, 'Open Learning plans'));
}
