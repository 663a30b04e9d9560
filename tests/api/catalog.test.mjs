/* The database itself: keys that begin with the tenant, the second wall, and plans that
 * do not read a whole school for one class. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ROOT, freshDatabase } from '../harness/index.mjs';
import { oddments, term } from '../harness/term.mjs';

let db;
before(async () => { db = await freshDatabase(); });
after(() => db?.drop());

const TABLES = `SELECT n.nspname || '.' || c.relname AS name, c.oid, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_userbyid(c.relowner) AS owner
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('ilp', 'notify') AND c.relkind IN ('r', 'p')`;
const columns = (oid, keys) => `(SELECT array_agg(a.attname ORDER BY k.ord) FROM unnest(${keys}) WITH ORDINALITY k(n, ord) JOIN pg_attribute a ON a.attrelid = ${oid} AND a.attnum = k.n)`;

describe('tables of the schemas ilp and notify', () => {
	test('have a primary key that begins with tenant_id', async () => {
		const rows = await db.rows(`SELECT t.name, ${columns('t.oid', 'p.conkey')} AS key FROM (${TABLES}) t LEFT JOIN pg_constraint p ON p.conrelid = t.oid AND p.contype = 'p'`);
		assert.ok(rows.length > 15);
		assert.deepEqual(rows.filter((r) => r.key?.[0] !== 'tenant_id').map((r) => `${r.name} ${r.key}`), []);
	});
	test('carry tenant_id in every unique key', async () => {
		const rows = await db.rows(`SELECT t.name, i.indexrelid::regclass::text AS index, ${columns('t.oid', "string_to_array(i.indkey::text, ' ')::int2[]")} AS key FROM (${TABLES}) t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique`);
		assert.deepEqual(rows.filter((r) => !r.key?.includes('tenant_id')).map((r) => `${r.name} ${r.index}`), []);
	});
	test('carry tenant_id in every foreign key among them', async () => {
		const rows = await db.rows(`SELECT t.name, f.conname, ${columns('t.oid', 'f.conkey')} AS key, ${columns('f.confrelid', 'f.confkey')} AS there FROM (${TABLES}) t
			JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' JOIN (${TABLES}) o ON o.oid = f.confrelid`);
		assert.ok(rows.length > 10);
		for (const r of rows) {
			assert.ok(r.key.includes('tenant_id'), `${r.name} ${r.conname}`);
			assert.equal(r.there[r.key.indexOf('tenant_id')], 'tenant_id', `${r.name} ${r.conname}`);
		}
	});
	test('have row-level security, for their owner too, and a policy', async () => {
		const rows = await db.rows(`SELECT t.*, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) AS policies FROM (${TABLES}) t`);
		assert.deepEqual(rows.filter((r) => !r.relrowsecurity || !r.relforcerowsecurity || !r.policies).map((r) => r.name), []);
		assert.deepEqual([...new Set(rows.map((r) => r.owner))], ['ilpd_owner']);
	});
	test('have no foreign key without an index that finds who refers', async () => {
		const rows = await db.rows(`SELECT t.name, f.conname, ${columns('t.oid', 'f.conkey')} AS key, (SELECT json_agg(${columns('t.oid', "string_to_array(i.indkey::text, ' ')::int2[]")}) FROM pg_index i WHERE i.indrelid = t.oid) AS indexes
			FROM (${TABLES}) t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND f.confdeltype <> 'a'`);
		for (const r of rows)
			assert.ok(r.indexes?.some((i) => r.key.every((c, n) => i?.[n] === c)), `${r.name} ${r.conname}`);
	});
});

describe('the role that serves', () => {
	test('owns nothing, is nothing special, changes no structure', async () => {
		const [role] = await db.rows("SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'ilpd_app'");
		assert.deepEqual(role, { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false });
		assert.equal(await db.value("SELECT count(*) FROM pg_class WHERE relowner = 'ilpd_app'::regrole"), '0');
		assert.equal(await db.value("SELECT count(*) FROM pg_auth_members WHERE member = 'ilpd_app'::regrole"), '0');
		for (const sql of ['CREATE TABLE ilp.x (a int)', 'CREATE TABLE public.x (a int)', 'ALTER TABLE ilp.person DISABLE ROW LEVEL SECURITY', 'DROP TABLE ilp.person', 'SET ROLE ilpd_owner', 'TRUNCATE ilp.person',
			'ALTER FUNCTION ilp.current_tenant() RENAME TO x', 'CREATE POLICY x ON ilp.person USING (true)', 'SELECT pg_read_file(\'/etc/passwd\')'])
			await assert.rejects(db.psql(sql, 'ilpd_app'), sql);
	});
});

const A = '018f0000-0000-7000-8000-00000000000a', B = '018f0000-0000-7000-8000-00000000000b';

/* A school: courses × students, reviews with texts, guardians, events and mails. */
const school = (tenant, courses, students) => `
	SET session_replication_role = replica;
	INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${tenant}', 'School');
	INSERT INTO lti.registration (registration_id, tenant_id, name, issuer, client_id, auth_url, token_url, jwks_url) VALUES ('${tenant}', '${tenant}', 'P', 'https://p.example/${tenant}', 'c', 'x', 'x', 'x');
	INSERT INTO lti.deployment (registration_id, deployment_id, tenant_id, state) VALUES ('${tenant}', '1', '${tenant}', 'active');
	CREATE TEMP TABLE c AS SELECT n, md5('c${tenant}' || n)::uuid AS id FROM generate_series(1, ${courses}) n;
	CREATE TEMP TABLE p AS SELECT n, md5('p${tenant}' || n)::uuid AS id FROM generate_series(1, ${courses * students}) n;
	INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, context_id, title) SELECT '${tenant}', id, '${tenant}', '1', n::text, 'Course ' || n FROM c;
	INSERT INTO ilp.person (tenant_id, person_id, name, email) SELECT '${tenant}', id, 'Person ' || n, n || '@x.example' FROM p;
	INSERT INTO ilp.person (tenant_id, person_id, name, email) SELECT '${tenant}', md5('g' || id)::uuid, 'Guardian ' || n, 'g' || n || '@x.example' FROM p;
	INSERT INTO ilp.identity (tenant_id, registration_id, sub, person_id) SELECT tenant_id, '${tenant}', person_id::text, person_id FROM ilp.person WHERE tenant_id = '${tenant}';
	INSERT INTO ilp.membership (tenant_id, course_id, person_id, role, source) SELECT '${tenant}', c.id, p.id, CASE WHEN p.n % ${students} = 0 THEN 'teacher' ELSE 'student' END, 'roster' FROM p JOIN c ON c.n = (p.n - 1) / ${students} + 1;
	INSERT INTO ilp.guardian_link (tenant_id, student_id, guardian_id, source, confirmed_at) SELECT '${tenant}', id, md5('g' || id)::uuid, 'manual', now() FROM p;
	INSERT INTO ilp.guardian_claim (tenant_id, guardian_id, registration_id, course_id, child_sub, source, claimed_at) SELECT '${tenant}', md5('g' || p.id)::uuid, '${tenant}', c.id, p.id::text, 'role_scope_mentor', now() FROM p JOIN c ON c.n = (p.n - 1) / ${students} + 1;
	INSERT INTO ilp.session (tenant_id, session_id, secret_hash, person_id, course_id, role, expires_at) SELECT '${tenant}', md5('s' || p.id)::uuid, 'x', p.id, c.id, 'student', now() + interval '1 hour' FROM p JOIN c ON c.n = (p.n - 1) / ${students} + 1;
	INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, scale, created_by, created_at, changed_at) SELECT '${tenant}', md5('r' || c.id || k)::uuid, c.id, 'R', '2026-01-01', '2026-02-01', '{"key":"k","values":[{"code":"5"}]}', c.id, now(), now() FROM c, generate_series(1, 3) k;
	INSERT INTO ilp.entry (tenant_id, review_id, student_id, entered_on, released_at) SELECT r.tenant_id, r.review_id, m.person_id, '2026-01-01', now() FROM ilp.review r JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id AND m.role = 'student' WHERE r.tenant_id = '${tenant}';
	INSERT INTO ilp.entry_text (tenant_id, review_id, student_id, field, text, author_id, at) SELECT e.tenant_id, e.review_id, e.student_id, f, '5', e.student_id, now() FROM ilp.entry e, unnest(ARRAY['value', 'comment', 'self_value', 'self_comment']) f WHERE e.tenant_id = '${tenant}';
	INSERT INTO ilp.entry_history (tenant_id, review_id, student_id, field, rev, text, author_id, at) SELECT tenant_id, review_id, student_id, field, 1, 'x', author_id, at FROM ilp.entry_text WHERE tenant_id = '${tenant}';
	INSERT INTO ilp.event (tenant_id, at, kind, review_id, student_id, told_at) SELECT tenant_id, now() + (random() * 845 - 100) * interval '1 day', 'entry.saved', review_id, student_id, now() FROM ilp.entry WHERE tenant_id = '${tenant}';
	INSERT INTO notify.mail (tenant_id, mail_id, recipient_id, state, message_id, link_token, due_at, created_at) SELECT '${tenant}', md5('m' || id)::uuid, id, 'sent', id::text, id::text, now(), now() FROM p;
	INSERT INTO notify.notice (tenant_id, mail_id, object_id, student_id, topic, at) SELECT e.tenant_id, md5('m' || e.student_id)::uuid, e.review_id, e.student_id, 'review', now() FROM ilp.entry e WHERE e.tenant_id = '${tenant}';
	INSERT INTO lti.nonce (registration_id, nonce, expires_at) SELECT '${tenant}', id::text, now() + random() * interval '1 day' FROM p;
	${[...term(tenant), ...oddments(tenant)].join(';\n\t')};
	DROP TABLE c, p;
`;

/* Named statements with their arguments, from the files the program is built from. */
function statements() {
	const list = [];
	for (const file of readdirSync(`${ROOT}/db/queries`).filter((f) => f.endsWith('.sql')))
		for (const block of readFileSync(`${ROOT}/db/queries/${file}`, 'utf8').split(/^-- name: /m).slice(1)) {
			const name = block.slice(0, block.indexOf('\n')).trim();
			const sql = block.slice(block.indexOf('\n')).replace(/^--.*$/gm, '').trim().replace(/;\s*$/, '');
			list.push({ name, file, worker: /worker scope|every tenant|sweep/i.test(block), sql });
		}
	return list;
}

/* These are about a school's whole (counts, a search, a shell's one look, a headteacher's
 * report and groups), which is half of all that is here. */
const WIDE = ['admin_platforms', 'admin_rules_apply', 'relations', 'platform_roster', 'plan_report_school', 'plan_report_groups', 'listed_groups'];

describe('with two schools of 200 courses', () => {
	before(async () => {
		await db.psql(school(A, 200, 30));
		await db.psql(school(B, 200, 30));
		await db.psql('ANALYZE');
	});

	test('without a tenant every table is empty for the role that serves', async () => {
		const tables = (await db.rows(TABLES)).map((t) => t.name);
		for (const t of tables) {
			assert.equal(await db.value(`SELECT count(*) FROM ${t}`, 'ilpd_app'), '0', t);
			assert.equal(await db.value(`SET app.tenant = ''; SELECT count(*) FROM ${t}`, 'ilpd_app'), '0', t);
		}
	});
	test('with a tenant only its own is there, and nothing can be written elsewhere', async () => {
		const tables = (await db.rows(TABLES)).map((t) => t.name);
		for (const t of tables) {
			assert.equal(await db.value(`SET app.tenant = '${A}'; SELECT count(*) FROM ${t} WHERE tenant_id <> '${A}'`, 'ilpd_app'), '0', t);
			assert.equal(await db.value(`SET app.tenant = '${A}'; WITH x AS (DELETE FROM ${t} WHERE tenant_id = '${B}' RETURNING 1) SELECT count(*) FROM x`, 'ilpd_app').catch(() => '0'), '0', t);
		}
		assert.equal(await db.value(`SET app.tenant = '${A}'; SELECT count(*) > 0 FROM ilp.person`, 'ilpd_app'), 't');
		await assert.rejects(db.psql(`SET app.tenant = '${A}'; INSERT INTO ilp.person (tenant_id, person_id) VALUES ('${B}', gen_random_uuid())`, 'ilpd_app'), /row-level security/);
		await assert.rejects(db.psql(`SET app.tenant = '${A}'; UPDATE ilp.person SET tenant_id = '${B}'`, 'ilpd_app'), /row-level security|violates/);
	});
	test('as a worker only the queues are seen across schools', async () => {
		const tables = (await db.rows(TABLES)).map((t) => t.name);
		const seen = [];
		for (const t of tables)
			if (await db.value(`SET app.worker = 'on'; SELECT count(*) FROM ${t}`, 'ilpd_app') !== '0')
				seen.push(t);
		assert.deepEqual(seen.filter((t) => !/^ilp\.event/.test(t)).sort(), ['ilp.course', 'ilp.review', 'ilp.review_reminder', 'ilp.session', 'notify.mail']);
	});
	test('every statement is one PostgreSQL takes, as the role that serves', async () => {
		const all = statements();
		assert.ok(all.length > 50, `${all.length}`);
		await db.psql(all.map((s) => `PREPARE ${s.name} AS ${s.sql};`).join('\n'), 'ilpd_app');
	});
	test('no statement reads a whole table that grows', async () => {
		const grows = /Seq Scan on (?:\w+\.)?(person|identity|course|membership|guardian_claim|guardian_link|session|review|entry|entry_text|entry_history|event_\d+_\d+|event_rest|mail|notice|nonce|student_group|group_member|mentor|plan|plan_row|plan_value|task|plan_history|post|evidence|plan_look|writing|snapshot|sign_off|meeting|meeting_party|meeting_text|meeting_history|plan_tombstone|share|bank|objective|review_reminder)\b/;
		const bad = [];
		let seen = 0;
		for (const s of statements()) {
			const { worker } = s;
			/* A sweep takes all that is due: the planner guesses a third of the table. That
			 * there is an index is what can be asked. */
			const sweeps = s.name.endsWith('_sweep') || WIDE.includes(s.name);
			const n = Math.max(0, ...[...s.sql.matchAll(/\$(\d+)/g)].map((m) => Number(m[1])));
			const values = Array(n).fill('NULL').join(', ');
			const plan = await db.psql(`SET app.tenant = '${A}'; ${worker ? "SET app.worker = 'on';" : ''} SET plan_cache_mode = force_generic_plan; ${sweeps ? 'SET enable_seqscan = off;' : ''}
				PREPARE s AS ${s.sql}; EXPLAIN (COSTS OFF) EXECUTE s${n ? ` (${values})` : ''};`, 'ilpd_app');
			seen += 1;
			/* What stands under a filter that is always false is never run. */
			const m = grows.exec(plan.replace(/One-Time Filter: false\n\s*->  Seq Scan on .*/g, ''));
			if (m)
				bad.push(`${s.file} ${s.name}: ${m[0]}`);
		}
		assert.ok(seen > 50);
		assert.deepEqual(bad, []);
	});
});
