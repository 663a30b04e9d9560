/* Login initiation and the OIDC authorization endpoint of both platforms, as strict
 * as the real ones: what they refuse with a page of their own and what they answer
 * to the tool differs. */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { claimsFor } from './claims.mjs';
import { makeToken, mergePatch } from './overrides.mjs';
import { HttpError } from './http.mjs';
import { findCourse, findMember } from '../school.mjs';

const LAUNCHES_MAX = 20_000;
const HINT_MS = 5 * 60_000;
const b64 = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');

export class Launches {
	constructor(school, keys) {
		this.school = school;
		this.keys = keys;
		this.secret = randomBytes(32);
		this.pending = new Map(); /* by verifier or launchid */
		this.armed = [];          /* overrides that wait for somebody's next launch */
	}

	platform(key) {
		const p = Object.hasOwn(this.school.platforms, key ?? '') ? this.school.platforms[key] : null;
		if (!p)
			throw new HttpError(404, `There is no platform "${key}": canvas or moodle.`);
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

	/* The parameters the tool's login address gets. */
	initiate(wanted, { target = 'iframe', storage = false, overrides } = {}) {
		const { platform, course, member } = this.place(wanted);
		const launch = { platform, course, member, target, storage, at: Date.now(), overrides: overrides ?? this.takeArmed(platform, member) };
		const hint = platform.key === 'canvas' ? this.canvasHint(launch) : this.moodleHint(launch);
		if (this.pending.size > LAUNCHES_MAX)
			this.pending.delete(this.pending.keys().next().value);
		const params = platform.key === 'canvas' ? {
			iss: platform.issuer, login_hint: member.person.loginHint, client_id: platform.clientId, deployment_id: platform.deployment, target_link_uri: platform.tool.target,
			lti_message_hint: hint, canvas_region: 'eu-north-1', canvas_environment: 'prod',
			...(storage ? { lti_storage_target: 'post_message_forwarding' } : {}),
		} : {
			iss: platform.issuer, target_link_uri: platform.tool.target, login_hint: member.person.loginHint,
			lti_message_hint: hint, client_id: platform.clientId, lti_deployment_id: platform.deployment,
		};
		return { url: platform.tool.login, params };
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

	canvasHint(launch) {
		const verifier = randomBytes(32).toString('hex');
		this.pending.set(verifier, launch);
		const body = `${b64({ typ: 'JWT', alg: 'HS256' })}.${b64({
			verifier, canvas_domain: new URL(this.school.base).host, context_type: 'Course', context_id: Number(`1000000000${launch.course.number}`),
			canvas_locale: launch.member.person.language, include_storage_target: launch.storage, exp: Math.floor((launch.at + HINT_MS) / 1000),
		})}`;
		return `${body}.${this.mac(body)}`;
	}

	moodleHint(launch) {
		const launchid = `ltilaunch${launch.course.link}_${randomInt(1e8, 2 ** 31)}`;
		this.pending.set(launchid, launch);
		return `{"cmid":${launch.course.module},"launchid":"${launchid}"}`;
	}

	mac(text) {
		return createHmac('sha256', this.secret).update(text).digest('base64url');
	}

	/* The launch a hint stands for, once: {launch}, or {used: true} where it is known
	 * no more. */
	takeHint(platform, hint) {
		let id;
		try {
			if (platform.key === 'canvas') {
				const [head, body, mac] = hint.split('.');
				const good = Buffer.from(this.mac(`${head}.${body}`));
				if (mac.length !== good.length || !timingSafeEqual(Buffer.from(mac), good))
					return {};
				id = JSON.parse(Buffer.from(body, 'base64url')).verifier;
			} else {
				id = JSON.parse(hint).launchid;
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
		return platform.key === 'canvas' ? this.authorizeCanvas(platform, p) : this.authorizeMoodle(platform, p);
	}

	async authorizeCanvas(platform, p) {
		if (p.redirect_uri !== platform.tool.launch)
			return { status: 400, page: 'Invalid redirect_uri' };
		const refuse = (error, description) => this.answer(platform, p, { error, error_description: description });
		const needed = ['client_id', 'login_hint', 'lti_message_hint', 'nonce', 'prompt', 'response_mode', 'response_type', 'scope'];
		const missing = needed.filter((k) => !p[k]);
		if (missing.length)
			return refuse('invalid_request_object', `The following parameters are missing: ${missing.join(',')}`);
		const must = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
		const wrong = Object.keys(must).filter((k) => p[k] !== must[k]);
		if (wrong.length)
			return refuse('invalid_request_object', `The following parameters have an invalid value: ${wrong.join(',')}`);
		if (p.client_id !== platform.clientId)
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
		const needed = ['scope', 'response_type', 'client_id', 'redirect_uri', 'login_hint', 'lti_message_hint', 'nonce'];
		if (needed.some((k) => !p[k]) || p.scope !== 'openid' || p.response_type !== 'id_token' || p.redirect_uri !== platform.tool.launch)
			return page;
		const { launch, take } = this.takeHint(platform, p.lti_message_hint);
		if (!launch)
			return page;
		if (p.client_id !== platform.clientId)
			return this.answer(platform, p, { error: 'unauthorized_client' });
		if (p.response_mode !== 'form_post')
			return this.answer(platform, p, { error: 'invalid_request', error_description: 'Invalid response_mode' });
		if (p.prompt !== undefined && p.prompt !== 'none')
			return this.answer(platform, p, { error: 'invalid_request', error_description: 'Invalid prompt' });
		if (p.login_hint !== launch.member.person.loginHint)
			return this.answer(platform, p, { error: 'access_denied' });
		take();
		return this.tokenAnswer(platform, p, launch);
	}

	async tokenAnswer(platform, p, launch) {
		const o = launch.overrides;
		const claims = claimsFor(platform, launch.course, launch.member, { nonce: p.nonce, now: Date.now(), target: launch.target });
		const id_token = await makeToken(platform, this.keys[platform.key], claims, o);
		const answer = this.answer(platform, p, { id_token }, launch.storage);
		return { ...answer, fields: mergePatch(answer.fields, o.fields ?? {}) };
	}

	answer(platform, p, fields, storage = false) {
		if (platform.key === 'moodle') {
			/* Moodle strips tags from what it echoes, and posts an empty state where it got none. */
			return { action: platform.tool.launch, fields: { ...fields, state: (p.state ?? '').replace(/<[^>]*>/g, '') } };
		}
		return {
			action: platform.tool.launch,
			fields: { utf8: '✓', authenticity_token: randomBytes(32).toString('base64'), ...fields, ...(p.state === undefined ? {} : { state: p.state }),
				...(storage ? { lti_storage_target: 'post_message_forwarding' } : {}) },
		};
	}
}
