/* fuzz_roles - a roles claim, with the vocabulary alone and as each product and a school's
 * rules decide it. Accepted means that some role was known. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti.h"
#include <string.h>

bool fuzz_accepted;

static const struct lti_rule rules[] = {
	{"custom", LTI_RULE_CUSTOM, "kind", "staff", "teacher"},
	{"group", LTI_RULE_GROUP, "", "9", "teacher"},
	{"role", LTI_RULE_ROLE, "", "Mentor", "mentor"},
};

static void check_product(struct mem *m, const struct lti_profile *p, const json_t *roles)
{
	const struct lti_facts facts = {.roles = roles, .sub = "u7"};
	const struct lti_rules school = {rules, sizeof rules / sizeof *rules};
	struct lti_decision d;

	lti_decide(m, &p->set, NULL, &facts, &d);
	FUZZ_MUST(strcmp(d.role, lti_course_role(d.roles)) == 0 && d.why[0]);
	FUZZ_MUST(p->set.role_aliases[0] || d.roles == lti_roles(roles));
	FUZZ_MUST((lti_roles(roles) & ~d.roles & (unsigned)~LTI_ROLE_OBSERVER) == 0);
	unsigned repaired = d.roles;
	lti_decide(m, &p->set, &school, &facts, &d);
	FUZZ_MUST(d.roles == repaired); /* rules change what somebody becomes, not what was said */
	FUZZ_MUST(strcmp(d.why, "rule custom") != 0 && strcmp(d.why, "rule group") != 0);
	FUZZ_MUST(strncmp(d.why, "rule ", 5) != 0 || strcmp(d.role, "mentor") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct err e;
	json_t *roles;
	size_t products;
	const struct lti_profile *all = lti_profile_list(&products);

	fuzz_accepted =
		js_parse(m, (const char *)bytes, n, 64 << 10, &roles, &e) && lti_roles(roles) != 0;
	if (fuzz_accepted) {
		unsigned found = lti_roles(roles);
		FUZZ_MUST(found < 1u << 13); /* nothing that is only noted while reading */
		FUZZ_MUST((strcmp(lti_course_role(found), "teacher") == 0) ==
			  ((found & LTI_ROLE_INSTRUCTOR) != 0));
		for (size_t i = 0; i < products; i++)
			if (i == 0 || all[i].set.role_aliases[0]) /* the others read as the first */
				check_product(m, &all[i], roles);
	}
	mem_free(m);
	return 0;
}
