/* The launch log: what happened, which rule failed, and what mends it. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include "i18n/i18n.h"

enum { PAGE = 50 };

bool admin_launches(struct exchange *x, struct err *e)
{
	const char *platform = query_get(x, "platform"), *before = query_get(x, "before");
	const char *code = query_get(x, "code"), *state = query_get(x, "state");

	if ((platform && !uuid_ok(platform)) || (before && !uuid_ok(before)))
		return err_field(e, "platform", "no identifier");
	if (state && !str_eq(state, "refused") && !str_eq(state, "accepted"))
		return err_field(e, "state", "neither refused nor accepted");
	admin_begin(x);
	int list = db_add(x->db, DB_ADMIN_LAUNCHES, platform, code, state, before, db_num(x->m, PAGE + 1));
	int doctor = db_add(x->db, DB_ADMIN_DOCTOR, str_or(code, ""));
	if (!db_commit(x->db, e))
		return false;
	json_t *launches = admin_rows(x, list), *doctors = js_own(x->m, admin_rows(x, doctor));
	json_t *answer = json_pack("{s:o}", "launches", launches);
	if (json_array_size(launches) > PAGE) {
		json_array_remove(launches, PAGE);
		json_object_set(answer, "next", json_object_get(json_array_get(launches, PAGE - 1), "id"));
	}
	if (json_array_size(doctors))
		json_object_set(answer, "doctor", json_array_get(doctors, 0));
	return reply_json(x, 200, answer);
}

/* What was read on the page, and what an administrator can do about it. */
static void add_reason(struct exchange *x, json_t *launch)
{
	const char *word = js_str(launch, "reason");

	if (!word)
		return;
	const struct lti_reason *r = lti_reason_find(word);
	json_object_set_new(launch, "mend", json_string(r->mend));
	json_object_set_new(launch, "words", json_string(i18n(x->m, x->language, r->message, NULL)));
}

bool admin_launch(struct exchange *x, struct err *e)
{
	admin_begin(x);
	int found = db_add(x->db, DB_ADMIN_LAUNCH, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	json_t *rows = js_own(x->m, admin_rows(x, found)), *launch = json_array_get(rows, 0);
	if (!launch)
		return err_set(e, ERR_NOT_FOUND, "no such launch of this school");
	add_reason(x, launch);
	return reply_json(x, 200, json_incref(launch));
}
