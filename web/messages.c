/* Messages that are no launch: notices, which a platform sends by itself, and the answer to
 * a deep linking request, which a teacher's browser carries back. */
#include "web/web_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "ilp/copy.h"
#include "web/page.h"
#include <string.h>

/* ---- Notices (R92) ---- */

struct refusals {
	size_t n;
	const char *reason; /* of the first */
};

static void refuse(void *self, const struct err *e)
{
	struct refusals *r = self;

	/* anybody can send a hundred of them: one is told, and how many there were */
	if (r->n++)
		return;
	log_err(LOG_WARN, "notice.refused", e);
	r->reason = lti_reason_find(e->reason)->word;
}

/* A kind we do nothing with is taken in like any other, so that it comes once. */
static bool take_in(struct exchange *x, const struct lti_notice *n, struct err *e)
{
	struct copy_notice c = {
		.tenant = n->tenant,
		.registration = n->registration->id,
		.deployment = n->deployment_id,
		.id = n->id,
		.nonce = n->nonce,
		.nonce_expires = n->nonce_expires,
		.context = n->context_id,
		.context_label = n->context_label,
		.context_title = n->context_title,
		.origins = n->origins,
		.origins_n = n->origins_n,
	};

	if (n->tenant && !copy_notice_take(x->db, x->m, &c, e)) {
		/* sent again because our answer was lost: what it says is done */
		if (!str_eq(e->reason, "nonce_used"))
			return false;
		log_err(LOG_INFO, "notice.repeated", e);
		return true;
	}
	log_info("notice.accepted", "registration=%s type=%s notice=%s origins=%zu", c.registration,
		 log_q(x->m, n->type), log_q(x->m, n->id), n->origins_n);
	return true;
}

bool lti_notices_handle(struct exchange *x, struct err *e)
{
	struct refusals refused = { 0 };
	struct lti_notice *notices;
	struct err why = { 0 };
	size_t n;

	response_header(x->response, "Cache-Control", "no-store");
	response_header(x->response, "X-Content-Type-Options", "nosniff");
	if (!lti_notices(x->house->lti, x->m, x->db, x->request->body, x->request->body_n, &notices, &n,
			 refuse, &refused, &why)) {
		if (why.code != ERR_INVALID) {
			*e = why;
			return false;
		}
		refuse(&refused, &why);
		return reply_json(x, 400, json_pack("{s:{s:s}}", "error", "reason", refused.reason));
	}
	if (refused.n > 1)
		log_warn("notice.refused", "more=%zu", refused.n - 1);
	for (size_t i = 0; i < n; i++)
		if (!take_in(x, &notices[i], e))
			return false;
	if (refused.n && !n)
		return reply_json(x, 403, json_pack("{s:{s:s}}", "error", "reason", refused.reason));
	return reply_json(x, 200, json_pack("{s:I, s:I}", "taken", (json_int_t)n, "refused",
					    (json_int_t)refused.n));
}

/* ---- Back to the platform with what was chosen (R58, R62) ---- */

#define TICKET "placement ticket"
enum { TICKET_SECONDS = 60 };

const char *place_ticket(struct exchange *x, const char *return_url, const char *jwt)
{
	json_t *o = js_own(x->m, json_pack("{s:I, s:s, s:s, s:s}", "x",
					   (json_int_t)(now_s() + TICKET_SECONDS), "g",
					   x->viewer.registration, "u", return_url, "j", jwt));
	size_t n;
	const char *text = js_print(x->m, o, &n);

	return seal(x->m, &x->house->config->kek, TICKET, text, n);
}

/* The answer is signed already: a ticket posted twice brings the platform the same nonce. */
static bool ticket_open(struct exchange *x, json_t **out, struct err *e)
{
	struct fields f = { .n = 0 };
	unsigned char *opened;
	bool repeated;
	int64_t until;
	size_t n;

	if (!fields_parse(x->m, x->request->body, x->request->body_n, &f, e))
		return false;
	const char *ticket = fields_get(&f, "ticket", &repeated);
	return ticket && unseal(x->m, &x->house->config->kek, TICKET, ticket, &opened, &n) &&
	       js_parse(x->m, (const char *)opened, n, BODY_MAX, out, e) && js_num(*out, "x", &until) &&
	       now_s() < until;
}

bool lti_deep_link_handle(struct exchange *x, struct err *e)
{
	struct err why = { 0 };
	struct buf b;
	json_t *t;

	if (!ticket_open(x, &t, &why))
		return page_launch_get(x, e);
	const char *url = js_str(t, "u");
	const char *known = lti_origins_of(x->house->lti, x->m, x->db, js_str(t, "g"));
	/* The platform signed this address: it may stand around the page, and take the form. */
	page_headers(x, mem_printf(x->m, "%s %s", str_or(known, ""), lti_origin(x->m, url)));
	page_begin(x, &b, page_word(x, "api.placed.title"), "post");
	page_heading(&b, page_word(x, "api.placed.title"), page_word(x, "api.placed.lede"));
	buf_add(&b, "<form class=\"btn-row\" method=\"post\"");
	page_attribute(&b, "action", url);
	buf_add(&b, ">");
	page_hidden(&b, "JWT", js_str(t, "j"));
	buf_add(&b, "<button class=\"btn btn--primary btn--lg\">");
	buf_html(&b, page_word(x, "api.placed.go"));
	buf_add(&b, "</button></form>");
	return page_finish(x, &b, 200);
}
