#include "web/door.h"
#include "base/log.h"
#include "base/str.h"
#include "ilp/arrival.h"
#include "web/metrics.h"
#include "web/watch.h"
#include <string.h>

bool door_fields(struct exchange *x, struct fields *f, struct err *e)
{
	const struct request *q = x->request;
	const char *type = request_header(q, "Content-Type");

	if (!fields_parse(x->m, q->query, strlen(q->query), f, e))
		return false;
	if (!q->body_n)
		return true;
	if (!str_starts(type, "application/x-www-form-urlencoded"))
		return err_set(e, ERR_INVALID, "the body is no form");
	return fields_parse(x->m, q->body, q->body_n, f, e);
}

const char *door_field(const void *form, const char *name, bool *repeated)
{
	return fields_get(form, name, repeated);
}

const char *door_cookie(const void *cookies, const char *name)
{
	return cookies_get(cookies, name);
}

const char *door_browser(struct exchange *x)
{
	return browser_family(x->m, request_header(x->request, "User-Agent"));
}

/* What is refused before its platform was looked up is counted there all the same. */
static const char *profile_of(struct exchange *x, const struct lti_trace *t)
{
	if (t->profile || !t->registration || !x->house->metrics)
		return t->profile;
	return lti_profile_of(x->house->lti, x->m, x->db, t->registration);
}

void door_watch(struct exchange *x, const struct lti_trace *t, const struct err *e,
		const struct arrived *who)
{
	const struct watched w = {
		.trace = t,
		.code = x->request->id,
		.reason = e ? lti_reason_find(e->reason)->word : NULL,
		.browser = door_browser(x),
		.person = who ? who->person : NULL,
		.course = who ? who->course : NULL,
	};

	watch_launch(x->house->watch, &w);
	metrics_launch(x->house->metrics,
		       &(struct metrics_launch){ w.reason, w.browser, profile_of(x, t), t->rung });
}

bool door_refused(struct exchange *x, const char *event, const struct lti_trace *t, const struct err *e)
{
	if (e->code == ERR_INTERNAL || e->code == ERR_BUSY)
		return false;
	log_err(LOG_WARN, event, e);
	door_watch(x, t, e, NULL);
	page_refused(x, e, t);
	return true;
}
