/* Who may do what: the table once more, by hand, as a school would read it. */
#include "ilp/access.h"
#include "base/str.h"
#include <check.h>

/* clang-format off */
static const struct {
	const char *right;
	const char *reach[ROLE_COUNT];
} expected[] = {
	/* right                    nobody    teacher   student   guardian  mentor */
	{ "see_participants",     { "-",      "course", "-",      "-",      "-"    } },
	{ "refresh_roster",       { "-",      "course", "-",      "-",      "-"    } },
	{ "list_reviews",         { "-",      "course", "-",      "-",      "-"    } },
	{ "make_review",          { "-",      "course", "-",      "-",      "-"    } },
	{ "change_review",        { "-",      "course", "-",      "-",      "-"    } },
	{ "read_entries",         { "-",      "course", "-",      "-",      "-"    } },
	{ "write_entries",        { "-",      "course", "-",      "-",      "-"    } },
	{ "release",              { "-",      "course", "-",      "-",      "-"    } },
	{ "read_released",        { "-",      "-",      "own",    "child",  "-"    } },
	{ "write_self",           { "-",      "-",      "own",    "-",      "-"    } },
	{ "get_mail_on_release",  { "-",      "-",      "own",    "child",  "-"    } },
	{ "set_own_language",     { "own",    "own",    "own",    "own",    "own"  } },
	{ "place_content",        { "-",      "course", "-",      "-",      "-"    } },
	{ "bring_setup",          { "-",      "course", "-",      "-",      "-"    } },
	{ "see_relations",        { "-",      "course", "-",      "-",      "-"    } },
	{ "change_relations",     { "-",      "-",      "-",      "-",      "-"    } },
	{ "see_own_privacy",      { "own",    "own",    "own",    "own",    "own"  } },
	{ "manage_platforms",     { "-",      "-",      "-",      "-",      "-"    } },
	{ "use_plans",            { "hat",    "hat",    "hat",    "hat",    "hat"  } },
	{ "list_students",        { "hat",    "hat",    "-",      "-",      "hat"  } },
	{ "use_bank",             { "-",      "own",    "-",      "-",      "own"  } },
	{ "manage_templates",     { "-",      "-",      "-",      "-",      "-"    } },
	{ "manage_school",        { "-",      "-",      "-",      "-",      "-"    } },
};

/* What an administrator may besides, whatever their role: of the whole school. */
static const char *const of_administrators[] = { "see_relations", "change_relations", "manage_platforms", "manage_templates", "manage_school" };

/* clang-format on */
static const char *const reaches[] = {"-", "course", "own", "child", "tenant", "hat"};

START_TEST(every_role_has_the_rights_it_should)
{
	ck_assert_uint_eq(sizeof expected / sizeof *expected, RIGHT_COUNT);
	for (int right = 0; right < RIGHT_COUNT; right++) {
		ck_assert_str_eq(right_name((enum right)right), expected[right].right);
		for (int role = 0; role < ROLE_COUNT; role++)
			ck_assert_msg(
				str_eq(reaches[access_reach((enum role)role, (enum right)right)],
				       expected[right].reach[role]),
				"%s of %s", expected[right].right, role_name((enum role)role));
	}
}
END_TEST

/* No right is not found, and a right over a course needs one. */
START_TEST(the_check_follows_the_table)
{
	for (int right = 0; right < RIGHT_COUNT; right++) {
		for (int role = 0; role < ROLE_COUNT; role++) {
			const char *reach = expected[right].reach[role];
			struct viewer v = {.role = (enum role)role, .course = "c"};
			struct err e = {0};
			ck_assert_int_eq(access_check(&v, (enum right)right, &e),
					 !str_eq(reach, "-"));
			ck_assert_int_eq(e.code, str_eq(reach, "-") ? ERR_NOT_FOUND : ERR_OK);
			v.course = NULL;
			bool without = !str_eq(reach, "-") && !str_eq(reach, "course") &&
				       right != RIGHT_WRITE_SELF;
			ck_assert_int_eq(access_check(&v, (enum right)right, &e), without);
		}
	}
}
END_TEST

START_TEST(administrators_may_these_things_besides)
{
	for (int right = 0; right < RIGHT_COUNT; right++) {
		bool more = false;
		for (size_t i = 0; i < sizeof of_administrators / sizeof *of_administrators; i++)
			more |= str_eq(right_name((enum right)right), of_administrators[i]);
		for (int role = 0; role < ROLE_COUNT; role++) {
			struct viewer v = {.role = (enum role)role, .course = "c", .admin = true};
			struct err e = {0};
			const char *reach = more ? "tenant" : expected[right].reach[role];
			ck_assert_str_eq(reaches[viewer_reach(&v, (enum right)right)], reach);
			ck_assert_int_eq(access_check(&v, (enum right)right, &e),
					 !str_eq(reach, "-"));
			v.course = NULL; /* a right over the school needs none */
			if (more)
				ck_assert(access_check(&v, (enum right)right, &e));
		}
	}
}
END_TEST

START_TEST(roles_have_names_that_read_back)
{
	for (int role = 0; role < ROLE_COUNT; role++)
		ck_assert_int_eq(role_parse(role_name((enum role)role)), role);
	ck_assert_int_eq(role_parse("Teacher"), ROLE_NONE);
	ck_assert_int_eq(role_parse("administrator"), ROLE_NONE);
	ck_assert_int_eq(role_parse(NULL), ROLE_NONE);
}
END_TEST

Suite *ilp_access_suite(void)
{
	Suite *s = suite_create("ilp/access");
	TCase *t = tcase_create("access");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, every_role_has_the_rights_it_should);
	tcase_add_test(t, the_check_follows_the_table);
	tcase_add_test(t, administrators_may_these_things_besides);
	tcase_add_test(t, roles_have_names_that_read_back);
	suite_add_tcase(s, t);
	return s;
}
