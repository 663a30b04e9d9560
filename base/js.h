/* js.h - JSON by jansson, read strictly and owned by an arena.
 *
 * js_parse() is the only door for JSON from outside: size and nesting are
 * capped before parsing, duplicate members, NUL and invalid UTF-8 are refused
 * (lti.md R35). Getters borrow from their object and are gone with it. */
#ifndef BASE_JS_H
#define BASE_JS_H

#include "base/mem.h"
#include <jansson.h>
#include <stdint.h>

#define JS_DEPTH 32 /* lti.md R24 */

/* An object or array of at most `max` bytes; owned by the arena. */
MUST_USE bool js_parse(struct mem *, const char *text, size_t n, size_t max, json_t **out, struct err *e);

/* Hands a new reference to the arena and returns it. */
json_t *js_own(struct mem *, json_t *);

/* Compact text in the arena. */
char *js_print(struct mem *, const json_t *, size_t *n_out);

/* Borrowed; NULL where absent, null (lti.md R53) or of another type. */
const char *js_str(const json_t *obj, const char *key);
json_t *js_obj(const json_t *obj, const char *key);
json_t *js_arr(const json_t *obj, const char *key);
bool js_bool(const json_t *obj, const char *key, bool otherwise);
/* A number in [0, 2^53]; integers and reals both count, anything else is absent. */
MUST_USE bool js_num(const json_t *obj, const char *key, int64_t *out);

/* NULL becomes JSON null. New reference, like jansson's own makers. */
json_t *js_text(const char *);

#endif
