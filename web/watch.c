#include "web/watch.h"
#include "base/chore.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	REST_MS = 1000,
	KEPT_MAX = 4000,         /* rows that wait to be written */
	UNSIGNED_BURST = 60,     /* of what nobody signed for: at most so many at once, */
	UNSIGNED_PER_SECOND = 2, /* and so many in the long run */
	ISSUER_SHOWN = 200,
};

/* What waits, a list for each statement that writes it. */
enum list { LAUNCHES, RUNGS, SIGHTS, DOCTORS, LISTS };

static const enum db_query statements[LISTS] = {
	[LAUNCHES] = DB_WATCH_LAUNCHES,
	[RUNGS] = DB_WATCH_RUNGS,
	[SIGHTS] = DB_WATCH_SIGHTS,
	[DOCTORS] = DB_WATCH_DOCTORS,
};

/* How much more of something may be kept just now. */
struct allowance {
	int64_t left, at; /* ticks */
};

struct watch {
	struct db *db;
	struct mem *m; /* of a round */
	struct chore *chore;
	pthread_mutex_t lock; /* of what follows */
	json_t *waiting[LISTS];
	size_t kept, lost;
	struct allowance refusals, doctors; /* of what nobody signed for */
};

/* ---- Taking in ---- */

static void put(struct watch *w, enum list which, json_t *row)
{
	pthread_mutex_lock(&w->lock);
	bool room = w->kept < KEPT_MAX;
	if (room)
		json_array_append(w->waiting[which], row);
	w->kept += room;
	w->lost += !room;
	pthread_mutex_unlock(&w->lock);
	json_decref(row);
}

/* Strangers can be refused as often as they like; the log takes a sample of it. */
static bool may_be_kept(struct watch *w, struct allowance *a)
{
	int64_t now = ticks_ms();

	pthread_mutex_lock(&w->lock);
	int64_t gained = (now - a->at) * UNSIGNED_PER_SECOND / 1000;
	if (gained > 0) {
		a->left = a->left + gained > UNSIGNED_BURST ? UNSIGNED_BURST : a->left + gained;
		a->at = now;
	}
	bool may = a->left > 0;
	a->left -= may;
	w->lost += !may;
	pthread_mutex_unlock(&w->lock);
	return may;
}

static json_t *steps_of(const struct lti_trace *t)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < t->steps_n; i++)
		json_array_append_new(steps, json_pack("{s:s, s:I}", "name", t->steps[i].name, "us",
						       (json_int_t)t->steps[i].us));
	return steps;
}

static void add_text(json_t *o, const char *name, const char *value)
{
	if (value && strlen(value) <= ISSUER_SHOWN)
		json_object_set_new(o, name, json_string(value));
}

static void add_seconds(json_t *o, const char *name, int64_t from, int64_t to)
{
	if (from && to)
		json_object_set_new(o, name, json_integer((json_int_t)(to - from)));
}

/* What the claims say, masked, and what surrounds them. */
static json_t *facts_of(const struct lti_trace *t)
{
	json_t *facts = t->facts ? json_copy(t->facts) : json_object();

	add_text(facts, "issuer", t->issuer);
	add_text(facts, "client", t->client);
	add_text(facts, "kid", t->kid);
	add_text(facts, "alg", t->alg);
	add_seconds(facts, "sinceLogin", t->login_at, now_s());
	add_seconds(facts, "sinceIssued", t->issued_at, now_s());
	add_seconds(facts, "tokenLife", t->issued_at, t->expires_at);
	return facts;
}

void watch_launch(struct watch *w, const struct watched *l)
{
	const struct lti_trace *t = l->trace;
	char id[UUID_LEN + 1];

	if (!w || (!t->verified && !may_be_kept(w, &w->refusals)))
		return;
	uuid_make(id);
	put(w, LAUNCHES,
	    json_pack("{s:s, s:I, s:s, s:s?, s:s?, s:s?, s:b, s:s?, s:s?, s:s, s:s, s:s?, s:s?, s:s?, s:s?,"
		      " s:o, s:o}",
		      "id", id, "at_ms", (json_int_t)now_ms(), "code", l->code, "registration",
		      t->registration, "tenant", t->tenant, "deployment", t->deployment, "verified",
		      t->verified, "reason", l->reason, "message", t->message, "browser",
		      str_or(l->browser, ""), "rung", lti_rung_name(t->rung), "person", l->person, "course",
		      l->course, "role", t->role, "why", t->why, "facts", facts_of(t), "steps", steps_of(t)));
}

void watch_rung(struct watch *w, const char *registration, const char *browser, enum lti_rung rung)
{
	if (w)
		put(w, RUNGS,
		    json_pack("{s:s, s:s, s:s}", "registration", registration, "browser", browser, "rung",
			      lti_rung_name(rung)));
}

void watch_sight(void *watch, const struct lti_sight *s)
{
	static const char *const services[] = {
		[LTI_SERVICE_KEYS] = "keys", [LTI_SERVICE_TOKEN] = "token", [LTI_SERVICE_ROSTER] = "roster"
	};
	struct watch *w = watch;

	if (!w)
		return;
	put(w, SIGHTS,
	    json_pack("{s:s, s:s, s:s?, s:o, s:I}", "registration", s->registration, "service",
		      services[s->service], "error", s->reason, "clock_ms",
		      s->has_clock ? json_integer((json_int_t)s->clock_ms) : json_null(), "at_ms",
		      (json_int_t)now_ms()));
}

void watch_doctor(struct watch *w, const char *code, const json_t *result)
{
	if (w && may_be_kept(w, &w->doctors))
		put(w, DOCTORS,
		    json_pack("{s:s, s:I, s:O}", "code", code, "at_ms", (json_int_t)now_ms(), "result",
			      result));
}

/* ---- Writing behind ---- */

/* Each list by itself: what is wrong with one loses no other. */
static void write_down(struct watch *w, struct mem *m, json_t *const lists[LISTS])
{
	struct err e;

	for (int i = 0; i < LISTS; i++) {
		const char *rows = js_print(m, lists[i], NULL);
		if (!json_array_size(lists[i]))
			continue;
		db_begin(w->db, m, &(struct db_scope){ .relaxed = true });
		db_add_(w->db, statements[i], &rows, 1);
		if (!db_commit(w->db, &e))
			log_err(LOG_WARN, "watch.lost", &e);
	}
}

/* Takes what waits; answers how much it is. */
static size_t gather(struct watch *w, json_t *lists[LISTS])
{
	pthread_mutex_lock(&w->lock);
	size_t kept = w->kept, lost = w->lost;
	for (int i = 0; i < LISTS; i++) {
		lists[i] = w->waiting[i];
		w->waiting[i] = json_array();
	}
	w->kept = w->lost = 0;
	pthread_mutex_unlock(&w->lock);
	if (lost)
		log_warn("watch.bounded", "unwritten=%zu", lost);
	return kept;
}

static int work(void *self)
{
	struct watch *w = self;
	json_t *lists[LISTS];

	if (gather(w, lists))
		write_down(w, w->m, lists);
	for (int i = 0; i < LISTS; i++)
		json_decref(lists[i]);
	mem_reset(w->m);
	return REST_MS;
}

bool watch_start(struct watch **out, const char *database, struct err *e)
{
	struct watch *w = calloc(1, sizeof *w);

	if (!w)
		BUG("out of memory");
	w->db = db_new(database);
	w->m = mem_new();
	w->refusals = w->doctors = (struct allowance){ UNSIGNED_BURST, ticks_ms() };
	for (int i = 0; i < LISTS; i++)
		w->waiting[i] = json_array();
	pthread_mutex_init(&w->lock, NULL);
	*out = w;
	return chore_start(&w->chore, work, w, e);
}

void watch_stop(struct watch *w)
{
	if (!w)
		return;
	chore_stop(w->chore);
	work(w); /* what came since its last round */
	for (int i = 0; i < LISTS; i++)
		json_decref(w->waiting[i]);
	pthread_mutex_destroy(&w->lock);
	db_free(w->db);
	mem_free(w->m);
	free(w);
}
