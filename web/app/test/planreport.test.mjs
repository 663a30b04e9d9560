/* What the reports' pages work out: facts, who lacks what, order, uptake, and time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const m = await load('planreport/model.ts');

const tasks = (todo, doing, done, dropped = 0) => ({ todo, doing, done, dropped, late: 0, help: 0, moved: 0 });
const plan = (more = {}) => ({ id: 'p', title: 'Autumn', startsOn: '2026-08-17', endsOn: '2026-12-18', state: 'published', goals: 1, reflected: 0,
	wrote: { student: false, home: false }, reviews: 1, track: { value: 'on', said: false }, tasks: tasks(1, 1, 2), opened: { student: true, home: false },
	confirmed: { student: true, home: false }, homes: 1, meeting: { state: 'planned', on: '2026-12-01' }, ...more });
const row = (id, p) => ({ student: { id, name: id }, hat: 'mentor', groups: [], plan: p });

const rows = [
	row('ada', plan()),
	row('bo', plan({ track: { value: 'support', said: true }, meeting: null, confirmed: { student: false, home: false }, opened: { student: false, home: false } })),
	row('bo', plan({ id: 'q', state: 'draft', track: { value: null, said: false }, tasks: tasks(0, 0, 0), reviews: 0 })),
	row('cy', null),
	row('di', plan({ track: { value: 'behind', said: false }, meeting: { state: 'held', on: '2026-10-01' } })),
];
const names = (list) => list.map((r) => r.student.name).join(' ');

test('facts count students once and plans each', () => {
	const f = m.factsOf(rows);
	assert.deepEqual([f.students, f.planned], [4, 3]);
	assert.deepEqual(f.tasks, { todo: 3, doing: 3, done: 6, dropped: 0 });
	assert.deepEqual(f.track, { ahead: 0, on: 1, behind: 1, support: 1, none: 1 });
	assert.deepEqual(f.prepared, { student: 3, home: 0, of: 3 });
	assert.equal(m.factsOf([row('x', plan({ tasks: undefined, opened: undefined }))]).tasks, null);
	assert.equal(m.factsOf([row('x', plan({ opened: undefined }))]).prepared, null);
});

test('who lacks what', () => {
	const lack = (l) => names(m.lackingOf(rows, l));
	assert.equal(lack('plan'), 'cy');
	assert.equal(lack('published'), 'bo');
	assert.equal(lack('review'), 'bo');
	assert.equal(lack('meeting'), 'bo');
	assert.equal(lack('student_opened'), 'bo');
	assert.equal(lack('home_opened'), 'ada bo bo di');
	assert.equal(lack('track'), 'bo di');
	/* A teacher knows of no meetings: nobody lacks one. */
	assert.equal(names(m.lackingOf([row('x', plan({ meeting: undefined, opened: undefined }))], 'meeting')), '');
});

test('those who need somebody first, who has no plan last, nobody ranked', () => {
	assert.equal(names(m.ordered(rows, 'need', true)), 'bo di bo ada cy');
	assert.equal(names(m.ordered(rows, 'need', false)), 'ada bo di bo cy');
	assert.equal(names(m.ordered(rows, 'name', false)), 'di cy bo bo ada');
	assert.equal(names(m.ordered(rows, 'todo', false)), 'ada bo di bo cy');
});

test('uptake goes from a plan to a talk', () => {
	const n = Object.fromEntries(m.uptakeOf(rows).map((u) => [u.step, u.n]));
	assert.deepEqual(n, { planned: 3, published: 3, student_opened: 3, home_opened: 0, student_wrote: 0, home_wrote: 0, student_confirmed: 3, home_confirmed: 0, met: 1 });
	assert.deepEqual(m.uptakeOf([row('x', plan({ opened: undefined }))]).map((u) => u.step), ['planned', 'published', 'student_wrote', 'home_wrote']);
});

const goal = (id, planId, parent, text, more = {}) => ({ id, plan: planId, parent, from: null, text, tasks: { todo: 0, doing: 0, done: 0, dropped: 0 }, ...more });

test('a competence goes on through plans by its row or by its words', () => {
	const lines = m.competencesOf([
		goal('c1', 'one', null, 'Oral'), goal('g1', 'one', 'c1', 'Speak', { tasks: { todo: 1, doing: 0, done: 2, dropped: 0 } }),
		goal('g2', 'one', 'c1', 'Loud', { tasks: { todo: 0, doing: 1, done: 0, dropped: 1 } }),
		goal('c2', 'two', null, 'Oral skills', { from: 'c1' }), goal('g3', 'two', 'c2', 'Speak', { tasks: { todo: 0, doing: 0, done: 1, dropped: 0 } }),
		goal('c3', 'three', null, ' oral SKILLS '), goal('c4', 'three', null, 'Maths'),
	]);
	assert.deepEqual(lines.map((l) => l.text.trim()), ['oral SKILLS', 'Maths']);
	assert.deepEqual(lines[0].cells.get('one'), { todo: 1, doing: 1, done: 2, dropped: 1 });
	assert.deepEqual(lines[0].cells.get('two'), { todo: 0, doing: 0, done: 1, dropped: 0 });
	assert.ok(lines[0].cells.has('three') && !lines[1].cells.has('one'));
	assert.deepEqual(lines[0].goals.map((g) => g.text), ['Speak', 'Loud', 'Speak']);
});

test('a review stands under each plan that was valid when it was entered', () => {
	const plans = [{ id: 'a', startsOn: '2026-01-01', endsOn: '2026-06-30' }, { id: 'b', startsOn: '2026-06-30', endsOn: '2026-12-31' }];
	const review = (id, on, course) => ({ id, course: { id: course, title: course }, title: id, scale: null, enteredOn: on, releasedAt: null, value: null, commented: true });
	const lines = m.coursesOf([review('r1', '2026-06-30', 'Maths'), review('r2', '2026-07-01', 'Maths'), review('r3', '2027-01-01', 'Art')], plans);
	assert.deepEqual(lines.map((l) => l.title), ['Art', 'Maths']);
	assert.deepEqual([lines[1].cells.get('a').map((r) => r.id), lines[1].cells.get('b').map((r) => r.id)], [['r1'], ['r1', 'r2']]);
	assert.equal(lines[0].cells.size, 0);
});

test('days and columns', () => {
	assert.equal(m.daysLeft('2026-12-18', '2026-11-24'), 24);
	assert.equal(m.daysLeft('2026-11-24', '2026-11-24'), 0);
	assert.deepEqual(m.columnsOf([1, 2, 3, 4, 5, 6]), [2, 3, 4, 5, 6]);
});
