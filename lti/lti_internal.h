/* lti_internal.h - shared by the files of lti/ (and their tests) only. */
#ifndef LTI_INTERNAL_H
#define LTI_INTERNAL_H

#include "lti/lti.h"
#include "base/str.h"
#include "keys/keys.h"
#include "base/err.h"

#define CLAIM      "https://purl.imsglobal.org/spec/lti/claim/"
#define CLAIM_NRPS "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
#define SCOPE_NRPS "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
#define SCOPE_PNS  "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"

enum {
	ID_MAX = 255,          /* sub, deployment, context, resource link: LTI core 5.3, 5.4 */
	PENDING_SECONDS = 600, /* from login to launch (R9) */
	TOKEN_AGE_MAX = 600,   /* of iat (R31) */
	CHILDREN_MAX = 200,    /* R46 */
};

/* ---- What comes from outside, replaceable by a test ---- */

enum deployment_state {
	DEPLOYMENT_UNKNOWN, /* no row */
	DEPLOYMENT_ACTIVE,
	DEPLOYMENT_PENDING,
	DEPLOYMENT_CLOSED,
};

struct deployment {
	enum deployment_state state;
	const char *tenant; /* NULL unless active */
	struct lti_rules rules; /* of its tenant for this registration */
};

/* Where registrations come from: the database. */
struct registry_source {
	bool (*registrations)(struct mem *, struct db *, struct lti_registration **out,
			      size_t *n_out, struct err *e);
	bool (*deployment)(struct mem *, struct db *, const char *registration,
			   const char *deployment, struct deployment *out, struct err *e);
	/* A tenant's role rules for a registration, in the order they apply. */
	bool (*rules)(struct mem *, struct db *, const char *tenant, const char *registration,
		      struct lti_rules *out, struct err *e);
	/* Writes a pending deployment down, or finds it; *code is its claim code. ERR_DENIED with
	 * reason deployment_pending where a registration has too many of them. */
	bool (*pending)(struct mem *, struct db *, const char *registration, const char *deployment,
			const char *platform_name, const char *platform_guid, const char **code,
			struct err *e);
	/* The one registration of this issuer that has this deployment; NULL: none or several. */
	bool (*by_deployment)(struct mem *, struct db *, const char *issuer, const char *deployment,
			      const char **registration_out, struct err *e);
};
extern const struct registry_source registry_database;

struct http_request {
	const char *url;
	const char *accept;
	const char *bearer; /* access token, or NULL */
	const char *method; /* NULL: POST where there is a body, else GET */
	const char *form;   /* urlencoded body, or NULL */
	const char *json;   /* JSON body, or NULL */
	size_t body_max;
	int total_ms;
	bool inspect; /* a connection of its own, so that address, timings and certificate are told */
};

enum { HTTP_LINKS_MAX = 10 };

struct http_response {
	long status;
	const char *body; /* NUL-terminated */
	size_t n;
	const char *links[HTTP_LINKS_MAX]; /* values of Link headers */
	size_t links_n;
	int64_t max_age; /* of Cache-Control; -1: not said */
	int64_t retry_after_s; /* of Retry-After, as seconds or a date (RFC 9110 10.2.3); -1: not said */
	int64_t date_ms; /* of Date, since 1970; -1: not said */
	const char *address; /* where we connected: text of the IP address, for checks */
	int64_t connect_ms, tls_ms; /* since the call began */
	int64_t took_us;        /* the whole of it */
	long tls_days_left;     /* until its certificate expires; -1: no TLS or not known */
};

/* Any answer at all is true, whatever its status; ERR_PEER where none came, by the words
 * http_host (no such name), http_private, http_connect, http_slow, http_tls, http_large. */
typedef bool http_fetch(void *self, struct mem *, const struct http_request *,
			struct http_response *, struct err *e);
struct http_client {
	http_fetch *fetch;
	void *self;
};

struct lti {
	char *base_url, *user_agent, *http_allow;
	struct seal_key seal_key;
	void (*seen)(void *, const struct lti_sight *);
	void *seen_self;
	struct http_client http;
	struct http_pool *pool;
	struct registry *registry;
	struct jwks_cache *jwks;
	struct token_cache *tokens;
};

/* ---- profiles.c, settings.c: what platforms do differently, as data ---- */

/* lti/profiles.json, "generic" first; made when building. */
extern const struct lti_profile profile_rows[];
extern const size_t profile_rows_n;
/* Does this word stand among words separated by spaces? */
bool words_has(const char *words, const char *one);
/* The value of "name=value" among pairs separated by spaces, or NULL. */
const char *pairs_find(struct mem *, const char *pairs, const char *name);
/* Is this custom parameter declared for the whole tool? Others may be a teacher's (lti.md 3.3). */
bool settings_trust(const struct lti_settings *, const char *name);
/* The value of a custom parameter that is trusted and was substituted (R49), or NULL. */
const char *settings_custom(const struct lti_settings *, const json_t *custom, const char *name);
/* The own settings of a registration whose tool was declared with these custom parameters
 * ("name=$Variable ..."): they are trusted, and observees, groups and history are what
 * they are called. */
json_t *settings_declared(struct mem *, const char *custom);

/* ---- http.c, address.c: the one guarded client (R129-R133) ---- */

struct sockaddr;
struct http_pool *http_pool_new(const char *user_agent, const char *allow);
void http_pool_free(struct http_pool *);
http_fetch http_pool_fetch; /* self: the pool */

/* May we connect there? Public unicast only, however it is written (R131). */
bool address_is_public(const struct sockaddr *);

/* ---- url.c, link.c ---- */

/* https on its usual port, or a host:port of the allow list; printable, without
 * user, of at most 2,000 bytes. */
bool url_is_fetchable(const char *allow, const char *url);
bool url_is_allow_listed(const char *allow, const char *url);
/* The same for a link a person may follow: any port of https will do. */
bool url_is_linkable(const char *allow, const char *url);
/* Adds a word to words separated by spaces, once. "" adds nothing. */
void words_add(struct buf *, const char *word);
/* scheme://host[:port], port only where unusual; NULL for what is no http(s) URL. */
const char *url_origin(struct mem *, const char *url);
bool url_same_origin(const char *a, const char *b);
/* A Link target against the page it stood on (RFC 3986 5). NULL: no URL. */
const char *url_resolve(struct mem *, const char *base, const char *reference);
/* The path, query and fragment of a URL on our own origin, "/" for anything that
 * could lead elsewhere (R7). */
const char *url_target(struct mem *, const char *base_url, const char *url);

/* The target of a relation, "next", among Link header values (RFC 8288, R74), or NULL. */
const char *link_find(struct mem *, const char *const *headers, size_t n, const char *rel);

/* ---- registration.c ---- */

struct registry *registry_new(const struct registry_source *);
void registry_free(struct registry *);
void registry_forget(struct registry *);
/* Found registrations are copied into the arena. ERR_NOT_FOUND without a reason. */
MUST_USE bool registry_by_id(struct registry *, struct mem *, struct db *, const char *id,
			     const struct lti_registration **out, struct err *e);
/* R4; client and deployment may be NULL. Reasons: platform_unknown,
 * client_unknown, platform_ambiguous. */
MUST_USE bool registry_for_login(struct registry *, struct mem *, struct db *, const char *issuer,
				 const char *client, const char *deployment,
				 const struct lti_registration **out, struct err *e);
MUST_USE bool registry_deployment(struct registry *, struct mem *, struct db *,
				  const char *registration, const char *deployment,
				  struct deployment *out, struct err *e);
/* The origins of all registrations, each once, space separated: as many as fit a header. */
MUST_USE bool registry_origins(struct registry *, struct mem *, struct db *, const char **out,
			       struct err *e);

/* The rules of a tenant, remembered with the snapshot; held until the arena is reset. */
MUST_USE bool registry_rules(struct registry *, struct mem *, struct db *, const char *tenant,
			     const char *registration, struct lti_rules *out, struct err *e);

/* Passes on to the source's `pending`. */
MUST_USE bool registry_pending(struct registry *, struct mem *, struct db *,
			       const char *registration, const char *deployment,
			       const char *platform_name, const char *platform_guid,
			       const char **code, struct err *e);

/* ---- roles.c, rules.c: what somebody is here ---- */

enum { ROLES_MAX = 200, ROLE_LEN_MAX = 255 };
/* The texts of a roles array that could be roles; how many. */
size_t roles_list(const json_t *roles, const char *out[ROLES_MAX]);
/* One role with the platform's own spelling repaired (role_aliases), written out. */
const char *role_repaired(struct mem *, const char *aliases, const char *role);
/* What repaired roles come to together, as lti_roles(). */
unsigned roles_weigh(const char *const *roles, size_t n);

/* ---- state.c: what a login remembers, sealed and carried by the browser ---- */

struct login_state {
	const char *registration, *nonce, *browser_hash;
	const char *deployment; /* NULL where the login named none */
	enum lti_rung rung;
	const char *storage_target; /* of LTI_RUNG_STORAGE */
	int64_t issued;         /* seconds since 1970 */
};
const char *state_seal(struct lti *, struct mem *, const struct login_state *);
/* Reasons: state_missing, state_invalid, state_expired. */
MUST_USE bool state_open(struct lti *, struct mem *, const char *text, struct login_state *out,
			 struct err *e);

/* A launch that waits for what the platform's storage holds (R106), for 60 s. */
struct launch_ticket {
	const char *state, *id_token;
};
const char *ticket_seal(struct lti *, struct mem *, const struct launch_ticket *);
/* Reasons: storage_ticket_invalid, storage_ticket_expired. */
MUST_USE bool ticket_open(struct lti *, struct mem *, const char *text, struct launch_ticket *out,
			  struct err *e);
/* The name of the cookie without "__Host-": the key in the platform's storage. */
const char *state_key(struct mem *, const char *state);

/* login.c: the only origin that the platform's storage may be asked at (R104). */
const char *login_storage_origin(struct mem *, const struct lti_registration *);

/* ---- trace.c: what a login or launch did, for the launch log (R37) ---- */

/* Ends the step before and begins this one; the name is static. */
void trace_step(struct lti_trace *, const char *name);
void trace_end(struct lti_trace *);
/* What verified claims say, without who they are about. */
json_t *trace_facts(struct mem *, const struct lti_registration *, const json_t *claims);

/* ---- jwks.c: platforms' key sets, cached (R27, R28) ---- */

struct jwks_cache *jwks_cache_new(void);
void jwks_cache_free(struct jwks_cache *);
/* Verifies with the set at `url`, fetching it where needed and allowed. Reasons:
 * those of jws_verify, and jwks_unavailable. */
MUST_USE bool jwks_verify(struct lti *, const struct lti_registration *, const struct jws *,
			  struct err *e);
/* Fetches the set now, for a check; *keys_out: how many of its keys we can use. The
 * response is filled as far as it came, also where that was no key set. */
MUST_USE bool jwks_fetch_now(struct lti *, struct mem *, const struct lti_registration *,
			     struct http_response *, size_t *keys_out, struct err *e);
/* Tells the listener of lti_config what was seen; res may be NULL. */
void sight(struct lti *, const char *registration, enum lti_service, const struct http_response *,
	   const struct err *);

/* ---- claims.c: what an id_token must say (R29-R45) ---- */

/* Fills what the claims say, borrowing from them; err.reason says which rule failed, and
 * is the trace's last step. Roles and children are the caller's, by the tenant's rules. */
MUST_USE bool claims_read(const struct lti *, struct mem *, const struct lti_registration *,
			  const struct login_state *, const json_t *claims, struct lti_launch *out,
			  struct lti_trace *, struct err *e);
/* Where the platform wants people back (R47), or NULL. */
const char *claims_return_url(const struct lti *, const json_t *claims);

/* The rules of every message, whatever it is about: iss, aud, azp, exp, iat, nbf, version
 * and deployment_id. Borrows from the claims. */
struct claims_common {
	const char *deployment_id;
	int64_t nonce_expires;
};
MUST_USE bool claims_common(const struct lti_registration *, const json_t *claims,
			    struct claims_common *out, struct err *e);

/* notice.c: the claims of one notice (R92, R93); tenant and registration are the caller's. */
MUST_USE bool notice_read(struct mem *, const struct lti_registration *, const json_t *claims,
			  struct lti_notice *out, struct err *e);
/* The tokens of a handler's body {"notices":[{"jwt"}]}. */
MUST_USE bool notice_tokens(struct mem *, const char *body, size_t n, const char ***out,
			    size_t *n_out, struct err *e);

/* person.c: names, identifiers and children; nothing here refuses a launch. */
/* Needs out->registration. */
void person_read(struct mem *, const json_t *claims, struct lti_launch *out);
/* The platform's word on the language of its pages, as it spells it, or NULL. */
const char *locale_said(const json_t *claims);
/* Needs out->registration, roles and course_role. */
void children_read(struct mem *, const json_t *claims, struct lti_launch *out);
/* An identifier as LTI allows it: 1 to 255 printable ASCII characters. */
bool id_ok(const char *);
/* Text for people, trimmed and cut to 255 code points; NULL where empty or no text. */
const char *text_or_null(struct mem *, const char *);
/* An address that could be one, or NULL. */
const char *email_or_null(struct mem *, const char *);

/* ---- roster.c ---- */

/* The members of one page; *listed counts those without a usable id too. Reasons:
 * roster_invalid, roster_too_large. */
MUST_USE bool members_read(struct mem *, const struct lti_settings *, const struct lti_rules *,
			   const char *body, size_t n, struct lti_member **out, size_t *n_out,
			   size_t *listed, struct err *e);

/* ---- token.c: access tokens (R64-R70) ---- */

struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *);
/* The token for a scope, of the cache or new. `rejected` is the one a service has
 * just answered 401 to, or NULL. Reasons: token_refused, token_scope (the platform does
 * not grant this one), token_busy (it asked us to wait, or it fails), platform_unreachable. */
MUST_USE bool token_get(struct lti *, struct mem *, struct key_ring *,
			const struct lti_registration *, const char *scope, const char *rejected,
			const char **out, struct err *e);
/* Seconds until a registration's token endpoint may be asked again; 0: now. */
int64_t token_wait_s(struct lti *, const struct lti_registration *);

#endif
