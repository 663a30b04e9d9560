/* log.h - one line per event, logfmt, on standard error.
 *
 *   log_info("launch.accepted", "registration=%s role=%s", id, role);
 *   -> time=2026-11-22T10:00:00.123Z level=info event=launch.accepted req=4f1c registration=... role=...
 *
 * Ids only: never a name, an address, a token or something a person wrote. The
 * caller writes key=value; values that may hold spaces or quotes are written
 * with log_q(). The request id of the thread is added by itself. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/mem.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level);
MUST_USE bool log_level_parse(const char *word, enum log_level *out);
void log_set_request(const char *id); /* for this thread; NULL: none; copied (16 characters) */

#define log_debug(event, ...) log_(LOG_DEBUG, (event), __VA_ARGS__)
#define log_info(event, ...) log_(LOG_INFO, (event), __VA_ARGS__)
#define log_warn(event, ...) log_(LOG_WARN, (event), __VA_ARGS__)
#define log_error(event, ...) log_(LOG_ERROR, (event), __VA_ARGS__)
void log_(enum log_level, const char *event, const char *fmt, ...) PRINTF(3, 4);

/* The error as code=... reason=... at=file:line text="..." */
void log_err(enum log_level, const char *event, const struct err *);

/* A quoted, escaped value: "a \"b\"" ; control characters become \xNN. */
const char *log_q(struct mem *, const char *);

#endif
