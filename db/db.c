/* A connection, its batch and its answers. The whole batch is kept until it is
 * answered, which is what makes sending it once more so simple. */
#include "db/db.h"
#include "db/connect_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX      48
#define ANSWER_MS      15000
#define RECONNECT_MS   250
#define SCOPE_NAME     "scope"
#define SCOPE_SQL                                                                          \
	"SELECT set_config('app.tenant', $1, true), set_config('app.worker', $2, true),"   \
	" set_config('synchronous_commit', $3, true)"
#define SESSION_LIMITS                                                                     \
	"SET statement_timeout = '10s'; SET lock_timeout = '5s';"                          \
	"SET idle_in_transaction_session_timeout = '15s'; SET client_min_messages = warning;" \
	"SET TimeZone = 'UTC'; SET DateStyle = 'ISO';"                                     \
	/* Every statement finds its rows by key: planning it again for each value, or */  \
	/* reading a table that is still small as a whole, is waste. */                    \
	"SET plan_cache_mode = force_generic_plan; SET jit = off;"                         \
	"SET enable_seqscan = off; SET random_page_cost = 1.1"

struct db_rows {
	PGresult *res;
};

struct call {
	enum db_query query;
	const char *const *params;
	struct db_rows rows;
};

struct db {
	char *conninfo;
	PGconn *conn;
	bool prepared[DB_QUERY_COUNT];
	int64_t tried_at;
	struct mem *m;
	struct db_scope scope;
	struct call calls[BATCH_MAX];
	int n;
	char constraint[64];
	int64_t trips;
};

struct db *db_new(const char *conninfo)
{
	struct db *db = calloc(1, sizeof *db);

	if (!db || !(db->conninfo = strdup(conninfo)))
		BUG("out of memory");
	return db;
}

static void disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	memset(db->prepared, 0, sizeof db->prepared);
}

void db_free(struct db *db)
{
	if (!db)
		return;
	disconnect(db);
	free(db->conninfo);
	free(db);
}

static bool lost(struct db *db, struct err *e, const char *what)
{
	disconnect(db);
	return err_reason(e, ERR_BUSY, "database_lost", "%s", what);
}

static bool succeeded(PGresult *res)
{
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;

	PQclear(res);
	return ok;
}

/* A database that is away is asked again a few times a second, not by every
 * request of every worker. */
static bool connect_now(struct db *db, struct err *e)
{
	if (db->conn && PQstatus(db->conn) == CONNECTION_OK)
		return true;
	if (db->tried_at && ticks_ms() - db->tried_at < RECONNECT_MS)
		return err_reason(e, ERR_BUSY, "database_away", "no database, asked just now");
	disconnect(db);
	db->conn = db_connect(db->conninfo);
	bool ok = PQstatus(db->conn) == CONNECTION_OK &&
		  succeeded(PQexec(db->conn, SESSION_LIMITS)) &&
		  succeeded(PQprepare(db->conn, SCOPE_NAME, SCOPE_SQL, 0, NULL));
	if (!ok) {
		char why[100];
		snprintf(why, sizeof why, "%s", PQerrorMessage(db->conn));
		why[strcspn(why, "\n")] = '\0';
		db->tried_at = ticks_ms();
		disconnect(db);
		return err_reason(e, ERR_BUSY, "database_away", "cannot connect: %s", why);
	}
	db->tried_at = 0;
	if (PQsetnonblocking(db->conn, 1) || !PQenterPipelineMode(db->conn))
		return lost(db, e, "no pipeline mode");
	return true;
}

void db_begin(struct db *db, struct mem *m, const struct db_scope *scope)
{
	db->m = m;
	db->scope = *scope;
	db->n = 0;
}

int db_add_(struct db *db, enum db_query query, const char *const *params, int n)
{
	if (db->n == BATCH_MAX)
		BUG("batch too long");
	const char **kept = mem_array(db->m, const char *, (size_t)n + 1);
	if (n)
		memcpy(kept, params, (size_t)n * sizeof *kept);
	db->calls[db->n] = (struct call){ .query = query, .params = kept };
	return db->n++;
}

static bool send_scope(struct db *db)
{
	const char *params[] = {
		db->scope.tenant ? db->scope.tenant : "",
		db->scope.worker ? "on" : "",
		db->scope.relaxed ? "off" : "on",
	};

	return PQsendQueryPrepared(db->conn, SCOPE_NAME, 3, params, NULL, NULL, 0);
}

static bool send_calls(struct db *db)
{
	for (int i = 0; i < db->n; i++) {
		const struct db_statement *s = &db_statements[db->calls[i].query];
		if (!db->prepared[db->calls[i].query] &&
		    !PQsendPrepare(db->conn, s->name, s->sql, 0, NULL))
			return false;
		if (!PQsendQueryPrepared(db->conn, s->name, s->arity, db->calls[i].params, NULL,
					 NULL, 0))
			return false;
		/* A second use in the same batch finds it prepared. */
		db->prepared[db->calls[i].query] = true;
	}
	return true;
}

static bool flush_all(struct db *db)
{
	int64_t deadline = ticks_ms() + ANSWER_MS;

	for (;;) {
		int left = PQflush(db->conn);
		if (left <= 0)
			return !left;
		struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN | POLLOUT };
		int64_t wait = deadline - ticks_ms();
		if (wait <= 0 || poll(&p, 1, (int)wait) <= 0)
			return false;
		if ((p.revents & POLLIN) && !PQconsumeInput(db->conn))
			return false;
	}
}

/* The next result, or NULL between two statements; false where the connection
 * is gone or the answer does not come. */
static bool next_result(struct db *db, int64_t deadline, PGresult **out)
{
	while (PQisBusy(db->conn)) {
		struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN };
		int64_t wait = deadline - ticks_ms();
		if (wait <= 0 || poll(&p, 1, (int)wait) <= 0 || !PQconsumeInput(db->conn))
			return false;
	}
	*out = PQgetResult(db->conn);
	return true;
}

static void clear_result(void *res)
{
	PQclear(res);
}

static bool starts_any(const char *state, const char *const *classes)
{
	for (; *classes; classes++)
		if (str_starts(state, *classes))
			return true;
	return false;
}

enum outcome { DONE, FAILED, AGAIN, GONE /* again, on a new connection */ };

/* What an SQLSTATE means to the caller, in one place. */
static enum outcome judge(struct db *db, const PGresult *res, const char *name, struct err *e)
{
	static const char *const retried[] = { "40001", "40P01", NULL };
	/* 25006: a primary that became a standby; the new one is elsewhere. */
	static const char *const gone[] = { "57P", "08", "25006", NULL };
	static const char *const busy[] = { "55P03", "57014", "53", NULL };
	static const char *const wrong[] = { "23", "22", "P0001", NULL };
	const char *state = str_or(PQresultErrorField(res, PG_DIAG_SQLSTATE), "?????");
	const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);

	snprintf(db->constraint, sizeof db->constraint, "%s", constraint ? constraint : "");
	if (starts_any(state, retried)) {
		err_reason(e, ERR_BUSY, "database_busy", "%s: sqlstate %s", name, state);
		return AGAIN;
	}
	if (starts_any(state, gone)) {
		err_reason(e, ERR_BUSY, "database_lost", "%s: sqlstate %s", name, state);
		return GONE;
	}
	if (str_eq(state, "ILP01")) {
		err_reason(e, ERR_EXPIRED, "session_ended", "%s: no session", name);
		return FAILED;
	}
	enum err_code code = str_eq(state, "23505")	  ? ERR_CONFLICT
			     : starts_any(state, busy)	  ? ERR_BUSY
			     : starts_any(state, wrong) ? ERR_INVALID
							: ERR_INTERNAL;
	err_set(e, code, "%s: sqlstate %s %s", name, state, db->constraint);
	if (code == ERR_INTERNAL)
		log_error("db.statement", "query=%s sqlstate=%s text=%s", name, state,
			  log_q(db->m, str_or(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY), "")));
	return FAILED;
}

static bool is_error(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

struct reading {
	bool fresh[BATCH_MAX]; /* a Prepare goes before this call */
	bool any;              /* something was answered */
	enum outcome outcome;
};

/* Reads one statement's result up to its NULL. `rows` NULL: not wanted. */
static bool read_one(struct db *db, int64_t deadline, struct db_rows *rows, const char *name,
		     struct reading *r, struct err *e)
{
	PGresult *res;

	for (;;) {
		if (!next_result(db, deadline, &res))
			return false;
		if (!res)
			return PQstatus(db->conn) == CONNECTION_OK;
		if (is_error(res)) {
			if (r->outcome == DONE)
				r->outcome = judge(db, res, name, e);
		} else if (PQresultStatus(res) != PGRES_PIPELINE_ABORTED) {
			r->any = true;
		}
		if (rows) {
			rows->res = res;
			mem_defer(db->m, clear_result, res);
		} else {
			PQclear(res);
		}
	}
}

static bool read_sync(struct db *db, int64_t deadline)
{
	PGresult *res;

	do {
		if (!next_result(db, deadline, &res))
			return false;
		if (!res && PQstatus(db->conn) != CONNECTION_OK)
			return false;
		bool synced = PQresultStatus(res) == PGRES_PIPELINE_SYNC;
		PQclear(res);
		if (synced)
			return true;
	} while (true);
}

static bool read_calls(struct db *db, struct reading *r, struct err *e)
{
	int64_t deadline = ticks_ms() + ANSWER_MS;

	if (!read_one(db, deadline, NULL, SCOPE_NAME, r, e))
		return false;
	for (int i = 0; i < db->n; i++) {
		struct call *c = &db->calls[i];
		const char *name = db_statements[c->query].name;
		if (r->fresh[i]) {
			enum outcome before = r->outcome;
			if (!read_one(db, deadline, NULL, name, r, e))
				return false;
			/* After a failure nothing later was prepared. */
			if (before != DONE || r->outcome != DONE)
				db->prepared[c->query] = false;
		}
		if (!read_one(db, deadline, &c->rows, name, r, e))
			return false;
	}
	return read_sync(db, deadline);
}

static enum outcome try_once(struct db *db, struct err *e)
{
	struct reading r = { .outcome = DONE };

	if (!connect_now(db, e))
		return FAILED;
	for (int i = 0; i < db->n; i++) {
		r.fresh[i] = !db->prepared[db->calls[i].query];
		for (int j = 0; j < i; j++)
			r.fresh[i] = r.fresh[i] && db->calls[j].query != db->calls[i].query;
	}
	db->trips++;
	if (!send_scope(db) || !send_calls(db) || !PQpipelineSync(db->conn) || !flush_all(db) ||
	    !read_calls(db, &r, e)) {
		if (r.outcome != GONE)
			lost(db, e, "connection lost");
		else
			disconnect(db);
		return r.any ? FAILED : GONE;
	}
	if (r.outcome == GONE)
		disconnect(db);
	return r.outcome;
}

bool db_commit(struct db *db, struct err *e)
{
	db->constraint[0] = '\0';
	enum outcome o = try_once(db, e);

	if (o == AGAIN || o == GONE) {
		log_info("db.again", "reason=%s", e->reason ? e->reason : "?");
		o = try_once(db, e);
	}
	return o == DONE;
}

const char *db_constraint(const struct db *db)
{
	return db->constraint;
}

const struct db_rows *db_rows(const struct db *db, int index)
{
	if (index < 0 || index >= db->n || !db->calls[index].rows.res)
		BUG("no such result");
	struct db_rows *rows = mem_new_of(db->m, struct db_rows);

	*rows = db->calls[index].rows;
	return rows;
}

int db_count(const struct db_rows *r)
{
	return PQntuples(r->res);
}

const char *db_text(const struct db_rows *r, int row, int col)
{
	return PQgetisnull(r->res, row, col) ? NULL : PQgetvalue(r->res, row, col);
}

int64_t db_int(const struct db_rows *r, int row, int col)
{
	int64_t n = 0;
	const char *s = db_text(r, row, col);

	if (s && !int_parse(s, INT64_MIN, INT64_MAX, &n))
		BUG("column %d is no integer", col);
	return n;
}

bool db_bool(const struct db_rows *r, int row, int col)
{
	return str_eq(db_text(r, row, col), "t");
}

const char *db_num(struct mem *m, int64_t n)
{
	return mem_printf(m, "%" PRId64, n);
}

const char *db_flag(bool b)
{
	return b ? "t" : "f";
}

const char *db_list(struct mem *m, const char *const *items, size_t n)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "{");
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, i ? ",\"" : "\"");
		for (const char *s = items[i]; *s; s++) {
			if (*s == '"' || *s == '\\')
				buf_add(&b, "\\");
			buf_addn(&b, s, 1);
		}
		buf_add(&b, "\"");
	}
	buf_add(&b, "}");
	return b.p;
}

int64_t db_trips(const struct db *db)
{
	return db->trips;
}
