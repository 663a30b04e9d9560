/* Numbered, forward-only migrations, each in a transaction of its own. */
#include "db/db.h"
#include "db/schema_internal.h"
#include "base/log.h"
#include "base/str.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#define LOCK_KEY "7104312" /* any number nobody else uses: two hosts wait for each other */

static bool run(PGconn *conn, const char *sql, const char *what, struct err *e)
{
	PGresult *res = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(res);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!ok) {
		const char *why = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
		err_set(e, ERR_INTERNAL, "%s: %s", what, str_or(why, PQerrorMessage(conn)));
		e->text[strcspn(e->text, "\n")] = '\0';
	}
	PQclear(res);
	return ok;
}

/* *is_known: applied before; refuses where it was another text then. */
static bool known(PGconn *conn, int n, const struct db_step *step, bool *is_known, struct err *e)
{
	char number[16];
	snprintf(number, sizeof number, "%d", n);
	const char *params[] = { number };
	PGresult *res = PQexecParams(conn, "SELECT sha256 FROM public.schema_version WHERE n = $1::int",
				     1, NULL, params, NULL, NULL, 0);
	bool ok = PQresultStatus(res) == PGRES_TUPLES_OK;

	if (!ok)
		err_set(e, ERR_INTERNAL, "cannot read schema_version");
	*is_known = ok && PQntuples(res);
	if (*is_known && !str_eq(PQgetvalue(res, 0, 0), step->sha256))
		ok = err_set(e, ERR_INTERNAL, "%s was changed after it was applied", step->name);
	PQclear(res);
	return ok;
}

static bool apply(PGconn *conn, int n, const struct db_step *step, struct err *e)
{
	char note[300];

	snprintf(note, sizeof note,
		 "INSERT INTO public.schema_version (n, name, sha256) VALUES (%d, '%s', '%s')", n,
		 step->name, step->sha256);
	if (run(conn, "BEGIN", "begin", e) && run(conn, step->sql, step->name, e) &&
	    run(conn, note, step->name, e) && run(conn, "COMMIT", "commit", e)) {
		log_info("db.migrated", "step=%s", step->name);
		return true;
	}
	struct err ignored;
	if (!run(conn, "ROLLBACK", "rollback", &ignored))
		log_err(LOG_WARN, "db.migrate", &ignored);
	return false;
}

/* The serving role owns nothing, so that row-level security holds for it. */
static bool grant(PGconn *conn, const char *role, struct err *e)
{
	char sql[1600], *who = PQescapeIdentifier(conn, role, strlen(role));

	if (!who)
		return err_set(e, ERR_INTERNAL, "cannot quote the role");
	snprintf(sql, sizeof sql,
		 "GRANT USAGE ON SCHEMA lti, keys, ilp, notify TO %1$s;"
		 "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA lti, keys, ilp, notify TO %1$s;"
		 "REVOKE DELETE ON ilp.event, ilp.entry_history, ilp.tenant FROM %1$s;"
		 "REVOKE DELETE ON ilp.snapshot, ilp.sign_off FROM %1$s;"
		 "REVOKE UPDATE ON ilp.entry_history FROM %1$s;"
		 "GRANT SELECT ON public.schema_version TO %1$s",
		 who);
	PQfreemem(who);
	return run(conn, sql, "grant", e);
}

static bool migrate(PGconn *conn, const char *role, bool dry_run, int *applied, struct err *e)
{
	if (!run(conn, "SET client_min_messages = warning; SELECT pg_advisory_lock(" LOCK_KEY ")",
		 "lock", e) ||
	    /* never committed */
	    (dry_run && !run(conn, "BEGIN", "begin", e)) ||
	    !run(conn,
		 "CREATE TABLE IF NOT EXISTS public.schema_version (n integer PRIMARY KEY,"
		 " name text NOT NULL, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
		 "schema_version", e))
		return false;
	for (int i = 0; i < db_steps_n; i++) {
		bool is_known;
		if (!known(conn, i + 1, &db_steps[i], &is_known, e))
			return false;
		if (is_known)
			continue;
		if (!dry_run && !apply(conn, i + 1, &db_steps[i], e))
			return false;
		++*applied;
	}
	return dry_run || (run(conn, "SELECT ilp.make_event_months()", "event months", e) &&
			   grant(conn, role, e));
}

bool db_migrate(const char *conninfo, const char *app_role, bool dry_run, int *applied, struct err *e)
{
	PGconn *conn = PQconnectdb(conninfo);
	bool ok;

	*applied = 0;
	if (PQstatus(conn) == CONNECTION_OK)
		ok = migrate(conn, app_role, dry_run, applied, e);
	else
		ok = err_set(e, ERR_BUSY, "cannot connect: %s", PQerrorMessage(conn));
	e->text[ok ? 0 : strcspn(e->text, "\n")] = '\0';
	PQfinish(conn);
	return ok;
}

const char *db_user_of(struct mem *m, const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	const char *user = NULL;

	for (PQconninfoOption *o = options; o && o->keyword; o++)
		if (str_eq(o->keyword, "user"))
			user = mem_strdup(m, o->val);
	PQconninfoFree(options);
	return user;
}

bool db_check_version(struct db *db, struct err *e)
{
	struct mem *m = mem_new();

	db_begin(db, m, &(struct db_scope){ 0 });
	int q = db_add(db, DB_SCHEMA_NUMBER);
	bool ok = db_commit(db, e);
	if (!ok && e->code == ERR_INTERNAL)
		err_set(e, ERR_INTERNAL, "the database has no schema yet: run ilpd migrate");
	if (ok && db_int(db_rows(db, q), 0, 0) != db_steps_n)
		ok = err_set(e, ERR_INTERNAL,
			     "the schema has %d steps, this program %d: run ilpd migrate",
			     (int)db_int(db_rows(db, q), 0, 0), db_steps_n);
	mem_free(m);
	return ok;
}
