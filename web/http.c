#include "web/http.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include <string.h>
#include <strings.h>

const char *request_header(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->headers_n; i++)
		if (!strcasecmp(r->headers[i].name, name))
			return r->headers[i].value;
	return NULL;
}

void response_header(struct response *r, const char *name, const char *value)
{
	if (r->headers_n == SET_MAX)
		BUG("too many headers");
	if (strpbrk(value, "\r\n"))
		BUG("line break in header %s", name);
	r->headers[r->headers_n++] = (struct pair){ name, value };
}

void response_text(struct response *r, int status, const char *type, const char *body)
{
	r->status = status;
	r->type = type;
	r->body = body;
	r->body_n = strlen(body);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool decode(struct mem *m, const char *s, size_t n, bool plus_is_space, const char **out)
{
	char *text = mem_alloc(m, n + 1), *t = text;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			bool whole = n - i > 2;
			int high = whole ? hex_value(s[i + 1]) : -1;
			int low = whole ? hex_value(s[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			*t++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*t++ = plus_is_space && s[i] == '+' ? ' ' : s[i];
		}
	}
	*out = text;
	return str_is_text(text, (size_t)(t - text));
}

bool path_decode(struct mem *m, const char *raw, const char **out)
{
	return decode(m, raw, strlen(raw), false, out) && !strpbrk(*out, "\r\n\t") && **out == '/';
}

bool fields_parse(struct mem *m, const char *text, size_t n, struct fields *f, struct err *e)
{
	const char *end = text + n;

	while (text < end) {
		const char *stop = memchr(text, '&', (size_t)(end - text));
		stop = stop ? stop : end;
		if (stop == text) {
			text = stop + 1;
			continue;
		}
		const char *equals = memchr(text, '=', (size_t)(stop - text));
		const char *name_end = equals ? equals : stop;
		struct pair p = { NULL, "" };
		if (f->n == FIELDS_MAX)
			return err_set(e, ERR_INVALID, "more than %d form fields", FIELDS_MAX);
		if (!decode(m, text, (size_t)(name_end - text), true, &p.name) ||
		    (equals && !decode(m, equals + 1, (size_t)(stop - equals - 1), true, &p.value)))
			return err_set(e, ERR_INVALID, "form field is not percent-encoded UTF-8");
		f->at[f->n++] = p;
		text = stop + 1;
	}
	return true;
}

const char *fields_get(const struct fields *f, const char *name, bool *repeated)
{
	const char *found = NULL;
	int times = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->at[i].name, name))
			continue;
		found = times++ ? found : f->at[i].value;
	}
	*repeated = times > 1;
	return found;
}

void cookies_parse(struct mem *m, const char *header, struct cookies *out)
{
	out->n = 0;
	for (const char *s = header; s && *s && out->n < COOKIES_MAX;) {
		s += strspn(s, "; \t");
		size_t n = strcspn(s, ";");
		const char *equals = memchr(s, '=', n);
		if (equals) {
			size_t name_n = (size_t)(equals - s);
			size_t value_n = n - name_n - 1;
			while (value_n && (equals[value_n] == ' ' || equals[value_n] == '\t'))
				value_n--;
			out->at[out->n++] = (struct pair){ mem_strndup(m, s, name_n),
							   mem_strndup(m, equals + 1, value_n) };
		}
		s += n;
	}
}

const char *cookies_get(const struct cookies *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->at[i].name, name))
			return c->at[i].value;
	return NULL;
}

void response_cookie(struct response *r, struct mem *m, const char *name, const char *value, int seconds)
{
	const char *age = seconds < 0 ? "" : mem_printf(m, "; Max-Age=%d", seconds);

	response_header(r, "Set-Cookie",
			mem_printf(m, "%s=%s; Path=/; Secure; HttpOnly; SameSite=None; Partitioned%s",
				   name, value, age));
}

const char *request_language(const struct request *r)
{
	const char *accepted = request_header(r, "Accept-Language");

	/* Browsers list by preference, so the order is enough. */
	for (const char *s = accepted; s && *s;) {
		s += strspn(s, ", \t");
		size_t n = strcspn(s, ",;");
		char tag[16];
		if (n && n < sizeof tag) {
			memcpy(tag, s, n);
			tag[n] = '\0';
			const char *language = i18n_language(tag);
			if (language)
				return language;
		}
		s += strcspn(s, ",");
	}
	return "en";
}
