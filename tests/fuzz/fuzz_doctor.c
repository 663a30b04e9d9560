/* fuzz_doctor - what a browser tells the launch doctor. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "web/web_internal.h"
#include <string.h>

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct config config = {.base_url = "https://tool.example"};
	static struct house house = {.config = &config};
	struct mem *m = mem_new();
	struct request q = {.m = m,
			    .method = "POST",
			    .path = "/doctor",
			    .query = "",
			    .body = mem_strndup(m, (const char *)bytes, n),
			    .body_n = n,
			    .id = "00000000"};
	struct response r = {0};
	struct exchange x = {.house = &house, .m = m, .request = &q, .response = &r};
	struct err e;
	json_t *body;

	fuzz_accepted = js_parse(m, q.body, n, BODY_MAX, &body, &e) && json_is_object(body);
	x.body = fuzz_accepted ? body : NULL;
	fuzz_accepted = fuzz_accepted && doctor_take(&x, &e);
	if (fuzz_accepted)
		FUZZ_MUST(r.status == 200 && r.body_n < 200 && n <= 4096);
	mem_free(m);
	return 0;
}
