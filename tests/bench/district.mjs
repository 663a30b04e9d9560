/* What the pages of plans cost in a large district: 200,000 students, 400,000 plans, 4
 * million tasks, 10 million entries of reviews. All of it is one school's data to the
 * database, so that whatever grows with the district would show. */
import { TENANT } from '../harness/index.mjs';
import { term } from '../harness/term.mjs';
import { residentMiB, Times, together } from './measure.mjs';
import { COURSE_SIZE } from './platform.mjs';
import { REGISTRATION, startStage, USERS } from './stage.mjs';

const SUBJECTS = 5, REVIEWS = 10; /* courses besides the group's own; reviews in each */
const SCALE = '{"key":"k","name":{"en":"K"},"direction":"up","values":[{"code":"3","short":{"en":"3"},"label":{"en":"3"},"category":"ok"},{"code":"4","short":{"en":"4"},"label":{"en":"4"},"category":"ok"}]}';

/* Person u<n> of the platform; the first of each course is its teacher. */
const people = (groups) => groups * COURSE_SIZE;
const rows = (groups) => [
	`INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state) VALUES ('${REGISTRATION}', '1', '${TENANT}', 'active') ON CONFLICT DO NOTHING`,
	`INSERT INTO ilp.person (tenant_id, person_id, name, given_name, family_name, email) SELECT '${TENANT}', md5('u' || n)::uuid, 'Given' || n || ' Family' || n, 'Given' || n, 'Family' || n, 'u' || n || '@school.example' FROM generate_series(0, ${people(groups)} - 1) n`,
	`INSERT INTO ilp.person (tenant_id, person_id, name) SELECT '${TENANT}', md5('g' || n)::uuid, 'Guardian ' || n FROM generate_series(0, ${people(groups)} - 1) n WHERE n % ${COURSE_SIZE} <> 0`,
	`INSERT INTO ilp.identity (tenant_id, registration_id, sub, person_id) SELECT '${TENANT}', '${REGISTRATION}', 'u' || n, md5('u' || n)::uuid FROM generate_series(0, ${people(groups)} - 1) n`,
	`INSERT INTO ilp.guardian_link (tenant_id, student_id, guardian_id, source, confirmed_at) SELECT '${TENANT}', md5('u' || n)::uuid, md5('g' || n)::uuid, 'manual', now() FROM generate_series(0, ${people(groups)} - 1) n WHERE n % ${COURSE_SIZE} <> 0`,
	`INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, context_id, title, label) SELECT '${TENANT}', md5('c' || c)::uuid, '${REGISTRATION}', '1', 'course-' || c, 'Course number ' || c, 'C' || c FROM generate_series(0, ${groups} - 1) c`,
	`INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, context_id, title, label) SELECT '${TENANT}', md5('c' || c || 's' || k)::uuid, '${REGISTRATION}', '1', 'subject-' || c || '-' || k, 'Subject ' || k || ' of ' || c, 'S' || k FROM generate_series(0, ${groups} - 1) c, generate_series(1, ${SUBJECTS}) k`,
	`INSERT INTO ilp.membership (tenant_id, course_id, person_id, role, source) SELECT '${TENANT}', md5('c' || n / ${COURSE_SIZE})::uuid, md5('u' || n)::uuid, CASE WHEN n % ${COURSE_SIZE} = 0 THEN 'teacher' ELSE 'student' END, 'launch' FROM generate_series(0, ${people(groups)} - 1) n`,
	`INSERT INTO ilp.membership (tenant_id, course_id, person_id, role, source) SELECT '${TENANT}', md5('c' || n / ${COURSE_SIZE} || 's' || k)::uuid, md5('u' || CASE WHEN n % ${COURSE_SIZE} = 0 THEN (n + k * ${COURSE_SIZE}) % ${people(groups)} ELSE n END)::uuid, CASE WHEN n % ${COURSE_SIZE} = 0 THEN 'teacher' ELSE 'student' END, 'launch' FROM generate_series(0, ${people(groups)} - 1) n, generate_series(1, ${SUBJECTS}) k`,
	`INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, scale, created_by, created_at, changed_at) SELECT '${TENANT}', md5('r' || c || 's' || k || 'r' || r)::uuid, md5('c' || c || 's' || k)::uuid, 'Midterm ' || r, date '2026-10-01' - 180 * (${REVIEWS} - r), date '2026-11-30' - 180 * (${REVIEWS} - r), '${SCALE}', md5('u0')::uuid, now(), now() FROM generate_series(0, ${groups} - 1) c, generate_series(1, ${SUBJECTS}) k, generate_series(1, ${REVIEWS}) r`,
	`INSERT INTO ilp.entry (tenant_id, review_id, student_id, entered_on, released_at, released_by) SELECT '${TENANT}', md5('r' || n / ${COURSE_SIZE} || 's' || k || 'r' || r)::uuid, md5('u' || n)::uuid, date '2026-11-02' - 180 * (${REVIEWS} - r), now(), md5('u0')::uuid FROM generate_series(0, ${people(groups)} - 1) n, generate_series(1, ${SUBJECTS}) k, generate_series(1, ${REVIEWS}) r WHERE n % ${COURSE_SIZE} <> 0`,
	`INSERT INTO ilp.entry_text (tenant_id, review_id, student_id, field, text, author_id, at, released_text, released_rev) SELECT e.tenant_id, e.review_id, e.student_id, 'value', '4', e.released_by, now() - interval '1 day', '4', 1 FROM ilp.entry e WHERE e.tenant_id = '${TENANT}'`,
	...term(TENANT, { plans: 2, goals: 4, tasks: 3, home: "context_id LIKE 'course-%'" }),
	/* u0 is mentor of ten groups, u60 headteacher of a school. */
	`INSERT INTO ilp.mentor (tenant_id, assignment_id, mentor_id, group_id) SELECT '${TENANT}', md5('extra' || c)::uuid, md5('u0')::uuid, md5('group' || md5('c' || c)::uuid)::uuid FROM generate_series(1, 9) c`,
	`INSERT INTO ilp.head (tenant_id, head_id, person_id, org_id) SELECT '${TENANT}', md5('head')::uuid, md5('u60')::uuid, g.org_id FROM ilp.student_group g WHERE g.tenant_id = '${TENANT}' AND g.group_id = md5('group' || md5('c2')::uuid)::uuid`,
];

async function fill(database, groups) {
	const since = performance.now();
	for (const sql of rows(groups)) {
		await database.psql(`SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'; ${sql}`);
		console.error(`  ${((performance.now() - since) / 1000).toFixed(0)} s: ${/INTO (\S+)/.exec(sql)[1]}`);
	}
	await database.psql('VACUUM ANALYZE');
	const [count] = await database.rows(`SELECT (SELECT count(*) FROM ilp.plan)::int AS plans, (SELECT count(*) FROM ilp.task)::int AS tasks, (SELECT count(*) FROM ilp.entry)::int AS entries, (SELECT count(*) FROM ilp.group_member)::int AS students, pg_size_pretty(pg_database_size(current_database())) AS size`);
	console.error(`  ${count.students} students, ${count.plans} plans, ${count.tasks} tasks, ${count.entries} entries, ${count.size}, in ${((performance.now() - since) / 1000).toFixed(0)} s`);
}

/* Issue 4: CPU of the tool for a plan's page, a grid of thirty; one round trip each. */
const TARGETS = { page: { tool: 1, trips: 1 }, grid: { tool: 2, trips: 1 }, other: { trips: 1 } };

export async function measureDistrict(scale, report, fact, isLong) {
	const groups = Math.max(110, Math.round(6897 * (scale < 1 ? 0.02 : 1)));
	const stage = await startStage({ cluster: 'district', options: ['fsync=off', 'full_page_writes=off', 'shared_buffers=4GB', 'max_wal_size=16GB', 'autovacuum=off', 'maintenance_work_mem=1GB'] });
	try {
		await fill(stage.database, groups);
		const mentor = await stage.visit(30), many = await stage.visit(0), head = await stage.visit(60), student = await stage.visit(31);
		const list = await stage.api(mentor, 'GET', '/students');
		const plans = list.students.flatMap((s) => s.plans.map((p) => p.id)), own = student.home.plans[0].id;
		const subject = await stage.database.value(`SELECT review_id FROM ilp.review WHERE course_id = md5('c1s1')::uuid AND title = 'Midterm ${REVIEWS}'`);
		await stage.database.psql(`INSERT INTO ilp.membership (tenant_id, course_id, person_id, role, source) SELECT tenant_id, md5('c1')::uuid, person_id, role, source FROM ilp.membership WHERE course_id = md5('c1s1')::uuid ON CONFLICT DO NOTHING;
			UPDATE ilp.review SET course_id = md5('c1')::uuid WHERE review_id = '${subject}'`);
		const pages = [
			[`mentor's list of ${list.students.length}`, 1000, mentor, () => '/students', TARGETS.grid],
			["plan page, mentor's", 2000, mentor, (i) => `/plans/${plans[i % plans.length]}`, TARGETS.page],
			["plan page, student's", 2000, student, () => `/plans/${own}`, TARGETS.page],
			['review grid of 30', 1000, mentor, () => `/reviews/${subject}`, TARGETS.grid],
			['group report of 300', 200, many, () => '/plan-report', TARGETS.other],
			['school report of 3,000', 50, head, () => '/plan-report/school', TARGETS.other],
			["home, student's", 1000, student, () => '/home', TARGETS.other],
		];
		for (const [name, n, who, path, target] of pages) {
			const times = new Times(), size = await stage.bytes(who, path(0)), some = Math.max(USERS, Math.round(n * scale));
			report(name, await stage.meter.run(some, [() => together(USERS, some, (i) => times.of(() => stage.api(who, 'GET', path(i))))]), times, target);
			fact(`bytes of ${name}`, size / 1024, 0, 'KiB');
		}
		await saves(stage, mentor, plans, report, Math.max(USERS, Math.round(2000 * scale)));
		fact('resident after all of it', residentMiB(stage.tool.pid), 32, 'MiB');
		if (isLong)
			for (let n = 5000; n <= 20_000; n += 5000) {
				await together(USERS, 5000, (i) => stage.api(i % 4 ? mentor : student, 'GET', i % 4 ? `/plans/${plans[i % plans.length]}` : `/plans/${own}`));
				fact(`resident after ${n} plan pages more`, residentMiB(stage.tool.pid), 0, 'MiB');
			}
	} finally {
		await stage.stop();
	}
}

async function saves(stage, mentor, plans, report, n) {
	const times = new Times(), each = Math.floor(n / USERS);
	const write = async (user) => {
		let { rev } = (await stage.api(mentor, 'GET', `/plans/${plans[user]}`)).values.find((v) => v.field === 'strengths' && v.row === null);
		for (let i = 0; i < each; i++)
			({ rev } = await times.of(() => stage.api(mentor, 'PUT', `/plans/${plans[user]}/values/strengths`, { text: `Listens, draws, does not give up: ${i}`, rev })));
	};
	report('a field of a plan saved', await stage.meter.run(each * USERS, [() => together(USERS, USERS, write)]), times, { trips: 1 });
}
