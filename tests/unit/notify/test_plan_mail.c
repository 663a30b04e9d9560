/* Mail about plans and meetings: who hears, when no more, and never what stands there. */
#include "notify/school.h"

#include "base/str.h"
#include "base/sys.h"

#include <check.h>
#include <string.h>

#define TYPED "Zqtyped"

static const char *emma, *marte, *jonas, *form, *plan;

/* A published plan with a field that all see, and one for mentors alone. */
static void setup(void)
{
	school_open();
	emma = person("Emma", "emma", "en");
	marte = person("Marte", "marte", "en");
	jonas = person("Jonas", "jonas", "en");
	link_up(emma, marte);
	form = uuid_new(m);
	plan = uuid_new(m);
	sql("INSERT INTO ilp.form (tenant_id, form_id, definition) VALUES ('%s', '%s', '{}')", tenant,
	    form);
	sql("INSERT INTO ilp.form_field (tenant_id, form_id, key, kind, of, sees, edits, shared) VALUES "
	    "('%s', '%s', 'open', 'text', 'plan', 31, 1, true), ('%s', '%s', 'closed', 'text', 'plan', 1, 1, "
	    "true), ('%s', '%s', 'notes', 'notes', 'plan', 13, 1, true)",
	    tenant, form, tenant, form, tenant, form);
	sql("INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, state, "
	    "series_id, request_id, created_by, created_at, published_at, changed_by, changed_at) VALUES "
	    "('%s', '%s', '%s', '%s', '" TYPED "', '2026-08-17', '2026-12-18', 'published', '%s', '%s', '%s', "
	    "ilp.moment(), ilp.moment(), '%s', ilp.moment())",
	    tenant, plan, emma, form, plan, plan, jonas, jonas);
}

static void teardown(void)
{
	school_close();
}

static void happens(const char *kind, const char *actor, const char *meeting)
{
	sql("INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, meeting_id) "
	    "VALUES ('%s', ilp.moment(), '%s', '%s', '%s', '%s', nullif('%s', '')::uuid)",
	    tenant, kind, actor, plan, emma, meeting);
}

static void writes(const char *field, const char *actor, int hat)
{
	sql("INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at) VALUES "
	    "('%s', '%s', '%s', '%s', '" TYPED "', '%s', %d, ilp.moment()) ON CONFLICT (tenant_id, plan_id, "
	    "row_id, field) DO UPDATE SET at = excluded.at, author_id = excluded.author_id, hat = excluded.hat",
	    tenant, plan, plan, field, actor, hat);
	happens("value.saved", actor, "");
}

static void looks(const char *who, int hat)
{
	sql("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) VALUES "
	    "('%s', '%s', '%s', %d, ilp.moment(), ilp.moment()) ON CONFLICT (tenant_id, plan_id, person_id) "
	    "DO UPDATE SET seen_at = excluded.seen_at",
	    tenant, plan, who, hat);
}

/* After the window; how many letters there are in all. */
static int after(const char *time)
{
	step();
	at(time);
	step();
	return letters_kept();
}

START_TEST(a_published_plan_is_told_to_student_and_guardian)
{
	happens("plan.published", jonas, "");
	ck_assert_int_eq(after("10:10:00"), 2);
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "something new about Emma: a learning plan."));
	ck_assert_ptr_nonnull(strstr(text_to("emma"), "something new for you: a learning plan."));
	ck_assert_ptr_null(strstr(text_to("marte"), TYPED));
}
END_TEST

START_TEST(an_unpublished_plan_is_told_to_nobody)
{
	happens("plan.published", jonas, "");
	step();
	sql("UPDATE ilp.plan SET state = 'draft' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(after("10:10:00"), 0);
}
END_TEST

START_TEST(a_change_is_told_once_until_the_reader_has_looked)
{
	at("10:01:00");
	writes("open", jonas, 1);
	ck_assert_int_eq(after("10:10:00"), 2);
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "1 change in the learning plan"));
	at("10:20:00");
	writes("open", jonas, 1);
	ck_assert_int_eq(after("10:40:00"), 2);
	looks(marte, 8);
	at("11:00:00");
	writes("open", jonas, 1);
	ck_assert_int_eq(after("11:10:00"), 3);
	ck_assert_str_eq(state_of(emma), "sent 1 ");
}
END_TEST

START_TEST(who_has_looked_meanwhile_gets_no_mail)
{
	at("10:01:00");
	writes("open", jonas, 1);
	step();
	at("10:02:00");
	looks(marte, 8);
	ck_assert_int_eq(after("10:10:00"), 1);
	ck_assert_ptr_null(text_to("marte"));
}
END_TEST

START_TEST(what_a_family_does_not_see_leaves_no_trace)
{
	at("10:01:00");
	writes("closed", jonas, 1);
	sql("INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, "
	    "changed_at) VALUES ('%s', '%s', '%s', 'notes', '%s', '" TYPED "', 5, '%s', 1, ilp.moment(), "
	    "ilp.moment())",
	    tenant, plan, uuid_new(m), plan, jonas);
	happens("post.added", jonas, "");
	ck_assert_int_eq(after("10:10:00"), 1); /* the note is shared with the student alone */
	ck_assert_ptr_null(text_to("marte"));
	ck_assert_ptr_nonnull(strstr(text_to("emma"), "1 change in the learning plan"));
}
END_TEST

START_TEST(what_the_family_writes_is_told_to_none_of_it)
{
	at("10:01:00");
	writes("open", emma, 4);
	writes("open", marte, 8);
	ck_assert_int_eq(after("10:10:00"), 0);
}
END_TEST

START_TEST(a_link_that_ended_ends_the_mail)
{
	happens("plan.published", jonas, "");
	step();
	sql("UPDATE ilp.guardian_link SET state = 'blocked' WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(after("10:10:00"), 1);
	ck_assert_ptr_null(text_to("marte"));
}
END_TEST

static const char *meets(const char *state)
{
	const char *id = uuid_new(m);

	sql("INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, "
	    "starts_at, place, state, questions, created_at, changed_at) VALUES ('%s', '%s', '%s', '%s', '%s', "
	    "'%s', '2026-12-03T14:30:00Z', '" TYPED "', '%s', '[]', ilp.moment(), ilp.moment())",
	    tenant, id, plan, emma, id, jonas, state);
	sql("INSERT INTO ilp.meeting_party (tenant_id, meeting_id, person_id, hat) VALUES ('%s', '%s', '%s', 8)",
	    tenant, id, marte);
	return id;
}

START_TEST(a_meeting_is_told_to_its_parties)
{
	happens("meeting.planned", jonas, meets("planned"));
	ck_assert_int_eq(after("10:10:00"), 1);
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "news about a meeting"));
	ck_assert_ptr_null(strstr(text_to("marte"), TYPED));
}
END_TEST

START_TEST(who_has_confirmed_is_not_reminded)
{
	const char *id = meets("planned");

	happens("meeting.reminded", jonas, id);
	step();
	sql("UPDATE ilp.meeting_party SET confirmed_at = ilp.moment() WHERE tenant_id = '%s'", tenant);
	ck_assert_int_eq(after("10:10:00"), 0);
	sql("UPDATE ilp.meeting_party SET confirmed_at = NULL WHERE tenant_id = '%s'", tenant);
	happens("meeting.reminded", jonas, id);
	ck_assert_int_eq(after("10:30:00"), 1);
	ck_assert_ptr_nonnull(strstr(text_to("marte"), "a learning plan to read before a meeting"));
}
END_TEST

Suite *notify_plan_mail_suite(void)
{
	Suite *s = suite_create("notify_plan_mail");
	TCase *t = tcase_create("plan_mail");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, a_published_plan_is_told_to_student_and_guardian);
	tcase_add_test(t, an_unpublished_plan_is_told_to_nobody);
	tcase_add_test(t, a_change_is_told_once_until_the_reader_has_looked);
	tcase_add_test(t, who_has_looked_meanwhile_gets_no_mail);
	tcase_add_test(t, what_a_family_does_not_see_leaves_no_trace);
	tcase_add_test(t, what_the_family_writes_is_told_to_none_of_it);
	tcase_add_test(t, a_link_that_ended_ends_the_mail);
	tcase_add_test(t, a_meeting_is_told_to_its_parties);
	tcase_add_test(t, who_has_confirmed_is_not_reminded);
	suite_add_tcase(s, t);
	return s;
}
