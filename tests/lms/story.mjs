/* A term at the demo school, told through the tool's own doors by the people of English
 * 8B: plans made, written in, published and answered, a review released, a meeting
 * planned. Told once: a school with plans is left as it is.
 *
 *	node story.mjs ADDRESS-OF-AN-ADMINISTRATOR'S-LINK */
import { randomUUID } from 'node:crypto';
import { Browser } from '../harness/browser.mjs';
import { Client, http, takeCookies } from '../harness/client.mjs';
import { settings } from './settings.mjs';

const { lms, tool } = settings();
const world = { toolUrl: tool, lmsUrl: lms, where: () => ({ platform: 'canvas', course: 'english-8b' }),
	hook: async (path, body) => (await fetch(`${lms}/test/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) })).json() };
const id = () => randomUUID().replace(/^(.{14})4/, '$17');

async function must(answer, what) {
	const r = await answer;
	if (r.status >= 300)
		throw new Error(`${what}: ${r.status} ${r.text.slice(0, 300)}`);
	return r.json;
}
async function comes(user) {
	const browser = new Browser(world), end = await browser.visit(user);
	if (end.status !== 303)
		throw new Error(`${user} was not let in: ${end.status}`);
	return new Client(tool, end.location.split('/')[2], browser.jar);
}
async function administrator(link) {
	const r = await http(link, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: '' });
	return new Client(tool, r.headers.location.split('/')[2], takeCookies({}, r));
}

/* The half-year that is now, and the one before it. */
function terms(today = new Date()) {
	const year = today.getFullYear();
	const autumn = (y) => ({ title: `Autumn ${y}`, startsOn: `${y}-08-17`, endsOn: `${y}-12-18` });
	const spring = (y) => ({ title: `Spring ${y}`, startsOn: `${y}-01-05`, endsOn: `${y}-06-19` });
	return today.getMonth() >= 7 ? [spring(year), autumn(year)] : [autumn(year - 1), spring(year)];
}
const inDays = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

/* Competence, goal, tasks: [text, days until due, who]. */
const GOALS = [
	['Express herself orally', 'Say something in English at least once every lesson', [['Practise the book talk at home in front of a mirror'], ['Read aloud to someone at home, ten minutes, three evenings a week', 19, 'home']]],
	['Express herself orally', 'Speak clearly, so that everyone in the room can hear', [['Record one book talk and listen to it together with Ingrid', 5]]],
	['Read longer texts with understanding', 'Read two novels and one non-fiction book before the holidays', [['The Lighthouse at Skarvøy'], ['A Winter Without Maps'], ['Choose a non-fiction book with the librarian', 12]]],
	['Solve equations', 'Solve equations with the unknown on both sides', [['Chapter 3, the red exercises'], ['Homework club on Tuesdays, 14:30', null, 'school']]],
	['Ask for help and work with others', 'Ask for help before getting stuck', [['Put the green card on my desk when I need help'], ['Tell Jonas on Fridays how the week has been', 7]]],
	['Write texts that others want to read', 'Plan a text before writing it', [['Make a mind map for the next text'], ['Ask one classmate to read the first draft', 9]]],
	['Come on time', 'Be in the room when the lesson begins', [['Pack the bag the evening before', null, 'home'], ['Tick off the mornings in the calendar']]],
];
const STATUS = ['done', 'doing', 'todo', 'doing', 'done', 'todo', 'done'];

/* A plan's grid: which of the goals, and how far its tasks are. */
async function write(who, plan, goals, far) {
	const rows = new Map();
	let n = 0;
	for (const [competence, goal, tasks] of goals) {
		if (!rows.has(competence)) {
			rows.set(competence, id());
			await must(who.post(`/plans/${plan}/rows`, { id: rows.get(competence), kind: 'competence', text: competence }), 'competence');
		}
		const row = id();
		await must(who.post(`/plans/${plan}/rows`, { id: row, kind: 'goal', parent: rows.get(competence), text: goal }), 'goal');
		for (const [text, days, responsible] of tasks) {
			const task = id();
			await must(who.post(`/plans/${plan}/tasks`, { id: task, row, field: 'tasks', text, ...(days && { dueOn: inDays(days - far) }), ...(responsible && { responsible }) }), 'task');
			const status = STATUS[(n++ + far) % STATUS.length];
			if (status !== 'todo')
				await must(who.put(`/plans/${plan}/tasks/${task}/status`, { text: status, rev: 1 }), 'status');
		}
	}
}

async function make(who, students, term, from) {
	const made = [];
	for (let i = 0; i < students.length; i += 20) {
		const { results } = await must(who.post('/plans', { request: id(), students: students.slice(i, i + 20), ...term, ...from }), 'plans');
		made.push(...results);
	}
	return made;
}
const act = (who, name, plans) => must(who.post('/plans/act', { act: name, plans }), name);

const REFLECTIONS = [
	[GOALS[0][1], 'It is easier in small groups. I have said something in English three times this week, and nobody laughed when I got a word wrong.'],
	[GOALS[2][1], 'I finished the first one and it was really good. The second is harder, so I read it together with the audiobook.'],
	[GOALS[3][1], 'I get it when Rashid shows it, but not when I am alone.'], [GOALS[4][1], 'The green card is good because I do not have to say it out loud.'],
];

/* What people write in their own plan, by the shipped learning plan's fields. */
async function voices(plan) {
	const sofie = await comes('sofie-aasen-lund'), marte = await comes('marte-aasen');
	const page = await must(sofie.get(`/plans/${plan}`), 'plan');
	for (const [goal, text] of REFLECTIONS) {
		const { row } = page.values.find((v) => v.field === 'goal' && v.text === goal);
		await must(sofie.put(`/plans/${plan}/rows/${row}/reflection`, { text, rev: 0 }), 'reflection');
	}
	await must(sofie.post(`/plans/${plan}/posts`, { id: id(), field: '_log', text: 'I have started “A Winter Without Maps”. It is hard, but I want to finish it.' }), 'log');
	await must(marte.post(`/plans/${plan}/posts`, { id: id(), field: 'comment_home', text: 'She talks about school again at dinner. We read aloud on Mondays, Wednesdays and Thursdays.' }), 'comment');
	for (const who of [sofie, marte])
		await must(who.post(`/plans/${plan}/look`, {}), 'look');
}

async function review(ingrid, students, term) {
	const review = id(), comments = ['You speak up far more this term. Next step: hold eye contact with the room in your next book talk.', 'You work steadily and ask good questions.', 'Your texts have a clear thread. Next step: vary the length of your sentences.', 'You learn words quickly. Dare to try, even when you are unsure.'];
	await must(ingrid.post('/reviews', { id: review, title: `Midterm, ${term.title.toLowerCase()}`, startsOn: term.startsOn, endsOn: term.endsOn, scale: 'no_grades', selfAssessment: true, toStudents: true, toGuardians: true }), 'review');
	for (const [i, student] of students.entries()) {
		await must(ingrid.put(`/reviews/${review}/entries/${student}/value`, { text: String(3 + (i * 7) % 3), rev: 0 }), 'grade');
		await must(ingrid.put(`/reviews/${review}/entries/${student}/comment`, { text: comments[i % comments.length], rev: 0 }), 'comment');
	}
	await must(ingrid.post(`/reviews/${review}/release`, { students }), 'release');
}

/* Conversations in eleven days, a quarter of an hour each. */
const QUESTIONS = [['strengths', 'What are you good at?'], ['needs', 'What would you like help with?'], ['learn', 'How do you learn best?']].map(([key, label]) => ({ key, label }));
const meet = (ingrid, plans) => must(ingrid.post('/meetings', { batch: id(), minutes: 15, place: 'Room 114', asksReading: true, questions: QUESTIONS,
	meetings: plans.map((plan, i) => ({ id: id(), plan, startsAt: `${inDays(11)}T${String(12 + Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')}:00Z` })) }), 'meetings');

async function tell(link) {
	const office = await administrator(link), ingrid = await comes('ingrid-solheim');
	await must(office.call('PATCH', '/school', { teachers_are_mentors: true }), 'school');
	const { participants } = await ingrid.home();
	const list = await must(ingrid.get('/students'), 'students');
	if (list.students.some((s) => s.plans.length || s.last))
		return 'told before';
	const { templates } = await must(ingrid.get('/templates'), 'templates');
	const from = { template: templates[0].id }, [before, now] = terms();
	const without = ['Isak Lunde', 'Tuva Kristiansen'];
	const named = (name) => participants.find((p) => p.name === name).id;
	const sofie = named('Sofie Aasen Lund'), oliver = named('Oliver Bjerke');
	const [first] = await make(ingrid, [sofie], before, from);
	await write(ingrid, first.plan, GOALS.slice(2, 4), 0);
	await act(ingrid, 'publish', [first.plan]);
	const { results: [heir] } = await must(ingrid.post('/plans/revise', { request: id(), plans: [first.plan], ...now, goals: false, tasks: true }), 'revise');
	const others = participants.map((p) => p.id).filter((p) => p !== sofie && !without.map(named).includes(p));
	const made = await make(ingrid, others, now, from);
	await write(ingrid, heir.made, GOALS.slice(0, 5), 0);
	for (const [i, { plan }] of made.entries())
		await write(ingrid, plan, [0, 1, 2].map((k) => GOALS[(i + 2 * k) % GOALS.length]), i % 13);
	const published = [heir.made, ...made.filter((m) => m.student !== oliver).map((m) => m.plan)];
	await act(ingrid, 'publish', published);
	await voices(heir.made);
	await review(ingrid, participants.map((p) => p.id).slice(0, 24).concat(sofie), now);
	await meet(ingrid, published.slice(0, 25));
	return `${published.length} plans`;
}

try {
	console.log(await tell(process.argv[2]));
} catch (e) {
	console.error(e.message);
	process.exit(1);
}
