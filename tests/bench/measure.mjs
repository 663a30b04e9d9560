/* Counting from outside: nothing here asks the program anything. */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 10; /* USER_HZ is 100 wherever Linux runs */

function stat(pid) {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		const f = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
		return { parent: f[1], user: f[11] * TICK_MS, system: f[12] * TICK_MS, children: (f[13] + f[14]) * TICK_MS };
	} catch {
		return null; /* it has ended */
	}
}

export const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/* A server's processes that live, and by what they left to their parent, those that ended. */
function server(postmaster) {
	const own = stat(postmaster);
	let ms = own.children;
	for (const name of readdirSync('/proc')) {
		const s = /^\d+$/.test(name) && stat(name);
		if (s && s.parent === postmaster)
			ms += s.user + s.system;
	}
	return ms;
}

const cpu = (meter) => {
	const tool = stat(meter.tool.pid);
	return { user: tool.user, system: tool.system, database: server(meter.postmaster) };
};

/* PostgreSQL tells its counts within ten seconds of idleness. */
const COUNTS_MS = 10_500;

export class Meter {
	constructor(tool, database, postmaster) {
		Object.assign(this, { tool, database, postmaster });
	}
	async counts() {
		await sleep(COUNTS_MS);
		const [row] = await this.database.rows(`SELECT (SELECT xact_commit + xact_rollback FROM pg_stat_database
			WHERE datname = current_database())::int AS trips, (SELECT wal_sync FROM pg_stat_wal)::int AS syncs`);
		return row;
	}
	/* steps: functions that do a part of the n operations each, or {aside}, a part that
	 * is the client's own business and neither timed nor counted. */
	async run(n, steps) {
		const sum = { user: 0, system: 0, database: 0, ms: 0 };
		const before = await this.counts();
		for (const step of steps) {
			if (step.aside) {
				await step.aside();
				continue;
			}
			const c0 = cpu(this), t0 = performance.now();
			await step();
			sum.ms += performance.now() - t0;
			const c1 = cpu(this);
			for (const k of ['user', 'system', 'database'])
				sum[k] += c1[k] - c0[k];
		}
		const after = await this.counts();
		/* Reading the counts is a transaction too. */
		return { n, perSecond: n / sum.ms * 1000, tool: (sum.user + sum.system) / n, system: sum.system / n, database: sum.database / n,
			trips: (after.trips - before.trips - 1) / n, syncs: (after.syncs - before.syncs) / n };
	}
}

/* f(i) for i in 0..n-1, at most `users` at a time. */
export async function together(users, n, f) {
	let next = 0;
	await Promise.all(Array.from({ length: users }, async () => {
		while (next < n)
			await f(next++);
	}));
}

export class Times {
	constructor() { this.ms = []; }
	async of(f) {
		const t = performance.now();
		const result = await f();
		this.ms.push(performance.now() - t);
		return result;
	}
	at(part) {
		this.ms.sort((a, b) => a - b);
		return this.ms[Math.min(this.ms.length - 1, Math.floor(this.ms.length * part))];
	}
}

/* Rows of texts under a head, in columns. */
export function table(head, rows) {
	const all = [head, ...rows];
	const wide = head.map((_, i) => Math.max(...all.map((r) => r[i].length)));
	return all.map((r) => r.map((t, i) => (i ? t.padStart(wide[i]) : t.padEnd(wide[i]))).join('   ').trimEnd()).join('\n');
}
