/* Every platform's habits against the whole way: login, launch of everybody, roster, token
 * audience, a change of keys. The habits stand in tests/lms/lib/personas.mjs. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startWorld } from '../harness/index.mjs';
import { assertRefused } from '../harness/refused.mjs';
import { NOTICES, NRPS, PERSONAS } from '../lms/lib/personas.mjs';

const NEW = Object.keys(PERSONAS).filter((k) => !['canvas', 'moodle'].includes(k));
/* What people become here; where a platform has no word for parents they are what it says. */
const ROLES = {
	canvas: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
	moodle: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'teacher' },
	brightspace: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
	blackboard: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'none', admin: 'none' },
	sakai: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
	schoology: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'student', admin: 'teacher' },
	itslearning: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
	openedx: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'student', admin: 'teacher' },
	strict: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
	minimal: { teacher: 'teacher', assistant: 'teacher', student: 'student', parent: 'guardian', admin: 'none' },
};
const PEOPLE = { canvas: { teacher: 'ingrid-solheim', assistant: 'tomas-lien', student: 'sofie-aasen-lund', parent: 'marte-aasen', admin: 'ada-fossum' },
	moodle: { teacher: 'kari-nordli', assistant: 'ola-ostgard', student: 'bjorn-tangen', parent: 'ragnhild-tangen', admin: 'astrid-moe' } };
const CAST = { teacher: 'berit-lie', assistant: 'odd-falk', student: 'ane-ruud', parent: 'tone-ruud', admin: 'finn-krog' };
/* Parents whose children the platform names. */
const CHILDREN = { canvas: ['Sofie Aasen Lund'], moodle: ['Bjørn Tangen'], strict: ['Ane Ruud'] };

let world;
before(async () => { world = await startWorld({ personas: NEW }); });
after(() => world?.stop());

const who = (platform, place) => [(PEOPLE[platform] ?? CAST)[place], PEOPLE[platform] ? {} : { platform, course: 'naturfag-7a' }];
const open = (platform, place, more = {}) => {
	const [user, where] = who(platform, place);
	return world.launch(user, { ...where, ...more });
};
const log = async (platform, what) => (await (await fetch(`${world.lmsUrl}/test/log`)).json()).filter((l) => l.platform === platform && l.what === what);

for (const [platform, persona] of Object.entries(PERSONAS))
	describe(persona.name, () => {
		let teacher;

		test('everybody is let in as what they are', async () => {
			teacher = await open(platform, 'teacher');
			for (const [place, role] of Object.entries(ROLES[platform])) {
				const home = await (await open(platform, place)).home();
				assert.equal(home.viewer.role, role, place);
				assert.match(home.viewer.name, /\S/);
			}
		});
		test('the login is taken by POST and by GET', async () => {
			const [user, where] = who(platform, 'teacher');
			for (const method of ['get', 'post']) {
				const browser = world.browser();
				const start = await browser.initiation(user, where);
				const login = await browser.login({ ...start, method });
				assert.equal(login.status, 302, method);
				const q = new URL(login.headers.location).searchParams;
				assert.equal(q.get('lti_message_hint'), start.params.lti_message_hint ?? null, 'the hint goes back as it came');
				assert.equal(q.get('login_hint'), start.params.login_hint);
			}
		});
		if (persona.roster)
			test('the roster comes, by a token for its own audience', async () => {
				const home = await world.rosterDone(teacher);
				const names = home.participants.map((p) => p.name);
				if (platform === 'canvas')
					assert.equal(names.length, 28);
				else if (platform === 'moodle')
					assert.ok(names.includes("Jón O'Brien-Ñuñez & Søn"), 'names are unescaped');
				else
					assert.equal(names.length, ROLES[platform].parent === 'student' ? 4 : 3);
				if (persona.privacy === 'all' && NEW.includes(platform))
					assert.ok(names.includes("Liv O'Hara & <Dahl>"), names.join());
				const scopes = [...new Set((await log(platform, 'token')).map((t) => t.scope))];
				assert.ok(scopes.includes(NRPS));
				assert.deepEqual(scopes.filter((s) => s !== NRPS && !(s === NOTICES && persona.notices)), [], 'one scope for each thing, and none that is not needed');
				if (platform === 'strict')
					assert.equal(new Set((await log(platform, 'nrps')).map((p) => p.url)).size, 2, 'six people in pages of five');
			});
		else
			test('there is no roster, and nothing breaks', async () => {
				const home = await teacher.home();
				assert.notEqual(home.roster?.state, 'error');
				assert.deepEqual(await log(platform, 'nrps'), []);
			});
		test('a parent sees their own children or an explanation, never a list', async () => {
			const home = await (await open(platform, 'parent')).home();
			assert.equal(home.participants, undefined);
			if (ROLES[platform].parent === 'guardian')
				assert.deepEqual(home.children.map((c) => c.name), CHILDREN[platform] ?? []);
			else
				assert.equal(home.children, undefined);
		});
	});

test('languages arrive in every spelling', async () => {
	for (const [platform, language] of [['sakai', 'nb'], ['brightspace', 'nb'], ['canvas', 'nb'], ['moodle', 'nb']])
		assert.equal((await (await open(platform, 'student')).home()).viewer.language, language, platform);
});

test('an administrator opens the tool from the account, where no course is', async () => {
	for (const platform of ['canvas', 'strict', 'brightspace', 'sakai']) {
		const home = await (await open(platform, 'admin', { account: true })).home();
		assert.equal(home.course, undefined);
		assert.equal(home.viewer.role, 'none');
	}
});

test('a key that was published before signs at once; one that nobody knew after a minute', async () => {
	const began = Date.now();
	await world.hook('service/jwks', { mode: 'rotate' });
	for (const platform of Object.keys(PERSONAS))
		await open(platform, 'student');
	await world.hook('service/jwks', { mode: 'rotate_no_overlap' });
	for (const platform of Object.keys(PERSONAS)) {
		const [user, more] = who(platform, 'teacher');
		const end = await world.browser().visit(user, more);
		/* Where the last set is a minute old the new one is there already. */
		assert.ok(end.status === 303 || /<dd>token_key_unknown<\/dd>/.test(end.text), `${platform}: ${end.status}`);
	}
	await sleep(Math.max(0, began + 61_000 - Date.now()));
	for (const platform of Object.keys(PERSONAS))
		await open(platform, 'teacher');
	const [user, more] = who('strict', 'teacher');
	await assertRefused(world, { user, more, overrides: { sign: 'otherkey', header: { kid: 'nobody' } }, reason: 'token_key_unknown' });
});
