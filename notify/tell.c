/* tell.c - from events to notices. Every event is told once: those that make no
 * mail are marked as well, so that the queue of the untold stays short. */
#include "notify/pipeline_internal.h"

#include "base/log.h"
#include "base/str.h"

#define TELL_LIMIT 200

/* One portion of one tenant's events; how many there were. */
static bool tell_some(struct pipeline *p, const char *tenant, int64_t *events, struct err *e)
{
	db_begin(p->db, p->m, &(struct db_scope){.tenant = tenant});
	int told = db_add(p->db, DB_NOTIFY_TELL, db_num(p->m, TELL_LIMIT),
			  db_num(p->m, p->cfg->window_s), p->host, may_hear_of_own(),
			  may_hear_of_child());
	if (!db_commit(p->db, e))
		return false;
	const struct db_rows *r = db_rows(p->db, told);
	*events = db_int(r, 0, 0);
	if (*events)
		log_debug("notify.told", "tenant=%s events=%lld mails=%lld", tenant,
			  (long long)*events, (long long)db_int(r, 0, 1));
	return true;
}

bool pipeline_tell(struct pipeline *p, int *told, struct err *e)
{
	mem_reset(p->m);
	db_begin(p->db, p->m, &(struct db_scope){.worker = true});
	int waiting = db_add(p->db, DB_NOTIFY_TENANTS);
	if (!db_commit(p->db, e))
		return false;

	const struct db_rows *tenants = db_rows(p->db, waiting);
	*told = 0;
	for (int i = 0; i < db_count(tenants); i++) {
		int64_t events = TELL_LIMIT;
		while (events == TELL_LIMIT && !atomic_load(&p->stopping)) {
			if (!tell_some(p, db_text(tenants, i, 0), &events, e))
				return false;
			*told += (int)events;
		}
	}
	return true;
}
