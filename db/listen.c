/* A connection of its own for LISTEN, polled by one thread. A notification only
 * says "look"; whoever waits looks from time to time anyway. */
#include "db/db.h"
#include "db/connect_internal.h"
#include "base/str.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNELS_MAX 8

struct db_listener {
	char *conninfo;
	const char *channels[CHANNELS_MAX];
	size_t n;
	PGconn *conn;
};

struct db_listener *db_listen_new(const char *conninfo, const char *const *channels, size_t n)
{
	struct db_listener *l = calloc(1, sizeof *l);

	if (!l || !(l->conninfo = strdup(conninfo)))
		BUG("out of memory");
	if (n > CHANNELS_MAX)
		BUG("too many channels");
	memcpy(l->channels, channels, n * sizeof *channels);
	l->n = n;
	return l;
}

void db_listen_free(struct db_listener *l)
{
	if (!l)
		return;
	PQfinish(l->conn);
	free(l->conninfo);
	free(l);
}

static bool listen_on(struct db_listener *l, struct err *e)
{
	l->conn = db_connect(l->conninfo);
	bool ok = PQstatus(l->conn) == CONNECTION_OK;

	for (size_t i = 0; ok && i < l->n; i++) {
		char sql[80];
		snprintf(sql, sizeof sql, "LISTEN %s", l->channels[i]);
		PGresult *res = PQexec(l->conn, sql);
		ok = PQresultStatus(res) == PGRES_COMMAND_OK;
		PQclear(res);
	}
	if (ok)
		return true;
	PQfinish(l->conn);
	l->conn = NULL;
	return err_reason(e, ERR_BUSY, "database_away", "cannot listen");
}

static bool take(struct db_listener *l, char channel[64])
{
	PGnotify *note = PQnotifies(l->conn);

	if (!note)
		return false;
	snprintf(channel, 64, "%s", note->relname);
	PQfreemem(note);
	return true;
}

bool db_listen_wait(struct db_listener *l, int timeout_ms, char channel[64], struct err *e)
{
	channel[0] = '\0';
	if (!l->conn && !listen_on(l, e))
		return false;
	if (take(l, channel))
		return true;
	struct pollfd p = { .fd = PQsocket(l->conn), .events = POLLIN };
	if (poll(&p, 1, timeout_ms) <= 0)
		return true;
	if (!PQconsumeInput(l->conn) || PQstatus(l->conn) != CONNECTION_OK) {
		PQfinish(l->conn);
		l->conn = NULL;
		return err_reason(e, ERR_BUSY, "database_lost", "listening connection lost");
	}
	take(l, channel);
	return true;
}
