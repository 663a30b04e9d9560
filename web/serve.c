#include "web/serve.h"
#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "ilp/scale.h"
#include "web/assets.h"
#include "web/errands.h"
#include "web/metrics.h"
#include "web/roster.h"
#include "web/scrape.h"
#include "web/server.h"
#include "web/watch.h"
#include "web/web_internal.h"
#include <curl/curl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define VERSION   "0.1"
#define LISTEN_MS 1000

/* Everything that runs, in the order it is started; stopped in the other. */
struct running {
	struct house house;
	struct server *server;
	struct scrape *scrape;
	struct roster_worker *rosters;
	pthread_t ears;
	bool has_ears;
	atomic_bool stopping;
};

/* ---- What is answered without a worker ---- */

static bool at_once(void *shared, const struct request *q, struct response *r)
{
	if (strcmp(q->method, "GET") && strcmp(q->method, "HEAD"))
		return false;
	if (!strcmp(q->path, "/healthz")) {
		r->route = "/healthz";
		response_header(r, "Cache-Control", "no-store");
		response_text(r, 200, "text/plain; charset=utf-8", "alive\n");
		return true;
	}
	if (!strcmp(q->path, "/api/scales")) {
		r->route = "/api/scales";
		response_header(r, "Cache-Control", "public, max-age=3600");
		response_header(r, "X-Content-Type-Options", "nosniff");
		response_text(r, 200, "application/json; charset=utf-8", scales_text);
		return true;
	}
	return asset_answer(q, r);
}

/* ---- Workers ---- */

static void *worker_start(void *shared)
{
	struct house *house = shared;
	struct worker *w = calloc(1, sizeof *w);

	if (!w)
		BUG("out of memory");
	w->house = house;
	w->db = db_new(house->config->database);
	return w;
}

static void worker_stop(void *state)
{
	struct worker *w = state;

	db_free(w->db);
	free(w);
}

/* ---- Ears: what other processes and launches tell us by NOTIFY ---- */

/* Seldom: a few times a year, or when a key was revoked. */
static void reload_keys(struct running *r)
{
	struct db *db = db_new(r->house.config->database);
	struct mem *m = mem_new();
	struct err e;

	if (!keys_reload(r->house.keys, m, db, &e))
		log_err(LOG_ERROR, "keys.reload", &e);
	mem_free(m);
	db_free(db);
}

static void hear(struct running *r, const char *channel)
{
	if (!strcmp(channel, "registration"))
		lti_changed(r->house.lti);
	else if (!strcmp(channel, "notice") && r->house.notify)
		notify_wake(r->house.notify);
	else if (!strcmp(channel, "roster") && r->rosters)
		roster_wake(r->rosters);
	else if (!strcmp(channel, "errand") && r->house.errands)
		errands_wake(r->house.errands);
	else if (!strcmp(channel, "keys"))
		reload_keys(r);
}

static void *listen_on(void *self)
{
	static const char *const channels[] = { "registration", "notice", "roster", "errand",
						"keys" };
	struct running *r = self;
	struct db_listener *l = db_listen_new(r->house.config->database, channels,
					      sizeof channels / sizeof *channels);
	bool deaf = false;

	while (!atomic_load(&r->stopping)) {
		char channel[64];
		struct err e;
		if (db_listen_wait(l, LISTEN_MS, channel, &e)) {
			/* Something may have been said while nobody listened. */
			for (size_t i = 0; deaf && i < sizeof channels / sizeof *channels; i++)
				hear(r, channels[i]);
			deaf = false;
			hear(r, channel);
			continue;
		}
		if (!deaf)
			log_err(LOG_WARN, "listen.lost", &e);
		deaf = true;
		nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
	}
	db_listen_free(l);
	return NULL;
}

/* ---- What is counted ---- */

static void answered(void *shared, int status, int64_t us)
{
	const struct house *house = shared;

	metrics_request(house->metrics, status, us);
}

static void seen(void *self, const struct lti_sight *sight)
{
	const struct house *house = self;

	watch_sight(house->watch, sight);
	metrics_sight(house->metrics, sight);
}

static void measure(void *self, struct metrics_now *now)
{
	struct running *r = self;

	now->waiting = r->server ? server_waiting(r->server) : 0;
	now->lost = watch_lost(r->house.watch);
}

/* ---- Start and stop ---- */

static bool open_house(struct running *r, const struct config *c, struct mem *m, struct err *e)
{
	struct db *db = db_new(c->database);
	struct house *h = &r->house;
	const char *agent = mem_printf(m, "ilpd/" VERSION " (+%s)", str_or(c->contact, c->base_url));
	struct lti_config lti = {
		.base_url = c->base_url,
		.user_agent = agent,
		.http_allow = c->http_allow,
		.seal_key = &c->kek,
		.seen = seen,
		.seen_self = h,
	};

	h->config = c;
	h->metrics = *c->metrics ? metrics_new(VERSION) : NULL;
	bool ok = db_check_version(db, e) && keys_open(&h->keys, m, db, &c->kek, e) &&
		  watch_start(&h->watch, c->database, e) && lti_open(&h->lti, &lti, e);
	db_free(db);
	return ok;
}

static bool start_background(struct running *r, const struct config *c, struct err *e)
{
	struct notify_config n = {
		.database = c->database,
		.base_url = c->base_url,
		.relay = c->mail_relay,
		.tls = c->mail_tls,
		.user = c->mail_user,
		.password = c->mail_password,
		.ca_file = c->mail_ca,
		.from = c->mail_from,
		.window_s = (int)c->mail_window,
		.batch = (int)c->mail_batch,
	};

	if (*c->mail_relay && !notify_start(&r->house.notify, &n, e))
		return false;
	return roster_start(&r->rosters, &r->house, e) && errands_start(&r->house.errands, &r->house, e);
}

static bool start_all(struct running *r, const struct config *c, bool with_http, struct err *e)
{
	struct server_config s = {
		.listen = c->listen,
		.workers = (int)c->workers,
		.queue = (int)c->queue,
		.shared = &r->house,
		.worker_start = worker_start,
		.worker_stop = worker_stop,
		.handle = dispatch,
		.at_once = at_once,
		.body_max = dispatch_body_max,
		.answered = answered,
	};
	struct scrape_config counters = {
		.listen = c->metrics,
		.metrics = r->house.metrics,
		.now = measure,
		.self = r,
	};

	if ((!with_http || str_eq(c->worker, "on")) && !start_background(r, c, e))
		return false;
	r->has_ears = !pthread_create(&r->ears, NULL, listen_on, r);
	if (!r->has_ears)
		return err_set(e, ERR_INTERNAL, "cannot start the listening thread");
	return (!with_http || server_start(&r->server, &s, e)) &&
	       (!r->house.metrics || scrape_start(&r->scrape, &counters, e));
}

/* Requests end first, then the work that they asked for. */
static void stop_all(struct running *r)
{
	scrape_stop(r->scrape);
	server_stop(r->server);
	atomic_store(&r->stopping, true);
	if (r->has_ears)
		pthread_join(r->ears, NULL);
	roster_stop(r->rosters);
	errands_stop(r->house.errands);
	notify_stop(r->house.notify);
	lti_close(r->house.lti);
	watch_stop(r->house.watch);
	keys_close(r->house.keys);
	metrics_free(r->house.metrics);
}

static void wait_for_signal(const sigset_t *signals)
{
	int which;

	sigwait(signals, &which);
	log_info("stopping", "signal=%d", which);
}

bool serve(const struct config *c, bool with_http, struct err *e)
{
	struct running *r = calloc(1, sizeof *r);
	struct mem *m = mem_new();
	sigset_t signals;
	int64_t since = ticks_ms();

	if (!r)
		BUG("out of memory");
	/* Threads started below inherit the mask, so that only sigwait sees these. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* Threads share two heaps instead of having one each: memory stays flat. */
	mallopt(M_ARENA_MAX, 2);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	i18n_init();

	bool ok = open_house(r, c, m, e) && start_all(r, c, with_http, e);
	if (ok) {
		log_info("ready", "listen=%s metrics=%s base_url=%s mail=%s ms=%d",
			 with_http ? c->listen : "-", str_or(c->metrics, "off"), c->base_url,
			 r->house.notify ? c->mail_relay : "off", (int)(ticks_ms() - since));
		wait_for_signal(&signals);
	}
	stop_all(r);
	i18n_done();
	curl_global_cleanup();
	mem_free(m);
	free(r);
	return ok;
}
