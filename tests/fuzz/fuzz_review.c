/* fuzz_review - the body with which a teacher makes a review. The database is away:
 * what gets as far as it was accepted. */
#include "tests/fuzz/fuzz.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "web/web_internal.h"

bool fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct db *db;
	struct mem *m = mem_new();
	struct response r = {0};
	struct exchange x = {.m = m,
			     .response = &r,
			     .viewer = {.tenant = "t",
					.person = "p",
					.course = "c",
					.role = ROLE_TEACHER,
					.session = "s",
					.secret_hash = "h"}};
	struct err e = {0};
	json_t *body;

	if (!db)
		db = db_new("host=/nowhere");
	x.db = db;
	fuzz_accepted = false;
	if (js_parse(m, (const char *)bytes, n, BODY_MAX, &body, &e) && json_is_object(body)) {
		x.body = body;
		FUZZ_MUST(!api_review_create(&x, &e));
		FUZZ_MUST(e.code == ERR_BUSY || (e.code == ERR_INVALID && e.field));
		fuzz_accepted = e.code == ERR_BUSY;
	}
	mem_free(m);
	return 0;
}
