/* Many students at once: one text for all of them, or a column of a spreadsheet. */
#include "base/str.h"
#include "ilp/entry.h"

static int many_add(struct db *db, struct mem *m, const struct viewer *v,
		    const struct entry_many *s)
{
	const char *one = str_or(s->text, "");
	const char *texts = s->texts ? db_list(m, s->texts, s->n) : db_list(m, &one, 1);

	return db_add(db, DB_ENTRY_SAVE_MANY, s->review, db_list(m, s->students, s->n),
		      entry_field_name(s->field), texts, s->replace ? "replace" : "fill", v->person,
		      v->course);
}

static void many_read(struct db *db, struct mem *m, int index, struct entry_many_results *out)
{
	const struct db_rows *r = db_rows(db, index);
	int rows = db_count(r);

	out->n = (size_t)rows;
	out->list = mem_array(m, struct entry_many_result, out->n);
	for (int i = 0; i < rows; i++)
		out->list[i] = (struct entry_many_result){
			.student = db_text(r, i, 0),
			.saved = db_bool(r, i, 1),
			.text = db_text(r, i, 2),
			.rev = db_int(r, i, 3),
			.previous = db_text(r, i, 4),
		};
}

bool entry_paste(struct db *db, struct mem *m, const struct viewer *v, const struct entry_many *s,
		 size_t fields, struct entry_many_results *out, struct err *e)
{
	int *at = mem_array(m, int, fields);

	if (!access_check(v, RIGHT_WRITE_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	db_add(db, DB_REVIEW_HOLD, s->review, db_flag(true));
	for (size_t i = 0; i < fields; i++)
		at[i] = s[i].n ? many_add(db, m, v, &s[i]) : -1;
	int of = review_list_add(db, v, s->review);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	for (size_t i = 0; i < fields; i++) {
		out[i] = (struct entry_many_results){0};
		if (at[i] >= 0)
			many_read(db, m, at[i], &out[i]);
	}
	return true;
}

bool entry_save_many(struct db *db, struct mem *m, const struct viewer *v,
		     const struct entry_many *s, struct entry_many_result **out, size_t *n,
		     struct err *e)
{
	struct entry_many_results results;

	if (!entry_paste(db, m, v, s, 1, &results, e))
		return false;
	if (!results.n)
		return err_field(e, "students", "none of them, or not a value of the scale");
	*out = results.list;
	*n = results.n;
	return true;
}
