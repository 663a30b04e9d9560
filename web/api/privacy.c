/* What is held about the viewer; for an administrator, in numbers, about somebody else. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "ilp/privacy.h"
#include <string.h>

static bool read_about(struct exchange *x, const char **out, struct err *e)
{
	struct fields f = { .n = 0 };
	bool repeated;

	if (!fields_parse(x->m, x->request->query, strlen(x->request->query), &f, e))
		return false;
	*out = fields_get(&f, "person", &repeated);
	if (*out && !uuid_ok(*out))
		return err_set(e, ERR_NOT_FOUND, "no person's id");
	return true;
}

bool api_privacy(struct exchange *x, struct err *e)
{
	json_t *held = json_array(), *person;
	struct privacy p;
	const char *about;

	js_own(x->m, held);
	if (!read_about(x, &about, e) || !privacy_read(x->db, x->m, &x->viewer, about, &p, e))
		return false;
	for (size_t i = 0; i < p.n; i++)
		json_array_append_new(held, json_pack("{s:s, s:I, s:s?}", "what", p.held[i].what, "n",
						      (json_int_t)p.held[i].n, "since", p.held[i].since));
	person = json_pack("{s:s, s:b}", "since", p.since, "own", !about || str_eq(about, x->viewer.person));
	if (p.name)
		json_object_set_new(person, "name", json_string(p.name));
	if (p.email)
		json_object_set_new(person, "email", json_string(p.email));
	if (p.language)
		json_object_set_new(person, "language", json_string(p.language));
	return reply_json(x, 200, json_pack("{s:o, s:O}", "person", person, "held", held));
}
