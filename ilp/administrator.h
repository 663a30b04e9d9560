/* administrator.h - administrators who come by a link from the shell, before any
 * platform could bring them. */
#ifndef ILP_ADMINISTRATOR_H
#define ILP_ADMINISTRATOR_H

#include "base/mem.h"

struct db;

/* Makes the administrator of that name, or finds them, and a session that waits ten
 * minutes to be entered: *path_out is "/admin/enter/<tenant>/<session>.<secret>", and the
 * secret is nowhere else. ERR_INVALID: no such school, or no name. */
MUST_USE bool administrator_link(struct db *, struct mem *, const char *tenant, const char *name,
				 const char **path_out, struct err *e);

#endif
