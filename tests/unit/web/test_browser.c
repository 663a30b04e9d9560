/* Browsers by what they call themselves, and nothing kept of a header but that. */
#include "web/house.h"

static const struct {
	const char *agent, *family;
} agents[] = {
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
	  "chrome-131" },
	{ "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
	  "chrome-129" },
	{ "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
	  "chrome-130" },
	{ "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.6778.33 Safari/537.36",
	  "chrome-131" },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
	  "edge-131" },
	{ "Mozilla/5.0 (Linux; Android 10; HD1913) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.6723.102 Mobile Safari/537.36 EdgA/130.0.2849.80",
	  "edge-130" },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
	  "opera-115" },
	{ "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
	  "samsung-26" },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
	  "firefox-132" },
	{ "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "firefox-132" },
	{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
	  "safari-18" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
	  "ios-17" },
	{ "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
	  "ios-16" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
	  "ios-18" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/132.0 Mobile/15E148 Safari/605.1.15",
	  "ios-18" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 iCanvas/7.6.0 (1) iPhone15,2/iOS 17.5",
	  "canvas-ios" },
	{ "candroid/7.8.1 (281) Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.102 Mobile Safari/537.36",
	  "canvas-android" },
	{ "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 MoodleMobile 4.4.0 (44000)",
	  "moodle-android" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MoodleMobile 4.4.0 (44000)",
	  "moodle-ios" },
	{ "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.107 Mobile Safari/537.36",
	  "chrome-130" },
	{ "curl/8.5.0", "other" },
	{ "", "other" },
	{ NULL, "other" },
};

START_TEST(a_browser_is_known_by_its_family)
{
	ck_assert_str_eq(browser_family(m, agents[_i].agent), agents[_i].family);
}
END_TEST

static const struct {
	const char *agent, *family;
} strange[] = {
	{ "Chrome/", "chrome" },
	{ "Chrome/<script>", "chrome" },
	{ "Chrome/1234", "chrome" },
	{ "Chrome/99999999999999999999999999", "chrome" },
	{ "Chrome/-1", "chrome" },
	{ "Chrome/1';DROP TABLE", "chrome-1" },
	{ "Firefox/\xff\xfe", "firefox" },
	{ "chrome/131", "other" },
	{ "\x01\x02", "other" },
};

START_TEST(nothing_else_of_it_is_kept)
{
	ck_assert_str_eq(browser_family(m, strange[_i].agent), strange[_i].family);
}
END_TEST

START_TEST(what_stands_far_behind_is_not_read)
{
	struct buf b;

	buf_init(&b, m);
	for (int i = 0; i < 100000; i++)
		buf_add(&b, "x");
	buf_add(&b, "Chrome/131");
	ck_assert_str_eq(browser_family(m, b.p), "other");
}
END_TEST

Suite *web_browser_suite(void)
{
	Suite *s = suite_create("web/browser");
	TCase *t = tcase_create("browser");

	tcase_add_checked_fixture(t, open_house, close_house);
	tcase_add_loop_test(t, a_browser_is_known_by_its_family, 0, sizeof agents / sizeof *agents);
	tcase_add_loop_test(t, nothing_else_of_it_is_kept, 0, sizeof strange / sizeof *strange);
	tcase_add_test(t, what_stands_far_behind_is_not_read);
	suite_add_tcase(s, t);
	return s;
}
