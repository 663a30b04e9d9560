#include "lti/platform.h"
#include "base/str.h"
#include "base/sys.h"
#include "db/db.h"
#include "lti/lti_internal.h"
#include <stdio.h>
#include <string.h>

enum { SECRET_BYTES = 32, INVITE_DAYS = 14, INVITE_DAYS_MAX = 365 };

/* ---- Adding ---- */

static bool texts_ok(const struct platform_words *w, struct err *e)
{
	const struct {
		const char *option, *field, *value;
	} needed[] = {
		{"--name", "name", w->name},
		{"--issuer", "issuer", w->issuer},
		{"--client-id", "clientId", w->client_id},
	};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		const char *value = needed[i].value;
		if (str_empty(value))
			return err_field(e, needed[i].field, "platform add needs %s",
					 needed[i].option);
		if (strlen(value) > ID_MAX || !str_is_text(value, strlen(value)))
			return err_field(e, needed[i].field, "%s is a text of at most %d bytes",
					 needed[i].option, ID_MAX);
	}
	return true;
}

/* A browser is sent to the first, we fetch from the others; the second may be absent
 * where a platform has no services. */
static bool addresses_ok(const struct platform_words *w, const char *allow, struct err *e)
{
	const struct {
		const char *option, *field, *url;
		bool is_followed, may_lack;
	} urls[] = {
		{"--auth-url", "authUrl", w->auth_url, true, false},
		{"--token-url", "tokenUrl", w->token_url, false, true},
		{"--jwks-url", "jwksUrl", w->jwks_url, false, false},
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		const char *url = urls[i].url;
		if (str_empty(url) && urls[i].may_lack)
			continue;
		if (str_empty(url) || !(urls[i].is_followed ? url_is_linkable(allow, url)
							    : url_is_fetchable(allow, url)))
			return err_field(e, urls[i].field,
					 "%s: an https address, or one of http_allow",
					 urls[i].option);
	}
	return true;
}

bool platform_check(const struct platform_words *w, const char *allow, struct err *e)
{
	if (!texts_ok(w, e) || !addresses_ok(w, allow, e))
		return false;
	if (w->profile && !str_eq(lti_profile_find(w->profile)->name, w->profile))
		return err_field(e, "profile", "--profile: no profile is called %.40s", w->profile);
	if (w->deployments && !str_eq(w->deployments, "auto") &&
	    !str_eq(w->deployments, "pending") && !str_eq(w->deployments, "closed"))
		return err_field(e, "deployments", "--deployments is auto, pending or closed");
	return true;
}

static const struct lti_setting *setting_find(const char *name)
{
	size_t n;
	const struct lti_setting *list = lti_setting_list(&n);

	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].name, name))
			return &list[i];
	return NULL;
}

/* As JSON has it; what fits is decided by lti_settings_read(). */
static json_t *setting_value(const struct lti_setting *s, const char *text)
{
	int64_t n;

	if (s->kind == LTI_SETTING_NUMBER && int_parse(text, 0, INT32_MAX, &n))
		return json_integer(n);
	if (s->kind == LTI_SETTING_FLAG && (str_eq(text, "on") || str_eq(text, "off")))
		return json_boolean(str_eq(text, "on"));
	return js_text(text);
}

static bool setting_add(struct mem *m, json_t *own, const char *pair, struct err *e)
{
	size_t n = strcspn(pair, "=");
	const struct lti_setting *s = setting_find(mem_strndup(m, pair, n));

	if (!pair[n])
		return err_set(e, ERR_INVALID, "--set is name=value");
	if (!s)
		return err_set(e, ERR_INVALID,
			       "--set %.40s: no such setting; `ilpd platform settings` lists them",
			       pair);
	json_object_set_new(own, s->name, setting_value(s, pair + n + 1));
	return true;
}

/* The settings that were said, as JSON text that fits. */
static bool settings_text(struct mem *m, const struct platform_words *w, const char **out,
			  struct err *e)
{
	json_t *own = js_own(m, json_object());
	struct lti_settings ignored;

	if (w->observees)
		json_object_set_new(own, "observees", js_text(w->observees));
	if (w->anonymous)
		json_object_set_new(own, "anonymous", json_true());
	for (size_t i = 0; i < w->set_n; i++)
		if (!setting_add(m, own, w->set[i], e))
			return false;
	for (size_t i = 0; i < w->unset_n; i++)
		if (!setting_find(w->unset[i]))
			return err_set(e, ERR_INVALID, "--unset %.40s: no such setting",
				       w->unset[i]);
	if (!lti_settings_read(m, lti_profile_find(str_or(w->profile, "generic")), own, &ignored,
			       e))
		return false;
	*out = js_print(m, own, NULL);
	return true;
}

bool platform_add(const struct config *c, struct mem *m, const struct platform_words *w,
		  struct err *e)
{
	const char *settings = NULL;

	/* Without a school it is nobody's own: each of its deployments is somebody's. */
	if (!uuid_ok(w->id) || (w->tenant && !uuid_ok(w->tenant)))
		return err_set(e, ERR_INVALID,
			       "platform add needs --id UUID, and --tenant UUID or none");
	if (!platform_check(w, c->http_allow, e) || !settings_text(m, w, &settings, e))
		return false;
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){.tenant = w->tenant});
	db_add(db, DB_PLATFORM_PUT, w->id, w->tenant, w->name, str_or(w->profile, "generic"),
	       w->issuer, w->client_id, w->auth_url, str_or(w->token_url, ""), w->jwks_url,
	       str_or(w->deployments, "auto"), settings, db_list(m, w->unset, w->unset_n));
	db_add(db, DB_PLATFORM_CHANGED);
	bool ok = db_commit(db, e);
	if (str_eq(db_constraint(db), "registration_tenant_id_fkey"))
		err_set(e, ERR_INVALID,
			"--tenant: there is no such school; make it with tenant add");
	else if (str_eq(db_constraint(db), "registration_issuer_client_id_key"))
		err_set(e, ERR_CONFLICT,
			"this issuer and client id are registered under another --id");
	db_free(db);
	return ok;
}

/* ---- Looking ---- */

static void print_waiting(const struct db_rows *r, const char *registration)
{
	for (int i = 0; i < db_count(r); i++)
		if (str_eq(db_text(r, i, 0), registration))
			printf("    deployment %s waits%s%s: platform accept --code %s\n",
			       db_text(r, i, 1), *db_text(r, i, 2) ? ", of " : "", db_text(r, i, 2),
			       str_or(db_text(r, i, 3), "(none)"));
}

bool platform_list(const struct config *c, struct mem *m, struct err *e)
{
	struct db *db = db_new(c->database);

	db_begin(db, m, &(struct db_scope){0});
	int list = db_add(db, DB_PLATFORM_LIST), waiting = db_add(db, DB_PLATFORM_WAITING);
	bool ok = db_commit(db, e);
	for (int i = 0; ok && i < db_count(db_rows(db, list)); i++) {
		const struct db_rows *r = db_rows(db, list);
		printf("%s  %-10s  %-24s  %s  client %s  %s  school %s  deployments %s"
		       " (%s active, %s pending, %s closed)  last launch %s\n",
		       db_text(r, i, 0), db_text(r, i, 1), db_text(r, i, 2), db_text(r, i, 3),
		       db_text(r, i, 4), db_text(r, i, 5), str_or(db_text(r, i, 6), "none"),
		       db_text(r, i, 7), db_text(r, i, 8), db_text(r, i, 9), db_text(r, i, 10),
		       str_or(db_text(r, i, 11), "none"));
		if (db_text(r, i, 12))
			printf("    the registration waits: platform accept --code %s\n",
			       db_text(r, i, 12));
		print_waiting(db_rows(db, waiting), db_text(r, i, 0));
	}
	db_free(db);
	return ok;
}

static void print_setting(const struct lti_setting *s, const struct lti_settings *set)
{
	const void *at = (const char *)set + s->offset;

	printf("%-16s", s->name);
	if (s->kind == LTI_SETTING_TEXT)
		printf("%s", *(const char *const *)at);
	else if (s->kind == LTI_SETTING_NUMBER)
		printf("%lld", (long long)*(const int64_t *)at);
	else
		printf("%s", *(const bool *)at ? "on" : "off");
	printf("\n                %s\n", s->about);
}

bool platform_settings(struct mem *m, const char *name, struct err *e)
{
	const struct lti_profile *profile = lti_profile_find(str_or(name, "generic"));
	size_t n;
	const struct lti_setting *list = lti_setting_list(&n);

	if (name && !str_eq(profile->name, name))
		return err_set(e, ERR_INVALID, "--profile: no profile is called %.40s", name);
	for (size_t i = 0; i < n; i++)
		print_setting(&list[i], &profile->set);
	return true;
}

/* ---- A live test ---- */

static int print_steps(const struct lti_check_step *steps, size_t n)
{
	static const char *const words[] = {
		[LTI_CHECK_OK] = "OK",
		[LTI_CHECK_WARN] = "WARN",
		[LTI_CHECK_FAILED] = "FAILED",
		[LTI_CHECK_SKIPPED] = "SKIPPED",
	};
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		printf("%-7s  %-6s  %5lld ms  %s\n", words[steps[i].result], steps[i].what,
		       (long long)steps[i].ms, steps[i].text);
		failed += steps[i].result == LTI_CHECK_FAILED;
	}
	return failed;
}

/* A roster's address is known since the first launch from a course. */
static bool latest_roster(struct mem *m, struct db *db, const char *id, const char **url_out,
			  struct err *e)
{
	db_begin(db, m, &(struct db_scope){.worker = true});
	int latest = db_add(db, DB_PLATFORM_ROSTER, id);

	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, latest);
	*url_out = db_count(r) ? db_text(r, 0, 0) : NULL;
	return true;
}

static bool run_test(struct lti *l, const struct config *c, struct mem *m, struct db *db,
		     const char *id, struct err *e)
{
	struct lti_check_step steps[LTI_CHECK_STEPS];
	struct key_ring *ring;
	const char *roster;
	size_t n = 0;

	if (!latest_roster(m, db, id, &roster, e) || !keys_open(&ring, m, db, &c->kek, e))
		return false;
	bool ok = lti_check(l, m, db, ring, id, roster, steps, &n, e);
	int failed = ok ? print_steps(steps, n) : 0;
	keys_close(ring);
	if (failed)
		return err_set(e, ERR_PEER, "%d step%s failed", failed, failed == 1 ? "" : "s");
	return ok;
}

bool platform_test(const struct config *c, const char *user_agent, struct mem *m, const char *id,
		   struct err *e)
{
	struct lti_config lti = {.base_url = c->base_url,
				 .user_agent = user_agent,
				 .http_allow = c->http_allow,
				 .seal_key = &c->kek};
	struct lti *l;

	if (!uuid_ok(id))
		return err_set(e, ERR_INVALID, "platform test needs --id UUID");
	if (!lti_open(&l, &lti, e))
		return false;
	struct db *db = db_new(c->database);
	bool ok = run_test(l, c, m, db, id, e);
	if (!ok && e->code == ERR_NOT_FOUND)
		err_set(e, ERR_NOT_FOUND, "no active registration has this --id");
	db_free(db);
	lti_close(l);
	return ok;
}

/* ---- Letting in ---- */

/* A code that waits for nobody, or a school there is none of. */
static bool nothing_taken(struct db *db, bool committed, struct err *e)
{
	if (committed)
		return err_set(e, ERR_NOT_FOUND, "nothing waits under this code");
	if (strstr(db_constraint(db), "tenant_id_fkey"))
		return err_set(e, ERR_INVALID,
			       "--tenant: there is no such school; make it with tenant add");
	return false;
}

bool platform_accept(const struct config *c, struct mem *m, const char *typed, const char *tenant,
		     struct err *e)
{
	const char *code = lti_claim_code_read(m, typed);

	if (!uuid_ok(tenant) || str_empty(typed))
		return err_set(e, ERR_INVALID,
			       "platform accept needs --code CODE and --tenant UUID");
	if (!code)
		return err_set(e, ERR_INVALID,
			       "--code is ten letters and digits, such as 7QM4P-K2XRT");
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	int taken = db_add(db, DB_CLAIM_TAKE, code);
	bool ok = db_commit(db, e);
	if (ok && db_count(db_rows(db, taken)))
		printf("%s %s\n", db_text(db_rows(db, taken), 0, 0),
		       db_text(db_rows(db, taken), 0, 1));
	else
		ok = nothing_taken(db, ok, e);
	db_free(db);
	return ok;
}

bool platform_invite(const struct config *c, struct mem *m, const char *tenant, const char *note,
		     const char *days_text, struct err *e)
{
	unsigned char bytes[SECRET_BYTES];
	int64_t days = INVITE_DAYS;

	if (!uuid_ok(tenant))
		return err_set(e, ERR_INVALID, "platform invite needs --tenant UUID");
	if (days_text && !int_parse(days_text, 1, INVITE_DAYS_MAX, &days))
		return err_set(e, ERR_INVALID, "--days is 1 to %d", INVITE_DAYS_MAX);
	random_bytes(bytes, sizeof bytes);
	const char *secret = b64url_encode(m, bytes, sizeof bytes);
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	int made = db_add(db, DB_ADMIN_INVITE, uuid_new(m), sha256_hex(m, secret, strlen(secret)),
			  str_or(note, ""), db_num(m, days));
	bool ok = db_commit(db, e);
	if (ok)
		printf("%s/lti/register?invite=%s\ngood for one platform until %s\n", c->base_url,
		       secret, db_text(db_rows(db, made), 0, 0));
	else if (strstr(db_constraint(db), "tenant_id_fkey"))
		err_set(e, ERR_INVALID,
			"--tenant: there is no such school; make it with tenant add");
	db_free(db);
	return ok;
}

/* ---- The help desk ---- */

static void print_launch(struct mem *m, const struct db_rows *r, int i)
{
	static const char *const names[] = {
		"at",      "platform", "deployment", "message", "browser", "tied by", "signature",
		"refused", "person",   "course",     "role",    "because", "facts",
	};
	int n = sizeof names / sizeof *names;
	const char *reason = db_text(r, i, 7), *steps = db_text(r, i, n);
	json_t *list, *step;
	struct err ignored;
	size_t k;

	for (int at = 0; at < n; at++)
		if (!str_empty(db_text(r, i, at)))
			printf("%-10s  %s\n", names[at], db_text(r, i, at));
	if (reason)
		printf("%-10s  %s\n", "mend", lti_reason_find(reason)->mend);
	if (!js_parse(m, steps, strlen(steps), strlen(steps), &list, &ignored))
		return;
	json_array_foreach(list, k, step)
	{
		int64_t us = 0;
		if (js_num(step, "us", &us))
			printf("%-10s  %s, %lld us\n", k ? "" : "steps",
			       str_or(js_str(step, "name"), "?"), (long long)us);
	}
}

bool launch_lookup(const struct config *c, struct mem *m, const char *code, struct err *e)
{
	if (str_empty(code))
		return err_set(e, ERR_INVALID, "launch needs the code that stood on the page");
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){0});
	int launches = db_add(db, DB_LAUNCH_LOOKUP, code),
	    doctor = db_add(db, DB_ADMIN_DOCTOR, code);
	bool ok = db_commit(db, e);
	if (ok) {
		const struct db_rows *seen = db_rows(db, launches), *tests = db_rows(db, doctor);
		for (int i = 0; i < db_count(seen); i++) {
			print_launch(m, seen, i);
			putchar('\n');
		}
		if (db_count(tests))
			printf("doctor      %s\n", db_text(tests, 0, 0));
		ok = db_count(seen) || db_count(tests) ||
		     err_set(e, ERR_NOT_FOUND, "nothing was seen under this code in two weeks");
	}
	db_free(db);
	return ok;
}
