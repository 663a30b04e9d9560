/* ilpd: parses words and wires rooms, nothing else. */
#include "base/config.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "ilp/administrator.h"
#include "ilp/template.h"
#include "keys/command.h"
#include "lti/platform.h"
#include "notify/notify.h"
#include "web/serve.h"
#include <argp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "0.1"

const char *argp_program_version = "ilpd " VERSION;
const char *argp_program_bug_address = "the person who runs it";

enum { REPEATED_MAX = 40 };

struct repeated {
	const char *at[REPEATED_MAX];
	size_t n;
};

/* What stood on the command line. */
struct words {
	const char *config_file;
	const char *argument; /* "key revoke KID" */
	struct platform_words platform;
	struct repeated set, unset;
	const char *time_zone, *locale, *help_text;
	const char *code, *note, *days, *org;
	bool dry_run, now;
};

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
	printf("%d step%s %s\n", applied, applied == 1 ? "" : "s",
	       w->dry_run ? "to apply" : "applied");
	return true;
}

static bool run_tenant_add(const struct words *w, const struct config *c, struct mem *m,
			   struct err *e)
{
	if (!uuid_ok(w->platform.id) || str_empty(w->platform.name))
		return err_set(e, ERR_INVALID, "tenant add needs --id UUID and --name TEXT");
	if (w->locale && !str_eq(i18n_language(w->locale), w->locale))
		return err_set(e, ERR_INVALID, "--locale %s: we have no such language", w->locale);
	struct db *db = db_new(c->database);
	db_begin(db, m, &(struct db_scope){.tenant = w->platform.id});
	int put = db_add(db, DB_TENANT_PUT, w->platform.id, w->platform.name,
			 str_or(w->time_zone, "UTC"), str_or(w->locale, "en"),
			 str_or(w->help_text, ""));
	bool ok = db_commit(db, e);
	if (ok && !db_count(db_rows(db, put)))
		ok = err_set(e, ERR_INVALID, "--time-zone %s: PostgreSQL knows no such zone",
			     w->time_zone);
	db_free(db);
	return ok;
}

static bool run_platform_add(const struct words *w, const struct config *c, struct mem *m,
			     struct err *e)
{
	struct platform_words p = w->platform;

	p.set = w->set.at;
	p.set_n = w->set.n;
	p.unset = w->unset.at;
	p.unset_n = w->unset.n;
	return platform_add(c, m, &p, e);
}

static bool run_platform_list(const struct words *w, const struct config *c, struct mem *m,
			      struct err *e)
{
	return platform_list(c, m, e);
}

static bool run_platform_settings(const struct words *w, const struct config *c, struct mem *m,
				  struct err *e)
{
	return platform_settings(m, w->platform.profile, e);
}

static bool run_platform_test(const struct words *w, const struct config *c, struct mem *m,
			      struct err *e)
{
	const char *agent =
		mem_printf(m, "ilpd/" VERSION " (+%s)", str_or(c->contact, c->base_url));

	return platform_test(c, agent, m, w->platform.id, e);
}

static bool run_platform_accept(const struct words *w, const struct config *c, struct mem *m,
				struct err *e)
{
	return platform_accept(c, m, w->code, w->platform.tenant, e);
}

static bool run_platform_invite(const struct words *w, const struct config *c, struct mem *m,
				struct err *e)
{
	return platform_invite(c, m, w->platform.tenant, w->note, w->days, e);
}

static bool run_launch(const struct words *w, const struct config *c, struct mem *m, struct err *e)
{
	return launch_lookup(c, m, w->argument, e);
}

static bool run_admin_link(const struct words *w, const struct config *c, struct mem *m,
			   struct err *e)
{
	const char *path;
	struct db *db = db_new(c->database);
	bool ok = administrator_link(db, m, w->platform.tenant, w->platform.name, &path, e);

	db_free(db);
	if (ok)
		printf("%s%s\ngood once, for ten minutes\n", c->base_url, path);
	return ok;
}

static bool run_template_list(const struct words *w, const struct config *c, struct mem *m,
			      struct err *e)
{
	return template_command_list(c->database, m, w->platform.tenant, e);
}

static bool run_template_publish(const struct words *w, const struct config *c, struct mem *m,
				 struct err *e)
{
	return template_command_publish(c->database, m, w->platform.tenant, w->argument, w->org, e);
}

static bool run_template_export(const struct words *w, const struct config *c, struct mem *m,
				struct err *e)
{
	return template_command_export(c->database, m, w->platform.tenant, w->argument, e);
}

static bool run_template_import(const struct words *w, const struct config *c, struct mem *m,
				struct err *e)
{
	return template_command_import(c->database, m, w->platform.tenant, w->argument, w->org, e);
}

static bool run_key_list(const struct words *w, const struct config *c, struct mem *m,
			 struct err *e)
{
	return key_list(c->database, m, e);
}

static bool run_key_rotate(const struct words *w, const struct config *c, struct mem *m,
			   struct err *e)
{
	return key_rotate(c->database, &c->kek, w->now, m, e);
}

static bool run_key_revoke(const struct words *w, const struct config *c, struct mem *m,
			   struct err *e)
{
	return key_revoke(c->database, &c->kek, w->argument, m, e);
}

static bool run_key_reseal(const struct words *w, const struct config *c, struct mem *m,
			   struct err *e)
{
	return key_reseal(c->database, &c->kek, m, e);
}

static bool run_mail_status(const struct words *w, const struct config *c, struct mem *m,
			    struct err *e)
{
	struct notify_health health;
	struct db *db = db_new(c->database);
	bool ok = notify_health(db, m, &health, e);

	db_free(db);
	if (ok)
		printf("waiting %d\nlate    %d\nfailed  %d\n", (int)health.waiting,
		       (int)health.late, (int)health.failed);
	return ok;
}

static bool run_reference(const struct words *w, const struct config *c, struct mem *m,
			  struct err *e)
{
	fputs(config_reference(m), stdout);
	return true;
}

static const struct command {
	const char *command, *what;
	const char *takes;    /* options, space separated */
	const char *argument; /* what stands behind the words, or NULL */
	bool (*run)(const struct words *, const struct config *, struct mem *, struct err *);
	enum { NO_CONFIG, CONFIG, CONFIG_AND_KEY } needs;
	const char *about;
} commands[] = {
	{"serve", NULL, "", NULL, run_serve, CONFIG_AND_KEY,
	 "answer requests (and send mail, unless worker = off)"},
	{"work", NULL, "", NULL, run_work, CONFIG_AND_KEY, "send mail and fetch rosters only"},
	{"migrate", NULL, "dry-run", NULL, run_migrate, CONFIG,
	 "bring the database's schema up to date"},
	{"tenant", "add", "id name time-zone locale help-text", NULL, run_tenant_add, CONFIG,
	 "make or change a school"},
	{"admin", "link", "tenant name", NULL, run_admin_link, CONFIG,
	 "let an administrator in, by a link that is good once"},
	{"template", "list", "tenant", NULL, run_template_list, CONFIG,
	 "show the shipped templates, and a school's own"},
	{"template", "publish", "tenant org", "KEY", run_template_publish, CONFIG,
	 "give a school a shipped template to make plans from"},
	{"template", "export", "tenant", "ID", run_template_export, CONFIG,
	 "print a template, a school's or a shipped one"},
	{"template", "import", "tenant org", "FILE", run_template_import, CONFIG,
	 "give a school a template from a file, as a draft"},
	{"platform", "add",
	 "id tenant name profile issuer client-id auth-url token-url jwks-url deployments "
	 "observees anonymous set unset",
	 NULL, run_platform_add, CONFIG, "make or change a platform's registration"},
	{"platform", "list", "", NULL, run_platform_list, CONFIG, "show the registrations"},
	{"platform", "settings", "profile", NULL, run_platform_settings, NO_CONFIG,
	 "show what --set may say"},
	{"platform", "test", "id", NULL, run_platform_test, CONFIG_AND_KEY,
	 "ask a platform for its keys, a token and a list, now"},
	{"platform", "accept", "code tenant", NULL, run_platform_accept, CONFIG,
	 "give what waits under a code to a school"},
	{"platform", "invite", "tenant note days", NULL, run_platform_invite, CONFIG,
	 "make an address where a platform may register by itself"},
	{"launch", NULL, "", "CODE", run_launch, CONFIG,
	 "show what was seen under the code of a page"},
	{"key", "list", "", NULL, run_key_list, CONFIG, "show our signing keys"},
	{"key", "rotate", "now", NULL, run_key_rotate, CONFIG_AND_KEY,
	 "publish the next signing key, or let it sign"},
	{"key", "revoke", "", "KID", run_key_revoke, CONFIG_AND_KEY, "drop a signing key at once"},
	{"key", "reseal", "", NULL, run_key_reseal, CONFIG_AND_KEY,
	 "seal what is in the database with the key of now"},
	{"mail", "status", "", NULL, run_mail_status, CONFIG,
	 "count the mails that wait, are late or were given up"},
	{"config", "reference", "", NULL, run_reference, NO_CONFIG,
	 "print every setting as a page"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

/* ---- Words ---- */

/* One row is one option: what the parser and the help know. */
static const struct option_row {
	const char *name, *value; /* value NULL: it is on where it stands */
	size_t offset;
	bool repeated;
	const char *about;
} options[] = {
#define AT(field) offsetof(struct words, field)
	{"config", "FILE", AT(config_file), false, "Settings (the environment wins over them)"},
	{"id", "UUID", AT(platform.id), false, "The same id again changes what is there"},
	{"tenant", "UUID", AT(platform.tenant), false, "The school"},
	{"org", "UUID", AT(org), false, "One school of a district; without it all of them"},
	{"name", "TEXT", AT(platform.name), false, "What people call it, or them"},
	{"time-zone", "ZONE", AT(time_zone), false, "Of the school, such as Europe/Oslo"},
	{"locale", "LANGUAGE", AT(locale), false, "Of the school: en or nb"},
	{"help-text", "TEXT", AT(help_text), false, "Whom people may ask"},
	{"profile", "NAME", AT(platform.profile), false, "canvas, moodle, ... or generic"},
	{"issuer", "TEXT", AT(platform.issuer), false, "The platform's issuer, to the letter"},
	{"client-id", "TEXT", AT(platform.client_id), false, "What the platform calls us"},
	{"auth-url", "URL", AT(platform.auth_url), false, "Authentication request"},
	{"token-url", "URL", AT(platform.token_url), false, "Access tokens"},
	{"jwks-url", "URL", AT(platform.jwks_url), false, "The platform's public keys"},
	{"deployments", "POLICY", AT(platform.deployments), false,
	 "Unknown deployments: auto, pending or closed"},
	{"observees", "PARAMETER", AT(platform.observees), false,
	 "Custom parameter, declared for the whole tool, that lists a parent's children"},
	{"anonymous", NULL, AT(platform.anonymous), false, "Take launches that name nobody"},
	{"set", "NAME=VALUE", AT(set), true, "A setting of its own; again for more"},
	{"unset", "NAME", AT(unset), true, "As the profile has it again"},
	{"code", "CODE", AT(code), false, "What the page shows to the administrator"},
	{"note", "TEXT", AT(note), false, "For whom it is"},
	{"days", "NUMBER", AT(days), false, "How long it is good; 14"},
	{"now", NULL, AT(now), false,
	 "Sign with it at once, though some platforms may not know it yet"},
	{"dry-run", NULL, AT(dry_run), false, "Only say what would be done"},
#undef AT
};
#define OPTIONS (sizeof options / sizeof *options)

/* argp's keys: the row's number, behind all characters; --config is also -c. */
enum { FIRST_KEY = 256 };

static error_t take_option(struct words *w, size_t i, const char *arg, struct argp_state *state)
{
	void *at = (char *)w + options[i].offset;

	if (!options[i].value) {
		*(bool *)at = true;
	} else if (options[i].repeated) {
		struct repeated *r = at;
		if (r->n == REPEATED_MAX)
			argp_error(state, "--%s stands more than %d times", options[i].name,
				   REPEATED_MAX);
		else
			r->at[r->n++] = arg;
	} else {
		*(const char **)at = arg;
	}
	return 0;
}

/* A command and what was said to it. */
struct said {
	const struct command *command;
	struct words words;
	const char *first; /* "platform", until the second word is read */
	int from;          /* where the command's own words begin */
};

static error_t take_own(int key, char *arg, struct argp_state *state)
{
	struct said *s = state->input;

	if (key >= FIRST_KEY && key < FIRST_KEY + (int)OPTIONS)
		return take_option(&s->words, (size_t)(key - FIRST_KEY), arg, state);
	if (key == 'c')
		return take_option(&s->words, 0, arg, state);
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (!s->command->argument || s->words.argument)
		argp_error(state, "one word too many: %s", arg);
	s->words.argument = arg;
	return 0;
}

static const struct command *find_command(const char *first, const char *second)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (str_eq(first, commands[i].command) && str_eq(second, commands[i].what))
			return &commands[i];
	return NULL;
}

/* The options before the command, and the one or two words of it. */
static error_t take_first(int key, char *arg, struct argp_state *state)
{
	struct said *s = state->input;

	if (key == 'c')
		return take_option(&s->words, 0, arg, state);
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	s->command = find_command(s->first ? s->first : arg, s->first ? arg : NULL);
	if (s->command || s->first) {
		s->from = state->next;
		state->next = state->argc; /* the rest is the command's */
	}
	s->first = arg;
	return 0;
}

static bool takes(const struct command *c, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = c->takes; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		if (len == n && memcmp(p, name, n) == 0)
			return true;
		p += len;
	}
	return false;
}

/* Reads what stands behind the command's words, in its own table of options. */
static void parse_own(struct said *s, int argc, char **argv)
{
	static struct argp_option rows[OPTIONS + 1];
	size_t n = 0;

	for (size_t i = 0; i < OPTIONS; i++)
		if (!i || takes(s->command, options[i].name))
			rows[n++] =
				(struct argp_option){options[i].name,  i ? FIRST_KEY + (int)i : 'c',
						     options[i].value, 0,
						     options[i].about, 0};
	struct argp argp = {rows, take_own, s->command->argument, s->command->about, NULL,
			    NULL, NULL};
	argp_parse(&argp, argc - s->from + 1, argv + s->from - 1, 0, NULL, s);
}

static char *command_help(struct mem *m)
{
	struct buf b;

	buf_init(&b, m);
	buf_add(&b, "Individual learning plans and midterm reviews for any LMS.\v");
	for (size_t i = 0; i < COMMANDS; i++)
		buf_addf(&b, "  %s %-*s %s\n", commands[i].command,
			 18 - (int)strlen(commands[i].command),
			 str_or(commands[i].what, str_or(commands[i].argument, "")),
			 commands[i].about);
	buf_add(&b, "\nilpd COMMAND --help lists the options of a command.");
	return b.p;
}

static void parse(struct mem *m, struct said *s, int argc, char **argv)
{
	static const struct argp_option config[] = {
		{"config", 'c', "FILE", 0, "Settings (the environment wins over them)", 0},
		{0},
	};
	struct argp argp = {config, take_first, "COMMAND", command_help(m), NULL, NULL, NULL};

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, s);
	if (!s->command) {
		argp_help(&argp, stderr, ARGP_HELP_STD_HELP, argv[0]);
		mem_free(m);
		exit(2);
	}
	argv[s->from - 1] = s->command->what ? mem_printf(m, "ilpd %s %s", s->command->command,
							  s->command->what)
					     : mem_printf(m, "ilpd %s", s->command->command);
	parse_own(s, argc, argv);
}

int main(int argc, char **argv)
{
	struct mem *m = mem_new();
	struct said said = {0};
	struct config config;
	struct err e = {0};
	enum log_level level;

	parse(m, &said, argc, argv);
	const struct command *c = said.command;
	bool ok = c->needs == NO_CONFIG ||
		  config_load(&config, m, said.words.config_file, c->needs == CONFIG_AND_KEY, &e);
	if (ok && c->needs != NO_CONFIG && log_level_parse(config.log_level, &level))
		log_set_level(level);
	ok = ok && c->run(&said.words, &config, m, &e);
	if (!ok)
		fprintf(stderr, "ilpd: %s\n", e.text);
	mem_free(m);
	return ok ? 0 : 1;
}
