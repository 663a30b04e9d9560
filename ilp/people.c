#include "ilp/people.h"
#include "base/str.h"
#include <string.h>

const char *person_name(struct mem *m, const char *name, const char *given, const char *family,
			const char *id)
{
	if (!str_empty(name))
		return name;
	if (!str_empty(given) && !str_empty(family))
		return mem_printf(m, "%s %s", given, family);
	if (!str_empty(given) || !str_empty(family))
		return str_or(given, family);
	size_t n = strlen(id);
	return mem_printf(m, "#%s", n > 6 ? id + n - 6 : id);
}

int viewer_facts_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_VIEWER_FACTS, v->person, v->course);
}

bool viewer_facts_read(struct db *db, struct mem *m, const struct viewer *v, int index,
		       struct viewer_facts *out, struct err *e)
{
	const struct db_rows *r = db_rows(db, index);

	if (!db_count(r))
		return err_set(e, ERR_EXPIRED, "the viewer is gone");
	*out = (struct viewer_facts){
		.name = person_name(m, db_text(r, 0, 0), db_text(r, 0, 1), db_text(r, 0, 12), v->person),
		.given = db_text(r, 0, 1),
		.language = db_text(r, 0, 2),
		.school = db_text(r, 0, 3),
		.help = db_text(r, 0, 4),
		.today = db_text(r, 0, 5),
		.course = db_text(r, 0, 6),
		.course_title = db_text(r, 0, 7),
		.course_label = db_text(r, 0, 8),
		.roster_state = db_text(r, 0, 9),
		.roster_at = db_text(r, 0, 10),
		.roster_error = db_text(r, 0, 11),
		.roster_people = db_text(r, 0, 13),
		.roster_retry_at = db_text(r, 0, 14),
	};
	return true;
}

int course_people_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_COURSE_PEOPLE, v->course);
}

int guardian_children_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_GUARDIAN_CHILDREN, v->person);
}

void people_read(struct db *db, struct mem *m, int index, enum role otherwise, struct person **out,
		 size_t *n)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);
	/* course_people has a column for the role, guardian_children has not. */
	int shift = otherwise == ROLE_NONE ? 1 : 0;

	*n = (size_t)rows;
	*out = mem_array(m, struct person, *n);
	for (int i = 0; i < rows; i++) {
		const char *id = db_text(r, i, 0), *name = db_text(r, i, 1 + shift);
		const char *given = db_text(r, i, 2 + shift), *family = db_text(r, i, 3 + shift);
		(*out)[i] = (struct person){
			.id = id,
			.name = person_name(m, name, given, family, id),
			.given = str_or(given, person_name(m, name, given, family, id)),
			.family = family,
			.role = shift ? role_parse(db_text(r, i, 1)) : otherwise,
		};
	}
}

bool viewer_set_language(struct db *db, struct mem *m, const struct viewer *v, const char *language,
			 struct err *e)
{
	if (!access_check(v, RIGHT_SET_OWN_LANGUAGE, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_VIEWER_LANGUAGE, v->person, language);
	return db_commit(db, e);
}

bool course_refresh(struct db *db, struct mem *m, const struct viewer *v, struct err *e)
{
	if (!access_check(v, RIGHT_REFRESH_ROSTER, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_ROSTER_WANT, v->course);
	db_add(db, DB_ROSTER_WAKE);
	return db_commit(db, e);
}
