/* fuzz_settings - a registration's own settings, as an administrator sends them and the
 * database keeps them. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

bool fuzz_accepted;

static void check_words(struct mem *m, const struct lti_settings *s)
{
	char *list = mem_strdup(m, s->algorithms), *rest;

	FUZZ_MUST(s->algorithms[strspn(s->algorithms, " ")]);
	for (char *one = strtok_r(list, " ", &rest); one; one = strtok_r(NULL, " ", &rest))
		FUZZ_MUST(words_has("RS256 RS384 RS512 ES256 ES384", one));
	FUZZ_MUST(!words_has(s->hosts, "*") && !strpbrk(s->hosts, "/:@"));
	FUZZ_MUST(!strchr(s->observees, ' ') && !strchr(s->groups, ' ') &&
		  !strchr(s->history, ' '));
	FUZZ_MUST(!strchr(s->token_audience, ' '));
}

static void check(struct mem *m, const struct lti_settings *s)
{
	const struct lti_facts facts = {.roles = js_own(m, json_pack("[s,s]", "Learner", "x=y"))};
	struct lti_decision d;

	FUZZ_MUST(s->skew_s >= 0 && s->skew_s <= 300 && s->roster_limit >= 0);
	FUZZ_MUST(words_has("nameless always never", s->roster_link));
	FUZZ_MUST(!*s->storage_origin ||
		  str_eq(s->storage_origin, url_origin(m, s->storage_origin)));
	check_words(m, s);
	lti_decide(m, s, NULL, &facts, &d);
	FUZZ_MUST(!settings_trust(s, ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct lti_settings set;
	struct err e = {0};
	json_t *own;

	fuzz_accepted = js_parse(m, (const char *)bytes, n, 64 << 10, &own, &e) &&
			lti_settings_read(m, lti_profile_find("moodle"), own, &set, &e);
	if (fuzz_accepted)
		check(m, &set);
	else
		FUZZ_MUST(e.code != ERR_OK);
	mem_free(m);
	return 0;
}
