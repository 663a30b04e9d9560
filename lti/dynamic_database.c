/* dynamic_database.c - registrations that platforms made with us, written down: at once for
 * the school that invited them, else to wait for one (R115, R123). */
#include "lti/dynamic_internal.h"
#include "db/db.h"
#include <string.h>

bool dynamic_invitation(struct mem *m, struct db *db, const char *secret,
			struct dynamic_invitation *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int found = db_add(db, DB_DYNAMIC_INVITATION, sha256_hex(m, secret, strlen(secret)));

	if (!db_commit(db, e))
		return err_under(e, "invitation");
	const struct db_rows *rows = db_rows(db, found);
	if (!db_count(rows))
		return err_reason(e, ERR_INVALID, "invitation_invalid",
				  "no such invitation, or it was used or has ended");
	struct dynamic_invitation i = {.id = db_text(rows, 0, 0), .tenant = db_text(rows, 0, 1)};
	db_begin(db, m, &(struct db_scope){.tenant = i.tenant});
	int school = db_add(db, DB_DYNAMIC_SCHOOL);
	if (!db_commit(db, e))
		return err_under(e, "invitation");
	i.school = db_text(db_rows(db, school), 0, 0);
	*out = i;
	return true;
}

static bool is_full(struct err *e)
{
	return err_reason(e, ERR_DENIED, "registration_full",
			  "%d registrations wait for a school already", DYNAMIC_PENDING_MAX);
}

bool dynamic_room(struct mem *m, struct db *db, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int waiting = db_add(db, DB_DYNAMIC_WAITING, db_num(m, DYNAMIC_PENDING_DAYS));

	if (!db_commit(db, e))
		return err_under(e, "registrations that wait");
	return db_int(db_rows(db, waiting), 0, 0) < DYNAMIC_PENDING_MAX || is_full(e);
}

bool dynamic_spend(struct mem *m, struct db *db, const char *ticket, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_DYNAMIC_SPEND, ticket);
	if (db_commit(db, e))
		return true;
	if (!str_eq(db_constraint(db), "nonce_spent"))
		return err_under(e, "registration ticket");
	return err_reason(e, ERR_INVALID, "registration_expired", "this page was sent before");
}

void dynamic_unspend(struct mem *m, struct db *db, const char *ticket)
{
	struct err ignored;

	db_begin(db, m, &(struct db_scope){0});
	db_add(db, DB_DYNAMIC_UNSPEND, ticket);
	if (!db_commit(db, &ignored))
		return; /* the page must be opened again, that is all */
}

static const char *sealed(const struct lti *l, struct mem *m, const char *token)
{
	return token ? seal(m, &l->seal_key, SEAL_UPDATE_TOKEN, token, strlen(token)) : NULL;
}

static const char *opened(const struct lti *l, struct mem *m, const char *text)
{
	unsigned char *token;
	size_t n;

	return text && unseal(m, &l->seal_key, SEAL_UPDATE_TOKEN, text, &token, &n) ? (char *)token
										    : NULL;
}

bool dynamic_known(const struct lti *l, struct mem *m, struct db *db, const struct openid *o,
		   const char *tenant, struct dynamic_update *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int known = db_add(db, DB_DYNAMIC_KNOWN, tenant, o->issuer, o->auth_url);

	if (!db_commit(db, e))
		return err_under(e, "registration known");
	const struct db_rows *rows = db_rows(db, known);
	const char *url = db_count(rows) ? db_text(rows, 0, 0) : NULL;
	/* One issuer may be many schools' (Canvas): only the same host is the same platform. */
	bool same = url && url_same_origin(url, o->register_url);
	*out = (struct dynamic_update){
		.url = same ? url : NULL,
		.token = same ? opened(l, m, db_text(rows, 0, 1)) : NULL,
	};
	return true;
}

static const char *product_of(struct mem *m, const struct openid *o)
{
	return str_trim(m, mem_printf(m, "%s %s", o->family, o->version));
}

static bool is_there(struct mem *m, struct db *db, const struct openid *o,
		     const struct dynamic_answer *a, bool is_invited, struct dynamic_kept *out,
		     struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int there = db_add(db, DB_DYNAMIC_THERE, o->issuer, a->client_id, o->auth_url, o->token_url,
			   o->jwks_url);

	if (!db_commit(db, e))
		return err_under(e, "registration");
	const struct db_rows *rows = db_rows(db, there);
	if (!db_count(rows))
		return is_invited ? err_reason(e, ERR_INVALID, "invitation_invalid",
					       "the invitation was used meanwhile")
				  : is_full(e);
	if (is_invited || !db_bool(rows, 0, 1))
		return err_reason(e, ERR_CONFLICT, "registration_taken",
				  "another school's, or with other addresses: registration %s",
				  db_text(rows, 0, 0));
	*out = (struct dynamic_kept){.outcome = DYNAMIC_ALREADY, .id = db_text(rows, 0, 0)};
	return true;
}

bool dynamic_store(const struct lti *l, struct mem *m, struct db *db, const struct openid *o,
		   const struct dynamic_answer *a, const struct dynamic_invitation *invitation,
		   const char *name, struct dynamic_kept *out, struct err *e)
{
	db_begin(db, m, &(struct db_scope){0});
	int put = db_add(db, DB_DYNAMIC_PUT, uuid_new(m), invitation ? invitation->id : NULL, name,
			 o->profile->name, o->issuer, a->client_id, o->auth_url, o->token_url, o->jwks_url,
			 js_print(m, a->settings, NULL), product_of(m, o), js_print(m, a->report, NULL),
			 a->update_url, sealed(l, m, a->update_token), lti_claim_code(m),
			 db_num(m, DYNAMIC_PENDING_MAX), db_num(m, DYNAMIC_PENDING_DAYS), a->deployment_id);
	db_add(db, DB_PLATFORM_CHANGED);

	if (!db_commit(db, e))
		return err_under(e, "registration");
	const struct db_rows *rows = db_rows(db, put);
	if (!db_count(rows))
		return is_there(m, db, o, a, invitation, out, e);
	bool active = str_eq(db_text(rows, 0, 1), "active");
	*out = (struct dynamic_kept){
		.outcome = active ? DYNAMIC_ACTIVE : DYNAMIC_PENDING,
		.id = db_text(rows, 0, 0),
		.claim_code = active ? NULL : db_text(rows, 0, 2),
	};
	return true;
}
