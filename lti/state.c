/* state.c - what a login must remember until its launch.
 *
 * Nothing is stored with us: the `state` parameter itself carries it, sealed so
 * that nobody can read or change it (R8, R9), and any host may open it. Nobody
 * can fill a table by starting logins (R15). Only base64url: Moodle cleans the
 * parameter like text (moodle.md 3). */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

#define SEAL_PURPOSE "lti state"

enum { STATE_MAX = 4096 };

const char *state_seal(struct lti *l, struct mem *m, const struct login_state *s)
{
	json_t *j = js_own(m, json_pack("{s:s, s:s, s:I, s:s, s:s*}", "r", s->registration, "n",
					s->nonce, "i", (json_int_t)s->issued, "b", s->browser_hash,
					"d", s->deployment));
	size_t n;
	const char *text = js_print(m, j, &n);

	return seal(m, l->seal_key, SEAL_PURPOSE, text, n);
}

bool state_open(struct lti *l, struct mem *m, const char *text, struct login_state *out,
		struct err *e)
{
	unsigned char *opened;
	size_t n;
	json_t *j;

	if (str_empty(text))
		return err_reason(e, ERR_INVALID, "state_missing", "no state came back");
	if (strlen(text) > STATE_MAX || !unseal(m, l->seal_key, SEAL_PURPOSE, text, &opened, &n))
		return err_reason(e, ERR_INVALID, "state_invalid", "the state is not one of ours");
	if (!js_parse(m, (const char *)opened, n, STATE_MAX, &j, e))
		return err_under(e, "sealed state");
	struct login_state s = {
		.registration = js_str(j, "r"),
		.nonce = js_str(j, "n"),
		.browser_hash = js_str(j, "b"),
		.deployment = js_str(j, "d"),
	};
	if (!s.registration || !s.nonce || !s.browser_hash || !js_num(j, "i", &s.issued))
		return err_reason(e, ERR_INVALID, "state_invalid", "the state lacks a member");
	int64_t age = now_s() - s.issued;
	if (age > PENDING_SECONDS || age < -PENDING_SECONDS)
		return err_reason(e, ERR_INVALID, "state_expired", "the login is %lld s old",
				  (long long)age);
	*out = s;
	return true;
}

const char *lti_state_cookie(struct mem *m, const char *state)
{
	const char *hash = sha256_hex(m, state, strlen(state));

	return mem_printf(m, "__Host-ilpd-state-%.12s", hash);
}
