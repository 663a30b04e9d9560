/* message.c - what the kinds of messages carry beside the claims of all: what is to be
 * placed (R55), whom a message is about (R52), where copies of courses are told (R90),
 * and of which course this one is a copy (R94). */
#include "lti/claims_internal.h"
#include "base/str.h"
#include <string.h>
#include <strings.h>

#define CLAIM_DEEP_LINKING "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

enum { ECHO_MAX = 16 << 10, HISTORY_MAX = 100, HISTORY_BYTES_MAX = 64 << 10 };

/* The messages there are. Those we do nothing with are known too, so that the log can
 * name what a platform asked for (R97). */
static const struct {
	const char *name;
	unsigned of; /* 0: not taken */
	enum lti_message is;
} messages[] = {
	{"LtiResourceLinkRequest", OF_LINK, LTI_MESSAGE_RESOURCE_LINK},
	{"LtiDeepLinkingRequest", OF_DEEP, LTI_MESSAGE_DEEP_LINKING},
	{"LtiSubmissionReviewRequest", OF_REVIEW, LTI_MESSAGE_SUBMISSION_REVIEW},
	{"DataPrivacyLaunchRequest", OF_PRIVACY, LTI_MESSAGE_DATA_PRIVACY},
	{.name = "LtiContextLaunchRequest"},
	{.name = "LtiDeepLinkingResponse"},
	{.name = "LtiEulaRequest"},
	{.name = "LtiAssetProcessorSettingsRequest"},
	{.name = "LtiReportReviewRequest"},
	{.name = "LtiStartProctoring"},
	{.name = "LtiStartAssessment"},
	{.name = "LtiEndAssessment"},
};

/* LTI core 5.3.1: message_type says what is asked of us. */
bool rule_message_type(struct reading *r, struct err *e)
{
	const char *type = js_str(r->claims, CLAIM "message_type"), *known = NULL;

	if (str_empty(type))
		return err_reason(e, ERR_INVALID, "message_type_missing", "no message_type");
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		if (!str_eq(type, messages[i].name))
			continue;
		known = messages[i].name;
		r->message = messages[i].of;
		r->out->message = messages[i].is;
	}
	if (r->trace)
		r->trace->message = str_or(known, "of no known type");
	if (known && r->message)
		return true;
	return err_reason(e, ERR_INVALID, "message_type_unsupported",
			  "the message is %s, which this tool does not take",
			  str_or(known, "of no known type"));
}

/* R56: platforms write true and "true". */
static bool says_yes(const json_t *settings, const char *name)
{
	const char *text = js_str(settings, name);

	return text ? strcasecmp(text, "true") == 0 : js_bool(settings, name, false);
}

static bool holds_text(const json_t *list, const char *text)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (str_eq(json_string_value(one), text))
			return true;
	}
	return false;
}

/* Deep Linking 3.4.1 (R55): where the answer goes, and what it may hold. `data` must
 * come back as it was, so what we could not keep whole is refused. */
bool rule_deep_linking(struct reading *r, struct err *e)
{
	const json_t *s = js_obj(r->claims, CLAIM_DEEP_LINKING);
	const json_t *data = json_object_get(s, "data");
	const json_t *types = js_arr(s, "accept_types");
	const char *back = js_str(s, "deep_link_return_url");

	if (!back || !url_is_linkable(r->lti->http_allow, back))
		return err_reason(e, ERR_INVALID, "deep_linking_malformed",
				  "deep_link_return_url is no address we may send people to");
	if (!types)
		return err_reason(e, ERR_INVALID, "deep_linking_malformed", "no accept_types");
	if (data && !json_is_null(data) &&
	    (!json_is_string(data) || json_string_length(data) > ECHO_MAX))
		return err_reason(e, ERR_INVALID, "deep_linking_malformed",
				  "data is no text of at most %d bytes", ECHO_MAX);
	r->out->placement = (struct lti_placement){
		.return_url = back,
		.data = json_string_value(data),
		.takes_links = holds_text(types, "ltiResourceLink"),
		.several = says_yes(s, "accept_multiple"),
		.title = text_or_null(r->m, js_str(s, "title")),
		.text = text_or_null(r->m, js_str(s, "text")),
	};
	return true;
}

/* Submission review 3.4 (R52): whom the message is about. */
bool rule_for_user(struct reading *r, struct err *e)
{
	const char *id = js_str(js_obj(r->claims, CLAIM "for_user"), "user_id");

	if (str_empty(id))
		return !r->needed ||
		       err_reason(e, ERR_INVALID, "for_user_missing", "no for_user.user_id");
	if (!id_ok(id))
		return err_reason(e, ERR_INVALID, "claim_malformed",
				  "for_user.user_id is not 1 to %d ASCII characters", ID_MAX);
	r->out->for_user = id;
	return true;
}

/* Platform Notification Service 3.1 (R90): where copies of courses can be subscribed to. */
bool rule_notices(struct reading *r, struct err *e)
{
	const json_t *service = js_obj(r->claims, CLAIM "platformnotificationservice");
	const char *url = js_str(service, "platform_notification_service_url");

	if (url && url_is_fetchable(r->lti->http_allow, url) &&
	    holds_text(js_arr(service, "notice_types_supported"), "LtiContextCopyNotice"))
		r->out->notice_url = url;
	return true;
}

/* LTI core 5.4.2 (R45): what the platform calls itself. */
bool rule_platform(struct reading *r, struct err *e)
{
	const json_t *platform = js_obj(r->claims, CLAIM "tool_platform");

	r->out->platform_name = text_or_null(r->m, js_str(platform, "name"));
	r->out->platform_guid = text_or_null(r->m, js_str(platform, "guid"));
	return true;
}

/* ---- Of which courses this one is a copy ---- */

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

/* LTI core appendix B: the list is URL-encoded id by id. */
static const char *decoded(struct mem *m, const char *s, size_t n)
{
	char *text = str_trim(m, mem_strndup(m, s, n)), *to = text;

	for (const char *from = text; *from; from++, to++) {
		int high = *from == '%' ? hex_digit(from[1]) : -1;
		int low = high >= 0 ? hex_digit(from[2]) : -1;
		*to = *from;
		if (low < 0)
			continue;
		*to = (char)(high << 4 | low);
		from += 2;
	}
	*to = '\0';
	return text;
}

static void add_origin(struct reading *r, const char **list, size_t *n, const char *id)
{
	if (!id_ok(id) || *id == '$' || str_eq(id, r->out->context_id))
		return;
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i], id))
			return;
	list[(*n)++] = id;
}

/* $Context.id.history: nearest first. A platform that finds it too long to say writes
 * "truncated" in its place. */
bool rule_history(struct reading *r, struct err *e)
{
	const struct lti_settings *set = &r->registration->set;
	const char *said = settings_custom(set, js_obj(r->claims, CLAIM "custom"), set->history);

	if (!said || strlen(said) > HISTORY_BYTES_MAX || str_eq(said, "truncated"))
		return true;
	const char **list = mem_array(r->m, const char *, HISTORY_MAX);
	size_t n = 0;
	while (*said && n < HISTORY_MAX) {
		size_t len = strcspn(said, ",");
		add_origin(r, list, &n, decoded(r->m, said, len));
		said += len + (said[len] == ',');
	}
	r->out->history = list;
	r->out->history_n = n;
	return true;
}
