// node ilp/embed.mjs scales.json OUT.c: the shipped scales as C text, one a row, checked.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [, , from, to] = process.argv;
const scales = JSON.parse(readFileSync(from, 'utf8'));
const fail = text => { console.error(`${from}: ${text}`); process.exit(1); };
const categories = ['ok', 'watch', 'risk', 'none'];

for (const s of scales) {
	if (scales.filter(o => o.key === s.key).length > 1) fail(`${s.key} stands twice`);
	if (!['up', 'down', 'none'].includes(s.direction)) fail(`${s.key}: direction`);
	for (const v of s.values)
		if (!categories.includes(v.category) || !v.label.en || !v.label.nb || !v.short.en || !v.short.nb ||
		    s.values.filter(o => o.code === v.code).length > 1) fail(`${s.key}: value ${v.code}`);
}
const c = s => JSON.stringify(s).replace(/\?\?/g, '?\\?');
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, `/* made by ilp/embed.mjs from ilp/scales.json */
#include "ilp/scale.h"

const struct scale scales[] = {
${scales.map(s => `\t{ ${c(s.key)}, ${c(JSON.stringify(s))} },`).join('\n')}
	{ 0 }
};
const char scales_text[] = ${c(JSON.stringify({ scales }))};
`);
