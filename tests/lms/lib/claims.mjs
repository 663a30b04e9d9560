/* What the two platforms write into an id_token. Canvas sends nulls, `errors` and
 * `validation_context` everywhere; Moodle sends 60 seconds, short words and its own
 * order of members. The shapes are those of real and documented launches. */
import { childrenIn, hex40 } from '../school.mjs';

export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
export const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
export const CTX = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INST = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
const SYS = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';
const TEST_USER = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';

const CANVAS_CONTEXT_ROLES = {
	teacher: [`${CTX}#Instructor`],
	assistant: [`${CTX}/Instructor#TeachingAssistant`, `${CTX}#Instructor`],
	student: [`${CTX}#Learner`],
	parent: [`${CTX}#Mentor`],
	test: [`${CTX}#Learner`],
	admin: [],
};
export const canvasContextRoles = (role) => CANVAS_CONTEXT_ROLES[role];

function canvasRoles({ person, role }) {
	const school = person.schoolRole ? [INST + person.schoolRole] : [];
	return [...school, ...canvasContextRoles(role), SYS + (role === 'admin' ? 'SysAdmin' : 'User'), ...(role === 'test' ? [TEST_USER] : [])];
}

/* Canvas puts these two into every object claim. */
const noisy = (o) => ({ ...o, validation_context: null, errors: { errors: {} } });

export function rosterUrl(platform, course) {
	return platform.key === 'canvas' ? `${platform.base}/api/lti/courses/${course.number}/names_and_roles`
		: `${platform.base}/mod/lti/services.php/CourseSection/${course.id}/bindings/${platform.deployment}/memberships`;
}

function canvasCustom(platform, course, member) {
	const { person, role } = member;
	const children = childrenIn(platform, course, person);
	return {
		canvas_user_id: person.number, canvas_global_user_id: `10000000000${person.number}`, user_sis_id: person.sis ?? '', login_id: person.key,
		canvas_course_id: course.number, course_sis_id: course.sis, section_ids: course.section, section_sis_ids: '8B', section_names: '["8B"]',
		context_roles: canvasContextRoles(role).join(','),
		observees: children.map((c) => c.sub).join(','), observee_sis_ids: children.map((c) => c.sis).join(','),
		locale: person.language, timezone: 'Europe/Oslo', root_account_id: '1', account_id: '12', term_name: 'Høst 2026',
		masquerading_user_id: '$Canvas.masqueradingUser.id', postmessage_token: hex40(`token:${person.key}`),
	};
}

function canvasClaims(platform, course, member, launch) {
	const { person, role } = member;
	const children = role === 'parent' ? childrenIn(platform, course, person) : [];
	const iat = Math.floor(launch.now / 1000);
	return {
		iss: platform.issuer, aud: platform.clientId, azp: platform.clientId, iat, exp: iat + 3600, nonce: launch.nonce, sub: person.sub,
		errors: { errors: {} }, locale: person.language,
		[`${CLAIM}message_type`]: 'LtiResourceLinkRequest',
		[`${CLAIM}version`]: '1.3.0',
		[`${CLAIM}deployment_id`]: platform.deployment,
		[`${CLAIM}target_link_uri`]: platform.tool.target,
		[`${CLAIM}resource_link`]: noisy({ id: course.link, title: 'Learning plans', description: null }),
		[`${CLAIM}tool_platform`]: noisy({ guid: 'Fj0rdbyAbCdEf:canvas-lms', name: 'Fjordby kommune', version: 'cloud', product_family_code: 'canvas' }),
		[`${CLAIM}launch_presentation`]: noisy({ document_target: launch.target, return_url: `${platform.base}/courses/${course.number}/external_content/success/external_tool_redirect`,
			locale: person.language, height: null, width: null }),
		[`${CLAIM}roles`]: canvasRoles(member),
		[`${CLAIM}custom`]: canvasCustom(platform, course, member),
		[`${CLAIM}lti11_legacy_user_id`]: person.loginHint,
		[`${CLAIM}lti1p1`]: noisy({ user_id: person.loginHint }),
		'https://www.instructure.com/placement': 'course_navigation',
		'https://www.instructure.com/lti_student_id': null,
		...(person.mail ? { email: person.mail } : {}),
		name: person.name, given_name: person.given, family_name: person.family,
		[`${CLAIM}lis`]: noisy({ person_sourcedid: person.sis || null, course_offering_sourcedid: course.sis }),
		picture: `${platform.base}/images/messages/avatar-50.png`,
		[`${CLAIM}context`]: noisy({ id: course.id, label: course.label, title: course.title, type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] }),
		'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': noisy({ scope: ['lineitem', 'result.readonly', 'score'].map((s) => AGS + s),
			lineitems: `${platform.base}/api/lti/courses/${course.number}/line_items` }),
		'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': noisy({ context_memberships_url: rosterUrl(platform, course), service_versions: ['2.0'], scope: [NRPS] }),
		...(children.length ? { [`${CLAIM}role_scope_mentor`]: children.map((c) => c.sub) } : {}),
	};
}

/* Moodle knows capabilities, not roles: a non-editing teacher is an Instructor here,
 * a parent a Learner unless a plugin says otherwise, and the list is sorted. */
const MOODLE_ROLES = {
	teacher: [`${CTX}#Instructor`],
	assistant: [`${CTX}#Instructor`],
	student: [`${CTX}#Learner`],
	parent: [`${CTX}#Mentor`, `${CTX}/Mentor#ExternalMentor`],
	admin: [`${INST}Administrator`, `${CTX}#Instructor`, `${SYS}Administrator`],
};

function moodleClaims(platform, course, member, launch) {
	const { person, role } = member;
	const iat = Math.floor(launch.now / 1000);
	const services = `${platform.base}/mod/lti/services.php`;
	const children = role === 'parent' ? childrenIn(platform, course, person) : [];
	return {
		nonce: launch.nonce, iat, exp: iat + 60, iss: platform.issuer, aud: platform.clientId,
		[`${CLAIM}deployment_id`]: platform.deployment,
		[`${CLAIM}target_link_uri`]: platform.tool.target,
		sub: person.sub,
		[`${CLAIM}lis`]: { person_sourcedid: person.idnumber ?? '', course_section_sourcedid: course.sis },
		[`${CLAIM}roles`]: MOODLE_ROLES[role],
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
		[`${CLAIM}custom`]: { context_memberships_url: rosterUrl(platform, course), system_setting_url: `${services}/tool/1/custom` },
		'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': { context_memberships_url: rosterUrl(platform, course), service_versions: ['1.0', '2.0'] },
		...(children.length ? { [`${CLAIM}role_scope_mentor`]: children.map((c) => c.sub).join(',') } : {}),
	};
}

export const claimsFor = (platform, course, member, launch) =>
	(platform.key === 'canvas' ? canvasClaims : moodleClaims)(platform, course, member, launch);

/* Moodle is PHP: what is not ASCII is written as \uXXXX. */
export const asciiJson = (value) => JSON.stringify(value)
	.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
