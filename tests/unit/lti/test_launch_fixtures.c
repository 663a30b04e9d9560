/* Launches as platforms send them: every sample payload, and what a running Moodle
 * signed itself. Accepted or refused as each says, and nothing of anybody is logged. */
#define _GNU_SOURCE /* strcasestr */
#include "lti/fake_launch.h"

/* ---- What the log keeps (R37) ---- */

static bool equals_a_text(const json_t *j, const char *text)
{
	const json_t *one;
	const char *name;
	size_t i;

	if (json_is_string(j))
		return str_eq(json_string_value(j), text);
	json_array_foreach(j, i, one)
	{
		if (equals_a_text(one, text))
			return true;
	}
	json_object_foreach((json_t *)j, name, one)
	{
		if (equals_a_text(one, text))
			return true;
	}
	return false;
}

/* A short identifier is in many a number, so only the whole text is it; and some
 * people in the samples are called as roles are. */
static void assert_untold(const char *secret)
{
	const char *facts = js_print(m, v.trace.facts, NULL), *name;
	json_t *value;

	if (str_empty(secret))
		return;
	ck_assert_msg(!equals_a_text(v.trace.facts, secret), "%s in %s", secret, facts);
	if (strlen(secret) < 4)
		return;
	json_object_foreach(js_obj(v.trace.facts, "custom"), name, value) ck_assert_msg(
		!strcasestr(json_string_value(value), secret), "%s in %s", secret, facts);
}

static void assert_nobody_in_facts(const json_t *said)
{
	static const char *const own[] = {"sub", "name", "given_name", "family_name", "email"};

	ck_assert_ptr_nonnull(v.trace.facts);
	for (int i = 0; i < COUNT(own); i++)
		assert_untold(js_str(said, own[i]));
	assert_untold(js_str(js_obj(said, CLAIM "lis"), "person_sourcedid"));
	assert_untold(js_str(js_obj(said, CLAIM "lti1p1"), "user_id"));
	assert_untold(js_str(js_obj(said, CLAIM "ext"), "user_username"));
	for (size_t i = 0; i < v.launch.children_n; i++)
		assert_untold(v.launch.children[i]);
	assert_untold(v.nonce);
}

/* Every custom parameter there is, as if the registration declared them all. */
static const char *all_names(const json_t *custom)
{
	const char *name;
	json_t *value;
	struct buf b;

	buf_init(&b, m);
	json_object_foreach((json_t *)custom, name, value) words_add(&b, name);
	return b.p;
}

/* ---- Sample payloads ---- */

static const struct {
	const char *file, *profile, *verdict, *role;
	size_t children;
} payloads[] = {
	{"canvas_teacher", "canvas", "ok", "teacher", 0},
	{"canvas_ta", "canvas", "ok", "teacher", 0},
	{"canvas_student", "canvas", "ok", "student", 0},
	{"canvas_student_anonymous_privacy", "canvas", "ok", "student", 0},
	{"canvas_observer_parent", "canvas", "ok", "guardian", 2},
	{"canvas_account_admin", "canvas", "ok", "none", 0},
	{"canvas_deep_linking_request", "canvas", "ok", "teacher", 0},
	{"moodle_teacher", "moodle", "ok", "teacher", 0},
	{"moodle_student", "moodle", "ok", "student", 0},
	{"moodle_admin", "moodle", "ok", "teacher", 0},
	{"moodle_parent_as_learner", "moodle", "ok", "student", 0},
	{"moodle_parent_with_source_plugin", "moodle", "ok", "guardian", 2},
	{"brightspace_instructor", "brightspace", "ok", "teacher", 0},
	{"blackboard_instructor", "blackboard", "ok", "teacher", 0},
	{"sakai_observer_mapped", "sakai", "ok", "guardian", 0},
	{"itslearning_anonymous_student", "itslearning", "ok", "student", 0},
	{"openedx_learner", "openedx", "ok", "student", 0},
	/* What is no launch, although a platform or a tool signs it. */
	{"deep_linking_response", "generic", "message_type_unsupported", NULL, 0},
	{"pns_context_copy_notice", "canvas", "message_type_missing", NULL, 0},
};

static const char *first_audience(const json_t *sample)
{
	const json_t *aud = json_object_get(sample, "aud");

	return json_string_value(json_is_array(aud) ? json_array_get(aud, 0) : aud);
}

/* A registration for the sample, a login at it, and the sample with this login's nonce
 * and times. */
static void use_payload(const json_t *sample, const char *profile)
{
	const char *client = first_audience(sample);
	const char *form[] = {"iss", js_str(sample, "iss"), "client_id", client, "login_hint", "7",
			      NULL};

	fake_rows_n = 0;
	r = fake_add("r1", form[1], client);
	r->set = lti_profile_find(profile)->set;
	r->set.observees = "observees";
	r->set.trusted = all_names(js_obj(sample, CLAIM "custom"));
	registry_forget(l->registry);
	fake_visit_by(&v, m, l, form, LTI_RUNG_COOKIE);
	v.claims = js_own(m, json_deep_copy(sample));
	json_object_set_new(v.claims, "nonce", json_string(v.nonce));
	json_object_set_new(v.claims, "iat", json_integer(NOW));
	json_object_set_new(v.claims, "exp", json_integer(NOW + 60));
}

START_TEST(takes_the_payloads_of_all_platforms)
{
	const char *path = mem_printf(m, "fixtures/lti/%s.json", payloads[_i].file);

	use_payload(sign_fixture(m, path), payloads[_i].profile);
	const char *verdict = fake_launch(&v);
	ck_assert_msg(str_eq(verdict, payloads[_i].verdict), "%s: %s (%s)", path, verdict,
		      v.e.text);
	assert_nobody_in_facts(v.claims);
	if (!payloads[_i].role)
		return;
	ck_assert_str_eq(v.launch.course_role, payloads[_i].role);
	ck_assert_uint_eq(v.launch.children_n, payloads[_i].children);
	ck_assert_str_eq(v.launch.target, "/"); /* all point at /lti/launch */
}
END_TEST

/* Wherever a platform, or whoever writes its links, puts somebody's name. */
START_TEST(hides_people_in_odd_places)
{
	r->set.trusted = "a b";
	r->set.observees = "kids";
	r->set.history = "from";
	registry_forget(l->registry);
	fake_set(&v, "name", "\"Ada Byron\"");
	fake_set(&v, "email", "\"ada.b@skole.test\"");
	fake_set(&v, CLAIM "roles", "[\"Learner\",\"urn:school:ADA BYRON\",\"user-1\"]");
	fake_set(&v, CLAIM "custom",
		 "{\"a\":\"group of "
		 "ada.b\",\"b\":\"8B\",\"c\":\"x\",\"kids\":\"k-1,k-2\",\"from\":\"c1,c2\"}");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_str_eq(js_print(m, js_arr(v.trace.facts, "roles"), NULL),
			 "[\"Learner\",\"(hidden)\",\"(hidden)\"]");
	ck_assert_str_eq(
		js_print(m, js_obj(v.trace.facts, "custom"), NULL),
		"{\"a\":\"(hidden)\",\"b\":\"8B\",\"kids\":\"(hidden)\",\"from\":\"(hidden)\"}");
}
END_TEST

/* A parent as at least one platform sends them; only roles and children are on file. */
START_TEST(takes_the_shape_of_a_guardian_by_sub_role)
{
	const json_t *shape = sign_fixture(m, "fixtures/lti/external_mentor_precedent.json");

	json_object_update((json_t *)v.claims, (json_t *)shape);
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_str_eq(v.launch.course_role, "guardian");
	ck_assert_uint_eq(v.launch.children_n, 2);
	assert_nobody_in_facts(v.claims);
}
END_TEST

START_TEST(reads_what_canvas_asks_to_place)
{
	use_payload(sign_fixture(m, "fixtures/lti/canvas_deep_linking_request.json"), "canvas");
	ck_assert_str_eq(fake_launch(&v), "ok");
	ck_assert_int_eq(v.launch.message, LTI_MESSAGE_DEEP_LINKING);
	ck_assert(v.launch.placement.takes_links);
	ck_assert(v.launch.placement.several);
	ck_assert_ptr_null(v.launch.placement.data);
	ck_assert_str_eq(v.launch.notice_url,
			 "https://district.instructure.com/api/lti/notice-handlers/4521");
	ck_assert_str_eq(v.launch.platform_guid, "Xy12AbCdEf:canvas-lms");
}
END_TEST

START_TEST(reads_what_moodle_asks_to_place)
{
	static char allow[] = "moodle.test:8443";
	const json_t *cases = sign_fixture(m, "fixtures/moodle/deep_linking.json"), *one;
	const char *name;
	int n = 0;

	json_object_foreach((json_t *)cases, name, one)
	{
		const json_t *claims = js_obj(one, "claims");
		if (!claims)
			continue;
		use_payload(claims, "moodle");
		l->http_allow = allow;
		ck_assert_msg(str_eq(fake_launch(&v), "ok"), "%s: %s", name, v.e.text);
		ck_assert_str_eq(v.launch.placement.return_url,
				 js_str(js_obj(claims, CLAIM_DEEP), "deep_link_return_url"));
		ck_assert(v.launch.placement.takes_links);
		assert_nobody_in_facts(v.claims);
		n++;
	}
	ck_assert_int_ge(n, 1);
}
END_TEST

/* ---- Real launches of a running Moodle, with its own signature ---- */

static const struct {
	const char *file, *role, *name, *locale;
} captures[] = {
	{"launch_admin", "teacher", NULL, "en"},
	{"launch_manager", "teacher", "Mona Rektor", "en"},
	{"launch_teacher_editing", "teacher", "Kari Nordmann", "en"},
	{"launch_teacher_embed_with_blocks", "teacher", "Kari Nordmann", "en"},
	{"launch_teacher_nonediting", "teacher", NULL, "en"},
	{"launch_teacher_switched_role_to_student", "student", "Kari Nordmann", "en"},
	{"launch_student1", "student", "Bj\xc3\xb8rn \xc3\x85sg\xc3\xa5rd", "en"},
	{"launch_student1_after_key_change", "student", NULL, "en"},
	{"launch_student1_existing_window", "student", NULL, "en"},
	{"launch_student1_new_window", "student", NULL, "en"},
	{"launch_student1_dynamic_tool", "student", NULL, "en"},
	{"launch_student1_deeplinked_url_custom_lineitem", "student", NULL, "en"},
	{"launch_student1_deeplinked_dynamic_tool_no_grade", "student", NULL, "en"},
	{"launch_student1_tool_shares_no_name_no_email", "student", NULL, "en"},
	{"launch_student1_tool_delegated_privacy_not_consented", "student", NULL, "en"},
	{"launch_student2", "student", NULL, "en"},
	{"launch_student2_lang_nn", "student", NULL, "nb"},
	{"launch_student3_lang_no", "student", NULL, "nb"},
	{"launch_student3_apostrophe_ampersand_empty_idnumber", "student",
	 "J\xc3\xb3n O'Brien-\xc3\x91u\xc3\xb1"
	 "ez & S\xc3\xb8n",
	 "en"},
	{"launch_course2_enrolled_as_student_html_in_titles", "student", NULL, "en"},
	{"launch_observer_parent_enrolled", "student", NULL, "en"},
};

static const json_t *payload_of(const char *token)
{
	struct jws jws;

	ck_assert(jws_parse(m, token, strlen(token), "RS256", &jws, &v.e));
	return jws.claims;
}

/* The state is sealed anew around the nonce of the capture; all else is as it came. */
static const char *replay(const char *file, const char **token_out)
{
	const json_t *capture = sign_fixture(m, mem_printf(m, "fixtures/moodle/%s.json", file));
	const char *token = js_str(capture, "id_token");
	const json_t *said = payload_of(token);
	const char *keys = strstr(file, "after_key_change")
				   ? "fixtures/moodle/jwks_after_key_change.json"
				   : "fixtures/moodle/jwks.json";
	int64_t iat;
	size_t n;

	ck_assert(js_num(said, "iat", &iat));
	clock_set_ms((iat + 1) * 1000);
	fake_rows_n = fake_answers_n = 0;
	r = fake_add("r1", js_str(said, "iss"), js_str(said, "aud"));
	r->set = lti_profile_find("moodle")->set;
	r->set.trusted = all_names(js_obj(said, CLAIM "custom"));
	fake_answer(r->jwks_url, 200, sign_file(m, keys, &n));
	registry_forget(l->registry);
	v.nonce = js_str(said, "nonce");
	v.cookie.value = "secret";
	v.state = state_seal(l, m,
			     &(struct login_state){.registration = "r1",
						   .nonce = v.nonce,
						   .browser_hash = sha256_hex(m, "secret", 6),
						   .issued = iat});
	v.cookie.name = lti_state_cookie(m, v.state);
	*token_out = token;
	return fake_post(&v, token);
}

START_TEST(takes_what_moodle_really_sent)
{
	const char *token, *verdict = replay(captures[_i].file, &token);
	const json_t *said = payload_of(token);

	ck_assert_msg(str_eq(verdict, "ok"), "%s: %s (%s)", captures[_i].file, verdict, v.e.text);
	ck_assert_str_eq(v.launch.course_role, captures[_i].role);
	ck_assert(str_eq(v.launch.locale, captures[_i].locale));
	if (captures[_i].name)
		ck_assert_str_eq(v.launch.name, captures[_i].name);
	ck_assert_str_eq(v.launch.deployment_id, js_str(said, CLAIM "deployment_id"));
	ck_assert_ptr_nonnull(v.launch.context_id);
	/* an idnumber that is unset comes as "" */
	ck_assert(!v.launch.sis_id || *v.launch.sis_id);
	assert_nobody_in_facts(said);
}
END_TEST

/* Its tokens live a minute: a tool whose clock is off by less than the profile's skew
 * takes them still. */
START_TEST(takes_moodles_short_tokens_by_a_wrong_clock)
{
	const char *token;
	int64_t iat;

	ck_assert_str_eq(replay("launch_student1", &token), "ok");
	ck_assert(js_num(payload_of(token), "iat", &iat));
	clock_set_ms((iat - 170) * 1000);
	ck_assert_str_eq(fake_post(&v, token), "ok");
	clock_set_ms((iat + 60 + 170) * 1000);
	ck_assert_str_eq(fake_post(&v, token), "ok");
	clock_set_ms((iat + 60 + 190) * 1000);
	ck_assert_str_eq(fake_post(&v, token), "token_expired");
}
END_TEST

/* The key changed without overlap: what the old one signed is not taken any more. */
START_TEST(takes_no_key_that_moodle_no_longer_shows)
{
	const char *token;
	size_t n;

	ck_assert_str_eq(replay("launch_student1", &token), "ok");
	fake_answers[0].body = sign_file(m, "fixtures/moodle/jwks_after_key_change.json", &n);
	jwks_cache_free(l->jwks);
	l->jwks = jwks_cache_new();
	ck_assert_str_eq(fake_post(&v, token), "token_key_unknown");
}
END_TEST

Suite *lti_launch_fixtures_suite(void)
{
	Suite *s = suite_create("lti/launch_fixtures");
	TCase *t = tcase_create("fixtures");

	sign_rsa(0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, takes_the_payloads_of_all_platforms, 0, COUNT(payloads));
	tcase_add_test(t, hides_people_in_odd_places);
	tcase_add_test(t, takes_the_shape_of_a_guardian_by_sub_role);
	tcase_add_test(t, reads_what_canvas_asks_to_place);
	tcase_add_test(t, reads_what_moodle_asks_to_place);
	tcase_add_loop_test(t, takes_what_moodle_really_sent, 0, COUNT(captures));
	tcase_add_test(t, takes_moodles_short_tokens_by_a_wrong_clock);
	tcase_add_test(t, takes_no_key_that_moodle_no_longer_shows);
	suite_add_tcase(s, t);
	return s;
}
