/* fuzz_cookie - a Cookie header, and our sealed session cookie in it. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "web/web_internal.h"
#include <string.h>

bool fuzz_accepted;

static void check(const struct cookies *c)
{
	FUZZ_MUST(c->n <= COOKIES_MAX);
	for (size_t i = 0; i < c->n; i++) {
		FUZZ_MUST(!strpbrk(c->at[i].name, ";="));
		FUZZ_MUST(!strchr(c->at[i].value, ';'));
		FUZZ_MUST(cookies_get(c, c->at[i].name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct config config = {.kek.now = "0123456789abcdef0123456789abcde",
					     .session_hours = 8};
	static struct house house = {.config = &config};
	struct mem *m = mem_new();
	struct request q = {.m = m,
			    .headers = {{"Cookie", mem_strndup(m, (const char *)bytes, n)}},
			    .headers_n = 1};
	struct exchange x = {.house = &house, .m = m, .request = &q};
	struct cookies c;
	struct viewer v;
	struct err e;

	cookies_parse(m, q.headers[0].value, &c);
	check(&c);
	fuzz_accepted = session_open(&x, "deadbeef", &v, &e);
	if (fuzz_accepted)
		FUZZ_MUST(v.tenant && v.person && v.session && v.registration &&
			  strlen(v.secret_hash) == 64);
	mem_free(m);
	return 0;
}
