/* pipeline.c - what a worker needs to work. */
#include "notify/pipeline_internal.h"

#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "ilp/access.h"
#include "notify/mime.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>

#define PATIENCE_MS      60000
#define PATIENCE_STOP_MS 3000
#define PAUSE_MS         300

/* The name in https://name:port/path; an address has no place in a Message-ID. */
static const char *host_of(struct mem *m, const char *url)
{
	const char *from = strstr(url, "://");
	unsigned char ip[16];

	from = from ? from + 3 : url;
	if (*from == '[')
		return "localhost";
	const char *host = mem_strndup(m, from, strcspn(from, ":/"));
	return inet_pton(AF_INET, host, ip) == 1 || !*host ? "localhost" : host;
}

bool pipeline_open(struct pipeline *p, const struct notify_config *cfg, struct mail_out *out,
		   struct err *e)
{
	memset(p, 0, sizeof *p);
	p->cfg = cfg;
	p->life = mem_new();
	p->out = out;
	p->host = host_of(p->life, cfg->base_url);
	size_t n = strlen(cfg->base_url);
	while (n && cfg->base_url[n - 1] == '/')
		n--;
	p->base = mem_strndup(p->life, cfg->base_url, n);
	struct smtp_config smtp = {
		.relay = cfg->relay,
		.tls = cfg->tls,
		.user = cfg->user,
		.password = cfg->password,
		.ca_file = cfg->ca_file,
		.hostname = p->host,
	};
	if (!mime_sender(p->life, cfg->from, &p->sender_name, &p->sender, e) ||
	    (!p->out && !mail_out_smtp(&p->out, &smtp, e))) {
		pipeline_close(p);
		return false;
	}
	i18n_init();
	p->m = mem_new();
	p->mark = mem_new();
	p->db = db_new(cfg->database);
	return true;
}

void pipeline_close(struct pipeline *p)
{
	db_free(p->db);
	if (p->out)
		p->out->free(p->out);
	mem_free(p->m);
	mem_free(p->mark);
	mem_free(p->life);
	memset(p, 0, sizeof *p);
}

bool pipeline_patience(struct pipeline *p, int64_t since, const struct err *e)
{
	int64_t most = atomic_load(&p->stopping) ? PATIENCE_STOP_MS : PATIENCE_MS;

	if (e->code != ERR_BUSY || ticks_ms() - since > most)
		return false;
	poll(NULL, 0, PAUSE_MS);
	return true;
}

const char *may_hear_of_own(void)
{
	return db_flag(access_reach(ROLE_STUDENT, RIGHT_GET_MAIL_ON_RELEASE) == REACH_OWN);
}

const char *may_hear_of_child(void)
{
	return db_flag(access_reach(ROLE_GUARDIAN, RIGHT_GET_MAIL_ON_RELEASE) == REACH_CHILD);
}

int pipeline_wait(struct pipeline *p, int most)
{
	struct err e = {0};
	int64_t now = ticks_ms(), wait = most;

	mem_reset(p->m);
	db_begin(p->db, p->m, &(struct db_scope){.worker = true});
	int next = db_add(p->db, DB_NOTIFY_NEXT);
	if (!db_commit(p->db, &e))
		return most;
	const struct db_rows *r = db_rows(p->db, next);
	if (db_text(r, 0, 0) && db_int(r, 0, 0) < wait)
		wait = db_int(r, 0, 0);
	if (breaker_is_open(&p->relay, now) && wait < p->relay.open_until - now)
		wait = p->relay.open_until - now < most ? p->relay.open_until - now : most;
	return wait < 0 ? 0 : (int)wait;
}
