/* send.c - claims what is due, hands it over, and records what became of it.
 *
 * A claim is a lease of five minutes and a new attempt number; a worker that lost
 * its lease cannot mark anything, since the number has moved on. The session ends
 * well before the lease does. */
#include "notify/pipeline_internal.h"

#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"

#include <string.h>

#define ATTEMPTS_MAX 12 /* a mail that kills its worker each time is given up too */
#define UNTRIED_S    5

/* After a temporary refusal, by the number of the attempt; after the last, no more. */
static const int64_t delay_s[] = {60, 300, 1800, 7200, 21600, 86400};
static const int64_t delays = (int64_t)(sizeof delay_s / sizeof delay_s[0]);

static int64_t with_jitter(int64_t seconds)
{
	return seconds + (int64_t)random_below((uint32_t)(seconds / 5 + 1));
}

static bool claim(struct pipeline *p, struct job **out, size_t *n_out, struct err *e)
{
	int limit = breaker_limit(&p->relay, p->cfg->batch);

	db_begin(p->db, p->m, &(struct db_scope){.worker = true});
	int claimed = db_add(p->db, DB_NOTIFY_CLAIM, db_num(p->m, limit), db_num(p->m, LEASE_S));
	if (!db_commit(p->db, e))
		return false;
	const struct db_rows *r = db_rows(p->db, claimed);
	size_t n = (size_t)db_count(r);
	struct job *job = mem_array(p->m, struct job, n + 1);
	for (size_t i = 0; i < n; i++)
		job[i] = (struct job){.tenant = db_text(r, (int)i, 0),
				      .mail = db_text(r, (int)i, 1),
				      .attempt = db_int(r, (int)i, 2)};
	*out = job;
	*n_out = n;
	return true;
}

/* Letters for all jobs, one read per tenant. */
static bool compose_all(struct pipeline *p, struct job *job, size_t n, struct err *e)
{
	struct job **same = mem_array(p->m, struct job *, n + 1);

	for (size_t i = 0; i < n; i++) {
		if (job[i].composed || job[i].state)
			continue;
		size_t k = 0;
		for (size_t j = i; j < n; j++)
			if (!strcmp(job[j].tenant, job[i].tenant) && !job[j].state)
				same[k++] = &job[j];
		if (!compose(p, job[i].tenant, same, k, e))
			return false;
	}
	return true;
}

/* The server has the letter: nothing may stand between this and the mark, and no
 * other letter may go before it, or a crash would send two of them again. */
static bool mark_sent(void *arg, struct letter *l)
{
	struct pipeline *p = arg;
	struct job *job = l->owner;
	int64_t since = ticks_ms();
	struct err e;
	int marked;

	do {
		mem_reset(p->mark);
		db_begin(p->db, p->mark, &(struct db_scope){.tenant = job->tenant});
		marked = db_add(p->db, DB_NOTIFY_SENT, job->mail, db_num(p->mark, job->attempt));
		e = (struct err){0};
	} while (!db_commit(p->db, &e) && pipeline_patience(p, since, &e));
	if (e.code)
		log_err(LOG_ERROR, "mail.unmarked", &e);
	else if (!db_count(db_rows(p->db, marked)))
		log_warn("mail.fenced", "tenant=%s mail=%s attempt=%lld", job->tenant, job->mail,
			 (long long)job->attempt);
	else
		log_info("mail.sent", "tenant=%s mail=%s attempt=%lld", job->tenant, job->mail,
			 (long long)job->attempt);
	return !e.code && !atomic_load(&p->stopping);
}

static void settle_later(struct job *job, const char *error)
{
	bool last = job->attempt > delays;

	job->state = last ? "failed" : "retry";
	job->delay = last ? 0 : with_jitter(delay_s[job->attempt - 1]);
	job->error = error;
}

/* What the fate of a letter means for its mail. */
static void judge(struct pipeline *p, struct job *job, const char *reason, int64_t untried_s)
{
	const struct letter *l = &job->letter;
	const char *code = l->code ? db_num(p->m, l->code) : "broken";

	switch (l->fate) {
	case LETTER_TAKEN: /* marked when it was taken */
		break;
	case LETTER_LATER:
	case LETTER_BROKEN:
		settle_later(job, code);
		break;
	case LETTER_REFUSED:
		job->state = "failed";
		job->error = code;
		break;
	case LETTER_UNTRIED:
		job->state = "retry";
		job->error = reason;
		job->delay = untried_s;
		job->refund = 1;
		break;
	}
}

static void hand_over(struct pipeline *p, struct job *job, size_t n, int64_t until, int *sent)
{
	struct letter *letter = mem_array(p->m, struct letter, n + 1);
	size_t k = 0;
	struct err e = {0};
	int64_t untried_s = UNTRIED_S;

	for (size_t i = 0; i < n; i++)
		if (job[i].composed)
			letter[k++] = job[i].letter;
	if (!k)
		return;
	if (p->out->send(p->out, letter, k, until, mark_sent, p, &e)) {
		breaker_succeed(&p->relay);
	} else {
		untried_s = breaker_fail(&p->relay, ticks_ms());
		log_err(LOG_WARN, "mail.relay", &e);
	}
	for (size_t i = 0; i < k; i++) {
		struct job *own = letter[i].owner;
		own->letter = letter[i];
		judge(p, own, str_or(e.reason, "dropped"), untried_s);
		*sent += letter[i].fate == LETTER_TAKEN;
	}
}

/* The database may have decided otherwise than the job: too old, or fenced. */
static void log_settled(const struct db_rows *rows, const struct job *job)
{
	const char *state = "fenced";

	for (int i = 0; i < db_count(rows); i++)
		if (!strcmp(db_text(rows, i, 0), job->mail))
			state = db_text(rows, i, 1);
	bool well = str_eq(state, "retry") || str_eq(state, "expired");
	log_(well ? LOG_INFO : LOG_WARN, str_eq(state, "failed") ? "mail.failed" : "mail.put_off",
	     "tenant=%s mail=%s attempt=%lld state=%s error=%s again_s=%lld", job->tenant,
	     job->mail, (long long)job->attempt, state, job->error, (long long)job->delay);
}

static int add_settle(struct pipeline *p, const struct job *job, size_t n)
{
	enum { TENANT, MAIL, ATTEMPT, STATE, DELAY, ERROR, REFUND, COLUMNS };
	const char **column[COLUMNS];
	size_t k = 0;

	for (int c = 0; c < COLUMNS; c++)
		column[c] = mem_array(p->m, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (!job[i].state)
			continue;
		column[TENANT][k] = job[i].tenant;
		column[MAIL][k] = job[i].mail;
		column[ATTEMPT][k] = db_num(p->m, job[i].attempt);
		column[STATE][k] = job[i].state;
		column[DELAY][k] = db_num(p->m, job[i].delay);
		column[ERROR][k] = str_or(job[i].error, "");
		column[REFUND][k++] = db_num(p->m, job[i].refund);
	}
	return db_add(p->db, DB_NOTIFY_SETTLE, db_list(p->m, column[TENANT], k),
		      db_list(p->m, column[MAIL], k), db_list(p->m, column[ATTEMPT], k),
		      db_list(p->m, column[STATE], k), db_list(p->m, column[DELAY], k),
		      db_list(p->m, column[ERROR], k), db_list(p->m, column[REFUND], k));
}

static bool settle(struct pipeline *p, const struct job *job, size_t n, struct err *e)
{
	int64_t since = ticks_ms();
	size_t unsettled = 0;
	int settled;

	for (size_t i = 0; i < n; i++)
		unsettled += job[i].state != NULL;
	if (!unsettled)
		return true;
	do {
		db_begin(p->db, p->m, &(struct db_scope){.worker = true});
		settled = add_settle(p, job, n);
		*e = (struct err){0};
	} while (!db_commit(p->db, e) && pipeline_patience(p, since, e));
	if (e->code)
		return false;
	for (size_t i = 0; i < n; i++)
		if (job[i].state)
			log_settled(db_rows(p->db, settled), &job[i]);
	return true;
}

bool pipeline_send(struct pipeline *p, int *sent, struct err *e)
{
	size_t n;

	*sent = 0;
	do {
		struct job *job;
		int64_t until = ticks_ms() + SESSION_MS;

		mem_reset(p->m);
		n = 0;
		if (breaker_is_open(&p->relay, ticks_ms()) || atomic_load(&p->stopping))
			return true;
		if (!claim(p, &job, &n, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (job[i].attempt > ATTEMPTS_MAX) {
				job[i].state = "failed";
				job[i].error = "attempts";
			}
		if (n && !compose_all(p, job, n, e))
			return false;
		hand_over(p, job, n, until, sent);
		if (!settle(p, job, n, e))
			return false;
	} while (n);
	return true;
}
