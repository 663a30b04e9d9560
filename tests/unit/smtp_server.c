#include "smtp_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT_MAX 65536

static const char *const verbs[] = {"CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL",
				    "RCPT",    "DATA", ".",        "RSET", "QUIT"};
static const char *const usual[] = {"220 test ESMTP", NULL,     "220 go ahead", "235 welcome",
				    "250 ok",         "250 ok", "354 send",     "250 ok",
				    "250 ok",         "221 bye"};
enum { VERBS = sizeof verbs / sizeof verbs[0], KEPT = 512 };

struct smtp_server {
	const struct smtp_rule *rules;
	SSL_CTX *tls;
	int fd, port;
	pthread_t thread;
	atomic_bool stop;
	pthread_mutex_t lock;
	int heard[VERBS];
	char *text[KEPT];
	size_t text_n[KEPT];
	int texts;
	char *line[KEPT];
	int lines;
};

/* One connection. */
struct talk {
	struct smtp_server *s;
	int fd;
	SSL *ssl;
	char buf[TEXT_MAX];
	size_t n;
};

static void die(const char *what)
{
	perror(what);
	abort();
}

static int verb_index(const char *line)
{
	for (int i = 0; i < VERBS; i++)
		if (!strncasecmp(line, verbs[i], strlen(verbs[i])))
			return i;
	return -1;
}

static bool wait_for(struct talk *t)
{
	if (t->ssl && SSL_pending(t->ssl))
		return true;
	for (int i = 0; i < 400 && !atomic_load(&t->s->stop); i++) {
		struct pollfd p = {.fd = t->fd, .events = POLLIN};
		if (poll(&p, 1, 50) > 0)
			return true;
	}
	return false;
}

static bool fill(struct talk *t)
{
	if (t->n >= sizeof t->buf - 1 || !wait_for(t))
		return false;
	ssize_t got = t->ssl ? SSL_read(t->ssl, t->buf + t->n, (int)(sizeof t->buf - 1 - t->n))
			     : read(t->fd, t->buf + t->n, sizeof t->buf - 1 - t->n);
	if (got <= 0)
		return false;
	t->n += (size_t)got;
	t->buf[t->n] = 0;
	return true;
}

/* Up to and with the mark, taken out of the buffer; malloc'ed. */
static char *take_until(struct talk *t, const char *mark, size_t *n_out)
{
	const char *end;

	while (!(end = t->n ? strstr(t->buf, mark) : NULL))
		if (!fill(t))
			return NULL;
	size_t n = (size_t)(end - t->buf) + strlen(mark);
	char *taken = strndup(t->buf, n);
	memmove(t->buf, t->buf + n, t->n - n + 1);
	t->n -= n;
	*n_out = n;
	return taken;
}

static void say(struct talk *t, const char *reply)
{
	char line[256];
	int n = snprintf(line, sizeof line, "%s\r\n", reply);

	if (t->ssl)
		SSL_write(t->ssl, line, n);
	else if (send(t->fd, line, (size_t)n, MSG_NOSIGNAL) < 0)
		t->n = 0;
}

/* Answers one command; false: the connection ends. `reply_out`: what was said. */
static bool answer(struct talk *t, int verb, const char **reply_out)
{
	struct smtp_server *s = t->s;
	const struct smtp_rule *rule = s->rules;
	const char *reply = usual[verb];

	pthread_mutex_lock(&s->lock);
	int number = ++s->heard[verb];
	pthread_mutex_unlock(&s->lock);
	while (rule && rule->verb &&
	       (strcmp(rule->verb, verbs[verb]) != 0 || (rule->number && rule->number != number)))
		rule++;
	bool ruled = rule && rule->verb;
	if (ruled && rule->reply)
		reply = rule->reply;
	if (!reply) /* EHLO */
		reply = s->tls && !t->ssl ? "250-test\r\n250-PIPELINING\r\n250 STARTTLS"
					  : "250-test\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN";
	*reply_out = reply;
	if (ruled && rule->act == SMTP_DROP)
		return false;
	if (ruled && rule->act == SMTP_STALL) {
		while (!atomic_load(&s->stop))
			poll(NULL, 0, 20);
		return false;
	}
	say(t, reply);
	return verb != VERBS - 1 && !(ruled && rule->act == SMTP_SAY_AND_DROP);
}

static void keep_line(struct smtp_server *s, char *line)
{
	pthread_mutex_lock(&s->lock);
	if (s->lines < KEPT)
		s->line[s->lines++] = line;
	else
		free(line);
	pthread_mutex_unlock(&s->lock);
}

/* Without the final dot, and without the dots put before dots. */
static void keep_text(struct smtp_server *s, char *text, size_t n)
{
	size_t to = 0;

	n -= 3;
	for (size_t i = 0; i < n; i++) {
		bool stuffed = text[i] == '.' && (i == 0 || text[i - 1] == '\n');
		if (!stuffed)
			text[to++] = text[i];
	}
	text[to] = 0;
	pthread_mutex_lock(&s->lock);
	if (s->texts < KEPT) {
		s->text_n[s->texts] = to;
		s->text[s->texts++] = text;
	} else {
		free(text);
	}
	pthread_mutex_unlock(&s->lock);
}

static bool read_text(struct talk *t)
{
	size_t n;
	const char *reply;
	char *text = take_until(t, "\r\n.\r\n", &n);

	if (!text)
		return false;
	bool on = answer(t, verb_index("."), &reply);
	if (reply[0] == '2')
		keep_text(t->s, text, n);
	else
		free(text);
	return on;
}

static bool start_tls(struct talk *t)
{
	t->ssl = SSL_new(t->s->tls);
	SSL_set_fd(t->ssl, t->fd);
	return SSL_accept(t->ssl) == 1;
}

static void serve(struct talk *t)
{
	const char *reply;
	bool on = answer(t, 0, &reply);

	while (on) {
		size_t n;
		char *line = take_until(t, "\r\n", &n);
		if (!line)
			return;
		line[n - 2] = 0;
		int verb = verb_index(line);
		keep_line(t->s, line);
		if (verb < 0) {
			say(t, "500 what");
			continue;
		}
		on = answer(t, verb, &reply);
		if (on && !strcmp(verbs[verb], "DATA") && reply[0] == '3')
			on = read_text(t);
		else if (on && !strcmp(verbs[verb], "STARTTLS") && reply[0] == '2')
			on = start_tls(t);
	}
}

static void *run(void *arg)
{
	struct smtp_server *s = arg;

	while (!atomic_load(&s->stop)) {
		struct pollfd p = {.fd = s->fd, .events = POLLIN};
		if (poll(&p, 1, 20) <= 0)
			continue;
		struct talk *t = calloc(1, sizeof *t);
		t->s = s;
		t->fd = accept(s->fd, NULL, NULL);
		serve(t);
		if (t->ssl)
			SSL_free(t->ssl);
		close(t->fd);
		free(t);
	}
	return NULL;
}

static SSL_CTX *tls_of(const char *pem)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (!tls || SSL_CTX_use_certificate_file(tls, pem, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, pem, SSL_FILETYPE_PEM) != 1)
		die("test certificate");
	return tls;
}

struct smtp_server *smtp_server_start(const struct smtp_rule *rules, const char *pem)
{
	struct smtp_server *s = calloc(1, sizeof *s);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	s->rules = rules;
	s->tls = pem ? tls_of(pem) : NULL;
	pthread_mutex_init(&s->lock, NULL);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, sizeof at) || listen(s->fd, 16) ||
	    getsockname(s->fd, (struct sockaddr *)&at, &n))
		die("test mail server");
	s->port = ntohs(at.sin_port);
	if (pthread_create(&s->thread, NULL, run, s))
		die("test mail server");
	return s;
}

void smtp_server_stop(struct smtp_server *s)
{
	atomic_store(&s->stop, true);
	pthread_join(s->thread, NULL);
	close(s->fd);
	SSL_CTX_free(s->tls);
	for (int i = 0; i < s->texts; i++)
		free(s->text[i]);
	for (int i = 0; i < s->lines; i++)
		free(s->line[i]);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int smtp_server_port(const struct smtp_server *s)
{
	return s->port;
}

int smtp_server_heard(struct smtp_server *s, const char *verb)
{
	pthread_mutex_lock(&s->lock);
	int n = s->heard[verb_index(verb)];
	pthread_mutex_unlock(&s->lock);
	return n;
}

const char *smtp_server_text(struct smtp_server *s, int i, size_t *n)
{
	pthread_mutex_lock(&s->lock);
	const char *text = i < s->texts ? s->text[i] : NULL;
	if (text && n)
		*n = s->text_n[i];
	pthread_mutex_unlock(&s->lock);
	return text;
}

const char *smtp_server_line(struct smtp_server *s, const char *verb, int i)
{
	const char *found = NULL;

	pthread_mutex_lock(&s->lock);
	for (int k = 0; k < s->lines && !found; k++)
		if (!strncasecmp(s->line[k], verb, strlen(verb)) && i-- == 0)
			found = s->line[k];
	pthread_mutex_unlock(&s->lock);
	return found;
}

void smtp_server_make_pem(const char *host, char path[64])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	unsigned char ip[4];
	char san[128];

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)host, -1, -1,
				   0);
	X509_set_issuer_name(cert, name);
	snprintf(san, sizeof san, "%s:%s", inet_pton(AF_INET, host, ip) == 1 ? "IP" : "DNS", host);
	X509_EXTENSION *alt = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	X509_add_ext(cert, alt, -1);
	X509_EXTENSION_free(alt);
	X509_sign(cert, key, EVP_sha256());

	snprintf(path, 64, "/tmp/ilpd-test-XXXXXX");
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		die("test certificate");
	PEM_write_X509(f, cert);
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	X509_free(cert);
	EVP_PKEY_free(key);
}
