/* What every refused launch has in common: a page a person can act on, one line in the
 * log with the same reason, and not a row more than before. */
import assert from 'node:assert/strict';

/* A token or a state, or the place in the source where something went wrong. */
function assertNothingLeaks(text, secrets, where) {
	for (const s of secrets.filter((x) => x && x.length > 15))
		assert.equal(text.includes(s), false, `${where} holds ${s.slice(0, 24)}…`);
	assert.doesNotMatch(text, /eyJ[A-Za-z0-9_-]{20,}/, `${where} holds the beginning of a token`);
}

/* response: what the browser got. before: counts of rows. */
export async function assertRefusal(world, { response, reason, before, logFrom, secrets = [], status }) {
	const log = world.tool.log.slice(logFrom);
	if (status)
		assert.equal(response.status, status);
	else
		assert.ok(response.status >= 400 && response.status < 500, `status ${response.status}: ${response.text.slice(0, 300)}`);
	assert.equal(response.headers.location, undefined);
	assert.match(response.headers['content-type'], /^text\/html/);
	assert.match(response.headers['content-security-policy'], /default-src 'none'/);
	const reasons = [reason].flat();
	const shown = reasons.find((r) => response.text.includes(`<dd>${r}</dd>`));
	assert.ok(shown, `the page does not say ${reasons.join(' or ')}: ${/<dd>([^<]*)<\/dd>/.exec(response.text)?.[1]}`);
	assert.match(response.text, /<h1>[^<]+<\/h1>/);
	assert.match(log, new RegExp(`refused .*reason=${shown}`), 'the log does not say why');
	assertNothingLeaks(response.text, secrets, 'the page');
	assertNothingLeaks(log, secrets, 'the log');
	assert.doesNotMatch(response.text, /\.c:\d+|0x[0-9a-f]{6,}|#\d+ 0x/, 'the page shows the inside of the program');
	for (const line of response.headers['set-cookie'] ?? [])
		assert.doesNotMatch(line, /^__Host-ilpd-[0-9a-f]{8}=[^;]/, 'a session cookie was set');
	if (before)
		assert.deepEqual(await world.database.counts(), before, 'a refused launch left rows');
}

/* A launch of that person with that token is refused for that reason. */
export async function assertRefused(world, { user = 'ingrid-solheim', overrides, reason, more = {}, status, browser = world.browser() }) {
	const ready = await browser.upToLaunch(user, { overrides, ...more });
	assert.equal(ready.step, 'ready', `stopped at ${ready.step}: ${ready.response?.text?.slice(0, 300)}`);
	const before = await world.database.counts();
	const logFrom = world.tool.log.length;
	const response = await browser.launch(ready.fields);
	await new Promise((r) => { setTimeout(r, 20); });
	const token = ready.fields.id_token ?? '';
	await assertRefusal(world, { response, reason, before, logFrom, status, secrets: [token, ...token.split('.').slice(1), ready.fields.state] });
	return { response, fields: ready.fields };
}
