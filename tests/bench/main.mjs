/* The measurements, one after the other, and the table. */
import { cpus } from 'node:os';
import { residentMiB, table, Times, together } from './measure.mjs';
import { measureDistrict } from './district.mjs';
import { measureMails } from './mails.mjs';
import { measureHanging, measureRegistrations, measureRosters } from './services.mjs';
import { COURSE_SIZE } from './platform.mjs';
import { startStage, USERS } from './stage.mjs';

const words = process.argv.slice(2);
const scale = words.includes('--quick') ? 0.1 : 1;
const chosen = words.filter((w) => !w.startsWith('--'));
const wanted = (what) => !chosen.length || chosen.includes(what);
const some = (n) => Math.max(USERS, Math.round(n * scale));

/* Issue 2; each at 16 users on two cores. */
const TARGETS = {
	launch: { tool: 0.4, database: 0.5, trips: 4, syncs: 1 },
	save: { tool: 0.2, trips: 1 },
};
const PEOPLE = some(3000), ROUND = 500;
const rows = [], facts = [];

const number = (x, digits) => (x === undefined ? '' : x.toFixed(digits));
const against = (x, target, digits) => number(x, digits) + (target ? ` (${number(x / target, 2)} of ${target})` : '');

function report(name, m, times, target = {}) {
	rows.push([name, String(m.n), number(m.perSecond, 0), against(m.tool, target.tool, 3), number(m.system, 3), against(m.database, target.database, 3),
		against(m.trips, target.trips, 2), against(m.syncs, target.syncs, 2), times ? number(times.at(0.5), 1) : '', times ? number(times.at(0.99), 1) : '']);
	console.error(`  ${name} measured`);
}
const fact = (name, value, target, unit) => facts.push([name, `${value.toFixed(target && target < 10 ? 2 : 1)} ${unit}`,
	target ? `${(value / target).toFixed(2)} of ${target} ${unit}` : '']);

/* Login, launch and first page of n people, in rounds: log in, sign aside, launch. */
export function launches(stage, n, times, who) {
	const steps = [];
	for (let from = 0; from < n; from += ROUND) {
		const size = Math.min(ROUND, n - from), visits = [], spent = [];
		const timed = async (i, f) => {
			const t = performance.now();
			await f();
			spent[i] = (spent[i] ?? 0) + performance.now() - t;
		};
		steps.push(() => together(USERS, size, (i) => timed(i, async () => { visits[i] = await stage.login(who(from + i)); })),
			{ aside: () => visits.forEach((v) => { v.token = stage.platform.token(v.user, v.nonce); }) },
			() => together(USERS, size, (i) => timed(i, async () => {
				await stage.launch(visits[i]);
				await stage.api(visits[i], 'GET', '/home');
			})),
			{ aside: () => { times.ms.push(...spent); } });
	}
	return steps;
}

async function measureLaunches(stage) {
	const parts = [['first launch of a person', (i) => i], ['launch', (i) => i]];
	for (const [name, who] of parts) {
		const times = new Times();
		report(name, await stage.meter.run(PEOPLE, launches(stage, PEOPLE, times, who)), times, TARGETS.launch);
	}
	const login = new Times(), n = some(5000);
	report('login alone', await stage.meter.run(n, [() => together(USERS, n, (i) => login.of(() => stage.login(i)))]), login);
	await memory(stage, 2 * PEOPLE);
}

/* Memory after 10,000 launches, and whether it is the same after 50,000. */
async function memory(stage, done) {
	const more = async (upTo) => {
		for (const step of launches(stage, upTo - done, new Times(), (i) => (done + i) % PEOPLE))
			await (step.aside ?? step)();
		done = upTo;
	};
	await more(some(10_000));
	const first = residentMiB(stage.tool.pid);
	fact(`resident after ${done} launches`, first, 32, 'MiB');
	if (words.includes('--long')) {
		await more(some(50_000));
		fact(`resident after ${done} launches`, residentMiB(stage.tool.pid), first, 'MiB');
	}
	fact('times the key set was fetched', stage.platform.keysAsked, 1, '');
}

async function everybody(stage) {
	for (let i = 0; i < COURSE_SIZE; i++)
		await stage.visit(i);
	return stage.visit(0);
}

/* Everybody writes in a row of his own, as teachers in one grid do. */
async function measureSaves(stage, teacher) {
	const review = await stage.api(teacher, 'POST', '/reviews', { title: 'Bench', startsOn: '2026-11-01', endsOn: '2026-11-30', scale: 'no_grades' });
	const ids = teacher.home.participants.map((p) => p.id), revs = new Map(), times = new Times(), n = some(4000);
	const each = Math.floor(n / USERS);
	const write = async (user) => {
		for (let i = 0; i < each; i++) {
			const [id, field] = [ids[user], i % 4 ? 'comment' : 'value'], cell = `${id}/${field}`;
			const text = field === 'value' ? String(1 + i / 4 % 6) : `Remark number ${i}: works well alone and in groups, and reads more than last year.`;
			const saved = await times.of(() => stage.api(teacher, 'PUT', `/reviews/${review.id}/entries/${cell}`, { text, rev: revs.get(cell) ?? 0 }));
			revs.set(cell, saved.rev);
		}
	};
	report('grid save', await stage.meter.run(each * USERS, [() => together(USERS, USERS, write)]), times, TARGETS.save);
}

async function measureHomes(stage, teacher) {
	const student = await stage.visit(1), n = some(4000);
	for (const [name, who] of [["teacher's home", teacher], ["student's home", student]]) {
		const times = new Times();
		report(name, await stage.meter.run(n, [() => together(USERS, n, () => times.of(() => stage.api(who, 'GET', '/home')))]), times);
	}
}

async function onStage(f) {
	const stage = await startStage({});
	try {
		await f(stage);
	} finally {
		await stage.stop();
	}
}

if (wanted('launches') || wanted('saves') || wanted('homes'))
	await onStage(async (stage) => {
		fact('ready after', stage.tool.readyMs, 100, 'ms');
		fact('ready after, the very first time', stage.firstReadyMs, 0, 'ms');
		fact('resident at start', residentMiB(stage.tool.pid), 0, 'MiB');
		if (wanted('launches'))
			await measureLaunches(stage);
		const teacher = await everybody(stage);
		if (wanted('saves'))
			await measureSaves(stage, teacher);
		if (wanted('homes'))
			await measureHomes(stage, teacher);
	});
if (wanted('mails'))
	await measureMails(some(2000), report);
if (wanted('rosters'))
	await measureRosters(scale, report, fact);
if (wanted('registrations'))
	await measureRegistrations(some(1000), launches, report, fact);
if (wanted('hanging'))
	await measureHanging(some(2000), launches, report);
/* Takes a quarter of an hour and ten gigabytes: only when it is asked for. */
if (chosen.includes('district'))
	await measureDistrict(scale, report, fact, words.includes('--long'));

console.log(`\n${USERS} users at a time, ${cpus().length} processors shared with the client. Milliseconds of CPU for one operation; "(0.92 of 0.4)" is the ratio to the target.\n`);
console.log(table(['operation', 'n', 'per s', 'tool CPU', 'of it system', 'database CPU', 'round trips', 'fsyncs', 'p50 ms', 'p99 ms'], rows));
console.log(`\n${table(['', '', ''], facts).trimStart()}`);
