/* /readyz: can we serve? /healthz (do we live?) is answered by the event thread. */
#include "web/web_internal.h"
#include "db/db.h"

bool health_ready(struct exchange *x, struct err *e)
{
	db_begin(x->db, x->m, &(struct db_scope){ 0 });
	db_add(x->db, DB_ALIVE);
	bool ready = db_commit(x->db, e);

	response_header(x->response, "Cache-Control", "no-store");
	response_text(x->response, ready ? 200 : 503, "text/plain; charset=utf-8",
		      ready ? "ready\n" : "no database\n");
	return true;
}
