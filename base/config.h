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

struct config {
	/* texts: never NULL */
	const char *listen, *base_url, *database, *database_owner, *key, *key_file, *http_allow;
	const char *contact, *mail_relay, *mail_tls, *mail_user, *mail_password, *mail_ca, *mail_from;
	const char *worker, *log_level;
	int64_t workers, queue, session_hours, mail_window, mail_batch;
	unsigned char kek[32]; /* from key or key_file */
};

/* file: path or NULL. Texts live in m. `need_key`: refuse to go without a key. */
MUST_USE bool config_load(struct config *, struct mem *m, const char *file, bool need_key,
			  struct err *e);

/* The reference page, generated from the table. */
char *config_reference(struct mem *m);

#endif
