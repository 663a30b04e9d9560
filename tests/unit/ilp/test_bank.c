/* Sentences to use again: own ones, the school's, and nobody else's. */
#include "ilp/bank.h"
#include "ilp/school.h"

static struct viewer kari, ola, ada, office;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	ola = arrive("ola", "teacher");
	ada = arrive("ada", "student");
	office = arrive("office", "none");
	office.admin = true;
}

static struct bank_entry add(const struct viewer *v, const char *text, bool school)
{
	struct bank_entry out = {0}, in = {.id = uuid_new(m),
					   .kind = "comment",
					   .subject = "English",
					   .text = text};

	ck_assert_msg(bank_add(db, m, v, &in, school, &out, &e), "%s", e.text);
	return out;
}

static const char *texts(const struct viewer *v, const char *kind, bool school)
{
	struct bank_entry *list;
	size_t n;
	struct buf b;

	ck_assert_msg(bank_list(db, m, v, kind, school, &list, &n, &e), "%s", e.text);
	buf_init(&b, m);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i ? "|" : "", list[i].text);
	return b.p ? b.p : "";
}

START_TEST(everybody_sees_their_own_and_the_schools)
{
	add(&kari, "{name} reads well.", false);
	add(&ola, "Of Ola.", false);
	struct bank_entry of_school = add(&office, "Of the school.", true);
	ck_assert(of_school.is_school);
	peek("UPDATE ilp.bank SET uses = 3 WHERE text = 'Of the school.' AND tenant_id = '%s'",
	     tenant);
	ck_assert_str_eq(texts(&kari, "comment", false), "Of the school.|{name} reads well.");
	ck_assert_str_eq(texts(&ola, "comment", false), "Of the school.|Of Ola.");
	ck_assert_str_eq(texts(&office, "comment", true), "Of the school.");
	ck_assert_str_eq(texts(&kari, "goal", false), "");
}
END_TEST

START_TEST(only_who_manages_the_school_keeps_its_sentences)
{
	struct bank_entry out,
		in = {.id = uuid_new(m), .kind = "comment", .subject = "", .text = "x"};
	struct bank_entry *list;
	size_t n;

	ck_assert(!bank_add(db, m, &kari, &in, true, &out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!bank_list(db, m, &kari, "comment", true, &list, &n, &e));
	ck_assert(!bank_add(db, m, &ada, &in, false, &out, &e));
	ck_assert(!bank_add(db, m, &office, &in, false, &out, &e));
	struct bank_entry of_school = add(&office, "Of the school.", true);
	ck_assert(!bank_change(db, m, &kari, of_school.id, NULL, "mine now", false, &out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!bank_delete(db, m, &kari, of_school.id, false, &e));
	ck_assert(bank_use(db, m, &kari, of_school.id, &out, &e));
	ck_assert_int_eq(out.uses, 1);
	ck_assert(bank_change(db, m, &office, of_school.id, NULL, "Of us all.", true, &out, &e));
	ck_assert_str_eq(out.text, "Of us all.");
	ck_assert_str_eq(out.subject, "English");
	ck_assert(bank_delete(db, m, &office, of_school.id, true, &e));
}
END_TEST

START_TEST(what_another_keeps_does_not_exist)
{
	struct bank_entry out, hers = add(&kari, "Hers.", false);
	struct bank_entry in = {
		.id = hers.id, .kind = "comment", .subject = "", .text = "Stolen id."};

	ck_assert(!bank_use(db, m, &ola, hers.id, &out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(!bank_change(db, m, &ola, hers.id, NULL, "x", false, &out, &e));
	ck_assert(!bank_delete(db, m, &ola, hers.id, false, &e));
	ck_assert(!bank_add(db, m, &ola, &in, false, &out, &e));
	ck_assert(!bank_delete(db, m, &office, hers.id, true, &e));
	ck_assert_str_eq(texts(&kari, "comment", false), "Hers.");
}
END_TEST

START_TEST(the_same_again_is_one)
{
	struct bank_entry out, first = add(&kari, "Once.", false);
	struct bank_entry in = {.id = first.id, .kind = "comment", .subject = "", .text = "Once."};

	ck_assert(bank_add(db, m, &kari, &in, false, &out, &e)); /* sent twice */
	struct bank_entry same = add(&kari, "Once.", false);     /* kept twice */
	ck_assert_str_eq(same.id, first.id);
	ck_assert(bank_delete(db, m, &kari, first.id, false, &e));
	ck_assert(!bank_delete(db, m, &kari, first.id, false, &e));
	ck_assert(bank_add(db, m, &kari, &in, false, &out, &e)); /* and back again */
	ck_assert_str_eq(texts(&kari, "comment", false), "Once.");
	assert_peek("3",
		    "SELECT count(*) FROM ilp.event WHERE kind LIKE 'bank.%%' AND tenant_id = '%s'",
		    tenant);
}
END_TEST

START_TEST(there_is_an_end_to_it)
{
	struct bank_entry out,
		in = {.id = uuid_new(m), .kind = "comment", .subject = "", .text = "one more"};

	peek("INSERT INTO ilp.bank (tenant_id, bank_id, owner_id, kind, text, created_by, at) "
	     "SELECT '%s', gen_random_uuid(), '%s', 'comment', 'n ' || i, '%s', now() FROM "
	     "generate_series(1, %d) i",
	     tenant, kari.person, kari.person, BANK_MOST);
	ck_assert(!bank_add(db, m, &kari, &in, false, &out, &e));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, "text");
}
END_TEST

Suite *ilp_bank_suite(void)
{
	Suite *s = suite_create("ilp/bank");
	TCase *t = tcase_create("bank");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, everybody_sees_their_own_and_the_schools);
	tcase_add_test(t, only_who_manages_the_school_keeps_its_sentences);
	tcase_add_test(t, what_another_keeps_does_not_exist);
	tcase_add_test(t, the_same_again_is_one);
	tcase_add_test(t, there_is_an_end_to_it);
	suite_add_tcase(s, t);
	return s;
}
