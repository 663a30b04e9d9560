/* dynamic.c - what we ask a platform for, and what it granted (R116-R119, R122). */
#include "lti/dynamic_internal.h"
#include <string.h>
#include <strings.h>

#define LINK         "LtiResourceLinkRequest"
#define ADD          "LtiDeepLinkingRequest"
#define COPY_NOTICE  "LtiContextCopyNotice"

enum { UPDATE_MS = 3500, SEND_MS = 6000, ANSWER_MAX = 128 << 10, SAID_MAX = 2000 };

/* ---- What we offer ---- */

static const struct dynamic_place places[] = {
	{"course_navigation", LINK, "/open/course", DYNAMIC_COURSE},
	{"account_navigation", LINK, "/open/course", DYNAMIC_COURSE},
	{"user_navigation", LINK, "/open/my", DYNAMIC_MINE},
	{"global_navigation", LINK, "/open/my", DYNAMIC_MINE},
	{"link_selection", ADD, "/lti/launch", DYNAMIC_ADD},
	{"assignment_selection", ADD, "/lti/launch", DYNAMIC_ADD},
	{"module_index_menu_modal", ADD, "/lti/launch", DYNAMIC_ADD},
	{"module_menu_modal", ADD, "/lti/launch", DYNAMIC_ADD},
	{"editor_button", ADD, "/lti/launch", DYNAMIC_ADD},
	{"ContentArea", ADD, "/lti/launch", DYNAMIC_ADD},
	{"RichTextEditor", ADD, "/lti/launch", DYNAMIC_ADD},
};

/* Messages that need no place: the platform knows where they begin. */
static const char *const placeless[] = {"DataPrivacyLaunchRequest", "LtiSubmissionReviewRequest"};

const struct dynamic_place *dynamic_places(size_t *n_out)
{
	*n_out = sizeof places / sizeof *places;
	return places;
}

/* "https://canvas.instructure.com/lti/course_navigation" is "course_navigation". */
const struct dynamic_place *dynamic_place_find(const char *name, size_t n)
{
	for (size_t i = n; i > 0; i--)
		if (name[i - 1] == '/') {
			name += i;
			n -= i;
			break;
		}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strlen(places[i].name) == n && strncasecmp(places[i].name, name, n) == 0)
			return &places[i];
	return NULL;
}

static const json_t *message_of(const struct openid *o, const char *type)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)o->messages, i, v)
	{
		if (str_eq(js_str(v, "type"), type))
			return v;
	}
	return NULL;
}

bool dynamic_message_at(const struct openid *o, const char *type)
{
	/* Every platform opens links, whether it lists that or not. */
	return str_eq(type, LINK) || message_of(o, type);
}

const char *dynamic_place_at(const struct openid *o, const struct dynamic_place *p)
{
	const json_t *message, *v;
	size_t i, k;

	json_array_foreach((json_t *)(uintptr_t)o->messages, i, message)
	{
		if (!str_eq(js_str(message, "type"), p->message))
			continue;
		json_array_foreach(js_arr(message, "placements"), k, v)
		{
			const char *name = json_string_value(v);
			if (dynamic_place_find(name, strlen(name)) == p)
				return name;
		}
	}
	return NULL;
}

bool dynamic_named(const char *words, const struct dynamic_place *p)
{
	for (const char *s = words; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");
		if (dynamic_place_find(s, n) == p)
			return true;
		s += n;
	}
	return false;
}

/* Canvas offers its own names beside the standard's for the same places: only one of them
 * is asked for, or the same button would stand there twice. */
const char *dynamic_usual(struct mem *m, const struct openid *o, enum dynamic_label label)
{
	struct buf usual, offered;

	buf_init(&usual, m);
	buf_init(&offered, m);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct dynamic_place *p = &places[i];
		if (p->label != label || !dynamic_place_at(o, p))
			continue;
		words_add(&offered, p->name);
		if (dynamic_named(o->profile->set.placements, p))
			words_add(&usual, p->name);
	}
	return usual.n || label != DYNAMIC_ADD ? usual.p : offered.p;
}

/* ---- The request ---- */

/* "label", and "label#nb" beside it. */
static void in_languages(struct mem *m, json_t *o, const char *name, const struct dynamic_wishes *w,
			 const char *(*pick)(const struct dynamic_words *, enum dynamic_label),
			 enum dynamic_label label)
{
	for (size_t i = 0; i < w->words_n; i++) {
		const struct dynamic_words *in = &w->words[i];
		const char *key = i ? mem_printf(m, "%s#%s", name, in->language) : name;
		json_object_set_new(o, key, json_string(pick(in, label)));
	}
}

static const char *product(const struct dynamic_words *w, enum dynamic_label unused)
{
	return w->product;
}

static const char *description(const struct dynamic_words *w, enum dynamic_label unused)
{
	return w->description;
}

static const char *label_of(const struct dynamic_words *w, enum dynamic_label label)
{
	return w->labels[label];
}

static const char *scopes(struct mem *m, const struct openid *o, const struct dynamic_wishes *w)
{
	struct buf b;

	buf_init(&b, m);
	if (w->roster && openid_has(o->scopes, SCOPE_NRPS))
		words_add(&b, SCOPE_NRPS);
	if (w->notices && openid_has(o->scopes, SCOPE_NOTICE) && openid_has(o->notices, COPY_NOTICE))
		words_add(&b, SCOPE_NOTICE);
	return b.p;
}

static json_t *claims(const struct openid *o, const struct dynamic_wishes *w)
{
	const struct {
		const char *name;
		bool is_wanted, is_always;
	} all[] = {
		{"iss", true, true},
		{"sub", true, true},
		{"name", w->names, false},
		{"given_name", w->names, false},
		{"family_name", w->names, false},
		{"email", w->email, false},
		{"locale", true, false},
	};
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].is_wanted && (all[i].is_always || openid_has(o->claims, all[i].name)))
			json_array_append_new(list, json_string(all[i].name));
	return list;
}

/* "name=$Variable ..." as an object of texts: numbers and truths are refused by some
 * platforms (ltijs#239). A variable that the platform does not list would come back as
 * it is. */
static json_t *custom(struct mem *m, const struct openid *o)
{
	json_t *out = json_object();

	for (const char *s = o->profile->set.custom; *s; s += strspn(s, " ")) {
		const char *word = mem_strndup(m, s, strcspn(s, " ")), *equals = strchr(word, '=');
		s += strlen(word);
		if (!equals)
			continue;
		const char *value = equals + 1, *bare = value + (*value == '$');
		if (*value == '$' && json_array_size(o->variables) &&
		    !openid_has(o->variables, bare) && !openid_has(o->variables, value))
			continue;
		const char *name = mem_strndup(m, word, (size_t)(equals - word));
		json_object_set_new(out, name, json_string(value));
	}
	return out;
}

static json_t *message(struct mem *m, const char *base, const char *type, const char *path,
		       enum dynamic_label label, const struct dynamic_wishes *w)
{
	json_t *o = json_object();

	json_object_set_new(o, "type", json_string(type));
	json_object_set_new(o, "target_link_uri", json_string(mem_printf(m, "%s%s", base, path)));
	in_languages(m, o, "label", w, label_of, label);
	return o;
}

/* One message for each place of our pages, since each has its own address; one for all
 * places from which links are placed. */
static json_t *messages(struct mem *m, const char *base, const struct openid *o,
			const struct dynamic_wishes *w)
{
	json_t *list = json_array(), *add = json_array();
	bool has_link = false;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct dynamic_place *p = &places[i];
		const char *theirs = dynamic_place_at(o, p);
		if (!theirs || !dynamic_named(w->places, p))
			continue;
		if (str_eq(p->message, ADD)) {
			json_array_append_new(add, json_string(theirs));
			continue;
		}
		json_t *one = message(m, base, LINK, p->path, p->label, w);
		json_object_set_new(one, "placements", json_pack("[s]", theirs));
		json_array_append_new(list, one);
		has_link = true;
	}
	if (!has_link)
		json_array_insert_new(list, 0, message(m, base, LINK, "/open/course", DYNAMIC_COURSE, w));
	if (w->add && message_of(o, ADD)) {
		json_t *one = message(m, base, ADD, "/lti/launch", DYNAMIC_ADD, w);
		if (json_array_size(add))
			json_object_set(one, "placements", add);
		json_array_append_new(list, one);
	}
	json_decref(add);
	for (size_t i = 0; i < sizeof placeless / sizeof *placeless; i++)
		if (message_of(o, placeless[i]))
			json_array_append_new(list, message(m, base, placeless[i], "/lti/launch",
							    DYNAMIC_COURSE, w));
	return list;
}

static json_t *tool(const struct lti *l, struct mem *m, const struct openid *o,
		    const struct dynamic_wishes *w, const char *scope)
{
	struct lti_addresses a = lti_addresses(l, m);
	json_t *t = json_object();

	/* with its port, if it has one: Moodle compares (moodle.md 8) */
	json_object_set_new(t, "domain", json_string(openid_host(m, a.base)));
	json_object_set_new(t, "target_link_uri", json_string(a.launch));
	in_languages(m, t, "description", w, description, DYNAMIC_COURSE);
	json_object_set_new(t, "custom_parameters", custom(m, o));
	json_object_set_new(t, "claims", claims(o, w));
	json_object_set_new(t, "messages", messages(m, a.base, o, w));
	if (strstr(scope, SCOPE_NOTICE))
		json_object_set_new(t, "notice_handlers",
				    json_pack("[{s:s, s:s}]", "notice_type", COPY_NOTICE, "handler",
					      a.notices));
	return t;
}

/* What this product wants besides, laid over the request; its member "message" over every
 * message. "{privacy}" stands for what may be known of people. */
static void lay_over(struct mem *m, json_t *request, const struct openid *o,
		     const struct dynamic_wishes *w)
{
	static const char mark[] = "{privacy}";
	static const char *const levels[] = {"anonymous", "name_only", "email_only", "public"};
	const char *level = levels[(w->names ? 1 : 0) + (w->email ? 2 : 0)];
	json_t *over, *one;
	struct err ignored;
	struct buf b;
	size_t i;

	buf_init(&b, m);
	for (const char *s = o->profile->set.overlay, *at; *s; s = at + strlen(mark)) {
		at = strstr(s, mark);
		buf_addn(&b, s, at ? (size_t)(at - s) : strlen(s));
		if (!at)
			break;
		buf_add(&b, level);
	}
	if (!b.n || !js_parse(m, b.p, b.n, ANSWER_MAX, &over, &ignored) || !json_is_object(over))
		return;
	json_t *on_messages = json_incref(json_object_get(over, "message"));
	json_object_del(over, "message");
	json_object_update_recursive(request, over);
	json_array_foreach(js_arr(js_obj(request, TOOL), "messages"), i, one)
	{
		if (json_is_object(on_messages))
			json_object_update_recursive(one, on_messages);
	}
	json_decref(on_messages);
}

json_t *dynamic_request(const struct lti *l, struct mem *m, const struct openid *o,
			const struct dynamic_wishes *w)
{
	struct lti_addresses a = lti_addresses(l, m);
	const char *scope = scopes(m, o, w);
	json_t *r = js_own(m, json_pack("{s:s, s:[s], s:[s,s], s:s, s:[s], s:s, s:s, s:s, s:s}",
					"application_type", "web", "response_types", "id_token",
					"grant_types", "implicit", "client_credentials",
					"initiate_login_uri", a.login, "redirect_uris", a.launch,
					"client_uri", a.base, "jwks_uri", a.jwks,
					"token_endpoint_auth_method", "private_key_jwt", "scope", scope));

	in_languages(m, r, "client_name", w, product, DYNAMIC_COURSE);
	json_object_set_new(r, "logo_uri", json_string(mem_printf(m, "%s%s", a.base, w->icon)));
	if (!str_empty(w->contact))
		json_object_set_new(r, "contacts", json_pack("[s]", w->contact));
	json_object_set_new(r, TOOL, tool(l, m, o, w, scope));
	lay_over(m, r, o, w);
	return r;
}

/* ---- The answer ---- */

static void add_once(json_t *list, const char *text)
{
	if (text && !openid_has(list, text))
		json_array_append_new(list, json_string(text));
}

static json_t *split(struct mem *m, const char *words)
{
	json_t *list = json_array();

	for (const char *s = words; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");
		if (n)
			add_once(list, mem_strndup(m, s, n));
		s += n;
	}
	return list;
}

/* The distinct types of messages; *said_places is set where any message names places. */
static json_t *types_of(const json_t *list, json_t *places_out, bool *said_places)
{
	json_t *types = json_array();
	const json_t *one, *v;
	size_t i, k;

	json_array_foreach((json_t *)(uintptr_t)list, i, one)
	{
		add_once(types, js_str(one, "type"));
		*said_places = *said_places || js_arr(one, "placements");
		json_array_foreach(js_arr(one, "placements"), k, v)
			add_once(places_out, json_string_value(v));
	}
	return types;
}

static json_t *names_of(const json_t *object)
{
	json_t *list = json_array();
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)object, name, v)
		add_once(list, name);
	return list;
}

static json_t *asked(struct mem *m, const json_t *request)
{
	const json_t *t = js_obj(request, TOOL);
	json_t *at = json_array();
	bool said = false;
	json_t *types = types_of(js_arr(t, "messages"), at, &said);

	return json_pack("{s:o, s:o, s:O, s:o, s:o}", "scopes", split(m, js_str(request, "scope")),
			 "messages", types, "claims", js_arr(t, "claims"), "placements", at,
			 "custom", names_of(js_obj(t, "custom_parameters")));
}

/* Those of `given` that were asked for; null where nothing was said. */
static json_t *within(const json_t *given, const json_t *asked_for)
{
	json_t *list;
	const json_t *v;
	size_t i;

	if (!given)
		return json_null();
	list = json_array();
	json_array_foreach((json_t *)(uintptr_t)asked_for, i, v)
	{
		if (openid_has(given, json_string_value(v)))
			json_array_append(list, (json_t *)(uintptr_t)v);
	}
	return list;
}

/* A parameter that came back changed is not ours any more. */
static json_t *custom_given(const json_t *theirs, const json_t *ours)
{
	json_t *list, *v;
	const char *name;

	if (!theirs)
		return json_null();
	list = json_array();
	json_object_foreach((json_t *)(uintptr_t)ours, name, v)
	{
		if (str_eq(js_str(theirs, name), json_string_value(v)))
			json_array_append_new(list, json_string(name));
	}
	return list;
}

/* Moodle lists the messages besides the link, which nobody can take away (moodle.md 8). */
static json_t *messages_given(struct mem *m, const json_t *tool_said, const json_t *asked_for,
			      json_t **places_out)
{
	const json_t *list = js_arr(tool_said, "messages");
	json_t *at = js_own(m, json_array()), *types;
	bool said = false;

	*places_out = NULL;
	if (!list)
		return json_null();
	types = js_own(m, types_of(list, at, &said));
	add_once(types, LINK);
	*places_out = said ? at : NULL;
	return within(types, asked_for);
}

static const json_t *report(struct mem *m, const json_t *request, const json_t *answer)
{
	json_t *a = asked(m, request), *at;
	const json_t *t = js_obj(answer, TOOL);
	const char *scope = js_str(answer, "scope");
	json_t *scopes_said = scope ? js_own(m, split(m, scope)) : NULL;
	json_t *types = messages_given(m, t, js_arr(a, "messages"), &at);
	json_t *given = json_pack(
		"{s:o, s:o, s:o, s:o, s:o}", "scopes", within(scopes_said, js_arr(a, "scopes")), "messages",
		types, "claims", within(js_arr(t, "claims"), js_arr(a, "claims")), "placements",
		within(at, js_arr(a, "placements")), "custom",
		custom_given(js_obj(t, "custom_parameters"),
			     js_obj(js_obj(request, TOOL), "custom_parameters")));

	return js_own(m, json_pack("{s:o, s:o}", "asked", a, "given", given));
}

/* A custom parameter is believed only where it was declared for the whole tool, by us: what
 * a link adds may be any teacher's (lti.md 3.3). */
static const json_t *settings(struct mem *m, const struct openid *o, const json_t *request,
			      const json_t *rep)
{
	const json_t *ours = js_obj(js_obj(request, TOOL), "custom_parameters"), *v;
	struct buf granted;
	size_t i;

	buf_init(&granted, m);
	json_array_foreach(js_arr(js_obj(rep, "given"), "custom"), i, v)
		buf_addf(&granted, "%s%s=%s", i ? " " : "", json_string_value(v),
			 js_str(ours, json_string_value(v)));
	json_t *own = settings_declared(m, granted.p);
	if (*o->audience && !*o->profile->set.token_audience && !str_eq(o->audience, o->token_url))
		json_object_set_new(own, "token_audience", json_string(o->audience));
	if (!str_eq(o->algorithms, o->profile->set.algorithms))
		json_object_set_new(own, "algorithms", json_string(o->algorithms));
	return own;
}

/* A text, or a whole number as some platforms write it. */
static const char *identifier(struct mem *m, const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	if (json_is_integer(v))
		return mem_printf(m, "%lld", (long long)json_integer_value(v));
	return id_ok(json_string_value(v)) ? json_string_value(v) : NULL;
}

/* As the platform wrote it, as far as it is text. */
static const char *verbatim(struct mem *m, const char *text, size_t n)
{
	if (n > SAID_MAX)
		for (n = SAID_MAX; n && ((unsigned char)text[n] & 0xC0) == 0x80;)
			n--;
	if (!str_is_text(text, n))
		return "";
	return str_trim(m, mem_strndup(m, text, n));
}

bool dynamic_answer_read(struct mem *m, const char *allow, const struct openid *o,
			 const json_t *request, long status, const char *text, size_t n,
			 struct dynamic_answer *out, struct err *e)
{
	struct err why;
	json_t *j;

	if (status != 200 && status != 201) {
		*out = (struct dynamic_answer){.status = status, .said = verbatim(m, text, n)};
		return true;
	}
	if (!js_parse(m, text, n, ANSWER_MAX, &j, &why) || !json_is_object(j) ||
	    !identifier(m, j, "client_id"))
		return err_reason(e, ERR_PEER, "registration_answer",
				  "the platform registered us but told no client_id");
	const char *url = js_str(j, "registration_client_uri");
	const char *token = js_str(j, "registration_access_token");
	bool may_change = url && url_is_fetchable(allow, url) && url_same_origin(url, o->register_url);
	const json_t *rep = report(m, request, j);
	*out = (struct dynamic_answer){
		.accepted = true,
		.status = status,
		.said = "",
		.client_id = identifier(m, j, "client_id"),
		.deployment_id = identifier(m, js_obj(j, TOOL), "deployment_id"),
		.update_url = may_change ? url : NULL,
		.update_token = may_change && bearer_ok(token) ? token : NULL,
		.report = rep,
		.settings = settings(m, o, request, rep),
	};
	return true;
}

/* ---- Handing it over ---- */

/* A registration that is gone there, or cannot be changed, is made anew. */
static bool is_gone(long status)
{
	return status == 404 || status == 405 || status == 410 || status == 501;
}

bool dynamic_send(struct lti *l, struct mem *m, const struct openid *o, const json_t *request,
		  const char *token, const struct dynamic_update *update, struct dynamic_answer *out,
		  struct err *e)
{
	struct http_request req = {.accept = "application/json",
				   .json = js_print(m, request, NULL),
				   .body_max = ANSWER_MAX};
	struct http_response res = {.status = 404};

	if (update && update->url) {
		req.url = update->url;
		req.method = "PUT";
		req.bearer = update->token ? update->token : token;
		req.total_ms = UPDATE_MS;
		if (!dynamic_ask(l, m, &req, &res, e))
			return err_under(e, "registration update");
	}
	if (is_gone(res.status)) {
		req.url = o->register_url;
		req.method = "POST";
		req.bearer = token;
		req.total_ms = SEND_MS;
		if (!dynamic_ask(l, m, &req, &res, e))
			return err_under(e, "registration");
	}
	return dynamic_answer_read(m, l->http_allow, o, request, res.status, res.body, res.n, out, e);
}
