/* launch.c - the launch, in the order of R20: state, browser, the token's form, its
 * signature, its claims, its deployment, and what its roles are there. Spending the
 * nonce is the caller's, in the transaction that takes the launch in. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

struct visit {
	struct lti *l;
	struct mem *m;
	struct db *db;
	struct lti_trace *trace;
	const char *id_token, *state_text, *error;
	struct login_state state;
	const struct lti_registration *registration;
	const json_t *claims;
	struct lti_launch launch;
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

static bool read(struct visit *v, lti_field *get, const void *form, struct err *e)
{
	trace_step(v->trace, "form");
	return field(get, form, "error", &v->error, e) &&
	       field(get, form, "state", &v->state_text, e) &&
	       field(get, form, "id_token", &v->id_token, e);
}

static bool open_state(struct visit *v, struct err *e)
{
	struct lti_trace *t = v->trace;

	trace_step(t, "state");
	if (!state_open(v->l, v->m, v->state_text, &v->state, e))
		return false;
	t->rung = v->state.rung;
	t->login_at = v->state.issued;
	t->registration = v->state.registration;
	return true;
}

/* What the platform says instead of a token; the state tells the log which platform. */
static bool refused_by_platform(struct visit *v, struct err *e)
{
	struct err ignored;

	if (str_empty(v->error))
		return false;
	(void)!open_state(v, &ignored);
	trace_step(v->trace, "platform");
	return !platform_error(v->error, e);
}

/* R16: whoever brings the answer is who began the login. */
static bool same_browser(struct visit *v, const char *secret, const char *missing, struct err *e)
{
	const char *ours = v->state.browser_hash;

	trace_step(v->trace, "browser");
	if (str_empty(secret))
		return err_reason(e, ERR_DENIED, missing,
				  "the secret of the login did not come back");
	const char *hash = sha256_hex(v->m, secret, strlen(secret));
	if (!secret_eq(hash, strlen(hash), ours, strlen(ours)))
		return err_reason(e, ERR_DENIED, "browser_mismatch",
				  "the login was begun in another browser");
	return true;
}

static bool find_registration(struct visit *v, struct err *e)
{
	struct lti_trace *t = v->trace;

	trace_step(t, "registration");
	if (!registry_by_id(v->l->registry, v->m, v->db, v->state.registration, &v->registration,
			    e))
		return e->code == ERR_NOT_FOUND
			       ? err_reason(e, ERR_DENIED, "platform_unknown",
					    "the registration was closed after the login")
			       : false;
	t->profile = v->registration->profile;
	t->issuer = v->registration->issuer;
	t->client = v->registration->client_id;
	t->tenant = v->registration->tenant;
	return true;
}

/* From here on the claims are the platform's word. */
static void note_claims(struct visit *v)
{
	struct lti_trace *t = v->trace;

	t->verified = true;
	t->facts = trace_facts(v->m, v->registration, v->claims);
	t->return_url = claims_return_url(v->l, v->claims);
	if (!js_num(v->claims, "iat", &t->issued_at))
		t->issued_at = 0;
	if (!js_num(v->claims, "exp", &t->expires_at))
		t->expires_at = 0;
}

static bool verify(struct visit *v, struct err *e)
{
	const struct lti_registration *r = v->registration;
	struct jws jws;

	trace_step(v->trace, "token");
	if (str_empty(v->id_token))
		return err_reason(e, ERR_INVALID, "token_missing", "no id_token");
	if (!jws_parse(v->m, v->id_token, strlen(v->id_token), r->set.algorithms, &jws, e))
		return false;
	v->trace->kid = jws.kid;
	v->trace->alg = jws.alg;
	trace_step(v->trace, "signature");
	if (!jwks_verify(v->l, r, &jws, e))
		return false;
	v->claims = jws.claims;
	note_claims(v);
	return true;
}

/* Everything that needs neither the browser nor the school. */
static bool believe(struct visit *v, struct err *e)
{
	return find_registration(v, e) && verify(v, e) &&
	       claims_read(v->l, v->m, v->registration, &v->state, v->claims, &v->launch, v->trace,
			   e);
}

/* ---- Whose launch it is, and what its roles are there ---- */

static struct lti_decision decide(struct visit *v, const struct lti_rules *rules)
{
	struct lti_decision d;
	const struct lti_facts facts = {
		.roles = js_arr(v->claims, CLAIM "roles"),
		.custom = js_obj(v->claims, CLAIM "custom"),
		.sub = v->launch.sub,
		.sis_id = v->launch.sis_id,
		.lti11_id = v->launch.lti11_id,
	};

	lti_decide(v->m, &v->registration->set, rules, &facts, &d);
	return d;
}

/* R39: written down so that a school can claim it; the code that proves the claim is
 * for those who may speak for a school. */
static bool wait_for_school(struct visit *v, struct err *e)
{
	const unsigned staff = LTI_ROLE_INSTRUCTOR | LTI_ROLE_ADMINISTRATOR | LTI_ROLE_SITE_ADMIN;
	const struct lti_launch *launch = &v->launch;
	const char *code;

	if (!registry_pending(v->l->registry, v->m, v->db, v->registration->id,
			      launch->deployment_id, launch->platform_name, launch->platform_guid,
			      &code, e))
		return false;
	if (decide(v, &(struct lti_rules){0}).roles & staff)
		v->trace->claim_code = code;
	return err_reason(e, ERR_DENIED, "deployment_pending",
			  "the deployment belongs to no tenant yet");
}

/* A registration that is nobody's has no school to give a new deployment to. */
static bool is_pending(const struct lti_registration *r, const struct deployment *d)
{
	if (d->state == DEPLOYMENT_UNKNOWN)
		return !r->tenant || r->deployments == LTI_DEPLOY_PENDING;
	return d->state == DEPLOYMENT_PENDING || (d->state == DEPLOYMENT_ACTIVE && !d->tenant);
}

/* R39: the deployment decides whose launch this is. */
static bool find_school(struct visit *v, struct lti_rules *rules, bool *pending, struct err *e)
{
	const struct lti_registration *r = v->registration;
	struct lti_launch *launch = &v->launch;
	struct deployment d;

	trace_step(v->trace, "deployment");
	if (!registry_deployment(v->l->registry, v->m, v->db, r->id, launch->deployment_id, &d, e))
		return false;
	*pending = is_pending(r, &d);
	if (*pending)
		return true;
	if (d.state == DEPLOYMENT_CLOSED)
		return err_reason(e, ERR_DENIED, "deployment_closed", "the deployment is closed");
	if (d.state == DEPLOYMENT_UNKNOWN && r->deployments == LTI_DEPLOY_CLOSED)
		return err_reason(e, ERR_DENIED, "deployment_unknown",
				  "the deployment is new and the registration takes no new ones");
	launch->deployment_is_new = d.state == DEPLOYMENT_UNKNOWN;
	launch->tenant = launch->deployment_is_new ? r->tenant : d.tenant;
	v->trace->tenant = launch->tenant;
	*rules = d.rules;
	return !launch->deployment_is_new ||
	       registry_rules(v->l->registry, v->m, v->db, r->tenant, r->id, rules, e);
}

/* What the roles are in this school. R57: the message is no proof that somebody may
 * place items; Canvas shows some of its pickers to students. */
static bool give_role(struct visit *v, const struct lti_rules *rules, struct err *e)
{
	struct lti_launch *launch = &v->launch;
	struct lti_decision d;

	trace_step(v->trace, "role");
	d = decide(v, rules);
	launch->roles = d.roles;
	launch->course_role = v->trace->role = d.role;
	launch->why = v->trace->why = d.why;
	launch->site_admin = v->registration->set.administrators && (d.roles & LTI_ROLE_SITE_ADMIN);
	/* Nobody in particular teaches nothing, whatever the roles say (R33). */
	if (launch->message == LTI_MESSAGE_DEEP_LINKING &&
	    !(launch->sub && str_eq(d.role, "teacher")))
		return err_reason(e, ERR_DENIED, "placement_not_allowed",
				  "only teachers place items, not the role %s", d.role);
	children_read(v->m, v->claims, launch);
	return true;
}

/* Who is let in; the browser must be known by now. */
static bool admit(struct visit *v, struct lti_launch *out, struct err *e)
{
	struct lti_rules rules = {0};
	bool pending;

	if (!find_school(v, &rules, &pending, e))
		return false;
	if (pending)
		return wait_for_school(v, e);
	if (!give_role(v, &rules, e))
		return false;
	*out = v->launch;
	return true;
}

/* ---- The three doors ---- */

static bool launch(struct visit *v, lti_field *get, const void *form, lti_cookie *cookie,
		   const void *request, struct lti_launch *out, struct err *e)
{
	if (!read(v, get, form, e) || refused_by_platform(v, e) || !open_state(v, e))
		return false;
	return same_browser(v, cookie(request, lti_state_cookie(v->m, v->state_text)),
			    "browser_cookie_missing", e) &&
	       believe(v, e) && admit(v, out, e);
}

bool lti_launch(struct lti *l, struct mem *m, struct db *db, lti_field *get, const void *form,
		lti_cookie *cookie, const void *request, struct lti_launch *out,
		struct lti_trace *trace, struct err *e)
{
	struct visit v = {.l = l, .m = m, .db = db, .trace = trace};
	bool ok = launch(&v, get, form, cookie, request, out, e);

	trace_end(trace);
	return ok;
}

/* A deployment that waits for a school is told of, and written down, only to a browser
 * that is known. */
static bool check_unbound(struct visit *v, struct lti_storage_check *out, struct err *e)
{
	struct lti_rules rules = {0};
	bool pending;

	if (!believe(v, e) || !find_school(v, &rules, &pending, e) ||
	    (!pending && !give_role(v, &rules, e)))
		return false;
	const struct lti_registration *r = v->registration;
	*out = (struct lti_storage_check){
		.ticket = ticket_seal(v->l, v->m,
				      &(struct launch_ticket){v->state_text, v->id_token}),
		.key = state_key(v->m, v->state_text),
		.target = v->state.storage_target,
		.origin = login_storage_origin(v->m, r),
		.registration = r,
	};
	return true;
}

bool lti_launch_needs_storage(struct lti *l, struct mem *m, struct db *db, lti_field *get,
			      const void *form, bool *needs, struct lti_storage_check *out,
			      struct lti_trace *trace, struct err *e)
{
	struct visit v = {.l = l, .m = m, .db = db, .trace = trace};
	bool ok = read(&v, get, form, e) && !refused_by_platform(&v, e) && open_state(&v, e);
	bool stored = ok && v.state.rung == LTI_RUNG_STORAGE && v.state.storage_target;

	if (stored)
		ok = check_unbound(&v, out, e);
	else if (ok)
		*trace = (struct lti_trace){0}; /* lti_launch will tell it all */
	trace_end(trace);
	if (ok)
		*needs = stored;
	return ok;
}

static bool launch_bound(struct visit *v, const char *text, const char *secret,
			 struct lti_launch *out, struct err *e)
{
	struct launch_ticket ticket;

	trace_step(v->trace, "ticket");
	if (!ticket_open(v->l, v->m, text, &ticket, e))
		return false;
	v->state_text = ticket.state;
	v->id_token = ticket.id_token;
	return open_state(v, e) && same_browser(v, secret, "browser_storage_missing", e) &&
	       believe(v, e) && admit(v, out, e);
}

bool lti_launch_bound(struct lti *l, struct mem *m, struct db *db, const char *ticket,
		      const char *secret, struct lti_launch *out, struct lti_trace *trace,
		      struct err *e)
{
	struct visit v = {.l = l, .m = m, .db = db, .trace = trace};
	bool ok = launch_bound(&v, ticket, secret, out, e);

	trace_end(trace);
	return ok;
}
