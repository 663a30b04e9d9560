/* fuzz_rich - a text with marks (CommonMark), and the links in it. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "ilp/rich.h"
#include <stdio.h>
#include <string.h>

bool fuzz_accepted;

/* Marks are ours, links lead to the web or to a mailbox, and nothing nests without end. */
static void look(const json_t *list, int depth)
{
	static const char marks[] = " p h ul ol li em strong a br quote code ";
	json_t *o;
	size_t i;

	FUZZ_MUST(json_is_array(list) && depth <= RICH_DEEP + 1);
	json_array_foreach(list, i, o)
	{
		if (json_is_string(o))
			continue;
		char mark[16];
		const char *t = json_string_value(json_object_get(o, "t")),
			   *href = json_string_value(json_object_get(o, "href"));
		FUZZ_MUST(t && strlen(t) < sizeof mark - 2);
		snprintf(mark, sizeof mark, " %s ", t);
		FUZZ_MUST(strstr(marks, mark));
		FUZZ_MUST((href != NULL) == !strcmp(t, "a"));
		FUZZ_MUST(!href || link_ok(href, true));
		fuzz_accepted = true;
		if (json_object_get(o, "c"))
			look(json_object_get(o, "c"), depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_accepted = false;
	if (!str_is_text((const char *)bytes, n))
		return 0;
	struct mem *m = mem_new();
	json_t *nodes = rich_nodes(mem_strndup(m, (const char *)bytes, n));

	look(nodes, 0);
	json_decref(nodes);
	mem_free(m);
	return 0;
}
