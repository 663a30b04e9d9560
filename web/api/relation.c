/* Guardians' relations: seen by teachers and administrators, blocked by the latter. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include "ilp/relation.h"

enum { QUERY_MAX = 100 };

static json_t *relation_json(const struct relation *r)
{
	return json_pack("{s:{s:s, s:s}, s:{s:s, s:s}, s:s, s:s, s:s, s:s?, s:s}", "student", "id", r->student,
			 "name", r->student_name, "guardian", "id", r->guardian, "name", r->guardian_name,
			 "source", r->source, "state", r->state, "confirmedAt", r->confirmed_at, "expiresAt",
			 r->expires_at, "note", r->note);
}

bool api_relations(struct exchange *x, struct err *e)
{
	const char *query = query_get(x, "q");
	struct relation *list;
	size_t n;

	if (query && str_points(query) > QUERY_MAX)
		return err_field(e, "q", "at most %d characters", QUERY_MAX);
	if (!relation_list(x->db, x->m, &x->viewer, query, &list, &n, e))
		return false;
	json_t *relations = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(relations, relation_json(&list[i]));
	return reply_json(x, 200, json_pack("{s:o, s:b}", "relations", relations, "more", n == RELATIONS_SHOWN));
}

bool api_relation_change(struct exchange *x, struct err *e)
{
	const char *state, *note;

	if (!admin_text(x, "state", 10, NULL, &state, e) ||
	    !admin_text(x, "note", RELATION_NOTE_MAX, "", &note, e))
		return false;
	if (!str_eq(state, "blocked") && !str_eq(state, "active"))
		return err_field(e, "state", "neither blocked nor active");
	return relation_block(x->db, x->m, &x->viewer, x->params[0], x->params[1], str_eq(state, "blocked"),
			      note, e) &&
	       reply_nothing(x);
}
