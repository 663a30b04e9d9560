/* fuzz_browser - a User-Agent, of which a family and a number are kept. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "web/web_internal.h"
#include <string.h>

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	const char *family = browser_family(m, mem_strndup(m, (const char *)bytes, n));

	FUZZ_MUST(strlen(family) <= 20);
	FUZZ_MUST(strspn(family, "abcdefghijklmnopqrstuvwxyz-0123456789") == strlen(family));
	fuzz_accepted = !str_eq(family, "other");
	mem_free(m);
	return 0;
}
