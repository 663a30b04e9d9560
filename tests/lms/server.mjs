/* The demo LMS: its platforms, the pages people click in, the hooks tests use.
 * Alone: node server.mjs. Addresses come from the environment (see README.md). */
import { pathToFileURL } from 'node:url';
import { adminRoutes } from './lib/admin.mjs';
import { launchOptions, sendLogin } from './lib/begin.mjs';
import { Places } from './lib/deeplink.mjs';
import { hookRoutes } from './lib/hooks.mjs';
import { HttpError, listen, readForm, router, sendFile, sendHtml, sendJson } from './lib/http.mjs';
import { KeySet } from './lib/keys.mjs';
import { Launches } from './lib/launch.mjs';
import { Notices } from './lib/notices.mjs';
import * as pages from './lib/pages.mjs';
import { Registrations } from './lib/registration.mjs';
import { Rosters } from './lib/roster.mjs';
import { Services } from './lib/services.mjs';
import { storageRoutes } from './lib/storage.mjs';
import { addPlatform, findCourse, makeSchool } from './school.mjs';
import { settings } from './settings.mjs';

const wantsJson = (req) => (req.headers.accept ?? '').includes('application/json');

function onError(req, res, e) {
	const status = e instanceof HttpError ? e.status : 500;
	if (status === 500)
		console.error(`lms: ${req.method} ${req.url}: ${e.stack}`);
	const text = status === 500 ? 'The demo LMS made a mistake; its log says which.' : e.message;
	if (wantsJson(req) || req.url.startsWith('/test/'))
		return sendJson(res, status, { error: text });
	sendHtml(res, status, pages.problem(status, text));
}

/* The authorization endpoint, GET and POST. */
const authorization = (lms, platform) => async (req, res, { url }) => {
	const params = new URLSearchParams(url.search);
	if (req.method === 'POST')
		(await readForm(req)).forEach((v, k) => params.append(k, v));
	const answer = await lms.launches.authorize(platform, params);
	if (wantsJson(req))
		return sendJson(res, answer.fields ? 200 : answer.status, answer);
	if (!answer.fields)
		return sendHtml(res, answer.status, pages.problem(answer.status, answer.page));
	sendHtml(res, 200, pages.autoForm(answer.action, answer.fields, 'Continue to Learning plans'));
};

/* Where deep linking ends: the browser brings what the tool has signed. */
const placed = (lms, platform) => async (req, res, { url }) => {
	const request = lms.places.request(url.searchParams.get('request'));
	if (request?.platform !== platform)
		throw new HttpError(404, 'No such content selection is open.');
	const answer = await lms.places.receive(request, await readForm(req));
	if (wantsJson(req))
		return sendJson(res, answer.ok ? 200 : 400, { ...answer, request: undefined });
	sendHtml(res, answer.ok ? 200 : 400, pages.placed(platform, request.course, answer));
};

/* What one platform answers. */
function platformRoutes(lms, p) {
	const { services, rosters, registrations, notices } = lms;
	const path = (which) => new URL(p.urls[which]).pathname;
	const own = {
		canvas: [
			['GET', `/${p.key}/api/lti/courses/:course/names_and_roles`, (req, res, { url, params }) => rosters.answer(req, res, p, params.course, url)],
			['GET', `/${p.key}/courses/:course/external_content/success/external_tool_redirect`, (req, res, { url, params }) => comeBack(res, p, params.course, url)],
		],
		moodle: [
			['GET', `/${p.key}/mod/lti/services.php/CourseSection/:course/bindings/:binding/memberships`,
				(req, res, { url, params }) => rosters.answer(req, res, p, params.course, url, params.binding)],
			['GET', `/${p.key}/mod/lti/return.php`, (req, res, { url }) => comeBack(res, p, url.searchParams.get('course'), url)],
		],
		plain: [
			['GET', `/${p.key}/api/lti/nrps/:course/memberships`, (req, res, { url, params }) => rosters.answer(req, res, p, params.course, url)],
			['GET', `/${p.key}/return`, (req, res, { url }) => comeBack(res, p, url.searchParams.get('course'), url)],
		],
	}[p.persona.claims];
	return [
		['GET POST', path('auth'), authorization(lms, p)],
		['GET', path('jwks'), (req, res) => services.jwks(req, res, p)],
		['POST', path('token'), (req, res) => services.token(req, res, p)],
		['POST', path('placed'), placed(lms, p)],
		/* The gradebook: nobody should come here, and who does is noted. */
		['GET POST PUT DELETE', `/${p.key}/api/lti/courses/:course/line_items`, (req, res) => services.ags(req, res, p)],
		['GET POST PUT DELETE', `/${p.key}/api/lti/courses/:course/line_items/:rest`, (req, res) => services.ags(req, res, p)],
		['GET PUT', `${path('notices')}/:deployment`, (req, res, { params }) => notices.answer(req, res, p, params.deployment)],
		...(p.persona.registration ? [
			['GET', path('configuration'), (req, res) => registrations.configuration(req, res, p)],
			['POST', path('registration'), (req, res) => registrations.register(req, res, p)],
			['PUT', `${path('registration')}/:client`, (req, res, { params }) => registrations.register(req, res, p, params.client)],
		] : []),
		...own,
	];
}

/* The tool sends people back here, maybe with a message for them. */
function comeBack(res, platform, which, url) {
	const course = findCourse(platform, which);
	if (!course)
		throw new HttpError(404, 'There is no such course.');
	const to = new URLSearchParams();
	for (const k of ['lti_msg', 'lti_errormsg'])
		if (url.searchParams.has(k))
			to.set(k, url.searchParams.get(k).slice(0, 500));
	res.writeHead(303, { Location: `/courses/${platform.key}/${course.key}${String(to) && `?${to}`}` });
	res.end();
}

function pageRoutes(lms) {
	const { launches, school } = lms;
	const courseOf = (params) => {
		const platform = launches.platform(params.platform);
		const course = findCourse(platform, params.course);
		if (!course)
			throw new HttpError(404, 'There is no such course.');
		return { platform, course };
	};
	const user = (url) => url.searchParams.get('as') ?? '';
	return [
		['GET', '/', (req, res) => sendHtml(res, 200, pages.home(school, lms.settings))],
		['GET', '/static/:name', (req, res, { params }) => sendFile(res, params.name)],
		['GET', '/courses/:platform/:course', (req, res, { url, params }) => {
			const { platform, course } = courseOf(params);
			sendHtml(res, 200, pages.course(platform, course, lms.settings, url.searchParams));
		}],
		['GET', '/courses/:platform/:course/tool', (req, res, { url, params }) => {
			const place = launches.place({ ...params, user: user(url) });
			const options = launchOptions(url);
			sendHtml(res, 200, pages.tool(place, options, lms.settings, lms.storage.frame(place.platform, options.storage)));
		}],
		['GET', '/courses/:platform/:course/place', (req, res, { url, params }) => {
			const place = launches.place({ ...params, user: user(url) });
			const options = launchOptions(url);
			sendHtml(res, 200, pages.place(place, options, lms.settings, lms.storage.frame(place.platform, options.storage)));
		}],
		['GET', '/courses/:platform/:course/launch', (req, res, { url, params }) => sendLogin(res, lms, { ...params, user: user(url) }, launchOptions(url))],
		['GET', '/healthz', (req, res) => sendJson(res, 200, { ok: true })],
	];
}

/* Resolves to {stop, school, add} once it listens. */
export async function startLms(options = {}) {
	const lms = { settings: { ...settings(), ...options } };
	lms.school = makeSchool({ base: lms.settings.lms, tool: lms.settings.tool });
	const keyFile = (name) => lms.settings.keyDir && `${lms.settings.keyDir}/${name}.json`;
	lms.keys = {};
	const makeKeys = async (p) => { lms.keys[p.key] = await KeySet.make(p.persona.keys.style, keyFile(p.key)); };
	await Promise.all(Object.values(lms.school.platforms).map(makeKeys));
	lms.services = new Services(lms.school, lms.keys);
	lms.places = new Places(lms.school, lms.services);
	lms.launches = new Launches(lms.school, lms.keys, lms.places);
	lms.rosters = new Rosters(lms.school, lms.services);
	lms.registrations = new Registrations(lms.school, lms.services, lms.keys);
	lms.notices = new Notices(lms.school, lms.services, lms.keys);
	const routes = router([...storageRoutes(lms), ...pageRoutes(lms), ...adminRoutes(lms), ...hookRoutes(lms)], onError);
	for (const p of Object.values(lms.school.platforms))
		routes.add(platformRoutes(lms, p));
	/* Another platform, by its persona: see school.mjs. */
	lms.add = async (more) => {
		if (Object.hasOwn(lms.school.platforms, more.key ?? more.persona))
			throw new HttpError(409, `There is a platform "${more.key ?? more.persona}" already.`);
		const platform = addPlatform(lms.school, more);
		await makeKeys(platform);
		routes.add(platformRoutes(lms, platform));
		return platform;
	};
	const stop = await listen(routes, lms.settings.lmsPort);
	return { stop, school: lms.school, add: lms.add };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { runAlone } = await import('./settings.mjs');
	await runAlone('lms', startLms, (s) => s.lms);
}
