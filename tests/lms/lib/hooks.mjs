/* What tests may ask of the LMS (documented in README.md). None of it exists for a
 * person: the pages never lead here. */
import { claimsFor } from './claims.mjs';
import { HttpError, readJson, sendJson } from './http.mjs';
import { checkOverrides, makeToken } from './overrides.mjs';
import { requireService } from './services.mjs';
import { visit, visitAll } from './visit.mjs';

const MODES = {
	jwks: ['ok', 'hang', 'slow', 'error', 'drop', 'garbage', 'huge', 'empty', 'rotate', 'rotate_no_overlap', 'publish_weak'],
	token: ['ok', 'hang', 'slow', 'error', 'drop', 'garbage', 'huge', 'revoke'],
	nrps: ['ok', 'hang', 'slow', 'error', 'drop', 'garbage', 'huge'],
};

function wanted(body) {
	const { platform = 'canvas', course, user } = body;
	if (!user)
		throw new HttpError(400, 'user is missing: a key, a name or a sub');
	return { platform, course, user };
}

async function setService({ launches, services }, name, body) {
	const { platform, mode = 'ok', ...how } = body;
	if (!MODES[name].includes(mode))
		throw new HttpError(400, `mode must be one of ${MODES[name].join(', ')}`);
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

export function hookRoutes(lms) {
	const { launches, services, school } = lms;
	const start = (body) => launches.initiate(wanted(body), { target: body.target, storage: Boolean(body.storage), overrides: body.overrides && checkOverrides(body.overrides) });
	return [
		['GET', '/test/school', (req, res) => sendJson(res, 200, {
			platforms: Object.values(school.platforms).map(({ key, name, issuer, clientId, deployment, urls, courses }) => ({
				key, name, issuer, client_id: clientId, deployment, urls,
				courses: courses.map((c) => ({ key: c.key, id: c.id, title: c.title, people: [...c.members, ...c.visitors].map(({ person: p, role }) => ({
					key: p.key, name: p.name, sub: p.sub, role, mail: p.mail, language: p.language, children: p.children })) })),
			})),
		})],
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
			const claims = claimsFor(platform, course, member, { nonce: body.nonce ?? 'no-nonce', now: Date.now(), target: body.target ?? 'iframe' });
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
		['POST', '/test/service/:name', async (req, res, { params }) =>
			sendJson(res, 200, await setService(lms, requireService(params.name), await readJson(req)))],
		['GET', '/test/log', (req, res) => sendJson(res, 200, services.log)],
		['POST', '/test/reset', (req, res) => {
			services.reset();
			launches.armed.length = 0;
			launches.pending.clear();
			sendJson(res, 200, { reset: true });
		}],
	];
}
