/* A platform that costs little while somebody measures: a key, its key set, id_tokens
 * signed ahead of time, and rosters of any length. */
import { createServer } from 'node:http';
import { generateKeyPairSync, sign } from 'node:crypto';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const CLIENT = 'bench';
const ROSTER = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
export const COURSE_SIZE = 30; /* the first of each course is its teacher */
export const PAGE_SIZE = 50;

const encode = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');

export class Platform {
	constructor(port, tool) {
		const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		this.key = privateKey;
		this.issuer = `http://127.0.0.1:${port}`;
		this.tool = tool;
		this.keysAsked = this.pagesAsked = 0;
		this.hangs = false; /* its key set's URL */
		this.rosterSize = 0;
		const set = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] });
		this.server = createServer((req, res) => {
			if (req.url.startsWith('/token'))
				return res.end('{"access_token":"bench","expires_in":3600}');
			if (req.url.startsWith('/members'))
				return this.page(new URL(req.url, this.issuer), res);
			this.keysAsked++;
			if (this.hangs)
				return;
			res.setHeader('Content-Type', 'application/json');
			res.end(set);
		}).listen(port, '127.0.0.1');
	}
	/* /members/<how many>?page=<n> */
	page(url, res) {
		const size = Number(url.pathname.split('/')[2]), page = Number(url.searchParams.get('page') ?? 0);
		const of = Number(url.searchParams.get('of') ?? PAGE_SIZE), from = page * of, members = [];
		this.pagesAsked++;
		for (let i = from; i < Math.min(size, from + of); i++)
			members.push({ status: 'Active', user_id: `r${i}`, name: `Given${i} Family${i}`, given_name: `Given${i}`, family_name: `Family${i}`,
				email: `r${i}@school.example`, lis_person_sourcedid: `sis-${i}`, roles: [`${ROLE}Learner`] });
		res.setHeader('Content-Type', ROSTER);
		if (from + of < size)
			res.setHeader('Link', `<${this.issuer}${url.pathname}?of=${of}&page=${page + 1}>; rel="next"`);
		res.end(JSON.stringify({ id: url.href, context: { id: 'c' }, members }));
	}
	/* As tests/harness/tool.mjs registers one. */
	registration(id) {
		return { id, name: 'Bench', profile: 'generic', issuer: this.issuer, clientId: CLIENT, auth: `${this.issuer}/auth`,
			token: `${this.issuer}/token`, jwks: `${this.issuer}/jwks` };
	}
	loginPath(user) {
		return `/lti/login?${new URLSearchParams({ iss: this.issuer, client_id: CLIENT, login_hint: `u${user}`, lti_message_hint: 'h',
			target_link_uri: `${this.tool}/` })}`;
	}
	/* What Canvas and Moodle say of somebody, by and large. */
	claims(user, nonce) {
		const course = Math.floor(user / COURSE_SIZE);
		const now = Math.floor(Date.now() / 1000);
		return {
			iss: this.issuer, aud: CLIENT, iat: now, exp: now + 600, nonce, sub: `u${user}`, name: `Given${user} Family${user}`,
			given_name: `Given${user}`, family_name: `Family${user}`, email: `u${user}@school.example`, locale: 'nb',
			[`${CLAIM}message_type`]: 'LtiResourceLinkRequest', [`${CLAIM}version`]: '1.3.0', [`${CLAIM}deployment_id`]: '1',
			[`${CLAIM}target_link_uri`]: `${this.tool}/`, [`${CLAIM}resource_link`]: { id: `link-${course}`, title: 'Learning plans' },
			[`${CLAIM}roles`]: [ROLE + (user % COURSE_SIZE ? 'Learner' : 'Instructor')],
			[`${CLAIM}context`]: { id: `course-${course}`, title: `Course number ${course}`, label: `C${course}`,
				type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] },
			[`${CLAIM}launch_presentation`]: { document_target: 'iframe', return_url: `${this.issuer}/return`, locale: 'nb' },
			[`${CLAIM}tool_platform`]: { guid: 'bench', name: 'Bench', product_family_code: 'bench', version: '1' },
			...(this.roster && { 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
				context_memberships_url: `${this.issuer}${this.roster}`, service_versions: ['2.0'] } }),
		};
	}
	token(user, nonce) {
		const text = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encode(this.claims(user, nonce))}`;
		return `${text}.${sign('sha256', Buffer.from(text), this.key).toString('base64url')}`;
	}
	stop() {
		this.server.close();
		this.server.closeAllConnections?.();
	}
}
