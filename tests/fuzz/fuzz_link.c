/* fuzz_link - the value of a Link header. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include <string.h>
#include <strings.h>

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	const char *header = mem_strndup(m, (const char *)bytes, n);
	const char *next = link_find(m, &header, 1, "next");

	const char *differences = link_find(m, &header, 1, "differences");

	fuzz_accepted = next != NULL;
	FUZZ_MUST(!differences || (*differences && strlen(differences) < strlen(header)));
	if (next) {
		FUZZ_MUST(*next && strlen(next) < strlen(header));
		const char *url = url_resolve(m, "https://lms.example/nrps", next);
		if (url && url_same_origin(url, "https://lms.example/"))
			FUZZ_MUST(strncmp(url, "https://lms.example", 19) == 0 ||
				  strncasecmp(url, "https://lms.example", 19) == 0);
	}
	mem_free(m);
	return 0;
}
