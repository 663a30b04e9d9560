#include "base/mem.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK 32768
#define ALIGNMENT   16

/* Blocks double up to this; a larger request gets a block of its own size. */
#define LARGEST_STEP ((size_t)256 << 10)

struct block {
	struct block *older;
	size_t size, used;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

struct finalizer {
	struct finalizer *older;
	void (*fn)(void *);
	void *p;
};

struct mem {
	struct block *newest;
	struct finalizer *finalizers;
	size_t used;
};

static void *need(void *p)
{
	if (!p)
		BUG("out of memory");
	return p;
}

static struct block *block_new(struct block *older, size_t size)
{
	struct block *b = need(malloc(sizeof *b + size));

	b->older = older;
	b->size = size;
	b->used = 0;
	return b;
}

struct mem *mem_new(void)
{
	struct mem *m = need(calloc(1, sizeof *m));

	m->newest = block_new(NULL, FIRST_BLOCK);
	return m;
}

void mem_free(struct mem *m)
{
	if (!m)
		return;
	mem_reset(m);
	free(m->newest);
	free(m);
}

static struct block *block_with_room(struct mem *m, size_t n)
{
#ifdef MEM_DEBUG
	/* Each allocation alone, so that AddressSanitizer sees use after reset. */
	m->newest = block_new(m->newest, n);
	return m->newest;
#else
	struct block *b = m->newest;

	if (b->size - b->used >= n)
		return b;
	size_t step = b->size < LARGEST_STEP ? b->size * 2 : LARGEST_STEP;
	m->newest = block_new(b, n > step ? n : step);
	return m->newest;
#endif
}

void *mem_alloc(struct mem *m, size_t n)
{
	if (n > MEM_LIMIT || m->used + n > MEM_LIMIT)
		BUG("arena limit reached");
	size_t rounded = (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	struct block *b = block_with_room(m, rounded);
	void *p = b->bytes + b->used;

	b->used += rounded;
	m->used += n;
	return memset(p, 0, n);
}

void *mem_alloc_array(struct mem *m, size_t size, size_t n)
{
	size_t total;

	if (__builtin_mul_overflow(size, n, &total))
		BUG("array size overflows");
	return mem_alloc(m, total);
}

char *mem_strdup(struct mem *m, const char *s)
{
	return s ? mem_strndup(m, s, strlen(s)) : NULL;
}

char *mem_strndup(struct mem *m, const char *s, size_t n)
{
	char *copy = mem_alloc(m, n + 1);

	if (n)
		memcpy(copy, s, n);
	return copy;
}

char *mem_printf(struct mem *m, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		BUG("bad format");
	char *text = mem_alloc(m, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void mem_defer(struct mem *m, void (*fn)(void *), void *p)
{
	struct finalizer *f = mem_new_of(m, struct finalizer);

	*f = (struct finalizer){ .older = m->finalizers, .fn = fn, .p = p };
	m->finalizers = f;
}

void mem_reset(struct mem *m)
{
	while (m->finalizers) {
		struct finalizer *f = m->finalizers;
		m->finalizers = f->older;
		f->fn(f->p);
	}
	while (m->newest->older) {
		struct block *older = m->newest->older;
		free(m->newest);
		m->newest = older;
	}
	m->newest->used = 0;
	m->used = 0;
}

size_t mem_used(const struct mem *m)
{
	return m->used;
}
