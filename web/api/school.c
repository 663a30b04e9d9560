/* The rules a school sets for itself. */
#include "web/api/api_internal.h"
#include "ilp/policy.h"

static bool api_policy(struct exchange *x, struct err *e)
{
	json_t *rules;

	if (!policy_read(x->db, x->m, &x->viewer, &rules, e))
		return false;
	return reply_json(x, 200, json_incref(rules));
}

static bool api_policy_change(struct exchange *x, struct err *e)
{
	return policy_change(x->db, x->m, &x->viewer, x->body, e) && api_policy(x, e);
}

const struct route school_routes[] = {
	{ "GET", "/api/school", ROUTE_READ, RIGHT_USE_PLANS, api_policy },
	{ "PATCH", "/api/school", ROUTE_WRITE, RIGHT_MANAGE_SCHOOL, api_policy_change },
	{ 0 },
};
