/* Addresses we do not connect to, in all their spellings (R131). */
#include "lti/fake_platform.h"
#include <arpa/inet.h>
#include <sys/un.h>

static bool is_public(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_is_public((struct sockaddr *)&in);
	ck_assert_int_eq(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return address_is_public((struct sockaddr *)&in6);
}

static const char *const private[] = {
	"0.0.0.0",
	"0.1.2.3",
	"10.0.0.1",
	"10.255.255.255",
	"100.64.0.1",
	"100.127.255.255",
	"127.0.0.1",
	"127.255.255.254",
	"169.254.169.254",
	"172.16.0.1",
	"172.31.255.255",
	"192.0.0.1",
	"192.0.2.1",
	"192.168.0.1",
	"198.18.0.1",
	"198.19.255.255",
	"198.51.100.7",
	"203.0.113.9",
	"224.0.0.1",
	"239.1.1.1",
	"240.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"::127.0.0.1",
	"::ffff:127.0.0.1",
	"::ffff:10.0.0.1",
	"::ffff:169.254.169.254",
	"64:ff9b::7f00:1",
	"64:ff9b:1::1",
	"100::1",
	"2001::1",
	"2001:db8::1",
	"2002:7f00:1::1",
	"3fff::1",
	"fc00::1",
	"fd12:3456::1",
	"fe80::1",
	"fec0::1",
	"ff02::1",
};

static const char *const public[] = {
	"1.1.1.1",        "9.255.255.255",   "11.0.0.1",     "100.63.255.255",
	"100.128.0.1",    "172.15.0.1",      "172.32.0.1",   "192.167.1.1",
	"192.169.1.1",    "198.17.0.1",      "198.20.0.1",   "223.255.255.1",
	"::ffff:1.1.1.1", "2606:4700::1111", "2a00:1450::1", "2001:4860::1",
};

START_TEST(keeps_away_from_private_addresses)
{
	ck_assert_msg(!is_public(private[_i]), "%s", private[_i]);
}
END_TEST

START_TEST(connects_to_public_ones)
{
	ck_assert_msg(is_public(public[_i]), "%s", public[_i]);
}
END_TEST

START_TEST(connects_to_nothing_but_ip)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	ck_assert(!address_is_public((struct sockaddr *)&un));
}
END_TEST

Suite *lti_address_suite(void)
{
	Suite *s = suite_create("lti/address");
	TCase *t = tcase_create("address");

	tcase_add_loop_test(t, keeps_away_from_private_addresses, 0, COUNT(private));
	tcase_add_loop_test(t, connects_to_public_ones, 0, COUNT(public));
	tcase_add_test(t, connects_to_nothing_but_ip);
	suite_add_tcase(s, t);
	return s;
}
