/* The Platform Notification Service: handlers a tool has put down, and notices sent to
 * them, bent as a launch may be bent. */
import { randomBytes, randomUUID } from 'node:crypto';
import { CLAIM } from './claims.mjs';
import { HttpError, readJson, sendJson } from './http.mjs';
import { makeToken } from './overrides.mjs';
import { NOTICES } from './personas.mjs';

export class Notices {
	constructor(school, services, keys) {
		this.school = school;
		this.services = services;
		this.keys = keys;
	}

	/* GET lists the handlers, PUT sets one; an empty handler takes it away (R91). */
	async answer(req, res, platform, deployment) {
		const { services } = this;
		if (await services.disturbed(req, res, platform, 'notices'))
			return;
		const types = platform.persona.notices;
		const grant = services.bearer(req, platform, NOTICES);
		if (!types || !grant)
			return sendJson(res, types ? 401 : 404, { errors: { message: types ? 'unauthorized' : 'not_found' } });
		const tool = platform.tools.get(grant.client);
		if (!tool.deployments.includes(deployment))
			return sendJson(res, 404, { errors: { message: 'no such deployment of this client' } });
		if (req.method === 'PUT') {
			const { notice_type: type, handler, max_batch_size: max } = await readJson(req);
			if (!types.includes(type) || typeof handler !== 'string' || (handler && new URL(handler).host !== new URL(tool.launch).host))
				return sendJson(res, 400, { errors: { message: 'notice_type or handler is not allowed' } });
			tool.notices.set(type, handler);
			return sendJson(res, 200, { notice_type: type, handler, ...(max ? { max_batch_size: max } : {}) });
		}
		sendJson(res, 200, { client_id: tool.clientId, deployment_id: deployment, notice_handlers: types.map((type) => ({ notice_type: type, handler: tool.notices.get(type) ?? '' })) });
	}

	/* One notice as a JWT. course: the new one; origins: contexts it was copied from. */
	async jwt(platform, { tool, type = 'LtiContextCopyNotice', course, origins = [], deployment, id = randomUUID(), overrides = {} }) {
		const iat = Math.floor(Date.now() / 1000);
		const claims = {
			iss: platform.issuer, aud: tool.clientId, azp: tool.clientId, iat, exp: iat + 3600, nonce: randomBytes(16).toString('hex'),
			[`${CLAIM}version`]: '1.3.0', [`${CLAIM}deployment_id`]: deployment ?? tool.deployments[0],
			[`${CLAIM}notice`]: { id, timestamp: new Date().toISOString(), type },
			...(type === 'LtiContextCopyNotice' ? {
				[`${CLAIM}context`]: { id: course.id, label: course.label, title: course.title, type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] },
				[`${CLAIM}origin_contexts`]: origins,
			} : {}),
		};
		return makeToken(platform, this.keys[platform.key], claims, overrides);
	}

	/* To the handler the tool has put down, or to `handler`. Canvas does not try again. */
	async send(platform, tool, jwts, { handler = tool.notices.get('LtiContextCopyNotice'), body } = {}) {
		if (!handler)
			throw new HttpError(409, 'The tool has put down no handler.');
		const r = await fetch(handler, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: body ?? JSON.stringify({ notices: jwts.map((jwt) => ({ jwt })) }) });
		return { status: r.status, text: (await r.text()).slice(0, 2000) };
	}
}
