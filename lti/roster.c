/* roster.c - Names and Roles (NRPS 2.0, R71-R78): all members of a course, page
 * after page, or those that changed since.
 *
 * The bearer token goes to the origin of the roster's URL alone (R75). A page has
 * an arena of its own, so a roster of any length holds one page in memory.
 *
 * Some platforms keep names to themselves unless the list is asked for a resource
 * link (rlid), but leave out whom that link is hidden from (moodle.md 7). So the
 * plain list comes first, for who is there, and after it, where it was nameless,
 * the list of the link, for their names. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <stdio.h>
#include <string.h>

#define MEDIA_TYPE "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

enum {
	PAGES_MAX = 1000,
	MEMBERS_MAX = 200000,
	PAGE_BYTES_MAX = 16 << 20,
	TOTAL_MS = 8000,
	URL_MAX = 2000,
	RETRY_MAX_S = 6 * 3600,
};

struct walk {
	struct lti *lti;
	struct mem *m; /* of the whole walk; a page has its own */
	struct key_ring *ring;
	const struct lti_registration *registration;
	const struct lti_roster_job *job;
	struct lti_rules rules;
	const char *token;
	char url[URL_MAX + 1];    /* of the page to read next, "" at the end */
	uint64_t seen[PAGES_MAX]; /* hashes of those that were read */
	size_t read;
	size_t pages, members; /* those of earlier turns too */
	bool named;            /* somebody had a name */
	bool again;            /* the second list, for the names */
	int64_t retry_after;
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

static const char *name(struct mem *m, const struct lti_settings *set, const json_t *member,
			const char *key)
{
	const char *s = js_str(member, key);

	return text_or_null(m, set->escaped_names ? unescape(m, s) : s);
}

static bool member_read(struct mem *m, const struct lti_settings *set,
			const struct lti_rules *rules, const json_t *o, struct lti_member *out)
{
	const char *sub = js_str(o, "user_id"), *status = js_str(o, "status");
	const char *legacy = js_str(o, "lti11_legacy_user_id");
	struct lti_decision decision;

	if (!id_ok(sub))
		return false;
	*out = (struct lti_member){
		.sub = sub,
		.lti11_id = id_ok(legacy) ? legacy : NULL,
		.sis_id = text_or_null(m, js_str(o, "lis_person_sourcedid")),
		.given_name = name(m, set, o, "given_name"),
		.family_name = name(m, set, o, "family_name"),
		.name = name(m, set, o, "name"),
		.email = email_or_null(m, js_str(o, "email")),
		.active = str_empty(status) || str_eq(status, "Active"),
	};
	lti_decide(m, set, rules,
		   &(struct lti_facts){.roles = js_arr(o, "roles"),
				       .sub = out->sub,
				       .sis_id = out->sis_id,
				       .lti11_id = out->lti11_id},
		   &decision);
	out->roles = decision.roles;
	out->course_role = decision.role;
	return true;
}

bool members_read(struct mem *m, const struct lti_settings *set, const struct lti_rules *rules,
		  const char *body, size_t n, struct lti_member **out, size_t *n_out,
		  size_t *listed, struct err *e)
{
	struct err why = {0};
	json_t *root, *members = NULL, *one;
	size_t i, kept = 0;

	if (js_parse(m, body, n, PAGE_BYTES_MAX, &root, &why))
		members = js_arr(root, "members");
	if (!members)
		return err_reason(e, ERR_PEER, "roster_invalid", "no members: %s",
				  str_or(why.text, "the member is missing"));
	*listed = json_array_size(members);
	if (*listed > MEMBERS_MAX)
		return err_reason(e, ERR_PEER, "roster_too_large", "more than %d members",
				  MEMBERS_MAX);
	*out = mem_array(m, struct lti_member, *listed);
	json_array_foreach(members, i, one) kept += member_read(m, set, rules, one, &(*out)[kept]);
	*n_out = kept;
	return true;
}

/* ---- Addresses ---- */

static bool has_parameter(const char *url, const char *parameter)
{
	size_t n = strlen(parameter);

	for (const char *p = strchr(url, '?'); p; p = strchr(p + 1, '&'))
		if (strncmp(p + 1, parameter, n) == 0 && p[1 + n] == '=')
			return true;
	return false;
}

/* The URL often has a query already (R72). */
static const char *with(struct mem *m, const char *url, const char *parameter, const char *value)
{
	struct buf b;

	if (has_parameter(url, parameter))
		return url;
	buf_init(&b, m);
	buf_addf(&b, "%s%s%s=", url, strchr(url, '?') ? "&" : "?", parameter);
	buf_url(&b, value);
	return b.p;
}

/* Moodle forgets `role` after the first page of a limited list, so a list that names
 * one is not limited. What a platform says of a next page is never added to (R76). */
static const char *first_page(const struct walk *w, struct mem *m, bool for_link)
{
	const char *url = w->job->url;
	int64_t limit = w->registration->set.roster_limit;

	if (limit > 0 && !has_parameter(url, "role"))
		url = with(m, url, "limit", mem_printf(m, "%d", (int)limit));
	return for_link ? with(m, url, "rlid", w->job->resource_link) : url;
}

static bool may_ask_for_link(const struct walk *w, const char *when)
{
	return str_eq(w->registration->set.roster_link, when) && !w->job->differences &&
	       !str_empty(w->job->resource_link);
}

static uint64_t hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

/* R75: on the same origin, not seen before, and not without end. */
static bool next_ok(struct walk *w, const char *url, struct err *e)
{
	uint64_t h = hash(url);

	if (!url_same_origin(url, w->job->url))
		return err_reason(e, ERR_PEER, "roster_invalid", "next leads to another origin");
	for (size_t i = 0; i < w->read; i++)
		if (w->seen[i] == h)
			return err_reason(e, ERR_PEER, "roster_invalid",
					  "next leads back to a page that was read");
	if (w->pages >= PAGES_MAX)
		return err_reason(e, ERR_PEER, "roster_too_large", "more than %d pages", PAGES_MAX);
	w->seen[w->read++] = h;
	w->pages++;
	return true;
}

/* The target of a Link on this page, NULL where there is none. */
static bool linked(const struct walk *w, struct mem *m, const struct http_response *res,
		   const char *rel, const char **out, struct err *e)
{
	const char *target = link_find(m, res->links, res->links_n, rel);

	if (target && !(target = url_resolve(m, w->url, target)))
		return err_reason(e, ERR_PEER, "roster_invalid", "%s is no address", rel);
	if (target && !url_same_origin(target, w->job->url))
		return err_reason(e, ERR_PEER, "roster_invalid", "%s leads to another origin", rel);
	*out = target;
	return true;
}

/* ---- Asking ---- */

static bool get(struct walk *w, struct mem *m, struct http_response *res, struct err *e)
{
	struct http_request req = {.url = w->url,
				   .accept = MEDIA_TYPE, /* alone: R72, Moodle takes no list */
				   .bearer = w->token,
				   .body_max = PAGE_BYTES_MAX,
				   .total_ms = TOTAL_MS};

	if (w->lti->http.fetch(w->lti->http.self, m, &req, res, e))
		return true;
	e->reason = "platform_unreachable";
	sight(w->lti, w->registration->id, LTI_SERVICE_ROSTER, NULL, e);
	return err_under(e, "roster");
}

static bool token(struct walk *w, const char *rejected, struct err *e)
{
	if (token_get(w->lti, w->m, w->ring, w->registration, SCOPE_NRPS, rejected, &w->token, e))
		return true;
	w->retry_after = token_wait_s(w->lti, w->registration);
	return false;
}

/* R67: a token that is not taken any more is replaced once. */
static bool get_with_token(struct walk *w, struct mem *m, struct http_response *res, struct err *e)
{
	if ((!w->token && !token(w, NULL, e)) || !get(w, m, res, e))
		return false;
	if (res->status != 401)
		return true;
	return token(w, w->token, e) && get(w, m, res, e);
}

static bool status_ok(struct walk *w, const struct http_response *res, struct err *e)
{
	const char *reason = "roster_invalid";
	long status = res->status;

	if (status == 200)
		return true;
	if (status == 401 || status == 403)
		reason = "roster_denied";
	else if (status == 404 || status == 410)
		reason = "roster_gone";
	else if (status == 429 || status >= 500)
		reason = "roster_busy";
	if (res->retry_after_s > 0)
		w->retry_after =
			res->retry_after_s > RETRY_MAX_S ? RETRY_MAX_S : res->retry_after_s;
	return err_reason(e, ERR_PEER, reason, "the roster answered %ld", status);
}

/* ---- One page ---- */

static bool page_read(struct walk *w, struct mem *m, const struct http_response *res,
		      struct lti_roster_page *out, struct err *e)
{
	struct lti_member *list;
	size_t n, listed;

	if (!members_read(m, &w->registration->set, &w->rules, res->body, res->n, &list, &n,
			  &listed, e))
		return false;
	w->members += w->again ? 0 : listed;
	if (w->members > MEMBERS_MAX)
		return err_reason(e, ERR_PEER, "roster_too_large", "more than %d members",
				  MEMBERS_MAX);
	for (size_t i = 0; i < n; i++)
		w->named |= list[i].given_name || list[i].family_name || list[i].name;
	*out = (struct lti_roster_page){.members = list, .n = n, .again = w->again};
	return linked(w, m, res, "next", &out->next, e) &&
	       linked(w, m, res, "differences", &out->differences, e);
}

/* The plain list has ended and nobody in it had a name: once more, for the link. */
static void go_on_with_names(struct walk *w, struct mem *m, struct lti_roster_page *page)
{
	if (page->next || w->again || w->named || !w->members || !may_ask_for_link(w, "nameless"))
		return;
	page->next = first_page(w, m, true);
}

static bool go_to(struct walk *w, const char *url, struct err *e)
{
	if (strlen(url) > URL_MAX)
		return err_reason(e, ERR_PEER, "roster_invalid", "the address is too long");
	snprintf(w->url, sizeof w->url, "%s", url);
	return true;
}

/* Reads the page at w->url, gives it away and moves w->url to the next one. */
static bool step(struct walk *w, struct mem *m, struct err *e)
{
	struct lti_roster_page page;
	struct http_response res;

	w->again = may_ask_for_link(w, "nameless") && has_parameter(w->url, "rlid") &&
		   !has_parameter(w->job->url, "rlid");
	if (!next_ok(w, w->url, e) || !get_with_token(w, m, &res, e))
		return false;
	bool ok = status_ok(w, &res, e) && page_read(w, m, &res, &page, e);
	sight(w->lti, w->registration->id, LTI_SERVICE_ROSTER, &res, ok ? NULL : e);
	if (!ok)
		return false;
	go_on_with_names(w, m, &page);
	return w->page(w->self, &page, e) && go_to(w, str_or(page.next, ""), e);
}

/* A link that was deleted since is no reason to go without a roster. */
static bool is_for_lack_of_link(const struct err *e)
{
	return str_eq(e->reason, "roster_gone") || str_eq(e->reason, "roster_invalid") ||
	       str_eq(e->reason, "roster_denied");
}

/* Moodle breaks down where the link is one of another course. */
static bool is_second_try(const struct walk *w, const struct err *e)
{
	return w->job->from && has_parameter(w->job->from, "rlid") &&
	       (str_eq(e->reason, "roster_busy") || str_eq(e->reason, "platform_unreachable"));
}

/* Nobody gets names then: the plain list stands, and it has ended. */
static bool end_without_names(struct walk *w, struct err *e)
{
	const struct lti_roster_page none = {.again = true};

	w->url[0] = '\0';
	return w->page(w->self, &none, e);
}

static bool walk(struct walk *w, struct err *e)
{
	bool ok = true;

	while (ok && w->url[0]) {
		struct mem *page = mem_new();
		ok = step(w, page, e);
		mem_free(page);
	}
	if (!ok && w->again && e->code == ERR_PEER &&
	    (is_for_lack_of_link(e) || is_second_try(w, e)))
		return end_without_names(w, e);
	return ok;
}

/* ---- The whole ---- */

static bool begin(struct walk *w, const char *url, struct err *e)
{
	w->read = 0;
	w->pages = w->job->pages;
	w->members = w->job->members;
	return go_to(w, url, e);
}

static bool from_the_start(struct walk *w, struct err *e)
{
	bool for_link = may_ask_for_link(w, "always");

	if (!begin(w, first_page(w, w->m, for_link), e))
		return false;
	if (walk(w, e))
		return true;
	/* Nothing was given out yet when the first page failed. */
	if (!for_link || w->pages > 1 || e->code != ERR_PEER || !is_for_lack_of_link(e))
		return false;
	return begin(w, first_page(w, w->m, false), e) && walk(w, e);
}

bool lti_roster(struct lti *l, struct mem *m, struct db *db, struct key_ring *ring,
		const struct lti_roster_job *job, lti_page *page, void *self,
		int64_t *retry_after_s, struct err *e)
{
	struct walk *w = mem_new_of(m, struct walk);

	*retry_after_s = 0;
	*w = (struct walk){.lti = l, .m = m, .ring = ring, .job = job, .page = page, .self = self};
	if (!registry_by_id(l->registry, m, db, job->registration, &w->registration, e) ||
	    !registry_rules(l->registry, m, db, job->tenant, job->registration, &w->rules, e))
		return false;
	bool ok =
		str_empty(job->from) ? from_the_start(w, e) : begin(w, job->from, e) && walk(w, e);
	*retry_after_s = w->retry_after;
	return ok;
}
