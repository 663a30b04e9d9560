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
struct seal_key;
struct lti;
struct lti_sight;

/* What a platform does in its own way (lti.md section 3), as data: the generic row of
 * lti/profiles.json, over it the product's, over that the registration's own settings.
 * Texts are never NULL. The table of names, kinds and sentences is lti_setting_list(). */
struct lti_settings {
	const char *token_audience; /* aud of our assertion (R66); "": the token URL */
	const char *algorithms;     /* of id_tokens, space separated (R26) */
	const char *audiences;      /* others trusted in aud beside us (R30) */
	const char *hosts;          /* where its addresses may lie besides the issuer's host, "*.x" allowed (R113) */
	const char *storage_origin; /* target of lti.put_data (R104); "": origin of the authorization endpoint */
	const char *trusted;        /* custom parameters declared for the whole tool: others may be a teacher's */
	const char *observees;      /* of those, the one that lists a parent's children; "": none */
	const char *groups;         /* the one that lists the user's groups */
	const char *history;        /* the one with $Context.id.history */
	const char *locales;        /* "no=nb no_gr=nb": its codes that mean something else than they say */
	const char *role_aliases;   /* "from=to" role URIs, space separated: repaired before they are read */
	const char *roster_link;    /* rlid: "nameless" (only when names lack), "always" or "never" */
	const char *custom;         /* "name=$Variable" asked for at registration, space separated */
	const char *placements;     /* asked for at registration, space separated */
	const char *overlay;        /* JSON merged into the registration request, "" none */
	int64_t skew_s;             /* R31: 0 to 300 */
	int64_t roster_limit;       /* page size asked for; 0: none is asked for */
	bool escaped_names;         /* names in its rosters are HTML-escaped */
	bool storage;               /* offers platform storage when it says so; off: never use it */
	bool anonymous;             /* takes launches without sub (R33) */
	bool administrators;        /* its administrators may administer the tenant here */
};

/* A platform's registration of us: a copy in the arena of the call that found it,
 * so that it stays what it was while the registry changes. */
struct lti_registration {
	const char *id, *tenant, *name, *profile; /* tenant NULL: only its deployments have one */
	const char *issuer, *client_id;
	const char *auth_url, *token_url, *jwks_url;
	const char *origins;             /* where it may show us in a frame: scheme://host[:port] of
	                                  * auth_url, token_url and issuer, space separated (a
	                                  * Canvas signs people in on another host than a school's) */
	struct lti_settings set;
	enum lti_deployments { LTI_DEPLOY_AUTO, LTI_DEPLOY_PENDING, LTI_DEPLOY_CLOSED } deployments;
};

/* One row is one member of struct lti_settings: what readers, editors and pages know. */
struct lti_setting {
	const char *name;
	enum lti_setting_kind { LTI_SETTING_TEXT, LTI_SETTING_NUMBER, LTI_SETTING_FLAG } kind;
	size_t offset;
	const char *about;  /* English, one sentence */
};
const struct lti_setting *lti_setting_list(size_t *n_out);
/* The products we know: "generic" first. title: "Canvas". */
struct lti_profile {
	const char *name, *title;
	const char *families;   /* product_family_code values, space separated, lower case */
	struct lti_settings set;
};
const struct lti_profile *lti_profile_list(size_t *n_out);
const struct lti_profile *lti_profile_find(const char *name);      /* never NULL: generic */
const struct lti_profile *lti_profile_of_family(const char *code); /* any case; never NULL */
/* The profile's settings with `own` (a JSON object by setting names) over them; texts of
 * `own` are copied into m. ERR_INVALID names the member that does not fit. */
MUST_USE bool lti_settings_read(struct mem *, const struct lti_profile *, const json_t *own,
				struct lti_settings *out, struct err *e);

/* What an administrator types in to take over what waits for a school: 50 random bits as
 * "7QM4P-K2XRT" (Crockford base32). */
const char *lti_claim_code(struct mem *);
/* The same as typed: any case, spaces and dashes anywhere, O for 0, I and L for 1. NULL:
 * no code. */
const char *lti_claim_code_read(struct mem *, const char *typed);

struct lti_config {
	const char *base_url;            /* scheme://host[:port], no slash at the end */
	const char *user_agent;          /* R70 */
	const char *http_allow;          /* "host:port ..." reachable although http or private; "" = none */
	const struct seal_key *seal_key;
	/* Told what was just seen of a platform's services; called from any thread, must not
	 * block. Either may be NULL. */
	void (*seen)(void *self, const struct lti_sight *);
	void *seen_self;
};

/* A platform's service answered, or did not. */
struct lti_sight {
	const char *registration;
	enum lti_service { LTI_SERVICE_KEYS, LTI_SERVICE_TOKEN, LTI_SERVICE_ROSTER } service;
	const char *reason;   /* NULL: it went well; else a stable word */
	bool has_clock;
	int64_t clock_ms;     /* its Date header less our clock */
	int64_t took_us;      /* until it had answered; 0: it did not */
};

/* Opens the registry (loads nothing yet) and the key set cache. */
MUST_USE bool lti_open(struct lti **out, const struct lti_config *, struct err *e);
void lti_close(struct lti *);
/* Renews key sets before they expire, so that no launch waits for one. Blocks; call it
 * now and then from a thread that serves nobody. */
void lti_tend(struct lti *);
/* Forget cached registrations and deployments: something changed (LISTEN). */
void lti_changed(struct lti *);

/* ---- Login (Security Framework 5.1.1; R1-R15). Writes nothing anywhere. ---- */

/* The value of a field; NULL where absent. *repeated is set where it occurs more
 * than once over query and body together (R3). */
typedef const char *lti_field(const void *form, const char *name, bool *repeated);

/* How a browser is tied to its login, in the order they are tried (R16). */
enum lti_rung { LTI_RUNG_COOKIE, LTI_RUNG_STORAGE, LTI_RUNG_WINDOW, LTI_RUNGS };
const char *lti_rung_name(enum lti_rung); /* "cookie", "storage", "window" */

/* What a login or launch did, step by step, also when it was refused: for the launch log
 * (R37). Never a token, a name or an address. Filled as far as it came; borrowed from the
 * arena of the call. Zero it before. */
struct lti_trace {
	const char *registration, *profile, *tenant, *deployment;
	const char *issuer, *client, *kid, *alg;
	const char *message;         /* message_type, or "of no known type" */
	enum lti_rung rung;
	bool verified;               /* the signature held: what else is here is the platform's word */
	int64_t login_at, issued_at, expires_at; /* seconds since 1970; 0: not known */
	struct lti_step {
		const char *name;    /* "state", "browser", "token", "signature", "claim issuer" ... */
		int64_t us;          /* it took */
	} steps[40];                 /* the last one failed if the call did */
	size_t steps_n;
	json_t *facts;               /* what the claims say, masked: {"roles":[...],"custom":{trusted},"has":[claim names]...} */
	const char *role, *why;      /* what the person became, and what decided it */
	const char *claim_code;      /* of a pending deployment, if the person may be told (staff) */
	const char *return_url;      /* where the platform wants people back (R47), once verified */
};

struct lti_login {
	const char *redirect;      /* the platform's authorization endpoint with everything on it */
	const char *state;         /* as in redirect */
	const char *cookie_name;   /* __Host-ilpd-state-<short hash of the state>; without the prefix the key in platform storage */
	const char *secret;        /* 256 random bits for cookie or storage; a hash of it is sealed in the state */
	int cookie_seconds;        /* 600 */
	const struct lti_registration *registration;
	const char *storage_target;/* lti_storage_target as received, NULL where absent or not to be used */
	const char *storage_origin;/* the only origin to talk to (R104) */
};
/* `rung`: how the caller will bind the browser; it is sealed into the state. */
MUST_USE bool lti_login(struct lti *, struct mem *, struct db *, lti_field *, const void *form,
			enum lti_rung rung, struct lti_login *out, struct lti_trace *, struct err *e);

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
	LTI_ROLE_SITE_ADMIN = 1 << 12,  /* institution or system Administrator, SysAdmin, AccountAdmin */
};
/* The context roles of a JSON array of URIs or short names, plus TEST_USER and
 * OBSERVER; unknown ones are ignored (R43). Never tests substrings. */
unsigned lti_roles(const json_t *roles);

/* What those roles are here: "teacher", "student", "guardian", "mentor" or "none".
 * Instructor outranks Mentor outranks Learner (ilp.md 2.3: Mentor before Learner). */
const char *lti_course_role(unsigned roles);

/* A tenant's own word on roles, stronger than the vocabulary: by user, by a trusted custom
 * parameter, by group, by role URI, in this order; within a kind by position. */
struct lti_rule {
	const char *id;
	enum lti_rule_kind { LTI_RULE_USER, LTI_RULE_CUSTOM, LTI_RULE_GROUP, LTI_RULE_ROLE } kind;
	const char *name;    /* of the custom parameter */
	const char *value;   /* exact; of a user: sub, SIS id or LTI 1.1 id */
	const char *becomes; /* "teacher", "student", "guardian", "mentor", "none" */
};
struct lti_rules {
	const struct lti_rule *at;
	size_t n;
};
/* What is known of somebody: of a launch or a roster (which has no custom). */
struct lti_facts {
	const json_t *roles;   /* array */
	const json_t *custom;  /* object or NULL; only trusted names are looked at */
	const char *sub, *sis_id, *lti11_id;
};
struct lti_decision {
	unsigned roles;        /* of the repaired list */
	const char *role;      /* static storage */
	const char *why;       /* "rule <id>", or the role URI that decided, or "no known role" */
};
void lti_decide(struct mem *, const struct lti_settings *, const struct lti_rules *,
		const struct lti_facts *, struct lti_decision *out);

enum lti_message {
	LTI_MESSAGE_RESOURCE_LINK,
	LTI_MESSAGE_DEEP_LINKING,
	LTI_MESSAGE_SUBMISSION_REVIEW,
	LTI_MESSAGE_DATA_PRIVACY,
};

/* What a deep linking request takes (R55). */
struct lti_placement {
	const char *return_url;     /* https (or allow-listed) */
	const char *data;           /* to be echoed exactly; NULL: absent */
	bool takes_links;           /* accept_types holds ltiResourceLink */
	bool several;               /* accept_multiple */
	const char *title, *text;   /* suggested, or NULL */
};

struct lti_launch {
	const struct lti_registration *registration;
	enum lti_message message;
	const char *deployment_id;
	const char *tenant;              /* of the deployment; never NULL in an accepted launch */
	bool deployment_is_new;          /* to be stored with the launch (policy auto) */
	struct lti_placement placement;  /* of LTI_MESSAGE_DEEP_LINKING */
	const char *for_user;            /* sub: submission review, data privacy about somebody (R52); or NULL */
	const char *const *history;      /* contexts this one was copied from, nearest first (R94) */
	size_t history_n;
	const char *notice_url;          /* Platform Notification Service with context copy (R90), or NULL */
	const char *platform_name, *platform_guid;
	const char *why;                 /* what decided course_role */
	bool site_admin;                 /* an administrator, and the registration lets them administer here */
	const char *sub, *lti11_id, *sis_id;
	const char *given_name, *family_name, *name, *email, *locale; /* locale: "en", "nb" ... or NULL */
	unsigned roles;
	const char *course_role;         /* as lti_decide() says */
	const char *context_id, *context_label, *context_title; /* context_id NULL: no course (R44) */
	const char *resource_link_id, *resource_link_title;
	const char *roster_url;          /* NRPS; NULL where the claim is absent (R78) */
	const char *return_url;
	const char *document_target;     /* "iframe", "window", "frame" or NULL */
	const char *target;              /* path on our own origin that the signed claim asks for, "/" */
	const char *const *children;     /* subs or lti11 ids this person mentors (R46); deduplicated */
	size_t children_n;
	const char *const *children_sources; /* of each: "role_scope_mentor" or "canvas_observees" */
	const char *nonce;
	int64_t nonce_expires;           /* seconds since 1970: keep the spent nonce till then */
};

/* A refused launch: err.reason is one of lti_reasons and err.code ERR_INVALID,
 * ERR_DENIED or ERR_PEER. Order (R20): state and browser, token, signature, claims. The
 * nonce is NOT spent here: the caller spends it in the transaction that takes the
 * launch in. cookie() gives the value of a cookie by name, or NULL. */
typedef const char *lti_cookie(const void *request, const char *name);
MUST_USE bool lti_launch(struct lti *, struct mem *, struct db *, lti_field *, const void *form,
			 lti_cookie *, const void *request, struct lti_launch *out,
			 struct lti_trace *, struct err *e);

/* A launch whose login chose platform storage: everything is checked but the browser,
 * nothing is given out, and the posted form comes back sealed for 60 s, to be handed to
 * lti_launch_bound() with the value that the platform's storage held (R106). That a
 * deployment waits for a school is told and written down there, not here. Where *needs
 * is false nothing was looked at but the state, and the trace is empty. */
struct lti_storage_check {
	const char *ticket;
	const char *key, *target, *origin; /* where the page finds the value */
	const struct lti_registration *registration;
};
MUST_USE bool lti_launch_needs_storage(struct lti *, struct mem *, struct db *, lti_field *, const void *form,
				       bool *needs, struct lti_storage_check *out,
				       struct lti_trace *, struct err *e);
/* As lti_launch, with ticket and secret instead of form and cookie. */
MUST_USE bool lti_launch_bound(struct lti *, struct mem *, struct db *, const char *ticket, const char *secret,
			       struct lti_launch *out, struct lti_trace *, struct err *e);

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
	bool active;     /* false: Inactive or Deleted, has left */
};
struct lti_roster_page {
	const struct lti_member *members;
	size_t n;
	bool again;               /* the same people once more, now with their names */
	const char *next;         /* address of the page after this one, NULL: the last */
	const char *differences;  /* where the next difference will be (R74), or NULL */
};
/* Called for each page; return false with *e to stop. A page lives until it returns. */
typedef bool lti_page(void *self, const struct lti_roster_page *, struct err *e);
struct lti_roster_job {
	const char *registration, *tenant;
	const char *url;            /* context_memberships_url: tokens go to its origin alone (R75) */
	const char *resource_link;  /* rlid where names lack, or NULL */
	const char *from;           /* go on at this page, or at this difference; NULL: from the start */
	bool differences;           /* `from` began as the address of a difference */
	size_t pages, members;      /* read before, when going on: they count for the caps */
};
/* Fetches page after page: token (cached), Link header, same origin only, capped (R75).
 * Blocks: never call it on a thread that serves requests. Reasons: roster_denied,
 * roster_gone, roster_busy, roster_invalid, roster_too_large, platform_unreachable,
 * token_refused, token_scope, token_busy; ERR_NOT_FOUND without a registration. *retry_after_s: seconds the
 * platform asked us to wait (Retry-After), 0 where it did not say. */
MUST_USE bool lti_roster(struct lti *, struct mem *, struct db *, struct key_ring *,
			 const struct lti_roster_job *, lti_page *, void *self,
			 int64_t *retry_after_s, struct err *e);

/* ---- Deep linking (R55-R63) ---- */

/* One thing to place: an ltiResourceLink (R60). */
struct lti_item {
	const char *title, *text;   /* text may be NULL */
	const char *path;           /* on our own origin: "/open/course" */
};
/* The signed response for the form field JWT: at most 5 minutes, aud one string. Without
 * items it is a cancellation. */
MUST_USE bool lti_deep_link_response(struct lti *, struct mem *, struct db *, struct key_ring *,
				     const char *registration_id, const char *deployment_id,
				     const struct lti_placement *, const struct lti_item *, size_t n,
				     const char **jwt_out, struct err *e);

/* ---- Notices (R90-R94) ---- */

struct lti_notice {
	const struct lti_registration *registration;
	const char *deployment_id, *tenant;  /* NULL: a hello of a deployment that is nobody's */
	const char *id, *type;               /* "LtiContextCopyNotice", "LtiHelloWorldNotice" ... */
	const char *nonce;
	int64_t nonce_expires;
	const char *context_id, *context_label, *context_title;
	const char *const *origins;          /* context ids it was copied from */
	size_t origins_n;
};
/* Verifies each {"jwt"} of the handler's body like a launch; one that fails is left out and
 * its error goes to refused(). ERR_INVALID where the body is none. At most 100 a body. */
MUST_USE bool lti_notices(struct lti *, struct mem *, struct db *, const char *body, size_t n,
			  struct lti_notice **out, size_t *n_out,
			  void (*refused)(void *self, const struct err *), void *self, struct err *e);
/* PUTs our handler for LtiContextCopyNotice to a platform's notification service and reads
 * the list back (R91, R94). Blocks. */
MUST_USE bool lti_notice_subscribe(struct lti *, struct mem *, struct db *, struct key_ring *,
				   const char *registration_id, const char *notice_url, struct err *e);

/* ---- A live test of a registration ---- */

struct lti_check_step {
	const char *what;   /* "dns", "tls", "keys", "token", "roster", "clock" */
	enum lti_check_result { LTI_CHECK_OK, LTI_CHECK_WARN, LTI_CHECK_FAILED, LTI_CHECK_SKIPPED } result;
	const char *text;   /* English, one sentence, for an administrator */
	int64_t ms;
};
enum { LTI_CHECK_STEPS = 8 };
/* Blocks up to half a minute. Fills as many steps as it came to; failing steps are results,
 * not errors: false only where there is no such registration or no database. */
MUST_USE bool lti_check(struct lti *, struct mem *, struct db *, struct key_ring *, const char *registration_id,
			const char *roster_url, struct lti_check_step out[LTI_CHECK_STEPS], size_t *n_out,
			struct err *e);

/* ---- Addresses of ours ---- */

/* base_url + "/lti/login" and so on, as platforms must be told. In the arena. */
struct lti_addresses {
	const char *base, *domain, *login, *launch, *jwks, *register_, *canvas, *notices, *deep_link;
};
struct lti_addresses lti_addresses(const struct lti *, struct mem *);

/* All registered origins, space separated, for frame-ancestors of pages without a
 * session ("" when none). In the arena. */
const char *lti_origins(struct lti *, struct mem *, struct db *);
/* scheme://host[:port] of an http(s) address, or NULL. In the arena. */
const char *lti_origin(struct mem *, const char *url);
/* One registration's origins, or the name of its profile, by its id, or NULL. */
const char *lti_origins_of(struct lti *, struct mem *, struct db *, const char *registration_id);
const char *lti_profile_of(struct lti *, struct mem *, struct db *, const char *registration_id);

#endif
