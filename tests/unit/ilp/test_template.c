/* Templates: made, changed, published, hidden, and what plans keep of them. */
#include "ilp/school.h"
#include "ilp/template.h"
#include "base/js.h"

static struct viewer admin, mentor, student;
static const char *north, *south; /* schools */

static void open_district(void)
{
	open_school();
	admin = arrive("rektor", "none");
	admin.admin = true;
	mentor = arrive("kari", "mentor");
	student = arrive("elev", "student");
	north = uuid_new(m);
	south = uuid_new(m);
	peek("INSERT INTO ilp.org (tenant_id, org_id, name) VALUES ('%s', '%s', 'Nord'), ('%s', "
	     "'%s', 'Sør')",
	     tenant, north, tenant, south);
}

static const char *make_in(const char *from, const char *org)
{
	struct template_new t = {.id = uuid_new(m), .from = from, .org = org};

	ck_assert_msg(template_create(db, m, &admin, &t, &e), "%s", e.text);
	return t.id;
}

static const char *make(const char *from)
{
	return make_in(from, NULL);
}

static json_t *look(const char *id)
{
	json_t *now;

	ck_assert_msg(template_read(db, m, &admin, id, &now, &e), "%s", e.text);
	return now;
}

static int64_t rev_of(const char *id)
{
	return json_integer_value(json_object_get(look(id), "rev"));
}

static const char *state_of(const char *id)
{
	return js_str(look(id), "state");
}

static bool publishes(const char *id)
{
	json_t *now;

	e = (struct err){0};
	return template_publish(db, m, &admin, id, rev_of(id), &now, &e);
}

static bool renames(const char *id, const char *title, int64_t rev, json_t **now)
{
	json_t *definition = json_deep_copy(js_obj(look(id), "definition"));
	struct template_change c = {.id = id, .rev = rev, .definition = js_own(m, definition)};

	json_object_set_new(js_obj(definition, "title"), "en", json_string(title));
	e = (struct err){0};
	return template_save(db, m, &admin, &c, now, &e);
}

static const char *choices_of(const struct viewer *v)
{
	json_t *list, *t;
	struct buf b;
	size_t i;

	ck_assert_msg(template_choices(db, m, v, &list, &e), "%s", e.text);
	buf_init(&b, m);
	json_array_foreach(list, i, t)
	{
		buf_addf(&b, "%s;", js_str(js_obj(t, "title"), "en"));
	}
	return b.p;
}

/* ---- What we ship ---- */

/* Every text in both languages. */
static void check_texts(const char *key, const json_t *o)
{
	const char *name;
	json_t *value;
	size_t i;

	if (json_is_array(o))
		json_array_foreach(o, i, value)
		{
			check_texts(key, value);
		}
	if (!json_is_object(o))
		return;
	if (json_object_get(o, "en") || json_object_get(o, "nb"))
		ck_assert_msg(js_str(o, "en") && js_str(o, "nb"), "%s: %s", key,
			      js_print(m, o, NULL));
	json_object_foreach((json_t *)o, name, value)
	{
		check_texts(key, value);
	}
}

START_TEST(test_all_shipped_templates_are_forms)
{
	static const char *const keys[] = {"learning", "conference", "career", "support",
					   "social",   "focus",      "yearly", "evidence"};
	const struct template_shipped *t = templates_shipped;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++, t++) {
		json_t *form, *as_draft;
		ck_assert_str_eq(str_or(t->key, "none"), keys[i]);
		ck_assert_msg(form_read(m, t->json, strlen(t->json), &form, &e), "%s: %s", t->key,
			      e.text);
		ck_assert(form_draft(m, t->json, strlen(t->json), &as_draft, &e));
		ck_assert(json_equal(form, as_draft));
		ck_assert_str_eq(js_str(form, "purpose"), t->key);
		check_texts(t->key, form);
		/* each is of some use to whom it is about, and to those at home */
		ck_assert_ptr_nonnull(form_view(m, t->json, HAT_STUDENT));
		ck_assert_int_gt(
			json_array_size(js_arr(form_view(m, t->json, HAT_GUARDIAN), "sections")),
			0);
		const char *id = make(t->key);
		ck_assert_msg(publishes(id), "%s: %s", t->key, e.text);
	}
	ck_assert_ptr_null(t->key);
}
END_TEST

/* ---- Making ---- */

START_TEST(test_a_template_is_made_once)
{
	struct template_new t = {.id = uuid_new(m), .from = "learning"};

	ck_assert(template_create(db, m, &admin, &t, &e));
	t.from = "focus";
	ck_assert(template_create(db, m, &admin, &t, &e));
	ck_assert_str_eq(js_str(look(t.id), "purpose"), "learning");
	assert_peek("1",
		    "SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND kind = "
		    "'template.created'",
		    tenant);
	ck_assert_str_eq(state_of(t.id), "draft");
	ck_assert(json_is_null(json_object_get(look(t.id), "problem")));
}
END_TEST

START_TEST(test_a_copy_says_so)
{
	const char *id = make(make("learning"));

	ck_assert_str_eq(js_str(js_obj(look(id), "title"), "en"), "Learning plan (copy)");
	ck_assert_str_eq(js_str(js_obj(look(id), "title"), "nb"), "Læringsplan (kopi)");
	/* as far as there is room for it */
	json_t *now;
	char title[201];
	memset(title, 'x', 200);
	title[200] = '\0';
	ck_assert(renames(id, title, rev_of(id), &now));
	ck_assert_str_eq(js_str(js_obj(look(make(id)), "title"), "en"), title);
}
END_TEST

START_TEST(test_an_empty_one_is_a_draft_that_lacks_things)
{
	const char *id = make(NULL);

	ck_assert_str_eq(js_str(js_obj(look(id), "problem"), "field"), "title");
	ck_assert_str_eq(js_str(js_obj(look(id), "problem"), "reason"), "missing");
	ck_assert(!publishes(id));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, "title");
	ck_assert_str_eq(state_of(id), "draft");
	ck_assert_str_eq(choices_of(&mentor), "");
}
END_TEST

START_TEST(test_what_is_brought_in_is_read_strictly)
{
	struct template_new t = {.id = uuid_new(m), .from = "nonsense"};

	ck_assert(!template_create(db, m, &admin, &t, &e));
	ck_assert_str_eq(e.field, "from");
	t.from = uuid_new(m);
	ck_assert(!template_create(db, m, &admin, &t, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	t = (struct template_new){.id = t.id,
				  .definition = js_own(m, json_pack("{s:i}", "version", 1))};
	ck_assert(!template_create(db, m, &admin, &t, &e));
	ck_assert_str_eq(e.field, "title");
	t = (struct template_new){.id = t.id, .from = "focus", .org = uuid_new(m)};
	ck_assert(!template_create(db, m, &admin, &t, &e));
	ck_assert_str_eq(e.field, "org");
	assert_peek("0", "SELECT count(*) FROM ilp.template WHERE tenant_id = '%s'", tenant);
}
END_TEST

/* ---- Changing ---- */

START_TEST(test_two_who_change_one_do_not_lose_each_others_words)
{
	json_t *now;
	const char *id = make("focus");

	ck_assert(renames(id, "Mine", 1, &now));
	ck_assert_int_eq(json_integer_value(json_object_get(now, "rev")), 2);
	ck_assert(!renames(id, "Theirs", 1, &now));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert_str_eq(js_str(js_obj(now, "title"), "en"), "Mine");
	ck_assert_str_eq(js_str(now, "by"), "Given rektor");
	ck_assert_int_eq(rev_of(id), 2);
	struct template_change wrong = {.id = id, .rev = 2, .definition = js_own(m, json_object())};
	ck_assert(!template_save(db, m, &admin, &wrong, &now, &e));
	ck_assert_str_eq(e.field, "version");
	struct template_change none = {.id = uuid_new(m), .rev = 2};
	ck_assert(!template_save(db, m, &admin, &none, &now, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
}
END_TEST

START_TEST(test_it_moves_between_school_and_site)
{
	json_t *now;
	const char *id = make("focus");
	struct template_change c = {.id = id, .rev = 1, .moves = true, .org = north};

	ck_assert(template_save(db, m, &admin, &c, &now, &e));
	ck_assert_str_eq(js_str(js_obj(now, "org"), "name"), "Nord");
	ck_assert(js_obj(now, "definition"));
	c = (struct template_change){.id = id, .rev = 2, .moves = true, .org = uuid_new(m)};
	ck_assert(!template_save(db, m, &admin, &c, &now, &e));
	ck_assert_str_eq(e.field, "org");
	c = (struct template_change){.id = id, .rev = 2, .moves = true};
	ck_assert(template_save(db, m, &admin, &c, &now, &e));
	ck_assert(json_is_null(json_object_get(now, "org")));
}
END_TEST

/* ---- Publishing ---- */

static const char *plan_of(const char *template)
{
	const char *id = uuid_new(m);

	peek("INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, "
	     "ends_on, series_id, request_id, origin, "
	     "created_by, created_at, changed_by, changed_at) SELECT tenant_id, '%s', '%s', "
	     "form_id, 'Høst', '2026-08-17', '2026-12-18', "
	     "gen_random_uuid(), gen_random_uuid(), jsonb_build_object('template', template_id), "
	     "'%s', now(), '%s', now() "
	     "FROM ilp.template WHERE tenant_id = '%s' AND template_id = '%s'",
	     id, student.person, mentor.person, mentor.person, tenant, template);
	return id;
}

static const char *bytes_of(const char *plan)
{
	return mem_strdup(m,
			  peek("SELECT md5(f.definition::text || (SELECT string_agg(x::text, ',' "
			       "ORDER BY key) FROM ilp.form_field x "
			       "WHERE x.tenant_id = f.tenant_id AND x.form_id = f.form_id) || "
			       "p::text) FROM ilp.plan p "
			       "JOIN ilp.form f USING (tenant_id, form_id) WHERE p.plan_id = '%s'",
			       plan));
}

/* I-01 */
START_TEST(test_a_plan_keeps_its_form_whatever_becomes_of_the_template)
{
	json_t *now;
	const char *id = make("learning");

	ck_assert(publishes(id));
	const char *plan = plan_of(id), *before = bytes_of(plan);
	ck_assert(renames(id, "Changed", rev_of(id), &now));
	ck_assert(js_bool(now, "changed", false));
	ck_assert_int_eq(json_integer_value(json_object_get(now, "uses")), 1);
	ck_assert_str_eq(bytes_of(plan), before);
	ck_assert(publishes(id));
	ck_assert_int_eq(json_integer_value(json_object_get(look(id), "revision")), 2);
	ck_assert(!js_bool(look(id), "changed", true));
	ck_assert_str_eq(bytes_of(plan), before);
	ck_assert(template_unpublish(db, m, &admin, id, rev_of(id), &now, &e));
	ck_assert_str_eq(bytes_of(plan), before);
	ck_assert_str_eq(state_of(id), "unpublished");
	ck_assert(!template_delete(db, m, &admin, id, rev_of(id), &e));
	ck_assert_str_eq(e.reason, "was_published");
	peek("DELETE FROM ilp.template WHERE tenant_id = '%s' AND template_id = '%s'", tenant, id);
	ck_assert_str_eq(bytes_of(plan), before);
}
END_TEST

START_TEST(test_published_again_unchanged_is_no_new_revision)
{
	json_t *now;
	const char *id = make("focus");

	ck_assert(publishes(id));
	ck_assert(template_unpublish(db, m, &admin, id, rev_of(id), &now, &e));
	ck_assert_str_eq(choices_of(&mentor), "");
	ck_assert(!template_unpublish(db, m, &admin, id, rev_of(id), &now, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert(publishes(id));
	ck_assert_int_eq(json_integer_value(json_object_get(look(id), "revision")), 1);
	assert_peek("1", "SELECT count(*) FROM ilp.template_revision WHERE tenant_id = '%s'",
		    tenant);
	assert_peek("2",
		    "SELECT count(*) FROM ilp.event WHERE tenant_id = '%s' AND kind = "
		    "'template.published'",
		    tenant);
	ck_assert(!template_publish(db, m, &admin, id, 1, &now, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
}
END_TEST

START_TEST(test_only_what_never_was_published_is_deleted)
{
	const char *id = make("focus");

	ck_assert(!template_delete(db, m, &admin, id, 7, &e));
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_assert(template_delete(db, m, &admin, id, 1, &e));
	ck_assert(!template_delete(db, m, &admin, id, 1, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	assert_peek("template.created template.deleted",
		    "SELECT string_agg(kind, ' ' ORDER BY at, kind) FROM ilp.event WHERE tenant_id "
		    "= '%s' AND kind LIKE 'template%%'",
		    tenant);
}
END_TEST

/* ---- Choosing ---- */

/* of the site, and of the schools of one's students. */
START_TEST(test_mentors_choose_from_what_their_students_school_has)
{
	const char *group = uuid_new(m);
	json_t *found;

	ck_assert(publishes(make("focus")));
	const char *of_north = make_in("social", north), *of_south = make_in("career", south);
	ck_assert(publishes(of_north) && publishes(of_south));
	make("evidence");
	ck_assert_str_eq(choices_of(&mentor), "Focus plan;");
	peek("INSERT INTO ilp.student_group (tenant_id, group_id, org_id, name) VALUES ('%s', "
	     "'%s', '%s', '8B')",
	     tenant, group, north);
	peek("INSERT INTO ilp.group_member (tenant_id, group_id, person_id) VALUES ('%s', '%s', "
	     "'%s')",
	     tenant, group, student.person);
	ck_assert_str_eq(choices_of(&mentor), "Focus plan;Social competence;");
	ck_assert(template_preview(db, m, &mentor, of_north, &found, &e));
	ck_assert_str_eq(js_str(js_obj(found, "form"), "purpose"), "social");
	ck_assert(!template_preview(db, m, &mentor, of_south, &found, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_str_eq(choices_of(&admin), "Focus plan;Social competence;Career plan;");
	/* a school within that school */
	const char *within = uuid_new(m);
	peek("INSERT INTO ilp.org (tenant_id, org_id, parent_id, name) VALUES ('%s', '%s', '%s', "
	     "'Avdeling')",
	     tenant, within, south);
	peek("UPDATE ilp.student_group SET org_id = '%s' WHERE tenant_id = '%s'", within, tenant);
	ck_assert_str_eq(choices_of(&mentor), "Focus plan;Career plan;");
}
END_TEST

START_TEST(test_nobody_else_has_anything_to_do_with_them)
{
	const struct viewer *others[] = {&mentor, &student};
	json_t *out;
	const char *id = make("focus");
	struct template_new t = {.id = uuid_new(m)};
	struct template_change c = {.id = id, .rev = 1};

	for (size_t i = 0; i < 2; i++) {
		const struct viewer *v = others[i];
		ck_assert(!template_list(db, m, v, &out, &e) && e.code == ERR_NOT_FOUND);
		ck_assert(!template_read(db, m, v, id, &out, &e) && e.code == ERR_NOT_FOUND);
		ck_assert(!template_create(db, m, v, &t, &e) && e.code == ERR_NOT_FOUND);
		ck_assert(!template_save(db, m, v, &c, &out, &e) && e.code == ERR_NOT_FOUND);
		ck_assert(!template_publish(db, m, v, id, 1, &out, &e) && e.code == ERR_NOT_FOUND);
		ck_assert(!template_unpublish(db, m, v, id, 1, &out, &e) &&
			  e.code == ERR_NOT_FOUND);
		ck_assert(!template_delete(db, m, v, id, 1, &e) && e.code == ERR_NOT_FOUND);
	}
	ck_assert(!template_choices(db, m, &student, &out, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(!template_preview(db, m, &student, id, &out, &e) && e.code == ERR_NOT_FOUND);
	ck_assert(template_list(db, m, &admin, &out, &e));
	ck_assert_int_eq(json_array_size(js_arr(out, "templates")), 1);
	ck_assert_int_eq(json_array_size(js_arr(out, "orgs")), 2);
}
END_TEST

START_TEST(test_another_school_has_its_own)
{
	const char *id = make("focus"), *first = tenant;
	struct mem *its_mem = m;
	struct db *its_db = db;
	json_t *out;

	open_school();
	ck_assert_str_ne(first, tenant);
	struct viewer other = arrive("rektor", "none");
	other.admin = true;
	ck_assert(!template_read(db, m, &other, id, &out, &e));
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert(template_list(db, m, &other, &out, &e));
	ck_assert_int_eq(json_array_size(js_arr(out, "templates")), 0);
	close_school();
	m = its_mem;
	db = its_db;
	tenant = first;
}
END_TEST

Suite *ilp_template_suite(void)
{
	Suite *s = suite_create("ilp/template");
	TCase *c = tcase_create("template");

	tcase_add_checked_fixture(c, open_district, close_school);
	tcase_add_test(c, test_all_shipped_templates_are_forms);
	tcase_add_test(c, test_a_template_is_made_once);
	tcase_add_test(c, test_a_copy_says_so);
	tcase_add_test(c, test_an_empty_one_is_a_draft_that_lacks_things);
	tcase_add_test(c, test_what_is_brought_in_is_read_strictly);
	tcase_add_test(c, test_two_who_change_one_do_not_lose_each_others_words);
	tcase_add_test(c, test_it_moves_between_school_and_site);
	tcase_add_test(c, test_a_plan_keeps_its_form_whatever_becomes_of_the_template);
	tcase_add_test(c, test_published_again_unchanged_is_no_new_revision);
	tcase_add_test(c, test_only_what_never_was_published_is_deleted);
	tcase_add_test(c, test_mentors_choose_from_what_their_students_school_has);
	tcase_add_test(c, test_nobody_else_has_anything_to_do_with_them);
	tcase_add_test(c, test_another_school_has_its_own);
	suite_add_tcase(s, c);
	return s;
}
