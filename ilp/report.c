#include "ilp/report.h"
#include "base/str.h"

static void read_person(struct mem *m, const struct db_rows *r, int row, struct person *p, bool *has_left)
{
	const char *id = db_text(r, row, 0), *given = db_text(r, row, 2), *family = db_text(r, row, 3);

	*p = (struct person){
		.id = id,
		.name = person_name(m, db_text(r, row, 1), given, family, id),
		.given = given,
		.family = family,
		.role = ROLE_STUDENT,
	};
	p->given = str_or(p->given, p->name);
	*has_left = db_bool(r, row, 4);
}

static struct report_review read_review(const struct db_rows *r, int row)
{
	return (struct report_review){ db_text(r, row, 0), db_text(r, row, 1), db_text(r, row, 2),
				       db_text(r, row, 3), db_text(r, row, 4) };
}

/* Where a value belongs, or NULL: its student or review is not shown. */
static struct report_value *cell(const struct report *p, const char *review, const char *student)
{
	for (size_t i = 0; i < p->rows_n; i++) {
		if (!str_eq(p->rows[i].student.id, student))
			continue;
		for (size_t k = 0; k < p->reviews_n; k++)
			if (str_eq(p->reviews[k].id, review))
				return &p->rows[i].values[k];
	}
	return NULL;
}

bool report_read(struct db *db, struct mem *m, const struct viewer *v, struct report *out, struct err *e)
{
	struct report p = { 0 };

	if (!access_check(v, RIGHT_READ_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	int reviews = db_add(db, DB_REPORT_REVIEWS, v->course);
	int students = db_add(db, DB_REPORT_STUDENTS, v->course);
	int values = db_add(db, DB_REPORT_VALUES, v->course);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, reviews), *s = db_rows(db, students), *t = db_rows(db, values);
	p.reviews_n = (size_t)db_count(r);
	p.reviews = mem_array(m, struct report_review, p.reviews_n);
	for (int i = 0; i < db_count(r); i++)
		p.reviews[i] = read_review(r, i);
	p.rows_n = (size_t)db_count(s);
	p.rows = mem_array(m, struct report_row, p.rows_n);
	for (int i = 0; i < db_count(s); i++) {
		read_person(m, s, i, &p.rows[i].student, &p.rows[i].has_left);
		p.rows[i].values = mem_array(m, struct report_value, p.reviews_n);
	}
	for (int i = 0; i < db_count(t); i++) {
		struct report_value *c = cell(&p, db_text(t, i, 0), db_text(t, i, 1));
		if (c)
			*c = (struct report_value){ true, db_text(t, i, 2), db_bool(t, i, 3),
						    db_text(t, i, 4), db_bool(t, i, 5) };
	}
	*out = p;
	return true;
}

bool report_student_read(struct db *db, struct mem *m, const struct viewer *v, const char *student,
			 struct report_student *out, struct err *e)
{
	struct report_student p = { 0 };

	if (!access_check(v, RIGHT_READ_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	int who = db_add(db, DB_REPORT_STUDENT, v->course, student);
	int entries = db_add(db, DB_REPORT_ENTRIES, v->course, student);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *w = db_rows(db, who), *r = db_rows(db, entries);
	if (!db_count(w))
		return err_set(e, ERR_NOT_FOUND, "no such student in this course");
	read_person(m, w, 0, &p.student, &p.has_left);
	p.n = (size_t)db_count(r);
	p.entries = mem_array(m, struct report_entry, p.n);
	for (int i = 0; i < db_count(r); i++)
		p.entries[i] = (struct report_entry){
			.review = read_review(r, i),
			.value = db_text(r, i, 5),
			.comment = db_text(r, i, 6),
			.by = db_text(r, i, 7),
			.at = db_text(r, i, 8),
			.released_at = db_text(r, i, 9),
			.changed = db_bool(r, i, 10),
			.self_value = db_text(r, i, 11),
			.self_comment = db_text(r, i, 12),
			.self_at = db_text(r, i, 13),
		};
	*out = p;
	return true;
}
