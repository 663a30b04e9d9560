#include "web/api/api_internal.h"
#include "base/str.h"
#include <string.h>

const char *query_get(struct exchange *x, const char *name)
{
	struct fields *f = mem_new_of(x->m, struct fields);
	struct err ignored;
	bool repeated = false;

	f->n = 0;
	if (!fields_parse(x->m, x->request->query, strlen(x->request->query), f, &ignored))
		return NULL;
	const char *value = fields_get(f, name, &repeated);
	return repeated || str_empty(value) ? NULL : value;
}
