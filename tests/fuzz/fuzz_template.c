/* fuzz_template - a template from a file. What is taken is a form: read again it is the
 * same, nobody edits what they do not see (I-02), mentors see all of it (I-05), no view
 * holds what its hat may not see (I-03), and what a mentor adds stays under the ceiling
 * (X-1). */
#include "tests/fuzz/fuzz.h"
#include "base/js.h"
#include "base/str.h"
#include "ilp/form.h"
#include <string.h>

bool fuzz_accepted;

static void check_field(const json_t *field, int within)
{
	int sees = hats_parse(js_str(field, "sees")), edits = hats_parse(js_str(field, "edits"));

	FUZZ_MUST(sees >= 0 && edits >= 0);
	FUZZ_MUST(sees & HAT_MENTOR);
	FUZZ_MUST((edits & ~sees) == 0);
	FUZZ_MUST((sees & ~within) == 0);
	FUZZ_MUST(json_object_size(js_obj(field, "label")) > 0);
	FUZZ_MUST(!js_bool(field, "sensitive", false) || !js_bool(field, "shared", true));
}

static size_t check_fields(const json_t *form)
{
	json_t *section, *field;
	size_t i, j, n = 0;

	json_array_foreach(js_arr(form, "sections"), i, section) {
		int within = js_str(section, "sees") ? hats_parse(js_str(section, "sees")) : HAT_ALL;
		json_array_foreach(js_arr(section, "fields"), j, field) {
			check_field(field, within);
			n++;
		}
	}
	FUZZ_MUST(n > 0 && n <= FORM_FIELDS);
	return n;
}

static size_t check_view(struct mem *m, const char *text, int hat)
{
	json_t *view = form_view(m, text, hat), *section, *field;
	size_t i, j, n = 0;

	FUZZ_MUST(view);
	json_array_foreach(js_arr(view, "sections"), i, section) {
		json_array_foreach(js_arr(section, "fields"), j, field) {
			FUZZ_MUST(hats_parse(js_str(field, "seenBy")) & hat);
			FUZZ_MUST(!js_bool(field, "edits", false) ||
				  (hats_parse(js_str(field, "editedBy")) & hat));
			FUZZ_MUST(!json_object_get(field, "sees"));
			n++;
		}
	}
	return n;
}

static void check_added(struct mem *m, const json_t *form, const char *text)
{
	json_t *section = json_array_get(js_arr(form, "sections"), 0), *more, *added;
	const json_t *ceiling = js_obj(form, "ceiling");
	json_t *wish = js_own(m, json_pack("{s:s, s:{s:s}, s:s, s:s}", "kind", "long", "label", "en",
					   "More", "sees", "MCSGH", "edits", "MCSGH"));
	struct err e = {0};

	if (!form_with_field(m, text, js_str(section, "key"), wish, &more, &e)) {
		FUZZ_MUST(e.code == ERR_INVALID);
		return;
	}
	FUZZ_MUST(ceiling);
	const json_t *fields = js_arr(json_array_get(js_arr(more, "sections"), 0), "fields");
	added = json_array_get(fields, json_array_size(fields) - 1);
	int most = hats_parse(js_str(ceiling, "sees")) | HAT_MENTOR;
	FUZZ_MUST((hats_parse(js_str(added, "sees")) & ~most) == 0);
	FUZZ_MUST((hats_parse(js_str(added, "edits")) & ~hats_parse(js_str(ceiling, "edits"))) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct err e = {0};
	json_t *form, *again;

	fuzz_accepted = form_read(m, (const char *)bytes, n, &form, &e);
	if (!fuzz_accepted) {
		FUZZ_MUST(e.code == ERR_INVALID);
		mem_free(m);
		return 0;
	}
	size_t size;
	const char *text = js_print(m, form, &size);
	FUZZ_MUST(size <= FORM_MAX);
	FUZZ_MUST(form_read(m, text, size, &again, &e) && json_equal(form, again));
	FUZZ_MUST(form_draft(m, text, size, &again, &e) && json_equal(form, again));
	size_t all = check_fields(form);
	for (int hat = HAT_MENTOR; hat <= HAT_HEAD; hat <<= 1)
		FUZZ_MUST(check_view(m, text, hat) <= all);
	FUZZ_MUST(check_view(m, text, HAT_MENTOR) == all);
	check_added(m, form, text);
	mem_free(m);
	return 0;
}
