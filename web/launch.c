/* The launch at our door, and our key set. lti/ says what a platform means, ilp/ takes
 * the person in; here the one is turned into the other, and a session begins: by cookie,
 * or where the platform's storage vouched for the browser by a code in the address. */
#include "web/door.h"
#include "web/ladder.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "ilp/arrival.h"
#include "web/page.h"
#include "web/watch.h"
#include <string.h>

static const char *placement_json(struct exchange *x, const struct lti_launch *l)
{
	const struct lti_placement *p = &l->placement;
	size_t n;

	if (l->message != LTI_MESSAGE_DEEP_LINKING)
		return NULL;
	return js_print(x->m,
			js_own(x->m, json_pack("{s:s, s:s, s:s*, s:b, s:b, s:s*, s:s*}", "deployment",
					       l->deployment_id, "returnUrl", p->return_url, "data",
					       p->data, "takesLinks", p->takes_links, "several",
					       p->several, "title", p->title, "text", p->text)),
			&n);
}

/* Guardians are told of their children by the platform, if at all (lti.md 3.3). */
static struct arrival arrival_of(struct exchange *x, const struct lti_launch *l, const char *session,
				 const char *secret)
{
	/* Somebody nameless (R33) is nobody twice and has no rights. */
	const char *role = l->sub ? l->course_role : role_name(ROLE_NONE);

	return (struct arrival){
		.tenant = l->tenant,
		.registration = l->registration->id,
		.deployment = l->deployment_id,
		.sub = l->sub ? l->sub : mem_printf(x->m, "anonymous %s", session),
		.deployment_is_new = l->deployment_is_new,
		.platform_name = l->platform_name,
		.platform_guid = l->platform_guid,
		.lti11_id = l->lti11_id,
		.sis_id = l->sis_id,
		.given_name = l->given_name,
		.family_name = l->family_name,
		.name = l->name,
		.email = l->email,
		.locale = i18n_language(l->locale),
		.is_test = l->roles & LTI_ROLE_TEST_USER,
		.role = role,
		.admin = l->sub && l->site_admin,
		.context = l->context_id,
		.context_label = l->context_label,
		.context_title = l->context_title,
		.resource_link = l->resource_link_id,
		.roster_url = l->roster_url,
		.origins = l->history,
		.origins_n = l->history_n,
		.notice_url = l->notice_url,
		.placement = placement_json(x, l),
		.for_sub = l->for_user,
		.children = l->children,
		.children_n = l->children_n,
		.children_sources = l->children_sources,
		/* The relation is a Mentor's, whatever else somebody is in the course. */
		.says_children = l->sub && (str_eq(role, role_name(ROLE_GUARDIAN)) ||
					    (l->roles & LTI_ROLE_MENTOR)),
		.nonce = l->nonce,
		.nonce_expires = l->nonce_expires,
		.session = session,
		.secret_hash = session_secret_hash(x->m, secret),
		.session_hours = (int)x->house->config->session_hours,
	};
}

/* Where below /app/<sid>/ a launch leads. Of a link's own target only what the app knows
 * to open counts, and of that only plain words. */
static const char *place_of(struct exchange *x, const struct lti_launch *l, const struct arrived *who)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
	const char *target = l->target;

	switch (l->message) {
	case LTI_MESSAGE_DEEP_LINKING:
		return "place";
	case LTI_MESSAGE_SUBMISSION_REVIEW:
		return mem_printf(x->m, "open/student/%s", str_or(who->about, ""));
	case LTI_MESSAGE_DATA_PRIVACY:
		return l->site_admin && who->about ? mem_printf(x->m, "privacy/%s", who->about) : "privacy";
	case LTI_MESSAGE_RESOURCE_LINK:
		break;
	}
	if (!target || !str_starts(target, "/open/"))
		return "";
	size_t n = strcspn(target, "?#");
	return strspn(target, plain) >= n ? mem_strndup(x->m, target + 1, n - 1) : "";
}

struct entrance {
	const struct lti_launch *launch;
	struct lti_trace *trace;
	struct arrival arrival;
	struct arrived who;
	const char *secret, *place;
	struct viewer viewer;
};

/* Takes in who is said to arrive; false with e->reason where not. */
static bool take_in(struct exchange *x, struct entrance *in, struct err *e)
{
	const struct lti_launch *l = in->launch;

	in->secret = session_secret_new(x->m);
	in->arrival = arrival_of(x, l, uuid_new(x->m), in->secret);
	if (!arrival_take(x->db, x->m, &in->arrival, &in->who, e)) {
		in->trace->return_url = str_or(in->trace->return_url, l->return_url);
		return false;
	}
	in->place = place_of(x, l, &in->who);
	in->viewer = (struct viewer){
		.tenant = l->tenant,
		.person = in->who.person,
		.course = in->who.course,
		.role = role_parse(in->arrival.role),
		.admin = in->arrival.admin,
		.session = in->arrival.session,
		.registration = l->registration->id,
	};
	door_watch(x, in->trace, NULL, &in->who);
	watch_rung(x->house->watch, l->registration->id, door_browser(x), in->trace->rung);
	log_info("launch.accepted", "registration=%s role=%s session=%s course=%s", l->registration->id,
		 in->arrival.role, in->arrival.session, in->who.course ? in->who.course : "-");
	return true;
}

bool lti_launch_handle(struct exchange *x, struct err *e)
{
	struct fields f = { .n = 0 };
	struct lti_trace trace = { 0 };
	struct lti_launch launch;
	struct lti_storage_check check;
	struct entrance in = { .launch = &launch, .trace = &trace };
	struct cookies c;
	bool repeated, needs = false;
	const char *sid;

	if (!fields_parse(x->m, x->request->body, x->request->body_n, &f, e)) {
		e->reason = "launch_malformed";
		return door_refused(x, "launch.refused", &trace, e);
	}
	cookies_parse(x->m, request_header(x->request, "Cookie"), &c);
	if (!lti_launch_needs_storage(x->house->lti, x->m, x->db, door_field, &f, &needs, &check, &trace,
				      e))
		return door_refused(x, "launch.refused", &trace, e);
	if (needs)
		return page_storage_get(x, &check);
	trace = (struct lti_trace){ 0 };
	if (!lti_launch(x->house->lti, x->m, x->db, door_field, &f, door_cookie, &c, &launch, &trace, e) ||
	    !take_in(x, &in, e))
		return door_refused(x, "launch.refused", &trace, e);
	page_headers(x, launch.registration->origins);
	response_cookie(x->response, x->m, lti_state_cookie(x->m, fields_get(&f, "state", &repeated)), "", 0);
	session_cookie(x, &in.viewer, in.secret, &sid);
	response_header(x->response, "Location", mem_printf(x->m, "/app/%s/%s", sid, in.place));
	x->response->status = 303; /* a POST must not be what Back and reload repeat */
	return true;
}

/* ---- What the platform's storage held (R106) ---- */

/* A platform that loses the value would lose the next one too: the next login without a
 * cookie begins with the window. */
static void give_up_storage(struct exchange *x, const struct lti_trace *trace)
{
	if (trace->registration)
		watch_rung(x->house->watch, trace->registration, door_browser(x), LTI_RUNG_WINDOW);
}

static bool reply_refused(struct exchange *x, const struct lti_trace *trace, const struct err *e)
{
	const struct lti_reason *r = lti_reason_find(e->reason);

	if (str_eq(r->word, "browser_storage_missing"))
		give_up_storage(x, trace);
	log_err(LOG_WARN, "launch.refused", e);
	door_watch(x, trace, e, NULL);
	return reply_json(x, r->status,
			  json_pack("{s:{s:s, s:s, s:s, s:s, s:s}}", "error", "reason", r->word, "message",
				    page_word(x, r->message), "mend", r->mend, "send",
				    page_send_code(x), "code", x->request->id));
}

bool lti_verify_handle(struct exchange *x, struct err *e)
{
	struct lti_trace trace = { 0 };
	struct lti_launch launch;
	struct entrance in = { .launch = &launch, .trace = &trace };
	const char *ticket = str_or(js_str(x->body, "ticket"), "");
	const char *secret = str_or(js_str(x->body, "secret"), "");

	if (!lti_launch_bound(x->house->lti, x->m, x->db, ticket, secret, &launch, &trace, e) ||
	    !take_in(x, &in, e))
		return e->code != ERR_INTERNAL && e->code != ERR_BUSY && reply_refused(x, &trace, e);
	const char *code = session_code(x, &in.viewer, in.secret);
	return reply_json(x, 200,
			  json_pack("{s:s}", "location",
				    mem_printf(x->m, "/app/%s/%s#%s", session_sid(&in.viewer), in.place,
					       code)));
}

/* ---- Our key set (R124) ---- */

bool lti_jwks_handle(struct exchange *x, struct err *e)
{
	response_header(x->response, "Cache-Control", "public, max-age=3600");
	response_header(x->response, "Access-Control-Allow-Origin", "*");
	response_header(x->response, "X-Content-Type-Options", "nosniff");
	response_text(x->response, 200, "application/json", keys_public(x->house->keys, x->m));
	return true;
}
