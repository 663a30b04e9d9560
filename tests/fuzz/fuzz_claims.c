/* fuzz_claims - the payload of an id_token whose signature was good. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

bool fuzz_accepted;

static void check(const struct lti_launch *l)
{
	FUZZ_MUST(l->sub && strlen(l->sub) <= ID_MAX);
	FUZZ_MUST(l->deployment_id && l->resource_link_id && l->nonce && l->course_role);
	FUZZ_MUST(l->target[0] == '/' && l->target[1] != '/' && l->target[1] != '\\');
	FUZZ_MUST(!l->children_n || (l->roles & LTI_ROLE_MENTOR));
	FUZZ_MUST(l->children_n <= CHILDREN_MAX);
	FUZZ_MUST(!l->roster_url || str_starts(l->roster_url, "https://") ||
		  str_starts(l->roster_url, "HTTPS://") || strstr(l->roster_url, ":"));
	FUZZ_MUST(!l->email || !strpbrk(l->email, "\r\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char base_url[] = "https://ilp.example.org", allow[] = "";
	static const struct lti tool = {.base_url = base_url, .http_allow = allow};
	static const struct lti_registration registration = {
		.issuer = "https://lms.example",
		.client_id = "c",
		.audiences = "other",
		.observees = "observees",
		.skew_s = 60,
	};
	static const struct login_state state = {.nonce = "n"};
	struct mem *m = mem_new();
	struct lti_launch launch;
	struct err e = {0};
	json_t *claims;

	clock_set_ms(1790000000000);
	fuzz_accepted = js_parse(m, (const char *)bytes, n, 128 << 10, &claims, &e) &&
			claims_read(&tool, m, &registration, &state, claims, &launch, &e);
	if (fuzz_accepted)
		check(&launch);
	mem_free(m);
	return 0;
}
