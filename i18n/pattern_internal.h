/* pattern_internal.h - a pattern with named arguments, for ICU's C API.
 *
 * ICU's C API (umsg_*) knows numbered arguments only and takes them as varargs
 * whose types the pattern dictates. The catalogs use names, because the browser
 * reads them too. So each name gets a number here: those used as a number
 * (plural, selectordinal, number) come first, those used as text (plain, select)
 * after them. A name used both ways gets two numbers. */
#ifndef I18N_PATTERN_INTERNAL_H
#define I18N_PATTERN_INTERNAL_H

#include "base/mem.h"

#define PATTERN_NUMBERS 3 /* a call of umsg_format passes this many numbers */
#define PATTERN_TEXTS   8 /* and that many texts */

struct pattern {
	const char *text; /* numbered */
	const char *number[PATTERN_NUMBERS];
	int numbers;
	const char *word[PATTERN_TEXTS];
	int words;
};

/* Fails on braces that do not close, on a kind of argument other than the above
 * and on too many arguments. */
MUST_USE bool pattern_parse(struct mem *, const char *named, struct pattern *out, struct err *e);

#endif
