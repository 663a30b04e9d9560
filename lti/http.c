/* http.c - the one HTTP client for everything we ask of platforms (R129-R133).
 *
 * https to public addresses only, except for what the allow list names; no
 * redirects, no proxies of the environment, one short limit for the whole call
 * and one for the body. Handles are kept for their connections. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CONNECT_MS = 3000, HANDLES_KEPT = 8, LINK_HEADER_MAX = 8 << 10 };

struct http_pool {
	char *user_agent, *allow;
	pthread_mutex_t lock;
	CURL *idle[HANDLES_KEPT];
	size_t idle_n;
};

/* One call under way. */
struct call {
	struct mem *m;
	struct buf body;
	size_t body_max;
	bool too_large, any_address, refused_address;
	struct http_response *res;
};

static void library_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("libcurl does not start");
}

struct http_pool *http_pool_new(const char *user_agent, const char *allow)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http_pool *pool = calloc(1, sizeof *pool);

	pthread_once(&once, library_init);
	if (!pool || !(pool->user_agent = strdup(user_agent)) || !(pool->allow = strdup(allow)))
		BUG("out of memory");
	pthread_mutex_init(&pool->lock, NULL);
	return pool;
}

void http_pool_free(struct http_pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < pool->idle_n; i++)
		curl_easy_cleanup(pool->idle[i]);
	pthread_mutex_destroy(&pool->lock);
	free(pool->user_agent);
	free(pool->allow);
	free(pool);
}

static CURL *handle_take(struct http_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	CURL *h = pool->idle_n ? pool->idle[--pool->idle_n] : NULL;
	pthread_mutex_unlock(&pool->lock);
	if (!h && !(h = curl_easy_init()))
		BUG("out of memory");
	return h;
}

static void handle_give(struct http_pool *pool, CURL *h)
{
	curl_easy_reset(h); /* keeps the connections, forgets the request */
	pthread_mutex_lock(&pool->lock);
	if (pool->idle_n < HANDLES_KEPT) {
		pool->idle[pool->idle_n++] = h;
		h = NULL;
	}
	pthread_mutex_unlock(&pool->lock);
	curl_easy_cleanup(h);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *self)
{
	struct call *c = self;

	if (n * size > c->body_max - c->body.n) {
		c->too_large = true;
		return 0; /* ends the transfer */
	}
	buf_addn(&c->body, bytes, n * size);
	return n * size;
}

/* Is this header line called `name`? Then its trimmed value, in the arena. Names
 * come in any case, lower with HTTP/2 (R130). */
static const char *header_value(struct mem *m, const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);

	if (n <= len || line[len] != ':' || strncasecmp(line, name, len) != 0)
		return NULL;
	return str_trim(m, mem_strndup(m, line + len + 1, n - len - 1));
}

/* max-age of Cache-Control, or -1. no-store and no-cache count as 0. */
static int64_t max_age_of(struct mem *m, const char *value)
{
	int64_t seconds = -1;

	for (const char *p = value; *p;) {
		size_t n = strcspn(p, ",");
		const char *word = str_trim(m, mem_strndup(m, p, n));
		if (strcasecmp(word, "no-store") == 0 || strcasecmp(word, "no-cache") == 0)
			return 0;
		if (strncasecmp(word, "max-age=", 8) == 0 &&
		    !int_parse(word + 8, 0, INT32_MAX, &seconds))
			seconds = -1;
		p += n + (p[n] == ',');
	}
	return seconds;
}

/* RFC 9110 10.2.3: seconds, or a date; -1 for what is neither. */
static int64_t retry_after_of(const char *value)
{
	int64_t seconds;

	if (int_parse(value, 0, INT32_MAX, &seconds))
		return seconds;
	time_t date = curl_getdate(value, NULL);
	if (date < 0)
		return -1;
	return date > now_s() ? date - now_s() : 0;
}

static int64_t date_ms_of(const char *value)
{
	time_t date = curl_getdate(value, NULL);

	return date < 0 ? -1 : (int64_t)date * 1000;
}

static size_t on_header(char *line, size_t size, size_t n, void *self)
{
	struct call *c = self;
	const char *value;

	n *= size;
	if (n > LINK_HEADER_MAX)
		return n;
	if ((value = header_value(c->m, line, n, "Link"))) {
		if (c->res->links_n < HTTP_LINKS_MAX)
			c->res->links[c->res->links_n++] = value;
	} else if ((value = header_value(c->m, line, n, "Cache-Control"))) {
		c->res->max_age = max_age_of(c->m, value);
	} else if ((value = header_value(c->m, line, n, "Retry-After"))) {
		c->res->retry_after_s = retry_after_of(value);
	} else if ((value = header_value(c->m, line, n, "Date"))) {
		c->res->date_ms = date_ms_of(value);
	}
	return n;
}

static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct call *c = self;

	if (purpose != CURLSOCKTYPE_IPCXN || (!c->any_address && !address_is_public(&a->addr))) {
		c->refused_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static struct curl_slist *headers_of(struct mem *m, const struct http_request *req)
{
	struct curl_slist *list = NULL;

	if (req->accept)
		list = curl_slist_append(list, mem_printf(m, "Accept: %s", req->accept));
	if (req->bearer) /* "bearer" in lower case is refused by Moodle */
		list = curl_slist_append(list,
					 mem_printf(m, "Authorization: Bearer %s", req->bearer));
	if (req->form)
		list = curl_slist_append(list, "Content-Type: application/x-www-form-urlencoded");
	else if (req->json)
		list = curl_slist_append(list, "Content-Type: application/json");
	return list;
}

static void method_prepare(CURL *h, const struct http_request *req)
{
	const char *body = req->form ? req->form : req->json;

	if (body) { /* not copied: the request outlives the call */
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	}
	if (req->method && !(body && str_eq(req->method, "POST")) &&
	    !(!body && str_eq(req->method, "GET")))
		curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, req->method);
}

/* A connection and a handshake of its own: what is kept from before tells nothing. */
static void inspect_prepare(CURL *h)
{
	curl_easy_setopt(h, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

static void handle_prepare(CURL *h, const struct http_pool *pool, const struct http_request *req,
			   struct call *c, struct curl_slist *headers)
{
	curl_easy_setopt(h, CURLOPT_URL, req->url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, c->any_address ? "http,https" : "https");
	curl_easy_setopt(h, CURLOPT_USERAGENT, pool->user_agent);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	method_prepare(h, req);
	if (req->inspect)
		inspect_prepare(h);
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)req->total_ms);
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, c);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
}

/* The first certificate is the server's own. */
static long tls_days_left(CURL *h)
{
	static const char field[] = "Expire date:";
	struct curl_certinfo *info = NULL;

	if (curl_easy_getinfo(h, CURLINFO_CERTINFO, &info) != CURLE_OK || !info ||
	    info->num_of_certs < 1)
		return -1;
	for (const struct curl_slist *s = info->certinfo[0]; s; s = s->next)
		if (str_starts(s->data, field)) {
			time_t end = curl_getdate(s->data + sizeof field - 1, NULL);
			return end < 0 ? -1 : (long)((end - now_s()) / 86400);
		}
	return -1;
}

static void told_by_curl(CURL *h, struct mem *m, const struct http_request *req,
			 struct http_response *res)
{
	curl_off_t connect_us = 0, tls_us = 0, took_us = 0;
	char *address = NULL;

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &res->status);
	curl_easy_getinfo(h, CURLINFO_PRIMARY_IP, &address);
	curl_easy_getinfo(h, CURLINFO_CONNECT_TIME_T, &connect_us);
	curl_easy_getinfo(h, CURLINFO_APPCONNECT_TIME_T, &tls_us);
	curl_easy_getinfo(h, CURLINFO_TOTAL_TIME_T, &took_us);
	res->took_us = took_us;
	res->address = mem_strdup(m, str_or(address, ""));
	res->connect_ms = connect_us / 1000;
	res->tls_ms = tls_us / 1000;
	res->tls_days_left = req->inspect ? tls_days_left(h) : -1;
}

/* A word for tests of a registration (check.c); callers have reasons of their own. */
static const char *failure_word(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "http_host";
	case CURLE_OPERATION_TIMEDOUT:
		return "http_slow";
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return "http_tls";
	default:
		return "http_connect";
	}
}

/* Never the address asked: its query may hold what nobody else should know. */
static bool failure(const struct call *c, CURLcode code, struct err *e)
{
	if (c->too_large)
		return err_reason(e, ERR_PEER, "http_large",
				  "the answer is larger than %zu bytes", c->body_max);
	if (c->refused_address)
		return err_reason(e, ERR_PEER, "http_private", "the address is not a public one");
	return err_reason(e, ERR_PEER, failure_word(code), "no answer: %s",
			  curl_easy_strerror(code));
}

bool http_pool_fetch(void *self, struct mem *m, const struct http_request *req,
		     struct http_response *out, struct err *e)
{
	struct http_pool *pool = self;
	struct http_response res = {.max_age = -1, .retry_after_s = -1, .date_ms = -1};
	struct call c = {.m = m, .body_max = req->body_max, .res = &res};

	if (!url_is_fetchable(pool->allow, req->url))
		return err_set(e, ERR_PEER, "only https without a port of its own may be fetched");
	c.any_address = url_is_allow_listed(pool->allow, req->url);
	buf_init(&c.body, m);
	CURL *h = handle_take(pool);
	struct curl_slist *headers = headers_of(m, req);
	handle_prepare(h, pool, req, &c, headers);
	CURLcode code = curl_easy_perform(h);
	told_by_curl(h, m, req, &res);
	curl_slist_free_all(headers);
	handle_give(pool, h);
	if (code != CURLE_OK)
		return failure(&c, code, e);
	res.body = c.body.p;
	res.n = c.body.n;
	*out = res;
	return true;
}
