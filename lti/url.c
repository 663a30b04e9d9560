/* url.c - addresses from outside: which we may fetch, which are ours.
 *
 * Taking an URL apart is libcurl's work, so that what is checked here and what is
 * fetched later cannot be read in two ways. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

enum { URL_MAX = 2000 };

static bool printable(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~' || *s == '\\')
			return false;
	return true;
}

/* Two slashes and no third: libcurl and browsers take "https:/x" for a host too, others
 * for a path. */
static bool has_authority(const char *s)
{
	size_t scheme = strncasecmp(s, "https://", 8) == 0 ? 8
			: strncasecmp(s, "http://", 7) == 0 ? 7
							    : 0;

	return scheme && s[scheme] != '/';
}

struct place {
	CURLU *u;
	char *scheme, *host, *port, *user;
};

static void place_release(struct place *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
	curl_free(p->user);
	curl_url_cleanup(p->u);
}

static bool place_init(struct place *p, const char *url)
{
	*p = (struct place){.u = curl_url()};
	if (!p->u)
		BUG("out of memory");
	if (url && strlen(url) <= URL_MAX && printable(url) && has_authority(url) &&
	    curl_url_set(p->u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_SCHEME, &p->scheme, 0) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_HOST, &p->host, 0) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    (str_eq(p->scheme, "https") || str_eq(p->scheme, "http"))) {
		curl_url_get(p->u, CURLUPART_USER, &p->user, 0);
		return true;
	}
	place_release(p);
	return false;
}

/* Is host:port one of the space separated list? */
static bool on_list(const char *allow, const struct place *p)
{
	size_t host = strlen(p->host), port = strlen(p->port);

	for (const char *s = str_or(allow, ""); *s;) {
		size_t n = strcspn(s, " ");
		if (n == host + 1 + port && strncasecmp(s, p->host, host) == 0 && s[host] == ':' &&
		    memcmp(s + host + 1, p->port, port) == 0)
			return true;
		s += n + strspn(s + n, " ");
	}
	return false;
}

bool url_is_allow_listed(const char *allow, const char *url)
{
	struct place p;

	if (!place_init(&p, url))
		return false;
	bool ok = !p.user && on_list(allow, &p);
	place_release(&p);
	return ok;
}

bool url_is_fetchable(const char *allow, const char *url)
{
	struct place p;

	if (!place_init(&p, url))
		return false;
	bool ok = !p.user &&
		  ((str_eq(p.scheme, "https") && str_eq(p.port, "443")) || on_list(allow, &p));
	place_release(&p);
	return ok;
}

bool url_is_linkable(const char *allow, const char *url)
{
	struct place p;

	if (!place_init(&p, url))
		return false;
	bool ok = !p.user && (str_eq(p.scheme, "https") || on_list(allow, &p));
	place_release(&p);
	return ok;
}

const char *url_origin(struct mem *m, const char *url)
{
	struct place p;

	if (!place_init(&p, url))
		return NULL;
	bool usual = str_eq(p.port, str_eq(p.scheme, "https") ? "443" : "80");
	const char *origin = mem_printf(m, "%s://%s%s%s", p.scheme, p.host, usual ? "" : ":",
					usual ? "" : p.port);
	for (char *c = (char *)(uintptr_t)origin; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	place_release(&p);
	return origin;
}

bool url_same_origin(const char *a, const char *b)
{
	struct place pa, pb;

	if (!place_init(&pa, a))
		return false;
	if (!place_init(&pb, b)) {
		place_release(&pa);
		return false;
	}
	bool same = str_eq(pa.scheme, pb.scheme) && strcasecmp(pa.host, pb.host) == 0 &&
		    str_eq(pa.port, pb.port) && !pa.user && !pb.user;
	place_release(&pa);
	place_release(&pb);
	return same;
}

const char *url_resolve(struct mem *m, const char *base, const char *reference)
{
	const char *resolved = NULL;
	struct place p;
	char *text;

	if (!printable(reference) || !place_init(&p, base))
		return NULL;
	if (curl_url_set(p.u, CURLUPART_URL, reference, 0) == CURLUE_OK &&
	    curl_url_get(p.u, CURLUPART_URL, &text, 0) == CURLUE_OK) {
		resolved = mem_strdup(m, text);
		curl_free(text);
	}
	place_release(&p);
	return resolved;
}

/* A path that a browser, a proxy and we read alike: no empty and no dot segments,
 * spelled out or percent-encoded, and none of the addresses of the protocol. */
static bool path_is_plain(const char *path)
{
	static const char *const never[] = {"//",  "/.",  "/%2e", "/%2E", "%2f", "%2F", "%5c",
					    "%5C", "%00", "%0a",  "%0A",  "%0d", "%0D"};
	size_t n = strcspn(path, "?#");

	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		const char *at = strstr(path, never[i]);
		if (at && at < path + n)
			return false;
	}
	return !str_starts(path, "/lti/") && !str_starts(path, "/lti?") &&
	       strcmp(path, "/lti") != 0;
}

const char *url_target(struct mem *m, const char *base_url, const char *url)
{
	size_t n = strlen(base_url);

	if (str_empty(url) || strlen(url) > URL_MAX || !printable(url) ||
	    strncmp(url, base_url, n) != 0)
		return "/";
	const char *rest = url + n;
	if (*rest != '/' || !path_is_plain(rest))
		return "/";
	return mem_strdup(m, rest);
}

void words_add(struct buf *b, const char *word)
{
	const char *padded = mem_printf(b->m, " %s ", word);

	if (*word && !strstr(mem_printf(b->m, " %s ", b->p), padded))
		buf_addf(b, "%s%s", b->n ? " " : "", word);
}
