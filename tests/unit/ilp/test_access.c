/* Who may do what: the table once more, by hand, as a school would read it. */
#include "ilp/access.h"
#include "base/str.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

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
	{ "see_templates",        { "-",      "own",    "-",      "-",      "own"  } },
	{ "manage_templates",     { "-",      "-",      "-",      "-",      "-"    } },
	{ "manage_school",        { "-",      "-",      "-",      "-",      "-"    } },
};

/* What an administrator may besides, whatever their role: of the whole school. */
static const char *const of_administrators[] = { "see_relations", "change_relations", "manage_platforms", "see_templates", "manage_templates", "manage_school" };

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

/* ---- Plans: what each may do with one, by what they are to its student ----
 *
 * M mentor, C course teacher, S student, G guardian, H headteacher, as ilp.md 4.4 has them;
 * what it leaves to a school's rules is as it is without one. */

enum { STATES = 4, HATS = 5 };
/* clang-format off */
static const struct {
	const char *act, *may[STATES];
} matrix[] = {
	/* act               draft  published locked   archived */
	{ "read",          { "MCH", "MCSGH", "MCSGH", "MCSGH" } }, /* I-04: no family at a draft */
	{ "write",         { "MC",  "MCSG",  "",      ""      } }, /* I-08: locked is locked */
	{ "propose",       { "",    "SG",    "",      ""      } },
	{ "task_status",   { "MC",  "MCSG",  "",      ""      } },
	{ "confirm",       { "M",   "M",     "",      ""      } },
	{ "post",          { "MC",  "MCSG",  "",      ""      } },
	{ "log",           { "MCH", "MCSGH", "MH",    ""      } }, /* I-08: but for a staff log */
	{ "make",          { "M",   "M",     "M",     "M"     } },
	{ "change",        { "M",   "M",     "",      ""      } },
	{ "add_field",     { "M",   "M",     "",      ""      } },
	{ "publish",       { "M",   "",      "",      ""      } },
	{ "unpublish",     { "",    "M",     "",      ""      } },
	{ "lock",          { "",    "M",     "",      ""      } },
	{ "reopen",        { "",    "",      "MH",    ""      } }, /* I-08: and reopening */
	{ "archive",       { "M",   "M",     "M",     ""      } },
	{ "restore",       { "",    "",      "",      "MH"    } },
	{ "delete",        { "MH",  "H",     "H",     "H"     } },
	{ "transfer",      { "",    "",      "M",     ""      } }, /* I-08: and tasks that go on */
	{ "track",         { "M",   "M",     "",      ""      } },
	{ "share",         { "M",   "M",     "M",     "M"     } },
	{ "see_readers",   { "MH",  "MH",    "MH",    "MH"    } },
	{ "look_as",       { "M",   "M",     "M",     "M"     } }, /* I-05: who sees all they see */
	{ "meet",          { "",    "MH",    "MH",    ""      } },
	{ "prepare",       { "",    "MCSGH", "MSGH",  ""      } },
	{ "sign",          { "",    "MSGH",  "MSGH",  ""      } },
	{ "ask_sign",      { "",    "M",     "M",     ""      } },
	{ "report",        { "MCH", "MCSGH", "MCSGH", "MCSGH" } },
};

/* clang-format on */
static const char *const states[STATES] = {"draft", "published", "locked", "archived"};
static const char *const hats[HATS] = {"mentor", "teacher", "student", "guardian", "head"};

/* As ilp.may() reads what a statement is given. */
static bool may(enum act act, int state, int hat)
{
	return (strtoul(access_act(act), NULL, 10) >> (8 * state) & (unsigned long)hat) != 0;
}

START_TEST(every_hat_may_what_it_should)
{
	ck_assert_uint_eq(sizeof matrix / sizeof *matrix, ACT_COUNT);
	for (int act = 0; act < ACT_COUNT; act++) {
		ck_assert_str_eq(act_name((enum act)act), matrix[act].act);
		for (int state = 0; state < STATES; state++)
			for (int i = 0; i < HATS; i++)
				ck_assert_msg(may((enum act)act, state, 1 << i) ==
						      (strchr(matrix[act].may[state], "MCSGH"[i]) != NULL),
					      "%s of %s, %s", matrix[act].act, hats[i], states[state]);
	}
}
END_TEST

/* Nobody is in the number who is none of the five, in no state there is not. */
START_TEST(an_act_holds_nothing_else)
{
	for (int act = 0; act < ACT_COUNT; act++) {
		unsigned long mask = strtoul(access_act((enum act)act), NULL, 10);
		ck_assert_uint_eq(mask & ~0x1f1f1f1fUL, 0);
		for (int state = 0; state < STATES; state++)
			ck_assert(!may((enum act)act, state, 0));
		ck_assert_str_eq(access_act((enum act)act), access_act((enum act)act));
	}
}
END_TEST

/* The invariants behind the table, so that a new row keeps them. */
START_TEST(acts_keep_the_invariants)
{
	for (int act = 0; act < ACT_COUNT; act++) {
		enum act a = (enum act)act;
		ck_assert_msg(!may(a, 0, HAT_FAMILY), "I-04: %s", act_name(a));
		for (int state = 0; state < STATES; state++)
			for (int i = 0; i < HATS; i++) /* nobody does what they may not read */
				ck_assert(!may(a, state, 1 << i) || may(ACT_READ, state, 1 << i));
		if (a != ACT_READ && a != ACT_REPORT)
			ck_assert_msg(!may(a, 3, HAT_FAMILY | HAT_TEACHER), "archived: %s", act_name(a));
		if (a != ACT_READ && a != ACT_REPORT && a != ACT_PREPARE && a != ACT_SIGN)
			ck_assert_msg(!may(a, 2, HAT_FAMILY), "I-08: %s", act_name(a));
	}
}
END_TEST

START_TEST(hats_have_names_and_letters_that_read_back)
{
	struct mem *m = mem_new();

	for (int i = 0; i < HATS; i++) {
		ck_assert_str_eq(hat_name(1 << i), hats[i]);
		ck_assert_int_eq(hat_parse(hats[i]), 1 << i);
	}
	for (int set = 0; set <= HAT_ALL; set++)
		ck_assert_int_eq(hats_parse(hats_name(m, set)), set);
	ck_assert_str_eq(hats_name(m, HAT_STAFF), "MCH");
	ck_assert_str_eq(hats_name(m, HAT_FAMILY), "SG");
	ck_assert_int_eq(hats_parse("MX"), -1);
	ck_assert_int_eq(hats_parse("m"), -1);
	ck_assert_ptr_null(hat_name(0));
	ck_assert_ptr_null(hat_name(3));
	ck_assert_int_eq(hat_parse("Mentor"), 0);
	ck_assert_int_eq(hat_parse(NULL), 0);
	mem_free(m);
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
	tcase_add_test(t, every_hat_may_what_it_should);
	tcase_add_test(t, an_act_holds_nothing_else);
	tcase_add_test(t, acts_keep_the_invariants);
	tcase_add_test(t, hats_have_names_and_letters_that_read_back);
	suite_add_tcase(s, t);
	return s;
}
