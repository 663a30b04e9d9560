/* The pages of the demo LMS. Plain HTML and one stylesheet; script only submits the
 * forms that a browser submits by itself and narrows a list while one types. */
import { html, raw } from './http.mjs';
import { childrenIn } from '../school.mjs';

const ROLES = [
	['teacher', 'Teachers', 'Teacher'],
	['assistant', 'Assistants', 'Assistant'],
	['student', 'Students', 'Student'],
	['parent', 'Parents', 'Parent'],
	['admin', 'Others', 'Administrator'],
	['test', 'Others', 'Test student'],
];
const roleWord = (role) => ROLES.find(([r]) => r === role)[2];
const hrefOf = (platform, course) => `/courses/${platform.key}/${course.key}`;
const query = (values) => String(new URLSearchParams(Object.entries(values).filter(([, v]) => v)));
const everybody = (course) => [...course.members, ...course.visitors];

const MARK = raw('<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 17 8 6l4 7 3-4 7 8z"/><path class="mark__sea" d="M2 20.5c2 0 2-1.2 4-1.2s2 1.2 4 1.2 2-1.2 4-1.2 2 1.2 4 1.2 2-1.2 4-1.2"/></svg>');

export function page(title, body, { settings, bodyClass = '', scripts = [] } = {}) {
	return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Fjordby LMS</title>
<link rel="stylesheet" href="/static/lms.css">
<link rel="icon" href="/static/mark.svg" type="image/svg+xml">
${scripts.map((s) => html`<script src="/static/${s}" defer></script>`)}
</head>
<body class="${bodyClass}">
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="top__brand" href="/">${MARK}<span>Fjordby LMS</span></a>
<nav class="top__nav" aria-label="Main">
<a href="/">Courses</a>
${settings ? html`<a href="${settings.mail}" target="_blank" rel="noopener">Mail catcher</a>` : ''}
</nav>
</header>
${body}
</body>
</html>
`;
}

/* ---- Home ---- */

function courseCard(platform, course) {
	const teachers = course.members.filter((m) => m.role === 'teacher').map((m) => m.person.name);
	const count = (role) => course.members.filter((m) => m.role === role).length;
	const parents = count('parent');
	return html`<li class="card">
<h3><a href="${hrefOf(platform, course)}">${course.title}</a></h3>
<p>${teachers.join(', ')}</p>
<p class="quiet">${count('student')} students, ${parents} ${parents === 1 ? 'parent' : 'parents'}</p>
</li>`;
}

/* What teachers and administrators do beside opening a course. */
function forStaff(platform) {
	const [c] = platform.courses;
	const [teacher] = c.members.filter((m) => m.role === 'teacher');
	return html`<p class="quiet staff"><a href="${hrefOf(platform, c)}/place?as=${teacher.person.key}">Add an activity to ${c.title}</a>
<a href="/admin/${platform.key}">Administer ${platform.name}</a></p>`;
}

export function home(school, settings) {
	const [english] = school.platforms.canvas.courses;
	const open = (user) => `${hrefOf(school.platforms.canvas, english)}/tool?as=${user}`;
	return page('Courses', html`<main id="main" class="wrap">
<h1>Courses</h1>
<p class="lede">A pretend LMS with made-up people. Open a course as one of them, and Learning plans opens inside it as it would from Canvas or Moodle.</p>
<section class="steps" aria-labelledby="try">
<h2 id="try">One way through</h2>
<ol>
<li><a href="${open('ingrid-solheim')}">Open English 8B as Ingrid Solheim</a>, the teacher. Create a midterm review, and assess a few students.</li>
<li><a href="${open('sofie-aasen-lund')}">Open it as Sofie Aasen Lund</a>, a student, and write a self-assessment.</li>
<li>Release the review as Ingrid. Half a minute later the mails are in the <a href="${settings.mail}" target="_blank" rel="noopener">mail catcher</a>.</li>
<li><a href="${open('marte-aasen')}">Open it as Marte Aasen</a>, Sofie’s mother, and read what was released.</li>
</ol>
</section>
${Object.values(school.platforms).map((p) => html`<section class="platform platform--${p.key}" aria-labelledby="p-${p.key}">
<h2 id="p-${p.key}">${p.name}</h2>
<p class="quiet">${p.persona.kind}</p>
<ul class="cards">${p.courses.map((c) => courseCard(p, c))}</ul>
${forStaff(p)}
</section>`)}
</main>`, { settings });
}

/* ---- A course: its people ---- */

function about(platform, course, { person, role }) {
	const children = childrenIn(platform, course, person);
	const parts = [];
	if (role === 'parent' && children.length)
		parts.push(`parent of ${children.map((c) => c.name).join(' and ')}`);
	if (person.note)
		parts.push(person.note);
	return [parts.join(', '), person.mail ?? (role === 'student' ? 'no mail address' : '')].filter(Boolean);
}

function personRow(platform, course, member) {
	const { person } = member;
	const q = query({ as: person.key });
	return html`<li class="person" data-name="${person.name}">
<div class="person__who"><b>${person.name}</b>${about(platform, course, member).map((line) => html`<span class="quiet">${line}</span>`)}</div>
<div class="person__do">${member.suspended ? html`<span class="quiet">cannot open it</span>` : html`
<a class="btn" href="${hrefOf(platform, course)}/tool?${q}" aria-label="Open as ${person.name}">Open</a>
<a class="btn btn--quiet" href="${hrefOf(platform, course)}/launch?${q}&amp;target=window" target="_blank" aria-label="Open as ${person.name} in a new window">New window</a>`}</div>
</li>`;
}

function groups(course) {
	const found = new Map();
	for (const [role, heading] of ROLES) {
		const members = everybody(course).filter((m) => m.role === role);
		if (members.length)
			found.set(heading, [...(found.get(heading) ?? []), ...members]);
	}
	return [...found];
}

/* Links that deep linking made; everybody of the course opens them. */
function activities(platform, c) {
	const teacher = c.members.find((m) => m.role === 'teacher');
	const add = teacher ? html`<a class="btn btn--quiet" href="${hrefOf(platform, c)}/place?as=${teacher.person.key}">Add activity</a>` : '';
	return html`<section class="group" aria-labelledby="g-activities">
<h2 id="g-activities">Activities</h2>
<ul class="activities">${(c.links ?? []).map((l) => html`<li><b>${l.title}</b> <span class="quiet">${l.text ?? ''}</span>
${teacher ? html`<a href="${hrefOf(platform, c)}/tool?${query({ as: teacher.person.key, link: l.id })}">Open as ${teacher.person.name}</a>` : ''}</li>`)}</ul>
${add}
</section>`;
}

export function course(platform, c, settings, params) {
	const message = params.get('lti_msg');
	const error = params.get('lti_errormsg');
	return page(c.title, html`<main id="main" class="wrap">
<p class="crumbs"><a href="/">Courses</a><span aria-hidden="true">›</span>${platform.name}</p>
<h1>${c.title}</h1>
${error ? html`<p class="note note--bad" role="alert">Learning plans says: ${error}</p>` : ''}
${message ? html`<p class="note" role="status">Learning plans says: ${message}</p>` : ''}
<p class="lede">“Open” shows Learning plans inside the course page, as that person. Each tab keeps its own person.</p>
${activities(platform, c)}
<p class="filter" hidden><label for="find">Find a person</label><input id="find" type="search" autocomplete="off"></p>
<p class="quiet" id="found" role="status"></p>
${groups(c).map(([heading, members]) => html`<section class="group" aria-labelledby="g-${heading}">
<h2 id="g-${heading}">${heading} <span class="count">${members.length}</span></h2>
<ul class="people">${members.map((m) => personRow(platform, c, m))}</ul>
</section>`)}
</main>`, { settings, scripts: ['people.js'] });
}

/* ---- The tool inside the course ---- */

function personSelect(platform, c, member) {
	return html`<select id="as" name="as">${groups(c).map(([heading, members]) => html`<optgroup label="${heading}">${members.filter((m) => !m.suspended).map((m) => html`
<option value="${m.person.key}"${m.person === member.person ? raw(' selected') : ''}>${m.person.name}</option>`)}</optgroup>`)}</select>`;
}

const MESSAGES = [['', 'The course'], ['submission_review', 'A submission review'], ['data_privacy', 'Data privacy']];

/* The script of platform storage runs before the tool is there to ask. */
const storageScript = (storage) => (storage ? html`<script src="/static/storage.js" data-mode="${storage.mode}" data-frame="${storage.name}"></script>` : '');
const storageFrame = (storage) => (storage?.name ? html`<iframe name="${storage.name}" src="${storage.src}" title="Storage" hidden></iframe>` : '');

function changeForm(place, options, base) {
	const { platform, course: c, member } = place;
	const { method, storage, more } = options;
	const links = c.links ?? [];
	return html`<form class="change" action="${base}/tool" method="get">
<label for="as">Be somebody else</label>${personSelect(platform, c, member)}
<fieldset><legend>Start the login by</legend>
<label><input type="radio" name="method" value="post"${method === 'post' ? raw(' checked') : ''}> POST</label>
<label><input type="radio" name="method" value="get"${method === 'get' ? raw(' checked') : ''}> GET</label></fieldset>
${platform.persona.storage ? html`<label><input type="checkbox" name="storage" value="1"${storage ? raw(' checked') : ''}> Offer platform storage</label>` : ''}
<label for="message">Open</label><select id="message" name="message">${MESSAGES.map(([value, words]) => html`<option value="${value}"${(more.message ?? '') === value ? raw(' selected') : ''}>${words}</option>`)}</select>
${links.length ? html`<label for="link">Activity</label><select id="link" name="link"><option value="">The course’s own</option>${links.map((l) => html`<option value="${l.id}"${more.link === l.id ? raw(' selected') : ''}>${l.title}</option>`)}</select>` : ''}
<button class="btn" type="submit">Open</button>
</form>`;
}

/* The address that starts a launch with what this page was opened with. */
function launchHref(base, person, { method, storage, more }, target) {
	return `${base}/launch?${query({ as: person.key, target, method: method === 'get' ? 'get' : '', storage, message: more.message, link: more.link, about: more.forUser, client: more.client })}`;
}

export function tool(place, options, settings, storage) {
	const { platform, course: c, member } = place;
	const { person, role } = member;
	const base = hrefOf(platform, c);
	const launch = (target) => launchHref(base, person, options, target);
	const here = options.more.link ? c.links?.find((l) => l.id === options.more.link) : null;
	return page(`${c.title}, ${person.name}`, html`${storageScript(storage)}<div class="room">
<nav class="rail" aria-label="Course">
<p class="rail__course">${c.title}</p>
<ul><li><a href="${base}">People</a></li><li><a href="${base}/tool?${query({ as: person.key })}"${here ? '' : raw(' aria-current="page"')}>Learning plans</a></li>
${(c.links ?? []).map((l) => html`<li><a href="${base}/tool?${query({ as: person.key, link: l.id })}"${here === l ? raw(' aria-current="page"') : ''}>${l.title}</a></li>`)}</ul>
<p class="rail__kind">${platform.name}</p>
</nav>
<main id="main" class="room__main">
<div class="room__head">
<h1>${here?.title ?? 'Learning plans'}</h1>
<p class="you"><span class="you__role">${roleWord(role)}</span>${person.name}</p>
<div class="room__do">
<details class="more"><summary class="btn btn--quiet">Change person</summary>${changeForm(place, options, base)}</details>
<a class="btn btn--quiet" href="${launch('window')}" target="_blank">New window</a>
</div>
</div>
${storageFrame(storage)}
<iframe class="frame" src="${launch('iframe')}" title="Learning plans" name="tool"></iframe>
</main>
</div>`, { settings, bodyClass: 'full' });
}

/* ---- Adding an activity: the tool's picker in a dialog ---- */

export function place({ platform, course: c, member }, options, settings, storage) {
	const base = hrefOf(platform, c);
	const src = launchHref(base, member.person, { ...options, more: { ...options.more, message: 'deep_linking' } }, 'iframe');
	return page(`Add an activity, ${c.title}`, html`${storageScript(storage)}<main id="main" class="wrap">
<p class="crumbs"><a href="/">Courses</a><span aria-hidden="true">›</span><a href="${base}">${c.title}</a></p>
<h1>Add an activity</h1>
<p class="lede">As ${member.person.name}. “Select content” opens Learning plans in a dialog, as Moodle and Canvas do.</p>
<p class="btn-row"><button class="btn" type="button" id="select">Select content</button></p>
${storageFrame(storage)}
<dialog class="picker" id="picker" aria-labelledby="picker-title">
<div class="picker__head"><h2 id="picker-title">Select content</h2><button class="btn btn--quiet" type="button" id="close">Close</button></div>
<iframe class="picker__frame" title="Learning plans" name="tool" data-src="${src}"></iframe>
</dialog>
</main>`, { settings, scripts: ['place.js'] });
}

/* In the dialog, after the tool's answer. Its script closes the dialog. */
export function placed(platform, c, answer) {
	const base = hrefOf(platform, c);
	return page('Content selected', html`<main id="main" class="wrap" data-placed="${base}" data-ok="${answer.ok ? '1' : ''}">
<h1>${answer.ok ? 'Content selected' : 'The selection was not taken'}</h1>
${answer.ok ? html`<p class="note" role="status">${answer.links.length === 1 ? '1 activity was added.' : `${answer.links.length} activities were added.`}</p>`
	: html`<ul class="note note--bad" role="alert">${answer.problems.map((p) => html`<li>${p}</li>`)}</ul>`}
<p><a href="${base}" target="_top">Back to ${c.title}</a></p>
</main>`, { scripts: ['placed.js'] });
}

/* ---- Between pages ---- */

/* A form the browser sends by itself, the way every LMS does it. */
export function autoForm(action, fields, button) {
	return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Opening Learning plans</title>
<link rel="stylesheet" href="/static/lms.css">
<script src="/static/submit.js" defer></script>
</head>
<body>
<main class="wrap"><h1 class="quiet-title">Opening Learning plans…</h1>
<form id="go" action="${action}" method="post">
${Object.entries(fields).filter(([, v]) => v !== undefined).map(([n, v]) => html`<input type="hidden" name="${n}" value="${v}">`)}
<noscript><button class="btn" type="submit">${button}</button></noscript>
</form></main>
</body>
</html>
`;
}

export function problem(status, text) {
	return page('Not possible', html`<main id="main" class="wrap">
<h1>${status === 404 ? 'Not found' : 'That did not work'}</h1>
<p class="lede">${text}</p>
<p><a href="/">Back to the courses</a></p>
</main>`);
}
