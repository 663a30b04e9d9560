/* A host that vanished without a word (a failover, a cut cable) would hold a worker
 * for the kernel's two minutes. What the connection string says outranks these. */
#include "db/connect_internal.h"
#include "base/err.h"

PGconn *db_connect(const char *conninfo)
{
	static const char *const names[] = { "connect_timeout", "keepalives_idle", "tcp_user_timeout",
					     "fallback_application_name", "dbname", NULL };
	const char *const values[] = { "5", "30", "15000", "ilpd", conninfo, NULL };
	PGconn *conn = PQconnectdbParams(names, values, 1);

	if (!conn)
		BUG("out of memory");
	return conn;
}
