/* launch.c - the launch, in the order of R20: state, browser, the token's form,
 * its signature, its claims, its deployment. Spending the nonce is the caller's,
 * in the transaction that takes the launch in. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

struct post {
	const char *id_token, *state, *error;
};

static bool field(lti_field *get, const void *form, const char *name, const char **out,
		  struct err *e)
{
	bool repeated = false;

	*out = get(form, name, &repeated);
	if (repeated)
		return err_reason(e, ERR_INVALID, "parameter_repeated", "%s stands twice", name);
	return true;
}

/* OIDC core 3.1.2.6, and what platforms add: answers instead of a token (R22). */
static bool platform_error(const char *error, struct err *e)
{
	static const struct {
		const char *error, *reason;
	} known[] = {
		{"login_required", "platform_login_required"},
		{"interaction_required", "platform_login_required"},
		{"account_selection_required", "platform_login_required"},
		{"consent_required", "platform_login_required"},
		{"unauthorized_client", "platform_unauthorized_client"},
		{"access_denied", "platform_access_denied"},
		{"invalid_request", "platform_invalid_request"},
		{"invalid_request_object", "platform_invalid_request"},
		{"invalid_scope", "platform_invalid_request"},
		{"unsupported_response_type", "platform_invalid_request"},
		{"server_error", "platform_server_error"},
		{"temporarily_unavailable", "platform_server_error"},
		{"launch_no_longer_valid", "platform_launch_expired"},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(error, known[i].error))
			return err_reason(e, ERR_PEER, known[i].reason, "the platform answered %s",
					  known[i].error);
	return err_reason(e, ERR_PEER, "platform_error", "the platform answered an unknown error");
}

static bool read(lti_field *get, const void *form, struct post *out, struct err *e)
{
	if (!field(get, form, "error", &out->error, e) ||
	    !field(get, form, "state", &out->state, e) ||
	    !field(get, form, "id_token", &out->id_token, e))
		return false;
	return str_empty(out->error) || platform_error(out->error, e);
}

/* R16: whoever brings the answer is who began the login. */
static bool browser(struct mem *m, const char *state, const struct login_state *s,
		    lti_cookie *cookie, const void *request, struct err *e)
{
	const char *secret = cookie(request, lti_state_cookie(m, state));

	if (str_empty(secret))
		return err_reason(e, ERR_DENIED, "browser_cookie_missing",
				  "the cookie of the login did not come back");
	const char *hash = sha256_hex(m, secret, strlen(secret));
	if (!secret_eq(hash, strlen(hash), s->browser_hash, strlen(s->browser_hash)))
		return err_reason(e, ERR_DENIED, "browser_mismatch",
				  "the login was begun in another browser");
	return true;
}

static bool registration(struct lti *l, struct mem *m, struct db *db, const char *id,
			 const struct lti_registration **out, struct err *e)
{
	if (registry_by_id(l->registry, m, db, id, out, e))
		return true;
	return e->code == ERR_NOT_FOUND ? err_reason(e, ERR_DENIED, "platform_unknown",
						     "the registration was closed after the login")
					: false;
}

static bool verified(struct lti *l, struct mem *m, const struct lti_registration *r,
		     const char *id_token, const json_t **claims, struct err *e)
{
	struct jws jws;

	if (str_empty(id_token))
		return err_reason(e, ERR_INVALID, "token_missing", "no id_token");
	if (!jws_parse(m, id_token, strlen(id_token), r->algorithms, &jws, e) ||
	    !jwks_verify(l->jwks, &l->http, r->jwks_url, &jws, e))
		return false;
	*claims = jws.claims;
	return true;
}

/* R39: the deployment decides whose launch this is. */
static bool tenant(struct lti *l, struct mem *m, struct db *db, struct lti_launch *launch,
		   struct err *e)
{
	const struct lti_registration *r = launch->registration;
	struct deployment d;

	if (!registry_deployment(l->registry, m, db, r->id, launch->deployment_id, &d, e))
		return false;
	if (d.state == DEPLOYMENT_ACTIVE) {
		launch->tenant = d.tenant;
		return true;
	}
	if (d.state == DEPLOYMENT_CLOSED)
		return err_reason(e, ERR_DENIED, "deployment_closed", "the deployment is closed");
	if (d.state == DEPLOYMENT_PENDING || r->deployments == LTI_DEPLOY_PENDING)
		return err_reason(e, ERR_DENIED, "deployment_pending",
				  "the deployment belongs to no tenant yet");
	if (r->deployments == LTI_DEPLOY_CLOSED)
		return err_reason(e, ERR_DENIED, "deployment_unknown",
				  "the deployment is new and the registration takes no new ones");
	launch->tenant = r->tenant;
	launch->deployment_is_new = true;
	return true;
}

bool lti_launch(struct lti *l, struct mem *m, struct db *db, lti_field *get, const void *form,
		lti_cookie *cookie, const void *request, struct lti_launch *out, struct err *e)
{
	const struct lti_registration *r;
	const json_t *claims = NULL;
	struct login_state state;
	struct lti_launch launch;
	struct post post;

	if (!read(get, form, &post, e) || !state_open(l, m, post.state, &state, e) ||
	    !browser(m, post.state, &state, cookie, request, e) ||
	    !registration(l, m, db, state.registration, &r, e) ||
	    !verified(l, m, r, post.id_token, &claims, e) ||
	    !claims_read(l, m, r, &state, claims, &launch, e) || !tenant(l, m, db, &launch, e))
		return false;
	*out = launch;
	return true;
}
