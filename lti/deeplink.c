/* deeplink.c - the answer to a deep linking request (Deep Linking 2.0 4.4, R58-R61): what
 * a teacher chose, signed with our key, for the form field JWT that the browser posts to
 * the platform.
 *
 * An item is a link to a page of ours and nothing else: no line item ever, for nothing
 * here goes into a gradebook. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include "base/sys.h"

#define DLC "https://purl.imsglobal.org/spec/lti-dl/claim/"

enum {
	ANSWER_SECONDS = 300, /* R58 */
	CLOCK_SLACK = 5,      /* Moodle refuses an iat that is a second ahead of it */
};

static json_t *item(struct mem *m, const struct lti *l, const struct lti_item *i)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "type", "ltiResourceLink", "title", i->title,
			      "url", mem_printf(m, "%s%s", l->base_url, i->path));

	if (!str_empty(i->text))
		json_object_set_new(o, "text", json_string(i->text));
	return o;
}

bool lti_deep_link_response(struct lti *l, struct mem *m, struct db *db, struct key_ring *ring,
			    const char *registration_id, const char *deployment_id,
			    const struct lti_placement *p, const struct lti_item *items, size_t n,
			    const char **jwt_out, struct err *e)
{
	const struct lti_registration *r;
	json_t *list = json_array();
	int64_t iat = now_s() - CLOCK_SLACK;

	js_own(m, list);
	if (!registry_by_id(l->registry, m, db, registration_id, &r, e))
		return false;
	if (n > 1 && !p->several)
		return err_set(e, ERR_INVALID, "the platform takes one link");
	if (n && !p->takes_links)
		return err_set(e, ERR_INVALID, "the platform takes no links");
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, item(m, l, &items[i]));
	json_t *claims = js_own(m, json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:O}", "iss",
					     r->client_id, "aud", r->issuer, "iat", (json_int_t)iat,
					     "exp", (json_int_t)(iat + ANSWER_SECONDS), "nonce",
					     uuid_new(m), CLAIM "deployment_id", deployment_id,
					     CLAIM "message_type", "LtiDeepLinkingResponse",
					     CLAIM "version", "1.3.0", DLC "content_items", list));
	if (p->data)
		json_object_set_new(claims, DLC "data", json_string(p->data));
	return keys_sign(ring, m, claims, jwt_out, e);
}

const char *lti_origin(struct mem *m, const char *url)
{
	return url_origin(m, url);
}
