#include "web/scrape.h"
#include "web/server.h"
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECTIONS = 16, IDLE_SECONDS = 10, HEADER_MEMORY = 16 << 10 };

struct scrape {
	struct scrape_config config;
	struct MHD_Daemon *daemon;
};

static enum MHD_Result answer(struct MHD_Connection *connection, int status, const char *type,
			      const char *text)
{
	struct MHD_Response *out = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

	if (!out)
		BUG("out of memory");
	MHD_add_response_header(out, "Content-Type", type);
	MHD_add_response_header(out, "Cache-Control", "no-store");
	MHD_add_response_header(out, "Connection", "close");
	enum MHD_Result done = MHD_queue_response(connection, (unsigned)status, out);
	MHD_destroy_response(out);
	return done;
}

/* Answered as soon as the head is read: a body is nobody's business here. */
static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **state)
{
	const struct scrape *s = self;
	struct metrics_now now = { 0 };

	if (strcmp(method, "GET") || strcmp(url, "/metrics"))
		return answer(connection, MHD_HTTP_NOT_FOUND, "text/plain; charset=utf-8",
			      "Counters are at /metrics.\n");
	struct mem *m = mem_new();
	s->config.now(s->config.self, &now);
	enum MHD_Result done =
		answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
		       metrics_text(m, s->config.metrics, &now));
	mem_free(m);
	return done;
}

bool scrape_start(struct scrape **out, const struct scrape_config *config, struct err *e)
{
	struct scrape *s = calloc(1, sizeof *s);
	int fd;

	if (!s)
		BUG("out of memory");
	s->config = *config;
	if (!server_socket("metrics", config->listen, &fd, e)) {
		free(s);
		return false;
	}
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, s,
				     MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
				     (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
				     (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				     (size_t)HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
				     MHD_OPTION_END);
	if (!s->daemon) {
		close(fd);
		free(s);
		return err_set(e, ERR_INTERNAL, "cannot start the server of metrics");
	}
	*out = s;
	return true;
}

void scrape_stop(struct scrape *s)
{
	if (!s)
		return;
	MHD_stop_daemon(s->daemon);
	free(s);
}
