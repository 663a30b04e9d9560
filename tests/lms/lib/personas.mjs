/* What each product does in its own way, as data. A platform of the demo LMS is one of
 * these rows with people and addresses; nothing else asks for a product by its name.
 * The shapes are those of real captures and of the products' documents. */

export const CTX = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
export const INST = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
export const SYS = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';
export const TEST_USER = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
export const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
export const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
export const NOTICES = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';
const AGS_ALL = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((s) => AGS + s);
const CANVAS_LTI = 'https://canvas.instructure.com/lti/';

const teacherIn = (...more) => [`${CTX}#Instructor`, ...more];
const assistantIn = (...more) => [`${CTX}/Instructor#TeachingAssistant`, `${CTX}#Instructor`, ...more];
const studentIn = (...more) => [`${CTX}#Learner`, ...more];

/* The members, each with what it may be:
 *   name, kind        as people read them
 *   issuer            where it is not the platform's own address: shared by all customers
 *   claims            whose id_tokens these look like: canvas, moodle or plain
 *   ids               of people: uuid, number, hex32 or compound
 *   login             method; client: does it say client_id; deployment: the parameter's
 *                     name, null where it says none; more: what it adds
 *   hint              lti_message_hint: jwt, json, opaque or null
 *   storage           lti_storage_target, null where it has none; frame: what its
 *                     lti.capabilities name instead
 *   authorize         how it refuses at the authorization endpoint: canvas, moodle, plain
 *   token             seconds it lives; azp; list: aud as an array; ascii: \u00e6
 *   locales           its words for ours
 *   roles             at launch, by place; system roles of its own are in them
 *   scope             role_scope_mentor: array, text or null
 *   privacy           all, none (only sub), or pseudonym (sub and role)
 *   access            the token endpoint: audience (null: its own address, "any": not
 *                     looked at, else this), type of its answers, strict about scopes,
 *                     agent: refuses without User-Agent
 *   keys              how kids look; alg: does a key name its algorithm; age: max-age
 *   roster            null: it has none. max and size of pages (0: all at once); paging: page
 *                     or from; link: style of the header; roles short or uri; escaped names;
 *                     exact: takes only the exact Accept; everybody: who is listed as what
 *   registration      null: none. token needed, optional or never; status; deployment: in the
 *                     answer; errors: list, text or json; frame: iframe or window; strict
 *   placing           members of deep_linking_settings
 *   notices           types its Platform Notification Service sends, or null
 *   messages, scopes  what it offers at registration */
const BASE = {
	issuer: null, claims: 'plain', ids: 'uuid',
	login: { method: 'post', client: true, deployment: 'lti_deployment_id', more: {} },
	hint: 'opaque', storage: null, frame: null, authorize: 'plain',
	token: { seconds: 3600, azp: true, list: false, ascii: false },
	locales: { nb: 'nb-NO', nn: 'nn-NO', no: 'nb-NO', en: 'en-US' },
	roles: { teacher: teacherIn(), assistant: assistantIn(), student: studentIn(), parent: [`${CTX}#Mentor`],
		admin: [`${INST}Administrator`], test: studentIn(TEST_USER) },
	scope: null, privacy: 'all', family: '', version: '1', product: {},
	access: { audience: null, type: 'application/json; charset=utf-8', strict: true, agent: false, seconds: 3600 },
	keys: { style: 'hex', alg: true, age: null },
	roster: { max: 1000, size: 0, paging: 'page', link: 'plain', roles: 'uri', escaped: false, exact: false, agent: false },
	registration: null,
	placing: { accept_types: ['ltiResourceLink'], accept_presentation_document_targets: ['iframe', 'window'], accept_multiple: true },
	notices: null,
	messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] }],
	scopes: ['openid', ...AGS_ALL, NRPS], variables: ['User.id', 'Context.id', 'Context.id.history', 'Person.email.primary'],
};

const ROWS = {
	canvas: {
		name: 'Canvas', kind: 'Behaves like Canvas: parents are observers of their children, rosters come in pages.',
		claims: 'canvas',
		login: { method: 'post', client: true, deployment: 'deployment_id', more: { canvas_region: 'eu-north-1', canvas_environment: 'prod' } },
		hint: 'jwt', storage: 'post_message_forwarding', frame: 'post_message_forwarding', authorize: 'canvas',
		roles: { teacher: teacherIn(), assistant: assistantIn(), student: studentIn(), parent: [`${CTX}#Mentor`], admin: [], test: studentIn() },
		scope: 'array', family: 'canvas', version: 'cloud',
		access: { audience: null, type: 'application/json; charset=utf-8', strict: true, agent: true, seconds: 3600 },
		keys: { style: 'canvas', alg: true, age: 3600 },
		roster: { max: 50, size: 50, paging: 'page', link: 'lower', roles: 'uri', escaped: false, exact: false, agent: true },
		registration: { token: 'needed', status: 200, deployment: false, errors: 'list', frame: 'iframe', strict: false },
		placing: { accept_types: ['ltiResourceLink'], accept_media_types: 'application/vnd.ims.lti.v1.ltilink', accept_presentation_document_targets: ['iframe', 'window'],
			accept_multiple: true, auto_create: false, accept_lineitem: false, data: null, title: null, text: null, validation_context: null, errors: { errors: {} } },
		notices: ['LtiHelloWorldNotice', 'LtiContextCopyNotice'],
		messages: [
			{ type: 'LtiResourceLinkRequest', placements: ['course_navigation', 'account_navigation', 'user_navigation', 'global_navigation'].map((p) => CANVAS_LTI + p) },
			{ type: 'LtiDeepLinkingRequest', placements: ['ContentArea', 'RichTextEditor', `${CANVAS_LTI}link_selection`, `${CANVAS_LTI}assignment_selection`] },
		],
		scopes: ['openid', ...AGS_ALL, NRPS, NOTICES],
		variables: ['User.id', 'Person.email.primary', 'Context.id.history', 'Message.locale', 'com.instructure.User.observees', 'Canvas.user.sisSourceId'],
		product: { [`${CANVAS_LTI}account_name`]: 'Fjordby kommune', [`${CANVAS_LTI}account_lti_guid`]: 'Fj0rdbyAbCdEf:canvas-lms' },
	},
	moodle: {
		name: 'Moodle', kind: 'Behaves like Moodle: tokens live 60 seconds, roles are few, names arrive escaped.',
		claims: 'moodle', ids: 'number', hint: 'json', authorize: 'moodle',
		token: { seconds: 60, azp: false, list: false, ascii: true },
		/* Moodle knows capabilities, not roles: a non-editing teacher is an Instructor here, a
		 * parent a Learner unless a plugin says otherwise, and the list is sorted. */
		roles: { teacher: teacherIn(), assistant: teacherIn(), student: studentIn(), parent: [`${CTX}#Mentor`, `${CTX}/Mentor#ExternalMentor`],
			admin: [`${INST}Administrator`, `${CTX}#Instructor`, `${SYS}Administrator`] },
		scope: 'text', family: 'moodle', version: '2022112810',
		access: { audience: 'any', type: 'text/html; charset=utf-8', strict: false, agent: false, seconds: 3600 },
		keys: { style: 'hex', alg: true, age: null },
		roster: { max: 0, size: 0, paging: 'from', link: 'plain', roles: 'short', escaped: true, exact: true, agent: false },
		registration: { token: 'needed', status: 200, deployment: true, errors: 'text', frame: 'iframe', strict: false },
		placing: { accept_types: ['ltiResourceLink'], accept_presentation_document_targets: ['frame', 'iframe', 'window'], accept_copy_advice: false, accept_multiple: true,
			accept_unsigned: false, auto_create: false, can_confirm: false, title: 'Learning plans', text: '' },
		scopes: ['https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome', ...AGS_ALL, NRPS, 'https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting', 'openid'],
		variables: ['basic-lti-launch-request', 'Context.id', 'Context.title', 'Context.id.history', 'User.id', 'User.username', 'Person.name.full',
			'Person.email.primary', 'Person.sourcedId', 'Membership.role', 'Moodle.Person.userGroupIds'],
	},
	brightspace: {
		name: 'Brightspace', kind: 'Behaves like Brightspace: access tokens are for an audience of its own, keys name no algorithm, too many questions get 429.',
		ids: 'compound', storage: '_parent', family: 'desire2learn', version: '20.26.9',
		roles: { teacher: teacherIn(`${INST}Instructor`), assistant: assistantIn(`${INST}Instructor`), student: studentIn(`${INST}Student`), parent: [`${CTX}#Mentor`],
			admin: [`${INST}Administrator`, `${CTX}#Administrator`] },
		access: { audience: 'https://api.brightspace.com/auth/token', type: 'application/json', strict: true, agent: false, seconds: 3600 },
		keys: { style: 'uuid', alg: false, age: null },
		registration: { token: 'never', status: 201, deployment: false, errors: 'json', frame: 'window', strict: false },
		notices: ['LtiContextCopyNotice'], scopes: ['openid', ...AGS_ALL, NRPS, NOTICES],
	},
	blackboard: {
		name: 'Blackboard', kind: 'Behaves like Blackboard: one issuer and one client for every school, the login is a GET.',
		issuer: 'https://blackboard.com', ids: 'hex32',
		login: { method: 'get', client: true, deployment: 'lti_deployment_id', more: {} },
		storage: 'lti_storage_frame', frame: 'ultra_storage', family: 'BlackboardLearn', version: '4000.1.0',
		roles: { teacher: teacherIn(`${INST}Faculty`), assistant: assistantIn(`${INST}Staff`), student: studentIn(`${INST}Student`), parent: [], admin: [`${INST}Administrator`, `${SYS}SysAdmin`] },
		roster: { max: 100, size: 0, paging: 'page', link: 'several', roles: 'uri', escaped: false, exact: false, agent: false, query: '?groups=true' },
		placing: { accept_types: ['ltiResourceLink', 'link', 'file', 'html', 'image'], accept_presentation_document_targets: ['embed', 'iframe', 'window'], accept_multiple: 'true',
			accept_lineitem: true, auto_create: true, data: '{"course":"_4_1", "høst":true}' },
	},
	sakai: {
		name: 'Sakai', kind: 'Behaves like Sakai: roles follow permissions, storage is the page around the tool.',
		ids: 'uuid', storage: '_parent', family: 'sakai', version: '25.0', locales: { nb: 'nb_NO', nn: 'nn_NO', no: 'nb_NO', en: 'en_US' },
		token: { seconds: 3600, azp: false, list: false, ascii: false },
		registration: { token: 'optional', status: 200, deployment: true, errors: 'json', frame: 'window', strict: false },
		messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] }, { type: 'DataPrivacyLaunchRequest' }],
	},
	schoology: {
		name: 'Schoology', kind: 'Behaves like Schoology: one issuer for every school, pages of a hundred.',
		issuer: 'https://schoology.schoology.com', ids: 'compound', family: 'schoology', version: '1.0',
		roles: { teacher: teacherIn(), assistant: teacherIn(), student: studentIn(), parent: studentIn(), admin: [`${INST}Administrator`, `${CTX}#Instructor`] },
		roster: { max: 100, size: 100, paging: 'from', link: 'plain', roles: 'uri', escaped: false, exact: false, agent: false },
		placing: { accept_types: ['ltiResourceLink', 'link'], accept_presentation_document_targets: ['iframe', 'window'], accept_multiple: true, data: 'csrftoken:a1b2' },
	},
	itslearning: {
		name: 'itslearning', kind: 'Behaves like itslearning: anonymous unless told, the customer stands in every id.',
		issuer: 'https://issuer-from-vendor.example', ids: 'compound', privacy: 'pseudonym', family: 'itslearning', version: '3',
		roles: { teacher: [`${INST}Staff`, `${CTX}#Instructor`], assistant: [`${INST}Staff`, `${CTX}#Instructor`], student: [`${INST}Student`, `${CTX}#Learner`],
			parent: [`${INST}Other`, `${CTX}#Mentor`], admin: [`${INST}Administrator`, `${CTX}#Member`] },
	},
	openedx: {
		name: 'Open edX', kind: 'Behaves like Open edX: a client for each block, two roles that say nothing, no roster.',
		ids: 'uuid', privacy: 'none', token: { seconds: 300, azp: true, list: false, ascii: false }, family: '', version: '',
		roles: { teacher: [`${SYS}None`, `${INST}None`, `${CTX}#Instructor`], assistant: [`${SYS}None`, `${INST}None`, `${CTX}#Instructor`],
			student: [`${SYS}None`, `${INST}None`, `${CTX}#Learner`], parent: [`${SYS}None`, `${INST}None`, `${CTX}#Learner`],
			admin: [`${SYS}Administrator`, `${INST}Administrator`, `${CTX}#Administrator`, `${CTX}#Instructor`] },
		hint: null, roster: null,
	},
	/* By the letter and no more; parents as a school's register names them. */
	strict: {
		name: 'Strict', kind: 'By the letter of the standard: every type is checked, nothing unknown is taken.',
		token: { seconds: 120, azp: true, list: true, ascii: false }, scope: 'array', family: 'fjordby-strict', version: '2.0', storage: '_parent',
		roles: { teacher: teacherIn(), assistant: assistantIn(), student: studentIn(), parent: [`${INST}Other`, `${CTX}#Mentor`, `${CTX}/Mentor#ExternalMentor`],
			admin: [`${SYS}Administrator`, `${INST}Administrator`] },
		roster: { max: 5, size: 5, paging: 'page', link: 'plain', roles: 'uri', escaped: false, exact: true, agent: false },
		registration: { token: 'optional', status: 201, deployment: true, errors: 'json', frame: 'iframe', strict: true },
		placing: { accept_types: ['ltiResourceLink'], accept_presentation_document_targets: ['iframe'], accept_multiple: false, accept_lineitem: false, data: 'opaque "value" &c.' },
		messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] }, { type: 'LtiSubmissionReviewRequest' }, { type: 'DataPrivacyLaunchRequest' }],
		notices: ['LtiHelloWorldNotice', 'LtiContextCopyNotice'], scopes: ['openid', NRPS, NOTICES],
	},
	/* The least a platform may send: no client_id, no deployment, no hint. */
	minimal: {
		name: 'Minimal', kind: 'Says the least that is allowed: no client, no deployment, no hint at login.',
		login: { method: 'get', client: false, deployment: null, more: {} }, hint: null,
		token: { seconds: 3600, azp: false, list: false, ascii: false },
	},
};

export const PERSONAS = Object.fromEntries(Object.entries(ROWS).map(([key, row]) => [key, { key, ...BASE, ...row }]));
