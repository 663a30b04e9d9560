#include "web/assets.h"
#include "base/err.h"
#include "base/str.h"
#include <string.h>

static bool accepts(const char *header, const char *coding)
{
	const char *at = header ? strstr(header, coding) : NULL;

	/* "br;q=0" would be a strange way to ask for less; it is honoured all the same. */
	return at && !str_starts(at + strlen(coding), ";q=0");
}

const char *asset_url(const char *key)
{
	const struct asset_name *a = asset_names;

	while (a->key && strcmp(a->key, key))
		a++;
	if (!a->key)
		BUG("no asset of that name");
	return a->url;
}

bool asset_answer(const struct request *q, struct response *r)
{
	const struct asset *a = assets;

	if (!str_starts(q->path, "/assets/"))
		return false;
	while (a->path && strcmp(a->path, q->path))
		a++;
	r->route = "/assets/*";
	if (!a->path) {
		response_text(r, 404, "text/plain; charset=utf-8", "Not found.\n");
		return true;
	}
	const char *accepted = request_header(q, "Accept-Encoding");
	const struct bytes *b = &a->plain;
	if (accepts(accepted, "br")) {
		b = &a->br;
		response_header(r, "Content-Encoding", "br");
	} else if (accepts(accepted, "gzip")) {
		b = &a->gz;
		response_header(r, "Content-Encoding", "gzip");
	}
	r->status = 200;
	r->type = a->type;
	r->body = (const char *)b->p;
	r->body_n = b->n;
	response_header(r, "Cache-Control", "public, max-age=31536000, immutable");
	response_header(r, "Vary", "Accept-Encoding");
	response_header(r, "X-Content-Type-Options", "nosniff");
	return true;
}
