/* person.c - who a launch says somebody is (R46, R48-R51). All of it is optional,
 * so nothing here refuses: what is odd is left out. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

enum { TEXT_POINTS_MAX = 255, TEXT_BYTES_MAX = 8192, EMAIL_MAX = 254, LOCALE_MAX = 35 };

bool id_ok(const char *s)
{
	if (str_empty(s) || strlen(s) > ID_MAX)
		return false;
	for (; *s; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

/* Without what follows the first `points` code points; s is valid UTF-8. */
static void cut(char *s, size_t points)
{
	for (; *s; s++)
		if (((unsigned char)*s & 0xc0) != 0x80 && !points--) {
			*s = '\0';
			return;
		}
}

const char *text_or_null(struct mem *m, const char *s)
{
	if (str_empty(s) || strlen(s) > TEXT_BYTES_MAX || !str_is_text(s, strlen(s)))
		return NULL;
	char *t = str_trim(m, s);
	for (char *c = t; *c; c++)
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	cut(t, TEXT_POINTS_MAX);
	return *t ? t : NULL;
}

/* RFC 5321 is not checked here; only that nobody's mail header can be broken by it. */
const char *email_or_null(struct mem *m, const char *s)
{
	const char *t = text_or_null(m, s), *at = t ? strchr(t, '@') : NULL;

	if (!at || at == t || !at[1] || strchr(at + 1, '@') || strlen(t) > EMAIL_MAX ||
	    strpbrk(t, " ,;<>()\"\\"))
		return NULL;
	return t;
}

/* A language tag, underscores allowed (Moodle: en_us). What it means is i18n's. */
static const char *locale_or_null(const char *s)
{
	if (str_empty(s) || strlen(s) > LOCALE_MAX)
		return NULL;
	for (const char *c = s; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
		    !(*c >= '0' && *c <= '9') && *c != '-' && *c != '_')
			return NULL;
	return s;
}

const char *locale_said(const json_t *claims)
{
	const char *here =
		locale_or_null(js_str(js_obj(claims, CLAIM "launch_presentation"), "locale"));

	return here ? here : locale_or_null(js_str(claims, "locale"));
}

static const char *id_or_null(const char *s)
{
	return id_ok(s) ? s : NULL;
}

void person_read(struct mem *m, const json_t *claims, struct lti_launch *out)
{
	const json_t *lis = js_obj(claims, CLAIM "lis");
	const json_t *old = js_obj(claims, CLAIM "lti1p1");
	const char *legacy = id_or_null(js_str(old, "user_id"));

	out->lti11_id = legacy ? legacy : id_or_null(js_str(claims, CLAIM "lti11_legacy_user_id"));
	out->sis_id = text_or_null(m, js_str(lis, "person_sourcedid"));
	out->given_name = text_or_null(m, js_str(claims, "given_name"));
	out->family_name = text_or_null(m, js_str(claims, "family_name"));
	out->name = text_or_null(m, js_str(claims, "name"));
	out->email = email_or_null(m, js_str(claims, "email"));
	/* What the platform means by a code of its own: Moodle's "no" is bokmål. */
	const char *locale = locale_said(claims);
	const char *meant = locale ? pairs_find(m, out->registration->set.locales, locale) : NULL;
	out->locale = meant ? meant : locale;
}

/* ---- Children (R46) ---- */

struct list {
	const char *items[CHILDREN_MAX], *sources[CHILDREN_MAX];
	const char *source; /* of what is added now */
	size_t n;
};

/* R49: what a platform did not substitute begins with the variable's own $. */
static void list_add(struct mem *m, struct list *l, const char *s, size_t n)
{
	const char *id = str_trim(m, mem_strndup(m, s, n));

	if (!id_ok(id) || *id == '$')
		return;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->items[i], id))
			return;
	if (l->n == CHILDREN_MAX)
		return;
	l->items[l->n] = id;
	l->sources[l->n++] = l->source;
}

/* One id, or several with commas between, as Moodle's claim and Canvas' variable
 * write them. */
static void list_split(struct mem *m, struct list *l, const char *s)
{
	while (s && *s && l->n < CHILDREN_MAX) {
		size_t n = strcspn(s, ",");
		list_add(m, l, s, n);
		s += n + (s[n] == ',');
	}
}

/* R46: an array, a string or a list in a string. */
static void list_claim(struct mem *m, struct list *l, const json_t *claim)
{
	const json_t *one;
	size_t i;

	list_split(m, l, json_string_value(claim));
	json_array_foreach(claim, i, one) list_split(m, l, json_string_value(one));
}

/* Only a parameter that this registration names counts: others may have been
 * written by any teacher into a link (lti.md 3.3, conclusion 3). */
static void list_observees(struct mem *m, struct list *l, const json_t *claims,
			   const struct lti_registration *r)
{
	list_split(m, l,
		   settings_custom(&r->set, js_obj(claims, CLAIM "custom"), r->set.observees));
}

/* Guardians here, by the vocabulary or by the school's word; and a Mentor who teaches
 * besides, unless it is the school's word that they do. */
static bool has_children(const struct lti_launch *l)
{
	return str_eq(l->course_role, "guardian") ||
	       ((l->roles & LTI_ROLE_MENTOR) && str_eq(l->course_role, lti_course_role(l->roles)));
}

void children_read(struct mem *m, const json_t *claims, struct lti_launch *out)
{
	struct list *l;

	if (!has_children(out))
		return;
	l = mem_new_of(m, struct list);
	l->source = "role_scope_mentor";
	list_claim(m, l, json_object_get(claims, CLAIM "role_scope_mentor"));
	l->source = "canvas_observees";
	list_observees(m, l, claims, out->registration);
	if (!l->n)
		return;
	out->children = l->items;
	out->children_sources = l->sources;
	out->children_n = l->n;
}
