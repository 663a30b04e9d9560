/* fuzz_json - JSON from outside: what is taken prints and reads back the same. */
#include "tests/fuzz/fuzz.h"
#include "base/js.h"

#define MAX ((size_t)256 << 10)

bool fuzz_accepted;

static int depth_of(const json_t *v)
{
	int deepest = 0;
	size_t i;
	const char *key;
	json_t *item;

	json_object_foreach((json_t *)(uintptr_t)v, key, item)
	{
		int d = depth_of(item);
		deepest = d > deepest ? d : deepest;
	}
	json_array_foreach(v, i, item)
	{
		int d = depth_of(item);
		deepest = d > deepest ? d : deepest;
	}
	return deepest + (json_is_object(v) || json_is_array(v));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	json_t *v, *again;
	struct err e;
	size_t len;

	fuzz_accepted = js_parse(m, (const char *)bytes, n, MAX, &v, &e);
	if (fuzz_accepted) {
		FUZZ_MUST(n <= MAX && (json_is_object(v) || json_is_array(v)));
		FUZZ_MUST(depth_of(v) <= JS_DEPTH);
		const char *text = js_print(m, v, &len);
		FUZZ_MUST(js_parse(m, text, len, 2 * MAX + 64, &again, &e));
		FUZZ_MUST(json_equal(v, again));
	}
	mem_free(m);
	return 0;
}
