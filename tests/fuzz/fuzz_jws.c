/* fuzz_jws - a token, taken apart and verified with the key of a real Moodle. */
#include "tests/fuzz/fuzz.h"
#include "keys/keys.h"
#include <string.h>

bool fuzz_accepted;

static const char key_set[] =
	"{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"kid\":\"1feb5a7700a35f52421d\",\"e\":"
	"\"AQAB\","
	"\"use\":\"sig\",\"n\":\""
	"ou88GYA4oKWY127pGQUKidnqHOpYyM54EKPQ1YnE5GwFQhNlBEI7c0sCiSuPeanOJHu3B0"
	"TQNEzwCibaYydmLUtD1Hts7E1U1nNONzoKh_Y9GAckez-ma6qc9dfw1AqKqiCJEleYJ5wW"
	"TmEaPANyRwT-5Usjvx3PUuAeO2S0Pi43rT9iUIJ-bL6fZEGbGrZ1dUH2CNHCn_qlMPPR0s"
	"oZ5C6j2ecBEfIyehfJlfrJ0PFytctmxu3p4RRBR_X98gatzky-qnGxCncV0_Z1NdghCJDi"
	"Z-NBD8ebw-pGR8Q1mvomZTTmegmu1E3Z3GsgqhlZQ_gthiefgruOMPx6eqVhqw"
	"\"}]}";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct jwk_set *set;
	struct mem *m = mem_new();
	struct jws jws;
	struct err e = {0};

	if (!set)
		FUZZ_MUST(jwk_set_parse(key_set, strlen(key_set), &set, &e));
	fuzz_accepted = jws_parse(m, (const char *)bytes, n, "RS256 ES256 ES384", &jws, &e) &&
			jws_verify(&jws, set, &e);
	FUZZ_MUST(fuzz_accepted || e.reason);
	if (fuzz_accepted)
		FUZZ_MUST(json_is_object(jws.claims) && strcmp(jws.alg, "RS256") == 0);
	mem_free(m);
	return 0;
}
