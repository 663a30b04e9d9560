/* jwks.c - platforms' key sets, fetched by us and kept (R27, R28).
 *
 * A set is good for an hour, or what Cache-Control says between five minutes and
 * a day. An unknown kid asks for a new set, at most once a minute and URI. While
 * a platform does not answer, a kid we know stays good for a day more.
 *
 * Fetching happens on the thread of a launch, so it must never take many of
 * them. One fetch at a time for an URI, stamped before it begins; others use the
 * set there is, or wait. Few threads are held up for long by fetching or waiting,
 * fewer still by one URI, so that a platform that hangs leaves room for others;
 * the rest have patience only while a fetch is young, which is enough for a whole
 * class that comes at once to a platform that answers.
 *
 * So that mostly nobody waits at all, a set that is used when four fifths of its time
 * are over is put down for lti_tend(), which another thread calls.
 *
 * A set is only used while the lock is held for reading; the 30 us of a
 * verification are shorter than any counting of references would be to read. */
#define _GNU_SOURCE /* tdestroy */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <pthread.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LIFE = 3600, /* of a set, seconds */
	LIFE_MIN = 5 * 60,
	LIFE_MAX = 24 * 3600,
	STALE = 24 * 3600, /* beyond its life, for kids we know */
	PAUSE = 60,        /* between two fetches of a set that we have */
	PAUSE_EMPTY = 10,  /* and of one that we never got */
	FETCH_MS = 5000,
	WAIT_MS = 3000,
	YOUNG_MS = 500,
	HELD_MAX = 3,     /* threads held up in all, of the 8 that usually serve */
	HELD_URL_MAX = 2, /* and by one URI */
	TEND_MAX = 32,    /* sets, and */
	TEND_MS = 10000,  /* time for one go of lti_tend() */
	BODY_MAX = 512 << 10,
};

struct key_set {
	char *url;
	struct jwk_set *keys; /* NULL: never got */
	int64_t renew, expires, next_try;
	_Atomic bool is_wanted; /* used since `renew` */
	_Atomic bool is_fetching;
	int64_t fetching_since; /* ticks */
	int held;
	char failure[160];     /* of the last fetch, for the log */
	char registration[37]; /* one that uses it: what is seen is told of that one */
};

struct jwks_cache {
	pthread_rwlock_t lock;   /* of the tree, the sets and their times */
	void *sets;              /* tree of key_set by url */
	pthread_mutex_t waiting; /* of fetching and held */
	pthread_cond_t moved;    /* a fetch ended */
	int held;
};

struct jwks_cache *jwks_cache_new(void)
{
	struct jwks_cache *c = calloc(1, sizeof *c);
	pthread_condattr_t monotonic;

	if (!c)
		BUG("out of memory");
	pthread_rwlock_init(&c->lock, NULL);
	pthread_mutex_init(&c->waiting, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&c->moved, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return c;
}

static void key_set_free(void *p)
{
	struct key_set *s = p;

	jwk_set_free(s->keys);
	free(s->url);
	free(s);
}

void jwks_cache_free(struct jwks_cache *c)
{
	if (!c)
		return;
	tdestroy(c->sets, key_set_free);
	pthread_cond_destroy(&c->moved);
	pthread_mutex_destroy(&c->waiting);
	pthread_rwlock_destroy(&c->lock);
	free(c);
}

void sight(struct lti *l, const char *registration, enum lti_service service,
	   const struct http_response *res, const struct err *why)
{
	struct lti_sight seen = {.registration = registration, .service = service};

	if (!l->seen)
		return;
	if (why)
		seen.reason = str_or(why->reason, err_name(why->code));
	if (res)
		seen.took_us = res->took_us;
	if (res && res->date_ms >= 0) {
		seen.has_clock = true;
		seen.clock_ms = res->date_ms - now_ms();
	}
	l->seen(l->seen_self, &seen);
}

static int url_order(const void *a, const void *b)
{
	const struct key_set *x = a, *y = b;

	return strcmp(x->url, y->url);
}

static struct key_set *find(struct jwks_cache *c, const char *url)
{
	const struct key_set key = {.url = (char *)(uintptr_t)url};
	struct key_set *const *hit = tfind(&key, &c->sets, url_order);

	return hit ? *hit : NULL;
}

/* The set of a platform's URL, made empty where there is none yet; never removed again. */
static struct key_set *find_or_make(struct jwks_cache *c, const struct lti_registration *r)
{
	const char *url = r->jwks_url;

	pthread_rwlock_rdlock(&c->lock);
	struct key_set *s = find(c, url);
	pthread_rwlock_unlock(&c->lock);
	if (s)
		return s;
	pthread_rwlock_wrlock(&c->lock);
	if (!(s = find(c, url))) {
		s = calloc(1, sizeof *s);
		if (!s || !(s->url = strdup(url)) || !tsearch(s, &c->sets, url_order))
			BUG("out of memory");
		snprintf(s->registration, sizeof s->registration, "%s", r->id);
	}
	pthread_rwlock_unlock(&c->lock);
	return s;
}

/* What the cache alone can say about a token. */
enum verdict {
	GOOD,
	BAD,       /* *e says why */
	ASK,       /* a newer set is needed and may be fetched */
	ASK_LATER, /* a newer set would be better; this one does while it is fetched */
};

static enum verdict refuse(const struct key_set *s, bool usable, struct err *e)
{
	if (usable)
		err_reason(e, ERR_INVALID, "token_key_unknown",
			   "the kid is not in the platform's key set");
	else
		err_reason(e, ERR_PEER, "jwks_unavailable", "no key set: %s",
			   str_or(s->failure, "it is still being fetched"));
	return BAD;
}

static enum verdict judge(struct jwks_cache *c, struct key_set *s, const struct jws *jws,
			  bool last_word, struct err *e)
{
	int64_t now = now_s();
	enum verdict v;

	pthread_rwlock_rdlock(&c->lock);
	bool usable = s->keys && now < s->expires + STALE;
	bool is_known = usable && jwk_set_has(s->keys, jws->kid);
	bool may_ask = !last_word && (now >= s->next_try || s->is_fetching);
	if (is_known && now >= s->renew)
		s->is_wanted = true;
	if (is_known && (now < s->expires || !may_ask))
		v = jws_verify(jws, s->keys, e) ? GOOD : BAD;
	else if (may_ask)
		v = is_known ? ASK_LATER : ASK;
	else
		v = refuse(s, usable, e);
	pthread_rwlock_unlock(&c->lock);
	return v;
}

static void replace(struct jwks_cache *c, struct key_set *s, struct jwk_set *keys, int64_t max_age)
{
	int64_t now = now_s(), life = max_age < 0 ? LIFE : max_age;

	life = life < LIFE_MIN ? LIFE_MIN : life > LIFE_MAX ? LIFE_MAX : life;
	pthread_rwlock_wrlock(&c->lock);
	struct jwk_set *old = s->keys;
	s->keys = keys;
	s->renew = now + life * 4 / 5;
	s->expires = now + life;
	s->is_wanted = false;
	s->next_try = now + PAUSE;
	pthread_rwlock_unlock(&c->lock);
	jwk_set_free(old);
}

static bool download(struct lti *l, struct mem *m, const char *url, bool inspect,
		     struct http_response *out, struct jwk_set **keys, struct err *e)
{
	const struct http_request req = {.url = url,
					 .accept = "application/json, application/jwk-set+json",
					 .body_max = BODY_MAX,
					 .total_ms = FETCH_MS,
					 .inspect = inspect};

	*out = (struct http_response){.date_ms = -1};
	if (!l->http.fetch(l->http.self, m, &req, out, e))
		return false;
	if (out->status != 200)
		return err_set(e, ERR_PEER, "the key set's URL answered %ld", out->status);
	return jwk_set_parse(out->body, out->n, keys, e);
}

/* Without any lock; a failure leaves the set as it was. */
static void fetch(struct lti *l, struct key_set *s)
{
	struct jwks_cache *c = l->jwks;
	struct http_response res;
	struct jwk_set *keys;
	struct mem *m = mem_new();
	struct err why = {0};

	if (download(l, m, s->url, false, &res, &keys, &why)) {
		replace(c, s, keys, res.max_age);
		sight(l, s->registration, LTI_SERVICE_KEYS, &res, NULL);
	} else {
		why.reason = "jwks_unavailable";
		sight(l, s->registration, LTI_SERVICE_KEYS, &res, &why);
		pthread_rwlock_wrlock(&c->lock);
		memcpy(s->failure, why.text, sizeof s->failure);
		pthread_rwlock_unlock(&c->lock);
	}
	mem_free(m);
}

/* Stamped before fetching, so that a platform that hangs is not asked again by
 * the next one in line (R27). False: somebody else has just asked. */
static bool stamp(struct jwks_cache *c, struct key_set *s)
{
	int64_t now = now_s();

	pthread_rwlock_wrlock(&c->lock);
	bool is_due = now >= s->next_try;
	if (is_due)
		s->next_try = now + (s->keys ? PAUSE : PAUSE_EMPTY);
	pthread_rwlock_unlock(&c->lock);
	return is_due;
}

/* Until the fetch under way has ended, or the moment (in ticks) has come. */
static void wait_for(struct jwks_cache *c, const struct key_set *s, int64_t moment)
{
	const struct timespec until = {.tv_sec = moment / 1000, .tv_nsec = moment % 1000 * 1000000};

	while (s->is_fetching && pthread_cond_timedwait(&c->moved, &c->waiting, &until) == 0)
		;
}

static void hold(struct jwks_cache *c, struct key_set *s, int threads)
{
	c->held += threads;
	s->held += threads;
}

/* Fetches the set, or waits for the thread that does, or neither. */
static void refresh(struct lti *l, struct key_set *s, bool may_wait)
{
	struct jwks_cache *c = l->jwks;

	pthread_mutex_lock(&c->waiting);
	bool has_place = c->held < HELD_MAX && s->held < HELD_URL_MAX;
	if (s->is_fetching && may_wait && !has_place) {
		wait_for(c, s, s->fetching_since + YOUNG_MS);
	} else if (s->is_fetching && may_wait) {
		hold(c, s, 1);
		wait_for(c, s, ticks_ms() + WAIT_MS);
		hold(c, s, -1);
	} else if (!s->is_fetching && has_place) {
		hold(c, s, 1);
		s->is_fetching = true;
		s->fetching_since = ticks_ms();
		pthread_mutex_unlock(&c->waiting);
		if (stamp(c, s))
			fetch(l, s);
		pthread_mutex_lock(&c->waiting);
		s->is_fetching = false;
		hold(c, s, -1);
		pthread_cond_broadcast(&c->moved);
	}
	pthread_mutex_unlock(&c->waiting);
}

bool jwks_verify(struct lti *l, const struct lti_registration *r, const struct jws *jws,
		 struct err *e)
{
	struct key_set *s = find_or_make(l->jwks, r);
	enum verdict v = judge(l->jwks, s, jws, false, e);

	if (v == ASK || v == ASK_LATER) {
		refresh(l, s, v == ASK);
		v = judge(l->jwks, s, jws, true, e);
	}
	return v == GOOD;
}

bool jwks_fetch_now(struct lti *l, struct mem *m, const struct lti_registration *r,
		    struct http_response *res, size_t *keys_out, struct err *e)
{
	struct jwk_set *keys;
	struct err told;

	bool ok = download(l, m, r->jwks_url, true, res, &keys, e);
	if (!ok) {
		told = *e;
		told.reason = "jwks_unavailable";
	}
	sight(l, r->id, LTI_SERVICE_KEYS, res, ok ? NULL : &told);
	if (!ok)
		return false;
	*keys_out = jwk_set_count(keys);
	jwk_set_free(keys);
	return true;
}

/* ---- Renewing in time ---- */

struct wanted {
	struct key_set *sets[TEND_MAX];
	size_t n;
};

static void collect(const void *node, VISIT visit, void *self)
{
	struct key_set *s = *(struct key_set *const *)node;
	struct wanted *w = self;

	if ((visit == postorder || visit == leaf) && s->is_wanted && w->n < TEND_MAX)
		w->sets[w->n++] = s;
}

/* One fetch at a time for a set, here too; nobody waits for this one. */
static void renew(struct lti *l, struct key_set *s)
{
	struct jwks_cache *c = l->jwks;

	pthread_mutex_lock(&c->waiting);
	bool is_mine = !s->is_fetching;
	if (is_mine) {
		s->is_fetching = true;
		s->fetching_since = ticks_ms();
	}
	pthread_mutex_unlock(&c->waiting);
	if (!is_mine)
		return;
	if (stamp(c, s))
		fetch(l, s);
	pthread_mutex_lock(&c->waiting);
	s->is_fetching = false;
	pthread_cond_broadcast(&c->moved);
	pthread_mutex_unlock(&c->waiting);
}

void lti_tend(struct lti *l)
{
	struct wanted w = {.n = 0};
	int64_t since = ticks_ms();

	pthread_rwlock_rdlock(&l->jwks->lock);
	twalk_r(l->jwks->sets, collect, &w);
	pthread_rwlock_unlock(&l->jwks->lock);
	for (size_t i = 0; i < w.n && ticks_ms() - since < TEND_MS; i++)
		renew(l, w.sets[i]);
}
