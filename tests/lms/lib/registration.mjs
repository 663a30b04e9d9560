/* Dynamic Registration from the platform's side: its configuration, the endpoint that
 * takes what a tool says of itself, and the tokens that guard both. What a product wants
 * and how it refuses stands in its row of personas.mjs. */
import { randomBytes } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { HttpError, readBody, send } from './http.mjs';
import { makeTool } from '../school.mjs';

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const HOUR = 3600;
const isObject = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);
const isTexts = (v) => Array.isArray(v) && v.every((x) => typeof x === 'string');

/* What must hold of a registration: [member, test, words]. Every platform asks the first
 * lot; a strict one the second as well. */
const NEEDED = [
	['application_type', (v) => v === 'web', 'must be web'],
	['response_types', (v) => isTexts(v) && v.includes('id_token'), 'must be an array that holds id_token'],
	['initiate_login_uri', (v) => typeof v === 'string' && /^https?:/.test(v), 'must be an address'],
	['redirect_uris', (v) => isTexts(v) && v.length > 0, 'must be an array of addresses'],
	['client_name', (v) => typeof v === 'string' && v !== '', 'must be a text'],
	['jwks_uri', (v) => typeof v === 'string' && /^https?:/.test(v), 'must be an address'],
	['token_endpoint_auth_method', (v) => v === 'private_key_jwt', 'must be private_key_jwt'],
	[TOOL, isObject, 'must be an object'],
];
const TYPES = {
	grant_types: isTexts, contacts: isTexts, scope: (v) => typeof v === 'string', logo_uri: (v) => typeof v === 'string', client_uri: (v) => typeof v === 'string',
	tos_uri: (v) => typeof v === 'string', policy_uri: (v) => typeof v === 'string',
};
const TOOL_TYPES = {
	domain: (v) => typeof v === 'string' && !v.includes('/'), secondary_domains: isTexts, description: (v) => typeof v === 'string', target_link_uri: (v) => typeof v === 'string' && /^https?:/.test(v),
	claims: isTexts, custom_parameters: (v) => isObject(v) && Object.values(v).every((x) => typeof x === 'string'), messages: (v) => Array.isArray(v) && v.every(isObject),
	notice_handlers: (v) => Array.isArray(v) && v.every((h) => isObject(h) && typeof h.notice_type === 'string' && typeof h.handler === 'string'),
};
const MESSAGE_TYPES = {
	type: (v) => typeof v === 'string', target_link_uri: (v) => typeof v === 'string', label: (v) => typeof v === 'string', icon_uri: (v) => typeof v === 'string',
	custom_parameters: TOOL_TYPES.custom_parameters, placements: isTexts, roles: isTexts, supported_types: isTexts, supported_media_types: isTexts,
};
const named = (name) => name.split('#')[0];

/* Everything wrong with a registration, in words. */
function faults(persona, r) {
	const found = [];
	const check = (o, types, where) => {
		for (const [name, value] of Object.entries(o ?? {})) {
			const type = types[named(name)];
			if (type && !type(value))
				found.push(`${where}${name} has a wrong type or value`);
			else if (!type && persona.registration.strict && !NEEDED.some(([n]) => n === named(name)) && !name.startsWith('https://'))
				found.push(`${where}${name} is not known here`);
			else if (!type && persona.registration.strict && name.startsWith('https://') && name !== TOOL)
				found.push(`${where}${name} is another platform's`);
		}
	};
	for (const [name, ok, words] of NEEDED)
		if (!ok(r[name]))
			found.push(`${name} ${words}`);
	const config = isObject(r[TOOL]) ? r[TOOL] : {};
	for (const name of ['domain', 'target_link_uri', 'claims', 'messages'])
		if (config[name] === undefined)
			found.push(`${name} is missing`);
	check(r, TYPES, '');
	check(config, TOOL_TYPES, 'tool configuration: ');
	for (const m of Array.isArray(config.messages) ? config.messages.filter(isObject) : [])
		check(m, MESSAGE_TYPES, `message ${m.type}: `);
	if (TOOL_TYPES.domain(config.domain ?? 1) && TOOL_TYPES.target_link_uri(config.target_link_uri ?? 1) && new URL(config.target_link_uri).host !== config.domain)
		found.push('domain is not the host of target_link_uri');
	if (persona.registration.strict) {
		const strange = String(r.scope ?? '').split(' ').filter((s) => s && !persona.scopes.includes(s));
		if (strange.length)
			found.push(`scope ${strange.join(', ')} is not supported`);
		const types = persona.messages.map((m) => m.type);
		for (const m of Array.isArray(config.messages) ? config.messages.filter(isObject) : [])
			if (!types.includes(m.type))
				found.push(`message ${m.type} is not supported`);
	}
	return found;
}

export class Registrations {
	constructor(school, services, keys) {
		this.school = school;
		this.services = services;
		this.keys = keys;
		this.spent = new Set();
		this.reset();
	}

	/* Requests received, the newest last: what tests look at. */
	reset() {
		this.received = [];
	}

	/* A platform's word that its administrator began this. update: the client to change. */
	token(platform, { update, seconds = HOUR } = {}) {
		const key = this.keys[platform.key].active;
		const iat = Math.floor(Date.now() / 1000);
		return new SignJWT({ sub: update ?? randomBytes(8).toString('hex').slice(0, 15), scope: update ? 'reg-update' : 'reg', iat, exp: iat + seconds, jti: randomBytes(8).toString('hex') })
			.setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid }).sign(key.privateKey);
	}

	/* The address that opens in the administrator's frame: the tool's, with what belongs to it. */
	async start(platform, { url, update, token }) {
		const how = platform.persona.registration;
		if (!how)
			throw new HttpError(404, `${platform.name} has no Dynamic Registration.`);
		const to = new URL(url);
		const given = token === false || how.token === 'never' ? null : token ?? await this.token(platform, { update });
		to.searchParams.append('openid_configuration', platform.urls.configuration);
		if (given !== null)
			to.searchParams.append('registration_token', given);
		return { url: String(to), frame: how.frame, token: given };
	}

	/* What a bearer token says, or null; spent: one that was used. */
	async bearer(req, platform) {
		const text = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1];
		if (!text)
			return null;
		try {
			const { payload } = await jwtVerify(text, this.keys[platform.key].active.publicKey, { algorithms: ['RS256'] });
			return { ...payload, spent: this.spent.has(payload.jti) };
		} catch {
			return { invalid: true };
		}
	}

	configurationOf(platform) {
		const { persona, urls } = platform;
		return {
			issuer: platform.issuer, authorization_endpoint: urls.auth, token_endpoint: urls.token, jwks_uri: urls.jwks, registration_endpoint: urls.registration,
			token_endpoint_auth_methods_supported: ['private_key_jwt'], token_endpoint_auth_signing_alg_values_supported: ['RS256'],
			scopes_supported: persona.scopes, response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
			claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email', 'locale'],
			...(persona.access.audience && persona.access.audience !== 'any' ? { authorization_server: persona.access.audience } : {}),
			[PLATFORM]: { product_family_code: persona.family, version: persona.version, messages_supported: persona.messages, variables: persona.variables,
				...(persona.notices ? { notice_types_supported: persona.notices } : {}), ...persona.product },
		};
	}

	async configuration(req, res, platform) {
		const { services } = this;
		if (await services.disturbed(req, res, platform, 'configuration', { authorized: Boolean(req.headers.authorization) }))
			return;
		const how = services.howFor('configuration', platform);
		const needs = platform.persona.registration.token === 'needed' && platform.persona.claims === 'canvas';
		const token = await this.bearer(req, platform);
		if (needs && (!token || token.invalid))
			return send(res, 401, 'application/json', '{"status":"unauthenticated","errors":[{"message":"user authorization required"}]}');
		const body = { ...this.configurationOf(platform), ...(how.body ?? {}) };
		send(res, 200, how.type ?? 'application/json; charset=utf-8', how.text ?? JSON.stringify(body));
	}

	/* A platform's own way to say no. */
	refuse(res, platform, status, found) {
		const { errors } = platform.persona.registration;
		if (errors === 'list')
			return send(res, 422, 'application/json', JSON.stringify({ errors: found.map((message) => ({ message })) }));
		if (errors === 'text')
			return send(res, status, 'text/html; charset=utf-8', found.join('; '));
		send(res, status, 'application/json', JSON.stringify({ error: status === 401 ? 'invalid_token' : 'invalid_client_metadata', error_description: found.join('; ') }));
	}

	async register(req, res, platform, client) {
		const { services } = this;
		const text = await readBody(req);
		if (await services.disturbed(req, res, platform, 'registration', { authorized: Boolean(req.headers.authorization) }))
			return;
		const persona = platform.persona.registration;
		const existing = client === undefined ? null : platform.tools.get(client);
		let request;
		try {
			request = JSON.parse(text);
		} catch {
			return this.refuse(res, platform, 400, ['the body is not JSON']);
		}
		const entry = { platform: platform.key, method: req.method, request, headers: { 'content-type': req.headers['content-type'], accept: req.headers.accept, authorized: Boolean(req.headers.authorization) } };
		this.received.push(entry);
		if (existing)
			return this.update(req, res, platform, existing, request, entry);
		const token = await this.bearer(req, platform);
		if (persona.token === 'needed' && !token)
			return this.refuse(res, platform, 401, ['missing_registration_token']);
		if (token?.invalid || token?.spent)
			return this.refuse(res, platform, 401, [token.invalid ? 'invalid_token' : 'token_already_used']);
		const found = faults(platform.persona, request);
		entry.faults = found;
		if (found.length)
			return this.refuse(res, platform, 400, found);
		if (token)
			this.spent.add(token.jti);
		const old = token?.scope === 'reg-update' ? platform.tools.get(token.sub) : null;
		const tool = old ? Object.assign(old, this.said(platform, request)) : this.add(platform, request, token);
		entry.client = tool.clientId;
		this.reply(res, platform, tool, request);
	}

	/* registration_client_uri, with the token it was given with (R122). */
	update(req, res, platform, tool, request, entry) {
		if (req.headers.authorization !== `Bearer ${tool.updateToken}`)
			return this.refuse(res, platform, 401, ['invalid_token']);
		const found = faults(platform.persona, request);
		entry.faults = found;
		if (found.length)
			return this.refuse(res, platform, 400, found);
		Object.assign(tool, this.said(platform, request));
		entry.client = tool.clientId;
		this.reply(res, platform, tool, request, 200);
	}

	/* What the platform keeps of a registration. */
	said(platform, r) {
		const config = r[TOOL];
		const granted = (r.scope ?? '').split(' ').filter((s) => s !== 'openid' && platform.persona.scopes.includes(s));
		const types = platform.persona.messages.map((m) => m.type);
		return { name: r.client_name, login: r.initiate_login_uri, launch: r.redirect_uris[0], jwks: r.jwks_uri, target: config.target_link_uri, scopes: granted,
			messages: config.messages.filter((m) => types.includes(m.type)), custom: config.custom_parameters ?? {}, claims: config.claims, request: r,
			notices: new Map((config.notice_handlers ?? []).filter((h) => platform.persona.notices?.includes(h.notice_type)).map((h) => [h.notice_type, h.handler])) };
	}

	add(platform, request, token) {
		const clientId = platform.persona.claims === 'canvas' ? `1000000000${1000 + platform.tools.size}` : token?.sub ?? randomBytes(8).toString('hex');
		const number = String(platform.tools.size + 1);
		const deployment = platform.persona.claims === 'canvas' ? `${4520 + Number(number)}:${randomBytes(20).toString('hex')}` : number;
		return makeTool(platform, this.school.tool, { clientId, deployment, state: 'pending', updateToken: randomBytes(24).toString('base64url'), ...this.said(platform, request) });
	}

	reply(res, platform, tool, r, status = platform.persona.registration.status) {
		const persona = platform.persona.registration;
		const config = r[TOOL];
		const answer = {
			client_id: tool.clientId, application_type: 'web', response_types: ['id_token'], grant_types: ['client_credentials', 'implicit'], token_endpoint_auth_method: 'private_key_jwt',
			initiate_login_uri: r.initiate_login_uri, redirect_uris: r.redirect_uris, jwks_uri: r.jwks_uri, client_name: r.client_name, scope: tool.scopes.join(' '),
			...(persona.strict ? { registration_client_uri: `${platform.urls.registration}/${tool.clientId}`, registration_access_token: tool.updateToken } : {}),
			[TOOL]: { ...(persona.deployment ? { deployment_id: tool.deployments[0] } : {}), target_link_uri: config.target_link_uri, domain: config.domain, description: config.description,
				/* Moodle names only the deep linking message. */
				messages: platform.persona.claims === 'moodle' ? tool.messages.filter((m) => m.type === 'LtiDeepLinkingRequest').map(({ type, target_link_uri: to }) => ({ type, target_link_uri: to })) : tool.messages,
				custom_parameters: tool.custom, claims: tool.claims },
		};
		const how = this.services.howFor('registration', platform);
		send(res, how.status_ok ?? status, how.type ?? 'application/json; charset=utf-8', how.text ?? JSON.stringify({ ...answer, ...(how.body ?? {}) }));
	}
}
