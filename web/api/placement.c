/* What a teacher can place in the course by deep linking, and the signed answer (R56-R63). */
#include "web/api/api_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "ilp/place.h"
#include <stdatomic.h>
#include <string.h>

enum { ITEMS_MAX = 50, TEXT_MAX = 500 };

#define REVIEW_PATH "/open/reviews/"

static const struct {
	const char *path, *kind;
} fixed[] = {
	{ "/open/course", "course" },
	{ "/open/my", "my" },
	{ "/open/report", "report" },
};
enum { FIXED = sizeof fixed / sizeof *fixed };

/* What the launch wrote into the session. */
struct asked {
	struct place place;
	struct lti_placement wants;
	const char *deployment;
};

static bool read_asked(struct exchange *x, struct asked *a, struct err *e)
{
	json_t *o;

	if (!place_read(x->db, x->m, &x->viewer, &a->place, e))
		return false;
	if (!js_parse(x->m, a->place.asked, strlen(a->place.asked), BODY_MAX, &o, e))
		return err_under(e, "placement of a session");
	a->wants = (struct lti_placement){
		.return_url = js_str(o, "returnUrl"),
		.data = js_str(o, "data"),
		.takes_links = js_bool(o, "takesLinks", false),
		.several = js_bool(o, "several", false),
		.title = js_str(o, "title"),
		.text = js_str(o, "text"),
	};
	a->deployment = js_str(o, "deployment");
	if (!a->wants.return_url || !a->deployment)
		return err_set(e, ERR_INTERNAL, "the placement of a session is not whole");
	return true;
}

static json_t *item_json(const char *path, const char *kind, const char *title)
{
	return json_pack("{s:s, s:s, s:s?}", "path", path, "kind", kind, "title", title);
}

bool api_placement(struct exchange *x, struct err *e)
{
	json_t *items = json_array();
	struct asked a;

	js_own(x->m, items);
	if (!read_asked(x, &a, e))
		return false;
	for (int i = 0; i < FIXED; i++)
		json_array_append_new(items, item_json(fixed[i].path, fixed[i].kind, NULL));
	for (size_t i = 0; i < a.place.n; i++) {
		const struct review *r = &a.place.reviews[i];
		json_t *one = item_json(mem_printf(x->m, REVIEW_PATH "%s", r->id), "review", r->title);
		json_object_set_new(one, "reviewId", json_string(r->id));
		json_array_append_new(items, one);
	}
	return reply_json(x, 200, json_pack("{s:s?, s:s?, s:b, s:b, s:O}", "title", a.wants.title, "text",
					    a.wants.text, "several", a.wants.several, "takesLinks",
					    a.wants.takes_links, "items", items));
}

static bool can_be_placed(const struct place *p, const char *path)
{
	for (int i = 0; i < FIXED; i++)
		if (str_eq(path, fixed[i].path))
			return true;
	if (!str_starts(path, REVIEW_PATH))
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(path + strlen(REVIEW_PATH), p->reviews[i].id))
			return true;
	return false;
}

static bool text_fits(const char *s, size_t max)
{
	return str_points(s) <= max && str_is_text(s, strlen(s));
}

static bool read_item(struct exchange *x, const struct asked *a, const json_t *o, struct lti_item *out,
		      struct err *e)
{
	const char *path = js_str(o, "path"), *title = js_str(o, "title"), *text = js_str(o, "text");

	if (!path || !can_be_placed(&a->place, path))
		return err_field(e, "items", "nothing that can be placed");
	title = title ? str_trim(x->m, title) : "";
	if (!*title || strpbrk(title, "\r\n") || !text_fits(title, REVIEW_TITLE_MAX))
		return err_field(e, "title", "1 to %d characters in one line", REVIEW_TITLE_MAX);
	if (text && !text_fits(text, TEXT_MAX))
		return err_field(e, "text", "at most %d characters", TEXT_MAX);
	*out = (struct lti_item){ .title = title, .text = text, .path = path };
	return true;
}

static bool read_items(struct exchange *x, const struct asked *a, struct lti_item *items, size_t *n,
		       struct err *e)
{
	const json_t *list = js_arr(x->body, "items"), *one;
	size_t i;

	*n = json_array_size(list);
	if (!list || *n > ITEMS_MAX)
		return err_field(e, "items", "a list of at most %d", ITEMS_MAX);
	if ((*n && !a->wants.takes_links) || (*n > 1 && !a->wants.several))
		return err_field(e, "items", "more than the platform takes");
	json_array_foreach(list, i, one)
		if (!read_item(x, a, one, &items[i], e))
			return false;
	return true;
}

/* R63: another host than those we know of the platform (a vanity domain) is said once. */
static void look_at_origin(struct exchange *x, const char *return_url)
{
	static _Atomic uint64_t said[16];
	const char *known = lti_origins_of(x->house->lti, x->m, x->db, x->viewer.registration);
	const char *origin = str_or(lti_origin(x->m, return_url), "");
	unsigned hash = 5381;

	for (const char *p = str_or(known, ""); *p;) {
		size_t n = strcspn(p, " ");
		if (n == strlen(origin) && !memcmp(p, origin, n))
			return;
		p += n + strspn(p + n, " ");
	}
	for (const char *p = origin; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	uint64_t bit = (uint64_t)1 << (hash & 63);
	if (!(atomic_fetch_or(&said[hash >> 6 & 15], bit) & bit))
		log_warn("placement.origin", "registration=%s origin=%s", x->viewer.registration,
			 log_q(x->m, origin));
}

bool api_place(struct exchange *x, struct err *e)
{
	struct lti_item items[ITEMS_MAX];
	struct asked a;
	const char *jwt;
	size_t n;

	if (!read_asked(x, &a, e) || !read_items(x, &a, items, &n, e) ||
	    !lti_deep_link_response(x->house->lti, x->m, x->db, x->house->keys, x->viewer.registration,
				    a.deployment, &a.wants, items, n, &jwt, e))
		return false;
	look_at_origin(x, a.wants.return_url);
	log_info("placement.made", "registration=%s session=%s items=%zu", x->viewer.registration,
		 x->viewer.session, n);
	return reply_json(x, 200, json_pack("{s:s}", "ticket", place_ticket(x, a.wants.return_url, jwt)));
}
