#include "ilp/arrival.h"
#include "ilp/access.h"
#include "base/str.h"

#define ROSTER_STALE_MINUTES "15"

static void add_course(struct db *db, struct mem *m, const struct arrival *a)
{
	db_add(db, DB_LAUNCH_COURSE, uuid_new(m), a->registration, a->deployment, a->context,
	       a->context_label, a->context_title, a->resource_link, a->roster_url,
	       ROSTER_STALE_MINUTES);
	if (a->origins_n)
		db_add(db, DB_LAUNCH_ORIGINS, a->registration, a->deployment, a->context,
		       db_list(m, a->origins, a->origins_n));
	db_add(db, DB_LAUNCH_MEMBERSHIP, a->registration, a->sub, a->deployment, a->context, a->role);
}

/* What this launch says of children in this course replaces what was said before;
 * a child named nowhere any more is no longer linked. */
static void add_children(struct db *db, struct mem *m, const struct arrival *a)
{
	const char *children = db_list(m, a->children, a->children_n);

	db_add(db, DB_LAUNCH_CLAIMS_CLEAR, a->registration, a->sub, a->deployment, a->context, children);
	if (a->children_n)
		db_add(db, DB_LAUNCH_CLAIMS, a->registration, a->sub, a->deployment, a->context,
		       children, db_list(m, a->children_sources, a->children_n));
	db_add(db, DB_GUARDIAN_LINKS_MAKE, a->registration, a->sub, a->context);
	db_add(db, DB_GUARDIAN_LINKS_END, a->registration, a->sub);
}

/* Whoever may not look at others learns nothing of them, not even that they exist. */
static const char *about(const struct arrival *a)
{
	bool may = a->admin || role_parse(a->role) == ROLE_TEACHER || str_eq(a->for_sub, a->sub);

	return may ? a->for_sub : NULL;
}

static struct arrived made_by(const struct db_rows *session)
{
	return (struct arrived){
		.person = db_text(session, 0, 0),
		.course = db_text(session, 0, 1),
		.about = db_text(session, 0, 2),
	};
}

static bool commit(struct db *db, struct err *e)
{
	if (db_commit(db, e))
		return true;
	if (str_eq(db_constraint(db), "nonce_spent"))
		return err_reason(e, ERR_CONFLICT, "nonce_used", "launch taken in before");
	return false;
}

/* Leaves *out empty, and nothing done, where there is something to write down first. */
static bool take_known(struct db *db, struct mem *m, const struct arrival *a, struct arrived *out,
		       struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = a->tenant, .relaxed = true });
	int again = db_add(db, DB_LAUNCH_AGAIN, a->registration, a->sub, a->deployment, a->context, a->role,
			   a->lti11_id, a->sis_id, a->given_name, a->family_name, a->name, a->email,
			   a->locale, db_flag(a->is_test), a->context_label, a->context_title,
			   a->roster_url, ROSTER_STALE_MINUTES, a->nonce, db_num(m, a->nonce_expires),
			   a->session, a->secret_hash, db_num(m, a->session_hours), a->platform_name,
			   a->platform_guid, a->notice_url, db_flag(a->admin), a->placement, about(a));
	if (!commit(db, e))
		return false;
	const struct db_rows *made = db_rows(db, again);
	if (db_count(made))
		*out = made_by(made);
	return true;
}

static bool take_any(struct db *db, struct mem *m, const struct arrival *a, struct arrived *out,
		     struct err *e)
{
	db_begin(db, m, &(struct db_scope){ .tenant = a->tenant, .relaxed = true });
	db_add(db, DB_LAUNCH_NONCE, a->registration, a->nonce, db_num(m, a->nonce_expires));
	db_add(db, DB_LAUNCH_DEPLOYMENT, a->registration, a->deployment, a->platform_name,
	       a->platform_guid, a->notice_url);
	db_add(db, DB_LAUNCH_IDENTITY, a->registration, a->sub, uuid_new(m), a->lti11_id, a->sis_id);
	db_add(db, DB_LAUNCH_PERSON, a->registration, a->sub, a->given_name, a->family_name, a->name,
	       a->email, a->locale, db_flag(a->is_test));
	if (a->context)
		add_course(db, m, a);
	if (a->context && a->says_children)
		add_children(db, m, a);
	int session = db_add(db, DB_LAUNCH_SESSION, a->session, a->secret_hash, a->registration, a->sub,
			     a->deployment, a->context, a->role, db_num(m, a->session_hours),
			     db_flag(a->admin), a->placement, about(a));
	/* A roster that became due is fetched now, not at the next tick. */
	if (a->roster_url)
		db_add(db, DB_ROSTER_NOTIFY, a->registration, a->deployment, a->context);
	if (!commit(db, e))
		return false;
	*out = made_by(db_rows(db, session));
	return true;
}

/* Children are said anew by each launch, and a deployment that is new knows nobody. */
bool arrival_take(struct db *db, struct mem *m, const struct arrival *a, struct arrived *out,
		  struct err *e)
{
	struct arrived known = { .person = NULL };

	if (a->context && !a->says_children && !a->deployment_is_new &&
	    !take_known(db, m, a, &known, e))
		return false;
	if (!known.person)
		return take_any(db, m, a, out, e);
	*out = known;
	return true;
}
