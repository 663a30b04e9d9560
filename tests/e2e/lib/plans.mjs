/* Plans for journeys: a draft with goals, tasks and words in it, as a mentor makes one. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { makePlan, mentors, publish, publishTemplate } from '../../harness/plans.mjs';

async function ok(answer, what) {
	const r = await answer;
	assert.ok(r.status < 300, `${what}: ${r.status} ${r.text}`);
	return r.json;
}

/* A school whose teachers are mentors, with the shipped template. */
export async function school(world) {
	await mentors(world);
	await publishTemplate(world);
}

export const write = (client, plan, row, field, text, rev = 0) =>
	ok(client.put(row ? `/plans/${plan}/rows/${row}/${field}` : `/plans/${plan}/values/${field}`, { text, rev }), `write ${field}`);

export async function addRow(client, plan, kind, text, parent) {
	const id = randomUUID();
	await ok(client.post(`/plans/${plan}/rows`, { id, kind, text, ...(parent ? { parent } : {}) }), `row ${text}`);
	return id;
}

export async function addTask(client, plan, row, text, more = {}) {
	const id = randomUUID();
	await ok(client.post(`/plans/${plan}/tasks`, { id, row, field: 'tasks', text, ...more }), `task ${text}`);
	return id;
}

export const setStatus = (client, plan, task, text, rev = 1) => ok(client.put(`/plans/${plan}/tasks/${task}/status`, { text, rev }), `status ${text}`);

export async function addPost(client, plan, field, text, more = {}) {
	const id = randomUUID();
	await ok(client.post(`/plans/${plan}/posts`, { id, field, text, ...more }), `post ${text}`);
	return id;
}

/* Sofie's autumn, as in the pictures: {plan, goals, tasks}. Published unless draft. */
export async function autumn(world, mentor, student, { draft = false } = {}) {
	const [plan] = await makePlan(mentor, [student]);
	const goals = [];
	const tasks = [];
	const competence = async (words, ...list) => {
		const row = await addRow(mentor, plan, 'competence', words);
		for (const [goal, ...all] of list) {
			const id = await addRow(mentor, plan, 'goal', goal, row);
			goals.push(id);
			for (const [text, status, more] of all) {
				const task = await addTask(mentor, plan, id, text, more);
				tasks.push(task);
				if (status !== 'todo')
					await setStatus(mentor, plan, task, status);
			}
		}
	};
	await competence('Express herself orally',
		['Say something in English in class at least once every lesson.', ['Practise the book talk at home in front of a mirror', 'done'], ['Read aloud to someone at home, 10 minutes, three evenings a week', 'doing', { dueOn: '2026-12-11', responsible: 'home' }]],
		['Speak clearly, so that everyone in the room can hear.', ['Record one book talk and listen to it together with Ingrid', 'todo', { dueOn: '2026-11-27' }]]);
	await competence('Read longer texts with understanding',
		['Read two novels and one non-fiction book before Christmas.', ['The Lighthouse at Skarvøy', 'done'], ['A Winter Without Maps', 'doing'], ['Choose a non-fiction book with the librarian', 'todo', { dueOn: '2026-12-04' }]]);
	await competence('Ask for help and work with others',
		['Ask for help before getting stuck.', ['Put the green card on my desk when I need help', 'help']]);
	await addPost(mentor, plan, '_log', 'Well done yesterday, Sofie! I have marked the mirror task as seen.');
	await addPost(mentor, plan, 'note', 'Sitting with Hedda and Linh works.', { row: goals[0], audience: 'MCH' });
	if (!draft)
		await publish(mentor, plan);
	return { plan, goals, tasks };
}
