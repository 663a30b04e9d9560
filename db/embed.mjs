// Turns db/queries/*.sql and db/schema/*.sql into C at build time.
//   node db/embed.mjs OUT  ->  OUT/db/queries.h  OUT/db/queries.c  OUT/db/schema.c
// A query file holds blocks:  -- name: x   -- args: a, b   <one statement>;
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(process.argv[2], 'db');
const files = dir => readdirSync(join(here, dir)).filter(f => f.endsWith('.sql')).sort();
const fail = text => { console.error(text); process.exit(1); };
const literal = sql => sql.split('\n').map(l => JSON.stringify(l + '\n').replace(/\?\?/g, '?\\?')).join('\n\t');

function blocks(file) {
	const text = readFileSync(join(here, 'queries', file), 'utf8');
	return text.split(/^-- name: /m).slice(1).map(block => {
		const [name] = block.match(/^[a-z0-9_]+/) ?? fail(`${file}: a block without a name`);
		const args = (block.match(/^-- args:(.*)$/m)?.[1] ?? '').split(',').map(a => a.trim()).filter(Boolean);
		const sql = block.replace(/^.*\n/, '').replace(/^--.*\n/gm, '').trim().replace(/;$/, '');
		const used = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map(m => +m[1]));
		if (used !== args.length)
			fail(`${file}: ${name} declares ${args.length} arguments and uses ${used}`);
		return { name, args, sql, file };
	});
}

const queries = files('queries').flatMap(blocks);
const names = new Set();
for (const q of queries)
	names.has(q.name) ? fail(`${q.file}: ${q.name} stands twice`) : names.add(q.name);

const constant = q => 'DB_' + q.name.toUpperCase();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'queries.h'), `/* made by db/embed.mjs from db/queries */
#ifndef DB_QUERIES_H
#define DB_QUERIES_H

enum db_query {
${queries.map(q => `\t${constant(q)},`).join('\n')}
	DB_QUERY_COUNT
};

/* enum constants, so that the number of parameters is checked when compiling */
enum {
${queries.map(q => `\t${constant(q)}_ARITY = ${q.args.length}, /* ${q.args.join(', ')} */`).join('\n')}
};

struct db_statement {
	const char *name, *sql;
	int arity;
};
extern const struct db_statement db_statements[DB_QUERY_COUNT];

#endif
`);
writeFileSync(join(out, 'queries.c'), `/* made by db/embed.mjs from db/queries */
#include "db/queries.h"

const struct db_statement db_statements[DB_QUERY_COUNT] = {
${queries.map(q => `\t[${constant(q)}] = { "${q.name}",\n\t${literal(q.sql)}, ${q.args.length} },`).join('\n')}
};
`);

const steps = files('schema').map(f => {
	const sql = readFileSync(join(here, 'schema', f), 'utf8');
	return { n: parseInt(f, 10), name: f.replace(/\.sql$/, ''), sql, sha: createHash('sha256').update(sql).digest('hex') };
});
steps.forEach((s, i) => { if (s.n !== i + 1) fail(`schema/${s.name}: expected number ${i + 1}`); });
writeFileSync(join(out, 'schema.c'), `/* made by db/embed.mjs from db/schema */
#include "db/schema_internal.h"

const struct db_step db_steps[] = {
${steps.map(s => `\t{ "${s.name}", "${s.sha}",\n\t${literal(s.sql)} },`).join('\n')}
};
const int db_steps_n = ${steps.length};
`);
