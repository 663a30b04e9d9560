/* claims.c - what an id_token must say, one rule to a function, each beginning
 * with the clause it stands for; the table at the end says which message needs
 * which. The token's signature has been verified. */
#include "lti/claims_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

enum { NONCE_KEPT_MAX = 24 * 3600 };

/* Security Framework 5.1.3 (2): iss is the registered issuer, octet by octet. */
static bool issuer(struct reading *r, struct err *e)
{
	if (!str_eq(js_str(r->claims, "iss"), r->registration->issuer))
		return err_reason(e, ERR_INVALID, "token_issuer",
				  "iss is not the registered issuer");
	return true;
}

static bool audience_is_trusted(const struct lti_registration *r, const char *audience)
{
	return str_eq(audience, r->client_id) || words_has(r->set.audiences, audience);
}

/* Security Framework 5.1.3 (3, 4, 5): aud holds our client_id and nobody we do
 * not trust; azp is required beside several and is us wherever it stands. */
static bool audience(struct reading *r, struct err *e)
{
	const json_t *aud = json_object_get(r->claims, "aud"), *one;
	const json_t *azp = json_object_get(r->claims, "azp");
	bool found = str_eq(json_string_value(aud), r->registration->client_id);
	size_t i;

	json_array_foreach(aud, i, one)
	{
		const char *name = json_string_value(one);
		if (!name || !audience_is_trusted(r->registration, name))
			return err_reason(e, ERR_INVALID, "token_audience",
					  "aud names somebody we do not trust");
		found |= str_eq(name, r->registration->client_id);
	}
	if (!found)
		return err_reason(e, ERR_INVALID, "token_audience", "aud is not our client_id");
	if (json_is_null(azp))
		azp = NULL;
	if (!azp && json_array_size(aud) > 1)
		return err_reason(e, ERR_INVALID, "token_audience", "several audiences and no azp");
	if (azp && !str_eq(json_string_value(azp), r->registration->client_id))
		return err_reason(e, ERR_INVALID, "token_audience", "azp is not our client_id");
	return true;
}

/* Security Framework 5.1.3 (7): now is before exp. */
static bool expiry(struct reading *r, struct err *e)
{
	int64_t exp, skew = r->registration->set.skew_s;

	if (!js_num(r->claims, "exp", &exp))
		return err_reason(e, ERR_INVALID, "token_time", "exp is no time");
	if (r->now >= exp + skew)
		return err_reason(e, ERR_INVALID, "token_expired", "exp was %lld s ago",
				  (long long)(r->now - exp));
	/* R32, within what a database can hold: the state outlives no nonce of a day */
	int64_t kept = exp + skew, most = r->now + NONCE_KEPT_MAX;
	r->out->nonce_expires = kept < most ? kept : most;
	return true;
}

/* Security Framework 5.1.3 (8): iat is not too long ago, and not to come. */
static bool issued_at(struct reading *r, struct err *e)
{
	int64_t iat, skew = r->registration->set.skew_s;

	if (!js_num(r->claims, "iat", &iat))
		return err_reason(e, ERR_INVALID, "token_time", "iat is no time");
	if (iat > r->now + skew)
		return err_reason(e, ERR_INVALID, "token_from_future", "iat is %lld s ahead",
				  (long long)(iat - r->now));
	if (iat < r->now - TOKEN_AGE_MAX - skew)
		return err_reason(e, ERR_INVALID, "token_too_old", "iat is %lld s ago",
				  (long long)(r->now - iat));
	return true;
}

/* RFC 7519 4.1.5: not before nbf, where it is given. */
static bool not_before(struct reading *r, struct err *e)
{
	const json_t *given = json_object_get(r->claims, "nbf");
	int64_t nbf;

	if (!given || json_is_null(given))
		return true;
	if (!js_num(r->claims, "nbf", &nbf))
		return err_reason(e, ERR_INVALID, "token_time", "nbf is no time");
	if (nbf > r->now + r->registration->set.skew_s)
		return err_reason(e, ERR_INVALID, "token_from_future", "nbf is %lld s ahead",
				  (long long)(nbf - r->now));
	return true;
}

/* Security Framework 5.1.3 (9): nonce is the one this login made (R32). */
static bool nonce(struct reading *r, struct err *e)
{
	const char *said = js_str(r->claims, "nonce"), *ours = r->state->nonce;

	if (!said || !secret_eq(said, strlen(said), ours, strlen(ours)))
		return err_reason(e, ERR_INVALID, "token_nonce", "nonce is not that of the login");
	r->out->nonce = ours;
	return true;
}

/* LTI core 5.3.2: version is 1.3.0, whole (R38). */
static bool version(struct reading *r, struct err *e)
{
	if (!str_eq(js_str(r->claims, CLAIM "version"), "1.3.0"))
		return err_reason(e, ERR_INVALID, "version_wrong", "version is not 1.3.0");
	return true;
}

/* LTI core 5.3.6: sub, at most 255 ASCII characters; absent in anonymous launches,
 * which a registration must allow (R33). */
static bool subject(struct reading *r, struct err *e)
{
	const json_t *sub = json_object_get(r->claims, "sub");
	const char *text = json_string_value(sub);

	if (!sub || json_is_null(sub) || (text && !*text)) {
		if (r->registration->set.anonymous)
			return true;
		return err_reason(e, ERR_INVALID, "subject_missing", "no sub");
	}
	if (!id_ok(text))
		return err_reason(e, ERR_INVALID, "claim_malformed",
				  "sub is not 1 to %d ASCII characters", ID_MAX);
	r->out->sub = text;
	return true;
}

/* LTI core 5.3.3: deployment_id is required; R40: it is the one the login named. */
static bool deployment(struct reading *r, struct err *e)
{
	const char *id = js_str(r->claims, CLAIM "deployment_id");

	if (str_empty(id))
		return err_reason(e, ERR_INVALID, "deployment_missing", "no deployment_id");
	if (!id_ok(id))
		return err_reason(e, ERR_INVALID, "claim_malformed",
				  "deployment_id is not 1 to %d ASCII characters", ID_MAX);
	if (r->state && r->state->deployment && !str_eq(id, r->state->deployment))
		return err_reason(e, ERR_INVALID, "deployment_mismatch",
				  "deployment_id is not that of the login");
	r->out->deployment_id = id;
	if (r->trace)
		r->trace->deployment = id;
	return true;
}

/* LTI core 5.3.4: target_link_uri is required of links. Where it leads is decided by
 * it alone, and only to ourselves (R7). */
static bool target(struct reading *r, struct err *e)
{
	const char *uri = js_str(r->claims, CLAIM "target_link_uri");

	if (str_empty(uri) && r->needed)
		return err_reason(e, ERR_INVALID, "target_missing", "no target_link_uri");
	r->out->target = str_empty(uri) ? "/" : url_target(r->m, r->lti->base_url, uri);
	return true;
}

/* LTI core 5.3.5: resource_link with an id, unique in its deployment. */
static bool resource_link(struct reading *r, struct err *e)
{
	const json_t *link = js_obj(r->claims, CLAIM "resource_link");
	const char *id = js_str(link, "id");

	if (str_empty(id))
		return err_reason(e, ERR_INVALID, "resource_link_missing", "no resource_link.id");
	if (!id_ok(id))
		return err_reason(e, ERR_INVALID, "claim_malformed",
				  "resource_link.id is not 1 to %d ASCII characters", ID_MAX);
	r->out->resource_link_id = id;
	r->out->resource_link_title = text_or_null(r->m, js_str(link, "title"));
	return true;
}

/* LTI core 5.3.7: roles is required and may be empty (R43). What they are here is
 * decided later, by the school's own rules. */
static bool roles(struct reading *r, struct err *e)
{
	if (r->needed && !js_arr(r->claims, CLAIM "roles"))
		return err_reason(e, ERR_INVALID, "roles_missing", "no roles array");
	return true;
}

/* Canvas names an account by a context too; that is no course (R44). */
static bool is_account(const json_t *context)
{
	const json_t *one;
	size_t i;

	json_array_foreach(js_arr(context, "type"), i,
			   one) if (str_eq(json_string_value(one), "Account")) return true;
	return false;
}

/* LTI core 5.4.1: context is optional; without an id there is no course. */
static bool context(struct reading *r, struct err *e)
{
	const json_t *c = js_obj(r->claims, CLAIM "context");
	const char *id = js_str(c, "id");

	if (str_empty(id) || is_account(c))
		return true;
	if (!id_ok(id))
		return err_reason(e, ERR_INVALID, "claim_malformed",
				  "context.id is not 1 to %d ASCII characters", ID_MAX);
	r->out->context_id = id;
	r->out->context_label = text_or_null(r->m, js_str(c, "label"));
	r->out->context_title = text_or_null(r->m, js_str(c, "title"));
	return true;
}

const char *claims_return_url(const struct lti *l, const json_t *claims)
{
	const char *back = js_str(js_obj(claims, CLAIM "launch_presentation"), "return_url");

	return back && url_is_linkable(l->http_allow, back) ? back : NULL;
}

/* LTI core 5.4.4: launch_presentation. */
static bool presentation(struct reading *r, struct err *e)
{
	static const char *const targets[] = {"iframe", "window", "frame"};
	const char *where =
		js_str(js_obj(r->claims, CLAIM "launch_presentation"), "document_target");

	r->out->return_url = claims_return_url(r->lti, r->claims);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		if (str_eq(where, targets[i]))
			r->out->document_target = targets[i];
	return true;
}

/* NRPS 3.6.1.1: where the roster is, if this platform has one for us (R78). */
static bool roster(struct reading *r, struct err *e)
{
	const char *url = js_str(js_obj(r->claims, CLAIM_NRPS), "context_memberships_url");

	if (url && url_is_fetchable(r->lti->http_allow, url))
		r->out->roster_url = url;
	return true;
}

static bool person(struct reading *r, struct err *e)
{
	person_read(r->m, r->claims, r->out);
	return true;
}

/* Rule by rule: whose tokens it looks at, and which of them may not lack what it looks
 * for. What kind of message it is is known from message_type on. */
static const struct {
	const char *name;
	claim_rule *holds;
	unsigned of, needed;
} rules[] = {
	/* clang-format off */
	{ "claim iss",                   issuer,            OF_ALL,                OF_ALL },
	{ "claim aud",                   audience,          OF_ALL,                OF_ALL },
	{ "claim exp",                   expiry,            OF_ALL,                OF_ALL },
	{ "claim iat",                   issued_at,         OF_ALL,                OF_ALL },
	{ "claim nbf",                   not_before,        OF_ALL,                0 },
	{ "claim nonce",                 nonce,             OF_LAUNCHES,           OF_LAUNCHES },
	{ "claim message_type",          rule_message_type, OF_LAUNCHES,           OF_LAUNCHES },
	{ "claim version",               version,           OF_ALL,                OF_ALL },
	{ "claim sub",                   subject,           OF_LAUNCHES,           OF_LAUNCHES },
	{ "claim deployment_id",         deployment,        OF_ALL,                OF_ALL },
	{ "claim target_link_uri",       target,            OF_LAUNCHES,           OF_LINK },
	{ "claim resource_link",         resource_link,     OF_LINK | OF_REVIEW,   OF_LINK | OF_REVIEW },
	{ "claim roles",                 roles,             OF_LAUNCHES,           OF_LINK | OF_DEEP | OF_REVIEW },
	{ "claim context",               context,           OF_LAUNCHES,           0 },
	{ "claim deep_linking_settings", rule_deep_linking, OF_DEEP,               OF_DEEP },
	{ "claim for_user",              rule_for_user,     OF_REVIEW | OF_PRIVACY, OF_REVIEW },
	{ "claim launch_presentation",   presentation,      OF_LAUNCHES,           0 },
	{ "claim namesroleservice",      roster,            OF_LAUNCHES,           0 },
	{ "claim notificationservice",   rule_notices,      OF_LAUNCHES,           0 },
	{ "claim tool_platform",         rule_platform,     OF_LAUNCHES,           0 },
	{ "claim custom",                rule_history,      OF_LAUNCHES,           0 },
	{ "claims of the person",        person,            OF_LAUNCHES,           0 },
	/* clang-format on */
};

static bool all_hold(struct reading *r, struct err *e)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (!(rules[i].of & r->message))
			continue;
		if (r->trace)
			trace_step(r->trace, rules[i].name);
		r->needed = rules[i].needed & r->message;
		if (!rules[i].holds(r, e))
			return false;
	}
	return true;
}

bool claims_read(const struct lti *l, struct mem *m, const struct lti_registration *registration,
		 const struct login_state *state, const json_t *claims, struct lti_launch *out,
		 struct lti_trace *trace, struct err *e)
{
	struct lti_launch launch = {.registration = registration};
	struct reading r = {
		.lti = l,
		.m = m,
		.registration = registration,
		.state = state,
		.claims = claims,
		.out = &launch,
		.trace = trace,
		.now = now_s(),
		.message = OF_LAUNCHES,
	};

	if (!all_hold(&r, e))
		return false;
	*out = launch;
	return true;
}

bool claims_common(const struct lti_registration *registration, const json_t *claims,
		   struct claims_common *out, struct err *e)
{
	struct lti_launch said = {.registration = registration};
	struct reading r = {
		.registration = registration,
		.claims = claims,
		.out = &said,
		.now = now_s(),
		.message = OF_NOTICES,
	};

	if (!all_hold(&r, e))
		return false;
	*out = (struct claims_common){said.deployment_id, said.nonce_expires};
	return true;
}
