// node lti/embed.mjs profiles.json OUT.c: the platform profiles as C. A product's row is laid
// over the generic one, so that every profile is whole; names and kinds are checked by the
// compiler against struct lti_settings, and by test_settings against lti_setting_list().
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [, , from, to] = process.argv;
const profiles = JSON.parse(readFileSync(from, 'utf8'));
const fail = text => { console.error(`${from}: ${text}`); process.exit(1); };
const kind = value => value !== null && typeof value === 'object' ? 'string' : typeof value;
const generic = profiles[0];

if (generic.name !== 'generic') fail('the generic profile comes first');
for (const p of profiles) {
	if (!/^[a-z]+$/.test(p.name) || !p.title || profiles.filter(o => o.name === p.name).length > 1) fail(`${p.name}: name`);
	for (const family of p.families.split(' ').filter(Boolean))
		if (!/^[a-z0-9]+$/.test(family) || profiles.filter(o => o.families.split(' ').includes(family)).length > 1)
			fail(`${p.name}: family ${family}`);
	for (const [name, value] of Object.entries(p.settings))
		if (!(name in generic.settings) || kind(value) !== kind(generic.settings[name])) fail(`${p.name}: ${name}`);
	for (const name of Object.keys(p._why))
		if (!(name in generic.settings)) fail(`${p.name}: reason for ${name}`);
}

/* jansson's and C's escapes agree, but for trigraphs and what is not ASCII: that stays UTF-8. */
const text = s => JSON.stringify(s).replace(/\?\?/g, '?\\?');
const value = v => kind(v) === 'string' ? text(typeof v === 'string' ? v : JSON.stringify(v)) : String(v);
const row = p => `\t{ ${text(p.name)}, ${text(p.title)}, ${text(p.families)}, {
${Object.entries({ ...generic.settings, ...p.settings }).map(([k, v]) => `\t\t.${k} = ${value(v)},`).join('\n')}
\t} },`;

mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, `/* made by lti/embed.mjs from lti/profiles.json */
#include "lti/lti_internal.h"

const struct lti_profile profile_rows[] = {
${profiles.map(row).join('\n')}
};
const size_t profile_rows_n = sizeof profile_rows / sizeof *profile_rows;
`);
