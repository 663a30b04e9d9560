/* Comments, notes, the log and topics: audiences, corrections, what is taken back. */
#include "ilp/worked.h"

static struct viewer *const wearers[] = {&kari, &liv, &ada, &mum, &rektor};

static bool sees(const struct viewer *v, const char *post)
{
	return one_in(page_of(v), "posts", post);
}

static enum err_code change(const struct viewer *v, const char *post, int audience,
			    enum tri removed, enum tri done)
{
	struct post_change c = {.audience = audience, .removed = removed, .done = done};
	json_t *now;

	e = (struct err){0};
	return post_change(db, m, v, plan, post, &c, &now, &e) ? ERR_OK : e.code;
}

static enum err_code correct(const struct viewer *v, const char *post, const char *text,
			     int64_t seen)
{
	e = (struct err){0};
	return post_save(db, m, v, plan, post, text, seen, &saved, &e) ? ERR_OK : e.code;
}

/* Every audience of every kind of post: seen by whom the field shows AND whom it is for;
 * the mentor always (X-2, I-05). */
START_TEST(I02_an_audience_only_narrows)
{
	const struct {
		const char *field;
		int sees;
	} fields[] = {
		{"_log", HAT_MENTOR | HAT_TEACHER | HAT_STUDENT},
		{"_topics", HAT_MENTOR | HAT_STUDENT | HAT_GUARDIAN},
		{"said", HAT_MENTOR | HAT_STUDENT | HAT_GUARDIAN},
		{"notes", HAT_MENTOR},
	};

	for (size_t f = 0; f < 4; f++)
		for (int audience = 0; audience <= HAT_ALL; audience++) {
			const char *post =
				js_str(new_post(&kari, fields[f].field, "x", audience), "id");
			int reach = (audience & fields[f].sees) | HAT_MENTOR;
			assert_peek(mem_printf(m, "%d", reach),
				    "SELECT audience FROM ilp.post WHERE post_id = '%s'", post);
		}
	for (int i = 0; i < 5; i++) {
		json_t *posts = js_arr(page_of(wearers[i]), "posts"), *p;
		size_t n, seen = 0;
		json_array_foreach(posts, n, p) seen +=
			strchr(js_str(p, "audience"), "MCSGH"[i]) != NULL;
		ck_assert_int_eq(seen, json_array_size(posts));
		assert_peek(
			mem_printf(m, "%zu", seen),
			"SELECT count(*) FROM ilp.post WHERE plan_id = '%s' AND audience & %d <> 0",
			plan, 1 << i);
	}
}
END_TEST

START_TEST(audiences_are_changed_by_staff)
{
	const char *log = js_str(new_post(&liv, "_log", "x", -1), "id"),
		   *own = js_str(new_post(&ada, "_log", "y", -1), "id");

	ck_assert_int_eq(change(&ada, log, HAT_MENTOR, TRI_UNSET, TRI_UNSET), ERR_NOT_FOUND);
	ck_assert_int_eq(change(&ada, own, HAT_MENTOR, TRI_UNSET, TRI_UNSET), ERR_NOT_FOUND);
	ck_assert_int_eq(change(&kari, own, HAT_MENTOR, TRI_UNSET, TRI_UNSET),
			 ERR_NOT_FOUND); /* not staff's */
	ck_assert_int_eq(change(&liv, log, HAT_MENTOR | HAT_TEACHER, TRI_UNSET, TRI_UNSET), ERR_OK);
	ck_assert(!sees(&ada, log));
	ck_assert_int_eq(change(&kari, log, HAT_ALL, TRI_UNSET, TRI_UNSET), ERR_OK);
	ck_assert(sees(&ada, log) && !sees(&mum, log));
	assert_peek("post.narrowed post.shared",
		    "SELECT string_agg(kind, ' ' ORDER BY at) FROM ilp.event WHERE plan_id = '%s' "
		    "AND kind IN ('post.narrowed', 'post.shared')",
		    plan);
}
END_TEST

START_TEST(I02_authors_see_their_own)
{
	const char *post = js_str(new_post(&liv, "_log", "x", HAT_MENTOR), "id");
	struct viewer other = arrive("other", "teacher");

	ck_assert(sees(&liv, post) && sees(&kari, post));
	ck_assert(!sees(&other, post) && !sees(&ada, post));
	/* as a student sees it, nothing is one's own */
	post = js_str(new_post(&kari, "said", "x", HAT_MENTOR), "id");
	ck_assert_ptr_null(one_in(page_as(&kari, HAT_STUDENT), "posts", post));
}
END_TEST

START_TEST(I27_the_log_keeps_what_was_said)
{
	const char *log = js_str(new_post(&ada, "_log", "first", -1), "id");
	const struct viewer *const others[] = {&kari, &liv, &mum, &rektor};
	json_t *history;

	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(correct(others[i], log, "x", 1), ERR_NOT_FOUND);
		ck_assert_int_eq(change(others[i], log, -1, TRI_YES, TRI_UNSET), ERR_NOT_FOUND);
	}
	ck_assert_int_eq(correct(&ada, log, "second", 1), ERR_OK);
	ck_assert_int_eq(correct(&ada, log, "second thought", 2), ERR_OK);
	ck_assert_ptr_nonnull(js_str(one_in(page_of(&kari), "posts", log), "editedAt"));
	assert_peek("1 first",
		    "SELECT string_agg(rev || ' ' || text, ',' ORDER BY rev) FROM ilp.plan_history "
		    "WHERE object_id = '%s'",
		    log);
	peek("UPDATE ilp.post SET edited_at = edited_at - interval '11 minutes' WHERE post_id = "
	     "'%s'",
	     log);
	ck_assert_int_eq(correct(&ada, log, "third", 3), ERR_OK);
	ck_assert(work_history(db, m, &kari, plan, log, "text", &history, &e));
	ck_assert_int_eq(json_array_size(js_arr(history, "versions")), 3);
	ck_assert_int_eq(change(&ada, log, -1, TRI_YES, TRI_UNSET), ERR_OK);
	ck_assert(work_history(db, m, &kari, plan, log, "text", &history, &e));
	ck_assert_int_eq(json_array_size(js_arr(history, "versions")), 3);
	ck_assert(!work_history(db, m, &liv, plan, log, "text", &history, &e));
	ck_assert_int_eq(correct(&ada, log, "x", 4), ERR_NOT_FOUND);
}
END_TEST

START_TEST(I18_corrections_of_two_windows)
{
	const char *post = js_str(new_post(&mum, "said", "first", -1), "id");

	ck_assert_int_eq(correct(&mum, post, "second", 1), ERR_OK);
	ck_assert_int_eq(correct(&mum, post, "other", 1), ERR_OK);
	ck_assert(!saved.saved);
	ck_assert_str_eq(saved.text, "second");
	ck_assert_int_eq(correct(&mum, post, "second", 1), ERR_OK);
	ck_assert(saved.saved);
}
END_TEST

START_TEST(taken_back_it_is_a_mark_for_author_and_mentor)
{
	const char *post = js_str(new_post(&mum, "said", "word", -1), "id");

	ck_assert_int_eq(change(&mum, post, -1, TRI_YES, TRI_UNSET), ERR_OK);
	ck_assert(sees(&kari, post) && sees(&mum, post) && !sees(&ada, post) && !sees(&dad, post));
	ck_assert_str_eq(js_str(one_in(page_of(&kari), "posts", post), "text"), "");
	ck_assert(json_is_true(json_object_get(one_in(page_of(&kari), "posts", post), "removed")));
	ck_assert_int_eq(change(&mum, post, -1, TRI_YES, TRI_UNSET), ERR_OK);
	ck_assert_int_eq(change(&kari, post, -1, TRI_NO, TRI_UNSET), ERR_NOT_FOUND);
	ck_assert_int_eq(change(&mum, post, -1, TRI_NO, TRI_UNSET), ERR_OK);
	ck_assert(sees(&ada, post));
	assert_peek("post.removed post.restored",
		    "SELECT string_agg(kind, ' ' ORDER BY at) FROM ilp.event WHERE plan_id = '%s' "
		    "AND kind LIKE 'post.re%%'",
		    plan);
}
END_TEST

/* field × hat × state: who adds. */
START_TEST(posts_are_added_where_field_and_state_let)
{
	const struct {
		const char *field, *state, *who;
	} may[] = {
		{"_log", "draft", "MC"},    {"_log", "published", "MCS"},
		{"_log", "locked", "M"},    {"_log", "archived", ""},
		{"_topics", "draft", "M"},  {"_topics", "published", "MSG"},
		{"_topics", "locked", ""},  {"_topics", "archived", ""},
		{"said", "draft", "M"},     {"said", "published", "MSG"},
		{"said", "locked", ""},     {"said", "archived", ""},
		{"notes", "draft", "M"},    {"notes", "published", "M"},
		{"notes", "locked", ""},    {"notes", "archived", ""},
		{"home", "published", ""},  {"tasks", "published", ""},
		{"_rows", "published", ""}, {"nothing", "published", ""},
	};

	for (size_t i = 0; i < sizeof may / sizeof *may; i++)
		for (int w = 0; w < 5; w++) {
			set_state(may[i].state);
			bool added = new_post(wearers[w], may[i].field, "x", -1);
			ck_assert_msg(added == (strchr(may[i].who, "MCSGH"[w]) != NULL), "%s %s %c",
				      may[i].field, may[i].state, "MCSGH"[w]);
			ck_assert(added || e.code == ERR_NOT_FOUND);
		}
}
END_TEST

START_TEST(topics_are_talked_about)
{
	const char *topic = js_str(new_post(&mum, "_topics", "Homework", -1), "id");

	ck_assert_int_eq(change(&liv, topic, -1, TRI_UNSET, TRI_YES), ERR_NOT_FOUND);
	ck_assert_int_eq(change(&kari, topic, -1, TRI_UNSET, TRI_YES), ERR_OK);
	ck_assert_ptr_nonnull(js_str(one_in(page_of(&ada), "posts", topic), "doneAt"));
	ck_assert_int_eq(change(&ada, topic, -1, TRI_UNSET, TRI_NO), ERR_OK);
	ck_assert_ptr_null(js_str(one_in(page_of(&mum), "posts", topic), "doneAt"));
}
END_TEST

START_TEST(a_repeat_is_the_same_post)
{
	struct post_new w = {.id = uuid_new(m), .field = "said", .text = "x", .audience = -1};
	json_t *post;

	ck_assert(post_add(db, m, &mum, plan, &w, &post, &e));
	ck_assert(post_add(db, m, &mum, plan, &w, &post, &e));
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE plan_id = '%s' AND kind = 'post.added'",
		    plan);
	/* somebody else's id neither shows nor changes it */
	w.field = "_log";
	ck_assert(!post_add(db, m, &liv, plan, &w, &post, &e));
	assert_peek("said", "SELECT field FROM ilp.post WHERE post_id = '%s'", w.id);
}
END_TEST

Suite *ilp_post_suite(void)
{
	Suite *s = suite_create("ilp/post");
	TCase *t = tcase_create("post");

	tcase_add_checked_fixture(t, open_plan, close_school);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, I02_an_audience_only_narrows);
	tcase_add_test(t, audiences_are_changed_by_staff);
	tcase_add_test(t, I02_authors_see_their_own);
	tcase_add_test(t, I27_the_log_keeps_what_was_said);
	tcase_add_test(t, I18_corrections_of_two_windows);
	tcase_add_test(t, taken_back_it_is_a_mark_for_author_and_mentor);
	tcase_add_test(t, posts_are_added_where_field_and_state_let);
	tcase_add_test(t, topics_are_talked_about);
	tcase_add_test(t, a_repeat_is_the_same_post);
	suite_add_tcase(s, t);
	return s;
}
