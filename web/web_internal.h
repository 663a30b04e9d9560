/* web_internal.h - what the files of web/ share: the house, and one exchange. */
#ifndef WEB_INTERNAL_H
#define WEB_INTERNAL_H

#include "base/config.h"
#include "ilp/access.h"
#include "keys/keys.h"
#include "lti/lti.h"
#include "notify/notify.h"
#include "web/http.h"

/* What the process has one of. */
struct house {
	const struct config *config;
	struct lti *lti;
	struct key_ring *keys;
	struct notify *notify; /* NULL: mail is sent elsewhere or not at all */
	struct watch *watch;   /* the launch log (web/watch.h) */
	struct metrics *metrics; /* NULL: nobody counts (web/metrics.h) */
	struct errands *errands; /* NULL: another process runs them */
};

/* One request on its way through a handler, with what the dispatcher found out. */
struct exchange {
	struct house *house;
	struct db *db;
	struct mem *m;
	const struct request *request;
	struct response *response;
	const char *language;
	struct viewer viewer;  /* of API routes */
	const char *params[3]; /* what :id, :student ... matched, in order */
	const json_t *body;    /* of API routes with a body: an object */
};

/* A handler fills the response or returns false with *e. */
typedef bool handler(struct exchange *, struct err *e);

/* One row is one address: what it takes is checked before the handler runs. */
struct route {
	const char *method, *path; /* :field and :token are words, every other :name is a UUID */
	enum route_kind {
		ROUTE_OPEN,        /* no session: pages, LTI, health */
		ROUTE_OPEN_WRITE,  /* no session: same origin, JSON body; answers in JSON */
		ROUTE_READ,        /* API, session */
		ROUTE_WRITE,       /* API, session, same origin, JSON body */
		ROUTE_UPLOAD,      /* API, session, same origin; bytes of any type, at most UPLOAD_MAX */
	} kind;
	enum right right;          /* of the API; RIGHT_COUNT: any role */
	handler *handle;
};
/* The tables of web/routes.c and of files in web/api; each ends with method == NULL, the
 * list with NULL. */
extern const struct route *const route_tables[];
extern const struct route template_routes[], plan_routes[], work_routes[], task_routes[],
	students_routes[], meeting_routes[], share_routes[], bank_routes[], evidence_routes[], objective_routes[],
	school_routes[], plan_report_routes[];

void dispatch(void *worker, struct request *, struct response *);
/* How large a body this request may bring: BODY_MAX, or UPLOAD_MAX where its route takes files
 * and a session is shown that has the right to it. Asks no database. */
size_t dispatch_body_max(void *house, const struct request *);

struct worker {
	struct house *house;
	struct db *db;
};

/* Takes the reference. */
bool reply_json(struct exchange *, int status, json_t *);
bool reply_nothing(struct exchange *); /* 204 */

/* ---- session cookies (web/session.c) ---- */

#define SESSION_ID_LEN 8 /* of the address /app/<sid>/ */

/* Makes the cookie of a session; `sid` is what its address carries. */
void session_cookie(struct exchange *, const struct viewer *, const char *secret, const char **sid);
/* What the cookie holds, for a page that must keep it in its memory: the Bearer of
 * Authorization beside X-Session. */
const char *session_bearer(struct exchange *, const struct viewer *, const char *secret);
/* What stands after # in the address of a page that has no cookie yet: good for 30 s and
 * once, POST /api/session/redeem makes a session's cookie and bearer of it. */
const char *session_code(struct exchange *, const struct viewer *, const char *secret);
/* Who a code was made for; whether it still counts, session_redeem() knows. ERR_EXPIRED. */
MUST_USE bool session_code_open(struct exchange *, const char *code, struct viewer *out, struct err *e);
const char *session_sid(const struct viewer *); /* as in its address */
/* Takes the viewer's cookie away. */
void session_forget(struct exchange *);
/* Opens the bearer of the request, or else the cookie that `sid` names. ERR_EXPIRED. */
MUST_USE bool session_open(struct exchange *, const char *sid, struct viewer *out, struct err *e);
const char *session_secret_new(struct mem *);
const char *session_secret_hash(struct mem *, const char *secret);

/* ---- pages made in C (web/pages.c) ---- */

/* Headers of every page: CSP with those who may frame it, no-store, no referrer. */
void page_headers(struct exchange *, const char *frame_ancestors);
/* trace: of the login or launch, NULL where there is none. */
void page_refused(struct exchange *, const struct err *, const struct lti_trace *);
handler page_landing, page_root, page_shell, page_launch_get;
void page_not_found(struct exchange *);
void page_failed(struct exchange *, const struct err *);

/* ---- LTI (web/launch.c, web/register.c, web/messages.c) ---- */
handler lti_login_handle, lti_launch_handle, lti_verify_handle, lti_jwks_handle;
handler lti_register_page, lti_register_handle, lti_canvas_handle;
handler page_connect, page_connect_lms, page_icon;
handler lti_notices_handle, lti_deep_link_handle;
/* What POST /lti/deep-link takes for a minute: an answer signed for the platform. */
const char *place_ticket(struct exchange *, const char *return_url, const char *jwt);
/* "chrome-131", "safari-17", "canvas-ios", "other": for what worked and for the log. */
const char *browser_family(struct mem *, const char *user_agent);
/* All families without versions, each once, "other" last; how many. */
size_t browser_families(const char **out, size_t max);

/* ---- The launch doctor (web/doctor.c) ---- */
handler page_doctor, doctor_take;

/* ---- health (web/health.c) ---- */
handler health_ready;

/* ---- API (web/api/) ---- */
handler api_home, api_language, api_roster;
handler api_review_create, api_review_change, api_review_delete, api_grid;
handler api_entry_save, api_entry_many, api_entry_date, api_entry_history, api_release_preview, api_release;
handler api_entry_paste, api_review_duplicate, api_review_remind, api_ready, api_release_at_meeting;
handler api_self_save;
handler api_session_code, api_session_redeem, api_session_end;
handler api_placement, api_place;
handler api_copy_take, api_copy_dismiss;
handler api_report, api_report_student, api_privacy;
handler api_relations, api_relation_change;

/* ---- Administration (web/api/admin_*.c) ---- */
handler admin_platforms, admin_platform_add, admin_platform_change, admin_platform_check;
handler admin_deployments, admin_deployment_change, admin_claim;
handler admin_invite, admin_invite_revoke;
handler admin_launches, admin_launch;
handler admin_rules, admin_rules_put, admin_rules_preview;
handler admin_enter, admin_enter_take;

#endif
