// i18n/merge.mjs: what it makes and what it refuses.  node --test tests/unit/i18n
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = join(dirname(fileURLToPath(import.meta.url)), '../../../i18n/merge.mjs');

// files: { 'en/mail.json': object or raw text }
function merge(t, files) {
	const dir = mkdtempSync(join(tmpdir(), 'ilpd-merge-'));
	t.after(() => rmSync(dir, { recursive: true }));
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(join(dir, 'from', dirname(path)), { recursive: true });
		writeFileSync(join(dir, 'from', path), typeof content === 'string' ? content : JSON.stringify(content, null, '\t'));
	}
	const run = spawnSync(process.execPath, [script, '--from', join(dir, 'from'), '--out', join(dir, 'out')], { encoding: 'utf8' });
	const read = name => readFileSync(join(dir, 'out', name), 'utf8');
	return { status: run.status, said: run.stderr, read };
}

test('parts become one catalog per language, sorted, and a C file', t => {
	const { status, said, read } = merge(t, {
		'en/b.json': { z: 'Hi {name}', a: 'é' }, 'en/c.json': { m: "it's" },
		'nb/b.json': { z: '{name}, hei', a: 'å' }, 'nb/c.json': { m: 'x' },
	});
	assert.equal(status, 0, said);
	assert.equal(read('en.json'), `{"a":"é","m":"it's","z":"Hi {name}"}`);
	assert.match(read('catalogs.c'), /\{ "nb", nb, sizeof nb - 1 \}/);
	assert.match(read('catalogs.c'), /,0\n\};/);
});

const refused = {
	'a key in two files': [{ 'en/a.json': { k: 'x' }, 'en/b.json': { k: 'y' } }, /stands in/],
	'a key twice in one file': [{ 'en/a.json': '{\n"k": "x",\n"k": "y"\n}' }, /k stands twice/],
	'a key another language lacks': [{ 'en/a.json': { k: 'x', l: 'y' }, 'nb/a.json': { k: 'x' } }, /l is missing in nb/],
	'different arguments': [{ 'en/a.json': { k: '{a}' }, 'nb/a.json': { k: '{b}' } }, /en uses .*a:text.* nb uses/],
	'different kinds': [{ 'en/a.json': { k: '{a}' }, 'nb/a.json': { k: '{a, plural, other {#}}' } }, /a:plural/],
	'a brace that does not close': [{ 'en/a.json': { k: '{a, plural, other {x}' } }, /is missing at 21/],
	'a stray brace': [{ 'en/a.json': { k: 'a}' } }, /stray/],
	'a choice without other': [{ 'en/a.json': { k: '{a, plural, one {x}}' } }, /no "other"/],
	'an argument without a name': [{ 'en/a.json': { k: '{0}' } }, /no argument name/],
	'a text that is none': [{ 'en/a.json': { k: 3 } }, /no text/],
};
for (const [what, [files, why]] of Object.entries(refused))
	test(`refuses ${what}`, t => {
		const { status, said } = merge(t, files);
		assert.equal(status, 1);
		assert.match(said, why);
	});

test('apostrophes quote as in ICU', t => {
	const { status, said } = merge(t, { 'en/a.json': { k: "'{'x'}' it's {n, plural, offset:1 =0 {''} other {# '{a}'}}" } });
	assert.equal(status, 0, said);
});
