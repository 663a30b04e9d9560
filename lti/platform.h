/* platform.h - platforms from a shell: what `ilpd platform` and `ilpd launch` do.
 *
 * Each prints what there is or was done to standard output, and what it changes every
 * running process hears of. */
#ifndef LTI_PLATFORM_H
#define LTI_PLATFORM_H

#include "base/config.h"
#include "base/mem.h"
#include <stddef.h>

struct platform_words {
	const char *id, *tenant, *name, *profile, *issuer, *client_id, *auth_url, *token_url,
		*jwks_url;
	const char *deployments;
	/* settings of its own: "name=value", and names that fall back to the profile */
	const char *const *set, *const *unset;
	size_t set_n, unset_n;
	const char *observees;
	bool anonymous;
};

/* What a registration must be, but for id, tenant and settings: the shell's and the
 * administration page's rule. Addresses are https, or of a host in http_allow. ERR_INVALID
 * says which option; e->field is "name", "issuer", "clientId", "authUrl", "tokenUrl",
 * "jwksUrl", "profile" or "deployments". */
MUST_USE bool platform_check(const struct platform_words *, const char *http_allow, struct err *e);

/* Makes the registration or changes the one with that id; one that was pending becomes
 * active. Settings are laid over those that stand. Without a tenant it is nobody's own, as a
 * tool that a vendor registered once for the world: its deployments are claimed one by one. */
MUST_USE bool platform_add(const struct config *, struct mem *, const struct platform_words *,
			   struct err *e);
/* One line a registration, and under it what waits to be accepted. */
MUST_USE bool platform_list(const struct config *, struct mem *, struct err *e);
/* Every setting with its value in that profile and what it is. */
MUST_USE bool platform_settings(struct mem *, const char *profile, struct err *e);
/* A live test, a line a step. ERR_PEER where a step failed. */
MUST_USE bool platform_test(const struct config *, const char *user_agent, struct mem *,
			    const char *id, struct err *e);
/* What waits under the claim code belongs to that school from now on. */
MUST_USE bool platform_accept(const struct config *, struct mem *, const char *code,
			      const char *tenant, struct err *e);
/* An address under which one platform may register by itself; shown this once. days:
 * how long, or NULL. */
MUST_USE bool platform_invite(const struct config *, struct mem *, const char *tenant,
			      const char *note, const char *days, struct err *e);

/* What was seen under the code of a refusal or of a test in the browser. */
MUST_USE bool launch_lookup(const struct config *, struct mem *, const char *code, struct err *e);

#endif
