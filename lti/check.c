/* check.c - a live test of a registration: each thing a launch or a roster needs is
 * asked for once, now, and what is wrong is said with its mend.
 *
 * One fetch of the key set answers for the name, the certificate, the keys and the
 * clock. What is kept from before is not looked at: the token is asked for with an
 * empty cache. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <stdlib.h>
#include <string.h>

enum {
	TLS_DAYS_LOW = 14,
	CLOCK_FINE_MS = 5000,
	ROSTER_TOTAL_MS = 8000,
	ROSTER_BYTES_MAX = 16 << 20,
};

#define ROSTER_TYPE "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

struct check {
	struct lti *l;
	struct mem *m;
	struct key_ring *ring;
	const struct lti_registration *r;
	const char *roster_url;
	struct lti_check_step *steps;
	size_t n;
	/* the key set's answer: err where none came */
	struct http_response keys;
	size_t usable;
	bool keys_ok;
	struct err keys_err;
	int64_t keys_ms;
	const char *token; /* NULL: there is none */
};

static void step(struct check *c, const char *what, enum lti_check_result result, int64_t ms,
		 const char *text)
{
	if (c->n == LTI_CHECK_STEPS)
		BUG("more than %d steps", LTI_CHECK_STEPS);
	c->steps[c->n++] = (struct lti_check_step){what, result, text, ms};
}

static const char *host_of(struct mem *m, const char *url)
{
	const char *origin = url_origin(m, url);

	return origin ? strstr(origin, "://") + 3 : "its host";
}

/* ---- The key set, and what its answer tells besides ---- */

static void fetch_keys(struct check *c)
{
	int64_t began = ticks_ms();

	c->keys = (struct http_response){.date_ms = -1, .tls_days_left = -1};
	c->keys_ok = jwks_fetch_now(c->l, c->m, c->r, &c->keys, &c->usable, &c->keys_err);
	c->keys_ms = ticks_ms() - began;
}

static bool failed_for(const struct check *c, const char *reason)
{
	return !c->keys_ok && str_eq(c->keys_err.reason, reason);
}

static void check_dns(struct check *c)
{
	const char *host = host_of(c->m, c->r->jwks_url), *address = c->keys.address;
	int64_t ms = c->keys.connect_ms;

	if (failed_for(c, "http_host"))
		step(c, "dns", LTI_CHECK_FAILED, c->keys_ms,
		     mem_printf(c->m,
				"No address is known for %s: correct the key set's address, or "
				"look at the name server of this host.",
				host));
	else if (failed_for(c, "http_private"))
		step(c, "dns", LTI_CHECK_FAILED, c->keys_ms,
		     mem_printf(c->m,
				"%s is no public address: if the platform is meant to be there, "
				"put its host:port into http_allow.",
				host));
	else if (str_empty(address))
		step(c, "dns", LTI_CHECK_SKIPPED, 0,
		     "Not known: no connection came about, see the step keys.");
	else
		step(c, "dns", LTI_CHECK_OK, ms,
		     mem_printf(c->m, "%s is %s, %s.", host, address,
				url_is_allow_listed(c->l->http_allow, c->r->jwks_url)
					? "which http_allow lets us reach"
					: "a public address"));
}

static void check_tls(struct check *c)
{
	long days = c->keys.tls_days_left;

	if (!str_starts(c->r->jwks_url, "https://"))
		step(c, "tls", LTI_CHECK_SKIPPED, 0, "The address is not https.");
	else if (failed_for(c, "http_tls"))
		step(c, "tls", LTI_CHECK_FAILED, c->keys_ms,
		     mem_printf(c->m,
				"The certificate of %s is not to be trusted, fits another name or "
				"has expired, or it speaks no TLS 1.2: the platform must mend it.",
				host_of(c->m, c->r->jwks_url)));
	else if (str_empty(c->keys.address))
		step(c, "tls", LTI_CHECK_SKIPPED, 0,
		     "Not known: no connection came about, see the step keys.");
	else if (days < 0)
		step(c, "tls", LTI_CHECK_OK, c->keys.tls_ms,
		     "TLS 1.2 or newer, with a trusted certificate.");
	else
		step(c, "tls", days < TLS_DAYS_LOW ? LTI_CHECK_WARN : LTI_CHECK_OK, c->keys.tls_ms,
		     mem_printf(c->m,
				"TLS 1.2 or newer, with a trusted certificate that ends in %ld "
				"day%s%s.",
				days, days == 1 ? "" : "s",
				days < TLS_DAYS_LOW ? ": the platform must renew it" : ""));
}

/* Why no key set came, as a sentence with its mend. */
static const char *keys_sentence(const struct check *c)
{
	static const struct {
		const char *reason, *text;
	} known[] = {
		{"http_host", "Not fetched: its name is not known, see the step dns."},
		{"http_private", "Not fetched: its address is not public, see the step dns."},
		{"http_tls", "Not fetched: no trusted connection, see the step tls."},
		{"http_connect", "Nothing answers at the key set's address: correct it, or let "
				 "this host through the firewall."},
		{"http_slow", "The key set did not come in time: the platform is too slow, or a "
			      "firewall swallows what we send."},
		{"http_large", "The key set is far too large: its address leads to something "
			       "else; correct it."},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(known[i].reason, c->keys_err.reason))
			return known[i].text;
	return mem_printf(c->m, "No key set came (%s): correct the key set's address.",
			  c->keys_err.text);
}

static void check_keys(struct check *c)
{
	if (!c->keys_ok)
		step(c, "keys", LTI_CHECK_FAILED, c->keys_ms, keys_sentence(c));
	else if (!c->usable)
		step(c, "keys", LTI_CHECK_FAILED, c->keys_ms,
		     "The key set holds no key we can use, so that every launch is refused: it "
		     "needs one of RSA with 2048 bits, or of P-256 or P-384, with a kid.");
	else
		step(c, "keys", LTI_CHECK_OK, c->keys_ms,
		     mem_printf(c->m, "The key set holds %zu key%s we can use.", c->usable,
				c->usable == 1 ? "" : "s"));
}

static void check_clock(struct check *c)
{
	int64_t ms = c->keys.date_ms - now_ms(), off = ms < 0 ? -ms : ms;
	int64_t skew = c->r->set.skew_s;

	if (c->keys.date_ms < 0) {
		step(c, "clock", LTI_CHECK_SKIPPED, 0,
		     "The platform did not say what time it has.");
		return;
	}
	const char *which = ms < 0 ? "behind" : "ahead of";
	if (off < CLOCK_FINE_MS)
		step(c, "clock", LTI_CHECK_OK, 0, "The platform's clock and ours agree.");
	else if (off < skew * 1000)
		step(c, "clock", LTI_CHECK_WARN, 0,
		     mem_printf(c->m,
				"The platform's clock is %lld s %s ours; up to %lld s is let pass: "
				"set both by NTP.",
				(long long)(off / 1000), which, (long long)skew));
	else
		step(c, "clock", LTI_CHECK_FAILED, 0,
		     mem_printf(c->m,
				"The platform's clock is %lld s %s ours, more than the %lld s that "
				"are let pass, so that launches are refused: set both by NTP, or "
				"raise skew_s.",
				(long long)(off / 1000), which, (long long)skew));
}

/* ---- Token and roster ---- */

static const char *token_sentence(struct check *c, const struct err *e)
{
	if (str_eq(e->reason, "token_scope"))
		return "The platform does not let us read lists of people: turn on the service "
		       "Names and Roles for this tool there. Launches work without it.";
	if (str_eq(e->reason, "token_refused"))
		return mem_printf(c->m,
				  "The platform gives us no token (%s): it must have our key set's "
				  "address %s/.well-known/jwks.json, and the client id here must "
				  "be its own.",
				  e->text, c->l->base_url);
	if (str_eq(e->reason, "token_busy"))
		return mem_printf(c->m,
				  "The platform gives no token for the moment (%s): try again "
				  "later.",
				  e->text);
	return mem_printf(c->m, "No answer from the token address (%s): correct it.", e->text);
}

static void check_token(struct check *c)
{
	struct lti fresh = *c->l;
	struct err e = {0};
	int64_t began = ticks_ms();

	if (str_empty(c->r->token_url)) {
		step(c, "token", LTI_CHECK_SKIPPED, 0,
		     "No address for tokens is registered: lists of people cannot be fetched.");
		return;
	}
	fresh.tokens = token_cache_new();
	bool ok = token_get(&fresh, c->m, c->ring, c->r, SCOPE_NRPS, NULL, &c->token, &e);
	token_cache_free(fresh.tokens);
	int64_t ms = ticks_ms() - began;
	if (ok)
		step(c, "token", LTI_CHECK_OK, ms,
		     "The platform gives us a token to read lists of people.");
	else
		step(c, "token",
		     str_eq(e.reason, "token_scope") ? LTI_CHECK_WARN : LTI_CHECK_FAILED, ms,
		     token_sentence(c, &e));
}

static const char *roster_sentence(struct check *c, const struct http_response *res)
{
	if (res->status == 401 || res->status == 403)
		return mem_printf(c->m,
				  "The list of the newest course is refused (%ld): give this tool "
				  "Names and Roles there, and open the tool from the course once.",
				  res->status);
	if (res->status == 404 || res->status == 410)
		return mem_printf(c->m,
				  "The newest course's list is not there (%ld): the course may be "
				  "gone; open the tool from another course.",
				  res->status);
	return mem_printf(c->m, "The list was answered with %ld: look at the platform's log.",
			  res->status);
}

/* How many people the page holds; false where it is none. */
static bool members_in(struct check *c, const struct http_response *res, size_t *n)
{
	struct err ignored;
	json_t *page;

	if (!js_parse(c->m, res->body, res->n, ROSTER_BYTES_MAX, &page, &ignored) ||
	    !js_arr(page, "members"))
		return false;
	*n = json_array_size(js_arr(page, "members"));
	return true;
}

static void fetch_roster(struct check *c)
{
	struct http_request req = {
		.url = mem_printf(c->m, "%s%climit=1", c->roster_url,
				  strchr(c->roster_url, '?') ? '&' : '?'),
		.accept = ROSTER_TYPE,
		.bearer = c->token,
		.body_max = ROSTER_BYTES_MAX,
		.total_ms = ROSTER_TOTAL_MS,
	};
	int64_t began = ticks_ms();
	struct http_response res;
	struct err e = {0};
	size_t n;

	bool came = c->l->http.fetch(c->l->http.self, c->m, &req, &res, &e);
	int64_t ms = ticks_ms() - began;
	if (!came)
		step(c, "roster", LTI_CHECK_FAILED, ms,
		     mem_printf(c->m,
				"No list of the newest course came (%s): open the tool from the "
				"course, so that its address is known anew.",
				e.text));
	else if (res.status != 200)
		step(c, "roster", LTI_CHECK_FAILED, ms, roster_sentence(c, &res));
	else if (!members_in(c, &res, &n))
		step(c, "roster", LTI_CHECK_FAILED, ms,
		     "What came is no list of people: look at the platform's log.");
	else
		step(c, "roster", LTI_CHECK_OK, ms,
		     mem_printf(c->m, "The newest course's list came, with %zu on its first page.",
				n));
}

static void check_roster(struct check *c)
{
	if (str_empty(c->roster_url))
		step(c, "roster", LTI_CHECK_SKIPPED, 0,
		     "No course has told where its list is: open the tool from a course once.");
	else if (!c->token)
		step(c, "roster", LTI_CHECK_SKIPPED, 0, "Not asked for: there is no token.");
	else
		fetch_roster(c);
}

bool lti_check(struct lti *l, struct mem *m, struct db *db, struct key_ring *ring,
	       const char *registration_id, const char *roster_url,
	       struct lti_check_step out[LTI_CHECK_STEPS], size_t *n_out, struct err *e)
{
	struct check c = {.l = l, .m = m, .ring = ring, .roster_url = roster_url, .steps = out};

	if (!registry_by_id(l->registry, m, db, registration_id, &c.r, e))
		return false;
	fetch_keys(&c);
	check_dns(&c);
	check_tls(&c);
	check_keys(&c);
	check_token(&c);
	check_roster(&c);
	check_clock(&c);
	*n_out = c.n;
	return true;
}
