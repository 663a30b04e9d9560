/* arrival.h - somebody arrives from a platform: person, course, role, children and
 * session in one transaction and one round trip.
 *
 * The facts are a launch's, without anything of LTI in them: web/ copies them. The
 * nonce is spent in the same transaction, so that a token taken in twice at the
 * same moment makes one session (R32). */
#ifndef ILP_ARRIVAL_H
#define ILP_ARRIVAL_H

#include "db/db.h"

struct arrival {
	const char *tenant, *registration, *deployment, *sub;
	bool deployment_is_new;
	const char *lti11_id, *sis_id;                         /* NULL: not said */
	const char *given_name, *family_name, *name, *email;   /* NULL: not said, kept */
	const char *locale;                                    /* a catalog language or NULL */
	bool is_test;
	const char *role;                                      /* role_name() */
	bool admin;                                            /* may administer the tenant besides */
	const char *const *origins;                            /* contexts this one was copied from: kept when the course is new to us */
	size_t origins_n;
	const char *notice_url;                                /* where to subscribe to course copies, or NULL: kept */
	const char *platform_name, *platform_guid;             /* of the deployment; NULL: kept */
	const char *placement;                                 /* JSON of a deep linking request, or NULL */
	const char *for_sub;                                   /* whom the launch is about, or NULL */
	const char *context, *context_label, *context_title;   /* context NULL: no course */
	const char *resource_link, *roster_url;
	const char *const *children;                           /* ids a guardian is said to mentor */
	size_t children_n;
	const char *const *children_sources;                   /* where each of them is said */
	bool says_children;                                    /* the platform can say it: an empty list ends links */
	const char *nonce;
	int64_t nonce_expires;                                 /* seconds since 1970 */
	const char *session, *secret_hash;                     /* of the session to make */
	int session_hours;
};

struct arrived {
	const char *person, *course; /* course NULL: none */
	const char *about;           /* the person behind for_sub, if known in this course (or to an administrator); or NULL */
};

/* ERR_CONFLICT with reason "nonce_used": this launch was taken in before. */
MUST_USE bool arrival_take(struct db *, struct mem *, const struct arrival *, struct arrived *out,
			   struct err *e);

#endif
