/* The administrator's pages of a platform: register a tool by Dynamic Registration,
 * activate what came of it, open the tool from the account. */
import { launchOptions, sendLogin } from './begin.mjs';
import { HttpError, html, readForm, sendHtml } from './http.mjs';
import { page } from './pages.mjs';
import { findMember } from '../school.mjs';

const administrators = (p) => p.courses[0].visitors.filter((m) => m.role === 'admin').map((m) => m.person);

function toolRow(p, tool) {
	const pending = tool.state === 'pending';
	return html`<li class="person"><div class="person__who"><b>${tool.name ?? 'Learning plans'}</b>
<span class="quiet">Client ${tool.clientId}, deployment ${tool.deployments.join(', ')}</span>
<span class="quiet">${pending ? 'Pending' : 'Active'}${tool.scopes.length ? html`, granted: ${tool.scopes.map((s) => s.split('/').at(-1)).join(', ')}` : ''}</span></div>
<div class="person__do">${pending ? html`<form action="/admin/${p.key}/activate" method="post"><input type="hidden" name="client" value="${tool.clientId}"><button class="btn" type="submit">Activate</button></form>`
	: html`<a class="btn btn--quiet" href="${`/courses/${p.key}/${p.courses[0].key}/tool?${new URLSearchParams({ as: p.courses[0].members[0].person.key, client: tool.clientId })}`}">Open</a>`}</div></li>`;
}

function adminPage(lms, p) {
	const [admin] = administrators(p);
	return page(`Administer ${p.name}`, html`<main id="main" class="wrap">
<p class="crumbs"><a href="/">Courses</a><span aria-hidden="true">›</span>${p.name}</p>
<h1>Administer ${p.name}</h1>
<section class="group" aria-labelledby="tools"><h2 id="tools">Tools</h2>
<ul class="people">${[...p.tools.values()].map((t) => toolRow(p, t))}</ul></section>
${p.persona.registration ? html`<section class="group" aria-labelledby="register"><h2 id="register">Register a tool</h2>
<form class="filter" action="/admin/${p.key}/register" method="get">
<label for="url">Its registration address</label><input id="url" name="url" type="url" required value="${lms.school.tool}/lti/register">
<button class="btn" type="submit">Register</button></form></section>` : html`<p class="quiet">${p.name} has no Dynamic Registration.</p>`}
${admin ? html`<section class="group" aria-labelledby="account"><h2 id="account">As ${admin.name}</h2>
<ul class="activities"><li><a href="/admin/${p.key}/launch?as=${admin.key}&amp;account=1&amp;target=window" target="_blank">Open Learning plans for the account</a></li>
<li><a href="/admin/${p.key}/launch?as=${admin.key}&amp;message=data_privacy&amp;account=1&amp;target=window" target="_blank">Data privacy</a></li></ul></section>` : ''}
</main>`, { settings: lms.settings });
}

function registerPage(lms, p, start) {
	const done = `/admin/${p.key}`;
	const body = start.frame === 'window' ? html`<p class="btn-row"><a class="btn" href="${start.url}" target="_blank">Open the registration</a></p>`
		: html`<iframe class="frame" src="${start.url}" title="Registration"></iframe>`;
	return page('Register a tool', html`<main id="main" class="wrap">
<p class="crumbs"><a href="${done}">${p.name}</a></p>
<h1>Register a tool</h1>
${body}
<p><a id="done" href="${done}">Back to the tools</a></p>
</main>`, { settings: lms.settings, scripts: ['register.js'] });
}

export function adminRoutes(lms) {
	const of = (params) => lms.launches.platform(params.platform);
	return [
		['GET', '/admin/:platform', (req, res, { params }) => sendHtml(res, 200, adminPage(lms, of(params)))],
		['GET', '/admin/:platform/register', async (req, res, { url, params }) => {
			let to;
			try {
				to = String(new URL(url.searchParams.get('url') ?? `${lms.school.tool}/lti/register`));
			} catch {
				throw new HttpError(400, 'That is no address.');
			}
			sendHtml(res, 200, registerPage(lms, of(params), await lms.registrations.start(of(params), { url: to })));
		}],
		['POST', '/admin/:platform/activate', async (req, res, { params }) => {
			const tool = of(params).tools.get((await readForm(req)).get('client'));
			if (!tool)
				throw new HttpError(404, 'There is no such tool.');
			tool.state = 'active';
			res.writeHead(303, { Location: `/admin/${params.platform}` });
			res.end();
		}],
		['GET', '/admin/:platform/launch', (req, res, { url, params }) => {
			const p = of(params);
			const user = url.searchParams.get('as') ?? '';
			const course = p.courses.find((c) => findMember(c, user)) ?? p.courses[0];
			sendLogin(res, lms, { platform: p.key, course: course.key, user }, launchOptions(url));
		}],
	];
}
