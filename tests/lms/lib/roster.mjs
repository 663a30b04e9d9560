/* Names and Roles, as the platforms' rows in personas.mjs say: pages of every size and
 * kind, Link headers of every form, names that are escaped or missing. */
import { CLAIM, CTX, NRPS, asciiJson, rosterUrl } from './claims.mjs';
import { escapeHtml, send } from './http.mjs';
import { findCourse } from '../school.mjs';

const MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/* How a Link header may be written; links is [[address, rel]]. */
const LINKS = {
	plain: (links) => ({ Link: links.map(([to, rel]) => `<${to}>; rel="${rel}"`).join(',') }),
	/* Canvas since June 2024. */
	lower: (links) => ({ link: links.map(([to, rel]) => `<${to}>; rel="${rel}"`).join(',') }),
	/* Moodle's own services. */
	amp: (links) => ({ Link: links.map(([to, rel]) => `<${to.replaceAll('&', '&amp;')}>; rel=“${rel}”`).join(',') }),
	typographic: (links) => ({ Link: links.map(([to, rel]) => `<${to}>; rel=“${rel}”`).join(',') }),
	several: (links) => ({ Link: links.map(([to, rel]) => `<${to}>; title="a, b; rel=next"; rel="${rel}"`) }),
	unquoted: (links) => ({ LINK: links.map(([to, rel]) => `<${to}>;rel=${rel}`).join(' , ') }),
	relative: (links) => ({ Link: links.map(([to, rel]) => `<${to.replace(/^https?:\/\/[^/]*/, '')}>; rel="${rel}"`).join(',') }),
	words: (links) => ({ Link: links.map(([to, rel]) => `<${to}>; rel="nofollow ${rel}"`).join(',') }),
};
export const LINK_STYLES = Object.keys(LINKS);

/* The apostrophe stays as it is, as PHP leaves it. */
const phpEscape = (text) => escapeHtml(text).replaceAll('&#39;', "'");

export class Rosters {
	constructor(school, services) {
		this.school = school;
		this.services = services;
	}

	/* Somebody left, was made inactive or came: seen by the next full list and, as what
	 * changed since, by the differences. */
	change(course, { remove = [], inactive = [], add = [] }) {
		course.changes ??= [];
		const at = course.changes.length + 1;
		for (const [keys, status] of [[remove, 'Deleted'], [inactive, 'Inactive'], [add, 'Active']])
			for (const key of keys)
				course.changes.push({ at, key, status });
		return { at };
	}

	/* The people of a course, less and more as a test wants. */
	present(course, how) {
		const gone = new Set(how.remove ?? []);
		const status = new Map((course.changes ?? []).map((c) => [c.key, c.status]));
		return course.members.filter(({ person: p }) => !gone.has(p.key) && !gone.has(p.name) && (status.get(p.key) ?? 'Active') === 'Active');
	}

	async answer(req, res, platform, which, url, binding) {
		const { services } = this;
		if (await services.disturbed(req, res, platform, 'nrps'))
			return;
		const how = services.howFor('nrps', platform);
		const persona = platform.persona.roster;
		const fail = (status, text) => send(res, status, 'application/json; charset=utf-8', JSON.stringify(platform.persona.authorize === 'moodle'
			? { status, reason: text, request: { method: req.method, url: req.url, accept: req.headers.accept ?? '', contentType: '' } } : { errors: { type: text.toLowerCase().replaceAll(' ', '_'), message: text } }));
		if (persona?.agent && !req.headers['user-agent'])
			return send(res, 403, 'text/html', '<h1>403 Forbidden</h1><p>A User-Agent header is required.</p>');
		const accept = req.headers.accept;
		if (persona?.exact && accept !== undefined && accept !== MEDIA && !accept.includes('*/*'))
			return fail(400, `No handler found for ${url.pathname} ${accept} `);
		if (!services.bearer(req, platform, NRPS) || (binding !== undefined && binding !== platform.deployment))
			return fail(401, 'Unauthorized');
		const course = persona && findCourse(platform, which);
		if (!course)
			return fail(404, 'Not Found');
		const rlid = url.searchParams.get('rlid');
		if (rlid !== null && rlid !== '' && ![course.link, ...(course.links ?? []).map((l) => l.id)].includes(rlid))
			return fail(platform.persona.claims === 'canvas' ? 400 : 404, 'Requested ResourceLink was not found');
		const body = this.page(platform, course, how, url);
		send(res, 200, how.type ?? `${MEDIA}; charset=utf-8`, body.text, body.headers);
	}

	page(platform, course, how, url) {
		const persona = platform.persona.roster;
		const q = url.searchParams;
		const members = q.has('since') ? this.changed(platform, course, Number(q.get('since'))) : this.listed(platform, course, how, q);
		const asked = Number(q.get('limit') ?? q.get('per_page')) || persona.size || members.length;
		const size = Math.max(1, persona.max ? Math.min(persona.max, how.page ?? asked) : how.page ?? asked);
		const { from, links } = persona.paging === 'from' ? this.byOffset(platform, course, q, size, members.length) : this.byPage(platform, course, q, size, members.length);
		if ((platform.persona.differences || how.differences) && from + size >= members.length)
			links.push([this.withQuery(platform, course, { since: course.changes?.length ?? 0 }), 'differences']);
		const text = JSON.stringify({ id: `${rosterUrl(platform, course)}`, context: { id: course.id, label: course.label, title: course.title }, members: members.slice(from, from + size) });
		return { text: platform.persona.token.ascii ? asciiJson(JSON.parse(text)).replaceAll('/', '\\/') : text, headers: this.header(how, persona, links, url) };
	}

	/* A next link that leads back here, or to a foreign host: the tool must follow neither. */
	header(how, persona, links, url) {
		const bent = how.next === 'loop' ? `${this.school.base}${url.pathname}${url.search}` : how.next;
		const all = bent ? [[bent, 'next']] : links;
		/* Typographic quotes go out as the bytes of their UTF-8, as they do from PHP. */
		const bytes = (v) => (Array.isArray(v) ? v.map(bytes) : Buffer.from(v).toString('latin1'));
		const header = all.length ? LINKS[how.link ?? persona.link](all) : {};
		return Object.fromEntries(Object.entries(header).map(([name, v]) => [name, bytes(v)]));
	}

	withQuery(platform, course, values) {
		const to = new URL(rosterUrl(platform, course));
		for (const [k, v] of Object.entries(values))
			if (v !== null && v !== undefined)
				to.searchParams.set(k, v);
		return String(to);
	}

	byPage(platform, course, q, size, total) {
		const page = Math.max(1, Number(q.get('page')) || 1);
		const kept = Object.fromEntries([...q].filter(([k]) => k !== 'page'));
		const link = (n, rel) => [this.withQuery(platform, course, { ...kept, page: n }), rel];
		const last = Math.max(1, Math.ceil(total / size));
		return { from: (page - 1) * size, links: [link(page, 'current'), ...(page < last ? [link(page + 1, 'next')] : []), link(1, 'first'), link(last, 'last')] };
	}

	/* The next link forgets `role` and keeps `rlid`. */
	byOffset(platform, course, q, size, total) {
		const from = Number(q.get('from')) || 0;
		const next = from + size < total ? [[this.withQuery(platform, course, { limit: size, from: from + size, rlid: q.get('rlid'), since: q.get('since') }), 'next']] : [];
		return { from, links: next };
	}

	listed(platform, course, how, q) {
		const role = q.get('role');
		const short = (role ?? '').replace(`${CTX}#`, '');
		const known = platform.persona.claims !== 'moodle' || ['Learner', 'Instructor'].includes(short);
		return this.present(course, how).map((m) => this.member(platform, course, m, q.get('rlid') !== null, how))
			.filter((m) => !role || !known || m.roles.includes(short) || m.roles.includes(`${CTX}#${short}`))
			.concat(how.add ?? []);
	}

	changed(platform, course, since) {
		return (course.changes ?? []).slice(since).map(({ key, status }) => {
			const member = course.members.find((m) => m.person.key === key);
			return status === 'Active' ? this.member(platform, course, member, false, {})
				: { user_id: member.person.sub, status, roles: this.roles(platform, member) };
		});
	}

	roles(platform, { role }) {
		if (platform.persona.roster.roles === 'short') /* Everybody who may not edit is a learner. */
			return [role === 'teacher' ? 'Instructor' : 'Learner'];
		return platform.persona.roles[role];
	}

	member(platform, course, m, withMessage, how) {
		const { person } = m;
		const { claims, privacy, roster } = platform.persona;
		const e = roster.escaped ? phpEscape : (x) => x;
		const nameless = privacy !== 'all' || how.names === 'none' || (how.names === 'rlid' && !withMessage);
		const names = nameless ? {} : { name: e(person.name), given_name: e(person.given), family_name: e(person.family), ...(person.mail ? { email: person.mail } : {}) };
		const common = { status: 'Active', roles: this.roles(platform, m), user_id: person.sub, ...names };
		if (claims === 'moodle')
			return { ...common, lis_person_sourcedid: person.idnumber ?? '', ...(nameless ? {} : { ext_user_username: person.key }) };
		if (claims !== 'canvas')
			return { ...common, ...(person.sis && !nameless ? { lis_person_sourcedid: person.sis } : {}) };
		return {
			...common, lti11_legacy_user_id: person.loginHint, ...(person.sis ? { lis_person_sourcedid: person.sis } : {}),
			...(nameless ? {} : { picture: `${platform.base}/images/messages/avatar-50.png` }),
			...(withMessage ? { message: [{
				[`${CLAIM}message_type`]: 'LtiResourceLinkRequest', locale: person.language,
				'https://www.instructure.com/canvas_user_id': Number(person.number), 'https://www.instructure.com/canvas_user_login_id': person.key,
				[`${CLAIM}custom`]: { section_ids: course.section, observees: '' },
			}] } : {}),
		};
	}
}
