/* fuzz_path - the path of a request, as far as its row of the route table. */
#include "tests/fuzz/fuzz.h"
#include "base/str.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "web/web_internal.h"
#include <string.h>

bool fuzz_accepted;

/* Without a session every address of the API ends at 401 or 404. */
static void route(struct mem *m, const char *path)
{
	static struct config config = {.base_url = "https://tool.example"};
	static struct house house = {.config = &config};
	struct worker w = {.house = &house};
	struct request q = {.m = m, .method = "GET", .path = path, .query = "", .body = ""};
	struct response r = {0};

	dispatch(&w, &q, &r);
	FUZZ_MUST(r.status == (r.route ? 401 : r.status == 405 ? 405 : 404));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static bool ready;
	struct mem *m = mem_new();
	const char *path, *raw = mem_strndup(m, (const char *)bytes, n);

	if (!ready)
		i18n_init();
	ready = true;
	fuzz_accepted = path_decode(m, raw, &path);
	if (fuzz_accepted) {
		FUZZ_MUST(*path == '/' && strlen(path) <= strlen(raw));
		FUZZ_MUST(!strpbrk(path, "\r\n\t") && str_is_text(path, strlen(path)));
		if (str_starts(path, "/api/"))
			route(m, path);
	}
	mem_free(m);
	return 0;
}
