/* plan_internal.h - how requests about plans and shares are read. */
#ifndef WEB_API_PLAN_INTERNAL_H
#define WEB_API_PLAN_INTERNAL_H

#include "web/api/api_internal.h"
#include "ilp/plan.h"

/* NULL where it is absent. */
MUST_USE bool plan_read_id(struct exchange *, const char *field, const char **out, struct err *e);
/* "title": one line of 1 to PLAN_TITLE_MAX characters; NULL where it is absent. */
MUST_USE bool plan_read_title(struct exchange *, const char **out, struct err *e);

#endif
