/* locale_internal.h - between the files of this room. */
#ifndef I18N_LOCALE_INTERNAL_H
#define I18N_LOCALE_INTERNAL_H

#include "base/mem.h"
#include <stdint.h>
#include <unicode/utypes.h>

/* ICU's locale of a catalog language. */
const char *locale_of(const char *language);

/* To and from ICU's UTF-16, in the arena. Bad bytes become U+FFFD. */
const char *locale_utf8(struct mem *, const UChar *, int32_t n);
UChar *locale_utf16(struct mem *, const char *, int32_t *n_out);

void locale_done(void);

#endif
