/* I-02, I-05, I-08 from end to end: every way a field may show and be written, for every hat
 * in every state; what comes out is what the table of the rule says, written down once more. */
#include "ilp/worked.h"

/* Course teachers, students, guardians and headteachers each see nothing of a field, see it,
 * or see and write it; the mentor always sees. */
#define FIELDS 81

static int sees_of(int i)
{
	int sees = HAT_MENTOR;

	for (int hat = HAT_TEACHER; hat <= HAT_HEAD; hat <<= 1, i /= 3)
		sees |= i % 3 ? hat : 0;
	return sees;
}

static int edits_of(int i)
{
	int edits = i % 2 ? HAT_MENTOR : 0;

	for (int hat = HAT_TEACHER; hat <= HAT_HEAD; hat <<= 1, i /= 3)
		edits |= i % 3 == 2 ? hat : 0;
	return edits;
}

static const char *field_name(int i)
{
	return mem_printf(m, "f%d", i);
}

static const char *form_of_all(void)
{
	json_t *fields = json_array(), *read;
	const char *form;

	for (int i = 0; i < FIELDS; i++)
		json_array_append_new(fields, json_pack("{s:s, s:s, s:{s:s}, s:s, s:s}", "key",
							field_name(i), "kind", "text", "label",
							"en", "x", "sees", hats_name(m, sees_of(i)),
							"edits", hats_name(m, edits_of(i))));
	const char *text = text_of(js_own(
		m, json_pack("{s:i, s:{s:s}, s:s, s:[{s:s, s:s, s:{s:s}, s:o}]}", "version", 1,
			     "title", "en", "All", "purpose", "other", "sections", "key", "all",
			     "kind", "fields", "title", "en", "All", "fields", fields)));
	ck_assert_msg(form_read(m, text, strlen(text), &read, &e), "%s: %s", str_or(e.field, ""),
		      e.text);
	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	form_put_add(db, m, read, &form);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	return form;
}

static void setup(void)
{
	open_plan();
	plan = make_plan_of(ada.person, form_of_all(), "published");
	for (int i = 0; i < FIELDS; i++)
		peek("INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, "
		     "author_id, hat, at) "
		     "VALUES ('%s', '%s', '%s', 'f%d', 'stands', '%s', 1, now())",
		     tenant, plan, plan, i, kari.person);
}

/* ilp.md 4.4, with the school's rules as they come: families look back at locked plans. */
static const struct {
	const char *state;
	int reads, writes;
} states[] = {
	{"draft", HAT_MENTOR | HAT_TEACHER | HAT_HEAD, HAT_MENTOR | HAT_TEACHER},
	{"published", HAT_ALL, HAT_MENTOR | HAT_TEACHER | HAT_STUDENT | HAT_GUARDIAN},
	{"locked", HAT_ALL, 0},
	{"archived", HAT_MENTOR | HAT_TEACHER | HAT_HEAD, 0},
};
static struct viewer *const wearers[] = {&kari, &liv, &ada, &mum, &rektor};

/* Of the form as it is shown: is the field there, and is it marked as one to write in? */
static json_t *field_in(json_t *page, const char *key)
{
	json_t *sections = js_arr(js_obj(page, "form"), "sections"), *f;
	size_t i;

	json_array_foreach(js_arr(json_array_get(sections, 0), "fields"), i,
			   f) if (str_eq(js_str(f, "key"), key)) return f;
	return NULL;
}

START_TEST(I02_visible_is_state_and_field)
{
	int hat = 1 << _i;

	for (size_t s = 0; s < 4; s++) {
		set_state(states[s].state);
		json_t *page = page_of(wearers[_i]);
		ck_assert_int_eq(page != NULL, (states[s].reads & hat) != 0);
		for (int i = 0; page && i < FIELDS; i++) {
			bool sees = sees_of(i) & hat;
			json_t *f = field_in(page, field_name(i));
			ck_assert_msg((value_in(page, NULL, field_name(i)) != NULL) == sees,
				      "%s of %s", field_name(i), states[s].state);
			ck_assert_int_eq(f != NULL, sees);
			ck_assert_int_eq(f && js_bool(f, "edits", false), (edits_of(i) & hat) != 0);
		}
	}
}
END_TEST

START_TEST(I02_editable_is_state_and_field)
{
	int hat = 1 << _i;
	int64_t rev[FIELDS];

	for (int i = 0; i < FIELDS; i++)
		rev[i] = 1;
	for (size_t s = 0; s < 4; s++) {
		set_state(states[s].state);
		for (int i = 0; i < FIELDS; i++) {
			bool may = (states[s].writes & hat) && (edits_of(i) & hat);
			enum err_code code =
				write_value(wearers[_i], NULL, field_name(i),
					    mem_printf(m, "%s", states[s].state), rev[i]);
			ck_assert_msg(code == (may ? ERR_OK : ERR_NOT_FOUND), "%s of %s: %d",
				      field_name(i), states[s].state, code);
			ck_assert(!may || saved.saved);
			rev[i] += may;
		}
	}
	for (int i = 0; i < FIELDS; i++)
		assert_peek(mem_printf(m, "%d", (int)rev[i]),
			    "SELECT rev FROM ilp.plan_value WHERE plan_id = '%s' AND field = 'f%d'",
			    plan, i);
}
END_TEST

/* The wall behind the wall: a form cannot even hold a right to write what is not seen. */
START_TEST(I02_who_does_not_see_does_not_edit)
{
	static const char bad[] =
		"{\"version\":1,\"title\":{\"en\":\"x\"},\"purpose\":\"other\",\"sections\":[{"
		"\"key\":"
		"\"s\",\"kind\":\"fields\",\"title\":{\"en\":\"x\"},\"fields\":[" FIELD(
			"a", "text", "M", "MS", "") "]}]}";
	json_t *read;

	ck_assert(!form_read(m, bad, strlen(bad), &read, &e));
	ck_assert_str_eq(e.reason, "edits_unseen");
}
END_TEST

START_TEST(I05_mentors_see_every_field)
{
	json_t *page = page_of(&kari);

	ck_assert_int_eq(json_array_size(js_arr(page, "values")), FIELDS);
}
END_TEST

/* Somebody else's mentor, teacher, parent; and those whose time is over (I-30). */
START_TEST(who_is_nothing_to_the_student_finds_nothing)
{
	struct viewer *const others[] = {&bo, &stranger, &ole};

	for (size_t i = 0; i < 3; i++) {
		ck_assert_ptr_null(page_of(others[i]));
		ck_assert_int_eq(write_value(others[i], NULL, "f80", "x", 1), ERR_NOT_FOUND);
	}
	peek("UPDATE ilp.mentor SET ends_on = ilp.today() - 1, starts_on = ilp.today() - 9 WHERE "
	     "tenant_id = '%s'",
	     tenant);
	json_t *page = page_of(&kari);
	ck_assert_str_eq(js_str(js_obj(page, "plan"), "hat"), "teacher");
	ck_assert_int_eq(write_value(&kari, NULL, "f1", "x", 1), ERR_NOT_FOUND);
}
END_TEST

Suite *ilp_work_rights_suite(void)
{
	Suite *s = suite_create("ilp/work_rights");
	TCase *t = tcase_create("rights");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, I02_visible_is_state_and_field, 0, 5);
	tcase_add_loop_test(t, I02_editable_is_state_and_field, 0, 5);
	tcase_add_test(t, I02_who_does_not_see_does_not_edit);
	tcase_add_test(t, I05_mentors_see_every_field);
	tcase_add_test(t, who_is_nothing_to_the_student_finds_nothing);
	suite_add_tcase(s, t);
	return s;
}
