/* dynamic.h - registering with a platform by itself (Dynamic Registration 1.0, R111-R123),
 * and the configuration that a Canvas administrator fetches instead.
 *
 * The order: openid_fetch() asks the platform for its configuration, a person says what to
 * ask for (struct dynamic_wishes), dynamic_request() writes that down, dynamic_send() hands
 * it over and reads what was granted, dynamic_store() keeps it. Only what the platform says
 * it can is asked for, and only what it echoes counts as granted. Nothing of the gradebook
 * is ever asked for.
 *
 * openid_fetch() and dynamic_send() wait for the platform, ten seconds at the most, and two
 * at once in the process: more are ERR_BUSY with reason registration_busy. Everybody may
 * begin a registration; what nobody invited stays pending until an administrator of a
 * school takes it over by its claim code. */
#ifndef LTI_DYNAMIC_H
#define LTI_DYNAMIC_H

#include "lti/lti.h"

/* ---- What a platform says of itself (openid.c) ---- */

enum { OPENID_MAX = 64 << 10, OPENID_WORDS = 500 };

struct openid {
	const char *url;         /* where it was read */
	const char *issuer, *auth_url, *token_url, *jwks_url, *register_url;
	const char *audience;    /* authorization_server where that is an address, else "" (R66) */
	const char *algorithms;  /* of its id_tokens, those that we take */
	const char *family, *version; /* product_family_code, version; "" where not said */
	const char *origins;     /* of url and issuer: who may show the page of this registration */
	const struct lti_profile *profile;
	const json_t *scopes, *claims, *variables, *notices; /* arrays of texts; never NULL */
	const json_t *messages;  /* [{"type", "placements":[...]}], never NULL */
};
/* Strict: JSON of at most OPENID_MAX bytes, texts where texts belong, https addresses (or of
 * the allow list), issuer and registration_endpoint on the host it was read from or both
 * among the hosts of the product (R113). err.field names the member. Reasons: registration_address,
 * registration_configuration, registration_host. */
MUST_USE bool openid_read(struct mem *, const char *http_allow, const char *url, const char *text,
			  size_t n, struct openid *out, struct err *e);
/* May this address be asked at all? Reason: registration_address. */
MUST_USE bool openid_url_ok(const struct lti *, const char *url, struct err *e);
/* Asks for it; *text is what was read. token may be NULL. Reasons: those above,
 * registration_unreachable, registration_busy. */
MUST_USE bool openid_fetch(struct lti *, struct mem *, const char *url, const char *token,
			   struct openid *out, const char **text, struct err *e);
/* scheme://host[:port] and host[:port] of such an address. */
const char *openid_origin(struct mem *, const char *url);
const char *openid_host(struct mem *, const char *url);
/* Does an array hold the text? */
bool openid_has(const json_t *texts, const char *text);

/* ---- What we offer, and what of it is asked for (dynamic.c) ---- */

/* A place we can be opened from, as platforms call it (their last path segment). */
struct dynamic_place {
	const char *name;     /* "course_navigation" */
	const char *message;  /* "LtiResourceLinkRequest" or "LtiDeepLinkingRequest" */
	const char *path;     /* of the link, on our own origin */
	enum dynamic_label { DYNAMIC_COURSE, DYNAMIC_MINE, DYNAMIC_ADD } label;
};
const struct dynamic_place *dynamic_places(size_t *n_out);
const struct dynamic_place *dynamic_place_find(const char *name, size_t n); /* NULL: none of ours */
/* The platform's own spelling of it; NULL where it does not offer it. */
const char *dynamic_place_at(const struct openid *, const struct dynamic_place *);
/* Names of the places of a kind that the product's profile would have of those offered; where
 * links are placed, all that are offered if it knows none of them. */
const char *dynamic_usual(struct mem *, const struct openid *, enum dynamic_label);
/* Is the place named in these words? */
bool dynamic_named(const char *places, const struct dynamic_place *);
/* Does the platform send messages of this type? */
bool dynamic_message_at(const struct openid *, const char *type);

/* How we are called, in one language; the first of a list is what others fall back to. */
struct dynamic_words {
	const char *language;                /* "en" */
	const char *product, *description;
	const char *labels[DYNAMIC_ADD + 1]; /* by enum dynamic_label */
};

struct dynamic_wishes {
	bool names, email, roster, notices;
	bool add;             /* teachers may place links (deep linking) */
	const char *places;   /* names of places, separated by spaces */
	const struct dynamic_words *words;
	size_t words_n;
	const char *contact;  /* a mail address, or "" */
	const char *icon;     /* path on our own origin */
};
/* The request (R116, R117), in the arena. */
json_t *dynamic_request(const struct lti *, struct mem *, const struct openid *,
			const struct dynamic_wishes *);

/* ---- Handing it over (dynamic.c) ---- */

struct dynamic_answer {
	bool accepted;
	long status;
	const char *said;          /* refused: what the platform answered, cut to 2,000 bytes, any text (R119) */
	const char *client_id;
	const char *deployment_id; /* NULL: not said (Canvas) */
	const char *update_url, *update_token; /* registration_client_uri (R122), or NULL */
	const json_t *report;      /* {"asked":{...},"given":{...}}: scopes, messages, claims, placements, custom */
	const json_t *settings;    /* the registration's own: what was declared for the whole tool, audience, algorithms */
};
/* Where an earlier registration may be changed instead of making one (R122); NULL: nowhere. */
struct dynamic_update {
	const char *url, *token;
};
/* true whatever the platform answered. ERR_PEER reasons: registration_unreachable,
 * registration_answer (accepted, but without a client_id); ERR_BUSY: registration_busy. */
MUST_USE bool dynamic_send(struct lti *, struct mem *, const struct openid *, const json_t *request,
			   const char *token, const struct dynamic_update *,
			   struct dynamic_answer *out, struct err *e);
/* Reads an answer: what dynamic_send does with it, and a fuzz target. */
MUST_USE bool dynamic_answer_read(struct mem *, const char *http_allow, const struct openid *,
				  const json_t *request, long status, const char *text, size_t n,
				  struct dynamic_answer *out, struct err *e);

/* ---- Keeping it (dynamic_database.c) ---- */

enum { DYNAMIC_PENDING_MAX = 100, DYNAMIC_PENDING_DAYS = 14 };

struct dynamic_invitation {
	const char *id, *tenant, *school;
};
/* A secret that was handed out and not used. Reason: invitation_invalid. */
MUST_USE bool dynamic_invitation(struct mem *, struct db *, const char *secret,
				 struct dynamic_invitation *out, struct err *e);
/* Is there room for one more that nobody invited? Reason: registration_full. */
MUST_USE bool dynamic_room(struct mem *, struct db *, struct err *e);
/* A page's ticket is good for one answer. Reason: registration_expired. */
MUST_USE bool dynamic_spend(struct mem *, struct db *, const char *ticket_id, struct err *e);
void dynamic_unspend(struct mem *, struct db *, const char *ticket_id);
/* Where this school's registration with this platform may be changed; url NULL: nowhere. */
MUST_USE bool dynamic_known(const struct lti *, struct mem *, struct db *, const struct openid *,
			    const char *tenant, struct dynamic_update *out, struct err *e);

struct dynamic_kept {
	enum dynamic_outcome {
		DYNAMIC_ACTIVE,   /* the inviting school's, at once */
		DYNAMIC_PENDING,  /* nobody's yet */
		DYNAMIC_ALREADY,  /* was registered; without an invitation nothing is changed */
	} outcome;
	const char *id;
	const char *claim_code;   /* of DYNAMIC_PENDING */
};
/* Spends the invitation and writes the registration down, both or neither; the same issuer
 * and client again change that row. invitation may be NULL. Reasons: invitation_invalid,
 * registration_full, registration_taken (another school's, or with other addresses). */
MUST_USE bool dynamic_store(const struct lti *, struct mem *, struct db *, const struct openid *,
			    const struct dynamic_answer *, const struct dynamic_invitation *,
			    const char *name, struct dynamic_kept *out, struct err *e);
/* ---- Canvas (canvas.c) ---- */

struct canvas_wishes {
	const char *placements; /* separated by commas; NULL: those of the profile */
	const char *privacy;    /* anonymous, name_only, email_only or public; NULL: public */
	const char *region;     /* as Canvas calls its own: "eu-west-1" or "eu"; NULL: not said */
	const struct dynamic_words *words;
	size_t words_n;
	const char *icon;
};
/* The whole configuration of a developer key. ERR_INVALID with err.field "placements",
 * "privacy" or "region" and what is wrong in err.text. We have one address for the whole
 * world, so that a region is checked and changes nothing (no oidc_initiation_urls). */
MUST_USE bool canvas_configuration(const struct lti *, struct mem *, const struct canvas_wishes *,
				   json_t **out, struct err *e);

#endif
