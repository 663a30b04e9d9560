/* fuzz_target - an address from outside: is it ours, may it be fetched? Accepted
 * means that it leads to a page of ours other than the first. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include <string.h>
#include <strings.h>

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	const char *url = mem_strndup(m, (const char *)bytes, n);
	const char *path = url_target(m, "https://ilp.example.org", url);

	FUZZ_MUST(path[0] == '/' && path[1] != '/' && path[1] != '\\');
	for (const char *c = path; *c; c++)
		FUZZ_MUST(*c > ' ' && *c <= '~' && *c != '\\');
	fuzz_accepted = path[1] != '\0';
	if (fuzz_accepted)
		FUZZ_MUST(url_same_origin(url, "https://ilp.example.org/"));
	if (url_is_fetchable("", url))
		FUZZ_MUST(strncasecmp(url_origin(m, url), "https://", 8) == 0 &&
			  !strchr(url_origin(m, url), '@'));
	mem_free(m);
	return 0;
}
