#include "ilp/family.h"

int family_mine_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_REVIEW_MINE, v->course, v->person);
}

void family_mine_read(struct db *db, struct mem *m, int index, struct family_review **out, size_t *n)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);

	*n = (size_t)rows;
	*out = mem_array(m, struct family_review, *n);
	for (int i = 0; i < rows; i++) {
		struct family_review *f = &(*out)[i];
		*f = (struct family_review){
			.id = db_text(r, i, 0),
			.title = db_text(r, i, 1),
			.starts_on = db_text(r, i, 2),
			.ends_on = db_text(r, i, 3),
			.scale = db_text(r, i, 4),
			.self_assessment = db_bool(r, i, 5),
			.self_value = { .text = db_text(r, i, 6), .rev = db_int(r, i, 7) },
			.self_comment = { .text = db_text(r, i, 8), .rev = db_int(r, i, 9) },
			.self_at = db_text(r, i, 10),
			.is_released = db_bool(r, i, 11),
			.self_scale = db_text(r, i, 16),
		};
		if (!f->is_released)
			continue;
		f->value = db_text(r, i, 12);
		f->comment = db_text(r, i, 13);
		f->released_at = db_text(r, i, 14);
		f->released_by = db_text(r, i, 15);
		f->corrected_at = db_text(r, i, 17);
	}
}

int family_children_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_REVIEW_OF_CHILDREN, v->person);
}

void family_children_read(struct db *db, struct mem *m, int index, struct family_review **out, size_t *n)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);

	*n = (size_t)rows;
	*out = mem_array(m, struct family_review, *n);
	for (int i = 0; i < rows; i++)
		(*out)[i] = (struct family_review){
			.child = db_text(r, i, 0),
			.id = db_text(r, i, 1),
			.title = db_text(r, i, 2),
			.course = db_text(r, i, 3),
			.starts_on = db_text(r, i, 4),
			.ends_on = db_text(r, i, 5),
			.scale = db_text(r, i, 6),
			.self_assessment = db_bool(r, i, 7),
			.self_value = { .text = db_text(r, i, 8) },
			.self_comment = { .text = db_text(r, i, 9) },
			.is_released = true,
			.value = db_text(r, i, 10),
			.comment = db_text(r, i, 11),
			.released_at = db_text(r, i, 12),
			.released_by = db_text(r, i, 13),
			.self_scale = db_text(r, i, 14),
			.corrected_at = db_text(r, i, 15),
		};
}
