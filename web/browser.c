/* Which browser asks, as coarse as it is useful: its family and major version decide
 * what it keeps inside a frame. The header is anybody's word: it chooses a row of this
 * table and a number of at most three digits, nothing else of it is kept. */
#include "web/web_internal.h"
#include "base/str.h"
#include <string.h>

enum { AGENT_MAX = 1024, VERSION_DIGITS = 3 };

/* The first row whose mark stands in the text: most browsers call themselves by the
 * names of others too, so the particular ones come first. The number behind `version`
 * is its major version; NULL: an app, whose version says nothing of its web view. */
static const struct {
	const char *mark, *also, *family, *version;
} browsers[] = {
	{ "iCanvas", NULL, "canvas-ios", NULL },
	{ "iosTeacher", NULL, "canvas-ios", NULL },
	{ "iosParent", NULL, "canvas-ios", NULL },
	{ "candroid", NULL, "canvas-android", NULL },
	{ "androidTeacher", NULL, "canvas-android", NULL },
	{ "androidParent", NULL, "canvas-android", NULL },
	{ "MoodleMobile", "Android", "moodle-android", NULL },
	{ "MoodleMobile", NULL, "moodle-ios", NULL },
	{ "Edg/", NULL, "edge", "Edg/" },
	{ "EdgA/", NULL, "edge", "EdgA/" },
	{ "EdgiOS/", NULL, "ios", "OS " },
	{ "OPR/", NULL, "opera", "OPR/" },
	{ "SamsungBrowser/", NULL, "samsung", "SamsungBrowser/" },
	{ "FxiOS/", NULL, "ios", "OS " },
	{ "CriOS/", NULL, "ios", "OS " },
	{ "Firefox/", NULL, "firefox", "Firefox/" },
	{ "Chrome/", NULL, "chrome", "Chrome/" },
	{ "Chromium/", NULL, "chrome", "Chromium/" },
	{ "AppleWebKit/", "like Mac OS X)", "ios", "OS " },
	{ "Safari/", "Version/", "safari", "Version/" },
};

static const char *with_version(struct mem *m, const char *family, const char *agent, const char *mark)
{
	const char *at = mark ? strstr(agent, mark) : NULL;

	if (!at)
		return family;
	at += strlen(mark);
	size_t n = strspn(at, "0123456789");
	return n && n <= VERSION_DIGITS ? mem_printf(m, "%s-%.*s", family, (int)n, at) : family;
}

size_t browser_families(const char **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof browsers / sizeof *browsers; i++) {
		size_t same = 0;
		while (same < n && !str_eq(out[same], browsers[i].family))
			same++;
		if (same == n && n + 1 < max)
			out[n++] = browsers[i].family;
	}
	out[n++] = "other";
	return n;
}

const char *browser_family(struct mem *m, const char *agent)
{
	if (!agent)
		return "other";
	agent = mem_strndup(m, agent, strnlen(agent, AGENT_MAX));
	for (size_t i = 0; i < sizeof browsers / sizeof *browsers; i++)
		if (strstr(agent, browsers[i].mark) &&
		    (!browsers[i].also || strstr(agent, browsers[i].also)))
			return with_version(m, browsers[i].family, agent, browsers[i].version);
	return "other";
}
