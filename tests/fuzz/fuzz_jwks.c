/* fuzz_jwks - a platform's key set. */
#include "tests/fuzz/fuzz.h"
#include "keys/keys.h"

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct jwk_set *set = NULL;
	struct err e = {0};

	fuzz_accepted = jwk_set_parse((const char *)bytes, n, &set, &e);
	if (fuzz_accepted)
		jwk_set_has(set, "k1");
	else
		FUZZ_MUST(e.code == ERR_INVALID);
	jwk_set_free(set);
	return 0;
}
