/* profiles.c - what platforms do differently, as rows of lti/profiles.json and never as
 * an `if` with a product's name in it. A new oddity is a new column of struct
 * lti_settings. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

enum { FAMILY_MAX = 64 };

const struct lti_profile *lti_profile_list(size_t *n_out)
{
	*n_out = profile_rows_n;
	return profile_rows;
}

const struct lti_profile *lti_profile_find(const char *name)
{
	for (size_t i = 0; i < profile_rows_n; i++)
		if (str_eq(profile_rows[i].name, name))
			return &profile_rows[i];
	return &profile_rows[0];
}

/* "Open edX" and "BlackboardLearn" as the table has them: letters and digits, lower case. */
static bool plain(const char *code, char out[FAMILY_MAX])
{
	size_t n = 0;

	for (; code && *code; code++) {
		bool upper = *code >= 'A' && *code <= 'Z';
		bool other = (*code >= 'a' && *code <= 'z') || (*code >= '0' && *code <= '9');
		if (!upper && !other)
			continue;
		if (n == FAMILY_MAX - 1)
			return false;
		out[n++] = upper ? (char)(*code - 'A' + 'a') : *code;
	}
	out[n] = '\0';
	return n > 0;
}

const struct lti_profile *lti_profile_of_family(const char *code)
{
	char family[FAMILY_MAX];

	for (size_t i = 0; plain(code, family) && i < profile_rows_n; i++)
		if (words_has(profile_rows[i].families, family))
			return &profile_rows[i];
	return &profile_rows[0];
}
