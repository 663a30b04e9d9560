/* registration_database.c - the registry's source: rows of lti.registration and
 * lti.deployment. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "db/db.h"

static enum lti_deployments policy(const char *word)
{
	if (str_eq(word, "auto"))
		return LTI_DEPLOY_AUTO;
	return str_eq(word, "pending") ? LTI_DEPLOY_PENDING : LTI_DEPLOY_CLOSED;
}

static const char *origins(struct mem *m, const struct db_rows *rows, int i)
{
	enum { ISSUER = 4, AUTH_URL = 6, TOKEN_URL = 7 };
	static const int columns[] = {AUTH_URL, TOKEN_URL, ISSUER};
	struct buf b;

	buf_init(&b, m);
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
		words_add(&b, str_or(url_origin(m, db_text(rows, i, columns[c])), ""));
	return b.p;
}

static struct lti_registration registration(struct mem *m, const struct db_rows *rows, int i)
{
	return (struct lti_registration){
		.id = db_text(rows, i, 0),
		.tenant = db_text(rows, i, 1),
		.name = db_text(rows, i, 2),
		.profile = db_text(rows, i, 3),
		.issuer = db_text(rows, i, 4),
		.client_id = db_text(rows, i, 5),
		.auth_url = db_text(rows, i, 6),
		.token_url = db_text(rows, i, 7),
		.jwks_url = db_text(rows, i, 8),
		.token_audience = db_text(rows, i, 9),
		.algorithms = db_text(rows, i, 10),
		.audiences = db_text(rows, i, 11),
		.observees = db_text(rows, i, 12),
		.skew_s = (int)db_int(rows, i, 13),
		.deployments = policy(db_text(rows, i, 14)),
		.anonymous = db_bool(rows, i, 15),
		.origins = origins(m, rows, i),
	};
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
	for (size_t i = 0; i < n; i++)
		list[i] = registration(m, rows, (int)i);
	*out = list;
	*n_out = n;
	return true;
}

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
	*out = db_count(rows) ? (struct deployment){state(db_text(rows, 0, 0)), db_text(rows, 0, 1)}
			      : (struct deployment){DEPLOYMENT_UNKNOWN, NULL};
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

const struct registry_source registry_database = {
	.registrations = registrations,
	.deployment = deployment,
	.by_deployment = by_deployment,
};
