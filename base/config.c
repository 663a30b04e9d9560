#include "base/config.h"
#include "base/log.h"
#include "base/str.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, WORD, URL, ADDRESS };

/* One row is one setting: what the loader, the checker and the reference page know. */
static const struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *otherwise;
	const char *allowed; /* words for WORD, shown for the others */
	int64_t min, max;
	bool secret, required;
	const char *about;
} settings[] = {
#define AT(field) offsetof(struct config, field)
	{"listen", ADDRESS, AT(listen), "127.0.0.1:8180", "host:port", 0, 0, false, true,
	 "Where the tool listens. Keep it on loopback and put nginx in front."},
	{"metrics", ADDRESS, AT(metrics), "", "host:port, empty: off", 0, 0, false, false,
	 "Where counters can be read at /metrics, for Prometheus. Keep it on loopback."},
	{"base_url", URL, AT(base_url), "http://127.0.0.1:8180",
	 "https://host[:port], lower case, no slash at the end; http only for 127.0.0.1 and "
	 "localhost",
	 0, 0, false, true, "The address people and platforms reach the tool by."},
	{"database", TEXT, AT(database), "", "a libpq connection string", 0, 0, true, true,
	 "The database as the role that serves (owns nothing, cannot bypass row-level security)."},
	{"database_owner", TEXT, AT(database_owner), "", "a libpq connection string", 0, 0, true,
	 false, "The database as the role that owns the schema; only `ilpd migrate` uses it."},
	{"key", TEXT, AT(key), "", "32 bytes as base64url (43 characters)", 0, 0, true, false,
	 "The key-encryption key: seals signing keys, login states and sessions."},
	{"key_file", TEXT, AT(key_file), "", "a path", 0, 0, false, false,
	 "A file that holds `key`, instead of writing it here."},
	{"key_before", TEXT, AT(key_before), "", "32 bytes as base64url (43 characters)", 0, 0,
	 true, false,
	 "While `key` is being replaced: the one before it, which still opens what it sealed."},
	{"key_before_file", TEXT, AT(key_before_file), "", "a path", 0, 0, false, false,
	 "A file that holds `key_before`."},
	{"workers", NUMBER, AT(workers), "8", "1 to 128", 1, 128, false, true,
	 "Threads that answer requests; each has one database connection."},
	{"queue", NUMBER, AT(queue), "512", "1 to 65536", 1, 65536, false, true,
	 "Requests that may wait for a thread; more are answered 503 at once."},
	{"session_hours", NUMBER, AT(session_hours), "8", "1 to 24", 1, 24, false, true,
	 "How long a session lives after it was last used."},
	{"http_allow", TEXT, AT(http_allow), "", "host:port ..., separated by spaces", 0, 0, false,
	 false, "Platforms that may be reached although they are private or without TLS."},
	{"contact", TEXT, AT(contact), "", "a URL or mail address", 0, 0, false, false,
	 "Who runs this tool: part of the User-Agent that platforms see."},
	{"worker", WORD, AT(worker), "on", "on off", 0, 0, false, true,
	 "Whether `ilpd serve` also sends mail and fetches rosters; off: run `ilpd work`."},
	{"mail_relay", TEXT, AT(mail_relay), "", "host:port, empty: no mail is sent", 0, 0, false,
	 false, "The mail server that takes our mail."},
	{"mail_tls", WORD, AT(mail_tls), "try", "none try require", 0, 0, false, true,
	 "STARTTLS towards the mail server."},
	{"mail_user", TEXT, AT(mail_user), "", "a name, empty: no AUTH", 0, 0, false, false,
	 "The account at the mail server."},
	{"mail_password", TEXT, AT(mail_password), "", "a password", 0, 0, true, false,
	 "Its password."},
	{"mail_ca", TEXT, AT(mail_ca), "", "a path, empty: the system's", 0, 0, false, false,
	 "Certificates that vouch for the mail server."},
	{"mail_from", TEXT, AT(mail_from), "Learning plans <learning-plans@localhost>",
	 "Name <address>", 0, 0, false, true, "The sender of all mail."},
	{"mail_window", NUMBER, AT(mail_window), "240", "0 to 86400 seconds", 0, 86400, false, true,
	 "How long a mail waits for more to tell before it is sent."},
	{"mail_batch", NUMBER, AT(mail_batch), "50", "1 to 200", 1, 200, false, true,
	 "Mails given to one connection."},
	{"log_level", WORD, AT(log_level), "info", "debug info warn error", 0, 0, false, true,
	 "The least important lines that are written."},
#undef AT
};
#define SETTINGS (sizeof settings / sizeof *settings)

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

struct value {
	const char *text;
	const char *from; /* "the default", "ILPD_X" or the file */
};

struct loading {
	struct mem *m;
	const char *file;
	struct value values[SETTINGS];
	struct err *e;
};

static const char *variable(struct mem *m, const char *name)
{
	char *v = mem_printf(m, "ILPD_%s", name);

	for (char *c = v; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return v;
}

/* `name = value`; what follows the first `=` is the value to the end of the line, so
 * that connection strings and passwords need no quoting. */
static bool take_line(struct loading *l, char *line, int number)
{
	char *name = str_trim(l->m, line), *equals = strchr(name, '=');

	if (!*name || *name == '#' || *name == ';')
		return true;
	if (!equals)
		return err_set(l->e, ERR_INVALID, "%s:%d: not `name = value`", l->file, number);
	*equals = '\0';
	name = str_trim(l->m, name);
	for (size_t i = 0; i < SETTINGS; i++) {
		if (str_eq(name, settings[i].name)) {
			l->values[i] = (struct value){str_trim(l->m, equals + 1), l->file};
			return true;
		}
	}
	/* What looks like no name may be a key on a line of its own: it is not repeated. */
	bool is_name = strlen(name) <= 24 && strspn(name, NAME_CHARS) == strlen(name);
	return err_set(l->e, ERR_INVALID, "%s:%d: no setting is called %s", l->file, number,
		       is_name ? name : "that");
}

static bool read_file(struct loading *l)
{
	FILE *f = fopen(l->file, "r");
	char *line = NULL;
	size_t size = 0;
	bool ok = f || err_set(l->e, ERR_INVALID, "%s: %s", l->file, strerror(errno));

	for (int number = 1; ok && getline(&line, &size, f) >= 0; number++)
		ok = take_line(l, line, number);
	if (ok && ferror(f))
		ok = err_set(l->e, ERR_INVALID, "%s: %s", l->file, strerror(errno));
	free(line);
	if (f)
		fclose(f);
	return ok;
}

static bool refuse(struct err *e, const struct setting *s, const struct value *v)
{
	return err_set(e, ERR_INVALID, "%s%s%s%s: allowed is %s (read from %s)", s->name,
		       s->secret ? "" : " = \"", s->secret ? "" : v->text, s->secret ? "" : "\"",
		       s->allowed, v->from);
}

static bool is_word_of(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += n)
		if (n && !strchr(word, ' ') && (at == words || at[-1] == ' ') &&
		    (!at[n] || at[n] == ' '))
			return true;
	return false;
}

/* An origin as browsers write it, so that it can be compared with theirs. */
static bool url_ok(const char *u)
{
	static const char host[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
	bool plain = str_starts(u, "http://");
	int64_t port;

	if (!plain && !str_starts(u, "https://"))
		return false;
	u += plain ? strlen("http://") : strlen("https://");
	size_t n = strspn(u, host);
	if (!n || (u[n] && (u[n] != ':' || !int_parse(u + n + 1, 1, 65535, &port))))
		return false;
	return !plain || (n == 9 && (str_starts(u, "127.0.0.1") || str_starts(u, "localhost")));
}

static bool address_ok(const char *a)
{
	const char *colon = strrchr(a, ':');
	int64_t port;

	return colon && colon > a && int_parse(colon + 1, 1, 65535, &port);
}

static bool put(struct config *c, const struct setting *s, const struct value *v, struct err *e)
{
	void *field = (char *)c + s->offset;

	if (s->required && str_empty(v->text))
		return refuse(e, s, v);
	switch (s->kind) {
	case NUMBER:
		return int_parse(v->text, s->min, s->max, field) || refuse(e, s, v);
	case WORD:
		if (!is_word_of(s->allowed, v->text))
			return refuse(e, s, v);
		break;
	case URL:
		if (!url_ok(v->text))
			return refuse(e, s, v);
		break;
	case ADDRESS:
		if (!str_empty(v->text) && !address_ok(v->text))
			return refuse(e, s, v);
		break;
	case TEXT:
		break;
	}
	*(const char **)field = v->text;
	return true;
}

/* The first line of the file that holds a key. */
static bool read_key_file(struct mem *m, const char *name, const char *path, const char **out,
			  struct err *e)
{
	char text[128] = "";
	FILE *f = fopen(path, "r");

	if (!f)
		return err_set(e, ERR_INVALID, "%s_file %s: %s", name, path, strerror(errno));
	bool read = fgets(text, sizeof text, f);
	fclose(f);
	if (!read)
		return err_set(e, ERR_INVALID, "%s_file %s is empty", name, path);
	*out = str_trim(m, text);
	return true;
}

/* The setting itself goes before its file. With neither *out stays "". */
static bool take_key(struct mem *m, const char *name, const char *path, const char **text,
		     unsigned char out[32], struct err *e)
{
	unsigned char *bytes;
	size_t n;

	if (str_empty(*text) && !str_empty(path) && !read_key_file(m, name, path, text, e))
		return false;
	if (str_empty(*text))
		return true;
	if (!b64url_decode(m, *text, strlen(*text), &bytes, &n) || n != 32)
		return err_set(e, ERR_INVALID,
			       "%s: allowed is 32 bytes as base64url, from %s or %s_file", name,
			       name, name);
	memcpy(out, bytes, n);
	return true;
}

static bool take_keys(struct config *c, struct mem *m, bool need_key, struct err *e)
{
	if (!take_key(m, "key", c->key_file, &c->key, c->kek.now, e) ||
	    !take_key(m, "key_before", c->key_before_file, &c->key_before, c->kek.before, e))
		return false;
	c->kek.has_before = !str_empty(c->key_before);
	if (str_empty(c->key) && need_key)
		return err_set(e, ERR_INVALID,
			       "key: allowed is 32 bytes as base64url, from key or key_file");
	return true;
}

bool config_load(struct config *c, struct mem *m, const char *file, bool need_key, struct err *e)
{
	struct loading l = {.m = m, .file = file, .e = e};

	*c = (struct config){0};
	for (size_t i = 0; i < SETTINGS; i++)
		l.values[i] = (struct value){settings[i].otherwise, "the default"};
	if (file && !read_file(&l))
		return false;
	for (size_t i = 0; i < SETTINGS; i++) {
		const char *name = variable(m, settings[i].name), *text = getenv(name);
		if (text)
			l.values[i] = (struct value){mem_strdup(m, text), name};
		if (!put(c, &settings[i], &l.values[i], e))
			return false;
	}
	return take_keys(c, m, need_key, e);
}

char *config_reference(struct mem *m)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b,
		"# Settings\n\nOne file, `ilpd --config FILE …`, with lines `name = value`; the "
		"environment wins over it.\n\n| setting | environment | default | allowed | what "
		"it is |\n"
		"|---|---|---|---|---|\n");
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		buf_addf(&b, "| `%s` | `%s` | %s%s%s | %s | %s%s |\n", s->name,
			 variable(m, s->name), *s->otherwise ? "`" : "", s->otherwise,
			 *s->otherwise ? "`" : "", s->allowed, s->about,
			 s->secret ? " Secret." : "");
	}
	return b.p;
}
