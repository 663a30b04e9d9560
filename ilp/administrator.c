#include "ilp/administrator.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <string.h>

enum { SECRET_BYTES = 16, NAME_MAX_POINTS = 100 };

bool administrator_link(struct db *db, struct mem *m, const char *tenant, const char *name,
			const char **path_out, struct err *e)
{
	unsigned char bytes[SECRET_BYTES];
	const char *session = uuid_new(m);

	if (!uuid_ok(tenant))
		return err_field(e, "tenant", "the tenant is no UUID");
	if (str_empty(name) || !str_is_text(name, strlen(name)) ||
	    str_points(name) > NAME_MAX_POINTS)
		return err_field(e, "name", "the name is a text of at most %d letters",
				 NAME_MAX_POINTS);
	random_bytes(bytes, sizeof bytes);
	const char *secret = b64url_encode(m, bytes, sizeof bytes);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	db_add(db, DB_ADMINISTRATOR_PUT, uuid_new(m), name);
	int opened = db_add(db, DB_ADMINISTRATOR_SESSION, session,
			    sha256_hex(m, secret, strlen(secret)), name);
	if (!db_commit(db, e)) {
		if (str_eq(db_constraint(db), "person_tenant_id_fkey"))
			err_field(e, "tenant", "there is no such school");
		return false;
	}
	if (!db_count(db_rows(db, opened)))
		return err_set(e, ERR_CONFLICT, "somebody else makes the same administrator");
	*path_out = mem_printf(m, "/admin/enter/%s/%s.%s", tenant, session, secret);
	return true;
}
