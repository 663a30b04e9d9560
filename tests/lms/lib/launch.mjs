/* Login initiation and the OIDC authorization endpoint of the platforms, as strict
 * as the real ones: what they refuse with a page of their own and what they answer
 * to the tool differs. */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { claimsFor, messageType } from './messages.mjs';
import { makeToken, mergePatch } from './overrides.mjs';
import { HttpError } from './http.mjs';
import { findCourse, findMember } from '../school.mjs';

const LAUNCHES_MAX = 20_000;
const HINT_MS = 5 * 60_000;
const b64 = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');

export class Launches {
	constructor(school, keys, places) {
		this.school = school;
		this.keys = keys;
		this.places = places;
		this.secret = randomBytes(32);
		this.pending = new Map(); /* by the id in a hint */
		this.armed = [];          /* overrides that wait for somebody's next launch */
	}

	platform(key) {
		const p = Object.hasOwn(this.school.platforms, key ?? '') ? this.school.platforms[key] : null;
		if (!p)
			throw new HttpError(404, `There is no platform "${key}": ${Object.keys(this.school.platforms).join(', ')}.`);
		return p;
	}

	/* Who opens what: throws where they cannot. */
	place({ platform: platformKey, course: courseKey, user }) {
		const platform = this.platform(platformKey);
		const course = courseKey === undefined ? platform.courses[0] : findCourse(platform, courseKey);
		if (!course)
			throw new HttpError(404, `${platform.name} has no course "${courseKey}".`);
		const member = findMember(course, user);
		if (!member)
			throw new HttpError(404, `Nobody called "${user}" may open ${course.title}.`);
		if (member.suspended)
			throw new HttpError(403, `${member.person.name}’s enrolment is suspended.`);
		return { platform, course, member };
	}

	/* The registration of the tool a launch goes through. */
	toolOf(platform, { client, deployment }) {
		const tool = client === undefined ? platform.tool : platform.tools.get(client);
		if (!tool)
			throw new HttpError(404, `${platform.name} has no tool "${client}".`);
		if (tool.state !== 'active')
			throw new HttpError(409, 'The tool is pending: an administrator must activate it.');
		return { tool, deployment: deployment ?? tool.deployments[0] };
	}

	/* The parameters the tool's login address gets. wanted: who, where, and maybe client,
	 * deployment, message, link, account, forUser, settings. */
	initiate(wanted, { target = 'iframe', storage = false, overrides, login = {} } = {}) {
		const { platform, course, member } = this.place(wanted);
		const { persona } = platform;
		const { tool, deployment } = this.toolOf(platform, wanted);
		const link = wanted.link === undefined ? null : course.links?.find((l) => l.id === wanted.link);
		if (link === undefined)
			throw new HttpError(404, `${course.title} has no link "${wanted.link}".`);
		const message = messageType(wanted.message);
		const launch = { platform, course, member, tool, deployment, target, storage, message, link, forUser: wanted.forUser, settings: wanted.settings,
			account: wanted.account ? platform.account : null, at: Date.now(), overrides: overrides ?? this.takeArmed(platform, member) };
		if (message === 'LtiDeepLinkingRequest')
			launch.request = this.places.open(launch);
		if (this.pending.size > LAUNCHES_MAX)
			this.pending.delete(this.pending.keys().next().value);
		const hint = this.hint(launch);
		const params = {
			iss: platform.issuer, login_hint: member.person.loginHint, target_link_uri: link?.url ?? tool.target,
			...(persona.login.client ? { client_id: tool.clientId } : {}),
			...(persona.login.deployment ? { [persona.login.deployment]: deployment } : {}),
			...(hint === null ? {} : { lti_message_hint: hint }), ...persona.login.more,
			...(storage && persona.storage ? { lti_storage_target: persona.storage } : {}),
		};
		return { url: tool.login, method: persona.login.method, params: mergePatch(params, login) };
	}

	arm({ platform, user, overrides, times = 1 }) {
		this.armed.push({ platform, user, overrides, times });
	}

	takeArmed(platform, { person }) {
		const i = this.armed.findIndex((a) => (!a.platform || a.platform === platform.key) && (!a.user || [person.key, person.name].includes(a.user)));
		if (i < 0)
			return {};
		const [entry] = this.armed.slice(i, i + 1);
		entry.times -= 1;
		if (entry.times <= 0)
			this.armed.splice(i, 1);
		return entry.overrides;
	}

	/* lti_message_hint, which stands for the launch; null where a platform sends none. */
	hint(launch) {
		const { persona } = launch.platform;
		if (persona.hint === 'json') {
			const launchid = `ltilaunch${launch.message === 'LtiResourceLinkRequest' ? launch.course.link : '_ContentItemSelectionRequest'}_${randomInt(1e8, 2 ** 31)}`;
			this.pending.set(launchid, launch);
			return launch.message === 'LtiResourceLinkRequest' ? `{"cmid":${launch.course.module},"launchid":"${launchid}"}` : `{"launchid":"${launchid}"}`;
		}
		const id = persona.hint === null ? this.hintless(launch) : randomBytes(32).toString('hex');
		this.pending.set(id, launch);
		if (persona.hint !== 'jwt')
			return persona.hint === null ? null : id;
		const body = `${b64({ typ: 'JWT', alg: 'HS256' })}.${b64({
			verifier: id, canvas_domain: new URL(this.school.base).host, context_type: 'Course', context_id: Number(`1000000000${launch.course.number}`),
			canvas_locale: launch.member.person.language, include_storage_target: launch.storage, exp: Math.floor((launch.at + HINT_MS) / 1000),
		})}`;
		return `${body}.${this.mac(body)}`;
	}

	/* Without a hint only the platform's own session says what was clicked last. */
	hintless({ platform, member }) {
		return `${platform.key} ${member.person.loginHint}`;
	}

	mac(text) {
		return createHmac('sha256', this.secret).update(text).digest('base64url');
	}

	/* The launch a hint stands for, once: {launch}, or {used: true} where it is known
	 * no more. */
	takeHint(platform, hint, loginHint) {
		let id = hint;
		try {
			if (platform.persona.hint === 'jwt') {
				const [head, body, mac] = hint.split('.');
				const good = Buffer.from(this.mac(`${head}.${body}`));
				if (mac.length !== good.length || !timingSafeEqual(Buffer.from(mac), good))
					return {};
				id = JSON.parse(Buffer.from(body, 'base64url')).verifier;
			} else if (platform.persona.hint === 'json') {
				id = JSON.parse(hint).launchid;
			} else if (platform.persona.hint === null) {
				id = this.hintless({ platform, member: { person: { loginHint } } });
			}
		} catch {
			return {};
		}
		const launch = this.pending.get(id);
		if (!launch || launch.platform !== platform)
			return { used: true };
		return { launch, take: () => this.pending.delete(id) };
	}

	/* The authorization endpoint: {action, fields} to be posted by the browser, or
	 * {status, page} shown by the platform itself. */
	async authorize(platform, params) {
		const twice = [...new Set(params.keys())].filter((k) => params.getAll(k).length > 1);
		if (twice.length)
			return { status: 400, page: `Sent more than once: ${twice.join(', ')}` };
		const p = Object.fromEntries(params);
		const how = { canvas: this.authorizeCanvas, moodle: this.authorizeMoodle, plain: this.authorizePlain }[platform.persona.authorize];
		return how.call(this, platform, p);
	}

	async authorizeCanvas(platform, p) {
		const tool = platform.tools.get(p.client_id) ?? platform.tool;
		if (p.redirect_uri !== tool.launch)
			return { status: 400, page: 'Invalid redirect_uri' };
		const refuse = (error, description) => this.answer(platform, tool, p, { error, error_description: description });
		const needed = ['client_id', 'login_hint', 'lti_message_hint', 'nonce', 'prompt', 'response_mode', 'response_type', 'scope'];
		const missing = needed.filter((k) => !p[k]);
		if (missing.length)
			return refuse('invalid_request_object', `The following parameters are missing: ${missing.join(',')}`);
		const must = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
		const wrong = Object.keys(must).filter((k) => p[k] !== must[k]);
		if (wrong.length)
			return refuse('invalid_request_object', `The following parameters have an invalid value: ${wrong.join(',')}`);
		if (p.client_id !== tool.clientId)
			return refuse('unauthorized_client', 'Client not authorized in requested context');
		const { launch, take, used } = this.takeHint(platform, p.lti_message_hint);
		if (used)
			return refuse('launch_no_longer_valid', 'The launch has either expired or already been consumed');
		if (!launch)
			return refuse('invalid_request_object', 'Invalid lti_message_hint');
		if (p.login_hint !== launch.member.person.loginHint)
			return refuse('login_required', 'Must have an active user session');
		take();
		return this.tokenAnswer(platform, p, launch);
	}

	async authorizeMoodle(platform, p) {
		const page = { status: 404, page: 'Invalid request' };
		const tool = platform.tools.get(p.client_id) ?? platform.tool;
		const needed = ['scope', 'response_type', 'client_id', 'redirect_uri', 'login_hint', 'lti_message_hint', 'nonce'];
		if (needed.some((k) => !p[k]) || p.scope !== 'openid' || p.response_type !== 'id_token' || p.redirect_uri !== tool.launch)
			return page;
		const { launch, take } = this.takeHint(platform, p.lti_message_hint);
		if (!launch)
			return page;
		if (p.client_id !== launch.tool.clientId)
			return this.answer(platform, tool, p, { error: 'unauthorized_client' });
		if (p.response_mode !== 'form_post')
			return this.answer(platform, tool, p, { error: 'invalid_request', error_description: 'Invalid response_mode' });
		if (p.prompt !== undefined && p.prompt !== 'none')
			return this.answer(platform, tool, p, { error: 'invalid_request', error_description: 'Invalid prompt' });
		if (p.login_hint !== launch.member.person.loginHint)
			return this.answer(platform, tool, p, { error: 'access_denied' });
		take();
		return this.tokenAnswer(platform, p, launch);
	}

	/* By the letter of OpenID Connect: what is wrong about the client or where to answer is
	 * shown here, everything else goes to the tool. */
	async authorizePlain(platform, p) {
		const tool = platform.tools.get(p.client_id);
		if (!tool || p.redirect_uri !== tool.launch)
			return { status: 400, page: tool ? 'redirect_uri is not registered' : 'client_id is not known' };
		const must = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
		const wrong = Object.keys(must).filter((k) => p[k] !== must[k]).concat(['login_hint', 'nonce', 'state'].filter((k) => !p[k]));
		if (wrong.length)
			return this.answer(platform, tool, p, { error: 'invalid_request', error_description: `missing or invalid: ${wrong.join(', ')}` });
		const { launch, take } = this.takeHint(platform, p.lti_message_hint, p.login_hint);
		if (!launch || launch.tool !== tool)
			return this.answer(platform, tool, p, { error: 'invalid_request', error_description: 'lti_message_hint is not known' });
		if (p.login_hint !== launch.member.person.loginHint)
			return this.answer(platform, tool, p, { error: 'login_required' });
		take();
		return this.tokenAnswer(platform, p, launch);
	}

	async tokenAnswer(platform, p, launch) {
		const o = launch.overrides;
		const claims = claimsFor(platform, launch.course, launch.member, { ...launch, nonce: p.nonce, now: Date.now() });
		const id_token = await makeToken(platform, this.keys[platform.key], claims, o);
		const answer = this.answer(platform, launch.tool, p, { id_token }, launch.storage);
		return { ...answer, fields: mergePatch(answer.fields, o.fields ?? {}) };
	}

	answer(platform, tool, p, fields, storage = false) {
		const { persona } = platform;
		if (persona.authorize === 'moodle') {
			/* Moodle strips tags from what it echoes, and posts an empty state where it got none. */
			return { action: tool.launch, fields: { ...fields, state: (p.state ?? '').replace(/<[^>]*>/g, '') } };
		}
		const more = persona.authorize === 'canvas' ? { utf8: '✓', authenticity_token: randomBytes(32).toString('base64') } : {};
		return {
			action: tool.launch,
			fields: { ...more, ...fields, ...(p.state === undefined ? {} : { state: p.state }), ...(storage && persona.storage ? { lti_storage_target: persona.storage } : {}) },
		};
	}
}
