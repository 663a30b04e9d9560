/* The way in for an administrator who has no platform yet: a link made by `ilpd admin
 * link`, good for ten minutes and once. It is opened with a button, so that nothing that
 * fetches addresses by itself can use it up. */
#include "web/page.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <string.h>

static const char *new_secret(struct mem *m)
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof bytes);
	return b64url_encode(m, bytes, sizeof bytes);
}

/* The address is /admin/enter/<tenant>/<session>.<secret>. */
static bool enter(struct exchange *x, struct viewer *v, const char **secret, struct err *e)
{
	const char *tenant = x->params[0], *token = x->params[1];

	if (strlen(token) < UUID_LEN + 2 || token[UUID_LEN] != '.')
		return err_set(e, ERR_EXPIRED, "no link of ours");
	const char *session = mem_strndup(x->m, token, UUID_LEN);
	if (!uuid_ok(session))
		return err_set(e, ERR_EXPIRED, "no link of ours");
	*secret = new_secret(x->m);
	db_begin(x->db, x->m, &(struct db_scope){ .tenant = tenant });
	int opened = db_add(x->db, DB_ADMIN_ENTER, session,
			    session_secret_hash(x->m, token + UUID_LEN + 1),
			    session_secret_hash(x->m, *secret), db_num(x->m, x->house->config->session_hours));
	if (!db_commit(x->db, e))
		return false;
	const struct db_rows *r = db_rows(x->db, opened);
	if (!db_count(r))
		return err_set(e, ERR_EXPIRED, "the link was used or is too old");
	*v = (struct viewer){ .tenant = tenant,
			      .person = db_text(r, 0, 0),
			      .role = ROLE_NONE,
			      .admin = true,
			      .session = session,
			      .registration = "" };
	return true;
}

static void plain_page(struct exchange *x, int status, const char *lede, const char *button)
{
	struct buf b;

	page_headers(x, "");
	page_begin(x, &b, page_word(x, "api.enter.title"), NULL);
	page_heading(&b, page_word(x, "api.enter.title"), page_word(x, lede));
	if (button) {
		buf_add(&b, "<form class=\"btn-row\" method=\"post\"><button class=\"btn btn--primary btn--lg\">");
		buf_html(&b, page_word(x, button));
		buf_add(&b, "</button></form>");
	}
	page_finish(x, &b, status);
}

bool admin_enter(struct exchange *x, struct err *e)
{
	plain_page(x, 200, "api.enter.lede", "api.enter.button");
	return true;
}

bool admin_enter_take(struct exchange *x, struct err *e)
{
	struct viewer v;
	const char *secret = NULL, *sid;

	if (!enter(x, &v, &secret, e)) {
		if (e->code == ERR_EXPIRED)
			plain_page(x, 410, "api.enter.expired", NULL);
		return e->code == ERR_EXPIRED;
	}
	page_headers(x, "");
	session_cookie(x, &v, secret, &sid);
	response_header(x->response, "Location", mem_printf(x->m, "/app/%s/admin/platforms", sid));
	x->response->status = 303;
	log_info("admin.entered", "session=%s", v.session);
	return true;
}
