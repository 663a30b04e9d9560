/* What the API reads before anything is asked or written; 503 is "all was well, but
 * the database is away". */
#include "web/house.h"
#include "web/api/api_internal.h"

static int send_as(enum role role, const char *method, const char *path, const char *body)
{
	begin_request(method, path);
	with_session(role);
	with_header("Content-Type", "application/json");
	with_body(body);
	return answer();
}

static int make(const char *body)
{
	return send_as(ROLE_TEACHER, "POST", "/api/reviews", body);
}

static int make_with_dates(const char *from, const char *to)
{
	return make(
		mem_printf(m, "{\"title\":\"t\",\"startsOn\":\"%s\",\"endsOn\":\"%s\"}", from, to));
}

static const char *const days[] = {"2026-11-22", "2024-02-29", "2000-02-29", "2026-12-31",
				   "2200-01-01"};

START_TEST(days_that_exist_are_taken)
{
	ck_assert_int_eq(make_with_dates(days[_i], days[_i]), 503);
}
END_TEST

static const char *const no_days[] = {"",           "2026-11",    "2026-11-31",
				      "2026-02-29", "2100-02-29", "2026-13-01",
				      "2026-00-01", "2026-01-00", "1999-12-31",
				      "2201-01-01", "2026-1-1",   "26-11-22",
				      "2026/11/22", "2026-11-2x", " 026-11-22",
				      "2026- 1-01", "2026-+1-01", "2026--1-01",
				      "2026-01--1", "-026-01-01", "2026-11-22T00:00:00Z",
				      "0x26-11-22", "20260-1-01", "tomorrow"};

START_TEST(days_that_do_not_are_refused)
{
	ck_assert_msg(make_with_dates(no_days[_i], "2026-12-31") == 422, "%s", no_days[_i]);
	ck_assert_str_eq(error_part("field"), "startsOn");
	ck_assert_int_eq(make_with_dates("2026-01-01", no_days[_i]), 422);
	ck_assert_str_eq(error_part("field"), "endsOn");
}
END_TEST

#define DATES "\"startsOn\":\"2026-11-01\",\"endsOn\":\"2026-11-30\""

static const struct {
	const char *body, *field;
} wrong_reviews[] = {
	{"{" DATES "}", "title"},
	{"{\"title\":\"\"," DATES "}", "title"},
	{"{\"title\":\"  \\t \"," DATES "}", "title"},
	{"{\"title\":\"a\\nb\"," DATES "}", "title"},
	{"{\"title\":\"a\\u0001b\"," DATES "}", "title"},
	{"{\"title\":7," DATES "}", "title"},
	{"{\"title\":[]," DATES "}", "title"},
	{"{\"title\":\"t\",\"endsOn\":\"2026-11-30\"}", "startsOn"},
	{"{\"title\":\"t\",\"startsOn\":\"2026-11-30\"}", "endsOn"},
	{"{\"title\":\"t\",\"startsOn\":20261130,\"endsOn\":\"2026-11-30\"}", "startsOn"},
	{"{\"title\":\"t\",\"startsOn\":\"2026-11-30\",\"endsOn\":\"2026-11-29\"}", "endsOn"},
	{"{\"title\":\"t\",\"scale\":\"nothing\"," DATES "}", "scale"},
	{"{\"title\":\"t\",\"scale\":\"\"," DATES "}", "scale"},
	{"{\"title\":\"t\",\"scale\":5," DATES "}", "scale"},
	{"{\"title\":\"t\",\"scale\":false," DATES "}", "scale"},
	{"{\"title\":\"t\",\"scale\":{\"key\":\"mine\"}," DATES "}", "scale"},
	{"{\"title\":\"t\",\"toStudents\":\"yes\"," DATES "}", "toStudents"},
	{"{\"title\":\"t\",\"toGuardians\":1," DATES "}", "toGuardians"},
	{"{\"title\":\"t\",\"selfAssessment\":null," DATES "}", "selfAssessment"},
	{"{\"title\":\"t\",\"id\":\"1\"," DATES "}", "id"},
	{"{\"title\":\"t\",\"id\":\"018F0000-0000-7000-8000-000000000004\"," DATES "}", "id"},
	{"{\"title\":\"t\",\"id\":7," DATES "}", "id"},
};

START_TEST(a_wrong_review_is_refused_by_its_field)
{
	ck_assert_msg(make(wrong_reviews[_i].body) == 422, "%s", wrong_reviews[_i].body);
	ck_assert_msg(str_eq(error_part("field"), wrong_reviews[_i].field), "%s: %s",
		      wrong_reviews[_i].body, error_part("field"));
}
END_TEST

START_TEST(a_title_has_at_most_200_characters)
{
	char title[3 * REVIEW_TITLE_MAX] = "";

	for (int i = 0; i < REVIEW_TITLE_MAX; i++)
		strcat(title, "ø");
	ck_assert_int_eq(make(mem_printf(m, "{\"title\":\"%s\"," DATES "}", title)), 503);
	ck_assert_int_eq(make(mem_printf(m, "{\"title\":\"  %s  \"," DATES "}", title)), 503);
	ck_assert_int_eq(make(mem_printf(m, "{\"title\":\"%sx\"," DATES "}", title)), 422);
	ck_assert_int_eq(make("{\"title\":\"t\",\"scale\":\"no_grades\",\"toStudents\":false,"
			      "\"id\":\"" REVIEW "\"," DATES "}"),
			 503);
	ck_assert_int_eq(make("{\"title\":\"t\",\"scale\":null," DATES "}"), 503);
}
END_TEST

static const char *const no_revs[] = {"{}",
				      "{\"rev\":null}",
				      "{\"rev\":\"1\"}",
				      "{\"rev\":-1}",
				      "{\"rev\":1.5}",
				      "{\"rev\":true}",
				      "{\"rev\":2147483648}",
				      "{\"rev\":1e300}"};

START_TEST(a_change_says_what_it_saw)
{
	ck_assert_int_eq(send_as(ROLE_TEACHER, "PATCH", "/api/reviews/" REVIEW, no_revs[_i]), 422);
	ck_assert_str_eq(error_part("field"), "rev");
	ck_assert_int_eq(send_as(ROLE_TEACHER, "DELETE", "/api/reviews/" REVIEW, no_revs[_i]), 422);
	ck_assert_str_eq(error_part("field"), "rev");
}
END_TEST

/* ---- Texts ---- */

static const char *const value_path = "/api/reviews/" REVIEW "/entries/" PERSON "/value";
static const char *const comment_path = "/api/reviews/" REVIEW "/entries/" PERSON "/comment";

static int put_comment(const char *text)
{
	return send_as(ROLE_TEACHER, "PUT", comment_path,
		       mem_printf(m, "{\"text\":%s,\"rev\":0}", text));
}

START_TEST(texts_are_capped_in_characters)
{
	char *text = mem_alloc(m, 2 * ENTRY_TEXT_MAX + 10);

	text[0] = '"';
	for (int i = 0; i < ENTRY_TEXT_MAX; i++)
		memcpy(text + 1 + 2 * i, "ø", 2);
	strcat(text, "\"");
	ck_assert_int_eq(put_comment(text), 503);
	text[strlen(text) - 1] = '\0';
	strcat(text, "x\"");
	ck_assert_int_eq(put_comment(text), 422);
	ck_assert_str_eq(error_part("field"), "text");
}
END_TEST

static const char *const no_texts[] = {"7",           "true",        "[]",
				       "{}",          "\"\\u0000\"", "\"\\u0007\"",
				       "\"\\u007f\"", "\"\xff\"",    "\"\\ud800\""};

START_TEST(what_is_no_text_is_refused)
{
	ck_assert_msg(put_comment(no_texts[_i]) == 422, "%s", no_texts[_i]);
	ck_assert_int_eq(send_as(ROLE_TEACHER, "PUT", comment_path, "{\"rev\":0}"), 422);
	ck_assert_int_eq(send_as(ROLE_TEACHER, "PUT", comment_path, "{\"text\":\"x\"}"), 422);
	ck_assert_str_eq(error_part("field"), "rev");
}
END_TEST

static const char *read_as(enum entry_field field, const char *body)
{
	const char *text = "untouched";
	int64_t rev;
	json_t *o;

	ck_assert(js_parse(m, body, strlen(body), 4096, &o, &e));
	begin_request("PUT", "/");
	struct exchange x = exchange_of();
	x.body = o;
	ck_assert_msg(read_text(&x, field, &text, &rev, &e), "%s", e.text);
	ck_assert_int_eq(rev, 3);
	return text;
}

START_TEST(line_ends_are_of_one_kind_and_nothing_is_null_or_empty)
{
	ck_assert_str_eq(read_as(ENTRY_COMMENT, "{\"text\":\"a\\r\\nb\\rc\\n\\td\",\"rev\":3}"),
			 "a\nb\nc\n\td");
	ck_assert_str_eq(read_as(ENTRY_COMMENT, "{\"text\":null,\"rev\":3}"), "");
	ck_assert_str_eq(read_as(ENTRY_SELF_COMMENT, "{\"text\":\"\",\"rev\":3}"), "");
	ck_assert_ptr_null(read_as(ENTRY_VALUE, "{\"text\":null,\"rev\":3}"));
	ck_assert_ptr_null(read_as(ENTRY_SELF_VALUE, "{\"text\":\"\",\"rev\":3}"));
	ck_assert_str_eq(read_as(ENTRY_VALUE, "{\"text\":\"N\",\"rev\":3}"), "N");
}
END_TEST

START_TEST(fields_are_written_by_whose_they_are)
{
	static const char body[] = "{\"text\":\"3\",\"rev\":0}";

	ck_assert_int_eq(send_as(ROLE_TEACHER, "PUT", value_path, body), 503);
	ck_assert_int_eq(send_as(ROLE_TEACHER, "PUT",
				 "/api/reviews/" REVIEW "/entries/" PERSON "/self_value", body),
			 404);
	ck_assert_int_eq(send_as(ROLE_TEACHER, "PUT",
				 "/api/reviews/" REVIEW "/entries/" PERSON "/other", body),
			 404);
	ck_assert_int_eq(
		send_as(ROLE_STUDENT, "PUT", "/api/my/reviews/" REVIEW "/self_value", body), 503);
	ck_assert_int_eq(send_as(ROLE_STUDENT, "PUT", "/api/my/reviews/" REVIEW "/value", body),
			 404);
	ck_assert_int_eq(send_as(ROLE_STUDENT, "PUT", value_path, body), 404);
	ck_assert_int_eq(
		send_as(ROLE_TEACHER, "PUT", "/api/my/reviews/" REVIEW "/self_value", body), 404);
}
END_TEST

/* ---- Many at once ---- */

static const struct {
	const char *body, *field;
} wrong_many[] = {
	{"{\"value\":\"3\"}", "students"},
	{"{\"students\":[],\"value\":\"3\"}", "students"},
	{"{\"students\":\"" PERSON "\",\"value\":\"3\"}", "students"},
	{"{\"students\":[7],\"value\":\"3\"}", "students"},
	{"{\"students\":[\"x\"],\"value\":\"3\"}", "students"},
	{"{\"students\":[\"" PERSON "\",\"" PERSON "\"],\"value\":\"3\"}", "students"},
	{"{\"students\":[\"" PERSON "\"]}", "value"},
	{"{\"students\":[\"" PERSON "\"],\"comment\":\"\"}", "value"},
	{"{\"students\":[\"" PERSON "\"],\"value\":5,\"mode\":\"replace\"}", "value"},
	{"{\"students\":[\"" PERSON "\"],\"value\":{},\"mode\":\"replace\"}", "value"},
	{"{\"students\":[\"" PERSON "\"],\"value\":\"3\",\"comment\":5}", "comment"},
	{"{\"students\":[\"" PERSON "\"],\"comment\":\"\\u0001\"}", "comment"},
	{"{\"students\":[\"" PERSON "\"],\"value\":\"3\",\"mode\":\"wipe\"}", "mode"},
};

START_TEST(a_wrong_act_for_many_is_refused)
{
	ck_assert_msg(send_as(ROLE_TEACHER, "POST", "/api/reviews/" REVIEW "/entries",
			      wrong_many[_i].body) == 422,
		      "%s", wrong_many[_i].body);
	ck_assert_msg(str_eq(error_part("field"), wrong_many[_i].field), "%s: %s",
		      wrong_many[_i].body, error_part("field"));
}
END_TEST

START_TEST(at_most_500_students_at_once)
{
	struct buf b;

	for (int n = STUDENTS_MAX; n <= STUDENTS_MAX + 1; n++) {
		buf_init(&b, m);
		buf_add(&b, "{\"value\":\"3\",\"students\":[");
		for (int i = 0; i < n; i++)
			buf_addf(&b, "%s\"%s\"", i ? "," : "", uuid_new(m));
		buf_add(&b, "]}");
		ck_assert_int_eq(
			send_as(ROLE_TEACHER, "POST", "/api/reviews/" REVIEW "/entries", b.p),
			n > STUDENTS_MAX ? 422 : 503);
		ck_assert_int_eq(
			send_as(ROLE_TEACHER, "POST", "/api/reviews/" REVIEW "/release", b.p),
			n > STUDENTS_MAX ? 422 : 503);
	}
}
END_TEST

START_TEST(a_cursor_is_one_of_ours)
{
	static const char *const wrong[] = {"since=now", "since=%27",
					    "since=2026-11-22T10:00:00.000000+01:00:00:00:00",
					    "since=%", "a=%ff"};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		begin_request("GET", "/api/reviews/" REVIEW);
		with_session(ROLE_TEACHER);
		request.query = wrong[i];
		ck_assert_msg(answer() == 422, "%s", wrong[i]);
	}
	begin_request("GET", "/api/reviews/" REVIEW);
	with_session(ROLE_TEACHER);
	request.query = "since=2026-11-22T10:00:00.000000Z";
	ck_assert_int_eq(answer(), 503);
}
END_TEST

START_TEST(people_are_sorted_in_the_readers_language)
{
	struct person people[] = {{.id = "4", .name = "Åse"},
				  {.id = "3", .name = "Zoe"},
				  {.id = "1", .name = "Ada"},
				  {.id = "2", .name = "Østen"},
				  {.id = "0", .name = "Ada"}};

	sort_people("nb", people, 5);
	ck_assert_str_eq(people[0].id, "0");
	ck_assert_str_eq(people[1].id, "1");
	ck_assert_str_eq(people[2].name, "Zoe");
	ck_assert_str_eq(people[3].name, "Østen");
	ck_assert_str_eq(people[4].name, "Åse");
	sort_people("nb", NULL, 0);
}
END_TEST

Suite *web_api_suite(void)
{
	Suite *s = suite_create("web/api");
	TCase *t = tcase_create("api");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, open_house, close_house);
	tcase_add_loop_test(t, days_that_exist_are_taken, 0, sizeof days / sizeof *days);
	tcase_add_loop_test(t, days_that_do_not_are_refused, 0, sizeof no_days / sizeof *no_days);
	tcase_add_loop_test(t, a_wrong_review_is_refused_by_its_field, 0,
			    sizeof wrong_reviews / sizeof *wrong_reviews);
	tcase_add_test(t, a_title_has_at_most_200_characters);
	tcase_add_loop_test(t, a_change_says_what_it_saw, 0, sizeof no_revs / sizeof *no_revs);
	tcase_add_test(t, texts_are_capped_in_characters);
	tcase_add_loop_test(t, what_is_no_text_is_refused, 0, sizeof no_texts / sizeof *no_texts);
	tcase_add_test(t, line_ends_are_of_one_kind_and_nothing_is_null_or_empty);
	tcase_add_test(t, fields_are_written_by_whose_they_are);
	tcase_add_loop_test(t, a_wrong_act_for_many_is_refused, 0,
			    sizeof wrong_many / sizeof *wrong_many);
	tcase_add_test(t, at_most_500_students_at_once);
	tcase_add_test(t, a_cursor_is_one_of_ours);
	tcase_add_test(t, people_are_sorted_in_the_readers_language);
	suite_add_tcase(s, t);
	return s;
}
