/* command.h - our keys from a shell: what `ilpd key` does. */
#ifndef KEYS_COMMAND_H
#define KEYS_COMMAND_H

#include "base/config.h"
#include "base/mem.h"

/* All print what there is or was done to standard output. */

/* One line a key: kid, state, and when it became what. */
MUST_USE bool key_list(const char *database, struct mem *, struct err *e);
/* keys_rotate() */
MUST_USE bool key_rotate(const char *database, const struct seal_key *, bool now, struct mem *,
			 struct err *e);
/* keys_revoke(), and whom to tell. */
MUST_USE bool key_revoke(const char *database, const struct seal_key *, const char *kid,
			 struct mem *, struct err *e);
/* keys_reseal() */
MUST_USE bool key_reseal(const char *database, const struct seal_key *, struct mem *,
			 struct err *e);

#endif
