/* Finished, and waiting: ready copies, releases on a day or at a meeting, corrections, a
 * second scale, duplicates, reminders. */
#include "ilp/school.h"

static const char *const child[] = {"ada"};
static struct viewer kari, ada, bo, mum;
static struct review review;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ada = arrive("ada", "student");
	bo = arrive("bo", "student");
	mum = arrive_as_guardian("mum", child, 1);
	review = make_review(&kari, "no_grades");
}

static int64_t ready(const struct viewer *v, const char *student, bool on)
{
	int64_t n = -1;
	const char *at;

	e = (struct err){0};
	if (!ready_entries(db, m, v, review.id, &student, 1, on, &n, &at, &e))
		return -1;
	return n;
}

static void change(struct review_form f)
{
	struct review now;
	int64_t rev = (int64_t)strtol(
		peek("SELECT rev FROM ilp.review WHERE review_id = '%s'", review.id), NULL, 10);

	f.self_assessment = f.to_students = f.to_guardians = TRI_UNSET;
	ck_assert_msg(review_change(db, m, &kari, review.id, rev, &f, &now, &e), "%s", e.text);
}

static const struct family_review *seen_by(const struct viewer *v)
{
	struct family_review *list;
	size_t n;
	bool own = v->role == ROLE_STUDENT;

	viewer_begin(db, m, v);
	int at = own ? family_mine_add(db, v) : family_children_add(db, v);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	if (own)
		family_mine_read(db, m, at, &list, &n);
	else
		family_children_read(db, m, at, &list, &n);
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].id, review.id) && list[i].is_released)
			return &list[i];
	return NULL;
}

static int64_t due(const char *moment)
{
	struct db *then = db_at(moment);
	int64_t n;

	ck_assert_msg(release_due(then, m, &n, &e), "%s", e.text);
	db_free(then);
	return n;
}

static const char *events(const char *kind)
{
	return peek("SELECT count(*) FROM ilp.event WHERE review_id = '%s' AND kind = '%s'",
		    review.id, kind);
}

static const struct entry *entry_in(const struct entry_grid *g, const char *student)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->entries[i].student.id, student))
			return &g->entries[i];
	return NULL;
}

static struct entry_grid grid(void)
{
	struct entry_grid g;

	ck_assert_msg(entry_grid_read(db, m, &kari, review.id, NULL, &g, &e), "%s", e.text);
	return g;
}

START_TEST(ready_keeps_a_copy_and_shows_families_nothing)
{
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "as agreed", 0);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1);
	ck_assert_int_eq(ready(&kari, ada.person, true), 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "half-writ", 1);
	assert_peek("as agreed",
		    "SELECT ready_text FROM ilp.entry_text WHERE review_id = '%s' AND field = "
		    "'comment'",
		    review.id);
	ck_assert_ptr_null(seen_by(&ada));
	ck_assert_ptr_null(seen_by(&mum));
	ck_assert_str_eq(events("entry.ready"), "1");
	ck_assert_str_eq(events("review.released"), "0");
	struct entry_grid g = grid();
	const struct entry *t = entry_in(&g, ada.person);
	ck_assert(t->ready_at && t->texts[ENTRY_COMMENT].changed_since_ready &&
		  !t->texts[ENTRY_VALUE].changed_since_ready);
	ck_assert_int_eq(g.review.ready, 1);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1); /* the copy is as new as the text */
	assert_peek("half-writ",
		    "SELECT ready_text FROM ilp.entry_text WHERE review_id = '%s' AND field = "
		    "'comment'",
		    review.id);
}
END_TEST

START_TEST(nothing_written_is_not_ready_and_ready_can_be_taken_back)
{
	struct viewer ola = arrive_in("8C", "ola", "teacher");

	ck_assert_int_eq(ready(&kari, ada.person, true), 0);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_int_eq(ready(&kari, ada.person, true), 0);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert_int_eq(ready(&ola, ada.person, true), -1);
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_int_eq(ready(&ada, ada.person, true), -1);
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1);
	ck_assert_int_eq(ready(&kari, ada.person, false), 1);
	ck_assert_int_eq(ready(&kari, ada.person, false), 0);
	assert_peek(
		"0",
		"SELECT count(*) FROM ilp.entry_text t JOIN ilp.entry e USING (tenant_id, "
		"review_id, student_id) "
		"WHERE t.review_id = '%s' AND (t.ready_rev IS NOT NULL OR e.ready_at IS NOT NULL)",
		review.id);
}
END_TEST

/* Oslo is an hour or two ahead: its 1 December begins at 23:00 UTC of the day before. */
START_TEST(the_day_of_release_is_the_schools)
{
	change((struct review_form){.release = "date", .release_on = "2027-12-01"});
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "ready one", 0);
	save(&kari, review.id, bo.person, ENTRY_COMMENT, "not ready", 0);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "ready one, more", 1);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	ck_assert_int_eq(due("2027-11-30T22:30:00Z"), 0);
	ck_assert_ptr_null(seen_by(&ada));
	ck_assert_int_eq(due("2027-11-30T23:30:00Z"), 1);
	ck_assert_str_eq(seen_by(&ada)->comment, "ready one");
	ck_assert_str_eq(seen_by(&ada)->released_by, "Given kari");
	ck_assert_str_eq(seen_by(&mum)->self_comment.text, "mine");
	ck_assert_ptr_null(seen_by(&bo));
	ck_assert_int_eq(due("2027-11-30T23:31:00Z"), 0);
	ck_assert_str_eq(events("review.released"), "1");
	assert_peek("f", "SELECT release_waits FROM ilp.review WHERE review_id = '%s'", review.id);
}
END_TEST

START_TEST(ready_after_the_day_is_released_at_once)
{
	change((struct review_form){.release = "date", .release_on = "2020-01-01"});
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "late", 0);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1);
	ck_assert_str_eq(seen_by(&ada)->comment, "late");
	ck_assert_int_eq(due("2027-12-01T12:00:00Z"), 0);
}
END_TEST

START_TEST(another_day_or_none_is_waited_for)
{
	change((struct review_form){.release = "date", .release_on = "2027-12-01"});
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "text", 0);
	ready(&kari, ada.person, true);
	change((struct review_form){.release = "meeting"});
	ck_assert_int_eq(due("2027-12-02T12:00:00Z"), 0);
	change((struct review_form){.release = "date", .release_on = "2027-12-10"});
	ck_assert_int_eq(due("2027-12-02T12:00:00Z"), 0);
	ck_assert_int_eq(due("2027-12-10T12:00:00Z"), 1);
}
END_TEST

START_TEST(a_meeting_releases_what_is_ready)
{
	int64_t n;
	struct viewer none = arrive("ola", "none");

	save(&kari, review.id, ada.person, ENTRY_COMMENT, "text", 0);
	ready(&kari, ada.person, true);
	ck_assert(!release_at_meeting(db, m, &kari, ada.person, &n, &e)); /* no mentor */
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!release_at_meeting(db, m, &ada, ada.person, &n, &e));
	ck_assert(!release_at_meeting(db, m, &none, ada.person, &n, &e));
	peek("UPDATE ilp.tenant SET policy = '{\"teachers_are_mentors\": true}' WHERE tenant_id = "
	     "'%s'",
	     tenant);
	ck_assert_msg(release_at_meeting(db, m, &kari, ada.person, &n, &e), "%s", e.text);
	ck_assert_int_eq(n, 0); /* by hand */
	change((struct review_form){.release = "meeting"});
	ck_assert(release_at_meeting(db, m, &kari, bo.person, &n, &e));
	ck_assert_int_eq(n, 0);
	ck_assert(release_at_meeting(db, m, &kari, ada.person, &n, &e));
	ck_assert_int_eq(n, 1);
	ck_assert_str_eq(seen_by(&mum)->comment, "text");
	ck_assert(release_at_meeting(db, m, &kari, ada.person, &n, &e));
	ck_assert_int_eq(n, 0);
	ck_assert_str_eq(events("review.released"), "1");
}
END_TEST

START_TEST(a_correction_says_so_and_tells_only_what_is_new)
{
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 1);
	ck_assert_ptr_null(seen_by(&ada)->corrected_at);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "5", 1);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 2);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 0); /* as it was */
	ck_assert_ptr_null(seen_by(&ada)->corrected_at);
	ck_assert_str_eq(events("review.released"), "1");
	save(&kari, review.id, ada.person, ENTRY_VALUE, "5", 3);
	ck_assert_int_eq(ready(&kari, ada.person, true), 1);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 4); /* after all */
	ck_assert_int_eq(release(&kari, review.id, ada.person), 0);
	ck_assert_str_eq(seen_by(&ada)->value, "4");
	save(&kari, review.id, ada.person, ENTRY_VALUE, "5", 5);
	ck_assert_int_eq(release(&kari, review.id, ada.person), 1);
	ck_assert_str_eq(seen_by(&ada)->value, "5");
	ck_assert_ptr_nonnull(seen_by(&ada)->corrected_at);
	ck_assert_ptr_nonnull(seen_by(&mum)->corrected_at);
	ck_assert_str_eq(events("review.released"), "2");
}
END_TEST

START_TEST(the_self_assessment_has_a_scale_of_its_own)
{
	struct review now;
	struct review_form f = {.has_self_scale = true, .self_scale = scale_find("faces")->json};

	change(f);
	ck_assert_int_eq(refused(&ada, review.id, NULL, ENTRY_SELF_VALUE, "5", 0), ERR_INVALID);
	ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_VALUE, "3x", 0), ERR_INVALID);
	save(&ada, review.id, NULL, ENTRY_SELF_VALUE, "3", 0);
	save(&kari, review.id, ada.person, ENTRY_VALUE, "6", 0);
	release(&kari, review.id, ada.person);
	ck_assert_ptr_nonnull(strstr(seen_by(&mum)->self_scale, "faces"));
	struct entry_grid g = grid();
	ck_assert(g.review.scale_locked);
	f = (struct review_form){.has_self_scale = true,
				 .self_assessment = TRI_UNSET,
				 .to_students = TRI_UNSET,
				 .to_guardians = TRI_UNSET};
	ck_assert(!review_change(db, m, &kari, review.id, g.review.rev, &f, &now, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, "selfScale");
}
END_TEST

START_TEST(a_self_assessment_alone_may_have_a_scale)
{
	struct review_form f = {
		.has_scale = true, .has_self_scale = true, .self_scale = scale_find("faces")->json};

	change(f);
	ck_assert_int_eq(refused(&kari, review.id, ada.person, ENTRY_VALUE, "1", 0), ERR_INVALID);
	save(&ada, review.id, NULL, ENTRY_SELF_VALUE, "1", 0);
	ck_assert(grid().review.scale_locked);
}
END_TEST

START_TEST(a_duplicate_has_the_comments_and_another_scale)
{
	struct review made, again;
	struct review_copy c = {uuid_new(m), "Halfway, in words", scale_find("no_goal")->json,
				true};
	struct viewer ola = arrive_in("8C", "ola", "teacher");

	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	save(&kari, review.id, ada.person, ENTRY_COMMENT, "good", 0);
	save(&ada, review.id, NULL, ENTRY_SELF_COMMENT, "mine", 0);
	peek("UPDATE ilp.entry SET entered_on = '2026-01-07' WHERE review_id = '%s'", review.id);
	ck_assert(!review_duplicate(db, m, &ola, review.id, &c, &made, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_msg(review_duplicate(db, m, &kari, review.id, &c, &made, &e), "%s", e.text);
	ck_assert_msg(review_duplicate(db, m, &kari, review.id, &c, &again, &e), "%s", e.text);
	ck_assert_str_eq(made.id, again.id);
	ck_assert(!made.scale_locked && made.total == 2 && !made.assessed && !made.is_empty);
	ck_assert_ptr_nonnull(strstr(made.scale, "no_goal"));
	assert_peek(
		"comment good 2026-01-07",
		"SELECT string_agg(t.field || ' ' || t.text || ' ' || e.entered_on, ',') FROM "
		"ilp.entry_text t "
		"JOIN ilp.entry e USING (tenant_id, review_id, student_id) WHERE review_id = '%s'",
		made.id);
	assert_peek(
		"1",
		"SELECT count(*) FROM ilp.event WHERE kind = 'review.created' AND review_id = '%s'",
		made.id);
	c = (struct review_copy){uuid_new(m), "Without words", NULL, false};
	ck_assert(review_duplicate(db, m, &kari, review.id, &c, &made, &e));
	ck_assert(made.is_empty && !made.scale);
}
END_TEST

static int reminded(const char *moment)
{
	struct db *then = db_at(moment);
	int told;

	ck_assert_msg(review_remind_due(then, m, &told, &e), "%s", e.text);
	db_free(then);
	return told;
}

START_TEST(a_reminder_tells_once_what_is_missing)
{
	struct review now;

	ck_assert(!review_remind(db, m, &kari, review.id, "2020-01-01", &now, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert(!review_remind(db, m, &ada, review.id, "2030-01-01", &now, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_msg(review_remind(db, m, &kari, review.id, "2030-01-01", &now, &e), "%s", e.text);
	ck_assert_str_eq(now.remind_on, "2030-01-01");
	save(&kari, review.id, ada.person, ENTRY_VALUE, "4", 0);
	ck_assert_int_eq(reminded("2029-12-31T22:00:00Z"), 0);
	ck_assert_int_eq(reminded("2029-12-31T23:30:00Z"), 1);
	ck_assert_int_eq(reminded("2029-12-31T23:31:00Z"), 0);
	assert_peek("1",
		    "SELECT detail ->> 'missing' FROM ilp.event WHERE kind = 'review.missing' AND "
		    "review_id = '%s' "
		    "AND detail ->> 'person' = '%s' AND student_id IS NULL AND actor_id IS NULL",
		    review.id, kari.person);
	ck_assert(review_remind(db, m, &kari, review.id, "2031-01-01", &now, &e)); /* once more */
	save(&kari, review.id, bo.person, ENTRY_VALUE, "4", 0);
	ck_assert_int_eq(reminded("2031-01-01T12:00:00Z"), 0); /* nothing is missing */
	ck_assert(review_remind(db, m, &kari, review.id, NULL, &now, &e));
	ck_assert_ptr_null(now.remind_on);
}
END_TEST

START_TEST(a_teacher_who_left_is_not_reminded)
{
	struct review now;

	ck_assert(review_remind(db, m, &kari, review.id, "2030-01-01", &now, &e));
	peek("UPDATE ilp.membership SET left_at = now() WHERE person_id = '%s'", kari.person);
	ck_assert_int_eq(reminded("2030-01-01T12:00:00Z"), 0);
}
END_TEST

START_TEST(a_column_is_pasted_each_its_own)
{
	const char *students[] = {ada.person, bo.person, kari.person}, *values[] = {"5", "9", "4"};
	const char *words[] = {"for \"Ada\", {x}", "for Bo", "for nobody"};
	const struct entry_many many[] = {
		{.review = review.id,
		 .students = students,
		 .n = 3,
		 .field = ENTRY_VALUE,
		 .texts = values},
		{.review = review.id,
		 .students = students,
		 .n = 3,
		 .field = ENTRY_COMMENT,
		 .texts = words},
	};
	struct entry_many_results out[2];

	ck_assert_msg(entry_paste(db, m, &kari, many, 2, out, &e), "%s", e.text);
	ck_assert_uint_eq(out[0].n, 1); /* no code of the scale, no student */
	ck_assert_uint_eq(out[1].n, 2);
	assert_peek("5,for \"Ada\", {x},for Bo",
		    "SELECT string_agg(text, ',' ORDER BY field DESC, text) FROM ilp.entry_text "
		    "WHERE review_id = '%s'",
		    review.id);
	ck_assert(grid().review.scale_locked);
	ck_assert(!entry_paste(db, m, &ada, many, 2, out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(pasting_over_replaces_and_keeps_the_history)
{
	const char *students[] = {ada.person}, *words[] = {"new"};
	const struct entry_many many = {.review = review.id,
					.students = students,
					.n = 1,
					.field = ENTRY_COMMENT,
					.texts = words,
					.replace = true};
	struct entry_many_results out;

	save(&kari, review.id, ada.person, ENTRY_COMMENT, "old", 0);
	ck_assert_msg(entry_paste(db, m, &kari, &many, 1, &out, &e), "%s", e.text);
	ck_assert_str_eq(out.list[0].previous, "old");
	ck_assert_str_eq(out.list[0].text, "new");
	assert_peek("old", "SELECT text FROM ilp.entry_history WHERE review_id = '%s'", review.id);
}
END_TEST

Suite *ilp_ready_suite(void)
{
	Suite *s = suite_create("ilp/ready");
	TCase *t = tcase_create("ready");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, ready_keeps_a_copy_and_shows_families_nothing);
	tcase_add_test(t, nothing_written_is_not_ready_and_ready_can_be_taken_back);
	tcase_add_test(t, the_day_of_release_is_the_schools);
	tcase_add_test(t, ready_after_the_day_is_released_at_once);
	tcase_add_test(t, another_day_or_none_is_waited_for);
	tcase_add_test(t, a_meeting_releases_what_is_ready);
	tcase_add_test(t, a_correction_says_so_and_tells_only_what_is_new);
	tcase_add_test(t, the_self_assessment_has_a_scale_of_its_own);
	tcase_add_test(t, a_self_assessment_alone_may_have_a_scale);
	tcase_add_test(t, a_duplicate_has_the_comments_and_another_scale);
	tcase_add_test(t, a_reminder_tells_once_what_is_missing);
	tcase_add_test(t, a_teacher_who_left_is_not_reminded);
	tcase_add_test(t, a_column_is_pasted_each_its_own);
	tcase_add_test(t, pasting_over_replaces_and_keeps_the_history);
	suite_add_tcase(s, t);
	return s;
}
