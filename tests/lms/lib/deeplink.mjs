/* Deep linking from the platform's side: a request that is open, the answer the browser
 * brings to the return address, and the links made of it. The answer is held to the
 * letter: what is wrong with it is listed, and nothing is made of a wrong one. */
import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { CLAIM } from './claims.mjs';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const OPEN_MAX = 5000;

export class Places {
	constructor(school, services) {
		this.school = school;
		this.services = services;
		this.open_ = new Map();
		this.nonces = new Set();
		this.reset();
	}

	/* Answers received, the newest last: what tests look at. */
	reset() {
		this.received = [];
	}

	/* A request that waits for its answer. */
	open(launch) {
		const id = randomBytes(12).toString('hex');
		const { platform, course, member, tool, deployment, settings } = launch;
		if (this.open_.size > OPEN_MAX)
			this.open_.delete(this.open_.keys().next().value);
		const request = { id, platform, course, member, tool, deployment, settings: { ...platform.persona.placing, ...settings }, overrides: launch.overrides,
			returnUrl: `${platform.urls.placed}?course=${course.id}&request=${id}` };
		this.open_.set(id, request);
		return request;
	}

	request(id) {
		return this.open_.get(id) ?? null;
	}

	/* The form the tool sent: {ok, problems, items, links, claims, request}. */
	async receive(request, form) {
		const fields = [...form.keys()];
		const problems = [];
		if (String(fields) !== 'JWT')
			problems.push(`the form has the fields ${fields.join(', ') || 'none'}, not JWT alone`);
		const claims = await this.verify(request, form.get('JWT') ?? '', problems);
		if (claims)
			this.judge(request, claims, problems);
		const items = claims?.[`${DL}content_items`] ?? [];
		const links = problems.length ? [] : this.make(request, items);
		const answer = { ok: problems.length === 0, problems, items, links, claims, platform: request.platform.key, course: request.course.key, user: request.member.person.key };
		this.received.push(answer);
		return answer;
	}

	async verify(request, jwt, problems) {
		try {
			const header = decodeProtectedHeader(jwt);
			if (!header.kid)
				problems.push('kid must be provided in JWT header');
			if (header.alg !== 'RS256')
				problems.push(`alg is ${header.alg}`);
			const { payload } = await jwtVerify(jwt, this.services.toolKeySet(request.tool), { algorithms: ['RS256'] });
			return payload;
		} catch (e) {
			problems.push(`the JWT does not verify: ${e.code ?? ''} ${e.message}`);
			return null;
		}
	}

	judge(request, c, problems) {
		const { platform, tool, deployment, settings } = request;
		const must = (ok, what) => { if (!ok) problems.push(what); };
		const now = Date.now() / 1000;
		must(c.iss === tool.clientId, `iss is ${c.iss}, not the client_id`);
		must(c.aud === platform.issuer, `aud is ${JSON.stringify(c.aud)}, not the issuer as text`);
		must(Number.isInteger(c.iat) && c.iat <= now + 5 && c.iat > now - 300, 'iat is missing or far away');
		must(Number.isInteger(c.exp) && c.exp > now && c.exp - c.iat <= 300, 'exp is missing, past or more than five minutes away');
		must(typeof c.nonce === 'string' && c.nonce.length >= 16 && !this.nonces.has(c.nonce), 'nonce is missing, short or used');
		must(c[`${CLAIM}deployment_id`] === deployment, `deployment_id is ${c[`${CLAIM}deployment_id`]}`);
		must(c[`${CLAIM}message_type`] === 'LtiDeepLinkingResponse', 'message_type is not LtiDeepLinkingResponse');
		must(c[`${CLAIM}version`] === '1.3.0', 'version is not 1.3.0');
		const asked = settings.data ?? undefined;
		must(c[`${DL}data`] === asked, `data is ${JSON.stringify(c[`${DL}data`])}, not ${JSON.stringify(asked)}`);
		const strange = Object.keys(c).filter((n) => n !== n.trim());
		must(!strange.length, `claims with spaces: ${strange}`);
		this.nonces.add(c.nonce);
		this.judgeItems(request, c[`${DL}content_items`] ?? [], must);
	}

	judgeItems({ platform, settings }, items, must) {
		must(Array.isArray(items), 'content_items is no array');
		if (!Array.isArray(items))
			return;
		const several = settings.accept_multiple === true || settings.accept_multiple === 'true';
		must(several || items.length <= 1, `${items.length} items where one is taken`);
		for (const item of items) {
			must(settings.accept_types.includes(item.type), `an item of type ${item.type}`);
			must(typeof item.title === 'string' && item.title !== '', 'an item without a title');
			must(item.url === undefined || new URL(item.url).origin === new URL(platform.tool.target).origin, `an item that leads to ${item.url}`);
			must(item.lineItem === undefined, 'an item with a lineItem, which nobody asked for');
			must(Object.values(item.custom ?? {}).every((v) => typeof v === 'string'), 'a custom value that is no text');
		}
	}

	make({ course }, items) {
		course.links ??= [];
		const made = items.map((item) => ({ ...item, id: randomBytes(8).toString('hex') }));
		course.links.push(...made);
		return made;
	}
}
