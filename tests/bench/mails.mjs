/* From events to mails: everybody of a school is told of a release, and the clock stops
 * when the last mail is marked sent. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, freePorts } from '../harness/index.mjs';
import { COURSE_SIZE } from './platform.mjs';
import { startStage } from './stage.mjs';

/* One review of one course, released to n students who came by SQL; not yet told. */
const seed = (n) => `
	WITH r AS (SELECT tenant_id, review_id, course_id, created_by FROM ilp.review), p AS (
		INSERT INTO ilp.person (tenant_id, person_id, given_name, family_name, name, email)
		SELECT r.tenant_id, gen_random_uuid(), 'Given' || i, 'Family' || i, 'Given' || i || ' Family' || i, 'm' || i || '@school.example'
		FROM r, generate_series(1, ${n}) i RETURNING tenant_id, person_id
	), m AS (
		INSERT INTO ilp.membership (tenant_id, course_id, person_id, role, source)
		SELECT tenant_id, course_id, person_id, 'student', 'roster' FROM p JOIN r USING (tenant_id)
	), e AS (
		INSERT INTO ilp.entry (tenant_id, review_id, student_id, released_at, released_by)
		SELECT tenant_id, review_id, person_id, now(), created_by FROM p JOIN r USING (tenant_id)
	)
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id)
	SELECT tenant_id, now(), 'review.released', created_by, course_id, review_id, person_id FROM p JOIN r USING (tenant_id)`;

/* The demo's mail catcher, as a process of its own; and postfix's smtp-sink where it is
 * installed, which is as fast as a mail server can be. */
const SINKS = ['smtp-sink', '/usr/sbin/smtp-sink', process.env.ILPD_BENCH_SINK].filter(Boolean);
function fastSink() {
	return SINKS.find((f) => existsSync(f) || (!f.includes('/') && process.env.PATH.split(':').some((d) => existsSync(`${d}/${f}`))));
}

async function listening(port) {
	for (let i = 0; i < 500; i++) {
		try {
			execFileSync('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`], { stdio: 'ignore' });
			return;
		} catch {
			await sleep(20);
		}
	}
	throw new Error(`nothing listens on ${port}`);
}

async function against(name, command, smtpPort, n, report) {
	const sink = spawn(command[0], command.slice(1), { stdio: 'ignore', env: { ...process.env, ILPD_DEMO_SMTP_PORT: String(smtpPort) } });
	process.once('exit', () => sink.kill('SIGKILL'));
	await listening(smtpPort);
	const stage = await startStage({ smtpPort, env: { ILPD_MAIL_WINDOW: '0' } });
	try {
		const teacher = await stage.visit(0);
		await stage.visit(1 % COURSE_SIZE);
		await stage.api(teacher, 'POST', '/reviews', { title: 'Bench', startsOn: '2026-11-01', endsOn: '2026-11-30', scale: null });
		const sent = async () => Number(await stage.database.value(`SELECT count(*) FROM notify.mail WHERE state = 'sent'`));
		const m = await stage.meter.run(n, [async () => {
			await stage.database.psql(`${seed(n)}; NOTIFY notice`);
			while (await sent() < n)
				await sleep(200);
		}]);
		report(name, m);
	} finally {
		await stage.stop();
		sink.kill('SIGKILL');
	}
}

export async function measureMails(n, report) {
	const [catcher, page, fast] = await freePorts(3);
	process.env.ILPD_DEMO_MAIL_PORT = String(page);
	await against('mail, to the demo catcher', [process.execPath, `${ROOT}/tests/lms/mail.mjs`], catcher, n, report);
	const sink = fastSink();
	if (sink)
		await against('mail, to smtp-sink', [sink, '-c', `127.0.0.1:${fast}`, '100'], fast, n, report);
	else
		console.error('  mail to smtp-sink not measured: postfix is not installed');
}
