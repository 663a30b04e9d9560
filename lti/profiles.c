/* profiles.c - what platforms do differently, as rows and never as an `if` with
 * a product's name in it. A new oddity is a new column. */
#include "lti/lti_internal.h"
#include "base/str.h"

static const struct profile profiles[] = {
	{.name = "generic"},     {.name = "canvas"},      {.name = "moodle", .escaped_names = true},
	{.name = "brightspace"}, {.name = "blackboard"},  {.name = "sakai"},
	{.name = "schoology"},   {.name = "itslearning"}, {.name = "openedx"},
};

const struct profile *profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
		if (str_eq(profiles[i].name, name))
			return &profiles[i];
	return &profiles[0];
}
