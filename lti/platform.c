#include "lti/platform.h"
#include "base/str.h"
#include "db/db.h"
#include <stdio.h>

static bool check(const struct platform_words *w, struct err *e)
{
	const struct {
		const char *option, *value;
	} needed[] = {
		{ "--name", w->name },		 { "--issuer", w->issuer },
		{ "--client-id", w->client_id }, { "--auth-url", w->auth_url },
		{ "--jwks-url", w->jwks_url },
	};

	if (!uuid_ok(w->id) || !uuid_ok(w->tenant))
		return err_set(e, ERR_INVALID, "platform add needs --id UUID and --tenant UUID");
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (str_empty(needed[i].value))
			return err_set(e, ERR_INVALID, "platform add needs %s", needed[i].option);
	if (w->deployments && !str_eq(w->deployments, "auto") && !str_eq(w->deployments, "pending") &&
	    !str_eq(w->deployments, "closed"))
		return err_set(e, ERR_INVALID, "--deployments is auto, pending or closed");
	return true;
}

bool platform_add(const char *database, struct mem *m, const struct platform_words *w, struct err *e)
{
	if (!check(w, e))
		return false;
	struct db *db = db_new(database);
	db_begin(db, m, &(struct db_scope){ .tenant = w->tenant });
	db_add(db, DB_PLATFORM_PUT, w->id, w->tenant, w->name, str_or(w->profile, "generic"), w->issuer,
	       w->client_id, w->auth_url, str_or(w->token_url, ""), w->jwks_url,
	       str_or(w->observees, ""), str_or(w->deployments, "auto"), db_flag(w->anonymous));
	db_add(db, DB_PLATFORM_CHANGED);
	bool ok = db_commit(db, e);
	db_free(db);
	return ok;
}

bool platform_list(const char *database, struct mem *m, struct err *e)
{
	struct db *db = db_new(database);

	db_begin(db, m, &(struct db_scope){ 0 });
	int list = db_add(db, DB_PLATFORM_LIST);
	bool ok = db_commit(db, e);
	for (int i = 0; ok && i < db_count(db_rows(db, list)); i++) {
		const struct db_rows *r = db_rows(db, list);
		printf("%s  %-10s  %-24s  %s  client %s  deployments %s (%s seen)\n", db_text(r, i, 0),
		       db_text(r, i, 1), db_text(r, i, 2), db_text(r, i, 3), db_text(r, i, 4),
		       db_text(r, i, 5), db_text(r, i, 6));
	}
	db_free(db);
	return ok;
}
