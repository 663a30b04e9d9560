/* Every member of every message, signed well and odd: missing, null, of another type, empty,
 * endless. Each launch is taken in or refused for a reason that has a name; nothing ends in
 * an error of ours, and afterwards all is as before. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startWorld } from '../harness/index.mjs';
import { part } from '../harness/place.mjs';

const ODD = [undefined, null, '', ' ', 0, -1, 1e300, true, [], [null], [[]], {}, { id: {} }, '\u0001', '$Person.name.full', 'x'.repeat(5000), '😀'.repeat(300), '<b>', '\ud800'];
const MESSAGES = {
	'resource link': ['ingrid-solheim', {}],
	'parent’s resource link': ['marte-aasen', {}],
	'deep linking': ['ingrid-solheim', { message: 'deep_linking' }],
	'submission review': ['ingrid-solheim', { message: 'submission_review', forUser: 'sofie-aasen-lund' }],
	'data privacy': ['ada-fossum', { message: 'data_privacy', account: true, forUser: 'sofie-aasen-lund' }],
};
const isObject = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);
let world;
before(async () => { world = await startWorld({ env: { ILPD_WORKER: 'off' } }); });
after(() => world?.stop());

/* [name, member inside it or null] of all there is. */
function members(payload) {
	return Object.entries(payload).flatMap(([name, v]) => [[name, null], ...(isObject(v) ? Object.keys(v).map((inner) => [name, inner]) : [])])
		.filter(([name, inner]) => !['errors', 'validation_context'].includes(inner ?? name));
}

/* The payload's member as it is to be; as text, since a merge could not say it. */
function bent(payload, name, inner, value) {
	if (inner === null)
		return value;
	const copy = { ...payload[name] };
	if (value === undefined)
		delete copy[inner];
	else
		copy[inner] = value;
	return copy;
}

async function launch(user, more, payload, [name, inner], value) {
	const to = bent(payload, name, inner, value);
	const overrides = { claims: { [name]: null }, ...(to === undefined ? {} : { append: `${JSON.stringify(name)}:${JSON.stringify(to)}` }) };
	const end = await world.browser().visit(user, { ...more, overrides });
	const what = `${name}${inner ? `.${inner}` : ''} = ${JSON.stringify(value)?.slice(0, 40)}`;
	assert.equal(end.step, 'launch', what);
	assert.ok(end.status === 303 || (end.status >= 400 && end.status < 500), `${what}: ${end.status}`);
	if (end.status === 303)
		assert.match(end.location, /^\/app\/[0-9a-f]{8}\//, what);
	else
		assert.doesNotMatch(end.text, /<dd>(unknown|busy)<\/dd>/, what);
	return end.status;
}

for (const [message, [user, more]] of Object.entries(MESSAGES))
	test(message, async () => {
		const good = await world.browser().visit(user, more);
		assert.equal(good.status, 303);
		const payload = part(good.fields.id_token, 1);
		/* The nonce is the login's: it cannot be put back as it was. */
		const left = members(payload).filter(([name]) => name !== 'nonce').flatMap((at) => ODD.map((value) => [at, value]));
		const seen = { 303: 0, refused: 0 };
		await Promise.all(Array.from({ length: 8 }, async () => {
			while (left.length) {
				const [at, value] = left.pop();
				const status = await launch(user, more, payload, at, value);
				seen[status === 303 ? 303 : 'refused'] += 1;
			}
		}));
		assert.ok(seen[303] > 50 && seen.refused > 50, JSON.stringify(seen));
		assert.equal((await world.browser().visit(user, more)).status, 303, 'afterwards all is as before');
	});

test('notices', async () => {
	const notice = (more) => world.hook('notice', { course: 'english-8b', origins: ['an-older-course'], handler: `${world.toolUrl}/lti/notices`, ...more });
	const [jwt] = (await notice({ send: false })).jwts;
	const payload = part(jwt, 1);
	const left = members(payload).flatMap((at) => ODD.map((value) => [at, value]));
	const seen = { 200: 0, 403: 0 };
	await Promise.all(Array.from({ length: 8 }, async () => {
		while (left.length) {
			const [[name, inner], value] = left.pop();
			const to = bent(payload, name, inner, value);
			const { status, text } = await notice({ overrides: { claims: { [name]: null }, ...(to === undefined ? {} : { append: `${JSON.stringify(name)}:${JSON.stringify(to)}` }) } });
			assert.ok(status === 200 || status === 403, `${name}.${inner} = ${JSON.stringify(value)?.slice(0, 40)}: ${status} ${text}`);
			assert.doesNotMatch(text, /"unknown"|"busy"/);
			seen[status] += 1;
		}
	}));
	assert.ok(seen[200] > 10 && seen[403] > 50, JSON.stringify(seen));
});
