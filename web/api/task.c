/* Tasks and posts of a plan over HTTP. */
#include "web/api/work_internal.h"
#include "base/str.h"
#include "ilp/post.h"
#include "ilp/rich.h"
#include "ilp/task.h"
#include <string.h>

static bool read_link(struct exchange *x, const char *field, const char **out, struct err *e)
{
	if (!read_words(x, field, 2000, out, e))
		return false;
	*out = str_trim(x->m, *out);
	return !**out || link_ok(*out, false) || err_field(e, field, "no http or https address");
}

static bool api_task_add(struct exchange *x, struct err *e)
{
	struct task_new w = {0};
	const char *link;
	json_t *task;

	if (!read_own_id(x, &w.id, e) || !plan_read_id(x, "row", &w.row, e) ||
	    !read_words(x, "field", 64, &w.field, e) ||
	    !read_words(x, "text", TASK_TEXT_MAX, &w.text, e) ||
	    !read_string(x, "dueOn", &w.due_on, e) ||
	    !read_string(x, "responsible", &w.responsible, e) || !read_link(x, "link", &link, e) ||
	    !plan_read_id(x, "after", &w.after, e))
		return false;
	w.due_on = str_empty(w.due_on) ? NULL : w.due_on;
	w.link = str_empty(link) ? NULL : link;
	w.responsible = str_or(w.responsible, "student");
	if (w.due_on && !date_ok(w.due_on))
		return err_field(e, "dueOn", "no date");
	if (!str_eq(w.responsible, "student") && !str_eq(w.responsible, "home") &&
	    !str_eq(w.responsible, "school"))
		return err_field(e, "responsible", "student, home or school");
	return task_add(x->db, x->m, &x->viewer, x->params[0], &w, &task, e) &&
	       reply_json(x, 201, json_incref(task));
}

static bool api_task_save(struct exchange *x, struct err *e)
{
	static const char *const fields[] = {"text",        "status", "due",
					     "responsible", "link",   "detail"};
	const char *field = x->params[2], *text;
	struct work_saved saved;
	int64_t seen;
	size_t i = 0;

	while (i < sizeof fields / sizeof *fields && !str_eq(field, fields[i]))
		i++;
	if (i == sizeof fields / sizeof *fields)
		return err_set(e, ERR_NOT_FOUND, "no such property of a task");
	if (!read_save(x, TASK_TEXT_MAX, &text, &seen, e))
		return false;
	if (str_eq(field, "link") && !read_link(x, "text", &text, e))
		return false;
	return task_save(x->db, x->m, &x->viewer, x->params[0], x->params[1], field, text, seen,
			 &saved, e) &&
	       reply_work_saved(x, &saved);
}

static bool api_task_change(struct exchange *x, struct err *e)
{
	struct move c;

	return read_move(x, "row", &c, e) && read_switch(x, "confirmed", &c.confirmed, e) &&
	       task_change(x->db, x->m, &x->viewer, x->params[0], x->params[1], &c, e) &&
	       reply_nothing(x);
}

/* Hat letters, or -1 where there are none. */
static bool read_audience(struct exchange *x, int *out, struct err *e)
{
	const char *letters;

	if (!read_string(x, "audience", &letters, e))
		return false;
	*out = letters ? hats_parse(letters) : -1;
	return !letters || *out >= 0 || err_field(e, "audience", "letters of MCSGH");
}

static bool api_post_add(struct exchange *x, struct err *e)
{
	struct post_new w = {0};
	json_t *post;

	if (!read_own_id(x, &w.id, e) || !read_words(x, "field", 64, &w.field, e) ||
	    !plan_read_id(x, "row", &w.row, e) ||
	    !read_words(x, "text", POST_TEXT_MAX, &w.text, e) || !read_audience(x, &w.audience, e))
		return false;
	if (!*str_trim(x->m, w.text))
		return err_field(e, "text", "nothing");
	return post_add(x->db, x->m, &x->viewer, x->params[0], &w, &post, e) &&
	       reply_json(x, 201, json_incref(post));
}

static bool api_post_save(struct exchange *x, struct err *e)
{
	struct work_saved saved;
	const char *text;
	int64_t seen;

	if (!read_save(x, POST_TEXT_MAX, &text, &seen, e))
		return false;
	if (!*str_trim(x->m, text))
		return err_field(e, "text", "nothing: a post is taken back by removing it");
	return post_save(x->db, x->m, &x->viewer, x->params[0], x->params[1], text, seen, &saved,
			 e) &&
	       reply_work_saved(x, &saved);
}

static bool api_post_change(struct exchange *x, struct err *e)
{
	struct post_change c;
	json_t *post;

	return read_audience(x, &c.audience, e) && read_switch(x, "removed", &c.removed, e) &&
	       read_switch(x, "done", &c.done, e) &&
	       post_change(x->db, x->m, &x->viewer, x->params[0], x->params[1], &c, &post, e) &&
	       reply_json(x, 200, json_incref(post));
}

const struct route task_routes[] = {
	{"POST", "/api/plans/:id/tasks", ROUTE_WRITE, RIGHT_USE_PLANS, api_task_add},
	{"PATCH", "/api/plans/:id/tasks/:task", ROUTE_WRITE, RIGHT_USE_PLANS, api_task_change},
	{"PUT", "/api/plans/:id/tasks/:task/:field", ROUTE_WRITE, RIGHT_USE_PLANS, api_task_save},
	{"POST", "/api/plans/:id/posts", ROUTE_WRITE, RIGHT_USE_PLANS, api_post_add},
	{"PATCH", "/api/plans/:id/posts/:post", ROUTE_WRITE, RIGHT_USE_PLANS, api_post_change},
	{"PUT", "/api/plans/:id/posts/:post/text", ROUTE_WRITE, RIGHT_USE_PLANS, api_post_save},
	{0},
};
