/* What the pages of administration have in common. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include <string.h>

void admin_begin(struct exchange *x)
{
	viewer_begin(x->db, x->m, &x->viewer);
}

bool admin_commit(struct exchange *x, struct err *e)
{
	db_add(x->db, DB_PLATFORM_CHANGED);
	if (!db_commit(x->db, e))
		return false;
	lti_changed(x->house->lti);
	return true;
}

json_t *admin_rows(struct exchange *x, int index)
{
	const struct db_rows *r = db_rows(x->db, index);
	json_t *list = json_array();

	for (int i = 0; i < db_count(r); i++)
		json_array_append_new(list, json_loads(db_text(r, i, 0), 0, NULL));
	return list;
}

bool admin_own(struct exchange *x, struct admin_own *out, struct err *e)
{
	admin_begin(x);
	int own = db_add(x->db, DB_ADMIN_PLATFORM_OWN, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	const struct db_rows *r = db_rows(x->db, own);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such registration of this school");
	*out = (struct admin_own){
		.name = db_text(r, 0, 0),	 .profile = db_text(r, 0, 1),
		.issuer = db_text(r, 0, 2),	 .client_id = db_text(r, 0, 3),
		.auth_url = db_text(r, 0, 4),	 .token_url = db_text(r, 0, 5),
		.jwks_url = db_text(r, 0, 6),	 .deployments = db_text(r, 0, 7),
		.settings = db_text(r, 0, 8),	 .state = db_text(r, 0, 9),
	};
	return true;
}

bool admin_text(struct exchange *x, const char *name, size_t max, const char *otherwise,
		const char **out, struct err *e)
{
	const json_t *member = json_object_get(x->body, name);
	const char *text;

	if (!member) {
		*out = otherwise;
		return true;
	}
	text = json_string_value(member);
	if (!text || strlen(text) > max || !str_is_text(text, strlen(text)))
		return err_field(e, name, "no text of at most %zu bytes", max);
	*out = str_trim(x->m, text);
	return true;
}
