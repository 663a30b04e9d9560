/* fuzz_framework - a file of learning objectives: '{' begins a CASE package, anything else
 * is a table. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "ilp/objective.h"
#include <string.h>

bool fuzz_accepted;

static bool is_text(const char *s)
{
	return str_is_text(s, strlen(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct framework f;
	struct err e;

	fuzz_accepted = n && *bytes == '{' ? framework_read_case(m, bytes, n, &f, &e)
					   : framework_read_csv(m, bytes, n, "title", &f, &e);
	if (fuzz_accepted)
		FUZZ_MUST(f.n && f.n <= OBJECTIVES_MAX && *f.title && is_text(f.title));
	for (size_t i = 0; fuzz_accepted && i < f.n; i++) {
		const struct objective *o = &f.objectives[i];
		FUZZ_MUST(*o->text && str_points(o->text) <= 2000 && is_text(o->text));
		FUZZ_MUST(*o->source_id && strlen(o->source_id) <= 200);
		FUZZ_MUST(str_points(o->code) <= 100 && str_points(o->level) <= 100);
		FUZZ_MUST(is_text(o->code) && is_text(o->level));
	}
	mem_free(m);
	return 0;
}
