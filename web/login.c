/* The login, and how the browser that began it will be known again (R16): by a cookie,
 * by a value in the platform's own storage, or in a window of our own. The ladder is
 * climbed before the platform's hint, which is often good for one use only, is spent.
 *
 * A browser that brings a cookie of ours keeps cookies here. Any other is first sent
 * round once with one (probe), unless what worked last on this platform in a browser of
 * this family says where to begin; no cookie then, and it is the platform's storage, if
 * that is offered, or a window. */
#include "web/door.h"
#include "web/ladder.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include <string.h>

#define STATE_COOKIE   "__Host-ilpd-state-"
#define PROBE_COOKIE   "__Host-ilpd-probe"
#define PROBE_SECONDS  (180 * 24 * 3600)
#define PENDING_LOGINS 7 /* R19 */

static bool has_our_cookie(const struct cookies *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_starts(c->at[i].name, "__Host-ilpd-"))
			return true;
	return false;
}

/* Lost launches leave cookies behind; big Cookie headers are refused (R19). */
static void drop_pending(struct exchange *x, const struct cookies *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += str_starts(c->at[i].name, STATE_COOKIE);
	for (size_t i = 0; i < c->n && n >= PENDING_LOGINS; i++) {
		if (!str_starts(c->at[i].name, STATE_COOKIE))
			continue;
		if (x->response->headers_n + 4 < SET_MAX)
			response_cookie(x->response, x->m, c->at[i].name, "", 0);
		n--;
	}
}

static bool to_platform(struct exchange *x, const struct cookies *c, const struct lti_login *login)
{
	page_headers(x, NULL);
	drop_pending(x, c);
	response_cookie(x->response, x->m, login->cookie_name, login->secret, login->cookie_seconds);
	response_header(x->response, "Location", login->redirect);
	x->response->status = 302;
	return true;
}

/* The same login once more, by now with a cookie if the browser keeps any. */
static bool probe(struct exchange *x, const struct fields *f)
{
	struct buf b;

	buf_init(&b, x->m);
	buf_add(&b, "/lti/login?" PROBE_FIELD "=1");
	for (size_t i = 0; i < f->n; i++) {
		buf_add(&b, "&");
		buf_url(&b, f->at[i].name);
		buf_add(&b, "=");
		buf_url(&b, f->at[i].value);
	}
	page_headers(x, NULL);
	response_cookie(x->response, x->m, PROBE_COOKIE, "1", PROBE_SECONDS);
	response_header(x->response, "Location", b.p);
	x->response->status = 303;
	return true;
}

/* What worked last; LTI_RUNG_COOKIE where nothing is known. Not to know is no reason to
 * refuse anybody. */
static enum lti_rung remembered(struct exchange *x, const struct lti_registration *r)
{
	struct err e = { 0 };

	db_begin(x->db, x->m, &(struct db_scope){ 0 });
	int found = db_add(x->db, DB_BINDING_OF, r->id, door_browser(x));
	if (!db_commit(x->db, &e)) {
		log_err(LOG_WARN, "binding.unknown", &e);
		return LTI_RUNG_COOKIE;
	}
	const struct db_rows *rows = db_rows(x->db, found);
	for (int rung = 0; db_count(rows) && rung < LTI_RUNGS; rung++)
		if (str_eq(db_text(rows, 0, 0), lti_rung_name((enum lti_rung)rung)))
			return (enum lti_rung)rung;
	return LTI_RUNG_COOKIE;
}

static bool by_storage(struct exchange *x, const struct fields *f, struct lti_trace *trace,
		       struct err *e)
{
	struct lti_login login;

	*trace = (struct lti_trace){ 0 };
	if (!lti_login(x->house->lti, x->m, x->db, door_field, f, LTI_RUNG_STORAGE, &login, trace, e))
		return door_refused(x, "login.refused", trace, e);
	return page_storage_put(x, f, &login);
}

/* No cookie of ours came. */
static bool climb(struct exchange *x, const struct fields *f, const struct lti_login *login,
		  bool in_window, struct lti_trace *trace, struct err *e)
{
	bool repeated, probed = fields_get(f, PROBE_FIELD, &repeated);
	bool offered = login->storage_target && !in_window;
	enum lti_rung begin = offered ? remembered(x, login->registration) : LTI_RUNG_COOKIE;

	if (offered && (begin == LTI_RUNG_STORAGE || (probed && begin != LTI_RUNG_WINDOW)))
		return by_storage(x, f, trace, e);
	if (!probed)
		return probe(x, f);
	if (!in_window)
		return page_window(x, f);
	err_reason(e, ERR_DENIED, "browser_keeps_nothing", "no cookie in a window of our own either");
	return door_refused(x, "login.refused", trace, e);
}

bool lti_login_handle(struct exchange *x, struct err *e)
{
	struct fields f = { .n = 0 };
	struct lti_trace trace = { 0 };
	struct lti_login login;
	struct cookies c;
	bool repeated;

	if (!door_fields(x, &f, e)) {
		e->reason = "login_malformed";
		return door_refused(x, "login.refused", &trace, e);
	}
	bool in_window = str_eq(fields_get(&f, RUNG_FIELD, &repeated), lti_rung_name(LTI_RUNG_WINDOW));
	if (!lti_login(x->house->lti, x->m, x->db, door_field, &f,
		       in_window ? LTI_RUNG_WINDOW : LTI_RUNG_COOKIE, &login, &trace, e))
		return door_refused(x, "login.refused", &trace, e);
	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	return has_our_cookie(&c) ? to_platform(x, &c, &login) :
				    climb(x, &f, &login, in_window, &trace, e);
}
