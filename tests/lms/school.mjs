/* The school that the platforms tell of: who there is, in which course, as what.
 *
 * One row is one person: name, mail address (null = none), language, and what is
 * odd about them. Keys are made of the names ("Aksel Bråthen" is aksel-brathen) and
 * are what tests and page addresses use. All people and addresses are made up. */
import { createHash } from 'node:crypto';
import { PERSONAS } from './lib/personas.mjs';

/* Students of 8B: [name, language, their guardians]. */
const CLASS_8B = [
	['Aksel Bråthen', 'nb', ['Lise Bråthen', 'Tor Bråthen']],
	['Amina Warsame', 'nb', ['Hodan Warsame']],
	['Anders Eikeland', 'nb', ['Grete Eikeland', 'Rune Eikeland']],
	['Daniel Okafor', 'en', ['Grace Okafor', 'Samuel Okafor']],
	['Eirik Hovland', 'nb', ['Bente Hovland']],
	['Ella Marie Somby', 'nb', ['Máret Somby', 'Nils Ánte Somby']],
	['Emma Wright', 'en', ['Helen Wright']],
	['Fatima Al-Hassan', 'nb', ['Layla Al-Hassan', 'Omar Al-Hassan']],
	['Filip Kowalski', 'nb', ['Agnieszka Kowalska']],
	['Hedda Nygård', 'nb', ['Turid Nygård', 'Morten Nygård']],
	['Ida Kristine Moen', 'nb', ['Silje Moen']],
	['Isak Lunde', 'nb', ['Anne Lunde', 'Geir Lunde']],
	['Jakub Nowak', 'nb', ['Ewa Nowak']],
	['Jonathan Pedersen', 'nb', ['Camilla Pedersen']],
	['Kaja Sandvik', 'nb', ['Trine Sandvik', 'Øyvind Sandvik']],
	['Leah Tesfaye', 'en', ['Selam Tesfaye']],
	['Linh Nguyen', 'nb', ['Thi Hoa Nguyen', 'Van Minh Nguyen']],
	['Magnus Tveit', 'nb', ['Hilde Tveit']],
	/* Maja and Selma have the same mother: two children of one class. */
	['Maja Rosenlund', 'nb', ['Vibeke Haugen', 'Karl Rosenlund']],
	['Mohammed Yusuf Ali', 'nb', ['Khadija Yusuf Ali']],
	['Nora Elise Dahl', 'nb', ['Elin Dahl', 'Per Dahl']],
	['Oliver Bjerke', 'nb', ['Stine Bjerke']],
	['Sander Grønli', 'nb', ['Marit Grønli', 'Jan Grønli']],
	['Selma Haugen', 'nb', ['Vibeke Haugen']],
	['Sofie Aasen Lund', 'nb', ['Marte Aasen', 'Henrik Lund']],
	['Theo Sørensen', 'nb', ['Mette Sørensen']],
	['Tuva Kristiansen', 'nb', ['Randi Kristiansen']],
	['William Strand', 'en', ['Julie Strand', 'Espen Strand']],
];

/* Of 8B, those who are in Matematikk 8B too; the others of that course come from 8A. */
const MATHS_FROM_8B = ['Aksel Bråthen', 'Amina Warsame', 'Daniel Okafor', 'Hedda Nygård', 'Linh Nguyen',
	'Nora Elise Dahl', 'Sofie Aasen Lund', 'William Strand'];
const MATHS_ONLY = [
	/* Grete has Anders in English 8B and Sigrid here: one guardian, two courses. */
	['Sigrid Eikeland', 'nb', ['Grete Eikeland']],
	['Jon Ivar Bakke', 'nb', ['Solveig Bakke']],
	['Zara Malik', 'nb', ['Nadia Malik']],
];

const ENGLISH_GUARDIANS = new Set(['Grace Okafor', 'Samuel Okafor', 'Helen Wright', 'Selam Tesfaye', 'Julie Strand']);
/* Where the given name is not all but the last word. */
const GIVEN = { 'Mohammed Yusuf Ali': 'Mohammed', 'Sofie Aasen Lund': 'Sofie' };
const NO_MAIL = new Set(['Tuva Kristiansen']);

/* Students of Norwegian 8A on Moodle: [name, language, idnumber]. */
const CLASS_8A = [
	['Ayaan Farah', 'no', 'S-301'], ['Bjørn Tangen', 'no', 'S-302'], ['Eline Vik', 'no', 'S-303'],
	['Håkon Myhre', 'nn', 'S-304'], ['Ingeborg Sætre', 'no', 'S-305'], ['Lukas Berg', 'no', 'S-306'],
	['Mina Solheim', 'no', 'S-307'], ['Noah Jensen', 'en', 'S-308'], ['Rawan Saleh', 'no', 'S-309'],
	['Sofie Lindström', 'no', 'S-310'], ['Åsne Ødegård', 'no', 'S-311'],
];

export const slug = (name) => name.toLowerCase()
	.replace(/æ/g, 'ae').replace(/ø/g, 'o').replace(/ð/g, 'd')
	.normalize('NFD').replace(/[^a-z0-9]+/g, (s) => (/^[\u0300-\u036f]+$/.test(s) ? '' : '-'))
	.replace(/^-|-$/g, '');

const hex40 = (text) => createHash('sha1').update(`fjordby:${text}`).digest('hex');
const uuidOf = (text) => {
	const h = hex40(text);
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
};

function splitName(name, given) {
	const cut = given ? given.length : name.lastIndexOf(' ');
	return { given: name.slice(0, cut), family: name.slice(cut).trim() };
}

function person(name, more = {}) {
	const { given, family } = splitName(name, more.given);
	const key = slug(name);
	const mail = NO_MAIL.has(name) ? null : `${key.replaceAll('-', '.')}@${more.host ?? 'home.example'}`;
	return { key, name, mail, language: 'nb', children: [], ...more, given, family };
}

function canvasPeople() {
	const people = new Map();
	let n = 300;
	const add = (name, more) => {
		const had = people.get(name);
		if (had)
			return had;
		const p = person(name, more);
		n += 1;
		people.set(name, Object.assign(p, { number: String(n), sub: uuidOf(p.key), loginHint: hex40(`user:${p.key}`) }));
		return p;
	};
	const staff = { host: 'solbakken.example', schoolRole: 'Instructor' };
	add('Ingrid Solheim', { ...staff, language: 'en', sis: 'T301' });
	add('Kari Nilsen', { ...staff, sis: 'T302' });
	add('Jonas Berge', { ...staff, sis: 'T303' });
	add('Tomas Lien', { ...staff, schoolRole: 'Student', sis: 'T304', note: 'teaching assistant' });
	add('Ada Fossum', { ...staff, language: 'en', schoolRole: 'Administrator', sis: 'A001', note: 'administrator, in no course' });
	add('Test Student', { given: 'Test', mail: null, test: true, sis: '', note: 'the teacher’s “student view”' });
	for (const [i, [name, language, guardians]] of [...CLASS_8B, ...MATHS_ONLY].entries()) {
		const child = add(name, { host: 'elev.example', language, schoolRole: 'Student', sis: `S${401 + i}`,
			given: GIVEN[name] });
		for (const g of guardians)
			add(g, { language: ENGLISH_GUARDIANS.has(g) ? 'en' : 'nb', sis: '' }).children.push(child.key);
	}
	/* Elin teaches elsewhere in the district: institution Instructor, here only a parent. */
	people.get('Elin Dahl').schoolRole = 'Instructor';
	people.get('Elin Dahl').note = 'teaches at another school';
	add('Petter Holm', { sis: '', note: 'observer without a student' });
	return people;
}

function canvas(base) {
	const people = canvasPeople();
	const all = [...people.values()];
	const by = (name) => people.get(name);
	const parentsOf = (students) => all.filter((p) => p.children.some((c) => students.some((s) => s.key === c)));
	const course = (number, key, title, label, sis, teachers, assistants, students, observers) => ({
		number, key, title, label, sis, id: hex40(`course:${number}`), link: uuidOf(`link:${number}`), section: `${number}1`,
		members: [
			...teachers.map((p) => ({ person: p, role: 'teacher' })),
			...assistants.map((p) => ({ person: p, role: 'assistant' })),
			...students.map((p) => ({ person: p, role: 'student' })),
			...observers.map((p) => ({ person: p, role: 'parent' })),
		],
		/* May launch, but no roster lists them. */
		visitors: [{ person: by('Ada Fossum'), role: 'admin' }, { person: by('Test Student'), role: 'test' }],
	});
	const english = CLASS_8B.map(([name]) => by(name));
	const maths = [...MATHS_FROM_8B, ...MATHS_ONLY.map(([name]) => name)].map(by);
	return {
		key: 'canvas', name: 'Fjordby Canvas', issuer: `${base}/canvas`, clientId: '10000000000123',
		deployment: '4521:c0ddd6c90cbe1ef0f32fbce5c3bf654204be186c', base: `${base}/canvas`,
		urls: { auth: `${base}/canvas/authorize`, token: `${base}/canvas/token`, jwks: `${base}/canvas/jwks` },
		people: all,
		courses: [
			course('214', 'english-8b', 'English 8B', 'ENG8B', 'ENG-8B-2026', [by('Ingrid Solheim'), by('Kari Nilsen')],
				[by('Tomas Lien')], english, [...parentsOf(english), by('Petter Holm')]),
			course('215', 'matematikk-8b', 'Matematikk 8B', 'MAT8B', 'MAT-8B-2026', [by('Jonas Berge')],
				[], maths, parentsOf(maths)),
		],
	};
}

function moodle(base) {
	let n = 2;
	const add = (name, more) => {
		n += 1;
		return person(name, { number: String(n), sub: String(n), loginHint: String(n), host: 'fjordby.example', ...more });
	};
	const admin = { ...person('Astrid Moe', { host: 'fjordby.example', language: 'en', idnumber: '', note: 'site administrator' }),
		number: '2', sub: '2', loginHint: '2' };
	const teacher = add('Kari Nordli', { language: 'no', idnumber: 'T-100' });
	const assistant = add('Ola Østgård', { language: 'no', idnumber: 'T-200', note: 'non-editing teacher: a teacher at launch, a learner in the roster' });
	const students = CLASS_8A.map(([name, language, idnumber]) => add(name, { language, idnumber }));
	students.push(add("Jón O'Brien-Ñuñez & Søn", { given: 'Jón', language: 'en', idnumber: '' }));
	const suspended = add('Viktor Hagen', { language: 'no', idnumber: 'S-399', note: 'enrolment suspended: not in the roster' });
	const parent = add('Ragnhild Tangen', { language: 'no', idnumber: 'P-401', host: 'home.example', children: ['bjorn-tangen'],
		note: 'known as a parent by Moodle’s plugin, a learner in the roster' });
	return {
		key: 'moodle', name: 'Fjordby Moodle', issuer: `${base}/moodle`, clientId: 'mQ8fT1xYz3kLw9B', deployment: '1', base: `${base}/moodle`,
		urls: { auth: `${base}/moodle/auth.php`, token: `${base}/moodle/token.php`, jwks: `${base}/moodle/certs.php` },
		people: [admin, teacher, assistant, ...students, suspended, parent],
		courses: [{
			number: '2', key: 'norwegian-8a', title: 'Norwegian 8A', label: 'NOR8A', sis: 'nor-8a-2026', id: '2', link: '1', module: 3,
			members: [{ person: teacher, role: 'teacher' }, { person: assistant, role: 'assistant' },
				...students.map((p) => ({ person: p, role: 'student' })), { person: parent, role: 'parent' }],
			visitors: [{ person: admin, role: 'admin' }, { person: suspended, role: 'student', suspended: true }],
		}],
	};
}

/* The people of every other platform: one of each kind, with what is odd about names. */
const CAST = [
	['Berit Lie', 'teacher', 'nb'], ['Odd Falk', 'assistant', 'nb'],
	['Ane Ruud', 'student', 'nb'], ['Emil Vold', 'student', 'nn'], ["Liv O'Hara & <Dahl>", 'student', 'en'],
	['Tone Ruud', 'parent', 'nb', ['ane-ruud']],
	['Finn Krog', 'admin', 'en'],
];
const IDS = {
	uuid: (text) => uuidOf(text),
	number: (text) => String(1000 + parseInt(hex40(text).slice(0, 6), 16)),
	hex32: (text) => hex40(text).slice(0, 32),
	compound: (text) => `4312_${parseInt(hex40(text).slice(0, 6), 16)}`,
};

function small(key, persona, base) {
	const id = (what) => IDS[persona.ids](`${key}:${what}`);
	const members = CAST.map(([name, role, language, children = []], i) => ({ role, person: { ...person(name, { given: name.startsWith('Liv') ? 'Liv' : undefined, language, children,
		host: `${key}.example`, schoolRole: { teacher: 'Instructor', student: 'Student', admin: 'Administrator' }[role] }), number: String(301 + i), sub: id(name), loginHint: id(`hint:${name}`),
	sis: `${key.toUpperCase()}-${401 + i}`, idnumber: `N-${401 + i}` } }));
	const course = { number: '77', key: 'naturfag-7a', title: 'Naturfag 7A', label: 'NAT7A', sis: 'nat-7a-2026', id: id('course'), link: uuidOf(`${key}:link`), section: '771', module: 9,
		members: members.filter((m) => m.role !== 'admin'), visitors: members.filter((m) => m.role === 'admin') };
	return { key, name: `${persona.name} ${key}`, base: `${base}/${key}`, clientId: id('client'), deployment: id('deployment'),
		urls: { auth: `${base}/${key}/authorize`, token: `${base}/${key}/token`, jwks: `${base}/${key}/jwks` },
		people: members.map((m) => m.person), courses: [course] };
}

/* ---- The tool, as a platform knows it ---- */

/* One registration of the tool: a client, the deployments it has, and its addresses. */
export function makeTool(platform, toolUrl, more) {
	const tool = { state: 'active', deployments: [more.deployment], scopes: platform.persona.scopes, messages: null, custom: null,
		login: `${toolUrl}/lti/login`, launch: `${toolUrl}/lti/launch`, jwks: `${toolUrl}/.well-known/jwks.json`, target: `${toolUrl}/`, notices: new Map(), ...more };
	platform.tools.set(tool.clientId, tool);
	return tool;
}

/* What a platform has besides its people: habits, services, the tool as it was made known. */
function complete(platform, persona, { base, tool }, more = {}) {
	const at = (path) => `${platform.base}${path}`;
	const p = Object.assign(platform, { persona, issuer: persona.issuer ?? platform.base, account: { id: hex40(`account:${platform.key}`), title: 'Fjordby kommune' }, tools: new Map(), placed: [] }, more);
	Object.assign(p.urls, { configuration: at('/.well-known/openid-configuration'), registration: at('/register'), notices: at('/api/lti/notice-handlers'), placed: at('/deep_linking_response') });
	/* Like Canvas' sso host: the other name of this machine. */
	if (more.sso)
		p.urls.auth = p.urls.auth.replace('//localhost', '//127.0.0.1');
	p.tool = makeTool(p, tool, { clientId: p.clientId, deployment: p.deployment });
	return p;
}

/* Another platform while the LMS runs: a persona, and what is to be different about it
 * (key, name, issuer, clientId, deployment, sso, persona's members in `habits`). */
export function addPlatform(school, { persona: name, key = name, habits = {}, ...more }) {
	const persona = { ...PERSONAS[name], ...habits };
	const platform = complete(small(key, persona, school.base), persona, school, more);
	school.platforms[key] = platform;
	return platform;
}

/* base: where this LMS is reached, tool: where the tool is. */
export function makeSchool({ base, tool }) {
	const school = { base, tool, platforms: {} };
	school.platforms.canvas = complete(canvas(base), PERSONAS.canvas, school);
	school.platforms.moodle = complete(moodle(base), PERSONAS.moodle, school);
	return school;
}

/* A person's place in a course, by key, name, sub or login hint; null if they have none. */
export function findMember(course, who) {
	const is = ({ person: p }) => [p.key, p.name, p.sub, p.loginHint].includes(who);
	return course.members.find(is) ?? course.visitors.find(is) ?? null;
}

/* A course made from another: the same teachers, nobody else yet. */
export function copyCourse(platform, from, { title = `${from.title} (copy)` } = {}) {
	const n = platform.courses.length + 1;
	const key = `${from.key}-${n}`;
	const course = { ...from, key, title, number: String(900 + n), label: `${from.label}-${n}`, id: /^\d+$/.test(from.id) ? String(900 + n) : hex40(`course:${platform.key}:${key}`),
		link: uuidOf(`link:${platform.key}:${key}`), module: 90 + n, history: [from.id, ...(from.history ?? [])],
		members: from.members.filter((m) => ['teacher', 'assistant'].includes(m.role)) };
	platform.courses.push(course);
	return course;
}

export const findCourse = (platform, which) => platform.courses.find((c) => [c.key, c.id, c.number].includes(which)) ?? null;
export const childrenIn = (platform, course, p) => p.children
	.map((key) => course.members.find((m) => m.person.key === key)?.person).filter(Boolean);
export { hex40, uuidOf };
