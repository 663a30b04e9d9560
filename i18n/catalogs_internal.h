/* catalogs_internal.h - the merged catalogs, as merge.mjs embeds them. */
#ifndef I18N_CATALOGS_INTERNAL_H
#define I18N_CATALOGS_INTERNAL_H

#include <stddef.h>

struct i18n_catalog {
	const char *language;
	const char *json; /* one flat object; followed by a NUL that is not counted */
	size_t n;
};

extern const struct i18n_catalog i18n_catalogs[];
extern const size_t i18n_catalogs_n;

#endif
