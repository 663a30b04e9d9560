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
#include "base/mem.h"

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
	RIGHT_USE_PLANS,           /* plans and meetings, each as far as the hat on its student allows */
	RIGHT_LIST_STUDENTS,       /* lists and reports of those one is mentor, teacher or headteacher of */
	RIGHT_USE_BANK,            /* sentences to use again, objectives, shared plans */
	RIGHT_SEE_TEMPLATES,       /* published ones: to choose from, and to see what they consist of */
	RIGHT_MANAGE_TEMPLATES,
	RIGHT_MANAGE_SCHOOL,       /* the school's rules, groups, mentors, headteachers, objectives */
	RIGHT_COUNT
};

enum reach {
	REACH_NOTHING,
	REACH_COURSE, /* the course of the launch */
	REACH_OWN,    /* about oneself */
	REACH_CHILD,  /* about one's children (ilp.is_guardian) */
	REACH_TENANT, /* the whole school; never what is written about a student */
	REACH_HAT,    /* students one has a hat on (ilp.hat), as the acts below say */
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

/* ---- Plans: hats and acts (ilp.md 4.4) ----
 *
 * What somebody may do with a plan depends on what they are to its student, their hat,
 * and on the plan's state. ilp.hat() in the database finds the hat, by the relations of
 * today; access_act() gives the row of the table below as one number, which a statement
 * takes as a parameter and asks with ilp.may(). A field's own rights come on top: visible
 * is what the state allows AND the field shows to the hat AND a note's audience holds it
 * (I-02). */
enum hat {
	HAT_MENTOR = 1,   /* the school's mentor of this student */
	HAT_TEACHER = 2,  /* teaches the student in the course of the launch */
	HAT_STUDENT = 4,
	HAT_GUARDIAN = 8,
	HAT_HEAD = 16,    /* headteacher of the student's school */
	HAT_STAFF = HAT_MENTOR | HAT_TEACHER | HAT_HEAD,
	HAT_FAMILY = HAT_STUDENT | HAT_GUARDIAN,
	HAT_ALL = 31,
};

enum act {
	ACT_READ,         /* the plan, as far as its fields show */
	ACT_WRITE,        /* fields that the hat edits, goals and tasks among them */
	ACT_PROPOSE,      /* a goal that the mentor may take up */
	ACT_TASK_STATUS,  /* of tasks one sees: students of any, guardians of home's */
	ACT_CONFIRM,      /* that a task is done; that a proposed goal is agreed */
	ACT_POST,         /* comments, notes, topics, where the field is edited */
	ACT_LOG,
	ACT_MAKE,         /* create, duplicate, revise: of the student, whatever the state */
	ACT_CHANGE,       /* title and dates */
	ACT_ADD_FIELD,    /* within the template's ceiling */
	ACT_PUBLISH,
	ACT_UNPUBLISH,
	ACT_LOCK,
	ACT_REOPEN,
	ACT_ARCHIVE,
	ACT_RESTORE,
	ACT_DELETE,
	ACT_TRANSFER,     /* move unfinished tasks to the successor (I-08) */
	ACT_TRACK,        /* say otherwise than the rule, with a reason */
	ACT_SHARE,
	ACT_SEE_READERS,  /* who has opened it */
	ACT_LOOK_AS,      /* see and print it as the family does */
	ACT_MEET,         /* plan and lead a meeting about it */
	ACT_PREPARE,      /* say "I have read this", answer, prepare */
	ACT_SIGN,
	ACT_ASK_SIGN,
	ACT_REPORT,       /* counted in reports */
	ACT_COUNT
};

/* One byte of hats for each state, the lowest for drafts: what ilp.may() takes, as text. */
const char *access_act(enum act);
/* "publish", for the permission table of the tests. */
const char *act_name(enum act);
/* Hats as their letters in templates, in the order MCSGH: "MCS"; and back, -1 for
 * anything else. */
const char *hats_name(struct mem *, int hats);
int hats_parse(const char *);
/* "mentor", "teacher", "student", "guardian", "head"; NULL: none of them. */
const char *hat_name(int hat);
/* 0: no hat of that name. */
int hat_parse(const char *);

#endif
