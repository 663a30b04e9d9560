/* Signatures: a copy of one moment for each hat, answered once, never changed (I-27). */
#include "ilp/planned.h"
#include "ilp/sign.h"

static const char *snapshot;

static bool ask(const struct viewer *v, const char *id, const struct viewer *const *who, size_t n)
{
	const char *people[8], *used;

	for (size_t i = 0; i < n; i++)
		people[i] = who[i]->person;
	e = (struct err){0};
	if (!sign_ask(db, m, v, plan, id, people, n, &used, &e))
		return false;
	snapshot = used;
	return true;
}

static const struct viewer *const everybody[] = {&ada, &mum, &dad, &kari};

static void setup(void)
{
	open_plan();
	put_value("home", "we read", &mum, 8);
	put_value("secret", "secretword", &kari, 1);
	ck_assert_msg(ask(&kari, uuid_new(m), everybody, 4), "%s", e.text);
}

static enum err_code give(const struct viewer *v, const struct viewer *signer, const char *answer,
			  const char *method)
{
	struct sign_answer a = {.plan = plan,
				.snapshot = snapshot,
				.person = signer->person,
				.answer = answer,
				.method = method,
				.reason = str_eq(answer, "declined") ? "not yet" : NULL};

	e = (struct err){0};
	return sign_give(db, m, v, &a, &e) ? ERR_OK : e.code;
}

static json_t *list_of(const struct viewer *v)
{
	json_t *list;

	e = (struct err){0};
	return sign_list(db, m, v, plan, &list, &e) ? list : NULL;
}

static bool changed_for(const struct viewer *v)
{
	return js_bool(json_array_get(js_arr(list_of(v), "copies"), 0), "changed", false);
}

static bool holds(const json_t *page, const char *word)
{
	return page && strstr(js_print(m, page, NULL), word);
}

START_TEST(each_signs_what_they_see)
{
	json_t *copy;

	ck_assert(sign_copy(db, m, &mum, plan, snapshot, &copy, &e));
	ck_assert(holds(copy, "we read") && !holds(copy, "secretword") &&
		  js_bool(copy, "intact", false));
	ck_assert(sign_copy(db, m, &kari, plan, snapshot, &copy, &e));
	ck_assert(holds(copy, "secretword"));
	ck_assert(!sign_copy(db, m, &rektor, plan, snapshot, &copy, &e) &&
		  !sign_copy(db, m, &liv, plan, snapshot, &copy, &e) &&
		  !sign_copy(db, m, &stranger, plan, snapshot, &copy, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("3",
		    "SELECT count(*) FROM ilp.snapshot WHERE plan_id = '%s' AND hash = "
		    "encode(sha256(convert_to(content, 'UTF8')), 'hex')",
		    plan);
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE kind = 'signature.asked' AND plan_id = "
		    "'%s' AND student_id = '%s'",
		    plan, ada.person);
}
END_TEST

START_TEST(only_the_mentor_asks_and_only_whom_it_concerns)
{
	const struct viewer *others[] = {&ada, &mum, &liv, &rektor, &ole, &stranger};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert(!ask(others[i], uuid_new(m), everybody, 1));
		ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	}
	const struct viewer *wrong[] = {&ada, &stranger};
	ck_assert(!ask(&kari, uuid_new(m), wrong, 2));
	ck_assert_str_eq(e.field, "people");
	peek("UPDATE ilp.plan SET state = 'draft' WHERE plan_id = '%s'", plan);
	ck_assert(!ask(&kari, uuid_new(m), everybody, 1));
	assert_peek("4", "SELECT count(*) FROM ilp.sign_off WHERE plan_id = '%s'", plan);
}
END_TEST

START_TEST(the_same_plan_is_frozen_once)
{
	const char *first = snapshot;

	ck_assert(ask(&kari, uuid_new(m), everybody, 4));
	ck_assert_str_eq(snapshot, first);
	peek("INSERT INTO ilp.plan_look (tenant_id, plan_id, person_id, hat, first_at, seen_at) "
	     "VALUES ('%s', '%s', '%s', 8, now(), now())",
	     tenant, plan, mum.person);
	ck_assert(ask(&kari, uuid_new(m), everybody, 1));
	ck_assert_str_eq(snapshot, first);
	put_value("secret", "another", &kari, 1);
	ck_assert(ask(&kari, uuid_new(m), everybody, 1));
	ck_assert_str_ne(snapshot, first);
	ck_assert(ask(&kari, snapshot, everybody, 1));
	assert_peek("2",
		    "SELECT count(DISTINCT snapshot_id) FROM ilp.snapshot WHERE plan_id = '%s'",
		    plan);
}
END_TEST

START_TEST(oneself_in_the_app_or_the_mentor_for_paper_and_room)
{
	ck_assert_int_eq(give(&ada, &ada, "signed", "app"), ERR_OK);
	ck_assert_int_eq(give(&ada, &ada, "signed", "app"), ERR_OK);
	ck_assert_int_eq(give(&ada, &mum, "signed", "app"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&mum, &mum, "signed", "room"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&kari, &mum, "signed", "app"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&kari, &mum, "signed", "room"), ERR_OK);
	ck_assert_int_eq(give(&kari, &dad, "signed", "paper"), ERR_OK);
	ck_assert_int_eq(give(&kari, &stranger, "signed", "paper"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&rektor, &rektor, "signed", "app"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&liv, &liv, "signed", "app"), ERR_NOT_FOUND);
	assert_peek("app- room-kari paper-kari",
		    "SELECT string_agg(f.method || '-' || coalesce(p.family_name, ''), ' ' ORDER "
		    "BY f.answered_at) "
		    "FROM ilp.sign_off f LEFT JOIN ilp.person p ON p.person_id = f.typed_by WHERE "
		    "f.plan_id = '%s' AND f.answer = 'signed'",
		    plan);
	assert_peek(
		"3",
		"SELECT count(*) FROM ilp.event WHERE kind = 'signature.given' AND plan_id = '%s'",
		plan);
}
END_TEST

START_TEST(I27_an_answer_stays)
{
	ck_assert_int_eq(give(&mum, &mum, "declined", "app"), ERR_OK);
	ck_assert_int_eq(give(&mum, &mum, "signed", "app"), ERR_CONFLICT);
	ck_assert_int_eq(give(&kari, &mum, "signed", "paper"), ERR_CONFLICT);
	assert_peek("declined not yet",
		    "SELECT answer || ' ' || reason FROM ilp.sign_off WHERE plan_id = '%s' AND "
		    "person_id = '%s'",
		    plan, mum.person);
	const char *tries[] = {"UPDATE ilp.snapshot SET content = content",
			       "UPDATE ilp.sign_off SET answer = 'signed' WHERE answer IS NOT NULL",
			       "DELETE FROM ilp.snapshot", "DELETE FROM ilp.sign_off"};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		assert_peek("f",
			    "DO $$ BEGIN PERFORM set_config('app.tenant', '%s', false); PERFORM "
			    "set_config('app.stayed', 'f', false); "
			    "SET LOCAL ROLE ilpd_app; EXECUTE $q$%s$q$; PERFORM "
			    "set_config('app.stayed', 'changed', false); "
			    "EXCEPTION WHEN OTHERS THEN NULL; END $$; SELECT "
			    "current_setting('app.stayed', true) IS NOT DISTINCT FROM 'changed'",
			    tenant, tries[i]);
	assert_peek("3 4",
		    "SELECT (SELECT count(*) FROM ilp.snapshot WHERE plan_id = '%s') || ' ' || "
		    "(SELECT count(*) FROM ilp.sign_off WHERE plan_id = '%s')",
		    plan, plan);
}
END_TEST

START_TEST(a_newer_copy_supersedes_what_is_unsigned)
{
	const char *first = snapshot;

	ck_assert_int_eq(give(&ada, &ada, "signed", "app"), ERR_OK);
	put_value("home", "we read more", &mum, 8);
	ck_assert(ask(&kari, uuid_new(m), everybody, 4));
	const char *second = snapshot;
	snapshot = first;
	ck_assert_int_eq(give(&mum, &mum, "signed", "app"), ERR_CONFLICT);
	ck_assert_int_eq(give(&ada, &ada, "signed", "app"), ERR_OK);
	snapshot = second;
	ck_assert_int_eq(give(&mum, &mum, "signed", "app"), ERR_OK);
	ck_assert_uint_eq(json_array_size(js_arr(list_of(&ada), "copies")), 2);
}
END_TEST

START_TEST(changes_since_are_said_to_whom_they_show)
{
	ck_assert(!changed_for(&kari) && !changed_for(&ada) && !changed_for(&mum));
	put_value("secret", "another secretword", &kari, 1);
	ck_assert(changed_for(&kari) && !changed_for(&ada) && !changed_for(&mum));
	put_value("home", "we read more", &mum, 8);
	ck_assert(changed_for(&kari) && changed_for(&ada) && changed_for(&mum));
}
END_TEST

START_TEST(who_declined_is_between_them_and_the_school)
{
	ck_assert_int_eq(give(&mum, &mum, "declined", "app"), ERR_OK);
	ck_assert_int_eq(give(&dad, &dad, "signed", "app"), ERR_OK);
	ck_assert(holds(list_of(&kari), "not yet") && holds(list_of(&mum), "not yet"));
	ck_assert(!holds(list_of(&dad), "not yet") && !holds(list_of(&dad), "declined") &&
		  !holds(list_of(&ada), "declined"));
	ck_assert(holds(list_of(&ada), "signed"));
	ck_assert(!list_of(&liv) && !list_of(&stranger) && !list_of(&bo));
	ck_assert(list_of(&rektor) && !holds(list_of(&rektor), "\"hash\":\""));
}
END_TEST

START_TEST(who_is_no_guardian_any_more_signs_nothing)
{
	peek("UPDATE ilp.guardian_link SET state = 'ended' WHERE guardian_id = '%s'", mum.person);
	ck_assert_int_eq(give(&mum, &mum, "signed", "app"), ERR_NOT_FOUND);
	ck_assert_int_eq(give(&kari, &mum, "signed", "paper"), ERR_NOT_FOUND);
	ck_assert(!list_of(&mum));
}
END_TEST

START_TEST(when_all_have_signed_the_meeting_is_closed)
{
	peek("INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, "
	     "organiser_id, starts_at, questions, state, created_at, changed_at) "
	     "VALUES ('%s', gen_random_uuid(), '%s', '%s', gen_random_uuid(), '%s', now(), '[]', "
	     "'shared', now(), now())",
	     tenant, plan, ada.person, kari.person);
	ck_assert_int_eq(give(&ada, &ada, "signed", "app"), ERR_OK);
	ck_assert_int_eq(give(&mum, &mum, "signed", "app"), ERR_OK);
	ck_assert_int_eq(give(&kari, &dad, "signed", "room"), ERR_OK);
	assert_peek("shared", "SELECT state FROM ilp.meeting WHERE plan_id = '%s'", plan);
	ck_assert_int_eq(give(&kari, &kari, "signed", "app"), ERR_OK);
	assert_peek("closed", "SELECT state FROM ilp.meeting WHERE plan_id = '%s'", plan);
}
END_TEST

Suite *ilp_sign_suite(void);

Suite *ilp_sign_suite(void)
{
	Suite *s = suite_create("ilp/sign");
	TCase *t = tcase_create("sign");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, each_signs_what_they_see);
	tcase_add_test(t, only_the_mentor_asks_and_only_whom_it_concerns);
	tcase_add_test(t, the_same_plan_is_frozen_once);
	tcase_add_test(t, oneself_in_the_app_or_the_mentor_for_paper_and_room);
	tcase_add_test(t, I27_an_answer_stays);
	tcase_add_test(t, a_newer_copy_supersedes_what_is_unsigned);
	tcase_add_test(t, changes_since_are_said_to_whom_they_show);
	tcase_add_test(t, who_declined_is_between_them_and_the_school);
	tcase_add_test(t, who_is_no_guardian_any_more_signs_nothing);
	tcase_add_test(t, when_all_have_signed_the_meeting_is_closed);
	suite_add_tcase(s, t);
	return s;
}
