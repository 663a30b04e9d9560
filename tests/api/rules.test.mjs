/* What somebody is in a course where the vocabulary says too little: the school's own
 * rules, at launches and in rosters. Moodle's parents arrive as students. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { CANVAS, MOODLE, TENANT, sleep, startWorld } from '../harness/index.mjs';

const LEARNER = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner';
const PARENT = 'bjorn-tangen'; /* whatever the demo school thinks of him */
const GROUPS = { groups: 'groups' };
let world;

before(async () => {
	world = await startWorld({ env: { ILPD_MAIL_RELAY: '' } });
	await world.rosterDone(await world.launch('kari-nordli'));
});
after(() => world?.stop());
afterEach(() => rules([], {}));

const json = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`;

/* The rules of a registration and its own settings, as the administrator's page writes them.
 * Answers the rules' ids. */
async function rules(list, settings = GROUPS, { registration = MOODLE, tenant = TENANT } = {}) {
	const rows = list.map((r, position) => ({ rule_id: randomUUID(), position, name: '', ...r }));
	await world.database.psql(`DELETE FROM ilp.role_rule WHERE tenant_id = '${tenant}';
		INSERT INTO ilp.role_rule (tenant_id, rule_id, registration_id, position, kind, name, value, becomes)
		SELECT '${tenant}', rule_id, '${registration}', position, kind, name, value, becomes
		FROM jsonb_to_recordset(${json(rows)}) r (rule_id uuid, position int, kind text, name text, value text, becomes text);
		UPDATE lti.registration SET settings = ${json(settings)} WHERE registration_id = '${MOODLE}';
		NOTIFY registration`);
	await sleep(300);
	return rows.map((r) => r.rule_id);
}
const said = (custom, more = {}) => ({ overrides: { claims: { 'C/custom': custom, ...more } } });
const home = async (user, more) => (await world.launch(user, more)).home();
const role = async (user, more) => (await home(user, more)).viewer.role;
/* The line that a launch leaves in the launch log; it is written a little later. */
async function logged(launch) {
	await sleep(500);
	await world.database.psql('DELETE FROM lti.launch');
	const answer = await launch();
	for (const until = Date.now() + 10_000; Date.now() < until; await sleep(100)) {
		const [row] = await world.database.rows('SELECT role, why, facts FROM lti.launch');
		if (row)
			return { answer, ...row };
	}
	throw new Error('no launch was written down');
}
const subOf = (user) => world.database.value(`SELECT i.sub FROM ilp.identity i JOIN ilp.person p USING (tenant_id, person_id)
	WHERE i.registration_id = '${MOODLE}' AND p.email LIKE '${user.replace('-', '.')}@%'`);

describe('a rule', () => {
	test('none: a Moodle parent is a student', async () => {
		assert.equal(await role(PARENT, said({ groups: '3,9' })), 'student');
	});
	test('by a group that the registration declares', async () => {
		const [id] = await rules([{ kind: 'group', value: '9', becomes: 'guardian' }]);
		const { answer: parent, why, facts } = await logged(() => home(PARENT, said({ groups: '3,9' })));
		assert.equal(parent.viewer.role, 'guardian');
		assert.deepEqual(parent.children, [], 'nobody is listed without a relation');
		assert.equal(parent.participants, undefined);
		assert.equal(why, `rule ${id}`);
		assert.deepEqual(facts.custom, { groups: '3,9' });
	});
	for (const [what, value] of [['another group', '3,19'], ['a variable that was not filled in', '$Moodle.Person.userGroupIds'], ['no group', '']])
		test(`by group: ${what} is not it`, async () => {
			await rules([{ kind: 'group', value: '9', becomes: 'guardian' }]);
			assert.equal(await role(PARENT, said({ groups: value })), 'student');
		});
	test('by a custom parameter that the registration declares', async () => {
		await rules([{ kind: 'custom', name: 'kind', value: 'tutor', becomes: 'mentor' }], { trusted: 'kind' });
		assert.equal(await role(PARENT, said({ kind: 'tutor' })), 'mentor');
		assert.equal(await role(PARENT, said({ kind: 'Tutor' })), 'student');
	});
	test('by role address; user outranks group outranks role', async () => {
		const sub = await subOf(PARENT);
		const byRole = { kind: 'role', value: LEARNER, becomes: 'none' };
		const byGroup = { kind: 'group', value: '9', becomes: 'mentor' };
		await rules([byRole]);
		assert.equal(await role(PARENT, said({ groups: '9' })), 'none');
		await rules([byRole, byGroup]);
		assert.equal(await role(PARENT, said({ groups: '9' })), 'mentor');
		await rules([byRole, byGroup, { kind: 'user', value: sub, becomes: 'guardian' }]);
		assert.equal(await role(PARENT, said({ groups: '9' })), 'guardian');
	});
	test('a rule that was taken back no longer counts', async () => {
		await rules([{ kind: 'group', value: '9', becomes: 'guardian' }]);
		assert.equal(await role(PARENT, said({ groups: '9' })), 'guardian');
		await rules([]);
		assert.equal(await role(PARENT, said({ groups: '9' })), 'student');
	});
	test('of another registration is none', async () => {
		await rules([{ kind: 'role', value: LEARNER, becomes: 'teacher' }], GROUPS, { registration: CANVAS });
		assert.equal(await role(PARENT, said({})), 'student');
	});
	test('of another school is none', async () => {
		const tenant = randomUUID();
		await world.database.psql(`INSERT INTO ilp.tenant (tenant_id, name) VALUES ('${tenant}', 'Another school')`);
		await rules([{ kind: 'role', value: LEARNER, becomes: 'teacher' }], GROUPS, { tenant });
		assert.equal(await role(PARENT, said({})), 'student');
		await world.database.psql(`DELETE FROM ilp.role_rule WHERE tenant_id = '${tenant}'`);
	});
});

/* A course teacher may write custom parameters into a link of their own (lti.md 3.3). */
describe('forged in a link', () => {
	for (const [what, settings] of [['nothing is declared', {}], ['another name is declared', { trusted: 'kinds group', observees: 'Groups' }]])
		test(`where ${what}`, async () => {
			await rules([{ kind: 'group', value: '9', becomes: 'teacher' }, { kind: 'custom', name: 'kind', value: 'staff', becomes: 'teacher' },
				{ kind: 'custom', name: 'groups', value: '9', becomes: 'teacher' }], settings);
			const { answer, facts } = await logged(() => role(PARENT, said({ groups: '9', kind: 'staff', observees: '5', history: 'x' })));
			assert.equal(answer, 'student');
			assert.deepEqual(facts.custom ?? {}, {}, 'what is not declared is not written down either');
		});
});

describe('in a roster', () => {
	const roleInList = (user) => world.database.value(`SELECT m.role FROM ilp.membership m JOIN ilp.person p USING (tenant_id, person_id)
		JOIN ilp.course c USING (tenant_id, course_id) WHERE c.registration_id = '${MOODLE}' AND p.email LIKE '${user.replace('-', '.')}@%'`);
	test('a list of users makes guardians of those who were never here', async () => {
		const sub = await subOf('ayaan-farah');
		assert.equal(await roleInList('ayaan-farah'), 'student');
		await rules([{ kind: 'user', value: sub, becomes: 'guardian' }, { kind: 'group', value: '9', becomes: 'teacher' }]);
		const kari = await world.launch('kari-nordli');
		assert.equal((await kari.post('/roster', {})).status, 202);
		await sleep(300);
		const seen = await world.rosterDone(kari);
		assert.equal(await roleInList('ayaan-farah'), 'guardian');
		assert.equal(await roleInList('eline-vik'), 'student', 'a roster has no groups');
		assert.equal(JSON.stringify(seen.participants).includes('Ayaan'), false, 'a parent is no student of the list');
	});
});
