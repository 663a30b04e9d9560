/* serve.h - the running program: server, background work, signals. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "base/config.h"

/* Runs until SIGTERM or SIGINT, then stops gracefully. with_http false: background
 * work alone (`ilpd work`). */
MUST_USE bool serve(const struct config *, bool with_http, struct err *e);

#endif
