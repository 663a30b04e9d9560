/* policy.h - the rules a school sets for itself, in ilp.tenant.policy by these names. What
 * is not set has the default given here; the database asks with ilp.policy(name).
 *
 *   teachers_are_mentors  false  every course's teachers are mentors of its students
 *   guardian_history      true   guardians read locked plans
 *   archive_history       false  families read archived plans
 *   students_propose      true   students propose goals
 *   guardians_propose     true   guardians do
 *   mentor_fields         true   mentors add columns, where a template has a ceiling
 *   track                 {}     the rule behind "on track", whole numbers:
 *     behind_late 1, support_late 3        unfinished tasks after their day
 *     support_help 2                       tasks that call for help (one is "behind")
 *     behind_watch 3, behind_risk 1, support_risk 2   released reviews of the period
 *     slack_percent 50                     time gone less tasks done
 */
#ifndef ILP_POLICY_H
#define ILP_POLICY_H

#include "db/db.h"
#include "ilp/access.h"
#include <jansson.h>

/* All of them with their defaults filled in; *out belongs to the arena. RIGHT_LIST_STUDENTS or
 * RIGHT_MANAGE_SCHOOL; whoever uses plans gets "track" alone: that rule is no secret. */
MUST_USE bool policy_read(struct db *, struct mem *, const struct viewer *, json_t **out, struct err *e);
/* Sets what `changes` names; null takes a rule back to its default. ERR_INVALID with the
 * field named. RIGHT_MANAGE_SCHOOL. */
MUST_USE bool policy_change(struct db *, struct mem *, const struct viewer *, const json_t *changes,
			    struct err *e);

#endif
