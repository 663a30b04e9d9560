/* address.c - which addresses our client may connect to (R131).
 *
 * Asked at the moment of connecting, when the name has been resolved, so that a
 * name that changes its address in between gains nothing. */
#include "lti/lti_internal.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct range {
	unsigned char bytes[16];
	int bits;
};

/* IANA special-purpose registry, IPv4. */
static const struct range private4[] = {
	{{0}, 8},             /* this network */
	{{10}, 8},            /* private */
	{{100, 64}, 10},      /* carrier NAT */
	{{127}, 8},           /* loopback */
	{{169, 254}, 16},     /* link-local, cloud metadata */
	{{172, 16}, 12},      /* private */
	{{192, 0, 0}, 24},    /* protocol assignments */
	{{192, 0, 2}, 24},    /* documentation */
	{{192, 88, 99}, 24},  /* 6to4 relays */
	{{192, 168}, 16},     /* private */
	{{198, 18}, 15},      /* benchmarks */
	{{198, 51, 100}, 24}, /* documentation */
	{{203, 0, 113}, 24},  /* documentation */
	{{224}, 3},           /* multicast, reserved, broadcast */
};

/* Public IPv6 is 2000::/3; what lies in it and is not public: */
static const struct range private6[] = {
	{{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x20, 0x02}, 16},             /* 6to4: an IPv4 address inside */
	{{0x3f, 0xff}, 20},             /* documentation */
};

static bool within(const unsigned char *address, const struct range *r)
{
	int whole = r->bits / 8, rest = r->bits % 8;
	unsigned mask = (0xff00u >> rest) & 0xff;

	return memcmp(address, r->bytes, (size_t)whole) == 0 &&
	       (!rest || (address[whole] & mask) == (r->bytes[whole] & mask));
}

static bool in_any(const unsigned char *address, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (within(address, &ranges[i]))
			return true;
	return false;
}

static bool public4(const unsigned char *a)
{
	return !in_any(a, private4, sizeof private4 / sizeof *private4);
}

static bool public6(const unsigned char *a)
{
	static const struct range global = {{0x20}, 3};
	static const struct range mapped = {{[10] = 0xff, [11] = 0xff}, 96};

	if (within(a, &mapped)) /* ::ffff:a.b.c.d is that IPv4 address */
		return public4(a + 12);
	return within(a, &global) && !in_any(a, private6, sizeof private6 / sizeof *private6);
}

bool address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		return public4((const unsigned char *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof in6);
		return public6(in6.sin6_addr.s6_addr);
	}
	return false;
}
