#include "lti/platform.h"
#include "base/str.h"
#include "db/db.h"
#include "lti/lti_internal.h"
#include <stdio.h>

static bool texts_ok(const struct platform_words *w, struct err *e)
{
	const struct {
		const char *option, *value;
	} needed[] = {
		{ "--name", w->name }, { "--issuer", w->issuer }, { "--client-id", w->client_id },
	};

	if (!uuid_ok(w->id) || !uuid_ok(w->tenant))
		return err_set(e, ERR_INVALID, "platform add needs --id UUID and --tenant UUID");
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (str_empty(needed[i].value))
			return err_set(e, ERR_INVALID, "platform add needs %s", needed[i].option);
	return true;
}

/* A browser is sent to the first, we fetch from the others; the second may be absent
 * where a platform has no services. */
static bool addresses_ok(const struct platform_words *w, const char *allow, struct err *e)
{
	const struct {
		const char *option, *url;
		bool is_followed, may_lack;
	} urls[] = {
		{ "--auth-url", w->auth_url, true, false },
		{ "--token-url", w->token_url, false, true },
		{ "--jwks-url", w->jwks_url, false, false },
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		const char *url = urls[i].url;
		if (str_empty(url) && urls[i].may_lack)
			continue;
		if (str_empty(url) || !(urls[i].is_followed ? url_is_linkable(allow, url)
							    : url_is_fetchable(allow, url)))
			return err_set(e, ERR_INVALID, "%s: an https address, or one of http_allow",
				       urls[i].option);
	}
	return true;
}

static bool check(const struct platform_words *w, const char *allow, struct err *e)
{
	if (!texts_ok(w, e) || !addresses_ok(w, allow, e))
		return false;
	if (w->profile && !str_eq(profile_find(w->profile)->name, w->profile))
		return err_set(e, ERR_INVALID, "--profile: no profile is called %s", w->profile);
	if (w->deployments && !str_eq(w->deployments, "auto") && !str_eq(w->deployments, "pending") &&
	    !str_eq(w->deployments, "closed"))
		return err_set(e, ERR_INVALID, "--deployments is auto, pending or closed");
	return true;
}

bool platform_add(const char *database, const char *http_allow, struct mem *m,
		  const struct platform_words *w, struct err *e)
{
	if (!check(w, http_allow, e))
		return false;
	struct db *db = db_new(database);
	db_begin(db, m, &(struct db_scope){ .tenant = w->tenant });
	db_add(db, DB_PLATFORM_PUT, w->id, w->tenant, w->name, str_or(w->profile, "generic"), w->issuer,
	       w->client_id, w->auth_url, str_or(w->token_url, ""), w->jwks_url,
	       str_or(w->observees, ""), str_or(w->deployments, "auto"), db_flag(w->anonymous));
	db_add(db, DB_PLATFORM_CHANGED);
	bool ok = db_commit(db, e);
	if (str_eq(db_constraint(db), "registration_tenant_id_fkey"))
		err_set(e, ERR_INVALID, "--tenant: there is no such school; make it with tenant add");
	else if (str_eq(db_constraint(db), "registration_issuer_client_id_key"))
		err_set(e, ERR_CONFLICT, "this issuer and client id are registered under another --id");
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
