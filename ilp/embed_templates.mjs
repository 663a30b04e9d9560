// node ilp/embed_templates.mjs FOLDER OUT.c: the shipped templates as C text, one a row. That
// they are forms is checked by a unit test.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [, , from, to] = process.argv;
const order = ['learning', 'conference', 'career', 'support', 'social', 'focus', 'yearly', 'evidence'];
const keys = readdirSync(from).filter(name => name.endsWith('.json')).map(name => name.slice(0, -5));
for (const key of keys)
	if (!order.includes(key)) {
		console.error(`${from}/${key}.json has no place in the order of ilp/embed_templates.mjs`);
		process.exit(1);
	}
const c = s => JSON.stringify(s).replace(/\?\?/g, '?\\?');
const row = key => `\t{ ${c(key)}, ${c(JSON.stringify(JSON.parse(readFileSync(join(from, `${key}.json`), 'utf8'))))} },`;
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, `/* made by ilp/embed_templates.mjs from ilp/templates */
#include "ilp/template.h"

const struct template_shipped templates_shipped[] = {
${order.filter(key => keys.includes(key)).map(row).join('\n')}
	{ 0 }
};
`);
