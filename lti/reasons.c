/* reasons.c - why a login or launch may be refused (R37): for each stable word
 * what the administrator can do and how the page behaves. What a teacher reads is
 * in the catalogs, refused.<word>; a test holds table, catalogs and code together. */
#include "lti/lti_internal.h"
#include "base/str.h"

/* clang-format off */
#define REASON(w, http_status, own_window, text) { \
	.word = (w), .message = "refused." w, .status = (http_status), \
	.new_window = (own_window), .mend = (text) }


const struct lti_reason lti_reasons[] = {
	REASON("opened_directly", 200, false,
	       "The launch address was opened by itself; links must lead through the learning "
	       "platform."),
	REASON("parameter_repeated", 400, false,
	       "A parameter of the login or launch came twice; look for a proxy or an extension that "
	       "rewrites requests."),
	REASON("login_malformed", 400, false,
	       "A parameter of the login is too long or holds bytes that are no text."),
	REASON("login_incomplete", 400, false,
	       "The login lacks iss or login_hint; check that the platform's initiate login URL is "
	       "ours and that the tool is set up as LTI 1.3."),
	REASON("platform_unknown", 403, false,
	       "The issuer is not registered here or its registration was closed; add it with `ilpd "
	       "platform add`, with the issuer exactly as the platform sends it."),
	REASON("client_unknown", 403, false,
	       "The issuer is registered with another client_id; compare it with the one the "
	       "platform shows for this tool."),
	REASON("platform_ambiguous", 403, false,
	       "Several registrations share this issuer and the login named neither client_id nor a "
	       "known deployment; the platform must send client_id."),
	REASON("platform_login_required", 403, true,
	       "The platform found no session of its own in this frame, mostly because the browser "
	       "kept its cookie back; a window of its own helps."),
	REASON("platform_unauthorized_client", 403, false,
	       "The platform does not take our client_id; check that the tool is active there and "
	       "the client_id is right."),
	REASON("platform_access_denied", 403, false,
	       "The platform denied access; the user signed in there is not the one the link was "
	       "opened for, or may not use the tool."),
	REASON("platform_invalid_request", 400, false,
	       "The platform found our authentication request wrong; check that our redirect URI is "
	       "registered there exactly."),
	REASON("platform_server_error", 502, false,
	       "The platform reported a failure of its own."),
	REASON("platform_launch_expired", 400, false,
	       "The platform's launch is single use and was used or too old, mostly after a reload "
	       "or the back button."),
	REASON("platform_error", 502, false,
	       "The platform answered with an error that LTI does not define; its own log will say "
	       "more."),
	REASON("state_missing", 400, false,
	       "The launch came without state; it did not begin with our login, or the platform "
	       "dropped the parameter."),
	REASON("state_invalid", 400, false,
	       "The state is not one of ours: altered on the way, or made under another key; all "
	       "hosts must share one key."),
	REASON("state_expired", 400, false,
	       "More than ten minutes lay between login and launch, or the clocks of our hosts "
	       "differ."),
	REASON("browser_cookie_missing", 403, true,
	       "The browser did not send back the cookie set at login: cookies are blocked in the "
	       "frame; a window of its own helps."),
	REASON("browser_storage_missing", 403, true,
	       "The platform offered storage for the login, but did not give the value back after the "
	       "launch; the next launch from this browser opens in a window of its own."),
	REASON("browser_keeps_nothing", 403, false,
	       "The browser kept our cookie neither in the frame nor in a window of its own; another "
	       "browser or profile on the same device will do."),
	REASON("browser_mismatch", 403, true,
	       "The launch came from another browser than its login; if this recurs, somebody may be "
	       "trying to sign people in as somebody else."),
	REASON("storage_ticket_invalid", 400, false,
	       "The page that asks the platform's storage sent a ticket that is not ours or was "
	       "altered; all hosts must share one key."),
	REASON("storage_ticket_expired", 400, true,
	       "More than a minute lay between the launch and the answer of the platform's storage."),
	REASON("launch_malformed", 400, false,
	       "The launch is no form, or one that is too large."),
	REASON("token_missing", 400, false,
	       "The launch came without id_token; check the platform's log."),
	REASON("token_malformed", 400, false,
	       "The id_token is no well-formed JWT, or is too large."),
	REASON("token_alg", 400, false,
	       "The id_token is signed by an algorithm this registration does not take, or by a key "
	       "that does not fit it."),
	REASON("token_kid_missing", 400, false,
	       "The id_token's header has no kid, which LTI 1.3 requires."),
	REASON("token_key_unknown", 403, false,
	       "The key that signed is not in the platform's key set; if keys were just changed, try "
	       "again in a minute, else check the key set URL."),
	REASON("token_signature", 403, false,
	       "The signature does not fit: the token was altered on the way or forged."),
	REASON("jwks_unavailable", 502, false,
	       "The platform's key set could not be fetched; check its URL, its certificate and that "
	       "we may reach it."),
	REASON("token_issuer", 403, false,
	       "The token's iss is not the registered issuer, octet by octet; a slash at the end "
	       "counts."),
	REASON("token_audience", 403, false,
	       "The token is not for our client_id alone; compare client_id, and the registration's "
	       "list of other audiences."),
	REASON("token_time", 400, false,
	       "exp, iat or nbf is missing or no number."),
	REASON("token_expired", 403, false,
	       "The token had expired on arrival: the user waited, or the platform's clock is behind "
	       "ours; compare both with true time."),
	REASON("token_too_old", 403, false,
	       "The token was issued more than ten minutes ago: the user waited, or the platform's "
	       "clock is behind ours."),
	REASON("token_from_future", 403, false,
	       "The token is dated later than our clock; compare the platform's clock and ours with "
	       "true time, or raise the registration's skew."),
	REASON("token_nonce", 403, false,
	       "The token belongs to another login than the state that came with it."),
	REASON("nonce_used", 403, false,
	       "The same launch came a second time: a reload, the back button, or a replay."),
	REASON("message_type_missing", 400, false,
	       "The token has no message_type; it may not be an LTI message at all."),
	REASON("message_type_unsupported", 400, false,
	       "The platform asks for something this tool does not do; the launch log names the "
	       "message. Check the placement the tool was opened from."),
	REASON("deep_linking_malformed", 400, false,
	       "The request to place content lacks accept_types or an address to answer to, or "
	       "carries more than 16 KiB to be echoed."),
	REASON("placement_not_allowed", 403, false,
	       "Only teachers may place content; the launch log shows what the user's roles are here "
	       "and why."),
	REASON("for_user_missing", 400, false,
	       "The submission review does not say whose work is looked at (for_user.user_id)."),
	REASON("version_wrong", 400, false,
	       "The version claim is not 1.3.0."),
	REASON("subject_missing", 403, false,
	       "The token has no sub; the platform launches anonymously, which the registration must "
	       "allow."),
	REASON("claim_malformed", 400, false,
	       "An identifier in the token is longer than 255 characters or not ASCII."),
	REASON("deployment_missing", 400, false,
	       "The token has no deployment_id."),
	REASON("deployment_mismatch", 403, false,
	       "The token's deployment_id is not the one its login named."),
	REASON("deployment_pending", 403, false,
	       "The deployment is not linked to a school yet; an administrator of this service must "
	       "accept it."),
	REASON("deployment_closed", 403, false,
	       "The deployment was closed here."),
	REASON("deployment_unknown", 403, false,
	       "The deployment is new and the registration takes no new ones; add it first."),
	REASON("target_missing", 400, false,
	       "The token has no target_link_uri."),
	REASON("resource_link_missing", 400, false,
	       "The token has no resource_link.id."),
	REASON("roles_missing", 400, false,
	       "The token has no roles array; it may be empty, but must be there."),
	REASON("notice_malformed", 400, false,
	       "A notice of the platform is not one: an id, the course or the list is missing, or a "
	       "launch was sent in its place."),
	REASON("registration_address", 400, false,
	       "The registration address was opened without the learning platform's configuration, or "
	       "that lies on no public https address; paste it where the platform asks for a "
	       "registration URL."),
	REASON("registration_unreachable", 502, false,
	       "The platform's configuration or registration address did not answer in time, or the "
	       "registration token was used before; begin again from the platform."),
	REASON("registration_configuration", 422, false,
	       "The platform's openid configuration lacks something or holds something else; the field "
	       "says what."),
	REASON("registration_host", 422, false,
	       "The platform's issuer or registration address lies on another host than its "
	       "configuration, and its product is not known for that; add it by hand."),
	REASON("registration_expired", 422, false,
	       "The page stood open for more than 15 minutes or was sent twice; begin again from the "
	       "platform."),
	REASON("registration_refused", 422, false,
	       "The platform did not register us; its own words say why."),
	REASON("registration_answer", 502, false,
	       "The platform registered us but its answer cannot be read; copy the client ID from the "
	       "platform and add it by hand."),
	REASON("registration_busy", 503, false,
	       "Enough registrations are under way just now; try again in a minute."),
	REASON("registration_full", 403, false,
	       "A hundred registrations wait for a school; use an invitation, or accept some of them."),
	REASON("registration_taken", 409, false,
	       "The issuer and client are registered for another school or with other addresses; an "
	       "administrator of the service must look at it."),
	REASON("invitation_invalid", 403, false,
	       "The invitation was used, has ended or was never made; make a new one."),
	REASON("busy", 503, false,
	       "The database or a worker was not available; the log says which."),
	REASON("unknown", 500, false,
	       "A failure without a reason of its own; the log has the request id."),
	{ .word = NULL },
};
/* clang-format on */

const struct lti_reason *lti_reason_find(const char *word)
{
	const struct lti_reason *r = lti_reasons;

	while (r[1].word && !str_eq(r->word, word))
		r++;
	return r; /* the last one is "unknown" */
}
