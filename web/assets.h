/* assets.h - the browser's side, embedded: hashed names, compressed at build. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "web/http.h"

struct bytes {
	const unsigned char *p;
	size_t n;
};
struct asset {
	const char *path, *type;
	struct bytes plain, br, gz;
};
extern const struct asset assets[];    /* ends with path == NULL */
/* The page of every /app/ address: asked for by a page of ours, or from elsewhere. */
extern const struct bytes asset_shell, asset_shell_elsewhere;
struct asset_name {
	const char *key, *url;
};
extern const struct asset_name asset_names[]; /* ends with key == NULL */

/* The address of "style", "icon" or a script of web/app/build.mjs, for pages made in C. */
const char *asset_url(const char *key);

/* Answers GET and HEAD of /assets/...; false where the path is none of them. */
bool asset_answer(const struct request *, struct response *);

#endif
