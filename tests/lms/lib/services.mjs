/* What the tool calls from its server: key sets and access tokens; rosters are in
 * roster.mjs, notices in notices.mjs, registration in registration.mjs. */
import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { HttpError, readForm, send, sleep } from './http.mjs';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const HANG_MS = 10 * 60_000;
export const SERVICES = ['jwks', 'token', 'nrps', 'configuration', 'registration', 'notices'];

/* What a test asked of a service: hang, be slow, fail, talk nonsense. True where the
 * answer has been given (or never will be). `times` ends it after so many answers. */
async function disturb(res, how) {
	const { mode = 'ok', status, delay_ms: delay = 3000, retry_after: retry } = how;
	if (how.times !== undefined && how.times-- <= 0)
		return false;
	if (mode === 'hang')
		await new Promise((resolve) => {
			const timer = setTimeout(resolve, HANG_MS);
			res.once('close', () => { clearTimeout(timer); resolve(); });
		});
	else if (mode === 'slow')
		await sleep(delay);
	if (mode === 'hang' || res.destroyed)
		return true;
	const more = retry === undefined ? {} : { 'Retry-After': String(retry) };
	if (mode === 'error')
		send(res, status ?? 500, how.type ?? 'text/html; charset=utf-8', how.text ?? '<h1>Something broke</h1>', more);
	else if (mode === 'drop')
		res.destroy();
	else if (mode === 'garbage')
		send(res, 200, 'application/json', '{"keys":[{"kty":');
	else if (mode === 'huge')
		send(res, 200, 'application/json', `{"filler":"${'x'.repeat(20 << 20)}"}`);
	else if (mode === 'redirect') {
		res.writeHead(302, { Location: how.location });
		res.end();
	} else
		return false;
	return true;
}

export class Services {
	constructor(school, keys) {
		this.school = school;
		this.keys = keys;
		this.toolKeys = new Map();
		this.reset();
	}

	reset() {
		this.tokens = new Map();
		this.jtis = new Set();
		this.how = Object.fromEntries(SERVICES.map((name) => [name, {}]));
		this.log = [];
	}

	note(req, platform, what, more = {}) {
		if (this.log.length >= 1000)
			this.log.shift();
		this.log.push({ at: new Date().toISOString(), platform: platform.key, what, method: req.method, url: req.url,
			headers: { accept: req.headers.accept, 'user-agent': req.headers['user-agent'], 'content-type': req.headers['content-type'] }, ...more });
	}

	howFor(service, platform) {
		return this.how[service][platform.key] ?? {};
	}

	/* Notes the request and does what a test asked of the service; true where that was the answer. */
	async disturbed(req, res, platform, service, more) {
		this.note(req, platform, service, more);
		return disturb(res, this.howFor(service, platform));
	}

	async jwks(req, res, platform) {
		if (await this.disturbed(req, res, platform, 'jwks'))
			return;
		const how = this.howFor('jwks', platform);
		const { age, alg } = platform.persona.keys;
		let keys = how.mode === 'empty' ? [] : this.keys[platform.key].published().slice(0, how.single ? 1 : undefined);
		const without = [...(how.without ?? []), ...(alg ? [] : ['alg'])];
		keys = keys.map((k) => Object.fromEntries(Object.entries(k).filter(([n]) => !without.includes(n))));
		send(res, 200, how.type ?? 'application/json; charset=utf-8', JSON.stringify({ keys: [...keys, ...(how.extra ?? [])] }),
			age === null ? {} : { 'Cache-Control': `max-age=${how.max_age ?? age}, public` });
	}

	/* Line items and scores: answered as if all were well, and noted. */
	ags(req, res, platform) {
		this.note(req, platform, 'ags');
		send(res, 200, 'application/vnd.ims.lis.v2.lineitemcontainer+json', '[]');
	}

	/* ---- Access tokens ---- */

	async token(req, res, platform) {
		const form = await readForm(req);
		const type = (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
		if (await this.disturbed(req, res, platform, 'token', { scope: form.get('scope'), grant: form.get('grant_type') }))
			return;
		const how = this.howFor('token', platform);
		const answer = platform.persona.authorize === 'moodle' ? await this.moodleToken(platform, form, type) : await this.strictToken(req, platform, form, type);
		if (answer.page)
			return send(res, answer.status, 'text/html; charset=utf-8', answer.page);
		if (answer.status === 200)
			Object.assign(answer.body, how.body ?? {});
		/* Moodle says text/html whatever it says. */
		send(res, answer.status, how.type ?? platform.persona.access.type, answer.text ?? JSON.stringify(answer.body, null, 2));
	}

	/* The key set of one registration of the tool, as the platform caches it. */
	toolKeySet(tool) {
		if (!this.toolKeys.has(tool.jwks)) {
			this.toolKeys.set(tool.jwks, createRemoteJWKSet(new URL(tool.jwks),
				{ cooldownDuration: 0, cacheMaxAge: 60_000, timeoutDuration: 5000, headers: { 'User-Agent': 'FjordbyLMS/1.0' } }));
		}
		return this.toolKeys.get(tool.jwks);
	}

	/* The registration that an assertion speaks for; null where there is none that may. */
	toolOf(platform, clientId) {
		const tool = platform.tools.get(clientId);
		return tool?.state === 'active' ? tool : null;
	}

	grant(platform, tool, scope) {
		const access = platform.key === 'moodle' ? randomBytes(16).toString('hex') : randomBytes(48).toString('base64url');
		this.tokens.set(access, { platform: platform.key, client: tool.clientId, scope, until: Date.now() + 3_600_000 });
		return { status: 200, body: { access_token: access, token_type: 'Bearer', expires_in: platform.persona.access.seconds, scope } };
	}

	async strictToken(req, platform, form, type) {
		const refuse = (status, error, description) => ({ status, body: { error, error_description: description } });
		const { access } = platform.persona;
		if (access.agent && !req.headers['user-agent'])
			return { status: 403, page: '<h1>403 Forbidden</h1><p>A User-Agent header is required.</p>' };
		if (type !== 'application/x-www-form-urlencoded' || form.get('grant_type') !== 'client_credentials')
			return refuse(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
		if (form.get('client_assertion_type') !== ASSERTION_TYPE || !form.get('client_assertion'))
			return refuse(400, 'invalid_request', 'client_assertion is missing');
		let client;
		try {
			client = decodeJwt(form.get('client_assertion')).sub;
		} catch {
			return refuse(400, 'invalid_request', 'the client_assertion is not a JWT');
		}
		const tool = this.toolOf(platform, client);
		if (!tool)
			return refuse(401, 'invalid_client', 'unknown client');
		const claims = await this.checkAssertion(tool, form.get('client_assertion'));
		if (claims.problem)
			return refuse(claims.unreachable ? 502 : 400, 'invalid_request', claims.problem);
		const { iss, aud, iat, exp, jti } = claims;
		if (iss !== client)
			return refuse(401, 'invalid_client', 'iss and sub differ');
		if (aud !== (access.audience ?? platform.urls.token))
			return refuse(400, 'invalid_request', 'the \'aud\' is invalid');
		if (!Number.isInteger(iat) || !Number.isInteger(exp) || exp - iat > 3600)
			return refuse(400, 'invalid_request', 'the \'exp\' or \'iat\' is invalid');
		if (typeof jti !== 'string' || jti === '' || this.jtis.has(jti))
			return refuse(400, 'invalid_request', 'the \'jti\' is invalid');
		this.jtis.add(jti);
		const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean);
		if (!scopes.length || scopes.some((s) => !tool.scopes.includes(s)))
			return refuse(400, 'invalid_scope', 'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner.');
		return this.grant(platform, tool, scopes.join(' '));
	}

	async moodleToken(platform, form, type) {
		const refuse = (error) => ({ status: 400, body: { error } });
		if (type !== 'application/x-www-form-urlencoded' || !form.get('client_assertion') || form.get('client_assertion_type') !== ASSERTION_TYPE || !form.get('scope'))
			return refuse('invalid_request');
		if (form.get('grant_type') !== 'client_credentials')
			return refuse('unsupported_grant_type');
		let sub;
		try {
			sub = decodeJwt(form.get('client_assertion')).sub;
		} catch {
			return refuse('invalid_request');
		}
		const tool = this.toolOf(platform, sub);
		if (!tool)
			return refuse('invalid_client');
		const claims = await this.checkAssertion(tool, form.get('client_assertion'));
		if (claims.unreachable)
			return { status: 404, page: '<!DOCTYPE html><html><head><title>Error</title></head><body>Coding error detected</body></html>' };
		if (claims.unknownKid) /* Moodle's own answer, which is not JSON. */
			return { status: 400, text: '{\n  "error" : ""kid" invalid, unable to lookup correct key"\n}' };
		if (claims.problem)
			return refuse(claims.problem);
		const scopes = form.get('scope').split(' ').filter((x) => tool.scopes.includes(x));
		return scopes.length ? this.grant(platform, tool, scopes.join(' ')) : refuse('invalid_scope');
	}

	/* The claims of the tool's assertion, verified with the key set fetched from it;
	 * else {problem, unknownKid?, unreachable?}. */
	async checkAssertion(tool, assertion) {
		let header;
		try {
			header = decodeProtectedHeader(assertion);
		} catch {
			return { problem: 'the client_assertion is not a JWT' };
		}
		if (!header.kid)
			return { problem: 'error/Error: kid must be provided in JWT header.' };
		try {
			const { payload } = await jwtVerify(assertion, this.toolKeySet(tool), { algorithms: ['RS256'] });
			return payload.iat > Date.now() / 1000 ? { problem: 'Cannot handle token prior to its iat' } : payload;
		} catch (e) {
			if (e.code === 'ERR_JWKS_NO_MATCHING_KEY')
				return { problem: 'unable to lookup correct key', unknownKid: true };
			if (e.code === 'ERR_JWT_EXPIRED')
				return { problem: 'Expired token' };
			const ours = e.code?.startsWith('ERR_J') && !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(e.code);
			return ours ? { problem: e.message } : { problem: `the key set could not be read: ${e.message}`, unreachable: true };
		}
	}

	/* The grant behind a bearer token, or null. `Bearer` is written so, not otherwise. */
	bearer(req, platform, scope) {
		const match = /^Bearer ([\x21-\x7e]+)$/.exec(req.headers.authorization ?? '');
		const granted = match && this.tokens.get(match[1]);
		return granted && granted.platform === platform.key && granted.until > Date.now() && granted.scope.split(' ').includes(scope) ? granted : null;
	}

	set(service, platformKey, how) {
		const keys = platformKey ? [platformKey] : Object.keys(this.school.platforms);
		for (const k of keys)
			this.how[service][k] = { ...how };
	}
}

export const requireService = (name) => {
	if (!SERVICES.includes(name))
		throw new HttpError(404, `There is no such service: ${SERVICES.join(', ')}.`);
	return name;
};
