/* notice.c - the Platform Notification Service (R90-R94): a platform tells us of things
 * that happen without anybody launching us, above all that a course was copied.
 *
 * A notice is a token like a launch's, by the same keys and the same rules, without a
 * person and without a login before it. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

#define COPY_NOTICE   "LtiContextCopyNotice"
#define HELLO_NOTICE  "LtiHelloWorldNotice"
#define ANY_ALGORITHM "RS256 RS384 RS512 ES256 ES384"

enum {
	NOTICES_MAX = 100,
	ORIGINS_MAX = 20,
	NOTICE_BODY_MAX = 256 << 10,
	ANSWER_MAX = 64 << 10,
	TOTAL_MS = 8000,
	BATCH_SIZE = 50,
};

/* ---- The claims of one notice ---- */

static bool id_claim(const json_t *o, const char *claim, const char *name, const char **out,
		     struct err *e)
{
	const char *id = js_str(o, claim);

	if (!id_ok(id))
		return err_reason(e, ERR_INVALID, "notice_malformed",
				  "%s is not 1 to %d ASCII characters", name, ID_MAX);
	*out = id;
	return true;
}

/* PNS 4.2.1: a nonce of its own, and claim notice with id, timestamp and type. */
static bool what(const json_t *claims, struct lti_notice *out, struct err *e)
{
	const json_t *notice = js_obj(claims, CLAIM "notice");

	if (!id_ok(js_str(claims, "nonce")))
		return err_reason(e, ERR_INVALID, "token_nonce", "nonce is missing or no id");
	out->nonce = js_str(claims, "nonce");
	return id_claim(notice, "id", "notice.id", &out->id, e) &&
	       id_claim(notice, "type", "notice.type", &out->type, e);
}

/* A launch's token must not pass for a notice: a notice is about nobody (R92). */
static bool not_a_message(const json_t *claims, struct err *e)
{
	if (!json_object_get(claims, "sub") && !json_object_get(claims, CLAIM "message_type"))
		return true;
	return err_reason(e, ERR_INVALID, "notice_malformed", "a launch, not a notice");
}

static bool is_among(const char *id, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(id, list[i]))
			return true;
	return false;
}

/* R93: which course, and which ones it was copied from. */
static bool copy(struct mem *m, const json_t *claims, struct lti_notice *out, struct err *e)
{
	const json_t *context = js_obj(claims, CLAIM "context"), *one;
	const char **origins = mem_array(m, const char *, ORIGINS_MAX);
	size_t i;

	if (!id_claim(context, "id", "context.id", &out->context_id, e))
		return false;
	out->context_label = text_or_null(m, js_str(context, "label"));
	out->context_title = text_or_null(m, js_str(context, "title"));
	json_array_foreach(js_arr(claims, CLAIM "origin_contexts"), i, one) {
		const char *id = json_string_value(one);
		if (out->origins_n == ORIGINS_MAX || !id_ok(id) || str_eq(id, out->context_id) ||
		    is_among(id, origins, out->origins_n))
			continue;
		origins[out->origins_n++] = id;
	}
	out->origins = origins;
	return true;
}

bool notice_read(struct mem *m, const struct lti_registration *r, const json_t *claims,
		 struct lti_notice *out, struct err *e)
{
	struct lti_notice notice = {.registration = r};
	struct claims_common common;

	if (!claims_common(r, claims, &common, e) || !not_a_message(claims, e) ||
	    !what(claims, &notice, e))
		return false;
	if (str_eq(notice.type, COPY_NOTICE) && !copy(m, claims, &notice, e))
		return false;
	notice.deployment_id = common.deployment_id;
	notice.nonce_expires = common.nonce_expires;
	*out = notice;
	return true;
}

/* ---- Whose it is, and whether it may be believed ---- */

/* aud and azp say whose token this is before anything can be verified; the rules look at
 * both again afterwards. */
static const char *client_of(const json_t *claims)
{
	const json_t *aud = json_object_get(claims, "aud");
	const char *azp = js_str(claims, "azp");

	if (azp)
		return azp;
	return json_string_value(json_array_size(aud) == 1 ? json_array_get(aud, 0) : aud);
}

static bool registration_of(struct lti *l, struct mem *m, struct db *db, const json_t *claims,
			    const struct lti_registration **out, struct err *e)
{
	const char *issuer = js_str(claims, "iss"), *client = client_of(claims);

	if (str_empty(issuer))
		return err_reason(e, ERR_INVALID, "token_issuer", "no iss");
	if (str_empty(client))
		return err_reason(e, ERR_INVALID, "token_audience", "no single audience");
	return registry_for_login(l->registry, m, db, issuer, client, NULL, out, e);
}

/* R39: notices make no deployment. A hello may come before ours is anybody's. */
static bool tenant_of(struct lti *l, struct mem *m, struct db *db, struct lti_notice *n,
		      struct err *e)
{
	struct deployment d;

	if (!registry_deployment(l->registry, m, db, n->registration->id, n->deployment_id, &d, e))
		return false;
	n->tenant = d.state == DEPLOYMENT_ACTIVE ? d.tenant : NULL;
	if (n->tenant || str_eq(n->type, HELLO_NOTICE))
		return true;
	return err_reason(e, ERR_DENIED, "deployment_unknown",
			  "a notice of a deployment that is nobody's");
}

static bool verified(struct lti *l, struct mem *m, struct db *db, const char *token,
		     struct lti_notice *out, struct err *e)
{
	const struct lti_registration *r;
	struct jws jws;

	/* Taken apart to learn whose it is, and again by what that platform signs with (R26). */
	return jws_parse(m, token, strlen(token), ANY_ALGORITHM, &jws, e) &&
	       registration_of(l, m, db, jws.claims, &r, e) &&
	       jws_parse(m, token, strlen(token), r->set.algorithms, &jws, e) &&
	       jwks_verify(l, r, &jws, e) && notice_read(m, r, jws.claims, out, e) &&
	       tenant_of(l, m, db, out, e);
}

/* ---- The body ---- */

bool notice_tokens(struct mem *m, const char *body, size_t n, const char ***out, size_t *n_out,
		   struct err *e)
{
	json_t *root, *list = NULL, *one;
	const char **tokens;
	size_t i;

	if (js_parse(m, body, n, NOTICE_BODY_MAX, &root, e))
		list = js_arr(root, "notices");
	if (!list)
		return err_reason(e, ERR_INVALID, "notice_malformed", "the body holds no notices");
	if (json_array_size(list) > NOTICES_MAX)
		return err_reason(e, ERR_INVALID, "notice_malformed", "more than %d notices",
				  NOTICES_MAX);
	tokens = mem_array(m, const char *, json_array_size(list));
	json_array_foreach(list, i, one)
		tokens[i] = str_or(js_str(one, "jwt"), "");
	*out = tokens;
	*n_out = json_array_size(list);
	return true;
}

bool lti_notices(struct lti *l, struct mem *m, struct db *db, const char *body, size_t n,
		 struct lti_notice **out, size_t *n_out,
		 void (*refused)(void *, const struct err *), void *self, struct err *e)
{
	struct lti_notice *notices;
	const char **tokens;
	size_t tokens_n, good = 0;

	if (!notice_tokens(m, body, n, &tokens, &tokens_n, e))
		return false;
	notices = mem_array(m, struct lti_notice, tokens_n);
	for (size_t i = 0; i < tokens_n; i++) {
		struct err why = {0};
		if (verified(l, m, db, tokens[i], &notices[good], &why))
			good++;
		else if (why.code != ERR_BUSY && why.code != ERR_INTERNAL)
			refused(self, &why);
		else {
			*e = why; /* ours to mend: the platform may send it again */
			return false;
		}
	}
	*out = notices;
	*n_out = good;
	return true;
}

/* ---- Asking to be told (R91, R94) ---- */

struct subscription {
	struct lti *lti;
	struct mem *m;
	struct key_ring *ring;
	const struct lti_registration *registration;
	const char *url, *handler;
};

/* R67: a token that is not taken any more is replaced once. */
static bool ask(const struct subscription *s, const char *json, struct http_response *res,
		struct err *e)
{
	struct http_request req = {
		.url = s->url,
		.accept = "application/json",
		.method = json ? "PUT" : "GET",
		.json = json,
		.body_max = ANSWER_MAX,
		.total_ms = TOTAL_MS,
	};
	const char *rejected = NULL;

	for (int attempt = 0; attempt < 2; attempt++) {
		if (!token_get(s->lti, s->m, s->ring, s->registration, SCOPE_PNS, rejected,
			       &req.bearer, e))
			return false;
		if (!s->lti->http.fetch(s->lti->http.self, s->m, &req, res, e)) {
			e->reason = "platform_unreachable";
			return err_under(e, "notices");
		}
		if (res->status != 401)
			break;
		rejected = req.bearer;
	}
	if (res->status >= 200 && res->status <= 299)
		return true;
	return err_reason(e, ERR_PEER, "notice_denied", "the notification service answered %ld",
			  res->status);
}

/* An answer of 200 to the PUT says little: the list is what holds (R94). */
static bool is_listed(const struct subscription *s, const struct http_response *res, struct err *e)
{
	struct err why = {0};
	json_t *root, *handlers = NULL, *one;
	size_t i;

	if (js_parse(s->m, res->body, res->n, ANSWER_MAX, &root, &why))
		handlers = js_arr(root, "notice_handlers");
	json_array_foreach(handlers, i, one)
		if (str_eq(js_str(one, "notice_type"), COPY_NOTICE) &&
		    str_eq(js_str(one, "handler"), s->handler))
			return true;
	return err_reason(e, ERR_PEER, "notice_denied", "our handler does not stand in the list");
}

bool lti_notice_subscribe(struct lti *l, struct mem *m, struct db *db, struct key_ring *ring,
			  const char *registration_id, const char *notice_url, struct err *e)
{
	struct subscription s = {
		.lti = l,
		.m = m,
		.ring = ring,
		.url = notice_url,
		.handler = mem_printf(m, "%s/lti/notices", l->base_url),
	};
	struct http_response res;
	json_t *wish;

	if (!registry_by_id(l->registry, m, db, registration_id, &s.registration, e))
		return false;
	if (!url_is_fetchable(l->http_allow, notice_url))
		return err_set(e, ERR_INVALID, "not an address we may ask");
	wish = js_own(m, json_pack("{s:s, s:s, s:i}", "notice_type", COPY_NOTICE, "handler",
				   s.handler, "max_batch_size", BATCH_SIZE));
	return ask(&s, js_print(m, wish, NULL), &res, e) && ask(&s, NULL, &res, e) &&
	       is_listed(&s, &res, e);
}
