/* The demo LMS: two platforms, the pages people click in, the hooks tests use.
 * Alone: node server.mjs. Addresses come from the environment (see README.md). */
import { pathToFileURL } from 'node:url';
import { hookRoutes } from './lib/hooks.mjs';
import { HttpError, listen, readForm, router, sendFile, sendHtml, sendJson } from './lib/http.mjs';
import { KeySet } from './lib/keys.mjs';
import { Launches } from './lib/launch.mjs';
import * as pages from './lib/pages.mjs';
import { Services } from './lib/services.mjs';
import { findCourse, makeSchool } from './school.mjs';
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

function platformRoutes(lms) {
	const { services, school } = lms;
	const { canvas, moodle } = school.platforms;
	const path = (p, which) => new URL(p.urls[which]).pathname;
	const both = [canvas, moodle].flatMap((p) => [
		['GET POST', path(p, 'auth'), authorization(lms, p)],
		['GET', path(p, 'jwks'), (req, res) => services.jwks(req, res, p)],
		['POST', path(p, 'token'), (req, res) => services.token(req, res, p)],
	]);
	return [
		...both,
		['GET', '/canvas/api/lti/courses/:course/names_and_roles', (req, res, { url, params }) => services.canvasNrps(req, res, canvas, params.course, url)],
		['GET', '/moodle/mod/lti/services.php/CourseSection/:course/bindings/:binding/memberships',
			(req, res, { url, params }) => services.moodleNrps(req, res, moodle, params.course, params.binding, url)],
		['GET', '/canvas/courses/:course/external_content/success/external_tool_redirect', (req, res, { url, params }) => comeBack(lms, res, canvas, params.course, url)],
		['GET', '/moodle/mod/lti/return.php', (req, res, { url }) => comeBack(lms, res, moodle, url.searchParams.get('course'), url)],
	];
}

/* The tool sends people back here, maybe with a message for them. */
function comeBack(lms, res, platform, which, url) {
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
	const options = (url) => ({ method: url.searchParams.get('method') === 'get' ? 'get' : 'post', storage: url.searchParams.get('storage') === '1' });
	return [
		['GET', '/', (req, res) => sendHtml(res, 200, pages.home(school, lms.settings))],
		['GET', '/static/:name', (req, res, { params }) => sendFile(res, params.name)],
		['GET', '/courses/:platform/:course', (req, res, { url, params }) => {
			const { platform, course } = courseOf(params);
			sendHtml(res, 200, pages.course(platform, course, lms.settings, url.searchParams));
		}],
		['GET', '/courses/:platform/:course/tool', (req, res, { url, params }) => {
			const place = launches.place({ ...params, user: url.searchParams.get('as') ?? '' });
			sendHtml(res, 200, pages.tool(place, options(url), lms.settings));
		}],
		['GET', '/courses/:platform/:course/launch', (req, res, { url, params }) => {
			const { method, storage } = options(url);
			const target = url.searchParams.get('target') === 'window' ? 'window' : 'iframe';
			const login = launches.initiate({ ...params, user: url.searchParams.get('as') ?? '' }, { target, storage });
			if (method === 'get') {
				res.writeHead(302, { Location: `${login.url}?${new URLSearchParams(login.params)}`, 'Cache-Control': 'no-store' });
				return res.end();
			}
			sendHtml(res, 200, pages.autoForm(login.url, login.params, 'Open Learning plans'));
		}],
		['GET', '/healthz', (req, res) => sendJson(res, 200, { ok: true })],
	];
}

/* Resolves to {stop, school} once it listens. */
export async function startLms(options = {}) {
	const lms = { settings: { ...settings(), ...options } };
	lms.school = makeSchool({ base: lms.settings.lms, tool: lms.settings.tool });
	const keyFile = (name) => lms.settings.keyDir && `${lms.settings.keyDir}/${name}.json`;
	const [canvas, moodle] = await Promise.all(['canvas', 'moodle'].map((name) => KeySet.make(name, keyFile(name))));
	const keys = { canvas, moodle };
	lms.launches = new Launches(lms.school, keys);
	lms.services = new Services(lms.school, keys);
	const stop = await listen(router([...pageRoutes(lms), ...platformRoutes(lms), ...hookRoutes(lms)], onError), lms.settings.lmsPort);
	return { stop, school: lms.school };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { runAlone } = await import('./settings.mjs');
	await runAlone('lms', startLms, (s) => s.lms);
}
