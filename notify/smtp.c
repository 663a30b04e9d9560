/* smtp.c - letters out by libesmtp.
 *
 * One call is one session: the library sends all queued messages over one TCP
 * connection and then quits. What it does badly is mended here and in connect.c:
 * - its time-outs are raised to the RFC's five minutes unless overridden;
 * - with TLS 1.3 it may wait for ever behind the server's session ticket, so our
 *   own SSL_CTX ends at TLS 1.2 (and without an own one it frees its own twice);
 * - its check of the certificate's name does not know addresses and trusts the
 *   name DNS gives, so OpenSSL checks the configured host in the handshake;
 * - it reports success where the session was dropped midway: only the status of
 *   each message and each recipient counts. */
#include "notify/out.h"

#include "base/str.h"
#include "base/sys.h"
#include "notify/connect.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <auth-client.h>
#include <libesmtp.h>

#define CONNECT_MS 10000
#define ANSWER_MS  30000
#define DATA2_MS   60000 /* a relay may scan a message before it answers */

struct smtp {
	struct mail_out out;
	struct mem *m;
	const char *relay, *host, *hostname, *user, *password;
	enum starttls_option tls;
	SSL_CTX *ctx;
	struct connect_link link;
	int answer_ms;
};

/* One session while it runs. */
struct run {
	struct smtp *smtp;
	struct letter *letter;
	smtp_message_t *message;
	smtp_recipient_t *recipient;
	size_t n;
	int64_t until;
	letter_taken *taken;
	void *arg;
	bool connected, cut;
	int code; /* the last refusal heard */
	const char *trouble;
};

bool mail_address_ok(const char *address)
{
	size_t n = address ? strlen(address) : 0;
	const char *at = n ? strchr(address, '@') : NULL;

	if (n < 3 || n > 254 || !at || at == address || !at[1] || strchr(at + 1, '@'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (address[i] <= ' ' || address[i] > '~' || strchr("<>()[],;:\\\"", address[i]))
			return false;
	return true;
}

/* The library asks for the message with len set and rewinds with len NULL. */
static const char *read_letter(void **state, int *len, void *arg)
{
	struct letter *l = arg;

	if (!len || l->given) {
		l->given = false;
		return NULL;
	}
	l->begun = l->given = true;
	*len = (int)l->n;
	return l->bytes;
}

static void cut(struct run *r, const char *why)
{
	r->cut = true;
	r->trouble = why;
	connect_cut(&r->smtp->link);
}

static size_t index_of(const struct run *r, smtp_message_t message)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->message[i] == message)
			return i;
	BUG("a message that is not ours");
}

/* The server's last word about the sender, the recipient or the message. */
static int word_about(const struct run *r, size_t i, int *sender)
{
	const smtp_status_t *s = smtp_reverse_path_status(r->message[i]);
	const smtp_status_t *to = smtp_recipient_status(r->recipient[i]);
	const smtp_status_t *text = smtp_message_transfer_status(r->message[i]);

	*sender = s ? s->code : 0;
	if (*sender >= 400)
		return *sender;
	if (to && to->code >= 400)
		return to->code;
	return text ? text->code : 0;
}

/* Words about us rather than about this letter: go away, who are you. */
static bool is_about_session(int sender)
{
	return sender == 421 || sender == 454 || sender == 530 || sender == 534 || sender == 535 ||
	       sender == 538;
}

static void letter_judge(const struct run *r, size_t i)
{
	struct letter *l = &r->letter[i];
	int sender, code = word_about(r, i, &sender);

	l->code = code;
	if (is_about_session(sender) || (code == 421 && !l->begun))
		l->fate = LETTER_UNTRIED;
	else if (code >= 500 && sender < 500)
		l->fate = LETTER_REFUSED;
	else if (code >= 400)
		l->fate = LETTER_LATER;
	else if (code >= 200 && code < 300)
		l->fate = LETTER_TAKEN;
	else
		l->fate = l->begun ? LETTER_BROKEN : LETTER_UNTRIED;
}

static void on_sender(struct run *r, smtp_message_t message)
{
	size_t i = index_of(r, message);
	const smtp_status_t *s = smtp_reverse_path_status(message);

	if (s && is_about_session(s->code))
		cut(r, "sender_refused");
	else if (ticks_ms() > r->until)
		cut(r, "slow");
	else
		r->letter[i].code = 0;
}

static void on_sent(struct run *r, smtp_message_t message)
{
	size_t i = index_of(r, message);
	struct letter *l = &r->letter[i];

	letter_judge(r, i);
	if (l->fate == LETTER_TAKEN && !r->taken(r->arg, l))
		cut(r, "stopped");
}

static void on_event(smtp_session_t session, int event, void *arg, ...)
{
	struct run *r = arg;
	va_list ap;

	va_start(ap, arg);
	switch (event) {
	case SMTP_EV_CONNECT:
		/* from here on other sockets of this thread are none of our business */
		connect_disarm();
		r->connected = true;
		break;
	case SMTP_EV_DISCONNECT:
		connect_arm(&r->smtp->link); /* the host's next address, perhaps */
		break;
	case SMTP_EV_MAILSTATUS:
		(void)va_arg(ap, const char *);
		on_sender(r, va_arg(ap, smtp_message_t));
		break;
	case SMTP_EV_RCPTSTATUS:
		connect_acknowledge(&r->smtp->link);
		break;
	case SMTP_EV_MESSAGESENT:
		on_sent(r, va_arg(ap, smtp_message_t));
		break;
	case SMTP_EV_INVALID_PEER_CERTIFICATE:
	case SMTP_EV_WEAK_CIPHER:
		if (event == SMTP_EV_WEAK_CIPHER)
			(void)va_arg(ap, int);
		else
			(void)va_arg(ap, long);
		*va_arg(ap, int *) = 0;
		r->trouble = "tls";
		break;
	case SMTP_EV_NO_PEER_CERTIFICATE:
		*va_arg(ap, int *) = 0;
		r->trouble = "tls";
		break;
	case SMTP_EV_WRONG_PEER_CERTIFICATE:
		/* The library compares with what DNS calls the host. OpenSSL has compared with
		 * what the operator calls it: a handshake that got here has passed. */
		*va_arg(ap, int *) = 1;
		break;
	case SMTP_EV_EXTNA_STARTTLS:
		r->trouble = "tls_missing";
		break;
	case SMTP_EV_NO_CLIENT_CERTIFICATE:
		*va_arg(ap, int *) = 0;
		break;
	default:
		break;
	}
	va_end(ap);
}

/* Sees the dialogue, never keeps it: passwords pass here. Only the code of a
 * refusal is noted, to say why a session failed. */
static void on_line(const char *text, int n, int writing, void *arg)
{
	struct run *r = arg;

	if (writing || n < 4)
		return;
	const char *line = text;
	for (int i = 0; i + 4 < n; i++)
		if (text[i] == '\n')
			line = text + i + 1;
	if ((line[0] == '4' || line[0] == '5') && isdigit((unsigned char)line[1]) &&
	    isdigit((unsigned char)line[2]))
		r->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static int on_login(auth_client_request_t field, char **answer, int n, void *arg)
{
	const struct smtp *s = arg;

	for (int i = 0; i < n; i++) {
		const char *text = field[i].flags & AUTH_PASS   ? s->password
				   : field[i].flags & AUTH_USER ? s->user
								: NULL;
		answer[i] = (char *)(uintptr_t)text;
	}
	return 1;
}

static void session_limits(smtp_session_t session, const struct smtp *s)
{
	const long override = Timeout_OVERRIDE_RFC2822_MINIMUM;
	bool set = smtp_set_timeout(session, Timeout_GREETING | override, s->answer_ms) &&
		   smtp_set_timeout(session, Timeout_ENVELOPE | override, s->answer_ms) &&
		   smtp_set_timeout(session, Timeout_DATA | override, s->answer_ms) &&
		   smtp_set_timeout(session, Timeout_TRANSFER | override, s->answer_ms);
	int data2 = s->answer_ms == ANSWER_MS ? DATA2_MS : s->answer_ms;

	if (!set || !smtp_set_timeout(session, Timeout_DATA2 | override, data2))
		BUG("smtp time-outs refused");
}

static auth_context_t session_login(smtp_session_t session, const struct smtp *s)
{
	if (!*s->user)
		return NULL;
	auth_context_t login = auth_create_context();
	if (!login)
		BUG("no auth context");
	auth_set_mechanism_flags(login, AUTH_PLUGIN_PLAIN, 0);
	auth_set_interact_cb(login, on_login, (void *)(uintptr_t)s);
	smtp_auth_set_context(session, login);
	return login;
}

static smtp_session_t session_new(const struct smtp *s, struct run *r)
{
	smtp_session_t session = smtp_create_session();

	if (!session || !smtp_set_server(session, s->relay) ||
	    !smtp_set_hostname(session, s->hostname))
		BUG("no smtp session");
	smtp_set_eventcb(session, on_event, r);
	smtp_set_monitorcb(session, on_line, r, 0);
	session_limits(session, s);
	smtp_starttls_enable(session, s->tls);
	if (s->ctx)
		smtp_starttls_set_ctx(session, s->ctx); /* takes a reference of its own */
	for (size_t i = 0; i < r->n; i++) {
		r->message[i] = smtp_add_message(session);
		smtp_set_reverse_path(r->message[i], r->letter[i].from);
		smtp_set_messagecb(r->message[i], read_letter, &r->letter[i]);
		r->recipient[i] = smtp_add_recipient(r->message[i], r->letter[i].to);
	}
	return session;
}

/* A dropped connection must be an error of write(), not the end of the process. */
static void sigpipe_block(sigset_t *before)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, before);
}

static void sigpipe_restore(const sigset_t *before)
{
	sigset_t pipe;
	struct timespec none = {0};

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		while (sigtimedwait(&pipe, NULL, &none) > 0)
			;
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static bool session_verdict(const struct run *r, struct err *e)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->letter[i].fate != LETTER_UNTRIED)
			return true;
	const char *reason = r->trouble      ? r->trouble
			     : !r->connected ? "unreachable"
			     : r->code       ? "server_refused"
					     : "dropped";
	return err_reason(e, ERR_PEER, reason, "mail server: %s, last code %d", reason, r->code);
}

static bool smtp_send(struct mail_out *out, struct letter *letter, size_t n, int64_t until,
		      letter_taken *taken, void *arg, struct err *e)
{
	struct smtp *s = (struct smtp *)out;
	struct mem *m = mem_new();
	struct run r = {
		.smtp = s, .letter = letter, .n = n, .until = until, .taken = taken, .arg = arg};
	sigset_t before;

	r.message = mem_array(m, smtp_message_t, n + 1);
	r.recipient = mem_array(m, smtp_recipient_t, n + 1);
	smtp_session_t session = session_new(s, &r);
	auth_context_t login = session_login(session, s);
	sigpipe_block(&before);
	connect_arm(&s->link);
	bool reached = smtp_start_session(session);
	connect_disarm();
	connect_forget(&s->link);
	sigpipe_restore(&before);
	for (size_t i = 0; i < n; i++)
		if (letter[i].fate == LETTER_UNTRIED)
			letter_judge(&r, i);
	bool ok = session_verdict(&r, e);
	if (!ok && !reached && !r.connected && !r.trouble)
		err_reason(e, ERR_PEER, "unreachable", "mail server not reached, error %d",
			   smtp_errno());
	smtp_destroy_session(session);
	if (login)
		auth_destroy_context(login);
	mem_free(m);
	return ok;
}

static void smtp_cut(struct mail_out *out)
{
	connect_cut(&((struct smtp *)out)->link);
}

static void smtp_free(struct mail_out *out)
{
	struct smtp *s = (struct smtp *)out;

	SSL_CTX_free(s->ctx);
	mem_free(s->m);
	free(s);
}

/* The host is checked by OpenSSL itself, as a name or as an address. */
static bool tls_open(struct smtp *s, const char *ca_file, struct err *e)
{
	s->ctx = SSL_CTX_new(TLS_client_method());
	if (!s->ctx)
		return err_set(e, ERR_INTERNAL, "no tls context");
	SSL_CTX_set_min_proto_version(s->ctx, TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(s->ctx, TLS1_2_VERSION);
	SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER, NULL);
	int trusted = *ca_file ? SSL_CTX_load_verify_file(s->ctx, ca_file)
			       : SSL_CTX_set_default_verify_paths(s->ctx);
	if (!trusted)
		return err_reason(e, ERR_INVALID, "mail_ca",
				  "cannot read the mail server's authorities");
	X509_VERIFY_PARAM *want = SSL_CTX_get0_param(s->ctx);
	unsigned char ip[16];
	bool is_ip = inet_pton(AF_INET, s->host, ip) == 1 || inet_pton(AF_INET6, s->host, ip) == 1;
	X509_VERIFY_PARAM_set_hostflags(want, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (!(is_ip ? X509_VERIFY_PARAM_set1_ip_asc(want, s->host)
		    : X509_VERIFY_PARAM_set1_host(want, s->host, 0)))
		return err_set(e, ERR_INTERNAL, "no tls host");
	return true;
}

/* The host alone, without port and brackets. */
static const char *host_of(struct mem *m, const char *relay)
{
	if (relay[0] == '[')
		return mem_strndup(m, relay + 1, strcspn(relay + 1, "]"));
	const char *colon = strrchr(relay, ':');
	return colon ? mem_strndup(m, relay, (size_t)(colon - relay)) : mem_strdup(m, relay);
}

static void auth_start(void)
{
	auth_client_init();
}

bool mail_out_smtp(struct mail_out **out, const struct smtp_config *c, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct smtp *s = calloc(1, sizeof *s);

	if (!s)
		BUG("out of memory");
	pthread_once(&once, auth_start);
	s->out = (struct mail_out){.send = smtp_send, .cut = smtp_cut, .free = smtp_free};
	s->m = mem_new();
	s->relay = mem_strdup(s->m, c->relay);
	s->host = host_of(s->m, c->relay);
	s->hostname = mem_strdup(s->m, str_or(c->hostname, "localhost"));
	s->user = mem_strdup(s->m, str_or(c->user, ""));
	s->password = mem_strdup(s->m, str_or(c->password, ""));
	connect_forget(&s->link);
	s->link.timeout_ms = c->connect_ms ? c->connect_ms : CONNECT_MS;
	s->answer_ms = c->answer_ms ? c->answer_ms : ANSWER_MS;
	s->tls = str_eq(c->tls, "require") ? Starttls_REQUIRED
		 : str_eq(c->tls, "try")   ? Starttls_ENABLED
					   : Starttls_DISABLED;
	/* A password is not sent in the clear because somebody in between left STARTTLS
	 * out of the server's answer. */
	if (*s->user && s->tls == Starttls_ENABLED)
		s->tls = Starttls_REQUIRED;
	if (s->tls != Starttls_DISABLED && !tls_open(s, str_or(c->ca_file, ""), e)) {
		smtp_free(&s->out);
		return false;
	}
	*out = &s->out;
	return true;
}
