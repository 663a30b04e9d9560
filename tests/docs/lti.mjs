/* Writes docs/lti.md from tests/fixtures/lti/clauses.json: what of LTI is supported, clause
 * by clause, with the tests that show it. `node tests/docs/lti.mjs > docs/lti.md`.
 *
 * What cannot be true is refused: a clause that is missing, a test that is not in the file
 * it is said to be in, a "yes" that nothing shows. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const rows = JSON.parse(readFileSync(`${ROOT}/tests/fixtures/lti/clauses.json`, 'utf8'));
const CLAUSES = 133;
const files = new Map();
const problems = [];

function textOf(file) {
	if (!files.has(file))
		files.set(file, existsSync(`${ROOT}/tests/${file}`) ? readFileSync(`${ROOT}/tests/${file}`, 'utf8') : null);
	return files.get(file);
}

/* A check of style says what it is about; a fuzz target has a corpus with something that is accepted. */
const accepted = (dir) => existsSync(`${ROOT}/tests/${dir}`) && readdirSync(`${ROOT}/tests/${dir}`).some((f) => f.startsWith('accepted'));

/* A name in C is that of START_TEST; elsewhere it stands in quotes, as it is written; a
 * case of the certification suite goes by its id, and its file sees that none is missing. */
function stands(file, name) {
	const text = textOf(file);
	if (text === null)
		return false;
	if (file.startsWith('style/'))
		return text.includes(name);
	if (file.startsWith('fuzz/'))
		return name === 'corpus' && accepted(file.replace('fuzz/', 'fuzz/corpus/').replace('.c', ''));
	if (file.endsWith('.c'))
		return text.includes(`START_TEST(${name})`);
	if (/^[A-Z]{1,2}\d+$/.test(name))
		return text.includes('cert_cases.json') && textOf('fixtures/lti/cert_cases.json').includes(`"${name}"`);
	return ["'", '"', '`'].some((q) => text.includes(`(${q}${name.replaceAll(q === "'" ? "'" : '\0', "\\'")}${q}`));
}

function check() {
	const seen = new Set();
	for (const { clause, source, supported, what, tests } of rows) {
		if (seen.has(clause))
			problems.push(`${clause} stands twice`);
		seen.add(clause);
		if (!source || !what || !['yes', 'no', 'partly'].includes(supported) || !Array.isArray(tests))
			problems.push(`${clause} is not whole`);
		if (supported !== 'no' && !tests.length)
			problems.push(`${clause} is said to be supported, and nothing shows it`);
		for (const t of tests) {
			const cut = t.indexOf(': ');
			if (cut < 0 || !stands(t.slice(0, cut), t.slice(cut + 2)))
				problems.push(`${clause}: there is no test "${t}"`);
		}
	}
	for (let i = 1; i <= CLAUSES; i++)
		if (!seen.has(`R${i}`))
			problems.push(`R${i} is missing`);
}

const cell = (text) => text.replaceAll('|', '\\|');
const shown = (tests) => tests.map((t) => {
	const cut = t.indexOf(': ');
	return `\`${cell(t.slice(0, cut))}\` ${cell(t.slice(cut + 2)).replaceAll('${', '\\${')}`;
}).join('<br>');

const table = (list, first) => [
	`| ${first} | | What | Shown by |`, '|---|---|---|---|',
	...list.map((r) => `| ${first === 'Clause' ? `${r.clause}<br>${cell(r.source)}` : r.clause} | ${r.supported} | ${cell(r.what)} | ${shown(r.tests)} |`),
].join('\n');

check();
if (problems.length) {
	console.error(problems.join('\n'));
	process.exit(1);
}
const clauses = rows.filter((r) => r.source !== 'features');
const features = rows.filter((r) => r.source === 'features');
const count = (list, word) => list.filter((r) => r.supported === word).length;
console.log(`# LTI 1.3 and LTI Advantage: what is supported

Made by tests/docs/lti.mjs from tests/fixtures/lti/clauses.json; \`tests/style/check_lti_doc\` compares, and fails where a test that is named here does not exist. Paths are below tests/. The numbers are those that comments in the sources name.

Of ${clauses.length} clauses ${count(clauses, 'yes')} are supported, ${count(clauses, 'partly')} partly, ${count(clauses, 'no')} not. Nothing is ever written to a gradebook: what belongs to that is left out on purpose.

## Clause by clause

${table(clauses, 'Clause')}

## Feature by feature

${table(features, 'Feature')}`);
