/* Conversations: every arrow, who writes what in whose voice, and what a room holds. */
#include "ilp/planned.h"
#include "ilp/meeting.h"

static const char *meeting;

static const char questions[] = "[{\"key\":\"good\",\"label\":\"What are you good at?\"},"
				"{\"key\":\"hard\",\"label\":\"What is hard?\"}]";

static struct meeting_made plan_one(const struct viewer *v, const char *batch, const char *id,
				    const char *of)
{
	struct meeting_made *made;
	size_t n;
	struct meeting_form f = {.batch = batch,
				 .ids = &id,
				 .plans = &of,
				 .starts = &(const char *){"2030-12-03T14:30:00Z"},
				 .n = 1,
				 .minutes = 30,
				 .place = "Room 12",
				 .questions = questions,
				 .asks_reading = true};

	ck_assert_msg(meeting_plan(db, m, v, &f, &made, &n, &e), "%s", e.text);
	ck_assert_uint_eq(n, 1);
	return made[0];
}

static void setup(void)
{
	open_plan();
	meeting = plan_one(&kari, uuid_new(m), uuid_new(m), plan).meeting;
	ck_assert_ptr_nonnull(meeting);
}

static void set_state(const char *state, const char *step)
{
	peek("UPDATE ilp.meeting SET state = '%s', step = nullif('%s', '') WHERE meeting_id = '%s'",
	     state, step, meeting);
}

static const char *state_now(void)
{
	return peek("SELECT state FROM ilp.meeting WHERE meeting_id = '%s'", meeting);
}

static json_t *page_of(const struct viewer *v)
{
	json_t *page;

	e = (struct err){0};
	return meeting_read(db, m, v, meeting, &page, &e) ? page : NULL;
}

static json_t *live_of(const struct viewer *v)
{
	json_t *page;

	e = (struct err){0};
	return meeting_live(db, m, v, meeting, &page, &e) ? page : NULL;
}

static bool holds(const json_t *page, const char *word)
{
	return page && strstr(js_print(m, page, NULL), word);
}

/* ---- planned ---- */

START_TEST(everybody_is_invited_once)
{
	const char *batch = uuid_new(m), *id = uuid_new(m);
	struct meeting_made first = plan_one(&kari, batch, id, plan),
			    again = plan_one(&kari, batch, uuid_new(m), plan);

	ck_assert_str_eq(first.meeting, id);
	ck_assert_str_eq(again.meeting, id);
	assert_peek(
		"1:1,4:1,8:2",
		"SELECT string_agg(hat || ':' || n, ',' ORDER BY hat) FROM (SELECT hat, count(*) n "
		"FROM ilp.meeting_party WHERE meeting_id = '%s' GROUP BY hat) x",
		id);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE kind = 'meeting.planned' AND meeting_id "
		    "= '%s' "
		    "AND student_id = '%s' AND plan_id = '%s'",
		    id, ada.person, plan);
}
END_TEST

START_TEST(who_may_not_meet_plans_nothing)
{
	const struct viewer *others[] = {&ada, &mum, &liv, &ole, &bo, &stranger};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert_ptr_null(plan_one(others[i], uuid_new(m), uuid_new(m), plan).meeting);
	ck_assert_ptr_nonnull(plan_one(&rektor, uuid_new(m), uuid_new(m), plan).meeting);
	peek("UPDATE ilp.plan SET state = 'draft' WHERE plan_id = '%s'", plan);
	ck_assert_ptr_null(plan_one(&kari, uuid_new(m), uuid_new(m), plan).meeting);
	peek("UPDATE ilp.plan SET state = 'locked' WHERE plan_id = '%s'", plan);
	ck_assert_ptr_nonnull(plan_one(&kari, uuid_new(m), uuid_new(m), plan).meeting);
	assert_peek("3", "SELECT count(*) FROM ilp.meeting WHERE plan_id = '%s'", plan);
}
END_TEST

START_TEST(one_that_cannot_be_stops_no_other)
{
	const char *ids[] = {uuid_new(m), uuid_new(m)}, *plans[] = {uuid_new(m), plan};
	const char *starts[] = {"2030-12-03T14:30:00Z", "2030-12-03T15:00:00Z"};
	struct meeting_form f = {.batch = uuid_new(m),
				 .ids = ids,
				 .plans = plans,
				 .starts = starts,
				 .n = 2,
				 .minutes = 30,
				 .place = "",
				 .questions = "[]"};
	struct meeting_made *made;
	size_t n, good = 0;

	ck_assert_msg(meeting_plan(db, m, &kari, &f, &made, &n, &e), "%s", e.text);
	for (size_t i = 0; i < n; i++)
		good += made[i].meeting != NULL;
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(good, 1);
}
END_TEST

START_TEST(whoever_it_is_for_finds_it_and_nobody_else)
{
	const struct viewer *in[] = {&kari, &rektor, &ada, &mum, &dad},
			    *out[] = {&liv, &ole, &bo, &stranger};
	json_t *list;

	for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
		ck_assert_msg(page_of(in[i]) != NULL, "%zu", i);
		ck_assert(meeting_list(db, m, in[i], &list, &e));
		ck_assert_uint_eq(json_array_size(list), in[i] == &rektor ? 0 : 1);
	}
	for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
		ck_assert_msg(!page_of(out[i]), "%zu", i);
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(meeting_list(db, m, out[i], &list, &e));
		ck_assert_uint_eq(json_array_size(list), 0);
	}
	peek("UPDATE ilp.guardian_link SET state = 'ended' WHERE guardian_id = '%s'", dad.person);
	ck_assert(!page_of(&dad));
	ck_assert(!holds(page_of(&kari), dad.person));
	peek("UPDATE ilp.plan SET state = 'draft' WHERE plan_id = '%s'", plan);
	ck_assert(!page_of(&ada));
}
END_TEST

/* ---- the machine, by hand once more ---- */

static const char *const states[] = {"planned", "held", "shared", "closed", "cancelled", "missed"};
enum { STATES = sizeof states / sizeof *states };
static const bool allowed[STATES][STATES] = {
	/*             planned held shared closed cancelled missed */
	/* planned */ {0, 1, 0, 0, 1, 1},
	/* held */ {1, 0, 1, 0, 0, 0},
	/* shared */ {0, 0, 0, 1, 0, 0},
	/* closed */ {0, 0, 0, 0, 0, 0},
	/* cancel. */ {0, 0, 0, 0, 0, 0},
	/* missed */ {1, 0, 0, 0, 1, 0},
};

START_TEST(every_arrow_and_every_forbidden_one)
{
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++) {
			struct meeting_change c = {.rev = -1, .to = states[to]};
			int64_t rev;

			set_state(states[from], "");
			e = (struct err){0};
			bool went = meeting_change(db, m, &kari, meeting, &c, &rev, &e);
			ck_assert_msg(went == (allowed[from][to] || from == to), "%s -> %s",
				      states[from], states[to]);
			ck_assert_int_eq(meeting_may_go(states[from], states[to]),
					 allowed[from][to]);
			ck_assert_str_eq(state_now(), went ? states[to] : states[from]);
			if (!went)
				ck_assert_str_eq(e.field, "state");
		}
	assert_peek("8",
		    "SELECT count(*) FROM ilp.event WHERE meeting_id = '%s' AND kind <> "
		    "'meeting.planned' OR meeting_id = '%s' "
		    "AND actor_id = '%s' AND kind = 'meeting.planned' AND at > (SELECT min(at) "
		    "FROM ilp.event WHERE meeting_id = '%s')",
		    meeting, meeting, kari.person, meeting);
}
END_TEST

START_TEST(only_who_leads_changes_it)
{
	const struct viewer *others[] = {&ada, &mum, &liv, &ole};
	struct meeting_change c = {.rev = 1, .place = "Elsewhere"};
	int64_t rev;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert(!meeting_change(db, m, others[i], meeting, &c, &rev, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(!meeting_step(db, m, others[i], meeting, "welcome", &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(!meeting_attended(db, m, others[i], meeting, &ada.person, 1, &e));
	}
	ck_assert(meeting_change(db, m, &kari, meeting, &c, &rev, &e));
	ck_assert_int_eq(rev, 2);
	ck_assert(!meeting_change(db, m, &rektor, meeting, &c, &rev, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	assert_peek("Elsewhere", "SELECT place FROM ilp.meeting WHERE meeting_id = '%s'", meeting);
}
END_TEST

START_TEST(another_time_asks_once_more)
{
	struct meeting_change c = {.rev = 1, .starts = "2030-12-04T08:00:00Z"};
	int64_t rev;

	ck_assert(meeting_answer(db, m, &mum, meeting, "comes", NULL, &e));
	ck_assert(meeting_change(db, m, &kari, meeting, &c, &rev, &e));
	assert_peek("0", "SELECT count(answer) FROM ilp.meeting_party WHERE meeting_id = '%s'",
		    meeting);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE kind = 'meeting.changed' AND meeting_id "
		    "= '%s'",
		    meeting);
}
END_TEST

START_TEST(the_first_step_begins_it)
{
	ck_assert(meeting_step(db, m, &kari, meeting, "welcome", &e));
	ck_assert_str_eq(state_now(), "held");
	ck_assert(meeting_step(db, m, &kari, meeting, "q.good", &e));
	ck_assert(meeting_step(db, m, &kari, meeting, "q.good", &e));
	ck_assert(!meeting_step(db, m, &kari, meeting, "q.other", &e));
	ck_assert_str_eq(e.field, "step");
	ck_assert(meeting_step(db, m, &kari, meeting, NULL, &e));
	assert_peek("held:",
		    "SELECT state || ':' || coalesce(step, '') FROM ilp.meeting WHERE meeting_id = "
		    "'%s'",
		    meeting);
	set_state("cancelled", "");
	ck_assert(!meeting_step(db, m, &kari, meeting, "welcome", &e));
}
END_TEST

START_TEST(reviews_that_wait_for_it_go_out_as_it_begins)
{
	struct review r = make_review(&kari, "no_grades");
	const char *at;
	int64_t n;

	save(&kari, r.id, ada.person, ENTRY_VALUE, "4", 0);
	peek("UPDATE ilp.review SET release = 'meeting' WHERE review_id = '%s'", r.id);
	ck_assert_msg(ready_entries(db, m, &kari, r.id, &ada.person, 1, true, &n, &at, &e), "%s",
		      e.text);
	assert_peek("0", "SELECT count(released_at) FROM ilp.entry WHERE review_id = '%s'", r.id);
	ck_assert_msg(meeting_step(db, m, &kari, meeting, "welcome", &e), "%s", e.text);
	assert_peek("1", "SELECT count(released_at) FROM ilp.entry WHERE review_id = '%s'", r.id);
}
END_TEST

/* ---- who writes what ---- */

static enum err_code write_as(const struct viewer *v, const char *voice, const char *field,
			      const char *text)
{
	struct meeting_text t = {.meeting = meeting, .person = voice, .field = field, .text = text};
	struct entry_saved saved;

	e = (struct err){0};
	t.seen = atoi(peek("SELECT coalesce(max(rev), 0) FROM ilp.meeting_text WHERE meeting_id = "
			   "'%s' AND person_id = '%s' "
			   "AND field = '%s'",
			   meeting, voice, field));
	if (!meeting_text_save(db, m, v, &t, &saved, &e))
		return e.code;
	ck_assert(saved.saved);
	return ERR_OK;
}

/* Who (k kari, r rektor, a ada, m mum, l liv, s stranger) may write it. */
static void writers(const char *voice, const char *field, const char *who)
{
	static const char letters[] = "kramls";
	const struct viewer *all[] = {&kari, &rektor, &ada, &mum, &liv, &stranger};

	for (int i = 0; letters[i]; i++) {
		enum err_code got = write_as(all[i], voice, field,
					     mem_printf(m, "%s by %c", field, letters[i]));
		ck_assert_msg((got == ERR_OK) == (strchr(who, letters[i]) != NULL), "%s, %s: %c",
			      state_now(), field, letters[i]);
		if (got != ERR_OK)
			ck_assert_int_eq(got, ERR_NOT_FOUND);
	}
}

START_TEST(each_writes_their_own_and_whoever_leads_every_voice)
{
	writers(ada.person, "prep.good", "a");
	writers(mum.person, "prep.good", "m");
	writers(mum.person, "prep.never_asked", "");
	writers(kari.person, "private", "k");
	writers(ada.person, "private", "");
	writers(ada.person, "talk.good", "");
	writers(meeting, "minutes", "");
	set_state("held", "q.good");
	writers(ada.person, "prep.good", "");
	writers(ada.person, "talk.good", "kra");
	writers(mum.person, "talk.good", "krm");
	writers(dad.person, "talk.good", "kr");
	writers(kari.person, "talk.good", "kr");
	writers(bo.person, "talk.good", "");
	writers(meeting, "minutes", "kr");
	writers(ada.person, "minutes", "");
	set_state("held", "");
	writers(ada.person, "talk.good", "kr");
	set_state("shared", "");
	writers(ada.person, "talk.good", "");
	writers(meeting, "minutes", "kr");
	set_state("closed", "");
	writers(meeting, "minutes", "");
	set_state("cancelled", "");
	writers(ada.person, "prep.good", "");
}
END_TEST

START_TEST(only_yes_shows_a_preparation)
{
	ck_assert_int_eq(write_as(&mum, mum.person, "show", "no"), ERR_NOT_FOUND);
	ck_assert_int_eq(write_as(&ada, ada.person, "show", "yes"), ERR_NOT_FOUND);
	ck_assert_int_eq(write_as(&mum, mum.person, "show", "yes"), ERR_OK);
	ck_assert_int_eq(write_as(&mum, mum.person, "show", ""), ERR_OK);
}
END_TEST

START_TEST(I23_what_is_typed_for_somebody_says_who_typed)
{
	set_state("held", "q.good");
	ck_assert_int_eq(write_as(&kari, ada.person, "talk.good", "I draw"), ERR_OK);
	assert_peek(mem_printf(m, "%s %s", ada.person, kari.person),
		    "SELECT person_id || ' ' || author_id FROM ilp.meeting_text WHERE meeting_id = "
		    "'%s' AND field = 'talk.good'",
		    meeting);
	assert_peek(mem_printf(m, "%s %s", kari.person, ada.person),
		    "SELECT actor_id || ' ' || (detail ->> 'person') FROM ilp.event WHERE kind = "
		    "'meeting.text' AND meeting_id = '%s'",
		    meeting);
	json_t *text = json_array_get(js_arr(live_of(&ada), "texts"), 0);
	ck_assert(js_bool(text, "typed", false));
	ck_assert_str_eq(js_str(text, "by"), "Given kari");
}
END_TEST

START_TEST(two_who_write_the_same_lose_nothing)
{
	struct meeting_text t = {
		.meeting = meeting, .person = ada.person, .field = "talk.good", .text = "I draw"};
	struct entry_saved saved;

	set_state("held", "q.good");
	ck_assert(meeting_text_save(db, m, &ada, &t, &saved, &e) && saved.saved);
	t.text = "I sing";
	ck_assert(meeting_text_save(db, m, &kari, &t, &saved, &e) && !saved.saved);
	ck_assert_str_eq(saved.now.text, "I draw");
	t.seen = 1;
	ck_assert(meeting_text_save(db, m, &kari, &t, &saved, &e) && saved.saved);
	ck_assert(meeting_text_save(db, m, &kari, &t, &saved, &e) && saved.saved);
	ck_assert_int_eq(saved.now.rev, 2);
	assert_peek("I draw", "SELECT text FROM ilp.meeting_history WHERE meeting_id = '%s'",
		    meeting);
}
END_TEST

/* ---- who reads what ---- */

START_TEST(a_room_holds_nothing_private)
{
	put_post("notes", "staffword", &kari, 1, 1);
	put_value("secret", "secretword", &kari, 1);
	put_task("secrets", goal, "hiddentask", "todo");
	put_task("tasks", goal, "opentask", "todo");
	write_as(&kari, kari.person, "private", "privateword");
	write_as(&ada, ada.person, "prep.good", "adaword");
	write_as(&mum, mum.person, "prep.good", "mumword");
	write_as(&dad, dad.person, "prep.hard", "dadword");
	write_as(&dad, dad.person, "show", "yes");
	set_state("held", "welcome");
	const struct viewer *all[] = {&kari, &rektor, &ada, &mum, &dad};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		json_t *live = live_of(all[i]);
		ck_assert_ptr_nonnull(live);
		ck_assert(!holds(live, "staffword") && !holds(live, "secretword") &&
			  !holds(live, "privateword") && !holds(live, "hiddentask"));
		ck_assert(holds(live, "adaword") && holds(live, "dadword"));
		ck_assert(holds(live, "opentask") == (all[i] != &rektor));
		ck_assert(holds(live, "mumword") == (all[i] == &mum));
		ck_assert(holds(live, "Read every day"));
	}
	ck_assert(!live_of(&liv) && !live_of(&stranger) && !live_of(&bo));
	set_state("held", "");
	ck_assert(!live_of(&ada) && live_of(&kari));
}
END_TEST

START_TEST(each_of_the_family_reads_their_own_until_it_is_shared)
{
	write_as(&kari, kari.person, "private", "privateword");
	write_as(&ada, ada.person, "prep.good", "adaword");
	write_as(&mum, mum.person, "prep.good", "mumword");
	set_state("held", "q.good");
	write_as(&kari, ada.person, "talk.good", "talkword");
	write_as(&kari, meeting, "minutes", "minuteword");
	ck_assert(holds(page_of(&kari), "privateword") && !holds(page_of(&rektor), "privateword"));
	ck_assert(holds(page_of(&kari), "mumword") && holds(page_of(&kari), "adaword"));
	ck_assert(holds(page_of(&mum), "mumword") && !holds(page_of(&mum), "adaword") &&
		  !holds(page_of(&dad), "mumword"));
	ck_assert(!holds(page_of(&mum), "talkword") && !holds(page_of(&ada), "minuteword") &&
		  !holds(page_of(&ada), "mumword"));
	set_state("shared", "");
	ck_assert(holds(page_of(&mum), "talkword") && holds(page_of(&ada), "minuteword"));
	ck_assert(!holds(page_of(&mum), "adaword") && !holds(page_of(&ada), "privateword"));
}
END_TEST

START_TEST(only_staff_see_how_far_the_others_are)
{
	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) "
	     "VALUES ('%s', '%s', '%s', 8, now(), now())",
	     tenant, plan, mum.person);
	write_as(&ada, ada.person, "prep.good", "drawing");
	put_post("said", "a comment", &dad, 8, 13);
	ck_assert(meeting_confirm(db, m, &mum, meeting, &e));
	json_t *parties = js_arr(js_obj(page_of(&kari), "meeting"), "parties"), *p;
	size_t i, opened = 0, prepared = 0, confirmed = 0;
	json_array_foreach(parties, i, p)
	{
		opened += js_str(p, "openedAt") != NULL;
		prepared += js_bool(p, "prepared", false);
		confirmed += js_str(p, "confirmedAt") != NULL;
	}
	ck_assert_uint_eq(json_array_size(parties), 4);
	ck_assert_uint_eq(opened, 1);
	ck_assert_uint_eq(prepared, 2);
	ck_assert_uint_eq(confirmed, 1);
	parties = js_arr(js_obj(page_of(&dad), "meeting"), "parties");
	ck_assert_uint_eq(json_array_size(parties), 4);
	ck_assert(!holds(parties, "openedAt") && !holds(parties, "confirmedAt") &&
		  !holds(parties, "answer"));
}
END_TEST

/* ---- answers, reminders, agreements ---- */

START_TEST(answers_and_ticks_are_the_familys)
{
	ck_assert(meeting_answer(db, m, &mum, meeting, "other_time", "after four", &e));
	ck_assert(meeting_answer(db, m, &mum, meeting, "other_time", "after four", &e));
	ck_assert(meeting_confirm(db, m, &ada, meeting, &e));
	ck_assert(meeting_confirm(db, m, &ada, meeting, &e));
	assert_peek("1,1",
		    "SELECT count(*) FILTER (WHERE kind = 'meeting.answered') || ',' || count(*) "
		    "FILTER (WHERE kind = 'meeting.read') "
		    "FROM ilp.event WHERE meeting_id = '%s'",
		    meeting);
	const struct viewer *others[] = {&kari, &rektor, &liv, &stranger, &bo};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert(!meeting_answer(db, m, others[i], meeting, "comes", NULL, &e));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
		ck_assert(!meeting_confirm(db, m, others[i], meeting, &e));
	}
	set_state("cancelled", "");
	ck_assert(!meeting_answer(db, m, &mum, meeting, "comes", NULL, &e));
	ck_assert(!meeting_confirm(db, m, &mum, meeting, &e));
}
END_TEST

START_TEST(a_guardian_linked_later_answers_too)
{
	struct viewer aunt = arrive_as_guardian("aunt", (const char *[]){"ada"}, 1);

	ck_assert(page_of(&aunt));
	ck_assert(meeting_answer(db, m, &aunt, meeting, "comes", NULL, &e));
	ck_assert(holds(page_of(&kari), aunt.person));
}
END_TEST

START_TEST(who_has_not_read_is_reminded_once_a_day)
{
	int64_t reminded, already;

	ck_assert(meeting_confirm(db, m, &ada, meeting, &e));
	ck_assert(meeting_answer(db, m, &dad, meeting, "cannot", NULL, &e));
	ck_assert(meeting_remind(db, m, &kari, NULL, meeting, &reminded, &already, &e));
	ck_assert_int_eq(reminded, 1);
	ck_assert(meeting_remind(db, m, &kari, NULL, meeting, &reminded, &already, &e));
	ck_assert_int_eq(reminded, 0);
	ck_assert_int_eq(already, 1);
	assert_peek(mem_printf(m, "[\"%s\"]", mum.person),
		    "SELECT detail ->> 'people' FROM ilp.event WHERE kind = 'meeting.reminded' AND "
		    "meeting_id = '%s'",
		    meeting);
	peek("UPDATE ilp.meeting_party SET reminded_at = now() - interval '1 day' WHERE meeting_id "
	     "= '%s'",
	     meeting);
	ck_assert(meeting_remind(
		db, m, &kari,
		peek("SELECT batch_id FROM ilp.meeting WHERE meeting_id = '%s'", meeting), NULL,
		&reminded, &already, &e));
	ck_assert_int_eq(reminded, 1);
	ck_assert(!meeting_remind(db, m, &mum, NULL, meeting, &reminded, &already, &e));
	ck_assert(!meeting_remind(db, m, &liv, NULL, meeting, &reminded, &already, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(what_is_agreed_is_a_task_of_the_plan)
{
	struct meeting_agreement a = {.id = uuid_new(m),
				      .text = "Read at bedtime",
				      .due = "2030-12-20",
				      .responsible = "home"};

	ck_assert(!meeting_agree(db, m, &kari, meeting, &a, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	set_state("held", "agreements");
	ck_assert(!meeting_agree(db, m, &ada, meeting, &a, &e) &&
		  !meeting_agree(db, m, &mum, meeting, &a, &e));
	ck_assert_msg(meeting_agree(db, m, &kari, meeting, &a, &e), "%s", e.text);
	ck_assert(meeting_agree(db, m, &kari, meeting, &a, &e));
	assert_peek("agreed home todo 2030-12-20 t t",
		    "SELECT concat_ws(' ', field, responsible, status, due_on, meeting_id = '%s', "
		    "row_id = plan_id) FROM ilp.task WHERE plan_id = '%s'",
		    meeting, plan);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE kind = 'task.added' AND plan_id = '%s'",
		    plan);
	ck_assert(holds(live_of(&mum), "Read at bedtime"));
	peek("UPDATE ilp.plan SET state = 'locked' WHERE plan_id = '%s'", plan);
	a.id = uuid_new(m);
	ck_assert(!meeting_agree(db, m, &kari, meeting, &a, &e));
}
END_TEST

START_TEST(without_a_list_of_its_own_it_goes_under_a_goal)
{
	struct meeting_agreement a = {
		.id = uuid_new(m), .text = "Read at bedtime", .responsible = "student"};

	set_state("held", "agreements");
	peek("DELETE FROM ilp.form_field WHERE tenant_id = '%s' AND key = 'agreed'", tenant);
	a.row = uuid_new(m);
	ck_assert(!meeting_agree(db, m, &kari, meeting, &a, &e));
	ck_assert_str_eq(e.field, "row");
	a.row = NULL;
	ck_assert_msg(meeting_agree(db, m, &kari, meeting, &a, &e), "%s", e.text);
	assert_peek(mem_printf(m, "tasks %s", goal),
		    "SELECT field || ' ' || row_id FROM ilp.task WHERE plan_id = '%s'", plan);
}
END_TEST

/* ---- before it ---- */

START_TEST(the_brief_begins_with_what_weighs_most)
{
	json_t *page, *line;
	const char *kinds = "";
	size_t i;

	put_task("tasks", goal, "stuck", "doing");
	peek("UPDATE ilp.task SET status = 'help' WHERE text = 'stuck' AND plan_id = '%s'", plan);
	put_task("tasks", goal, "late", "todo");
	peek("UPDATE ilp.task SET due_on = current_date - 3 WHERE text = 'late' AND plan_id = '%s'",
	     plan);
	put_task("tasks", goal, "finished", "done");
	put_post("_topics", "the bus", &mum, 8, 13);
	put_post("said", "thank you", &dad, 8, 13);
	put_value("home", "we read", &mum, 8);
	write_as(&ada, ada.person, "prep.good", "drawing");
	ck_assert(meeting_answer(db, m, &dad, meeting, "other_time", "after four", &e));
	ck_assert_msg(meeting_brief(db, m, &kari, meeting, &page, &e), "%s", e.text);
	json_array_foreach(js_arr(page, "lines"), i, line) kinds =
		mem_printf(m, "%s%s:%s ", kinds, js_str(line, "part"), js_str(line, "kind"));
	ck_assert_str_eq(
		kinds,
		"now:answer now:help now:late now:topic new:post said:prep new:value good:done ");
	ck_assert(!meeting_brief(db, m, &ada, meeting, &page, &e) &&
		  !meeting_brief(db, m, &mum, meeting, &page, &e) &&
		  !meeting_brief(db, m, &liv, meeting, &page, &e));
	put_post("notes", "staffword", &kari, 1, 1);
	ck_assert(meeting_brief(db, m, &rektor, meeting, &page, &e));
	ck_assert(!holds(page, "staffword") && !holds(page, "we read") && !holds(page, "the bus") &&
		  holds(page, "drawing"));
}
END_TEST

START_TEST(a_calendar_says_when_and_where_and_nothing_else)
{
	const char *text;

	peek("UPDATE ilp.meeting SET place = E'Rom 1, annen etasje; spør i ekspedisjonen \\\\ "
	     "rektor ved inngangen mot parken' WHERE meeting_id = '%s'",
	     meeting);
	ck_assert(meeting_calendar(db, m, &mum, meeting, "Conversation at school", &text, &e));
	ck_assert_ptr_nonnull(strstr(text, "\r\nDTSTART:20301203T143000Z\r\nDURATION:PT30M\r\n"));
	ck_assert_ptr_nonnull(strstr(text, "\r\nSUMMARY:Conversation at school\r\n"));
	ck_assert_ptr_nonnull(strstr(text, "LOCATION:Rom 1\\, annen etasje\\; sp"));
	ck_assert_ptr_null(strstr(text, "ada"));
	for (const char *line = text; *line; line = strstr(line, "\r\n") + 2)
		ck_assert_int_le(strstr(line, "\r\n") - line, 75);
	ck_assert(!meeting_calendar(db, m, &liv, meeting, "x", &text, &e));
}
END_TEST

Suite *ilp_meeting_suite(void);

Suite *ilp_meeting_suite(void)
{
	Suite *s = suite_create("ilp/meeting");
	TCase *t = tcase_create("meeting");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, everybody_is_invited_once);
	tcase_add_test(t, who_may_not_meet_plans_nothing);
	tcase_add_test(t, one_that_cannot_be_stops_no_other);
	tcase_add_test(t, whoever_it_is_for_finds_it_and_nobody_else);
	tcase_add_test(t, every_arrow_and_every_forbidden_one);
	tcase_add_test(t, only_who_leads_changes_it);
	tcase_add_test(t, another_time_asks_once_more);
	tcase_add_test(t, the_first_step_begins_it);
	tcase_add_test(t, reviews_that_wait_for_it_go_out_as_it_begins);
	tcase_add_test(t, each_writes_their_own_and_whoever_leads_every_voice);
	tcase_add_test(t, only_yes_shows_a_preparation);
	tcase_add_test(t, I23_what_is_typed_for_somebody_says_who_typed);
	tcase_add_test(t, two_who_write_the_same_lose_nothing);
	tcase_add_test(t, a_room_holds_nothing_private);
	tcase_add_test(t, each_of_the_family_reads_their_own_until_it_is_shared);
	tcase_add_test(t, only_staff_see_how_far_the_others_are);
	tcase_add_test(t, answers_and_ticks_are_the_familys);
	tcase_add_test(t, a_guardian_linked_later_answers_too);
	tcase_add_test(t, who_has_not_read_is_reminded_once_a_day);
	tcase_add_test(t, what_is_agreed_is_a_task_of_the_plan);
	tcase_add_test(t, without_a_list_of_its_own_it_goes_under_a_goal);
	tcase_add_test(t, the_brief_begins_with_what_weighs_most);
	tcase_add_test(t, a_calendar_says_when_and_where_and_nothing_else);
	suite_add_tcase(s, t);
	return s;
}
