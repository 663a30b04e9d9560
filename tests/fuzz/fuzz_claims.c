/* fuzz_claims - the payload of an id_token whose signature was good, whatever message it
 * is, with what is decided and logged of it. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>
#include <strings.h>

bool fuzz_accepted;

static bool one_of(const char *s, const char *const *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, all[i]))
			return true;
	return false;
}

static void check_address(const char *url)
{
	FUZZ_MUST(!url || (strncasecmp(url, "https://", 8) == 0 && !strpbrk(url, " \r\n\t")));
}

static void check_message(const struct lti_launch *l)
{
	const struct lti_placement *p = &l->placement;

	FUZZ_MUST((l->message == LTI_MESSAGE_DEEP_LINKING) == (p->return_url != NULL));
	FUZZ_MUST(!p->data || strlen(p->data) <= 16 << 10);
	if (l->message == LTI_MESSAGE_RESOURCE_LINK || l->message == LTI_MESSAGE_SUBMISSION_REVIEW)
		FUZZ_MUST(id_ok(l->resource_link_id));
	else
		FUZZ_MUST(!l->resource_link_id);
	if (l->message == LTI_MESSAGE_SUBMISSION_REVIEW)
		FUZZ_MUST(id_ok(l->for_user));
	FUZZ_MUST(!l->for_user || l->message == LTI_MESSAGE_SUBMISSION_REVIEW ||
		  l->message == LTI_MESSAGE_DATA_PRIVACY);
	check_address(p->return_url);
}

static void check(const struct lti_launch *l)
{
	static const char *const sources[] = {"role_scope_mentor", "canvas_observees"};

	FUZZ_MUST(id_ok(l->sub) && id_ok(l->deployment_id) && l->nonce);
	FUZZ_MUST(l->target[0] == '/' && l->target[1] != '/' && l->target[1] != '\\');
	FUZZ_MUST(!l->context_id || id_ok(l->context_id));
	FUZZ_MUST(l->history_n <= 100);
	for (size_t i = 0; i < l->history_n; i++)
		FUZZ_MUST(id_ok(l->history[i]) && !str_eq(l->history[i], l->context_id));
	FUZZ_MUST(!l->children_n || str_eq(l->course_role, "guardian") ||
		  (l->roles & LTI_ROLE_MENTOR));
	FUZZ_MUST(l->children_n <= CHILDREN_MAX);
	for (size_t i = 0; i < l->children_n; i++)
		FUZZ_MUST(id_ok(l->children[i]) && one_of(l->children_sources[i], sources, 2));
	check_address(l->roster_url);
	check_address(l->notice_url);
	check_address(l->return_url);
	FUZZ_MUST(!l->email || !strpbrk(l->email, "\r\n"));
	check_message(l);
}

/* As lti_launch does once the deployment's school is known. */
static void decide(struct mem *m, const json_t *claims, struct lti_launch *l)
{
	static const char *const roles[] = {"teacher", "student", "guardian", "mentor", "none"};
	static const struct lti_rule rules[] = {
		{"1", LTI_RULE_CUSTOM, "kind", "parent", "guardian"},
		{"2", LTI_RULE_GROUP, "", "7", "teacher"},
		{"3", LTI_RULE_USER, "", "user-1", "none"},
	};
	const struct lti_facts facts = {
		.roles = js_arr(claims, CLAIM "roles"),
		.custom = js_obj(claims, CLAIM "custom"),
		.sub = l->sub,
		.sis_id = l->sis_id,
		.lti11_id = l->lti11_id,
	};
	struct lti_decision d;

	lti_decide(m, &l->registration->set, &(struct lti_rules){rules, 3}, &facts, &d);
	FUZZ_MUST(one_of(d.role, roles, 5) && d.why);
	l->roles = d.roles;
	l->course_role = d.role;
	children_read(m, claims, l);
}

/* What was logged must be JSON that a database takes, of a size that it can keep. */
static void check_facts(struct mem *m, const struct lti_registration *r, const json_t *claims)
{
	size_t n;
	const char *text = js_print(m, trace_facts(m, r, claims), &n);

	FUZZ_MUST(n < 128 << 10 && !strstr(text, "\\u0000"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char base_url[] = "https://ilp.example.org", allow[] = "";
	static const struct lti tool = {.base_url = base_url, .http_allow = allow};
	static const struct login_state state = {.nonce = "n"};
	struct lti_registration registration = {
		.issuer = "https://lms.example",
		.client_id = "c",
		.set = lti_profile_find("canvas")->set,
	};
	struct mem *m = mem_new();
	struct lti_launch launch;
	struct lti_trace trace = {0};
	struct err e = {0};
	json_t *claims;

	registration.set.audiences = "other";
	registration.set.observees = "observees";
	registration.set.history = "history";
	registration.set.groups = "groups";
	registration.set.trusted = "kind";
	clock_set_ms(1790000000000);
	bool json = js_parse(m, (const char *)bytes, n, 128 << 10, &claims, &e);
	fuzz_accepted =
		json && claims_read(&tool, m, &registration, &state, claims, &launch, &trace, &e);
	if (fuzz_accepted) {
		decide(m, claims, &launch);
		check(&launch);
	}
	if (json)
		check_facts(m, &registration, claims);
	FUZZ_MUST(fuzz_accepted || e.reason || !json);
	mem_free(m);
	return 0;
}
