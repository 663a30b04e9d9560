/* Role rules of one platform, and what they would have made of recent launches. */
#include "web/api/admin_internal.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

enum { RULES_MAX = 500, VALUE_MAX = 255, NOTE_MAX = 200 };

static const char *const kinds[] = {
	[LTI_RULE_USER] = "user",
	[LTI_RULE_CUSTOM] = "custom",
	[LTI_RULE_GROUP] = "group",
	[LTI_RULE_ROLE] = "role",
};

static bool kind_parse(const char *word, enum lti_rule_kind *out)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (str_eq(word, kinds[i])) {
			*out = (enum lti_rule_kind)i;
			return true;
		}
	}
	return false;
}

static bool is_word_of(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (strcspn(p, " ") == n && !memcmp(p, word, n))
			return true;
	return false;
}

struct reading {
	struct exchange *x;
	struct lti_settings set;
	struct lti_rule *rules;
	json_t *rows; /* as they are stored */
	size_t n;
};

static bool text_ok(const char *s, size_t max)
{
	return s && strlen(s) <= max && str_is_text(s, strlen(s));
}

/* A custom parameter counts only where the whole tool declares it: any teacher can write
 * others into a link (lti.md 3.3). */
static bool read_rule(struct reading *r, const json_t *o, struct err *e)
{
	const char *name = str_or(js_str(o, "name"), ""), *value = js_str(o, "value");
	const char *becomes = js_str(o, "becomes"), *note = str_or(js_str(o, "note"), "");
	struct lti_rule *rule = &r->rules[r->n];

	if (!kind_parse(js_str(o, "kind"), &rule->kind))
		return err_field(e, "kind", "user, custom, group or role");
	if (str_empty(value) || !text_ok(value, VALUE_MAX))
		return err_field(e, "value", "1 to %d bytes", VALUE_MAX);
	if (!becomes || (!str_eq(becomes, role_name(ROLE_NONE)) && role_parse(becomes) == ROLE_NONE))
		return err_field(e, "becomes", "no role of ours");
	if (rule->kind == LTI_RULE_CUSTOM && !is_word_of(r->set.trusted, name))
		return err_field(e, "name", "not declared for the whole tool");
	if (!text_ok(note, NOTE_MAX))
		return err_field(e, "note", "at most %d bytes", NOTE_MAX);
	rule->id = uuid_new(r->x->m);
	rule->name = name;
	rule->value = value;
	rule->becomes = becomes;
	json_array_append_new(r->rows, json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s}", "id", rule->id,
						 "position", (json_int_t)r->n, "kind", kinds[rule->kind],
						 "name", name, "value", value, "becomes", becomes, "note",
						 note));
	r->n++;
	return true;
}

/* How the platform in the path does things; ERR_NOT_FOUND where the school has no part in it. */
static bool platform_ways(struct exchange *x, struct lti_settings *out, struct err *e)
{
	admin_begin(x);
	int ways = db_add(x->db, DB_ADMIN_PLATFORM_WAYS, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	const struct db_rows *r = db_rows(x->db, ways);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such platform of this school");
	json_t *own = js_own(x->m, json_loads(db_text(r, 0, 1), 0, NULL));
	return lti_settings_read(x->m, lti_profile_find(db_text(r, 0, 0)), own, out, e);
}

static bool read_rules(struct exchange *x, struct reading *r, struct err *e)
{
	const json_t *list = js_arr(x->body, "rules"), *one;
	size_t i;

	*r = (struct reading){ .x = x, .rows = js_own(x->m, json_array()) };
	if (!platform_ways(x, &r->set, e))
		return false;
	if (!list || json_array_size(list) > RULES_MAX)
		return err_field(e, "rules", "a list of at most %d", RULES_MAX);
	r->rules = mem_array(x->m, struct lti_rule, json_array_size(list));
	json_array_foreach(list, i, one) if (!read_rule(r, one, e)) return false;
	return true;
}

bool admin_rules(struct exchange *x, struct err *e)
{
	struct lti_settings set;

	if (!platform_ways(x, &set, e))
		return false;
	admin_begin(x);
	int list = db_add(x->db, DB_ADMIN_RULES, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	return reply_json(x, 200, json_pack("{s:o, s:s}", "rules", admin_rows(x, list), "trusted", set.trusted));
}

bool admin_rules_put(struct exchange *x, struct err *e)
{
	struct reading r;

	if (!read_rules(x, &r, e))
		return false;
	admin_begin(x);
	db_add(x->db, DB_ADMIN_RULES_CLEAR, x->params[0]);
	db_add(x->db, DB_ADMIN_RULES_ADD, x->params[0], js_print(x->m, r.rows, NULL));
	db_add(x->db, DB_ADMIN_RULES_APPLY, x->params[0]);
	return admin_commit(x, e) && reply_nothing(x);
}

/* ---- What they would make of those who came lately ---- */

static json_t *previewed(struct reading *r, const struct db_rows *rows, int i)
{
	enum { ID, AT, PERSON, FACTS, WAS, SUB, SIS, LTI11 };
	json_t *facts = js_own(r->x->m, json_loads(db_text(rows, i, FACTS), 0, NULL));
	const struct lti_rules rules = { r->rules, r->n };
	const struct lti_facts known = {
		.roles = js_arr(facts, "roles"),
		.custom = js_obj(facts, "custom"),
		.sub = db_text(rows, i, SUB),
		.sis_id = db_text(rows, i, SIS),
		.lti11_id = db_text(rows, i, LTI11),
	};
	struct lti_decision d;

	lti_decide(r->x->m, &r->set, &rules, &known, &d);
	return json_pack("{s:s, s:s, s:s, s:O?, s:s?, s:s, s:s}", "id", db_text(rows, i, ID), "at",
			 db_text(rows, i, AT), "person", db_text(rows, i, PERSON), "roles", known.roles, "was",
			 db_text(rows, i, WAS), "becomes", d.role, "why", d.why);
}

bool admin_rules_preview(struct exchange *x, struct err *e)
{
	struct reading r;

	if (!read_rules(x, &r, e))
		return false;
	admin_begin(x);
	int recent = db_add(x->db, DB_ADMIN_RULES_PREVIEW, x->params[0]);
	if (!db_commit(x->db, e))
		return false;
	const struct db_rows *rows = db_rows(x->db, recent);
	json_t *launches = json_array();
	for (int i = 0; i < db_count(rows); i++)
		json_array_append_new(launches, previewed(&r, rows, i));
	return reply_json(x, 200, json_pack("{s:o}", "launches", launches));
}
