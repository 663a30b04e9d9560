#include "web/errands.h"
#include "base/chore.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include "ilp/entry.h"
#include <stdlib.h>

#define REST_MS  (30 * 1000)
#define KEYS_MS  (10 * 60 * 1000)
#define SWEEP_MS (60 * 60 * 1000)
#define LOG_DAYS "14"

struct errands {
	struct house *house;
	struct db *db;
	struct mem *m; /* of a round */
	struct chore *chore;
	int64_t keys_at, swept_at;
};

/* ---- Tests of a registration, asked for on its page ---- */

static const char *result_word(enum lti_check_result r)
{
	static const char *const words[] = {
		[LTI_CHECK_OK] = "ok",
		[LTI_CHECK_WARN] = "warn",
		[LTI_CHECK_FAILED] = "failed",
		[LTI_CHECK_SKIPPED] = "skipped",
	};

	return words[r];
}

static const char *steps_text(struct mem *m, const struct lti_check_step *steps, size_t n)
{
	json_t *list = js_own(m, json_array());

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:I}", "what", steps[i].what, "result",
						result_word(steps[i].result), "text", steps[i].text, "ms",
						(json_int_t)steps[i].ms));
	return js_print(m, list, NULL);
}

static bool check(struct errands *w, struct mem *m, const char *registration, const char *roster_url,
		  const char *tenant, struct err *e)
{
	struct lti_check_step steps[LTI_CHECK_STEPS];
	size_t n = 0;

	if (!lti_check(w->house->lti, m, w->db, w->house->keys, registration, roster_url, steps, &n, e) &&
	    e->code != ERR_NOT_FOUND)
		return false;
	db_begin(w->db, m, &(struct db_scope){ 0 });
	db_add(w->db, DB_CHECK_DONE, registration, steps_text(m, steps, n), tenant);
	return db_commit(w->db, e);
}

/* ---- Subscriptions to notices of course copies (R91) ---- */

static bool subscribe(struct errands *w, struct mem *m, const char *registration,
		      const char *deployment, const char *url, struct err *e)
{
	struct err why = { 0 };
	bool ok = lti_notice_subscribe(w->house->lti, m, w->db, w->house->keys, registration, url, &why);

	if (!ok)
		log_err(LOG_WARN, "notices.subscribe", &why);
	db_begin(w->db, m, &(struct db_scope){ 0 });
	db_add(w->db, DB_SUBSCRIPTION_DONE, registration, deployment,
	       ok ? NULL : str_or(why.reason, err_name(why.code)));
	return db_commit(w->db, e);
}

/* ---- One after the other, until nothing is due ---- */

static bool one_due(struct errands *w, struct mem *m, bool *found, struct err *e)
{
	db_begin(w->db, m, &(struct db_scope){ .worker = true });
	int checks = db_add(w->db, DB_CHECK_DUE);
	int subscriptions = db_add(w->db, DB_SUBSCRIPTION_DUE);
	if (!db_commit(w->db, e))
		return false;
	const struct db_rows *c = db_rows(w->db, checks), *s = db_rows(w->db, subscriptions);
	*found = db_count(c) || db_count(s);
	if (db_count(c))
		return check(w, m, db_text(c, 0, 0), db_text(c, 0, 1), db_text(c, 0, 2), e);
	return !db_count(s) ||
	       subscribe(w, m, db_text(s, 0, 0), db_text(s, 0, 1), db_text(s, 0, 2), e);
}

static void run_due(struct errands *w, struct mem *m)
{
	struct err e = { 0 };
	bool found = true;

	while (found && !chore_is_stopping(w->chore)) {
		if (!one_due(w, m, &found, &e)) {
			log_err(LOG_WARN, "errand.failed", &e);
			return;
		}
		mem_reset(m);
	}
}

/* ---- By the clock ---- */

static bool is_time(int64_t *at, int64_t every_ms)
{
	if (*at && ticks_ms() - *at < every_ms)
		return false;
	*at = ticks_ms();
	return true;
}

static void tend_keys(struct errands *w, struct mem *m)
{
	struct err e = { 0 };
	bool changed = false;

	if (!is_time(&w->keys_at, KEYS_MS))
		return;
	if (!keys_tend(w->house->keys, m, w->db, &changed, &e))
		log_err(LOG_WARN, "keys.schedule", &e);
	else if (changed)
		log_info("keys.changed", "by=schedule");
}

/* Reviews whose day of release has come, and what teachers wanted to be reminded of: the
 * day is the school's, so that it is looked for all the time. */
static void tend_reviews(struct errands *w, struct mem *m)
{
	struct err e = { 0 };
	int64_t released = 0;
	int told = 0;

	if (!release_due(w->db, m, &released, &e) || !review_remind_due(w->db, m, &told, &e))
		log_err(LOG_WARN, "reviews.due", &e);
	if (released || told)
		log_info("reviews.due", "released=%lld reminded=%d", (long long)released, told);
}

/* What is too old to help anybody, what nobody came back for, and what failed once. */
static void sweep(struct errands *w, struct mem *m)
{
	struct err e = { 0 };

	if (!is_time(&w->swept_at, SWEEP_MS))
		return;
	db_begin(w->db, m, &(struct db_scope){ .worker = true, .relaxed = true });
	db_add(w->db, DB_WATCH_SWEEP, LOG_DAYS);
	db_add(w->db, DB_REGISTRATION_SWEEP);
	db_add(w->db, DB_SUBSCRIPTION_AGAIN);
	if (!db_commit(w->db, &e))
		log_err(LOG_WARN, "sweep.failed", &e);
}

static int work(void *self)
{
	struct errands *w = self;

	tend_keys(w, w->m);
	run_due(w, w->m);
	tend_reviews(w, w->m);
	sweep(w, w->m);
	mem_reset(w->m);
	return REST_MS;
}

bool errands_start(struct errands **out, struct house *house, struct err *e)
{
	struct errands *w = calloc(1, sizeof *w);

	if (!w)
		BUG("out of memory");
	w->house = house;
	w->db = db_new(house->config->database);
	w->m = mem_new();
	*out = w;
	return chore_start(&w->chore, work, w, e);
}

void errands_wake(struct errands *w)
{
	chore_wake(w->chore);
}

void errands_stop(struct errands *w)
{
	if (!w)
		return;
	chore_stop(w->chore);
	db_free(w->db);
	mem_free(w->m);
	free(w);
}
