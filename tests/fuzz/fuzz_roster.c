/* fuzz_roster - a page of Names and Roles. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include <string.h>

bool fuzz_accepted;

static void must_be_usable(const struct lti_member *p)
{
	FUZZ_MUST(id_ok(p->sub));
	FUZZ_MUST(!p->lti11_id || id_ok(p->lti11_id));
	FUZZ_MUST(!p->name || *p->name);
	FUZZ_MUST(!p->email || strchr(p->email, '@'));
	FUZZ_MUST(p->course_role && *p->course_role);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct lti_rule rule = {
		.id = "1", .kind = LTI_RULE_USER, .value = "1", .becomes = "guardian"};
	const struct lti_rules rules = {&rule, 1};
	struct lti_settings set = lti_profile_find("moodle")->set;
	struct mem *m = mem_new();
	struct lti_member *list;
	size_t kept = 0, listed;
	struct err e;

	fuzz_accepted = members_read(m, &set, &rules, (const char *)bytes, n, &list, &kept, &listed, &e);
	if (fuzz_accepted)
		FUZZ_MUST(kept <= listed);
	for (size_t i = 0; fuzz_accepted && i < kept; i++)
		must_be_usable(&list[i]);
	mem_free(m);
	return 0;
}
