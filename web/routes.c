/* The whole of what can be asked of us, in one table. */
#include "web/web_internal.h"

#define ANY RIGHT_COUNT

const struct route routes[] = {
	{ "GET", "/", ROUTE_OPEN, ANY, page_root },
	{ "POST", "/", ROUTE_OPEN, ANY, page_root },
	{ "GET", "/readyz", ROUTE_OPEN, ANY, health_ready },
	{ "GET", "/m/:token", ROUTE_OPEN, ANY, page_landing },
	{ "GET", "/app/*", ROUTE_OPEN, ANY, page_shell },
	{ "GET", "/.well-known/jwks.json", ROUTE_OPEN, ANY, lti_jwks_handle },
	{ "GET", "/lti/login", ROUTE_OPEN, ANY, lti_login_handle },
	{ "POST", "/lti/login", ROUTE_OPEN, ANY, lti_login_handle },
	{ "POST", "/lti/launch", ROUTE_OPEN, ANY, lti_launch_handle },
	{ "GET", "/lti/launch", ROUTE_OPEN, ANY, page_launch_get },

	{ "GET", "/api/home", ROUTE_READ, ANY, api_home },
	{ "PUT", "/api/viewer/language", ROUTE_WRITE, RIGHT_SET_OWN_LANGUAGE, api_language },
	{ "POST", "/api/roster", ROUTE_WRITE, RIGHT_REFRESH_ROSTER, api_roster },
	{ "POST", "/api/reviews", ROUTE_WRITE, RIGHT_MAKE_REVIEW, api_review_create },
	{ "GET", "/api/reviews/:id", ROUTE_READ, RIGHT_READ_ENTRIES, api_grid },
	{ "PATCH", "/api/reviews/:id", ROUTE_WRITE, RIGHT_CHANGE_REVIEW, api_review_change },
	{ "DELETE", "/api/reviews/:id", ROUTE_WRITE, RIGHT_CHANGE_REVIEW, api_review_delete },
	{ "PUT", "/api/reviews/:id/entries/:student/date", ROUTE_WRITE, RIGHT_WRITE_ENTRIES,
	  api_entry_date },
	{ "PUT", "/api/reviews/:id/entries/:student/:field", ROUTE_WRITE, RIGHT_WRITE_ENTRIES,
	  api_entry_save },
	{ "POST", "/api/reviews/:id/entries", ROUTE_WRITE, RIGHT_WRITE_ENTRIES, api_entry_many },
	{ "GET", "/api/reviews/:id/entries/:student/history", ROUTE_READ, RIGHT_READ_ENTRIES,
	  api_entry_history },
	{ "GET", "/api/reviews/:id/release", ROUTE_READ, RIGHT_RELEASE, api_release_preview },
	{ "POST", "/api/reviews/:id/release", ROUTE_WRITE, RIGHT_RELEASE, api_release },
	{ "PUT", "/api/my/reviews/:id/:field", ROUTE_WRITE, RIGHT_WRITE_SELF, api_self_save },
	{ 0 },
};
