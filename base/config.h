/* config.h - the settings: one table of keys, one file, the environment over it.
 *
 * A setting `mail_relay` stands in the file as `mail_relay = host:25` and in the
 * environment as ILPD_MAIL_RELAY, which wins. Everything is checked at start: a
 * wrong or missing value is one line with the name, what is allowed and where it
 * was read. docs: deploy/config.md is generated from the table (a test compares). */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/mem.h"
#include <stdint.h>

/* What small things are sealed with (keys/keys.h). Replaced by making the old one
 * `before` until `ilpd key reseal` has run and sessions have ended. */
struct seal_key {
	unsigned char now[32], before[32];
	bool has_before;
};

struct config {
	/* texts: never NULL */
	const char *listen, *metrics, *base_url, *database, *database_owner, *http_allow, *contact;
	const char *key, *key_file, *key_before, *key_before_file;
	const char *mail_relay, *mail_tls, *mail_user, *mail_password, *mail_ca, *mail_from;
	const char *worker, *log_level;
	int64_t workers, queue, session_hours, mail_window, mail_batch;
	struct seal_key kek; /* from key or key_file, and key_before or key_before_file */
};

/* file: path or NULL. Texts live in m. `need_key`: refuse to go without a key. */
MUST_USE bool config_load(struct config *, struct mem *m, const char *file, bool need_key,
			  struct err *e);

/* The reference page, generated from the table. */
char *config_reference(struct mem *m);

#endif
