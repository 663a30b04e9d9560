/* Bytes as no browser sends them, headers as every browser must get them, and writing
 * without the proof that our own page wrote. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { cookieHeader, http, raw, rawStatus, sleep, startWorld } from '../harness/index.mjs';

let world, ingrid, port;
before(async () => {
	world = await startWorld({ env: { ILPD_WORKER: 'off' } });
	port = world.toolPort;
	ingrid = await world.launch('ingrid-solheim');
});
after(() => world?.stop());

const HOST = () => `Host: 127.0.0.1:${port}\r\n`;
const alive = async () => assert.equal((await http(`${world.toolUrl}/healthz`)).status, 200);

describe('requests that two servers might read differently', () => {
	const refuse = (name, bytes, statuses = [400]) => test(name, async () => {
		const before = await world.database.counts();
		const text = await raw(port, bytes());
		/* libmicrohttpd 0.9.75 writes the head of its own refusals twice and closes; what
		 * counts is that nothing behind the bad request is answered. */
		const seen = [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((m) => Number(m[1]));
		assert.ok(seen.every((x) => statuses.includes(x)) && (seen.length || statuses.includes(0)), `${seen}: ${text.slice(0, 200)}`);
		assert.deepEqual(await world.database.counts(), before);
		await alive();
	});
	const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
	refuse('Content-Length and Transfer-Encoding', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`);
	refuse('two different Content-Lengths', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: 6\r\nContent-Length: 5\r\n\r\nabcdef${smuggled}`);
	refuse('two equal Content-Lengths', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`);
	refuse('a negative Content-Length', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: -1\r\n\r\n`);
	refuse('a Content-Length that is no number', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: 0x10\r\n\r\n`);
	refuse('a Content-Length beyond all numbers', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Length: 99999999999999999999999\r\n\r\n`, [400, 413]);
	refuse('two Transfer-Encodings', () => `POST /lti/login HTTP/1.1\r\n${HOST()}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`);
	refuse('no Host', () => 'GET /healthz HTTP/1.1\r\n\r\n');
	refuse('two Hosts', () => `GET /healthz HTTP/1.1\r\n${HOST()}Host: evil.example\r\n\r\n`);
	refuse('a space before the colon', () => `GET /healthz HTTP/1.1\r\n${HOST()}X-A : b\r\nContent-Length : 5\r\n\r\n`);
	refuse('a folded Content-Length', () => `POST /lti/login HTTP/1.1\r\n${HOST()}X-A: b\r\n Content-Length: 5\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n`);
	/* libmicrohttpd drops the one and cuts the other before we see them. */
	refuse('a header without a name', () => `GET /healthz HTTP/1.1\r\n${HOST()}: b\r\nConnection: close\r\n\r\n`, [200, 400]);
	refuse('NUL in a header', () => `GET /healthz HTTP/1.1\r\n${HOST()}X-A: b\0c\r\nConnection: close\r\n\r\n`, [200, 400]);
	refuse('a header of 40 KB', () => `GET /healthz HTTP/1.1\r\n${HOST()}X-A: ${'a'.repeat(40_000)}\r\n\r\n`, [400, 413, 431]);
	refuse('a path of 40 KB', () => `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n${HOST()}\r\n`, [400, 413, 414, 431]);
	refuse('200 headers', () => `GET /readyz HTTP/1.1\r\n${HOST()}${Array.from({ length: 200 }, (_, i) => `X-${i}: y\r\n`).join('')}\r\n`, [400, 431]);
	refuse('no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', [0, 400]);
	refuse('a version from the future', () => `GET /healthz HTTP/9.9\r\n${HOST()}\r\n`, [400, 505]);
});

describe('bodies', () => {
	test('300 KB is too much for the API', async () => {
		const before = await world.database.counts();
		const r = await ingrid.post('/reviews', JSON.stringify({ title: 'x'.repeat(300_000) }));
		assert.equal(r.status, 413);
		assert.deepEqual(await world.database.counts(), before);
	});
	test('300 KB in chunks is too much too', async () => {
		const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
		const text = await raw(port, `POST /lti/login HTTP/1.1\r\n${HOST()}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`);
		assert.equal(rawStatus(text), 413);
		await alive();
	});
	for (const [name, body] of [['broken JSON', '{"title":'], ['an array', '[]'], ['a text', '"x"'], ['a member twice', '{"title":"a","title":"b"}'], ['nested too deeply', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
		['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])], ['NUL in a text', '{"title":"a\\u0000b"}'], ['half a surrogate', '{"title":"\\ud800"}'], ['something behind it', '{} x'], ['a number too large', '{"rev":1e999}']])
		test(`${name} is refused and changes nothing`, async () => {
			const before = await world.database.counts();
			const r = await http(`${world.toolUrl}/api/reviews`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-Session': ingrid.sid, Cookie: cookieHeader(ingrid.cookies) } });
			assert.equal(r.status, 422);
			assert.equal(JSON.parse(r.text).error.code, 'invalid');
			assert.deepEqual(await world.database.counts(), before);
		});
	for (const [name, body] of [['a bad percent', 'iss=%zz'], ['a percent at the end', 'iss=abc%'], ['half a percent', 'iss=abc%4'], ['NUL', 'iss=a%00b'], ['no UTF-8', 'iss=%ff%fe'], ['500 fields', 'a=b&'.repeat(500)], ['a field of 100 KB', `iss=${'x'.repeat(100_000)}`]])
		test(`a login form with ${name}`, async () => {
			const r = await http(`${world.toolUrl}/lti/login`, { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
			assert.ok(r.status >= 400 && r.status < 500, `${r.status}`);
			assert.match(r.text, /<dd>login_(malformed|incomplete)<\/dd>/);
			await alive();
		});
	test('a launch that is no form', async () => {
		const r = await http(`${world.toolUrl}/lti/launch`, { method: 'POST', body: '{"id_token":"x"}', headers: { 'Content-Type': 'application/json' } });
		assert.ok(r.status >= 400 && r.status < 500);
	});
});

describe('paths and methods', () => {
	for (const path of ['/%', '/%2', '/%zz', '/a%00b', '/%ff', '/healthz%0d%0aX:%20y', '//', '/../etc/passwd', '/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f', '/api/../healthz'])
		test(`GET ${path}`, async () => {
			const text = await raw(port, `GET ${path} HTTP/1.1\r\n${HOST()}Connection: close\r\n\r\n`);
			assert.ok([400, 404].includes(rawStatus(text)), `${rawStatus(text)}`);
			assert.doesNotMatch(text, /root:/);
		});
	test('a bad percent in a query', async () => {
		const text = await raw(port, `GET /lti/login?iss=%zz HTTP/1.1\r\n${HOST()}Connection: close\r\n\r\n`);
		assert.equal(rawStatus(text), 400);
	});
	test('dots in an address of the app lead nowhere else', async () => {
		const text = await raw(port, `GET /app/../api/home HTTP/1.1\r\n${HOST()}Connection: close\r\n\r\n`);
		assert.match(text, /Content-Type: text\/html/);
		assert.doesNotMatch(text, /"error"/);
	});
	test('an absolute address as target', async () => {
		const text = await raw(port, `GET http://evil.example/healthz HTTP/1.1\r\n${HOST()}Connection: close\r\n\r\n`);
		assert.ok([200, 400, 404].includes(rawStatus(text)));
		assert.doesNotMatch(text, /evil\.example/);
	});
	for (const path of ['/healthz', '/readyz', '/', '/lti/launch', '/.well-known/jwks.json', '/app/00000000/', '/m/abc'])
		test(`HEAD ${path} answers as GET without a body`, async () => {
			const [head, get] = await Promise.all([http(world.toolUrl + path, { method: 'HEAD' }), http(world.toolUrl + path)]);
			assert.equal(head.status, get.status);
			assert.equal(head.text, '');
			assert.equal(head.headers['content-type'], get.headers['content-type']);
		});
	for (const [method, path] of [['PUT', '/'], ['DELETE', '/lti/launch'], ['POST', '/healthz'], ['OPTIONS', '/api/home'], ['TRACE', '/'], ['CONNECT', '/'], ['PATCH', '/api/home'], ['POST', '/api/home'], ['GET', '/api/reviews'], ['FOO', '/']])
		test(`${method} ${path}`, async () => {
			const before = await world.database.counts();
			const text = await raw(port, `${method} ${path} HTTP/1.1\r\n${HOST()}Content-Length: 0\r\nConnection: close\r\n\r\n`);
			assert.ok([400, 401, 403, 404, 405, 501].includes(rawStatus(text)), `${rawStatus(text)}`);
			assert.doesNotMatch(text, /Access-Control-Allow/i);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('nobody is allowed to call the API from another origin', async () => {
		const r = await http(`${world.toolUrl}/api/home`, { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'x-session' } });
		assert.ok(r.status >= 400);
		assert.equal(r.headers['access-control-allow-origin'], undefined);
	});
	for (const path of ['/api', '/api/', '/api/nothing', '/api/reviews/x', '/api/reviews/00000000-0000-0000-0000-000000000000/x', '/nothing', '/app', '/wp-login.php'])
		test(`nothing is at ${path}`, async () => {
			const r = await http(world.toolUrl + path);
			assert.ok([401, 404].includes(r.status), `${r.status}`);
			assert.match(r.headers['content-type'], path.startsWith('/api/') ? /json/ : /html/);
		});
	test('a session id that is none in the address of the app', async () => {
		for (const sid of ['x', '%2e%2e', 'zzzzzzzz', '0'.repeat(3000)]) {
			const r = await http(`${world.toolUrl}/app/${sid}/`);
			assert.equal(r.status, 200);
			assert.match(r.headers['content-type'], /html/);
		}
	});
});

test('requests that arrive all at once are all answered at once', async () => {
	/* As many as libmicrohttpd takes from the kernel in one go, and around it. */
	for (const n of [127, 128, 129, 256]) {
		const sockets = await Promise.all(Array.from({ length: n }, () => new Promise((resolve, reject) => {
			const s = connect(port, '127.0.0.1', () => resolve(s)).once('error', reject);
		})));
		await Promise.all(sockets.map((s) => new Promise((resolve) => {
			s.once('data', resolve);
			s.write(`GET /healthz HTTP/1.1\r\n${HOST()}\r\n`);
		})));
		world.tool.signal('SIGSTOP');
		const answers = sockets.map((s) => new Promise((resolve) => { s.once('data', resolve); }));
		for (const s of sockets)
			s.write(`GET /healthz HTTP/1.1\r\n${HOST()}\r\n`);
		await sleep(200);
		const begun = Date.now();
		world.tool.signal('SIGCONT');
		await Promise.all(answers);
		assert.ok(Date.now() - begun < 2000, `${n}: ${Date.now() - begun} ms`);
		for (const s of sockets)
			s.destroy();
	}
});

describe('headers', () => {
	const csp = (r) => Object.fromEntries(r.headers['content-security-policy'].split(';').map((d) => d.trim().split(' ')).map(([n, ...v]) => [n, v]));

	for (const path of ['/', '/m/token', '/lti/launch', '/nothing', '/lti/login'])
		test(`the page ${path}`, async () => {
			const r = await http(world.toolUrl + path);
			assert.match(r.headers['content-type'], /^text\/html; charset=utf-8/);
			assert.equal(r.headers['x-content-type-options'], 'nosniff');
			assert.equal(r.headers['referrer-policy'], 'no-referrer');
			assert.equal(r.headers['cache-control'], 'no-store');
			assert.equal(r.headers['x-frame-options'], undefined);
			const p = csp(r);
			assert.deepEqual(p['default-src'], ["'none'"]);
			assert.deepEqual(p['script-src'], ["'self'"]);
			assert.deepEqual(p['style-src'], ["'self'"]);
			assert.deepEqual(p['base-uri'], ["'none'"]);
			assert.deepEqual(p['frame-ancestors'].filter((s) => s !== "'self'"), [world.lmsUrl]);
			assert.doesNotMatch(r.headers['content-security-policy'], /unsafe|\*/);
		});
	test('the app may be framed by the platform of its session alone', async () => {
		const other = await startWorld({ env: { ILPD_WORKER: 'off' } });
		try {
			const { addPlatform } = await import('../harness/index.mjs');
			await addPlatform(other.settings, { id: '018f0000-0000-7000-8000-0000000000d1', name: 'Elsewhere', profile: 'generic', issuer: 'https://elsewhere.example', clientId: 'x',
				auth: 'https://elsewhere.example/auth', token: 'https://elsewhere.example/token', jwks: 'https://elsewhere.example/keys' });
			await new Promise((r) => { setTimeout(r, 500); });
			const page = await http(`${other.toolUrl}/`);
			assert.match(page.headers['content-security-policy'], /frame-ancestors [^;]*https:\/\/elsewhere\.example/, 'a page without a session may be framed by every platform');
			const who = await other.launch('ingrid-solheim');
			const shell = await http(`${other.toolUrl}/app/${who.sid}/`, { headers: { Cookie: cookieHeader(who.cookies) } });
			assert.deepEqual(csp(shell)['frame-ancestors'].filter((s) => s !== "'self'"), [other.lmsUrl]);
			assert.doesNotMatch(shell.headers['content-security-policy'], /elsewhere/);
		} finally {
			await other.stop();
		}
	});
	test('the API is never kept and never guessed at', async () => {
		for (const r of [await ingrid.get('/home'), await ingrid.get('/nothing'), await http(`${world.toolUrl}/api/home`)]) {
			assert.equal(r.headers['cache-control'], 'no-store');
			assert.equal(r.headers['x-content-type-options'], 'nosniff');
			assert.match(r.headers['content-type'], /^application\/json/);
		}
	});
	test('files are kept for good, compressed, and named after their content', async () => {
		const shell = await http(`${world.toolUrl}/app/${ingrid.sid}/`, { headers: { Cookie: cookieHeader(ingrid.cookies) } });
		assert.doesNotMatch(shell.text, /<script(?![^>]*\bsrc=)[^>]*>[^<]/, 'an inline script');
		assert.doesNotMatch(shell.text, /\sstyle=|\son[a-z]+=/, 'an inline style or handler');
		const files = [...new Set([...shell.text.matchAll(/\/assets\/[^"'&\s}]+/g)].map((m) => m[0]))];
		assert.ok(files.length >= 4, `${files}`);
		let first = shell.bytes.length;
		for (const file of files) {
			assert.match(file, /\.[0-9A-Za-z_-]{6,}\.(js|css|json|svg|woff2|map)$/);
			const [plain, br, gz] = await Promise.all(['identity', 'gzip, deflate, br', 'gzip'].map((e) => http(world.toolUrl + file, { headers: { 'Accept-Encoding': e } })));
			assert.equal(plain.status, 200);
			assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
			assert.equal(plain.headers['x-content-type-options'], 'nosniff');
			assert.match(plain.headers.vary, /accept-encoding/i);
			assert.equal(plain.headers['content-encoding'], undefined);
			if (plain.bytes.length > 2000) {
				assert.equal(br.headers['content-encoding'], 'br');
				assert.equal(gz.headers['content-encoding'], 'gzip');
				assert.ok(br.bytes.length < plain.bytes.length);
			}
			/* not what comes with a page that is opened later, nor the other language */
			if (!/\/(?:nb|\w+-\w\w)\.\w+\.json$|\/(?!ui\.)\w+\.\w+\.css$|\.(map|woff2)$/.test(file))
				first += br.bytes.length;
		}
		assert.ok(first < 60_000, `the first page is ${first} bytes`);
		const r = await http(`${world.toolUrl}/assets/nothing.00000000.js`);
		assert.equal(r.status, 404);
	});
	test('our key set is public and holds no private part', async () => {
		const r = await http(`${world.toolUrl}/.well-known/jwks.json`);
		const { keys } = JSON.parse(r.text);
		assert.ok(keys.length >= 1);
		for (const k of keys) {
			assert.equal(k.kty, 'RSA');
			assert.equal(k.alg, 'RS256');
			for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi'])
				assert.equal(k[secret], undefined);
		}
	});
	test('no answer says what runs here', async () => {
		const r = await http(`${world.toolUrl}/`);
		assert.equal(r.headers.server, undefined);
		assert.equal(r.headers['x-powered-by'], undefined);
	});
});

describe('writing from elsewhere', () => {
	const body = { title: 'Forged', startsOn: '2026-11-02', endsOn: '2026-11-27', scale: null, selfAssessment: false, toStudents: false, toGuardians: false };
	for (const [name, headers, status] of [
		['without X-Session', { 'X-Session': null }, 401], ['with an empty X-Session', { 'X-Session': '' }, 401], ['with another X-Session', { 'X-Session': '00000000' }, 401],
		['without a cookie', { Cookie: null }, 401], ['from another origin', { Origin: 'https://evil.example' }, 403], ['from the platform\'s origin', { Origin: () => world.lmsUrl }, 403],
		['from null', { Origin: 'null' }, 403], ['as a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 422], ['as text', { 'Content-Type': 'text/plain' }, 422],
		['as something that begins like JSON', { 'Content-Type': 'application/jsonp' }, 422], ['without a type', { 'Content-Type': null }, 422],
	])
		test(name, async () => {
			const before = await world.database.counts();
			const sent = Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, typeof v === 'function' ? v() : v]));
			const r = await ingrid.post('/reviews', body, sent);
			assert.equal(r.status, status);
			assert.deepEqual(await world.database.counts(), before);
			for (const method of ['put', 'patch', 'delete'])
				assert.ok((await ingrid[method]('/reviews/018f0000-0000-7000-8000-000000000001', { rev: 1 }, sent)).status >= 400);
			assert.deepEqual(await world.database.counts(), before);
		});
	test('from our own origin it goes', async () => {
		assert.equal((await ingrid.post('/reviews', body, { Origin: world.toolUrl })).status, 201);
		assert.equal((await ingrid.post('/reviews', body, { 'Content-Type': 'application/json; charset=utf-8' })).status, 201);
	});
});
