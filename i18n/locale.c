/* locale.c - what a language brings with it: its name elsewhere, its locale for
 * dates and sorting, its direction. One row per catalog language. */
#include "i18n/i18n.h"

#include "base/str.h"
#include "i18n/locale_internal.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* "en" alone would write dates the American way. ICU's objects are opened when
 * first needed; formatting changes them inside, so a lock stands before each. */
static struct language {
	const char *name, *locale;
	pthread_mutex_t lock;
	UDateFormat *date;
	UCollator *order;
	UListFormatter *list;
} languages[] = {
	{"en", "en_GB", PTHREAD_MUTEX_INITIALIZER, NULL, NULL, NULL},
	{"nb", "nb_NO", PTHREAD_MUTEX_INITIALIZER, NULL, NULL, NULL},
};
static const size_t languages_n = sizeof languages / sizeof languages[0];

/* What others call our languages: the primary subtag, lower case. Nynorsk readers
 * get bokmål, the closest there is. */
static const struct {
	const char *subtag, *language;
} names[] = {
	{"en", "en"}, {"eng", "en"}, {"nb", "nb"}, {"nob", "nb"},
	{"no", "nb"}, {"nor", "nb"}, {"nn", "nb"}, {"nno", "nb"},
};

static struct language *language_get(const char *name)
{
	for (size_t i = 0; name && i < languages_n; i++)
		if (!strcmp(languages[i].name, name))
			return &languages[i];
	return &languages[0];
}

const char *locale_of(const char *language)
{
	return language_get(language)->locale;
}

const char *i18n_language(const char *locale)
{
	char subtag[4];
	size_t n = locale ? strcspn(locale, "-_.@ ") : 0;

	if (n < 2 || n >= sizeof subtag)
		return NULL;
	for (size_t i = 0; i < n; i++)
		subtag[i] = (char)tolower((unsigned char)locale[i]);
	subtag[n] = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!strcmp(names[i].subtag, subtag))
			return names[i].language;
	return NULL;
}

const char *i18n_direction(const char *language)
{
	return language && uloc_isRightToLeft(language) ? "rtl" : "ltr";
}

/* Text, from ICU's UTF-16 to the arena. */
const char *locale_utf8(struct mem *m, const UChar *text, int32_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t bytes = 0;

	u_strToUTF8(NULL, 0, &bytes, text, n, &status);
	char *out = mem_alloc(m, (size_t)bytes + 1);
	status = U_ZERO_ERROR;
	u_strToUTF8(out, bytes + 1, NULL, text, n, &status);
	return out;
}

UChar *locale_utf16(struct mem *m, const char *text, int32_t *n_out)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t most = strlen(text); /* UTF-16 never needs more units than UTF-8 bytes */
	UChar *out = mem_array(m, UChar, most + 1);
	int32_t n = 0;

	u_strFromUTF8WithSub(out, (int32_t)most + 1, &n, text, (int32_t)most, 0xfffd, NULL,
			     &status);
	if (n_out)
		*n_out = n;
	return out;
}

static UDateFormat *date_open(const char *locale)
{
	static const UChar skeleton[] = u"yMMMMd";
	UErrorCode status = U_ZERO_ERROR;
	UChar pattern[64];

	UDateTimePatternGenerator *made = udatpg_open(locale, &status);
	int32_t n = udatpg_getBestPattern(made, skeleton, -1, pattern, 64, &status);
	udatpg_close(made);
	UDateFormat *date =
		udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, u"UTC", -1, pattern, n, &status);
	if (U_FAILURE(status))
		BUG("date format of %s: %s", locale, u_errorName(status));
	return date;
}

/* Days since 1970 of a civil date (proleptic Gregorian). */
static int64_t days_since_1970(int64_t y, int64_t m, int64_t d)
{
	y -= m <= 2;
	int64_t era = y / 400, yoe = y % 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

const char *i18n_date(struct mem *m, const char *language, const char *iso)
{
	int64_t year, month, day;
	bool shaped = iso && strlen(iso) == 10 && iso[4] == '-' && iso[7] == '-';

	if (!shaped || !int_parse(mem_strndup(m, iso, 4), 1, 9999, &year) ||
	    !int_parse(mem_strndup(m, iso + 5, 2), 1, 12, &month) ||
	    !int_parse(mem_strndup(m, iso + 8, 2), 1, 31, &day))
		return str_or(iso, "");

	struct language *l = language_get(language);
	UErrorCode status = U_ZERO_ERROR;
	UChar text[64];
	double moment = (double)days_since_1970(year, month, day) * 86400e3;
	pthread_mutex_lock(&l->lock);
	if (!l->date)
		l->date = date_open(l->locale);
	int32_t n = udat_format(l->date, moment, text, 64, NULL, &status);
	pthread_mutex_unlock(&l->lock);
	return U_SUCCESS(status) ? locale_utf8(m, text, n) : iso;
}

static UCollator *order_get(struct language *l)
{
	UErrorCode status = U_ZERO_ERROR;

	pthread_mutex_lock(&l->lock);
	if (!l->order)
		l->order = ucol_open(l->locale, &status);
	UCollator *order = l->order;
	pthread_mutex_unlock(&l->lock);
	if (!order)
		BUG("collator of %s: %s", l->locale, u_errorName(status));
	return order;
}

int i18n_compare(const char *language, const char *a, const char *b)
{
	UErrorCode status = U_ZERO_ERROR;
	/* comparing does not change a collator, so no lock is held */
	return ucol_strcollUTF8(order_get(language_get(language)), a, -1, b, -1, &status);
}

const char *i18n_list(struct mem *m, const char *language, const char *const *items, size_t n)
{
	struct language *l = language_get(language);
	UErrorCode status = U_ZERO_ERROR;
	const UChar **text = mem_array(m, const UChar *, n + 1);
	int32_t *length = mem_array(m, int32_t, n + 1), room = 64;

	for (size_t i = 0; i < n; i++) {
		text[i] = locale_utf16(m, items[i], &length[i]);
		room += length[i] + 16;
	}
	UChar *out = mem_array(m, UChar, (size_t)room);
	pthread_mutex_lock(&l->lock);
	if (!l->list)
		l->list = ulistfmt_open(l->locale, &status);
	int32_t used = ulistfmt_format(l->list, text, length, (int32_t)n, out, room, &status);
	pthread_mutex_unlock(&l->lock);
	if (U_FAILURE(status))
		BUG("list in %s: %s", l->locale, u_errorName(status));
	return locale_utf8(m, out, used);
}

void locale_done(void)
{
	for (size_t i = 0; i < languages_n; i++) {
		struct language *l = &languages[i];
		if (l->date)
			udat_close(l->date);
		if (l->order)
			ucol_close(l->order);
		if (l->list)
			ulistfmt_close(l->list);
		l->date = NULL;
		l->order = NULL;
		l->list = NULL;
	}
}
