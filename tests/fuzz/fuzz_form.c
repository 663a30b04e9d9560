/* fuzz_form - a query or an urlencoded body. What was taken apart can be put together
 * and taken apart again. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "web/http.h"
#include <string.h>

bool fuzz_accepted;

static const char *together(struct mem *m, const struct fields *f)
{
	struct buf b;

	buf_init(&b, m);
	for (size_t i = 0; i < f->n; i++) {
		buf_add(&b, i ? "&" : "");
		buf_url(&b, f->at[i].name);
		buf_add(&b, "=");
		buf_url(&b, f->at[i].value);
	}
	return b.p;
}

static void check(struct mem *m, const struct fields *f)
{
	struct fields again = {.n = 0};
	struct err e;
	const char *text = together(m, f);
	bool repeated;

	FUZZ_MUST(f->n <= FIELDS_MAX);
	FUZZ_MUST(fields_parse(m, text, strlen(text), &again, &e));
	FUZZ_MUST(again.n == f->n);
	for (size_t i = 0; i < f->n; i++) {
		FUZZ_MUST(str_is_text(f->at[i].name, strlen(f->at[i].name)));
		FUZZ_MUST(str_is_text(f->at[i].value, strlen(f->at[i].value)));
		FUZZ_MUST(str_eq(f->at[i].name, again.at[i].name) &&
			  str_eq(f->at[i].value, again.at[i].value));
		FUZZ_MUST(fields_get(f, f->at[i].name, &repeated));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct fields f = {.n = 0};
	struct err e;

	fuzz_accepted = fields_parse(m, (const char *)bytes, n, &f, &e);
	if (fuzz_accepted)
		check(m, &f);
	mem_free(m);
	return 0;
}
