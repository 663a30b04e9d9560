/* What the platforms write into an id_token. Canvas sends nulls, `errors` and
 * `validation_context` everywhere; Moodle sends 60 seconds, short words and its own
 * order of members; the others differ by their rows in personas.mjs. The shapes are
 * those of real and documented launches. */
import { childrenIn, hex40 } from '../school.mjs';
import { AGS, CTX, INST, NOTICES, NRPS, SYS, TEST_USER } from './personas.mjs';

export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
export { CTX, NRPS };

function canvasRoles(platform, { person, role }, account) {
	const school = person.schoolRole ? [INST + person.schoolRole] : [];
	return [...school, ...(account ? [] : platform.persona.roles[role]), SYS + (role === 'admin' && !account ? 'SysAdmin' : 'User'), ...(role === 'test' ? [TEST_USER] : [])];
}

/* Canvas puts these two into every object claim. */
const noisy = (o) => ({ ...o, validation_context: null, errors: { errors: {} } });

export function rosterUrl(platform, course) {
	if (platform.persona.claims === 'canvas')
		return `${platform.base}/api/lti/courses/${course.number}/names_and_roles`;
	if (platform.persona.claims === 'moodle')
		return `${platform.base}/mod/lti/services.php/CourseSection/${course.id}/bindings/${platform.deployment}/memberships`;
	return `${platform.base}/api/lti/nrps/${course.id}/memberships${platform.persona.roster?.query ?? ''}`;
}

function canvasCustom(platform, course, member) {
	const { person, role } = member;
	const children = childrenIn(platform, course, person);
	return {
		canvas_user_id: person.number, canvas_global_user_id: `10000000000${person.number}`, user_sis_id: person.sis ?? '', login_id: person.key,
		canvas_course_id: course.number, course_sis_id: course.sis, section_ids: course.section, section_sis_ids: '8B', section_names: '["8B"]',
		context_roles: platform.persona.roles[role].join(','),
		observees: children.map((c) => c.sub).join(','), observee_sis_ids: children.map((c) => c.sis).join(','),
		locale: person.language, timezone: 'Europe/Oslo', root_account_id: '1', account_id: '12', term_name: 'Høst 2026',
		...(course.history ? { context_history: course.history.join(',') } : {}),
		masquerading_user_id: '$Canvas.masqueradingUser.id', postmessage_token: hex40(`token:${person.key}`),
	};
}

/* Parents named by the platform itself, in the form it does so. */
function scopeOf(platform, course, { person, role }) {
	const children = role === 'parent' ? childrenIn(platform, course, person) : [];
	if (!platform.persona.scope || !children.length)
		return {};
	const subs = children.map((c) => c.sub);
	return { [`${CLAIM}role_scope_mentor`]: platform.persona.scope === 'text' ? subs.join(',') : subs };
}

function noticeService(platform, { tool }) {
	return platform.persona.notices ? { [`${CLAIM}platformnotificationservice`]: { service_versions: ['1.0'],
		platform_notification_service_url: `${platform.urls.notices}/${encodeURIComponent(tool.deployments[0])}`, scope: [NOTICES], notice_types_supported: platform.persona.notices } } : {};
}

const nrpsClaim = (platform, course, more) => ({ 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': { context_memberships_url: rosterUrl(platform, course), ...more } });

function canvasClaims(platform, course, member, launch) {
	const { person } = member;
	const iat = Math.floor(launch.now / 1000);
	const account = launch.account;
	return {
		iss: platform.issuer, aud: launch.tool.clientId, azp: launch.tool.clientId, iat, exp: iat + platform.persona.token.seconds, nonce: launch.nonce, sub: person.sub,
		errors: { errors: {} }, locale: person.language,
		[`${CLAIM}message_type`]: 'LtiResourceLinkRequest',
		[`${CLAIM}version`]: '1.3.0',
		[`${CLAIM}deployment_id`]: launch.deployment,
		[`${CLAIM}target_link_uri`]: launch.tool.target,
		[`${CLAIM}resource_link`]: noisy({ id: account ? account.id : course.link, title: 'Learning plans', description: null }),
		[`${CLAIM}tool_platform`]: noisy({ guid: 'Fj0rdbyAbCdEf:canvas-lms', name: 'Fjordby kommune', version: 'cloud', product_family_code: 'canvas' }),
		[`${CLAIM}launch_presentation`]: noisy({ document_target: launch.target, return_url: `${platform.base}/courses/${course.number}/external_content/success/external_tool_redirect`,
			locale: person.language, height: null, width: null }),
		[`${CLAIM}roles`]: canvasRoles(platform, member, account),
		[`${CLAIM}custom`]: account ? { canvas_user_id: person.number, is_root_admin: 'true', observees: '' } : canvasCustom(platform, course, member),
		[`${CLAIM}lti11_legacy_user_id`]: person.loginHint,
		[`${CLAIM}lti1p1`]: noisy({ user_id: person.loginHint }),
		'https://www.instructure.com/placement': account ? 'account_navigation' : 'course_navigation',
		'https://www.instructure.com/lti_student_id': null,
		...(person.mail ? { email: person.mail } : {}),
		name: person.name, given_name: person.given, family_name: person.family,
		[`${CLAIM}lis`]: noisy({ person_sourcedid: person.sis || null, course_offering_sourcedid: account ? null : course.sis }),
		picture: `${platform.base}/images/messages/avatar-50.png`,
		[`${CLAIM}context`]: account ? noisy({ id: account.id, label: null, title: account.title, type: ['Account'] })
			: noisy({ id: course.id, label: course.label, title: course.title, type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] }),
		...(account ? {} : {
			'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': noisy({ scope: ['lineitem', 'result.readonly', 'score'].map((s) => AGS + s),
				lineitems: `${platform.base}/api/lti/courses/${course.number}/line_items` }),
			...nrpsClaim(platform, course, noisy({ service_versions: ['2.0'], scope: [NRPS] })),
			...noticeService(platform, launch),
			...scopeOf(platform, course, member),
		}),
	};
}

function moodleClaims(platform, course, member, launch) {
	const { person, role } = member;
	const iat = Math.floor(launch.now / 1000);
	const services = `${platform.base}/mod/lti/services.php`;
	return {
		nonce: launch.nonce, iat, exp: iat + platform.persona.token.seconds, iss: platform.issuer, aud: launch.tool.clientId,
		[`${CLAIM}deployment_id`]: launch.deployment,
		[`${CLAIM}target_link_uri`]: launch.tool.target,
		sub: person.sub,
		[`${CLAIM}lis`]: { person_sourcedid: person.idnumber ?? '', course_section_sourcedid: course.sis },
		[`${CLAIM}roles`]: platform.persona.roles[role],
		[`${CLAIM}context`]: { id: course.id, label: course.label, title: course.title, type: ['CourseSection'] },
		[`${CLAIM}message_type`]: 'LtiResourceLinkRequest',
		[`${CLAIM}resource_link`]: { title: 'Learning plans', description: '', id: course.link },
		given_name: person.given, family_name: person.family, name: person.name,
		[`${CLAIM}ext`]: { user_username: person.key, lms: 'moodle-2' },
		...(person.mail ? { email: person.mail } : {}),
		[`${CLAIM}launch_presentation`]: { locale: person.language, document_target: launch.target,
			return_url: `${platform.base}/mod/lti/return.php?course=${course.id}&launch_container=3&instanceid=${course.link}&sesskey=cOOlQEL2gB` },
		[`${CLAIM}tool_platform`]: { product_family_code: 'moodle', version: '2022112810', guid: '4c26a1983f5a2e7c6c065d2f20a18219', name: 'Fjordby', description: 'Fjordby Moodle' },
		[`${CLAIM}version`]: '1.3.0',
		[`${CLAIM}custom`]: { ...(course.history ? { context_history: course.history.join(',') } : {}), context_memberships_url: rosterUrl(platform, course), system_setting_url: `${services}/tool/1/custom` },
		...nrpsClaim(platform, course, { service_versions: ['1.0', '2.0'] }),
		...scopeOf(platform, course, member),
	};
}

/* Names and addresses, as far as the platform shares them. */
function personal(persona, { person }) {
	if (persona.privacy !== 'all')
		return {};
	return { name: person.name, given_name: person.given, family_name: person.family, ...(person.mail ? { email: person.mail } : {}) };
}

function plainClaims(platform, course, member, launch) {
	const { persona } = platform;
	const { person, role } = member;
	const iat = Math.floor(launch.now / 1000);
	const { clientId } = launch.tool;
	const locale = persona.locales[person.language] ?? person.language;
	return {
		iss: platform.issuer, aud: persona.token.list ? [clientId] : clientId, ...(persona.token.azp ? { azp: clientId } : {}), sub: person.sub,
		iat, exp: iat + persona.token.seconds, nonce: launch.nonce, ...personal(persona, member),
		...(persona.privacy === 'all' ? { locale } : {}),
		[`${CLAIM}message_type`]: 'LtiResourceLinkRequest',
		[`${CLAIM}version`]: '1.3.0',
		[`${CLAIM}deployment_id`]: launch.deployment,
		[`${CLAIM}target_link_uri`]: launch.tool.target,
		[`${CLAIM}roles`]: launch.account ? persona.roles.admin.filter((r) => !r.startsWith(CTX)) : persona.roles[role],
		...(launch.account ? {} : { [`${CLAIM}context`]: { id: course.id, label: course.label, title: course.title, type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] } }),
		[`${CLAIM}resource_link`]: { id: launch.account ? launch.account.id : course.link, title: 'Learning plans' },
		...(persona.family ? { [`${CLAIM}tool_platform`]: { guid: `${platform.key}-guid`, name: platform.name, product_family_code: persona.family, version: persona.version } } : {}),
		[`${CLAIM}launch_presentation`]: { document_target: launch.target, locale, return_url: `${platform.base}/return?course=${course.id}` },
		...(persona.privacy === 'all' ? { [`${CLAIM}lis`]: { person_sourcedid: person.sis ?? '', course_offering_sourcedid: course.sis } } : {}),
		[`${CLAIM}custom`]: course.history ? { context_history: course.history.join(',') } : {},
		...(persona.roster && !launch.account ? nrpsClaim(platform, course, { service_versions: ['2.0'] }) : {}),
		...(launch.account ? {} : { ...noticeService(platform, launch), ...scopeOf(platform, course, member) }),
	};
}

const BUILDERS = { canvas: canvasClaims, moodle: moodleClaims, plain: plainClaims };

/* What the variables of a platform stand for, here and for this person. */
const VARIABLES = {
	'Context.id.history': (course) => (course.history ?? []).map(encodeURIComponent).join(','),
	'com.instructure.User.observees': (course, member, platform) => (member.role === 'parent' ? childrenIn(platform, course, member.person).map((c) => c.sub).join(',') : ''),
	'Moodle.Person.userGroupIds': (course, member) => member.person.groups ?? '',
	'Canvas.user.sisSourceId': (course, member) => member.person.sis ?? '',
	'Message.locale': (course, member) => member.person.language,
	'User.id': (course, member) => member.person.number,
	'User.username': (course, member) => member.person.key,
	'Person.email.primary': (course, member) => member.person.mail ?? '',
	'Context.id': (course) => course.id,
};

/* A value with its variable filled in; one the platform does not know stays as it is. */
function substituted(platform, course, member, value) {
	const name = value.startsWith('$') ? value.slice(1) : null;
	return platform.persona.variables.includes(name) && VARIABLES[name] ? VARIABLES[name](course, member, platform) : value;
}

/* What a tool gave itself at registration stands in custom instead of what this platform
 * says of old; a link's own values are beside it, never over it. */
function withCustom(platform, course, member, claims, launch) {
	const fill = (o) => Object.fromEntries(Object.entries(o ?? {}).map(([k, v]) => [k, substituted(platform, course, member, v)]));
	const own = launch.tool.custom === null ? claims[`${CLAIM}custom`] : fill(launch.tool.custom);
	return { ...claims, [`${CLAIM}custom`]: { ...fill(launch.link?.custom), ...own } };
}

/* launch: {nonce, now, target, tool, deployment, account?, link?}; messages.mjs makes of it
 * what is no resource link. */
export function resourceLinkClaims(platform, course, member, launch) {
	const claims = withCustom(platform, course, member, BUILDERS[platform.persona.claims](platform, course, member, launch), launch);
	if (!launch.link)
		return claims;
	return { ...claims, [`${CLAIM}target_link_uri`]: launch.link.url ?? launch.tool.target,
		[`${CLAIM}resource_link`]: { ...claims[`${CLAIM}resource_link`], id: launch.link.id, title: launch.link.title ?? '', description: launch.link.text ?? '' } };
}

/* Moodle is PHP: what is not ASCII is written as \uXXXX. */
export const asciiJson = (value) => JSON.stringify(value)
	.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
