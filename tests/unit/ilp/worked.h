/* worked.h - what tests of a plan's content ask and do, each in a line, on planned.h. */
#ifndef TESTS_ILP_WORKED_H
#define TESTS_ILP_WORKED_H

#include "ilp/planned.h"
#include "ilp/evidence.h"
#include "ilp/post.h"
#include "ilp/task.h"
#include "ilp/work.h"

/* NULL: not found. */
__attribute__((unused)) static json_t *page_as(const struct viewer *v, int as)
{
	json_t *page;

	e = (struct err){0};
	if (work_read(db, m, v, plan, as, &page, &e))
		return page;
	ck_assert_msg(e.code == ERR_NOT_FOUND, "%s", e.text);
	return NULL;
}

__attribute__((unused)) static json_t *page_of(const struct viewer *v)
{
	return page_as(v, 0);
}

__attribute__((unused)) static const char *text_of(const json_t *j)
{
	return js_print(m, j, NULL);
}

/* The value of a field of the plan or of a row; NULL where it is not there. */
__attribute__((unused)) static json_t *value_in(json_t *page, const char *row, const char *field)
{
	json_t *v;
	size_t i;

	json_array_foreach(js_arr(page, "values"), i,
			   v) if (str_eq(js_str(v, "field"), field) &&
				  str_eq(js_str(v, "row"), row)) return v;
	return NULL;
}

/* The one with that id in a list of the page; NULL. */
__attribute__((unused)) static json_t *one_in(json_t *page, const char *list, const char *id)
{
	json_t *o;
	size_t i;

	json_array_foreach(js_arr(page, list), i, o) if (str_eq(js_str(o, "id"), id)) return o;
	return NULL;
}

/* ERR_OK with *saved, or how it was refused. */
static struct work_saved saved;
__attribute__((unused)) static enum err_code write_value(const struct viewer *v, const char *row,
							 const char *field, const char *text,
							 int64_t seen)
{
	struct work_save s = {.plan = plan, .row = row, .field = field, .text = text, .seen = seen};

	e = (struct err){0};
	return work_save_value(db, m, v, &s, &saved, &e) ? ERR_OK : e.code;
}

__attribute__((unused)) static enum err_code write_task(const struct viewer *v, const char *task,
							const char *field, const char *text,
							int64_t seen)
{
	e = (struct err){0};
	return task_save(db, m, v, plan, task, field, text, seen, &saved, &e) ? ERR_OK : e.code;
}

/* What was made, or NULL with e. */
__attribute__((unused)) static json_t *new_row(const struct viewer *v, const char *kind,
					       const char *parent, const char *text)
{
	struct row_new w = {.id = uuid_new(m), .kind = kind, .parent = parent, .text = text};
	json_t *row;

	e = (struct err){0};
	return row_add(db, m, v, plan, &w, &row, &e) ? row : NULL;
}

__attribute__((unused)) static json_t *new_task(const struct viewer *v, const char *field,
						const char *row, const char *text,
						const char *responsible)
{
	struct task_new w = {.id = uuid_new(m),
			     .field = field,
			     .row = row,
			     .text = text,
			     .responsible = responsible};
	json_t *task;

	e = (struct err){0};
	return task_add(db, m, v, plan, &w, &task, &e) ? task : NULL;
}

__attribute__((unused)) static json_t *new_post(const struct viewer *v, const char *field,
						const char *text, int audience)
{
	struct post_new w = {.id = uuid_new(m), .field = field, .text = text, .audience = audience};
	json_t *post;

	e = (struct err){0};
	return post_add(db, m, v, plan, &w, &post, &e) ? post : NULL;
}

__attribute__((unused)) static enum err_code change_row(const struct viewer *v, const char *row,
							struct move c)
{
	e = (struct err){0};
	return row_change(db, m, v, plan, row, &c, &e) ? ERR_OK : e.code;
}

__attribute__((unused)) static enum err_code change_task(const struct viewer *v, const char *task,
							 struct move c)
{
	e = (struct err){0};
	return task_change(db, m, v, plan, task, &c, &e) ? ERR_OK : e.code;
}

#define STAYS .removed = TRI_UNSET, .confirmed = TRI_UNSET

__attribute__((unused)) static void set_state(const char *state)
{
	peek("UPDATE ilp.plan SET state = '%s' WHERE plan_id = '%s'", state, plan);
}

#endif
