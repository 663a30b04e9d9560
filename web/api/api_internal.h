/* api_internal.h - how the domain's values look in the API; shared by web/api. */
#ifndef WEB_API_INTERNAL_H
#define WEB_API_INTERNAL_H

#include "web/web_internal.h"
#include "ilp/entry.h"
#include "ilp/family.h"
#include "ilp/people.h"
#include <stdio.h>

#define STUDENTS_MAX 500 /* in one act */

json_t *review_json(const struct review *);
json_t *entry_json(const struct entry *, bool with_self);
/* A review's copy of its scale; null: comment only. */
json_t *scale_json(const char *text);

/* A day that exists, as YYYY-MM-DD. */
bool date_ok(const char *);

/* A text of the query string, percent-decoded; NULL where it is absent, empty or repeated. */
const char *query_get(struct exchange *, const char *name);

/* In the reader's language: people by name, entries by their student's. */
void sort_people(const char *language, struct person *, size_t n);
void sort_entries(const char *language, struct entry *, size_t n);

/* "students" of the body: 1 to STUDENTS_MAX UUIDs, each once. */
MUST_USE bool read_students(struct exchange *, const char ***out, size_t *n, struct err *e);
/* A text of the body, NULL where it is null or absent. What is neither is refused: a
 * number in place of a text must not pass for "nothing". */
MUST_USE bool read_string(struct exchange *, const char *field, const char **out, struct err *e);
/* "rev": the revision seen. */
MUST_USE bool read_rev(struct exchange *, int64_t *rev, struct err *e);
const char *one_kind_of_line_end(struct mem *, const char *);
/* A field's text and the revision it started from: "text" (string or null, at most
 * ENTRY_TEXT_MAX characters) and "rev". Line ends become LF. */
MUST_USE bool read_text(struct exchange *, enum entry_field, const char **text, int64_t *rev,
			struct err *e);
/* 200 with the new revision, or 409 with what stands there. */
bool reply_saved(struct exchange *, const struct entry_saved *, bool is_teacher);

#endif
