/* The set-up of the course that this one was copied from. */
#include "web/api/api_internal.h"
#include "ilp/copy.h"

bool api_copy_take(struct exchange *x, struct err *e)
{
	int64_t reviews;

	if (!copy_take(x->db, x->m, &x->viewer, &reviews, e))
		return false;
	return reply_json(x, 200, json_pack("{s:I}", "reviews", (json_int_t)reviews));
}

/* {"undo": true} takes an earlier "Not now" back. */
bool api_copy_dismiss(struct exchange *x, struct err *e)
{
	return copy_dismiss(x->db, x->m, &x->viewer, js_bool(x->body, "undo", false), e) &&
	       reply_nothing(x);
}
