/* offer.h - how we are offered to platforms: words, icon, addresses, and the values that
 * administrators copy. */
#ifndef WEB_OFFER_H
#define WEB_OFFER_H

#include "base/str.h"
#include "lti/dynamic.h"
#include "web/web_internal.h"

/* Our names in every language, English first. */
const struct dynamic_words *offer_words(struct exchange *, size_t *n_out);
/* Where our icon always is, whatever its name is in this build. */
#define OFFER_ICON "/icon.svg"
/* The mail address among the settings' contact, or "". */
const char *offer_contact(const struct exchange *);

/* A value to copy, with a button that a script makes work. */
void offer_value(struct exchange *, struct buf *, const char *value);

#endif
