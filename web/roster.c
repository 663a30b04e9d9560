#include "web/roster.h"
#include "base/chore.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "ilp/roster.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TICK_MS = 30 * 1000,
	RESTING_TICK_MS = 5 * 1000,
	SWEEP_MS = 10 * 60 * 1000,
	NIGHTLY_MS = 5 * 60 * 1000,
	TURN_PAGES = 20, /* of one roster before others have their turn */
	TURN_MS = 10000,
	REST_S = 30, /* of a platform that failed, where it does not say how long */
	RESTING_MAX = 64,
};

/* A platform that has just failed: its other courses need not try too. */
struct resting {
	char registration[37];
	int64_t until; /* ticks */
};

struct roster_worker {
	struct house *house;
	struct db *db;
	struct mem *m; /* of a round */
	struct chore *chore;
	int64_t swept_at, nightly_at;
	struct roster_turns turns;
	struct resting resting[RESTING_MAX];
	size_t resting_n;
};

/* ---- One roster: lti/ reads the pages, ilp/ takes them in ---- */

struct sync {
	struct roster_worker *w;
	const struct roster_job *job;
	struct mem *page; /* emptied after each page: memory does not grow with the roster */
	int64_t people, pages, left, since;
	bool turn_is_over;
};

static void sort_out(struct sync *s, const struct lti_roster_page *page, struct roster_page *out)
{
	struct roster_person *people = mem_array(s->page, struct roster_person, page->n);
	const char **leavers = mem_array(s->page, const char *, page->n);

	for (size_t i = 0; i < page->n; i++) {
		const struct lti_member *p = &page->members[i];
		if (!p->active) {
			leavers[out->leavers_n++] = p->sub;
			continue;
		}
		people[out->n++] = (struct roster_person){
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
	out->people = people;
	out->leavers = leavers;
}

static bool take_page(void *self, const struct lti_roster_page *page, struct err *e)
{
	struct sync *s = self;
	struct roster_page taken = { .next = page->next,
				     .differences = page->differences,
				     .again = page->again };

	s->pages++;
	s->turn_is_over = page->next && (s->pages >= TURN_PAGES || ticks_ms() - s->since >= TURN_MS ||
					 chore_is_stopping(s->w->chore));
	taken.turn_is_over = s->turn_is_over;
	sort_out(s, page, &taken);
	bool ok = roster_take(s->w->db, s->page, s->job, &taken, &s->left, e);
	s->people += page->again ? 0 : (int64_t)taken.n;
	mem_reset(s->page);
	if (ok && s->turn_is_over)
		return err_set(e, ERR_BUSY, "others have their turn");
	s->turn_is_over = false;
	return ok;
}

static bool one_of(const char *reason, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(reason, words[i]))
			return true;
	return false;
}

/* Its courses wait; what a person asks for is asked all the same. */
static void let_rest(struct roster_worker *w, const char *registration, const char *reason,
		     int64_t retry_after_s)
{
	static const char *const tired[] = { "roster_busy", "token_busy", "platform_unreachable" };

	if (!one_of(reason, tired, sizeof tired / sizeof *tired))
		return;
	if (w->resting_n == RESTING_MAX)
		memmove(w->resting, w->resting + 1, --w->resting_n * sizeof *w->resting);
	struct resting *r = &w->resting[w->resting_n++];
	snprintf(r->registration, sizeof r->registration, "%s", registration);
	r->until = ticks_ms() + (retry_after_s > 0 ? retry_after_s : REST_S) * 1000;
}

/* The page or difference it went on with has expired; from the start it may go well. */
static bool must_begin_anew(const struct roster_job *job, const char *reason)
{
	static const char *const expired[] = { "roster_gone", "roster_invalid" };

	return job->from && one_of(reason, expired, sizeof expired / sizeof *expired);
}

static void failed(struct sync *s, struct mem *m, int64_t retry_after_s, const struct err *e)
{
	const struct roster_job *job = s->job;
	const char *reason = str_or(e->reason, err_name(e->code));
	struct err second;

	log_err(LOG_WARN, "roster.failed", e);
	if (str_eq(reason, "lease_lost"))
		return;
	let_rest(s->w, job->registration, reason, retry_after_s);
	if (!roster_fail(s->w->db, m, job, reason, retry_after_s, must_begin_anew(job, reason), &second))
		log_err(LOG_WARN, "roster.failed", &second);
}

static void sync_one(struct roster_worker *w, struct mem *m, const struct roster_job *job)
{
	const struct lti_roster_job asked = {
		.registration = job->registration,
		.tenant = job->tenant,
		.url = job->url,
		.resource_link = job->resource_link,
		.from = job->from,
		.differences = job->differences,
		.pages = (size_t)job->pages,
		.members = (size_t)job->people,
	};
	struct sync s = { .w = w, .job = job, .page = mem_new(), .since = ticks_ms() };
	int64_t retry_after_s = 0;
	struct err e = { 0 };

	bool ok = lti_roster(w->house->lti, m, w->db, w->house->keys, &asked, take_page, &s,
			     &retry_after_s, &e);
	mem_free(s.page);
	if (ok)
		log_info("roster.done", "course=%s members=%d left=%d ms=%d", job->course,
			 (int)(job->people + s.people), (int)s.left, (int)(ticks_ms() - s.since));
	else if (!s.turn_is_over)
		failed(&s, m, retry_after_s, &e);
}

/* ---- The thread ---- */

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

static void want_nightly(struct roster_worker *w, struct mem *m)
{
	int64_t wanted;
	struct err e;

	if (w->nightly_at && ticks_ms() - w->nightly_at < NIGHTLY_MS)
		return;
	w->nightly_at = ticks_ms();
	if (!roster_nightly(w->db, m, &wanted, &e))
		log_err(LOG_WARN, "roster.nightly", &e);
	else if (wanted)
		log_info("roster.nightly", "courses=%d", (int)wanted);
}

/* Those that have rested are forgotten; the others' ids, in the arena. */
static void list_resting(struct roster_worker *w, struct mem *m)
{
	const char **list = mem_array(m, const char *, RESTING_MAX);
	size_t n = 0;

	for (size_t i = 0; i < w->resting_n; i++)
		if (w->resting[i].until > ticks_ms())
			w->resting[n++] = w->resting[i];
	w->resting_n = n;
	for (size_t i = 0; i < n; i++)
		list[i] = w->resting[i].registration;
	w->turns.resting = list;
	w->turns.resting_n = n;
}

static void work_off(struct roster_worker *w, struct mem *m)
{
	struct roster_job job;
	struct err e = { 0 };
	bool found = true;

	while (found && !chore_is_stopping(w->chore)) {
		list_resting(w, m);
		if (!roster_claim(w->db, m, &w->turns, &job, &found, &e)) {
			log_err(LOG_WARN, "roster.claim", &e);
			return;
		}
		if (found)
			sync_one(w, m, &job);
		lti_tend(w->house->lti);
		mem_reset(m);
	}
}

static int work(void *self)
{
	struct roster_worker *w = self;

	want_nightly(w, w->m);
	work_off(w, w->m);
	sweep(w, w->m);
	mem_reset(w->m);
	return w->resting_n ? RESTING_TICK_MS : TICK_MS;
}

bool roster_start(struct roster_worker **out, struct house *house, struct err *e)
{
	struct roster_worker *w = calloc(1, sizeof *w);

	if (!w)
		BUG("out of memory");
	w->house = house;
	w->db = db_new(house->config->database);
	w->m = mem_new();
	*out = w;
	return chore_start(&w->chore, work, w, e);
}

void roster_wake(struct roster_worker *w)
{
	chore_wake(w->chore);
}

void roster_stop(struct roster_worker *w)
{
	if (!w)
		return;
	chore_stop(w->chore);
	db_free(w->db);
	mem_free(w->m);
	free(w);
}
