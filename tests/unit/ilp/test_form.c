#include "ilp/school.h"
#include "ilp/form.h"
#include "base/js.h"

/* A template with every kind of field; a test bends it. */
static const char everything[] =
	"{\"version\":1,\"title\":{\"en\":\"Plan\",\"nb\":\"Plan\"},\"purpose\":\"learning\","
	"\"ceiling\":{\"sees\":\"MS\",\"edits\":\"S\"},\"log\":{\"sees\":\"CS\",\"edits\":\"CS\"},"
	"\"turns\":true,\"sections\":["
	"{\"key\":\"goals\",\"kind\":\"grid\",\"title\":{\"en\":\"Goals\"},\"sees\":\"MCSG\","
	"\"edits\":\"MS\",\"fields\":["
	"{\"key\":\"competence\",\"of\":\"competence\",\"kind\":\"text\",\"label\":{\"en\":"
	"\"Competence\"},\"sees\":\"MCSG\",\"edits\":\"MC\",\"shared\":true},"
	"{\"key\":\"goal\",\"of\":\"goal\",\"kind\":\"text\",\"label\":{\"en\":\"Goal\"},\"sees\":"
	"\"MCSG\",\"edits\":\"MS\",\"shared\":true,\"required\":true},"
	"{\"key\":\"now\",\"of\":\"competence\",\"kind\":\"scale\",\"scale\":\"no_goal\",\"label\":"
	"{\"en\":\"Now\"},\"sees\":\"MCSG\",\"edits\":\"MC\"},"
	"{\"key\":\"standing\",\"kind\":\"status\",\"label\":{\"en\":\"Status\"},\"sees\":\"MCSG\","
	"\"edits\":\"S\"},"
	"{\"key\":\"tasks\",\"kind\":\"tasks\",\"label\":{\"en\":\"Tasks\"},\"sees\":\"MCSG\","
	"\"edits\":\"MS\"},"
	"{\"key\":\"note\",\"kind\":\"notes\",\"label\":{\"en\":\"Note\"},\"sees\":\"M\",\"edits\":"
	"\"M\"}]},"
	"{\"key\":\"more\",\"title\":{\"en\":\"More\"},\"fields\":["
	"{\"key\":\"best\",\"kind\":\"long\",\"label\":{\"en\":\"Best\"},\"help\":{\"en\":\"Say\"},"
	"\"sees\":\"S\",\"edits\":\"S\"},"
	"{\"key\":\"story\",\"kind\":\"rich\",\"label\":{\"en\":\"Story\"},\"sees\":\"SG\","
	"\"edits\":\"S\"},"
	"{\"key\":\"way\",\"kind\":\"choice\",\"label\":{\"en\":\"Way\"},\"sees\":\"S\",\"edits\":"
	"\"S\",\"options\":[{\"code\":\"a\",\"label\":{\"en\":\"A\"}}]},"
	"{\"key\":\"ways\",\"kind\":\"multi\",\"label\":{\"en\":\"Ways\"},\"sees\":\"S\",\"edits\":"
	"\"S\",\"options\":[{\"code\":\"a\",\"label\":{\"en\":\"A\"}},{\"code\":\"b\",\"label\":{"
	"\"en\":\"B\"}}]},"
	"{\"key\":\"day\",\"kind\":\"date\",\"label\":{\"en\":\"Day\"},\"sees\":\"S\",\"edits\":"
	"\"M\"},"
	"{\"key\":\"count\",\"kind\":\"number\",\"unit\":\"min\",\"label\":{\"en\":\"Count\"},"
	"\"sees\":\"S\",\"edits\":\"M\"},"
	"{\"key\":\"line\",\"kind\":\"series\",\"unit\":\"wpm\",\"target\":12.0,\"label\":{\"en\":"
	"\"Line\"},\"sees\":\"S\",\"edits\":\"M\"},"
	"{\"key\":\"list\",\"kind\":\"checklist\",\"label\":{\"en\":\"List\"},\"sees\":\"S\","
	"\"edits\":\"M\"},"
	"{\"key\":\"table\",\"kind\":\"table\",\"columns\":[{\"en\":\"Year\"},{\"en\":\"Course\"}],"
	"\"label\":{\"en\":\"Table\"},\"sees\":\"S\",\"edits\":\"M\"},"
	"{\"key\":\"proof\",\"kind\":\"files\",\"label\":{\"en\":\"Proof\"},\"sees\":\"S\","
	"\"edits\":\"S\"},"
	"{\"key\":\"agreed\",\"kind\":\"tasks\",\"agreement\":true,\"label\":{\"en\":\"Agreed\"},"
	"\"sees\":\"SG\",\"edits\":\"M\"},"
	"{\"key\":\"said\",\"kind\":\"comments\",\"label\":{\"en\":\"Said\"},\"sees\":\"SG\","
	"\"edits\":\"SG\"},"
	"{\"key\":\"reviews\",\"kind\":\"computed\",\"computed\":\"reviews\",\"label\":{\"en\":"
	"\"Reviews\"},\"sees\":\"SG\"},"
	"{\"key\":\"open\",\"kind\":\"computed\",\"computed\":\"open_tasks\",\"label\":{\"en\":"
	"\"Open\"},\"sees\":\"SG\"},"
	"{\"key\":\"signed\",\"kind\":\"signature\",\"label\":{\"en\":\"Signed\"},\"sees\":\"SG\","
	"\"edits\":\"MSG\"},"
	"{\"key\":\"secret\",\"kind\":\"text\",\"sensitive\":true,\"label\":{\"en\":\"Secret\"},"
	"\"sees\":\"M\",\"edits\":\"M\"},"
	"{\"key\":\"words\",\"kind\":\"heading\",\"label\":{\"en\":\"Be "
	"kind\"},\"sees\":\"CSGH\"}]}]}";

static json_t *all(void)
{
	json_t *o;

	ck_assert(js_parse(m, everything, strlen(everything), FORM_MAX, &o, &e));
	return o;
}

/* "sections.1.fields.2": what stands there. */
static json_t *at(json_t *o, const char *path)
{
	char *copy = mem_strdup(m, path), *save = NULL;

	for (char *p = strtok_r(copy, ".", &save); p && o; p = strtok_r(NULL, ".", &save))
		o = json_is_array(o) ? json_array_get(o, (size_t)atoi(p)) : json_object_get(o, p);
	return o;
}

static bool reads(const json_t *o, json_t **out)
{
	size_t n;
	const char *text = js_print(m, o, &n);

	e = (struct err){0};
	return form_read(m, text, n, out, &e);
}

static bool drafts(const json_t *o)
{
	size_t n;
	json_t *out;
	const char *text = js_print(m, o, &n);

	e = (struct err){0};
	return form_draft(m, text, n, &out, &e);
}

START_TEST(test_what_is_read_is_whole)
{
	json_t *form, *again;

	ck_assert_msg(reads(all(), &form), "%s", e.text);
	/* defaults */
	ck_assert_int_eq(json_array_size(js_arr(form, "statuses")), 5);
	ck_assert_str_eq(js_str(at(form, "sections.0"), "sees"), "MCSG");
	ck_assert_str_eq(js_str(at(form, "sections.0.fields.3"), "of"), "goal");
	ck_assert(js_bool(at(form, "sections.0.fields.0"), "head", false));
	ck_assert(js_bool(at(form, "sections.0.fields.1"), "head", false));
	ck_assert_str_eq(js_str(at(form, "sections.1"), "kind"), "fields");
	/* I-05: mentors see everything */
	ck_assert_str_eq(js_str(at(form, "sections.1.fields.0"), "sees"), "MS");
	ck_assert_str_eq(js_str(js_obj(form, "log"), "sees"), "MCS");
	/* printed unless it is sensitive, shared only where it is said */
	ck_assert(json_is_true(at(form, "sections.1.fields.0.printed")));
	ck_assert(json_is_false(at(form, "sections.1.fields.15.printed")));
	ck_assert(json_is_false(at(form, "sections.1.fields.0.shared")));
	/* a scale by its name is a whole copy (I-13) */
	ck_assert_int_eq(json_array_size(at(form, "sections.0.fields.2.scale.values")), 4);
	ck_assert(json_is_integer(at(form, "sections.1.fields.6.target")));
	/* and again the same */
	ck_assert(reads(form, &again));
	ck_assert(json_equal(form, again));
}
END_TEST

/* One change to the document, and where it is found. json NULL: the member is taken away. */
static const struct {
	const char *place, *member, *json, *field, *reason;
} bad[] = {
	{"", "version", "2", "version", "no_such_word"},
	{"", "version", NULL, "version", "no_such_word"},
	{"", "colour", "1", "colour", "unknown_member"},
	{"", "<script>", "1", "", "unknown_member"},
	{"", "title", NULL, "title", "missing"},
	{"", "title", "\"Plan\"", "title", "no_texts"},
	{"", "title", "{}", "title", "missing"},
	{"", "title", "{\"en\":\"  \"}", "title", "missing"},
	{"", "title", "{\"en\":1}", "title.en", "no_text"},
	{"", "title", "{\"en\":\"a\\nb\"}", "title.en", "no_text"},
	{"", "title", "{\"English\":\"a\"}", "title", "no_language"},
	{"", "title", "{\"en-\":\"a\",\"en-xxxxxxxxxxx\":\"b\"}", "title", "no_language"},
	{"", "purpose", "\"fun\"", "purpose", "no_such_word"},
	{"", "turns", "1", "turns", "no_flag"},
	{"", "ceiling", "{\"sees\":\"S\",\"edits\":\"SG\"}", "ceiling.edits", "edits_unseen"},
	{"", "log", "{\"sees\":\"X\"}", "log.sees", "no_hats"},
	{"", "log", "7", "log", "no_object"},
	{"", "topics", "{\"sees\":\"S\",\"reads\":\"S\"}", "topics.reads", "unknown_member"},
	{"", "statuses", "{}", "statuses", "no_list"},
	{"", "statuses", "[]", "statuses", "missing"},
	{"", "statuses", "[{\"key\":\"a\",\"label\":{\"en\":\"A\"},\"category\":\"todo\"}]",
	 "statuses", "categories"},
	{"", "statuses",
	 "[{\"key\":\"a\",\"label\":{\"en\":\"A\"},\"category\":\"todo\"},{\"key\":\"a\",\"label\":"
	 "{\"en\":\"A\"},\"category\":\"done\"}]",
	 "statuses.1.key", "twice"},
	{"", "statuses", "[{\"key\":\"a\",\"label\":{\"en\":\"A\"},\"category\":\"later\"}]",
	 "statuses.0.category", "no_such_word"},
	{"", "statuses", "[{\"key\":\"A\",\"label\":{\"en\":\"A\"},\"category\":\"todo\"}]",
	 "statuses.0.key", "no_key"},
	{"", "statuses", "[{\"key\":\"a\",\"category\":\"todo\"}]", "statuses.0.label", "missing"},
	{"", "sections", NULL, "sections", "missing"},
	{"", "sections", "[7]", "sections.0", "no_object"},
	{"sections.0", "key", "\"more\"", "sections.1.key", "twice"},
	{"sections.0", "key", "\"best\"", "sections.1.fields.0.key", "twice"},
	{"sections.0", "kind", "\"wheel\"", "sections.0.kind", "no_such_word"},
	{"sections.1", "kind", "\"grid\"", "sections.1.kind", "twice"},
	{"sections.1", "sees", "\"M\"", "sections.1.sees", "not_of_kind"},
	{"sections.0", "edits", "\"MH\"", "sections.0.edits", "edits_unseen"},
	{"sections.0", "title", NULL, "sections.0.title", "missing"},
	{"sections.1", "fields", "[]", "sections.1.fields", "missing"},
	{"sections.0.fields.0", "kind", "\"rich\"", "sections.0.fields", "heads"},
	{"sections.0.fields.0", "of", "\"goal\"", "sections.0.fields", "heads"},
	{"sections.0.fields.0", "of", "\"moon\"", "sections.0.fields.0.of", "no_such_word"},
	{"sections.0.fields.0", "sees", "\"MC\"", "sections.0.fields", "heads"},
	{"sections.0.fields.1", "sees", "\"MCSGH\"", "sections.0.fields.1.sees", "grid_hidden"},
	{"sections.0.fields.4", "of", "\"competence\"", "sections.0.fields.4.kind", "not_here"},
	{"sections.0.fields.5", "shared", "true", "sections.0.fields.5.shared", "personal"},
	{"sections.0.fields.5", "kind", "\"signature\"", "sections.0.fields.5.kind", "not_here"},
	{"sections.0.fields.2", "scale", NULL, "sections.0.fields.2.scale", "missing"},
	{"sections.0.fields.2", "scale", "\"stars\"", "sections.0.fields.2.scale", "no_such_scale"},
	{"sections.0.fields.2", "scale",
	 "{\"key\":\"own\",\"name\":{\"en\":\"Own\"},\"direction\":\"left\",\"values\":[]}",
	 "sections.0.fields.2.scale.direction", "no_such_word"},
	{"sections.0.fields.2", "scale",
	 "{\"key\":\"own\",\"name\":{\"en\":\"Own\"},\"direction\":\"up\",\"values\":[]}",
	 "sections.0.fields.2.scale.values", "missing"},
	{"sections.0.fields.2", "scale",
	 "{\"key\":\"own\",\"name\":{\"en\":\"Own\"},\"direction\":\"up\",\"values\":[{\"code\":"
	 "\"1\",\"short\":{\"en\":\"1\"},\"label\":{\"en\":\"1\"},\"category\":\"fine\"}]}",
	 "sections.0.fields.2.scale.values.0.category", "no_such_word"},
	{"sections.1.fields.0", "kind", "\"status\"", "sections.1.fields.0.kind", "not_here"},
	{"sections.1.fields.0", "kind", "\"colour\"", "sections.1.fields.0.kind", "no_such_word"},
	{"sections.1.fields.0", "kind", NULL, "sections.1.fields.0.kind", "no_such_word"},
	{"sections.1.fields.0", "of", "\"goal\"", "sections.1.fields.0.of", "not_here"},
	{"sections.1.fields.0", "key", NULL, "sections.1.fields.0.key", "no_key"},
	{"sections.1.fields.0", "key", "\"a-b\"", "sections.1.fields.0.key", "no_key"},
	{"sections.1.fields.0", "label", NULL, "sections.1.fields.0.label", "missing"},
	{"sections.1.fields.0", "edits", "\"SG\"", "sections.1.fields.0.edits", "edits_unseen"},
	{"sections.1.fields.0", "sees", "[\"S\"]", "sections.1.fields.0.sees", "no_hats"},
	{"sections.1.fields.0", "sees", "\"SSSSSSSS\"", "sections.1.fields.0.sees", "no_hats"},
	{"sections.1.fields.0", "required", "\"yes\"", "sections.1.fields.0.required", "no_flag"},
	{"sections.1.fields.0", "head", "true", "sections.1.fields.0.head", "not_here"},
	{"sections.1.fields.0", "options", "[]", "sections.1.fields.0.options", "not_of_kind"},
	{"sections.1.fields.0", "agreement", "true", "sections.1.fields.0.agreement",
	 "not_of_kind"},
	{"sections.0.fields.4", "agreement", "true", "sections.0.fields.4.agreement", "not_here"},
	{"sections.1.fields.2", "options", "[]", "sections.1.fields.2.options", "missing"},
	{"sections.1.fields.3", "options",
	 "[{\"code\":\"a\",\"label\":{\"en\":\"A\"}},{\"code\":\"a\",\"label\":{\"en\":\"B\"}}]",
	 "sections.1.fields.3.options.1.code", "twice"},
	{"sections.1.fields.3", "options", "[{\"code\":\"a\"}]",
	 "sections.1.fields.3.options.0.label", "missing"},
	{"sections.1.fields.5", "unit", "\"a unit of more than twenty letters\"",
	 "sections.1.fields.5.unit", "no_text"},
	{"sections.1.fields.5", "target", "1", "sections.1.fields.5.target", "not_of_kind"},
	{"sections.1.fields.6", "target", "\"1\"", "sections.1.fields.6.target", "no_number"},
	{"sections.1.fields.6", "target", "1e30", "sections.1.fields.6.target", "no_number"},
	{"sections.1.fields.8", "columns", "[]", "sections.1.fields.8.columns", "missing"},
	{"sections.1.fields.8", "columns", "[\"Year\"]", "sections.1.fields.8.columns.0",
	 "no_texts"},
	{"sections.1.fields.12", "computed", "\"age\"", "sections.1.fields.12.computed",
	 "no_such_word"},
	{"sections.1.fields.12", "computed", NULL, "sections.1.fields.12.computed", "missing"},
	{"sections.1.fields.12", "edits", "\"S\"", "sections.1.fields.12.edits", "not_of_kind"},
	{"sections.1.fields.15", "shared", "true", "sections.1.fields.15.shared", "personal"},
	{"sections.1.fields.16", "edits", "\"S\"", "sections.1.fields.16.edits", "not_of_kind"},
};

START_TEST(test_what_is_wrong_is_said_with_its_place)
{
	json_t *form, *o = all(), *place = *bad[_i].place ? at(o, bad[_i].place) : o;

	ck_assert_ptr_nonnull(place);
	if (bad[_i].json)
		json_object_set_new(place, bad[_i].member,
				    json_loads(bad[_i].json, JSON_DECODE_ANY, NULL));
	else
		json_object_del(place, bad[_i].member);
	ck_assert(!reads(o, &form));
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_str_eq(e.field, bad[_i].field);
	ck_assert_str_eq(e.reason, bad[_i].reason);
	/* a draft may lack things, and may not be otherwise wrong */
	bool is_lacking = str_eq(e.reason, "missing") || str_eq(e.reason, "categories") ||
			  str_eq(e.reason, "heads");
	if (!drafts(o))
		ck_assert_msg(!is_lacking || str_eq(bad[_i].member, "computed"), "%s", e.text);
	else
		ck_assert_msg(is_lacking, "a draft may have %s %s", bad[_i].field, bad[_i].reason);
}
END_TEST

START_TEST(test_two_agreements_and_two_grids_are_one_too_many)
{
	json_t *form, *o = all(), *fields = at(o, "sections.1.fields");

	json_array_append_new(fields, json_deep_copy(at(o, "sections.1.fields.10")));
	json_object_set_new(at(o, "sections.1.fields.17"), "key", json_string("agreed_too"));
	ck_assert(!reads(o, &form));
	ck_assert_str_eq(e.field, "sections.1.fields.17.agreement");
	o = all();
	json_object_set_new(at(o, "sections.0.fields.1"), "head", json_true());
	json_array_append_new(at(o, "sections.0.fields"),
			      json_deep_copy(at(o, "sections.0.fields.1")));
	json_object_set_new(at(o, "sections.0.fields.6"), "key", json_string("goal_too"));
	ck_assert(!reads(o, &form));
	ck_assert_str_eq(e.reason, "heads");
	o = all();
	json_object_set_new(at(o, "sections.0.fields.1"), "head", json_true());
	json_object_set_new(at(o, "sections.0.fields.1"), "sees", json_string("MS"));
	ck_assert(!reads(o, &form));
	ck_assert_str_eq(e.reason, "head_hidden");
}
END_TEST

START_TEST(test_sizes_are_capped)
{
	json_t *form, *o = all(), *fields = at(o, "sections.1.fields");

	for (int i = 0; i < FORM_FIELDS; i++) {
		json_t *one = json_deep_copy(at(o, "sections.1.fields.0"));
		json_object_set_new(one, "key", json_string(mem_printf(m, "f%d", i)));
		json_array_append_new(fields, one);
	}
	ck_assert(!reads(o, &form));
	ck_assert_str_eq(e.reason, "too_many");
	char *long_text = mem_alloc(m, FORM_MAX * 4 + 2);
	memset(long_text, ' ', FORM_MAX * 4 + 1);
	ck_assert(!form_read(m, long_text, FORM_MAX * 4 + 1, &form, &e));
	ck_assert(!form_read(m, "[", 1, &form, &e));
	ck_assert(!form_read(m, "[]", 2, &form, &e));
}
END_TEST

static const char *put(const json_t *form)
{
	const char *id;

	db_begin(db, m, &(struct db_scope){.tenant = tenant});
	form_put_add(db, m, form, &id);
	ck_assert_msg(db_commit(db, &e), "%s", e.text);
	return id;
}

START_TEST(test_a_form_is_stored_once_and_asked_by_its_fields)
{
	json_t *form;

	ck_assert(reads(all(), &form));
	const char *id = put(form), *again = put(form);
	ck_assert(uuid_ok(id));
	ck_assert_str_eq(id, again);
	ck_assert_str_eq(peek("SELECT count(*) FROM ilp.form WHERE tenant_id = '%s'", tenant), "1");
	ck_assert_str_eq(peek("SELECT count(*) FROM ilp.form_field WHERE form_id = '%s' AND "
			      "tenant_id = '%s'",
			      id, tenant),
			 "26");
	ck_assert_str_eq(peek("SELECT string_agg(concat_ws(' ', key, kind, of, sees, edits), ', ' "
			      "ORDER BY key) FROM ilp.form_field WHERE form_id = '%s' AND "
			      "tenant_id = '%s' AND key LIKE '\\_%%'",
			      id, tenant),
			 "_log log plan 7 6, _rows grid plan 15 5, _topics topics plan 0 0");
	ck_assert_str_eq(peek("SELECT string_agg(key, ' ' ORDER BY key) FROM ilp.form_field WHERE "
			      "form_id = '%s' AND tenant_id = '%s' AND head",
			      id, tenant),
			 "competence goal");
	ck_assert_str_eq(
		peek("SELECT codes::text || categories::text || setters::text || flags::text FROM "
		     "ilp.form_field WHERE form_id = '%s' AND tenant_id = '%s' AND key = 'tasks'",
		     id, tenant),
		"{todo,doing,help,done,dropped}{todo,doing,doing,done,dropped}{15,15,15,15,1}{f,f,"
		"t,f,f}");
	ck_assert_str_eq(peek("SELECT codes FROM ilp.form_field WHERE form_id = '%s' AND tenant_id "
			      "= '%s' AND key = 'now'",
			      id, tenant),
			 "{L,M,H,N}");
	ck_assert_str_eq(peek("SELECT codes FROM ilp.form_field WHERE form_id = '%s' AND tenant_id "
			      "= '%s' AND key = 'ways'",
			      id, tenant),
			 "{a,b}");
	ck_assert_str_eq(peek("SELECT coalesce(codes::text, 'free') FROM ilp.form_field WHERE "
			      "form_id = '%s' AND tenant_id = '%s' AND key = 'best'",
			      id, tenant),
			 "free");
}
END_TEST

/* PostgreSQL keeps members in an order of its own. */
START_TEST(test_what_was_stored_is_the_same_form)
{
	json_t *form, *back;

	ck_assert(reads(all(), &form));
	const char *id = put(form);
	const char *text =
		peek("SELECT definition FROM ilp.form WHERE form_id = '%s' AND tenant_id = '%s'",
		     id, tenant);
	ck_assert(form_read(m, text, strlen(text), &back, &e));
	ck_assert(json_equal(form, back));
	ck_assert_str_eq(put(back), id);
	json_object_set_new(at(back, "title"), "en", json_string("Another"));
	ck_assert_str_ne(put(back), id);
}
END_TEST

static const char *keys_of(const json_t *view)
{
	struct buf b;
	json_t *section, *field;
	size_t i, j;

	buf_init(&b, m);
	json_array_foreach(js_arr(view, "sections"), i, section)
	{
		buf_addf(&b, "%s:", js_str(section, "key"));
		json_array_foreach(js_arr(section, "fields"), j, field)
		{
			buf_addf(&b, " %s%s", js_str(field, "key"),
				 js_bool(field, "edits", false) ? "*" : "");
		}
		buf_add(&b, ";");
	}
	return b.p;
}

START_TEST(test_each_hat_sees_its_own)
{
	json_t *form;

	ck_assert(reads(all(), &form));
	const char *text = js_print(m, form, NULL);
	json_t *of_guardian = form_view(m, text, HAT_GUARDIAN);
	ck_assert_str_eq(keys_of(of_guardian),
			 "goals: competence goal now standing tasks;"
			 "more: story agreed said* reviews open signed* words;");
	ck_assert(!json_object_get(at(of_guardian, "sections.0"), "edits"));
	ck_assert_str_eq(js_str(at(of_guardian, "sections.0"), "seenBy"), "MCSG");
	ck_assert_str_eq(js_str(at(of_guardian, "sections.0"), "editedBy"), "MS");
	ck_assert(!json_object_get(at(of_guardian, "sections.0.fields.0"), "sees"));
	ck_assert(!json_object_get(of_guardian, "log"));
	ck_assert(!json_object_get(of_guardian, "ceiling"));
	ck_assert_str_eq(keys_of(form_view(m, text, HAT_HEAD)), "more: words;");
	ck_assert_str_eq(keys_of(form_view(m, text, HAT_TEACHER)),
			 "goals: competence* goal now* standing tasks;more: words;");
	json_t *of_mentor = form_view(m, text, HAT_MENTOR);
	ck_assert_int_eq(json_array_size(at(of_mentor, "sections.1.fields")), 17);
	ck_assert(js_bool(at(of_mentor, "sections.0"), "edits", false));
	ck_assert(json_object_get(of_mentor, "ceiling"));
	ck_assert_str_eq(js_str(js_obj(of_mentor, "log"), "editedBy"), "CS");
	ck_assert(!json_object_get(js_obj(of_mentor, "log"), "edits"));
	ck_assert_ptr_null(form_view(m, "{", HAT_MENTOR));
	ck_assert_ptr_null(form_view(m, "{}", HAT_MENTOR));
}
END_TEST

static bool adds(const char *section, const char *field, json_t **out)
{
	json_t *form;

	ck_assert(reads(all(), &form));
	e = (struct err){0};
	return form_with_field(m, js_print(m, form, NULL), section,
			       js_own(m, json_loads(field, JSON_DECODE_ANY, NULL)), out, &e);
}

/* */
START_TEST(test_a_column_of_a_mentor_stays_under_the_ceiling)
{
	json_t *form;

	ck_assert_msg(adds("goals",
			   "{\"kind\":\"text\",\"label\":{\"nb\":\"Mer\"},\"sees\":\"MCSG\","
			   "\"edits\":\"MCSG\",\"head\":true}",
			   &form),
		      "%s", e.text);
	json_t *added = at(form, "sections.0.fields.6");
	ck_assert_str_eq(js_str(added, "key"), "added_1");
	ck_assert_str_eq(js_str(added, "sees"), "MS");
	ck_assert_str_eq(js_str(added, "edits"), "S");
	ck_assert(!json_object_get(added, "head"));
	ck_assert(form_with_field(
		m, js_print(m, form, NULL), "more",
		js_own(m, json_pack("{s:s, s:{s:s}, s:s, s:s}", "kind", "long", "label", "en",
				    "Two", "sees", "", "edits", "G")),
		&form, &e));
	added = at(form, "sections.1.fields.17");
	ck_assert_str_eq(js_str(added, "key"), "added_2");
	ck_assert_str_eq(js_str(added, "sees"), "M");
	ck_assert_str_eq(js_str(added, "edits"), "");
	ck_assert(!adds("goals", "{\"kind\":\"text\",\"sees\":\"S\"}", &form));
	ck_assert_str_eq(e.field, "field.label");
	ck_assert(!adds("goals", "{\"kind\":\"text\",\"key\":\"goal\",\"label\":{\"en\":\"X\"}}",
			&form));
	ck_assert_str_eq(e.field, "field.key");
	ck_assert(!adds("nowhere", "{}", &form));
	ck_assert_str_eq(e.field, "section");
	ck_assert(!adds("goals", "7", &form));
	ck_assert_str_eq(e.field, "field");
	json_t *o = all();
	json_object_del(o, "ceiling");
	ck_assert(!form_with_field(m, js_print(m, o, NULL), "goals", js_own(m, json_object()),
				   &form, &e));
	ck_assert_str_eq(e.reason, "no_ceiling");
}
END_TEST

Suite *ilp_form_suite(void)
{
	Suite *s = suite_create("ilp/form");
	TCase *c = tcase_create("form");

	tcase_add_checked_fixture(c, open_school, close_school);
	tcase_add_test(c, test_what_is_read_is_whole);
	tcase_add_loop_test(c, test_what_is_wrong_is_said_with_its_place, 0,
			    sizeof bad / sizeof *bad);
	tcase_add_test(c, test_two_agreements_and_two_grids_are_one_too_many);
	tcase_add_test(c, test_sizes_are_capped);
	tcase_add_test(c, test_a_form_is_stored_once_and_asked_by_its_fields);
	tcase_add_test(c, test_what_was_stored_is_the_same_form);
	tcase_add_test(c, test_each_hat_sees_its_own);
	tcase_add_test(c, test_a_column_of_a_mentor_stays_under_the_ceiling);
	suite_add_tcase(s, c);
	return s;
}
