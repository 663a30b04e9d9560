#include "web/watch.h"
#include "base/chore.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	REST_MS = 1000,
	KEPT_MAX = 4000,         /* rows that wait to be written, */
	KEPT_BYTES = 8 << 20,    /* and what they may hold together */
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

/* JSON as it goes to the database. A row becomes text on the thread that saw it: a tree of
 * it would cost more than the launch's own claims, and be freed on another thread. */
struct text {
	char *p;
	size_t n, cap;
};

struct watch {
	struct db *db;
	struct mem *m; /* of a round */
	struct chore *chore;
	pthread_mutex_t lock; /* of what follows */
	struct text waiting[LISTS]; /* an array without its last bracket */
	size_t kept, bytes, lost;
	uint64_t lost_ever;
	struct allowance refusals, doctors; /* of what nobody signed for */
};

/* ---- Text ---- */

static void text_room(struct text *t, size_t more)
{
	if (t->cap - t->n > more)
		return;
	while (t->cap - t->n <= more)
		t->cap = t->cap ? 2 * t->cap : 8192;
	t->p = realloc(t->p, t->cap);
	if (!t->p)
		BUG("out of memory");
}

static void text_add(struct text *t, const char *s, size_t n)
{
	text_room(t, n);
	memcpy(t->p + t->n, s, n);
	t->p[t->n += n] = '\0';
}

/* Consumes the value. What is no JSON (a text that is no UTF-8) makes none: false. */
static bool text_json(struct text *t, json_t *value)
{
	text_room(t, 4000);
	size_t n = json_dumpb(value, t->p + t->n, t->cap - t->n, JSON_COMPACT);
	if (n >= t->cap - t->n) {
		text_room(t, n);
		n = json_dumpb(value, t->p + t->n, t->cap - t->n, JSON_COMPACT);
	}
	t->n += n;
	json_decref(value);
	return n > 0;
}

/* ---- Taking in ---- */

/* Takes the row over. */
static void put(struct watch *w, enum list which, struct text *row, bool ok)
{
	pthread_mutex_lock(&w->lock);
	bool room = ok && w->kept < KEPT_MAX && w->bytes + row->n <= KEPT_BYTES;
	if (room) {
		text_add(&w->waiting[which], w->waiting[which].n ? "," : "[", 1);
		text_add(&w->waiting[which], row->p, row->n);
		w->bytes += row->n;
	}
	w->kept += room;
	w->lost += !room;
	w->lost_ever += !room;
	pthread_mutex_unlock(&w->lock);
	free(row->p);
}

static void put_json(struct watch *w, enum list which, json_t *value)
{
	struct text row = { 0 };
	bool ok = text_json(&row, value);

	put(w, which, &row, ok);
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
	w->lost_ever += !may;
	pthread_mutex_unlock(&w->lock);
	return may;
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

/* What surrounds the claims, and what they say, masked: two objects become one where the
 * first one's last brace meets the second one's first. */
static void add_facts(struct text *row, const struct lti_trace *t)
{
	json_t *around = json_object();

	add_text(around, "issuer", t->issuer);
	add_text(around, "client", t->client);
	add_text(around, "kid", t->kid);
	add_text(around, "alg", t->alg);
	add_seconds(around, "sinceLogin", t->login_at, now_s());
	add_seconds(around, "sinceIssued", t->issued_at, now_s());
	add_seconds(around, "tokenLife", t->issued_at, t->expires_at);
	bool both = json_object_size(around) && json_object_size(t->facts);
	text_json(row, json_object_size(t->facts) && !both ? json_incref(t->facts) : json_incref(around));
	if (both) {
		size_t brace = --row->n;
		text_json(row, json_incref(t->facts));
		row->p[brace] = ',';
	}
	json_decref(around);
}

/* Names of steps are our own words: nothing in them needs escaping. */
static void add_steps(struct text *row, const struct lti_trace *t)
{
	char one[120];

	text_add(row, "[", 1);
	for (size_t i = 0; i < t->steps_n; i++)
		text_add(row, one,
			 (size_t)snprintf(one, sizeof one, "%s{\"name\":\"%.60s\",\"us\":%lld}",
					  i ? "," : "", t->steps[i].name, (long long)t->steps[i].us));
	text_add(row, "]", 1);
}

void watch_launch(struct watch *w, const struct watched *l)
{
	const struct lti_trace *t = l->trace;
	struct text row = { 0 };
	char id[UUID_LEN + 1];

	if (!w || (!t->verified && !may_be_kept(w, &w->refusals)))
		return;
	uuid_make(id);
	bool ok = text_json(
		&row, json_pack("{s:s, s:I, s:s, s:s?, s:s?, s:s?, s:b, s:s?, s:s?, s:s, s:s, s:s?, s:s?, s:s?, s:s?}",
				"id", id, "at_ms", (json_int_t)now_ms(), "code", l->code, "registration",
				t->registration, "tenant", t->tenant, "deployment", t->deployment,
				"verified", t->verified, "reason", l->reason, "message", t->message,
				"browser", str_or(l->browser, ""), "rung", lti_rung_name(t->rung), "person",
				l->person, "course", l->course, "role", t->role, "why", t->why));
	if (ok) {
		row.n--; /* its brace: there is more */
		text_add(&row, ",\"facts\":", 9);
		add_facts(&row, t);
		text_add(&row, ",\"steps\":", 9);
		add_steps(&row, t);
		text_add(&row, "}", 1);
	}
	put(w, LAUNCHES, &row, ok);
}

void watch_rung(struct watch *w, const char *registration, const char *browser, enum lti_rung rung)
{
	if (w)
		put_json(w, RUNGS,
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
	put_json(w, SIGHTS,
	    json_pack("{s:s, s:s, s:s?, s:o, s:I}", "registration", s->registration, "service",
		      services[s->service], "error", s->reason, "clock_ms",
		      s->has_clock ? json_integer((json_int_t)s->clock_ms) : json_null(), "at_ms",
		      (json_int_t)now_ms()));
}

void watch_doctor(struct watch *w, const char *code, const json_t *result)
{
	if (w && may_be_kept(w, &w->doctors))
		put_json(w, DOCTORS,
		    json_pack("{s:s, s:I, s:O}", "code", code, "at_ms", (json_int_t)now_ms(), "result",
			      result));
}

uint64_t watch_lost(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	uint64_t lost = w->lost_ever;
	pthread_mutex_unlock(&w->lock);
	return lost;
}

/* ---- Writing behind ---- */

/* Each list by itself: what is wrong with one loses no other. */
static void write_down(struct watch *w, struct text lists[LISTS])
{
	struct err e;

	for (int i = 0; i < LISTS; i++) {
		if (!lists[i].n)
			continue;
		text_add(&lists[i], "]", 1);
		const char *rows = lists[i].p;
		db_begin(w->db, w->m, &(struct db_scope){ .relaxed = true });
		db_add_(w->db, statements[i], &rows, 1);
		if (!db_commit(w->db, &e))
			log_err(LOG_WARN, "watch.lost", &e);
		free(lists[i].p);
	}
}

/* Takes what waits. */
static void gather(struct watch *w, struct text lists[LISTS])
{
	pthread_mutex_lock(&w->lock);
	size_t lost = w->lost;
	memcpy(lists, w->waiting, sizeof w->waiting);
	memset(w->waiting, 0, sizeof w->waiting);
	w->kept = w->bytes = w->lost = 0;
	pthread_mutex_unlock(&w->lock);
	if (lost)
		log_warn("watch.bounded", "unwritten=%zu", lost);
}

static int work(void *self)
{
	struct watch *w = self;
	struct text lists[LISTS];

	gather(w, lists);
	write_down(w, lists);
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
	pthread_mutex_destroy(&w->lock);
	db_free(w->db);
	mem_free(w->m);
	free(w);
}
