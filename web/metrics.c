#include "web/metrics.h"
#include "base/str.h"
#include "base/sys.h"
#include "web/web_internal.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS_MAX = 96, FAMILIES_MAX = 32 };

/* Upper ends of what is told apart, in microseconds and as seconds. */
static const struct bucket {
	int64_t us;
	const char *le;
} buckets[] = {
	{ 1000, "0.001" },   { 2500, "0.0025" },   { 5000, "0.005" },	{ 10000, "0.01" },
	{ 25000, "0.025" },  { 50000, "0.05" },	   { 100000, "0.1" },	{ 250000, "0.25" },
	{ 500000, "0.5" },   { 1000000, "1" },	   { 2500000, "2.5" },	{ 5000000, "5" },
	{ 10000000, "10" },
};
#define BUCKETS (sizeof buckets / sizeof *buckets)

static const char *const statuses[] = { "1xx", "2xx", "3xx", "4xx", "5xx" };
#define STATUSES (sizeof statuses / sizeof *statuses)

static const char *const services[] = {
	[LTI_SERVICE_KEYS] = "keys", [LTI_SERVICE_TOKEN] = "token", [LTI_SERVICE_ROSTER] = "roster"
};
#define SERVICES (sizeof services / sizeof *services)

typedef _Atomic uint64_t counter;

/* One line: its labels, written once, and its number. */
struct series {
	char labels[LABELS_MAX];
	counter n;
};

struct histogram {
	char labels[LABELS_MAX];
	counter in[BUCKETS + 1]; /* each value in one of them; the last: longer than all */
	counter sum_us;
};

/* What is counted, and what is timed. */
enum counted { REQUESTS, LAUNCHES, BY_BROWSER, BY_PROFILE, BY_RUNG, CALLS, COUNTED };
enum timed { REQUEST_SECONDS, CALL_SECONDS, TIMED = CALL_SECONDS + SERVICES };

struct metrics {
	const char *version;
	int64_t since_ms;
	const char *families[FAMILIES_MAX]; /* of browsers */
	size_t families_n;
	const struct lti_profile *profiles;
	size_t profiles_n;
	struct series *series; /* those of a counter stand together */
	size_t series_n;
	size_t first[COUNTED + 1];
	struct histogram timed[TIMED];
};

/* ---- Making ---- */

static PRINTF(2, 3) void line(struct metrics *x, const char *labels, ...)
{
	va_list list;

	if (x->series_n % 64 == 0)
		x->series = realloc(x->series, (x->series_n + 64) * sizeof *x->series);
	if (!x->series)
		BUG("out of memory");
	struct series *s = &x->series[x->series_n++];
	va_start(list, labels);
	vsnprintf(s->labels, sizeof s->labels, labels, list);
	va_end(list);
	atomic_init(&s->n, 0);
}

/* Taken in, then refused: metrics_launch() counts in this order. */
static void both(struct metrics *x, const char *label, const char *value)
{
	line(x, "%s=\"%s\",result=\"accepted\"", label, value);
	line(x, "%s=\"%s\",result=\"refused\"", label, value);
}

static void make(struct metrics *x, enum counted what)
{
	switch (what) {
	case REQUESTS:
		for (size_t i = 0; i < STATUSES; i++)
			line(x, "status=\"%s\"", statuses[i]);
		return;
	case LAUNCHES:
		line(x, "result=\"accepted\",reason=\"\"");
		for (const struct lti_reason *r = lti_reasons; r->word; r++)
			line(x, "result=\"refused\",reason=\"%s\"", r->word);
		return;
	case BY_BROWSER:
		for (size_t i = 0; i < x->families_n; i++)
			both(x, "browser", x->families[i]);
		return;
	case BY_PROFILE:
		for (size_t i = 0; i < x->profiles_n; i++)
			both(x, "profile", x->profiles[i].name);
		both(x, "profile", "unknown");
		return;
	case BY_RUNG:
		for (int i = 0; i < LTI_RUNGS; i++)
			line(x, "rung=\"%s\"", lti_rung_name((enum lti_rung)i));
		return;
	case CALLS:
		for (size_t i = 0; i < SERVICES; i++) {
			line(x, "service=\"%s\",result=\"ok\"", services[i]);
			line(x, "service=\"%s\",result=\"failed\"", services[i]);
		}
		return;
	case COUNTED:
		return;
	}
}

struct metrics *metrics_new(const char *version)
{
	struct metrics *x = calloc(1, sizeof *x);

	if (!x)
		BUG("out of memory");
	x->version = version;
	x->since_ms = now_ms();
	x->families_n = browser_families(x->families, FAMILIES_MAX);
	x->profiles = lti_profile_list(&x->profiles_n);
	for (int what = 0; what < COUNTED; what++) {
		x->first[what] = x->series_n;
		make(x, (enum counted)what);
	}
	x->first[COUNTED] = x->series_n;
	for (size_t i = 0; i < SERVICES; i++)
		snprintf(x->timed[CALL_SECONDS + i].labels, LABELS_MAX, "service=\"%s\"", services[i]);
	return x;
}

void metrics_free(struct metrics *x)
{
	if (!x)
		return;
	free(x->series);
	free(x);
}

/* ---- Counting ---- */

static void add(counter *c, uint64_t n)
{
	atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static void count(struct metrics *x, enum counted what, size_t which)
{
	add(&x->series[x->first[what] + which].n, 1);
}

static void take_time(struct histogram *h, int64_t us)
{
	size_t i = 0;

	us = us < 0 ? 0 : us;
	while (i < BUCKETS && us > buckets[i].us)
		i++;
	add(&h->in[i], 1);
	add(&h->sum_us, (uint64_t)us);
}

void metrics_request(struct metrics *x, int status, int64_t us)
{
	int hundreds = status / 100;

	if (!x || hundreds < 1 || hundreds > (int)STATUSES)
		return;
	count(x, REQUESTS, (size_t)hundreds - 1);
	take_time(&x->timed[REQUEST_SECONDS], us);
}

/* "chrome-131" is of the family "chrome"; "canvas-ios" is a family. */
static size_t family(const struct metrics *x, const char *browser)
{
	size_t i = 0;

	for (; browser && i < x->families_n; i++) {
		size_t n = strlen(x->families[i]);
		if (!strncmp(browser, x->families[i], n) &&
		    (!browser[n] || (browser[n] == '-' && browser[n + 1] >= '0' && browser[n + 1] <= '9')))
			return i;
	}
	return x->families_n - 1;
}

static size_t profile(const struct metrics *x, const char *name)
{
	return name ? (size_t)(lti_profile_find(name) - x->profiles) : x->profiles_n;
}

void metrics_launch(struct metrics *x, const struct metrics_launch *l)
{
	bool refused = l->reason;

	if (!x)
		return;
	count(x, LAUNCHES, refused ? 1 + (size_t)(lti_reason_find(l->reason) - lti_reasons) : 0);
	count(x, BY_BROWSER, 2 * family(x, l->browser) + refused);
	count(x, BY_PROFILE, 2 * profile(x, l->profile) + refused);
	if (!refused)
		count(x, BY_RUNG, (size_t)l->rung);
}

void metrics_sight(struct metrics *x, const struct lti_sight *s)
{
	if (!x)
		return;
	count(x, CALLS, 2 * (size_t)s->service + !!s->reason);
	if (s->took_us > 0)
		take_time(&x->timed[CALL_SECONDS + s->service], s->took_us);
}

/* ---- Writing ---- */

struct page {
	struct buf b;
	const struct metrics *of;
	const struct metrics_now *now;
};

static uint64_t value_of(const counter *c)
{
	return atomic_load_explicit(c, memory_order_relaxed);
}

static void write_counted(struct page *p, const char *name, int what)
{
	const struct metrics *x = p->of;

	for (size_t i = x->first[what]; i < x->first[what + 1]; i++)
		buf_addf(&p->b, "%s{%s} %" PRIu64 "\n", name, x->series[i].labels,
			 value_of(&x->series[i].n));
}

/* A bucket holds what the ones before it hold, too; the count is the last one's, so that
 * they agree while others count. */
static void write_histogram(struct page *p, const char *name, const struct histogram *h)
{
	const char *comma = *h->labels ? "," : "", *open = *h->labels ? "{" : "",
		   *close = *h->labels ? "}" : "";
	uint64_t n = 0, us = value_of(&h->sum_us);

	for (size_t i = 0; i <= BUCKETS; i++) {
		n += value_of(&h->in[i]);
		buf_addf(&p->b, "%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", name, h->labels, comma,
			 i < BUCKETS ? buckets[i].le : "+Inf", n);
	}
	buf_addf(&p->b, "%s_sum%s%s%s %" PRIu64 ".%06" PRIu64 "\n", name, open, h->labels, close,
		 us / 1000000, us % 1000000);
	buf_addf(&p->b, "%s_count%s%s%s %" PRIu64 "\n", name, open, h->labels, close, n);
}

static void write_requests(struct page *p, const char *name, int unused)
{
	write_histogram(p, name, &p->of->timed[REQUEST_SECONDS]);
}

static void write_calls(struct page *p, const char *name, int unused)
{
	for (size_t i = 0; i < SERVICES; i++)
		write_histogram(p, name, &p->of->timed[CALL_SECONDS + i]);
}

static void write_waiting(struct page *p, const char *name, int unused)
{
	buf_addf(&p->b, "%s %" PRId64 "\n", name, p->now->waiting);
}

static void write_lost(struct page *p, const char *name, int unused)
{
	buf_addf(&p->b, "%s %" PRIu64 "\n", name, p->now->lost);
}

static void write_since(struct page *p, const char *name, int unused)
{
	buf_addf(&p->b, "%s %" PRId64 ".%03d\n", name, p->of->since_ms / 1000,
		 (int)(p->of->since_ms % 1000));
}

static void write_version(struct page *p, const char *name, int unused)
{
	buf_addf(&p->b, "%s{version=\"%s\"} 1\n", name, p->of->version);
}

/* All that can be read. */
static const struct {
	const char *name, *type, *help;
	void (*write)(struct page *, const char *name, int what);
	int what;
} names[] = {
	{ "ilpd_requests_total", "counter", "Requests answered, by class of status.", write_counted,
	  REQUESTS },
	{ "ilpd_request_seconds", "histogram", "From the first byte of a request to its answer.",
	  write_requests, 0 },
	{ "ilpd_queue_waiting", "gauge", "Requests that wait for a worker.", write_waiting, 0 },
	{ "ilpd_launches_total", "counter", "Logins refused, and launches, by reason.", write_counted,
	  LAUNCHES },
	{ "ilpd_launches_by_browser_total", "counter", "The same by family of browser.", write_counted,
	  BY_BROWSER },
	{ "ilpd_launches_by_profile_total", "counter", "The same by product of the platform.",
	  write_counted, BY_PROFILE },
	{ "ilpd_launches_by_rung_total", "counter",
	  "Launches taken in, by how the browser was known.", write_counted, BY_RUNG },
	{ "ilpd_platform_calls_total", "counter", "What was asked of platforms.", write_counted,
	  CALLS },
	{ "ilpd_platform_call_seconds", "histogram", "How long platforms took, where they answered.",
	  write_calls, 0 },
	{ "ilpd_watch_lost_total", "counter", "Entries the launch log had no room for.", write_lost,
	  0 },
	{ "ilpd_build_info", "gauge", "The version that runs.", write_version, 0 },
	{ "process_start_time_seconds", "gauge", "When the process started, since 1970.", write_since,
	  0 },
};

const char *metrics_text(struct mem *m, const struct metrics *x, const struct metrics_now *now)
{
	struct page p = { .of = x, .now = now };

	buf_init(&p.b, m);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		buf_addf(&p.b, "# HELP %s %s\n# TYPE %s %s\n", names[i].name, names[i].help,
			 names[i].name, names[i].type);
		names[i].write(&p, names[i].name, names[i].what);
	}
	return p.b.p;
}
