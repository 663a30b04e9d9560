/* roster.c - Names and Roles (NRPS 2.0, R71-R78): all members of a course, page
 * after page.
 *
 * The bearer token goes to the origin of the roster's URL alone (R75). A page has
 * an arena of its own, so a roster of any length holds one page in memory. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

#define MEDIA_TYPE "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

enum { PAGES_MAX = 1000, MEMBERS_MAX = 200000, PAGE_BYTES_MAX = 16 << 20, TOTAL_MS = 8000 };

struct walk {
	struct lti *lti;
	struct mem *m; /* of the whole walk; a page has its own */
	struct key_ring *ring;
	const struct lti_registration *registration;
	const struct profile *profile;
	const char *first, *token;
	const char *seen[PAGES_MAX];
	size_t pages, members;
	lti_page *page;
	void *self;
};

/* ---- One member ---- */

/* &amp; &lt; &gt; &quot; &#039; and &#39;, which is what PHP's escaping makes. */
static const char *unescape(struct mem *m, const char *s)
{
	static const struct {
		const char *entity, *text;
	} entities[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
			{"&quot;", "\""}, {"&#039;", "'"}, {"&#39;", "'"}};
	struct buf b;

	if (!s || !strchr(s, '&'))
		return s;
	buf_init(&b, m);
	while (*s) {
		size_t i = 0, n = sizeof entities / sizeof *entities;
		while (i < n && !str_starts(s, entities[i].entity))
			i++;
		if (i < n) {
			buf_add(&b, entities[i].text);
			s += strlen(entities[i].entity);
		} else {
			buf_addn(&b, s++, 1);
		}
	}
	return b.p;
}

static const char *name(const struct walk *w, struct mem *m, const json_t *member, const char *key)
{
	const char *s = js_str(member, key);

	return text_or_null(m, w->profile->escaped_names ? unescape(m, s) : s);
}

static bool member_read(const struct walk *w, struct mem *m, const json_t *o,
			struct lti_member *out)
{
	const char *sub = js_str(o, "user_id"), *status = js_str(o, "status");
	const char *legacy = js_str(o, "lti11_legacy_user_id");

	if (!id_ok(sub))
		return false;
	*out = (struct lti_member){
		.sub = sub,
		.lti11_id = id_ok(legacy) ? legacy : NULL,
		.sis_id = text_or_null(m, js_str(o, "lis_person_sourcedid")),
		.given_name = name(w, m, o, "given_name"),
		.family_name = name(w, m, o, "family_name"),
		.name = name(w, m, o, "name"),
		.email = email_or_null(m, js_str(o, "email")),
		.roles = lti_roles(js_arr(o, "roles")),
		.active = str_empty(status) || str_eq(status, "Active"),
	};
	out->course_role = lti_course_role(out->roles);
	return true;
}

/* ---- One page ---- */

static bool page_read(struct walk *w, struct mem *m, const struct http_response *res, struct err *e)
{
	struct err why = {0};
	json_t *root, *members = NULL, *one;
	size_t i, n = 0;

	if (js_parse(m, res->body, res->n, PAGE_BYTES_MAX, &root, &why))
		members = js_arr(root, "members");
	if (!members)
		return err_reason(e, ERR_PEER, "roster_invalid", "no members: %s",
				  str_or(why.text, "the member is missing"));
	w->members += json_array_size(members);
	if (w->members > MEMBERS_MAX)
		return err_reason(e, ERR_PEER, "roster_too_large", "more than %d members",
				  MEMBERS_MAX);
	struct lti_member *list = mem_array(m, struct lti_member, json_array_size(members));
	json_array_foreach(members, i, one) n += member_read(w, m, one, &list[n]);
	return w->page(w->self, list, n, e);
}

static bool get(struct walk *w, struct mem *m, const char *url, struct http_response *res,
		struct err *e)
{
	struct http_request req = {.url = url,
				   .accept = MEDIA_TYPE,
				   .bearer = w->token,
				   .body_max = PAGE_BYTES_MAX,
				   .total_ms = TOTAL_MS};

	if (w->lti->http.fetch(w->lti->http.self, m, &req, res, e))
		return true;
	e->reason = "platform_unreachable";
	return err_under(e, "roster");
}

/* R67: a token that is not taken any more is replaced once. */
static bool get_with_token(struct walk *w, struct mem *m, const char *url,
			   struct http_response *res, struct err *e)
{
	const char *rejected = NULL;

	for (int attempt = 0; attempt < 2; attempt++) {
		if ((!w->token || rejected) && !token_get(w->lti, w->m, w->ring, w->registration,
							  SCOPE_NRPS, rejected, &w->token, e))
			return false;
		if (!get(w, m, url, res, e))
			return false;
		if (res->status != 401)
			return true;
		rejected = w->token;
	}
	return true;
}

static bool status_ok(long status, struct err *e)
{
	const char *reason = "roster_invalid";

	if (status == 200)
		return true;
	if (status == 401 || status == 403)
		reason = "roster_denied";
	else if (status == 404 || status == 410)
		reason = "roster_gone";
	else if (status == 429 || status >= 500)
		reason = "roster_busy";
	return err_reason(e, ERR_PEER, reason, "the roster answered %ld", status);
}

/* R75: on the same origin, not seen before, and not without end. */
static bool next_ok(struct walk *w, const char *next, struct err *e)
{
	if (!url_same_origin(next, w->first))
		return err_reason(e, ERR_PEER, "roster_invalid", "next leads to another origin");
	for (size_t i = 0; i < w->pages; i++)
		if (str_eq(next, w->seen[i]))
			return err_reason(e, ERR_PEER, "roster_invalid",
					  "next leads back to a page that was read");
	if (w->pages == PAGES_MAX)
		return err_reason(e, ERR_PEER, "roster_too_large", "more than %d pages", PAGES_MAX);
	return true;
}

/* Reads the page at *url and moves *url to the next one, NULL at the end. */
static bool step(struct walk *w, struct mem *m, const char **url, struct err *e)
{
	struct http_response res;
	const char *next;

	if (!next_ok(w, *url, e))
		return false;
	w->seen[w->pages++] = *url;
	if (!get_with_token(w, m, *url, &res, e) || !status_ok(res.status, e) ||
	    !page_read(w, m, &res, e))
		return false;
	next = link_next(m, res.links, res.links_n);
	if (next && !(next = url_resolve(w->m, *url, next)))
		return err_reason(e, ERR_PEER, "roster_invalid", "next is no address");
	*url = next;
	return true;
}

static bool walk(struct walk *w, const char *url, struct err *e)
{
	bool ok = true;

	w->first = url;
	w->pages = w->members = 0;
	while (ok && url) {
		struct mem *page = mem_new();
		ok = step(w, page, &url, e);
		mem_free(page);
	}
	return ok;
}

/* ---- The whole ---- */

/* NRPS 2.4: with the link's id, platforms that keep names to themselves otherwise
 * give them (moodle.md 7). The URL often has a query already (R72). */
static const char *with_link(struct mem *m, const char *url, const char *resource_link)
{
	struct buf b;

	if (str_empty(resource_link))
		return url;
	buf_init(&b, m);
	buf_addf(&b, "%s%srlid=", url, strchr(url, '?') ? "&" : "?");
	buf_url(&b, resource_link);
	return b.p;
}

bool lti_roster(struct lti *l, struct mem *m, struct db *db, struct key_ring *ring,
		const char *registration_id, const char *roster_url, const char *resource_link_id,
		lti_page *page, void *self, struct err *e)
{
	struct walk *w = mem_new_of(m, struct walk);

	*w = (struct walk){.lti = l, .m = m, .ring = ring, .page = page, .self = self};
	if (!registry_by_id(l->registry, m, db, registration_id, &w->registration, e))
		return false;
	w->profile = profile_find(w->registration->profile);
	const char *asked = with_link(m, roster_url, resource_link_id);
	if (walk(w, asked, e))
		return true;
	/* A link that was deleted since is no reason to go without a roster. Nothing
	 * was given out yet when the first page failed. */
	if (asked == roster_url || w->members || e->code != ERR_PEER ||
	    (!str_eq(e->reason, "roster_gone") && !str_eq(e->reason, "roster_invalid")))
		return false;
	return walk(w, roster_url, e);
}
