// node web/embed.mjs APP OUT.c: what build.mjs of web/app made, as C arrays.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [, , app, out] = process.argv;
const manifest = JSON.parse(readFileSync(join(app, 'manifest.json'), 'utf8'));
const names = JSON.parse(readFileSync(join(app, 'names.json'), 'utf8'));
const arrays = [];
const array = file => arrayOf(readFileSync(join(app, file)));
const arrayOf = bytes => {
	const name = `bytes_${arrays.length}`;
	const lines = [];
	for (let i = 0; i < bytes.length; i += 24) lines.push('\t' + [...bytes.subarray(i, i + 24)].join(','));
	arrays.push(`static const unsigned char ${name}[] = {\n${lines.join(',\n')}\n};`);
	return `{ ${name}, sizeof ${name} }`;
};
const row = a => `\t{ ${JSON.stringify(a.path)}, ${JSON.stringify(a.type)}, ${array(a.file)}, ${array(a.br)}, ${array(a.gz)} },`;
const rows = manifest.map(row);
const page = readFileSync(join(app, 'index.html'), 'utf8');
const shell = arrayOf(Buffer.from(page));
const elsewhere = arrayOf(Buffer.from(page.replace('<head>', '<head>\n<meta name="arrival" content="elsewhere">')));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `/* made by web/embed.mjs */
#include "web/assets.h"

${arrays.join('\n')}

const struct asset assets[] = {
${rows.join('\n')}
	{ 0 }
};
const struct bytes asset_shell = ${shell};
const struct bytes asset_shell_elsewhere = ${elsewhere};
const struct asset_name asset_names[] = {
${Object.entries(names).map(([key, url]) => `\t{ ${JSON.stringify(key)}, ${JSON.stringify(url)} },`).join('\n')}
	{ 0 }
};
`);
