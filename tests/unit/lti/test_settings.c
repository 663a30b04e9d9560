/* Platform profiles and the settings over them. */
#include "lti/fake_platform.h"

static struct mem *m;
static struct err e;

static void setup(void)
{
	m = mem_new();
	e = (struct err){0};
}

static void teardown(void)
{
	mem_free(m);
}

/* The rows as they are written, "generic" first. */
static const json_t *rows(void)
{
	return sign_fixture(m, "../lti/profiles.json");
}

static bool kind_fits(const struct lti_setting *s, const json_t *value)
{
	switch (s->kind) {
	case LTI_SETTING_TEXT:
		return json_is_string(value) || json_is_object(value);
	case LTI_SETTING_NUMBER:
		return json_is_integer(value);
	case LTI_SETTING_FLAG:
		return json_is_boolean(value);
	}
	return false;
}

static const struct lti_setting *setting(const char *name)
{
	size_t n;
	const struct lti_setting *all = lti_setting_list(&n);

	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].name, name))
			return &all[i];
	return NULL;
}

START_TEST(every_setting_stands_in_the_generic_profile)
{
	const json_t *generic = js_obj(json_array_get(rows(), 0), "settings");
	size_t n, bytes = 0;
	const struct lti_setting *all = lti_setting_list(&n);

	ck_assert_uint_eq(json_object_size(generic), n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_msg(kind_fits(&all[i], json_object_get(generic, all[i].name)), "%s",
			      all[i].name);
		ck_assert_ptr_eq(setting(all[i].name), &all[i]); /* once */
		ck_assert(all[i].about && all[i].about[strlen(all[i].about) - 1] == '.');
		bytes += all[i].kind == LTI_SETTING_TEXT     ? sizeof(char *)
			 : all[i].kind == LTI_SETTING_NUMBER ? sizeof(int64_t)
							     : sizeof(bool);
	}
	/* no member of the struct is forgotten: only padding is left */
	ck_assert_uint_lt(sizeof(struct lti_settings) - bytes, _Alignof(struct lti_settings));
}
END_TEST

/* A row read as a registration's own settings gives what was compiled in. */
static void check_row(const json_t *row, const struct lti_profile *compiled)
{
	json_t *own = js_own(m, json_deep_copy(js_obj(row, "settings"))), *value;
	struct lti_settings read;
	const char *name;
	void *next;

	ck_assert_str_eq(js_str(row, "name"), compiled->name);
	ck_assert_str_eq(js_str(row, "title"), compiled->title);
	json_object_foreach_safe(own, next, name, value)
	{
		ck_assert_msg(setting(name) && kind_fits(setting(name), value), "%s: %s",
			      compiled->name, name);
		if (json_is_object(value))
			json_object_set_new(own, name, js_text(js_print(m, value, NULL)));
	}
	ck_assert_msg(lti_settings_read(m, lti_profile_find("generic"), own, &read, &e), "%s: %s",
		      compiled->name, e.text);
	size_t n;
	const struct lti_setting *all = lti_setting_list(&n);
	for (size_t i = 0; i < n; i++) {
		const char *a = (const char *)&read + all[i].offset;
		const char *b = (const char *)&compiled->set + all[i].offset;
		if (all[i].kind == LTI_SETTING_TEXT)
			ck_assert_str_eq(*(const char *const *)a, *(const char *const *)b);
		else if (all[i].kind == LTI_SETTING_NUMBER)
			ck_assert_int_eq(*(const int64_t *)a, *(const int64_t *)b);
		else
			ck_assert_int_eq(*(const bool *)a, *(const bool *)b);
	}
}

START_TEST(every_row_is_compiled_in_as_written)
{
	size_t n;
	const struct lti_profile *all = lti_profile_list(&n);

	ck_assert_uint_eq(json_array_size(rows()), n);
	for (size_t i = 0; i < n; i++)
		check_row(json_array_get(rows(), i), &all[i]);
}
END_TEST

/* Calls fn for "name=value" of a list. */
static void each_pair(const char *pairs, void (*fn)(const char *name, const char *value))
{
	char *list = mem_strdup(m, pairs), *rest;

	for (char *one = strtok_r(list, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
		char *at = strchr(one, '=');
		ck_assert_msg(at && at != one && at[1], "%s", one);
		*at = '\0';
		fn(one, at + 1);
	}
}

static unsigned meaning(const char *role)
{
	return roles_weigh(&role, 1);
}

static void alias_ok(const char *from, const char *to)
{
	ck_assert_msg(str_starts(from, "http") && !meaning(from), "%s needs no repair", from);
	ck_assert_msg(meaning(to) != 0, "%s is repaired to what nobody knows", from);
}

static void locale_ok(const char *code, const char *language)
{
	ck_assert_msg(str_eq(language, "nb") || str_eq(language, "en"), "%s=%s", code, language);
}

static void custom_ok(const char *name, const char *variable)
{
	ck_assert_msg(variable[0] == '$' && variable[1], "%s=%s", name, variable);
}

START_TEST(every_list_can_be_read)
{
	size_t n;
	const struct lti_profile *all = lti_profile_list(&n);

	for (size_t i = 0; i < n; i++) {
		each_pair(all[i].set.role_aliases, alias_ok);
		each_pair(all[i].set.locales, locale_ok);
		each_pair(all[i].set.custom, custom_ok);
	}
}
END_TEST

/* Any teacher may write a custom parameter into a link: no product is trusted by its name. */
START_TEST(no_profile_trusts_a_parameter)
{
	size_t n;
	const struct lti_profile *all = lti_profile_list(&n);

	for (size_t i = 0; i < n; i++) {
		const struct lti_settings *s = &all[i].set;
		ck_assert_str_eq(
			mem_printf(m, "%s%s%s%s", s->trusted, s->observees, s->groups, s->history),
			"");
		ck_assert(!s->anonymous && !s->administrators);
	}
}
END_TEST

START_TEST(says_what_products_do)
{
	const struct lti_settings *canvas = &lti_profile_find("canvas")->set,
				  *moodle = &lti_profile_find("moodle")->set,
				  *brightspace = &lti_profile_find("brightspace")->set,
				  *schoology = &lti_profile_find("schoology")->set;

	ck_assert_str_eq(brightspace->token_audience, "https://api.brightspace.com/auth/token");
	ck_assert_str_eq(canvas->token_audience, ""); /* the token address */
	ck_assert_str_eq(canvas->storage_origin, ""); /* of the authorization endpoint */
	ck_assert_int_eq(canvas->roster_limit, 50);
	ck_assert_int_eq(schoology->roster_limit, 100);
	ck_assert_int_eq(moodle->roster_limit, 0);
	ck_assert_int_eq(moodle->skew_s, 180);
	ck_assert(moodle->escaped_names && !moodle->storage && canvas->storage);
	ck_assert_str_eq(moodle->roster_link, "nameless");
	ck_assert_str_eq(pairs_find(m, moodle->locales, "no"), "nb");
	ck_assert_str_eq(pairs_find(m, canvas->custom, "observees"),
			 "$com.instructure.User.observees");
	ck_assert_str_eq(pairs_find(m, moodle->custom, "groups"), "$Moodle.Person.userGroupIds");
	ck_assert(words_has(canvas->hosts, "*.instructure.com"));
}
END_TEST

static const struct {
	const char *family, *profile;
} families[] = {
	{"canvas", "canvas"},
	{"Canvas", "canvas"},
	{"moodle", "moodle"},
	{"desire2learn", "brightspace"},
	{"D2L", "brightspace"},
	{"Brightspace", "brightspace"},
	{"BlackboardLearn", "blackboard"},
	{"sakai", "sakai"},
	{"Schoology", "schoology"},
	{"itslearning", "itslearning"},
	{"Open edX", "openedx"},
	{"canvas moodle", "generic"},
	{"canva", "generic"},
	{"canvasx", "generic"},
	{"", "generic"},
	{"  ", "generic"},
	{NULL, "generic"},
	{"a-very-long-name-that-no-platform-would-ever-say-of-itself-but-who-knows-it", "generic"},
};

START_TEST(knows_families)
{
	ck_assert_str_eq(lti_profile_of_family(families[_i].family)->name, families[_i].profile);
}
END_TEST

START_TEST(falls_back_to_generic)
{
	ck_assert_str_eq(lti_profile_find("moodle")->name, "moodle");
	ck_assert_str_eq(lti_profile_find("nobody")->name, "generic");
	ck_assert_str_eq(lti_profile_find(NULL)->name, "generic");
	ck_assert_str_eq(lti_profile_find("Moodle")->name, "generic"); /* a key, no name */
}
END_TEST

static const struct {
	const char *own, *field; /* NULL: taken */
} own[] = {
	{"{}", NULL},
	{"{\"skew_s\":0}", NULL},
	{"{\"skew_s\":300}", NULL},
	{"{\"skew_s\":301}", "skew_s"},
	{"{\"skew_s\":-1}", "skew_s"},
	{"{\"skew_s\":1.5}", "skew_s"},
	{"{\"skew_s\":\"60\"}", "skew_s"},
	{"{\"skew_s\":null}", "skew_s"},
	{"{\"roster_limit\":1000}", NULL},
	{"{\"roster_limit\":1001}", "roster_limit"},
	{"{\"storage\":false}", NULL},
	{"{\"storage\":0}", "storage"},
	{"{\"storage\":\"false\"}", "storage"},
	{"{\"unknown\":1}", "settings"},
	{"{\"Skew_s\":1}", "settings"},
	{"[]", "settings"},
	{"{\"algorithms\":\"RS256 ES384\"}", NULL},
	{"{\"algorithms\":\"RS256 none\"}", "algorithms"},
	{"{\"algorithms\":\"HS256\"}", "algorithms"},
	{"{\"algorithms\":\"RS2567\"}", "algorithms"},
	{"{\"algorithms\":\"\"}", "algorithms"},
	{"{\"algorithms\":\"  \"}", "algorithms"},
	{"{\"hosts\":\"a.example *.b.example\"}", NULL},
	{"{\"hosts\":\"*.com\"}", "hosts"},
	{"{\"hosts\":\"*\"}", "hosts"},
	{"{\"hosts\":\"a.*.example\"}", "hosts"},
	{"{\"hosts\":\"A.example\"}", "hosts"},
	{"{\"hosts\":\"a.example/x\"}", "hosts"},
	{"{\"hosts\":\".example\"}", "hosts"},
	{"{\"storage_origin\":\"https://sso.example\"}", NULL},
	{"{\"storage_origin\":\"\"}", NULL},
	{"{\"storage_origin\":\"*\"}", "storage_origin"},
	{"{\"storage_origin\":\"https://sso.example/\"}", "storage_origin"},
	{"{\"storage_origin\":\"javascript:x\"}", "storage_origin"},
	{"{\"roster_link\":\"always\"}", NULL},
	{"{\"roster_link\":\"sometimes\"}", "roster_link"},
	{"{\"roster_link\":\"\"}", "roster_link"},
	{"{\"observees\":\"kids\"}", NULL},
	{"{\"observees\":\"\"}", NULL},
	{"{\"observees\":\"kids others\"}", "observees"},
	{"{\"trusted\":\"kids others\"}", NULL},
	{"{\"trusted\":\"k\\u0001\"}", "trusted"},
	{"{\"locales\":\"no=nb\"}", NULL},
	{"{\"locales\":\"no\"}", "locales"},
	{"{\"locales\":\"=nb\"}", "locales"},
	{"{\"locales\":\"no=\"}", "locales"},
	{"{\"role_aliases\":\"a=b c=d\"}", NULL},
	{"{\"role_aliases\":\"a=b c\"}", "role_aliases"},
	{"{\"token_audience\":\"https://a.example https://b.example\"}", "token_audience"},
	{"{\"overlay\":\"{\\\"a\\\":{}}\"}", NULL},
	{"{\"overlay\":\"[]\"}", "overlay"},
	{"{\"overlay\":\"{\"}", "overlay"},
	{"{\"overlay\":{}}", "overlay"},
};

START_TEST(reads_own_settings_strictly)
{
	const json_t *o = js_own(m, json_loads(own[_i].own, 0, NULL));
	struct lti_settings out = {.skew_s = 7};
	bool ok = lti_settings_read(m, lti_profile_find("moodle"), o, &out, &e);

	if (own[_i].field) {
		ck_assert_msg(!ok, "%s", own[_i].own);
		ck_assert_str_eq(e.field, own[_i].field);
		ck_assert_int_eq(out.skew_s, 7); /* untouched */
		return;
	}
	ck_assert_msg(ok, "%s: %s", own[_i].own, e.text);
	ck_assert(out.escaped_names); /* the profile's, where nothing is said */
}
END_TEST

START_TEST(lays_own_settings_over_the_profile)
{
	const json_t *o =
		js_own(m, json_pack("{s:i,s:s,s:b}", "skew_s", 5, "groups", "g", "storage", 1));
	struct lti_settings out;

	ck_assert(lti_settings_read(m, lti_profile_find("moodle"), o, &out, &e));
	ck_assert_int_eq(out.skew_s, 5);
	ck_assert_str_eq(out.groups, "g");
	ck_assert(out.storage);
	ck_assert_ptr_eq(out.locales, lti_profile_find("moodle")->set.locales);
	ck_assert(lti_settings_read(m, lti_profile_find("moodle"), NULL, &out, &e));
	ck_assert_int_eq(out.skew_s, 180);
}
END_TEST

static const struct {
	const char *words, *one;
	bool has;
} words[] = {
	{"a b c", "a", true},  {"a b c", "c", true}, {" a  b ", "b", true},
	{"ab", "a", false},    {"a", "ab", false},   {"", "a", false},
	{"a b", "a b", false}, {"a b", "", false},   {"a=b", "a", false},
};

START_TEST(compares_whole_words)
{
	ck_assert_int_eq(words_has(words[_i].words, words[_i].one), words[_i].has);
}
END_TEST

START_TEST(finds_pairs)
{
	ck_assert_str_eq(pairs_find(m, "a=1 ab=2 b=x=y", "a"), "1");
	ck_assert_str_eq(pairs_find(m, "a=1 ab=2 b=x=y", "ab"), "2");
	ck_assert_str_eq(pairs_find(m, "a=1 ab=2 b=x=y", "b"), "x=y");
	ck_assert_ptr_null(pairs_find(m, "a=1 ab=2", "1"));
	ck_assert_ptr_null(pairs_find(m, "a=1 ab=2", ""));
	ck_assert_ptr_null(pairs_find(m, "a=", "a"));
	ck_assert_ptr_null(pairs_find(m, "", "a"));
}
END_TEST

START_TEST(trusts_what_is_declared_alone)
{
	struct lti_settings s = lti_profile_find("canvas")->set;
	const json_t *custom =
		js_own(m, json_pack("{s:s,s:s,s:s,s:i,s:s}", "kids", "a", "class", "8b", "free",
				    "x", "n", 1, "later", "$Some.variable"));

	ck_assert(!settings_trust(&s, "kids") && !settings_trust(&s, "") &&
		  !settings_trust(&s, NULL));
	ck_assert_ptr_null(settings_custom(&s, custom, "kids"));
	s.observees = "kids";
	s.trusted = "class n later";
	ck_assert_str_eq(settings_custom(&s, custom, "kids"), "a");
	ck_assert_str_eq(settings_custom(&s, custom, "class"), "8b");
	ck_assert_ptr_null(settings_custom(&s, custom, "free"));
	ck_assert_ptr_null(settings_custom(&s, custom, "n"));     /* no text */
	ck_assert_ptr_null(settings_custom(&s, custom, "later")); /* not substituted (R49) */
	ck_assert_ptr_null(settings_custom(&s, NULL, "kids"));
	s.observees = "";
	ck_assert(!settings_trust(&s, ""));
}
END_TEST

START_TEST(makes_settings_of_what_was_declared)
{
	const json_t *o = settings_declared(
		m, "observees=$com.instructure.User.observees history=$C.h x=$Y z");
	struct lti_settings out;

	ck_assert(lti_settings_read(m, lti_profile_find("canvas"), o, &out, &e));
	ck_assert_str_eq(out.trusted, "observees history x");
	ck_assert_str_eq(out.observees, "observees");
	ck_assert_str_eq(out.history, "history");
	ck_assert_str_eq(out.groups, "");
	ck_assert_uint_eq(json_object_size(settings_declared(m, "")), 0);
}
END_TEST

START_TEST(makes_claim_codes_people_can_type)
{
	const char *code = lti_claim_code(m);

	ck_assert_uint_eq(strlen(code), 11);
	ck_assert_int_eq(code[5], '-');
	ck_assert_str_ne(code, lti_claim_code(m));
	ck_assert_str_eq(lti_claim_code_read(m, code), code);
	ck_assert_str_eq(lti_claim_code_read(m, " 7qm4p k2xrt "), "7QM4P-K2XRT");
	ck_assert_str_eq(lti_claim_code_read(m, "OIL00-00000"), "01100-00000");
	ck_assert_ptr_null(lti_claim_code_read(m, "7QM4P-K2XR"));
	ck_assert_ptr_null(lti_claim_code_read(m, "7QM4P-K2XRTT"));
	ck_assert_ptr_null(lti_claim_code_read(m, "7QM4P-K2XRU")); /* U is no letter of it */
	ck_assert_ptr_null(lti_claim_code_read(m, "7QM4P/K2XRT"));
	ck_assert_ptr_null(lti_claim_code_read(m, ""));
	ck_assert_ptr_null(lti_claim_code_read(m, NULL));
}
END_TEST

Suite *lti_settings_suite(void)
{
	Suite *s = suite_create("lti/settings");
	TCase *t = tcase_create("settings");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_setting_stands_in_the_generic_profile);
	tcase_add_test(t, every_row_is_compiled_in_as_written);
	tcase_add_test(t, every_list_can_be_read);
	tcase_add_test(t, no_profile_trusts_a_parameter);
	tcase_add_test(t, says_what_products_do);
	tcase_add_loop_test(t, knows_families, 0, COUNT(families));
	tcase_add_test(t, falls_back_to_generic);
	tcase_add_loop_test(t, reads_own_settings_strictly, 0, COUNT(own));
	tcase_add_test(t, lays_own_settings_over_the_profile);
	tcase_add_loop_test(t, compares_whole_words, 0, COUNT(words));
	tcase_add_test(t, finds_pairs);
	tcase_add_test(t, trusts_what_is_declared_alone);
	tcase_add_test(t, makes_settings_of_what_was_declared);
	tcase_add_test(t, makes_claim_codes_people_can_type);
	suite_add_tcase(s, t);
	return s;
}
