#include "base/chore.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct chore {
	chore_round *round;
	void *self;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool woken, stopping, ended;
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

/* False when it is to end. */
static bool rest(struct chore *c, int ms)
{
	struct timespec until = from_now(ms);
	int rc = 0;

	pthread_mutex_lock(&c->lock);
	while (!rc && !c->woken && !c->stopping)
		rc = pthread_cond_timedwait(&c->changed, &c->lock, &until);
	c->woken = false;
	bool go_on = !c->stopping;
	pthread_mutex_unlock(&c->lock);
	return go_on;
}

static void *run(void *self)
{
	struct chore *c = self;

	while (rest(c, c->round(c->self)))
		;
	pthread_mutex_lock(&c->lock);
	c->ended = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void release(struct chore *c)
{
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

bool chore_start(struct chore **out, chore_round *round, void *self, struct err *e)
{
	struct chore *c = calloc(1, sizeof *c);
	pthread_condattr_t monotonic;

	if (!c)
		BUG("out of memory");
	c->round = round;
	c->self = self;
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&c->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* The thread may ask for *out in its first round. */
	*out = c;
	if (!pthread_create(&c->thread, NULL, run, c))
		return true;
	*out = NULL;
	release(c);
	return err_set(e, ERR_INTERNAL, "no thread for work in the background");
}

void chore_wake(struct chore *c)
{
	pthread_mutex_lock(&c->lock);
	c->woken = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

bool chore_is_stopping(struct chore *c)
{
	pthread_mutex_lock(&c->lock);
	bool stopping = c->stopping;
	pthread_mutex_unlock(&c->lock);
	return stopping;
}

bool chore_end(struct chore *c, int ms)
{
	struct timespec until = from_now(ms);
	int rc = 0;

	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	pthread_cond_broadcast(&c->changed);
	while (!rc && !c->ended)
		rc = pthread_cond_timedwait(&c->changed, &c->lock, &until);
	bool ended = c->ended;
	pthread_mutex_unlock(&c->lock);
	return ended;
}

void chore_stop(struct chore *c)
{
	if (!c)
		return;
	(void)chore_end(c, 0);
	pthread_join(c->thread, NULL);
	release(c);
}
