/* access.h - who may do what, in one table that every door reads: the API, mail,
 * and whatever is added later (ilp.md 4.4). Nothing else in the program decides
 * about rights.
 *
 * A right has a scope, which the statement behind it keeps in its WHERE: a
 * teacher's right ends with the course of the launch, a student's with the
 * student, a guardian's with the children linked today. What a role has no right
 * to does not exist for it: the doors answer as if it were not there. */
#ifndef ILP_ACCESS_H
#define ILP_ACCESS_H

#include "base/err.h"

enum role {
	ROLE_NONE,     /* launched, but with no role that has rights */
	ROLE_TEACHER,  /* of the course launched from */
	ROLE_STUDENT,
	ROLE_GUARDIAN,
	ROLE_MENTOR,   /* the school's mentor; never the LTI role of that name */
	ROLE_COUNT
};

enum right {
	RIGHT_SEE_PARTICIPANTS,
	RIGHT_REFRESH_ROSTER,
	RIGHT_LIST_REVIEWS,
	RIGHT_MAKE_REVIEW,
	RIGHT_CHANGE_REVIEW,
	RIGHT_READ_ENTRIES,        /* unreleased text too */
	RIGHT_WRITE_ENTRIES,
	RIGHT_RELEASE,
	RIGHT_READ_RELEASED,       /* the released copy, and one's own self-assessment */
	RIGHT_WRITE_SELF,
	RIGHT_GET_MAIL_ON_RELEASE,
	RIGHT_SET_OWN_LANGUAGE,
	RIGHT_PLACE_CONTENT,       /* answer a deep linking request */
	RIGHT_BRING_SETUP,         /* take over the set-up of the course this one was copied from */
	RIGHT_SEE_RELATIONS,       /* which guardians are linked to whom, and why */
	RIGHT_CHANGE_RELATIONS,    /* block a link, or let it be again */
	RIGHT_SEE_OWN_PRIVACY,     /* what is held about oneself */
	RIGHT_MANAGE_PLATFORMS,    /* registrations, deployments, role rules, launch log, keys */
	RIGHT_COUNT
};

enum reach {
	REACH_NOTHING,
	REACH_COURSE, /* the course of the launch */
	REACH_OWN,    /* about oneself */
	REACH_CHILD,  /* about one's children (ilp.is_guardian) */
	REACH_TENANT, /* the whole school; never what is written about a student */
};

/* Who asks: the facts of a session, as they were at its launch (R54). The
 * database says in every batch whether they still hold (session_enter). */
struct viewer {
	const char *tenant, *person;
	const char *course;      /* NULL: launched outside a course */
	enum role role;
	bool admin;              /* besides the role, may administer the tenant */
	const char *session, *secret_hash;
	const char *registration;
	int idle_hours;
};

const char *role_name(enum role);
enum role role_parse(const char *name); /* unknown: ROLE_NONE */

/* How far the role's right goes. */
enum reach access_reach(enum role, enum right);
/* The same for a viewer, who may be an administrator besides. */
enum reach viewer_reach(const struct viewer *, enum right);

/* No right is ERR_NOT_FOUND: what a role may not touch does not exist for it. A
 * right over a course needs a launch from one. */
MUST_USE bool access_check(const struct viewer *, enum right, struct err *e);

/* "release", for the permission table of the tests. */
const char *right_name(enum right);

#endif
