/* worker.c - the thread that runs the pipeline, and its way to stop.
 *
 * It looks when it is woken, when a mail is due, and every five seconds in case
 * the news of an event was lost. */
#include "notify/pipeline_internal.h"

#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_MS 5000
#define STOP_MS 3000 /* for the letter in flight, when stopping */
#define REST_MS 20   /* between two rounds, whatever the clock says */

struct notify {
	struct notify_config cfg;
	struct mem *life;
	struct pipeline pipeline;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool woken, ended;
};

static struct timespec from_now(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

static void rest(struct notify *n, int ms)
{
	struct timespec until = from_now(ms > REST_MS ? ms : REST_MS);
	int rc = 0;

	pthread_mutex_lock(&n->lock);
	while (!rc && !n->woken && !atomic_load(&n->pipeline.stopping))
		rc = pthread_cond_timedwait(&n->changed, &n->lock, &until);
	n->woken = false;
	pthread_mutex_unlock(&n->lock);
}

static void *run(void *arg)
{
	struct notify *n = arg;
	struct pipeline *p = &n->pipeline;

	log_set_request("notify");
	while (!atomic_load(&p->stopping)) {
		struct err e = {0};
		int told = 0, sent = 0, wait = LOOK_MS;

		if (pipeline_tell(p, &told, &e) && pipeline_send(p, &sent, &e))
			wait = pipeline_wait(p, LOOK_MS);
		else
			log_err(LOG_WARN, "notify.round", &e);
		if (!atomic_load(&p->stopping))
			rest(n, wait);
	}
	pthread_mutex_lock(&n->lock);
	n->ended = true;
	pthread_cond_broadcast(&n->changed);
	pthread_mutex_unlock(&n->lock);
	return NULL;
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
	pthread_cond_destroy(&n->changed);
	pthread_mutex_destroy(&n->lock);
	mem_free(n->life);
	free(n);
}

bool notify_start(struct notify **out, const struct notify_config *cfg, struct err *e)
{
	struct notify *n = calloc(1, sizeof *n);
	pthread_condattr_t monotonic;

	if (!n)
		BUG("out of memory");
	n->life = mem_new();
	config_keep(&n->cfg, n->life, cfg);
	pthread_mutex_init(&n->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&n->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (!pipeline_open(&n->pipeline, &n->cfg, NULL, e)) {
		release(n);
		return false;
	}
	if (pthread_create(&n->thread, NULL, run, n)) {
		release(n);
		return err_set(e, ERR_INTERNAL, "no thread for notices");
	}
	*out = n;
	return true;
}

void notify_stop(struct notify *n)
{
	if (!n)
		return;
	struct timespec until = from_now(STOP_MS);
	int rc = 0;

	atomic_store(&n->pipeline.stopping, true);
	notify_wake(n);
	pthread_mutex_lock(&n->lock);
	while (!rc && !n->ended)
		rc = pthread_cond_timedwait(&n->changed, &n->lock, &until);
	bool stuck = !n->ended;
	pthread_mutex_unlock(&n->lock);
	if (stuck)
		n->pipeline.out->cut(n->pipeline.out);
	pthread_join(n->thread, NULL);
	release(n);
}

void notify_wake(struct notify *n)
{
	pthread_mutex_lock(&n->lock);
	n->woken = true;
	pthread_cond_broadcast(&n->changed);
	pthread_mutex_unlock(&n->lock);
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
