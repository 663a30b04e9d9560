/* registration_database.c - the registry's source: rows of lti.registration,
 * lti.deployment and ilp.role_rule. */
#include "lti/lti_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include <string.h>

enum { OWN_SETTINGS_MAX = 32 << 10 };

/* ---- Registrations ---- */

static enum lti_deployments policy(const char *word)
{
	if (str_eq(word, "auto"))
		return LTI_DEPLOY_AUTO;
	return str_eq(word, "pending") ? LTI_DEPLOY_PENDING : LTI_DEPLOY_CLOSED;
}

static const char *origins(struct mem *m, const struct lti_registration *r)
{
	const char *const urls[] = {r->auth_url, r->token_url, r->issuer};
	struct buf b;

	buf_init(&b, m);
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
		words_add(&b, str_or(url_origin(m, urls[i]), ""));
	return b.p;
}

/* What cannot be read is said and left to the profile: one wrong setting closes nobody's
 * school. */
static void settings(struct mem *m, struct mem *scratch, const char *own,
		     struct lti_registration *r)
{
	const struct lti_profile *profile = lti_profile_find(r->profile);
	json_t *object = NULL;
	struct err e = {0};

	r->set = profile->set;
	if (str_eq(own, "{}"))
		return;
	if (js_parse(scratch, own, strlen(own), OWN_SETTINGS_MAX, &object, &e) &&
	    lti_settings_read(m, profile, object, &r->set, &e))
		return;
	err_under(&e, r->id);
	log_err(LOG_WARN, "registration.settings", &e);
}

static struct lti_registration registration(struct mem *m, struct mem *scratch,
					    const struct db_rows *rows, int i)
{
	struct lti_registration r = {
		.id = db_text(rows, i, 0),
		.tenant = db_text(rows, i, 1),
		.name = db_text(rows, i, 2),
		.profile = db_text(rows, i, 3),
		.issuer = db_text(rows, i, 4),
		.client_id = db_text(rows, i, 5),
		.auth_url = db_text(rows, i, 6),
		.token_url = db_text(rows, i, 7),
		.jwks_url = db_text(rows, i, 8),
		.deployments = policy(db_text(rows, i, 9)),
	};

	settings(m, scratch, db_text(rows, i, 10), &r);
	r.origins = mem_strdup(m, origins(scratch, &r));
	return r;
}

static bool registrations(struct mem *m, struct db *db, struct lti_registration **out,
			  size_t *n_out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int all = db_add(db, DB_LTI_REGISTRATIONS);

	if (!db_commit(db, e))
		return err_under(e, "registrations");
	const struct db_rows *rows = db_rows(db, all);
	size_t n = (size_t)db_count(rows);
	struct lti_registration *list = mem_array(m, struct lti_registration, n);
	struct mem *scratch = mem_new();
	for (size_t i = 0; i < n; i++) {
		list[i] = registration(m, scratch, rows, (int)i);
		mem_reset(scratch);
	}
	mem_free(scratch);
	*out = list;
	*n_out = n;
	return true;
}

static bool by_deployment(struct mem *m, struct db *db, const char *issuer,
			  const char *deployment_id, const char **registration_out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int found = db_add(db, DB_LTI_REGISTRATIONS_OF_DEPLOYMENT, issuer, deployment_id);

	if (!db_commit(db, e))
		return err_under(e, "registrations of a deployment");
	const struct db_rows *rows = db_rows(db, found);
	*registration_out = db_count(rows) == 1 ? db_text(rows, 0, 0) : NULL;
	return true;
}

/* ---- Deployments ---- */

static enum deployment_state state(const char *word)
{
	if (str_eq(word, "active"))
		return DEPLOYMENT_ACTIVE;
	return str_eq(word, "pending") ? DEPLOYMENT_PENDING : DEPLOYMENT_CLOSED;
}

static bool deployment(struct mem *m, struct db *db, const char *registration_id,
		       const char *deployment_id, struct deployment *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int found = db_add(db, DB_LTI_DEPLOYMENT, registration_id, deployment_id);

	if (!db_commit(db, e))
		return err_under(e, "deployment");
	const struct db_rows *rows = db_rows(db, found);
	struct deployment d = {.state = DEPLOYMENT_UNKNOWN};
	if (db_count(rows))
		d.state = state(db_text(rows, 0, 0));
	if (d.state == DEPLOYMENT_ACTIVE)
		d.tenant = db_text(rows, 0, 1);
	/* An active one that is nobody's lets nobody in. */
	if (d.state == DEPLOYMENT_ACTIVE && !d.tenant)
		d.state = DEPLOYMENT_PENDING;
	*out = d;
	return true;
}

/* The look-up sees what the statement before it wrote, or what another host did. */
static bool pending(struct mem *m, struct db *db, const char *registration_id,
		    const char *deployment_id, const char *platform_name, const char *platform_guid,
		    const char **code, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_LTI_DEPLOYMENT_PENDING, registration_id, deployment_id, lti_claim_code(m),
	       str_or(platform_name, ""), str_or(platform_guid, ""));
	int found = db_add(db, DB_LTI_DEPLOYMENT_CODE, registration_id, deployment_id);

	if (!db_commit(db, e))
		return err_under(e, "pending deployment");
	const struct db_rows *rows = db_rows(db, found);
	if (!db_count(rows))
		return err_reason(e, ERR_DENIED, "deployment_pending",
				  "too many deployments of this registration wait already");
	*code = db_text(rows, 0, 0);
	return true;
}

/* ---- Role rules ---- */

static enum lti_rule_kind kind(const char *word)
{
	if (str_eq(word, "user"))
		return LTI_RULE_USER;
	if (str_eq(word, "custom"))
		return LTI_RULE_CUSTOM;
	return str_eq(word, "group") ? LTI_RULE_GROUP : LTI_RULE_ROLE;
}

static bool rules(struct mem *m, struct db *db, const char *tenant, const char *registration_id,
		  struct lti_rules *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	int all = db_add(db, DB_LTI_RULES, registration_id);

	if (!db_commit(db, e))
		return err_under(e, "role rules");
	const struct db_rows *rows = db_rows(db, all);
	size_t n = (size_t)db_count(rows);
	struct lti_rule *list = mem_array(m, struct lti_rule, n);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct lti_rule){.id = db_text(rows, (int)i, 0),
					    .kind = kind(db_text(rows, (int)i, 1)),
					    .name = db_text(rows, (int)i, 2),
					    .value = db_text(rows, (int)i, 3),
					    .becomes = db_text(rows, (int)i, 4)};
	*out = (struct lti_rules){list, n};
	return true;
}

const struct registry_source registry_database = {
	.registrations = registrations,
	.deployment = deployment,
	.rules = rules,
	.pending = pending,
	.by_deployment = by_deployment,
};
