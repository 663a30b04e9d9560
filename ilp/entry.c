#include "ilp/entry.h"
#include "base/str.h"

static const char *const field_names[ENTRY_FIELDS] = {
	[ENTRY_VALUE] = "value",
	[ENTRY_COMMENT] = "comment",
	[ENTRY_SELF_VALUE] = "self_value",
	[ENTRY_SELF_COMMENT] = "self_comment",
};

const char *entry_field_name(enum entry_field f)
{
	return field_names[f];
}

enum entry_field entry_field_parse(const char *name)
{
	for (int f = 0; f < ENTRY_FIELDS; f++)
		if (str_eq(name, field_names[f]))
			return (enum entry_field)f;
	return ENTRY_FIELDS;
}

static bool is_self(enum entry_field f)
{
	return f == ENTRY_SELF_VALUE || f == ENTRY_SELF_COMMENT;
}

static bool is_value(enum entry_field f)
{
	return f == ENTRY_VALUE || f == ENTRY_SELF_VALUE;
}

/* The columns of entry_grid, by their place. */
enum { G_ID, G_NAME, G_GIVEN, G_FAMILY, G_LEFT, G_RELEASED, G_FIELD, G_TEXT, G_REV, G_BY, G_AT, G_CHANGED, G_ENTERED,
       G_READY, G_READY_CHANGED, G_CORRECTED };

static struct entry entry_of(struct mem *m, const struct db_rows *r, int row)
{
	const char *id = db_text(r, row, G_ID), *name = db_text(r, row, G_NAME);
	const char *given = db_text(r, row, G_GIVEN), *family = db_text(r, row, G_FAMILY);

	return (struct entry){
		.student = { .id = id,
			     .name = person_name(m, name, given, family, id),
			     .given = given,
			     .family = family,
			     .role = ROLE_STUDENT },
		.has_left = db_bool(r, row, G_LEFT),
		.released_at = db_text(r, row, G_RELEASED),
		.ready_at = db_text(r, row, G_READY),
		.corrected_at = db_text(r, row, G_CORRECTED),
		.entered_on = db_text(r, row, G_ENTERED),
	};
}

/* Rows come ordered by student, up to four to a student. */
static void gather(struct mem *m, const struct db_rows *r, struct entry_grid *g)
{
	int rows = db_count(r);
	struct entry *now = NULL;

	g->entries = mem_array(m, struct entry, (size_t)rows);
	for (int i = 0; i < rows; i++) {
		if (!now || !str_eq(now->student.id, db_text(r, i, G_ID))) {
			now = &g->entries[g->n++];
			*now = entry_of(m, r, i);
		}
		enum entry_field f = entry_field_parse(db_text(r, i, G_FIELD));
		if (f == ENTRY_FIELDS)
			continue;
		now->texts[f] = (struct entry_text){
			.text = db_text(r, i, G_TEXT),
			.rev = db_int(r, i, G_REV),
			.by = db_text(r, i, G_BY),
			.at = db_text(r, i, G_AT),
			.changed_since_release = now->released_at && db_bool(r, i, G_CHANGED),
			.changed_since_ready = now->ready_at && db_bool(r, i, G_READY_CHANGED),
		};
	}
}

bool entry_grid_read(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		     const char *since, struct entry_grid *out, struct err *e)
{
	struct review *list;
	size_t n;

	if (!access_check(v, RIGHT_READ_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	int cursor = db_add(db, DB_ENTRY_CURSOR);
	int of = review_list_add(db, v, review);
	int rows = db_add(db, DB_ENTRY_GRID, review, v->course, since);
	if (!db_commit(db, e))
		return false;
	review_list_read(db, m, of, &list, &n);
	if (!n)
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	*out = (struct entry_grid){ .review = list[0], .cursor = db_text(db_rows(db, cursor), 0, 0) };
	gather(m, db_rows(db, rows), out);
	return true;
}

bool entry_save(struct db *db, struct mem *m, const struct viewer *v, const struct entry_save *s,
		struct entry_saved *out, struct err *e)
{
	bool self = is_self(s->field);
	const char *student = self ? v->person : s->student, *field = field_names[s->field];

	if (!access_check(v, self ? RIGHT_WRITE_SELF : RIGHT_WRITE_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	if (is_value(s->field))
		db_add(db, DB_REVIEW_HOLD, s->review, db_flag(true));
	int save = db_add(db, DB_ENTRY_SAVE, s->review, student, field, s->text, db_num(m, s->seen),
			  v->person, v->course, db_flag(self));
	int now = db_add(db, DB_ENTRY_NOW, s->review, student, field, v->course);
	if (!db_commit(db, e))
		return false;

	const struct db_rows *r = db_rows(db, save), *n = db_rows(db, now);
	if (!db_text(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "nothing to write to");
	if (!db_bool(r, 0, 0))
		return err_field(e, "text", "not a value of this review's scale");
	*out = (struct entry_saved){
		.now = { .text = db_text(n, 0, 0),
			 .rev = db_int(n, 0, 1),
			 .by = db_text(n, 0, 2),
			 .at = db_text(n, 0, 3) },
		.scale_locked = db_bool(n, 0, 4),
		.assessed = db_int(n, 0, 5),
	};
	/* A repeat of what already stands is as good as saved, nothing included. */
	out->saved = db_text(r, 0, 1) || str_eq(str_or(out->now.text, ""), str_or(s->text, ""));
	return true;
}

bool entry_date(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		const char *student, const char *date, struct err *e)
{
	if (!access_check(v, RIGHT_WRITE_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	int dated = db_add(db, DB_ENTRY_DATE, review, student, date, v->person, v->course);
	int of = review_list_add(db, v, review);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	if (!db_count(db_rows(db, dated)))
		return err_field(e, "date", "nothing entered yet, or not within the last half-year");
	return true;
}

bool entry_history(struct db *db, struct mem *m, const struct viewer *v, const char *review,
		   const char *student, struct entry_version **out, size_t *n, struct err *e)
{
	if (!access_check(v, RIGHT_READ_ENTRIES, e))
		return false;
	viewer_begin(db, m, v);
	int history = db_add(db, DB_ENTRY_HISTORY, review, student, v->course);
	int of = review_list_add(db, v, review);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, of)))
		return err_set(e, ERR_NOT_FOUND, "no such review in this course");
	const struct db_rows *r = db_rows(db, history);
	int rows = db_count(r);
	*n = (size_t)rows;
	*out = mem_array(m, struct entry_version, *n);
	for (int i = 0; i < rows; i++)
		(*out)[i] = (struct entry_version){
			.field = entry_field_parse(db_text(r, i, 0)),
			.rev = db_int(r, i, 1),
			.text = db_text(r, i, 2),
			.by = db_text(r, i, 3),
			.at = db_text(r, i, 4),
		};
	return true;
}
