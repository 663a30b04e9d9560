/* fuzz_openid - what a platform says of itself before it registers us. */
#include "tests/fuzz/fuzz.h"
#include "lti/dynamic.h"
#include "lti/lti_internal.h"
#include <string.h>
#include <strings.h>

bool fuzz_accepted;

/* What the page and the request do with it. */
static void use(struct mem *m, const struct openid *o)
{
	size_t n;
	const struct dynamic_place *places = dynamic_places(&n);

	for (size_t i = 0; i < n; i++) {
		const char *at = dynamic_place_at(o, &places[i]);
		FUZZ_MUST(!at || dynamic_place_find(at, strlen(at)) == &places[i]);
	}
	FUZZ_MUST(dynamic_message_at(o, "LtiResourceLinkRequest"));
	FUZZ_MUST(*openid_host(m, o->url));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char url[] = "https://lms.example/openid";
	struct mem *m = mem_new();
	struct err e = {0};
	struct openid o;

	fuzz_accepted = openid_read(m, "", url, (const char *)bytes, n, &o, &e);
	if (fuzz_accepted) {
		FUZZ_MUST(url_is_fetchable("", o.token_url) && url_is_fetchable("", o.jwks_url) &&
			  url_is_fetchable("", o.register_url) && url_is_linkable("", o.auth_url));
		FUZZ_MUST(str_eq(url_origin(m, o.issuer), "https://lms.example") ||
			  strstr(o.issuer, "lms.example"));
		FUZZ_MUST(strncasecmp(openid_host(m, o.register_url), "lms.example", 11) == 0);
		FUZZ_MUST(!strpbrk(o.origins, ";,'\"\r\n<>"));
		FUZZ_MUST(*o.algorithms && o.messages && o.scopes && o.claims);
		use(m, &o);
	} else {
		FUZZ_MUST(e.code == ERR_INVALID && e.reason);
	}
	mem_free(m);
	return 0;
}
