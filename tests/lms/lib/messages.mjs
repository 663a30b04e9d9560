/* Messages that are not a resource link, made of one: deep linking, submission review,
 * data privacy, and names a tool only needs to recognise. */
import { findMember } from '../school.mjs';
import { CLAIM, resourceLinkClaims } from './claims.mjs';
import { HttpError } from './http.mjs';

export const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const AGS_CLAIM = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

const SHORT = {
	resource_link: 'LtiResourceLinkRequest', deep_linking: 'LtiDeepLinkingRequest', submission_review: 'LtiSubmissionReviewRequest', data_privacy: 'DataPrivacyLaunchRequest',
};
export const messageType = (name = 'resource_link') => SHORT[name] ?? name;

function without(claims, ...names) {
	return Object.fromEntries(Object.entries(claims).filter(([n]) => !names.includes(n)));
}

/* A person of this course or, at the account, of any. */
function aboutWhom(platform, course, key) {
	const member = findMember(course, key) ?? platform.courses.map((c) => findMember(c, key)).find(Boolean);
	if (!member)
		throw new HttpError(404, `Nobody is called "${key}" on ${platform.name}.`);
	const { person: p } = member;
	return { user_id: p.sub, ...(platform.persona.privacy === 'all' ? { name: p.name, given_name: p.given, family_name: p.family } : {}), roles: platform.persona.roles[member.role] };
}

/* request: the deep linking request this answers to, made by deeplink.mjs. */
function deepLinking(platform, claims, { request, settings = {} }) {
	return { ...without(claims, `${CLAIM}resource_link`), [SETTINGS]: { deep_link_return_url: request.returnUrl, ...platform.persona.placing, ...settings } };
}

function submissionReview(platform, claims, launch, course) {
	return { ...claims, [`${CLAIM}for_user`]: aboutWhom(platform, course, launch.forUser ?? course.members.find((m) => m.role === 'student').person.key),
		[AGS_CLAIM]: { scope: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'], lineitems: `${platform.base}/api/lti/courses/${course.number}/line_items`,
			lineitem: `${platform.base}/api/lti/courses/${course.number}/line_items/7` } };
}

function dataPrivacy(platform, claims, launch, course) {
	return { ...without(claims, `${CLAIM}resource_link`, `${CLAIM}context`, 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice', AGS_CLAIM),
		...(launch.forUser ? { [`${CLAIM}for_user`]: aboutWhom(platform, course, launch.forUser) } : {}) };
}

export function claimsFor(platform, course, member, launch) {
	const claims = resourceLinkClaims(platform, course, member, launch);
	const type = messageType(launch.message);
	if (type === 'LtiResourceLinkRequest')
		return claims;
	const make = { LtiDeepLinkingRequest: deepLinking, LtiSubmissionReviewRequest: submissionReview, DataPrivacyLaunchRequest: dataPrivacy }[type] ?? ((p, c) => without(c, `${CLAIM}resource_link`));
	return { ...make(platform, claims, launch, course), [`${CLAIM}message_type`]: type };
}
