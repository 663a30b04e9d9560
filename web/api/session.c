/* Sessions: one more for a window of its own, a code redeemed, and the end. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "ilp/session.h"
#include <string.h>

enum { ADDRESS_MAX = 200 };

/* An address below /app/<sid>/, or "". */
static bool path_ok(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
	size_t n = strlen(path);

	return n <= ADDRESS_MAX && *path != '/' && strspn(path, plain) == n && !strstr(path, "//");
}

bool api_session_code(struct exchange *x, struct err *e)
{
	const char *path, *secret = session_secret_new(x->m);
	struct viewer copy = x->viewer;

	if (!read_string(x, "path", &path, e))
		return false;
	if (path && !path_ok(path))
		return err_field(e, "path", "no address of the app");
	copy.session = uuid_new(x->m);
	if (!session_copy(x->db, x->m, &x->viewer, copy.session, session_secret_hash(x->m, secret), e))
		return false;
	return reply_json(x, 200,
			  json_pack("{s:s}", "location",
				    mem_printf(x->m, "/app/%s/%s#%s", session_sid(&copy),
					       str_or(path, ""), session_code(x, &copy, secret))));
}

bool api_session_redeem(struct exchange *x, struct err *e)
{
	const char *code, *sid, *secret = session_secret_new(x->m);
	struct viewer v;

	if (!read_string(x, "code", &code, e))
		return false;
	if (!session_code_open(x, str_or(code, ""), &v, e) ||
	    !session_redeem(x->db, x->m, &v, session_secret_hash(x->m, secret), e))
		return false;
	session_cookie(x, &v, secret, &sid);
	return reply_json(x, 200,
			  json_pack("{s:s, s:s}", "sid", sid, "bearer", session_bearer(x, &v, secret)));
}

/* {"everywhere": true} ends all that this person has open. */
bool api_session_end(struct exchange *x, struct err *e)
{
	const json_t *everywhere = json_object_get(x->body, "everywhere");

	if (everywhere && !json_is_boolean(everywhere))
		return err_field(e, "everywhere", "no yes or no");
	if (json_is_true(everywhere) ? !session_end_all(x->db, x->m, &x->viewer, e) :
				       !session_end(x->db, x->m, &x->viewer, e))
		return false;
	session_forget(x);
	return reply_nothing(x);
}
