#include "ilp/scale.h"
#include "base/str.h"

const struct scale *scale_find(const char *key)
{
	for (const struct scale *s = scales; s->key; s++)
		if (str_eq(s->key, key))
			return s;
	return NULL;
}
