/* platform.h - registrations made and listed from a shell. */
#ifndef LTI_PLATFORM_H
#define LTI_PLATFORM_H

#include "base/mem.h"

struct platform_words {
	const char *id, *tenant, *name, *profile, *issuer, *client_id, *auth_url, *token_url, *jwks_url;
	const char *observees, *deployments;
	bool anonymous;
};

/* Checks the words, then makes the registration or changes the one with that id; every
 * running process hears of it. Addresses are https, or of a host in http_allow.
 * ERR_INVALID says which word. */
MUST_USE bool platform_add(const char *database, const char *http_allow, struct mem *, const struct platform_words *,
			   struct err *e);
/* One line a registration on standard output. */
MUST_USE bool platform_list(const char *database, struct mem *, struct err *e);

#endif
