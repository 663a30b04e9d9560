/* i18n.h - words in the reader's language, from ICU.
 *
 * One catalog per language is merged from i18n/<language>/<owner>.json: flat
 * objects of ICU MessageFormat texts with named arguments. The same files serve
 * the browser. The merge refuses a key that some language lacks; one that a
 * running program asks for in vain falls back to English, then to the key.
 * Patterns are parsed once and shared between threads. Of arguments, C knows
 * {name}, plural, selectordinal, select and {name, number}. */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/mem.h"
#include <stdint.h>

/* Parses the embedded catalogs; BUG() on a broken one. Call once at start. */
void i18n_init(void);
void i18n_done(void);

/* The catalog language for what a platform, browser or person calls theirs:
 * "no", "no_NO", "nb-NO" are "nb"; "en_us" is "en"; unknown or NULL: NULL. */
const char *i18n_language(const char *locale);

struct i18n_arg {
	const char *name;
	const char *text; /* or */
	int64_t number;   /* where text is NULL */
};

/* The message with its arguments filled in (plurals, select), in the arena; an
 * unknown key gives the key itself. `args` ends with name == NULL, or is NULL. */
const char *i18n(struct mem *, const char *language, const char *key, const struct i18n_arg *args);

/* "17 August 2026" in the reader's language; iso is YYYY-MM-DD. */
const char *i18n_date(struct mem *, const char *language, const char *iso);

/* "Emma, Filip and Nora" in the reader's language. */
const char *i18n_list(struct mem *, const char *language, const char *const *items, size_t n);

/* The n-th key of a catalog in alphabetical order, NULL after the last: for tests. */
const char *i18n_key(const char *language, size_t n);

/* "rtl" or "ltr". */
const char *i18n_direction(const char *language);

/* Two names in the language's order, as strcmp: for sorting people. */
int i18n_compare(const char *language, const char *a, const char *b);

#endif
