/* fuzz_notice - the body of a notice handler, and the claims of one notice whose signature
 * was good: an input is tried as both. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

bool fuzz_accepted;

static void check(const struct lti_notice *n)
{
	FUZZ_MUST(id_ok(n->id) && id_ok(n->type) && id_ok(n->nonce) && id_ok(n->deployment_id));
	FUZZ_MUST(n->nonce_expires <= 1790000000 + 24 * 3600);
	FUZZ_MUST(!n->tenant); /* the deployment says it, never the token */
	FUZZ_MUST(n->context_id || (!n->origins_n && !str_eq(n->type, "LtiContextCopyNotice")));
	FUZZ_MUST(!n->context_id || id_ok(n->context_id));
	for (size_t i = 0; i < n->origins_n; i++)
		FUZZ_MUST(id_ok(n->origins[i]) && !str_eq(n->origins[i], n->context_id));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct lti_registration registration = {
		.issuer = "https://lms.example",
		.client_id = "c",
		.set = lti_profile_find("generic")->set,
	};
	struct mem *m = mem_new();
	struct lti_notice notice;
	struct err e = {0};
	const char **tokens;
	json_t *claims;
	size_t tokens_n;

	clock_set_ms(1790000000000);
	fuzz_accepted = notice_tokens(m, (const char *)bytes, n, &tokens, &tokens_n, &e);
	for (size_t i = 0; fuzz_accepted && i < tokens_n; i++)
		FUZZ_MUST(tokens[i]);
	if (js_parse(m, (const char *)bytes, n, 128 << 10, &claims, &e) &&
	    notice_read(m, &registration, claims, &notice, &e)) {
		fuzz_accepted = true;
		check(&notice);
	}
	mem_free(m);
	return 0;
}
