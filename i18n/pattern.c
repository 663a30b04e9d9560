/* pattern.c - from {name, plural, ...} to {0, plural, ...}.
 *
 * The pattern is walked twice by the same code: first to learn the names, then,
 * when it is known how many are numbers, to write it with numbers in their place. */
#include "i18n/pattern_internal.h"

#include "base/str.h"

#include <ctype.h>
#include <string.h>

struct walk {
	struct mem *m;
	const char *at;
	struct buf out;
	struct pattern names;
	const char *fault;
};

static bool walk_message(struct walk *, bool nested);

static bool fault(struct walk *w, const char *what)
{
	w->fault = what;
	return false;
}

static int name_index(const char **list, int *n, int most, const char *name)
{
	for (int i = 0; i < *n; i++)
		if (!strcmp(list[i], name))
			return i;
	if (*n == most)
		return -1;
	list[*n] = name;
	return (*n)++;
}

static void copy(struct walk *w, size_t n)
{
	buf_addn(&w->out, w->at, n);
	w->at += n;
}

static void copy_blank(struct walk *w)
{
	while (isspace((unsigned char)*w->at))
		copy(w, 1);
}

static const char *read_word(struct walk *w)
{
	size_t n = strcspn(w->at, " \t\r\n,{}");
	const char *word = mem_strndup(w->m, w->at, n);
	w->at += n;
	return word;
}

/* An apostrophe quotes only before a brace, '#' or '|'; doubled it is itself. */
static void copy_quoted(struct walk *w)
{
	bool opens = w->at[1] && strchr("{}#|", w->at[1]);

	if (w->at[1] == '\'') {
		copy(w, 2);
	} else if (opens) {
		const char *end = strchr(w->at + 1, '\'');
		copy(w, end ? (size_t)(end - w->at) + 1 : strlen(w->at));
	} else {
		copy(w, 1);
	}
}

/* The choices of a plural or select: selector {message} ... */
static bool walk_choices(struct walk *w)
{
	for (copy_blank(w); *w->at != '}'; copy_blank(w)) {
		size_t n = strcspn(w->at, "{}");
		if (w->at[n] != '{')
			return fault(w, "a choice without a text");
		copy(w, n + 1);
		if (!walk_message(w, true))
			return false;
		copy(w, 1);
	}
	return true;
}

static bool is_numeric(const char *kind)
{
	return !strcmp(kind, "plural") || !strcmp(kind, "selectordinal") || !strcmp(kind, "number");
}

static bool write_argument(struct walk *w, const char *name, const char *kind)
{
	bool numeric = is_numeric(kind);
	int i = numeric ? name_index(w->names.number, &w->names.numbers, PATTERN_NUMBERS, name)
			: name_index(w->names.word, &w->names.words, PATTERN_TEXTS, name);
	if (i < 0)
		return fault(w, "too many arguments");
	buf_addf(&w->out, "{%d", numeric ? i : w->names.numbers + i);
	if (*kind)
		buf_addf(&w->out, ",%s", kind);
	return true;
}

static bool walk_argument(struct walk *w)
{
	w->at++;
	w->at += strspn(w->at, " \t\r\n");
	const char *name = read_word(w);
	w->at += strspn(w->at, " \t\r\n");
	const char *kind = "";
	if (*w->at == ',') {
		w->at++;
		w->at += strspn(w->at, " \t\r\n");
		kind = read_word(w);
		w->at += strspn(w->at, " \t\r\n");
	}
	if (!*name || (*kind && !is_numeric(kind) && strcmp(kind, "select") != 0))
		return fault(w, "an argument of an unknown kind");
	if (!write_argument(w, name, kind))
		return false;
	if (*kind && strcmp(kind, "number") != 0) {
		if (*w->at != ',')
			return fault(w, "a choice without choices");
		copy(w, 1);
		if (!walk_choices(w))
			return false;
	}
	if (*w->at != '}')
		return fault(w, "an argument that does not close");
	copy(w, 1);
	return true;
}

static bool walk_message(struct walk *w, bool nested)
{
	while (*w->at) {
		if (*w->at == '\'') {
			copy_quoted(w);
		} else if (*w->at == '{') {
			if (!walk_argument(w))
				return false;
		} else if (*w->at == '}') {
			return nested ? true : fault(w, "a stray brace");
		} else {
			copy(w, 1);
		}
	}
	return nested ? fault(w, "a text that does not close") : true;
}

bool pattern_parse(struct mem *m, const char *named, struct pattern *out, struct err *e)
{
	struct walk w = {.m = m};

	for (int pass = 0; pass < 2; pass++) {
		w.at = named;
		buf_init(&w.out, m);
		if (!walk_message(&w, false))
			return err_set(e, ERR_INTERNAL, "pattern: %s", w.fault);
	}
	*out = w.names;
	out->text = w.out.p;
	return true;
}
