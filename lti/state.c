/* state.c - what a login must remember until its launch, and a launch until the
 * platform's storage has answered.
 *
 * Nothing is stored with us: the `state` parameter itself carries it, sealed so
 * that nobody can read or change it (R8, R9), and any host may open it. Nobody
 * can fill a table by starting logins (R15). Only base64url: Moodle cleans the
 * parameter like text (moodle.md 3). */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

#define STATE_PURPOSE  "lti state"
#define TICKET_PURPOSE "lti storage ticket"
#define HOST_PREFIX    "__Host-"

enum { STATE_MAX = 4096, TICKET_MAX = 256 << 10, TICKET_SECONDS = 60 };

static const char *const rung_names[LTI_RUNGS] = {
	[LTI_RUNG_COOKIE] = "cookie",
	[LTI_RUNG_STORAGE] = "storage",
	[LTI_RUNG_WINDOW] = "window",
};

const char *lti_rung_name(enum lti_rung rung)
{
	return rung_names[rung];
}

static const char *seal_json(struct lti *l, struct mem *m, const char *purpose, json_t *j)
{
	size_t n;
	const char *text = js_print(m, j, &n);

	return seal(m, &l->seal_key, purpose, text, n);
}

static bool unseal_json(struct lti *l, struct mem *m, const char *purpose, const char *text,
			size_t max, json_t **out)
{
	struct err ignored;
	unsigned char *opened;
	size_t n;

	return strlen(text) <= max && unseal(m, &l->seal_key, purpose, text, &opened, &n) &&
	       js_parse(m, (const char *)opened, n, max, out, &ignored);
}

const char *state_seal(struct lti *l, struct mem *m, const struct login_state *s)
{
	json_t *j = json_pack("{s:s, s:s, s:I, s:s, s:s*, s:i, s:s*}", "r", s->registration, "n",
			      s->nonce, "i", (json_int_t)s->issued, "b", s->browser_hash, "d",
			      s->deployment, "g", (int)s->rung, "t", s->storage_target);

	return seal_json(l, m, STATE_PURPOSE, js_own(m, j));
}

bool state_open(struct lti *l, struct mem *m, const char *text, struct login_state *out,
		struct err *e)
{
	int64_t rung;
	json_t *j;

	if (str_empty(text))
		return err_reason(e, ERR_INVALID, "state_missing", "no state came back");
	if (!unseal_json(l, m, STATE_PURPOSE, text, STATE_MAX, &j))
		return err_reason(e, ERR_INVALID, "state_invalid", "the state is not one of ours");
	struct login_state s = {
		.registration = js_str(j, "r"),
		.nonce = js_str(j, "n"),
		.browser_hash = js_str(j, "b"),
		.deployment = js_str(j, "d"),
		.storage_target = js_str(j, "t"),
	};
	if (!s.registration || !s.nonce || !s.browser_hash || !js_num(j, "i", &s.issued) ||
	    !js_num(j, "g", &rung) || rung >= LTI_RUNGS)
		return err_reason(e, ERR_INVALID, "state_invalid", "the state lacks a member");
	s.rung = (enum lti_rung)rung;
	int64_t age = now_s() - s.issued;
	if (age > PENDING_SECONDS || age < -PENDING_SECONDS)
		return err_reason(e, ERR_INVALID, "state_expired", "the login is %lld s old",
				  (long long)age);
	*out = s;
	return true;
}

const char *ticket_seal(struct lti *l, struct mem *m, const struct launch_ticket *t)
{
	json_t *j = json_pack("{s:s, s:s, s:I}", "s", t->state, "t", t->id_token, "i",
			      (json_int_t)now_s());

	return seal_json(l, m, TICKET_PURPOSE, js_own(m, j));
}

bool ticket_open(struct lti *l, struct mem *m, const char *text, struct launch_ticket *out,
		 struct err *e)
{
	int64_t issued;
	json_t *j;

	if (str_empty(text) || !unseal_json(l, m, TICKET_PURPOSE, text, TICKET_MAX, &j))
		return err_reason(e, ERR_INVALID, "storage_ticket_invalid",
				  "the ticket is not one of ours");
	struct launch_ticket t = {js_str(j, "s"), js_str(j, "t")};
	if (!t.state || !t.id_token || !js_num(j, "i", &issued))
		return err_reason(e, ERR_INVALID, "storage_ticket_invalid",
				  "the ticket lacks a member");
	int64_t age = now_s() - issued;
	if (age > TICKET_SECONDS || age < -TICKET_SECONDS)
		return err_reason(e, ERR_INVALID, "storage_ticket_expired",
				  "the ticket is %lld s old", (long long)age);
	*out = t;
	return true;
}

const char *lti_state_cookie(struct mem *m, const char *state)
{
	const char *hash = sha256_hex(m, state, strlen(state));

	return mem_printf(m, HOST_PREFIX "ilpd-state-%.12s", hash);
}

const char *state_key(struct mem *m, const char *state)
{
	return lti_state_cookie(m, state) + strlen(HOST_PREFIX);
}
