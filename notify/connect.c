#include "notify/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local struct connect_link *armed;

void connect_arm(struct connect_link *link)
{
	connect_forget(link);
	armed = link;
}

void connect_disarm(void)
{
	armed = NULL;
}

void connect_forget(struct connect_link *link)
{
	atomic_store(&link->fd, -1);
}

void connect_acknowledge(struct connect_link *link)
{
	int fd = atomic_load(&link->fd), on = 1;

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void connect_cut(struct connect_link *link)
{
	int fd = atomic_load(&link->fd);

	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

static int connect_plain(int fd, const struct sockaddr *to, socklen_t n)
{
	return (int)syscall(SYS_connect, fd, to, n);
}

static bool is_tcp(int fd, const struct sockaddr *to)
{
	int type = 0;
	socklen_t n = sizeof type;

	return (to->sa_family == AF_INET || to->sa_family == AF_INET6) &&
	       !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) && type == SOCK_STREAM;
}

/* Waits for a connect that was begun; 0 or -1 with errno. */
static int connect_finish(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int ready, fault = 0;
	socklen_t n = sizeof fault;

	do
		ready = poll(&p, 1, timeout_ms);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		fault = ETIMEDOUT;
	else if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &n))
		fault = errno;
	errno = fault;
	return fault ? -1 : 0;
}

int connect(int fd, const struct sockaddr *to, socklen_t n)
{
	int flags = armed && is_tcp(fd, to) ? fcntl(fd, F_GETFL) : -1;

	if (flags < 0 || (flags & O_NONBLOCK))
		return connect_plain(fd, to, n);

	int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	int done = connect_plain(fd, to, n);
	if (done < 0 && errno == EINPROGRESS)
		done = connect_finish(fd, armed->timeout_ms);
	int kept = errno;
	fcntl(fd, F_SETFL, flags);
	errno = kept;
	atomic_store(&armed->fd, done ? -1 : fd);
	return done;
}
