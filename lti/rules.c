/* rules.c - what somebody is in a course: the school's own rules first, then the
 * vocabulary (lti.md 1.6). Launch, roster and preview all ask here.
 *
 * A rule may look at a custom parameter only where the registration declares it for the
 * whole tool: any other may have been written into a link by whoever made the link. */
#include "lti/lti_internal.h"
#include "base/str.h"
#include <string.h>

struct known {
	const struct lti_settings *set;
	const struct lti_facts *facts;
	const char *groups;           /* comma list, or NULL */
	const char *roles[ROLES_MAX]; /* as the platform writes them */
	const char *repaired[ROLES_MAX];
	size_t n;
};

/* The texts a decision gives out live as long as the program. */
static const char *course_role(const char *becomes)
{
	static const char *const roles[] = {"teacher", "student", "guardian", "mentor"};

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (str_eq(roles[i], becomes))
			return roles[i];
	return "none";
}

static bool is_user(const struct lti_facts *f, const char *value)
{
	return str_eq(f->sub, value) || str_eq(f->sis_id, value) || str_eq(f->lti11_id, value);
}

/* A comma list; some write it as a JSON array. */
static bool in_group(const char *groups, const char *value)
{
	static const char around[] = " []\"";
	size_t length = strlen(value);

	while (groups && *groups) {
		const char *start = groups + strspn(groups, around);
		size_t n = strcspn(start, ",");
		groups = start + n + (start[n] == ',');
		while (n && strchr(around, start[n - 1]))
			n--;
		if (n == length && memcmp(start, value, n) == 0)
			return true;
	}
	return false;
}

static bool has_role(struct mem *m, const struct known *k, const char *value)
{
	const char *meant = role_repaired(m, k->set->role_aliases, value);

	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->repaired[i], meant))
			return true;
	return false;
}

static bool matches(struct mem *m, const struct known *k, const struct lti_rule *r)
{
	if (str_empty(r->value))
		return false;
	switch (r->kind) {
	case LTI_RULE_USER:
		return is_user(k->facts, r->value);
	case LTI_RULE_CUSTOM:
		return str_eq(settings_custom(k->set, k->facts->custom, r->name), r->value);
	case LTI_RULE_GROUP:
		return in_group(k->groups, r->value);
	case LTI_RULE_ROLE:
		return has_role(m, k, r->value);
	}
	return false;
}

/* Users, then custom parameters, groups and roles; each by position. */
static const struct lti_rule *first_match(struct mem *m, const struct known *k,
					  const struct lti_rules *rules)
{
	static const enum lti_rule_kind order[] = {LTI_RULE_USER, LTI_RULE_CUSTOM, LTI_RULE_GROUP,
						   LTI_RULE_ROLE};

	for (size_t o = 0; rules && o < sizeof order / sizeof *order; o++)
		for (size_t i = 0; i < rules->n; i++)
			if (rules->at[i].kind == order[o] && matches(m, k, &rules->at[i]))
				return &rules->at[i];
	return NULL;
}

/* The role that alone makes what all of them make; where they make nothing, one that
 * forbids it, or one that is known at all. */
static const char *decider(const struct known *k, const char *role)
{
	const unsigned no_rights = LTI_ROLE_MENTOR_NO_RIGHTS;
	const char *forbids = NULL, *known = NULL;

	for (size_t i = 0; i < k->n; i++) {
		unsigned is = roles_weigh(&k->repaired[i], 1);
		if (!is)
			continue;
		if (!str_eq(role, "none") && str_eq(lti_course_role(is), role))
			return k->roles[i];
		if (!forbids && (is & no_rights))
			forbids = k->roles[i];
		if (!known)
			known = k->roles[i];
	}
	return forbids ? forbids : str_or(known, "no known role");
}

void lti_decide(struct mem *m, const struct lti_settings *set, const struct lti_rules *rules,
		const struct lti_facts *facts, struct lti_decision *out)
{
	struct known *k = mem_new_of(m, struct known);

	k->set = set;
	k->facts = facts;
	k->groups = settings_custom(set, facts->custom, set->groups);
	k->n = roles_list(facts->roles, k->roles);
	for (size_t i = 0; i < k->n; i++)
		k->repaired[i] = role_repaired(m, set->role_aliases, k->roles[i]);
	out->roles = roles_weigh(k->repaired, k->n);
	const struct lti_rule *rule = first_match(m, k, rules);
	if (rule) {
		out->role = course_role(rule->becomes);
		out->why = mem_printf(m, "rule %s", rule->id);
	} else {
		out->role = lti_course_role(out->roles);
		out->why = mem_strdup(m, decider(k, out->role));
	}
}
