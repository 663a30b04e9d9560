/* fuzz_registration - what a platform answers to a registration. Accepted means that it
 * told a client_id. */
#include "tests/fuzz/fuzz.h"
#include "lti/dynamic.h"
#include "lti/lti_internal.h"

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct err e = {0};
	struct dynamic_answer a = {.accepted = false};
	const struct openid o = {.register_url = "https://lms.example/register",
				 .token_url = "https://lms.example/token",
				 .audience = "",
				 .algorithms = "RS256",
				 .profile = lti_profile_find("canvas")};
	const json_t *request = js_own(
		m, json_pack("{s:s, s:{s:{s:s}, s:[s,s], s:[{s:s, s:[s]}]}}", "scope", "a b",
			     "https://purl.imsglobal.org/spec/lti-tool-configuration",
			     "custom_parameters", "observees", "$com.instructure.User.observees",
			     "claims", "name", "email", "messages", "type", "LtiDeepLinkingRequest",
			     "placements", "ContentArea"));

	fuzz_accepted = dynamic_answer_read(m, "", &o, request, 200, (const char *)bytes, n, &a, &e);
	if (fuzz_accepted) {
		FUZZ_MUST(a.accepted && id_ok(a.client_id) && (!a.deployment_id || id_ok(a.deployment_id)));
		FUZZ_MUST(!a.update_url || url_same_origin(a.update_url, o.register_url));
		FUZZ_MUST(a.update_url || !a.update_token);
		const char *trusted = js_str(a.settings, "trusted");
		FUZZ_MUST(!trusted || str_eq(trusted, "observees"));
	} else {
		FUZZ_MUST(str_eq(e.reason, "registration_answer"));
	}
	FUZZ_MUST(dynamic_answer_read(m, "", &o, request, 422, (const char *)bytes, n, &a, &e) && !a.accepted);
	mem_free(m);
	return 0;
}
