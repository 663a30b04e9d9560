/* token.c - access tokens for a platform's services (Security Framework 4.1,
 * R64-R70): a signed assertion in, a bearer token out, kept until shortly before
 * it expires. One thread asks for a token, the others wait for it. An endpoint that
 * asks for patience is left alone by all, so that a school with hundreds of courses
 * knocks once. */
#define _GNU_SOURCE /* tdestroy */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

enum {
	ASSERTION_SECONDS = 300,
	CLOCK_SLACK = 5, /* Moodle refuses an iat that is a second ahead of it */
	LIFE_UNSAID = 5 * 60,
	MARGIN = 60,
	LIFE_MAX = 24 * 3600,
	PAUSE_LIMITED = 10, /* after 429 without Retry-After */
	PAUSE_MAX = 6 * 3600,
	TOTAL_MS = 8000,
	BODY_MAX = 64 << 10,
	TOKEN_MAX = 8 << 10,
};

struct access_token {
	char *key;  /* registration and scope; of an endpoint: the registration */
	char *text; /* NULL: none */
	int64_t expires;
	int64_t not_before; /* of an endpoint: it asked to be left alone, or fails */
	bool is_fetching;
};

struct token_cache {
	pthread_mutex_t lock;
	pthread_cond_t fetched;
	void *tokens; /* tree by key; entries stay */
};

struct token_cache *token_cache_new(void)
{
	struct token_cache *c = calloc(1, sizeof *c);

	if (!c)
		BUG("out of memory");
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->fetched, NULL);
	return c;
}

static void access_token_free(void *p)
{
	struct access_token *t = p;

	free(t->key);
	free(t->text);
	free(t);
}

void token_cache_free(struct token_cache *c)
{
	if (!c)
		return;
	tdestroy(c->tokens, access_token_free);
	pthread_cond_destroy(&c->fetched);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static int key_order(const void *a, const void *b)
{
	const struct access_token *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* With the lock held. */
static struct access_token *find_or_make(struct token_cache *c, const char *key)
{
	const struct access_token wanted = {.key = (char *)(uintptr_t)key};
	struct access_token *const *hit = tfind(&wanted, &c->tokens, key_order);
	struct access_token *made;

	if (hit)
		return *hit;
	made = calloc(1, sizeof *made);
	if (!made || !(made->key = strdup(key)) || !tsearch(made, &c->tokens, key_order))
		BUG("out of memory");
	return made;
}

/* R66: what the platform expects, or else where the assertion goes. */
static const char *audience(const struct lti_registration *r)
{
	return str_or(r->set.token_audience, r->token_url);
}

/* R65: aud is ONE string, jti unique, no nbf. */
static bool assertion(struct mem *m, struct key_ring *ring, const struct lti_registration *r,
		      const char **out, struct err *e)
{
	int64_t iat = now_s() - CLOCK_SLACK;
	json_t *claims =
		js_own(m, json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "iss", r->client_id, "sub",
				    r->client_id, "aud", audience(r), "iat", (json_int_t)iat, "exp",
				    (json_int_t)(iat + ASSERTION_SECONDS), "jti", uuid_new(m)));

	return keys_sign(ring, m, claims, out, e);
}

static void add(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s%s=", b->n ? "&" : "", name);
	buf_url(b, value);
}

static bool form(struct mem *m, struct key_ring *ring, const struct lti_registration *r,
		 const char *scope, const char **out, struct err *e)
{
	const char *signed_claims;
	struct buf b;

	if (!assertion(m, ring, r, &signed_claims, e))
		return false;
	buf_init(&b, m);
	add(&b, "grant_type", "client_credentials");
	add(&b, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
	add(&b, "client_assertion", signed_claims);
	add(&b, "scope", scope);
	*out = b.p;
	return true;
}

/* A token is sent back in a header, so it is held to what RFC 6750 2.1 allows. */
static bool token_ok(const char *t)
{
	if (str_empty(t) || strlen(t) > TOKEN_MAX)
		return false;
	for (; *t; t++)
		if (*t <= ' ' || *t > '~')
			return false;
	return true;
}

/* ---- The answer ---- */

/* R69: status and error code, no more: bodies may be HTML of proxies, or JSON that is
 * none (moodle.md 6). "" where there is no such code. */
static const char *error_code(struct mem *m, const struct http_response *res)
{
	struct err ignored;
	const char *code;
	json_t *j;

	if (strstr(res->body, "\"invalid_scope\""))
		return "invalid_scope";
	if (!js_parse(m, res->body, res->n, BODY_MAX, &j, &ignored) || !(code = js_str(j, "error")))
		return "";
	return strlen(code) < 40 && code[strspn(code, "abcdefghijklmnopqrstuvwxyz_")] == '\0' ? code
											      : "";
}

/* How long to leave the endpoint alone after this answer; 0: not at all. */
static int64_t pause_after(const struct http_response *res)
{
	int64_t pause = res->retry_after_s;

	if (res->status != 429 && res->status < 500)
		return 0;
	if (pause < 0)
		pause = res->status == 429 ? PAUSE_LIMITED : 0;
	return pause > PAUSE_MAX ? PAUSE_MAX : pause;
}

static bool refused(struct mem *m, const struct http_response *res, struct err *e)
{
	const char *code = error_code(m, res);

	if (str_eq(code, "invalid_scope"))
		return err_reason(e, ERR_PEER, "token_scope",
				  "the platform does not grant the scope");
	if (res->status == 429 || res->status >= 500)
		return err_reason(e, ERR_PEER, "token_busy", "the token endpoint answered %ld",
				  res->status);
	return err_reason(e, ERR_PEER, "token_refused", "the token endpoint answered %ld%s%s%s",
			  res->status, *code ? " " : "", code,
			  res->status == 404 ? ": perhaps it cannot fetch our key set" : "");
}

/* Does the answer grant what was asked? Unsaid: yes (RFC 6749 5.1). */
static bool grants(const json_t *answer, const char *scope)
{
	const char *granted = js_str(answer, "scope");
	size_t n = strlen(scope);

	if (!granted)
		return true;
	for (const char *p = granted; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		if (len == n && memcmp(p, scope, n) == 0)
			return true;
		p += len;
	}
	return false;
}

/* A number, in quotes on some platforms. */
static int64_t life_of(const json_t *answer)
{
	int64_t life;
	const char *text = js_str(answer, "expires_in");

	if (!js_num(answer, "expires_in", &life) && !(text && int_parse(text, 0, LIFE_MAX, &life)))
		return LIFE_UNSAID;
	return (life > LIFE_MAX ? LIFE_MAX : life) - MARGIN;
}

/* The media type is not looked at: Moodle calls its answer HTML. */
static bool answer(struct mem *m, const struct http_response *res, const char *scope,
		   const char **token_out, int64_t *life_out, struct err *e)
{
	struct err why;
	json_t *j;

	if (res->status < 200 || res->status > 299)
		return refused(m, res, e);
	if (!js_parse(m, res->body, res->n, BODY_MAX, &j, &why) ||
	    !token_ok(js_str(j, "access_token")))
		return err_reason(e, ERR_PEER, "token_refused", "the answer holds no access token");
	if (!grants(j, scope))
		return err_reason(e, ERR_PEER, "token_scope", "the platform left the scope out");
	*token_out = js_str(j, "access_token");
	*life_out = life_of(j);
	return true;
}

static bool fetch(struct lti *l, struct mem *m, struct key_ring *ring,
		  const struct lti_registration *r, const char *scope, const char **token_out,
		  int64_t *life_out, int64_t *pause_out, struct err *e)
{
	struct http_request req = {.url = r->token_url,
				   .accept = "application/json",
				   .body_max = BODY_MAX,
				   .total_ms = TOTAL_MS};
	struct http_response res;

	if (!form(m, ring, r, scope, &req.form, e))
		return false;
	if (!l->http.fetch(l->http.self, m, &req, &res, e)) {
		e->reason = "platform_unreachable";
		sight(l, r->id, LTI_SERVICE_TOKEN, NULL, e);
		return err_under(e, "token");
	}
	*pause_out = pause_after(&res);
	bool ok = answer(m, &res, scope, token_out, life_out, e);
	sight(l, r->id, LTI_SERVICE_TOKEN, &res, ok ? NULL : e);
	return ok;
}

/* ---- The cache ---- */

/* With the lock held. */
static void keep(struct access_token *t, const char *text, int64_t life)
{
	free(t->text);
	t->text = NULL;
	if (text && !(t->text = strdup(text)))
		BUG("out of memory");
	t->expires = now_s() + life;
}

/* With the lock held, which is let go while asking. */
static bool renew(struct lti *l, struct mem *m, struct key_ring *ring,
		  const struct lti_registration *r, const char *scope, struct access_token *t,
		  const char **out, struct err *e)
{
	struct token_cache *c = l->tokens;
	struct access_token *endpoint = find_or_make(c, r->id);
	int64_t life = 0, pause = 0, wait = endpoint->not_before - now_s();

	if (wait > 0)
		return err_reason(e, ERR_PEER, "token_busy",
				  "the token endpoint is to be left alone for %d s", (int)wait);
	t->is_fetching = true;
	pthread_mutex_unlock(&c->lock);
	bool ok = fetch(l, m, ring, r, scope, out, &life, &pause, e);
	pthread_mutex_lock(&c->lock);
	keep(t, ok ? *out : NULL, life);
	endpoint->not_before = pause ? now_s() + pause : 0;
	t->is_fetching = false;
	pthread_cond_broadcast(&c->fetched);
	return ok;
}

bool token_get(struct lti *l, struct mem *m, struct key_ring *ring,
	       const struct lti_registration *r, const char *scope, const char *rejected,
	       const char **out, struct err *e)
{
	struct token_cache *c = l->tokens;
	const char *text = NULL;
	bool ok = true;

	pthread_mutex_lock(&c->lock);
	struct access_token *t = find_or_make(c, mem_printf(m, "%s %s", r->id, scope));
	while (t->is_fetching)
		pthread_cond_wait(&c->fetched, &c->lock);
	if (t->text && now_s() < t->expires && !str_eq(t->text, rejected))
		text = mem_strdup(m, t->text);
	else
		ok = renew(l, m, ring, r, scope, t, &text, e);
	pthread_mutex_unlock(&c->lock);
	if (ok)
		*out = text;
	return ok;
}

int64_t token_wait_s(struct lti *l, const struct lti_registration *r)
{
	struct token_cache *c = l->tokens;

	pthread_mutex_lock(&c->lock);
	int64_t wait = find_or_make(c, r->id)->not_before - now_s();
	pthread_mutex_unlock(&c->lock);
	return wait > 0 ? wait : 0;
}
