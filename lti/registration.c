/* registration.c - the registry: which platforms may launch us.
 *
 * All active registrations are kept in memory as one snapshot, so that a launch
 * asks the database nothing and an unknown issuer costs nothing. Deployments and
 * role rules are looked up once and remembered with the snapshot. A snapshot is
 * replaced after registry_forget() and every few minutes, in case that word was lost;
 * while one thread does so the others go on with what there is.
 *
 * What is found is copied into the caller's arena, but for texts that are a profile's
 * and live as long as the program, and for role rules, which are held by count. */
#define _GNU_SOURCE /* tdestroy */
#include "lti/lti_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	SNAPSHOT_MS = 5 * 60 * 1000,
	RETRY_MS = 5 * 1000, /* after a failed reload, with an older snapshot to serve from */
	DEPLOYMENTS_KEPT = 20000,
	RULES_KEPT = 10000,
	ORIGINS_MAX = 4096, /* bytes */
};

struct known_deployment {
	const char *registration, *id;
	enum deployment_state state;
	const char *tenant;
};

/* The rules of one tenant for one registration. A school may list hundreds of parents,
 * so they are not copied: whoever holds them counts. */
struct known_rules {
	const char *tenant, *registration;
	struct lti_rules rules;
	_Atomic unsigned holders;
};

struct snapshot {
	struct mem *m;                      /* owns everything below, but for the rules */
	struct lti_registration *by_client; /* sorted by issuer, client_id */
	const struct lti_registration **by_id;
	size_t n;
	const char *origins; /* of all of them */
	void *deployments;   /* tree of known_deployment */
	void *rules;         /* tree of known_rules */
	size_t deployments_n, rules_n;
};

struct registry {
	const struct registry_source *source;
	pthread_rwlock_t lock; /* of the snapshot */
	struct snapshot now;
	pthread_mutex_t reloading;
	_Atomic unsigned changes;    /* counts registry_forget() */
	_Atomic unsigned seen;       /* changes known to the snapshot */
	_Atomic int64_t fresh_until; /* ticks; 0: nothing was loaded yet */
};

struct registry *registry_new(const struct registry_source *source)
{
	struct registry *r = calloc(1, sizeof *r);

	if (!r)
		BUG("out of memory");
	r->source = source;
	pthread_rwlock_init(&r->lock, NULL);
	pthread_mutex_init(&r->reloading, NULL);
	return r;
}

static void leave(void *known)
{
	(void)known; /* of the snapshot's arena */
}

static void rules_release(void *known)
{
	struct known_rules *k = known;

	if (atomic_fetch_sub(&k->holders, 1) == 1)
		free(k); /* with all its texts: rules_new() */
}

static void snapshot_release(struct snapshot *s)
{
	tdestroy(s->deployments, leave);
	tdestroy(s->rules, rules_release);
	mem_free(s->m);
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	snapshot_release(&r->now);
	pthread_rwlock_destroy(&r->lock);
	pthread_mutex_destroy(&r->reloading);
	free(r);
}

void registry_forget(struct registry *r)
{
	atomic_fetch_add(&r->changes, 1);
}

static int client_order(const void *a, const void *b)
{
	const struct lti_registration *x = a, *y = b;
	int issuer = strcmp(x->issuer, y->issuer);

	return issuer ? issuer : strcmp(x->client_id, y->client_id);
}

static int id_order(const void *a, const void *b)
{
	const struct lti_registration *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static int deployment_order(const void *a, const void *b)
{
	const struct known_deployment *x = a, *y = b;
	int registration = strcmp(x->registration, y->registration);

	return registration ? registration : strcmp(x->id, y->id);
}

static int rules_order(const void *a, const void *b)
{
	const struct known_rules *x = a, *y = b;
	int tenant = strcmp(x->tenant, y->tenant);

	return tenant ? tenant : strcmp(x->registration, y->registration);
}

/* Platforms on one origin are named once. With more of them than fit a header, pages
 * without a session open in the frames of the first ones and in windows everywhere. */
static const char *origins_of_all(const struct snapshot *s)
{
	struct buf b;

	buf_init(&b, s->m);
	for (size_t i = 0; i < s->n && b.n < ORIGINS_MAX; i++)
		for (const char *p = s->by_client[i].origins; *p; p += strspn(p, " ")) {
			const char *origin = mem_strndup(s->m, p, strcspn(p, " "));
			p += strlen(origin);
			if (b.n + strlen(origin) < ORIGINS_MAX)
				words_add(&b, origin);
		}
	return b.p;
}

static bool snapshot_load(const struct registry_source *source, struct db *db, struct snapshot *out,
			  struct err *e)
{
	struct snapshot s = {.m = mem_new()};

	if (!source->registrations(s.m, db, &s.by_client, &s.n, e)) {
		mem_free(s.m);
		return false;
	}
	if (s.n)
		qsort(s.by_client, s.n, sizeof *s.by_client, client_order);
	s.by_id = mem_array(s.m, const struct lti_registration *, s.n);
	for (size_t i = 0; i < s.n; i++)
		s.by_id[i] = &s.by_client[i];
	if (s.n)
		qsort(s.by_id, s.n, sizeof *s.by_id, id_order);
	s.origins = origins_of_all(&s);
	*out = s;
	return true;
}

static bool is_fresh(struct registry *r)
{
	return ticks_ms() < atomic_load(&r->fresh_until) &&
	       atomic_load(&r->seen) == atomic_load(&r->changes);
}

/* With r->reloading held. A failure with an older snapshot at hand is none: a
 * launch may well succeed without the database having been asked here. */
static bool reload(struct registry *r, struct db *db, struct err *e)
{
	unsigned changes = atomic_load(&r->changes);
	bool had_one = atomic_load(&r->fresh_until) != 0;
	struct snapshot next, old;

	if (!snapshot_load(r->source, db, &next, e)) {
		if (!had_one)
			return false;
		atomic_store(&r->fresh_until, ticks_ms() + RETRY_MS);
		atomic_store(&r->seen, changes);
		log_err(LOG_WARN, "registry.stale", e);
		return true;
	}
	pthread_rwlock_wrlock(&r->lock);
	old = r->now;
	r->now = next;
	pthread_rwlock_unlock(&r->lock);
	atomic_store(&r->seen, changes);
	atomic_store(&r->fresh_until, ticks_ms() + SNAPSHOT_MS);
	snapshot_release(&old);
	return true;
}

static bool make_ready(struct registry *r, struct db *db, struct err *e)
{
	if (is_fresh(r))
		return true;
	if (pthread_mutex_trylock(&r->reloading) != 0) {
		if (atomic_load(&r->fresh_until))
			return true; /* another thread is at it; go on with what there is */
		pthread_mutex_lock(&r->reloading);
	}
	bool ok = is_fresh(r) || reload(r, db, e);
	pthread_mutex_unlock(&r->reloading);
	return ok;
}

/* Most settings are their profile's, which live as long as the program. */
static void copy_settings(struct mem *m, const char *profile, struct lti_settings *set)
{
	const struct lti_settings *theirs = &lti_profile_find(profile)->set;
	size_t n;
	const struct lti_setting *all = lti_setting_list(&n);

	for (size_t i = 0; i < n; i++) {
		const char **text = (const char **)((char *)set + all[i].offset);
		const char *const *same =
			(const char *const *)((const char *)theirs + all[i].offset);
		if (all[i].kind == LTI_SETTING_TEXT && *text != *same)
			*text = mem_strdup(m, *text);
	}
}

static const struct lti_registration *copy(struct mem *m, const struct lti_registration *from)
{
	struct lti_registration *to = mem_new_of(m, struct lti_registration);

	*to = *from;
	const char **texts[] = {&to->id,       &to->tenant,    &to->name,     &to->profile,
				&to->issuer,   &to->client_id, &to->auth_url, &to->token_url,
				&to->jwks_url, &to->origins};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = mem_strdup(m, *texts[i]);
	copy_settings(m, from->profile, &to->set);
	return to;
}

static const struct lti_registration *find_id(const struct snapshot *s, const char *id)
{
	const struct lti_registration key = {.id = id}, *k = &key, *const * hit;

	hit = s->n ? bsearch(&k, s->by_id, s->n, sizeof *s->by_id, id_order) : NULL;
	return hit ? *hit : NULL;
}

static const struct lti_registration *find_client(const struct snapshot *s, const char *issuer,
						  const char *client)
{
	const struct lti_registration key = {.issuer = issuer, .client_id = client};

	return s->n ? bsearch(&key, s->by_client, s->n, sizeof *s->by_client, client_order) : NULL;
}

/* The place of the first registration whose issuer is not before this one, or is after it. */
static size_t issuer_place(const struct snapshot *s, const char *issuer, bool after)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(s->by_client[mid].issuer, issuer);
		if (order < 0 || (after && order == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first of an issuer's registrations, which stand together. */
static const struct lti_registration *find_issuer(const struct snapshot *s, const char *issuer,
						  size_t *n_out)
{
	size_t first = issuer_place(s, issuer, false);

	*n_out = issuer_place(s, issuer, true) - first;
	return *n_out ? &s->by_client[first] : NULL;
}

bool registry_by_id(struct registry *r, struct mem *m, struct db *db, const char *id,
		    const struct lti_registration **out, struct err *e)
{
	if (!make_ready(r, db, e))
		return false;
	pthread_rwlock_rdlock(&r->lock);
	const struct lti_registration *hit = find_id(&r->now, id);
	if (hit)
		*out = copy(m, hit);
	pthread_rwlock_unlock(&r->lock);
	return hit || err_set(e, ERR_NOT_FOUND, "no active registration of that id");
}

/* The login named a client. */
static bool by_client(struct registry *r, struct mem *m, const char *issuer, const char *client,
		      const struct lti_registration **out, struct err *e)
{
	size_t n;

	pthread_rwlock_rdlock(&r->lock);
	const struct lti_registration *hit = find_client(&r->now, issuer, client);
	bool issuer_is_known = hit || find_issuer(&r->now, issuer, &n);
	if (hit)
		*out = copy(m, hit);
	pthread_rwlock_unlock(&r->lock);
	if (hit)
		return true;
	return issuer_is_known ? err_reason(e, ERR_DENIED, "client_unknown",
					    "the issuer is registered with other clients only")
			       : err_reason(e, ERR_DENIED, "platform_unknown",
					    "the issuer is not registered");
}

bool registry_for_login(struct registry *r, struct mem *m, struct db *db, const char *issuer,
			const char *client, const char *deployment,
			const struct lti_registration **out, struct err *e)
{
	const char *id = NULL;
	size_t n;

	if (!make_ready(r, db, e))
		return false;
	if (client)
		return by_client(r, m, issuer, client, out, e);
	pthread_rwlock_rdlock(&r->lock);
	const struct lti_registration *first = find_issuer(&r->now, issuer, &n);
	if (n == 1)
		*out = copy(m, first);
	pthread_rwlock_unlock(&r->lock);
	if (n == 1)
		return true;
	if (!n)
		return err_reason(e, ERR_DENIED, "platform_unknown",
				  "the issuer is not registered");
	if (deployment && !r->source->by_deployment(m, db, issuer, deployment, &id, e))
		return false;
	if (!id)
		return err_reason(e, ERR_DENIED, "platform_ambiguous",
				  "%zu registrations of this issuer and no client_id", n);
	return registry_by_id(r, m, db, id, out, e);
}

/* ---- Deployments and rules, asked for once ---- */

static bool deployment_known(struct registry *r, struct mem *m, const struct known_deployment *key,
			     struct deployment *out)
{
	pthread_rwlock_rdlock(&r->lock);
	struct known_deployment *const *hit = tfind(key, &r->now.deployments, deployment_order);
	if (hit)
		*out = (struct deployment){.state = (*hit)->state,
					   .tenant = mem_strdup(m, (*hit)->tenant)};
	pthread_rwlock_unlock(&r->lock);
	return hit != NULL;
}

/* Unless something has changed since it was asked for. */
static void deployment_remember(struct registry *r, unsigned changes,
				const struct known_deployment *d)
{
	pthread_rwlock_wrlock(&r->lock);
	struct snapshot *s = &r->now;
	if (atomic_load(&r->changes) == changes && s->deployments_n < DEPLOYMENTS_KEPT &&
	    !tfind(d, &s->deployments, deployment_order)) {
		struct known_deployment *k = mem_new_of(s->m, struct known_deployment);
		*k = (struct known_deployment){mem_strdup(s->m, d->registration),
					       mem_strdup(s->m, d->id), d->state,
					       mem_strdup(s->m, d->tenant)};
		if (!tsearch(k, &s->deployments, deployment_order))
			BUG("out of memory");
		s->deployments_n++;
	}
	pthread_rwlock_unlock(&r->lock);
}

static bool deployment_find(struct registry *r, struct mem *m, struct db *db,
			    const char *registration, const char *id, struct deployment *out,
			    struct err *e)
{
	struct known_deployment d = {.registration = registration, .id = id};
	unsigned changes = atomic_load(&r->changes);

	if (deployment_known(r, m, &d, out))
		return true;
	if (!r->source->deployment(m, db, registration, id, out, e))
		return false;
	d.state = out->state;
	d.tenant = out->tenant;
	/* An unknown one is not remembered: this launch may be about to make it known. */
	if (d.state != DEPLOYMENT_UNKNOWN)
		deployment_remember(r, changes, &d);
	return true;
}

bool registry_deployment(struct registry *r, struct mem *m, struct db *db, const char *registration,
			 const char *deployment, struct deployment *out, struct err *e)
{
	struct deployment d = {0};

	if (!make_ready(r, db, e) || !deployment_find(r, m, db, registration, deployment, &d, e) ||
	    !registry_rules(r, m, db, d.tenant, registration, &d.rules, e))
		return false;
	*out = d;
	return true;
}

static const char *put(char **at, const char *text)
{
	char *start = *at;

	*at = stpcpy(start, str_or(text, "")) + 1;
	return start;
}

static size_t room(const char *text)
{
	return strlen(str_or(text, "")) + 1;
}

/* One piece of memory, held once. */
static struct known_rules *rules_new(const char *tenant, const char *registration,
				     const struct lti_rules *from)
{
	size_t size = sizeof(struct known_rules) + from->n * sizeof *from->at + strlen(tenant) +
		      strlen(registration) + 2;

	for (size_t i = 0; i < from->n; i++)
		size += room(from->at[i].id) + room(from->at[i].name) + room(from->at[i].value) +
			room(from->at[i].becomes);
	struct known_rules *k = calloc(1, size);
	if (!k)
		BUG("out of memory");
	struct lti_rule *rules = (struct lti_rule *)(k + 1);
	char *at = (char *)(rules + from->n);
	for (size_t i = 0; i < from->n; i++)
		rules[i] = (struct lti_rule){.id = put(&at, from->at[i].id),
					     .kind = from->at[i].kind,
					     .name = put(&at, from->at[i].name),
					     .value = put(&at, from->at[i].value),
					     .becomes = put(&at, from->at[i].becomes)};
	k->tenant = put(&at, tenant);
	k->registration = put(&at, registration);
	k->rules = (struct lti_rules){rules, from->n};
	atomic_store(&k->holders, 1);
	return k;
}

/* Held for the arena, whatever becomes of the snapshot. */
static void rules_hold(struct mem *m, struct known_rules *k, struct lti_rules *out)
{
	atomic_fetch_add(&k->holders, 1);
	mem_defer(m, rules_release, k);
	*out = k->rules;
}

static bool rules_known(struct registry *r, struct mem *m, const struct known_rules *key,
			struct lti_rules *out)
{
	pthread_rwlock_rdlock(&r->lock);
	struct known_rules *const *hit = tfind(key, &r->now.rules, rules_order);
	if (hit)
		rules_hold(m, *hit, out);
	pthread_rwlock_unlock(&r->lock);
	return hit != NULL;
}

static void rules_remember(struct registry *r, unsigned changes, struct known_rules *k)
{
	pthread_rwlock_wrlock(&r->lock);
	struct snapshot *s = &r->now;
	if (atomic_load(&r->changes) == changes && s->rules_n < RULES_KEPT &&
	    !tfind(k, &s->rules, rules_order)) {
		if (!tsearch(k, &s->rules, rules_order))
			BUG("out of memory");
		s->rules_n++;
		atomic_fetch_add(&k->holders, 1);
	}
	pthread_rwlock_unlock(&r->lock);
}

bool registry_rules(struct registry *r, struct mem *m, struct db *db, const char *tenant,
		    const char *registration, struct lti_rules *out, struct err *e)
{
	const struct known_rules key = {.tenant = tenant, .registration = registration};
	unsigned changes = atomic_load(&r->changes);
	struct lti_rules found = {0};

	*out = found;
	if (!tenant)
		return true;
	if (!make_ready(r, db, e))
		return false;
	if (rules_known(r, m, &key, out))
		return true;
	if (!r->source->rules(m, db, tenant, registration, &found, e))
		return false;
	struct known_rules *k = rules_new(tenant, registration, &found);
	rules_remember(r, changes, k);
	rules_hold(m, k, out);
	rules_release(k);
	return true;
}

bool registry_pending(struct registry *r, struct mem *m, struct db *db, const char *registration,
		      const char *deployment, const char *platform_name, const char *platform_guid,
		      const char **code, struct err *e)
{
	return r->source->pending(m, db, registration, deployment, platform_name, platform_guid,
				  code, e);
}

bool registry_origins(struct registry *r, struct mem *m, struct db *db, const char **out,
		      struct err *e)
{
	if (!make_ready(r, db, e))
		return false;
	pthread_rwlock_rdlock(&r->lock);
	*out = mem_strdup(m, r->now.origins);
	pthread_rwlock_unlock(&r->lock);
	return true;
}
