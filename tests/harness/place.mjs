/* A teacher's way through deep linking without a browser: the picker's choice, our page
 * that carries the answer, and what the platform says of it. */
import { form, http } from './client.mjs';

const unescape = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');

/* The form of our page: {action, fields}. */
export function formOf(page) {
	const action = /<form[^>]*\baction="([^"]*)"/.exec(page);
	const fields = [...page.matchAll(/<input[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)"/g)].map(([, n, v]) => [unescape(n), unescape(v)]);
	return { action: action && unescape(action[1]), fields: Object.fromEntries(fields) };
}

/* Sends items (nothing: cancels) as the picker does: {page, action, fields, answer}. answer
 * is the platform's: {ok, problems, items, links, claims}. */
export async function place(client, items, { headers = {} } = {}) {
	const chosen = await client.post('/placement', { items });
	if (chosen.status !== 200)
		return { chosen };
	const page = await form(`${client.url}/lti/deep-link`, { ticket: chosen.json.ticket }, headers);
	const { action, fields } = formOf(page.text);
	const r = await http(action, { method: 'POST', body: String(new URLSearchParams(fields)), headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' } });
	return { chosen, page, action, fields, answer: { status: r.status, ...JSON.parse(r.text) } };
}

/* The header or payload of a JWT. */
export const part = (jwt, i) => JSON.parse(Buffer.from(jwt.split('.')[i], 'base64url'));
