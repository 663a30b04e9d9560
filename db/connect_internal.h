/* connect_internal.h - a connection that does not wait for ever. */
#ifndef DB_CONNECT_INTERNAL_H
#define DB_CONNECT_INTERNAL_H

#include <libpq-fe.h>

/* Never NULL; PQstatus says whether it came about. */
PGconn *db_connect(const char *conninfo);

#endif
