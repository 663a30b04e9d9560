/* What tests may ask of the LMS (documented in README.md). None of it exists for a
 * person: the pages never lead here. */
import { HttpError, readJson, sendJson } from './http.mjs';
import { claimsFor } from './messages.mjs';
import { checkOverrides, makeToken } from './overrides.mjs';
import { LINK_STYLES } from './roster.mjs';
import { copyCourse, findCourse } from '../school.mjs';
import { requireService } from './services.mjs';
import { visit, visitAll } from './visit.mjs';

const COMMON = ['ok', 'hang', 'slow', 'error', 'drop', 'garbage', 'huge', 'redirect'];
const MODES = {
	jwks: [...COMMON, 'empty', 'rotate', 'rotate_no_overlap', 'publish_weak'],
	token: [...COMMON, 'revoke'],
};

function wanted(body) {
	const { platform = 'canvas', course, user, client, deployment, message, link, account, forUser, settings } = body;
	if (!user)
		throw new HttpError(400, 'user is missing: a key, a name or a sub');
	return { platform, course, user, client, deployment, message, link, account, forUser, settings };
}

async function setService({ launches, services }, name, body) {
	const { platform, mode = 'ok', ...how } = body;
	const modes = MODES[name] ?? COMMON;
	if (!modes.includes(mode))
		throw new HttpError(400, `mode must be one of ${modes.join(', ')}`);
	if (how.link !== undefined && !LINK_STYLES.includes(how.link))
		throw new HttpError(400, `link must be one of ${LINK_STYLES.join(', ')}`);
	const platforms = platform ? [launches.platform(platform)] : Object.values(launches.school.platforms);
	for (const p of platforms) {
		const keys = launches.keys[p.key];
		if (mode === 'rotate' || mode === 'rotate_no_overlap')
			await keys.rotate(mode === 'rotate');
		else if (mode === 'publish_weak')
			await keys.publishWeak();
		else if (mode === 'revoke')
			services.tokens.clear();
		const lasting = ['rotate', 'rotate_no_overlap', 'publish_weak', 'revoke'].includes(mode) ? 'ok' : mode;
		services.set(name, p.key, { ...how, mode: lasting });
	}
	return platforms.map((p) => ({ platform: p.key, kids: launches.keys[p.key].published().map((k) => k.kid), signs: launches.keys[p.key].active.kid }));
}

/* What tests need to know of a platform and of each registration of the tool there. */
const toolShape = ({ clientId, deployments, state, scopes, messages, custom, notices, target, login }) => ({ client_id: clientId, deployments, state, scopes, messages, custom,
	notices: Object.fromEntries(notices), target, login });
const platformShape = ({ key, name, issuer, clientId, deployment, urls, persona, tools, courses }) => ({
	key, name, persona: persona.key, issuer, client_id: clientId, deployment, urls, tools: [...tools.values()].map(toolShape),
	courses: courses.map((c) => ({ key: c.key, id: c.id, title: c.title, links: c.links ?? [], people: [...c.members, ...c.visitors].map(({ person: p, role }) => ({
		key: p.key, name: p.name, sub: p.sub, role, mail: p.mail, language: p.language, children: p.children })) })),
});

/* Launches, tokens and whole visits. */
function launchHooks(lms, start) {
	const { launches } = lms;
	return [
		['GET', '/test/initiation', (req, res, { url }) => sendJson(res, 200, start(Object.fromEntries(url.searchParams)))],
		['POST', '/test/initiation', async (req, res) => sendJson(res, 200, start(await readJson(req)))],
		['POST', '/test/overrides', async (req, res) => {
			const body = await readJson(req);
			launches.arm({ ...body, overrides: checkOverrides(body.overrides) });
			sendJson(res, 200, { waiting: launches.armed.length });
		}],
		['POST', '/test/token', async (req, res) => {
			const body = await readJson(req);
			const { platform, course, member } = launches.place(wanted(body));
			const claims = claimsFor(platform, course, member, { ...launches.toolOf(platform, body), nonce: body.nonce ?? 'no-nonce', now: Date.now(), target: body.target ?? 'iframe' });
			sendJson(res, 200, { id_token: await makeToken(platform, launches.keys[platform.key], claims, checkOverrides(body.overrides)) });
		}],
		['POST', '/test/launch', async (req, res) => {
			const body = await readJson(req);
			sendJson(res, 200, await visit(lms, start(body)));
		}],
		['POST', '/test/visit', async (req, res) => {
			const { platform, course, role } = await readJson(req);
			sendJson(res, 200, await visitAll(lms, { platform, course, role }));
		}],
	];
}

/* Platforms, registrations of the tool, courses and their people. */
function schoolHooks(lms) {
	const { launches, school } = lms;
	const of = (body) => launches.platform(body.platform ?? 'canvas');
	const courseOf = (platform, which) => {
		const course = which === undefined ? platform.courses[0] : findCourse(platform, which);
		if (!course)
			throw new HttpError(404, `${platform.name} has no course "${which}".`);
		return course;
	};
	return [
		['GET', '/test/school', (req, res) => sendJson(res, 200, { platforms: Object.values(school.platforms).map(platformShape) })],
		['POST', '/test/platform', async (req, res) => sendJson(res, 201, platformShape(await lms.add(await readJson(req))))],
		/* A deployment more, another state, of one registration of the tool. */
		['POST', '/test/tool', async (req, res) => {
			const body = await readJson(req);
			const tool = of(body).tools.get(body.client ?? of(body).clientId);
			if (!tool)
				throw new HttpError(404, 'There is no such tool.');
			if (body.deployment && !tool.deployments.includes(body.deployment))
				tool.deployments.push(body.deployment);
			if (body.state)
				tool.state = body.state;
			sendJson(res, 200, toolShape(tool));
		}],
		['POST', '/test/registration', async (req, res) => {
			const { url = `${school.tool}/lti/register`, update, token, ...body } = await readJson(req);
			sendJson(res, 200, await lms.registrations.start(of(body), { url, update, token }));
		}],
		['GET', '/test/registrations', (req, res) => sendJson(res, 200, lms.registrations.received)],
		['GET', '/test/placed', (req, res) => sendJson(res, 200, lms.places.received)],
		['POST', '/test/members', async (req, res) => {
			const { platform, course, ...change } = await readJson(req);
			sendJson(res, 200, lms.rosters.change(courseOf(of({ platform }), course), change));
		}],
		['POST', '/test/storage', async (req, res) => {
			const { platform = 'canvas', mode } = await readJson(req);
			sendJson(res, 200, { mode: lms.storage.set(platform, mode) });
		}],
		['POST', '/test/copy', async (req, res) => {
			const body = await readJson(req);
			const platform = of(body);
			const from = courseOf(platform, body.course);
			const course = copyCourse(platform, from, body);
			const shape = { key: course.key, id: course.id, title: course.title, history: course.history };
			if (body.notice === false)
				return sendJson(res, 201, shape);
			const { tool } = launches.toolOf(platform, body);
			const jwt = await lms.notices.jwt(platform, { tool, course, origins: [from.id], deployment: body.deployment, overrides: checkOverrides(body.overrides) });
			sendJson(res, 201, { ...shape, sent: await lms.notices.send(platform, tool, [jwt], body) });
		}],
		['POST', '/test/notice', async (req, res) => {
			const body = await readJson(req);
			const platform = of(body);
			const { tool } = launches.toolOf(platform, body);
			const course = courseOf(platform, body.course);
			const one = (o) => lms.notices.jwt(platform, { tool, course, origins: body.origins ?? [], type: body.type, id: body.id, deployment: body.deployment, overrides: checkOverrides(o) });
			const jwts = await Promise.all((body.several ?? [body.overrides]).map(one));
			sendJson(res, 200, { jwts, ...(body.send === false ? {} : await lms.notices.send(platform, tool, jwts, body)) });
		}],
	];
}

export function hookRoutes(lms) {
	const { launches, services } = lms;
	const start = (body) => launches.initiate(wanted(body), { target: body.target, storage: Boolean(body.storage), login: body.login, overrides: body.overrides && checkOverrides(body.overrides) });
	return [
		...launchHooks(lms, start),
		...schoolHooks(lms),
		['POST', '/test/service/:name', async (req, res, { params }) =>
			sendJson(res, 200, await setService(lms, requireService(params.name), await readJson(req)))],
		['GET', '/test/log', (req, res) => sendJson(res, 200, services.log)],
		['POST', '/test/reset', (req, res) => {
			services.reset();
			lms.places.reset();
			lms.registrations.reset();
			lms.storage.reset();
			launches.armed.length = 0;
			launches.pending.clear();
			sendJson(res, 200, { reset: true });
		}],
	];
}
