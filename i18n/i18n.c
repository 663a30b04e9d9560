/* i18n.c - the catalogs in memory and the messages they hold.
 *
 * A catalog is a sorted table of messages. A text without braces and apostrophes
 * is its own result; any other is made into an ICU message format when it is
 * first asked for. ICU fills caches inside a format while formatting with it, so
 * each format is used under the lock of its message. */
#include "i18n/i18n.h"

#include "base/js.h"
#include "base/str.h"
#include "i18n/catalogs_internal.h"
#include "i18n/locale_internal.h"
#include "i18n/pattern_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/umsg.h>
#include <unicode/ustring.h>

#define CATALOG_MAX ((size_t)1 << 20)
#define MESSAGE_MAX 2048 /* UTF-16 units of a formatted message before a second try */

struct message {
	const char *key, *text;
	bool plain;
	pthread_mutex_t lock;
	bool opened;
	struct pattern pattern;
	UMessageFormat *format;
};

struct catalog {
	const char *language;
	struct message *message;
	size_t n;
};

/* Written by i18n_init alone; the arena also takes patterns parsed later, under
 * its own lock because an arena belongs to one thread at a time. */
static struct {
	struct mem *m;
	pthread_mutex_t m_lock;
	struct catalog *catalog;
	size_t n;
} all = {.m_lock = PTHREAD_MUTEX_INITIALIZER};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct message *)a)->key, ((const struct message *)b)->key);
}

static void catalog_load(struct catalog *c, const struct i18n_catalog *from)
{
	struct err e = {0};
	json_t *object;

	if (!js_parse(all.m, from->json, from->n, CATALOG_MAX, &object, &e))
		BUG("catalog %s: %s", from->language, e.text);
	c->language = from->language;
	c->message = mem_array(all.m, struct message, json_object_size(object) + 1);

	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		struct message *msg = &c->message[c->n++];
		*msg = (struct message){.key = key, .text = str_or(json_string_value(value), "")};
		msg->plain = !strpbrk(msg->text, "{}'");
		pthread_mutex_init(&msg->lock, NULL);
	}
	qsort(c->message, c->n, sizeof *c->message, by_key);
}

void i18n_init(void)
{
	if (all.m)
		return;
	all.m = mem_new();
	all.catalog = mem_array(all.m, struct catalog, i18n_catalogs_n);
	for (size_t i = 0; i < i18n_catalogs_n; i++)
		catalog_load(&all.catalog[i], &i18n_catalogs[i]);
	all.n = i18n_catalogs_n;
}

void i18n_done(void)
{
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < all.catalog[i].n; k++) {
			struct message *msg = &all.catalog[i].message[k];
			if (msg->format)
				umsg_close(msg->format);
			pthread_mutex_destroy(&msg->lock);
		}
	locale_done();
	mem_free(all.m);
	all.m = NULL;
	all.catalog = NULL;
	all.n = 0;
}

static struct message *message_in(const char *language, const char *key)
{
	for (size_t i = 0; i < all.n; i++)
		if (!strcmp(all.catalog[i].language, language)) {
			struct message wanted = {.key = key};
			return bsearch(&wanted, all.catalog[i].message, all.catalog[i].n,
				       sizeof wanted, by_key);
		}
	return NULL;
}

/* Once per message, under its lock. A pattern ICU refuses stays without a format
 * and shows its key: tests open every message, so none ships. */
static void message_open(struct message *msg, const char *language)
{
	struct err e = {0};
	UErrorCode status = U_ZERO_ERROR;

	msg->opened = true;
	pthread_mutex_lock(&all.m_lock);
	bool parsed = pattern_parse(all.m, msg->text, &msg->pattern, &e);
	if (parsed) {
		int32_t n;
		UChar *text = locale_utf16(all.m, msg->pattern.text, &n);
		msg->format = umsg_open(text, n, locale_of(language), NULL, &status);
	}
	pthread_mutex_unlock(&all.m_lock);
	if (U_FAILURE(status) && msg->format) {
		umsg_close(msg->format);
		msg->format = NULL;
	}
}

static const struct i18n_arg *arg_find(const struct i18n_arg *args, const char *name)
{
	for (; args && args->name; args++)
		if (!strcmp(args->name, name))
			return args;
	return NULL;
}

static double arg_number(const struct i18n_arg *args, const char *name)
{
	const struct i18n_arg *arg = arg_find(args, name);
	int64_t n = 0;

	if (arg && !arg->text)
		n = arg->number;
	else if (arg && !int_parse(arg->text, INT64_MIN, INT64_MAX, &n))
		n = 0;
	return (double)n;
}

static const UChar *arg_text(struct mem *m, const struct i18n_arg *args, const char *name)
{
	const struct i18n_arg *arg = arg_find(args, name);
	const char *text = "";

	if (arg)
		text = arg->text ? arg->text : mem_printf(m, "%lld", (long long)arg->number);
	return locale_utf16(m, text, NULL);
}

/* The varargs of umsg_format have the types the pattern asks for: numbers first,
 * then texts. Surplus texts are not read. */
static int32_t message_fill(struct mem *m, const struct message *msg, const struct i18n_arg *args,
			    UChar *out, int32_t room, UErrorCode *status)
{
	const struct pattern *p = &msg->pattern;
	double d[PATTERN_NUMBERS] = {0};
	const UChar *t[PATTERN_TEXTS];

	for (int i = 0; i < p->numbers; i++)
		d[i] = arg_number(args, p->number[i]);
	for (int i = 0; i < PATTERN_TEXTS; i++)
		t[i] = i < p->words ? arg_text(m, args, p->word[i]) : u"";
#define TEXTS t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]
	switch (p->numbers) {
	case 0:
		return umsg_format(msg->format, out, room, status, TEXTS);
	case 1:
		return umsg_format(msg->format, out, room, status, d[0], TEXTS);
	case 2:
		return umsg_format(msg->format, out, room, status, d[0], d[1], TEXTS);
	default:
		return umsg_format(msg->format, out, room, status, d[0], d[1], d[2], TEXTS);
	}
#undef TEXTS
}

static const char *message_text(struct mem *m, struct message *msg, const char *language,
				const struct i18n_arg *args)
{
	int32_t room = MESSAGE_MAX, n = 0;
	UChar *out = NULL;
	UErrorCode status = U_ZERO_ERROR;

	pthread_mutex_lock(&msg->lock);
	if (!msg->opened)
		message_open(msg, language);
	for (int pass = 0; msg->format && pass < 2; pass++) {
		out = mem_array(m, UChar, (size_t)room + 1);
		status = U_ZERO_ERROR;
		n = message_fill(m, msg, args, out, room, &status);
		if (status != U_BUFFER_OVERFLOW_ERROR)
			break;
		room = n + 1;
	}
	bool made = msg->format && U_SUCCESS(status);
	pthread_mutex_unlock(&msg->lock);
	return made ? locale_utf8(m, out, n) : msg->key;
}

const char *i18n(struct mem *m, const char *language, const char *key, const struct i18n_arg *args)
{
	const char *found_in = str_or(i18n_language(language), "en");
	struct message *msg = message_in(found_in, key);

	if (!msg) {
		found_in = "en";
		msg = message_in(found_in, key);
	}
	if (!msg)
		return key;
	return msg->plain ? msg->text : message_text(m, msg, found_in, args);
}

const char *i18n_key(const char *language, size_t n)
{
	for (size_t i = 0; i < all.n; i++)
		if (!strcmp(all.catalog[i].language, language) && n < all.catalog[i].n)
			return all.catalog[i].message[n].key;
	return NULL;
}
