/* trace.c - what a login or launch did, for those who must find out why it failed
 * (R37): each step with its time, and what the claims said, without whom they are
 * about. Nothing here can fail. */
#define _GNU_SOURCE /* strcasestr */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

#define STEPS_MAX (sizeof((struct lti_trace *)0)->steps / sizeof(struct lti_step))

#define HIDDEN "(hidden)"

enum { ROLES_SHOWN = 50, NAMES_SHOWN = 80, NAME_MAX_SHOWN = 200, SHORT_ID = 4 };

/* While a step goes on, its time is when it began. */
void trace_end(struct lti_trace *t)
{
	if (t->steps_n && t->steps[t->steps_n - 1].us < 0)
		t->steps[t->steps_n - 1].us += ticks_us();
}

void trace_step(struct lti_trace *t, const char *name)
{
	trace_end(t);
	if (t->steps_n < STEPS_MAX)
		t->steps[t->steps_n++] = (struct lti_step){name, -ticks_us()};
}

/* "lti/claim/roles" for the standard's own, others whole. */
static json_t *shown_names(const json_t *claims)
{
	static const char standard[] = "https://purl.imsglobal.org/spec/";
	json_t *shown = json_array();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)claims, name, value)
	{
		if (json_is_null(value) || strlen(name) > NAME_MAX_SHOWN || !id_ok(name))
			continue;
		if (json_array_size(shown) == NAMES_SHOWN)
			break;
		const char *rest = str_starts(name, standard) ? name + strlen(standard) : name;
		json_array_append_new(shown, json_string(rest));
	}
	return shown;
}

/* Long identifiers are looked for anywhere; a short one is in many a number. */
static bool holds(const char *text, const char *identifier)
{
	if (str_empty(identifier))
		return false;
	return strlen(identifier) < SHORT_ID ? str_eq(text, identifier)
					     : strcasestr(text, identifier) != NULL;
}

static bool tells_who(struct mem *m, const json_t *claims, const char *text)
{
	static const char *const own[] = {
		"sub",         "name",  "given_name",        "middle_name",
		"family_name", "email", "preferred_username"};

	const char *email = js_str(claims, "email");

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (holds(text, js_str(claims, own[i])))
			return true;
	return holds(text, email ? mem_strndup(m, email, strcspn(email, "@")) : NULL) ||
	       holds(text, js_str(js_obj(claims, CLAIM "ext"), "user_username")) ||
	       holds(text, js_str(js_obj(claims, CLAIM "lis"), "person_sourcedid")) ||
	       holds(text, js_str(js_obj(claims, CLAIM "lti1p1"), "user_id")) ||
	       holds(text, js_str(claims, CLAIM "lti11_legacy_user_id"));
}

/* A role of the vocabulary is nobody's name, even where somebody is called Student. */
static json_t *shown_roles(struct mem *m, const json_t *claims)
{
	static const char vocabulary[] = "http://purl.imsglobal.org/vocab/";
	json_t *shown = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach(js_arr(claims, CLAIM "roles"), i, one)
	{
		const char *uri = json_string_value(one);
		if (i == ROLES_SHOWN)
			break;
		if (!id_ok(uri))
			continue;
		bool hidden = !str_starts(uri, vocabulary) && tells_who(m, claims, uri);
		json_array_append_new(shown, json_string(hidden ? HIDDEN : uri));
	}
	return shown;
}

/* What rules may look at, as the platform wrote it; of children and of a course's history
 * it is only told that they were named. */
static json_t *shown_custom(struct mem *m, const struct lti_settings *set, const json_t *claims)
{
	json_t *shown = json_object();
	const char *name;
	json_t *value;

	json_object_foreach(js_obj(claims, CLAIM "custom"), name, value)
	{
		const char *text = json_string_value(value);
		if (!text || !settings_trust(set, name))
			continue;
		bool hidden =
			*text && (str_eq(name, set->observees) || str_eq(name, set->history) ||
				  strlen(text) > ID_MAX || tells_who(m, claims, text));
		json_object_set_new(shown, name, json_string(hidden ? HIDDEN : text));
	}
	return shown;
}

static json_t *has(const json_t *claims, const char *name)
{
	const json_t *value = json_object_get(claims, name);

	return json_boolean(value && !json_is_null(value));
}

json_t *trace_facts(struct mem *m, const struct lti_registration *r, const json_t *claims)
{
	const json_t *aud = json_object_get(claims, "aud");
	size_t aud_n = json_is_array(aud) ? json_array_size(aud) : json_is_string(aud);

	return js_own(m, json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s?}",
				   "roles", shown_roles(m, claims), "custom",
				   shown_custom(m, &r->set, claims), "has", shown_names(claims),
				   "azp", has(claims, "azp"), "aud_n", (json_int_t)aud_n, "context",
				   has(claims, CLAIM "context"), "resource_link",
				   has(claims, CLAIM "resource_link"), "sub", has(claims, "sub"),
				   "name", has(claims, "name"), "email", has(claims, "email"),
				   "nrps", has(claims, CLAIM_NRPS), "locale", locale_said(claims)));
}
