/* worker.c - the thread that runs the pipeline, and its way to stop.
 *
 * It looks when it is woken, when a mail is due, and every five seconds in case
 * the news of an event was lost. */
#include "notify/pipeline_internal.h"

#include "base/chore.h"
#include "base/log.h"

#include <stdlib.h>

#define LOOK_MS 5000
#define STOP_MS 3000 /* for the letter in flight, when stopping */
#define REST_MS 20   /* between two rounds, whatever the clock says */

struct notify {
	struct notify_config cfg;
	struct mem *life;
	struct pipeline pipeline;
	struct chore *chore;
};

static int work(void *self)
{
	struct notify *n = self;
	struct pipeline *p = &n->pipeline;
	struct err e = {0};
	int told = 0, sent = 0, wait = LOOK_MS;

	log_set_request("notify");
	if (pipeline_tell(p, &told, &e) && pipeline_send(p, &sent, &e))
		wait = pipeline_wait(p, LOOK_MS);
	else
		log_err(LOG_WARN, "notify.round", &e);
	return wait > REST_MS ? wait : REST_MS;
}

/* The caller's texts need not outlive the call. */
static void config_keep(struct notify_config *to, struct mem *m, const struct notify_config *from)
{
	*to = *from;
	to->database = mem_strdup(m, from->database);
	to->base_url = mem_strdup(m, from->base_url);
	to->relay = mem_strdup(m, from->relay);
	to->tls = mem_strdup(m, from->tls);
	to->user = mem_strdup(m, from->user);
	to->password = mem_strdup(m, from->password);
	to->ca_file = mem_strdup(m, from->ca_file);
	to->from = mem_strdup(m, from->from);
}

static void release(struct notify *n)
{
	pipeline_close(&n->pipeline);
	mem_free(n->life);
	free(n);
}

bool notify_start(struct notify **out, const struct notify_config *cfg, struct err *e)
{
	struct notify *n = calloc(1, sizeof *n);

	if (!n)
		BUG("out of memory");
	n->life = mem_new();
	config_keep(&n->cfg, n->life, cfg);
	if (!pipeline_open(&n->pipeline, &n->cfg, NULL, e) || !chore_start(&n->chore, work, n, e)) {
		release(n);
		return false;
	}
	*out = n;
	return true;
}

void notify_stop(struct notify *n)
{
	if (!n)
		return;
	atomic_store(&n->pipeline.stopping, true);
	if (!chore_end(n->chore, STOP_MS))
		n->pipeline.out->cut(n->pipeline.out);
	chore_stop(n->chore);
	release(n);
}

void notify_wake(struct notify *n)
{
	chore_wake(n->chore);
}

bool notify_round(const struct notify_config *cfg, int *told, int *sent, struct err *e)
{
	struct pipeline p;

	*told = 0;
	*sent = 0;
	if (!pipeline_open(&p, cfg, NULL, e))
		return false;
	bool ok = pipeline_tell(&p, told, e) && pipeline_send(&p, sent, e);
	pipeline_close(&p);
	return ok;
}
