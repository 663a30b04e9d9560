// Merges i18n/<language>/*.json into one catalog per language.
//   node i18n/merge.mjs --out DIR  ->  DIR/<language>.json (for the browser)  DIR/catalogs.c (for us)
// Every file is a flat object of ICU MessageFormat texts with named arguments.
// Refused: a key that stands twice, a key some language lacks, a text whose
// braces do not close, and texts of one key that use different arguments.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const option = name => {
	const at = process.argv.indexOf(name);
	return at < 0 ? undefined : process.argv[at + 1];
};
const from = option('--from') ?? here;
const out = option('--out');
const problems = [];

if (!out) {
	console.error('usage: node i18n/merge.mjs --out DIR [--from DIR]');
	process.exit(2);
}

// The arguments of a pattern as "name:kind", so that {n} and {n, plural, ...}
// are told apart. Apostrophes quote as in ICU: only before a brace or '#'.
function argumentsOf(pattern) {
	const found = new Set();
	let at = 0;

	const blank = () => { while (/\s/.test(pattern[at] ?? '')) at++; };
	const word = () => {
		const [text] = pattern.slice(at).match(/^[^\s,{}]*/);
		at += text.length;
		blank();
		return text;
	};
	const expect = c => {
		if (pattern[at] !== c)
			throw new Error(`"${c}" expected at ${at}`);
		at++;
	};

	function quoted() {
		at++;
		if (pattern[at] === "'") {
			at++;
		} else if (/[{}#|]/.test(pattern[at] ?? '')) {
			const end = pattern.indexOf("'", at);
			at = end < 0 ? pattern.length : end + 1;
		}
	}
	function message(nested) {
		while (at < pattern.length) {
			if (pattern[at] === "'")
				quoted();
			else if (pattern[at] === '{')
				argument();
			else if (pattern[at] === '}' && nested)
				return;
			else if (pattern[at++] === '}')
				throw new Error(`stray "}" at ${at - 1}`);
		}
		if (nested)
			throw new Error('"}" missing at the end');
	}
	function choices() {
		let other = false;
		for (blank(); pattern[at] !== '}'; blank()) {
			const selector = word();
			if (!selector)
				throw new Error(`a choice is missing at ${at}`);
			if (/^offset:/.test(selector))
				continue;
			other ||= selector === 'other';
			expect('{');
			message(true);
			expect('}');
		}
		if (!other)
			throw new Error('no "other" choice');
	}
	function argument() {
		expect('{');
		blank();
		const name = word();
		if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
			throw new Error(`"${name}" is no argument name`);
		let kind = 'text';
		if (pattern[at] === ',') {
			at++;
			blank();
			kind = word();
			if (/^(plural|select|selectordinal)$/.test(kind)) {
				expect(',');
				choices();
			} else if (pattern[at] === ',') {
				const end = pattern.indexOf('}', at);
				at = end < 0 ? pattern.length : end;
			}
		}
		expect('}');
		found.add(`${name}:${kind}`);
	}

	message(false);
	return [...found].sort().join(' ');
}

function load(language) {
	const texts = {}, source = {};
	for (const file of readdirSync(join(from, language)).filter(f => f.endsWith('.json')).sort()) {
		const path = `${language}/${file}`;
		const raw = readFileSync(join(from, path), 'utf8');
		// JSON.parse keeps the last of two equal keys, so the keys are counted in the text.
		const keys = [...raw.matchAll(/^\s*("(?:[^"\\]|\\.)*")\s*:/gm)].map(m => JSON.parse(m[1]));
		keys.filter((k, i) => keys.indexOf(k) !== i).forEach(k => problems.push(`${path}: ${k} stands twice`));
		for (const [key, text] of Object.entries(JSON.parse(raw))) {
			if (typeof text !== 'string')
				problems.push(`${path}: ${key} is no text`);
			else if (key in texts)
				problems.push(`${path}: ${key} stands in ${source[key]} too`);
			texts[key] = text;
			source[key] = path;
		}
	}
	return { language, texts, source };
}

const languages = readdirSync(from).filter(f => statSync(join(from, f)).isDirectory()).sort();
const catalogs = languages.map(load);

for (const { language, texts, source } of catalogs) {
	for (const [key, text] of Object.entries(texts)) {
		let own;
		try {
			own = argumentsOf(text);
		} catch (e) {
			problems.push(`${source[key]}: ${key}: ${e.message}`);
			continue;
		}
		for (const other of catalogs) {
			if (other.language === language)
				continue;
			if (!(key in other.texts)) {
				problems.push(`${source[key]}: ${key} is missing in ${other.language}`);
				continue;
			}
			try {
				const theirs = argumentsOf(other.texts[key]);
				if (language < other.language && own !== theirs)
					problems.push(`${key}: ${language} uses {${own}}, ${other.language} uses {${theirs}}`);
			} catch {
				// told where that language is walked
			}
		}
	}
}
if (problems.length) {
	console.error(problems.join('\n'));
	process.exit(1);
}

mkdirSync(out, { recursive: true });
const bytes = json => {
	const all = [...Buffer.from(json, 'utf8'), 0];
	const lines = [];
	for (let i = 0; i < all.length; i += 24)
		lines.push('\t' + all.slice(i, i + 24).map(b => b > 127 ? b - 256 : b).join(','));
	return lines.join(',\n');
};
const made = catalogs.map(({ language, texts }) => {
	const json = JSON.stringify(Object.fromEntries(Object.entries(texts).sort(([a], [b]) => a < b ? -1 : 1)));
	writeFileSync(join(out, `${language}.json`), json);
	return { language, json };
});
writeFileSync(join(out, 'catalogs.c'), `/* made by i18n/merge.mjs from i18n/<language>/ */
#include "i18n/catalogs_internal.h"

${made.map(c => `static const char ${c.language}[] = {\n${bytes(c.json)}\n};`).join('\n')}

const struct i18n_catalog i18n_catalogs[] = {
${made.map(c => `\t{ "${c.language}", ${c.language}, sizeof ${c.language} - 1 },`).join('\n')}
};
const size_t i18n_catalogs_n = sizeof i18n_catalogs / sizeof i18n_catalogs[0];
`);
