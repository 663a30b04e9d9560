/* A plan's page, what is newer than it, saves and their conflicts, and above all: nothing of
 * what is hidden comes out by any door (I-03). */
#include "ilp/worked.h"

START_TEST(a_page_is_one_round_trip)
{
	int64_t trips;

	page_of(&ada);
	trips = db_trips(db);
	ck_assert_ptr_nonnull(page_of(&ada));
	ck_assert_int_eq(db_trips(db) - trips, 1);
}
END_TEST

START_TEST(forms_are_kept_for_each_hat)
{
	json_t *kept = js_obj(page_of(&ada), "form");

	/* a copy each: threads share no value */
	ck_assert_ptr_ne(kept, js_obj(page_of(&ada), "form"));
	ck_assert(json_equal(kept, js_obj(page_of(&ada), "form")));
	ck_assert(!json_equal(kept, js_obj(page_of(&mum), "form")));
	ck_assert(!strstr(text_of(kept), "secret"));
	ck_assert(strstr(text_of(js_obj(page_of(&kari), "form")), "secret"));
}
END_TEST

START_TEST(acts_are_those_of_hat_and_state)
{
	ck_assert_str_eq(text_of(js_arr(js_obj(page_of(&mum), "plan"), "may")),
			 "[\"write\",\"propose\",\"task_status\",\"post\",\"log\",\"prepare\","
			 "\"sign\",\"report\"]");
	set_state("locked");
	ck_assert_str_eq(text_of(js_arr(js_obj(page_of(&mum), "plan"), "may")),
			 "[\"prepare\",\"sign\",\"report\"]");
	ck_assert_str_eq(text_of(js_arr(js_obj(page_as(&kari, HAT_STUDENT), "plan"), "may")), "[]");
}
END_TEST

/* ---- I-03 ---- */

/* All that somebody gets of the plan by any door that reads, but for the moment of reading. */
static const char *all_of(const struct viewer *v)
{
	json_t *page = page_of(v), *changes, *history, *o;
	struct buf b;
	size_t i;

	buf_init(&b, m);
	ck_assert_ptr_nonnull(page);
	json_object_del(page, "cursor");
	buf_add(&b, text_of(page));
	ck_assert_msg(work_changes(db, m, v, plan, "2026-01-01T00:00:00.000000Z", &changes, &e),
		      "%s", e.text);
	json_object_del(changes, "cursor");
	buf_add(&b, text_of(changes));
	json_array_foreach(js_arr(page, "values"), i, o)
	{
		const char *object = str_or(js_str(o, "row"), plan);
		ck_assert(work_history(db, m, v, plan, object, js_str(o, "field"), &history, &e));
		buf_add(&b, text_of(history));
	}
	return b.p;
}

struct hidden {
	const char *task, *proposal, *declined, *note, *log, *said;
};

static const char *id_of(json_t *o)
{
	ck_assert_msg(o != NULL, "%s", e.text);
	return js_str(o, "id");
}

/* A word into everything that staff alone see. */
static struct hidden plant(void)
{
	struct hidden h = {
		.task = id_of(new_task(&kari, "secrets", goal, "before", "school")),
		.proposal = id_of(new_row(&mum, "goal", competence, "before")),
		.declined = id_of(new_row(&mum, "goal", competence, "before")),
		.note = id_of(new_post(&kari, "notes", "before", -1)),
		.log = id_of(new_post(&kari, "_log", "before", HAT_MENTOR)),
	};

	ck_assert_int_eq(write_value(&kari, NULL, "secret", "before", 0), ERR_OK);
	ck_assert_int_eq(change_row(&kari, h.declined, (struct move){STAYS, .state = "declined"}),
			 ERR_OK);
	return h;
}

static void write_again(const struct hidden *h)
{
	struct post_change shown = {.audience = -1, .removed = TRI_YES, .done = TRI_UNSET};
	json_t *post;

	ck_assert_int_eq(write_value(&kari, NULL, "secret", "after", 1), ERR_OK);
	ck_assert_int_eq(write_task(&kari, h->task, "text", "after", 1), ERR_OK);
	ck_assert_int_eq(write_task(&kari, h->task, "status", "done", 1), ERR_OK);
	ck_assert_int_eq(write_task(&kari, h->task, "due", "2026-01-01", 1), ERR_OK);
	ck_assert_int_eq(write_value(&mum, h->proposal, "goal", "after", 1), ERR_OK);
	ck_assert_int_eq(change_row(&kari, h->declined,
				    (struct move){.removed = TRI_YES, .confirmed = TRI_UNSET}),
			 ERR_OK);
	ck_assert(post_save(db, m, &kari, plan, h->note, "after", 1, &saved, &e));
	ck_assert(post_change(db, m, &kari, plan, h->log, &shown, &post, &e));
	ck_assert_ptr_nonnull(new_post(&kari, "notes", "after", HAT_MENTOR | HAT_TEACHER));
	ck_assert(work_writing(db, m, &kari, plan, plan, "secret", &e));
}

/* Word, number and time: what changes in hidden places changes nothing that others get. */
START_TEST(I03_what_is_hidden_changes_nothing_that_is_seen)
{
	const struct viewer *const others[] = {&ada, &liv, &rektor, &dad};
	const char *before[4];
	struct hidden h = plant();

	for (size_t i = 0; i < 4; i++) {
		before[i] = all_of(others[i]);
		/* both parents see what home proposed */
		ck_assert_msg(others[i] == &dad || !strstr(before[i], "before"), "%s", before[i]);
	}
	write_again(&h);
	for (size_t i = 0; i < 3; i++)
		ck_assert_str_eq(before[i], all_of(others[i]));
	ck_assert(strstr(all_of(&dad), h.proposal));
	ck_assert(!strstr(all_of(&dad), h.task) && !strstr(all_of(&dad), h.note));
	ck_assert(strstr(all_of(&kari), "after"));
}
END_TEST

START_TEST(I03_hidden_things_cannot_be_asked_for)
{
	struct hidden h = plant();
	json_t *history;

	const struct {
		const char *object, *field;
	} asked[] = {{plan, "secret"},
		     {h.task, "text"},
		     {h.note, "text"},
		     {h.log, "text"},
		     {h.proposal, "goal"}};
	for (size_t i = 0; i < 5; i++) {
		ck_assert(!work_history(db, m, &ada, plan, asked[i].object, asked[i].field,
					&history, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(work_history(db, m, &kari, plan, asked[i].object, asked[i].field,
				       &history, &e));
	}
	ck_assert_int_eq(write_value(&ada, h.proposal, "goal", "x", 1), ERR_NOT_FOUND);
	ck_assert_int_eq(write_task(&ada, h.task, "status", "done", 1), ERR_NOT_FOUND);
	ck_assert_int_eq(change_task(&ada, h.task,
				     (struct move){.removed = TRI_YES, .confirmed = TRI_UNSET}),
			 ERR_NOT_FOUND);
}
END_TEST

/* ---- Saving ---- */

START_TEST(I18_the_later_of_two_overwrites_nothing)
{
	ck_assert_int_eq(write_value(&kari, goal, "goal", "Read two books", 1), ERR_OK);
	ck_assert(saved.saved && saved.rev == 2);
	ck_assert_int_eq(write_value(&ada, goal, "goal", "Read a comic", 1), ERR_OK);
	ck_assert(!saved.saved);
	ck_assert_str_eq(saved.text, "Read two books");
	ck_assert_str_eq(saved.by, "Given kari");
	assert_peek("Read two books|2", "SELECT text, rev FROM ilp.plan_value WHERE row_id = '%s'",
		    goal);
	ck_assert_int_eq(write_value(&kari, goal, "goal", "Read two books", 1), ERR_OK);
	ck_assert(saved.saved && saved.rev == 2); /* the answer to the first was lost */
	ck_assert_int_eq(write_value(&ada, goal, "goal", "Read a comic", 2), ERR_OK);
	ck_assert(saved.saved && saved.rev == 3);
	ck_assert_int_eq(write_value(&ada, goal, "goal", "Read a comic book", 7), ERR_OK);
	ck_assert(!saved.saved); /* from a revision that never was */
}
END_TEST

START_TEST(I18_nothing_is_written_over_nothing)
{
	ck_assert_int_eq(write_value(&mum, NULL, "home", "", 0), ERR_OK);
	ck_assert(saved.saved && saved.rev == 0);
	ck_assert_int_eq(write_value(&mum, NULL, "home", "We read", 3), ERR_OK);
	ck_assert(!saved.saved);
	ck_assert_int_eq(write_value(&mum, NULL, "home", "We read", 0), ERR_OK);
	ck_assert(saved.saved && saved.rev == 1);
	ck_assert_int_eq(write_value(&dad, NULL, "home", "We sing", 0), ERR_OK);
	ck_assert(!saved.saved);
	ck_assert_str_eq(saved.text, "We read");
}
END_TEST

START_TEST(I19_a_save_is_one_event_and_a_repeat_none)
{
	peek("DELETE FROM ilp.event WHERE plan_id = '%s'", plan);
	write_value(&mum, NULL, "home", "unique-word", 0);
	write_value(&mum, NULL, "home", "unique-word", 0);
	write_value(&mum, NULL, "home", "other", 9);
	assert_peek(mem_printf(m, "value.saved|%s|%s|{\"rev\": 1, \"field\": \"home\"}", mum.person,
			       ada.person),
		    "SELECT kind, actor_id, student_id, detail FROM ilp.event WHERE plan_id = '%s'",
		    plan);
	assert_peek(mum.person, "SELECT changed_by FROM ilp.plan WHERE plan_id = '%s'", plan);
}
END_TEST

/* A conversation about the plan that has begun. */
static void meet(void)
{
	peek("INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, "
	     "starts_at, questions, created_at, changed_at, state, step) "
	     "SELECT tenant_id, plan_id, plan_id, student_id, plan_id, '%s', now(), '[]', now(), now(), "
	     "'held', 'welcome' FROM ilp.plan WHERE plan_id = '%s'",
	     kari.person, plan);
}

START_TEST(I23_typed_by_the_mentor_in_the_students_voice)
{
	struct work_save s = {.plan = plan,
			      .row = goal,
			      .field = "goal",
			      .text = "I read",
			      .seen = 1,
			      .voice = HAT_STUDENT};

	ck_assert(!work_save_value(db, m, &kari, &s, &saved, &e)); /* nobody meets */
	meet();
	ck_assert(work_save_value(db, m, &kari, &s, &saved, &e));
	json_t *v = value_in(page_of(&mum), goal, "goal");
	ck_assert_str_eq(js_str(v, "by"), "Given ada");
	ck_assert_str_eq(js_str(v, "hat"), "student");
	ck_assert_str_eq(js_str(v, "typedBy"), "Given kari");
	assert_peek(mem_printf(m, "%s|%s", kari.person, ada.person),
		    "SELECT actor_id, detail ->> 'voice' FROM ilp.event WHERE plan_id = '%s' AND "
		    "kind = 'value.saved'",
		    plan);
	/* by nobody who does not lead the meeting, and not where the student does not write */
	s.seen = 2;
	s.text = "x";
	ck_assert(!work_save_value(db, m, &liv, &s, &saved, &e));
	ck_assert(!work_save_value(db, m, &mum, &s, &saved, &e));
	s = (struct work_save){.plan = plan, .field = "home", .text = "x", .voice = HAT_STUDENT};
	ck_assert(!work_save_value(db, m, &kari, &s, &saved, &e));
}
END_TEST

START_TEST(what_was_replaced_stays)
{
	json_t *history;

	write_value(&kari, goal, "goal", "Two", 1);
	write_value(&kari, goal, "goal", "Two books", 2); /* the same hand, a moment later */
	write_value(&ada, goal, "goal", "A comic", 3);
	ck_assert(work_history(db, m, &kari, plan, goal, "goal", &history, &e));
	json_t *list = js_arr(history, "versions");
	ck_assert_int_eq(json_array_size(list), 2);
	ck_assert_str_eq(js_str(json_array_get(list, 0), "text"), "A comic");
	ck_assert_str_eq(js_str(json_array_get(list, 1), "text"), "Two books");
	ck_assert(work_history(db, m, &ada, plan, goal, "goal", &history, &e));
	ck_assert_int_eq(json_array_size(js_arr(history, "versions")), 1);
	ck_assert(work_history(db, m, &liv, plan, goal, "goal", &history, &e));
	ck_assert_int_eq(json_array_size(js_arr(history, "versions")), 2);
}
END_TEST

START_TEST(I08_a_locked_plan_takes_nothing_from_families)
{
	json_t *task = new_task(&kari, "tasks", goal, "One", "home");

	set_state("locked");
	const struct viewer *const family[] = {&ada, &mum};
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(write_value(family[i], goal, "goal", "x", 1), ERR_NOT_FOUND);
		ck_assert_int_eq(write_value(family[i], NULL, "home", "x", 0), ERR_NOT_FOUND);
		ck_assert_int_eq(write_task(family[i], id_of(task), "status", "done", 1),
				 ERR_NOT_FOUND);
		ck_assert_ptr_null(new_row(family[i], "goal", competence, "x"));
		ck_assert_ptr_null(new_post(family[i], "said", "x", -1));
		ck_assert_ptr_null(new_post(family[i], "_log", "x", -1));
		ck_assert_ptr_null(new_post(family[i], "_topics", "x", -1));
	}
	ck_assert_int_eq(write_value(&kari, goal, "goal", "x", 1), ERR_NOT_FOUND);
	ck_assert_int_eq(write_task(&kari, id_of(task), "status", "done", 1), ERR_NOT_FOUND);
	ck_assert_ptr_null(new_post(&kari, "notes", "x", -1));
	ck_assert_ptr_null(new_post(&liv, "_log", "x", -1));
	ck_assert_ptr_nonnull(new_post(&kari, "_log", "Talked about it", -1));
	assert_peek("Read every day", "SELECT text FROM ilp.plan_value WHERE row_id = '%s'", goal);
}
END_TEST

/* ---- Reviews of the period ---- */

static const char *shown_reviews(const struct viewer *v)
{
	return mem_printf(m, "%zu", json_array_size(js_arr(page_of(v), "reviews")));
}

START_TEST(I14_reviews_belong_by_the_day_they_were_entered)
{
	struct review r = make_review(&liv, "no_grades");

	save(&liv, r.id, ada.person, ENTRY_VALUE, "5", 0);
	release(&liv, r.id, ada.person);
	const struct {
		const char *day, *shown;
	} days[] = {{"ilp.today() - 60", "1"},
		    {"ilp.today() + 60", "1"},
		    {"ilp.today()", "1"},
		    {"ilp.today() - 61", "0"},
		    {"ilp.today() + 61", "0"}};
	peek("UPDATE ilp.plan SET starts_on = current_date - 60, ends_on = current_date + 60 WHERE "
	     "plan_id = '%s'",
	     plan);
	for (size_t i = 0; i < 5; i++) {
		peek("UPDATE ilp.entry SET entered_on = %s WHERE review_id = '%s'",
		     str_eq(days[i].day, "ilp.today()")
			     ? "current_date"
			     : mem_printf(m, "current_date%s", days[i].day + 11),
		     r.id);
		ck_assert_str_eq(shown_reviews(&ada), days[i].shown);
		ck_assert_str_eq(shown_reviews(&mum), days[i].shown);
		ck_assert_str_eq(shown_reviews(&kari), days[i].shown);
	}
}
END_TEST

START_TEST(I15_new_dates_of_a_plan_count_at_once)
{
	struct review r = make_review(&liv, "no_grades");

	save(&liv, r.id, ada.person, ENTRY_VALUE, "5", 0);
	release(&liv, r.id, ada.person);
	peek("UPDATE ilp.entry SET entered_on = current_date WHERE review_id = '%s'", r.id);
	ck_assert_str_eq(shown_reviews(&ada), "1");
	peek("UPDATE ilp.plan SET starts_on = current_date + 1 WHERE plan_id = '%s'", plan);
	ck_assert_str_eq(shown_reviews(&ada), "0");
	/* and in every plan whose dates hold the day */
	plan = make_plan_of(ada.person, make_form(), "published");
	ck_assert_str_eq(shown_reviews(&ada), "1");
}
END_TEST

START_TEST(I12_what_is_not_released_is_the_staffs)
{
	struct review r = make_review(&liv, "no_grades");

	save(&liv, r.id, ada.person, ENTRY_COMMENT, "half written", 0);
	ck_assert_str_eq(shown_reviews(&kari), "0"); /* not even ready */
	peek("UPDATE ilp.entry SET ready_at = now(), ready_by = '%s' WHERE review_id = '%s';"
	     "UPDATE ilp.entry_text SET ready_text = text, ready_rev = rev WHERE review_id = '%s'",
	     liv.person, r.id, r.id);
	save(&liv, r.id, ada.person, ENTRY_COMMENT, "going on", 1);
	ck_assert(strstr(text_of(page_of(&kari)), "half written"));
	ck_assert(strstr(text_of(page_of(&rektor)), "half written"));
	const struct viewer *const others[] = {&ada, &mum, &liv, &kari, &rektor};
	for (size_t i = 0; i < 5; i++) {
		ck_assert(!strstr(text_of(page_of(others[i])), "going on"));
		ck_assert(i > 2 || !strstr(text_of(page_of(others[i])), "half written"));
	}
	ck_assert_str_eq(shown_reviews(&ada), "0");
}
END_TEST

START_TEST(looks_are_sittings)
{
	write_value(&mum, NULL, "home", "We read", 0);
	ck_assert(work_look(db, m, &ada, plan, &e));
	ck_assert_ptr_null(js_str(page_of(&ada), "lookedAt"));
	peek("UPDATE ilp.plan_look SET seen_at = seen_at - interval '31 minutes'");
	write_value(&mum, NULL, "home", "We read daily", 1);
	ck_assert(json_is_true(json_object_get(value_in(page_of(&ada), NULL, "home"), "isNew")));
	ck_assert(work_look(db, m, &ada, plan, &e));
	ck_assert(work_look(db, m, &ada, plan, &e));
	ck_assert(json_is_true(json_object_get(value_in(page_of(&ada), NULL, "home"), "isNew")));
	ck_assert_ptr_null(json_object_get(value_in(page_of(&mum), NULL, "home"), "isNew"));
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE plan_id = '%s' AND kind = 'plan.opened'",
		    plan);
	ck_assert(!work_look(db, m, &bo, plan, &e));
}
END_TEST

START_TEST(a_hint_lasts_a_minute)
{
	json_t *changes;

	ck_assert(work_writing(db, m, &mum, plan, plan, "home", &e));
	ck_assert(work_changes(db, m, &ada, plan, "2026-01-01T00:00:00.000000Z", &changes, &e));
	ck_assert_str_eq(js_str(json_array_get(js_arr(changes, "writing"), 0), "by"), "Given mum");
	peek("UPDATE ilp.writing SET until = now() - interval '1 second'");
	ck_assert(work_changes(db, m, &ada, plan, "2026-01-01T00:00:00.000000Z", &changes, &e));
	ck_assert_int_eq(json_array_size(js_arr(changes, "writing")), 0);
}
END_TEST

Suite *ilp_work_suite(void)
{
	Suite *s = suite_create("ilp/work");
	TCase *t = tcase_create("work");

	tcase_add_checked_fixture(t, open_plan, close_school);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_page_is_one_round_trip);
	tcase_add_test(t, forms_are_kept_for_each_hat);
	tcase_add_test(t, acts_are_those_of_hat_and_state);
	tcase_add_test(t, I03_what_is_hidden_changes_nothing_that_is_seen);
	tcase_add_test(t, I03_hidden_things_cannot_be_asked_for);
	tcase_add_test(t, I18_the_later_of_two_overwrites_nothing);
	tcase_add_test(t, I18_nothing_is_written_over_nothing);
	tcase_add_test(t, I19_a_save_is_one_event_and_a_repeat_none);
	tcase_add_test(t, I23_typed_by_the_mentor_in_the_students_voice);
	tcase_add_test(t, what_was_replaced_stays);
	tcase_add_test(t, I08_a_locked_plan_takes_nothing_from_families);
	tcase_add_test(t, I14_reviews_belong_by_the_day_they_were_entered);
	tcase_add_test(t, I15_new_dates_of_a_plan_count_at_once);
	tcase_add_test(t, I12_what_is_not_released_is_the_staffs);
	tcase_add_test(t, looks_are_sittings);
	tcase_add_test(t, a_hint_lasts_a_minute);
	suite_add_tcase(s, t);
	return s;
}
