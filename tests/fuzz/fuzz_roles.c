/* fuzz_roles - a roles claim. Accepted means that some role was known. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti.h"
#include <string.h>

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct err e;
	json_t *roles;

	fuzz_accepted =
		js_parse(m, (const char *)bytes, n, 64 << 10, &roles, &e) && lti_roles(roles) != 0;
	if (fuzz_accepted) {
		unsigned found = lti_roles(roles);
		FUZZ_MUST(found < 1u << 12); /* nothing that is only noted while reading */
		FUZZ_MUST((strcmp(lti_course_role(found), "teacher") == 0) ==
			  ((found & LTI_ROLE_INSTRUCTOR) != 0));
	}
	mem_free(m);
	return 0;
}
