/* What stands about each student: saved with the revision it started from. */
#include "ilp/school.h"

static struct viewer kari, ingrid, ada, bo;
static struct review review;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ingrid = arrive("ingrid", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	review = make_review(&kari, "no_grades");
}

START_TEST(a_save_is_one_trip_and_counts_up)
{
	int64_t before = db_trips(db);
	struct entry_saved s = save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);

	ck_assert_int_eq(db_trips(db), before + 1);
	ck_assert(s.saved && s.scale_locked);
	ck_assert_int_eq(s.now.rev, 1);
	ck_assert_str_eq(s.now.text, "4");
	ck_assert_str_eq(s.now.by, "Given kari");
	ck_assert_int_eq(s.assessed, 1);
	s = save(&kari, review.id, ada.person, ENTRY_VALUE, "5", 1);
	ck_assert(s.saved);
	ck_assert_int_eq(s.now.rev, 2);
	assert_peek("entry.saved,entry.saved",
		    "SELECT string_agg(kind, ',') FROM ilp.event WHERE review_id = '%s' AND "
		    "student_id IS NOT NULL",
		    review.id);
	assert_peek("t",
		    "SELECT entered_on = (now() AT TIME ZONE 'Europe/Oslo')::date FROM ilp.entry "
		    "WHERE review_id = '%s'",
		    review.id);
}
END_TEST

START_TEST(a_stale_save_is_told_what_stands)
{
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "by kari", 0);
	struct entry_saved s = save(&ingrid, review.id, ada.person, ENTRY_COMMENT, "by ingrid", 0);

	ck_assert(!s.saved);
	ck_assert_str_eq(s.now.text, "by kari");
	ck_assert_int_eq(s.now.rev, 1);
	ck_assert_str_eq(s.now.by, "Given kari");
	ck_assert_ptr_nonnull(s.now.at);
	s = save(&ingrid, review.id, ada.person, ENTRY_COMMENT, "by ingrid", 7);
	ck_assert(!s.saved);
	s = save(&ingrid, review.id, ada.person, ENTRY_COMMENT, "by ingrid", 1);
	ck_assert(s.saved);
	ck_assert_int_eq(s.now.rev, 2);
	assert_peek(
		"2",
		"SELECT count(*) FROM ilp.event WHERE review_id = '%s' AND student_id IS NOT NULL",
		review.id);
}
END_TEST

START_TEST(a_repeated_save_is_harmless)
{
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	for (int seen = 0; seen < 3; seen++) {
		struct entry_saved s =
			save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", seen);
		ck_assert(s.saved);
		ck_assert_int_eq(s.now.rev, 1);
	}
	assert_peek(
		"1",
		"SELECT count(*) FROM ilp.event WHERE review_id = '%s' AND student_id IS NOT NULL",
		review.id);
}
END_TEST

START_TEST(a_revision_nobody_ever_saw_is_a_conflict)
{
	struct entry_saved s = save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 3);

	ck_assert(!s.saved);
	ck_assert_int_eq(s.now.rev, 0);
	ck_assert_ptr_null(s.now.text);
}
END_TEST

START_TEST(a_code_must_stand_in_the_scale)
{
	static const char *const wrong[] = {"7", "", "44", "' OR 1=1", "n", "N "};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_VALUE, wrong[i], 0),
				 ERR_INVALID);
		ck_assert_str_eq(e.field, "text");
	}
	ck_assert_int_eq(refused(&ada, review.id, NULL, ENTRY_SELF_VALUE, "7", 0), ERR_INVALID);
	assert_peek("0", "SELECT count(*) FROM ilp.entry WHERE review_id = '%s'", review.id);
	assert_peek("t", "SELECT scale_locked_at IS NULL FROM ilp.review WHERE review_id = '%s'",
		    review.id);
	ck_assert(save(&kari, review.id, ada.person, ENTRY_VALUE, "N", 0).saved);
}
END_TEST

START_TEST(a_review_of_comments_takes_no_value)
{
	struct review plain = make_review(&kari, NULL);

	ck_assert_int_eq(refused(&kari, plain.id, ada.person, ENTRY_VALUE, "4", 0), ERR_INVALID);
	struct entry_saved s = save(&kari, plain.id, ada.person, ENTRY_COMMENT, "4", 0);
	ck_assert(s.saved && !s.scale_locked);
	ck_assert_int_eq(s.assessed, 1);
}
END_TEST

START_TEST(a_value_can_be_taken_back)
{
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	struct entry_saved s = save(&kari, review.id, ada.person, ENTRY_VALUE, NULL, 1);

	ck_assert(s.saved && s.scale_locked);
	ck_assert_ptr_null(s.now.text);
	ck_assert_int_eq(s.now.rev, 2);
	ck_assert_int_eq(s.assessed, 0);
}
END_TEST

START_TEST(students_write_about_themselves_alone)
{
	struct entry_saved s = save(&ada, review.id, bo.person, ENTRY_SELF_VALUE, "3", 0);

	ck_assert(s.saved && s.scale_locked);
	assert_peek("t", "SELECT student_id = '%s' FROM ilp.entry_text WHERE review_id = '%s'",
		    ada.person, review.id);
	assert_peek("t", "SELECT entered_on IS NULL FROM ilp.entry WHERE review_id = '%s'",
		    review.id);
	assert_peek("self.saved",
		    "SELECT kind FROM ilp.event WHERE review_id = '%s' AND student_id IS NOT NULL",
		    review.id);
	ck_assert_int_eq(refused(&ada, review.id, ada.person, ENTRY_VALUE, "6", 0), ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&ada, review.id, ada.person, ENTRY_COMMENT, "six", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_SELF_VALUE, "6", 0),
			 ERR_NOT_FOUND);
}
END_TEST

START_TEST(no_self_assessment_where_none_is_asked)
{
	struct review now;
	struct review_form f = {
		.self_assessment = TRI_NO, .to_students = TRI_UNSET, .to_guardians = TRI_UNSET};

	ck_assert_msg(review_change(db, m, &kari, review.id, 1, &f, &now, &e), "%s", e.text);
	ck_assert_int_eq(refused(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "well", 0),
			 ERR_NOT_FOUND);
	ck_assert(save(&kari, review.id, ada.person, ENTRY_COMMENT, "well", 0).saved);
}
END_TEST

START_TEST(nothing_is_found_from_elsewhere)
{
	struct viewer other = arrive_in("8C", "ola", "teacher"),
		      stranger = arrive_in("8C", "eve", "student");
	struct entry_grid g;

	ck_assert_int_eq(refused(&other, review.id, ada.person, ENTRY_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&kari, review.id, stranger.person, ENTRY_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&stranger, review.id, NULL, ENTRY_SELF_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&kari, review.id, kari.person, ENTRY_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&kari, uuid_new(m), ada.person, ENTRY_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert_int_eq(refused(&kari, review.id, uuid_new(m), ENTRY_VALUE, "1", 0),
			 ERR_NOT_FOUND);
	ck_assert(!entry_grid_read(db, m, &other, review.id, NULL, &g, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!entry_grid_read(db, m, &ada, review.id, NULL, &g, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("0", "SELECT count(*) FROM ilp.entry WHERE review_id = '%s'", review.id);
}
END_TEST

START_TEST(who_has_left_is_read_and_not_written)
{
	struct entry_grid g;

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	peek("UPDATE ilp.membership SET left_at = now() WHERE person_id IN ('%s', '%s')",
	     ada.person, bo.person);
	ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_VALUE, "5", 1), ERR_NOT_FOUND);
	ck_assert_msg(entry_grid_read(db, m, &kari, review.id, NULL, &g, &e), "%s", e.text);
	ck_assert_uint_eq(g.n, 1);
	ck_assert_str_eq(g.entries[0].student.id, ada.person);
	ck_assert(g.entries[0].has_left);
	ck_assert_str_eq(g.entries[0].texts[ENTRY_VALUE].text, "4");
}
END_TEST

START_TEST(texts_may_be_ten_thousand_characters)
{
	char *text = mem_alloc(m, 4 * ENTRY_TEXT_MAX + 5);

	for (int i = 0; i <= ENTRY_TEXT_MAX; i++)
		memcpy(text + 2 * i, "ø", 2);
	ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_COMMENT, text, 0),
			 ERR_INVALID);
	text[2 * ENTRY_TEXT_MAX] = '\0';
	ck_assert(save(&kari, review.id, ada.person, ENTRY_COMMENT, text, 0).saved);
}
END_TEST

START_TEST(another_authors_text_goes_to_the_history)
{
	struct entry_version *list;
	size_t n;

	save(&kari, review.id, ada.person, ENTRY_COMMENT, "one", 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "one two", 1);
	save(&ingrid, review.id, ada.person, ENTRY_COMMENT, "three", 2);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_msg(entry_history(db, m, &kari, review.id, ada.person, &list, &n, &e), "%s",
		      e.text);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(list[0].text, "three");
	ck_assert_str_eq(list[0].by, "Given ingrid");
	ck_assert_int_eq(list[0].rev, 3);
	ck_assert_str_eq(list[1].text, "one two");
	ck_assert_int_eq(list[1].field, ENTRY_COMMENT);
	ck_assert(!entry_history(db, m, &ada, review.id, ada.person, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!entry_history(db, m, &kari, uuid_new(m), ada.person, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

/* Two write at the same moment: one of them is told. */
START_TEST(of_two_at_once_one_is_told)
{
	int from;
	char sql[900];

	snprintf(sql, sizeof sql,
		 "BEGIN; SELECT set_config('app.tenant', '%s', true); INSERT INTO ilp.entry "
		 "(tenant_id, review_id, student_id) VALUES"
		 " ('%s', '%s', '%s'); INSERT INTO ilp.entry_text (tenant_id, review_id, "
		 "student_id, field, text, author_id, at)"
		 " VALUES ('%s', '%s', '%s', 'comment', 'first', '%s', now()); SELECT "
		 "pg_sleep(1.5); COMMIT",
		 tenant, tenant, review.id, ada.person, tenant, review.id, ada.person,
		 ingrid.person);
	pid_t pid = start_sql(database_of("ILPD_TEST_DATABASE_SUPER"), sql, &from);
	await_sleep();
	struct entry_saved s = save(&kari, review.id, ada.person, ENTRY_COMMENT, "second", 0);
	finish_sql(pid, from);
	ck_assert(!s.saved);
	ck_assert_str_eq(s.now.text, "first");
}
END_TEST

START_TEST(taking_back_what_was_never_there_writes_nothing)
{
	struct entry_saved s = save(&kari, review.id, ada.person, ENTRY_VALUE, NULL, 0);

	ck_assert(s.saved);
	ck_assert_int_eq(s.now.rev, 0);
	s = save(&kari, review.id, ada.person, ENTRY_COMMENT, "", 0);
	ck_assert(s.saved);
	ck_assert_msg(review_delete(db, m, &kari, review.id, 1, &e), "%s", e.text);
}
END_TEST

/* ---- The date an entry counts from (X-8) ---- */

static enum err_code date_refused(const struct viewer *v, const char *review_id, const char *date)
{
	e = (struct err){0};
	ck_assert_msg(!entry_date(db, m, v, review_id, ada.person, date, &e), "%s", date);
	return e.code;
}

START_TEST(a_teacher_may_correct_the_date)
{
	db_free(db);
	/* half past midnight in Oslo, the day before in Greenwich */
	db = db_at("2026-11-22T23:30:00Z");
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	struct viewer ola = arrive_in("8C", "ola", "teacher");
	ck_assert_int_eq(date_refused(&kari, review.id, "2026-11-20"), ERR_INVALID);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_int_eq(date_refused(&kari, review.id, "2026-11-20"), ERR_INVALID);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	assert_peek("2026-11-23", "SELECT entered_on FROM ilp.entry WHERE review_id = '%s'",
		    review.id);
	ck_assert_msg(entry_date(db, m, &kari, review.id, ada.person, "2026-05-24", &e), "%s",
		      e.text);
	ck_assert(entry_date(db, m, &kari, review.id, ada.person, "2026-11-23", &e));
	ck_assert_int_eq(date_refused(&kari, review.id, "2026-05-23"), ERR_INVALID);
	ck_assert_str_eq(e.field, "date");
	ck_assert_int_eq(date_refused(&kari, review.id, "2026-11-24"), ERR_INVALID);
	ck_assert_int_eq(date_refused(&ada, review.id, "2026-11-20"), ERR_NOT_FOUND);
	ck_assert_int_eq(date_refused(&ola, review.id, "2026-11-20"), ERR_NOT_FOUND);
	ck_assert_int_eq(date_refused(&kari, uuid_new(m), "2026-11-20"), ERR_NOT_FOUND);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "better", 1);
	assert_peek("2026-11-23", "SELECT entered_on FROM ilp.entry WHERE review_id = '%s'",
		    review.id);
}
END_TEST

/* A first value and another scale at the same moment: one waits for the other. */
START_TEST(a_first_value_and_a_new_scale_exclude_each_other)
{
	int from;
	char sql[900];

	snprintf(sql, sizeof sql,
		 "BEGIN; UPDATE ilp.review SET scale = NULL, rev = rev + 1 WHERE review_id = '%s';"
		 "SELECT pg_sleep(1.5); COMMIT",
		 review.id);
	pid_t pid = start_sql(database_of("ILPD_TEST_DATABASE_SUPER"), sql, &from);
	await_sleep();
	enum err_code code = refused(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	finish_sql(pid, from);
	ck_assert_int_eq(code, ERR_INVALID);
	assert_peek("0", "SELECT count(*) FROM ilp.entry_text WHERE review_id = '%s'", review.id);
}
END_TEST

/* ---- Many at once ---- */

static struct entry_many_result *many(const struct entry_many *s, size_t n)
{
	struct entry_many_result *list;
	size_t found;

	ck_assert_msg(entry_save_many(db, m, &kari, s, &list, &found, &e), "%s", e.text);
	ck_assert_uint_eq(found, n);
	return list;
}

static const struct entry_many_result *of(const struct entry_many_result *list, size_t n,
					  const char *student)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].student, student))
			return &list[i];
	ck_abort_msg("student is missing");
	return NULL;
}

START_TEST(filling_leaves_what_stands)
{
	const char *students[] = {ada.person, bo.person, kari.person};
	struct entry_many s = {review.id, students, 3, ENTRY_VALUE, "5", false, NULL};

	save(&kari, review.id, ada.person, ENTRY_VALUE, "2", 0);
	struct entry_many_result *list = many(&s, 2);
	ck_assert(!of(list, 2, ada.person)->saved);
	ck_assert_str_eq(of(list, 2, ada.person)->previous, "2");
	ck_assert(of(list, 2, bo.person)->saved);
	ck_assert_str_eq(of(list, 2, bo.person)->text, "5");
	ck_assert_ptr_null(of(list, 2, bo.person)->previous);
	assert_peek("2,5",
		    "SELECT string_agg(text, ',' ORDER BY text) FROM ilp.entry_text WHERE "
		    "review_id = '%s'",
		    review.id);
}
END_TEST

START_TEST(replacing_keeps_what_stood_in_the_history)
{
	const char *students[] = {ada.person, bo.person};
	struct entry_many s = {review.id, students, 2, ENTRY_VALUE, "5", true, NULL};

	save(&kari, review.id, ada.person, ENTRY_VALUE, "2", 0);
	struct entry_many_result *list = many(&s, 2);
	ck_assert(of(list, 2, ada.person)->saved && of(list, 2, bo.person)->saved);
	ck_assert_int_eq(of(list, 2, ada.person)->rev, 2);
	assert_peek("2",
		    "SELECT string_agg(text, ',') FROM ilp.entry_history WHERE review_id = '%s'",
		    review.id);
}
END_TEST

START_TEST(a_comment_for_many_is_added_below)
{
	const char *students[] = {ada.person, bo.person};
	struct entry_many s = {review.id, students, 2, ENTRY_COMMENT, "Read more.", false, NULL};

	save(&kari, review.id, ada.person, ENTRY_COMMENT, "Good.", 0);
	struct entry_many_result *list = many(&s, 2);
	ck_assert_str_eq(of(list, 2, ada.person)->text, "Good.\nRead more.");
	ck_assert_str_eq(of(list, 2, bo.person)->text, "Read more.");
}
END_TEST

START_TEST(a_comment_for_many_sent_twice_is_added_once)
{
	const char *students[] = {ada.person, bo.person};
	struct entry_many s = {review.id, students, 2, ENTRY_COMMENT, "50 % of _it_", false, NULL};

	save(&kari, review.id, ada.person, ENTRY_COMMENT, "Good.", 0);
	many(&s, 2);
	struct entry_many_result *list = many(&s, 2);
	ck_assert_str_eq(peek("SELECT string_agg(text, '|' ORDER BY text) FROM ilp.entry_text "
			      "WHERE review_id = '%s'",
			      review.id),
			 "50 % of _it_|Good.\n50 % of _it_");
	ck_assert_int_eq(of(list, 2, ada.person)->rev, 2);
	ck_assert(of(list, 2, ada.person)->saved);
}
END_TEST

START_TEST(many_wrong_is_none)
{
	const char *students[] = {ada.person}, *strangers[] = {kari.person};
	struct entry_many s = {review.id, students, 1, ENTRY_VALUE, "9", false, NULL};
	struct entry_many_result *list;
	size_t n;

	ck_assert(!entry_save_many(db, m, &kari, &s, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	s.text = "5";
	s.students = strangers;
	ck_assert(!entry_save_many(db, m, &kari, &s, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	s.students = students;
	ck_assert(!entry_save_many(db, m, &ada, &s, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	s.review = uuid_new(m);
	ck_assert(!entry_save_many(db, m, &kari, &s, &list, &n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("0", "SELECT count(*) FROM ilp.entry_text WHERE tenant_id = '%s'", tenant);
}
END_TEST

/* ---- The grid ---- */

START_TEST(the_grid_shows_what_each_wrote)
{
	struct entry_grid g;
	struct arrival test_user = launch_of("test", "student");

	test_user.is_test = true;
	take_in(&test_user);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	save(&ingrid, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_msg(entry_grid_read(db, m, &kari, review.id, NULL, &g, &e), "%s", e.text);
	ck_assert_uint_eq(g.n, 2);
	ck_assert_int_eq(g.review.total, 2);
	ck_assert_int_eq(g.review.assessed, 1);
	const struct entry *t =
		str_eq(g.entries[0].student.id, ada.person) ? &g.entries[0] : &g.entries[1];
	ck_assert_str_eq(t->student.name, "Given ada");
	ck_assert_str_eq(t->texts[ENTRY_VALUE].by, "Given kari");
	ck_assert_str_eq(t->texts[ENTRY_COMMENT].by, "Given ingrid");
	ck_assert_str_eq(t->texts[ENTRY_SELF_COMMENT].text, "mine");
	ck_assert_int_eq(t->texts[ENTRY_SELF_VALUE].rev, 0);
	ck_assert(!t->has_left && !t->released_at);
}
END_TEST

START_TEST(since_shows_only_what_is_newer)
{
	struct entry_grid g;
	const char *cursor;

	db_free(db);
	db = db_at("2026-11-22T10:00:00Z");
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert(entry_grid_read(db, m, &kari, review.id, NULL, &g, &e));
	ck_assert_str_eq(g.cursor, "2026-11-22T09:59:40.000000Z");
	db_free(db);
	db = db_at("2026-11-22T10:01:00Z");
	ck_assert(entry_grid_read(db, m, &kari, review.id, g.cursor, &g, &e));
	ck_assert_uint_eq(g.n, 1);
	cursor = g.cursor;
	ck_assert(entry_grid_read(db, m, &kari, review.id, cursor, &g, &e));
	ck_assert_uint_eq(g.n, 0);
	ck_assert_str_eq(g.review.id, review.id);
	save(&ada, review.id, NULL, ENTRY_SELF_VALUE, "3", 0);
	ck_assert(entry_grid_read(db, m, &kari, review.id, cursor, &g, &e));
	ck_assert_uint_eq(g.n, 1);
	ck_assert_str_eq(g.entries[0].texts[ENTRY_VALUE].text, "4");
	db_free(db);
	db = db_at("2026-11-22T10:05:00Z");
	release(&kari, review.id, ada.person);
	ck_assert(entry_grid_read(db, m, &kari, review.id, "2026-11-22T10:04:00Z", &g, &e));
	ck_assert_uint_eq(g.n, 1);
	ck_assert_str_eq(g.entries[0].released_at, "2026-11-22T10:05:00Z");
	ck_assert(!entry_grid_read(db, m, &kari, review.id, "::::", &g, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

START_TEST(fields_have_names_that_read_back)
{
	for (int f = 0; f < ENTRY_FIELDS; f++)
		ck_assert_int_eq(entry_field_parse(entry_field_name((enum entry_field)f)), f);
	ck_assert_int_eq(entry_field_parse("Value"), ENTRY_FIELDS);
	ck_assert_int_eq(entry_field_parse(NULL), ENTRY_FIELDS);
}
END_TEST

Suite *ilp_entry_suite(void)
{
	Suite *s = suite_create("ilp/entry");
	TCase *t = tcase_create("entry");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, a_save_is_one_trip_and_counts_up);
	tcase_add_test(t, a_stale_save_is_told_what_stands);
	tcase_add_test(t, a_repeated_save_is_harmless);
	tcase_add_test(t, a_revision_nobody_ever_saw_is_a_conflict);
	tcase_add_test(t, a_code_must_stand_in_the_scale);
	tcase_add_test(t, a_review_of_comments_takes_no_value);
	tcase_add_test(t, a_value_can_be_taken_back);
	tcase_add_test(t, students_write_about_themselves_alone);
	tcase_add_test(t, no_self_assessment_where_none_is_asked);
	tcase_add_test(t, nothing_is_found_from_elsewhere);
	tcase_add_test(t, who_has_left_is_read_and_not_written);
	tcase_add_test(t, texts_may_be_ten_thousand_characters);
	tcase_add_test(t, another_authors_text_goes_to_the_history);
	tcase_add_test(t, of_two_at_once_one_is_told);
	tcase_add_test(t, taking_back_what_was_never_there_writes_nothing);
	tcase_add_test(t, a_teacher_may_correct_the_date);
	tcase_add_test(t, a_first_value_and_a_new_scale_exclude_each_other);
	tcase_add_test(t, filling_leaves_what_stands);
	tcase_add_test(t, replacing_keeps_what_stood_in_the_history);
	tcase_add_test(t, a_comment_for_many_is_added_below);
	tcase_add_test(t, a_comment_for_many_sent_twice_is_added_once);
	tcase_add_test(t, many_wrong_is_none);
	tcase_add_test(t, the_grid_shows_what_each_wrote);
	tcase_add_test(t, since_shows_only_what_is_newer);
	tcase_add_test(t, fields_have_names_that_read_back);
	suite_add_tcase(s, t);
	return s;
}
