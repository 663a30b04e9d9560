/* ladder.h - the pages of the binding ladder (R16, R99-R110): the platform's storage, and
 * a window of our own. Their script is web/app/src/storage.ts. */
#ifndef WEB_LADDER_H
#define WEB_LADDER_H

#include "web/web_internal.h"

/* Fields of our own among those of a login that is sent again. */
#define PROBE_FIELD "ilpd_probe" /* sent round once with a cookie */
#define RUNG_FIELD  "ilpd_rung"  /* "window": in a window of our own */

/* Offers the same login in a window of our own. */
bool page_window(struct exchange *, const struct fields *login);
/* Puts the login's secret into the platform's storage and goes on to the platform; or
 * offers the window, with the login unspent. */
bool page_storage_put(struct exchange *, const struct fields *f, const struct lti_login *);
/* Reads it back after the launch and asks /lti/verify; nothing of the launch is given out. */
bool page_storage_get(struct exchange *, const struct lti_storage_check *);

#endif
