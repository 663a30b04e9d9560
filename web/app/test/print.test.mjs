/* What a sheet holds, and how its margins are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const m = await load('print/model.ts');
const { quoted, rules } = await load('print/paper.ts');

const texts = (en) => ({ en });
const field = (key, more = {}) => ({ key, kind: 'long', label: texts(key), seenBy: 'MCSGH', editedBy: 'MC', ...more });
const row = (id, kind, parent, more = {}) => ({ id, kind, parent, position: 1, state: 'agreed', by: 'Mona', hat: 'mentor', ...more });
const value = (at, key, text, hat = 'mentor') => ({ row: at, field: key, text, rev: 1, by: 'Mona', hat, at: '2026-11-01T10:00:00Z' });
const page = {
	plan: { id: 'p', hat: 'mentor', may: ['look_as'] },
	form: { statuses: [], sections: [
		{ key: 'about', kind: 'fields', title: texts('About'), fields: [field('empty'), field('strengths', { editedBy: 'S' }), field('private', { seenBy: 'MC', printed: false }), field('sign', { kind: 'signature' })] },
		{ key: 'none', kind: 'fields', title: texts('None'), fields: [field('nothing'), field('sentence', { kind: 'heading' })] },
		{ key: 'goals', kind: 'grid', title: texts('Goals'), fields: [field('competence', { of: 'competence', head: true }), field('goal', { of: 'goal', head: true }),
			field('reflection', { of: 'goal', editedBy: 'S' }), field('school', { of: 'goal' }), field('tasks', { of: 'goal', kind: 'tasks' }), field('note', { of: 'goal', kind: 'notes', seenBy: 'M', editedBy: 'M' })] },
	] },
	rows: [row('c', 'competence', null), row('g', 'goal', 'c'), row('h', 'goal', 'c', { state: 'proposed', position: 2 })],
	values: [value(null, 'strengths', 'Listening', 'student'), value(null, 'private', 'For us'), value('c', 'competence', 'Oral'), value('g', 'goal', 'Speak'), value('g', 'reflection', 'Easier', 'student'), value('h', 'goal', 'Sing')],
	tasks: [{ id: 't', field: 'tasks', row: 'g', position: 1, category: 'todo' }, { id: 'u', field: 'tasks', row: 'g', position: 2, category: 'todo', movedTo: 'q' }],
	posts: [{ id: 'n', field: 'note', row: 'g', at: '2' }, { id: 'l', field: '_log', row: null, at: '1' }, { id: 'x', field: '_log', row: null, at: '3', removed: true }],
	evidence: [], reviews: [],
};

test('sections with words in them, in the template’s order', () => {
	assert.deepEqual(m.partsOf(page, 'guardian').map((p) => p.section.key), ['about', 'goals']);
	assert.deepEqual(m.partsOf(page, 'guardian')[0].pieces.map((p) => p.field.key), ['strengths']);
	assert.deepEqual(m.partsOf(page, 'staff')[0].pieces.map((p) => p.field.key), ['strengths', 'private']);
});

test('the grid: agreed goals, each kind of word in its cell', () => {
	const [competence] = m.partsOf(page, 'staff')[1].grid;
	assert.equal(competence.words, 'Oral');
	assert.deepEqual(competence.goals.map((g) => g.words), ['Speak']);
	const [g] = competence.goals;
	assert.deepEqual([g.school, g.voices, g.tasks, g.staff].map((list) => list.map((p) => p.field.key)), [[], ['reflection'], ['tasks'], ['note']]);
	assert.deepEqual(g.tasks[0].tasks.map((t) => t.id), ['t']);
	assert.deepEqual(m.logOf(page).map((p) => p.id), ['l']);
});

test('whose eyes a copy is asked with', () => {
	assert.deepEqual(m.copiesFor('mentor', ['look_as']), ['guardian', 'student', 'staff']);
	assert.deepEqual(m.copiesFor('teacher', []), ['staff']);
	assert.deepEqual(m.copiesFor('guardian', []), ['guardian']);
	assert.equal(m.dataPath('p', 'guardian', null), 'plans/p?as=guardian');
	assert.equal(m.dataPath('p', 'staff', null), 'plans/p');
	assert.equal(m.dataPath('p', 'guardian', 'guardian'), 'plans/p');
});

test('names in margins end no rule', () => {
	assert.equal(quoted('a"b\\c\nd'), '"a\\"b\\\\c d"');
	assert.equal(quoted('</style>'), '"\\3c /style>"');
	const css = rules('letter', [{ name: 'sheet-1', left: 'x"; } body { display: none', right: 'As seen' }], (p, n) => `Page ${p} of ${n}`);
	assert.match(css, /@page sheet-1 \{ size: letter;/);
	assert.match(css, /content: "x\\"; } body \{ display: none";/);
	assert.match(css, /"Page " counter\(page\) " of " counter\(pages\) ""/);
});
