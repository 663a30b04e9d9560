#include "ilp/privacy.h"
#include "ilp/people.h"
#include "base/str.h"

static const char *or_null(const char *s)
{
	return str_empty(s) ? NULL : s;
}

bool privacy_read(struct db *db, struct mem *m, const struct viewer *v, const char *about,
		  struct privacy *out, struct err *e)
{
	bool is_own = !about || str_eq(about, v->person);
	const char *person = is_own ? v->person : about;
	struct privacy p = { 0 };

	if (!access_check(v, is_own ? RIGHT_SEE_OWN_PRIVACY : RIGHT_MANAGE_PLATFORMS, e))
		return false;
	viewer_begin(db, m, v);
	int who = db_add(db, DB_PRIVACY_PERSON, person);
	int held = db_add(db, DB_PRIVACY_HELD, person);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *w = db_rows(db, who), *h = db_rows(db, held);
	if (!db_count(w))
		return err_set(e, ERR_NOT_FOUND, "nobody of this school");
	p.since = db_text(w, 0, 5);
	if (is_own) {
		const char *given = db_text(w, 0, 1), *family = db_text(w, 0, 2);
		bool has_name = !str_empty(db_text(w, 0, 0)) || !str_empty(given) || !str_empty(family);
		p.name = has_name ? person_name(m, db_text(w, 0, 0), given, family, person) : NULL;
		p.email = or_null(db_text(w, 0, 3));
		p.language = or_null(db_text(w, 0, 4));
	}
	p.n = (size_t)db_count(h);
	p.held = mem_array(m, struct privacy_held, p.n);
	for (int i = 0; i < db_count(h); i++)
		p.held[i] = (struct privacy_held){ db_text(h, i, 0), db_int(h, i, 1), db_text(h, i, 2) };
	*out = p;
	return true;
}
