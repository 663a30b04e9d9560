/* roles.c - the role vocabulary (LTI core 1.3 appendix A, lti.md 1.6), read whole.
 *
 * A role is an URI in one of a few spellings; it is taken apart into namespace,
 * principal and sub-role and each is compared exactly. Nothing is ever searched
 * for inside a role, or membership/Learner#Instructor would make a teacher. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

#define VOCABULARY "http://purl.imsglobal.org/vocab/lis/v2/"
#define OLD_ROLE   "urn:lti:role:ims/lis/" /* of LTI 1.1 */

/* While reading: bits beside those of lti.h. */
enum {
	MENTOR_PRINCIPAL = 1 << 20, /* Mentor without saying which */
	INSTITUTION_OBSERVER = 1 << 21,
};

static const struct context_role {
	const char *name;
	unsigned is;
} principals[] = {
	{"Administrator", LTI_ROLE_ADMINISTRATOR},
	{"ContentDeveloper", LTI_ROLE_CONTENT_DEVELOPER},
	{"Instructor", LTI_ROLE_INSTRUCTOR},
	{"Learner", LTI_ROLE_LEARNER},
	{"Manager", LTI_ROLE_MANAGER},
	{"Member", LTI_ROLE_MEMBER},
	{"Mentor", MENTOR_PRINCIPAL},
	{"Officer", LTI_ROLE_OFFICER},
};

/* A sub-role implies its principal (rule a); of Mentor the sub-role says which of
 * three quite different people it is. */
static const struct sub_role {
	const char *principal, *name;
	unsigned is;
} subs[] = {
	{"Administrator", "Administrator", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "Developer", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "ExternalDeveloper", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "ExternalSupport", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "ExternalSystemAdministrator", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "Support", LTI_ROLE_ADMINISTRATOR},
	{"Administrator", "SystemAdministrator", LTI_ROLE_ADMINISTRATOR},
	{"ContentDeveloper", "ContentDeveloper", LTI_ROLE_CONTENT_DEVELOPER},
	{"ContentDeveloper", "ContentExpert", LTI_ROLE_CONTENT_DEVELOPER},
	{"ContentDeveloper", "ExternalContentExpert", LTI_ROLE_CONTENT_DEVELOPER},
	{"ContentDeveloper", "Librarian", LTI_ROLE_CONTENT_DEVELOPER},
	{"Instructor", "ExternalInstructor", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "Grader", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "GuestInstructor", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "Instructor", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "Lecturer", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "PrimaryInstructor", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "SecondaryInstructor", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistant", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistantGroup", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistantOffering", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistantSection", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistantSectionAssociation", LTI_ROLE_INSTRUCTOR},
	{"Instructor", "TeachingAssistantTemplate", LTI_ROLE_INSTRUCTOR},
	{"Learner", "ExternalLearner", LTI_ROLE_LEARNER},
	{"Learner", "GuestLearner", LTI_ROLE_LEARNER},
	{"Learner", "Instructor", LTI_ROLE_LEARNER},
	{"Learner", "Learner", LTI_ROLE_LEARNER},
	{"Learner", "NonCreditLearner", LTI_ROLE_LEARNER},
	{"Manager", "AreaManager", LTI_ROLE_MANAGER},
	{"Manager", "CourseCoordinator", LTI_ROLE_MANAGER},
	{"Manager", "ExternalObserver", LTI_ROLE_MANAGER},
	{"Manager", "Manager", LTI_ROLE_MANAGER},
	{"Manager", "Observer", LTI_ROLE_MANAGER},
	{"Member", "Member", LTI_ROLE_MEMBER},
	{"Mentor", "Advisor", LTI_ROLE_MENTOR_STAFF},
	{"Mentor", "Auditor", LTI_ROLE_MENTOR_NO_RIGHTS},
	{"Mentor", "ExternalAdvisor", LTI_ROLE_MENTOR_STAFF},
	{"Mentor", "ExternalAuditor", LTI_ROLE_MENTOR_NO_RIGHTS},
	{"Mentor", "ExternalLearningFacilitator", LTI_ROLE_MENTOR_STAFF},
	{"Mentor", "ExternalMentor", LTI_ROLE_MENTOR},
	{"Mentor", "ExternalReviewer", LTI_ROLE_MENTOR_NO_RIGHTS},
	{"Mentor", "ExternalTutor", LTI_ROLE_MENTOR_STAFF},
	{"Mentor", "LearningFacilitator", LTI_ROLE_MENTOR_STAFF},
	{"Mentor", "Mentor", LTI_ROLE_MENTOR},
	{"Mentor", "Reviewer", LTI_ROLE_MENTOR_NO_RIGHTS},
	{"Mentor", "Tutor", LTI_ROLE_MENTOR_STAFF},
	{"Officer", "Chair", LTI_ROLE_OFFICER},
	{"Officer", "Communications", LTI_ROLE_OFFICER},
	{"Officer", "Secretary", LTI_ROLE_OFFICER},
	{"Officer", "Treasurer", LTI_ROLE_OFFICER},
	{"Officer", "Vice-Chair", LTI_ROLE_OFFICER},
};

/* Roles outside a course that mean something here. None of them gives rights in one. */
static const struct context_role whole[] = {
	{VOCABULARY "institution/person#Mentor", INSTITUTION_OBSERVER},
	{VOCABULARY "institution/person#Observer", INSTITUTION_OBSERVER},
	{VOCABULARY "institution/person#Administrator", LTI_ROLE_SITE_ADMIN},
	{VOCABULARY "system/person#Administrator", LTI_ROLE_SITE_ADMIN},
	{VOCABULARY "system/person#AccountAdmin", LTI_ROLE_SITE_ADMIN},
	{VOCABULARY "system/person#SysAdmin", LTI_ROLE_SITE_ADMIN},
	{"http://purl.imsglobal.org/vocab/lti/system/person#TestUser", LTI_ROLE_TEST_USER},
};

static bool same(const char *s, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(s, name, n) == 0;
}

static unsigned principal(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof principals / sizeof *principals; i++)
		if (same(s, n, principals[i].name))
			return principals[i].is;
	return 0;
}

/* "Mentor#Advisor" or "Mentor/Advisor", by the separator of the spelling. */
static unsigned sub_role(const char *s, char separator)
{
	const char *at = strchr(s, separator);

	for (size_t i = 0; at && i < sizeof subs / sizeof *subs; i++)
		if (same(s, (size_t)(at - s), subs[i].principal) && str_eq(at + 1, subs[i].name))
			return subs[i].is;
	return 0;
}

static const char *after(const char *s, const char *prefix)
{
	return str_starts(s, prefix) ? s + strlen(prefix) : NULL;
}

static unsigned role(const char *s)
{
	const char *rest;

	if (strlen(s) > ROLE_LEN_MAX)
		return 0;
	if ((rest = after(s, VOCABULARY "membership#")))
		return principal(rest, strlen(rest));
	if ((rest = after(s, VOCABULARY "membership/")))
		return sub_role(rest, '#');
	if ((rest = after(s, OLD_ROLE)))
		return strchr(rest, '/') ? sub_role(rest, '/') : principal(rest, strlen(rest));
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (str_eq(s, whole[i].name))
			return whole[i].is;
	return principal(s, strlen(s)); /* the short name: deprecated, and Moodle's rosters */
}

/* The platform's own spellings repaired, and the short and old ones written out: what
 * is one role is one text. */
const char *role_repaired(struct mem *m, const char *aliases, const char *s)
{
	const char *rest, *sub;

	s = str_or(pairs_find(m, aliases, s), s);
	rest = after(s, OLD_ROLE);
	if (rest && role(s) && (sub = strchr(rest, '/')))
		return mem_printf(m, VOCABULARY "membership/%.*s#%s", (int)(sub - rest), rest,
				  sub + 1);
	if (rest && role(s))
		return mem_printf(m, VOCABULARY "membership#%s", rest);
	return principal(s, strlen(s)) ? mem_printf(m, VOCABULARY "membership#%s", s) : s;
}

unsigned roles_weigh(const char *const *roles, size_t n)
{
	const unsigned said_which = LTI_ROLE_MENTOR_STAFF | LTI_ROLE_MENTOR_NO_RIGHTS;
	const unsigned outside = INSTITUTION_OBSERVER | LTI_ROLE_TEST_USER | LTI_ROLE_SITE_ADMIN;
	unsigned found = 0;

	for (size_t i = 0; i < n; i++)
		found |= role(roles[i]);
	/* Who is Mentor and says no more is a parent, as on Canvas (rule 3). */
	if ((found & MENTOR_PRINCIPAL) && !(found & said_which))
		found |= LTI_ROLE_MENTOR;
	if ((found & INSTITUTION_OBSERVER) && !(found & ~outside))
		found |= LTI_ROLE_OBSERVER;
	return found & ~(unsigned)(MENTOR_PRINCIPAL | INSTITUTION_OBSERVER);
}

size_t roles_list(const json_t *roles, const char *out[ROLES_MAX])
{
	const json_t *one;
	size_t i, n = 0;

	json_array_foreach(roles, i, one)
	{
		if (n == ROLES_MAX)
			break;
		if (json_is_string(one) && json_string_length(one) <= ROLE_LEN_MAX)
			out[n++] = json_string_value(one);
	}
	return n;
}

unsigned lti_roles(const json_t *roles)
{
	const char *list[ROLES_MAX];

	return roles_weigh(list, roles_list(roles, list));
}

const char *lti_course_role(unsigned roles)
{
	if (roles & LTI_ROLE_INSTRUCTOR)
		return "teacher";
	if (roles & LTI_ROLE_MENTOR)
		return "guardian";
	if (roles & LTI_ROLE_MENTOR_STAFF)
		return "mentor";
	if (roles & LTI_ROLE_MENTOR_NO_RIGHTS)
		return "none";
	return roles & LTI_ROLE_LEARNER ? "student" : "none";
}
