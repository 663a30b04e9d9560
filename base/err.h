/* err.h - the one way of failing.
 *
 * A function that can fail returns bool, takes `struct err *e` LAST and is
 * MUST_USE. On failure *e says what kind of failure it was (code), where it was
 * found (file, line) and what an operator should know (text: lower case, one
 * line, ids only - never a name, an address or something a person wrote).
 * Outputs are not touched on failure. People never see `text`: the edge makes
 * their message from `code`, `reason` and `field`.
 *
 * A function either logs or returns an error, never both; only web/dispatch.c,
 * the notify worker and main.c log. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Each code means one HTTP status (the table is in web/dispatch.c). What
 * belongs to another tenant or may not be known to exist is NOT_FOUND. */
enum err_code {
	ERR_OK,
	ERR_NOT_FOUND, /* 404 */
	ERR_DENIED,    /* 403 */
	ERR_INVALID,   /* 422; `field` names the input */
	ERR_CONFLICT,  /* 409 */
	ERR_BUSY,      /* 503; try again */
	ERR_PEER,      /* 502; a platform, mail server or other peer failed */
	ERR_EXPIRED,   /* 401; no session, or one that ended */
	ERR_INTERNAL,  /* 500; a bug or a broken installation */
};

struct err {
	enum err_code code;
	const char *reason; /* stable word for logs, pages and tests, or NULL; static storage */
	const char *field;  /* which input, or NULL; static, or of the caller's arena (ilp/form.h) */
	const char *file;
	int line;
	char text[256];
};

/* Sets *e and returns false, so that `return err_set(e, ERR_INVALID, ...)` reads
 * as one sentence. An error that is already set is overwritten: set it once,
 * where it happened. */
#define err_set(e, code, ...) err_set_((e), (code), NULL, NULL, __FILE__, __LINE__, __VA_ARGS__)
/* The same with the stable reason word (launch refusals, lti.md R37). */
#define err_reason(e, code, reason, ...) \
	err_set_((e), (code), (reason), NULL, __FILE__, __LINE__, __VA_ARGS__)
/* The same for one named input of a form or JSON body. */
#define err_field(e, field, ...) \
	err_set_((e), ERR_INVALID, NULL, (field), __FILE__, __LINE__, __VA_ARGS__)

bool err_set_(struct err *e, enum err_code code, const char *reason, const char *field,
	      const char *file, int line, const char *fmt, ...) PRINTF(7, 8);

/* Puts "prefix: " before the text; at most once per layer. Returns false. */
bool err_under(struct err *e, const char *prefix);

/* "not_found", "denied", ... for logs. */
const char *err_name(enum err_code code);

/* A broken promise inside the program: prints and aborts, in release too. */
#define BUG(...) bug_(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_(const char *file, int line, const char *fmt, ...) PRINTF(3, 4);

#endif
