/* settings.c - the columns of struct lti_settings: one table that reads a registration's
 * own settings, checks them, and tells the pages which there are. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <stddef.h>
#include <string.h>

enum { SETTING_MAX = 4000, SKEW_MAX = 300, ROSTER_LIMIT_MAX = 1000 };

#define TEXT(member, about)                                                                        \
	{                                                                                          \
#member, LTI_SETTING_TEXT, offsetof(struct lti_settings, member), about            \
	}
#define NUMBER(member, about)                                                                      \
	{                                                                                          \
#member, LTI_SETTING_NUMBER, offsetof(struct lti_settings, member), about          \
	}
#define FLAG(member, about)                                                                        \
	{                                                                                          \
#member, LTI_SETTING_FLAG, offsetof(struct lti_settings, member), about            \
	}

static const struct lti_setting settings[] = {
	TEXT(token_audience, "Audience of our token requests; empty: the token address."),
	TEXT(algorithms, "Signatures it may use on launches, of RS256 RS384 RS512 ES256 ES384."),
	TEXT(audiences, "Other audiences its launches may name beside our client id."),
	TEXT(hosts, "Hosts its addresses may lie on besides the issuer's; *.example.org means "
		    "every host under it."),
	TEXT(storage_origin,
	     "Origin of its browser storage; empty: that of the authorization address."),
	TEXT(trusted, "Custom parameters declared for the whole tool, so that no teacher can write "
		      "them into a link."),
	TEXT(observees,
	     "Custom parameter, declared for the whole tool, that lists a parent's children."),
	TEXT(groups, "Custom parameter, declared for the whole tool, that lists the groups of who "
		     "launches."),
	TEXT(history, "Custom parameter, declared for the whole tool, that lists the courses a "
		      "course was copied from."),
	TEXT(locales, "Its language codes that mean another language, as code=language."),
	TEXT(role_aliases, "Its own spellings of roles, as from=to with whole role addresses."),
	TEXT(roster_link, "Ask for the roster by the launching link: always, never, or nameless: "
			  "only where names are missing."),
	TEXT(custom, "Custom parameters asked for at registration, as name=$Variable."),
	TEXT(placements, "Placements asked for at registration."),
	TEXT(overlay, "JSON object laid over our registration request."),
	NUMBER(skew_s, "Seconds its clock may differ from ours, 0 to 300."),
	NUMBER(roster_limit, "Members asked for on a page of a roster; 0: as many as it likes."),
	FLAG(escaped_names, "Names in its rosters are escaped as in HTML."),
	FLAG(storage, "Its browser storage may be used when it offers it."),
	FLAG(anonymous, "Launches that do not say who launches are let in."),
	FLAG(administrators, "Its administrators may administer the school here."),
};
enum { SETTINGS = sizeof settings / sizeof *settings };

const struct lti_setting *lti_setting_list(size_t *n_out)
{
	*n_out = SETTINGS;
	return settings;
}

/* ---- Lists of words ---- */

/* The next word of *at, which moves behind it; 0 at the end. */
static size_t word(const char **at, const char **start)
{
	*at += strspn(*at, " ");
	*start = *at;
	size_t n = strcspn(*at, " ");
	*at += n;
	return n;
}

bool words_has(const char *words, const char *one)
{
	size_t length = strlen(one), n;
	const char *start;

	while ((n = word(&words, &start)))
		if (n == length && memcmp(start, one, n) == 0)
			return true;
	return false;
}

const char *pairs_find(struct mem *m, const char *pairs, const char *name)
{
	size_t length = strlen(name), n;
	const char *start;

	while ((n = word(&pairs, &start)))
		if (n > length + 1 && start[length] == '=' && memcmp(start, name, length) == 0)
			return mem_strndup(m, start + length + 1, n - length - 1);
	return NULL;
}

bool settings_trust(const struct lti_settings *s, const char *name)
{
	return !str_empty(name) && (words_has(s->trusted, name) || str_eq(s->observees, name) ||
				    str_eq(s->groups, name) || str_eq(s->history, name));
}

const char *settings_custom(const struct lti_settings *s, const json_t *custom, const char *name)
{
	const char *value = settings_trust(s, name) ? js_str(custom, name) : NULL;

	return value && *value != '$' ? value : NULL;
}

/* ---- What a text may be ---- */

static bool printable(const char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

/* Each word passes. */
static bool each(const char *words, bool (*ok)(const char *, size_t n))
{
	const char *start;
	size_t n;

	while ((n = word(&words, &start)))
		if (!ok(start, n))
			return false;
	return true;
}

static bool is_algorithm(const char *s, size_t n)
{
	static const char *const known[] = {"RS256", "RS384", "RS512", "ES256", "ES384"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i]) == n && memcmp(s, known[i], n) == 0)
			return true;
	return false;
}

/* "lms.example" or "*.lms.example" */
static bool is_host(const char *s, size_t n)
{
	if (n > 2 && s[0] == '*' && s[1] == '.') {
		s += 2;
		n -= 2;
		if (!memchr(s, '.', n)) /* not "*.com" */
			return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", s[i]))
			return false;
	return n && s[0] != '.' && s[0] != '-' && s[n - 1] != '.';
}

/* "from=to", both there. */
static bool is_pair(const char *s, size_t n)
{
	const char *at = memchr(s, '=', n);

	return at && at > s && at < s + n - 1;
}

static bool is_any(const char *s, size_t n)
{
	return s && n;
}

static bool is_object(struct mem *m, const char *s)
{
	struct err ignored;
	json_t *o;

	return str_empty(s) ||
	       (js_parse(m, s, strlen(s), SETTING_MAX, &o, &ignored) && json_is_object(o));
}

static bool text_ok(struct mem *m, const char *name, const char *s)
{
	static const struct {
		const char *name;
		bool (*word)(const char *, size_t);
		bool needed, single;
	} shapes[] = {
		{"algorithms", is_algorithm, true, false}, {"hosts", is_host, false, false},
		{"locales", is_pair, false, false},        {"role_aliases", is_pair, false, false},
		{"custom", is_pair, false, false},         {"observees", is_any, false, true},
		{"groups", is_any, false, true},           {"history", is_any, false, true},
		{"token_audience", is_any, false, true},
	};

	if (strlen(s) > SETTING_MAX || !str_is_text(s, strlen(s)))
		return false;
	if (str_eq(name, "overlay"))
		return is_object(m, s);
	if (str_eq(name, "roster_link"))
		return str_eq(s, "nameless") || str_eq(s, "always") || str_eq(s, "never");
	if (str_eq(name, "storage_origin"))
		return str_empty(s) || str_eq(s, url_origin(m, s));
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (str_eq(name, shapes[i].name))
			return printable(s) && each(s, shapes[i].word) &&
			       !(shapes[i].needed && !s[strspn(s, " ")]) &&
			       !(shapes[i].single && strchr(s, ' '));
	return printable(s);
}

/* ---- Reading ---- */

static bool text_read(struct mem *m, const struct lti_setting *s, const json_t *value, void *at,
		      struct err *e)
{
	const char *text = json_string_value(value);

	if (!text || !text_ok(m, s->name, text))
		return err_field(e, s->name, "setting %s has no such value", s->name);
	*(const char **)at = mem_strdup(m, text);
	return true;
}

static bool number_read(const struct lti_setting *s, const json_t *value, void *at, struct err *e)
{
	int64_t max = str_eq(s->name, "skew_s") ? SKEW_MAX : ROSTER_LIMIT_MAX;
	int64_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || n > max)
		return err_field(e, s->name, "setting %s is a number from 0 to %lld", s->name,
				 (long long)max);
	*(int64_t *)at = n;
	return true;
}

static bool one_read(struct mem *m, const struct lti_setting *s, const json_t *value, void *at,
		     struct err *e)
{
	switch (s->kind) {
	case LTI_SETTING_TEXT:
		return text_read(m, s, value, at, e);
	case LTI_SETTING_NUMBER:
		return number_read(s, value, at, e);
	case LTI_SETTING_FLAG:
		if (!json_is_boolean(value))
			return err_field(e, s->name, "setting %s is true or false", s->name);
		*(bool *)at = json_is_true(value);
		return true;
	}
	BUG("a setting has no such kind");
}

bool lti_settings_read(struct mem *m, const struct lti_profile *profile, const json_t *own,
		       struct lti_settings *out, struct err *e)
{
	struct lti_settings all = profile->set;
	size_t known = 0;

	if (own && !json_is_object(own))
		return err_field(e, "settings", "settings are no object");
	for (size_t i = 0; i < SETTINGS; i++) {
		const json_t *value = json_object_get(own, settings[i].name);
		known += value != NULL;
		if (value &&
		    !one_read(m, &settings[i], value, (char *)&all + settings[i].offset, e))
			return false;
	}
	if (known != json_object_size(own))
		return err_field(e, "settings", "a setting is unknown");
	*out = all;
	return true;
}

json_t *settings_declared(struct mem *m, const char *custom)
{
	static const char *const uses[] = {"observees", "groups", "history"};
	json_t *own = js_own(m, json_object());
	struct buf names;
	const char *start;
	size_t n;

	buf_init(&names, m);
	while ((n = word(&custom, &start)))
		if (is_pair(start, n))
			words_add(&names, mem_strndup(m, start, strcspn(start, "=")));
	if (names.n)
		json_object_set_new(own, "trusted", js_text(names.p));
	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		if (words_has(names.p, uses[i]))
			json_object_set_new(own, uses[i], js_text(uses[i]));
	return own;
}
