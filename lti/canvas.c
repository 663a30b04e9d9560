/* canvas.c - the configuration of a developer key, for a Canvas that fetches it by its
 * address instead of registering us (lti.md 3.5). */
#include "lti/dynamic_internal.h"
#include <string.h>

enum { WIDTH = 1000, HEIGHT = 800 };

static bool one_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(words[i], word))
			return true;
	return false;
}

static bool privacy_ok(const char *privacy, struct err *e)
{
	static const char *const levels[] = {"anonymous", "name_only", "email_only", "public"};

	return !privacy || one_of(levels, sizeof levels / sizeof *levels, privacy) ||
	       err_field(e, "privacy", "privacy is anonymous, name_only, email_only or public");
}

static bool region_ok(const char *region, struct err *e)
{
	static const char *const regions[] = {
		"us", "ca", "eu", "ap", "us-east-1", "us-west-2", "ca-central-1", "eu-west-1",
		"eu-central-1", "ap-southeast-1", "ap-southeast-2"};

	return !region || one_of(regions, sizeof regions / sizeof *regions, region) ||
	       err_field(e, "region", "no region of Canvas is called so");
}

/* Canvas takes "labels" by its own locale codes. */
static json_t *labels(const struct canvas_wishes *w, enum dynamic_label label)
{
	json_t *o = json_object();

	for (size_t i = 0; i < w->words_n; i++)
		json_object_set_new(o, w->words[i].language, json_string(w->words[i].labels[label]));
	return o;
}

static json_t *placement(struct mem *m, const char *base, const struct dynamic_place *p,
			 const struct canvas_wishes *w)
{
	json_t *o = json_pack("{s:s, s:b, s:s, s:s, s:s, s:o}", "placement", p->name, "enabled", 1,
			      "message_type", p->message, "target_link_uri",
			      mem_printf(m, "%s%s", base, p->path), "text", w->words[0].labels[p->label],
			      "labels", labels(w, p->label));

	if (p->label == DYNAMIC_ADD) {
		json_object_set_new(o, "selection_width", json_integer(WIDTH));
		json_object_set_new(o, "selection_height", json_integer(HEIGHT));
	}
	if (str_eq(p->name, "course_navigation")) {
		json_object_set_new(o, "default", json_string("enabled"));
		json_object_set_new(o, "visibility", json_string("members"));
		json_object_set_new(o, "display_type", json_string("full_width_in_context"));
	}
	if (str_eq(p->name, "account_navigation")) {
		json_object_set_new(o, "visibility", json_string("admins"));
		json_object_set_new(o, "default", json_string("enabled"));
	}
	return o;
}

/* Only names that Canvas has: those of the standard are for others. */
static bool placements(struct mem *m, const char *base, const struct canvas_wishes *w,
		       const char *names, json_t *list, struct err *e)
{
	const struct dynamic_place *seen[16];
	size_t n = 0;

	for (const char *s = names; *s; s += strspn(s, ", ")) {
		size_t len = strcspn(s, ", "), i;
		const struct dynamic_place *p = dynamic_place_find(s, len);
		if (!len || !p || (*p->name >= 'A' && *p->name <= 'Z') || strncmp(p->name, s, len) != 0)
			return err_field(e, "placements", "we have no placement of one of these names");
		s += len;
		for (i = 0; i < n && seen[i] != p;)
			i++;
		if (i < n)
			continue;
		seen[n++] = p;
		json_array_append_new(list, placement(m, base, p, w));
	}
	return n || err_field(e, "placements", "name one placement at least");
}

static json_t *custom_fields(struct mem *m, const char *pairs)
{
	json_t *o = json_object();

	for (const char *s = pairs; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " "), name = strcspn(s, "=");
		if (name < n)
			json_object_set_new(o, mem_strndup(m, s, name),
					    json_string(mem_strndup(m, s + name + 1, n - name - 1)));
		s += n;
	}
	return o;
}

static json_t *extension(struct mem *m, const struct lti_addresses *a,
			 const struct canvas_wishes *w, json_t *list)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:o, s:s, s:i, s:i, s:O}}", "domain", a->domain,
			 "tool_id", "ilpd", "platform", "canvas.instructure.com", "privacy_level",
			 str_or(w->privacy, "public"), "settings", "text",
			 w->words[0].labels[DYNAMIC_COURSE], "labels", labels(w, DYNAMIC_COURSE),
			 "icon_url", mem_printf(m, "%s%s", a->base, w->icon), "selection_width", WIDTH,
			 "selection_height", HEIGHT, "placements", list);
}

bool canvas_configuration(const struct lti *l, struct mem *m, const struct canvas_wishes *w,
			  json_t **out, struct err *e)
{
	const struct lti_settings *set = &lti_profile_find("canvas")->set;
	struct lti_addresses a = lti_addresses(l, m);
	json_t *list = js_own(m, json_array());

	if (!privacy_ok(w->privacy, e) || !region_ok(w->region, e) ||
	    !placements(m, a.base, w, w->placements ? w->placements : set->placements, list, e))
		return false;
	*out = js_own(m, json_pack("{s:s, s:s, s:s, s:s, s:[s], s:s, s:[s,s], s:o, s:[o]}", "title",
				   w->words[0].product, "description", w->words[0].description,
				   "oidc_initiation_url", a.login, "target_link_uri", a.launch,
				   "redirect_uris", a.launch, "public_jwk_url", a.jwks, "scopes", SCOPE_NRPS,
				   SCOPE_NOTICE, "custom_fields", custom_fields(m, set->custom),
				   "extensions", extension(m, &a, w, list)));
	return true;
}
