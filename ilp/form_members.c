/* Members of a definition, taken over one by one; what is wrong is said with its place. */
#include "ilp/form_internal.h"
#include "base/js.h"
#include "base/str.h"
#include <math.h>
#include <string.h>

enum { LANGUAGES_MAX = 20, KEY_LEN = 40 };

/* ---- Saying where ---- */

static const char *path_of(struct mem *m, const struct form_place *p)
{
	if (!p)
		return "";
	const char *up = path_of(m, p->in), *dot = *up ? "." : "";
	return p->name ? mem_printf(m, "%s%s%s", up, dot, p->name)
		       : mem_printf(m, "%s%s%zu", up, dot, p->i);
}

bool form_wrong(struct form_reader *r, const struct form_place *in, const char *name,
		const char *reason)
{
	struct form_place here = {in, name, 0};
	const char *path = path_of(r->m, name ? &here : in);

	return err_set_(r->e, ERR_INVALID, reason, path, __FILE__, __LINE__, "form: %s: %s", path,
			reason);
}

static bool is_word_of(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

bool form_key_ok(const char *key)
{
	size_t n = key ? strlen(key) : 0;

	return n >= 1 && n <= KEY_LEN && key[0] >= 'a' && key[0] <= 'z' &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

/* An object with no members but those of the list. */
bool form_is_object_of(struct form_reader *r, const struct form_place *at, const json_t *o,
		       const char *members)
{
	const char *name;
	json_t *value;

	if (!json_is_object(o))
		return form_wrong(r, at, NULL, "no_object");
	json_object_foreach((json_t *)o, name, value)
	{
		if (!is_word_of(members, name))
			return form_wrong(r, at, form_key_ok(name) ? name : NULL, "unknown_member");
	}
	return true;
}

/* ---- Members ---- */

/* One line, or more where they are long. */
bool form_text_ok(const char *s, size_t max)
{
	return str_is_text(s, strlen(s)) && str_points(s) <= max &&
	       (max > FORM_LABEL_MAX || !strpbrk(s, "\r\n\t"));
}

static bool language_ok(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	return (n == 2 || n == 3) &&
	       (!s[n] || (s[n] == '-' && strlen(s + n) <= 9 &&
			  strspn(s + n + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					    "abcdefghijklmnopqrstuvwxyz") == strlen(s + n + 1)));
}

/* Words by language; a language without words is left out. */
bool form_take_texts(struct form_reader *r, const struct form_place *in, const json_t *from,
		     const char *name, size_t max, bool is_needed, json_t *to)
{
	struct form_place here = {in, name, 0};
	json_t *words = json_object_get(from, name), *out = json_object(), *value;
	const char *language;

	json_object_set_new(to, name, out);
	if (words && !json_is_object(words))
		return form_wrong(r, in, name, "no_texts");
	json_object_foreach(words, language, value)
	{
		const char *s = json_string_value(value);
		if (!language_ok(language))
			return form_wrong(r, in, name, "no_language");
		if (!s || !form_text_ok(s, max))
			return form_wrong(r, &here, language, "no_text");
		const char *trimmed = str_trim(r->m, s);
		if (*trimmed)
			json_object_set_new(out, language, json_string(trimmed));
	}
	if (json_object_size(out) > LANGUAGES_MAX)
		return form_wrong(r, in, name, "too_many");
	if (!json_object_size(out) && is_needed && !r->is_draft)
		return form_wrong(r, in, name, "missing");
	if (!json_object_size(out) && !is_needed)
		json_object_del(to, name);
	return true;
}

bool form_take_word(struct form_reader *r, const struct form_place *in, const json_t *from,
		    const char *name, const char *const *list, const char *otherwise, json_t *to)
{
	json_t *value = json_object_get(from, name);
	const char *word = value ? json_string_value(value) : otherwise;

	for (; word && *list; list++)
		if (str_eq(*list, word))
			return json_object_set_new(to, name, json_string(word)) == 0;
	return form_wrong(r, in, name, value ? "no_such_word" : "missing");
}

bool form_take_key(struct form_reader *r, const struct form_place *in, const json_t *from,
		   json_t *to)
{
	const char *key = js_str(from, "key");

	if (!form_key_ok(key))
		return form_wrong(r, in, "key", "no_key");
	if (json_object_get(r->keys, key))
		return form_wrong(r, in, "key", "twice");
	json_object_set_new(r->keys, key, json_true());
	return json_object_set_new(to, "key", json_string(key)) == 0;
}

/* Where it is on; `always`: off is written out too. */
bool form_take_flag(struct form_reader *r, const struct form_place *in, const json_t *from,
		    const char *name, bool otherwise, bool always, json_t *to)
{
	json_t *value = json_object_get(from, name);

	if (value && !json_is_boolean(value))
		return form_wrong(r, in, name, "no_flag");
	bool is_on = value ? json_is_true(value) : otherwise;
	if (is_on || always)
		json_object_set_new(to, name, json_boolean(is_on));
	return true;
}

bool form_take_hats(struct form_reader *r, const struct form_place *in, const json_t *from,
		    const char *name, int *out)
{
	json_t *value = json_object_get(from, name);
	const char *letters = value ? json_string_value(value) : "";
	int hats = letters ? hats_parse(letters) : -1;

	if (hats < 0 || strlen(letters) > 5)
		return form_wrong(r, in, name, "no_hats");
	*out = hats;
	return true;
}

/* Mentors see everything (I-05); who edits sees (I-02). */
bool form_take_rights(struct form_reader *r, const struct form_place *in, const json_t *from,
		      json_t *to, int *sees)
{
	int edits;

	if (!form_take_hats(r, in, from, "sees", sees) ||
	    !form_take_hats(r, in, from, "edits", &edits))
		return false;
	*sees |= HAT_MENTOR;
	if (edits & ~*sees)
		return form_wrong(r, in, "edits", "edits_unseen");
	json_object_set_new(to, "sees", json_string(hats_name(r->m, *sees)));
	json_object_set_new(to, "edits", json_string(hats_name(r->m, edits)));
	return true;
}

bool form_take_number(struct form_reader *r, const struct form_place *in, const json_t *from,
		      const char *name, json_t *to)
{
	json_t *value = json_object_get(from, name);
	double d = json_number_value(value);

	if (!value)
		return true;
	if (!json_is_number(value) || !isfinite(d) || fabs(d) > 1e9)
		return form_wrong(r, in, name, "no_number");
	/* 12 and 12.0 are the same number, and make the same form */
	json_object_set_new(to, name, d == floor(d) ? json_integer((json_int_t)d) : json_real(d));
	return true;
}

bool form_take_line(struct form_reader *r, const struct form_place *in, const json_t *from,
		    const char *name, size_t max, json_t *to)
{
	json_t *value = json_object_get(from, name);
	const char *s = json_string_value(value);

	if (!value)
		return true;
	if (!s || !form_text_ok(s, max))
		return form_wrong(r, in, name, "no_text");
	if (*s)
		json_object_set_new(to, name, json_string(s));
	return true;
}

/* A list of least to most things, put empty into `to`; NULL: it is wrong. */
json_t *form_take_list(struct form_reader *r, const struct form_place *in, const json_t *from,
		       const char *name, size_t least, size_t most, json_t *to)
{
	json_t *list = json_object_get(from, name), *out = json_array();

	json_object_set_new(to, name, out);
	if (list && !json_is_array(list))
		form_wrong(r, in, name, "no_list");
	else if (json_array_size(list) > most)
		form_wrong(r, in, name, "too_many");
	else if (json_array_size(list) < least && !r->is_draft)
		form_wrong(r, in, name, "missing");
	else
		return out;
	return NULL;
}

json_t *form_add_object(json_t *list)
{
	json_t *o = json_object();

	json_array_append_new(list, o);
	return o;
}

/* A code, once in its list. */
bool form_take_code(struct form_reader *r, const struct form_place *in, const json_t *from,
		    const json_t *list, json_t *to)
{
	const char *code = js_str(from, "code");
	json_t *other;
	size_t i;

	if (str_empty(code) || str_points(code) > KEY_LEN || !form_text_ok(code, FORM_LABEL_MAX))
		return form_wrong(r, in, "code", "no_key");
	json_array_foreach(list, i, other)
	{
		if (str_eq(js_str(other, "code"), code))
			return form_wrong(r, in, "code", "twice");
	}
	return json_object_set_new(to, "code", json_string(code)) == 0;
}
