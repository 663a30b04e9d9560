/* fake_platform.h - a platform for tests: registrations without a database, an HTTP
 * client without a network, and launches as a browser would carry them. Header
 * only: each room's tests are a program of their own. */
#ifndef TESTS_LTI_FAKE_PLATFORM_H
#define TESTS_LTI_FAKE_PLATFORM_H

#include "keys/sign.h"
#include "lti/lti_internal.h"
#include "base/sys.h"

#define TOOL       "https://ilp.example.org"
#define ISSUER     "https://lms.example"
#define CLIENT     "client-1"
#define DEPLOYMENT "dep-1"
#define TENANT     "018f0000-0000-7000-8000-000000000001"
#define NOW        1790000000

/* ---- Registrations ---- */

enum { FAKE_ROWS = 8 };

static struct lti_registration fake_rows[FAKE_ROWS];
static size_t fake_rows_n;
static struct fake_deployment {
	const char *registration, *id;
	struct deployment is;
} fake_deployments[FAKE_ROWS];
static size_t fake_deployments_n;
static struct lti_rule fake_rules[FAKE_ROWS]; /* of TENANT, for every registration */
static size_t fake_rules_n;
static bool fake_database_fails;
static _Atomic int fake_loads, fake_deployment_asked, fake_rules_asked, fake_pending_written;

UNUSED_OK static bool fake_registrations(struct mem *m, struct db *db,
					 struct lti_registration **out, size_t *n_out,
					 struct err *e)
{
	fake_loads++;
	if (fake_database_fails)
		return err_set(e, ERR_BUSY, "no database");
	struct lti_registration *rows = mem_array(m, struct lti_registration, FAKE_ROWS);
	memcpy(rows, fake_rows, sizeof fake_rows);
	*out = rows;
	*n_out = fake_rows_n;
	return true;
}

UNUSED_OK static bool fake_deployment(struct mem *m, struct db *db, const char *registration,
				      const char *deployment, struct deployment *out, struct err *e)
{
	fake_deployment_asked++;
	if (fake_database_fails)
		return err_set(e, ERR_BUSY, "no database");
	*out = (struct deployment){.state = DEPLOYMENT_UNKNOWN};
	for (size_t i = 0; i < fake_deployments_n; i++)
		if (str_eq(fake_deployments[i].registration, registration) &&
		    str_eq(fake_deployments[i].id, deployment))
			*out = fake_deployments[i].is;
	return true;
}

UNUSED_OK static bool fake_by_deployment(struct mem *m, struct db *db, const char *issuer,
					 const char *deployment, const char **out, struct err *e)
{
	const char *found = NULL;
	int n = 0;

	for (size_t i = 0; i < fake_rows_n; i++)
		for (size_t k = 0; k < fake_deployments_n; k++)
			if (str_eq(fake_rows[i].issuer, issuer) &&
			    str_eq(fake_deployments[k].registration, fake_rows[i].id) &&
			    str_eq(fake_deployments[k].id, deployment)) {
				found = fake_rows[i].id;
				n++;
			}
	*out = n == 1 ? found : NULL;
	return true;
}

UNUSED_OK static bool fake_rules_of(struct mem *m, struct db *db, const char *tenant,
				    const char *registration, struct lti_rules *out, struct err *e)
{
	fake_rules_asked++;
	if (fake_database_fails)
		return err_set(e, ERR_BUSY, "no database");
	*out = (struct lti_rules){fake_rules, str_eq(tenant, TENANT) ? fake_rules_n : 0};
	return true;
}

#define FAKE_CODE "7QM4P-K2XRT"

UNUSED_OK static bool fake_pending(struct mem *m, struct db *db, const char *registration,
				   const char *deployment, const char *platform_name,
				   const char *platform_guid, const char **code, struct err *e)
{
	fake_pending_written++;
	if (fake_database_fails)
		return err_set(e, ERR_BUSY, "no database");
	*code = FAKE_CODE;
	return true;
}

UNUSED_OK static const struct registry_source fake_source = {
	.registrations = fake_registrations,
	.deployment = fake_deployment,
	.rules = fake_rules_of,
	.pending = fake_pending,
	.by_deployment = fake_by_deployment,
};

/* A registration as `ilpd platform add` makes it by default. */
UNUSED_OK static struct lti_registration *fake_add(const char *id, const char *issuer,
						   const char *client)
{
	struct lti_registration *r = &fake_rows[fake_rows_n++];

	*r = (struct lti_registration){
		.id = id,
		.tenant = TENANT,
		.name = "Test",
		.profile = "generic",
		.issuer = issuer,
		.client_id = client,
		.auth_url = ISSUER "/authorize",
		.token_url = ISSUER "/token",
		.jwks_url = ISSUER "/jwks",
		.origins = ISSUER,
		.set = lti_profile_find("generic")->set,
		.deployments = LTI_DEPLOY_AUTO,
	};
	return r;
}

UNUSED_OK static void fake_deploy(const char *registration, const char *id,
				  enum deployment_state state)
{
	fake_deployments[fake_deployments_n++] = (struct fake_deployment){
		registration,
		id,
		{.state = state, .tenant = state == DEPLOYMENT_ACTIVE ? TENANT : NULL}};
}

/* ---- HTTP ---- */

enum { FAKE_ANSWERS = 16 };

static struct fake_answer {
	const char *url; /* exactly */
	long status;     /* 0: no answer */
	const char *body, *link;
	int64_t max_age;
	int asked;
} fake_answers[FAKE_ANSWERS];
static size_t fake_answers_n;
static int fake_asked;
static struct http_request fake_last;

UNUSED_OK static struct fake_answer *fake_answer(const char *url, long status, const char *body)
{
	struct fake_answer *a = &fake_answers[fake_answers_n++];

	*a = (struct fake_answer){.url = url, .status = status, .body = body, .max_age = -1};
	return a;
}

UNUSED_OK static bool fake_fetch(void *self, struct mem *m, const struct http_request *req,
				 struct http_response *out, struct err *e)
{
	fake_asked++;
	fake_last = *req;
	for (size_t i = 0; i < fake_answers_n; i++) {
		struct fake_answer *a = &fake_answers[i];
		if (!str_eq(a->url, req->url))
			continue;
		a->asked++;
		if (!a->status)
			break;
		*out = (struct http_response){.status = a->status,
					      .body = mem_strdup(m, a->body),
					      .n = strlen(a->body),
					      .max_age = a->max_age};
		if (a->link)
			out->links[out->links_n++] = mem_strdup(m, a->link);
		return true;
	}
	return err_set(e, ERR_PEER, "no answer");
}

/* ---- The tool ---- */

UNUSED_OK static struct lti *fake_tool(void)
{
	static struct lti tool;
	static char base_url[] = TOOL, agent[] = "test", allow[] = "localhost:8181";

	fake_rows_n = fake_deployments_n = fake_rules_n = fake_answers_n = 0;
	fake_loads = fake_deployment_asked = fake_asked = 0;
	fake_rules_asked = fake_pending_written = 0;
	fake_database_fails = false;
	tool = (struct lti){.base_url = base_url,
			    .user_agent = agent,
			    .http_allow = allow,
			    .seal_key = {.now = "0123456789abcdef0123456789abcde"}};
	tool.http = (struct http_client){fake_fetch, NULL};
	tool.registry = registry_new(&fake_source);
	tool.jwks = jwks_cache_new();
	tool.tokens = token_cache_new();
	clock_set_ms((int64_t)NOW * 1000);
	return &tool;
}

UNUSED_OK static void fake_close(struct lti *l)
{
	token_cache_free(l->tokens);
	jwks_cache_free(l->jwks);
	registry_free(l->registry);
	clock_set_ms(0);
}

/* ---- The browser ---- */

/* name, value, name, value, ... NULL */
UNUSED_OK static const char *fake_field(const void *form, const char *name, bool *repeated)
{
	const char *found = NULL;

	*repeated = false;
	for (const char *const *p = form; *p; p += 2)
		if (str_eq(p[0], name)) {
			*repeated = found != NULL;
			found = p[1];
		}
	return found;
}

struct fake_cookie {
	const char *name, *value;
};

UNUSED_OK static const char *fake_cookie(const void *request, const char *name)
{
	const struct fake_cookie *c = request;

	return str_eq(c->name, name) ? c->value : NULL;
}

/* The value of a parameter of the redirect, percent-decoded. */
UNUSED_OK static const char *fake_param(struct mem *m, const char *url, const char *name)
{
	const char *at = strstr(url, mem_printf(m, "&%s=", name));
	struct buf b;

	if (!at)
		at = strstr(url, mem_printf(m, "?%s=", name));
	if (!at)
		return NULL;
	buf_init(&b, m);
	for (at += strlen(name) + 2; *at && *at != '&'; at++) {
		unsigned c = (unsigned char)*at;
		if (c == '%') {
			sscanf(at + 1, "%2x", &c);
			at += 2;
		}
		char byte = (char)c;
		buf_addn(&b, &byte, 1);
	}
	return b.p;
}

/* A visit under way: login done, claims ready to be changed, then launched. */
struct fake_visit {
	struct mem *m;
	struct lti *lti;
	struct lti_login login;
	const char *state, *nonce, *kid;
	json_t *claims;
	EVP_PKEY *key;
	struct fake_cookie cookie;
	struct lti_launch launch;
	struct lti_trace trace;
	struct err e;
};

UNUSED_OK static json_t *fake_claims(struct mem *m, const char *nonce)
{
	return js_own(
		m, json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:[s]}",
			     "iss", ISSUER, "aud", CLIENT, "sub", "user-1", "iat", NOW, "exp",
			     NOW + 60, "nonce", nonce, CLAIM "message_type",
			     "LtiResourceLinkRequest", CLAIM "version", "1.3.0",
			     CLAIM "deployment_id", DEPLOYMENT, CLAIM "target_link_uri", TOOL "/",
			     CLAIM "resource_link", "id", "link-1", CLAIM "roles",
			     "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"));
}

/* A login with this form, and claims that answer it. */
UNUSED_OK static void fake_visit_by(struct fake_visit *v, struct mem *m, struct lti *l,
				    const char *const *form, enum lti_rung rung)
{
	*v = (struct fake_visit){.m = m, .lti = l, .kid = "k1", .key = sign_rsa(0)};
	ck_assert_msg(lti_login(l, m, NULL, fake_field, form, rung, &v->login, &v->trace, &v->e),
		      "%s", v->e.text);
	v->state = fake_param(m, v->login.redirect, "state");
	v->nonce = fake_param(m, v->login.redirect, "nonce");
	v->cookie = (struct fake_cookie){v->login.cookie_name, v->login.secret};
	v->claims = fake_claims(m, v->nonce);
}

UNUSED_OK static void fake_visit(struct fake_visit *v, struct mem *m, struct lti *l)
{
	const char *const form[] = {"iss",        ISSUER, "client_id",       CLIENT,
				    "login_hint", "7",    "target_link_uri", TOOL "/",
				    NULL};

	fake_visit_by(v, m, l, form, LTI_RUNG_COOKIE);
}

/* Replaces a claim by a JSON text; NULL removes it. */
UNUSED_OK static void fake_set(struct fake_visit *v, const char *claim, const char *json)
{
	if (json)
		json_object_set_new(v->claims, claim, json_loads(json, JSON_DECODE_ANY, NULL));
	else
		json_object_del(v->claims, claim);
}

/* Every message there is, as a teacher's. */
static const char *const fake_messages[] = {"LtiResourceLinkRequest", "LtiDeepLinkingRequest",
					    "LtiSubmissionReviewRequest",
					    "DataPrivacyLaunchRequest"};
enum { FAKE_MESSAGES = sizeof fake_messages / sizeof *fake_messages };

#define CLAIM_DEEP "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
#define FAKE_BACK  "https://lms.example/back?data=1"

/* Makes the claims those of another message. */
UNUSED_OK static void fake_say(struct fake_visit *v, enum lti_message message)
{
	fake_set(v, CLAIM "message_type", mem_printf(v->m, "\"%s\"", fake_messages[message]));
	fake_set(v, CLAIM "roles", "[\"Instructor\"]");
	fake_set(v, CLAIM "context", "{\"id\":\"42\"}");
	if (message == LTI_MESSAGE_DEEP_LINKING)
		fake_set(v, CLAIM_DEEP,
			 "{\"deep_link_return_url\":\"" FAKE_BACK
			 "\",\"accept_types\":[\"ltiResourceLink\"]}");
	if (message != LTI_MESSAGE_DEEP_LINKING && message != LTI_MESSAGE_RESOURCE_LINK)
		fake_set(v, CLAIM "for_user", "{\"user_id\":\"student-1\"}");
	if (message == LTI_MESSAGE_DEEP_LINKING || message == LTI_MESSAGE_DATA_PRIVACY)
		fake_set(v, CLAIM "resource_link", NULL);
}

UNUSED_OK static const char *fake_post_form(struct fake_visit *v, const char *const *form)
{
	v->trace = (struct lti_trace){0};
	v->e = (struct err){0};
	return lti_launch(v->lti, v->m, NULL, fake_field, form, fake_cookie, &v->cookie, &v->launch,
			  &v->trace, &v->e)
		       ? "ok"
		       : str_or(v->e.reason, "no reason");
}

UNUSED_OK static const char *fake_post(struct fake_visit *v, const char *token)
{
	const char *const form[] = {"state", v->state, "id_token", token, NULL};

	return fake_post_form(v, form);
}

/* The same where the login chose the platform's storage, which brings back the value of
 * v->cookie. */
UNUSED_OK static const char *fake_post_stored(struct fake_visit *v, const char *token)
{
	const char *const form[] = {"state", v->state, "id_token", token, NULL};
	struct lti_storage_check check;
	bool needs = false;

	v->trace = (struct lti_trace){0};
	v->e = (struct err){0};
	if (!lti_launch_needs_storage(v->lti, v->m, NULL, fake_field, form, &needs, &check,
				      &v->trace, &v->e))
		return str_or(v->e.reason, "no reason");
	if (!needs)
		return "no storage needed";
	v->trace = (struct lti_trace){0};
	return lti_launch_bound(v->lti, v->m, NULL, check.ticket, v->cookie.value, &v->launch,
				&v->trace, &v->e)
		       ? "ok"
		       : str_or(v->e.reason, "no reason");
}

UNUSED_OK static const char *fake_token(struct fake_visit *v)
{
	return sign_rs256(v->m, v->key, v->kid, js_print(v->m, v->claims, NULL));
}

/* "ok", or why not. */
UNUSED_OK static const char *fake_launch(struct fake_visit *v)
{
	return fake_post(v, fake_token(v));
}

/* The name of the last step: the one that failed, if one did. */
UNUSED_OK static const char *fake_last_step(const struct fake_visit *v)
{
	return v->trace.steps_n ? v->trace.steps[v->trace.steps_n - 1].name : "";
}

/* The usual stage: one registration, its deployment, its key. */
UNUSED_OK static struct lti_registration *fake_usual(struct mem *m)
{
	struct lti_registration *r = fake_add("r1", ISSUER, CLIENT);

	fake_deploy("r1", DEPLOYMENT, DEPLOYMENT_ACTIVE);
	fake_answer(ISSUER "/jwks", 200, sign_set(m, sign_rsa_jwk(m, sign_rsa(0), "k1", "")));
	return r;
}

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

#endif
