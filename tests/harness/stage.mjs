/* English 8B in the middle of a term, as the tests about rights need it: everybody has
 * come once, three reviews stand at different points of their life. */
export const PEOPLE = {
	teacher: ['ingrid-solheim'],
	'other course': ['jonas-berge', { course: 'matematikk-8b' }],
	student: ['sofie-aasen-lund'],
	'other student': ['maja-rosenlund'],
	guardian: ['marte-aasen'],
	'other guardian': ['lise-brathen'],
	'guardian of nobody': ['petter-holm'],
	mentor: ['tomas-lien', { overrides: { claims: { sub: 'mentor', name: 'Mona Mentor', given_name: 'Mona', family_name: 'Mentor', email: 'mona@solbakken.example',
		'C/roles': ['http://purl.imsglobal.org/vocab/lis/v2/membership/Mentor#Advisor'] } } }],
	none: ['ada-fossum'],
};

/* {by role: client}, ids of people by key. */
export async function everybody(world) {
	const who = {};
	for (const [role, [user, more]] of Object.entries(PEOPLE))
		who[role] = await world.launch(user, more);
	await world.rosterDone(who.teacher);
	await world.rosterDone(who['other course']);
	/* Guardians who came before the roster are linked once it is there. */
	for (const role of ['guardian', 'other guardian'])
		who[role] = await world.launch(...PEOPLE[role]);
	return who;
}

/* Ids of the people of both Canvas courses, by the key the LMS calls them. */
export async function idsOf(world) {
	const rows = await world.database.rows('SELECT i.sub, i.person_id FROM ilp.identity i');
	const school = await (await fetch(`${world.lmsUrl}/test/school`)).json();
	const bySub = new Map(rows.map((r) => [r.sub, r.person_id]));
	return Object.fromEntries(school.platforms.filter((p) => p.key === 'canvas').flatMap((p) => p.courses).flatMap((c) => c.people).map((p) => [p.key, bySub.get(p.sub)]).filter(([, id]) => id));
}
