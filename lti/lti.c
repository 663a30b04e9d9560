/* lti.c - opening and closing the room, and what it says about platforms. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static char *keep(const char *s)
{
	char *copy = strdup(str_or(s, ""));

	if (!copy)
		BUG("out of memory");
	return copy;
}

bool lti_open(struct lti **out, const struct lti_config *cfg, struct err *e)
{
	struct mem *m = mem_new();
	bool plain = str_eq(cfg->base_url, url_origin(m, cfg->base_url));

	mem_free(m);
	if (!plain)
		return err_set(e, ERR_INVALID, "base_url is not scheme://host[:port]");
	struct lti *l = calloc(1, sizeof *l);
	if (!l)
		BUG("out of memory");
	l->base_url = keep(cfg->base_url);
	l->user_agent = keep(cfg->user_agent);
	l->http_allow = keep(cfg->http_allow);
	l->seal_key = *cfg->seal_key;
	l->seen = cfg->seen;
	l->seen_self = cfg->seen_self;
	l->pool = http_pool_new(l->user_agent, l->http_allow);
	l->http = (struct http_client){http_pool_fetch, l->pool};
	l->registry = registry_new(&registry_database);
	l->jwks = jwks_cache_new();
	l->tokens = token_cache_new();
	*out = l;
	return true;
}

void lti_close(struct lti *l)
{
	if (!l)
		return;
	token_cache_free(l->tokens);
	jwks_cache_free(l->jwks);
	registry_free(l->registry);
	http_pool_free(l->pool);
	OPENSSL_cleanse(&l->seal_key, sizeof l->seal_key);
	free(l->base_url);
	free(l->user_agent);
	free(l->http_allow);
	free(l);
}

void lti_changed(struct lti *l)
{
	registry_forget(l->registry);
}

struct lti_addresses lti_addresses(const struct lti *l, struct mem *m)
{
	const char *host = strstr(l->base_url, "://") + 3;

	return (struct lti_addresses){
		.base = l->base_url,
		.domain = mem_strndup(m, host, strcspn(host, ":")),
		.login = mem_printf(m, "%s/lti/login", l->base_url),
		.launch = mem_printf(m, "%s/lti/launch", l->base_url),
		.jwks = mem_printf(m, "%s/.well-known/jwks.json", l->base_url),
		.register_ = mem_printf(m, "%s/lti/register", l->base_url),
		.canvas = mem_printf(m, "%s/lti/canvas.json", l->base_url),
		.notices = mem_printf(m, "%s/lti/notices", l->base_url),
		.deep_link = mem_printf(m, "%s/lti/deep-link", l->base_url),
	};
}

const char *lti_origins(struct lti *l, struct mem *m, struct db *db)
{
	const char *all;
	struct err ignored;

	return registry_origins(l->registry, m, db, &all, &ignored) ? all : "";
}

const char *lti_profile_of(struct lti *l, struct mem *m, struct db *db, const char *id)
{
	const struct lti_registration *r;
	struct err ignored;

	return registry_by_id(l->registry, m, db, id, &r, &ignored) ? r->profile : NULL;
}

const char *lti_origins_of(struct lti *l, struct mem *m, struct db *db, const char *id)
{
	const struct lti_registration *r;
	struct err ignored;

	return registry_by_id(l->registry, m, db, id, &r, &ignored) ? r->origins : NULL;
}
