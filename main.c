/* ilpd: parses words and wires rooms, nothing else. */
#include "base/config.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "lti/platform.h"
#include "notify/notify.h"
#include "web/serve.h"
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *argp_program_version = "ilpd 0.1";
const char *argp_program_bug_address = "the person who runs it";

/* What stood on the command line. */
struct words {
	const char *config_file;
	const char *command, *what; /* "platform" "add" */
	struct platform_words platform;
	const char *time_zone, *locale, *help_text;
	bool dry_run;
};

enum { OPT_ID = 256, OPT_TENANT, OPT_NAME, OPT_PROFILE, OPT_ISSUER, OPT_CLIENT, OPT_AUTH, OPT_TOKEN,
       OPT_JWKS, OPT_OBSERVEES, OPT_DEPLOYMENTS, OPT_ANONYMOUS, OPT_ZONE, OPT_LOCALE, OPT_HELP_TEXT,
       OPT_DRY };

static const struct argp_option options[] = {
	{ "config", 'c', "FILE", 0, "Settings (the environment wins over them)", 0 },
	{ 0, 0, 0, 0, "tenant add, platform add:", 1 },
	{ "id", OPT_ID, "UUID", 0, "The same id again changes what is there", 1 },
	{ "name", OPT_NAME, "TEXT", 0, "What people call it", 1 },
	{ "time-zone", OPT_ZONE, "ZONE", 0, "Of the school, such as Europe/Oslo", 1 },
	{ "locale", OPT_LOCALE, "LANGUAGE", 0, "Of the school: en or nb", 1 },
	{ "help-text", OPT_HELP_TEXT, "TEXT", 0, "Whom people may ask", 1 },
	{ "tenant", OPT_TENANT, "UUID", 0, "Whose platform it is", 1 },
	{ "profile", OPT_PROFILE, "NAME", 0, "canvas, moodle, ... or generic", 1 },
	{ "issuer", OPT_ISSUER, "TEXT", 0, "The platform's issuer, to the letter", 1 },
	{ "client-id", OPT_CLIENT, "TEXT", 0, "What the platform calls us", 1 },
	{ "auth-url", OPT_AUTH, "URL", 0, "Authentication request", 1 },
	{ "token-url", OPT_TOKEN, "URL", 0, "Access tokens", 1 },
	{ "jwks-url", OPT_JWKS, "URL", 0, "The platform's public keys", 1 },
	{ "observees", OPT_OBSERVEES, "PARAMETER", 0,
	  "Custom parameter, declared for the whole tool, that lists a parent's children", 1 },
	{ "deployments", OPT_DEPLOYMENTS, "POLICY", 0, "Unknown deployments: auto, pending or closed", 1 },
	{ "anonymous", OPT_ANONYMOUS, 0, 0, "Take launches that name nobody", 1 },
	{ 0, 0, 0, 0, "migrate:", 2 },
	{ "dry-run", OPT_DRY, 0, 0, "Only say what would be done", 2 },
	{ 0 },
};

static error_t take_word(struct words *w, const char *word, struct argp_state *state)
{
	if (!w->command)
		w->command = word;
	else if (!w->what)
		w->what = word;
	else
		argp_error(state, "one word too many: %s", word);
	return 0;
}

static error_t take(int key, char *arg, struct argp_state *state)
{
	struct words *w = state->input;
	struct platform_words *p = &w->platform;
	const struct {
		int key;
		const char **into;
	} texts[] = {
		{ 'c', &w->config_file },	{ OPT_ID, &p->id },
		{ OPT_TENANT, &p->tenant },	{ OPT_NAME, &p->name },
		{ OPT_PROFILE, &p->profile },	{ OPT_ISSUER, &p->issuer },
		{ OPT_CLIENT, &p->client_id },	{ OPT_AUTH, &p->auth_url },
		{ OPT_TOKEN, &p->token_url },	{ OPT_JWKS, &p->jwks_url },
		{ OPT_OBSERVEES, &p->observees }, { OPT_DEPLOYMENTS, &p->deployments },
		{ OPT_ZONE, &w->time_zone },	{ OPT_LOCALE, &w->locale },
		{ OPT_HELP_TEXT, &w->help_text },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].key == key) {
			*texts[i].into = arg;
			return 0;
		}
	}
	if (key == OPT_ANONYMOUS)
		p->anonymous = true;
	else if (key == OPT_DRY)
		w->dry_run = true;
	else if (key == ARGP_KEY_ARG)
		return take_word(w, arg, state);
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

/* ---- Commands ---- */

static bool run_serve(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	return serve(c, true, e);
}

static bool run_work(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	return serve(c, false, e);
}

static bool run_migrate(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	int applied;

	if (str_empty(c->database_owner))
		return err_set(e, ERR_INVALID, "database_owner is not set");
	const char *role = db_user_of(m, c->database);
	if (!role)
		return err_set(e, ERR_INVALID, "database: names no user");
	if (!db_migrate(c->database_owner, role, w->dry_run, &applied, e))
		return false;
	printf("%d step%s %s\n", applied, applied == 1 ? "" : "s", w->dry_run ? "to apply" : "applied");
	return true;
}

static bool run_tenant_add(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	if (!uuid_ok(w->platform.id) || str_empty(w->platform.name))
		return err_set(e, ERR_INVALID, "tenant add needs --id UUID and --name TEXT");
	if (w->locale && !str_eq(i18n_language(w->locale), w->locale))
		return err_set(e, ERR_INVALID, "--locale %s: we have no such language", w->locale);
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){ .tenant = w->platform.id });
	int put = db_add(db, DB_TENANT_PUT, w->platform.id, w->platform.name, str_or(w->time_zone, "UTC"),
	       str_or(w->locale, "en"), str_or(w->help_text, ""));
	bool ok = db_commit(db, e);
	if (ok && !db_count(db_rows(db, put)))
		ok = err_set(e, ERR_INVALID, "--time-zone %s: PostgreSQL knows no such zone", w->time_zone);
	db_free(db);
	return ok;
}

static bool run_platform_add(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	return platform_add(c->database, c->http_allow, m, &w->platform, e);
}

static bool run_platform_list(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	return platform_list(c->database, m, e);
}

static bool run_mail_status(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	struct notify_health health;
	struct db *db = db_new(c->database);
	bool ok = notify_health(db, m, &health, e);

	db_free(db);
	if (ok)
		printf("waiting %d\nlate    %d\nfailed  %d\n", (int)health.waiting, (int)health.late,
		       (int)health.failed);
	return ok;
}

static bool run_reference(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	fputs(config_reference(m), stdout);
	return true;
}

static const struct command {
	const char *command, *what;
	bool (*run)(const struct words *, const struct config *, struct mem *, struct err *);
	enum { NO_CONFIG, CONFIG, CONFIG_AND_KEY } needs;
	const char *about;
} commands[] = {
	{ "serve", NULL, run_serve, CONFIG_AND_KEY, "answer requests (and send mail, unless worker = off)" },
	{ "work", NULL, run_work, CONFIG_AND_KEY, "send mail and fetch rosters only" },
	{ "migrate", NULL, run_migrate, CONFIG, "bring the database's schema up to date" },
	{ "tenant", "add", run_tenant_add, CONFIG, "make or change a school" },
	{ "platform", "add", run_platform_add, CONFIG, "make or change a platform's registration" },
	{ "platform", "list", run_platform_list, CONFIG, "show the registrations" },
	{ "mail", "status", run_mail_status, CONFIG, "count the mails that wait, are late or were given up" },
	{ "config", "reference", run_reference, NO_CONFIG, "print every setting as a page" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

static const struct command *find_command(const struct words *w)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (str_eq(w->command, commands[i].command) && str_eq(w->what, commands[i].what))
			return &commands[i];
	return NULL;
}

static char *command_help(struct mem *m)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "Individual learning plans and midterm reviews for any LMS.\v");
	for (size_t i = 0; i < COMMANDS; i++)
		buf_addf(&b, "  %s %-*s %s\n", commands[i].command,
			 18 - (int)strlen(commands[i].command),
			 commands[i].what ? commands[i].what : "", commands[i].about);
	return b.p;
}

int main(int argc, char **argv)
{
	struct mem *m = mem_new();
	struct words w = { 0 };
	struct config config;
	struct err e = { 0 };
	enum log_level level;
	struct argp argp = { options, take, "COMMAND", command_help(m), NULL, NULL, NULL };

	argp_parse(&argp, argc, argv, 0, NULL, &w);
	const struct command *c = find_command(&w);
	if (!c) {
		argp_help(&argp, stderr, ARGP_HELP_STD_HELP, argv[0]);
		mem_free(m);
		return 2;
	}
	bool ok = c->needs == NO_CONFIG ||
		  config_load(&config, m, w.config_file, c->needs == CONFIG_AND_KEY, &e);
	if (ok && c->needs != NO_CONFIG && log_level_parse(config.log_level, &level))
		log_set_level(level);
	ok = ok && c->run(&w, &config, m, &e);
	if (!ok)
		fprintf(stderr, "ilpd: %s\n", e.text);
	mem_free(m);
	return ok ? 0 : 1;
}
