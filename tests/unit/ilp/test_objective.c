/* Frameworks of learning objectives: read, stored, read again, chosen from. */
#include "ilp/objective.h"
#include "ilp/school.h"

static const char package[] =
	"{\"CFDocument\":{\"identifier\":\"doc\",\"title\":\"English 2020\",\"language\":\"en\"},"
	"\"CFItems\":["
	"{\"identifier\":\"a\",\"fullStatement\":\"Oral skills\",\"humanCodingScheme\":\"ENG1\"},"
	"{\"identifier\":\"b\",\"fullStatement\":\"Speak freely\",\"educationLevel\":[\"08\",\"09\"]},"
	"{\"identifier\":\"c\",\"fullStatement\":\"  \"},"
	"{\"identifier\":\"b\",\"fullStatement\":\"Speak freely, again\"}],"
	"\"CFAssociations\":["
	"{\"associationType\":\"isChildOf\",\"originNodeURI\":{\"identifier\":\"b\"},"
	"\"destinationNodeURI\":{\"identifier\":\"a\"}},"
	"{\"associationType\":\"isChildOf\",\"originNodeURI\":{\"identifier\":\"a\"},"
	"\"destinationNodeURI\":{\"identifier\":\"doc\"}}]}";

static struct viewer kari, office;
static struct framework f;

static void setup(void)
{
	open_school();
	kari = arrive("kari", "teacher");
	office = kari;
	office.admin = true;
	f = (struct framework){0};
}

static void case_is(const char *text)
{
	ck_assert_msg(framework_read_case(m, text, strlen(text), &f, &e), "%s", e.text);
}

static void csv_is(const char *text)
{
	ck_assert_msg(framework_read_csv(m, text, strlen(text), "Reading", &f, &e), "%s", e.text);
}

static void store(void)
{
	ck_assert_msg(framework_store(db, m, &office, &f, &e), "%s", e.text);
}

static struct objective_row *found;
static size_t found_n;

static void find(const char *search, const char *parent, size_t n)
{
	ck_assert_msg(objective_find(db, m, &kari, f.id, search, parent, &found, &found_n, &e), "%s", e.text);
	ck_assert_uint_eq(found_n, n);
}

START_TEST(reads_a_case_package)
{
	case_is(package);
	ck_assert_str_eq(f.title, "English 2020");
	ck_assert_str_eq(f.source_id, "doc");
	ck_assert_uint_eq(f.n, 3);
	ck_assert_uint_eq(f.skipped, 1); /* the one without words */
	ck_assert_str_eq(f.objectives[0].code, "ENG1");
	ck_assert_ptr_null(f.objectives[0].parent); /* the document itself is no parent */
	ck_assert_str_eq(f.objectives[1].parent, "a");
	ck_assert_str_eq(f.objectives[1].level, "08, 09");
}
END_TEST

START_TEST(reads_a_table)
{
	csv_is("Kode;Mål;Trinn\nN1;Lese;8\n;Skrive;8\n;;\n");
	ck_assert_uint_eq(f.n, 2);
	ck_assert_str_eq(f.objectives[0].source_id, "N1");
	ck_assert_str_eq(f.objectives[1].source_id, "row 3");
	ck_assert_str_eq(f.objectives[1].level, "8");
}
END_TEST

static void unreadable(bool is_case, const char *text, const char *reason)
{
	e = (struct err){0};
	ck_assert(!(is_case ? framework_read_case(m, text, strlen(text), &f, &e)
			    : framework_read_csv(m, text, strlen(text), "x", &f, &e)));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.reason, reason);
}

START_TEST(refuses_what_is_none)
{
	unreadable(true, "[]", "not_case");
	unreadable(true, "{", "not_case");
	unreadable(true, "{\"CFDocument\":{\"title\":\"x\",\"identifier\":\"y\"}}", "not_case");
	unreadable(true, "{\"CFDocument\":{\"title\":\"x\",\"identifier\":\"y\"},\"CFItems\":[{}]}", "no_objectives");
	unreadable(false, "code,words\n1,x\n", "no_text_column");
	unreadable(false, "text\n", "empty");
}
END_TEST

START_TEST(is_stored_and_found)
{
	case_is(package);
	store();
	ck_assert_uint_eq(f.n, 2);
	ck_assert_uint_eq(f.skipped, 2); /* and the one that came twice */
	find(NULL, NULL, 1);
	ck_assert_str_eq(found[0].text, "Oral skills");
	ck_assert(found[0].has_children);
	find(NULL, found[0].id, 1);
	ck_assert_str_eq(found[0].text, "Speak freely");
	ck_assert(!found[0].has_children);
	find("FREELY speak", NULL, 1);
	find("freely write", NULL, 0);
	find("eng1", NULL, 1);
}
END_TEST

START_TEST(imported_again_it_is_replaced)
{
	const char *first, *kept;

	csv_is("id,text\n1,Read\n2,Write\n");
	store();
	first = f.id;
	find("read", NULL, 1);
	kept = found[0].id;
	csv_is("id,text\n3,Listen\n1,Read aloud\n");
	store();
	ck_assert_str_eq(f.id, first);
	find(NULL, NULL, 2);
	ck_assert_str_eq(found[0].text, "Listen");
	ck_assert_str_eq(found[1].id, kept); /* who named it names it still */
	find("write", NULL, 0);
}
END_TEST

START_TEST(a_retired_one_is_offered_no_more_until_it_is_again)
{
	struct framework_row *rows;
	size_t n;

	csv_is("text\nRead\n");
	store();
	ck_assert(framework_retire(db, m, &office, f.id, true, &e));
	find(NULL, NULL, 0);
	ck_assert(framework_list(db, m, &kari, false, &rows, &n, &e));
	ck_assert_uint_eq(n, 0);
	ck_assert(framework_list(db, m, &office, true, &rows, &n, &e));
	ck_assert_uint_eq(n, 1);
	ck_assert(rows[0].retired);
	ck_assert(framework_retire(db, m, &office, f.id, false, &e));
	find(NULL, NULL, 1);
	ck_assert(!framework_retire(db, m, &office, uuid_new(m), true, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(is_the_offices_to_change_and_staffs_to_read)
{
	struct viewer ada = arrive("ada", "student");
	struct framework_row *rows;
	size_t n;

	csv_is("text\nRead\n");
	ck_assert(!framework_store(db, m, &kari, &f, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	store();
	ck_assert(!framework_retire(db, m, &kari, f.id, true, &e));
	ck_assert(!framework_list(db, m, &kari, true, &rows, &n, &e));
	ck_assert(!framework_list(db, m, &ada, false, &rows, &n, &e));
	ck_assert(!objective_find(db, m, &ada, f.id, NULL, NULL, &found, &found_n, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

Suite *ilp_objective_suite(void)
{
	Suite *s = suite_create("ilp/objective");
	TCase *t = tcase_create("objective");

	tcase_add_checked_fixture(t, setup, close_school);
	tcase_add_test(t, reads_a_case_package);
	tcase_add_test(t, reads_a_table);
	tcase_add_test(t, refuses_what_is_none);
	tcase_add_test(t, is_stored_and_found);
	tcase_add_test(t, imported_again_it_is_replaced);
	tcase_add_test(t, a_retired_one_is_offered_no_more_until_it_is_again);
	tcase_add_test(t, is_the_offices_to_change_and_staffs_to_read);
	suite_add_tcase(s, t);
	return s;
}
