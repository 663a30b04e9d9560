/* A database for a suite: a copy of the migrated one, in the tests' own cluster.
 * There is no driver: psql is the far end, as for every other protocol here. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { ILPD, ROOT } from './paths.mjs';

const CLUSTER = `${ROOT}/tests/harness/cluster`;

function run(file, args, { env = process.env, input } = {}) {
	return new Promise((resolve, reject) => {
		const child = execFile(file, args, { env, maxBuffer: 256 << 20 }, (e, stdout, stderr) => {
			if (e)
				reject(new Error(`${file.split('/').at(-1)} ${args[0] ?? ''}: ${stderr.trim() || e.message}`));
			else
				resolve(stdout);
		});
		child.stdin.on('error', () => {});
		child.stdin.end(input ?? '');
	});
}

export class Database {
	constructor(cluster, name) {
		Object.assign(this, cluster, { name });
	}
	conninfo(user = 'ilpd_app', options = '') {
		return `host=${this.socket} port=${this.port} user=${user} dbname=${this.name}${options && ` options='${options}'`}`;
	}
	/* Rows as objects, as whoever is named; the superuser sees past row-level security. */
	async rows(sql, user = 'postgres') {
		const text = await this.psql(`SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (${sql}) t`, user);
		return JSON.parse(text);
	}
	async value(sql, user = 'postgres') {
		return (await this.psql(sql, user)).trim();
	}
	/* Several statements; a failure throws with PostgreSQL's words. */
	psql(sql, user = 'postgres') {
		return run(`${this.bin}/psql`, ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', this.conninfo(user), '-f', '-'], { input: sql });
	}
	/* {table: rows} of everything that is not PostgreSQL's own, but for what is written
	 * behind: the log of launches and services comes a moment later and holds no person. */
	async counts() {
		const [{ counts }] = await this.rows(`SELECT json_object_agg(n.nspname || '.' || c.relname,
			(xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::int) AS counts
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname IN ('ilp', 'notify', 'lti', 'keys') AND c.relkind = 'r'
			AND NOT (n.nspname = 'lti' AND c.relname IN ('launch', 'health', 'binding'))`);
		return counts;
	}
	/* A connection that stays open, for locks held while others work. */
	session(user = 'postgres') {
		return spawn(`${this.bin}/psql`, ['-X', '-q', '-At', '-d', this.conninfo(user)], { stdio: ['pipe', 'pipe', 'inherit'] });
	}
	drop() {
		return run(CLUSTER, ['drop', this.name], { env: this.env });
	}
	stopServer(mode = 'fast') {
		return run(CLUSTER, ['stop', this.cluster, mode], { env: this.env });
	}
	startServer() {
		return run(CLUSTER, ['start', this.cluster, ...this.options], { env: this.env });
	}
	removeServer() {
		return run(CLUSTER, ['remove', this.cluster], { env: this.env });
	}
}

/* cluster: a name gives a server of one's own, which may be stopped. */
export async function freshDatabase({ cluster = 'pg', options = [], build, name = `t_${randomBytes(6).toString('hex')}` } = {}) {
	const env = { ...process.env, ILPD_TEST_CLUSTER: cluster };
	const [socket, port, bin] = (await run(CLUSTER, ['start', cluster, ...options], { env })).trim().split(' ');
	const template = (await run(CLUSTER, ['template', ILPD(build)], { env })).trim();
	await run(CLUSTER, ['database', name, template], { env });
	return new Database({ socket, port, bin, cluster, env, options }, name);
}
