/* What the tool calls from its server: key sets, access tokens, Names and Roles. */
import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { CLAIM, CTX, NRPS, asciiJson, canvasContextRoles, rosterUrl } from './claims.mjs';
import { HttpError, escapeHtml, readForm, send, sleep } from './http.mjs';
import { findCourse } from '../school.mjs';

const MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const HANG_MS = 10 * 60_000;

/* What a test asked of a service: hang, be slow, fail, talk nonsense. True where the
 * answer has been given (or never will be). */
async function disturb(res, { mode = 'ok', status, delay_ms: delay = 3000 }) {
	if (mode === 'hang')
		await new Promise((resolve) => {
			const timer = setTimeout(resolve, HANG_MS);
			res.once('close', () => { clearTimeout(timer); resolve(); });
		});
	else if (mode === 'slow')
		await sleep(delay);
	if (mode === 'hang' || res.destroyed)
		return true;
	if (mode === 'error')
		send(res, status ?? 500, 'text/html; charset=utf-8', '<h1>Something broke</h1>');
	else if (mode === 'drop')
		res.destroy();
	else if (mode === 'garbage')
		send(res, 200, 'application/json', '{"keys":[{"kty":');
	else if (mode === 'huge')
		send(res, 200, 'application/json', `{"filler":"${'x'.repeat(20 << 20)}"}`);
	else
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
		this.how = { jwks: {}, token: {}, nrps: {} };
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

	async jwks(req, res, platform) {
		this.note(req, platform, 'jwks');
		const how = this.howFor('jwks', platform);
		if (await disturb(res, how))
			return;
		let keys = how.mode === 'empty' ? [] : this.keys[platform.key].published();
		if (how.without)
			keys = keys.map((k) => Object.fromEntries(Object.entries(k).filter(([n]) => !how.without.includes(n))));
		send(res, 200, 'application/json; charset=utf-8', JSON.stringify({ keys: [...keys, ...(how.extra ?? [])] }),
			platform.key === 'canvas' ? { 'Cache-Control': `max-age=${how.max_age ?? 3600}, public` } : {});
	}

	/* ---- Access tokens ---- */

	async token(req, res, platform) {
		const form = await readForm(req);
		const type = (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
		this.note(req, platform, 'token', { scope: form.get('scope'), grant: form.get('grant_type') });
		const how = this.howFor('token', platform);
		if (await disturb(res, how))
			return;
		const answer = platform.key === 'canvas' ? await this.canvasToken(req, platform, form, type) : await this.moodleToken(platform, form, type);
		if (answer.page)
			return send(res, answer.status, 'text/html; charset=utf-8', answer.page);
		if (answer.status === 200)
			Object.assign(answer.body, how.body ?? {});
		/* Moodle says text/html whatever it says. */
		send(res, answer.status, platform.key === 'canvas' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
			answer.text ?? JSON.stringify(answer.body, null, 2));
	}

	toolKeySet(platform) {
		if (!this.toolKeys.has(platform.key)) {
			this.toolKeys.set(platform.key, createRemoteJWKSet(new URL(platform.tool.jwks),
				{ cooldownDuration: 0, cacheMaxAge: 60_000, timeoutDuration: 5000, headers: { 'User-Agent': 'FjordbyLMS/1.0' } }));
		}
		return this.toolKeys.get(platform.key);
	}

	grant(platform, scope) {
		const access = platform.key === 'canvas' ? randomBytes(48).toString('base64url') : randomBytes(16).toString('hex');
		this.tokens.set(access, { platform: platform.key, scope, until: Date.now() + 3_600_000 });
		return { status: 200, body: { access_token: access, token_type: 'Bearer', expires_in: 3600, scope } };
	}

	async canvasToken(req, platform, form, type) {
		const refuse = (status, error, description) => ({ status, body: { error, error_description: description } });
		if (!req.headers['user-agent'])
			return { status: 403, page: '<h1>403 Forbidden</h1><p>A User-Agent header is required.</p>' };
		if (type !== 'application/x-www-form-urlencoded' || form.get('grant_type') !== 'client_credentials')
			return refuse(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
		if (form.get('client_assertion_type') !== ASSERTION_TYPE || !form.get('client_assertion'))
			return refuse(400, 'invalid_request', 'client_assertion is missing');
		const claims = await this.checkAssertion(platform, form.get('client_assertion'));
		if (claims.problem)
			return refuse(claims.unreachable ? 502 : 400, 'invalid_request', claims.problem);
		const { iss, sub, aud, iat, exp, jti } = claims;
		if (iss !== platform.clientId || sub !== platform.clientId)
			return refuse(401, 'invalid_client', 'unknown client');
		if (aud !== platform.urls.token)
			return refuse(400, 'invalid_request', 'the \'aud\' is invalid');
		if (!Number.isInteger(iat) || !Number.isInteger(exp) || exp - iat > 3600)
			return refuse(400, 'invalid_request', 'the \'exp\' or \'iat\' is invalid');
		if (typeof jti !== 'string' || jti === '' || this.jtis.has(jti))
			return refuse(400, 'invalid_request', 'the \'jti\' is invalid');
		this.jtis.add(jti);
		const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean);
		if (!scopes.length || scopes.some((s) => s !== NRPS))
			return refuse(400, 'invalid_scope', 'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner.');
		return this.grant(platform, scopes.join(' '));
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
		if (sub !== platform.clientId)
			return refuse('invalid_client');
		const claims = await this.checkAssertion(platform, form.get('client_assertion'), { issuedLater: true });
		if (claims.unreachable)
			return { status: 404, page: '<!DOCTYPE html><html><head><title>Error</title></head><body>Coding error detected</body></html>' };
		if (claims.unknownKid) /* Moodle's own answer, which is not JSON. */
			return { status: 400, text: '{\n  "error" : ""kid" invalid, unable to lookup correct key"\n}' };
		if (claims.problem)
			return refuse(claims.problem);
		const scopes = form.get('scope').split(' ').filter((s) => s === NRPS);
		return scopes.length ? this.grant(platform, scopes.join(' ')) : refuse('invalid_scope');
	}

	/* The claims of the tool's assertion, verified with the key set fetched from it;
	 * else {problem, unknownKid?, unreachable?}. */
	async checkAssertion(platform, assertion) {
		let header;
		try {
			header = decodeProtectedHeader(assertion);
		} catch {
			return { problem: 'the client_assertion is not a JWT' };
		}
		if (!header.kid)
			return { problem: 'error/Error: kid must be provided in JWT header.' };
		try {
			const { payload } = await jwtVerify(assertion, this.toolKeySet(platform), { algorithms: ['RS256'] });
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
	bearer(req, platform) {
		const match = /^Bearer ([\x21-\x7e]+)$/.exec(req.headers.authorization ?? '');
		const granted = match && this.tokens.get(match[1]);
		return granted && granted.platform === platform.key && granted.until > Date.now() && granted.scope.split(' ').includes(NRPS) ? granted : null;
	}

	/* ---- Names and Roles ---- */

	/* The people of a course, less and more as a test wants. */
	roster(platform, course, how) {
		const gone = new Set(how.remove ?? []);
		return course.members.filter(({ person }) => !gone.has(person.key) && !gone.has(person.name));
	}

	async canvasNrps(req, res, platform, number, url) {
		this.note(req, platform, 'nrps');
		const how = this.howFor('nrps', platform);
		if (await disturb(res, how))
			return;
		if (!req.headers['user-agent'])
			return send(res, 403, 'text/html', '<h1>403 Forbidden</h1><p>A User-Agent header is required.</p>');
		if (!this.bearer(req, platform))
			return send(res, 401, 'application/json', '{"errors":{"type":"unauthorized","message":"Access token invalid"}}');
		const course = findCourse(platform, number);
		if (!course)
			return send(res, 404, 'application/json', '{"errors":{"type":"not_found","message":"not_found"}}');
		const rlid = url.searchParams.get('rlid');
		if (rlid !== null && rlid !== course.link)
			return send(res, 400, 'application/json', '{"errors":{"type":"bad_request","message":"Requested ResourceLink was not found"}}');
		const asked = Number(url.searchParams.get('limit') ?? url.searchParams.get('per_page')) || 50;
		const size = Math.max(1, Math.min(50, how.page ?? asked));
		const role = url.searchParams.get('role');
		const members = this.roster(platform, course, how).map((m) => this.canvasMember(platform, course, m, rlid !== null, how))
			.filter((m) => !role || m.roles.includes(role) || m.roles.includes(`${CTX}#${role}`))
			.concat(how.add ?? []);
		const page = Math.max(1, Number(url.searchParams.get('page')) || 1);
		const link = (n, rel) => {
			const to = new URL(rosterUrl(platform, course));
			url.searchParams.forEach((v, k) => to.searchParams.set(k, v));
			to.searchParams.set('page', n);
			return `<${to}>; rel="${rel}"`;
		};
		const last = Math.max(1, Math.ceil(members.length / size));
		const links = [link(page, 'current'), ...(page < last ? [link(page + 1, 'next')] : []), link(1, 'first'), link(last, 'last')];
		send(res, 200, `${MEDIA}; charset=utf-8`, JSON.stringify({
			id: `${rosterUrl(platform, course)}${url.search}`,
			context: { id: course.id, label: course.label, title: course.title },
			members: members.slice((page - 1) * size, page * size),
		}), { link: this.bentLink(how, req, links.join(',')) });
	}

	/* A next link that leads back here, or to a foreign host: the tool must follow neither. */
	bentLink(how, req, link) {
		if (how.next === 'loop')
			return `<${this.school.base}${req.url}>; rel="next"`;
		return how.next ? `<${how.next}>; rel="next"` : link;
	}

	canvasMember(platform, course, { person, role }, withMessage, how) {
		const names = how.names === 'none' ? {} : { name: person.name, given_name: person.given, family_name: person.family,
			...(person.mail ? { email: person.mail } : {}), picture: `${platform.base}/images/messages/avatar-50.png` };
		return {
			status: 'Active', user_id: person.sub, lti11_legacy_user_id: person.loginHint, ...names,
			...(person.sis ? { lis_person_sourcedid: person.sis } : {}), roles: canvasContextRoles(role),
			...(withMessage ? { message: [{
				[`${CLAIM}message_type`]: 'LtiResourceLinkRequest', locale: person.language,
				'https://www.instructure.com/canvas_user_id': Number(person.number), 'https://www.instructure.com/canvas_user_login_id': person.key,
				[`${CLAIM}custom`]: { section_ids: course.section, observees: '' },
			}] } : {}),
		};
	}

	async moodleNrps(req, res, platform, courseId, binding, url) {
		this.note(req, platform, 'nrps');
		const how = this.howFor('nrps', platform);
		if (await disturb(res, how))
			return;
		const fail = (status, reason) => send(res, status, 'application/json; charset=utf-8', JSON.stringify({ status, reason,
			request: { method: req.method, url: req.url, accept: req.headers.accept ?? '', contentType: '' } }));
		const accept = req.headers.accept;
		if (accept !== undefined && accept !== MEDIA && !accept.includes('*/*'))
			return fail(400, `No handler found for ${url.pathname} ${accept} `);
		if (!this.bearer(req, platform) || binding !== platform.deployment)
			return fail(401, 'Unauthorized');
		const course = findCourse(platform, courseId);
		if (!course || !['', course.link].includes(url.searchParams.get('rlid') ?? ''))
			return fail(404, 'Not Found');
		const short = (url.searchParams.get('role') ?? '').replace(`${CTX}#`, '');
		const members = this.roster(platform, course, how).map((m) => this.moodleMember(m, how))
			.filter((m) => !['Learner', 'Instructor'].includes(short) || m.roles.includes(short))
			.concat(how.add ?? []);
		const limit = how.page ?? (Number(url.searchParams.get('limit')) || members.length);
		const from = Number(url.searchParams.get('from')) || 0;
		const to = new URL(rosterUrl(platform, course));
		/* The next link forgets `role` and keeps `rlid`. */
		for (const [k, v] of [['limit', limit], ['from', from + limit], ['rlid', url.searchParams.get('rlid')]])
			if (v !== null)
				to.searchParams.set(k, v);
		const body = asciiJson({ id: rosterUrl(platform, course), context: { id: course.id, label: course.label, title: course.title },
			members: members.slice(from, from + limit) }).replaceAll('/', '\\/');
		const more = from + limit < members.length || how.next;
		send(res, 200, `${MEDIA}; charset=utf-8`, body, more ? { Link: this.bentLink(how, req, `<${to}>; rel="next"`) } : {});
	}

	/* Short role names, escaped text, and everybody who may not edit is a learner. */
	moodleMember({ person, role }, how) {
		const names = how.names === 'none' ? {} : { name: phpEscape(person.name), given_name: phpEscape(person.given), family_name: phpEscape(person.family),
			...(person.mail ? { email: person.mail } : {}), ext_user_username: person.key };
		return { status: 'Active', roles: [role === 'teacher' ? 'Instructor' : 'Learner'], user_id: person.sub,
			lis_person_sourcedid: person.idnumber ?? '', ...names };
	}

	set(service, platformKey, how) {
		const keys = platformKey ? [platformKey] : Object.keys(this.school.platforms);
		for (const k of keys)
			this.how[service][k] = how;
	}
}

/* The apostrophe stays as it is. */
const phpEscape = (text) => escapeHtml(text).replaceAll('&#39;', "'");

export const requireService = (name) => {
	if (!['jwks', 'token', 'nrps'].includes(name))
		throw new HttpError(404, 'There is no such service: jwks, token or nrps.');
	return name;
};
