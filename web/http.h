/* http.h - a request and its answer, as plain values between the server, which
 * knows sockets, and the handlers, which know what they mean.
 *
 * A request is read whole and capped before anybody sees it; everything in it
 * lives in its arena until the answer has been sent. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/js.h"
#include "base/mem.h"

#define BODY_MAX    ((size_t)256 << 10) /* lti.md R24 */
#define UPLOAD_MAX  ((size_t)10 << 20)  /* of routes that take files */
#define FIELDS_MAX  64
#define HEADERS_MAX 64
#define COOKIES_MAX 64
#define SET_MAX     24

struct pair {
	const char *name, *value;
};

struct request {
	struct mem *m;
	const char *method, *path;     /* path percent-decoded, begins with '/' */
	const char *query;             /* raw, "" where absent */
	const char *body;
	size_t body_n;
	struct pair headers[HEADERS_MAX];
	size_t headers_n;
	char id[9];                    /* for the log */
};

/* The first header of that name in any case, or NULL. */
const char *request_header(const struct request *, const char *name);

struct response {
	int status;
	const char *type;              /* Content-Type, NULL without a body */
	const char *body;
	size_t body_n;
	struct pair headers[SET_MAX];  /* names may repeat (Set-Cookie) */
	size_t headers_n;
	const char *route;             /* for the log: the pattern, never the path */
};

void response_header(struct response *, const char *name, const char *value);
void response_text(struct response *, int status, const char *type, const char *body);

/* ---- Parsing what browsers send; each has a fuzz target ---- */

/* application/x-www-form-urlencoded: at most FIELDS_MAX fields, UTF-8, no NUL.
 * Appends to fields. ERR_INVALID on anything else. */
struct fields {
	struct pair at[FIELDS_MAX];
	size_t n;
};
MUST_USE bool fields_parse(struct mem *, const char *text, size_t n, struct fields *, struct err *e);
/* The value; *repeated is set where the name occurs more than once (lti.md R3). */
const char *fields_get(const struct fields *, const char *name, bool *repeated);

/* Percent-decodes a path; false on bad escapes, NUL, controls or invalid UTF-8. */
MUST_USE bool path_decode(struct mem *, const char *raw, const char **out);

/* The cookies of a Cookie header, at most COOKIES_MAX; more are ignored. */
struct cookies {
	struct pair at[COOKIES_MAX];
	size_t n;
};
void cookies_parse(struct mem *, const char *header, struct cookies *out);
const char *cookies_get(const struct cookies *, const char *name);

/* A cookie for third-party frames: Secure; HttpOnly; SameSite=None; Partitioned;
 * Path=/ (lti.md R16). seconds 0 deletes it, -1 lets it end with the browser. */
void response_cookie(struct response *, struct mem *, const char *name, const char *value,
		     int seconds);

/* The first of the reader's languages that we have, by Accept-Language; "en" else. */
const char *request_language(const struct request *);

#endif
