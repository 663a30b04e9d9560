/* link.c - the Link header (RFC 8288), as platforms really write it: several
 * headers, several links in one, any case, and from Moodle HTML-escaped addresses
 * and typographic quotes (moodle.md 10). */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>
#include <strings.h>

enum { HEADER_MAX = 8 << 10 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_spaces(const char *p)
{
	while (is_space(*p))
		p++;
	return p;
}

/* Quotation marks: straight, curly (in UTF-8) or HTML-escaped. One ends with another of
 * its kind. */
static const struct quote {
	const char *mark;
	int kind;
} quotes[] = {
	{"\"", 1},           {"'", 2},
	{"\xe2\x80\x9c", 3}, {"\xe2\x80\x9d", 3},
	{"\xe2\x80\x98", 4}, {"\xe2\x80\x99", 4},
	{"&quot;", 5},
};

/* The length of one at p, 0 for none; of the kind, or of any where that is 0. */
static size_t quote_len(const char *p, int *kind)
{
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
		if ((!*kind || *kind == quotes[i].kind) && str_starts(p, quotes[i].mark)) {
			*kind = quotes[i].kind;
			return strlen(quotes[i].mark);
		}
	return 0;
}

/* One parameter after a link: ;name=value. Value without its quotes. */
struct param {
	const char *name, *value;
	size_t name_n, value_n;
};

/* Steps over one parameter; p stands after the semicolon. */
static const char *read_param(const char *p, struct param *out)
{
	*out = (struct param){.name = p = skip_spaces(p)};
	p += strcspn(p, "=;, \t");
	out->name_n = (size_t)(p - out->name);
	p = skip_spaces(p);
	if (*p != '=')
		return p;
	p = skip_spaces(p + 1);
	int kind = 0;
	size_t quote = quote_len(p, &kind);
	p += quote;
	out->value = p;
	while (*p && (quote ? !quote_len(p, &kind) : *p != ';' && *p != ',' && !is_space(*p)))
		p += quote && *p == '\\' && p[1] ? 2 : 1;
	out->value_n = (size_t)(p - out->value);
	return *p && quote ? p + quote_len(p, &kind) : p;
}

/* rel holds space separated words (RFC 8288 3.3). */
static bool says(const struct param *p, const char *rel)
{
	if (p->name_n != 3 || strncasecmp(p->name, "rel", 3) != 0)
		return false;
	for (size_t i = 0; i < p->value_n;) {
		size_t n = 0;
		while (i + n < p->value_n && !is_space(p->value[i + n]))
			n++;
		if (n == strlen(rel) && strncasecmp(p->value + i, rel, n) == 0)
			return true;
		i += n + 1;
	}
	return false;
}

/* Moodle writes & as &amp; in some of these headers. */
static const char *unescape_ampersands(struct mem *m, const char *s, size_t n)
{
	struct buf b;

	buf_init(&b, m);
	for (size_t i = 0; i < n; i++) {
		buf_addn(&b, s + i, 1);
		if (n - i >= 5 && memcmp(s + i, "&amp;", 5) == 0)
			i += 4;
	}
	return b.p;
}

static const char *target_of(struct mem *m, const char *p, const char *rel)
{
	while ((p = strchr(p, '<'))) {
		const char *url = p + 1, *end = strchr(url, '>');
		bool found = false;
		if (!end)
			return NULL;
		for (p = skip_spaces(end + 1); *p == ';'; p = skip_spaces(p)) {
			struct param param;
			p = read_param(p + 1, &param);
			found |= says(&param, rel);
		}
		if (found && end > url)
			return unescape_ampersands(m, url, (size_t)(end - url));
	}
	return NULL;
}

const char *link_find(struct mem *m, const char *const *headers, size_t n, const char *rel)
{
	const char *target = NULL;

	for (size_t i = 0; i < n && !target; i++)
		if (strlen(headers[i]) <= HEADER_MAX)
			target = target_of(m, headers[i], rel);
	return target;
}
