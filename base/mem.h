/* mem.h - the one way of owning memory: an arena per request, job or test.
 *
 * Everything a request allocates comes from its arena and goes with
 * mem_reset(); nothing in the domain calls free(). Foreign handles (PGresult,
 * json_t, GMime objects ...) are given to the arena with mem_defer() and are
 * released at reset, last in first out. Out of memory aborts: every input is
 * capped before it is parsed, so reaching the limit is a bug or an attack.
 *
 * An arena belongs to one thread at a time. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/err.h"
#include <stddef.h>

struct mem;

/* What one arena may hold between two resets; reaching it aborts. */
#define MEM_LIMIT ((size_t)64 << 20)

struct mem *mem_new(void);
void mem_free(struct mem *); /* resets first; NULL is fine */

/* Zeroed, aligned for anything, never NULL, gone at mem_reset. */
void *mem_alloc(struct mem *, size_t);
#define mem_new_of(m, type) ((type *)mem_alloc((m), sizeof(type)))
#define mem_array(m, type, n) ((type *)mem_alloc_array((m), sizeof(type), (n)))
void *mem_alloc_array(struct mem *, size_t size, size_t n); /* overflow aborts */

char *mem_strdup(struct mem *, const char *);            /* NULL gives NULL */
char *mem_strndup(struct mem *, const char *, size_t n); /* copies exactly n bytes, adds NUL */
char *mem_printf(struct mem *, const char *fmt, ...) PRINTF(2, 3);

/* Runs fn(p) at reset, last in first out. */
void mem_defer(struct mem *, void (*fn)(void *), void *p);

/* Runs the finalizers and gives everything back; keeps the first block. */
void mem_reset(struct mem *);

/* Bytes handed out since the last reset (tests and metrics). */
size_t mem_used(const struct mem *);

#endif
