/* A tenant's platforms: seen with their health, added, changed, tested. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include "lti/platform.h"
#include <string.h>

enum { TEXT_MAX = 2000, SETTINGS_TEXT_MAX = 16384 };

/* ---- Seen ---- */

static json_t *setting_json(const struct lti_setting *s, const struct lti_settings *set)
{
	const char *at = (const char *)set + s->offset;

	switch (s->kind) {
	case LTI_SETTING_TEXT:
		return json_string(*(const char *const *)(const void *)at);
	case LTI_SETTING_NUMBER:
		return json_integer((json_int_t) * (const int64_t *)(const void *)at);
	default:
		return json_boolean(*(const bool *)(const void *)at);
	}
}

static json_t *settings_json(const struct lti_settings *set)
{
	size_t n;
	const struct lti_setting *list = lti_setting_list(&n);
	json_t *o = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(o, list[i].name, setting_json(&list[i], set));
	return o;
}

/* What holds for the platform in the end: its product's ways with its own over them. */
static void add_effective(struct exchange *x, json_t *platform)
{
	struct lti_settings set;
	struct err ignored;

	if (lti_settings_read(x->m, lti_profile_find(js_str(platform, "profile")),
			      json_object_get(platform, "settings"), &set, &ignored))
		json_object_set_new(platform, "effective", settings_json(&set));
}

static json_t *profiles_json(void)
{
	size_t n;
	const struct lti_profile *list = lti_profile_list(&n);
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "name", list[i].name, "title",
						     list[i].title, "settings",
						     settings_json(&list[i].set)));
	return all;
}

static json_t *columns_json(void)
{
	static const char *const kinds[] = { [LTI_SETTING_TEXT] = "text",
					     [LTI_SETTING_NUMBER] = "number",
					     [LTI_SETTING_FLAG] = "flag" };
	size_t n;
	const struct lti_setting *list = lti_setting_list(&n);
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "name", list[i].name, "kind",
						     kinds[list[i].kind], "about", list[i].about));
	return all;
}

static json_t *ours_json(struct exchange *x)
{
	struct lti_addresses a = lti_addresses(x->house->lti, x->m);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "base", a.base, "domain", a.domain,
			 "login", a.login, "launch", a.launch, "jwks", a.jwks, "register", a.register_,
			 "canvas", a.canvas, "notices", a.notices, "deepLink", a.deep_link);
}

bool admin_platforms(struct exchange *x, struct err *e)
{
	json_t *platforms, *one;
	size_t i;

	admin_begin(x);
	int list = db_add(x->db, DB_ADMIN_PLATFORMS, NULL);
	int keys = db_add(x->db, DB_ADMIN_KEYS);
	int invitations = db_add(x->db, DB_ADMIN_INVITATIONS);
	if (!db_commit(x->db, e))
		return false;
	platforms = admin_rows(x, list);
	json_array_foreach(platforms, i, one) add_effective(x, one);
	return reply_json(x, 200,
			  json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "platforms", platforms, "profiles",
				    profiles_json(), "settings", columns_json(), "ours", ours_json(x),
				    "keys", admin_rows(x, keys), "invitations", admin_rows(x, invitations)));
}

/* ---- Added and changed ---- */

/* The members of the body over what stands there; checked as the shell checks them. */
static bool read_words(struct exchange *x, const struct admin_own *was, struct platform_words *w,
		       struct err *e)
{
	const struct {
		const char *name, *otherwise;
		const char **into;
	} texts[] = {
		{ "name", was->name, &w->name },	  { "profile", was->profile, &w->profile },
		{ "issuer", was->issuer, &w->issuer },	  { "clientId", was->client_id, &w->client_id },
		{ "authUrl", was->auth_url, &w->auth_url }, { "tokenUrl", was->token_url, &w->token_url },
		{ "jwksUrl", was->jwks_url, &w->jwks_url },
		{ "deployments", was->deployments, &w->deployments },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!admin_text(x, texts[i].name, TEXT_MAX, texts[i].otherwise, texts[i].into, e))
			return false;
	return platform_check(w, x->house->config->http_allow, e);
}

static bool commit(struct exchange *x, struct err *e)
{
	if (admin_commit(x, e))
		return true;
	if (str_eq(db_constraint(x->db), "registration_issuer_client_id_key")) {
		err_set(e, ERR_CONFLICT, "issuer and client id are registered already");
		e->field = "clientId";
	}
	return false;
}

bool admin_platform_add(struct exchange *x, struct err *e)
{
	static const struct admin_own nothing = { .profile = "generic", .token_url = "", .deployments = "auto" };
	struct platform_words w = { .id = uuid_new(x->m), .tenant = x->viewer.tenant };

	if (!read_words(x, &nothing, &w, e))
		return false;
	admin_begin(x);
	db_add(x->db, DB_ADMIN_PLATFORM_ADD, w.id, w.name, w.profile, w.issuer, w.client_id, w.auth_url,
	       w.token_url, w.jwks_url, w.deployments);
	return commit(x, e) && reply_json(x, 201, json_pack("{s:s}", "id", w.id));
}

/* The settings as they will be: a JSON object that lti_settings_read() takes. */
static bool read_settings(struct exchange *x, const struct admin_own *was, const char *profile,
			  const char **text, bool *administrators, struct err *e)
{
	json_t *given = json_object_get(x->body, "settings");
	struct lti_settings set;

	*text = given ? js_print(x->m, given, NULL) : was->settings;
	if (given && (!json_is_object(given) || strlen(*text) > SETTINGS_TEXT_MAX))
		return err_field(e, "settings", "no object of settings");
	json_t *all = js_own(x->m, json_loads(*text, 0, NULL));
	if (!lti_settings_read(x->m, lti_profile_find(profile), all, &set, e)) {
		e->field = "settings";
		return false;
	}
	*administrators = set.administrators;
	return true;
}

static bool read_state(struct exchange *x, const struct admin_own *was, const char **out, struct err *e)
{
	if (!admin_text(x, "state", 10, was->state, out, e))
		return false;
	if (!str_eq(*out, "active") && !str_eq(*out, "closed") && !str_eq(*out, was->state))
		return err_field(e, "state", "neither active nor closed");
	return true;
}

/* NULL leaves what stands there, whoever may have changed it meanwhile. */
static const char *if_given(struct exchange *x, const char *name, const char *value)
{
	return json_object_get(x->body, name) ? value : NULL;
}

bool admin_platform_change(struct exchange *x, struct err *e)
{
	struct platform_words w = { .id = x->params[0], .tenant = x->viewer.tenant };
	const char *settings, *state;
	bool administrators = false;
	struct admin_own was;

	if (!admin_own(x, &was, e) || !read_words(x, &was, &w, e) ||
	    !read_settings(x, &was, w.profile, &settings, &administrators, e) ||
	    !read_state(x, &was, &state, e))
		return false;
	admin_begin(x);
	db_add(x->db, DB_ADMIN_PLATFORM_CHANGE, w.id, if_given(x, "name", w.name),
	       if_given(x, "profile", w.profile), if_given(x, "issuer", w.issuer),
	       if_given(x, "clientId", w.client_id), if_given(x, "authUrl", w.auth_url),
	       if_given(x, "tokenUrl", w.token_url), if_given(x, "jwksUrl", w.jwks_url),
	       if_given(x, "deployments", w.deployments), if_given(x, "settings", settings),
	       if_given(x, "state", state));
	if (!administrators || str_eq(state, "closed"))
		db_add(x->db, DB_ADMIN_SESSIONS_END, w.id);
	return commit(x, e) && reply_nothing(x);
}

/* ---- Tested: by the thread of errands, for a platform may take its time ---- */

bool admin_platform_check(struct exchange *x, struct err *e)
{
	admin_begin(x);
	int wanted = db_add(x->db, DB_ADMIN_CHECK_WANT, x->params[0]);
	db_add(x->db, DB_ERRAND_WAKE);
	if (!db_commit(x->db, e))
		return false;
	if (!db_count(db_rows(x->db, wanted)))
		return err_set(e, ERR_NOT_FOUND, "no such platform of this school");
	return reply_json(x, 202, json_pack("{s:s}", "id", x->params[0]));
}
