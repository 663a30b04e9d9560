#include "web/roster.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "ilp/roster.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define TICK_SECONDS 30
#define SWEEP_MS     (10 * 60 * 1000)

struct roster_worker {
	struct house *house;
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
	int64_t swept_at;
};

/* One roster under way: lti/ reads the pages, ilp/ takes them in. */
struct sync {
	struct roster_worker *w;
	const struct roster_job *job;
	struct mem *page; /* emptied after each page: memory does not grow with the roster */
	size_t people;
};

static bool take_page(void *self, const struct lti_roster_page *page, struct err *e)
{
	const struct lti_member *members = page->members;
	size_t n = page->n;
	struct sync *s = self;
	struct roster_person *people = mem_array(s->page, struct roster_person, n);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct lti_member *p = &members[i];
		if (!p->active)
			continue;
		people[kept++] = (struct roster_person){
			.sub = p->sub,
			.lti11_id = p->lti11_id,
			.sis_id = p->sis_id,
			.given = p->given_name,
			.family = p->family_name,
			.name = p->name,
			.email = p->email,
			.role = p->course_role,
			.is_test = p->roles & LTI_ROLE_TEST_USER,
		};
	}
	bool ok = !kept || roster_take(s->w->db, s->page, s->job, people, kept, e);
	s->people += kept;
	mem_reset(s->page);
	return ok;
}

static void sync_one(struct roster_worker *w, struct mem *m, const struct roster_job *job)
{
	struct err e = { 0 }, second;
	struct sync s = { .w = w, .job = job, .page = mem_new() };
	int64_t left = 0, retry_after = 0, since = ticks_ms();

	const struct lti_roster_job asked = {.registration = job->registration,
					     .tenant = job->tenant,
					     .url = job->url,
					     .resource_link = job->resource_link};
	bool ok = lti_roster(w->house->lti, m, w->db, w->house->keys, &asked, take_page, &s,
			     &retry_after, &e) &&
		  roster_finish(w->db, m, job, &left, &e);
	mem_free(s.page);
	if (ok) {
		log_info("roster.done", "course=%s members=%zu left=%d ms=%d", job->course, s.people,
			 (int)left, (int)(ticks_ms() - since));
		return;
	}
	log_err(LOG_WARN, "roster.failed", &e);
	if (!roster_fail(w->db, m, job, e.reason ? e.reason : err_name(e.code), &second))
		log_err(LOG_WARN, "roster.failed", &second);
}

/* What has expired is swept now and then; it counts for nothing already. */
static void sweep(struct roster_worker *w, struct mem *m)
{
	struct err e;

	if (w->swept_at && ticks_ms() - w->swept_at < SWEEP_MS)
		return;
	w->swept_at = ticks_ms();
	db_begin(w->db, m, &(struct db_scope){ .worker = true, .relaxed = true });
	db_add(w->db, DB_NONCE_SWEEP);
	db_add(w->db, DB_SESSION_SWEEP, "24");
	if (!db_commit(w->db, &e))
		log_err(LOG_WARN, "sweep.failed", &e);
}

static bool is_stopping(struct roster_worker *w)
{
	pthread_mutex_lock(&w->lock);
	bool stopping = w->stopping;
	pthread_mutex_unlock(&w->lock);
	return stopping;
}

static void work_off(struct roster_worker *w, struct mem *m)
{
	struct roster_job job;
	struct err e = { 0 };
	bool found = true;

	while (found && !is_stopping(w)) {
		if (!roster_claim(w->db, m, &job, &found, &e)) {
			log_err(LOG_WARN, "roster.claim", &e);
			return;
		}
		if (found)
			sync_one(w, m, &job);
		mem_reset(m);
	}
}

static bool wait(struct roster_worker *w)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TICK_SECONDS;
	pthread_mutex_lock(&w->lock);
	while (!w->woken && !w->stopping)
		if (pthread_cond_timedwait(&w->wake, &w->lock, &until) == ETIMEDOUT)
			break;
	w->woken = false;
	bool go_on = !w->stopping;
	pthread_mutex_unlock(&w->lock);
	return go_on;
}

static void *run(void *self)
{
	struct roster_worker *w = self;
	struct mem *m = mem_new();

	do {
		work_off(w, m);
		sweep(w, m);
		mem_reset(m);
	} while (wait(w));
	mem_free(m);
	return NULL;
}

bool roster_start(struct roster_worker **out, struct house *house, struct err *e)
{
	struct roster_worker *w = calloc(1, sizeof *w);

	if (!w)
		BUG("out of memory");
	w->house = house;
	w->db = db_new(house->config->database);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, run, w))
		return err_set(e, ERR_INTERNAL, "cannot start the roster thread");
	*out = w;
	return true;
}

void roster_wake(struct roster_worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->woken = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void roster_stop(struct roster_worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	db_free(w->db);
	free(w);
}
