/* lti.h - what is said between a platform (LMS) and us: LTI 1.3.
 *
 * Knows registrations, the login, the launch and what a launch says; knows no
 * people, no sessions and no pages. web/ turns a `struct lti_launch` into a
 * person and a session. R numbers are those of the protocol notes. */
#ifndef LTI_LTI_H
#define LTI_LTI_H

#include "base/mem.h"
#include "base/js.h"
#include <stdint.h>

struct db;
struct key_ring;
struct lti;

/* A platform's registration of us: a copy in the arena of the call that found it,
 * so that it stays what it was while the registry changes. */
struct lti_registration {
	const char *id, *tenant, *name, *profile;
	const char *issuer, *client_id;
	const char *auth_url, *token_url, *jwks_url, *token_audience;
	const char *origins;             /* where it may show us in a frame: scheme://host[:port] of
	                                  * auth_url, token_url and issuer, space separated (a
	                                  * Canvas signs people in on another host than a school's) */
	const char *algorithms, *audiences, *observees;
	int skew_s;
	enum lti_deployments { LTI_DEPLOY_AUTO, LTI_DEPLOY_PENDING, LTI_DEPLOY_CLOSED } deployments;
	bool anonymous;
};

struct lti_config {
	const char *base_url;            /* scheme://host[:port], no slash at the end */
	const char *user_agent;          /* R70 */
	const char *http_allow;          /* "host:port ..." reachable although http or private; "" = none */
	const unsigned char *seal_key;   /* 32 bytes */
};

/* Opens the registry (loads nothing yet) and the key set cache. */
MUST_USE bool lti_open(struct lti **out, const struct lti_config *, struct err *e);
void lti_close(struct lti *);
/* Forget cached registrations and deployments: something changed (LISTEN). */
void lti_changed(struct lti *);

/* ---- Login (Security Framework 5.1.1; R1-R15). Writes nothing anywhere. ---- */

/* The value of a field; NULL where absent. *repeated is set where it occurs more
 * than once over query and body together (R3). */
typedef const char *lti_field(const void *form, const char *name, bool *repeated);

struct lti_login {
	const char *redirect;      /* the platform's authorization endpoint with everything on it */
	const char *cookie_name;   /* __Host-ilpd-state-<short hash of the state> */
	const char *cookie_value;  /* 256 random bits; a hash of it is sealed in the state */
	int cookie_seconds;        /* 600 */
	const struct lti_registration *registration;
};
MUST_USE bool lti_login(struct lti *, struct mem *, struct db *, lti_field *, const void *form,
			struct lti_login *out, struct err *e);

/* ---- Launch (R20-R54) ---- */

/* What a role URI says, exactly parsed (lti.md 1.6). The LTI role Mentor is mostly
 * a parent and never staff. */
enum lti_role {
	LTI_ROLE_INSTRUCTOR = 1 << 0,
	LTI_ROLE_LEARNER = 1 << 1,
	LTI_ROLE_MENTOR = 1 << 2,
	LTI_ROLE_MENTOR_STAFF = 1 << 3, /* Advisor, Tutor, LearningFacilitator (+External): somebody of the school, no rights yet */
	LTI_ROLE_ADMINISTRATOR = 1 << 4,
	LTI_ROLE_CONTENT_DEVELOPER = 1 << 5,
	LTI_ROLE_MANAGER = 1 << 6,
	LTI_ROLE_OFFICER = 1 << 7,
	LTI_ROLE_MEMBER = 1 << 8,
	LTI_ROLE_TEST_USER = 1 << 9,
	LTI_ROLE_MENTOR_NO_RIGHTS = 1 << 10, /* Auditor, Reviewer */
	LTI_ROLE_OBSERVER = 1 << 11,    /* institution Mentor or Observer without a context role */
};
/* The context roles of a JSON array of URIs or short names, plus TEST_USER and
 * OBSERVER; unknown ones are ignored (R43). Never tests substrings. */
unsigned lti_roles(const json_t *roles);

/* What those roles are here: "teacher", "student", "guardian", "mentor" or "none".
 * Instructor outranks Mentor outranks Learner (ilp.md 2.3: Mentor before Learner). */
const char *lti_course_role(unsigned roles);

struct lti_launch {
	const struct lti_registration *registration;
	const char *deployment_id;
	const char *tenant;              /* of the deployment; never NULL in an accepted launch */
	bool deployment_is_new;          /* to be stored with the launch (policy auto) */
	const char *sub, *lti11_id, *sis_id;
	const char *given_name, *family_name, *name, *email, *locale; /* locale: "en", "nb" ... or NULL */
	unsigned roles;
	const char *course_role;         /* lti_course_role(roles) */
	const char *context_id, *context_label, *context_title; /* context_id NULL: no course (R44) */
	const char *resource_link_id, *resource_link_title;
	const char *roster_url;          /* NRPS; NULL where the claim is absent (R78) */
	const char *return_url;
	const char *document_target;     /* "iframe", "window", "frame" or NULL */
	const char *target;              /* path on our own origin that the signed claim asks for, "/" */
	const char *const *children;     /* subs or lti11 ids this person mentors (R46); deduplicated */
	size_t children_n;
	const char *children_source;     /* "role_scope_mentor" or "canvas_observees" */
	const char *nonce;
	int64_t nonce_expires;           /* seconds since 1970: keep the spent nonce till then */
};

/* A refused launch: err.reason is one of lti_reasons and err.code ERR_INVALID,
 * ERR_DENIED or ERR_PEER. Order (R20): state and browser, token, signature, claims. The
 * nonce is NOT spent here: the caller spends it in the transaction that takes the
 * launch in. cookie() gives the value of a cookie by name, or NULL. */
typedef const char *lti_cookie(const void *request, const char *name);
MUST_USE bool lti_launch(struct lti *, struct mem *, struct db *, lti_field *, const void *form,
			 lti_cookie *, const void *request, struct lti_launch *out, struct err *e);

/* The name of the cookie that a login with this state set, to delete it afterwards. */
const char *lti_state_cookie(struct mem *, const char *state);

/* Every reason a login or launch may be refused for, with what can be done. */
struct lti_reason {
	const char *word;          /* "state_expired" */
	const char *message;       /* catalog key of what a teacher reads: "refused.state_expired" */
	const char *mend;          /* for the administrator, English, one sentence */
	bool new_window;           /* offering a window of our own may help */
	int status;                /* HTTP status of the page */
};
extern const struct lti_reason lti_reasons[]; /* ends with word == NULL */
const struct lti_reason *lti_reason_find(const char *word); /* never NULL: "unknown" is last resort */

/* ---- Roster: Names and Roles (R64-R79) ---- */

struct lti_member {
	const char *sub, *lti11_id, *sis_id, *given_name, *family_name, *name, *email;
	unsigned roles;
	const char *course_role;
	bool active;
};
/* Called for each page; return false with *e to stop. Members live until it returns. */
typedef bool lti_page(void *self, const struct lti_member *, size_t n, struct err *e);
/* Fetches the whole roster: token (cached), pages by Link header, same origin only,
 * capped (R75). Blocks: never call it on a thread that serves requests. Reasons:
 * roster_denied, roster_gone, roster_busy, roster_invalid, roster_too_large,
 * platform_unreachable, token_refused; ERR_NOT_FOUND without a registration. */
MUST_USE bool lti_roster(struct lti *, struct mem *, struct db *, struct key_ring *,
			 const char *registration_id, const char *roster_url,
			 const char *resource_link_id, lti_page *, void *self, struct err *e);

/* All registered origins, space separated, for frame-ancestors of pages without a
 * session ("" when none). In the arena. */
const char *lti_origins(struct lti *, struct mem *, struct db *);
/* One registration's origins by its id, or NULL. */
const char *lti_origins_of(struct lti *, struct mem *, struct db *, const char *registration_id);

#endif
