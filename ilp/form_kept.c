#include "ilp/work_internal.h"
#include "base/str.h"
#include "ilp/form.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define FORMS_KEPT 128

/* Some hundred forms are in use in a district, each by up to five hats; the one longest
 * unused makes room. */
static struct {
	pthread_mutex_t lock;
	struct kept {
		char key[2 * UUID_LEN + sizeof "  16"]; /* tenant, form, hat */
		json_t *form;
		unsigned used;
	} at[FORMS_KEPT];
	unsigned now;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* What is kept never leaves: each caller gets a copy. jansson looks at a value's count of
 * references without care for other threads, and half a millisecond of parsing is saved all
 * the same. */
static json_t *kept_find(const char *key)
{
	for (int i = 0; i < FORMS_KEPT; i++)
		if (kept.at[i].form && !strcmp(kept.at[i].key, key)) {
			kept.at[i].used = ++kept.now;
			return json_deep_copy(kept.at[i].form);
		}
	return NULL;
}

static void kept_put(const char *key, const json_t *form)
{
	struct kept *oldest = &kept.at[0];

	for (int i = 1; i < FORMS_KEPT; i++)
		if (kept.at[i].used < oldest->used)
			oldest = &kept.at[i];
	json_decref(oldest->form);
	memcpy(oldest->key, key, sizeof oldest->key);
	oldest->form = json_deep_copy(form);
	oldest->used = ++kept.now;
}

json_t *form_kept(struct mem *m, const char *tenant, const char *form, const char *definition,
		  int hat)
{
	char key[sizeof kept.at[0].key];

	snprintf(key, sizeof key, "%s %s %d", tenant, form, hat);
	pthread_mutex_lock(&kept.lock);
	json_t *view = kept_find(key);
	pthread_mutex_unlock(&kept.lock);
	if (view)
		return view;
	view = json_incref(form_view(m, definition, hat));
	pthread_mutex_lock(&kept.lock);
	if (view)
		kept_put(key, view);
	pthread_mutex_unlock(&kept.lock);
	return view;
}
