/* Who may launch under a registration: deployments, what waits to be claimed, and
 * invitations to register. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include "base/sys.h"

enum { ID_TEXT_MAX = 255, NOTE_MAX = 200, CODE_MAX = 40, DAYS_MAX = 30, DAYS_USUAL = 7 };

/* Whether the platform is one the tenant has a part in is said by there being rows; of a
 * platform that is nobody's business the list is empty, and so it is not found. */
bool admin_deployments(struct exchange *x, struct err *e)
{
	admin_begin(x);
	int platform = db_add(x->db, DB_ADMIN_PLATFORMS, x->params[0]);
	int list = db_add(x->db, DB_ADMIN_DEPLOYMENTS, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	if (!db_count(db_rows(x->db, platform)))
		return err_set(e, ERR_NOT_FOUND, "no such platform of this school");
	return reply_json(x, 200, json_pack("{s:o}", "deployments", admin_rows(x, list)));
}

bool admin_deployment_change(struct exchange *x, struct err *e)
{
	const char *deployment, *state;

	if (!admin_text(x, "deployment", ID_TEXT_MAX, NULL, &deployment, e) ||
	    !admin_text(x, "state", 10, NULL, &state, e))
		return false;
	if (str_empty(deployment))
		return err_field(e, "deployment", "no deployment");
	if (!str_eq(state, "active") && !str_eq(state, "closed"))
		return err_field(e, "state", "neither active nor closed");
	admin_begin(x);
	int changed = db_add(x->db, DB_ADMIN_DEPLOYMENT_CHANGE, x->params[0], deployment, state);
	if (!admin_commit(x, e))
		return false;
	if (!db_count(db_rows(x->db, changed)))
		return err_set(e, ERR_NOT_FOUND, "no such deployment of this school");
	return reply_nothing(x);
}

bool admin_claim(struct exchange *x, struct err *e)
{
	const char *code;

	if (!admin_text(x, "code", CODE_MAX, NULL, &code, e))
		return false;
	if (str_empty(code))
		return err_field(e, "code", "no code");
	admin_begin(x);
	int taken = db_add(x->db, DB_CLAIM_TAKE, code);
	if (!admin_commit(x, e))
		return false;
	const struct db_rows *r = db_rows(x->db, taken);
	if (!db_count(r))
		return err_field(e, "code", "nothing waits under this code");
	return reply_json(x, 200, json_pack("{s:s, s:s}", "kind", db_text(r, 0, 0), "platform",
					    db_text(r, 0, 1)));
}

/* ---- Invitations (R123) ---- */

bool admin_invite(struct exchange *x, struct err *e)
{
	const char *note, *id = uuid_new(x->m);
	unsigned char bytes[32];
	int64_t days = DAYS_USUAL;

	if (!admin_text(x, "note", NOTE_MAX, "", &note, e))
		return false;
	if (json_object_get(x->body, "days") &&
	    (!js_num(x->body, "days", &days) || days < 1 || days > DAYS_MAX))
		return err_field(e, "days", "1 to %d", DAYS_MAX);
	random_bytes(bytes, sizeof bytes);
	const char *secret = b64url_encode(x->m, bytes, sizeof bytes);
	admin_begin(x);
	int made = db_add(x->db, DB_ADMIN_INVITE, id, session_secret_hash(x->m, secret), note,
			  db_num(x->m, days));
	if (!db_commit(x->db, e))
		return false;
	return reply_json(x, 201,
			  json_pack("{s:s, s:s, s:s}", "id", id, "url",
				    mem_printf(x->m, "%s?invite=%s",
					       lti_addresses(x->house->lti, x->m).register_, secret),
				    "expiresAt", db_text(db_rows(x->db, made), 0, 0)));
}

bool admin_invite_revoke(struct exchange *x, struct err *e)
{
	admin_begin(x);
	int gone = db_add(x->db, DB_ADMIN_INVITE_REVOKE, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	if (!db_count(db_rows(x->db, gone)))
		return err_set(e, ERR_NOT_FOUND, "no such invitation, or it was used");
	return reply_nothing(x);
}
