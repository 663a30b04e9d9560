/* fuzz_state - the state and the ticket that a browser brings back: the text as it comes,
 * and what could stand below our seal. */
#include "tests/fuzz/fuzz.h"
#include "lti/lti_internal.h"
#include "base/sys.h"
#include <string.h>

bool fuzz_accepted;

static bool state_taken(struct lti *l, struct mem *m, const char *text)
{
	struct login_state s;
	struct err e = {0};

	if (!state_open(l, m, text, &s, &e)) {
		FUZZ_MUST(e.reason);
		return false;
	}
	FUZZ_MUST(s.registration && s.nonce && s.browser_hash);
	FUZZ_MUST((int)s.rung >= 0 && s.rung < LTI_RUNGS && lti_rung_name(s.rung));
	FUZZ_MUST(s.issued >= 1790000000 - PENDING_SECONDS &&
		  s.issued <= 1790000000 + PENDING_SECONDS);
	return true;
}

static bool ticket_taken(struct lti *l, struct mem *m, const char *text)
{
	struct launch_ticket t;
	struct err e = {0};

	if (!ticket_open(l, m, text, &t, &e)) {
		FUZZ_MUST(e.reason);
		return false;
	}
	FUZZ_MUST(t.state && t.id_token);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct lti tool = {.seal_key = {.now = "0123456789abcdef0123456789abcde"}};
	struct mem *m = mem_new();
	const char *text = mem_strndup(m, (const char *)bytes, n);

	clock_set_ms(1790000000000);
	bool state = state_taken(&tool, m, text), ticket = ticket_taken(&tool, m, text);
	FUZZ_MUST(!(state && ticket)); /* what was sealed for one opens no other */
	state |= state_taken(&tool, m, seal(m, &tool.seal_key, "lti state", bytes, n));
	ticket |= ticket_taken(&tool, m, seal(m, &tool.seal_key, "lti storage ticket", bytes, n));
	fuzz_accepted = state || ticket;
	mem_free(m);
	return 0;
}
