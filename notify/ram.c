/* ram.c - the way out that tests look into. */
#include "notify/out.h"

#include <stdlib.h>
#include <string.h>

struct mail_ram {
	struct mail_out out;
	struct mem *m;
	struct letter *letter;
	size_t n, room;
	const int *code;
	size_t codes, next;
};

static void keep(struct mail_ram *r, const struct letter *l)
{
	if (r->n == r->room) {
		struct letter *more = mem_array(r->m, struct letter, r->room * 2 + 16);
		if (r->n)
			memcpy(more, r->letter, r->n * sizeof *more);
		r->letter = more;
		r->room = r->room * 2 + 16;
	}
	r->letter[r->n++] = (struct letter){
		.from = mem_strdup(r->m, l->from),
		.to = mem_strdup(r->m, l->to),
		.bytes = mem_strndup(r->m, l->bytes, l->n),
		.n = l->n,
	};
}

static bool ram_send(struct mail_out *out, struct letter *letter, size_t n, int64_t until,
		     letter_taken *taken, void *arg, struct err *e)
{
	struct mail_ram *r = (struct mail_ram *)out;
	bool begun = false;

	for (size_t i = 0; i < n; i++) {
		int code = r->next < r->codes ? r->code[r->next++] : 250;
		if (code <= 0) {
			letter[i].fate = code ? LETTER_BROKEN : LETTER_UNTRIED;
			begun |= code < 0;
			break;
		}
		begun = true;
		letter[i].code = code;
		letter[i].fate = code < 400   ? LETTER_TAKEN
				 : code < 500 ? LETTER_LATER
					      : LETTER_REFUSED;
		if (code >= 400)
			continue;
		keep(r, &letter[i]);
		if (!taken(arg, &letter[i]))
			break;
	}
	return begun || err_reason(e, ERR_PEER, "dropped", "no letter was begun");
}

static void ram_cut(struct mail_out *out)
{
}

static void ram_free(struct mail_out *out)
{
	struct mail_ram *r = (struct mail_ram *)out;

	mem_free(r->m);
	free(r);
}

struct mail_ram *mail_out_ram(const int *code, size_t n)
{
	struct mail_ram *r = calloc(1, sizeof *r);

	if (!r)
		BUG("out of memory");
	r->out = (struct mail_out){.send = ram_send, .cut = ram_cut, .free = ram_free};
	r->m = mem_new();
	r->code = code;
	r->codes = n;
	return r;
}

struct mail_out *mail_ram_out(struct mail_ram *r)
{
	return &r->out;
}

size_t mail_ram_count(const struct mail_ram *r)
{
	return r->n;
}

const struct letter *mail_ram_letter(const struct mail_ram *r, size_t i)
{
	return &r->letter[i];
}
